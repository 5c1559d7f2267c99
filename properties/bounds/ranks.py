"""Bounds by ranks, and where they are below those by spectral complexity and by Frobenius norms."""

from sympy import S, oo, sqrt

from properties.worlds.boxes import Box
from symbolic import crossover, decreasing, dominates, increasing, reduces_to
from symbolic.papers import zoo
from symbolic.papers.counting import (
    PINTO,
    chain_rule,
    of_bartlett,
    of_golowich,
    one_linear_layer,
    ranked,
    ranked_identical,
    root_of_rank,
    spectral,
)
from symbolic.papers.zoo import ABOVE_ZERO, B, L, N, h, r
from symbolic.spans import Span
from verify import claim

DERIVATIONS = "docs/mathematics/zoo.md"

# -- ranks ------------------------------------------------------------------------------------------------------------

by_rank = ranked.expression
for x, letter, meaning in (
    (zoo.S, "S", "the product of the spectral norms"),
    (B, "B", "the norm of the inputs"),
    (r, "r", "the rank"),
    (h, "h", "the width"),
    (chain_rule, "C", "the constant of the chain rule"),
):
    claim(
        f"pinto2025/ranks/increasing-in-{letter}",
        f"The bound by ranks rises with {meaning}.",
        given=Box(ranked.domain),
        says=increasing(by_rank, x, strictly=True),
        source=ranked.source,
        about=ranked,
        expects="proved",
    ).breaks_when("it falls", says=decreasing(by_rank, x))

claim(
    "pinto2025/ranks/decreasing-in-N",
    """The bound by ranks falls with N.""",
    given=Box(ranked.domain),
    says=decreasing(by_rank, N, strictly=True),
    source=ranked.source,
    about=ranked,
    expects="proved",
).breaks_when("even times the root of N", says=decreasing(sqrt(N) * by_rank, N, strictly=True))

claim(
    "pinto2025/ranks/increasing-in-L",
    """The bound by ranks rises with depth, the product of the norms held, if the constant of the chain rule is 1 at
    least.""",
    given=Box(ranked.domain),
    assuming=[chain_rule >= 1],
    says=increasing(by_rank, L, strictly=True),
    source=ranked.source,
    about=ranked,
    expects="proved",
).breaks_when("for every constant", assuming=[])

claim(
    "pinto2025/ranks/increasing-in-L-identical-layers",
    """The bound by ranks of identical layers rises with depth where their spectral norm, times the constant of the
    chain rule, is 1 at least.""",
    given=Box(ranked_identical.domain),
    assuming=[chain_rule * spectral >= 1],
    says=increasing(ranked_identical.expression, L, strictly=True),
    source=ranked_identical.source,
    about=ranked_identical,
    expects="proved",
).breaks_when("1/4 at least", assuming=[4 * chain_rule * spectral >= 1])

claim(
    "pinto2025/ranks/above-root-of-rank",
    """The bound by ranks is at least the one with the root of the rank.""",
    given=Box(ranked.domain),
    says=dominates(by_rank, root_of_rank),
    source=f"{PINTO}, with another diameter (derived)",
    link=f"{DERIVATIONS}#ranks",
    about=ranked,
    expects="proved",
).breaks_when("also for ranks below 1", given=Box({**ranked.domain, r: ABOVE_ZERO}))

claim(
    "pinto2025/ranks/one-layer",
    """With the root of the rank, the bound for one layer is that for a linear layer.""",
    given=Box(ranked.domain),
    says=reduces_to(root_of_rank, {chain_rule: 1, L: 1}, one_linear_layer),
    source=f"{PINTO}, with another diameter (derived)",
    link=f"{DERIVATIONS}#ranks",
    about=ranked,
    expects="proved",
).breaks_when("with the rank itself", says=reduces_to(by_rank, {chain_rule: 1, L: 1}, one_linear_layer))

plain = by_rank.xreplace({chain_rule: S.One})
claim(
    "pinto2025/ranks/against-spectral-complexity",
    """With constant 1 the bound by ranks is below the leading term by spectral complexity up to r = L, and above it
    from there on.""",
    given=Box(ranked.domain),
    says=crossover(plain, of_bartlett, r, L),
    source=f"{PINTO}, its table",
    link=f"{DERIVATIONS}#ranks",
    about=ranked,
    expects="proved",
).breaks_when("up to L squared", says=crossover(plain, of_bartlett, r, L**2))

claim(
    "pinto2025/ranks/against-frobenius-norms",
    """From three layers on, with constant 1, the leading term by Frobenius norms is below the bound by ranks up to
    r**(L - 2) = L h, and above it from there on.""",
    given=Box({**ranked.domain, L: Span(3, oo)}),
    says=crossover(of_golowich, plain, r, (L * h) ** (1 / (L - 2))),
    source=f"{PINTO}, its table",
    link=f"{DERIVATIONS}#ranks",
    about=ranked,
    expects="proved",
).breaks_when("up to r**(L - 1) = L h", says=crossover(of_golowich, plain, r, (L * h) ** (1 / (L - 1))))
