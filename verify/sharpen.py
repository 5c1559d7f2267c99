"""Sharpening: how small may the constant of a claim be? From below by networks, from above by sharper sentences.

At each design, which is a choice of the sizes that the constants depend on, networks are bred towards the largest
left / right (``verify/ascent.py``) and judged exactly; the sentences of ``sharpened_by`` are judged as claims are.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice, product
from typing import TYPE_CHECKING, Any

from symbolic.words import Scalar
from verify.ascent import GRIDS, Ascent, Pace, Peak
from verify.bounds import Bound, Sizes, bound_of, decimal_of, name_at, number_at, root_of, square_of, text_of
from verify.claims import Claim
from verify.constants import scaled_down
from verify.levels import Level, level
from verify.screen import Screen
from verify.search import Found, OutOfTime
from verify.stronger import Stronger, heard, judged, stored
from verify.telling import in_words
from verify.verdict import Contradiction, Grade
from verify.worlds import World

if TYPE_CHECKING:
    from verify.engine import Engine

VALUES, DESIGNS, LOOKS, TOTALS = 4, 8, 6, 12
"""Values of a size letter, designs, other sizes looked at in each, and how far their sums go above the smallest."""

LARGER, CLIMBS = 2, 2
"""How often all other sizes are raised by one above the best of these, and how many sizes are climbed in earnest."""

FIRST_GRIDS = GRIDS[:4]
"""The grids of a first look."""

NEARLY = 2**20
"""A ratio within one part in so many of the best, or of a stated factor, is judged exactly."""


def sharpened(engine: Engine, claim: Claim, grade: Grade) -> dict[str, Any]:
    """What ``--sharpen`` says of a claim that has this grade, as plain JSON; ``says`` is the whole in words."""
    bound = bound_of(claim.statement.given, claim.statement.says)
    if bound is None:
        return {"says": "it states no inequality of numbers, so there is no constant to sharpen"}
    if not claim.statement.given.shrinks:
        return {"says": "its networks are not drawn, so none can be bred towards the bound"}
    return _Sharpening(engine, claim, bound, grade).told()


@dataclass
class _Sharpening:
    """One claim in the making; ``engine`` proves and searches as it does for the claim itself."""

    engine: Engine
    claim: Claim
    bound: Bound
    grade: Grade
    tried: int = 0
    designs: list[dict[str, Any]] = field(default_factory=list)
    levels: list[Level] = field(default_factory=list)
    looked: list[Sizes] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        started, bound = time.monotonic(), self.bound
        sharper: list[Stronger] = []
        constants: list[dict[str, Any]] = []
        stopped = None
        try:
            for says in self.claim.sharpened_by:
                sharper.append(judged(self.engine, self.claim, bound, says))
            stated = [Stronger(self.claim.statement.says, bound.factor, self.grade, ""), *sharper]
            for sizes in self._designs(stated):
                self._design(sizes, stated)
            sharper = [heard(self.engine, self.claim, s, self.levels) for s in sharper]
            constants = list(scaled_down(self.engine, self.claim, bound, self.levels))
        except OutOfTime:
            stopped = "budget"
        return {
            "says": in_words(bound, self.grade, self.designs, sharper, stopped, self.looked),
            "left": str(bound.left),
            "printed": str(bound.factor),
            "right": str(bound.right),
            "sharper": [s.to_json() for s in sharper],
            "designs": self.designs,
            "constants": constants,
            "networks": self.tried,
            "stopped": stopped,
            "seconds": round(time.monotonic() - started, 1),
        }

    # -- designs and sizes ---------------------------------------------------------------------------------------

    def _designs(self, stated: list[Stronger]) -> list[Sizes]:
        """Small values of the letters that the factors depend on, smallest sums first."""
        kind = self.claim.statement.given
        named = {a.name.partition(":")[2] for s in stated if s.factor is not None for a in s.factor.atoms(Scalar)}
        letters = [k for k in kind.letters if k in named]
        bounds = kind.sizes()
        ranges = [range(bounds[k].low, min(bounds[k].high, bounds[k].low + VALUES - 1) + 1) for k in letters]
        chosen = [dict(zip(letters, values, strict=True)) for values in product(*ranges)]
        screen = self._screen(self.bound.factor)
        fitting = [c for c in chosen if any(True for _ in self._sizes(screen, c))]
        return sorted(fitting, key=lambda c: sum(c.values()))[:DESIGNS]

    def _screen(self, factor: Any) -> Screen:
        says = self.bound.says(factor)
        return Screen(replace(self.claim.statement, says=says), self.engine.settings.arenas[0])

    def _sizes(self, screen: Screen, design: Sizes) -> Iterator[Sizes]:
        """Sizes of the design that the hypotheses admit, smallest sums first."""
        kind = self.claim.statement.given
        least = sum(design.get(k, b.low) for k, b in kind.sizes().items())
        for total in range(least, least + TOTALS):
            for sizes in kind.all_sizes(total):
                agrees = all(sizes[k] == v for k, v in design.items())
                if agrees and screen.excluded_by(self._world(sizes)) is None:
                    yield sizes

    def _world(self, sizes: Sizes) -> World:
        usual = {name: str(values[0]) for name, values in self.claim.statement.given.conventions.items()}
        return World(tuple(sizes.items()), tuple(sorted(usual.items())))

    def _larger(self, screen: Screen, sizes: Sizes, design: Sizes) -> Iterator[Sizes]:
        """The sizes with one more of all that the design leaves open and that has more, and so on, while admitted."""
        kind = self.claim.statement.given
        most = {k: sizes[k] if k in design else bound.high for k, bound in kind.sizes().items()}
        while sizes != most:
            sizes = {k: min(v + 1, most[k]) for k, v in sizes.items()}
            if not kind.fits(sizes) or screen.excluded_by(self._world(sizes)) is not None:
                return
            yield sizes

    # -- one design ----------------------------------------------------------------------------------------------

    def _design(self, sizes: Sizes, stated: list[Stronger]) -> None:
        factor = self.bound.at(sizes)
        if factor is None:
            return
        at = [(s, number_at(self.bound.kind, s.factor, sizes)) for s in stated if s.factor is not None]
        proved = _least([f for s, f in at if f is not None and s.grade >= Grade.CERTIFIED])
        tested = _least([f for s, f in at if f is not None and s.grade is Grade.TESTED])
        best = self._best(sizes, factor, proved, [f for _, f in at if f is not None])
        line: dict[str, Any] = {
            "sizes": sizes, "printed": _text(factor), "network": None, "refuted": None, "refuted_decimal": None,
            "exact": False, "fineness": 0, "witness": None, "proved": None if proved is None else _text(proved),
            "proved_decimal": None if proved is None else decimal_of(proved, up=True),
            "tested": None if tested is None else _text(tested),
            "tested_decimal": None if tested is None else decimal_of(tested, up=True), "meets": False,
        }  # fmt: skip
        if best is not None:
            if proved is not None and (best.square is None or _beyond(best, proved)):
                raise Contradiction(f"{self.claim.id}: {_text(proved)} is proved and refuted: the suite is wrong")
            name = name_at(best.square, sizes)
            found = Found(best.peak.world, best.peak.draws, best.ruling, "climbing", self.tried)
            line |= {
                "network": {k: v for k, v in best.peak.world.sizes if k not in sizes},
                "refuted": "every factor" if best.square is None else text_of(best.square),
                "refuted_decimal": "inf" if best.square is None else decimal_of(root_of(best.square), up=False),
                "exact": best.exact,
                "fineness": best.peak.world.fineness,
                "witness": stored(self.engine, self.claim, name, best.statement, found),
                "meets": proved is not None and best.square is not None and square_of(proved) == best.square,
            }
            self.levels.append(best)
        self.designs.append(line)

    def _best(self, design: Sizes, factor: Any, goal: Any, known: list[Any]) -> Level | None:
        """The network of a design that refutes the most factors."""
        margin = 2 * factor
        screen, pace = self._screen(margin), Pace.of(self.engine.settings.effort)
        best: list[Level] = []
        looks: list[tuple[float, Sizes]] = []

        def climbed(sizes: Sizes, pace: Pace, grids: tuple[int, ...]) -> float:
            """The best ratio of these sizes; its levels join ``best``."""
            self.looked.append(sizes)
            ascent = Ascent(screen, self._world(sizes), float(margin), self.engine.settings.seed, self._tick)
            peaks: list[Peak] = []
            for peak in ascent.stages(pace, grids if self.bound.kind.refines else grids[:1]):
                peaks.append(peak)
                if goal is not None and peak.ratio >= float(goal) * (1 - 1 / NEARLY):
                    break
            self.tried += ascent.tried
            top = max((p.ratio for p in peaks), default=0.0)
            for peak in (*ascent.unbounded[:1], *(p for p in peaks if p.ratio >= top * (1 - 1 / NEARLY))):
                made = level(self.claim.statement, self.bound, design, peak, known)
                best.extend([made] if made is not None else [])
            return top

        for sizes in islice(self._sizes(screen, design), LOOKS):
            looks.append((climbed(sizes, pace.lighter(), FIRST_GRIDS), sizes))
            if _met(best, goal):
                return max(best, key=lambda one: one.above)
        if not looks:
            return None
        # Where no size says anything, the largest is the one to go on from.
        ratio, tallest = max(looks, key=lambda one: one[0])
        for larger in islice(self._larger(screen, tallest if ratio > 0 else looks[-1][1], design), LARGER):
            looks.append((climbed(larger, pace.lighter(), FIRST_GRIDS), larger))
        for ratio, sizes in sorted(looks, key=lambda one: -one[0])[:CLIMBS]:
            if ratio <= 0 or _met(best, goal):
                break
            climbed(sizes, pace, GRIDS)
        return max(best, key=lambda one: one.above, default=None)

    def _tick(self) -> None:
        self.engine.settings.tick()


def _met(best: list[Level], goal: Any) -> bool:
    """Whether nothing better can be found: some network refutes every factor, or all below one that is proved."""
    wanted = None if goal is None else square_of(goal)
    return any(one.square is None or (wanted is not None and one.square >= wanted) for one in best)


def _beyond(best: Level, factor: Any) -> bool:
    square = square_of(factor)
    return square is not None and best.square is not None and best.square > square


def _least(factors: list[Any]) -> Any:
    return min(factors, key=float, default=None)


def _text(factor: Any) -> str:
    square = square_of(factor)
    return str(factor) if square is None else text_of(square)
