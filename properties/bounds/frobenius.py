"""Rademacher complexity by Frobenius norms and by rows, and the form that does not grow with depth."""

from sympy import Rational, log, oo, sqrt

from properties.worlds.boxes import Box
from symbolic import crossover, decreasing, dominates, homogeneous, increasing, limit, positive, reduces_to
from symbolic.papers.norm_based import (
    by_depth,
    by_ratio,
    depth_free,
    dimension,
    frobenius,
    least,
    repaired,
    row_norm,
    rows,
    two_norm,
)
from symbolic.papers.zoo import ABOVE_ZERO, B, F, L, N
from verify import claim

DERIVATIONS = "docs/mathematics/zoo.md"

# -- Frobenius norms and rows -----------------------------------------------------------------------------------------

root = frobenius.expression
for x, letter, meaning in (
    (L, "L", "depth, the product of the norms held"),
    (B, "B", "the norm of the inputs"),
    (F, "F", "the product of the Frobenius norms"),
):
    claim(
        f"golowich2018/frobenius/increasing-in-{letter}",
        f"The bound by Frobenius norms rises with {meaning}.",
        given=Box(frobenius.domain),
        says=increasing(root, x, strictly=True),
        source=frobenius.source,
        about=frobenius,
        expects="proved",
    ).breaks_when("it falls", says=decreasing(root, x))

claim(
    "golowich2018/frobenius/decreasing-in-N",
    """The bound by Frobenius norms falls with N.""",
    given=Box(frobenius.domain),
    says=decreasing(root, N, strictly=True),
    source=frobenius.source,
    about=frobenius,
    expects="proved",
).breaks_when("even times the root of N", says=decreasing(sqrt(N) * root, N, strictly=True))

claim(
    "golowich2018/frobenius/one-layer",
    """For one layer the bound by Frobenius norms is 1 + sqrt(2 log 2) times B F/sqrt(N).""",
    given=Box(frobenius.domain),
    says=reduces_to(root, {L: 1}, B * F * (1 + sqrt(2 * log(2))) / sqrt(N)),
    source=frobenius.source,
    about=frobenius,
    expects="proved",
).breaks_when("without 1", says=reduces_to(root, {L: 1}, B * F * sqrt(2 * log(2)) / sqrt(N)))

claim(
    "golowich2018/frobenius/one-layer-is-linear-fails",
    """For one layer the bound by Frobenius norms is B F/sqrt(N), the bound for linear functions.""",
    given=Box(frobenius.domain),
    says=reduces_to(root, {L: 1}, B * F / sqrt(N)),
    source=frobenius.source,
    about=frobenius,
    expects="refuted",
)

claim(
    "golowich2018/frobenius/above-linear",
    """The bound by Frobenius norms is at least 2.17 times B F/sqrt(N), at every depth.""",
    given=Box(frobenius.domain),
    says=dominates(root, Rational(217, 100) * B * F / sqrt(N)),
    source=frobenius.source,
    about=frobenius,
    expects="proved",
).breaks_when("2.18 times", says=dominates(root, Rational(218, 100) * B * F / sqrt(N)))

claim(
    "golowich2018/frobenius/scales-with-B",
    """The bound by Frobenius norms is proportional to the norm of the inputs.""",
    given=Box(frobenius.domain),
    says=homogeneous(root, (B,), 1),
    source=frobenius.source,
    about=frobenius,
    expects="proved",
).breaks_when("to its square", says=homogeneous(root, (B,), 2))

claim(
    "golowich2018/frobenius/tends-to-0",
    """The bound by Frobenius norms tends to 0 as N grows.""",
    given=Box(frobenius.domain),
    says=limit(root, N, oo, 0),
    source=frobenius.source,
    about=frobenius,
    expects="proved",
).breaks_when("it stays above 1/100", says=dominates(100 * root, 1))

claim(
    "golowich2018/frobenius/below-group-norms",
    """From two layers on, the bound by Frobenius norms is at most the one by group norms with p = q = 2.""",
    given=Box(frobenius.domain),
    assuming=[L >= 2],
    says=dominates(two_norm.expression, root),
    source=f"{frobenius.source}; {two_norm.source}",
    link=f"{DERIVATIONS}#frobenius-norms",
    about=(frobenius, two_norm),
    expects="proved",
).breaks_when("for one layer as well", assuming=[])

