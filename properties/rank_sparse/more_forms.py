"""Further statements about rank-sparse networks: the depth in the logarithm, an infinite index, and p = 1."""

from sympy import log, oo, sqrt

from properties.worlds.boxes import Box
from symbolic import Span, decreasing, dominates, limit
from symbolic.papers.layers import interpolating, least_width
from symbolic.papers.rank_sparse import CODE, Gam, W, assembled, complexity, summand
from symbolic.papers.rank_sparse import exact as derived
from symbolic.papers.schatten import decay, p, sigma_1
from symbolic.papers.zoo import ABOVE_ZERO, FROM_ONE, L, N
from symbolic.words import word
from verify import claim

LINK = "docs/mathematics/rank_sparse.md"

# -- the logarithm ----------------------------------------------------------------------------------------------------

grown = word("ledent2025:y", "the spectral norm of a layer times the Lipschitz constant of an activation")
inside = word("ledent2025:u", "8 L N times the Lipschitz constant of the loss and the norm of an input")
depth = claim(
    "ledent2025/derived-bound/logarithm-linear-in-depth",
    """Where s rho >= 1 the logarithm of the derived bound is at most linear in depth: log(1 + u (s rho)**L) is at most
    log(1 + u) + L log(s rho).""",
    given=Box({grown: FROM_ONE, inside: ABOVE_ZERO, L: FROM_ONE}),
    says=dominates(log((1 + inside) * grown**L), log(1 + inside * grown**L)),
    link=f"{LINK}#the-derived-bound",
    expects="proved",
)
depth.breaks_when("without s rho >= 1", given=Box({grown: ABOVE_ZERO, inside: ABOVE_ZERO, L: FROM_ONE}))
depth.breaks_when("of one layer less", says=dominates(log((1 + inside) * grown ** (L - 1)), log(1 + inside * grown**L)))

# -- an infinite index ------------------------------------------------------------------------------------------------

for bound, slug, statement, value in (
    (
        summand,
        "ledent2025/summand/tends-to-the-norm-with-p",
        "As the index grows beyond 2 the summand, soft rank held, tends to Gam**2 W.",
        Gam**2 * W,
    ),
    (
        interpolating,
        "ledent2025/one-layer-in-between/tends-to-the-norm-with-p",
        "As the index grows beyond 2 the bound for one layer tends to Gam sqrt(n_1/N).",
        sqrt(Gam**2 * least_width / N),
    ),
):
    claim(
        slug,
        statement,
        given=Box({**bound.domain, p: Span(0, oo)}),
        says=limit(bound.expression, p, oo, value),
        source=CODE,
        provenance="as-read",
        link=f"{LINK}#the-main-form",
        about=bound,
        expects="proved",
    ).breaks_when("it falls to it", says=decreasing(bound.expression, p))

# -- p = 1 ------------------------------------------------------------------------------------------------------------

at_one = assembled(2 * (1 - 1 / sqrt(N)), complexity(Gam).xreplace({p: 1}), 8 * L * Gam * N)
AT_ONE = {x: given for x, given in derived.domain.items() if x != p}
from_eight = claim(
    "ledent2025/exact-bound/at-p-1-decreasing-in-N-from-8",
    """At p = 1, with its integral 2 (1 - 1/sqrt(N)), the derived bound falls strictly from 8 samples on if 8 L Gam is
    at least 1.""",
    given=Box({**AT_ONE, N: Span(8, oo)}),
    assuming=[8 * L * Gam >= 1],
    says=decreasing(at_one, N, strictly=True),
    source=derived.source,
    link=f"{LINK}#from-how-many-samples-on",
    about=derived,
    expects="proved",
)
from_eight.breaks_when("from 1 on", given=Box(AT_ONE))

# -- weight decay -----------------------------------------------------------------------------------------------------

tangent = claim(
    "schatten/weight-decay/above-rank-and-logarithm",
    """For a singular value above 0 the least weight decay L/2 sigma**(2/L) is at least L/2 + log sigma, so that with L
    factors it is at least L/2 times the rank and the logarithm of the product of the singular values.""",
    given=Box({sigma_1: ABOVE_ZERO, L: FROM_ONE}),
    says=dominates(decay(sigma_1), L / 2 + log(sigma_1)),
    link=f"{LINK}#weight-decay",
)
tangent.breaks_when("twice the logarithm", says=dominates(decay(sigma_1), L / 2 + 2 * log(sigma_1)))
