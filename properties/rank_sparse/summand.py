"""A layer in the main form: a geometric mean of a count of parameters and a norm, with weights that p moves."""

from sympy import Eq, Max, Min, sqrt

from properties.worlds.boxes import Box
from symbolic import decreasing, dominates, homogeneous, increasing, reduces_to
from symbolic.papers.rank_sparse import (
    REFERENCE,
    Gam,
    S,
    W,
    b,
    by_quotient,
    r,
    s,
    summand,
    term,
    v,
    w,
    wbar,
)
from symbolic.papers.schatten import FROM_ABOVE_ZERO_TO_TWO, p
from symbolic.papers.zoo import ABOVE_ZERO, FROM_ONE
from verify import claim

LINK = "docs/mathematics/rank_sparse.md#the-main-form"
T = summand.expression
WORLD = Box(summand.domain)
ABOVE_RANK = Box({**summand.domain, p: FROM_ABOVE_ZERO_TO_TWO})

# -- one summand ------------------------------------------------------------------------------------------------------

for x, letter in ((r, "r"), (wbar, "wbar")):
    rises = claim(
        f"ledent2025/summand/increasing-in-{letter}",
        f"The summand of a layer rises strictly with {letter}.",
        given=WORLD,
        says=increasing(T, x, strictly=True),
        source=summand.source,
        provenance="as-read",
        link=LINK,
        about=summand,
        expects="proved",
    )
    rises.breaks_when("it falls", says=decreasing(T, x))

for x, letter in ((Gam, "Gam"), (W, "W")):
    rises = claim(
        f"ledent2025/summand/increasing-in-{letter}",
        f"For p above 0 the summand of a layer rises strictly with {letter}.",
        given=ABOVE_RANK,
        says=increasing(T, x, strictly=True),
        source=summand.source,
        provenance="as-read",
        link=LINK,
        about=summand,
        expects="proved",
    )
    rises.breaks_when("at p = 0 too", given=WORLD)

at_zero = claim(
    "ledent2025/summand/parameters-at-p-0",
    """At p = 0 the summand is r wbar, a count of parameters, without any norm.""",
    given=WORLD,
    says=reduces_to(T, {p: 0}, r * wbar),
    source=summand.source,
    provenance="as-read",
    link=LINK,
    about=summand,
    expects="proved",
)
at_zero.breaks_when("the spatial size counts", says=reduces_to(T, {p: 0}, r * wbar * W))
at_zero.breaks_when("Gam counts", says=reduces_to(T * Gam, {p: 0}, r * wbar))
at_zero.breaks_when(
    "r to the power 2/p", says=reduces_to(Gam ** (2 * p / (p + 2)) * r ** (p / (p + 2)) * wbar, {p: 0}, r * wbar)
)

widths = claim(
    "ledent2025/summand/widths-added-at-p-0",
    """At p = 0 a layer with widths w and v counts r (w + v).""",
    given=Box({**summand.domain, w: FROM_ONE, v: FROM_ONE}),
    says=reduces_to(T, {p: 0, wbar: w + v}, r * (w + v)),
    source=summand.source,
    provenance="as-read",
    link=LINK,
    about=summand,
    expects="proved",
)
widths.breaks_when("widths multiplied", says=reduces_to(T, {p: 0, wbar: w * v}, r * (w + v)))

at_two = claim(
    "ledent2025/summand/geometric-mean-at-p-2",
    """At p = 2 the summand is Gam sqrt(r wbar W).""",
    given=WORLD,
    says=reduces_to(T, {p: 2}, Gam * sqrt(r * wbar * W)),
    source=summand.source,
    provenance="as-read",
    link=LINK,
    about=summand,
    expects="proved",
)
at_two.breaks_when("without a root", says=reduces_to(T, {p: 2}, Gam * r * wbar * W))

degree = claim(
    "ledent2025/summand/degree-2p-over-p-plus-2",
    """The summand is homogeneous of degree 2p/(p + 2) in Gam.""",
    given=WORLD,
    says=homogeneous(T, Gam, 2 * p / (p + 2)),
    source=summand.source,
    provenance="as-read",
    link=LINK,
    about=summand,
    expects="proved",
)
degree.breaks_when("of degree p/(p + 2)", says=homogeneous(T, Gam, p / (p + 2)))
degree.breaks_when("of degree p", says=homogeneous(T, Gam, p))

