"""Powers of singular values: the soft rank falls from the rank to the stable rank, their sum goes either way."""

from sympy import Eq, Rational, log, oo

from properties.worlds.boxes import Box
from symbolic import concave, convex, decreasing, dominates, homogeneous, increasing, limit, reduces_to
from symbolic.papers.schatten import (
    FIRST_IS_LARGEST,
    FROM_ABOVE_ZERO_TO_TWO,
    SPECTRUM,
    S,
    p,
    powers,
    quasi_norm,
    shares,
    sigma_1,
    sigma_2,
    sigma_3,
    soft_rank,
    stable_rank,
    tau,
)
from symbolic.papers.zoo import ABOVE_ZERO, FROM_ONE
from symbolic.spans import Span
from verify import claim

DERIVATIONS = "docs/mathematics/rank_sparse.md"
SPECTRA = f"{DERIVATIONS}#powers-of-singular-values"
THRESHOLDS = f"{DERIVATIONS}#thresholds"

FROM_ZERO = Span(0, oo)
ANY = Box({**SPECTRUM, p: FROM_ZERO})
WITH_INDEX = Box({**SPECTRUM, p: ABOVE_ZERO})
WITH_THRESHOLD = Box({**SPECTRUM, tau: ABOVE_ZERO, p: Span(0, 2)})
UP_TO_ONE = Span(0, 1, open_low=True)

# -- the sum of powers ------------------------------------------------------------------------------------------------

rises = claim(
    "schatten/power-sum/increasing-in-p-above-1",
    """If no singular value is below 1, the sum of their p-th powers rises with p.""",
    given=Box({sigma_1: FROM_ONE, sigma_2: FROM_ONE, sigma_3: FROM_ONE, p: FROM_ZERO}),
    says=increasing(S, p),
    link=SPECTRA,
    expects="proved",
)
rises.breaks_when(
    "one may be below 1", given=Box({sigma_1: ABOVE_ZERO, sigma_2: FROM_ONE, sigma_3: FROM_ONE, p: FROM_ZERO})
)

falls = claim(
    "schatten/power-sum/decreasing-in-p-below-1",
    """If no singular value is above 1, the sum of their p-th powers falls with p.""",
    given=Box({sigma_1: UP_TO_ONE, sigma_2: UP_TO_ONE, sigma_3: UP_TO_ONE, p: FROM_ZERO}),
    says=decreasing(S, p),
    link=SPECTRA,
    expects="proved",
)
falls.breaks_when(
    "one may be above 1", given=Box({sigma_1: ABOVE_ZERO, sigma_2: UP_TO_ONE, sigma_3: UP_TO_ONE, p: FROM_ZERO})
)

always_falls = claim(
    "schatten/power-sum/decreasing-in-p-fails",
    """The sum of p-th powers of any singular values falls with p, as the soft rank does.""",
    given=ANY,
    says=decreasing(S, p),
    link=SPECTRA,
    expects="refuted",
)

always_rises = claim(
    "schatten/power-sum/increasing-in-p-fails",
    """The sum of p-th powers of any singular values rises with p.""",
    given=ANY,
    says=increasing(S, p),
    link=SPECTRA,
    expects="refuted",
)

bent = claim(
    "schatten/power-sum/logarithm-convex-in-p",
    """The logarithm of the sum of p-th powers is convex in p.""",
    given=Box({**SPECTRUM, p: Span(0, 8)}),
    says=convex(log(S), p),
    source="Hoelder's inequality",
    link=SPECTRA,
    expects="proved",
)
bent.breaks_when("it is concave", says=concave(log(S), p))

degree = claim(
    "schatten/power-sum/degree-p",
    """The sum of p-th powers is homogeneous of degree p.""",
    given=ANY,
    says=homogeneous(S, (sigma_1, sigma_2, sigma_3), p),
    link=SPECTRA,
    expects="proved",
)
degree.breaks_when("of degree 1", says=homogeneous(S, (sigma_1, sigma_2, sigma_3), 1))

