"""What the calculus proves holds at points, and it proves what papers claim.

Random expressions over random boxes, with conditions between the symbols: every fact that the rules give is compared
with values and derivatives of sixty digits at random admissible points.
"""

import json
import random

import mpmath as mp
import pytest
import sympy as sp
from sympy import E, Eq, Gt, Max, Min, Rational, S, atan, ceiling, exp, floor, harmonic, log, oo, sqrt, tanh

from symbolic import ends
from symbolic.atoms import mean_decay
from symbolic.behaviour import (
    concave,
    convex,
    crossover,
    decreasing,
    dominates,
    homogeneous,
    increasing,
    limit,
    positive,
    reduces_to,
)
from symbolic.calculus import Calculus, Unproved, derive, ground
from symbolic.calculus_check import check
from symbolic.calculus_rules import ELASTICITY, RANGE, SLOPE, STEP
from symbolic.intervals import Interval, UndefinedError
from symbolic.sentences import chain
from symbolic.traces import Trace
from symbolic.words import word

x, y, z = SYMBOLS = tuple(word(f"calculus:{letter}", "a number") for letter in "xyz")
p = word("calculus:p", "an exponent")
N, D, L = (word(f"calculus:{letter}", "a count", integer=True) for letter in "NDL")
G, r, w, W, delta = (word(f"calculus:{letter}", "a number") for letter in ("G", "r", "w", "W", "delta"))


def I(low, high, open_low=False, open_high=False):  # noqa: E743
    return Interval(ends.of(S(low)), ends.of(S(high)), open_low, open_high or high == oo)


POS, NONNEG, FROM1 = I(0, oo, True), I(0, oo), I(1, oo)
B = {N: FROM1, D: FROM1, L: FROM1, delta: I(0, 1, True, True), G: POS, r: POS, w: POS, W: FROM1, p: I(0, 2)}
vapnik = sqrt(8 * (D * log(2 * E * N / D) + log(4 / delta)) / N)
mohri = sqrt(2 * D * log(E * N / D) / N) + sqrt(log(1 / delta) / (2 * N))
transfer = G ** (2 * p / (p + 2)) * r ** (2 / (p + 2)) * w ** (2 / (p + 2)) * W ** (p / (p + 2))
product = L * (2 * L * G) ** p * r * w
deep = 8 / N + 24 / sqrt(N) * 2 / (2 - p) * sqrt(log(1 + 8 * L * G * N) * product) + 3 * sqrt(log(2 / delta) / (2 * N))
P = {**B, p: I(0, 2, False, True)}
psi = 2 * G * atan(1 / G)
HALF = Rational(1, 2)

TRUE = [
    (decreasing(vapnik, N), B, [N >= D / 2]),
    (increasing(vapnik, D), B, [D <= 2 * N]),
    (decreasing(vapnik, delta, strictly=True), B, [N >= D / 2]),
    (decreasing(mohri, N), B, [N >= D]),
    (increasing(mohri, D), B, [N >= D]),
    *((increasing(transfer, s), B) for s in (G, r, w, W)),
    (increasing(transfer, r, strictly=True), B),
    (increasing(transfer, G, strictly=True), {**B, p: I(0, 2, True)}),
    (reduces_to(transfer, {p: 0}, r * w), B),
    (reduces_to(transfer, {p: 2}, G * sqrt(r * w * W)), B),
    (limit(transfer, p, 0, r * w), B),
    (homogeneous(transfer, (G,), 2 * p / (p + 2)), B),
    (homogeneous(transfer, (r, w), 4 / (p + 2)), B),
    (decreasing(deep, N, strictly=True), P),
    (decreasing(deep, delta, strictly=True), P),
    *((increasing(deep, s), P) for s in (G, r, w, L)),
    (increasing(deep, p), P, [2 * L * G >= 1]),
    (decreasing(log(1 + G * N) / N, N, strictly=True), B),
    (decreasing(log(N) / sqrt(N), N), {N: I(exp(2), oo)}),
    (increasing(psi, G), B),
    (dominates(S(2), psi), B),
    (Gt(2, psi, evaluate=False), B),
    (dominates(transfer, Min(r * w, G**2 * W)), B),
    (dominates(Max(x, y), x**p * y ** (1 - p)), {x: POS, y: POS, p: I(0, 1)}),
    (increasing(L / 2 * G ** (2 / L), L), B, [2 * log(G) < L]),
    (limit(log(1 + G * N) / N, N, oo, 0), B),
    (limit(vapnik, N, oo, 0), B, [N >= D]),
    (limit(x**2 / y, x, oo, oo), {x: FROM1, y: FROM1}),
    (limit(1 + sqrt(x), x, 0, 1), {x: I(0, 1)}),
    (limit(y**x, x, 0, 1), {x: I(0, 1, True), y: I(0, 1, True)}),
    (convex(x**4 + x, x), {x: I(0, 1)}),
    (convex(exp(2 * x) * y, x), {x: NONNEG, y: NONNEG}),
    (concave(log(x), x), {x: POS}),
    (concave(sqrt(x) + atan(x), x), {x: POS}),
    (crossover(x, 1 / x, x, 1), {x: POS}),
    (crossover(y * x**2, y**2 * x, x, y), {x: POS, y: POS}),
    (crossover(x * (5 - x), S(4), x, 1), {x: I(1, Rational(3, 2))}),
    (positive(x * Min(1, 1 / x)), {x: I(0, 1, True)}),
    (increasing(x * y, x), {x: NONNEG, y: NONNEG}),
    (increasing(ceiling(x) * y, x), {x: NONNEG, y: NONNEG}),
    (increasing(Max(x, 1 + x / 2) * harmonic(x), x), {x: FROM1}),
    (decreasing(mean_decay(x * y), x, strictly=True), {x: FROM1, y: FROM1}),
    (increasing(-1 / x, x, strictly=True), {x: POS}),
    (chain(0, exp(-x), 1), {x: NONNEG}),
    (Eq(log(x**2 * y), 2 * log(x) + log(y), evaluate=False), {x: POS, y: POS}),
    (Eq(sqrt(8 * x) * sqrt(2 * x), 4 * x, evaluate=False), {x: POS}),
    (increasing(x ** (1 - 1 / y), y), {x: FROM1, y: FROM1}),
    (increasing(tanh(x) * x, x), {x: NONNEG}),
    (decreasing(x**-y, y), {x: FROM1, y: NONNEG}),
    (decreasing(x**y, y), {x: I(0, 1, True), y: NONNEG}),
    (positive(x - y + 1), {x: I(2, 3), y: I(0, 1)}),
    (dominates(D, r), {D: FROM1, r: POS, N: FROM1}, [r <= Min(D, N)]),
]  # fmt: skip


