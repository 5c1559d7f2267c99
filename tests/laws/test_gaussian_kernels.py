"""Gaussian kernels: the enclosures hold what other quadratures and closed forms give, and are narrow."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import partial

import numpy as np
import pytest
from flint import acb, arb, ctx, fmpq

from properties.worlds.gaussian_kernels import LENGTHS, GaussianKernels, GaussianPairs
from properties.worlds.hermite import BITS, DERIVATIVES, RELU, STEEPEST, STRIP, TERMS, kernel, series
from verify.arena import Arena, torch
from verify.draws import Generated, Given
from verify.lanes import LaneArithmetic
from verify.layers import precision
from verify.rationals import ExactArithmetic
from verify.search import lane_draws
from verify.spectra import spectral_norm
from verify.worlds import KindError, Lanes, World

SLOPES = {
    "erf": lambda z: np.exp(-z * z),
    "sin": np.cos,
    "arctan": lambda z: 1 / (1 + z * z),
    "softplus": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": lambda z: 1 / np.cosh(z) ** 2,
    "log": lambda z: z / (1 + z * z),
    "rational": lambda z: (1 - z * z) / (1 + z * z) ** 2,
}


def at(made, number):
    number = Fraction(number)
    with ctx.workprec(BITS):
        return made.at(arb(fmpq(number.numerator, number.denominator)))


def lanes(kind, count=40, corner="", seed=2):
    net = Lanes(
        kind,
        World((), corner=corner, seed=seed),
        LaneArithmetic(Arena()),
        Generated(Arena(), seed, 0, count, None, False),
    )
    for letter in kind.readings:
        if kind.can_read(letter):
            net.read(f"kernel:{letter}")
    return net


@pytest.mark.parametrize("name", DERIVATIVES)
@pytest.mark.parametrize("rho", [Fraction(1, 2), Fraction(-3, 4), Fraction(0)])
def test_the_plane_gives_the_same_by_its_own_trapezoidal_rule(name, rho):
    """The integral over the plane, without Hermite polynomials, in floats."""
    x = np.arange(-10, 10, 1 / 8)
    one, other = x[:, None], float(rho) * x[:, None] + math.sqrt(1 - rho**2) * x[None, :]
    weight = np.exp(-(x[:, None] ** 2 + x[None, :] ** 2) / 2) / (2 * math.pi) / 64
    wanted = (weight * SLOPES[name](one) * SLOPES[name](other)).sum()
    found = at(kernel(name), rho)
    assert abs(float(found.mid()) - wanted) <= 1e-14
    assert float(found.rad()) <= 1e-14


def test_values_to_twelve_digits():
    """Gauss and Hermite's rule with 80 nodes has six digits of that of arctan: there are poles at i and -i."""
    wanted = {
        "softplus": 0.271428325631705,
        "arctan": 0.442922668189201,
        "tanh": 0.384747028441039,
        "log": 0.062506291108294,
    }
    for name, value in wanted.items():
        assert abs(float(at(kernel(name), Fraction(1, 2)).mid()) - value) <= 1e-14
    x, w = np.polynomial.hermite_e.hermegauss(80)
    one, other = x[:, None], x[:, None] / 2 + math.sqrt(3) / 2 * x[None, :]
    rule = (w[:, None] * w[None, :] / (1 + one**2) / (1 + other**2)).sum() / w.sum() ** 2
    assert 1e-8 < abs(rule - wanted["arctan"]) < 1e-7


@pytest.mark.parametrize(
    ("name", "k"), [("arctan", 0), ("arctan", 6), ("softplus", 1), ("tanh", 4), ("log", 3), ("rational", 2)]
)
def test_coefficients_are_those_of_another_rigorous_quadrature(name, k):
    """Arb's own integration, of a Hermite polynomial written out."""
    hermite = np.polynomial.hermite_e.herme2poly([0] * k + [1])
    phi = {
        "arctan": lambda z: 1 / (1 + z * z),
        "softplus": lambda z: 1 / (1 + (-z).exp()),
        "tanh": lambda z: 1 / z.cosh() ** 2,
        "log": lambda z: z / (1 + z * z),
        "rational": lambda z: (1 - z * z) / (1 + z * z) ** 2,
    }[name]

    def integrand(z, _):
        polynomial = sum(int(c) * z**power for power, c in enumerate(hermite))
        return phi(z) * polynomial * (-z * z / 2).exp()

    with ctx.workprec(80):
        whole = acb.integral(integrand, -16, 16).real / (2 * arb.pi()).sqrt() / arb(math.factorial(k)).sqrt()
        found = series(name).coefficients[k]
        assert whole.overlaps(found)
        assert abs(whole - found) < arb(2) ** -50
        assert found.rad() < arb(2) ** -55


