"""The derived bound with 2/(2 - p) for its integral: in what it rises and falls, and its special cases."""

from sympy import log, oo, sqrt

from properties.worlds.boxes import Box
from symbolic import decreasing, dominates, homogeneous, increasing, limit, positive, reduces_to
from symbolic.papers.rank_sparse import (
    Gam,
    Lam,
    S,
    b,
    complexity,
    others,
    r,
    rho,
    s,
    sides,
    simple,
    simple_by_powers,
    simple_in_full,
    simple_layer,
    wbar,
)
from symbolic.papers.schatten import p
from symbolic.papers.zoo import ABOVE_ZERO, FROM_ONE, L, N, delta, deviation
from verify import claim

LINK = "docs/mathematics/rank_sparse.md#the-derived-bound"
D, FULL, POWERS = simple.expression, simple_in_full.expression, simple_by_powers.expression
WORLD, IN_FULL, BY_POWERS = Box(simple.domain), Box(simple_in_full.domain), Box(simple_by_powers.domain)

# -- samples and confidence -------------------------------------------------------------------------------------------

more_samples = claim(
    "ledent2025/derived-bound/decreasing-in-N",
    """The derived bound with 2/(2 - p) falls strictly with the number of samples, from the first on.""",
    given=WORLD,
    says=decreasing(D, N, strictly=True),
    source=simple.source,
    link=LINK,
    about=simple,
    expects="proved",
)
more_samples.breaks_when("with another logarithm of N", says=decreasing(D * log(1 + N), N))
more_samples.breaks_when("it rises", says=increasing(D, N))

vanishes = claim(
    "ledent2025/derived-bound/vanishes-with-N",
    """The derived bound tends to 0 as the number of samples grows.""",
    given=WORLD,
    says=limit(D, N, oo, 0),
    source=simple.source,
    link=LINK,
    about=simple,
    expects="proved",
)
vanishes.breaks_when("it is at most 1 already", says=dominates(1, D))

one_sample = claim(
    "ledent2025/derived-bound/at-least-8-over-N",
    """The derived bound is at least 8/N: for fewer than 8 samples it says nothing of a loss in [0, 1].""",
    given=WORLD,
    says=dominates(D, 8 / N),
    source=simple.source,
    link=LINK,
    about=simple,
    expects="proved",
)
one_sample.breaks_when("at least 8", says=dominates(D, 8))

surer = claim(
    "ledent2025/derived-bound/decreasing-in-delta",
    """The derived bound falls strictly with the probability that it fails.""",
    given=WORLD,
    says=decreasing(D, delta, strictly=True),
    source=simple.source,
    link=LINK,
    about=simple,
    expects="proved",
)
surer.breaks_when("it rises", says=increasing(D, delta))

tail = claim(
    "ledent2025/derived-bound/deviation-positive",
    """The square of the deviation is above 0.""",
    given=Box({N: FROM_ONE, delta: simple.domain[delta]}),
    says=positive(9 * log(2 / delta) / (2 * N)),
    source=simple.source,
    link=LINK,
    expects="proved",
)
tail.breaks_when("log(delta / 2)", says=positive(9 * log(delta / 2) / (2 * N)))

one_sided = D - deviation() + 3 * sqrt(log(1 / delta) / (2 * N))
either = D - deviation() + 3 * sqrt(log(sides / delta) / (2 * N))

by_sides = claim(
    "ledent2025/derived-bound/increasing-in-number-in-logarithm",
    """The derived bound rises strictly with c where its deviation has log(c / delta), so that c = 1 is the better.""",
    given=Box({**simple.domain, sides: FROM_ONE}),
    says=increasing(either, sides, strictly=True),
    source=simple.source,
    link=LINK,
    about=simple,
    expects="proved",
)
by_sides.breaks_when("it falls", says=decreasing(either, sides))

at_one = claim(
    "ledent2025/derived-bound/one-sided-at-c-1",
    """At c = 1 it is the bound with log(1 / delta).""",
    given=Box({**simple.domain, sides: FROM_ONE}),
    says=reduces_to(either, {sides: 1}, one_sided),
    source=simple.source,
    link=LINK,
    about=simple,
    expects="proved",
)
at_one.breaks_when("at c = 2", says=reduces_to(either, {sides: 2}, one_sided))

at_two = claim(
    "ledent2025/derived-bound/two-sided-at-c-2",
    """At c = 2 it is the derived bound, which is therefore the larger one.""",
    given=Box({**simple.domain, sides: FROM_ONE}),
    says=reduces_to(either, {sides: 2}, D),
    source=simple.source,
    link=LINK,
    relies_on=["ledent2025/derived-bound/increasing-in-number-in-logarithm"],
    about=simple,
    expects="proved",
)
at_two.breaks_when("at c = 1", says=reduces_to(either, {sides: 1}, D))

# -- norms and sizes --------------------------------------------------------------------------------------------------

for x, letter in ((Gam, "Gam"), (r, "r"), (wbar, "wbar")):
    rises = claim(
        f"ledent2025/derived-bound/increasing-in-{letter}",
        f"The derived bound rises strictly with {letter}.",
        given=WORLD,
        says=increasing(D, x, strictly=True),
        source=simple.source,
        link=LINK,
        about=simple,
        expects="proved",
    )
    rises.breaks_when("it falls", says=decreasing(D, x))

