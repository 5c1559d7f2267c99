"""Finite learning problems: risks are those of a plain loop, and a wrong decomposition is found out."""

from __future__ import annotations

from fractions import Fraction

import pytest
from sympy import Eq

from properties.worlds.risks import FiniteLearning
from symbolic.papers.weight_decay import (
    F_A,
    F_S_A,
    F_best,
    F_S_best,
    approximation,
    generalisation,
    optimisation,
)
from verify.arena import Arena
from verify.claims import Statement
from verify.draws import Generated, Given
from verify.efforts import EFFORTS
from verify.lanes import LaneArithmetic
from verify.rationals import ExactArithmetic
from verify.search import Search, lane_draws
from verify.shrink import Shrinker
from verify.worlds import Lanes, World

LETTERS = ("F_A", "F_S_A", "F_S_best", "F_best", "gen", "opt", "approx")


def by_hand(draws, N, T, Z):
    losses, weights = draws["losses"], draws["weights"]
    weights = [weights[0] + 1, *weights[1:]]
    sample = [min(k, Z - 1) for k in draws["sample"]]
    output = min(draws["chosen"], T - 1)
    population = [sum(Fraction(w * loss, sum(weights)) for w, loss in zip(weights, row, strict=True)) for row in losses]
    empirical = [Fraction(sum(row[k] for k in sample), N) for row in losses]
    best = empirical.index(min(empirical))
    return {
        "F_A": population[output],
        "F_S_A": empirical[output],
        "F_S_best": empirical[best],
        "F_best": population[best],
        "gen": population[output] - empirical[output],
        "opt": empirical[output] - empirical[best],
        "approx": empirical[best],
    }


@pytest.mark.parametrize("sizes", [(1, 1, 1), (1, 2, 2), (3, 4, 2), (6, 5, 5), (2, 3, 4)])
@pytest.mark.parametrize("corner", ["", *FiniteLearning.corners])
def test_readings_are_those_of_a_plain_loop(sizes, corner):
    where = World(tuple(zip("NTZ", sizes, strict=True)), corner=corner, seed=7)
    arena = Arena()
    net = Lanes(FiniteLearning(), where, LaneArithmetic(arena), Generated(arena, 7, 0, 12, None, False))
    floats = {letter: getattr(net, letter) for letter in LETTERS}
    for lane in range(net.count):
        draws = lane_draws(net, lane)
        one = Lanes(net.kind, where, ExactArithmetic(), Given(draws, 1))
        for letter, value in by_hand({k: d.values[0].tolist() for k, d in draws.items()}, *sizes).items():
            assert getattr(one, letter).fraction(0) == value, (letter, lane)
            assert float(floats[letter][lane]) == pytest.approx(float(value))


TRUE = {
    "the decomposition": Eq(F_A, generalisation + optimisation + approximation),
    "generalisation": Eq(generalisation, F_A - F_S_A),
    "optimisation": Eq(optimisation, F_S_A - F_S_best),
    "approximation": Eq(approximation, F_S_best),
    "the minimum is least": F_S_best <= F_S_A,
    "optimisation error is not negative": optimisation >= 0,
}
FALSE = {
    "population risk in place of the empirical one": (Eq(F_A, generalisation + optimisation + F_best), 4),
    "the minimiser is best in the population": (F_best <= F_A, 5),
    "risks are underestimated": (generalisation >= 0, 4),
    "the sample flatters": (F_S_best <= F_best, 4),
}


@pytest.mark.parametrize("name", TRUE)
def test_true_statements_stand(name):
    search = Search(Statement(FiniteLearning(), (), TRUE[name]), Arena(), EFFORTS["quick"], 0)
    tally = search.run()
    assert search.found is None
    assert tally.accused == tally.undefined == 0
    assert tally.admissible > 5000


@pytest.mark.parametrize("name", FALSE)
def test_false_statements_fall_in_small_problems(name):
    says, total = FALSE[name]
    search = Search(Statement(FiniteLearning(), (), says), Arena(), EFFORTS["quick"], 0)
    search.run()
    assert search.found is not None
    small = Shrinker(search)(search.found)
    assert sum(v for _, v in small.world.sizes) <= total


def test_corners_are_seen():
    where = World((("N", 2), ("T", 2), ("Z", 3)), seed=1)
    arena = Arena()
    net = Lanes(FiniteLearning(), where, LaneArithmetic(arena), Generated(arena, 1, 0, 500, None, False))
    assert FiniteLearning().visited(net) == {}
    for letter in LETTERS:
        getattr(net, letter)
    counts = {name: float(mask.double().mean()) for name, mask in FiniteLearning().visited(net).items()}
    assert set(counts) == {
        "a point without probability",
        "the sample misses a point",
        "several empirical minimisers",
        "zero empirical risk",
        "chosen is an empirical minimiser",
    }
    assert all(0 < share < 1 for name, share in counts.items() if name != "the sample misses a point")
