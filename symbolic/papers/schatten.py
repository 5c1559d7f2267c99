"""Sums of powers of singular values, what weight decay makes of them, and covering numbers of sets of matrices.

A matrix stands here with three singular values, all above 0. ``S(p) = sigma_1**p + sigma_2**p + sigma_3**p`` is the
p-th power of its Schatten quasi-norm, ``r(p) = S(p) / sigma_1**p`` its soft rank: the rank at p = 0, the stable rank at
p = 2. A bound on a covering number bounds its logarithm. Derivations are in docs/mathematics/rank_sparse.md.
"""

from __future__ import annotations

from typing import Any

from sympy import Min, ceiling, log

from symbolic.bounds import Bound
from symbolic.papers.zoo import ABOVE_ZERO, FROM_ONE, L
from symbolic.spans import Span
from symbolic.words import word

CANDES = "Candes, Plan 2011, Lemma 3.1"
ZHANG = "Zhang 2002 (JMLR 2), Theorem 4"

UP_TO_TWO = Span(0, 2)
BELOW_TWO = Span(0, 2, open_high=True)
FROM_ABOVE_ZERO_TO_TWO = Span(0, 2, open_low=True)

p = word("schatten:p", "the index of the Schatten quasi-norm; 0 stands for the rank")

# -- three singular values --------------------------------------------------------------------------------------------

sigma_1 = word("schatten:sigma_1", "a singular value; where it matters the largest", latex=r"\sigma_1")
sigma_2 = word("schatten:sigma_2", "a second singular value", latex=r"\sigma_2")
sigma_3 = word("schatten:sigma_3", "a third singular value", latex=r"\sigma_3")
tau = word("schatten:tau", "a threshold for singular values", latex=r"\tau")

SPECTRUM = {sigma_1: ABOVE_ZERO, sigma_2: ABOVE_ZERO, sigma_3: ABOVE_ZERO}
FIRST_IS_LARGEST = (sigma_2 <= sigma_1, sigma_3 <= sigma_1)


def powers(exponent: Any) -> Any:
    """The sum of the powers of all singular values with one exponent."""
    return sigma_1**exponent + sigma_2**exponent + sigma_3**exponent


def shares(unit: Any, exponent: Any) -> Any:
    """The same of the singular values divided by a unit."""
    return (sigma_1 / unit) ** exponent + (sigma_2 / unit) ** exponent + (sigma_3 / unit) ** exponent


S = powers(p)
soft_rank = 1 + (sigma_2 / sigma_1) ** p + (sigma_3 / sigma_1) ** p
"""S / sigma_1**p, with the quotient taken in every summand."""

quasi_norm = sigma_1 * soft_rank ** (1 / p)
"""S**(1 / p), with sigma_1 taken out."""

stable_rank = powers(2) / sigma_1**2

# -- weight decay -----------------------------------------------------------------------------------------------------


def decay(sigma: Any) -> Any:
    """The least half of the sum of squared factors of a number, L of them: (L / 2) sigma**(2 / L)."""
    return L / 2 * sigma ** (2 / L)


weight_decay = Bound(
    "the least weight decay of L factors of a matrix",
    decay(sigma_1) + decay(sigma_2) + decay(sigma_3),
    {**SPECTRUM, L: FROM_ONE},
    "derived from the inequality of Horn for the Schatten quasi-norm with index 2/L",
    "derived",
)

# -- covering numbers -------------------------------------------------------------------------------------------------

e = word("schatten:e", "the radius of a cover")
k = word("schatten:k", "a bound on the rank", integer=True)
m = word("schatten:m", "the number of rows", integer=True)
n = word("schatten:n", "the number of columns", integer=True)
R = word("schatten:R", "a bound on the Frobenius norm")
s = word("schatten:s", "a bound on the spectral norm")
M = word("schatten:M", "a bound on the Schatten quasi-norm")
r = word("schatten:r", "the bound M on the quasi-norm as a soft rank, (M / s)**p")
a = word("schatten:a", "a bound on the norm of a linear function")
b = word("schatten:b", "a bound on the norm of an input")
points = word("schatten:N", "the number of inputs, times that of outputs", integer=True)

