"""The rules of the calculus for what occurs in two places of a node at once, which its parts alone overestimate.

See ``symbolic/calculus_rules.py`` for what a range, a slope, an elasticity and a step say, and for what a rule is.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from symbolic.atoms import ROWS, mean_decay
from symbolic.calculus_rules import (
    ELASTICITY,
    RANGE,
    SLOPE,
    STEP,
    Ground,
    Keys,
    Needs,
    Parts,
    continuous,
    ranges,
    rational,
    rule,
)
from symbolic.degrees import LONGEST, terms_in
from symbolic.elasticities import RULES, direction
from symbolic.ends import INFINITY, MINUS_INFINITY, ZERO
from symbolic.intervals import EVERYTHING, Interval, UndefinedError, point
from symbolic.monomials import factored, quotient

MOST_TERMS = 4
"""Terms of a sum up to which its elasticity is sought in its derivative."""

SHORT = 12
"""Operations of an exponent and of a divisor up to which they are compared."""


# -- a quotient by a sum ----------------------------------------------------------------------------------------------


def _divisor(f: Any) -> Any:
    """The first sum that a node is divided by, or None."""
    for factor in sp.Mul.make_args(f):
        if isinstance(factor, sp.Pow) and factor.exp == -1 and isinstance(factor.base, sp.Add):
            return factor.base
    return None


def _chosen(divisor: Any, rest: Any, ground: Ground) -> Any:
    """The term of a divisor whose quotient with the rest a condition bounds, or has the fewest symbols."""
    bounded = [t for t in divisor.args if quotient(rest / t, ground.conditions) is not None]
    return min(bounded or divisor.args, key=lambda t: (len((rest / t).free_symbols), sp.default_sort_key(t)))


def _term_needs(f: Any, x: Any, ground: Ground) -> Keys | None:
    divisor = _divisor(f)
    if divisor is None or any(term.could_extract_minus_sign() for term in divisor.args):
        return None
    rest = f * divisor
    term = _chosen(divisor, rest, ground)
    return (RANGE, f, None), *ranges((rest / term, rest, term, divisor - term))


@rule("quotient by a term", RANGE, _term_needs)
def _by_term(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    """c / (s + t) is at most c / s and not below 0, for c >= 0, s > 0 and t >= 0."""
    _, quotient_by_term, rest, term, others = parts
    if not rest.nonnegative or not term.positive or not others.nonnegative:
        return EVERYTHING
    low = Interval(ZERO, INFINITY, rest.positive, True)
    return Interval(MINUS_INFINITY, quotient_by_term.high, True, quotient_by_term.open_high).meet(low)


# -- the derivative as a whole ----------------------------------------------------------------------------------------


def _derived(f: Any, x: Any, ground: Ground) -> Keys | None:
    if not isinstance(f, sp.Add) or not f.has(x) or len(f.args) > MOST_TERMS or not ground.conditions:
        return None
    if all(a.has(x) for a in f.args) or not continuous(f) or f.has(sp.Min, sp.Max, sp.Abs):
        return None
    derivative = x * sp.diff(f, x)
    if terms_in(derivative) > LONGEST:
        return None
    slope = sp.Add.make_args(sp.expand_mul(derivative))
    return ranges((sp.Add(*(part / f for part in slope)), f))


@rule("elasticity by derivative", ELASTICITY, _derived)
def _by_derivative(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    """x f'/f itself, as a node, where f has a derivative everywhere and that node has a value."""
    if not parts[1].positive:
        raise UndefinedError("a sum that may be 0 or below")
    return parts[0]


def _beside(f: Any, x: Any, ground: Ground) -> Keys | None:
    if not isinstance(f, sp.Add) or not f.has(x):
        return None
    constant, rest = f.as_coeff_Add()
    return ((ELASTICITY, rest, x), *ranges((rest, f))) if constant != 0 else None


