"""Finding a covering: cut a domain until the calculus establishes a statement on every part.

Cuts are geometric, because bounds live on many scales, in the widest symbol of what stood in the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp
from flint import arb

from symbolic import coverings
from symbolic.calculus import Unproved
from symbolic.calculus_check import RejectedTrace
from symbolic.contacts import contact
from symbolic.covering_check import MOST_WORK, Leaves
from symbolic.coverings import DEEPEST, Covering, Cut, Domain, Leaf, cut_apart, may_be_cut
from symbolic.ends import DOWN, UP
from symbolic.intervals import Interval
from symbolic.leaves import Box

MOST_LEAVES = 200
"""Boxes after which a covering is given up."""

STRIDE = 16
"""How many times larger than a finite end the cut of an interval without another end, or from 0, is."""

WHOLE = 2**64
"""Integers below this are cut at any of them, those above at short ones."""

SCREENED = 64
"""How many times more boxes there may be where they were screened before."""

PATIENCE = 16
"""Cuts after which a covering that has established no box is given up; a quarter of the boxes where that is more."""

Proposal = Callable[[Any, Domain, int], "Leaf | Cut | None"]
"""A tree of at most so many leaves, on each of which a statement is likely to be established; None for no such one."""


@dataclass(frozen=True)
class Uncovered:
    """No covering was found: the box that stood in the way, and why; whether two sides touch in it."""

    reason: str
    box: Domain
    touching: bool = False


def cover(
    statement: Any,
    domain: Mapping[Any, Interval],
    hypotheses: Iterable[Any] = (),
    most: int = MOST_LEAVES,
    propose: Proposal | None = None,
) -> Covering | Uncovered:
    """A covering of a domain on every box of which the checker establishes the statement, or why there is none.

    Where ``most`` boxes are not enough, a tree that ``propose`` gives is confirmed box by box; a box that is not
    confirmed is cut further, so that nothing rests on who proposed it.
    """
    assumed = tuple(hypotheses)
    if not may_be_cut(statement):
        return Uncovered("the statement cannot be put together from parts of its box", dict(domain))
    found = _searched(statement, domain, assumed, most, Leaf())
    if isinstance(found, Uncovered) and propose is not None:
        tree = propose(statement, domain, min(most * SCREENED, coverings.MOST_LEAVES - most))
        if tree is not None:
            confirmed = _searched(statement, domain, assumed, most, tree)
            return found if isinstance(confirmed, Uncovered) else confirmed
    return found


def _searched(
    statement: Any, domain: Domain, hypotheses: tuple[Any, ...], most: int, tree: Leaf | Cut
) -> Covering | Uncovered:
    """A covering whose tree is that one, with the leaves that are not established cut further, ``most`` times."""
    leaves = Leaves(statement, list(domain), hypotheses, MOST_WORK)
    search = _Search(leaves, most)
    made = search.confirmed(tree, leaves.root(domain), 0)
    if isinstance(made, Uncovered):
        return made
    if not search.met:
        return Uncovered("its hypotheses are met nowhere", dict(domain))
    return Covering(statement, dict(domain), hypotheses, made)


@dataclass
class _Search:
    leaves: Leaves
    left: int
    met: bool = False
    """Whether some box had points that may meet the hypotheses."""
    spared: int = 0
    """Boxes that are not spent before the first one is established."""

    def __post_init__(self) -> None:
        self.spared = max(0, self.left - max(PATIENCE, self.left // 4))

    def confirmed(self, tree: Leaf | Cut, box: Box, depth: int) -> Leaf | Cut | Uncovered:
        """The tree of a box with its leaves established, or the part of the box that stood in the way."""
        if isinstance(tree, Leaf):
            return self.tree(box, depth)
        try:
            lower, upper = self.leaves.parts(box, tree.symbol, tree.at)
        except RejectedTrace:
            return self.tree(box, depth)
        low = self.confirmed(tree.low, lower, depth + 1)
        if isinstance(low, Uncovered):
            return low
        high = self.confirmed(tree.high, upper, depth + 1)
        if isinstance(high, Uncovered):
            return high
        return tree if low is tree.low and high is tree.high else Cut(tree.symbol, tree.at, low, high)

    def tree(self, box: Box, depth: int) -> Leaf | Cut | Uncovered:
        """The tree of a box, or the part of it that stood in the way."""
        found = self.leaves.fault(box)
        if found is None:
            self.spared = 0
            if not self.met and not self.leaves.empty(box):
                self.met = True
            self.left -= 1
            return Leaf()
        domain, statement = self.leaves.domain(box), self.leaves.statement
        symbol = self._widest(domain, found.culprit)
        if self.left <= self.spared or depth >= DEEPEST or symbol is None:
            return _uncovered(found, statement, domain)
        try:
            at = cut_of(domain[symbol], bool(symbol.is_integer), cut_apart(statement, symbol))
            lower, upper = self.leaves.parts(box, symbol, at)
        except RejectedTrace:
            return _uncovered(found, statement, domain)
        self.left -= 1
        low = self.tree(lower, depth + 1)
        if isinstance(low, Uncovered):
            return low
        high = self.tree(upper, depth + 1)
        return high if isinstance(high, Uncovered) else Cut(symbol, at, low, high)

    def _widest(self, box: Domain, culprit: Any) -> Any:
        """The symbol of the culprit whose interval spans most, if any does; else of the statement."""
        for node in (culprit, self.leaves.statement):
            symbols = sorted((s for s in node.free_symbols if s in box and not box[s].is_point), key=lambda s: s.name)
            if symbols:
                return max(symbols, key=lambda s: _width(box[s]))
        return None


def _uncovered(found: Unproved, statement: Any, box: Domain) -> Uncovered:
    """Why a box is not established, with the point at which two sides touch, where there is one."""
    touched = contact(statement, box)
    return Uncovered(found.reason if touched is None else touched, box, touched is not None)


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
    low = None if within.low.infinite or within.low.sign() <= 0 else within.low.ball()
    high = None if within.high.infinite else within.high.ball()
    if high is None:
        guess = arb(1) if low is None else low * STRIDE
    else:
        guess = high / STRIDE if low is None else (low * high).sqrt()
    if integer:
        least = within.low.whole(UP) if apart else within.low.whole(DOWN) + 1
        return sp.Integer(max(least, _floored(guess) if guess < WHOLE else int(_short(guess, guess))))
    return _short(guess, guess if low is None or high is None else guess.min(high - low))


def _short(guess: arb, span: arb) -> Any:
    """A rational with few digits near a number, as fine as a span of numbers above 0 needs."""
    if guess == 0:
        return sp.S.Zero
    mantissa, exponent = span.mid().man_exp()
    unit = int(mantissa).bit_length() - 1 + int(exponent) - 3
    return sp.Integer(_floored(guess * arb((1, -unit)))) * sp.Integer(2) ** unit


def _floored(guess: arb) -> int:
    """The integer below the middle of a ball."""
    return int(guess.mid().floor().unique_fmpz())
