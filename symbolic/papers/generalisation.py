"""The generalisation chain of "Weight decay induces low-rank bias" (Chen, Yi, Yang 2024), Section 3.

From covering numbers and pseudo-dimension (Anthony, Bartlett 1999) to networks ``phi(x) = u relu(V x + b)`` with m
neurons and n inputs whose outputs and labels are at most L in magnitude; V may have rank at most r. Loss is the square.
The rates of the paper are our reading of it, those of Anthony and Bartlett are from memory, and all explicit constants
are derived in docs/mathematics/generalisation.md.
"""

from __future__ import annotations

from typing import Any

from sympy import E, ceiling, exp, floor, log, oo, sqrt

from symbolic.bounds import Bound
from symbolic.papers.vc import binary, d, eps
from symbolic.papers.weight_decay import REFERENCE, N, m, n
from symbolic.papers.zoo import ABOVE_ZERO, FROM_ONE, PROBABILITY, delta, r
from symbolic.spans import Span
from symbolic.words import word

CONVERGENCE = "Anthony, Bartlett 1999, Neural Network Learning, Theorem 17.1"
COVERING = "Anthony, Bartlett 1999, Neural Network Learning, Theorem 18.4 (Haussler)"

C = word("chen2024:C", "a constant that is not given")
L = word("chen2024:L", "the largest magnitude of an output or a label")
out = word("chen2024:U", "the norm of u", nonnegative=True)
reach = word("chen2024:R", "the largest norm of an input", nonnegative=True)
apart = word("chen2024:dist", "the distance from V to the matrix of low rank", nonnegative=True, latex="t")
alpha = word("anthony1999:alpha", "the radius of the balls of a cover", latex=r"\alpha")
covering = word("anthony1999:N_1", "a covering number of the class", integer=True)
reached = word("anthony1999:a", "the length of the interval that a class takes its values in")

FROM_ZERO = Span(0, oo)
RADIUS = Span(0, 1, open_low=True)
SAMPLE = {N: FROM_ONE, delta: PROBABILITY}
SIZES = {m: FROM_ONE, n: FROM_ONE}
RANKED = {**SIZES, r: FROM_ONE}

# -- Anthony and Bartlett -------------------------------------------------------------------------------------------

convergence = Bound(
    "the probability of a deviation, by a covering number",
    4 * covering * exp(-(eps**2) * N / 32),
    {N: FROM_ONE, eps: Span(0, 1, open_low=True), covering: FROM_ONE},
    CONVERGENCE,
    "memory",
)
haussler = Bound(
    "the covering number, by pseudo-dimension",
    E * (d + 1) * (2 * E / alpha) ** d,
    {d: FROM_ZERO, alpha: RADIUS},
    COVERING,
    "memory",
)
one_dimension = haussler.expression.xreplace({d: 1})
steps_cover = ceiling((N + 1) / (floor(2 * N * alpha) + 1))
"""The exact covering number of the steps 1[x >= t], of pseudo-dimension 1, over N points."""
constants_cover = ceiling(reached / (2 * alpha))
"""The exact covering number of the constants in [0, a], of pseudo-dimension 1."""

# -- Proposition 3.6 ------------------------------------------------------------------------------------------------


def deviation(dimension: Any) -> Any:
    """What the mean of a loss in [0, 1] deviates from its expectation at most, over a class of a pseudo-dimension."""
    return sqrt(32 * (log(4 * E * (dimension + 1) / delta) + dimension * log(10 * sqrt(N))) / N)


def rate(capacity: Any) -> Any:
    """The same without its constants: ``capacity`` stands before log N."""
    return sqrt((capacity * log(N) + log(1 / delta)) / N)


uniform = Bound(
    "the deviation by pseudo-dimension, with constants",
    deviation(d),
    {**SAMPLE, d: FROM_ZERO},
    f"{REFERENCE}, Proposition 3.6",
    "derived",
)
uniform_as_read = Bound(
    "the deviation by pseudo-dimension, as read",
    C * rate(d),
    {**SAMPLE, d: FROM_ZERO, C: ABOVE_ZERO},
    f"{REFERENCE}, Proposition 3.6",
    "as read",
)

# -- pseudo-dimension -----------------------------------------------------------------------------------------------


def per_parameter(weighted: Any) -> Any:
    """What a parameter, counted in each layer from its own on, adds to a pseudo-dimension, over ``weighted`` units."""
    return binary(4 * E * weighted * binary(2 * E * weighted))


counted, counted_of_rank = 2 * m * n + 3 * m, 2 * r * (m + n) + 3 * m
"""The parameters, counted in each layer from their own on."""

