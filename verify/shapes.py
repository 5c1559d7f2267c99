"""What the exact, bounding and differentiating arrays share: the shape-moving methods of a torch tensor.

A reading is written once against the methods of `torch.Tensor`.  The classes below `Shaped` answer the same
methods, so the reading runs on them unchanged.  Functions of the torch module that a reading needs
(`where`, `stack`, `cat`, `diag_embed`, `eye`, `zeros`) live here and pass tensors on to torch.
"""

from __future__ import annotations

import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Dims = int | tuple[int, ...] | None


def axis(dim: int, ndim: int) -> int:
    """Return `dim` counted from the front; raise IndexError unless -ndim <= dim < ndim."""
    place = operator.index(dim)
    if not -ndim <= place < ndim:
        raise IndexError(f"dimension {place} of an array with {ndim} dimensions")
    return place % ndim


def axes(dim: Dims, ndim: int) -> tuple[int, ...]:
    """Return the axes named by `dim`, counted from the front; None or () names them all."""
    if dim is None or dim == ():
        return tuple(range(ndim))
    named = dim if isinstance(dim, tuple) else (dim,)
    places = tuple(axis(one, ndim) for one in named)
    if len(set(places)) != len(places):
        raise ValueError(f"a dimension is named twice in {named}")
    return places


def sizes(shape: tuple[Any, ...]) -> tuple[int, ...]:
    """Return the sizes given either one by one or as a single sequence."""
    given = shape[0] if len(shape) == 1 and isinstance(shape[0], tuple | list) else shape
    return tuple(operator.index(size) for size in given)


def as_array(value: Any) -> Array:
    """Return `value` as an array: numpy hands back a scalar where an array of no dimensions is meant."""
    if isinstance(value, np.ndarray):
        return value
    return np.asarray(value, dtype=None if isinstance(value, np.generic) else object)


def folded(ufunc: Any, values: Array, places: tuple[int, ...], keepdim: bool) -> Array:
    """Reduce an array over the axes `places` with a ufunc."""
    return as_array(ufunc.reduce(values, axis=places, keepdims=keepdim))


def _index_array(item: Any) -> Array:
    indices = np.asarray(item)
    if indices.size == 0:
        indices = indices.astype(np.int64)
    if indices.dtype.kind not in "iu":
        raise TypeError("an array is indexed by integers, slices, None, Ellipsis or arrays of integers")
    return indices


def selector(index: Any, ndim: int) -> Callable[[Array], Array]:
    """Return the function that selects `index` from the first `ndim` axes of an array, as torch does.

    Integers select before index arrays do (so they never count as index arrays, unlike in numpy).
    Axes after the first `ndim` are kept whole.
    """
    items = list(index) if isinstance(index, tuple) else [index]
    spare = ndim - sum(1 for item in items if item is not None and item is not Ellipsis)
    if spare < 0:
        raise IndexError(f"too many indices for an array with {ndim} dimensions")
    ellipses = [place for place, item in enumerate(items) if item is Ellipsis]
    if len(ellipses) > 1:
        raise IndexError("an index holds at most one Ellipsis")
    place = ellipses[0] if ellipses else len(items)
    items[place : place + 1] = [slice(None)] * spare
    first: list[Any] = []
    second: list[Any] = []
    for item in items:
        if isinstance(item, bool):
            raise TypeError("an array is not indexed by a truth value")
        if item is None or isinstance(item, slice):
            first.append(item)
            second.append(slice(None))
        elif isinstance(item, int | np.integer):
            first.append(operator.index(item))
        else:
            first.append(slice(None))
            second.append(_index_array(item))
    arrays = any(isinstance(item, np.ndarray) for item in second)

    def select(array: Array) -> Array:
        view: Array = array[(*first, Ellipsis)]
        return as_array(view[tuple(second)]) if arrays else view

    return select


