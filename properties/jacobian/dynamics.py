"""Gradient descent on a linear model: what every step leaves, how far the parameters get, and when to stop."""

from __future__ import annotations

from typing import Any

from sympy import Abs, And, Eq, Min, Rational, exp

from properties.worlds.linear_descent import LinearDescent
from symbolic import entry, norm
from symbolic.papers.residuals import (
    A_0,
    A_T,
    DESCENT,
    FRAMES,
    LAM,
    MOST_STEPS,
    MOVED,
    MOVED_AFTER,
    R_AFTER,
    Gamma,
    J,
    J_formula,
    T,
    a_column,
    alpha,
    early,
    eta,
    lam_1,
    left_after,
    left_vectors,
    moved,
    moved_at_most,
    moved_on,
    r_0,
    r_i,
    r_n,
    r_next,
    r_t,
    right_vectors,
    stepped,
    value_squared,
    values,
)
from verify import claim

DERIVATIONS = "docs/mathematics/dynamics.md"
LAW = f"{DERIVATIONS}#what-a-step-leaves"
DECAY = f"{DERIVATIONS}#decay"
INTEGER = f"{DERIVATIONS}#times-that-are-no-integers"
PAPER = "Oymak, Fabian, Li, Soltanolkotabi 2019 (arXiv:1906.05392)"
WORLD = LinearDescent()
DOWN = LinearDescent(time_is="down")
UP = LinearDescent(time_is="up")

SHORT = eta * lam_1**2 <= 1
LONG = eta * lam_1**2 <= 2
CUT = [alpha > 0, SHORT]


def same(left: Any, right: Any) -> Any:
    """The equation of two numbers, as it stands."""
    return Eq(left, right, evaluate=False)


# -- what every step leaves (J13) -------------------------------------------------------------------------------------

LEFT, RIGHT = left_vectors.T, right_vectors.T
STEPS = range(1, MOST_STEPS + 1)


def after(coefficients: Any) -> Any:
    """The sentence that after t steps, for every t up to 8, the coefficients of the residual are a formula of t."""
    return And(*(same(LEFT * R_AFTER[t], coefficients(t)) for t in STEPS))


one_step = claim(
    "oymak2019/J13-one-step",
    """A step of any size, from any residual, multiplies its coefficients by 1 - eta lam**2.""",
    given=WORLD,
    assuming=FRAMES,
    says=same(LEFT * r_next, left_after(1) * LEFT * r_t),
    where={J: J_formula, r_next: stepped(r_t)},
    source=f"{PAPER}, (5.7) to (5.9)",
    provenance="as-read",
    link=LAW,
    expects="proved",
)
one_step.breaks_when("without the step size", says=same(LEFT * r_next, left_after(1, values * values) * LEFT * r_t))
one_step.breaks_when(
    "the singular value without its square", says=same(LEFT * r_next, left_after(1, eta * values) * LEFT * r_t)
)
one_step.breaks_when("of another residual", says=same(LEFT * r_next, left_after(1) * LEFT * r_0))

law = claim(
    "oymak2019/J13-residual-law",
    """T steps of any size multiply the coefficients of the residual by (1 - eta lam**2)**T, for every T up to 8.""",
    given=WORLD,
    assuming=FRAMES,
    says=after(lambda t: left_after(t) * a_column),
    where=DESCENT,
    proof=[same(J * J.T, left_vectors * values**2 * LEFT), *after(lambda t: left_after(t) * a_column).args],
    source=f"{PAPER}, (5.7) to (5.9)",
    provenance="as-read",
    link=LAW,
    expects="proved",
)
law.breaks_when("without the step size", says=after(lambda t: left_after(t, values * values) * a_column))
law.breaks_when("the singular value without its square", says=after(lambda t: left_after(t, eta * values) * a_column))
law.breaks_when("one step less", says=after(lambda t: left_after(t - 1) * a_column))


def moving(coefficients: Any) -> Any:
    """The sentence that after t steps lam times the distance along singular vectors is a formula of t."""
    return And(*(same(values * RIGHT * MOVED_AFTER[t], coefficients(t)) for t in STEPS))


FITTED = moving(lambda t: left_after(t) * a_column - a_column)

parameters = claim(
    "oymak2019/J13-parameter-law",
    """Along a right singular vector parameters move by -((1 - (1 - eta lam**2)**T)/lam) times the coefficient.""",
    given=WORLD,
    assuming=FRAMES,
    says=FITTED,
    where=DESCENT,
    proof=[
        same(J * J.T, left_vectors * values**2 * LEFT),
        same(RIGHT * J.T, values * LEFT),
        *after(lambda t: left_after(t) * a_column).args,
        *FITTED.args,
    ],
    source=f"{PAPER}, (6.5)",
    provenance="as-read",
    link=LAW,
    expects="proved",
)
parameters.breaks_when("straight on", says=moving(lambda t: -t * eta * values * values * a_column))
parameters.breaks_when("the opposite sign", says=moving(lambda t: a_column - left_after(t) * a_column))

