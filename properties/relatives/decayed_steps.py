"""Steps of descent with decay: Galanti, Poggio 2022 (CBMM memo 134); Galanti, Siegel, Gupte, Poggio 2025 (CPAL)."""

from __future__ import annotations

from typing import Any

from sympy import Abs, Add, And, Eq, Ne, exp, log, oo

from properties.worlds.boxes import Box
from properties.worlds.decayed_steps import DecayedSteps
from symbolic import distance_to_rank, norm, rank, reduces_to
from symbolic.papers.relatives import (
    GRADIENTS,
    RECURSION,
    SHARE,
    STEPS,
    WEIGHTS,
    accuracy,
    decay,
    drawn,
    kappa,
    kept_share,
    left,
    step_size,
    steps,
    y,
)
from symbolic.spans import Span
from verify import claim

DERIVATIONS = "docs/mathematics/relatives.md"
STEP = f"{DERIVATIONS}#one-step-with-decay"
MANY = f"{DERIVATIONS}#many-steps-with-decay"
COUNT = f"{DERIVATIONS}#how-many-steps"
MEMO = "Galanti, Poggio 2022 (CBMM memo 134), from memory"
POST = "Galanti, Siegel, Gupte, Poggio 2025 (CPAL), as the authors' post says it"
WORLD = DecayedSteps()
W_0, W_1, G_0 = WEIGHTS[0], WEIGHTS[1], GRADIENTS[0]


def same(left_side: Any, right_side: Any) -> Any:
    """The equation of two matrices or numbers, as it stands."""
    return Eq(left_side, right_side, evaluate=False)


# -- one step ---------------------------------------------------------------------------------------------------------

ONE = {key: RECURSION[key] for key in (W_1, G_0)}
MOVING = [step_size > 0, decay > 0]

step = claim(
    "galanti2022/step",
    """The weights and the gradient over 2 lambda add up to what a step takes, over 2 mu lambda.""",
    given=WORLD,
    says=same(2 * step_size * decay * W_0 + step_size * G_0, W_0 - W_1),
    where={W_1: RECURSION[W_1]},
    source=f"{MEMO} (derived)",
    link=STEP,
    provenance="derived",
    expects="proved",
)
step.breaks_when("the decay lam |W|^2/2", says=same(step_size * decay * W_0 + step_size * G_0, W_0 - W_1))
step.breaks_when("the other way", says=same(2 * step_size * decay * W_0 + step_size * G_0, W_1 - W_0))

gradient = claim(
    "galanti2022/gradient-rank",
    """The gradient of a batch has at most as large a rank as the batch has samples.""",
    given=WORLD,
    says=rank(G_0) <= drawn,
    where={G_0: RECURSION[G_0]},
    source=MEMO,
    link=STEP,
    provenance="as-read",
    expects="proved",
)
gradient.breaks_when("rank one", says=rank(G_0) <= 1)
gradient.breaks_when("one less", says=rank(G_0) <= drawn - 1)

near = claim(
    "galanti2022/distance-to-rank",
    """2 mu lambda times the distance from the weights to rank B is at most what a step moves them by.""",
    given=WORLD,
    says=2 * step_size * decay * distance_to_rank(W_0, drawn) <= norm(W_1 - W_0),
    source=MEMO,
    link=STEP,
    provenance="as-read",
)
near.breaks_when("the decay lam |W|^2/2", says=4 * step_size * decay * distance_to_rank(W_0, drawn) <= norm(W_1 - W_0))
near.breaks_when("to rank zero", says=2 * step_size * decay * norm(W_0) <= norm(W_1 - W_0))

KEPT = same(W_1, (left - kappa) * W_0)

kept = claim(
    "galanti2022/kept-direction",
    """If a step keeps the direction of the weights, and does more than decay them, they have rank B at most.""",
    given=WORLD,
    assuming=[KEPT, Ne(kappa, 0)],
    says=rank(W_0) <= drawn,
    where=ONE,
    proof=[same(kappa * W_0, step_size * G_0), rank(step_size * G_0) <= drawn, rank(kappa * W_0) <= drawn],
    source=f"{MEMO} (derived)",
    link=STEP,
    provenance="repaired",
    expects="proved",
)
kept.breaks_when("rank one", says=rank(W_0) <= 1)
kept.breaks_when("it may be the decay alone", assuming=[KEPT])
kept.breaks_when("it need not keep the direction", assuming=[Ne(kappa, 0)])

claim(
    "galanti2022/kept-direction-as-read",
    """If steps keep the direction of the weights, they have rank B at most: not where all gradients are zero.""",
    given=WORLD,
    assuming=[*MOVING, KEPT],
    says=rank(W_0) <= drawn,
    source=f"{MEMO}: convergence of weights over their norm and nothing else",
    link=STEP,
    expects="refuted",
)

# -- many steps -------------------------------------------------------------------------------------------------------

COUNTS = range(1, STEPS + 1)


