"""Jacobians and kernels of networks with one hidden layer, on the lanes of ``SmoothNetworks``.

``L`` is the number of lanes; K, N, m, n are the sizes of the world.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations_with_replacement, product
from typing import Any

from properties.worlds.activations import ACTIVATIONS, UNKNOWN, Activation
from properties.worlds.orders import ClassMajor, Stacked, by_sample, class_major
from verify.indeterminates import FreeArithmetic
from verify.worlds import Lanes


def activation(net: Lanes) -> Activation:
    """The activation that the world's convention says; on indeterminates, one of which nothing is known."""
    if isinstance(net.arithmetic, FreeArithmetic):
        return UNKNOWN
    return ACTIVATIONS[int(net.convention("activation"))]


def on_sphere(net: Any) -> Any:
    """(L, N, n) inputs of length 1: a line through a pole is drawn, and where it meets the sphere again is kept.

    Of the line along q through the pole e that point is e - 2 (q . e / |q|^2) q. Where q is 0 the input is 0, and
    half of the others are turned into their opposites, which are what one dimension would lack.
    """
    along, side = net.draw("pole", "N n", -3, 3), net.draw("side", "N 1", -1, 2)
    square = along.square().sum(-1, keepdim=True)
    pole = net.arithmetic.eye(net.n)[:1].unsqueeze(0)
    met = pole * square - 2 * along[:, :, :1] * along
    divisor = net.arithmetic.where(square == 0, square * 0 + 1, square)
    return met / divisor * (2 * net.arithmetic.step(side, Fraction(0)) - 1)


def derivatives(net: Any, W: Any) -> Any:
    """(L, N, m) the derivatives phi'(X W^T)."""
    return activation(net).slope(net.arithmetic, net.X @ W.mT)


def differentiated(net: Any, W: Any) -> Stacked[ClassMajor]:
    """The Jacobian at W by differentiating every output by itself."""
    K, N, m, n = net.K, net.N, net.m, net.n
    x = net.X.unsqueeze(1).expand(net.count, K, N, n).reshape(net.count, K * N, 1, n)
    V = net.V.unsqueeze(2).expand(net.count, K, N, m).reshape(net.count, K * N, m)

    def outputs(weights: Any) -> Any:
        return (V * activation(net).value(net.arithmetic, (weights * x).sum(-1))).sum(-1)

    found = net.arithmetic.gradient(outputs, W, K * N)
    return class_major(found.reshape(net.count, K, N, m * n))


def khatri_rao(net: Any, P: Any) -> Stacked[ClassMajor]:
    """The stack over the classes of the row-wise products of ``P diag(v)`` with X."""
    weighted = net.V.unsqueeze(2) * P.unsqueeze(1)
    products = weighted.unsqueeze(-1) * net.X.unsqueeze(1).unsqueeze(3)
    return class_major(products.reshape(net.count, net.K, net.N, net.m * net.n))


def stacked(net: Any, rows: Any) -> Stacked[ClassMajor]:
    """Rows (L, K N, .) that are in class-major order."""
    return Stacked(rows, net.K, net.N, ClassMajor)


def at_samples(net: Any, vector: Any) -> Any:
    """(L, N, K, 1) what a class-major vector (L, K N, 1) has at each sample."""
    return vector.reshape(net.count, net.K, net.N, 1).movedim(1, 2)


def by_classes(net: Any, V: Any) -> Any:
    """(L, K, N, K, N) the products of the rows of the Jacobian, one pair of classes after the other.

    The block of a pair is symmetric, and is that of the pair the other way round.
    """
    return mean_by_classes(net, V.unsqueeze(1))


def mean_by_classes(net: Any, V: Any) -> Any:
    """(L, K, N, K, N) the same for several V (L, ., K, m), and the mean over them."""
    inputs, P = net.X @ net.X.mT, net.P.unsqueeze(1)
    blocks = {}
    for one, other in combinations_with_replacement(range(net.K), 2):
        weights = (V[:, :, one] * V[:, :, other]).unsqueeze(2)
        blocks[one, other] = blocks[other, one] = (P * weights @ P.mT).mean(1) * inputs
    ordered = [blocks[one, other] for one, other in product(range(net.K), repeat=2)]
    together = net.arithmetic.stack(ordered, 1).reshape(net.count, net.K, net.K, net.N, net.N)
    return together.movedim(2, 3)


def joined(net: Any, blocks: Any) -> Any:
    """(L, K N, K N) a matrix in class-major order from its blocks (L, K, N, K, N)."""
    return blocks.reshape(net.count, net.K * net.N, net.K * net.N)


def in_sample_order(net: Any, matrix: Any) -> Any:
    """(L, K N, K N) a class-major matrix with its rows and columns in sample-major order."""
    rows = by_sample(stacked(net, matrix)).rows
    return by_sample(stacked(net, rows.mT)).rows.mT
