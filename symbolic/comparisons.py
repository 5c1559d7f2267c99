"""Which of two expressions is the larger one over a ground, by their parts.

Common terms and common positive factors are left out; powers, increasing functions, minima and maxima are compared by
their arguments, products factor by factor, sums term by term; what is left, by the range of a quotient. Every step is a
reduction that holds wherever both expressions are defined, which whoever asks has to know: it is not looked at here.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from symbolic import ends
from symbolic.atoms import ROWS
from symbolic.calculus_rules import Ground
from symbolic.degrees import LONGEST, terms_in
from symbolic.intervals import Interval
from symbolic.monomials import ordered
from symbolic.products import Products
from symbolic.roundings import without_rounding
from symbolic.totals import total

WEAKLY, STRICTLY = 1, 2
"""How much larger: not smaller anywhere, larger everywhere; 0 stands for neither."""

MOST_STEPS = 100
"""Comparisons after which one is given up."""

DEEPEST = 12
MOST_TERMS = 12
"""Terms of a difference up to which they are paired."""

MOST_ROOTS = 3
"""Terms of a sum up to which its square is bounded by the sum of their squares."""

_RISING = {kind: STRICTLY if row.continuous else WEAKLY for kind, row in ROWS.items() if row.rises > 0}


class Comparison:
    """Compares expressions over one ground, within a number of steps."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.given = [pair[:3] for hypothesis in ground.hypotheses for pair in ordered(hypothesis)]
        self.products = Products(ground)
        self.ranges = self.products.ranges
        self.steps = 0
        self._known: dict[tuple[Any, Any], int] = {}

    def order(self, more: Any, less: Any, depth: int = 0) -> int:
        """How surely one expression is the larger one: STRICTLY, WEAKLY, or 0 where no rule says that it is."""
        if more == less:
            return WEAKLY
        pair = (more, less)
        if pair not in self._known:
            self._known[pair] = 0  # what is asked while it is being worked out is not known
            self.steps += 1
            if self.steps > MOST_STEPS or depth > DEEPEST:
                return 0
            self._known[pair] = self._worked_out(more, less, depth + 1)
        return self._known[pair]

    def _worked_out(self, more: Any, less: Any, depth: int) -> int:
        found = self._apart(more, less)
        ways = (self._mapped, self._totals, self._extremes, self._addends, self._factors, self._terms, self._roots,
                self._tangent, self._integrals, self._logarithms, self._spread, self._rounded)  # fmt: skip
        for way in ways if found == 0 else ():
            found = way(more, less, depth)
            if found:
                break
        return found

    def _apart(self, more: Any, less: Any) -> int:
        """By ranges: the least of one is at least the greatest of the other."""
        above, below = self.ranges.of(more), self.ranges.of(less)
        return 0 if above is None or below is None else _ordered(above, below)

    # -- by arguments --------------------------------------------------------------------------------------------------

    def _mapped(self, more: Any, less: Any, depth: int) -> int:
        """f(a) >= f(b) for a >= b and a function f that never falls, or a <= b and one that never rises."""
        if type(more) is type(less) and type(more) in _RISING:
            return min(self.order(more.args[0], less.args[0], depth), _RISING[type(more)])
        if isinstance(more, sp.Pow) and isinstance(less, sp.Pow) and more.exp == less.exp and more.exp.is_Rational:
            if more.exp > 0 and self.ranges.nonnegative(less.base):
                return self.order(more.base, less.base, depth)
            if more.exp < 0 and self.ranges.positive(more.base):
                return self.order(less.base, more.base, depth)
        return self._exponents(more, less, depth)

    def _exponents(self, more: Any, less: Any, depth: int) -> int:
        """b^e >= b^f for e >= f and b >= 1."""
        above, below = _powers(more), _powers(less)
        if len({**above, **below}) != 1:
            return 0
        (base,) = {**above, **below}
        exponents = above.get(base, sp.S.Zero), below.get(base, sp.S.Zero)
        if all(exponent.is_Rational for exponent in exponents):
            return 0
        return min(self.order(base, sp.S.One, depth), self.order(*exponents, depth))

    def _totals(self, more: Any, less: Any, depth: int) -> int:
        """Sums of as many terms, term by term; a sum with as many times what is free of the place."""
        above, below = _of_places(more, less), _of_places(less, more)
        if above is None and below is None:
            return 0
        if above is not None and below is not None:
            if above.args[1:] != below.args[1:] or not self.ranges.nonnegative(above.upper):
                return 0
            found = self.order(above.body, below.body, depth)
            return found if self._counts(above.upper) else min(found, WEAKLY)
        whole, other = (above, less) if above is not None else (below, more)
        if whole.over in other.free_symbols or not self._counts(whole.upper):
            return 0
        mean = other / whole.upper
        return self.order(whole.body, mean, depth) if above is not None else self.order(mean, whole.body, depth)

    def _counts(self, upper: Any) -> bool:
        """Whether a sum that ends there surely has a term."""
        found = self.ranges.of(upper)
        return found is not None and ends.at_most(ends.ONE, found.low)

    def _extremes(self, more: Any, less: Any, depth: int) -> int:
        """What is at least one of a minimum's arguments is at least the minimum; so for a maximum, the other way."""
        if isinstance(more, sp.Min):
            return min(self.order(a, less, depth) for a in more.args)
        if isinstance(less, sp.Max):
            return min(self.order(more, a, depth) for a in less.args)
        if isinstance(less, sp.Min):
            return max(self.order(more, a, depth) for a in less.args)
        if isinstance(more, sp.Max):
            return max(self.order(a, less, depth) for a in more.args)
        return 0

    # -- by factors ----------------------------------------------------------------------------------------------------

    def _factors(self, more: Any, less: Any, depth: int) -> int:
        """Without common factors, and then factor by factor: all of them not negative."""
        number, _ = less.as_coeff_Mul()
        if number > 0 and number != 1 and less != number:
            return self.order(more / number, less / number, depth)
        above, below = _powers(more), _powers(less)
        if len(above) + len(below) < 3:
            return 0
        strict, shared = True, False
        for base in [base for base in above if base in below]:
            common = above[base] if above[base] == below[base] else None
            if self.ranges.positive(base) and base.free_symbols:
                common = _lesser(above[base], below[base])
            if common is None or not self.ranges.nonnegative(base**common):
                continue
            strict = strict and self.ranges.positive(base**common)
            shared = True
            for powers in (above, below):
                powers[base] -= common
                if powers[base] == 0:
                    del powers[base]
        if shared:
            return min(self.order(_product(above), _product(below), depth), STRICTLY if strict else WEAKLY)
        return self._pairs(above, below, depth)

    def _pairs(self, above: dict[Any, Any], below: dict[Any, Any], depth: int) -> int:
        """Every factor below is at most one above; what is left above is at least 1, and below at most 1."""
        left = [base**exponent for base, exponent in above.items() if not base.is_number]
        right = [base**exponent for base, exponent in below.items() if not base.is_number]
        numbers = [_product({b: e for b, e in powers.items() if b.is_number}) for powers in (above, below)]
        if not all(self.ranges.nonnegative(f) for f in (*left, *right, *numbers)):
            return 0
        strict = WEAKLY
        for factor in right:
            for partner in left:
                found = self.order(partner, factor, depth)
                if found:
                    left.remove(partner)
                    strict = max(strict, found)
                    break
            else:
                found = self.order(sp.S.One, factor, depth)
                if not found:
                    return 0
                strict = max(strict, found)
        for over, under in (*((factor, sp.S.One) for factor in left), (numbers[0], numbers[1])):
            found = self.order(over, under, depth)
            if not found:
                return 0
            strict = max(strict, found)
        # A factor that may be 0 makes both sides 0.
        return strict if all(self.ranges.positive(base**e) for base, e in (*above.items(), *below.items())) else WEAKLY

    # -- by terms ------------------------------------------------------------------------------------------------------

    def _addends(self, more: Any, less: Any, depth: int) -> int:
        """Without common terms."""
        above, below = (list(sp.Add.make_args(node)) for node in (more, less))
        common = [term for term in above if term in below]
        if not common:
            return 0
        left, right = (sp.Add(*(term for term in terms if term not in common)) for terms in (above, below))
        return self.order(left, right, depth)

    def _terms(self, more: Any, less: Any, depth: int) -> int:
        """Multiplied out: term by term, by the range of the quotient with one term, or by a hypothesis."""
        difference = multiplied_out(more - less)
        found = self._signs(difference, depth)
        for over, under, strictly in () if found else self.given:
            assumed = multiplied_out(over - under)
            for times in _multiples(difference, assumed):
                # A difference is at least what it is more than a multiple of one that is assumed not to be negative.
                left = multiplied_out(difference - times * assumed)
                known = WEAKLY if left == 0 else self._signs(left, depth)
                if known:
                    return STRICTLY if strictly else known
        return found

    def _signs(self, difference: Any, depth: int) -> int:
        """Whether a sum is surely not negative: WEAKLY, or STRICTLY where it is above 0."""
        terms = sp.Add.make_args(difference)
        if len(terms) > MOST_TERMS:
            return 0
        common = self._common(terms)
        terms = tuple(term / common for term in terms)
        most = STRICTLY if self.ranges.positive(common) else WEAKLY
        high, low = [], []
        for term in terms:
            if self.ranges.nonnegative(term):
                high.append(term)
            elif self.ranges.nonnegative(-term):
                low.append(-term)
            else:
                return 0
        if not low:
            return min(most, STRICTLY if any(map(self.ranges.positive, high)) else WEAKLY)
        return min(most, self._paired(high, low, depth) or self._divided(high, low))

    def _common(self, terms: tuple[Any, ...]) -> Any:
        """The product of powers that are in all terms and not negative."""
        each = [_powers(term) for term in terms]
        shared = [base for base in each[0] if base.free_symbols and all(base in powers for powers in each)]
        found = sp.S.One
        for base in shared:
            exponents = [powers[base] for powers in each]
            least = exponents[0]
            if any(e != least for e in exponents):
                if not (self.ranges.positive(base) and all(e.is_Rational for e in exponents)):
                    continue
                least = min(exponents)
            if self.ranges.nonnegative(base**least):
                found *= base**least
        return found

    def _paired(self, high: list[Any], low: list[Any], depth: int) -> int:
        left, strict = list(high), WEAKLY
        for term in sorted(low, key=sp.count_ops, reverse=True):
            for partner in left:
                found = self.order(partner, term, depth)
                if found:
                    left.remove(partner)
                    strict = max(strict, found)
                    break
            else:
                return 0
        return STRICTLY if any(map(self.ranges.positive, left)) else strict

    def _divided(self, high: list[Any], low: list[Any]) -> int:
        """The terms below, less all others above, are at most one term times 1."""
        for term in high:
            if self.ranges.positive(term):
                rest = sp.Add(*low) - sp.Add(*(other for other in high if other != term))
                quotient = self.ranges.of(multiplied_out(rest / term))
                found = 0 if quotient is None else _ordered(_ONE, quotient)
                if found:
                    return found
        return 0

    def _roots(self, more: Any, less: Any, depth: int) -> int:
        """(a + b)^2 <= 2 a^2 + 2 b^2, and so for n terms, where the sum of n roots is compared."""
        terms = sp.Add.make_args(less)
        if not 2 <= len(terms) <= MOST_ROOTS or not all(_is_root(t) for t in (more, *terms)):
            return 0
        if not all(self.ranges.nonnegative(t) for t in (more, *terms)):
            return 0
        squares = sp.Add(*(len(terms) * term**2 for term in terms))
        return self.order(multiplied_out(more**2), multiplied_out(squares), depth)

    # -- by other expressions ------------------------------------------------------------------------------------------

    def _tangent(self, more: Any, less: Any, depth: int) -> int:
        """By log u <= u - 1: log(c log y) <= log(c) + log(y) - 1 for c > 0, y > 1; c log(1 + u) <= c u for c >= 0."""
        for factor in sp.Mul.make_args(less):
            scale = less / factor
            if isinstance(factor, sp.log) and 1 in factor.args[0].args and isinstance(factor.args[0], sp.Add):
                return self.order(more, scale * (factor.args[0] - 1), depth) if self.ranges.nonnegative(scale) else 0
            body = factor.body if isinstance(factor, total) else None
            if isinstance(body, sp.log) and isinstance(body.args[0], sp.Add) and 1 in body.args[0].args:
                below = scale * total(body.args[0] - 1, factor.over, factor.upper)
                return self.order(more, below, depth) if self.ranges.nonnegative(scale) else 0
        if not isinstance(less, sp.log) or not isinstance(less.args[0], sp.Mul):
            return 0
        for factor in less.args[0].args:
            scale = less.args[0] / factor
            if isinstance(factor, sp.log) and self.ranges.positive(factor) and self.ranges.positive(scale):
                return self.order(more, sp.log(scale) + factor - 1, depth)
        return 0

    def _integrals(self, more: Any, less: Any, depth: int) -> int:
        """Sums of 1/l up to n, or of higher powers, are at most 1 + log(n); those of 1/l are at least log(n + 1)."""
        for factor in sp.Mul.make_args(less):
            upper = self._of_inverses(factor)
            if upper is not None and self._counts(upper) and self.ranges.nonnegative(less / factor):
                return self.order(more, less / factor * (1 + sp.log(upper)), depth)
        for factor in sp.Mul.make_args(more):
            if isinstance(factor, sp.harmonic) and all(map(self.ranges.nonnegative, (factor.args[0], more / factor))):
                return self.order(more / factor * sp.log(1 + factor.args[0]), less, depth)
        return 0

    def _of_inverses(self, node: Any) -> Any:
        """n of a sum of 1/l or of higher powers up to n, or None."""
        if isinstance(node, sp.harmonic) and node.args[0].is_integer:
            return node.args[0]
        if not isinstance(node, total) or not isinstance(node.body, sp.Pow) or node.body.base != node.over:
            return None
        exponent = None if node.over in node.body.exp.free_symbols else self.ranges.of(-node.body.exp)
        return node.upper if exponent is not None and ends.at_most(ends.ONE, exponent.low) else None

    def _logarithms(self, more: Any, less: Any, depth: int) -> int:
        """With the logarithms of products of positive factors as sums."""
        apart = self._taken_apart(more), self._taken_apart(less)
        return 0 if apart == (more, less) else self.order(*apart, depth)

    def _taken_apart(self, node: Any) -> Any:
        if not node.has(sp.log):
            return node
        if not isinstance(node, sp.log):
            return node.func(*map(self._taken_apart, node.args))
        powers = _powers(node.args[0])
        if not all(map(self.ranges.positive, powers)):
            return node
        return sp.Add(*(exponent * sp.log(base) for base, exponent in powers.items()))

    def _spread(self, more: Any, less: Any, depth: int) -> int:
        """With the powers of products of positive factors as products of powers."""
        upper, lower = (sp.Mul(*map(self._factor_by_factor, sp.Mul.make_args(node))) for node in (more, less))
        return 0 if (upper, lower) == (more, less) else self.order(upper, lower, depth)

    def _factor_by_factor(self, node: Any) -> Any:
        if not isinstance(node, sp.Pow) or not isinstance(node.base, sp.Mul):
            return node
        if not all(map(self.ranges.positive, node.base.args)):
            return node
        return sp.Mul(*(factor**node.exp for factor in node.base.args))

    def _rounded(self, more: Any, less: Any, depth: int) -> int:
        """With what ceilings and floors are between: u <= ceiling(u) <= u + 1 and u - 1 <= floor(u) <= u."""
        if not any(node.has(sp.ceiling, sp.floor) for node in (more, less)):
            return 0
        bounds = without_rounding(more, False, self.ranges), without_rounding(less, True, self.ranges)
        return 0 if None in bounds else self.order(*bounds, depth)


