"""As many layers as a word says: soft ranks that fall with the place of a layer, and residual networks."""

from sympy import Rational, exp, harmonic, log, oo, sqrt

from properties.worlds.boxes import Box
from symbolic import Span, decreasing, dominates, homogeneous, increasing, limit, reduces_to
from symbolic.papers.many_layers import (
    FALLING,
    a,
    exponent,
    falling,
    falling_form,
    residual,
    residual_product,
    sizes,
    weights,
)
from symbolic.papers.rank_sparse import Gam, r, simple, summand, wbar
from symbolic.papers.schatten import p
from symbolic.papers.zoo import FROM_ONE, L, N, delta
from verify import claim

LINK = "docs/mathematics/rank_sparse.md#as-many-layers-as-a-word-says"

# -- what counts for the number of layers -----------------------------------------------------------------------------

for slug, meaning, says, other in (
    (
        "increasing-in-L",
        "rises strictly with the number of layers",
        increasing(sizes, L, strictly=True),
        decreasing(sizes, L),
    ),
    ("decreasing-in-a", "falls when the exponent rises", decreasing(sizes, a), increasing(sizes, a)),
    ("at-most-L", "is at most the number of layers", dominates(L, sizes), dominates(L / 2, sizes)),
    ("at-least-1", "is at least 1", dominates(sizes, 1), dominates(sizes, 2)),
    (
        "equal-layers",
        "is the number of layers where a = 0",
        reduces_to(sizes, {a: 0}, L),
        reduces_to(sizes, {a: 0}, L - 1),
    ),
    (
        "harmonic",
        "is the harmonic number of L where a = 1",
        reduces_to(sizes, {a: 1}, harmonic(L)),
        reduces_to(sizes, {a: 1}, log(L) + 1),
    ),
    ("continuous-at-0", "tends to L as a tends to 0", limit(sizes, a, 0, L), limit(sizes, a, 0, L - 1)),
):
    claim(
        f"ledent2025/falling-layers/count-{slug}",
        f"The sum of l**(-a) over the layers {meaning}.",
        given=Box({L: FROM_ONE, a: FALLING}),
        says=says,
        link=LINK,
        expects="proved",
    ).breaks_when("another way round, or another number", says=other)

slow = claim(
    "ledent2025/falling-layers/count-at-most-logarithm",
    """For a from 1 on, the sum of l**(-a) over the layers is at most 1 + log L.""",
    given=Box({L: FROM_ONE, a: FROM_ONE}),
    says=dominates(1 + log(L), sizes),
    link=LINK,
    expects="proved",
)
slow.breaks_when("for a from 1/2 on", given=Box({L: FROM_ONE, a: Span("1/2", oo)}))
slow.breaks_when("half a logarithm", says=dominates(1 + log(L) / 2, sizes))

bounded = claim(
    "ledent2025/falling-layers/count-bounded-from-a-2",
    """For a from 2 on, the sum of l**(-a) over however many layers is below 2.""",
    given=Box({L: FROM_ONE, a: Span(2, oo)}),
    says=sizes < 2,
    link=LINK,
    expects="proved",
)
bounded.breaks_when("for a from 1 on", given=Box({L: FROM_ONE, a: FROM_ONE}))
bounded.breaks_when("below 5/4", says=sizes < Rational(5, 4))

# -- the derived bound ------------------------------------------------------------------------------------------------

D = falling.expression
for x, letter, up in (
    (N, "N", False),
    (delta, "delta", False),
    (Gam, "Gam", True),
    (L, "L", True),
    (r, "r", True),
    (wbar, "wbar", True),
):
    claim(
        f"ledent2025/falling-layers/{'increasing' if up else 'decreasing'}-in-{letter}",
        f"The derived bound for L layers whose soft ranks fall with their place {'rises' if up else 'falls'} strictly "
        f"with {letter}.",
        given=Box(falling.domain),
        says=(increasing if up else decreasing)(D, x, strictly=True),
        source=falling.source,
        link=LINK,
        about=falling,
        expects="proved",
    ).breaks_when("the other way round", says=(decreasing if up else increasing)(D, x))

claim(
    "ledent2025/falling-layers/decreasing-in-a",
    """The derived bound for L layers falls when their soft ranks fall faster.""",
    given=Box(falling.domain),
    says=decreasing(D, a),
    source=falling.source,
    link=LINK,
    about=falling,
    expects="proved",
).breaks_when("it rises", says=increasing(D, a))

claim(
    "ledent2025/falling-layers/at-most-equal-layers",
    """It is at most the derived bound for L layers that all have the soft rank of the first.""",
    given=Box(falling.domain),
    says=dominates(simple.expression, D),
    source=falling.source,
    link=LINK,
    about=(falling, simple),
    expects="proved",
).breaks_when("at least that", says=dominates(D, simple.expression))

