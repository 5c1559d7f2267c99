"""The meta theorem: descent stays near the run of its linear model, and so fits what that does (J20)."""

from __future__ import annotations

from typing import Any

from sympy import And, Rational, exp, oo, sqrt

from properties.worlds.boxes import Box
from properties.worlds.runs import ReferenceRuns
from symbolic import dominates, norm
from symbolic.papers.trajectories import (
    J_0,
    D,
    G,
    Gamma,
    J,
    J_t,
    T,
    alpha,
    beta,
    delta,
    early,
    eps,
    eps_0,
    eta,
    far,
    first,
    lip,
    moved,
    moved_linear,
    r_0,
    r_end,
    r_i,
    r_n,
    r_t,
    ratio,
    s_t,
    second,
    share,
    share_0,
    solved,
)
from symbolic.spans import Span
from verify import claim

DERIVATIONS = "docs/mathematics/meta_theorem.md"
WORLDS = f"{DERIVATIONS}#the-runs"
THEOREM = f"{DERIVATIONS}#the-theorem"
CONSTANTS = f"{DERIVATIONS}#the-constants"
PAPER = "Oymak, Fabian, Li, Soltanolkotabi 2019 (arXiv:1906.05392)"
RUNS = ReferenceRuns()
EARLY = ReferenceRuns(near="anyhow")

start = norm(r_0)
strayed = delta * Gamma / alpha * start
half = norm(solved) + Gamma / alpha * norm(r_n) + strayed
tight_half = sqrt(early) / alpha + Rational(17, 40) * strayed

CLOSE = (
    start > 0,
    5 * eps_0 <= delta * alpha,
    25 * Gamma * beta * eps_0**2 <= delta * alpha**3,
    5 * Gamma * beta**2 * eps <= delta * alpha**3,
)
SHORT = eta * beta**2 <= 1
FLAT = 4 * lip * half <= eps
FLAT_NEARBY = 2 * lip * tight_half <= eps


def given(*more: Any) -> list[Any]:
    """The hypotheses as one sentence, so that they are dropped together."""
    return [And(*CLOSE, *more)]


ASSUMED = given(SHORT, FLAT)
ANYWHERE = given(SHORT)
LONG = given(eta * beta**2 <= 2, FLAT)

LOOSE = "no run that meets the hypotheses reaches a quarter of the bound; less than half of it is derived by hand"

# -- the worlds meet the hypotheses -----------------------------------------------------------------------------------

reference = claim(
    "oymak2019/J20-runs-have-a-reference",
    """J is an (eps_0, beta) reference, and |J_0| + eps/2 is at most beta.""",
    given=RUNS,
    says=And(
        norm(J_0 - J) <= eps_0,
        norm(J_0 * J_0.T - J * J.T) <= eps_0**2,
        norm(J * far) <= beta * norm(far),
        norm(J_0 * far) + eps / 2 * norm(far) <= beta * norm(far),
    ),
    source=f"{PAPER}, Definition 5.1",
    link=WORLDS,
)
reference.breaks_when("half of eps_0", says=2 * norm(J_0 - J) <= eps_0)
reference.breaks_when("nine tenths of beta", says=10 * norm(J * far) <= 9 * beta * norm(far))

bends = claim(
    "oymak2019/J20-runs-bend-as-said",
    """The Jacobian moves by at most lip times what the parameters move by.""",
    given=EARLY,
    says=norm(J_t - J_0) <= lip * norm(moved),
    source="derived",
    link=WORLDS,
)
bends.breaks_when("nine tenths of it", says=norm(J_t - J_0) <= Rational(9, 10) * lip * norm(moved))

# -- the theorem (J20) ------------------------------------------------------------------------------------------------

apart = norm(r_t - s_t)
apart_at_most = delta * alpha / beta * start
beside = norm(moved - moved_linear)

residuals = claim(
    "oymak2019/J20-residual",
    """After each of T steps the residual is within (3/5) (delta alpha/beta) |r_0| of that of the linear run.""",
    given=RUNS,
    assuming=ASSUMED,
    says=apart <= Rational(3, 5) * apart_at_most,
    source=f"{PAPER}, Theorem 5.3",
    provenance="repaired",
    link=THEOREM,
    measures={"|r - r~| / ((3/5) (delta alpha/beta) |r_0|)": apart / (Rational(3, 5) * apart_at_most)},
    unproved=LOOSE,
)
residuals.breaks_when("a hundredth of it", says=apart <= Rational(3, 500) * apart_at_most)

parameters = claim(
    "oymak2019/J20-parameters",
    """After each of T steps the parameters are within delta (Gamma/alpha) |r_0| of those of the linear run.""",
    given=RUNS,
    assuming=ASSUMED,
    says=beside <= strayed,
    source=f"{PAPER}, Theorem 5.3",
    provenance="repaired",
    link=THEOREM,
    measures={"|theta - theta~| / (delta (Gamma/alpha) |r_0|)": beside / strayed},
    unproved=LOOSE,
)
parameters.breaks_when("a twentieth of it", says=20 * beside <= strayed)

