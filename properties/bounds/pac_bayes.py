"""The gap of a margin loss by PAC-Bayes: where it falls with N, and where it rises with the norms."""

from sympy import log, oo, sqrt

from properties.worlds.boxes import Box
from symbolic import decreasing, dominates, increasing, limit, reduces_to
from symbolic.papers.norm_based import (
    T,
    pac_bayes,
    pac_bayes_proof,
)
from symbolic.papers.zoo import B, L, N, delta, gamma, h
from verify import claim

DERIVATIONS = "docs/mathematics/zoo.md"

# -- PAC-Bayes --------------------------------------------------------------------------------------------------------

read = pac_bayes.expression
for letter, says, other in (
    ("B", increasing(read, B), decreasing(read, B)),
    ("L", increasing(read, L), decreasing(read, L)),
    ("h", increasing(read, h), decreasing(read, h)),
    ("T", increasing(read, T), decreasing(read, T)),
):
    claim(
        f"neyshabur2018/pac-bayes/never-falls-in-{letter}",
        f"The gap by PAC-Bayes never falls when {letter} rises.",
        given=Box(pac_bayes.domain),
        says=says,
        source=pac_bayes.source,
        about=pac_bayes,
        expects="proved",
    ).breaks_when("it never rises", says=other)

for x, letter in ((gamma, "gamma"), (delta, "delta")):
    claim(
        f"neyshabur2018/pac-bayes/decreasing-in-{letter}",
        f"The gap by PAC-Bayes falls with {letter}.",
        given=Box(pac_bayes.domain),
        says=decreasing(read, x, strictly=True),
        source=pac_bayes.source,
        about=pac_bayes,
        expects="proved",
    ).breaks_when("it rises", says=increasing(read, x))

claim(
    "neyshabur2018/pac-bayes/decreasing-in-N",
    """The gap by PAC-Bayes falls with N once depth times samples is 3 at least.""",
    given=Box(pac_bayes.domain),
    assuming=[L * N >= 3],
    says=decreasing(read, N, strictly=True),
    source=pac_bayes.source,
    link=f"{DERIVATIONS}#pac-bayes",
    about=pac_bayes,
    expects="proved",
).breaks_when("once it is 2", assuming=[L * N >= 2])

claim(
    "neyshabur2018/pac-bayes/decreasing-in-every-N-as-read",
    """The gap by PAC-Bayes falls with N.""",
    given=Box(pac_bayes.domain),
    says=decreasing(read, N),
    source=pac_bayes.source,
    link=f"{DERIVATIONS}#pac-bayes",
    about=pac_bayes,
    expects="refuted",
)

claim(
    "neyshabur2018/pac-bayes/strictly-increasing-in-T-as-read",
    """The gap by PAC-Bayes rises strictly with the norms.""",
    given=Box(pac_bayes.domain),
    says=increasing(read, T, strictly=True),
    source=pac_bayes.source,
    link=f"{DERIVATIONS}#pac-bayes",
    about=pac_bayes,
    expects="refuted",
)

claim(
    "neyshabur2018/pac-bayes/strictly-increasing-in-T",
    """The gap by PAC-Bayes rises strictly with the norms where depth times width is 2 at least.""",
    given=Box(pac_bayes.domain),
    assuming=[L * h >= 2],
    says=increasing(read, T, strictly=True),
    source=pac_bayes.source,
    link=f"{DERIVATIONS}#pac-bayes",
    about=pac_bayes,
    expects="proved",
).breaks_when("where it is 1", assuming=[L * h >= 1])

claim(
    "neyshabur2018/pac-bayes/one-layer-of-one-unit",
    """For one layer of one unit the form that we read has no norm in it.""",
    given=Box(pac_bayes.domain),
    says=reduces_to(read, {L: 1, h: 1}, sqrt(log(N / delta) / (gamma**2 * N))),
    source=pac_bayes.source,
    link=f"{DERIVATIONS}#pac-bayes",
    about=pac_bayes,
    expects="proved",
).breaks_when("the margin does not divide", says=reduces_to(read, {L: 1, h: 1}, sqrt(log(N / delta) / N)))

claim(
    "neyshabur2018/pac-bayes/tends-to-0",
    """The gap by PAC-Bayes tends to 0 as N grows.""",
    given=Box(pac_bayes.domain),
    says=limit(read, N, oo, 0),
    source=pac_bayes.source,
    about=pac_bayes,
    expects="proved",
).breaks_when("it stays above 1/100", says=dominates(100 * read, 1))

proved = pac_bayes_proof.expression
claim(
    "neyshabur2018/pac-bayes-proof/strictly-increasing-in-T",
    """With the logarithm of its proof, log(4 L h), the gap by PAC-Bayes always rises strictly with the norms.""",
    given=Box(pac_bayes_proof.domain),
    says=increasing(proved, T, strictly=True),
    source=pac_bayes_proof.source,
    link=f"{DERIVATIONS}#pac-bayes",
    about=pac_bayes_proof,
    expects="proved",
).breaks_when("with log(L h)", says=increasing(read, T, strictly=True))
