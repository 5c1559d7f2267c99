"""Bounds on the largest batch gradient hold, also against rounding, and are near it; a wrong bound does not pass."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import combinations
from types import SimpleNamespace

import pytest

from properties.worlds import batches
from properties.worlds.batches import Rounding, bounds, gram, large_batch, largest_bounds, many, squared_sums
from properties.worlds.critical import CriticalTwoLayerReLU
from properties.worlds.near_critical import NearCriticalTwoLayerReLU
from properties.worlds.networks import TwoLayerReLU
from verify.arena import Arena, torch
from verify.draws import Generated, Given
from verify.exact import Exact
from verify.extents import Envelope, ExtentArithmetic
from verify.lanes import LaneArithmetic
from verify.rationals import ExactArithmetic
from verify.search import lane_draws
from verify.worlds import Lanes, World

N, B, ENTRIES, LANES = 8, 3, 4, 16
SIZES = [(1, 1, 4, 2), (2, 3, 5, 1), (3, 2, 7, 4), (2, 2, 3, 3), (3, 3, 9, 8)]


def integers(*shape, reach=5, seed=0):
    generator = torch().Generator().manual_seed(seed)
    return torch().randint(-reach, reach + 1, shape, generator=generator, dtype=torch().int64)


def orthogonal():
    axes = torch().eye(N, dtype=torch().int64) * torch().arange(1, N + 1)
    return axes.expand(LANES, N, N)


def cancelling():
    half = integers(LANES, N // 2, ENTRIES, seed=1)
    return torch().cat([half, -half], 1)


def one_huge():
    q = integers(LANES, N, ENTRIES, seed=2)
    q[:, 0] *= 10**5
    return q


def nearly_cancelling():
    """One direction, up and down, and a small rest that tells the batches apart."""
    q = integers(LANES, N, ENTRIES, seed=3, reach=2)
    q[:, :, 0] += 1000 * torch().tensor([1, -1] * (N // 2))
    return q


GRADIENTS = {
    "random": lambda: integers(LANES, N, ENTRIES),
    "zero": lambda: integers(LANES, N, ENTRIES) * 0,
    "orthogonal": orthogonal,
    "all equal": lambda: integers(LANES, 1, ENTRIES).expand(LANES, N, ENTRIES),
    "cancelling": cancelling,
    "nearly cancelling": nearly_cancelling,
    "one huge": one_huge,
}


def enumerated(q, batch):
    """The largest norm, from sums of integers: squares are exact."""
    sums = torch().stack([q[:, list(S)].sum(1) for S in combinations(range(q.shape[1]), batch)], 1)
    return [Fraction(int(square), batch**2) for square in sums.square().sum(2).amax(1)]


def squares(array):
    """The squares of bounds, as they are, floats included."""
    known = array if isinstance(array, Exact) else Exact.floats(array.double().numpy())
    return [known.square().fraction(k) for k in range(known.shape[0])]


def held(lower, upper, largest):
    """Whether bounds hold the squares of the largest norms between them."""
    return all(a <= c <= b for a, c, b in zip(squares(lower), largest, squares(upper), strict=True))


def on_lanes(q, batch, dtype="float64"):
    """Bounds on lanes, from gradients that are integers."""
    floats = q.to(Arena(dtype=dtype).float)
    size = floats.square().sum(2).sqrt()
    rounding = Rounding(Arena(dtype=dtype).allowance(sum(q.shape[1:]) + batch + 16), size, size * 0)
    return bounds(SimpleNamespace(arithmetic=LaneArithmetic(Arena(dtype=dtype))), floats @ floats.mT, batch, rounding)


def exactly(q, batch):
    """Bounds in exact arithmetic for the first lane."""
    whole = Exact.integers(q[:1])
    return bounds(SimpleNamespace(arithmetic=ExactArithmetic()), whole @ whole.mT, batch, Rounding())


@pytest.mark.parametrize("batch", [1, 2, B, N])
@pytest.mark.parametrize("name", GRADIENTS)
def test_bounds_hold_the_largest_norm_between_them(name, batch):
    q = GRADIENTS[name]()
    largest = enumerated(q, batch)
    assert held(*on_lanes(q, batch), largest)
    assert held(*on_lanes(q, batch, "float32"), largest)
    assert held(*exactly(q, batch), largest[:1])


@pytest.mark.parametrize("name", ["orthogonal", "all equal"])
def test_bounds_are_sharp_where_they_can_be(name):
    q = GRADIENTS[name]()
    assert squares(exactly(q, B)[0]) == squares(exactly(q, B)[1]) == enumerated(q, B)[:1]


def test_the_spectrum_helps_where_rows_do_not(monkeypatch):
    """Many vectors, nearly orthogonal: every row has some that point its way, and they do not point the same way."""
    q = integers(2, 400, 400, seed=4)
    lower, upper = on_lanes(q, 100)
    monkeypatch.setattr(batches, "spectral_bound", lambda net, inner, rounding: inner[:, 0, 0] * math.inf)
    assert (on_lanes(q, 100)[1] > 1.1 * upper).all()
    assert (upper < 2 * lower).all()


WRONG = {
    "the largest norm of a batch of one more": lambda low, high: (low * (B + 1) / B, high),
    "the mean of all norms": lambda low, high: (low, high * B / N),
    "without the rounding of the upper bound": lambda low, high: (low, low),
    "a bound on the sum, not on the mean": lambda low, high: (low * B, high * B),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_bounds_are_caught(wrong):
    caught = []
    for name in ("random", "orthogonal", "all equal", "nearly cancelling"):
        q = GRADIENTS[name]()
        assert held(*on_lanes(q, B), enumerated(q, B))
        caught.append(not held(*WRONG[wrong](*on_lanes(q, B)), enumerated(q, B)))
    assert any(caught)


WRONG_FORMULAS = {
    "row_bound": lambda true: lambda net, inner, linear, batch: true(net, inner, linear, batch - 1),
    "top_sum": lambda true: lambda net, values, batch: true(net, values, batch - 1),
    "spectral_bound": lambda true: lambda net, inner, rounding: true(net, inner, rounding) / B,
}


@pytest.mark.parametrize("name", WRONG_FORMULAS)
def test_a_wrong_part_of_the_upper_bound_is_caught(name, monkeypatch):
    monkeypatch.setattr(batches, name, WRONG_FORMULAS[name](getattr(batches, name)))
    caught = [not held(*on_lanes(q, B), enumerated(q, B)) for q in (make() for make in GRADIENTS.values())]
    assert any(caught)


def test_the_chosen_batch_is_the_best_for_most_networks():
    q = GRADIENTS["random"]().double()
    inner = q @ q.mT
    members = large_batch(inner, B)
    assert (members.sort(1).values.diff(dim=1) > 0).all(), "a sample stands in a batch twice"
    found = batches.squared_sum(inner, members)
    largest = squared_sums(inner, tuple(combinations(range(N), B))).amax(1)
    assert (found == largest).double().mean() > 0.8


# -- networks ------------------------------------------------------------------------------------------------------


def lanes(kind, sizes, count, dtype="float64", shifts=(), conventions=(("c", "2"), ("kink", "1/2"), ("s", "1/2"))):
    where = World(tuple(zip("mnNB", sizes, strict=True)), conventions, shifts, seed=sum(sizes))
    arena = Arena(dtype=dtype)
    return Lanes(kind, where, LaneArithmetic(arena), Generated(arena, where.seed, 0, count, None, False))


def exact(net, lane):
    """One network in exact arithmetic, from the draws of lanes."""
    net.q  # noqa: B018  (reading it draws what it is made of)
    return Lanes(net.kind, net.world, ExactArithmetic(), Given(lane_draws(net, lane), 1))


KINDS = [TwoLayerReLU(), CriticalTwoLayerReLU(), NearCriticalTwoLayerReLU(regulariser="constant")]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("kind", KINDS, ids=lambda k: type(k).__name__)
@pytest.mark.parametrize("route", ["gradients", "factors"])
def test_bounds_on_networks_hold_the_exact_eps(kind, dtype, route, monkeypatch):
    monkeypatch.setattr(batches, "GRADIENTS", batches.GRADIENTS if route == "gradients" else 0)
    for sizes in SIZES:
        net = lanes(kind, sizes, 6, dtype)
        lower, upper = largest_bounds(net)
        one = [exact(net, lane) for lane in range(net.count)]
        if type(kind) is not NearCriticalTwoLayerReLU:  # where labels round, lanes are not quite the exact networks
            assert held(lower, upper, [squares(o.eps)[0] for o in one])
        for o in one[:2]:
            assert held(*largest_bounds(o), squares(o.eps))


def test_factors_and_gradients_have_the_same_inner_products():
    for kind in KINDS:
        for sizes in SIZES:
            one = exact(lanes(kind, sizes, 1), 0)
            flat = one.q.reshape(1, one.N, -1)
            assert (gram(one) == flat @ flat.mT).all()
            assert (batches.batch_norms(one) == one.G.square().sum((-2, -1)).sqrt()).all()


@pytest.mark.parametrize("sizes", [(2, 2, 7, 3), (3, 3, 9, 8), (16, 8, 13, 6)])
def test_eps_is_the_largest_norm_by_either_route(sizes, monkeypatch):
    net = lanes(TwoLayerReLU(), sizes, 5)
    direct = net.eps
    largest = batches.batch_norms(net).amax(1)
    assert torch().allclose(direct, largest)
    monkeypatch.setattr(batches, "DIRECT", 0)
    assert torch().allclose(direct, batches.largest_norm(net, net.q, net.kind.batches(net.world)))
    monkeypatch.setattr(batches, "ENTRIES_AT_ONCE", 100)  # the same in many parts
    assert torch().allclose(direct, batches.largest_norm(net, net.q, net.kind.batches(net.world)))
    assert (exact(net, 0).eps == exact(net, 0).G.square().sum((-2, -1)).sqrt().amax(1)).all()


def test_eps_keeps_its_digits_near_zero():
    """The root of a Gram entry would lose half of them."""
    net = lanes(NearCriticalTwoLayerReLU(), (2, 3, 5, 3), 40, shifts=())
    small = 0
    for lane in range(net.count):
        true = float(exact(net, lane).eps.approximate()[0])
        size = float(net.h[lane].abs().max() + net.V[lane].abs().max())
        assert abs(float(net.eps[lane]) - true) <= Arena().allowance(29) * size
        small += 0 < true < 2.0**-20 * size
    assert small > 5


def test_magnitudes_are_surveyed():
    """The bounds also run on magnitude bounds, as every reading has to."""
    for kind, sizes in ((KINDS[0], (2, 2, 6, 3)), (KINDS[2], (2, 2, 6, 3))):
        where = lanes(kind, sizes, 1).world
        net = Lanes(kind, where, ExtentArithmetic(53, {}), Envelope({}, None))
        assert [side.shape for side in largest_bounds(net)] == [(1,), (1,)]
        assert net.eps.shape == (1,)


def test_many_batches_are_told():
    def sized(N, B):
        return World((("m", 1), ("n", 1), ("N", N), ("B", B)))

    assert not many(sized(32, 4))
    assert many(sized(32, 8))
    assert many(sized(1800, 16))
    assert not many(sized(1800, 1))
