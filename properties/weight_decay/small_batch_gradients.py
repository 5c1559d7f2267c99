"""What vanishing batch gradients force on V: Assumption 2.3, Theorem 2.4 and its sharp form (Section 2.2)."""

from sympy import And, Eq, Ne, Or

from properties.worlds.critical import CriticalTwoLayerReLU
from properties.worlds.networks import TwoLayerReLU
from symbolic import exists, greatest, least, mean, norm, rank, vanishes
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
    V,
    c,
    eps,
    g,
    h,
    h_formula,
    i,
    j,
    q,
    q_formula,
    r,
    x,
)
from verify import claim

DERIVATIONS = "docs/mathematics/weight_decay.md"

eps_is_greatest = claim(
    "chen2024/eps-is-greatest",
    """The eps of Assumption 2.5 is the largest norm of a batch gradient, though no batch gradient is formed for it.""",
    given=TwoLayerReLU(),
    says=Eq(eps, greatest(norm(G[S]), S)),
    source=f"{REFERENCE}, Assumption 2.5",
    link=f"{DERIVATIONS}#eps",
)
eps_is_greatest.breaks_when("the smallest over the batches", says=Eq(eps, least(norm(G[S]), S)))
eps_is_greatest.breaks_when("the batches of one partition", says=Eq(eps, greatest(norm(G_block[P]), P)))
eps_is_greatest.breaks_when("the gradient of the whole sample", says=Eq(eps, norm(G_full)))
eps_is_greatest.breaks_when("the mean over the batches", says=Eq(eps, mean(norm(G[S]), S)))

some_decay = exists(j, Ne(g[j], 0))
critical = vanishes(G[S])
hypotheses = [B < N, c > 0, some_decay, critical]
unfold = {q[i]: q_formula, h[i]: h_formula, A[i]: A_formula}

theorem_2_4 = claim(
    "chen2024/theorem-2.4",
    """If the gradients of all batches vanish, V has rank at most two.""",
    given=CriticalTwoLayerReLU(),
    assuming=hypotheses,
    says=rank(V) <= 2,
    where=unfold,
    source=f"{REFERENCE}, Theorem 2.4",
    link=f"{DERIVATIONS}#theorem-24",
    provenance="as-read",
    relies_on=["chen2024/batch-gradient-is-mean"],
    sharpened_by=[rank(V) <= 1],
    expects="proved",
)
theorem_2_4.breaks_when("a batch may be the whole sample", assuming=[c > 0, some_decay, critical])
theorem_2_4.breaks_when("no decay", assuming=[B < N, c > 0, critical])
theorem_2_4.breaks_when("V vanishes", says=rank(V) <= 0)
theorem_2_4.breaks_when("the gradients need not vanish", given=TwoLayerReLU(), assuming=[B < N, c > 0, some_decay])

theorem_2_4_sharp = claim(
    "chen2024/theorem-2.4-sharp",
    """If the gradients of all batches vanish and some sample is regularised, V has rank at most one.""",
    given=CriticalTwoLayerReLU(),
    assuming=hypotheses,
    says=rank(V) <= 1,
    where=unfold,
    source=f"{REFERENCE}, Theorem 2.4 (sharpened here)",
    link=f"{DERIVATIONS}#theorem-24",
    provenance="repaired",
    relies_on=["chen2024/batch-gradient-is-mean"],
    expects="proved",
)
theorem_2_4_sharp.breaks_when("a batch may be the whole sample", assuming=[c > 0, some_decay, critical])
theorem_2_4_sharp.breaks_when("no decay", assuming=[B < N, c > 0, critical])
theorem_2_4_sharp.breaks_when("exactly one", says=Eq(rank(V), 1))
theorem_2_4_sharp.breaks_when(
    "the gradients need not vanish", given=TwoLayerReLU(), assuming=[B < N, c > 0, some_decay]
)
theorem_2_4_sharp.breaks_when(
    "the batches of one partition suffice",
    given=CriticalTwoLayerReLU(vanishing="partition"),
    assuming=[B < N, c > 0, some_decay, vanishes(G_block[P])],
)
theorem_2_4_sharp.breaks_when(
    "the whole gradient suffices",
    given=CriticalTwoLayerReLU(vanishing="full"),
    assuming=[B < N, c > 0, some_decay, vanishes(G_full)],
)

collinear = claim(
    "chen2024/theorem-2.4-collinear-inputs",
    """If all batch gradients vanish and every sample is regularised, V = 0, or inputs are parallel, none fitted.""",
    given=CriticalTwoLayerReLU(),
    assuming=[B < N, c > 0, Ne(g[i], 0), critical],
    says=Or(Eq(norm(V), 0), And(Eq(x[i] * x[j].T, x[j] * x[i].T), Ne(norm(x[i]), 0), Ne(r[i], 0))),
    source=f"{REFERENCE}, Theorem 2.4 (its consequence, derived)",
    link=f"{DERIVATIONS}#collinear-inputs",
)
collinear.breaks_when("V vanishes", says=Eq(norm(V), 0))
collinear.breaks_when("the inputs are equal", says=Or(Eq(norm(V), 0), Eq(x[i], x[j])))
collinear.breaks_when("some samples without decay", assuming=[B < N, c > 0, some_decay, critical])
collinear.breaks_when("a batch may be the whole sample", assuming=[c > 0, Ne(g[i], 0), critical])
