"""What is said of two expressions at once holds at points: orders by parts, the same products, means, rewritings.

Random pairs, one of which is the other one changed in some place, over random boxes and under random hypotheses: what
the rules say of them is compared with values of sixty digits at random admissible points. And it proves what it should.
"""

import json
import random

import mpmath as mp
import pytest
import sympy as sp
from sympy import E, Eq, Lt, Max, Min, Rational, S, atan, ceiling, exp, floor, harmonic, log, oo, sqrt

from symbolic import ends
from symbolic.atoms import mean_decay
from symbolic.behaviour import convex, decreasing, dominates, increasing, limit, positive
from symbolic.calculus import Calculus, Unproved, derive
from symbolic.calculus_check import check
from symbolic.calculus_rules import ELASTICITY, RANGE, SLOPE, STEP, ground
from symbolic.comparisons import STRICTLY, WEAKLY, Comparison
from symbolic.covering_check import check_covering
from symbolic.coverings import Covering
from symbolic.intervals import Interval, UndefinedError
from symbolic.joint_rules import decay
from symbolic.means import above_mean
from symbolic.products import Products
from symbolic.ranges import Ranges
from symbolic.roundings import without_rounding
from symbolic.tails import tail
from symbolic.traces import Trace
from symbolic.words import word

x, y, z = SYMBOLS = tuple(word(f"comparisons:{letter}", "a number") for letter in "xyz")
p = word("comparisons:p", "an exponent")
N = word("comparisons:N", "a count", integer=True)
HALF = Rational(1, 2)


def I(low, high, open_low=False, open_high=False):  # noqa: E743
    return Interval(ends.of(S(low)), ends.of(S(high)), open_low, open_high or high == oo)


POS, NONNEG, FROM1, UNIT = I(0, oo, True), I(0, oo), I(1, oo), I(0, 1)
below_2 = I(0, 2, False, True)
integral = (2 - 2 * N ** (p / 2 - 1)) / (2 - p)

