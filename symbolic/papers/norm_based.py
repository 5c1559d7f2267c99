"""Bounds by norms of the weights: group norms, Frobenius norms, spectral norms with (2,1) distances, PAC-Bayes.

Layers are identical where the number of layers is a symbol: each has spectral norm s, Lipschitz constant rho and
distance b from its reference; where layers differ there are three. The form of Neyshabur, Bhojanapalli and Srebro 2018
is reconstructed from memory; what is explicit of Bartlett, Foster and Telgarsky is derived in docs/mathematics/zoo.md.
"""

from __future__ import annotations

from sympy import Max, Min, Rational, log, oo, sqrt

from symbolic.bounds import Bound
from symbolic.papers.zoo import ABOVE_ZERO, FROM_ONE, SAMPLE, B, F, L, N, delta, deviation, gamma, h, w
from symbolic.spans import Span
from symbolic.words import word

NEYSHABUR = "Neyshabur, Tomioka, Srebro 2015 (PMLR 40)"
GOLOWICH = "Golowich, Rakhlin, Shamir 2018 (PMLR 75)"
BARTLETT = "Bartlett, Foster, Telgarsky 2017 (arXiv:1706.08498)"
PAC_BAYES = "Neyshabur, Bhojanapalli, Srebro 2018 (arXiv:1707.09564)"

# -- group norms ------------------------------------------------------------------------------------------------------

conjugate = word("neyshabur2015:c", "the conjugate exponent p/(p - 1) of p in (1, 2]")
q = word("neyshabur2015:q", "the exponent over the units of a layer")
weights = word("neyshabur2015:G", "the product of the (p, q) group norms of all layers", nonnegative=True)
X = word("neyshabur2015:X", "the largest norm of an input, in the conjugate exponent", nonnegative=True)
inputs = word("neyshabur2015:D", "the number of input dimensions", integer=True)
mu = word("neyshabur2015:mu", "the norm of all weights together", latex=r"\mu")

width_exponent = Max(0, (1 - conjugate / q) / conjugate)
"""The positive part of 1/c - 1/q."""

linear = weights * sqrt(Min(conjugate, 4 * log(2 * inputs))) * X / sqrt(N)
"""What the bound is for one layer."""

group_norm = Bound(
    "the Rademacher complexity by group norms",
    linear * (2 * h**width_exponent) ** (L - 1),
    {
        N: FROM_ONE,
        L: FROM_ONE,
        h: FROM_ONE,
        conjugate: Span(2, oo),
        q: FROM_ONE,
        weights: ABOVE_ZERO,
        X: ABOVE_ZERO,
        inputs: FROM_ONE,
    },
    f"{NEYSHABUR}, Theorem 1",
    "found",
)
total_norm = Bound(
    "the part of the bound by group norms that depends on the norm of all weights, p = q = 2",
    (2 * mu / sqrt(L)) ** L,
    {mu: ABOVE_ZERO, L: FROM_ONE},
    f"{NEYSHABUR}, Corollary 2",
    "found",
)

# -- Frobenius norms --------------------------------------------------------------------------------------------------

dimension = word("golowich2018:n", "the number of input dimensions", integer=True)
rows = word("golowich2018:M", "the product over all layers of the largest 1-norm of a row", nonnegative=True)
least = word("golowich2018:Gamma", "a lower bound on the product of the spectral norms", latex=r"\Gamma")

DEEP = {N: FROM_ONE, L: FROM_ONE, B: ABOVE_ZERO}

frobenius = Bound(
    "the Rademacher complexity by Frobenius norms",
    B * F * (sqrt(2 * log(2) * L) + 1) / sqrt(N),
    {**DEEP, F: ABOVE_ZERO},
    f"{GOLOWICH}, constants as coded for Graf et al. 2022",
    "found",
)
two_norm = Bound(
    "the Rademacher complexity by group norms, p = q = 2",
    2 ** (L - 1) * sqrt(2) * B * F / sqrt(N),
    {**DEEP, F: ABOVE_ZERO},
    f"{NEYSHABUR}, Theorem 1",
    "found",
)
row_norm = Bound(
    "the Rademacher complexity by 1-norms of rows",
    2 * B * rows * sqrt(L + 1 + log(dimension)) / sqrt(N),
    {**DEEP, rows: ABOVE_ZERO, dimension: FROM_ONE},
    f"{GOLOWICH}, constants as coded for Graf et al. 2022",
    "found",
)

