"""Bounds for what reverse mode computes: a tape of `Extent` arrays.

On lanes a gradient is taken backwards by autograd.  A `Traced` array notes how its bounds came to be, and `gradient`
walks back over the notes with bounds, doing what autograd does, so that the ledger sees every intermediate result
of both passes.  Where autograd may round (quotients of arrays, roots, ties of a maximum) the grain is given up.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import count
from typing import Any, ClassVar

import numpy as np

from verify.extent import Extent
from verify.shapes import Array, Dims, Shaped, axes, where

Back = Callable[[Extent], Extent]
_numbers = count()


class Traced(Shaped):
    """An immutable array of bounds that depends on a parameter; ``sources`` are (array, way back for its slope).

    Operands may be Traced arrays and whatever `Extent` takes, which counts as constant.  Comparisons give Extents.
    """

    __hash__: ClassVar[None]  # type: ignore[assignment]
    __slots__ = ("number", "sources", "value")
    _rank: ClassVar[int] = 1

    def __init__(self, value: Extent, sources: Iterable[tuple[Traced, Back]] = ()) -> None:
        self.value = value
        self.sources = tuple(sources)
        self.number = next(_numbers)

    @property
    def shape(self) -> tuple[int, ...]:
        """The sizes of the axes."""
        return self.value.bound.shape

    # -- moves ---------------------------------------------------------------------------------------------------

    def _rearranged(self, move: Callable[[Array], Array]) -> Traced:
        value, shape = self.value._rearranged(move), self.shape

        def back(slope: Extent) -> Extent:
            return _scattered(slope, move(np.arange(math.prod(shape)).reshape(shape)), shape)

        return Traced(value, [(self, back)])

    @classmethod
    def _joined(cls, items: Sequence[Any], join: Callable[[list[Array]], Array]) -> Traced:
        witness = next(item for item in items if isinstance(item, Traced))
        values = [item.value if isinstance(item, Traced) else witness.value._known(item) for item in items]

        def back(which: int) -> Back:
            def pick(slope: Extent) -> Extent:
                shape = values[which].shape
                places = [np.full(value.shape, -1) for value in values]
                places[which] = np.arange(math.prod(shape)).reshape(shape)
                return _scattered(slope, join(places), shape)

            return pick

        sources = [(item, back(which)) for which, item in enumerate(items) if isinstance(item, Traced)]
        return cls(Extent._joined(values, join), sources)

    @classmethod
    def _chosen(cls, mask: Any, chosen: Any, otherwise: Any) -> Traced:
        sides = (chosen, otherwise)
        witness = next(item for item in (*sides, mask) if isinstance(item, Traced)).value
        held = mask.value if isinstance(mask, Traced) else mask
        values = [item.value if isinstance(item, Traced) else witness._known(item) for item in sides]

        def back(which: int) -> Back:
            def masked(slope: Extent) -> Extent:
                parts = (slope, slope * 0) if which == 0 else (slope * 0, slope)
                return _summed_to(Extent._chosen(held, *parts), values[which].shape)

            return masked

        sources = [(item, back(which)) for which, item in enumerate(sides) if isinstance(item, Traced)]
        return cls(Extent._chosen(held, *values), sources)

    def _constant(self, values: Array) -> Traced:
        return Traced(self.value._constant(values))

    # -- arithmetic ----------------------------------------------------------------------------------------------

    def _made(self, value: Extent, back: Back) -> Traced:
        return Traced(value, [(self, back)])

    def __neg__(self) -> Traced:
        return self._made(self.value, lambda slope: slope)

    def __add__(self, other: Any) -> Traced:
        right = _value(self, other)
        if right is None:
            return NotImplemented
        total = self.value + right
        sides = (item for item in (self, other) if isinstance(item, Traced))
        return Traced(total, [(item, _summing_to(item.shape)) for item in sides])

    __radd__ = __sub__ = __rsub__ = __add__

    def _product(self, other: Any) -> Traced:
        right = other.value if isinstance(other, Traced) else self.value._known(other)
        value = self.value._product(right)
        return self._bilinear(other, value, lambda slope: slope * right, lambda slope: slope * self.value)

    def _bilinear(self, other: Any, value: Extent, left: Back, right: Back) -> Traced:
        sources: list[tuple[Traced, Back]] = [(self, lambda slope: _summed_to(left(slope), self.shape))]
        if isinstance(other, Traced):
            sources.append((other, lambda slope: _summed_to(right(slope), other.shape)))
        return Traced(value, sources)

    def __mul__(self, other: Any) -> Traced:
        return NotImplemented if _value(self, other) is None else self._product(other)

    __rmul__ = __mul__

    def square(self) -> Traced:
        """Return the bounds of the squares."""
        return self**2

    def __pow__(self, power: int) -> Traced:
        if isinstance(power, bool) or not isinstance(power, int) or power < 2:
            return super().__pow__(power)
        return self._made(self.value**power, lambda slope: slope * (self.value ** (power - 1) * power))

    def __truediv__(self, other: Any) -> Traced:
        if _value(self, other) is None:
            return NotImplemented
        if isinstance(other, Traced):
            unknown: Back = lambda slope: _unknown(slope, self.value / other.value)  # noqa: E731
            return self._bilinear(other, self.value / other.value, unknown, unknown)
        return self._made(self.value / other, lambda slope: _summed_to(slope / other, self.shape))

    def __rtruediv__(self, other: Any) -> Traced:
        if _value(self, other) is None:
            return NotImplemented
        value = other / self.value
        return self._made(value, lambda slope: _summed_to(_unknown(slope, value), self.shape))

    def __matmul__(self, other: Any) -> Traced:
        return NotImplemented if _value(self, other) is None else _contraction(self, other)

    def __rmatmul__(self, other: Any) -> Traced:
        return NotImplemented if _value(self, other) is None else _contraction(other, self)

    def sum(self, dim: Dims = None, keepdim: bool = False) -> Traced:
        """Return the bounds of the sums over the axes `dim` (an int, a tuple; None: all)."""
        return self._made(self.value.sum(dim, keepdim), self._spreading(dim, keepdim))

    def mean(self, dim: Dims = None, keepdim: bool = False) -> Traced:
        """Return the bounds of the means over the axes `dim`."""
        terms = math.prod(self.shape[place] for place in axes(dim, self.ndim))
        spread = self._spreading(dim, keepdim)
        return self._made(self.value.mean(dim, keepdim), lambda slope: spread(slope) / terms)

    def amax(self, dim: Dims = (), keepdim: bool = False) -> Traced:
        """Return the bounds of the largest entries; ties share the slope, so that its grain is not known."""
        spread = self._spreading(dim, keepdim)
        value = self.value.amax(dim, keepdim)
        return self._made(value, lambda slope: Extent(spread(slope).bound, None, slope.ledger))

    amin = amax

    def _spreading(self, dim: Dims, keepdim: bool) -> Back:
        places, shape = axes(dim, self.ndim), self.shape
        kept = tuple(1 if place in places else size for place, size in enumerate(shape))

        def back(slope: Extent) -> Extent:
            return slope._rearranged(lambda bound: np.broadcast_to(bound.reshape(kept), shape))

        return back

    def sqrt(self) -> Traced:
        """Return the bounds of the square roots, whose grain and whose slopes are not known."""
        return self.unknown(self.value.sqrt())

    def unknown(self, value: Extent) -> Traced:
        """Return `value` as a function of this array, entry by entry, of which no slope is known."""
        return self._made(value, lambda slope: _unknown(slope, self.value))

    def abs(self) -> Traced:
        """Return the bounds of the magnitudes."""
        return self._made(self.value, lambda slope: slope)

    relu = abs

    def clamp(self, min: Any = None, max: Any = None) -> Traced:
        """Return the bounds of the entries held between constant bounds."""
        return self._made(self.value.clamp(min, max), lambda slope: slope)

    def _mask(self, other: Any) -> Extent:
        right = _value(self, other)
        return NotImplemented if right is None else self.value._mask(right)

    __lt__ = __le__ = __gt__ = __ge__ = _mask
    __eq__ = __ne__ = _mask  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Traced({self.value!r})"


def gradient(function: Callable[[Any], Any], at: Extent) -> Extent:
    """Return bounds for what reverse mode computes as the slope of the sum of a function's outputs at its argument.

    The argument that `function` receives has the shape of `at`; so has the result.
    """
    leaf = Traced(at)
    output = function(leaf)
    if not isinstance(output, Traced):
        return at._constant(np.zeros(at.shape, dtype=np.int64))
    slopes: dict[int, Extent] = {output.number: output.value._constant(np.ones(output.shape, dtype=np.int64))}
    for array in _backwards(output):
        slope = slopes.get(array.number) if array is leaf else slopes.pop(array.number)
        for source, back in array.sources:
            part = back(slope)  # type: ignore[arg-type]
            known = slopes.get(source.number)
            slopes[source.number] = part if known is None else known + part
    found = slopes.get(leaf.number)
    return at._constant(np.zeros(at.shape, dtype=np.int64)) if found is None else found


def maximum(a: Any, b: Any) -> Any:
    """Return bounds of the larger (as well of the smaller) entries; where two are equal, each gets half the slope."""
    values = [item.value if isinstance(item, Traced) else item for item in (a, b)]
    value = where(values[0] < values[1], values[1], values[0])

    def halving(shape: tuple[int, ...]) -> Back:
        return lambda slope: _summed_to(slope._made(slope.bound, (slope / 2).grain), shape)

    sources = [(item, halving(item.shape)) for item in (a, b) if isinstance(item, Traced)]
    return Traced(value, sources) if sources else value


def _backwards(output: Traced) -> list[Traced]:
    """Return the arrays that the output depends on, each after all that depend on it."""
    found = {output.number: output}
    waiting = [output]
    while waiting:
        for source, _ in waiting.pop().sources:
            if source.number not in found:
                found[source.number] = source
                waiting.append(source)
    return [found[number] for number in sorted(found, reverse=True)]


def _value(witness: Traced, other: Any) -> Extent | None:
    return other.value if isinstance(other, Traced) else witness.value._operand(other)


def _unknown(slope: Extent, like: Extent) -> Extent:
    shape = np.broadcast_shapes(slope.shape, like.shape)
    return Extent(np.full(shape, np.inf), None, slope.ledger)


def _summing_to(shape: tuple[int, ...]) -> Back:
    return lambda slope: _summed_to(slope, shape)


def _summed_to(slope: Extent, shape: tuple[int, ...]) -> Extent:
    """Return the slope of an array of the given shape that was broadcast."""
    if slope.shape == shape:
        return slope
    extra = slope.ndim - len(shape)
    wide = tuple(place for place in range(slope.ndim) if place < extra or shape[place - extra] != slope.shape[place])
    return slope.sum(wide).reshape(*shape)


def _scattered(slope: Extent, places: Array, shape: tuple[int, ...]) -> Extent:
    """Return the sums, at every entry of an array, of the slopes of its copies; a place of -1 is no copy."""
    size = math.prod(shape)
    flat = places.reshape(-1) + 1
    copies = int(np.bincount(flat, minlength=size + 1)[1:].max(initial=0))
    sums = np.bincount(flat, slope.bound.reshape(-1), size + 1)[1:].reshape(shape)
    return slope._added(sums, copies)


def _contraction(left: Any, right: Any) -> Traced:
    """Multiply matrices of which one at least is Traced; vectors are taken as torch does."""
    if right.ndim == 1:
        return _contraction(left, right.unsqueeze(-1)).squeeze(-1)
    if left.ndim == 1:
        return _contraction(left.unsqueeze(0), right).squeeze(-2)
    one, other = (item.value if isinstance(item, Traced) else item for item in (left, right))
    sources: list[tuple[Traced, Back]] = []
    if isinstance(left, Traced):
        sources.append((left, lambda slope: _summed_to(slope @ other.mT, left.shape)))
    if isinstance(right, Traced):
        sources.append((right, lambda slope: _summed_to(one.mT @ slope, right.shape)))
    return Traced(one @ other, sources)
