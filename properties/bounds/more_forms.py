"""Further forms from the literature: lower bounds, forms with 1/N, union bounds, contraction, infinite exponents."""

from sympy import Eq, Rational, log, oo, pi, sqrt

from properties.worlds.boxes import Box
from symbolic import Span, decreasing, dominates, homogeneous, increasing, limit, reduces_to
from symbolic.papers import convolutional, counting, norm_based
from symbolic.papers.zoo import ABOVE_ZERO, FROM_ONE, SAMPLE, B, L, N, W, delta, h
from symbolic.words import word
from verify import claim

DERIVATIONS = "docs/mathematics/zoo.md"
FURTHER = f"{DERIVATIONS}#further-forms"

# -- what rises and falls ---------------------------------------------------------------------------------------------

for bound, slug, name, rising, falling in (
    (
        norm_based.shattering,
        "neyshabur2015/shattering",
        "The product of norms that reaches all labels",
        {norm_based.inputs: "D"},
        {norm_based.q: "q"},
    ),
    (
        counting.fast,
        "long2020/fast",
        "The form with 1/N",
        {
            counting.on_sample: "R", counting.C: "C", counting.M: "M", counting.beta: "beta", counting.lam: "lam",
        },
        {N: "N", delta: "delta"},
    ),
    (
        counting.by_vector_contraction,
        "pinto2025/rademacher-gap",
        "The gap by a Rademacher complexity",
        {counting.R: "R"},
        {N: "N", delta: "delta"},
    ),
    (
        convolutional.in_union,
        "ledent2021/union",
        "The gap for classes chosen after training",
        {convolutional.union: "u"},
        {delta: "delta"},
    ),
):  # fmt: skip
    for x, letter in (*rising.items(), *falling.items()):
        up = x in rising
        claim(
            f"{slug}/{'increasing' if up else 'decreasing'}-in-{letter}",
            f"{name} {'rises' if up else 'falls'} strictly with {letter}.",
            given=Box(bound.domain),
            assuming=bound.conditions,
            says=(increasing if up else decreasing)(bound.expression, x, strictly=True),
            source=bound.source,
            link=FURTHER,
            about=bound,
            expects="proved",
        ).breaks_when("the other way round", says=(decreasing if up else increasing)(bound.expression, x))

for bound, slug, name, x, letter, up in (
    (norm_based.shattering, "neyshabur2015/shattering", "The product of norms that reaches all labels", h, "h", False),
    (norm_based.shattering, "neyshabur2015/shattering", "The product of norms that reaches all labels", L, "L", False),
    (counting.fast, "long2020/fast", "The form with 1/N", counting.excess, "eta", True),
    (counting.fast, "long2020/fast", "The form with 1/N", W, "W", True),
    (
        counting.by_vector_contraction,
        "pinto2025/rademacher-gap",
        "The gap by a Rademacher complexity",
        counting.Lip,
        "Lip",
        True,
    ),
):
    claim(
        f"{slug}/never-{'falls' if up else 'rises'}-in-{letter}",
        f"{name} never {'falls' if up else 'rises'} when {letter} rises.",
        given=Box(bound.domain),
        says=(increasing if up else decreasing)(bound.expression, x),
        source=bound.source,
        link=FURTHER,
        about=bound,
        expects="proved",
    ).breaks_when("it always does", says=(increasing if up else decreasing)(bound.expression, x, strictly=True))

# -- group norms ------------------------------------------------------------------------------------------------------

reached = norm_based.shattering.expression
EXPONENTS = Box({**norm_based.shattering.domain, norm_based.conjugate: Span(2, oo)})

narrow = claim(
    "neyshabur2015/shattering/no-width-up-to-c",
    """Where q is at most the conjugate exponent, the norms that reach all labels are D**(1/p) (2**D)**(1/p + 1/q),
    which neither width nor depth makes smaller.""",
    given=Box(norm_based.shattering.domain),
    assuming=[norm_based.q <= norm_based.conjugate],
    says=Eq(
        reached,
        norm_based.inputs ** (1 - 1 / norm_based.conjugate)
        * 2 ** (norm_based.inputs * (1 - 1 / norm_based.conjugate + 1 / norm_based.q)),
    ),
    source=norm_based.shattering.source,
    link=FURTHER,
    about=norm_based.shattering,
    expects="proved",
)
narrow.breaks_when("q up to twice that", assuming=[norm_based.q <= 2 * norm_based.conjugate])

corner = norm_based.inputs ** (1 / norm_based.conjugate)
bound_there = reached * (2 * h**norm_based.width_exponent) ** (L - 1) * sqrt(2) * corner / 2 ** (norm_based.inputs / 2)
product_there = (
    2 ** (L - 1)
    * sqrt(2)
    * norm_based.inputs
    * 2 ** (norm_based.inputs * (1 / norm_based.q + Rational(1, 2) - 1 / norm_based.conjugate))
    * h**norm_based.width_exponent
)
claim(
    "neyshabur2015/shattering/bound-there",
    """On the 2**D corners of a cube the bound by group norms, with 2 for the minimum, is at the product of norms that
    reaches all their labels 2**(L - 1/2) D 2**(D (1/q + 1/2 - 1/c)) h**k.""",
    given=EXPONENTS,
    says=Eq(bound_there, product_there),
    source=norm_based.shattering.source,
    link=FURTHER,
    about=(norm_based.shattering, norm_based.group_norm),
    expects="proved",
).breaks_when("without the width", says=Eq(bound_there, product_there / h**norm_based.width_exponent))

