"""The information and nuisance spaces of a Jacobian: left singular vectors, cut at a singular value."""

from __future__ import annotations

from typing import Any

from sympy import And, Eq

from properties.worlds.linear_descent import LinearDescent
from symbolic import norm
from symbolic.papers.residuals import (
    A_0,
    Gamma,
    J,
    alpha,
    early,
    lam_1,
    r_0,
    r_i,
    r_n,
    solved,
    squared,
)
from verify import claim

DERIVATIONS = "docs/mathematics/dynamics.md"
SPACES = f"{DERIVATIONS}#information-and-nuisance"
PAPER = "Oymak, Fabian, Li, Soltanolkotabi 2019 (arXiv:1906.05392)"
WORLD = LinearDescent()
FIRST_ALONE = LinearDescent(cut="first")
ABOVE = LinearDescent(cut="above")
BY_SQUARES = LinearDescent(cut="squares")

# -- the spaces (J11) -------------------------------------------------------------------------------------------------


def same(left: Any, right: Any) -> Any:
    """The equation of two numbers, as it stands."""
    return Eq(left, right, evaluate=False)


claim(
    "oymak2019/J11-parts-are-orthogonal",
    """A residual is the sum of its projections to both spaces, and they are orthogonal.""",
    given=WORLD,
    says=And(same(norm(r_i + r_n - r_0), 0), same(norm(r_i) ** 2 + norm(r_n) ** 2, squared(A_0))),
    source=f"{PAPER}, Definition 2.1",
    link=SPACES,
).breaks_when("their norms add up", says=same((norm(r_i) + norm(r_n)) ** 2, squared(A_0)))

acts = claim(
    "oymak2019/J11-information-acts",
    """On the information space J^T shrinks no vector below alpha times its norm.""",
    given=WORLD,
    says=alpha * norm(r_i) <= norm(J.T * r_i),
    source=f"{PAPER}, Definition 2.1",
    link=SPACES,
)
acts.breaks_when("the squares of singular values reach the cutoff", given=BY_SQUARES)
acts.breaks_when("by the largest singular value", says=lam_1 * norm(r_i) <= norm(J.T * r_i))

below = claim(
    "oymak2019/J11-nuisance-acts-below",
    """On the nuisance space J^T brings every vector other than 0 below alpha times its norm.""",
    given=WORLD,
    assuming=[norm(r_n) > 0],
    says=norm(J.T * r_n) < alpha * norm(r_n),
    source=f"{PAPER}, Definition 2.1",
    link=SPACES,
)
below.breaks_when("singular values at the cutoff are nuisance", given=ABOVE)
below.breaks_when("the least index that reaches the cutoff", given=FIRST_ALONE)
below.breaks_when("half of it", says=2 * norm(J.T * r_n) < alpha * norm(r_n))

inverse = claim(
    "oymak2019/J11-cut-off-inverse",
    """J takes its cut-off pseudo-inverse to the projection, and its norm is between those by lam_1 and by alpha.""",
    given=WORLD,
    assuming=[alpha > 0],
    says=And(same(norm(J * solved - r_i), 0), norm(r_i) <= lam_1 * norm(solved), alpha * norm(solved) <= norm(r_i)),
    source=f"{PAPER}, Definition 2.1",
    link=SPACES,
)
inverse.breaks_when("it solves for the whole residual", says=same(norm(J * solved - r_0), 0))
inverse.breaks_when("at most by lam_1", says=lam_1 * norm(solved) <= norm(r_i))

parts = norm(r_i) ** 2 + Gamma**2 * norm(r_n) ** 2

claim(
    "oymak2019/J12-value-at-most-parts-least-index-printed",
    """With r(alpha) the least index that reaches the cutoff, the squared value is at most that of its parts.""",
    given=FIRST_ALONE,
    assuming=[alpha > 0, Gamma >= 1],
    says=early <= parts,
    source=f"{PAPER}, Definition 5.2 and Lemma 6.2",
    link=SPACES,
    expects="refuted",
)
