"""Coefficient certificates: weights and constants, wrong ones refused, proposed ones as cheap as any."""

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from scipy.optimize import linprog
from sympy import (
    Integer,
    Rational,
)

from symbolic.certificates import Certificate, patterns, proposed, verified
from symbolic.grammar import RuleError
from symbolic.papers.weight_decay import B, N, mu

HALF = Rational(1, 2)


def test_a_certificate_gives_its_weights_and_its_constant():
    assert Certificate((B, 1 - B)).check(B) == ((1,), 2 * B - 1)
    assert Certificate((Integer(0), B, -B, Integer(0))).check(B) == ((1, -1), 2 * B)
    assert Certificate((Integer(0), -B / 2, B / 2, Integer(0))).check(B) == ((-HALF, HALF), B)


WRONG = [
    (B + 1, 1 - B),
    (B, -B),
    (B, B - 1),
    (2 * B, 1 - B),
    (N, 1 - N),
    (Integer(0), B, B, Integer(0)),
    (Integer(0), B, 1 - B, Integer(0)),
    (Integer(0), B, Integer(0), 1 - B),  # there may be no batch without either sample
    (B - 1, Integer(0), Integer(0), 2 - B),  # or with both
    (B, -2 * B, Integer(0), B),  # although the others cancel
    (mu * B, mu * (1 - B)),
]


@pytest.mark.parametrize("coefficients", WRONG)
def test_wrong_coefficients_are_refused(coefficients):
    with pytest.raises(RuleError):
        Certificate(coefficients).check(B)


def test_one_sample_named_twice_has_no_weight():
    with pytest.raises(RuleError, match="do not cancel on one sample"):
        Certificate((Integer(0), Integer(1), Integer(1), Integer(0))).check(Integer(1))


def test_a_certificate_names_one_sample_or_two():
    for count in (0, 1, 3, 8):
        with pytest.raises(RuleError, match="2 or 4 coefficients"):
            Certificate((B,) * count)


def least_over_batches(weights, samples, batch):
    """The least constant over multiples of single batches, by a linear program without classes."""
    batches = list(combinations(range(samples), batch))
    inside = np.array([[float(t in each) / batch for each in batches] for t in range(samples)])
    wanted = [*map(float, weights), *[0.0] * (samples - len(weights))]
    found = linprog([1.0] * (2 * len(batches)), A_eq=np.hstack([inside, -inside]), b_eq=wanted, method="highs")
    return None if found.x is None else Fraction(float(found.fun)).limit_denominator(1000)


SIZES = [(samples, batch) for samples in range(1, 6) for batch in range(1, samples + 1)]


@pytest.mark.parametrize(("samples", "batch"), SIZES)
@pytest.mark.parametrize("weights", [(1,), (1, -1), (1, 1), (2, -1), (1, -2, 1)])
def test_no_certificate_over_single_batches_is_cheaper_than_the_proposed_one(samples, batch, weights):
    weights = tuple(map(Fraction, weights))
    if len(weights) > samples:
        with pytest.raises(RuleError, match="named"):
            proposed(weights, samples, batch)
        return
    best = least_over_batches(weights, samples, batch)
    if best is None:
        with pytest.raises(RuleError, match="no multiples"):
            proposed(weights, samples, batch)
        return
    coefficients, constant = proposed(weights, samples, batch)
    assert constant == best
    assert verified(coefficients, weights, samples, batch) == constant
    if batch < samples and weights == (1,):
        assert constant == 2 * batch - 1
    if batch < samples and weights == (1, -1):
        assert constant == 2 * batch


@pytest.mark.parametrize("changed", patterns(2))
def test_changed_coefficients_are_not_verified(changed):
    weights = (Fraction(1), Fraction(-1))
    coefficients, _ = proposed(weights, 5, 2)
    assert set(coefficients) == set(patterns(2))
    with pytest.raises(RuleError):
        verified({**coefficients, changed: coefficients[changed] + Fraction(1, 7)}, weights, 5, 2)


def test_coefficients_for_classes_without_a_batch_are_not_verified():
    weights = (Fraction(1), Fraction(-1))
    only = {(1, 1): Fraction(1), (1, 0): Fraction(1), (0, 1): Fraction(-1), (0, 0): Fraction(0)}
    with pytest.raises(RuleError, match="no batch"):
        verified(only, weights, 2, 1)
    with pytest.raises(RuleError, match="no batch"):
        verified({(1,): Fraction(1)}, weights, 2, 1)
    with pytest.raises(RuleError, match="weight of sample"):
        verified({}, weights, 2, 1)
