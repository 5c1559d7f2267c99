"""Bounds for convolutional networks, as they were found in public code: degrees, filters, ceilings, harmonic numbers.

Layers are identical: each has the same norm, parameters and constant.
"""

from __future__ import annotations

from typing import Any

from sympy import Rational, atan, ceiling, harmonic, log, oo, sqrt

from symbolic.bounds import Bound
from symbolic.papers.zoo import ABOVE_ZERO, FROM_ONE, SAMPLE, L, N, W, delta, deviation, w
from symbolic.spans import Span
from symbolic.words import word

GALANTI = "Galanti, Xu, Galanti, Poggio 2023, as coded by its authors"
LEDENT = "Ledent, Mustafa, Lei, Kloft 2021, as coded for Graf et al. 2022"
GRAF = "Graf, Zeng, Rieck, Niethammer, Kwitt 2022, On measuring excess capacity in neural networks"

# -- degrees ----------------------------------------------------------------------------------------------------------

rho = word("galanti2023:rho", "the product of the norms of the filters", nonnegative=True, latex=r"\rho")
classes = word("galanti2023:k", "the number of classes", integer=True)
degree = word("galanti2023:deg", "the largest number of inputs of a neuron, channels aside", integer=True)
scale = word("galanti2023:lam", "the norm of the inputs times the degrees, over sqrt(N)", latex=r"\lambda")

depth_factor = 1 + sqrt(2 * (L * log(2 * degree) + log(classes)))
tail = 3 * sqrt(log(2 * (rho + 2) ** 2 / delta) / (2 * N))
norm_of_filters = (rho + 1) * 2 * sqrt(2) * depth_factor * scale
"""The first term, its power of N aside."""
filters = Bound(
    "the gap by norms of filters",
    norm_of_filters / sqrt(N) + tail,
    {**SAMPLE, L: FROM_ONE, rho: Span(0, oo), classes: FROM_ONE, degree: FROM_ONE, scale: ABOVE_ZERO},
    GALANTI,
    "found",
)
filters_of_large_inputs = Bound(
    "the gap by norms of filters, of inputs that grow like the root of N",
    norm_of_filters + tail,
    filters.domain,
    GALANTI,
    "found",
)

# -- filters counted once ---------------------------------------------------------------------------------------------

complexity = word("ledent2021:R", "the complexity of the layers, with exponents 2/3", nonnegative=True)
steep = word("ledent2021:Gamma", "the largest of a layer's constants", latex=r"\Gamma")
preactivations = word(
    "ledent2021:Wbar", "the largest number of pre-activations of a layer", latex=r"\bar W", integer=True
)

ledent_part = 1536 * complexity * sqrt(log(32 * steep * N**2 + 7 * preactivations * N, 2)) * log(N) / sqrt(N)
once = Bound(
    "the gap by filters that count once",
    8 / N + ledent_part + deviation(),
    {**SAMPLE, complexity: ABOVE_ZERO, steep: ABOVE_ZERO, preactivations: FROM_ONE},
    LEDENT,
    "found",
)

# -- ceilings and harmonic numbers ------------------------------------------------------------------------------------

C = word("graf2022:C", "the constant of a layer: its distance over its norm, times everything common", nonnegative=True)

steps = L * ceiling(C ** Rational(2, 3))
"""What the bound by norms depends on C by."""
norms = Bound(
    "the Rademacher complexity by norms of layers",
    4 / N + 12 * harmonic(N - 1) / sqrt(N) * sqrt(log(2 * w)) * steps ** Rational(3, 2),
    {N: FROM_ONE, L: FROM_ONE, w: FROM_ONE, C: ABOVE_ZERO},
    GRAF,
    "found",
)


def rest(x: Any) -> Any:
    """What the entropy integral leaves beside the logarithm: increasing from 0, and below 2."""
    return 2 * x * atan(1 / x)


root = ceiling(L * C)
square = ceiling(L**2 * C**2)
parameters = Bound(
    "the Rademacher complexity by parameters of layers",
    12 / sqrt(N) * sqrt(L * (2 * W * log(1 + square) + rest(root))),
    {N: FROM_ONE, L: FROM_ONE, W: FROM_ONE, C: ABOVE_ZERO},
    GRAF,
    "found",
)

# -- further forms ----------------------------------------------------------------------------------------------------

layer_1 = word("ledent2021:r_1", "the constant of the first layer", nonnegative=True)
layer_2 = word("ledent2021:r_2", "the constant of the second layer", nonnegative=True)
two_layers = Bound(
    "the complexity of two layers, with exponents 2/3",
    (layer_1 ** Rational(2, 3) + layer_2 ** Rational(2, 3)) ** Rational(3, 2),
    {layer_1: ABOVE_ZERO, layer_2: ABOVE_ZERO},
    LEDENT,
    "found",
)
rademacher = Bound(
    "the Rademacher complexity by filters that count once",
    4 / N + ledent_part / 2,
    {N: FROM_ONE, complexity: ABOVE_ZERO, steep: ABOVE_ZERO, preactivations: FROM_ONE},
    LEDENT,
    "found",
)

union = word("ledent2021:u", "what a union bound over classes adds to log(2/delta)")
in_union = Bound(
    "the gap by filters that count once, for classes chosen after training",
    8 / N + ledent_part + 3 * sqrt((log(2 / delta) + union) / (2 * N)),
    {**once.domain, union: Span(0, oo)},
    f"{LEDENT}, with its union bound",
    "found",
)
union_without_samples = 8 / N + ledent_part + 3 * sqrt(log(2 / delta) / (2 * N) + union)
"""As it was coded once: what the union bound adds is not divided by the number of samples."""
