"""Every rule of inference in small worlds: the true rule never fails there, and a false variant of it is broken.

A world is random; premises that do not hold in it say nothing. A *lie* is what a wrong version of the rule would have
concluded from the same premises; a search that cannot break it would not have shown anything about the true rule.
"""

import runpy
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from scipy.optimize import linprog
from sympy import (
    Abs,
    And,
    Eq,
    Function,
    I,
    Identity,
    Implies,
    Integer,
    Le,
    MatAdd,
    MatMul,
    Min,
    Ne,
    Or,
    Rational,
    Trace,
    Transpose,
    ZeroMatrix,
    oo,
)

from symbolic import chain, diagonal, entry, exists, greatest, index, mean, norm, null, rank, relu, step, word
from symbolic.certificates import Certificate, patterns, proposed, verified
from symbolic.grammar import RuleError, supposed, witness_of
from symbolic.papers import weight_decay as w
from symbolic.papers.weight_decay import A, B, D, E, G, N, P, S, T, V, b, c, g, h, i, j, m, mu, n, q, r, s, u, x
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
OUTER = b * x[i].T
BATCH_MEAN = mean(A[j], j, S)
NEGATIVE = Le(entry(b, s), -1)
SOME = exists(j, Ne(g[j], 0))
WITNESS = witness_of(SOME)
Z, MOVE = V * x[i] + b, E * x[i]
PLANE = Eq(entry(Z, s), 0)
SAME_STEP = Eq(entry(step(Z + MOVE), s), entry(step(Z), s))
CLOSE = Le(2 * Abs(entry(MOVE, s)), Abs(entry(Z, s)))
POSITIVE = g[i] > 0
(FIXED,) = supposed(POSITIVE).values()
FOUND = g[FIXED] * mu <= g[FIXED] * c
LARGEST, SMALLEST = greatest(norm(G[S]), S), least(norm(G[S]), S)
SAMPLE_MEAN, SUBSET_MEAN = mean(h[j], j), mean(g[j], j, T)
FAR, BY_TWO = norm(V - A[i]), distance_to_rank(V, 2)
GRAM = x[i] * x[j].T
LINES = spectral_norm(projector(x[i]) + projector(x[j]))
SHADOW = index("_1", over="samples")
PAIRED = word("draft:paired", "a number of two samples", over=("samples", "samples"))


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