@rule("elasticity beside a number", ELASTICITY, _beside)
def _beside_number(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    """Of c + h, where neither the sum nor h is 0: x h' / (c + h) = E (1 - c / (c + h)), with E that of h."""
    elasticity, rest, whole = parts
    if not (rest.positive or rest.negative) or not (whole.positive or whole.negative):
        raise UndefinedError("a sum with a number that may be 0")
    constant = point(rational(f.as_coeff_Add()[0]))
    return elasticity * (point(1) + -(constant * whole.reciprocal()))


# -- a product with a sum or a logarithm ------------------------------------------------------------------------------


def _scaled_needs(f: Any, x: Any, ground: Ground) -> Keys | None:
    if not isinstance(f, sp.Mul) or not f.has(x):
        return None
    inner = [a for a in f.args if isinstance(a, (sp.Add, sp.log)) and a.has(x)]
    if len(inner) != 1 or not (scale := f / inner[0]).has(x):
        return None
    return (ELASTICITY, scale, x), (RANGE, scale, None), (RANGE, inner[0], None), (SLOPE, inner[0], x)


@rule("slope of scaled part", SLOPE, _scaled_needs)
def _scaled(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    """x (s g)' = s (E g + T), with E the elasticity of s, which is nowhere 0, and T the slope of g."""
    elasticity, scale, inner, slope = parts
    if not scale.positive and not scale.negative:
        raise UndefinedError("a factor that may be 0")
    return scale * (elasticity * inner + slope)


# -- a function times the inverse of its argument ---------------------------------------------------------------------


def _ratio(f: Any) -> tuple[Any, Any] | None:
    """(w, rest) with f = g(w)/w * rest for a function g whose ratio falls, the rest without it; or None."""
    for factor in sp.Mul.make_args(f):
        if type(factor) in ROWS and ROWS[type(factor)].ratio is not None:
            inside = factor.args[0]
            rest = f / factor * inside
            if not rest.has(factor) and sp.count_ops(rest) < sp.count_ops(f / factor):
                return inside, rest
    return None


def _ratio_needs(f: Any, x: Any, ground: Ground) -> Keys | None:
    found = _ratio(f) if isinstance(f, sp.Mul) and f.has(x) else None
    if found is None:
        return None
    inside, rest = found
    return (STEP, inside, x), (RANGE, inside, None), (STEP, rest, x), (RANGE, rest, None)


@rule("step of ratio to argument", STEP, _ratio_needs)
def _ratio_step(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    """g(w)/w is positive and falls in w > 0, so that it falls where w rises, in jumps too."""
    step, inside, rest_step, rest = parts
    if not inside.positive or not rest.nonnegative:
        raise UndefinedError("a ratio to an argument that may not be above 0")
    return direction((-step).hull(point(0)) + rest_step.hull(point(0)))


# -- a power of what does not vary -------------------------------------------------------------------------------------


def _constant_base(f: Any, x: Any, ground: Ground) -> Keys | None:
    if not isinstance(f, sp.Pow) or not f.exp.has(x) or f.base.has(x):
        return None
    return (STEP, f.exp, x), (RANGE, f.base, None)


@rule("step of exponent", STEP, _constant_base)
def _exponent_step(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    """b^e rises with e where b > 1, falls with it where 0 < b < 1, and never changes where b = 1; in jumps too."""
    step, base = parts
    above = (base + point(-1)).nonnegative
    if not above and not (base.positive and (base + point(-1)).nonpositive):
        raise UndefinedError("a power whose base may be below 1 and above it")
    found = direction(step) if above else -direction(step)
    strict = (base + point(-1)).positive or (base + point(-1)).negative
    return found if strict else found.hull(point(0))


# -- 1 - b^e over e ---------------------------------------------------------------------------------------------------


def decay(f: Any) -> tuple[Any, Any] | None:
    """(the same node by ``mean_decay``, log b) of a node c (1 - b^e) / d with e/d a product of powers; or None.

    With u = -e log b it is 1 - b^e = 1 - exp(-u) = u mean_decay(u), so that the node is
    -(e/d) c log(b) mean_decay(u) wherever it has a value and b > 0.
    """
    if not isinstance(f, sp.Mul):
        return None
    for whole in f.args:
        if not isinstance(whole, sp.Add) or len(whole.args) != 2:
            continue
        for constant, falling in (whole.args, whole.args[::-1]):
            power = -falling / constant
            if not isinstance(power, (sp.Pow, sp.exp)) or power.exp.is_Rational:
                continue
            base, exponent = power.as_base_exp()
            for factor in f.args:
                if factor.is_Pow and factor.exp == -1 and _is_short(exponent) and _is_short(factor.base):
                    times = sp.cancel(exponent / factor.base)
                    if all(a.is_Symbol for a in factored(times)[1]):
                        rest = constant * (f / whole / factor)
                        decayed = mean_decay(-exponent * sp.log(base))
                        return -times * rest * sp.log(base) * decayed, sp.log(base)
    return None


def _is_short(node: Any) -> bool:
    """Whether a node is soon brought to lowest terms."""
    return bool(sp.count_ops(node) <= SHORT) and all(abs(q.exp) <= 2 for q in node.atoms(sp.Pow) if q.exp.is_Rational)


def _decayed(quantity: str) -> Needs:
    def needs(f: Any, x: Any, ground: Ground) -> Keys | None:
        found = decay(f) if x is None or f.has(x) else None
        if found is None:
            return None
        return (quantity, found[0], x), *ranges((found[1], *((f,) if quantity == RANGE else ())))

    return needs


@rule("decay", RANGE, _decayed(RANGE))
@rule("slope of decay", SLOPE, _decayed(SLOPE))
@rule("elasticity of decay", ELASTICITY, _decayed(ELASTICITY))
@rule("step of decay", STEP, _decayed(STEP))
def _as_decay(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    return parts[0]


__all__ = ["RULES", "decay"]
