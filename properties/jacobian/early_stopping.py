"""The early-stopping value of a residual, and the distance: what bounds them, and what they bound."""

from __future__ import annotations

from typing import Any

from sympy import Abs, Add, Eq, Max, Rational, oo, sqrt

from properties.worlds.boxes import Box
from properties.worlds.linear_descent import LinearDescent
from symbolic import decreasing, homogeneous, increasing, norm
from symbolic.papers.residuals import (
    A_0,
    B_0,
    KEPT,
    LAM,
    Gamma,
    a,
    alpha,
    b,
    cutoff,
    early,
    lam_1,
    of_two,
    one,
    other,
    r_0,
    r_i,
    r_n,
    solved,
    squared,
    strength,
    value,
    value_squared,
)
from symbolic.spans import Span
from verify import claim

DERIVATIONS = "docs/mathematics/dynamics.md"
VALUE = f"{DERIVATIONS}#the-early-stopping-value"
PAPER = "Oymak, Fabian, Li, Soltanolkotabi 2019 (arXiv:1906.05392)"
WORLD = LinearDescent()

parts = norm(r_i) ** 2 + Gamma**2 * norm(r_n) ** 2


def same(left: Any, right: Any) -> Any:
    """The equation of two numbers, as it stands."""
    return Eq(left, right, evaluate=False)


# -- the early-stopping value (J12) -----------------------------------------------------------------------------------


def otherwise(kept: Any, beside: Any) -> Any:
    """A sum of squared coefficients with other factors in the spaces, as functions of the singular value."""
    terms = zip(KEPT, LAM, A_0, strict=True)
    return Add(*((chi * kept(lam) + (1 - chi) * beside(lam)) * c**2 for chi, lam, c in terms))


defined = claim(
    "oymak2019/J12-value",
    """The squared value weighs coefficients by (alpha/lam)**2, in the nuisance space by (Gamma lam/alpha)**2.""",
    given=WORLD,
    assuming=[alpha > 0],
    says=same(early, value_squared(Gamma)),
    source=f"{PAPER}, Definition 6.1",
    provenance="as-read",
    link=VALUE,
)
defined.breaks_when("with 1 in place of Gamma", says=same(early, value_squared(1)))

at_most = claim(
    "oymak2019/J12-value-at-most-parts",
    """The squared early-stopping value is at most |r_I|**2 + Gamma**2 |r_N|**2, for any Gamma.""",
    given=WORLD,
    assuming=[alpha > 0],
    says=early <= parts,
    source=f"{PAPER}, Lemma 6.2",
    provenance="repaired",
    link=VALUE,
)
at_most.breaks_when("Gamma is not squared", says=early <= norm(r_i) ** 2 + Gamma * norm(r_n) ** 2)
at_most.breaks_when(
    "the first quotient upside down",
    says=otherwise(lambda lam: (lam / alpha) ** 2, lambda lam: (Gamma * lam / alpha) ** 2) <= parts,
)
at_most.breaks_when("nine tenths of it", says=early <= Rational(9, 10) * parts)

at_least = claim(
    "oymak2019/J12-value-at-least-information",
    """The early-stopping value is at least alpha/lam_1 times the norm of the information in the residual.""",
    given=WORLD,
    assuming=[alpha > 0],
    says=alpha**2 * norm(r_i) ** 2 <= lam_1**2 * early,
    source=f"{PAPER}, Lemma 6.2",
    provenance="as-read",
    link=VALUE,
)
at_least.breaks_when("of the whole residual", says=alpha**2 * norm(r_0) ** 2 <= lam_1**2 * early)
at_least.breaks_when("times 1", says=norm(r_i) ** 2 <= early)
at_least.breaks_when(
    "quotients without squares",
    says=alpha**2 * norm(r_i) ** 2
    <= lam_1**2 * otherwise(lambda lam: (alpha / Max(alpha, lam)) ** 4, lambda lam: (Gamma * lam / alpha) ** 2),
)

claim(
    "oymak2019/J12-value-at-most-Gamma-residual-printed",
    """For Gamma > 0 the early-stopping value is at most Gamma times the norm of the residual.""",
    given=WORLD,
    assuming=[alpha > 0, Gamma > 0],
    says=early <= Gamma**2 * norm(r_0) ** 2,
    source=f"{PAPER}, Definition 6.1 and Lemma 6.2",
    link=VALUE,
    expects="refuted",
)

whole = claim(
    "oymak2019/J12-value-at-most-Gamma-residual",
    """For Gamma >= 1 the early-stopping value is at most Gamma times the norm of the residual.""",
    given=WORLD,
    assuming=[alpha > 0, Gamma >= 1],
    says=early <= Gamma**2 * norm(r_0) ** 2,
    source=f"{PAPER}, Lemma 6.2",
    provenance="repaired",
    link=VALUE,
)
whole.breaks_when("Gamma may be 1/2", assuming=[alpha > 0, Gamma >= Rational(1, 2)])
whole.breaks_when("the norm alone", says=early <= norm(r_0) ** 2)

larger = claim(
    "oymak2019/J12-value-at-most-larger-residual",
    """For any Gamma the early-stopping value is at most the larger of 1 and Gamma, times the norm of the residual.""",
    given=WORLD,
    assuming=[alpha > 0],
    says=early <= Max(1, Gamma**2) * norm(r_0) ** 2,
    source="derived",
    link=VALUE,
)
larger.breaks_when("the norm alone", says=early <= norm(r_0) ** 2)