exponents = claim(
    "ledent2025/summand/exponents-sum-to-1",
    """The summand is homogeneous of degree 1 in r and W together: its exponents add up to 1.""",
    given=WORLD,
    says=homogeneous(T, (r, W), 1),
    source=summand.source,
    provenance="as-read",
    link=LINK,
    about=summand,
    expects="proved",
)
exponents.breaks_when("r to the power 2/p", given=ABOVE_RANK, says=homogeneous(T * r ** (2 / p), (r, W), 1))
exponents.breaks_when(
    "r to the power p/(p + 2)", says=homogeneous((r * W) ** (p / (p + 2)) * wbar ** (2 / (p + 2)), (r, W), 1)
)

own_norm = claim(
    "ledent2025/summand/own-norm-cancels",
    """With a fixed sum S of powers, r = S / s^p, the layer's own norm s cancels.""",
    given=Box({**summand.domain, S: ABOVE_ZERO, s: ABOVE_ZERO, b: ABOVE_ZERO}),
    says=reduces_to(T, {r: S / s**p, Gam: b * s}, term(b, S)),
    source=summand.source,
    provenance="as-read",
    link=LINK,
    about=summand,
    expects="proved",
)
own_norm.breaks_when("r = S / s", says=reduces_to(T, {r: S / s, Gam: b * s}, term(b, S)))

# -- a mean, and p ----------------------------------------------------------------------------------------------------

at_least = claim(
    "ledent2025/summand/at-least-the-smaller-of-count-and-norm",
    """The summand is at least the smaller of r wbar and Gam^2 W.""",
    given=WORLD,
    says=dominates(T, Min(r * wbar, Gam**2 * W)),
    source=summand.source,
    provenance="as-read",
    link=LINK,
    about=summand,
    expects="proved",
)
at_least.breaks_when("at least r wbar", says=dominates(T, r * wbar))
at_least.breaks_when("at least the larger", says=dominates(T, Max(r * wbar, Gam**2 * W)))

at_most = claim(
    "ledent2025/summand/at-most-the-larger-of-count-and-norm",
    """The summand is at most the larger of r wbar and Gam^2 W.""",
    given=WORLD,
    says=dominates(Max(r * wbar, Gam**2 * W), T),
    source=summand.source,
    provenance="as-read",
    link=LINK,
    about=summand,
    expects="proved",
)
at_most.breaks_when("at most the smaller", says=dominates(Min(r * wbar, Gam**2 * W), T))

as_quotient = claim(
    "ledent2025/summand/is-a-power-of-a-quotient",
    """The summand is r wbar (Gam^2 W / (r wbar))^(p/(p + 2)).""",
    given=WORLD,
    says=Eq(T, by_quotient, evaluate=False),
    source=summand.source,
    provenance="as-read",
    link=LINK,
    about=summand,
    expects="proved",
)
as_quotient.breaks_when(
    "with the exponent p/2", says=Eq(T, r * wbar * (Gam**2 * W / (r * wbar)) ** (p / 2), evaluate=False)
)

rises_in_p = claim(
    "ledent2025/summand/increasing-in-p-if-norm-exceeds-count",
    """With a fixed soft rank the summand rises with p if Gam^2 W is at least r wbar.""",
    given=WORLD,
    assuming=[Gam**2 * W >= r * wbar],
    says=increasing(by_quotient, p),
    source=summand.source,
    provenance="as-read",
    link=LINK,
    relies_on=["ledent2025/summand/is-a-power-of-a-quotient"],
    about=summand,
    expects="proved",
)
rises_in_p.breaks_when("if twice that is", assuming=[2 * Gam**2 * W >= r * wbar])

falls_in_p = claim(
    "ledent2025/summand/decreasing-in-p-if-count-exceeds-norm",
    """With a fixed soft rank the summand falls with p if Gam^2 W is at most r wbar.""",
    given=WORLD,
    assuming=[Gam**2 * W <= r * wbar],
    says=decreasing(by_quotient, p),
    source=summand.source,
    provenance="as-read",
    link=LINK,
    relies_on=["ledent2025/summand/is-a-power-of-a-quotient"],
    about=summand,
    expects="proved",
)
falls_in_p.breaks_when("if half of that is", assuming=[Gam**2 * W <= 2 * r * wbar])

always_rises = claim(
    "ledent2025/summand/increasing-in-p-fails",
    """With a fixed soft rank the summand rises with p.""",
    given=WORLD,
    says=increasing(T, p),
    source=f"{REFERENCE}: not claimed there",
    provenance="derived",
    link=LINK,
    about=summand,
    expects="refuted",
)

always_falls = claim(
    "ledent2025/summand/decreasing-in-p-fails",
    """With a fixed soft rank the summand falls with p.""",
    given=WORLD,
    says=decreasing(T, p),
    source=f"{REFERENCE}: not claimed there",
    provenance="derived",
    link=LINK,
    about=summand,
    expects="refuted",
)
