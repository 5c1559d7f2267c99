"""A linear combination of small things is small: certificates over batches, and facts about norms."""

from __future__ import annotations

from typing import Any

from sympy import Abs, Eq, Gt, Le, Lt, ZeroMatrix

from symbolic.certificates import Certificate
from symbolic.grammar import at_most, check_size, equation, is_witness, nonnegative_terms, refuse, with_index
from symbolic.normal import same
from symbolic.ranks import known_nonnegative
from symbolic.sentences import entry, free_indices, mean_matrix, mean_scalar, norm
from symbolic.words import Index

Sentences = tuple[Any, ...]


def _combined(average: Any, smaller: Any, parameters: Sentences) -> tuple[Any, Any]:
    """The combination of members that a certificate makes of batch means, and its constant.

    Parameters are the coefficients, one for each class of batches, and the indices of the named samples.
    """
    named = tuple(p for p in parameters if isinstance(p, Index))
    certificate = Certificate(parameters[: len(parameters) - len(named)])
    refuse(len(named) == certificate.named, "{} samples are named, not {}", len(named), certificate.named)
    refuse(isinstance(average, (mean_matrix, mean_scalar)) and average.batch, "{} is not a mean over a batch", average)
    batch = average.batch
    refuse(batch.over == "batches" and not is_witness(batch), "{} does not run over all batches", batch)
    refuse(batch not in free_indices(average.body), "the members of {} depend on {}", average, batch)
    refuse(all(i.over == average.index.over for i in named), "{} are not indices of samples", named)
    refuse(isinstance(smaller, (Lt, Gt)), "{} does not say that a batch is smaller than the sample", smaller)
    check_size(smaller.lts, batch, average)
    check_size(smaller.gts, average.index, average)
    weights, constant = certificate.check(smaller.lts)
    members = [average.body if i == average.index else with_index(average.body, average.index, i) for i in named]
    terms = [m if w == 1 else w * m for w, m in zip(weights, members, strict=True)]
    return sum(terms[1:], terms[0]), constant


def batch_zero(premises: Sentences, parameters: Sentences) -> Any:
    """If the mean over every batch is zero and a batch is smaller than the sample, so is what a certificate makes."""
    vanishing, smaller = premises
    refuse(isinstance(vanishing, Eq), "{} is not an equation", vanishing)
    refuse(
        vanishing.rhs == 0 or isinstance(vanishing.rhs, ZeroMatrix), "{} does not say that a mean is zero", vanishing
    )
    member, _ = _combined(vanishing.lhs, smaller, parameters)
    return equation(member, vanishing.rhs)


def batch_norm(premises: Sentences, parameters: Sentences) -> Any:
    """If every batch mean has norm at most e, what a certificate makes has norm at most its constant times e."""
    small, smaller = premises
    refuse(isinstance(small, Le) and isinstance(small.lhs, norm), "{} is not a bound on a norm", small)
    average = small.lhs.args[0]
    member, constant = _combined(average, smaller, parameters)
    refuse(average.batch not in free_indices(small.rhs), "the bound {} depends on {}", small.rhs, average.batch)
    return at_most(norm(member), constant * small.rhs)


def norm_combination(premises: Sentences, parameters: Sentences) -> Any:
    """The triangle inequality: from |X_k| <= b_k for each k, |sum a_k X_k| <= sum |a_k| b_k.

    Parameters are the sum M, as it will be written, and the coefficients a_k.
    """
    matrix, *coefficients = parameters
    refuse(len(coefficients) == len(premises) > 0, "one coefficient is needed for each premise")
    for premise in premises:
        refuse(isinstance(premise, Le) and isinstance(premise.lhs, norm), "{} is not a bound on a norm", premise)
    terms = [a * p.lhs.args[0] for a, p in zip(coefficients, premises, strict=True)]
    refuse(same(matrix, sum(terms[1:], terms[0])), "{} is not that combination", matrix)
    return at_most(norm(matrix), sum(Abs(a) * p.rhs for a, p in zip(coefficients, premises, strict=True)))


def norm_scaled(premises: Sentences, parameters: Sentences) -> Any:
    """The norm of M = k X is |k| times the norm of X, without the bars where k >= 0; parameters M, k, X.

    Premises say that a term is at least 0.
    """
    matrix, factor, inner = parameters
    facts = set().union(*map(nonnegative_terms, premises))
    refuse(same(matrix, factor * inner), "{} is not {} times {}", matrix, factor, inner)
    size = factor if known_nonnegative(factor, facts) else Abs(factor)
    return equation(norm(matrix), size * norm(inner))


def cauchy_schwarz(premises: Sentences, parameters: Sentences) -> Any:
    """An entry of M w, for a column w, is at most the norm of M times the norm of w; parameters M, w, place."""
    matrix, column, place = parameters
    refuse(column.shape[1] == 1 and not premises, "{} is not a column", column)
    return at_most(Abs(entry(matrix * column, place, 0)), norm(matrix) * norm(column))


NORM_RULES: dict[str, Any] = {
    "batch_zero": batch_zero,
    "batch_norm": batch_norm,
    "norm_combination": norm_combination,
    "norm_scaled": norm_scaled,
    "cauchy_schwarz": cauchy_schwarz,
}
