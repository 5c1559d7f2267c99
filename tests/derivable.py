"""Statements that must be derived and statements that must not, for the tests of the prover and its checker.

Each is (says, assuming, where, lemmas). Loaded by path, because tests are no package.
"""

from sympy import Abs, And, Eq, Implies, Min, Ne, Or, Trace

from symbolic import diagonal, entry, exists, greatest, mean, norm, null, rank, step, vanishes
from symbolic.papers import weight_decay as w

i, j, s, S = w.i, w.j, w.s, w.S
A, B, D, G, H, N, V, h, q, x, z = w.A, w.B, w.D, w.G, w.H, w.N, w.V, w.h, w.q, w.x, w.z
c, eps, eta, g, mu, mu_batch = w.c, w.eps, w.eta, w.g, w.mu, w.mu_batch

SAMPLE = {h[i]: w.h_formula, A[i]: w.A_formula}
MEMBERS = {q[i]: w.q_formula, **SAMPLE}
MEAN = {"chen2024/batch-gradient-is-mean": Eq(G[S], mean(q[j], j, S))}
CRITICAL = [B < N, c > 0, exists(j, Ne(g[j], 0)), vanishes(G[S])]
RISKS = {
    w.generalisation: w.F_A - w.F_S_A,
    w.optimisation: w.F_S_A - w.F_S_best,
    w.approximation: w.F_S_best,
}
PATTERNS = {z[i]: w.z_formula, D[i]: w.D_formula, w.D_moved[i]: diagonal(step((V + w.E) * x[i] + w.b))}
ON_KINK = Eq(entry(V * x[i] + w.b, s), 0)
NULL = null(V, ON_KINK, Ne(norm(x[i]), 0))
NEAR = 2 * norm(w.E) * norm(x[i]) <= Abs(entry(z[i], s))
SAME = Eq(entry(w.D_moved[i], s, s), entry(D[i], s, s))
KINK = And(Eq(entry(z[i], s), 0), Ne(norm(x[i]), 0))
INCREMENT = rank(w.V_next[S] - (1 - eta * c * mu_batch[S]) * V) <= B
STEPS = {w.V_next[S]: w.V_next_formula, G[S]: w.G_formula, **SAMPLE}
ANCHOR = [B < N, c > 0, mu > 0, norm(G[S]) <= eps]
CONSTANT = {G[S]: mean(h[j], j, S) + c * mu * V}
BATCHES = {G[S]: w.G_formula, mu_batch[S]: w.mu_batch_formula}

