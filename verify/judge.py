"""Judging sentences: on lanes with an excess over the allowance, in exact arithmetic with three-valued truth.

On lanes every relation gives a *tightness* (value / bound; 0/0 is 1, x/0 infinite), which drives the search, and an
*excess* ((value - bound) / allowance), which accuses when it is above 1. Nothing here refutes: an appeal does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp
from sympy.core.relational import Relational
from sympy.logic.boolalg import Implies, Not

from symbolic import sentences as said
from symbolic.nullsets import expand
from symbolic.words import Index
from verify.evaluate import EvaluationError, Evaluator, Value

INFINITY = float("inf")


@dataclass(frozen=True)
class Outcome:
    """What lanes say of a sentence: arrays (K, *axes); an undefined entry has excess NaN."""

    axes: tuple[Index, ...]
    excess: Any
    tightness: Any
    says_something: Any


class LaneJudge:
    """Judges sentences on the lanes of one evaluator; ``exact`` says that no rounding can have entered."""

    def __init__(self, evaluator: Evaluator, exact: bool) -> None:
        self.evaluate, self.exact = evaluator, exact
        self.torch = evaluator.arithmetic.torch

    def __call__(self, node: Any) -> Outcome:
        """The outcome of a sentence, with its free indices as axes."""
        if isinstance(node, Relational):
            return self._relation(node)
        if isinstance(node, sp.And):
            return self._joined([self(a) for a in node.args], self.torch.maximum)
        if isinstance(node, sp.Or):
            return self._joined([self(a) for a in node.args], self.torch.minimum)
        if isinstance(node, said.chain):
            return self._joined([self(link) for link in node.links], self.torch.maximum)
        if isinstance(node, Implies):
            return self._implication(self(node.args[0]), self(node.args[1]))
        if isinstance(node, said.null):
            return self(expand(node))
        if isinstance(node, said.exists):
            return self._existence(node)
        if isinstance(node, Not):
            inside = node.args[0]
            return self._nowhere(inside) if isinstance(inside, said.exists) else self(negation(inside))
        if node == sp.true or node == sp.false:
            return self._constant(bool(node))
        raise EvaluationError(f"{node} is not a sentence; relate two expressions")

    def closed(self, node: Any) -> Outcome:
        """The outcome read "for every" value of the free indices: arrays (K,)."""
        outcome = self(node)
        module = self.torch
        lanes = self.evaluate.net.count
        excess = outcome.excess.reshape(outcome.excess.shape[0], -1)
        undefined = module.isnan(excess).any(1)
        worst = module.where(module.isnan(excess), module.full_like(excess, -INFINITY), excess).amax(1)
        worst = module.where(undefined & ~(worst > 1), module.full_like(worst, float("nan")), worst)
        tight = outcome.tightness.reshape(outcome.tightness.shape[0], -1).nan_to_num(nan=0.0, posinf=INFINITY).amax(1)
        something = outcome.says_something.reshape(outcome.says_something.shape[0], -1).any(1)
        return Outcome((), worst.expand(lanes), tight.expand(lanes), something.expand(lanes))

    def _constant(self, holds: bool) -> Outcome:
        value = self.evaluate.arithmetic.zeros(self.evaluate.net.count)
        return Outcome((), value + (-INFINITY if holds else INFINITY), value, value > 1)

    def _allowance(self, left: Value, right: Value, array: Any) -> Any:
        if self.exact:
            return self.torch.zeros_like(array)
        scale = self.torch.as_tensor(left.scale + right.scale, dtype=array.dtype, device=array.device)
        if scale.ndim == 1:
            scale = scale.reshape(-1, *(1,) * (array.ndim - 1))
        allowance = (scale * self.evaluate.slack).expand_as(array)
        for side, other in ((left, right), (right, left)):
            if side.exact is not None and isinstance(other.scale, float):
                # Integer-valued sides without rounding, against a number: no allowance.
                shape = side.exact.reshape(*side.exact.shape, *(1,) * (array.ndim - side.exact.ndim))
                allowance = self.torch.where(shape, self.torch.zeros_like(allowance), allowance)
        return allowance

    def _relation(self, node: Any) -> Outcome:
        left, right = self.evaluate(node.lhs), self.evaluate(node.rhs)
        if left.matrix or right.matrix:
            return self._equal_matrices(node, left, right)
        if isinstance(node, (sp.Ge, sp.Gt)):
            left, right = right, left
        axes, (a, b) = self.evaluate.align(left, right)
        difference = a - b
        allowance = self._allowance(left, right, difference)
        if isinstance(node, (sp.Eq, sp.Ne)):
            return self._equality(node, axes, difference, allowance, (a != 0) | (b != 0))
        excess = self._ratio(difference, allowance)
        if isinstance(node, (sp.Lt, sp.Gt)):
            excess = self.torch.where(difference == 0, self.torch.full_like(excess, INFINITY), excess)
        wide_a, wide_b = a.expand_as(difference), b.expand_as(difference)
        tight = self.torch.where(wide_b > 0, wide_a / wide_b, (wide_a > wide_b) * INFINITY)
        tight = self.torch.where(wide_a == wide_b, self.torch.ones_like(tight), tight).nan_to_num(
            nan=0.0, posinf=INFINITY
        )
        return Outcome(axes, excess, tight.clamp(min=0), wide_a != 0)

    def _ratio(self, difference: Any, allowance: Any) -> Any:
        """difference / allowance, with -inf, 0 or inf where the allowance is zero."""
        module = self.torch
        sign = module.where(difference == 0, difference, difference.sign() * INFINITY)
        return module.where(allowance > 0, difference / allowance, sign)

    def _equality(self, node: Any, axes: tuple[Index, ...], difference: Any, allowance: Any, something: Any) -> Outcome:
        module = self.torch
        gap = difference.abs()
        something = something.expand_as(gap)
        if isinstance(node, sp.Ne):
            # Apart by more than the allowance, they differ; equal, they do not; between, an appeal tells.
            excess = module.where(gap == 0, module.full_like(gap, INFINITY), 2 - self._ratio(gap, allowance))
            excess = module.where(module.isnan(gap), gap, excess)
            return Outcome(axes, excess, (gap == 0).to(gap.dtype), something)
        excess = self._ratio(gap, allowance)
        tight = module.where(excess <= 1, module.ones_like(gap), module.full_like(gap, INFINITY))
        return Outcome(axes, excess, tight, something)

    def _equal_matrices(self, node: Any, left: Value, right: Value) -> Outcome:
        if not isinstance(node, (sp.Eq, sp.Ne)) or not (left.matrix and right.matrix):
            raise EvaluationError(f"{node}: matrices are compared by = and by their norms or ranks alone")
        axes, (a, b) = self.evaluate.align(left, right)
        gap = (a - b).abs().amax((-2, -1))
        something = ((a != 0).any(-1).any(-1)) | ((b != 0).any(-1).any(-1))
        return self._equality(node, axes, gap, self._allowance(left, right, gap), something)

    def _aligned(self, outcomes: list[Outcome]) -> tuple[tuple[Index, ...], list[tuple[Any, Any, Any]]]:
        axes, excess = self.evaluate.align(*(Value(o.excess, o.axes) for o in outcomes))
        _, tight = self.evaluate.align(*(Value(o.tightness, o.axes) for o in outcomes))
        _, something = self.evaluate.align(*(Value(o.says_something, o.axes) for o in outcomes))
        return axes, list(zip(excess, tight, something, strict=True))

    def _joined(self, outcomes: list[Outcome], pick: Any) -> Outcome:
        axes, parts = self._aligned(outcomes)
        conjunction = pick is self.torch.maximum
        excess, tight, something = parts[0]
        for next_excess, next_tight, next_something in parts[1:]:
            joined = pick(excess, next_excess)
            # A part that settles the matter settles it even where another is undefined.
            for own, other in ((excess, next_excess), (next_excess, excess)):
                settles = (own > 1) if conjunction else (own <= 1)
                joined = self.torch.where(self.torch.isnan(other) & settles, own, joined)
            excess, tight, something = joined, pick(tight, next_tight), something | next_something
        return Outcome(axes, excess, tight, something)

    def _implication(self, premise: Outcome, conclusion: Outcome) -> Outcome:
        axes, ((if_excess, _, _), (excess, tight, something)) = self._aligned([premise, conclusion])
        holds = if_excess <= 1
        excess, tight = self.torch.broadcast_tensors(excess, tight)
        shape = self.torch.broadcast_shapes(holds.shape, excess.shape)
        excess, tight, holds = excess.expand(shape), tight.expand(shape), holds.expand(shape)
        return Outcome(
            axes,
            self.torch.where(holds, excess, self.torch.full_like(excess, -INFINITY)),
            self.torch.where(holds, tight, self.torch.zeros_like(tight)),
            something & holds,
        )

    def _nowhere(self, node: Any) -> Outcome:
        """No value of the index: the negation of the body at every value."""
        inner = self(negation(node.body))
        if node.index not in inner.axes:
            return inner
        place = 1 + inner.axes.index(node.index)
        module = self.torch
        undefined = module.isnan(inner.excess)
        worst = module.where(undefined, module.full_like(inner.excess, -INFINITY), inner.excess).amax(place)
        worst = module.where(undefined.any(place) & ~(worst > 1), module.full_like(worst, float("nan")), worst)
        axes = tuple(a for a in inner.axes if a != node.index)
        return Outcome(axes, worst, inner.tightness.amax(place), inner.says_something.any(place))

    def _existence(self, node: Any) -> Outcome:
        inner = self(node.body)
        if node.index not in inner.axes:
            return inner
        place = 1 + inner.axes.index(node.index)
        module = self.torch
        best = module.where(module.isnan(inner.excess), module.full_like(inner.excess, INFINITY), inner.excess)
        axes = tuple(a for a in inner.axes if a != node.index)
        return Outcome(axes, best.amin(place), inner.tightness.amin(place), inner.says_something.any(place))


TRUE, FALSE, UNDECIDED, UNDEFINED = 1, 0, 2, 3


class ExactJudge:
    """Judges sentences on one lane of exact numbers; truth values are small integers, 2 undecided, 3 undefined."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluate = evaluator

    def __call__(self, node: Any) -> tuple[tuple[Index, ...], Any]:
        """The free indices of a sentence and its truth, an int8 array (1, *axes)."""
        if isinstance(node, Relational):
            return self._relation(node)
        if isinstance(node, (sp.And, said.chain)):
            parts = node.links if isinstance(node, said.chain) else node.args
            return self._joined([self(a) for a in parts], FALSE)
        if isinstance(node, sp.Or):
            return self._joined([self(a) for a in node.args], TRUE)
        if isinstance(node, Implies):
            return self._joined([self._negated(self(node.args[0])), self(node.args[1])], TRUE)
        if isinstance(node, said.null):
            return self(expand(node))
        if isinstance(node, said.exists):
            axes, truth = self(node.body)
            if node.index not in axes:
                return axes, truth
            place = 1 + axes.index(node.index)
            return tuple(a for a in axes if a != node.index), _settled(np.moveaxis(truth, place, 0), TRUE)
        if isinstance(node, Not):
            inside = node.args[0]
            return self._negated(self(inside)) if isinstance(inside, said.exists) else self(negation(inside))
        return (), np.array([int(bool(node))], dtype=np.int8)

    def closed(self, node: Any) -> int:
        """The truth of a sentence read "for every" value of its free indices."""
        _, truth = self(node)
        return int(_settled(truth.reshape(-1, 1), FALSE)[0])

    def _relation(self, node: Any) -> tuple[tuple[Index, ...], Any]:
        left, right = self.evaluate(node.lhs), self.evaluate(node.rhs)
        axes, (a, b) = self.evaluate.align(left, right)
        signs = self.evaluate.arithmetic.compare(a, b)
        truth = np.full(signs.shape, FALSE, dtype=np.int8)
        for sign in _HOLDS[type(node)]:
            truth[signs == sign] = TRUE
        truth[signs == 2] = UNDECIDED
        truth[signs == 3] = UNDEFINED
        if left.matrix or right.matrix:
            entries = np.moveaxis(truth.reshape(*truth.shape[:-2], -1), -1, 0)
            truth = _settled(entries, FALSE if isinstance(node, sp.Eq) else TRUE)
        return axes, truth

    def _negated(self, part: tuple[tuple[Index, ...], Any]) -> tuple[tuple[Index, ...], Any]:
        axes, truth = part
        return axes, np.where(truth <= TRUE, 1 - truth, truth).astype(np.int8)

    def _joined(self, parts: list[tuple[tuple[Index, ...], Any]], settling: int) -> tuple[tuple[Index, ...], Any]:
        axes: tuple[Index, ...] = ()
        for part_axes, _ in parts:
            axes += tuple(a for a in part_axes if a not in axes)
        arrays = [_spread(part_axes, truth, axes) for part_axes, truth in parts]
        return axes, _settled(np.stack(np.broadcast_arrays(*arrays)), settling)


