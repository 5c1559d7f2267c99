"""From pseudo-dimension to gaps: Proposition 3.6, Corollary 3.9 and Theorem 3.11 (Section 3)."""

from __future__ import annotations

from sympy import E, Rational, log, oo, sqrt

from properties.worlds.boxes import Box
from symbolic import decreasing, dominates, homogeneous, increasing, limit, reduces_to
from symbolic.papers.generalisation import (
    C,
    L,
    apart,
    moved,
    near_any,
    near_rank,
    of_rank,
    of_rank_as_read,
    out,
    reach,
    two_layer,
    two_layer_as_read,
    uniform,
    uniform_as_read,
)
from symbolic.papers.vc import d
from symbolic.papers.weight_decay import N, m, n
from symbolic.papers.zoo import FROM_ONE, delta, r
from symbolic.spans import Span
from verify import claim

DERIVATIONS = "docs/mathematics/generalisation.md"
TWENTIETH = Rational(1, 20)
UNSURE, SURE = Span(TWENTIETH, 1, open_high=True), Span(0, TWENTIETH, open_low=True)
FROM_TWO, FROM_THREE = Span(2, oo), Span(3, oo)

# -- Proposition 3.6 ------------------------------------------------------------------------------------------------

gap, rough = uniform.expression, uniform_as_read.expression
PROPOSITION = f"{DERIVATIONS}#proposition-36"

claim(
    "chen2024/prop-3.6-explicit/decreasing-in-N",
    """The deviation by pseudo-dimension falls strictly with the sample, from one sample on.""",
    given=Box(uniform.domain),
    says=decreasing(gap, N, strictly=True),
    source=uniform.source,
    link=PROPOSITION,
    about=uniform,
    expects="proved",
).breaks_when("without the division by N", says=decreasing(gap * sqrt(N), N))

for x, letter, behaves, other, says in (
    (d, "d", increasing, decreasing, "rises with the pseudo-dimension, from 0 on"),
    (delta, "delta", decreasing, increasing, "falls with the probability of failure that is allowed"),
):
    claim(
        f"chen2024/prop-3.6-explicit/{behaves.__name__}-in-{letter}",
        f"The deviation by pseudo-dimension {says}.",
        given=Box(uniform.domain),
        says=behaves(gap, x),
        source=uniform.source,
        link=PROPOSITION,
        about=uniform,
        expects="proved",
    ).breaks_when("the other way round", says=other(gap, x))

claim(
    "chen2024/prop-3.6-explicit/tends-to-0",
    """The deviation by pseudo-dimension tends to 0 as the sample grows.""",
    given=Box(uniform.domain),
    says=limit(gap, N, oo, 0),
    source=uniform.source,
    link=PROPOSITION,
    about=uniform,
    expects="proved",
).breaks_when("it stays above 1/100", says=dominates(100 * gap, 1))

claim(
    "chen2024/prop-3.6-explicit/radius",
    """32 e over the deviation, a power of which bounds the covering number, is at most 10 sqrt(N).""",
    given=Box(uniform.domain),
    says=dominates(10 * sqrt(N), 32 * E / gap),
    source=uniform.source,
    link=PROPOSITION,
    about=uniform,
    expects="proved",
).breaks_when("9.95 for 10", says=dominates(Rational(995, 100) * sqrt(N), 32 * E / gap))

for dimension, first in ((1, 363), (10, 2219)):
    claim(
        f"chen2024/prop-3.6-explicit/d-{dimension}-says-something-from-{first}",
        f"For pseudo-dimensions up to {dimension} and delta from 1/20 on it is at most 1 from N = {first} on.",
        given=Box({N: (first, oo), d: (0, dimension), delta: UNSURE}),
        says=gap <= 1,
        source=uniform.source,
        link=PROPOSITION,
        about=uniform,
        expects="proved",
    ).breaks_when("one sample fewer", given=Box({N: (first - 1, oo), d: (0, dimension), delta: UNSURE}))
    claim(
        f"chen2024/prop-3.6-explicit/d-{dimension}-says-nothing-up-to-{first - 1}",
        f"For pseudo-dimensions from {dimension} on and delta up to 1/20 the deviation is above 1 before.",
        given=Box({N: (1, first - 1), d: (dimension, oo), delta: SURE}),
        says=gap > 1,
        source=uniform.source,
        link=PROPOSITION,
        about=uniform,
        expects="proved",
    ).breaks_when(
        "one sample more", given=Box({N: (1, first), d: (dimension, dimension), delta: (TWENTIETH, TWENTIETH)})
    )

