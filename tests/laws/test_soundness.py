"""The benchmark of soundness at few points: rows, operations and the leaf checker against values of two hundred digits.

``benchmarks/soundness.py`` makes the same comparisons at 100,000 points each; here is also that it would see a fault.
"""

import random
import sys
from pathlib import Path

import mpmath as mp
import pytest
import sympy as sp
from flint import arb, fmpq

from symbolic import balls, ends, leaves
from symbolic.atoms import ROWS
from symbolic.ends import DOWN, End
from symbolic.intervals import Interval, point

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))  # scripts, which import one another by name

import soundness
import soundness_points as sampled
import soundness_values as compared


@pytest.fixture(autouse=True)
def digits():
    with mp.workdps(sampled.DIGITS[0]):
        yield


def test_every_row_is_compared():
    assert {f.__name__ for f in ROWS} < set(compared.TRUE)
    for function, row in ROWS.items():
        said = {q for q in ("value", "slope", "elasticity", "ratio") if getattr(row, q) is not None}
        assert said == set(compared.TRUE[function.__name__]), function


@pytest.mark.parametrize("name", compared.CHECKS)
def test_no_value_is_outside_of_its_enclosure(name):
    found = soundness.compare(name, 600 if name == "leaf checker" else 200, 20)
    assert not found.fault
    for quantity, count in found.counts.items():
        assert count.compared >= 200, quantity
        assert count.beyond, quantity


@pytest.mark.parametrize("start", [start for start, _ in compared.MISSED])
def test_the_exponential_holds_where_that_of_mpmath_does_not(start):
    exact = fmpq(*start.as_integer_ratio())
    dyadic = End(point=arb(start))
    true = mp.exp(mp.mpf(start))
    made = leaves._Compiled([compared.x]).range(sp.exp(compared.x))
    for found in (
        Interval(dyadic, dyadic).exponential(),
        point(exact).exponential(),
        compared._side(made, (leaves.Span(point(exact)),)),
    ):
        assert sampled.holds(found, true)
        width = sampled.number(found.high) - sampled.number(found.low)
        assert width <= mp.ldexp(true, -30), "and is close to it"


@pytest.mark.parametrize("name", ["exp", "log", "atan", "tanh", "arithmetic", "missed by mpmath"])
def test_a_rounding_to_nearest_is_seen(name, monkeypatch):
    def nearest(compute, towards):
        ball = compute().mid()
        return End(point=ball) if ball.is_finite() else End(infinite=towards)

    monkeypatch.setattr(ends, "outward", nearest)
    fault = soundness.compare(name, 2000, 0).fault
    assert "is not in" in fault


def test_a_leaf_checker_without_radii_is_seen(monkeypatch):
    def bare(value):
        whole = balls.exponential(value)
        return lambda box: tuple(end.mid() for end in whole(box))

    monkeypatch.setattr(leaves, "exponential", bare)
    assert soundness.compare("leaf checker", 2000, 0).fault.startswith("leaf checker, ")


def test_an_end_that_is_attained_and_called_open_is_seen():
    one = ends.exact(1)
    closed, half = Interval(ends.ZERO, one), Interval(ends.ZERO, one, False, True)
    assert sampled.missed(closed, lambda x: x, (one,)) == (False, 1)
    assert sampled.missed(half, lambda x: x, (one,)) == (True, 1)
    near = 1 - mp.mpf(10) ** -190
    assert sampled.missed(half, lambda x: x, (near,))[0] is False
    beyond = End(point=arb((1, 1100)))
    assert sampled.missed(Interval(one, beyond), lambda x: 2 * x, (beyond,))[0] is True


def test_values_that_do_not_exist_are_outside_and_those_that_say_nothing_are_not_counted():
    everything = compared.POSITIVE.hull(-compared.POSITIVE)
    assert sampled.missed(everything, compared.TRUE["log"]["value"], (-ends.ONE,))[0] is True
    assert sampled.missed(everything, compared.TRUE["log"]["elasticity"], (ends.ONE,))[0] is None


def test_points_lie_in_their_intervals():
    r = random.Random(4)
    for _ in range(300):
        within = sampled.some_interval(r)
        for x in sampled.points(r, within):
            assert sampled.missed(within, lambda x: x, (x,))[0] is False
    rounded = ends.outward(lambda: arb(1) / 3, DOWN)
    assert len(sampled.points(r, Interval(rounded, rounded))) == 1


@pytest.mark.parametrize("u", ["1/7", "1/5000", "63", "1e40"])
def test_the_harmonic_numbers_that_rows_are_compared_with_are_those_of_mpmath(u):
    at = mp.mpf(u.partition("/")[0]) / mp.mpf(u.partition("/")[2] or 1)
    value, slope = compared.harmonic(at, sampled.DIGITS[0])
    assert abs(value - mp.harmonic(at)) < mp.mpf(10) ** -190
    assert abs(slope - mp.psi(1, at + 1)) < mp.mpf(10) ** -190
