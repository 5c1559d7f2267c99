"""Sums over as many places as a word says: what the calculus proves of them holds, and their values are the sums.

Random terms over random boxes: every fact about the sum, and about what it is a part of, is compared with sums of sixty
digits at random points; values on lanes and of exact numbers are compared with sums term by term.
"""

import json
import random
from fractions import Fraction

import mpmath as mp
import pytest
import sympy as sp
from sympy import Rational, S, ceiling, exp, harmonic, log, oo, sqrt

from properties.worlds.boxes import Box
from symbolic import ends
from symbolic.behaviour import decreasing, dominates, homogeneous, increasing, limit, positive, reduces_to
from symbolic.calculus import Calculus, Unproved, derive, ground
from symbolic.calculus_check import check
from symbolic.calculus_rules import ELASTICITY, RANGE, SLOPE, STEP
from symbolic.codec import Decoder, encode, vocabulary
from symbolic.intervals import Interval, UndefinedError
from symbolic.totals import Place, TotalError, place, total
from symbolic.traces import Trace
from symbolic.words import word
from verify import totals
from verify.arena import arenas, torch
from verify.claims import claim, forget
from verify.efforts import EFFORTS
from verify.engine import Engine
from verify.exact import Exact
from verify.settings import Settings

l, k = place("l"), place("k")  # noqa: E741
L = word("totals:L", "a count", integer=True)
N = word("totals:N", "another count", integer=True)
x, y, a = (word(f"totals:{letter}", "a number") for letter in "xya")
HALF = Rational(1, 2)


def I(low, high, open_low=False, open_high=False):  # noqa: E743
    return Interval(ends.of(S(low)), ends.of(S(high)), open_low, open_high or high == oo)


FROM1, POS, NONNEG = I(1, oo), I(0, oo, True), I(0, oo)
D = {L: FROM1, x: POS, a: NONNEG}
falling = total(x * l**-a, l, L)

TRUE = [
    (increasing(falling, L, strictly=True), D),
    (decreasing(falling, a), D),
    (increasing(falling, x, strictly=True), D),
    (dominates(L * x, falling), D),
    (dominates(falling, x), D),
    (reduces_to(falling, {a: 0}, L * x), D),
    (reduces_to(falling, {a: 1}, x * harmonic(L)), D),
    (reduces_to(falling, {L: 2}, x * (1 + 2**-a)), D),
    (homogeneous(falling, x, 1), D),
    (limit(falling, a, 0, L * x), D),
    (limit(x ** (a / (a + 1)), a, oo, x), {x: POS, a: NONNEG}),
    (limit((x * a + 1) / (a + 1), a, oo, x), {x: POS, a: NONNEG}),
    (limit(a * falling.xreplace({a: S.One}) / (a + 1), a, oo, x * harmonic(L)), D),
    (dominates(x * (1 + log(L)), falling), {**D, a: FROM1}),
    (dominates(harmonic(L), log(1 + L)), {L: FROM1}),
    (sp.Gt(2, total(l**-a, l, L)), {**D, a: I(2, oo)}),
    (sp.Gt(1, total((1 + l) ** -2, l, L)), {L: FROM1}),
    (sp.Gt(HALF + Rational(1, 5), total((1 + l) ** -2, l, L) - Rational(3, 10)), {L: FROM1}),
    (increasing(total(log(1 + x / l), l, L), x, strictly=True), {L: FROM1, x: NONNEG}),
    (dominates(exp(x * (1 + log(L))), exp(total(log(1 + x / l), l, L))), {L: FROM1, x: NONNEG}),
    (dominates(total(l**-x, l, L), total(l ** (-x - y), l, L)), {L: FROM1, x: NONNEG, y: NONNEG}),
    (increasing(x + total(x ** (l - 1), l, L - 1), x, strictly=True), {L: FROM1, x: FROM1}),
    (increasing(total(ceiling(x / l), l, L), x), {L: FROM1, x: POS}),
    (increasing(total(l + x, l, L) / N, L, strictly=True), {L: FROM1, N: FROM1, x: POS}),
    (decreasing(total(-l - x, l, L), L, strictly=True), {L: FROM1, x: NONNEG}),
    (positive(total(total(1 / (k + l), k, L), l, L)), {L: FROM1}),
    (reduces_to(total(x * l, l, L), {x: 2}, L * (L + 1)), {L: FROM1, x: POS}),
]


