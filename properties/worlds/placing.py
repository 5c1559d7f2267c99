"""Placing: a word of a box at any number of its span, by draws that say which one it is.

In the corner ``AT`` a word has three integers more: it is at ``at / over * 2**shift`` where that number is in its span,
and where it is drawn to be elsewhere, as it is wherever ``over`` is 0.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symbolic.ends import End
from symbolic.spans import Span
from verify.worlds import Lanes

AT = "at numbers"
"""The corner in which words are placed."""

FAR = 2**62 - 1
"""The largest numerator and denominator."""

FARTHEST_SHIFT = 1000
"""The largest |exponent| of the power of two."""

KEPT = 60
"""Bits of a longer number that are kept."""

PARTS = ("at", "over", "shift")


def placing(name: str, number: Fraction) -> dict[str, int]:
    """The draws by which a word is at a number, or at one of 60 bits next to it; none where it is out of reach."""
    shift = 0
    if max(abs(number.numerator), number.denominator) > FAR:
        shift = abs(number.numerator).bit_length() - number.denominator.bit_length() - KEPT
        number = Fraction(round(number / Fraction(2) ** shift))
    if abs(shift) > FARTHEST_SHIFT:
        return {}
    values = number.numerator, number.denominator, shift
    return {f"{name} {part}": value for part, value in zip(PARTS, values, strict=True)}


def placed(net: Lanes, name: str, found: Span, integer: bool, drawn: Any, start: Any = None) -> Any:
    """Where a word is: at its number, if that is in its span and not below ``start``, or else where it was drawn."""
    arithmetic = net.arithmetic
    at, over, shift = (
        net.integers(f"{name} {part}", "", low, high)
        for part, low, high in zip(PARTS, (-FAR, 0, -FARTHEST_SHIFT), (FAR, FAR, FARTHEST_SHIFT), strict=True)
    )
    if arithmetic.exact:
        if int(over[0]) == 0:
            return drawn
        number = Fraction(int(at[0]), int(over[0])) * Fraction(2) ** int(shift[0])
        usable = found.contains(number) and (not integer or number.denominator == 1)
        below = start is not None and number < start.fraction(0)
        return arithmetic.constant(number, 1) if usable and not below else drawn
    given = arithmetic.scaled(over)
    near = arithmetic.scaled(at) / given * arithmetic.powers(shift, 0, -FARTHEST_SHIFT, FARTHEST_SHIFT)
    inside = given > 0
    low, high = (arithmetic.number(_near(end)) if not end.infinite else None for end in found.ends)
    inside = inside * (near > low if found.open_low else near >= low)
    if high is not None:
        inside = inside * (near < high if found.open_high else near <= high)
    if integer:
        inside = inside * (near == arithmetic.function("floor", near))
    if start is not None:
        inside = inside * (near >= start)
    return arithmetic.where(inside, near, drawn)


def _near(end: End) -> Fraction:
    """A rational next to a finite end."""
    number = end.rational
    if number is not None:
        return Fraction(int(number.p), int(number.q))
    mantissa, exponent = end.ball().mid().man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
