"""Displaced critical networks: exact, of every size of gradient, and where a bound by eps says something."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sympy import Ne

from properties.worlds import near_critical, solving
from properties.worlds.critical import CriticalTwoLayerReLU
from properties.worlds.near_critical import EXPONENTS, NearCriticalTwoLayerReLU
from symbolic.papers.weight_decay import B, N, V, c, eps, g, h, i, mu
from symbolic.sentences import norm
from verify.appeal import UPHELD, Court
from verify.arena import Arena, torch
from verify.claims import Statement
from verify.draws import Draw, Generated, Given
from verify.efforts import EFFORTS
from verify.lanes import LaneArithmetic
from verify.rationals import ExactArithmetic
from verify.search import Search, lane_draws
from verify.shrink import Shrinker
from verify.worlds import Lanes, Size, World

USUAL, ODD = (("c", "1"), ("kink", "0"), ("s", "1")), (("c", "2"), ("kink", "1/2"), ("s", "1/2"))
SIZES = [(1, 1, 2, 1), (2, 3, 4, 2), (3, 2, 4, 3), (2, 2, 2, 2), (4, 4, 9, 8)]
MODES = ("every batch", "full", "partition")


def world(sizes, conventions=USUAL, shifts=(), corner="", seed=0):
    return World(tuple(zip("mnNB", sizes, strict=True)), conventions, shifts, corner, seed=seed)


def lanes(kind, where, count):
    return Lanes(kind, where, LaneArithmetic(Arena()), Generated(Arena(), where.seed, 0, count, None, False))


def exactly(net, lane, kind=None):
    net.y  # noqa: B018  (reading it draws everything)
    return Lanes(kind or net.kind, net.world, ExactArithmetic(), Given(lane_draws(net, lane), 1))


def no_draw_but(where, kind, **values):
    """One network whose draws are all 0 but those given."""
    module, known = torch(), {}
    for name, (axes, low, high) in {**solving.DRAWS, **near_critical.DRAWS}.items():
        value = module.zeros((1, *(kind.extent(a, where) for a in axes.split())), dtype=module.int64)
        known[name] = Draw(tuple(axes.split()), low, high, value + values[name] if name in values else value)
    return Lanes(kind, where, ExactArithmetic(), Given(known, 1))


@pytest.mark.parametrize("vanishing", MODES)
@pytest.mark.parametrize(("conventions", "shifts"), [(USUAL, ()), (ODD, (("V", -7), ("x", 20)))])
def test_level_zero_is_the_critical_network(vanishing, conventions, shifts):
    kind = NearCriticalTwoLayerReLU(vanishing=vanishing)
    parent = CriticalTwoLayerReLU(vanishing=vanishing, samples=kind.samples, batch=kind.batch)
    for number, sizes in enumerate(SIZES):
        net = lanes(kind, world(sizes, conventions, shifts, corner="exactly critical", seed=number), 3)
        for lane in range(net.count):
            one, its = exactly(net, lane), exactly(net, lane, parent)
            for letter in ("V", "u", "b", "x", "y", "g"):
                assert (getattr(one, letter) == getattr(its, letter)).all(), letter
            if vanishing == "every batch":
                assert (one.eps == 0).all()


@pytest.mark.parametrize("shifts", [(), (("V", -7), ("x", 20))])
def test_what_is_displaced_does_not_round(shifts):
    for number, sizes in enumerate(SIZES):
        net = lanes(NearCriticalTwoLayerReLU(), world(sizes, ODD, shifts, seed=number), 40)
        assert (net.V_solved != net.V).any()
        for lane in range(0, 40, 8):
            one = exactly(net, lane)
            for letter in ("V", "x", "b", "u"):
                assert (getattr(one, letter) == getattr(net, letter)[lane : lane + 1].numpy()).all(), letter
            assert float(abs(one.y.approximate()[0] - net.y[lane].numpy()).max()) <= Arena().allowance(
                sum(sizes) + 16
            ) * float(net.phi[lane].abs().max() + net.y[lane].abs().max())


def test_gradients_range_over_decades():
    net = lanes(NearCriticalTwoLayerReLU(regulariser="constant"), world((2, 2, 4, 2)), 4000)
    size = net.h.flatten(1).abs().amax(1) + net.V.flatten(1).abs().amax(1)
    relative = (net.eps / size)[size > 0]
    assert (relative == 0).double().mean() > 0.05
    for exponent in range(-8, 0):
        decade = (relative >= 10.0**exponent) & (relative < 10.0 ** (exponent + 1))
        assert int(decade.sum()) > 20, exponent
    assert len(set(EXPONENTS)) == near_critical.DRAWS["level"][2]


@pytest.mark.parametrize("batch", [1, 2, 4, 8])
def test_labels_alone_reach_equality_in_the_anchor_bound(batch):
    """Residuals displaced by 2B - 1 and -1 are gradients in that ratio, at any stretch of the inputs."""
    kind = NearCriticalTwoLayerReLU(regulariser="constant")
    where = world((2, 2, batch + 1, batch), ODD)
    dr = torch().tensor([[2 * batch - 1] + [-1] * batch])
    stretches = torch().arange(batch + 1).remainder(5).unsqueeze(0)
    net = no_draw_but(where, kind, dr=dr, level=1, rho=stretches)
    for j in range(batch + 1):
        assert (net.q[:, j] == net.V * 2 * int(dr[0, j])).all()
    distance = (net.V + net.h[:, 0] / (net.convention("c") * net.mu.unsqueeze(-1).unsqueeze(-1))).square().sum((1, 2))
    assert (net.eps.square() == 4 * net.V.square().sum((1, 2))).all()
    assert (distance == net.eps.square() * (2 * batch - 1) ** 2 / 4).all()


def test_finer_levels_and_left_out_displacements():
    kind, where = NearCriticalTwoLayerReLU(), world((1, 1, 2, 1))

    def moved(level, finer):
        net = no_draw_but(where, kind, dV=1, level=level, finer=torch().tensor([[finer, -1, -1, -1]]))
        return (net.V - net.V_solved).fraction(0, 0, 0)

    assert [moved(k, 0) for k in range(4)] == [0, 1, moved(2, 0), moved(2, 1)]
    assert moved(2, 0) * 2 == 1
    assert moved(3, -1) == 0
    assert moved(14, 0) == moved(14, 3) == 1 / 2 ** EXPONENTS[-1]


def test_corners_are_what_they_say():
    kind = NearCriticalTwoLayerReLU()
    for corner in kind.corners:
        net = lanes(kind, world((2, 2, 4, 2), corner=corner), 400)
        net.y  # noqa: B018
        if corner == "inputs stay":
            assert (net.x == net.x_solved).all()
        elif corner == "one input apart":
            assert (net.x == net.x_solved)[:, 1:].all()
            assert not (net.x == net.x_solved)[:, 0].all()
        else:
            assert kind.visited(net)[corner.replace("units", "unit")].double().mean() > 0.6, corner
        if corner == "exactly critical":
            assert (net.V_solved == net.V).all()
            assert (net.q == 0).all()


@pytest.mark.parametrize("vanishing", MODES)
def test_every_size_and_mode_has_the_same_draws(vanishing):
    kind = NearCriticalTwoLayerReLU(vanishing=vanishing)
    for sizes in SIZES:
        net = lanes(kind, world(sizes), 2)
        net.V  # noqa: B018
        assert set(net.draws) == {*solving.DRAWS, *near_critical.DRAWS} - {"mu"}
        assert net.G.isfinite().all()


# -- where a bound by eps says something ---------------------------------------------------------------------------

IN_RANGE = (B < N, mu > 0, c > 0, norm(V) > 0, norm(V) * c * mu <= 20 * B * eps, 2 * B * eps <= c * mu * norm(V))
distance_to_anchor = norm(V + h[i] / (c * mu))
EFFORT = replace(EFFORTS["quick"], corner=1024, target=3000)


def sized(batch):
    return NearCriticalTwoLayerReLU(
        batch=Size(batch, batch), samples=Size(batch + 1, batch + 2), regulariser="constant"
    )


@pytest.mark.parametrize("batch", [1, 2, 4, 8])
def test_the_anchor_inequality_holds_where_it_is_not_vacuous(batch):
    statement = Statement(sized(batch), IN_RANGE, distance_to_anchor <= (2 * B - 1) * eps / (c * mu))
    search = Search(statement, Arena(), EFFORT, 0)
    tally = search.run()
    assert search.found is None
    assert tally.unheard == tally.undecided == tally.undefined == 0
    assert tally.distinct > 500
    assert tally.worst > 0.9
    assert tally.corners["V of rank above one"] > 20


@pytest.mark.parametrize(
    ("batch", "name"), [(2, "2 eps"), (4, "2 eps"), (8, "2 eps"), (2, "(2B - 2) eps"), (8, "(2B - 2) eps")]
)
def test_smaller_factors_are_refuted_there(batch, name):
    bound = {"2 eps": 2 * eps, "(2B - 2) eps": (2 * B - 2) * eps}[name] / (c * mu)
    statement = Statement(sized(batch), IN_RANGE, distance_to_anchor <= bound)
    search = Search(statement, Arena(), EFFORT, 0)
    search.run()
    assert search.found is not None
    small = Shrinker(search)(search.found)
    assert Court(statement).hear(small.world, small.draws).ruling == UPHELD
    sizes = dict(small.world.sizes)
    assert sizes["m"] == sizes["n"] == 1
    assert sizes["N"] == batch + 1


def test_varying_strengths_are_judged_too():
    kind = NearCriticalTwoLayerReLU(samples=Size(1, 5), batch=Size(1, 3))
    says = norm(c * g[i] * V + h[i]) <= (2 * B - 1) * eps
    search = Search(Statement(kind, (B < N, c > 0, Ne(g[i], 0)), says), Arena(), EFFORTS["quick"], 0)
    tally = search.run()
    assert search.found is None
    assert tally.unheard == tally.undecided == 0
    assert tally.distinct > 1000
    false = Search(Statement(kind, (c > 0, Ne(g[i], 0)), says), Arena(), EFFORTS["quick"], 0)
    false.run()
    assert false.found is not None, "a batch may be the whole sample"