@pytest.mark.parametrize("claim_", TRUE, ids=lambda c: str(c[0])[:60])
def test_a_true_claim_is_derived_checked_and_read_back(claim_):
    statement, domain = claim_
    found = derive(statement, domain)
    assert not isinstance(found, Unproved), found
    check(found)
    again = Trace.from_json(json.dumps(found.to_json()))
    check(again)
    assert again.statement == statement


LIES = [
    (increasing(falling, a), D),
    (decreasing(falling, a, strictly=True), D),  # for L = 1 it is x
    (increasing(total(log(1 + x / l), l, L), L, strictly=True), {L: FROM1, x: NONNEG}),  # at x = 0
    (increasing(total(y * l, l, L), L), {L: FROM1, y: I(-1, 1)}),
    (increasing(total(x - l, l, L), L), {L: FROM1, x: FROM1}),
    (increasing(total(x / l, l, L - N), x, strictly=True), {L: FROM1, N: FROM1, x: POS}),
    (increasing(total(x / l, l, L - 1), x, strictly=True), {L: FROM1, x: POS}),  # L = 1: no term
    (positive(total(l**-a, l, L)), {L: NONNEG, a: FROM1}),  # L = 0
    (sp.Gt(Rational(16, 10), total(l**-a, l, L)), {L: FROM1, a: I(2, oo)}),  # pi^2/6
    (sp.Gt(Rational(64, 100), total((1 + l) ** -2, l, L)), {L: FROM1}),  # pi^2/6 - 1
    (dominates(x * (1 + log(L)), falling), {**D, a: I(Rational(99, 100), oo)}),
    (dominates(log(L), harmonic(L)), {L: FROM1}),
    (dominates(log(2 + L), harmonic(L)), {L: FROM1}),
    (dominates(falling, L * x), D),
    (dominates(L * x / 2, falling), D),
    (dominates((L - 1) * x, falling), D),
    (homogeneous(total(x**l, l, L), x, 2), {L: FROM1, x: POS}),
    (homogeneous(total(x**l, l, L), x, l), {L: FROM1, x: POS}),
    (reduces_to(falling, {a: 1}, x * log(L)), D),
    (reduces_to(falling, {L: 3}, x * (1 + 2**-a)), D),
    (limit(falling, a, 0, x), D),
    (dominates(total(l**-x, l, L), total(l**-y, l, L)), {L: FROM1, x: NONNEG, y: NONNEG}),
    (dominates(total(l**-x, l, N), total(l**-x, l, L)), {L: FROM1, N: FROM1, x: NONNEG}),
    (increasing(total(ceiling(x / l), l, L), x, strictly=True), {L: FROM1, x: POS}),
    (positive(total(log(l), l, L)), {L: FROM1}),
    (positive(total(1 / (l - x), l, L)), {L: FROM1, x: I(0, 1)}),
    (positive(1 + total(sqrt(x - l), l, L)), {L: FROM1, x: FROM1}),
    (limit(total(l**-a, l, L), L, oo, 2), {L: FROM1, a: I(2, oo)}),
    (limit((x * a + 1) / (a + 1), a, oo, 1), {x: POS, a: NONNEG}),
    (limit(ceiling(1 / a), a, oo, 0), {a: FROM1}),
    (limit(a * log(1 + 1 / a), a, oo, 0), {a: FROM1}),
    (limit(x ** (a / (a + 1)), a, oo, 1), {x: POS, a: NONNEG}),
    (limit((x / a) ** (1 / a), a, oo, 0), {x: POS, a: FROM1}),  # it tends to 1
    (dominates(exp(x * (1 + log(L)) / 2), exp(total(log(1 + x / l), l, L))), {L: FROM1, x: NONNEG}),
]


@pytest.mark.parametrize("lie", LIES, ids=lambda c: str(c[0])[:60])
def test_a_lie_is_not_derived(lie):
    assert isinstance(derive(*lie), Unproved)


# -- what a sum is ----------------------------------------------------------------------------------------------------


def test_the_place_is_bound():
    assert falling.free_symbols == {L, x, a}
    nested = total(total(l**-a, l, N) / l, l, L)
    assert nested == total(l**-a, l, N) * harmonic(L)
    assert total(l**-a, l, L).xreplace({l: sp.Integer(7)}) == total(l**-a, l, L)
    with pytest.raises(TotalError):
        total(x + l, l, L).xreplace({x: 2 * l})


