"""Networks at orthonormal inputs are what their docstrings say: fitted starts, two points, narrow networks."""

from __future__ import annotations

from fractions import Fraction
from math import atan, exp, pi, sqrt

import flint
import numpy as np
import pytest

from properties.worlds.activations import ACTIVATIONS, ARCTAN, RATIONAL
from properties.worlds.fitted_start import FittedStart
from properties.worlds.narrow_networks import BOUNDED, NarrowNetworks
from properties.worlds.two_points import MOST_STEPS, TwoPoints
from verify.arena import Arena
from verify.draws import Generated, Given
from verify.exact import Exact, compare
from verify.lanes import LaneArithmetic
from verify.layers import Layer
from verify.rationals import ExactArithmetic
from verify.search import lane_draws
from verify.worlds import KindError, Lanes, World

FITTED = ("seen", "often", "half", "n", "k", "nu", "outputs", "r_0", "lam_1", "D", "error", "least_error")
POINTS = (
    "counts",
    "n",
    "k",
    "nu",
    "cut",
    "eta",
    "T",
    "Gamma",
    "zeta",
    "C_r",
    "W",
    "r_T",
    "r_N",
    "D",
    "error",
    "failing",
)
NARROW = ("W", "V", "labels", "r", "nu", "top", "B", "zeta", "Gamma", "abar")


def lanes(kind, letters, corner="", count=24, seed=5, sizes=(), conventions=()):
    world = World(sizes, conventions=conventions, corner=corner, seed=seed)
    net = Lanes(kind, world, LaneArithmetic(Arena()), Generated(Arena(), seed, 0, count, None, False))
    for letter in letters:
        getattr(net, letter)
    return net


def exactly(net, lane):
    return Lanes(net.kind, net.world, ExactArithmetic(), Given(lane_draws(net, lane), 1))


def numbers(array):
    flat = array.reshape(-1)
    return [flat.fraction(place) for place in range(flat.shape[0])]


@pytest.mark.parametrize("corner", ["", *FittedStart.corners])
def test_a_fitted_start_fits_and_errs_elsewhere(corner):
    net = lanes(FittedStart(), FITTED, corner)
    for lane in range(net.count):
        one = exactly(net, lane)
        seen, often, half = numbers(one.seen), one.often.fraction(0), one.half.fraction(0)
        n, k, nu = (getattr(one, letter).fraction(0) for letter in ("n", "k", "nu"))
        assert sum(seen) <= half
        assert n == often * sum(seen)
        assert nu**2 * k == Fraction(25, 2)
        assert {abs(entry) for entry in numbers(one.V)} == {nu / (4 * one.h.fraction(0))}
        assert (nu / (4 * one.h.fraction(0))) ** 2 == nu**2 / (2 * k)
        assert numbers(one.outputs) == [1, 0, 1, 0, 1, 0]
        assert numbers(one.r_0) == numbers(one.D) == [0]
        assert one.error.fraction(0) == (half - seen[1]) / (2 * half)
        assert one.least_error.fraction(0) == max(half - n, 0) / (2 * half)
        assert one.least_error.fraction(0) <= one.error.fraction(0)
        assert (compare(one.lam_1 * one.lam_1, often * nu**2 * Fraction(144, 625) / 2) == 0).all()


def test_the_singular_value_is_that_of_the_jacobian():
    """With every neuron and every sample written out."""
    net = lanes(FittedStart(), FITTED, count=4000)
    small = [i for i in range(net.count) if net.k[i] <= 72 and net.n[i] <= 12 and net.seen[i].min() > 0]
    assert small
    for lane in small:
        quarter = int(net.k[lane]) // 4
        V = np.repeat(net.V[lane].numpy(), quarter, axis=1)
        columns = np.repeat(net.W[lane].numpy(), quarter, axis=0)
        seen, often = net.seen[lane].int().tolist(), int(net.often[lane])
        W = np.repeat(columns[:, :2], seen, axis=1)
        slopes = (1 - W**2) / (1 + W**2) ** 2
        rows = []
        for label in range(2):
            for place in np.repeat(range(sum(seen)), often):
                gradient = np.zeros_like(W)
                gradient[:, place] = V[label] * slopes[:, place]
                rows.append(gradient.ravel())
        found = np.linalg.svd(np.array(rows), compute_uv=False)
        np.testing.assert_allclose(found[: 2 * sum(seen)], float(net.lam_1[lane]), rtol=1e-12)
        np.testing.assert_allclose(found[2 * sum(seen) :], 0, atol=1e-12)


