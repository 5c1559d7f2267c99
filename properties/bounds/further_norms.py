"""Further forms of the bounds by norms: other exponents, Schatten norms, lower bounds, covers, noisy weights."""

from sympy import Min, Rational, log, oo, sqrt

from properties.worlds.boxes import Box
from symbolic import decreasing, dominates, homogeneous, increasing, limit, reduces_to
from symbolic.papers.norm_based import (
    R,
    X,
    any_total_norm,
    at_least,
    beyond_two,
    conjugate,
    divergence,
    frobenius,
    general_pac_bayes,
    group_norm,
    index,
    inputs,
    largest_noise,
    least,
    mu,
    noise,
    norm,
    of_noise,
    pac_bayes,
    q,
    radius,
    ratio_bound,
    schatten,
    schatten_index,
    schatten_norms,
    spectral_cover,
    total_norm,
)
from symbolic.papers.zoo import ABOVE_ZERO, FROM_ONE, B, F, L, N, delta, gamma, h, w
from symbolic.spans import Span
from symbolic.words import word
from verify import claim

DERIVATIONS = "docs/mathematics/zoo.md"

# -- in what they rise and fall ---------------------------------------------------------------------------------------

for bound, slug, name, rising, falling in (
    (beyond_two, "neyshabur2015/beyond-two", "The linear bound for p from 2 on", {X: "X", index: "p"}, {N: "N"}),
    (any_total_norm, "neyshabur2015/any-total-norm", "The bound by the norm of all weights", {mu: "mu", q: "q"}, {}),
    (
        schatten,
        "golowich2018/schatten",
        "The bound by Schatten norms",
        {B: "B", F: "F", ratio_bound: "Lr", schatten_norms: "P", L: "L"},
        {N: "N", least: "Gamma"},
    ),
    (
        at_least,
        "golowich2018/at-least",
        "The lower bound by Schatten norms",
        {B: "B", schatten_norms: "P", h: "h", schatten_index: "p"},
        {N: "N"},
    ),
    (
        spectral_cover,
        "bartlett2017/cover",
        "The cover of the outputs",
        {B: "B", w: "w", R: "R", N: "N"},
        {radius: "e"},
    ),
    (
        general_pac_bayes,
        "neyshabur2018/divergence",
        "The gap by the divergence",
        {divergence: "KL"},
        {delta: "delta"},
    ),
    (
        largest_noise,
        "neyshabur2018/noise",
        "The noise that leaves the margin",
        {gamma: "gamma"},
        {B: "B", h: "h", norm: "beta"},
    ),
):
    for x, letter in (*rising.items(), *falling.items()):
        up = x in rising
        f = bound.expression
        claim(
            f"{slug}/{'increasing' if up else 'decreasing'}-in-{letter}",
            f"{name} never {'falls' if up else 'rises'} when {letter} rises.",
            given=Box(bound.domain),
            assuming=bound.conditions,
            says=increasing(f, x) if up else decreasing(f, x),
            source=bound.source,
            about=bound,
            expects="proved",
        ).breaks_when("the other way round", says=decreasing(f, x) if up else increasing(f, x))

# -- group norms ------------------------------------------------------------------------------------------------------

same = claim(
    "neyshabur2015/beyond-two/at-p-2",
    """At p = 2 it is sqrt(2) X/sqrt(N), the linear bound there.""",
    given=Box(beyond_two.domain),
    says=reduces_to(beyond_two.expression, {index: 2}, sqrt(2) * X / sqrt(N)),
    source=beyond_two.source,
    about=beyond_two,
    expects="proved",
)
same.breaks_when("at p = 3", says=reduces_to(beyond_two.expression, {index: 3}, sqrt(2) * X / sqrt(N)))

slower = claim(
    "neyshabur2015/beyond-two/slower-than-the-root",
    """For p from 2 on it is at least sqrt(2) X/sqrt(N): the bound for p up to 2 would be too good.""",
    given=Box(beyond_two.domain),
    says=dominates(beyond_two.expression, sqrt(2) * X / sqrt(N)),
    source=beyond_two.source,
    about=beyond_two,
    expects="proved",
)
slower.breaks_when("at least 1.5 X/sqrt(N)", says=dominates(beyond_two.expression, Rational(3, 2) * X / sqrt(N)))

sparse = claim(
    "neyshabur2015/group-norm/one-norms",
    """Whatever the conjugate exponent, and so for p = 1, the linear bound has 2 sqrt(log(2 D)) as factor at most.""",
    given=Box({inputs: FROM_ONE, conjugate: Span(2, oo)}),
    says=dominates(4 * log(2 * inputs), Min(conjugate, 4 * log(2 * inputs))),
    source=group_norm.source,
    about=group_norm,
    expects="proved",
)
sparse.breaks_when("sqrt(log(2 D)) alone", says=dominates(log(2 * inputs), Min(conjugate, 4 * log(2 * inputs))))

two = claim(
    "neyshabur2015/any-total-norm/at-q-2",
    """For q = 2 it is the bound by the norm of all weights for p = q = 2.""",
    given=Box(any_total_norm.domain),
    says=reduces_to(any_total_norm.expression, {q: 2}, total_norm.expression),
    source=any_total_norm.source,
    about=(any_total_norm, total_norm),
    expects="proved",
)
two.breaks_when("for q = 1", says=reduces_to(any_total_norm.expression, {q: 1}, total_norm.expression))

