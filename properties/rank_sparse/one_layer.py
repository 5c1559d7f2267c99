"""One layer: by its rank, by its Frobenius norm without its widths, and in between."""

from sympy import ceiling, log, oo, sqrt

from properties.worlds.boxes import Box
from symbolic import decreasing, dominates, increasing, limit, reduces_to
from symbolic.papers.layers import dimension_free, frobenius, interpolating, least_width, outputs, smooth
from symbolic.papers.rank_sparse import Gam, closed_layer, layer_of_rank, r, simple_layer, wbar
from symbolic.papers.schatten import p
from symbolic.papers.zoo import PROBABILITY, N, delta
from symbolic.spans import Span
from verify import claim

LINK = "docs/mathematics/rank_sparse.md#one-layer"

# -- by the Schatten quasi-norm and by the rank -----------------------------------------------------------------------

for bound, slug, words in (
    (simple_layer, "one-layer", "The bound for one layer with 2/(2 - p)"),
    (layer_of_rank, "one-layer-of-rank-k", "From 5 samples on, for 8 Gam from 1 on, the bound for one layer of rank k"),
):
    at = Box({**bound.domain, N: Span(5, oo), Gam: Span("1/8", oo)}) if bound is layer_of_rank else Box(bound.domain)
    claim(
        f"ledent2025/{slug}/decreasing-in-N",
        f"{words} falls strictly with the number of samples.",
        given=at,
        says=decreasing(bound.expression, N, strictly=True),
        source=bound.source,
        link=LINK,
        about=bound,
        expects="proved",
    ).breaks_when("with another logarithm of N", says=decreasing(bound.expression * log(1 + N), N))

for x, letter in ((Gam, "Gam"), (r, "r"), (wbar, "wbar")):
    claim(
        f"ledent2025/one-layer/increasing-in-{letter}",
        f"The bound for one layer, with its integral, rises with {letter}.",
        given=Box(closed_layer.domain),
        says=increasing(closed_layer.expression, x),
        source=closed_layer.source,
        link=LINK,
        about=closed_layer,
        expects="proved",
    ).breaks_when("strictly, with one sample too", says=increasing(closed_layer.expression, x, strictly=True))

# -- by the Frobenius norm --------------------------------------------------------------------------------------------

E, SMOOTH = dimension_free.expression, smooth.expression

for x, letter, says, other in (
    (frobenius, "increasing-in-F", increasing(E, frobenius), decreasing(E, frobenius)),
    (outputs, "increasing-in-C", increasing(E, outputs), decreasing(E, outputs)),
    (delta, "decreasing-in-delta", decreasing(E, delta, strictly=True), increasing(E, delta)),
):
    claim(
        f"ledent2025/one-layer-frobenius/{letter}",
        f"The bound for one layer by its Frobenius norm {'falls' if x == delta else 'rises'} with {letter[14:]}.",
        given=Box(dimension_free.domain),
        says=says,
        source=dimension_free.source,
        link=LINK,
        about=dimension_free,
        expects="proved",
    ).breaks_when("the other way round", says=other)

claim(
    "ledent2025/one-layer-frobenius/decreasing-in-N-from-27-fails",
    """With F = 1/128 and one output the bound for one layer by its Frobenius norm falls from 27 to 40 samples, across
    the jump of its ceiling.""",
    given=Box({N: (27, 40), frobenius: ("1/128", "1/128"), outputs: (1, 1), delta: PROBABILITY}),
    says=decreasing(E, N),
    source=dimension_free.source,
    link=LINK,
    about=dimension_free,
    expects="refuted",
)

falls = claim(
    "ledent2025/one-layer-frobenius/without-ceiling-decreasing-in-N-from-27",
    """With one more in place of the ceiling it falls strictly with the number of samples from 27 on.""",
    given=Box({**smooth.domain, N: Span(27, oo)}),
    says=decreasing(SMOOTH, N, strictly=True),
    source=smooth.source,
    link=LINK,
    about=smooth,
    expects="proved",
)
falls.breaks_when("from 1 on", given=Box(smooth.domain))

vanishes = claim(
    "ledent2025/one-layer-frobenius/without-ceiling-vanishes-with-N",
    """With one more in place of the ceiling it tends to 0 as the number of samples grows.""",
    given=Box(smooth.domain),
    says=limit(SMOOTH, N, oo, 0),
    source=smooth.source,
    link=LINK,
    about=smooth,
    expects="proved",
)
vanishes.breaks_when("it is at most 1 already", says=dominates(1, SMOOTH))

larger = claim(
    "ledent2025/one-layer-frobenius/without-ceiling-larger",
    """What its logarithm holds is no smaller with one more in place of the ceiling.""",
    given=Box({x: dimension_free.domain[x] for x in (N, frobenius)}),
    says=dominates(4 * frobenius * N + 3, ceiling(4 * frobenius * N + 2)),
    source=smooth.source,
    link=LINK,
    about=(smooth, dimension_free),
    expects="proved",
)
larger.breaks_when("without one more", says=dominates(4 * frobenius * N + 2, ceiling(4 * frobenius * N + 2)))

# -- in between -------------------------------------------------------------------------------------------------------

B = interpolating.expression
BETWEEN = Box(interpolating.domain)

for x, letter in ((Gam, "Gam"), (r, "r"), (wbar, "wbar"), (least_width, "n_1")):
    claim(
        f"ledent2025/one-layer-in-between/increasing-in-{letter}",
        f"The bound for one layer between rank and Frobenius norm rises with {letter}.",
        given=BETWEEN,
        says=increasing(B, x),
        source=interpolating.source,
        link=LINK,
        about=interpolating,
        expects="proved",
    ).breaks_when("it falls", says=decreasing(B, x))

claim(
    "ledent2025/one-layer-in-between/decreasing-in-N",
    """The bound for one layer between rank and Frobenius norm falls strictly with the number of samples.""",
    given=BETWEEN,
    says=decreasing(B, N, strictly=True),
    source=interpolating.source,
    link=LINK,
    about=interpolating,
    expects="proved",
).breaks_when("it rises", says=increasing(B, N))

by_rank = claim(
    "ledent2025/one-layer-in-between/at-p-0",
    """At p = 0 it is sqrt(r wbar/N).""",
    given=BETWEEN,
    says=reduces_to(B, {p: 0}, sqrt(r * wbar / N)),
    source=interpolating.source,
    link=LINK,
    about=interpolating,
    expects="proved",
)
by_rank.breaks_when("at p = 1", says=reduces_to(B, {p: 1}, sqrt(r * wbar / N)))

one_output = claim(
    "ledent2025/one-layer-in-between/one-output-at-p-2",
    """With one output, at p = 2, its square is Gam sqrt(wbar)/N: the root of the norm, and a root of the widths.""",
    given=BETWEEN,
    says=reduces_to(B**2, {p: 2, least_width: 1, r: 1}, Gam * sqrt(wbar) / N),
    source=interpolating.source,
    link=LINK,
    about=interpolating,
    expects="proved",
)
one_output.breaks_when(
    "with the norm squared", says=reduces_to(B**2, {p: 2, least_width: 1, r: 1}, Gam**2 * sqrt(wbar) / N)
)

claim(
    "ledent2025/one-layer-in-between/linear-bound-fails",
    """With one output, at p = 2, it is at most the bound Gam/sqrt(N) for linear functions, whatever the widths.""",
    given=BETWEEN,
    says=dominates(Gam / sqrt(N), B.xreplace({p: 2, least_width: 1, r: 1})),
    source=f"{interpolating.source}: not claimed there",
    link=LINK,
    about=interpolating,
    expects="refuted",
)
