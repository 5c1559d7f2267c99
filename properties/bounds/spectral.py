"""Spectral complexity with (2,1) distances, and the gap of a margin loss that follows."""

from sympy import E, Eq, Rational, log, oo, sqrt

from properties.worlds.boxes import Box
from symbolic import decreasing, dominates, homogeneous, increasing, limit, reduces_to
from symbolic.papers.norm_based import (
    CUBE_ROOTS,
    R,
    b,
    b_2,
    b_3,
    identical,
    rho,
    s,
    s_2,
    s_3,
    spectral,
    three,
)
from symbolic.papers.zoo import B, L, N, delta, gamma, w
from verify import claim

DERIVATIONS = "docs/mathematics/zoo.md"

# -- the complexity ---------------------------------------------------------------------------------------------------

same = identical.expression
claim(
    "bartlett2017/complexity/closed-form",
    """The spectral complexity of L identical layers is rho**L s**(L - 1) L**(3/2) b.""",
    given=Box(identical.domain),
    says=Eq(same, rho**L * s ** (L - 1) * L ** Rational(3, 2) * b),
    source=identical.source,
    link=f"{DERIVATIONS}#spectral-complexity",
    about=identical,
    expects="proved",
).breaks_when("the root of L", says=Eq(same, rho**L * s ** (L - 1) * sqrt(L) * b))

for x, letter, meaning in (
    (s, "s", "the spectral norm of the layers"),
    (b, "b", "the distance of the layers from their reference"),
    (rho, "rho", "the Lipschitz constant of the activation"),
):
    claim(
        f"bartlett2017/complexity/never-falls-in-{letter}",
        f"The spectral complexity of identical layers never falls when {meaning} rises.",
        given=Box(identical.domain),
        says=increasing(same, x),
        source=identical.source,
        about=identical,
        expects="proved",
    ).breaks_when("it never rises", says=decreasing(same, x))

claim(
    "bartlett2017/complexity/increasing-in-L",
    """The spectral complexity of identical layers rises with depth where rho s >= 1.""",
    given=Box(identical.domain),
    assuming=[rho * s >= 1],
    says=increasing(same, L, strictly=True),
    source=identical.source,
    link=f"{DERIVATIONS}#spectral-complexity",
    about=identical,
    expects="proved",
).breaks_when("where rho s >= 1/4", assuming=[4 * rho * s >= 1])

claim(
    "bartlett2017/complexity/increasing-in-L-contracting-fails",
    """The spectral complexity of identical layers rises with depth, also of layers that contract.""",
    given=Box(identical.domain),
    says=increasing(same, L),
    source=identical.source,
    about=identical,
    expects="refuted",
)

claim(
    "bartlett2017/complexity/one-layer",
    """For one layer the spectral norm cancels: the complexity is rho b.""",
    given=Box(identical.domain),
    says=reduces_to(same, {L: 1}, rho * b),
    source=identical.source,
    about=identical,
    expects="proved",
).breaks_when("times the spectral norm", says=reduces_to(same, {L: 1}, rho * s * b))

claim(
    "bartlett2017/complexity/degree",
    """All layers scaled together, the complexity scales by the L-th power.""",
    given=Box(identical.domain),
    says=homogeneous(same, (s, b), L),
    source=identical.source,
    about=identical,
    expects="proved",
).breaks_when("by the first", says=homogeneous(same, (s, b), 1))

kinds = three.expression
for x, letter, meaning in (
    (s, "s", "the spectral norm of one layer, the distances held"),
    (b, "b", "the distance of one layer"),
):
    claim(
        f"bartlett2017/three-layers/increasing-in-{letter}",
        f"The spectral complexity of three layers rises with {meaning}.",
        given=Box(three.domain),
        says=increasing(kinds, x),
        source=three.source,
        link=f"{DERIVATIONS}#spectral-complexity",
        about=three,
        expects="proved",
    ).breaks_when(
        "with exponents 1 and 2 for 2/3 and 3/2",
        says=increasing(s * s_2 * s_3 * (b / s + b_2 / s_2 + b_3 / s_3) ** 2, s) if x == s else decreasing(kinds, b),
    )

claim(
    "bartlett2017/three-layers/degree-of-one",
    """One of three layers scaled, the complexity scales like it.""",
    given=Box(three.domain),
    says=homogeneous(kinds, (s, b), 1),
    source=three.source,
    about=three,
    expects="proved",
).breaks_when("its distance alone", says=homogeneous(kinds, (b,), 1))

