"""Small batch gradients put V near matrices of low rank: Theorem 2.6 and what strengthens it (Section 2.2)."""

from __future__ import annotations

from typing import Any

from sympy import Abs, Implies, Ne, sqrt

from properties.weight_decay.vacuity import ANCHOR, ANY_PAIR, ANY_SAMPLE, PRINTED
from properties.worlds.critical import CriticalTwoLayerReLU
from properties.worlds.networks import TwoLayerReLU
from properties.worlds.orthogonal import OrthogonalTwoLayerReLU
from symbolic import distance_to_rank, greatest, least, norm
from symbolic.papers import proximity_proofs as sketches
from symbolic.papers.weight_decay import (
    REFERENCE,
    A,
    A_formula,
    B,
    G,
    G_block,
    N,
    P,
    S,
    V,
    c,
    eps,
    eps_formula,
    g,
    h,
    h_formula,
    i,
    j,
    mu,
    q,
    q_formula,
)
from verify import claim

DERIVATIONS = "docs/mathematics/theorem_2_6.md"
MEAN = ["chen2024/batch-gradient-is-mean"]

CONSTANT = TwoLayerReLU(regulariser="constant")
CRITICAL = CriticalTwoLayerReLU(regulariser="constant")
PARTITION = CriticalTwoLayerReLU(regulariser="constant", vanishing="partition")
positive = [c > 0, mu > 0]
unfold = {q[i]: q_formula, h[i]: h_formula, A[i]: A_formula, eps: eps_formula}
unfold_constant = {**unfold, g[i]: mu}
of_blocks = greatest(norm(G_block[P]), P)
smallest = least(norm(G[S]), S)


# -- anchors: the gradient of one sample --------------------------------------------------------------------------


def from_anchor(anchor: Any, bound: Any) -> Any:
    """The sentence that V plus a matrix is no longer than a bound."""
    return norm(V + anchor) <= bound


own = h[i] / (c * mu)

anchor = claim(
    "chen2024/theorem-2.6-anchor",
    """With constant regularisation V is within (2B - 1) eps / (c mu) of -h_i / (c mu), for every sample i.""",
    given=CONSTANT,
    assuming=[B < N, *positive],
    says=from_anchor(own, (2 * B - 1) * eps / (c * mu)),
    where=unfold_constant,
    source=f"{REFERENCE}, Theorem 2.6 (with the constant derived here)",
    link=f"{DERIVATIONS}#anchor",
    provenance="repaired",
    relies_on=MEAN,
    vacuous=ANCHOR,
    expects="proved",
)
anchor.breaks_when("a batch may be the whole sample", assuming=positive)
anchor.breaks_when("B for 2 B - 1", says=from_anchor(own, B * eps / (c * mu)))
anchor.breaks_when("B + 1 for 2 B - 1", says=from_anchor(own, (B + 1) * eps / (c * mu)))
anchor.breaks_when("2 (B - 1) for 2 B - 1", says=from_anchor(own, 2 * (B - 1) * eps / (c * mu)))
anchor.breaks_when("the anchor has the other sign", says=from_anchor(-own, (2 * B - 1) * eps / (c * mu)))
anchor.breaks_when("the decay convention is left out", says=from_anchor(h[i] / mu, (2 * B - 1) * eps / (c * mu)))
anchor.breaks_when("mu in the numerator", says=from_anchor(mu * h[i] / c, (2 * B - 1) * eps / (c * mu)))
anchor.breaks_when("only the batches of one partition", says=from_anchor(own, (2 * B - 1) * of_blocks / (c * mu)))
anchor.breaks_when("the smallest over the batches", says=from_anchor(own, (2 * B - 1) * smallest / (c * mu)))

