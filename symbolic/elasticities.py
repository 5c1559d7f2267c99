"""The rules of the calculus for slopes, elasticities and steps; see ``symbolic/calculus_rules.py``."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symbolic.atoms import ROWS, log_of_one_plus
from symbolic.calculus_rules import (
    ELASTICITY,
    RANGE,
    RULES,
    SLOPE,
    STEP,
    Ground,
    Keys,
    Parts,
    continuous,
    has_rational_power,
    has_real_power,
    ranges,
    rational,
    rule,
    total,
    when,
)
from symbolic.ends import INFINITY, MINUS_INFINITY, ZERO
from symbolic.intervals import EVERYTHING, NONNEGATIVE, NONPOSITIVE, Interval, UndefinedError, point


def _in_parts(quantity: str, kind: Any) -> Any:
    """Needs of a node of a kind: the quantity of each argument."""
    return when(kind, lambda f, x: tuple((quantity, a, x) for a in f.args))


def _of_base(quantity: str, with_range: bool) -> Any:
    """Needs of a rational power: the quantity of its base, and its range."""

    def needs(f: Any, x: Any, ground: Ground) -> Keys | None:
        if not has_rational_power(f) or not f.has(x):
            return None
        return ((quantity, f.base, x), *(ranges((f.base,)) if with_range else ()))

    return needs


def _of_argument(quantity: str, known: Any) -> Any:
    """Needs of a function of one argument of which something is known: the argument's quantity and range."""

    def needs(f: Any, x: Any, ground: Ground) -> Keys | None:
        if type(f) not in ROWS or len(f.args) != 1 or not known(ROWS[type(f)]) or not f.has(x):
            return None
        return (quantity, f.args[0], x), *ranges(f.args)

    return needs


rule("sum of slopes", SLOPE, _in_parts(SLOPE, sp.Add))(total)
rule("sum of elasticities", ELASTICITY, _in_parts(ELASTICITY, sp.Mul))(total)
rule("sum of steps", STEP, _in_parts(STEP, sp.Add))(total)


# -- slopes -----------------------------------------------------------------------------------------------------------


def _free(f: Any, x: Any, ground: Ground) -> Keys | None:
    return () if not f.has(x) else None


