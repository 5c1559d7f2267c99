"""Random signs, enumerated: means over all of them, shares of large sums, and outputs at the start."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from properties.worlds.signs import FEW, FirstOutputs, SignedColumns, SignSums, outcomes, share_beyond
from verify.arena import Arena
from verify.draws import Generated, Given
from verify.lanes import LaneArithmetic
from verify.rationals import ExactArithmetic
from verify.search import lane_draws
from verify.worlds import Lanes, World

NEAR = 1e-12


def lanes(kind, count=60, corner="", seed=6):
    net = Lanes(
        kind,
        World((), corner=corner, seed=seed),
        LaneArithmetic(Arena()),
        Generated(Arena(), seed, 0, count, None, False),
    )
    for letter in kind.readings:
        net.read(f"{kind.speaks}:{letter}")
    return net


def exactly(net, lane):
    return Lanes(net.kind, net.world, ExactArithmetic(), Given(lane_draws(net, lane), 1))


def test_means_over_signs_are_those_of_numpy():
    net = lanes(SignedColumns())
    for lane in range(10):
        nu, A, H = float(net.nu[lane]), net.A[lane].numpy(), net.H[lane].numpy()
        columns = [nu * np.array(signs)[:, None] for signs in product((-1, 1), repeat=3)]
        fourth = sum(np.linalg.matrix_power(v @ v.T, 2) for v in columns) / 8
        spread = sum(np.linalg.matrix_power(np.kron(v @ v.T - nu**2 * np.eye(3), A), 2) for v in columns) / 8
        size = 1 + nu**4 * (1 + abs(A).max() ** 2)
        assert abs(net.M[lane].numpy() - fourth).max() <= NEAR * size
        assert abs(net.Q[lane].numpy() - spread).max() <= NEAR * size
        assert abs(net.R[lane].numpy() - np.kron(np.eye(3), A @ A)).max() <= NEAR * size
        v = net.v[lane].numpy()
        assert set(np.abs(v).ravel()) == {nu}
        assert abs(net.Y[lane].numpy() - np.kron(v @ v.T, A) + nu**2 * np.kron(np.eye(3), H)).max() <= NEAR * size
        one = exactly(net, lane)
        assert (2 * one.nu.square().square().reshape(1, 1, 1) * one.R == one.Q).all()


@pytest.mark.parametrize("k", [1, 2, 5, 12, 16])
def test_outcomes_are_counted_as_they_are_enumerated(k):
    choices = (np.arange(2**k)[:, None] >> np.arange(k)) & 1
    sums = abs((2 * choices - 1).sum(1))
    for size in range(k % 2, k + 1, 2):
        assert (sums == size).sum() == outcomes(k, size)
    net = lanes(SignSums(), 400)
    for lane in (net.few == k).nonzero().flatten().tolist()[:4]:
        one = exactly(net, lane)
        level = float(one.c.fraction(0)) * k
        assert one.share.fraction(0) == Fraction(int((sums**2 >= level).sum()), 2**k)
        assert abs(float(net.share[lane]) - float(one.share.fraction(0))) <= NEAR


def test_one_class_leaves_balanced_signs_alone():
    """The probability of a sum of 0 is C(k, k/2) / 2^k, and 0 for odd k."""
    for k in (2, 100):
        assert 1 - share_beyond(k, 1) == Fraction(math.comb(k, k // 2), 2**k)
    assert abs(float(1 - share_beyond(100, 1)) - 0.0796) < 1e-4
    assert share_beyond(7, 1) == 1


def test_shares_of_few_signs_are_zero_and_those_of_many_below_the_bound():
    assert all(share_beyond(k, K) == 0 for k in range(1, FEW + 1) for K in (2, 4, 10))
    bound = Fraction(2, 2**125)
    assert Fraction(2, 2**132) < share_beyond(4096, 2) < bound / 20
    fewest = next(size for size in range(0, 4097, 2) if size * size > 250 * math.log(2) * 4096)
    assert share_beyond(4096, 2) == Fraction(sum(outcomes(4096, size) for size in range(fewest, 4097, 2)), 2**4096)


def test_an_activation_that_is_large_at_zero_makes_the_first_outputs_large():
    """500 + log(1 + e^z): whatever the weights and the sign, more than 12 times what is allowed."""
    net = lanes(FirstOutputs(), 200)
    large = (net.which == 3) & (net.allowed > 0)
    assert bool((net.size[large] > 12 * net.allowed[large]).all())
    short = (net.w.square().sum((1, 2)) <= 1600) & (net.allowed > 0)
    assert bool((net.size_0[short] < net.allowed[short]).all())


def test_first_outputs_are_those_of_numpy():
    net = lanes(FirstOutputs())
    for lane in range(12):
        one = exactly(net, lane)
        for letter in ("size", "size_0"):
            exact = one.read(f"start:{letter}").approximate()[0]
            assert abs(float(net.read(f"start:{letter}")[lane]) - exact) <= NEAR * (1 + exact)
