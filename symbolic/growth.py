"""How fast an expression can grow: the pair (a, b) for which it is O(x^a (log x)^b) as x tends to infinity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

from symbolic.atoms import mean_decay
from symbolic.degrees import equal

SHORT = 60
"""Operations up to which what is rational is brought to lowest terms."""


@dataclass(frozen=True)
class Growth:
    """O(x^power (log x)^logarithms) with the other symbols fixed, if every node of ``rising`` never falls in x."""

    power: Any
    logarithms: Any
    rising: tuple[Any, ...] = ()

    @property
    def vanishes(self) -> bool:
        """Whether what grows like this tends to 0."""
        return bool(self.power < 0 or (self.power == 0 and self.logarithms < 0))


def growth(node: Any, x: Any) -> Growth | None:
    """An upper bound on the growth of an expression that is defined for all large x; None where no rule gives one."""
    if not node.has(x):
        return Growth(sp.S.Zero, sp.S.Zero)
    if node == x:
        return Growth(sp.S.One, sp.S.Zero)
    parts = [growth(a, x) for a in node.args]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    rising = tuple(n for part in known for n in part.rising)
    if isinstance(node, sp.Pow) and node.exp.is_Rational:
        return _powered(node, x, known[0])
    if isinstance(node, sp.Mul):
        return Growth(sum(p.power for p in known), sum(p.logarithms for p in known), rising)
    if isinstance(node, (sp.Add, sp.Max, sp.Min)):
        fastest = max(known, key=lambda p: (p.power, p.logarithms))
        return Growth(fastest.power, fastest.logarithms, rising)
    if isinstance(node, sp.log):
        # An argument that never falls stays above a positive number, so that its logarithm is bounded from below.
        return Growth(sp.S.Zero, sp.S.One, (*rising, node.args[0]))
    if isinstance(node, (sp.atan, sp.tanh)):
        return Growth(sp.S.Zero, sp.S.Zero, rising)
    if isinstance(node, mean_decay):
        return Growth(sp.S.Zero, sp.S.Zero, (*rising, node.args[0]))
    return None


def in_inverse(node: Any, x: Any) -> tuple[Any, Any] | None:
    """A node as one of u = 1/x for x > 0, and u: its largest parts that are rational in x, in lowest terms; or None."""
    u = sp.Dummy("u", real=True)
    try:
        return _turned(node, x, u), u
    except (ArithmeticError, AttributeError, TypeError, ValueError, sp.PolynomialError):
        return None  # SymPy refuses to make it, or to bring it to lowest terms


def _turned(node: Any, x: Any, u: Any) -> Any:
    if not node.has(x):
        return node
    if sp.count_ops(node) <= SHORT and node.is_rational_function(x):
        there = node.xreplace({x: 1 / u})
        lowest = sp.cancel(sp.together(there))
        if equal(lowest, there):
            return lowest
    if not node.args:
        raise ValueError(node)
    return node.func(*(_turned(a, x, u) for a in node.args))


def _powered(node: Any, x: Any, base: Growth) -> Growth | None:
    if node.exp > 0:
        return Growth(base.power * node.exp, base.logarithms * node.exp, base.rising)
    # Growth is an upper bound, and the inverse of a node wants a lower one: it is exact for products of powers of x.
    factors = [f.base if isinstance(f, sp.Pow) and f.exp.is_Rational else f for f in sp.Mul.make_args(node.base)]
    if any(f.has(x) and f != x for f in factors):
        return None
    return Growth(base.power * node.exp, base.logarithms * node.exp, base.rising)
