"""What the cost of a layer's outputs cannot be: one reading of the main form, and a layer whose gap is known.

The literal reading, cost 1 for the last layer and the width for the others, is ours of code of others, and never the
paper's. It is held against one class of linear layers whose gap is known: docs/mathematics/rank_sparse.md.
"""

from sympy import Rational, log, oo, sqrt

from properties.worlds.boxes import Box
from symbolic import decreasing, dominates, limit, reduces_to
from symbolic.papers.layers import literal, of_signs, width
from symbolic.papers.rank_sparse import Gam, W, b, r, summand, wbar
from symbolic.papers.schatten import FROM_ABOVE_ZERO_TO_TWO, UP_TO_TWO, p
from symbolic.papers.zoo import ABOVE_ZERO, FROM_ONE
from symbolic.words import word
from verify import claim

LINK = "docs/mathematics/rank_sparse.md#what-the-cost-cannot-be"
GAP = Rational(7, 16)
"""The expected gap of the layer of signs is at least this, whatever its width."""

# -- cost 1 for the last layer ----------------------------------------------------------------------------------------

SQUARED = literal.expression
SIGNS = Box({**literal.domain, b: ABOVE_ZERO, W: ABOVE_ZERO})

form = claim(
    "ledent2025/literal/layer-of-signs",
    """For the layer of signs the squared form with cost 1 is 4^((3 - p)/(p + 2)) q^(-p/(p + 2)), whatever the norm of
    the inputs.""",
    given=SIGNS,
    says=reduces_to(of_signs(W) / (width**2 / 4), {W: 1}, SQUARED),
    source=literal.source,
    provenance="as-read",
    link=LINK,
    about=literal,
    expects="proved",
)
form.breaks_when("with cost 2", says=reduces_to(of_signs(W) / (width**2 / 4), {W: 2}, SQUARED))

claim(
    "ledent2025/literal/above-the-gap-fails",
    """As read, with cost 1 for the last layer and constant 1, the form at p = 2 is at least the gap of every layer of
    signs.""",
    given=Box({width: FROM_ONE}),
    says=dominates(sqrt(SQUARED.xreplace({p: 2})), GAP),
    source=literal.source,
    provenance="as-read",
    link=LINK,
    about=literal,
    expects="refuted",
)

claim(
    "ledent2025/literal/above-the-gap-at-p-1-fails",
    """As read, with cost 1 for the last layer and constant 1, the form at p = 1 is at least the gap of every layer of
    signs.""",
    given=Box({width: FROM_ONE}),
    says=dominates(sqrt(SQUARED.xreplace({p: 1})), GAP),
    source=literal.source,
    provenance="as-read",
    link=LINK,
    about=literal,
    expects="refuted",
)

from_55 = claim(
    "ledent2025/literal/below-the-gap-from-55",
    """From width 55 on the form with cost 1, at p = 2, is below the gap of the layer of signs.""",
    given=Box({width: (55, oo)}),
    says=sqrt(SQUARED.xreplace({p: 2})) < GAP,
    source=literal.source,
    provenance="as-read",
    link=LINK,
    about=literal,
    expects="proved",
)
from_55.breaks_when("from 54 on", given=Box({width: (54, oo)}))

constant = word("ledent2025:a_0", "a constant that is not known")
for index in (1, 2):
    root = sqrt(SQUARED.xreplace({p: index}))
    claim(
        f"ledent2025/literal/no-constant-and-no-logarithms-help-at-p-{index}",
        f"Times any constant and the sixth power of the logarithm of the width, the form with cost 1 tends to 0 at"
        f" p = {index}, while the gap does not.",
        given=Box({width: (2, oo), constant: ABOVE_ZERO}),
        says=limit(constant * log(width) ** 6 * root, width, oo, 0),
        source=literal.source,
        provenance="as-read",
        link=LINK,
        about=literal,
        expects="proved",
    ).breaks_when("it is at most 1 already", says=dominates(1, constant * log(width) ** 6 * root))

