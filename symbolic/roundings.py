"""Bounds of expressions without ceilings and floors: u <= ceiling(u) <= u + 1 and u - 1 <= floor(u) <= u."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symbolic.atoms import ROWS
from symbolic.ranges import Ranges


def without_rounding(node: Any, above: bool, ranges: Ranges) -> Any:
    """An expression without roundings that is nowhere below, or above, a node that is defined; None where none is made.

    Sums and products of what is not negative rise in their parts, and so do extremes, positive powers, and functions;
    negative powers fall.
    """
    if not node.has(sp.ceiling, sp.floor):
        return node
    if isinstance(node, (sp.ceiling, sp.floor)):
        inside = without_rounding(node.args[0], above, ranges)
        if inside is None:
            return None
        if isinstance(node, sp.ceiling):
            return inside + 1 if above else inside
        return inside if above else inside - 1
    if isinstance(node, sp.Add):
        parts = [without_rounding(a, above, ranges) for a in node.args]
        return None if None in parts else sp.Add(*parts)
    if isinstance(node, sp.Mul):
        return _product(node, above, ranges)
    if isinstance(node, (sp.Max, sp.Min)):
        parts = [without_rounding(a, above, ranges) for a in node.args]
        return None if None in parts else node.func(*parts)
    if type(node) in ROWS:
        inside = without_rounding(node.args[0], above == (ROWS[type(node)].rises > 0), ranges)
        made = None if inside is None else node.func(inside)
        return made if made is not None and ranges.of(made) is not None else None
    if isinstance(node, sp.Pow) and node.exp.is_Rational:
        base = without_rounding(node.base, above == (node.exp > 0), ranges)
        fits = base is not None and ranges.nonnegative(node.base)
        return base**node.exp if fits and _raisable(base, node.exp, ranges) else None
    return None


def _raisable(base: Any, exponent: Any, ranges: Ranges) -> bool:
    return ranges.positive(base) or (bool(exponent > 0) and ranges.nonnegative(base))


def _product(node: Any, above: bool, ranges: Ranges) -> Any:
    number, rest = node.as_coeff_Mul()
    if number < 0:
        below = without_rounding(-node, not above, ranges)
        return None if below is None else -below
    factors = sp.Mul.make_args(rest)
    bounds = [without_rounding(factor, above, ranges) for factor in factors]
    if None in bounds or not all(map(ranges.nonnegative, (*factors, *bounds))):
        return None
    return sp.Mul(number, *bounds)
