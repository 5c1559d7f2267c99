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
from verify.draws import Draw, below, counter_bits, key, refined
from verify.efforts import Effort
from verify.screen import Judged, Screen
from verify.worlds import World

Draws = dict[str, Draw]

GRIDS = (0, 1, 2, 3, 5, 8, 12, 17, 22)
"""The fineness of the grid in each stage."""

ISLANDS = 8
FIRST = 8
"""Networks drawn for each one that a first population has room for."""

CLEAR = 2**20
"""By how many allowances the sides differ at least, so that rounding is a small part of what left / right is told by."""

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
        return Pace(max(16, effort.brood // 4), 25 * effort.generations)

    def lighter(self) -> Pace:
        """A quarter as much in either direction."""
        return Pace(max(8, self.island // 4), max(8, self.generations // 4))


class Ascent:
    """Breeds the networks of one world; ``screen`` judges ``left <= margin * right`` with a margin beyond reach.

    Where the margin is beyond reach, a lane whose sides differ by little more than rounding has both of them near zero,
    and tells nothing; ``margin`` turns the tightness of the others into left / right.
    """

    def __init__(self, screen: Screen, world: World, margin: float, seed: int, tick: Callable[[], None]) -> None:
        self.screen, self.world, self.margin, self.tick = screen, world, margin, tick
        self.seed = key(seed, "ascent", repr(world))
        self.draws: Draws = {}
        self.ratios: Any = None
        self.island = 0
        self.tried = 0
        self.unbounded: list[Peak] = []  # left is not zero and right is

    def stages(self, pace: Pace, grids: tuple[int, ...] = GRIDS) -> Iterator[Peak]:
        """The best network after each stage; nothing where no network says anything."""
        self._settle(pace.island)
        for number, fineness in enumerate(grids):
            if not self.draws or not bool((self.ratios > 0).any()):
                return
            steps = fineness - self.world.fineness
            self.draws, self.world = refined(self.draws, steps), self.world.refined(steps)
            for generation in range(pace.generations):
                self._breed(key(self.seed, number, generation))
            yield self.peak()

    def peak(self) -> Peak:
        """The best network so far."""
        lane = int(self.ratios.argmax())
        return Peak(float(self.ratios[lane]), self.world, _lane(self.draws, lane))

    # -- populations ---------------------------------------------------------------------------------------------

    def _settle(self, island: int) -> None:
        """The first population: the best of many networks, in the corners of the world too, dealt to the islands."""
        module = torch()
        self.island = island
        wanted = ISLANDS * island
        parts: list[Draws] = []
        ratios = []
        corners = ("", *self.screen.kind.corners)
        for number, corner in enumerate(corners):
            count = FIRST * wanted // 2 if not corner else FIRST * wanted // (2 * len(corners))
            start = World(self.world.sizes, self.world.conventions, (), corner, None, False, key(self.seed, number))
            for part in self.screen.lanes(start, 0, count):
                ratios.append(self._ratios(part))
                parts.append(part.net.draws)
        together = module.cat(ratios)
        order = module.sort(together, descending=True, stable=True).indices[:wanted]
        dealt = order.reshape(island, ISLANDS).T.reshape(-1)
        first = parts[0]
        self.draws = {
            k: Draw(d.axes, d.low, d.high, module.cat([p[k].values for p in parts])[dealt].clamp(d.low, d.high))
            for k, d in first.items()
        }
        self.ratios = module.full_like(together[dealt], -1.0)
        self._take(self.draws)

    def _take(self, children: Draws) -> None:
        """Children that are not worse take their parents' places."""
        module = torch()
        self.tick()
        count = int(self.ratios.shape[0])
        parts = list(self.screen.given(self.world, children, count))
        ratios = module.cat([self._ratios(part) for part in parts])
        better = ratios >= self.ratios
        self.ratios = module.where(better, ratios, self.ratios)
        self.draws = {
            k: Draw(d.axes, d.low, d.high, module.where(_beside(better, d.values), children[k].values, d.values))
            for k, d in self.draws.items()
        }

    def _ratios(self, part: Judged) -> Any:
        """(K,) left / right where a lane is admissible and says something, -1 elsewhere."""
        module = torch()
        self.tried += part.net.count
        apart = part.excess.abs() > CLEAR
        told = part.admissible & part.says_something & apart
        endless = told & part.tightness.isinf()
        if bool(endless.any()):
            lane = int(endless.nonzero()[0])
            self.unbounded.append(Peak(float("inf"), part.world, _lane(part.net.draws, lane)))
        told &= part.tightness.isfinite()
        return module.where(told, part.tightness * self.margin, module.full_like(part.tightness, -1.0)).double()

    # -- breeding ------------------------------------------------------------------------------------------------

    def _breed(self, stream: int) -> None:
        module, arena = torch(), self.screen.arena
        count = int(self.ratios.shape[0])
        lanes = module.arange(count, dtype=module.int64, device=arena.device)
        home = lanes // self.island * self.island
        choices = counter_bits(arena, key(stream, "choices"), lanes, 8)
        order = module.sort(self.ratios.reshape(ISLANDS, self.island), dim=1, descending=True, stable=True).indices
        rank = below(choices[:, 0], self.island) * below(choices[:, 1], self.island) // self.island  # the better ones
        best = home + order[lanes // self.island, rank]
        one, other = (home + below(choices[:, k], self.island) for k in (2, 3))
        weight = 1 + below(choices[:, 4], STEPS)
        towards = below(choices[:, 5], 2) * weight  # half of the children go towards a better one too
        keep = below(choices[:, 6], 3)  # how much of a child is its parent's: most, half, or little
        local = below(choices[:, 7], 4) == 0  # a quarter of the children are a better one, nudged
        children = {}
        for name, draw in self.draws.items():
            values = draw.values.reshape(count, -1)
            entries = int(values.shape[1])
            own = counter_bits(arena, key(stream, name), lanes, 4 * entries).reshape(count, 4, entries)
            step = towards[:, None] * (values[best] - values) + weight[:, None] * (values[one] - values[other])
            moved = values + ((step + STEPS // 2) >> 2)
            changed = below(own[:, 0], 8) >= 7 - 3 * keep[:, None]
            child = module.where(changed, moved, values)
            near = module.where(below(own[:, 0], 4) == 0, self._nudged(draw, values[best], own), values[best])
            child = module.where(local[:, None], near, child).clamp(draw.low, draw.high)
            children[name] = Draw(draw.axes, draw.low, draw.high, child.reshape(draw.values.shape))
        self._take(children)

    def _nudged(self, draw: Draw, values: Any, own: Any) -> Any:
        """Entries moved by a power of two, turned round, set to zero, or made equal to a neighbour's."""
        module = torch()
        reach = max(1, (draw.high - draw.low).bit_length())
        power = module.ones_like(values) << below(own[:, 1], reach)
        signed = module.where(below(own[:, 2], 2) == 0, power, -power)
        what = below(own[:, 3], 8)
        moved = module.where(what < 5, values + signed, values * 0)
        moved = module.where(what == 6, -values, moved)
        return module.where(what == 7, values.roll(1, dims=1), moved)


def _lane(draws: Draws, lane: int) -> Draws:
    return {k: Draw(d.axes, d.low, d.high, d.values[lane : lane + 1].cpu()) for k, d in draws.items()}


def _beside(mask: Any, values: Any) -> Any:
    """A mask (K,) with as many axes as the values (K, ...)."""
    return mask.reshape(-1, *(1,) * (values.ndim - 1))
