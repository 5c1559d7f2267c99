"""Mixtures, moved kernels and corrupted labels: the readings are what their definitions say, in exact numbers."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import mpmath
import numpy as np
import pytest
import sympy as sp

from properties.worlds.cluster_sizes import ClusterSizes, missed
from properties.worlds.label_noise import CorruptedLabels
from properties.worlds.mixtures import CleanMixtures, ClusteredNetworks
from properties.worlds.near_kernels import MovedInputs, NearProjectors
from symbolic.papers.mixtures import count, of_one_or_two, spread_of_label
from verify.arena import Arena
from verify.draws import Generated, Given
from verify.exact import compare
from verify.lanes import LaneArithmetic
from verify.rationals import ExactArithmetic
from verify.search import lane_draws
from verify.spectra import singular_values_squared
from verify.worlds import Lanes, World

SHAPES = [(1, 1, 3), (2, 1, 4), (2, 2, 5), (3, 1, 4)]


def lanes(kind, sizes=(), corner="", seed=3, total=12, **conventions):
    where = World(tuple(sizes), tuple((k, str(v)) for k, v in conventions.items()), corner=corner, seed=seed)
    net = Lanes(kind, where, LaneArithmetic(Arena()), Generated(Arena(), seed, 0, total, None, False))
    for letter in kind.readings:
        net.read(f"{kind.speaks}:{letter}")
    return net


def exactly(net, lane):
    return Lanes(net.kind, net.world, ExactArithmetic(), Given(lane_draws(net, lane), 1))


def entries(array):
    """One network's array as fractions."""
    return np.array([Fraction(text) for text in np.ravel(array.tolist())], dtype=object).reshape(array.shape)[0]


def clustered(K, C, N):
    return ("N", N), ("K", K), ("C", C)


@pytest.mark.parametrize(("K", "C", "N"), SHAPES)
@pytest.mark.parametrize("corner", ["", *CleanMixtures.corners])
def test_clusters_are_as_drawn_and_none_is_empty(K, C, N, corner):
    net = lanes(CleanMixtures(), clustered(K, C, N), corner)
    for lane in range(4):
        one = exactly(net, lane)
        U, S = entries(one.U), entries(one.S_M)
        assert (U.sum(1) == 1).all()
        assert (U.sum(0) >= 1).all()
        assert (entries(one.S_X) == U @ S @ U.T).all()
        values = sorted(entries(one.eigenvalues), reverse=True)
        assert list(entries(singular_values_squared(one.S_M))) == [value**2 for value in values]
        assert min(values) >= 1
        of_class = np.array([[U[i, k * C : (k + 1) * C].sum() for i in range(N)] for k in range(K)]).reshape(-1)
        assert (entries(one.Sigma_y)[:, -1] == of_class).all()
        assert (entries(one.Sigma_s)[:, -1] == of_class.reshape(K, N).T.reshape(-1)).all()
        assert (entries(one.Sigma) == np.kron(np.eye(K, dtype=int), entries(one.S_X))).all()


def test_a_kernel_of_centres_may_be_singular_and_clusters_impure_where_that_is_asked_for():
    singular = lanes(CleanMixtures(full_rank=False), clustered(2, 1, 4), total=64)
    assert (singular.least_M == 0).any()
    mixed = lanes(CleanMixtures(pure=False), clustered(2, 1, 4), total=64)
    by_cluster = mixed.U.mT @ mixed.labels
    assert (by_cluster.amin(2) > 0).any()


def test_the_size_of_a_cluster_has_the_law_that_all_assignments_give():
    low, high = Fraction(1, 2), Fraction(2)
    for n, r in product(range(1, 7), range(1, 4)):
        sizes = [drawn.count(0) for drawn in product(range(r), repeat=n)]
        beyond = sum(not low * n <= size * r <= high * n for size in sizes)
        assert missed(n, r, low, high) == Fraction(beyond, r**n)
    net = lanes(ClusterSizes(), total=40)
    for lane in range(net.count):
        one = exactly(net, lane)
        n, r = int(one.n.fraction(0)), int(one.r.fraction(0))
        assert one.outside.fraction(0) == missed(n, r, low, high)
        assert one.narrower.fraction(0) == missed(n, r, Fraction(3, 4), Fraction(5, 4))


