"""Every rule of inference refuses misuse, in one sentence."""

import pytest
from sympy import (
    Abs,
    Eq,
    Function,
    I,
    Identity,
    Implies,
    Integer,
    Le,
    MatAdd,
    MatMul,
    Ne,
    Or,
    Rational,
    Trace,
    ZeroMatrix,
    oo,
)

from symbolic import chain, diagonal, entry, exists, greatest, index, mean, norm, null, rank, step, word
from symbolic.grammar import RuleError, supposed, witness_of
from symbolic.papers import weight_decay as w
from symbolic.papers.weight_decay import A, B, D, E, G, N, P, S, T, V, b, c, g, h, i, j, m, mu, n, q, r, s, u, x
from symbolic.rules import apply
from symbolic.sentences import distance_to_rank

k = Integer(1)
ZERO = ZeroMatrix(m, n)
SMALLER = B < N
PRODUCT = MatMul(A[i], V.T)
TERMS = MatAdd(A[i], h[i])
OUTER = b * x[i].T
BATCH_MEAN = mean(A[j], j, S)
SOME = exists(j, Ne(g[j], 0))
WITNESS = witness_of(SOME)
Z, MOVE = V * x[i] + b, E * x[i]
PLANE = Eq(entry(Z, s), 0)
SAME_STEP = Eq(entry(step(Z + MOVE), s), entry(step(Z), s))
CLOSE = Le(2 * Abs(entry(MOVE, s)), Abs(entry(Z, s)))
POSITIVE = g[i] > 0
(FIXED,) = supposed(POSITIVE).values()
FOUND = g[FIXED] * mu <= g[FIXED] * c
SAMPLE_MEAN, SUBSET_MEAN = mean(h[j], j), mean(g[j], j, T)
SHADOW = index("_1", over="samples")
PAIRED = word("draft:paired", "a number of two samples", over=("samples", "samples"))


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