class Shaped(ABC):
    """An immutable array with the shape-moving methods of a torch tensor.

    A subclass keeps one or more numpy arrays whose leading axes are the axes of this array; `_rearranged`
    applies a function, which leaves any further axes alone, to each of them.
    """

    __array_ufunc__ = None
    __slots__ = ()
    _rank: ClassVar[int] = 0
    """Among mixed operands the class of highest rank carries out the operation."""

    @property
    @abstractmethod
    def shape(self) -> tuple[int, ...]:
        """The sizes of the axes."""

    @abstractmethod
    def _rearranged(self, move: Callable[[Array], Array]) -> Self: ...

    @classmethod
    @abstractmethod
    def _chosen(cls, mask: Any, chosen: Any, otherwise: Any) -> Self: ...

    @classmethod
    @abstractmethod
    def _joined(cls, items: Sequence[Any], join: Callable[[list[Array]], Array]) -> Self: ...

    @abstractmethod
    def _constant(self, values: Array) -> Self:
        """Return the array of the given integers that can meet this array in operations."""

    @abstractmethod
    def __add__(self, other: Any) -> Self: ...

    @abstractmethod
    def _product(self, other: Any) -> Self: ...

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("an array without dimensions has no length")
        return self.shape[0]

    def __bool__(self) -> bool:
        raise TypeError(f"{type(self).__name__} has no truth value; compare it")

    def __getitem__(self, index: Any) -> Self:
        return self._rearranged(selector(index, self.ndim))

    def index_select(self, dim: int, index: Any) -> Self:
        """Return the entries at the integers `index` (one axis) along `dim`."""
        place = axis(dim, self.ndim)
        return self[(slice(None),) * place + (_index_array(index).reshape(-1),)]

    @property
    def mT(self) -> Self:
        """The array with its last two axes exchanged; IndexError below two axes."""
        first, second = axis(-2, self.ndim), axis(-1, self.ndim)
        return self._rearranged(lambda array: array.swapaxes(first, second))

    def reshape(self, *shape: Any) -> Self:
        """Return the entries in the same order in another shape; one size may be -1."""
        wanted, old = list(sizes(shape)), self.shape
        count = int(np.prod(old, dtype=object))
        if -1 in wanted:
            rest = int(np.prod([size for size in wanted if size != -1], dtype=object))
            if wanted.count(-1) > 1 or rest == 0 or count % rest:
                raise ValueError(f"cannot reshape {old} to {tuple(wanted)}")
            wanted[wanted.index(-1)] = count // rest
        return self._rearranged(lambda array: array.reshape((*wanted, *array.shape[len(old) :])))

    def unsqueeze(self, dim: int) -> Self:
        """Return the array with a new axis of size 1 at `dim`."""
        place = axis(dim, self.ndim + 1)
        return self._rearranged(lambda array: np.expand_dims(array, place))

    def squeeze(self, dim: int) -> Self:
        """Return the array without axis `dim` if its size is 1, else unchanged."""
        place = axis(dim, self.ndim)
        if self.shape[place] != 1:
            return self
        return self._rearranged(lambda array: array.squeeze(place))

    def expand(self, *shape: Any) -> Self:
        """Return the array broadcast to `shape`; -1 keeps a size."""
        wanted, old = list(sizes(shape)), self.shape
        extra = len(wanted) - len(old)
        if extra < 0:
            raise ValueError(f"cannot expand {old} to {tuple(wanted)}")
        for place, size in enumerate(wanted):
            if size == -1 and place >= extra:
                wanted[place] = old[place - extra]

        def spread(array: Array) -> Array:
            tail = array.shape[len(old) :]
            full = array.reshape((1,) * extra + array.shape)
            return np.broadcast_to(full, (*wanted, *tail))

        return self._rearranged(spread)

    def movedim(self, source: int | tuple[int, ...], destination: int | tuple[int, ...]) -> Self:
        """Return the array with axes `source` moved to the places `destination`."""
        old = axes(source, self.ndim)
        new = axes(destination, self.ndim)
        return self._rearranged(lambda array: np.moveaxis(array, old, new))

    def diagonal(self, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Self:
        """Return the diagonals of the matrices over axes `dim1` and `dim2`, as the last axis."""
        ndim = self.ndim
        first, second = axis(dim1, ndim), axis(dim2, ndim)
        return self._rearranged(lambda array: np.moveaxis(np.diagonal(array, offset, first, second), -1, ndim - 2))

    def square(self) -> Self:
        """Return the square of each entry."""
        return self._product(self)

    def __pow__(self, power: int) -> Self:
        if isinstance(power, bool) or not isinstance(power, int) or power < 0:
            raise TypeError("a power is a Python int that is not negative")
        if power == 0:
            return self._product(0) + 1
        if power == 1:
            return self
        if power % 2:
            return self._product(self ** (power - 1))
        return self.square() ** (power // 2)


def _family(*operands: Any) -> type[Shaped] | None:
    kinds = [type(operand) for operand in operands if isinstance(operand, Shaped)]
    return max(kinds, key=lambda kind: kind._rank) if kinds else None


def where(mask: Any, chosen: Any, otherwise: Any) -> Any:
    """Return `chosen` where `mask` holds and `otherwise` elsewhere, broadcast together.

    `mask` is what comparing two arrays of the operands' kind returns.
    """
    kind = _family(mask, chosen, otherwise)
    if kind is not None:
        return kind._chosen(mask, chosen, otherwise)
    import torch

    return torch.where(mask, chosen, otherwise)


def stack(items: Sequence[Any], dim: int = 0) -> Any:
    """Join arrays of one shape along a new axis `dim`."""
    kind = _family(*items)
    if kind is not None:
        shapes = {item.shape for item in items}
        if len(shapes) != 1:
            raise ValueError(f"arrays of several shapes cannot be stacked: {sorted(shapes)}")
        place = axis(dim, items[0].ndim + 1)
        return kind._joined(items, lambda arrays: np.stack(arrays, axis=place))
    import torch

    return torch.stack(list(items), dim)


def cat(items: Sequence[Any], dim: int = 0) -> Any:
    """Join arrays along their axis `dim`; their other sizes agree."""
    kind = _family(*items)
    if kind is not None:
        place = axis(dim, items[0].ndim)
        return kind._joined(items, lambda arrays: np.concatenate(arrays, axis=place))
    import torch

    return torch.cat(list(items), dim)


def diag_embed(array: Any) -> Any:
    """Return, for an array (..., n), the diagonal matrices (..., n, n) with its entries on the diagonal."""
    if isinstance(array, Shaped):
        size = array.shape[axis(-1, array.ndim)]
        return array._chosen(np.eye(size, dtype=bool), array.unsqueeze(-2), 0)
    import torch

    return torch.diag_embed(array)


def eye(size: int, like: Any) -> Any:
    """Return the identity matrix (size, size), of the kind (for tensors also dtype and device) of `like`."""
    if isinstance(like, Shaped):
        return like._constant(np.eye(size, dtype=np.int64))
    import torch

    return torch.eye(size, dtype=like.dtype, device=like.device)


def zeros(shape: tuple[int, ...], like: Any) -> Any:
    """Return zeros of the given shape, of the kind (for tensors also dtype and device) of `like`."""
    if isinstance(like, Shaped):
        return like._constant(np.zeros(shape, dtype=np.int64))
    import torch

    return torch.zeros(shape, dtype=like.dtype, device=like.device)
