"""Descent on a linear model is what its spectrum says, in floats and exactly; so are close matrices and mean losses."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from properties.worlds.close_matrices import CloseMatrices
from properties.worlds.linear_descent import MOST_STEPS, LinearDescent
from properties.worlds.noisy_regression import CASES, NoisyRegression, sign
from verify.arena import Arena, torch
from verify.draws import Generated, Given
from verify.exact import compare
from verify.lanes import LaneArithmetic
from verify.rationals import ExactArithmetic
from verify.search import lane_draws
from verify.spectra import singular_values_squared
from verify.worlds import KindError, Lanes, World

DESCENT = ("J", "alpha", "kept", "r_0", "r_I", "r_N", "solved", "eta", "T", "time", "Gamma", "r_T", "moved", "moved_on")
CLOSE = ("A", "B", "Y", "root_A", "root_B", "norm_A", "eps", "least_A", "least_B", "r", "eta")
LOSSES = ("X", "w", "y", "var_x", "var_y", "rank", "loss", "loss_I", "loss_N")


def lanes(kind, letters, corner="", count=24, seed=5):
    world = World((), corner=corner, seed=seed)
    net = Lanes(kind, world, LaneArithmetic(Arena()), Generated(Arena(), seed, 0, count, None, False))
    for letter in letters:
        getattr(net, letter)
    return net


def exactly(net, lane):
    return Lanes(net.kind, net.world, ExactArithmetic(), Given(lane_draws(net, lane), 1))


def numbers(array):
    """The entries of one lane, in order, as fractions."""
    flat = array.reshape(-1)
    return [flat.fraction(place) for place in range(flat.shape[0])]


@pytest.mark.parametrize("corner", ["", *LinearDescent.corners])
def test_descent_is_what_its_singular_values_say(corner):
    net = lanes(LinearDescent(), (*DESCENT, "after", "along", "path", "early", "far"), corner)
    for lane in range(net.count):
        one = exactly(net, lane)
        lam, before, eta, T = numbers(one.spectrum), numbers(one.coefficients), one.eta.fraction(0), one.T.fraction(0)
        assert lam == sorted(lam, reverse=True)
        assert numbers(singular_values_squared(one.J)) == [value**2 for value in lam]
        left = [(1 - eta * value**2) ** int(T) for value in lam]
        assert numbers(one.after) == [share * a for share, a in zip(left, before, strict=True)]
        steps = [-a * (1 - share) / value if value else 0 for share, a, value in zip(left, before, lam, strict=True)]
        assert numbers(one.along) == steps
        assert sum(entry**2 for entry in numbers(one.moved)) == sum(step**2 for step in steps)
        assert (compare(one.J @ one.moved, one.r_T - one.r_0) == 0).all()


@pytest.mark.parametrize("cut", ["at least", "above", "squares", "first"])
def test_the_spaces_are_cut_as_told(cut):
    net = lanes(LinearDescent(cut=cut), (*DESCENT, "early"), "the cutoff is the second", count=60)
    for lane in range(net.count):
        one = exactly(net, lane)
        lam, alpha, before = numbers(one.spectrum), one.alpha.fraction(0), numbers(one.coefficients)
        wanted = {
            "at least": [value >= alpha for value in lam],
            "above": [value > alpha for value in lam],
            "squares": [value**2 >= alpha for value in lam],
            "first": [True, False, False],
        }[cut]
        assert numbers(one.kept) == wanted
        assert (compare(one.r_I + one.r_N, one.r_0) == 0).all()
        assert sum(e**2 for e in numbers(one.r_I)) == sum(a**2 for a, kept in zip(before, wanted, strict=True) if kept)
        if alpha and all(value for value, kept in zip(lam, wanted, strict=True) if kept):
            Gamma = one.Gamma.fraction(0)
            weights = [
                (alpha / value if kept else Gamma * value / alpha) ** 2 for value, kept in zip(lam, wanted, strict=True)
            ]
            assert one.early.fraction(0) == sum(weight * a**2 for weight, a in zip(weights, before, strict=True))
            assert (compare(one.J @ one.solved, one.r_I) == 0).all()


@pytest.mark.parametrize(("time_is", "low", "high"), [("whole", 0, 0), ("down", 0, 1), ("up", -1, 0)])
def test_a_time_is_rounded_as_told(time_is, low, high):
    net = lanes(LinearDescent(time_is=time_is), DESCENT, count=200)
    apart = (net.time - net.T).numpy()
    assert ((apart == 0) | ((low < apart) & (apart < high))).all()
    assert time_is == "whole" or (apart != 0).any()
    assert net.time.min() >= 0
    assert net.T.max() == MOST_STEPS
    assert torch().equal(net.Gamma, net.eta * net.alpha.square() * net.time)


def test_floats_are_near_what_is_exact():
    net = lanes(LinearDescent(), (*DESCENT, "path"), count=40)
    for lane in range(net.count):
        one = exactly(net, lane)
        for letter in ("r_T", "moved", "moved_on"):
            scale = 1.0 + float(net.stride[lane].abs().max())
            exact = [float(entry) for entry in numbers(getattr(one, letter))]
            np.testing.assert_allclose(getattr(net, letter)[lane].flatten().numpy(), exact, rtol=0, atol=1e-12 * scale)


def test_longer_steps_than_twice_the_inverse_square_are_not_drawn():
    net = lanes(LinearDescent(), DESCENT, count=400)
    steps = (net.eta * net.spectrum[:, 0].square())[net.spectrum[:, 0] > 0]
    assert steps.max() <= 2 < steps.max() + 2**-3
    assert steps.min() >= 2**-4 - 2**-50


def test_what_no_kind_is_is_refused_in_one_sentence():
    with pytest.raises(KindError, match=r"^no information space is cut 'below'; give one of at least, above"):
        LinearDescent(cut="below")
    with pytest.raises(KindError, match=r"^no time is 'late'; give one of whole, down, up$"):
        LinearDescent(time_is="late")


@pytest.mark.parametrize("corner", ["", *CloseMatrices.corners])
def test_close_matrices_have_the_norms_and_roots_that_they_were_made_with(corner):
    net = lanes(CloseMatrices(), CLOSE, corner)
    for lane in range(net.count):
        one = exactly(net, lane)
        values = sorted(numbers(one.of_a), reverse=True)
        assert numbers(singular_values_squared(one.A)) == [value**2 for value in values]
        assert [one.norm_A.fraction(0), one.least_A.fraction(0)] == values
        difference = sorted(numbers(one.of_difference), reverse=True)
        assert numbers(singular_values_squared(one.B - one.A)) == [value**2 for value in difference]
        assert one.eps.fraction(0) == difference[0]
        assert one.least_B.fraction(0) == min(numbers(one.of_root))
        assert (compare(one.A @ one.A.mT, one.root_A @ one.root_A) == 0).all()
        assert (compare(one.Y @ one.Y.mT, one.root_B @ one.root_B) == 0).all()


def test_the_signs_of_the_noise_are_uncorrelated():
    columns = [[sign(case, column) for case in range(CASES)] for column in range(1, 10)]
    for place, column in enumerate(columns):
        assert sum(column) == 0
        for other in columns[:place]:
            assert sum(a * b for a, b in zip(column, other, strict=True)) == 0


def test_mean_losses_are_those_over_independent_signs():
    net = lanes(NoisyRegression(), LOSSES, count=6)
    for lane in range(net.count):
        one = exactly(net, lane)
        w, clean = numbers(one.w), numbers(one.X @ one.w - one.y)
        spanned = [numbers(one.spanned[:, :, place]) for place in range(2)]
        x, z = one.of_inputs.fraction(0), one.of_labels.fraction(0)
        totals = [Fraction(0), Fraction(0)]
        for signs in product((1, -1), repeat=9):
            e = [
                clean[row] + x * (w[0] * signs[3 * row] + w[1] * signs[3 * row + 1]) - z * signs[3 * row + 2]
                for row in range(3)
            ]
            totals[0] += sum(entry**2 for entry in e)
            totals[1] += sum(sum(a * b for a, b in zip(u, e, strict=True)) ** 2 for u in spanned)
        whole, inside = (total / 2**10 for total in totals)
        assert one.loss.fraction(0) == whole
        assert one.loss_I.fraction(0) == inside
        assert one.loss_N.fraction(0) == whole - inside
        assert one.rank.fraction(0) == sum(any(u) for u in spanned)


@pytest.mark.parametrize("kind", [LinearDescent(), CloseMatrices(), NoisyRegression()])
def test_corners_are_met(kind):
    letters = {"residuals": (*DESCENT, "coefficients"), "close": CLOSE, "regression": LOSSES}[kind.speaks]
    met = {}
    for corner in ("", *kind.corners):
        for name, mask in kind.visited(lanes(kind, letters, corner, count=400)).items():
            met[name] = met.get(name, False) or bool(mask.any())
    assert met
    assert all(met.values()), met


def test_the_counterexamples_of_the_derivations():
    def step(A, B, eta, r):
        p = sum(b * e for b, e in zip(B, r, strict=True))
        return sum((e - eta * a * p) ** 2 for a, e in zip(A, r, strict=True))

    assert step((3, -4), (4, -3), Fraction(2, 25), (1, 0)) == Fraction(41, 25) > Fraction(29, 25) ** 2
    c, eps = 10, 1
    eta = Fraction(1, c**2 + eps**2)
    assert step((0, c), (eps, c), eta, (1, 0)) == 1 + eta * eps**2 * Fraction(c**2, c**2 + eps**2)
    assert 1 - Fraction(10, 19) == Fraction(9, 19) > Fraction(36788, 100000)  # exp(-1) is below that
    lam, rate = Fraction(41, 50), Fraction(99, 100)
    assert (1 - (1 - rate * lam**2) ** 2) / lam > lam
