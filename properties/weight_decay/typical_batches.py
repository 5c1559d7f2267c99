"""Around Theorem 2.6: typical batches instead of the largest, matrices of rank k, and the stable rank (Section 2.2)."""

from __future__ import annotations

from sympy import Eq, Ne, sqrt

from properties.worlds.networks import TwoLayerReLU
from properties.worlds.subsets import TwoLayerReLUWithSubsets
from symbolic import chain, distance_to_rank, greatest, least, mean, norm, schatten, spectral_norm
from symbolic.papers import proximity_proofs as sketches
from symbolic.papers.weight_decay import (
    REFERENCE,
    A,
    A_formula,
    B,
    G,
    G_block,
    G_full,
    N,
    P,
    S,
    T,
    V,
    c,
    eps,
    eps_formula,
    g,
    h,
    h_formula,
    i,
    j,
    k,
    q,
    q_formula,
    rho,
)
from verify import claim
from verify.worlds import Size

DERIVATIONS = "docs/mathematics/theorem_2_6.md"
MEAN = ["chen2024/batch-gradient-is-mean"]
unfold = {q[i]: q_formula, h[i]: h_formula, A[i]: A_formula}

# -- the mean square of the batch gradients -------------------------------------------------------------------------

mean_square = mean(norm(G[S]) ** 2, S)
mean_of_squares = (N - B) * mean(norm(q[j]) ** 2, j)
square_of_mean = norm(mean(q[j], j)) ** 2

second_moment = claim(
    "chen2024/batch-second-moment",
    """The mean square of the batch gradients, by the mean square of the samples' gradients and the square of their
    mean.""",
    given=TwoLayerReLU(),
    assuming=[B < N],
    says=Eq(B * (N - 1) * mean_square, mean_of_squares + N * (B - 1) * square_of_mean),
    where={q[i]: q_formula},
    source=f"{REFERENCE}, Section 2.2 (derived: batches are drawn without replacement)",
    link=f"{DERIVATIONS}#second-moment",
    relies_on=MEAN,
    expects="proved",
)
second_moment.breaks_when(
    "batches are drawn with replacement",
    says=Eq(B * mean_square, mean(norm(q[j]) ** 2, j) + (B - 1) * square_of_mean),
)
second_moment.breaks_when("the square of the mean is left out", says=Eq(B * (N - 1) * mean_square, mean_of_squares))
second_moment.breaks_when(
    "the square of the mean norm",
    says=Eq(B * (N - 1) * mean(norm(G[S]), S) ** 2, mean_of_squares + N * (B - 1) * square_of_mean),
)

nearest = least(norm(V + h[i] / (c * g[i])) ** 2, i)
kappa_square = B * (N - 1) / ((N - B) * c**2 * mean(g[j] ** 2, j))

rms = claim(
    "chen2024/theorem-2.6-rms",
    """The best anchor is within the root mean square of the batch gradients, times kappa / (c g_rms), of V.""",
    given=TwoLayerReLU(),
    assuming=[B < N, c > 0, Ne(g[i], 0)],
    says=nearest <= kappa_square * mean_square,
    where=unfold,
    proof=sketches.rms,
    source=f"{REFERENCE}, Theorem 2.6 (derived: the typical batch instead of the largest)",
    link=f"{DERIVATIONS}#root-mean-square",
    relies_on=MEAN,
    expects="proved",
)
rms.breaks_when("the square root of B for kappa", says=nearest <= B / (c**2 * mean(g[j] ** 2, j)) * mean_square)
rms.breaks_when("every anchor", says=greatest(norm(V + h[i] / (c * g[i])) ** 2, i) <= kappa_square * mean_square)
rms.breaks_when("the smallest over the batches", says=nearest <= kappa_square * least(norm(G[S]) ** 2, S))
rms.breaks_when("the gradient of the whole sample", says=nearest <= kappa_square * norm(G_full) ** 2)
rms.breaks_when("the batches of one partition", says=nearest <= kappa_square * mean(norm(G_block[P]) ** 2, P))
rms.breaks_when(
    "the largest strength",
    says=nearest <= B * (N - 1) / ((N - B) * c**2 * greatest(g[j] ** 2, j)) * mean_square,
)

