"""Gradients of a two-layer ReLU network: equations (3) and (6), Lemma 2.2, and what a descent step adds (Section 2)."""

from sympy import Eq, Min, Trace

from properties.worlds.networks import TwoLayerReLU
from properties.worlds.risks import FiniteLearning
from symbolic import entry, mean, rank, row
from symbolic.papers.weight_decay import (
    F_A,
    F_S_A,
    REFERENCE,
    A,
    A_formula,
    B,
    D,
    D_formula,
    F_best,
    F_S_best,
    G,
    G_formula,
    H,
    H_formula,
    S,
    V,
    V_next,
    V_next_formula,
    approximation,
    b,
    b_gradient,
    c,
    eta,
    g,
    generalisation,
    h,
    h_formula,
    i,
    j,
    m,
    mu_batch,
    mu_batch_formula,
    n,
    optimisation,
    phi,
    phi_formula,
    q,
    q_formula,
    s,
    u,
    u_gradient,
    x,
)
from verify import claim

DERIVATIONS = "docs/mathematics/weight_decay.md"

eq_3 = claim(
    "chen2024/eq-3-decomposition",
    """The risk of what an algorithm returns is its generalisation, its optimisation and its approximation error.""",
    given=FiniteLearning(),
    says=Eq(F_A, generalisation + optimisation + approximation),
    where={generalisation: F_A - F_S_A, optimisation: F_S_A - F_S_best, approximation: F_S_best},
    source=f"{REFERENCE}, equation (3)",
    link=f"{DERIVATIONS}#equation-3",
    provenance="as-read",
    expects="proved",
)
eq_3.breaks_when(
    "the last term is the population risk of the minimiser", says=Eq(F_A, generalisation + optimisation + F_best)
)
eq_3.breaks_when("the optimisation error is left out", says=Eq(F_A, generalisation + approximation))

eq_6 = claim(
    "chen2024/eq-6-activation-matrix",
    """The output is u D(x) (V x + b) with the activation pattern D(x), whatever D is where a pre-activation is 0.""",
    given=TwoLayerReLU(),
    says=Eq(phi[i], Trace(u * D[i] * (V * x[i] + b))),
    where={phi[i]: phi_formula, D[i]: D_formula},
    source=f"{REFERENCE}, equation (6)",
    link=f"{DERIVATIONS}#equation-6",
    provenance="as-read",
    expects="proved",
)
eq_6.breaks_when("the bias is outside of the activation", says=Eq(phi[i], Trace(u * D[i] * V * x[i]) + Trace(u * b)))
eq_6.breaks_when("every neuron counts", says=Eq(phi[i], Trace(u * (V * x[i] + b))))

lemma_2_2 = claim(
    "chen2024/lemma-2.2",
    """The gradient of the output in V, at any one input, has rank at most one.""",
    given=TwoLayerReLU(),
    says=rank(A[i]) <= 1,
    where={A[i]: A_formula},
    source=f"{REFERENCE}, Lemma 2.2 and equation (7)",
    link=f"{DERIVATIONS}#lemma-22",
    expects="proved",
)
lemma_2_2.breaks_when("a batch gradient has rank one", says=rank(mean(A[j], j, S)) <= 1)
lemma_2_2.breaks_when("it is exactly one", says=Eq(rank(A[i]), 1))
lemma_2_2.breaks_when("the gradient is u x without the activation pattern", says=Eq(A[i], u.T * x[i].T))
lemma_2_2.breaks_when("it is the zero matrix", says=rank(A[i]) <= 0)

