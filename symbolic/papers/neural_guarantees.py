"""The two theorems on networks of Oymak, Fabian, Li, Soltanolkotabi 2019 (arXiv:1906.05392), as numbers.

Theorem 6.21 is of any first layer at the start, 6.22 and 6.23 of a random one; 3.2 and 3.3 are their short forms. Words
of sizes are those of the paper: n samples, K classes, k neurons. Norms of vectors over the samples are not divided by
sqrt(n), except in words that say so.
"""

from __future__ import annotations

from typing import Any

from sympy import Integer, Rational, exp, log, oo, sqrt

from symbolic.bounds import Bound
from symbolic.spans import Span
from symbolic.words import word

SOURCE = "guarantee"
REFERENCE = "Oymak, Fabian, Li, Soltanolkotabi 2019 (arXiv:1906.05392)"
SHORT = "Oymak, Fabian, Li, Soltanolkotabi, ICLR 2020 submission"

ABOVE_ZERO = Span(0, oo, open_low=True)
FROM_ONE = Span(1, oo)
FROM_ZERO = Span(0, oo)
UP_TO_ONE = Span(0, 1, open_low=True)
UP_TO_HALF = Span(0, Rational(1, 2), open_low=True)
PROBABILITY = Span(0, 1, open_low=True, open_high=True)

# -- sizes and constants ----------------------------------------------------------------------------------------------

n = word("guarantee:n", "the number of samples", integer=True)
K = word("guarantee:K", "the number of classes", integer=True)
k = word("guarantee:k", "width: the number of neurons", integer=True)
X = word("guarantee:X", "the spectral norm of the inputs", nonnegative=True, latex=r"\|X\|")
B = word("guarantee:B", "a bound on |phi'| and |phi''|", nonnegative=True)
nu = word("guarantee:nu", "sqrt(k K) times the largest |entry| of V", nonnegative=True, latex=r"\nu")
Gamma = word("guarantee:Gamma", "how long descent runs, in units of its cutoff", nonnegative=True, latex=r"\Gamma")
zeta = word("guarantee:zeta", "the share of the residual that linearisation may cost", nonnegative=True, latex=r"\zeta")
delta = word("guarantee:delta", "the probability that the bound fails", nonnegative=True, latex=r"\delta")
abar = word("guarantee:abar", "the cutoff without its units", nonnegative=True, latex=r"\bar\alpha")
alpha = word("guarantee:alpha", "the cutoff of the Jacobian at the start", nonnegative=True, latex=r"\alpha")
alpha_0 = word("guarantee:alpha_0", "the cutoff of the root of the kernel", nonnegative=True, latex=r"\alpha_0")
eta = word("guarantee:eta", "the step size", nonnegative=True, latex=r"\eta")
c = word("guarantee:c", "the least share of the labels in the information space", nonnegative=True)
C_r = word("guarantee:C_r", "a bound on the norm of the residual at the start over sqrt(n)", nonnegative=True)
r_0 = word("guarantee:r_0", "the norm of the residual at the start", nonnegative=True)
r_n = word("guarantee:r_N", "the norm of its part in the nuisance space", nonnegative=True)
early = word("guarantee:early", "the early-stopping value of that residual", nonnegative=True, latex=r"\mathcal B")
D = word("guarantee:D", "its early-stopping distance", nonnegative=True, latex=r"\mathcal D")
beta = word("guarantee:beta", "nu B |X|, a bound on the Jacobian", nonnegative=True, latex=r"\beta")
z = word("guarantee:z", "zeta of the lemma on optimisation", nonnegative=True)
y_n = word("guarantee:y_N", "the norm of the part of the labels in the nuisance space", nonnegative=True)
y_i = word("guarantee:y_I", "the norm of their part in the information space", nonnegative=True)
w_i = word("guarantee:w_I", "the norm of the cut-off inverse of the labels", nonnegative=True)

# -- the lemma on optimisation (6.20), and what both theorems put in --------------------------------------------------

