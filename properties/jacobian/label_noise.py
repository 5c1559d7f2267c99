"""Corrupted labels of clusters without noise: how much of them is information, and how much is not: J32."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Rational, oo

from properties.worlds.boxes import Box
from properties.worlds.label_noise import CorruptedLabels
from symbolic import dominates, norm
from symbolic.papers.mixtures import (
    MARGIN,
    C_c,
    K_c,
    N_c,
    P_c,
    beside,
    generic,
    kept,
    labels_of,
    others,
    ours,
    part,
    rate,
    rho,
    spread_of_label,
    squared_counts,
    theirs,
    y,
    y_noisy,
)
from symbolic.spans import Span
from verify import claim

DERIVATIONS = "docs/mathematics/mixtures.md"
LABELS = f"{DERIVATIONS}#corrupted-labels"
THRESHOLDS = f"{DERIVATIONS}#when-that-says-nothing"
BASELINE = f"{DERIVATIONS}#what-the-class-indicators-explain"
PAPER = "Oymak, Fabian, Li, Soltanolkotabi 2019 (arXiv:1906.05392)"
WORLD = CorruptedLabels()
MIXED = CorruptedLabels(pure=False)


def same(left: Any, right: Any) -> Any:
    """The equation of two numbers, as it stands."""
    return Eq(left, right, evaluate=False)


# -- how much is information ------------------------------------------------------------------------------------------

outside = claim(
    "oymak2019/J32-beside",
    """Labels corrupted with rate rho have (n - KC) (1 - (1 - rho)**2 - rho**2/(K - 1)) beside clusters on average.""",
    given=WORLD,
    says=same(beside, (N_c - K_c * C_c) * spread_of_label(K_c, rho)),
    source="derived",
    link=LABELS,
)
outside.breaks_when("all of n", says=same(beside, N_c * spread_of_label(K_c, rho)))
outside.breaks_when("1 - rho**2", says=same(beside, (N_c - K_c * C_c) * (1 - rho**2)))
outside.breaks_when("whatever rho is", says=same(2 * beside, N_c - K_c * C_c))
outside.breaks_when("clusters are not pure", given=MIXED)

aligned = claim(
    "oymak2019/J32-alignment",
    """The share of labels that are not corrupted is at most |P y~|/|y~|, if the clean labels are information.""",
    given=WORLD,
    says=kept**2 <= N_c * norm(P_c * y_noisy) ** 2,
    source="derived",
    link=LABELS,
)
aligned.breaks_when("clusters are not pure", given=MIXED)
aligned.breaks_when("whatever is corrupted", says=N_c <= norm(P_c * y_noisy) ** 2)
aligned.breaks_when("what is corrupted is beside", says=Eq(P_c * y_noisy, y))

signs = claim(
    "oymak2019/J32-generic",
    """Of uncorrelated signs the share r/(nK) is in a space of dimension r = K**2 C on average.""",
    given=WORLD,
    says=same(generic, K_c**2 * C_c),
    source="derived",
    link=LABELS,
)
signs.breaks_when("dimension K C", says=same(generic, K_c * C_c))
signs.breaks_when("all of it", says=same(generic, K_c * N_c))

baseline = claim(
    "oymak2019/J32-baseline",
    """Where the class indicators are information, |P y|**2 is at least the sum of n_l**2/n over the classes.""",
    given=WORLD,
    says=squared_counts <= N_c * norm(P_c * y_noisy) ** 2,
    source="derived",
    link=BASELINE,
)
baseline.breaks_when("without squares", says=N_c <= norm(P_c * y_noisy) ** 2)
baseline.breaks_when("twice as much", says=2 * squared_counts <= N_c * norm(P_c * y_noisy) ** 2)

# -- numbers ----------------------------------------------------------------------------------------------------------

PROBABILITY = {rate: (0, 1)}
squares = ours**2 + theirs**2 + others**2

claim(
    "oymak2019/J32-covariance",
    """One minus the sum of squares of 1 - rho and K - 1 times rho/(K - 1) is the spread of a corrupted label.""",
    given=Box({labels_of: (2, oo), **PROBABILITY}),
    says=same(1 - (1 - rate) ** 2 - (labels_of - 1) * (rate / (labels_of - 1)) ** 2, spread_of_label(labels_of, rate)),
    source="derived",
    link=LABELS,
    expects="proved",
).breaks_when("1 - rho**2", says=same(1 - rate**2, spread_of_label(labels_of, rate)))

FROM = Rational(293, 2000)
vacuous = claim(
    "oymak2019/J32-vacuous",
    """From rho = 0.1465 to 1/2 the spread of a corrupted label is at least 1/4: of many samples nothing is said.""",
    given=Box({labels_of: (2, oo), rate: (FROM, "1/2")}),
    says=dominates(spread_of_label(labels_of, rate), MARGIN),
    source="derived",
    link=THRESHOLDS,
    expects="certified",
)
vacuous.breaks_when("from 0.146 on", given=Box({labels_of: (2, oo), rate: ("73/500", "1/2")}))
vacuous.breaks_when("to 9/10", given=Box({labels_of: (2, oo), rate: (FROM, "9/10")}))

many = claim(
    "oymak2019/J32-vacuous-many-classes",
    """As the number of classes grows, the spread tends to 1 - (1 - rho)**2, which is 1/4 or more from 0.134 on.""",
    given=Box({rate: ("67/500", 1)}),
    says=dominates(1 - (1 - rate) ** 2, MARGIN),
    source="derived",
    link=THRESHOLDS,
    expects="proved",
)
many.breaks_when("from 0.133 on", given=Box({rate: ("133/1000", 1)}))

claim(
    "oymak2019/J32-squared-loss",
    """For two classes twice the spread of a label is 1 at most: by the squared loss only rho = 1/2 says nothing.""",
    given=Box(PROBABILITY),
    says=2 * spread_of_label(2, rate) <= 1,
    source="derived",
    link=THRESHOLDS,
    expects="certified",
).breaks_when("9/10", says=20 * spread_of_label(2, rate) <= 9)

majority = claim(
    "oymak2019/J32-majority",
    """For rho < (K - 1)/K the right class is more probable than any other one, so that majorities are right.""",
    given=Box({labels_of: (2, oo), part: Span(0, 1, open_high=True)}),
    says=part / labels_of < 1 - part * (labels_of - 1) / labels_of,
    source="derived",
    link=THRESHOLDS,
    expects="proved",
)
majority.breaks_when("and for (K - 1)/K", given=Box({labels_of: (2, oo), part: (0, 1)}))

balanced = claim(
    "oymak2019/J32-baseline-balanced",
    """The sum of n_l**2 over three classes is at least n**2/3, which classes of one size reach.""",
    given=Box({ours: (1, oo), theirs: (1, oo), others: (1, oo)}),
    says=dominates(3 * squares, (ours + theirs + others) ** 2),
    source="derived",
    link=BASELINE,
    expects="proved",
)
balanced.breaks_when("n**2/2", says=dominates(2 * squares, (ours + theirs + others) ** 2))
