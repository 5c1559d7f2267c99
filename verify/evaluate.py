"""One walk over a sentence's own expressions, in any of the arithmetics.

Both sides of an inequality are the sentence's expressions; no formula is written a second time. A value carries the
indices that are free in it as axes after the lane axis: (K, *indices, *shape).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matadd import MatAdd
from sympy.matrices.expressions.matmul import MatMul
from sympy.matrices.expressions.transpose import Transpose

from symbolic import sentences as said
from symbolic.words import DICTIONARY, Index, Matrix, MatrixAt, Scalar, ScalarAt
from verify.worlds import Lanes, ReadingError


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


_FUNCTIONS = {sp.exp: "exp", sp.log: "log", sp.sin: "sin", sp.cos: "cos", sp.tanh: "tanh", sp.atan: "atan"}


class Evaluator:
    """Evaluates expressions on one ``Lanes``; results are kept, so that common parts are computed once.

    ``grain`` maps expressions to the exponent of two that their entries are multiples of (exact lanes), or None.
    """

    def __init__(self, net: Lanes, slack: float = 0.0, grains: dict[Any, int | None] | None = None) -> None:
        self.net, self.arithmetic, self.slack = net, net.arithmetic, slack
        self.grains = grains if grains is not None else {}
        self._known: dict[Any, Value] = {}

    def __call__(self, node: Any) -> Value:
        """The value of an expression."""
        if node not in self._known:
            self._known[node] = self._walk(node)
        return self._known[node]

    def exact_masks(self) -> list[Any]:
        """For each rank computed so far, the mask (K, *axes) of eliminations that did not round."""
        return [value.exact for value in self._known.values() if value.exact is not None]

    # -- words ---------------------------------------------------------------------------------------------------

    def _word(self, node: Any) -> Value:
        kind, world = self.net.kind, self.net.world
        source, _, letter = node.name.partition(":")
        if source == kind.speaks and letter in kind.letters:
            return Value(self._constant(Fraction(world.size(letter))))
        if source == kind.speaks and letter in kind.conventions:
            return Value(self._constant(self.net.convention(letter)))
        array = self.net.read(node.name)
        indices = node.indices if isinstance(node, (ScalarAt, MatrixAt)) else ()
        self._check_shape(node, array)
        function = kind.reader(node.name)
        self._check_type(entry_of(node), array)
        scale = self._peak(array)
        for other in getattr(function, "relative_to", ()):
            scale = scale + self._peak(self.net.read(f"{source}:{other}"))
        value = Value(array, tuple(indices), isinstance(node, (Matrix, MatrixAt)), scale)
        return value if len(set(indices)) == len(indices) else self._repeated(value)

    def _check_shape(self, node: Any, array: Any) -> None:
        entry = DICTIONARY[node.name]
        extents = tuple(self._range(r) for r in entry.over)
        shape = tuple(int(self.plain(s)) for s in entry.shape)
        expected = (self.net.count, *extents, *shape)
        actual = tuple(getattr(array, "shape", ()))
        if actual != expected:
            raise ReadingError(
                f"the reading of {entry.letter} has shape {actual}; the word says {expected} (lanes, indices, matrix)"
            )

    def _check_type(self, entry: Any, array: Any) -> None:
        """A word's reading is what its declaration says, or the author hears of it."""
        if entry.nonnegative and self.arithmetic.any_negative(array):
            raise ReadingError(f"the reading of {entry.letter} is negative, and the word is declared nonnegative")

    def plain(self, size: Any) -> int:
        """A size expression as an integer."""
        values = {a: self.net.world.size(a.name.partition(":")[2]) for a in size.atoms(Scalar)}
        return int(size.xreplace(values))

    def _range(self, name: str) -> int:
        kind, world = self.net.kind, self.net.world
        counts = {"samples": "N", "neurons": "m", "inputs": "n"}
        if name in counts:
            return world.size(counts[name])
        return len(kind.batches(world) if name == "batches" else kind.blocks(world))

    def _repeated(self, value: Value) -> Value:
        raise EvaluationError(
            f"an index is used twice in one word ({', '.join(map(str, value.axes))}); use two indices"
        )

    def _constant(self, number: Fraction) -> Any:
        return self.arithmetic.constant(number, self.net.count)

    def _peak(self, array: Any) -> Any:
        return self.arithmetic.peak(array)

    # -- alignment -----------------------------------------------------------------------------------------------

    def align(self, *values: Value) -> tuple[tuple[Index, ...], list[Any]]:
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

    def _widened(self, values: list[Value]) -> tuple[tuple[Index, ...], list[Any]]:
        """Aligned arrays, scalars getting two trailing axes when any value is a matrix."""
        axes, arrays = self.align(*values)
        if any(v.matrix for v in values):
            arrays = [a if v.matrix else a.unsqueeze(-1).unsqueeze(-1) for a, v in zip(arrays, values, strict=True)]
        return axes, arrays

    # -- nodes ---------------------------------------------------------------------------------------------------

    def _walk(self, node: Any) -> Value:
        if isinstance(node, (Scalar, Matrix, ScalarAt, MatrixAt)):
            return self._word(node)
        if isinstance(node, sp.Rational):
            number = Fraction(int(node.p), int(node.q))
            return Value(self._constant(number), scale=abs(float(number)))
        if isinstance(node, sp.NumberSymbol):
            return Value(self.arithmetic.irrational(node, self.net.count), scale=abs(float(node)))
        if isinstance(node, (sp.Add, MatAdd)):
            return self._sum([self(a) for a in node.args])
        if isinstance(node, (MatMul, sp.Mul)):
            return self._product([self(a) for a in node.args])
        if isinstance(node, sp.Pow):
            return self._power(node)
        method = _METHODS.get(type(node))
        if method is not None:
            return method(self, node)
        if type(node) in _FUNCTIONS:
            inner = self(node.args[0])
            return Value(self.arithmetic.function(_FUNCTIONS[type(node)], inner.array), inner.axes, False, inner.scale)
        raise EvaluationError(f"no value is known for {node} ({type(node).__name__}); write it with other functions")

    def _sum(self, terms: list[Value]) -> Value:
        axes, arrays = self._widened(terms)
        total, scale = arrays[0], terms[0].scale
        for array, term in zip(arrays[1:], terms[1:], strict=True):
            total, scale = total + array, scale + term.scale
        return Value(total, axes, any(t.matrix for t in terms), scale)

    def _product(self, factors: list[Value]) -> Value:
        axes, arrays = self.align(*factors)
        product, is_matrix, scale = arrays[0], factors[0].matrix, factors[0].scale
        for array, factor in zip(arrays[1:], factors[1:], strict=True):
            if is_matrix and factor.matrix:
                product, scale = product @ array, scale * factor.scale * array.shape[-2]
                continue
            if is_matrix:
                array = array.unsqueeze(-1).unsqueeze(-1)
            elif factor.matrix:
                product = product.unsqueeze(-1).unsqueeze(-1)
            product, scale, is_matrix = product * array, scale * factor.scale, is_matrix or factor.matrix
        return Value(product, axes, is_matrix, scale)

    def _power(self, node: Any) -> Value:
        base, exponent = self(node.base), node.exp
        if exponent == sp.Rational(1, 2):
            return Value(self.arithmetic.function("sqrt", base.array), base.axes, False, self._peak(base.array))
        if exponent.is_Integer and not base.matrix:
            power = abs(int(exponent))
            result = base.array
            for _ in range(power - 1):
                result = result * base.array
            if exponent < 0:
                result = self.arithmetic.reciprocal(result)
            # A relative error of the base is one of its powers: what rounded before counts in proportion.
            peak = self._peak(result)
            return Value(result, base.axes, False, peak * (1 + base.scale * peak) if exponent < 0 else peak)
        raise EvaluationError(f"no value is known for the power {node}; exponents are integers or 1/2")

    def _of_matrix(self, node: Any) -> Value:
        inner = self(node.args[0])
        arithmetic, array = self.arithmetic, inner.array
        if isinstance(node, said.rank):
            number, exact = arithmetic.rank(array, self.grains.get(node), self._rank_slack(inner))
            return Value(number, inner.axes, False, 0.0, exact)
        if isinstance(node, said.norm):
            return Value(array.square().sum((-2, -1)).sqrt(), inner.axes, False, inner.scale * self._entries(array))
        if isinstance(node, said.spectral_norm):
            return Value(arithmetic.singular_values(array).amax(-1), inner.axes, False, inner.scale)
        if isinstance(node, said.distance_to_rank):
            keep = int(node.args[1])
            return Value(
                arithmetic.distance_to_rank(array, keep), inner.axes, False, inner.scale * self._entries(array)
            )
        power = Fraction(int(node.args[1].p), int(node.args[1].q))
        return Value(arithmetic.schatten(array, power), inner.axes, False, inner.scale * self._entries(array))

    def _entries(self, array: Any) -> float:
        return float(array.shape[-1] * array.shape[-2]) ** 0.5

    def _rank_slack(self, inner: Value) -> Any:
        """What counts as zero in an elimination: the allowance of what the matrix was computed from."""
        return self.slack, inner.scale

    def _entry(self, node: Any) -> Value:
        inner = self(node.args[0])
        value = inner
        rows, columns = node.args[1], node.args[2]
        array, axes = value.array, value.axes
        if rows == columns and isinstance(rows, Index):
            array = array.diagonal(dim1=-2, dim2=-1)
            return self._placed(array, axes, rows, inner.scale)
        if isinstance(columns, Index):
            array = array.movedim(-1, 1)
            axes = (columns, *axes)
        else:
            array = array[..., int(self.plain(columns))]
        if isinstance(rows, Index):
            return self._placed(array, axes, rows, inner.scale)
        return Value(array[..., int(self.plain(rows))], axes, False, inner.scale)

    def _placed(self, array: Any, axes: tuple[Index, ...], index: Index, scale: Any) -> Value:
        """The last axis becomes the axis of an index; if that index is there already, the two are one."""
        if index not in axes:
            return Value(array, (*axes, index), False, scale)
        place = 1 + axes.index(index)
        merged = array.diagonal(dim1=place, dim2=array.ndim - 1).movedim(-1, place)
        return Value(merged, axes, False, scale)

    def _row(self, node: Any) -> Value:
        inner, which = self(node.args[0]), node.args[1]
        if not isinstance(which, Index):
            start = int(self.plain(which))
            return Value(inner.array[..., start : start + 1, :], inner.axes, True, inner.scale)
        array = inner.array.unsqueeze(-2)  # (K, axes, rows, 1, columns)
        return Value(array, (*inner.axes, which), True, inner.scale)

    def _elementwise(self, node: Any) -> Value:
        inner = self(node.args[0])
        kink = self.net.convention("kink") if "kink" in self.net.kind.conventions else Fraction(0)
        if isinstance(node, said.relu):
            return Value(self.arithmetic.relu(inner.array, kink), inner.axes, True, inner.scale)
        if isinstance(node, said.step):
            return Value(self.arithmetic.step(inner.array, kink), inner.axes, True, 1.0)
        return Value(self.arithmetic.diagonal_matrix(inner.array.squeeze(-1)), inner.axes, True, inner.scale)

    def _transpose(self, node: Any) -> Value:
        inner = self(node.args[0])
        return Value(inner.array.mT, inner.axes, True, inner.scale)

    def _trace(self, node: Any) -> Value:
        inner = self(node.args[0])
        array = inner.array.diagonal(dim1=-2, dim2=-1).sum(-1)
        return Value(array, inner.axes, False, inner.scale * inner.array.shape[-1])

    def _hadamard(self, node: Any) -> Value:
        factors = [self(a) for a in node.args]
        axes, arrays = self.align(*factors)
        product, scale = arrays[0], factors[0].scale
        for array, factor in zip(arrays[1:], factors[1:], strict=True):
            product, scale = product * array, scale * factor.scale
        return Value(product, axes, True, scale)

    def _zero_matrix(self, node: Any) -> Value:
        shape = (1, int(self.plain(node.shape[0])), int(self.plain(node.shape[1])))
        return Value(self.arithmetic.zeros(*shape).expand(self.net.count, *shape[1:]), (), True)

    def _identity(self, node: Any) -> Value:
        size = int(self.plain(node.shape[0]))
        return Value(self.arithmetic.eye(size).unsqueeze(0).expand(self.net.count, size, size), (), True, 1.0)

    def _absolute(self, node: Any) -> Value:
        inner = self(node.args[0])
        return Value(inner.array.abs(), inner.axes, False, inner.scale)

    def _extreme(self, node: Any) -> Value:
        values = [self(a) for a in node.args]
        axes, arrays = self.align(*values)
        pick = self.arithmetic.maximum if isinstance(node, sp.Max) else self.arithmetic.minimum
        result, scale = arrays[0], values[0].scale
        for array, value in zip(arrays[1:], values[1:], strict=True):
            result, scale = pick(result, array), scale + value.scale
        return Value(result, axes, False, scale)

    def _binder(self, node: Any) -> Value:
        inner = self(node.body)
        if node.index not in inner.axes:
            return inner
        place = 1 + inner.axes.index(node.index)
        if node.batch is not None:
            return self._members(node, inner, place)
        axes = tuple(a for a in inner.axes if a != node.index)
        take = {said.greatest: "amax", said.least: "amin"}.get(type(node), "mean")
        return Value(getattr(inner.array, take)(place), axes, inner.matrix, inner.scale)

    def _members(self, node: Any, inner: Value, place: int) -> Value:
        kind, world = self.net.kind, self.net.world
        batches = kind.batches(world) if node.batch.over == "batches" else kind.blocks(world)
        if not batches:
            raise EvaluationError(f"{node.batch} runs over {node.batch.over}, and there is none of them here")
        mean = self.arithmetic.take(inner.array, batches, place).mean(place + 1)
        axes = tuple(node.batch if a == node.index else a for a in inner.axes)
        if axes.count(node.batch) == 1:
            return Value(mean, axes, inner.matrix, inner.scale)
        # The body speaks of the batch as well: the two axes are one.
        other = 1 + next(k for k, a in enumerate(axes) if a == node.batch and k + 1 != place)
        first, second = min(place, other), max(place, other)
        merged = mean.diagonal(dim1=first, dim2=second)
        kept = tuple(a for k, a in enumerate(axes) if k + 1 != second)
        last = merged.ndim - 1
        return Value(merged.movedim(last, first), kept, inner.matrix, inner.scale)


def entry_of(node: Any) -> Any:
    """The dictionary's line of a word."""
    return DICTIONARY[node.name]


_METHODS: dict[type, Any] = {
    sp.Trace: Evaluator._trace,
    Transpose: Evaluator._transpose,
    sp.ZeroMatrix: Evaluator._zero_matrix,
    sp.Identity: Evaluator._identity,
    sp.HadamardProduct: Evaluator._hadamard,
    sp.Abs: Evaluator._absolute,
    sp.Max: Evaluator._extreme,
    sp.Min: Evaluator._extreme,
    said.entry: Evaluator._entry,
    said.row: Evaluator._row,
    **dict.fromkeys((said.relu, said.step, said.diagonal), Evaluator._elementwise),
    **dict.fromkeys((said.greatest, said.least, said.mean_scalar, said.mean_matrix), Evaluator._binder),
    **dict.fromkeys(
        (said.rank, said.norm, said.spectral_norm, said.distance_to_rank, said.schatten), Evaluator._of_matrix
    ),
}
