"""The two theorems of Anthony and Bartlett that Section 3 imports: deviations by covering numbers, these by dimension.

Covering numbers are in the distance of the mean, (1/N) sum |a_i - b_i|.
"""

from __future__ import annotations

from sympy import E, S, exp, oo

from properties.worlds.boxes import Box
from symbolic import crossover, decreasing, dominates, homogeneous, increasing, reduces_to
from symbolic.papers.generalisation import (
    FROM_ZERO,
    RADIUS,
    alpha,
    constants_cover,
    convergence,
    covering,
    haussler,
    one_dimension,
    reached,
    steps_cover,
)
from symbolic.papers.vc import d, eps
from symbolic.papers.weight_decay import N
from symbolic.papers.zoo import ABOVE_ZERO, FROM_ONE
from symbolic.spans import Span
from verify import claim

DERIVATIONS = "docs/mathematics/generalisation.md"

# -- Theorem 17.1 ---------------------------------------------------------------------------------------------------

SEVENTEEN = f"{DERIVATIONS}#theorem-171"
failure = convergence.expression
single = failure.xreplace({covering: S.One})

for x, letter, behaves, other, says in (
    (covering, "N_1", increasing, decreasing, "rises strictly with the covering number"),
    (eps, "eps", decreasing, increasing, "falls strictly with the deviation, the covering number held"),
    (N, "N", decreasing, increasing, "falls strictly with the sample, the covering number held"),
):
    claim(
        f"anthony1999/theorem-17.1/{behaves.__name__}-in-{letter}",
        f"The probability of a deviation {says}.",
        given=Box(convergence.domain),
        says=behaves(failure, x, strictly=True),
        source=convergence.source,
        link=SEVENTEEN,
        about=convergence,
        expects="proved",
    ).breaks_when("the other way round", says=other(failure, x))

claim(
    "anthony1999/theorem-17.1/one-function",
    """It is at least 2 exp(-2 eps^2 N), what Hoeffding's inequality gives for one function.""",
    given=Box(convergence.domain),
    says=dominates(failure, 2 * exp(-2 * eps**2 * N)),
    source=convergence.source,
    link=SEVENTEEN,
    about=convergence,
    expects="proved",
).breaks_when("without the factor 4", says=dominates(failure / 4, 2 * exp(-2 * eps**2 * N)))

claim(
    "anthony1999/theorem-17.1/one-coin",
    """For one function and one fair label, where the deviation is surely 1/2, it is at least 1 for eps up to 1/2.""",
    given=Box({eps: Span(0, "1/2", open_low=True)}),
    says=single.xreplace({N: S.One}) >= 1,
    source=convergence.source,
    link=SEVENTEEN,
    about=convergence,
    expects="proved",
).breaks_when("without the factor 4", says=single.xreplace({N: S.One}) / 4 >= 1)

claim(
    "anthony1999/theorem-17.1/says-nothing-up-to-44",
    """It is above 1 for every class, and every deviation up to 1, where there are at most 44 samples.""",
    given=Box({**convergence.domain, N: (1, 44)}),
    says=failure > 1,
    source=convergence.source,
    link=SEVENTEEN,
    about=convergence,
    expects="proved",
).breaks_when("at most 45 samples", given=Box({**convergence.domain, N: (1, 45)}))

# -- Theorem 18.4 ---------------------------------------------------------------------------------------------------

EIGHTEEN = f"{DERIVATIONS}#theorem-184"
cover = haussler.expression
ANY_RADIUS = Span(0, oo, open_low=True)
UP_TO_2E = Span(0, 2 * E, open_low=True)

claim(
    "anthony1999/theorem-18.4/decreasing-in-radius",
    """The bound on a covering number falls strictly with the radius, from pseudo-dimension 1 on.""",
    given=Box({d: FROM_ONE, alpha: ANY_RADIUS}),
    says=decreasing(cover, alpha, strictly=True),
    source=haussler.source,
    link=EIGHTEEN,
    about=haussler,
    expects="proved",
).breaks_when("for constants too", given=Box({d: FROM_ZERO, alpha: ANY_RADIUS}))

claim(
    "anthony1999/theorem-18.4/increasing-in-d",
    """It rises with the pseudo-dimension for every radius up to 2 e, so for all up to 1.""",
    given=Box({d: FROM_ZERO, alpha: UP_TO_2E}),
    says=increasing(cover, d),
    source=haussler.source,
    link=EIGHTEEN,
    about=haussler,
    expects="proved",
).breaks_when("for every radius", given=Box({d: FROM_ZERO, alpha: ANY_RADIUS}))

claim(
    "anthony1999/theorem-18.4/at-least-one",
    """It is at least e (d + 1), so no less than any covering number can be, for every radius up to 2 e.""",
    given=Box({d: FROM_ZERO, alpha: UP_TO_2E}),
    says=dominates(cover, E * (d + 1)),
    source=haussler.source,
    link=EIGHTEEN,
    about=haussler,
    expects="proved",
).breaks_when("for every radius", given=Box({d: FROM_ZERO, alpha: ANY_RADIUS}))

