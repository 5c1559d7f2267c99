"""Strict means, products of one moving factor, decays of a ratio, limits between roundings: truths, lies, and values.

Every interval that the rules give for random sums, products and decays is compared with values of two hundred digits.
"""

import json
import random
from dataclasses import replace

import mpmath as mp
import pytest
from sympy import E, Max, Min, Rational, S, ceiling, exp, floor, log, oo, preorder_traversal, sqrt

from symbolic import ends
from symbolic.behaviour import decreasing, increasing, limit
from symbolic.calculus import Calculus, Unproved, derive, ground
from symbolic.calculus_check import RejectedTrace, check
from symbolic.calculus_rules import ELASTICITY, RANGE, SLOPE, STEP
from symbolic.conclusions import ways
from symbolic.intervals import Interval
from symbolic.ranges import Ranges
from symbolic.roundings import without_rounding
from symbolic.traces import Conclusion, Trace
from symbolic.words import word

x, y, c = (word(f"sharper:{letter}", "a number") for letter in "xyc")
N, D = (word(f"sharper:{letter}", "a count", integer=True) for letter in "ND")
delta = word("sharper:delta", "a probability")


def I(low, high, open_low=False, open_high=False):  # noqa: E743
    return Interval(ends.of(S(low)), ends.of(S(high)), open_low, open_high or high == oo)


POS, NONNEG, FROM1, FROM2, REAL = I(0, oo, True), I(0, oo), I(1, oo), I(2, oo), I(-1, 1)
B = {N: FROM1, D: FROM1, delta: I(0, 1, True, True)}
vapnik = sqrt(8 * (D * log(2 * E * N / D) + log(4 / delta)) / N)
shrinking = D * (1 - exp(-N / D)) / N
HALF, TINY = Rational(1, 2), Rational(1, 10**6)

TRUE = [
    (decreasing(vapnik, N, strictly=True), B, [N >= D / 2]),
    (increasing(x + 1, x, strictly=True), {x: REAL}),
    (increasing(2 * x + 1, x, strictly=True), {x: REAL}),
    (decreasing(c - 3 * x, x, strictly=True), {x: REAL, c: REAL}),
    (decreasing(-(x**2) * 2, x, strictly=True), {x: NONNEG}),
    (decreasing((y + log(E * x)) / x, x, strictly=True), {x: FROM1, y: POS}),
    (decreasing((1 + x) / x**2, x, strictly=True), {x: POS}),
    (decreasing(shrinking, N, strictly=True), B),
    (increasing(shrinking, D, strictly=True), B),
    (decreasing(log(N / D) / sqrt(N / D), N), B, [N >= 8 * D]),
    (limit(ceiling(log(N)) / N, N, oo, 0), B),
    (limit(sqrt(ceiling(log(x)) / x), x, oo, 0), {x: FROM1}),
    (limit(y * ceiling(log(1 + x)) ** 2 / x, x, oo, 0), {x: FROM1, y: POS}),
    (limit(log(2 * ceiling(log(x) + 1)) / sqrt(x), x, oo, 0), {x: FROM1}),
    (limit(1 / ceiling(x / y), x, oo, 0), {x: FROM1, y: POS}),
    (limit(Max(1, floor(log(x))) / x, x, oo, 0), {x: FROM1}),
    (limit(ceiling(x), x, oo, oo), {x: FROM1}),
    (limit(x / ceiling(log(x)), x, oo, oo), {x: FROM2}),
]  # fmt: skip

