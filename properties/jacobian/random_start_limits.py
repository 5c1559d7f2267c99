"""What the theorem on networks that start at random asks for, how wide it wants them, and what a width can reach."""

from __future__ import annotations

from sympy import Rational, log, oo, sqrt

from properties.worlds.boxes import Box
from properties.worlds.narrow_networks import NarrowNetworks
from symbolic import decreasing, homogeneous, increasing, reduces_to
from symbolic.papers.neural_guarantees import (
    ABOVE_ZERO,
    FROM_ONE,
    FROM_ZERO,
    MOST,
    RANDOM,
    REFERENCE,
    UP_TO_HALF,
    UP_TO_ONE,
    B,
    Gamma,
    K,
    X,
    abar,
    alpha_0,
    c,
    delta,
    early,
    error_of_width,
    eta,
    gap,
    k,
    n,
    nu,
    part,
    plain_width,
    random_cutoff,
    random_nu,
    random_training,
    random_width,
    ratio,
    reached,
    residual,
    top,
    w_i,
    y_i,
    y_n,
    zeta,
)
from symbolic.spans import Span
from verify import claim
from verify.worlds import Size

DERIVATIONS = "docs/mathematics/neural_guarantees.md"
CAPS = f"{DERIVATIONS}#what-the-theorem-asks-for"
REACH = f"{DERIVATIONS}#what-a-width-can-reach"
SIZES = f"{DERIVATIONS}#how-wide"

CONVERTED = {**RANDOM, nu: ABOVE_ZERO, eta: ABOVE_ZERO, alpha_0: ABOVE_ZERO, y_n: FROM_ZERO, y_i: FROM_ZERO,
             early: FROM_ZERO, k: FROM_ONE, w_i: FROM_ZERO}  # fmt: skip
ANY = Box(CONVERTED)

# -- what the theorem asks for ----------------------------------------------------------------------------------------

claim(
    "oymak2019/J27-one-sample-no-width",
    """For one sample log n is 0, and so is the least width: the theorem asks for none.""",
    given=Box({**random_width.domain, n: FROM_ONE}),
    says=reduces_to(random_width.expression, {n: 1}, 0),
    source=f"{REFERENCE}, equation (6.86)",
    link=CAPS,
    about=random_width,
    expects="proved",
).breaks_when("for two samples", says=reduces_to(random_width.expression, {n: 2}, 0))

CLASSES = Box({n: FROM_ONE, K: FROM_ONE})
claim(
    "oymak2019/J27-logarithm-of-classes-as-read",
    """With at least as many samples as classes log(2K) is at most log n.""",
    given=CLASSES,
    assuming=[n >= K],
    says=log(2 * K) <= log(n),
    source=f"{REFERENCE}, proof of Theorem 6.22",
    link=CAPS,
    expects="refuted",
)
logarithm = claim(
    "oymak2019/J27-logarithm-of-classes",
    """With at least twice as many samples as classes log(2K) is at most log n.""",
    given=CLASSES,
    assuming=[n >= 2 * K],
    says=log(2 * K) <= log(n),
    source=f"{REFERENCE}, proof of Theorem 6.22",
    provenance="repaired",
    link=CAPS,
    expects="proved",
)
logarithm.breaks_when("one sample less", assuming=[n >= 2 * K - 1])
slack = claim(
    "oymak2019/J27-logarithm-by-slack",
    """From three samples on 6.4 log(2n), and so 6.4 log(2K) for up to n classes, is at most 12 log n.""",
    given=Box({n: Span(3, oo)}),
    says=64 * log(2) <= (120 - 64) * log(n),
    source="derived",
    link=CAPS,
    expects="proved",
)
slack.breaks_when("from two samples on", given=Box({n: Span(2, oo)}))

aligned = claim(
    "oymak2019/J27-share-of-labels",
    """Where twice the share of the labels in the nuisance space is below 1, that in the other is above sqrt(3)/2.""",
    given=Box({part: Span(0, Rational(1, 2), open_high=True)}),
    says=1 - part**2 > Rational(3, 4),
    source="derived",
    link=CAPS,
    expects="proved",
)
aligned.breaks_when("a share up to 1/2", given=Box({part: (0, "1/2")}))

