"""The short forms of both theorems, with the largest inputs that there are: what they keep, and what they leave out."""

from __future__ import annotations

from sympy import Rational, exp, log, sqrt

from properties.worlds.boxes import Box
from symbolic import dominates, reduces_to
from symbolic.papers.neural_guarantees import (
    ABOVE_ZERO,
    FROM_ONE,
    FROM_ZERO,
    MOST,
    RANDOM,
    SHORT,
    START,
    B,
    C_r,
    Gamma,
    K,
    X,
    abar,
    alpha,
    alpha_0,
    c,
    cutoff,
    delta,
    eta,
    inverse_scale,
    least,
    n,
    nu,
    plain,
    random_cutoff,
    random_error,
    random_training,
    random_width,
    short_error,
    width,
    y_i,
    y_n,
    zeta,
)
from verify import claim

DERIVATIONS = "docs/mathematics/neural_guarantees.md"
LINK = f"{DERIVATIONS}#the-short-forms"

ANY = Box({**RANDOM, nu: ABOVE_ZERO, eta: ABOVE_ZERO, alpha_0: ABOVE_ZERO, plain: ABOVE_ZERO, least: ABOVE_ZERO,
           alpha: ABOVE_ZERO, C_r: ABOVE_ZERO, y_n: FROM_ZERO, y_i: FROM_ZERO,
           delta: random_error.domain[delta]})  # fmt: skip
LARGEST = {X: sqrt(n), alpha_0: plain * sqrt(n * K)}

cutoffs = claim(
    "oymak2019/J28-cutoff",
    """With |X| = sqrt(n) the cutoff alpha_0 is alpha sqrt(n K), where alpha is abar B.""",
    given=ANY,
    says=reduces_to(random_cutoff, {X: sqrt(n), abar: plain / B}, plain * sqrt(n * K)),
    source=f"{SHORT}, Theorem 2.2",
    provenance="as-read",
    link=LINK,
    expects="proved",
)
cutoffs.breaks_when("without K", says=reduces_to(random_cutoff, {X: sqrt(n), abar: plain / B}, plain * sqrt(n)))

short_width = MOST * B**8 * Gamma**4 * log(n) / (c**4 * zeta**4 * plain**8)
widths = claim(
    "oymak2019/J28-width",
    """The least width is then 12e7 B**8 Gamma**4 log n/(c**4 zeta**4 alpha**8).""",
    given=ANY,
    says=reduces_to(random_width.expression, LARGEST, short_width),
    source=f"{SHORT}, Theorem 2.2",
    link=LINK,
    about=random_width,
    expects="proved",
)
for why, wrong in (
    ("alpha**4", short_width * plain**4),
    ("Gamma**2", short_width / Gamma**2),
    ("zeta**2", short_width * zeta**2),
    ("without zeta, as printed", short_width * zeta**4),
):
    widths.breaks_when(why, says=reduces_to(random_width.expression, LARGEST, wrong))

steps = Gamma * K / (eta * nu**2 * alpha_0**2)
claim(
    "oymak2019/J28-steps",
    """With the largest step size there are then Gamma B**2/alpha**2 steps.""",
    given=ANY,
    says=reduces_to(steps, {eta: 1 / (nu * B * sqrt(n)) ** 2, **LARGEST}, Gamma * B**2 / plain**2),
    source=f"{SHORT}, Theorem 2.2",
    provenance="as-read",
    link=LINK,
    expects="proved",
).breaks_when(
    "Gamma/alpha", says=reduces_to(steps, {eta: 1 / (nu * B * sqrt(n)) ** 2, **LARGEST}, Gamma * B**2 / plain)
)

claim(
    "oymak2019/J28-error",
    """The term 36 Gamma/(abar (n |X|**2)**(1/4)) is then 36 B Gamma/(alpha sqrt(n)).""",
    given=ANY,
    says=reduces_to(36 * Gamma * inverse_scale, {X: sqrt(n), abar: plain / B}, 36 * B * Gamma / (plain * sqrt(n))),
    source=f"{SHORT}, Theorem 2.2",
    link=LINK,
    about=short_error,
    expects="proved",
).breaks_when(
    "Gamma/alpha",
    says=reduces_to(36 * Gamma * inverse_scale, {X: sqrt(n), abar: plain / B}, 36 * B * Gamma / plain),
)

claim(
    "oymak2019/J28-width-for-all-labels",
    """With the cutoff at the least eigenvalue the width is 12e7 Gamma**4 K**4 B**8 n**4 log n/(c zeta lam)**4.""",
    given=ANY,
    says=reduces_to(
        random_width.expression,
        {X: sqrt(n), alpha_0: sqrt(least)},
        MOST * Gamma**4 * K**4 * B**8 * n**4 * log(n) / (c * zeta * least) ** 4,
    ),
    source=f"{SHORT}, equation (2.4)",
    link=LINK,
    about=random_width,
    expects="proved",
).breaks_when(
    "n**2",
    says=reduces_to(
        random_width.expression,
        {X: sqrt(n), alpha_0: sqrt(least)},
        MOST * Gamma**4 * K**4 * B**8 * n**2 * log(n) / (c * zeta * least) ** 4,
    ),
)

