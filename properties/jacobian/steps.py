"""What T steps leave of one coefficient, as numbers: x is eta lam**2, q = 1 - x is what one step leaves."""

from __future__ import annotations

from sympy import And, ceiling, exp, oo, sqrt

from properties.worlds.boxes import Box
from symbolic import decreasing, dominates, increasing
from symbolic.papers.residuals import T, a, b, q, strength, x
from symbolic.spans import Span
from symbolic.totals import place, total
from verify import claim

DERIVATIONS = "docs/mathematics/dynamics.md"
LAW = f"{DERIVATIONS}#what-a-step-leaves"
DECAY = f"{DERIVATIONS}#decay"
INTEGER = f"{DERIVATIONS}#times-that-are-no-integers"
RELATIVES = f"{DERIVATIONS}#path-and-residual"

ABOVE_ZERO = Span(0, oo, open_low=True)
UP_TO_ONE = Span(0, 1, open_low=True)
BELOW_ONE = Span(0, 1, open_high=True)
STEPS = (1, oo)

# -- how much is left -------------------------------------------------------------------------------------------------

falls = claim(
    "oymak2019/J13-left-falls-with-steps",
    """What is left, (1 - x)**T, falls with the number of steps, for 0 <= x < 1.""",
    given=Box({x: BELOW_ONE, T: (0, oo)}),
    says=decreasing((1 - x) ** T, T),
    source="derived",
    link=LAW,
    expects="proved",
)
falls.breaks_when("it rises", says=increasing((1 - x) ** T, T))
falls.breaks_when("strictly, from x = 0 on", says=decreasing((1 - x) ** T, T, strictly=True))

claim(
    "oymak2019/J13-left-falls-with-singular-value",
    """What is left, (1 - x)**T, falls with x, so that larger singular values are fitted earlier.""",
    given=Box({x: BELOW_ONE, T: STEPS}),
    says=decreasing((1 - x) ** T, x),
    source="derived",
    link=LAW,
    expects="proved",
).breaks_when("it rises", says=increasing((1 - x) ** T, x))

claim(
    "oymak2019/J13-fitted-rises-with-steps",
    """What is fitted, 1 - (1 - x)**T, rises with the number of steps.""",
    given=Box({x: BELOW_ONE, T: (0, oo)}),
    says=increasing(1 - (1 - x) ** T, T),
    source="derived",
    link=LAW,
    expects="proved",
).breaks_when("it falls", says=decreasing(1 - (1 - x) ** T, T))

step = place("l")
lengths = total((1 - x) ** step, step, T)

claim(
    "oymak2019/J13-distance-at-most-straight",
    """The sum of (1 - x)**l over T steps, which is (1 - (1 - x)**T)/x but for its first factor, is at most T.""",
    given=Box({x: BELOW_ONE, T: STEPS}),
    says=lengths <= T,
    source="derived",
    link=LAW,
    expects="proved",
).breaks_when("half of it", says=2 * lengths <= T)

# -- decay ------------------------------------------------------------------------------------------------------------

one_step = claim(
    "oymak2019/J14-step-at-most-exponential",
    """One step leaves exp(-x) at most: q exp(1 - q) <= 1.""",
    given=Box({q: UP_TO_ONE}),
    says=dominates(1, q * exp(1 - q)),
    source="derived",
    link=DECAY,
    expects="proved",
)
one_step.breaks_when("exp(-2 x)", says=dominates(1, q * exp(2 * (1 - q))))

claim(
    "oymak2019/J14-steps-at-most-exponential",
    """T steps leave exp(-T x) at most: (q exp(1 - q))**T <= 1.""",
    given=Box({q: UP_TO_ONE, T: STEPS}),
    says=dominates(1, (q * exp(1 - q)) ** T),
    source="derived",
    link=DECAY,
    expects="proved",
).breaks_when("exp(-2 T x)", says=dominates(1, (q * exp(2 * (1 - q))) ** T))

claim(
    "oymak2019/J14-squares-are-sharper",
    """The sum of the squares of what is left in both spaces is at most the square of their sum.""",
    given=Box({q: UP_TO_ONE, T: (0, oo), a: ABOVE_ZERO, b: ABOVE_ZERO}),
    says=(q**T * a) ** 2 + b**2 <= (q**T * a + b) ** 2,
    source="derived",
    link=DECAY,
    expects="proved",
).breaks_when("twice the sum of squares", says=2 * (q**T * a) ** 2 + 2 * b**2 <= (q**T * a + b) ** 2)

rounded = x * ceiling(strength / x)

up = claim(
    "oymak2019/J14-rounded-Gamma",
    """Gamma' = x ceiling(Gamma/x) is at least Gamma and at most Gamma + x.""",
    given=Box({strength: ABOVE_ZERO, x: UP_TO_ONE}),
    says=And(strength <= rounded, rounded <= strength + x),
    source="derived",
    link=INTEGER,
    expects="proved",
)
up.breaks_when("at most Gamma", says=rounded <= strength)
up.breaks_when("at most Gamma + x/2", says=rounded <= strength + x / 2)

# -- path and residual ------------------------------------------------------------------------------------------------

claim(
    "oymak2019/J35-rate-is-sharper",
    """What a step leaves, 1 - x, is at most 1 - x/2.""",
    given=Box({x: UP_TO_ONE}),
    says=dominates(1 - x / 2, 1 - x),
    source="derived",
    link=RELATIVES,
    expects="proved",
).breaks_when("1 - 2 x", says=dominates(1 - 2 * x, 1 - x))

claim(
    "oymak2019/J35-geometric-mean",
    """Twice the geometric mean of two numbers is at most their sum.""",
    given=Box({a: ABOVE_ZERO, b: ABOVE_ZERO}),
    says=2 * sqrt(a * b) <= a + b,
    source="derived",
    link=RELATIVES,
    expects="proved",
).breaks_when("three times", says=3 * sqrt(a * b) <= a + b)
