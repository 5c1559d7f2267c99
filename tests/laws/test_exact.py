"""Exact arrays agree with fractions.Fraction, entry by entry, and never claim what they do not know."""

from __future__ import annotations

import math
import operator
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from verify.exact import (
    UNDECIDED,
    UNDEFINED,
    Exact,
    Layer,
    Undecided,
    cat,
    compare,
    diag_embed,
    eye,
    precision,
    stack,
    where,
    zeros,
)
from verify.shapes import Shaped
from verify.spectra import rank, singular_values_squared, tail_energy
from verify.surds import Surd

EDGE = 2**62
whole = st.one_of(
    st.integers(-9, 9), st.sampled_from([EDGE - 1, EDGE, 2 * EDGE - 1, 2 * EDGE, -EDGE, -2 * EDGE, 2**80])
)
rational = st.builds(Fraction, whole, st.integers(1, 12))
small = st.builds(Fraction, st.integers(-9, 9), st.integers(1, 6))
matrices = st.lists(st.lists(rational, min_size=3, max_size=3), min_size=2, max_size=2)
FEW = settings(max_examples=60, deadline=None)


def fractions(array: Exact) -> list[Fraction]:
    return [array.fraction(*place) for place in np.ndindex(array.shape)]


def flat(nested: list[list[Fraction]]) -> list[Fraction]:
    return [entry for row in nested for entry in row]


@FEW
@given(matrices, matrices, rational)
@example([[Fraction(2**63 - 1)] * 3] * 2, [[Fraction(1)] * 3] * 2, Fraction(-(2**63)))
def test_operations_agree_with_fractions(left, right, scalar):
    a, b = Exact.fractions(left), Exact.fractions(right)
    for combine in (operator.add, operator.sub, operator.mul):
        pairs = zip(flat(left), flat(right), strict=True)
        assert fractions(combine(a, b)) == [combine(x, y) for x, y in pairs]
        assert fractions(combine(a, scalar)) == [combine(x, scalar) for x in flat(left)]
        assert fractions(combine(scalar, a)) == [combine(scalar, x) for x in flat(left)]
    quotient = a / b
    for place in np.ndindex(2, 3):
        below = right[place[0]][place[1]]
        if below == 0:
            assert quotient.undefined_mask()[place]
        else:
            assert quotient.fraction(*place) == left[place[0]][place[1]] / below
    contraction = a @ b.mT
    for i, j in np.ndindex(2, 2):
        assert contraction.fraction(i, j) == sum(x * y for x, y in zip(left[i], right[j], strict=True))
    assert fractions(a**3) == [x**3 for x in flat(left)]
    assert fractions(a.relu()) == [max(x, 0) for x in flat(left)]
    assert fractions(a.clamp(min=scalar)) == [max(x, scalar) for x in flat(left)]
    assert fractions(a.clamp(max=scalar)) == [min(x, scalar) for x in flat(left)]
    assert fractions(-a) == [-x for x in flat(left)]
    assert fractions(a.abs()) == [abs(x) for x in flat(left)]
    assert fractions(a.sum(-1)) == [sum(row) for row in left]
    assert fractions(a.mean((0, -1), keepdim=True)) == [sum(flat(left)) / 6]
    assert fractions(a.amax(1)) == [max(row) for row in left]
    assert fractions(a.amin(0)) == [min(column) for column in zip(*left, strict=True)]
    order = [(x > y) - (x < y) for x, y in zip(flat(left), flat(right), strict=True)]
    assert compare(a, b).reshape(-1).tolist() == order
    assert (
        compare(a.abs().sqrt(), b.abs().sqrt()).reshape(-1).tolist() == compare(a.abs(), b.abs()).reshape(-1).tolist()
    )
    assert fractions(where(a > b, a, b)) == [max(pair) for pair in zip(flat(left), flat(right), strict=True)]
    assert fractions(stack([a, b], -1)) == flat(list(zip(flat(left), flat(right), strict=True)))
    assert fractions(cat([a, b], -2)) == flat(left) + flat(right)


@FEW
@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=1, max_size=5))
@example([0.0, 5e-324, 1.0, math.nan])
@example([2.0**62, 1.0, -(2.0**63)])
def test_floats_keep_their_exact_value(values):
    array = Exact.floats(np.array(values))
    for place, value in enumerate(values):
        if math.isfinite(value):
            assert array.fraction(place) == Fraction(value)
        else:
            assert array.text(place) == "undefined"
    finite = np.isfinite(values)
    assert np.array_equal(array.approximate()[finite], np.array(values)[finite])


