"""Finite sums of rational multiples of square roots, with exact equality and a sign that is always decided."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import gcd, isqrt

import flint

Term = tuple[flint.fmpq, int]

CONJUGABLE = 4
"""A sum of at most this many terms becomes shorter by multiplying with a conjugate (see `Surd.reciprocal`)."""

FIRST_PRECISION = 64
"""Bits at which the sign of a sum is first tried; doubled until the sign is decided."""

SMALL_ROOTS = 1000
"""Square factors of radicands are looked for among the squares of the integers up to this one, for display."""


def _gathered(terms: Iterable[Term]) -> tuple[Term, ...]:
    """Merge terms whose radicands (positive integers) multiply to a perfect square; drop those that vanish.

    If a*b = s**2 then sqrt(b) = (s/a) sqrt(a).  No integer is factored.  What is left is linearly
    independent over the rationals, so the sum is zero only when no term is left.
    """
    kept: dict[int, flint.fmpq] = {}
    for coefficient, radicand in terms:
        if radicand in kept:
            kept[radicand] += coefficient
            continue
        root = isqrt(radicand)
        if root * root == radicand:
            kept[1] = kept.get(1, flint.fmpq(0)) + coefficient * root
            continue
        for known in kept:
            product = known * radicand
            root = isqrt(product)
            if root * root == product:
                kept[known] += coefficient * flint.fmpq(root, known)
                break
        else:
            kept[radicand] = coefficient
    return tuple((coefficient, radicand) for radicand, coefficient in kept.items() if coefficient != 0)


def _plain(coefficient: flint.fmpq, radicand: int) -> Term:
    """Move the square factors of a radicand that are found among small squares into the coefficient."""
    for root in range(2, SMALL_ROOTS + 1):
        if root * root > radicand:
            break
        while radicand % (root * root) == 0:
            radicand //= root * root
            coefficient = coefficient * root
    root = isqrt(radicand)
    return (coefficient * root, 1) if root * root == radicand else (coefficient, radicand)


class Surd:
    """A sum of c*sqrt(r) over its `terms` (c, r): c a nonzero rational, r a positive integer.

    No two radicands multiply to a perfect square, so the sum is zero exactly when there are no terms.
    """

    __slots__ = ("terms",)

    def __init__(self, terms: Iterable[Term] = ()) -> None:
        self.terms = _gathered(terms)

    @classmethod
    def rational(cls, numerator: int, denominator: int = 1) -> Surd:
        """Return numerator/denominator."""
        return cls(((flint.fmpq(numerator, denominator), 1),))

    @classmethod
    def root(cls, numerator: int, denominator: int = 1) -> Surd:
        """Return sign(numerator) * sqrt(|numerator| / denominator), for a positive denominator."""
        if numerator == 0:
            return cls()
        common = gcd(numerator, denominator)
        numerator, denominator = numerator // common, denominator // common
        sign = 1 if numerator > 0 else -1
        return cls(((flint.fmpq(sign, denominator), abs(numerator) * denominator),))

    def __add__(self, other: Surd) -> Surd:
        return Surd(self.terms + other.terms)

    def __sub__(self, other: Surd) -> Surd:
        return Surd(self.terms + (-other).terms)

    def __neg__(self) -> Surd:
        return _of(tuple((-coefficient, radicand) for coefficient, radicand in self.terms))

    def __mul__(self, other: Surd) -> Surd:
        products: list[Term] = []
        for ours, left in self.terms:
            for theirs, right in other.terms:
                common = gcd(left, right)
                products.append((ours * theirs * common, (left // common) * (right // common)))
        return Surd(products)

    def __abs__(self) -> Surd:
        return -self if self.sign() < 0 else self

    def __truediv__(self, other: Surd) -> Surd:
        """Divide; ZeroDivisionError by zero, ValueError by a sum too long for `reciprocal`."""
        return self * other.reciprocal()

    def reciprocal(self) -> Surd:
        """Return 1/self for at most CONJUGABLE terms, else raise ValueError; ZeroDivisionError for zero.

        With the sign of half the terms turned, a sum of 4, 3 or 2 independent terms multiplies to one of at
        most 3, 2 or 1 terms, and neither factor is zero.
        """
        if not self.terms:
            raise ZeroDivisionError("division by zero")
        if len(self.terms) > CONJUGABLE:
            raise ValueError("the reciprocal of a long sum of square roots is not formed")
        if len(self.terms) == 1:
            ((coefficient, radicand),) = self.terms
            return _of(((1 / (coefficient * radicand), radicand),))
        half = len(self.terms) // 2
        conjugate = _of(self.terms[half:]) - _of(self.terms[:half])
        return conjugate * (self * conjugate).reciprocal()

    def sign(self) -> int:
        """Return -1, 0 or 1: exactly 0 without terms, else decided by enclosures of rising precision."""
        signs = {1 if coefficient > 0 else -1 for coefficient, _ in self.terms}
        if len(signs) < 2:
            return signs.pop() if signs else 0
        precision = FIRST_PRECISION
        while True:
            with flint.ctx.workprec(precision):
                enclosure = self.ball()
            if enclosure > 0:
                return 1
            if enclosure < 0:
                return -1
            precision *= 2

    def ball(self) -> flint.arb:
        """Return an enclosure at flint's current precision."""
        total = flint.arb(0)
        for coefficient, radicand in self.terms:
            total += flint.arb(coefficient) * flint.arb(radicand).sqrt()
        return total

    def fraction(self) -> Fraction | None:
        """Return the value if it is rational, else None."""
        if not self.terms:
            return Fraction(0)
        coefficient, radicand = self.terms[0]
        if len(self.terms) > 1 or radicand != 1:
            return None
        return Fraction(int(coefficient.p), int(coefficient.q))

    def text(self) -> str:
        """Return a text such as "1/2 + 3*sqrt(5)", rational part first; ValueError of numbers too long."""
        plain = sorted((_plain(*term) for term in self.terms), key=lambda term: term[1])
        parts: list[str] = []
        for coefficient, radicand in plain:
            size = Fraction(int(abs(coefficient.p)), int(coefficient.q))
            root = f"sqrt({radicand})"
            body = f"{size}" if radicand == 1 else root if size == 1 else f"{size}*{root}"
            minus = coefficient < 0
            parts.append((" - " if minus else " + ") + body if parts else ("-" if minus else "") + body)
        return "".join(parts) or "0"

    def __repr__(self) -> str:
        return f"Surd({self.text()})"


def _of(terms: tuple[Term, ...]) -> Surd:
    """Return the sum of terms that are known to be gathered already."""
    surd = Surd()
    surd.terms = terms
    return surd
