"""Matrices with prescribed singular values have them, in floats and exactly; so have sums and products of two."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from properties.worlds.matrix_pairs import MatrixPair
from properties.worlds.neurons import DependentPoints, ShatteredPoints
from properties.worlds.prescribed_spectra import INDICES, PrescribedSpectrum
from verify import singular
from verify.arena import Arena, torch
from verify.draws import Generated, Given
from verify.exact import compare
from verify.lanes import LaneArithmetic
from verify.rationals import ExactArithmetic
from verify.search import lane_draws
from verify.spectra import rank, singular_values_squared
from verify.worlds import Lanes, World


def lanes(kind, corner="", count=20, seed=5, reach=None):
    world = World((), corner=corner, seed=seed, reach=reach)
    return Lanes(kind, world, LaneArithmetic(Arena()), Generated(Arena(), seed, 0, count, reach, False))


def exactly(net, lane):
    return Lanes(net.kind, net.world, ExactArithmetic(), Given(lane_draws(net, lane), 1))


def read(net, letters):
    for letter in letters:
        getattr(net, letter)
    return net


ONE = ("p", "q", "A", "K", "root", "k", "tau", "tail", "rest", "reaching", "above", "ties", "r", "least", "following")


@pytest.mark.parametrize("corner", ["", *PrescribedSpectrum.corners])
@pytest.mark.parametrize("wide", [True, False])
def test_a_matrix_has_exactly_the_singular_values_that_it_was_made_from(corner, wide):
    net = read(lanes(PrescribedSpectrum(wide=wide), corner), ONE)
    for lane in range(net.count):
        one = exactly(net, lane)
        drawn = sorted((one.spectrum[0, place].fraction() for place in range(3)), reverse=True)
        assert drawn == [one.spectrum[0, place].fraction() for place in range(3)]
        squares = singular_values_squared(one.A)
        assert [squares[0, place].fraction() for place in range(3)] == [value**2 for value in drawn]
        assert rank(one.A).fraction(0) == one.r.fraction(0) == sum(value > 0 for value in drawn)
        tau, k = one.tau.fraction(0), int(one.k.fraction(0))
        assert rank(one.K).fraction(0) == one.above.fraction(0) == sum(value > tau for value in drawn)
        assert one.reaching.fraction(0) == sum(value >= tau for value in drawn)
        assert one.ties.fraction(0) == drawn.count(drawn[0])
        assert one.least.fraction(0) == min((v for v in drawn if v), default=0)
        assert one.following.fraction(0) == max((v for v in drawn if v < drawn[0]), default=0)
        assert one.tail.fraction(0) == one.beyond.fraction(0) == sum(value**2 for value in drawn[k - 1 :])
        assert one.rest.fraction(0) == sum(value**2 for value in drawn[k:])
        assert (compare(one.root @ one.root, one.A.mT @ one.A) == 0).all()


def test_lanes_have_the_same_singular_values_as_floats():
    net = read(lanes(PrescribedSpectrum(wide=False), count=200), ONE)
    found = np.linalg.svd(net.A.numpy(), compute_uv=False)
    np.testing.assert_allclose(found, net.spectrum.numpy(), atol=1e-13)


def test_perfect_powers_have_rational_powers():
    net = read(lanes(PrescribedSpectrum(), "perfect powers", count=60), ("p", "spectrum"))
    seen = set()
    for lane in range(net.count):
        one = exactly(net, lane)
        raised = one.arithmetic.power(one.spectrum, one.p.unsqueeze(1))
        assert raised.to_rational() is not None
        seen.add(one.p.fraction(0))
    assert seen == set(INDICES)
    assert min(seen) == Fraction(1, 64)
    assert max(seen) == 2


def test_ties_zeros_gaps_and_decades_come_up():
    net = read(lanes(PrescribedSpectrum(), count=2000), ONE)
    for name, mask in net.kind.visited(net).items():
        assert mask.any(), name


PAIR = ("A", "B", "of_sum", "of_product", "of_triple")


@pytest.mark.parametrize("corner", ["", *MatrixPair.corners])
def test_singular_values_of_sums_and_products_are_those_of_the_matrices(corner):
    net = read(lanes(MatrixPair(), corner, count=60), PAIR)
    first, second = net.A.numpy(), net.B.numpy()
    across = np.swapaxes(second, 1, 2)
    one, other = (1 + np.linalg.norm(matrix, axis=(1, 2)) for matrix in (first, second))
    for matrix, values, size in (
        (first, net.of_a.abs(), one),
        (second, net.of_b.abs(), other),
        (first + second, net.of_sum, one + other),
        (first @ across, net.of_product, one * other),
        (first @ across @ first, net.of_triple, one**2 * other),
    ):
        found, expected = np.linalg.svd(matrix, compute_uv=False), np.sort(values.numpy(), axis=1)[:, ::-1]
        np.testing.assert_allclose(found / size[:, None], expected / size[:, None], atol=1e-13)


@pytest.mark.parametrize("corner", ["", *MatrixPair.corners])
def test_singular_values_of_a_sum_are_accurate_to_their_own_size(corner):
    net = read(lanes(MatrixPair(), corner, count=16), PAIR)
    for lane in range(net.count):
        one = exactly(net, lane)
        for letter in ("of_sum", "of_product"):
            exact, found = getattr(one, letter), getattr(net, letter)[lane]
            zero = compare(exact, 0)[0] == 0
            for place in range(4):
                if zero[place]:
                    assert found[place] == 0
                else:
                    assert float(found[place]) == pytest.approx(float(exact[0, place].approximate()), rel=1e-12)


@pytest.mark.parametrize("inputs", [1, 2, 3])
def test_weights_are_those_of_an_affine_dependence(inputs):
    net = read(lanes(DependentPoints(inputs=inputs), count=200), ("weights", "points", "f_in", "g_out"))
    assert (net.weights.sum(1) == 0).all()
    assert ((net.weights.unsqueeze(-1) * net.points).sum(1) == 0).all()


def test_a_neuron_that_is_asked_for_a_set_is_above_the_thresholds_there():
    net = read(lanes(ShatteredPoints(inputs=2), count=300), ("f_in", "f_out"))
    assert ((net.above > 0) == (net.signs > 0)).all()


def test_squares_beyond_the_range_of_floats_have_no_value_and_spoil_no_other():
    module = torch()
    matrices = module.eye(3, dtype=module.float32).repeat(2, 1, 1)
    matrices[0] = 3e30
    norms = singular.largest(matrices)
    assert norms[0].isnan()
    assert norms[1] == 1
    assert singular.distance(matrices, 1)[1] == pytest.approx(2**0.5)