consistent = claim(
    "neyshabur2015/shattering/consistent-with-the-bound",
    """That is at least 1, as it has to be where all labels are reached with margin 1.""",
    given=EXPONENTS,
    says=dominates(product_there, 1),
    source=norm_based.shattering.source,
    link=FURTHER,
    about=(norm_based.shattering, norm_based.group_norm),
    expects="proved",
)
consistent.breaks_when("at least 3", says=dominates(product_there, 3))
consistent.breaks_when("the width below", says=dominates(product_there / h ** (2 * norm_based.width_exponent), 1))

full = 4 * log(2 * norm_based.inputs)
claim(
    "neyshabur2015/group-norm/one-norms-in-full",
    """With the conjugate exponent at 4 log(2 D), from where on the minimum stays, and q there too, the bound by group
    norms is 2**(L - 1) times 2 sqrt(log(2 D)) times the norms over sqrt(N): that for p = 1.""",
    given=Box(norm_based.group_norm.domain),
    says=reduces_to(
        norm_based.group_norm.expression,
        {norm_based.conjugate: full, norm_based.q: full},
        2 ** (L - 1) * 2 * sqrt(log(2 * norm_based.inputs)) * norm_based.weights * norm_based.X / sqrt(N),
    ),
    source=norm_based.group_norm.source,
    link=FURTHER,
    about=norm_based.group_norm,
    expects="proved",
).breaks_when(
    "with q twice that",
    says=reduces_to(
        norm_based.group_norm.expression,
        {norm_based.conjugate: full, norm_based.q: 2 * full},
        2 ** (L - 1) * 2 * sqrt(log(2 * norm_based.inputs)) * norm_based.weights * norm_based.X / sqrt(N),
    ),
)

# -- infinite exponents -----------------------------------------------------------------------------------------------

for bound, x, slug, statement, value, wrong in (
    (
        norm_based.group_norm,
        norm_based.q,
        "neyshabur2015/group-norm/infinite-q",
        "As q grows the bound by group norms tends to that with the width to the power 1/c.",
        norm_based.linear * (2 * h ** (1 / norm_based.conjugate)) ** (L - 1),
        decreasing(norm_based.group_norm.expression, norm_based.q),
    ),
    (
        norm_based.beyond_two,
        norm_based.index,
        "neyshabur2015/beyond-two/infinite-p",
        "As p grows the linear bound tends to sqrt(2) X, whatever the number of samples is.",
        sqrt(2) * norm_based.X,
        decreasing(norm_based.beyond_two.expression, norm_based.index),
    ),
    (
        norm_based.at_least,
        norm_based.schatten_index,
        "golowich2018/at-least/spectral-norms",
        "As p grows the lower bound tends to that for spectral norms, with the root of the width.",
        B * norm_based.schatten_norms * sqrt(h) / sqrt(N),
        decreasing(norm_based.at_least.expression, norm_based.schatten_index),
    ),
    (
        counting.fast,
        N,
        "long2020/fast/tends-to",
        "As the number of samples grows the form with 1/N tends to 1 + eta times the loss on the sample.",
        counting.M * (1 + counting.excess) * counting.on_sample,
        increasing(counting.fast.expression, N),
    ),
    (
        counting.by_vector_contraction,
        N,
        "pinto2025/rademacher-gap/tends-to",
        "With the complexity held the gap tends to 2 sqrt(2) Lip R as the number of samples grows.",
        2 * sqrt(2) * counting.Lip * counting.R,
        increasing(counting.by_vector_contraction.expression, N),
    ),
):
    claim(
        slug,
        statement,
        given=Box(bound.domain),
        assuming=bound.conditions,
        says=limit(bound.expression, x, oo, value),
        source=bound.source,
        link=FURTHER,
        about=bound,
        expects="proved",
    ).breaks_when("it goes the other way", says=wrong)

# -- distances of kernels ---------------------------------------------------------------------------------------------

cost = word("long2020:q", "what parameters, distances and the probability cost, without the number of samples")
crossing = claim(
    "long2020/fast/below-the-root",
    """What the form with 1/N adds is at most what the form with the root adds from as many samples on as it costs.""",
    given=Box({cost: ABOVE_ZERO, N: FROM_ONE}),
    assuming=[cost <= N],
    says=dominates(sqrt(cost) / sqrt(N), cost / N),
    source=counting.fast.source,
    link=FURTHER,
    about=(counting.fast, counting.kernels),
    expects="proved",
)
crossing.breaks_when("from half as many on", assuming=[cost <= 2 * N])

# -- contraction ------------------------------------------------------------------------------------------------------

