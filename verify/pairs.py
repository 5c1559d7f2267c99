"""Bound against truth: for few of the networks that a search has seen, the bound and the value that it bounds.

Which networks these are, their hashes and how tight the statement is there decide: neither the order in which they were
seen, nor the chunks that they came in. So the numbers are worked out for few networks alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import sympy as sp
from sympy.core.relational import Relational
from sympy.logic.boolalg import Implies

from symbolic import sentences as said
from verify.arena import torch
from verify.enclosures import ends
from verify.judge import LaneJudge, tightness
from verify.screen import Judged
from verify.values import Value

AT_MOST = 64
"""Pairs in a record."""
SAMPLE = 128
"""Networks kept at random, to choose from."""
TIGHTEST = 16
"""Networks kept because the statement is tight there, of those on which it says something."""
BITS_DROPPED = 32
"""Of a float64's 52 bits after the point: how arithmetic was cut into chunks does not show in the others."""


def asserted(node: Any) -> Iterable[tuple[Any, tuple[Any, ...]]]:
    """The relations that a sentence asserts, each with the premises under which it does.

    An alternative, a negation and a behaviour assert none by itself.
    """
    if isinstance(node, Relational):
        yield node, ()
    elif isinstance(node, (sp.And, said.chain)):
        for part in node.args if isinstance(node, sp.And) else node.links:
            yield from asserted(part)
    elif isinstance(node, Implies):
        for relation, premises in asserted(node.args[1]):
            yield relation, (node.args[0], *premises)


def bounds(node: Any) -> tuple[tuple[Any, tuple[Any, ...]], ...]:
    """The inequalities among what a sentence asserts."""
    return tuple((r, p) for r, p in asserted(node) if isinstance(r, (sp.Le, sp.Lt, sp.Ge, sp.Gt)))


class Pairs:
    """The pairs of one search for one statement, taken in part by part."""

    def __init__(self, says: Any) -> None:
        self.bounds = bounds(says)
        self.worst, self.tightest, self.sample = _Kept(1), _Kept(TIGHTEST), _Kept(SAMPLE)

    def take(self, part: Judged, told: Any, hashes: Any) -> None:
        """Take in the lanes of a part that are ``told`` of, a mask (K,); ``hashes`` are theirs."""
        if not self.bounds or part.judge is None:
            return
        tight = rounded(part.tightness[told].double().cpu().numpy())
        something = part.says_something[told].cpu().numpy()
        scores = (tight, np.where(something, tight, 0.0), np.zeros_like(tight))
        kept = (self.worst, self.tightest, self.sample)
        wanted = [k.wanted(score, hashes) for k, score in zip(kept, scores, strict=True)]
        (chosen,) = np.logical_or.reduce(wanted).nonzero()
        if not chosen.size:
            return
        lanes = told.nonzero().flatten()[torch().as_tensor(chosen, device=told.device)]
        bound, value = sides(part.judge, self.bounds, part.net.count, lanes)
        known = ~np.isnan(bound)
        for k, score, mask in zip(kept, scores, wanted, strict=True):
            mine = mask[chosen] & known
            k.take(hashes[chosen][mine], np.stack([score[chosen], bound, value])[:, mine])


def sides(judge: LaneJudge, of: Any, count: int, lanes: Any) -> tuple[Any, Any]:
    """The bound and the value (n,) on chosen lanes, of that inequality at those indices where it is tightest.

    An enclosure counts with the end that does not favour the sentence. NaN where no premise of an inequality is met.
    """
    module, evaluate = torch(), judge.evaluate
    found = []
    for relation, premises in of:
        rising = isinstance(relation, (sp.Le, sp.Lt))
        left, right = (evaluate(side) for side in (relation.args if rising else relation.args[::-1]))
        outcomes = [judge(premise) for premise in premises]
        _, (a, b, *excess) = evaluate.align(left, right, *(Value(o.excess, o.axes) for o in outcomes))
        value, bound, *excess = module.broadcast_tensors(ends(a)[1], ends(b)[0], *excess)
        wide = [e.expand(count, *e.shape[1:])[lanes].reshape(len(lanes), -1).double() for e in (value, bound, *excess)]
        met = ~(wide[0].isnan() | wide[1].isnan())
        for e in wide[2:]:
            met &= e <= 1
        tight = module.where(met, tightness(wide[0], wide[1]), -1.0)
        found.append([array.cpu().numpy() for array in (tight, wide[1], wide[0])])
    tight, bound, value = (np.concatenate(arrays, axis=1) for arrays in zip(*found, strict=True))
    rows, best = np.arange(len(tight)), rounded(tight).argmax(1)
    none = tight[rows, best] < 0
    return tuple(np.where(none, np.nan, rounded(side[rows, best])) for side in (bound, value))  # type: ignore[return-value]


def rounded(numbers: Any) -> Any:
    """Float64 numbers with few bits after the point, to the nearest."""
    half = 1 << (BITS_DROPPED - 1)
    return ((numbers.view(np.int64) + half) >> BITS_DROPPED << BITS_DROPPED).view(np.float64)


class _Kept:
    """The lanes of the highest scores, of equals those of the smallest hashes, in that order."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.hashes, self.rows = np.empty(0, dtype=np.int64), np.empty((3, 0))

    def wanted(self, scores: Any, hashes: Any) -> Any:
        """The mask (n,) of lanes that may come in."""
        if self.hashes.size < self.room:
            return np.ones(hashes.size, dtype=bool)
        lowest = self.rows[0, -1]
        return (scores > lowest) | ((scores == lowest) & (hashes < self.hashes[-1]))

    def take(self, hashes: Any, rows: Any) -> None:
        """Take in lanes: their hashes, and the rows (3, n) of scores, bounds and values; one that is known stays."""
        together, lines = np.concatenate([self.hashes, hashes]), np.concatenate([self.rows, rows], axis=1)
        together, first = np.unique(together, return_index=True)
        order = first[np.lexsort((together, -lines[0, first]))][: self.room]
        self.hashes, self.rows = np.concatenate([self.hashes, hashes])[order], lines[:, order]


def chosen(searches: Iterable[Pairs]) -> list[tuple[float, float]]:
    """At most 64 pairs of bound and value, in their order: the tightest ones, then a sample spread over the bounds."""
    found: dict[tuple[float, float], None] = {}
    sample: list[tuple[float, float]] = []
    for pairs in searches:
        for kept in (pairs.worst, pairs.tightest):
            found |= dict.fromkeys(map(_printed, kept.rows[1], kept.rows[2]))
        sample += list(map(_printed, pairs.sample.rows[1], pairs.sample.rows[2]))
    turns: dict[int, int] = {}
    ranked = []
    for pair in dict.fromkeys(sample):  # as many of each power of two as there are, turn by turn
        power = _power(pair[0])
        turns[power] = turns.get(power, 0) + 1
        ranked.append((turns[power], power, pair))
    found |= dict.fromkeys(pair for _, _, pair in sorted(ranked, key=lambda line: line[:2]))
    return sorted(list(found)[:AT_MOST])


def _power(bound: float) -> int:
    """The power of two of a bound, with its sign."""
    return int(np.frexp(bound)[1]) * (1 if bound >= 0 else -1) if np.isfinite(bound) else 0


def _printed(bound: float, value: float) -> tuple[float, float]:
    return float(f"{bound:.4g}") + 0.0, float(f"{value:.4g}") + 0.0  # 0 has no sign in a record
