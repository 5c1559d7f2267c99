"""True claims that the calculus establishes on the parts of a box: they are covered, rechecked and read back."""

import json
from itertools import pairwise

import pytest
from sympy import And, Lt, Rational, S, exp, log, oo, sqrt

from symbolic import ends
from symbolic.behaviour import decreasing, dominates, increasing, positive
from symbolic.certify import Uncovered, cover
from symbolic.covering_check import check_covering
from symbolic.coverings import Covering, Cut, boxes, empty
from symbolic.intervals import Interval
from symbolic.words import word
from verify.recheck import replay

x, y = (word(f"coverings:{letter}", "a number") for letter in "xy")
N, D = (word(f"coverings:{letter}", "a count", integer=True) for letter in "ND")
HALF = Rational(1, 2)
bowl = x**2 - 2 * x + Rational(11, 10)
dip = x * log(x) - x + Rational(11, 10)


def I(low, high, open_low=False, open_high=False):  # noqa: E743
    return Interval(ends.of(S(low)), ends.of(S(high)), open_low, open_high or high == oo)


TRUTHS = {
    "a bowl": (positive(bowl), {x: I(HALF, 10)}),
    "a bowl without an end, as a sum": (positive(bowl), {x: I(0, oo)}),
    "a bowl that touches": (dominates(x**2 - 2 * x + 1, S(0)), {x: I(0, 3)}),
    "a bowl above 0 but for its open end": (positive(x**2 - 2 * x + y), {x: I(0, oo), y: I(1, oo, True)}),
    "a bowl that touches at an open end": (positive(x**2 - 2 * x + 1), {x: I(1, 3, True)}),
    "a dip": (positive(dip), {x: I(HALF, 10)}),
    "two dips": (positive(dip + y * log(y) - y + 2), {x: I(HALF, 4), y: I(HALF, 4)}),
    "a bowl on open ends": (positive(bowl), {x: I(0, 10, True, True)}),
    "a bowl without an end above": (positive(x * (x - 2) + Rational(11, 10)), {x: I(HALF, oo)}),
    "a bowl without an end below": (positive(bowl), {x: I(-oo, 10, True)}),
    "a bowl below 0": (positive(x * (x + 2) + Rational(11, 10)), {x: I(-oo, -HALF, True)}),
    "two bowls": (positive(bowl + y**2 - 2 * y + 2), {x: I(HALF, 4), y: I(HALF, 4)}),
    "an order": (dominates(x**2 + 1, 2 * x - Rational(1, 10)), {x: I(0, 10)}),
    "a strict order": (Lt(2 * x - Rational(1, 10), x**2 + 1, evaluate=False), {x: I(0, 10)}),
    "falls from the seventh integer": (decreasing(log(N) / sqrt(N), N), {N: I(7, oo)}),
    "falls strictly from the seventh": (decreasing(log(N) / sqrt(N), N, strictly=True), {N: I(7, oo)}),
    "its negative rises": (increasing(-log(N) / sqrt(N), N), {N: I(7, oo)}),
    "falls from the third": (decreasing(log(N) / N, N), {N: I(3, 100)}),
    "not 0 at integers": (positive((2 * N - 5) ** 2), {N: I(1, 20)}),
    "not 0 at the lowest two": (positive((2 * N - 3) ** 2), {N: I(1, 2)}),
    "not 0 at negative integers": (positive((2 * N + 3) ** 2), {N: I(-20, -1)}),
    "two goals": (And(positive(bowl), decreasing(log(N) / sqrt(N), N), evaluate=False), {x: I(HALF, 2), N: I(7, oo)}),
    "two variables": (And(increasing(bowl * N, N), decreasing(1 / x + N, x), evaluate=False),
                      {x: I(HALF, 3), N: I(1, 3)}),
    "under a condition": (positive(N - D + 20 * D / N), {N: I(1, 20), D: I(1, 20)}, [N >= D / 2]),
    "with a bowl under a condition": (And(positive(bowl), dominates(2 * N, D), evaluate=False),
                                      {x: I(HALF, 3), N: I(1, 9), D: I(1, 9)},
                                      [N >= D / 2]),
}  # fmt: skip


def parts(name):
    statement, domain, hypotheses = (*TRUTHS[name], ())[:3]
    return statement, domain, tuple(hypotheses)


@pytest.mark.parametrize("name", TRUTHS)
def test_a_truth_is_covered_checked_and_read_back(name):
    found = cover(*parts(name))
    assert not isinstance(found, Uncovered), (found.reason, found.box)
    check_covering(found)
    back = Covering.from_json(json.dumps(found.to_json()))
    assert back.to_json() == found.to_json()
    assert replay(found.to_json()).statement == found.statement
    assert found.leaves == len(found.lines()) == len(list(boxes(back)))


def test_a_claim_that_needs_cuts_has_them():
    for name in ("a dip", "falls from the seventh integer", "not 0 at the lowest two", "two dips"):
        assert isinstance(cover(*parts(name)).tree, Cut), name


def test_the_order_of_two_neighbours_is_by_values():
    found = cover(*parts("falls from the seventh integer"))
    assert "[7, 8]" in [str(box[N]) for box in boxes(found)]  # up to e**2 the function of the reals rises


def test_boxes_outside_of_the_hypotheses_are_left_out():
    statement, domain = dominates(x, y), {x: I(1, 64), y: I(1, 64)}
    found = cover(And(statement, positive(dip), evaluate=False), domain, (x >= 2 * y,))
    check_covering(found)
    outside = [empty(box, found.hypotheses) for box in boxes(found)]
    assert any(outside)
    assert not all(outside)
    assert sum("no point meets the hypotheses" in line for line in found.lines()) == sum(outside)


def test_an_integer_is_cut_between_its_values_and_a_real_number_at_one():
    for name, gap in (("not 0 at integers", 1), ("a dip", 0), ("falls from the seventh integer", 0)):
        found = cover(*parts(name))
        symbol = found.tree.symbol
        spans = [box[symbol] for box in boxes(found)]
        assert all(b.low.rational == a.high.rational + gap for a, b in pairwise(spans)), name


def test_what_it_rests_on_says_which_symbols_are_integers():
    assert cover(*parts("two goals")).rests_on[0] == "x in [1/2, 2]"
    assert "N an integer in [7, oo)" in cover(*parts("two goals")).rests_on


def test_few_boxes_are_not_enough():
    assert isinstance(cover(*parts("a dip"), most=1), Uncovered)


def test_a_part_without_values_is_told_from_one_with_them():
    assert not isinstance(cover(increasing(exp(-1 / N) * (1 - 1 / N), N), {N: I(1, 9)}), Uncovered)