row = row_norm.expression
for x, letter, meaning in (
    (L, "L", "depth, the product of the norms held"),
    (B, "B", "the bound on the inputs"),
    (rows, "M", "the product of the norms of rows"),
    (dimension, "n", "the number of input dimensions"),
):
    claim(
        f"golowich2018/rows/increasing-in-{letter}",
        f"The bound by 1-norms of rows rises with {meaning}.",
        given=Box(row_norm.domain),
        says=increasing(row, x, strictly=True),
        source=row_norm.source,
        about=row_norm,
        expects="proved",
    ).breaks_when("it falls", says=decreasing(row, x))

claim(
    "golowich2018/rows/decreasing-in-N",
    """The bound by 1-norms of rows falls with N.""",
    given=Box(row_norm.domain),
    says=decreasing(row, N, strictly=True),
    source=row_norm.source,
    about=row_norm,
    expects="proved",
).breaks_when("even times the root of N", says=decreasing(sqrt(N) * row, N, strictly=True))

# -- without growth in depth ------------------------------------------------------------------------------------------

for bound, named in ((depth_free, "depth-free"), (repaired, "depth-free-repaired")):
    for letter, says, other in (
        ("never-falls-in-L", increasing(bound.expression, L), increasing(bound.expression, L, strictly=True)),
        ("increasing-in-F", increasing(bound.expression, F), decreasing(bound.expression, F)),
        ("decreasing-in-Gamma", decreasing(bound.expression, least), increasing(bound.expression, least)),
        ("decreasing-in-N", decreasing(bound.expression, N), increasing(bound.expression, N)),
    ):
        claim(
            f"golowich2018/{named}/{letter}",
            f"For {bound.name}: {letter.replace('-', ' ')}.",
            given=Box(bound.domain),
            assuming=bound.conditions,
            says=says,
            source=bound.source,
            about=bound,
            expects="proved",
        ).breaks_when("the other way round, or strictly", says=other)

free = depth_free.expression
claim(
    "golowich2018/depth-free/vanishes",
    """Where the product of the Frobenius norms is the lower bound Gamma, as for layers of rank one, the form without
    growth in depth is 0.""",
    given=Box(depth_free.domain),
    says=reduces_to(free, {least: F}, 0),
    source=depth_free.source,
    link=f"{DERIVATIONS}#frobenius-norms",
    about=depth_free,
    expects="proved",
).breaks_when("it is the form by depth", says=reduces_to(free, {least: F}, F * by_depth))

claim(
    "golowich2018/depth-free/positive-as-read",
    """The form without growth in depth is above 0 wherever Gamma is at most the product of the Frobenius norms.""",
    given=Box(depth_free.domain),
    assuming=depth_free.conditions,
    says=positive(free),
    source=depth_free.source,
    link=f"{DERIVATIONS}#frobenius-norms",
    about=depth_free,
    expects="refuted",
)

claim(
    "golowich2018/depth-free/positive",
    """The form without growth in depth is above 0 where Gamma is below the product of the Frobenius norms.""",
    given=Box(depth_free.domain),
    assuming=[least < F],
    says=positive(free),
    source=depth_free.source,
    link=f"{DERIVATIONS}#frobenius-norms",
    about=depth_free,
    expects="proved",
).breaks_when("Gamma may be the product", assuming=[least <= F])

claim(
    "golowich2018/depth-free-repaired/positive",
    """With a logarithm of at least 1 the form without growth in depth is above 0.""",
    given=Box(repaired.domain),
    says=positive(repaired.expression),
    source=repaired.source,
    link=f"{DERIVATIONS}#frobenius-norms",
    about=repaired,
    expects="proved",
).breaks_when("without the repair", assuming=depth_free.conditions, says=positive(free))

claim(
    "golowich2018/depth-free/which-branch",
    """The branch by depth is the smaller one up to L = sqrt(N) log(F/Gamma), and the other one from there on.""",
    given=Box({**depth_free.domain, L: ABOVE_ZERO}),
    assuming=[least < F],
    says=crossover(F * by_depth, F * by_ratio, L, sqrt(N) * log(F / least)),
    source=depth_free.source,
    link=f"{DERIVATIONS}#frobenius-norms",
    about=depth_free,
    expects="proved",
).breaks_when("up to half of it", says=crossover(F * by_depth, F * by_ratio, L, sqrt(N) * log(F / least) / 2))

claim(
    "golowich2018/depth-free/bounded-in-L",
    """The form without growth in depth is at most its branch by the logarithm, whatever the depth.""",
    given=Box(depth_free.domain),
    assuming=depth_free.conditions,
    says=dominates(F * by_ratio, free),
    source=depth_free.source,
    about=depth_free,
    expects="proved",
).breaks_when("at most half of it", says=dominates(F * by_ratio / 2, free))
