"""One row per function of one argument: where it is real, its values, how it rises, its elasticity.

A row is all that the calculus knows of a function, so that none can be half known. ``value``, ``elasticity`` and
``slope`` are given intervals of the argument and contain what the function, ``u f'(u) / f(u)`` where f(u) is not 0, and
``f'(u)`` take there. The tests hold every row to values of two hundred digits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sympy as sp
from flint import arb, fmpq

from symbolic import ends
from symbolic.ends import ONE, UP, ZERO, End
from symbolic.intervals import NONNEGATIVE, POSITIVE, UNIT, Interval, UndefinedError, point

BIG_HARMONIC = 64
"""Integers up to here have their harmonic number as a rational."""


class mean_decay(sp.Function):
    """``mean_decay(u)``: (1 - exp(-u)) / u, and 1 at u = 0; the mean of exp(-u t) over t in [0, 1]."""

    nargs = 1
    is_extended_real = True
    is_positive = True

    @classmethod
    def eval(cls, u: Any) -> Any:
        """1 at 0."""
        return sp.S.One if u == 0 else None

    def fdiff(self, argindex: int = 1) -> Any:
        """The derivative."""
        u = self.args[0]
        return (sp.exp(-u) - self) / u

    def _latex(self, printer: Any) -> str:
        u = printer._print(self.args[0])
        return rf"\frac{{1 - e^{{-{u}}}}}{{{u}}}"


@dataclass(frozen=True)
class Row:
    """What the calculus knows of a function f of one argument.

    ``rises`` is 1 for an increasing function, -1 for a decreasing one; ``continuous`` says whether it may be
    differentiated but for countably many places; without ``slope`` and ``elasticity`` it has a direction alone.
    ``ratio`` is what f(u) / u is for u other than 0.
    """

    function: Any
    rises: int
    value: Callable[[Interval], Interval]
    elasticity: Callable[[Interval], Interval] | None = None
    slope: Callable[[Interval], Interval] | None = None
    ratio: Callable[[Interval], Interval] | None = None
    continuous: bool = True


def _exponential_slope(u: Interval) -> Interval:
    return u.exponential()


def _logarithm_elasticity(u: Interval) -> Interval:
    return u.logarithm().reciprocal(but_zero=True)


def _arctangent(u: Interval) -> Interval:
    return u.mapped(lambda x, towards: _limited(arb.atan, x, towards, lambda: arb.pi() / 2))


def _limited(function: Callable[[arb], arb], x: End, towards: int, limit: Callable[[], arb]) -> End:
    """An odd increasing function with a limit."""
    if x.infinite:
        return ends.outward(limit if x.infinite > 0 else lambda: -limit(), towards)
    return ZERO if x.sign() == 0 else ends.through(function, x, towards)


def _falling(function: Callable[[arb], arb]) -> Callable[[Interval], Interval]:
    """What is even in u and falls from 1 at u = 0 to 0 at infinity: an elasticity, a ratio."""

    def at(x: End, towards: int) -> End:
        if x.infinite:
            return ZERO
        return ONE if x.sign() == 0 else ends.through(function, x, towards)

    def over(u: Interval) -> Interval:
        if u.nonpositive:
            u = -u
        if not u.nonnegative:
            furthest = ends.outermost(-u.low, u.high, UP)
            u = Interval(ZERO, furthest)
        return _within_limits(u.reversed_by(at))

    return over


def _arctangent_slope(u: Interval) -> Interval:
    return (point(1) + u.power(fmpq(2))).reciprocal()


def _hyperbolic_tangent(u: Interval) -> Interval:
    return u.mapped(lambda x, towards: _limited(arb.tanh, x, towards, lambda: arb(1)))


def _hyperbolic_tangent_slope(u: Interval) -> Interval:
    square = _hyperbolic_tangent(u).power(fmpq(2))
    return (point(1) + -square).meet(Interval(ZERO, ONE))


def _mean_decay(u: Interval) -> Interval:
    def at(x: End, towards: int) -> End:
        if x.infinite:
            return ZERO if x.infinite > 0 else x.__neg__()
        return ONE if x.sign() == 0 else ends.through(lambda b: -(-b).expm1() / b, x, towards)

    found = u.reversed_by(at)
    return found.meet(POSITIVE) if found.low.sign() <= 0 else found


def _mean_decay_elasticity(u: Interval) -> Interval:
    def at(x: End, towards: int) -> End:
        if x.infinite:
            return -ONE if x.infinite > 0 else x.__neg__()
        return ZERO if x.sign() == 0 else ends.through(lambda b: b / b.expm1() - 1, x, towards)

    found = u.reversed_by(at)
    return found.meet(Interval(-ONE, ends.INFINITY, True)) if found.low.sign() < 0 else found


def _harmonic(u: Interval) -> Interval:
    if not u.nonnegative:
        raise UndefinedError("a harmonic number of a number below 0")

    def at(x: End, towards: int) -> End:
        number = x.rational
        if x.infinite:
            return x
        if number is not None and number.q == 1 and number <= BIG_HARMONIC:
            value = sp.harmonic(int(number.p))
            return ends.exact(fmpq(int(value.p), int(value.q)))
        return ends.through(lambda b: (b + 1).digamma() + arb.const_euler(), x, towards)

    return u.mapped(at)


def _harmonic_elasticity(u: Interval) -> Interval:
    # It is concave and 0 at 0, so that f(u) >= u f'(u); and u f'(u) < 1, as f'(u) is a sum of 1/(k + u)^2 < 1/u.
    values = _harmonic(u)
    bound = values.low.sign() > 0 and ends.below(ONE, values.low)
    return Interval(ZERO, ends.reciprocal(values.low, UP) if bound else ONE, True, False)


def _rounded_up(u: Interval) -> Interval:
    def at(x: End, towards: int) -> End:
        if x.infinite:
            return x
        if x.rational is not None:
            return ends.exact(-(-x.rational.p // x.rational.q))
        return ends.through(arb.ceil, x, towards)

    found, least = u.mapped(at), u.low.rational
    if u.open_low and least is not None and least.q == 1:
        return Interval(ends.exact(least + 1), found.high)  # above an integer, it rounds up to the next one
    return Interval(found.low, found.high)


def _rounded_down(u: Interval) -> Interval:
    return -_rounded_up(-u)


ROWS: dict[Any, Row] = {
    row.function: row
    for row in (
        Row(sp.exp, 1, Interval.exponential, lambda u: u, _exponential_slope),
        Row(sp.log, 1, Interval.logarithm, _logarithm_elasticity, Interval.reciprocal),
        Row(
            sp.atan,
            1,
            _arctangent,
            _falling(lambda b: b / ((1 + b * b) * b.atan())),
            _arctangent_slope,
            _falling(lambda b: b.atan() / b),
        ),
        Row(
            sp.tanh,
            1,
            _hyperbolic_tangent,
            _falling(lambda b: 2 * b / (2 * b).sinh()),
            _hyperbolic_tangent_slope,
            _falling(lambda b: b.tanh() / b),
        ),
        Row(mean_decay, -1, _mean_decay, _mean_decay_elasticity),
        Row(sp.harmonic, 1, _harmonic, _harmonic_elasticity),
        Row(sp.ceiling, 1, _rounded_up, continuous=False),
        Row(sp.floor, 1, _rounded_down, continuous=False),
    )
}
"""All functions of one argument that the calculus knows."""


def log_of_one_plus(u: Interval) -> Interval:
    """The elasticity of log(1 + u) in u > 0: u / ((1 + u) log(1 + u)), which falls from 1 to 0."""

    def at(x: End, towards: int) -> End:
        if x.infinite:
            return ZERO
        return ONE if x.sign() == 0 else ends.through(lambda b: b / ((1 + b) * b.log1p()), x, towards)

    return _within_limits(u.meet(NONNEGATIVE).reversed_by(at))


def _within_limits(found: Interval) -> Interval:
    """Values of an elasticity whose limits 1, at u = 0 where f(u) = 0, and 0 are not attained."""
    inside = found.meet(UNIT)  # a rounding may leave them
    top = ends.compare(inside.high, ONE) == 0 and not inside.is_point
    return Interval(inside.low, inside.high, inside.open_low or inside.low.sign() == 0, inside.open_high or top)


__all__ = ["ROWS", "Row", "log_of_one_plus", "mean_decay"]
