"""Lemma 2.2 and Theorem 2.6 on networks trained by mini-batch descent with weight decay on real data."""

from sympy import And, Eq, Min, Trace, sqrt

from properties.weight_decay.vacuity import PRINTED, shared
from properties.worlds.training import TrainedTwoLayerReLU
from symbolic import entry, least, mean, norm, rank, row, spectral_norm
from symbolic.papers.weight_decay import (
    REFERENCE,
    A,
    B,
    G,
    H,
    N,
    S,
    V,
    b,
    b_gradient,
    c,
    eps,
    h,
    i,
    j,
    m,
    mu,
    n,
    q,
    s,
    u,
    u_gradient,
)
from verify import claim
from verify.worlds import Size

trained = claim(
    "chen2024/trained-networks-gradient-rank",
    """On trained networks input gradients have rank at most 1, batches at most B, and neurons are homogeneous.""",
    given=TrainedTwoLayerReLU(),
    says=And(
        rank(A[i]) <= 1,
        rank(H[S]) <= Min(B, m, n),
        Eq(
            entry(u, s) * entry(u_gradient[i], s),
            Trace(row(V, s) * row(A[i], s).T) + entry(b, s) * entry(b_gradient[i], s),
        ),
    ),
    source=f"{REFERENCE}, Lemma 2.2, on trained networks",
    link="docs/mathematics/weight_decay.md#trained-networks",
)
trained.breaks_when("a batch gradient has rank one", says=rank(H[S]) <= 1)
trained.breaks_when("the gradient at an input vanishes", says=rank(A[i]) <= 0)
trained.breaks_when(
    "without the bias", says=Eq(entry(u, s) * entry(u_gradient[i], s), Trace(row(V, s) * row(A[i], s).T))
)

# -- Theorem 2.6 ----------------------------------------------------------------------------------------------------

DECAYED = TrainedTwoLayerReLU(
    width=Size(32, 32),
    inputs=Size(4, 6),
    samples=Size(24, 24),
    batch=Size(2, 6),
    regulariser="constant",
    steps=512,
    halvings=2,
    strengths=("1/10000", "1/1000", "1/100", "1/10", "1"),
    outer_shift=-5,
    step_shift=-6,
)
own = h[i] / (c * mu)
anchored = norm(V + own) <= (2 * B - 1) * eps / (c * mu)
kappa_square = B * (N - 1) / (N - B)
spread = norm(V) ** 2 * mu**2 * (1 - shared)
unshared = spread <= kappa_square * eps**2 / c**2
# The mean square over all batches, by chen2024/batch-second-moment: no batch has to be looked at.
mean_square = ((N - B) * mean(norm(q[j]) ** 2, j) + N * (B - 1) * norm(mean(q[j], j)) ** 2) / (B * (N - 1))

proximity = claim(
    "chen2024/trained-networks",
    """On trained networks V is within (2B - 1) eps / (c mu) of every anchor, and no longer than the directions of the
    inputs allow.""",
    given=DECAYED,
    assuming=[B < N],
    says=And(anchored, unshared),
    source=f"{REFERENCE}, Theorem 2.6 and Section 4, on trained networks",
    link="docs/mathematics/trained_networks.md",
    vacuous=PRINTED,
    measures={
        "stable rank": norm(V) ** 2 / spectral_norm(V) ** 2,
        "printed bound / norm(V)": 2 * B * eps / (mu * norm(V)),
        "rms bound / norm(V)": sqrt(kappa_square * mean_square) / (c * mu * norm(V)),
        "least stable rank that it can certify": 1 / shared,
    },
    measures_by=mu,
)
proximity.breaks_when("without the batch size", says=And(norm(V + own) <= eps / (c * mu), unshared))
proximity.breaks_when(
    "the smallest over the batches",
    says=And(norm(V + own) <= (2 * B - 1) * least(norm(G[S]), S) / (c * mu), unshared),
)
proximity.breaks_when(
    "the gradient of the whole sample",
    says=And(norm(V + own) <= (2 * B - 1) * norm(mean(q[j], j)) / (c * mu), unshared),
)
proximity.breaks_when(
    "the directions of the inputs, whatever the strength",
    says=And(anchored, norm(V) ** 2 * (1 - shared) <= kappa_square * eps**2 / c**2),
)
