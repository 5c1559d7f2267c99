"""Covering numbers of sets of matrices: what they fall and rise with, and what they are at p = 0 and p = 2."""

from sympy import Min, log

from properties.worlds.boxes import Box
from symbolic import decreasing, homogeneous, increasing, positive, reduces_to
from symbolic.papers.schatten import (
    M,
    R,
    a,
    b,
    e,
    k,
    linear_functions,
    low_rank_frobenius,
    low_rank_spectral,
    m,
    n,
    p,
    points,
    r,
    s,
    schatten_ball,
    soft_rank_ball,
    spectral_ball,
)
from verify import claim

LINK = "docs/mathematics/rank_sparse.md#covering-numbers"

COVERS = (
    (low_rank_frobenius, "low-rank-frobenius", True, ((k, "k"), (m, "m"), (n, "n"), (R, "R"))),
    (low_rank_spectral, "low-rank-spectral", True, ((k, "k"), (m, "m"), (n, "n"), (s, "s"))),
    (schatten_ball, "schatten-ball", True, ((M, "M"), (s, "s"), (m, "m"), (n, "n"))),
    (soft_rank_ball, "soft-rank-ball", True, ((r, "r"), (s, "s"), (m, "m"), (n, "n"))),
    (spectral_ball, "spectral-ball", True, ((m, "m"), (n, "n"), (s, "s"))),
    (linear_functions, "linear-functions", False, ((a, "a"), (b, "b"), (points, "N"))),
)
"""A cover, its name, whether it falls strictly with the radius, and what it rises with."""

CAPPED = {M, r, a, b, points}
"""What a minimum or a ceiling may hold, so that the cover does not rise strictly with it."""

for cover, name, strictly, grown in COVERS:
    falls = claim(
        f"schatten/{name}/decreasing-in-e",
        f"{cover.name[0].upper()}{cover.name[1:]} needs the fewer centres the larger its radius is.",
        given=Box(cover.domain),
        assuming=cover.conditions,
        says=decreasing(cover.expression, e, strictly=strictly),
        source=cover.source,
        link=LINK,
        about=cover,
        expects="proved",
    )
    falls.breaks_when("it rises", says=increasing(cover.expression, e))
    for x, letter in grown:
        rises = claim(
            f"schatten/{name}/increasing-in-{letter}",
            f"{cover.name[0].upper()}{cover.name[1:]} needs the more centres the larger {letter} is.",
            given=Box(cover.domain),
            assuming=cover.conditions,
            says=increasing(cover.expression, x, strictly=x not in CAPPED),
            source=cover.source,
            link=LINK,
            about=cover,
            expects="proved",
        )
        rises.breaks_when("it falls", says=decreasing(cover.expression, x))

# -- low rank ---------------------------------------------------------------------------------------------------------

above_one_centre = claim(
    "schatten/low-rank-frobenius/positive-up-to-R",
    """For a radius up to R the bound for the matrices of low rank is above 0.""",
    given=Box(low_rank_frobenius.domain),
    assuming=low_rank_frobenius.conditions,
    says=positive(low_rank_frobenius.expression),
    source=low_rank_frobenius.source,
    link=LINK,
    about=low_rank_frobenius,
    expects="proved",
)
above_one_centre.breaks_when("for every radius", assuming=())

full_rank = claim(
    "schatten/low-rank-spectral/twice-the-entries-at-full-rank",
    """At full rank of a square matrix the cover by factors counts every entry twice.""",
    given=Box(low_rank_spectral.domain),
    says=reduces_to(low_rank_spectral.expression, {k: n, m: n}, 2 * n**2 * log(1 + 4 * s / e)),
    source=low_rank_spectral.source,
    link=LINK,
    about=low_rank_spectral,
    expects="proved",
)
full_rank.breaks_when("once", says=reduces_to(low_rank_spectral.expression, {k: n, m: n}, n**2 * log(1 + 4 * s / e)))

scales = claim(
    "schatten/low-rank-spectral/degree-0-in-s-and-e",
    """The cover does not change when the spectral norm and the radius are scaled together.""",
    given=Box(low_rank_spectral.domain),
    says=homogeneous(low_rank_spectral.expression, (s, e), 0),
    source=low_rank_spectral.source,
    link=LINK,
    about=low_rank_spectral,
    expects="proved",
)
scales.breaks_when("the spectral norm alone", says=homogeneous(low_rank_spectral.expression, s, 0))

# -- the Schatten ball ------------------------------------------------------------------------------------------------

ball, soft = schatten_ball.expression, soft_rank_ball.expression
logarithm = (m + n) * log(1 + 8 * s / e)