counts = claim(
    "schatten/power-sum/rank-at-0",
    """As p tends to 0, the sum of p-th powers tends to the rank.""",
    given=ANY,
    says=limit(S, p, 0, 3),
    link=SPECTRA,
    expects="proved",
)
counts.breaks_when("the sum of the singular values", says=limit(S, p, 0, powers(1)))

# -- the quasi-norm ---------------------------------------------------------------------------------------------------

norm_falls = claim(
    "schatten/quasi-norm/decreasing-in-p",
    """The Schatten quasi-norm falls with p.""",
    given=WITH_INDEX,
    assuming=FIRST_IS_LARGEST,
    says=decreasing(quasi_norm, p),
    link=SPECTRA,
    expects="proved",
)
norm_falls.breaks_when("it rises", says=increasing(quasi_norm, p))
norm_falls.breaks_when("its p-th power", says=decreasing(S, p))

by_rank = claim(
    "schatten/quasi-norm/at-most-rank-power-times-frobenius",
    """For p up to 2 the quasi-norm is at most rank**(1/p - 1/2) times the Frobenius norm.""",
    given=Box({**SPECTRUM, p: FROM_ABOVE_ZERO_TO_TWO}),
    says=dominates(3 ** (1 / p - Rational(1, 2)) * powers(2) ** Rational(1, 2), S ** (1 / p)),
    source="Hoelder's inequality",
    link=SPECTRA,
    expects="proved",
)
by_rank.breaks_when(
    "the exponent with the other sign",
    says=dominates(3 ** (Rational(1, 2) - 1 / p) * powers(2) ** Rational(1, 2), S ** (1 / p)),
)

# -- the soft rank ----------------------------------------------------------------------------------------------------

is_quotient = claim(
    "schatten/soft-rank/is-power-sum-over-power-of-largest",
    """The soft rank is the sum of p-th powers, divided by that of the largest singular value.""",
    given=ANY,
    says=Eq(soft_rank, S / sigma_1**p, evaluate=False),
    link=SPECTRA,
    expects="proved",
)
is_quotient.breaks_when("by the p-th power of another", says=Eq(soft_rank, S / sigma_2**p, evaluate=False))

rank_falls = claim(
    "schatten/soft-rank/decreasing-in-p",
    """The soft rank falls with p.""",
    given=ANY,
    assuming=FIRST_IS_LARGEST,
    says=decreasing(soft_rank, p),
    link=SPECTRA,
    expects="proved",
)
rank_falls.breaks_when("divided by another singular value than the largest", assuming=())

at_zero = claim(
    "schatten/soft-rank/rank-at-0",
    """At p = 0 the soft rank is the rank.""",
    given=Box({**SPECTRUM, p: FROM_ZERO}),
    says=reduces_to(soft_rank, {p: 0}, 3),
    link=SPECTRA,
    expects="proved",
)
at_zero.breaks_when("the stable rank, whatever p is", says=reduces_to(stable_rank, {p: 0}, 3))

at_two = claim(
    "schatten/soft-rank/stable-rank-at-2",
    """At p = 2 the soft rank is the stable rank.""",
    given=ANY,
    says=reduces_to(soft_rank, {p: 2}, stable_rank),
    link=SPECTRA,
    expects="proved",
)
at_two.breaks_when("at p = 1", says=reduces_to(soft_rank, {p: 1}, stable_rank))

up_to_rank = claim(
    "schatten/soft-rank/at-most-the-rank",
    """The soft rank is at most the rank.""",
    given=WITH_INDEX,
    assuming=FIRST_IS_LARGEST,
    says=dominates(3, soft_rank),
    link=SPECTRA,
    expects="proved",
)
up_to_rank.breaks_when("without the p-th power", says=dominates(3, soft_rank ** (1 / p)))
up_to_rank.breaks_when("divided by another singular value than the largest", assuming=())