LIES = [
    (decreasing((1 + log(x)) / x, x, strictly=True), {x: I(HALF, oo)}),  # rises up to 1
    (decreasing((y + x) / x, x, strictly=True), {x: POS, y: NONNEG}),  # y = 0
    (decreasing((y + 1) * (c + 1 / x), x, strictly=True), {x: POS, y: I(-1, 1), c: POS}),
    (increasing((y + x) / (y + x), x, strictly=True), {x: POS, y: POS}),
    (increasing(Max(x, 1) + Max(2, x), x, strictly=True), {x: POS}),
    (increasing(c * x, x, strictly=True), {x: REAL, c: NONNEG}),
    (increasing(c * x, x), {x: REAL, c: I(-TINY, 1)}),
    (increasing(-2 * x, x), {x: REAL}),
    (increasing(2 * x**2, x), {x: REAL}),
    (increasing(2 * ceiling(x), x, strictly=True), {x: REAL}),
    (decreasing(vapnik, N, strictly=True), B, [N >= D / 3]),
    (increasing(shrinking, N), B),
    (decreasing(shrinking, D), B),
    (decreasing(D * (1 - exp(N / D)) / N, D), B),
    (decreasing((1 - exp(-x / y)) * y / x, x), {x: POS, y: REAL}),  # it rises where y < 0
    (limit(ceiling(x) / x, x, oo, 0), {x: FROM1}),
    (limit(floor(log(x)) / log(x), x, oo, 0), {x: FROM2}),
    (limit(1 + ceiling(log(x)) / x, x, oo, 0), {x: FROM1}),
    (limit(-x * ceiling(x), x, oo, 0), {x: FROM1}),
    (limit(ceiling(x) - x, x, oo, 0), {x: FROM1}),
    (limit(x - floor(x), x, oo, oo), {x: FROM1}),
    (limit(x / ceiling(x), x, oo, oo), {x: FROM1}),
    (limit(ceiling(1 / x), x, oo, 0), {x: FROM1}),  # it is 1
    (limit(ceiling(log(x)) / x, x, oo, 0), {x: I(1, 10**9)}),
    (limit(ceiling(y / x), x, oo, oo), {x: FROM1, y: FROM1}, [x <= y]),
    (limit(1 / floor(x / y), x, oo, 0), {x: FROM1, y: POS}),  # without a value at x < y
]  # fmt: skip


@pytest.mark.parametrize("claim", TRUE, ids=lambda claim: str(claim[0])[:70])
def test_a_truth_is_derived_checked_and_read_back(claim):
    trace = derive(*claim)
    assert not isinstance(trace, Unproved), trace.reason
    check(trace)
    if "mean_decay" not in str([fact.key for fact in trace.facts]):
        check(Trace.from_json(json.dumps(trace.to_json())))


@pytest.mark.parametrize("claim", LIES, ids=lambda claim: str(claim[0])[:70])
def test_a_lie_is_not_derived_nor_forged(claim):
    statement, domain, hypotheses = (*claim, ())[:3]
    assert isinstance(derive(statement, domain, hypotheses), Unproved)
    over = ground(domain, hypotheses)
    calculus = Calculus(over)
    listed = ways(statement, over)
    for way in listed:
        for key in way.keys:
            calculus.known(key)
    for name in {way.name for way in listed} | {"without roundings, 0, order of growth", "monotone", "one value alone"}:
        for premises in ((), tuple(range(min(2, len(calculus.facts)))), *(
            tuple(calculus.known(key) or 0 for key in way.keys) for way in listed
        )):  # fmt: skip
            forged = Trace(statement, domain, tuple(hypotheses), tuple(calculus.facts),
                           (Conclusion(statement, name, premises),))  # fmt: skip
            with pytest.raises(RejectedTrace):
                check(forged)


@pytest.mark.parametrize("claim", [c for c in TRUE if isinstance(c[0], limit)], ids=lambda claim: str(claim[0])[:70])
def test_the_limit_of_another_node_is_not_had_by_these_facts(claim):
    trace = derive(*claim)
    value = oo if claim[0].value == 0 else S.Zero
    for lie in (
        limit(claim[0].function, claim[0].variable, oo, value),
        limit(claim[0].function * claim[0].variable ** (9 if value == oo else -9) + 1, claim[0].variable, oo, 0),
    ):
        if lie.value == 0 or value == oo:
            said = replace(trace.conclusions[0], goal=lie)
            with pytest.raises(RejectedTrace):
                check(replace(trace, statement=lie, conclusions=(said,)))


def value(node, at):
    if node in at:
        return at[node]
    if node.is_Rational:
        return mp.mpf(int(node.p)) / int(node.q)
    if node is E:
        return +mp.e
    parts = [value(a, at) for a in node.args]
    made = {"Add": mp.fsum, "Mul": mp.fprod, "Max": max, "Min": min}.get(type(node).__name__)
    if made:
        return made(parts)
    if node.is_Pow:
        return mp.power(*parts)
    return {"log": mp.log, "exp": mp.exp, "ceiling": mp.ceil, "floor": mp.floor}[type(node).__name__](*parts)


def random_sum(r, depth=2):
    def positive():
        base = r.choice((x, 1 / x, sqrt(x), log(E + x), exp(-x), y, 1 / y, log(1 + y * x), x * y, S(3), y + 1 / x))
        return base * r.choice((1, 2, HALF)) if depth == 0 or r.random() < 0.6 else random_sum(r, depth - 1)

    made = r.choice((lambda: positive() + positive(), lambda: positive() + positive() + positive(),
                     lambda: (positive() + positive()) / x, lambda: y * (1 - exp(-x / y)) / x + positive(),
                     lambda: r.choice((-2, 3)) * (x - positive()), lambda: sqrt(positive() + y)))  # fmt: skip
    return made()