def _of_places(node: Any, other: Any) -> Any:
    """A node as one sum over places, its other factors in every term, or None; with the place of another such sum."""
    sums = [factor for factor in sp.Mul.make_args(node) if isinstance(factor, (total, sp.harmonic))]
    beside = [factor for factor in sp.Mul.make_args(other) if isinstance(factor, total)]
    if len(sums) != 1:
        return None
    (found,) = sums
    if isinstance(found, total):
        body, over, upper = found.args
    elif beside and found.args[0].is_integer:
        body, over, upper = 1 / beside[0].over, beside[0].over, found.args[0]
    else:
        return None
    factor = node / found
    return None if over in factor.free_symbols else sp.Expr.__new__(total, factor * body, over, upper)


_ONE = Interval(ends.ONE, ends.ONE)


def _ordered(above: Interval, below: Interval) -> int:
    order = ends.compare(below.high, above.low)
    if order == -1:
        return STRICTLY
    return 0 if order != 0 else STRICTLY if below.open_high or above.open_low else WEAKLY


def multiplied_out(node: Any) -> Any:
    """Products of sums as sums of products, where these are few; nothing else is taken apart."""
    if terms_in(node) > LONGEST:
        return node
    return sp.expand(node, power_base=False, power_exp=False, log=False, basic=False)


