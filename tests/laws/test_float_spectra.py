"""Enclosures of all singular values of floats hold those that flint finds, tied, tiny and far apart ones too."""

from __future__ import annotations

from fractions import Fraction

import flint
import numpy as np
import pytest

from verify.exact import Exact, precision
from verify.float_spectra import SpectrumError, enclosed
from verify.layers import Layer
from verify.spectra import singular_values_squared

RANDOM = np.random.default_rng(5)


def orthogonal(size):
    return np.linalg.qr(RANDOM.standard_normal((size, size)))[0]


def with_values(values, rows=None):
    """Floats whose singular values are near the given ones."""
    size = len(values)
    return orthogonal(rows or size)[:, :size] @ np.diag(values) @ orthogonal(size).T


MATRICES = {
    "random": RANDOM.standard_normal((5, 5)),
    "tall": RANDOM.standard_normal((6, 3)),
    "wide": RANDOM.standard_normal((2, 5)),
    "ties": with_values([2.0, 2.0, 2.0, 1.0, 1.0]),
    "exact ties": np.diag([3.0, 3.0, 3.0, 0.0]),
    "ill-conditioned": with_values([1.0, 1e-4, 1e-8, 1e-12, 1e-16]),
    "rank one": np.outer([1.0, 2.0, 3.0], [1.0, -1.0, 2.0]),
    "zero": np.zeros((3, 2)),
    "Hilbert": np.array([[1 / (i + j + 1) for j in range(6)] for i in range(6)]),
    "tiny": 1e-150 * RANDOM.standard_normal((3, 3)),
    "huge": 1e150 * RANDOM.standard_normal((3, 3)),
    "single precision": RANDOM.standard_normal((4, 4)).astype(np.float32),
}


def true_values(matrix):
    """Balls of the singular values of the floats as they stand, from the characteristic polynomial."""
    whole = [[Fraction(float(entry)) for entry in row] for row in matrix]
    with precision(600):
        squares = singular_values_squared(Exact.fractions(whole)).to_layer(Layer.BALL)
    with flint.ctx.workprec(600):
        return [square.sqrt() if not square.contains(0) else square.abs_upper().sqrt() for square in squares.values]


@pytest.mark.parametrize("name", MATRICES)
def test_true_singular_values_are_enclosed(name):
    matrix = MATRICES[name]
    found, true = enclosed(matrix), true_values(matrix)
    assert len(found) == len(true) == min(matrix.shape)
    largest = float(true[0].mid())
    for place, value in enumerate(true):
        assert found.holds(place, value)
        assert not found.holds(place, value + largest + 1)
        assert float(found.upper[place].mid()) - float(found.lower[place].mid()) <= 1e-13 * max(largest, 1e-300)


def test_wrong_factors_give_wide_enclosures_and_no_wrong_ones(monkeypatch):
    matrix = MATRICES["random"]
    true = true_values(matrix)
    left, values, right = np.linalg.svd(matrix, full_matrices=False)
    tilted = left + 1e-3 * RANDOM.standard_normal(left.shape)
    for wrong in ((tilted, values, right), (left, values * 1.01, right), (left, values, right[::-1])):
        monkeypatch.setattr(np.linalg, "svd", lambda *_, wrong=wrong, **__: wrong)
        found = enclosed(matrix)
        assert all(found.holds(place, value) for place, value in enumerate(true))
    monkeypatch.setattr(np.linalg, "svd", lambda *_, **__: (2 * left, values, right))
    with pytest.raises(SpectrumError, match="not orthogonal in floats"):
        enclosed(matrix)


def test_a_cutoff_in_a_gap_counts_what_reaches_it():
    found = enclosed(with_values([4.0, 2.0, 2.0, 1.0]))
    assert [found.reaching(cutoff) for cutoff in (5.0, 3.0, 1.5, 0.5)] == [0, 1, 3, 4]


@pytest.mark.parametrize("cutoff", [2.0, 2.0 * (1 + 2**-52), 2.0 * (1 - 2**-52)])
def test_a_cutoff_within_rounding_of_a_singular_value_is_refused(cutoff):
    with pytest.raises(SpectrumError, match=r"within rounding of singular value 2, .*; give a cutoff in a gap"):
        enclosed(with_values([4.0, 2.0, 2.0, 1.0])).reaching(cutoff)
    assert enclosed(with_values([4.0, 2.0, 2.0, 1.0])).reaching(2.0 * (1 - 1e-13)) == 3


@pytest.mark.parametrize("wrong", [np.ones(3), np.array([[1, 2]]), np.array([[1.0, np.nan]]), np.array([[np.inf]])])
def test_what_has_no_singular_values_is_refused_in_one_sentence(wrong):
    with pytest.raises(SpectrumError, match="one matrix of finite floats"):
        enclosed(wrong)
    assert len(enclosed(np.ones((0, 3)))) == 0
