"""The search for a counterexample: tiny worlds, corners, random design points, climbing.

Lanes are screened in floats; every lane accused is heard by the court, and so are the closest calls. The search stops
at the first accusation that is upheld; a search that finds none reports what it has seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import hypothesis
import numpy as np
from hypothesis import strategies as st

from verify.appeal import ACQUITTED, INADMISSIBLE, OPEN, UPHELD, WITHOUT_VALUE, Court, Ruling
from verify.arena import Arena, torch
from verify.claims import Statement
from verify.climb import Climb
from verify.draws import Draw, key
from verify.efforts import Effort
from verify.screen import Judged, Screen
from verify.worlds import Kind, Lanes, World

TINY_TOTALS = 5
CORNER_ATTEMPTS = 8
EDGES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99, 1.0)


@dataclass(frozen=True)
class Found:
    """An upheld accusation: the network, and how it was come by."""

    world: World
    draws: dict[str, Draw]
    ruling: Ruling
    stage: str
    lanes: int
    file: str = ""  # where it is stored already


@dataclass
class Tally:
    """What a search has seen, as counts."""

    drawn: int = 0
    admissible: int = 0
    undefined: int = 0
    accused: int = 0
    acquitted: int = 0
    undecided: int = 0
    unheard: int = 0
    closest_appealed: int = 0
    worlds: int = 0
    something: int = 0
    exact: int = 0
    stages: Counter[str] = field(default_factory=Counter)
    corners: Counter[str] = field(default_factory=Counter)
    excluded: Counter[str] = field(default_factory=Counter)
    histogram: np.ndarray[Any, Any] = field(default_factory=lambda: np.zeros(len(EDGES), dtype=np.int64))
    worst: float = 0.0
    worst_by_design: dict[str, dict[str, float]] = field(default_factory=dict)
    hashes: list[Any] = field(default_factory=list)
    stopped: str | None = None

    @property
    def distinct(self) -> int:
        """Admissible networks that differ in a draw or in their world."""
        return int(np.unique(np.concatenate(self.hashes)).size) if self.hashes else 0


class OutOfTime(Exception):  # noqa: N818
    """The clock's budget is spent; what was seen so far stands."""


