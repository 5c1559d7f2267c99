"""Every rule of inference in small worlds: the true rule never fails there, and a false variant of it is broken.

A world is random; premises that do not hold in it say nothing. A *lie* is what a wrong version of the rule would have
concluded from the same premises; a search that cannot break it would not have shown anything about the true rule.
"""

import runpy
from pathlib import Path
from typing import NamedTuple

import pytest
from sympy import (
    Abs,
    And,
    Eq,
    Identity,
    Implies,
    Integer,
    Le,
    MatAdd,
    MatMul,
    Min,
    Ne,
    Or,
    Trace,
    Transpose,
    ZeroMatrix,
)

from symbolic import chain, entry, exists, greatest, mean, norm, null, rank, relu, step
from symbolic.grammar import supposed, witness_of
from symbolic.papers import weight_decay as w
from symbolic.papers.weight_decay import A, B, E, G, N, S, T, V, b, c, g, h, i, j, m, mu, n, q, r, s, x
from symbolic.projections import projector
from symbolic.rules import RULES, apply
from symbolic.sentences import distance_to_rank, free_indices, least, spectral_norm

SMALL = runpy.run_path(str(Path(__file__).parents[1] / "small_worlds.py"))
World, Undefined, holds = SMALL["World"], SMALL["Undefined"], SMALL["holds"]
SEARCHED = 120
k = Integer(1)
ZERO = ZeroMatrix(m, n)
SMALLER = B < N
PRODUCT = MatMul(A[i], V.T)
MULTIPLE = MatMul(c, A[i], V.T)
TERMS = MatAdd(A[i], h[i])
BATCH_MEAN = mean(A[j], j, S)
SOME = exists(j, Ne(g[j], 0))
WITNESS = witness_of(SOME)
Z, MOVE = V * x[i] + b, E * x[i]
PLANE = Eq(entry(Z, s), 0)
SAME_STEP = Eq(entry(step(Z + MOVE), s), entry(step(Z), s))
POSITIVE = g[i] > 0
(FIXED,) = supposed(POSITIVE).values()
FOUND = g[FIXED] * mu <= g[FIXED] * c
LARGEST, SMALLEST = greatest(norm(G[S]), S), least(norm(G[S]), S)
SUBSET_MEAN = mean(g[j], j, T)
FAR, BY_TWO = norm(V - A[i]), distance_to_rank(V, 2)
GRAM = x[i] * x[j].T
LINES = spectral_norm(projector(x[i]) + projector(x[j]))


def moment(size, large, over, members, square=lambda mean: mean**2):
    """The second moment of means over all subsets of a size, with the given sizes."""
    body, which = members.body, members.index
    return Eq(
        size * (large - 1) * mean(square(members), over),
        (large - size) * mean(square(body), which) + large * (size - 1) * square(mean(body, which)),
    )


class Case(NamedTuple):
    """One use of a rule, and what a false variant of it would conclude; the first word of its name is the rule."""

    premises: tuple
    parameters: tuple
    lie: object
    where: dict = {}  # noqa: RUF012


