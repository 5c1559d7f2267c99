"""Where the two sides of an order touch: the point that no cut of a box resolves, named for people."""

from __future__ import annotations

from typing import Any

import sympy as sp
from flint import fmpq

from symbolic.calculus_rules import defined_at
from symbolic.conclusions import goals
from symbolic.coverings import Domain
from symbolic.intervals import Interval
from symbolic.polynomials import order_of

FINEST = 1 << 20
"""The largest denominator of a point that is looked at."""


def contact(statement: Any, box: Domain) -> str | None:
    """A sentence that names a point of a box at which two sides are equal; None where the simplest point is none."""
    place = {symbol: simplest(within) for symbol, within in box.items()}
    if any(value is None for value in place.values()):
        return None
    for goal in goals(statement):
        order = order_of(goal)
        at = {symbol: value for symbol, value in place.items() if symbol in goal.free_symbols}
        if order is not None and at and _equal(order[0], order[1], at):
            point = ", ".join(f"{symbol} = {value}" for symbol, value in at.items())
            return f"{order[0]} and {order[1]} touch at {point}, which no cut of the domain resolves"
    return None


def _equal(more: Any, less: Any, at: Any) -> bool:
    """Whether two sides surely have one value at a point."""
    if defined_at(more, at) is None or defined_at(less, at) is None:
        return False
    difference = more.xreplace(at) - less.xreplace(at)
    return bool(difference.is_number and difference.is_finite and difference.is_zero)


def simplest(within: Interval) -> Any:
    """The rational with the least denominator in an interval with rational ends, or None; those ends included."""
    low, high = within.low.rational, within.high.rational
    if low is None or high is None:
        return None
    if low < 0 < high:
        return sp.S.Zero
    found = -_between(-high, -low) if high <= 0 else _between(low, high)
    return None if found.q > FINEST else sp.Rational(int(found.p), int(found.q))


def _between(low: fmpq, high: fmpq) -> fmpq:
    """The simplest rational in [low, high], for 0 <= low, by continued fractions."""
    whole = -(-low.p // low.q)
    if fmpq(whole) <= high:
        return fmpq(whole)
    below = fmpq(whole - 1)
    return below + 1 / _between(1 / (high - below), 1 / (low - below))
