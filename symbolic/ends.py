"""Ends of intervals: q e^a with rational q and a, kept exactly; dyadic numbers for everything else; infinities.

Sums, products, powers, exponentials and logarithms of such numbers are exact where that is possible, so that a bound
that is attained (an elasticity of exactly 0) is seen to be. What is not exact is rounded outwards: downwards for a
lower end, upwards for an upper one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp
from flint import arb, ctx, fmpq, fmpz

BITS = 128
"""Working precision of what is rounded."""

LONGEST_TEXT = 4000
"""Characters of an end in a file."""

MOST_BITS = 1 << 14
"""Precision at which a comparison is given up."""

LARGEST_BITS = 4096
"""Bits of a numerator or a denominator beyond which a rational is rounded."""

SHORT_BITS = 32
"""Dyadic numbers whose mantissa and exponent are as short as this are kept as rationals."""

DOWN, UP = -1, 1


class EndError(ValueError):
    """A number that cannot be the end of an interval."""


@dataclass(frozen=True, slots=True, eq=False)
class End:
    """A real number or an infinity: ``q e^a``, or the dyadic ``point``, or ``infinite`` (-1 or 1)."""

    q: fmpq | None = None
    a: fmpq | None = None
    point: arb | None = None
    infinite: int = 0

    @property
    def rational(self) -> fmpq | None:
        """The number, where it is known to be rational."""
        return self.q if self.q is not None and (self.q == 0 or self.a == 0) else None

    def ball(self, bits: int = BITS) -> arb:
        """An enclosure at a precision, of a finite number."""
        with ctx.workprec(bits):
            if self.point is not None:
                return self.point
            if self.infinite:
                return arb("inf") if self.infinite > 0 else arb("-inf")
            assert self.q is not None
            assert self.a is not None
            return arb(self.q) * arb(self.a).exp() if self.a != 0 else arb(self.q)

    def sign(self) -> int:
        """-1, 0 or 1."""
        if self.infinite:
            return self.infinite
        if self.q is not None:
            return (self.q > 0) - (self.q < 0)
        assert self.point is not None
        return (self.point > 0) - (self.point < 0)

    def __neg__(self) -> End:
        if self.infinite:
            return End(infinite=-self.infinite)
        if self.q is not None:
            return End(-self.q, self.a)
        assert self.point is not None
        with ctx.workprec(max(BITS, self.point.bits())):
            return End(point=-self.point)

    def __str__(self) -> str:
        if self.infinite:
            return "oo" if self.infinite > 0 else "-oo"
        if self.q is not None:
            if self.q == 0 or self.a == 0:
                return str(self.q)
            return f"e^{self.a}" if self.q == 1 else f"{self.q}*e^{self.a}"
        assert self.point is not None
        mantissa, exponent = self.point.man_exp()
        return f"{mantissa}*2^{exponent}"

    def whole(self, towards: int) -> int:
        """The integer next to a finite number: the greatest not above it (DOWN), the least not below it (UP).

        EndError where it would have more than ``MOST_BITS`` bits, or where it is not known in which gap the number is.
        """
        number = self.rational
        if number is not None:
            return int(number.p // number.q) if towards == DOWN else -int(-number.p // number.q)
        bits = BITS
        while bits <= 4 * MOST_BITS and not self.infinite:
            with ctx.workprec(bits):
                ball = self.ball(bits)
                found = (ball.floor() if towards == DOWN else ball.ceil()).unique_fmpz()
            if found is not None:
                return int(found)
            bits *= 2
        raise EndError(f"the integer next to {self.short()} is not known")

    def short(self) -> str:
        """The number for people, to six digits where it is long."""
        text = str(self)
        return text if len(text) <= 14 else self.ball().str(6, radius=False)


ZERO, ONE = End(fmpq(0), fmpq(0)), End(fmpq(1), fmpq(0))
INFINITY, MINUS_INFINITY = End(infinite=1), End(infinite=-1)


def exact(q: Any, a: Any = 0) -> End:
    """The number q e^a."""
    number = fmpq(q) if not isinstance(q, Fraction) else fmpq(q.numerator, q.denominator)
    return End(number, fmpq(a)) if number != 0 else ZERO


def rounded(q: fmpq, a: fmpq, towards: int) -> End:
    """q e^a, exactly unless the rationals are very long."""
    if q == 0:
        return ZERO
    if max(x.height_bits() for x in (q, a)) > LARGEST_BITS:
        return outward(lambda: arb(q) * arb(a).exp(), towards)
    return End(q, a)


def outward(compute: Callable[[], arb], towards: int) -> End:
    """The outer end of a ball that is computed at the working precision; infinite where nothing is known."""
    with ctx.workprec(BITS):
        ball = compute()
        if not ball.is_finite():
            return End(infinite=towards)
        point = ball.lower() if towards == DOWN else ball.upper()
        mantissa, exponent = point.man_exp()
        if abs(exponent) <= SHORT_BITS and mantissa.bit_length() <= SHORT_BITS:
            return End(fmpq(mantissa) * fmpq(2) ** int(exponent), fmpq(0))
        return End(point=point)


def of(number: Any) -> End:
    """The end that a SymPy number is: a rational, q e^a, or an infinity; EndError for any other."""
    number = sp.sympify(number, strict=True)
    if number in (sp.oo, -sp.oo):
        return INFINITY if number == sp.oo else MINUS_INFINITY
    coefficient, rest = number.as_coeff_Mul()
    if rest == sp.S.One and coefficient.is_Rational:
        return End(fmpq(int(coefficient.p), int(coefficient.q)), fmpq(0))
    if isinstance(rest, sp.exp) and rest.args[0].is_Rational and coefficient.is_Rational:
        power = rest.args[0]
        return End(fmpq(int(coefficient.p), int(coefficient.q)), fmpq(int(power.p), int(power.q)))
    if rest == sp.E and coefficient.is_Rational:
        return End(fmpq(int(coefficient.p), int(coefficient.q)), fmpq(1))
    raise EndError(f"{number} is neither rational nor q*exp(a) with rational q and a nor infinite")


def read(text: Any) -> End:
    """The end that ``str`` wrote; EndError for any other text."""
    try:
        if text in ("oo", "-oo"):
            return INFINITY if text == "oo" else MINUS_INFINITY
        if not isinstance(text, str) or len(text) > LONGEST_TEXT:
            raise EndError("an end of an interval is a short text")
        if "*2^" in text:
            mantissa, _, exponent = text.partition("*2^")
            if len(exponent) > 40:
                raise EndError("an exponent is too long")
            with ctx.workprec(max(BITS, fmpz(int(mantissa)).bit_length())):
                return End(point=arb((fmpz(int(mantissa)), fmpz(int(exponent)))))
        q, _, a = text.partition("*e^") if "*" in text else ("1", "", text[2:]) if text[:2] == "e^" else (text, "", "0")
        found = End(_fraction(q), _fraction(a))
        return found if found.q != 0 else ZERO
    except (ValueError, ZeroDivisionError) as error:
        raise EndError(f"{str(text)[:40]!r} is not the end of an interval ({error})") from None


def _fraction(text: str) -> fmpq:
    p, _, q = text.partition("/")
    return fmpq(int(p), int(q) if q else 1)


# -- comparison -------------------------------------------------------------------------------------------------------


def compare(x: End, y: End) -> int | None:
    """-1, 0 or 1 for x < y, x = y, x > y; None where it stays undecided."""
    if x.infinite or y.infinite:
        return (x.infinite > y.infinite) - (x.infinite < y.infinite)
    if x.sign() != y.sign():
        return 1 if x.sign() > y.sign() else -1
    if x.q is not None and y.q is not None and (x.a == y.a or x.q == 0):
        return (x.q > y.q) - (x.q < y.q)
    if x.point is not None and y.point is not None:
        return 0 if x.point == y.point else 1 if x.point > y.point else -1
    bits = BITS
    while bits <= MOST_BITS:
        a, b = x.ball(bits), y.ball(bits)
        if a < b:
            return -1
        if a > b:
            return 1
        if a.is_exact() and b.is_exact() and a == b:
            return 0
        bits *= 2
    return None


def at_most(x: End, y: End) -> bool:
    """Whether x <= y surely."""
    return compare(x, y) in (-1, 0)


def below(x: End, y: End) -> bool:
    """Whether x < y surely."""
    return compare(x, y) == -1


def outermost(x: End, y: End, towards: int) -> End:
    """An end that is beyond both: the smaller downwards, the larger upwards."""
    order = compare(x, y)
    if order is None:
        return outward(lambda: x.ball().union(y.ball()), towards)
    return x if order * towards >= 0 else y


# -- arithmetic -------------------------------------------------------------------------------------------------------


def add(x: End, y: End, towards: int) -> End:
    """x + y; where infinities of both signs meet, the one that nothing is lost by."""
    if x.infinite or y.infinite:
        return End(infinite=(x.infinite or y.infinite) if x.infinite * y.infinite >= 0 else towards)
    if x.sign() == 0 or y.sign() == 0:
        return y if x.sign() == 0 else x
    if x.q is not None and y.q is not None and x.a == y.a:
        assert x.a is not None
        return rounded(x.q + y.q, x.a, towards)
    return outward(lambda: x.ball() + y.ball(), towards)


def multiply(x: End, y: End, towards: int) -> End:
    """x y, with 0 times an infinity 0: an infinite end is a number as large as one likes, not attained."""
    if x.sign() == 0 or y.sign() == 0:
        return ZERO
    if x.infinite or y.infinite:
        return End(infinite=x.sign() * y.sign())
    if x.q is not None and y.q is not None:
        assert x.a is not None
        assert y.a is not None
        return rounded(x.q * y.q, x.a + y.a, towards)
    return outward(lambda: x.ball() * y.ball(), towards)


def reciprocal(x: End, towards: int) -> End:
    """1 / x of a number that is not 0."""
    if x.infinite:
        return ZERO
    if x.q is not None:
        assert x.a is not None
        return rounded(1 / x.q, -x.a, towards)
    return outward(lambda: 1 / x.ball(), towards)


def power(x: End, exponent: fmpq, towards: int) -> End:
    """x**exponent for x >= 0 and a rational exponent > 0."""
    if x.infinite or x.sign() == 0:
        return x
    if x.q is not None:
        assert x.a is not None
        root = _rooted(x.q, int(exponent.q))
        size = abs(int(exponent.p)) * max(1, x.q.height_bits())
        if root is not None and size <= LARGEST_BITS:
            return rounded(root ** int(exponent.p), x.a * exponent, towards)
    if exponent == fmpq(1, 2):
        return outward(lambda: x.ball().sqrt(), towards)
    return outward(lambda: (x.ball().log() * arb(exponent)).exp(), towards)


def _rooted(q: fmpq, degree: int) -> fmpq | None:
    """The rational whose power q > 0 is, if there is one."""
    if degree == 1:
        return q
    parts = []
    for number in (int(q.p), int(q.q)):
        root = sp.integer_nthroot(number, degree)
        if not root[1]:
            return None
        parts.append(int(root[0]))
    return fmpq(parts[0], parts[1])


def exponential(x: End, towards: int) -> End:
    """e^x."""
    if x.infinite:
        return INFINITY if x.infinite > 0 else ZERO
    if x.rational is not None:
        return rounded(fmpq(1), x.rational, towards)
    return outward(lambda: x.ball().exp(), towards)


def logarithm(x: End, towards: int) -> End:
    """log x for x >= 0."""
    if x.infinite:
        return x
    if x.sign() == 0:
        return MINUS_INFINITY
    if x.q == 1:
        assert x.a is not None
        return rounded(x.a, fmpq(0), towards)
    return outward(lambda: x.ball().log(), towards)


def through(function: Callable[[arb], arb], x: End, towards: int) -> End:
    """The value at a finite number of a function on balls."""
    return outward(lambda: function(x.ball()), towards)
