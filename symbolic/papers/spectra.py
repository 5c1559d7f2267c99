"""Words for matrices whose singular values are given: one matrix and its thresholds, two matrices, sums and products.

``schatten.py`` has the sums of powers of three positive numbers; here they belong to a matrix, and may be 0. A word for
a number of the matrix says from what it is read: from the singular values that the matrix was made from, or from it.
"""

from __future__ import annotations

from typing import Any

from sympy import Add

from symbolic.words import word

ROWS, COLUMNS = 4, 3

p = word("spectra:p", "an index of a Schatten quasi-norm, above 0", nonnegative=True)
q = word("spectra:q", "a second index of a Schatten quasi-norm, above 0", nonnegative=True)

over = word("spectra:over", "1 over an index of a Schatten quasi-norm", latex="1/p")
k = word("spectra:k", "the place of a singular value, counted from 1, and a rank", integer=True, nonnegative=True)

# -- one matrix -------------------------------------------------------------------------------------------------------

A = word("spectra:A", "a matrix made from its singular values", shape=(ROWS, COLUMNS))
K = word("spectra:K", "A with its singular values up to tau replaced by 0", shape=(ROWS, COLUMNS))
SIGMA = tuple(
    word(f"spectra:s_{i}", f"singular value number {i} that A was made from", nonnegative=True, latex=rf"\sigma_{i}")
    for i in (1, 2, 3)
)
s_1, s_2, s_3 = SIGMA
least = word("spectra:least", "the smallest singular value that is not 0; 0 of the zero matrix", nonnegative=True)
following = word("spectra:following", "the largest singular value below the largest, or 0", nonnegative=True)
chosen = word("spectra:s_k", "singular value number k, 0 beyond the last", nonnegative=True, latex=r"\sigma_k")
r = word("spectra:r", "how many singular values are not 0", integer=True, nonnegative=True)
ties = word("spectra:ties", "how many singular values are the largest one", integer=True, nonnegative=True)
tau = word("spectra:tau", "a threshold for singular values", nonnegative=True, latex=r"\tau")
reaching = word("spectra:reaching", "how many singular values are at least tau", integer=True, nonnegative=True)
beyond = word("spectra:beyond", "the sum of the squares of the singular values from number k on", nonnegative=True)

energy = word("spectra:energy", "the sum of the squares of the entries of A", nonnegative=True, latex=r"\|A\|^2")
top = word("spectra:top", "the spectral norm of A", nonnegative=True, latex=r"\|A\|_2")
tail = word("spectra:tail", "the squared distance from A to the matrices of rank at most k - 1", nonnegative=True)
rest = word("spectra:rest", "the squared distance from A to the matrices of rank at most k", nonnegative=True)
dropped = word("spectra:dropped", "the sum of the squares of the entries of A - K", nonnegative=True)

root = word("spectra:root", "the square root of A^T A", shape=(COLUMNS, COLUMNS))
above = word("spectra:above", "how many singular values are above tau", integer=True, nonnegative=True)


def powers(exponent: Any) -> Any:
    """The sum of the powers of the singular values of A with one exponent above 0."""
    return total(SIGMA, exponent)


def total(values: tuple[Any, ...], exponent: Any) -> Any:
    """The sum of powers of numbers with one exponent."""
    return Add(*(value**exponent for value in values))


def soft_rank(exponent: Any) -> Any:
    """The same of their quotients by the largest, which must not be 0."""
    return Add(*(((value / s_1) ** exponent) for value in SIGMA))


def stechkin_of(index: Any) -> Any:
    """The square of Stechkin's constant for an index below 2."""
    return index / 2 * (1 - index / 2) ** (2 / index - 1)


def by_stechkin(place: Any, index: Any) -> Any:
    """What the squared distance to rank ``place`` is of the squared quasi-norm, at most (Stechkin)."""
    return stechkin_of(index) * place ** (1 - 2 / index)


def by_count(place: Any, index: Any) -> Any:
    """The same by the singular values that are left: each is at most the mean of those before it."""
    return (place + 1) ** (1 - 2 / index)


# -- two matrices -----------------------------------------------------------------------------------------------------

SIDE = 4
A_0 = word("pairs:A", "a matrix made from its singular values", shape=(SIDE, SIDE))
B_0 = word("pairs:B", "a second matrix made from its singular values", shape=(SIDE, SIDE))


def _four(letter: str, what: str) -> tuple[Any, ...]:
    """Four singular values, in no order."""
    names = [f"{letter}_{i}" for i in range(1, SIDE + 1)]
    return tuple(word(f"pairs:{name}", f"a singular value of {what}", nonnegative=True) for name in names)


OF_A = _four("a", "A")
OF_B = _four("b", "B")
OF_SUM = _four("c", "A + B")
OF_PRODUCT = _four("d", "A B^T")
OF_TRIPLE = _four("e", "A B^T A")

low = word("pairs:p", "an index of a Schatten quasi-norm, above 0", nonnegative=True)
P = word("pairs:P", "1 over an index of a Schatten quasi-norm", integer=True, nonnegative=True)
Q = word("pairs:Q", "1 over a second index of a Schatten quasi-norm", integer=True, nonnegative=True)