for x, letter in ((Lam, "Lam"), (b, "b"), (s, "s")):
    rises = claim(
        f"ledent2025/derived-bound/increasing-in-{letter}",
        f"With the soft rank fixed the derived bound rises strictly with {letter}.",
        given=IN_FULL,
        says=increasing(FULL, x, strictly=True),
        source=simple.source,
        link=LINK,
        about=simple_in_full,
        expects="proved",
    )
    rises.breaks_when("it falls", says=decreasing(FULL, x))

steeper = claim(
    "ledent2025/derived-bound/increasing-in-rho",
    """The derived bound rises with the Lipschitz constant of the activations.""",
    given=IN_FULL,
    says=increasing(FULL, rho),
    source=simple.source,
    link=LINK,
    about=simple_in_full,
    expects="proved",
)
steeper.breaks_when("strictly, with one layer too", says=increasing(FULL, rho, strictly=True))

own_norm = claim(
    "ledent2025/derived-bound/own-norm-cancels",
    """With a fixed sum S of powers, r = S / s^p, the power of the layer's own norm cancels.""",
    given=Box({**simple_in_full.domain, S: ABOVE_ZERO}),
    says=reduces_to(FULL, {r: S / s**p}, POWERS),
    source=simple.source,
    link=LINK,
    about=(simple_in_full, simple_by_powers),
    expects="proved",
)
own_norm.breaks_when("r = S / s", says=reduces_to(FULL, {r: S / s}, POWERS))

fixed_powers = claim(
    "ledent2025/derived-bound/increasing-in-s-at-fixed-power-sum",
    """With a fixed sum of powers the derived bound still rises strictly with the spectral norm.""",
    given=BY_POWERS,
    says=increasing(POWERS, s, strictly=True),
    source=simple.source,
    link=LINK,
    about=simple_by_powers,
    expects="proved",
)
fixed_powers.breaks_when("without its logarithm", says=increasing((2 * L * others) ** p * S, s, strictly=True))

deeper = claim(
    "ledent2025/derived-bound/increasing-in-L-if-rho-s-from-1",
    """The derived bound rises strictly with the number of layers if rho s is at least 1.""",
    given=IN_FULL,
    assuming=[rho * s >= 1],
    says=increasing(FULL, L, strictly=True),
    source=simple.source,
    link=LINK,
    about=simple_in_full,
    expects="proved",
)
deeper.breaks_when("if 16 rho s is", assuming=[16 * rho * s >= 1])

deeper_always = claim(
    "ledent2025/derived-bound/increasing-in-L-fails",
    """The derived bound rises with the number of layers, whatever rho s is.""",
    given=IN_FULL,
    says=increasing(FULL, L),
    source=simple.source,
    link=LINK,
    about=simple_in_full,
    expects="refuted",
)

degree = claim(
    "ledent2025/derived-bound/complexity-of-degree-p",
    """The complexity in the derived bound is homogeneous of degree p in Gam.""",
    given=WORLD,
    says=homogeneous(complexity(Gam), Gam, p),
    source=simple.source,
    link=LINK,
    about=simple,
    expects="proved",
)
degree.breaks_when("of degree 2p/(p + 2)", says=homogeneous(complexity(Gam), Gam, 2 * p / (p + 2)))

linear_in_rank = claim(
    "ledent2025/derived-bound/complexity-of-degree-1-in-r",
    """The complexity in the derived bound is homogeneous of degree 1 in the soft rank.""",
    given=WORLD,
    says=homogeneous(complexity(Gam), r, 1),
    source=simple.source,
    link=LINK,
    about=simple,
    expects="proved",
)
linear_in_rank.breaks_when("ranks multiplied over layers", says=homogeneous(complexity(Gam).xreplace({r: r**L}), r, 1))

# -- the index --------------------------------------------------------------------------------------------------------

rises_in_p = claim(
    "ledent2025/derived-bound/increasing-in-p-for-2LGam-from-1",
    """With the soft rank fixed the derived bound rises with p if 2 L Gam is at least 1.""",
    given=WORLD,
    assuming=[2 * L * Gam >= 1],
    says=increasing(D, p),
    source=simple.source,
    link=LINK,
    about=simple,
    expects="proved",
)
rises_in_p.breaks_when("if 64 L Gam is", assuming=[64 * L * Gam >= 1])

always_rises = claim(
    "ledent2025/derived-bound/increasing-in-p-fails",
    """With the soft rank fixed the derived bound rises with p, whatever L and Gam are.""",
    given=WORLD,
    says=increasing(D, p),
    source=simple.source,
    link=LINK,
    about=simple,
    expects="refuted",
)

# -- special cases ----------------------------------------------------------------------------------------------------

single = claim(
    "ledent2025/derived-bound/one-layer",
    """With one layer it is the bound for one layer.""",
    given=WORLD,
    says=reduces_to(D, {L: 1}, simple_layer.expression),
    source=simple.source,
    link=LINK,
    about=(simple, simple_layer),
    expects="proved",
)
single.breaks_when("with two", says=reduces_to(D, {L: 2}, simple_layer.expression))
