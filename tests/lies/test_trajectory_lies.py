"""What is false of trajectories is refuted, and what counts as a constant of a sentence is one."""

from __future__ import annotations

from fractions import Fraction

import pytest

from properties.jacobian import growth as steps
from properties.jacobian import meta
from symbolic import norm
from symbolic.papers.trajectories import moved, r_0
from verify.probes import probes, without_constants


def growth(x, T, c, falls, stays):
    """e_T alpha**2/Theta of the recursion with equality, for eta alpha**2 = x and eps**2 = c alpha**2."""
    total = Fraction(0)
    for step in range(T):
        total = (1 + c * x) * total + x * ((1 - x) ** step * falls + stays)
    return total


def test_the_size_of_a_matrix_is_no_constant_of_a_sentence():
    assert list(without_constants(norm(moved) <= norm(r_0))) == []
    assert [str(number) for number, _ in without_constants(6 * norm(moved) <= 9 * norm(r_0))] == ["6", "9"]
    for claim in (meta.distance, meta.bends, steps.one_step):
        names = [mutant.name for mutant in probes(claim)]
        assert not [text for text in names if "constant 6 " in text or "constant 9 " in text]


def test_the_recursion_reaches_more_than_two_thirds_of_the_printed_bound():
    """Where all of the residual falls; where it stays, sqrt(e) - 1 of it is the most."""
    T = 16
    falling = growth(Fraction(1), T, Fraction(1, 2 * T), 1, 0) / 2
    assert Fraction(79, 100) < falling < Fraction(825, 1000)
    staying = growth(Fraction(1, 64), 64, Fraction(1, 2), 0, 1) / 2
    assert Fraction(64, 100) < staying < Fraction(65, 100)


@pytest.mark.parametrize("bound", [Fraction(64, 100), Fraction(3, 4)])
def test_smaller_constants_than_the_root_of_e_fail(bound):
    assert growth(Fraction(1), 16, Fraction(1, 32), 1, 0) > 2 * bound


def test_the_hypothesis_without_a_square_is_not_enough():
    alpha, eps, Gamma, T = 10, 50, 1, 2
    assert alpha**2 >= 2 * Gamma * eps
    assert growth(Fraction(Gamma, T), T, Fraction(eps**2, alpha**2), 1, 1) > 2 * (Gamma + 1)
