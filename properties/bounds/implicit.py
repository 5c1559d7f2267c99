"""The largest VC dimension that the implicit bound allows, the lower bound, and gaps beyond their domains."""

from sympy import E, log, oo

from properties.worlds.boxes import Box
from symbolic import decreasing, dominates, increasing, reduces_to
from symbolic.papers.vc import D, by_units, degree, explicit, growth, implicit, lower, pieces, polynomial
from symbolic.papers.zoo import FROM_ONE, L, N, W
from symbolic.words import word
from verify import claim

DERIVATIONS = "docs/mathematics/zoo.md#the-implicit-bound"
allowed = implicit.expression

# -- the root ---------------------------------------------------------------------------------------------------------

AT = {W: 1000, L: 5, pieces: 2}
root = 792090
exactly = claim(
    "harvey2017/root/thousand-parameters-allowed",
    f"""For 1000 parameters, 5 layers and 2 pieces the implicit bound allows D up to {root}.""",
    given=Box({**implicit.domain, D: (1, root)}),
    says=allowed.xreplace(AT) >= D,
    source=implicit.source,
    link=DERIVATIONS,
    about=implicit,
    expects="proved",
)
exactly.breaks_when("up to 800000", given=Box({**implicit.domain, D: (1, 800000)}))

beyond = claim(
    "harvey2017/root/thousand-parameters-not-allowed",
    f"""For 1000 parameters, 5 layers and 2 pieces it allows no D from {root + 2} on.""",
    given=Box({**implicit.domain, D: (root + 2, 10**12)}),
    says=allowed.xreplace(AT) < D,
    source=implicit.source,
    link=DERIVATIONS,
    about=implicit,
    expects="proved",
)
beyond.breaks_when("from 780000 on", given=Box({**implicit.domain, D: (780000, 10**12)}))

at_root = 2 ** (D / (4 * W * (L + 1))) / (2 * E * W * D)
"""The number of pieces for which D is the largest dimension that is allowed."""
ROOTS = Box({D: FROM_ONE, W: FROM_ONE, L: FROM_ONE})

equation = claim(
    "harvey2017/root/equation",
    """With 2^(D/(4 W (L + 1)))/(2 e W D) pieces, D is what the implicit bound says of it: it is the root.""",
    given=Box(implicit.domain),
    says=reduces_to(allowed, {pieces: at_root}, D),
    source=implicit.source,
    link=DERIVATIONS,
    expects="proved",
    about=implicit,
)
equation.breaks_when("with twice as many", says=reduces_to(allowed, {pieces: 2 * at_root}, D))

for x, meaning in ((W, "parameters"), (L, "layers")):
    claim(
        f"harvey2017/root/fewer-pieces-with-more-{meaning}",
        f"The pieces for which D is the root are fewer with more {meaning}: with as many pieces the root is larger.",
        given=ROOTS,
        says=decreasing(at_root, x, strictly=True),
        source=implicit.source,
        link=DERIVATIONS,
        about=implicit,
        expects="proved",
    ).breaks_when("more", says=increasing(at_root, x))

factor = word("harvey2017:K", "4 W (L + 1), four times parameters times layers and one")
by_factor = 2 ** (D / factor) / (2 * E * W * D)
larger = claim(
    "harvey2017/root/more-pieces-for-a-larger-root",
    """From D = 3 K/2 on, K = 4 W (L + 1), which roots are above, the pieces for which D is the root rise with D.""",
    given=Box({D: FROM_ONE, W: FROM_ONE, factor: (8, oo)}),
    assuming=[3 * factor <= 2 * D],
    says=increasing(by_factor, D),
    source=implicit.source,
    link=DERIVATIONS,
    about=implicit,
    expects="proved",
)
larger.breaks_when("from D = K/2 on", assuming=[factor <= 2 * D])

# -- the lower bound --------------------------------------------------------------------------------------------------

below = lower.expression
claim(
    "harvey2017/lower/increasing-in-W",
    """The lower bound rises with the number of parameters.""",
    given=Box(lower.domain),
    assuming=[W >= L],
    says=increasing(below, W),
    source=lower.source,
    link=DERIVATIONS,
    about=lower,
    expects="proved",
).breaks_when("it falls", says=decreasing(below, W))

claim(
    "harvey2017/lower/increasing-in-L",
    """The lower bound rises with the number of layers up to W/e, so where it is stated.""",
    given=Box(lower.domain),
    assuming=[W >= 3 * L],
    says=increasing(below, L),
    source=lower.source,
    link=DERIVATIONS,
    about=lower,
    expects="proved",
).breaks_when("up to W", assuming=[W >= L])

order = claim(
    "harvey2017/lower/below-the-explicit-bound",
    """The lower bound is below the explicit upper bound.""",
    given=Box({**explicit.domain}),
    assuming=[W >= L],
    says=dominates(explicit.expression, below),
    source=lower.source,
    link=DERIVATIONS,
    about=(lower, explicit),
    expects="proved",
)
order.breaks_when("100000 times it", says=dominates(explicit.expression, 100000 * below))

for x, letter, meaning in (
    (W, "W", "parameters"),
    (polynomial, "U", "units"),
    (degree, "d", "the degree of the pieces"),
):
    claim(
        f"harvey2017/by-units/increasing-in-{letter}",
        f"The dominant term for threshold units with polynomial pieces rises with {meaning}.",
        given=Box(by_units.domain),
        says=increasing(by_units.expression, x, strictly=True),
        source=by_units.source,
        about=by_units,
        expects="proved",
    ).breaks_when("it falls", says=decreasing(by_units.expression, x))

# -- beyond the domain of a gap ---------------------------------------------------------------------------------------

claim(
    "mohri2018/growth/increasing-in-every-D-fails",
    """The gap by Sauer's lemma rises with the VC dimension wherever it has a value.""",
    given=Box(growth.domain),
    says=increasing(growth.expression, D),
    source=growth.source,
    link="docs/mathematics/zoo.md#gaps-by-vc-dimension",
    about=growth,
    expects="refuted",
)

turns = claim(
    "mohri2018/growth/capacity-decreasing-in-D-beyond-N",
    """What the gap by Sauer's lemma depends on D by, D log(e N/D), falls with D from D = N on.""",
    given=Box({N: FROM_ONE, D: FROM_ONE}),
    assuming=[D >= N],
    says=decreasing(D * (1 + log(N / D)), D),
    source=growth.source,
    link="docs/mathematics/zoo.md#gaps-by-vc-dimension",
    about=growth,
    expects="proved",
)
turns.breaks_when("from D = N/2 on", assuming=[D >= N / 2])
