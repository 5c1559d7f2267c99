"""Bounds from the literature: forms against formulas typed in another way, derivations, and exact counterexamples."""

from __future__ import annotations

import importlib
from fractions import Fraction

import mpmath as mp
import pytest
import sympy as sp
from flint import arb

from symbolic import intervals
from symbolic.calculus import Unproved, derive
from symbolic.calculus_check import check
from symbolic.papers import convolutional, counting, norm_based, vc, zoo
from symbolic.words import DICTIONARY
from verify.arena import arenas
from verify.claims import claims
from verify.efforts import EFFORTS
from verify.engine import Engine
from verify.settings import Settings
from verify.verdict import Grade

MODULES = (
    "convolutional", "counting", "frobenius", "gaps", "group_norms", "pac_bayes", "ranks", "spectral", "vc",
)  # fmt: skip
FILES = {importlib.import_module(f"properties.bounds.{name}").__file__ for name in MODULES}
CLAIMS = [c for c in claims().values() if c.file in FILES]


def named(grade):
    return [pytest.param(c, id=c.id) for c in CLAIMS if c.expects is grade]


def value(expression, **letters):
    """An expression at words given by letter, in 30 digits."""
    given = {x: letters[x.name.partition(":")[2]] for x in expression.free_symbols}
    return mp.mpf(str(sp.N(expression.subs({x: sp.Rational(str(v)) for x, v in given.items()}), 30)))


def deviation(N, delta):
    return 3 * mp.sqrt(mp.log(2 / delta) / 2 / N)


def harvey(W, L, p, D):
    return 4 * W * (L + 1) * mp.log(2 * mp.e * W * D * p, 2)


def harvey_solved(W, L, p):
    a, b = 4 * W * (L + 1) / mp.log(2), 2 * mp.e * W * p
    return 2 * a * (mp.log(2 * a * b) - 1)


def bartlett_2019(W, L, p, R, Lbar):
    inner = 2 * mp.e * p * R
    return L + Lbar * W * (1 + (mp.log(inner) + mp.log(mp.log(inner) / mp.log(2))) / mp.log(2))


def vapnik(N, D, delta):
    return mp.sqrt(8 * D / N * (1 + mp.log(2 * N) - mp.log(D)) + 8 * (mp.log(4) - mp.log(delta)) / N)


def mohri(N, D, delta):
    return mp.sqrt(2 * D / N * (1 + mp.log(mp.mpf(N) / D))) + mp.sqrt(-mp.log(delta) / 2 / N)


def anthony(N, d, eps):
    return mp.exp(1 + mp.log(4) + mp.log(d + 1) + d * (1 + mp.log(32) - mp.log(eps)) - eps**2 * N / 32)


def anthony_size(d, eps, delta):
    return 32 / eps**2 * (d * (1 + mp.log(32 / eps)) + 1 + mp.log(4 * (d + 1)) - mp.log(delta))


def neyshabur_2015(G, h, L, c, q, D, X, N):
    k = max(mp.mpf(0), 1 / mp.mpf(c) - 1 / mp.mpf(q))
    return G * 2 ** (L - 1) * h ** (k * (L - 1)) * mp.sqrt(min(c, 4 * mp.log(2 * D)) * X**2 / N)


def identical(rho, s, b, L):
    return rho**L * s ** (L - 1) * mp.mpf(L) ** 1.5 * b


def three(s, s_2, s_3, b, b_2, b_3):
    parts = [mp.cbrt(y / x) ** 2 for x, y in ((s, b), (s_2, b_2), (s_3, b_3))]
    return s * s_2 * s_3 * sum(parts) * mp.sqrt(sum(parts))


def bartlett_2017(N, delta, B, w, R, gamma):
    length = B * mp.sqrt(N)
    integral = mp.mpf(4) / N + 12 / mp.sqrt(N) * 2 * length * mp.sqrt(mp.log(2 * w**2)) * R / gamma / mp.sqrt(
        N
    ) * mp.log(N)
    return 2 * integral + deviation(N, delta)


def golowich(B, F, L, N):
    return B * F * (mp.sqrt(mp.log(4) * L) + 1) / mp.sqrt(N)


def depth_free(F, Gamma, N, L):
    return F * mp.sqrt(min((mp.log(F) - mp.log(Gamma)) / mp.sqrt(N), mp.mpf(L) / N))


def neyshabur_2018(B, L, h, T, N, delta, gamma):
    return mp.sqrt(B**2 * L**2 * h * mp.log(L * h) * T + mp.log(L * N / delta)) / gamma / mp.sqrt(N)


def parameter_count(N, delta, W, L, Gamma):
    return mp.mpf(8) / N + 24 * mp.sqrt(W / mp.mpf(N) * mp.log1p(2 * L * Gamma * N)) + deviation(N, delta)


