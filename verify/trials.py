"""Design points of claims that something is likely: judged by draws, or by all outcomes where these are few.

A design point fixes everything that chance does not make. Where chance has few outcomes, all of them are judged and the
claim is decided there. Elsewhere a point is tried by fresh draws, in rounds whose sizes and levels are fixed
beforehand; every failure counted is judged exactly, and so many refute as are all but impossible.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property
from math import log2, prod
from typing import Any

import sympy as sp

from symbolic.prose import text
from symbolic.sentences import exists, null, rank
from verify.appeal import ACQUITTED, INADMISSIBLE, OPEN, UPHELD, Hearing, Ruling
from verify.arena import Arena, arenas, torch
from verify.binomial import needed, refuted_share, tail
from verify.claims import Statement
from verify.draws import Draw, Generated, Given, MissingDraw, key
from verify.efforts import EFFORTS
from verify.evaluate import Evaluator
from verify.exact_judge import FALSE, TRUE, UNDEFINED, ExactJudge
from verify.lanes import LaneArithmetic
from verify.laws import GRID, LAWS
from verify.ranges import stray
from verify.rationals import ExactArithmetic
from verify.screen import Judged, Screen
from verify.units import lane_draws
from verify.worlds import Lanes, ReadingError, World

RUN_LEVEL = 10.0**-9
"""How likely at most a run refutes anything true by its draws."""
MOST_TESTS = 2**20
"""Tests on fresh draws in a run, each at a level of RUN_LEVEL / MOST_TESTS."""
MOST_OUTCOMES = 2**16
FIRST, ROUNDS = 64, 9
"""Fresh draws of the first round, each round having twice those of the one before."""
MOST_FRESH = FIRST * (2**ROUNDS - 1)
"""Fresh draws of all rounds."""
DOUBTFUL = 0.05
"""A point is not acquitted where so many failures among all fresh draws are less likely than this."""
FAILING = "fresh draws failing"
MOST_HEARD = 2000
"""How many networks of one round are judged exactly."""
CANDIDATES = 64
"""How many choices of what is fixed are made, for one that meets the hypotheses."""


class Room:
    """One claim that something is likely, ready to be judged at design points: the event, and what chance makes."""

    def __init__(self, statement: Statement, arena: Arena) -> None:
        self.statement, self.kind, self.says = statement, statement.given, statement.says
        self.event = Statement(self.kind, statement.assuming, self.says.event)
        self.arena, self.arithmetic = arena, LaneArithmetic(arena)
        self.screen = Screen(self.event, arena)

    def made_by_chance(self, world: World) -> dict[str, tuple[tuple[str, ...], int, int]]:
        """The draws of the event that chance makes: name -> axes, low, high. ReadingError if a hypothesis reads one."""
        named = self.screen.survey(world).draws
        for part in (*self.event.assuming, sp.Le(self.says.at_least, 0, evaluate=False)):
            alone = Screen(Statement(self.kind, (), part), self.arena) if part.free_symbols else None
            touched = set(alone.survey(world).draws) & set(self.kind.chances) if alone else set()
            if touched:
                what = "the probability" if part not in self.event.assuming else f"the hypothesis {text(part)}"
                raise ReadingError(
                    f"{what} depends on what chance makes ({', '.join(sorted(touched))}); put it into the event, as "
                    "in with_probability(Implies(...), ...)"
                )
        return {name: drawn for name, drawn in named.items() if name in self.kind.chances}

    def outcomes(self, world: World) -> int | None:
        """How many equally likely outcomes chance has in a world, if they are few enough to judge all; else None."""
        made = self.made_by_chance(world)
        if not all(LAWS[self.kind.chances[name]].finite for name in made):
            return None
        bits = sum(log2(high - low + 1) * prod(self._shape(axes, world)) for axes, low, high in made.values())
        return round(2**bits) if bits <= log2(MOST_OUTCOMES) else None

    def ties(self, world: World) -> Fraction:
        """How likely at most numbers of a rounded law are 0 or equal, which those of the law itself never are.

        It is 0 where the event says nothing that one equation decides: rounding moves what is continuous a little.
        """
        if not self.says.event.has(*_DECIDED_BY_EQUATIONS):
            return Fraction(0)
        made = self.made_by_chance(world)
        rounded = [axes for name, (axes, _, _) in made.items() if not LAWS[self.kind.chances[name]].finite]
        entries = sum(prod(self._shape(axes, world)) for axes in rounded)
        return Fraction(entries * (entries + 1), 2 << GRID)

    def _shape(self, axes: tuple[str, ...], world: World) -> tuple[int, ...]:
        return tuple(self.kind.extent(axis, world) for axis in axes)

    def fixed(self, world: World) -> dict[str, Draw] | None:
        """What chance does not make at a design point, of one lane: the first choice that meets the hypotheses."""
        made, declared = self.made_by_chance(world), self.screen.survey(world).draws
        free = {name: drawn for name, drawn in declared.items() if name not in made}
        if not free:
            return {}
        source = Generated(self.arena, world.seed, 0, CANDIDATES, world.reach, world.sparse)
        lanes = Lanes(self.kind, world, self.arithmetic, source)
        for name, (axes, low, high) in free.items():
            lanes.integers(name, " ".join(axes), low, high)
        draws = lanes.draws | self._by_chance(world, CANDIDATES, key(world.seed, "candidates"))
        for part in self.screen.given(world, draws, CANDIDATES):
            met = (part.admissible | part.open).nonzero().flatten().tolist()
            if met:
                return {name: draw for name, draw in lane_draws(part.net, met[0]).items() if name in free}
        return None

    def _by_chance(self, world: World, count: int, seed: int) -> dict[str, Draw]:
        source = Generated(self.arena, seed, 0, count, None, False)
        made = self.made_by_chance(world)
        source.ahead({name: (self._shape(axes, world), low, high) for name, (axes, low, high) in made.items()})
        return {
            name: source(name, axes, self._shape(axes, world), low, high) for name, (axes, low, high) in made.items()
        }

    def _every_outcome(self, world: World, count: int) -> dict[str, Draw]:
        rest = torch().arange(count, dtype=torch().int64, device=self.arena.device)
        found = {}
        for name, (axes, low, high) in self.made_by_chance(world).items():
            shape, digits = self._shape(axes, world), []
            for _ in range(prod(shape)):
                digits.append(low + rest % (high - low + 1))
                rest = rest // (high - low + 1)
            values = torch().stack(digits, 1) if digits else rest[:, None][:, :0]
            found[name] = Draw(axes, low, high, values.reshape(count, *shape))
        return found

    def judged(self, world: World, fixed: dict[str, Draw], count: int, seed: int | None) -> Iterator[Judged]:
        """Judge networks of a design point: independent ones of a seed, or all outcomes where it is None."""
        made = self._every_outcome(world, count) if seed is None else self._by_chance(world, count, seed)
        spread = {
            name: Draw(d.axes, d.low, d.high, d.values.to(self.arena.device).expand(count, *d.values.shape[1:]))
            for name, d in fixed.items()
        }
        return self.screen.given(world, {**spread, **made}, count)

    def allowed(self, world: World, fixed: dict[str, Draw]) -> float:
        """How often the event may fail at a design point, in floats."""
        net = Lanes(self.kind, world, self.arithmetic, Given(fixed, 1))
        return float(self._read(Evaluator(net)).double().max())

    def _read(self, evaluate: Evaluator) -> Any:
        try:
            return evaluate(self.says.failing).array
        except MissingDraw as missing:
            raise ReadingError(
                f"the probability reads the draw {missing}, which the event does not; let the event depend on it"
            ) from None

    def less_than(self, share: Fraction, world: World, fixed: dict[str, Draw], strictly: bool) -> bool:
        """Whether the event may fail less often than a share, or as often, in exact arithmetic."""
        judge = ExactJudge(Evaluator(Lanes(self.kind, world, ExactArithmetic(), Given(fixed, 1))))
        relation = sp.Lt if strictly else sp.Le
        number = sp.Rational(share.numerator, share.denominator)
        return judge.closed(relation(self.says.failing, number, evaluate=False)) == TRUE


_DECIDED_BY_EQUATIONS = (sp.Eq, sp.Ne, sp.Lt, sp.Gt, sp.Not, rank, null, exists)


def too_near(part: Judged) -> Any:
    """(K,) lanes within the allowance of rounding, which floats let pass and cannot tell."""
    return part.admissible & ~part.exact & (part.excess.abs() <= 1)


class Trial:
    """A design point before the court: all outcomes, or rounds of fresh draws, every failure judged exactly.

    ``near`` says that networks which floats cannot tell are heard, too; ``doubt``, why a point is left open.
    """

    def __init__(self, room: Room, world: World, fixed: dict[str, Draw], most: int, near: bool) -> None:
        self.room, self.world, self.fixed, self.most, self.near = room, world, fixed, most, near
        self.undecided, self.doubt = 0, ""

    @cached_property
    def ruling(self) -> Ruling:
        """Upheld where so many failures refute the claim; undecided where too few of them could be confirmed."""
        judge = Hearing(Statement(self.room.kind, (), sp.true), self.world, self.fixed).judge
        for premise in self.room.event.premises:
            truth = judge.closed(premise)
            if truth != TRUE:
                return Ruling(INADMISSIBLE if truth in (FALSE, UNDEFINED) else OPEN, premise=text(premise))
        if self.room.less_than(Fraction(0), self.world, self.fixed, strictly=True):
            return self._upheld("a share of 0")
        count = self.room.outcomes(self.world)
        return self._by_draws() if count is None else self._of_all(count)

    def _by_draws(self) -> Ruling:
        level = RUN_LEVEL / MOST_TESTS
        allowed, ties = self.room.allowed(self.world, self.fixed), self.room.ties(self.world)
        failing = 0
        for number in range(ROUNDS):
            draws = FIRST << number
            least = needed(draws, allowed + float(ties), level)
            most = MOST_HEARD if least <= self.most else 0
            count, accused = self._accused(draws, key(self.world.seed, "fresh", number), most)
            failing += count
            if least > self.most or count < least:
                continue
            confirmed = self._confirmed(accused, least)
            share = refuted_share(confirmed, draws, level) - ties
            if confirmed >= least and self.room.less_than(share, self.world, self.fixed, strictly=False):
                return self._upheld(f"{confirmed:,} of {draws:,} {FAILING}")
        if tail(failing, MOST_FRESH, allowed) < DOUBTFUL:
            self.doubt = (
                f"{failing:,} of {MOST_FRESH:,} fresh draws fail where a failure probability of {allowed:.3g} is "
                "allowed, more than chance makes likely and too few to refute"
            )
        return Ruling(OPEN) if self.undecided or self.doubt else Ruling(ACQUITTED)

    def _of_all(self, count: int) -> Ruling:
        found, accused = self._accused(count, None, MOST_HEARD)
        first = max(1, int(self.room.allowed(self.world, self.fixed) * count))
        for least in range(first, first + 3):  # the number in floats is off by less than one outcome
            if least > found:
                return Ruling(ACQUITTED)
            if self.room.less_than(Fraction(least, count), self.world, self.fixed, strictly=True):
                break
        else:
            return Ruling(OPEN)
        if least > self.most:
            return Ruling(OPEN)
        if self._confirmed(accused, least) < least:
            return Ruling(OPEN if self.undecided or found > len(accused) else ACQUITTED)
        return self._upheld(f"{least:,} or more of all {count:,} outcomes failing")

    def _accused(self, count: int, seed: int | None, most: int) -> tuple[int, list[dict[str, Draw]]]:
        """How many networks floats accuse, or cannot tell where these are heard; and some, the accused ones first."""
        number = 0
        found: list[dict[str, Draw]] = []
        near: list[dict[str, Draw]] = []
        for part in self.room.judged(self.world, self.fixed, count, seed):
            for mask, listed in ((part.accused, found), (too_near(part), near))[: 1 + self.near]:
                lanes = mask.nonzero().flatten().tolist()
                number += len(lanes)
                listed += [lane_draws(part.net, lane) for lane in lanes[: most - len(listed)]]
        return number, (found + near)[:most]

    def _confirmed(self, accused: list[dict[str, Draw]], enough: int) -> int:
        """How many of the accused networks fail in exact arithmetic, up to as many as are enough."""
        confirmed = 0
        for draws in accused:
            ruling = Hearing(self.room.event, self.world, draws).ruling.ruling
            confirmed += ruling == UPHELD
            self.undecided += ruling == OPEN
            if confirmed >= enough:
                break
        return confirmed

    def _upheld(self, seen: str) -> Ruling:
        return Ruling(UPHELD, text(self.room.says), (), seen, f"a share of {text(self.room.says.failing)}")


def hear(statement: Statement, world: World, fixed: dict[str, Draw]) -> tuple[Ruling, str]:
    """The ruling on a stored design point, and why it is none of its kind, or nothing.

    Its fresh draws are made again, from the seed of its world. MissingDraw where something that is fixed is missing.
    """
    room = Room(statement, arenas("cpu", "float64")[0])
    made, net = room.made_by_chance(world), Lanes(statement.given, world, ExactArithmetic(), Given(fixed, 1))
    for name, (axes, low, high) in room.screen.survey(world).draws.items():
        if name not in made:
            net.integers(name, " ".join(axes), low, high)
    return Trial(room, world, net.draws, EFFORTS["thorough"].hearings, True).ruling, stray(net)


def by_draws(ruling: Ruling) -> bool:
    """Whether an upheld ruling rests on fresh draws, and so on a level."""
    return ruling.left.endswith(FAILING)