lemma_2_2_batch = claim(
    "chen2024/lemma-2.2-batch",
    """The data part of a batch gradient has rank at most the batch size, the width and the input dimension.""",
    given=TwoLayerReLU(),
    says=rank(H[S]) <= Min(B, m, n),
    where={H[S]: H_formula, h[i]: h_formula, A[i]: A_formula},
    source=f"{REFERENCE}, after Lemma 2.2",
    link=f"{DERIVATIONS}#batches",
    expects="proved",
)
lemma_2_2_batch.breaks_when("a batch gradient has rank one", says=rank(H[S]) <= 1)
lemma_2_2_batch.breaks_when("the decay keeps the rank below the batch size", says=rank(G[S]) <= B)
lemma_2_2_batch.breaks_when("half the batch bounds it", says=2 * rank(H[S]) <= B + 1)

printed_increments = claim(
    "chen2024/rank-one-increments-printed",
    """Gradient-based training algorithms only update the weight matrix with rank one matrix increments.""",
    given=TwoLayerReLU(),
    says=rank(V_next[S] - (1 - eta * c * mu_batch[S]) * V) <= 1,  # in its favour: the decayed part does not count
    source=f"{REFERENCE}, Section 2, after Lemma 2.2",
    link=f"{DERIVATIONS}#increments",
    expects="refuted",
)

increment_rank = claim(
    "chen2024/increment-rank",
    """A step of mini-batch gradient descent, the decayed part of V removed, has rank at most the batch size.""",
    given=TwoLayerReLU(),
    says=rank(V_next[S] - (1 - eta * c * mu_batch[S]) * V) <= B,
    where={V_next[S]: V_next_formula, G[S]: G_formula, h[i]: h_formula, A[i]: A_formula},
    source=f"{REFERENCE}, Section 2 (our repair of the sentence on rank one increments)",
    link=f"{DERIVATIONS}#increments",
    provenance="repaired",
    expects="proved",
)
increment_rank.breaks_when("rank one, whatever the batch", says=rank(V_next[S] - (1 - eta * c * mu_batch[S]) * V) <= 1)
increment_rank.breaks_when("the decayed part stays in", says=rank(V_next[S] - V) <= B)
increment_rank.breaks_when("the decay has the other sign", says=rank(V_next[S] - (1 + eta * c * mu_batch[S]) * V) <= B)

batch_gradient = claim(
    "chen2024/batch-gradient-is-mean",
    """A batch gradient is the mean of the gradients of the regularised losses of its samples.""",
    given=TwoLayerReLU(),
    says=Eq(G[S], mean(q[j], j, S)),
    where={G[S]: G_formula, q[i]: q_formula, mu_batch[S]: mu_batch_formula},
    source=f"{REFERENCE}, equation (9)",
    link=f"{DERIVATIONS}#batches",
    expects="proved",
)
batch_gradient.breaks_when("the data part alone", says=Eq(G[S], mean(h[j], j, S)))
batch_gradient.breaks_when("the mean of the whole sample", says=Eq(G[S], mean(q[j], j)))
batch_gradient.breaks_when("the sum over the batch", says=Eq(G[S], B * mean(q[j], j, S)))
batch_gradient.breaks_when("the decay convention is left out", says=Eq(G[S], mean(h[j], j, S) + mean(g[j], j, S) * V))

row_homogeneity = claim(
    "chen2024/row-homogeneity",
    """Scaling the output weight of a neuron and scaling its row of V and its bias change the output alike.""",
    given=TwoLayerReLU(),
    says=Eq(
        entry(u, s) * entry(u_gradient[i], s),
        Trace(row(V, s) * row(A[i], s).T) + entry(b, s) * entry(b_gradient[i], s),
    ),
    source=f"{REFERENCE}, Section 2 (derived: ReLU is positively homogeneous)",
    link=f"{DERIVATIONS}#row-homogeneity",
)
row_homogeneity.breaks_when(
    "without the bias", says=Eq(entry(u, s) * entry(u_gradient[i], s), Trace(row(V, s) * row(A[i], s).T))
)
row_homogeneity.breaks_when(
    "the bias counts twice",
    says=Eq(
        entry(u, s) * entry(u_gradient[i], s),
        Trace(row(V, s) * row(A[i], s).T) + 2 * entry(b, s) * entry(b_gradient[i], s),
    ),
)
