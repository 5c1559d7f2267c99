"""Ceilings and floors at exact points are integers: appeals about them are decided, and what refutes shrinks."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from typing import Any

import mpmath as mp
import pytest
from sympy import Abs, Integer, Max, Min, Rational, ceiling, exp, floor, log, sqrt

from properties.worlds.boxes import Box
from symbolic import increasing, word
from verify import claim
from verify.appeal import Hearing
from verify.arena import Arena
from verify.efforts import EFFORTS
from verify.evaluate import Evaluator
from verify.exact import Exact
from verify.identities import equal
from verify.rationals import ExactArithmetic
from verify.search import Search
from verify.shrink import Shrinker

B = word("roundings:B", "a count", integer=True)
N = word("roundings:N", "another count", integer=True)
FAR = Box({B: (1, 10**9)})
bits = log(B) / log(2)


class Point:
    """A point at which words have given values, in exact arithmetic."""

    arithmetic = ExactArithmetic()
    count = 1

    def __init__(self, values: dict[str, Any]) -> None:
        self.values, self.kind, self.world = (
            values,
            FAR,
            Search(claim_of(B >= 1), Arena(), EFFORTS["quick"], 0).world({}),
        )

    def read(self, name: str) -> Exact:
        return self.arithmetic.constant(Fraction(self.values[name]), 1)


def claim_of(says: Any, box: Box = FAR) -> Any:
    number = claim_of.__dict__["made"] = claim_of.__dict__.get("made", 0) + 1
    return claim(f"test/rounding-{number}", "A rounding.", given=box, says=says).statement


def value(node: Any, **values: Any) -> Exact:
    found = Evaluator(Point({f"roundings:{name}": number for name, number in values.items()}))(node).array  # type: ignore[arg-type]
    assert isinstance(found, Exact)
    return found


@pytest.mark.parametrize("power", [0, 1, 2, 3, 10, 29, 62, 100, 1000])
def test_the_bits_of_an_integer_are_counted(power: int) -> None:
    for number, up, down in ((2**power, power, power), (2**power + 1, power + 1, power + (power == 0))):
        assert value(ceiling(bits), B=number).fraction(0) == up
        assert value(floor(bits), B=number).fraction(0) == down
    if power:
        assert value(floor(bits), B=2**power - 1).fraction(0) == power - 1


def test_exact_hits_are_seen_through_powers_roots_and_other_roundings() -> None:
    assert value(ceiling(3 * log(B) / log(10)), B=100).fraction(0) == 6
    assert value(ceiling(log(exp(3) * B) - log(B)), B=7).fraction(0) == 3
    assert value(floor(log(B**2 * 3) / log(9)), B=3**10).fraction(0) == 10
    assert value(ceiling(log(4 * ceiling(bits)) / log(2)), B=2**16).fraction(0) == 6
    assert value(floor(sqrt(B) * log(B) / log(4)), B=4**6).fraction(0) == 64 * 6
    assert value(ceiling(log(ceiling(bits) ** 2) / log(5)), B=2**25).fraction(0) == 4


def test_what_no_form_tells_is_told_by_more_bits() -> None:
    assert value(ceiling(10**200 * log(B)), B=3).to_rational() is not None
    assert value(floor(log(B + Rational(1, 10**90)) / log(2)), B=8).fraction(0) == 3
    assert value(floor(log(B - Rational(1, 10**90)) / log(2)), B=8).fraction(0) == 2
    assert value(ceiling(log(B + Rational(1, 10**90)) / log(2)), B=8).fraction(0) == 4


def test_roundings_agree_with_two_hundred_digits() -> None:
    r = random.Random(5)
    with mp.workdps(200):
        for _ in range(150):
            a, b = r.randrange(1, 50), r.randrange(2, 12)
            n = r.choice((r.randrange(1, 10**6), b ** r.randrange(1, 9)))
            argument = Rational(a) * log(B) / log(b)
            true = a * mp.log(n) / mp.log(b)
            whole = mp.nint(true)
            exact = abs(true - whole) < mp.mpf(10) ** -150
            for kind, of in ((ceiling, mp.ceil), (floor, mp.floor)):
                assert value(kind(argument), B=n).fraction(0) == int(whole if exact else of(true)), (a, b, n)


def test_a_number_that_cannot_be_told_stays_an_enclosure() -> None:
    found = value(ceiling(sqrt(2) * sqrt(3) - sqrt(6) + log(B) - log(B) + Max(0, log(B) - log(B))), B=3)
    assert found.to_rational() is None or found.fraction(0) in (0, 1)


def test_forms_of_long_integers_with_small_factors_are_told() -> None:
    none = lambda part: None  # noqa: E731
    assert equal(log(Integer(2) ** 500) / log(2), Integer(500), none)
    assert equal(log(Integer(6) ** 90 / 5**77), 90 * log(6) - 77 * log(5), none)
    assert not equal(log(Integer(2) ** 500 + 1) / log(2), Integer(500), none)
    assert not equal(log(Integer(10) ** 200 + 33), 200 * log(10), none)


FALSE = {
    "bits": increasing(ceiling(bits), B, strictly=True),
    "a multiple": increasing(N * ceiling(log(B * N)), B, strictly=True),
    "a root": increasing(sqrt(N) * ceiling(3 * log(B) / log(10)), B, strictly=True),
    "nested": increasing(ceiling(log(4 * ceiling(log(4 * B) / log(2))) / log(2)), B, strictly=True),
}
TRUE = {
    "a power above": 2 ** ceiling(bits) >= B,
    "above": ceiling(bits) >= bits,
    "below": floor(bits) <= bits,
    "of a power": ceiling(log(2 ** Min(B, 90)) / log(2)) <= Min(B, 90) + Abs(Min(0, B - 1)),
}


@pytest.mark.parametrize("name", [*FALSE, *TRUE])
def test_every_appeal_about_a_rounding_is_decided(name: str) -> None:
    statement = claim_of({**FALSE, **TRUE}[name], Box({B: (2, 10**9), N: (2, 10**9)}))
    search = Search(statement, Arena(), EFFORTS["quick"], 0)
    tally = search.run()
    assert tally.undecided == tally.unheard == 0
    assert (search.found is not None) == (name in FALSE)
    if search.found is not None:
        found = Shrinker(search)(search.found)
        point = Hearing(statement, found.world, found.draws).point
        assert all(int(number) <= 16 for number in point.values()), point
        assert math.prod(map(int, point.values())) <= 60
