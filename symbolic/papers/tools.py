"""Tools that gaps are made with: maxima of finite sets, entropy integrals, concentration, contraction, perturbation.

What is said of a class stands here by numbers alone: its Rademacher complexity ``R``, the logarithm ``Q`` of its
covering number at radius 1. All but the perturbation of a network was read in public sources.
"""

from __future__ import annotations

from sympy import ceiling, log, sqrt

from symbolic.bounds import Bound
from symbolic.papers.rank_sparse import b, closed_integral, rho
from symbolic.papers.schatten import BELOW_TWO, p
from symbolic.papers.zoo import ABOVE_ZERO, FROM_ONE, SAMPLE, L, N, delta, deviation
from symbolic.spans import Span
from symbolic.words import word

MASSART = "Massart's lemma, as Lemma 14 of Neyshabur, Tomioka, Srebro 2015 (PMLR 40)"
DUDLEY = "Dudley's entropy integral, as in the notes of CS229M, Stanford"
CONCENTRATION = "Pinto, Rangamani, Poggio 2025 (PMLR 272), Theorem 11"
MAUREY = "Maurey's lemma for covers, as in the notes of CS229M, Stanford"
MATRICES = "Bartlett, Foster, Telgarsky 2017 (arXiv:1706.08498), Lemma 3.2"
PERTURBED = "derived by exchanging one layer after the other"

vectors = word("tools:V", "the number of vectors", integer=True)
length = word("tools:v", "the largest norm of a vector")
Q = word("tools:Q", "the logarithm of the covering number at radius 1")
R = word("tools:R", "the Rademacher complexity of a class, 0 to 1")
Lip = word("tools:Lip", "the Lipschitz constant of what is applied to a class")
radius = word("tools:e", "the radius of a cover")
weights = word("tools:a", "a bound on the norm of the weights")
inputs = word("tools:C", "a bound on the norm of an input")
dimension = word("tools:d", "the number of input dimensions", integer=True)
columns = word("tools:m", "the number of outputs", integer=True)
size = word("tools:X", "a bound on the norm of all inputs together")
e_1 = word("tools:e_1", "how far the first layer is moved, in spectral norm")
e_2 = word("tools:e_2", "how far the second layer is moved, in spectral norm")
s_1 = word("tools:s_1", "a bound on the spectral norm of the first layer")
s_2 = word("tools:s_2", "a bound on the spectral norm of the second layer")

UNIT = Span(0, 1)

finite = Bound(
    "the mean largest product of signs with one of finitely many vectors, over N",
    length * sqrt(2 * log(vectors)) / N,
    {N: FROM_ONE, vectors: FROM_ONE, length: ABOVE_ZERO},
    MASSART,
    "found",
)
entropy = Bound(
    "the empirical Rademacher complexity, covering numbers growing like a power of the radius",
    4 / N + 12 / sqrt(N) * sqrt(Q) * closed_integral,
    {N: FROM_ONE, Q: ABOVE_ZERO, p: BELOW_TWO},
    f"{DUDLEY}, from 1/N to 1",
    "found",
)
empirical = Bound(
    "the gap of a loss in [0, 1] by its empirical Rademacher complexity",
    2 * R + deviation(),
    {**SAMPLE, R: UNIT},
    CONCENTRATION,
    "found",
)
expected = Bound(
    "the gap of a loss in [0, 1] by its Rademacher complexity",
    2 * R + sqrt(log(1 / delta) / (2 * N)),
    {**SAMPLE, R: UNIT},
    CONCENTRATION,
    "found",
)
contracted = Bound(
    "the Rademacher complexity of a class of numbers after a Lipschitz function",
    Lip * R,
    {Lip: ABOVE_ZERO, R: UNIT},
    f"{CONCENTRATION} and before",
    "found",
)
contracted_vectors = Bound(
    "the same for a class of vectors, signs for every output",
    sqrt(2) * Lip * R,
    contracted.domain,
    f"{CONCENTRATION} and before, after Maurer 2016",
    "found",
)
linear_cover = Bound(
    "the cover of linear functions in the mean distance on a sample",
    ceiling(weights**2 * inputs**2 / radius**2) * log(2 * dimension + 1) / log(2),
    {weights: ABOVE_ZERO, inputs: ABOVE_ZERO, radius: ABOVE_ZERO, dimension: FROM_ONE},
    f"{MAUREY}, with no more samples than dimensions counted",
    "found",
)
matrix_cover = Bound(
    "the cover of the products of inputs with matrices of bounded (2, 1) norm",
    ceiling(weights**2 * size**2 / radius**2) * log(2 * dimension * columns),
    {weights: ABOVE_ZERO, size: ABOVE_ZERO, radius: ABOVE_ZERO, dimension: FROM_ONE, columns: FROM_ONE},
    f"{MATRICES}, q = 2, s = 1",
    "found",
)
perturbation = Bound(
    "how far the output of two layers moves when both are moved",
    b * rho * s_1 * s_2 * (e_1 / s_1 + e_2 / s_2),
    {b: ABOVE_ZERO, rho: ABOVE_ZERO, s_1: ABOVE_ZERO, s_2: ABOVE_ZERO, e_1: ABOVE_ZERO, e_2: ABOVE_ZERO},
    PERTURBED,
    "derived",
)
equal_perturbation = Bound(
    "how far the output of L equal layers moves when all are moved",
    b * rho ** (L - 1) * s_1**L * L * e_1 / s_1,
    {b: ABOVE_ZERO, rho: ABOVE_ZERO, s_1: ABOVE_ZERO, e_1: ABOVE_ZERO, L: FROM_ONE},
    PERTURBED,
    "derived",
)
