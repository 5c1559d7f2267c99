"""Finer grids: the same networks, on integers that are larger; and what no world may say of them."""

from dataclasses import replace

import pytest

from properties.worlds.critical import CriticalTwoLayerReLU
from properties.worlds.networks import TwoLayerReLU
from symbolic import norm
from symbolic.papers.weight_decay import A, B, N, V, c, eps, h, i, mu, u, x
from verify.appeal import Court
from verify.arena import Arena
from verify.claims import Statement
from verify.draws import Draw, refined
from verify.efforts import EFFORTS
from verify.rationals import ExactArithmetic
from verify.screen import Screen
from verify.search import Search, lane_draws
from verify.shrink import Shrinker
from verify.witness import Witness, WitnessError
from verify.worlds import FINEST, Lanes, ReadingError, World

KIND = TwoLayerReLU(regulariser="constant")
SIZES = (("m", 2), ("n", 2), ("N", 3), ("B", 2))
USUAL = (("c", "1"), ("kink", "0"), ("s", "1"))
WORLD = World(SIZES, USUAL, (("V", 7),), "", None, False, 5)
FALSE = Statement(KIND, (B < N, mu > 0, c > 0), norm(V + h[i] / (c * mu)) <= eps / (c * mu))


def judged(world, draws, count):
    screen = Screen(FALSE, Arena())
    (part,) = screen.given(world, draws, count)
    return part


def test_a_coarse_network_is_itself_on_every_finer_grid():
    (coarse,) = Screen(FALSE, Arena()).lanes(WORLD, 0, 300)
    for steps in (1, 5, 20):
        fine = judged(WORLD.refined(steps), refined(coarse.net.draws, steps), 300)
        for letter in ("V", "u", "b", "x", "y", "mu", "h", "eps"):
            assert (getattr(fine.net, letter) == getattr(coarse.net, letter)).all()
        assert (fine.tightness == coarse.tightness).all()
        assert (fine.admissible == coarse.admissible).all()
    lane = int(coarse.accused.nonzero()[0])
    draws = lane_draws(coarse.net, lane)
    before = Court(FALSE).hear(WORLD, draws)
    assert before.refutes
    assert Court(FALSE).hear(WORLD.refined(30), refined(draws, 30)) == before


def test_the_draws_of_a_finer_grid_reach_as_far_and_are_not_multiples():
    for fineness in (4, 40):
        (part,) = Screen(FALSE, Arena()).lanes(replace(WORLD, shifts=(), fineness=fineness), 0, 400)
        values = part.net.draws["V"].values
        assert part.net.draws["V"].low == -3 << fineness
        assert int(values.abs().max()) <= 3 << fineness
        assert int(values.max()) > (3 << fineness) * 9 // 10
        assert int(values.min()) < -(3 << fineness) * 9 // 10
        assert bool((values % (1 << fineness) != 0).any())
        assert float(part.net.V.abs().max()) <= 3


def test_fineness_is_in_json_only_where_it_is_not_0():
    assert "fineness" not in WORLD.to_json()
    fine = WORLD.refined(7)
    assert fine.to_json()["fineness"] == 7
    assert World.from_json(fine.to_json()) == fine
    assert World.from_json(WORLD.to_json()) == WORLD
    assert fine.refined(2).fineness == 9


@pytest.mark.parametrize("bad", [-1, FINEST + 1, 1.0, "3", True, None])
def test_a_hostile_fineness_is_refused(bad):
    with pytest.raises(ValueError, match="fineness"):
        World.from_json({**WORLD.to_json(), "fineness": bad})


def test_a_corner_has_no_finer_grid():
    with pytest.raises(ValueError, match="corner"):
        World.from_json({**WORLD.to_json(), "fineness": 2, "corner": "exact kink"})
    assert replace(WORLD, corner="exact kink", reach=1, sparse=True).refined(1) == replace(WORLD, fineness=1)


def test_kinds_that_look_integers_up_have_no_finer_grids():
    assert TwoLayerReLU.refines
    assert not CriticalTwoLayerReLU.refines
    world = World((("m", 1), ("n", 1), ("N", 2), ("B", 1)), USUAL).refined(1)
    statement = Statement(CriticalTwoLayerReLU(), (), norm(A[i]) <= norm(u) * norm(x[i]))
    known = Witness("draft/x", None, statement.hash, "", world, {}, Court, {}, {})
    with pytest.raises(WitnessError, match="no finer grids"):
        known.rule(statement)
    draws = {"E": Draw(("m", "n"), -3, 3, None)}
    with pytest.raises(ReadingError, match="finer grids"):
        Lanes(CriticalTwoLayerReLU(), world, ExactArithmetic(), draws).draw("E", "m n", -3, 3)


def test_shrinking_leaves_a_finer_grid():
    modest = replace(EFFORTS["quick"], tiny=500, examples=3, lanes=128)
    search = Search(FALSE, Arena(), modest, 0)
    search.run()
    found = search.found
    fine = replace(found, world=found.world.refined(6), draws=refined(found.draws, 6))
    small = Shrinker(search)(fine)
    assert small.ruling.refutes
    assert small.world.fineness == 0
    assert dict(small.world.sizes) == {"m": 1, "n": 1, "N": 3, "B": 2}