SPECTRUM = {**{word: RANDOM[word] for word in (n, K, X)}, abar: ABOVE_ZERO}
capped = claim(
    "oymak2019/J27-cutoff-is-capped",
    """A cutoff alpha_0 up to B |X| has abar at most |X|**(1/2)/(n**(1/4) sqrt(K)).""",
    given=Box({**SPECTRUM, B: ABOVE_ZERO}),
    assuming=[random_cutoff <= B * X],
    says=abar * n ** Rational(1, 4) * sqrt(K) <= sqrt(X),
    source="derived",
    link=CAPS,
    expects="proved",
)
capped.breaks_when("with K in place of its root", says=abar * n ** Rational(1, 4) * K <= sqrt(X))

cap = claim(
    "oymak2019/J27-cap-by-classes",
    """That is at most 1/sqrt(K), since |X|**2 is at most n: no cutoff is constant in the number of classes.""",
    given=Box(SPECTRUM),
    assuming=[sqrt(n) >= X],
    says=sqrt(X) / (n ** Rational(1, 4) * sqrt(K)) <= 1 / sqrt(K),
    source="derived",
    link=CAPS,
    expects="proved",
)
cap.breaks_when("1/K", says=sqrt(X) / (n ** Rational(1, 4) * sqrt(K)) <= 1 / K)

claim(
    "oymak2019/J27-width-of-capped-cutoff",
    """The largest cutoff makes the least width 12e7 Gamma**4 K**4 n**2 log n/(c**4 zeta**4 |X|**4).""",
    given=ANY,
    says=reduces_to(
        plain_width.expression,
        {abar: sqrt(X) / (n ** Rational(1, 4) * sqrt(K))},
        MOST * Gamma**4 * K**4 * n**2 * log(n) / (c**4 * zeta**4 * X**4),
    ),
    source="derived",
    link=CAPS,
    about=plain_width,
    expects="proved",
).breaks_when(
    "K**2",
    says=reduces_to(
        plain_width.expression,
        {abar: sqrt(X) / (n ** Rational(1, 4) * sqrt(K))},
        MOST * Gamma**4 * K**2 * n**2 * log(n) / (c**4 * zeta**4 * X**4),
    ),
)

# zeta is ratio times c, and both sides of "the share is at least a part of c" are multiplied by (1 + zeta)/c.
UNITS = {c: UP_TO_ONE, ratio: UP_TO_HALF}
claim(
    "oymak2019/J27-share-of-residual-as-read",
    """A start with outputs up to zeta |y| leaves at least c of the residual in the information space.""",
    given=Box(UNITS),
    says=1 - ratio >= 1 + ratio * c,
    source=f"{REFERENCE}, equation (6.77)",
    link=CAPS,
    expects="refuted",
)
kept = claim(
    "oymak2019/J27-share-of-residual",
    """A start with outputs up to zeta |y| leaves at least c/3 of the residual in the information space.""",
    given=Box(UNITS),
    says=3 * (1 - ratio) >= 1 + ratio * c,
    source=f"{REFERENCE}, equation (6.77)",
    provenance="repaired",
    link=CAPS,
    expects="certified",
)
kept.breaks_when("c/2", says=2 * (1 - ratio) >= 1 + ratio * c)
kept.breaks_when("any zeta up to c", given=Box({**UNITS, ratio: UP_TO_ONE}))