def test_a_bound_for_one_cluster_fails_for_few_samples_where_that_of_the_theorem_does_not():
    for n, r in ((1, 3), (2, 5), (3, 8)):
        assert missed(n, r, Fraction(1, 2), Fraction(2)) == 1 > mpmath.exp(-mpmath.mpf(n) / (8 * r))
        assert r * mpmath.exp(-mpmath.mpf(n) / (8 * r)) > 1


@pytest.mark.parametrize("activation", [0, 1, 6, 7])
def test_the_jacobian_is_that_of_the_centres_by_membership(activation):
    sizes = (("m", 2), ("n", 2), ("N", 5), ("K", 2), ("clusters", 1))
    net = lanes(ClusteredNetworks(), sizes, activation=activation)
    for lane in range(4):
        one = exactly(net, lane)
        assert (compare(one.J, one.U_K @ one.J_M) == 0).all()


@pytest.mark.parametrize("activation", [0, 1, 6])
@pytest.mark.parametrize("corner", ["", *MovedInputs.corners])
def test_moved_kernels_are_means_over_the_weights(activation, corner):
    slope = {0: lambda z: Fraction(1), 1: lambda z: 1 / (1 + z**2), 6: lambda z: z / (1 + z**2)}[activation]
    net = lanes(MovedInputs(), corner=corner, activation=activation)
    for lane in range(4):
        one = exactly(net, lane)
        X, move, w = entries(one.X), entries(one.move), entries(one.w)
        for inputs, kernel in ((X, one.S), (X + move, one.S_moved)):
            slopes = np.vectorize(slope, otypes=[object])(inputs @ w)
            wanted = slopes @ slopes.T * (inputs @ inputs.T) / Fraction(2)
            assert (entries(kernel) == wanted).all()
        assert entries(singular_values_squared(one.X)).max() == one.X_norm.fraction(0) ** 2
        assert entries(singular_values_squared(one.move)).max() == one.D_norm.fraction(0) ** 2
        far = abs(move @ w).max(0)
        assert (one.reach.fraction(0), one.reach_2.fraction(0)) == (sum(far) / 2, sum(far**2) / 2)


@pytest.mark.parametrize("corner", ["", *NearProjectors.corners])
def test_projectors_are_those_to_the_first_eigenvectors(corner):
    net = lanes(NearProjectors(), corner=corner)
    for lane in range(net.count):
        one = exactly(net, lane)
        r = int(one.r.fraction(0))
        for matrix, projector, values, last in (
            (one.S, one.P, one.eigenvalues, one.lam_r),
            (one.S_near, one.P_near, one.others, one.mu_r),
        ):
            A, Q, eigenvalues = entries(matrix), entries(projector), list(entries(values))
            assert eigenvalues == sorted(eigenvalues, reverse=True)
            assert list(entries(singular_values_squared(matrix))) == [value**2 for value in eigenvalues]
            assert (Q @ Q == Q).all()
            assert (Q == Q.T).all()
            assert (np.trace(Q), np.trace(A @ Q)) == (r, sum(eigenvalues[:r]))
            assert (A @ Q == Q @ A).all()
            assert last.fraction(0) == eigenvalues[r - 1]
        assert (entries(one.S) @ entries(one.P) == entries(one.S)).all()


