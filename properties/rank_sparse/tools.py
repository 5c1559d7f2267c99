"""Tools that gaps are made with: in what each rises and falls, and what it is in the simplest case."""

from sympy import log, oo, sqrt

from properties.worlds.boxes import Box
from symbolic import decreasing, dominates, homogeneous, increasing, reduces_to
from symbolic.papers.rank_sparse import b, entropy_integral, rho
from symbolic.papers.schatten import UP_TO_TWO, p
from symbolic.papers.tools import (
    Lip,
    Q,
    R,
    columns,
    contracted,
    contracted_vectors,
    dimension,
    e_1,
    e_2,
    empirical,
    entropy,
    equal_perturbation,
    expected,
    finite,
    inputs,
    length,
    linear_cover,
    matrix_cover,
    perturbation,
    radius,
    s_1,
    s_2,
    size,
    vectors,
    weights,
)
from symbolic.papers.zoo import L, N, delta
from symbolic.spans import Span
from verify import claim

LINK = "docs/mathematics/rank_sparse.md#tools"

# -- in what they rise and fall ---------------------------------------------------------------------------------------

for bound, slug, name, rising, falling in (
    (finite, "massart", "Massart's bound", {vectors: "V", length: "v"}, {N: "N"}),
    (entropy, "dudley", "The entropy integral", {Q: "Q", p: "p"}, {}),
    (empirical, "empirical-gap", "The gap by an empirical complexity", {R: "R"}, {N: "N", delta: "delta"}),
    (expected, "expected-gap", "The gap by a complexity", {R: "R"}, {N: "N", delta: "delta"}),
    (contracted, "contraction", "The complexity after a function", {R: "R", Lip: "Lip"}, {}),
    (contracted_vectors, "vector-contraction", "That of vectors", {R: "R", Lip: "Lip"}, {}),
    (linear_cover, "maurey", "Maurey's cover", {weights: "a", inputs: "C", dimension: "d"}, {radius: "e"}),
    (matrix_cover, "matrix-cover", "The cover of products", {weights: "a", size: "X", columns: "m"}, {radius: "e"}),
    (
        perturbation,
        "perturbation",
        "The distance between outputs",
        {e_1: "e_1", e_2: "e_2", s_1: "s_1", s_2: "s_2", b: "b", rho: "rho"},
        {},
    ),
    (
        equal_perturbation,
        "equal-perturbation",
        "That of equal layers",
        {e_1: "e_1", s_1: "s_1", b: "b", rho: "rho"},
        {},
    ),
):
    for x, letter in (*rising.items(), *falling.items()):
        up = x in rising
        f = bound.expression
        claim(
            f"tools/{slug}/{'increasing' if up else 'decreasing'}-in-{letter}",
            f"{name} {'rises' if up else 'falls'} with {letter}, weakly.",
            given=Box(bound.domain),
            says=increasing(f, x) if up else decreasing(f, x),
            source=bound.source,
            link=LINK,
            about=bound,
            expects="proved",
        ).breaks_when("the other way round", says=decreasing(f, x) if up else increasing(f, x))

# -- simplest cases ---------------------------------------------------------------------------------------------------

one = claim(
    "tools/massart/one-vector",
    """For one vector Massart's bound is 0.""",
    given=Box(finite.domain),
    says=reduces_to(finite.expression, {vectors: 1}, 0),
    source=finite.source,
    link=LINK,
    about=finite,
    expects="proved",
)
one.breaks_when("for two", says=reduces_to(finite.expression, {vectors: 2}, 0))

scaled = claim(
    "tools/massart/degree-1",
    """Massart's bound scales with the vectors.""",
    given=Box(finite.domain),
    says=homogeneous(finite.expression, length, 1),
    source=finite.source,
    link=LINK,
    about=finite,
    expects="proved",
)
scaled.breaks_when("like their squares", says=homogeneous(finite.expression, length, 2))

from_eight = claim(
    "tools/dudley/decreasing-in-N-from-8",
    """With Q held the entropy integral falls strictly with the number of samples from 8, above e^2, on.""",
    given=Box({**entropy.domain, N: Span(8, oo)}),
    says=decreasing(entropy.expression, N, strictly=True),
    source=entropy.source,
    link=LINK,
    about=entropy,
    expects="proved",
)
from_eight.breaks_when("from 2 on", given=Box({**entropy.domain, N: Span(2, oo)}))

claim(
    "tools/dudley/decreasing-in-N-fails",
    """With Q held the entropy integral falls with the number of samples, from the first on.""",
    given=Box(entropy.domain),
    says=decreasing(entropy.expression, N),
    source=entropy.source,
    link=LINK,
    about=entropy,
    expects="refuted",
)

root = log(N) / sqrt(N)
falls = claim(
    "tools/logarithm-over-root/decreasing-from-e-squared",
    """log(N)/sqrt(N), which bounds with covering numbers like 1/e^2 have, falls strictly from 8 > e^2 on.""",
    given=Box({N: Span(8, oo)}),
    says=decreasing(root, N, strictly=True),
    source=entropy.source,
    link=LINK,
    expects="proved",
)
falls.breaks_when("from 5 on", given=Box({N: Span(5, oo)}))

