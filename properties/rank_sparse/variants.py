"""Variants of the derived bound: radii of their own, references, choices after training."""

from sympy import Rational, S, log, oo

from properties.worlds.boxes import Box
from symbolic import decreasing, dominates, homogeneous, increasing, reduces_to
from symbolic.papers.layers import (
    X,
    afterwards,
    allocated,
    around_references,
    candidates,
    choices,
    evenly,
    exponent,
    farthest,
    fineness,
    least_side,
    norm,
    rounded,
    rounded_norm,
    smallest,
    spectral,
    split,
    x_1,
    x_2,
    x_3,
)
from symbolic.papers.rank_sparse import Gam, gap, r, simple, wbar
from symbolic.papers.schatten import UP_TO_TWO, p
from symbolic.papers.zoo import ABOVE_ZERO, FROM_ONE, L, N, delta, deviation
from symbolic.spans import Span
from verify import claim

LINK = "docs/mathematics/rank_sparse.md#variants"

# -- radii of their own -----------------------------------------------------------------------------------------------

EVEN, BEST = evenly.expression, allocated.expression
COUNTED = Box({**dict.fromkeys(X, ABOVE_ZERO), p: UP_TO_TWO})

cheaper = claim(
    "ledent2025/radii/best-complexity-at-most-the-even-one",
    """With the best radii three counts cost at most 3^p times their sum.""",
    given=COUNTED,
    says=dominates(3**p * sum(X), split(p)),
    source=allocated.source,
    link=LINK,
    about=allocated,
    expects="proved",
)
cheaper.breaks_when("5/2 for 3", says=dominates(Rational(5, 2) ** p * sum(X), split(p)))
cheaper.breaks_when("at most their sum", says=dominates(sum(X), split(p)))

alike = claim(
    "ledent2025/radii/equal-counts",
    """Three equal counts cost with the best radii what they cost with even ones.""",
    given=COUNTED,
    says=reduces_to(split(p), {x_2: x_1, x_3: x_1}, 3**p * (3 * x_1)),
    source=allocated.source,
    link=LINK,
    about=(allocated, evenly),
    expects="proved",
)
alike.breaks_when("where two are equal", says=reduces_to(split(p), {x_2: x_1}, 3**p * (2 * x_1 + x_3)))

scaled = claim(
    "ledent2025/radii/degree-1",
    """What three counts cost with the best radii is homogeneous of degree 1 in them.""",
    given=COUNTED,
    says=homogeneous(split(p), X, 1),
    source=allocated.source,
    link=LINK,
    about=allocated,
    expects="proved",
)
scaled.breaks_when("of degree p + 1", says=homogeneous(split(p), X, p + 1))

for index, power, words in ((0, 1, "their sum"), (2, Rational(1, 3), "the cube of the sum of their cube roots")):
    ends = claim(
        f"ledent2025/radii/at-p-{index}",
        f"With the best radii three counts cost, at p = {index}, {words}.",
        given=COUNTED,
        says=reduces_to(split(p), {p: index}, sum(x**power for x in X) ** (index + 1)),
        source=allocated.source,
        link=LINK,
        about=allocated,
        expects="proved",
    )
    ends.breaks_when("at p = 1", says=reduces_to(split(p), {p: 1}, sum(x**power for x in X) ** (index + 1)))

claim(
    "ledent2025/radii/complexity-increasing-in-one-count",
    """What three counts cost with the best radii rises strictly with each.""",
    given=COUNTED,
    says=increasing(split(p), x_1, strictly=True),
    source=allocated.source,
    link=LINK,
    about=allocated,
    expects="proved",
).breaks_when("it falls", says=decreasing(split(p), x_1))

