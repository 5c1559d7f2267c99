"""The theorem on networks that start anywhere, at examples: one that knows the sample, repairs, a bound below one."""

from __future__ import annotations

from sympy import Eq, Rational, log, oo, sqrt

from properties.worlds.boxes import Box
from properties.worlds.fitted_start import FittedStart
from properties.worlds.two_points import TwoPoints
from symbolic import decreasing, dominates, increasing, reduces_to
from symbolic.papers.neural_guarantees import (
    FROM_ZERO,
    REFERENCE,
    B,
    C_r,
    D,
    Gamma,
    M,
    R,
    X,
    abar,
    alpha,
    balanced,
    cutoff,
    delta,
    failing,
    fixed_class,
    fixed_radius,
    i,
    k,
    lam_1,
    least_error,
    n,
    nu,
    of_radii,
    peeled,
    peeled_sample,
    r_0,
    r_n,
    r_t,
    test_error,
    training,
    width,
    zeta,
)
from symbolic.spans import Span
from verify import claim

DERIVATIONS = "docs/mathematics/neural_guarantees.md"
EXAMPLE = f"{DERIVATIONS}#a-bound-below-one"
FITTING = f"{DERIVATIONS}#a-start-that-knows-the-sample"
RADII = f"{DERIVATIONS}#radii-that-the-sample-chooses"

# -- radii that depend on the sample ----------------------------------------------------------------------------------

looser = claim(
    "oymak2019/J26-fixed-radius-above-printed",
    """With a distance up to Gamma C_r sqrt(n)/alpha the bound for a fixed radius is at least the printed one.""",
    given=Box({**fixed_radius.domain, **test_error.domain}),
    assuming=[Gamma * C_r * sqrt(n) / alpha >= D],
    says=dominates(fixed_radius.expression, test_error.expression),
    source="derived",
    link=RADII,
    about=(fixed_radius, test_error),
    expects="proved",
)
looser.breaks_when("twice that distance", assuming=[2 * Gamma * C_r * sqrt(n) / alpha >= D])
looser.breaks_when("the other way", says=dominates(test_error.expression, fixed_radius.expression))

falls = claim(
    "oymak2019/J26-fixed-radius-by-alpha",
    """The bound for a fixed radius falls with the cutoff.""",
    given=Box(fixed_radius.domain),
    says=decreasing(fixed_radius.expression, alpha, strictly=True),
    source="derived",
    link=RADII,
    about=fixed_radius,
    expects="proved",
)
falls.breaks_when("it rises", says=increasing(fixed_radius.expression, alpha))

for name, above, below, why in (
    ("radii", peeled.expression, of_radii(M, R, peeled_sample), "its radii"),
    ("deviation", peeled_sample**2, 5 * log(2 / delta) / n, "its deviation"),
):
    claim(
        f"oymak2019/J26-peeled-{name}-above-fixed-class",
        f"In {why} the bound for every pair of radii is at least the one for radii that are chosen before the sample.",
        given=Box(peeled.domain),
        says=dominates(above, below),
        source="derived",
        link=RADII,
        about=(peeled, fixed_class),
        expects="proved",
    ).breaks_when("the other way", says=dominates(below, above))

claim(
    "oymak2019/J26-peeled-by-i",
    """The bound for every pair of radii rises with how often the smallest radius is doubled.""",
    given=Box(peeled.domain),
    says=increasing(peeled.expression, i, strictly=True),
    source="derived",
    link=RADII,
    about=peeled,
    expects="proved",
).breaks_when("it falls", says=decreasing(peeled.expression, i))

share = claim(
    "oymak2019/J26-peeled-shares",
    """A share 1/((i + 1)(i + 2)) of delta costs at most 2 log(i + 2) in the logarithm.""",
    given=Box({i: FROM_ZERO}),
    says=log(i + 1) + log(i + 2) <= 2 * log(i + 2),
    source="derived",
    link=RADII,
    about=peeled,
    expects="proved",
)
share.breaks_when("2 log(i + 1)", says=log(i + 1) + log(i + 2) <= 2 * log(i + 1))

# -- a bound below one ------------------------------------------------------------------------------------------------

SURE = Span(Rational(1, 20), 1, open_high=True)
# abar of the example is 2**(-3/4), which is above 594/1000: its cutoff is its only singular value.