printed = claim(
    "chen2024/theorem-2.6-rank-one-printed",
    """With constant regularisation V is within 2B eps / mu of -h_i / (c mu), which has rank at most one.""",
    given=CONSTANT,
    assuming=[B < N, c >= 1, mu > 0],
    says=from_anchor(own, 2 * B * eps / mu),
    where=unfold_constant,
    proof=[c > 0, sketches.anchor],
    source=f"{REFERENCE}, Theorem 2.6 and equation (17)",
    link=f"{DERIVATIONS}#rank-one-as-printed",
    provenance="as-read",
    relies_on=MEAN,
    sharpened_by=[from_anchor(own, (2 * B - 1) * eps / mu)],
    vacuous=PRINTED,
    expects="proved",
)
printed.breaks_when("a batch may be the whole sample", assuming=[c >= 1, mu > 0])
printed.breaks_when("B for 2 B", says=from_anchor(own, B * eps / mu))
printed.breaks_when("eps / B for B eps", says=from_anchor(own, 2 * eps / (B * mu)))
printed.breaks_when("the anchor has the other sign", says=from_anchor(-own, 2 * B * eps / mu))
printed.breaks_when("the decay convention is left out", given=CRITICAL, says=from_anchor(h[i] / mu, 2 * B * eps / mu))
printed.breaks_when("only the batches of one partition", says=from_anchor(own, 2 * B * of_blocks / mu))
printed.breaks_when("the smallest over the batches", says=from_anchor(own, 2 * B * smallest / mu))


def any_g(anchor: Any, bound: Any) -> Any:
    """The sentence that V plus a matrix is no longer than a bound, where sample i is regularised."""
    return Implies(Ne(g[i], 0), from_anchor(anchor, bound))


scaled = h[i] / (c * g[i])

any_strengths = claim(
    "chen2024/theorem-2.6-any-g",
    """V is within (2B - 1) eps / (c |g_i|) of -h_i / (c g_i), which has rank at most one, whatever the strengths g.""",
    given=TwoLayerReLU(),
    assuming=[B < N, c > 0],
    says=any_g(scaled, (2 * B - 1) * eps / (c * Abs(g[i]))),
    where=unfold,
    source=f"{REFERENCE}, Theorem 2.6 (derived: rank one for every g)",
    link=f"{DERIVATIONS}#any-g",
    relies_on=MEAN,
    vacuous=ANY_SAMPLE,
    expects="proved",
)
any_strengths.breaks_when("a batch may be the whole sample", assuming=[c > 0])
any_strengths.breaks_when("B for 2 B - 1", says=any_g(scaled, B * eps / (c * Abs(g[i]))))
any_strengths.breaks_when("B + 1 for 2 B - 1", says=any_g(scaled, (B + 1) * eps / (c * Abs(g[i]))))
any_strengths.breaks_when("2 (B - 1) for 2 B - 1", says=any_g(scaled, 2 * (B - 1) * eps / (c * Abs(g[i]))))
any_strengths.breaks_when("the anchor has the other sign", says=any_g(-scaled, (2 * B - 1) * eps / (c * Abs(g[i]))))
any_strengths.breaks_when(
    "the decay convention is left out", says=any_g(h[i] / g[i], (2 * B - 1) * eps / (c * Abs(g[i])))
)
any_strengths.breaks_when("strengths of any sign", says=any_g(scaled, (2 * B - 1) * eps / (c * g[i])))
any_strengths.breaks_when(
    "only the batches of one partition", says=any_g(scaled, (2 * B - 1) * of_blocks / (c * Abs(g[i])))
)

# -- branch A: two samples of different strengths -------------------------------------------------------------------


def pair(matrix: Any, bound: Any) -> Any:
    """The sentence that V plus a matrix is no longer than a bound, where samples i and j differ in strength."""
    return Implies(Ne(g[i], g[j]), from_anchor(matrix, bound))


difference = (h[i] - h[j]) / (c * (g[i] - g[j]))
radius = 2 * B * eps / (c * Abs(g[i] - g[j]))

anchor_pair = claim(
    "chen2024/theorem-2.6-anchor-pair",
    """V is within 2B eps / (c |g_i - g_j|) of -(h_i - h_j) / (c (g_i - g_j)), of rank at most two.""",
    given=TwoLayerReLU(),
    assuming=[B < N, c > 0],
    says=pair(difference, radius),
    where=unfold,
    source=f"{REFERENCE}, Theorem 2.6 and equation (16)",
    link=f"{DERIVATIONS}#branch-a",
    provenance="as-read",
    relies_on=MEAN,
    expects="proved",
)
anchor_pair.breaks_when("a batch may be the whole sample", assuming=[c > 0])
anchor_pair.breaks_when("B for 2 B", says=pair(difference, B * eps / (c * Abs(g[i] - g[j]))))
anchor_pair.breaks_when("2 B - 1 for 2 B", says=pair(difference, (2 * B - 1) * eps / (c * Abs(g[i] - g[j]))))
anchor_pair.breaks_when("the matrix has the other sign", says=pair(-difference, radius))
anchor_pair.breaks_when("the decay convention is left out", says=pair(c * difference, radius))
anchor_pair.breaks_when(
    "only the batches of one partition", says=pair(difference, 2 * B * of_blocks / (c * Abs(g[i] - g[j])))
)
anchor_pair.breaks_when(
    "the smallest over the batches", says=pair(difference, 2 * B * smallest / (c * Abs(g[i] - g[j])))
)