claim(
    "anthony1999/theorem-18.4/at-least-one-for-every-radius-fails",
    """It is at least 1 for every radius: it is not, so that the theorem needs its condition, a radius of at most 1.""",
    given=Box({d: FROM_ZERO, alpha: ANY_RADIUS}),
    says=dominates(cover, 1),
    source=haussler.source,
    link=EIGHTEEN,
    about=haussler,
    expects="refuted",
)

claim(
    "anthony1999/theorem-18.4/one-dimension-below-one-from-30",
    """For pseudo-dimension 1 it is below 1, the least covering number, for radii from 30 on.""",
    given=Box({alpha: (30, oo)}),
    says=one_dimension < 1,
    source=haussler.source,
    link=EIGHTEEN,
    about=haussler,
    expects="proved",
).breaks_when("from 29 on", given=Box({alpha: (29, oo)}))

claim(
    "anthony1999/theorem-18.4/one-dimension-turns-at",
    """For pseudo-dimension 1 it is at least 1 up to the radius 4 e^2, which is 29.6, and at most 1 from there on.""",
    given=Box({alpha: ANY_RADIUS}),
    says=crossover(S.One, one_dimension, alpha, 4 * exp(2)),
    source=haussler.source,
    link=EIGHTEEN,
    about=haussler,
    expects="proved",
).breaks_when("at 2 e", says=crossover(S.One, one_dimension, alpha, 2 * E))

claim(
    "anthony1999/theorem-18.4/homogeneous-in-radius",
    """It scales with the power -d of the radius.""",
    given=Box({d: FROM_ZERO, alpha: ANY_RADIUS}),
    says=homogeneous(cover, alpha, -d),
    source=haussler.source,
    link=EIGHTEEN,
    about=haussler,
    expects="proved",
).breaks_when("with one power less", says=homogeneous(cover, alpha, 1 - d))

claim(
    "anthony1999/theorem-18.4/one-dimension",
    """For pseudo-dimension 1 it is 4 e^2 over the radius.""",
    given=Box({d: FROM_ZERO, alpha: ANY_RADIUS}),
    says=reduces_to(cover, {d: 1}, 4 * exp(2) / alpha),
    source=haussler.source,
    link=EIGHTEEN,
    about=haussler,
    expects="proved",
).breaks_when("half of it", says=reduces_to(cover, {d: 1}, 2 * exp(2) / alpha))

# -- two classes of pseudo-dimension 1 ------------------------------------------------------------------------------

CLASSES = f"{DERIVATIONS}#steps-and-constants"

claim(
    "anthony1999/theorem-18.4/steps",
    """The exact covering number of the steps 1[x >= t] is at most the bound for pseudo-dimension 1.""",
    given=Box({N: FROM_ONE, alpha: RADIUS}),
    says=dominates(one_dimension, steps_cover),
    source=haussler.source,
    link=CLASSES,
    about=haussler,
    expects="proved",
).breaks_when("the exponent d - 1", says=dominates(2 * E, steps_cover))

claim(
    "anthony1999/theorem-18.4/constants",
    """The exact covering number of the constants in [0, a] is at most the bound, at the radius over a.""",
    given=Box({reached: ABOVE_ZERO, alpha: ABOVE_ZERO}),
    assuming=[alpha <= reached],
    says=dominates(one_dimension.xreplace({alpha: alpha / reached}), constants_cover),
    source=haussler.source,
    link=CLASSES,
    about=haussler,
    expects="proved",
).breaks_when("whatever interval the values are in", says=dominates(one_dimension, constants_cover))

claim(
    "anthony1999/theorem-18.4/steps-in-the-sum-fails",
    """In the distance of the sum, where steps need N + 1 balls of radius below 1/2, the bound holds: it does not.""",
    given=Box({N: FROM_ONE, alpha: Span(0, "1/2", open_low=True, open_high=True)}),
    says=dominates(one_dimension, N + 1),
    source=haussler.source,
    link=CLASSES,
    about=haussler,
    expects="refuted",
)

claim(
    "anthony1999/theorem-18.4/steps-in-the-sum-from-73",
    """In the distance of the sum and for radii from 2/5 to 1/2 the bound is below N + 1 from 73 samples on.""",
    given=Box({N: (73, oo), alpha: Span("2/5", "1/2", open_high=True)}),
    says=one_dimension < N + 1,
    source=haussler.source,
    link=CLASSES,
    about=haussler,
    expects="proved",
).breaks_when("from 72 on", given=Box({N: (72, oo), alpha: Span("2/5", "1/2", open_high=True)}))

claim(
    "anthony1999/theorem-18.4/constants-in-the-sum-from-60",
    """In the distance of the sum the bound is below N/(2 alpha), what constants in [0, 1] need, from 60 samples on.""",
    given=Box({N: (60, oo), alpha: RADIUS}),
    says=one_dimension < N / (2 * alpha),
    source=haussler.source,
    link=CLASSES,
    about=haussler,
    expects="proved",
).breaks_when("from 59 on", given=Box({N: (59, oo), alpha: RADIUS}))
