"""Printed numbers and their roundings, and the worlds that draw what rounds to them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest

from properties.worlds.reported import END, START, ReportedSplits
from symbolic.papers.reported import SPLITS, printed, rounded
from verify.arena import Arena
from verify.draws import Generated, Given
from verify.lanes import LaneArithmetic
from verify.rationals import ExactArithmetic
from verify.search import lane_draws
from verify.worlds import Lanes, World


def lanes(kind, letters, count=300):
    net = Lanes(kind, World((), seed=4), LaneArithmetic(Arena()), Generated(Arena(), 4, 0, count, None, False))
    for letter in letters:
        net.read(f"reported:{letter}")
    return net


@pytest.mark.parametrize(
    ("text", "number", "half"),
    [
        (".724", "181/250", "1/2000"),
        ("5.44e-3", "17/3125", "1/200000"),
        (".1626", "813/5000", "1/20000"),
        ("7", "7", "1/2"),
    ],
)
def test_half_a_unit_of_the_last_digit_that_is_printed(text, number, half):
    assert printed(text) == (Fraction(number), Fraction(half))
    assert rounded(text) == (Fraction(number) - Fraction(half), Fraction(number) + Fraction(half))


def test_squares_add_up_within_the_rounding_and_no_closer():
    """In decimals, with another arithmetic than that of the claims."""
    worst = 0.0
    for split in SPLITS:
        for time in (START, END):
            a, b = Decimal(split.information[time]), Decimal(split.nuisance[time])
            off = [Decimal(5).scaleb(number.as_tuple().exponent - 1) for number in (a, b)]
            assert (a - off[0]) ** 2 + (b - off[1]) ** 2 <= 1 <= (a + off[0]) ** 2 + (b + off[1]) ** 2
            worst = max(worst, float(abs(a * a + b * b - 1) / (2 * (a * off[0] + b * off[1]))))
    assert 0.9 < worst < 1


def test_worlds_draw_what_rounds_to_what_is_printed():
    kind = ReportedSplits()
    net = lanes(kind, ("a", "a_0", "a_T", "A", "B", "B_other", "off_A", "off_B", "classes", "samples"))
    seen = set(zip(net.row.tolist(), net.time.tolist(), strict=True))
    assert len(seen) == 2 * len(SPLITS)
    for lane in range(24):
        one = Lanes(kind, net.world, ExactArithmetic(), Given(lane_draws(net, lane), 1))
        split, time = SPLITS[int(one.row.fraction(0))], int(one.time.fraction(0))
        low, high = rounded(split.information[time])
        assert low <= one.a.fraction(0) <= high
        assert one.A.fraction(0) == Fraction(split.information[time])
        assert one.B.fraction(0) == Fraction(split.nuisance[time])
        assert one.B_other.fraction(0) == Fraction(split.nuisance[1 - time])
        assert printed(split.information[time])[1] <= one.off_A.fraction(0) <= 2 * printed(split.information[time])[1]
        assert rounded(split.information[START])[0] <= one.a_0.fraction(0) <= rounded(split.information[START])[1]
        assert rounded(split.information[END])[0] <= one.a_T.fraction(0) <= rounded(split.information[END])[1]
        assert (one.classes.fraction(0), one.samples.fraction(0)) == (split.run.classes, split.run.samples)


def test_the_pseudo_inverse_is_read_where_it_is_printed():
    assert not ReportedSplits().knows("reported:c")
    kind = ReportedSplits(inverted=True)
    net = lanes(kind, ("a", "c"))
    assert {split.run.classes for split in kind.splits} == {3}
    quotients = (net.a / net.c).tolist()
    assert 130 < min(quotients) < 132
    assert 630 < max(quotients) < 640


def test_a_quotient_is_that_of_the_text():
    first = SPLITS[0]
    quotient = Decimal(first.information[0]) / Decimal(first.inverse[0])
    assert quotient.quantize(Decimal(1), ROUND_HALF_UP) == 133
