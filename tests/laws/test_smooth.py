"""Smooth networks: their readings are the closed forms written out here, in floats and in exact numbers."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import flint
import numpy as np
import pytest
from sympy import Eq

from properties.worlds.activations import ACTIVATIONS, ARCTAN, IDENTITY, SIN
from properties.worlds.hadamard import PositivePairs
from properties.worlds.smooth import MOST_SIGNS, RandomSigns, RationalNetworks, SmoothNetworks
from verify.arena import Arena, torch
from verify.draws import Draw, Generated, Given
from verify.evaluate import Evaluator
from verify.exact import Exact
from verify.exact_judge import FALSE, TRUE, ExactJudge
from verify.lanes import LaneArithmetic
from verify.layers import Layer
from verify.rationals import ExactArithmetic
from verify.search import lane_draws
from verify.slopes import gradient
from verify.spectra import spectral_norm
from verify.worlds import KindError, Lanes, World

NUMBERS = range(len(ACTIVATIONS))
NEAR = 1e-12


def world(m=2, n=2, N=3, K=2, activation=1, corner="", seed=0, V=0):
    sizes = (("m", m), ("n", n), ("N", N), ("K", K))
    shifts = (("V", V),) if V else ()
    return World(sizes, (("activation", str(activation)),), shifts, corner, None, seed=seed)


def lanes(where, count=8, kind=None):
    arena = Arena()
    return Lanes(
        kind or SmoothNetworks(), where, LaneArithmetic(arena), Generated(arena, where.seed, 0, count, None, False)
    )


def exactly(net, lane):
    """One of the networks in exact arithmetic, once everything that a reading may ask for is drawn."""
    for letter in net.kind.readings:
        net.read(f"{net.kind.speaks}:{letter}")
    return Lanes(net.kind, net.world, ExactArithmetic(), Given(lane_draws(net, lane), 1))


def made_of(where, kind, **values):
    """One network in exact arithmetic from its draws."""
    known = {}
    for name, (axes, integers) in values.items():
        array = torch().as_tensor(integers, dtype=torch().int64).unsqueeze(0)
        known[name] = Draw(tuple(axes.split()), -100, 100, array)
    return Lanes(kind, where, ExactArithmetic(), Given(known, 1))


def fractions(array):
    return np.array([Fraction(text) for text in np.ravel(array.tolist())]).reshape(array.shape)


# -- activations -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: ACTIVATIONS[number].name)
def test_bounds_of_derivatives_are_least(number):
    """By autograd, twice, on a fine grid: no derivative exceeds its bound, and one comes near it."""
    activation, module = ACTIVATIONS[number], torch()
    arithmetic = LaneArithmetic(Arena())
    z = module.linspace(-12, 12, 24001, dtype=module.float64, requires_grad=True).unsqueeze(0)
    (slope,) = module.autograd.grad(activation.value(arithmetic, z).sum(), z, create_graph=True)
    assert (slope - activation.slope(arithmetic, z)).abs().max() <= NEAR
    bend = module.zeros_like(z)
    if slope.requires_grad and activation is not IDENTITY:
        (bend,) = module.autograd.grad(slope.sum(), z)
    for seen, bound in ((slope, activation.steepest), (bend, activation.bend)):
        least = float(bound(arithmetic, 1)[0])
        largest = float(seen.detach().abs().max())
        assert least * (1 - 1e-4) - NEAR <= largest <= least * (1 + NEAR)
        assert math.isclose(bound(ExactArithmetic(), 1).approximate()[0], least, rel_tol=NEAR)


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: ACTIVATIONS[number].name)
def test_exact_derivatives_are_those_of_autograd(number):
    """Slopes carried through the values, in exact numbers, enclose the closed derivative."""
    activation, arithmetic = ACTIVATIONS[number], ExactArithmetic()
    points = Exact.fractions([[[Fraction(k, 4) for k in range(-8, 9)]]])
    carried = gradient(lambda z: activation.value(arithmetic, z).sum(-1), points)
    closed = activation.slope(arithmetic, points)
    assert abs(carried.approximate() - closed.approximate()).max() <= NEAR
    assert bool(((carried - closed).abs().to_layer(Layer.BALL) <= Fraction(1, 2**90)).all())
    rational = number in {int(k) for k in RandomSigns.conventions["activation"]}
    assert (closed.to_rational() is not None) == rational
    assert (carried.to_rational() is not None) == rational


def test_slopes_pass_through_functions():
    points = Exact.fractions([[[Fraction(k, 4) for k in range(1, 9)]]])
    z = points.approximate()[0, 0]
    wanted = {"cos": -np.sin(z), "exp": np.exp(z), "log": 1 / z, "atan": 1 / (1 + z**2), "tanh": 1 - np.tanh(z) ** 2}
    wanted |= {"sin": np.cos(z), "erf": 2 / math.sqrt(math.pi) * np.exp(-(z**2))}
    for name, slope in wanted.items():
        found = gradient(lambda at, name=name: 3 * getattr(at, name)().sum(-1), points)
        assert abs(found.approximate()[0, 0] - 3 * slope).max() <= NEAR * 100


# -- the sphere ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 2, 3])
def test_inputs_are_on_the_sphere_or_zero(n):
    net = lanes(world(n=n, N=4), 64)
    assert bool(((net.X.square().sum(-1) - 1).abs() <= NEAR).logical_or((net.X == 0).all(-1)).all())
    signs = set()
    for lane in range(16):
        rows = fractions(exactly(net, lane).X)[0]
        assert {sum(v * v for v in row) for row in rows} <= {0, 1}
        signs |= {row[0] > 0 for row in rows if any(row)}
    assert signs == {True, False}


def test_a_kind_says_where_its_inputs_are():
    with pytest.raises(KindError, match="say 'sphere' or 'anywhere'"):
        SmoothNetworks(inputs_on="cube")


# -- the Jacobian ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "where"), list(itertools.product(NUMBERS, ["sphere", "anywhere"])))
def test_readings_agree_in_floats_and_in_exact_numbers(number, where):
    net = lanes(world(activation=number, seed=number), 3, SmoothNetworks(inputs_on=where))
    truth = exactly(net, 1)
    for letter in net.kind.readings:
        name = f"oymak2019:{letter}"
        found, exact = net.read(name), truth.read(name)
        assert exact.shape == (1, *found.shape[1:])
        assert abs(exact.approximate()[0] - found[1].detach().numpy()).max() <= NEAR * (1 + found.abs().max())


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: ACTIVATIONS[number].name)
def test_entries_of_the_jacobian_are_in_their_places(number):
    """``J[l N + i, s n + j] = V[l, s] phi'(w_s . x_i) x_i[j]``, and the Gram matrix entry by entry."""
    m, n, N, K = 3, 2, 2, 2
    net = lanes(world(m, n, N, K, number, seed=7), 4, SmoothNetworks(inputs_on="anywhere"))
    W, V, X, P = net.W, net.V, net.X, net.P
    z = torch().einsum("Lsj,Lij->Lis", W, X)
    assert (ACTIVATIONS[number].slope(net.arithmetic, z) - P).abs().max() <= NEAR
    for label, i, s, j in itertools.product(range(K), range(N), range(m), range(n)):
        wanted = V[:, label, s] * P[:, i, s] * X[:, i, j]
        for read in (net.J, net.J_closed):
            assert (read[:, label * N + i, s * n + j] - wanted).abs().max() <= NEAR * 100
        assert (net.J_s[:, i * K + label, s * n + j] - wanted).abs().max() <= NEAR * 100
        assert (net.J_c[:, label * N + i, j * m + s] - wanted).abs().max() <= NEAR * 100
    wanted = torch().einsum("Lls,Lqs,Lis,Ljs,Lia,Lja->Lliqj", V, V, P, P, X, X).reshape(4, K * N, K * N)
    assert (net.C - wanted).abs().max() <= NEAR * 1000
    turned = torch().einsum("Lls,Lqs,Lis,Ljs,Lia,Lja->Liljq", V, V, P, P, X, X).reshape(4, K * N, K * N)
    assert (net.C_s - turned).abs().max() <= NEAR * 1000


