"""The theorem on networks that start anywhere (6.21): its algebra, and what its bound does."""

from __future__ import annotations

from sympy import Rational, log, sqrt

from properties.worlds.boxes import Box
from symbolic import decreasing, dominates, increasing, reduces_to
from symbolic.papers.neural_guarantees import (
    ABOVE_ZERO,
    FROM_ONE,
    REFERENCE,
    B,
    C_r,
    D,
    Gamma,
    X,
    abar,
    alpha,
    beta,
    cutoff,
    delta,
    deviation,
    early,
    k,
    n,
    nu,
    r_0,
    test_error,
    training,
    width,
    width_at_most,
    width_of_lemma,
    z,
    zeta,
)
from symbolic.spans import Span
from verify import claim

DERIVATIONS = "docs/mathematics/neural_guarantees.md"
ALGEBRA = f"{DERIVATIONS}#any-start"

# -- the width (6.57 to 6.64) -----------------------------------------------------------------------------------------

LEMMA = {alpha: ABOVE_ZERO, beta: ABOVE_ZERO, z: Span(0, 1, open_low=True), early: ABOVE_ZERO, r_0: ABOVE_ZERO,
         Gamma: FROM_ONE}  # fmt: skip

squares = claim(
    "oymak2019/J26-width-of-lemma",
    """With alpha <= beta and a value up to Gamma |r_0| the lemma asks for 6400 (Gamma |r_0|/zeta)**2 ... at most.""",
    given=Box(LEMMA),
    assuming=[alpha <= beta, early <= Gamma * r_0],
    says=dominates(width_at_most, width_of_lemma),
    source=f"{REFERENCE}, proof of Theorem 6.21",
    link=ALGEBRA,
    expects="proved",
)
squares.breaks_when("half of it", says=dominates(width_at_most / 2, width_of_lemma))
squares.breaks_when("the early-stopping value may be larger", assuming=[alpha <= beta])

by_cutoff = {alpha: cutoff, beta: nu * B * X, z: zeta / 2, r_0: C_r * sqrt(n)}
ALL = {**width.domain, n: FROM_ONE, X: ABOVE_ZERO}

converted = claim(
    "oymak2019/J26-width-by-cutoff",
    """With its cutoff, and C_r sqrt(n) for the residual, that is |X|**2/n of the width of the theorem.""",
    given=Box({**ALL, **LEMMA}),
    says=reduces_to(width_at_most, by_cutoff, width.expression * X**2 / n),
    source=f"{REFERENCE}, proof of Theorem 6.21",
    link=ALGEBRA,
    about=width,
    expects="proved",
)
converted.breaks_when("abar**4", says=reduces_to(width_at_most, by_cutoff, width.expression * abar**4 * X**2 / n))
converted.breaks_when(
    "zeta of the lemma is that of the theorem",
    says=reduces_to(width_at_most, {**by_cutoff, z: zeta}, width.expression * X**2 / n),
)

printed = 6400 * (C_r * Gamma / z) ** 2 * n**2 * Gamma**2 * (nu * B) ** 6 * X**4 / alpha**8
as_printed = claim(
    "oymak2019/J26-width-in-proof",
    """25600 C_r**2 Gamma**4/(abar**8 nu**2 B**2 zeta**2) is 6400 (2 C_r Gamma/zeta)**2 n**2 ... |X|**4/alpha**8.""",
    given=Box({**ALL, alpha: ABOVE_ZERO, z: ABOVE_ZERO}),
    says=reduces_to(printed, {alpha: cutoff, z: zeta / 2}, width.expression),
    source=f"{REFERENCE}, proof of Theorem 6.21",
    link=ALGEBRA,
    about=width,
    expects="proved",
)
as_printed.breaks_when(
    "without B, as in Theorem 3.3",
    says=reduces_to(printed, {alpha: cutoff, z: zeta / 2}, width.expression * B**2),
)
as_printed.breaks_when(
    "without Gamma**2, as in a display",
    says=reduces_to(printed / Gamma**2, {alpha: cutoff, z: zeta / 2}, width.expression),
)
as_printed.breaks_when(
    "a width that does not depend on nu",
    says=reduces_to(printed, {alpha: cutoff, z: zeta / 2}, width.expression * nu**2),
)

