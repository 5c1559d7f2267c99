"""The search for a design point at which something is less likely than claimed.

As many independent networks as the effort says are drawn at each point, and the number of failures is compared with the
binomial law by an exact test. A point that fails it is only accused: ``verify/trials.py`` hears it. Of networks that
floats cannot tell, a few of each point are heard; where the event has no value more often than it may fail, nothing is
known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from math import isfinite
from random import Random
from typing import Any

from symbolic.sentences import Chance
from verify.appeal import ACQUITTED, OPEN, UPHELD, Hearing
from verify.arena import Arena
from verify.binomial import POWER, SUSPICIOUS, noticed, tail
from verify.claims import Statement
from verify.designs import Designs
from verify.draws import Draw, key
from verify.efforts import Effort
from verify.laws import LAWS
from verify.tally import Tally
from verify.trials import MOST_FRESH, RUN_LEVEL, Room, Trial, too_near
from verify.units import Found, OutOfTime, lane_draws
from verify.worlds import World

MOST_LANES = 16
"""How many times the lanes of one design point are drawn at most, where few failures are allowed."""
RESOLVED = 4
"""A point is told by its draws where that many times the failures allowed, or so much less success, are noticed."""
TOO_NEAR = 8
"""How many networks of a point that floats cannot tell are heard."""
FEW = 5
"""Design points below which a search says nothing, where the hypotheses on networks exclude others."""
ATTEMPTS = 20
"""How many sizes are tried for one that the hypotheses admit."""


@dataclass(frozen=True)
class Point:
    """What was seen at one design point: of all outcomes if ``whole``, else of so many independent draws."""

    allowed: float
    failures: int
    draws: int
    whole: bool

    @property
    def noticed(self) -> float:
        """The failure probability that would have been noticed here."""
        return self.allowed if self.whole else noticed(self.draws, self.allowed)

    @property
    def resolved(self) -> bool:
        """Whether the draws could tell what is claimed from a few times as many failures, or a fraction of success."""
        return self.whole or self.noticed <= min(RESOLVED * self.allowed, 1 - (1 - self.allowed) / RESOLVED)


@dataclass
class Look:
    """Networks of one design point: failures beyond rounding, those judged, those without value, those too near.

    ``some`` are a few of the last.
    """

    failures: int = 0
    seen: int = 0
    unknown: int = 0
    near: int = 0
    some: list[dict[str, Draw]] = field(default_factory=list)


class Chances(Designs):
    """The search for a design point at which an event is less likely than claimed; smallest sizes first."""

    def __init__(
        self, statement: Statement, arena: Arena, effort: Effort, seed: int, tick: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__(statement, arena, effort, seed)
        self.tick, self.room = tick, Room(statement, arena)
        self.screen = self.room.screen
        self.found: Found | None = None
        self.points: list[Point] = []
        self.untold: list[str] = []  # why nothing is known at a design point
        self.unmet = 0  # design points at which no choice of what is fixed meets the hypotheses

    def run(self) -> Tally:
        """Judge design points until one refutes the claim or the effort is spent."""
        try:
            for stage, world in self._worlds():
                self._judge(stage, world)
                if self.found:
                    break
        except OutOfTime:
            self.tally.stopped = "budget"
        return self.tally

    def closest_call(self) -> None:
        """No network by itself is close to breaking a claim about many."""

    def without_value(self) -> None:
        """Networks on which the event has no value count as drawn, and do not fail."""

    def _worlds(self) -> Iterator[tuple[str, World]]:
        kind, effort = self.kind, self.effort
        smallest = sum(bound.low for bound in kind.sizes().values())
        tiny = (sizes for total in range(smallest, smallest + 4) for sizes in kind.all_sizes(total))
        tried = 0
        for number, sizes in enumerate(islice(tiny, effort.small)):
            world = self.world(sizes, conventions=self._conventions(number), number=number)
            if not self._excluded(world):
                tried += 1
                yield "tiny", world
            if tried == effort.examples // 2:
                break
        for number, corner in enumerate(kind.corners):
            world = self.world(self._spread_sizes(number, False), corner=corner, number=number)
            if not self._excluded(world):
                yield "corners", world
        for number in range(effort.examples):
            found = self._anywhere(number)
            if found is not None:
                yield "random", found

    def _anywhere(self, number: int) -> World | None:
        """A world that the hypotheses admit: of small sizes, larger ones, or every third of any that the kind has."""
        for attempt in range(ATTEMPTS):
            place = 1000 + number + self.effort.examples * attempt
            small = not attempt and number % 3 < 2
            sizes = self._spread_sizes(place, number % 3 > 0) if small else self._any_sizes(place)
            found = self._admitted(self.world(sizes, conventions=self._conventions(place), number=place))
            if found is not None:
                return found
        return None

    def _any_sizes(self, number: int) -> dict[str, int]:
        bounds = self.kind.sizes().items()
        return self.fitted({k: b.low + key(self.seed, number, k, "any") % (b.high - b.low + 1) for k, b in bounds})

    def _judge(self, stage: str, world: World) -> None:
        self.tick()
        self.tally.worlds += 1
        fixed = self.room.fixed(world)
        if fixed is None:
            self.unmet += 1
            return
        allowed = self.room.allowed(world, fixed)
        if not isfinite(allowed):
            self._tell_nothing(world, "the probability has no real value; assume what gives it one")
        if not allowed < 1:
            return
        outcomes = self.room.outcomes(world)
        count = outcomes or self._draws(world, allowed)
        look = self._look(stage, world, fixed, count, None if outcomes else key(world.seed, "screened"))

        def suspicious(failures: int, among: int) -> bool:
            if not among or allowed < 0:
                return allowed < 0
            return failures > allowed * count if outcomes else tail(failures, among, allowed) < SUSPICIOUS

        if suspicious(look.failures, look.seen):
            self._tried(stage, world, fixed, Point(allowed, look.failures, look.seen, bool(outcomes)), False)
        elif look.near and suspicious(look.failures + look.near, look.seen) and self._some_fail(world, look.some):
            self._tried(stage, world, fixed, Point(allowed, look.failures, look.seen, bool(outcomes)), True)
        elif look.unknown and suspicious(look.failures + look.unknown, look.seen + look.unknown):
            share = f"{look.unknown / (look.seen + look.unknown):.3g}"
            self._tell_nothing(world, f"a share of {share} of all networks has no value, or none that can be told")
        elif look.seen:
            self.points.append(Point(allowed, look.failures, look.seen, bool(outcomes)))

    def _look(self, stage: str, world: World, fixed: dict[str, Draw], count: int, seed: int | None) -> Look:
        look = Look()
        for part in self.room.judged(world, fixed, count, seed):
            self.tally.take(stage, part)
            look.failures += int(part.accused.sum())
            look.seen += int(part.admissible.sum())
            look.unknown += int((part.undefined | part.open).sum())
            near = too_near(part).nonzero().flatten().tolist()
            look.near += len(near)
            some = Random(len(look.some)).sample(near, min(TOO_NEAR, len(near)))
            look.some += [lane_draws(part.net, lane) for lane in some]
        return look

    def _some_fail(self, world: World, near: list[dict[str, Draw]]) -> bool:
        """Whether one of a few networks that floats cannot tell fails in exact arithmetic."""
        heard = Random(world.seed).sample(near, min(TOO_NEAR, len(near)))
        self.tally.closest_appealed += len(heard)
        return any(Hearing(self.room.event, world, draws).ruling.ruling == UPHELD for draws in heard)

    def _tried(self, stage: str, world: World, fixed: dict[str, Draw], point: Point, near: bool) -> None:
        self.tally.accused += 1
        trial = Trial(self.room, world, fixed, self.effort.hearings, near)
        ruling = trial.ruling
        if ruling.refutes:
            self.found = Found(world, fixed, ruling, stage, self.tally.drawn)
        elif ruling.ruling == OPEN:
            self.tally.undecided += 1
            self._tell_nothing(world, trial.doubt or "the hypotheses, or too many failures, could not be decided")
        elif ruling.ruling == ACQUITTED:
            self.tally.acquitted += 1
            self.points.append(point)
        else:
            self.unmet += 1

    def _tell_nothing(self, world: World, why: str) -> None:
        self.untold.append(f"{' '.join(f'{letter}={size}' for letter, size in world.sizes)}: {why}")

    def _draws(self, world: World, allowed: float) -> int:
        """How many draws tell a point that allows a failure probability, within what the effort has for one."""
        count, most = self.effort.lanes, min(MOST_LANES * self.effort.lanes, MOST_FRESH)
        if Point(allowed, 0, most, False).resolved:  # where even those tell nothing, more of them are no use
            while not Point(allowed, 0, count, False).resolved:
                count = min(2 * count, most)
        return self._affordable(world, count)

    def told(self) -> dict[str, Any]:
        """What the record says of the points at which the claim held."""
        drawn = [p for p in self.points if not p.whole]
        told = drawn or self.points
        worst = max(told, key=lambda p: p.noticed / p.allowed if p.allowed > 0 else float("inf"), default=None)
        laws = sorted({f"{name}: {LAWS[law].words}" for name, law in self.kind.chances.items()})
        return {
            "points": len(self.points),
            "enumerated": sum(p.whole for p in self.points),
            "draws": sum(p.draws for p in drawn),
            "allowed": worst.allowed if worst else None,
            "noticed": worst.noticed if worst else None,
            "power": POWER,
            "level": RUN_LEVEL,
            "law": "; ".join(laws),
        }

    def unresolved(self) -> str:
        """Why the draws tell nothing of the claim, or nothing."""
        if self.untold:
            more = f", and {len(self.untold) - 1:,} more design points" if len(self.untold) > 1 else ""
            return f"nothing is known at {self.untold[0]}{more}"
        if self.unmet and len(self.points) < FEW:
            met, tried = len(self.points), self.tally.worlds
            return f"the hypotheses hold at {met:,} of {tried:,} design points; give a kind that meets them"
        if not self.points:
            return "no design point that meets the hypotheses bounds the probability below 1"
        blind = [p for p in self.points if not p.resolved]
        if not blind:
            return ""
        worst = max(blind, key=lambda p: p.noticed)
        return (
            f"not refutable by draws: a failure probability of {worst.allowed:.3g} is allowed, and {worst.draws:,} "
            f"draws notice none below {worst.noticed:.3g}"
        )

    def summary(self) -> str:
        """What the search saw, in words."""
        told = self.told()
        whole, drawn = told["enumerated"], told["points"] - told["enumerated"]
        parts = [f"all outcomes at {whole:,} design points"] if whole else []
        if drawn:
            parts.append(
                f"{told['draws']:,} independent draws at {drawn:,} design points, which would have noticed a failure "
                f"probability of {told['noticed']:.3g} where {told['allowed']:.3g} is allowed"
            )
        return f"no failures beyond what is allowed in {' and '.join(parts)}"


def is_about_chance(statement: Statement) -> bool:
    """Whether a statement says how likely something is."""
    return isinstance(statement.says, Chance)