claim(
    "ledent2025/falling-layers/at-a-0-equal-layers",
    """Where the soft ranks do not fall it is the derived bound for equal layers.""",
    given=Box(falling.domain),
    says=reduces_to(D, {a: 0}, simple.expression),
    source=falling.source,
    link=LINK,
    about=(falling, simple),
    expects="proved",
).breaks_when("where they fall like 1/l", says=reduces_to(D, {a: 1}, simple.expression))

claim(
    "ledent2025/falling-layers/vanishes-with-N",
    """However many layers there are, it tends to 0 as N grows.""",
    given=Box(falling.domain),
    says=limit(D, N, oo, 0),
    source=falling.source,
    link=LINK,
    about=falling,
    expects="proved",
).breaks_when("it is at most 1 already", says=dominates(1, D))

# -- the main form ----------------------------------------------------------------------------------------------------

F = falling_form.expression
for x, letter, up in (
    (N, "N", False),
    (L, "L", True),
    (r, "r", True),
    (wbar, "wbar", True),
):
    claim(
        f"ledent2025/falling-form/{'increasing' if up else 'decreasing'}-in-{letter}",
        f"The main form for L layers whose soft ranks fall with their place, Gam held, {'rises' if up else 'falls'} "
        f"strictly with {letter}.",
        given=Box(falling_form.domain),
        says=(increasing if up else decreasing)(F, x, strictly=True),
        source=falling_form.source,
        link=LINK,
        about=falling_form,
        expects="proved",
    ).breaks_when("the other way round", says=(decreasing if up else increasing)(F, x))

claim(
    "ledent2025/falling-form/one-layer",
    """For one layer the main form is the root of its summand over N.""",
    given=Box(falling_form.domain),
    says=reduces_to(F, {L: 1}, sqrt(summand.expression / N)),
    source=falling_form.source,
    link=LINK,
    about=(falling_form, summand),
    expects="proved",
).breaks_when("for two layers", says=reduces_to(F, {L: 2}, sqrt(summand.expression / N)))

claim(
    "ledent2025/falling-form/equal-layers",
    """Where the soft ranks do not fall the main form is L times the root of the summand over N.""",
    given=Box(falling_form.domain),
    says=reduces_to(F, {a: 0}, L * sqrt(summand.expression / N)),
    source=falling_form.source,
    link=LINK,
    about=(falling_form, summand),
    expects="proved",
).breaks_when("the root of L alone", says=reduces_to(F, {a: 0}, sqrt(L * summand.expression / N)))

claim(
    "ledent2025/falling-form/degree-1-over-p-plus-2-in-r",
    """Scaling all soft ranks together scales the main form by the power 1/(p + 2).""",
    given=Box(falling_form.domain),
    says=homogeneous(F, r, 1 / (p + 2)),
    source=falling_form.source,
    link=LINK,
    about=falling_form,
    expects="proved",
).breaks_when("by the power 2/(p + 2)", says=homogeneous(F, r, 2 / (p + 2)))

# -- products of norms ------------------------------------------------------------------------------------------------

RESIDUAL = Box({residual: Span(0, oo), L: FROM_ONE})
claim(
    "ledent2025/residual/increasing-in-L",
    """The product of spectral norms 1 + t/l never falls with the number of layers.""",
    given=RESIDUAL,
    says=increasing(residual_product, L),
    link=LINK,
    expects="proved",
).breaks_when("it falls", says=decreasing(residual_product, L))

claim(
    "ledent2025/residual/increasing-in-t",
    """The product of spectral norms 1 + t/l rises strictly with t.""",
    given=RESIDUAL,
    says=increasing(residual_product, residual, strictly=True),
    link=LINK,
    expects="proved",
).breaks_when("it falls", says=decreasing(residual_product, residual))

claim(
    "ledent2025/residual/polynomial-in-L",
    """The product of spectral norms 1 + t/l is at most (e L)**t: a power of the depth, whereas equal norms give an
    exponential.""",
    given=RESIDUAL,
    says=dominates(exp(residual * (1 + log(L))), residual_product),
    link=LINK,
    expects="proved",
).breaks_when("(e L)**(t/2)", says=dominates(exp(residual * (1 + log(L)) / 2), residual_product))

claim(
    "ledent2025/residual/at-most-equal-norms",
    """The product of spectral norms 1 + t/l is at most that of as many norms 1 + t.""",
    given=RESIDUAL,
    says=dominates(exp(L * log(1 + residual)), residual_product),
    link=LINK,
    expects="proved",
).breaks_when("of one layer less", says=dominates(exp((L - 1) * log(1 + residual)), residual_product))

# -- norms chosen afterwards ------------------------------------------------------------------------------------------

claim(
    "ledent2025/afterwards/weights-of-the-norms-below-1",
    """The weights 1/(3 (1 + |j|)**2) of the exponents from -J to J that norms are rounded up to have a sum below 1,
    whatever J is.""",
    given=Box({exponent: Span(0, oo)}),
    says=weights < 1,
    link="docs/mathematics/rank_sparse.md#variants",
    expects="proved",
).breaks_when("below 3/4", says=weights < Rational(3, 4))