width_of_lemma = 1600 * (alpha / (z * beta) + Gamma * r_0 / early) ** 2 * beta**6 * Gamma**2 * early**2 / alpha**8
width_at_most = 6400 * (Gamma * r_0 / z) ** 2 * Gamma**2 * beta**6 / alpha**8
"""With alpha <= beta, early <= Gamma r_0 and z <= 1 the lemma asks for no more."""


def deviation(probability: Any = delta) -> Any:
    """What both theorems add for the sample."""
    return 5 * sqrt(log(2 / probability) / n)


# -- any start (6.21) -------------------------------------------------------------------------------------------------

cutoff = nu * B * abar * n ** Rational(1, 4) * sqrt(X)
START = {
    n: FROM_ONE,
    nu: ABOVE_ZERO,
    B: ABOVE_ZERO,
    Gamma: FROM_ONE,
    zeta: Span(0, 2, open_low=True),
    C_r: ABOVE_ZERO,
}
width = Bound(
    "the least width from any start",
    25600 * C_r**2 * Gamma**4 / (abar**8 * nu**2 * B**2 * zeta**2),
    {**{word: START[word] for word in (C_r, Gamma, nu, B, zeta)}, abar: UP_TO_ONE},
    f"{REFERENCE}, Theorem 6.21",
    "found",
)
training = Bound(
    "the norm of the residual after descent, from any start",
    r_n + C_r * (exp(-Gamma) + zeta / 2) * sqrt(n),
    {**{word: START[word] for word in (C_r, Gamma, zeta, n)}, r_n: FROM_ZERO},
    f"{REFERENCE}, equation (6.62)",
    "found",
)
test_error = Bound(
    "the error of the trained network, from any start",
    2 * r_n / sqrt(n) + 12 * nu * B * D / sqrt(n) + deviation() + 2 * C_r * (exp(-Gamma) + zeta),
    {**START, r_n: FROM_ZERO, D: FROM_ZERO, delta: PROBABILITY},
    f"{REFERENCE}, Theorem 6.21",
    "found",
)
fixed_radius = Bound(
    "the error of the trained network, for a cutoff that is chosen before the sample",
    2 * r_n / sqrt(n) + 12 * nu * B * Gamma * C_r / alpha + deviation() + 2 * C_r * (exp(-Gamma) + zeta),
    {**START, r_n: FROM_ZERO, alpha: ABOVE_ZERO, delta: PROBABILITY},
    f"{REFERENCE}, Theorem 6.21 with a distance that does not depend on the sample",
    "derived",
)

loss = word("guarantee:loss", "the mean squared residual on the sample", nonnegative=True)
M = word("guarantee:M", "the distance of W from the start", nonnegative=True)
R = word("guarantee:R", "sqrt(k) times the largest distance of a row of W from the start", nonnegative=True)
M_0 = word("guarantee:M_0", "the smallest radius for the distance", nonnegative=True)
R_0 = word("guarantee:R_0", "the smallest radius for the rows", nonnegative=True)
i = word("guarantee:i", "how often the smallest radius for the distance is doubled", integer=True, nonnegative=True)
j = word("guarantee:j", "how often that for the rows is doubled", integer=True, nonnegative=True)


def of_radii(distance: Any, rows: Any, sample: Any) -> Any:
    """Twice the loss, the complexity of the matrices in two radii, and a deviation."""
    complexity = nu * B * (distance / sqrt(n) + rows**2 / (2 * sqrt(k)))
    return 2 * (sqrt(loss) + 2 * sqrt(2) * complexity + sample)


RADII = {n: FROM_ONE, k: FROM_ONE, nu: ABOVE_ZERO, B: ABOVE_ZERO, loss: FROM_ZERO, M: ABOVE_ZERO, R: ABOVE_ZERO,
         M_0: ABOVE_ZERO, R_0: ABOVE_ZERO, delta: PROBABILITY}  # fmt: skip
