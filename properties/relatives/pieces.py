"""The rate by pieces of strong convexity, Park, Simsekli, Erdogdu 2022: what counting pieces over a sample does to it.

The rate itself is in ``properties/weight_decay/lemma_3_10.py``.
"""

from __future__ import annotations

from sympy import E, log, oo

from properties.worlds.boxes import Box
from symbolic import dominates, increasing
from symbolic.papers.generalisation import by_pieces
from symbolic.papers.weight_decay import N, m, n
from symbolic.papers.zoo import FROM_ONE
from verify import claim

DERIVATIONS = "docs/mathematics/relatives.md#pieces"
over_sample = m * (n + 1) * log(2 * E * N / (n + 1))
"""The logarithm of the bound on the activation patterns of m neurons with n inputs, over N samples."""

old = claim(
    "park2022/pieces/over-the-sample-is-the-old-rate",
    """With the patterns of a whole sample log(N P) is at least m n, from n + 1 samples on: the old rate.""",
    given=Box({m: FROM_ONE, n: FROM_ONE, N: FROM_ONE}),
    assuming=[n + 1 <= N],
    says=dominates(over_sample, m * n),
    source=by_pieces.source,
    link=DERIVATIONS,
    about=by_pieces,
    provenance="derived",
    expects="proved",
)
old.breaks_when("any number of samples", assuming=[])
old.breaks_when("with those of one sample, 2^m", says=dominates(m * log(2), m * n))

rises = claim(
    "park2022/pieces/over-the-sample-rises-with-N",
    """They rise with the sample, while those of one sample do not.""",
    given=Box({m: FROM_ONE, n: FROM_ONE, N: (1, oo)}),
    says=increasing(over_sample, N, strictly=True),
    source=by_pieces.source,
    link=DERIVATIONS,
    about=by_pieces,
    provenance="derived",
    expects="proved",
)
rises.breaks_when("with the inputs, for any sample", says=increasing(over_sample, n))