claim(
    "ledent2025/literal/decreasing-in-width",
    """For p above 0 the form with cost 1 falls strictly with the width of the layer of signs.""",
    given=Box({width: FROM_ONE, p: FROM_ABOVE_ZERO_TO_TWO}),
    says=decreasing(SQUARED, width, strictly=True),
    source=literal.source,
    provenance="as-read",
    link=LINK,
    about=literal,
    expects="proved",
).breaks_when("at p = 0 too", given=Box(literal.domain))

repaired = claim(
    "ledent2025/literal/cost-of-the-smaller-width",
    """With the smaller width as its cost, the squared form for the layer of signs is 4^((3 - p)/(p + 2)), whatever the
    width: it stays above the gap.""",
    given=SIGNS,
    says=reduces_to(of_signs(W) / (width**2 / 4), {W: width}, 4 ** ((3 - p) / (p + 2))),
    source=literal.source,
    provenance="derived",
    link=LINK,
    about=literal,
    expects="proved",
)
repaired.breaks_when("with cost 1", says=reduces_to(of_signs(W) / (width**2 / 4), {W: 1}, 4 ** ((3 - p) / (p + 2))))

stays = claim(
    "ledent2025/literal/with-the-smaller-width-above-the-gap",
    """With the smaller width as its cost the form for the layer of signs is at least the gap, for every index.""",
    given=Box({p: UP_TO_TWO}),
    says=dominates(2 ** ((3 - p) / (p + 2)), GAP),
    source=literal.source,
    provenance="derived",
    link=LINK,
    about=literal,
    expects="proved",
)
stays.breaks_when("at least 3/2", says=dominates(2 ** ((3 - p) / (p + 2)), Rational(3, 2)))

# -- the width as cost of the others ----------------------------------------------------------------------------------

T = summand.expression
HIDDEN = Box({**summand.domain, width: FROM_ONE})
full = {Gam: 1, r: width, wbar: width}

narrow = claim(
    "ledent2025/literal/hidden-layer",
    """With the width as its cost a layer of full rank, at Gam = 1, has the summand q^((p + 4)/(p + 2)).""",
    given=HIDDEN,
    says=reduces_to(T, {**full, W: width}, width ** ((p + 4) / (p + 2))),
    source=literal.source,
    provenance="as-read",
    link=LINK,
    about=summand,
    expects="proved",
)
narrow.breaks_when("it is q^2", says=reduces_to(T, {**full, W: width}, width**2))

claim(
    "ledent2025/literal/hidden-layer-above-the-packing-fails",
    """As read, with the width as its cost, the summand of a layer of full rank at Gam = 1 and p = 2 is at least q^2/10,
    what a packing of the spectral ball may need.""",
    given=Box({width: FROM_ONE}),
    says=dominates(10 * width ** Rational(3, 2), width**2),
    source=literal.source,
    provenance="as-read",
    link=LINK,
    about=summand,
    expects="refuted",
)

fraction = claim(
    "ledent2025/literal/hidden-layer-no-fraction-of-the-packing",
    """At p = 2, over q^2, it tends to 0, so that it is above no fraction of q^2 for every width.""",
    given=Box({width: (2, oo), constant: ABOVE_ZERO}),
    says=limit(constant * log(width) ** 6 * width ** Rational(3, 2) / width**2, width, oo, 0),
    source=literal.source,
    provenance="as-read",
    link=LINK,
    about=summand,
    expects="proved",
)
fraction.breaks_when("it is at most 1 already", says=dominates(1, constant * width ** Rational(3, 2) / width**2))

# -- against the derived summand --------------------------------------------------------------------------------------

D_1 = r * Gam**p * width

ratio = claim(
    "ledent2025/literal/below-the-derived-summand",
    """With the width as cost and as added widths, the summand is (r Gam^p)^(-p/(p + 2)) times r Gam^p q.""",
    given=HIDDEN,
    says=reduces_to(T / D_1, {wbar: width, W: width}, (r * Gam**p) ** (-p / (p + 2))),
    source=literal.source,
    provenance="as-read",
    link=LINK,
    about=summand,
    expects="proved",
)
ratio.breaks_when(
    "with the exponent p/(p + 2)", says=reduces_to(T / D_1, {wbar: width, W: width}, (r * Gam**p) ** (p / (p + 2)))
)
