"""What weight decay of L factors does to their product: L/2 times the sum of 2/L-th powers of its singular values."""

from sympy import Rational, exp, log, oo

from properties.worlds.boxes import Box
from symbolic import decreasing, homogeneous, increasing, limit, reduces_to
from symbolic.papers.schatten import SPECTRUM, S, decay, p, powers, sigma_1, sigma_2, sigma_3, weight_decay
from symbolic.papers.zoo import ABOVE_ZERO, FROM_ONE, L
from symbolic.spans import Span
from verify import claim

LINK = "docs/mathematics/rank_sparse.md#weight-decay"
ABOVE_ONE = Span(1, oo, open_low=True)
ONE = Box({sigma_1: ABOVE_ZERO, L: FROM_ONE})
LARGE = Box({sigma_1: ABOVE_ONE, L: FROM_ONE})
TWO = Box({sigma_1: ABOVE_ZERO, sigma_2: ABOVE_ZERO, L: FROM_ONE})
THREE = Box(weight_decay.domain)
value = weight_decay.expression
pair = decay(sigma_1) + decay(sigma_2)

# -- one singular value -----------------------------------------------------------------------------------------------

rises = claim(
    "schatten/weight-decay/increasing-in-L-from-2-log-sigma",
    """For one singular value the least weight decay rises with L from 2 log sigma on.""",
    given=ONE,
    assuming=[2 * log(sigma_1) <= L],
    says=increasing(decay(sigma_1), L),
    link=LINK,
    about=weight_decay,
    expects="proved",
)
rises.breaks_when("from log sigma on", assuming=[log(sigma_1) <= L])
rises.breaks_when("half of the sum of squares without L", says=increasing(decay(sigma_1) / L, L))

strictly = claim(
    "schatten/weight-decay/strictly-increasing-in-L-beyond-2-log-sigma",
    """For one singular value above 1 the least weight decay rises strictly with L beyond 2 log sigma.""",
    given=LARGE,
    assuming=[2 * log(sigma_1) < L],
    says=increasing(decay(sigma_1), L, strictly=True),
    link=LINK,
    about=weight_decay,
    expects="proved",
)
strictly.breaks_when("from 1 on", assuming=[L >= 1])

falls = claim(
    "schatten/weight-decay/decreasing-in-L-up-to-2-log-sigma",
    """For one singular value the least weight decay falls with L up to 2 log sigma.""",
    given=LARGE,
    assuming=[2 * log(sigma_1) >= L],
    says=decreasing(decay(sigma_1), L),
    link=LINK,
    about=weight_decay,
    expects="proved",
)
falls.breaks_when("up to 4 log sigma", assuming=[4 * log(sigma_1) >= L])

small = claim(
    "schatten/weight-decay/increasing-in-L-for-sigma-up-to-root-e",
    """A singular value up to sqrt(e) makes the least weight decay rise with L from the first layer on.""",
    given=Box({sigma_1: Span(0, exp(Rational(1, 2)), open_low=True), L: FROM_ONE}),
    says=increasing(decay(sigma_1), L),
    link=LINK,
    about=weight_decay,
    expects="proved",
)
small.breaks_when("up to e", given=Box({sigma_1: Span(0, exp(1), open_low=True), L: FROM_ONE}))

always = claim(
    "schatten/weight-decay/increasing-in-L-fails",
    """The least weight decay rises with L, whatever the singular value is.""",
    given=ONE,
    says=increasing(decay(sigma_1), L),
    link=LINK,
    about=weight_decay,
    expects="refuted",
)

# -- two and three singular values ------------------------------------------------------------------------------------

two_rise = claim(
    "schatten/weight-decay/two-values-increasing-in-L",
    """For two singular values the least weight decay rises with L from 2 log of each on.""",
    given=TWO,
    assuming=[2 * log(sigma_1) <= L, 2 * log(sigma_2) <= L],
    says=increasing(pair, L),
    link=LINK,
    about=weight_decay,
    expects="proved",
)
two_rise.breaks_when("of one of them", assuming=[2 * log(sigma_1) <= L])

three_rise = claim(
    "schatten/weight-decay/three-values-increasing-in-L",
    """For three singular values the least weight decay rises with L from 2 log of each on.""",
    given=THREE,
    assuming=[2 * log(sigma_1) <= L, 2 * log(sigma_2) <= L, 2 * log(sigma_3) <= L],
    says=increasing(value, L),
    link=LINK,
    about=weight_decay,
    expects="proved",
)
three_rise.breaks_when("of two of them", assuming=[2 * log(sigma_1) <= L, 2 * log(sigma_2) <= L])

