"""Bounds for rank-sparse networks after Ledent, Alves and Lei (arXiv:2510.21945), as far as they are known here.

The text of the paper's theorems was not at hand. What is known is the dominant term of their bounds, without constants
and logarithms, from code of others that evaluates it: ``main_form``. The other bounds are derived, with all constants,
in docs/mathematics/rank_sparse.md: ``exact`` and its variants. So no claim about any of them judges the paper.

All L layers are alike here: soft rank ``r = (M / s)**p`` of bounds M on the Schatten quasi-norm and s on the spectral
norm, ``wbar = w + w'`` the sum of both widths, and ``Gam`` the product of Lipschitz constants, spectral norms and the
norm of an input. ``W`` is what the largest deviation of a layer's outputs costs, whose value in the paper is not known.
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, log, sqrt

from symbolic.atoms import mean_decay
from symbolic.bounds import Bound
from symbolic.papers.schatten import BELOW_TWO, UP_TO_TWO, p
from symbolic.papers.zoo import ABOVE_ZERO, FROM_ONE, SAMPLE, L, N, deviation
from symbolic.words import word

REFERENCE = "Ledent, Alves, Lei 2025 (arXiv:2510.21945)"
CODE = f"{REFERENCE}, Theorem 3.6, its dominant term as coded by others"
DERIVED = f"derived, after {REFERENCE}"

Gam = word(
    "ledent2025:Gam",
    "the Lipschitz constants of loss and activations, the spectral norms and the norm of an input, multiplied",
    latex=r"\Gamma",
)
Lam = word("ledent2025:Lam", "the Lipschitz constant of the loss", latex=r"\Lambda")
b = word("ledent2025:b", "the largest norm of an input")
s = word("ledent2025:s", "a bound on the spectral norm of a layer")
rho = word("ledent2025:rho", "the Lipschitz constant of an activation", latex=r"\rho")
r = word("ledent2025:r", "the soft rank of a layer")
S = word("ledent2025:S", "a bound on the sum of the p-th powers of a layer's singular values")
wbar = word("ledent2025:wbar", "the widths on both sides of a layer, added", latex=r"\bar w")
W = word("ledent2025:W", "what the largest deviation of a layer's outputs costs: its widths, multiplied")
w = word("ledent2025:w", "the width on one side of a layer", integer=True)
v = word("ledent2025:v", "the width on the other side of a layer", integer=True)
k = word("ledent2025:k", "the rank of a layer", integer=True)
reached = word("ledent2025:B", "the largest norm of what a layer receives from the sample")
before = word("ledent2025:G", "Lipschitz constants and norms of the layers before one, multiplied")
after = word("ledent2025:H", "Lipschitz constants and norms of a layer and of those after it, multiplied")
sides = word("ledent2025:c", "the number in the logarithm of the deviation: 2 for both sides, 1 for one side")
r_1 = word("ledent2025:r_1", "the soft rank of the first of three layers")
r_2 = word("ledent2025:r_2", "the soft rank of the second of three layers")
r_3 = word("ledent2025:r_3", "the soft rank of the third of three layers")

LAYER = {r: ABOVE_ZERO, wbar: ABOVE_ZERO}
NORMS = {b: ABOVE_ZERO, s: ABOVE_ZERO, rho: ABOVE_ZERO}

# -- the main form ----------------------------------------------------------------------------------------------------


def term(scale: Any, soft_rank: Any = r) -> Any:
    """A layer's summand: the geometric mean of soft_rank wbar and scale**2 W with weights 2/(p + 2) and p/(p + 2)."""
    counted = soft_rank ** (2 / (p + 2)) * wbar ** (2 / (p + 2))
    return scale ** (2 * p / (p + 2)) * counted * W ** (p / (p + 2))


summand = Bound(
    "the summand of a layer in the main form",
    term(Gam),
    {Gam: ABOVE_ZERO, **LAYER, W: ABOVE_ZERO, p: UP_TO_TWO},
    CODE,
    "found",
    dominant=True,
)
by_quotient = r * wbar * (Gam**2 * W / (r * wbar)) ** (p / (p + 2))
"""The summand again, as a power of one quotient."""

per_layer = b * (rho * s) ** L

main_form = Bound(
    "the main form for L equal layers",
    sqrt(L / N) * sqrt(L * term(per_layer)),
    {N: FROM_ONE, L: FROM_ONE, **NORMS, **LAYER, W: ABOVE_ZERO, p: UP_TO_TWO},
    CODE,
    "found",
    dominant=True,
)

