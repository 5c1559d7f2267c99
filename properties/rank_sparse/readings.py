"""A layer in the main form: against the derived summand, at its edges, for a spectrum, and in the follow-up."""

from sympy import Eq, Max, Min, Rational, sqrt

from properties.worlds.boxes import Box
from symbolic import decreasing, dominates, homogeneous, increasing, reduces_to
from symbolic.papers.layers import contribution, hidden, power_sum, scale, x_1
from symbolic.papers.rank_sparse import Gam, W, r, summand, term, wbar
from symbolic.papers.schatten import UP_TO_TWO, p
from symbolic.papers.zoo import ABOVE_ZERO, N
from symbolic.words import word
from verify import claim

LINK = "docs/mathematics/rank_sparse.md#what-the-cost-cannot-be"
T = summand.expression

# -- against the derived summand --------------------------------------------------------------------------------------

moved = claim(
    "ledent2025/summand/norm-counts-like-rank",
    """The summand does not change where Gam is 1 and the soft rank is r Gam^p.""",
    given=Box(summand.domain),
    says=Eq(T, term(1, r * Gam**p), evaluate=False),
    source=summand.source,
    provenance="as-read",
    link="docs/mathematics/rank_sparse.md#the-main-form",
    about=summand,
    expects="proved",
)
moved.breaks_when("r Gam^2", says=Eq(T, term(1, r * Gam**2), evaluate=False))

mean = claim(
    "ledent2025/summand/never-beats-the-better-of-two",
    """By the count x = r Gam^p wbar of the derived bound the summand is at least the smaller of x and its cost: with
    widths multiplied as cost it never beats the better of the derived bound and counting parameters.""",
    given=Box({x_1: ABOVE_ZERO, W: ABOVE_ZERO, p: UP_TO_TWO}),
    says=dominates(x_1 ** (2 / (p + 2)) * W ** (p / (p + 2)), Min(x_1, W)),
    source=summand.source,
    provenance="as-read",
    link="docs/mathematics/rank_sparse.md#the-main-form",
    relies_on=["ledent2025/summand/norm-counts-like-rank"],
    about=summand,
    expects="proved",
)
mean.breaks_when("at least the larger", says=dominates(x_1 ** (2 / (p + 2)) * W ** (p / (p + 2)), Max(x_1, W)))

# -- edges ------------------------------------------------------------------------------------------------------------

one = claim(
    "ledent2025/summand/width-1",
    """With width 1, soft rank 1 and cost 1 the summand is 2^(2/(p + 2)) Gam^(2p/(p + 2)).""",
    given=Box(summand.domain),
    says=reduces_to(T, {r: 1, wbar: 2, W: 1}, 2 ** (2 / (p + 2)) * Gam ** (2 * p / (p + 2))),
    source=summand.source,
    provenance="as-read",
    link="docs/mathematics/rank_sparse.md#the-main-form",
    about=summand,
    expects="proved",
)
one.breaks_when(
    "widths multiplied", says=reduces_to(T, {r: 1, wbar: 1, W: 1}, 2 ** (2 / (p + 2)) * Gam ** (2 * p / (p + 2)))
)

weight = word("ledent2025:z", "the weight p/(p + 2) of the norm in the geometric mean, 1 for an infinite index")
by_weight = (r * wbar) ** (1 - weight) * (Gam**2 * W) ** weight
infinite = claim(
    "ledent2025/summand/norm-alone-for-an-infinite-index",
    """By the weight z = p/(p + 2), which tends to 1 as p grows, the summand is (r wbar)^(1 - z) (Gam^2 W)^z: Gam^2 W at
    z = 1.""",
    given=Box({**summand.domain, weight: (0, 1)}),
    says=reduces_to(by_weight, {weight: 1}, Gam**2 * W),
    source=summand.source,
    provenance="as-read",
    link="docs/mathematics/rank_sparse.md#the-main-form",
    about=summand,
    expects="proved",
)
infinite.breaks_when("at z = 1/2, p = 2", says=reduces_to(by_weight, {weight: Rational(1, 2)}, Gam**2 * W))

no_norm = claim(
    "ledent2025/summand/small-norms-leave-the-count-at-p-0",
    """At p = 0 the summand stays r wbar however small Gam is, unlike the derived bound, whose logarithm vanishes.""",
    given=Box(summand.domain),
    says=dominates(T.xreplace({p: 0}), r * wbar),
    source=summand.source,
    provenance="as-read",
    link="docs/mathematics/rank_sparse.md#the-main-form",
    about=summand,
    expects="proved",
)
no_norm.breaks_when("at p = 1", says=dominates(T.xreplace({p: 1}), r * wbar))

# -- a spectrum -------------------------------------------------------------------------------------------------------