@pytest.mark.parametrize("offset", [-2, -1, 0, 1, 2])
def test_nothing_overflows_at_the_edge_of_int64(offset):
    value = EDGE + offset
    array = Exact.integers([value, -value])
    assert array.values.dtype == np.int64
    assert fractions(array + array) == [2 * value, -2 * value]
    assert fractions(array - 1 - array) == [-1, -1]
    assert fractions(array.expand(5, 2).sum(0)) == [5 * value, -5 * value]
    assert fractions(array * array) == [value**2, value**2]
    assert (array @ array).fraction() == 2 * value**2
    assert compare(array / 3, array / 5).tolist() == [1, -1]
    assert fractions(array * array / value - array) == [0, 2 * value]


def test_results_return_to_int64_when_they_fit():
    array = Exact.integers([2**40, 2**41])
    assert (array * array).values.dtype == object
    assert (array * array / 2**60).values.dtype == np.int64


def test_mixed_integers_beyond_int64_are_not_read_as_floats():
    assert fractions(Exact.integers([2**63 + 1, -1])) == [2**63 + 1, -1]
    with pytest.raises(TypeError):
        Exact.integers([1.5])


UNKNOWN = Exact.integers([1, 1, 1]) / Exact.integers([1, 0, 1])


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda x: x + 1, [0, 1, 0]),
        (lambda x: 0 * x, [0, 1, 0]),
        (lambda x: 5 / x, [0, 1, 0]),
        (lambda x: x.sqrt(), [0, 1, 0]),
        (lambda x: (x * 2).sqrt() + x, [0, 1, 0]),
        (lambda x: x.exp(), [0, 1, 0]),
        (lambda x: x.relu(), [0, 1, 0]),
        (lambda x: x**0, [0, 1, 0]),
        (lambda x: where(np.array([True, False, True]), x, 3), [0, 0, 0]),
        (lambda x: where(np.array([False, True, False]), x, 3), [0, 1, 0]),
        (lambda x: x.sum(), 1),
        (lambda x: x.amax(), 1),
        (lambda x: x.exp().amax(), 1),
        (lambda x: x[[0, 2]].sum(), 0),
        (lambda x: x.unsqueeze(0) @ eye(3, x), [[1, 1, 1]]),
        (lambda x: x.unsqueeze(1) @ x.unsqueeze(0), [[0, 1, 0], [1, 1, 1], [0, 1, 0]]),
        (lambda x: stack([x, zeros((3,), x)]), [[0, 1, 0], [0, 0, 0]]),
        (lambda x: diag_embed(x), [[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
        (lambda x: rank(x.reshape(3, 1, 1)), [0, 1, 0]),
        (lambda x: singular_values_squared(x.reshape(3, 1, 1)), [[0], [1], [0]]),
        (lambda x: tail_energy(x.reshape(3, 1, 1), 0), [0, 1, 0]),
        (lambda x: Exact.integers([-1, 0, 1]).sqrt(), [1, 0, 0]),
        (lambda x: Exact.integers([-1, 0, 1]).log(), [1, 1, 0]),
        (lambda x: (Exact.integers([-2, 2]).exp() - 1).sqrt(), [1, 0]),
    ],
)
def test_undefined_spreads_to_whatever_depends_on_it(make, expected):
    assert make(UNKNOWN).undefined_mask().astype(int).tolist() == expected


def test_comparisons_with_undefined_entries_are_refused():
    assert compare(UNKNOWN, 0).tolist() == [1, UNDEFINED, 1]
    with pytest.raises(Undecided):
        _ = UNKNOWN > 0
    with pytest.raises(ValueError, match="undefined"):
        UNKNOWN.fraction(1)


def test_square_roots_add_up():
    two, three = Exact.integers(2).sqrt(), Exact.integers(3).sqrt()
    assert ((two + three) ** 2 == 5 + 2 * Exact.integers(6).sqrt()).all()
    assert (Exact.integers(8).sqrt() == 2 * two).all()
    assert (Exact.integers(8).sqrt() - two == two).all()
    assert ((two + three) * (two - three) == -1).all()
    assert (1 / (two + three) == three - two).all()
    assert compare(two + three, (5 + 2 * Exact.integers(6).sqrt()).sqrt()) in (0, UNDECIDED)
    assert (two + three + 1).text() == "1 + sqrt(2) + sqrt(3)"
    assert (Exact.fractions(Fraction(1, 2)) + 3 * Exact.integers(5).sqrt()).text() == "1/2 + 3*sqrt(5)"
    assert Exact.integers([8, 9, 0]).sqrt().tolist() == ["2*sqrt(2)", "3", "0"]
    assert (-two).text() == "-sqrt(2)"


def test_a_reciprocal_of_many_roots_is_enclosed():
    sums = [Exact.integers([2, 3, 5, 7, 11][:count]).sqrt().sum() for count in (3, 4, 5)]
    for total in sums[:2]:
        assert (total * (1 / total) == 1).all()
    assert (1 / sums[2]).layer == Layer.BALL
    assert compare(sums[2] * (1 / sums[2]), 1) == UNDECIDED


def test_close_sums_of_roots_are_told_apart():
    root = math.isqrt(2 * 10**120)
    near = Exact.fractions(Fraction(root, 10**60)) + 0 * Exact.integers(3).sqrt()
    assert compare(near + Exact.integers(3).sqrt(), Exact.integers(2).sqrt() + Exact.integers(3).sqrt()) == -1


@FEW
@given(st.lists(st.tuples(small, st.integers(1, 40)), min_size=1, max_size=4), small, st.integers(1, 40))
def test_surds_agree_with_their_enclosures(terms, factor, radicand):
    total = Exact.integers(0)
    near = 0.0
    for coefficient, inside in terms:
        total = total + coefficient * Exact.integers(inside).sqrt()
        near += float(coefficient) * math.sqrt(inside)
    other = factor * Exact.integers(radicand).sqrt()
    assert total.approximate() == pytest.approx(near)
    assert ((total + other) * (total - other) == total.square() - other.square()).all()
    assert (total - total == 0).all()
    ball = total.to_layer(Layer.BALL)
    sign = compare(total, 0)
    assert compare(ball, 0) in (sign, UNDECIDED)
    if sign:
        assert (total / total == 1).all()


def test_roots_stay_on_their_layer():
    squares = Exact.fractions([Fraction(1, 2), 3, 0])
    roots = squares.sqrt()
    assert (roots * roots / 2).layer == Layer.ROOT
    assert (roots.square() == squares).all()
    assert (roots**3 == squares * roots).all()
    assert (-roots <= roots).all()
    assert (where(roots > 1, roots, 1) >= 1).all()
    assert fractions(Exact.integers([4, 9]).sqrt() + 1) == [3, 4]
    assert fractions(Exact.integers([16, 81]).sqrt().sqrt()) == [2, 3]
    assert fractions(Exact.integers([(2**70 + 1) ** 2]).sqrt()) == [2**70 + 1]
    assert Exact.integers([(2**70 + 1) ** 2 + 1]).sqrt().to_rational() is None
    assert (roots.amax() == Exact.integers(3).sqrt()).all()
    assert ((roots + 1).amin() == 1).all()
    assert ((roots - 1).clamp(min=0).amax() == Exact.integers(3).sqrt() - 1).all()


def test_enclosures_decide_only_what_they_separate():
    one = Exact.integers(1)
    assert (one.exp() > Fraction(271828, 100000)).all()
    assert (one.exp().log() + 1 > 1).all()
    assert compare(one.exp().log(), 1) == UNDECIDED
    with pytest.raises(Undecided):
        _ = one.sin().square() + one.cos().square() == 1
    assert compare(Exact.integers(0).exp(), 1) == 0
    assert ((one.atan() * 4 - one.tanh()).abs() > 2).all()
    assert compare((one.exp().log() - 1).log(), 0) == UNDECIDED
    close = one.exp() + Fraction(1, 2**200)
    assert compare(close, one.exp()) == UNDECIDED
    with precision(512):
        assert compare(one.exp() + Fraction(1, 2**200), one.exp()) == 1
    assert one.exp().text().startswith("[2.718281828")
    assert one.exp().approximate() == math.e


def test_many_different_divisors_do_not_share_a_denominator():
    divisors = np.arange(1, 3001)
    quotients = 1 / Exact.integers(divisors**2 + 1)
    assert quotients.fraction(2999) == Fraction(1, 3000**2 + 1)
    assert (quotients * Exact.integers(divisors**2 + 1) == 1).all()


SHAPE_MOVES = [
    lambda x: x[0],
    lambda x: x[..., -1],
    lambda x: x[:, 1:, None],
    lambda x: x[0, :, [1, 0, 3]],
    lambda x: x[:, [[0, 1], [2, 0]]],
    lambda x: x[[0, 1], :, [1, 2]],
    lambda x: x.reshape(4, -1),
    lambda x: x.reshape((2, 12)),
    lambda x: x.unsqueeze(-1),
    lambda x: x[:, :1].squeeze(1),
    lambda x: x.squeeze(-1),
    lambda x: x[:, :1].expand(5, -1, 3, 4),
    lambda x: x.movedim(0, -1),
    lambda x: x.movedim((0, 1), (1, 2)),
    lambda x: x.mT,
    lambda x: x.diagonal(dim1=0, dim2=2),
    lambda x: x.diagonal(dim1=-2, dim2=-1),
    lambda x: x.sum((0, -1)),
    lambda x: x.sum(1, keepdim=True),
    lambda x: x.amax(-1),
    lambda x: x.amin((0, 1)),
    lambda x: x @ x.mT,
    lambda x: x[0] @ x.mT,
    lambda x: x @ x[0, 0],
    lambda x: x[0, 0] @ x.mT,
    lambda x: diag_embed(x),
    lambda x: stack([x, 2 * x], -1),
    lambda x: cat([x, x - 1], 1),
    lambda x: where(x > 3, x, 0 * x),
    lambda x: x + eye(4, x)[:3],
    lambda x: x * zeros((2, 1, 4), x),
]


@pytest.mark.parametrize("move", SHAPE_MOVES)
@pytest.mark.parametrize("raise_layer", [False, True])
def test_methods_mean_what_they_mean_to_torch(move, raise_layer):
    torch = pytest.importorskip("torch")
    numbers = np.arange(24).reshape(2, 3, 4) * 7 % 11
    array = Exact.integers(numbers)
    found = move(array.to_layer(Layer.SURD) if raise_layer else array)
    expected = move(torch.tensor(numbers))
    assert found.shape == tuple(expected.shape)
    assert (found == expected.numpy()).all()
    assert isinstance(found, Shaped)


def test_index_select_and_mistakes():
    array = Exact.integers(np.arange(6).reshape(2, 3))
    assert fractions(array.index_select(-1, [2, 0])) == [2, 0, 5, 3]
    for wrong in (lambda: array[5], lambda: array[0, 0, 0], lambda: array.sum(2), lambda: array.unsqueeze(4)):
        with pytest.raises(IndexError):
            wrong()
    for wrong in (lambda: bool(array[0, 0]), lambda: array[array > 2], lambda: array**-1, lambda: array + "1"):
        with pytest.raises(TypeError):
            wrong()


def test_ranks_and_singular_values():
    given_ = Exact.fractions([[[Fraction(1, 2), 0, 0], [0, 3, 0]], [[1, 2, 3], [2, 4, 6]]])
    assert fractions(rank(given_)) == [2, 1]
    assert fractions(singular_values_squared(given_)) == [9, Fraction(1, 4), 70, 0]
    assert fractions(tail_energy(given_, 1)) == [Fraction(1, 4), 0]
    assert fractions(tail_energy(given_, 0)) == [Fraction(37, 4), 70]
    assert fractions(tail_energy(given_, 9)) == [0, 0]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.lists(st.integers(-3, 3), min_size=4, max_size=4), min_size=3, max_size=3))
