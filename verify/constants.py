"""Each number of a factor scaled until the bound is refuted: by networks that are known, then by a search."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import sympy as sp

from verify.ascent import Peak
from verify.bounds import Bound, number_at, numbers_in, root_of, with_number
from verify.claims import Claim
from verify.levels import Level, level
from verify.search import OutOfTime, Search

if TYPE_CHECKING:
    from verify.engine import Engine

NOTCHES = 64
"""A number is scaled in steps of 1/NOTCHES."""

SEARCHES = 2
"""Searches for each number."""


def scaled_down(engine: Engine, claim: Claim, bound: Bound, levels: list[Level]) -> Iterator[dict[str, Any]]:
    """For each number of the factor: the scale nearest to 1 that is refuted, and the next, which is not.

    A number whose decrease tightens the bound is scaled by 1 - k/NOTCHES; another one, such as the -1 of 2 B - 1, by
    1 + k/NOTCHES. Networks that a search finds join ``levels``. Nothing where the factor as printed is refuted.
    """
    if any(_refutes(bound, bound.factor, best) for best in levels):
        return
    for path, number in numbers_in(bound.factor):
        if bound.factor == 1 or not levels:
            continue
        way = _way(bound, path, number, levels)
        if way == 0:
            continue
        k = _refuted_from(bound, path, number, way, levels)
        for _ in range(SEARCHES):
            if k <= 1:
                break
            found = _searched(engine, claim, bound, with_number(bound.factor, path, number * _scale(way, k - 1)))
            if found is None:
                break
            levels.append(found)
            k = _refuted_from(bound, path, number, way, levels)
        refuted, open_ = (_scale(way, k) if k <= NOTCHES else None), _scale(way, k - 1)
        yield {
            "constant": str(number),
            "in": str(bound.factor),
            "refuted_scale": None if refuted is None else str(refuted),
            "refuted": None if refuted is None else str(number * refuted),
            "open_scale": str(open_),
            "open": str(number * open_),
        }


def _scale(way: int, k: int) -> Any:
    return sp.Rational(NOTCHES - way * k, NOTCHES)


def _way(bound: Bound, path: tuple[int, ...], number: Any, levels: list[Level]) -> int:
    """1 where a smaller scale tightens the bound on every network that is known, -1 where a larger one does, else 0."""
    scaled = with_number(bound.factor, path, number * _scale(1, 1))
    signs = set()
    for best in levels:
        sizes = dict(best.peak.world.sizes)
        before, after = bound.at(sizes), number_at(bound.kind, scaled, sizes)
        signs.add(1 if after is None or before is None else int(sp.sign(before - after)))
    return signs.pop() if len(signs) == 1 else 0


def _refuted_from(bound: Bound, path: tuple[int, ...], number: Any, way: int, levels: list[Level]) -> int:
    """The least k at which a network refutes the scaled bound; NOTCHES + 1 where none does. Refutation is monotone."""
    low, high = 0, NOTCHES + 1
    while high - low > 1:
        middle = (low + high) // 2
        factor = with_number(bound.factor, path, number * _scale(way, middle))
        if any(_refutes(bound, factor, best) for best in levels):
            high = middle
        else:
            low = middle
    return high


def _refutes(bound: Bound, factor: Any, best: Level) -> bool:
    stated = number_at(bound.kind, factor, dict(best.peak.world.sizes))
    # What is no positive number cannot be an upper bound of something positive.
    return best.square is None or stated is None or bool(stated < root_of(best.square))


def _searched(engine: Engine, claim: Claim, bound: Bound, factor: Any) -> Level | None:
    """The level of a network that refutes the bound with another factor, as a search finds it."""
    settings = engine.settings
    statement = replace(claim.statement, says=bound.says(factor))
    search = Search(statement, settings.arenas[0], settings.effort, settings.seed, settings.tick)
    search.run()
    if search.tally.stopped:
        raise OutOfTime
    if search.found is None:
        return None
    peak = Peak(float(Fraction(0)), search.found.world, search.found.draws)
    letters = bound.letters()
    sizes = {k: v for k, v in peak.world.sizes if k in letters}
    return level(claim.statement, bound, sizes, peak, [])