claim(
    "bartlett2017/three-layers/below-squares",
    """The sum of the powers 2/3 of three numbers, cubed, is at most nine times the sum of their squares, so that the
    complexity of three layers is at most three times the product of the norms times the root of the sum of the squares
    of b/s.""",
    given=Box(CUBE_ROOTS),
    says=dominates(9 * sum(x**6 for x in CUBE_ROOTS), sum(x**2 for x in CUBE_ROOTS) ** 3),
    source=three.source,
    link=f"{DERIVATIONS}#spectral-complexity",
    about=three,
    expects="proved",
).breaks_when(
    "8.99 times", says=dominates(899 * sum(x**6 for x in CUBE_ROOTS), 100 * sum(x**2 for x in CUBE_ROOTS) ** 3)
)

# -- the gap ----------------------------------------------------------------------------------------------------------

gap = spectral.expression
for letter, says, other in (
    ("never-falls-in-B", increasing(gap, B), decreasing(gap, B)),
    ("never-falls-in-w", increasing(gap, w), decreasing(gap, w)),
    ("never-falls-in-R", increasing(gap, R), decreasing(gap, R)),
    ("never-rises-in-gamma", decreasing(gap, gamma), increasing(gap, gamma)),
    ("decreasing-in-delta", decreasing(gap, delta, strictly=True), increasing(gap, delta)),
):
    claim(
        f"bartlett2017/gap/{letter}",
        f"The gap of a margin loss by spectral complexity: {letter.replace('-', ' ')}.",
        given=Box(spectral.domain),
        says=says,
        source=spectral.source,
        link=f"{DERIVATIONS}#the-gap-by-spectral-complexity",
        about=spectral,
        expects="proved",
    ).breaks_when("the other way round", says=other)

claim(
    "bartlett2017/gap/decreasing-in-N-from-8",
    """The gap of a margin loss by spectral complexity falls with N from e**2 on, that is from N = 8 on.""",
    given=Box(spectral.domain),
    assuming=[N >= E**2],
    says=decreasing(gap, N, strictly=True),
    source=spectral.source,
    link=f"{DERIVATIONS}#the-gap-by-spectral-complexity",
    about=spectral,
    expects="proved",
).breaks_when("from e on", assuming=[N >= E])

claim(
    "bartlett2017/gap/decreasing-in-N-from-7",
    """The gap of a margin loss by spectral complexity falls over the integers from N = 7 on.""",
    given=Box(spectral.domain),
    assuming=[N >= 7],
    says=decreasing(gap, N, strictly=True),
    source=spectral.source,
    link=f"{DERIVATIONS}#the-gap-by-spectral-complexity",
    about=spectral,
    expects="certified",
).breaks_when("from 5 on", assuming=[N >= 5])

claim(
    "bartlett2017/gap/decreasing-in-N-from-6-fails",
    """The gap of a margin loss by spectral complexity falls with N from N = 6 on.""",
    given=Box(spectral.domain),
    assuming=[N >= 6],
    says=decreasing(gap, N),
    source=spectral.source,
    about=spectral,
    expects="refuted",
)

claim(
    "bartlett2017/gap/tends-to-0",
    """The gap of a margin loss by spectral complexity tends to 0 as N grows.""",
    given=Box(spectral.domain),
    says=limit(gap, N, oo, 0),
    source=spectral.source,
    about=spectral,
    expects="proved",
).breaks_when("it stays above 1/100", says=dominates(100 * gap, 1))

claim(
    "bartlett2017/gap/scale-invariant",
    """The gap by spectral complexity does not change when the complexity and the margin are scaled together.""",
    given=Box(spectral.domain),
    says=homogeneous(gap, (R, gamma), 0),
    source=spectral.source,
    about=spectral,
    expects="proved",
).breaks_when("the margin alone", says=homogeneous(gap, (gamma,), 0))

claim(
    "bartlett2017/gap/below-coded-constant",
    """The squared factor 24**2 log(2 w**2) of the derived Rademacher complexity is at most 36**2 log(2 w), as it was
    coded for Graf et al. 2022.""",
    given=Box(spectral.domain),
    says=dominates(36**2 * log(2 * w), 24**2 * log(2 * w**2)),
    source=f"{spectral.source}; Graf et al. 2022, its code",
    link=f"{DERIVATIONS}#the-gap-by-spectral-complexity",
    about=spectral,
    expects="proved",
).breaks_when("33 for 36", says=dominates(33**2 * log(2 * w), 24**2 * log(2 * w**2)))