def distant(rank: Any, bound: Any) -> Any:
    """The sentence on the distance of V to a rank, where samples i and j differ in strength."""
    return Implies(Ne(g[i], g[j]), distance_to_rank(V, rank) <= bound)


rank_two = claim(
    "chen2024/theorem-2.6-rank-two-as-read",
    """V is within 2B eps / (c |g_i - g_j|) of the matrices of rank at most two, for samples of different strengths.""",
    given=TwoLayerReLU(),
    assuming=[B < N, c > 0],
    says=distant(2, radius),
    where=unfold,
    proof=[Implies(Ne(g[i], g[j]), sketches.pair)],
    source=f"{REFERENCE}, Theorem 2.6",
    link=f"{DERIVATIONS}#branch-a",
    relies_on=MEAN,
    sharpened_by=[distant(2, B * eps / (c * Abs(g[i] - g[j])))],
    vacuous=ANY_PAIR,
    expects="proved",
)
rank_two.breaks_when("a batch may be the whole sample", given=CriticalTwoLayerReLU(), assuming=[c > 0])
rank_two.breaks_when("the zero matrix will do", says=distant(0, radius))
rank_two.breaks_when(
    "B for 2 B, with strengths of both signs",
    given=OrthogonalTwoLayerReLU(),
    says=distant(2, B * eps / (c * Abs(g[i] - g[j]))),
)
rank_two.breaks_when(
    "only the batches of one partition",
    given=CriticalTwoLayerReLU(vanishing="partition"),
    says=distant(2, 2 * B * of_blocks / (c * Abs(g[i] - g[j]))),
)
rank_two.breaks_when(
    "the smallest over the batches",
    given=CriticalTwoLayerReLU(vanishing="partition"),
    says=distant(2, 2 * B * smallest / (c * Abs(g[i] - g[j]))),
)

# -- rank one ----------------------------------------------------------------------------------------------------

rank_one = claim(
    "chen2024/theorem-2.6-rank-one",
    """With constant regularisation V is within (2B - 1) eps / (c mu) of the matrices of rank at most one.""",
    given=CONSTANT,
    assuming=[B < N, *positive],
    says=distance_to_rank(V, 1) <= (2 * B - 1) * eps / (c * mu),
    where=unfold_constant,
    proof=sketches.rank_one,
    source=f"{REFERENCE}, Theorem 2.6 (with the constant derived here)",
    link=f"{DERIVATIONS}#rank-one",
    provenance="repaired",
    relies_on=MEAN,
    sharpened_by=[distance_to_rank(V, 1) <= sqrt(B * (N - 1) / (N - B)) * eps / (c * mu)],
    vacuous=ANCHOR,
    expects="proved",
)
rank_one.breaks_when(
    "without the batch size",
    given=OrthogonalTwoLayerReLU(regulariser="constant"),
    says=distance_to_rank(V, 1) <= eps / (c * mu),
)
rank_one.breaks_when("eps / B for B eps", says=distance_to_rank(V, 1) <= 2 * eps / (B * c * mu))
rank_one.breaks_when("a batch may be the whole sample", given=CRITICAL, assuming=positive)
rank_one.breaks_when(
    "only the batches of one partition",
    given=PARTITION,
    says=distance_to_rank(V, 1) <= (2 * B - 1) * of_blocks / (c * mu),
)
rank_one.breaks_when(
    "the smallest over the batches", given=PARTITION, says=distance_to_rank(V, 1) <= (2 * B - 1) * smallest / (c * mu)
)
rank_one.breaks_when("the zero matrix will do", says=distance_to_rank(V, 0) <= (2 * B - 1) * eps / (c * mu))
