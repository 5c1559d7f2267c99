"""Where enclosures are compared with the truth, and whether a value is in one, to two hundred digits and more."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import mpmath as mp
from flint import arb, fmpq

from symbolic import ends
from symbolic.ends import DOWN, INFINITY, UP, End
from symbolic.intervals import Interval

DIGITS = (200, 1000, 2500)


class Unreachable(Exception):
    """A value that is too long to be computed: its exponent has more than forty digits."""


Point = Any
"""A number that is known exactly: an End, or an mpf."""


def number(point: Point) -> Any:
    """A point to the digits that are being worked with, or exactly."""
    return _number(point, mp.mp.prec) if isinstance(point, End) else point


@lru_cache(maxsize=64)
def _number(point: End, bits: int) -> Any:
    if point.infinite:
        return mp.inf * point.infinite
    if point.point is not None:
        mantissa, exponent = point.point.man_exp()
        return mp.ldexp(mp.mpf(int(mantissa)), int(exponent))
    scale = mp.exp(mp.mpf(int(point.a.p)) / int(point.a.q)) if point.a != 0 else 1
    return mp.mpf(int(point.q.p)) / int(point.q.q) * scale


# -- where: intervals, and points of them ------------------------------------------------------------------------------


def some_end(r: random.Random, least: int | None = None) -> End:
    """Rationals, q e^a, powers of 10 and of e beyond doubles, and dyadic numbers next to where a rounding turns."""
    kind, sign = r.randrange(8), 1 if least is not None else r.choice((1, -1))
    if kind == 0:
        return ends.exact(sign * r.choice((0, 0, 1, 2, 5)))
    if kind == 1:
        return ends.exact(fmpq(sign * r.randint(1, 10**6), r.randint(1, 10**6)))
    if kind == 2:
        return ends.exact(fmpq(sign * r.randint(1, 9), r.randint(1, 9)), fmpq(r.randint(-40, 40), r.randint(1, 7)))
    if kind == 3:
        return ends.exact(fmpq(sign) * fmpq(10) ** r.choice((-400, -300, -20, 4, 5, 20, 300, 400)))
    if kind == 4:
        return End(point=arb((sign * ((1 << r.randint(33, 100)) + r.choice((-1, 1))), r.randint(-120, -60))))
    if kind == 5:
        return ends.exact(sign, r.choice((-2000, -1000, 711, 1000, 2000)) + fmpq(r.randint(0, 9), 7))
    if kind == 6:
        return ends.exact(fmpq(sign * r.randint(1, 10**5), r.randint(1, 9)))
    return ends.outward(lambda: sign * (arb(r.randint(1, 50)) / 7).exp(), r.choice((DOWN, UP)))


def some_interval(r: random.Random, least: int | None = None) -> Interval:
    """One number, or the numbers between two ends: far apart, as near as 1 to 1 + 2^-200, or without an end."""
    a, kind = some_end(r, least), r.random()
    if kind < 0.1:
        return Interval(a, a)
    b = some_end(r, least)
    if kind < 0.35 and a.q is not None:
        b = ends.exact(a.q + abs(a.q) / (1 << r.randint(1, 200)), a.a)
    if ends.compare(a, b) == 1:
        a, b = b, a
    if r.random() < 0.1:
        b = INFINITY
    if least is None and r.random() < 0.1:
        a = -INFINITY
    same = ends.compare(a, b) == 0
    return Interval(a, b, not same and r.random() < 0.4, not same and r.random() < 0.4)


def points(r: random.Random, within: Interval) -> list[Point]:
    """Both ends, or points next to them where they are open, one more that is next to an end, and one in between."""
    low, high = number(within.low), number(within.high)
    found: list[Point] = []
    if not within.open_low and not within.low.infinite:
        found.append(within.low)
    if not within.open_high and not within.high.infinite and low != high:
        found.append(within.high)
    while len(found) < 4 and low != high:
        near = mp.mpf(10) ** r.choice((-120, -60, -30, -16))
        t = r.choice((near, mp.mpf(r.uniform(0.01, 0.99))))
        if mp.isinf(low) or mp.isinf(high):
            everything = mp.isinf(low) and mp.isinf(high)
            side = r.choice((-1, 1)) if everything else 1 if mp.isinf(high) else -1
            start = 0 if everything else low if side > 0 else high
            away = (1 + abs(start)) * mp.mpf(10) ** r.choice((-120, -30, -1, 0, 1, 30, 400)) * (1 + t)
            x = start + side * away
        else:
            x = low + (high - low) * t if r.random() < 0.5 else high - (high - low) * t
        if not low < x < high:
            x = (low + high) / 2
        if not low < x < high:
            break
        found.append(x)
    return found


# -- whether: the unsafe direction ------------------------------------------------------------------------------------


def missed(found: Interval, true: Callable[..., Any], where: tuple[Point, ...]) -> tuple[bool | None, Any]:
    """Whether the value at a point is not in an interval, None where there is no such value; and the value."""
    value: Any = None
    for digits in DIGITS:
        with mp.workdps(digits):
            try:
                value = true(*(number(x) for x in where))
            except ZeroDivisionError:  # of what vanishes to so many digits, or at 0
                if any(number(x) == 0 for x in where):
                    return None, None
                value = None
                continue
            except Unreachable:
                return None, None
            if value is None:
                return None, None
            if isinstance(value, mp.mpf) and holds(found, value):
                return False, value
    return (None if value is None else True), value


def holds(found: Interval, value: Any) -> bool:
    """Whether a value is in an interval as far as the digits tell that are being worked with."""
    low, high = number(found.low), number(found.high)
    return _above(value, low, found.open_low) and _above(-value, -high, found.open_high)


def _above(value: Any, low: Any, is_open: bool) -> bool:
    if mp.isinf(low) or mp.isnan(value):
        return bool(low < 0) and not mp.isnan(value)
    apart = value - low
    nothing = mp.ldexp(abs(value) + abs(low), -(mp.mp.prec * 9 // 10))
    return bool(apart > nothing) or (not is_open and bool(apart >= -nothing))