@rule("no slope", SLOPE, _free)
@rule("no elasticity", ELASTICITY, _free)
@rule("no step", STEP, _free)
def _nothing(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    return point(0)


@rule("own slope", SLOPE, lambda f, x, g: ranges((f,)) if f == x else None)
def _itself(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    return parts[0]


def _product_needs(f: Any, x: Any) -> Keys:
    return tuple((SLOPE, a, x) for a in f.args) + ranges(f.args)


@rule("slope of product", SLOPE, when(sp.Mul, _product_needs))
def _product_slope(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    count = len(f.args)
    slopes, values = parts[:count], parts[count:]
    total = point(0)
    for number, slope in enumerate(slopes):
        for other in range(count):
            if other != number:
                slope = slope * values[other]
        total = total + slope
    return total


@rule("slope of power", SLOPE, _of_base(SLOPE, True))
def _power_slope(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    slope, base = parts
    exponent = rational(f.exp)
    if exponent < 1 and not (base.positive or (base.negative and exponent.q == 1)):
        # A root may be vertical at 0, where it has no slope unless its argument rests there.
        base = _without_zero(base)
    return slope * base.power(exponent - 1) * point(exponent)


def _without_zero(base: Interval) -> Interval:
    if not base.nonnegative or base.high.sign() == 0:
        raise UndefinedError("a root of a number that may be below 0")
    return Interval(base.low, base.high, True, base.open_high)


@rule("slope of function", SLOPE, _of_argument(SLOPE, lambda row: row.slope))
def _function_slope(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    slope = ROWS[type(f)].slope
    assert slope is not None
    return parts[0] * slope(parts[1])


@rule("slope of extreme", SLOPE, _in_parts(SLOPE, (sp.Min, sp.Max)))
@rule("elasticity of extreme", ELASTICITY, _in_parts(ELASTICITY, (sp.Min, sp.Max)))
def _either(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    hull = parts[0]
    for part in parts[1:]:
        hull = hull.hull(part)
    return hull


def _exponent_needs(f: Any, x: Any, ground: Ground) -> Keys | None:
    """The logarithm of a real power is one product, of which a condition may bound more than of its factors."""
    return ((SLOPE, f.exp * sp.log(f.base), x),) if has_real_power(f) and f.has(x) else None


@rule("slope of logarithm", SLOPE,
       lambda f, x, g: ((ELASTICITY, f.args[0], x),) if isinstance(f, sp.log) and f.has(x) else None)  # fmt: skip
@rule("elasticity of exponential", ELASTICITY,
       lambda f, x, g: ((SLOPE, f.args[0], x),) if isinstance(f, sp.exp) and f.has(x) else None)  # fmt: skip
@rule("elasticity from exponent", ELASTICITY, _exponent_needs)
def _passed_on(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    return parts[0]


@rule("slope from elasticity", SLOPE, lambda f, x, g: ((ELASTICITY, f, x), (RANGE, f, None)) if f.has(x) else None)
def _elastic_slope(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    elasticity, values = parts
    product = elasticity * values
    if values.positive or values.negative:
        return product
    # Where the node is 0 it has no elasticity: such places are apart, so countably many, or the slope is 0 there.
    return product.hull(point(0))


# -- elasticities -----------------------------------------------------------------------------------------------------


@rule("own elasticity", ELASTICITY, lambda f, x, g: () if f == x else None)
def _one(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    return point(1)


@rule("elasticity of power", ELASTICITY, _of_base(ELASTICITY, False))
def _power_elasticity(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    return parts[0] * point(rational(f.exp))


def _real_power_needs(f: Any, x: Any, ground: Ground) -> Keys | None:
    if not has_real_power(f) or not f.has(x):
        return None
    of_base = ((ELASTICITY, f.base, x), (RANGE, f.exp, None))
    return of_base if not f.exp.has(x) else (*of_base, (SLOPE, f.exp, x), (RANGE, sp.log(f.base), None))


@rule("elasticity of real power", ELASTICITY, _real_power_needs)
def _real_power_elasticity(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    found = parts[0] * parts[1]
    return found if len(parts) == 2 else found + parts[2] * parts[3]


@rule("elasticity of function", ELASTICITY, _of_argument(ELASTICITY, lambda row: row.elasticity))
def _function_elasticity(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    elasticity = ROWS[type(f)].elasticity
    assert elasticity is not None
    return parts[0] * elasticity(parts[1])


def _logarithm_needs(f: Any, x: Any, ground: Ground) -> Keys | None:
    return ((ELASTICITY, f.args[0], x), (RANGE, f, None)) if isinstance(f, sp.log) and f.has(x) else None


@rule("elasticity of logarithm", ELASTICITY, _logarithm_needs)
def _logarithm(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    return parts[0] * parts[1].reciprocal(but_zero=True)


def _one_plus(f: Any) -> Any:
    """u, of a node log(1 + u)."""
    return f.args[0] - 1 if isinstance(f, sp.log) and isinstance(f.args[0], sp.Add) and 1 in f.args[0].args else None


def _one_plus_needs(f: Any, x: Any, ground: Ground) -> Keys | None:
    rest = _one_plus(f)
    return None if rest is None or not f.has(x) else ((ELASTICITY, rest, x), (RANGE, rest, None))


@rule("elasticity of log(1 + u)", ELASTICITY, _one_plus_needs)
def _one_plus_elasticity(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    if not parts[1].nonnegative:
        raise UndefinedError("log(1 + u) of u that may be below 0")
    return parts[0] * log_of_one_plus(parts[1])


def _mean_needs(f: Any, x: Any) -> Keys:
    return tuple((ELASTICITY, a, x) for a in f.args) + ranges(f.args)


@rule("mean of elasticities", ELASTICITY, when(sp.Add, _mean_needs))
def _mean(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    """Of terms of one sign: a weighted mean of theirs. A term that is 0 inside of its domain is extreme there.

    The least and the greatest of them are not attained where a term that is never 0 keeps apart from them.
    """
    count = len(f.args)
    elasticities, values = parts[:count], parts[count:]
    if not (all(v.nonnegative for v in values) or all(v.nonpositive for v in values)):
        raise UndefinedError("a sum of terms of both signs")
    hull = elasticities[0]
    for part in elasticities[1:]:
        hull = hull.hull(part)
    weighty = [e for e, v in zip(elasticities, values, strict=True) if v.positive or v.negative]
    low = any(Interval(hull.low, INFINITY, True, True).contains(e) for e in weighty)
    high = any(Interval(MINUS_INFINITY, hull.high, True, True).contains(e) for e in weighty)
    return Interval(hull.low, hull.high, hull.open_low or low, hull.open_high or high)


@rule("elasticity from slope", ELASTICITY,
       lambda f, x, g: ((SLOPE, f, x), (RANGE, f, None)) if f.has(x) else None)  # fmt: skip
def _sloped_elasticity(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    return parts[0] * parts[1].reciprocal(but_zero=True)


# -- steps ------------------------------------------------------------------------------------------------------------


def direction(interval: Interval) -> Interval:
    """What differences with the sign of an interval's numbers can be."""
    if interval.is_point and interval.nonnegative and interval.nonpositive:
        return interval  # what never changes rises as little as it falls
    if interval.nonnegative:
        return NONNEGATIVE if not interval.positive else Interval(ZERO, INFINITY, True, True)
    if interval.nonpositive:
        return NONPOSITIVE if not interval.negative else -Interval(ZERO, INFINITY, True, True)
    return EVERYTHING


@rule("own step", STEP, lambda f, x, g: () if f == x else None)
def _own_step(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    return Interval(ZERO, INFINITY, True, True)


@rule("step from slope", STEP, lambda f, x, g: ((SLOPE, f, x),) if f.has(x) and continuous(f, x) else None)
def _steps(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    if not ground.domain[x].nonnegative:
        raise UndefinedError("a symbol that may be below 0")
    return direction(parts[0])


@rule("step of function", STEP, _of_argument(STEP, lambda row: True))
def _function_step(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    row = ROWS[type(f)]
    signed = direction(parts[0]) if row.rises > 0 else -direction(parts[0])
    return signed if row.continuous else signed.hull(point(0))


@rule("step of power", STEP, _of_base(STEP, True))
def _power_step(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    if not parts[1].nonnegative:
        raise UndefinedError("a power of a number that may be below 0")
    return direction(parts[0]) if f.exp > 0 else -direction(parts[0])


@rule("step of product", STEP, when(sp.Mul, lambda f, x: tuple((STEP, a, x) for a in f.args) + ranges(f.args)))
def _product_step(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    """Of factors that are not negative, but for constants and a factor that varies alone: all rising, or all falling.

    Strictly so where there is one such factor alone, or none of them is ever 0.
    """
    count = len(f.args)
    steps, intervals = parts[:count], parts[count:]
    total = point(0)
    sign = point(1)
    varying = [values for factor, values in zip(f.args, intervals, strict=True) if factor.has(x)]
    apart = len(varying) == 1 or all(values.positive for values in varying)
    for factor, step, values in zip(f.args, steps, intervals, strict=True):
        if factor.has(x):
            if not values.nonnegative and len(varying) > 1:
                raise UndefinedError("a product with a factor that may be below 0")
            total = total + direction(step if apart else step.hull(point(0)))
        else:
            sign = sign * values
    return direction(total * sign)


@rule("step of extreme", STEP, _in_parts(STEP, (sp.Min, sp.Max)))
def _extreme_step(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    total = parts[0]
    for part in parts[1:]:
        total = total.hull(part)
    return direction(total)


QUANTITIES = (SLOPE, ELASTICITY, STEP)
"""What these rules are about."""

__all__ = ["QUANTITIES", "RULES"]