def test_spectra_agree_with_floats(rows):
    found = singular_values_squared(Exact.integers(rows) / 2)
    expected = np.linalg.svd(np.array(rows) / 2, compute_uv=False) ** 2
    assert found.approximate() == pytest.approx(expected, abs=1e-9)
    certain = np.linalg.matrix_rank(np.array(rows))
    assert int(rank(Exact.integers(rows)).fraction()) == certain
    assert (found[int(certain) :] == 0).all()
    assert compare(found.sum(), Exact.integers(rows).square().sum() / 4) in (0, UNDECIDED)
    for keep in range(4):
        assert tail_energy(Exact.integers(rows) / 2, keep).approximate() == pytest.approx(
            expected[keep:].sum(), abs=1e-9
        )


def test_repeated_irrational_singular_values_keep_their_multiplicity():
    block = np.array([[1, 1, 0], [0, 1, 1], [1, 0, 2]])
    double = np.kron(np.eye(2, dtype=int), block)
    found = singular_values_squared(Exact.integers(double)).approximate()
    assert found == pytest.approx(np.linalg.svd(double, compute_uv=False) ** 2)


def test_surd_division_by_zero():
    with pytest.raises(ZeroDivisionError):
        _ = Surd.rational(1) / Surd()
    assert (
        compare(Exact.integers(2).sqrt() / (Exact.integers(2).sqrt() + 1 - 1 - Exact.integers(2).sqrt()), 0)
        == UNDEFINED
    )


@pytest.mark.parametrize(("left", "right"), list(product(Layer, Layer)))
def test_layers_mix(left, right):
    a, b = Exact.integers([4, 9]).to_layer(left), Exact.integers([2, -3]).to_layer(right)
    for found, expected in ((a + b, [6, 6]), (a - b, [2, 12]), (a * b, [8, -27]), (a / b, [2, -3])):
        assert found.approximate().tolist() == expected
    assert (a > b).all()
    assert where(np.array([True, False]), a, b).approximate().tolist() == [4, -3]


def test_numbers_that_python_does_not_print_are_shown_by_an_enclosure() -> None:
    long = Exact.integers(10**5000)
    assert long.text().startswith("[1.00000000000000e+5000 +/-")
    assert (long * long * 3).sqrt().text().startswith("[1.73205080756888e+5000 +/-")
    assert (Exact.integers(12).sqrt()).text() == "2*sqrt(3)"
