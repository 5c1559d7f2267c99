"""Two layers that differ: the main form without and with loss augmentation."""

from sympy import Rational

from properties.worlds.boxes import Box
from symbolic import decreasing, increasing, reduces_to
from symbolic.papers.layers import (
    B_2,
    W_1,
    W_2,
    augmented_layers,
    before_two,
    beta,
    by_share,
    main,
    p_1,
    p_2,
    s_1,
    s_2,
    through,
    two_layers,
    x_1,
    x_2,
)
from symbolic.papers.rank_sparse import W, b, main_form, r, rho, s, wbar
from symbolic.papers.schatten import p
from symbolic.papers.zoo import L, N
from verify import claim

LINK = "docs/mathematics/rank_sparse.md#layers-that-differ"

# -- the main form ----------------------------------------------------------------------------------------------------

F = two_layers.expression
WORLD = Box(two_layers.domain)

for x, letter, meaning in (
    (b, "b", "the norm of an input"),
    (s_1, "s_1", "the spectral norm of the first layer, its soft rank held"),
    (rho, "rho", "the Lipschitz constant of the activation"),
    (x_1, "x_1", "soft rank and widths of the first layer"),
    (W_1, "W_1", "the cost of the first layer's outputs"),
):
    claim(
        f"ledent2025/two-layers/increasing-in-{letter}",
        f"The main form for two layers rises with {meaning}.",
        given=WORLD,
        says=increasing(F, x),
        source=two_layers.source,
        provenance="as-read",
        link=LINK,
        about=two_layers,
        expects="proved",
    ).breaks_when("it falls", says=decreasing(F, x))

claim(
    "ledent2025/two-layers/decreasing-in-N",
    """The main form for two layers falls strictly with the number of samples.""",
    given=WORLD,
    says=decreasing(F, N, strictly=True),
    source=two_layers.source,
    provenance="as-read",
    link=LINK,
    about=two_layers,
    expects="proved",
).breaks_when("it rises", says=increasing(F, N))

alike = {s_1: s, s_2: s, x_1: r * wbar, x_2: r * wbar, W_1: W, W_2: W, p_1: p, p_2: p, rho: 1}
same = claim(
    "ledent2025/two-layers/equal-layers",
    """With two equal layers and an activation with Lipschitz constant 1, it is the main form for L = 2.""",
    given=Box({**two_layers.domain, **main_form.domain}),
    says=reduces_to(F, alike, main_form.expression.xreplace({L: 2, rho: 1})),
    source=two_layers.source,
    provenance="as-read",
    link=LINK,
    about=(two_layers, main_form),
    expects="proved",
)
same.breaks_when("for L = 1", says=reduces_to(F, alike, main_form.expression.xreplace({L: 1, rho: 1})))

# -- loss augmentation ------------------------------------------------------------------------------------------------

A, BY_SHARE = augmented_layers.expression, by_share.expression

shares = claim(
    "ledent2025/augmented/by-share",
    """Where a layer receives a share of the largest norm, loss augmentation multiplies the product of all norms in its
    summand by that share.""",
    given=Box({**augmented_layers.domain, beta: by_share.domain[beta]}),
    says=reduces_to(A, {B_2: beta * before_two}, BY_SHARE),
    source=augmented_layers.source,
    provenance="as-read",
    link=LINK,
    about=(augmented_layers, by_share),
    expects="proved",
)
shares.breaks_when(
    "the product of what comes before the layer",
    says=reduces_to(main(through, B_2 * before_two), {B_2: beta * before_two}, BY_SHARE),
)

whole = claim(
    "ledent2025/augmented/largest-norm-attained",
    """Where every layer receives the largest norm that it may, loss augmentation changes nothing.""",
    given=Box(by_share.domain),
    says=reduces_to(BY_SHARE, {beta: 1}, F),
    source=augmented_layers.source,
    provenance="as-read",
    link=LINK,
    about=(by_share, two_layers),
    expects="proved",
)
whole.breaks_when("where the second receives half of it", says=reduces_to(BY_SHARE, {beta: Rational(1, 2)}, F))

claim(
    "ledent2025/augmented/increasing-in-share",
    """It rises with the share that a layer receives, so that loss augmentation never makes it larger.""",
    given=Box(by_share.domain),
    says=increasing(BY_SHARE, beta),
    source=augmented_layers.source,
    provenance="as-read",
    link=LINK,
    about=by_share,
    expects="proved",
).breaks_when("strictly, at p = 0 too", says=increasing(BY_SHARE, beta, strictly=True))

for x, letter, meaning in (
    (B_2, "B_2", "the largest norm that the second layer receives"),
    (b, "b", "the norm of an input"),
    (s_2, "s_2", "the spectral norm of the last layer, its soft rank held"),
):
    claim(
        f"ledent2025/augmented/increasing-in-{letter}",
        f"With loss augmentation the main form rises with {meaning}.",
        given=Box(augmented_layers.domain),
        says=increasing(A, x),
        source=augmented_layers.source,
        provenance="as-read",
        link=LINK,
        about=augmented_layers,
        expects="proved",
    ).breaks_when("it falls", says=decreasing(A, x))

claim(
    "ledent2025/augmented/decreasing-in-N",
    """With loss augmentation the main form falls strictly with the number of samples.""",
    given=Box(augmented_layers.domain),
    says=decreasing(A, N, strictly=True),
    source=augmented_layers.source,
    provenance="as-read",
    link=LINK,
    about=augmented_layers,
    expects="proved",
).breaks_when("it rises", says=increasing(A, N))

claim(
    "ledent2025/augmented/second-layer-does-not-see-the-input",
    """With loss augmentation the summand of the second layer does not rise with the norm of an input.""",
    given=Box(augmented_layers.domain),
    says=decreasing(main(0, B_2 * s_2).xreplace({p_1: 2}), b),
    source=augmented_layers.source,
    provenance="as-read",
    link=LINK,
    about=augmented_layers,
    expects="proved",
).breaks_when("without loss augmentation", says=decreasing(main(0, through).xreplace({p_1: 2}), b))