claim(
    "tools/logarithm-over-root/decreasing-in-N-fails",
    """log(N)/sqrt(N) falls with N, from 1 on.""",
    given=Box({N: Span(1, oo)}),
    says=decreasing(root, N),
    source=entropy.source,
    link=LINK,
    expects="refuted",
)

claim(
    "tools/logarithm-over-root/increasing-up-to-7",
    """log(N)/sqrt(N) rises strictly up to 7 < e^2.""",
    given=Box({N: Span(1, 7)}),
    says=increasing(root, N, strictly=True),
    source=entropy.source,
    link=LINK,
    expects="proved",
).breaks_when("up to 20", given=Box({N: Span(1, 20)}))

scale = Q * N
claim(
    "tools/logarithm-of-cN-over-N/decreasing-beyond-e-over-c",
    """log(c N)/N falls with N from e/c on.""",
    given=Box({Q: entropy.domain[Q], N: Span(1, oo)}),
    assuming=[scale >= 3],
    says=decreasing(log(scale) / N, N),
    source=entropy.source,
    link=LINK,
    expects="proved",
).breaks_when("from 1/c on", assuming=[scale >= 1])

claim(
    "tools/logarithm-of-1-plus-cN-over-N/decreasing-in-N",
    """log(1 + c N)/N falls strictly with N, from the first sample on and whatever c is.""",
    given=Box({Q: entropy.domain[Q], N: Span(1, oo)}),
    says=decreasing(log(1 + scale) / N, N, strictly=True),
    source=entropy.source,
    link=LINK,
    expects="proved",
).breaks_when("over the root of N", says=decreasing(log(1 + scale) / sqrt(N), N))

number = claim(
    "tools/vector-contraction/above-contraction",
    """For vectors contraction costs more than for numbers.""",
    given=Box(contracted.domain),
    says=dominates(contracted_vectors.expression, contracted.expression),
    source=contracted_vectors.source,
    link=LINK,
    about=(contracted_vectors, contracted),
    expects="proved",
)
number.breaks_when("the other way round", says=dominates(contracted.expression, contracted_vectors.expression))

alike = claim(
    "tools/perturbation/equal-layers",
    """For two equal layers, moved alike, it is the distance for L = 2.""",
    given=Box({**perturbation.domain, **equal_perturbation.domain}),
    says=reduces_to(perturbation.expression, {s_2: s_1, e_2: e_1}, equal_perturbation.expression.xreplace({L: 2})),
    source=perturbation.source,
    link=LINK,
    about=(perturbation, equal_perturbation),
    expects="proved",
)
alike.breaks_when(
    "for L = 3",
    says=reduces_to(perturbation.expression, {s_2: s_1, e_2: e_1}, equal_perturbation.expression.xreplace({L: 3})),
)

one_layer = claim(
    "tools/perturbation/first-layer-alone",
    """Where the first layer alone is moved its own norm cancels: what is left is the rest of the product.""",
    given=Box(perturbation.domain),
    says=reduces_to(perturbation.expression, {e_2: 0}, b * rho * e_1 * s_2),
    source=perturbation.source,
    link=LINK,
    about=perturbation,
    expects="proved",
)
one_layer.breaks_when(
    "where the second alone is", says=reduces_to(perturbation.expression, {e_1: 0}, b * rho * e_1 * s_2)
)

degree = claim(
    "tools/perturbation/degree-1-in-both",
    """It is homogeneous of degree 1 in how far the layers are moved.""",
    given=Box(perturbation.domain),
    says=homogeneous(perturbation.expression, (e_1, e_2), 1),
    source=perturbation.source,
    link=LINK,
    about=perturbation,
    expects="proved",
)
degree.breaks_when("of degree 2", says=homogeneous(perturbation.expression, (e_1, e_2), 2))

# -- one formula for the integral -------------------------------------------------------------------------------------

FORMULA = Box({N: entropy.domain[N], p: UP_TO_TWO})

at_two = claim(
    "ledent2025/integral/one-formula-at-p-2",
    """log(N) times the mean of exp(-(1 - p/2) log(N) t) over t from 0 to 1 is log N at p = 2: one formula holds for all
    indices.""",
    given=FORMULA,
    says=reduces_to(entropy_integral, {p: 2}, log(N)),
    link="docs/mathematics/rank_sparse.md#the-integral",
    expects="proved",
)
at_two.breaks_when("at p = 1", says=reduces_to(entropy_integral, {p: 1}, log(N)))

claim(
    "ledent2025/integral/one-formula-increasing-in-p",
    """It rises with p up to p = 2 and there.""",
    given=FORMULA,
    says=increasing(entropy_integral, p),
    link="docs/mathematics/rank_sparse.md#the-integral",
    expects="proved",
).breaks_when("it falls", says=decreasing(entropy_integral, p))
