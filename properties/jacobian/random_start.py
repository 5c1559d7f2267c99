"""The theorem on networks that start at random (3.2, 6.22, 6.23): its conversions, and what its bounds do."""

from __future__ import annotations

from sympy import Integer, log, sqrt

from properties.worlds.boxes import Box
from symbolic import decreasing, dominates, increasing, reduces_to
from symbolic.papers.neural_guarantees import (
    ABOVE_ZERO,
    FROM_ONE,
    FROM_ZERO,
    RANDOM,
    REFERENCE,
    B,
    Gamma,
    K,
    X,
    abar,
    alpha_0,
    delta,
    early,
    eta,
    inverse_scale,
    k,
    n,
    nu,
    plain_width,
    random_cutoff,
    random_distance,
    random_error,
    random_rows,
    random_test,
    random_training,
    random_width,
    short_error,
    w_i,
    y_i,
    y_n,
    zeta,
)
from verify import claim

DERIVATIONS = "docs/mathematics/neural_guarantees.md"
ALGEBRA = f"{DERIVATIONS}#a-random-start"
CAPS = f"{DERIVATIONS}#what-the-theorem-asks-for"

CONVERTED = {**RANDOM, nu: ABOVE_ZERO, eta: ABOVE_ZERO, alpha_0: ABOVE_ZERO, y_n: FROM_ZERO, y_i: FROM_ZERO,
             early: FROM_ZERO, k: FROM_ONE, w_i: FROM_ZERO}  # fmt: skip
ANY = Box(CONVERTED)

# -- conversions ------------------------------------------------------------------------------------------------------

to_plain = claim(
    "oymak2019/J27-width",
    """With alpha_0 = abar n**(1/4) sqrt(K |X|) B the least width is 12e7 Gamma**4 log n/(c**4 zeta**4 abar**8).""",
    given=ANY,
    says=reduces_to(random_width.expression, {alpha_0: random_cutoff}, plain_width.expression),
    source=f"{REFERENCE}, equation (6.86) and Theorem 3.2",
    link=ALGEBRA,
    about=(random_width, plain_width),
    expects="proved",
)
for why, wrong in (
    ("Gamma**2", plain_width.expression / Gamma**2),
    ("abar**4", plain_width.expression * abar**4),
    ("zeta**2", plain_width.expression * zeta**2),
    ("without log n", plain_width.expression / log(n)),
):
    to_plain.breaks_when(why, says=reduces_to(random_width.expression, {alpha_0: random_cutoff}, wrong))

other = random_width.expression * X**2 / n
weaker = claim(
    "oymak2019/J27-width-other-power",
    """|X|**6 n in place of |X|**4 n**2, as in (6.66), asks for no more, since |X|**2 is at most n.""",
    given=Box({**random_width.domain}),
    assuming=[n >= X**2],
    says=dominates(random_width.expression, other),
    source=f"{REFERENCE}, equations (6.66) and (6.86)",
    link=ALGEBRA,
    about=random_width,
    expects="proved",
)
weaker.breaks_when("for any |X|", assuming=[])
weaker.breaks_when("it asks for more", says=dominates(other, random_width.expression))

time = Gamma * K / (eta * nu**2 * alpha_0**2)
largest_step = {eta: 1 / (nu * B * X) ** 2, alpha_0: random_cutoff}
steps = claim(
    "oymak2019/J27-steps",
    """With the largest step size there are Gamma |X|/(abar**2 sqrt(n)) steps.""",
    given=ANY,
    says=reduces_to(time, largest_step, Gamma * X / (abar**2 * sqrt(n))),
    source=f"{REFERENCE}, Theorem 3.2",
    link=ALGEBRA,
    expects="proved",
)
steps.breaks_when("without K", says=reduces_to(time / K, largest_step, Gamma * X / (abar**2 * sqrt(n))))
steps.breaks_when("without nu**2", says=reduces_to(time * nu**2, largest_step, Gamma * X / (abar**2 * sqrt(n))))

claim(
    "oymak2019/J27-steps-at-most",
    """They are at most Gamma/abar**2, since |X|**2 is at most n.""",
    given=ANY,
    assuming=[sqrt(n) >= X],
    says=dominates(Gamma / abar**2, Gamma * X / (abar**2 * sqrt(n))),
    source=f"{REFERENCE}, Theorem 3.2",
    link=ALGEBRA,
    expects="proved",
).breaks_when("Gamma/abar", says=dominates(Gamma / abar, Gamma * X / (abar**2 * sqrt(n))))