three_fall = claim(
    "schatten/weight-decay/three-values-decreasing-in-L",
    """For three singular values the least weight decay falls with L up to 2 log of each.""",
    given=Box({sigma_1: ABOVE_ONE, sigma_2: ABOVE_ONE, sigma_3: ABOVE_ONE, L: FROM_ONE}),
    assuming=[2 * log(sigma_1) >= L, 2 * log(sigma_2) >= L, 2 * log(sigma_3) >= L],
    says=decreasing(value, L),
    link=LINK,
    about=weight_decay,
    expects="proved",
)
three_fall.breaks_when(
    "up to 4 log of each", assuming=[4 * log(sigma_1) >= L, 4 * log(sigma_2) >= L, 4 * log(sigma_3) >= L]
)

grows = claim(
    "schatten/weight-decay/increasing-in-sigma",
    """The least weight decay rises with every singular value.""",
    given=THREE,
    says=increasing(value, sigma_1, strictly=True),
    link=LINK,
    about=weight_decay,
    expects="proved",
)
grows.breaks_when("with the exponent -2/L", says=increasing(decay(1 / sigma_1), sigma_1))

degree = claim(
    "schatten/weight-decay/degree-2-over-L",
    """The least weight decay is homogeneous of degree 2/L.""",
    given=THREE,
    says=homogeneous(value, (sigma_1, sigma_2, sigma_3), 2 / L),
    link=LINK,
    about=weight_decay,
    expects="proved",
)
degree.breaks_when("of the exponent 1", says=homogeneous(L / 2 * powers(1), (sigma_1, sigma_2, sigma_3), 2 / L))
degree.breaks_when("of the exponent L/2", says=homogeneous(L / 2 * powers(L / 2), (sigma_1, sigma_2, sigma_3), 2 / L))

# -- special cases ----------------------------------------------------------------------------------------------------

one_factor = claim(
    "schatten/weight-decay/frobenius-at-one-layer",
    """With one factor the least weight decay is half of the squared Frobenius norm.""",
    given=THREE,
    says=reduces_to(value, {L: 1}, powers(2) / 2),
    link=LINK,
    about=weight_decay,
    expects="proved",
)
one_factor.breaks_when("of the exponent 1/L", says=reduces_to(L / 2 * powers(1 / L), {L: 1}, powers(2) / 2))

two_factors = claim(
    "schatten/weight-decay/nuclear-norm-at-two-layers",
    """With two factors the least weight decay is the sum of the singular values.""",
    given=THREE,
    says=reduces_to(value, {L: 2}, powers(1)),
    link=LINK,
    about=weight_decay,
    expects="proved",
)
two_factors.breaks_when("1/2 for L/2", says=reduces_to(value / L, {L: 2}, powers(1)))

three_factors = claim(
    "schatten/weight-decay/two-thirds-at-three-layers",
    """With three factors the least weight decay is 3/2 times the sum of the 2/3-th powers.""",
    given=THREE,
    says=reduces_to(value, {L: 3}, Rational(3, 2) * powers(Rational(2, 3))),
    link=LINK,
    about=weight_decay,
    expects="proved",
)
three_factors.breaks_when("without L/2", says=reduces_to(value, {L: 3}, powers(Rational(2, 3))))

as_quasi_norm = claim(
    "schatten/weight-decay/is-power-sum-at-2-over-L",
    """The least weight decay is L/2 times the sum of p-th powers at p = 2/L.""",
    given=Box({**SPECTRUM, L: FROM_ONE, p: Span(0, 2)}),
    says=reduces_to(L / 2 * S, {p: 2 / L}, value),
    link=LINK,
    about=weight_decay,
    expects="proved",
)
as_quasi_norm.breaks_when("at p = L/2", says=reduces_to(L / 2 * S, {p: L / 2}, value))

many_factors = claim(
    "schatten/weight-decay/rank-for-many-layers",
    """2/L times the least weight decay, the sum of p-th powers at p = 2/L, tends to the rank as p tends to 0.""",
    given=Box({**SPECTRUM, p: Span(0, 2)}),
    says=limit(S, p, 0, 3),
    link=LINK,
    expects="proved",
)
many_factors.breaks_when("to the product of the singular values", says=limit(S, p, 0, sigma_1 * sigma_2 * sigma_3))
