"""What facts say of a sentence: the parts of a statement, and the ways in which each part is established."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.core.relational import Relational

from symbolic import behaviour as said
from symbolic import ends
from symbolic.behaviour import substituted
from symbolic.calculus_rules import ELASTICITY, RANGE, STEP, Ground, Key, continuous, defined_at
from symbolic.comparisons import STRICTLY, WEAKLY, Comparison
from symbolic.degrees import degree_is
from symbolic.growth import growth, in_inverse
from symbolic.intervals import UNIT, Interval
from symbolic.means import above_mean
from symbolic.monomials import Condition
from symbolic.products import Products
from symbolic.ranges import Ranges
from symbolic.roundings import without_rounding
from symbolic.sameness import same
from symbolic.sentences import SentenceError, chain
from symbolic.totals import loose

Parts = tuple[Interval, ...]


@dataclass(frozen=True)
class Way:
    """A way to establish a goal: the facts that it wants, and whether their intervals do."""

    name: str
    keys: tuple[Key, ...]
    holds: Callable[[Parts], bool]


def goals(statement: Any) -> tuple[Any, ...]:
    """The parts of a statement, all of which have to be established."""
    if isinstance(statement, sp.And):
        return tuple(part for a in sorted(statement.args, key=sp.default_sort_key) for part in goals(a))
    if isinstance(statement, chain):
        return tuple(part for link in statement.links for part in goals(link))
    return (statement,)


def ways(goal: Any, ground: Ground) -> list[Way]:
    """All ways to establish a goal over a ground; none for a sentence that is not about expressions in words."""
    if loose(goal):
        return []  # a place has no value outside of its sum
    for kind, listed in _WAYS.items():
        if isinstance(goal, kind):
            return listed(goal, ground)
    return []


def _range(node: Any) -> Key:
    return RANGE, node, None


def _monotone(goal: Any, ground: Ground) -> list[Way]:
    f, x = goal.function, goal.variable
    rises = isinstance(goal, said.increasing)

    def holds(parts: Parts) -> bool:
        step = parts[1] if rises else -parts[1]
        return step.positive if goal.strictly else step.nonnegative

    if _single(ground.domain.get(x), x):
        return [Way("one value alone", (_range(f),), lambda parts: True)]
    return [Way("monotone", (_range(f), (STEP, f, x)), holds)]


def _single(within: Interval | None, x: Any) -> bool:
    """Whether a symbol surely has one value at most in an interval."""
    if within is None or within.is_point:
        return within is not None
    least, most = within.low.rational, within.high.rational
    if least is None or most is None or not x.is_integer:
        return False
    return int(most.p // most.q) <= -int(-least.p // least.q)


def _bent(goal: Any, ground: Ground) -> list[Way]:
    """A continuously differentiable function is convex where its derivative rises."""
    f, x = goal.function, goal.variable
    slope = sp.diff(f, x)
    if not continuous(f, x):
        return []
    if slope.has(sp.Derivative, sp.Subs):
        return _log_sum(goal)

    def holds(parts: Parts) -> bool:
        return parts[2].nonnegative if isinstance(goal, said.convex) else parts[2].nonpositive

    return [*_log_sum(goal), Way("derivative is monotone", (_range(f), _range(slope), (STEP, slope, x)), holds)]


def _log_sum(goal: Any) -> list[Way]:
    """The logarithm of a sum of positive terms whose logarithms are affine in x is convex (Hoelder's inequality)."""
    f, x = goal.function, goal.variable
    if not isinstance(goal, said.convex) or not isinstance(f, sp.log) or not isinstance(f.args[0], sp.Add):
        return []
    terms = f.args[0].args
    if not all(_log_affine(factor, x) for term in terms for factor in sp.Mul.make_args(term)):
        return []
    keys = (_range(f), *map(_range, terms))
    return [Way("sum of exponentials", keys, lambda parts: all(part.positive for part in parts[1:]))]


def _log_affine(factor: Any, x: Any) -> bool:
    """Whether the logarithm of a positive factor is affine in x: it has no x, or x in a linear exponent alone."""
    if not factor.has(x):
        return True
    if isinstance(factor, sp.exp):
        exponent = factor.args[0]
    elif isinstance(factor, sp.Pow) and not factor.base.has(x):
        exponent = factor.exp
    else:
        return False
    return bool(exponent.is_polynomial(x)) and not sp.diff(exponent, x).has(x)


def _positive(goal: Any, ground: Ground) -> list[Way]:
    return [Way("sign", (_range(goal.function),), lambda parts: parts[0].positive)]


def _above(more: Any, less: Any, strictly: bool, ground: Ground) -> list[Way]:
    def difference(parts: Parts) -> bool:
        return parts[2].positive if strictly else parts[2].nonnegative

    def quotient(parts: Parts) -> bool:
        order = ends.compare(parts[2].low, ends.ONE)
        return parts[1].positive and (order == 1 or (order == 0 and (not strictly or parts[2].open_low)))

    def apart(parts: Parts) -> bool:
        order = ends.compare(parts[1].high, parts[0].low)
        touching = not strictly or parts[1].open_high or parts[0].open_low
        return order == -1 or (order == 0 and touching)

    both = _range(more), _range(less)
    return [
        *_weighted_mean(more, less, strictly, ground),
        Way("ranges apart", both, apart),
        Way("sign of the difference", (*both, _range(more - less)), difference),
        Way("size of the quotient", (*both, _range(more / less)), quotient),
        Way("by parts", both, lambda parts: Comparison(ground).order(more, less) >= (STRICTLY if strictly else WEAKLY)),
        *([] if strictly else [Way("means", both, lambda parts: above_mean(more, less, Products(ground)))]),
    ]


def _weighted_mean(more: Any, less: Any, strictly: bool, ground: Ground) -> list[Way]:
    """A weighted geometric mean lies between the least and the greatest of what it is a mean of."""
    mean, extreme = (more, less) if isinstance(less, sp.Min) else (less, more)
    if strictly or not isinstance(extreme, sp.Min if mean is more else sp.Max) or len(extreme.args) != 2:
        return []
    first, second = extreme.args
    weight = _weight(mean, first, second)
    if weight is None or not same(mean, first**weight * second ** (1 - weight), ground):
        return []

    def holds(parts: Parts) -> bool:
        return parts[1].positive and parts[2].positive and UNIT.contains(parts[3])

    return [Way("weighted geometric mean", (_range(mean), _range(first), _range(second), _range(weight)), holds)]


def _weight(mean: Any, first: Any, second: Any) -> Any:
    """The w that mean = first**w second**(1 - w) must have, read off a symbol that only the first has; or None."""
    powers, of_first, of_second = (node.as_powers_dict() for node in (mean, first, second))
    for base in sorted(of_first, key=sp.default_sort_key):
        if base not in of_second and base in powers and of_first[base].is_Rational and not base.is_number:
            return powers[base] / of_first[base]
    return None


def _dominates(goal: Any, ground: Ground) -> list[Way]:
    return _above(goal.args[0], goal.args[1], False, ground)


def _order(goal: Any, ground: Ground) -> list[Way]:
    less, more = (goal.lhs, goal.rhs) if isinstance(goal, (sp.Le, sp.Lt)) else (goal.rhs, goal.lhs)
    return _above(more, less, isinstance(goal, (sp.Lt, sp.Gt)), ground)


def _equal(left: Any, right: Any, ground: Ground) -> list[Way]:
    both = _range(left), _range(right)
    if same(left, right, ground):
        return [Way("same terms", both, lambda parts: True)]
    return [Way("same product", both, lambda parts: Products(ground).same(left, right))]


def _equation(goal: Any, ground: Ground) -> list[Way]:
    return _equal(goal.lhs, goal.rhs, ground)


def _special_case(goal: Any, ground: Ground) -> list[Way]:
    defined = defined_at(goal.function, goal.special)
    if defined is None:
        return []
    at = _equal(substituted(goal.function, goal.special), goal.reduced, ground)
    values = tuple(_range(value) for value in goal.special.values())  # SymPy makes 1 of y/y, where y may be 0
    return [Way(way.name, (*way.keys, *defined, *values), way.holds) for way in at]


def _limit(goal: Any, ground: Ground) -> list[Way]:
    f, x, point, value = goal.args
    if point != sp.oo:
        return _continuous_limit(f, x, point, value, ground)
    if not ground.domain[x].high.infinite or any(_bounds_above(c, x) for c in ground.conditions):
        return []
    return _limit_beyond(f, x, value, ground) if not f.has(sp.ceiling, sp.floor) else _squeezed(f, x, value, ground)


def _squeezed(f: Any, x: Any, value: Any, ground: Ground) -> list[Way]:
    """What lies between expressions without roundings that tend to a value tends to it, and what is above one to oo."""
    ranges = Ranges(ground)
    above, below = (without_rounding(f, upper, ranges) for upper in (True, False))
    lower = [] if below is None or not below.has(x) else _limit_beyond(below, x, value, ground)
    upper = [] if above is None or not above.has(x) else _limit_beyond(above, x, value, ground)
    if value == sp.oo:
        pairs = [(Way("", (), lambda parts: True), way) for way in lower]
    else:
        least = [Way("0", (), lambda parts: parts[0].nonnegative)] if value == 0 else []
        pairs = [(one, other) for one in (*least, *lower) for other in upper]
    return [_both(f, one, other) for one, other in pairs]


def _both(f: Any, one: Way, other: Way) -> Way:
    """That a node has values, and two ways of other nodes; a way without facts is asked about the node."""
    count = 1 + len(one.keys)

    def holds(parts: Parts) -> bool:
        return one.holds(parts[1:count] or parts[:1]) and other.holds(parts[count:])

    return Way(f"without roundings, {one.name}, {other.name}", (_range(f), *one.keys, *other.keys), holds)


def _limit_beyond(f: Any, x: Any, value: Any, ground: Ground) -> list[Way]:
    tail = (_range(f), (ELASTICITY, f, x))
    if value == 0:
        falling = Way("falls like a power", tail, lambda parts: ends.below(parts[1].high, ends.ZERO))
        return [falling, *_outgrown(f, x), *_continuous_beyond(f, x, value, ground)]
    if value == sp.oo:
        return [
            Way("rises like a power", tail, lambda parts: parts[0].positive and ends.below(ends.ZERO, parts[1].low))
        ]
    return [] if value.has(sp.oo, x) else _continuous_beyond(f, x, value, ground)


def _continuous_beyond(f: Any, x: Any, value: Any, ground: Ground) -> list[Way]:
    """A function of 1/x that is continuous at 0 tends to its value there.

    Like ``_continuous_limit``: within the functions of the calculus what is defined at 0, with all its parts, is
    continuous there, from the side of 1/x > 0.
    """
    inverse = in_inverse(f, x)
    if inverse is None:
        return []
    turned, u = inverse
    defined = defined_at(turned, {u: sp.S.Zero})
    if not continuous(turned, u) or defined is None:
        return []
    try:
        at = _equal(substituted(turned, {u: sp.S.Zero}), value, ground)
    except SentenceError:
        return []  # it has no value there
    return [Way(f"continuous in 1/x, {way.name}", (_range(f), *defined, *way.keys), _after(defined, way)) for way in at]


def _after(defined: tuple[Key, ...], way: Way) -> Callable[[Parts], bool]:
    return lambda parts: way.holds(parts[1 + len(defined) :])


def _continuous_limit(f: Any, x: Any, point: Any, value: Any, ground: Ground) -> list[Way]:
    """Within the functions of the calculus what is defined, with all its parts, is continuous."""
    defined = defined_at(f, {x: point})
    if not continuous(f, x) or point.has(x) or defined is None:
        return []
    inside = ground.domain[x]
    closure = Interval(inside.low, inside.high)
    at = _equal(substituted(f, {x: point}), value, ground)
    keys = (_range(f), _range(point), *defined)

    def reached(way: Way) -> Callable[[Parts], bool]:
        return lambda parts: closure.contains(parts[1]) and way.holds(parts[len(keys) :])

    return [Way("continuous", (*keys, *way.keys), reached(way)) for way in at]


def _bounds_above(condition: Condition, x: Any) -> bool:
    """Whether a condition keeps a symbol below some value of the others, so that it does not tend to infinity."""
    return any(base.has(x) and power > 0 for base, power in condition.factors)


def _outgrown(f: Any, x: Any) -> list[Way]:
    """A function that is O(x^a (log x)^b) with a < 0, or a = 0 and b < 0, tends to 0."""
    found = growth(f, x)
    if found is None or not found.vanishes:
        return []
    keys = (_range(f), *((STEP, node, x) for node in found.rising))
    return [Way("order of growth", keys, lambda parts: all(step.nonnegative for step in parts[1:]))]


def _homogeneous(goal: Any, ground: Ground) -> list[Way]:
    if not degree_is(goal.function, goal.variables, goal.degree):
        return []
    return [Way("degree", (_range(goal.function), _range(goal.degree)), lambda parts: True)]


def _crossing(goal: Any, ground: Ground) -> list[Way]:
    f, g, x, at = goal.args
    if at.has(x) or any(base.has(x) for c in ground.conditions for base, _ in c.factors):
        return []  # with a condition on x, the place may be one that it leaves out
    if not same(f.xreplace({x: at}), g.xreplace({x: at}), ground):
        return []

    def holds(parts: Parts) -> bool:
        return parts[1].positive and parts[2].nonnegative and ground.domain[x].contains(parts[3])

    return [Way("rising quotient", (_range(f), _range(g), (STEP, f / g, x), _range(at)), holds)]


_WAYS: dict[Any, Callable[[Any, Ground], list[Way]]] = {
    (said.increasing, said.decreasing): _monotone,
    (said.convex, said.concave): _bent,
    said.positive: _positive,
    said.dominates: _dominates,
    said.reduces_to: _special_case,
    said.limit: _limit,
    said.homogeneous: _homogeneous,
    said.crossover: _crossing,
    sp.Eq: _equation,
    sp.Ne: lambda goal, ground: [],
    Relational: _order,
}
