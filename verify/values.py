"""Values of expressions, and how those of several expressions meet: their indices are axes after the lane axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from symbolic.words import Index
from verify.enclosures import Between
from verify.worlds import ReadingError


class EvaluationError(ReadingError):
    """An expression has no value here: a node that the evaluator does not know, or shapes that do not fit."""


@dataclass(frozen=True)
class Value:
    """Numbers (K, *axes, *shape) of an expression; ``scale`` (K,) is the magnitude that rounding is relative to."""

    array: Any
    axes: tuple[Index, ...] = ()
    matrix: bool = False
    scale: Any = 0.0
    exact: Any = None  # (K, *axes) mask of integer-valued results that no rounding entered, or None


def align(values: tuple[Value, ...]) -> tuple[tuple[Index, ...], list[Any]]:
    """The union of the axes, and the arrays with missing axes inserted; matrices keep their two last axes."""
    axes: tuple[Index, ...] = ()
    for value in values:
        axes += tuple(a for a in value.axes if a not in axes)
    arrays = []
    for value in values:
        array, current = value.array, list(value.axes)
        for place, axis in enumerate(a for a in axes if a in value.axes):
            at = current.index(axis)
            if at != place:
                array = array.movedim(1 + at, 1 + place)
                current.insert(place, current.pop(at))
        for place, axis in enumerate(axes):
            if axis not in value.axes:
                array = array.unsqueeze(1 + place)
        arrays.append(array)
    return axes, arrays


def added(terms: list[Value]) -> Value:
    """The sum; scalars get two trailing axes when any term is a matrix."""
    axes, arrays = align(tuple(terms))
    is_matrix = any(t.matrix for t in terms)
    if is_matrix:
        arrays = [a if t.matrix else a.unsqueeze(-1).unsqueeze(-1) for a, t in zip(arrays, terms, strict=True)]
    total, scale = arrays[0], terms[0].scale
    for array, term in zip(arrays[1:], terms[1:], strict=True):
        total, scale = total + array, scale + term.scale
    return Value(total, axes, is_matrix, scale)


def multiplied(factors: list[Value], entrywise: bool = False) -> Value:
    """The product from left to right, of matrices by ``@`` unless it is taken entry by entry."""
    axes, arrays = align(tuple(factors))
    product, is_matrix, scale = arrays[0], factors[0].matrix, factors[0].scale
    for array, factor in zip(arrays[1:], factors[1:], strict=True):
        if (is_matrix or factor.matrix) and (isinstance(product, Between) or isinstance(array, Between)):
            raise EvaluationError(
                "an enclosure stands in a product with a matrix, which is read as it is; multiply a norm of the matrix"
            )
        if is_matrix and factor.matrix and not entrywise:
            product, scale = product @ array, scale * factor.scale * array.shape[-2]
            continue
        if is_matrix and not factor.matrix:
            array = array.unsqueeze(-1).unsqueeze(-1)
        elif factor.matrix and not is_matrix:
            product = product.unsqueeze(-1).unsqueeze(-1)
        product, scale, is_matrix = product * array, scale * factor.scale, is_matrix or factor.matrix
    return Value(product, axes, is_matrix, scale)


def placed(value: Value, index: Index) -> Value:
    """The last axis becomes the axis of an index; if that index is there already, the two are one."""
    if index not in value.axes:
        return Value(value.array, (*value.axes, index), False, value.scale)
    place = 1 + value.axes.index(index)
    merged = value.array.diagonal(dim1=place, dim2=value.array.ndim - 1).movedim(-1, place)
    return Value(merged, value.axes, False, value.scale)


def renamed(value: Value, old: Index, new: Index) -> Value:
    """The axis of one index becomes that of another; if that one is there already, the two are one."""
    axes = tuple(new if a == old else a for a in value.axes)
    if axes.count(new) == 1:
        return Value(value.array, axes, value.matrix, value.scale)
    first, second = (1 + k for k, a in enumerate(axes) if a == new)
    merged = value.array.diagonal(dim1=first, dim2=second)
    kept = tuple(a for k, a in enumerate(axes) if k + 1 != second)
    return Value(merged.movedim(merged.ndim - 1, first), kept, value.matrix, value.scale)
