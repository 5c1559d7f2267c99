"""The size of one cluster, where each sample falls into one of several with the same probability: its binomial law."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import comb
from typing import Any, ClassVar

from properties.worlds.mixtures import one_hot
from symbolic.papers import mixtures as paper
from verify.worlds import Kind, Lanes, reading

MOST_SAMPLES, MOST_CLUSTERS = 24, 8


@dataclass(frozen=True)
class ClusterSizes(Kind):
    """Numbers n of samples, to 24, and r of clusters, to 8, with the binomial law of the size of one cluster."""

    speaks: ClassVar[str] = paper.SOURCE

    @property
    def price(self) -> int:
        """There are few pairs of numbers."""
        return 4

    @reading
    def n(net: Lanes) -> Any:
        return net.draw("n", "", 0, MOST_SAMPLES - 1) + 1

    @reading
    def r(net: Lanes) -> Any:
        return net.draw("r", "", 0, MOST_CLUSTERS - 1) + 1

    @reading
    def outside(net: Lanes) -> Any:
        return looked_up(net, Fraction(1, 2), Fraction(2))

    @reading
    def narrower(net: Lanes) -> Any:
        return looked_up(net, Fraction(3, 4), Fraction(5, 4))


def looked_up(net: Any, low: Fraction, high: Fraction) -> Any:
    """(L,) the probabilities that a size is not between two multiples of its mean, by n and r."""
    entries = [net.arithmetic.constant(p, 1) for p in _table(low, high)]
    table = net.arithmetic.stack(entries, 1).reshape(1, MOST_SAMPLES, MOST_CLUSTERS)
    row, column = one_hot(net, net.n - 1, MOST_SAMPLES).unsqueeze(1), one_hot(net, net.r - 1, MOST_CLUSTERS)
    return ((row @ table).squeeze(1) * column).sum(1)


@cache
def _table(low: Fraction, high: Fraction) -> tuple[Fraction, ...]:
    return tuple(missed(n, r, low, high) for n in range(1, MOST_SAMPLES + 1) for r in range(1, MOST_CLUSTERS + 1))


def missed(n: int, r: int, low: Fraction, high: Fraction) -> Fraction:
    """The probability that of n samples, each in one of r clusters, not low n/r to high n/r are in the first."""
    kept = (k for k in range(n + 1) if low * n <= k * r <= high * n)
    return 1 - Fraction(sum(comb(n, k) * (r - 1) ** (n - k) for k in kept), r**n)


__all__ = ["ClusterSizes", "missed"]