full = Bound(
    "the pseudo-dimension of NN(m, n)",
    2 + counted * per_parameter(m + 2),
    SIZES,
    f"{REFERENCE}, equation (11), with constants",
    "derived",
)
full_as_read = Bound(
    "the pseudo-dimension of NN(m, n), as read",
    C * m * n * log(m),
    {**SIZES, C: ABOVE_ZERO},
    f"{REFERENCE}, equation (11)",
    "as read",
)
low = Bound(
    "the pseudo-dimension of NN_r(m, n)",
    2 + counted_of_rank * per_parameter(2 * m + 3),
    RANKED,
    f"{REFERENCE}, Lemma 3.10, with constants",
    "derived",
)
exact_of_one_neuron = n + 1
"""The pseudo-dimension of NN(1, n), which is in NN(m, n) for every m."""

# -- two-layer networks ---------------------------------------------------------------------------------------------

BOUNDED = {**SAMPLE, L: ABOVE_ZERO}

two_layer = Bound(
    "the gap of NN(m, n), with constants",
    4 * L**2 * deviation(full.expression),
    {**BOUNDED, **SIZES},
    f"{REFERENCE}, Corollary 3.9",
    "derived",
)
of_rank = Bound(
    "the gap of NN_r(m, n), with constants",
    4 * L**2 * deviation(low.expression),
    {**BOUNDED, **RANKED},
    f"{REFERENCE}, Theorem 3.11",
    "derived",
)
two_layer_as_read = Bound(
    "the gap of NN(m, n), as read",
    C * L**2 * rate(m * n * log(m)),
    {**BOUNDED, **SIZES, C: ABOVE_ZERO},
    f"{REFERENCE}, Corollary 3.9",
    "as read",
)
of_rank_as_read = Bound(
    "the gap of networks whose V has rank two, as read",
    C * L**2 * rate((m + n) * log(m)),
    {**BOUNDED, **SIZES, C: ABOVE_ZERO},
    f"{REFERENCE}, Theorem 3.11",
    "as read",
)

# -- V near a matrix of low rank ------------------------------------------------------------------------------------

NEAR = {**of_rank.domain, out: FROM_ZERO, reach: FROM_ZERO, apart: FROM_ZERO}
moved = out * reach * apart
"""How far an output moves at most when V is replaced by the matrix of low rank."""

near_rank = Bound(
    "the gap where V is near a matrix of rank r, both networks bounded by L",
    of_rank.expression + 8 * L * moved,
    NEAR,
    f"{REFERENCE}, Theorem 3.11 under Assumption 2.5",
    "derived",
)
near_any = Bound(
    "the gap where V is near a matrix of rank r, the network of V bounded by L",
    4 * (L + moved) ** 2 * deviation(low.expression) + 2 * moved * (4 * L + moved),
    NEAR,
    f"{REFERENCE}, Theorem 3.11 under Assumption 2.5",
    "derived",
)

# -- what Section 3 rests on, and what it is compared with ------------------------------------------------------------

layers = word("chen2024:depth", "the number of layers of a network", integer=True)
parameters = word("chen2024:P", "the number of parameters of a network", integer=True)
units = word("chen2024:K", "the number of ReLU units of a network", integer=True)
any_network = Bound(
    "the pseudo-dimension of a ReLU network, as read",
    C * layers * parameters * log(units),
    {layers: FROM_ONE, parameters: FROM_ONE, units: FROM_ONE, C: ABOVE_ZERO},
    f"{REFERENCE}, Theorem 3.8",
    "as read",
)
low_as_read = Bound(
    "the pseudo-dimension of NN_r(m, n), as read",
    C * r * (m + n) * log(m),
    {**RANKED, C: ABOVE_ZERO},
    f"{REFERENCE}, Lemma 3.10",
    "as read",
)
composed_as_read = Bound(
    "the pseudo-dimension of NN_r(m, n) if composition added pseudo-dimensions",
    C * m * r * log(m) + r * n,
    {**RANKED, C: ABOVE_ZERO},
    f"{REFERENCE}, Lemma 3.10, read as sub-additivity",
    "as read",
)
with_linear_layer = Bound(
    "the pseudo-dimension of NN_r(m, n), its factors as two layers",
    3 + (3 * r * n + 2 * r * m + 3 * m) * per_parameter(r + 2 * m + 3),
    RANKED,
    f"{REFERENCE}, Theorem 3.8 with a linear first layer",
    "derived",
)
pieces = word("park2022:P", "the number of pieces of a piecewise strongly convex loss", integer=True)
by_pieces = Bound(
    "the gap by pieces of strong convexity",
    C * sqrt(log(N) * log(N * pieces) / N),
    {N: FROM_ONE, pieces: FROM_ONE, C: ABOVE_ZERO},
    "Park, Simsekli, Erdogdu 2022 (arXiv:2209.08951)",
    "found",
    dominant=True,
)