STATED = {
    "eq-3": (Eq(w.F_A, w.generalisation + w.optimisation + w.approximation), [], RISKS, {}),
    "eq-6": (
        Eq(w.phi[i], Trace(w.u * D[i] * (V * x[i] + w.b))),
        [],
        {w.phi[i]: w.phi_formula, D[i]: w.D_formula},
        {},
    ),
    "lemma-2.2": (rank(A[i]) <= 1, [], {A[i]: w.A_formula}, {}),
    "lemma-2.2-batch": (rank(H[S]) <= Min(B, w.m, w.n), [], {H[S]: w.H_formula, **SAMPLE}, {}),
    "batch-gradient-is-mean": (Eq(G[S], mean(q[j], j, S)), [], {**BATCHES, q[i]: w.q_formula}, {}),
    "increment-rank": (INCREMENT, [], STEPS, {}),
    "theorem-2.4": (rank(V) <= 2, CRITICAL, MEMBERS, MEAN),
    "theorem-2.4-sharp": (rank(V) <= 1, CRITICAL, MEMBERS, MEAN),
    "lemma-2.1": (And(NULL, Implies(NEAR, Or(KINK, SAME))), [], PATTERNS, {}),
    "stability-radius": (Implies(NEAR, SAME), [], PATTERNS, {}),
    "anchor": (norm(V + h[i] / (c * mu)) <= (2 * B - 1) * eps / (c * mu), ANCHOR, CONSTANT, {}),
    "rank-one-anchor": (
        norm(V + h[i] / (c * g[i])) <= (2 * B - 1) * eps / (c * g[i]),
        [B < N, c > 0, g[i] > 0],
        {q[i]: w.q_formula, eps: greatest(norm(G[S]), S)},
        MEAN,
    ),
}
MORE = {
    "without-the-lemma": (rank(V) <= 1, CRITICAL, {**MEMBERS, **BATCHES}, {}),
    "each-sample": (Eq(h[j], -c * g[j] * V), CRITICAL, MEMBERS, MEAN),
    "one-batch": (rank(V) <= B, [c > 0, vanishes(G[S]), mu_batch[S] > 0], {G[S]: w.G_formula, **SAMPLE}, {}),
    "gram": (rank(V * V.T) <= Min(w.m, w.n), [], {}, {}),
    "two-samples": (rank(A[i] + A[j]) <= 2, [], {A[i]: w.A_formula}, {}),
    "strict": (rank(A[i]) < 2, [], {A[i]: w.A_formula}, {}),
    "weighted": (2 * rank(A[i]) + rank(V) <= 2 + w.m, [], {A[i]: w.A_formula}, {}),
    "reversed": (rank(H[S]) <= B + 3, [], {H[S]: w.H_formula, **SAMPLE}, {}),
    "whole-sample": (rank(mean(A[j], j)) <= N, [], {A[i]: w.A_formula}, {}),
    "either": (Or(rank(V) <= 0, rank(V.T) <= w.m), [], {}, {}),
}
FALSE = {
    "rank exactly one": (Eq(rank(A[i]), 1), [], {A[i]: w.A_formula}, {}),
    "a batch has rank one": (rank(mean(A[j], j, S)) <= 1, [], {A[i]: w.A_formula}, {}),
    "the decay has low rank": (rank(G[S]) <= B, [], {G[S]: w.G_formula, **SAMPLE}, {}),
    "the decayed part stays in": (rank(w.V_next[S] - V) <= B, [], STEPS, {}),
    "the decay has the other sign": (rank(w.V_next[S] - (1 + eta * c * mu_batch[S]) * V) <= B, [], STEPS, {}),
    "V vanishes": (rank(V) <= 0, CRITICAL, MEMBERS, MEAN),
    "a batch may be everything": (rank(V) <= 2, CRITICAL[1:], MEMBERS, MEAN),
    "no decay convention": (rank(V) <= 2, [CRITICAL[0], *CRITICAL[2:]], MEMBERS, MEAN),
    "no decay": (rank(V) <= 2, [*CRITICAL[:2], CRITICAL[3]], MEMBERS, MEAN),
    "not critical": (rank(V) <= 2, CRITICAL[:3], MEMBERS, MEAN),
    "population risk last": (
        Eq(w.F_A, w.generalisation + w.optimisation + w.F_best),
        [],
        RISKS,
        {},
    ),
    "null for x = 0": (null(V, ON_KINK), [], {}, {}),
    "null for another reason": (null(V, ON_KINK, Ne(norm(w.b), 0)), [], {}, {}),
    "twice the radius": (Implies(norm(w.E) * norm(x[i]) <= Abs(entry(z[i], s)), SAME), [], PATTERNS, {}),
    "the pattern never changes": (SAME, [], PATTERNS, {}),
    "every neuron counts": (
        Eq(w.phi[i], Trace(w.u * (V * x[i] + w.b))),
        [],
        {w.phi[i]: w.phi_formula, D[i]: w.D_formula},
        {},
    ),
    "B + 1 for 2 B - 1": (norm(V + h[i] / (c * mu)) <= (B + 1) * eps / (c * mu), ANCHOR, CONSTANT, {}),
    "2 B - 2 for 2 B - 1": (norm(V + h[i] / (c * mu)) <= (2 * B - 2) * eps / (c * mu), ANCHOR, CONSTANT, {}),
    "an anchor for B = N": (norm(V + h[i] / (c * mu)) <= (2 * B - 1) * eps / (c * mu), ANCHOR[1:], CONSTANT, {}),
    "an anchor that may divide by 0": (
        norm(V + h[i] / (c * mu)) <= (2 * B - 1) * eps / (c * mu),
        [ANCHOR[0], *ANCHOR[2:]],
        CONSTANT,
        {},
    ),
    "the sum over the batch": (Eq(G[S], B * mean(q[j], j, S)), [], {**BATCHES, q[i]: w.q_formula}, {}),
    "the mean of the sample": (Eq(G[S], mean(q[j], j)), [], {**BATCHES, q[i]: w.q_formula}, {}),
    "a circular definition": (rank(V) <= 1, [], {V: V + A[i], A[i]: A[i] - V}, {}),
}