def test_the_jacobian_of_an_arctangent_is_rational_though_its_output_is_not():
    net = exactly(lanes(world(activation=ACTIVATIONS.index(ARCTAN), seed=3)), 0)
    assert net.J.to_rational() is not None
    assert fractions(net.J).tolist() == fractions(net.J_closed).tolist()
    assert net.f.to_rational() is None


@pytest.mark.parametrize("kind", [RationalNetworks(), RationalNetworks(inputs_on="anywhere")], ids=str)
def test_formulas_are_what_is_read(kind):
    """What scripts rebuild a counterexample from, in exact numbers."""
    for number in (0, 7):
        net = exactly(lanes(world(activation=number, seed=11), kind=kind), 1)
        judge = ExactJudge(Evaluator(net))
        assert len(kind.formulas()) == 6
        for word, formula in kind.formulas().items():
            assert judge.closed(Eq(word, formula, evaluate=False)) == TRUE
            assert judge.closed(Eq(word, 2 * formula, evaluate=False)) == FALSE


def test_means_over_signs_are_those_of_the_kernel():
    kind = RandomSigns()
    assert not kind.fits({"m": 3, "n": 1, "N": 1, "K": 3})
    assert kind.fits({"m": 3, "n": 1, "N": 1, "K": 2})
    assert MOST_SIGNS == 6
    net = exactly(lanes(world(3, 2, 2, 2, 1, seed=5), kind=kind), 2)
    t = fractions(net.t)[0]
    assert (fractions(net.C_V) == 3 * t**2 * fractions(net.Sigma_W)).all()


# -- counterexamples of docs/mathematics/jacobian.md -----------------------------------------------------------------


def one_neuron(activation, x, W, E, V=1, K=1):
    values = {"W": ("m n", [[W]]), "E": ("m n", [[E]]), "V": ("K m", [[V]] * K), "x": ("N n", [[x]])}
    where = world(1, 1, 1, K, ACTIVATIONS.index(activation))
    return made_of(where, SmoothNetworks(inputs_on="anywhere"), **values)