fixed_class = Bound(
    "the error of every matrix in two radii that are chosen before the sample",
    of_radii(M, R, sqrt(5 * log(2 / delta) / n)),
    {word: span for word, span in RADII.items() if word not in (M_0, R_0)},
    f"{REFERENCE}, Lemma 6.18, its rows by their own proof",
    "derived",
)
peeled_sample = sqrt(5 * (log(2 / delta) + 2 * log(i + 2) + 2 * log(j + 2)) / n)
peeled = Bound(
    "the error of every matrix, by its own distances, each at least the smallest radius",
    of_radii(2 * M, 2 * R, peeled_sample),
    {**RADII, i: FROM_ZERO, j: FROM_ZERO},
    "the union bound over radii M_0 2**i and R_0 2**j with delta/((i + 1) (i + 2) (j + 1) (j + 2))",
    "derived",
    conditions=(M >= M_0, R >= R_0),
)

balanced = Bound(
    "the error from W = 0 with two orthogonal inputs, each half of the sample, and z -> arctan(z)",
    24 / sqrt(n) + deviation() + 2 * exp(-Gamma) + 2 * zeta,
    {n: Span(2, oo), Gamma: FROM_ONE, zeta: START[zeta], delta: PROBABILITY},
    f"{REFERENCE}, Theorem 6.21 at an example",
    "derived",
)

# -- a random start (6.22, 6.23, 3.2, 3.3) ----------------------------------------------------------------------------

part = word("guarantee:p", "the norm of the part of the labels in the nuisance space, over sqrt(n)", nonnegative=True)
ratio = word("guarantee:s", "zeta over c", nonnegative=True)

random_cutoff = abar * n ** Rational(1, 4) * sqrt(K * X) * B
random_nu = zeta / (50 * B * sqrt(log(2 * K)))
RANDOM = {n: Span(2, oo), K: FROM_ONE, X: ABOVE_ZERO, B: ABOVE_ZERO, Gamma: FROM_ONE, zeta: UP_TO_HALF, c: UP_TO_ONE,
          abar: UP_TO_ONE}  # fmt: skip
MOST = 12 * Integer(10) ** 7

random_width = Bound(
    "the least width from a random start, by its cutoff",
    MOST * Gamma**4 * K**4 * B**8 * X**4 * n**2 * log(n) / (c**4 * zeta**4 * alpha_0**8),
    {**RANDOM, alpha_0: ABOVE_ZERO},
    f"{REFERENCE}, equation (6.86)",
    "found",
)
plain_width = Bound(
    "the least width from a random start, by its cutoff without units",
    MOST * Gamma**4 * log(n) / (c**4 * zeta**4 * abar**8),
    {word: RANDOM[word] for word in (n, Gamma, zeta, c, abar)},
    f"{REFERENCE}, Theorem 3.2 with the constant of (6.86)",
    "derived",
)
random_training = Bound(
    "the norm of the residual after descent, from a random start",
    y_n + exp(-Gamma) * y_i + 4 * zeta * sqrt(n),
    {n: RANDOM[n], Gamma: FROM_ONE, zeta: UP_TO_HALF, y_n: FROM_ZERO, y_i: FROM_ZERO},
    f"{REFERENCE}, equation (6.67)",
    "found",
)
random_distance = Bound(
    "how far descent moves W from a random start",
    2 * sqrt(K) * (early + Gamma * zeta * sqrt(n)) / (nu * alpha_0),
    {n: RANDOM[n], K: FROM_ONE, Gamma: FROM_ONE, zeta: UP_TO_HALF, nu: ABOVE_ZERO, alpha_0: ABOVE_ZERO,
     early: FROM_ZERO},
    f"{REFERENCE}, equation (6.68)",
    "found",
)  # fmt: skip
random_rows = Bound(
    "how far descent moves a row of W from a random start",
    4 * Gamma * B * K * X * sqrt(n / k) / (nu * alpha_0**2),
    {n: RANDOM[n], k: FROM_ONE, K: FROM_ONE, B: ABOVE_ZERO, X: ABOVE_ZERO, Gamma: FROM_ONE, nu: ABOVE_ZERO,
     alpha_0: ABOVE_ZERO},
    f"{REFERENCE}, equation (6.69)",
    "found",
)  # fmt: skip

