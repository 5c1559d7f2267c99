"""Mixtures of clusters without noise: who is in which cluster, kernels of centres and of samples, and labels."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from properties.worlds.activations import WITH_RATIONAL_SLOPES
from properties.worlds.jacobians import activation
from properties.worlds.orders import by_sample, class_major
from properties.worlds.smooth import RationalJacobians
from symbolic.papers import mixtures as paper
from verify.worlds import Kind, Lanes, Size, World, reading

MOST_ROWS = 10
"""Rows of a kernel of all classes at all samples, at most."""


@dataclass(frozen=True)
class CleanMixtures(Kind):
    """Lanes of K classes of C clusters with N samples, in L lanes; no cluster is empty.

    The kernel of the centres (L, K C, K C) has drawn eigenvalues from 1 to 4, in a rational frame; without
    ``full_rank`` they are from 0 to 3. The label of a sample is the class of its cluster; unless clusters are ``pure``
    it is any class.
    """

    samples: Size = Size(1, 5)
    classes: Size = Size(1, 3)
    clusters: Size = Size(1, 2)
    full_rank: bool = True
    pure: bool = True

    speaks: ClassVar[str] = paper.SOURCE
    letters: ClassVar[dict[str, str]] = {"N": "samples", "K": "classes", "C": "clusters"}
    corners: ClassVar[tuple[str, ...]] = ("clusters in turn", "the centres are orthonormal", "one large cluster")

    @property
    def price(self) -> int:
        """Eigenvalues and ranks of kernels of all samples."""
        return 4

    def fits(self, sizes: dict[str, int]) -> bool:
        """A sample for each cluster, and kernels that are not large."""
        enough = sizes["N"] >= sizes["K"] * sizes["C"]
        return super().fits(sizes) and enough and sizes["K"] * sizes["N"] <= MOST_ROWS

    # -- clusters ------------------------------------------------------------------------------------------------

    @reading
    def U(net: Any) -> Any:
        return membership(net, net.K * net.C)

    @reading
    def counts(net: Any) -> Any:
        """(L, K C) the sizes of the clusters."""
        return net.U.sum(1)

    @reading
    def D(net: Any) -> Any:
        return net.arithmetic.diagonal_matrix(net.counts)

    @reading
    def unit(net: Any) -> Any:
        return net.D * 0 + net.arithmetic.eye(net.K * net.C)

    @reading
    def n_min(net: Any) -> Any:
        return net.counts.amin(1)

    @reading
    def n_max(net: Any) -> Any:
        return net.counts.amax(1)

    # -- kernels -------------------------------------------------------------------------------------------------

    @reading
    def eigenvalues(net: Any) -> Any:
        """(L, K C) those of the kernel of the centres."""
        return net.draw("t", "K C", 0, 3).reshape(net.count, net.K * net.C) + int(net.kind.full_rank)

    @reading
    def least_M(net: Any) -> Any:
        return net.eigenvalues.amin(1)

    @reading
    def greatest_M(net: Any) -> Any:
        return net.eigenvalues.amax(1)

    @reading
    def S_M(net: Any) -> Any:
        clusters = net.K * net.C
        normals = net.draw("normals", "2 K C", -2, 2).reshape(net.count, 2, clusters, 1)
        projectors, _ = net.arithmetic.projector(normals)
        unit = net.arithmetic.eye(clusters)
        frame = (unit - projectors[:, 0] * 2) @ (unit - projectors[:, 1] * 2)
        return (frame * net.eigenvalues.unsqueeze(1)) @ frame.mT

    @reading
    def S_X(net: Any) -> Any:
        return net.U @ net.S_M @ net.U.mT

    @reading(relative_to=("S_X",))
    def spectrum(net: Any) -> Any:
        """(L, N) the eigenvalues of the kernel of the samples, in descending order."""
        return net.arithmetic.singular_values(net.S_X)

    @reading(relative_to=("S_X",))
    def greatest_X(net: Any) -> Any:
        return net.spectrum[:, 0]

    @reading(relative_to=("S_X",))
    def least_X(net: Any) -> Any:
        return net.spectrum[:, net.K * net.C - 1]

    @reading(relative_to=("S_X",))
    def bottom_X(net: Any) -> Any:
        return net.spectrum[:, net.N - 1]

    # -- all classes ---------------------------------------------------------------------------------------------

    @reading
    def Sigma(net: Any) -> Any:
        return repeated(net, net.S_X)

    @reading
    def labels(net: Any) -> Any:
        """(L, N, K) 1 where a class is the label of a sample."""
        return labels(net)

    @reading
    def Sigma_y(net: Any) -> Any:
        return beside(net, net.Sigma, class_major(net.labels.mT.unsqueeze(-1)).rows)

    @reading
    def Sigma_s(net: Any) -> Any:
        return beside(net, net.Sigma, by_sample(class_major(net.labels.mT.unsqueeze(-1))).rows)

    # -- corners -------------------------------------------------------------------------------------------------

    def length(self, world: World) -> int:
        """An entry of a kernel is a sum over clusters of products of four reflections."""
        return 4 * super().length(world)

    def impose(self, corner: str, name: str, values: Any, net: Lanes) -> Any:
        """Bend integers into a corner; see ``corners``."""
        if (corner, name) == ("the centres are orthonormal", "normals"):
            return values * 0
        if name == "cluster" and corner == "one large cluster":
            return values * 0
        if name == "cluster" and corner == "clusters in turn":
            turn = (values * 0 + 1).cumsum(1) - 1
            return turn % (net.world.size("K") * net.world.size("C"))
        return values

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by what the clusters are."""
        if "cluster" not in net.draws:
            return {}
        return {"clusters of one size": net.n_min == net.n_max, "a cluster of one sample": net.n_min == 1}


