"""Values of what belongs to matrices: norms and ranks, entries and rows, products entry by entry, projectors.

Each function here receives the evaluator and a node; ``NODES`` says which node is whose.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import sympy as sp
from sympy.matrices.expressions.transpose import Transpose

from symbolic import sentences as said
from symbolic.projections import projector
from symbolic.words import Index
from verify.values import EvaluationError, Value, multiplied, placed

if TYPE_CHECKING:
    from verify.evaluate import Evaluator


def _rank(evaluate: Evaluator, node: Any) -> Value:
    inner = evaluate(node.args[0])
    # What counts as zero in an elimination: the allowance of what the matrix was computed from.
    slack = evaluate.slack, inner.scale
    number, exact = evaluate.arithmetic.rank(inner.array, evaluate.grains.get(node), slack)
    return Value(number, inner.axes, False, 0.0, exact)


def _norm(evaluate: Evaluator, node: Any) -> Value:
    """A norm of a matrix; an error of every entry moves it by at most the Frobenius norm of the errors."""
    inner = evaluate(node.args[0])
    array, arithmetic = inner.array, evaluate.arithmetic
    scale = inner.scale * float(array.shape[-1] * array.shape[-2]) ** 0.5
    if isinstance(node, said.norm):
        number = array.square().sum((-2, -1)).sqrt()
    elif isinstance(node, said.spectral_norm):
        number = arithmetic.spectral_norm(array)
    elif isinstance(node, said.distance_to_rank):
        number = arithmetic.distance_to_rank(array, _kept(evaluate, node))
    else:
        power = Fraction(int(node.args[1].p), int(node.args[1].q))
        number = arithmetic.schatten(array, power)
    return Value(number, inner.axes, False, scale)


def _kept(evaluate: Evaluator, node: Any) -> int:
    keep = evaluate.plain(node.args[1])
    if keep < 0:
        raise EvaluationError(f"{node}: no matrix has rank {keep} or less; assume that {node.args[1]} is at least 0")
    return keep


def _projector(evaluate: Evaluator, node: Any) -> Value:
    inner = evaluate(node.args[0])
    found, steepest = evaluate.arithmetic.projector(inner.array)
    # No entry exceeds 1; an error of the column counts in proportion to the column's length.
    return Value(found, inner.axes, True, 1.0 + 2 * inner.scale * steepest)


def _entry(evaluate: Evaluator, node: Any) -> Value:
    inner = evaluate(node.args[0])
    rows, columns = node.args[1], node.args[2]
    array, axes = inner.array, inner.axes
    if rows == columns and isinstance(rows, Index):
        return placed(Value(array.diagonal(dim1=-2, dim2=-1), axes, False, inner.scale), rows)
    if isinstance(columns, Index):
        array = array.movedim(-1, 1)
        axes = (columns, *axes)
    else:
        array = array[..., evaluate.plain(columns)]
    if isinstance(rows, Index):
        return placed(Value(array, axes, False, inner.scale), rows)
    return Value(array[..., evaluate.plain(rows)], axes, False, inner.scale)


def _row(evaluate: Evaluator, node: Any) -> Value:
    inner, which = evaluate(node.args[0]), node.args[1]
    if not isinstance(which, Index):
        start = evaluate.plain(which)
        return Value(inner.array[..., start : start + 1, :], inner.axes, True, inner.scale)
    array = inner.array.unsqueeze(-2)  # (K, axes, rows, 1, columns)
    return Value(array, (*inner.axes, which), True, inner.scale)


def _elementwise(evaluate: Evaluator, node: Any) -> Value:
    inner, net, arithmetic = evaluate(node.args[0]), evaluate.net, evaluate.arithmetic
    kink = net.convention("kink") if "kink" in net.kind.conventions else Fraction(0)
    if isinstance(node, said.relu):
        return Value(arithmetic.relu(inner.array, kink), inner.axes, True, inner.scale)
    if isinstance(node, said.step):
        return Value(arithmetic.step(inner.array, kink), inner.axes, True, 1.0)
    return Value(arithmetic.diagonal_matrix(inner.array.squeeze(-1)), inner.axes, True, inner.scale)


def _transpose(evaluate: Evaluator, node: Any) -> Value:
    inner = evaluate(node.args[0])
    return Value(inner.array.mT, inner.axes, True, inner.scale)


def _trace(evaluate: Evaluator, node: Any) -> Value:
    inner = evaluate(node.args[0])
    array = inner.array.diagonal(dim1=-2, dim2=-1).sum(-1)
    return Value(array, inner.axes, False, inner.scale * inner.array.shape[-1])


def _hadamard(evaluate: Evaluator, node: Any) -> Value:
    return multiplied([evaluate(a) for a in node.args], entrywise=True)


def _power(evaluate: Evaluator, node: Any) -> Value:
    if not (node.exp.is_Integer and node.exp > 0):
        raise EvaluationError(f"no value is known for the power {node}; exponents of matrices are 1, 2, 3, ...")
    return multiplied([evaluate(node.base)] * int(node.exp))


def _zero(evaluate: Evaluator, node: Any) -> Value:
    rows, columns = (evaluate.plain(size) for size in node.shape)
    return Value(evaluate.arithmetic.zeros(1, rows, columns).expand(evaluate.net.count, rows, columns), (), True)


def _identity(evaluate: Evaluator, node: Any) -> Value:
    size = evaluate.plain(node.shape[0])
    return Value(evaluate.arithmetic.eye(size).unsqueeze(0).expand(evaluate.net.count, size, size), (), True, 1.0)


NODES: dict[type, Any] = {
    said.rank: _rank,
    **dict.fromkeys((said.norm, said.spectral_norm, said.distance_to_rank, said.schatten), _norm),
    projector: _projector,
    said.entry: _entry,
    said.row: _row,
    **dict.fromkeys((said.relu, said.step, said.diagonal), _elementwise),
    Transpose: _transpose,
    sp.Trace: _trace,
    sp.HadamardProduct: _hadamard,
    sp.MatPow: _power,
    sp.ZeroMatrix: _zero,
    sp.Identity: _identity,
}
