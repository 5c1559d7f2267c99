"""Bounds for rank-sparse networks whose layers differ, and the variants of the derived bound.

Numbers of their own for a symbolic number of layers are not expressions of the calculus; what follows a formula in the
place of a layer is in ``symbolic/papers/many_layers.py``. So layers that differ are two here, each with spectral norm
``s_k``, index ``p_k``, and ``x_k``, its soft rank times its added widths; three where only the counts ``x_k`` matter.
Where loss augmentation is meant, the second layer receives ``B_2`` at most, or the share ``beta`` of the product of all
that comes before it. The variants with references, with indices chosen afterwards and for convolutions are written for
L equal layers, as in ``symbolic/papers/rank_sparse.py``. Derivations are in docs/mathematics/rank_sparse.md.
"""

from __future__ import annotations

from typing import Any

from sympy import E, Max, Min, ceiling, log, oo, sqrt

from symbolic.bounds import Bound
from symbolic.papers.rank_sparse import (
    CODE,
    DERIVED,
    LAYER,
    REFERENCE,
    SIZES,
    Gam,
    W,
    assembled,
    b,
    gap,
    r,
    rho,
    term,
    wbar,
)
from symbolic.papers.schatten import BELOW_TWO, UP_TO_TWO, p
from symbolic.papers.zoo import ABOVE_ZERO, FROM_ONE, SAMPLE, L, N, delta
from symbolic.spans import Span
from symbolic.words import word

SAKAI = "Sakai, Imaizumi 2026 (arXiv:2605.07297), the contribution of a matrix as coded by its authors"

LAYERS = (1, 2)
ORDINALS = ("first", "second")
SHARE = Span(0, 1, open_low=True)


def _of_layers(letter: str, meaning: str, latex: str, places: tuple[str, ...] = ORDINALS) -> tuple[Any, ...]:
    return tuple(
        word(f"ledent2025:{letter}_{k}", f"{meaning} the {place} layer", latex=f"{latex}_{k}")
        for k, place in enumerate(places, 1)
    )


s_1, s_2 = _of_layers("s", "a bound on the spectral norm of", "s")
x_1, x_2, x_3 = _of_layers("x", "the soft rank times the added widths of", "x", (*ORDINALS, "third"))
W_1, W_2 = _of_layers("W", "what the largest deviation costs of the outputs of", "W")
p_1, p_2 = _of_layers("p", "the index of the Schatten quasi-norm of", "p")
S_1, S_2 = _of_layers("S", "a bound on the power sum of the singular values, times the added widths, of", "S")
B_2 = word("ledent2025:B_2", "the largest norm of what the second layer receives from the sample")
beta = word("ledent2025:beta", "that norm over the product of all before the second layer", latex=r"\beta")

SPECTRAL, COUNTS, COSTS, INDICES = (s_1, s_2), (x_1, x_2), (W_1, W_2), (p_1, p_2)

# -- the main form ----------------------------------------------------------------------------------------------------

before_two = b * s_1 * rho
through = before_two * s_2
"""The norm of an input, and all norms and Lipschitz constants."""

TOGETHER = dict.fromkeys((b, s_1, rho, s_2), ABOVE_ZERO)
EACH = dict.fromkeys(COUNTS, ABOVE_ZERO)
FORMS = {N: FROM_ONE, **TOGETHER, **EACH, **dict.fromkeys(COSTS, ABOVE_ZERO), **dict.fromkeys(INDICES, UP_TO_TWO)}


def main(*scales: Any) -> Any:
    """The main form for two layers, with the product of norms in each summand."""
    own = zip(scales, COUNTS, COSTS, INDICES, strict=True)
    summands = (
        scale ** (2 * index / (index + 2)) * count ** (2 / (index + 2)) * cost ** (index / (index + 2))
        for scale, count, cost, index in own
    )
    return sqrt(2 / N) * sqrt(sum(summands))


two_layers = Bound("the main form for two layers", main(through, through), FORMS, CODE, "found", dominant=True)

augmented_code = f"{REFERENCE}, Theorem 3.7, its dominant term as coded by others"
augmented_layers = Bound(
    "the main form for two layers with loss augmentation",
    main(through, B_2 * s_2),
    {**FORMS, B_2: ABOVE_ZERO},
    augmented_code,
    "found",
    dominant=True,
)
by_share = Bound(
    "the main form for two layers with loss augmentation, by the share of the largest norm",
    main(through, beta * through),
    {**FORMS, beta: SHARE},
    augmented_code,
    "found",
    dominant=True,
)

channels = word("ledent2025:U", "the number of output channels of a convolution", integer=True)
patch = word("ledent2025:d", "the number of entries of a patch", integer=True)
positions = word("ledent2025:o", "the number of positions of a convolution", integer=True)

