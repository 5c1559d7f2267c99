"""Screening proposes what is so: floats enclose exact values, balls agree with the calculus, trees are confirmed."""

import math
import random

import pytest
import sympy as sp
from sympy import Abs, And, Max, Min, Rational, S, atan, ceiling, exp, floor, harmonic, log, oo, sqrt, tanh

from symbolic import ends
from symbolic.atoms import mean_decay
from symbolic.behaviour import decreasing, dominates, increasing, positive
from symbolic.calculus import Unproved, worked_out
from symbolic.certify import Uncovered, cover, cut_of
from symbolic.covering_check import Leaves, check_covering
from symbolic.coverings import Cut, boxes
from symbolic.intervals import Interval
from symbolic.words import word
from verify.arena import torch
from verify.kernels import CHUNK
from verify.proposals import BLOCK, Kernel, generations, propose, tree_of

W, r, L, N, delta, x, y = (word(f"screening:{name}", "a number") for name in ("W", "r", "L", "N", "delta", "x", "y"))
K = word("screening:K", "a count", integer=True)
bound = sqrt(W * r * L**2 * log(W * L * N) ** 3 / N) + sqrt(log(1 / delta) / N)
HALF = Rational(1, 2)


def I(low, high, open_low=False, open_high=False):  # noqa: E743
    return Interval(ends.of(S(low)), ends.of(S(high)), open_low, open_high or high == oo)


SIZES = {W: I(1, 10**6), r: I(1, 100), L: I(1, 100), N: I(30, 10**9), delta: I(Rational(1, 10**20), HALF)}
PAIR = {x: I(HALF, 4), y: I(HALF, 4)}

STATEMENTS = {
    "the bound": (decreasing(bound, N), SIZES),
    "the bound in its width": (increasing(bound, W), SIZES),
    "a sum of three": (decreasing(1 / x + y / x**2 + log(1 + x) / x**3, x), PAIR),
    "both signs": (increasing(x - y + x * y - log(x), x), PAIR),
    "functions": (increasing(atan(x) * y + tanh(x * y) - y, x), PAIR),
    "a kink": (increasing(Max(x, y) * Min(x, 1 / y), x), PAIR),
    "an exponential": (increasing(exp(x * y) - x, x), PAIR),
    "a power": (increasing(x**y + x ** Rational(5, 3), y), {x: I(2, 9), y: I(HALF, 4)}),
    "an order": (dominates(x**2 + y**2, 2 * x * y - x), PAIR),
    "a quotient": (dominates(exp(x), x), PAIR),
    "a sign": (positive((x - 2) ** 3 + (y - 2) ** 4 - (x - 3) ** 2 + 9), PAIR),
    "steps": (positive(ceiling(x) - floor(y) + harmonic(x) - mean_decay(y) + Abs(x - y)), PAIR),
    "a pole outside": (positive(1 / (x - 5) + 1 / (y - 5) + 3), PAIR),
}


def exact(goal, place):
    """What the kernel encloses for a goal, at a point, to thirty digits."""
    if isinstance(goal, (increasing, decreasing)):
        f, x = goal.function, goal.variable
        slope = sp.diff(f, x).subs(place) * place[x]
        signed = all(s == 1 for s in kernel_signs[f])
        value = slope / f.subs(place) if signed else slope
        return sp.N(value if isinstance(goal, increasing) else -value, 30)
    more, less = (goal.function, S.Zero) if isinstance(goal, positive) else goal.args
    if goal in quotients:
        return sp.N(sp.log(more.subs(place) / less.subs(place)), 30)
    return sp.N((more - less).replace(mean_decay, lambda u: (1 - exp(-u)) / u).subs(place), 30)


kernel_signs = {goal.function: [0] if name in ("both signs", "functions", "an exponential") else [1]
                for name, (goal, _) in STATEMENTS.items() if hasattr(goal, "function")}  # fmt: skip
quotients = {STATEMENTS["a quotient"][0]}


def drawn(domain, count, seed):
    """Boxes inside of a domain, and a point in each: random ones, ends among them."""
    numbers = random.Random(seed)
    tensor, places = torch().ones((len(domain), 2, count), dtype=torch().float64), []
    for number in range(count):
        place = {}
        for k, (symbol, within) in enumerate(domain.items()):
            low, high = (float(end.ball().mid()) for end in (within.low, within.high))
            cuts = sorted(low * (high / low) ** numbers.choice((0, 1, numbers.random())) for _ in range(2))
            tensor[k, 0, number], tensor[k, 1, number] = cuts[0], cuts[1]
            inside = numbers.choice((cuts[0], cuts[1], math.sqrt(cuts[0]) * math.sqrt(cuts[1])))
            place[symbol] = sp.Rational(min(max(inside, cuts[0]), cuts[1]))
        places.append(place)
    return tensor, places


@pytest.mark.parametrize("name", STATEMENTS)
def test_floats_enclose_exact_values(name):
    statement, domain = STATEMENTS[name]
    kernel = Kernel(statement, domain, threads=1)
    tensor, places = drawn(domain, 60, 7)
    low, high = kernel.enclosures(tensor)[0]
    assert low.isfinite().all()
    for number, place in enumerate(places):
        value = exact(statement, place)
        if value.is_real:  # a kink has no slope
            assert low[number].item() <= value <= high[number].item(), (place, value)


