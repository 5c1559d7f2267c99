"""Two matrices that are close, each made from rational singular values and rotations, with square roots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from properties.worlds.prescribed_spectra import frame
from verify.worlds import Kind, Lanes, reading

SIDE, WIDTH = 2, 3

STEP_SIZES = 32
"""A step size is a multiple of 1/16 of 1/|A|**2, up to as many."""

FINEST = 4
"""The difference of both matrices is divided by powers of two up to this one."""


ACROSS = ("of A", "of B - A", "left", "right", "left of B - A", "right of B - A", "r", "fine")
"""Draws that the corner "across" says; of "fine" the largest are kept."""


@dataclass(frozen=True)
class CloseMatrices(Kind):
    """A, B (K, 2, 3), B - A of a drawn spectral norm; square roots of two positive semidefinite matrices (K, 2, 2).

    ``root_A`` is the root of A A^T, ``root_B`` any other one, and Y Y^T is its square; B is not made from it.
    """

    speaks: ClassVar[str] = "close"
    corners: ClassVar[tuple[str, ...]] = ("rank one", "alike", "longest steps", "across")

    @reading
    def of_a(net: Lanes) -> Any:
        """(K, 2) the singular values of A."""
        return net.draw("of A", str(SIDE), 0, 8)

    @reading
    def of_difference(net: Lanes) -> Any:
        """(K, 2) those of B - A."""
        exponents = net.integers("fine", "", -FINEST, 0)
        return net.draw("of B - A", str(SIDE), 0, 4) * net.arithmetic.powers(exponents, 0, -FINEST, 0).unsqueeze(1)

    @reading
    def of_root(net: Lanes) -> Any:
        """(K, 2) the eigenvalues of root_B."""
        return net.draw("of root B", str(SIDE), 0, 8)

    @reading
    def A(net: Lanes) -> Any:
        return _rotated(net, net.of_a, "left", "right")

    @reading
    def B(net: Lanes) -> Any:
        return net.A + _rotated(net, net.of_difference, "left of B - A", "right of B - A")

    @reading
    def norm_A(net: Lanes) -> Any:
        return net.of_a.amax(1)

    @reading
    def eps(net: Lanes) -> Any:
        return net.of_difference.amax(1)

    @reading
    def least_A(net: Lanes) -> Any:
        return net.of_a.amin(1)

    @reading
    def least_B(net: Lanes) -> Any:
        return net.of_root.amin(1)

    @reading
    def root_A(net: Lanes) -> Any:
        columns = frame(net, "left", SIDE)
        return (columns * net.of_a.unsqueeze(1)) @ columns.mT

    @reading
    def root_B(net: Lanes) -> Any:
        columns = frame(net, "frame of root B", SIDE)
        return (columns * net.of_root.unsqueeze(1)) @ columns.mT

    @reading
    def Y(net: Lanes) -> Any:
        return net.root_B @ frame(net, "left", SIDE) @ frame(net, "right", WIDTH)[:, :, :SIDE].mT

    @reading
    def r(net: Lanes) -> Any:
        return net.draw("r", f"{SIDE} 1", -4, 4)

    @reading
    def eta(net: Lanes) -> Any:
        square = net.norm_A.square()
        divisor = net.arithmetic.where(square == 0, square + 1, square)
        return (net.draw("rate", "", 0, STEP_SIZES - 1) + 1) * net.arithmetic.number(1, 16) / divisor

    # -- corners -------------------------------------------------------------------------------------------------

    def length(self, world: Any) -> int:
        """Entries are sums over products of four reflections, and of two such matrices."""
        return 8 * super().length(world)

    def impose(self, corner: str, name: str, values: Any, net: Lanes) -> Any:
        """Bend integers into a corner; see ``corners``."""
        if corner == "rank one" and name in ("of A", "of B - A", "of root B"):
            only = values.clone()
            only[:, 1:] = 0
            return only
        if corner == "alike" and name in ("frame of root B", "left of B - A"):
            return net.integers("left", f"2 {SIDE} 1", -2, 2).clone()
        if corner == "across":
            return _across(name, values)
        return values * 0 + 15 if (corner, name) == ("longest steps", "rate") else values

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by what the matrices are."""
        found: dict[str, Any] = {}
        if "of A" in net.draws:
            found["A is zero"] = (net.of_a == 0).all(1)
            found["A has rank one"] = (net.of_a == 0).any(1) & (net.of_a > 0).any(1)
        if "of B - A" in net.draws:
            found["B is A"] = (net.of_difference == 0).all(1)
        return found


def _across(name: str, values: Any) -> Any:
    """A = (0, c)^T and B = (eps, c)^T but for zeros, at r = e_1 and the step 1/c**2, where the square grows the most.

    It becomes 1 + eta**2 c**2 eps**2 of what was there, which is 1 + eta eps**2.
    """
    placed = values.clone() * 0
    if name in ("of A", "of B - A"):
        placed[:, 0] = 8 if name == "of A" else values[:, 0].clamp(min=1)
    if name == "left":
        placed[:, 0, :] = 1
        placed[:, 1, 0] = 1
    if name == "r":
        placed[:, 0] = values[:, 0].abs().clamp(min=1)
    return placed + 15 if name == "rate" else placed if name in ACROSS else values


def _rotated(net: Lanes, values: Any, left: str, right: str) -> Any:
    """(K, 2, 3) the matrix with given singular values (K, 2), in two frames that are drawn."""
    columns = frame(net, left, SIDE) * values.unsqueeze(1)
    return columns @ frame(net, right, WIDTH)[:, :, :SIDE].mT


__all__ = ["CloseMatrices"]
