"""Errors of a classifier, and its distances from labels that are unit vectors."""

from __future__ import annotations

from sympy import And, Eq, Implies, Min, Rational, log, sqrt

from properties.worlds.predictions import Predictions
from properties.worlds.product_classes import ProductClasses
from symbolic import chain, mean, norm
from symbolic.papers.rademacher import (
    R_pairs,
    a,
    b,
    delta,
    drawn,
    error,
    excess,
    f,
    i,
    ones,
    p,
    probability,
    q,
    rest,
    square,
    y,
)
from verify import claim
from verify.worlds import Size

DERIVATIONS = "docs/mathematics/rademacher.md"
DISTANCES = f"{DERIVATIONS}#errors-are-far"
PAPER = "Oymak, Fabian, Li, Soltanolkotabi 2019 (arXiv:1906.05392), Lemma 6.18"
WORLD = Predictions()
HALF = Rational(1, 2)

away = y[i] - f[i]
bounded = mean(Min(1, norm(away)), i)
squared = mean(square[i], i)
parts = {a[i]: p[i] + HALF, b[i]: q[i] + HALF, rest[i]: square[i] - (1 - a[i]) ** 2 - b[i] ** 2}

# -- one prediction (J25) ---------------------------------------------------------------------------------------------

far = claim(
    "oymak2019/J25-misclassified",
    """Where another class scores as much as the label, the scores are at least 1/sqrt(2) from the label's vector.""",
    given=WORLD,
    says=Implies(b[i] >= a[i], square[i] >= HALF),
    where=parts,
    source=PAPER,
    link=DISTANCES,
    expects="proved",
)
far.breaks_when("at least 1", says=Implies(b[i] >= a[i], square[i] >= 1))
far.breaks_when("more than 1/sqrt(2)", says=Implies(b[i] >= a[i], square[i] > HALF))
far.breaks_when("every prediction", says=square[i] >= HALF)

strictly = claim(
    "oymak2019/J25-misclassified-without-ties",
    """Where another class scores more than the label, they are more than that.""",
    given=WORLD,
    says=Implies(b[i] > a[i], square[i] > HALF),
    where=parts,
    source="derived",
    link=DISTANCES,
    expects="proved",
)
strictly.breaks_when("ties", says=Implies(b[i] >= a[i], square[i] > HALF))

# -- a sample (J25) ---------------------------------------------------------------------------------------------------

by_distance = claim(
    "oymak2019/J25-error-by-distance",
    """The share of errors, ties among them, is at most sqrt(2) times the mean of min(1, |y - f|): less than twice.""",
    given=WORLD,
    says=chain(error, sqrt(2) * bounded, 2 * bounded),
    source=f"{PAPER} (which has the factor 2)",
    link=DISTANCES,
)
by_distance.breaks_when("once", says=error <= bounded)
by_distance.breaks_when("7/5 times", says=error <= Rational(7, 5) * bounded)

by_square = claim(
    "oymak2019/J25-error-by-square",
    """The share of errors is at most twice the mean L of |y - f|**2, and so at most sqrt(2 L), less than 2 sqrt(L).""",
    given=WORLD,
    says=And(error <= 2 * squared, error**2 <= 2 * squared),
    source=f"{PAPER} (which has 2 sqrt(L))",
    link=DISTANCES,
)
by_square.breaks_when("L", says=error <= squared)
by_square.breaks_when("sqrt(L)", says=error**2 <= squared)

claim(
    "oymak2019/J25-one-class",
    """With one class there are no errors, whatever is predicted.""",
    given=Predictions(classes=Size(1, 1)),
    says=Eq(error, 0),
    source="derived",
    link=DISTANCES,
).breaks_when("two classes", given=Predictions(classes=Size(2, 2)))

# -- the population (J25) ---------------------------------------------------------------------------------------------

slack = 4 * sqrt(2) * R_pairs + 2 * sqrt(5 * log(2 / delta) / drawn) * ones

claim(
    "oymak2019/J25-error",
    """With probability 1 - delta errors in a class are at most 2 (sqrt(L) + 2 sqrt(2) R + sqrt(5 log(2/delta)/N)).""",
    given=ProductClasses(samples=Size(16, 16)),
    says=probability(excess - slack) <= delta,
    source=f"{PAPER} (with the complexity itself in place of its bound)",
    link=f"{DERIVATIONS}#errors-in-the-population",
    unproved="all samples can be looked at for 16 points, where the bound is nearly 1 and hardly a sample exceeds it",
).breaks_when("without the last term", says=probability(excess - 4 * sqrt(2) * R_pairs) <= delta)
