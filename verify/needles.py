"""Needles: points at single numbers, where a statement may fail and nowhere near.

The numbers that a sentence, its hypotheses and its box name, the places at which parts of it change sign or turn
(``verify/roots.py``), and rational numbers next to those are tried exactly: each word alone, with the others anywhere;
all words together; two values of one word at neighbouring numbers; and each word where a part of the sentence is 0 with
the others where they are.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise, product, zip_longest
from typing import Any

import sympy as sp

from symbolic.behaviour import value_of
from symbolic.spans import Span
from symbolic.words import DICTIONARY
from verify.arena import Arena
from verify.claims import Statement
from verify.draws import Draw, Given, MissingDraw
from verify.landmarks import differences
from verify.lanes import LaneArithmetic
from verify.roots import compiled, grid, places
from verify.screen import Screen
from verify.worlds import Lanes, World

FINE, COARSE = 96, 32
"""Points of a grid at each end of a span: of an expression in one word, and in more."""

PARTS, JOINT = 8, 4
"""Parts of a sentence that are looked at, the first ones, and of those the ones in several words."""

NUMBERS = 24
"""Numbers of one word that are tried."""

LANES, ALONE, TOGETHER, SOLVED = 480, 20, 96, 24
"""Lanes in which one word is placed, of each number, in which all are, and for which a part is solved for a word."""

DENOMINATORS = (1, 16, 1000, 10**6)
"""The rational numbers next to a float are those with denominators up to these."""

CLOSE = 2.0**-20
"""How far from a float they are at most, relatively: at a turning point half of the digits are lost."""

Point = dict[str, Fraction]


@dataclass(frozen=True)
class Needles:
    """Points for one statement; ``spans`` are those of its words, by full name, but for other values of one."""

    statement: Statement
    spans: dict[str, Span]

    @classmethod
    def of(cls, statement: Statement) -> Needles | None:
        """Those of a statement about numbers in a box; None for another kind."""
        names = sorted(n for n in statement.words() if statement.given.exactly)
        spans = {name: statement.given.span(name) for name in names if value_of(name) is None}
        known = {name: found for name, found in spans.items() if found is not None}
        return cls(statement, known) if known else None

    @property
    def parts(self) -> list[Any]:
        """What is 0 where the statement turns, without other values of a word: a few, those in one word first."""
        sentences = (self.statement.says, *self.statement.premises)
        found = dict.fromkeys(sp.Add(*terms) for sentence in sentences for terms in differences(sentence))
        own = [e for e in found if e.free_symbols and {s.name for s in e.free_symbols} <= set(self.spans)]
        return sorted(own, key=lambda e: len(e.free_symbols))[:PARTS]

    def numbers(self) -> dict[str, list[Fraction]]:
        """For each word the numbers to try, in its span: where parts in it alone turn, then those that are named."""
        named = [n for s in (self.statement.says, *self.statement.premises) for n in _constants(s)]
        turning: dict[str, list[Fraction]] = {}
        for name, span in self.spans.items():
            own = [_alone(part, name, span) for part in self.parts if {s.name for s in part.free_symbols} == {name}]
            # A part that turns often leaves room for the others.
            turning[name] = [n for ranked in zip_longest(*own) for n in ranked if n is not None]
        ends = [Fraction(int(e.p), int(e.q)) for s in self.spans.values() for e in (s.low, s.high) if e.is_Rational]
        made = {}
        for name, found in turning.items():
            around = [near for n in (*named, *ends) for near in _around(n, DICTIONARY[name].integer)]
            between = [(a + b) / 2 for a, b in pairwise(sorted(found[: NUMBERS // 3])) if a < b]
            listed = dict.fromkeys((*found, *between, *around))
            made[name] = [n for n in listed if self._usable(name, n)][:NUMBERS]
        return made

    def together(self, numbers: dict[str, list[Fraction]]) -> list[Point]:
        """Points of which every word is at one of its numbers, the first ones of each first."""
        most = max(2, int(TOGETHER ** (1 / len(self.spans))))
        chosen = [[(name, n) for n in listed[:most]] for name, listed in numbers.items() if listed]
        return [dict(point) for point in product(*chosen)][:TOGETHER] if len(chosen) > 1 else []

    def solved(self, lanes: dict[str, Any]) -> Iterator[tuple[int, str, Fraction]]:
        """(lane, word, number): where parts in several words are 0 or turn, with the others where lanes have them."""
        for part in [part for part in self.parts if len(part.free_symbols) > 1][:JOINT]:
            words = sorted(s.name for s in part.free_symbols if s.name in lanes)
            if len(words) < len(part.free_symbols):
                continue
            function = compiled(part)
            for name in words if function is not None else ():
                others = {other: lanes[other] for other in words if other != name}
                points = grid(*_floats(self.spans[name]), COARSE)
                assert function is not None
                at, which = places(function, name, points, others)
                for number, lane in zip(at.tolist(), which.tolist(), strict=True):
                    for near in _beside(number, DICTIONARY[name].integer):
                        if self._usable(name, near):
                            yield lane, name, near

    def rounds(self, screen: Screen, world: World) -> Iterator[tuple[dict[str, Draw], int]]:
        """Lanes of a world in which words can be placed: their draws and how many, twice."""
        numbers = self.numbers()
        alone = [{name: number} for name, listed in numbers.items() for number in listed]
        for name in sorted(self.statement.words() - set(self.spans)):
            first = value_of(name) or name
            alone += [{first: less, name: more} for less, more in pairwise(sorted(numbers.get(first, [])))]
        times = max(1, min(ALONE, LANES // max(1, len(alone))))
        points = [*(point for point in alone for _ in range(times)), *self.together(numbers)]
        count = max(len(points), SOLVED)
        draws = screen.drawn(world, 0, count)
        place = self.statement.given.placing
        placed(draws, list(enumerate(points)), place)
        yield draws, count
        chosen = [count * k // SOLVED for k in range(SOLVED)]
        base = {k: Draw(d.axes, d.low, d.high, d.values[chosen].cpu()) for k, d in draws.items()}
        net = Lanes(self.statement.given, world, LaneArithmetic(Arena("cpu", "float64")), Given(base, SOLVED))
        solved = list(self.solved(_readings(net, self.spans)))[:LANES]
        if solved:
            lanes = [lane for lane, _, _ in solved]
            made = {k: Draw(d.axes, d.low, d.high, d.values[lanes]) for k, d in base.items()}
            placed(made, [(k, {name: number}) for k, (_, name, number) in enumerate(solved)], place)
            device = screen.arena.device
            yield {k: Draw(d.axes, d.low, d.high, d.values.to(device)) for k, d in made.items()}, len(solved)

    def _usable(self, name: str, number: Fraction) -> bool:
        return self.spans[name].contains(number) and (number.denominator == 1 or not DICTIONARY[name].integer)


def _readings(net: Lanes, names: Iterable[str]) -> dict[str, Any]:
    """The words that lanes have, by name: one that falls out where the sentence is spelled out is not drawn."""
    found = {}
    for name in names:
        with suppress(MissingDraw):
            found[name] = net.read(name).numpy()
    return found


def placed(draws: dict[str, Draw], points: list[tuple[int, Point]], place: Callable[[str, Fraction], Any]) -> None:
    """Put words at numbers, by lane, in the draws of lanes."""
    known: dict[tuple[str, Fraction], dict[str, int]] = {}
    for lane, point in points:
        for word, number in point.items():
            if (word, number) not in known:
                known[word, number] = place(word, number)
            for name, value in known[word, number].items():
                if name in draws:
                    draws[name].values[lane] = value


def _constants(sentence: Any) -> Iterator[Fraction]:
    for number in sorted(sentence.atoms(sp.Rational), key=lambda q: (-abs(q), q)):
        yield Fraction(int(number.p), int(number.q))


def _around(number: Fraction, integer: bool) -> list[Fraction]:
    if integer:
        low, high = math.floor(number), math.ceil(number)
        return [Fraction(k) for k in dict.fromkeys((low, high, low - 1, high + 1))]
    return [number, number * Fraction(1025, 1024), number * Fraction(1023, 1024)]


def _beside(number: float, integer: bool) -> list[Fraction]:
    """The rational numbers next to a float: integers, or short ones and itself."""
    if not math.isfinite(number):
        return []
    exact = Fraction(number)
    if integer:
        return [Fraction(k) for k in dict.fromkeys((math.floor(exact), math.ceil(exact), round(exact)))]
    short = [exact.limit_denominator(most) for most in DENOMINATORS]
    near = [n for n in short if abs(float(n - exact)) <= CLOSE * max(abs(number), CLOSE)]
    return list(dict.fromkeys((*near, exact)))


def _floats(found: Span) -> tuple[float, float]:
    low, high = (end.ball().mid() if not end.infinite else math.inf for end in found.ends)
    return float(low), float(high)


@lru_cache(maxsize=2048)
def _alone(part: Any, name: str, found: Span) -> tuple[Fraction, ...]:
    """The rational numbers next to the places at which an expression in one word changes sign or turns."""
    function = compiled(part)
    if function is None:
        return ()
    at, _ = places(function, name, grid(*_floats(found), FINE), {})
    beside = (near for number in at.tolist() for near in _beside(number, DICTIONARY[name].integer))
    return tuple(dict.fromkeys(beside))


__all__ = ["Needles", "placed"]