WITHIN = And(*(same(right_vectors * RIGHT * MOVED_AFTER[t], MOVED_AFTER[t]) for t in STEPS))

rows = claim(
    "oymak2019/J13-parameters-stay-in-rows",
    """The parameters move within the span of the rows of J.""",
    given=WORLD,
    assuming=FRAMES,
    says=WITHIN,
    where=DESCENT,
    proof=[same(right_vectors * RIGHT * J.T, J.T), *WITHIN.args],
    source=f"{PAPER}, (6.5)",
    link=LAW,
    expects="proved",
)
rows.breaks_when("within the span of the first", says=And(*(same(entry(RIGHT * MOVED_AFTER[t], 2), 0) for t in STEPS)))

moves = claim(
    "oymak2019/J13-distance",
    """For eta <= 1/lam_1**2 the squared distance is at most |J_I^+ r_0|**2 + (T eta)**2 |J^T r_N|**2.""",
    given=WORLD,
    assuming=CUT,
    says=norm(moved) ** 2 <= moved_at_most(T**2),
    source=f"{PAPER}, (6.6)",
    provenance="as-read",
    link=LAW,
)
moves.breaks_when("eta up to 2/lam_1**2", assuming=[alpha > 0, LONG])
moves.breaks_when("T for its square", says=norm(moved) ** 2 <= moved_at_most(T))
moves.breaks_when("without the step size", says=norm(moved) ** 2 <= moved_at_most(T**2, eta**2))

anywhere = claim(
    "oymak2019/J13-distance-cut-anywhere",
    """The bound on the distance holds with the first left singular vector alone in the information space.""",
    given=LinearDescent(cut="first"),
    assuming=CUT,
    says=norm(moved) ** 2 <= moved_at_most(T**2),
    source="derived",
    link=LAW,
)
anywhere.breaks_when("eta up to 2/lam_1**2", assuming=[alpha > 0, LONG])
anywhere.breaks_when("T for its square", says=norm(moved) ** 2 <= moved_at_most(T))


def shorter(share: Any) -> Any:
    """The sentence that the parameters move, along each vector, by a share of the lesser of both bounds at most."""
    triples = zip(MOVED, LAM, A_0, strict=True)
    return And(*(lam * Abs(by) <= share * Min(1, T * eta * lam**2) * Abs(c) for by, lam, c in triples))


lesser = claim(
    "oymak2019/J13-distance-by-either",
    """Along each right singular vector the distance is at most the lesser of |a|/lam and T eta lam |a|.""",
    given=WORLD,
    assuming=[SHORT],
    says=shorter(1),
    source="derived",
    link=LAW,
)
lesser.breaks_when("nine tenths of it", says=shorter(Rational(9, 10)))
lesser.breaks_when("eta up to 2/lam_1**2", assuming=[LONG])

grows = claim(
    "oymak2019/J13-distance-grows",
    """For eta <= 1/lam_1**2 one step more never brings the parameters nearer to where they were at the start.""",
    given=WORLD,
    assuming=[SHORT],
    says=norm(moved) <= norm(moved_on),
    source="derived",
    link=LAW,
)
grows.breaks_when("eta up to 2/lam_1**2", assuming=[LONG])
grows.breaks_when("it brings them nearer", says=norm(moved_on) <= norm(moved))

# -- decay (J14) ------------------------------------------------------------------------------------------------------

left = (1 - eta * alpha**2) ** T

decays = claim(
    "oymak2019/J14-decay",
    """For eta <= 1/lam_1**2 the residual is at most (1 - eta alpha**2)**T |r_I| + |r_N|.""",
    given=WORLD,
    assuming=CUT,
    says=norm(r_t) <= left * norm(r_i) + norm(r_n),
    source=f"{PAPER}, Corollary 6.6",
    provenance="as-read",
    link=DECAY,
)
decays.breaks_when("without the nuisance", says=norm(r_t) <= left * norm(r_i))
decays.breaks_when("twice as fast", says=norm(r_t) <= left**2 * norm(r_i) + norm(r_n))
decays.breaks_when("both spaces exchanged", says=norm(r_t) <= left * norm(r_n) + norm(r_i))
decays.breaks_when("eta up to 2/lam_1**2", assuming=[alpha > 0, LONG])

sharper = claim(
    "oymak2019/J14-decay-of-squares",
    """|r_T|**2 is at most the sum of the squares of (1 - eta alpha**2)**T |r_I| and |r_N|.""",
    given=WORLD,
    assuming=CUT,
    says=norm(r_t) ** 2 <= left**2 * norm(r_i) ** 2 + norm(r_n) ** 2,
    source="derived",
    link=DECAY,
)
sharper.breaks_when("without the nuisance", says=norm(r_t) ** 2 <= left**2 * norm(r_i) ** 2)
sharper.breaks_when("eta up to 2/lam_1**2", assuming=[alpha > 0, LONG])