TRUE = {
    # -- by parts
    "a common factor": (dominates(x * sqrt(y + z), x * sqrt(y)), {x: NONNEG, y: POS, z: NONNEG}),
    "a common factor, strictly": (Lt(x * sqrt(y), x * sqrt(y + z), evaluate=False), {x: POS, y: POS, z: POS}),
    "a minimum and its argument": (dominates(x * y, x * Min(y, z)), {x: POS, y: POS, z: POS}),
    "a maximum and its argument": (dominates(x * Max(y, z), x * y), {x: POS, y: POS, z: POS}),
    "two maxima": (dominates(Max(x, y) + z, Max(x, Min(y, z))), {x: POS, y: POS, z: POS}),
    "a product above a sum": (dominates(x * y * log(z), (x + y) * log(z)), {x: I(2, oo), y: I(2, oo), z: FROM1}),
    "an inverse": (dominates(z / x, z / (x + y)), {x: POS, y: POS, z: NONNEG}),
    "factor by factor": (dominates((x + 2 * y) * log(2 * x + 3), (x + y) * log(x + 2)), {x: POS, y: POS}),
    "by a hypothesis": (dominates((3 * x + 2 * z * (x + y)) * log(2 * x + 3), (2 * x * y + 3 * x) * log(x + 2)),
                        {x: FROM1, y: FROM1, z: FROM1}, [z * (x + y) >= x * y]),
    "by a strict hypothesis": (Lt(x * y, z * (x + y), evaluate=False), {x: FROM1, y: FROM1, z: FROM1},
                               [z * (x + y) > x * y]),
    "a sum of roots": (dominates(sqrt(2 * x + 2 * y), sqrt(x) + sqrt(y)), {x: POS, y: POS}),
    "a sum of three roots": (dominates(sqrt(3) * sqrt(x + y + z), sqrt(x) + sqrt(y) + sqrt(z)),
                             {x: POS, y: POS, z: POS}),
    "a larger exponent": (dominates(x ** (y + z), x**y), {x: FROM1, y: POS, z: POS}),
    "a rounded exponent": (dominates(y ** (1 + x), y ** ceiling(x)), {x: POS, y: FROM1}),
    "a tangent of a logarithm": (dominates(y * x, y * log(1 + x)), {x: POS, y: NONNEG}),
    "a logarithm in a logarithm": (dominates(2 * log(x), log(E * x * log(x))), {x: I(2, oo)}),
    "a ceiling": (dominates(y * (x + 1), y * ceiling(x)), {x: POS, y: POS}),
    "a floor below": (dominates(2 / x, 1 / floor(x + 1)), {x: FROM1}),
    "minus a floor": (dominates(1 - x, -floor(x)), {x: POS}),
    "a condition to a power": (dominates(y ** (2 - p) * (x**p + z**p), x**2 + z**2),
                               {x: POS, y: POS, z: POS, p: I(0, 2)}, [x <= y, z <= y]),
    # -- means
    "a mean of cubes": (dominates(9 * x**3 + 9 * y**3 + 9 * z**3, (x + y + z) ** 3), {x: NONNEG, y: NONNEG, z: NONNEG}),
    "a mean of powers": (dominates(2 ** (p - 1) * (x**p + y**p), (x + y) ** p), {x: POS, y: POS, p: FROM1}),
    "a mean of powers with a factor": (dominates(4 * z * (x**3 + y**3), z * (x + y) ** 3), {x: POS, y: POS, z: POS}),
    "a geometric mean": (dominates(x + y, 2 * sqrt(x * y)), {x: POS, y: POS}),
    "a geometric mean of three": (dominates(x + y + z, 3 * (x * y * z) ** Rational(1, 3)), {x: POS, y: POS, z: POS}),
    "a weighted mean": (dominates(p * x + (1 - p) * y, x**p * y ** (1 - p)), {x: POS, y: POS, p: I(0, 1, True, True)}),
    "an entropy": (dominates(S(2), p**-p * (1 - p) ** (p - 1)), {p: I(0, 1, True, True)}),
    # -- one product
    "an exponential of a logarithm": (Eq(exp(-x * log(y + 1)) * (y + 1), (y + 1) ** (1 - x), evaluate=False),
                                      {x: FROM1, y: POS}),
    "one more power of two": (Eq(2 * 2**x * (y + 1), 2 ** (x + 1) * (y + 1), evaluate=False), {x: FROM1, y: POS}),
    "a minimum that is one argument": (Eq(y * Min(x, 2), 2 * y, evaluate=False), {x: I(2, 3), y: POS}),
    "a maximum under a condition": (Eq(z * y ** Max(0, 1 - x / y), z, evaluate=False), {x: POS, y: POS, z: POS},
                                    [x >= y]),
    "a limit": (limit(x**y * (z + 1) ** y, x, 2, (2 * z + 2) ** y), {x: FROM1, y: FROM1, z: POS}),
    # -- what occurs twice
    "a decay": (increasing(integral, p), {N: FROM1, p: below_2}),
    "a decay with a factor": (increasing(y**p * integral / z, p), {N: FROM1, p: below_2, y: FROM1, z: POS}),
    "a decay of a number below 1": (increasing((1 - y ** (-p)) / p, y), {y: I(0, 1, True), p: I(0, 2, True)}),
    "below a decay": (dominates(log(N), integral), {N: FROM1, p: below_2}),
    "a sum that rises as fast": (decreasing(sqrt((z * log(x) + log(1 / y)) / x), x),
                                 {x: FROM1, z: POS, y: I(0, 1, True, True)}, [z <= log(1 / y)]),
    "a quotient by a term": (dominates(S.One, x / (x + y)), {x: FROM1, y: NONNEG}),
    "a power that falls from its top": (decreasing((2 * x / sqrt(y)) ** y, y), {x: POS, y: FROM1},
                                        [4 * x**2 * exp(-1) <= y]),
    "a power that rises to its top": (increasing((2 * x / sqrt(y)) ** y, y), {x: POS, y: FROM1},
                                      [4 * x**2 * exp(-1) >= y]),
    "a scaled logarithm": (increasing(x * (log(x) - 1), x), {x: FROM1}),
    "a ratio in jumps": (increasing(ceiling(x * y) * atan(1 / ceiling(x * y)), x), {x: POS, y: POS}),
    "beside a number": (decreasing((x - 1) / x ** Rational(7, 6), x), {x: I(7, oo)}),
    "beside another number": (increasing((x + 1) / x ** Rational(7, 8), x), {x: I(7, oo)}),
    "a logarithm of a sum of powers": (convex(log(x**p + 3 * y ** (2 - p) + exp(p)), p), {x: POS, y: POS, p: I(0, 2)}),
    "a power in jumps": (decreasing(Rational(19, 20) ** floor(x / 200), x), {x: POS}),
    "a power in jumps of a base from 1 on": (increasing(y ** ceiling(x), x), {x: POS, y: FROM1}),
    "one integer": (increasing(-N, N, strictly=True), {N: I(HALF, Rational(3, 2))}),
    "a jump in another symbol": (decreasing(ceiling(y) * log(x) / sqrt(x), x), {x: I(8, oo), y: POS}),
}  # fmt: skip