convolution = Bound(
    "the summand of a convolution in the main form",
    term(Gam).xreplace({wbar: channels + patch, W: channels * positions}),
    {Gam: ABOVE_ZERO, r: ABOVE_ZERO, channels: FROM_ONE, patch: FROM_ONE, positions: FROM_ONE, p: UP_TO_TWO},
    CODE,
    "found",
    dominant=True,
)

# -- the form of the follow-up ----------------------------------------------------------------------------------------

power_sum = word("sakai2026:S", "the sum of the p-th powers of the singular values of a matrix")
scale = word("sakai2026:c", "the Lipschitz constant before a matrix, times the depth")
hidden = word("sakai2026:n", "the hidden width", integer=True)

contribution = Bound(
    "the contribution of a matrix to the bound for transformers",
    power_sum ** (1 / (p + 2)) * scale ** (p / (p + 2)) * hidden ** ((p + 1) / (p + 2)) / sqrt(N),
    {N: FROM_ONE, power_sum: ABOVE_ZERO, scale: ABOVE_ZERO, hidden: FROM_ONE, p: UP_TO_TWO},
    SAKAI,
    "found",
    dominant=True,
)

candidates = Bound(
    "the number of indices that are tried, {0, 1/m, ..., 2} with m = ceiling(L + log N)",
    2 * ceiling(L + log(N)) + 1,
    {N: FROM_ONE, L: FROM_ONE},
    SAKAI,
    "found",
)
fineness = word("sakai2026:m", "how many indices are tried from 0 to 1", integer=True)

# -- the derived bound for two layers ---------------------------------------------------------------------------------


def counted(scales: tuple[Any, ...], indices: tuple[Any, ...] = INDICES, counts: tuple[Any, ...] = COUNTS) -> Any:
    """The complexity of two layers, the sum of (4 scale)**p r wbar."""
    parts = zip(scales, indices, counts, strict=True)
    return sum((4 * scale) ** index * count for scale, index, count in parts)


longest = 2 / (2 - Max(p_1, p_2))
"""2/(2 - p) for the largest index."""


def _derived(name: str, expression: Any, domain: dict[Any, Any]) -> Bound:
    return Bound(name, expression, domain, DERIVED, "derived")


PAIR = {**SAMPLE, Gam: ABOVE_ZERO, **EACH, **dict.fromkeys(INDICES, BELOW_TWO)}
NORMED = {**SAMPLE, **TOGETHER, **EACH, **dict.fromkeys(INDICES, BELOW_TWO)}

different = _derived("the derived bound for two layers", assembled(longest, counted((Gam, Gam)), 16 * Gam * N), PAIR)
different_in_full = _derived(
    "the derived bound for two layers and a loss of slope 1, by norms",
    different.expression.xreplace({Gam: through}),
    NORMED,
)
different_by_powers = _derived(
    "the derived bound for two layers and a loss of slope 1, by powers of singular values",
    assembled(longest, counted((b * rho * s_2, before_two), counts=(S_1, S_2)), 16 * through * N),
    {**SAMPLE, **TOGETHER, S_1: ABOVE_ZERO, S_2: ABOVE_ZERO, **dict.fromkeys(INDICES, BELOW_TWO)},
)
received = _derived(
    "the derived bound for two layers, the second of which receives a share of the largest norm",
    assembled(longest, counted((Gam, beta * Gam)), 16 * Gam * N),
    {**PAIR, beta: SHARE},
)
ranks_alone = _derived(
    "the derived bound for two layers at p = 0",
    assembled(1 - 1 / N, x_1 + x_2, 16 * Gam * N),
    {**SAMPLE, Gam: ABOVE_ZERO, **EACH},
)

# -- radii of their own -----------------------------------------------------------------------------------------------

X = (x_1, x_2, x_3)


def roots(index: Any) -> tuple[Any, ...]:
    """The powers 1/(p + 1) of the counts of three layers; their radii are in this proportion."""
    return tuple(x ** (1 / (index + 1)) for x in X)


def split(index: Any) -> Any:
    """What the counts cost with the best radii."""
    return sum(roots(index)) ** (index + 1)


def smallest(index: Any) -> Any:
    """The smallest of the three shares of the radius."""
    return Min(*roots(index)) / sum(roots(index))


BY_COUNTS = {**SAMPLE, Gam: ABOVE_ZERO, **dict.fromkeys(X, ABOVE_ZERO), p: BELOW_TWO}
evenly = _derived(
    "the derived bound for three layers of one index, by their counts",
    assembled(2 / (2 - p), 3**p * (2 * Gam) ** p * sum(X), 24 * Gam * N),
    BY_COUNTS,
)
allocated = _derived(
    "the derived bound for three layers of one index, with the best radii",
    assembled(2 / (2 - p), (2 * Gam) ** p * split(p), 8 * Gam * N / smallest(p)),
    BY_COUNTS,
)

# -- references -------------------------------------------------------------------------------------------------------