LAST = 5
"""The largest number of a cluster that is drawn; those beyond the last mean the last."""


def membership(net: Any, clusters: int) -> Any:
    """(L, N, clusters) 1 where a sample is in a cluster: the first samples in one each, the others anywhere."""
    drawn = net.draw("cluster", "N", 0, LAST).clamp(max=clusters - 1)
    first = [drawn[:, i] * 0 + i if i < clusters else drawn[:, i] for i in range(net.N)]
    return one_hot(net, net.arithmetic.stack(first, 1), clusters)


def labels(net: Any) -> Any:
    """(L, N, K) 1 at the class of the cluster of a sample; at a drawn class where clusters are not pure."""
    if not net.kind.pure:
        return one_hot(net, net.draw("label", "N", 0, 2).clamp(max=net.K - 1), net.K)
    return net.U.reshape(net.count, net.N, net.K, net.C).sum(-1)


def one_hot(net: Any, numbers: Any, count: int) -> Any:
    """(L, ..., count) 1 at the place that a number (L, ...) says, 0 elsewhere."""
    return net.arithmetic.stack(
        [net.arithmetic.where(numbers == place, numbers * 0 + 1, numbers * 0) for place in range(count)], numbers.ndim
    )


def repeated(net: Any, block: Any) -> Any:
    """(L, K rows, K columns) a matrix in each of K diagonal blocks, zeros elsewhere."""
    height, width = block.shape[-2:]
    same = net.arithmetic.eye(net.K).reshape(1, net.K, 1, net.K, 1)
    return (block.reshape(net.count, 1, height, 1, width) * same).reshape(net.count, net.K * height, net.K * width)


def beside(net: Any, matrix: Any, column: Any) -> Any:
    """A matrix with one column more, (L, rows, columns + 1)."""
    columns = [matrix[:, :, place] for place in range(matrix.shape[-1])]
    return net.arithmetic.stack([*columns, column[:, :, 0]], 2)


@dataclass(frozen=True)
class ClusteredNetworks(RationalJacobians):
    """Networks with one hidden layer at the centres of K classes of clusters; sample i is in cluster i, modulo them.

    ``J`` is the Jacobian by differentiating each output; ``J_M`` is that at the centres, by its closed form.
    """

    width: Size = Size(1, 2)
    inputs: Size = Size(1, 2)
    samples: Size = Size(1, 4)
    classes: Size = Size(1, 2)
    clusters: Size = Size(1, 2)

    letters: ClassVar[dict[str, str]] = {**RationalJacobians.letters, "clusters": "clusters"}
    conventions: ClassVar[dict[str, tuple[Fraction, ...]]] = {"activation": WITH_RATIONAL_SLOPES[:2]}
    corners: ClassVar[tuple[str, ...]] = ("equal V", "zero neuron", "equal neurons")

    @property
    def price(self) -> int:
        """Every output is differentiated."""
        return 3

    @reading
    def centres(net: Any) -> Any:
        """(L, K clusters, n) the centres."""
        return net.draw("centre", "K clusters n", -3, 3).reshape(net.count, net.K * net.clusters, net.n)

    @reading
    def x(net: Any) -> Any:
        return net.arithmetic.stack([net.centres[:, i % net.centres.shape[1]] for i in range(net.N)], 1).unsqueeze(-1)

    @reading
    def J_M(net: Any) -> Any:
        P = activation(net).slope(net.arithmetic, net.centres @ net.W.mT)
        weighted = net.V.unsqueeze(2) * P.unsqueeze(1)
        products = weighted.unsqueeze(-1) * net.centres.unsqueeze(1).unsqueeze(3)
        return class_major(products.reshape(net.count, net.K, net.K * net.clusters, net.m * net.n)).rows

    @reading
    def U_K(net: Any) -> Any:
        clusters = net.K * net.clusters
        rows = net.arithmetic.take(net.arithmetic.eye(clusters), (tuple(i % clusters for i in range(net.N)),), 0)
        return repeated(net, net.W.sum((1, 2)).reshape(net.count, 1, 1) * 0 + rows)


__all__ = ["CleanMixtures", "ClusteredNetworks", "labels", "membership", "one_hot", "repeated"]
