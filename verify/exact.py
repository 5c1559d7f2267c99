"""Arrays of exact real numbers that answer the methods of a torch tensor.

Rational entries are one array of integers over one common denominator, so that an operation on many entries is
one numpy operation.  Square roots, sums of square roots and enclosures of other reals follow as further layers
(`verify.layers.Layer`); operations on mixed layers happen on the higher one.  An entry may be *undefined*
(division by zero, root of a negative number, a float that is not finite); whatever depends on it is undefined too.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import flint
import numpy as np

from verify import layers
from verify.integers import LIMIT, Integers, contracted, multiplied, totals
from verify.layers import UNDECIDED, UNDEFINED, Layer, elementwise, precision, working
from verify.shapes import Array, Dims, as_array, axes, cat, diag_embed, eye, folded, stack, where, zeros
from verify.stores import Stored, aligned, either, fitted, met
from verify.surds import CONJUGABLE, Surd

__all__ = [
    "UNDECIDED",
    "UNDEFINED",
    "Exact",
    "Layer",
    "Undecided",
    "cat",
    "compare",
    "diag_embed",
    "eye",
    "precision",
    "stack",
    "where",
    "zeros",
]

WIDE = 2**26
"""Bits of a common denominator, over all entries, beyond which quotients keep a denominator each (as Surds)."""


class Undecided(ArithmeticError):
    """A comparison whose answer is not known for every entry."""


class Exact(Stored):
    """An immutable array of exact real numbers with the methods of a torch tensor.

    Build arrays with `integers`, `fractions` and `floats`; read them with `fraction`, `text`, `tolist`,
    `approximate` and `undefined_mask`.  Operands may be Exact arrays, ints, Fractions, floats (their exact value)
    and numpy arrays of these.  Comparisons return bool arrays and raise `Undecided` unless every entry is
    defined and decided; `compare` tells the cases apart.
    """

    __slots__ = ()

    def __add__(self, other: Any) -> Exact:
        right = Exact.coerced(other)
        return NotImplemented if right is None else _sum(self, right, operator.add)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Exact:
        right = Exact.coerced(other)
        return NotImplemented if right is None else _sum(self, right, operator.sub)

    def __rsub__(self, other: Any) -> Exact:
        left = Exact.coerced(other)
        return NotImplemented if left is None else _sum(left, self, operator.sub)

    def __mul__(self, other: Any) -> Exact:
        right = Exact.coerced(other)
        return NotImplemented if right is None else self._product(right)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Exact:
        right = Exact.coerced(other)
        return NotImplemented if right is None else self._product(right._reciprocal())

    def __rtruediv__(self, other: Any) -> Exact:
        left = Exact.coerced(other)
        return NotImplemented if left is None else left._product(self._reciprocal())

    def __matmul__(self, other: Any) -> Exact:
        right = Exact.coerced(other)
        return NotImplemented if right is None else _contraction(self, right)

    def __rmatmul__(self, other: Any) -> Exact:
        left = Exact.coerced(other)
        return NotImplemented if left is None else _contraction(left, self)

    def __neg__(self) -> Exact:
        return self._turned(operator.neg)

    def abs(self) -> Exact:
        """Return the magnitudes."""
        return self._turned(abs)

    def _turned(self, function: Callable[[Array], Any]) -> Exact:
        """Return the numbers with other signs; flint rounds even the negative of an enclosure to its precision."""
        if self.layer == Layer.BALL:
            with working():
                return Exact(as_array(function(self.values)), 1, Layer.BALL, self.undefined)
        return Exact(as_array(function(self.values)), self.denominator, self.layer, self.undefined, self.peak)

    def square(self) -> Exact:
        """Return the squares; those of entries on layer ROOT are rational."""
        if self.layer == Layer.ROOT:
            return Exact(as_array(abs(self.values)), self.denominator, undefined=self.undefined, peak=self.peak)
        if self.layer == Layer.BALL:
            with working():
                # The power 2 of a ball around 0 is no number to flint; the product is.
                return Exact(as_array(self.values * self.values), 1, Layer.BALL, self.undefined)
        return self._product(self)

    def _product(self, other: Any) -> Exact:
        left, right = met([self, Exact.operand(other)])
        undefined = either(left.undefined, right.undefined, np.broadcast_shapes(left.shape, right.shape))
        if left.layer > Layer.ROOT:
            with working():
                return Exact(as_array(left.values * right.values), 1, left.layer, undefined)
        if left.values.size == 1 and left.ndim <= right.ndim:
            left, right = right, left
        if right.values.size == 1 and right.ndim <= left.ndim:
            scale = int(right.values.reshape(()))
            common = math.gcd(scale, left.denominator)
            if left.peak * abs(scale // common) > LIMIT:
                left = left.lowest()
                common = math.gcd(scale, left.denominator)
            scaled = Integers(left.values, left.peak).times(scale // common)
            denominator = left.denominator // common * right.denominator
            return Exact(scaled.values, denominator, left.layer, undefined, scaled.peak)
        left, right = fitted(left, right, 1)
        whole = multiplied(Integers(left.values, left.peak), Integers(right.values, right.peak))
        return Exact(whole.values, left.denominator * right.denominator, left.layer, undefined, whole.peak)

    def _reciprocal(self) -> Exact:
        if self.layer > Layer.ROOT:
            return self._upper_reciprocal()
        whole = self._blank(0)
        zero = as_array(whole.values == 0)
        divisors = np.where(zero, 1, whole.values)
        common = 1
        for size in np.unique(abs(divisors)).tolist():
            common = math.lcm(common, size)
            if common.bit_length() * divisors.size > WIDE:
                return self.to_layer(Layer.SURD)._upper_reciprocal()
        factors = as_array(common // (divisors if common <= LIMIT else divisors.astype(object)))
        scaled = Integers(factors, common).times(self.denominator)
        return Exact(scaled.values, common, self.layer, zero, scaled.peak)

    def _upper_reciprocal(self) -> Exact:
        array: Exact = self
        if self.layer == Layer.SURD and any(len(surd.terms) > CONJUGABLE for surd in self.values.reshape(-1)):
            array = self.to_layer(Layer.BALL)
        if array.layer == Layer.SURD:
            zero = elementwise(lambda surd: not surd.terms, array.values).astype(bool) | self.undefined_mask()
            return Exact(elementwise(lambda surd: surd.reciprocal(), _filled(array, zero)), 1, Layer.SURD, zero)
        zero = elementwise(lambda ball: ball.is_zero(), array.values).astype(bool) | self.undefined_mask()
        with working():
            return Exact(elementwise(lambda ball: 1 / ball, _filled(array, zero)), 1, Layer.BALL, zero)

    def sum(self, dim: Dims = None, keepdim: bool = False) -> Exact:
        """Return the sums over the axes `dim` (an int, a tuple; None: all)."""
        places = axes(dim, self.ndim)
        count = math.prod(self.shape[place] for place in places)
        undefined = None if self.undefined is None else folded(np.logical_or, self.undefined, places, keepdim)
        if count == 0:
            return Exact.integers(folded(np.add, np.zeros(self.shape, dtype=np.int64), places, keepdim))
        (array,) = met([self], additive=count > 1)
        if array.layer > Layer.ROOT or count == 1:
            with working():
                values = folded(np.add, array.values, places, keepdim)
            return Exact(values, array.denominator, array.layer, undefined, array.peak)
        if array.peak * count > LIMIT:
            array = array.lowest()
        whole = totals(Integers(array.values, array.peak), places, keepdim)
        return Exact(whole.values, array.denominator, Layer.RATIONAL, undefined, whole.peak)

    def mean(self, dim: Dims = None, keepdim: bool = False) -> Exact:
        """Return the means over the axes `dim`; undefined over no entries."""
        count = math.prod(self.shape[place] for place in axes(dim, self.ndim))
        return self.sum(dim, keepdim) / count

    def amax(self, dim: Dims = (), keepdim: bool = False) -> Exact:
        """Return the largest entries over the axes `dim`; ValueError over no entries."""
        return self._extremes(dim, keepdim, np.maximum, layers.larger)

    def amin(self, dim: Dims = (), keepdim: bool = False) -> Exact:
        """Return the smallest entries over the axes `dim`; ValueError over no entries."""
        return self._extremes(dim, keepdim, np.minimum, layers.smaller)

    def _extremes(self, dim: Dims, keepdim: bool, lower: np.ufunc, upper: Callable[[Any, Any], Any]) -> Exact:
        places = axes(dim, self.ndim)
        undefined = None if self.undefined is None else folded(np.logical_or, self.undefined, places, keepdim)
        if self.layer <= Layer.ROOT:
            values = folded(lower, self.values, places, keepdim)
        else:
            with working():
                values = layers.reduced(upper, self.values, places, keepdim)
        return Exact(values, self.denominator, self.layer, undefined, self.peak)

    def clamp(self, min: Any = None, max: Any = None) -> Exact:  # the names torch gives these
        """Return the entries raised to at least `min`, then lowered to at most `max` (None: no bound)."""
        raised = self if min is None else _extreme(self, Exact.operand(min), np.maximum, layers.larger)
        return raised if max is None else _extreme(raised, Exact.operand(max), np.minimum, layers.smaller)

    def relu(self) -> Exact:
        """Return the entries, with 0 in place of negative ones."""
        return self.clamp(min=0)

    def sqrt(self) -> Exact:
        """Return the square roots, on layer ROOT if all entries are rational; of negative entries, undefined."""
        rational = self.to_rational()
        if rational is None:
            return self._enclosed(flint.arb.sqrt, self._undefined_at(-1))
        whole = rational._blank(0)
        undefined = either(self.undefined, as_array(whole.values < 0), self.shape)
        return Exact(np.maximum(whole.values, 0), rational.denominator, Layer.ROOT, undefined, whole.peak)

    def _undefined_at(self, *codes: int) -> Array:
        """Return where this array is undefined or compares to 0 with one of the given codes."""
        return np.isin(compare(self, 0), (UNDEFINED, *codes))

    def _enclosed(self, function: Callable[[Any], Any], undefined: Array) -> Exact:
        array = self.to_layer(Layer.BALL)
        with working():
            return Exact(elementwise(function, _filled(array, undefined)), 1, Layer.BALL, undefined)

    def exp(self) -> Exact:
        """Return enclosures of the exponentials."""
        return self._enclosed(flint.arb.exp, self.undefined_mask())

    def log(self) -> Exact:
        """Return enclosures of the natural logarithms; of entries known not to be positive, undefined."""
        return self._enclosed(flint.arb.log, self._undefined_at(-1, 0))

    def sin(self) -> Exact:
        """Return enclosures of the sines."""
        return self._enclosed(flint.arb.sin, self.undefined_mask())

    def cos(self) -> Exact:
        """Return enclosures of the cosines."""
        return self._enclosed(flint.arb.cos, self.undefined_mask())

    def tanh(self) -> Exact:
        """Return enclosures of the hyperbolic tangents."""
        return self._enclosed(flint.arb.tanh, self.undefined_mask())

    def atan(self) -> Exact:
        """Return enclosures of the arc tangents."""
        return self._enclosed(flint.arb.atan, self.undefined_mask())

    def erf(self) -> Exact:
        """Return enclosures of the error function."""
        return self._enclosed(flint.arb.erf, self.undefined_mask())

    def _codes(self, other: Any) -> Array:
        codes = compare(self, other)
        open_ = int(np.count_nonzero(codes >= UNDECIDED))
        if open_:
            undefined = int(np.count_nonzero(codes == UNDEFINED))
            raise Undecided(f"of {codes.size} comparisons {undefined} are undefined, {open_ - undefined} undecided")
        return codes

    def __lt__(self, other: Any) -> Array:
        return as_array(self._codes(other) < 0)

    def __le__(self, other: Any) -> Array:
        return as_array(self._codes(other) <= 0)

    def __gt__(self, other: Any) -> Array:
        return as_array(self._codes(other) > 0)

    def __ge__(self, other: Any) -> Array:
        return as_array(self._codes(other) >= 0)

    def __eq__(self, other: Any) -> Array:  # type: ignore[override]
        return as_array(self._codes(other) == 0)

    def __ne__(self, other: Any) -> Array:  # type: ignore[override]
        return as_array(self._codes(other) != 0)

    __hash__ = None  # type: ignore[assignment]


def compare(left: Any, right: Any) -> Array:
    """Return an int8 array: -1, 0 or 1 for left <, == or > right, UNDECIDED (2) or UNDEFINED (3).

    Only enclosures are ever undecided: when they overlap, unless both are the same single number.
    """
    one, other = met([Exact.operand(left), Exact.operand(right)])
    if one.layer > Layer.ROOT:
        codes = layers.orders(one.values, other.values, one.layer)
    else:
        (ours, theirs), _, _ = aligned([one, other])
        codes = as_array(np.asarray(ours > theirs, dtype=np.int8) - np.asarray(ours < theirs, dtype=np.int8))
    undefined = either(one.undefined, other.undefined, codes.shape)
    return codes if undefined is None else np.where(undefined, np.int8(UNDEFINED), codes)


def _sum(left: Exact, right: Exact, combine: Callable[[Array, Array], Any]) -> Exact:
    left, right = met([left, right], additive=True)
    undefined = either(left.undefined, right.undefined, np.broadcast_shapes(left.shape, right.shape))
    (ours, theirs), denominator, peak = aligned([left, right])
    with working():
        return Exact(as_array(combine(ours, theirs)), denominator, left.layer, undefined, peak)


def _contraction(left: Exact, right: Exact) -> Exact:
    left, right = met([left, right], additive=True)
    undefined = None
    if left.undefined is not None or right.undefined is not None:
        everywhere = np.ones(left.shape, dtype=bool), np.ones(right.shape, dtype=bool)
        first = np.matmul(left.undefined_mask(), everywhere[1])
        undefined = as_array(first | np.matmul(everywhere[0], right.undefined_mask()))
    if left.layer > Layer.ROOT:
        with working():
            return Exact(as_array(np.matmul(left.values, right.values)), 1, left.layer, undefined)
    left, right = fitted(left, right, left.shape[-1])
    whole = contracted(Integers(left.values, left.peak), Integers(right.values, right.peak))
    return Exact(whole.values, left.denominator * right.denominator, Layer.RATIONAL, undefined, whole.peak)


def _extreme(left: Exact, right: Exact, lower: np.ufunc, upper: Callable[[Any, Any], Any]) -> Exact:
    left, right = met([left, right])
    undefined = either(left.undefined, right.undefined, np.broadcast_shapes(left.shape, right.shape))
    (ours, theirs), denominator, peak = aligned([left, right])
    if left.layer <= Layer.ROOT:
        return Exact(as_array(lower(ours, theirs)), denominator, left.layer, undefined, peak)
    with working():
        return Exact(elementwise(upper, ours, theirs), 1, left.layer, undefined)


def _filled(array: Exact, places: Array) -> Array:
    """Return SURD or BALL entries with 1 at the given places."""
    one = Surd.rational(1) if array.layer == Layer.SURD else flint.arb(1)
    return np.asarray(np.where(places, np.asarray(one, dtype=object), array.values), dtype=object)