# -- rates as read --------------------------------------------------------------------------------------------------

RATES = (
    ("prop-3.6-as-read", uniform_as_read, {d: 0}, ((d, "d"), (C, "C")), "the pseudo-dimension is 0"),
    ("cor-3.9-as-read", two_layer_as_read, {m: 1}, ((m, "m"), (n, "n"), (L, "L")), "there is one neuron"),
    ("thm-3.11-as-read", of_rank_as_read, {m: 1}, ((m, "m"), (n, "n"), (L, "L")), "there is one neuron"),
)
LINK = f"{DERIVATIONS}#rates"

for name, bound, special, symbols, where in RATES:
    for x, letter in symbols:
        claim(
            f"chen2024/{name}/increasing-in-{letter}",
            f"The rate rises with {letter}.",
            given=Box(bound.domain),
            says=increasing(bound.expression, x),
            source=bound.source,
            link=LINK,
            about=bound,
            expects="proved",
        ).breaks_when("it falls", says=decreasing(bound.expression, x))
    claim(
        f"chen2024/{name}/decreasing-from-three-samples",
        """The rate falls with the sample from N = 3 on.""",
        given=Box({**bound.domain, N: FROM_THREE}),
        says=decreasing(bound.expression, N, strictly=True),
        source=bound.source,
        link=LINK,
        about=bound,
        expects="proved",
    ).breaks_when("from N = 2 on", given=Box({**bound.domain, N: FROM_TWO}))
    claim(
        f"chen2024/{name}/decreasing-in-every-N-fails",
        """The rate falls with the sample from N = 1 on: it does not, as log(N)/N rises from 0 up to N = 3.""",
        given=Box(bound.domain),
        says=decreasing(bound.expression, N),
        source=bound.source,
        link=LINK,
        about=bound,
        expects="refuted",
    )
    constant = C * (L**2 if L in bound.domain else 1)
    claim(
        f"chen2024/{name}/no-capacity",
        f"Where {where} the rate is C sqrt(log(1/delta)/N), times L^2 where there is L: no capacity is left in it.",
        given=Box(bound.domain),
        says=reduces_to(bound.expression, special, constant * sqrt(log(1 / delta) / N)),
        source=bound.source,
        link=LINK,
        about=bound,
        expects="proved",
    ).breaks_when(
        "it is that of one dimension", says=reduces_to(bound.expression, special, constant * sqrt(log(N / delta) / N))
    )

claim(
    "chen2024/prop-3.6-as-read/decreasing-where-confident",
    """Where delta is at most exp(-d) the rate falls with the sample from one sample on.""",
    given=Box(uniform_as_read.domain),
    assuming=[d <= log(1 / delta)],
    says=decreasing(rough, N),
    source=uniform_as_read.source,
    link=LINK,
    about=uniform_as_read,
    expects="proved",
).breaks_when("whatever delta is", assuming=[])

claim(
    "chen2024/thm-3.11-as-read/smaller-capacity",
    """From two neurons and two inputs on, the capacity of rank two, (m + n) log m, is at most that of V, m n log m.""",
    given=Box({m: FROM_TWO, n: FROM_TWO}),
    says=dominates(m * n * log(m), (m + n) * log(m)),
    source=of_rank_as_read.source,
    link=LINK,
    about=(of_rank_as_read, two_layer_as_read),
    expects="proved",
).breaks_when("for one input too", given=Box({m: FROM_TWO, n: FROM_ONE}))

