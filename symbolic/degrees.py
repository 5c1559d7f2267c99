"""The degree of a homogeneous expression, by composition: f(t x) = t^k f(x) for every t > 0."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symbolic.normal import normal


def degree(node: Any, symbols: tuple[Any, ...]) -> Any:
    """The degree k of an expression in symbols together, as an expression without them; None where no rule gives it."""
    if not node.has(*symbols):
        return sp.S.Zero
    if node in symbols:
        return sp.S.One
    parts = [degree(a, symbols) for a in node.args]
    if None in parts:
        return None
    if isinstance(node, sp.Mul):
        return sp.Add(*parts)
    if isinstance(node, sp.Pow) and not node.exp.has(*symbols):
        return parts[0] * node.exp
    if isinstance(node, (sp.Add, sp.Min, sp.Max)):
        return parts[0] if all(equal(parts[0], p) for p in parts[1:]) else None
    return sp.S.Zero if all(equal(p, sp.S.Zero) for p in parts) else None


def degree_is(node: Any, symbols: tuple[Any, ...], claimed: Any) -> bool:
    """Whether the rules give an expression the claimed degree."""
    found = degree(node, symbols)
    return found is not None and equal(found, claimed)


def equal(left: Any, right: Any) -> bool:
    """Whether two rational functions are the same, by the normal form of the numerator of their difference."""
    numerator, _ = sp.fraction(sp.together(left - right))
    return bool(normal(numerator) == 0)
