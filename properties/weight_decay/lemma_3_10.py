"""Readings of Lemma 3.10 and Theorem 3.8, and the bound by pieces that Theorem 3.11 is compared with."""

from __future__ import annotations

from sympy import Min, Rational, log, oo, sqrt

from properties.worlds.boxes import Box
from symbolic import decreasing, dominates, increasing, reduces_to
from symbolic.papers.generalisation import (
    RANKED,
    SIZES,
    C,
    any_network,
    by_pieces,
    composed_as_read,
    deviation,
    exact_of_one_neuron,
    layers,
    low,
    low_as_read,
    parameters,
    pieces,
    units,
    with_linear_layer,
)
from symbolic.papers.weight_decay import N, m, n
from symbolic.papers.zoo import FROM_ONE, delta, r
from symbolic.spans import Span
from verify import claim

DERIVATIONS = "docs/mathematics/generalisation.md"
LEMMA = f"{DERIVATIONS}#lemma-310"

# -- Lemma 3.10, a rate -----------------------------------------------------------------------------------------------

claim(
    "chen2024/lemma-3.10-as-read",
    """C r (m + n) log m is at least n + 1, the pseudo-dimension of one neuron: it is not, whatever C is.""",
    given=Box(low_as_read.domain),
    says=dominates(low_as_read.expression, exact_of_one_neuron),
    source=low_as_read.source,
    link=LEMMA,
    about=low_as_read,
    expects="refuted",
)

repaired = claim(
    "chen2024/lemma-3.10-as-read/two-neurons",
    """From two neurons on, and with C from 3/2 on, C r (m + n) log m is at least n + 1.""",
    given=Box({**low_as_read.domain, m: (2, oo), C: (Rational(3, 2), oo)}),
    says=dominates(low_as_read.expression, exact_of_one_neuron),
    source=low_as_read.source,
    link=LEMMA,
    about=low_as_read,
    expects="proved",
)
repaired.breaks_when("from one on", given=Box({**low_as_read.domain, C: (Rational(3, 2), oo)}))

for x, letter in ((m, "m"), (n, "n"), (r, "r")):
    claim(
        f"chen2024/lemma-3.10-as-read/increasing-in-{letter}",
        f"C r (m + n) log m never falls when {letter} rises.",
        given=Box(low_as_read.domain),
        says=increasing(low_as_read.expression, x),
        source=low_as_read.source,
        link=LEMMA,
        about=low_as_read,
        expects="proved",
    ).breaks_when("it falls", says=decreasing(low_as_read.expression, x))

# -- Lemma 3.10, a sum ------------------------------------------------------------------------------------------------

neuron = claim(
    "chen2024/lemma-3.10-composed/one-neuron",
    """For one neuron the pseudo-dimension of NN(1, r), r + 1, and that of r linear functions, r n, add up to n + 1 at
    least, which composition has.""",
    given=Box({n: FROM_ONE, r: FROM_ONE}),
    says=dominates(r + 1 + r * n, exact_of_one_neuron),
    source=composed_as_read.source,
    link=LEMMA,
    expects="proved",
)
neuron.breaks_when("without those of linear functions", says=dominates(r + 1, exact_of_one_neuron))

better = claim(
    "chen2024/lemma-3.10-composed/below-the-rate",
    """From three neurons on, and with C from 1 on, C m r log m + r n is at most C r (m + n) log m.""",
    given=Box({**composed_as_read.domain, m: (3, oo), C: (1, oo)}),
    says=dominates(n * C * log(m), n),
    source=composed_as_read.source,
    link=LEMMA,
    about=(composed_as_read, low_as_read),
    expects="proved",
)
better.breaks_when("from two on", given=Box({**composed_as_read.domain, m: (2, oo), C: (1, oo)}))

for x, letter in ((m, "m"), (n, "n"), (r, "r")):
    claim(
        f"chen2024/lemma-3.10-composed/increasing-in-{letter}",
        f"C m r log m + r n rises with {letter}.",
        given=Box(composed_as_read.domain),
        says=increasing(composed_as_read.expression, x),
        source=composed_as_read.source,
        link=LEMMA,
        about=composed_as_read,
        expects="proved",
    ).breaks_when("it falls", says=decreasing(composed_as_read.expression, x))

# -- factors as layers ------------------------------------------------------------------------------------------------

LAYERED = with_linear_layer.expression
for x, letter in ((m, "m"), (n, "n"), (r, "r")):
    claim(
        f"chen2024/lemma-3.10-layers/increasing-in-{letter}",
        f"With its factors as two layers the bound for rank r rises with {letter}.",
        given=Box(RANKED),
        says=increasing(LAYERED, x, strictly=True),
        source=with_linear_layer.source,
        link=LEMMA,
        about=with_linear_layer,
        expects="proved",
    ).breaks_when("it falls", says=decreasing(LAYERED, x))

