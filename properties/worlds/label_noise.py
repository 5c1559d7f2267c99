"""Labels of which some are corrupted, in clusters: what is in the span of the clusters on average, and beside it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any, ClassVar

from properties.worlds.mixtures import labels, membership, repeated
from properties.worlds.noisy_regression import CASES, sign
from properties.worlds.orders import class_major
from verify.worlds import Kind, Lanes, Size, World, reading

MOST_LABELLINGS = 81
"""Labellings of all samples, at most: all of them are enumerated."""

EIGHTHS = 8


@dataclass(frozen=True)
class CorruptedLabels(Kind):
    """N samples in K C clusters, none empty, whose labels are the classes of their clusters, and corrupted ones.

    A label is corrupted with probability ``rho``, into each other class with the same one; means are taken over all
    K**N labellings. ``y_noisy`` is any one labelling. Unless clusters are ``pure``, clean labels are any classes.
    """

    samples: Size = Size(1, 5)
    classes: Size = Size(2, 3)
    clusters: Size = Size(1, 2)
    pure: bool = True

    speaks: ClassVar[str] = "corruption"
    letters: ClassVar[dict[str, str]] = {"N": "samples", "K": "classes", "C": "clusters"}
    corners: ClassVar[tuple[str, ...]] = ("no label is corrupted", "all labels are corrupted", "one large cluster")

    @property
    def price(self) -> int:
        """A mean over all labellings."""
        return 3

    def fits(self, sizes: dict[str, int]) -> bool:
        """A sample for each cluster, and few labellings."""
        enough = sizes["N"] >= sizes["K"] * sizes["C"]
        return super().fits(sizes) and enough and sizes["K"] ** sizes["N"] <= MOST_LABELLINGS

    @reading
    def U(net: Any) -> Any:
        """(L, N, K C) 1 where a sample is in a cluster."""
        return membership(net, net.K * net.C)

    @reading
    def means(net: Any) -> Any:
        """(L, N, N) the projector that gives each sample the mean of its cluster."""
        return (net.U * net.arithmetic.reciprocal(net.U.sum(1)).unsqueeze(1)) @ net.U.mT

    @reading
    def clean(net: Any) -> Any:
        """(L, N, K) 1 at the clean label of a sample."""
        return labels(net)

    @reading
    def shifts(net: Any) -> Any:
        """(L, N) by how many classes each label is shifted: 0 where it is not corrupted."""
        return net.draw("shift", "N", 0, 2).clamp(max=net.K - 1)

    @reading
    def corrupted(net: Any) -> Any:
        """(L, N, K) 1 at the label of a sample in one labelling."""
        found = net.clean * 0
        for by in range(net.K):
            shifted = net.arithmetic.stack([net.clean[:, :, (place - by) % net.K] for place in range(net.K)], 2)
            found = net.arithmetic.where(net.shifts.unsqueeze(-1) == by, shifted, found)
        return found

    @reading
    def kept(net: Any) -> Any:
        return net.arithmetic.where(net.shifts == 0, net.shifts * 0 + 1, net.shifts * 0).sum(1)

    @reading
    def rho(net: Any) -> Any:
        return net.draw("rho", "", 0, EIGHTHS) * net.arithmetic.number(1, EIGHTHS)

    @reading
    def y(net: Any) -> Any:
        return class_major(net.clean.mT.unsqueeze(-1)).rows

    @reading
    def y_noisy(net: Any) -> Any:
        return class_major(net.corrupted.mT.unsqueeze(-1)).rows

    @reading
    def P(net: Any) -> Any:
        return repeated(net, net.means)

    @reading
    def squared_counts(net: Any) -> Any:
        return net.corrupted.sum(1).square().sum(1)

    @reading
    def beside(net: Any) -> Any:
        members = tuple(product(range(net.K), repeat=net.N))
        each = net.arithmetic.take(net.arithmetic.eye(net.K), members, 0).unsqueeze(0)
        right = (each * net.clean.unsqueeze(1)).sum(-1)
        wrong = (net.rho / (net.K - 1)).reshape(net.count, 1, 1)
        chances = right * (1 - net.rho).reshape(net.count, 1, 1) + (1 - right) * wrong
        chance = chances[:, :, 0]
        for place in range(1, net.N):
            chance = chance * chances[:, :, place]
        left = each - net.means.unsqueeze(1) @ each
        return (chance * left.square().sum((-2, -1))).sum(1)

    @reading
    def generic(net: Any) -> Any:
        length = net.K * net.N
        drawn = [
            net.arithmetic.constant(Fraction(sign(k, place + 1)), 1) for place in range(length) for k in range(CASES)
        ]
        signs = net.arithmetic.stack(drawn, 1).reshape(1, length, CASES)
        return (net.P @ signs).square().sum((1, 2)) * net.arithmetic.number(1, CASES)

    # -- corners -------------------------------------------------------------------------------------------------

    def length(self, world: World) -> int:
        """A mean is a sum over all labellings."""
        return 2 * MOST_LABELLINGS + super().length(world)

    def impose(self, corner: str, name: str, values: Any, net: Lanes) -> Any:
        """Bend integers into a corner; see ``corners``."""
        if (corner, name) in (("no label is corrupted", "shift"), ("one large cluster", "cluster")):
            return values * 0
        return values.clamp(min=1) if (corner, name) == ("all labels are corrupted", "shift") else values

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by what is corrupted."""
        found: dict[str, Any] = {}
        if "shift" in net.draws:
            found["no label is corrupted"] = (net.shifts == 0).all(1)
            found["all labels are corrupted"] = (net.shifts > 0).all(1)
        return found


__all__ = ["CorruptedLabels"]
