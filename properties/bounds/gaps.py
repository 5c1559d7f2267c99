"""Gaps by VC dimension, and a tail by pseudo-dimension with the sample size that follows."""

from sympy import Eq, oo

from properties.worlds.boxes import Box
from symbolic import decreasing, dominates, increasing, limit, reduces_to
from symbolic.papers.vc import (
    D,
    d,
    enough,
    eps,
    growth,
    tail,
    uniform,
)
from symbolic.papers.zoo import ABOVE_ZERO, N, delta
from verify import claim

DERIVATIONS = "docs/mathematics/zoo.md"

# -- gaps -------------------------------------------------------------------------------------------------------------

gap = uniform.expression
half = claim(
    "vapnik1998/uniform-convergence/decreasing-in-N",
    """The gap of Vapnik falls with N once there are half as many samples as the VC dimension.""",
    given=Box(uniform.domain),
    assuming=[N >= D / 2],
    says=decreasing(gap, N),
    source=uniform.source,
    link=f"{DERIVATIONS}#gaps-by-vc-dimension",
    about=uniform,
    expects="proved",
)
half.breaks_when("a tenth as many", assuming=[N >= D / 10])
half.breaks_when("it rises", says=increasing(gap, N))

exactly = claim(
    "vapnik1998/uniform-convergence/decreasing-in-N-exact-domain",
    """The gap of Vapnik falls with N from N = (D/2)(delta/4)**(1/D) on, which is where it is largest.""",
    given=Box(uniform.domain),
    assuming=[D / 2 * (delta / 4) ** (1 / D) <= N],
    says=decreasing(gap, N),
    source=uniform.source,
    link=f"{DERIVATIONS}#gaps-by-vc-dimension",
    about=uniform,
)
exactly.breaks_when("two thirds of that", assuming=[D / 3 * (delta / 4) ** (1 / D) <= N])

claim(
    "vapnik1998/uniform-convergence/decreasing-in-every-N-fails",
    """The gap of Vapnik falls with N wherever it has a value.""",
    given=Box(uniform.domain),
    says=decreasing(gap, N),
    source=uniform.source,
    about=uniform,
    expects="refuted",
)

dimension = claim(
    "vapnik1998/uniform-convergence/increasing-in-D",
    """The gap of Vapnik rises with the VC dimension D up to D = 2N.""",
    given=Box(uniform.domain),
    assuming=[D <= 2 * N],
    says=increasing(gap, D),
    source=uniform.source,
    link=f"{DERIVATIONS}#gaps-by-vc-dimension",
    about=uniform,
    expects="proved",
)
dimension.breaks_when("up to D = 4N", assuming=[D <= 4 * N])

claim(
    "vapnik1998/uniform-convergence/increasing-in-every-D-fails",
    """The gap of Vapnik rises with the VC dimension wherever it has a value.""",
    given=Box(uniform.domain),
    says=increasing(gap, D),
    source=uniform.source,
    about=uniform,
    expects="refuted",
)

claim(
    "vapnik1998/uniform-convergence/decreasing-in-delta",
    """The gap of Vapnik falls with delta.""",
    given=Box(uniform.domain),
    assuming=[N >= D / 2],
    says=decreasing(gap, delta, strictly=True),
    source=uniform.source,
    about=uniform,
    expects="proved",
).breaks_when("it rises", says=increasing(gap, delta))

claim(
    "vapnik1998/uniform-convergence/tends-to-0",
    """The gap of Vapnik tends to 0 as N grows.""",
    given=Box(uniform.domain),
    assuming=[N >= D / 2],
    says=limit(gap, N, oo, 0),
    source=uniform.source,
    about=uniform,
    expects="proved",
).breaks_when("it stays above 1/100", says=dominates(100 * gap, 1))