by_ratio = sqrt(log(F / least) / sqrt(N))
by_depth = sqrt(L / N)
depth_free = Bound(
    "the bound that does not grow with depth",
    F * Min(by_ratio, by_depth),
    {N: FROM_ONE, L: FROM_ONE, F: ABOVE_ZERO, least: ABOVE_ZERO},
    GOLOWICH,
    "found",
    conditions=(least <= F,),
    dominant=True,
)
repaired = Bound(
    "the bound that does not grow with depth, its logarithm at least 1",
    F * Min(sqrt(Max(1, log(F / least)) / sqrt(N)), by_depth),
    depth_free.domain,
    GOLOWICH,
    "found",
    dominant=True,
)

# -- spectral norms and (2,1) distances -------------------------------------------------------------------------------

s = word("bartlett2017:s", "the spectral norm of a layer", nonnegative=True)
s_2 = word("bartlett2017:s_2", "the spectral norm of the second layer", nonnegative=True)
s_3 = word("bartlett2017:s_3", "the spectral norm of the third layer", nonnegative=True)
b = word("bartlett2017:b", "the (2,1) norm of a layer minus its reference, transposed", nonnegative=True)
b_2 = word("bartlett2017:b_2", "that norm of the second layer", nonnegative=True)
b_3 = word("bartlett2017:b_3", "that norm of the third layer", nonnegative=True)
rho = word("bartlett2017:rho", "the Lipschitz constant of an activation", nonnegative=True, latex=r"\rho")
R = word("bartlett2017:R", "the spectral complexity", nonnegative=True)

identical = Bound(
    "the spectral complexity of identical layers",
    (rho * s) ** L * (L * (b / s) ** Rational(2, 3)) ** Rational(3, 2),
    {rho: ABOVE_ZERO, s: ABOVE_ZERO, b: ABOVE_ZERO, L: FROM_ONE},
    BARTLETT,
    "found",
)
three = Bound(
    "the spectral complexity of three layers",
    s * s_2 * s_3 * sum((y / x) ** Rational(2, 3) for x, y in ((s, b), (s_2, b_2), (s_3, b_3))) ** Rational(3, 2),
    dict.fromkeys((s, s_2, s_3, b, b_2, b_3), ABOVE_ZERO),
    BARTLETT,
    "found",
)
CUBE_ROOTS = {
    word(f"bartlett2017:t_{k}", f"the cube root of b/s of layer {k}", nonnegative=True): Span(0, oo) for k in (1, 2, 3)
}
"""Words for which the complexity of three layers is a polynomial, and their spans."""

spectral_part = 48 * B * sqrt(log(2 * w**2)) * log(N) * R / (gamma * sqrt(N))
spectral = Bound(
    "the gap of a margin loss by spectral complexity",
    8 / N + spectral_part + deviation(),
    {**SAMPLE, B: ABOVE_ZERO, w: FROM_ONE, R: ABOVE_ZERO, gamma: ABOVE_ZERO},
    f"{BARTLETT}, its covering numbers in the entropy integral",
    "derived",
)

# -- PAC-Bayes --------------------------------------------------------------------------------------------------------

T = word("neyshabur2018:T", "the squared product of the spectral norms times the sum of the stable ranks")

pac_bayes = Bound(
    "the gap of a margin loss by PAC-Bayes",
    sqrt((B**2 * L**2 * h * log(L * h) * T + log(L * N / delta)) / (gamma**2 * N)),
    {**SAMPLE, B: ABOVE_ZERO, L: FROM_ONE, h: FROM_ONE, T: ABOVE_ZERO, gamma: ABOVE_ZERO},
    PAC_BAYES,
    "memory",
    dominant=True,
)
pac_bayes_proof = Bound(
    "the gap of a margin loss by PAC-Bayes, with the logarithm of its proof",
    sqrt((B**2 * L**2 * h * log(4 * L * h) * T + log(L * N / delta)) / (gamma**2 * N)),
    pac_bayes.domain,
    f"{PAC_BAYES}, its proof",
    "memory",
    dominant=True,
)

# -- further forms ----------------------------------------------------------------------------------------------------

