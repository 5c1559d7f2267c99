"""A linear combination of small things is small: coefficient certificates over batches, and facts about norms.

Averaging batch means over the batches that contain sample i, and over those that do not, gives for any members q

    mean over batches with i    =  q_i / B + (B - 1)/B * (mean of the others)
    mean over batches without i =  mean of the others

so ``alpha`` times the first plus ``beta`` times the second is q_i exactly when alpha / B = 1 and
alpha (B - 1) / B + beta = 0. That needs a batch without i: B < N.
"""

from __future__ import annotations

from typing import Any

from sympy import Abs, Eq, Gt, Le, Lt, S, ZeroMatrix

from symbolic.grammar import at_most, check_size, equation, is_witness, nonnegative_terms, refuse, with_index
from symbolic.normal import normal, same, scalar_terms
from symbolic.ranks import is_nonnegative
from symbolic.sentences import entry, free_indices, greatest, mean_matrix, mean_scalar, norm
from symbolic.words import Index

Sentences = tuple[Any, ...]


def check_certificate(alpha: Any, beta: Any, batch: Any) -> Any:
    """The constant ``|alpha| + |beta|`` of coefficients that isolate one sample; RuleError where they do not.

    ``batch`` is the size B of a batch; the coefficients are exact expressions in it. With alpha = B and
    beta = -(B - 1) the constant is 2 B - 1.
    """
    refuse(same(alpha / batch, S.One), "{} times the mean over batches with a sample does not give it back", alpha)
    refuse(
        not scalar_terms(alpha * (batch - 1) / batch + beta), "{} and {} do not cancel the other samples", alpha, beta
    )
    refuse(is_nonnegative(scalar_terms(alpha), set()), "the sign of {} is not known", alpha)
    refuse(is_nonnegative(scalar_terms(-beta), set()), "the sign of {} is not known", beta)
    return normal(alpha - beta)


def _isolated(average: Any, smaller: Any, parameters: Sentences) -> tuple[Any, Any]:
    """The member that a certificate isolates, and the certificate's constant."""
    alpha, beta, which = parameters
    refuse(isinstance(average, (mean_matrix, mean_scalar)) and average.batch, "{} is not a mean over a batch", average)
    batch = average.batch
    refuse(batch.over == "batches" and not is_witness(batch), "{} does not run over all batches", batch)
    refuse(batch not in free_indices(average.body), "the members of {} depend on {}", average, batch)
    refuse(isinstance(which, Index) and which.over == average.index.over, "{} is not an index of a sample", which)
    refuse(isinstance(smaller, (Lt, Gt)), "{} does not say that a batch is smaller than the sample", smaller)
    check_size(smaller.lts, batch, average)
    check_size(smaller.gts, average.index, average)
    constant = check_certificate(alpha, beta, smaller.lts)
    member = average.body if which == average.index else with_index(average.body, average.index, which)
    return member, constant


def batch_zero(premises: Sentences, parameters: Sentences) -> Any:
    """If the mean over every batch is zero and a batch is smaller than the sample, each member is zero."""
    vanishing, smaller = premises
    refuse(isinstance(vanishing, Eq), "{} is not an equation", vanishing)
    refuse(
        vanishing.rhs == 0 or isinstance(vanishing.rhs, ZeroMatrix), "{} does not say that a mean is zero", vanishing
    )
    member, _ = _isolated(vanishing.lhs, smaller, parameters)
    return equation(member, vanishing.rhs)


def batch_norm(premises: Sentences, parameters: Sentences) -> Any:
    """If every batch mean has norm at most e, each member has norm at most the certificate's constant times e."""
    small, smaller = premises
    refuse(isinstance(small, Le) and isinstance(small.lhs, norm), "{} is not a bound on a norm", small)
    average = small.lhs.args[0]
    member, constant = _isolated(average, smaller, parameters)
    refuse(average.batch not in free_indices(small.rhs), "the bound {} depends on {}", small.rhs, average.batch)
    return at_most(norm(member), constant * small.rhs)


def norm_scaled(premises: Sentences, parameters: Sentences) -> Any:
    """The norm of M = k X is k times the norm of X, for k >= 0 by type or by premises; parameters M, k, X."""
    matrix, factor, inner = parameters
    facts = set().union(*map(nonnegative_terms, premises))
    refuse(is_nonnegative(scalar_terms(factor), facts), "the factor {} may be negative", factor)
    refuse(same(matrix, factor * inner), "{} is not {} times {}", matrix, factor, inner)
    return equation(norm(matrix), factor * norm(inner))


def greatest_bounds(premises: Sentences, parameters: Sentences) -> Any:
    """A value is at most the greatest one over the range of its index."""
    (largest,) = parameters
    refuse(
        isinstance(largest, greatest) and largest.batch is None and not premises, "{} is not a greatest value", largest
    )
    return at_most(largest.body, largest)


def cauchy_schwarz(premises: Sentences, parameters: Sentences) -> Any:
    """An entry of M w, for a column w, is at most the norm of M times the norm of w; parameters M, w, place."""
    matrix, column, place = parameters
    refuse(column.shape[1] == 1 and not premises, "{} is not a column", column)
    return at_most(Abs(entry(matrix * column, place, 0)), norm(matrix) * norm(column))


NORM_RULES: dict[str, Any] = {
    "batch_zero": batch_zero,
    "batch_norm": batch_norm,
    "norm_scaled": norm_scaled,
    "greatest_bounds": greatest_bounds,
    "cauchy_schwarz": cauchy_schwarz,
}
