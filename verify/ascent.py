"""Ascent: networks of fixed sizes bred towards the largest left / right of an inequality, on finer and finer grids.

Differential evolution (Storn, Price 1997) on the integers that networks are drawn as. Islands are bred apart; a child
takes its parent's place where it is not worse; grids are halved where a stage ends, so that optima that small integers
reach are found as such. Every choice is a function of the seed and of the number of the generation. Floats propose
only: who asks for the best networks has them judged exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from verify.arena import torch
from verify.draws import Draw, below, counter_bits, key
from verify.efforts import Effort
from verify.screen import Judged, Screen
from verify.worlds import World

Draws = dict[str, Draw]

GRIDS = (0, 1, 2, 3, 5, 8, 12, 17, 22)
"""The fineness of the grid in each stage."""

ISLANDS = 8
FIRST = 8
"""Networks drawn for each one that a first population has room for."""

PATIENCE = 3
"""A stage ends when a third of its generations brought nothing."""

CLEAR = 2**20
"""By how many allowances the sides differ at least, so that rounding is a small part of left / right."""

STEPS = 4
"""A difference of two networks is added 1/4, 2/4, 3/4 or 4/4 times."""


@dataclass(frozen=True)
class Peak:
    """The best network of a stage: left / right as floats have it, the world, draws with a lane axis of one."""

    ratio: float
    world: World
    draws: Draws


@dataclass(frozen=True)
class Pace:
    """How much is tried: networks of an island, generations of a stage."""

    island: int
    generations: int

    @staticmethod
    def of(effort: Effort) -> Pace:
        """The pace of a thorough look; ``lighter`` gives that of a first one."""
        return Pace(max(16, effort.brood // 8), 50 * effort.generations)

    def lighter(self) -> Pace:
        """A fraction of it."""
        return Pace(max(16, self.island // 4), max(8, self.generations // 6))


class Ascent:
    """Breeds the networks of one world; ``screen`` judges ``left <= margin * right`` with a margin beyond reach.

    Where the margin is beyond reach, a lane whose sides differ by little more than rounding has both of them near zero,
    and tells nothing; ``margin`` turns the tightness of the others into left / right.
    """

    def __init__(self, screen: Screen, world: World, margin: float, seed: int, tick: Callable[[], None]) -> None:
        self.screen, self.world, self.margin, self.tick = screen, world, margin, tick
        self.seed = key(seed, "ascent", repr(world))
        self.tried = 0
        self.unbounded: list[Peak] = []  # left is not zero and right is
        self._made: list[tuple[str, tuple[str, ...], tuple[int, ...], int, int]] = []  # name, axes, shape, low, high
        self._flat: Any = None  # (K, entries of all draws), on the grid of the world
        self._ratios: Any = None

    def stages(self, pace: Pace, grids: tuple[int, ...] = GRIDS) -> Iterator[Peak]:
        """The best network after each stage; nothing where no network says anything."""
        self._settle(pace.island)
        for number, fineness in enumerate(grids):
            if not bool((self._ratios > 0).any()):
                return
            steps = fineness - self.world.fineness
            self._flat, self.world = self._flat << steps, self.world.refined(steps)
            low, high = self._ranges()
            idle = 0
            for generation in range(pace.generations):
                before = float(self._ratios.max())
                self._take(self._bred(pace.island, key(self.seed, number, generation), low, high))
                idle = 0 if float(self._ratios.max()) > before else idle + 1
                if idle * PATIENCE > pace.generations:
                    break
            yield self.peak()

    def peak(self) -> Peak:
        """The best network so far."""
        lane = int(self._ratios.argmax())
        draws = self._draws(self._flat[lane : lane + 1].cpu())
        return Peak(float(self._ratios[lane]), self.world, draws)

    # -- populations ---------------------------------------------------------------------------------------------

    def _settle(self, island: int) -> None:
        """The first population: the best of many networks, corners and symmetric ones too, dealt to the islands."""
        module = torch()
        wanted = ISLANDS * island
        flats, ratios = [], []
        corners = ("", *self.screen.kind.corners)
        self._made = [
            (name, axes, tuple(self.screen.kind.extent(a, self.world) for a in axes), low, high)
            for name, (axes, low, high) in self.screen.survey(self.world).draws.items()
        ]
        for number, corner in enumerate(corners):
            count = FIRST * wanted // 2 if not corner else FIRST * wanted // (2 * len(corners))
            start = World(self.world.sizes, self.world.conventions, (), corner, None, False, key(self.seed, number))
            for part in self.screen.lanes(start, 0, count):
                ratios.append(self._told(part))
                drawn = [part.net.draws[name].values.reshape(part.net.count, -1) for name, *_ in self._made]
                flats.append(module.cat(drawn, 1))
        symmetric = self._symmetric(FIRST * wanted * 4)
        for part in self.screen.given(self.world, self._draws(symmetric), int(symmetric.shape[0])):
            ratios.append(self._told(part))
        flats.append(symmetric)
        together = module.cat(ratios)
        order = module.sort(together, descending=True, stable=True).indices[:wanted]
        dealt = order.reshape(island, ISLANDS).T.reshape(-1)
        low, high = self._ranges()
        self._flat = module.maximum(module.minimum(module.cat(flats)[dealt], high), low)  # corners go beyond ranges
        self._ratios = module.full_like(together[dealt], -1.0)
        self._take(self._flat)

    def _symmetric(self, count: int) -> Any:
        """Networks of one integer a draw: everywhere, or where the row and the column of an entry belong together.

        Extremal networks are often symmetric, and a random one never is.
        """
        module, arena = torch(), self.screen.arena
        lanes = module.arange(count, dtype=module.int64, device=arena.device)
        columns = []
        for name, _, shape, low, high in self._made:
            bits = counter_bits(arena, key(self.seed, "symmetric", name), lanes, 2)
            value = below(bits[:, 0], high - low + 1) + low
            long = [extent for extent in shape if extent > 1]
            rows, width = (long[0], long[1]) if len(long) == 2 else (1, _entries(shape))
            row = module.arange(rows, device=arena.device)[:, None]
            column = module.arange(width, device=arena.device)[None, :]
            block, cycle = row * width // rows == column, row % width == column
            patterns = module.stack([block | True, block, cycle] if len(long) == 2 else [column >= 0] * 3)
            chosen = patterns.reshape(3, -1)[below(bits[:, 1], 3)]
            columns.append(value[:, None] * chosen)
        return module.cat(columns, 1)

    def _ranges(self) -> tuple[Any, Any]:
        """The least and the greatest integer of each entry, on the grid of the world."""
        module, fine = torch(), self.world.fineness
        counts = [_entries(shape) for _, _, shape, _, _ in self._made]
        lows = [low << fine for (_, _, _, low, _), count in zip(self._made, counts, strict=True) for _ in range(count)]
        highs = [top << fine for (_, _, _, _, top), count in zip(self._made, counts, strict=True) for _ in range(count)]
        device = self.screen.arena.device
        low, high = (module.tensor(ends, dtype=module.int64, device=device) for ends in (lows, highs))
        return low, high

    def _draws(self, flat: Any) -> Draws:
        draws, start, fine = {}, 0, self.world.fineness
        for name, axes, shape, low, high in self._made:
            stop = start + _entries(shape)
            draws[name] = Draw(axes, low << fine, high << fine, flat[:, start:stop].reshape(-1, *shape).contiguous())
            start = stop
        return draws

    def _take(self, children: Any) -> None:
        """Children that are not worse take their parents' places."""
        module = torch()
        self.tick()
        parts = self.screen.given(self.world, self._draws(children), int(children.shape[0]))
        ratios = module.cat([self._told(part) for part in parts])
        better = ratios >= self._ratios
        self._ratios = module.where(better, ratios, self._ratios)
        self._flat = module.where(better[:, None], children, self._flat)

    def _told(self, part: Judged) -> Any:
        """(K,) left / right where a lane is admissible and says something, -1 elsewhere."""
        module = torch()
        self.tried += part.net.count
        told = part.admissible & part.says_something & (part.excess.abs() > CLEAR)
        endless = told & part.tightness.isinf()
        if bool(endless.any()):
            lane = int(endless.nonzero()[0])
            draws = {k: Draw(d.axes, d.low, d.high, d.values[lane : lane + 1].cpu()) for k, d in part.net.draws.items()}
            self.unbounded.append(Peak(float("inf"), part.world, draws))
        told &= part.tightness.isfinite()
        return module.where(told, part.tightness * self.margin, module.full_like(part.tightness, -1.0)).double()

    # -- breeding ------------------------------------------------------------------------------------------------

    def _bred(self, island: int, stream: int, low: Any, high: Any) -> Any:
        """A child for every network: most go along differences of others, a quarter are a better one, nudged."""
        module, arena = torch(), self.screen.arena
        flat = self._flat
        count, entries = flat.shape
        lanes = module.arange(count, dtype=module.int64, device=arena.device)
        home = lanes // island * island
        choices = counter_bits(arena, key(stream, "choices"), lanes, 5)
        order = module.sort(self._ratios.reshape(ISLANDS, island), dim=1, descending=True, stable=True).indices
        rank = below(choices[:, 0], island) * below(choices[:, 1], island) // island  # the better ones, mostly
        best = flat[home + order.reshape(-1)[home + rank]]
        one, other = (flat[home + below(choices[:, k], island)] for k in (2, 3))
        fields = choices[:, 4:]
        weight = 1 + (fields & 3)
        towards = ((fields >> 2) & 1) * weight  # half of the children go towards a better one too
        keep = ((fields >> 3) & 3).clamp(max=2)  # how much of a child is its parent's: most, half, or little
        local = (fields >> 5) & 3 == 0
        own = counter_bits(arena, key(stream, "entries"), lanes, entries)
        moved = flat + ((towards * (best - flat) + weight * (one - other) + STEPS // 2) >> 2)
        child = module.where((own & 7) >= 7 - 3 * keep, moved, flat)
        near = module.where(((own >> 3) & 3) == 0, _nudged(best, own, high - low), best)
        return module.maximum(module.minimum(module.where(local, near, child), high), low)


def _nudged(values: Any, own: Any, span: Any) -> Any:
    """Entries moved by a power of two, turned round, set to zero, or made equal to a neighbour's."""
    module = torch()
    powers = module.log2(span.double()).long() + 1
    power = module.ones_like(values) << ((((own >> 16) & 0xFFFF) * powers) >> 16)
    what = (own >> 5) & 7
    moved = module.where(what < 5, values + module.where((own >> 8) & 1 == 0, power, -power), values * 0)
    moved = module.where(what == 6, -values, moved)
    return module.where(what == 7, values.roll(1, dims=1), moved)


def _entries(shape: tuple[int, ...]) -> int:
    total = 1
    for extent in shape:
        total *= extent
    return total
