"""Networks on which the bounds around Theorem 2.6 are equalities, decided exactly: <= holds there, and < does not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from sympy import Abs, Eq, Ge, Implies, Integer, Le, Lt, Ne, sqrt

from properties.worlds.networks import TwoLayerReLU
from properties.worlds.orthogonal import OrthogonalTwoLayerReLU
from properties.worlds.subsets import TwoLayerReLUWithSubsets
from symbolic import distance_to_rank, greatest, least, mean, norm, spectral_norm
from symbolic.papers.weight_decay import B, G, N, S, V, c, eps, g, h, i, j, k, mu, q, rho
from verify import catalogue
from verify.appeal import ACQUITTED, UPHELD, Court, Ruling
from verify.arena import Arena, torch
from verify.claims import Statement, claims
from verify.draws import Draw, Generated
from verify.efforts import EFFORTS
from verify.lanes import LaneArithmetic
from verify.search import Search
from verify.worlds import Kind, Lanes, World

catalogue.load_all()

CONSTANT = TwoLayerReLU(regulariser="constant")
SUBSETS = TwoLayerReLUWithSubsets()


class Network:
    """One network by the values of its draws, before the court; draws that are not named are zero."""

    def __init__(self, kind: Kind, sizes: dict[str, int], **values: Any) -> None:
        conventions = (("c", "1"), ("kink", "0"), ("s", "1/2"))
        self.kind, self.world = kind, World(tuple(sizes.items()), conventions)
        asked = Lanes(kind, self.world, LaneArithmetic(Arena()), Generated(Arena(), 0, 0, 1, None, False))
        asked.q  # noqa: B018  (draws everything that a gradient needs)
        if kind.knows(rho.name):
            asked.read(rho.name)
        self.draws = {}
        for name, draw in asked.draws.items():
            given = torch().as_tensor(values.pop(name, 0)).expand(draw.values.shape).clone()
            self.draws[name] = Draw(draw.axes, draw.low, draw.high, given)
        assert not values, f"nothing is drawn under {', '.join(values)}"

    def hear(self, says: Any, *assuming: Any) -> Ruling:
        return Court(Statement(self.kind, assuming, says)).hear(self.world, self.draws)

    def holds(self, says: Any) -> bool:
        ruling = self.hear(says).ruling
        assert ruling in (ACQUITTED, UPHELD), ruling
        return ruling == ACQUITTED

    def attains(self, left: Any, right: Any) -> bool:
        """Whether both sides are equal, by three verdicts that have to agree."""
        return self.holds(Le(left, right)) and self.holds(Ge(left, right)) and not self.holds(Lt(left, right))


def line(targets: Sequence[int], kind: Kind = CONSTANT, batch: int = 0, **values: Any) -> Network:
    """One neuron on inputs 1, V = u = 1 and b = 0, so that with s = 1/2 ``h_j = 1 - y_j``."""
    count = len(targets)
    sizes = {"m": 1, "n": 1, "N": count, "B": batch or count - 1}
    return Network(kind, sizes, V=1, u=1, x=1, y=[targets], **values)


def plane(rows: Sequence[Sequence[int]], batch: int) -> Network:
    """One neuron that is active throughout, V = (1, ..., 1), g = 1, with ``q_j`` the given rows."""
    inputs = [[entry - 1 for entry in row] for row in rows]
    targets = [sum(row) + 50 - 1 for row in inputs]
    sizes = {"m": 1, "n": len(rows[0]), "N": len(rows), "B": batch}
    x = torch().as_tensor(inputs).reshape(1, len(rows), -1, 1)
    return Network(TwoLayerReLU(), sizes, V=1, u=1, x=x, b=100, y=[targets], g=1)


def identity(count: int, batch: int, rank: int = 1) -> Network:
    """V = I, ``x_j = e_j``, g = 1 and ``h_j = -B e_j e_j^T``."""
    eye = torch().eye(count, dtype=torch().int64)
    sizes = {"m": count, "n": count, "N": count, "B": batch, "k": rank}
    return Network(SUBSETS, sizes, V=eye, u=1, x=eye.reshape(1, count, count, 1), y=1 + batch, g=1)


anchors = greatest(norm(V + h[i] / (c * mu)), i)
kappa_square = B * (N - 1) / ((N - B) * c**2 * mean(g[j] ** 2, j))
nearest = least(norm(V + h[i] / (c * g[i])) ** 2, i)


@pytest.mark.parametrize("batch", [1, 2, 3, 4, 8])
def test_the_anchor_bound_is_attained(batch: int) -> None:
    """q = (2 B - 1, -1, ..., -1), eps = 1."""
    net = line([3 - 2 * batch, *[3] * batch], mu=1)
    assert net.holds(Eq(eps, 1))
    assert net.attains(anchors, (2 * B - 1) * eps / (c * mu))
    assert net.holds(anchors <= B * eps) == (batch == 1)
    assert net.holds(anchors <= (B + 1) * eps) == (batch <= 2)
    assert not net.holds(anchors <= 2 * (B - 1) * eps)


@pytest.mark.parametrize("batch", [1, 2, 3, 4])
def test_the_bound_of_branch_a_is_attained(batch: int) -> None:
    """q = (B, -B, 0, ...), g = (2, 1, 1, ...), eps = 1."""
    strengths = [2, *[1] * batch]
    gradients = [batch, -batch, *[0] * (batch - 1)]
    targets = [1 + strength - gradient for strength, gradient in zip(strengths, gradients, strict=True)]
    net = line(targets, TwoLayerReLU(), g=[strengths])
    left = norm(V + (h[i] - h[j]) / (c * (g[i] - g[j])))
    right = 2 * B * eps / (c * Abs(g[i] - g[j]))
    assert net.holds(Eq(eps, 1))
    assert net.holds(Implies(Ne(g[i], g[j]), left <= right))
    broken = net.hear(Implies(Ne(g[i], g[j]), left < right))
    assert broken.refutes
    assert broken.left == broken.right == str(2 * batch)
    assert not net.holds(Implies(Ne(g[i], g[j]), 2 * left <= right))


@pytest.mark.parametrize(("count", "batch"), [(2, 1), (3, 1), (3, 2), (4, 2), (4, 3), (5, 3)])
def test_the_identity_is_far_from_low_rank(count: int, batch: int) -> None:
    net = identity(count, batch)
    assert net.attains(eps**2, (N - B) * c**2)
    for rank in range(count):
        assert net.attains(distance_to_rank(V, rank) ** 2, Integer(count - rank))


@pytest.mark.parametrize(("count", "batch"), [(2, 1), (3, 2), (4, 2), (5, 3)])
def test_rank_k_is_attained_where_k_is_the_batch_size(count: int, batch: int) -> None:
    net = identity(count, batch, batch)
    bound = eps / (c * mean(g[j], j)) * sqrt(B * (N - k) / (k * (N - B)))
    assert net.attains(distance_to_rank(V, k), bound)
    if batch > 1:
        assert not identity(count, batch, batch - 1).attains(distance_to_rank(V, k), bound)


def test_orthogonal_inputs_make_the_same_family() -> None:
    kind = OrthogonalTwoLayerReLU(regulariser="constant")
    for count, batch in ((2, 1), (3, 2), (4, 2), (4, 3)):
        sizes = {"m": count, "n": count, "N": count, "B": batch}
        net = Network(kind, sizes, mu=1, rho=1 - batch)
        assert net.attains(eps**2, (N - B) * (c * mu) ** 2)
        assert net.attains(distance_to_rank(V, 1) ** 2, N - 1)
        assert net.holds(distance_to_rank(V, 1) <= eps / (c * mu)) == (batch == 1)


@pytest.mark.parametrize(("count", "batch"), [(3, 1), (3, 2), (4, 2), (4, 3), (5, 2)])
def test_the_root_mean_square_bound_is_attained_on_a_regular_simplex(count: int, batch: int) -> None:
    rows = [[count * (a == b) - 1 for b in range(count)] for a in range(count)]
    net = plane(rows, batch)
    assert net.attains(nearest, kappa_square * mean(norm(G[S]) ** 2, S))
    assert net.attains(nearest, Integer(count * (count - 1)))


def test_kappa_is_not_the_root_of_the_batch_size() -> None:
    net = plane([[2, 0], [-1, 2], [-1, -2]], 2)
    assert net.attains(nearest, Integer(4))
    assert net.attains(B * eps**2, Integer(5) / 2)
    assert net.attains(kappa_square * eps**2, Integer(5))
    assert net.attains(greatest(norm(q[j]) ** 2, j), Integer(5))


def test_the_stable_rank_bound_is_attained_for_rank_one() -> None:
    """A block of ones with singular value sqrt(12), and 2: the distance to rank one is half of the norm."""
    block = torch().zeros(4, 5, dtype=torch().int64)
    block[:3, :4], block[3, 4] = 1, 2
    net = Network(SUBSETS, {"m": 4, "n": 5, "N": 2, "B": 1, "k": 1}, V=block, rho=8)
    assert net.attains(distance_to_rank(V, k), rho * norm(V))
    assert net.attains(norm(V) ** 2 / spectral_norm(V) ** 2, k / (1 - rho**2))


# -- branch A with B for 2 B, as a distance ---------------------------------------------------------------------------


def half(statement: Statement) -> Any:
    (sharper,) = claims()["chen2024/theorem-2.6-rank-two-as-read"].sharpened_by
    assert statement.says != sharper
    return sharper


def test_half_the_constant_of_branch_a_is_not_refuted_for_positive_strengths() -> None:
    own = claims()["chen2024/theorem-2.6-rank-two-as-read"].statement
    for kind in (TwoLayerReLU(), OrthogonalTwoLayerReLU()):
        search = Search(Statement(kind, (*own.assuming, g[i] > 0), half(own)), Arena(), EFFORTS["quick"], 0)
        tally = search.run()
        assert search.found is None
        assert tally.admissible > 300
        assert tally.undecided == tally.unheard == 0


def test_half_the_constant_of_branch_a_fails_for_strengths_of_both_signs() -> None:
    """V = I, g = (1, -1), h_1 = -e_1 e_1^T, h_2 = e_2 e_2^T: the distance is 1, and eps is the root of 2."""
    own = claims()["chen2024/theorem-2.6-rank-two-as-read"].statement
    eye = torch().eye(3, dtype=torch().int64)
    x = eye[:2].reshape(1, 2, 3, 1)
    net = Network(TwoLayerReLU(), {"m": 3, "n": 3, "N": 2, "B": 1}, V=eye, u=1, x=x, y=[[2, 0]], g=[[1, -1]])
    assert net.attains(eps**2, Integer(2))
    assert net.hear(half(own), *own.assuming).refutes
    assert net.hear(own.says, *own.assuming).ruling == ACQUITTED
