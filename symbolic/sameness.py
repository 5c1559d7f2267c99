"""When two expressions are the same wherever their symbols are in a domain: both become sums of powers.

Powers and logarithms of products are taken apart where the domain keeps every factor above 0; sums are multiplied out;
exponents are brought to lowest terms. Two expressions with one form are equal; of two with different forms nothing is
said.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sympy as sp

from symbolic.calculus_rules import Ground
from symbolic.degrees import LONGEST, equal, terms_in
from symbolic.totals import Place

MOST_TERMS = 400
LARGEST_POWER = 8
MOST_POWER = 1000
SMALL_PRIMES = 1000
LARGEST_FACTORED_BITS = 64
"""Integers without prime factors below ``SMALL_PRIMES`` that are longer are not factored."""

Powers = frozenset[tuple[Any, Any]]
"""Pairs of a base and its exponent, in lowest terms."""

Form = frozenset[tuple[Powers, Any]]
"""Pairs of a product of powers and its rational coefficient."""


class TooLongError(ValueError):
    """A form with more terms than are compared."""


def same(left: Any, right: Any, ground: Ground) -> bool:
    """Whether two expressions have one form over the ground."""
    try:
        forms = Forms(ground)
        return left == right or forms.of(left) == forms.of(right)
    except (TooLongError, RecursionError):
        return False


ONE: Powers = frozenset()


class Forms:
    """Forms of nodes over one ground."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self._known: dict[Any, Form] = {}

    def of(self, node: Any) -> Form:
        """The form of an expression."""
        if node not in self._known:
            self._known[node] = self._walk(node)
        return self._known[node]

    def _walk(self, node: Any) -> Form:
        if node.is_Rational:
            return _form({ONE: node})
        if isinstance(node, sp.Add):
            return _added([self.of(a) for a in node.args])
        if isinstance(node, sp.Mul):
            product = _form({ONE: sp.S.One})
            for factor in node.args:
                product = _multiplied(product, self.of(factor))
            return product
        if isinstance(node, sp.exp):
            return self._power(_power_of(sp.E), node.args[0])
        if isinstance(node, sp.Pow):
            return self._power(self.of(node.base), node.exp)
        if isinstance(node, sp.log):
            return self._logarithm(node)
        if node is sp.E:
            return _power_of(sp.E)
        return _power_of((type(node), tuple(self.of(a) for a in node.args)) if node.args else node)

    def _power(self, base: Form, exponent: Any) -> Form:
        if exponent.is_Integer and 0 <= exponent <= LARGEST_POWER:
            product = _number(1)
            for _ in range(int(exponent)):
                product = _multiplied(product, base)
            return product
        if len(base) == 1:
            ((powers, coefficient),) = base
            whole = bool(exponent.is_Integer)
            if whole or (coefficient > 0 and all(self._above_zero(b) for b, _ in powers)):
                number = _numeric_power(coefficient, exponent)
                return _multiplied(_form({_joined({b: e * exponent for b, e in powers}): sp.S.One}), number)
        return _power_of(("sum", base), exponent)

    def _above_zero(self, base: Any) -> bool:
        if base is sp.E or isinstance(base, Place) or (isinstance(base, sp.Basic) and base.is_Integer and base > 0):
            return True
        return base in self.ground.domain and self.ground.domain[base].positive

    def _logarithm(self, node: Any) -> Form:
        inside = self.of(node.args[0])
        if len(inside) == 1:
            ((powers, coefficient),) = inside
            if coefficient > 0 and all(self._above_zero(b) for b, _ in powers):
                parts = [_multiplied(self.of(e), _logarithm_of(b)) for b, e in powers]
                for prime, times in primes_of(coefficient).items():
                    parts.append(_multiplied(_number(times), _logarithm_of(sp.Integer(prime))))
                return _added(parts)
        return _power_of((sp.log, inside))


def primes_of(number: Any) -> dict[Any, Any]:
    """The prime factors of a rational number above 0 and their powers; TooLongError where they might take long."""
    factors: dict[Any, Any] = {}
    for part, sign in ((int(number.p), 1), (int(number.q), -1)):
        for prime in sp.primerange(SMALL_PRIMES) if part.bit_length() > LARGEST_FACTORED_BITS else ():
            times = sp.multiplicity(prime, part)
            part //= prime**times
            factors[prime] = factors.get(prime, 0) + sign * times
        if part.bit_length() > LARGEST_FACTORED_BITS:
            raise TooLongError
        for prime, times in sp.factorint(part).items():
            factors[prime] = factors.get(prime, 0) + sign * times
    return {sp.Integer(prime): sp.Integer(times) for prime, times in factors.items() if times and prime != 1}


def _number(number: Any) -> Form:
    return _form({ONE: sp.Rational(number)})


def _power_of(base: Any, exponent: Any = sp.S.One) -> Form:
    return _form({_joined({base: exponent}): sp.S.One})


def _logarithm_of(base: Any) -> Form:
    return _number(1) if base is sp.E else _power_of((sp.log, base))


def _numeric_power(coefficient: Any, exponent: Any) -> Form:
    """A power of a rational: of its primes, whole parts of exponents taken out."""
    if coefficient == 1:
        return _number(1)
    if exponent.is_Integer:
        return _number(coefficient**exponent) if abs(exponent) <= MOST_POWER else _power_of(coefficient, exponent)
    result, parts = sp.S.One, {}
    for prime, times in primes_of(coefficient).items():
        whole, rest = divmod(times * exponent, 1) if exponent.is_Rational else (0, times * exponent)
        result *= sp.Integer(prime) ** whole
        parts[sp.Integer(prime)] = rest
    return _form({_joined(parts): result})


def _form(terms: dict[Powers, Any]) -> Form:
    if len(terms) > MOST_TERMS:
        raise TooLongError
    return frozenset((powers, coefficient) for powers, coefficient in terms.items() if coefficient != 0)


def _added(forms: list[Form]) -> Form:
    total: dict[Powers, Any] = {}
    for form in forms:
        for powers, coefficient in form:
            total[powers] = total.get(powers, sp.S.Zero) + coefficient
    return _form(total)


def _multiplied(left: Form, right: Form) -> Form:
    if len(left) * len(right) > MOST_TERMS:
        raise TooLongError
    total: dict[Powers, Any] = {}
    for a, p in left:
        for b, q in right:
            exponents = dict(a)
            for base, exponent in b:
                exponents[base] = exponents.get(base, sp.S.Zero) + exponent
            powers, whole = _whole_parts_out(_joined(exponents))
            total[powers] = total.get(powers, sp.S.Zero) + p * q * whole
    return _form(total)


def _whole_parts_out(powers: Powers) -> tuple[Powers, Any]:
    """Powers of integers with exponents in [0, 1), and the rational that is taken out: sqrt(2) sqrt(2) is 2."""
    whole, rest = sp.S.One, {}
    for base, exponent in powers:
        times = sp.floor(exponent) if isinstance(base, sp.Integer) and exponent.is_Rational else sp.S.Zero
        whole *= base**times if times else sp.S.One
        rest[base] = exponent - times
    return _joined(rest), whole


def _joined(exponents: dict[Any, Any]) -> Powers:
    return frozenset((base, lowest) for base, e in exponents.items() if (lowest := _lowest(e)) != 0)


@lru_cache(maxsize=4096)
def _lowest(exponent: Any) -> Any:
    """An exponent in lowest terms, if that is surely the same."""
    if exponent.is_Rational or exponent.is_Symbol or terms_in(exponent) > LONGEST:
        return exponent
    cancelled = sp.cancel(sp.together(exponent))
    return cancelled if equal(cancelled, exponent) else exponent
