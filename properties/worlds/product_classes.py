"""All samples of a small population: how far the mean loss of a class is off, with which probability, exactly.

The class takes one of two values at each point, at every point by itself, so that what is greatest over the class and
the mean over all signs have closed forms. Samples that differ in their order alone, or in the names of points that are
alike, are one *type*; a type has a probability.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any, ClassVar

from verify.worlds import Kind, KindError, Lanes, Size, World, reading

TYPES = 17
"""Columns have an entry for each type, and zeros beyond the last."""

UNIT = 8
"""Predictions and probabilities are multiples of 1 over this, and over twice this."""

SMALLEST = 12
"""A failure probability is a multiple of 1/16 of a power of two, down to 2 to minus this."""

POINTS = {"two": 16, "many": 6}
"""The most samples that are drawn, by how many points there are: as many as have at most TYPES types."""


@dataclass(frozen=True)
class ProductClasses(Kind):
    """N independent points of a population of "two", or of 1, 2, 4, ... 64 alike, and predictions t in [0, 1] there.

    The class is all functions that take one of two values at each point. Its loss is t (one output, the label is 0) or,
    with the two outputs (1 - t, t) and the label (1, 0), the distance sqrt(2) t: wrong from 1/2 on.
    """

    samples: Size = Size(1, 16)
    points: str = "two"

    speaks: ClassVar[str] = "samples"
    letters: ClassVar[dict[str, str]] = {"N": "samples"}
    corners: ClassVar[tuple[str, ...]] = (
        "one function",
        "all functions",
        "rare point",
        "fair coin",
        "fair choice",
    )

    def __post_init__(self) -> None:
        if self.points not in POINTS:
            raise KindError(f"no population has {self.points!r} points; give one of {', '.join(POINTS)}")

    @property
    def alike(self) -> bool:
        """With one number of samples, worlds differ in their draws alone."""
        return self.samples.low == self.samples.high

    def fits(self, sizes: dict[str, int]) -> bool:
        """Few enough types."""
        return super().fits(sizes) and sizes["N"] <= POINTS[self.points]

    @reading
    def delta(net: Lanes) -> Any:
        power = net.arithmetic.powers(net.integers("exponent", "", -SMALLEST, 0), 0, -SMALLEST, 0)
        return (net.draw("delta", "", 0, 14) + 1) * net.arithmetic.number(1, 16) * power

    @reading
    def s(net: Lanes) -> Any:
        return net.draw("s", "", 0, 64) * net.arithmetic.number(1, 64)

    # -- the population ------------------------------------------------------------------------------------------

    @reading
    def values(net: Lanes) -> Any:
        """(L, 2, 2) the two predictions at the first and at the second point; at all points those of the first."""
        return net.draw("t", "2 2", 0, UNIT) * net.arithmetic.number(1, UNIT)

    @reading
    def first(net: Lanes) -> Any:
        """(L,) the probability of the first of two points."""
        return net.draw("p", "", 0, 2 * UNIT) * net.arithmetic.number(1, 2 * UNIT)

    @reading
    def crowd(net: Lanes) -> Any:
        """(L,) the number of points that are alike."""
        return net.arithmetic.powers(net.integers("points", "", 0, 6), 0, 0, 6)

    # -- types of samples ----------------------------------------------------------------------------------------

    @reading
    def chance(net: Lanes) -> Any:
        """(L, 1, 17) the probabilities of types."""
        made = _chances_of_two(net) if net.kind.points == "two" else [_chance_of_many(net, c) for c in types(net)]
        padded = [*made, *[made[0] * 0] * (TYPES - len(made))]
        return net.arithmetic.stack(padded, 1).unsqueeze(1)

    @reading
    def ones(net: Lanes) -> Any:
        """(L, 17, 1)"""
        return net.arithmetic.zeros(net.count, TYPES, 1) + 1

    @reading
    def share(net: Lanes) -> Any:
        """(1, 17) how often the first of two points is in the sample, as a share."""
        return _row(net, [Fraction(counts[0], net.N) for counts in types(net)])

    @reading
    def gap(net: Lanes) -> Any:
        """(L, 17, 1) the largest mean loss less mean loss of a sample, of loss t."""
        if net.kind.points == "two":
            off = (net.first.unsqueeze(1) - net.share).unsqueeze(2)
            best = (net.values[:, :1] * off).amax(2) + (net.values[:, 1:] * -off).amax(2)
            return best.unsqueeze(2)
        share, rows = 1 / net.crowd, []
        for counts in types(net):
            missed = [(share - net.arithmetic.number(c, net.N)).clamp(min=0) for c in counts]
            rows.append(sum(missed, ((net.crowd - len(counts)) * share).clamp(min=0)))
        rows += [share * 0] * (TYPES - len(rows))
        return (_spread(net, 0) * net.arithmetic.stack(rows, 1)).unsqueeze(2)

    @reading
    def R(net: Lanes) -> Any:
        """(L, 17, 1) the complexities of t."""
        return _complexities(net, 1)

    @reading
    def R_2(net: Lanes) -> Any:
        """(L, 17, 1) those of (1 - t, t)."""
        return _complexities(net, 2)

    @reading
    def excess(net: Lanes) -> Any:
        """(L, 17, 1) the largest error less twice the root of the mean squared distance on the sample."""
        members, first = [], net.first.unsqueeze(1)
        for one, other in product((0, 1), repeat=2):
            left, right = net.values[:, 0, one].unsqueeze(1), net.values[:, 1, other].unsqueeze(1)
            nothing = 0 * left
            wrong = [net.arithmetic.where(2 * t >= 1, nothing + 1, nothing) for t in (left, right)]
            error = wrong[0] * first + wrong[1] * (1 - first)
            squares = 2 * left.square() * net.share + 2 * right.square() * (1 - net.share)
            members.append(error - 2 * squares.sqrt())
        return net.arithmetic.stack(members, 1).amax(1).unsqueeze(2)

    @property
    def price(self) -> int:
        """A network is looked at with all signs, or all samples."""
        return 3

    # -- corners -------------------------------------------------------------------------------------------------

    def length(self, world: World) -> int:
        """A sum over types of products of as many factors as there are samples."""
        return super().length(world) + 4 * TYPES

    def impose(self, corner: str, name: str, values: Any, net: Lanes) -> Any:
        """Bend integers into a corner; see ``corners``."""
        if (corner, name) == ("one function", "t"):
            return values[:, :, :1].clone().expand(*values.shape).clone()
        if (corner, name) == ("all functions", "t"):
            bent = values * 0
            bent[:, :, 1] = UNIT
            return bent
        if corner == "all functions" and name in _LARGEST:
            return values * 0 + _LARGEST[name]
        if corner in _FAIR and name in ("t", "p", "s"):
            chosen, far = _FAIR[corner]
            bent = values * 0 + {"t": 0, "p": UNIT, "s": far.get(net.N, 0)}[name]
            if name == "t":
                bent[:, 0, chosen:] = UNIT
            return bent
        return values * 0 + 1 if (corner, name) == ("rare point", "p") else values

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by what population and class are."""
        found: dict[str, Any] = {}
        if "t" in net.draws:
            drawn = net.draws["t"].values
            found["one function"] = (drawn[:, :, 0] == drawn[:, :, 1]).all(1)
        if "p" in net.draws:
            found["one of two points"] = (net.first == 0) | (net.first == 1)
        return found