claim(
    "neyshabur2015/any-total-norm/increasing-in-every-L-fails",
    """With the norm of all weights held, whatever q is, the bound rises with depth.""",
    given=Box(any_total_norm.domain),
    says=increasing(any_total_norm.expression, L),
    source=any_total_norm.source,
    link=f"{DERIVATIONS}#group-norms",
    about=any_total_norm,
    expects="refuted",
)

# -- Schatten norms ---------------------------------------------------------------------------------------------------

claim(
    "golowich2018/schatten/logarithm-positive-as-read",
    """The logarithm in the bound by Schatten norms, and with it the bound, is positive.""",
    given=Box({schatten_norms: ABOVE_ZERO, least: ABOVE_ZERO}),
    assuming=schatten.conditions,
    says=log(schatten_norms / least) > 0,
    source=schatten.source,
    link=f"{DERIVATIONS}#frobenius-norms",
    about=schatten,
    expects="refuted",
)

by_index = claim(
    "golowich2018/at-least/no-width-up-to-p-2",
    """Up to p = 2 the lower bound does not depend on the width.""",
    given=Box({**at_least.domain, schatten_index: (1, 2)}),
    says=decreasing(at_least.expression, h),
    source=at_least.source,
    about=at_least,
    expects="proved",
)
by_index.breaks_when("up to p = 3", given=Box({**at_least.domain, schatten_index: (1, 3)}))

spectral_norms = claim(
    "golowich2018/at-least/root-of-width-for-spectral-norms",
    """From p = 4 on the lower bound has at least the fourth root of the width: products of spectral norms alone bound
    nothing.""",
    given=Box({**at_least.domain, schatten_index: Span(4, oo)}),
    says=dominates(at_least.expression, B * schatten_norms * h ** Rational(1, 4) / sqrt(N)),
    source=at_least.source,
    about=at_least,
    expects="proved",
)
spectral_norms.breaks_when("from p = 3 on", given=Box({**at_least.domain, schatten_index: Span(3, oo)}))

consistent = claim(
    "golowich2018/at-least/below-the-bound-by-frobenius-norms",
    """At p = 2 the lower bound is below the bound by Frobenius norms.""",
    given=Box({**frobenius.domain}),
    says=dominates(frobenius.expression, B * F / sqrt(N)),
    source=at_least.source,
    about=(at_least, frobenius),
    expects="proved",
)
consistent.breaks_when("three times it", says=dominates(frobenius.expression, 3 * B * F / sqrt(N)))

# -- covers -----------------------------------------------------------------------------------------------------------

scaled = claim(
    "bartlett2017/cover/degree-0",
    """The cover does not change when the complexity and the radius are scaled together.""",
    given=Box(spectral_cover.domain),
    says=homogeneous(spectral_cover.expression, (R, radius), 0),
    source=spectral_cover.source,
    about=spectral_cover,
    expects="proved",
)
scaled.breaks_when("of degree 2", says=homogeneous(spectral_cover.expression, (R, radius), 2))

# -- noisy weights ----------------------------------------------------------------------------------------------------

noisy = general_pac_bayes.expression
falls = claim(
    "neyshabur2018/divergence/decreasing-in-N",
    """With the divergence held the gap falls strictly with the number of samples.""",
    given=Box(general_pac_bayes.domain),
    says=decreasing(noisy, N, strictly=True),
    source=general_pac_bayes.source,
    about=general_pac_bayes,
    expects="proved",
)
falls.breaks_when("it rises", says=increasing(noisy, N))

vanishes = claim(
    "neyshabur2018/divergence/tends-to-0",
    """With the divergence held it tends to 0 as the number of samples grows.""",
    given=Box(general_pac_bayes.domain),
    says=limit(noisy, N, oo, 0),
    source=general_pac_bayes.source,
    about=general_pac_bayes,
    expects="proved",
)
vanishes.breaks_when("it is at most 1 already", says=dominates(1, noisy))

leading = claim(
    "neyshabur2018/divergence/of-the-noise",
    """With one layer, the largest noise, and weights of squared norm F^2, the divergence is 882 B^2 h log(4 h) F^2 over
    the squared margin.""",
    given=Box({**largest_noise.domain, F: ABOVE_ZERO, noise: ABOVE_ZERO}),
    says=reduces_to(
        of_noise.xreplace({noise: largest_noise.expression}), {L: 1}, 882 * B**2 * h * log(4 * h) * F**2 / gamma**2
    ),
    source=largest_noise.source,
    about=largest_noise,
    expects="proved",
)
leading.breaks_when(
    "log(h), as in the form that we read",
    says=reduces_to(
        of_noise.xreplace({noise: largest_noise.expression}), {L: 1}, 882 * B**2 * h * log(h) * F**2 / gamma**2
    ),
)

part = word("neyshabur2018:a", "the part of the bound by PAC-Bayes that has norms, for a margin of 1", nonnegative=True)
by_part = sqrt((part + log(L * N / delta)) / N)
PART = {part: FROM_ONE, L: FROM_ONE, N: FROM_ONE, delta: pac_bayes.domain[delta]}

large = claim(
    "neyshabur2018/pac-bayes/decreasing-in-N-for-a-norm-part-from-1",
    """From the first sample on the gap by PAC-Bayes falls with N where its part with norms is at least 1.""",
    given=Box(PART),
    says=decreasing(by_part, N),
    source=pac_bayes.source,
    link=f"{DERIVATIONS}#pac-bayes",
    about=pac_bayes,
    expects="proved",
)
large.breaks_when("at least 1/100", given=Box({**PART, part: Span("1/100", oo)}))