claim(
    "oymak2019/J26-width-covers",
    """As |X|**2 is at most n, the width of the theorem is at least what the lemma asks for.""",
    given=Box(ALL),
    assuming=[n >= X**2],
    says=dominates(width.expression, width.expression * X**2 / n),
    source=f"{REFERENCE}, proof of Theorem 6.21",
    link=ALGEBRA,
    about=width,
    expects="proved",
).breaks_when("inputs may be longer", assuming=[2 * n >= X**2])

rows = 2 * beta * Gamma * r_0 / alpha**2
curvature = 3 * nu * B * rows**2 / sqrt(k)
put_in = {beta: nu * B * X, r_0: C_r * sqrt(n), alpha: cutoff, k: width.expression}
bent = claim(
    "oymak2019/J26-curvature",
    """At the width of the theorem the term of the rows, 3 nu B R**2/sqrt(k), is (3/40) C_r zeta.""",
    given=Box({**ALL, alpha: ABOVE_ZERO, beta: ABOVE_ZERO, r_0: ABOVE_ZERO, k: FROM_ONE}),
    says=reduces_to(curvature, put_in, Rational(3, 40) * C_r * zeta),
    source=f"{REFERENCE}, equation (6.64)",
    link=ALGEBRA,
    about=width,
    expects="proved",
)
bent.breaks_when("half of it", says=reduces_to(curvature, put_in, Rational(3, 80) * C_r * zeta))
bent.breaks_when(
    "at a quarter of the width",
    says=reduces_to(curvature, {**put_in, k: width.expression / 4}, Rational(3, 40) * C_r * zeta),
)

assembled = 2 * (
    training.expression / sqrt(n)
    + 2 * sqrt(2) * nu * B * 2 * D / sqrt(n)
    + Rational(3, 40) * C_r * zeta
    + sqrt(5 * log(2 / delta) / n)
)
summed = claim(
    "oymak2019/J26-error-from-parts",
    """Twice the training bound, 4 sqrt(2) nu B D/sqrt(n), (3/40) C_r zeta and the deviation are at most the bound.""",
    given=Box(test_error.domain),
    says=dominates(test_error.expression, assembled),
    source=f"{REFERENCE}, proof of Theorem 6.21",
    link=ALGEBRA,
    about=(test_error, training),
    expects="proved",
)
summed.breaks_when(
    "10 nu B D for 12",
    says=dominates(test_error.expression - 2 * nu * B * D / sqrt(n), assembled),
)
summed.breaks_when("4 for 5 in the deviation", says=dominates(test_error.expression - deviation() / 5, assembled))
summed.breaks_when(
    "half of the zeta term",
    says=dominates(test_error.expression - C_r * zeta, assembled),
)

capped = claim(
    "oymak2019/J26-cutoff-is-capped",
    """A cutoff up to nu B |X| has abar**4 at most |X|**2/n.""",
    given=Box(ALL),
    assuming=[cutoff <= nu * B * X],
    says=abar**4 * n <= X**2,
    source="derived",
    link=ALGEBRA,
    expects="proved",
)
capped.breaks_when("half of the root", says=2 * abar**2 * sqrt(n) <= X)

# -- in what the bound rises and falls --------------------------------------------------------------------------------

for word, letter, direction, opposite, why in (
    (n, "n", decreasing, increasing, "with the norms fixed it falls with the number of samples"),
    (nu, "nu", increasing, decreasing, "with the distance fixed it rises with the second layer"),
    (D, "D", increasing, decreasing, "it rises with the early-stopping distance"),
):
    claim(
        f"oymak2019/J26-error-by-{letter}",
        f"Of the bound on the error from any start: {why}.",
        given=Box(test_error.domain),
        says=direction(test_error.expression, word),
        source=test_error.source,
        link=ALGEBRA,
        about=test_error,
        expects="proved",
    ).breaks_when("the other way", says=opposite(test_error.expression, word))

for word, letter in ((nu, "nu"), (abar, "abar")):
    claim(
        f"oymak2019/J26-width-by-{letter}",
        f"The least width falls with {letter}.",
        given=Box(width.domain),
        says=decreasing(width.expression, word, strictly=True),
        source=width.source,
        link=ALGEBRA,
        about=width,
        expects="proved",
    ).breaks_when("it rises", says=increasing(width.expression, word))
