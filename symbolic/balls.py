"""Enclosures by balls at the ends of boxes, as functions of a box; they are the operations of ``symbolic/leaves.py``.

An enclosure is a pair of balls, of which one contains a lower bound and the other an upper bound; so no rounding has a
direction, and what a comparison of balls is certain of holds for the bounds. An end at infinity may make a ball that is
no number, of which no comparison is certain.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import Any

from flint import arb, fmpq

from symbolic.intervals import Interval

Side = tuple[arb, arb]
"""A ball that contains a lower bound, and one that contains an upper bound."""


class Span:
    """The interval of one symbol: its ends as balls, and its identity, by which values are remembered."""

    __slots__ = ("cuts", "side", "within")

    def __init__(self, within: Interval) -> None:
        self.within = within
        self.side: Side = (within.low.ball(), within.high.ball())
        self.cuts: dict[Any, tuple[Span, Span]] = {}


Box = tuple[Span, ...]
Value = Callable[[Box], Side]


class Unknown(Exception):
    """Nothing is known of a part of the statement, on a box or on all."""


def remembered(value: Value, places: list[int]) -> Value:
    """The value, kept for every choice of the intervals that it depends on."""
    take = itemgetter(*places)
    known: dict[Any, Side] = {}

    def over(box: Box) -> Side:
        key = take(box)
        found = known.get(key)
        if found is None:
            found = known[key] = value(box)
        return found

    return over


def latest(value: Value) -> Value:
    """The value, kept for the last box: what depends on all symbols has another one on every leaf."""
    last: list[Any] = [None, None]

    def over(box: Box) -> Side:
        if last[0] is not box:
            last[:] = box, value(box)
        return last[1]

    return over


def folded(operation: Callable[[Side, Side], Side], values: list[Value]) -> Value:
    """One operation on all of some values."""
    if len(values) == 1:
        return values[0]
    if len(values) == 2:
        first, second = values
        return lambda box: operation(first(box), second(box))
    rest = folded(operation, values[1:])
    return lambda box: operation(values[0](box), rest(box))


def added(a: Side, b: Side) -> Side:
    """a + b."""
    return a[0] + b[0], a[1] + b[1]


def product(a: Side, b: Side) -> Side:
    """a b."""
    if a[0] >= 0 and b[0] >= 0:
        return a[0] * b[0], a[1] * b[1]
    first, *others = [x * y for x in a for y in b]
    low = high = first
    for corner in others:
        low, high = low.min(corner), high.max(corner)
    return low, high


def power(value: Value, exponent: fmpq) -> Value:
    """Of numbers that are surely above 0, or not below it where 0 has that power; 1/x of numbers below 0 as well."""
    size = arb(abs(exponent))
    raised: Callable[[arb], arb] = lambda ball: ball**size  # noqa: E731
    if size == 1:
        raised = lambda ball: ball  # noqa: E731
    elif size == fmpq(1, 2):
        raised = arb.sqrt

    def over(box: Box) -> Side:
        low, high = value(box)
        if low > 0 or (exponent > 0 and low >= 0):
            return (raised(low), raised(high)) if exponent > 0 else (1 / raised(high), 1 / raised(low))
        if exponent == -1 and high < 0:
            return 1 / high, 1 / low
        raise Unknown

    return over


def magnitude(value: Value) -> Value:
    """Of numbers of one sign."""

    def over(box: Box) -> Side:
        low, high = value(box)
        if low >= 0:
            return low, high
        if high <= 0:
            return -high, -low
        raise Unknown

    return over


def logarithm(value: Value) -> Value:
    """Of numbers above 0."""

    def over(box: Box) -> Side:
        low, high = value(box)
        if not low > 0:
            raise Unknown
        return low.log(), high.log()

    return over


def exponential(value: Value) -> Value:
    """e to that power."""

    def over(box: Box) -> Side:
        low, high = value(box)
        return low.exp(), high.exp()

    return over


def mean(values: list[Value], elasticities: list[Value], exact: Value) -> Value:
    """Of terms above 0: a mean of theirs, where that has a sign; else the slope over the sum."""

    def over(box: Box) -> Side:
        for value in values:
            if not value(box)[0] > 0:
                return exact(box)
        low, high = elasticities[0](box)
        for elasticity in elasticities[1:]:
            side = elasticity(box)
            low, high = low.min(side[0]), high.max(side[1])
        return (low, high) if low >= 0 or high <= 0 else exact(box)

    return over
