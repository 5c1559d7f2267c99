"""The calculus in floats: ranges, slopes and elasticities of the parts of a statement, put onto a tape for many boxes.

The rules are those of ``symbolic/calculus_rules.py`` and ``symbolic/elasticities.py``. Parts that are above 0 are
worked out as logarithms, so that products are sums and nothing leaves the range of floats; signs are those that the
calculus finds for the whole domain. An elasticity of a sum is the mean of those of its terms by their sizes.
"""

from __future__ import annotations

import math
from typing import Any

import sympy as sp

from symbolic import behaviour as said
from symbolic.atoms import mean_decay
from symbolic.calculus import Calculus
from symbolic.calculus_rules import RANGE, Ground
from symbolic.coverings import Domain
from symbolic.ends import End
from symbolic.intervals import Interval
from symbolic.polynomials import order_of
from verify.kernels import Constant, Tape, constant

LARGEST = 1e100
"""Above this, or below its inverse, a product is worked out by logarithms."""


class NotCompiled(Exception):
    """A statement with a part that the kernel has no rule for."""


ZERO, ONE = (0.0, 0.0), (1.0, 1.0)


class Compiler:
    """Puts what is asked of the parts of a statement onto a tape. Values are registers or ends of constants."""

    def __init__(self, domain: Domain) -> None:
        self.symbols = list(domain)
        self.domain = domain
        self.tape = Tape(len(self.symbols))
        self._static = Calculus(Ground(dict(domain)), faces=False)

    def within(self, node: Any) -> Interval:
        """The range of a part over the whole domain."""
        found = self._static.known((RANGE, node, None))
        if found is None:
            raise NotCompiled
        return self._static.facts[found].interval

    def sign(self, node: Any) -> int:
        """1 or -1 for a part that is above or below 0 in the whole domain, but perhaps at its ends; else 0."""
        within = self.within(node)
        return 1 if within.nonnegative else -1 if within.nonpositive else 0

    def value(self, node: Any) -> int | Constant:
        """The range of a part on a box."""
        if node.is_number:
            return constant(float(node), exact=bool(node.is_Integer))
        if node in self.domain:
            return self.tape.symbol(self.symbols.index(node), self.domain[node].nonnegative)
        if isinstance(node, sp.log) and self.sign(node.args[0]) > 0:
            return self.logarithm(node.args[0])
        if isinstance(node, sp.Add):
            return self._sum([self.value(a) for a in node.args])
        if isinstance(node, sp.Mul):
            return self._product(node)
        if isinstance(node, sp.Pow):
            return self._power(node)
        if isinstance(node, (sp.Min, sp.Max)):
            name = "minimum" if isinstance(node, sp.Min) else "maximum"
            found = self.tape.register(self.value(node.args[0]))
            for a in node.args[1:]:
                found = self.tape.of(name, found, self.value(a))
            return found
        if isinstance(node, sp.Abs) and self.sign(node.args[0]) != 0:
            own = self.value(node.args[0])
            return own if self.sign(node.args[0]) > 0 else self.tape.negative(own)
        if isinstance(node, sp.Abs):
            return self.tape.emit("magnitude", self.tape.register(self.value(node.args[0])))
        return self._function(node)

    def _function(self, node: Any) -> int | Constant:
        names = {sp.exp: "exp", sp.atan: "atan", sp.tanh: "tanh", sp.ceiling: "ceil", sp.floor: "floor"}
        if type(node) in names:
            return self.tape.mapped(names[type(node)], self.value(node.args[0]))
        if isinstance(node, sp.harmonic):
            above = self.tape.add(self.value(node.args[0]), ONE)
            return self.tape.add(self.tape.mapped("digamma", above), constant(float(sp.EulerGamma)))
        if isinstance(node, mean_decay) and self.sign(node.args[0]) > 0:
            u = self.value(node.args[0])
            decayed = self.tape.mapped("expm1", self.tape.negative(u))
            below = self.tape.negative(decayed)
            both = self.tape.times(below, self.tape.reciprocal(u, positive=True), nonnegative=True)
            return self.tape.of("meet", both, (0.0, 1.0))
        raise NotCompiled

    def _sum(self, parts: list[Any]) -> Any:
        total: Any = ZERO
        for part in parts:
            total = self.tape.add(total, part)
        return total

    def _product(self, node: Any) -> Any:
        if self.sign(node) > 0 and self._large(node) and all(self.sign(a) > 0 for a in node.args):
            return self.tape.mapped("exp", self.logarithm(node))
        found, sign = self.value(node.args[0]), self.sign(node.args[0])
        for a in node.args[1:]:
            found = self.tape.times(found, self.value(a), nonnegative=sign > 0 and self.sign(a) > 0)
            sign *= self.sign(a)
        return found

    def _large(self, node: Any) -> bool:
        ranges = [self.within(part) for part in (node, *node.args)]
        return any(_beyond(end) for within in ranges for end in (within.low, within.high))

    def _power(self, node: Any) -> Any:
        base, exponent = node.args
        if self.sign(base) > 0:
            if exponent == -1 and not self._large(base):
                return self.tape.reciprocal(self.value(base), positive=True)
            if exponent == sp.Rational(1, 2):
                return self.tape.mapped("sqrt", self.value(base))
            if exponent.is_Integer and 2 <= exponent <= 4:
                return self._whole(self.value(base), int(exponent))
            return self.tape.mapped("exp", self.logarithm(node))
        if exponent.is_Integer and exponent > 0:
            if exponent % 2 == 0:
                return self._whole(self.tape.emit("magnitude", self.tape.register(self.value(base))), int(exponent))
            return self.tape.emit("raised", self.tape.register(self.value(base)), float(exponent))
        if exponent == -1:
            return self.tape.reciprocal(self.value(base))
        raise NotCompiled

    def _whole(self, base: Any, exponent: int) -> Any:
        found = base
        for _ in range(exponent - 1):
            found = self.tape.times(found, base, nonnegative=True)
        return found

    def logarithm(self, node: Any) -> int | Constant:
        """The range of the logarithm of a part that is above 0 on a box."""
        if node.is_number:
            return constant(float(sp.log(node)))
        if isinstance(node, sp.Mul) and all(self.sign(a) > 0 for a in node.args):
            return self._sum([self.logarithm(a) for a in node.args])
        if isinstance(node, sp.Pow) and self.sign(node.base) > 0:
            if node.exp.is_Rational:
                return self.tape.times(self.logarithm(node.base), _exactly(node.exp))
            return self.tape.times(self.logarithm(node.base), self.value(node.exp))
        if isinstance(node, sp.exp):
            return self.value(node.args[0])
        if isinstance(node, sp.Abs) and self.sign(node.args[0]) != 0:
            return self.logarithm(self.sign(node.args[0]) * node.args[0])
        if isinstance(node, sp.Add) and self._large(node) and all(self.sign(a) > 0 for a in node.args):
            found, *rest = [self.logarithm(a) for a in node.args]
            for part in rest:
                larger = self.tape.of("maximum", self.tape.register(found), part)
                apart = self._apart(found, part)
                found = self.tape.add(larger, self.tape.mapped("log1p", self.tape.mapped("exp", apart)))
            return found
        return self.tape.mapped("log", self.value(node))

    def _apart(self, a: Any, b: Any) -> Any:
        """-|a - b|, widely enough for the logarithm of a sum."""
        distance = self.tape.add(a, self.tape.negative(b))
        return self.tape.negative(self.tape.emit("magnitude", self.tape.register(distance)))

    def elasticity(self, node: Any, x: Any) -> int | Constant:
        """x f'(x) / f(x) on a box."""
        if not node.has(x):
            return ZERO
        if node == x:
            return ONE
        if isinstance(node, sp.Mul):
            return self._sum([self.elasticity(a, x) for a in node.args])
        if isinstance(node, sp.Pow) and not node.exp.has(x):
            exponent = _exactly(node.exp) if node.exp.is_Rational else self.value(node.exp)
            return self.tape.times(self.elasticity(node.base, x), exponent)
        if isinstance(node, sp.Pow):
            of_base = self.tape.times(self.elasticity(node.base, x), self.value(node.exp))
            return self.tape.add(of_base, self.tape.times(self.slope(node.exp, x), self.logarithm(node.base)))
        if isinstance(node, sp.log):
            sign = self.sign(node)
            inverse = self.tape.reciprocal(self.value(node), positive=sign != 0)
            return self.tape.times(self.elasticity(node.args[0], x), inverse)
        if isinstance(node, sp.exp):
            return self.slope(node.args[0], x)
        if isinstance(node, sp.Abs):
            return self.elasticity(node.args[0], x)
        if isinstance(node, (sp.Min, sp.Max)):
            return self._hull([self.elasticity(a, x) for a in node.args])
        if isinstance(node, sp.Add):
            signs = {self.sign(a) for a in node.args}
            if len(signs) == 1 and 0 not in signs:
                return self._mean(node, x, signs.pop())
        return self.tape.times(self.slope(node, x), self.tape.reciprocal(self.value(node)))

    def _mean(self, node: Any, x: Any, sign: int) -> Any:
        """Of terms of one sign: a mean of theirs, weighted by the terms."""
        terms = [(self.logarithm(sign * a), self.elasticity(a, x)) for a in node.args]
        size, found = terms[0]
        for number, (other, elasticity) in enumerate(terms[1:], 2):
            if elasticity == found:
                continue  # a mean of equal elasticities, which are constants or registers of one value
            weight = self.tape.mapped("sigmoid", self.tape.add(other, self.tape.negative(size)))
            found = self.tape.emit("mean", self.tape.register(found), elasticity, self.tape.register(weight))
            if number < len(terms):
                larger = self.tape.of("maximum", self.tape.register(size), other)
                decayed = self.tape.mapped("exp", self._apart(size, other))
                size = self.tape.add(larger, self.tape.mapped("log1p", decayed))
        return found

    def _hull(self, parts: list[Any]) -> Any:
        found = self.tape.register(parts[0])
        for part in parts[1:]:
            found = self.tape.of("hull", found, part)
        return found

    def slope(self, node: Any, x: Any) -> int | Constant:
        """x f'(x) on a box."""
        if not node.has(x):
            return ZERO
        if node == x:
            return self.value(x)
        if isinstance(node, sp.Add):
            return self._sum([self.slope(a, x) for a in node.args])
        if isinstance(node, sp.log):
            return self.elasticity(node.args[0], x)
        if isinstance(node, sp.exp):
            return self.tape.times(self.slope(node.args[0], x), self.value(node))
        if isinstance(node, (sp.Min, sp.Max)):
            return self._hull([self.slope(a, x) for a in node.args])
        if isinstance(node, (sp.atan, sp.tanh)):
            own = self.value(node.args[0] if isinstance(node, sp.atan) else node)
            square = self._whole(self.tape.emit("magnitude", self.tape.register(own)), 2)
            if isinstance(node, sp.atan):
                factor = self.tape.reciprocal(self.tape.add(square, ONE), positive=True)
            else:
                factor = self.tape.add(self.tape.negative(square), ONE)
            return self.tape.times(self.slope(node.args[0], x), factor)
        if isinstance(node, (sp.Mul, sp.Pow, sp.Abs)):
            if isinstance(node, sp.Mul) and any(a.has(x) and self.sign(a) == 0 for a in node.args):
                return self._product_slope(node, x)
            return self.tape.times(self.elasticity(node, x), self.value(node))
        raise NotCompiled

    def _product_slope(self, node: Any, x: Any) -> Any:
        terms = []
        for number, a in enumerate(node.args):
            if a.has(x):
                rest = [self.value(b) for k, b in enumerate(node.args) if k != number]
                term = self.slope(a, x)
                for factor in rest:
                    term = self.tape.times(term, factor)
                terms.append(term)
        return self._sum(terms)

    def wanted(self, goal: Any) -> Any:
        """Something whose lower end is above 0 only where the goal holds."""
        if isinstance(goal, (said.increasing, said.decreasing)):
            f, x = goal.function, goal.variable
            if not self.domain[x].nonnegative:
                raise NotCompiled
            sign = 1 if isinstance(goal, said.increasing) else -1
            own = self.sign(f)
            found = self.elasticity(f, x) if own else self.slope(f, x)
            return found if sign * (own or 1) > 0 else self.tape.negative(found)
        order = order_of(goal)
        if order is None:
            raise NotCompiled
        more, less, _ = order
        if less != 0 and self.sign(more) > 0 and self.sign(less) > 0:
            return self.tape.add(self.logarithm(more), self.tape.negative(self.logarithm(less)))
        return self.value(more - less)


def _exactly(number: Any) -> Constant:
    return constant(float(number), exact=True)


def as_float(end: End) -> float:
    """The float next to an end, or an infinity."""
    if end.infinite:
        return math.inf * end.infinite
    return float(end.ball().mid())


def _beyond(end: End) -> bool:
    size = abs(as_float(end))
    return not end.infinite and size != 0 and not 1 / LARGEST < size < LARGEST
