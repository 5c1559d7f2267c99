"""Bounds for convolutional networks, as coded: degrees, filters that count once, ceilings and harmonic numbers."""

from sympy import Rational, log, oo, sqrt

from properties.worlds.boxes import Box
from symbolic import decreasing, dominates, increasing, limit, positive, reduces_to
from symbolic.papers.convolutional import (
    C,
    classes,
    complexity,
    degree,
    filters,
    filters_of_large_inputs,
    norm_of_filters,
    norms,
    once,
    parameters,
    preactivations,
    rest,
    rho,
    root,
    scale,
    square,
    steep,
    steps,
    tail,
)
from symbolic.papers.zoo import L, N, W, delta, w
from verify import claim

DERIVATIONS = "docs/mathematics/zoo.md"

# -- degrees ----------------------------------------------------------------------------------------------------------

gap = filters.expression
for x, letter, meaning in (
    (rho, "rho", "the product of the norms of the filters"),
    (L, "L", "depth, the product of the norms held"),
    (classes, "k", "the number of classes"),
    (degree, "deg", "the degree"),
    (scale, "lam", "the norm of the inputs"),
):
    claim(
        f"galanti2023/filters/increasing-in-{letter}",
        f"The gap by norms of filters rises with {meaning}.",
        given=Box(filters.domain),
        says=increasing(gap, x),
        source=filters.source,
        about=filters,
        expects="proved",
    ).breaks_when("it falls", says=decreasing(gap, x))

for x, letter in ((N, "N"), (delta, "delta")):
    claim(
        f"galanti2023/filters/decreasing-in-{letter}",
        f"The gap by norms of filters falls with {letter}.",
        given=Box(filters.domain),
        says=decreasing(gap, x, strictly=True),
        source=filters.source,
        about=filters,
        expects="proved",
    ).breaks_when("it rises", says=increasing(gap, x))

claim(
    "galanti2023/filters/tends-to-0",
    """The gap by norms of filters tends to 0 as N grows.""",
    given=Box(filters.domain),
    says=limit(gap, N, oo, 0),
    source=filters.source,
    about=filters,
    expects="proved",
).breaks_when("it stays above 1/100", says=dominates(100 * gap, 1))

claim(
    "galanti2023/filters/degree-one-class-one",
    """For degree 1 and one class the factor of depth is 1 + sqrt(2 L log 2), that of the bound by Frobenius norms.""",
    given=Box(filters.domain),
    says=reduces_to(
        gap, {degree: 1, classes: 1}, (rho + 1) * sqrt(8) * (1 + sqrt(2 * log(2) * L)) * scale / sqrt(N) + tail
    ),
    source=filters.source,
    about=filters,
    expects="proved",
).breaks_when(
    "without 1",
    says=reduces_to(gap, {degree: 1, classes: 1}, (rho + 1) * 4 * sqrt(log(2) * L) * scale / sqrt(N) + tail),
)

grown = filters_of_large_inputs.expression
claim(
    "galanti2023/large-inputs/decreasing-in-N",
    """Where the norm of the inputs grows like N, the gap still falls with N.""",
    given=Box(filters_of_large_inputs.domain),
    says=decreasing(grown, N, strictly=True),
    source=filters_of_large_inputs.source,
    link=f"{DERIVATIONS}#norms-of-filters",
    about=filters_of_large_inputs,
    expects="proved",
).breaks_when("even times the root of N", says=decreasing(sqrt(N) * grown, N))

claim(
    "galanti2023/large-inputs/stays-up",
    """Where the norm of the inputs grows like N, the gap stays above its first term, whatever N.""",
    given=Box(filters_of_large_inputs.domain),
    says=dominates(grown, norm_of_filters),
    source=filters_of_large_inputs.source,
    link=f"{DERIVATIONS}#norms-of-filters",
    about=filters_of_large_inputs,
    expects="proved",
).breaks_when("above twice its first term", says=dominates(grown, 2 * norm_of_filters))

# -- filters counted once ---------------------------------------------------------------------------------------------

single = once.expression
for letter, says, other in (
    ("never-falls-in-R", increasing(single, complexity), decreasing(single, complexity)),
    ("never-falls-in-Gamma", increasing(single, steep), decreasing(single, steep)),
    ("never-falls-in-Wbar", increasing(single, preactivations), decreasing(single, preactivations)),
    ("decreasing-in-delta", decreasing(single, delta, strictly=True), increasing(single, delta)),
):
    claim(
        f"ledent2021/once/{letter}",
        f"The gap by filters that count once: {letter.replace('-', ' ')}.",
        given=Box(once.domain),
        says=says,
        source=once.source,
        about=once,
        expects="proved",
    ).breaks_when("the other way round", says=other)

claim(
    "ledent2021/once/decreasing-in-N-from-26",
    """The gap by filters that count once falls with N from N = 26 on.""",
    given=Box(once.domain),
    assuming=[N >= 26],
    says=decreasing(single, N, strictly=True),
    source=once.source,
    link=f"{DERIVATIONS}#filters-that-count-once",
    about=once,
    expects="proved",
).breaks_when("from 8 on", assuming=[N >= 8])

