"""Projectors, subsets of k samples, distances to a rank k, half powers: lanes, exact numbers and numpy say the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from math import comb
from typing import Any

import numpy as np
import pytest
from sympy import Abs, Eq, Implies, Integer, Le, Lt, MatPow, Ne, Rational, Trace, ZeroMatrix, sqrt

from properties.worlds.networks import TwoLayerReLU
from properties.worlds.subsets import TwoLayerReLUWithSubsets
from symbolic import chain, mean, norm, rank
from symbolic.papers.weight_decay import B, G, N, S, T, V, c, eps, g, h, i, j, k, mu, rho, x
from symbolic.projections import projector
from symbolic.sentences import distance_to_rank, greatest, least, spectral_norm
from symbolic.words import word
from verify import Verdict, claim
from verify.appeal import ACQUITTED, UPHELD, WITHOUT_VALUE, Court, Hearing
from verify.arena import Arena, torch
from verify.claims import Statement
from verify.draws import Draw, Given
from verify.efforts import EFFORTS
from verify.evaluate import EvaluationError, Evaluator
from verify.exact import Exact
from verify.judge import LaneJudge
from verify.lanes import LaneArithmetic
from verify.rationals import ExactArithmetic
from verify.search import Search, lane_draws
from verify.verdict import Grade
from verify.worlds import Lanes, ReadingError

Judge = Callable[..., Verdict]
TORCH = torch()
ARENA = Arena()
BRIEF = replace(EFFORTS["quick"], tiny=2_000, examples=4, lanes=128, generations=1, brood=32)
KIND = TwoLayerReLUWithSubsets()
CONSTANT = TwoLayerReLUWithSubsets(regulariser="constant")
SHARED = mean(g[j] ** 2 * projector(x[j]), j)
PULLED = norm(V + mean(h[j], j, T) / (c * mean(g[j], j, T)))
ANCHOR = (2 * B - 1) * eps / (c * g[i])
KAPPA = eps / (c * mean(g[j], j)) * sqrt(B * (N - k) / (k * (N - B)))

CLAIMS: dict[str, Statement] = {
    "one point": Statement(KIND, (B < N, g[i] > 0), norm(V - V * projector(x[i])) <= ANCHOR),
    "all points": Statement(
        KIND,
        (B < N,),
        norm(V) ** 2 * (mean(g[j] ** 2, j) - spectral_norm(SHARED)) <= B * (N - 1) / (N - B) * eps**2 / c**2,
    ),
    "two points": Statement(
        CONSTANT,
        (B < N, mu > 0),
        norm(V) ** 2 * (norm(x[i]) * norm(x[j]) - Abs(Trace(x[i].T * x[j])))
        <= 2 * ((2 * B - 1) * eps / (c * mu)) ** 2 * norm(x[i]) * norm(x[j]),
    ),
    "rank k": Statement(KIND, (k <= B, B < N, g[i] > 0), chain(distance_to_rank(V, k), least(PULLED, T), KAPPA)),
    "root of the mean": Statement(
        KIND,
        (B < N, g[i] > 0),
        least(norm(V + h[i] / (c * g[i])) ** 2, i)
        <= B * (N - 1) / ((N - B) * c**2 * mean(g[j] ** 2, j)) * mean(norm(G[S]) ** 2, S),
    ),
    "stable rank": Statement(
        KIND,
        (distance_to_rank(V, k) <= rho * norm(V), rho < 1, spectral_norm(V) > 0),
        norm(V) ** 2 / spectral_norm(V) ** 2 <= k / (1 - rho**2),
    ),
    "swap": Statement(
        KIND, (B < N,), Implies(Ne(g[i], g[j]), distance_to_rank(V, 2) <= 2 * B * eps / (c * Abs(g[i] - g[j])))
    ),
}

WORLDS = (
    ({"m": 3, "n": 2, "N": 4, "B": 2, "k": 1}, ""),
    ({"m": 2, "n": 3, "N": 3, "B": 1, "k": 3}, "zero input"),
    ({"m": 4, "n": 4, "N": 5, "B": 3, "k": 2}, ""),
    ({"m": 8, "n": 5, "N": 4, "B": 2, "k": 2}, "rank-deficient V"),
)


def lanes(kind: Any, sizes: dict[str, int], corner: str = "", count: int = 6, says: Any = None) -> Lanes:
    """Lanes of a world on which everything that a statement reads has been drawn."""
    search = Search(Statement(kind, (), says if says is not None else CLAIMS["rank k"].says), ARENA, BRIEF, 0)
    world = search.world(sizes, corner=corner, conventions={"c": "2"})
    (judged,) = search.screen.lanes(world, 0, count)
    return judged.net


def exactly(net: Lanes, lane: int) -> Evaluator:
    return Evaluator(Lanes(net.kind, net.world, ExactArithmetic(), Given(lane_draws(net, lane), 1)))


# -- values, against numpy -------------------------------------------------------------------------------------------


def _projectors(net: Any) -> Any:
    made = []
    for column in net.x:
        square = float((column**2).sum())
        made.append(column @ column.T / square if square else np.zeros((net.n, net.n)))
    return np.array(made)


def _tail(matrix: Any, keep: int) -> float:
    return float(np.sqrt((np.linalg.svd(matrix, compute_uv=False)[keep:] ** 2).sum()))


def _subset_means(net: Any) -> Any:
    return np.array([net.h[list(s)].mean(0) for s in combinations(range(net.N), net.k)])


def _batch_norms(net: Any) -> Any:
    q = net.h + 2 * net.g[:, None, None] * net.V
    return np.array([np.linalg.norm(q[list(s)].mean(0)) for s in combinations(range(net.N), net.B)])


class Plain:
    """One lane as plain arrays of numpy, for formulas that are written apart from the engine."""

    def __init__(self, net: Lanes, lane: int) -> None:
        self.V, self.x, self.h, self.g = (net.read(f"chen2024:{w}")[lane].numpy() for w in "Vxhg")
        self.m, self.n, self.N, self.B, self.k = (net.world.size(w) for w in "mnNBk")


FORMULAS: dict[str, tuple[Any, Callable[[Any], Any]]] = {
    "projector": (projector(x[i]), _projectors),
    "square of a projector": (MatPow(projector(x[i]), 2), _projectors),
    "off a projector": (norm(V - V * projector(x[i])), lambda net: [
        np.linalg.norm(net.V - net.V @ p) for p in _projectors(net)
    ]),
    "mean of projectors": (spectral_norm(SHARED), lambda net: np.linalg.norm(
        (net.g[:, None, None] ** 2 * _projectors(net)).mean(0), 2
    )),
    "distance": (distance_to_rank(V, k), lambda net: _tail(net.V, net.k)),
    "a larger distance": (distance_to_rank(V, k - 1), lambda net: _tail(net.V, net.k - 1)),
    "spectral norm": (spectral_norm(V), lambda net: np.linalg.norm(net.V, 2)),
    "means over subsets": (mean(h[j], j, T), _subset_means),
    "least over subsets": (least(norm(mean(h[j], j, T)), T), lambda net: min(map(np.linalg.norm, _subset_means(net)))),
    "mean over subsets": (mean(norm(mean(h[j], j, T)), T), lambda net: np.mean(
        [np.linalg.norm(each) for each in _subset_means(net)]
    )),
    "mean over batches": (mean(norm(G[S]) ** 2, S), lambda net: (_batch_norms(net) ** 2).mean()),
    "largest batch": (eps, lambda net: _batch_norms(net).max()),
    "half powers": (sqrt(B * N / (k * (2 * N - B))) * norm(V) ** 3, lambda net: (
        (net.B * net.N / (net.k * (2 * net.N - net.B))) ** 0.5 * np.linalg.norm(net.V) ** 3
    )),
    "a power of three halves": (norm(V) ** Rational(3, 2), lambda net: np.linalg.norm(net.V) ** 1.5),
}  # fmt: skip


@pytest.mark.parametrize(("sizes", "corner"), WORLDS, ids=str)
@pytest.mark.parametrize("name", FORMULAS)
def test_lanes_exact_numbers_and_numpy_agree(name: str, sizes: dict[str, int], corner: str) -> None:
    expression, formula = FORMULAS[name]
    net = lanes(KIND, sizes, corner)
    value = Evaluator(net, ARENA.allowance(KIND.length(net.world)))(expression)
    for lane in range(net.count):
        expected = np.array(formula(Plain(net, lane)), dtype=float)
        near = value.array[lane].numpy()
        assert near.shape == expected.shape
        size = max(1.0, float(abs(expected).max(initial=0.0)))
        assert near == pytest.approx(expected, rel=2**-44, abs=2**-44 * size)
        exact = exactly(net, lane)(expression).array
        assert exact[0].approximate() == pytest.approx(expected, rel=2**-44, abs=2**-44 * size)


def test_a_projector_is_exact_and_zero_where_its_column_is() -> None:
    drawn = np.array([[[[0], [0], [0]], [[1], [2], [-2]], [[0], [3], [0]]]])
    found, _ = ExactArithmetic().projector(Exact.integers(drawn))
    assert found[0, 1].tolist() == [["1/9", "2/9", "-2/9"], ["2/9", "4/9", "-4/9"], ["-2/9", "-4/9", "4/9"]]
    assert found[0, 0].tolist() == [["0"] * 3] * 3
    assert found.undefined is None
    on_lanes, steepest = LaneArithmetic(ARENA).projector(TORCH.tensor(drawn).double())
    assert on_lanes.numpy() == pytest.approx(found.approximate())
    assert steepest.tolist() == [pytest.approx(1 / 3)]


@pytest.mark.parametrize("power", [-600, 600])
def test_a_projector_knows_no_scale(power: int) -> None:
    column = TORCH.tensor([[[3.0], [4.0]]], dtype=TORCH.float64)
    found, _ = LaneArithmetic(ARENA).projector(column * 2.0**power)
    assert TORCH.equal(found, LaneArithmetic(ARENA).projector(column)[0])


def test_projectors_round_and_are_not_called_exact() -> None:
    for says in (rank(projector(x[i])) <= 1, Eq(projector(x[i]) * x[i], x[i]), norm(V - V * projector(x[i])) <= 0):
        screen = Search(Statement(KIND, (), says), ARENA, BRIEF, 0).screen
        world = Search(Statement(KIND, (), says), ARENA, BRIEF, 0).world({"m": 2, "n": 2, "N": 2, "B": 1, "k": 1})
        assert screen.survey(world).exact == (False,)


# -- subsets ---------------------------------------------------------------------------------------------------------


def test_subsets_are_all_of_them_in_lexical_order() -> None:
    world = lanes(KIND, {"m": 1, "n": 1, "N": 5, "B": 2, "k": 3}).world
    assert KIND.groups("subsets", world) == tuple(combinations(range(5), 3))
    assert KIND.groups("batches", world) == tuple(combinations(range(5), 2))
    assert KIND.groups("blocks", world) == ((0, 1), (2, 3))
    assert len(KIND.subsets(world)) == comb(5, 3)


def test_a_free_subset_reads_for_every_one() -> None:
    net = lanes(KIND, {"m": 2, "n": 2, "N": 4, "B": 2, "k": 2})
    evaluate = Evaluator(net)
    largest = evaluate(greatest(norm(mean(h[j], j, T)), T)).array
    each = evaluate(norm(mean(h[j], j, T)))
    assert each.axes == (T,)
    assert TORCH.equal(each.array.amax(1), largest)
    ruling = Court(Statement(KIND, (), norm(mean(h[j], j, T)) <= 0)).hear(net.world, lane_draws(net, 0))
    assert ruling.ruling == UPHELD
    assert dict(ruling.at)["T"] < comb(4, 2)


def test_a_kind_without_k_has_no_subsets() -> None:
    says = norm(mean(h[j], j, T)) <= 0
    with pytest.raises(ReadingError, match="no size k"):
        Search(Statement(TwoLayerReLU(), (), says), ARENA, BRIEF, 0).run()
    assert not TwoLayerReLU().knows("chen2024:k")
    assert not TwoLayerReLU().knows("chen2024:rho")


def test_a_rank_is_an_integer_in_the_sizes() -> None:
    net = lanes(KIND, {"m": 2, "n": 2, "N": 2, "B": 1, "k": 1})
    with pytest.raises(EvaluationError, match="no matrix has rank -1"):
        Evaluator(net)(distance_to_rank(V, k - 2))
    for size in (rho, k / 2):
        with pytest.raises(EvaluationError, match="write an integer in the sizes"):
            Evaluator(net)(distance_to_rank(V, size))


def test_sizes_fit_and_small_ones_are_tried() -> None:
    search = Search(CLAIMS["rank k"], ARENA, BRIEF, 0)
    assert not KIND.fits({"m": 1, "n": 1, "N": 2, "B": 1, "k": 3})
    assert search.fitted({"m": 1, "n": 1, "N": 3, "B": 5, "k": 7}) == {"m": 1, "n": 1, "N": 3, "B": 3, "k": 3}
    small = search._small_sizes()
    assert {(s["B"], s["k"]) for s in small} >= {(1, 1), (2, 1), (1, 2), (2, 2)}
    assert all(KIND.fits(s) for s in small)


# -- claims ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CLAIMS)
def test_theorems_are_not_refuted(name: str) -> None:
    search = Search(CLAIMS[name], ARENA, BRIEF, 0)
    tally = search.run()
    assert search.found is None
    assert tally.admissible > 100
    assert tally.undecided == tally.unheard == tally.undefined == 0


ROOM = N - B + 1
TRUE = {
    "its-own-column": Eq(projector(x[i]) * x[i], x[i]),
    "twice": Eq(projector(x[i]) * projector(x[i]) * V.T, projector(x[i]) * V.T),
    "rank-one": rank(projector(x[i])) <= 1,
    "split": Eq(norm(V) ** 2, norm(V * projector(x[i])) ** 2 + norm(V - V * projector(x[i])) ** 2),
    "less-than-any-rank-k": distance_to_rank(V, k) <= norm(V),
    "closer": distance_to_rank(V, k) <= distance_to_rank(V, k - 1),
    "roots": Eq(norm(V) * sqrt(ROOM * (N - k + 1)), norm(V) * sqrt(ROOM) * sqrt(N - k + 1)),
    "mean": norm(mean(h[j], j, T)) <= greatest(norm(h[j]), j),
}
FALSE = {
    "another-column": Eq(projector(x[i]) * x[j], x[j]),
    "no-rank-one": rank(projector(x[i])) <= 0,
    "no-distance": distance_to_rank(V, k) <= 0,
    "one-rank-less": distance_to_rank(V, k - 1) <= distance_to_rank(V, k),
    "a-larger-rank": distance_to_rank(V, k) <= distance_to_rank(V, k + 1) * (1 + Rational(1, 2**20)),
    "the-whole-mean": Le(norm(mean(h[j], j, T)), norm(mean(h[j], j))),
    "every-subset": greatest(norm(mean(h[j], j, T)), T) <= norm(mean(h[j], j, T)),
    "spectral": norm(V) <= spectral_norm(V) * sqrt(k),
    "inverse-roots": norm(V) / sqrt(k) <= norm(V) / sqrt(B),
    "almost": Eq(norm(V) * sqrt(ROOM * (N - k + 1)) * (1 + Rational(1, 2**30)), norm(V) * sqrt(ROOM) * sqrt(N - k + 1)),
}


@pytest.mark.parametrize("name", TRUE)
def test_a_true_statement_is_never_refuted(name: str, judge: Judge) -> None:
    made = claim(f"draft/{name}", "True.", given=KIND, says=TRUE[name])
    made.breaks_when("a projector is zero", says=Eq(projector(x[i]), ZeroMatrix(*projector(x[i]).shape)))
    assert judge(made).grade in (Grade.TESTED, Grade.PROVED)


@pytest.mark.parametrize("name", FALSE)
def test_a_false_statement_is_refuted(name: str, judge: Judge) -> None:
    verdict = judge(claim(f"draft/{name}", "False.", given=KIND, says=FALSE[name]))
    assert verdict.grade is Grade.REFUTED
    assert sum(verdict.details["witness"]["size"].values()) <= 12


WRONG = {
    "one point": replace(CLAIMS["one point"], says=norm(V - V * projector(x[i])) <= ANCHOR * B / (2 * B)),
    "rank k": replace(CLAIMS["rank k"], says=least(PULLED, T) <= KAPPA / sqrt(k + 1)),
    "stable rank": replace(CLAIMS["stable rank"], says=norm(V) ** 2 / spectral_norm(V) ** 2 <= k),
    "swap": replace(CLAIMS["swap"], assuming=()),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_smaller_constant_is_refuted(name: str) -> None:
    search = Search(WRONG[name], ARENA, EFFORTS["quick"], 0)
    search.run()
    assert search.found is not None


# -- undefined instances ---------------------------------------------------------------------------------------------


def _with_strengths(values: list[int]) -> tuple[Lanes, Any]:
    net = lanes(KIND, {"m": 2, "n": 2, "N": len(values), "B": 1, "k": 1}, count=1)
    draws = {**net.draws, "g": Draw(("N",), -3, 3, TORCH.tensor([values]))}
    return Lanes(KIND, net.world, LaneArithmetic(ARENA), Given(draws, 1)), draws


DIVIDED = {
    "a norm": norm(V + h[i] / g[i]) <= 10**6,
    "a spectral norm": spectral_norm(V + h[i] / g[i]) <= 10**6,
    "a distance": distance_to_rank(V + h[i] / g[i], 1) <= 10**6,
    "a rank": rank(V + h[i] / g[i]) <= 2,
    "the least": least(norm(V + h[i] / g[i]), i) <= 10**6,
    "a root": 1 / sqrt(g[i]) <= 1,
    "a mean": norm(mean(h[j], j, T) / mean(g[j], j, T)) <= 10**6,
}


@pytest.mark.parametrize("name", DIVIDED)
def test_a_division_by_zero_leaves_the_instance_undefined(name: str) -> None:
    for strengths, undefined in ([1, 0, 2], True), ([1, 3, 2], False):
        net, draws = _with_strengths(strengths)
        outcome = LaneJudge(Evaluator(net, ARENA.allowance(32)), False).closed(DIVIDED[name])
        assert bool(outcome.excess.isnan().all()) is undefined
        ruling = Court(Statement(KIND, (), DIVIDED[name])).hear(net.world, draws).ruling
        assert ruling == (WITHOUT_VALUE if undefined else ACQUITTED)


@pytest.mark.parametrize("says", [norm(V) / Abs(g[i] - g[j]) <= 10**6, Lt(0, 1 / (g[i] - g[j]) ** 2)], ids=str)
def test_a_division_where_a_premise_fails_does_not_matter(says: Any) -> None:
    net, draws = _with_strengths([1, 3, 2])
    for sentence, ruling in (Implies(Ne(g[i], g[j]), says), ACQUITTED), (says, WITHOUT_VALUE):
        outcome = LaneJudge(Evaluator(net, ARENA.allowance(32)), False).closed(sentence)
        assert bool(outcome.excess.isnan().all()) is (ruling == WITHOUT_VALUE)
        assert not bool((outcome.excess > 1).any())
        assert Court(Statement(KIND, (), sentence)).hear(net.world, draws).ruling == ruling


def test_what_is_undefined_somewhere_hides_no_rounding_elsewhere() -> None:
    """At i = j the quotient has no value; an equation between the others is off by rounding alone, and allowed."""
    net, _ = _with_strengths([1, 3, -2])
    says = Implies(Ne(g[i], g[j]), Eq(norm(V) / (3 * (g[i] - g[j])) * (g[i] - g[j]) * 3, norm(V) * g[i] / g[i]))
    outcome = LaneJudge(Evaluator(net, ARENA.allowance(32)), False).closed(says)
    assert not bool((outcome.excess > 1).any())


def test_appeals_on_means_of_projectors_are_decided() -> None:
    says = CLAIMS["all points"].says
    for n in range(1, 9):
        net = lanes(KIND, {"m": 2, "n": n, "N": 8, "B": 3, "k": 1}, count=2, says=says)
        for lane in range(2):
            hearing = Hearing(CLAIMS["all points"], net.world, lane_draws(net, lane))
            assert hearing.ruling.ruling == ACQUITTED
            shared = hearing.evaluate(SHARED).array
            assert bool((shared == shared.mT).all())


# -- powers ----------------------------------------------------------------------------------------------------------


def test_half_powers_are_compared_exactly() -> None:
    net = lanes(KIND, {"m": 2, "n": 2, "N": 3, "B": 2, "k": 3}, says=norm(V) * rho <= 1)
    for lane in range(net.count):
        evaluate = exactly(net, lane)
        compare = evaluate.arithmetic.compare
        length = norm(V)
        for one, other, sign in (
            (sqrt(B) / sqrt(k), sqrt(Integer(2) / 3), 0),
            (length * k ** Rational(-3, 2) * 3, length / sqrt(k), 0),
            ((length**2) ** Rational(3, 2), length**3, 0),
            (length / sqrt(k), length / sqrt(B), -1),
        ):
            decided = int(compare(evaluate(one).array, evaluate(other).array)[0])
            assert decided == (sign if bool((evaluate(length).array > 0).all()) else 0)


def test_a_root_of_what_cancels_is_allowed_half_the_digits() -> None:
    """sqrt(a - b) with a = b up to rounding is off by the root of that rounding, on both sides of zero."""
    net = lanes(KIND, {"m": 2, "n": 2, "N": 3, "B": 2, "k": 1})
    evaluate = Evaluator(net, ARENA.allowance(32))
    gap = Abs(norm(V) ** 2 / 3 * 3 - norm(V) ** 2 + norm(V) ** 2 / 7 - norm(V) ** 2 / 49 * 7)
    outcome = LaneJudge(evaluate, False).closed(Eq(sqrt(gap), 0))
    assert not bool((outcome.excess > 1).any())
    assert bool((LaneJudge(evaluate, False).closed(sqrt(gap) + norm(V) / 2**20 <= 0).excess > 1).any())


def test_a_user_word_over_subsets_is_read() -> None:
    totals = word("draft:totals", "sum of the strengths of a subset", over="subsets")

    @totals.read_in(TwoLayerReLUWithSubsets)
    def _(net: Any) -> Any:
        return net.arithmetic.take(net.g, net.kind.groups("subsets", net.world), 1).sum(2)

    says = Eq(totals[T], k * mean(g[j], j, T))
    search = Search(Statement(KIND, (), says), ARENA, BRIEF, 0)
    assert search.run().admissible > 100
    assert search.found is None
    wrong = Search(Statement(KIND, (), Eq(totals[T], B * mean(g[j], j, T))), ARENA, BRIEF, 0)
    wrong.run()
    assert wrong.found is not None
