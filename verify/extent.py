"""Magnitude bounds that tell whether floating-point lanes can have rounded at all.

Run on `Extent` arrays, a reading does the same operations as on tensors, but on bounds.  If every intermediate
result is an integer multiple of some power of two, and none exceeds 2**bits such multiples, then every result is
a float of that many mantissa bits, and the lanes are exact in whatever order they are summed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from verify.shapes import Array, Dims, Shaped, as_array, axes, folded

NORMAL_EXPONENTS = {8: (-126, 128), 11: (-14, 16), 24: (-126, 128), 53: (-1022, 1024)}
"""For each count of mantissa bits, the exponents e of the normal numbers: 2**first <= |x| < 2**second."""

FAR = 1000
"""Exponents beyond this one are kept out of float arithmetic."""


class Ledger:
    """What was seen in the results of a run: whether all had a grain, the most grains, the extreme exponents."""

    def __init__(self) -> None:
        self.grained = True
        self.largest = Fraction(0)
        self.finest = 0
        self.peak = Fraction(0)

    def record(self, peak: float, grain: int | None) -> None:
        """Note a result whose entries do not exceed `peak` and are multiples of 2**grain (None: unknown)."""
        if grain is None or not math.isfinite(peak):
            self.grained = False
            return
        bound = Fraction(peak)
        self.largest = max(self.largest, bound / Fraction(2) ** grain)
        self.finest = min(self.finest, grain)
        self.peak = max(self.peak, bound)

    def exact_in(self, mantissa_bits: int) -> bool:
        """Return whether no result can have been rounded, or have left the normal numbers, in such floats.

        `mantissa_bits` is 53 (float64), 24 (float32), 11 (float16) or 8 (bfloat16); ValueError otherwise.
        The products inside matrix multiplications must be taken at this precision too.
        """
        if mantissa_bits not in NORMAL_EXPONENTS:
            raise ValueError(f"no floating-point format with {mantissa_bits} mantissa bits is known here")
        lowest, above = NORMAL_EXPONENTS[mantissa_bits]
        fits = self.largest <= 2**mantissa_bits and self.finest >= lowest and self.peak < 2**above
        return self.grained and fits


class Extent(Shaped):
    """An immutable array of bounds: |entry| <= `bound`, and every entry is a multiple of 2**`grain`.

    `grain` is None where no such power of two is known.  Every array made is noted in its `ledger`.  Operands
    may be Extent arrays with the same ledger, ints, Fractions, floats and numpy arrays.  Comparing gives an
    Extent too, of the numbers 0 and 1 that masks are; `where` takes it and allows for both sides.
    """

    __hash__: ClassVar[None]  # type: ignore[assignment]
    __slots__ = ("bound", "grain", "ledger")

    def __init__(self, bound: Any, grain: int | None, ledger: Ledger) -> None:
        bounds = np.asarray(bound, dtype=np.float64)
        bounds = np.where(np.isnan(bounds), np.inf, bounds)
        if (bounds < 0).any():
            raise ValueError("a magnitude is bounded by a negative number")
        if grain is not None and abs(grain) < FAR:
            with np.errstate(over="ignore", under="ignore"):
                grains = np.floor(np.ldexp(bounds, -grain))
                bounds = np.where(np.isfinite(grains), np.ldexp(grains, grain), bounds)
        self.bound: Array = bounds
        self.grain = grain
        self.ledger = ledger
        ledger.record(float(bounds.max(initial=0.0)), grain)

    @classmethod
    def of(cls, values: Any, ledger: Ledger) -> Extent:
        """Return the extent of given numbers: floats or integers in an array, a tensor or nested lists.

        Numbers that are not finite get an infinite bound and no grain.
        """
        array = np.asarray(values)
        near = np.asarray(abs(array.astype(np.float64)))
        if array.dtype.kind in "iub" and array.size and int(array.max()) - int(array.min()) >= 2**53:
            return cls(_above(near, 1), 0, ledger)
        return cls(near, _grain(near), ledger)

    @classmethod
    def covering(cls, lanes: Any, ledger: Ledger) -> Extent:
        """Return the extent, with one lane, of every lane: entries are bounded over the first axis."""
        wide = cls.of(lanes, ledger)
        return cls(wide.bound.max(axis=0, keepdims=True), wide.grain, ledger)

    @property
    def shape(self) -> tuple[int, ...]:
        """The sizes of the axes."""
        return self.bound.shape

    def _made(self, bound: Any, grain: int | None) -> Extent:
        return Extent(bound, grain, self.ledger)

    def _operand(self, given: Any) -> Extent | None:
        if isinstance(given, Extent):
            if given.ledger is not self.ledger:
                raise ValueError("arrays of two ledgers do not meet")
            return given
        if isinstance(given, bool | int | Fraction):
            return self._made(_magnitude(Fraction(given)), _power(Fraction(given)))
        if isinstance(given, float | np.generic | np.ndarray):
            return Extent.of(given, self.ledger)
        return None

    def _rearranged(self, move: Callable[[Array], Array]) -> Extent:
        return self._made(move(self.bound), self.grain)

    @classmethod
    def _chosen(cls, mask: Any, chosen: Any, otherwise: Any) -> Extent:
        witness = next(item for item in (chosen, otherwise, mask) if isinstance(item, Extent))
        left, right = (witness._known(item) for item in (chosen, otherwise))
        bound = np.broadcast_arrays(np.maximum(left.bound, right.bound), np.empty(np.shape(_bare(mask))))[0]
        return witness._made(bound, _finer(left.grain, right.grain))

    @classmethod
    def _joined(cls, items: Sequence[Any], join: Callable[[list[Array]], Array]) -> Extent:
        witness = next(item for item in items if isinstance(item, Extent))
        extents = [witness._known(item) for item in items]
        grain = extents[0].grain
        for extent in extents[1:]:
            grain = _finer(grain, extent.grain)
        return witness._made(join([extent.bound for extent in extents]), grain)

    def _known(self, given: Any) -> Extent:
        extent = self._operand(given)
        if extent is None:
            raise TypeError(f"{type(given).__name__} is no operand of Extent arrays")
        return extent

    def _constant(self, values: Array) -> Extent:
        return Extent.of(values, self.ledger)

    def __add__(self, other: Any) -> Extent:
        right = self._operand(other)
        if right is None:
            return NotImplemented
        return self._made(_above(self.bound + right.bound, 1), _finer(self.grain, right.grain))

    __radd__ = __sub__ = __rsub__ = __add__

    def _product(self, other: Any) -> Extent:
        right = self._known(other)
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            bound = _above(self.bound * right.bound, 1)
        return self._made(bound, _both(self.grain, right.grain))

    def __mul__(self, other: Any) -> Extent:
        return NotImplemented if self._operand(other) is None else self._product(other)

    __rmul__ = __mul__

    def __pow__(self, power: int) -> Extent:
        result = super().__pow__(power)
        # Up to the third power tensors multiply; beyond it they may call a function that rounds.
        return result if power <= 3 else self._made(result.bound, None)

    def __truediv__(self, other: Any) -> Extent:
        if isinstance(other, bool | int | Fraction) or (isinstance(other, float) and math.isfinite(other)):
            divisor = Fraction(other)
            if divisor:
                inverse = 1 / divisor
                grain = _power(inverse) if abs(inverse.numerator) == 1 or inverse.denominator == 1 else None
                return self._made(_above(self.bound * _magnitude(inverse), 1), _both(self.grain, grain))
        right = self._operand(other)
        if right is None:
            return NotImplemented
        return self._made(np.full(np.broadcast_shapes(self.shape, right.shape), np.inf), None)

    def __rtruediv__(self, other: Any) -> Extent:
        left = self._operand(other)
        return NotImplemented if left is None else left / self

    def __matmul__(self, other: Any) -> Extent:
        right = self._operand(other)
        if right is None:
            return NotImplemented
        bound = _above(as_array(np.matmul(self.bound, right.bound)), 2 * self.shape[-1])
        return self._made(bound, _both(self.grain, right.grain))

    def __rmatmul__(self, other: Any) -> Extent:
        left = self._operand(other)
        return NotImplemented if left is None else left @ self

    def __neg__(self) -> Extent:
        return self

    def abs(self) -> Extent:
        """Return the extent of the magnitudes."""
        return self

    def relu(self) -> Extent:
        """Return the extent of the positive parts."""
        return self

    def clamp(self, min: Any = None, max: Any = None) -> Extent:
        """Return the extent of the entries held between bounds (None: no bound)."""
        result = self
        for bound in (min, max):
            if bound is not None:
                result = Extent._chosen(True, result, bound)
        return result

    def sqrt(self) -> Extent:
        """Return the extent of the square roots, whose grain is not known."""
        return self._made(_above(np.sqrt(self.bound), 1), None)

    def sum(self, dim: Dims = None, keepdim: bool = False) -> Extent:
        """Return the extent of the sums over the axes `dim` (an int, a tuple; None: all)."""
        places = axes(dim, self.ndim)
        count = math.prod(self.shape[place] for place in places)
        return self._made(_above(folded(np.add, self.bound, places, keepdim), count), self.grain)

    def mean(self, dim: Dims = None, keepdim: bool = False) -> Extent:
        """Return the extent of the means over the axes `dim`."""
        return self.sum(dim, keepdim) / math.prod(self.shape[place] for place in axes(dim, self.ndim))

    def amax(self, dim: Dims = (), keepdim: bool = False) -> Extent:
        """Return the extent of the largest entries over the axes `dim`; ValueError over no entries."""
        return self._made(folded(np.maximum, self.bound, axes(dim, self.ndim), keepdim), self.grain)

    amin = amax

    def _mask(self, other: Any) -> Extent:
        right = self._known(other)
        return self._made(np.ones(np.broadcast_shapes(self.shape, right.shape)), 0)

    __lt__ = __le__ = __gt__ = __ge__ = __and__ = __or__ = __rand__ = __ror__ = _mask
    __eq__ = __ne__ = _mask  # type: ignore[assignment]

    def __invert__(self) -> Extent:
        return self._made(np.ones(self.shape), 0)

    def __repr__(self) -> str:
        return f"Extent({self.bound.tolist()}, grain={self.grain})"


def _above(bound: Array, operations: int) -> Array:
    """Return numbers not below what `bound` came to be by at most so many rounded operations on bounds."""
    spread = 1 + (operations + 1) * float(np.finfo(np.float64).eps)
    with np.errstate(over="ignore", under="ignore"):
        return np.nextafter(np.asarray(bound) * spread, np.inf)


def _bare(mask: Any) -> Any:
    return mask.bound if isinstance(mask, Extent) else mask


def _magnitude(number: Fraction) -> Array:
    """Return a float not below |number|, as an array without axes."""
    try:
        return _above(np.asarray(float(abs(number))), 1)
    except OverflowError:
        return np.asarray(np.inf)


def _power(number: Fraction) -> int | None:
    """Return the largest g for which `number` is a multiple of 2**g (0 for zero), None if there is none."""
    below = number.denominator
    if below & (below - 1):
        return None
    above = abs(number.numerator)
    return (above & -above).bit_length() - below.bit_length() if above else 0


def _grain(near: Array) -> int | None:
    """Return the largest g for which all given floats are multiples of 2**g, None if one is not finite."""
    if not np.isfinite(near).all():
        return None
    mantissas, exponents = np.frexp(near[near != 0])
    if mantissas.size == 0:
        return 0
    whole = np.ldexp(mantissas, 53).astype(np.int64)
    lowest = np.frexp((whole & -whole).astype(np.float64))[1] - 1
    return int((exponents - 53 + lowest).min())


def _finer(left: int | None, right: int | None) -> int | None:
    return None if left is None or right is None else min(left, right)


def _both(left: int | None, right: int | None) -> int | None:
    return None if left is None or right is None else left + right
