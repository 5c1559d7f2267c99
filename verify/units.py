"""Units of a search: the lanes of one world are counted, the best are remembered, and the court hears the accused."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from verify.appeal import ACQUITTED, INADMISSIBLE, OPEN, UPHELD, WITHOUT_VALUE, Court, Hearing, Ruling
from verify.arena import Arena, torch
from verify.claims import Statement
from verify.climb import WORLDS, Climb
from verify.designs import Designs
from verify.draws import Draw
from verify.efforts import Effort
from verify.screen import Judged
from verify.worlds import Lanes, World

TIES = 6
"""How many of the points at single numbers are heard although nothing accuses them."""
UNVALUED, UNVALUED_OF_PROVED = 16, 3
"""How many points without a value in floats are kept, to be heard."""


@dataclass(frozen=True)
class Found:
    """An upheld accusation: the network, and how it was come by."""

    world: World
    draws: dict[str, Draw]
    ruling: Ruling
    stage: str
    lanes: int
    file: str = ""  # where it is stored already


Call = tuple[float, World, dict[str, Draw]]
"""A close call: its excess, rounded, and the network."""


class Accused(NamedTuple):
    """A lane that floats accuse: how many of its draws are not zero, their sum, its number; where it is."""

    measure: tuple[int, int, int]
    part: Judged
    lane: int


class OutOfTime(Exception):
    """The clock's budget is spent; what was seen so far stands."""


