"""Rules about means, extremes and squares: what is smaller is smaller on the mean, and moments over all batches.

For members q_j of N, and the means over all subsets of B of them, every pair of members lies in the same number of
subsets, so that (Serfling 1974, or by counting)

    B (N - 1) mean_S |mean_S q|^2 = (N - B) mean |q_j|^2 + N (B - 1) |mean q|^2.
"""

from __future__ import annotations

from typing import Any

from sympy import Abs, Ge, Gt, Le, Lt, S, Trace

from symbolic.grammar import (
    at_most,
    equation,
    is_witness,
    nonnegative_terms,
    nonzero_terms,
    positive_terms,
    rebuilt,
    refuse,
    size_for,
)
from symbolic.normal import cleared, product, same, scalar_terms
from symbolic.ranks import known_nonnegative
from symbolic.sentences import free_indices, greatest, least, mean, mean_matrix, mean_scalar, norm
from symbolic.words import Index

Sentences = tuple[Any, ...]


def _facts(premises: Sentences) -> set[Any]:
    return set().union(*map(nonnegative_terms, premises))


def _order(sentence: Any) -> Any:
    refuse(isinstance(sentence, (Le, Lt, Ge, Gt)), "{} is not an inequality", sentence)
    return sentence


def norm_square(premises: Sentences, parameters: Sentences) -> Any:
    """The squared norm of M is the trace of M^T M."""
    (matrix,) = parameters
    refuse(not premises, "this rule takes no premise")
    return equation(norm(matrix) ** 2, Trace(matrix.T * matrix))


def squared(premises: Sentences, parameters: Sentences) -> Any:
    """From a <= b with a >= 0, a^2 <= b^2; further premises say that a term is at least 0."""
    refuse(not parameters, "this rule takes no parameter")
    small = _order(premises[0])
    refuse(known_nonnegative(small.lts, _facts(premises[1:])), "{} may be negative", small.lts)
    return at_most(small.lts**2, small.gts**2)


def root(premises: Sentences, parameters: Sentences) -> Any:
    """From a^2 <= b^2 with b >= 0, a <= b, the goal; further premises say that a term is at least 0."""
    (goal,) = parameters
    small = _order(premises[0])
    fits = same(small.gts - small.lts, goal.gts**2 - goal.lts**2) and isinstance(goal, Le)
    refuse(fits, "{} is not {} with both sides squared", small, goal)
    refuse(known_nonnegative(goal.gts, _facts(premises[1:])), "{} may be negative", goal.gts)
    return goal


def square_positive(premises: Sentences, parameters: Sentences) -> Any:
    """The square of what is not 0 is larger than 0."""
    (premise,), (term,) = premises, parameters
    refuse(term in nonzero_terms(premise), "{} does not say that {} is not 0", premise, term)
    return Lt(S.Zero, term**2, evaluate=False)


def absolute_bound(premises: Sentences, parameters: Sentences) -> Any:
    """From t <= b and -t <= b, |t| <= b; the parameter is t."""
    (above, below), (term,) = premises, parameters
    bound = above.gts
    fits = isinstance(above, (Le, Ge)) and isinstance(below, (Le, Ge)) and below.gts == bound
    refuse(fits and above.lts == term and same(below.lts, -term), "{} and {} do not bound {}", above, below, term)
    return at_most(Abs(term), bound)


def absolute_positive(premises: Sentences, parameters: Sentences) -> Any:
    """The absolute value of what is not 0 is larger than 0."""
    (premise,), (term,) = premises, parameters
    refuse(term in nonzero_terms(premise), "{} does not say that {} is not 0", premise, term)
    return Lt(S.Zero, Abs(term), evaluate=False)


def cleared_order(premises: Sentences, parameters: Sentences) -> Any:
    """An inequality from the same one times k > 0; parameters are the goal and the factors of k.

    Each factor is larger than 0 by type or by a premise after the first.
    """
    whole, *positive = premises
    goal, *factors = parameters
    _order(whole)
    refuse(type(_order(goal)) in _like(whole), "{} is not of the kind of {}", goal, whole)
    facts = [t for p in positive for t in positive_terms(p)]
    left = scalar_terms(goal.gts - goal.lts)
    for factor in factors:
        fits = factor.is_positive is True or any(same(factor, fact) for fact in facts)
        refuse(fits, "{} may be 0 or negative", factor)
        left = product(left, scalar_terms(factor))
    right = scalar_terms(whole.gts - whole.lts)
    apart = {m: v for m in {*left, *right} if (v := left.get(m, 0) - right.get(m, 0)) != 0}
    refuse(not cleared(apart), "{} times the factors is not {}", goal, whole)
    return goal


def _like(sentence: Any) -> tuple[type, ...]:
    return (Lt, Gt) if isinstance(sentence, (Lt, Gt)) else (Le, Ge)