augmented = Bound(
    "the summand of a layer in the main form with loss augmentation",
    term(reached * after),
    {reached: ABOVE_ZERO, before: ABOVE_ZERO, after: ABOVE_ZERO, b: ABOVE_ZERO, **LAYER, W: ABOVE_ZERO, p: UP_TO_TWO},
    f"{REFERENCE}, Theorem 3.7, its dominant term as coded by others",
    "found",
    dominant=True,
)

# -- the derived bound ------------------------------------------------------------------------------------------------

entropy_integral = log(N) * mean_decay((1 - p / 2) * log(N))
"""The integral of e**(-p / 2) over e from 1/N to 1: 1 - 1/N at p = 0, log N at p = 2."""

closed_integral = 2 * (1 - N ** (p / 2 - 1)) / (2 - p)
"""The same for p < 2."""


def assembled(integral: Any, complexity: Any, inside: Any) -> Any:
    """A bound on the gap: the integral times sqrt(complexity log(1 + inside) / N), and the deviation."""
    return 8 / N + 24 / sqrt(N) * integral * sqrt(log(1 + inside) * complexity) + deviation()


def complexity(scale: Any, layers: Any = L) -> Any:
    """The sum over equal layers of (2 L scale)**p r wbar."""
    return layers * (2 * layers * scale) ** p * r * wbar


def gap(integral: Any, scale: Any = Gam, layers: Any = L) -> Any:
    """The derived bound for equal layers, with an integral and the product of norms."""
    return assembled(integral, complexity(scale, layers), 8 * layers * scale * N)


full_scale = Lam * b * (s * rho) ** L / rho
others = Lam * b * (s * rho) ** (L - 1)
"""Gam / s, without the spectral norm of one layer."""


def at_fixed_powers(integral: Any) -> Any:
    """The derived bound by the bound S on the powers of singular values: r = S / s**p, where s**p cancels."""
    return assembled(integral, L * (2 * L * others) ** p * S * wbar, 8 * L * others * s * N)


SIZES = {**SAMPLE, L: FROM_ONE, Gam: ABOVE_ZERO, **LAYER}
FULL = {**SAMPLE, L: FROM_ONE, Lam: ABOVE_ZERO, **NORMS, **LAYER}
POWERS = {**SAMPLE, L: FROM_ONE, Lam: ABOVE_ZERO, **NORMS, S: ABOVE_ZERO, wbar: ABOVE_ZERO}


def _derived(name: str, expression: Expr, domain: dict[Any, Any]) -> Bound:
    return Bound(name, expression, domain, DERIVED, "derived")


simple = _derived("the derived bound with 2/(2 - p)", gap(2 / (2 - p)), {**SIZES, p: BELOW_TWO})
simple_in_full = _derived(
    "the derived bound with 2/(2 - p), by norms", gap(2 / (2 - p), full_scale), {**FULL, p: BELOW_TWO}
)
simple_by_powers = _derived(
    "the derived bound with 2/(2 - p), by powers of singular values",
    at_fixed_powers(2 / (2 - p)),
    {**POWERS, p: BELOW_TWO},
)
exact = _derived("the derived bound", gap(entropy_integral), {**SIZES, p: UP_TO_TWO})
exact_in_full = _derived("the derived bound, by norms", gap(entropy_integral, full_scale), {**FULL, p: UP_TO_TWO})
at_rank = _derived("the derived bound at p = 0", assembled(1 - 1 / N, L * r * wbar, 8 * L * Gam * N), SIZES)
at_stable_rank = _derived(
    "the derived bound at p = 2", assembled(log(N), 4 * L**3 * Gam**2 * r * wbar, 8 * L * Gam * N), SIZES
)

ONE_LAYER = {**SAMPLE, Gam: ABOVE_ZERO, **LAYER}
one_layer = _derived("the bound for one layer", gap(entropy_integral, layers=1), {**ONE_LAYER, p: UP_TO_TWO})
simple_layer = _derived(
    "the bound for one layer with 2/(2 - p)", gap(2 / (2 - p), layers=1), {**ONE_LAYER, p: BELOW_TWO}
)
closed = _derived("the derived bound, p < 2", gap(closed_integral), {**SIZES, p: BELOW_TWO})
closed_layer = _derived("the bound for one layer, p < 2", gap(closed_integral, layers=1), {**ONE_LAYER, p: BELOW_TWO})
layer_of_rank = _derived(
    "the bound for one layer of rank k",
    assembled(1 - 1 / N, k * wbar, 8 * Gam * N),
    {**SAMPLE, Gam: ABOVE_ZERO, k: FROM_ONE, wbar: ABOVE_ZERO},
)

# -- counting parameters ----------------------------------------------------------------------------------------------

factors = k * (w + v)
"""The entries of the two factors of a matrix of rank k."""

entries = w * v
