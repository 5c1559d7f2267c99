"""Climbing: the draws of the best lanes bred over generations.

A lane is better when the statement is tighter there, or, where tightness says nothing, when its excess is larger. One
on which the statement says nothing (0 <= 0) is worth little, however tight. Worlds take turns: one that was bred and
got no better counts less. Only draws are changed, and they stay in the range that the kind declares.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from verify.arena import torch
from verify.draws import Draw, below, counter_bits, key
from verify.efforts import Effort
from verify.screen import Judged, Screen
from verify.worlds import World

PARENTS = 24
WORLDS = 3
KEPT = 24
RARITIES = (20, 80)
"""One draw in so many is changed in each of five ways."""
AT_REST = 0.75
"""What a world counts whose tightest lanes are all exactly tight: there may be nothing above."""
IN_VAIN = 0.9
"""What a generation takes from a world that got no better."""
CLOSE = 2.0**-10
"""What an excess of a whole allowance adds to the tightness."""
NOTHING_SAID = 2.0**-12
"""What the tightness of a lane counts on which the statement says nothing."""


Ranked = tuple[float, Any, dict[str, Draw]]
"""The best score, the scores of the best lanes, and their draws."""


class Climb:
    """Remembers the best lanes of the best worlds, and breeds those of as many ``worlds`` in each generation.

    There are as many children in a generation, of however few worlds.
    """

    def __init__(self, screen: Screen, effort: Effort, seed: int, worlds: int = WORLDS) -> None:
        self.screen, self.effort, self.seed, self.worlds = screen, effort, seed, worlds
        self.best: dict[World, Ranked] = {}
        self._fresh: dict[World, Ranked] = {}  # of the lanes that are being judged, chunk after chunk
        self.stale: dict[World, int] = {}  # generations that a world was bred without getting better

    def consider(self, part: Judged) -> float:
        """Take in judged lanes; returns their best score."""
        module = torch()
        if not self.screen.kind.shrinks or part.net.count == 0:
            return 0.0
        tight = part.tightness
        finite = (part.admissible | part.open) & tight.isfinite()
        scores = module.where(finite, tight, module.full_like(tight, -1.0)).double()
        scores = module.where(part.says_something, scores, scores * NOTHING_SAID)
        close = part.excess.double().nan_to_num(nan=-1.0, posinf=0.0, neginf=-1.0).clamp(-1.0, 1.0)
        scores = (scores + close * CLOSE).mul(2.0**16).round().div(2.0**16)
        order = module.sort(scores, descending=True, stable=True).indices[:PARENTS]
        draws = {k: Draw(d.axes, d.low, d.high, d.values[order]) for k, d in part.net.draws.items()}
        fresh = float(scores[order[0]]), scores[order], draws
        self._fresh[part.world] = _merged(self._fresh[part.world], fresh) if part.world in self._fresh else fresh
        return fresh[0]

    def settle(self) -> None:
        """Take in what was considered since the last time, all chunks of a world; of equals, known ones stay.

        A world without a score above zero is left out, as a whole: chunks of one are not told apart.
        """
        for world, fresh in self._fresh.items():
            if fresh[0] <= 0:
                continue
            self.best[world] = _merged(self.best[world], fresh) if world in self.best else fresh
        self._fresh = {}
        self.prune()

    def prune(self) -> None:
        """Forget the worst worlds when many are known."""
        if len(self.best) > 2 * KEPT:
            for world in self._ranked()[KEPT:]:
                del self.best[world]

    def _ranked(self) -> list[World]:
        """The known worlds, the tightest first; ties are broken without favour to any size."""
        return sorted(self.best, key=lambda w: (-self.best[w][0], key(self.seed, repr(w))))

    def _promise(self, world: World) -> float:
        """What worlds are bred by, the largest first: how near they are to more than tight, less what was in vain."""
        top = self.best[world][0]
        return (AT_REST if abs(top - 1) <= CLOSE else top) * IN_VAIN ** self.stale.get(world, 0)

    def tightest(self) -> tuple[World, dict[str, Draw]] | None:
        """The best lane of all, with a lane axis of one, or None."""
        if not self.best:
            return None
        world = self._ranked()[0]
        draws = self.best[world][2]
        return world, {k: Draw(d.axes, d.low, d.high, d.values[:1].cpu()) for k, d in draws.items()}

    def broods(self) -> Iterator[tuple[World, dict[str, Draw], int]]:
        """Children of the best lanes, one generation after the other; judge them and ``consider`` the result."""
        for generation in range(self.effort.generations):
            for world in sorted(self._ranked(), key=lambda w: -self._promise(w))[: self.worlds]:
                before, _, parents = self.best[world]
                brood = self.effort.brood * WORLDS // self.worlds
                count = max(8, min(brood, self.effort.work // self.screen.survey(world).entries))
                yield world, self._children(parents, count, key(self.seed, "climb", generation, repr(world))), count
                known = self.best.get(world)
                self.stale[world] = 0 if known and known[0] > before else self.stale.get(world, 0) + 1

    def _children(self, parents: dict[str, Draw], count: int, stream: int) -> dict[str, Draw]:
        module, arena = torch(), self.screen.arena
        lanes = module.arange(count, dtype=module.int64, device=arena.device)
        # Half of the children differ in few draws from their parents, half in many.
        rarity = module.where(lanes % 2 == 0, RARITIES[0], RARITIES[1])[:, None]
        children = {}
        for name, draw in parents.items():
            entries = int(draw.values[0].numel())
            bits = counter_bits(arena, key(stream, name), lanes, 3 * entries + 2)
            known = draw.values.shape[0]
            mother = draw.values[below(bits[:, 0], known)].reshape(count, entries)
            father = draw.values[below(bits[:, 1], known)].reshape(count, entries)
            own = bits[:, 2:].reshape(count, 3, entries)
            values = module.where(below(own[:, 0], 8) < 6, mother, father)
            fresh = below(own[:, 1], draw.high - draw.low + 1) + draw.low
            nudged = values + below(own[:, 1], 3) - 1
            changes = (fresh, nudged, values * 0, -values, values.roll(1, 1))
            choice = below(own[:, 2], rarity)
            for number, changed in enumerate(changes):
                values = module.where(choice == number, changed, values)
            values = values.clamp(draw.low, draw.high)
            children[name] = Draw(draw.axes, draw.low, draw.high, values.reshape(count, *draw.values.shape[1:]))
        return children


def _merged(first: Ranked, second: Ranked) -> Ranked:
    """The best lanes of two lists, those of the first before equals of the second."""
    module = torch()
    scores = module.cat([first[1], second[1]])
    keep = module.sort(scores, descending=True, stable=True).indices[:PARENTS]
    # Lanes that are shared have draws that this statement does not read, such as that of a word that it replaces.
    draws = {
        k: Draw(d.axes, d.low, d.high, module.cat([d.values, second[2][k].values])[keep])
        for k, d in first[2].items()
        if k in second[2]
    }
    return float(scores[keep[0]]), scores[keep], draws
