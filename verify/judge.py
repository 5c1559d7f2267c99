"""Judging sentences on lanes, with an excess over the allowance; ``verify/exact_judge.py`` judges exact numbers.

On lanes every relation gives a *tightness* (value / bound; 0/0 is 1, x/0 infinite), which drives the search, and an
*excess* ((value - bound) / allowance), which accuses when it is above 1. Nothing here refutes: an appeal does.

Where a side is known only between bounds, a sentence is judged twice: at the ends that favour it, which alone accuse,
and at those that do not, which alone pass it. A lane that is neither accused nor passed is *open*.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import wraps
from typing import Any

import sympy as sp
from sympy.core.relational import Relational
from sympy.logic.boolalg import Implies, Not

from symbolic import sentences as said
from symbolic.expanding import STAND_INS, expand
from symbolic.words import Index
from verify.arena import torch
from verify.enclosures import Between, ends
from verify.evaluate import EvaluationError, Evaluator, Value

INFINITY = float("inf")


@dataclass(frozen=True)
class Outcome:
    """What lanes say of a sentence: arrays (K, *axes); an undefined entry has excess NaN.

    ``strict`` is what they say at the ends of enclosures that favour the sentence least; None without enclosures.
    """

    axes: tuple[Index, ...]
    excess: Any
    tightness: Any
    says_something: Any
    strict: Outcome | None = None

    @property
    def passing(self) -> Outcome:
        """The outcome that has to be met for the sentence to hold."""
        return self if self.strict is None else self.strict

    @property
    def holds(self) -> Any:
        """Where the sentence holds, whatever lies between the ends; leniently by one allowance without enclosures."""
        return self.passing.excess <= 1

    @property
    def undefined(self) -> Any:
        """Where some end has no value."""
        return self.excess.isnan() | self.passing.excess.isnan()

    @property
    def open(self) -> Any:
        """Where the ends disagree, so that nothing is known."""
        return ~(self.holds | (self.excess > 1) | self.undefined)


def _at_both_ends(combine: Any) -> Any:
    """A combination of outcomes, the first argument, for the strict ones as well; it must not decrease in any."""

    @wraps(combine)
    def combined(judge: LaneJudge, outcomes: list[Outcome], *rest: Any) -> Outcome:
        favoured = combine(judge, outcomes, *rest)
        if all(o.strict is None for o in outcomes):
            return favoured
        return replace(favoured, strict=combine(judge, [o.passing for o in outcomes], *rest))

    return combined


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
            return self._implied(self(node.args[0]), self(node.args[1]))
        if isinstance(node, STAND_INS):
            return self(expand(node))
        if isinstance(node, said.exists):
            return self._existence([self(node.body)], node.index)
        if isinstance(node, Not):
            inside = node.args[0]
            if isinstance(inside, said.exists):
                return self._nowhere([self(negation(inside.body))], inside.index)
            return self(negation(inside))
        if node == sp.true or node == sp.false:
            return self._constant(bool(node))
        raise EvaluationError(f"{node} is not a sentence; relate two expressions")

    def closed(self, node: Any) -> Outcome:
        """The outcome read "for every" value of the free indices: arrays (K,)."""
        return self._everywhere([self(node)])

    @_at_both_ends
    def _everywhere(self, outcomes: list[Outcome]) -> Outcome:
        (outcome,) = outcomes
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
        if isinstance(a, Between) or isinstance(b, Between):
            return self._enclosed(node, axes, ends(a), ends(b), left, right)
        return self._compared(node, axes, a, b, self._allowance(left, right, a - b))

    def _enclosed(self, node: Any, axes: Any, a: Any, b: Any, left: Value, right: Value) -> Outcome:
        """Sides with a lower and an upper end: the lower end of a - b accuses, the upper end passes."""
        lowest, highest = a[0] - b[1], a[1] - b[0]
        allowance = self._allowance(left, right, lowest)
        wide = lowest != highest
        if isinstance(node, (sp.Eq, sp.Ne)):
            nearest = self.torch.maximum(lowest, -highest).clamp(min=0)
            furthest = self.torch.maximum(lowest.abs(), highest.abs())
            something = (a[0] != 0) | (a[1] != 0) | (b[0] != 0) | (b[1] != 0)
            near, far = (nearest, furthest) if isinstance(node, sp.Eq) else (furthest, nearest)
            favoured = self._equality(node, axes, near, allowance, something)
            strict = self._equality(node, axes, far, allowance, something)
        else:
            favoured = self._compared(node, axes, a[0], b[1], allowance)
            strict = self._compared(node, axes, a[1], b[0], allowance)
        # Ends that differ pass by more than their rounding: a lower end may have been rounded up.
        outward = self.torch.where(wide & (allowance > 0), strict.excess + 2, strict.excess)
        return replace(favoured, strict=replace(strict, excess=outward))

    def _compared(self, node: Any, axes: tuple[Index, ...], a: Any, b: Any, allowance: Any) -> Outcome:
        difference = a - b
        if isinstance(node, (sp.Eq, sp.Ne)):
            return self._equality(node, axes, difference, allowance, (a != 0) | (b != 0))
        excess = self._ratio(difference, allowance)
        if isinstance(node, (sp.Lt, sp.Gt)):
            excess = self.torch.where(difference == 0, self.torch.full_like(excess, INFINITY), excess)
        wide_a, wide_b = a.expand_as(difference), b.expand_as(difference)
        return Outcome(axes, excess, tightness(wide_a, wide_b), wide_a != 0)

    def _ratio(self, difference: Any, allowance: Any) -> Any:
        """difference / allowance, with -inf, 0 or inf where the allowance is zero."""
        module = self.torch
        sign = module.where(difference == 0, difference, difference.sign() * INFINITY)
        # Where the allowance has no bound, floats say nothing.
        known = module.where(allowance.isinf(), module.full_like(difference, float("nan")), difference / allowance)
        return module.where(allowance > 0, known, sign)

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

    @_at_both_ends
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

    def _implied(self, premise: Outcome, conclusion: Outcome) -> Outcome:
        # A premise that may fail accuses nobody, and one that may hold asks for the conclusion.
        favoured = self._implication(premise.passing, conclusion)
        if premise.strict is None and conclusion.strict is None:
            return favoured
        return replace(favoured, strict=self._implication(replace(premise, strict=None), conclusion.passing))

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

    @_at_both_ends
    def _nowhere(self, outcomes: list[Outcome], index: Index) -> Outcome:
        """No value of the index: the negation of the body, given, at every value."""
        (inner,) = outcomes
        if index not in inner.axes:
            return inner
        place = 1 + inner.axes.index(index)
        module = self.torch
        undefined = module.isnan(inner.excess)
        worst = module.where(undefined, module.full_like(inner.excess, -INFINITY), inner.excess).amax(place)
        worst = module.where(undefined.any(place) & ~(worst > 1), module.full_like(worst, float("nan")), worst)
        axes = tuple(a for a in inner.axes if a != index)
        return Outcome(axes, worst, inner.tightness.amax(place), inner.says_something.any(place))

    @_at_both_ends
    def _existence(self, outcomes: list[Outcome], index: Index) -> Outcome:
        (inner,) = outcomes
        if index not in inner.axes:
            return inner
        place = 1 + inner.axes.index(index)
        module = self.torch
        best = module.where(module.isnan(inner.excess), module.full_like(inner.excess, INFINITY), inner.excess)
        axes = tuple(a for a in inner.axes if a != index)
        return Outcome(axes, best.amin(place), inner.tightness.amin(place), inner.says_something.any(place))


def tightness(value: Any, bound: Any) -> Any:
    """value / bound, at least 0: 1 where both are the same, infinite where a bound of at most 0 is exceeded."""
    module = torch()
    tight = module.where(bound > 0, value / bound, (value > bound) * INFINITY)
    tight = module.where(value == bound, module.ones_like(tight), tight).nan_to_num(nan=0.0, posinf=INFINITY)
    return tight.clamp(min=0)


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
    if isinstance(node, STAND_INS):
        return negation(expand(node))
    if isinstance(node, said.exists):
        return Not(node)  # the judges take it as one: its index stays bound
    raise EvaluationError(f"{node} has no negation; state it with relations")
