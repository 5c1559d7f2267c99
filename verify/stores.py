"""How arrays of exact real numbers are stored, built and read out (`verify.exact` calculates with them)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, Self, TypeVar

import numpy as np

from verify import layers
from verify.integers import LIMIT, Integers, integers
from verify.layers import Layer, elementwise, over_common
from verify.shapes import Array, Shaped, as_array

S = TypeVar("S", bound="Stored")


class Stored(Shaped):
    """The representation, the construction and the reading out of `verify.exact.Exact`, without its arithmetic.

    `values` holds integers (RATIONAL: numerators over `denominator`; ROOT: numerators of the squares, signed),
    Surds or enclosures, according to `layer`; no integer exceeds `peak` in magnitude.  `undefined` marks the
    undefined entries (None: there are none).  Build arrays with `integers`, `fractions` and `floats`.
    Operands may be Exact arrays, ints, Fractions, floats (their exact value) and numpy arrays of these.
    """

    __slots__ = ("denominator", "layer", "peak", "undefined", "values")

    def __init__(
        self,
        values: Array,
        denominator: int = 1,
        layer: Layer = Layer.RATIONAL,
        undefined: Array | None = None,
        peak: int = LIMIT + 1,
    ) -> None:
        whole = Integers(as_array(values), peak)
        if layer <= Layer.ROOT and (whole.values.dtype == object or peak > LIMIT):
            common = whole.divisor(denominator)
            denominator //= common
            whole = whole.divided(common).tight()
        self.values, self.peak = whole
        self.denominator = denominator
        self.layer = layer
        self.undefined = None if undefined is None or not undefined.any() else as_array(undefined)

    @classmethod
    def integers(cls, given: Any) -> Self:
        """Return integers given as an array, a tensor or nested lists; TypeError for other entries."""
        whole = integers(given)
        return cls(whole.values, peak=whole.peak)

    @classmethod
    def fractions(cls, given: Any) -> Self:
        """Return rationals given as nested lists of Fractions and ints."""
        array = np.asarray(given, dtype=object)
        return cls(*over_common([Fraction(entry) for entry in array.reshape(-1)], array.shape))

    @classmethod
    def floats(cls, given: Any) -> Self:
        """Return the exact values of floats given as an array; those that are not finite are undefined."""
        array = np.asarray(given, dtype=np.float64)
        finite = np.isfinite(array)
        mantissas, exponents = np.frexp(np.where(finite, array, 0.0))
        whole = np.asarray(np.ldexp(mantissas, 53)).astype(np.int64)
        spare = np.asarray(np.frexp((whole & -whole).astype(np.float64))[1], dtype=np.int64)
        zero = whole == 0
        odd = whole >> np.where(zero, 0, spare - 1)
        powers = np.where(zero, 0, exponents.astype(np.int64) - 53 + spare - 1)
        base = min(0, int(powers.min(initial=0)))
        shifts = np.where(zero, 0, powers - base)
        if int(np.where(zero, 0, exponents).max(initial=0)) - base > 62:
            odd, shifts = odd.astype(object), shifts.astype(object)
        return cls(as_array(odd << shifts), 2**-base, undefined=~finite)

    @classmethod
    def coerced(cls, given: Any) -> Self | None:
        """Return an operand as such an array, or None if it is not one of the operands listed above."""
        if isinstance(given, cls):
            return given
        if isinstance(given, int | np.integer | np.bool_):
            return cls(np.asarray(int(given), dtype=object))
        if isinstance(given, Fraction):
            return cls(np.asarray(given.numerator, dtype=object), given.denominator)
        if isinstance(given, float | np.floating):
            return cls.floats(given)
        if isinstance(given, np.ndarray):
            kind = given.dtype.kind
            return cls.floats(given) if kind == "f" else (cls.fractions if kind == "O" else cls.integers)(given)
        return None

    @classmethod
    def operand(cls, given: Any) -> Self:
        """Return an operand as such an array; TypeError if it is not one of the operands listed above."""
        array = cls.coerced(given)
        if array is None:
            raise TypeError(f"{type(given).__name__} is no operand of {cls.__name__} arrays")
        return array

    @property
    def shape(self) -> tuple[int, ...]:
        """The sizes of the axes."""
        return self.values.shape

    def _whole(self) -> Integers:
        return Integers(self.values, self.peak)

    def _with(self, whole: Integers) -> Self:
        return type(self)(whole.values, self.denominator, self.layer, self.undefined, whole.peak)

    def _rearranged(self, move: Callable[[Array], Array]) -> Self:
        undefined = None if self.undefined is None else move(self.undefined)
        return type(self)(move(self.values), self.denominator, self.layer, undefined, self.peak)

    def _constant(self, values: Array) -> Self:
        return self.integers(values)

    @classmethod
    def _chosen(cls, mask: Any, chosen: Any, otherwise: Any) -> Self:
        held = np.asarray(mask, dtype=bool)
        items = met([cls.operand(chosen), cls.operand(otherwise)])
        (left, right), denominator, peak = aligned(items)
        undefined = None
        if any(item.undefined is not None for item in items):
            undefined = np.where(held, items[0].undefined_mask(), items[1].undefined_mask())
        return cls(np.where(held, left, right), denominator, items[0].layer, undefined, peak)

    @classmethod
    def _joined(cls, items: Sequence[Any], join: Callable[[list[Array]], Array]) -> Self:
        alike = met([cls.operand(item) for item in items])
        parts, denominator, peak = aligned(alike)
        undefined = None
        if any(item.undefined is not None for item in alike):
            undefined = join([item.undefined_mask() for item in alike])
        return cls(join(parts), denominator, alike[0].layer, undefined, peak)

    def lowest(self) -> Self:
        """Return the same numbers over the least denominator that serves all of them, with the least peak."""
        if self.layer > Layer.ROOT:
            return self
        return type(self)(self.values, self.denominator, self.layer, self.undefined)

    def to_rational(self) -> Self | None:
        """Return the same numbers on layer RATIONAL if every one of them is seen to be rational, else None."""
        if self.layer == Layer.RATIONAL:
            return self
        if self.layer == Layer.ROOT:
            defined = self if self.undefined is None else self._with(self._blank(0))
            roots = defined._whole().roots(self.denominator)
            return None if roots is None else type(self)(roots.values, self.denominator, undefined=self.undefined)
        found = layers.surd_rationals(self.values) if self.layer == Layer.SURD else None
        return None if found is None else type(self)(*found, undefined=self.undefined)

    def _blank(self, filler: int) -> Integers:
        """Return the integers with `filler` in place of the undefined ones."""
        if self.undefined is None:
            return self._whole()
        return Integers(np.where(self.undefined, filler, self.values), max(self.peak, filler))

    def to_layer(self, layer: Layer) -> Self:
        """Return the same numbers on the same or a higher layer."""
        if layer == self.layer:
            return self
        if layer == Layer.ROOT:
            low = self if self.peak**2 <= LIMIT else self.lowest()
            squares = low._whole().signed_squares()
            return type(self)(squares.values, low.denominator**2, Layer.ROOT, self.undefined, squares.peak)
        raised = layers.surds if layer == Layer.SURD else layers.balls
        return type(self)(raised(self.values, self.denominator, self.layer), 1, layer, self.undefined)

    def undefined_where(self, mask: Array) -> Self:
        """Return the same numbers, undefined also where `mask` (which broadcasts to the shape) holds."""
        undefined = np.broadcast_to(mask, self.shape) | self.undefined_mask()
        return type(self)(self.values, self.denominator, self.layer, undefined, self.peak)

    def undefined_mask(self) -> Array:
        """Return a bool array: which entries are undefined."""
        return np.zeros(self.shape, dtype=bool) if self.undefined is None else self.undefined

    def fraction(self, *index: Any) -> Fraction:
        """Return one rational entry; ValueError if it is undefined or not seen to be rational."""
        entry = self[index]
        if entry.ndim:
            raise IndexError(f"{index} names no single entry of an array of shape {self.shape}")
        if entry.undefined is not None:
            raise ValueError(f"the entry at {index} is undefined")
        rational = entry.to_rational()
        if rational is None:
            raise ValueError(f"the entry at {index}, {entry.text()}, is not known to be rational")
        return Fraction(int(rational.values[()]), rational.denominator)

    def text(self, *index: Any) -> str:
        """Return the exact text of one entry, such as "3/4", "1/2 + 3*sqrt(5)", "[3.14 +/- 1e-3]", "undefined"."""
        entry = self[index]
        if entry.ndim:
            raise IndexError(f"{index} names no single entry of an array of shape {self.shape}")
        return str(entry.tolist())

    def tolist(self) -> Any:
        """Return the texts of the entries (see `text`) as nested lists."""

        def one(value: Any, undefined: bool) -> str:
            return "undefined" if undefined else layers.entry_text(value, self.denominator, self.layer)

        return elementwise(one, self.values, self.undefined_mask()).tolist()

    def approximate(self) -> Array:
        """Return float64 values near the entries, nan for undefined ones."""
        low = self.lowest()
        near = layers.approximations(low.values, low.peak, low.denominator, low.layer)
        return near if self.undefined is None else np.where(self.undefined, np.nan, near)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.tolist()})"


def met(items: Sequence[S], additive: bool = False) -> list[S]:
    """Return arrays on one common layer, the lowest one that holds them (and, if `additive`, their sums)."""
    layer = max(item.layer for item in items)
    if layer == Layer.ROOT and additive:
        rational = [item.to_rational() for item in items]
        known = [item for item in rational if item is not None]
        if len(known) == len(items):
            return known
        layer = Layer.SURD
    return [item.to_layer(layer) for item in items]


def aligned(items: Sequence[S]) -> tuple[list[Array], int, int]:
    """Return the values of arrays on one layer over a common denominator, that denominator, and a bound.

    The bound is on the sum of the magnitudes of one entry of each; within int64 only if it is at most LIMIT.
    """
    for last in (False, True):
        common = math.lcm(*(item.denominator for item in items))
        factors = [common // item.denominator for item in items]
        peak = sum(item.peak * factor for item, factor in zip(items, factors, strict=True))
        if peak <= LIMIT or last or items[0].layer > Layer.ROOT:
            break
        items = [item.lowest() for item in items]
    if items[0].layer > Layer.ROOT:
        return [item.values for item in items], 1, LIMIT
    parts = [Integers(item.values, item.peak).times(factor).values for item, factor in zip(items, factors, strict=True)]
    return [part if peak <= LIMIT else part.astype(object) for part in parts], common, peak


def fitted(left: S, right: S, count: int) -> tuple[S, S]:
    """Return two arrays, put over lowest denominators if sums of `count` products might else leave int64."""
    if left.peak * right.peak * count > LIMIT:
        return left.lowest(), right.lowest()
    return left, right


def either(left: Array | None, right: Array | None, shape: tuple[int, ...]) -> Array | None:
    """Return where one of two masks, broadcast to `shape`, holds."""
    if left is None or right is None:
        one = right if left is None else left
        return None if one is None else np.broadcast_to(one, shape)
    return np.broadcast_to(left | right, shape)