remains = norm(r_t) - norm(r_n)

stops = claim(
    "oymak2019/J14-stopped",
    """After T = Gamma/(eta alpha**2) steps, an integer, the residual is at most exp(-Gamma) |r_I| + |r_N|.""",
    given=WORLD,
    assuming=[*CUT, Gamma > 0],
    says=remains <= exp(-Gamma) * norm(r_i),
    source=f"{PAPER}, Corollary 6.6",
    provenance="repaired",
    link=DECAY,
)
stops.breaks_when("exp(-2 Gamma)", says=remains <= exp(-2 * Gamma) * norm(r_i))
stops.breaks_when("without the nuisance", says=norm(r_t) <= exp(-Gamma) * norm(r_i))
stops.breaks_when("eta up to 2/lam_1**2", assuming=[alpha > 0, LONG, Gamma > 0])
stops.breaks_when("T = Gamma/(eta alpha)", says=remains <= exp(-eta * alpha * T) * norm(r_i))

reaches = claim(
    "oymak2019/J14-distance",
    """After T = Gamma/(eta alpha**2) steps, an integer, the parameters have moved by B/alpha at most.""",
    given=WORLD,
    assuming=CUT,
    says=alpha**2 * norm(moved) ** 2 <= early,
    source=f"{PAPER}, Corollary 6.6",
    provenance="repaired",
    link=DECAY,
)
reaches.breaks_when("nine tenths of it", says=alpha**2 * norm(moved) ** 2 <= Rational(81, 100) * early)
reaches.breaks_when("eta up to 2/lam_1**2", assuming=[alpha > 0, LONG])

slowly = claim(
    "oymak2019/J14-nuisance-remains",
    """At least 1 - Gamma (lam/alpha)**2 of every coefficient of the residual is left.""",
    given=WORLD,
    assuming=CUT,
    says=And(
        *(
            (alpha**2 - Gamma * lam**2) * c**2 <= alpha**2 * after * c
            for after, lam, c in zip(A_T, LAM, A_0, strict=True)
        )
    ),
    source="derived",
    link=DECAY,
)
slowly.breaks_when(
    "half of it is lost",
    says=And(
        *(
            (alpha**2 - Gamma * lam**2 / 2) * c**2 <= alpha**2 * after * c
            for after, lam, c in zip(A_T, LAM, A_0, strict=True)
        )
    ),
)
slowly.breaks_when("it stays as it is", says=And(*(same(c, d) for c, d in zip(A_T, A_0, strict=True))))

# -- times that are no integers (J14) ---------------------------------------------------------------------------------

claim(
    "oymak2019/J14-stopped-as-read",
    """With Gamma/(eta alpha**2) rounded down to T, the residual is at most exp(-Gamma) |r_I| + |r_N|.""",
    given=DOWN,
    assuming=[*CUT, Gamma >= 1],
    says=remains <= exp(-Gamma) * norm(r_i),
    source=f"{PAPER}, Corollary 6.6, with the time rounded down",
    link=INTEGER,
    expects="refuted",
)

claim(
    "oymak2019/J14-distance-as-read",
    """With Gamma/(eta alpha**2) rounded up to T, the parameters move by the early-stopping distance at most.""",
    given=UP,
    assuming=[*CUT, Gamma >= 1],
    says=alpha**2 * norm(moved) ** 2 <= early,
    source=f"{PAPER}, Corollary 6.6, with the time rounded up",
    link=INTEGER,
    expects="refuted",
)

rounded = eta * alpha**2 * T

up = claim(
    "oymak2019/J14-rounded-up",
    """Rounded up, the residual is at most as claimed, and the distance as claimed with Gamma' = eta alpha**2 T.""",
    given=UP,
    assuming=[*CUT, Gamma >= 1],
    says=And(remains <= exp(-Gamma) * norm(r_i), alpha**2 * norm(moved) ** 2 <= value_squared(rounded)),
    source="derived",
    link=INTEGER,
)
up.breaks_when("with Gamma", says=alpha**2 * norm(moved) ** 2 <= value_squared(Gamma))
up.breaks_when("twice as fast", says=remains <= exp(-2 * Gamma) * norm(r_i))

near = claim(
    "oymak2019/J14-rounding-costs-one-step",
    """With T rounded up, Gamma' = eta alpha**2 T is at least Gamma, and below Gamma + eta alpha**2.""",
    given=UP,
    assuming=[*CUT, Gamma > 0],
    says=And(Gamma <= rounded, rounded < Gamma + eta * alpha**2),
    source="derived",
    link=INTEGER,
)
near.breaks_when("without the step", says=rounded <= Gamma)
near.breaks_when("half a step", says=rounded < Gamma + eta * alpha**2 / 2)
