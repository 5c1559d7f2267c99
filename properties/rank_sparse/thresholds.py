"""A threshold for singular values that balances the rank of what is kept with the tail of what is dropped."""

from sympy import sqrt

from properties.worlds.boxes import Box
from symbolic import dominates, reduces_to
from symbolic.papers.rank_sparse import Gam, W, r, summand, wbar
from symbolic.papers.schatten import (
    A,
    B,
    balanced,
    best_of_half,
    cost,
    least_cost,
    least_of_half,
    p,
    q,
    tau,
    twice_the_mean,
)
from symbolic.spans import Span
from verify import claim

LINK = "docs/mathematics/rank_sparse.md#the-best-threshold"
f = cost.expression
WORLD = Box(cost.domain)
HALVES = Box({**cost.domain, q: Span(0, 1, open_low=True)})

at_balance = claim(
    "schatten/threshold-cost/twice-the-mean-at-the-balance",
    """Where both costs are the same, they are together twice a geometric mean of A and B.""",
    given=WORLD,
    says=reduces_to(f, {tau: balanced}, twice_the_mean),
    source=cost.source,
    link=LINK,
    about=cost,
    expects="proved",
)
at_balance.breaks_when("once", says=reduces_to(f, {tau: balanced}, twice_the_mean / 2))
at_balance.breaks_when("at the threshold A / B", says=reduces_to(f, {tau: A / B}, twice_the_mean))

at_best = claim(
    "schatten/threshold-cost/least-cost-at-the-best-threshold",
    """At p = 2 q and the threshold (q A / B)^(1 / (2 q + 2)) the cost is (1 + q) q^(-q / (1 + q)) times that mean.""",
    given=HALVES,
    says=reduces_to(f, {tau: best_of_half, p: 2 * q}, least_of_half),
    source=cost.source,
    link=LINK,
    about=cost,
    expects="proved",
)
at_best.breaks_when("without 1 + q", says=reduces_to(f, {tau: best_of_half, p: 2 * q}, least_of_half / (1 + q)))

halved = claim(
    "schatten/threshold-cost/least-cost-by-half-of-p",
    """The least cost by p is that by q = p/2.""",
    given=HALVES,
    says=reduces_to(least_of_half, {q: p / 2}, least_cost),
    source=cost.source,
    link=LINK,
    about=cost,
    expects="proved",
)
halved.breaks_when("by q = p", says=reduces_to(least_of_half, {q: p}, least_cost))

nothing_less = claim(
    "schatten/threshold-cost/at-least-the-least-cost",
    """No threshold costs less.""",
    given=WORLD,
    says=dominates(f, least_cost),
    source="the inequality of the weighted means",
    link=LINK,
    about=cost,
    expects="proved",
)
nothing_less.breaks_when("twice the mean", says=dominates(f, twice_the_mean))

up_to_twice = claim(
    "schatten/threshold-cost/least-cost-at-most-twice-the-mean",
    """For p up to 2 the least cost is at most twice the mean.""",
    given=Box({A: cost.domain[A], B: cost.domain[B], p: cost.domain[p]}),
    says=dominates(twice_the_mean, least_cost),
    source=cost.source,
    link=LINK,
    about=cost,
    expects="proved",
)
up_to_twice.breaks_when("the mean itself", says=dominates(twice_the_mean / 2, least_cost))

attained = claim(
    "schatten/threshold-cost/twice-the-mean-at-p-2",
    """At p = 2 the least cost is twice the mean, 2 sqrt(A B).""",
    given=WORLD,
    says=reduces_to(least_cost, {p: 2}, 2 * sqrt(A * B)),
    source=cost.source,
    link=LINK,
    about=cost,
    expects="proved",
)
attained.breaks_when("once", says=reduces_to(least_cost, {p: 2}, sqrt(A * B)))

is_summand = claim(
    "schatten/threshold-cost/is-twice-the-summand",
    """With A = r wbar and B = Gam^2 W, twice the mean is twice the summand of the main form.""",
    given=Box({**summand.domain, A: cost.domain[A], B: cost.domain[B], p: summand.domain[p]}),
    says=reduces_to(twice_the_mean, {A: r * wbar, B: Gam**2 * W}, 2 * summand.expression),
    source=cost.source,
    link=LINK,
    about=(cost, summand),
    expects="proved",
)
is_summand.breaks_when(
    "with B = Gam W", says=reduces_to(twice_the_mean, {A: r * wbar, B: Gam * W}, 2 * summand.expression)
)
