"""Sums, places and harmonic numbers of which something false was once derived: each is refused, and no forgery holds.

A sum that ends before 0 has no value; a place is bound by its sum, whatever a hypothesis or a domain calls by its
letter; ``harmonic(n, m)`` is not ``harmonic(n)``; a special case has the values that are put in.
"""

import json
from dataclasses import replace

import pytest
from sympy import Eq, Ge, Gt, Le, Rational, S, exp, harmonic, log, oo, sqrt

from symbolic import ends
from symbolic.behaviour import (
    concave,
    convex,
    decreasing,
    dominates,
    homogeneous,
    increasing,
    limit,
    positive,
    reduces_to,
)
from symbolic.calculus import Calculus, Unproved, derive, ground
from symbolic.calculus_check import RejectedTrace, check
from symbolic.calculus_rules import RANGE
from symbolic.intervals import Interval
from symbolic.totals import loose, place, total
from symbolic.traces import Conclusion, Trace
from symbolic.words import word

l, k = place("l"), place("k")  # noqa: E741
L = word("totallies:L", "a count", integer=True)
N = word("totallies:N", "another count", integer=True)
x, y, a = (word(f"totallies:{letter}", "a number") for letter in "xya")
HALF = Rational(1, 2)


def I(low, high, open_low=False, open_high=False):  # noqa: E743
    return Interval(ends.of(S(low)), ends.of(S(high)), open_low, open_high or high == oo)


FROM1, POS, NONNEG, UNIT = I(1, oo), I(0, oo, True), I(0, oo), I(0, 1)
ending_early = total(sqrt(l), l, L - 1)  # for L = 0 it would have -1 terms

WITHOUT_VALUE = [
    (positive(exp(ending_early)), {L: NONNEG}),
    (dominates(ending_early + 1, ending_early), {L: NONNEG}),
    (dominates(total(l**x, l, 1 - L) + 1, total(l**x, l, 1 - L)), {L: FROM1, x: POS}),
    (homogeneous(y * ending_early, y, 1), {L: NONNEG, y: POS}),
    (concave(ending_early - x, x), {L: NONNEG, x: UNIT}),
    (convex(x * ending_early, x), {L: NONNEG, x: UNIT}),
    (Eq(total(sqrt(l), l, L - N), total(sqrt(l), l, L - N), evaluate=False), {L: FROM1, N: FROM1}),
    (reduces_to(ending_early, {L: N}, total(sqrt(l), l, N - 1)), {L: FROM1, N: NONNEG}),
    (reduces_to(a * y, {a: 1 / y}, 1), {a: POS, y: UNIT}),  # y = 0
    (reduces_to(L * x, {a: 1 / y}, L * x), {L: FROM1, x: POS, a: POS, y: UNIT}),
    (reduces_to(total(l**-a, l, L), {a: log(y)}, total(l ** -log(y), l, L)), {L: FROM1, a: NONNEG, y: UNIT}),
]

OF_TWO_ARGUMENTS = [
    (dominates(harmonic(L, 2), log(1 + L)), {L: FROM1}),  # 49/36 < log(4)
    (dominates(harmonic(L, 2), harmonic(L)), {L: FROM1}),
    (increasing(harmonic(L, x), L), {L: FROM1, x: POS}),
    (decreasing(1 / harmonic(L, 2), L, strictly=True), {L: FROM1}),
    (limit(harmonic(L, 2) / L**2, L, oo, 0), {L: FROM1}),
    (homogeneous(y * harmonic(L, x), y, 1), {L: FROM1, x: POS, y: POS}),
    (Gt(harmonic(L, x), Rational(1, 2), evaluate=False), {L: FROM1, x: POS}),
]

LOOSE = [
    (dominates(total(sqrt(l), l, L), L * x), {L: FROM1, x: POS}, [Le(x, sqrt(l))]),  # L = 1, x = 10, l = 100
    (dominates(total(total(sqrt(l), l, N) + k, k, L), L * x), {L: FROM1, N: FROM1, x: POS}, [Ge(sqrt(k), x)]),
    (dominates(sqrt(l), x), {x: POS}, [Le(x, sqrt(l))]),
    (positive(x * l), {x: POS}),
    (increasing(l * x, x), {x: POS}),
    (positive(total(sqrt(l) - 2, l, L)), {L: FROM1, l: I(5, 6)}),  # L = 1: -1
    (reduces_to(x * y, {x: l}, l * y), {x: POS, y: POS}),
]


@pytest.mark.parametrize("lie", [*WITHOUT_VALUE, *OF_TWO_ARGUMENTS, *LOOSE], ids=lambda lie: str(lie[0])[:60])
def test_a_lie_is_not_derived(lie):
    found = derive(*lie)
    assert isinstance(found, Unproved)
    assert found.reason


TRUE = [
    (dominates(total(sqrt(l), l, L), L * x), {L: FROM1, x: UNIT}),
    (positive(exp(ending_early)), {L: FROM1}),
    (dominates(harmonic(L), log(1 + L)), {L: FROM1}),
    (reduces_to(a * y, {a: 1 / y}, 1), {a: POS, y: I(0, 1, True)}),
    (reduces_to(ending_early, {L: N}, total(sqrt(l), l, N - 1)), {L: FROM1, N: FROM1}),
]


@pytest.mark.parametrize("truth", TRUE, ids=lambda truth: str(truth[0])[:60])
def test_its_neighbour_that_is_true_is_derived(truth):
    found = derive(*truth)
    assert isinstance(found, Trace), found
    check(Trace.from_json(json.dumps(found.to_json())))


def test_a_trace_with_a_hypothesis_or_a_domain_about_a_place_is_rejected():
    trace = derive(*TRUE[0])
    check(trace)
    for forged in (
        replace(trace, domain={L: FROM1, x: POS}, hypotheses=(Le(x, sqrt(l)),)),
        replace(trace, domain={L: FROM1, x: POS}, hypotheses=(Ge(l, x**2),)),
    ):
        for facts in (forged.facts, tuple(_over(forged))):
            with pytest.raises(RejectedTrace):
                check(replace(forged, facts=facts))


def _over(trace):
    """The facts of a trace anew, as its rules give them over its own domain."""
    calculus = Calculus(ground(trace.domain, trace.hypotheses))
    for fact in trace.facts:
        calculus.known(fact.key)
    return calculus.facts


def test_a_trace_of_a_statement_about_a_loose_place_is_rejected():
    calculus = Calculus(ground({x: POS}, ()))
    premises = (calculus.known((RANGE, l * x, None)),)
    statement = positive(l * x)
    forged = Trace(statement, {x: POS}, (), tuple(calculus.facts), (Conclusion(statement, "sign", premises),))
    with pytest.raises(RejectedTrace):
        check(forged)


@pytest.mark.parametrize("node", [harmonic(L, 2), harmonic(L, x) ** 2, total(sqrt(l), l, L - 2)])
def test_nothing_bounds_what_may_have_no_value(node):
    assert Calculus(ground({L: FROM1, x: POS}, ())).known((RANGE, node, None)) is None


def test_a_place_that_a_sum_binds_is_not_loose():
    assert loose(total(l + x, l, L)) == []
    assert loose(l + total(l + x + sqrt(k), l, L)) == [k, l]