@pytest.mark.parametrize(
    ("body", "over", "upper"),
    [(l, x, L), (l, l, L / 2), (l, l, x), (l, l, l), (l, l, -1), (l, l, HALF), (sp.true, l, L)],
)
def test_what_is_no_sum_is_refused(body, over, upper):
    with pytest.raises(TotalError):
        total(body, over, upper)


@pytest.mark.parametrize("name", ["", "1", "l l", "l;", "λ", 3])
def test_a_place_has_a_plain_name(name):
    with pytest.raises(TotalError):
        place(name)


@pytest.mark.parametrize("node", [falling, total(ceiling(x / l) + log(l), l, L - 1), total(l**-2, l, 10**9)])
def test_a_sum_is_stored_and_read_back(node):
    stored = json.loads(json.dumps([encode(node), vocabulary(node)]))
    assert Decoder(stored[1])(stored[0]) == node
    assert sp.latex(node**2).startswith("\\left(") or sp.latex(node**2)


def test_a_long_sum_is_not_written_out():
    deep = l
    for _ in range(12):
        deep = total(deep + l * x, l, 32) + l
    assert isinstance(total(1 / l, l, 10**12), total)


# -- values -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("last", [0, 1, 2, 63, 64, 65, 127, 128, 129, 1000, 30000])
def test_values_enclose_the_sum(last):
    places = range(1, last + 1)
    for term, of in (
        (lambda u: 1 / u, lambda n: Fraction(1, n)),
        (lambda u: 1 / (u * u), lambda n: Fraction(1, n * n)),
    ):
        truth = float(sum(map(of, places), Fraction(0))) if last <= 1000 else sum(float(of(n)) for n in places)
        found = totals.exactly(Exact.fractions([Fraction(last)]), lambda p, term=term: (term(p), 0.0))
        if last <= totals.EXACT_TERMS:
            assert float(found[0].fraction()) == pytest.approx(truth, rel=1e-15)
        else:
            ball = found.values[0]
            assert float(ball.lower()) <= truth * (1 + 1e-12)
            assert float(ball.upper()) >= truth * (1 - 1e-12)
        module = torch()
        upper = module.tensor([float(last), 5.0, 0.5, -1.0], dtype=module.float64)
        lanes, scale = totals.on_lanes(module, upper, 1e-12, lambda p, term=term: (term(p), 1.0))
        assert abs(float(lanes[0]) - truth) <= 1e-12 * float(scale[0]) + 1e-12
        assert float(lanes[1]) == pytest.approx(float(sum(map(of, range(1, 6)))), rel=1e-14)
        assert lanes[2:].isnan().all()


@pytest.mark.parametrize("last", [Fraction(-1), Fraction(1, 2)])
def test_a_sum_that_ends_nowhere_has_no_value(last):
    found = totals.exactly(Exact.fractions([last]), lambda p: (p, 0.0))
    assert found.undefined_mask().all()


def test_a_place_outside_of_its_sum_has_no_value():
    made = claim("draft/loose", "A place is no word.", given=Box({x: (1, 2)}), says=x * l <= 100)
    try:
        verdict = Engine(Settings(EFFORTS["quick"], 0, tuple(arenas("cpu", "float64")))).judge(made)
        assert "outside of a sum" in str(verdict)
    finally:
        forget(made.file)


# -- facts at points --------------------------------------------------------------------------------------------------


class Undefined(Exception):
    """A node without a value at a point."""


def value(node, point):
    """A node at a point, in the working precision; sums term by term."""
    if node in point:
        return point[node]
    if node.is_Rational:
        return mp.mpf(int(node.p)) / int(node.q)
    if node in (sp.pi, sp.E):
        return +mp.pi if node is sp.pi else +mp.e
    if isinstance(node, total):
        terms = ({**point, node.over: mp.mpf(n)} for n in range(1, int(value(node.upper, point)) + 1))
        return mp.fsum(value(node.body, inside) for inside in terms)
    if isinstance(node, harmonic):
        return mp.harmonic(value(node.args[0], point))
    parts = [value(part, point) for part in node.args]
    if isinstance(node, sp.Add):
        return mp.fsum(parts)
    if isinstance(node, sp.Mul):
        return mp.fprod(parts)
    if isinstance(node, sp.Pow):
        if (parts[0] < 0 and parts[1] != int(parts[1])) or (parts[0] == 0 and parts[1] <= 0):
            raise Undefined
        return parts[0] ** parts[1]
    if isinstance(node, log):
        if parts[0] <= 0:
            raise Undefined
        return mp.log(parts[0])
    return {exp: mp.exp, ceiling: mp.ceil, sp.Abs: abs}[type(node)](*parts)