rows = 4 * Gamma * B * K * X * sqrt(n) / (nu * alpha_0**2)
bend = 3 * nu * B * rows**2 / sqrt(k)
at_width = {alpha_0: random_cutoff, k: plain_width.expression}
exact_bend = 48 * c**2 * zeta**2 / (nu * B * sqrt(MOST * log(n)))
curved = claim(
    "oymak2019/J27-curvature",
    """At the least width the term of the rows is 48 c**2 zeta**2/(nu B sqrt(12e7 log n)).""",
    given=ANY,
    says=reduces_to(bend, at_width, exact_bend),
    source=f"{REFERENCE}, equation (6.90)",
    provenance="repaired",
    link=CAPS,
    about=plain_width,
    expects="proved",
)
curved.breaks_when("log n without the root", says=reduces_to(bend, at_width, exact_bend / sqrt(log(n))))
BENT = {word: CONVERTED[word] for word in (c, zeta, nu, B)}
claim(
    "oymak2019/J27-curvature-printed",
    """From three samples on it is at most c**2 zeta**2/(230 nu B log n).""",
    given=Box({**BENT, n: Span(3, oo)}),
    says=exact_bend <= c**2 * zeta**2 / (230 * nu * B * log(n)),
    source=f"{REFERENCE}, equation (6.90)",
    link=CAPS,
    expects="refuted",
)
with_nu = Box({c: UP_TO_ONE, zeta: UP_TO_HALF, B: ABOVE_ZERO, nu: ABOVE_ZERO, n: Span(2, oo), K: FROM_ONE})
small = claim(
    "oymak2019/J27-curvature-by-zeta",
    """With nu of the theorem that term is 2400 c**2 zeta sqrt(log(2K)/(12e7 log n)).""",
    given=with_nu,
    says=reduces_to(exact_bend, {nu: random_nu}, 2400 * c**2 * zeta * sqrt(log(2 * K) / (MOST * log(n)))),
    source=f"{REFERENCE}, equation (6.90)",
    link=CAPS,
    expects="proved",
)
small.breaks_when(
    "without the root", says=reduces_to(exact_bend, {nu: random_nu}, 2400 * c**2 * zeta * log(2 * K) / (MOST * log(n)))
)
# -- what the short forms leave out -----------------------------------------------------------------------------------

hidden = claim(
    "oymak2019/J27-hidden-power-of-X",
    """Where 12 zeta is as small as sqrt(K)/(B |X|) the least width grows as |X|**8, and not as |X|**4.""",
    given=ANY,
    says=homogeneous(random_width.expression.xreplace({zeta: sqrt(K) / (12 * B * X)}), (X,), 8),
    source=f"{REFERENCE}, equation (3.5)",
    link=CAPS,
    about=random_width,
    expects="proved",
)
hidden.breaks_when(
    "as |X|**4", says=homogeneous(random_width.expression.xreplace({zeta: sqrt(K) / (12 * B * X)}), (X,), 4)
)

# -- how wide ---------------------------------------------------------------------------------------------------------

for word, letter, direction, opposite in (
    (k, "k", decreasing, increasing),
    (K, "K", increasing, decreasing),
    (delta, "delta", decreasing, increasing),
):
    claim(
        f"oymak2019/J27-error-of-width-by-{letter}",
        "With the least zeta that a width allows, the bound on the error is at its best"
        f" {'lower' if direction is decreasing else 'higher'} where {word} is larger.",
        given=Box(error_of_width.domain),
        says=direction(error_of_width.expression, word),
        source="derived",
        link=SIZES,
        about=error_of_width,
        expects="proved",
    ).breaks_when("the other way", says=opposite(error_of_width.expression, word))

