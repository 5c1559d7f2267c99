"""Complexities, samples, networks near a start and errors are those of plain loops, in exact numbers."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

from properties.worlds.neighbourhoods import Neighbourhoods
from properties.worlds.predictions import Predictions
from properties.worlds.product_classes import POINTS, TYPES, ProductClasses, mean_distance, types
from properties.worlds.rademacher import MOST_SIGNS, FiniteClasses, complexity, over_signs
from verify.arena import Arena
from verify.draws import Generated, Given
from verify.exact import Exact, compare
from verify.lanes import LaneArithmetic
from verify.rationals import ExactArithmetic
from verify.search import lane_draws
from verify.worlds import Kind, KindError, Lanes, ReadingError, World

HALF = Fraction(1, 2)


def lanes(kind, sizes, letters, corner="", count=8, seed=3):
    usual = tuple((name, str(values[-1])) for name, values in kind.conventions.items())
    world = World(tuple(sizes.items()), conventions=usual, corner=corner, seed=seed)
    net = Lanes(kind, world, LaneArithmetic(Arena()), Generated(Arena(), seed, 0, count, None, False))
    for letter in letters:
        getattr(net, letter)
    return net


def exactly(net, lane):
    return Lanes(net.kind, net.world, ExactArithmetic(), Given(lane_draws(net, lane), 1))


def numbers(array):
    """The entries of one lane as nested lists of fractions."""
    flat = [array.reshape(-1).fraction(place) for place in range(array.reshape(-1).shape[0])]
    for size in reversed(array.shape[2:]):
        flat = [flat[k : k + size] for k in range(0, len(flat), size)]
    return flat if array.ndim > 1 else flat[0]


def by_loops(predictions):
    """The complexity of predictions, a list of functions of samples of outputs."""
    samples, outputs = len(predictions[0]), len(predictions[0][0])
    total = Fraction(0)
    for signs in product((1, -1), repeat=samples * outputs):
        sums = (
            sum(signs[i * outputs + k] * f[i][k] for i, k in product(range(samples), range(outputs)))
            for f in predictions
        )
        total += max(sums)
    return total / 2 ** (samples * outputs) / samples


# -- finite classes ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("corner", ["", *FiniteClasses.corners])
@pytest.mark.parametrize("sizes", [(2, 1, 1), (3, 2, 2), (4, 3, 2), (2, 3, 1)])
def test_complexities_are_means_over_all_signs(sizes, corner):
    net = lanes(FiniteClasses(), dict(zip("TNK", sizes, strict=True)), ("R", "R_l", "steepness"), corner, count=6)
    for lane in range(net.count):
        one = exactly(net, lane)
        f = numbers(one.f)
        assert one.R.fraction(0) == by_loops(f)
        assert float(net.R[lane]) == pytest.approx(float(by_loops(f)))
        if int(net.draws["form"].values[lane]) in (0, 3):
            losses = numbers(one.losses.to_rational())
            assert one.R_l.to_rational().fraction(0) == by_loops([[[loss] for loss in row] for row in losses])
            steps = (
                (losses[s][i] - losses[t][i]) ** 2 - sum((a - b) ** 2 for a, b in zip(f[s][i], f[t][i], strict=True))
                for s, t, i in product(range(net.T), range(net.T), range(net.N))
            )
            assert one.steepness.to_rational().fraction(0) == max(steps)


def test_distances_are_lipschitz_and_numbers_need_not_be():
    net = lanes(FiniteClasses(), {"T": 3, "N": 2, "K": 2}, ("R_l", "steepness"), count=400)
    form = net.draws["form"].values
    assert (net.steepness[(form == 1) | (form == 2)] < 2**-40).all()
    assert (net.steepness[form == 3] > 0).any()
    assert (net.losses[form == 2] <= 1).all()


def test_no_more_signs_are_enumerated_than_are_allowed():
    net = lanes(FiniteClasses(), {"T": 2, "N": 1, "K": 1}, ("R",), count=2)
    assert over_signs(net, net.arithmetic.zeros(2, MOST_SIGNS, 1)).shape == (2, 2**MOST_SIGNS, 1)
    with pytest.raises(ReadingError, match=r"^17 signs are more than the 16 that are enumerated; give smaller sizes$"):
        complexity(net, net.arithmetic.zeros(2, 2, MOST_SIGNS + 1, 1))


# -- all samples ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 2, 3])
@pytest.mark.parametrize("corner", ["", *ProductClasses.corners])
def test_types_of_samples_of_two_points_are_all_samples(size, corner):
    net = lanes(ProductClasses(), {"N": size}, ("chance", "gap", "R", "R_2", "excess"), corner, count=4)
    for lane in range(net.count):
        one = exactly(net, lane)
        values, p = numbers(one.values), one.first.fraction(0)
        chances, gaps, R, R_2 = (numbers(column.reshape(1, TYPES)) for column in (one.chance, one.gap, one.R, one.R_2))
        members = list(product(*values))
        seen = dict.fromkeys(range(size + 1), Fraction(0))
        for sample in product((0, 1), repeat=size):
            first = sample.count(0)
            seen[first] += p**first * (1 - p) ** (size - first)
            off = (p * t[0] + (1 - p) * t[1] - sum((t[point] for point in sample), Fraction(0)) / size for t in members)
            place = types(net).index((first, size - first))
            assert gaps[place] == max(off)
            assert R[place] == by_loops([[[t[point]] for point in sample] for t in members])
            assert R_2[place] == by_loops([[[1 - t[point], t[point]] for point in sample] for t in members])
            excesses = []
            for t in members:
                error = sum(share for share, value in zip((p, 1 - p), t, strict=True) if value >= HALF)
                root = Exact.fractions([sum((2 * t[point] ** 2 for point in sample), Fraction(0)) / size]).sqrt()
                excesses.append(error - 2 * root)
            assert all((compare(one.excess[:, place, 0], each) >= 0).all() for each in excesses)
            assert any((compare(one.excess[:, place, 0], each) == 0).all() for each in excesses)
        assert [seen[first] for first, _ in types(net)] == chances[: size + 1]
        assert sum(chances) == 1


@pytest.mark.parametrize("size", [1, 2, 3])
def test_types_of_samples_of_points_that_are_alike_are_all_samples(size):
    net = lanes(ProductClasses(points="many"), {"N": size}, ("chance", "gap", "R"), count=30)
    alike = {int(net.crowd[lane]): lane for lane in range(net.count)}
    for count in (1, 2, 4):
        one = exactly(net, alike[count])
        values = numbers(one.values)[0]
        chances, gaps, R = (numbers(column.reshape(1, TYPES)) for column in (one.chance, one.gap, one.R))
        members = list(product(values, repeat=count))
        seen = dict.fromkeys(types(net), Fraction(0))
        for sample in product(range(count), repeat=size):
            type_ = tuple(sorted((sample.count(point) for point in set(sample)), reverse=True))
            seen[type_] += Fraction(1, count**size)
            off = (sum(t) / count - sum(t[point] for point in sample) / size for t in members)
            place = types(net).index(type_)
            assert gaps[place] == max(off)
            assert R[place] == by_loops([[[t[point]] for point in sample] for t in members])
        assert list(seen.values()) == chances[: len(seen)]


@pytest.mark.parametrize(("points", "size"), [("two", 16), ("many", 6)])
def test_probabilities_add_up_to_one(points, size):
    assert POINTS[points] == size
    net = lanes(ProductClasses(points=points), {"N": size}, ("chance", "gap", "delta", "s"), count=6)
    for lane in range(net.count):
        assert sum(numbers(exactly(net, lane).chance.reshape(1, TYPES))) == 1
    assert ((net.delta > 0) & (net.delta < 1)).all()


def test_mean_distances_of_walks():
    assert [mean_distance(steps) for steps in range(5)] == [0, 1, 1, Fraction(3, 2), Fraction(3, 2)]


# -- networks near a start --------------------------------------------------------------------------------------------

TERMS = ("R", "R_1", "R_2", "R_3", "R_4", "inner_2", "inner_sum", "inner_sum_1", "M_W", "M_V", "R_W", "E", "nu", "B")


def product_of(matrix, column):
    return [sum((a * b for a, b in zip(row, column, strict=True)), Fraction(0)) for row in matrix]


@pytest.mark.parametrize("corner", ["", *Neighbourhoods.corners])
def test_terms_are_those_of_the_networks(corner):
    net = lanes(Neighbourhoods(), {"T": 3, "m": 2, "n": 2, "N": 2, "K": 2}, TERMS, corner, count=4)
    for lane in range(net.count):
        one = exactly(net, lane)
        V, W, X, D, G = (numbers(getattr(one, letter)) for letter in ("V", "W", "X", "D", "G"))
        b, c = one.b.fraction(0), Fraction(int(net.draws["c"].values[lane]), 2)

        def phi(z, b=b, c=c):
            return [c + b * each / (1 + each**2) for each in z]

        def slope(z, b=b):
            return [b * (1 - each**2) / (1 + each**2) ** 2 for each in z]

        terms = [[], [], [], [], []]
        for d, g in zip(D, G, strict=True):
            made = [[], [], [], [], []]
            for x in X:
                z, step = product_of(W, x), product_of(d, x)
                start, there = phi(z), phi([a + e for a, e in zip(z, step, strict=True)])
                straight = [a * e for a, e in zip(slope(z), step, strict=True)]
                moved = [a - e for a, e in zip(there, start, strict=True)]
                outer = [[a + e for a, e in zip(*rows, strict=True)] for rows in zip(V, g, strict=True)]
                rest = [a - e for a, e in zip(moved, straight, strict=True)]
                for column, (matrix, vector) in zip(
                    made, ((outer, there), (V, straight), (V, rest), (g, start), (g, moved)), strict=True
                ):
                    column.append(product_of(matrix, vector))
            for column, one_function in zip(terms, made, strict=True):
                column.append(one_function)
        for letter, term in zip(("R", "R_1", "R_2", "R_3", "R_4"), terms, strict=True):
            assert getattr(one, letter).fraction(0) == by_loops(term), letter
        size = max(abs(entry) for row in V for entry in row)
        assert one.level.fraction(0) >= max(1, size)
        assert one.M_W.square().fraction(0) == max(sum(e**2 for row in d for e in row) for d in D)
        assert one.R_W.square().fraction(0) == 2 * max(sum(e**2 for e in row) for d in D for row in d)
        spread = max(sum(e**2 for row in g for e in row) for g in G)
        assert one.M_V.square().fraction(0) == spread / one.level.fraction(0) ** 2
        assert one.nu.square().to_rational().fraction(0) == 4 * one.level.fraction(0) ** 2
        entries = [e for x in X for e in phi(product_of(W, x))]
        assert one.E.square().fraction(0) == sum(e**2 for e in entries) / 4


def test_inputs_on_axes_are_orthonormal():
    kind = Neighbourhoods(inputs_on="axes")
    assert not kind.fits({"T": 2, "m": 1, "n": 1, "N": 2, "K": 1})
    one = exactly(lanes(kind, {"T": 2, "m": 1, "n": 2, "N": 2, "K": 1}, ("X",)), 0)
    assert numbers(one.X) == [[1, 0], [0, 1]]


# -- predictions ------------------------------------------------------------------------------------------------------

SCORES = ("y", "f", "a", "b", "p", "q", "rest", "square", "error")


@pytest.mark.parametrize("corner", ["", *Predictions.corners])
@pytest.mark.parametrize("sizes", [(1, 2), (3, 3), (2, 1)])
def test_errors_are_counted_with_ties(sizes, corner):
    net = lanes(Predictions(classes=Predictions().classes), dict(zip("NK", sizes, strict=True)), SCORES, corner, 20)
    for lane in range(net.count):
        one = exactly(net, lane)
        wrong = 0
        y, f = numbers(one.y), numbers(one.f)
        for i in range(net.N):
            scores, label = [e[0] for e in f[i]], [e[0] for e in y[i]].index(1)
            others = [score for place, score in enumerate(scores) if place != label]
            wrong += any(score >= scores[label] for score in others)
            assert numbers(one.a)[i] == scores[label]
            assert numbers(one.p)[i] == scores[label] - HALF
            distance = sum((e - (place == label)) ** 2 for place, e in enumerate(scores))
            assert numbers(one.square)[i] == distance
            if others:
                assert numbers(one.b)[i] == max(others) == numbers(one.q)[i] + HALF
                assert numbers(one.rest)[i] == distance - (1 - scores[label]) ** 2 - max(others) ** 2
        assert one.error.fraction(0) == Fraction(wrong, net.N)


# -- all of them ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "sizes", "letters"),
    [
        (FiniteClasses(), {"T": 2, "N": 1, "K": 1}, ("R_l",)),
        (ProductClasses(), {"N": 2}, ("gap",)),
        (Neighbourhoods(), {"T": 2, "m": 1, "n": 1, "N": 1, "K": 1}, TERMS),
        (Predictions(), {"N": 1, "K": 2}, SCORES),
    ],
)
def test_corners_are_met(kind, sizes, letters):
    met = {}
    for corner in ("", *kind.corners):
        for name, mask in kind.visited(lanes(kind, sizes, letters, corner, count=400)).items():
            met[name] = met.get(name, False) or mask is True or bool(mask.any())
    assert met
    assert all(met.values()), met


@pytest.mark.parametrize("kind", [FiniteClasses, ProductClasses, Neighbourhoods, Predictions])
def test_no_reading_hides_what_every_kind_has(kind):
    assert set(kind.readings).isdisjoint(dir(Kind))


def test_what_no_kind_is_is_refused_in_one_sentence():
    with pytest.raises(KindError, match=r"^no population has 'three' points; give one of two, many$"):
        ProductClasses(points="three")
    with pytest.raises(KindError, match=r"^inputs_on='cube': say 'sphere' or 'axes'$"):
        Neighbourhoods(inputs_on="cube")


def test_the_numbers_of_the_derivations():
    assert by_loops([[[0], [0]], [[1], [1]]]) == Fraction(1, 4)  # a half of which is not at most sqrt(2)/4
    assert 2 * Fraction(1, 4) ** 2 < HALF**2
    pair = [[[Fraction(0)] * 2], [[Fraction(1)] * 2]]
    assert by_loops(pair) == HALF  # and its losses |f| have sqrt(2)/2
    near = (Fraction(51, 100), Fraction(51, 100))
    assert HALF < sum(e**2 for e in near) < 1
    assert 2 * 5 * 7 > 9 * 7 > 2 * 4 * 7  # 5 >= 9/2 > 4