sauer = growth.expression
for x, letter, says, words in (
    (N, "decreasing-in-N", decreasing(sauer, N, strictly=True), "falls with N from N = D on"),
    (D, "increasing-in-D", increasing(sauer, D), "rises with the VC dimension D up to D = N"),
    (delta, "decreasing-in-delta", decreasing(sauer, delta, strictly=True), "falls with delta"),
):
    made = claim(
        f"mohri2018/growth/{letter}",
        f"The gap by Sauer's lemma {words}.",
        given=Box(growth.domain),
        assuming=growth.conditions,
        says=says,
        source=growth.source,
        link=f"{DERIVATIONS}#gaps-by-vc-dimension",
        about=growth,
        expects="proved",
    )
    if x == delta:
        made.breaks_when("it rises", says=increasing(sauer, delta))
    else:
        made.breaks_when("half as many samples as dimensions", assuming=[N >= D / 2])

claim(
    "mohri2018/growth/decreasing-in-every-N-fails",
    """The gap by Sauer's lemma falls with N wherever it has a value.""",
    given=Box(growth.domain),
    says=decreasing(sauer, N),
    source=growth.source,
    about=growth,
    expects="refuted",
)

claim(
    "mohri2018/growth/tends-to-0",
    """The gap by Sauer's lemma tends to 0 as N grows.""",
    given=Box(growth.domain),
    assuming=growth.conditions,
    says=limit(sauer, N, oo, 0),
    source=growth.source,
    about=growth,
    expects="proved",
).breaks_when("it stays above 1/100", says=dominates(100 * sauer, 1))

smaller = claim(
    "mohri2018/growth/below-vapnik",
    """From N = D on, the gap by Sauer's lemma is at most the gap of Vapnik.""",
    given=Box(growth.domain),
    assuming=growth.conditions,
    says=dominates(gap, sauer),
    source=growth.source,
    link=f"{DERIVATIONS}#gaps-by-vc-dimension",
    about=(growth, uniform),
    expects="proved",
)
smaller.breaks_when("at most half of it", says=dominates(gap, 2 * sauer))
smaller.breaks_when("the other way round", says=dominates(sauer, gap))

# -- a tail -----------------------------------------------------------------------------------------------------------

chance = tail.expression
anywhere = {**tail.domain, eps: ABOVE_ZERO}
for x, letter in ((N, "N"), (eps, "eps")):
    claim(
        f"anthony1999/tail/decreasing-in-{letter}",
        f"The probability of a deviation falls with {letter}, whatever the deviation.",
        given=Box(anywhere),
        says=decreasing(chance, x, strictly=True),
        source=tail.source,
        about=tail,
        expects="proved",
    ).breaks_when("it rises", says=increasing(chance, x))

claim(
    "anthony1999/tail/increasing-in-d",
    """The bound on the probability of a deviation up to 1 rises with the pseudo-dimension.""",
    given=Box(tail.domain),
    says=increasing(chance, d, strictly=True),
    source=tail.source,
    about=tail,
    expects="proved",
).breaks_when("whatever the deviation", given=Box(anywhere))

size = enough.expression
for x, letter, says in (
    (d, "increasing-in-d", increasing(size, d, strictly=True)),
    (eps, "decreasing-in-eps", decreasing(size, eps, strictly=True)),
    (delta, "decreasing-in-delta", decreasing(size, delta, strictly=True)),
):
    rises = x == d
    claim(
        f"anthony1999/sample-size/{letter}",
        f"The sample size that is enough {'rises' if rises else 'falls'} with {x}.",
        given=Box(enough.domain),
        says=says,
        source=enough.source,
        about=enough,
        expects="proved",
    ).breaks_when("the other way round", says=decreasing(size, x) if rises else increasing(size, x))

fits = claim(
    "anthony1999/sample-size/makes-the-tail-delta",
    """At the sample size that is enough, the bound on the probability is delta.""",
    given=Box({**tail.domain, **enough.domain}),
    says=reduces_to(chance, {N: size}, delta),
    source=enough.source,
    about=(enough, tail),
    expects="proved",
)
fits.breaks_when("half as many samples", says=reduces_to(chance, {N: size / 2}, delta))
fits.breaks_when("half of delta", says=Eq(2 * chance.xreplace({N: size}), delta))
