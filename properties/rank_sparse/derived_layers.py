"""Two layers that differ: the derived bound, also by powers of singular values and with received norms."""

from sympy import Max, Min, Rational, oo

from properties.worlds.boxes import Box
from symbolic import decreasing, dominates, increasing, limit, reduces_to
from symbolic.papers.layers import (
    beta,
    counted,
    different,
    different_by_powers,
    different_in_full,
    p_1,
    p_2,
    ranks_alone,
    received,
    s_1,
    s_2,
    x_1,
    x_2,
)
from symbolic.papers.rank_sparse import Gam, b, r, rho, simple, wbar
from symbolic.papers.schatten import UP_TO_TWO, p
from symbolic.papers.zoo import L, N, delta, deviation
from symbolic.spans import Span
from verify import claim

LINK = "docs/mathematics/rank_sparse.md#layers-that-differ"

# -- the derived bound ------------------------------------------------------------------------------------------------

D, FULL, POWERS = different.expression, different_in_full.expression, different_by_powers.expression

for x, letter, says, other in (
    (N, "decreasing-in-N", decreasing(D, N, strictly=True), increasing(D, N)),
    (delta, "decreasing-in-delta", decreasing(D, delta, strictly=True), increasing(D, delta)),
    (Gam, "increasing-in-Gam", increasing(D, Gam, strictly=True), decreasing(D, Gam)),
    (x_1, "increasing-in-x_1", increasing(D, x_1, strictly=True), decreasing(D, x_1)),
):
    claim(
        f"ledent2025/derived-two-layers/{letter}",
        f"The derived bound for two layers {'rises' if letter.startswith('inc') else 'falls'} strictly with {x}.",
        given=Box(different.domain),
        says=says,
        source=different.source,
        link=LINK,
        about=different,
        expects="proved",
    ).breaks_when("the other way round", says=other)

for x, letter, meaning in (
    (b, "b", "the norm of an input"),
    (s_1, "s_1", "the spectral norm of the first layer, the soft ranks held"),
    (rho, "rho", "the Lipschitz constant of the activation"),
):
    claim(
        f"ledent2025/derived-two-layers/increasing-in-{letter}",
        f"The derived bound for two layers rises strictly with {meaning}.",
        given=Box(different_in_full.domain),
        says=increasing(FULL, x, strictly=True),
        source=different.source,
        link=LINK,
        about=different_in_full,
        expects="proved",
    ).breaks_when("it falls", says=decreasing(FULL, x))

for x, place in ((s_1, "first"), (s_2, "second")):
    claim(
        f"ledent2025/derived-two-layers/increasing-in-norm-of-the-{place}-at-fixed-power-sums",
        f"With both sums of powers held, whatever the indices, it still rises strictly with the {place} layer's norm.",
        given=Box(different_by_powers.domain),
        says=increasing(POWERS, x, strictly=True),
        source=different.source,
        link=LINK,
        about=different_by_powers,
        expects="proved",
    ).breaks_when("it falls", says=decreasing(POWERS, x))

index = claim(
    "ledent2025/derived-two-layers/increasing-in-p_1-for-Gam-from-quarter",
    """With soft ranks held the derived bound rises with the index of one layer if 2 L Gam is at least 1, Gam 1/4.""",
    given=Box({**different.domain, Gam: Span("1/4", oo)}),
    says=increasing(D, p_1),
    source=different.source,
    link=LINK,
    about=different,
    expects="proved",
)
index.breaks_when("Gam from 1/40 on", given=Box({**different.domain, Gam: Span("1/40", oo)}))

claim(
    "ledent2025/derived-two-layers/increasing-in-p_1-fails",
    """With soft ranks held the derived bound rises with the index of one layer, whatever Gam is.""",
    given=Box(different.domain),
    says=increasing(D, p_1),
    source=different.source,
    link=LINK,
    about=different,
    expects="refuted",
)

equal = {x_1: r * wbar, x_2: r * wbar, p_1: p, p_2: p}
both_equal = claim(
    "ledent2025/derived-two-layers/equal-layers",
    """With two equal layers it is the derived bound for L = 2.""",
    given=Box({**different.domain, **simple.domain}),
    says=reduces_to(D, equal, simple.expression.xreplace({L: 2})),
    source=different.source,
    link=LINK,
    about=(different, simple),
    expects="proved",
)
both_equal.breaks_when("for L = 1", says=reduces_to(D, equal, simple.expression.xreplace({L: 1})))

nothing = claim(
    "ledent2025/derived-two-layers/all-layers-of-rank-0",
    """Where every soft rank is 0, what is left is 8/N and the deviation.""",
    given=Box(different.domain),
    says=reduces_to(D, {x_1: 0, x_2: 0}, 8 / N + deviation()),
    source=different.source,
    link=LINK,
    about=different,
    expects="proved",
)
nothing.breaks_when("where that of one layer is", says=reduces_to(D, {x_1: 0}, 8 / N + deviation()))

