"""Networks on orthogonal inputs: what the kind says of its gradients is what differentiation gives."""

from __future__ import annotations

from itertools import product

import pytest

from properties.worlds.orthogonal import OrthogonalTwoLayerReLU
from verify.arena import Arena, torch
from verify.draws import Generated, Given
from verify.lanes import LaneArithmetic
from verify.rationals import ExactArithmetic
from verify.search import lane_draws
from verify.worlds import Lanes, World

SIZES = ((2, 2, 2, 1), (3, 3, 3, 2), (4, 3, 3, 2), (3, 2, 4, 3), (2, 4, 3, 1))


def lanes(sizes: tuple[int, ...], c: str, s: str, regulariser: str = "per-sample") -> Lanes:
    kind = OrthogonalTwoLayerReLU(regulariser=regulariser)
    world = World(tuple(zip("mnNB", sizes, strict=True)), (("c", c), ("kink", "1/2"), ("s", s)), seed=sum(sizes))
    net = Lanes(kind, world, LaneArithmetic(Arena()), Generated(Arena(), world.seed, 0, 40, None, False))
    net.G  # noqa: B018  (draws everything)
    return net


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_gradients_take_away_columns(sizes: tuple[int, ...]) -> None:
    for c, s, regulariser in product("12", ("1", "1/2"), ("per-sample", "constant")):
        net = lanes(sizes, c, s, regulariser)
        rho = net.draws["rho"].values.double() - 1
        units = torch().eye(max(net.N, net.n)).double()[: net.N, : net.n]
        own = units.unsqueeze(2) * units.unsqueeze(1)
        expected = rho[:, :, None, None] * net.g[:, :, None, None] * float(c) * (net.V.unsqueeze(1) @ own)
        assert torch().equal(net.h, expected)


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_no_pre_activation_is_zero_and_neurons_have_one_sample(sizes: tuple[int, ...]) -> None:
    net = lanes(sizes, "1", "1")
    assert (net.z != 0).all()
    active = (net.z.squeeze(-1) > 0).sum(1)
    assert (active <= 1).all()
    assert (active == 1).any()
    assert torch().equal(active == 1, (net.V != 0).any(2))


def test_lanes_and_rationals_agree() -> None:
    for sizes in SIZES:
        net = lanes(sizes, "2", "1/2")
        for lane in range(4):
            one = Lanes(net.kind, net.world, ExactArithmetic(), Given(lane_draws(net, lane), 1))
            for letter in ("V", "u", "b", "x", "y", "h", "q"):
                assert (getattr(one, letter) == getattr(net, letter)[lane : lane + 1].numpy()).all(), letter
            assert not net.kind.visited_exactly(one)["kink"]


def test_what_they_are_is_counted() -> None:
    net = lanes((3, 2, 4, 3), "1", "1")
    visited = net.kind.visited(net)
    dead = (net.V == 0).all(2).any(1)
    assert torch().equal(visited["dead unit"], dead)
    assert dead.any()
    assert visited["one sample more than the batch"] is True
