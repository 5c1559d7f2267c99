"""Further forms of the bounds by what is counted: values, small distances, ranks of layers, filters of two layers."""

from sympy import Rational, log, sqrt

from properties.worlds.boxes import Box
from symbolic import decreasing, dominates, homogeneous, increasing, reduces_to
from symbolic.papers.convolutional import (
    complexity,
    layer_1,
    layer_2,
    preactivations,
    rademacher,
    steep,
)
from symbolic.papers.convolutional import (
    two_layers as two_filters,
)
from symbolic.papers.counting import (
    C,
    G,
    M,
    beta,
    by_gaussians,
    by_layers,
    chain_rule,
    compressed,
    deep_linear,
    f_1,
    f_2,
    generic_compression,
    gentle,
    lam,
    near_start,
    one_linear_layer,
    r_1,
    r_2,
    s_1,
    s_2,
    second_constant,
    two_layers,
    values,
)
from symbolic.papers.counting import (
    steep as parametrisation,
)
from symbolic.papers.zoo import B, L, N, S, W, delta, h, r
from symbolic.spans import Span
from verify import claim

DERIVATIONS = "docs/mathematics/zoo.md"

# -- in what they rise and fall ---------------------------------------------------------------------------------------

for bound, slug, name, rising, falling in (
    (generic_compression, "arora2018/values", "The gap by values", {compressed: "q", values: "r"}, {N: "N"}),
    (
        near_start,
        "long2020/near-start",
        "The gap for small distances",
        {beta: "beta", lam: "lam", W: "W", C: "C", M: "M"},
        {N: "N", delta: "delta"},
    ),
    (by_layers, "long2020/by-layers", "The gap as coded", {W: "W", L: "L"}, {N: "N"}),
    (
        deep_linear,
        "pinto2025/linear",
        "The bound for linear networks",
        {h: "h", S: "S", B: "B", r_1: "r_1", r_2: "r_2"},
        {N: "N"},
    ),
    (
        two_layers,
        "pinto2025/two-layers",
        "The bound for two layers",
        {
            h: "h", B: "B", chain_rule: "C", second_constant: "C_2", s_1: "s_1", s_2: "s_2", f_1: "f_1", f_2: "f_2",
            r_1: "r_1", r_2: "r_2",
        },
        {N: "N"},
    ),
    (by_gaussians, "pinto2025/gap", "The gap by a Gaussian complexity", {G: "G"}, {N: "N", delta: "delta"}),
    (two_filters, "ledent2021/two-layers", "The complexity of two layers", {layer_1: "r_1", layer_2: "r_2"}, {}),
    (
        rademacher,
        "ledent2021/rademacher",
        "The Rademacher complexity by filters",
        {complexity: "R", steep: "Gamma", preactivations: "Wbar"},
        {},
    ),
):  # fmt: skip
    for x, letter in (*rising.items(), *falling.items()):
        up = x in rising
        f = bound.expression
        claim(
            f"{slug}/{'increasing' if up else 'decreasing'}-in-{letter}",
            f"{name} never {'falls' if up else 'rises'} when {letter} rises.",
            given=Box(bound.domain),
            says=increasing(f, x) if up else decreasing(f, x),
            source=bound.source,
            about=bound,
            expects="proved",
        ).breaks_when("the other way round", says=decreasing(f, x) if up else increasing(f, x))

# -- values -----------------------------------------------------------------------------------------------------------

nothing = claim(
    "arora2018/values/one-value",
    """Where every parameter has one value the gap of the compressed network is 0.""",
    given=Box(generic_compression.domain),
    says=reduces_to(generic_compression.expression, {values: 1}, 0),
    source=generic_compression.source,
    about=generic_compression,
    expects="proved",
)
nothing.breaks_when("where it has two", says=reduces_to(generic_compression.expression, {values: 2}, 0))

# -- distances of kernels ---------------------------------------------------------------------------------------------

start = claim(
    "long2020/near-start/at-the-start",
    """At the start no parameter counts in the gap for small distances.""",
    given=Box(near_start.domain),
    says=reduces_to(near_start.expression, {beta: 0}, C * M * sqrt(log(1 / delta) / N)),
    source=near_start.source,
    about=near_start,
    expects="proved",
)
start.breaks_when("at distance 1", says=reduces_to(near_start.expression, {beta: 1}, C * M * sqrt(log(1 / delta) / N)))