scale = claim(
    "oymak2019/J27-scale",
    """B sqrt(K)/alpha_0 is 1/(abar (n |X|**2)**(1/4)).""",
    given=ANY,
    says=reduces_to(B * sqrt(K) / alpha_0, {alpha_0: random_cutoff}, inverse_scale),
    source=f"{REFERENCE}, Theorem 3.2",
    link=ALGEBRA,
    expects="proved",
)
scale.breaks_when("without the K", says=reduces_to(B / alpha_0, {alpha_0: random_cutoff}, inverse_scale))

shorter = claim(
    "oymak2019/J27-short-form",
    """With a cut-off inverse up to sqrt(n)/alpha_0, (3.3) is at least (3.2).""",
    given=Box({**random_error.domain, **short_error.domain}),
    assuming=[y_n <= sqrt(n)],
    says=dominates(short_error.expression, random_test(sqrt(n) / (B * sqrt(K)) * inverse_scale, inverse_scale)),
    source=f"{REFERENCE}, equation (3.3)",
    link=ALGEBRA,
    about=(short_error, random_error),
    expects="proved",
)
shorter.breaks_when(
    "24 for 36",
    says=dominates(
        short_error.expression - 12 * Gamma * inverse_scale,
        random_test(sqrt(n) / (B * sqrt(K)) * inverse_scale, inverse_scale),
    ),
)

tenfold = claim(
    "oymak2019/J27-deviation",
    """5 sqrt(log(2/delta)/n), and 10 times that root in 6.23, are at least twice sqrt(5 log(2/delta)/n).""",
    given=Box({n: FROM_ONE, delta: random_error.domain[delta]}),
    says=dominates(5 * sqrt(log(2 / delta) / n), 2 * sqrt(5 * log(2 / delta) / n)),
    source=f"{REFERENCE}, Theorems 3.2 and 6.23",
    link=ALGEBRA,
    expects="proved",
)
tenfold.breaks_when("4 times", says=dominates(4 * sqrt(log(2 / delta) / n), 2 * sqrt(5 * log(2 / delta) / n)))

UNSURE = Box({n: RANDOM[n], K: FROM_ONE, delta: random_error.domain[delta]})
at_start, of_classes = n ** Integer(-100), (2 * K) ** Integer(-100)
claim(
    "oymak2019/J27-probability-as-read",
    """What kernel, outputs at the start and sample may fail with adds up to (2 K)**-100 + delta at most.""",
    given=UNSURE,
    says=at_start + of_classes + delta <= of_classes + delta,
    source=f"{REFERENCE}, Theorem 3.2, which leaves out the n**-100 of Lemma 6.13",
    link=CAPS,
    expects="refuted",
)
surely = claim(
    "oymak2019/J27-probability",
    """With n >= 2 K, what they may fail with adds up to 2 (2 K)**-100 + delta at most.""",
    given=UNSURE,
    assuming=[n >= 2 * K],
    says=at_start + of_classes + delta <= 2 * of_classes + delta,
    source=f"{REFERENCE}, Theorem 3.2",
    provenance="repaired",
    link=CAPS,
    expects="proved",
)
surely.breaks_when("with n >= K", assuming=[n >= K])

# -- in what the bounds rise and fall ---------------------------------------------------------------------------------

for bound, name, moves in (
    (random_error, "error", ((n, 0), (abar, 0), (zeta, 1), (K, 1))),
    (short_error, "short-error", ((n, 0),)),
    (plain_width, "width", ((Gamma, 1), (zeta, 0), (abar, 0))),
    (random_training, "training", ((zeta, 1),)),
    (random_distance, "distance", ((nu, 0),)),
    (random_rows, "rows", ((k, 0),)),
):
    for word, rises in moves:
        direction, opposite = (increasing, decreasing) if rises else (decreasing, increasing)
        claim(
            f"oymak2019/J27-{name}-by-{str(word).replace('_', '-')}",
            f"{bound.name.capitalize()}: its bound {'rises' if rises else 'falls'} with {word}.",
            given=Box(bound.domain),
            says=direction(bound.expression, word),
            source=bound.source,
            link=ALGEBRA,
            about=bound,
            expects="proved",
        ).breaks_when("the other way", says=opposite(bound.expression, word))

floor = claim(
    "oymak2019/J27-training-floor",
    """However long descent runs the training bound is at least 4 zeta sqrt(n): it never says that the loss is 0.""",
    given=Box(random_training.domain),
    says=dominates(random_training.expression, 4 * zeta * sqrt(n)),
    source=f"{REFERENCE}, equation (6.67) and the abstract",
    link=CAPS,
    about=random_training,
    expects="proved",
)
floor.breaks_when("5 zeta", says=dominates(random_training.expression, 5 * zeta * sqrt(n)))
