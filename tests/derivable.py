"""Statements that must be derived and statements that must not, for the tests of the prover and its checker.

Each is (says, assuming, where, lemmas), or has the sketch of a proof after that. Loaded by path, because tests are no
package.
"""

# ruff: noqa: SIM300  (a statement is no comparison: turned around, it is another one)

from sympy import Abs, And, Eq, Implies, Min, Ne, Or, Trace, sqrt

from symbolic import chain, diagonal, entry, exists, greatest, mean, norm, null, rank, step, vanishes
from symbolic.papers import proximity_proofs as sketches
from symbolic.papers import weight_decay as w
from symbolic.projections import projector
from symbolic.sentences import distance_to_rank, least, spectral_norm

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

k, other, T, a, delta, rho = w.k, sketches.l, w.T, w.a, w.delta, w.rho
NEAR_CRITICAL = [B < N, c > 0]
SHARED = [*NEAR_CRITICAL, mu > 0]
OWN = [*NEAR_CRITICAL, g[i] > 0]
DEFINED = {q[i]: w.q_formula, h[i]: w.h_formula, A[i]: w.A_formula, eps: w.eps_formula}
ONE_MU = {**DEFINED, g[i]: mu}
DENSE = {h[i]: delta[i] * a[i].T, q[i]: w.q_formula, eps: w.eps_formula}
APART, REGULARISED = Ne(g[i], g[j]), Ne(g[i], 0)
GAP, MEAN_SQUARE = Abs(g[i] - g[j]), mean(g[j] ** 2, j)
ANCHORED = norm(V + h[i] / (c * mu))
OWN_ANCHOR = norm(V + h[i] / (c * g[i]))
PAIRED = norm(V + (h[i] - h[j]) / (c * (g[i] - g[j])))
NEAREST = least(OWN_ANCHOR**2, i)
SMALL_SQUARES = mean(norm(G[S]) ** 2, S)
BY_SUBSETS = least(norm(V + mean(h[j], j, T) / (c * mean(g[j], j, T))), T)
KAPPA = eps / (c * mean(g[j], j)) * sqrt(B * (N - k) / (k * (N - B)))
LOW_RANK = [distance_to_rank(V, k) <= rho * norm(V), rho < 1, spectral_norm(V) > 0]
OFF_LINE = norm(V - V * projector(x[i]))
SINE = norm(x[i]) * norm(x[j]) - Abs(Trace(x[i].T * x[j]))
LINES = mean(g[j] ** 2 * projector(x[j]), j)
TOP = B * (N - 1) / (N - B) * eps**2 / c**2
SEPARATED = (2 * B - 1) / (c * greatest(g[other], other))


def moments(first, second):
    """The second moment over all batches, with the factors of the two means over the sample."""
    spread, centre = mean(norm(q[j]) ** 2, j), norm(mean(q[j], j)) ** 2
    return Eq(B * (N - 1) * SMALL_SQUARES, first * spread + second * centre)


def anchored(constant, condition=None):
    """The distance to the anchor of sample i, with a constant."""
    near = OWN_ANCHOR <= constant * eps / (c * Abs(g[i]))
    return near if condition is None else Implies(condition, near)


PROXIMITY = {
    "second-moment": (moments(N - B, N * (B - 1)), [B < N], DEFINED, MEAN, None),
    "anchor-constant": (ANCHORED <= (2 * B - 1) * eps / (c * mu), SHARED, ONE_MU, MEAN, None),
    "pair": (Implies(APART, PAIRED <= 2 * B * eps / (c * GAP)), NEAR_CRITICAL, DEFINED, MEAN, None),
    "rank-two": (
        Implies(APART, distance_to_rank(V, 2) <= 2 * B * eps / (c * GAP)),
        NEAR_CRITICAL,
        DEFINED,
        MEAN,
        [Implies(APART, sketches.pair)],
    ),
    "as-printed": (
        ANCHORED <= 2 * B * eps / mu,
        [B < N, c >= 1, mu > 0],
        ONE_MU,
        MEAN,
        [c > 0, sketches.anchor],
    ),
    "rank-one": (distance_to_rank(V, 1) <= (2 * B - 1) * eps / (c * mu), SHARED, ONE_MU, MEAN, sketches.rank_one),
    "kappa": (
        distance_to_rank(V, 1) <= sqrt(B * (N - 1) / (N - B)) * eps / (c * mu),
        SHARED,
        ONE_MU,
        MEAN,
        sketches.rank_one,
    ),
    "any-sign": (anchored(2 * B - 1, REGULARISED), NEAR_CRITICAL, DEFINED, MEAN, None),
    "root-mean-square": (
        NEAREST <= B * (N - 1) / ((N - B) * c**2 * MEAN_SQUARE) * SMALL_SQUARES,
        [*NEAR_CRITICAL, REGULARISED],
        DEFINED,
        MEAN,
        sketches.rms,
    ),
    "rank-k": (
        chain(distance_to_rank(V, k), BY_SUBSETS, KAPPA),
        [B < N, k <= B, c > 0, g[i] > 0],
        DEFINED,
        MEAN,
        sketches.rank_k,
    ),
    "stable-rank": (norm(V) ** 2 / spectral_norm(V) ** 2 <= k / (1 - rho**2), LOW_RANK, {}, {}, sketches.stable_rank),
    "per-point": (OFF_LINE <= (2 * B - 1) * eps / (c * g[i]), OWN, DEFINED, MEAN, sketches.per_point),
    "two-points": (
        norm(V) ** 2 * SINE <= 2 * ((2 * B - 1) * eps / (c * mu)) ** 2 * norm(x[i]) * norm(x[j]),
        SHARED,
        ONE_MU,
        MEAN,
        sketches.two_points,
    ),
    "top-eigenvalue": (
        norm(V) ** 2 * (MEAN_SQUARE - spectral_norm(LINES)) <= TOP,
        NEAR_CRITICAL,
        DEFINED,
        MEAN,
        sketches.top_eigenvalue,
    ),
    "dense-layer": (And(rank(h[i]) <= 1, anchored(2 * B - 1, REGULARISED)), NEAR_CRITICAL, DENSE, MEAN, None),
    "separating": (
        Implies(APART, SEPARATED < 2 * B / (c * GAP)),
        [c > 0, g[i] > 0],
        {},
        {},
        sketches.separating,
    ),
}


