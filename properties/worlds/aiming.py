"""Aiming: the draws by which a word of a box reaches a number, or comes as close to it on either side as they can."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from properties.worlds.boxes import Course, Origin

CLOSE = (10, 5)
"""How many powers of two below a number its neighbours are, of a real word."""


def aimed(course: Course, number: Fraction, integer: bool) -> list[dict[str, int]]:
    """Draws by part ("side", "step", ...) that reach a number and its neighbours, as far as they are in the box."""
    made = []
    for target in _targets(number, integer):
        for side, origin in enumerate(course.origins):
            made += [{"side": side, **parts} for parts in _parts(course, origin, target)]
    return [dict(parts) for parts in dict.fromkeys(tuple(parts.items()) for parts in made)]


def _targets(number: Fraction, integer: bool) -> list[Fraction]:
    if integer:
        around = range(math.floor(number) - 1, math.ceil(number) + 2)
        return [Fraction(k) for k in sorted(around, key=lambda k: abs(k - number))]
    unit = abs(number) or Fraction(1)
    return [number, *(number + sign * unit / 2**k for k in CLOSE for sign in (-1, 1))]


def _parts(course: Course, origin: Origin, target: Fraction) -> Iterator[dict[str, int]]:
    """The steps and their exponents from one origin to the numbers next to a target, the nearer to the origin first."""
    if origin.end is not None and target == origin.end:
        yield _named(course, 0, 0, 0, 0)
        return
    far = (target - origin.base) * origin.direction
    high = min(course.simple + course.highest, origin.largest)
    low = min(course.simple + course.lowest, high)
    large = None if far < 0 else _least(far, course.steps + origin.skip + 1, low, high)
    if large is None:
        return
    step = int(far // Fraction(2) ** large) - origin.skip
    if step < 0:
        return
    rest = far - (step + origin.skip) * Fraction(2) ** large
    if not course.fine:
        yield _named(course, step, large, 0, 0)
        return
    found = _least(rest, course.steps, low, high)
    small = high if found is None else found
    fine = int(rest // Fraction(2) ** small)
    for near in (fine, fine + 1) if rest % Fraction(2) ** small else (fine,):
        if near <= course.steps:
            yield _named(course, step, large, near, small)


def _least(number: Fraction, times: int, low: int, high: int) -> int | None:
    """The least exponent of the range of which so many powers of two are more than a number; None for none."""
    about = number.numerator.bit_length() - number.denominator.bit_length() - times.bit_length() - 1
    return next((e for e in range(max(low, about), high + 1) if number < times * Fraction(2) ** e), None)


def _named(course: Course, step: int, large: int, fine: int, small: int) -> dict[str, int]:
    made = {"step": step, "exponent": _exponent(course, large)}
    return made | ({"fine step": fine, "fine exponent": _exponent(course, small)} if course.fine else {})


def _exponent(course: Course, power: int) -> int:
    """The draw of an exponent that stands for a power of two."""
    return max(course.lowest, min(power - course.simple, course.highest))