def arora(c, L, f, mu, nu, gamma, N):
    return mp.sqrt(c**2 * L**2 * f**2 * sum(1 / (mu**2 * nu**2) for _ in range(L)) / (gamma**2 * N))


def long(C, M, W, beta, lam, delta, N):
    return C * M * mp.sqrt((W * (beta + mp.log(lam)) - mp.log(delta)) / N)


def long_branches(C, M, W, B, delta, N):
    rest = -mp.log(delta)
    below = B * mp.sqrt(mp.mpf(W) / N) + mp.sqrt(rest / N)
    return C * M * (below if B < 5 else mp.sqrt((W * mp.log(B) + rest) / N))


def pinto(C, L, S, B, r, h, N):
    return C**L * S * B * L * mp.mpf(r) * mp.sqrt(mp.mpf(h) / N)


def galanti(rho, N, L, deg, k, lam, delta):
    scale = lam * mp.sqrt(N)
    first = (rho + 1) / mp.mpf(N) * 2**1.5 * (1 + mp.sqrt(2 * (L * mp.log(2 * deg) + mp.log(k)))) * scale
    return first + 3 * mp.sqrt(mp.log(2 * (rho + 2) ** 2 / delta) / (2 * N))


def ledent(R, Gamma, Wbar, N, delta):
    return 8 / mp.mpf(N) + 1536 / mp.sqrt(N) * R * mp.sqrt(
        mp.log(32 * Gamma * N**2 + 7 * Wbar * N, 2)
    ) * mp.log(N) + deviation(N, delta)  # fmt: skip


def graf_norms(N, w, L, C):
    harmonic = sum(mp.mpf(1) / k for k in range(1, N))
    return 4 / mp.mpf(N) + 12 * harmonic / mp.sqrt(N) * mp.sqrt(mp.log(2 * w)) * sum(
        mp.ceil(mp.cbrt(C) ** 2) for _ in range(L)
    ) ** mp.mpf(1.5)


def graf_parameters(N, W, L, C):
    def rest(x):
        return 2 * x * (mp.pi / 2 - mp.atan(x))

    terms = (2 * W * mp.log1p(mp.ceil(L**2 * C**2)) + rest(mp.ceil(L * C)) for _ in range(L))
    return 12 / mp.sqrt(N) * mp.sqrt(sum(terms))


half = mp.mpf(1) / 2
FORMS = [
    (vc.implicit.expression, harvey, {"W": 7, "L": 3, "p": 2, "D": 11}),
    (vc.explicit.expression, harvey_solved, {"W": 1000, "L": 5, "p": 2}),
    (vc.mean_depth.expression, bartlett_2019, {"W": 100, "L": 4, "p": 2, "R": 17, "Lbar": 3 * half}),
    (vc.uniform.expression, vapnik, {"N": 190, "D": 100, "delta": half / 8}),
    (vc.growth.expression, mohri, {"N": 190, "D": 100, "delta": half / 8}),
    (vc.tail.expression, anthony, {"N": 9000, "d": 3, "eps": half}),
    (vc.enough.expression, anthony_size, {"d": 3, "eps": half, "delta": half / 8}),
    (
        norm_based.group_norm.expression,
        neyshabur_2015,
        {"G": 3, "h": 9, "L": 3, "c": 3, "q": 8, "D": 2, "X": 5 * half, "N": 40},
    ),
    (
        norm_based.group_norm.expression,
        neyshabur_2015,
        {"G": 3, "h": 9, "L": 4, "c": 5, "q": 2, "D": 1, "X": 5 * half, "N": 40},
    ),
    (norm_based.identical.expression, identical, {"rho": half, "s": 3, "b": 5, "L": 4}),
    (norm_based.three.expression, three, {"s": 2, "s_2": 3, "s_3": half, "b": 1, "b_2": 7, "b_3": 5}),
    (
        norm_based.spectral.expression,
        bartlett_2017,
        {"N": 50, "delta": half / 8, "B": 2, "w": 30, "R": 5, "gamma": half},
    ),
    (norm_based.frobenius.expression, golowich, {"B": 2, "F": 7, "L": 3, "N": 50}),
    (norm_based.depth_free.expression, depth_free, {"F": 7, "Gamma": 2, "L": 3, "N": 50}),
    (norm_based.depth_free.expression, depth_free, {"F": 7, "Gamma": 2, "L": 90, "N": 50}),
    (
        norm_based.pac_bayes.expression,
        neyshabur_2018,
        {"B": 2, "L": 3, "h": 10, "T": 9, "N": 70, "delta": half / 8, "gamma": half},
    ),
    (counting.parameters.expression, parameter_count, {"N": 70, "delta": half / 8, "W": 20, "L": 3, "Gamma": half}),
    (
        counting.compression.expression,
        arora,
        {"c": 2, "L": 3, "f": 5, "mu": half, "nu": half / 2, "gamma": half, "N": 70},
    ),
    (
        counting.kernels.expression,
        long,
        {"C": 2, "M": 3, "W": 20, "beta": half, "lam": 3, "delta": half / 8, "N": 70},
    ),
    *(
        (counting.branches.expression, long_branches, {"C": 2, "M": 3, "W": 20, "B": B, "delta": half / 8, "N": 70})
        for B in (3, 5 - half / 64, 5, 11)
    ),
    (counting.ranked.expression, pinto, {"C": 3, "L": 4, "S": 7, "B": 2, "r": 5, "h": 11, "N": 70}),
    (
        convolutional.filters.expression,
        galanti,
        {"rho": 3, "N": 70, "L": 4, "deg": 9, "k": 10, "lam": 5, "delta": half / 8},
    ),
    (convolutional.once.expression, ledent, {"R": 3, "Gamma": half, "Wbar": 8, "N": 70, "delta": half / 8}),
    (convolutional.norms.expression, graf_norms, {"N": 6, "w": 8, "L": 3, "C": 5 * half}),
    (convolutional.parameters.expression, graf_parameters, {"N": 6, "W": 8, "L": 3, "C": 5 * half}),
]


