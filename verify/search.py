"""The search for a counterexample: tiny worlds, corners, random design points, climbing.

Lanes are screened in floats; every lane accused is heard by the court, and so are the closest calls. The search stops
at the first accusation that is upheld; a search that finds none reports what it has seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import hypothesis
import numpy as np
from hypothesis import strategies as st

from verify.appeal import ACQUITTED, INADMISSIBLE, OPEN, UPHELD, WITHOUT_VALUE, Court, Hearing, Ruling
from verify.arena import Arena, torch
from verify.claims import Statement
from verify.climb import WORLDS, Climb
from verify.designs import UNSIZED, Designs
from verify.draws import Draw
from verify.efforts import Effort
from verify.landmarks import landmarks
from verify.needles import Needles
from verify.screen import Judged
from verify.tally import Tally
from verify.worlds import Lanes, World

TINY_TOTALS = 5
CORNER_ATTEMPTS = 8
FEWEST = 4
"""Random design points that are tried, however dear the networks are."""
ALIKE = 4
"""How many random design points become one where worlds are alike, with the lanes of all."""


AROUND = 20
"""How many points are tried at each number that a statement names, and in each way."""
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


class Search(Designs):
    """One search: a statement, an arena, an effort, a seed; ``tick``, called between units, may raise OutOfTime."""

    def __init__(
        self, statement: Statement, arena: Arena, effort: Effort, seed: int, tick: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__(statement, arena, effort, seed)
        self.tick, self.court = tick, Court(statement)
        self.found: Found | None = None
        self.closest: list[Call] = []
        self.climb = Climb(self.screen, effort, self.seed, 1 if self.kind.alike else WORLDS)
        self.innocent: set[World] = set()  # worlds, seeds apart, of which every network was tried and none accused
        self.silent: list[tuple[World, dict[str, Draw]]] = []  # lanes that have no value in floats, a few
        self.hear_some = 0  # lanes of each world that are heard although nothing accuses them

    def run(self) -> Tally:
        """Search through all stages, until something is found or the effort is spent."""
        try:
            later = (self._corners, self._random, self._climbing, self._until_target, self._needles)
            for stage in (self._tiny, self._landmarks, *later):
                if not (self.found or (stage in later and self._seen_enough())):
                    stage()
            if not self.found:
                self._hear_closest()
                self._hear_silent()
        except OutOfTime:
            self.tally.stopped = "budget"
        return self.tally

    def _seen_enough(self) -> bool:
        """Whether the points of a box, from the simplest on, that were seen are as many as the effort asks for."""
        return 0 < self.effort.enough <= self.tally.distinct and self.kind.alike

    # -- stages --------------------------------------------------------------------------------------------------

    def _tiny(self) -> None:
        """All networks of the smallest sizes with entries -1, 0, 1, then samples of sizes a little larger."""
        left = self.effort.tiny if self.kind.shrinks else 0
        smallest = sum(bound.low for bound in self.kind.sizes().values())
        whole = True
        for total in range(smallest, smallest + TINY_TOTALS):
            if left <= 0 or self.found or not whole:
                break
            whole = total == smallest
            for sizes in self.kind.all_sizes(total):
                world = self.world(sizes, reach=1)
                if self.found or self._excluded(world):
                    continue
                spans = self._spans(world)
                count = int(np.prod([float(hi - lo + 1) ** e for lo, hi, e in spans.values()] or [1.0]))
                if count <= left:
                    left -= count
                    whole, accused = True, self.tally.accused
                    self._unit("tiny", world, self.screen.given(world, self._every(world, spans, count), count))
                    if self.tally.accused == accused:
                        self.innocent.add(replace(world, seed=0))
        for world in self._sampled_worlds():
            if not self.found:
                lanes = self._affordable(world, self.effort.sample)
                self._unit("tiny", world, self.screen.lanes(world, 0, lanes))

    def _corners(self) -> None:
        wanted = self.effort.per_corner if self.kind.letters else 1  # without sizes a corner is one world
        most = self.effort.lanes if self.kind.alike else self.effort.corner
        for number, corner in enumerate(self.kind.corners):
            tried = 0
            for attempt in range(CORNER_ATTEMPTS):
                sizes = self._spread_sizes(number + attempt, attempt % 2 == 0)
                world = self.world(sizes, corner=corner, number=0 if sizes else attempt)
                if tried == wanted or self.found:
                    break
                if not self._excluded(world):
                    tried += 1
                    lanes = self._affordable(world, most)
                    self._unit("corners", world, self.screen.lanes(world, 0, lanes))

    def _landmarks(self) -> None:
        """Lanes on which a word is at a number that the statement compares it with, or next to it, others anywhere."""
        if not self.kind.alike:
            return
        aims = [aim for name, number in landmarks(self.statement) for aim in self.kind.aims(name, number)]
        count = AROUND * len(aims)
        for corner in ("", *self.kind.corners) if aims else ():
            if self.found:
                return
            world = self.world({}, corner=corner, number=UNSIZED + 1)
            draws = dict(self.screen.drawn(world, 0, count))
            for number, aim in enumerate(aims):
                for name in aim.keys() & draws.keys():
                    draws[name].values[number * AROUND : (number + 1) * AROUND] = aim[name]
            self._unit("corners", world, self.screen.given(world, draws, count))

    def _random(self) -> None:
        # Hypothesis replays examples, so an example always draws the same; what ends the search waits until it is done.
        raised: list[BaseException] = []
        examples = max(FEWEST, self.effort.examples // self.kind.price)
        times = min(examples, ALIKE) if self.kind.alike else 1

        @hypothesis.seed(self.seed & 0xFFFFFFFF)
        @hypothesis.settings(
            max_examples=examples // times,
            database=None,
            deadline=None,
            phases=(hypothesis.Phase.generate, hypothesis.Phase.target),
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        @hypothesis.given(st.data())
        def attempt(data: st.DataObject) -> None:
            world = self._admitted(self._design(data))
            if self.found or raised or world is None:
                return
            lanes = self.screen.lanes(world, 0, self._affordable(world, times * self.effort.lanes))
            try:
                best = self._unit("random", world, lanes)
            except Exception as error:  # a reading may raise anything, and time may run out
                raised.append(error)
                return
            hypothesis.target(float(f"{best:.6g}"), label="tightness")

        attempt()
        if raised:
            raise raised[0]

    def _climbing(self) -> None:
        for world, draws, count in self.climb.broods():
            self._unit("climbing", world, self.screen.given(world, draws, count))
            if self.found:
                return

    def _needles(self) -> None:
        """Points of which words are at single numbers: see ``verify/needles.py``. Ties among them are heard."""
        needles = Needles.of(self.statement) if self.kind.alike else None
        if needles is None:
            return
        world = self.world({}, corner=self.kind.exactly, number=UNSIZED + 2)
        for draws, count in needles.rounds(self.screen, world):
            parts = list(self.screen.given(world, draws, count))
            self._unit("corners", world, parts)
            for part in parts:
                self._hear_ties(part)
            if self.found:
                return

    def _until_target(self) -> None:
        """Efforts that promise a number of admissible networks draw on until they have it, or four times as many."""
        rounds = 0
        most = 4 * self.effort.target // self.kind.price
        while self._short_of_target() and self.tally.drawn < most and not self.found:
            sizes = self._spread_sizes(1000 + rounds, rounds % 3 > 0)
            conventions = self._conventions(rounds)
            corner = ("", *self.kind.corners)[rounds % (3 * len(self.kind.corners) + 1) % (len(self.kind.corners) + 1)]
            rounds += 1
            world = self.world(sizes, conventions=conventions, corner=corner if rounds % 4 == 0 else "", number=rounds)
            if not self._excluded(world):
                self._unit("random", world, self.screen.lanes(world, 0, self._affordable(world, self.effort.lanes)))

    def _short_of_target(self) -> bool:
        tally, target = self.tally, self.effort.target // self.kind.price
        return tally.admissible < target or tally.distinct < target

    # -- tiny networks -------------------------------------------------------------------------------------------

    def _spans(self, world: World) -> dict[str, tuple[int, int, int]]:
        """For each draw: the values -1, 0, 1 that it may take, and its number of entries."""
        spans = {}
        for name, (axes, low, high) in self.screen.survey(world).draws.items():
            entries = int(np.prod([self.kind.extent(a, world) for a in axes] or [1]))
            spans[name] = (max(low, -1), max(max(low, -1), min(high, 1)), entries)
        return spans

    def _every(self, world: World, spans: dict[str, tuple[int, int, int]], count: int) -> dict[str, Draw]:
        """All networks of a world with entries -1, 0, 1: lane number k in mixed radix."""
        module = torch()
        rest = module.arange(count, dtype=module.int64, device=self.arena.device)
        draws = {}
        for name, (axes, low, high) in self.screen.survey(world).draws.items():
            bottom, top, entries = spans[name]
            digits = []
            for _ in range(entries):
                # 0 first, so that small lane numbers are sparse networks.
                digit = rest % (top - bottom + 1)
                values = sorted(range(bottom, top + 1), key=lambda v: (abs(v), -v))
                digits.append(module.tensor(values, device=self.arena.device)[digit])
                rest = rest // (top - bottom + 1)
            shape = tuple(self.kind.extent(a, world) for a in axes)
            draws[name] = Draw(axes, low, high, module.stack(digits, 1).reshape(count, *shape))
        return draws

    # -- units ---------------------------------------------------------------------------------------------------

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


__all__ = ["Found", "OutOfTime", "Search", "extent_of_draws", "flat", "lane_draws"]
