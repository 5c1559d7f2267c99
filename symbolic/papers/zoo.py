"""Words and spans that the bounds of several papers share, so that bounds can be compared.

``W`` counts parameters and ``w`` is the largest side of a weight matrix; ``S`` and ``F`` are products of spectral and
of Frobenius norms over all layers. A product of other things has a word of its own in the module of its paper.
"""

from __future__ import annotations

from typing import Any

from sympy import log, oo, sqrt

from symbolic.spans import Span
from symbolic.words import word

FROM_ONE = Span(1, oo)
ABOVE_ZERO = Span(0, oo, open_low=True)
PROBABILITY = Span(0, 1, open_low=True, open_high=True)

N = word("zoo:N", "the number of samples", integer=True)
delta = word("zoo:delta", "the probability that the bound fails", latex=r"\delta")
L = word("zoo:L", "the number of weight layers", integer=True)
W = word("zoo:W", "the number of parameters", integer=True)
w = word("zoo:w", "the largest side of a weight matrix", integer=True)
h = word("zoo:h", "the width of the layers", integer=True)
r = word("zoo:r", "the largest rank of a weight matrix, or stable rank")
B = word("zoo:B", "a bound on the norm of an input", nonnegative=True)
S = word("zoo:S", "the product of the spectral norms of all layers", nonnegative=True)
F = word("zoo:F", "the product of the Frobenius norms of all layers", nonnegative=True)
gamma = word("zoo:gamma", "the margin", latex=r"\gamma")

SAMPLE = {N: FROM_ONE, delta: PROBABILITY}
"""The domain of what every high-probability bound has."""


def deviation() -> Any:
    """What a loss in [0, 1] deviates from its mean beyond twice an empirical Rademacher complexity."""
    return 3 * sqrt(log(2 / delta) / (2 * N))
