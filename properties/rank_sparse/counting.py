"""Counting parameters: two factors of low rank have fewer entries than their product up to w v / (w + v)."""

from properties.worlds.boxes import Box
from symbolic import crossover, dominates, reduces_to
from symbolic.papers.rank_sparse import entries, factors, k, r, v, w
from symbolic.papers.zoo import ABOVE_ZERO, FROM_ONE
from verify import claim

LINK = "docs/mathematics/rank_sparse.md#counting-parameters"
SIZES = Box({k: FROM_ONE, w: FROM_ONE, v: FROM_ONE})

helps = claim(
    "ledent2025/counting/low-rank-up-to-harmonic-mean",
    """Factors of rank r have at most as many entries as their product for r up to w v / (w + v), and at least as many
    from there on.""",
    given=Box({r: ABOVE_ZERO, w: FROM_ONE, v: FROM_ONE}),
    says=crossover(r * (w + v), entries, r, w * v / (w + v)),
    link=LINK,
    expects="proved",
)
helps.breaks_when("up to 2 w v / (w + v)", says=crossover(r * (w + v), entries, r, 2 * w * v / (w + v)))

full = claim(
    "ledent2025/counting/twice-at-full-rank",
    """At full rank of a square matrix the factors have exactly twice as many entries.""",
    given=SIZES,
    says=reduces_to(factors, {k: w, v: w}, 2 * entries.xreplace({v: w})),
    link=LINK,
    expects="proved",
)
full.breaks_when("as many", says=reduces_to(factors, {k: w, v: w}, entries.xreplace({v: w})))

always = claim(
    "ledent2025/counting/low-rank-always-helps-fails",
    """The factors never have more entries than the matrix.""",
    given=SIZES,
    assuming=[k <= w, k <= v],
    says=dominates(entries, factors),
    link=LINK,
    expects="refuted",
)