@pytest.mark.parametrize("name", TRUE)
def test_it_is_derived_checked_and_read_back(name):
    statement, domain, hypotheses = (*TRUE[name], ())[:3]
    trace = derive(statement, domain, hypotheses)
    assert not isinstance(trace, Unproved), trace.reason
    check(trace)
    again = Trace.from_json(json.dumps(trace.to_json()))
    check(again)
    assert again.to_json() == trace.to_json()


TAILS = {
    "from the seventh": (decreasing(y * log(N) / sqrt(N) + z / N, N, strictly=True), {N: FROM1, y: POS, z: POS},
                         [N >= 7]),
    "from the third": (decreasing(log(N) / N, N), {N: I(3, oo)}),
    "harmonic numbers": (decreasing(ceiling(y) * harmonic(N - 1) / sqrt(N), N), {N: FROM1, y: POS}, [N >= 6]),
}  # fmt: skip


@pytest.mark.parametrize("name", TAILS)
def test_a_function_of_an_integer_is_covered_by_its_first_values_and_a_tail(name):
    statement, domain, hypotheses = (*TAILS[name], ())[:3]
    covering = tail(statement, domain, hypotheses)
    assert covering is not None
    check_covering(covering)
    again = Covering.from_json(json.dumps(covering.to_json()))
    check_covering(again)
    assert again.to_json() == covering.to_json()


@pytest.mark.parametrize(
    ("statement", "domain"),
    [
        (decreasing(log(N) / sqrt(N), N), {N: I(6, oo)}),  # it rises from 6 to 7
        (decreasing(log(N) / N, N, strictly=True), {N: I(2, oo)}),  # to 3
        (decreasing(y * log(N) / sqrt(N), N, strictly=True), {N: I(7, oo), y: NONNEG}),
        (positive(N), {N: FROM1}),
        (decreasing(log(x) / sqrt(x), x), {x: I(7, oo)}),
    ],
)
def test_no_tail_of_what_is_false_or_of_no_integer_is_made(statement, domain):
    assert tail(statement, domain) is None


@pytest.mark.parametrize(
    ("more", "less"),
    [
        ((x + y + z) ** 10**6, (x + y) ** 10**6 + x),
        (x ** (10**9) + y ** (10**9), (x + y) ** (10**9)),
        ((1 - y ** ((x + z) ** 10**6)) / (1 + x + z) ** 10**6, x),
        (log(y ** ((1 + x) ** 10**6) + x), log(x + 1) * (x + y) ** 10**5),
    ],
)
def test_what_would_take_for_ever_is_not_multiplied_out(more, less):
    domain = {x: FROM1, y: FROM1, z: FROM1}
    derive(dominates(more, less), domain)
    derive(increasing(more, x), domain)
    derive(convex(more, x), domain)
    derive(Eq(more, less, evaluate=False), domain)


# -- random pairs -----------------------------------------------------------------------------------------------------


def expression(r, depth):
    if depth <= 0 or r.random() < 0.15:
        return r.choice(SYMBOLS) if r.random() < 0.75 else Rational(r.choice((1, 1, 2, 3, 5)), r.choice((1, 1, 2, 3)))

    def part():
        return expression(r, depth - 1)

    made = (
        lambda: part() + part(), lambda: part() + part(), lambda: part() * part(), lambda: part() * part(),
        lambda: part() / part(), lambda: part() ** r.choice((HALF, 2, 3, -1, -HALF, Rational(3, 2))),
        lambda: part() - part() / 2, lambda: log(1 + part()), lambda: log(part() * part()), lambda: exp(part()),
        lambda: part() ** part(), lambda: Min(part(), part()), lambda: Max(part(), part()), lambda: atan(part()),
        lambda: ceiling(part()), lambda: floor(part()), lambda: sqrt(part()) + sqrt(part()),
    )  # fmt: skip
    return r.choice(made)()


def changed(r, node):
    """The expression with one part made a little different, or written in another way."""
    parts = [q for q in sp.preorder_traversal(node) if q != node] or [node]
    old = r.choice(parts) if r.random() < 0.7 else node
    other = expression(r, 1)
    new = r.choice((
        old + other, old * (1 + other), old * other, 2 * old, old / 2, old + 1, Max(old, other), Min(old, other),
        ceiling(old), floor(old), old - other / 4, sp.expand(old), old**2, sqrt(old), log(1 + old), old + log(old),
        old - Rational(1, 10**6), old * (1 - Rational(1, 10**6)),
    ))  # fmt: skip
    return new if old == node else node.xreplace({old: new})


def box(r):
    low = Rational(r.choice((0, 0, 1, 1, HALF, 2, 3, -1)))
    return I(low, low + r.choice((HALF, 1, 2, oo, oo, 20)), r.random() < 0.5, r.random() < 0.3)


