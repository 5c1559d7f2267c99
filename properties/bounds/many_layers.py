"""Bounds from the literature for as many layers as a word says, whose constants fall with their place."""

from sympy import Rational, oo, sqrt

from properties.worlds.boxes import Box
from symbolic import Span, decreasing, dominates, homogeneous, increasing, reduces_to
from symbolic.papers import convolutional, counting, norm_based, tools
from symbolic.papers.many_layers import (
    a,
    compression,
    degree,
    l,
    once,
    over_layers,
    perturbation,
    ranked,
    rounded_steps,
    spectral,
    units,
    weighted_units,
)
from symbolic.papers.zoo import FROM_ONE, B, L, N, gamma, h, r
from verify import claim

LINK = "docs/mathematics/zoo.md#as-many-layers-as-a-word-says"

# -- what rises and falls ---------------------------------------------------------------------------------------------

for bound, slug, name, rising, falling in (
    (
        spectral,
        "bartlett2017/falling-layers",
        "The spectral complexity of layers whose distances fall with their place",
        {norm_based.b: "b", norm_based.rho: "rho"},
        {},
    ),
    (
        once,
        "ledent2021/falling-layers",
        "The complexity of layers whose constants fall with their place",
        {convolutional.layer_1: "r_1", L: "L"},
        {},
    ),
    (
        ranked,
        "pinto2025/layers",
        "The Gaussian complexity of equal layers by ranks",
        {
            counting.chain_rule: "C", counting.second_constant: "C_2", counting.f_1: "f_1", r: "r", h: "h",
            B: "B",
        },
        {N: "N"},
    ),
    (
        compression,
        "arora2018/falling-layers",
        "The gap of the compressed network, its cushions falling with their place",
        {L: "L", counting.contraction: "c", counting.largest: "f"},
        {N: "N", counting.cushion: "mu", counting.interlayer: "nu", gamma: "gamma"},
    ),
    (
        perturbation,
        "tools/falling-perturbation",
        "How far the output moves when layers are moved less and less",
        {tools.e_1: "e_1"},
        {},
    ),
    (weighted_units, "bartlett2019/units", "The weighted number of units", {L: "L", units: "k"}, {}),
):  # fmt: skip
    for x, letter in (*rising.items(), *falling.items()):
        up = x in rising
        claim(
            f"{slug}/{'increasing' if up else 'decreasing'}-in-{letter}",
            f"{name} {'rises' if up else 'falls'} strictly with {letter}, the rest held.",
            given=Box(bound.domain),
            assuming=bound.conditions,
            says=(increasing if up else decreasing)(
                bound.expression, x, strictly=not (bound is ranked and letter != "N")
            ),
            source=bound.source,
            link=LINK,
            about=bound,
            expects="proved",
        ).breaks_when("the other way round", says=(decreasing if up else increasing)(bound.expression, x))

# -- distances and constants that fall faster -------------------------------------------------------------------------

for bound, slug, name in (
    (spectral, "bartlett2017/falling-layers", "The spectral complexity"),
    (once, "ledent2021/falling-layers", "The complexity with exponents 2/3"),
    (rounded_steps, "graf2022/falling-layers", "What the bound by norms depends on constants by"),
    (perturbation, "tools/falling-perturbation", "How far the output moves"),
):
    claim(
        f"{slug}/decreasing-in-a",
        f"{name} never rises when the layers fall faster with their place.",
        given=Box(bound.domain),
        says=decreasing(bound.expression, a),
        source=bound.source,
        link=LINK,
        about=bound,
        expects="proved",
    ).breaks_when("it rises", says=increasing(bound.expression, a))

claim(
    "arora2018/falling-layers/increasing-in-a",
    """The gap of the compressed network rises with how fast the cushions fall with the place of a layer.""",
    given=Box(compression.domain),
    says=increasing(compression.expression, a),
    source=compression.source,
    link=LINK,
    about=compression,
    expects="proved",
).breaks_when("it falls", says=decreasing(compression.expression, a))

# -- equal layers -----------------------------------------------------------------------------------------------------

for bound, slug, name, equal in (
    (spectral, "bartlett2017/falling-layers", "that of identical layers", norm_based.identical.expression),
    (compression, "arora2018/falling-layers", "that of identical layers", counting.compression.expression),
    (perturbation, "tools/falling-perturbation", "that of equal layers", tools.equal_perturbation.expression),
):
    claim(
        f"{slug}/equal-layers",
        f"Where the layers do not fall with their place it is {name}.",
        given=Box(bound.domain),
        says=reduces_to(bound.expression, {a: 0}, equal),
        source=bound.source,
        link=LINK,
        about=bound,
        expects="proved",
    ).breaks_when("where they fall like 1/l", says=reduces_to(bound.expression, {a: 1}, equal))

# -- spectral complexity ----------------------------------------------------------------------------------------------

claim(
    "bartlett2017/falling-layers/degree-1-in-b",
    """Scaling all distances together scales the spectral complexity.""",
    given=Box(spectral.domain),
    says=homogeneous(spectral.expression, norm_based.b, 1),
    source=spectral.source,
    link=LINK,
    about=spectral,
    expects="proved",
).breaks_when("by its square", says=homogeneous(spectral.expression, norm_based.b, 2))