CASES = {
    "hypothesis": Case((), (rank(V) <= k,), rank(V) <= 0),
    "lemma": Case((), (rank(V) <= k,), rank(V) <= 0),
    "definition": Case((), (V, b * x[i].T), Eq(V, x[i].T)),
    "instantiate": Case((g[i] > 0,), (i, j), Eq(g[i], g[j])),
    "witness": Case((SOME,), (), Ne(g[i], 0)),
    "identity": Case((Eq(V, E),), (V * x[i] + b, E * x[i] + b), Eq(V * x[i], b)),
    "recast": Case((rank(3 * V) <= k, Eq(E, 2 * V)), (rank(E + V) <= k,), rank(E + b * x[i].T) <= k, {E: 2 * V}),
    "combination": Case(
        (Eq(h[i] + c * g[i] * V, ZERO), c > 0, Ne(g[i], 0)),
        (V, -h[i] / (c * g[i]), 1 / (c * g[i])),
        Eq(V, h[i] / (c * g[i])),
        {h[i]: -c * g[i] * V},
    ),
    "products": Case(
        (Eq(E * V.T, 2 * V * V.T), Eq(A[i], 3 * E)),
        (A[i] * V.T * E, 6 * V * V.T * E),
        Eq(A[i] * V.T * E, 2 * V * V.T * E),
        {E: 2 * V, A[i]: 6 * V},
    ),
    "conjunction": Case((rank(V) <= k, c > 0), (), And(rank(V) <= k, c > 1)),
    "conjunct": Case((And(rank(V) <= k, c > 0),), (c > 0,), rank(V) <= 0),
    "either": Case((rank(V) <= k,), (Or(rank(V) <= k, c > 0),), c > 0),
    "linked": Case((Le(mu, c, evaluate=False), Le(c, r[i], evaluate=False)), (chain(mu, c, r[i]),), Le(r[i], mu)),
    "implied": Case((rank(V) <= k,), (c > 0,), Implies(rank(V) <= k, c > 0)),
    "implied_by_more": Case(
        (Implies(Le(mu, c), rank(V) <= k), Le(g[i], r[i])),
        (Le(mu + r[i], c + g[i]), Integer(1), Integer(1)),
        Implies(Le(mu + g[i], c + r[i]), rank(V) <= k),
    ),
    "implies_either": Case((Implies(c > 0, rank(V) <= k),), (Or(rank(V) <= k, mu > 0),), Or(rank(V) <= k, mu > 0)),
    "relu_is_masked": Case((), (Z,), Eq(relu(Z), Z)),
    "step_is_stable": Case((), (Z, MOVE, s), Implies(Le(Abs(entry(MOVE, s)), Abs(entry(Z, s))), SAME_STEP)),
    "null_hyperplane": Case((), (null(V, PLANE, Ne(norm(x[i]), 0)),), null(V, PLANE, Ne(norm(b), 0))),
    "rank_rows": Case((), (V,), rank(V) <= m - 1),
    "rank_columns": Case((), (V,), rank(V) <= n - 1),
    "rank_zero": Case((), (ZERO,), rank(V) <= 0),
    "rank_product": Case((rank(V.T) <= k,), (PRODUCT,), rank(PRODUCT) <= 0),
    "rank_sum": Case((rank(A[i]) <= k, rank(h[i]) <= k), (TERMS,), rank(TERMS) <= k),
    "rank_scaled": Case((rank(PRODUCT) <= k,), (MULTIPLE,), rank(MULTIPLE) <= 0),
    "rank_transpose": Case((rank(V) <= k,), (Transpose(V),), rank(V.T * V + Identity(n)) <= k),
    "rank_batch_mean": Case((rank(A[j]) <= k,), (BATCH_MEAN, B), rank(BATCH_MEAN) <= k),
    "rank_range_mean": Case((rank(A[j]) <= k,), (mean(A[j], j), N), rank(mean(A[j], j)) <= k),
    "below_minimum": Case((rank(V) <= k, rank(V) <= 2), (), rank(V) <= Min(k, 2) - 1),
    "order": Case((c >= mu, mu >= 0), (c * B >= mu, B, B - 1), mu * B <= c),
    "batch_zero": Case((Eq(mean(q[j], j, S), ZERO), SMALLER), (B, 1 - B, i), Eq(V, ZERO)),
    "batch_norm": Case((norm(mean(q[j], j, S)) <= c, SMALLER), (B, 1 - B, i), norm(q[i]) <= (2 * B - 1) * c / 2),
    "norm_scaled": Case((c >= 0,), (c * V, c, V), Eq(norm(c * V), norm(V))),
    "norm_scaled by any sign": Case((), (g[i] * V, g[i], V), Eq(norm(g[i] * V), g[i] * norm(V))),
    "batch_norm of two samples": Case(
        (norm(mean(x[j], j, S)) <= c, SMALLER),
        (Integer(0), B, -B, Integer(0), i, j),
        norm(x[i] - x[j]) <= (2 * B - 1) * c,
        {c: greatest(norm(mean(x[j], j, S)), S)},
    ),
    "batch_zero of two samples": Case(
        (Eq(mean(A[j], j, S), ZERO), SMALLER),
        (Integer(0), B, -B, Integer(0), i, j),
        Eq(A[i] + h[i], h[j]),
    ),
    "norm_combination": Case(
        (norm(A[i]) <= c, norm(h[i]) <= mu),
        (2 * A[i] - h[i], Integer(2), Integer(-1)),
        norm(2 * A[i] - h[i]) <= 2 * c - mu,
        {c: greatest(norm(A[i]), i), mu: greatest(norm(h[i]), i)},
    ),
    "cauchy_schwarz": Case((), (E, x[i], s), Abs(entry(MOVE, s)) <= norm(E) * norm(x[i]) / 2),
    "suppose": Case((), (POSITIVE,), POSITIVE),
    "discharge": Case((g[FIXED] > 0, FOUND), (POSITIVE,), g[i] * mu <= g[i] * c),
    "detach": Case((Implies(c > 0, rank(V) <= k), c > 0), (), rank(V) <= 0),
    "norm_square": Case((), (V,), Eq(norm(V) ** 2, Trace(V.T * E))),
    "squared": Case((g[i] <= c, g[i] >= 0), (), g[i] ** 2 < c**2),
    "root": Case((g[i] ** 2 <= c**2, c >= 0), (g[i] <= c,), g[i] < c),
    "square_positive": Case((Ne(g[i], 0),), (g[i],), g[i] > 0),
    "absolute_bound": Case((g[i] <= c, -g[i] <= c), (g[i],), Abs(g[i]) < c),
    "absolute_positive": Case((Ne(g[i], g[j] - 1),), (g[i] - g[j] + 1,), g[i] > g[j] - 1),
    "cleared_order": Case(
        (g[i] * mu <= g[i] * c, g[i] > 0), (mu <= c, g[i]), mu < c, {g[i]: 1 + rank(A[i]), c: mu + rank(b)}
    ),
    "cleared_order of fractions": Case(
        ((N - B) * g[i] <= B * mu, SMALLER), (g[i] <= B * mu / (N - B), N - B), g[i] <= mu / (N - B)
    ),
    "extreme_bounds": Case((), (LARGEST,), norm(G[S]) >= LARGEST),
    "extreme_bounds of the least": Case((), (SMALLEST,), norm(G[S]) <= SMALLEST),
    "extreme_between": Case((Le(norm(A[i]), c),), (greatest(norm(A[i]), i),), greatest(norm(A[i]), i) < c),
    "extreme_between of the least": Case((Le(mu, norm(A[i])),), (least(norm(A[i]), i),), mu >= least(norm(A[i]), i)),
    "mean_order": Case((g[i] <= r[i],), (i,), mean(g[i], i) < mean(r[i], i), {r[i]: g[i] + c}),
    "mean_order over a batch": Case((g[j] < r[j],), (j, S), g[i] < mean(r[j], j, S), {r[i]: g[i] + c + 1}),
    "mean_square": Case((), (mean(g[j], j, S),), mean(g[j] ** 2, j, S) <= mean(g[j], j, S) ** 2),
    "trace_of_mean": Case((), (mean(A[j] * V.T, j),), Eq(mean(Trace(A[j] * V.T), j), Trace(A[i] * V.T))),
    "batch_first_moment": Case((), (BATCH_MEAN,), Eq(mean(BATCH_MEAN, S), A[i])),
    "batch_first_moment of subsets": Case((), (SUBSET_MEAN,), Eq(mean(SUBSET_MEAN, T), SUBSET_MEAN)),
    "batch_second_moment": Case((), (BATCH_MEAN,), moment(B, N + 1, S, BATCH_MEAN, lambda mean: norm(mean) ** 2)),
    "batch_second_moment of subsets": Case((), (SUBSET_MEAN,), moment(B, N, T, SUBSET_MEAN)),
    "distance_below": Case((rank(A[i]) <= k,), (V,), distance_to_rank(V, 1) <= FAR / 2, {A[i]: b * x[i].T}),
    "top_values": Case((), (BY_TWO,), norm(V) ** 2 <= spectral_norm(V) ** 2 + BY_TWO**2),
    "top_values of k": Case(
        (), (distance_to_rank(V, w.k),), norm(V) ** 2 <= w.k * spectral_norm(V) ** 2 + distance_to_rank(V, w.k + 1) ** 2
    ),
    "trace_by_spectral_norm": Case((), (V, GRAM), 2 * Trace(V * GRAM * V.T) <= spectral_norm(GRAM) * norm(V) ** 2),
    "two_lines": Case((), (x[i], x[j]), (LINES - 1) * norm(x[i]) * norm(x[j]) <= Trace(x[i].T * x[j])),
}