farthest = word("ledent2025:t", "a layer's largest distance from its reference, over its largest spectral norm")
around_references = _derived(
    "the derived bound around references",
    assembled(2 / (2 - p), L * (4 * L * Gam) ** p * r * wbar, 16 * L * Gam * N * farthest),
    {**SIZES, r: Span(0, oo), farthest: ABOVE_ZERO, p: BELOW_TWO},
)

# -- norms and indices chosen afterwards ------------------------------------------------------------------------------

spectral = word("ledent2025:a", "the logarithm of the spectral norm of a layer to the base 1 + 1/L")
exponent = word("ledent2025:j", "the magnitude of the exponent that the norm of a layer is rounded up to", integer=True)
rounded = word("ledent2025:R", "the soft rank of a layer, rounded up", integer=True)
least_side = word("ledent2025:n", "the smaller width on both sides of a layer", integer=True)

norm, rounded_norm = (1 + 1 / L) ** spectral, (1 + 1 / L) ** ceiling(spectral)
"""The spectral norm, and the least power of 1 + 1/L that is not below it."""

choices = L * (log(3 * (2 * fineness + 1) * least_side) + 2 * log(1 + exponent))
"""What the choice of an index, a rank and a norm costs, for all layers."""

afterwards = _derived(
    "the derived bound with norms and indices chosen after training",
    8 / N
    + 24 / sqrt(N) * (2 / (2 - p)) * sqrt(log(1 + 8 * L * E * Gam * N) * L * (2 * L * E * Gam) ** p * rounded * wbar)
    + 3 * sqrt((log(2 / delta) + choices) / (2 * N)),
    {
        **SAMPLE, L: FROM_ONE, Gam: ABOVE_ZERO, rounded: FROM_ONE, wbar: Span(2, oo), fineness: FROM_ONE,
        least_side: FROM_ONE, exponent: Span(0, oo), p: BELOW_TWO,
    },
)  # fmt: skip

# -- convolutions -----------------------------------------------------------------------------------------------------

overlap = word("ledent2025:kappa", "the largest number of patches with one coordinate", integer=True, latex=r"\kappa")
convolutional = _derived(
    "the derived bound for convolutions",
    gap(2 / (2 - p), Gam * sqrt(overlap)).xreplace({wbar: channels + patch}),
    {**SAMPLE, L: FROM_ONE, Gam: ABOVE_ZERO, r: ABOVE_ZERO, overlap: FROM_ONE, channels: FROM_ONE, patch: FROM_ONE,
     p: BELOW_TWO},
)  # fmt: skip

# -- one layer --------------------------------------------------------------------------------------------------------

frobenius = word("ledent2025:F", "the Lipschitz constant of the loss, the norm of an input, and the Frobenius norm")
outputs = word("ledent2025:C", "the number of outputs", integer=True)


def by_frobenius(inside: Any) -> Any:
    """The gap of a linear layer by its Frobenius norm, with what the logarithm of its cover holds."""
    return assembled(144 * frobenius * log(N) / 24, 1, inside - 1)


ONE_LAYER = {**SAMPLE, frobenius: ABOVE_ZERO, outputs: FROM_ONE}
dimension_free = _derived(
    "the bound for one layer by its Frobenius norm",
    by_frobenius(2 * ceiling(4 * frobenius * N + 2) * N * outputs + 1),
    ONE_LAYER,
)
smooth = _derived(
    "the bound for one layer by its Frobenius norm, without the ceiling",
    by_frobenius(2 * (4 * frobenius * N + 3) * N * outputs + 1),
    ONE_LAYER,
)
least_width = word("ledent2025:n_1", "the smaller width on both sides of the layer", integer=True)
interpolating = Bound(
    "the bound for one layer between its rank and its Frobenius norm",
    sqrt(term(Gam).xreplace({W: least_width}) / N),
    {N: FROM_ONE, Gam: ABOVE_ZERO, **LAYER, least_width: FROM_ONE, p: UP_TO_TWO},
    DERIVED,
    "derived",
    dominant=True,
)

# -- the reading that is refuted --------------------------------------------------------------------------------------

width = word("ledent2025:q", "the width of a layer, and the number of its inputs", integer=True)


def of_signs(cost: Any) -> Any:
    """The summand of a layer of signs: q inputs of norm b, q outputs, q**2/4 samples, a loss of slope 1/2.

    The sum of powers of its singular values, for spectral norm 1, is at most q**(1 - p/2) (q/(2 b))**p.
    """
    return term(b / 2, width ** (1 - p / 2) * (width / (2 * b)) ** p).xreplace({wbar: 2 * width, W: cost})


literal = Bound(
    "the main form for a layer of signs, squared, with cost 1 for its outputs",
    4 ** ((3 - p) / (p + 2)) * width ** (-p / (p + 2)),
    {width: FROM_ONE, p: UP_TO_TWO},
    f"{CODE}, read with W = 1 for the last layer",
    "as read",
    dominant=True,
)
"""of_signs(1) over the number of samples."""