def unrolled(count: int, share: Any = left, shift: int = 0) -> Any:
    """The weights after some steps: what is left of the first, and of the gradient of each step."""
    gradients = (share ** (count - 1 - s + shift) * GRADIENTS[s] for s in range(count))
    return share**count * W_0 - step_size * Add(*gradients)


def law(*told: Any) -> Any:
    """The sentence that the weights after every number of steps are what ``unrolled`` says."""
    return And(*(same(WEIGHTS[count], unrolled(count, *told)) for count in COUNTS))


LAW = {WEIGHTS[count]: RECURSION[WEIGHTS[count]] for count in COUNTS}

several = claim(
    "galanti2025/unrolled",
    """After n steps W is (1 - 2 mu lambda)**n W_0 less the gradients, each decayed by the steps after it.""",
    given=WORLD,
    says=law(),
    where=LAW,
    source=POST,
    link=MANY,
    provenance="printed",
    expects="proved",
)
several.breaks_when("every gradient is decayed once more", says=law(left, 1))
several.breaks_when("the decay lam |W|^2/2", says=law(1 - step_size * decay))
several.breaks_when("gradients do not decay", says=same(WEIGHTS[2], left**2 * W_0 - step_size * (GRADIENTS[0] + G_0)))

increments = claim(
    "galanti2025/rank-of-increments",
    """What one step adds to the decayed weights has rank at most B, and what two steps add 2 B.""",
    given=WORLD,
    says=And(*(rank(WEIGHTS[n] - left**n * W_0) <= n * drawn for n in (1, 2))),
    where=RECURSION,
    source=POST,
    link=MANY,
    provenance="printed",
    expects="proved",
)
increments.breaks_when("rank B", says=And(*(rank(WEIGHTS[n] - left**n * W_0) <= drawn for n in (1, 2))))
increments.breaks_when("the weights themselves", says=And(*(rank(WEIGHTS[n]) <= n * drawn for n in (1, 2))))


def within(share: Any, of_rank: Any) -> Any:
    """The sentence that after one and two steps the distance to a rank is at most a share of the first norm."""
    return And(*(distance_to_rank(WEIGHTS[n], of_rank(n)) <= share**n * norm(W_0) for n in (1, 2)))


distance = claim(
    "galanti2025/distance-to-rank",
    """After n = 1, 2 steps W is within (1 - 2 mu lambda)**n |W_0| of rank n B, if 2 mu lambda is at most 1.""",
    given=WORLD,
    assuming=[2 * step_size * decay <= 1],
    says=within(left, lambda n: n * drawn),
    source=POST,
    link=MANY,
    provenance="printed",
)
distance.breaks_when("any 2 mu lambda", assuming=[])
distance.breaks_when("of rank B", says=within(left, lambda n: drawn))
distance.breaks_when("twice the decay", says=within(Abs(1 - 4 * step_size * decay), lambda n: n * drawn))

# -- how many steps ---------------------------------------------------------------------------------------------------

NUMBERS = {y: SHARE, accuracy: SHARE}
exact = log(1 / accuracy) / y

enough = claim(
    "galanti2025/steps-that-are-enough",
    """What one step leaves is at most exp(-2 mu lambda): n steps leave exp(-2 mu lambda n) at most.""",
    given=Box({kept_share: SHARE}),
    says=log(kept_share) <= kept_share - 1,
    source=f"{POST} (derived)",
    link=COUNT,
    provenance="derived",
    expects="proved",
)
enough.breaks_when("exp(-4 mu lambda)", says=log(kept_share) <= 2 * (kept_share - 1))

claim(
    "galanti2025/accuracy-after-so-many",
    """exp(-2 mu lambda n) is eps at n = log(1/eps)/(2 mu lambda).""",
    given=Box({**NUMBERS, steps: Span(0, oo)}),
    says=reduces_to(exp(-y * steps), {steps: exact}, accuracy),
    source=f"{POST} (derived)",
    link=COUNT,
    provenance="derived",
    expects="proved",
).breaks_when("at twice as many", says=reduces_to(exp(-y * steps), {steps: 2 * exact}, accuracy))

needed = claim(
    "galanti2025/steps-that-are-needed",
    """It is at least exp(-2 mu lambda/(1 - 2 mu lambda)): where steps are small, hardly fewer will do.""",
    given=Box({kept_share: SHARE}),
    says=log(1 / kept_share) <= 1 / kept_share - 1,
    source=f"{POST} (derived)",
    link=COUNT,
    provenance="derived",
    expects="proved",
)
needed.breaks_when("at least exp(-2 mu lambda)", says=log(1 / kept_share) <= 1 - kept_share)

claim(
    "galanti2025/effective-rank-as-read",
    """Before log(1/eps)/(mu lambda) steps (1 - 2 mu lambda)**n is above eps: it is below it after half of them.""",
    given=Box({**NUMBERS, steps: Span(0, oo)}),
    assuming=[y * steps <= 2 * log(1 / accuracy)],
    says=(1 - y) ** steps >= accuracy,
    source=f"{POST}, whose rank B log(1/eps)/(mu lambda) is enough, read as what is needed",
    link=COUNT,
    expects="refuted",
)
