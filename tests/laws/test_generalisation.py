"""The generalisation chain: forms against formulas typed in another way, derivations, thresholds, counterexamples."""

from __future__ import annotations

import importlib
import itertools
from fractions import Fraction

import mpmath as mp
import pytest
import sympy as sp

from symbolic import intervals
from symbolic.calculus import Unproved, derive
from symbolic.calculus_check import check
from symbolic.papers import generalisation as g
from symbolic.words import DICTIONARY
from verify.arena import arenas
from verify.claims import claims
from verify.efforts import EFFORTS
from verify.engine import Engine
from verify.probes import without_constants
from verify.settings import Settings
from verify.verdict import Grade

MODULES = ("generalisation", "paper_sizes", "pseudo_dimension", "covering_numbers")
FILES = {importlib.import_module(f"properties.weight_decay.{name}").__file__ for name in MODULES}
CLAIMS = [c for c in claims().values() if c.file in FILES]
MUTANTS = [pytest.param(m, id=f"{c.id}: {m.name}") for c in CLAIMS for m in c.mutants]


def named(grade):
    return [pytest.param(c, id=c.id) for c in CLAIMS if c.expects is grade]


def value(expression, **letters):
    """An expression at words given by letter, in 30 digits."""
    given = {x: letters[x.name.partition(":")[2]] for x in expression.free_symbols}
    return mp.mpf(str(sp.N(expression.subs({x: sp.Rational(str(v)) for x, v in given.items()}), 30)))


def uniform(N, d, delta):
    return mp.sqrt(32) * mp.sqrt((1 + mp.log(4) + mp.log1p(d) - mp.log(delta) + d * mp.log(100 * N) / 2) / N)


def rate(N, k, delta):
    return mp.sqrt(k * mp.log(N) / N - mp.log(delta) / N)


def patterns(counted, R):
    """2 + w log2(2 r log2 r) at r = 2 e R."""
    r = 2 * mp.e * R
    return 2 + counted * (1 + (mp.log(r) + mp.log(mp.log(r) / mp.log(2))) / mp.log(2))


def full(m, n):
    return patterns((m * n + m) + (m * n + 2 * m), m + 2)


def low(m, n, r):
    return patterns((m * r + r * n + m) + (m * r + r * n + 2 * m), 2 * m + 3)


def near(N, delta, m, n, r, L, U, R, dist):
    return (2 * L) ** 2 * uniform(N, low(m, n, r), delta) + 2 * (4 * L) * (U * dist * R)


def near_any(N, delta, m, n, r, L, U, R, dist):
    s = U * dist * R
    return (2 * (L + s)) ** 2 * uniform(N, low(m, n, r), delta) + 8 * L * s + 2 * s**2


half = mp.mpf(1) / 2
SAMPLE = {"N": 70, "delta": half / 8}
NETWORK = {**SAMPLE, "m": 5, "n": 3, "L": 3 * half}
NEAR = {**NETWORK, "r": 2, "U": 7, "R": half, "dist": half / 4}
FORMS = [
    (g.convergence.expression, lambda N, eps, N_1: mp.exp(mp.log(4 * N_1) - N * eps**2 / 32),
     {"N": 70, "eps": half, "N_1": 9}),
    (g.haussler.expression, lambda d, alpha: mp.exp(1 + mp.log1p(d) + d * (mp.log(2) + 1 - mp.log(alpha))),
     {"d": 3, "alpha": half / 2}),
    (g.one_dimension, lambda alpha: (2 * mp.e) ** 2 / alpha, {"alpha": half}),
    (g.uniform.expression, uniform, {**SAMPLE, "d": 3}),
    (g.uniform.expression, uniform, {**SAMPLE, "d": 0}),
    (g.uniform_as_read.expression, lambda N, d, delta, C: C * rate(N, d, delta), {**SAMPLE, "d": 3, "C": 5}),
    (g.full.expression, full, {"m": 5, "n": 3}),
    (g.full_as_read.expression, lambda m, n, C: mp.log(mp.mpf(m) ** (C * n * m)), {"m": 5, "n": 3, "C": 2}),
    (g.low.expression, low, {"m": 5, "n": 3, "r": 2}),
    (g.two_layer.expression, lambda N, delta, m, n, L: (2 * L) ** 2 * uniform(N, full(m, n), delta), NETWORK),
    (g.of_rank.expression, lambda N, delta, m, n, L, r: (2 * L) ** 2 * uniform(N, low(m, n, r), delta),
     {**NETWORK, "r": 2}),
    (g.two_layer_as_read.expression, lambda N, delta, m, n, L, C: C * L**2 * rate(N, m * n * mp.log(m), delta),
     {**NETWORK, "C": 3}),
    (g.of_rank_as_read.expression, lambda N, delta, m, n, L, C: C * L**2 * rate(N, mp.log(m) * (n + m), delta),
     {**NETWORK, "C": 3}),
    (g.near_rank.expression, near, NEAR),
    (g.near_any.expression, near_any, NEAR),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(FORMS)))
def test_forms_are_those_typed_in_another_way(number):
    expression, formula, letters = FORMS[number]
    with mp.workdps(25):
        assert mp.almosteq(value(expression, **letters), formula(**letters), rel_eps=mp.mpf(10) ** -15)


# -- what the numbers are ---------------------------------------------------------------------------------------------


