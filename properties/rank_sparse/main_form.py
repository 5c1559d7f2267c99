"""The main form for all layers: in what it rises and falls, and what it is by the rank alone."""

from sympy import Min, oo, sqrt

from properties.worlds.boxes import Box
from symbolic import decreasing, dominates, homogeneous, increasing, limit, reduces_to
from symbolic.papers.rank_sparse import (
    REFERENCE,
    W,
    after,
    augmented,
    b,
    before,
    main_form,
    per_layer,
    r,
    r_1,
    r_2,
    r_3,
    reached,
    rho,
    s,
    term,
    w,
    wbar,
)
from symbolic.papers.schatten import p
from symbolic.papers.zoo import ABOVE_ZERO, FROM_ONE, L, N
from verify import claim

LINK = "docs/mathematics/rank_sparse.md#the-main-form"

# -- all layers -------------------------------------------------------------------------------------------------------

F = main_form.expression
LAYERS = Box(main_form.domain)

more_samples = claim(
    "ledent2025/main-form/decreasing-in-N",
    """The main form falls strictly with the number of samples.""",
    given=LAYERS,
    says=decreasing(F, N, strictly=True),
    source=main_form.source,
    provenance="as-read",
    link=LINK,
    about=main_form,
    expects="proved",
)
more_samples.breaks_when("it rises", says=increasing(F, N))

vanishes = claim(
    "ledent2025/main-form/vanishes-with-N",
    """The main form tends to 0 as the number of samples grows.""",
    given=LAYERS,
    says=limit(F, N, oo, 0),
    source=main_form.source,
    provenance="as-read",
    link=LINK,
    about=main_form,
    expects="proved",
)
vanishes.breaks_when("it is at most 1 already", says=dominates(1, F))

for x, letter in ((b, "b"), (s, "s"), (rho, "rho"), (r, "r"), (wbar, "wbar"), (W, "W")):
    grows = claim(
        f"ledent2025/main-form/increasing-in-{letter}",
        f"With the soft rank fixed the main form rises with {letter}.",
        given=LAYERS,
        says=increasing(F, x),
        source=main_form.source,
        provenance="as-read",
        link=LINK,
        about=main_form,
        expects="proved",
    )
    grows.breaks_when("it falls", says=decreasing(F, x))

deeper = claim(
    "ledent2025/main-form/increasing-in-L-if-rho-s-from-1",
    """The main form rises strictly with the number of layers if rho s is at least 1.""",
    given=LAYERS,
    assuming=[rho * s >= 1],
    says=increasing(F, L, strictly=True),
    source=main_form.source,
    provenance="as-read",
    link=LINK,
    about=main_form,
    expects="proved",
)
deeper.breaks_when("if 4 rho s is", assuming=[4 * rho * s >= 1])

deeper_always = claim(
    "ledent2025/main-form/increasing-in-L-fails",
    """The main form rises with the number of layers, whatever rho s is.""",
    given=LAYERS,
    says=increasing(F, L),
    source=f"{REFERENCE}: not claimed there",
    provenance="derived",
    link=LINK,
    about=main_form,
    expects="refuted",
)

by_rank = claim(
    "ledent2025/main-form/squared-at-p-0",
    """At p = 0, with layers of width w and rank r, the square of the main form is 2 w r L^2 / N.""",
    given=Box({**main_form.domain, w: FROM_ONE}),
    says=reduces_to(F**2, {p: 0, wbar: 2 * w}, 2 * w * r * L**2 / N),
    source=main_form.source,
    provenance="as-read",
    link=LINK,
    about=main_form,
    expects="proved",
)
by_rank.breaks_when("one L less", says=reduces_to(F**2, {p: 0, wbar: 2 * w}, 2 * w * r * L / N))
by_rank.breaks_when(
    "sqrt(L) / N for sqrt(L / N)",
    says=reduces_to((sqrt(L) / N * sqrt(L * term(per_layer))) ** 2, {p: 0, wbar: 2 * w}, 2 * w * r * L**2 / N),
)
by_rank.breaks_when(
    "L / sqrt(N) for sqrt(L / N)",
    says=reduces_to((L / sqrt(N) * sqrt(L * term(per_layer))) ** 2, {p: 0, wbar: 2 * w}, 2 * w * r * L**2 / N),
)

three = sqrt(3 / N) * sqrt(wbar * (r_1 + r_2 + r_3))
DIFFERENT = Box({N: FROM_ONE, wbar: ABOVE_ZERO, r_1: ABOVE_ZERO, r_2: ABOVE_ZERO, r_3: ABOVE_ZERO})

every_rank = claim(
    "ledent2025/main-form/three-layers-increasing-in-each-rank",
    """At p = 0, with three layers, the main form rises strictly with the rank of each.""",
    given=DIFFERENT,
    says=increasing(three, r_1, strictly=True),
    source=main_form.source,
    provenance="as-read",
    link=LINK,
    expects="proved",
)
every_rank.breaks_when(
    "the least rank counts", says=increasing(sqrt(3 / N) * sqrt(wbar * 3 * Min(r_1, r_2, r_3)), r_1, strictly=True)
)

ranks_added = claim(
    "ledent2025/main-form/three-layers-degree-1-in-ranks",
    """At p = 0, with three layers, the square of the main form is homogeneous of degree 1 in their ranks.""",
    given=DIFFERENT,
    says=homogeneous(three**2, (r_1, r_2, r_3), 1),
    source=main_form.source,
    provenance="as-read",
    link=LINK,
    expects="proved",
)
ranks_added.breaks_when("ranks multiplied", says=homogeneous(3 * wbar * r_1 * r_2 * r_3 / N, (r_1, r_2, r_3), 1))

# -- with loss augmentation -------------------------------------------------------------------------------------------

AUGMENTED = Box(augmented.domain)

attained = claim(
    "ledent2025/augmented-summand/is-the-summand-where-norms-are-attained",
    """Where the largest norm that a layer receives is the product of all before it, augmentation changes nothing.""",
    given=AUGMENTED,
    says=reduces_to(augmented.expression, {reached: b * before}, term(b * before * after)),
    source=augmented.source,
    provenance="as-read",
    link=LINK,
    about=augmented,
    expects="proved",
)
attained.breaks_when(
    "the product of what comes before a layer",
    says=reduces_to(term(reached * before), {reached: b * before}, term(b * before * after)),
)

smaller = claim(
    "ledent2025/augmented-summand/at-most-the-summand",
    """If a layer receives at most the product of all before it, augmentation makes its summand no larger.""",
    given=AUGMENTED,
    assuming=[reached <= b * before],
    says=dominates((b * before / reached) ** (2 * p / (p + 2)) * augmented.expression, augmented.expression),
    source=augmented.source,
    provenance="as-read",
    link=LINK,
    about=augmented,
    expects="proved",
)
smaller.breaks_when("if it may receive more", assuming=[reached <= 2 * b * before])
