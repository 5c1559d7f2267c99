"""Tests of trends: their probabilities are those of all cases, counted; they see true trends and reject false ones."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import permutations, product

import numpy as np
import pytest

from properties.experiments.claims import LEVEL
from properties.experiments.trends import page, signs


def statistic(blocks: Sequence[Sequence[float]]) -> Fraction:
    """The sum of place times mean rank, as a reader of Page would write it."""
    total = Fraction(0)
    for block in blocks:
        for place, value in enumerate(block, 1):
            below, level = sum(v < value for v in block), sum(v == value for v in block)
            total += place * (below + Fraction(level + 1, 2))
    return total


@pytest.mark.parametrize(
    "blocks",
    [
        [[1.0, 2.0, 3.0]],
        [[2.0, 1.0, 3.0], [3.0, 1.0, 2.0]],
        [[1.0, 1.0, 2.0], [0.0, 3.0, 3.0]],
        [[5.0, 4.0, 4.0, 1.0]],
        [[0.0, 1.0], [1.0, 0.0], [2.0, 2.0]],
    ],
)
def test_the_probability_of_a_trend_is_that_of_all_orders(blocks: list[list[float]]) -> None:
    seen = statistic(blocks)
    cases = [statistic(orders) for orders in product(*(list(permutations(block)) for block in blocks))]
    found = page(blocks)
    assert found.p == Fraction(sum(case >= seen for case in cases), len(cases))
    assert found.p_against == Fraction(sum(case <= seen for case in cases), len(cases))


@pytest.mark.parametrize(("seeds", "levels"), [(1, 4), (2, 3), (3, 3)])
def test_the_level_of_pages_test_is_kept_under_its_null_hypothesis(seeds: int, levels: int) -> None:
    orders = list(permutations(range(levels)))
    cases = [page([list(map(float, order)) for order in case]).p for case in product(orders, repeat=seeds)]
    for level in {*cases, LEVEL}:
        assert Fraction(sum(p <= level for p in cases), len(cases)) <= level
    assert min(cases) == page([list(map(float, range(levels)))] * seeds).least


@pytest.mark.parametrize("count", [1, 2, 5, 8])
def test_the_level_of_the_sign_test_is_kept(count: int) -> None:
    cases = [signs(case).p for case in product([False, True], repeat=count)]
    for level in {*cases, LEVEL}:
        assert Fraction(sum(p <= level for p in cases), len(cases)) <= level
    assert signs([True] * count).p == signs([True] * count).least == Fraction(1, 2**count)
    assert signs([False] * count).p_against == Fraction(1, 2**count)


def test_values_that_do_not_change_are_no_trend() -> None:
    found = page([[1.0] * 6] * 5)
    assert found.p == found.p_against == 1


def test_a_trend_is_seen_and_its_opposite_is_not() -> None:
    rising = [[0.0, 1.0, 2.0, 3.0, 5.0, 4.0]] * 5
    assert page(rising).p <= LEVEL < page(rising).p_against
    falling = [block[::-1] for block in rising]
    assert page(falling).p_against <= LEVEL < page(falling).p


def test_noise_is_seldom_taken_for_a_trend() -> None:
    draws = np.random.default_rng(0).normal(size=(200, 5, 6))
    seen = sum(page(blocks.tolist()).p <= LEVEL for blocks in draws)
    # At the level 1/20 more than 22 of 200 have a probability below one in a thousand.
    assert seen <= 22


@pytest.mark.parametrize("blocks", [[], [[1.0]], [[1.0, 2.0], []]])
def test_a_trend_needs_values(blocks: list[list[float]]) -> None:
    with pytest.raises(ValueError, match="at least one seed"):
        page(blocks)
    with pytest.raises(ValueError, match="at least one seed"):
        signs([])