def first_sample(dimension):
    """The least N for which the deviation is at most 1, at delta = 1/20."""
    below, above = 1, 10**15
    while above - below > 1:
        middle = (below + above) // 2
        below, above = (below, middle) if uniform(middle, dimension, mp.mpf(1) / 20) <= 1 else (middle, above)
    return above


def test_first_samples_are_those_that_are_claimed():
    with mp.workdps(30):
        sizes = ((8192, 8), (32768, 784))
        assert [first_sample(d) for d in (1, 10)] == [363, 2219]
        assert [first_sample(full(*s)) for s in sizes] == [1_299_573_068, 589_370_483_169]
        assert [first_sample(low(*s, 2)) for s in sizes] == [485_246_925, 2_301_584_112]
        assert [first_sample(low(*s, 1)) for s in sizes] == [341_603_695, 1_615_172_447]


def test_the_probability_of_failure_at_the_deviation_is_at_most_delta():
    with mp.workdps(25):
        for N, d, delta in itertools.product((1, 7, 400, 10**7), (0, 1, 9), (half / 10, half, 1 - half / 99)):
            eps = uniform(N, d, delta)
            failure = 4 * mp.e * (d + 1) * (32 * mp.e / eps) ** d * mp.exp(-(eps**2) * N / 32)
            assert failure <= delta * (1 + mp.mpf(10) ** -20)


def cover_of_a_line(places, radius):
    """The least number of intervals of length 2 radius that hold all places, from the left."""
    count, end = 0, None
    for place in places:
        if end is None or place > end:
            count, end = count + 1, place + 2 * radius
    return count


@pytest.mark.parametrize("radius", [Fraction(1, 7), Fraction(2, 5), Fraction(1, 64), Fraction(1, 2), Fraction(1)])
def test_covers_of_steps_and_constants_are_counted_right(radius):
    for N in (1, 2, 7, 30):
        steps = cover_of_a_line([Fraction(i, N) for i in range(N + 1)], radius)
        assert value(g.steps_cover, N=N, alpha=radius) == steps
        for a in (1, Fraction(5, 2)):
            fine = cover_of_a_line([Fraction(i, 10**4) * a for i in range(10**4 + 1)], radius)
            assert value(g.constants_cover, a=a, alpha=radius) == fine


def test_one_neuron_shatters_one_point_more_than_there_are_inputs_and_mixed_thresholds_do_not_help():
    """In one dimension: relu and -relu of lines through a grid, at two and at three points."""
    numbers = [Fraction(k, 2) for k in range(-6, 7)]
    values = {
        tuple(u * max(v * x + b, 0) for x in (-1, 0, 1))
        for u in (-1, 1)
        for v, b in itertools.product(numbers, numbers)
    }
    seen = {tuple(f > 0 for f in found[:2]) for found in values}
    assert len(seen) == 4
    for levels in itertools.product([Fraction(k, 2) for k in range(-2, 3)], repeat=3):
        assert len({tuple(f > t for f, t in zip(found, levels, strict=True)) for found in values}) < 8


def test_pseudo_dimension_is_not_subadditive_under_composition():
    def wave(x):
        return abs(x - 2 * round(x / 2))

    scales = (Fraction(0), Fraction(1), Fraction(2), Fraction(11, 4))
    assert len({(wave(t) > Fraction(1, 2), wave(t / 2) > Fraction(1, 2)) for t in scales}) == 4


# -- derivations ------------------------------------------------------------------------------------------------------


def derived(claim):
    statement = claim.statement
    domain = {DICTIONARY[name].symbol: intervals.of_span(within) for name, within in statement.given.spans.items()}
    return derive(statement.says, domain, statement.assuming)


@pytest.mark.parametrize("claim", named(Grade.PROVED))
def test_what_is_to_be_proved_is_derived_and_its_trace_accepted(claim):
    trace = derived(claim)
    assert not isinstance(trace, Unproved), f"{trace.reason}: {trace.culprit}"
    check(trace)


@pytest.mark.parametrize("claim", named(Grade.REFUTED))
def test_what_is_false_is_not_derived(claim):
    assert isinstance(derived(claim), Unproved)


@pytest.mark.parametrize("mutant", MUTANTS)
def test_no_mutant_is_derived(mutant):
    assert isinstance(derived(mutant), Unproved)


# -- counterexamples --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def engine():
    return Engine(Settings(EFFORTS["quick"], 0, tuple(arenas("cpu", "float64")), None, None, False, False, False))


@pytest.mark.parametrize("claim", named(Grade.REFUTED))
def test_what_is_false_has_an_exact_counterexample(claim, engine):
    verdict = engine.judge(claim)
    assert verdict.grade is Grade.REFUTED
    point = verdict.details["witness"]["point"]
    assert point
    assert all(Fraction(number) is not None for number in point.values())


def test_a_constant_whose_removal_leaves_no_number_is_kept():
    """2 -> 1 makes log(2) vanish, so that a logarithm to the base 2 has no value."""
    for says in (g.full.expression >= 37, sp.Ge(g.m, 3 / sp.log(2))):
        made = [sentence for _, sentence in without_constants(says)]
        assert not any(sentence.has(sp.zoo, sp.nan) for sentence in made)
        assert sp.Integer(2) not in [number for number, _ in without_constants(says)]
