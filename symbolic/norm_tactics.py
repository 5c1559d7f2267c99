"""Tactics for norms: what is small over every batch is small at every sample, and so is a multiple of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import Eq, Le
from sympy.core.relational import Relational

from symbolic.grammar import at_most, nonnegative_terms
from symbolic.ledger import Ledger
from symbolic.linear import added_up
from symbolic.normal import same, scalar_from, scalar_terms
from symbolic.sentences import free_indices, greatest, norm
from symbolic.tactics import batch_means, free_samples, instances, ratio


def _small_means(ledger: Ledger) -> Iterator[int]:
    """Steps that bound the norm of something over every batch: given ones, and by a greatest value."""
    for number in ledger.sentences(Le):
        if isinstance(ledger[number].lhs, norm):
            yield number
    for _, number in ledger.given:
        sentence = ledger[number]
        if isinstance(sentence, Eq) and isinstance(sentence.rhs, greatest) and isinstance(sentence.rhs.body, norm):
            below = ledger.tried("extreme_bounds", (), sentence.rhs)
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
                if said is None:
                    continue
                for certificate in ledger.certificates(ledger[smaller].lts):
                    named = free_samples(average, certificate.named)
                    member = ledger.tried("batch_norm", (said, smaller), *certificate.coefficients, *named)
                    if member is not None:
                        yield member


def norm_at_most(ledger: Ledger, goal: Any) -> int | None:
    """A step ``norm(matrix) <= bound``: a multiple of what is small at each sample, or over each batch."""
    matrix = goal.lhs.args[0]
    signs = tuple(n for n in ledger.sentences(Relational) if nonnegative_terms(ledger[n]))
    wanted = [(reached, equations) for reached, equations in ledger.levels(matrix)]
    for small in _small_members(ledger):
        for number in instances(ledger, small, *free_indices(matrix)):
            for inner, equations in ledger.levels(ledger[number].lhs.args[0]):
                for form, known in wanted:
                    factor = ratio(form, inner) if inner.shape == form.shape else None
                    if factor is not None:
                        said = _scaled(ledger, at_most(norm(form), goal.rhs), number, factor, (inner, equations), signs)
                        if said is not None:
                            return ledger.tried("recast", (said, *known), goal) if known else said
    return None


def _scaled(
    ledger: Ledger, goal: Any, number: int, factor: Any, reached: tuple[Any, tuple[int, ...]], signs: tuple[int, ...]
) -> int | None:
    tried, small, (inner, equations) = ledger.tried, ledger[number], reached
    simple = scalar_from(scalar_terms(factor))
    said = tried("recast", (number, *equations), at_most(norm(inner), small.rhs)) if equations else number
    if said is None:
        return None
    if same(goal.lhs.args[0], inner):
        return added_up(ledger, goal, (said, *signs))
    scaled = tried("norm_scaled", signs, goal.lhs.args[0], simple, inner)
    if scaled is None:
        return None
    below = added_up(ledger, at_most(ledger[scaled].rhs, goal.rhs), (said, *signs))
    return None if below is None else tried("recast", (below, scaled), goal)