for x, letter, says, other in (
    (N, "decreasing-in-N", decreasing(BEST, N, strictly=True), increasing(BEST, N)),
    (delta, "decreasing-in-delta", decreasing(BEST, delta, strictly=True), increasing(BEST, delta)),
    (Gam, "increasing-in-Gam", increasing(BEST, Gam, strictly=True), decreasing(BEST, Gam)),
):
    claim(
        f"ledent2025/radii/{letter}",
        f"With the best radii the derived bound {'rises' if x == Gam else 'falls'} strictly with {x}.",
        given=Box(allocated.domain),
        says=says,
        source=allocated.source,
        link=LINK,
        about=allocated,
        expects="proved",
    ).breaks_when("the other way round", says=other)

ONES = {p: S.One, x_2: S.One, x_3: S.One}
"""One index, and two counts, where the bounds with best and even radii are held against each other."""

even_part = (6**p * sum(X) * log(1 + 24)).xreplace(ONES)
best_part = (2**p * split(p) * log(1 + 8 / smallest(p))).xreplace(ONES)
"""What stands under the root in each of both bounds, for Gam = N = 1."""

SMALL = Box({x_1: Span(0, 1, open_low=True)})

claim(
    "ledent2025/radii/increasing-in-one-count-fails",
    """With the best radii what stands under the root rises with each count, also with the smallest: not at p = 1, where
    Gam, N and two counts are 1.""",
    given=SMALL,
    says=increasing(best_part, x_1),
    source=f"{allocated.source}: the logarithm holds the smallest share of the radius",
    link=LINK,
    about=allocated,
    expects="refuted",
)

claim(
    "ledent2025/radii/at-most-even-radii-fails",
    """With the best radii what stands under the root, with its logarithm, is at most that with even ones: not at p = 1,
    where Gam, N and two counts are 1.""",
    given=SMALL,
    says=dominates(even_part, best_part),
    source=f"{allocated.source}: the logarithm holds the smallest share of the radius",
    link=LINK,
    about=(allocated, evenly),
    expects="refuted",
)

# -- references -------------------------------------------------------------------------------------------------------

REF = around_references.expression

for letter, says, other in (
    ("decreasing-in-N", decreasing(REF, N, strictly=True), increasing(REF, N)),
    ("decreasing-in-delta", decreasing(REF, delta, strictly=True), increasing(REF, delta)),
    ("increasing-in-r", increasing(REF, r), decreasing(REF, r)),
    ("increasing-in-Gam", increasing(REF, Gam), decreasing(REF, Gam)),
    ("increasing-in-t", increasing(REF, farthest), decreasing(REF, farthest)),
):
    claim(
        f"ledent2025/references/{letter}",
        f"The derived bound around references {'rises' if letter.startswith('inc') else 'falls'} with {x}.",
        given=Box(around_references.domain),
        says=says,
        source=around_references.source,
        link=LINK,
        about=around_references,
        expects="proved",
    ).breaks_when("the other way round", says=other)

at_reference = claim(
    "ledent2025/references/at-the-references",
    """Where every layer is its reference, its soft rank 0, what is left is 8/N and the deviation.""",
    given=Box(around_references.domain),
    says=reduces_to(REF, {r: 0}, 8 / N + deviation()),
    source=around_references.source,
    link=LINK,
    about=around_references,
    expects="proved",
)
at_reference.breaks_when("where its distance is 0", says=reduces_to(REF, {farthest: 0}, deviation()))

doubled = claim(
    "ledent2025/references/twice-Gam-at-distance-1",
    """With distances up to the spectral norms it is the derived bound for 2 Gam, because centres must be in the
    class.""",
    given=Box(around_references.domain),
    says=reduces_to(REF, {farthest: 1}, gap(2 / (2 - p), 2 * Gam)),
    source=around_references.source,
    link=LINK,
    about=(around_references, simple),
    expects="proved",
)
doubled.breaks_when("for Gam", says=reduces_to(REF, {farthest: 1}, gap(2 / (2 - p))))

# -- norms and indices chosen afterwards ------------------------------------------------------------------------------

POST = afterwards.expression

