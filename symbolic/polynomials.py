"""Orders of polynomials decided by their roots: also where a bound is touched inside of a box, which no cut resolves.

A symbol that a polynomial is linear in, with a number as coefficient, is replaced by the end of its interval at which
the polynomial is least. What is left has one symbol, and Sturm's theorem counts its roots in an interval exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import sympy as sp

from symbolic import behaviour as said
from symbolic.intervals import Interval

LARGEST_DEGREE = 12
MOST_TERMS = 64
LONGEST_BITS = 500
"""Bits of a coefficient or of an end of an interval beyond which roots are not counted."""


def order_of(goal: Any) -> tuple[Any, Any, bool] | None:
    """(more, less, strictly) of a goal that says more >= less or more > less; None of any other."""
    if isinstance(goal, said.positive):
        return goal.function, sp.S.Zero, True
    if isinstance(goal, said.dominates):
        return goal.args[0], goal.args[1], False
    if isinstance(goal, (sp.Le, sp.Lt)):
        return goal.rhs, goal.lhs, isinstance(goal, sp.Lt)
    if isinstance(goal, (sp.Ge, sp.Gt)):
        return goal.lhs, goal.rhs, isinstance(goal, sp.Gt)
    return None


def by_roots(goal: Any, box: Mapping[Any, Interval]) -> bool:
    """Whether a goal is an order of polynomials that their roots show to hold everywhere in a box."""
    found = _polynomial(goal)
    if found is None or not set(found[0].gens) <= set(box):
        return False
    polynomial, strictly = found
    for kept in polynomial.gens:
        rest, free = polynomial, not strictly
        for symbol in polynomial.gens:
            if symbol is not kept and rest is not None:
                rest, gained = _on_face(rest, symbol, box[symbol])
                free = free or gained
        if rest is not None and _holds(sp.Poly(rest.as_expr(), kept, domain="QQ"), box[kept], not free):
            return True
    return False


@lru_cache(maxsize=256)
def _polynomial(goal: Any) -> tuple[Any, bool] | None:
    """(more - less, strictly) as a polynomial in the symbols of both; None where one of them is none."""
    order = order_of(goal)
    symbols = sorted(goal.free_symbols, key=str)
    if order is None or not symbols or sp.count_ops(goal) > 4 * MOST_TERMS:
        return None
    powers = (node.exp for side in order[:2] for node in sp.preorder_traversal(side) if isinstance(node, sp.Pow))
    if not all(e.is_Integer and 0 < e <= LARGEST_DEGREE for e in powers):
        return None
    if not all(side.is_polynomial(*symbols) for side in order[:2]):
        return None
    try:
        more, less = (sp.Poly(side, *symbols, domain="QQ") for side in order[:2])
    except (sp.PolynomialError, sp.CoercionFailed):  # a coefficient such as E is none of the rationals
        return None
    difference = more - less
    short = all(max(abs(c.p), c.q).bit_length() <= LONGEST_BITS for c in difference.coeffs())
    if difference.total_degree() > LARGEST_DEGREE or len(difference.terms()) > MOST_TERMS or not short:
        return None
    return difference, order[2]


def _on_face(polynomial: Any, symbol: Any, within: Interval) -> tuple[Any, bool]:
    """(the polynomial at the end of a symbol where it is least, whether it is larger everywhere), or (None, False)."""
    slope = polynomial.diff(symbol)
    if not slope.is_ground:
        return None, False
    coefficient = slope.LC()
    if coefficient == 0:
        return polynomial, False
    end, apart = (within.low, within.open_low) if coefficient > 0 else (within.high, within.open_high)
    place = _rational(end)
    return (None, False) if place is None else (sp.Poly(polynomial.eval(symbol, place), *polynomial.gens), apart)


def _rational(end: Any) -> Any:
    number = end.rational
    if number is None or number.height_bits() > LONGEST_BITS:
        return None
    return sp.Rational(int(number.p), int(number.q))


def _holds(polynomial: Any, within: Interval, strictly: bool) -> bool:
    """Whether a polynomial in one symbol is at least 0, strictly more than 0, in an interval."""
    low, high = (end if end.infinite else _rational(end) for end in (within.low, within.high))
    if low is None or high is None:
        return False
    low, high = (None if within.low.infinite else low), (None if within.high.infinite else high)
    if polynomial.is_zero:
        return not strictly
    odd = sp.Poly(1, *polynomial.gens, domain="QQ")
    for factor, power in polynomial.sqf_list()[1]:
        odd = odd * factor if power % 2 else odd
    if not within.is_point and _roots(odd, low, high) > _at(odd, low) + _at(odd, high):
        return False  # it changes its sign inside
    if strictly:
        whole = polynomial.sqf_part()
        ends_open = (_at(whole, low) if within.open_low else 0) + (_at(whole, high) if within.open_high else 0)
        if _roots(whole, low, high) > ends_open:
            return False
    return bool(_sample(polynomial, low, high) >= 0)


def _roots(polynomial: Any, low: Any, high: Any) -> int:
    return int(polynomial.count_roots(low, high)) if polynomial.degree() > 0 else 0


def _at(polynomial: Any, place: Any) -> int:
    """1 where a polynomial has a root at an end, which may be infinite (None)."""
    return int(place is not None and polynomial.eval(place) == 0)


def _sample(polynomial: Any, low: Any, high: Any) -> Any:
    """A value in an interval that is not 0, if the interval is more than a point."""
    start = low if low is not None else (high if high is not None else sp.S.Zero) - polynomial.degree() - 2
    end = high if high is not None else start + polynomial.degree() + 2
    count = polynomial.degree() + 2
    values = (polynomial.eval(start + (end - start) * sp.Rational(k, count)) for k in range(1, count))
    return next((value for value in values if value != 0), sp.S.Zero)
