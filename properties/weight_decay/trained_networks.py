"""Lemma 2.2 and its companions on networks trained by mini-batch descent with weight decay on real data."""

from sympy import And, Eq, Min, Trace

from properties.worlds.training import TrainedTwoLayerReLU
from symbolic import entry, rank, row
from symbolic.papers.weight_decay import REFERENCE, A, B, H, S, V, b, b_gradient, i, m, n, s, u, u_gradient
from verify import claim

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
