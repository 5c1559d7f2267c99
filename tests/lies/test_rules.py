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
    oo,
)

from symbolic import chain, diagonal, entry, exists, greatest, mean, norm, null, rank, relu, step
from symbolic.grammar import RuleError, witness_of
from symbolic.certificates import Certificate
from symbolic.papers.weight_decay import A, B, D, E, G, N, S, V, b, c, g, h, i, j, m, mu, n, q, r, s, u, x
from symbolic.rules import RULES, apply

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


class Case(NamedTuple):
    """One use of a rule, and what a false variant of it would conclude."""

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
    "greatest_bounds": Case((), (greatest(norm(G[S]), S),), greatest(norm(G[S]), S) <= norm(G[S])),
    "cauchy_schwarz": Case((), (E, x[i], s), Abs(entry(MOVE, s)) <= norm(E) * norm(x[i]) / 2),
}


def promised(world):
    """A value of the index that stands for a member that ``SOME`` promises, where one is promised."""
    found = [each for each in world.members("samples") if holds(SOME.body, world, {j: each})]
    return {WITNESS: found[0]} if found else {}


def outcomes(premises, conclusion, where, searched):
    """For worlds where the premises hold, whether the conclusion does."""
    for seed in range(searched):
        world = World(seed, where)
        try:
            if all(holds(p, world) for p in premises):
                yield holds(conclusion, world, promised(world))
        except Undefined:
            continue


GROUNDS = ("hypothesis", "lemma", "definition")


def test_every_rule_has_a_case():
    assert set(CASES) == set(RULES)


@pytest.mark.parametrize("rule", [name for name in CASES if name not in GROUNDS])
def test_a_rule_never_fails_in_a_small_world(rule):
    case = CASES[rule]
    conclusion = apply(rule, case.premises, case.parameters)
    seen = list(outcomes(case.premises, conclusion, case.where, SEARCHED))
    assert len(seen) >= 10
    assert all(seen)


@pytest.mark.parametrize("rule", CASES)
def test_a_false_variant_of_the_rule_is_broken(rule):
    case = CASES[rule]
    premises = case.premises or ((case.parameters[0],) if rule in ("hypothesis", "lemma") else ())
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
    "a negative multiple of a norm": ("norm_scaled", (), (-V, Integer(-1), V)),
    "the greatest over a batch": ("greatest_bounds", (), (norm(G[S]),)),
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
    "u D for u": ("identity", (), (u * D[i] * b, u * b)),
    "two different outer products": ("recast", (rank(OUTER) <= k,), (rank(OUTER + V) <= k,)),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_rule_refuses_in_one_sentence(what):
    rule, premises, parameters = REFUSED[what]
    with pytest.raises(RuleError) as caught:
        apply(rule, premises, parameters)
    assert "\n" not in str(caught.value)


def test_a_certificate_gives_its_constant():
    assert check_certificate(B, 1 - B, B) == 2 * B - 1
    for alpha, beta in [(B + 1, 1 - B), (B, -B), (B, B - 1), (2 * B, 2 - 2 * B), (N, 1 - N)]:
        with pytest.raises(RuleError):
            check_certificate(alpha, beta, B)
