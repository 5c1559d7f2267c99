"""Claims that fail at single numbers in the middle of a huge box, or next to them: the search finds them, every time.

Beside them are true neighbours, of which it finds nothing.
"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from sympy import Abs, Integer, Max, Min, Ne, Rational, ceiling, exp, floor, log, sqrt

from properties.worlds.boxes import Box
from properties.worlds.placing import FAR
from symbolic import Span, crossover, decreasing, dominates, increasing, positive, reduces_to, word
from verify import claim, witness
from verify.appeal import UPHELD, Hearing
from verify.arena import Arena
from verify.draws import Draw
from verify.efforts import EFFORTS
from verify.needles import Needles
from verify.roots import compiled, grid, places
from verify.search import Search
from verify.shrink import Shrinker

N = word("needles:N", "a count", integer=True)
D = word("needles:D", "another count", integer=True)
x = word("needles:x", "a real number")
y = word("needles:y", "another one")

BIG, PAIR = Box({N: (1, 10**9)}), Box({N: (1, 10**9), D: (1, 10**9)})
REAL, PLANE = Box({x: (0, 1000)}), Box({x: (0, 1000), y: (0, 1000)})
NEAR_PI = Rational(355, 113)

NEEDLES: dict[str, tuple[Any, ...]] = {
    "a magnitude": (BIG, positive(Abs(N - 1237))),
    "a square": (BIG, positive((N - 1237) ** 2)),
    "a large number": (BIG, positive((N - 123456789) ** 2)),
    "a fraction": (REAL, positive((x - NEAR_PI) ** 2)),
    "a peak": (REAL, Max(0, 1 - 10**6 * Abs(x - NEAR_PI)) < 1),
    "a peak at an integer": (BIG, Max(0, 1 - Abs(N - 54321)) < 1),
    "a ceiling": (BIG, positive(1237 * ceiling(N / 1237) - N + (floor(N / 1237) - 777) ** 2)),
    "next to a power of e": (BIG, positive((log(N) - 7) ** 2 - Rational(2, 10**7))),
    "a logarithm": (REAL, positive((log(x + 1) - log(Rational(17, 3))) ** 2)),
    "two numbers": (PAIR, positive((N - 1237) ** 2 + (D - 54321) ** 2)),
    "a line": (PAIR, positive(Abs(N - 3 * D - 1))),
    "a line, and a number": (PAIR, positive((N - 1237) ** 2 + (D - N) ** 2)),
    "two hypotheses": (BIG, N <= 1236, N >= 1237, N <= 1237),
    "a root of a polynomial": (BIG, positive((N**2 - 1237**2) ** 2)),
    "a square, multiplied out": (BIG, positive(N**2 - 2474 * N + 1237**2)),
    "not equal": (BIG, Ne((N - 1237) * (N - 99991) * (N - 7777), 0)),
    "a root": (BIG, positive(Abs(sqrt(N) - 351))),
    "an inverse": (REAL, positive((1 / (x + 1) - Rational(7, 41)) ** 2)),
    "one of two": (BIG, positive(Min((N - 1237) ** 2, (N - 99991) ** 2))),
    "a product": (BIG, positive((N - 1237) ** 2 * (N - 99991) ** 2)),
    "a minimum and a maximum": (
        REAL, Min(x, NEAR_PI) + Max(x, NEAR_PI) > 2 * NEAR_PI - Abs(x - NEAR_PI)),
    "less than a half": (BIG, dominates((N - 1237) ** 2, Rational(1, 2))),
    "N log N": (BIG, positive((N * log(N) - 1237 * log(1237)) ** 2)),
    "the diagonal, at a fraction": (PLANE, positive((x - y) ** 2 + (x - NEAR_PI) ** 2)),
    "a relative distance": (BIG, dominates(Abs(N - 1237) / 1237, Rational(1, 2000))),
    "from an end": (
        BIG, positive(10**9 - 1237 - N + Rational(1, 2) + 10**10 * Min(1, Abs(N - 10**9 + 1236)))),
    "a crossover off by one": (BIG, crossover(N**2, 1236 * N + 1237, N, 1236)),
    "under a hypothesis": (PAIR, positive((D - 777777) ** 2), N >= D),
    "a sum": (PAIR, positive((N + D - 1237) ** 2)),
    "a product of two": (PAIR, positive((N * D - 1237 * 7) ** 2)),
    "between two near roots": (REAL, dominates((x - 1) * (x - 1 - Rational(1, 10**6)), 0)),
    "a fall over one number": (BIG, increasing(Max(0, N - Min(1, Abs(N - 54321))), N, strictly=True)),
    "a rise over one number": (BIG, decreasing(-N - 3 * Max(0, 1 - Abs(N - 54321)), N)),
}  # fmt: skip

TRUE: dict[str, tuple[Any, ...]] = {
    "at a half": (BIG, positive(Abs(2 * N - 2475))),
    "at no rational number": (BIG, positive((N**2 - 2) ** 2)),
    "touching": (BIG, dominates((N - 1237) ** 2, 0)),
    "beside a power of e": (BIG, positive((log(N) - 7) ** 2 - Rational(1, 10**8))),
    "the crossover itself": (BIG, crossover(N**2, 1236 * N + 1237, N, 1237)),
    "outside of the box": (Box({N: (1, 1236)}), positive(Abs(N - 1237))),
    "left out by a hypothesis": (PAIR, positive((D - 777777) ** 2), D <= 777776),
    "at an open end": (Box({x: Span(0, NEAR_PI, True, True)}), positive((x - NEAR_PI) ** 2)),
}


def made(name: str, box: Any, says: Any, *assuming: Any) -> Any:
    return claim(f"test/needles-{name.replace(' ', '-')}", "A needle.", given=box, says=says, assuming=list(assuming))


def searched(statement: Any, seed: int) -> Search:
    search = Search(statement, Arena(), EFFORTS["quick"], seed)
    search.run()
    return search


@pytest.mark.parametrize("name", NEEDLES)
def test_a_needle_is_found_whatever_the_seed(name: str) -> None:
    known = made(name, *NEEDLES[name])
    for seed in range(5):
        found = searched(known.statement, seed).found
        assert found is not None, seed
        assert found.ruling.ruling == UPHELD


@pytest.mark.parametrize("name", TRUE)
def test_nothing_is_found_of_a_true_neighbour(name: str) -> None:
    assert searched(made(name, *TRUE[name]).statement, 0).found is None


def test_there_are_many_needles() -> None:
    assert len(NEEDLES) >= 30


def test_a_needle_is_stored_and_replayed(tmp_path: Path) -> None:
    known = made("stored", *NEEDLES["two numbers"])
    search = searched(known.statement, 1)
    assert search.found is not None
    found = Shrinker(search)(search.found)
    assert Hearing(known.statement, found.world, found.draws).point == {"D": "54321", "N": "1237"}
    stored = witness.from_found(known, None, known.statement, found, {}, {})
    path = witness.write(tmp_path, stored)
    assert witness.read(path).rule(known.statement).refutes
    data = json.loads(path.read_text())
    for value in (FAR + 1, -FAR - 1):
        data["draws"]["needles:N at"]["values"] = value
        path.write_text(json.dumps(data))
        with pytest.raises(witness.WitnessError):
            witness.read(path).rule(known.statement)


@pytest.mark.parametrize("span", [(3, 50), (Rational(7, 2), exp(5)), Span(3, 50, True, True)])
@pytest.mark.parametrize("letter", [N, x])
def test_a_word_is_placed_in_its_span_or_not_at_all(span: Any, letter: Any) -> None:
    box = Box({letter: span})
    known = made("placed", box, positive(letter**2))
    search = Search(known.statement, Arena(), EFFORTS["quick"], 0)
    world = search.world({}, corner=box.exactly)
    inside = box.span(letter)
    assert inside is not None
    declared = search.screen.survey(world).draws
    for at, over, shift in ((7, 1, 0), (7, 2, 0), (3, 1, 0), (50, 1, 0), (500, 1, 0), (-7, 1, 0), (7, 0, 0),
                            (1, 3, 4), (FAR, FAR, 3), (1, 1, 900), (1, 1, -900)):  # fmt: skip
        given = {f"{letter.name} at": at, f"{letter.name} over": over, f"{letter.name} shift": shift}
        draws = {k: Draw((), low, high, torch.tensor([given.get(k, 0)])) for k, (_, low, high) in declared.items()}
        hearing = Hearing(known.statement, world, draws)
        assert not hearing.stray
        value = Fraction(hearing.point[letter.name.partition(":")[2]])
        assert inside.contains(value)
        assert value.denominator == 1 or not letter.is_integer
        number = Fraction(at, over) * Fraction(2) ** shift if over else None
        usable = number is not None and inside.contains(number) and (number.denominator == 1 or not letter.is_integer)
        assert not usable or value == number
        (part,) = search.screen.given(world, draws, 1)
        assert float(part.net.read(letter.name)[0]) == pytest.approx(float(value))


def test_roots_and_turning_points_are_found_at_all_scales() -> None:
    for part, there in (
        (N - 123456789, 123456789), ((N - 1237) ** 2, 1237), (log(N) - 7, 1096.633158),
        (floor(N / 1237) - 777, 961149),
        (N * log(N) - 20, 9.0703), (1 / N - Rational(1, 7), 7), (Max(N, 5000) - 5001, 5001),
        (exp(-N / 100) - exp(-3), 300),
    ):  # fmt: skip
        function = compiled(part)
        assert function is not None
        at, _ = places(function, N.name, grid(1.0, 1e9, 160), {})
        assert min(abs(at - there)) <= 1e-3 * there
    line = compiled(N - 3 * D - 1)
    assert line is not None
    at, lane = places(line, N.name, grid(1.0, 1e9, 48), {D.name: np.array([5.0, 1e4])})
    assert {(round(float(n)), int(k)) for n, k in zip(at, lane, strict=True)} == {(16, 0), (30001, 1)}


def test_numbers_of_a_sentence_come_with_those_next_to_them() -> None:
    needles = Needles.of(made("numbers", BIG, dominates(N, Integer(7)), N >= 4444).statement)
    assert needles is not None
    assert {7, 6, 8, 4444, 4443, 4445, 10**9} <= set(needles.numbers()[N.name])


def test_a_word_that_falls_out_is_not_asked_for() -> None:
    """In a special case the word that is given a number is read in no lane; the search runs to its end all the same."""
    made = claim("needles/falls-out", "", given=PLANE, says=reduces_to(y**2 + x, {x: 0}, y * y), source="none")
    search = Search(made.statement, Arena("cpu", "float64"), EFFORTS["quick"], 0)
    assert search.run().admissible > 0
    assert search.found is None
