"""Finding coverings of functions of an integer that are monotone from some integer on, and value by value before it.

A function that rises or falls over the integers may do neither over the reals between the first few of them. Where the
calculus establishes the direction from an integer k on, the neighbours below k are left, whose order is a comparison of
values. What is found is a covering like any other, that its checker works out again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sympy as sp

from symbolic import behaviour as said
from symbolic import ends
from symbolic.calculus_check import RejectedTrace
from symbolic.calculus_rules import ground
from symbolic.conclusions import goals
from symbolic.covering_check import MOST_WORK, Leaves
from symbolic.coverings import Covering, Cut, Leaf
from symbolic.intervals import Interval, UndefinedError
from symbolic.leaves import Box

MOST_INTEGERS = 24
"""Neighbours that are compared by their values."""


def tail(statement: Any, domain: Mapping[Any, Interval], hypotheses: Iterable[Any] = ()) -> Covering | None:
    """A covering of a domain by neighbouring integers and all above them; None where none was found."""
    assumed = tuple(hypotheses)
    symbols = {g.variable if isinstance(g, (said.increasing, said.decreasing)) else None for g in goals(statement)}
    x = symbols.pop() if len(symbols) == 1 else None
    if x is None or not x.is_integer or x not in domain:
        return None
    try:
        first = ground(domain, assumed).domain[x].low.rational
        if first is None:
            return None
        least = sp.Integer(-int(-first.p // first.q))
        leaves = Leaves(statement, list(domain), assumed, MOST_WORK)
        box, before = leaves.root(domain), []
        if ends.below(domain[x].low, ends.of(least)):
            low, box = leaves.parts(box, x, least)
            if leaves.fault(low) is not None:
                return None
            before = [least]
        cuts = _neighbours(leaves, box, x, least)
    except (RejectedTrace, UndefinedError):
        return None
    if cuts is None or not _met(leaves, domain, x, [*before, *cuts]):
        return None
    tree: Leaf | Cut = Leaf()
    for at in reversed([*before, *cuts]):
        tree = Cut(x, at, Leaf(), tree)
    return Covering(statement, dict(domain), assumed, tree)


def _met(leaves: Leaves, domain: Mapping[Any, Interval], x: Any, cuts: list[Any]) -> bool:
    """Whether the hypotheses may be met on some leaf: what holds on none says nothing."""
    box = leaves.root(dict(domain))
    for at in cuts:
        below, box = leaves.parts(box, x, at)
        if not leaves.empty(below):
            return True
    return not leaves.empty(box)


def _neighbours(leaves: Leaves, box: Box, x: Any, least: Any) -> list[Any] | None:
    """The integers at which a box is cut, so that the last part is established, and the order of all neighbours."""
    cuts = []
    for at in range(least + 1, least + 1 + MOST_INTEGERS):
        neighbours, above = leaves.parts(box, x, sp.Integer(at))
        if leaves.fault(neighbours) is not None:
            return None
        cuts.append(sp.Integer(at))
        if leaves.fault(above) is None:
            return cuts
        box = above
    return None