@pytest.mark.parametrize("number", range(len(FORMS)))
def test_forms_are_those_typed_in_another_way(number):
    expression, formula, letters = FORMS[number]
    with mp.workdps(25):
        assert mp.almosteq(value(expression, **letters), formula(**letters), rel_eps=mp.mpf(10) ** -15)


def test_the_explicit_bound_is_above_the_root_of_the_implicit_one():
    with mp.workdps(25):
        root = mp.findroot(lambda D: harvey(1000, 5, 2, D) - D, 800000)
        assert 790000 < root < 795000
        assert root < harvey_solved(1000, 5, 2) < 2 * root


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


MUTANTS = [pytest.param(m, id=f"{c.id}: {m.name}") for c in CLAIMS for m in c.mutants]


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


# -- thresholds -------------------------------------------------------------------------------------------------------

PIECES = 4000


def pieces_of_unit_interval():
    """Balls that cover (0, 1], without 0 itself in the first."""
    for k in range(PIECES):
        yield arb((2 * k + 1) / (2 * PIECES), 0.5000001 / PIECES)


def test_the_gap_by_filters_that_count_once_falls_from_17_and_from_16_over_the_integers():
    """At t = 1/y: (2 - t)/(log 119 - log t) is small; at t = 1/z: so is the step from 16 to 17."""
    room = (1 - 2 / arb(17).log()) * (1 - arb("1e-9"))
    step = arb(17) / 16 * (arb(16).log() / arb(17).log()) ** 2 - 1
    for t in list(pieces_of_unit_interval())[1:]:
        assert (2 - t) / (arb(119).log() - t.log()) < room
        assert ((arb(17) / 16).log() + (1 + (1 - t) / 16).log()) / (arb(112).log() - t.log()) < step
    last = arb(2) / PIECES  # below it the logarithm is larger still
    assert 2 / (arb(119).log() - last.log()) < room
    assert ((arb(17) / 16).log() + (arb(17) / 16).log()) / (arb(112).log() - last.log()) < step


def middle(N, Gamma):
    return mp.log(N) * mp.sqrt(mp.log(32 * Gamma * N**2 + 7 * N)) / mp.sqrt(N)


def test_thresholds_over_the_integers_are_the_smallest():
    assert middle(16, mp.mpf("0.0355")) > middle(15, mp.mpf("0.0355"))
    steps = [mp.harmonic(N - 1) / mp.sqrt(N) for N in range(1, 400)]
    assert [N for N in range(1, 398) if steps[N] >= steps[N - 1]] == [1, 2, 3, 4, 5]
    roots = [mp.log(N) / mp.sqrt(N) for N in range(1, 400)]
    assert [N for N in range(1, 398) if roots[N] >= roots[N - 1]] == [1, 2, 3, 4, 5, 6]


def test_words_of_the_zoo_are_in_one_place():
    for module in (vc, norm_based, counting, convolutional):
        shared = [x.name for x in vars(module).values() if isinstance(x, sp.Symbol) and x.name.startswith("zoo:")]
        known = {x.name for x in vars(zoo).values() if isinstance(x, sp.Symbol)}
        assert set(shared) - known <= {"zoo:D", "zoo:Gamma", "zoo:u", "zoo:v"}
