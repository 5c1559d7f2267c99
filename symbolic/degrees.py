"""The degree of a homogeneous expression, by composition: f(t x) = t^k f(x) for every t > 0."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symbolic.grammar import RuleError
from symbolic.normal import normal
from symbolic.totals import total

LONGEST = 400
"""Terms of a product of sums beyond which it is not multiplied out."""


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
    if isinstance(node, total) and not node.upper.has(*symbols):
        return parts[0] if node.over not in parts[0].free_symbols else None
    if isinstance(node, (sp.Add, sp.Min, sp.Max)):
        return parts[0] if all(equal(parts[0], p) for p in parts[1:]) else None
    return sp.S.Zero if all(equal(p, sp.S.Zero) for p in parts) else None


def degree_is(node: Any, symbols: tuple[Any, ...], claimed: Any) -> bool:
    """Whether the rules give an expression the claimed degree."""
    found = degree(node, symbols)
    return found is not None and equal(found, claimed)


def equal(left: Any, right: Any) -> bool:
    """Whether two rational functions are surely the same, by the normal form of the numerator of their difference."""
    numerator, _ = sp.fraction(sp.together(left - right))
    try:
        return bool(normal(numerator) == 0)
    except RuleError:
        return False  # a form with more terms than are compared


def terms_in(node: Any) -> int:
    """How many terms a node has at most when it is multiplied out, up to more than are wanted."""
    if isinstance(node, sp.Add):
        return sum(map(terms_in, node.args))
    found = 1
    for factor in sp.Mul.make_args(node):
        base, exponent = factor.as_base_exp() if isinstance(factor, sp.Pow) else (factor, sp.S.One)
        parts = [terms_in(a) for a in factor.args] if factor.args and not isinstance(base, sp.Add) else []
        terms = max(parts, default=1) if not isinstance(base, sp.Add) else terms_in(base)
        times = abs(int(exponent)) if exponent.is_Integer else 1
        found *= terms ** min(times, LONGEST) if terms > 1 else 1
        if found > LONGEST:
            return LONGEST + 1
    return found