@pytest.mark.parametrize("name", DERIVATIVES)
def test_bounds_in_the_strip_hold_on_a_grid(name):
    """No value on a grid of the strip exceeds the bound, and no slope on the line its own."""
    z = np.linspace(-8, 8, 4001)[:, None] + 1j * np.linspace(-float(STRIP), float(STRIP), 31)[None, :]
    assert abs(SLOPES[name](z)).max() <= float(DERIVATIVES[name].within().upper())
    real = abs(SLOPES[name](np.linspace(-16, 16, 32001))).max()
    assert float(STEEPEST[name]) * 0.9999 <= real <= float(STEEPEST[name])


def test_closed_forms_are_enclosed():
    for rho in (Fraction(k, 8) for k in range(-8, 9)):
        r = float(rho)
        assert abs(float(at(kernel("erf"), rho).mid()) - 1 / math.sqrt(9 - 4 * r * r)) <= 1e-12
        assert abs(float(at(kernel("sin"), rho).mid()) - math.cosh(r) / math.e) <= 1e-14
        if abs(rho) <= Fraction(5, 8):
            assert abs(float(at(kernel(RELU), rho).mid()) - (0.25 + math.asin(r) / (2 * math.pi))) <= 1e-14
    assert abs(float(at(kernel("arctan"), 1).mid()) - 0.5) <= 1e-6  # by parts, E (1 + g^2)^-2 = 1/2
    assert at(kernel("arctan"), 1).overlaps(arb(0.5))
    assert at(kernel("softplus"), 0).overlaps(arb(0.25))
    assert at(kernel("erf"), 1).overlaps(1 / arb(5).sqrt())


def test_what_is_left_out_is_bounded():
    """The sum of all squares of coefficients is the mean of the squared slope."""
    for name in DERIVATIVES:
        made = series(name)
        assert len(made.coefficients) == TERMS + 1
        x = np.arange(-12, 12, 1 / 32)
        energy = (SLOPES[name](x) ** 2 * np.exp(-x * x / 2)).sum() / 32 / math.sqrt(2 * math.pi)
        kept = sum(float(c.mid()) ** 2 for c in made.coefficients)
        assert -1e-14 <= energy - kept <= float(made.left.upper()) + 1e-14


def test_other_lengths_are_of_other_variances():
    for s in LENGTHS:
        for t in LENGTHS:
            p, q, r = float(s * s), float(t * t), 0.5 * float(s * t)
            found = float(at(kernel("erf", s, t), Fraction(1, 2)).mid())
            assert abs(found - ((1 + 2 * p) * (1 + 2 * q) - 4 * r * r) ** -0.5) <= 1e-14


@pytest.mark.parametrize(
    "kind", [GaussianPairs(), GaussianPairs("erf"), GaussianPairs("relu"), GaussianKernels()], ids=str
)
def test_floats_are_near_what_is_exact(kind):
    net = lanes(kind)
    for lane in range(6):
        one = Lanes(kind, net.world, ExactArithmetic(), Given(lane_draws(net, lane), 1))
        for letter in kind.readings:
            if kind.can_read(letter) and letter not in ("which", "place"):
                found, exact = net.read(f"kernel:{letter}"), one.read(f"kernel:{letter}")
                close = 0.02 if (kind.activation, letter) == ("relu", "kappa_1") else 1e-6
                assert abs(exact.approximate()[0] - found[lane].numpy()).max() <= close


def test_a_kernel_matrix_is_that_of_its_inputs():
    net = lanes(GaussianKernels())
    assert bool(((net.X.square().sum(2) - 1).abs() <= 1e-14).all())
    names = net.kind.names
    for lane in range(8):
        made = partial(at, kernel(names[int(net.which[lane])]))
        rho = float((net.X[lane, 0] * net.X[lane, 1]).sum())
        assert abs(float(net.S[lane, 0, 1]) - rho * float(made(Fraction(rho)).mid())) <= 1e-7
        assert abs(float(net.S[lane, 0, 0]) - float(made(1).mid())) <= 1e-6
    assert torch().equal(net.S, net.S.mT)


def test_an_unknown_activation_is_refused_in_one_sentence():
    with pytest.raises(KindError, match=r"^no activation is called 'gelu'; give one of relu, erf, sin"):
        GaussianPairs("gelu")


def test_enclosures_have_no_more_bits_than_others():
    """The norm of a matrix of enclosures is taken on a grid of as many bits: finer midpoints are not on it."""
    net = lanes(GaussianKernels(), 60)
    for lane in range(net.count):
        one = Lanes(net.kind, net.world, ExactArithmetic(), Given(lane_draws(net, lane), 1))
        with precision(128):
            values = one.S_bare.values.reshape(-1)
            assert all(int(ball.mid().man_exp()[0]).bit_length() <= 128 for ball in values)
            assert spectral_norm(one.S_bare).values[()].reshape(-1)[0].is_finite()
