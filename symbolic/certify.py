"""Finding a covering: cut a domain until the calculus establishes a statement on every part.

Cuts are geometric, because bounds live on many scales, in the widest symbol of what stood in the way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from symbolic.calculus import Unproved, worked_out
from symbolic.calculus_check import RejectedTrace
from symbolic.calculus_rules import number
from symbolic.coverings import (
    DEEPEST,
    Covering,
    Cut,
    Domain,
    Leaf,
    cut_apart,
    empty,
    is_short,
    may_be_cut,
    on_leaf,
    parts,
)
from symbolic.intervals import Interval

MOST_LEAVES = 200
"""Boxes after which a covering is given up."""

STRIDE = 16
"""How many times larger than a finite end the cut of an interval without another end, or from 0, is."""


@dataclass(frozen=True)
class Uncovered:
    """No covering was found: the box that stood in the way, and why."""

    reason: str
    box: Domain


def cover(
    statement: Any, domain: Mapping[Any, Interval], hypotheses: Iterable[Any] = (), most: int = MOST_LEAVES
) -> Covering | Uncovered:
    """A covering of a domain on every box of which the calculus establishes the statement, or why there is none."""
    assumed = tuple(hypotheses)
    if not may_be_cut(statement):
        return Uncovered("the statement cannot be put together from parts of its box", dict(domain))
    search = _Search(statement, assumed, most)
    tree = search.tree(dict(domain), 0)
    if isinstance(tree, (Leaf, Cut)) and not search.met:
        return Uncovered("its hypotheses are met nowhere", dict(domain))
    return Covering(statement, dict(domain), assumed, tree) if isinstance(tree, (Leaf, Cut)) else tree


@dataclass
class _Search:
    statement: Any
    hypotheses: tuple[Any, ...]
    left: int
    met: bool = False
    """Whether some box had points that may meet the hypotheses."""

    def tree(self, box: Domain, depth: int) -> Leaf | Cut | Uncovered:
        """The tree of a box, or the part of it that stood in the way."""
        if empty(box, self.hypotheses):
            return Leaf()
        found = worked_out(on_leaf(self.statement, box), box, self.hypotheses, faces=is_short(self.statement))
        if not isinstance(found, Unproved):
            self.left -= 1
            self.met = True
            return Leaf()
        symbol = self._widest(box, found.culprit)
        if self.left <= 0 or depth >= DEEPEST or symbol is None:
            return Uncovered(found.reason, box)
        try:
            at = cut_of(box[symbol], bool(symbol.is_integer), cut_apart(self.statement, symbol))
            lower, upper = parts(box, symbol, at, self.statement)
        except RejectedTrace:
            return Uncovered(found.reason, box)
        self.left -= 1
        low = self.tree(lower, depth + 1)
        if isinstance(low, Uncovered):
            return low
        high = self.tree(upper, depth + 1)
        return high if isinstance(high, Uncovered) else Cut(symbol, at, low, high)

    def _widest(self, box: Domain, culprit: Any) -> Any:
        """The symbol of the culprit whose interval spans most, if any does; else of the statement."""
        for node in (culprit, self.statement):
            symbols = sorted((s for s in node.free_symbols if s in box and not box[s].is_point), key=lambda s: s.name)
            if symbols:
                return max(symbols, key=lambda s: _width(box[s]))
        return None


def _width(within: Interval) -> float:
    """The logarithm of the ratio of the ends, capped."""
    if within.high.infinite or within.low.sign() <= 0:
        return 1e6
    return float((within.high.ball() / within.low.ball()).log())


def cut_of(within: Interval, integer: bool, apart: bool) -> Any:
    """Where to cut an interval: geometrically in the middle, a stride from its one end, or at 0 or 1.

    ``apart``: the upper part begins at the next integer.
    """
    if within.low.sign() < 0:
        return sp.S.Zero if within.high.sign() > 0 else -cut_of(-within, integer, apart) - int(apart)
    low = None if within.low.infinite or within.low.sign() <= 0 else number(within.low)
    high = None if within.high.infinite else number(within.high)
    if high is None:
        guess = sp.S.One if low is None else low * STRIDE
    else:
        guess = high / STRIDE if low is None else sp.sqrt(low * high)
    if integer:
        least = int(sp.ceiling(number(within.low))) if apart else int(sp.floor(number(within.low))) + 1
        return sp.Integer(max(least, int(sp.floor(guess))))
    span = guess if low is None or high is None else high - low
    return _short(guess, span)


def _short(guess: Any, span: Any) -> Any:
    """A rational with few digits near a number, as fine as a span of numbers needs."""
    if guess == 0:
        return sp.S.Zero
    unit = sp.Rational(2) ** (int(sp.floor(sp.log(abs(span), 2))) - 3)
    return sp.Integer(int(sp.floor(guess / unit))) * unit