ranks = 1 + 5 * Rational(3, 10) ** p + 94 * Rational(1, 100) ** p
"""The soft rank of 100 singular values: 1, five of 3/10, 94 of 1/100."""

of_spectrum = T.xreplace({r: ranks, Gam: 3, wbar: 200, W: 10000})
SPECTRUM_LINK = "docs/mathematics/rank_sparse.md#a-spectrum"

for direction, says in (("increasing", increasing(of_spectrum, p)), ("decreasing", decreasing(of_spectrum, p))):
    claim(
        f"ledent2025/spectrum/{direction}-in-p-fails",
        f"With the soft rank that a spectrum has at each index the summand is {direction} in p.",
        given=Box({p: UP_TO_TWO}),
        says=says,
        source=f"{summand.source}: not claimed there",
        provenance="derived",
        link=SPECTRUM_LINK,
        about=summand,
        expects="refuted",
    )

for name, at, says, words, mutant, other in (
    ("at-p-0", (0, 0), of_spectrum >= 20000, "at least 20000 at p = 0", "at p = 1/10", Box({p: ("1/10", "1/10")})),
    ("at-p-11-10", ("11/10", "11/10"), of_spectrum < 3500, "below 3500 at p = 11/10", "at p = 2", Box({p: (2, 2)})),
    ("at-p-2", (2, 2), of_spectrum > 5000, "above 5000 at p = 2", "at p = 11/10", Box({p: ("11/10", "11/10")})),
):
    claim(
        f"ledent2025/spectrum/{name}",
        f"For one spectrum, Gam = 3, wbar = 200 and W = 10000, the summand is {words}: it is least in between.",
        given=Box({p: at}),
        says=says,
        source=summand.source,
        provenance="derived",
        link=SPECTRUM_LINK,
        about=summand,
        expects="proved",
    ).breaks_when(mutant, given=other)

# -- the form of the follow-up ----------------------------------------------------------------------------------------

C = contribution.expression
TRANSFORMERS = Box(contribution.domain)

for x, letter, meaning in (
    (power_sum, "S", "the sum of powers of singular values"),
    (scale, "c", "the Lipschitz constant before the matrix"),
    (hidden, "n", "the hidden width"),
):
    claim(
        f"sakai2026/contribution/increasing-in-{letter}",
        f"The contribution of a matrix rises with {meaning}.",
        given=TRANSFORMERS,
        says=increasing(C, x),
        source=contribution.source,
        provenance="as-read",
        link=LINK,
        about=contribution,
        expects="proved",
    ).breaks_when("it falls", says=decreasing(C, x))

claim(
    "sakai2026/contribution/decreasing-in-N",
    """The contribution of a matrix falls strictly with the number of samples.""",
    given=TRANSFORMERS,
    says=decreasing(C, N, strictly=True),
    source=contribution.source,
    provenance="as-read",
    link=LINK,
    about=contribution,
    expects="proved",
).breaks_when("it rises", says=increasing(C, N))

for index, reduced, words in (
    (0, sqrt(power_sum * hidden / N), "rank times width, over N, under a root"),
    (2, (power_sum * hidden) ** Rational(1, 4) * sqrt(scale * hidden / N), "norms and widths with powers 1/4 and 1/2"),
):
    claim(
        f"sakai2026/contribution/at-p-{index}",
        f"At p = {index} the contribution of a matrix is {words}.",
        given=TRANSFORMERS,
        says=reduces_to(C, {p: index}, reduced),
        source=contribution.source,
        provenance="as-read",
        link=LINK,
        about=contribution,
        expects="proved",
    ).breaks_when("at p = 1", says=reduces_to(C, {p: 1}, reduced))

squared = (power_sum * scale) ** Rational(2, 3) * hidden ** Rational(4, 3) / N
halfway = claim(
    "sakai2026/contribution/squared-at-p-1",
    """At p = 1 its square is that of the summand of the main form, over N, with the hidden width n for wbar and n^2 as
    cost, (S n)^(2/3) (c n)^(2/3): the cost that the derivation here needs too.""",
    given=TRANSFORMERS,
    says=reduces_to(C**2, {p: 1}, squared),
    source=contribution.source,
    provenance="as-read",
    link=LINK,
    about=(contribution, summand),
    expects="proved",
)
halfway.breaks_when("with n as cost", says=reduces_to(C**2, {p: 1}, squared / hidden ** Rational(1, 3)))

scales = claim(
    "sakai2026/contribution/degree",
    """It is homogeneous of degree p/(p + 2) in the Lipschitz constant before the matrix.""",
    given=TRANSFORMERS,
    says=homogeneous(C, scale, p / (p + 2)),
    source=contribution.source,
    provenance="as-read",
    link=LINK,
    about=contribution,
    expects="proved",
)
scales.breaks_when("of degree 2p/(p + 2)", says=homogeneous(C, scale, 2 * p / (p + 2)))
