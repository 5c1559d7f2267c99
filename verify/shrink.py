"""Shrinking: from a counterexample to a small one.

Moves act on the draws (drop a neuron, a sample, an input dimension, a batch element; bring a draw to 0, 1, -1) and keep
every hypothesis; then every world one size smaller is searched anew, until none yields. All candidates of a step are
screened at once as lanes; what is kept has been heard by the court.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from heapq import nsmallest
from itertools import product
from typing import Any

from verify.appeal import Hearing
from verify.arena import torch
from verify.draws import Draw, key
from verify.screen import Judged
from verify.search import Found, Search
from verify.units import extent_of_draws, flat, lane_draws
from verify.worlds import World

EVERY = 20_000
SAMPLED = 2_048
HEARINGS = 4
ROUNDS = 40
FEW = 5
"""How many entries are brought to 0 and to 1 in every way at once."""

Candidate = tuple[World, dict[str, Draw], bool]
"""A network that floats accuse, and whether it is on a kink by floats."""

Choice = Callable[[Iterator[Judged], Found, tuple[float, ...]], Found | None]
"""What picks one of judged lanes that is smaller than a bound."""


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
        entries = flat(found.draws, 1)
        nonzero, magnitude = float((entries != 0).sum()), float(entries.abs().sum())
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
        hearing = Hearing(self.search.statement, world, draws)
        if not hearing.ruling.refutes or hearing.stray:
            return None
        return Found(world, draws, hearing.ruling, found.stage, found.lanes)

    def _moved(self, best: Found) -> Found:
        """What the moves make of a counterexample: floats propose step by step, and what comes out is heard.

        Where that is not upheld, every step is heard.
        """
        proposed = self._descended(best, self._unheard)
        if proposed is best:
            return best
        heard = self._heard(proposed.world, proposed.draws, best)
        if heard is not None and self.measure(heard) < self.measure(best):
            return heard
        return self._descended(best, self._smallest)

    def _descended(self, best: Found, choose: Choice) -> Found:
        """Drop what can be dropped, then make entries smaller, and again, until neither yields."""
        smallest = None  # of its entries none can be made smaller
        for _ in range(ROUNDS):
            tried = (self._best_of(best, *move, choose) for move in self._drops(best))
            dropped = next(filter(None, tried), None)
            if dropped is not None:
                best = dropped
                continue
            if smallest is best:
                return best
            best = smallest = self._with_smaller_entries(best, choose)
        return best

    def _with_smaller_entries(self, best: Found, choose: Choice) -> Found:
        for _ in range(ROUNDS):
            step = self._best_of(best, *self._smaller_entries(best), choose)
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
        """One entry made smaller, all up to one or from one on, or, of a few, some of them brought to 0 and some to 1.

        What can go together need not go one by one.
        """
        module = torch()
        entries = flat(best.draws, 1)[0]
        count = int(entries.numel())
        zero, sign, half = 0 * entries, entries.sign(), entries.sign() * (entries.abs() // 2)
        upto = module.arange(count + 1)[:, None] > module.arange(count)
        alone = module.eye(count, dtype=module.bool)
        moves = [(alone, new) for new in (zero, sign, half)]
        moves += [(module.cat([upto[1:], ~upto[1:-1]]), new) for new in (zero, sign)]
        rows = module.cat([*(module.where(parts, new, entries) for parts, new in moves), *_each_way(entries)])
        stacked = rows[(rows != entries).any(1)]
        draws, start = {}, 0
        for name, draw in best.draws.items():
            count = int(draw.values[0].numel())
            part = stacked[:, start : start + count].reshape(len(stacked), *draw.values.shape[1:])
            draws[name] = Draw(draw.axes, draw.low, draw.high, part)
            start += count
        return best.world, draws, len(stacked)

    # -- screening candidates ------------------------------------------------------------------------------------

    def _best_of(self, best: Found, world: World, draws: dict[str, Draw], count: int, choose: Choice) -> Found | None:
        """The candidate that is chosen among those smaller than the best so far."""
        if self.search.screen.excluded_by(world) is not None:
            return None
        on_device = {k: Draw(d.axes, d.low, d.high, d.values.to(self.search.arena.device)) for k, d in draws.items()}
        return choose(self.search.screen.given(world, on_device, count), best, self.measure(best))

    def _smallest(self, judged: Iterator[Judged], found: Found, bound: tuple[float, ...]) -> Found | None:
        """The smallest of the lanes that floats accuse, heard, that is smaller than the bound."""
        for world, draws, _ in self._candidates(judged, bound):
            heard = self._heard(world, draws, found)
            if heard is not None and self.measure(heard) < bound:
                return heard
        return None

    def _unheard(self, judged: Iterator[Judged], found: Found, bound: tuple[float, ...]) -> Found | None:
        """The smallest of the lanes that floats accuse that is smaller than the bound, as if it had been upheld."""
        for world, draws, kink in self._candidates(judged, bound):
            return Found(world, draws, replace(found.ruling, kink=kink), found.stage, found.lanes)
        return None

    def _candidates(self, judged: Iterator[Judged], bound: tuple[float, ...]) -> list[Candidate]:
        """The few smallest of the lanes that floats accuse and that are smaller than the bound, in order."""
        candidates: list[tuple[tuple[float, ...], int, Candidate]] = []
        for part in judged:
            lanes = part.accused.nonzero().flatten()
            if lanes.numel() == 0:
                continue
            nonzero, size = extent_of_draws(part.net, lanes)
            kink = part.visited.get("kink", part.excess > float("inf"))[lanes].tolist()
            before, between = self._size(part.world), self._oddity(part.world)
            order = nsmallest(HEARINGS, zip(kink, nonzero, size, lanes.tolist(), strict=True))
            for kinked, count, magnitude, lane in order:
                measure = (*before, float(kinked), *between, float(count), float(magnitude))
                if measure < bound:
                    candidate = part.world, lane_draws(part.net, lane), kinked
                    candidates.append((measure, len(candidates), candidate))
        return [candidate for _, _, candidate in sorted(candidates, key=lambda c: c[:2])[:HEARINGS]]

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
        sparse = replace(small, sparse=True)
        lanes = search._affordable(sparse, SAMPLED)
        passes: list[tuple[World, Callable[[World], dict[str, Draw]]]] = [
            (replace(sparse, reach=None), lambda world: search.screen.drawn(world, 0, lanes))
        ]
        if count > EVERY:
            passes.insert(0, (sparse, lambda world: search.screen.drawn(world, 0, lanes)))
        elif replace(small, seed=0) not in search.innocent:
            passes.insert(0, (small, lambda world: search._every(world, spans, int(count))))
        for tried, make in passes:
            judged = search.screen.given(tried, *self._below(tried, make(tried), bound))
            better = self._smallest(judged, found, bound)
            if better is not None:
                return replace(better, world=replace(better.world, corner="", reach=None, sparse=False))
        return None

    def _below(self, world: World, draws: dict[str, Draw], bound: tuple[float, ...]) -> tuple[dict[str, Draw], int]:
        """The lanes that may be smaller than the bound, and their number; which are on a kink is not known yet."""
        count = next((d.values.shape[0] for d in draws.values()), 0)
        start = (*self._size(world), 0.0, *self._oddity(world))
        if start < bound[: len(start)] or not draws:
            return draws, count
        most, largest = bound[len(start) :]
        entries = flat(draws, count)
        nonzero = (entries != 0).sum(1)
        below = (nonzero < most) | ((nonzero == most) & (entries.abs().sum(1) < largest))
        lanes = (below & (start == bound[: len(start)])).nonzero().flatten()
        return {k: Draw(d.axes, d.low, d.high, d.values[lanes]) for k, d in draws.items()}, lanes.numel()


def _each_way(entries: Any) -> list[Any]:
    """(K, entries) every way of bringing some entries to 0 and others to 1 or -1, where few are not zero."""
    module = torch()
    places = entries.nonzero().flatten()
    if not 0 < len(places) <= FEW:
        return []
    chosen = module.cartesian_prod(*[module.arange(3)] * len(places)).reshape(-1, len(places))
    old = entries[places]
    rows = entries.repeat(len(chosen), 1)
    rows[:, places] = module.where(chosen == 0, old, module.where(chosen == 1, old.sign(), 0 * old))
    return [rows]
