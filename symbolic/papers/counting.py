"""Bounds by what is counted: parameters, cushions of layers, distances of kernels from their start, ranks.

The forms of Arora, Ge, Neyshabur and Zhang and of Long and Sedghi are reconstructed from memory; plain parameter
counting is derived in docs/mathematics/zoo.md.
"""

from __future__ import annotations

from sympy import Min, floor, log, oo, pi, sqrt

from symbolic.bounds import Bound
from symbolic.papers.zoo import ABOVE_ZERO, FROM_ONE, SAMPLE, B, L, N, S, W, delta, deviation, gamma, h, r
from symbolic.spans import Span
from symbolic.words import word

ARORA = "Arora, Ge, Neyshabur, Zhang 2018 (PMLR 80)"
LONG = "Long, Sedghi 2020 (arXiv:1905.12600)"
PINTO = "Pinto, Rangamani, Poggio 2025 (PMLR 272)"
COUNT = "covering numbers of matrices and the entropy integral, derived"

# -- parameters -------------------------------------------------------------------------------------------------------

Gamma = word("zoo:Gamma", "the Lipschitz constant of the loss of the network, times the input norm", latex=r"\Gamma")
side = word("zoo:v", "the other side of a weight matrix", integer=True)
high = word("zoo:u", "one side of a weight matrix", integer=True)

parameters = Bound(
    "the gap by the number of parameters",
    8 / N + 24 / sqrt(N) * sqrt(W * log(1 + 2 * L * Gamma * N)) + deviation(),
    {**SAMPLE, W: FROM_ONE, L: FROM_ONE, Gamma: ABOVE_ZERO},
    COUNT,
    "derived",
)
full_count = high * side
low_rank_count = Bound(
    "the number of parameters of a factorisation",
    r * (high + side),
    {r: FROM_ONE, high: FROM_ONE, side: FROM_ONE},
    COUNT,
    "derived",
)

# -- compression ------------------------------------------------------------------------------------------------------

contraction = word("arora2018:c", "the activation contraction")
largest = word("arora2018:f", "the largest norm of an output over the sample", nonnegative=True)
cushion = word("arora2018:mu", "the layer cushion", latex=r"\mu")
interlayer = word("arora2018:nu", "the interlayer cushion", latex=r"\mu_\to")
stable = word("arora2018:k", "the stable rank of a layer")

CUSHION = Span(0, 1, open_low=True)
compression = Bound(
    "the gap of the compressed network, identical layers",
    contraction * L * largest * sqrt(L) / (cushion * interlayer * gamma * sqrt(N)),
    {
        N: FROM_ONE,
        L: FROM_ONE,
        gamma: ABOVE_ZERO,
        largest: ABOVE_ZERO,
        contraction: FROM_ONE,
        cushion: CUSHION,
        interlayer: CUSHION,
    },
    ARORA,
    "memory",
    dominant=True,
)
compression_by_rank = contraction * L * largest * sqrt(L * h * stable / N) / gamma
"""What it is at least, because the cushions are at most 1/sqrt(stable rank) and 1/sqrt(width)."""

# -- distances of kernels ---------------------------------------------------------------------------------------------

C = word("long2020:C", "an unspecified constant")
M = word("long2020:M", "the largest value of the loss")
beta = word("long2020:beta", "the distance of the kernels from their start", nonnegative=True, latex=r"\beta")
lam = word("long2020:lam", "the Lipschitz constant of the loss", latex=r"\lambda")
steep = word("long2020:B", "the Lipschitz constant of the parametrisation")

kernels = Bound(
    "the gap by the distance of the kernels from their start",
    C * M * sqrt((W * (beta + log(lam)) + log(1 / delta)) / N),
    {**SAMPLE, W: FROM_ONE, beta: Span(0, oo), lam: FROM_ONE, C: ABOVE_ZERO, M: ABOVE_ZERO},
    LONG,
    "memory",
)
gentle = C * M * (steep * sqrt(W / N) + sqrt(log(1 / delta) / N))
"""The branch for a Lipschitz constant below 5."""
steeper = C * M * sqrt((W * log(steep) + log(1 / delta)) / N)
"""The branch from 5 on."""
is_steep = Min(1, floor(steep / 5))
"""0 below 5, and 1 from there on."""
branches = Bound(
    "the gap of a class with Lipschitz parametrisation, two branches",
    (1 - is_steep) * gentle + is_steep * steeper,
    {**SAMPLE, W: FROM_ONE, C: ABOVE_ZERO, M: ABOVE_ZERO, steep: FROM_ONE},
    LONG,
    "memory",
)

# -- ranks ------------------------------------------------------------------------------------------------------------

chain_rule = word("pinto2025:C", "the constant of the chain rule for Gaussian complexities, unspecified")
spectral = word("pinto2025:s", "the spectral norm of a layer", nonnegative=True)

