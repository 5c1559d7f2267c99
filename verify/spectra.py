"""Ranks and singular values of matrices of rationals, over the last two axes of Exact arrays."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from functools import cmp_to_key

import flint
import numpy as np

from verify.exact import UNDECIDED, Exact, Layer, Undecided, compare, precision
from verify.layers import chosen_precision, working
from verify.shapes import cat, stack
from verify.surds import Surd


def rank(matrices: Exact) -> Exact:
    """Return the ranks of matrices (..., m, n) as integers (...), undefined where an entry is.

    Raises ValueError for entries that are not known to be rational (as do the other functions here).
    """
    found = [0 if whole is None else int(whole.rank()) for whole in _wholes(_rational(matrices))]
    ranks = Exact.integers(np.array(found, dtype=np.int64).reshape(matrices.shape[:-2]))
    return _undefined_from(matrices, ranks)


def singular_values_squared(matrices: Exact) -> Exact:
    """Return the squares (..., min(m, n)) of the singular values of matrices (..., m, n), descending.

    Zeros are exact, and so are values that are rational or roots of a quadratic factor of the characteristic
    polynomial; the others are enclosures, which separate different values of one matrix.  One result has one
    layer: with one enclosure in it, all its values are enclosures, exact only for zeros and short binary fractions.
    """
    rational = _rational(matrices)
    count = min(matrices.shape[-2:])
    spectra = [_spectrum(whole, rational.denominator, count) for whole in _wholes(rational)]
    return _undefined_from(matrices, _gathered(spectra, (*matrices.shape[:-2], count)))


def spectral_norm(matrices: Exact) -> Exact:
    """Return the largest singular values (...) of matrices (..., m, n).

    They are exact where they are rational, or roots of rationals; of a symmetric matrix also where they are roots of
    a quadratic factor of its characteristic polynomial.  Others are enclosures, as are those of matrices with entries
    that are not known to be rational.
    """
    if matrices.ndim >= 2 and matrices.to_rational() is None:
        return _enclosed_norms(matrices)
    rational = _rational(matrices)
    found: list[Exact] = []
    for whole in _wholes(rational):
        if whole is None or 0 in matrices.shape[-2:]:
            found.append(Exact.integers(0))
        elif whole == whole.transpose():
            values = _roots_of(whole)
            found.append(_larger(values[0][0].abs(), values[-1][0].abs()) / rational.denominator)
        else:
            found.append((_roots_of(_gram(whole))[0][0] / rational.denominator**2).sqrt())
    return _undefined_from(matrices, _gathered(found, matrices.shape[:-2]))


def _enclosed_norms(matrices: Exact) -> Exact:
    """Return enclosures of the spectral norms of matrices whose entries are enclosed.

    The norm of a matrix of rationals near it is off by at most the sum of the |differences|.
    """
    bits = chosen_precision()
    enclosed = matrices.to_layer(Layer.BALL)
    with working():
        grid = flint.arb(2) ** bits
        entries = [ball if ball.is_finite() else flint.arb(0) for ball in enclosed.values.reshape(-1)]
        near = [_steps(ball.mid(), bits) for ball in entries]
        apart = [(ball - flint.arb(k) / grid).abs_upper() for ball, k in zip(entries, near, strict=True)]
    whole = Exact.integers(np.array(near, dtype=object).reshape(matrices.shape)) * Fraction(1, 1 << bits)
    norms = spectral_norm(whole).to_layer(Layer.BALL)
    count, size = math.prod(matrices.shape[:-2]), math.prod(matrices.shape[-2:])
    known = np.array([ball.is_finite() for ball in enclosed.values.reshape(-1)], dtype=bool).reshape(count, size)
    found = np.empty(count, dtype=object)
    with working():
        for place, norm in enumerate(norms.values.reshape(-1)):
            error = sum(apart[place * size : (place + 1) * size], flint.arb(0)).abs_upper()
            found[place] = norm + flint.arb(0, error) if known[place].all() else flint.arb("nan")
    return _undefined_from(matrices, Exact(found.reshape(matrices.shape[:-2]), 1, Layer.BALL))


def _steps(number: flint.arb, bits: int) -> int:
    """How many steps of 2**-bits a dyadic number is, rounded down; it may have more bits than balls work with."""
    mantissa, exponent = (int(part) for part in number.man_exp())
    shift = exponent + bits
    return mantissa << shift if shift >= 0 else mantissa >> -shift


def _larger(one: Exact, other: Exact) -> Exact:
    """Return the larger number, or an enclosure of it where that is not decided (opposite eigenvalues)."""
    code = int(compare(one, other))
    if code == UNDECIDED:
        largest: Exact = stack([one, other]).amax(0)
        return largest
    return other if code < 0 else one


def tail_energy(matrices: Exact, keep: int) -> Exact:
    """Return, for matrices (..., m, n), the sums (...) of all but the `keep` largest squared singular values.

    This is the least squared Frobenius distance to a matrix of rank at most `keep`: exactly 0 up to that rank,
    and exactly the squared norm for `keep` = 0.  Raises ValueError for a negative `keep`.
    """
    if keep < 0:
        raise ValueError(f"the number of singular values kept is {keep}")
    rational = _rational(matrices)
    if keep == 0:
        return rational.square().sum((-2, -1))
    count = min(matrices.shape[-2:])
    tails: list[Exact] = []
    for whole in _wholes(rational):
        if whole is None or keep >= count or whole.rank() <= keep:
            tails.append(Exact.integers(0))
        else:
            tails.append(_tail(_gram(whole), keep) / rational.denominator**2)
    return _undefined_from(matrices, _gathered(tails, matrices.shape[:-2]))


def _tail(gram: flint.fmpz_mat, keep: int) -> Exact:
    """Return the sum of all but the largest eigenvalues, exactly where the kept ones or the others are exact."""
    each = [root for root, multiplicity in _roots_of(gram) for _ in range(multiplicity)]
    kept, others = each[:keep], each[keep:]
    if max(root.layer for root in others) == Layer.BALL and max(root.layer for root in kept) < Layer.BALL:
        trace = sum(int(gram[place, place]) for place in range(gram.nrows()))
        return trace - _total(kept)
    return _total(others)


def _total(roots: list[Exact]) -> Exact:
    joined: Exact = stack(roots)
    return joined.sum()


def _rational(matrices: Exact) -> Exact:
    if matrices.ndim < 2:
        raise ValueError(f"a matrix has two axes, not the shape {matrices.shape}")
    rational = matrices.to_rational()
    if rational is None:
        raise ValueError("the entries of the matrix are not known to be rational")
    return rational.lowest()


def _wholes(rational: Exact) -> Iterator[flint.fmpz_mat | None]:
    """Yield the numerators of each matrix, None for one with an undefined entry."""
    rows, columns = rational.shape[-2:]
    count = math.prod(rational.shape[:-2])
    undefined = np.asarray(rational.undefined_mask().reshape(count, rows * columns).any(-1))
    for entries, unknown in zip(rational.values.reshape(count, rows * columns), undefined, strict=True):
        yield None if unknown else flint.fmpz_mat(rows, columns, entries.tolist())


def _undefined_from(matrices: Exact, result: Exact) -> Exact:
    """Return the result, undefined for matrices with an undefined entry."""
    if matrices.undefined is None:
        return result
    undefined = np.asarray(matrices.undefined.any(axis=(-2, -1)))
    return result.undefined_where(undefined.reshape(undefined.shape + (1,) * (result.ndim - undefined.ndim)))


def _gathered(parts: list[Exact], shape: tuple[int, ...]) -> Exact:
    if not parts:
        return Exact.integers(np.zeros(shape, dtype=np.int64))
    joined: Exact = stack(parts)
    return joined.reshape(shape)


def _spectrum(whole: flint.fmpz_mat | None, denominator: int, count: int) -> Exact:
    """Return the `count` squared singular values of one matrix of integers over a denominator, descending."""
    if whole is None or count == 0:
        return Exact.integers(np.zeros(count, dtype=np.int64))
    each = [root.expand(multiplicity) for root, multiplicity in _roots_of(_gram(whole))]
    values: Exact = cat(each) / denominator**2
    return values


def _gram(whole: flint.fmpz_mat) -> flint.fmpz_mat:
    """Return M M^T or M^T M, whichever is smaller."""
    turned = whole.transpose()
    return whole * turned if whole.nrows() <= whole.ncols() else turned * whole


def _roots_of(symmetric: flint.fmpz_mat) -> list[tuple[Exact, int]]:
    """Return the different eigenvalues of a symmetric matrix of integers, descending, with their multiplicities."""
    _, factors = symmetric.charpoly().factor()
    bits = chosen_precision()
    while True:
        with precision(bits):
            found = [(root, int(multiplicity)) for factor, multiplicity in factors for root in _roots(factor)]
            try:
                found.sort(key=cmp_to_key(_order), reverse=True)
                return found
            except Undecided:
                bits *= 2


def _order(left: tuple[Exact, int], right: tuple[Exact, int]) -> int:
    return int(left[0] > right[0]) - int(left[0] < right[0])


def _roots(factor: flint.fmpz_poly) -> list[Exact]:
    """Return the roots, all of them real, of an irreducible factor, as arrays without axes."""
    if factor.degree() == 1:
        return [Exact.fractions(Fraction(-int(factor[0]), int(factor[1])))]
    if factor.degree() == 2:
        constant, linear, leading = (int(factor[power]) for power in range(3))
        middle = Surd.rational(-linear, 2 * leading)
        half = Surd.root(linear**2 - 4 * leading * constant, 4 * leading**2)
        return [_single(middle + half, Layer.SURD), _single(middle - half, Layer.SURD)]
    with working():
        return [_single(root.real, Layer.BALL) for root, _ in factor.complex_roots()]


def _single(value: Surd | flint.arb, layer: Layer) -> Exact:
    return Exact(np.asarray(value, dtype=object), 1, layer)
