"""Gaussian kernels of activations by their Hermite coefficients, enclosed: docs/mathematics/joint.md has the proofs.

For g normal, ``kappa(rho) = E phi'(s a) phi'(t b)`` with a, b normal of correlation rho is the sum over k of ``c_k(s)
c_k(t) rho**k``, where ``c_k(s) = E phi'(s g) h_k(g)`` and h_k are the orthonormal Hermite polynomials (Mehler 1866).
A coefficient is an integral over the line, which the trapezoidal rule gives up to an error that is bounded; what is
left out of the sum is bounded by the energy that the coefficients leave.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from flint import arb, ctx, fmpq

TERMS = 72
"""Coefficients c_0 to c_TERMS are worked out."""

STEP = Fraction(1, 12)
NODES = 192
"""The rule has nodes at the multiples of STEP up to NODES of them on each side."""

STRIP = Fraction(3, 4)
"""The derivatives are analytic, and bounded, where imaginary parts are at most this."""

BITS = 160
FLOAT_BITS = 64
"""Bits of the rationals that floats are rounded from."""

HALF = arb(fmpq(1, 2))


@dataclass(frozen=True)
class Derivative:
    """A derivative phi', by name: its values at enclosures, and a bound on |phi'(z)| where |Im z| <= STRIP."""

    name: str
    at: Callable[[Any], Any]
    within: Callable[[], Any]


def _strip() -> Any:
    return _ball(STRIP)


def _ball(number: Fraction | int) -> Any:
    return arb(fmpq(Fraction(number).numerator, Fraction(number).denominator))


DERIVATIVES = {
    made.name: made
    for made in (
        Derivative("erf", lambda z: (-z * z).exp(), lambda: (_strip() ** 2).exp()),
        Derivative("sin", lambda z: z.cos(), lambda: _strip().cosh()),
        Derivative("arctan", lambda z: 1 / (1 + z * z), lambda: 1 / (1 - _strip() ** 2)),
        Derivative("softplus", lambda z: 1 / (1 + (-z).exp()), lambda: arb(1)),
        Derivative("tanh", lambda z: 1 / z.cosh() ** 2, lambda: 1 / _strip().cos() ** 2),
        Derivative("log", lambda z: z / (1 + z * z), lambda: 1 / (1 - _strip())),
        Derivative("rational", lambda z: (1 - z * z) / (1 + z * z) ** 2, lambda: 1 / (1 - _strip()) ** 2),
    )
}
"""By name: erf(z) sqrt(pi) / 2, sin z, arctan z, log(1 + e^z), tanh z, log(1 + z^2) / 2 and z / (1 + z^2)."""

RELU = "relu"

STEEPEST = {name: Fraction(1, 2) if name == "log" else Fraction(1) for name in (*DERIVATIVES, RELU)}
"""The least bounds on |phi'|."""


@dataclass(frozen=True)
class Series:
    """Coefficients c_0, c_1, ... of a derivative at a length s, and a bound on the energy of those left out."""

    coefficients: tuple[Any, ...]
    left: Any

    def times(self, other: Series) -> Kernel:
        """The kernel of two lengths of one derivative."""
        with ctx.workprec(BITS):
            products = tuple(a * b for a, b in zip(self.coefficients, other.coefficients, strict=True))
            return Kernel(products, (self.left * other.left).sqrt())


@dataclass(frozen=True)
class Kernel:
    """A sum of powers of rho with coefficients that are enclosed; those left out add up to at most ``left``."""

    coefficients: tuple[Any, ...]
    left: Any

    def at(self, rho: Any) -> Any:
        """An enclosure at an enclosure rho of a number from -1 to 1."""
        with ctx.workprec(BITS):
            total = arb(0)
            for coefficient in reversed(self.coefficients):
                total = total * rho + coefficient
            beyond = self.left * abs(rho) ** len(self.coefficients)
            return total + arb(0, beyond.upper())

    def rationals(self) -> tuple[Fraction, ...]:
        """The coefficients, rounded, for floats, up to the last one that is not rounded to 0."""
        with ctx.workprec(BITS):
            whole = [int((c.mid() * 2**FLOAT_BITS + HALF).floor().unique_fmpz()) for c in self.coefficients]
        while len(whole) > 1 and whole[-1] == 0:
            whole.pop()
        return tuple(Fraction(number, 2**FLOAT_BITS) for number in whole)


@lru_cache(maxsize=64)
def series(name: str, length: Fraction = Fraction(1)) -> Series:
    """The coefficients of a derivative (a name of ``DERIVATIVES``, or "relu" at length 1)."""
    with ctx.workprec(BITS):
        return _of_relu() if name == RELU else _by_the_rule(DERIVATIVES[name], length)


@lru_cache(maxsize=64)
def kernel(name: str, one: Fraction = Fraction(1), other: Fraction = Fraction(1)) -> Kernel:
    """The kernel of a derivative at two lengths."""
    return series(name, one).times(series(name, other))


def _by_the_rule(phi: Derivative, length: Fraction) -> Series:
    step, a = _ball(STEP), _ball(STRIP / length)
    decay = (-2 * arb.pi() * a / step).exp()
    outside = 2 * decay / (1 - decay)
    reach = _ball(STEP * NODES)
    # Cramer: |h_k(x)| <= (6/5) e^(x**2 / 4). A sum over nodes beyond the last one is below its integral from there on,
    # which is below 2 / reach times the value there.
    bound = phi.within()
    tail = 2 * bound * _ball(Fraction(6, 5)) * (-(reach**2) / 4).exp() * 2 / reach
    weights = []
    totals, square = [arb(0)] * (TERMS + 1), arb(0)
    for node in range(-NODES, NODES + 1):
        x = _ball(STEP * node)
        weight = (-x * x / 2).exp() * step / (2 * arb.pi()).sqrt()
        slope = phi.at(_ball(length) * x)
        square += weight * slope**2
        weights.append((x, weight * slope))
    roots = [_ball(k).sqrt() for k in range(TERMS + 2)]
    for x, weight in weights:
        before, now = arb(0), weight
        for k in range(TERMS + 1):
            totals[k] += now
            before, now = now, (x * now - roots[k] * before) / roots[k + 1]
    grown = (a**2 / 2).exp()
    errors = [outside * bound * grown * (a * roots[k]).exp() + tail for k in range(TERMS + 1)]
    found = tuple(total + arb(0, error.upper()) for total, error in zip(totals, errors, strict=True))
    energy = square + arb(0, (outside * bound**2 * grown + bound * tail).upper())
    left = energy - sum((c * c for c in found), arb(0))
    return Series(found, arb(max(left.upper(), arb(0))))


def _of_relu() -> Series:
    """Those of the step, of which the integrals are known: 1/2, and h_(k-1)(0) over sqrt(2 pi k)."""
    found = [_ball(Fraction(1, 2))]
    for k in range(1, TERMS + 1):
        half, odd = divmod(k - 1, 2)
        double = math.prod(range(2 * half - 1, 0, -2))
        at_zero = arb(0) if odd else (-1) ** half * double / _ball(math.factorial(k)).sqrt()
        found.append(at_zero / (2 * arb.pi()).sqrt())
    left = _ball(Fraction(1, 2)) - sum((c * c for c in found), arb(0))
    return Series(tuple(found), arb(left.upper()))


__all__ = ["DERIVATIVES", "RELU", "STEEPEST", "Kernel", "Series", "kernel", "series"]