distance = claim(
    "oymak2019/J12-distance-at-most-inverse",
    """The early-stopping distance is at most the norm of the cut-off inverse and Gamma/alpha times that of r_N.""",
    given=WORLD,
    assuming=[alpha > 0],
    says=sqrt(early) <= alpha * norm(solved) + Gamma * norm(r_n),
    source=f"{PAPER}, after Definition 6.1",
    provenance="as-read",
    link=VALUE,
)
distance.breaks_when("without Gamma", says=sqrt(early) <= alpha * norm(solved) + norm(r_n))
distance.breaks_when("the inverse alone", says=sqrt(early) <= alpha * norm(solved))
distance.breaks_when(
    "nine tenths of it", says=sqrt(early) <= Rational(9, 10) * (alpha * norm(solved) + Gamma * norm(r_n))
)

both = tuple(one_ + other_ for one_, other_ in zip(A_0, B_0, strict=True))
apart = tuple(one_ - other_ for one_, other_ in zip(A_0, B_0, strict=True))

adds = claim(
    "oymak2019/J12-value-sub-additive",
    """The early-stopping value of a sum of residuals is at most the sum of their values.""",
    given=WORLD,
    assuming=[alpha > 0],
    says=value(Gamma, both) <= value(Gamma) + value(Gamma, B_0),
    source="derived",
    link=VALUE,
)
adds.breaks_when("its square", says=value_squared(Gamma, both) <= value_squared(Gamma) + value_squared(Gamma, B_0))

lipschitz = claim(
    "oymak2019/J12-value-Lipschitz",
    """For Gamma >= 1 the early-stopping value is Gamma-Lipschitz in the residual.""",
    given=WORLD,
    assuming=[alpha > 0, Gamma >= 1],
    says=Abs(value(Gamma) - value(Gamma, B_0)) <= Gamma * sqrt(squared(apart)),
    source="derived",
    link=VALUE,
)
lipschitz.breaks_when("any Gamma above 0", assuming=[alpha > 0, Gamma > 0])
lipschitz.breaks_when("1-Lipschitz", says=Abs(value(Gamma) - value(Gamma, B_0)) <= sqrt(squared(apart)))

# -- one coefficient in each space, as numbers ------------------------------------------------------------------------

ABOVE_ZERO = Span(0, oo, open_low=True)
NUMBERS = {one: ABOVE_ZERO, other: ABOVE_ZERO, cutoff: ABOVE_ZERO, strength: ABOVE_ZERO, a: ABOVE_ZERO, b: ABOVE_ZERO}
TWO = Box(NUMBERS)
FROM_ONE = Box({**NUMBERS, strength: (1, oo)})
ORDERED = [cutoff <= one, other <= cutoff]

by_parts = claim(
    "oymak2019/J12-two-value-at-most-parts",
    """With a coefficient in each space, the squared value is at most a**2 + Gamma**2 b**2.""",
    given=TWO,
    assuming=ORDERED,
    says=of_two <= a**2 + strength**2 * b**2,
    source=f"{PAPER}, Lemma 6.2",
    link=VALUE,
    expects="proved",
)
by_parts.breaks_when("the cutoff above the first", assuming=[other <= cutoff])
by_parts.breaks_when("the cutoff below the second", assuming=[cutoff <= one])

by_whole = claim(
    "oymak2019/J12-two-value-at-most-Gamma-residual",
    """With a coefficient in each space and Gamma >= 1, the squared value is at most Gamma**2 (a**2 + b**2).""",
    given=FROM_ONE,
    assuming=ORDERED,
    says=of_two <= strength**2 * a**2 + strength**2 * b**2,
    source=f"{PAPER}, Lemma 6.2",
    link=VALUE,
    expects="proved",
)
by_whole.breaks_when("any Gamma", given=TWO)

by_lam = claim(
    "oymak2019/J12-two-value-at-least-information",
    """With a coefficient in each space, the squared value is at least (alpha/lam_I)**2 a**2.""",
    given=TWO,
    assuming=ORDERED,
    says=(cutoff / one) ** 2 * a**2 <= of_two,
    source=f"{PAPER}, Lemma 6.2",
    link=VALUE,
    expects="proved",
)
by_lam.breaks_when("at least a**2", says=a**2 <= of_two)

by_inverse = claim(
    "oymak2019/J12-two-distance-at-most-inverse",
    """With a coefficient in each space, the squared distance is at most that of a/lam_I + Gamma b/alpha.""",
    given=TWO,
    assuming=ORDERED,
    says=of_two / cutoff**2 <= (a / one + strength * b / cutoff) ** 2,
    source=f"{PAPER}, after Definition 6.1",
    link=VALUE,
    expects="proved",
)
by_inverse.breaks_when("without Gamma", says=of_two / cutoff**2 <= (a / one + b / cutoff) ** 2)

for letter, direction, word, why in (
    ("Gamma", increasing, strength, "it rises with Gamma"),
    ("lam-N", increasing, other, "it rises with the singular value in the nuisance space"),
    ("lam-I", decreasing, one, "it falls with the singular value in the information space"),
):
    claim(
        f"oymak2019/J12-two-value-by-{letter}",
        f"Of the squared early-stopping value: {why}.",
        given=TWO,
        says=direction(of_two, word, strictly=True),
        source="derived",
        link=VALUE,
        expects="proved",
    ).breaks_when(
        "the other way", says=(decreasing if direction is increasing else increasing)(of_two, word, strictly=True)
    )

scales = claim(
    "oymak2019/J12-two-value-scale-free",
    """Singular values and cutoff scaled together leave the early-stopping value as it is.""",
    given=TWO,
    says=homogeneous(of_two, (cutoff, one, other), 0),
    source="derived",
    link=VALUE,
    expects="proved",
)
scales.breaks_when("of degree 2", says=homogeneous(of_two, (cutoff, one, other), 2))
