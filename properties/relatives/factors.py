"""Linear factors and Schatten quasi-norms: what Ongie, Willett 2022 say of linear layers below one of ReLU."""

from __future__ import annotations

from typing import Any

from sympy import And, Eq, Rational

from properties.worlds.chains import BalancedChains
from properties.worlds.matrix_pairs import MatrixPair
from symbolic import norm, rank
from symbolic.papers.layered import SIGMA, A, factors, first, last, weight
from symbolic.papers.spectra import OF_A, OF_B, OF_TRIPLE, total
from verify import claim

DERIVATIONS = "docs/mathematics/relatives.md#factors"
PAPER = "Ongie, Willett 2022 (arXiv:2203.01305), as its abstract says it"
CHAIN = BalancedChains()


def same(left: Any, right: Any) -> Any:
    """The equation of two numbers, as it stands."""
    return Eq(left, right, evaluate=False)


def powers(exponent: Any) -> Any:
    """The sum of powers of the singular values of the product."""
    return total(SIGMA, exponent)


attained = claim(
    "ongie2022/balanced-factors",
    """Balanced factors weigh q times the sum of 2/q-th powers of the singular values of their product.""",
    given=CHAIN,
    says=same(weight, factors * powers(2 / factors)),
    source=PAPER,
    link=DERIVATIONS,
    provenance="as-read",
)
attained.breaks_when("the Frobenius norm, with no bias to low rank", says=same(weight, powers(2)))
attained.breaks_when("the exponent 1/q", says=same(weight, factors * powers(1 / factors)))
attained.breaks_when("without the factor q", says=same(weight, powers(2 / factors)))

product = claim(
    "ongie2022/product-of-chain",
    """The product of such a chain has the q-th powers of the singular values of each factor.""",
    given=CHAIN,
    says=And(same(norm(A) ** 2, powers(2)), same(norm(A.T * A) ** 2, powers(4))),
    source="derived",
    link=DERIVATIONS,
    provenance="derived",
)
product.breaks_when("those of one factor", says=same(norm(first) ** 2, powers(2)))

three = claim(
    "ongie2022/three-factors",
    """Three factors weigh at least three times the sum of 2/3-th powers of the singular values of their product.""",
    given=MatrixPair(),
    says=3 * total(OF_TRIPLE, Rational(2, 3)) <= 2 * total(OF_A, 2) + total(OF_B, 2),
    source=PAPER,
    link=DERIVATIONS,
    provenance="as-read",
)
three.breaks_when("of first powers", says=3 * total(OF_TRIPLE, 1) <= 2 * total(OF_A, 2) + total(OF_B, 2))
three.breaks_when("of 1/3-th powers", says=3 * total(OF_TRIPLE, Rational(1, 3)) <= 2 * total(OF_A, 2) + total(OF_B, 2))

alike = claim(
    "ongie2022/factors-alike",
    """The first factor of such a chain and the last one have the rank of the product, and the same singular values.""",
    given=CHAIN,
    says=And(
        same(rank(first), rank(A)),
        same(rank(last), rank(A)),
        same(norm(first) ** 2, norm(last) ** 2),
        same(norm(first.T * first) ** 2, norm(last.T * last) ** 2),
    ),
    source=PAPER,
    link=DERIVATIONS,
    provenance="as-read",
)
alike.breaks_when("full rank", says=same(rank(first), 3))
alike.breaks_when("rank one", says=rank(first) <= 1)
alike.breaks_when("the singular values of the product", says=same(norm(first) ** 2, norm(A) ** 2))
alike.breaks_when("the same matrix", says=same(first, last))
