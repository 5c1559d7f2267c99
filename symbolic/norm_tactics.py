"""Tactics for norms: what is small over every batch is small at every sample, and so is a multiple of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import Eq, Le, S
from sympy.core.relational import Relational

from symbolic.grammar import at_most, nonnegative_terms
from symbolic.ledger import Ledger
from symbolic.normal import same, scalar_from, scalar_terms
from symbolic.sentences import free_indices, greatest, norm
from symbolic.tactics import batch_means, free_sample, instances, ratio


def _small_means(ledger: Ledger) -> Iterator[int]:
    """Steps that bound the norm of something over every batch: given ones, and by a greatest value."""
    for number in ledger.sentences(Le):
        if isinstance(ledger[number].lhs, norm):
            yield number
    for _, number in ledger.given:
        sentence = ledger[number]
        if isinstance(sentence, Eq) and isinstance(sentence.rhs, greatest) and isinstance(sentence.rhs.body, norm):
            below = ledger.tried("greatest_bounds", (), sentence.rhs)
            goal = at_most(sentence.rhs.body, sentence.lhs)
            said = None if below is None else ledger.tried("recast", (below, number), goal)
            if said is not None:
                yield said


def _small_members(ledger: Ledger) -> Iterator[int]:
    for number in _small_means(ledger):
        yield number
        small = ledger[number]
        for smaller in ledger.smaller():
            for average, equations in batch_means(ledger, small.lhs.args[0], None):
                said = ledger.tried("recast", (number, *equations), at_most(norm(average), small.rhs))
                alpha, beta = ledger.certificate(ledger[smaller].lts)
                which = free_sample(average)
                if said is None:
                    continue
                member = ledger.tried("batch_norm", (said, smaller), alpha, beta, which)
                if member is not None:
                    yield member


def norm_at_most(ledger: Ledger, goal: Any) -> int | None:
    """A step ``norm(matrix) <= bound``: a multiple of what is small at each sample, or over each batch."""
    matrix = goal.lhs.args[0]
    signs = tuple(n for n in ledger.sentences(Relational) if nonnegative_terms(ledger[n]))
    for small in _small_members(ledger):
        for number in instances(ledger, small, *free_indices(matrix)):
            inner = ledger[number].lhs.args[0]
            for reached, equations in ledger.levels(inner):
                factor = ratio(matrix, reached) if reached.shape == matrix.shape else None
                found = None if factor is None else _scaled(ledger, goal, number, factor, reached, equations, signs)
                if found is not None:
                    return found
    return None


def _scaled(
    ledger: Ledger,
    goal: Any,
    number: int,
    factor: Any,
    reached: Any,
    equations: tuple[int, ...],
    signs: tuple[int, ...],
) -> int | None:
    tried, small = ledger.tried, ledger[number]
    simple = scalar_from(scalar_terms(factor))
    said = tried("recast", (number, *equations), at_most(norm(reached), small.rhs)) if equations else number
    if said is None:
        return None
    if same(goal.lhs.args[0], reached):
        return tried("order", (said, *signs), goal, S.One, *(S.Zero for _ in signs))
    scaled = tried("norm_scaled", signs, goal.lhs.args[0], simple, reached)
    wider = at_most(simple * norm(reached), goal.rhs)
    below = tried("order", (said, *signs), wider, simple, *(S.Zero for _ in signs))
    return None if scaled is None or below is None else tried("recast", (below, scaled), goal)
