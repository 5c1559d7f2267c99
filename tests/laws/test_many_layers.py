"""Bounds for as many layers as a word says, and further forms: against other formulas, and derivations."""

import importlib

import mpmath as mp
import pytest
import sympy as sp

from symbolic.calculus import Unproved, derive
from symbolic.calculus_check import check
from symbolic.intervals import of_span
from symbolic.papers import convolutional, counting, many_layers, norm_based
from symbolic.words import DICTIONARY
from verify.arena import torch
from verify.claims import claims
from verify.climb import _merged
from verify.draws import Draw
from verify.verdict import Grade

MODULES = ("bounds.many_layers", "bounds.more_forms", "rank_sparse.many_layers", "rank_sparse.more_forms")
FILES = {importlib.import_module(f"properties.{name}").__file__ for name in MODULES}
CLAIMS = [c for c in claims().values() if c.file in FILES]


def value(expression, **letters):
    """An expression at words given by letter, in 30 digits; sums are written out."""
    given = {x: sp.Rational(str(letters[x.name.partition(":")[2]])) for x in expression.free_symbols}
    return mp.mpf(str(sp.N(expression.xreplace(given), 30)))


def count(L, a):
    return mp.fsum(mp.mpf(place) ** -a for place in range(1, L + 1))


def deviation(N, delta, more=0):
    return 3 * mp.sqrt((mp.log(2 / mp.mpf(delta)) + more) / (2 * N))


L, N, a = 5, 40, mp.mpf("1.5")
sixth = mp.mpf(1) / 6
d, p = mp.mpf("0.25"), mp.mpf("0.75")
third = 2 * a / 3