def test_longer_inputs_move_the_jacobian_faster():
    """arctan, x = 3, W from 0 to 1/4: it moves by 27/25, where |X| |E| is 3/4, and 9/4 times the longest input."""
    net = one_neuron(ARCTAN, 3, 0, 2)
    moved = fractions(net.J_E - net.J)[0, 0, 0]
    assert abs(moved) == Fraction(27, 25)
    assert bool((abs(moved) > net.B * Fraction(3, 4)).all())
    assert bool((abs(moved) <= net.B_2 * Fraction(9, 4)).all())


def test_the_derivatives_of_both_samples_count():
    """arctan, x = 1 and 2, W = V = 1: phi' is 1/2 and 1/5."""
    values = {"W": ("m n", [[2]]), "V": ("K m", [[1]]), "x": ("N n", [[1], [2]])}
    net = made_of(world(1, 1, 2, 1, ACTIVATIONS.index(ARCTAN)), SmoothNetworks(inputs_on="anywhere"), **values)
    assert fractions(net.C)[0, 0, 1] == Fraction(1, 5)
    assert fractions(net.J @ net.J.mT)[0].tolist() == fractions(net.C)[0].tolist()


def test_weights_in_the_other_order_are_other_weights():
    values = {"W": ("m n", [[0]]), "V": ("K m", [[1], [0]]), "x": ("N n", [[0], [1]]), "U": ("K N", [[0, 1], [0, 0]])}
    net = made_of(world(1, 1, 2, 2, 0), SmoothNetworks(inputs_on="anywhere"), **values)
    assert (fractions(net.M)[0, 0, 0], fractions(net.M_s)[0, 0, 0]) == (1, 0)


def test_the_number_of_classes_counts():
    net = one_neuron(IDENTITY, 1, 0, 1, K=2)
    assert bool((spectral_norm(net.J).square() == 2).all())


def test_the_bound_on_the_motion_is_nearly_met_at_the_steepest_sine():
    """W = 3/2 is next to pi / 2: moved by 1/8, the derivative falls by more than 9/10 of that."""
    net = one_neuron(SIN, 1, 3, 1)
    assert bool(((net.J_E - net.J).abs() > Fraction(9, 80)).all())
    assert bool(((net.J_E - net.J).abs() <= Fraction(1, 8)).all())


# -- spectral norms of enclosed entries ------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (2, 3), (4, 3)])
def test_norms_of_enclosed_matrices_are_enclosed(shape):
    """Where the entries are known, the exact norm is in the enclosure; it is as narrow as the entries are."""
    raw = np.random.default_rng(sum(shape)).integers(-9, 9, (3, *shape))
    points = Exact.fractions([[[Fraction(int(k), 4) for k in row] for row in one] for one in raw])
    found = spectral_norm(points.sin())
    assert abs(found.approximate() - np.linalg.norm(np.sin(raw / 4), 2, axis=(1, 2))).max() <= NEAR
    assert all(ball.rad() < flint.arb(2) ** -100 for ball in found.values)
    known, wide = spectral_norm(points), points.to_layer(Layer.BALL) * 1
    wide.values[...] = [[[ball + flint.arb(0, "1e-40") for ball in row] for row in one] for one in wide.values]
    around = spectral_norm(wide).to_layer(Layer.BALL).values
    assert all(outer.contains(inner) for outer, inner in zip(around, known.to_layer(Layer.BALL).values, strict=True))


def test_norms_of_unknown_entries_are_unknown():
    with_nan = Exact(np.array([[flint.arb("nan"), flint.arb(1)]], dtype=object), 1, Layer.BALL)
    assert not spectral_norm(with_nan).values[()].is_finite()
    undefined = Exact.fractions([[Fraction(-1), Fraction(2)]]).log()
    assert bool(spectral_norm(undefined).undefined_mask().all())


# -- positive semidefinite pairs -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "definite"), list(itertools.product([1, 2, 4], [False, True])))
def test_least_eigenvalues_are_those_of_numpy(size, definite):
    where = World((("N", size),), (), (), "", None, seed=size)
    net = lanes(where, 32, PositivePairs(definite=definite))
    for read, matrices in ((net.A_min, net.A), (net.AH_min, net.A * net.H)):
        wanted = np.linalg.eigvalsh(matrices.numpy())[:, 0]
        assert abs(read.numpy() - wanted).max() <= NEAR * (1 + matrices.abs().max())
    truth = exactly(net, 5)
    assert abs(truth.A_min.approximate()[0] - float(net.A_min[5])) <= NEAR * 100
    assert not definite or bool((net.A_min >= 1 - NEAR * 100).all())


def test_rational_networks_have_rational_gradients():
    net = exactly(lanes(world(activation=7, seed=2), kind=RationalNetworks()), 0)
    residuals = fractions(net.f - net.y)
    wanted = sum(
        np.outer(fractions(net.P)[0, i] * (fractions(net.V)[0].T @ residuals[0, i, :, 0]), fractions(net.X)[0, i])
        for i in range(3)
    )
    assert (fractions(net.G)[0] == wanted).all()