branch = claim(
    "long2020/near-start/is-the-branch-below-5",
    """It is the branch below 5 with beta lam for the Lipschitz constant of the parametrisation.""",
    given=Box({**near_start.domain, parametrisation: Span(0, 5)}),
    says=reduces_to(gentle, {parametrisation: beta * lam}, near_start.expression),
    source=near_start.source,
    link=f"{DERIVATIONS}#two-branches",
    about=near_start,
    expects="proved",
)
branch.breaks_when("with beta alone", says=reduces_to(gentle, {parametrisation: beta}, near_start.expression))

# -- ranks ------------------------------------------------------------------------------------------------------------

least = claim(
    "pinto2025/linear/one-small-rank-is-enough",
    """The bound for linear networks is at most that by the rank of either layer.""",
    given=Box(deep_linear.domain),
    says=dominates(S * B * sqrt(h * r_1 / N), deep_linear.expression),
    source=deep_linear.source,
    about=deep_linear,
    expects="proved",
)
least.breaks_when("by half of it", says=dominates(S * B * sqrt(h * r_1 / 2 / N), deep_linear.expression))

alike = claim(
    "pinto2025/linear/equal-ranks",
    """For equal ranks it is the bound for one linear layer, with the product of the norms.""",
    given=Box({**deep_linear.domain, r: deep_linear.domain[r_1]}),
    says=reduces_to(deep_linear.expression, {r_1: r, r_2: r}, one_linear_layer),
    source=deep_linear.source,
    about=deep_linear,
    expects="proved",
)
alike.breaks_when(
    "ranks multiplied", says=reduces_to(S * B * sqrt(h * r_1 * r_2 / N), {r_1: r, r_2: r}, one_linear_layer)
)

simpler = claim(
    "pinto2025/two-layers/at-rank-1",
    """For layers of rank one, whose Frobenius norms are their spectral norms, it is a constant times the product of the
    norms, times B sqrt(h/N).""",
    given=Box(two_layers.domain),
    says=reduces_to(
        two_layers.expression,
        {r_1: 1, r_2: 1, f_1: s_1, f_2: s_2},
        (chain_rule + 2 * sqrt(2) * second_constant) * s_1 * s_2 * B * sqrt(h) / sqrt(N),
    ),
    source=two_layers.source,
    about=two_layers,
    expects="proved",
)
simpler.breaks_when(
    "without the second constant",
    says=reduces_to(
        two_layers.expression, {r_1: 1, r_2: 1, f_1: s_1, f_2: s_2}, chain_rule * s_1 * s_2 * B * sqrt(h) / sqrt(N)
    ),
)

norms = claim(
    "pinto2025/two-layers/degree-1-in-the-first-layer",
    """The first layer scaled, with both of its norms, the bound for two layers scales like it.""",
    given=Box(two_layers.domain),
    says=homogeneous(two_layers.expression, (s_1, f_1), 1),
    source=two_layers.source,
    about=two_layers,
    expects="proved",
)
norms.breaks_when("its spectral norm alone", says=homogeneous(two_layers.expression, s_1, 1))

# -- filters ----------------------------------------------------------------------------------------------------------

degree = claim(
    "ledent2021/two-layers/degree-1",
    """All constants of layers scaled together, their complexity scales like them.""",
    given=Box(two_filters.domain),
    says=homogeneous(two_filters.expression, (layer_1, layer_2), 1),
    source=two_filters.source,
    about=two_filters,
    expects="proved",
)
degree.breaks_when("one alone", says=homogeneous(two_filters.expression, layer_1, 1))

twice = claim(
    "ledent2021/two-layers/equal-layers",
    """For two equal layers it is 2^(3/2) times the constant of one.""",
    given=Box(two_filters.domain),
    says=reduces_to(two_filters.expression, {layer_2: layer_1}, 2 ** Rational(3, 2) * layer_1),
    source=two_filters.source,
    about=two_filters,
    expects="proved",
)
twice.breaks_when("twice it", says=reduces_to(two_filters.expression, {layer_2: layer_1}, 2 * layer_1))
