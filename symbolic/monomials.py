"""Side conditions between symbols, read as bounds on monomials: ``N >= D/2`` says that D/N is at most 2.

A condition ``A >= B`` between monomials in the symbols and logarithms of powers of them, with coefficients q e^a and
A > 0, bounds B / A by 1; the range of every node that is a power of that quotient times something else follows.
Conditions on one symbol alone narrow its interval. Other hypotheses are left out: what is proved without them holds
with them.

A condition must leave, for every value of the other symbols, an interval of each symbol, because a function is monotone
where its slope has a sign on an interval alone. So no symbol occurs in it twice, and its factors are not negative, but
for a logarithm to the first power.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp
from flint import fmpq

from symbolic import ends
from symbolic.degrees import equal
from symbolic.ends import DOWN, MINUS_INFINITY, UP, ZERO, EndError
from symbolic.intervals import EVERYTHING, Interval, UndefinedError, point

_LESS = (sp.Le, sp.Lt)
_MORE = (sp.Ge, sp.Gt)


@dataclass(frozen=True)
class Condition:
    """A hypothesis as what a monomial is within: ``factors`` are pairs of a symbol, or its logarithm, and a power."""

    factors: tuple[tuple[Any, Any], ...]
    within: Interval
    hypothesis: Any

    @property
    def monomial(self) -> Any:
        """The monomial as an expression."""
        return sp.Mul(*(base**power for base, power in self.factors))

    def values(self, domain: Mapping[Any, Interval]) -> Interval:
        """What the monomial may be over a domain, the condition itself left aside."""
        found = Interval(ends.ONE, ends.ONE)
        for base, power in self.factors:
            try:
                found = found * _values(domain, base).power(fmpq(int(power.p), int(power.q)))
            except UndefinedError:
                return EVERYTHING
        return found


def factored(node: Any) -> tuple[Any, dict[Any, Any]]:
    """A node as a rational coefficient and powers {base: rational exponent}; anything else is one base."""
    coefficient, rest = node.as_coeff_Mul()
    powers: dict[Any, Any] = {}
    for factor in sp.Mul.make_args(rest):
        base, exponent = factor.as_base_exp() if isinstance(factor, (sp.Pow, sp.exp)) else (factor, sp.S.One)
        if not exponent.is_Rational:
            base, exponent = factor, sp.S.One
        powers[base] = powers.get(base, sp.S.Zero) + exponent
    powers.pop(sp.S.One, None)
    return coefficient, {base: exponent for base, exponent in powers.items() if exponent != 0}


def quotient(node: Any, conditions: Iterable[Condition]) -> tuple[Condition, Any, Any] | None:
    """(condition, exponent, rest) with node = monomial of the condition ** exponent * rest; None where there is none.

    The rest has none of the condition's factors.
    """
    if not isinstance(node, (sp.Mul, sp.Pow)):
        return None
    _, powers = factored(node)
    for condition in conditions:
        exponents = {powers.get(base, 0) / power for base, power in condition.factors}
        if len(exponents) == 1 and 0 not in exponents:
            (exponent,) = exponents
            rest = [f for f in sp.Mul.make_args(node) if _base(f) not in dict(condition.factors)]
            return condition, exponent, sp.Mul(*rest)
    return None


def _base(factor: Any) -> Any:
    return factor.base if isinstance(factor, sp.Pow) and factor.exp.is_Rational else factor


def grounds(
    domain: Mapping[Any, Interval], hypotheses: Iterable[Any]
) -> tuple[dict[Any, Interval], tuple[Condition, ...]]:
    """The domain, narrowed by hypotheses on one symbol, and the conditions that others are.

    UndefinedError where a hypothesis leaves nothing of a symbol's interval.
    """
    narrowed = dict(domain)
    for symbol, inside in narrowed.items():
        if inside.empty:
            raise UndefinedError(f"the interval {inside} of {symbol} is empty")
    found: list[Condition] = []
    pairs = [pair for hypothesis in hypotheses for pair in ordered(hypothesis)]
    for more, less, strict, hypothesis in pairs:
        _narrow(narrowed, more, less, strict, hypothesis)
    for more, less, strict, hypothesis in pairs:
        condition = _condition(narrowed, more, less, strict, hypothesis)
        if condition is not None:
            found.append(condition)
    return narrowed, tuple(found)


def ordered(hypothesis: Any) -> Iterator[tuple[Any, Any, bool, Any]]:
    """Tuples (more, less, strictly, hypothesis) for every inequality that a hypothesis says."""
    if isinstance(hypothesis, sp.And):
        for part in hypothesis.args:
            yield from ordered(part)
        return
    if not isinstance(hypothesis, (*_LESS, *_MORE)):
        return
    less, more = (hypothesis.lhs, hypothesis.rhs) if isinstance(hypothesis, _LESS) else (hypothesis.rhs, hypothesis.lhs)
    for high in more.args if isinstance(more, sp.Min) else (more,):
        for low in less.args if isinstance(less, sp.Max) else (less,):
            yield high, low, isinstance(hypothesis, (sp.Lt, sp.Gt)), hypothesis


def _narrow(domain: dict[Any, Interval], more: Any, less: Any, strict: bool, hypothesis: Any) -> None:
    for symbol, bound, upper in ((less, more, True), (more, less, False)):
        if symbol not in domain:
            continue
        try:
            end = ends.of(bound)
        except EndError:
            continue
        inside = domain[symbol]
        half = Interval(MINUS_INFINITY, end, True, strict) if upper else Interval(end, ends.INFINITY, strict, True)
        try:
            domain[symbol] = inside.meet(half)
        except UndefinedError:
            raise UndefinedError(f"{hypothesis} leaves nothing of the interval {inside} of {symbol}") from None


def _condition(domain: Mapping[Any, Interval], more: Any, less: Any, strict: bool, hypothesis: Any) -> Condition | None:
    above, below = factored(more), factored(less)
    if not above[0].is_Rational or not below[0].is_Rational or above[0] <= 0 or below[0] <= 0:
        return None
    powers = dict(below[1])
    for base, exponent in above[1].items():
        powers[base] = powers.get(base, sp.S.Zero) - exponent
    powers = {base: exponent for base, exponent in powers.items() if exponent != 0}
    exponential = powers.pop(sp.E, sp.S.Zero)
    if len(powers) < 2 or not _separate(domain, powers):
        return None
    if not all(_values(domain, base).positive for base in above[1] if base is not sp.E):
        return None  # it could not be divided by
    positive = all(_values(domain, base).positive for base in powers)
    bound = above[0] / below[0] * sp.exp(-exponential)
    low = ZERO if positive else MINUS_INFINITY
    within = Interval(low, ends.of(bound), True, strict)
    # One sign for each quotient, so that its inverse is the same condition.
    return Condition(tuple(sorted(powers.items(), key=lambda p: sp.default_sort_key(p[0]))), within, hypothesis)


def _separate(domain: Mapping[Any, Interval], powers: Mapping[Any, Any]) -> bool:
    """Whether factors are symbols or logarithms of powers of one, each once, and their signs are as they must be."""
    seen: set[Any] = set()
    for base, exponent in powers.items():
        symbol = _monotone_in(base.args[0]) if isinstance(base, sp.log) else base
        if symbol not in domain or symbol in seen:
            return False
        seen.add(symbol)
        values = _values(domain, base)
        if isinstance(base, sp.log) and not domain[symbol].positive:
            return False  # it has no value where the logarithm has none
        if exponent < 0 and not values.positive:
            return False  # it could not be divided by
        if not values.nonnegative and not (isinstance(base, sp.log) and exponent == 1):
            return False
    return True


def _monotone_in(node: Any) -> Any:
    """The symbol x of a node q x^k with rational q > 0 and k other than 0, or None."""
    coefficient, powers = factored(node)
    if not coefficient.is_Rational or coefficient <= 0 or len(powers) != 1:
        return None
    return next(iter(powers))


def _values(domain: Mapping[Any, Interval], base: Any) -> Interval:
    symbol = _monotone_in(base.args[0]) if isinstance(base, sp.log) else None
    if symbol in domain and domain[symbol].nonnegative:
        coefficient, powers = factored(base.args[0])
        scale, exponent = (fmpq(int(number.p), int(number.q)) for number in (coefficient, powers[symbol]))
        try:
            inside = domain[symbol].power(exponent) * point(scale)
        except UndefinedError:
            return EVERYTHING
        return Interval(ends.logarithm(inside.low, DOWN), ends.logarithm(inside.high, UP), inside.open_low)
    return domain.get(base, EVERYTHING)


def real_power(node: Any, conditions: Iterable[Condition]) -> tuple[Condition, Any, Any] | None:
    """As ``quotient``, with an exponent that is no rational number and whatever is left; None where there is none."""
    if not isinstance(node, (sp.Mul, sp.Pow)):
        return None
    powers = node.as_powers_dict()
    for condition in conditions:
        exponents = [powers.get(base, sp.S.Zero) / power for base, power in condition.factors]
        if exponents[0].is_Rational or any(not equal(exponents[0], other) for other in exponents[1:]):
            continue
        factors = dict(condition.factors)
        rest = (base**power for base, power in powers.items() if base not in factors)
        return condition, exponents[0], sp.Mul(*rest)
    return None