@pytest.mark.parametrize("claim", TRUE, ids=lambda claim: str(claim[0])[:70])
def test_a_true_claim_is_derived_checked_and_read_back(claim):
    statement, domain, hypotheses = (*claim, ())[:3]
    trace = derive(statement, domain, hypotheses)
    assert not isinstance(trace, Unproved), trace.reason
    check(trace)
    if statement.has(mean_decay):
        return
    again = Trace.from_json(json.dumps(trace.to_json()))
    check(again)
    assert again.statement == statement
    assert again.to_json() == trace.to_json()


# -- values and derivatives of reference ------------------------------------------------------------------------------


class Undefined(Exception):
    pass


class Kink(Exception):
    pass


def power(b, e):
    if e == 0:
        return mp.mpf(1)
    if b == 0 and e > 0:
        return mp.mpf(0)
    if b == 0 or (b < 0 and e != int(e)):
        raise Undefined
    return mp.power(b, int(e)) if e == int(e) and abs(e) < 1000 else mp.exp(e * mp.log(b))


def logarithm(u):
    if u <= 0:
        raise Undefined
    return mp.log(u)


def exponential(u):
    if u > 10**5:
        raise Kink  # too large to be computed with here
    return mp.exp(u)


def decay(u):
    return (-mp.expm1(-u) / u if abs(u) < 10**5 else (1 - exponential(-u)) / u) if u else mp.mpf(1)


def harmonic_number(u):
    if u < 0:
        raise Undefined
    return mp.harmonic(u)


def no_jump(u):
    if u == int(u):
        raise Kink
    return mp.mpf(0)


def sign(u):
    if u == 0:
        raise Kink
    return mp.sign(u)


ATOMS = {
    exp: (exponential, exponential),
    log: (logarithm, lambda u: 1 / u),
    atan: (mp.atan, lambda u: 1 / (1 + u * u)),
    tanh: (mp.tanh, lambda u: 1 / mp.cosh(u) ** 2 if abs(u) < 10**5 else mp.mpf(0)),
    mean_decay: (decay, lambda u: (exponential(-u) - decay(u)) / u if abs(u) > mp.mpf(10) ** -20 else -mp.mpf(1) / 2),
    harmonic: (harmonic_number, lambda u: mp.psi(1, u + 1)),
    ceiling: (mp.ceil, no_jump),
    floor: (mp.floor, no_jump),
    sp.Abs: (abs, sign),
}


