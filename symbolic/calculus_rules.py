"""The rules of the calculus: what is known of a node from what is known of its parts.

Four quantities are enclosed in intervals over a domain: the *range* of a node; its *slope* T = x df/dx and *elasticity*
E = (x / f) df/dx in a symbol x > 0; and its *step*, whose interval is all that its differences f(x') - f(x), x' > x,
can have the sign of. A slope or an elasticity is asserted at every point whose x is inside of the interval of x that
the conditions leave, but for countably many x (kinks of Min and Max), and an elasticity where the node is not 0: enough
for a continuous node to be monotone where its slope has a sign.

A rule says what it needs and computes an interval from it. The calculus applies rules; the checker applies them again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp
from flint import arb, fmpq

from symbolic import ends
from symbolic.atoms import ROWS
from symbolic.ends import ZERO, End
from symbolic.intervals import Interval, UndefinedError, point
from symbolic.lengths import refuse_huge
from symbolic.monomials import Condition, grounds, quotient, real_power
from symbolic.totals import loose
from symbolic.totals import total as total_over

RANGE, SLOPE, ELASTICITY, STEP = "range", "slope", "elasticity", "step"

MEET = "meet"
"""The name of the step that takes what two facts about one key have in common."""

Key = tuple[str, Any, Any]
"""A quantity, a node, and the symbol that it is taken in (None for a range)."""

Keys = tuple[Key, ...]
Parts = tuple[Interval, ...]


@dataclass(frozen=True)
class Ground:
    """What everything is proved over: an interval for every symbol, and conditions on monomials in them.

    ``hypotheses`` are all that is assumed of a point; what is said of more points than one uses the conditions alone.
    """

    domain: Mapping[Any, Interval]
    conditions: tuple[Condition, ...] = ()
    hypotheses: tuple[Any, ...] = ()


def ground(domain: Mapping[Any, Interval], hypotheses: Iterable[Any]) -> Ground:
    """What is proved over a domain under hypotheses; UndefinedError where nothing is left of a symbol's interval.

    What is said of a place is left out: that of a sum is bound there, whatever else has its letter.
    """
    assumed = tuple(hypothesis for hypothesis in hypotheses if not loose(hypothesis))
    return Ground(*grounds({s: within for s, within in domain.items() if not loose(s)}, assumed), assumed)


Needs = Callable[[Any, Any, Ground], Keys | None]
"""The keys that a rule wants for a node and a symbol; None where it does not apply."""

Computation = Callable[[Any, Any, Parts, Ground], Interval]
"""The interval of a node, in a symbol, from the intervals of what the rule needs."""


@dataclass(frozen=True)
class Rule:
    """One rule for one quantity."""

    quantity: str
    needs: Needs
    value: Computation


RULES: dict[str, Rule] = {}


def rule(name: str, quantity: str, needs: Needs) -> Callable[[Computation], Computation]:
    """Register a computation as the rule of that name."""

    def register(value: Computation) -> Computation:
        RULES[name] = Rule(quantity, needs, value)
        return value

    return register


def rational(number: Any) -> fmpq:
    """A SymPy rational as one of flint's."""
    return fmpq(int(number.p), int(number.q))


def continuous(node: Any, x: Any = None) -> bool:
    """Whether a node is continuous where it is defined: in one symbol with the others fixed, or in all of them."""
    if x is not None and not node.has(x):
        return True
    own = type(node) not in ROWS or ROWS[type(node)].continuous
    if isinstance(node, total_over):
        own = x is not None and not node.upper.has(x)  # it jumps where it gets a term more
    return own and all(continuous(a, x) for a in node.args)


def ranges(nodes: Any) -> Keys:
    """The keys of the ranges of nodes."""
    return tuple((RANGE, a, None) for a in nodes)


def when(kind: Any, keys: Callable[[Any, Any], Keys]) -> Needs:
    """Needs of nodes of a kind; of those with the symbol in them, where there is one."""

    def needs(node: Any, x: Any, ground: Ground) -> Keys | None:
        if not isinstance(node, kind) or (x is not None and not node.has(x)):
            return None
        return keys(node, x)

    return needs


# -- ranges -----------------------------------------------------------------------------------------------------------