claim(
    "bartlett2017/falling-layers/at-most-identical-layers",
    """It is at most the spectral complexity of layers that are all as far from their references as the first.""",
    given=Box(spectral.domain),
    says=dominates(norm_based.identical.expression, spectral.expression),
    source=spectral.source,
    link=LINK,
    about=(spectral, norm_based.identical),
    expects="proved",
).breaks_when("at least that", says=dominates(spectral.expression, norm_based.identical.expression))

steady = claim(
    "bartlett2017/falling-layers/bounded-in-L",
    """Where the distances fall like l**(-3) or faster, their powers 2/3 add up to less than twice the first, however
    many layers there are: for rho s = 1 the spectral complexity is below 2**(3/2) b/s.""",
    given=Box({L: FROM_ONE, a: Span(3, oo)}),
    says=over_layers(l ** (-2 * a / 3)) < 2,
    source=spectral.source,
    link=LINK,
    about=spectral,
    expects="proved",
)
steady.breaks_when("like l**(-3/2)", given=Box({L: FROM_ONE, a: Span("3/2", oo)}))

# -- ceilings ---------------------------------------------------------------------------------------------------------

claim(
    "graf2022/falling-layers/never-falls-in-C",
    """What the bound by norms depends on constants by never falls when they all rise.""",
    given=Box(rounded_steps.domain),
    says=increasing(rounded_steps.expression, convolutional.C),
    source=rounded_steps.source,
    link=LINK,
    about=rounded_steps,
    expects="proved",
).breaks_when("it always rises", says=increasing(rounded_steps.expression, convolutional.C, strictly=True))

claim(
    "graf2022/falling-layers/at-least-the-layers",
    """It is at least L**(3/2), however fast the constants fall: every ceiling is at least 1.""",
    given=Box(rounded_steps.domain),
    says=dominates(rounded_steps.expression, L ** Rational(3, 2)),
    source=rounded_steps.source,
    link=LINK,
    about=rounded_steps,
    expects="proved",
).breaks_when("twice that", says=dominates(rounded_steps.expression, 2 * L ** Rational(3, 2)))

# -- ranks ------------------------------------------------------------------------------------------------------------

claim(
    "pinto2025/layers/two-layers",
    """For two layers with equal norms it is the form for two layers.""",
    given=Box(ranked.domain),
    says=reduces_to(
        ranked.expression,
        {L: 2},
        counting.two_layers.expression.xreplace(
            {counting.s_2: counting.s_1, counting.f_2: counting.f_1, counting.r_1: r, counting.r_2: r}
        ),
    ),
    source=ranked.source,
    link=LINK,
    about=(ranked, counting.two_layers),
    expects="proved",
).breaks_when(
    "for three layers",
    says=reduces_to(
        ranked.expression,
        {L: 3},
        counting.two_layers.expression.xreplace(
            {counting.s_2: counting.s_1, counting.f_2: counting.f_1, counting.r_1: r, counting.r_2: r}
        ),
    ),
)

simplified = B / sqrt(N) * sqrt(h) * counting.f_1 * counting.s_1 ** (L - 1)
claim(
    "pinto2025/layers/at-constants-1",
    """With constants C = C_2 = 1 the sum over the layers is 1 + 2 sqrt(2 r) (L - 1): it grows like L sqrt(r).""",
    given=Box(ranked.domain),
    says=reduces_to(
        ranked.expression,
        {counting.chain_rule: 1, counting.second_constant: 1},
        simplified * (1 + 2 * sqrt(2) * sqrt(r) * (L - 1)),
    ),
    source=ranked.source,
    link=LINK,
    about=ranked,
    expects="proved",
).breaks_when(
    "for L layers",
    says=reduces_to(
        ranked.expression,
        {counting.chain_rule: 1, counting.second_constant: 1},
        simplified * (1 + 2 * sqrt(2) * sqrt(r) * L),
    ),
)

# -- units ------------------------------------------------------------------------------------------------------------

claim(
    "bartlett2019/units/never-fall-in-d",
    """The weighted number of units never falls with the degree of the pieces.""",
    given=Box(weighted_units.domain),
    says=increasing(weighted_units.expression, degree),
    source=weighted_units.source,
    link=LINK,
    about=weighted_units,
    expects="proved",
).breaks_when("it always rises", says=increasing(weighted_units.expression, degree, strictly=True))

claim(
    "bartlett2019/units/linear-pieces",
    """For linear pieces, of degree 1, the weighted number of units is k L (L + 1)/2.""",
    given=Box(weighted_units.domain),
    says=reduces_to(weighted_units.expression, {degree: 1}, units * L * (L + 1) / 2),
    source=weighted_units.source,
    link=LINK,
    about=weighted_units,
    expects="proved",
).breaks_when("k L, as for degree 0", says=reduces_to(weighted_units.expression, {degree: 1}, units * L))

claim(
    "bartlett2019/units/at-least-the-units",
    """The weighted number of units is at least their number k L.""",
    given=Box(weighted_units.domain),
    says=dominates(weighted_units.expression, units * L),
    source=weighted_units.source,
    link=LINK,
    about=weighted_units,
    expects="proved",
).breaks_when("twice their number", says=dominates(weighted_units.expression, 2 * units * L))
