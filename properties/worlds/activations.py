"""Smooth activations with their derivatives and the least bounds on the first and the second one.

Each is a number of the convention ``activation``. Values and derivatives are written for every arithmetic; derivatives
of four of them are rational at rationals, so that Jacobians are exact.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sympy import E, pi

Pointwise = Callable[[Any, Any], Any]
Bound = Callable[[Any, int], Any]


@dataclass(frozen=True)
class Activation:
    """``value(arithmetic, z)``, its derivative ``slope``, and bounds ``steepest`` of |phi'|, ``bend`` of |phi''|.

    The bounds are functions of the arithmetic and of the number of lanes; no smaller ones hold.
    """

    name: str
    value: Pointwise
    slope: Pointwise
    steepest: Bound
    bend: Bound


def _rational(p: int, q: int = 1) -> Bound:
    return lambda arithmetic, count: arithmetic.constant(Fraction(p, q), count)


def _root(p: int, q: int) -> Bound:
    return lambda arithmetic, count: arithmetic.function("sqrt", arithmetic.constant(Fraction(p, q), count))


def _root_of_pi(arithmetic: Any, z: Any) -> Any:
    return arithmetic.function("sqrt", arithmetic.irrational(pi, z.shape[0])).reshape(z.shape[0], *(1,) * (z.ndim - 1))


def _bend_of_erf(arithmetic: Any, count: int) -> Any:
    return arithmetic.function("sqrt", 2 / arithmetic.irrational(E, count))


IDENTITY = Activation("z", lambda _, z: z, lambda _, z: 0 * z + 1, _rational(1), _rational(0))
ARCTAN = Activation(
    "arctan z",
    lambda arithmetic, z: arithmetic.function("atan", z),
    lambda _, z: 1 / (1 + z.square()),
    _rational(1),
    _root(27, 64),
)
SIN = Activation(
    "sin z",
    lambda arithmetic, z: arithmetic.function("sin", z),
    lambda arithmetic, z: arithmetic.function("cos", z),
    _rational(1),
    _rational(1),
)
ERF = Activation(
    "erf(z) sqrt(pi) / 2",  # in this unit its derivative is rational at 0, where it is greatest
    lambda arithmetic, z: arithmetic.function("erf", z) * _root_of_pi(arithmetic, z) / 2,
    lambda arithmetic, z: arithmetic.function("exp", -z.square()),
    _rational(1),
    _bend_of_erf,
)
SOFTPLUS = Activation(
    "log(1 + e^z)",
    lambda arithmetic, z: arithmetic.function("log", 1 + arithmetic.function("exp", z)),
    lambda arithmetic, z: 1 / (1 + arithmetic.function("exp", -z)),
    _rational(1),
    _rational(1, 4),
)
TANH = Activation(
    "tanh z",
    lambda arithmetic, z: arithmetic.function("tanh", z),
    lambda arithmetic, z: 1 - arithmetic.function("tanh", z).square(),
    _rational(1),
    _root(16, 27),
)
HALF_LOG = Activation(
    "log(1 + z^2) / 2",
    lambda arithmetic, z: arithmetic.function("log", 1 + z.square()) / 2,
    lambda _, z: z / (1 + z.square()),
    _rational(1, 2),
    _rational(1),
)

RATIONAL = Activation(
    "z / (1 + z^2)",
    lambda _, z: z / (1 + z.square()),
    lambda _, z: (1 - z.square()) / (1 + z.square()).square(),
    _rational(1),
    lambda arithmetic, count: (3 + 2 * _root(2, 1)(arithmetic, count)) / 4,
)

UNKNOWN = Activation(
    "any",
    lambda arithmetic, z: arithmetic.unknown(z, 0),
    lambda arithmetic, z: arithmetic.unknown(z, 1),
    lambda arithmetic, count: arithmetic.fresh((count,)),
    lambda arithmetic, count: arithmetic.fresh((count,)),
)
"""Any function that has derivatives, for ``verify/indeterminates.py``."""

ACTIVATIONS = (IDENTITY, ARCTAN, SIN, ERF, SOFTPLUS, TANH, HALF_LOG, RATIONAL)
"""The activations by the numbers of the convention ``activation``."""

WITH_RATIONAL_SLOPES = tuple(Fraction(ACTIVATIONS.index(one)) for one in (IDENTITY, ARCTAN, HALF_LOG, RATIONAL))
"""The numbers of those whose derivatives are rational at rationals."""

RATIONAL_ONLY = tuple(Fraction(ACTIVATIONS.index(one)) for one in (IDENTITY, RATIONAL))
"""The numbers of those whose values are, too."""
