"""Solved networks are critical without rounding, and searches over them find what false statements deserve."""

from __future__ import annotations

import pytest
from sympy import Eq, Gt, Ne

from properties.worlds.critical import CriticalTwoLayerReLU
from properties.worlds.solving import DRAWS
from symbolic.papers.weight_decay import B, G, G_block, G_full, N, P, S, V, g, j, mu
from symbolic.sentences import exists, norm, rank, vanishes
from verify.arena import Arena, torch
from verify.claims import Statement
from verify.draws import Draw, Generated, Given
from verify.efforts import EFFORTS
from verify.lanes import LaneArithmetic
from verify.rationals import ExactArithmetic
from verify.search import Search, lane_draws
from verify.shrink import Shrinker
from verify.worlds import KindError, Lanes, Size, World

USUAL = {"c": "1", "kink": "0", "s": "1"}
SIZES = [(1, 1, 2, 1), (2, 2, 2, 2), (2, 3, 4, 2), (3, 2, 3, 2), (4, 4, 4, 4), (1, 2, 5, 3)]
READ = {"every batch": "G", "full": "G_N", "partition": "G_P"}


def world(sizes, *, conventions=USUAL, shifts=(), corner="", seed=0):
    return World(tuple(zip("mnNB", sizes, strict=True)), tuple(sorted(conventions.items())), shifts, corner, seed=seed)


def lanes(kind, where, count, arena=None):
    arena = arena or Arena()
    return Lanes(kind, where, LaneArithmetic(arena), Generated(arena, where.seed, 0, count, None, False))


def exactly(net, lane):
    return Lanes(net.kind, net.world, ExactArithmetic(), Given(lane_draws(net, lane), 1))


def no_draw_but(where, kind, **values):
    """Lanes whose draws are all 0 but those given."""
    module, known = torch(), {}
    for name, (axes, low, high) in DRAWS.items():
        shape = tuple(kind.extent(a, where) for a in axes.split())
        value = module.zeros((1, *shape), dtype=module.int64)
        value = value + values[name] if name in values else value
        known[name] = Draw(tuple(axes.split()), low, high, value)
    return Lanes(kind, where, LaneArithmetic(Arena()), Given(known, 1))


@pytest.mark.parametrize("vanishing", READ)
@pytest.mark.parametrize("regulariser", ["per-sample", "constant"])
@pytest.mark.parametrize(
    ("conventions", "shifts"),
    [(USUAL, ()), ({"c": "2", "kink": "1/2", "s": "1/2"}, (("V", -7), ("x", 20)))],
)
def test_gradients_vanish_exactly(vanishing, regulariser, conventions, shifts):
    kind = CriticalTwoLayerReLU(vanishing=vanishing, regulariser=regulariser)
    for number, sizes in enumerate(SIZES):
        net = lanes(kind, world(sizes, conventions=conventions, shifts=shifts, seed=number), 8)
        net.read(f"{kind.speaks}:{READ[vanishing]}")
        for lane in range(net.count):
            one = exactly(net, lane)
            assert (getattr(one, READ[vanishing]) == 0).all()
            assert (one.z[:, : kind.block(net.world)] != 0).all(), "a planned sample is on a kink"
            if kind.collinear(net.world):
                assert (one.q == 0).all()


@pytest.mark.parametrize("vanishing", READ)
def test_corners_are_critical_and_visited(vanishing):
    kind = CriticalTwoLayerReLU(vanishing=vanishing)
    for corner in kind.corners:
        net = lanes(kind, world((2, 2, 4, 2), corner=corner), 200)
        assert (getattr(net, READ[vanishing]) == 0).all(), corner
        seen = kind.visited(net)[corner.replace("units", "unit")]
        # Off the "full" plans, a neuron may be active on a sample that was not solved for, or V may be free.
        assert seen.double().mean() > 0.6, corner


def test_most_networks_have_a_v_and_several_patterns():
    every = lanes(CriticalTwoLayerReLU(), world((3, 3, 3, 2)), 4000)
    assert (every.V != 0).flatten(1).any(1).double().mean() > 0.7
    full = lanes(CriticalTwoLayerReLU(vanishing="full"), world((3, 3, 3, 3)), 4000)
    assert full.V.shape == (4000, 3, 3)
    above = full.kind.visited(full)["V of rank above one"]
    assert above.double().mean() > 0.15
    assert (torch().linalg.matrix_rank(full.V[(full.g > 0).all(1)]) == 3).any()


def test_draws_of_zero_are_the_simplest_network():
    net = no_draw_but(world((2, 2, 3, 1)), CriticalTwoLayerReLU())
    assert net.V.tolist() == [[[1, 0], [1, 0]]]
    assert net.u.tolist() == [[[1, 1]]]
    assert net.g.tolist() == [[1, 1, 1]]
    assert net.x.squeeze(-1).tolist() == [[[1, 0]] * 3]
    assert (net.G == 0).all()


