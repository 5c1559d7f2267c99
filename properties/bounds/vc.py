"""VC dimension of networks: the implicit bound and its explicit form, the bound by mean depth, its lemma."""

from sympy import E, log, oo

from properties.worlds.boxes import Box
from symbolic import decreasing, dominates, increasing
from symbolic.papers.vc import (
    BARTLETT,
    D,
    binary,
    depth,
    explicit,
    implicit,
    mean_depth,
    pieces,
    room,
    units,
)
from symbolic.papers.zoo import FROM_ONE, L, W
from symbolic.spans import Span
from symbolic.words import word
from verify import claim

DERIVATIONS = "docs/mathematics/zoo.md"

# -- the dimension ----------------------------------------------------------------------------------------------------

ARCHITECTURE = (
    (W, "W", "the number of parameters"),
    (L, "L", "the number of layers"),
    (pieces, "p", "the number of pieces of an activation"),
)

for x, letter, meaning in ARCHITECTURE:
    larger = claim(
        f"harvey2017/implicit/largest-D-increasing-in-{letter}",
        f"D over what bounds it falls with {meaning}, so that the largest D that is allowed rises with it.",
        given=Box(implicit.domain),
        says=decreasing(room, x, strictly=True),
        source=implicit.source,
        link=f"{DERIVATIONS}#the-implicit-bound",
        about=implicit,
        expects="proved",
    )
    larger.breaks_when("it rises", says=increasing(room, x))

one_interval = claim(
    "harvey2017/implicit/allowed-D-are-an-interval",
    """D over what bounds it rises with D, so that the bound allows all D up to a largest one.""",
    given=Box(implicit.domain),
    says=increasing(room, D, strictly=True),
    source=implicit.source,
    link=f"{DERIVATIONS}#the-implicit-bound",
    about=implicit,
    expects="proved",
)
one_interval.breaks_when(
    "the logarithm cubed", says=increasing(D / (4 * W * (L + 1) * binary(2 * E * W * D * pieces) ** 3), D)
)

for x, letter, meaning in ARCHITECTURE:
    rising = claim(
        f"harvey2017/explicit/increasing-in-{letter}",
        f"The explicit bound on the VC dimension rises with {meaning}.",
        given=Box(explicit.domain),
        says=increasing(explicit.expression, x, strictly=True),
        source=explicit.source,
        link=f"{DERIVATIONS}#the-implicit-bound",
        about=explicit,
        expects="proved",
    )
    rising.breaks_when("it falls", says=decreasing(explicit.expression, x))

solves = claim(
    "harvey2017/explicit/solves-the-implicit-bound",
    """The explicit bound is at least what the implicit bound says of it, so that no larger D is allowed.""",
    given=Box(explicit.domain),
    says=dominates(explicit.expression, implicit.expression.xreplace({D: explicit.expression})),
    source=explicit.source,
    link=f"{DERIVATIONS}#the-implicit-bound",
    about=(explicit, implicit),
    expects="proved",
)
solves.breaks_when(
    "half of it",
    says=dominates(explicit.expression / 2, implicit.expression.xreplace({D: explicit.expression / 2})),
)

for x, letter, meaning in (
    *ARCHITECTURE,
    (depth, "Lbar", "the mean depth of a parameter"),
    (units, "R", "the number of units"),
):
    rising = claim(
        f"bartlett2019/mean-depth/increasing-in-{letter}",
        f"The bound by the mean depth of a parameter rises with {meaning}.",
        given=Box(mean_depth.domain),
        says=increasing(mean_depth.expression, x, strictly=True),
        source=mean_depth.source,
        about=mean_depth,
        expects="proved",
    )
    rising.breaks_when("it falls", says=decreasing(mean_depth.expression, x))

k = word("bartlett2019:k", "the binary logarithm of the base r")
sixteen = claim(
    "bartlett2019/lemma/sixteen",
    """From r = 2**k = 16 on, r is at least four times its binary logarithm.""",
    given=Box({k: Span(4, oo)}),
    says=dominates(2**k, 4 * k),
    source=f"{BARTLETT}, a lemma",
    link=f"{DERIVATIONS}#the-lemma-on-exponents",
    expects="proved",
)
sixteen.breaks_when("from r = 8 on", given=Box({k: Span(3, oo)}))

m = word("bartlett2019:m", "the number of points that are shattered")
t = word("bartlett2019:t", "the exponent of 2")
v = word("bartlett2019:w", "the exponent of the other factor")
EXPONENTS = {m: FROM_ONE, t: Span(0, oo), v: FROM_ONE}

exponents = claim(
    "bartlett2019/lemma/exponents",
    """If 2**m <= 2**t (m r/w)**w with r = 2**k >= 16 and w >= t >= 0, then m <= t + w log2(2 r log2 r).""",
    given=Box({**EXPONENTS, k: Span(4, oo)}),
    assuming=[v >= t, (m - t - v * k) * log(2) <= v * log(m / v)],
    says=(m - t - v * (1 + k)) * log(2) <= v * log(k),
    source=f"{BARTLETT}, a lemma",
    link=f"{DERIVATIONS}#the-lemma-on-exponents",
    provenance="as-read",
)
exponents.breaks_when("r from 2 on", given=Box({**EXPONENTS, k: FROM_ONE}))
exponents.breaks_when("the inner logarithm is left out", says=m - t <= v * (1 + k))