inverse_scale = 1 / (abar * (n * X**2) ** Rational(1, 4))
"""B sqrt(K) / alpha_0."""


def random_test(inverse: Any, scaled: Any, sample: Any = None) -> Any:
    """Theorem 3.2, with the norm of the cut-off inverse, and what 1/alpha_0 is in units of B sqrt(K)."""
    return (
        2 * y_n / sqrt(n)
        + 12 * B * sqrt(K) / sqrt(n) * inverse
        + 12 * scaled * Gamma * y_n / sqrt(n)
        + 12 * (1 + Gamma * inverse_scale) * zeta
        + (deviation() if sample is None else sample)
        + 2 * exp(-Gamma)
    )


random_error = Bound(
    "the error of the trained network, from a random start",
    random_test(w_i, inverse_scale),
    {**RANDOM, w_i: FROM_ZERO, y_n: FROM_ZERO, delta: PROBABILITY},
    f"{REFERENCE}, Theorem 3.2, equation (3.2)",
    "found",
)
short_error = Bound(
    "the error of the trained network, from a random start, by the cutoff alone",
    2 * y_n / sqrt(n) + 36 * Gamma * inverse_scale + 12 * zeta + deviation() + 2 * exp(-Gamma),
    {word: random_error.domain[word] for word in (n, X, Gamma, zeta, abar, y_n, delta)},
    f"{REFERENCE}, equation (3.3)",
    "found",
)

# The best case for the error: all labels in the information space, along its largest singular value, and the largest
# cutoff that there is, abar = |X|**(1/2) / (n**(1/4) sqrt(K)), with |X| = sqrt(n).
best_error = Bound(
    "what the bound on the error from a random start is at least",
    12 * sqrt(K) / sqrt(n) + 12 * (1 + Gamma * sqrt(K) / sqrt(n)) * zeta + deviation() + 2 * exp(-Gamma),
    {word: random_error.domain[word] for word in (n, K, Gamma, zeta, delta)},
    f"{REFERENCE}, Theorem 3.2 at its best",
    "derived",
)
least_zeta = Gamma * K * (MOST * log(n) / k) ** Rational(1, 4)
"""The least zeta that a width of k allows there, with c = 1."""
error_of_width = Bound(
    "what the bound on the error from a random start is at least, by the width",
    best_error.expression.xreplace({zeta: least_zeta}),
    {**{word: span for word, span in best_error.domain.items() if word is not zeta}, k: FROM_ONE},
    f"{REFERENCE}, Theorem 3.2 at its best",
    "derived",
)

# -- the short forms (ICLR 2020) --------------------------------------------------------------------------------------

plain = word("guarantee:a", "the cutoff of the short forms, alpha_0 / sqrt(n K)", nonnegative=True, latex=r"\alpha")
least = word("guarantee:lam", "the least eigenvalue of the kernel", nonnegative=True, latex=r"\lambda")

# -- what a width can reach -------------------------------------------------------------------------------------------

top = word("guarantee:top", "the least upper bound of |phi|", nonnegative=True)
gap = word("guarantee:gap", "by how much a residual over sqrt(n) is below 1", nonnegative=True)
reached = 1 - nu * sqrt(k / K) * top
"""No residual is smaller, in units of sqrt(n), whatever the first layer is."""

# -- networks at orthonormal inputs -----------------------------------------------------------------------------------

lam_1 = word("guarantee:lam_1", "the largest singular value of the Jacobian at the start", nonnegative=True,
             latex=r"\lambda_1")  # fmt: skip
r_t = word("guarantee:r_T", "the norm of the residual after descent", nonnegative=True)
residual = word("guarantee:r", "the norm of the residual of a network", nonnegative=True)
error = word("guarantee:error", "the probability of an input that the trained network errs at", nonnegative=True)
least_error = word("guarantee:least_error", "the least such error over all samples of n inputs", nonnegative=True)
failing = word("guarantee:failing", "an upper bound on the probability that the error is above the bound",
               nonnegative=True)  # fmt: skip
