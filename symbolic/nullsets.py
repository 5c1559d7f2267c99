"""When an affine equation in a matrix has a null set of solutions.

The set of matrices V with ``<C, V> + offset = 0`` is Lebesgue null exactly when C or the offset is not zero: a
hyperplane, or nothing. (With both zero it is the whole space.) For ``entry(L V R + rest, s, t)`` the normal C is the
outer product of row s of L and column t of R, so it vanishes exactly when one of them does.
"""

from __future__ import annotations

from typing import Any

from sympy import And, Identity, Ne, Not, Or, ZeroMatrix
from sympy.matrices.expressions.matadd import MatAdd
from sympy.matrices.expressions.matmul import MatMul

from symbolic.sentences import SentenceError, entry, norm, null, row


def expand(node: null) -> Any:
    """The sentence, without V on its left side, that says that the set is null in this world."""
    equation, variable = node.equation, node.variable
    if equation.rhs != 0 or not isinstance(equation.lhs, entry):
        raise SentenceError(f"{node}: write the equation as Eq(entry(expression affine in {variable}, s), 0)")
    matrix, place_row, place_column = equation.lhs.args
    normal, rest = _affine(matrix, variable)
    left, right = normal
    conditions = [] if isinstance(left, Identity) else [Ne(norm(row(left, place_row)), 0)]
    if not isinstance(right, Identity):
        if right.shape[1] != 1:
            raise SentenceError(f"{node}: {right} has several columns; take the equation of one")
        conditions.append(Ne(norm(right), 0))
    proper = And(*conditions) if conditions else True
    offset = [] if isinstance(rest, ZeroMatrix) else [Ne(entry(rest, place_row, place_column), 0)]
    return Or(*(Not(c) for c in node.conditions), proper, *offset)


def _affine(matrix: Any, variable: Any) -> tuple[tuple[Any, Any], Any]:
    """((L, R), rest) with matrix = L V R + rest."""
    terms = matrix.args if isinstance(matrix, MatAdd) else (matrix,)
    with_variable = [t for t in terms if t.has(variable)]
    if len(with_variable) != 1:
        raise SentenceError(f"{matrix} is not L {variable} R + rest with one term in {variable}")
    term = with_variable[0]
    factors = term.args if isinstance(term, MatMul) else (term,)
    if factors.count(variable) != 1 or any(f.has(variable) for f in factors if f != variable):
        raise SentenceError(f"{term} is not linear in {variable}")
    at = factors.index(variable)
    left = MatMul(*factors[:at]) if at else Identity(variable.shape[0])
    right = MatMul(*factors[at + 1 :]) if at + 1 < len(factors) else Identity(variable.shape[1])
    rest = [t for t in terms if t is not term]
    return (left, right), MatAdd(*rest) if rest else ZeroMatrix(*matrix.shape)
