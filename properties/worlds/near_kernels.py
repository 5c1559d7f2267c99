"""Kernels of inputs that are moved, with finitely many weights, and projectors to first eigenvectors of matrices."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from properties.worlds.activations import ACTIVATIONS, ARCTAN, WITH_RATIONAL_SLOPES
from properties.worlds.jacobians import activation
from properties.worlds.prescribed_spectra import frame
from symbolic.papers.mixtures import ORDER, SIDE
from verify.worlds import Kind, Lanes, reading

ARCTAN_NUMBER = Fraction(ACTIVATIONS.index(ARCTAN))
CURVED_FIRST = (ARCTAN_NUMBER, *(number for number in WITH_RATIONAL_SLOPES if number != ARCTAN_NUMBER))
"""Corners have the first of them, and the kernel of phi(z) = z does not depend on the weights."""

WEIGHTS = 2
"""How many weights w there are, equally likely; they may be equal."""


@dataclass(frozen=True)
class MovedInputs(Kind):
    """Two inputs in two dimensions, the rows of X (L, 2, 2), and what they are moved by, both of drawn spectra.

    The law of w has two values, equally likely. Convention: ``activation``, whose derivatives are rational.
    """

    speaks: ClassVar[str] = "kernels"
    conventions: ClassVar[dict[str, tuple[Fraction, ...]]] = {"activation": CURVED_FIRST}
    corners: ClassVar[tuple[str, ...]] = ("no weights", "moved along", "weights across")

    @property
    def price(self) -> int:
        """Three frames and two kernels."""
        return 2

    @reading
    def of_x(net: Lanes) -> Any:
        """(L, 2) the singular values of X."""
        return net.draw("of X", str(SIDE), 0, 4)

    @reading
    def of_move(net: Lanes) -> Any:
        """(L, 2) those of what the inputs are moved by."""
        return net.draw("of D", str(SIDE), 0, 8, -3)

    @reading
    def X(net: Lanes) -> Any:
        return frame(net, "left of X", SIDE) * net.of_x.unsqueeze(1)

    @reading
    def move(net: Lanes) -> Any:
        """(L, 2, 2) what the inputs are moved by."""
        return (frame(net, "left of D", SIDE) * net.of_move.unsqueeze(1)) @ frame(net, "right of D", SIDE).mT

    @reading
    def w(net: Lanes) -> Any:
        """(L, 2, weights) the weights, one in each column."""
        return net.draw("w", f"{SIDE} {WEIGHTS}", -8, 8)

    @reading
    def X_norm(net: Lanes) -> Any:
        return net.of_x.amax(1)

    @reading
    def D_norm(net: Lanes) -> Any:
        return net.of_move.amax(1)

    @reading
    def B(net: Lanes) -> Any:
        phi = activation(net)
        return net.arithmetic.maximum(phi.steepest(net.arithmetic, net.count), phi.bend(net.arithmetic, net.count))

    @reading
    def farthest(net: Lanes) -> Any:
        """(L, weights) the largest |change of x . w| of an input."""
        return (net.move @ net.w).abs().amax(1)

    @reading
    def reach(net: Lanes) -> Any:
        return net.farthest.mean(1)

    @reading
    def reach_2(net: Lanes) -> Any:
        return net.farthest.square().mean(1)

    @reading
    def S(net: Lanes) -> Any:
        return _kernel(net, net.X)

    @reading
    def S_moved(net: Lanes) -> Any:
        return _kernel(net, net.X + net.move)

    def length(self, world: Any) -> int:
        """An entry is a product of sums over products of six reflections."""
        return 8 * super().length(world)

    def impose(self, corner: str, name: str, values: Any, net: Lanes) -> Any:
        """Bend integers into a corner; see ``corners``."""
        if (corner, name) == ("no weights", "w"):
            return values * 0
        if (corner, name) == ("weights across", "w"):
            across = values.clone()
            across[:, 0] = 0
            return across
        if (corner, name) == ("weights across", "left of X"):
            return values * 0
        if (corner, name) == ("weights across", "of D"):
            return values.clamp(max=1)
        if corner == "moved along" and name in ("left of D", "right of D", "left of X"):
            return values * 0
        return values

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by what is drawn, and the activation."""
        found: dict[str, Any] = {f"phi is {activation(net).name}": True}
        if "of D" in net.draws:
            found["nothing is moved"] = (net.of_move == 0).all(1)
        if {"w", "of X", "left of X"} <= set(net.draws):
            found["weights across the first input"] = (net.X @ net.w)[:, 0].abs().amax(1) == 0
            found["all weights are 0"] = (net.draws["w"].values == 0).flatten(1).all(1)
        return found


def _kernel(net: Any, X: Any) -> Any:
    """(L, 2, 2) the mean over w of phi'(X w) phi'(X w)^T, times X X^T entry by entry."""
    slopes = activation(net).slope(net.arithmetic, X @ net.w)
    return slopes @ slopes.mT * (X @ X.mT) * net.arithmetic.number(1, WEIGHTS)