FORMS = [
    (
        many_layers.falling,
        {"N": N, "delta": "1/4", "L": L, "Gam": "7/4", "r": 3, "wbar": 11, "a": "3/2", "p": "3/4"},
        8 / mp.mpf(N)
        + 24 / mp.sqrt(N) * (2 / (2 - p)) * mp.sqrt(
            mp.log(1 + 8 * L * mp.mpf(7) / 4 * N) * (2 * L * mp.mpf(7) / 4) ** p * 3 * 11 * count(L, a)
        )
        + deviation(N, d),
    ),
    (
        many_layers.falling_form,
        {"N": N, "L": L, "Gam": "7/4", "r": 3, "wbar": 11, "W": 50, "a": "3/2", "p": "3/4"},
        mp.sqrt(
            mp.mpf(L) / N * mp.fsum(
                (33 * mp.mpf(k) ** -a) ** (2 / (p + 2)) * ((mp.mpf(7) / 4) ** 2 * 50) ** (p / (p + 2))
                for k in range(1, L + 1)
            )
        ),
    ),
    (
        many_layers.spectral,
        {"L": L, "a": "3/2", "s": "4/3", "rho": "1/2", "b": "5/2"},
        (mp.mpf(2) / 3) ** L * mp.fsum(
            (mp.mpf("2.5") * mp.mpf(k) ** -a / (mp.mpf(4) / 3)) ** (mp.mpf(2) / 3) for k in range(1, L + 1)
        ) ** mp.mpf("1.5"),
    ),
    (many_layers.once, {"L": L, "a": "3/2", "r_1": 7}, 7 * count(L, third) ** mp.mpf("1.5")),
    (
        many_layers.rounded_steps,
        {"L": L, "a": "3/2", "C": 9},
        mp.fsum(mp.ceil((9 * mp.mpf(k) ** -a) ** (mp.mpf(2) / 3)) for k in range(1, L + 1)) ** mp.mpf("1.5"),
    ),
    (
        many_layers.ranked,
        {"N": N, "L": L, "h": 6, "B": 2, "C": "3/2", "C_2": "1/2", "f_1": 3, "s_1": "4/5", "r": 4},
        2 / mp.sqrt(N) * (
            3 * mp.sqrt(6) * (mp.mpf("1.5") * mp.mpf("0.8")) ** (L - 1)
            + mp.fsum(
                mp.mpf("1.5") ** (L - i) * mp.sqrt(2 * 4) * mp.mpf("0.8") ** (L - 1) * 3 * mp.sqrt(6)
                for i in range(2, L + 1)
            )
        ),
    ),
    (
        many_layers.compression,
        {"N": N, "L": L, "a": "3/2", "c": 2, "f": 3, "mu": "1/2", "nu": "1/3", "gamma": "1/5"},
        mp.sqrt(
            4 * L**2 * 9
            * mp.fsum(1 / ((mp.mpf(k) ** -a / 2) ** 2 * (mp.mpf(1) / 9)) for k in range(1, L + 1))
            / (mp.mpf("0.04") * N)
        ),
    ),
    (
        many_layers.perturbation,
        {"L": L, "a": "3/2", "b": 2, "rho": "1/2", "s_1": 3, "e_1": "1/7"},
        2 * mp.mpf("1.5") ** (L - 1) * count(L, a) / 7,
    ),
    (
        many_layers.weighted_units,
        {"L": L, "k": 3, "d": 2},
        mp.mpf(sum(3 * (1 + (i - 1) * 2 ** (i - 1)) for i in range(1, L + 1))),
    ),
    (
        norm_based.shattering,
        {"D": 3, "h": 4, "L": 5, "c": 2, "q": 6},
        mp.sqrt(3) * mp.mpf(8) ** (4 * sixth) * mp.mpf(4) ** (-3 * (2 * sixth)),
    ),
    (
        counting.fast,
        {"N": N, "delta": "1/4", "W": 30, "beta": 2, "lam": 5, "C": 3, "M": 4, "eta": "1/10", "R": "1/5"},
        4 * (mp.mpf("1.1") / 5 + 3 * (30 * (2 + mp.log(5)) + mp.log(4)) / N),
    ),
    (
        counting.by_vector_contraction,
        {"N": N, "delta": "1/4", "Lip": 3, "R": "1/5"},
        mp.sqrt(8) * 3 / 5 + deviation(N, d),
    ),
    (
        convolutional.in_union,
        {"N": N, "delta": "1/4", "u": 3, "R": 2, "Gamma": "1/3", "Wbar": 7},
        8 / mp.mpf(N)
        + 1536 * 2 * mp.sqrt(mp.log(32 * mp.mpf(N) ** 2 / 3 + 49 * N, 2)) * mp.log(N) / mp.sqrt(N)
        + deviation(N, d, 3),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("bound", "letters", "expected"), FORMS, ids=lambda v: getattr(v, "name", ""))
def test_a_bound_is_the_formula(bound, letters, expected):
    assert mp.almosteq(value(bound.expression, **letters), expected, rel_eps=mp.mpf(10) ** -12)


def test_sums_of_weights_and_products_of_norms():
    truth = mp.fsum(1 / (3 * mp.mpf(1 + abs(j)) ** 2) for j in range(-6, 7))
    product = mp.fprod(1 + 1 / (2 * mp.mpf(k)) for k in range(1, 7))
    near = {"rel_eps": mp.mpf(10) ** -12}
    assert mp.almosteq(value(many_layers.weights, J=6), truth, **near)
    assert mp.almosteq(value(many_layers.residual_product, L=6, t="1/2"), product, **near)


@pytest.mark.parametrize("c", [pytest.param(c, id=c.id) for c in CLAIMS if c.expects is Grade.PROVED])
def test_what_is_proved_is_derived_and_no_mutant_is(c):
    domain = {DICTIONARY[name].symbol: of_span(within) for name, within in c.statement.given.spans.items()}
    found = derive(c.statement.says, domain, c.statement.assuming)
    assert not isinstance(found, Unproved), found
    check(found)
    assert c.mutants
    for mutant in c.mutants:
        inside = {DICTIONARY[n].symbol: of_span(w) for n, w in mutant.statement.given.spans.items()}
        assert isinstance(derive(mutant.statement.says, inside, mutant.statement.assuming), Unproved)


def test_lanes_with_draws_that_a_statement_does_not_read_are_merged():
    module = torch()

    def draw(number):
        return Draw((), 0, 9, module.tensor([number]))

    shared = 1.0, module.tensor([1.0]), {"read": draw(1), "not read": draw(2)}
    bred = 2.0, module.tensor([2.0]), {"read": draw(3)}
    for first, second in ((shared, bred), (bred, shared)):
        best, scores, draws = _merged(first, second)
        assert (best, scores.tolist(), sorted(draws)) == (2.0, [2.0, 1.0], ["read"])
        assert draws["read"].values.tolist() == [3, 1]