ranked = Bound(
    "the Gaussian complexity by ranks, simplified",
    chain_rule**L * S * B * L * r * sqrt(h / N),
    {
        N: FROM_ONE,
        L: FROM_ONE,
        h: FROM_ONE,
        r: FROM_ONE,
        S: ABOVE_ZERO,
        B: ABOVE_ZERO,
        chain_rule: ABOVE_ZERO,
    },
    PINTO,
    "found",
)
ranked_identical = Bound(
    "the Gaussian complexity by ranks, identical layers",
    (chain_rule * spectral) ** L * B * L * r * sqrt(h / N),
    {**{x: given for x, given in ranked.domain.items() if x != S}, spectral: ABOVE_ZERO},
    PINTO,
    "found",
)
one_linear_layer = S * B * sqrt(h * r / N)
"""The bound for one layer."""
root_of_rank = chain_rule**L * S * B * L * sqrt(r * h / N)
"""With the diameter of the class for a rank: derived."""
of_golowich = S * B * sqrt(L * r**L / N)
"""What Frobenius norms give over matrices of rank r and given spectral norms, to the dominant term."""
of_bartlett = S * B * sqrt(L**3 * r * h / N)
"""What spectral norms with (2,1) distances, or PAC-Bayes, give there, to the dominant term."""

# -- further forms ----------------------------------------------------------------------------------------------------

compressed = word("arora2018:q", "the number of parameters of the compressed network", integer=True)
values = word("arora2018:r", "the number of values of a parameter", integer=True)
generic_compression = Bound(
    "the gap of a compressed network of few values",
    sqrt(compressed * log(values) / N),
    {N: FROM_ONE, compressed: FROM_ONE, values: FROM_ONE},
    f"{ARORA}, its generic form",
    "memory",
    dominant=True,
)

near_start = Bound(
    "the gap by the distance of the kernels from their start, for small distances",
    C * M * (beta * lam * sqrt(W / N) + sqrt(log(1 / delta) / N)),
    {**SAMPLE, W: FROM_ONE, beta: Span(0, oo), lam: ABOVE_ZERO, C: ABOVE_ZERO, M: ABOVE_ZERO},
    LONG,
    "memory",
)
by_layers = Bound(
    "the gap by parameters and layers, as it was coded for comparison",
    sqrt(W * L / N),
    {N: FROM_ONE, W: FROM_ONE, L: FROM_ONE},
    f"{LONG}, as coded by others",
    "found",
    dominant=True,
)

r_1 = word("pinto2025:r_1", "the rank of the first layer")
r_2 = word("pinto2025:r_2", "the rank of the second layer")
deep_linear = Bound(
    "the Gaussian complexity of a linear network of two layers, by its ranks",
    S * B * sqrt(h * Min(r_1, r_2) / N),
    {N: FROM_ONE, h: FROM_ONE, S: ABOVE_ZERO, B: ABOVE_ZERO, r_1: FROM_ONE, r_2: FROM_ONE},
    PINTO,
    "found",
)
second_constant = word("pinto2025:C_2", "the second constant of the chain rule, unspecified")
s_1 = word("pinto2025:s_1", "the spectral norm of the first layer")
s_2 = word("pinto2025:s_2", "the spectral norm of the second layer")
f_1 = word("pinto2025:f_1", "the Frobenius norm of the first layer")
f_2 = word("pinto2025:f_2", "the Frobenius norm of the second layer")
two_layers = Bound(
    "the Gaussian complexity of a network of two layers, by its ranks",
    B / sqrt(N) * sqrt(h) * (chain_rule * f_1 * s_2 + 2 * sqrt(2) * second_constant * sqrt(Min(r_1, r_2)) * f_2 * s_1),
    {
        N: FROM_ONE, h: FROM_ONE, B: ABOVE_ZERO, chain_rule: ABOVE_ZERO, second_constant: ABOVE_ZERO,
        s_1: ABOVE_ZERO, s_2: ABOVE_ZERO, f_1: ABOVE_ZERO, f_2: ABOVE_ZERO, r_1: FROM_ONE, r_2: FROM_ONE,
    },
    PINTO,
    "found",
)  # fmt: skip
G = word("pinto2025:G", "the Gaussian complexity of a class", nonnegative=True)
by_gaussians = Bound(
    "the gap by a Gaussian complexity",
    sqrt(2 * pi) * G + deviation(),
    {**SAMPLE, G: Span(0, oo)},
    PINTO,
    "found",
)

excess = word("long2020:eta", "the share of the loss on the sample that is added", latex=r"\eta")
on_sample = word("long2020:R", "the mean loss on the sample, over its largest value")
distance_cost = W * (beta + log(lam)) + log(1 / delta)
fast = Bound(
    "the expected loss by the distance of the kernels from their start, the loss on the sample not counted once",
    M * ((1 + excess) * on_sample + C * distance_cost / N),
    {**kernels.domain, excess: ABOVE_ZERO, on_sample: Span(0, 1)},
    f"{LONG}, its form with 1/N",
    "memory",
)

Lip = word("pinto2025:Lip", "the Lipschitz constant of the loss")
R = word("pinto2025:R", "the Rademacher complexity of a class of vectors", nonnegative=True)
by_vector_contraction = Bound(
    "the gap by a Rademacher complexity and a Lipschitz loss",
    2 * sqrt(2) * Lip * R + deviation(),
    {**SAMPLE, Lip: ABOVE_ZERO, R: Span(0, oo)},
    PINTO,
    "found",
)
most_of_gaussians = sqrt(pi / 2) * G
"""What a Rademacher complexity is at most, by a Gaussian one."""