_HOLDS: dict[type, tuple[int, ...]] = {
    sp.Eq: (0,),
    sp.Ne: (-1, 1),
    sp.Le: (-1, 0),
    sp.Lt: (-1,),
    sp.Ge: (0, 1),
    sp.Gt: (1,),
}


def _spread(own: tuple[Index, ...], truth: Any, axes: tuple[Index, ...]) -> Any:
    order = [own.index(a) for a in axes if a in own]
    array = np.transpose(truth, (0, *(1 + k for k in order)))
    for place, axis in enumerate(axes):
        if axis not in own:
            array = np.expand_dims(array, 1 + place)
    return array


def _settled(stacked: Any, settling: int) -> Any:
    """Join truth values along the first axis: one ``settling`` value decides; else undefined, undecided, the other."""
    any_of = {value: (stacked == value).any(0) for value in (settling, UNDEFINED, UNDECIDED)}
    other = TRUE if settling == FALSE else FALSE
    result = np.where(any_of[UNDECIDED], UNDECIDED, other)
    result = np.where(any_of[UNDEFINED], UNDEFINED, result)
    return np.where(any_of[settling], settling, result).astype(np.int8)


def negation(node: Any) -> Any:
    """The negation of a sentence, pushed inwards to relations."""
    if isinstance(node, Relational):
        return node.negated
    if isinstance(node, sp.And):
        return sp.Or(*(negation(a) for a in node.args))
    if isinstance(node, sp.Or):
        return sp.And(*(negation(a) for a in node.args))
    if isinstance(node, said.chain):
        return sp.Or(*(negation(link) for link in node.links))
    if isinstance(node, Implies):
        return sp.And(node.args[0], negation(node.args[1]))
    if isinstance(node, Not):
        return node.args[0]
    if isinstance(node, said.null):
        return negation(expand(node))
    if isinstance(node, said.exists):
        return Not(node)  # the judges take it as one: its index stays bound
    raise EvaluationError(f"{node} has no negation; state it with relations")
