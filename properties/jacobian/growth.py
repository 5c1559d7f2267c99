"""A reference Jacobian, and how descent with it and descent itself come apart: J18 and J19."""

from __future__ import annotations

from typing import Any

from sympy import And, E, Eq, Rational, exp, oo, sqrt

from properties.worlds.boxes import Box
from properties.worlds.close_matrices import CloseMatrices
from properties.worlds.recursion import WorstRecursion
from properties.worlds.runs import ReferenceRuns
from symbolic import dominates, norm, spectral_norm
from symbolic.papers.residuals import T, Y, eps, first, norm_first, q, second, x
from symbolic.papers.trajectories import (
    allowed,
    apart,
    bend,
    beta,
    eps_0,
    eta,
    falling,
    least,
    lip,
    moved,
    moved_on,
    r_next,
    r_t,
    rate,
    s_next,
    s_t,
    source,
    staying,
    strength,
)
from symbolic.papers.trajectories import eps as twice_moves
from symbolic.spans import Span
from verify import claim

DERIVATIONS = "docs/mathematics/meta_theorem.md"
REFERENCES = f"{DERIVATIONS}#references"
STEP = f"{DERIVATIONS}#one-step"
GROWTH = f"{DERIVATIONS}#how-differences-grow"
PAPER = "Oymak, Fabian, Li, Soltanolkotabi 2019 (arXiv:1906.05392)"
MATRICES = CloseMatrices()
RUNS = ReferenceRuns(near="anyhow")
NUMBERS = WorstRecursion()

# -- references (J18) -------------------------------------------------------------------------------------------------


def zero(matrix: Any) -> Any:
    """The sentence that a matrix is zero."""
    return Eq(norm(matrix), 0, evaluate=False)


def squared_norm(matrix: Any) -> Any:
    """The square of the spectral norm."""
    return spectral_norm(matrix * matrix.T)


between = Y * Y.T - first * first.T

aligned = claim(
    "oymak2019/J18-root-is-reference",
    """If |Y Y^T - X X^T| <= e**2, for the root Y that is aligned with X, then |Y - X| <= e: Y is an e-reference.""",
    given=MATRICES,
    says=squared_norm(Y - first) <= spectral_norm(between),
    source=f"{PAPER}, Definition 5.1 and Lemma 6.4",
    provenance="derived",
    link=REFERENCES,
)
aligned.breaks_when("any root", says=squared_norm(-Y - first) <= spectral_norm(between))
aligned.breaks_when("99/100 of e", says=squared_norm(Y - first) <= Rational(99, 100) ** 2 * spectral_norm(between))

exactly = claim(
    "oymak2019/J18-reference-at-zero",
    """Where eps_0 = 0: of the root that is aligned with X, Y Y^T = X X^T is enough for Y = X.""",
    given=MATRICES,
    assuming=[zero(between)],
    says=zero(Y - first),
    source=f"{PAPER}, Definition 5.1",
    link=REFERENCES,
)
exactly.breaks_when("any root", says=zero(-Y - first))

neighbour = claim(
    "oymak2019/J18-near-matrix-is-reference",
    """A matrix within e of X is a reference with eps_0**2 = (2 |X| + e) e.""",
    given=MATRICES,
    says=spectral_norm(first * first.T - second * second.T) <= (2 * norm_first + eps) * eps,
    source="derived",
    link=REFERENCES,
)
neighbour.breaks_when("e**2", says=spectral_norm(first * first.T - second * second.T) <= eps**2)
neighbour.breaks_when("2 |X| e", says=spectral_norm(first * first.T - second * second.T) <= 2 * norm_first * eps)

# -- one step (J19) ---------------------------------------------------------------------------------------------------

before, after = norm(r_t - s_t), norm(r_next - s_next)
added = eta * (eps_0**2 + twice_moves * beta) * norm(s_t)
kept = (1 + eta * twice_moves**2) * before
IN_BALL = And(
    eps_0 + twice_moves > 0,
    eta * beta**2 <= 1,
    2 * lip * norm(moved) <= twice_moves,
    2 * lip * norm(moved_on) <= twice_moves,
)

one_step = claim(
    "oymak2019/J19-one-step",
    """A step multiplies the difference of both runs by 1 + eta eps**2, and adds eta (eps_0**2 + eps beta) |r~|.""",
    given=RUNS,
    assuming=[IN_BALL],
    says=after <= added + kept,
    source=f"{PAPER}, Lemma 6.7",
    provenance="as-read",
    link=STEP,
)
one_step.breaks_when("of the residual itself", says=norm(r_next) <= added + kept)
one_step.breaks_when("half of eps_0**2", says=after <= eta * (eps_0**2 / 2 + twice_moves * beta) * norm(s_t) + kept)
one_step.breaks_when("without eps beta", says=after <= eta * eps_0**2 * norm(s_t) + kept)
one_step.breaks_when("without the difference before", says=after <= added)

# -- growth (J19) -----------------------------------------------------------------------------------------------------

SLOW = And(allowed > 0, source > 0, rate * least**2 <= 1, 2 * strength * bend**2 <= least**2)

grows = claim(
    "oymak2019/J19-growth",
    """If alpha**2 >= 2 Gamma eps**2, both are 2 Theta (Gamma rho_- + rho_+)/alpha**2 apart at most after T steps.""",
    given=NUMBERS,
    assuming=[SLOW],
    says=apart <= source * allowed,
    source=f"{PAPER}, Lemma 6.8",
    provenance="as-read",
    link=GROWTH,
)
grows.breaks_when("without the factor 2", says=2 * apart <= source * allowed)
grows.breaks_when(
    "alpha >= sqrt(2 Gamma eps)", assuming=[And(source > 0, rate * least**2 <= 1, 2 * strength * bend <= least**2)]
)
grows.breaks_when("without Gamma", says=apart <= source * 2 * (staying + falling) / least**2)

sharper = claim(
    "oymak2019/J19-growth-sharper",
    """The square root of e is enough in place of 2.""",
    given=NUMBERS,
    assuming=[SLOW],
    says=apart <= sqrt(E) / 2 * source * allowed,
    source="derived",
    link=GROWTH,
)
sharper.breaks_when("3/2 in place of it", says=apart <= Rational(3, 4) * source * allowed)

FROM_ONE = Span(1, oo)

claim(
    "oymak2019/J19-powers-at-most-exponential",
    """For q >= 1, q**T is at most exp(T (q - 1)).""",
    given=Box({q: FROM_ONE, T: (1, oo)}),
    says=dominates(1, (q * exp(1 - q)) ** T),
    source="derived",
    link=GROWTH,
    expects="proved",
).breaks_when("exp(T (q - 1)/2)", says=dominates(1, (q * exp((1 - q) / 2)) ** T))

claim(
    "oymak2019/J19-root-of-e",
    """For x <= 1/2, exp(x) is at most 2.""",
    given=Box({x: (0, Rational(1, 2))}),
    says=dominates(2, exp(x)),
    source="derived",
    link=GROWTH,
    expects="proved",
).breaks_when("at most 3/2", says=dominates(Rational(3, 2), exp(x)))