class Place:
    """Values and derivatives of expressions at a point."""

    def __init__(self, point):
        self.point, self.known = point, {}

    def _remembered(self, key, compute):
        if key not in self.known:
            try:
                self.known[key] = compute()
            except (Undefined, Kink) as error:
                self.known[key] = error
        if isinstance(self.known[key], Exception):
            raise self.known[key]
        return self.known[key]

    def value(self, node):
        return self._remembered(node, lambda: self._value(node))

    def slope(self, node, s):
        return self._remembered((node, s), lambda: self._slope(node, s))

    def _value(self, node):
        if node in self.point:
            return self.point[node]
        if node.is_Rational:
            return mp.mpf(int(node.p)) / int(node.q)
        if node in (sp.E, sp.pi):
            return +mp.e if node is sp.E else +mp.pi
        if not node.args:
            raise Undefined  # an infinity, or not real
        parts = [self.value(a) for a in node.args]
        if isinstance(node, (sp.Add, sp.Mul)):
            return mp.fsum(parts) if isinstance(node, sp.Add) else mp.fprod(parts)
        if isinstance(node, sp.Pow):
            return power(*parts)
        if isinstance(node, (Min, Max)):
            return min(parts) if isinstance(node, Min) else max(parts)
        return ATOMS[type(node)][0](*parts)

    def _slope(self, node, s):
        if node == s:
            return mp.mpf(1)
        if not node.has(s):
            return mp.mpf(0)
        value, parts = self.value(node), [self.value(a) for a in node.args]
        slopes = [self.slope(a, s) for a in node.args]
        if isinstance(node, sp.Add):
            return mp.fsum(slopes)
        if isinstance(node, sp.Mul):
            others = (mp.fprod(b for j, b in enumerate(parts) if j != i) for i in range(len(parts)))
            return mp.fsum(d * rest for d, rest in zip(slopes, others, strict=True))
        if isinstance(node, sp.Pow):
            base, exponent = parts
            if base == 0 and (exponent < 1 or not node.exp.is_Rational):
                raise Kink
            if node.exp.is_Rational:
                return exponent * power(base, exponent - 1) * slopes[0]
            return value * (slopes[1] * logarithm(base) + exponent * slopes[0] / base)
        if isinstance(node, (Min, Max)):
            near = [d for a, d in zip(parts, slopes, strict=True) if abs(a - value) < mp.mpf(10) ** -30 * (1 + abs(a))]
            if len(set(near)) > 1:
                raise Kink
            return near[0]
        return ATOMS[type(node)][1](*parts) * slopes[0]


def number(end):
    if end.infinite:
        return mp.inf * end.infinite
    if end.point is not None:
        mantissa, exponent = end.point.man_exp()
        return mp.ldexp(mp.mpf(int(mantissa)), int(exponent))
    return mp.mpf(int(end.q.p)) / int(end.q.q) * mp.exp(mp.mpf(int(end.a.p)) / int(end.a.q))


def outside(value, interval):
    slack = mp.mpf(10) ** -30
    for end, is_open, towards in ((interval.low, interval.open_low, -1), (interval.high, interval.open_high, 1)):
        there = number(end)
        if mp.isinf(there):
            continue
        if (value - there) * towards > slack * (abs(value) + abs(there)) + slack**1.2:
            return True
        # What is exactly 0 is no rounding.
        if is_open and value == there == 0:
            return True
    return False


# -- random expressions, boxes, conditions, points --------------------------------------------------------------------


def random_expression(r, depth, symbols):
    if depth <= 0 or r.random() < 0.12:
        constant = Rational(r.choice((1, 1, 2, 3, 5, -1)), r.choice((1, 1, 2, 3)))
        return r.choice(symbols) if r.random() < 0.8 else constant

    def part():
        return random_expression(r, depth - 1, symbols)

    made = (
        lambda: part() + part(), lambda: part() + part(), lambda: part() - part(), lambda: part() * part(),
        lambda: part() * part(), lambda: part() * part(), lambda: part() / part(),
        lambda: part() ** r.choice((HALF, 2, 3, -1, -2, -HALF, Rational(3, 2), Rational(1, 3))),
        lambda: part() ** r.choice((HALF, 2, -1)), lambda: part() ** part(), lambda: log(1 + part()),
        lambda: log(part()), lambda: exp(-part()), lambda: exp(part()), lambda: atan(part()), lambda: tanh(part()),
        lambda: mean_decay(part()), lambda: harmonic(part()), lambda: ceiling(part()), lambda: floor(part()),
        lambda: Min(part(), part()), lambda: Max(part(), part()), lambda: sp.Abs(part()),
    )  # fmt: skip
    return r.choice(made)()


def random_box(r):
    low = Rational(r.choice((0, 0, 1, 1, HALF, 2, Rational(1, 4), 3, 10, -1)))
    width = r.choice((HALF, 1, 1, 2, 5, Rational(1, 2**20), oo, oo, 20))
    return I(low, low + width, r.random() < 0.4, r.random() < 0.4)


