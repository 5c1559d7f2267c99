"""Schatten quasi-norms of sums and products of two matrices with prescribed singular values."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import And, Eq, Rational, S

from properties.worlds.matrix_pairs import MatrixPair
from symbolic import norm
from symbolic.papers.spectra import (
    A_0,
    B_0,
    OF_A,
    OF_B,
    OF_PRODUCT,
    OF_SUM,
    OF_TRIPLE,
    P,
    Q,
    low,
    total,
)
from verify import claim

DERIVATIONS = "docs/mathematics/rank_sparse.md"
LINK = f"{DERIVATIONS}#sums-and-products"
DECAY = f"{DERIVATIONS}#weight-decay"
WORLD = MatrixPair()
ABOVE_ONE = MatrixPair(indices=(Fraction(3, 2), Fraction(5, 4), Fraction(2)))

HORN = "Horn's and Hoelder's inequalities"
ROTFELD = "Rotfel'd 1969, Thompson 1976"

# -- the matrices are what they were made as --------------------------------------------------------------------------


def has(matrix: Any, values: tuple[Any, ...]) -> Any:
    """The sentence that the squares of numbers, and their squares, have the sums that a matrix's have."""
    first = Eq(norm(matrix) ** 2, total(values, 2), evaluate=False)
    return And(first, Eq(norm(matrix.T * matrix) ** 2, total(values, 4), evaluate=False))


claim(
    "schatten/pair/singular-values",
    """The singular values of A have the sums of squares and of fourth powers that they were made with.""",
    given=WORLD,
    says=has(A_0, OF_A),
    link=LINK,
).breaks_when("those of B", says=has(A_0, OF_B))

claim(
    "schatten/sum/singular-values",
    """Those of A + B are found from its blocks.""",
    given=WORLD,
    says=has(A_0 + B_0, OF_SUM),
    link=LINK,
).breaks_when("sums of those of A and B", says=has(A_0 + B_0, tuple(a + b for a, b in zip(OF_A, OF_B, strict=True))))

claim(
    "schatten/product/singular-values",
    """Those of A B^T are found from its blocks.""",
    given=WORLD,
    says=has(A_0 * B_0.T, OF_PRODUCT),
    link=LINK,
).breaks_when(
    "products of those of A and B", says=has(A_0 * B_0.T, tuple(a * b for a, b in zip(OF_A, OF_B, strict=True)))
)

# -- sums -------------------------------------------------------------------------------------------------------------

adds = claim(
    "schatten/sum/power-sums-sub-additive",
    """For an index below 1 the sum of p-th powers of A + B is at most those of A and B together.""",
    given=WORLD,
    says=total(OF_SUM, low) <= total(OF_A, low) + total(OF_B, low),
    source=ROTFELD,
    link=LINK,
)
adds.breaks_when("an index above 1", given=ABOVE_ONE)
adds.breaks_when(
    "the quasi-norms",
    says=total(OF_SUM, low) ** (1 / low) <= total(OF_A, low) ** (1 / low) + total(OF_B, low) ** (1 / low),
)

claim(
    "schatten/sum/nuclear-norms-sub-additive",
    """The nuclear norm of A + B is at most those of A and B together.""",
    given=WORLD,
    says=total(OF_SUM, 1) <= total(OF_A, 1) + total(OF_B, 1),
    source=ROTFELD,
    link=LINK,
).breaks_when("nine tenths of it", says=10 * total(OF_SUM, 1) <= 9 * (total(OF_A, 1) + total(OF_B, 1)))


def quasi_norm(values: tuple[Any, ...], inverse: Any) -> Any:
    """The quasi-norm of index 1 over an integer."""
    return total(values, S.One / inverse) ** inverse


apart = quasi_norm(OF_A, P) + quasi_norm(OF_B, P)