@pytest.mark.parametrize(("K", "C", "N"), [(2, 1, 3), (2, 2, 5), (3, 1, 4)])
@pytest.mark.parametrize("pure", [True, False])
def test_means_over_labellings_are_those_of_a_plain_enumeration(K, C, N, pure):
    net = lanes(CorruptedLabels(pure=pure), clustered(K, C, N))
    for lane in range(3):
        one = exactly(net, lane)
        U, clean, rho = entries(one.U), entries(one.clean), one.rho.fraction(0)
        means = U @ np.diag([Fraction(1, int(size)) for size in U.sum(0)]) @ U.T
        total = Fraction(0)
        for labels in product(range(K), repeat=N):
            chance = Fraction(1)
            for i, label in enumerate(labels):
                chance *= 1 - rho if clean[i, label] else rho / (K - 1)
            hot = np.array([[Fraction(int(label == k)) for k in range(K)] for label in labels])
            total += chance * ((hot - means @ hot) ** 2).sum()
        assert one.beside.fraction(0) == total
        assert (entries(one.P) == np.kron(np.eye(K, dtype=int), means)).all()
        assert one.generic.fraction(0) == np.trace(entries(one.P)) == K * K * C
        noisy = entries(one.y_noisy).reshape(K, N)
        assert (noisy.sum(0) == 1).all()
        assert one.kept.fraction(0) == (noisy * clean.T).sum()
        assert one.squared_counts.fraction(0) == (noisy.sum(1) ** 2).sum()


@pytest.mark.parametrize(("K", "sizes"), [(2, (1, 2)), (2, (3, 1)), (3, (2, 1, 1))])
def test_what_is_beside_the_clusters_is_so_for_every_rate(K, sizes):
    """Of one arrangement of clusters, by an enumeration with the rate as a symbol."""
    rho, start, total = sp.Symbol("rho"), 0, sp.Integer(0)
    clean = [label for label, size in enumerate(sizes) for _ in range(size)]
    for labels in product(range(K), repeat=len(clean)):
        wrong = sum(a != b for a, b in zip(labels, clean, strict=True))
        chance, left, start = (1 - rho) ** (len(clean) - wrong) * (rho / (K - 1)) ** wrong, sp.Integer(0), 0
        for size in sizes:
            inside = labels[start : start + size]
            left += size - sp.Rational(sum(inside.count(k) ** 2 for k in range(K)), size)
            start += size
        total += chance * left
    assert sp.expand(total - (len(clean) - K) * spread_of_label(K, rho)) == 0


@pytest.mark.parametrize("number", [1, 2])
def test_the_mean_of_the_largest_of_one_or_two_squares(number):
    above = mpmath.quad(lambda t: 1 - mpmath.erf(mpmath.sqrt(t / 2)) ** number, [0, 1, 4, 16, 64, mpmath.inf])
    assert abs(above - mpmath.mpf(sp.N(of_one_or_two.subs(count, number), 30))) < mpmath.mpf(10) ** -9


@pytest.mark.parametrize(
    ("kind", "sizes", "conventions"),
    [
        (CleanMixtures(), clustered(2, 1, 4), {}),
        (MovedInputs(), (), {"activation": 1}),
        (NearProjectors(), (), {}),
        (CorruptedLabels(), clustered(2, 1, 4), {}),
    ],
    ids=lambda given: type(given).__name__,
)
def test_corners_are_met(kind, sizes, conventions):
    met = {}
    for corner in ("", *kind.corners):
        for name, mask in kind.visited(lanes(kind, sizes, corner, total=400, **conventions)).items():
            met[name] = met.get(name, False) or bool(mask if mask is True else mask.any())
    assert met
    assert all(met.values()), met


@pytest.mark.parametrize(
    ("kind", "sizes", "letters"),
    [
        (CleanMixtures(), clustered(2, 2, 6), ("S_X", "spectrum")),
        (MovedInputs(), (), ("S", "S_moved")),
        (NearProjectors(), (), ("S_near", "P_near")),
        (CorruptedLabels(), clustered(3, 1, 4), ("beside", "generic")),
    ],
    ids=lambda given: type(given).__name__,
)
def test_floats_are_near_what_is_exact(kind, sizes, letters):
    net = lanes(kind, sizes, **({"activation": 1} if kind.conventions else {}))
    for lane in range(6):
        one = exactly(net, lane)
        for letter in letters:
            exact = getattr(one, letter)
            wanted = np.ravel(exact.approximate())
            np.testing.assert_allclose(np.ravel(getattr(net, letter)[lane].numpy()), wanted, rtol=1e-12, atol=1e-12)
