"""Rules about singular values: what is near a matrix of low rank, and what the largest singular value bounds."""

from __future__ import annotations

from typing import Any

from sympy import Abs, Trace

from symbolic.grammar import at_most, refuse
from symbolic.projections import projector
from symbolic.ranks import bounded_matrix
from symbolic.sentences import distance_to_rank, norm, spectral_norm

Sentences = tuple[Any, ...]


def distance_below(premises: Sentences, parameters: Sentences) -> Any:
    """From rank(M) <= k, the distance of X to rank k is at most the norm of X - M; the parameter is X."""
    (low,), (matrix,) = premises, parameters
    near, bound = bounded_matrix(low)
    refuse(matrix.shape == near.shape, "{} and {} have different shapes", matrix, near)
    return at_most(distance_to_rank(matrix, bound), norm(matrix - near))


def top_values(premises: Sentences, parameters: Sentences) -> Any:
    """|X|^2 <= k |X|_2^2 + distance(X, rank k)^2: the k largest singular values are at most the largest one.

    The parameter is the distance, for an integer k >= 0 (Eckart, Young 1936).
    """
    (distance,) = parameters
    refuse(isinstance(distance, distance_to_rank) and not premises, "{} is not a distance", distance)
    matrix, kept = distance.args
    refuse(kept.is_integer is True and kept.is_nonnegative is True, "{} is not an integer from 0 on", kept)
    return at_most(norm(matrix) ** 2, kept * spectral_norm(matrix) ** 2 + distance**2)


def trace_by_spectral_norm(premises: Sentences, parameters: Sentences) -> Any:
    """The trace of X M X^T is at most the spectral norm of M times |X|^2; parameters X and M."""
    matrix, middle = parameters
    refuse(not premises and middle.shape[0] == middle.shape[1], "{} is not square", middle)
    return at_most(Trace(matrix * middle * matrix.T), spectral_norm(middle) * norm(matrix) ** 2)


def two_lines(premises: Sentences, parameters: Sentences) -> Any:
    """The spectral norm of the sum of the projectors onto two lines is 1 + |cos| of their angle; parameters a, b.

    Said without division, (|P_a + P_b|_2 - 1) |a| |b| <= |a^T b|, so that it holds for zero columns too.
    """
    first, second = parameters
    fits = first.shape[1] == 1 and first.shape == second.shape
    refuse(fits and not premises, "{} and {} are not two columns", first, second)
    top = spectral_norm(projector(first) + projector(second))
    return at_most((top - 1) * norm(first) * norm(second), Abs(Trace(first.T * second)))


GEOMETRY_RULES: dict[str, Any] = {
    "distance_below": distance_below,
    "top_values": top_values,
    "trace_by_spectral_norm": trace_by_spectral_norm,
    "two_lines": two_lines,
}
