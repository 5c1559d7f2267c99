"""Runs of descent are what differentiating the loss gives, meet the hypotheses of the theorem, and are many."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from properties.jacobian import guarantees, meta
from properties.worlds.lazy_networks import LazyNetworks, WideNetworks
from properties.worlds.recursion import WorstRecursion
from properties.worlds.runs import MOST_STEPS, RATIONAL_STEPS, ReferenceRuns
from verify.arena import Arena, torch
from verify.claims import claims
from verify.draws import Generated, Given
from verify.exact import compare
from verify.lanes import LaneArithmetic
from verify.rationals import ExactArithmetic
from verify.screen import Screen
from verify.search import lane_draws
from verify.worlds import KindError, Lanes, Size, World

NEAR = 1e-9
RUNS = {"as allowed": ReferenceRuns(), "anyhow": ReferenceRuns(near="anyhow")}


def lanes(kind, sizes=(), corner="", count=24, seed=5):
    world = World(sizes, corner=corner, seed=seed)
    net = Lanes(kind, world, LaneArithmetic(Arena()), Generated(Arena(), seed, 0, count, None, False))
    for letter in kind.readings:
        if kind.can_read(letter):
            getattr(net, letter)
    return net


def exactly(net, lane):
    return Lanes(net.kind, net.world, ExactArithmetic(), Given(lane_draws(net, lane), 1))


def numbers(array):
    """The entries of one lane, in order, as fractions."""
    flat = array.reshape(-1)
    return [flat.fraction(place) for place in range(flat.shape[0])]


def length(array):
    return array.flatten(1).square().sum(1).sqrt()


def of_size(m, n, c):
    return (("m", m), ("n", n), ("c", c))


def by_differentiating(loss, at, rate, steps):
    """The parameters after 0, 1, ... steps of descent on the sum over the lanes of their losses."""
    found = [at]
    for _ in range(steps):
        here = found[-1].clone().requires_grad_(True)
        (slope,) = torch().autograd.grad(loss(here).sum(), here)
        found.append((here - rate * slope).detach())
    return found


def after(found, counts):
    return torch().stack([found[int(count)][lane] for lane, count in enumerate(counts)])


# -- runs near a reference --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("corner", ["", *ReferenceRuns.corners])
@pytest.mark.parametrize("near", RUNS)
def test_a_run_is_descent_on_the_loss(near, corner):
    net = lanes(RUNS[near], corner=corner)

    def residual(d):
        along = (net.w * d).sum((1, 2)).reshape(-1, 1, 1)
        return net.r_0 + net.J_0 @ d + net.kappa.reshape(-1, 1, 1) * net.b * along.square() / 2

    rate = net.eta.reshape(-1, 1, 1)
    found = by_differentiating(lambda d: residual(d).square().sum() / 2, net.moved * 0, rate, MOST_STEPS + 1)
    ends = after(found, net.tau)
    steady = ends.abs().flatten(1).amax(1) < 100  # where the Jacobian moves far a run may leave all floats
    assert steady.any()
    assert torch().allclose(net.moved[steady], ends[steady], rtol=NEAR, atol=NEAR)
    assert torch().allclose(net.r_t[steady], residual(ends)[steady], rtol=NEAR, atol=NEAR)
    linear = by_differentiating(lambda d: (net.r_0 + net.J @ d).square().sum() / 2, net.moved * 0, rate, MOST_STEPS + 1)
    assert torch().allclose(net.moved_linear, after(linear, net.tau), rtol=NEAR, atol=NEAR)
    assert torch().allclose(net.s_next, net.r_0 + net.J @ after(linear, net.tau + 1), rtol=NEAR, atol=NEAR)


def test_the_first_steps_are_exact():
    net, tried = lanes(RUNS["anyhow"]), 0
    for lane in range(net.count):
        one = exactly(net, lane)
        J_0, r_0, w, b = (numbers(getattr(one, letter)) for letter in ("J_0", "r_0", "w", "b"))
        eta, kappa, d = one.eta.fraction(0), one.kappa.fraction(0), [Fraction(0)] * 9
        for step in range(RATIONAL_STEPS):
            along = sum(x * y for x, y in zip(w, d, strict=True))
            r = [r_0[i] + sum(J_0[9 * i + j] * d[j] for j in range(9)) + kappa * b[i] * along**2 / 2 for i in range(6)]
            if step == one.tau.fraction(0):
                assert numbers(one.moved) == d
                assert numbers(one.r_t) == r
                tried += 1
            rows = [[J_0[9 * i + j] + kappa * b[i] * along * w[j] for j in range(9)] for i in range(6)]
            d = [d[j] - eta * sum(rows[i][j] * r[i] for i in range(6)) for j in range(9)]
    assert tried == net.count


@pytest.mark.parametrize("near", RUNS)
def test_the_reference_and_the_bounds_are_as_said(near):
    net, svd = lanes(RUNS[near], count=200), torch().linalg.matrix_norm
    assert (svd(net.J, 2) <= net.beta * (1 + NEAR)).all()
    assert (svd(net.J_0, 2) + net.eps / 2 <= net.beta * (1 + NEAR)).all()
    assert (svd(net.J_0 - net.J, 2) <= net.eps_0 * (1 + NEAR)).all()
    assert (svd(net.J_0 @ net.J_0.mT - net.J @ net.J.mT, 2) <= net.eps_0.square() + NEAR).all()
    steady = net.moved.isfinite().flatten(1).all(1)
    moves = svd((net.J_t - net.J_0)[steady], 2)
    assert (moves <= (net.lip * length(net.moved))[steady] * (1 + NEAR) + NEAR).all()
    assert (net.T * net.eta * net.alpha.square() - net.Gamma).abs().max() < NEAR


def test_spaces_and_values_are_those_of_the_singular_vectors():
    net = lanes(RUNS["as allowed"], count=100)
    for lane in range(net.count):
        left, lam, right = np.linalg.svd(net.J[lane].numpy(), full_matrices=False)
        alpha, Gamma, r = (float(x) for x in (net.alpha[lane], net.Gamma[lane], 0))
        r = net.r_0[lane].numpy()[:, 0]
        kept, a = lam >= alpha - NEAR, left.T @ r
        np.testing.assert_allclose(left @ (a * kept), net.r_I[lane].numpy()[:, 0], atol=NEAR)
        weights = np.where(kept, alpha / np.where(kept, lam, 1), Gamma * lam / alpha)
        np.testing.assert_allclose((weights**2 * a**2).sum(), float(net.early[lane]), rtol=NEAR, atol=NEAR)
        inverse = np.where(kept, a / np.where(kept, lam, 1), 0)
        np.testing.assert_allclose(right.T @ inverse, net.solved[lane].numpy()[:, 0], atol=NEAR)


def test_few_steps_have_no_end():
    assert not RUNS["anyhow"].knows("runs:r_T")
    assert RUNS["as allowed"].knows("runs:r_T")
    with pytest.raises(KindError, match=r"^near='far': say 'as allowed' or 'anyhow'$"):
        ReferenceRuns(near="far")


# -- networks ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("corner", ["", *LazyNetworks.corners])
@pytest.mark.parametrize("sizes", [(1, 1, 2), (3, 2, 2), (50, 3, 2)])
def test_training_is_descent_on_the_loss(sizes, corner):
    kind = LazyNetworks(width=Size(1, 50), inputs=Size(1, 3))
    net = lanes(kind, of_size(*sizes), corner)

    def outputs(W):
        return torch().atan(net.X @ W.mT) @ net.v

    labels = outputs(net.W) - net.r_0
    small = net.eta * net.beta.square() <= 1 + NEAR
    found = by_differentiating(
        lambda W: (outputs(W) - labels).square().sum() / 2, net.W, net.eta.reshape(-1, 1, 1), int(net.T.max())
    )
    assert small.any()
    for count, ends in ((net.tau, net.runs[:, 0]), (net.T, net.runs[:, 1])):
        assert torch().allclose((after(found, count) - net.W)[small], ends[small], rtol=NEAR, atol=NEAR)
    assert torch().allclose((outputs(after(found, net.T)) - labels)[small], net.r_T[small], rtol=NEAR, atol=NEAR)


@pytest.mark.parametrize("sizes", [(1, 1, 2), (3, 2, 2), (50, 3, 2)])
def test_what_a_network_can_fit_is_as_its_jacobian_says(sizes):
    net = lanes(LazyNetworks(width=Size(1, 50), inputs=Size(1, 3)), of_size(*sizes), count=40)
    for lane in range(net.count):
        left, lam, _ = np.linalg.svd(net.J[lane].numpy(), full_matrices=True)
        lam = np.append(lam, np.zeros(left.shape[0] - len(lam)))
        alpha, Gamma, r = float(net.alpha[lane]), float(net.Gamma[lane]), net.r_0[lane].numpy()[:, 0]
        kept, a = lam >= alpha * (1 - NEAR), left.T @ r
        np.testing.assert_allclose(left @ (a * kept), net.r_I[lane].numpy()[:, 0], atol=NEAR)
        weights = np.where(kept, alpha / np.where(kept, lam, 1), Gamma * lam / alpha)
        np.testing.assert_allclose((weights**2 * a**2).sum(), float(net.early[lane]), rtol=1e-6, atol=1e-18)
        assert lam[0] <= float(net.beta[lane]) * (1 + NEAR)
    beta = sizes[0] ** 0.5 * net.largest * torch().linalg.matrix_norm(net.X, 2)
    assert torch().allclose(beta, net.beta)
    assert (net.v.abs().amax((1, 2)) <= net.largest).all()
    assert (length(net.X.transpose(0, 1).flatten(0, 1).unsqueeze(1)) <= 1).all()


@pytest.mark.parametrize("kind", [RUNS["as allowed"], LazyNetworks()])
def test_floats_are_near_what_is_exact(kind):
    net = lanes(kind, of_size(2, 2, 2) if kind.letters else (), count=12)
    for lane in range(net.count):
        if float(net.eta[lane] * net.beta[lane] ** 2) > 1:
            continue
        one = exactly(net, lane)
        for letter in ("r_T", "moved", "eta", "T", "r_I", "early"):
            found = np.asarray(getattr(one, letter).approximate(), dtype=float)
            np.testing.assert_allclose(getattr(net, letter)[lane].numpy(), found[0], rtol=NEAR, atol=NEAR)


# -- the recursion ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("corner", ["", *WorstRecursion.corners])
def test_the_recursion_is_its_sum(corner):
    net = lanes(WorstRecursion(), corner=corner)
    for lane in range(net.count):
        one = exactly(net, lane)
        eta, alpha, eps, Theta, falls, stays, T = (
            getattr(one, letter).fraction(0) for letter in ("eta", "alpha", "eps", "Theta", "falling", "staying", "T")
        )
        grown = [(1 + eta * eps**2) ** (T - 1 - step) for step in range(int(T))]
        added = [(1 - eta * alpha**2) ** step * falls + stays for step in range(int(T))]
        total = eta * Theta * sum((g * x for g, x in zip(grown, added, strict=True)), Fraction(0))
        assert (compare(one.apart, total) == 0).all()


# -- how many, and how tight ------------------------------------------------------------------------------------------


def judged(claim, count, sizes=()):
    """The tightness of the admissible lanes of a claim."""
    part = next(iter(Screen(claim.statement, Arena().with_chunk(2**24)).lanes(World(sizes, seed=1), 0, count)))
    assert not bool(part.accused.any())
    return part.tightness[part.admissible]


@pytest.mark.parametrize(
    ("claim", "least", "most"),
    [
        (meta.residuals, 1e-3, 1 / 4),
        (meta.parameters, 1e-3, 1 / 4),
        (meta.distance, 0.5, 1),
        (meta.loss, 0.9, 1),
    ],
    ids=["residual", "parameters", "distance", "loss"],
)
def test_more_than_five_hundred_runs_meet_the_hypotheses(claim, least, most):
    tightness = judged(claim, 2000)
    assert tightness.numel() >= 500
    assert least < float(tightness.max()) < most


@pytest.mark.parametrize("width", [50, 200])
def test_networks_of_50_and_of_200_neurons_meet_the_hypotheses(width):
    claim = claims()[f"oymak2019/J22-at-width-{width}"]
    assert claim.link == guarantees.GUARANTEE
    assert claim.statement.given == WideNetworks(width=Size(width, width))
    tightness = judged(claim, 60, of_size(width, 2, 2))
    assert tightness.numel() >= 10
    assert 0.5 < float(tightness.max()) < 1


# -- what the derivations say -----------------------------------------------------------------------------------------


def test_the_constants_of_the_derivations():
    assert math.exp(1 / 25) * 6 / 25 < 1 / 4 < 12 / 25 < 3 / 5
    assert Fraction(1, 8) + Fraction(1, 10) + Fraction(1, 5) == Fraction(17, 40)
    assert 2 * math.sqrt(2) * (1 / 25 + 1 / 5) > 3 / 5 > math.sqrt(2 * math.e) * (1 / 25 + 1 / 5)
    assert all(math.sin(theta / 100) - 2 <= -1 for theta in range(1000))
    assert math.exp(-5) + 1 / 10 < 0.21


def test_the_root_of_e_is_needed():
    steps = 10**6
    assert 0.999 * math.sqrt(math.e) < (1 + 1 / (2 * steps)) ** (steps - 1) < math.sqrt(math.e)


@pytest.mark.parametrize(
    ("kind", "sizes"), [(RUNS["as allowed"], ()), (WorstRecursion(), ()), (LazyNetworks(), of_size(2, 2, 2))]
)
def test_corners_are_met(kind, sizes):
    met = {}
    for corner in ("", *kind.corners):
        for name, mask in kind.visited(lanes(kind, sizes, corner, count=200)).items():
            met[name] = met.get(name, False) or bool(mask.any())
    assert met
    assert all(met.values()), met