def _multiples(difference: Any, assumed: Any) -> list[Any]:
    """The rational numbers above 0 that cancel a term of the difference when as many of what is assumed are taken."""
    of_difference, of_assumed = difference.as_coefficients_dict(), assumed.as_coefficients_dict()
    ratios = (of_difference[term] / c for term, c in of_assumed.items() if term in of_difference and c.is_Rational)
    return list(dict.fromkeys(ratio for ratio in ratios if ratio > 0))


def _powers(node: Any) -> dict[Any, Any]:
    """Bases and exponents of the factors of a node, numbers as they are."""
    powers: dict[Any, Any] = {}
    for factor in sp.Mul.make_args(node):
        base, exponent = factor.as_base_exp() if isinstance(factor, sp.Pow) else (factor, sp.S.One)
        powers[base] = powers.get(base, sp.S.Zero) + exponent
    powers.pop(sp.S.One, None)
    return powers


def _product(powers: dict[Any, Any]) -> Any:
    return sp.Mul(*(base**exponent for base, exponent in powers.items()))


def _lesser(first: Any, second: Any) -> Any:
    """The smaller of two exponents, or the second where they cannot be compared."""
    return min(first, second) if first.is_Rational and second.is_Rational else second


def _is_root(node: Any) -> bool:
    return any(isinstance(f, sp.Pow) and f.exp == sp.Rational(1, 2) for f in sp.Mul.make_args(node))
