"""Equalities of numbers that no enclosure can decide: both sides in one form, of logarithms and roots of primes.

A form is a sum of rational multiples of monomials; a monomial is a product of rational powers of atoms: primes (with
exponents between 0 and 1), their logarithms, e, and whatever is left as it stands. Two sides that have a value
are equal where their forms are; the converse is not claimed.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import floor
from typing import Any

import sympy as sp

from symbolic.sentences import entry, greatest, least, spectral_norm

Monomial = frozenset[tuple[Any, Fraction]]
Form = dict[Monomial, Fraction]

MOST_TERMS = 256
"""Terms of a form beyond which nothing is told."""

FACTORED_BITS = 80
"""Bits of an integer that is factored; of a longer one nothing is told."""

LONGEST_BITS = 1 << 14
"""Bits of an integer that is divided by small primes first."""

SMALL_PRIMES = (2, 3, 5, 7, 11, 13)

VALUED = (sp.ceiling, sp.floor, sp.Max, sp.Min, sp.Abs, greatest, least, entry, sp.Trace)
"""Parts that may have a rational value where what they are of has none."""

MOST_POWER = 512
"""The largest power of a rational, or of a sum, that is multiplied out."""

ONE: Monomial = frozenset()
E = ("e",)


class TooHardError(ArithmeticError):
    """A number has no form that is short enough."""


def equal(
    left: Any,
    right: Any,
    value: Callable[[Any], Fraction | None],
    matrix: Callable[[Any], tuple[Fraction, ...] | None] = lambda _: None,
) -> bool:
    """Whether two expressions are seen to be equal, given the rational ``value`` of words and of ``VALUED`` parts.

    ``matrix`` gives the sides and the entries of a matrix. Both are None where they are not known.
    """
    forms = _Forms(value, matrix)
    try:
        return forms(left) == forms(right)
    except TooHardError:
        return False


class _Forms:
    """Forms of expressions, given the values of words."""

    def __init__(
        self, value: Callable[[Any], Fraction | None], matrix: Callable[[Any], tuple[Fraction, ...] | None]
    ) -> None:
        self.value, self.matrix = value, matrix

    def __call__(self, node: Any) -> Form:
        if isinstance(node, sp.Rational):
            return _constant(Fraction(int(node.p), int(node.q)))
        if node == sp.E:
            return {frozenset({(E, Fraction(1))}): Fraction(1)}
        known = self.value(node) if isinstance(node, (sp.Symbol, *VALUED)) else None
        if known is not None:
            return _constant(known)
        if isinstance(node, spectral_norm):
            return self._norm(node.args[0])
        if isinstance(node, sp.Symbol):
            raise TooHardError
        if isinstance(node, sp.Add):
            return _sum([self(a) for a in node.args])
        if isinstance(node, sp.Mul):
            made, rest = self._logarithms(node.args)
            for a in rest:
                made = _product(made, self(a))
            return made
        if isinstance(node, sp.Pow):
            return self._power(self(node.base), self(node.exp))
        if isinstance(node, sp.exp):
            return self._exponential(self(node.args[0]))
        if isinstance(node, sp.log) and len(node.args) == 1:
            return self._logarithm(self(node.args[0]))
        if isinstance(node, (sp.Function, sp.Max, sp.Min)) and node.args:
            keys = [_key(self(a)) for a in node.args]
            symmetric = isinstance(node, (sp.Max, sp.Min))
            return _atom((type(node).__name__, *(sorted(keys, key=repr) if symmetric else keys)))
        raise TooHardError

    def _norm(self, matrix: Any) -> Form:
        """A spectral norm, as a multiple of that of the matrix whose first entry other than 0 is 1."""
        known = self.matrix(matrix)
        if known is None:
            raise TooHardError
        (rows, columns, *entries) = known
        first = next((entry for entry in entries if entry), Fraction(0))
        if not first:
            return {}
        scaled = tuple(entry / first for entry in entries)
        return _product(_constant(abs(first)), _atom(("spectral_norm", rows, columns, scaled)))

    def _logarithms(self, factors: tuple[Any, ...]) -> tuple[Form, list[Any]]:
        """What logarithms over logarithms make that are rational multiples of them, and the other factors."""
        rest, made = list(factors), Fraction(1)
        for below in [a for a in factors if isinstance(a, sp.Pow) and a.exp == -1 and isinstance(a.base, sp.log)]:
            for above in [a for a in rest if isinstance(a, sp.log)]:
                ratio = _times(self(above), self(below.base))
                if ratio is not None:
                    made *= ratio
                    rest.remove(above)
                    rest.remove(below)
                    break
        return _constant(made), rest

    def _power(self, base: Form, exponent: Form) -> Form:
        power = _rational(exponent)
        if power is None:
            if _surely_positive(base):
                return self._exponential(_product(exponent, self._logarithm(base)))
            return _atom(("power", _key(base), _key(exponent)))
        if not base:
            if power < 0:
                raise TooHardError
            return _constant(Fraction(power == 0))
        if len(base) == 1:
            monomial, factor = _leading(base)
            if _surely_positive(base) or power.denominator == 1:
                raised = _factor_power(factor, power)
                return _product(raised, _raised(monomial, power))
        if power.denominator == 1 and 0 <= power <= MOST_POWER:
            made = _constant(Fraction(1))
            for _ in range(int(power)):
                made = _product(made, base)
            return made
        return {frozenset({(("sum", _key(base)), power)}): Fraction(1)}

    def _exponential(self, argument: Form) -> Form:
        made, rest = _constant(Fraction(1)), {}
        for monomial, factor in argument.items():
            if monomial == ONE:
                made = _product(made, {frozenset({(E, factor)}): Fraction(1)})
            elif len(monomial) == 1 and _is_logarithm(next(iter(monomial))):
                ((atom, _),) = monomial
                made = _product(made, _factor_power(Fraction(atom[1]), factor))
            else:
                rest[monomial] = factor
        return _product(made, _atom(("exp", _key(rest)))) if rest else made

    def _logarithm(self, argument: Form) -> Form:
        if len(argument) != 1:
            return _atom(("log of", _key(argument)))
        monomial, factor = _leading(argument)
        if factor <= 0:
            raise TooHardError
        parts = [_log_of(factor)]
        for atom, power in monomial:
            if atom == E:
                parts.append(_constant(power))
            elif isinstance(atom, int):
                parts.append({frozenset({(("log", atom), Fraction(1))}): power})
            else:
                parts.append({frozenset({(("log of", atom), Fraction(1))}): power})
        return _sum(parts)


def _times(form: Form, other: Form) -> Fraction | None:
    """The rational number that one form is times another, which is not 0; None where there is none."""
    if not other or set(form) != set(other):
        return None
    ratios = {form[monomial] / other[monomial] for monomial in form}
    return ratios.pop() if len(ratios) == 1 else None


def _surely_positive(form: Form) -> bool:
    """Whether a form is one monomial of positive numbers: what stands as it is may have any sign."""
    if len(form) != 1:
        return False
    monomial, factor = _leading(form)
    return factor > 0 and all(isinstance(atom, int) or atom[0] in ("e", "log", "exp") for atom, _ in monomial)


def _is_logarithm(part: tuple[Any, Fraction]) -> bool:
    atom, power = part
    return isinstance(atom, tuple) and atom[0] == "log" and power == 1


def _constant(number: Fraction) -> Form:
    return {ONE: number} if number else {}


def _atom(atom: Any) -> Form:
    return {frozenset({(atom, Fraction(1))}): Fraction(1)}


def _leading(form: Form) -> tuple[Monomial, Fraction]:
    return next(iter(form.items()))


def _rational(form: Form) -> Fraction | None:
    return form.get(ONE, Fraction(0)) if set(form) <= {ONE} else None


def _key(form: Form) -> Any:
    return frozenset(form.items())


def _sum(forms: list[Form]) -> Form:
    total: Form = {}
    for form in forms:
        for monomial, factor in form.items():
            total[monomial] = total.get(monomial, Fraction(0)) + factor
    if len(total) > MOST_TERMS:
        raise TooHardError
    return {monomial: factor for monomial, factor in total.items() if factor}


def _product(left: Form, right: Form) -> Form:
    if len(left) * len(right) > MOST_TERMS:
        raise TooHardError
    parts = []
    for one, first in left.items():
        for other, second in right.items():
            powers = dict(one)
            for atom, power in other:
                powers[atom] = powers.get(atom, Fraction(0)) + power
            factor, kept = first * second, set()
            for atom, power in powers.items():
                whole = floor(power) if isinstance(atom, int) else 0
                if whole:
                    factor *= _whole_power(Fraction(atom), whole)
                if power - whole:
                    kept.add((atom, power - whole))
            parts.append({frozenset(kept): factor})
    return _sum(parts)


def _raised(monomial: Monomial, power: Fraction) -> Form:
    made = _constant(Fraction(1))
    for atom, own in monomial:
        made = _product(made, {frozenset({(atom, own * power)}) if own * power else ONE: Fraction(1)})
    return made


def _whole_power(number: Fraction, power: int) -> Fraction:
    if abs(number) != 1 and abs(power) > MOST_POWER:
        raise TooHardError
    return number ** (power if abs(number) != 1 else power % 2)


def _primes(number: Fraction) -> dict[int, int]:
    if number <= 0:
        raise TooHardError
    found = _factors(number.numerator)
    for prime, times in _factors(number.denominator).items():
        found[prime] = found.get(prime, 0) - times
    return {prime: times for prime, times in found.items() if times}


def _factors(number: int) -> dict[int, int]:
    """The prime factors of a positive integer that is short but for small ones."""
    found: dict[int, int] = {}
    for prime in SMALL_PRIMES:
        number, found[prime] = _divided(number, prime)
    if number.bit_length() > FACTORED_BITS:
        raise TooHardError
    return found | {int(prime): int(times) for prime, times in sp.factorint(number).items()}


def _divided(number: int, prime: int) -> tuple[int, int]:
    """An integer without its factors of a prime, and how many there were; TooHardError where it is very long."""
    if number.bit_length() > LONGEST_BITS:
        raise TooHardError
    times = 0
    while number % prime == 0:
        number, times = number // prime, times + 1
    return number, times


def _factor_power(number: Fraction, power: Fraction) -> Form:
    """A rational to a rational power; negative to an integer only."""
    if power.denominator == 1:
        return _constant(_whole_power(number, power.numerator))
    made = _constant(Fraction(1))
    for prime, times in _primes(number).items():
        made = _product(made, {frozenset({(prime, times * power)}): Fraction(1)})
    return made


def _log_of(number: Fraction) -> Form:
    return {frozenset({(("log", prime), Fraction(1))}): Fraction(times) for prime, times in _primes(number).items()}
