"""Do the shapes in a sentence fit? SymPy lets sizes that are only symbols pass."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from sympy import HadamardProduct, Trace
from sympy.core.relational import Relational
from sympy.matrices.expressions.matadd import MatAdd
from sympy.matrices.expressions.matmul import MatMul
from sympy.matrices.expressions.matpow import MatPow

from symbolic.sentences import entry, row
from symbolic.words import DICTIONARY, Index, MatrixAt, Scalar, ScalarAt

_SIZE_OF = {"samples": "N", "neurons": "m", "inputs": "n"}


def misfit(node: Any) -> str | None:
    """What does not fit in a sentence or an expression, with both shapes, or None."""
    if isinstance(node, (ScalarAt, MatrixAt)):
        return _wrong_index(node)
    for argument in node.args:
        found = misfit(argument)
        if found:
            return found
    matrices = [a for a in node.args if getattr(a, "is_Matrix", False)]
    if isinstance(node, (MatAdd, HadamardProduct)) or (isinstance(node, Relational) and len(matrices) == 2):
        return _unlike(node, matrices)
    if isinstance(node, MatMul):
        for left, right in pairwise(matrices):
            if left.shape[1] != right.shape[0]:
                return f"{left} is {_shown(left)} and {right} is {_shown(right)}: they have no product"
    if isinstance(node, (MatPow, Trace)) and matrices and matrices[0].shape[0] != matrices[0].shape[1]:
        return f"{matrices[0]} is {_shown(matrices[0])}, not square, in {node}"
    if isinstance(node, (entry, row)):
        return _wrong_place(node)
    return None


def _unlike(node: Any, matrices: list[Any]) -> str | None:
    for other in matrices[1:]:
        if other.shape != matrices[0].shape:
            return f"{matrices[0]} is {_shown(matrices[0])} and {other} is {_shown(other)} in {node}"
    return None


def _shown(matrix: Any) -> str:
    return " x ".join(map(str, matrix.shape))


def _wrong_index(node: Any) -> str | None:
    over = DICTIONARY[node.name].over
    for index, wanted in zip(node.indices, over, strict=False):
        if isinstance(index, Index) and index.over != wanted:
            return f"{node} is indexed over {wanted}, and {index} runs over {index.over}"
    return None


def _wrong_place(node: Any) -> str | None:
    """An index must run over the rows or the columns that it picks from."""
    for index, size in zip(node.args[1:], node.args[0].shape, strict=False):
        letter = _SIZE_OF.get(index.over) if isinstance(index, Index) else None
        named = size.name.partition(":")[2] if isinstance(size, Scalar) else str(size)
        if letter is not None and named != letter and named in (*_SIZE_OF.values(), "1"):
            return f"{index} runs over {index.over}, and {node.args[0]} is {_shown(node.args[0])} in {node}"
    return None
