"""The Jacobian in both layers: entry by entry, in floats and exactly, and the counterexamples of its documentation."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from properties.worlds.joint_training import CHOICES, RATIONAL_CHOICES, JointNetworks, label
from symbolic.papers.joint_training import CLASSES, INPUTS, NEURONS, OUTER, SAMPLES
from verify.arena import Arena, torch
from verify.draws import Generated, Given
from verify.lanes import LaneArithmetic
from verify.rationals import ExactArithmetic
from verify.search import lane_draws
from verify.worlds import Lanes, World

NEAR = 1e-12


def lanes(count=24, rational=False, corner="", seed=3):
    kind = JointNetworks(rational=rational)
    net = Lanes(
        kind,
        World((), corner=corner, seed=seed),
        LaneArithmetic(Arena()),
        Generated(Arena(), seed, 0, count, None, False),
    )
    for letter in kind.readings:
        net.read(f"joint:{letter}")
    return net


def exactly(net, lane):
    return Lanes(net.kind, net.world, ExactArithmetic(), Given(lane_draws(net, lane), 1))


def entries(net, letter, lane):
    return np.array(net.read(f"joint:{letter}")[lane].detach().numpy())


def test_entries_of_the_jacobian_are_in_their_places():
    """``J[l N + i, l' m + s]`` is phi(w_s . x_i) where l = l', and the other columns are those of W, row by row."""
    net = lanes(8)
    for lane in range(net.count):
        J, V, X = (entries(net, letter, lane) for letter in ("J", "V", "X"))
        Q, P = (entries(net, letter, lane) for letter in ("Q", "P"))
        for one, i, s in product(range(CLASSES), range(SAMPLES), range(NEURONS)):
            row = one * SAMPLES + i
            for other in range(CLASSES):
                assert abs(J[row, other * NEURONS + s] - (Q[i, s] if other == one else 0)) <= NEAR
            for j in range(INPUTS):
                assert abs(J[row, OUTER + s * INPUTS + j] - V[one, s] * P[i, s] * X[i, j]) <= NEAR


@pytest.mark.parametrize("number", range(len(CHOICES)), ids=label)
def test_floats_are_near_what_is_exact(number):
    net = lanes(60, rational=number < RATIONAL_CHOICES, seed=number)
    lane = int((net.which == number).nonzero()[0])
    one = exactly(net, lane)
    for letter in ("J", "J_closed", "J_moved", "B", "B_1", "phi_0", "U_max"):
        found, exact = net.read(f"joint:{letter}"), one.read(f"joint:{letter}")
        assert exact.shape == (1, *found.shape[1:])
        assert abs(exact.approximate()[0] - found[lane].detach().numpy()).max() <= NEAR * (1 + float(found.abs().max()))


def test_equations_are_decided_where_activations_are_rational():
    net = lanes(40, rational=True)
    assert int(net.which.max()) == RATIONAL_CHOICES - 1
    for lane in range(8):
        one = exactly(net, lane)
        assert one.J.to_rational() is not None
        assert (one.J_closed == one.J).all()


def test_what_is_true_of_one_layer_alone_fails_with_a_value_at_zero():
    """W = 0 and 1 + z: the first part of the Jacobian is I kron a matrix of ones, whatever the inputs."""
    net = lanes(200, corner="no W", seed=9)
    lane = int((net.which == 1).nonzero()[0])
    J = entries(net, "J_closed", lane)
    assert J[:, :OUTER].sum() == SAMPLES * CLASSES * NEURONS
    assert np.linalg.norm(J, 2) >= (SAMPLES * NEURONS) ** 0.5 - NEAR
    assert float(net.phi_0[lane]) == 1


def test_inputs_are_on_the_circle_or_zero():
    net = lanes(100)
    lengths = net.X.square().sum(2)
    assert bool(((lengths - 1).abs() <= NEAR).logical_or(lengths == 0).all())
    rational = exactly(net, 0).X
    assert {sum(Fraction(text) ** 2 for text in row) for row in rational.tolist()[0]} <= {0, 1}


def test_the_two_parts_move_with_what_moves_them():
    still = lanes(40, corner="only V moves")
    assert torch().equal(still.J_moved[:, :, :OUTER], still.J_closed[:, :, :OUTER])
    moved = lanes(40, corner="only W moves")
    assert bool((moved.D == 0).all())
    assert bool((moved.J_moved != moved.J_closed).any())