class Search:
    """One search: a statement, an arena, an effort, a seed; ``tick``, called between units, may raise OutOfTime."""

    def __init__(
        self, statement: Statement, arena: Arena, effort: Effort, seed: int, tick: Callable[[], None] = lambda: None
    ) -> None:
        self.statement, self.arena, self.effort, self.tick = statement, arena, effort, tick
        self.seed = key(seed, statement.hash)
        self.screen, self.court = Screen(statement, arena), Court(statement)
        self.kind: Kind = statement.given
        self.tally = Tally()
        self.found: Found | None = None
        self.closest: list[tuple[float, int, World, dict[str, Draw]]] = []
        self.climb = Climb(self.screen, effort, self.seed)
        self.hear_some = 0  # lanes of each world that are heard although nothing accuses them

    def run(self) -> Tally:
        """Search through all stages, until something is found or the effort is spent."""
        try:
            for stage in (self._tiny, self._corners, self._random, self._climbing, self._until_target):
                stage()
                if self.found:
                    break
            else:
                self._hear_closest()
        except OutOfTime:
            self.tally.stopped = "budget"
        return self.tally

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
                    whole = True
                    self._unit("tiny", world, self.screen.given(world, self._every(world, spans, count), count))
        for sizes in self._small_sizes():
            world = self.world(sizes, reach=1, sparse=True)
            if not self.found and not self._excluded(world):
                lanes = self._affordable(world, self.effort.sample)
                self._unit("tiny", world, self.screen.lanes(world, 0, lanes))

    def _small_sizes(self) -> list[dict[str, int]]:
        """Sizes of which at most one is the smallest, and none is more than two above it, smallest sum first."""
        bounds = self.kind.sizes()
        ranges = [range(b.low, min(b.high, b.low + 2) + 1) for b in bounds.values()]
        chosen = [dict(zip(bounds, values, strict=True)) for values in product(*ranges)]
        lows = {k: b.low for k, b in bounds.items()}
        spread = [c for c in chosen if self.kind.fits(c) and sum(c[k] == low for k, low in lows.items()) <= 1]
        return sorted(spread, key=lambda c: sum(c.values()))[: self.effort.small]

    def _corners(self) -> None:
        for number, corner in enumerate(self.kind.corners):
            tried = 0
            for attempt in range(CORNER_ATTEMPTS):
                world = self.world(self._spread_sizes(number + attempt, attempt % 2 == 0), corner=corner)
                if tried == self.effort.per_corner or self.found:
                    break
                if not self._excluded(world):
                    tried += 1
                    lanes = self._affordable(world, self.effort.corner)
                    self._unit("corners", world, self.screen.lanes(world, 0, lanes))

    def _random(self) -> None:
        # Hypothesis replays examples, so an example always draws the same; what ends the search waits until it is done.
        raised: list[BaseException] = []

        @hypothesis.seed(self.seed & 0xFFFFFFFF)
        @hypothesis.settings(
            max_examples=self.effort.examples,
            database=None,
            deadline=None,
            phases=(hypothesis.Phase.generate, hypothesis.Phase.target),
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        @hypothesis.given(st.data())
        def attempt(data: st.DataObject) -> None:
            world = self._design(data)
            if self.found or raised or self._excluded(world):
                return
            lanes = self.screen.lanes(world, 0, self._affordable(world, self.effort.lanes))
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

    def _until_target(self) -> None:
        """Efforts that promise a number of admissible networks draw on until they have it, or four times as many."""
        rounds = 0
        most = 4 * self.effort.target
        while self.tally.distinct < self.effort.target and self.tally.drawn < most and not self.found:
            sizes = self._spread_sizes(1000 + rounds, rounds % 3 > 0)
            conventions = self._conventions(rounds)
            corner = ("", *self.kind.corners)[rounds % (3 * len(self.kind.corners) + 1) % (len(self.kind.corners) + 1)]
            rounds += 1
            world = self.world(sizes, conventions=conventions, corner=corner if rounds % 4 == 0 else "", number=rounds)
            if not self._excluded(world):
                self._unit("random", world, self.screen.lanes(world, 0, self._affordable(world, self.effort.lanes)))

    # -- worlds --------------------------------------------------------------------------------------------------

    def world(
        self,
        sizes: dict[str, int],
        *,
        conventions: dict[str, str] | None = None,
        shifts: tuple[tuple[str, int], ...] = (),
        corner: str = "",
        reach: int | None = None,
        sparse: bool = False,
        number: int = 0,
    ) -> World:
        """A world of the kind; conventions default to the usual ones, and its seed follows from the search's."""
        usual = {name: str(values[0]) for name, values in self.kind.conventions.items()}
        chosen = {**usual, **(conventions or {})}
        seed = key(self.seed, number, sorted(sizes.items()), sorted(chosen.items()), shifts, corner, reach, sparse)
        return World(tuple(sizes.items()), tuple(sorted(chosen.items())), shifts, corner, reach, sparse, seed)

    def _design(self, data: st.DataObject) -> World:
        """The design point: sizes, conventions, magnitudes and corner, which is all that Hypothesis draws."""
        sizes: dict[str, int] = {}
        for letter, bound in self.kind.sizes().items():
            sizes[letter] = data.draw(st.integers(bound.low, min(bound.high, bound.low + 5)), label=letter)
        sizes = self.fitted(sizes)
        conventions = {
            name: str(data.draw(st.sampled_from(values), label=name)) for name, values in self.kind.conventions.items()
        }
        scales = st.sampled_from((0, 0, 0, -20, -7, 7, 20))
        shifts = tuple((name, data.draw(scales, label=f"scale of {name}")) for name in self.kind.scaled)
        corner = data.draw(st.sampled_from(("", *self.kind.corners)), label="corner")
        reach = data.draw(st.sampled_from((None, 1, 2)), label="reach")
        sparse = data.draw(st.booleans(), label="sparse")
        return self.world(
            sizes, conventions=conventions, shifts=shifts, corner=corner, reach=reach, sparse=sparse, number=1
        )

    def _spread_sizes(self, number: int, large: bool) -> dict[str, int]:
        """Sizes for a number: of the smallest three, or two above and more, reaching every value in turn."""
        sizes = {}
        for letter, bound in self.kind.sizes().items():
            low = min(bound.high, bound.low + 2) if large else bound.low
            sizes[letter] = low + key(self.seed, number, letter, large) % min(3, bound.high - low + 1)
        return self.fitted(sizes)

    def fitted(self, sizes: dict[str, int]) -> dict[str, int]:
        """The sizes, the last ones made smaller until they fit the kind."""
        for letter in reversed(sizes):
            while not self.kind.fits(sizes) and sizes[letter] > self.kind.sizes()[letter].low:
                sizes[letter] -= 1
        return sizes

    def _conventions(self, number: int) -> dict[str, str]:
        return {n: str(v[key(number, n) % len(v)]) for n, v in self.kind.conventions.items()}

    def _excluded(self, world: World) -> bool:
        premise = self.screen.excluded_by(world)
        if premise is not None:
            self.tally.excluded[str(premise)] += 1
        return premise is not None

    def _affordable(self, world: World, lanes: int) -> int:
        return max(8, min(lanes, self.effort.work // self.screen.survey(world).entries))

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
        best = 0.0
        for part in judged:
            self._count(stage, part)
            best = max(best, self.climb.consider(part))
            self._hear(stage, part)
            if self.found:
                break
        return best

    def _count(self, stage: str, part: Judged) -> None:
        tally, admissible = self.tally, part.admissible
        lanes, held = int(admissible.numel()), int(admissible.sum())
        tally.drawn += lanes
        tally.stages[stage] += lanes
        tally.admissible += held
        tally.undefined += int(part.undefined.sum())
        tally.something += int((part.says_something & admissible).sum())
        tally.exact += int((part.exact & admissible).sum())
        for name, mask in part.visited.items():
            tally.corners[name] += held if mask is True else int((mask & admissible).sum())
        if held:
            tally.hashes.append(_hashes(part)[admissible].cpu().numpy())
            # An accused lane either ends the search or is acquitted: how tight it is, floats cannot tell.
            tight = part.tightness[admissible & ~part.accused]
            finite = tight[tight.isfinite()].double().cpu().numpy()
            tally.histogram += np.histogram(np.minimum(finite, 1.0), bins=[*EDGES, np.inf])[0]
            worst = float(f"{float(tight.max()):.6g}") if tight.numel() else 0.0
            tally.worst = max(tally.worst, worst)
            for letter, value in part.world.sizes:
                line = tally.worst_by_design.setdefault(letter, {})
                line[str(value)] = max(line.get(str(value), 0.0), worst)

    def _hear(self, stage: str, part: Judged) -> None:
        accused = part.accused.nonzero().flatten().tolist()
        self.tally.accused += len(accused)
        for number, lane in enumerate(accused):
            if self.tally.accused - len(accused) + number >= self.effort.hearings:
                self.tally.unheard += len(accused) - number
                return
            if self._heard(stage, part.world, lane_draws(part.net, lane)):
                return
        for lane in range(min(self.hear_some, int(part.admissible.numel()))):
            if bool(part.admissible[lane]) and self._heard(stage, part.world, lane_draws(part.net, lane)):
                return
        self._remember_closest(part)

    def closest_call(self) -> tuple[World, dict[str, Draw]] | None:
        """The network on which the statement came nearest to failing, or the tightest one that was seen."""
        if self.closest:
            return self.closest[0][2], self.closest[0][3]
        return self.climb.tightest()

    def _heard(self, stage: str, world: World, draws: dict[str, Draw]) -> bool:
        ruling = self.court.hear(world, draws)
        if ruling.ruling == UPHELD:
            self.found = Found(world, draws, ruling, stage, self.tally.drawn)
            return True
        self.tally.undecided += ruling.ruling == OPEN
        self.tally.undefined += ruling.ruling == WITHOUT_VALUE
        self.tally.acquitted += ruling.ruling in (ACQUITTED, INADMISSIBLE)
        return False

    def _remember_closest(self, part: Judged) -> None:
        """Keep the lanes that came nearest to an accusation without one (not those that cannot round)."""
        near = part.admissible & ~part.exact & (part.excess > 0) & (part.excess <= 1)
        if not bool(near.any()):
            return
        excess = torch().where(near, part.excess, torch().full_like(part.excess, -1.0))
        lane = int(excess.argmax())
        self.closest.append(
            (float(f"{float(excess[lane]):.3g}"), len(self.closest), part.world, lane_draws(part.net, lane))
        )
        self.closest.sort(key=lambda c: (-c[0], c[1]))
        del self.closest[self.effort.closest :]

    def _hear_closest(self) -> None:
        for _, _, world, draws in self.closest:
            self.tally.closest_appealed += 1
            ruling = self.court.hear(world, draws)
            if ruling.ruling == UPHELD:
                self.found = Found(world, draws, ruling, "closest call", self.tally.drawn)
                return
            self.tally.undecided += ruling.ruling == OPEN


def lane_draws(net: Lanes, lane: int) -> dict[str, Draw]:
    """The draws of one lane, on the CPU, with a lane axis of one."""
    return {k: Draw(d.axes, d.low, d.high, d.values[lane : lane + 1].cpu()) for k, d in net.draws.items()}


def _hashes(part: Judged) -> Any:
    """(K,) 64-bit hashes of the draws and the world, seeds apart."""
    module = torch()
    start = key(part.world.sizes, part.world.conventions, part.world.shifts)
    total = module.full((part.net.count,), start, dtype=module.int64, device=part.admissible.device)
    for name, draw in sorted(part.net.draws.items()):
        values = draw.values.flatten(1) if draw.values.ndim > 1 else draw.values[:, None]
        if values.dtype.is_floating_point:
            values = values.double().view(module.int64)
        weights = module.arange(1, values.shape[1] + 1, dtype=module.int64, device=values.device) * key(name)
        mixed = (values + 11) * (weights | 1)
        mixed = (mixed ^ (mixed >> 29)) * -4658895280553007687
        total = total + (mixed ^ (mixed >> 32)).sum(1)
    return total


__all__ = ["EDGES", "Found", "OutOfTime", "Search", "Tally", "lane_draws"]
