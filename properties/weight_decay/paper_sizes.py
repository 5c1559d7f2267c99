"""What the bounds of Section 3 say at the sizes of the paper's own experiments (Section 4): nothing.

Outputs and labels of magnitude at most L have squared losses up to 4 L**2, so a gap from there on is no bound.
"""

from __future__ import annotations

from sympy import Rational, log, oo, sqrt

from properties.worlds.boxes import Box
from symbolic.papers.generalisation import (
    L,
    deviation,
    full,
    low,
    of_rank,
    of_rank_as_read,
    two_layer,
    two_layer_as_read,
    uniform,
)
from symbolic.papers.weight_decay import N, m, n
from symbolic.papers.zoo import delta, r
from symbolic.spans import Span
from verify import claim

DERIVATIONS = "docs/mathematics/generalisation.md#the-papers-own-sizes"
TWENTIETH = Rational(1, 20)
UNSURE, SURE = Span(TWENTIETH, 1, open_high=True), Span(0, TWENTIETH, open_low=True)
FIRST = 3
"""The rates fall with the sample from here on."""

CALIFORNIA, DIGITS = ("california", 8192, 8, 1800), ("mnist", 32768, 784, 9000)
"""The name of a data set, the width, the number of inputs, and the number of samples that are trained on."""

# -- the rates, with C = L = 1 and no more than their capacity ------------------------------------------------------

FULL = ("cor-3.9-as-read", two_layer_as_read, m * n)
RANK_TWO = ("thm-3.11-as-read", of_rank_as_read, m + n)

for (data, width, inputs, samples), (name, bound, count), tenths in (
    (CALIFORNIA, FULL, 495),
    (CALIFORNIA, RANK_TWO, 175),
    (DIGITS, FULL, 5198),
    (DIGITS, RANK_TWO, 187),
):
    capacity = sqrt(count * log(m) * log(N) / N)
    lower, upper = Rational(tenths, 10), Rational(tenths + 1, 10)
    claim(
        f"chen2024/{name}/{data}-above",
        f"Up to N = {samples}, from the width and inputs of {data} on, the rate with C = L = 1 is above {lower}, and no"
        f" gap is above 4.",
        given=Box({m: (width, oo), n: (inputs, oo), N: (FIRST, samples)}),
        says=capacity > lower,
        source=bound.source,
        link=DERIVATIONS,
        about=bound,
        expects="proved",
    ).breaks_when("a tenth more", says=capacity > upper)
    claim(
        f"chen2024/{name}/{data}-below",
        f"From {samples} samples on and up to the width and inputs of {data} it is below {upper}.",
        given=Box({m: (1, width), n: (1, inputs), N: (samples, oo)}),
        says=capacity < upper,
        source=bound.source,
        link=DERIVATIONS,
        about=bound,
        expects="proved",
    ).breaks_when("a tenth less", says=capacity < lower)

# -- with constants -------------------------------------------------------------------------------------------------

for (data, width, inputs, samples), (name, bound, dimension), needed in (
    (CALIFORNIA, ("cor-3.9-explicit", two_layer, full), 1_299_573_068),
    (CALIFORNIA, ("thm-3.11-explicit", of_rank, low), 485_246_925),
    (DIGITS, ("cor-3.9-explicit", two_layer, full), 589_370_483_169),
    (DIGITS, ("thm-3.11-explicit", of_rank, low), 2_301_584_112),
):
    gap = deviation(dimension.expression)
    ranked = dimension is low
    larger, smaller = ({r: (2, oo)}, {r: (1, 2)}) if ranked else ({}, {})
    same = {m: (width, width), n: (inputs, inputs), delta: (TWENTIETH, TWENTIETH), **({r: (2, 2)} if ranked else {})}
    claim(
        f"chen2024/{name}/{data}-says-nothing",
        f"From the sizes of {data} on the gap is above 4 L^2 up to N = {needed - 1}; the data set has N = {samples}.",
        given=Box({**bound.domain, m: (width, oo), n: (inputs, oo), N: (1, needed - 1), delta: SURE, **larger}),
        says=bound.expression > 4 * L**2,
        source=bound.source,
        link=DERIVATIONS,
        about=bound,
        expects="proved",
    ).breaks_when("one sample more", given=Box({**bound.domain, **same, N: (1, needed)}))
    claim(
        f"chen2024/{name}/{data}-says-something-from",
        f"The deviation is at most 1 from N = {needed} on, up to the sizes of {data}.",
        given=Box({m: (1, width), n: (1, inputs), N: (needed, oo), delta: UNSURE, **smaller}),
        says=gap <= 1,
        source=bound.source,
        link=DERIVATIONS,
        about=(dimension, uniform),
        expects="proved",
    ).breaks_when("one sample fewer", given=Box({**same, N: (needed - 1, oo)}))
