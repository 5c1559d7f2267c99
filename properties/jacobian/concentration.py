"""What a random second layer does, as far as signs are enumerated and constants are compared: J09 and J10."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Integer, Max, Rational, exp, log, oo, sqrt

from properties.worlds.boxes import Box
from properties.worlds.signs import FirstOutputs, SignedColumns, SignSums
from symbolic import Span, dominates, norm, reduces_to, spectral_norm
from symbolic.papers.concentration import (
    CLASSES,
    FAILING,
    IN_LOGARITHMS,
    MACKEY,
    REFERENCE,
    TROPP,
    A,
    H,
    K,
    Y,
    allowed,
    bernstein,
    beyond,
    energy,
    fourth,
    groups,
    identity,
    k,
    level,
    load,
    n,
    nu,
    ratio,
    repeated,
    share,
    size,
    size_repaired,
    spread,
    t,
    w,
    within,
)
from verify import claim

DERIVATIONS = "docs/mathematics/joint.md"
ONE = f"{DERIVATIONS}#one-neuron-of-a-random-second-layer"
LINES = f"{DERIVATIONS}#the-constants-of-the-concentration"
SUMS = f"{DERIVATIONS}#sums-of-signs"
START = f"{DERIVATIONS}#outputs-at-the-start"
CONCENTRATION = f"{REFERENCE}, Lemma 6.13"
INITIAL = f"{REFERENCE}, Lemma 6.14"

moment = claim(
    "oymak2019/J09-second-moment",
    """For a column v of K signs times nu, the mean of (v v^T)^2 over all signs is K nu^4 I.""",
    given=SignedColumns(),
    says=Eq(fourth, CLASSES * nu**4 * identity),
    source=f"{CONCENTRATION} (derived)",
    link=ONE,
)
moment.breaks_when("K squared", says=Eq(fourth, CLASSES**2 * nu**4 * identity))
moment.breaks_when("nu squared", says=Eq(fourth, CLASSES * nu**2 * identity))

variance = claim(
    "oymak2019/J09-centred-moment",
    """For one A the mean of (v v^T kron A - nu^2 I kron A)^2 over all signs is (K - 1) nu^4 I kron A^2.""",
    given=SignedColumns(),
    says=Eq(spread, (CLASSES - 1) * nu**4 * repeated),
    source=f"{CONCENTRATION} (derived)",
    link=ONE,
)
variance.breaks_when("K", says=Eq(spread, CLASSES * nu**4 * repeated))
variance.breaks_when("nu squared", says=Eq(spread, (CLASSES - 1) * nu**2 * repeated))

summand = claim(
    "oymak2019/J09-summand",
    """The norm of v v^T kron A - nu^2 I kron H is at most K nu^2 times the larger norm of A and H.""",
    given=SignedColumns(),
    says=spectral_norm(Y) <= CLASSES * nu**2 * Max(spectral_norm(A), spectral_norm(H)),
    source=f"{CONCENTRATION} (derived)",
    link=ONE,
)
summand.breaks_when("the norm of A", says=spectral_norm(Y) <= CLASSES * nu**2 * spectral_norm(A))
summand.breaks_when("K - 1", says=spectral_norm(Y) <= (CLASSES - 1) * nu**2 * Max(spectral_norm(A), spectral_norm(H)))

POSITIVE = Span(0, oo, open_low=True)
WIDE = [k >= 1000 * load**2 * log(n)]
NUMBERS = {n: (2, oo), k: (1, oo), load: POSITIVE}

claim(
    "oymak2019/J09-width-printed",
    """With k >= 1000 load^2 log n, the deviation 30 load log(n) / sqrt(k) is at most 1.""",
    given=Box(NUMBERS),
    assuming=WIDE,
    says=30 * load * log(n) <= sqrt(k),
    source=CONCENTRATION,
    link=LINES,
    expects="refuted",
)

width = claim(
    "oymak2019/J09-width",
    """With k >= 1000 load^2 log n, the deviation 30 load sqrt(log(n) / k) is at most 1.""",
    given=Box(NUMBERS),
    assuming=WIDE,
    says=900 * load**2 * log(n) <= k,
    source=CONCENTRATION,
    link=LINES,
    provenance="repaired",
    expects="proved",
)
width.breaks_when("33 in place of 30", says=33**2 * load**2 * log(n) <= k)
width.breaks_when("k >= 800 load^2 log n", assuming=[k >= 800 * load**2 * log(n)])

SAMPLES = Box({n: (2, oo)})
DEVIATION = {t: sqrt(IN_LOGARITHMS * log(n)), energy: Integer(1)}


def at_the_deviation(constant: Any) -> Any:
    """That a matrix Hoeffding inequality gives 2 n^(1 - 112.5) at the deviation of the lemma."""
    return reduces_to(2 * n * exp(-constant * t**2 / energy), DEVIATION, 2 * n ** Rational(-223, 2))


exponent = claim(
    "oymak2019/J09-exponent",
    """At the deviation of the lemma the matrix Hoeffding inequality with the constant 2 gives 2 n^(1 - 112.5).""",
    given=Box({n: (2, oo), t: (0, oo), energy: POSITIVE}),
    says=at_the_deviation(MACKEY),
    source=CONCENTRATION,
    link=LINES,
    expects="proved",
)
exponent.breaks_when("with the constant 8", says=at_the_deviation(TROPP))

one_block = claim(
    "oymak2019/J09-one-block",
    """That is at most n^-102.""",
    given=SAMPLES,
    says=2 * n ** (1 - MACKEY * IN_LOGARITHMS) <= n ** Integer(-102),
    source=CONCENTRATION,
    link=LINES,
    expects="proved",
)
one_block.breaks_when("with the constant 8", says=2 * n ** (1 - TROPP * IN_LOGARITHMS) <= n ** Integer(-102))
one_block.breaks_when("from one sample on", given=Box({n: (1, oo)}))

weaker = claim(
    "oymak2019/J09-one-block-of-tropp",
    """With the constant 8 the matrix Hoeffding inequality gives at most n^-26.""",
    given=SAMPLES,
    says=2 * n ** (1 - TROPP * IN_LOGARITHMS) <= n ** Integer(-26),
    source=CONCENTRATION,
    link=LINES,
    expects="proved",
)
weaker.breaks_when("n^-27", says=2 * n ** (1 - TROPP * IN_LOGARITHMS) <= n ** Integer(-27))

claim(
    "oymak2019/J09-all-blocks-printed",
    """Over all K^2 blocks, each failing with n^-102, the union bound K^2 n^-102 is at most n^-100.""",
    given=Box({n: (2, oo), K: (1, oo)}),
    says=K**2 * n ** Integer(-102) <= n ** Integer(-100),
    source=CONCENTRATION,
    link=LINES,
    expects="refuted",
)

all_blocks = claim(
    "oymak2019/J09-all-blocks",
    """Over all K^2 blocks, each failing with n^-102, it is at most n^-100 where n >= K.""",
    given=Box({n: (2, oo), K: (1, oo)}),
    assuming=[n >= K],
    says=K**2 * n ** Integer(-102) <= n ** Integer(-100),
    source=CONCENTRATION,
    link=LINES,
    provenance="repaired",
    expects="proved",
)
all_blocks.breaks_when("where 2 n >= K", assuming=[2 * n >= K])

logarithm = claim(
    "oymak2019/J09-logarithm",
    """For n >= K and n >= 2, 2 n K / q is at most n^103 where q = n^-100.""",
    given=Box({n: (2, oo), K: (1, oo)}),
    assuming=[n >= K],
    says=n**103 >= FAILING,
    source=f"{CONCENTRATION} (derived)",
    link=LINES,
    expects="proved",
)
logarithm.breaks_when("n^102", says=n**102 >= FAILING)
logarithm.breaks_when("any number of classes", assuming=[])

sharper = claim(
    "oymak2019/J09-bernstein",
    """For k >= 20 log n the deviation by the matrix Bernstein inequality is below that of the lemma.""",
    given=Box({K: (1, oo), ratio: Span(0, Rational(1, 20), open_low=True)}),
    says=dominates(Integer(30), bernstein),
    source=f"{CONCENTRATION} (our comparison)",
    link=LINES,
    expects="proved",
)
sharper.breaks_when("for k >= 18 log n", given=Box({K: (1, oo), ratio: Span(0, Rational(1, 18), open_low=True)}))
sharper.breaks_when("20 in place of 30", says=dominates(Integer(20), bernstein))

sums = claim(
    "oymak2019/J10-hoeffding",
    """Of all choices of k signs, at most 2 exp(-c/2) have a squared sum of at least c k.""",
    given=SignSums(),
    says=share <= 2 * exp(-level / 2),
    source=f"{INITIAL} (Hoeffding 1963)",
    link=SUMS,
)
sums.breaks_when("one sided", says=share <= exp(-level / 2))
sums.breaks_when("not halved", says=share <= 2 * exp(-level))

claim(
    "oymak2019/J10-sum-of-signs-printed",
    """The squared sum of k signs is at most 250 log(K) k with probability 1 - (2 K)^-102 at least.""",
    given=SignSums(),
    says=1 - (2 * groups) ** Integer(-102) <= within,
    source=f"{REFERENCE}, equation (6.37)",
    link=SUMS,
    expects="refuted",
)

repair = claim(
    "oymak2019/J10-sum-of-signs",
    """The squared sum of k signs is above 250 log(2 K) k with probability 2 (2 K)^-125 at most.""",
    given=SignSums(),
    says=beyond <= 2 * (2 * groups) ** Integer(-125),
    source=f"{REFERENCE}, equation (6.37)",
    link=SUMS,
    provenance="repaired",
)
repair.breaks_when("250 log(K) k", says=1 - within <= 2 * (2 * groups) ** Integer(-125))
repair.breaks_when("2 (2 K)^-132", says=beyond <= 2 * (2 * groups) ** Integer(-132))

tail = claim(
    "oymak2019/J10-tail",
    """2 exp(-250 log(2 K) / 2) is at most (2 K)^-102.""",
    given=Box({K: (1, oo)}),
    says=2 * exp(-125 * log(2 * K)) <= (2 * K) ** Integer(-102),
    source=INITIAL,
    link=SUMS,
    expects="proved",
)
tail.breaks_when("log(K)", says=2 * exp(-125 * log(K)) <= (2 * K) ** Integer(-102))
tail.breaks_when("(2 K)^-125", says=2 * exp(-125 * log(2 * K)) <= (2 * K) ** Integer(-125))

constants = claim(
    "oymak2019/J10-constants",
    """1000 log(2 K) + 1 is at most 1024 log(2 K).""",
    given=Box({K: (1, oo)}),
    says=1000 * log(2 * K) + 1 <= 1024 * log(2 * K),
    source=INITIAL,
    link=START,
    expects="proved",
)
constants.breaks_when("1001 log(2 K)", says=1000 * log(2 * K) + 1 <= 1001 * log(2 * K))
constants.breaks_when("log(K)", says=1000 * log(K) + 1 <= 1024 * log(K))

claim(
    "oymak2019/J10-output-size-printed",
    """Whatever phi(0) is, with one neuron of norm at most 40 and one class the outputs are at most nu |y| long.""",
    given=FirstOutputs(),
    assuming=[norm(w) <= 40],
    says=size <= allowed,
    source=f"{REFERENCE}, Theorems 3.2 and 6.22, which use Lemma 6.14 without its |phi(0)| <= B",
    link=START,
    expects="refuted",
)

start = claim(
    "oymak2019/J10-output-size",
    """With |phi(0)| <= B, one neuron of norm at most 40 and one class, the outputs are at most nu |y| long.""",
    given=FirstOutputs(),
    assuming=[norm(w) <= 40],
    says=size_repaired <= allowed,
    source=INITIAL,
    link=START,
    provenance="repaired",
)
start.breaks_when("of any norm", assuming=[])
start.breaks_when("without the root of the number of samples", says=sqrt(2) * size_repaired <= allowed)
