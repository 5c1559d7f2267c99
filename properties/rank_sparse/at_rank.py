"""The derived bound at p = 0, by the rank: in what it rises, and from how many samples on it falls."""

from sympy import log, oo, sqrt

from properties.worlds.boxes import Box
from symbolic import decreasing, increasing, reduces_to
from symbolic.papers.rank_sparse import (
    Gam,
    at_rank,
    r,
    w,
    wbar,
)
from symbolic.papers.zoo import FROM_ONE, L, N
from symbolic.spans import Span
from verify import claim

LINK = "docs/mathematics/rank_sparse.md#the-derived-bound"
RANK = Box(at_rank.domain)

middle = 24 / sqrt(N) * sqrt(log(1 + 8 * L * Gam * N) * L * r * wbar)

by_rank = claim(
    "ledent2025/derived-bound/w-r-L-at-p-0",
    """At p = 0, with layers of width w, the square of its middle term is at most 1152 w r L log(1 + 8 L Gam N) / N.""",
    given=Box({**at_rank.domain, w: FROM_ONE}),
    says=reduces_to(N * middle**2, {wbar: 2 * w}, 1152 * w * r * L * log(1 + 8 * L * Gam * N)),
    source=at_rank.source,
    link=LINK,
    about=at_rank,
    expects="proved",
)
by_rank.breaks_when(
    "L squared", says=reduces_to(N * middle**2, {wbar: 2 * w}, 1152 * w * r * L**2 * log(1 + 8 * L * Gam * N))
)

from_five = claim(
    "ledent2025/derived-bound/at-p-0-decreasing-in-N-from-5",
    """At p = 0, with its integral 1 - 1/N, it falls strictly from 5 samples on if 8 L Gam is at least 1.""",
    given=Box({**at_rank.domain, N: Span(5, oo)}),
    assuming=[8 * L * Gam >= 1],
    says=decreasing(at_rank.expression, N, strictly=True),
    source=at_rank.source,
    link=LINK,
    about=at_rank,
    expects="proved",
)
from_five.breaks_when("from 1 on", given=RANK)

from_one = claim(
    "ledent2025/derived-bound/at-p-0-decreasing-in-N-fails",
    """At p = 0, with its integral 1 - 1/N, the derived bound falls from the first sample on.""",
    given=RANK,
    says=decreasing(at_rank.expression, N),
    source=at_rank.source,
    link=LINK,
    about=at_rank,
    expects="refuted",
)

for x, letter in ((Gam, "Gam"), (r, "r"), (wbar, "wbar"), (L, "L")):
    rises = claim(
        f"ledent2025/derived-bound/at-p-0-increasing-in-{letter}",
        f"At p = 0 the derived bound rises with {letter}.",
        given=RANK,
        says=increasing(at_rank.expression, x),
        source=at_rank.source,
        link=LINK,
        about=at_rank,
        expects="proved",
    )
    rises.breaks_when("it falls", says=decreasing(at_rank.expression, x))
