"""Bounds by what is counted: parameters, cushions of layers, distances of kernels."""

from sympy import Rational, log, oo, sqrt

from properties.worlds.boxes import Box
from symbolic import crossover, decreasing, dominates, homogeneous, increasing, limit, reduces_to
from symbolic.papers.counting import (
    C,
    Gamma,
    M,
    beta,
    branches,
    compression,
    compression_by_rank,
    contraction,
    cushion,
    full_count,
    gentle,
    high,
    interlayer,
    kernels,
    lam,
    largest,
    low_rank_count,
    parameters,
    side,
    stable,
    steep,
    steeper,
)
from symbolic.papers.zoo import ABOVE_ZERO, FROM_ONE, L, N, W, delta, deviation, gamma, h, r
from symbolic.spans import Span
from verify import claim

DERIVATIONS = "docs/mathematics/zoo.md"

# -- parameters -------------------------------------------------------------------------------------------------------

count = parameters.expression
for letter, says, other in (
    ("decreasing-in-N", decreasing(count, N, strictly=True), increasing(count, N)),
    ("increasing-in-W", increasing(count, W, strictly=True), decreasing(count, W)),
    ("increasing-in-L", increasing(count, L, strictly=True), decreasing(count, L)),
    ("increasing-in-Gamma", increasing(count, Gamma, strictly=True), decreasing(count, Gamma)),
    ("decreasing-in-delta", decreasing(count, delta, strictly=True), increasing(count, delta)),
):
    claim(
        f"zoo/parameter-count/{letter}",
        f"The gap by the number of parameters: {letter.replace('-', ' ')}.",
        given=Box(parameters.domain),
        says=says,
        source=parameters.source,
        link=f"{DERIVATIONS}#parameter-counting",
        about=parameters,
        expects="proved",
    ).breaks_when("the other way round", says=other)

claim(
    "zoo/parameter-count/tends-to-0",
    """The gap by the number of parameters tends to 0 as N grows.""",
    given=Box(parameters.domain),
    says=limit(count, N, oo, 0),
    source=parameters.source,
    about=parameters,
    expects="proved",
).breaks_when("it stays above 1/100", says=dominates(100 * count, 1))

claim(
    "zoo/parameter-count/constant-network",
    """As the Lipschitz constant of the network tends to 0, what is left has no parameters in it.""",
    given=Box(parameters.domain),
    says=limit(count, Gamma, 0, 8 / N + deviation()),
    source=parameters.source,
    about=parameters,
    expects="proved",
).breaks_when("nothing is left", says=limit(count, Gamma, 0, 0))

low = low_rank_count.expression
claim(
    "zoo/parameter-count/low-rank",
    """A factorisation of rank r has fewer parameters than the u x v matrix up to r = u v/(u + v), and more beyond.""",
    given=Box({**low_rank_count.domain, r: ABOVE_ZERO}),
    says=crossover(low, full_count, r, high * side / (high + side)),
    source=low_rank_count.source,
    link=f"{DERIVATIONS}#parameter-counting",
    about=low_rank_count,
    expects="proved",
).breaks_when("up to twice that", says=crossover(low, full_count, r, 2 * high * side / (high + side)))

claim(
    "zoo/parameter-count/full-rank",
    """A factorisation of full rank of a square matrix has twice as many parameters as the matrix.""",
    given=Box(low_rank_count.domain),
    says=reduces_to(low, {r: high, side: high}, 2 * high**2),
    source=low_rank_count.source,
    about=low_rank_count,
    expects="proved",
).breaks_when("as many", says=reduces_to(low, {r: high, side: high}, high**2))

# -- compression ------------------------------------------------------------------------------------------------------

compressed = compression.expression
for letter, says, other in (
    ("increasing-in-L", increasing(compressed, L, strictly=True), decreasing(compressed, L)),
    ("increasing-in-c", increasing(compressed, contraction, strictly=True), decreasing(compressed, contraction)),
    ("increasing-in-f", increasing(compressed, largest, strictly=True), decreasing(compressed, largest)),
    ("decreasing-in-mu", decreasing(compressed, cushion, strictly=True), increasing(compressed, cushion)),
    ("decreasing-in-nu", decreasing(compressed, interlayer, strictly=True), increasing(compressed, interlayer)),
    ("decreasing-in-gamma", decreasing(compressed, gamma, strictly=True), increasing(compressed, gamma)),
    ("decreasing-in-N", decreasing(compressed, N, strictly=True), increasing(compressed, N)),
):
    claim(
        f"arora2018/compression/{letter}",
        f"The gap of the compressed network: {letter.replace('-', ' ')}.",
        given=Box(compression.domain),
        says=says,
        source=compression.source,
        about=compression,
        expects="proved",
    ).breaks_when("the other way round", says=other)