def test_one_neuron_off_on_one_sample_gives_rank_two():
    off = torch().tensor([[[0, 0], [0, -1]]])
    net = no_draw_but(world((2, 2, 2, 2)), CriticalTwoLayerReLU(), off=off)
    assert net.V.tolist() == [[[1, 1], [1, 0]]]
    assert (net.G == 0).all()


def test_every_mode_has_the_same_draws():
    """So that moves from B < N to B = N, and between modes, keep the draws."""
    drawn = set()
    for vanishing in READ:
        for sizes in ((2, 2, 3, 2), (2, 2, 3, 3)):
            net = lanes(CriticalTwoLayerReLU(vanishing=vanishing), world(sizes), 2)
            assert net.V.shape == (2, 2, 2)
            drawn.add(tuple(sorted(net.draws)))
    assert len(drawn) == 1


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_vanishing_batches_make_rank_one(dtype):
    arena = Arena(dtype=dtype)
    some = exists(j, Ne(g[j], 0))
    for assuming in ((B < N, vanishes(G[S])), (B < N, some, vanishes(G[S]))):
        says = rank(V) <= 1 if some in assuming else vanishes(G[S])
        search = Search(Statement(CriticalTwoLayerReLU(), assuming, says), arena, EFFORTS["quick"], 0)
        tally = search.run()
        assert search.found is None
        assert tally.accused == tally.undefined == 0
        assert tally.admissible > 0.8 * tally.drawn
        if some not in assuming:
            assert tally.admissible == tally.drawn
        if dtype == "float64" and some in assuming:
            assert tally.exact > 0.5 * tally.admissible
            assert tally.corners["V is zero"] < 0.5 * tally.admissible


POSITIVE = Gt(g[j], 0)
SMALL = {"width": Size(2, 4), "inputs": Size(2, 4), "samples": Size(2, 4)}
MUTANTS = {
    "without B < N": (CriticalTwoLayerReLU(), rank(V) <= 1, (POSITIVE, vanishes(G[S])), (2, 2, 2, 2), "2"),
    "without B < N, mu": (
        CriticalTwoLayerReLU(regulariser="constant"), rank(V) <= 1, (Gt(mu, 0), vanishes(G[S])), (2, 2, 2, 2), "2",
    ),
    "without B < N, rank 2": (
        CriticalTwoLayerReLU(**SMALL, batch=Size(2, 4)), rank(V) <= 2, (POSITIVE, vanishes(G[S])), (3, 3, 3, 3), "3",
    ),
    "full, rank 2": (
        CriticalTwoLayerReLU(**SMALL, vanishing="full"), rank(V) <= 2, (POSITIVE, vanishes(G_full)), (3, 3, 3, 1), "3",
    ),
    "without decay": (CriticalTwoLayerReLU(), rank(V) <= 1, (B < N, vanishes(G[S])), (2, 2, 2, 1), "2"),
    "rank is one": (CriticalTwoLayerReLU(), Eq(rank(V), 1), (B < N, POSITIVE, vanishes(G[S])), (1, 1, 2, 1), "0"),
    "V is zero": (CriticalTwoLayerReLU(), Eq(norm(V), 0), (B < N, POSITIVE, vanishes(G[S])), (1, 1, 2, 1), "1"),
}  # fmt: skip


@pytest.mark.parametrize("name", MUTANTS)
def test_false_neighbours_are_refuted_by_the_smallest_networks(name):
    kind, says, assuming, smallest, left = MUTANTS[name]
    search = Search(Statement(kind, assuming, says), Arena(), EFFORTS["quick"], 0)
    search.run()
    assert search.found is not None
    small = Shrinker(search)(search.found)
    assert tuple(v for _, v in small.world.sizes) == smallest
    assert small.ruling.left == left
    assert sum(int((d.values != 0).sum()) for d in small.draws.values()) <= 4


def test_a_partition_is_not_enough():
    kind = CriticalTwoLayerReLU(vanishing="partition")
    statement = Statement(kind, (B < N, POSITIVE, vanishes(G_block[P])), rank(V) <= 1)
    search = Search(statement, Arena(), EFFORTS["quick"], 0)
    search.run()
    assert search.found is not None
    sizes = dict(Shrinker(search)(search.found).world.sizes)
    assert sizes["m"] == sizes["n"] == sizes["B"] == 2
    assert sizes["N"] <= 4


def test_an_unknown_mode_is_an_error():
    with pytest.raises(KindError, match=r"vanishing='some': say 'every batch', 'full' or 'partition'"):
        CriticalTwoLayerReLU(vanishing="some")