distance = claim(
    "oymak2019/J20-distance",
    """After each of T steps the parameters are within R/2 of the start.""",
    given=RUNS,
    assuming=ASSUMED,
    says=norm(moved) <= half,
    source=f"{PAPER}, Theorem 5.3",
    provenance="repaired",
    link=THEOREM,
    measures={"|theta - theta_0| / (R/2)": norm(moved) / half},
)
distance.breaks_when("by the inverse alone", says=norm(moved) <= norm(solved))
distance.breaks_when("nine tenths of it", says=10 * norm(moved) <= 9 * half)

remains = norm(r_n) + apart_at_most

loss = claim(
    "oymak2019/J20-loss",
    """After T steps the residual is at most exp(-Gamma) |r_I| + |r_N| + (delta alpha/beta) |r_0|.""",
    given=RUNS,
    assuming=ASSUMED,
    says=norm(r_end) <= exp(-Gamma) * norm(r_i) + remains,
    source=f"{PAPER}, Theorem 5.3",
    provenance="repaired",
    link=THEOREM,
    measures={
        "|r_T| / (exp(-Gamma) |r_I| + |r_N| + (delta alpha/beta) |r_0|)": norm(r_end)
        / (exp(-Gamma) * norm(r_i) + remains)
    },
)
loss.breaks_when("without the nuisance", says=norm(r_end) <= exp(-Gamma) * norm(r_i) + apart_at_most)
loss.breaks_when("exp(-2 Gamma)", says=norm(r_end) <= exp(-2 * Gamma) * norm(r_i) + remains)
loss.breaks_when("T = Gamma/(eta alpha)", says=norm(r_end) <= exp(-eta * alpha * T) * norm(r_i) + remains)
loss.breaks_when("eta up to 2/beta**2", assuming=LONG)
loss.breaks_when("however far the Jacobian moves", assuming=ANYWHERE)

# -- with less, more (derived) ----------------------------------------------------------------------------------------

near, near_too = Rational(1, 4) * apart_at_most, Rational(17, 40) * strayed

sharper = claim(
    "oymak2019/J20-sharper",
    """It is enough to look B/alpha + (17/40) s far, s = delta (Gamma/alpha) |r_0|; 1/4 and 17/40 do for 3/5 and 1.""",
    given=RUNS,
    assuming=given(SHORT, FLAT_NEARBY),
    says=And(
        apart <= near,
        beside <= near_too,
        norm(moved) <= tight_half,
        norm(r_end) <= exp(-Gamma) * norm(r_i) + norm(r_n) + near,
    ),
    source="derived",
    link=THEOREM,
    measures={
        "|r - r~| / bound": apart / near,
        "|theta - theta~| / bound": beside / near_too,
        "|theta - theta_0| / bound": norm(moved) / tight_half,
        "|r_T| / bound": norm(r_end) / (exp(-Gamma) * norm(r_i) + norm(r_n) + near),
    },
)
sharper.breaks_when("a tenth for residuals", says=10 * apart <= near)
sharper.breaks_when("a third for parameters", says=3 * beside <= near_too)
sharper.breaks_when("nine tenths of the distance", says=10 * norm(moved) <= 9 * tight_half)
sharper.breaks_when("without the nuisance", says=norm(r_end) <= exp(-Gamma) * norm(r_i) + near)

# -- the constants ----------------------------------------------------------------------------------------------------

UP_TO_ONE = Span(0, 1, open_low=True)
SHARES = {share: (0, 1), share_0: (0, 1), D: UP_TO_ONE, ratio: UP_TO_ONE, G: Span(1, oo)}

constant = claim(
    "oymak2019/J20-constant-of-residuals",
    """With shares s and s_0 of the eps and eps_0**2 allowed, exp(Gamma eps**2/alpha**2) (s_0/25 + s/5) <= 1/4.""",
    given=Box(SHARES),
    says=dominates(Rational(1, 4), exp(share**2 * D**2 * ratio**4 / (25 * G)) * (share_0 / 25 + share / 5)),
    source="derived",
    link=CONSTANTS,
    expects="proved",
)
constant.breaks_when(
    "6/25", says=dominates(Rational(6, 25), exp(share**2 * D**2 * ratio**4 / (25 * G)) * (share_0 / 25 + share / 5))
)

other = claim(
    "oymak2019/J20-constant-of-parameters",
    """Half of 1/4 for the residuals, and the shares of eps/2 and eps_0, are 17/40 together at most.""",
    given=Box(SHARES),
    says=dominates(Rational(17, 40), Rational(1, 8) + sqrt(share_0) / 5 + share * ratio**2 / (10 * G)),
    source="derived",
    link=CONSTANTS,
    expects="proved",
)
other.breaks_when(
    "2/5", says=dominates(Rational(2, 5), Rational(1, 8) + sqrt(share_0) / 5 + share * ratio**2 / (10 * G))
)

parts = claim(
    "oymak2019/J20-parts-of-the-residual",
    """|r_I| + |r_N| is at most sqrt(2) |r_0|, and it may be as much.""",
    given=Box({first: (0, oo), second: (0, oo)}),
    says=(first + second) ** 2 <= 2 * first**2 + 2 * second**2,
    source="derived",
    link=CONSTANTS,
    expects="proved",
)
parts.breaks_when("it is at most |r_0|", says=(first + second) ** 2 <= first**2 + second**2)
