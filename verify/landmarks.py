"""Landmarks: the numbers at which a statement turns, by the words that it compares with them."""

from __future__ import annotations

from fractions import Fraction
from itertools import chain as joined
from itertools import combinations
from typing import Any

import sympy as sp
from sympy.core.relational import Relational

from symbolic.expanding import STAND_INS, expand
from symbolic.sentences import chain
from symbolic.words import Scalar
from verify.claims import Statement

MOST = 8
"""How many landmarks of one statement are looked at."""


def landmarks(statement: Statement) -> tuple[tuple[str, Fraction], ...]:
    """Words (full names) and numbers: where a sum that is linear in one word alone is 0, or two compared sides meet.

    Of the conclusion first: the place where it says that two expressions cross, the kinks of what it is about.
    """
    found: dict[tuple[str, Fraction], None] = {}
    for difference in joined.from_iterable(map(differences, (statement.says, *statement.premises))):
        place = _root(difference)
        if place is not None:
            found[place] = None
        if len(found) == MOST:
            break
    return tuple(found)


def differences(node: Any) -> Any:
    """What is 0 where a part of a sentence turns, as terms: differences of sides and of arguments, and sums."""
    if isinstance(node, STAND_INS):
        node = expand(node)
    if isinstance(node, chain):
        for link in node.links:
            yield from differences(link)
        return
    if isinstance(node, Relational):
        yield (node.lhs, -node.rhs)
    elif isinstance(node, (sp.Max, sp.Min)):
        yield from ((one, -other) for one, other in combinations(sorted(node.args, key=str), 2))
    elif isinstance(node, sp.Add):
        yield (node,)
    for part in getattr(node, "args", ()):
        yield from differences(part)


def _root(terms: tuple[Any, ...]) -> tuple[str, Fraction] | None:
    """The word of a sum that is linear in it and has no other, and where the sum is 0; None of any other sum."""
    slope = offset = sp.S.Zero
    word = None
    for term in joined.from_iterable(map(sp.Add.make_args, terms)):
        if term.is_number:
            offset += term
            continue
        words = term.free_symbols
        factor, rest = term.as_independent(*words, as_Add=False)
        if not isinstance(rest, Scalar) or word not in (None, rest):
            return None
        word, slope = rest, slope + factor
    if word is None or not slope.is_nonzero or not (offset / slope).is_finite:
        return None
    at = -offset / slope
    return word.name, Fraction(int(at.p), int(at.q)) if at.is_Rational else Fraction(str(sp.N(at, 30)))
