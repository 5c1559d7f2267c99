"""Powers of two that numbers are multiples of, their *grains*, and magnitudes rounded up, for `verify.extent`."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

from verify.shapes import Array, as_array

OF_ZERO = 10_000
"""The grain of numbers known to be zero, which are multiples of everything."""

EPSILON = float(np.finfo(np.float64).eps)
SMALLEST = float(np.finfo(np.float64).smallest_subnormal)


def rounded_up(bound: Array, operations: int) -> Array:
    """Return numbers not below what `bound` came to be by at most so many rounded operations on bounds."""
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        # The two operations here, which may round down as well, are allowed for.
        return as_array(bound * (1 + (operations + 3) * EPSILON) + (operations + 2) * SMALLEST)


def scalar(given: Any) -> int | Fraction | float | None:
    """Return a finite Python or numpy number as a Python number, None for anything else."""
    if isinstance(given, np.generic):
        given = given.item()
    if isinstance(given, int | Fraction) or (isinstance(given, float) and math.isfinite(given)):
        return given
    return None


@lru_cache(maxsize=4096)
def measured(number: int | Fraction | float) -> tuple[Array, int | None]:
    """Return a float not below |number|, as an array without axes, and the power of two that `number` contains.

    That is the largest g for which it is a multiple of 2**g: OF_ZERO for zero, None if there is none.
    """
    exact = Fraction(number)
    try:
        near = rounded_up(np.asarray(float(abs(exact))), 1)
    except OverflowError:
        near = np.asarray(np.inf)
    below = exact.denominator
    if below & (below - 1):
        return near, None
    above = abs(exact.numerator)
    return near, (above & -above).bit_length() - below.bit_length() if above else OF_ZERO


def grain_of(near: Array) -> int | None:
    """Return the largest g for which all floats are multiples of 2**g (see `measured`), None if one is not finite."""
    if not np.isfinite(near).all():
        return None
    mantissas, exponents = np.frexp(near[near != 0])
    if mantissas.size == 0:
        return OF_ZERO
    whole = np.ldexp(mantissas, 53).astype(np.int64)
    lowest = np.frexp((whole & -whole).astype(np.float64))[1] - 1
    return int((exponents - 53 + lowest).min())


def finer(left: int | None, right: int | None) -> int | None:
    """Return the grain of sums of numbers of two grains."""
    return None if left is None or right is None else min(left, right)


def both(left: int | None, right: int | None) -> int | None:
    """Return the grain of products of numbers of two grains."""
    return None if left is None or right is None else left + right
