"""One walk over a sentence's own expressions, in any of the arithmetics.

Both sides of an inequality are the sentence's expressions; no formula is written a second time. A value carries the
indices that are free in it as axes after the lane axis: (K, *indices, *shape).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matadd import MatAdd
from sympy.matrices.expressions.matmul import MatMul

from symbolic import sentences as said
from symbolic.atoms import mean_decay
from symbolic.totals import Place, total
from symbolic.words import DICTIONARY, Index, Matrix, MatrixAt, Scalar, ScalarAt
from verify import enclosures, roundings
from verify.enclosures import Between
from verify.matrices import NODES
from verify.values import EvaluationError, Value, added, align, multiplied, renamed
from verify.worlds import GROUPED, Lanes, ReadingError

_FUNCTIONS = {
    sp.exp: "exp", sp.log: "log", sp.sin: "sin", sp.cos: "cos", sp.tanh: "tanh", sp.atan: "atan",
    sp.floor: "floor", sp.ceiling: "ceil", sp.harmonic: "harmonic", mean_decay: "mean_decay",
}  # fmt: skip
_TURNING = (sp.sin, sp.cos)
MULTIPLIED = 64
"""Integer powers up to this one are products."""
_COUNTED = {"samples": "N", "neurons": "m", "inputs": "n"}


class Evaluator:
    """Evaluates expressions on one ``Lanes``; results are kept, so that common parts are computed once.

    ``slack`` is the relative allowance; ``grains`` maps expressions to the exponent of two that their entries are
    multiples of (exact lanes), or None.
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

    @property
    def known(self) -> int:
        """How many values are remembered."""
        return len(self._known)

    def align(self, *values: Value) -> tuple[tuple[Index, ...], list[Any]]:
        """The union of the axes, and the arrays with missing axes inserted; matrices keep their two last axes."""
        return align(values)

    def exact_masks(self) -> list[Any]:
        """For each rank computed so far, the mask (K, *axes) of eliminations that did not round."""
        return [value.exact for value in self._known.values() if value.exact is not None]

    # -- words ---------------------------------------------------------------------------------------------------

    def _word(self, node: Any) -> Value:
        kind, world = self.net.kind, self.net.world
        source, _, letter = node.name.partition(":")
        if source == kind.speaks and letter in kind.letters:
            return self._number(Fraction(world.size(letter)))
        if source == kind.speaks and letter in kind.conventions:
            return self._number(self.net.convention(letter))
        indices = node.indices if isinstance(node, (ScalarAt, MatrixAt)) else ()
        if len(set(indices)) < len(indices):
            raise EvaluationError(f"an index is used twice in one word ({', '.join(map(str, indices))}); use two")
        array = self.net.read(node.name)
        self._check_shape(node, array)
        array = enclosures.checked(letter, array, DICTIONARY[node.name].shape != (), self.arithmetic, self.slack)
        if DICTIONARY[node.name].nonnegative and self.arithmetic.any_negative(enclosures.ends(array)[0]):
            raise ReadingError(f"the reading of {letter} is negative, and the word is declared nonnegative")
        scale = self._peak(array)
        for other in getattr(kind.reader(node.name), "relative_to", ()):
            scale = scale + self._peak(self.net.read(f"{source}:{other}"))
        return Value(array, tuple(indices), isinstance(node, (Matrix, MatrixAt)), scale)

    def _check_shape(self, node: Any, array: Any) -> None:
        entry, expected = DICTIONARY[node.name], self.extents(node.name)
        actual = tuple(getattr(array, "shape", ()))
        if actual != expected:
            raise ReadingError(
                f"the reading of {entry.letter} has shape {actual}; the word says {expected} (lanes, indices, matrix)"
            )

    def extents(self, name: str) -> tuple[int, ...]:
        """The shape of a reading of a word (full name): lanes, indices, matrix."""
        entry = DICTIONARY[name]
        ranges = tuple(self._range(r) for r in entry.over)
        return (self.net.count, *ranges, *(self.plain(size) for size in entry.shape))

    def plain(self, size: Any) -> int:
        """A size expression as an integer."""
        known = dict(self.net.world.sizes)
        values = {a: known.get(a.name.partition(":")[2], a) for a in size.atoms(Scalar)}
        number = sp.sympify(size.xreplace(values))
        if not number.is_Integer:
            raise EvaluationError(f"{size} is {number} here; write an integer in the sizes {', '.join(known)}")
        return int(number)

    def _range(self, name: str) -> int:
        kind, world = self.net.kind, self.net.world
        return len(kind.groups(name, world)) if name in GROUPED else world.size(_COUNTED[name])

    def _number(self, number: Fraction) -> Value:
        return Value(self.arithmetic.constant(number, self.net.count), scale=abs(float(number)))

    def _peak(self, array: Any) -> Any:
        return self.arithmetic.peak(enclosures.outermost(array))

    # -- nodes ---------------------------------------------------------------------------------------------------

    def _walk(self, node: Any) -> Value:
        if isinstance(node, (Scalar, Matrix, ScalarAt, MatrixAt)):
            return self._word(node)
        if isinstance(node, sp.Rational):
            return self._number(Fraction(int(node.p), int(node.q)))
        if isinstance(node, sp.NumberSymbol):
            return Value(self.arithmetic.irrational(node, self.net.count), scale=abs(float(node)))
        if isinstance(node, (sp.Add, MatAdd)):
            return added([self(a) for a in node.args])
        if isinstance(node, (MatMul, sp.Mul)):
            return multiplied([self(a) for a in node.args])
        if isinstance(node, sp.Pow):
            return self._power(node)
        if isinstance(node, (said._Binder, said.mean_matrix)):
            return self._binder(node)
        if isinstance(node, (sp.Max, sp.Min)):
            return self._extreme(node)
        if isinstance(node, total):
            return self._total(node)
        if isinstance(node, Place):
            raise EvaluationError(f"{node} stands outside of a sum over it; write total(..., {node}, L) around it")
        if type(node) in NODES:
            return NODES[type(node)](self, node)
        if isinstance(node, sp.Abs):
            inner = self(node.args[0])
            return Value(inner.array.abs(), inner.axes, False, inner.scale)
        if type(node) in _FUNCTIONS:
            return self._function(node)
        raise EvaluationError(f"no value is known for {node} ({type(node).__name__}); write it with other functions")

    def _function(self, node: Any) -> Value:
        """A function of one number; an error of its argument counts as the derivative says."""
        inner, name = self(node.args[0]), _FUNCTIONS[type(node)]
        if isinstance(node, sp.harmonic) and len(node.args) > 1:
            raise EvaluationError(f"no value is known for {node}; harmonic(n) has one argument")
        if isinstance(inner.array, Between) and isinstance(node, _TURNING):
            raise EvaluationError(f"{node} is not monotone, so no enclosure goes through it; bound it by a word")
        array = enclosures.at_ends(lambda end: self.arithmetic.function(name, end), inner.array)
        if self.arithmetic.exact and isinstance(node, roundings.ROUNDINGS):
            array = roundings.decided(node, array, self, lambda: Evaluator(self.net))
        scales = [self.arithmetic.passed(name, end, inner.scale, self.slack) for end in self._both(inner.array)]
        return Value(array, inner.axes, False, self._peak(array) + sum(scales[1:], scales[0]))

    def _both(self, array: Any) -> tuple[Any, ...]:
        return enclosures.ends(array) if isinstance(array, Between) else (array,)

    def _total(self, node: Any) -> Value:
        """A sum over places: its terms are worked out with an axis for the place."""
        upper, outside = self(node.upper), {part: self(part) for part in _without(node.body, node.over)}

        def terms(places: Any) -> tuple[Any, Any]:
            inner = Evaluator(self.net, self.slack, self.grains)
            inner._known = {**outside, node.over: Value(places, (node.over,), False, self._peak(places))}
            value = inner(node.body)
            if value.matrix or value.axes != (node.over,) or isinstance(value.array, Between):
                raise EvaluationError(f"{node} is a sum of what is not one number at each place; sum numbers of a box")
            return value.array, value.scale

        if upper.axes or isinstance(upper.array, Between):
            raise EvaluationError(f"{node} ends elsewhere for each index; end it at a word of a box")
        array, scale = self.arithmetic.total(upper.array, self.slack, terms)
        return Value(array, (), False, scale)

    def _power(self, node: Any) -> Value:
        base, exponent = self(node.base), node.exp
        if base.matrix:
            raise EvaluationError(f"no value is known for the power {node} of a matrix")
        plain = exponent.is_Rational and exponent.q <= 2 and abs(exponent.p) <= MULTIPLIED
        if isinstance(base.array, Between):
            if not plain:
                raise EvaluationError(f"no enclosure goes through {node}; its exponents are integers and halves")
            return self._enclosed_power(base, exponent)
        if plain:
            return self._raised(base if exponent.q == 1 else self._root(base), int(exponent.p))
        return self._free_power(base, self(exponent))

    def _free_power(self, base: Value, exponent: Value) -> Value:
        """A power whose exponent is any number; undefined for a negative base unless the exponent is an integer."""
        if isinstance(exponent.array, Between):
            raise EvaluationError("an enclosure stands in an exponent; bound it by a word")
        axes, (below, above) = align((base, exponent))
        array = self.arithmetic.power(below, above)
        scale = self.arithmetic.powered(below, base.scale, above, exponent.scale, self.slack)
        return Value(array, axes, False, self._peak(array) + scale)

    def _enclosed_power(self, base: Value, exponent: sp.Rational) -> Value:
        """A power of an enclosure, through its ends; undefined where the enclosure may hold a 0 that is divided by."""
        array, power = base.array, int(exponent.p)
        if power < 0:
            array = enclosures.off_zero(array, self.arithmetic, base.scale * self.slack)
        if power % 2 == 0:
            array = array.abs()
        both = Value(enclosures.stack(enclosures.ends(array), -1), base.axes, False, base.scale)
        raised = self._raised(both if exponent.q == 1 else self._root(both), power)
        spanned = enclosures.spanning(raised.array[..., 0], raised.array[..., 1])
        return Value(spanned, base.axes, False, raised.scale)

    def _root(self, base: Value) -> Value:
        root = self.arithmetic.function("sqrt", base.array)
        scale = self._peak(root) + self.arithmetic.rooted(base.scale, root, self.slack)
        return Value(root, base.axes, False, scale)

    def _raised(self, base: Value, power: int) -> Value:
        """An integer power; an error of the base counts as the derivative says."""
        if power == 1:
            return base
        result = base.array
        for _ in range(abs(power) - 1):
            result = result * base.array
        if power > 0:
            error = power * base.scale * self._peak(base.array) ** (power - 1)
            return Value(result, base.axes, False, self._peak(result) + error)
        result = self.arithmetic.reciprocal(result)
        error = -power * base.scale * self.arithmetic.steepest(base.array)
        return Value(result, base.axes, False, self._peak(result) * (1 + error))

    def _extreme(self, node: Any) -> Value:
        values = [self(a) for a in node.args]
        axes, arrays = align(tuple(values))
        pick = self.arithmetic.maximum if isinstance(node, sp.Max) else self.arithmetic.minimum
        result, scale = arrays[0], values[0].scale
        for array, value in zip(arrays[1:], values[1:], strict=True):
            result, scale = enclosures.at_ends(pick, result, array), scale + value.scale
        return Value(result, axes, False, scale)

    def _binder(self, node: Any) -> Value:
        inner = self(node.body)
        if node.index not in inner.axes:
            return inner
        place = 1 + inner.axes.index(node.index)
        if node.batch is not None:
            members = self.net.kind.groups(node.batch.over, self.net.world)
            if not members:
                raise EvaluationError(f"{node.batch} runs over {node.batch.over}, and there is none of them here")
            means = enclosures.at_ends(lambda end: self.arithmetic.means(end, members, place), inner.array)
            return renamed(Value(means, inner.axes, inner.matrix, inner.scale), node.index, node.batch)
        axes = tuple(a for a in inner.axes if a != node.index)
        take = {said.greatest: "amax", said.least: "amin"}.get(type(node), "mean")
        return Value(getattr(inner.array, take)(place), axes, inner.matrix, inner.scale)


def _without(node: Any, over: Any) -> set[Any]:
    """The largest parts of a term that do not depend on its place."""
    if over not in node.free_symbols:
        return {node}
    return set().union(*(_without(a, over) for a in node.args if a != over)) if node.args else set()


__all__ = ["EvaluationError", "Evaluator", "Value"]
