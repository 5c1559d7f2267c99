"""Quasi-norms of three singular values at the ends of the index, and two bounds on what a rank leaves."""

from __future__ import annotations

from sympy import Integer, Rational, oo

from properties.worlds.boxes import Box
from symbolic import dominates, limit
from symbolic.papers.schatten import k, p, sigma_2
from symbolic.papers.spectra import by_count, by_stechkin, over, stechkin_of
from symbolic.papers.zoo import ABOVE_ZERO, FROM_ONE
from symbolic.spans import Span
from verify import claim

DERIVATIONS = "docs/mathematics/rank_sparse.md"
SPECTRA = f"{DERIVATIONS}#powers-of-singular-values"
TAILS = f"{DERIVATIONS}#tails"
BELOW_TWO = Span(0, 2, True, True)

claim(
    "schatten/quasi-norm/infinite-at-0",
    """As 1/p tends to infinity, so does 2**(1/p) times the second singular value, which the quasi-norm is at least.""",
    given=Box({sigma_2: ABOVE_ZERO, over: FROM_ONE}),
    says=limit(2**over * sigma_2, over, oo, oo),
    link=SPECTRA,
    expects="proved",
)

claim(
    "schatten/tail/stechkin-constant-up-to-1",
    """The square of Stechkin's constant is at most 1.""",
    given=Box({p: BELOW_TWO}),
    says=dominates(Integer(1), stechkin_of(p)),
    link=TAILS,
    expects="proved",
).breaks_when("at most 9/10", says=dominates(Rational(9, 10), stechkin_of(p)))

claim(
    "schatten/tail/stechkin-below-count-fails",
    """Stechkin's bound on the distance to rank k is at most that by (k + 1)**(1/2 - 1/p): it is larger for small p.""",
    given=Box({p: BELOW_TWO, k: FROM_ONE}),
    says=dominates(by_count(k, p), by_stechkin(k, p)),
    link=TAILS,
    expects="refuted",
)

claim(
    "schatten/tail/count-below-stechkin-fails",
    """The bound by (k + 1)**(1/2 - 1/p) is at most Stechkin's: it is larger for p near 2.""",
    given=Box({p: BELOW_TWO, k: FROM_ONE}),
    says=dominates(by_stechkin(k, p), by_count(k, p)),
    link=TAILS,
    expects="refuted",
)
