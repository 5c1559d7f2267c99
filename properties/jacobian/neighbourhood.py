"""Rademacher complexities of networks near a start, and of the terms that they are sums of."""

from __future__ import annotations

from sympy import Add, And, Eq, oo, sqrt

from properties.worlds.boxes import Box
from properties.worlds.neighbourhoods import Neighbourhoods
from symbolic.papers.rademacher import (
    M_V,
    M_W,
    PARTS,
    R_W,
    B,
    E,
    R_near,
    bounds,
    inner,
    inner_lines,
    inner_squared,
    inner_terms,
    inputs,
    nu,
    printed,
    width,
)
from verify import claim
from verify.worlds import Size

DERIVATIONS = "docs/mathematics/rademacher.md"
NEAR = f"{DERIVATIONS}#networks-near-a-start"
PAPER = "Oymak, Fabian, Li, Soltanolkotabi 2019 (arXiv:1906.05392), Lemma 6.17"
WORLD = Neighbourhoods()
ON_AXES = Neighbourhoods(classes=Size(1, 1), inputs_on="axes")

# -- the whole (J24) --------------------------------------------------------------------------------------------------

claim(
    "oymak2019/J24-complexity-printed",
    """Near a start R_S is at most nu B ((M_W + E M_V)/sqrt(N) + (R**2 + M_W M_V)/sqrt(m)).""",
    given=WORLD,
    assuming=[B > 0],
    says=R_near <= printed,
    source=f"{PAPER} (whose last step multiplies E M_V by B)",
    link=NEAR,
    expects="refuted",
)

whole = claim(
    "oymak2019/J24-complexity",
    """Near a start R_S is at most nu ((B M_W + E M_V)/sqrt(N) + B (R**2/2 + M_W M_V)/sqrt(m)).""",
    given=WORLD,
    says=R_near <= Add(*bounds),
    source=PAPER,
    link=NEAR,
    provenance="repaired",
    relies_on=["oymak2019/J24-parts"],
)
linear, bent, outer, mixed = bounds
whole.breaks_when("1/N", says=R_near <= linear / sqrt(inputs) + bent + outer + mixed)
whole.breaks_when("without nu", says=R_near <= Add(*(term / nu for term in bounds)))

sharper = claim(
    "oymak2019/J24-complexity-printed-where-it-holds",
    """Where B >= 1 the printed bound follows from the repaired one.""",
    given=Box(dict.fromkeys((nu, B, E, M_W, R_W, M_V), (0, oo)) | {inputs: (1, oo), width: (1, oo)}),
    assuming=[B >= 1],
    says=Add(*bounds) <= printed,
    source="derived",
    link=NEAR,
    expects="proved",
)
sharper.breaks_when("any B", assuming=[])

# -- the terms (J24) --------------------------------------------------------------------------------------------------

terms = claim(
    "oymak2019/J24-parts",
    """R_S is at most the sum of the complexities of the four terms, each of which is at most its part of the bound.""",
    given=WORLD,
    says=And(R_near <= Add(*PARTS), *(part <= bound for part, bound in zip(PARTS, bounds, strict=True))),
    source=f"{PAPER} (steps of the proof)",
    link=NEAR,
    provenance="repaired",
)
terms.breaks_when("the linear terms alone", says=R_near <= PARTS[0] + PARTS[2])
terms.breaks_when("the first with 1/N", says=sqrt(inputs) * PARTS[0] <= linear)
terms.breaks_when("a sixteenth of the second", says=16 * PARTS[1] <= bent)
terms.breaks_when("the third with B", says=PARTS[2] <= B * outer)
terms.breaks_when("a quarter of the fourth", says=4 * PARTS[3] <= mixed)

moment = claim(
    "oymak2019/J24-signs-are-uncorrelated",
    """The mean square of a sum with random signs is the sum of the squares.""",
    given=WORLD,
    says=Eq(inner_squared, inner_terms, evaluate=False),
    source=f"{PAPER} (a step of the proof)",
    link=NEAR,
)
moment.breaks_when("inputs of any length", says=Eq(inner_squared, inner_lines, evaluate=False))
moment.breaks_when("the square of the mean", says=Eq(inner**2, inner_terms, evaluate=False))

sharp = claim(
    "oymak2019/J24-linear-term-is-sharp",
    """With one class and orthonormal inputs that sum has one length for all signs: no mean of squares is needed.""",
    given=ON_AXES,
    says=Eq(inner**2, inner_terms, evaluate=False),
    source="derived",
    link=NEAR,
)
sharp.breaks_when("two classes", given=Neighbourhoods(classes=Size(2, 2), inputs_on="axes"))
sharp.breaks_when("any inputs", given=Neighbourhoods(classes=Size(1, 1)))