example = claim(
    "oymak2019/J26-example",
    """With two orthogonal inputs and W = 0 the distance is 2/nu, and the bound a function of n, Gamma, zeta, delta.""",
    given=Box(test_error.domain),
    says=reduces_to(test_error.expression, {r_n: 0, B: 1, C_r: 1, D: 2 / nu}, balanced.expression),
    source="derived",
    link=EXAMPLE,
    about=(test_error, balanced),
    expects="proved",
)
example.breaks_when(
    "the distance 1/nu", says=reduces_to(test_error.expression, {r_n: 0, B: 1, C_r: 1, D: 1 / nu}, balanced.expression)
)

for samples, time, cost, value, strength, neurons in (
    (10**4, 4, Rational(1, 10), "5727/10000", 10**5, 5),
    (10**5, 4, Rational(1, 20), "2429/10000", 3 * 10**5, 2),
    (10**6, 5, Rational(3, 100), "1071/10000", 3 * 10**5, 13),
):
    at = {Gamma: (time, time), zeta: (str(cost), str(cost))}
    claim(
        f"oymak2019/J26-example-{samples}-samples",
        f"From {samples} samples on, with Gamma = {time}, zeta = {cost} and delta from 1/20 on it is at most {value}.",
        given=Box({**at, n: (samples, oo), delta: SURE}),
        says=balanced.expression <= Rational(value),
        source="derived",
        link=EXAMPLE,
        about=balanced,
        expects="proved",
    ).breaks_when("with one ten-thousandth less", says=balanced.expression <= Rational(value) - Rational(1, 10000))
    claim(
        f"oymak2019/J26-example-{samples}-samples-width",
        f"There {neurons} neurons are as many as the theorem asks for, if nu is at least {strength}.",
        given=Box({**at, nu: (strength, oo), C_r: (1, 1), B: (1, 1), abar: ("594/1000", 1)}),
        says=width.expression <= neurons,
        source="derived",
        link=EXAMPLE,
        about=width,
        expects="proved",
    ).breaks_when("one less", says=width.expression <= neurons - 1)

# -- networks ---------------------------------------------------------------------------------------------------------

FITTED, POINTS = FittedStart(), TwoPoints()
CONSTANTS = [r_0 <= C_r * sqrt(n), zeta <= 2, Gamma >= 1]
WIDE = k >= width.expression
bound = test_error.expression

claim(
    "oymak2019/J26-data-dependent-start-printed",
    """From a start that is fitted to the sample the error is within the bound for one sample at least.""",
    given=FITTED,
    assuming=[*CONSTANTS, cutoff <= lam_1, WIDE],
    says=least_error <= bound,
    source=f"{REFERENCE}, Theorem 6.21 and what is said of its start",
    link=FITTING,
    about=(test_error, width),
    expects="refuted",
)

claim(
    "oymak2019/J26-fixed-start",
    """With W and V chosen before the sample, the error is above a bound below 1/2 with probability at most delta.""",
    given=POINTS,
    assuming=[*CONSTANTS, WIDE, bound < Rational(1, 2)],
    says=failing <= delta,
    source=f"{REFERENCE}, Theorem 6.21",
    provenance="repaired",
    link=FITTING,
    about=(test_error, width),
    unproved="where the bound is below 1/2 a sample has so many inputs that none is missing from it but with a"
    " probability far below delta",
).breaks_when(
    "the start is fitted to the sample", given=FITTED, assuming=[*CONSTANTS, cutoff <= lam_1, WIDE],
    says=least_error <= bound,
)  # fmt: skip

fits = claim(
    "oymak2019/J26-training",
    """From W = 0 at two orthogonal inputs descent leaves |Pi_N r_0| + C_r (exp(-Gamma) + zeta/2) sqrt(n) at most.""",
    given=POINTS,
    assuming=[*CONSTANTS, WIDE],
    says=r_t <= training.expression,
    source=training.source,
    provenance="as-read",
    link=EXAMPLE,
    about=(training, width),
)
fits.breaks_when("no nuisance", says=r_t <= training.expression - r_n)
fits.breaks_when("at any width", assuming=CONSTANTS)
fits.breaks_when("at a width that does not depend on nu", assuming=[*CONSTANTS, k >= nu**2 * width.expression])

apart = claim(
    "oymak2019/J26-example-distance",
    """Where both inputs are half of the sample and nothing is nuisance, the early-stopping distance is 2/nu.""",
    given=POINTS,
    assuming=[Eq(2 * X**2, n), Eq(r_n, 0)],
    says=Eq(nu * D, 2, evaluate=False),
    source="derived",
    link=EXAMPLE,
)
apart.breaks_when("1/nu", says=Eq(nu * D, 1, evaluate=False))
apart.breaks_when("for any sample", assuming=[Eq(r_n, 0)])
