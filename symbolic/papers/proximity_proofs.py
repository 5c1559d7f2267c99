"""Sketches of the proofs of Theorem 2.6 and what strengthens it: sentences that the prover proves one after the other.

Chen, Yi, Yang 2024, Section 2.2. Each sketch lists what a reader would want to see between the hypotheses and the
conclusion; the rules in between are found by the prover, and the checker replays them.
"""

from __future__ import annotations

from typing import Any

from sympy import Abs, Eq, Integer, Lt, Trace, sqrt

from symbolic.papers.weight_decay import B, G, N, S, T, V, c, eps, g, h, i, j, k, mu, q, rho, x
from symbolic.projections import projector
from symbolic.sentences import distance_to_rank, greatest, least, mean, norm, spectral_norm
from symbolic.words import index

l = index("l", over="samples")  # noqa: E741  (a third sample, after i and j)

anchor_bound = (2 * B - 1) * eps
"""How far every sample's gradient q_i is from 0: the certificate B, -(B - 1) on batches with and without i."""

small_batches = [
    norm(G[S]) <= eps,
    mean(norm(G[S]) ** 2, S) <= eps**2,
]
second_moment = Eq(
    B * (N - 1) * mean(norm(G[S]) ** 2, S),
    (N - B) * mean(norm(q[j]) ** 2, j) + N * (B - 1) * norm(mean(q[j], j)) ** 2,
)
mean_square_bound: Any = (N - B) * mean(norm(q[j]) ** 2, j) <= B * (N - 1) * mean(norm(G[S]) ** 2, S)


small_mean_square = (N - B) * mean(norm(q[j]) ** 2, j) <= B * (N - 1) * eps**2


def positive(term: Any) -> Any:
    """The sentence that a term is larger than 0."""
    return Lt(Integer(0), term, evaluate=False)


anchor = norm(V + h[i] / (c * mu)) <= anchor_bound / (c * mu)
pair = norm(V + (h[i] - h[j]) / (c * (g[i] - g[j]))) <= 2 * B * eps / (c * Abs(g[i] - g[j]))

_near = distance_to_rank(V, 1) <= norm(V + h[i] / (c * mu))
_distance = distance_to_rank(V, 1)
rank_one = [
    anchor,
    _near,
    Eq((c * mu) ** 2 * norm(V + h[i] / (c * mu)) ** 2, norm(q[i]) ** 2),
    (c * mu) ** 2 * _distance**2 <= norm(q[i]) ** 2,
    (c * mu) ** 2 * _distance**2 <= mean(norm(q[j]) ** 2, j),
    *small_batches,
    second_moment,
    mean_square_bound,
    small_mean_square,
]

_least = least(norm(V + h[i] / (c * g[i])) ** 2, i)
rms = [
    positive(g[i] ** 2),
    positive(mean(g[j] ** 2, j)),
    Eq(c**2 * g[i] ** 2 * norm(V + h[i] / (c * g[i])) ** 2, norm(q[i]) ** 2),
    c**2 * g[i] ** 2 * _least <= norm(q[i]) ** 2,
    c**2 * mean(g[j] ** 2, j) * _least <= mean(norm(q[j]) ** 2, j),
    second_moment,
    mean_square_bound,
]

