"""Rademacher complexities: what a loss does to them, and how far the mean loss of a sample is off."""

from __future__ import annotations

from sympy import Rational, exp, log, oo, sqrt

from properties.worlds.boxes import Box
from properties.worlds.product_classes import ProductClasses
from properties.worlds.rademacher import FiniteClasses
from symbolic import Span
from symbolic.papers.rademacher import (
    N,
    R,
    R_l,
    R_types,
    average,
    confidence,
    count,
    delta,
    drawn,
    gap,
    ones,
    probability,
    s,
    steepness,
)
from verify import claim
from verify.worlds import Size

DERIVATIONS = "docs/mathematics/rademacher.md"
CONTRACTION = f"{DERIVATIONS}#contraction"
UNIFORM = f"{DERIVATIONS}#uniform-convergence"
PAPER = "Oymak, Fabian, Li, Soltanolkotabi 2019 (arXiv:1906.05392)"
CLASSES = FiniteClasses()
SAMPLES = ProductClasses(samples=Size(1, 4))
ENOUGH = ProductClasses(samples=Size(16, 16))
MANY = ProductClasses(points="many", samples=Size(5, 6))
LIPSCHITZ = [steepness <= 0]

# -- contraction (J23) ------------------------------------------------------------------------------------------------

claim(
    "oymak2019/J23-contraction-printed",
    """For a 1-Lipschitz loss, N times the complexity of the losses is at most sqrt(2) that of the predictions.""",
    given=CLASSES,
    assuming=LIPSCHITZ,
    says=N * R_l <= sqrt(2) * R,
    source=f"{PAPER}, Lemma 6.15 (where 1/N is missing from the complexity of the losses)",
    link=CONTRACTION,
    expects="refuted",
)

contraction = claim(
    "oymak2019/J23-contraction",
    """For a 1-Lipschitz loss the complexity of the losses is at most sqrt(2) times that of the predictions.""",
    given=CLASSES,
    assuming=LIPSCHITZ,
    says=R_l <= sqrt(2) * R,
    source=f"{PAPER}, Lemma 6.15; Maurer 2016",
    link=CONTRACTION,
    provenance="repaired",
)
contraction.breaks_when("without sqrt(2)", says=R_l <= R)
contraction.breaks_when("7/5 for sqrt(2)", says=R_l <= Rational(7, 5) * R)
contraction.breaks_when("any loss", assuming=[])

one_output = claim(
    "oymak2019/J23-contraction-one-output",
    """For one output the factor sqrt(2) is not needed.""",
    given=FiniteClasses(outputs=Size(1, 1)),
    assuming=LIPSCHITZ,
    says=R_l <= R,
    source="derived; Ledoux, Talagrand 1991",
    link=CONTRACTION,
)
one_output.breaks_when("two outputs", given=FiniteClasses(outputs=Size(2, 2)))
one_output.breaks_when("9/10 of it", says=R_l <= Rational(9, 10) * R)

# -- how far the mean loss of a sample is off (J23) -------------------------------------------------------------------

symmetry = claim(
    "oymak2019/J23-symmetrisation",
    """On average over all samples the largest excess over a class is at most twice the complexity of its losses.""",
    given=SAMPLES,
    assuming=[average(R_types) > 0],
    says=average(gap) <= 2 * average(R_types),
    source=f"{PAPER}, Lemma 6.16 (a step of the proof)",
    link=UNIFORM,
)
symmetry.breaks_when("once", says=average(gap) <= average(R_types))
symmetry.breaks_when("7/4 times", says=4 * average(gap) <= 7 * average(R_types))

law = exp(-2 * drawn * s**2)

above = claim(
    "oymak2019/J23-gap-concentrates",
    """With probability exp(-2 N s**2) at most, the largest excess over a class is above its mean by more than s.""",
    given=SAMPLES,
    says=probability(gap - (average(gap) + s) * ones) <= law,
    source=f"{PAPER}, Lemma 6.16 (a step of the proof); McDiarmid 1989",
    link=UNIFORM,
)
above.breaks_when("the square of that", says=probability(gap - (average(gap) + s) * ones) <= law**2)

below = claim(
    "oymak2019/J23-complexity-concentrates",
    """With probability exp(-8 N s**2) at most, the complexity of a class is below its mean by more than s.""",
    given=SAMPLES,
    says=probability((average(R_types) - s) * ones - R_types) <= law**4,
    source=f"{PAPER}, Lemma 6.16 (a step of the proof, which has exp(-2 N s**2))",
    link=UNIFORM,
)
below.breaks_when("exp(-48 N s**2)", says=probability((average(R_types) - s) * ones - R_types) <= law**24)

allowed = 2 * sqrt(2) * R_types + sqrt(5 * log(2 / delta) / drawn) * ones

whole = claim(
    "oymak2019/J23-uniform-convergence",
    """With probability 1 - delta every excess over a fixed class is at most 2 sqrt(2) R + sqrt(5 log(2/delta)/N).""",
    given=ENOUGH,
    says=probability(gap - allowed) <= delta,
    source=f"{PAPER}, Lemma 6.16",
    provenance="as-read",
    link=UNIFORM,
    unproved="a single function exceeds it with probability (delta/2)**10 at most, and no class whose samples can all "
    "be enumerated comes near delta",
)
whole.breaks_when("without delta", says=probability(gap - 2 * sqrt(2) * R_types) <= delta)
whole.breaks_when(
    "without the complexity", says=probability(gap - allowed + 2 * sqrt(2) * R_types) <= delta, given=MANY
)
whole.breaks_when(
    "1/4 for 5", says=probability(gap - 2 * sqrt(2) * R_types - sqrt(log(2 / delta) / (4 * drawn)) * ones) <= delta
)

UNIT = Span(0, 1, open_low=True)

twice = 3 * sqrt(log(2 / confidence) / (2 * count))

constants = claim(
    "oymak2019/J23-constants",
    """Twice McDiarmid at delta/2 gives 3 sqrt(log(2/delta)/(2 N)), which is below sqrt(5 log(2/delta)/N).""",
    given=Box({confidence: UNIT, count: (1, oo)}),
    says=twice < sqrt(5 * log(2 / confidence) / count),
    source=f"{PAPER}, Lemma 6.16",
    link=UNIFORM,
    expects="proved",
)
constants.breaks_when("4 for 5", says=twice < 2 * sqrt(log(2 / confidence) / count))
