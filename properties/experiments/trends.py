"""Exact tests of trends over seeds; every level of probability here is a quotient of numbers of cases.

A seed is a block: what it gives at several levels shares its split, its start and its batches, and different seeds are
independent. ``page`` is Page's test for ordered alternatives, whose null hypothesis says that within a seed every order
of the levels is equally likely; ``signs`` is the sign test, whose null hypothesis says that an event has in every seed
probability at most one half.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb, factorial

PAGE, SIGNS = "Page's test, exact", "sign test, exact"


@dataclass(frozen=True)
class Decision:
    """A test's outcome: probabilities, under its null hypothesis, of at least as much for and against the trend.

    ``least`` is the smallest ``p`` that so many seeds and levels can give.
    """

    test: str
    seeds: int
    p: Fraction
    p_against: Fraction
    least: Fraction


def page(blocks: Sequence[Sequence[float]]) -> Decision:
    """Whether the values of each block rise with their place; ties have the mean of their ranks.

    The statistic is the sum over blocks of the sum of place times rank. Its law is that of all orders of each block's
    ranks, enumerated by subsets, and convolved over blocks. ValueError for fewer than two values in a block.
    """
    if not blocks or any(len(block) < 2 for block in blocks):
        raise ValueError("a trend needs at least one seed with two values")
    law, seen = {0: Fraction(1)}, 0
    least = Fraction(1)
    for block in blocks:
        ranks = _doubled_ranks(block)
        seen += sum(place * rank for place, rank in enumerate(ranks))
        law = _sum(law, _orders(tuple(ranks)))
        least /= factorial(len(block))
    return Decision(
        PAGE,
        len(blocks),
        sum((share for value, share in law.items() if value >= seen), Fraction(0)),
        sum((share for value, share in law.items() if value <= seen), Fraction(0)),
        least,
    )


def signs(events: Sequence[bool]) -> Decision:
    """Whether an event occurs in more than half of the seeds. ValueError without a seed."""
    if not events:
        raise ValueError("a sign test needs at least one seed")
    count, hits = len(events), sum(map(bool, events))
    tail = [Fraction(sum(comb(count, k) for k in range(least, count + 1)), 2**count) for least in (hits, count - hits)]
    return Decision(SIGNS, count, tail[0], tail[1], Fraction(1, 2**count))


def _doubled_ranks(block: Sequence[float]) -> list[int]:
    """Twice the rank of each value; tied ones share the mean, so that these are whole numbers."""
    return [1 + sum(2 * (other < value) + (other == value) for other in block) for value in block]


def _orders(ranks: tuple[int, ...]) -> dict[int, Fraction]:
    """The law of the sum of place times rank over all orders of the ranks, built up from subsets of them."""
    by_subset: dict[int, Counter[int]] = {0: Counter({0: 1})}
    for place in range(len(ranks)):
        larger: dict[int, Counter[int]] = {}
        for subset, sums in by_subset.items():
            for k, rank in enumerate(ranks):
                if not subset >> k & 1:
                    into = larger.setdefault(subset | 1 << k, Counter())
                    for value, count in sums.items():
                        into[value + place * rank] += count
        by_subset = larger
    (sums,) = by_subset.values()
    return {value: Fraction(count, factorial(len(ranks))) for value, count in sums.items()}


def _sum(first: dict[int, Fraction], second: dict[int, Fraction]) -> dict[int, Fraction]:
    law: defaultdict[int, Fraction] = defaultdict(Fraction)
    for a, p in first.items():
        for b, q in second.items():
            law[a + b] += p * q
    return law
