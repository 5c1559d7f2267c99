"""The search for a design point at which something is less likely than claimed.

As many independent networks as the effort says are drawn at each point, and the number of failures is compared with the
binomial law by an exact test. A point that fails it is only accused: ``verify/trials.py`` hears it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from symbolic.sentences import Chance
from verify.appeal import ACQUITTED, OPEN
from verify.arena import Arena
from verify.binomial import POWER, SUSPICIOUS, noticed, tail
from verify.claims import Statement
from verify.designs import Designs
from verify.draws import key
from verify.efforts import Effort
from verify.laws import LAWS
from verify.tally import Tally
from verify.trials import RUN_LEVEL, Room, Trial
from verify.units import Found, OutOfTime
from verify.worlds import World

MOST_LANES = 16
"""How many times the lanes of one design point are drawn at most, where few failures are allowed."""
RESOLVED = 4
"""A point is told by its draws where that many times the failures allowed would have been noticed."""


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
        """Whether the draws could tell what is claimed from a few times as many failures."""
        return self.noticed <= RESOLVED * self.allowed


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
            sizes = self._spread_sizes(1000 + number, number % 2 > 0)
            admitted = self._admitted(self.world(sizes, conventions=self._conventions(number), number=1000 + number))
            if admitted is not None:
                yield "random", admitted

    def _judge(self, stage: str, world: World) -> None:
        self.tick()
        self.tally.worlds += 1
        fixed = self.room.fixed(world)
        if fixed is None:
            return
        allowed = self.room.allowed(world, fixed)
        outcomes = self.room.outcomes(world)
        count = outcomes or self._affordable(world, self._draws(allowed))
        failures = seen = 0
        for part in self.room.judged(world, fixed, count, None if outcomes else key(world.seed, "screened")):
            self.tally.take(stage, part)
            failures += int(part.accused.sum())
            seen += int(part.admissible.sum())
        if not seen or allowed >= 1:
            return
        suspicious = failures > allowed * count if outcomes else tail(failures, seen, allowed) < SUSPICIOUS
        if not suspicious:
            self.points.append(Point(allowed, failures, seen, bool(outcomes)))
            return
        self.tally.accused += 1
        trial = Trial(self.room, world, fixed, self.effort.hearings)
        if trial.ruling.refutes:
            self.found = Found(world, fixed, trial.ruling, stage, self.tally.drawn)
        self.tally.undecided += trial.ruling.ruling == OPEN
        self.tally.acquitted += trial.ruling.ruling == ACQUITTED

    def _draws(self, allowed: float) -> int:
        """How many draws tell a point that allows a failure probability, within what the effort has for one."""
        count, most = self.effort.lanes, MOST_LANES * self.effort.lanes
        while count < most and not Point(allowed, 0, count, False).resolved:
            count *= 2
        return count

    def told(self) -> dict[str, Any]:
        """What the record says of the points at which the claim held."""
        worst = max(self.points, key=lambda p: p.noticed / p.allowed if p.allowed else float("inf"), default=None)
        drawn = [p for p in self.points if not p.whole]
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