def trained(counts, k, nu, eta, T):
    """Descent with every neuron of a network of k neurons written out; the residual and W."""
    signs = np.repeat(np.array([[1, 1, -1, -1], [1, -1, 1, -1]]), k // 4, axis=1)
    V, W = signs * nu / sqrt(2 * k), np.zeros((k, 2))
    labels = np.eye(2)
    for _ in range(T):
        residuals = V @ np.arctan(W) - labels
        W = W - eta * (V.T @ residuals) * counts / (1 + W**2)
    residuals = V @ np.arctan(W) - labels
    return sqrt((residuals**2 * counts).sum()), W


@pytest.mark.parametrize("corner", ["", *TwoPoints.corners])
def test_two_points_descend_as_all_their_neurons_do(corner):
    net = lanes(TwoPoints(), POINTS, corner, count=400)
    assert net.T.max() == MOST_STEPS
    near = [i for i in range(net.count) if net.k[i] in (8, 32, 72) and net.nu[i] <= 64][:12]
    assert near
    for lane in near:
        counts, k = net.counts[lane].numpy(), int(net.k[lane])
        residual, W = trained(counts, k, float(net.nu[lane]), float(net.eta[lane]), int(net.T[lane]))
        scale = 1 + sqrt(float(net.n[lane]))
        assert abs(residual - float(net.r_T[lane])) <= 1e-9 * scale
        sorts = net.W[lane].numpy()
        np.testing.assert_allclose(W, np.repeat(sorts, k // 4, axis=0), rtol=1e-6, atol=1e-9 * (1 + abs(sorts).max()))


def test_two_points_have_the_spaces_and_constants_of_their_jacobian():
    net = lanes(TwoPoints(), (*POINTS, "alpha", "abar", "X", "lam_1"), count=60)
    for lane in range(net.count):
        counts, nu = net.counts[lane].tolist(), float(net.nu[lane])
        n, alpha, Gamma = sum(counts), float(net.alpha[lane]), float(net.Gamma[lane])
        lam = [nu * sqrt(c / 2) for c in counts]
        kept = [c >= float(net.cut[lane]) for c in counts]
        assert any(kept)
        assert float(net.n[lane]) == n
        assert float(net.lam_1[lane]) == pytest.approx(max(lam))
        assert alpha <= max(lam) * (1 + 1e-12)
        assert Gamma == pytest.approx(float(net.eta[lane]) * alpha**2 * float(net.T[lane]))
        assert float(net.eta[lane]) * (nu * float(net.X[lane])) ** 2 <= 1 + 1e-12
        by_theorem = nu * float(net.abar[lane]) * n**0.25 * sqrt(float(net.X[lane]))
        assert by_theorem == pytest.approx(alpha)
        beside = sum(c for c, keep in zip(counts, kept, strict=True) if not keep)
        assert float(net.r_N[lane]) == pytest.approx(sqrt(beside))
        squared = sum(
            c / s**2 if keep else (Gamma * s / alpha**2) ** 2 * c for c, s, keep in zip(counts, lam, kept, strict=True)
        )
        assert float(net.D[lane]) == pytest.approx(sqrt(squared))
        if net.error[lane] <= counts.count(0) / 2:
            assert float(net.failing[lane]) == pytest.approx(2.0 ** (1 - n))
        else:
            assert float(net.failing[lane]) == 1


def test_floats_of_descent_are_near_balls_of_it():
    net = lanes(TwoPoints(), POINTS, count=12)
    for lane in range(net.count):
        ball = str(exactly(net, lane).r_T.reshape(-1)[0])
        assert "nan" not in ball
    assert compare(exactly(net, 0).error, 1).tolist() in ([-1], [0])


@pytest.mark.parametrize("activation", BOUNDED)
@pytest.mark.parametrize("second_layer", ["drawn", "of the theorem"])
def test_narrow_networks_are_those_of_their_weights(activation, second_layer):
    number = str(ACTIVATIONS.index(activation))
    kind = NarrowNetworks(second_layer=second_layer)
    sizes = (("n", 3), ("k", 2), ("K", 2))
    values = {"z / (1 + z^2)": lambda z: z / (1 + z**2), "arctan z": np.arctan, "sin z": np.sin, "tanh z": np.tanh}
    for corner in ("", *kind.corners):
        net = lanes(kind, NARROW, corner, sizes=sizes, conventions=(("activation", number),))
        for lane in range(net.count):
            V, W, labels = (getattr(net, letter)[lane].numpy() for letter in ("V", "W", "labels"))
            nu, top = float(net.nu[lane]), float(net.top[lane])
            assert (labels.sum(0) == 1).all()
            np.testing.assert_allclose(abs(V), nu / sqrt(2 * 2), rtol=1e-12)
            phi = values[activation.name](W)
            assert (abs(phi) <= top).all()
            assert float(net.r[lane]) == pytest.approx(np.linalg.norm(V @ phi - labels))
            if second_layer == "of the theorem":
                wanted = float(net.zeta[lane]) / (50 * float(net.B[lane]) * sqrt(np.log(4)))
                assert nu == pytest.approx(wanted)


@pytest.mark.parametrize("activation", BOUNDED)
def test_kernels_of_narrow_networks_reach_the_cutoff(activation):
    """E phi'(g)**2 is at least 1/16, by the trapezoidal rule, and so is the cutoff of the docstring's hypothesis."""
    z = np.linspace(-10, 10, 4001)
    slopes = {"z / (1 + z^2)": (1 - z**2) / (1 + z**2) ** 2, "arctan z": 1 / (1 + z**2), "sin z": np.cos(z),
              "tanh z": 1 - np.tanh(z) ** 2}[activation.name]  # fmt: skip
    mean = np.sum(slopes**2 * np.exp(-(z**2) / 2)) * (z[1] - z[0]) / sqrt(2 * pi)
    assert mean > 1 / 16
    assert (abs(slopes[abs(z) <= 1 / 2]) >= 12 / 25).all()


def test_bounds_of_activations_are_reached():
    assert float(RATIONAL.value(None, Exact.fractions([Fraction(1)])).fraction(0)) == 1 / 2
    net = lanes(NarrowNetworks(), ("top",), sizes=(("n", 1), ("k", 1), ("K", 1)),
                conventions=(("activation", str(ACTIVATIONS.index(ARCTAN))),))  # fmt: skip
    assert float(net.top[0]) == pytest.approx(pi / 2)
    assert atan(1e9) <= pi / 2


@pytest.mark.parametrize("kind", [FittedStart(), TwoPoints()])
def test_corners_are_met(kind):
    letters = {FittedStart: (*FITTED, "population"), TwoPoints: (*POINTS, "share")}[type(kind)]
    readable = [letter for letter in letters if letter in kind.readings]
    met = {}
    for corner in ("", *kind.corners):
        for name, mask in kind.visited(lanes(kind, readable, corner, count=400)).items():
            met[name] = met.get(name, False) or bool(mask.any())
    assert met
    assert all(met.values()), met


def test_a_second_layer_that_is_none_is_refused_in_one_sentence():
    with pytest.raises(KindError, match=r"^no second layer is 'wide'; give one of drawn, of the theorem$"):
        NarrowNetworks(second_layer="wide")


def test_the_counterexample_of_the_derivations():
    n, P, delta = 448, 14336, 1 / 16
    bound = 5 * sqrt(np.log(2 / delta) / n) + 2 * 2.0**-52 * (exp(-1) + 1 / 16)
    assert bound < 0.4398 < 15 / 32 == 1 / 2 - n / P


def test_the_square_of_a_ball_around_zero_is_a_number():
    around = Exact(np.array([flint.arb(0, 1), flint.arb(2)], dtype=object), 1, Layer.BALL)
    squares = around.square().values
    assert squares[0].is_finite()
    assert squares[0].contains(1)
    assert squares[1] == 4