at_two = claim(
    "schatten/schatten-ball/frobenius-at-p-2",
    """At p = 2 the rank that counts is 4 M^2 / e^2, or a side where that is smaller.""",
    given=Box(schatten_ball.domain),
    says=reduces_to(ball, {p: 2}, Min(4 * M**2 / e**2, m, n) * logarithm),
    source=schatten_ball.source,
    link=LINK,
    about=schatten_ball,
    expects="proved",
)
at_two.breaks_when("M^2 / e^2", says=reduces_to(ball, {p: 2}, Min(M**2 / e**2, m, n) * logarithm))

at_zero = claim(
    "schatten/soft-rank-ball/rank-at-p-0",
    """At p = 0 the soft rank is the rank, and the rank is what counts.""",
    given=Box({**soft_rank_ball.domain, k: schatten_ball.domain[m]}),
    says=reduces_to(soft, {p: 0, r: k}, Min(k, m, n) * logarithm),
    source=soft_rank_ball.source,
    link=LINK,
    about=soft_rank_ball,
    expects="proved",
)
at_zero.breaks_when("whatever the sides are", says=reduces_to(soft, {p: 0, r: k}, k * logarithm))

same_ball = claim(
    "schatten/soft-rank-ball/is-the-schatten-ball",
    """With r = (M / s)^p the two forms are the same.""",
    given=Box({**soft_rank_ball.domain, M: schatten_ball.domain[M]}),
    says=reduces_to(soft, {r: (M / s) ** p}, ball),
    source=soft_rank_ball.source,
    link=LINK,
    about=(soft_rank_ball, schatten_ball),
    expects="proved",
)
same_ball.breaks_when("without the p-th power", says=reduces_to(soft, {r: M / s}, ball))

ball_scales = claim(
    "schatten/schatten-ball/degree-0-in-M-s-and-e",
    """The cover does not change when both norms and the radius are scaled together.""",
    given=Box(schatten_ball.domain),
    says=homogeneous(ball, (M, s, e), 0),
    source=schatten_ball.source,
    link=LINK,
    about=schatten_ball,
    expects="proved",
)
ball_scales.breaks_when("without the spectral norm", says=homogeneous(ball, (M, e), 0))

rises_in_p = claim(
    "schatten/schatten-ball/increasing-in-p-for-2M-from-e",
    """With a fixed bound M the cover grows with p if 2 M is at least the radius.""",
    given=Box(schatten_ball.domain),
    assuming=[e <= 2 * M],
    says=increasing(ball, p),
    source=schatten_ball.source,
    link=LINK,
    about=schatten_ball,
    expects="proved",
)
rises_in_p.breaks_when("if 4 M is", assuming=[e <= 4 * M])

falls_in_p = claim(
    "schatten/schatten-ball/decreasing-in-p-for-2M-up-to-e",
    """With a fixed bound M the cover shrinks with p if 2 M is at most the radius.""",
    given=Box(schatten_ball.domain),
    assuming=[e >= 2 * M],
    says=decreasing(ball, p),
    source=schatten_ball.source,
    link=LINK,
    about=schatten_ball,
    expects="proved",
)
falls_in_p.breaks_when("if M is", assuming=[e >= M])

fails_in_p = claim(
    "schatten/schatten-ball/increasing-in-p-fails",
    """With a fixed bound M the cover grows with p, whatever the radius is.""",
    given=Box(schatten_ball.domain),
    says=increasing(ball, p),
    source=schatten_ball.source,
    link=LINK,
    about=schatten_ball,
    expects="refuted",
)

soft_rises = claim(
    "schatten/soft-rank-ball/increasing-in-p-for-2s-from-e",
    """With a fixed soft rank the cover grows with p if 2 s is at least the radius.""",
    given=Box(soft_rank_ball.domain),
    assuming=[2 * s >= e],
    says=increasing(soft, p),
    source=soft_rank_ball.source,
    link=LINK,
    about=soft_rank_ball,
    expects="proved",
)
soft_rises.breaks_when("if 4 s is", assuming=[4 * s >= e])

soft_falls = claim(
    "schatten/soft-rank-ball/decreasing-in-p-for-2s-up-to-e",
    """With a fixed soft rank the cover shrinks with p if 2 s is at most the radius.""",
    given=Box(soft_rank_ball.domain),
    assuming=[2 * s <= e],
    says=decreasing(soft, p),
    source=soft_rank_ball.source,
    link=LINK,
    about=soft_rank_ball,
    expects="proved",
)
soft_falls.breaks_when("if s is", assuming=[s <= e])