@rule("number", RANGE, lambda f, x, g: () if f.is_Rational or f is sp.E or f is sp.pi else None)
def _number(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    if f is sp.pi:
        return Interval(ends.outward(arb.pi, ends.DOWN), ends.outward(arb.pi, ends.UP))
    end = ends.of(f)
    return Interval(end, end)


@rule("domain", RANGE, lambda f, x, g: () if f in g.domain else None)
def _domain(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    return ground.domain[f]


@rule("sum", RANGE, when(sp.Add, lambda f, x: ranges(f.args)))
def total(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    """The sum of all parts."""
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


@rule("product", RANGE, when(sp.Mul, lambda f, x: ranges(f.args)))
def _product(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    product = parts[0]
    for part in parts[1:]:
        product = product * part
    return product


def has_rational_power(node: Any) -> bool:
    """Whether a node is a power with a rational exponent."""
    return isinstance(node, sp.Pow) and bool(node.exp.is_Rational)


def has_real_power(node: Any) -> bool:
    """Whether a node is a power with another exponent."""
    return isinstance(node, sp.Pow) and not node.exp.is_Rational


@rule("power", RANGE, lambda f, x, g: ranges(f.args[:1]) if has_rational_power(f) else None)
def _power(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    return parts[0].power(rational(f.exp))


@rule("real power", RANGE, lambda f, x, g: ranges(f.args) if has_real_power(f) else None)
def _powered(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    base, exponent = parts
    if base.positive:
        return (exponent * base.logarithm()).exponential()
    if not base.nonnegative or not exponent.positive:
        raise UndefinedError("a power whose base may be 0 or below and whose exponent may not be above 0")
    if base.high.sign() == 0:
        return point(0)
    above = Interval(ZERO, base.high, True, base.open_high)
    found = (exponent * above.logarithm()).exponential()
    return Interval(ZERO, found.high, False, found.open_high)


def _of_one_argument(f: Any, x: Any, ground: Ground) -> Keys | None:
    """A row is about one argument: harmonic(n, m), the sum of 1/k^m, is no harmonic number."""
    return ranges(f.args) if type(f) in ROWS and len(f.args) == 1 else None


@rule("function", RANGE, _of_one_argument)
def _function(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    return ROWS[type(f)].value(parts[0])


@rule("extreme", RANGE, when((sp.Min, sp.Max), lambda f, x: ranges(f.args)))
def _extreme(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    if isinstance(f, sp.Min):
        return -_extreme(sp.Max(0, 1, evaluate=False), x, tuple(-p for p in parts), ground)
    low, open_low, high = parts[0].low, parts[0].open_low, parts[0]
    for part in parts[1:]:
        order = ends.compare(part.low, low)
        if order == 0:
            open_low = open_low or part.open_low  # the one that is never there keeps the greatest above it
        elif order == 1:
            low, open_low = part.low, part.open_low
        high = high.hull(part)
    return Interval(low, high.high, open_low, high.open_high)


@rule("magnitude", RANGE, when(sp.Abs, lambda f, x: ranges(f.args)))
def _magnitude(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    (part,) = parts
    if part.nonnegative:
        return part
    if part.nonpositive:
        return -part
    return Interval(ZERO, ends.outermost(-part.low, part.high, ends.UP))


def _given(f: Any, x: Any, ground: Ground) -> Keys | None:
    found = quotient(f, ground.conditions)
    return None if found is None else ranges((found[2],))


@rule("condition", RANGE, _given)
def _condition(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    found = quotient(f, ground.conditions)
    assert found is not None
    condition, exponent, _ = found
    return condition.within.power(rational(exponent)) * parts[0]


def _given_power(f: Any, x: Any, ground: Ground) -> Keys | None:
    found = real_power(f, ground.conditions)
    if found is None:
        return None
    # Exponents that are equal where all have a value: each is asked for, so that none lends another its own.
    powers = f.as_powers_dict()
    return ranges((*found[1:], *(powers[base] for base, _ in found[0].factors)))


@rule("condition to a real power", RANGE, _given_power)
def _condition_power(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    """(c^e) rest, where the monomial c > 0 that a condition bounds has one exponent e: c^e = exp(e log c)."""
    found = real_power(f, ground.conditions)
    assert found is not None
    exponent, rest, *_ = parts
    return (exponent * found[0].within.logarithm()).exponential() * rest


# -- a function over its argument ------------------------------------------------------------------------------------


def _over_argument(f: Any) -> tuple[Any, Any] | None:
    """(function, rest) with f = function / its argument * rest, the rest without some symbol of f; or None."""
    for factor in sp.Mul.make_args(f):
        if type(factor) in ROWS and ROWS[type(factor)].ratio is not None:
            rest = f / factor * factor.args[0]
            if rest.free_symbols < f.free_symbols and not rest.has(factor):
                return factor, rest
    return None


def _ratio_needs(f: Any, x: Any, ground: Ground) -> Keys | None:
    found = _over_argument(f) if isinstance(f, sp.Mul) else None
    return None if found is None else ((RANGE, f, None), *ranges((found[0].args[0], found[1])))


@rule("ratio to argument", RANGE, _ratio_needs)
def _ratio(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    found = _over_argument(f)
    assert found is not None
    ratio = ROWS[type(found[0])].ratio
    assert ratio is not None
    return ratio(parts[1]) * parts[2]


# -- values at a place ------------------------------------------------------------------------------------------------


def defined_at(f: Any, place: Mapping[Any, Any]) -> Keys | None:
    """The ranges of a node and of all its parts with symbols replaced, the node's first; None where one is not made.

    They exist only where all of these have values: SymPy makes 0 of 1/(1/0) and 1 of 0**0. A power whose exponent
    becomes 0 wants a base above 0, because it need not be continuous there otherwise.
    """
    made: dict[Any, Any] = dict(place)
    keys: dict[Key, None] = {}
    try:
        keys[RANGE, _replaced(f, made), None] = None
        for part in sp.preorder_traversal(f):
            if part.args and part.free_symbols:
                keys[RANGE, made[part], None] = None
                if has_real_power(part) and made[part.exp] == 0:
                    keys[RANGE, sp.log(made[part.base]), None] = None
    except (ArithmeticError, AttributeError, RecursionError, TypeError, ValueError):
        return None  # too large, or SymPy refuses to make it
    return tuple(keys)


def _replaced(node: Any, made: dict[Any, Any]) -> Any:
    """The node made again of its replaced parts, which are remembered; TooLargeError where that would take long."""
    if node not in made:
        parts = tuple(_replaced(a, made) for a in node.args)
        if parts != node.args:
            refuse_huge(node.func, parts)
        made[node] = node.func(*parts) if parts != node.args else node
    return made[node]


# -- faces and meets --------------------------------------------------------------------------------------------------


LARGEST_HARMONIC = 1000
"""Ends up to here are put into harmonic numbers."""


def _on_face(low: bool) -> Needs:
    def needs(f: Any, x: Any, ground: Ground) -> Keys | None:
        if x is None or not f.has(x) or any(x in c.monomial.free_symbols for c in ground.conditions):
            return None
        values = ground.domain[x]
        end = values.low if low else values.high
        if not writable(end) or (not continuous(f, x) and (values.open_low if low else values.open_high)):
            return None
        place = {x: number(end)}
        if f.has(sp.harmonic) and abs(place[x]) > LARGEST_HARMONIC:
            return None  # SymPy would add up all its terms
        at_end = defined_at(f, place)
        # The node's own range says that it is defined everywhere, and its value at the end bounds it further.
        return None if at_end is None else ((RANGE, f, None), (STEP, f, x), *at_end)

    return needs


def _monotone(step: Interval) -> int:
    """1 or -1 for a node that never falls or never rises; UndefinedError for any other."""
    if step.nonnegative:
        return 1
    if step.nonpositive:
        return -1
    raise UndefinedError("a node that may rise and fall")


@rule("lower face", RANGE, _on_face(True))
def _lower_face(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    return _from_below(parts[2]) if _monotone(parts[1]) > 0 else _from_above(parts[2])


@rule("upper face", RANGE, _on_face(False))
def _upper_face(f: Any, x: Any, parts: Parts, ground: Ground) -> Interval:
    return _from_above(parts[2]) if _monotone(parts[1]) > 0 else _from_below(parts[2])


def _from_below(at_end: Interval) -> Interval:
    return Interval(at_end.low, ends.INFINITY, at_end.open_low, True)


def _from_above(at_end: Interval) -> Interval:
    return Interval(ends.MINUS_INFINITY, at_end.high, True, at_end.open_high)


LONGEST_EXPONENT = 10_000
"""Exponents of 2 beyond which a dyadic end is not written out as a rational."""


def writable(end: End) -> bool:
    """Whether an end is finite and can be written as a SymPy number."""
    return not end.infinite and (end.point is None or abs(end.point.man_exp()[1]) <= LONGEST_EXPONENT)


def number(end: End) -> Any:
    """A finite end as a SymPy number."""
    if end.q is not None and end.a is not None:
        return sp.Rational(int(end.q.p), int(end.q.q)) * sp.exp(sp.Rational(int(end.a.p), int(end.a.q)))
    assert end.point is not None
    mantissa, exponent = end.point.man_exp()
    return sp.Integer(int(mantissa)) * sp.Integer(2) ** int(exponent)
