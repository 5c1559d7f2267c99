"""Boxes: what is drawn lies inside and covers, readings agree in all arithmetics, and functions are valued rightly."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
import torch
from sympy import Integer, Max, Min, Rational, ceiling, exp, floor, harmonic, log, oo, sqrt

from properties.worlds.boxes import STEPS, TURNS, Box
from symbolic import Span, another, size, word
from symbolic.spans import SpanError
from verify import ClaimError, claim
from verify.arena import arenas
from verify.draws import Draw, Generated, Given
from verify.evaluate import Evaluator
from verify.exact import Exact, compare
from verify.identities import equal
from verify.lanes import LaneArithmetic
from verify.powers import power
from verify.rationals import ExactArithmetic
from verify.worlds import KindError, Lanes, World

N = word("boxes:N", "samples", integer=True, nonnegative=True)
x = word("boxes:x", "a real")
y = word("boxes:y", "a real from 0 on", nonnegative=True)
k = size("boxes:k", "a size")
another(N), another(x), another(y)

SPANS: tuple[tuple[Any, Any], ...] = (
    (N, (1, 10**9)), (N, (1, 5)), (N, (2, 19)), (N, (3, oo)), (N, Span(0, 9, True, True)), (k, (1, oo)),
    (y, ("1e-9", "1/2")), (y, Span(0, 1, True, True)), (y, (0, oo)), (y, (2, 2)), (y, ("0.1", 10)),
    (y, Span("1/3", exp(2) / 2, True, True)), (y, (exp(1), 100)), (y, (1, 10**18)),
    (y, (Fraction(1, 3), Rational(2, 3))), (x, (-5, 7)), (x, (-7, -5)), (x, (-3, 0)), (x, (-1, oo)),
)  # fmt: skip
ARENA = arenas("cpu", "float64")[0]
COUNT = 4000


def lanes(box: Box, corner: str = "") -> Lanes:
    return Lanes(box, World((), corner=corner), LaneArithmetic(ARENA), Generated(ARENA, 5, 0, COUNT, None, False))


def exactly(net: Lanes, lane: int) -> Lanes:
    draws = {n: Draw(d.axes, d.low, d.high, d.values[lane : lane + 1]) for n, d in net.draws.items()}
    return Lanes(net.kind, net.world, ExactArithmetic(), Given(draws, 1))


@pytest.mark.parametrize("corner", ["", *Box.corners])
@pytest.mark.parametrize("number", range(len(SPANS)))
def test_draws_are_inside_and_all_arithmetics_agree(number: int, corner: str) -> None:
    known, span = SPANS[number]
    second = another(known)
    box = Box({known: span})
    net = lanes(box, corner)
    near, above = net.read(known.name), net.read(second.name)
    inside = box.span(known)
    for lane in range(0, COUNT, 40 if not corner else 400):
        exact = exactly(net, lane)
        value, other = exact.read(known.name).fraction(0), exact.read(second.name).fraction(0)
        assert inside is not None
        assert inside.contains(value)
        assert inside.contains(other)
        assert value <= other
        assert not known.is_integer or value.denominator == other.denominator == 1
        for found, number_ in ((value, near[lane]), (other, above[lane])):
            assert abs(Fraction(float(number_)) - found) <= abs(found) * Fraction(1, 2**51)


def test_draws_cover_decades_ends_and_small_integers() -> None:
    values = set(lanes(Box({N: (1, 10**9)})).read(N.name).tolist())
    assert {1, 2, 3, 4, 5, 10**9, 10**9 - 1} <= values
    assert all(any(10**e <= v < 10 ** (e + 1) for v in values) for e in range(9))
    assert set(lanes(Box({N: (1, 5)})).read(N.name).tolist()) == {1, 2, 3, 4, 5}
    small = lanes(Box({y: ("1e-9", "1/2")})).read(y.name).tolist()
    assert {1e-9, 0.5} <= set(small)
    assert all(any(10.0**e <= v < 10.0 ** (e + 1) for v in small) for e in range(-9, 0))
    inner = lanes(Box({y: Span(0, 1, True, True)})).read(y.name)
    assert bool(((inner > 0) & (inner < 1)).all())
    assert float(inner.min()) * 10**9 < 1
    assert float((1 - inner).min()) * 10**9 < 1


def test_draw_zero_is_the_simplest_point() -> None:
    net = lanes(Box({N: (7, 10**9), y: (2, 10)}))
    net.read(N.name), net.read(y.name)
    zero = {n: Draw(d.axes, d.low, d.high, d.values[:1] * 0) for n, d in net.draws.items()}
    plain = Lanes(net.kind, net.world, ExactArithmetic(), Given(zero, 1))
    assert (plain.read(N.name).fraction(0), plain.read(y.name).fraction(0)) == (7, 2)


def test_corners_are_at_the_ends() -> None:
    net = lanes(Box({N: (1, 10**9), y: (2, 10)}), *Box.corners)
    first, second, _ = net.read(N.name), net.read(y.name), net.read(another(y).name)
    steps = net.draws[f"{another(y).name} step"].values
    low, high, one, near, beside = (torch.arange(COUNT) % TURNS == turn for turn in range(TURNS))
    assert {(float(a), float(b)) for a, b in zip(first[low], second[low], strict=True)} == {(1, 2)}
    assert {(float(a), float(b)) for a, b in zip(first[high], second[high], strict=True)} == {(10**9, 10)}
    at_ends = torch.stack([first[one] == 10**9, second[one] == 10])
    assert bool(at_ends.any(0).all())
    assert bool((at_ends.sum(1) > 1).all())
    assert bool((first[near] <= 1 + STEPS).all())
    assert bool((first[near] == 1 + STEPS).any())
    assert set(steps[beside].tolist()) == {0, 1}
    assert int(steps[low].max()) == STEPS


def test_a_box_prints_the_same_whatever_the_order() -> None:
    first = Box({N: (1, 9), y: ("1/2", oo)})
    assert str(first) == str(Box({y: (Rational(1, 2), oo), N: (1, 9)})) == "Box(boxes:N: [1, 9], boxes:y: [1/2, oo))"
    assert first == Box({y: (Rational(1, 2), oo), N: (1, 9)})
    assert Box(N=(1, 2)).span(N) == Span(1, 2)
    assert Box(N=(1, 2)).span(another(N)) == Span(1, 2)


WRONG: dict[str, Callable[[], Any]] = {
    "N: the span from 2 to 1 is empty": lambda: Box(N=(2, 1)),
    "y: the end 'a' of a span is no number": lambda: Box(y=("a", 1)),
    "y: the end 0.5 of a span is no number": lambda: Box(y=(0.5, 1)),
    "N: 3 is no span": lambda: Box(N=3),
    "y (boxes:y) is declared nonnegative, and its span is [-1, 1]": lambda: Box({y: (-1, 1)}),
    "N (boxes:N) is declared an integer, and its span (1, 2) holds none": lambda: Box({N: Span(1, 2, True, True)}),
    "k (boxes:k) is a size": lambda: Box({k: (0, 4)}),
    "has no lower end": lambda: Box(x=(-oo, 1)),
    "a span for each of its words": lambda: Box(),
    "has words as keys": lambda: Box({1: (1, 2)}),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_domain_is_refused_in_one_sentence(what: str) -> None:
    with pytest.raises(KindError, match=re.escape(what)) as refused:
        WRONG[what]()
    assert "\n" not in str(refused.value)


def test_a_word_outside_of_the_box_is_an_error_when_the_claim_is_made() -> None:
    with pytest.raises(ClaimError, match=r"Box cannot read x \(boxes:x\); it reads N"):
        claim("test/outside", "x is not in the box.", given=Box({N: (1, 9)}), says=x <= N)
    with pytest.raises(KindError, match=r"y \(boxes:y\) is declared nonnegative"):
        claim("test/negative", "y may not be negative.", given=Box(y=(-1, 1)), says=y <= 1)
    with pytest.raises(SpanError, match="is empty"):
        Span(2, 1)


# -- evaluation ----------------------------------------------------------------------------------------------------

EXPRESSIONS = (
    log(y) / sqrt(y), exp(-y), y ** Rational(2, 3), y ** (2 * y / (y + 2)), floor(N / 3), ceiling(N / 3), harmonic(N),
    Max(N, y) - Min(N, 3), log(1 + y) * N ** Rational(-5, 4), (N / (N + 1)) ** N,
)  # fmt: skip


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=str)
def test_lanes_are_within_their_allowance_of_exact_values(expression: Any) -> None:
    net = lanes(Box({N: (1, 10**6), y: ("1/7", 50)}))
    near = Evaluator(net, ARENA.allowance(16))(expression)
    slack = ARENA.allowance(16) * torch.as_tensor(near.scale, dtype=torch.float64).expand(COUNT)
    for lane in range(0, COUNT, 80):
        exact = float(Evaluator(exactly(net, lane))(expression).array.approximate()[0])
        assert abs(float(near.array[lane]) - exact) <= float(slack[lane]) + abs(exact) * ARENA.roundoff


def test_the_allowance_of_a_logarithm_is_not_that_of_its_argument() -> None:
    net = lanes(Box({N: (10**17, 10**18)}))
    assert float(torch.as_tensor(Evaluator(net, ARENA.allowance(16))(log(N)).scale).max()) < 100


def test_a_value_beyond_floats_is_undefined_on_lanes_and_enclosed_exactly() -> None:
    net = lanes(Box({N: (10**6, 10**7)}))
    assert bool(Evaluator(net)(exp(N)).array.isinf().all())
    enclosed = Evaluator(exactly(net, 0))(exp(N) / exp(N + 1)).array
    assert compare(enclosed, 1)[0] == -1


def number(value: Any) -> Exact:
    return Exact.fractions([Fraction(value)])


POWERS = (
    (8, Fraction(2, 3), "4"), (Fraction(4, 9), Fraction(-1, 2), "3/2"), (0, 0, "1"), (0, 2, "0"), (0, -1, "undefined"),
    (-2, Fraction(1, 2), "undefined"), (-2, 3, "-8"), (-1, 10**12 + 1, "-1"), (1, Fraction(1, 10**20), "1"),
)  # fmt: skip


@pytest.mark.parametrize(("base", "exponent", "text"), POWERS)
def test_powers_are_rational_where_they_can_be(base: Any, exponent: Any, text: str) -> None:
    assert power(number(base), number(exponent)).tolist() == [text]


def test_long_powers_are_enclosed() -> None:
    assert "+301029995663" in power(number(2), number(10**12)).tolist()[0]


def test_logarithms_of_one_and_exponentials_of_zero_are_exact() -> None:
    assert compare(number(1).log(), 0)[0] == 0
    assert compare(number(0).exp(), 1)[0] == 0


def test_equal_logarithms_are_seen_to_be_equal_and_others_are_not() -> None:
    value = {x: Fraction(6), y: Fraction(4, 9)}.get
    assert equal(log(x), log(2) + log(3), value)
    assert equal(sqrt(log(x) * 2 + 3) / sqrt(y), Rational(3, 2) * sqrt(3 + log(36)), value)
    assert equal(x ** Rational(1, 3) * x ** Rational(2, 3), Integer(6), value)
    assert equal(exp(log(x) / 2), sqrt(Integer(6)), value)
    assert not equal(log(x), log(x) + Rational(1, 10**9), value)
    assert not equal(sqrt((log(y)) ** 2), log(y), value)
    assert not equal(Integer(1), Integer(2), value)