def test_threads_and_chunks_change_nothing():
    statement, domain = STATEMENTS["the bound"]
    tensor, _ = drawn(domain, 50, 3)
    many = tensor.repeat(1, 1, (2 * BLOCK + CHUNK // 2) // 50)
    alone = Kernel(statement, domain, threads=1).enclosures(tensor)
    for threads in (1, 2):
        shared = Kernel(statement, domain, threads=threads).enclosures(many)
        assert torch().equal(shared.reshape(1, 2, -1, 50), alone.unsqueeze(2).expand_as(shared.reshape(1, 2, -1, 50)))


def test_logarithms_stay_where_floats_end():
    far = {x: I(1, sp.exp(6336942)), N: I(3, oo)}
    kernel = Kernel(decreasing(log(x) ** 2 / N + x**3 / N**2, N), far, threads=1)
    near = torch().tensor([[2.0, 1e300], [3.0, 1e200]], dtype=torch().float64).unsqueeze(2)
    assert (kernel.enclosures(near)[0, 0] > 0).all()
    assert propose(dominates(exp(x), exp(x / 2) * x), {x: I(10, 10**6)}, 100) is not None


@pytest.mark.parametrize("name", STATEMENTS)
def test_what_balls_establish_the_calculus_does(name):
    statement, domain = STATEMENTS[name]
    leaves = Leaves(statement, list(domain), (), 10**6)
    pending, agreed = [leaves.root(domain)], 0
    for _ in range(12):
        box = pending.pop(0)
        own = leaves.domain(box)
        if leaves.holds(box):
            agreed += 1
            assert not isinstance(worked_out(statement, own), Unproved), own
        symbol = max(own, key=lambda s: float((own[s].high.ball() / own[s].low.ball()).log()))
        pending += leaves.parts(box, symbol, cut_of(own[symbol], False, False))
    assert agreed or name not in ("the bound", "the bound in its width", "a sum of three")


def test_balls_establish_leaves_of_coverings():
    found = cover(*HARD, most=8, propose=propose)
    leaves = Leaves(found.statement, list(found.domain), (), 0)  # no work is allowed beyond them
    spans = [leaves.root(box) for box in boxes(found)]
    assert all(map(leaves.holds, spans))
    check_covering(found, most=0)


HARD = decreasing(bound, N), {**SIZES, N: I(14, 10**9), r: I(1, 50), delta: I(Rational(1, 10**20), Rational(1, 10**10))}


def test_a_proposal_covers_where_few_boxes_do_not():
    assert isinstance(cover(*HARD, most=8), Uncovered)
    found = cover(*HARD, most=8, propose=propose)
    assert not isinstance(found, Uncovered), found.reason
    check_covering(found)
    assert found.leaves > 8


def test_integers_are_cut_between_their_values():
    found = cover(positive((2 * K - 5) ** 2 * log(K + 1)), {K: I(1, 10**6)}, most=1, propose=propose)
    assert not isinstance(found, Uncovered), found.reason
    spans = [box[K] for box in boxes(found)]
    assert [(str(s.low), str(s.high)) for s in spans][:2] == [("1", "2"), ("3", "3")] or len(spans) > 1


def test_generations_end_where_the_boxes_are_too_many():
    kernel = Kernel(positive(x * log(x) - x + 1), {x: I(HALF, 3)}, threads=1)
    found, decided = generations(kernel, [False], 100)
    assert not decided
    assert found
    assert propose(positive(x * log(x) - x + 1), {x: I(HALF, 3)}, 100) is None


def test_a_tree_has_the_cuts_of_its_generations():
    kernel = Kernel(*HARD, threads=1)
    found, decided = generations(kernel, [False] * 5, 1000)
    assert decided
    tree = tree_of(found, kernel.symbols)
    cuts = sum(int((~generation.at.isnan()).sum()) for generation in found)
    assert isinstance(tree, Cut)
    assert cuts + 1 == cover(*HARD, most=8, propose=lambda *_: tree).leaves


def test_statements_without_a_kernel_have_no_proposal():
    assert propose(positive(sp.Function("f")(x)), {x: I(1, 2)}, 10) is None
    assert propose(And(positive(x), sp.Eq(x, x + 1, evaluate=False), evaluate=False), {x: I(1, 2)}, 10) is None


@pytest.mark.parametrize(
    ("statement", "domain", "point"),
    [
        (positive(x**2 - 2 * x + 1), {x: I(0, 3)}, "x = 1"),
        (dominates(x * log(x), x - 1), {x: I(HALF, 3)}, "x = 1"),
        (dominates(exp(x - HALF), x + HALF), {x: I(0, 3)}, "x = 1/2"),
    ],
)
def test_where_two_sides_touch_is_named(statement, domain, point):
    found = cover(statement, domain)
    assert found.touching
    assert f"touch at screening:{point}" in found.reason or f"touch at {point}," in found.reason


def test_a_cut_of_many_decades_is_inside():
    for low, high in ((14, 10**9), (1, 10**30), (Rational(1, 10**20), HALF)):
        assert low < cut_of(I(low, high), False, False) < high