SIDES = {m: FROM_ONE, n: FROM_ONE}

low_rank_frobenius = Bound(
    "the cover, in Frobenius norm, of the matrices of low rank with a bounded Frobenius norm",
    k * (m + n + 1) * log(9 * R / e),
    {k: FROM_ONE, **SIDES, R: ABOVE_ZERO, e: ABOVE_ZERO},
    CANDES,
    "memory",
    conditions=(e <= R,),
)

low_rank_spectral = Bound(
    "the cover, in spectral norm, of the matrices of low rank with a bounded spectral norm",
    k * (m + n) * log(1 + 4 * s / e),
    {k: FROM_ONE, **SIDES, s: ABOVE_ZERO, e: ABOVE_ZERO},
    "derived from covers of two factors",
    "derived",
)

schatten_ball = Bound(
    "the cover, in spectral norm, of the matrices with a bounded Schatten quasi-norm and spectral norm",
    Min((2 * M / e) ** p, m, n) * (m + n) * log(1 + 8 * s / e),
    {M: ABOVE_ZERO, s: ABOVE_ZERO, e: ABOVE_ZERO, **SIDES, p: UP_TO_TWO},
    "derived by a threshold e / 2 for the singular values",
    "derived",
)

soft_rank_ball = Bound(
    "the same cover, by the soft rank",
    Min(r * (2 * s / e) ** p, m, n) * (m + n) * log(1 + 8 * s / e),
    {r: ABOVE_ZERO, s: ABOVE_ZERO, e: ABOVE_ZERO, **SIDES, p: UP_TO_TWO},
    "derived by a threshold e / 2 for the singular values",
    "derived",
)

spectral_ball = Bound(
    "the cover, in spectral norm, of all matrices with a bounded spectral norm",
    m * n * log(1 + 2 * s / e),
    {**SIDES, s: ABOVE_ZERO, e: ABOVE_ZERO},
    "derived by volumes",
    "derived",
)

linear_functions = Bound(
    "the cover of linear functions, in the largest distance on a sample",
    36 * a**2 * b**2 / e**2 * log(2 * ceiling(4 * a * b / e + 2) * points + 1) / log(2),
    {a: ABOVE_ZERO, b: ABOVE_ZERO, e: ABOVE_ZERO, points: FROM_ONE},
    ZHANG,
    "memory",
)

# -- a threshold that balances rank and tail --------------------------------------------------------------------------

A = word("schatten:A", "what the kept singular values cost at threshold 1")
B = word("schatten:B", "what the dropped singular values cost at threshold 1")
q = word("schatten:q", "half of the index p")

cost = Bound(
    "the cost of a threshold: of a rank that falls with it and of a tail that rises with it",
    A * tau ** (-p) + B * tau**2,
    {A: ABOVE_ZERO, B: ABOVE_ZERO, tau: ABOVE_ZERO, p: FROM_ABOVE_ZERO_TO_TWO},
    "derived: what is kept has rank S / tau**p, what is dropped has singular values up to tau",
    "derived",
)
balanced = (A / B) ** (1 / (p + 2))
"""The threshold at which both costs are the same."""

twice_the_mean = 2 * A ** (2 / (p + 2)) * B ** (p / (p + 2))
least_cost = (1 + p / 2) * (p / 2) ** (-p / (p + 2)) * A ** (2 / (p + 2)) * B ** (p / (p + 2))
best_of_half = (q * A / B) ** (1 / (2 * q + 2))
"""The best threshold at p = 2 q."""

least_of_half = (1 + q) * q ** (-q / (1 + q)) * A ** (1 / (1 + q)) * B ** (q / (1 + q))
"""The least cost at p = 2 q."""