index = word("neyshabur2015:p", "the exponent over the inputs of a unit")
beyond_two = Bound(
    "the Rademacher complexity of linear functions for an exponent of 2 or more",
    sqrt(2) * X / N ** (1 / index),
    {N: FROM_ONE, X: ABOVE_ZERO, index: Span(2, oo)},
    f"{NEYSHABUR}, Lemma 15",
    "found",
)
any_total_norm = Bound(
    "the part of the bound by group norms that depends on the norm of all weights",
    (2 * mu / L ** (1 / q)) ** L,
    {mu: ABOVE_ZERO, L: FROM_ONE, q: FROM_ONE},
    f"{NEYSHABUR}, Corollary 2",
    "found",
)

schatten_norms = word("golowich2018:P", "the product of the Schatten norms of all layers", nonnegative=True)
ratio_bound = word("golowich2018:Lr", "the largest (2,1) norm of a layer over its spectral norm")
schatten_index = word("golowich2018:p", "the index of the Schatten norm")
schatten = Bound(
    "the bound that does not grow with depth, by Schatten norms",
    B
    * ratio_bound
    * F
    * Min(
        log(schatten_norms / least) ** (1 / (Rational(2, 3) + schatten_index)) / N ** (1 / (2 + 3 * schatten_index)),
        sqrt(L**3 / N),
    ),
    {
        N: FROM_ONE, L: FROM_ONE, B: ABOVE_ZERO, F: ABOVE_ZERO, ratio_bound: FROM_ONE, schatten_norms: ABOVE_ZERO,
        least: ABOVE_ZERO, schatten_index: FROM_ONE,
    },
    GOLOWICH,
    "found",
    conditions=(least <= schatten_norms,),
    dominant=True,
)  # fmt: skip
at_least = Bound(
    "what the Rademacher complexity of networks of bounded Schatten norms is at least",
    B * schatten_norms * h ** Max(0, Rational(1, 2) - 1 / schatten_index) / sqrt(N),
    {N: FROM_ONE, B: ABOVE_ZERO, schatten_norms: ABOVE_ZERO, h: FROM_ONE, schatten_index: FROM_ONE},
    f"{GOLOWICH}, its lower bound",
    "found",
    dominant=True,
)

radius = word("bartlett2017:e", "the radius of a cover")
spectral_cover = Bound(
    "the cover of the outputs of networks of a spectral complexity",
    B**2 * N * log(2 * w**2) * R**2 / radius**2,
    {N: FROM_ONE, B: ABOVE_ZERO, w: FROM_ONE, R: ABOVE_ZERO, radius: ABOVE_ZERO},
    f"{BARTLETT}, its covering theorem",
    "found",
)

divergence = word("neyshabur2018:KL", "the divergence of the moved weights from the reference", nonnegative=True)
noise = word("neyshabur2018:sigma", "the standard deviation of the noise on a weight", latex=r"\sigma")
norm = word("neyshabur2018:beta", "the geometric mean of the spectral norms", latex=r"\beta")
general_pac_bayes = Bound(
    "the gap of a margin loss by the divergence of noisy weights",
    4 * sqrt((divergence + log(6 * N / delta)) / (N - 1)),
    {**SAMPLE, N: Span(2, oo), divergence: Span(0, oo)},
    f"{PAC_BAYES}, its proof",
    "memory",
)
largest_noise = Bound(
    "the noise on the weights that leaves the margin",
    gamma / (42 * L * B * norm ** (L - 1) * sqrt(h * log(4 * L * h))),
    {gamma: ABOVE_ZERO, L: FROM_ONE, B: ABOVE_ZERO, norm: ABOVE_ZERO, h: FROM_ONE},
    f"{PAC_BAYES}, its proof",
    "memory",
)
of_noise = F**2 / (2 * noise**2)
"""The divergence of Gaussian noise around weights whose squared norms add up to F**2."""

shattering = Bound(
    "the product of group norms with which all labels of the corners of a cube are reached, for two layers or more",
    inputs ** (1 - 1 / conjugate) * 2 ** (inputs * (1 - 1 / conjugate + 1 / q)) / h ** ((L - 2) * width_exponent),
    {inputs: FROM_ONE, h: FROM_ONE, L: Span(2, oo), conjugate: Span(1, oo, open_low=True), q: FROM_ONE},
    f"{NEYSHABUR}, Theorem 3",
    "found",
)
"""The corners are 2**D points, each of norm D**(1/c) in the conjugate exponent, and the margin is 1."""
