"""Bounds on the pseudo-dimension of two-layer ReLU networks: equation (11) and Lemma 3.10 (Section 3)."""

from __future__ import annotations

from sympy import Gt, Rational, log, oo

from properties.worlds.boxes import Box
from symbolic import chain, crossover, decreasing, dominates, increasing
from symbolic.papers.generalisation import (
    RANKED,
    SIZES,
    C,
    counted,
    exact_of_one_neuron,
    full,
    full_as_read,
    low,
)
from symbolic.papers.weight_decay import m, n
from symbolic.papers.zoo import ABOVE_ZERO, FROM_ONE, r
from verify import claim

DERIVATIONS = "docs/mathematics/generalisation.md"

# -- equation (11) --------------------------------------------------------------------------------------------------

ELEVEN = f"{DERIVATIONS}#equation-11"

claim(
    "chen2024/eq-11-as-read",
    """C m n log m is at least n + 1, the pseudo-dimension of one neuron: it is not, whatever C is, since log 1 = 0.""",
    given=Box(full_as_read.domain),
    says=dominates(full_as_read.expression, exact_of_one_neuron),
    source=full_as_read.source,
    link=ELEVEN,
    about=full_as_read,
    expects="refuted",
)

claim(
    "chen2024/eq-11/two-neurons",
    """From two neurons on, and with C from 3/2 on, C m n log m is at least n + 1.""",
    given=Box({m: (2, oo), n: FROM_ONE, C: ("3/2", oo)}),
    says=dominates(full_as_read.expression, exact_of_one_neuron),
    source=full_as_read.source,
    link=ELEVEN,
    about=full_as_read,
    provenance="repaired",
    expects="proved",
).breaks_when("with C from 7/5 on", given=Box({m: (2, oo), n: FROM_ONE, C: ("7/5", oo)}))

claim(
    "chen2024/eq-11/logarithm-of-m-plus-one",
    """With log(m + 1) for log m, and C from 3 on, it is at least n + 1 for every number of neurons.""",
    given=Box({**SIZES, C: (3, oo)}),
    says=dominates(C * m * n * log(m + 1), exact_of_one_neuron),
    source=full_as_read.source,
    link=ELEVEN,
    about=full_as_read,
    provenance="repaired",
    expects="proved",
).breaks_when("with C from 14/5 on", given=Box({**SIZES, C: ("14/5", oo)}))

for x, letter in ((m, "m"), (n, "n")):
    claim(
        f"chen2024/eq-11-explicit/increasing-in-{letter}",
        f"The bound with constants rises strictly with {letter}.",
        given=Box(full.domain),
        says=increasing(full.expression, x, strictly=True),
        source=full.source,
        link=ELEVEN,
        about=full,
        expects="proved",
    ).breaks_when("it falls", says=decreasing(full.expression, x))

claim(
    "chen2024/eq-11-explicit/at-least-exact",
    """The bound with constants is at least the parameters, counted from their layer on, and these at least n + 1.""",
    given=Box(full.domain),
    says=chain(exact_of_one_neuron, 2 * m * n, counted, full.expression - 2, full.expression),
    source=full.source,
    link=ELEVEN,
    about=full,
    expects="proved",
).breaks_when("n + 3 for n + 1", says=chain(n + 3, 2 * m * n, counted, full.expression - 2, full.expression))

claim(
    "chen2024/eq-11-explicit/far-from-exact",
    """The bound with constants is at least 37, although one neuron with one input has pseudo-dimension 2.""",
    given=Box(full.domain),
    says=full.expression >= 37,
    source=full.source,
    link=ELEVEN,
    about=full,
    expects="proved",
).breaks_when("at least 38", says=full.expression >= 38)

# -- Lemma 3.10 -----------------------------------------------------------------------------------------------------

TEN = f"{DERIVATIONS}#lemma-310"

for x, letter in ((r, "r"), (m, "m"), (n, "n")):
    claim(
        f"chen2024/lemma-3.10-explicit/increasing-in-{letter}",
        f"The bound for matrices of rank r rises strictly with {letter}.",
        given=Box(low.domain),
        says=increasing(low.expression, x, strictly=True),
        source=low.source,
        link=TEN,
        about=low,
        expects="proved",
    ).breaks_when("it falls", says=decreasing(low.expression, x))

claim(
    "chen2024/lemma-3.10-explicit/no-better-without-fewer-parameters",
    """Where r (m + n) is at least m n the bound for rank r is at least the bound for every V.""",
    given=Box(RANKED),
    assuming=[r * (m + n) >= m * n],
    says=dominates(low.expression, full.expression),
    source=low.source,
    link=TEN,
    about=(low, full),
    expects="proved",
).breaks_when("half of that", assuming=[2 * r * (m + n) >= m * n])

claim(
    "chen2024/lemma-3.10-explicit/better-for-two-inputs-fails",
    """For r = 2 and n = 2 the bound for rank r is at most the bound for every V: it is larger, for every m.""",
    given=Box({m: FROM_ONE, n: (2, 2), r: (2, 2)}),
    says=dominates(full.expression, low.expression),
    source=low.source,
    link=TEN,
    about=(low, full),
    expects="refuted",
)

claim(
    "chen2024/lemma-3.10/fewer-parameters",
    """Factors of rank r have fewer entries, r (m + n), than V exactly for r below m n/(m + n).""",
    given=Box({**SIZES, r: ABOVE_ZERO}),
    says=crossover(r * (m + n), m * n, r, m * n / (m + n)),
    source=low.source,
    link=TEN,
    about=low,
    expects="proved",
).breaks_when("below half of n", says=crossover(r * (m + n), m * n, r, n / 2))

for side, letter in ((m, "m"), (n, "n")):
    claim(
        f"chen2024/lemma-3.10/rank-of-{letter}-saves-nothing",
        f"For r >= {letter} the factors have more entries than V: r (m + n) > m n, that is r/m + r/n > 1.",
        given=Box(RANKED),
        assuming=[r >= side],
        says=Gt(r / m + r / n, 1),
        source=low.source,
        link=TEN,
        about=low,
        expects="proved",
    ).breaks_when("for half of it", assuming=[2 * r >= side])

for data, width, inputs, lower, upper in (
    ("california", 8192, 8, "0.388", "0.389"),
    ("mnist", 32768, 784, "0.0047", "0.0048"),
):
    least, most = Rational(lower) * full.expression, Rational(upper) * full.expression
    claim(
        f"chen2024/lemma-3.10-explicit/{data}-ratio",
        f"With the {width} neurons and {inputs} inputs of {data}, rank two makes the bound {lower} to {upper} of it.",
        given=Box({m: (width, width), n: (inputs, inputs), r: (2, 2)}),
        says=chain(least, low.expression, most),
        source=low.source,
        link=TEN,
        about=(low, full),
        expects="proved",
    ).breaks_when("by less", says=dominates(low.expression, most))