def inside(number, interval):
    """Whether a number is in an interval; of what is no rounding apart nothing is told of an open end."""
    for end, is_open, towards in ((interval.low, interval.open_low, 1), (interval.high, interval.open_high, -1)):
        if end.infinite:
            continue
        there = value_of(end)
        apart = (number - there) * towards
        slack = mp.mpf(10) ** -180 * (1 + abs(there))
        if apart < -slack or (is_open and apart == 0 and number == there):
            return False
    return True


def value_of(end):
    if end.point is not None:
        mantissa, exponent = end.point.man_exp()
        return mp.ldexp(mp.mpf(int(mantissa)), int(exponent))
    return mp.mpf(int(end.q.p)) / int(end.q.q) * mp.exp(mp.mpf(int(end.a.p)) / int(end.a.q))


@pytest.mark.parametrize("seed", range(8))
def test_no_value_of_two_hundred_digits_is_outside(seed):
    r, compared = random.Random(seed), 0
    domain = {x: I(r.choice((0, 1, HALF)), oo, True), y: I(r.choice((0, 1)), oo, True)}
    with mp.workdps(220):
        for _ in range(12):
            f = random_sum(r)
            calculus = Calculus(ground(domain, ()))
            for node in {f, *f.args}:
                for quantity in (RANGE, SLOPE, ELASTICITY, STEP):
                    calculus.known((quantity, node, None if quantity == RANGE else x))
            facts = [fact for fact in calculus.facts if fact.key[0] != RANGE and "mean_decay" not in str(fact.key[1])]
            for _ in range(3):
                low = {s: value_of(within.low) for s, within in domain.items()}
                at = {s: low[s] + mp.mpf(10) ** r.uniform(-6, 6) for s in domain}
                step = mp.mpf(10) ** -60 * at[x]
                for fact in facts:
                    quantity, node, symbol = fact.key
                    if symbol != x:
                        continue
                    here = value(node, at)
                    if quantity == STEP:
                        found = value(node, {**at, x: at[x] * (1 + mp.mpf(10) ** r.uniform(-4, 4))}) - here
                        if abs(found) < mp.mpf(10) ** -190 * (1 + abs(here)) and not fact.interval.is_point:
                            continue  # too little to be told from a rounding
                    else:
                        if abs(here) < mp.mpf(10) ** -100:
                            continue
                        up, down = (value(node, {**at, x: at[x] + sign * step}) for sign in (1, -1))
                        found = at[x] * (up - down) / (2 * step) / (here if quantity == ELASTICITY else 1)
                        lowest, highest = (value_of(e) if not e.infinite else mp.inf for e in
                                           (fact.interval.low, fact.interval.high))  # fmt: skip
                        near = mp.mpf(10) ** -80 * (1 + abs(found))
                        if min(abs(found - lowest), abs(found - highest)) < near:
                            continue
                    compared += 1
                    assert inside(found, fact.interval), (f, str(fact), fact.rule, at)
    assert compared > 100


@pytest.mark.parametrize("seed", range(4))
def test_what_has_no_roundings_bounds_what_has(seed):
    r, told = random.Random(100 + seed), 0
    over = ground({x: FROM2, y: FROM1}, ())
    parts = (
        ceiling(x),
        floor(x) + 1,
        ceiling(log(x)) + 1,
        ceiling(x / y),
        sqrt(x),
        y,
        floor(sqrt(x)),
        S(2),
        ceiling(x * y),
    )
    with mp.workdps(60):
        for _ in range(60):
            a, b = r.choice(parts), r.choice(parts)
            node = r.choice(
                (a + b, a * b, a / (1 + b), log(1 + a), Max(a, b), Min(a, b), sqrt(a + b), log(a + b) / b, exp(-a))
            )
            for above in (True, False):
                bound = without_rounding(node, above, Ranges(over))
                if bound is None or not any(n.func in (ceiling, floor) for n in preorder_traversal(node)):
                    continue
                for _ in range(4):
                    at = {x: 2 + mp.mpf(10) ** r.uniform(-3, 4), y: 1 + mp.mpf(10) ** r.uniform(-3, 3)}
                    told += 1
                    assert (value(bound, at) - value(node, at)) * (1 if above else -1) >= -(mp.mpf(10) ** -50), node
    assert told > 60