contracted = 2 * sqrt(2) * counting.Lip * counting.R
claim(
    "pinto2025/rademacher-gap/by-gaussians",
    """With a Rademacher complexity of at most sqrt(pi/2) G the contraction for vectors gives 2 Lip sqrt(pi) G.""",
    given=Box({**counting.by_vector_contraction.domain, counting.G: Span(0, oo)}),
    says=reduces_to(contracted, {counting.R: counting.most_of_gaussians}, 2 * sqrt(pi) * counting.Lip * counting.G),
    source=counting.by_vector_contraction.source,
    link=FURTHER,
    about=counting.by_vector_contraction,
    expects="proved",
).breaks_when(
    "sqrt(2 pi) Lip G",
    says=reduces_to(contracted, {counting.R: counting.most_of_gaussians}, sqrt(2 * pi) * counting.Lip * counting.G),
)

printed = claim(
    "pinto2025/contraction/degree-1-in-Lip-as-read",
    """The constant sqrt(Lip pi) of the gap in terms of a Gaussian complexity scales with the loss, as a gap does.""",
    given=Box({counting.Lip: ABOVE_ZERO}),
    says=homogeneous(sqrt(counting.Lip * pi), counting.Lip, 1),
    source=f"{counting.PINTO}, Theorem 2, as read",
    link=FURTHER,
    expects="refuted",
)

claim(
    "pinto2025/contraction/enough-as-read",
    """The constant sqrt(Lip pi) is at least the 2 Lip sqrt(pi) that the contraction for vectors gives.""",
    given=Box({counting.Lip: ABOVE_ZERO}),
    says=dominates(sqrt(counting.Lip * pi), 2 * counting.Lip * sqrt(pi)),
    source=f"{counting.PINTO}, Theorem 2, as read",
    link=FURTHER,
    expects="refuted",
)

claim(
    "pinto2025/contraction/enough-up-to-a-quarter",
    """For a Lipschitz constant of at most 1/4 the constant sqrt(Lip pi) is at least 2 Lip sqrt(pi).""",
    given=Box({counting.Lip: Span(0, "1/4", True)}),
    says=dominates(sqrt(counting.Lip * pi), 2 * counting.Lip * sqrt(pi)),
    source=f"{counting.PINTO}, Theorem 2, as read",
    link=FURTHER,
    expects="proved",
).breaks_when("of at most 1/3", given=Box({counting.Lip: Span(0, "1/3", True)}))

# -- union bounds -----------------------------------------------------------------------------------------------------

union, coded = convolutional.in_union.expression, convolutional.union_without_samples
claim(
    "ledent2021/union/without-classes",
    """Without a union bound it is the bound for one class.""",
    given=Box(convolutional.in_union.domain),
    says=reduces_to(union, {convolutional.union: 0}, convolutional.once.expression),
    source=convolutional.in_union.source,
    link=FURTHER,
    about=(convolutional.in_union, convolutional.once),
    expects="proved",
).breaks_when("at u = 1", says=reduces_to(union, {convolutional.union: 1}, convolutional.once.expression))

claim(
    "ledent2021/union/tends-to-0",
    """What a union bound adds vanishes with the number of samples, as the rest does.""",
    given=Box(convolutional.in_union.domain),
    says=limit(union, N, oo, 0),
    source=convolutional.in_union.source,
    link=FURTHER,
    about=convolutional.in_union,
    expects="proved",
).breaks_when("it is at most 1 already", says=dominates(1, union))

claim(
    "ledent2021/union/coded-without-samples-stays-up",
    """With what the union bound adds outside of the quotient by N, as it was coded once, the bound stays above
    3 sqrt(u).""",
    given=Box(convolutional.in_union.domain),
    says=dominates(coded, 3 * sqrt(convolutional.union)),
    source=convolutional.in_union.source,
    provenance="as-read",
    link=FURTHER,
    about=convolutional.in_union,
    expects="proved",
).breaks_when("so does the bound itself", says=dominates(union, 3 * sqrt(convolutional.union)))

under = (log(2 / delta) + convolutional.union) / (2 * N)
claim(
    "ledent2021/union/coded-is-looser",
    """What is under the root in the form that was coded once is at least what is there in the bound.""",
    given=Box({**SAMPLE, convolutional.union: Span(0, oo)}),
    says=dominates(log(2 / delta) / (2 * N) + convolutional.union, under),
    source=convolutional.in_union.source,
    provenance="as-read",
    link=FURTHER,
    about=convolutional.in_union,
    expects="proved",
).breaks_when("at most that", says=dominates(under, log(2 / delta) / (2 * N) + convolutional.union))

# -- noise ------------------------------------------------------------------------------------------------------------

noise = norm_based.largest_noise
claim(
    "neyshabur2018/noise/decreasing-in-L-for-beta-from-1",
    """Where the spectral norms are at least 1 in the mean, the noise that leaves the margin falls strictly with
    depth.""",
    given=Box({**noise.domain, norm_based.norm: FROM_ONE}),
    says=decreasing(noise.expression, L, strictly=True),
    source=noise.source,
    link=f"{DERIVATIONS}#further-forms",
    about=noise,
    expects="proved",
).breaks_when("for every mean", given=Box(noise.domain))
