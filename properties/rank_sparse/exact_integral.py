"""The derived bound with its integral: 2 (1 - N^(p/2 - 1)) / (2 - p) for p below 2, log N at p = 2."""

from sympy import log, oo

from properties.worlds.boxes import Box
from symbolic import decreasing, dominates, increasing, limit, reduces_to
from symbolic.papers.rank_sparse import (
    Gam,
    at_stable_rank,
    closed,
    closed_integral,
    closed_layer,
    k,
    layer_of_rank,
    r,
    wbar,
)
from symbolic.papers.schatten import BELOW_TWO, p
from symbolic.papers.zoo import FROM_ONE, L, N, delta
from symbolic.spans import Span
from verify import claim

INTEGRAL = "docs/mathematics/rank_sparse.md#the-integral"
SAMPLES = "docs/mathematics/rank_sparse.md#from-how-many-samples-on"
J = closed_integral
PLANE = Box({N: FROM_ONE, p: BELOW_TWO})

# -- the integral -----------------------------------------------------------------------------------------------------

at_zero = claim(
    "ledent2025/integral/at-p-0",
    """At p = 0 the integral is 1 - 1/N.""",
    given=PLANE,
    says=reduces_to(J, {p: 0}, 1 - 1 / N),
    link=INTEGRAL,
    expects="proved",
)
at_zero.breaks_when("2/(p - 2)", says=reduces_to(2 * (1 - N ** (p / 2 - 1)) / (p - 2), {p: 0}, 1 - 1 / N))

at_one = claim(
    "ledent2025/integral/vanishes-at-one-sample",
    """With one sample the integral is 0.""",
    given=PLANE,
    says=reduces_to(J, {N: 1}, 0),
    link=INTEGRAL,
    expects="proved",
)
at_one.breaks_when("with two", says=reduces_to(J, {N: 2}, 0))

more_samples = claim(
    "ledent2025/integral/increasing-in-N",
    """The integral rises strictly with the number of samples.""",
    given=PLANE,
    says=increasing(J, N, strictly=True),
    link=INTEGRAL,
    expects="proved",
)
more_samples.breaks_when("it falls", says=decreasing(J, N))

below = claim(
    "ledent2025/integral/at-most-2-over-2-minus-p",
    """The integral is at most 2/(2 - p).""",
    given=Box({N: (2, oo), p: BELOW_TWO}),
    says=dominates(2 / (2 - p), J),
    link=INTEGRAL,
    expects="proved",
)
below.breaks_when("2/(p - 2)", says=dominates(2 / (p - 2), J))
below.breaks_when("1", says=dominates(1, J))

by_logarithm = claim(
    "ledent2025/integral/at-most-log-N",
    """The integral is at most log N, its value at p = 2.""",
    given=PLANE,
    says=dominates(log(N), J),
    link=INTEGRAL,
    expects="proved",
)
by_logarithm.breaks_when("at least", says=dominates(J, log(N)))

rises_in_p = claim(
    "ledent2025/integral/increasing-in-p",
    """The integral rises with p.""",
    given=PLANE,
    says=increasing(J, p),
    link=INTEGRAL,
    expects="proved",
)
rises_in_p.breaks_when("it falls", says=decreasing(J, p))

# -- the bound below p = 2 --------------------------------------------------------------------------------------------

D = closed.expression
WORLD = Box(closed.domain)
FROM_NINETEEN = Span(19, oo)

enough = claim(
    "ledent2025/exact-bound/decreasing-in-N-from-19",
    """For p below 2 the derived bound falls with the number of samples from 19 on if 8 L Gam is at least 1.""",
    given=Box({**closed.domain, N: FROM_NINETEEN}),
    assuming=[8 * L * Gam >= 1],
    says=decreasing(D, N),
    source=closed.source,
    link=SAMPLES,
    about=closed,
    expects="proved",
)
enough.breaks_when("from 1 on", given=WORLD)

too_few = claim(
    "ledent2025/exact-bound/decreasing-in-N-fails",
    """For p below 2 the derived bound falls with the number of samples, from the first on.""",
    given=WORLD,
    says=decreasing(D, N),
    source=closed.source,
    link=SAMPLES,
    about=closed,
    expects="refuted",
)

