"""Which worlds a search builds: small and thin ones, spread ones, design points that Hypothesis draws.

Hypotheses on sizes and conventions are judged here, before any lane is built.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from hypothesis import strategies as st

from verify.arena import Arena
from verify.claims import Statement
from verify.draws import key
from verify.efforts import Effort
from verify.screen import Screen
from verify.tally import Tally
from verify.worlds import Kind, World

UNSIZED = 1000
"""Worlds of one kind without sizes that a search may choose among."""


class Designs:
    """Worlds for one statement, under an effort and a seed; the tally counts what the hypotheses exclude."""

    def __init__(self, statement: Statement, arena: Arena, effort: Effort, seed: int) -> None:
        self.statement, self.arena, self.effort = statement, arena, effort
        # Where worlds are alike, statements about the same ones look at the same networks: see ``verify/common.py``.
        self.seed = key(seed, str(statement.given) if statement.given.alike else statement.hash)
        self.screen = Screen(statement, arena)
        self.kind: Kind = statement.given
        self.tally = Tally()

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

    def _excluded(self, world: World) -> bool:
        premise = self.screen.excluded_by(world)
        if premise is not None:
            self.tally.excluded[str(premise)] += 1
        return premise is not None

    def _affordable(self, world: World, lanes: int) -> int:
        return max(8, min(lanes, self.effort.work // self.screen.survey(world).entries))

    def _conventions(self, number: int) -> dict[str, str]:
        return {n: str(v[key(number, n) % len(v)]) for n, v in self.kind.conventions.items()}

    def _sampled_worlds(self) -> list[World]:
        """Worlds of small sizes with entries -1, 0, 1, and of thin sizes with all entries, that the hypotheses admit.

        Every second one has other conventions than the usual: what leaves out a factor is true where that is 1.
        """
        chosen: list[World] = []
        most = self.effort.small
        for reach, listed, count in ((1, self._small_sizes(), most), (None, self._thin_sizes(), most * 3 // 5)):
            for number, sizes in enumerate(listed):
                conventions = self._conventions(number) if number % 2 else None
                world = self.world(
                    sizes, conventions=conventions, corner=self.kind.plain, reach=reach, sparse=reach is not None
                )
                if count and not self._excluded(world):
                    count -= 1
                    chosen.append(world)
        return chosen

    def _small_sizes(self) -> list[dict[str, int]]:
        """Sizes one or two above the smallest, parts of others (a batch) from their smallest on, smallest sum first.

        Where a kind names no parts, its last size is taken for one.
        """
        bounds = self.kind.sizes()
        ranges = [range(b.low, min(b.high, b.low + 2) + 1) for b in bounds.values()]
        chosen = [dict(zip(bounds, values, strict=True)) for values in product(*ranges)]
        above = [letter for letter in bounds if letter not in (self.kind.parts or [*bounds][-1:])]
        spread = [c for c in chosen if self.kind.fits(c) and all(c[k] > bounds[k].low for k in above)]
        return sorted(spread, key=lambda c: sum(c.values()))

    def _thin_sizes(self) -> list[dict[str, int]]:
        """Sizes with nearly everything at its smallest, but for wholes and their parts: many samples in one dimension.

        None where a kind names no parts.
        """
        bounds, parts = self.kind.sizes(), self.kind.parts
        wholes = set(parts.values())
        rises = {letter: 3 if letter in wholes else 2 if letter in parts else 1 for letter in bounds}
        ranges = [range(b.low + (k in wholes), min(b.high, b.low + rises[k]) + 1) for k, b in bounds.items()]
        chosen = [dict(zip(bounds, values, strict=True)) for values in product(*ranges)] if parts else []
        others = [letter for letter in bounds if letter not in wholes and letter not in parts]
        thin = [c for c in chosen if self.kind.fits(c) and sum(c[k] > bounds[k].low for k in others) <= 1]
        return sorted(thin, key=lambda c: (sum(c[k] for k in others), sum(c.values())))

    def _spread_sizes(self, number: int, large: bool) -> dict[str, int]:
        """Sizes for a number: of the smallest three, or two above and more, reaching every value in turn."""
        sizes = {}
        for letter, bound in self.kind.sizes().items():
            low = min(bound.high, bound.low + 2) if large else bound.low
            sizes[letter] = low + key(self.seed, number, letter, large) % min(3, bound.high - low + 1)
        return self.fitted(sizes)

    def fitted(self, sizes: dict[str, int]) -> dict[str, int]:
        """The sizes, parts made no larger than their wholes, then the last ones made smaller until they fit."""
        for part, whole in self.kind.parts.items():
            sizes[part] = max(min(sizes[part], sizes[whole]), self.kind.sizes()[part].low)
        for letter in reversed(sizes):
            while not self.kind.fits(sizes) and sizes[letter] > self.kind.sizes()[letter].low:
                sizes[letter] -= 1
        return sizes

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
        # Where there are no sizes, worlds that differ in their draws alone are design points too.
        number = 1 if sizes else data.draw(st.integers(1, UNSIZED), label="number")
        return self.world(
            sizes, conventions=conventions, shifts=shifts, corner=corner, reach=reach, sparse=sparse, number=number
        )

    def _admitted(self, world: World) -> World | None:
        """The world, its parts made smaller until the hypotheses on sizes admit it; None where they never do."""
        if not self._excluded(world):
            return world
        sizes, bounds = dict(world.sizes), self.kind.sizes()
        ranges = [range(sizes[part], bounds[part].low - 1, -1) for part in self.kind.parts]
        for values in sorted(product(*ranges), key=lambda v: -sum(v)):
            smaller = {**sizes, **dict(zip(self.kind.parts, values, strict=True))}
            moved = replace(world, sizes=tuple(smaller.items()), seed=key(world.seed, values))
            if self.screen.excluded_by(moved) is None:
                return moved
        return None
