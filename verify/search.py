"""The search for a counterexample: tiny worlds, corners, random design points, climbing.

Lanes are screened in floats; every lane accused is heard by the court, and so are the closest calls. The search stops
at the first accusation that is upheld; a search that finds none reports what it has seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import hypothesis
import numpy as np
from hypothesis import strategies as st

from verify.arena import Arena, torch
from verify.claims import Statement
from verify.designs import UNSIZED
from verify.draws import Draw
from verify.efforts import Effort
from verify.landmarks import landmarks
from verify.needles import Needles
from verify.tally import Tally
from verify.units import Found, OutOfTime, Units, lane_draws
from verify.worlds import World

TINY_TOTALS = 5
CORNER_ATTEMPTS = 8
FEWEST = 4
"""Random design points that are tried, however dear the networks are."""
ALIKE = 4
"""How many random design points become one where worlds are alike, with the lanes of all."""


AROUND = 20
"""How many points are tried at each number that a statement names, and in each way."""


class Search(Units):
    """One search: a statement, an arena, an effort, a seed; ``tick``, called between units, may raise OutOfTime."""

    def __init__(
        self, statement: Statement, arena: Arena, effort: Effort, seed: int, tick: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__(statement, arena, effort, seed, tick)
        self.innocent: set[World] = set()  # worlds, seeds apart, of which every network was tried and none accused

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

        with _by_chance_alone():
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


_BY_CHANCE: dict[str, Any] = {"_get_local_constants": None, "CONSTANTS_CACHE": {}}
"""What stands in Hypothesis for the numbers that it would try: none of any module's, and what is known of the rest."""


@contextmanager
def _by_chance_alone() -> Iterator[None]:
    """Keep Hypothesis from trying the numbers in the sources of all modules that are loaded.

    What is drawn would depend on which these are, and parsing them takes long. Versions that try none are left alone.
    """
    try:
        from hypothesis.internal.conjecture import providers

        own = {name: getattr(providers, name) for name in (*_BY_CHANCE, "Constants")}
    except (ImportError, AttributeError):
        yield
        return
    _BY_CHANCE["_get_local_constants"] = own["Constants"]
    try:
        for name, other in _BY_CHANCE.items():
            setattr(providers, name, other)
        yield
    finally:
        for name in _BY_CHANCE:
            setattr(providers, name, own[name])


__all__ = ["Found", "OutOfTime", "Search", "lane_draws"]