surer = claim(
    "ledent2025/exact-bound/decreasing-in-delta",
    """For p below 2 the derived bound falls strictly with the probability that it fails.""",
    given=WORLD,
    says=decreasing(D, delta, strictly=True),
    source=closed.source,
    link=INTEGRAL,
    about=closed,
    expects="proved",
)
surer.breaks_when("it rises", says=increasing(D, delta))

for x, letter in ((Gam, "Gam"), (r, "r"), (wbar, "wbar")):
    rises = claim(
        f"ledent2025/exact-bound/increasing-in-{letter}",
        f"For p below 2 the derived bound rises with {letter}.",
        given=WORLD,
        says=increasing(D, x),
        source=closed.source,
        link=INTEGRAL,
        about=closed,
        expects="proved",
    )
    rises.breaks_when("strictly, with one sample too", says=increasing(D, x, strictly=True))

index = claim(
    "ledent2025/exact-bound/increasing-in-p-for-2LGam-from-1",
    """With the soft rank fixed the derived bound rises with p if 2 L Gam is at least 1.""",
    given=WORLD,
    assuming=[2 * L * Gam >= 1],
    says=increasing(D, p),
    source=closed.source,
    link=INTEGRAL,
    about=closed,
    expects="proved",
)
index.breaks_when("if 256 L Gam is", assuming=[256 * L * Gam >= 1])

layer = claim(
    "ledent2025/exact-bound/one-layer-of-rank-k",
    """With one layer and p = 0 it is the bound for one layer of rank k.""",
    given=Box({**closed.domain, k: FROM_ONE}),
    says=reduces_to(D, {L: 1, p: 0, r: k}, layer_of_rank.expression),
    source=closed.source,
    link=INTEGRAL,
    about=(closed, layer_of_rank),
    expects="proved",
)
layer.breaks_when("at p = 1", says=reduces_to(D, {L: 1, p: 1, r: k}, layer_of_rank.expression))

single = claim(
    "ledent2025/exact-bound/one-layer",
    """With one layer it is the bound for one layer.""",
    given=WORLD,
    says=reduces_to(D, {L: 1}, closed_layer.expression),
    source=closed.source,
    link=INTEGRAL,
    about=(closed, closed_layer),
    expects="proved",
)
single.breaks_when("with two", says=reduces_to(D, {L: 2}, closed_layer.expression))

# -- the bound at p = 2 -----------------------------------------------------------------------------------------------

STABLE = at_stable_rank.expression

from_nineteen = claim(
    "ledent2025/exact-bound/at-p-2-decreasing-in-N-from-19",
    """At p = 2 the derived bound falls strictly from 19 samples on if 8 L Gam is at least 1.""",
    given=Box({**at_stable_rank.domain, N: FROM_NINETEEN}),
    assuming=[8 * L * Gam >= 1],
    says=decreasing(STABLE, N, strictly=True),
    source=at_stable_rank.source,
    link=SAMPLES,
    about=at_stable_rank,
    expects="proved",
)
from_nineteen.breaks_when("from 5 on", given=Box({**at_stable_rank.domain, N: Span(5, oo)}))

from_fifty_five = claim(
    "ledent2025/exact-bound/at-p-2-decreasing-in-N-from-55",
    """At p = 2 the derived bound falls strictly from 55 samples on if 2 L Gam N is at least 1.""",
    given=Box({**at_stable_rank.domain, N: Span(55, oo)}),
    assuming=[2 * L * Gam * N >= 1],
    says=decreasing(STABLE, N, strictly=True),
    source=at_stable_rank.source,
    link=SAMPLES,
    about=at_stable_rank,
    expects="proved",
)
from_fifty_five.breaks_when("however small Gam is", assuming=())

at_two_fails = claim(
    "ledent2025/exact-bound/at-p-2-decreasing-in-N-fails",
    """At p = 2 the derived bound falls with the number of samples, from the first on.""",
    given=Box(at_stable_rank.domain),
    says=decreasing(STABLE, N),
    source=at_stable_rank.source,
    link=SAMPLES,
    about=at_stable_rank,
    expects="refuted",
)

vanishes = claim(
    "ledent2025/exact-bound/at-p-2-vanishes-with-N",
    """At p = 2 the derived bound tends to 0 as the number of samples grows.""",
    given=Box(at_stable_rank.domain),
    says=limit(STABLE, N, oo, 0),
    source=at_stable_rank.source,
    link=SAMPLES,
    about=at_stable_rank,
    expects="proved",
)
vanishes.breaks_when("it is at most 1 already", says=dominates(1, STABLE))