vanishes = claim(
    "ledent2025/derived-two-layers/vanishes-with-N",
    """The derived bound for two layers tends to 0 as the number of samples grows.""",
    given=Box(different.domain),
    says=limit(D, N, oo, 0),
    source=different.source,
    link=LINK,
    about=different,
    expects="proved",
)
vanishes.breaks_when("it is at most 1 already", says=dominates(1, D))

# -- received norms ---------------------------------------------------------------------------------------------------

REACHED = received.expression
claim(
    "ledent2025/derived-augmented/increasing-in-share",
    """The derived bound rises with the share of the largest norm that a layer receives.""",
    given=Box(received.domain),
    says=increasing(REACHED, beta),
    source=received.source,
    link=LINK,
    about=received,
    expects="proved",
).breaks_when("strictly, at p = 0 too", says=increasing(REACHED, beta, strictly=True))

largest = claim(
    "ledent2025/derived-augmented/largest-norm-attained",
    """Where a layer receives the largest norm that it may, it is the derived bound for two layers, and otherwise at
    most that.""",
    given=Box(received.domain),
    says=reduces_to(REACHED, {beta: 1}, D),
    source=received.source,
    link=LINK,
    relies_on=["ledent2025/derived-augmented/increasing-in-share"],
    about=(received, different),
    expects="proved",
)
largest.breaks_when("where it receives half of it", says=reduces_to(REACHED, {beta: Rational(1, 2)}, D))

claim(
    "ledent2025/derived-augmented/decreasing-in-N",
    """With received norms too the derived bound falls strictly with the number of samples.""",
    given=Box(received.domain),
    says=decreasing(REACHED, N, strictly=True),
    source=received.source,
    link=LINK,
    about=received,
    expects="proved",
).breaks_when("it rises", says=increasing(REACHED, N))

# -- p = 0 and p = 2 --------------------------------------------------------------------------------------------------

CLOSED = Box({**different.domain, p_1: UP_TO_TWO, p_2: UP_TO_TWO})
SUM = counted((Gam, Gam))

free = claim(
    "ledent2025/derived-two-layers/norms-in-the-logarithm-alone-at-p-0",
    """At p = 0 the complexity is the sum of ranks times added widths: norms are in the logarithm alone.""",
    given=CLOSED,
    says=reduces_to(SUM, {p_1: 0, p_2: 0}, x_1 + x_2),
    source=ranks_alone.source,
    link=LINK,
    about=(different, ranks_alone),
    expects="proved",
)
free.breaks_when("the smaller of both, twice", says=reduces_to(SUM, {p_1: 0, p_2: 0}, 2 * Min(x_1, x_2)))
free.breaks_when("multiplied over layers", says=reduces_to(x_1 * x_2, {p_1: 0, p_2: 0}, x_1 + x_2))
free.breaks_when("at p = 1", says=reduces_to(SUM, {p_1: 1, p_2: 1}, x_1 + x_2))

constant = claim(
    "ledent2025/derived-two-layers/at-p-0-small-norms-leave-nothing",
    """At p = 0 too the middle term tends to 0 as Gam does, because of its logarithm.""",
    given=Box(ranks_alone.domain),
    says=limit(ranks_alone.expression, Gam, 0, 8 / N + deviation()),
    source=ranks_alone.source,
    link=LINK,
    about=ranks_alone,
    expects="proved",
)
constant.breaks_when("as Gam tends to 1", says=limit(ranks_alone.expression, Gam, 1, 8 / N + deviation()))

shape = claim(
    "ledent2025/derived-two-layers/pac-bayes-shape-at-p-2",
    """At p = 2 the complexity is 4 L^2 Gam^2 times the sum over layers of stable ranks times added widths.""",
    given=CLOSED,
    says=reduces_to(SUM, {p_1: 2, p_2: 2}, 16 * Gam**2 * (x_1 + x_2)),
    source=different.source,
    link=LINK,
    about=different,
    expects="proved",
)
shape.breaks_when("one L less", says=reduces_to(SUM, {p_1: 2, p_2: 2}, 8 * Gam**2 * (x_1 + x_2)))

mixed = claim(
    "ledent2025/derived-two-layers/one-layer-by-rank-one-by-stable-rank",
    """Indices may differ: with p = 0 in the first layer and p = 2 in the second, norms count in the second alone.""",
    given=CLOSED,
    says=reduces_to(SUM, {p_1: 0, p_2: 2}, x_1 + 16 * Gam**2 * x_2),
    source=different.source,
    link=LINK,
    about=different,
    expects="proved",
)
mixed.breaks_when(
    "the larger index for both",
    says=reduces_to(SUM.xreplace({p_1: Max(p_1, p_2)}), {p_1: 0, p_2: 2}, x_1 + 16 * Gam**2 * x_2),
)