for classes, threshold, width_of_point, samples, time, name in (
    (2, 1, 35 * 10**15, 1_800_000, "17/10", "two-classes-below-one"),
    (2, Rational(1, 2), 22 * 10**17, 5_950_000, "27/10", "two-classes-below-half"),
    (10, Rational(9, 10), 46 * 10**18, 7_900_000, "187/100", "ten-classes-below-nine-tenths"),
):
    f = error_of_width.expression
    point = {K: (classes, classes), delta: ("1/20", "1/20"), n: (samples, samples), Gamma: (time, time)}
    claim(
        f"oymak2019/J27-informative-{name}",
        f"With {classes} classes, delta = 1/20, n = {samples} and Gamma = {time} it is below {threshold}"
        f" from k = {width_of_point} on.",
        given=Box({**point, k: (width_of_point, oo)}),
        says=f < threshold,
        source="derived",
        link=SIZES,
        about=error_of_width,
        expects="proved",
    ).breaks_when("from five sixths of it on", given=Box({**point, k: (5 * width_of_point // 6, oo)}))

LEAST = 3 * 10**16
claim(
    "oymak2019/J27-vacuous",
    f"With 2 classes, delta = 1/20 and k = {LEAST} the bound on the error is at least 1, for all n and Gamma.",
    given=Box({K: (2, 2), delta: ("1/20", "1/20"), n: Span(2, oo), Gamma: FROM_ONE, k: (LEAST, LEAST)}),
    says=error_of_width.expression >= 1,
    source="derived",
    link=SIZES,
    about=error_of_width,
    expects="certified",
).breaks_when(
    "at k = 35 * 10**15",
    given=Box({
        K: (2, 2), delta: ("1/20", "1/20"), n: (1_800_000, 1_800_000), Gamma: ("17/10", "17/10"),
        k: (35 * 10**15, 35 * 10**15),
    }),
)  # fmt: skip

# -- what a width can reach -------------------------------------------------------------------------------------------

far = claim(
    "oymak2019/J27-residual-from-below",
    """Whatever W is, the residual is at least (1 - nu sqrt(k/K) sup |phi|) sqrt(n).""",
    given=NarrowNetworks(),
    says=residual >= reached * sqrt(n),
    source="derived",
    link=REACH,
)
far.breaks_when("nine tenths of the sum", says=residual >= (1 - 9 * nu * sqrt(k / K) * top / 10) * sqrt(n))
far.breaks_when("K in place of its root", says=residual >= (1 - nu * sqrt(k) / K * top) * sqrt(n))

THEOREM = NarrowNetworks(second_layer="of the theorem")
SEVERAL = NarrowNetworks(samples=Size(2, 3), classes=Size(2, 3), second_layer="of the theorem")
HYPOTHESES = [Gamma >= 1, 2 * zeta <= c, 16 * abar**2 * sqrt(n) * K * B**2 <= 1]
claim(
    "oymak2019/J27-training-at-every-width-as-read",
    """At every width some first layer leaves a residual as small as the theorem says of the trained one.""",
    given=SEVERAL,
    assuming=HYPOTHESES,
    says=reached * sqrt(n) <= random_training.expression,
    source=f"{REFERENCE}, equation (6.67) with a width of the order of log n",
    link=REACH,
    about=random_training,
    expects="refuted",
)
claim(
    "oymak2019/J27-training-at-one-sample-printed",
    """At every width that (6.86) allows some first layer leaves a residual as small as the theorem says.""",
    given=THEOREM,
    assuming=[*HYPOTHESES, k >= plain_width.expression],
    says=reached * sqrt(n) <= random_training.expression,
    source=f"{REFERENCE}, equations (6.67) and (6.86)",
    link=REACH,
    about=(random_training, plain_width),
    expects="refuted",
)

enough = claim(
    "oymak2019/J27-width-from-below",
    """With k up to K g**2/(nu sup |phi|)**2 no first layer leaves less than (1 - g) sqrt(n).""",
    given=Box({K: FROM_ONE, k: FROM_ONE, nu: ABOVE_ZERO, top: ABOVE_ZERO, gap: UP_TO_ONE}),
    assuming=[k * nu**2 * top**2 <= K * gap**2],
    says=nu * top * sqrt(k) <= gap * sqrt(K),
    source="derived",
    link=REACH,
    expects="proved",
)
enough.breaks_when("twice as wide", assuming=[k * nu**2 * top**2 <= 2 * K * gap**2])

claim(
    "oymak2019/J27-width-from-below-of-theorem",
    """With nu of the theorem that is 2500 B**2 K log(2K) g**2/(zeta sup |phi|)**2.""",
    given=Box({K: FROM_ONE, B: ABOVE_ZERO, zeta: UP_TO_HALF, nu: ABOVE_ZERO, top: ABOVE_ZERO, gap: UP_TO_ONE}),
    says=reduces_to(
        K * gap**2 / (nu * top) ** 2,
        {nu: random_nu},
        2500 * B**2 * K * log(2 * K) * gap**2 / (zeta * top) ** 2,
    ),
    source="derived",
    link=REACH,
    expects="proved",
).breaks_when(
    "50 in place of its square",
    says=reduces_to(
        K * gap**2 / (nu * top) ** 2,
        {nu: random_nu},
        50 * B**2 * K * log(2 * K) * gap**2 / (zeta * top) ** 2,
    ),
)
