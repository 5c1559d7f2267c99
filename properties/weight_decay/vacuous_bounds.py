"""What Theorem 2.6 asks of the data, and when its bounds say nothing (Section 2.2 and the Discussion)."""

from __future__ import annotations

from sympy import Abs, Implies, Ne, Trace

from properties.worlds.critical import CriticalTwoLayerReLU
from properties.worlds.near_critical import NearCriticalTwoLayerReLU
from properties.worlds.networks import TwoLayerReLU
from symbolic import greatest, least, mean, norm, spectral_norm
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
    x,
)
from symbolic.projections import projector
from verify import claim

DERIVATIONS = "docs/mathematics/theorem_2_6.md"
MEAN = ["chen2024/batch-gradient-is-mean"]
l = sketches.l  # noqa: E741  (a third sample, after i and j)

CONSTANT, CRITICAL = TwoLayerReLU(regulariser="constant"), CriticalTwoLayerReLU(regulariser="constant")
NEAR = NearCriticalTwoLayerReLU(regulariser="constant")
unfold = {q[i]: q_formula, h[i]: h_formula, A[i]: A_formula, eps: eps_formula}
of_blocks = greatest(norm(G_block[P]), P)
smallest = least(norm(G[S]), S)

# -- the rows of V are near the line of each input ------------------------------------------------------------------

off_the_line = norm(V - V * projector(x[i]))

per_point = claim(
    "chen2024/vacuity-per-point",
    """Off the line of any one input, V is no longer than (2B - 1) eps / (c g_i).""",
    given=TwoLayerReLU(),
    assuming=[B < N, c > 0, g[i] > 0],
    says=off_the_line <= (2 * B - 1) * eps / (c * g[i]),
    where=unfold,
    proof=sketches.per_point,
    source=f"{REFERENCE}, Theorem 2.6 (its consequence, derived)",
    link=f"{DERIVATIONS}#one-input",
    relies_on=MEAN,
    expects="proved",
)
per_point.breaks_when("a batch may be the whole sample", given=CRITICAL, assuming=[c > 0, g[i] > 0])
per_point.breaks_when("B for 2 B - 1", given=NEAR, says=off_the_line <= B * eps / (c * g[i]))
per_point.breaks_when("2 (B - 1) for 2 B - 1", says=off_the_line <= 2 * (B - 1) * eps / (c * g[i]))
per_point.breaks_when("V itself", given=NEAR, says=norm(V) <= (2 * B - 1) * eps / (c * g[i]))
per_point.breaks_when("along the line", given=NEAR, says=norm(V * projector(x[i])) <= (2 * B - 1) * eps / (c * g[i]))
per_point.breaks_when(
    "only the batches of one partition", given=NEAR, says=off_the_line <= (2 * B - 1) * of_blocks / (c * g[i])
)
per_point.breaks_when("the smallest over the batches", says=off_the_line <= (2 * B - 1) * smallest / (c * g[i]))

lengths = norm(x[i]) * norm(x[j])
apart = lengths - Abs(Trace(x[i].T * x[j]))
radius = (2 * B - 1) * eps / (c * mu)

two_points = claim(
    "chen2024/vacuity-two-points",
    """With two inputs at an angle t, V is no longer than (2B - 1) eps / (c mu) times sqrt(2 / (1 - |cos t|)).""",
    given=CONSTANT,
    assuming=[B < N, c > 0, mu > 0],
    says=norm(V) ** 2 * apart <= 2 * radius**2 * lengths,
    where={**unfold, g[i]: mu},
    proof=sketches.two_points,
    source=f"{REFERENCE}, Theorem 2.6 (its consequence, derived)",
    link=f"{DERIVATIONS}#two-inputs",
    relies_on=MEAN,
    expects="proved",
)
two_points.breaks_when("a batch may be the whole sample", given=CRITICAL, assuming=[c > 0, mu > 0])
two_points.breaks_when("1 for 2", given=NEAR, says=norm(V) ** 2 * apart <= radius**2 * lengths)
two_points.breaks_when(
    "opposite inputs count as apart",
    given=CRITICAL,
    says=norm(V) ** 2 * (lengths - Trace(x[i].T * x[j])) <= 2 * radius**2 * lengths,
)
two_points.breaks_when("any two inputs", says=norm(V) ** 2 * lengths <= 2 * radius**2 * lengths)
two_points.breaks_when(
    "the smallest over the batches",
    says=norm(V) ** 2 * apart <= 2 * ((2 * B - 1) * smallest / (c * mu)) ** 2 * lengths,
)

# -- all inputs at once ---------------------------------------------------------------------------------------------

total = mean(g[j] ** 2, j)
common = spectral_norm(mean(g[j] ** 2 * projector(x[j]), j))
spread = norm(V) ** 2 * (total - common)
bound = B * (N - 1) / (N - B) * eps**2 / c**2

top_eigenvalue = claim(
    "chen2024/vacuity-top-eigenvalue",
    """The squared norm of V, times what no one direction has of all inputs, is at most kappa^2 eps^2 / c^2.""",
    given=TwoLayerReLU(),
    assuming=[B < N, c > 0],
    says=spread <= bound,
    where=unfold,
    proof=sketches.top_eigenvalue,
    source=f"{REFERENCE}, Theorem 2.6 (its consequence, derived)",
    link=f"{DERIVATIONS}#all-inputs",
    relies_on=MEAN,
    expects="proved",
)
top_eigenvalue.breaks_when("whatever the inputs", says=norm(V) ** 2 * total <= bound)
top_eigenvalue.breaks_when("the square root of B for kappa", says=spread <= B * eps**2 / c**2)
top_eigenvalue.breaks_when(
    "without weights",
    given=CriticalTwoLayerReLU(),
    says=norm(V) ** 2 * total * (1 - spectral_norm(mean(projector(x[j]), j))) <= bound,
)
top_eigenvalue.breaks_when("the decay convention is left out", says=c**2 * spread <= bound)
top_eigenvalue.breaks_when("the smallest over the batches", says=spread <= B * (N - 1) / (N - B) * smallest**2 / c**2)

# -- the Discussion -------------------------------------------------------------------------------------------------

rank_one_form = (2 * B - 1) / (c * greatest(g[l], l))
branch_a = 2 * B / (c * Abs(g[i] - g[j]))

separating = claim(
    "chen2024/discussion-separating-g",
    """Separating the strengths g_j never gives branch A a smaller constant than the form of rank one has, contrary to
    what the Discussion suggests.""",
    given=TwoLayerReLU(),
    assuming=[c > 0, g[i] > 0],
    says=Implies(Ne(g[i], g[j]), rank_one_form < branch_a),
    proof=sketches.separating,
    source=f"{REFERENCE}, Discussion (derived)",
    link=f"{DERIVATIONS}#separating-the-strengths",
    expects="proved",
)
separating.breaks_when("the other way round", says=Implies(Ne(g[i], g[j]), branch_a < rank_one_form))
separating.breaks_when("strengths of any sign", assuming=[c > 0, greatest(g[l], l) > 0])
separating.breaks_when(
    "the smallest strength", says=Implies(Ne(g[i], g[j]), (2 * B - 1) / (c * least(g[l], l)) < branch_a)
)
separating.breaks_when("half of it", says=Implies(Ne(g[i], g[j]), 2 * rank_one_form < branch_a))