_LARGEST = {"points": 6, "delta": 14, "exponent": 0}
"""What is drawn where a class of all functions has many points, and its bound is smallest."""


_FAIR: dict[str, tuple[int, dict[int, int]]] = {
    "fair coin": (0, dict.fromkeys(range(1, 17), 31)),
    "fair choice": (1, {1: 15, 2: 11, 3: 9, 4: 8}),
}
"""Two points of one probability, and a class that is 0 at the second, and at the first 1, or either of 0 and 1.

With them, the largest s, by the number of samples, that the gap, or the complexity, may be off its mean by.
"""


def types(net: Lanes) -> list[tuple[int, ...]]:
    """The types of samples: how often each of two points is in it, or how often any point is, for those that are."""
    count = net.N
    if net.kind.points == "two":
        return [(first, count - first) for first in range(count + 1)]
    return list(_partitions(count, count))


def _partitions(total: int, most: int) -> Iterator[tuple[int, ...]]:
    if total == 0:
        yield ()
    for part in range(min(total, most), 0, -1):
        for rest in _partitions(total - part, part):
            yield (part, *rest)


def _chances_of_two(net: Lanes) -> list[Any]:
    sides = []
    for share in (net.first, 1 - net.first):
        powers = [share * 0 + 1]
        for _ in range(net.N):
            powers.append(powers[-1] * share)
        sides.append(powers)
    return [sides[0][k] * sides[1][rest] * math.comb(net.N, k) for k, rest in types(net)]


def _chance_of_many(net: Lanes, counts: tuple[int, ...]) -> Any:
    """How many samples are of the type, by which points are in them and where, over how many there are."""
    orders = math.factorial(net.N)
    for count in (*counts, *Counter(counts).values()):
        orders //= math.factorial(count)
    found = net.crowd * 0 + orders
    for place in range(len(counts)):
        found = found * (net.crowd - place)
    for _ in range(net.N):
        found = found / net.crowd
    return found


def mean_distance(steps: int) -> Fraction:
    """The mean of |the sum of so many signs|."""
    whole = sum(abs(steps - 2 * minus) * math.comb(steps, minus) for minus in range(steps + 1))
    return Fraction(whole, 2**steps)


def _complexities(net: Lanes, outputs: int) -> Any:
    """The mean over all signs of a maximum over two values is half their difference times |the sum of the signs|."""
    halves = [[mean_distance(outputs * count) / (2 * net.N) for count in counts] for counts in types(net)]
    if net.kind.points == "many":
        return (_spread(net, 0) * _row(net, [sum(row, Fraction(0)) for row in halves])).unsqueeze(2)
    by_point = [_spread(net, point) * _row(net, [row[point] for row in halves]) for point in (0, 1)]
    return (by_point[0] + by_point[1]).unsqueeze(2)


def _spread(net: Lanes, point: int) -> Any:
    """(L, 1) the difference of the two predictions at a point."""
    return (net.values[:, point, :1] - net.values[:, point, 1:]).abs()


def _row(net: Lanes, numbers: list[Fraction]) -> Any:
    """(1, 17) a number for each type, then zeros."""
    padded = [*numbers, *[Fraction(0)] * (TYPES - len(numbers))]
    return net.arithmetic.stack([net.arithmetic.constant(number, 1) for number in padded], 1)


__all__ = ["TYPES", "ProductClasses", "mean_distance", "types"]