claim(
    "arora2018/compression/scale-invariant",
    """The gap of the compressed network does not change when the outputs and the margin are scaled together.""",
    given=Box(compression.domain),
    says=homogeneous(compressed, (largest, gamma), 0),
    source=compression.source,
    about=compression,
    expects="proved",
).breaks_when("the outputs alone", says=homogeneous(compressed, (largest,), 0))

WITH_RANK = {**compression.domain, stable: FROM_ONE, h: FROM_ONE}
claim(
    "arora2018/compression/above-stable-ranks",
    """Because cushions are at most 1/sqrt(stable rank) and 1/sqrt(width), the squared gap of the compressed network is
    at least what widths and stable ranks give.""",
    given=Box(WITH_RANK),
    assuming=[cushion**2 * stable <= 1, interlayer**2 * h <= 1],
    says=dominates(compressed**2, compression_by_rank**2),
    source=compression.source,
    link=f"{DERIVATIONS}#compression",
    about=compression,
    expects="proved",
).breaks_when("cushions up to 1", assuming=[cushion <= 1, interlayer <= 1])

# -- distances of kernels ---------------------------------------------------------------------------------------------

moved = kernels.expression
for letter, says, other in (
    ("never-falls-in-W", increasing(moved, W), decreasing(moved, W)),
    ("increasing-in-beta", increasing(moved, beta), decreasing(moved, beta)),
    ("increasing-in-lam", increasing(moved, lam, strictly=True), decreasing(moved, lam)),
    ("increasing-in-C", increasing(moved, C, strictly=True), decreasing(moved, C)),
    ("increasing-in-M", increasing(moved, M, strictly=True), decreasing(moved, M)),
    ("decreasing-in-N", decreasing(moved, N, strictly=True), increasing(moved, N)),
    ("decreasing-in-delta", decreasing(moved, delta, strictly=True), increasing(moved, delta)),
):
    claim(
        f"long2020/kernels/{letter}",
        f"The gap by the distance of the kernels, with a Lipschitz constant of at least 1: {letter.replace('-', ' ')}.",
        given=Box(kernels.domain),
        says=says,
        source=kernels.source,
        about=kernels,
        expects="proved",
    ).breaks_when("the other way round", says=other)

claim(
    "long2020/kernels/increasing-in-W-for-every-lam-fails",
    """The gap by the distance of the kernels rises with the number of parameters, also for a Lipschitz constant of the
    loss below 1.""",
    given=Box({**kernels.domain, lam: ABOVE_ZERO}),
    says=increasing(moved, W),
    source=kernels.source,
    link=f"{DERIVATIONS}#two-branches",
    provenance="as-read",
    about=kernels,
    expects="refuted",
)

claim(
    "long2020/branches/increasing-in-B-as-read",
    """The bound of two branches rises with the Lipschitz constant of the parametrisation.""",
    given=Box(branches.domain),
    says=increasing(branches.expression, steep),
    source=branches.source,
    link=f"{DERIVATIONS}#two-branches",
    about=branches,
    expects="refuted",
)

for branch, letter, span in ((gentle, "below-5", Span(0, 5, True, True)), (steeper, "from-5", Span(5, oo))):
    claim(
        f"long2020/branches/increasing-in-B-{letter}",
        f"The branch {letter.replace('-', ' ')} rises with the Lipschitz constant of the parametrisation.",
        given=Box({**branches.domain, steep: span}),
        says=increasing(branch, steep),
        source=branches.source,
        about=branches,
        expects="proved",
    ).breaks_when("it falls", says=decreasing(branch, steep))

claim(
    "long2020/branches/jump",
    """From 5 on, the leading term of the branch for small constants is at least 3.9 times that of the other branch, so
    that the bound drops at 5.""",
    given=Box({**branches.domain, steep: Span(5, oo)}),
    says=dominates(steep * sqrt(W / N), Rational(39, 10) * sqrt(W * log(steep) / N)),
    source=branches.source,
    link=f"{DERIVATIONS}#two-branches",
    about=branches,
    expects="proved",
).breaks_when("4 times", says=dominates(steep * sqrt(W / N), 4 * sqrt(W * log(steep) / N)))
