"""Powers, roundings and harmonic numbers of exact numbers: rational where they can be, else enclosed by balls."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import isqrt
from typing import Any

import flint
import numpy as np

from verify.exact import Exact
from verify.layers import Layer, working

FUNCTIONS = ("floor", "ceil", "harmonic", "mean_decay")

LARGEST_BITS = 1 << 16
"""Bits of a power beyond which it is enclosed instead of computed."""

SUMMED = 1 << 10
"""Harmonic numbers up to this one are summed, as rationals."""


def floor(a: Exact) -> Exact:
    """The largest integers not above the entries; enclosed where an enclosure leaves more than one."""
    return _rounded(a, lambda number: number.numerator // number.denominator, lambda ball: ball.floor())


def ceil(a: Exact) -> Exact:
    """The smallest integers not below the entries; enclosed where an enclosure leaves more than one."""
    return _rounded(a, lambda number: -(-number.numerator // number.denominator), lambda ball: ball.ceil())


def harmonic(a: Exact) -> Exact:
    """1 + 1/2 + ... + 1/n for integers n from 0 on; undefined elsewhere."""

    def one(number: Fraction | None, _: Any) -> Any:
        if number is None or number.denominator != 1 or number < 0:
            return None
        if number <= SUMMED:
            return sum((Fraction(1, k) for k in range(1, int(number) + 1)), Fraction(0))
        return (flint.arb(int(number)) + 1).digamma() + flint.arb.const_euler()

    return _each(one, a)


def mean_decay(a: Exact) -> Exact:
    """(1 - exp(-u)) / u, and 1 at 0; enclosed elsewhere."""
    return _each(lambda number, ball: Fraction(1) if number == 0 else -(-ball).expm1() / ball, a)


def power(base: Exact, exponent: Exact) -> Exact:
    """base**exponent; 0**0 is 1; undefined for 0 to a negative power, and a negative base to one not an integer."""

    def one(below: Fraction | None, above: Fraction | None, ball: Any, other: Any) -> Any:
        if above is not None and below is not None:
            if below == 0:
                return None if above < 0 else Fraction(above == 0)
            if below < 0 and above.denominator != 1:
                return None
            exact = rational_power(below, above)
            if exact is not None:
                return exact
        if above is not None and above.denominator == 1:
            return ball ** flint.fmpz(above.numerator)
        if not ball > 0:
            return None if ball < 0 else flint.arb("nan")
        return (ball.log() * other).exp()

    return _each(one, base, exponent)


def rational_power(base: Fraction, exponent: Fraction) -> Fraction | None:
    """base**exponent where it is rational and not too long, for a base that is not 0; else None."""
    size = max(abs(base.numerator), base.denominator).bit_length()
    if size * abs(exponent.numerator) > LARGEST_BITS * exponent.denominator and abs(base) != 1:
        return None
    if exponent.denominator > size and abs(base) != 1:
        return None
    sign = -1 if base < 0 and exponent.numerator % 2 else 1
    top, bottom = (_root(part, exponent.denominator) for part in (abs(base.numerator), base.denominator))
    if top is None or bottom is None:
        return None
    rooted = Fraction(top, bottom)
    return sign * (rooted if rooted == 1 else rooted**exponent.numerator)


def _root(number: int, degree: int) -> int | None:
    """The root of a positive integer where it is an integer."""
    if degree == 1 or number == 1:
        return number
    if degree == 2:
        found = isqrt(number)
    else:
        low, high = 1, 1 << -(-number.bit_length() // degree)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if middle**degree <= number else (low, middle - 1)
        found = low
    return found if found**degree == number else None


def _rounded(a: Exact, exact: Callable[[Fraction], int], enclosed: Callable[[Any], Any]) -> Exact:
    def one(number: Fraction | None, ball: Any) -> Any:
        if number is not None:
            return Fraction(exact(number))
        found = enclosed(ball)
        return Fraction(int(found.unique_fmpz())) if found.unique_fmpz() is not None else found

    return _each(one, a)


def _each(function: Callable[..., Any], *arrays: Exact) -> Exact:
    """A function of entries, as rationals (None where they are not known to be) and as balls; None is undefined."""
    shape = np.broadcast_shapes(*(a.shape for a in arrays))
    wide = [a.expand(*shape) for a in arrays]
    undefined = np.zeros(shape, dtype=bool)
    for array in wide:
        undefined = undefined | array.undefined_mask()
    entries: list[Any] = []
    with working():
        for place in np.ndindex(*shape):
            if undefined[place]:
                entries.append(None)
                continue
            parts = [array[place] for array in wide]
            rational = [part.to_rational() for part in parts]
            numbers = [None if r is None else r.fraction() for r in rational]
            balls = [part.to_layer(Layer.BALL).values[()] for part in parts]
            entries.append(function(*numbers, *balls))
        missing = np.array([entry is None for entry in entries], dtype=bool).reshape(shape)
        known = [Fraction(0) if entry is None else entry for entry in entries]
        if all(isinstance(entry, Fraction) for entry in known):
            made = Exact.fractions(np.array(known, dtype=object).reshape(shape))
        else:
            balls = [flint.arb(flint.fmpq(k.numerator, k.denominator)) if isinstance(k, Fraction) else k for k in known]
            values = np.empty(len(balls), dtype=object)
            values[:] = balls
            made = Exact(values.reshape(shape), 1, Layer.BALL)
    return made.undefined_where(undefined | missing)