GIVEN = {X: sqrt(n), nu: 1, abar: plain / B}
claim(
    "oymak2019/J28-given-start-cutoff",
    """From a given start with nu = 1 and |X| = sqrt(n) the cutoff is alpha sqrt(n), where alpha is abar B.""",
    given=ANY,
    says=reduces_to(cutoff, GIVEN, plain * sqrt(n)),
    source=f"{SHORT}, Theorem 2.3",
    link=LINK,
    expects="proved",
).breaks_when("alpha sqrt(n K)", says=reduces_to(cutoff, GIVEN, plain * sqrt(n * K)))

given_width = 25600 * C_r**2 * B**6 * Gamma**4 / (zeta**2 * plain**8)
given_start = claim(
    "oymak2019/J28-given-start-width",
    """The least width from a given start is then 25600 C_r**2 B**6 Gamma**4/(zeta**2 alpha**8).""",
    given=Box({**{word: span for word, span in START.items() if word is not n}, abar: ABOVE_ZERO, plain: ABOVE_ZERO}),
    says=reduces_to(width.expression, {nu: 1, abar: plain / B}, given_width),
    source=f"{SHORT}, Theorem 2.3",
    link=LINK,
    about=width,
    expects="proved",
)
given_start.breaks_when("alpha**4", says=reduces_to(width.expression, {nu: 1, abar: plain / B}, given_width * plain**4))
given_start.breaks_when("zeta**4", says=reduces_to(width.expression, {nu: 1, abar: plain / B}, given_width / zeta**2))

capped = claim(
    "oymak2019/J28-cutoff-is-capped",
    """A cutoff alpha_0 up to B |X| has alpha at most B/sqrt(K).""",
    given=Box({plain: ABOVE_ZERO, n: FROM_ONE, K: FROM_ONE, B: ABOVE_ZERO}),
    assuming=[plain**2 * n * K <= B**2 * n],
    says=plain**2 * K <= B**2,
    source="derived",
    link=LINK,
    expects="proved",
)
capped.breaks_when("B/K", says=plain * K <= B)

# -- the constant that the short forms leave out ----------------------------------------------------------------------

matched = random_training.expression.xreplace({zeta: exp(-Gamma) / 4})
short = claim(
    "oymak2019/J28-training-needs-small-zeta",
    """The floor 4 zeta sqrt(n) is exp(-Gamma) sqrt(n), as the short form has it, with zeta = exp(-Gamma)/4.""",
    given=Box({n: FROM_ONE, Gamma: FROM_ONE, zeta: RANDOM[zeta], y_n: FROM_ZERO, y_i: FROM_ZERO}),
    assuming=[y_i <= sqrt(n)],
    says=dominates(y_n + 2 * exp(-Gamma) * sqrt(n), matched),
    source=f"{SHORT}, Theorem 2.2",
    link=LINK,
    about=random_training,
    expects="proved",
)
short.breaks_when("once", says=dominates(y_n + exp(-Gamma) * sqrt(n), matched))

hidden = short_width.xreplace({zeta: exp(-Gamma) / 4})
exponential = claim(
    "oymak2019/J28-width-is-exponential-in-Gamma",
    """With that zeta the least width is 256 * 12e7 B**8 Gamma**4 exp(4 Gamma) log n/(c**4 alpha**8).""",
    given=ANY,
    says=reduces_to(
        short_width, {zeta: exp(-Gamma) / 4}, 256 * MOST * B**8 * Gamma**4 * exp(4 * Gamma) * log(n) / (c**4 * plain**8)
    ),
    source=f"{SHORT}, Theorem 2.2",
    link=LINK,
    about=random_width,
    expects="proved",
)
exponential.breaks_when(
    "exp(2 Gamma)",
    says=reduces_to(
        short_width, {zeta: exp(-Gamma) / 4}, 256 * MOST * B**8 * Gamma**4 * exp(2 * Gamma) * log(n) / (c**4 * plain**8)
    ),
)

per_power = hidden / short_width.xreplace({zeta: Rational(1, 4)})
claim(
    "oymak2019/J28-width-by-power-of-Gamma-as-read",
    """A constant times Gamma**4 log n/alpha**8 is enough: here 10**9 times what zeta = 1/4 asks for, for all Gamma.""",
    given=Box({Gamma: FROM_ONE}),
    says=per_power <= 10**9,
    source=f"{SHORT}, Theorem 2.2",
    link=LINK,
    expects="refuted",
)
