"""Exact forward-mode derivatives: values that carry their derivative with respect to every parameter."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import numpy as np

from verify.exact import UNDECIDED, Exact, Undecided, compare
from verify.shapes import Array, Dims, Shaped, axes, eye, where, zeros


class Dual(Shaped):
    """An immutable array of exact numbers, each with its derivative with respect to P parameters.

    `value` has the array's shape and `slope` that shape followed by an axis of size P.  Operands may be Dual
    arrays for the same parameters and whatever `Exact` takes, which counts as constant.  The slope of an
    undefined value is undefined.  Comparisons look at the values only.  There is no `abs`, `amax` or `amin`.
    """

    __hash__: ClassVar[None]  # type: ignore[assignment]
    __slots__ = ("slope", "value")
    _rank: ClassVar[int] = 1

    def __init__(self, value: Exact, slope: Exact) -> None:
        if slope.shape[:-1] != value.shape or slope.ndim == 0:
            raise ValueError(f"a slope of shape {slope.shape} for a value of shape {value.shape}")
        self.value = value
        self.slope = slope if value.undefined is None else slope.undefined_where(value.undefined[..., None])

    @property
    def shape(self) -> tuple[int, ...]:
        """The sizes of the axes (without the slope's last)."""
        return self.value.shape

    @property
    def parameters(self) -> int:
        """The number P of parameters."""
        return self.slope.shape[-1]

    def _rearranged(self, move: Callable[[Array], Array]) -> Dual:
        return Dual(self.value._rearranged(move), self.slope._rearranged(move))

    @classmethod
    def _chosen(cls, mask: Any, chosen: Any, otherwise: Any) -> Dual:
        left, right = _duals([chosen, otherwise])
        held = np.asarray(mask, dtype=bool)
        ndim = max(held.ndim, left.ndim, right.ndim)
        value = where(held, left.value, right.value)
        return Dual(value, where(held[..., None], _padded(left, ndim), _padded(right, ndim)))

    @classmethod
    def _joined(cls, items: Sequence[Any], join: Callable[[list[Array]], Array]) -> Dual:
        duals = _duals(items)
        value = Exact._joined([dual.value for dual in duals], join)
        return Dual(value, Exact._joined([dual.slope for dual in duals], join))

    def _constant(self, values: Array) -> Dual:
        return _dual(Exact.integers(values), self.parameters)

    def _spread(self, slope: Exact, value: Exact) -> Dual:
        """Return a dual whose slope is given only up to broadcasting."""
        return Dual(value, slope.expand(*value.shape, self.parameters))

    def __neg__(self) -> Dual:
        return Dual(-self.value, -self.slope)

    def __add__(self, other: Any) -> Dual:
        if isinstance(other, Dual):
            value = self.value + other.value
            return self._spread(_padded(self, value.ndim) + _padded(other, value.ndim), value)
        constant = Exact.coerced(other)
        if constant is None:
            return NotImplemented
        value = self.value + constant
        return self._spread(_padded(self, value.ndim), value)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Dual:
        if not _meets(other):
            return NotImplemented
        return self + (-other if isinstance(other, Dual) else -Exact.operand(other))

    def __rsub__(self, other: Any) -> Dual:
        negated = -self
        return negated.__add__(other)

    def _product(self, other: Any) -> Dual:
        if isinstance(other, Dual):
            value = self.value * other.value
            ours = _padded(self, value.ndim) * other.value.unsqueeze(-1)
            return self._spread(ours + _padded(other, value.ndim) * self.value.unsqueeze(-1), value)
        constant = Exact.operand(other)
        value = self.value * constant
        return self._spread(_padded(self, value.ndim) * constant.unsqueeze(-1), value)

    def __mul__(self, other: Any) -> Dual:
        return self._product(other) if _meets(other) else NotImplemented

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Dual:
        if not _meets(other):
            return NotImplemented
        return self._product(1 / (other if isinstance(other, Dual) else Exact.operand(other)))

    def __rtruediv__(self, other: Any) -> Dual:
        constant = Exact.coerced(other)
        if constant is None:
            return NotImplemented
        inverse = 1 / self.value
        return Dual(inverse, -self.slope * inverse.square().unsqueeze(-1))._product(constant)

    def __matmul__(self, other: Any) -> Dual:
        return _contraction(self, other) if _meets(other) else NotImplemented

    def __rmatmul__(self, other: Any) -> Dual:
        return _contraction(other, self) if _meets(other) else NotImplemented

    def sum(self, dim: Dims = None, keepdim: bool = False) -> Dual:
        """Return the sums over the axes `dim` (an int, a tuple; None: all)."""
        places = axes(dim, self.ndim)
        if not places:
            return self
        return Dual(self.value.sum(places, keepdim), self.slope.sum(places, keepdim))

    def mean(self, dim: Dims = None, keepdim: bool = False) -> Dual:
        """Return the means over the axes `dim`; undefined over no entries."""
        count = math.prod(self.shape[place] for place in axes(dim, self.ndim))
        return self.sum(dim, keepdim) / count

    def sqrt(self) -> Dual:
        """Return the square roots; where the value is 0 the slope is undefined."""
        root = self.value.sqrt()
        return Dual(root, self.slope / (2 * root).unsqueeze(-1))

    def _through(self, value: Exact, steepness: Exact) -> Dual:
        """Return a function of the entries by its values and by its derivatives there."""
        return Dual(value, self.slope * steepness.unsqueeze(-1))

    def exp(self) -> Dual:
        """Return the exponentials."""
        value = self.value.exp()
        return self._through(value, value)

    def log(self) -> Dual:
        """Return the natural logarithms."""
        return self._through(self.value.log(), 1 / self.value)

    def sin(self) -> Dual:
        """Return the sines."""
        return self._through(self.value.sin(), self.value.cos())

    def cos(self) -> Dual:
        """Return the cosines."""
        return self._through(self.value.cos(), -self.value.sin())

    def tanh(self) -> Dual:
        """Return the hyperbolic tangents."""
        value = self.value.tanh()
        return self._through(value, 1 - value.square())

    def atan(self) -> Dual:
        """Return the arc tangents; their derivatives at rationals are rational."""
        return self._through(self.value.atan(), 1 / (1 + self.value.square()))

    def erf(self) -> Dual:
        """Return the error function, whose derivative is exp(-z^2) times 2 / sqrt(pi)."""
        quarter_turn = Exact.integers(1).atan()
        return self._through(self.value.erf(), (-self.value.square()).exp() / quarter_turn.sqrt())

    def clamp(self, min: Any = None, max: Any = None) -> Dual:
        """Return the entries held between constant bounds; at a bound itself the slope is kept, as in torch."""
        raised: Dual = self if min is None else where(self < min, min, self)
        lowered: Dual = raised if max is None else where(raised > max, max, raised)
        return lowered

    def relu(self) -> Dual:
        """Return the entries, with 0 (of slope 0) in place of those that are not positive, as in torch."""
        result: Dual = relu_with_slope(self, 0)
        return result

    def __lt__(self, other: Any) -> Array:
        return self.value < _value(other)

    def __le__(self, other: Any) -> Array:
        return self.value <= _value(other)

    def __gt__(self, other: Any) -> Array:
        return self.value > _value(other)

    def __ge__(self, other: Any) -> Array:
        return self.value >= _value(other)

    def __eq__(self, other: Any) -> Array:  # type: ignore[override]
        return self.value == _value(other)

    def __ne__(self, other: Any) -> Array:  # type: ignore[override]
        return self.value != _value(other)

    def __repr__(self) -> str:
        return f"Dual({self.value!r}, slope of shape {self.slope.shape})"


def relu_with_slope(array: Any, at_zero: Any) -> Any:
    """Return max(array, 0) with derivative 1 above zero, `at_zero` (a constant) at zero and 0 below.

    Dual arrays and torch tensors carry the derivative on; for other arrays this is `relu`.
    """
    if isinstance(array, Dual):
        signs = compare(array.value, 0)
        if (signs == UNDECIDED).any():
            raise Undecided("the derivative of relu at a number whose sign is not known")
        step = where(signs == 1, Exact.operand(1), where(signs == 0, Exact.operand(at_zero), 0))
        return Dual(array.value.relu(), array.slope * step.unsqueeze(-1))
    if isinstance(array, Shaped):
        return array.relu()  # type: ignore[attr-defined]
    return where(array > 0, array, where(array == 0, array * at_zero, 0 * array))


def gradient(function: Callable[[Any], Any], at: Exact) -> Exact:
    """Return the derivatives of a function's outputs with respect to every entry of its parameters.

    `at` has shape (1, 1, *parameters): a lane axis, a copy axis, then the parameters' own axes.  `function` maps
    an array like it to one of shape (1, C), using the methods shared by `Dual`, `Exact` and torch tensors.  The
    result has shape (1, C, *parameters).  Raises ValueError for other shapes, and `Undecided` where a relu or a
    comparison in the function meets a number of unknown sign.
    """
    if at.shape[:2] != (1, 1):
        raise ValueError(f"the parameters have shape {at.shape}, which does not begin with (1, 1)")
    count = math.prod(at.shape)
    seed = eye(count, at).reshape(*at.shape, count)
    result = function(Dual(at, seed))
    if result.ndim != 2 or result.shape[0] != 1:
        raise ValueError(f"the function returned shape {result.shape}, not (1, C)")
    slope: Exact = _dual(result, count).slope
    return slope.reshape(1, result.shape[1], *at.shape[2:])


def _meets(other: Any) -> bool:
    return isinstance(other, Dual) or Exact.coerced(other) is not None


def _value(other: Any) -> Exact:
    return other.value if isinstance(other, Dual) else Exact.operand(other)


def _dual(array: Any, parameters: int) -> Dual:
    """Return an operand as a Dual array; a constant has slope 0."""
    if isinstance(array, Dual):
        return array
    constant = Exact.operand(array)
    return Dual(constant, zeros((1,), constant).expand(*constant.shape, parameters))


def _duals(items: Sequence[Any]) -> list[Dual]:
    (parameters,) = {item.parameters for item in items if isinstance(item, Dual)}
    return [_dual(item, parameters) for item in items]


def _padded(dual: Dual, ndim: int) -> Exact:
    """Return the slope with axes of size 1 in front, for a value broadcast to `ndim` axes."""
    return dual.slope.reshape(*(1,) * (ndim - dual.ndim), *dual.slope.shape)


def _contraction(left: Any, right: Any) -> Dual:
    """Multiply matrices of which one at least is Dual; vectors are taken as torch does."""
    one, other = (item if isinstance(item, Dual) else Exact.operand(item) for item in (left, right))
    if other.ndim == 1:
        return _contraction(one, other.unsqueeze(-1)).squeeze(-1)
    if one.ndim == 1:
        return _contraction(one.unsqueeze(0), other).squeeze(-2)
    value = _value(one) @ _value(other)
    parts: list[Exact] = []
    if isinstance(one, Dual):
        parts.append(one.slope.movedim(-1, -3) @ _value(other).unsqueeze(-3))
    if isinstance(other, Dual):
        parts.append(_value(one).unsqueeze(-3) @ other.slope.movedim(-1, -3))
    slope = parts[0] if len(parts) == 1 else parts[0] + parts[1]
    return Dual(value, slope.movedim(-3, -1))