def random_conditions(r, symbols):
    if len(symbols) < 2 or r.random() < 0.5:
        return ()
    a, b = r.sample(list(symbols), 2)
    c = Rational(r.choice((1, 2, 3)), r.choice((1, 2, 4)))
    found = [r.choice((a >= b * c, a > b * c, a <= b * c, a * b <= c, a * b >= c, a >= c * log(b), log(a) <= c * b,
                       a**2 <= c * b, a < c * b**2, sqrt(a) * b >= c))]  # fmt: skip
    for d in set(symbols) - {a, b}:
        found.append(r.choice((d <= Min(a, b), d >= Max(a, c * b), d * a * b <= c, d * a >= b, d >= c * a / b)))
    return tuple(found)


def random_coordinate(r, inside):
    low, high = number(inside.low), number(inside.high)
    if r.random() < 0.1 and not inside.open_low:
        return low
    if r.random() < 0.1 and not inside.open_high:
        return high
    if mp.isinf(high):
        return low + mp.mpf(10) ** r.uniform(-8, 1.3)
    there = low + (high - low) * mp.mpf(r.choice((r.random(), 10 ** r.uniform(-9, -1), 1 - 10 ** r.uniform(-9, -1))))
    return there if low < there < high else (low + high) / 2


def meets(point, conditions, margin=None):
    """Whether a point meets conditions; with a margin in a symbol, whether no condition on that one is at its end."""
    place = Place(point)
    for c in conditions:
        try:
            a, b = place.value(c.lhs), place.value(c.rhs)
        except Undefined:
            return False
        if margin is not None and c.has(margin) and abs(a - b) <= mp.mpf(10) ** -25 * (abs(a) + abs(b)):
            return False
        if not {sp.Ge: a >= b, sp.Gt: a > b, sp.Le: a <= b, sp.Lt: a < b}[type(c)]:
            return False
    return True


def random_admissible(r, boxes, conditions, start=None, moved=None):
    for _ in range(15):
        point = dict(start or {})
        for s, inside in boxes.items():
            if moved is None or s == moved:
                point[s] = random_coordinate(r, inside)
        if meets(point, conditions):
            return point
    return None


def contradicted(fact, r, boxes, conditions, place):
    """Whether a point contradicts a fact; Undefined or Kink where it says nothing there."""
    quantity, node, s = fact.key
    if quantity == RANGE:
        try:
            return outside(place.value(node), fact.interval)
        except Undefined:
            return True
    if quantity == STEP:
        there = random_admissible(r, boxes, conditions, place.point, s)
        if there is None or there[s] == place.point[s]:
            raise Kink
        rise = (Place(there).value(node) - place.value(node)) * mp.sign(there[s] - place.point[s])
        if abs(rise) < mp.mpf(10) ** -45 * (1 + abs(place.value(node))):
            raise Kink  # too little to be told from a rounding
        return outside(rise, fact.interval)
    low, high = number(boxes[s].low), number(boxes[s].high)
    if not low < place.point[s] < high or not meets(place.point, conditions, s):
        raise Kink
    slope = place.point[s] * place.slope(node, s)
    if quantity == SLOPE:
        return outside(slope, fact.interval)
    if abs(place.value(node)) < mp.mpf(10) ** -25:
        raise Kink
    return outside(slope / place.value(node), fact.interval)


def compared(seed, points=4):
    """How many comparisons of facts with points one random expression gave, and those that failed."""
    r = random.Random(seed)
    symbols = SYMBOLS[: r.choice((1, 2, 2, 3))]
    boxes, conditions = {s: random_box(r) for s in symbols}, random_conditions(r, symbols)
    try:
        f = random_expression(r, r.choice((2, 3, 4)), symbols)
        calculus = Calculus(ground(boxes, conditions))
    except (UndefinedError, ValueError):  # nothing is left of the box, or SymPy does not compare complex numbers
        return 0, []
    if f.has(sp.zoo, sp.nan, sp.oo, sp.I):
        return 0, []
    for node in sp.preorder_traversal(f):
        calculus.known((RANGE, node, None))
    for node in (f, *f.args):
        for s in sorted(node.free_symbols, key=str):
            for quantity in (STEP, ELASTICITY, SLOPE):
                calculus.known((quantity, node, s))
    count, failed = 0, []
    for _ in range(points):
        point = random_admissible(r, boxes, conditions)
        if point is None:
            break
        place = Place(point)
        for fact in calculus.facts:
            try:
                wrong = contradicted(fact, r, boxes, conditions, place)
            except (Undefined, Kink):
                continue
            count += 1
            if wrong:
                failed.append((seed, str(fact), fact.rule, point, conditions))
    return count, failed


@pytest.mark.parametrize("seeds", [range(0, 60), range(1000, 1060), range(2000, 2060), range(3000, 3060)])
def test_no_point_contradicts_a_fact(seeds):
    total = 0
    with mp.workdps(60):
        for seed in seeds:
            count, failed = compared(seed)
            assert not failed, failed[0]
            total += count
    assert total > 3000