def coordinate(r, within):
    low = float(within.low.ball())
    high = mp.inf if within.high.infinite else float(within.high.ball())
    if r.random() < 0.15 and not within.open_low:
        return sp.Rational(low)
    if mp.isinf(high):
        return sp.Rational(low) + sp.Rational(round(10 ** r.uniform(-3, 2), 6))
    return sp.Rational(low) + (sp.Rational(high) - sp.Rational(low)) * Rational(r.randint(1, 999), 1000)


class Undefined(Exception):
    pass


class TooLarge(Exception):
    pass


def value(node, point):
    """A value of sixty digits; Undefined where it is none."""
    if node.is_Rational:
        return mp.mpf(int(node.p)) / int(node.q)
    if node in point:
        return mp.mpf(int(point[node].p)) / int(point[node].q)
    parts = [value(a, point) for a in node.args]
    try:
        if isinstance(node, sp.Pow):
            base, exponent = parts
            if base == 0 and exponent > 0:
                return mp.mpf(0)
            if base == 0 or (base < 0 and exponent != int(exponent)):
                raise Undefined
            if abs(exponent * mp.log(abs(base))) > 10**5:
                raise TooLarge
            return mp.power(base, int(exponent)) if exponent == int(exponent) else mp.power(base, exponent)
        if isinstance(node, sp.log) and parts[0] <= 0:
            raise Undefined
        if isinstance(node, sp.exp) and abs(parts[0]) > 10**5:
            raise TooLarge
        kinds = {
            sp.Add: mp.fsum, sp.Mul: mp.fprod, sp.log: lambda u: mp.log(u[0]), sp.exp: lambda u: mp.exp(u[0]),
            sp.Min: min, sp.Max: max, sp.atan: lambda u: mp.atan(u[0]), sp.ceiling: lambda u: mp.ceil(u[0]),
            sp.floor: lambda u: mp.floor(u[0]), sp.harmonic: lambda u: mp.harmonic(u[0]),
            sp.Abs: lambda u: abs(u[0]),
            mean_decay: lambda u: mp.mpf(1) if u[0] == 0 else -mp.expm1(-u[0]) / u[0],
        }  # fmt: skip
        if node in (E, sp.pi):
            return +mp.e if node is E else +mp.pi
        return kinds[type(node)](parts)
    except (OverflowError, ZeroDivisionError):
        raise Undefined from None


def near_rounding(node, point):
    inside = (value(q.args[0], point) for q in node.atoms(sp.ceiling, sp.floor))
    return any(abs(u - mp.nint(u)) < 1e-30 for u in inside)


def points(r, domain, hypotheses, nodes, count=5):
    for _ in range(count * 4):
        point = {s: coordinate(r, within) for s, within in domain.items()}
        try:
            met = all(value(h.gts, point) >= value(h.lts, point) for h in hypotheses)
            if met and not any(near_rounding(node, point) for node in nodes):
                yield point
        except (Undefined, TooLarge):
            continue


def said(seed):
    """What the rules say of a random pair, and the pairs that a point contradicts."""
    r = random.Random(seed)
    domain = {s: box(r) for s in SYMBOLS}
    try:
        first = expression(r, r.choice((1, 2, 2, 3)))
        second = changed(r, first)
        second = changed(r, second) if r.random() < 0.4 else second
        hypotheses = [] if r.random() < 0.5 else [expression(r, 1) + expression(r, 1) >= expression(r, 2)]
        hypotheses = [h for h in hypotheses if isinstance(h, sp.Ge)]
        over = ground(domain, hypotheses)
        if any(f.has(sp.zoo, sp.nan, sp.oo, sp.I) for f in (first, second, *hypotheses)):
            return 0, []
    except (UndefinedError, TypeError, ValueError):  # nothing is left of the box, or SymPy compares complex numbers
        return 0, []
    ranges = Ranges(over)
    if ranges.of(first) is None or ranges.of(second) is None:
        return 0, []
    count, failed = 0, []
    for more, less in ((first, second), (second, first)):
        order = Comparison(over).order(more, less)
        same = Products(over).same(more, less)
        mean = above_mean(more, less, Products(over))
        low, high = without_rounding(more, False, Ranges(over)), without_rounding(more, True, Ranges(over))
        claims = [(order == WEAKLY or mean, "weakly", less, more), (order == STRICTLY, "strictly", less, more)]
        claims += [(same, "same", less, more), (low not in (None, more), "weakly", low, more)]
        claims += [(high not in (None, more), "weakly", more, high)]
        for claimed, how, left, right in claims:
            for point in points(r, domain, hypotheses, (left, right)) if claimed else ():
                try:
                    a, b = value(left, point), value(right, point)
                except Undefined:
                    failed.append((seed, how, left, right, point, "undefined"))
                    continue
                except TooLarge:
                    continue
                count += 1
                little = mp.mpf(10) ** -40 * (abs(a) + abs(b))
                holds = {"weakly": a <= b + little, "strictly": a < b + little, "same": abs(a - b) <= little}[how]
                if not holds:
                    failed.append((seed, how, left, right, point, (a, b)))
    return count, failed


