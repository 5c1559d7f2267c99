"""Singular values of many small matrices: lanes keep to the allowance, exact numbers are exact where they can be."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import flint
import numpy as np
import pytest

from verify import singular, spectra
from verify.arena import Arena, torch
from verify.exact import Exact
from verify.layers import Layer

TORCH = torch()
SHAPES = [(1, 5), (7, 1), (2, 2), (16, 2), (2, 8), (3, 3), (16, 3), (4, 6), (8, 8), (16, 8)]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_singular_values_are_right_to_the_allowance(shape: tuple[int, int], dtype: str) -> None:
    random = np.random.default_rng(0)
    m, n = shape
    fewer = min(shape)
    drawn = random.integers(-3, 4, (60, m, n)).astype(float)
    for place in range(20):  # of low rank, and nearly so
        r = int(random.integers(0, fewer + 1))
        drawn[place] = random.integers(-2, 3, (m, r)) @ random.integers(-2, 3, (r, n))
        drawn[place, 0, 0] += 2.0 ** -int(random.integers(1, 20)) if place % 2 else 0
    given = TORCH.tensor(drawn, dtype=getattr(TORCH, dtype))
    truth = Exact.floats(drawn)
    allowed = Arena(dtype=dtype).allowance(m + n + 18) * np.sqrt((drawn**2).sum((-2, -1)))
    assert (abs(singular.largest(given).double().numpy() - spectra.spectral_norm(truth).approximate()) <= allowed).all()
    squares = spectra.singular_values_squared(truth).sqrt().approximate()
    assert (abs(singular.values(given).double().numpy() - squares) <= allowed[:, None]).all()
    for keep in range(fewer + 2):
        near = singular.distance(given, keep).double().numpy()
        assert (abs(near - spectra.tail_energy(truth, keep).sqrt().approximate()) <= allowed).all()
        assert keep < fewer or not near.any()


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("bad", ["nan", "inf"])
def test_a_matrix_without_numbers_has_no_singular_values_and_spoils_no_other(shape: Any, bad: str) -> None:
    given = TORCH.ones((3, *shape), dtype=TORCH.float64)
    given[1, -1, -1] = float(bad)
    results = [singular.values(given).sum(-1), singular.largest(given)]
    results += [singular.distance(given, keep) for keep in range(min(shape) + 1) if keep or bad == "nan"]
    for found in results:
        assert not bool(found[1].isfinite())
        assert bool(found[[0, 2]].isfinite().all())
        assert float(found[0]) == float(found[2])


def test_a_symmetric_spectral_norm_is_exact_where_a_quadratic_tells_it() -> None:
    golden = spectra.spectral_norm(Exact.integers(np.array([[[1, 1], [1, 0]], [[0, 0], [0, -3]]])))
    assert golden.tolist() == ["1/2 + 1/2*sqrt(5)", "3"]
    assert bool((golden[0].square() == golden[0] + 1).all())
    assert bool((spectra.spectral_norm(Exact.integers(np.array([[3, 0, 0], [0, 0, 4]])[None])) == 4).all())


def test_a_tail_is_exact_where_what_is_kept_is() -> None:
    """One rational eigenvalue and three roots of a cubic, whose sum is rational."""
    block = np.array([[9, 0, 0, 0], [0, 1, 1, 0], [0, 1, 2, 1], [0, 0, 1, 4]])
    cubic = spectra.singular_values_squared(Exact.integers(block))
    assert cubic.layer == Layer.BALL
    assert spectra.tail_energy(Exact.integers(block), 1).fraction() == Fraction(int((block[1:] ** 2).sum()))
    assert spectra.tail_energy(Exact.integers(block), 2).layer == Layer.BALL


def test_signs_cost_an_enclosure_no_digits() -> None:
    near = Exact.fractions([Fraction(1, 2**120)])
    for number in (Exact.integers([2]).sqrt(), Exact.integers([-2]).exp()):
        ball = number.to_layer(Layer.BALL)
        for back in (0 - (-ball), ball.abs(), (-ball).abs()):
            assert bool(((back - ball).abs() < near).all())


def test_opposite_eigenvalues_leave_an_enclosure() -> None:
    """The characteristic polynomial x**4 - 39 x**2 + 1 is irreducible, and its roots come in opposite pairs."""
    paired = np.array([[0, 0, 1, 2], [0, 0, 3, 5], [1, 3, 0, 0], [2, 5, 0, 0]])
    found = spectra.spectral_norm(Exact.integers(paired[None]))
    assert found.layer == Layer.BALL
    square = (39 + Exact.integers(39**2 - 4).sqrt()) / 2
    near = Exact.fractions([Fraction(1, 2**100)])
    assert bool(((found.square() - square).abs() < near).all())


def test_balls_of_more_bits_than_are_worked_with_have_a_norm() -> None:
    with flint.ctx.workprec(2000):
        entry = flint.arb(2).sqrt() + flint.arb(1) / 3
    fine = Exact(np.array([[[entry, entry], [entry, entry]]], dtype=object), 1, Layer.BALL)
    ball = spectra.spectral_norm(fine).values[0]
    assert ball.contains(2 * entry) or ball.overlaps(2 * entry)
    assert float(ball.rad()) < 1e-12
