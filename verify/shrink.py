"""Shrinking: from a counterexample to a small one.

Moves act on the draws (drop a neuron, a sample, an input dimension, a batch element; bring a draw to 0, 1, -1) and keep
every hypothesis; then every world one size smaller is searched anew, until none yields. All candidates of a step are
screened at once as lanes; what is kept has been heard by the court.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product

from verify.appeal import Court
from verify.arena import torch
from verify.draws import Draw, key
from verify.screen import Judged
from verify.search import Found, Search, lane_draws
from verify.worlds import World

EVERY = 20_000
SAMPLED = 2_048
HEARINGS = 4
ROUNDS = 40


@dataclass(frozen=True)
class Shrinker:
    """Shrinks what one search found."""

    search: Search

    def __call__(self, found: Found) -> Found:
        """The smallest counterexample that the moves and the smaller worlds give."""
        if not self.search.kind.shrinks:
            return found
        best = self._plain(found)
        while True:
            best = self._moved(best)
            smaller = self._in_smaller_worlds(best)
            if smaller is None:
                break
            best = smaller
        anew = self._anew(best.world, found, self.measure(best))
        return self._moved(anew) if anew is not None else best

    # -- measure -------------------------------------------------------------------------------------------------

    def measure(self, found: Found) -> tuple[float, ...]:
        """What is smaller: sizes, then no kink, usual conventions, fewer non-zero draws, smaller draws."""
        nonzero = sum(int((d.values != 0).sum()) for d in found.draws.values())
        magnitude = sum(float(d.values.abs().sum()) for d in found.draws.values())
        return (*self._size(found.world), float(found.ruling.kink), *self._oddity(found.world), nonzero, magnitude)

    def _size(self, world: World) -> tuple[float, float]:
        sizes = dict(world.sizes)
        batch = sizes.pop("B", 0)
        return float(sum(sizes.values())), float(batch)

    def _oddity(self, world: World) -> tuple[float, float]:
        usual = {n: str(v[0]) for n, v in self.search.kind.conventions.items()}
        odd = sum(1 for n, v in world.conventions if usual.get(n) != v)
        return float(odd), float(world.fineness + sum(abs(s) for _, s in world.shifts))

    # -- candidates ----------------------------------------------------------------------------------------------

    def _plain(self, found: Found) -> Found:
        """The same draws without what only steered the drawing, under the usual conventions where they will do."""
        bare = replace(found.world, corner="", reach=None, sparse=False)
        usual = {n: str(v[0]) for n, v in self.search.kind.conventions.items()}
        attempts = [
            replace(bare, conventions=tuple(sorted(usual.items())), shifts=()),
            replace(bare, shifts=()),
            *(
                replace(bare, conventions=tuple((k, usual[n] if k == n else v) for k, v in bare.conventions))
                for n in usual
            ),
        ]
        for world in attempts:
            tried = self._heard(world, found.draws, found)
            if tried is not None:
                return tried
        return self._heard(bare, found.draws, found) or found

    def _heard(self, world: World, draws: dict[str, Draw], found: Found) -> Found | None:
        if self.search.screen.excluded_by(world) is not None:
            return None
        ruling = Court(self.search.statement).hear(world, draws)
        return Found(world, draws, ruling, found.stage, found.lanes) if ruling.refutes else None

    def _moved(self, best: Found) -> Found:
        """Drop what can be dropped, then make entries smaller, and again, until neither yields."""
        for _ in range(ROUNDS):
            dropped = next(filter(None, (self._best_of(best, *move) for move in self._drops(best))), None)
            if dropped is not None:
                best = dropped
                continue
            smaller = self._with_smaller_entries(best)
            if smaller is best:
                return best
            best = smaller
        return best

    def _with_smaller_entries(self, best: Found) -> Found:
        for _ in range(ROUNDS):
            step = self._best_of(best, *self._smaller_entries(best))
            if step is None:
                return best
            best = step
        return best

    def _parts_lowered(self, sizes: dict[str, int], letter: str) -> Iterator[dict[str, int]]:
        """What else may become smaller with a size: nothing, or one of each of some parts of the sample."""
        parts = [part for part in dict.fromkeys(("B", *self.search.kind.parts)) if part in sizes and part != letter]
        for chosen in product((False, True), repeat=len(parts)):
            yield {part: sizes[part] - 1 for part, lower in zip(parts, chosen, strict=True) if lower}

    def _drops(self, best: Found) -> Iterator[tuple[World, dict[str, Draw], int]]:
        module = torch()
        sizes = dict(best.world.sizes)
        for letter, size in sizes.items():
            for others in self._parts_lowered(sizes, letter):
                smaller = {**sizes, letter: size - 1, **others}
                if min(smaller.values()) < 1 or not self.search.kind.fits(smaller):
                    continue
                world = replace(best.world, sizes=tuple(smaller.items()))
                draws = {}
                for name, draw in best.draws.items():
                    values = draw.values.expand(size, *draw.values.shape[1:])
                    for place, axis in enumerate(draw.axes):
                        if axis == letter:
                            rows = [module.cat([v[:k], v[k + 1 :]]) for k, v in enumerate(values.movedim(1 + place, 1))]
                            values = module.stack(rows).movedim(1, 1 + place)
                    draws[name] = Draw(draw.axes, draw.low, draw.high, values.contiguous())
                yield world, draws, size

    def _smaller_entries(self, best: Found) -> tuple[World, dict[str, Draw], int]:
        module = torch()
        names = list(best.draws)
        flat = module.cat([best.draws[n].values.reshape(-1) for n in names])
        entries = int(flat.numel())
        rows = [flat]
        for k in range(entries):
            value = int(flat[k])
            for new in sorted({0, (value > 0) - (value < 0), value // 2 if value > 0 else -(-value // 2)}):
                if new != value:
                    row = flat.clone()
                    row[k] = new
                    rows.append(row)
        stacked = module.stack(rows)
        draws, start = {}, 0
        for name in names:
            draw = best.draws[name]
            count = int(draw.values[0].numel())
            part = stacked[:, start : start + count].reshape(len(rows), *draw.values.shape[1:])
            draws[name] = Draw(draw.axes, draw.low, draw.high, part)
            start += count
        return best.world, draws, len(rows)

    # -- screening candidates ------------------------------------------------------------------------------------

    def _best_of(self, best: Found, world: World, draws: dict[str, Draw], count: int) -> Found | None:
        """The smallest candidate, heard, that is smaller than the best so far."""
        if self.search.screen.excluded_by(world) is not None:
            return None
        on_device = {k: Draw(d.axes, d.low, d.high, d.values.to(self.search.arena.device)) for k, d in draws.items()}
        return self._smallest(self.search.screen.given(world, on_device, count), best, self.measure(best))

    def _smallest(self, judged: Iterator[Judged], found: Found, bound: tuple[float, ...]) -> Found | None:
        candidates: list[tuple[tuple[float, ...], int, World, dict[str, Draw]]] = []
        for part in judged:
            lanes = part.accused.nonzero().flatten()
            if lanes.numel() == 0:
                continue
            nonzero = sum(
                (d.values != 0).flatten(1).sum(1) if d.values.ndim > 1 else (d.values != 0).long()
                for d in part.net.draws.values()
            )
            size = sum(
                d.values.abs().flatten(1).sum(1) if d.values.ndim > 1 else d.values.abs()
                for d in part.net.draws.values()
            )
            kink = part.visited.get("kink", part.excess > float("inf"))
            order = sorted(lanes.tolist(), key=lambda k: (bool(kink[k]), int(nonzero[k]), float(size[k]), k))[:HEARINGS]
            for lane in order:
                measure = (
                    *self._size(part.world), float(bool(kink[lane])), *self._oddity(part.world),
                    float(nonzero[lane]), float(size[lane]),
                )  # fmt: skip
                if measure < bound:
                    candidates.append((measure, len(candidates), part.world, lane_draws(part.net, lane)))
        for _, _, world, draws in sorted(candidates, key=lambda c: c[:2])[:HEARINGS]:
            heard = self._heard(world, draws, found)
            if heard is not None and self.measure(heard) < bound:
                return heard
        return None

    def _in_smaller_worlds(self, best: Found) -> Found | None:
        """Search every world that is one size smaller; the first counterexample in one of them."""
        sizes = dict(best.world.sizes)
        for letter in sizes:
            for others in self._parts_lowered(sizes, letter):
                smaller = {**sizes, letter: sizes[letter] - 1, **others}
                if min(smaller.values()) < 1 or not self.search.kind.fits(smaller):
                    continue
                found = self._anew(replace(best.world, sizes=tuple(smaller.items())), best, self.measure(best))
                if found is not None:
                    return found
        return None

    def _anew(self, world: World, found: Found, bound: tuple[float, ...]) -> Found | None:
        """Search a world of given sizes again, all of it where it is small, for less than the bound."""
        search = self.search
        bare = replace(world, corner="", reach=1, sparse=False, fineness=0)
        small = replace(bare, seed=key(search.seed, "anew", world.sizes))
        if search.screen.excluded_by(small) is not None:
            return None
        spans = search._spans(small)
        count = 1.0
        for low, high, entries in spans.values():
            count *= float(high - low + 1) ** entries
        passes: list[Callable[[], Iterator[Judged]]] = []
        if count <= EVERY:
            passes.append(lambda: search.screen.given(small, search._every(small, spans, int(count)), int(count)))
        sparse = replace(small, sparse=True)
        lanes = search._affordable(sparse, SAMPLED)
        if count > EVERY:
            passes.append(lambda: search.screen.lanes(sparse, 0, lanes))
        passes.append(lambda: search.screen.lanes(replace(sparse, reach=None), 0, lanes))
        for attempt in passes:
            better = self._smallest(attempt(), found, bound)
            if better is not None:
                return replace(better, world=replace(better.world, corner="", reach=None, sparse=False))
        return None