claim(
    "schatten/sum/quasi-triangle",
    """For an index p below 1, the quasi-norm of A + B is at most 2**(1/p - 1) times those of A and B together.""",
    given=WORLD,
    assuming=[P >= 2],
    says=quasi_norm(OF_SUM, P) <= 2 ** (P - 1) * apart,
    source=ROTFELD,
    link=LINK,
).breaks_when("two thirds of it", says=quasi_norm(OF_SUM, P) <= Rational(2, 3) * 2 ** (P - 1) * apart)

claim(
    "schatten/sum/triangle-fails",
    """For an index p up to 1, the quasi-norm of A + B is at most those of A and B together: it is not below 1.""",
    given=WORLD,
    says=quasi_norm(OF_SUM, P) <= apart,
    link=LINK,
    expects="refuted",
)

# -- products ---------------------------------------------------------------------------------------------------------

together = quasi_norm(OF_A, P) * quasi_norm(OF_B, Q)

product = claim(
    "schatten/product/hoelder",
    """The quasi-norm of A B^T with 1/p + 1/q for 1/p is at most that of A with p times that of B with q.""",
    given=WORLD,
    says=quasi_norm(OF_PRODUCT, P + Q) <= together,
    source=HORN,
    link=LINK,
)
product.breaks_when("with 1/p + 1/q + 1", says=quasi_norm(OF_PRODUCT, P + Q + 1) <= together)
product.breaks_when(
    "the sums of powers", says=total(OF_PRODUCT, 1 / (P + Q)) <= total(OF_A, 1 / P) * total(OF_B, 1 / Q) / 2
)

squares = total(OF_A, 2), total(OF_B, 2)

two = claim(
    "schatten/product/nuclear-at-most-frobenius",
    """The nuclear norm of A B^T is at most the product of the Frobenius norms of A and B.""",
    given=WORLD,
    says=total(OF_PRODUCT, 1) ** 2 <= squares[0] * squares[1],
    source=HORN,
    link=DECAY,
)
two.breaks_when("nine tenths of it", says=100 * total(OF_PRODUCT, 1) ** 2 <= 81 * squares[0] * squares[1])
two.breaks_when("at index 1/2", says=quasi_norm(OF_PRODUCT, 2) ** 2 <= squares[0] * squares[1])

three = claim(
    "schatten/product/three-factors-at-most-frobenius",
    """The quasi-norm of A B^T A with index 2/3 is at most the product of the Frobenius norms of its factors.""",
    given=WORLD,
    says=total(OF_TRIPLE, Rational(2, 3)) ** 3 <= squares[0] ** 2 * squares[1],
    source=HORN,
    link=DECAY,
)
three.breaks_when("at index 1/2", says=total(OF_TRIPLE, Rational(1, 2)) ** 4 <= squares[0] ** 2 * squares[1])

halves = claim(
    "schatten/weight-decay/two-factors",
    """Half the squared Frobenius norms of A and B, together, are at least the nuclear norm of A B^T.""",
    given=WORLD,
    says=total(OF_PRODUCT, 1) <= (squares[0] + squares[1]) / 2,
    source=HORN,
    link=DECAY,
)
halves.breaks_when("at least twice it", says=2 * total(OF_PRODUCT, 1) <= (squares[0] + squares[1]) / 2)
halves.breaks_when("the sum of roots", says=total(OF_PRODUCT, Rational(1, 2)) <= (squares[0] + squares[1]) / 2)

thirds = claim(
    "schatten/weight-decay/three-factors",
    """Half the squared Frobenius norms of three factors are at least 3/2 times the sum of 2/3-th powers.""",
    given=WORLD,
    says=Rational(3, 2) * total(OF_TRIPLE, Rational(2, 3)) <= squares[0] + squares[1] / 2,
    source=HORN,
    link=DECAY,
)
thirds.breaks_when(
    "the singular values themselves", says=Rational(3, 2) * total(OF_TRIPLE, 1) <= squares[0] + squares[1] / 2
)
thirds.breaks_when("twice as much", says=3 * total(OF_TRIPLE, Rational(2, 3)) <= squares[0] + squares[1] / 2)