_near_subset = V + mean(h[j], j, T) / (c * mean(g[j], j, T))
_nearest = least(norm(_near_subset), T)
_subset = mean(q[j], j, T)
_over_subsets = mean(norm(_subset) ** 2, T)
rank_k = [
    positive(mean(g[j], j)),
    positive(mean(g[j], j, T)),
    Eq(c**2 * mean(g[j], j, T) ** 2 * norm(_near_subset) ** 2, norm(_subset) ** 2),
    _nearest <= norm(_near_subset),
    c**2 * mean(g[j], j, T) ** 2 * _nearest**2 <= norm(_subset) ** 2,
    c**2 * mean(mean(g[j], j, T) ** 2, T) * _nearest**2 <= _over_subsets,
    Eq(mean(mean(g[j], j, T), T), mean(g[j], j)),
    mean(mean(g[j], j, T), T) ** 2 <= mean(mean(g[j], j, T) ** 2, T),
    mean(g[j], j) ** 2 <= mean(mean(g[j], j, T) ** 2, T),
    c**2 * mean(g[j], j) ** 2 * _nearest**2 <= _over_subsets,
    Eq(
        k * (N - 1) * _over_subsets,
        (N - k) * mean(norm(q[j]) ** 2, j) + N * (k - 1) * norm(mean(q[j], j)) ** 2,
    ),
    *small_batches,
    second_moment,
    k < N,
    k * N * (N - 1) * norm(mean(q[j], j)) ** 2 <= B * N * (N - 1) * norm(mean(q[j], j)) ** 2,
    k * (N - 1) * (N - B) * _over_subsets <= B * (N - 1) * (N - k) * mean(norm(G[S]) ** 2, S),
    k * (N - B) * _over_subsets <= B * (N - k) * mean(norm(G[S]) ** 2, S),
    B * (N - k) * mean(norm(G[S]) ** 2, S) <= B * (N - k) * eps**2,
    k * (N - B) * c**2 * mean(g[j], j) ** 2 * _nearest**2 <= k * (N - B) * _over_subsets,
    k * (N - B) * c**2 * mean(g[j], j) ** 2 * _nearest**2 <= B * (N - k) * eps**2,
    distance_to_rank(V, k) <= norm(_near_subset),
    distance_to_rank(V, k) <= _nearest,
    _nearest <= eps / (c * mean(g[j], j)) * sqrt(B * (N - k) / (k * (N - B))),
]

stable_rank = [
    positive(1 - rho**2),
    norm(V) ** 2 * (1 - rho**2) <= k * spectral_norm(V) ** 2,
]

_line = projector(x[i])
per_point = [
    Eq(norm(q[i]) ** 2, norm(q[i] * _line) ** 2 + norm(q[i] - q[i] * _line) ** 2),
    norm(q[i]) <= anchor_bound,
    norm(q[i] - q[i] * _line) <= norm(q[i]),
    norm(q[i] - q[i] * _line) <= anchor_bound,
]
_top = spectral_norm(_line + projector(x[j]))
_lengths = norm(x[i]) * norm(x[j])
two_points = [
    *per_point,
    norm(V - V * _line) <= anchor_bound / (c * mu),
    Eq(norm(V - V * _line) ** 2, norm(V) ** 2 - Trace(V * _line * V.T)),
    norm(V) ** 2 - Trace(V * _line * V.T) <= (anchor_bound / (c * mu)) ** 2,
    2 * norm(V) ** 2 - Trace(V * (_line + projector(x[j])) * V.T) <= 2 * (anchor_bound / (c * mu)) ** 2,
    (2 - _top) * norm(V) ** 2 <= 2 * (anchor_bound / (c * mu)) ** 2,
    (2 - _top) * norm(V) ** 2 * _lengths <= 2 * (anchor_bound / (c * mu)) ** 2 * _lengths,
    (_top - 1) * _lengths * norm(V) ** 2 <= Abs(Trace(x[i].T * x[j])) * norm(V) ** 2,
]
_lines = mean(g[j] ** 2 * projector(x[j]), j)
top_eigenvalue = [
    per_point[0],
    Eq(norm(q[i] - q[i] * _line) ** 2, c**2 * g[i] ** 2 * (norm(V) ** 2 - Trace(V * _line * V.T))),
    c**2 * g[i] ** 2 * (norm(V) ** 2 - Trace(V * _line * V.T)) <= norm(q[i]) ** 2,
    c**2 * (mean(g[j] ** 2, j) * norm(V) ** 2 - mean(g[j] ** 2 * Trace(V * projector(x[j]) * V.T), j))
    <= mean(norm(q[j]) ** 2, j),
    Eq(mean(g[j] ** 2 * Trace(V * projector(x[j]) * V.T), j), Trace(V * _lines * V.T)),
    c**2 * norm(V) ** 2 * (mean(g[j] ** 2, j) - spectral_norm(_lines)) <= mean(norm(q[j]) ** 2, j),
    *small_batches,
    second_moment,
    mean_square_bound,
    small_mean_square,
]

separating = [
    g[i] <= greatest(g[l], l),
    positive(greatest(g[l], l)),
    Abs(g[i] - g[j]) <= greatest(g[l], l),
]
