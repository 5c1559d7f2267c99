"""The rules of the calculus for sums over as many places as a word says.

A sum of n terms in an interval is n times a number in it, their mean; its slope is such a sum of theirs; its elasticity
is a mean of theirs where they have one sign. In a symbol that the number of terms depends on it has steps alone.
See ``symbolic/calculus_rules.py`` for what a range, a slope, an elasticity and a step say.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from symbolic import ends
from symbolic.calculus_rules import (
    ELASTICITY,
    RANGE,
    SLOPE,
    STEP,
    Ground,
    Keys,
    Needs,
    Parts,
    ranges,
    rule,
    when,
)
from symbolic.elasticities import direction
from symbolic.ends import INFINITY, ONE
from symbolic.intervals import EVERYTHING, Interval, UndefinedError, point
from symbolic.joint_rules import RULES
from symbolic.totals import Place, total


@rule("place", RANGE, lambda f, x, g: () if isinstance(f, Place) else None)
def _place(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    return Interval(ONE, INFINITY, False, True)


# -- ranges -----------------------------------------------------------------------------------------------------------


def _counted(upper: Interval) -> Interval:
    """How many terms there are; UndefinedError where that may be below 0."""
    if not upper.nonnegative:
        raise UndefinedError("a sum that may end before 0")
    return upper


def _at_least_one(upper: Interval) -> bool:
    return ends.at_most(ONE, upper.low)


@rule("sum over places", RANGE, when(total, lambda f, x: ranges((f.upper, f.body))))
def _mean_times_number(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    """As many times their mean, which is between the least and the greatest term."""
    return _counted(parts[0]) * parts[1]


@rule("first term", RANGE, when(total, lambda f, x: ranges((f.upper, f.body, f.at(sp.S.One)))))
def _first(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    """At least the first one, of terms that are not below 0."""
    upper, body, first = parts
    if not body.nonnegative or not _at_least_one(_counted(upper)):
        return EVERYTHING
    return Interval(first.low, INFINITY, first.open_low, True)


def _falling_power(f: Any) -> tuple[Any, Any] | None:
    """(c, a) of a sum of (l + c)^(-a) with rational c >= 0, or None."""
    if not isinstance(f, total) or not isinstance(f.body, sp.Pow) or f.over in f.body.exp.free_symbols:
        return None
    shift = f.body.base - f.over
    return (shift, -f.body.exp) if shift.is_Rational and shift >= 0 else None


def _power_needs(f: Any, x: Any, ground: Ground) -> Keys | None:
    found = _falling_power(f)
    return None if found is None else ranges((f.upper, found[1]))


@rule("powers below an integral", RANGE, _power_needs)
def _below_integral(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    """For a > 1: (l + c)^(-a) is below its integral from l - 1 to l, so that the sum is below that from 0, or from 1.

    That from 0 is c^(1 - a)/(a - 1) for c > 0; the first term and that from 1 are (1 + c)^(-a) (a + c)/(a - 1).
    """
    found = _falling_power(f)
    assert found is not None
    shift = found[0]
    upper, exponent = parts
    _counted(upper)
    if not ends.below(ONE, exponent.low):
        return EVERYTHING
    least = Interval(exponent.low, exponent.low)  # the terms fall with the exponent
    beyond = least + point(-1)
    high = (-least * _logarithm(1 + shift)).exponential() * (least + _number(shift)) * beyond.reciprocal()
    if shift > 0:
        whole = (-beyond * _logarithm(shift)).exponential() * beyond.reciprocal()
        high = high.meet(Interval(ends.MINUS_INFINITY, whole.high, True)) if ends.below(whole.high, high.high) else high
    return Interval(ends.ZERO, high.high, False, True)


def _number(rational: Any) -> Interval:
    end = ends.of(rational)
    return Interval(end, end)


def _logarithm(rational: Any) -> Interval:
    return _number(rational).logarithm()


# -- slopes, elasticities, steps --------------------------------------------------------------------------------------


def _of_terms(quantity: str, nodes: Any) -> Needs:
    """Needs of a sum whose number of terms does not vary: a quantity of its term, and ranges."""

    def needs(f: Any, x: Any, ground: Ground) -> Keys | None:
        if not isinstance(f, total) or not f.body.has(x) or f.upper.has(x):
            return None
        return (quantity, f.body, x), *ranges(nodes(f))

    return needs


@rule("slope of sum over places", SLOPE, _of_terms(SLOPE, lambda f: (f.upper,)))
def _slope(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    return parts[0] * _counted(parts[1])


@rule("elasticity of sum over places", ELASTICITY, _of_terms(ELASTICITY, lambda f: (f.body,)))
def _elasticity(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    """A mean of theirs, weighted by the terms; as for other sums, a term that is 0 is extreme there."""
    elasticity, body = parts
    if not body.nonnegative and not body.nonpositive:
        raise UndefinedError("a sum of terms of both signs")
    return elasticity


def _step_needs(f: Any, x: Any, ground: Ground) -> Keys | None:
    if not isinstance(f, total) or not f.has(x):
        return None
    return (STEP, f.body, x), (STEP, f.upper, x), *ranges((f.upper, f.body))


@rule("step of sum over places", STEP, _step_needs)
def _step(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    """What the terms that stay rise by, and the terms that are added or left out."""
    body_step, upper_step, upper, body = parts
    stay = direction(body_step)
    if not _at_least_one(_counted(upper)):
        stay = stay.hull(point(0))
    return direction(stay + direction(upper_step) * direction(body))


__all__ = ["RULES"]