from_one = claim(
    "schatten/soft-rank/at-least-1",
    """The soft rank is at least 1.""",
    given=ANY,
    says=dominates(soft_rank, 1),
    link=SPECTRA,
    expects="proved",
)
from_one.breaks_when("at least the rank", says=dominates(soft_rank, 3))

unscaled = claim(
    "schatten/soft-rank/degree-0",
    """The soft rank does not change when the matrix is scaled.""",
    given=WITH_INDEX,
    says=homogeneous(soft_rank, (sigma_1, sigma_2, sigma_3), 0),
    link=SPECTRA,
    expects="proved",
)
unscaled.breaks_when(
    "without the p-th power of the quasi-norm",
    says=homogeneous(quasi_norm / sigma_1**p, (sigma_1, sigma_2, sigma_3), 0),
)

# -- thresholds -------------------------------------------------------------------------------------------------------

count = shares(tau, p)

as_count = claim(
    "schatten/threshold/count-is-power-sum-over-power",
    """The sum of p-th powers of the singular values over tau is S over tau**p.""",
    given=WITH_THRESHOLD,
    says=Eq(count, S / tau**p, evaluate=False),
    link=THRESHOLDS,
    expects="proved",
)
as_count.breaks_when("S over tau", says=Eq(count, S / tau, evaluate=False))

markov = claim(
    "schatten/threshold/markov-count",
    """If two singular values are at least tau, S over tau**p is at least 2.""",
    given=WITH_THRESHOLD,
    assuming=[sigma_1 >= tau, sigma_2 >= tau],
    says=dominates(count, 2),
    source="Markov's inequality",
    link=THRESHOLDS,
    expects="proved",
)
markov.breaks_when("S over tau**(p + 1)", says=dominates(count / tau, 2))
markov.breaks_when("one of them is", assuming=[sigma_1 >= tau])
markov.breaks_when("for 3", says=dominates(count, 3))

tail_falls = claim(
    "schatten/threshold/tail-decreasing-in-p",
    """If no singular value is above tau, S over tau**p falls with p.""",
    given=WITH_THRESHOLD,
    assuming=[sigma_1 <= tau, sigma_2 <= tau, sigma_3 <= tau],
    says=decreasing(count, p),
    link=THRESHOLDS,
    expects="proved",
)
tail_falls.breaks_when("one may be above tau", assuming=[sigma_1 <= tau, sigma_2 <= tau])

tail = claim(
    "schatten/threshold/tail-at-most-power-times-power-sum",
    """If no singular value is above tau, the sum of their squares is at most tau**(2 - p) S.""",
    given=WITH_THRESHOLD,
    assuming=[sigma_1 <= tau, sigma_2 <= tau, sigma_3 <= tau],
    says=dominates(tau ** (2 - p) * S, powers(2)),
    link=THRESHOLDS,
    expects="proved",
)
tail.breaks_when("tau**(p - 2)", says=dominates(tau ** (p - 2) * S, powers(2)))
tail.breaks_when(
    "the quasi-norm without its p-th power",
    given=Box({**SPECTRUM, tau: ABOVE_ZERO, p: Span(1, 2)}),
    says=dominates(tau ** (2 - p) * S ** (1 / p), powers(2)),
)

each = claim(
    "schatten/threshold/square-at-most-power-times-power",
    """The square of a singular value up to tau is at most tau**(2 - p) times its p-th power.""",
    given=Box({sigma_1: ABOVE_ZERO, tau: ABOVE_ZERO, p: Span(0, 2)}),
    assuming=[sigma_1 <= tau],
    says=dominates(sigma_1**2 * (tau / sigma_1) ** (2 - p), sigma_1**2),
    link=THRESHOLDS,
    expects="proved",
)
each.breaks_when("it may be above tau", assuming=())