class Units(Designs):
    """What a search does with the lanes of each world; its stages are ``verify/search.py``."""

    def __init__(
        self, statement: Statement, arena: Arena, effort: Effort, seed: int, tick: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__(statement, arena, effort, seed)
        self.tick, self.court = tick, Court(statement)
        self.found: Found | None = None
        self.closest: list[Call] = []
        self.climb = Climb(self.screen, effort, self.seed, 1 if self.kind.alike else WORLDS)
        self.silent: list[tuple[World, dict[str, Draw]]] = []  # lanes that have no value in floats, a few
        self.hear_some = 0  # lanes of each world that are heard although nothing accuses them

    def _unit(self, stage: str, world: World, judged: Iterable[Judged]) -> float:
        """Take in the lanes of one world; the best finite tightness, for the search to aim at."""
        self.tick()
        self.tally.worlds += 1
        best, near = 0.0, None
        accused: list[Accused] = []
        for number, part in enumerate(judged):
            before = self.tally.drawn
            self.tally.take(stage, part)
            part.judge = None  # memory: what it remembers of this part is not needed while the next one is judged
            self._keep_silent(part)
            best = max(best, self.climb.consider(part))
            if self.kind.alike:
                accused += self._accused(part, before)
            else:
                self._hear(stage, self._accused(part, before))
            if number == 0 and not self.found:
                self._hear_some(stage, part, before)
            if self.found:
                return best
            near = self._nearer(near, part)
        # One lane is as good as another in such worlds, so that the smallest may be heard first, whatever the chunks.
        self._hear(stage, sorted(accused, key=lambda lane: lane.measure))
        self.climb.settle()
        if near is not None:
            self.closest = sorted([*self.closest, near], key=lambda call: -call[0])[: self.effort.closest]
        return best

    def _accused(self, part: Judged, before: int) -> list[Accused]:
        lanes = part.accused.nonzero().flatten()
        if lanes.numel() == 0:
            return []
        nonzero, magnitude = extent_of_draws(part.net, lanes)
        return [Accused((*m, before + k), part, k) for *m, k in zip(nonzero, magnitude, lanes.tolist(), strict=True)]

    def _hear(self, stage: str, accused: list[Accused]) -> None:
        for number, (measure, part, lane) in enumerate(accused):
            if self.tally.accused + number >= self.effort.hearings:
                self.tally.unheard += len(accused) - number
                break
            if self._heard(stage, part.world, lane_draws(part.net, lane), measure[-1] + 1):
                break
        self.tally.accused += len(accused)

    def _hear_some(self, stage: str, part: Judged, before: int) -> None:
        for lane in range(min(self.hear_some, part.net.count)):
            if bool(part.admissible[lane]) and self._heard(
                stage, part.world, lane_draws(part.net, lane), before + lane
            ):
                return

    def _hear_ties(self, part: Judged) -> None:
        """Hear a few lanes on which floats cannot tell whether the conclusion holds, one of each excess."""
        ties = part.admissible & (part.excess.abs() <= 1)
        by_excess = {float(part.excess[lane]): lane for lane in ties.nonzero().flatten().tolist()}
        for excess in sorted(by_excess, reverse=True)[:TIES]:
            if self.found is None:
                self.tally.closest_appealed += 1
                self._heard("corners", part.world, lane_draws(part.net, by_excess[excess]), self.tally.drawn)

    def _keep_silent(self, part: Judged) -> None:
        """Keep the first and the last lane without a value: what overflows is rather at one end than at the other."""
        if self.kind.alike and len(self.silent) < UNVALUED and bool(part.undefined.any()):
            lanes = part.undefined.nonzero().flatten().tolist()
            self.silent += [(part.world, lane_draws(part.net, lane)) for lane in dict.fromkeys((lanes[0], lanes[-1]))]

    def _hear_silent(self) -> None:
        """Where most lanes have no value in floats, which may merely overflow, a few are judged exactly."""
        if 2 * self.tally.undefined <= self.tally.drawn:
            return
        for world, draws in self.silent:
            ruling = self.court.hear(world, draws)
            if ruling.ruling == UPHELD:
                self.found = Found(world, draws, ruling, "closest call", self.tally.drawn)
                return
            self.tally.undecided += ruling.ruling == OPEN
            if ruling.ruling == ACQUITTED:
                self.tally.acquitted += 1
                self.tally.admissible += 1
                self.tally.undefined -= 1

    def without_value(self) -> dict[str, str] | None:
        """A point that meets the hypotheses and has no real value, judged exactly: floats may merely overflow."""
        for world, draws in self.silent[: UNVALUED_OF_PROVED if self.effort.enough else None]:
            hearing = Hearing(self.statement, world, draws)
            if hearing.ruling.ruling == WITHOUT_VALUE:
                return hearing.point
        return None

    def closest_call(self) -> tuple[World, dict[str, Draw]] | None:
        """The network on which the statement came nearest to failing, or the tightest one that was seen."""
        if self.closest:
            return self.closest[0][1], self.closest[0][2]
        return self.climb.tightest()

    def _heard(self, stage: str, world: World, draws: dict[str, Draw], lanes: int) -> bool:
        ruling = self.court.hear(world, draws)
        if ruling.ruling == UPHELD:
            self.found = Found(world, draws, ruling, stage, lanes)
            return True
        self.tally.undecided += ruling.ruling == OPEN
        if ruling.ruling == WITHOUT_VALUE:
            self.tally.undefined += 1
            self.silent.insert(0, (world, draws))
        self.tally.acquitted += ruling.ruling in (ACQUITTED, INADMISSIBLE)
        return False

    def _nearer(self, known: Call | None, part: Judged) -> Call | None:
        """The lane of a world that came nearest to an accusation without one (of those that may have rounded)."""
        near = part.admissible & ~part.exact & (part.excess > 0) & (part.excess <= 1)
        if not bool(near.any()):
            return known
        excess = torch().where(near, part.excess, torch().full_like(part.excess, -1.0))
        lane = int(excess.argmax())
        rounded = float(f"{float(excess[lane]):.3g}")
        if known is not None and known[0] >= rounded:
            return known
        return rounded, part.world, lane_draws(part.net, lane)

    def _hear_closest(self) -> None:
        for _, world, draws in self.closest:
            self.tally.closest_appealed += 1
            ruling = self.court.hear(world, draws)
            if ruling.ruling == UPHELD:
                self.found = Found(world, draws, ruling, "closest call", self.tally.drawn)
                return
            self.tally.undecided += ruling.ruling == OPEN


def lane_draws(net: Lanes, lane: int) -> dict[str, Draw]:
    """The draws of one lane, on the CPU, with a lane axis of one."""
    return {k: Draw(d.axes, d.low, d.high, d.values[lane : lane + 1].cpu()) for k, d in net.draws.items()}


def flat(draws: dict[str, Draw], count: int) -> Any:
    """(K, entries) the draws of some lanes, one name after the other."""
    parts = [draw.values.reshape(count, -1) for draw in draws.values()]
    return torch().cat(parts, 1) if parts else torch().zeros(count, 0)


def extent_of_draws(net: Lanes, lanes: Any) -> tuple[list[Any], list[Any]]:
    """Of each of the lanes (k,), how many draws are not zero, and the sum of their magnitudes."""
    entries = flat(net.draws, net.count)[lanes]
    return (entries != 0).sum(1).tolist(), entries.abs().sum(1).tolist()
