"""Pseudo-dimensions that are known exactly: one neuron, lines, and the waves that show what composition may do."""

from __future__ import annotations

from sympy import And, Not, Rational

from properties.worlds.boxes import Box
from properties.worlds.neurons import DependentPoints, ShatteredPoints
from symbolic.papers.shattering import SLOPES, not_shattered, part, picked, picked_the_other, r, s, wave, x, y
from verify import claim

DERIVATIONS = "docs/mathematics/generalisation.md"
NEURON = f"{DERIVATIONS}#equation-11"
COMPOSITION = f"{DERIVATIONS}#what-is-not-claimed"

# -- one neuron -------------------------------------------------------------------------------------------------------

both = Not(And(*picked.args, *picked_the_other.args), evaluate=False)

for inputs in (1, 2, 3):
    world = DependentPoints(inputs=inputs)
    above = claim(
        f"chen2024/pseudo-dimension/no-{inputs + 2}-points-for-one-neuron",
        f"""Functions u relu(v x + b) of {inputs} inputs shatter no {inputs + 2} points: with no thresholds do they pick
        both parts of a dependence of the points.""",
        given=world,
        assuming=[part >= 1],
        says=both,
        source="Radon 1921",
        link=NEURON,
    )
    above.breaks_when("sums of two", given=DependentPoints(inputs=inputs, neurons=2))
    above.breaks_when("parts of no dependence", given=DependentPoints(inputs=inputs, any_parts=True))

    claim(
        f"chen2024/pseudo-dimension/{inputs + 1}-points-for-one-neuron",
        f"""They shatter {inputs + 1} points: 0 and the unit vectors, with thresholds 0.""",
        given=ShatteredPoints(inputs=inputs),
        says=picked,
        link=NEURON,
    ).breaks_when("and the sum of the unit vectors", given=ShatteredPoints(inputs=inputs, extra=True))

# -- composition ------------------------------------------------------------------------------------------------------

HALF = Rational(1, 2)
FOUR = dict.fromkeys(SLOPES.values(), (0, 4))
HALVES = (HALF, HALF)

lines = claim(
    "chen2024/pseudo-dimension/lines-shatter-no-two-points",
    """The lines t x shatter no two points, whatever the thresholds: their pseudo-dimension is 1.""",
    given=Box({**dict.fromkeys(SLOPES.values(), (-4, 4)), x: (-2, 2), y: (-2, 2), r: (-4, 4), s: (-4, 4)}),
    says=not_shattered(lambda place: place, x, y, (r, s)),
    link=COMPOSITION,
)
lines.breaks_when("waves of lines, at 1 and 1/2", given=Box(FOUR), says=not_shattered(wave, 1, HALF, HALVES))
lines.breaks_when(
    "one point", says=Not(And(SLOPES[1, 0] * x > r, SLOPES[0, 0] * x <= r, evaluate=False), evaluate=False)
)

claim(
    "chen2024/pseudo-dimension/sub-additive-fails",
    """Composition adds no more than the pseudo-dimension of what is composed with: so waves h(t x), with 0 for h and 1
    for t x, shatter no two points. They do shatter 1 and 1/2 with thresholds 1/2.""",
    given=Box(FOUR),
    says=not_shattered(wave, 1, HALF, HALVES),
    link=COMPOSITION,
    expects="refuted",
)
