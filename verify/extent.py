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

from verify.grains import both, finer, grain_of, measured, rounded_up, scalar
from verify.shapes import Array, Dims, Shaped, as_array, axes, folded

NORMAL_EXPONENTS = {8: (-126, 128), 11: (-14, 16), 24: (-126, 128), 53: (-1022, 1024)}
"""For each count of mantissa bits, the exponents e of the normal numbers: 2**first <= |x| < 2**second."""

EXACT_INTEGERS = 2**53
"""Integers below this magnitude are float64 values."""

FAR = 1000
"""Exponents beyond this one are kept out of float arithmetic."""


class Ledger:
    """What was seen in the results of a run: whether all had a grain, the most grains, the extreme exponents."""

    def __init__(self) -> None:
        self.grained = True
        self.largest = 0.0
        self.finest = 0
        self.peak = 0.0
        self.scalars: dict[int | Fraction | float, Extent] = {}

    def record(self, peak: float, grain: int | None) -> None:
        """Note a result whose entries do not exceed `peak` and are multiples of 2**grain (None: unknown)."""
        if grain is None or not math.isfinite(peak):
            self.grained = False
            return
        try:
            grains = math.ldexp(peak, -grain)
        except OverflowError:
            grains = math.inf
        if grains > self.largest:
            self.largest = grains
        if grain < self.finest:
            self.finest = grain
        if peak > self.peak:
            self.peak = peak

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
        if (bounds < 0).any():
            raise ValueError("a magnitude is bounded by a negative number")
        self._keep(bounds, grain, ledger)

    def _keep(self, bounds: Array, grain: int | None, ledger: Ledger) -> None:
        peak = float(bounds.max(initial=0.0))
        if peak != peak:
            bounds = np.where(np.isnan(bounds), np.inf, bounds)
            peak = math.inf
        if grain == 0:
            bounds, peak = as_array(np.floor(bounds)), float(math.floor(peak)) if peak < math.inf else peak
        elif grain is not None and abs(grain) < FAR and peak * 2.0**-grain < math.inf:
            # Powers of two: only what lies far below a grain is lost in these products.
            bounds = as_array(np.floor(bounds * 2.0**-grain) * 2.0**grain)
            peak = math.floor(peak * 2.0**-grain) * 2.0**grain
        elif grain is not None and grain >= FAR and peak < 2.0**FAR:
            bounds, peak = np.zeros(bounds.shape), 0.0
        self.bound: Array = bounds
        self.grain = grain
        self.ledger = ledger
        ledger.record(peak, grain)

    @classmethod
    def of(cls, values: Any, ledger: Ledger) -> Extent:
        """Return the extent of given numbers: floats or integers in an array, a tensor or nested lists.

        Numbers that are not finite get an infinite bound and no grain.  TypeError for entries of other kinds.
        """
        array = np.asarray(values)
        if array.dtype.kind not in "biuf":
            raise TypeError(f"integers or floats are wanted, not entries of {array.dtype}")
        near = np.asarray(abs(array.astype(np.float64)))
        if array.dtype.kind != "f" and near.max(initial=0.0) >= EXACT_INTEGERS:
            return cls(rounded_up(near, 1), 0, ledger)
        return cls(near, grain_of(near), ledger)

    @classmethod
    def covering(cls, lanes: Any, ledger: Ledger) -> Extent:
        """Return the extent, with one lane, of every lane: entries are bounded over the first axis."""
        wide = cls.of(lanes, ledger)
        return cls(wide.bound.max(axis=0, keepdims=True), wide.grain, ledger)

    @property
    def shape(self) -> tuple[int, ...]:
        """The sizes of the axes."""
        return self.bound.shape

    def _made(self, bound: Array, grain: int | None) -> Extent:
        made = Extent.__new__(Extent)
        made._keep(bound, grain, self.ledger)
        return made

    def _operand(self, given: Any) -> Extent | None:
        if isinstance(given, Extent):
            if given.ledger is not self.ledger:
                raise ValueError("arrays of two ledgers do not meet")
            return given
        number = scalar(given)
        if number is not None:
            known = self.ledger.scalars.get(number)
            if known is None:
                known = self.ledger.scalars[number] = self._made(*measured(number))
            return known
        if isinstance(given, float | np.generic | np.ndarray):
            return Extent.of(given, self.ledger)
        return None

    def _added(self, sums: Array, copies: int) -> Extent:
        """Return given sums of at most so many of these bounds."""
        return self._made(rounded_up(sums, copies) if copies > 1 else sums, self.grain)

    def _rearranged(self, move: Callable[[Array], Array]) -> Extent:
        moved = Extent.__new__(Extent)
        moved.bound, moved.grain, moved.ledger = move(self.bound), self.grain, self.ledger
        return moved

    @classmethod
    def _chosen(cls, mask: Any, chosen: Any, otherwise: Any) -> Extent:
        witness = next(item for item in (chosen, otherwise, mask) if isinstance(item, Extent))
        left, right = (witness._known(item) for item in (chosen, otherwise))
        if isinstance(mask, Extent):
            bound = np.maximum(np.maximum(left.bound, right.bound), np.zeros(mask.shape))
        else:
            bound = np.where(mask, left.bound, right.bound)
        return witness._made(bound, finer(left.grain, right.grain))

    @classmethod
    def _joined(cls, items: Sequence[Any], join: Callable[[list[Array]], Array]) -> Extent:
        witness = next(item for item in items if isinstance(item, Extent))
        extents = [witness._known(item) for item in items]
        grain = extents[0].grain
        for extent in extents[1:]:
            grain = finer(grain, extent.grain)
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
        with np.errstate(over="ignore"):
            bound = rounded_up(self.bound + right.bound, 1)
        return self._made(bound, finer(self.grain, right.grain))

    __radd__ = __sub__ = __rsub__ = __add__

    def _product(self, other: Any) -> Extent:
        right = self._known(other)
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            bound = rounded_up(self.bound * right.bound, 1)
        return self._made(bound, both(self.grain, right.grain))

    def __mul__(self, other: Any) -> Extent:
        return NotImplemented if self._operand(other) is None else self._product(other)

    __rmul__ = __mul__

    def __pow__(self, power: int) -> Extent:
        result = super().__pow__(power)
        # Up to the third power tensors multiply; beyond it they may call a function that rounds.
        return result if power <= 3 else self._made(result.bound, None)

    def __truediv__(self, other: Any) -> Extent:
        divisor = scalar(other)
        if divisor:
            near, power = measured(1 / Fraction(divisor))
            grain = None if measured(divisor)[1] is None else power
            with np.errstate(over="ignore", invalid="ignore"):
                bound = rounded_up(self.bound * near, 1)
            return self._made(bound, both(self.grain, grain))
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
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            bound = rounded_up(as_array(np.matmul(self.bound, right.bound)), 2 * self.shape[-1])
        return self._made(bound, both(self.grain, right.grain))

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
                other = self._known(bound)
                result = self._made(np.maximum(result.bound, other.bound), finer(result.grain, other.grain))
        return result

    def rounded(self) -> Extent:
        """Return the extent of the entries rounded to integers, up or down."""
        return self._made(rounded_up(self.bound + 1, 1), 0 if self.grain is not None else None)

    def sqrt(self) -> Extent:
        """Return the extent of the square roots, whose grain is not known."""
        return self._made(rounded_up(np.sqrt(self.bound), 1), None)

    def sum(self, dim: Dims = None, keepdim: bool = False) -> Extent:
        """Return the extent of the sums over the axes `dim` (an int, a tuple; None: all)."""
        places = axes(dim, self.ndim)
        count = math.prod(self.shape[place] for place in places)
        return self._added(folded(np.add, self.bound, places, keepdim), count)

    def mean(self, dim: Dims = None, keepdim: bool = False) -> Extent:
        """Return the extent of the means over the axes `dim`."""
        return self.sum(dim, keepdim) / math.prod(self.shape[place] for place in axes(dim, self.ndim))

    def amax(self, dim: Dims = (), keepdim: bool = False) -> Extent:
        """Return the extent of the largest entries over the axes `dim`; ValueError over no entries."""
        return self._made(folded(np.maximum, self.bound, axes(dim, self.ndim), keepdim), self.grain)

    amin = amax

    def _mask(self, other: Any) -> Extent:
        right = self._operand(other)
        if right is None:
            return NotImplemented
        return self._ones(np.broadcast_shapes(self.shape, right.shape))

    def _ones(self, shape: tuple[int, ...]) -> Extent:
        return self._known(1)._rearranged(lambda one: np.broadcast_to(one, shape))

    __lt__ = __le__ = __gt__ = __ge__ = __and__ = __or__ = __rand__ = __ror__ = _mask
    __eq__ = __ne__ = _mask  # type: ignore[assignment]

    def __invert__(self) -> Extent:
        return self._ones(self.shape)

    def __repr__(self) -> str:
        return f"Extent({self.bound.tolist()}, grain={self.grain})"