claim(
    "chen2024/thm-3.11-as-read/smaller-rate",
    """From two neurons and two inputs on, the rate of Theorem 3.11 is at most that of Corollary 3.9.""",
    given=Box({**of_rank_as_read.domain, m: FROM_TWO, n: FROM_TWO}),
    says=dominates(two_layer_as_read.expression, of_rank_as_read.expression),
    source=of_rank_as_read.source,
    link=LINK,
    about=(of_rank_as_read, two_layer_as_read),
    expects="proved",
).breaks_when("for one input too", given=Box({**of_rank_as_read.domain, m: FROM_TWO}))

claim(
    "chen2024/thm-3.11-as-read/smaller-rate-everywhere-fails",
    """The rate of Theorem 3.11 is at most that of Corollary 3.9 whatever the sizes: it is not, with one input.""",
    given=Box(of_rank_as_read.domain),
    says=dominates(two_layer_as_read.expression, of_rank_as_read.expression),
    source=of_rank_as_read.source,
    link=LINK,
    about=(of_rank_as_read, two_layer_as_read),
    expects="refuted",
)

# -- with constants -------------------------------------------------------------------------------------------------

NETWORKS = f"{DERIVATIONS}#two-layer-networks"
OPPOSITE = {increasing: decreasing, decreasing: increasing}
OF_SAMPLE = ((N, "N", decreasing), (delta, "delta", decreasing), (L, "L", increasing))
OF_SIZES = ((m, "m", increasing), (n, "n", increasing))
OF_NEAR = ((r, "r", increasing), (out, "U", increasing), (reach, "R", increasing), (apart, "dist", increasing))

for name, bound, behaviours in (
    ("cor-3.9-explicit", two_layer, (*OF_SAMPLE, *OF_SIZES)),
    ("thm-3.11-explicit", of_rank, (*OF_SAMPLE, *OF_SIZES, OF_NEAR[0])),
    ("thm-3.11-assumption-2.5", near_rank, (*OF_SAMPLE, *OF_SIZES, *OF_NEAR)),
    ("thm-3.11-assumption-2.5-unbounded", near_any, (*OF_SAMPLE, *OF_SIZES, *OF_NEAR)),
):
    for x, letter, behaves in behaviours:
        claim(
            f"chen2024/{name}/{behaves.__name__}-in-{letter}",
            f"In {letter}, {bound.name} is {behaves.__name__}.",
            given=Box(bound.domain),
            says=behaves(bound.expression, x),
            source=bound.source,
            link=NETWORKS,
            about=bound,
            expects="proved",
        ).breaks_when("the other way round", says=OPPOSITE[behaves](bound.expression, x))

for name, bound in (("cor-3.9-explicit", two_layer), ("thm-3.11-explicit", of_rank)):
    claim(
        f"chen2024/{name}/homogeneous-in-L",
        """The gap scales with the square of L, as the loss does.""",
        given=Box(bound.domain),
        says=homogeneous(bound.expression, L, 2),
        source=bound.source,
        link=NETWORKS,
        about=bound,
        expects="proved",
    ).breaks_when("with L itself", says=homogeneous(bound.expression, L, 1))

claim(
    "chen2024/thm-3.11-assumption-2.5/exactly-low-rank",
    """Where V itself has rank r, both forms are the bound for networks of rank r.""",
    given=Box(near_any.domain),
    says=reduces_to(near_any.expression, {apart: 0}, of_rank.expression),
    source=near_any.source,
    link=NETWORKS,
    about=(near_any, of_rank),
    expects="proved",
).breaks_when("twice that", says=reduces_to(near_any.expression, {apart: 0}, 2 * of_rank.expression))

claim(
    "chen2024/thm-3.11-assumption-2.5/does-not-vanish",
    """However large the sample is, the bound is at least 8 L |u| R times the distance to low rank.""",
    given=Box(near_rank.domain),
    says=dominates(near_rank.expression, 8 * L * moved),
    source=near_rank.source,
    link=NETWORKS,
    about=near_rank,
    expects="proved",
).breaks_when("twice that", says=dominates(near_rank.expression, 16 * L * moved))