for letter, says, other in (
    ("decreasing-in-N", decreasing(POST, N, strictly=True), increasing(POST, N)),
    ("decreasing-in-delta", decreasing(POST, delta, strictly=True), increasing(POST, delta)),
    ("increasing-in-Gam", increasing(POST, Gam, strictly=True), decreasing(POST, Gam)),
    ("increasing-in-R", increasing(POST, rounded, strictly=True), decreasing(POST, rounded)),
    ("increasing-in-wbar", increasing(POST, wbar, strictly=True), decreasing(POST, wbar)),
    ("increasing-in-m", increasing(POST, fineness, strictly=True), decreasing(POST, fineness)),
    ("increasing-in-n", increasing(POST, least_side, strictly=True), decreasing(POST, least_side)),
    ("increasing-in-j", increasing(POST, exponent), decreasing(POST, exponent)),
    ("increasing-in-L", increasing(POST, L), decreasing(POST, L)),
):
    claim(
        f"ledent2025/afterwards/{letter}",
        f"With norms and indices chosen after training the derived bound, the product of norms held,"
        f" {'rises' if letter.startswith('inc') else 'falls'} with {letter.rpartition('-')[2]}.",
        given=Box(afterwards.domain),
        says=says,
        source=afterwards.source,
        link=LINK,
        about=afterwards,
        expects="proved",
    ).breaks_when("the other way round", says=other)

dearer = claim(
    "ledent2025/afterwards/choices-cost-something",
    """What the choices cost is at least 1 for every layer: a bound for fixed norms and indices is the smaller one.""",
    given=Box({x: afterwards.domain[x] for x in (L, fineness, least_side, exponent)}),
    says=dominates(choices, L),
    source=afterwards.source,
    link=LINK,
    about=afterwards,
    expects="proved",
)
dearer.breaks_when("at least 3", says=dominates(choices, 3 * L))

NORM = Box({L: FROM_ONE, spectral: (0, oo)})
below = claim(
    "ledent2025/afterwards/rounded-norm-at-most-the-next",
    """The power of 1 + 1/L that a spectral norm from 1 on is rounded up to is at most 1 + 1/L times the norm.""",
    given=NORM,
    says=dominates(1 + 1 / L, rounded_norm / norm),
    source=afterwards.source,
    link=LINK,
    about=afterwards,
    expects="proved",
)
below.breaks_when("1 + 1/(2 L) times", says=dominates(1 + 1 / (2 * L), rounded_norm / norm))

product = claim(
    "ledent2025/afterwards/product-of-rounded-norms-grows-by-e-at-most",
    """All norms of L layers rounded up, their product grows by e at most: L log(1 + 1/L) is at most 1.""",
    given=Box({L: FROM_ONE}),
    says=dominates(1, L * log(1 + 1 / L)),
    source=afterwards.source,
    link=LINK,
    about=afterwards,
    expects="proved",
)
product.breaks_when("by 5/2", says=dominates(log(Rational(5, 2)), L * log(1 + 1 / L)))

for x, letter, meaning in ((N, "N", "samples"), (L, "L", "layers")):
    claim(
        f"sakai2026/candidates/never-fall-in-{letter}",
        f"The number of indices that are tried never falls with the number of {meaning}.",
        given=Box(candidates.domain),
        says=increasing(candidates.expression, x),
        source=candidates.source,
        provenance="as-read",
        link=LINK,
        about=candidates,
        expects="proved",
    ).breaks_when("it never rises", says=decreasing(candidates.expression, x))

step = 2 / (fineness * (p + 2) * (p + 1 / fineness + 2))
fine = claim(
    "sakai2026/candidates/fine-enough",
    """From one index to the next, p to p + 1/m, the exponent p/(p + 2) grows by 1/(2 m) at most.""",
    given=Box({p: UP_TO_TWO, fineness: FROM_ONE}),
    says=dominates(1 / (2 * fineness), step),
    source=candidates.source,
    provenance="derived",
    link=LINK,
    about=candidates,
    expects="proved",
)
fine.breaks_when("by 1/(4 m)", says=dominates(1 / (4 * fineness), step))