def neighbour(name, says=None, assuming=None, where=None, lemmas=None):
    """A statement near one of ``PROXIMITY``, with the same sketch."""
    true = PROXIMITY[name]
    changed = (says, assuming, where, lemmas)
    return (*(old if new is None else new for old, new in zip(true, changed, strict=False)), true[4])


FALSE_PROXIMITY = {
    "second-moment with N - B + 1": neighbour("second-moment", moments(N - B + 1, N * (B - 1))),
    "second-moment with B for B - 1": neighbour("second-moment", moments(N - B, N * B)),
    "second-moment of any G": neighbour("second-moment", lemmas={}),
    "anchor with B + 1": neighbour("anchor-constant", ANCHORED <= (B + 1) * eps / (c * mu)),
    "anchor with 2 B - 2": neighbour("anchor-constant", ANCHORED <= (2 * B - 2) * eps / (c * mu)),
    "anchor with B": neighbour("anchor-constant", ANCHORED <= B * eps / (c * mu)),
    "anchor with a batch of everything": neighbour("anchor-constant", assuming=SHARED[1:]),
    "anchor for a mu of any sign": neighbour("anchor-constant", assuming=[*NEAR_CRITICAL, Ne(mu, 0)]),
    "anchor of the other side": neighbour("anchor-constant", norm(V - h[i] / (c * mu)) <= (2 * B - 1) * eps / (c * mu)),
    "pair with 2 B - 1": neighbour("pair", Implies(APART, PAIRED <= (2 * B - 1) * eps / (c * GAP))),
    "pair with B": neighbour("pair", Implies(APART, PAIRED <= B * eps / (c * GAP))),
    "pair for equal strengths": neighbour("pair", PAIRED <= 2 * B * eps / (c * GAP)),
    "pair without the bars": neighbour("pair", Implies(APART, PAIRED <= 2 * B * eps / (c * (g[i] - g[j])))),
    "pair with a batch of everything": neighbour("pair", assuming=[c > 0]),
    "rank-two at rank one": neighbour("rank-two", Implies(APART, distance_to_rank(V, 1) <= 2 * B * eps / (c * GAP))),
    "rank-two with 2 B - 1": neighbour(
        "rank-two", Implies(APART, distance_to_rank(V, 2) <= (2 * B - 1) * eps / (c * GAP))
    ),
    "as printed for c below 1": neighbour("as-printed", assuming=SHARED),
    "as printed with B": neighbour("as-printed", ANCHORED <= B * eps / mu),
    "rank-one at rank zero": neighbour("rank-one", distance_to_rank(V, 0) <= (2 * B - 1) * eps / (c * mu)),
    "rank-one with 1": neighbour("rank-one", distance_to_rank(V, 1) <= eps / (c * mu)),
    "rank-one with a batch of everything": neighbour("rank-one", assuming=SHARED[1:]),
    "kappa with the root of B": neighbour("kappa", distance_to_rank(V, 1) <= sqrt(B) * eps / (c * mu)),
    "kappa with N - 2": neighbour("kappa", distance_to_rank(V, 1) <= sqrt(B * (N - 2) / (N - B)) * eps / (c * mu)),
    "kappa with the reciprocal": neighbour(
        "kappa", distance_to_rank(V, 1) <= sqrt(B * (N - B) / (N - 1)) * eps / (c * mu)
    ),
    "any sign without the bars": neighbour(
        "any-sign", Implies(REGULARISED, OWN_ANCHOR <= (2 * B - 1) * eps / (c * g[i]))
    ),
    "any sign and zero": neighbour("any-sign", anchored(2 * B - 1)),
    "any sign with 2 B - 2": neighbour("any-sign", anchored(2 * B - 2, REGULARISED)),
    "root mean square of B": neighbour("root-mean-square", NEAREST <= B / (c**2 * MEAN_SQUARE) * SMALL_SQUARES),
    "root mean square of the mean": neighbour(
        "root-mean-square",
        NEAREST <= (N - 1) / ((N - B) * c**2 * MEAN_SQUARE) * SMALL_SQUARES,
    ),
    "the greatest by the root mean square": neighbour(
        "root-mean-square",
        greatest(OWN_ANCHOR**2, i) <= B * (N - 1) / ((N - B) * c**2 * MEAN_SQUARE) * SMALL_SQUARES,
    ),
    "rank k without k <= B": neighbour("rank-k", assuming=[B < N, c > 0, g[i] > 0]),
    "rank k for strengths of any sign": neighbour("rank-k", assuming=[B < N, k <= B, c > 0, REGULARISED]),
    "rank k with k - 1": neighbour("rank-k", chain(distance_to_rank(V, k - 1), BY_SUBSETS, KAPPA)),
    "rank k with half of kappa": neighbour("rank-k", chain(distance_to_rank(V, k), BY_SUBSETS, KAPPA / 2)),
    "rank k from below": neighbour("rank-k", chain(BY_SUBSETS, distance_to_rank(V, k), KAPPA)),
    "stable rank with 1 - rho": neighbour("stable-rank", norm(V) ** 2 / spectral_norm(V) ** 2 <= k * (1 - rho)),
    "stable rank of k": neighbour("stable-rank", norm(V) ** 2 / spectral_norm(V) ** 2 <= k),
    "stable rank for any rho": neighbour("stable-rank", assuming=[LOW_RANK[0], LOW_RANK[2]]),
    "stable rank with k - 1": neighbour("stable-rank", norm(V) ** 2 / spectral_norm(V) ** 2 <= (k - 1) / (1 - rho**2)),
    "per point with B": neighbour("per-point", OFF_LINE <= B * eps / (c * g[i])),
    "per point at another point": neighbour(
        "per-point", norm(V - V * projector(x[j])) <= (2 * B - 1) * eps / (c * g[i])
    ),
    "per point for any sign": neighbour("per-point", assuming=[*NEAR_CRITICAL, REGULARISED]),
    "per point of the line": neighbour("per-point", norm(V * projector(x[i])) <= (2 * B - 1) * eps / (c * g[i])),
    "two points without the bars": neighbour(
        "two-points",
        norm(V) ** 2 * (norm(x[i]) * norm(x[j]) - Trace(x[i].T * x[j]))
        <= 2 * ((2 * B - 1) * eps / (c * mu)) ** 2 * norm(x[i]) * norm(x[j]),
    ),
    "two points with 1 for 2": neighbour(
        "two-points", norm(V) ** 2 * SINE <= ((2 * B - 1) * eps / (c * mu)) ** 2 * norm(x[i]) * norm(x[j])
    ),
    "two points with a batch of everything": neighbour("two-points", assuming=SHARED[1:]),
    "top eigenvalue without the factor": neighbour(
        "top-eigenvalue", norm(V) ** 2 * (MEAN_SQUARE - spectral_norm(LINES)) <= B * eps**2 / c**2
    ),
    "top eigenvalue of the unweighted lines": neighbour(
        "top-eigenvalue",
        norm(V) ** 2 * (MEAN_SQUARE - spectral_norm(mean(projector(x[j]), j))) <= TOP,
    ),
    "top eigenvalue with a batch of everything": neighbour("top-eigenvalue", assuming=[c > 0]),
    "dense layer of rank zero": neighbour("dense-layer", And(rank(h[i]) <= 0, anchored(2 * B - 1, REGULARISED))),
    "dense layer with B": neighbour("dense-layer", And(rank(h[i]) <= 1, anchored(B, REGULARISED))),
    "dense layer with strengths that may be 0": neighbour("dense-layer", And(rank(h[i]) <= 1, anchored(2 * B - 1))),
    "separating the other way round": neighbour("separating", Implies(APART, 2 * B / (c * GAP) < SEPARATED)),
    "separating for any sign": neighbour("separating", assuming=[c > 0, greatest(g[other], other) > 0]),
    "separating by the least": neighbour(
        "separating", Implies(APART, (2 * B - 1) / (c * least(g[other], other)) < 2 * B / (c * GAP))
    ),
    "separating equal strengths": neighbour("separating", SEPARATED < 2 * B / (c * GAP)),
}
