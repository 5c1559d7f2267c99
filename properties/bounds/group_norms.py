"""Rademacher complexity by group norms: growth in depth and width, and the norm of all weights together."""

from sympy import E, Eq, Rational, sqrt

from properties.worlds.boxes import Box
from symbolic import decreasing, increasing, reduces_to
from symbolic.papers.norm_based import (
    X,
    conjugate,
    group_norm,
    inputs,
    linear,
    mu,
    q,
    total_norm,
    weights,
)
from symbolic.papers.zoo import L, N, h
from verify import claim

DERIVATIONS = "docs/mathematics/zoo.md"

# -- group norms ------------------------------------------------------------------------------------------------------

group = group_norm.expression
for x, letter, meaning in (
    (L, "L", "depth, the product of the norms held"),
    (weights, "G", "the product of the norms"),
    (X, "X", "the norm of the inputs"),
):
    claim(
        f"neyshabur2015/group-norm/increasing-in-{letter}",
        f"The bound by group norms rises with {meaning}.",
        given=Box(group_norm.domain),
        says=increasing(group, x, strictly=True),
        source=group_norm.source,
        about=group_norm,
        expects="proved",
    ).breaks_when("it falls", says=decreasing(group, x))

for x, letter, meaning in (
    (inputs, "D", "the number of input dimensions"),
    (h, "h", "the width"),
    (q, "q", "the exponent over units"),
):
    claim(
        f"neyshabur2015/group-norm/never-falls-in-{letter}",
        f"The bound by group norms, the norms held, never falls when {meaning} rises.",
        given=Box(group_norm.domain),
        says=increasing(group, x),
        source=group_norm.source,
        about=group_norm,
        expects="proved",
    ).breaks_when("it always rises", says=increasing(group, x, strictly=True))

claim(
    "neyshabur2015/group-norm/decreasing-in-N",
    """The bound by group norms falls with N.""",
    given=Box(group_norm.domain),
    says=decreasing(group, N, strictly=True),
    source=group_norm.source,
    about=group_norm,
    expects="proved",
).breaks_when("even times the root of N", says=decreasing(sqrt(N) * group, N, strictly=True))

wider = claim(
    "neyshabur2015/group-norm/strictly-increasing-in-h",
    """With two layers or more the bound by group norms rises strictly with the width where q exceeds the conjugate
    exponent.""",
    given=Box(group_norm.domain),
    assuming=[q > conjugate, L >= 2],
    says=increasing(group, h, strictly=True),
    source=group_norm.source,
    link=f"{DERIVATIONS}#group-norms",
    expects="proved",
    about=group_norm,
)
wider.breaks_when("one layer", assuming=[q > conjugate])
wider.breaks_when("any q", assuming=[L >= 2])

constant = claim(
    "neyshabur2015/group-norm/independent-of-h",
    """The bound by group norms does not depend on the width where q is at most the conjugate exponent.""",
    given=Box(group_norm.domain),
    assuming=[q <= conjugate],
    says=Eq(group, linear * 2 ** (L - 1)),
    source=group_norm.source,
    link=f"{DERIVATIONS}#group-norms",
    about=group_norm,
    expects="proved",
)
constant.breaks_when("q up to twice the exponent", assuming=[q <= 2 * conjugate])
constant.breaks_when("2 to the depth", says=Eq(group, linear * 2**L))

claim(
    "neyshabur2015/group-norm/one-layer",
    """For one layer the bound by group norms is the linear one.""",
    given=Box(group_norm.domain),
    says=reduces_to(group, {L: 1}, linear),
    source=group_norm.source,
    about=group_norm,
    expects="proved",
).breaks_when("twice that", says=reduces_to(group, {L: 1}, 2 * linear))

claim(
    "neyshabur2015/group-norm/frobenius",
    """For p = q = 2 the bound is 2**(L - 1) sqrt(2) times the product of the Frobenius norms, times X/sqrt(N).""",
    given=Box(group_norm.domain),
    says=reduces_to(group, {conjugate: 2, q: 2}, 2 ** (L - 1) * sqrt(2) * weights * X / sqrt(N)),
    source=group_norm.source,
    link=f"{DERIVATIONS}#group-norms",
    about=group_norm,
    expects="proved",
).breaks_when("2 to the depth", says=reduces_to(group, {conjugate: 2, q: 2}, 2**L * sqrt(2) * weights * X / sqrt(N)))

total = total_norm.expression
deeper = claim(
    "neyshabur2015/total-norm/increasing-in-L",
    """With the norm mu of all weights held, the bound rises with depth up to L = 4 mu**2/e.""",
    given=Box(total_norm.domain),
    assuming=[4 * mu**2 / E >= L],
    says=increasing(total, L),
    source=total_norm.source,
    link=f"{DERIVATIONS}#group-norms",
    about=total_norm,
    expects="proved",
)
deeper.breaks_when("up to 4 mu**2", assuming=[4 * mu**2 >= L])

claim(
    "neyshabur2015/total-norm/increasing-in-L-below-the-peak",
    """With the norm mu of all weights held, the bound rises with depth up to L = 1.47 mu**2, just below 4 mu**2/e.""",
    given=Box(total_norm.domain),
    assuming=[Rational(147, 100) * mu**2 >= L],
    says=increasing(total, L),
    source=total_norm.source,
    link=f"{DERIVATIONS}#group-norms",
    about=total_norm,
    expects="proved",
).breaks_when("up to 4 mu**2", assuming=[4 * mu**2 >= L])

claim(
    "neyshabur2015/total-norm/decreasing-in-L",
    """With the norm mu of all weights held, the bound falls with depth from L = 4 mu**2/e on.""",
    given=Box(total_norm.domain),
    assuming=[4 * mu**2 / E <= L],
    says=decreasing(total, L),
    source=total_norm.source,
    link=f"{DERIVATIONS}#group-norms",
    about=total_norm,
    expects="proved",
).breaks_when("from mu**2/2 on", assuming=[mu**2 / 2 <= L])

claim(
    "neyshabur2015/total-norm/increasing-in-every-L-fails",
    """With the norm of all weights held, the bound rises with depth.""",
    given=Box(total_norm.domain),
    says=increasing(total, L),
    source=total_norm.source,
    about=total_norm,
    expects="refuted",
)

claim(
    "neyshabur2015/total-norm/increasing-in-mu",
    """The bound rises with the norm of all weights.""",
    given=Box(total_norm.domain),
    says=increasing(total, mu, strictly=True),
    source=total_norm.source,
    about=total_norm,
    expects="proved",
).breaks_when("it falls", says=decreasing(total, mu))