GRID = 8
"""Eigenvalues differ by multiples of 1/8; normals of reflections by multiples of 1/8 of their units."""


@dataclass(frozen=True)
class NearProjectors(Kind):
    """S (L, 3, 3) of rank r, 1 or 2, with eigenvalues from 1 to 4, and another matrix, in another frame.

    ``P`` and ``P_near`` project to the first r eigenvectors of each.
    """

    speaks: ClassVar[str] = "projectors"
    corners: ClassVar[tuple[str, ...]] = ("the same frame", "the same eigenvalues", "rank one")

    @property
    def price(self) -> int:
        """Two norms of the size of three."""
        return 2

    @reading
    def r(net: Lanes) -> Any:
        """(L,) the rank, 1 or 2."""
        return net.draw("r", "", 0, 1) + 1

    @reading
    def kept(net: Lanes) -> Any:
        """(L, 3) 1 at the first r places."""
        one = net.r * 0 + 1
        return net.arithmetic.stack([one, net.r - 1, one * 0], 1)

    @reading
    def eigenvalues(net: Lanes) -> Any:
        """(L, 3) those of S, in descending order."""
        return _descending(net, (net.draw("t", str(ORDER), 0, 3) + 1) * net.kept)

    @reading
    def others(net: Lanes) -> Any:
        """(L, 3) those of the other matrix, in descending order."""
        moved = net.eigenvalues + net.draw("moved", str(ORDER), -GRID, GRID) * net.arithmetic.number(1, GRID)
        return _descending(net, moved.abs())

    @reading
    def frame(net: Lanes) -> Any:
        """(L, 3, 3) the eigenvectors of S."""
        return frame(net, "frame", ORDER)

    @reading
    def turned(net: Lanes) -> Any:
        """(L, 3, 3) those of the other matrix: the product of reflections along two normals near each other turns."""
        normal = net.draw("axis", f"{ORDER} 1", -2, 2) * GRID
        normals = net.arithmetic.stack([normal, normal + net.draw("turn", f"{ORDER} 1", -4, 4)], 1)
        projectors, _ = net.arithmetic.projector(normals)
        unit = net.arithmetic.eye(ORDER)
        return net.frame @ (unit - projectors[:, 0] * 2) @ (unit - projectors[:, 1] * 2)

    @reading
    def S(net: Lanes) -> Any:
        return (net.frame * net.eigenvalues.unsqueeze(1)) @ net.frame.mT

    @reading
    def S_near(net: Lanes) -> Any:
        return (net.turned * net.others.unsqueeze(1)) @ net.turned.mT

    @reading
    def P(net: Lanes) -> Any:
        return (net.frame * net.kept.unsqueeze(1)) @ net.frame.mT

    @reading
    def P_near(net: Lanes) -> Any:
        return (net.turned * net.kept.unsqueeze(1)) @ net.turned.mT

    @reading
    def lam_r(net: Lanes) -> Any:
        return _number_r(net, net.eigenvalues)

    @reading
    def mu_r(net: Lanes) -> Any:
        return _number_r(net, net.others)

    @reading
    def v(net: Lanes) -> Any:
        return net.draw("v", f"{ORDER} 1", -4, 4)

    @reading
    def information(net: Lanes) -> Any:
        return net.P @ net.v

    def length(self, world: Any) -> int:
        """Entries are sums over products of eight reflections, and of two such matrices."""
        return 16 * super().length(world)

    def impose(self, corner: str, name: str, values: Any, net: Lanes) -> Any:
        """Bend integers into a corner; see ``corners``."""
        bent = {("the same frame", "turn"), ("the same eigenvalues", "moved"), ("rank one", "r")}
        return values * 0 if (corner, name) in bent else values

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by what is drawn."""
        found: dict[str, Any] = {}
        if "turn" in net.draws:
            found["the same frame"] = (net.draws["turn"].values == 0).flatten(1).all(1)
        if {"r", "t", "moved"} <= set(net.draws):
            found["rank two"] = net.r == 2
            found["eigenvalue r is lower"] = net.mu_r < net.lam_r
        return found


def _number_r(net: Any, values: Any) -> Any:
    return net.arithmetic.where(net.r == 1, values[:, 0], values[:, 1])


def _descending(net: Any, values: Any) -> Any:
    """(L, 3) numbers in descending order."""
    sorted_ = [values[:, place] for place in range(ORDER)]
    for one, other in ((0, 1), (1, 2), (0, 1)):
        larger = net.arithmetic.maximum(sorted_[one], sorted_[other])
        smaller = net.arithmetic.minimum(sorted_[one], sorted_[other])
        sorted_[one], sorted_[other] = larger, smaller
    return net.arithmetic.stack(sorted_, 1)


__all__ = ["MovedInputs", "NearProjectors"]
