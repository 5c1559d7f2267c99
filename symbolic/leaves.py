"""A statement compiled for the boxes of a covering: what balls at the ends of a box say of it, quickly or not at all.

Boxes that were cut from one domain share their ends, and every part of the statement is remembered by the intervals of
the symbols that it has. The rules are those of the calculus for sums, products, rational powers, logarithms and
exponentials, on boxes where the signs that they need are certain; of all other boxes and statements nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp
from flint import arb, fmpq

from symbolic import behaviour as said
from symbolic.balls import (
    Box,
    Side,
    Span,
    Unknown,
    Value,
    added,
    exponential,
    folded,
    latest,
    logarithm,
    magnitude,
    mean,
    power,
    product,
    remembered,
)
from symbolic.conclusions import goals

LARGEST = 400
"""Operations beyond which a statement is not compiled."""

ZERO, ONE = arb(0), arb(1)


def compiled(statement: Any, symbols: list[Any]) -> Callable[[Box], bool] | None:
    """Whether a statement surely holds on a box, as a function of the spans of these symbols; None for no such one.

    False says nothing: an exact rule may still establish it.
    """
    if sp.count_ops(statement) > LARGEST:
        return None
    calculus = _Compiled(symbols)
    try:
        tests = [calculus.goal(goal) for goal in goals(statement)]
    except Unknown:
        return None

    def holds(box: Box) -> bool:
        try:
            return all(test(box) for test in tests)
        except Unknown:
            return False

    return holds


class _Compiled:
    def __init__(self, symbols: list[Any]) -> None:
        self.place = {symbol: number for number, symbol in enumerate(symbols)}
        self.made: dict[Any, Value] = {}

    def goal(self, goal: Any) -> Callable[[Box], bool]:
        if isinstance(goal, (said.increasing, said.decreasing)):
            return self.monotone(goal)
        if isinstance(goal, said.positive):
            value = self.range(goal.function)
            return lambda box: bool(value(box)[0] > 0)
        if isinstance(goal, said.dominates):
            return self.above(goal.args[0], goal.args[1], False)
        if isinstance(goal, (sp.Le, sp.Lt)):
            return self.above(goal.rhs, goal.lhs, isinstance(goal, sp.Lt))
        if isinstance(goal, (sp.Ge, sp.Gt)):
            return self.above(goal.lhs, goal.rhs, isinstance(goal, sp.Gt))
        raise Unknown

    def above(self, more: Any, less: Any, strictly: bool) -> Callable[[Box], bool]:
        """A test of an order: both sides have values, and their ranges lie apart or their difference has a sign."""
        upper, lower, difference = self.range(more), self.range(less), self.range(more - less)

        def test(box: Box) -> bool:
            low, high = upper(box)[0], lower(box)[1]
            if low > high or (not strictly and low >= high):
                return True
            apart = difference(box)[0]
            return bool(apart > 0 or (not strictly and apart >= 0))

        return test

    def monotone(self, goal: Any) -> Callable[[Box], bool]:
        """A test of a direction, by the sign of x f'(x); an elasticity gives it where the range has a sign."""
        f, x = goal.function, goal.variable
        place, value, slope, elasticity = self.at(x), self.range(f), self.slope(f, x), self.elasticity(f, x)
        sign = 1 if isinstance(goal, said.increasing) else -1

        def rises(side: Side, times: int) -> bool:
            if times > 0:
                return bool(side[0] > 0 or (not goal.strictly and side[0] >= 0))
            return bool(side[1] < 0 or (not goal.strictly and side[1] <= 0))

        def test(box: Box) -> bool:
            if not box[place].side[0] >= 0:
                return False
            low, high = value(box)
            if low > 0 or high < 0:
                try:
                    if rises(elasticity(box), sign if low > 0 else -sign):
                        return True
                except Unknown:
                    pass
            return rises(slope(box), sign)

        return test

    def at(self, symbol: Any) -> int:
        if symbol not in self.place:
            raise Unknown
        return self.place[symbol]

    def range(self, node: Any) -> Value:
        return self.kept("range", node, None, self._range)

    def elasticity(self, node: Any, x: Any) -> Value:
        return self.kept("elasticity", node, x, self._elasticity)

    def slope(self, node: Any, x: Any) -> Value:
        return self.kept("slope", node, x, self._slope)

    def kept(self, quantity: str, node: Any, x: Any, make: Callable[[Any, Any], Value]) -> Value:
        key = quantity, node, x
        if key not in self.made:
            value = make(node, x)
            places = sorted(self.at(s) for s in node.free_symbols)
            if places and node.args:
                value = remembered(value, places) if len(places) < len(self.place) else latest(value)
            self.made[key] = value
        return self.made[key]

    def _range(self, node: Any, x: Any) -> Value:
        if node in self.place:
            place = self.place[node]
            return lambda box: box[place].side
        if node.is_Rational or node is sp.E or node is sp.pi:
            both = (_number(node),) * 2
            return lambda box: both
        if isinstance(node, sp.Pow) and node.exp.is_Rational:
            return power(self.range(node.base), fmpq(int(node.exp.p), int(node.exp.q)))
        if isinstance(node, (sp.Add, sp.Mul)):
            return folded(added if isinstance(node, sp.Add) else product, [self.range(a) for a in node.args])
        if isinstance(node, sp.Abs):
            return magnitude(self.range(node.args[0]))
        if isinstance(node, (sp.log, sp.exp)):
            return (logarithm if isinstance(node, sp.log) else exponential)(self.range(node.args[0]))
        raise Unknown

    def _elasticity(self, node: Any, x: Any) -> Value:
        if node == x or not node.has(x):
            both = (ONE, ONE) if node == x else (ZERO, ZERO)
            return lambda box: both
        if isinstance(node, sp.Mul):
            return folded(added, [self.elasticity(a, x) for a in node.args if a.has(x)])
        if isinstance(node, sp.Pow) and node.exp.is_Rational:
            exponent = _number(node.exp)
            return folded(product, [lambda box: (exponent, exponent), self.elasticity(node.base, x)])
        if isinstance(node, sp.log):
            return folded(product, [self.elasticity(node.args[0], x), power(self.range(node), fmpq(-1))])
        if isinstance(node, sp.exp):
            return self.slope(node.args[0], x)
        if isinstance(node, sp.Abs):
            return self.elasticity(node.args[0], x)
        if isinstance(node, sp.Add):
            exact = folded(product, [self.slope(node, x), power(self.range(node), fmpq(-1))])
            return mean([self.range(a) for a in node.args], [self.elasticity(a, x) for a in node.args], exact)
        raise Unknown

    def _slope(self, node: Any, x: Any) -> Value:
        if node == x:
            return self.range(x)
        if not node.has(x):
            return lambda box: (ZERO, ZERO)
        if isinstance(node, sp.Add):
            return folded(added, [self.slope(a, x) for a in node.args if a.has(x)])
        if isinstance(node, sp.log):
            return self.elasticity(node.args[0], x)
        return folded(product, [self.elasticity(node, x), self.range(node)])


def _number(node: Any) -> arb:
    if node.is_Rational:
        return arb(fmpq(int(node.p), int(node.q)))
    return arb.pi() if node is sp.pi else ONE.exp()


__all__ = ["Box", "Span", "compiled"]
