"""Arrays of integers that stay in int64 while a bound proves that no operation can overflow.

Every operation first bounds its result with Python integers.  Within int64 it runs on int64; otherwise it runs
on Python integers held in an object array, which is brought back to int64 when its entries fit.
"""

from __future__ import annotations

import operator
from math import gcd, isqrt
from typing import Any, NamedTuple

import numpy as np

from verify.shapes import Array, as_array, folded

LIMIT = 2**63 - 1
"""The largest magnitude kept in int64 (whose lowest value is left out, for its negative overflows)."""

CHUNK = 4096
"""Entries whose common divisor is taken between two looks at whether it is 1 already."""

EXACT_FLOAT = 2**52
"""Integers below this bound are float64 values, and so is the square root of each that is a square."""


class Integers(NamedTuple):
    """Integers `values` (dtype int64 or object) none of which exceeds `peak` in magnitude."""

    values: Array
    peak: int

    def tight(self) -> Integers:
        """Return the same integers with the least peak, in int64 when they fit."""
        values = self.values
        if values.size == 0:
            return Integers(values.astype(np.int64), 0)
        if values.dtype != object:
            peak = max(int(values.max()), -int(values.min()))
            return Integers(values if peak <= LIMIT else values.astype(object), peak)
        peak = max(abs(int(values.max())), abs(int(values.min())))
        return Integers(values.astype(np.int64) if peak <= LIMIT else values, peak)

    def times(self, factor: int) -> Integers:
        """Return every entry times `factor`."""
        if factor == 1 or self.peak == 0:
            return self
        peak = self.peak * abs(factor)
        values = self.values if peak <= LIMIT else self.values.astype(object)
        return Integers(as_array(values * factor), peak)

    def divided(self, divisor: int) -> Integers:
        """Return every entry divided by `divisor`, a positive common divisor of all of them."""
        if divisor == 1:
            return self
        if divisor > LIMIT:
            return Integers(as_array(self.values.astype(object) // divisor), self.peak // divisor).tight()
        return Integers(as_array(self.values // divisor), self.peak // divisor)

    def divisor(self, start: int) -> int:
        """Return the greatest common divisor of `start` and all entries."""
        flat = self.values.reshape(-1)
        common = start
        for place in range(0, flat.size, CHUNK):
            if common == 1:
                break
            chunk = flat[place : place + CHUNK]
            common = gcd(common, int(np.gcd.reduce(chunk)) if chunk.dtype != object else gcd(*chunk))
        return common

    def signed_squares(self) -> Integers:
        """Return n*|n| for each entry n."""
        peak = self.peak**2
        values = self.values if peak <= LIMIT else self.values.astype(object)
        return Integers(as_array(values * abs(values)), peak)

    def roots(self, factor: int) -> Integers | None:
        """Return sign(n)*sqrt(|n|*factor) for each entry n if all of these are integers, else None."""
        scaled = self.tight().times(factor)
        if scaled.peak < EXACT_FLOAT and scaled.values.dtype != object:
            sizes = abs(scaled.values)
            found = np.asarray(np.sqrt(sizes), dtype=np.int64)
            if not np.array_equal(found * found, sizes):
                return None
            return Integers(as_array(found * np.sign(scaled.values)), scaled.peak)
        result = np.empty(scaled.values.shape, dtype=object)
        flat = result.reshape(-1)
        for place, value in enumerate(scaled.values.reshape(-1)):
            size = abs(int(value))
            root = isqrt(size)
            if root * root != size:
                return None
            flat[place] = root if value >= 0 else -root
        return Integers(result, scaled.peak).tight()


def integers(given: Any) -> Integers:
    """Return the integers (or truth values) of an array, a tensor or nested lists; TypeError for others."""
    array = np.asarray(given) if hasattr(given, "__array__") else np.array(given, dtype=object)
    if array.dtype.kind in "bi":
        return Integers(array.astype(np.int64), 2**63).tight()
    if array.dtype.kind == "u":
        array = array.astype(object)
    if array.dtype.kind != "O" and array.size:
        raise TypeError(f"integers are wanted, not entries of {array.dtype}")
    whole = np.empty(array.shape, dtype=object)
    whole.reshape(-1)[:] = [operator.index(entry) for entry in array.reshape(-1)]
    return Integers(whole, 0).tight()


def multiplied(left: Integers, right: Integers) -> Integers:
    """Return the products of the entries, broadcast together."""
    peak = left.peak * right.peak
    if peak > LIMIT:
        return Integers(as_array(left.values.astype(object) * right.values.astype(object)), peak)
    return Integers(as_array(left.values * right.values), peak)


def contracted(left: Integers, right: Integers) -> Integers:
    """Return the matrix products over the last two axes, broadcast over the others."""
    peak = left.peak * right.peak * max(1, left.values.shape[-1])
    if peak > LIMIT:
        return Integers(as_array(np.matmul(left.values.astype(object), right.values.astype(object))), peak)
    return Integers(as_array(np.matmul(left.values, right.values)), peak)


def totals(terms: Integers, places: tuple[int, ...], keepdim: bool) -> Integers:
    """Return the sums over the axes `places`."""
    count = 1
    for place in places:
        count *= terms.values.shape[place]
    peak = terms.peak * max(1, count)
    values = terms.values if peak <= LIMIT else terms.values.astype(object)
    return Integers(folded(np.add, values, places, keepdim), peak)