claim(
    "ledent2021/once/decreasing-in-N-from-16",
    """The gap by filters that count once falls over the integers from N = 16 on.""",
    given=Box(once.domain),
    assuming=[N >= 16],
    says=decreasing(single, N, strictly=True),
    source=once.source,
    link=f"{DERIVATIONS}#filters-that-count-once",
    about=once,
).breaks_when("from 8 on", assuming=[N >= 8])

claim(
    "ledent2021/once/decreasing-in-N-from-8-fails",
    """The gap by filters that count once falls with N from e**2 on, like log(N)/sqrt(N).""",
    given=Box(once.domain),
    assuming=[N >= 8],
    says=decreasing(single, N),
    source=once.source,
    link=f"{DERIVATIONS}#filters-that-count-once",
    about=once,
    expects="refuted",
)

claim(
    "ledent2021/once/tends-to-0",
    """The gap by filters that count once tends to 0 as N grows.""",
    given=Box(once.domain),
    says=limit(single, N, oo, 0),
    source=once.source,
    about=once,
    expects="proved",
).breaks_when("it stays above 1/100", says=dominates(100 * single, 1))

# -- ceilings and harmonic numbers ------------------------------------------------------------------------------------

layers = norms.expression
for x, letter, meaning in (
    (L, "L", "depth"),
    (w, "w", "the largest side of a weight matrix"),
    (C, "C", "the constant of a layer"),
):
    claim(
        f"graf2022/norms/never-falls-in-{letter}",
        f"The bound with harmonic numbers never falls when {meaning} rises.",
        given=Box(norms.domain),
        says=increasing(layers, x),
        source=norms.source,
        about=norms,
        expects="proved",
    ).breaks_when("it never rises", says=decreasing(layers, x))

claim(
    "graf2022/norms/strictly-increasing-in-C-fails",
    """What the bound with harmonic numbers depends on the constant of a layer by rises strictly with it.""",
    given=Box(norms.domain),
    says=increasing(steps, C, strictly=True),
    source=norms.source,
    link=f"{DERIVATIONS}#ceilings-and-harmonic-numbers",
    about=norms,
    expects="refuted",
)

claim(
    "graf2022/norms/decreasing-in-N-from-6",
    """The bound with harmonic numbers falls with N, the constants of the layers held, from N = 6 on.""",
    given=Box(norms.domain),
    assuming=[N >= 6],
    says=decreasing(layers, N, strictly=True),
    source=norms.source,
    link=f"{DERIVATIONS}#ceilings-and-harmonic-numbers",
    about=norms,
    expects="certified",
).breaks_when("from 4 on", assuming=[N >= 4])

claim(
    "graf2022/norms/decreasing-in-N-from-5-fails",
    """The bound with harmonic numbers falls with N, the constants of the layers held, from N = 5 on.""",
    given=Box(norms.domain),
    assuming=[N >= 5],
    says=decreasing(layers, N),
    source=norms.source,
    link=f"{DERIVATIONS}#ceilings-and-harmonic-numbers",
    about=norms,
    expects="refuted",
)

counted = parameters.expression
for letter, says, other in (
    ("never-falls-in-L", increasing(counted, L), decreasing(counted, L)),
    ("increasing-in-W", increasing(counted, W), decreasing(counted, W)),
    ("never-falls-in-C", increasing(counted, C), decreasing(counted, C)),
    ("decreasing-in-N", decreasing(counted, N), increasing(counted, N)),
):
    claim(
        f"graf2022/parameters/{letter}",
        f"The bound by parameters with ceilings: {letter.replace('-', ' ')}.",
        given=Box(parameters.domain),
        says=says,
        source=parameters.source,
        link=f"{DERIVATIONS}#ceilings-and-harmonic-numbers",
        about=parameters,
        expects="proved",
    ).breaks_when("the other way round", says=other)

claim(
    "graf2022/parameters/strictly-increasing-in-C-fails",
    """The ceilings that the bound by parameters depends on the constant of a layer by rise strictly with it.""",
    given=Box(parameters.domain),
    says=increasing(root + square, C, strictly=True),
    source=parameters.source,
    link=f"{DERIVATIONS}#ceilings-and-harmonic-numbers",
    about=parameters,
    expects="refuted",
)

CONSTANT = Box({C: norms.domain[C]})
claim(
    "graf2022/rest/increasing",
    """What the entropy integral leaves, 2 x arctan(1/x), rises with x.""",
    given=CONSTANT,
    says=increasing(rest(C), C, strictly=True),
    source=parameters.source,
    link=f"{DERIVATIONS}#ceilings-and-harmonic-numbers",
    expects="proved",
).breaks_when("its square root falls", says=decreasing(sqrt(rest(C)), C))

claim(
    "graf2022/rest/between",
    """What the entropy integral leaves is above 0 and below 2.""",
    given=CONSTANT,
    says=positive(rest(C) * (2 - rest(C))),
    source=parameters.source,
    link=f"{DERIVATIONS}#ceilings-and-harmonic-numbers",
    expects="proved",
).breaks_when("below 19/10", says=positive(rest(C) * (Rational(19, 10) - rest(C))))