for data, width, inputs, needed in (("california", 8192, 8, 485_392_896), ("mnist", 32768, 784, 2_317_729_580)):
    same = {m: (width, width), n: (inputs, inputs), r: (2, 2)}
    claim(
        f"chen2024/lemma-3.10-layers/{data}-above-direct",
        f"At the sizes of {data} and rank two it is above the bound that counts polynomials of degree 2 directly.",
        given=Box(same),
        says=dominates(LAYERED, low.expression),
        source=with_linear_layer.source,
        link=LEMMA,
        about=(with_linear_layer, low),
        expects="proved",
    ).breaks_when("1.1 times it", says=dominates(LAYERED, Rational(11, 10) * low.expression))
    gap = deviation(LAYERED)
    claim(
        f"chen2024/lemma-3.10-layers/{data}-says-nothing",
        f"With it the deviation is above 1 up to N = {needed - 1}, from the sizes of {data} and rank two on.",
        given=Box({m: (width, oo), n: (inputs, oo), r: (2, oo), N: (1, needed - 1), delta: Span(0, "1/20", True)}),
        says=gap > 1,
        source=with_linear_layer.source,
        link=f"{DERIVATIONS}#the-papers-own-sizes",
        about=with_linear_layer,
        expects="proved",
    ).breaks_when(
        "one sample more",
        given=Box({**same, N: (1, needed), delta: ("1/20", "1/20")}),
    )

# -- Theorem 3.8 ------------------------------------------------------------------------------------------------------

for x, letter, meaning in ((layers, "L", "layers"), (parameters, "W", "parameters"), (units, "U", "units")):
    claim(
        f"chen2024/thm-3.8-as-read/increasing-in-{letter}",
        f"C L W log U never falls with more {meaning}.",
        given=Box(any_network.domain),
        says=increasing(any_network.expression, x),
        source=any_network.source,
        link=f"{DERIVATIONS}#equation-11",
        about=any_network,
        expects="proved",
    ).breaks_when("it falls", says=decreasing(any_network.expression, x))

claim(
    "chen2024/thm-3.8-as-read/one-unit-fails",
    """C L W log U is at least 1 for every network: with one unit it is 0, whatever C is.""",
    given=Box(any_network.domain),
    says=dominates(any_network.expression, 1),
    source=any_network.source,
    link=f"{DERIVATIONS}#equation-11",
    about=any_network,
    expects="refuted",
)

# -- equation (12) ----------------------------------------------------------------------------------------------------

claim(
    "chen2024/lemma-3.10/least-side-alone-fails",
    """The smaller of m and n is at least m, the dimension of the functions that one input and m neurons make.""",
    given=Box(SIZES),
    says=dominates(Min(m, n), m),
    source=f"{low.source}, with min(m, n) for m + n (not claimed there)",
    link=LEMMA,
    expects="refuted",
)

# -- pieces -----------------------------------------------------------------------------------------------------------

for x, letter in ((pieces, "P"), (C, "C")):
    claim(
        f"park2022/pieces/increasing-in-{letter}",
        f"The gap by pieces of strong convexity never falls when {letter} rises.",
        given=Box(by_pieces.domain),
        says=increasing(by_pieces.expression, x),
        source=by_pieces.source,
        about=by_pieces,
        expects="proved",
    ).breaks_when("it falls", says=decreasing(by_pieces.expression, x))

one_piece = claim(
    "park2022/pieces/one-piece",
    """For one piece, a strongly convex loss, it is C log(N)/sqrt(N).""",
    given=Box({**by_pieces.domain, N: (2, oo)}),
    says=reduces_to(by_pieces.expression, {pieces: 1}, C * log(N) / sqrt(N)),
    source=by_pieces.source,
    about=by_pieces,
    expects="proved",
)
one_piece.breaks_when("for two", says=reduces_to(by_pieces.expression, {pieces: 2}, C * log(N) / sqrt(N)))

claim(
    "park2022/pieces/decreasing-in-N-from-8",
    """It falls strictly with the number of samples from 8 on.""",
    given=Box({**by_pieces.domain, N: (8, oo)}),
    says=decreasing(by_pieces.expression, N, strictly=True),
    source=by_pieces.source,
    about=by_pieces,
    expects="proved",
).breaks_when("from 1 on", given=Box(by_pieces.domain))

per_sample = claim(
    "park2022/pieces/per-sample-below-the-rate-of-rank-two",
    """With 2^m pieces, those of one sample, log(N P) is at most (m + n) log(m) log(N) from three neurons and samples
    on: the rate is below that of rank two.""",
    given=Box({m: (3, oo), n: FROM_ONE, N: (3, oo)}),
    says=dominates((m + n) * log(m) * log(N), log(N) + m * log(2)),
    source=by_pieces.source,
    link=f"{DERIVATIONS}#two-layer-networks",
    about=by_pieces,
    expects="proved",
)
per_sample.breaks_when("of one neuron on", given=Box({m: FROM_ONE, n: FROM_ONE, N: (3, oo)}))
