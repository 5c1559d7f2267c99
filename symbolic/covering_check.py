"""The checker of coverings: works every leaf of the tree out again; nothing here searches.

A leaf is established by balls at its ends (``symbolic/leaves.py``), by the roots of a polynomial
(``symbolic/polynomials.py``), or by the calculus, whose trace its own checker then computes again. The last takes a
thousand times as long as the first, so that it is allowed so much work in all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from symbolic.calculus import Unproved, worked_out
from symbolic.calculus_check import RejectedTrace, check
from symbolic.conclusions import goals
from symbolic.coverings import Covering, Cut, Domain, empty, is_short, may_be_cut, on_leaf, parts
from symbolic.leaves import Box, Span, compiled
from symbolic.polynomials import by_roots

MOST_WORK = 200_000
"""Facts that the calculus may need for all leaves together."""

A_LEAF = 200
"""What a leaf that the calculus is asked about counts at least, in facts."""

TOO_MUCH = "more work would be needed than a checker does; cut it where less is needed"


def check_covering(covering: Covering, most: int = MOST_WORK) -> None:
    """Raise RejectedTrace unless the statement can be put together from its parts and holds on every leaf.

    So it does where more work would be needed than ``most``.
    """
    try:
        _check(covering, most)
    except RejectedTrace:
        raise
    except Exception as error:  # a forged covering may fail anywhere inside SymPy
        raise RejectedTrace(f"its sentence could not be worked with ({type(error).__name__})") from None


def _check(covering: Covering, most: int) -> None:
    if not may_be_cut(covering.statement):
        raise RejectedTrace(f"what holds on parts of a box need not hold on the box for {covering.statement}")
    leaves = Leaves(covering.statement, list(covering.domain), covering.hypotheses, most)
    met = False
    for box in _boxes(covering.tree, leaves.root(covering.domain), leaves):
        fault = leaves.fault(box)
        if fault is not None:
            raise RejectedTrace(f"the statement is not established on a leaf: {fault.reason}")
        met = met or not leaves.empty(box)
    if not met:
        raise RejectedTrace("its hypotheses are met nowhere")


def _boxes(tree: Any, root: Box, leaves: Leaves) -> Iterator[Box]:
    """The boxes of the leaves; RejectedTrace where a cut is outside of its box."""
    pending = [(tree, root)]
    while pending:
        node, box = pending.pop()
        while isinstance(node, Cut):
            low, high = leaves.parts(box, node.symbol, node.at)
            pending.append((node.high, high))
            node, box = node.low, low
        yield box


@dataclass
class Leaves:
    """Establishes one statement on boxes that are cut from one another."""

    statement: Any
    symbols: list[Any]
    hypotheses: tuple[Any, ...]
    work: int
    """Facts that the calculus may still need."""
    _quick: Any = field(init=False)
    _place: dict[Any, int] = field(init=False)

    def __post_init__(self) -> None:
        self._quick = compiled(self.statement, self.symbols)
        self._place = {symbol: number for number, symbol in enumerate(self.symbols)}

    def root(self, domain: Domain) -> Box:
        """The box of a whole domain."""
        return tuple(Span(domain[symbol]) for symbol in self.symbols)

    def domain(self, box: Box) -> dict[Any, Any]:
        """A box as an interval for every symbol."""
        return {symbol: span.within for symbol, span in zip(self.symbols, box, strict=True)}

    def parts(self, box: Box, symbol: Any, at: Any) -> tuple[Box, Box]:
        """The two parts of a box; RejectedTrace where the cut is not inside of it."""
        place = self._place.get(symbol)
        if place is None:
            raise RejectedTrace(f"a cut at {symbol} = {at} cuts no symbol of the domain")
        span = box[place]
        found = span.cuts.get(at)
        if found is None:
            low, high = parts({symbol: span.within}, symbol, at, self.statement)
            found = span.cuts[at] = Span(low[symbol]), Span(high[symbol])
        before, after = box[:place], box[place + 1 :]
        return (*before, found[0], *after), (*before, found[1], *after)

    def empty(self, box: Box) -> bool:
        """Whether no point of a box can meet the hypotheses."""
        return empty(self.domain(box), self.hypotheses)

    def holds(self, box: Box) -> bool:
        """Whether balls at its ends establish the statement on a box; False says nothing."""
        return self._quick is not None and self._quick(box)

    def fault(self, box: Box) -> Unproved | None:
        """None where the statement is established on a box, or no point of it meets the hypotheses; else what is."""
        if self.holds(box) or self.empty(box):
            return None
        if self.work <= 0:
            return Unproved(TOO_MUCH, self.statement)
        domain = self.domain(box)
        left = [goal for goal in goals(self.statement) if not by_roots(goal, domain)]
        self.work -= A_LEAF
        if not left:
            return None
        asked = left[0] if len(left) == 1 else sp.And(*left, evaluate=False)
        found = worked_out(on_leaf(asked, domain), domain, self.hypotheses, faces=is_short(self.statement))
        if isinstance(found, Unproved):
            return found
        self.work -= len(found.facts)
        check(found)
        return None