# -- rank k ---------------------------------------------------------------------------------------------------------

strength = mean(g[j], j)
pulled = norm(V + mean(h[j], j, T) / (c * mean(g[j], j, T)))
share = B * (N - k) / (k * (N - B))

rank_k = claim(
    "chen2024/theorem-2.6-rank-k",
    """V is within eps sqrt(B (N - k) / (k (N - B))) / (c mean g) of a mean of k anchors, which has rank at most k.""",
    given=TwoLayerReLUWithSubsets(),
    assuming=[B < N, k <= B, c > 0, g[i] > 0],
    says=chain(distance_to_rank(V, k), least(pulled, T), eps / (c * strength) * sqrt(share)),
    where={**unfold, eps: eps_formula},
    proof=sketches.rank_k,
    source=f"{REFERENCE}, Theorem 2.6 (derived: between one sample and one batch)",
    link=f"{DERIVATIONS}#rank-k",
    relies_on=MEAN,
    expects="proved",
)
rank_k.breaks_when(
    "without the batch size",
    says=chain(distance_to_rank(V, k), least(pulled, T), eps / (c * strength) * sqrt(share / B)),
)
rank_k.breaks_when(
    "every subset", says=chain(distance_to_rank(V, k), greatest(pulled, T), eps / (c * strength) * sqrt(share))
)
rank_k.breaks_when(
    "one rank less", says=chain(distance_to_rank(V, k - 1), least(pulled, T), eps / (c * strength) * sqrt(share))
)
rank_k.breaks_when("subsets larger than a batch", assuming=[B < N, c > 0, g[i] > 0])
rank_k.breaks_when(
    "the smallest over the batches",
    says=chain(distance_to_rank(V, k), least(pulled, T), least(norm(G[S]), S) / (c * strength) * sqrt(share)),
)
rank_k.breaks_when(
    "the largest strength",
    says=chain(distance_to_rank(V, k), least(pulled, T), eps / (c * greatest(g[j], j)) * sqrt(share)),
)

# -- the stable rank ------------------------------------------------------------------------------------------------

stable = norm(V) ** 2 / spectral_norm(V) ** 2
up_to_four = Size(1, 4)

stable_rank = claim(
    "chen2024/stable-rank-from-distance",
    """A matrix within rho times its norm of the matrices of rank k has stable rank at most k / (1 - rho^2).""",
    given=TwoLayerReLUWithSubsets(up_to_four, up_to_four, up_to_four, Size(1, 1), subset=up_to_four),
    assuming=[distance_to_rank(V, k) <= rho * norm(V), rho < 1, spectral_norm(V) > 0],
    says=stable <= k / (1 - rho**2),
    proof=sketches.stable_rank,
    source=f"{REFERENCE}, Section 4 (derived: what Theorem 2.6 says of the measured stable rank)",
    link=f"{DERIVATIONS}#stable-rank",
    expects="proved",
)
stable_rank.breaks_when("the stable rank is at most one", says=stable <= 1)
stable_rank.breaks_when("at most k", says=stable <= k)
stable_rank.breaks_when("k is dropped", says=stable <= 1 / (1 - rho**2))
stable_rank.breaks_when("1 + rho^2 for 1 / (1 - rho^2)", says=stable <= k * (1 + rho**2))
stable_rank.breaks_when("the sum of the singular values", says=schatten(V, 1) / spectral_norm(V) <= k / (1 - rho**2))
stable_rank.breaks_when("the other way round", says=k / (1 - rho**2) <= stable)
stable_rank.breaks_when("whatever the distance", assuming=[rho < 1, spectral_norm(V) > 0])