def random_term(r, depth):
    if depth == 0:
        return r.choice((l, l, x, y, sp.Integer(r.randint(1, 3)), Rational(r.randint(1, 9), r.randint(1, 9))))
    u = random_term(r, depth - 1)
    kind = r.randrange(9)
    if kind < 4:
        v = random_term(r, r.randint(0, depth - 1))
        return u * v if kind < 2 else u + v
    if kind < 6:
        return u ** r.choice((-2, -1, -HALF, HALF, 2))
    if kind == 6:
        return log(1 + u)
    return l ** (-u) if kind == 7 else -u


def random_point(r, domain):
    def one(symbol, within):
        low = int(within.low.rational.p) / int(within.low.rational.q)
        if symbol.is_integer:
            return mp.mpf(int(low) + r.choice((0, 0, 1, 2, r.randint(0, 12))))
        return mp.mpf(low) + mp.mpf(10) ** r.uniform(-6, 1) if within.open_low or r.random() < 0.8 else mp.mpf(low)

    return {symbol: one(symbol, within) for symbol, within in domain.items()}


def outside(number, interval, digits=40):
    slack = mp.mpf(10) ** -digits * (1 + abs(number))
    low = -mp.inf if interval.low.infinite else mp.mpf(str(interval.low.ball().lower().str(60, radius=False)))
    high = mp.inf if interval.high.infinite else mp.mpf(str(interval.high.ball().upper().str(60, radius=False)))
    return number < low - slack or number > high + slack


def contradicted(fact, r, domain, point):
    quantity, node, s = fact.key
    here = {**point, l: mp.mpf(r.randint(1, 9))} if l in node.free_symbols else point
    if quantity == RANGE:
        return outside(value(node, here), fact.interval)
    if quantity == STEP:
        there = {**here, s: max(here[s], random_point(r, domain)[s])}
        if there[s] == here[s]:
            return False
        rise = value(node, there) - value(node, here)
        if abs(rise) < mp.mpf(10) ** -45 * (1 + abs(value(node, here))):
            return False  # too little to be told from a rounding
        return outside(rise, fact.interval)
    if s.is_integer or here[s] == 0 or node.has(ceiling):
        return False
    h = here[s] * mp.mpf(10) ** -20
    slope = here[s] * (value(node, {**here, s: here[s] + h}) - value(node, {**here, s: here[s] - h})) / (2 * h)
    if quantity == ELASTICITY:
        if abs(value(node, here)) < mp.mpf(10) ** -20:
            return False
        slope = slope / value(node, here)
    return outside(slope, fact.interval, 25)


@pytest.mark.parametrize("seeds", [range(0, 70), range(500, 570), range(900, 970)])
def test_no_point_contradicts_a_fact(seeds):
    count = 0
    with mp.workdps(80):
        for seed in seeds:
            r = random.Random(seed)
            upper = r.choice((L, L, L - 1, L + 1))
            whole = total(random_term(r, r.choice((1, 2, 2, 3))), l, upper)
            whole = r.choice((whole, whole / L, sqrt(L) * whole, x * whole, whole + y, whole**2))
            domain = {L: FROM1, x: r.choice((POS, NONNEG, FROM1)), y: r.choice((POS, FROM1, I(HALF, oo)))}
            if whole.has(sp.nan, sp.zoo, sp.I):
                continue
            calculus = Calculus(ground(domain, ()))
            try:
                calculus.known((RANGE, whole, None))
                for s in sorted(whole.free_symbols, key=str):
                    for quantity in (STEP, SLOPE, ELASTICITY):
                        calculus.known((quantity, whole, s))
            except UndefinedError:
                continue
            for _ in range(4):
                point = random_point(r, domain)
                for fact in calculus.facts:
                    if isinstance(fact.key[1], Place):
                        continue
                    try:
                        wrong = contradicted(fact, r, domain, point)
                    except (Undefined, ZeroDivisionError, OverflowError):
                        continue
                    count += 1
                    assert not wrong, (seed, str(fact), fact.rule, point)
    assert count > 2000