@pytest.mark.parametrize("seeds", [range(0, 40), range(1000, 1040), range(2000, 2040)])
def test_no_point_contradicts_what_is_said_of_a_pair(seeds):
    total = 0
    with mp.workdps(60):
        for seed in seeds:
            count, failed = said(seed)
            assert not failed, failed[0]
            total += count
    assert total > 200


# -- random members of the families of rewritings ---------------------------------------------------------------------


def family(r):
    scale, shift = Rational(r.randint(1, 9), r.randint(1, 4)), Rational(r.randint(-3, 9), r.randint(1, 4))
    exponent = scale * x + shift if r.random() < 0.7 else -scale * x - shift
    base = r.choice((y, y, y + 1, 1 / y, y * z))
    divisor = r.choice((1, -1, 2)) * exponent
    inside = r.choice((1 / ceiling(x * y), 1 / x, x, x + y, ceiling(x), 2 / floor(y + 1)))
    return r.choice((
        lambda: r.choice((1, 3, y)) * (2 - 2 * base**exponent) / divisor,
        lambda: z * (1 - base**exponent) / divisor / sqrt(y),
        lambda: (1 - exp(exponent)) / divisor * log(1 + y),
        lambda: atan(inside) / inside * r.choice((1, y, z, x * y)),
        lambda: (y + scale) / (x + y + z), lambda: x * (log(x * scale) - shift * y), lambda: (x + shift) / x**scale,
    ))()  # fmt: skip


@pytest.mark.parametrize("seeds", [range(0, 40), range(1000, 1040)])
def test_no_point_contradicts_a_rule_about_what_occurs_twice(seeds):
    total = 0
    with mp.workdps(60):
        for seed in seeds:
            r = random.Random(seed)
            domain = {s: box(r) for s in SYMBOLS}
            node = family(r)
            calculus = Calculus(ground(domain, ()))
            keys = [(RANGE, node, None), *((q, node, x) for q in (STEP, SLOPE, ELASTICITY) if node.has(x))]
            if calculus.known(keys[0]) is None:
                continue
            for key in keys:
                calculus.known(key)
            for point in points(r, domain, (), (node,)):
                for fact in calculus.facts:
                    total += not contradicts(fact, node, point, domain, r)
    assert total > 300


def contradicts(fact, node, point, domain, r):
    """False, or an assertion error where the value of the node, or its difference in x, is outside of a fact."""
    if fact.key[1] != node or fact.key[0] not in (RANGE, STEP) or fact.key[2] not in (None, x):
        return False
    there = {**point, x: coordinate(r, domain[x])}
    found = value(node, point)
    if fact.key[0] == STEP:
        if there[x] == point[x] or near_rounding(node, there):
            return False
        found = (value(node, there) - found) * mp.sign(there[x] - point[x])
        if abs(found) < mp.mpf(10) ** -40:
            return False
    low, high = fact.interval.low, fact.interval.high
    slack = mp.mpf(10) ** -30 * (1 + abs(found))
    below = not low.infinite and found < mp.mpf(low.ball().str(40, radius=False)) - slack
    above = not high.infinite and found > mp.mpf(high.ball().str(40, radius=False)) + slack
    assert not below, (str(fact), fact.rule, point)
    assert not above, (str(fact), fact.rule, point)
    return False


def test_a_decay_is_the_same_expression():
    place = {N: S(7), p: HALF, x: S(3), y: S(5), z: S(2)}
    with mp.workdps(60):
        for node in (integral, (1 - y ** (-p)) / (p + 1 - 1), z * (3 - 3 * exp(x - 1)) / (2 - 2 * x)):
            found = decay(node)
            if found is not None:
                assert abs(value(node, place) - value(found[0], place)) < mp.mpf(10) ** -50
        assert decay(integral) is not None
        assert decay(z * (3 - 3 * exp(x - 1)) / (2 - 2 * x)) is not None
        assert decay((2 - 3 * N ** (p / 2 - 1)) / (2 - p)) is None
        assert decay((2 - 2 * N ** (p / 2 - 1)) / (3 - p)) is None