def extreme_bounds(premises: Sentences, parameters: Sentences) -> Any:
    """A value lies between the least and the greatest one over the range of its index; the parameter is either."""
    (extreme,) = parameters
    refuse(isinstance(extreme, (greatest, least)) and extreme.batch is None, "{} is not an extreme value", extreme)
    refuse(not premises, "this rule takes no premise")
    return at_most(extreme.body, extreme) if isinstance(extreme, greatest) else at_most(extreme, extreme.body)


def extreme_between(premises: Sentences, parameters: Sentences) -> Any:
    """What is at most every value is at most the least, what is at least every value is at least the greatest."""
    (small,), (extreme,) = premises, parameters
    refuse(isinstance(extreme, (greatest, least)) and extreme.batch is None, "{} is not an extreme value", extreme)
    refuse(isinstance(small, Le), "{} is not an inequality", small)
    ends = (small.lhs, small.rhs) if isinstance(extreme, greatest) else (small.rhs, small.lhs)
    refuse(ends[0] == extreme.body, "{} is not about {}", small, extreme.body)
    refuse(extreme.index not in free_indices(ends[1]), "{} depends on {}", ends[1], extreme.index)
    refuse(not is_witness(extreme.index), "{} stands for one member", extreme.index)
    return at_most(extreme, ends[1]) if isinstance(extreme, greatest) else at_most(ends[1], extreme)


def mean_order(premises: Sentences, parameters: Sentences) -> Any:
    """From a <= b for every value of an index, the same of their means; so too for <.

    Parameters are the index and, for means over the members of a batch, the batch.
    """
    (small,) = premises
    which, *batch = parameters
    _order(small)
    refuse(isinstance(which, Index) and not is_witness(which), "{} does not read 'for every'", which)
    refuse(which in free_indices(small), "{} does not depend on {}", small, which)
    refuse(all(isinstance(b, Index) and not is_witness(b) for b in batch) and len(batch) < 2, "bad batch")
    return rebuilt(small, [mean(side, which, *batch) for side in small.args])


def mean_square(premises: Sentences, parameters: Sentences) -> Any:
    """The square of a mean is at most the mean of the squares (Jensen 1906)."""
    (average,) = parameters
    refuse(isinstance(average, mean_scalar) and not premises, "{} is not a mean of reals", average)
    return at_most(average**2, mean(average.body**2, *average.args[1:]))


def trace_of_mean(premises: Sentences, parameters: Sentences) -> Any:
    """The mean of the traces is the trace of the mean."""
    (average,) = parameters
    refuse(isinstance(average, mean_matrix) and not premises, "{} is not a mean of matrices", average)
    return equation(mean(Trace(average.body), *average.args[1:]), Trace(average))


def batch_first_moment(premises: Sentences, parameters: Sentences) -> Any:
    """The mean over all batches of the means over their members is the mean over the sample."""
    average, batch = _batch_mean(premises, parameters)
    return equation(mean(average, batch), mean(average.body, average.index))


def batch_second_moment(premises: Sentences, parameters: Sentences) -> Any:
    """B (N - 1) mean_S |mean_S q|^2 = (N - B) mean |q|^2 + N (B - 1) |mean q|^2, for matrices and reals."""
    average, batch = _batch_mean(premises, parameters)
    body, which = average.body, average.index
    small, large = size_for(batch, average), size_for(which, average)
    refuse(small is not None and large is not None, "the words of {} do not tell its sizes", average)
    size = norm if isinstance(average, mean_matrix) else (lambda real: real)
    return equation(
        small * (large - 1) * mean(size(average) ** 2, batch),
        (large - small) * mean(size(body) ** 2, which) + large * (small - 1) * size(mean(body, which)) ** 2,
    )


def _batch_mean(premises: Sentences, parameters: Sentences) -> tuple[Any, Index]:
    (average,) = parameters
    refuse(not premises, "this rule takes no premise")
    fits = isinstance(average, (mean_matrix, mean_scalar)) and average.batch is not None
    refuse(fits and average.batch.over in ("batches", "subsets"), "{} is not a mean over all subsets", average)
    refuse(not is_witness(average.batch), "{} stands for one member", average.batch)
    refuse(average.batch not in free_indices(average.body), "the members of {} depend on {}", average, average.batch)
    return average, average.batch


AVERAGE_RULES: dict[str, Any] = {
    "norm_square": norm_square,
    "squared": squared,
    "root": root,
    "square_positive": square_positive,
    "absolute_bound": absolute_bound,
    "absolute_positive": absolute_positive,
    "cleared_order": cleared_order,
    "extreme_bounds": extreme_bounds,
    "extreme_between": extreme_between,
    "mean_order": mean_order,
    "mean_square": mean_square,
    "trace_of_mean": trace_of_mean,
    "batch_first_moment": batch_first_moment,
    "batch_second_moment": batch_second_moment,
}