REFUSED = {
    "a free index that stands for one member": ("instantiate", (Ne(g[WITNESS], 0),), (WITNESS, i)),
    "an index of another range": ("instantiate", (g[i] > 0,), (i, s)),
    "a promise that depends on another index": ("witness", (exists(j, g[j] > g[i]),), ()),
    "a sum taken for a mean": ("identity", (), (mean(A[j], j, S) * B, mean(A[j], j, S))),
    "a product turned around": ("identity", (), (V * V.T * D[i], D[i] * V * V.T)),
    "a division by what may be 0": ("combination", (Eq(c * V, ZERO),), (V, ZERO, 1 / c)),
    "a factor of the wrong sign": ("order", (c <= mu,), (mu <= c, Integer(-1))),
    "a strict goal from equality": ("order", (c <= mu,), (c < mu, k)),
    "part of no conjunction": ("conjunct", (rank(V) <= k,), (rank(V) <= k,)),
    "a case that is not there": ("either", (rank(V) <= k,), (Or(c > 0, mu > 0),)),
    "links in the wrong order": ("linked", (Le(c, mu), Le(mu, c)), (chain(mu, c, mu),)),
    "relu of a matrix": ("relu_is_masked", (), (V,)),
    "a null set in a zero input": ("null_hyperplane", (), (null(V, PLANE),)),
    "a null set for another reason": ("null_hyperplane", (), (null(V, PLANE, Ne(norm(b), 0)),)),
    "a null set of a squared equation": ("null_hyperplane", (), (null(V, Eq(entry(Z, s) ** 2, 0), Ne(norm(x[i]), 0)),)),
    "a null set of an equation without V": ("null_hyperplane", (), (null(V, Eq(entry(b, s), 0), Ne(norm(x[i]), 0)),)),
    "a bound on another matrix": ("rank_product", (rank(E) <= k,), (PRODUCT,)),
    "the terms in another order": ("rank_sum", (rank(h[i]) <= k, rank(A[i]) <= k), (TERMS,)),
    "a bound that depends on the member": ("rank_batch_mean", (rank(A[j]) <= rank(h[j]),), (mean(A[j], j, S), B)),
    "a size that is not the batch's": ("rank_batch_mean", (rank(A[j]) <= k,), (mean(A[j], j, S), m)),
    "a mean over a batch as over the sample": ("rank_range_mean", (rank(A[j]) <= k,), (mean(A[j], j, S), N)),
    "the minimum of bounds on two matrices": ("below_minimum", (rank(V) <= k, rank(E) <= 2), ()),
    "all batches without B < N": ("batch_zero", (Eq(mean(q[j], j, S), ZERO), c < mu), (B, 1 - B, i)),
    "members that depend on the batch": ("batch_zero", (Eq(mean(q[j] + G[S], j, S), ZERO), SMALLER), (B, 1 - B, i)),
    "a wrong certificate": ("batch_zero", (Eq(mean(q[j], j, S), ZERO), SMALLER), (B, -B, i)),
    "a bound that depends on the batch": ("batch_norm", (norm(mean(q[j], j, S)) <= norm(G[S]), SMALLER), (B, 1 - B, i)),
    "another multiple of a norm": ("norm_scaled", (), (-V, Integer(-2), V)),
    "the greatest of no range": ("extreme_bounds", (), (norm(G[S]),)),
    "the greatest in a batch": ("extreme_bounds", (), (greatest(norm(A[j]), j, S),)),
    "a bound on something else": ("extreme_between", (Le(g[i], c),), (greatest(r[i], i),)),
    "a bound that depends on the index": ("extreme_between", (Le(g[i], r[i]),), (greatest(g[i], i),)),
    "a bound from the wrong side": ("extreme_between", (Le(c, g[i]),), (greatest(g[i], i),)),
    "the extreme of one fixed member": ("extreme_between", (Le(g[FIXED], c),), (greatest(g[i], i),)),
    "a row that is no column": ("cauchy_schwarz", (), (E, V.T, s)),
    "an unknown rule": ("because", (), (V,)),
    "a conclusion that says nothing": ("conjunction", (), ()),
    "a parameter of the wrong kind": ("rank_rows", (), (c,)),
    "an infinite bound": ("order", (), (Le(mu, oo, evaluate=False),)),
    "a diagonal of a matrix": ("identity", (), (diagonal(V), diagonal(2 * V))),
    "a trace that is not cyclic": ("identity", (), (Trace(V * V.T * D[i]), Trace(V.T * V * diagonal(x[i])))),
    "a condition that is weaker": (
        "implied_by_more",
        (Implies(CLOSE, SAME_STEP),),
        (Le(Abs(entry(MOVE, s)), Abs(entry(Z, s))), k),
    ),
    "what is supposed of one fixed member": ("suppose", (), (g[FIXED] > 0,)),
    "a number supposed": ("suppose", (), (g[i],)),
    "an existence supposed": ("suppose", (), (SOME,)),
    "what was not supposed": ("discharge", (g[FIXED] > 1, FOUND), (POSITIVE,)),
    "a conclusion about another member": ("discharge", (g[FIXED] > 0, g[WITNESS] > 0), (POSITIVE,)),
    "a conclusion about every member": ("discharge", (g[FIXED] > 0, g[FIXED] > g[i]), (POSITIVE,)),
    "another condition": ("detach", (Implies(c > 0, rank(V) <= k), mu > 0), ()),
    "no implication": ("detach", (Or(c > 0, rank(V) <= k), c > 0), ()),
    "a matrix as a coefficient": ("norm_combination", (norm(A[i]) <= c,), (D[i] * A[i], D[i])),
    "an identity as a coefficient": ("norm_combination", (norm(A[i]) <= c,), (A[i], Identity(m))),
    "another combination": ("norm_combination", (norm(A[i]) <= c,), (2 * A[i], k)),
    "a bound from below on a norm": ("norm_combination", (norm(A[i]) >= c,), (2 * A[i], Integer(2))),
    "a matrix as a factor": ("norm_scaled", (), (D[i] * A[i], D[i], A[i])),
    "the square of a sum of entries": ("norm_square", (c > 0,), (V,)),
    "the square of what may be negative": ("squared", (g[i] <= c,), ()),
    "the square for another sign": ("squared", (g[i] <= c, g[j] >= 0), ()),
    "the square of an equation": ("squared", (Eq(g[i], c), g[i] >= 0), ()),
    "a root that may be negative": ("root", (g[i] ** 2 <= mu**2,), (g[i] <= mu,)),
    "a root of the other sign": ("root", (g[i] ** 2 <= mu**2, mu <= 0), (g[i] <= mu,)),
    "a root of what is no square": ("root", (g[i] ** 2 <= 2 * c**2,), (g[i] <= c,)),
    "a strict root": ("root", (g[i] ** 2 <= c**2,), (g[i] < c,)),
    "the square of what may be 0": ("square_positive", (g[i] >= 0,), (g[i],)),
    "the size of what may be 0": ("absolute_positive", (Ne(r[i], 0),), (g[i],)),
    "two bounds on a size": ("absolute_bound", (g[i] <= c, -g[i] <= mu), (g[i],)),
    "one side of a size": ("absolute_bound", (g[i] <= c, g[i] <= c), (g[i],)),
    "a factor of any sign": ("cleared_order", (g[i] * mu <= g[i] * c,), (mu <= c, g[i])),
    "a factor that may be 0": ("cleared_order", (g[i] * mu <= g[i] * c, g[i] >= 0), (mu <= c, g[i])),
    "the sign of another member": ("cleared_order", (g[i] * mu <= g[i] * c, g[j] > 0), (mu <= c, g[i])),
    "a strict goal of a factor": ("cleared_order", (g[i] * mu <= g[i] * c, g[i] > 0), (mu < c, g[i])),
    "another factor than said": ("cleared_order", (B * mu <= B * c,), (mu <= c, N)),
    "the mean of one fixed member": ("mean_order", (g[FIXED] <= c,), (FIXED,)),
    "a mean over what is bound": ("mean_order", (Le(mean(g[j], j), c),), (j,)),
    "a mean over a fixed batch": ("mean_order", (g[j] <= c,), (j, index("!0", over="batches"))),
    "the mean of equations": ("mean_order", (Eq(g[j], c),), (j,)),
    "the square of the mean of matrices": ("mean_square", (), (BATCH_MEAN,)),
    "a square that is imaginary": ("mean_square", (), (mean(I * g[j], j),)),
    "a norm of the imaginary": ("norm_square", (), (I * V,)),
    "the trace of a mean of reals": ("trace_of_mean", (), (SUBSET_MEAN,)),
    "the trace of what is not square": ("trace_of_mean", (), (SAMPLE_MEAN,)),
    "moments over the sample": ("batch_second_moment", (), (SAMPLE_MEAN,)),
    "moments over some batches": ("batch_second_moment", (), (mean(g[j], j, P),)),
    "first moments over some batches": ("batch_first_moment", (), (mean(g[j], j, P),)),
    "moments of what depends on the batch": ("batch_second_moment", (), (mean(g[j] * w.mu_batch[S], j, S),)),
    "means of what depends on the batch": ("batch_first_moment", (), (mean(g[j] * w.mu_batch[S], j, S),)),
    "moments of one fixed batch": ("batch_second_moment", (), (mean(g[j], j, index("!0", over="batches")),)),
    "moments of words without sizes": ("batch_second_moment", (), (mean(PAIRED[i, j], j, S),)),
    "a distance to another shape": ("distance_below", (rank(V * V.T) <= k,), (V,)),
    "a distance to what has some rank": ("distance_below", (rank(A[i]) >= k,), (V,)),
    "half a singular value": ("top_values", (), (distance_to_rank(V, Rational(1, 2)),)),
    "a negative rank": ("top_values", (), (distance_to_rank(V, -1),)),
    "a rank that may be negative": ("top_values", (), (distance_to_rank(V, N - B),)),
    "a rank that is no integer": ("top_values", (), (distance_to_rank(V, c),)),
    "a norm as a distance": ("top_values", (), (norm(V),)),
    "the trace around what is not square": ("trace_by_spectral_norm", (), (V.T, A[i])),
    "two planes": ("two_lines", (), (V, A[i])),
    "two lines of two spaces": ("two_lines", (), (x[i], b)),
    "half of a pair": (
        "batch_norm",
        (norm(mean(q[j], j, S)) <= c, SMALLER),
        (Integer(0), B, Integer(0), Integer(0), i, j),
    ),
    "batches with both of two samples": (
        "batch_norm",
        (norm(mean(q[j], j, S)) <= c, SMALLER),
        (2 * B - 2, 2 - B, 2 - B, Integer(0), i, j),
    ),
    "one sample named for two": (
        "batch_norm",
        (norm(mean(q[j], j, S)) <= c, SMALLER),
        (Integer(0), B, -B, Integer(0), i),
    ),
    "a certificate over subsets of k": ("batch_norm", (norm(mean(q[j], j, T)) <= c, w.k < N), (w.k, 1 - w.k, i)),
    "a certificate over a partition": ("batch_norm", (norm(mean(q[j], j, P)) <= c, SMALLER), (B, 1 - B, i)),
    "a coefficient of unknown sign": ("batch_norm", (norm(mean(q[j], j, S)) <= c, SMALLER), (mu * B, mu * (1 - B), i)),
    "a letter that normal forms reserve": (
        "identity",
        (),
        (mean(Abs(g[j] + r[SHADOW]) * mean(g[i], i), j), mean(g[i], i) * mean(Abs(g[j] + r[j]), j)),
    ),
    "an unknown function of a matrix": ("identity", (), (Function("f")(V), Function("f")(V))),
    "u D for u": ("identity", (), (u * D[i] * b, u * b)),
    "two different outer products": ("recast", (rank(OUTER) <= k,), (rank(OUTER + V) <= k,)),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_rule_refuses_in_one_sentence(what):
    rule, premises, parameters = REFUSED[what]
    with pytest.raises(RuleError) as caught:
        apply(rule, premises, parameters)
    assert "\n" not in str(caught.value)


def test_a_certificate_gives_its_weights_and_its_constant():
    assert Certificate((B, 1 - B)).check(B) == ((1,), 2 * B - 1)
    assert Certificate((Integer(0), B, -B, Integer(0))).check(B) == ((1, -1), 2 * B)
    assert Certificate((Integer(0), -B / 2, B / 2, Integer(0))).check(B) == ((-HALF, HALF), B)


HALF = Rational(1, 2)
WRONG = [
    (B + 1, 1 - B),
    (B, -B),
    (B, B - 1),
    (2 * B, 1 - B),
    (N, 1 - N),
    (Integer(0), B, B, Integer(0)),
    (Integer(0), B, 1 - B, Integer(0)),
    (Integer(0), B, Integer(0), 1 - B),  # there may be no batch without either sample
    (B - 1, Integer(0), Integer(0), 2 - B),  # or with both
    (mu * B, mu * (1 - B)),
]


@pytest.mark.parametrize("coefficients", WRONG)
def test_wrong_coefficients_are_refused(coefficients):
    with pytest.raises(RuleError):
        Certificate(coefficients).check(B)


def test_a_certificate_names_one_sample_or_two():
    for count in (0, 1, 3, 8):
        with pytest.raises(RuleError, match="2 or 4 coefficients"):
            Certificate((B,) * count)


def least_over_batches(weights, samples, batch):
    """The least constant over multiples of single batches, by a linear program without classes."""
    batches = list(combinations(range(samples), batch))
    inside = np.array([[float(t in each) / batch for each in batches] for t in range(samples)])
    wanted = [*map(float, weights), *[0.0] * (samples - len(weights))]
    found = linprog([1.0] * (2 * len(batches)), A_eq=np.hstack([inside, -inside]), b_eq=wanted, method="highs")
    return None if found.x is None else Fraction(float(found.fun)).limit_denominator(1000)


SIZES = [(samples, batch) for samples in range(1, 6) for batch in range(1, samples + 1)]


@pytest.mark.parametrize(("samples", "batch"), SIZES)
@pytest.mark.parametrize("weights", [(1,), (1, -1), (1, 1), (2, -1), (1, -2, 1)])
def test_no_certificate_over_single_batches_is_cheaper_than_the_proposed_one(samples, batch, weights):
    weights = tuple(map(Fraction, weights))
    if len(weights) > samples:
        with pytest.raises(RuleError, match="named"):
            proposed(weights, samples, batch)
        return
    best = least_over_batches(weights, samples, batch)
    if best is None:
        with pytest.raises(RuleError, match="no multiples"):
            proposed(weights, samples, batch)
        return
    coefficients, constant = proposed(weights, samples, batch)
    assert constant == best
    assert verified(coefficients, weights, samples, batch) == constant
    if batch < samples and weights == (1,):
        assert constant == 2 * batch - 1
    if batch < samples and weights == (1, -1):
        assert constant == 2 * batch


@pytest.mark.parametrize("changed", patterns(2))
def test_changed_coefficients_are_not_verified(changed):
    weights = (Fraction(1), Fraction(-1))
    coefficients, _ = proposed(weights, 5, 2)
    assert set(coefficients) == set(patterns(2))
    with pytest.raises(RuleError):
        verified({**coefficients, changed: coefficients[changed] + Fraction(1, 7)}, weights, 5, 2)


def test_coefficients_for_classes_without_a_batch_are_not_verified():
    weights = (Fraction(1), Fraction(-1))
    only = {(1, 1): Fraction(1), (1, 0): Fraction(1), (0, 1): Fraction(-1), (0, 0): Fraction(0)}
    with pytest.raises(RuleError, match="no batch"):
        verified(only, weights, 2, 1)
    with pytest.raises(RuleError, match="no batch"):
        verified({(1,): Fraction(1)}, weights, 2, 1)
    with pytest.raises(RuleError, match="weight of sample"):
        verified({}, weights, 2, 1)
