"""When two products of powers are the same: both become a sign and exponents of primes, symbols, functions and sums.

A sum is one base here, so that products of powers of sums meet that ``symbolic/sameness.py`` would multiply out. Rules:
(a b)^e = a^e b^e and (a^k)^e = a^(k e) for integers e wherever both sides are defined, and for all other e where a and
b are above 0; e^(c log y) = y^c; and a minimum without what is never the least. Nothing is said of different forms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from symbolic import ends
from symbolic.calculus_rules import Ground
from symbolic.degrees import equal
from symbolic.ranges import Ranges
from symbolic.sameness import Form, Forms, TooLongError, primes_of

MOST_POWER = 1000
"""Integer exponents of rationals beyond which nothing is raised to them."""


@dataclass(frozen=True)
class Product:
    """A sign, 0 for the number 0, and the exponents of bases."""

    sign: int
    exponents: Mapping[Any, Any]

    def times(self, other: Product) -> Product:
        """The product of both."""
        exponents = dict(self.exponents)
        for base, exponent in other.exponents.items():
            exponents[base] = exponents.get(base, sp.S.Zero) + exponent
        return Product(self.sign * other.sign, exponents)

    def over(self, other: Product) -> Product:
        """The exponents less those of another product, whose sign is 1."""
        return self.times(Product(other.sign, {base: -exponent for base, exponent in other.exponents.items()}))


class Products:
    """Products of nodes over one ground."""

    def __init__(self, ground: Ground) -> None:
        self.ranges = Ranges(ground)
        self._forms = Forms(ground)
        self._nodes: dict[Any, Any] = {}

    def same(self, left: Any, right: Any) -> bool:
        """Whether two expressions are one product; they have to be defined."""
        try:
            return self.equal(self.of(self.resolved(left)), self.of(self.resolved(right)))
        except (TooLongError, RecursionError):
            return False

    def equal(self, left: Product, right: Product) -> bool:
        """Whether two products are the same."""
        if left.sign == 0 or right.sign == 0 or left.sign != right.sign:
            return left.sign == right.sign == 0
        bases = dict.fromkeys((*left.exponents, *right.exponents))
        return all(_equal(left.exponents.get(b, sp.S.Zero), right.exponents.get(b, sp.S.Zero)) for b in bases)

    def positive(self, product: Product) -> bool:
        """Whether a product is surely above 0, its bases that have no exponent left aside."""
        used = (base for base, exponent in product.exponents.items() if not _equal(exponent, sp.S.Zero))
        return product.sign > 0 and all(map(self._positive, used))

    def raised(self, node: Any, exponent: Any) -> Product | None:
        """A power of a node as a product; None where it is not taken apart."""
        return self._raised(self.of(node), exponent)

    def resolved(self, node: Any) -> Any:
        """The node with every minimum and maximum without the arguments that another one is always as extreme as."""
        if not node.has(sp.Min, sp.Max):
            return node
        parts = [self.resolved(a) for a in node.args]
        if isinstance(node, (sp.Min, sp.Max)):
            parts = self._extreme(parts, isinstance(node, sp.Min))
        return node.func(*parts)

    def _extreme(self, parts: list[Any], least: bool) -> list[Any]:
        kept = list(parts)
        for part in parts:
            mine = self.ranges.of(part)
            for other in kept:
                its = self.ranges.of(other)
                if other == part or mine is None or its is None:
                    continue
                low, high = (its, mine) if least else (mine, its)
                if ends.at_most(low.high, high.low):
                    kept.remove(part)
                    break
        return kept

    def of(self, node: Any) -> Product:
        """The product that a node is."""
        if node.is_Rational:
            return self._number(node)
        if isinstance(node, sp.Mul):
            found = Product(1, {})
            for factor in node.args:
                found = found.times(self.of(factor))
            return found
        if isinstance(node, sp.exp):
            return self._exponential(node.args[0])
        if isinstance(node, sp.Pow):
            raised = self._exponential(node.exp) if node.base is sp.E else self._raised(self.of(node.base), node.exp)
            return self._atom(node) if raised is None else raised
        return self._atom(node)

    def _number(self, number: Any) -> Product:
        if number == 0:
            return Product(0, {})
        return Product(1 if number > 0 else -1, primes_of(abs(number)))

    def _atom(self, node: Any) -> Product:
        form = self._forms.of(node)
        if len(form) == 1:
            ((powers, coefficient),) = form
            if len(powers) == 1 and coefficient > 0:
                ((base, exponent),) = powers
                if exponent == 1:
                    self._nodes[base] = node
        found = self._of_form(form)
        sums = [base for base in found.exponents if _is_sum(base)]
        if len(form) > 1 and len(sums) == 1 and all(_is_sum(b) or isinstance(b, sp.Integer) for b in found.exponents):
            self._nodes[sums[0]] = node  # but for a number above 0
        return found

    def _of_form(self, form: Form) -> Product:
        """A form as a product: a sum of more terms than one is a number, what all terms have, and the rest."""
        if not form:
            return Product(0, {})
        if len(form) == 1:
            ((powers, coefficient),) = form
            found = self._number(coefficient)
            for base, exponent in powers:
                raised = self._raised(self._of_form(base[1]), exponent) if _is_sum(base) else None
                found = found.times(Product(1, {base: exponent}) if raised is None else raised)
            return found
        content = sp.gcd_list([sp.Abs(coefficient) for _, coefficient in form])
        each = [dict(powers) for powers, _ in form]
        shared = (base for base in each[0] if all(base in powers and powers[base].is_Integer for powers in each))
        common = {base: min(powers[base] for powers in each) for base in shared}
        rest = {
            frozenset((b, left) for b, e in powers if (left := e - common.get(b, 0)) != 0): coefficient / content
            for powers, coefficient in form
        }
        base = ("sum", frozenset(rest.items()))
        return self._number(content).times(Product(1, common)).times(Product(1, {base: sp.S.One}))

    def _raised(self, base: Product, exponent: Any) -> Product | None:
        """A power of a product; None where its parts cannot be raised one by one."""
        if exponent.is_Integer and abs(exponent) <= MOST_POWER and (base.sign != 0 or exponent > 0):
            sign = base.sign ** int(abs(exponent))
        elif base.sign > 0 and all(map(self._positive, base.exponents)):
            sign = 1
        else:
            return None
        return Product(sign, {b: e * exponent for b, e in base.exponents.items()})

    def _exponential(self, exponent: Any) -> Product:
        found = Product(1, {})
        for term in sp.Add.make_args(sp.expand_mul(exponent)):
            logs = [f for f in sp.Mul.make_args(term) if isinstance(f, sp.log)]
            of_log = self._raised(self.of(logs[0].args[0]), term / logs[0]) if len(logs) == 1 else None
            found = found.times(Product(1, {sp.E: term}) if of_log is None else of_log)
        return found

    def _positive(self, base: Any) -> bool:
        if base is sp.E or (isinstance(base, sp.Basic) and base.is_Integer):
            return base is sp.E or bool(base > 0)
        node = self._nodes.get(base, base)
        return isinstance(node, sp.Basic) and self.ranges.positive(node)


def _is_sum(base: Any) -> bool:
    """Whether a base is a sum; that of a function begins with a class, which SymPy does not compare with text."""
    return isinstance(base, tuple) and isinstance(base[0], str)


def _equal(left: Any, right: Any) -> bool:
    return left == right or bool(equal(left, right))
