"""The four layers of exact numbers, and what is done to the entries of the two upper ones.

RATIONAL and ROOT entries are integers over a common denominator (`verify.integers`).  SURD entries are `Surd`
objects and BALL entries `flint.arb` enclosures, both held in object arrays.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from contextvars import ContextVar
from enum import IntEnum
from fractions import Fraction
from typing import Any

import flint
import numpy as np

from verify.integers import EXACT_FLOAT
from verify.shapes import Array
from verify.surds import Surd

_PRECISION: ContextVar[int] = ContextVar("precision", default=128)

UNDECIDED, UNDEFINED = 2, 3
"""The codes of `compare` besides -1, 0 and 1."""


class Layer(IntEnum):
    """What the entries of an array are, each layer holding the ones before it.

    RATIONAL: n/d.  ROOT: sign(n)*sqrt(|n|/d).  SURD: sums of rational multiples of square roots.
    BALL: real numbers known by an enclosure.
    """

    RATIONAL = 0
    ROOT = 1
    SURD = 2
    BALL = 3


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Within this context enclosures are computed with `bits` bits (128 outside of any)."""
    token = _PRECISION.set(bits)
    try:
        yield
    finally:
        _PRECISION.reset(token)


def chosen_precision() -> int:
    """Return the bits with which enclosures are computed here."""
    return _PRECISION.get()


def working() -> AbstractContextManager[Any]:
    """Return the context in which flint computes at the chosen precision."""
    context: AbstractContextManager[Any] = flint.ctx.workprec(_PRECISION.get())
    return context


def elementwise(function: Callable[..., Any], *arrays: Array) -> Array:
    """Apply a Python function to the entries of arrays broadcast together; return an object array."""
    return np.asarray(np.frompyfunc(function, len(arrays), 1)(*arrays), dtype=object)


def surds(values: Array, denominator: int, layer: Layer) -> Array:
    """Return RATIONAL or ROOT entries as Surds."""
    make = Surd.rational if layer == Layer.RATIONAL else Surd.root
    return elementwise(lambda numerator: make(numerator, denominator), values)


def balls(values: Array, denominator: int, layer: Layer) -> Array:
    """Return entries of any lower layer as enclosures at the chosen precision."""
    with working():
        if layer == Layer.RATIONAL:
            return elementwise(lambda numerator: flint.arb(flint.fmpq(numerator, denominator)), values)
        if layer == Layer.ROOT:
            values = surds(values, denominator, layer)
        return elementwise(lambda surd: surd.ball(), values)


def larger(left: Any, right: Any) -> Any:
    """Return the larger of two Surds, or an enclosure of the larger of two enclosed numbers."""
    if isinstance(left, Surd):
        return left if (left - right).sign() >= 0 else right
    return left.max(right)


def smaller(left: Any, right: Any) -> Any:
    """Return the smaller of two Surds, or an enclosure of the smaller of two enclosed numbers."""
    return -larger(-left, -right)


def reduced(function: Callable[[Any, Any], Any], values: Array, places: tuple[int, ...], keepdim: bool) -> Array:
    """Fold a function of two entries over the axes `places`."""
    fold = np.frompyfunc(function, 2, 1)
    for place in sorted(places, reverse=True):
        values = np.asarray(fold.reduce(values, axis=place, keepdims=keepdim), dtype=object)
    return values


def _ball_order(left: flint.arb, right: flint.arb) -> int:
    if left > right:
        return 1
    if left < right:
        return -1
    return 0 if left == right else UNDECIDED


def orders(left: Array, right: Array, layer: Layer) -> Array:
    """Return -1, 0, 1 or (for enclosures that overlap) UNDECIDED for each pair of SURD or BALL entries."""
    if layer == Layer.BALL:
        return elementwise(_ball_order, left, right).astype(np.int8)
    return elementwise(lambda one, other: (one - other).sign(), left, right).astype(np.int8)


def surd_rationals(values: Array) -> tuple[Array, int] | None:
    """Return Surds as integers over a common denominator if all of them are rational, else None."""
    fractions = [surd.fraction() for surd in values.reshape(-1)]
    known = [fraction for fraction in fractions if fraction is not None]
    if len(known) < len(fractions):
        return None
    return over_common(known, values.shape)


def over_common(fractions: list[Fraction], shape: tuple[int, ...]) -> tuple[Array, int]:
    """Return fractions, in a given shape, as integers over their least common denominator."""
    common = math.lcm(*(fraction.denominator for fraction in fractions))
    numerators = np.empty(len(fractions), dtype=object)
    numerators[:] = [fraction.numerator * (common // fraction.denominator) for fraction in fractions]
    return numerators.reshape(shape), common


def _quotient(numerator: int, denominator: int) -> float:
    try:
        return numerator / denominator
    except OverflowError:
        return math.inf if numerator > 0 else -math.inf


def approximations(values: Array, peak: int, denominator: int, layer: Layer) -> Array:
    """Return float64 values near the entries (correctly rounded ones for RATIONAL entries)."""
    if layer <= Layer.ROOT and max(peak, denominator) <= EXACT_FLOAT:
        near = np.asarray(values / denominator, dtype=np.float64)
        return near if layer == Layer.RATIONAL else np.asarray(np.sign(near) * np.sqrt(abs(near)))
    if layer == Layer.RATIONAL:
        return elementwise(lambda numerator: _quotient(int(numerator), denominator), values).astype(np.float64)
    enclosures = values if layer == Layer.BALL else balls(values, denominator, layer)
    return elementwise(float, enclosures).astype(np.float64)


SHOWN_DIGITS = 15


def entry_text(value: Any, denominator: int, layer: Layer) -> str:
    """Return the exact text of one entry; of an enclosure, that of one around it with as many digits as people read.

    So is an exact number shown of which Python refuses to print the thousands of digits.
    """
    with suppress(ValueError):
        if layer == Layer.RATIONAL:
            return str(Fraction(int(value), denominator))
        if layer == Layer.ROOT:
            return Surd.root(int(value), denominator).text()
        if layer == Layer.SURD:
            return str(value.text())
    enclosure = value if layer == Layer.BALL else balls(np.array([value], dtype=object), denominator, layer)[0]
    with working():
        return str(enclosure.str(SHOWN_DIGITS))
