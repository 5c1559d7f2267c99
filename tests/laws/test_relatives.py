"""The networks of works on low rank are what they are said to be, in floats and exactly."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest

from properties.worlds.chains import BalancedChains
from properties.worlds.decayed_steps import DecayedSteps
from properties.worlds.obtuse_pairs import ObtusePairs
from properties.worlds.spanning import CriticalOnData
from properties.worlds.stacked import CriticalLinearLayers, StackedLayers
from properties.worlds.unit_weights import UnitWeights
from symbolic.papers.relatives import STEPS
from verify.arena import Arena
from verify.draws import Generated, Given
from verify.lanes import LaneArithmetic
from verify.rationals import ExactArithmetic
from verify.search import lane_draws
from verify.spectra import rank
from verify.worlds import KindError, Lanes, Size, World

COUNT = 6


def lanes(kind, sizes=(), corner="", conventions=(), seed=5):
    world = World(tuple(dict(sizes).items()), tuple(dict(conventions).items()), corner=corner, seed=seed)
    return Lanes(kind, world, LaneArithmetic(Arena()), Generated(Arena(), seed, 0, COUNT, None, False))


def exactly(net, letters):
    """Each lane of a network in exact arithmetic, with what floats say of it beside it."""
    for letter in letters:
        getattr(net, letter)
    for lane in range(net.count):
        yield lane, Lanes(net.kind, net.world, ExactArithmetic(), Given(lane_draws(net, lane), 1))


def plain(exact):
    """The only lane of exact numbers as an object array of fractions."""
    shape = exact.shape[1:]
    numbers = [exact[(0, *at)].fraction() for at in np.ndindex(*shape)]
    return np.array(numbers, dtype=object).reshape(shape)


def close(net, letter, lane, exact):
    floats = np.asarray(getattr(net, letter)[lane])
    assert np.allclose(floats, np.vectorize(float)(exact)), letter


def relu(array):
    return np.where(array > 0, array, array * 0)


# -- three layers -----------------------------------------------------------------------------------------------------

STACK = {"n": 2, "p": 2, "q": 2, "o": 2, "N": 2}
LETTERS = ("W_1", "W_2", "W_3", "b", "x", "y", "f", "G_1", "G_2", "G_3", "G_b", "twins", "V_1", "V_2", "eta")


@pytest.mark.parametrize("power", [2, 4])
@pytest.mark.parametrize(("rectified", "biased"), [(False, False), (True, False), (True, True)])
def test_gradients_of_three_layers_are_those_of_the_chain_rule(power, rectified, biased):
    kind = StackedLayers(rectified=rectified, biased=biased)
    net = lanes(kind, STACK, conventions={"loss": str(power)})
    for lane, one in exactly(net, LETTERS):
        first, second, third, b, x, y = (plain(getattr(one, letter)) for letter in LETTERS[:6])
        wanted = [first * 0, second * 0, third * 0, b * 0]
        patterns = []
        for sample in range(2):
            z = first @ x[sample] + b
            active = np.vectorize(lambda v: Fraction(int(v > 0 or not rectified)))(z)
            patterns.append(np.vectorize(lambda v: int(v > 0))(z))
            hidden = active * z
            made = third @ second @ hidden
            assert (plain(one.f)[sample] == made).all()
            delta = power * (made[:, 0] - y[sample])[:, None] ** (power - 1) / Fraction(2)
            back = active * (second.T @ third.T @ delta)
            for place, summand in enumerate(
                (back @ x[sample].T, third.T @ delta @ hidden.T, delta @ (second @ hidden).T, back)
            ):
                wanted[place] = wanted[place] + summand
        for letter, gradient in zip(("G_1", "G_2", "G_3", "G_b"), wanted, strict=True):
            assert (plain(getattr(one, letter)) == gradient).all(), letter
            close(net, letter, lane, gradient)
        eta = one.eta.fraction(0)
        assert (plain(one.V_1) == first - eta * wanted[0]).all()
        assert (plain(one.V_2) == second - eta * wanted[1]).all()
        same = np.array([[all(p[s] == p[t] for p in patterns) for t in range(2)] for s in range(2)])
        assert (plain(one.twins) == same).all()


def test_the_gradient_in_the_product_is_the_sum_of_outer_products():
    net = lanes(StackedLayers(), STACK, conventions={"loss": "2"})
    for _, one in exactly(net, ("Gamma",)):
        f, x, y = (plain(getattr(one, letter)) for letter in ("f", "x", "y"))
        wanted = sum((f[i][:, 0] - y[i])[:, None] @ x[i].T for i in range(2))
        assert (plain(one.Gamma) == wanted).all()


@pytest.mark.parametrize("outputs", [1, 2])
def test_linear_layers_are_critical_exactly(outputs):
    sizes = {"n": 3, "p": 3, "q": 3, "o": outputs, "N": 2 * outputs}
    net = lanes(CriticalLinearLayers(), sizes, conventions={"loss": "2"})
    for _, one in exactly(net, ("G_1", "G_2", "G_3", "mu")):
        for letter in "123":
            slope = plain(getattr(one, f"G_{letter}")) + one.mu.fraction(0) * plain(getattr(one, f"W_{letter}"))
            assert (slope == 0).all()
        assert rank(one.W_1).fraction(0) == outputs


# -- data as a matrix -------------------------------------------------------------------------------------------------


def test_the_gradient_of_the_whole_sample_is_what_comes_back_times_the_data():
    sizes = {"m": 2, "n": 2, "N": 3, "B": 1}
    net = lanes(CriticalOnData(), sizes, conventions={"c": "2", "s": "1", "kink": "0"})
    for _, one in exactly(net, ("M", "X", "X_c", "V", "mu", "G_N")):
        M, X, V, mu = plain(one.M), plain(one.X), plain(one.V), one.mu.fraction(0)
        assert (plain(one.G_N) == M @ X.T + 2 * mu * V).all()
        assert (plain(one.G_N) == 0).all()
        assert (plain(one.x)[:, :, 0].T == X).all()
        assert (plain(one.X_c).sum(1) == 0).all()
        assert (plain(one.X_c)[:, 0] - plain(one.X_c)[:, 1] == X[:, 0] - X[:, 1]).all()


# -- chains of factors ------------------------------------------------------------------------------------------------


def test_chains_multiply_and_weigh_what_they_say():
    net = lanes(BalancedChains())
    for _, one in exactly(net, ("A", "A_1", "A_q", "weight", "q", "t_1")):
        q, factors = int(one.q.fraction(0)), plain(one.factors)
        product = np.eye(3, dtype=int).astype(object)
        for factor in factors[:q]:
            product = factor @ product
        assert (plain(one.A) == product).all()
        assert (plain(one.A_1) == factors[0]).all()
        assert (plain(one.A_q) == factors[q - 1]).all()
        assert one.weight.fraction(0) == sum((factor**2).sum() for factor in factors[:q])
        drawn = plain(one.values)
        assert [one.t_1.fraction(0), one.t_2.fraction(0), one.t_3.fraction(0)] == [value**q for value in drawn]
        assert (product**2).sum() == sum(value ** (2 * q) for value in drawn)


# -- two points -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("obtuse", [True, False])
def test_pairs_have_norm_one_and_networks_compute_what_they_say(obtuse):
    net = lanes(ObtusePairs(obtuse=obtuse), {"n": 3})
    letters = ("points", "k", "nu", "T", "V_1", "V_2", "f_1", "f_2", "C_1", "C_2", "C_3", "h_1", "h_2")
    for lane, one in exactly(net, letters):
        points = plain(one.points)
        assert [(p**2).sum() for p in points] == [1, 1]
        if obtuse:
            assert ((points[0] + points[1]) ** 2).sum() <= 1
        nu, depth = one.nu.fraction(0), int(one.k.fraction(0))
        assert one.T.fraction(0) ** 2 == nu**depth
        for point, made, reached in zip(points, "12", "12", strict=True):
            out = relu(plain(one.V_2) @ relu(plain(one.V_1) @ point))
            for _ in range(depth - 2):
                out = relu(nu * out)
            assert getattr(one, f"f_{made}").fraction(0) == out[0]
            close(net, f"f_{made}", lane, out[0])
            other = plain(one.C_3) @ relu(plain(one.C_2) @ relu(plain(one.C_1) @ point))
            assert getattr(one, f"h_{reached}").fraction(0) == other[0]
        assert (plain(one.V_1) ** 2).sum() == (plain(one.V_2) ** 2).sum() == nu**2


# -- weights of norm 1 ------------------------------------------------------------------------------------------------


def of_batch(one, members):
    """The derivatives of a batch in V, without its part along V, and in rho, from the formulas of a sample."""
    V, A, f = plain(one.V), plain(one.A), plain(one.f)
    rho, lam = one.rho.fraction(0), one.lam.fraction(0)
    along = sum(2 * rho * (1 - rho * f[i]) * (f[i] * V - A[i]) for i in members)
    return along / Fraction(len(members)), sum(2 * lam * rho - 2 * (1 - rho * f[i]) * f[i] for i in members)


@pytest.mark.parametrize(
    ("vanishing", "N", "B"), [("every batch", 3, 2), ("whole", 2, 2), ("whole", 2, 1), ("fitted", 3, 2)]
)
def test_derivatives_of_unit_weights_vanish_where_they_are_said_to(vanishing, N, B):
    net = lanes(UnitWeights(vanishing=vanishing), {"m": 2, "n": 2, "N": N, "B": B})
    for lane, one in exactly(net, ("V", "u", "x", "f", "A", "rho", "lam", "t", "T", "w", "W")):
        V, u, x = plain(one.V), plain(one.u), plain(one.x)
        assert (V**2).sum() == (u**2).sum() == 1
        for i in range(N):
            z = V @ x[i]
            assert plain(one.f)[i] == (u[0] * relu(z)).sum()
            assert (plain(one.A)[i] == np.outer(np.where(z > 0, u[0], u[0] * 0), x[i])).all()
            assert (plain(one.d)[i] @ plain(one.z)[i].T == plain(one.A)[i]).all()
            assert plain(one.e)[i] == 1 - one.rho.fraction(0) * plain(one.f)[i]
        for place, members in enumerate(combinations(range(N), B)):
            along, factor = of_batch(one, members)
            assert (plain(one.T)[place] == along).all()
            assert plain(one.W)[place] * B == factor
            close(net, "T", lane, plain(one.T))
            if (vanishing, B) != ("whole", 1):
                assert (along == 0).all()
                assert factor == 0
        for i in range(N):
            along, factor = of_batch(one, (i,))
            assert (plain(one.t)[i] == along).all()
            assert plain(one.w)[i] == factor
        assert rank(one.V).fraction(0) == (1 if vanishing == "every batch" else 2)
        assert (one.lam.fraction(0) == 0) == (vanishing == "fitted")


def test_unit_weights_vanish_in_ways_that_are_known():
    with pytest.raises(KindError, match="say 'every batch', 'whole' or 'fitted'"):
        UnitWeights(vanishing="some")
    assert not UnitWeights(samples=Size(2, 3), vanishing="whole").fits({"m": 2, "n": 2, "N": 3, "B": 2})


# -- steps with decay -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("corner", ["", *DecayedSteps.corners])
def test_steps_with_decay_are_those_of_descent(corner):
    net = lanes(DecayedSteps(), {"B": 2}, corner)
    for lane, one in exactly(net, ("W_3", "kappa", "mu", "lam")):
        W, mu, lam = plain(one.W_0), one.mu.fraction(0), one.lam.fraction(0)
        for step in range(STEPS):
            P, Q = plain(getattr(one, f"P_{step}")), plain(getattr(one, f"Q_{step}"))
            G = P @ Q.T
            assert (plain(getattr(one, f"G_{step}")) == G).all()
            W = W - mu * G - 2 * mu * lam * W
            assert (plain(getattr(one, f"W_{step + 1}")) == W).all()
            close(net, f"W_{step + 1}", lane, W)
        kept = (1 - 2 * mu * lam - one.kappa.fraction(0)) * plain(one.W_0)
        if corner in ("the direction is kept", "the gradient is zero"):
            assert (plain(one.W_1) == kept).all()
        if corner == "the gradient is zero":
            assert one.kappa.fraction(0) == 0