def promised(world):
    """A value of the index that stands for a member that ``SOME`` promises, where one is promised."""
    found = [each for each in world.members("samples") if holds(SOME.body, world, {j: each})]
    return {WITNESS: found[0]} if found else {}


def outcomes(premises, conclusion, where, searched):
    """For worlds where the premises hold, whether the conclusion does."""
    if FIXED in set().union(*map(free_indices, premises)):
        premises = (Implies(*premises),)  # what followed from a supposition, of any member
    for seed in range(searched):
        world = World(seed, where)
        try:
            if all(holds(p, world) for p in premises):
                yield holds(conclusion, world, promised(world))
        except Undefined:
            continue


GROUNDS = ("hypothesis", "lemma", "definition", "suppose")


def rule_of(name):
    return name.partition(" ")[0]


def test_every_rule_has_a_case():
    assert set(map(rule_of, CASES)) == set(RULES)


@pytest.mark.parametrize("name", [name for name in CASES if name not in GROUNDS])
def test_a_rule_never_fails_in_a_small_world(name):
    case = CASES[name]
    conclusion = apply(rule_of(name), case.premises, case.parameters)
    seen = list(outcomes(case.premises, conclusion, case.where, SEARCHED))
    assert len(seen) >= 10
    assert all(seen)


@pytest.mark.parametrize("name", CASES)
def test_a_false_variant_of_the_rule_is_broken(name):
    case = CASES[name]
    premises = case.premises or ((case.parameters[0],) if name in ("hypothesis", "lemma") else ())
    assert not all(outcomes(premises, case.lie, case.where, 10 * SEARCHED))
