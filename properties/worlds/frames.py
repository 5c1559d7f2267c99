"""Rational orthonormal frames whose side is one of the sizes of a world."""

from __future__ import annotations

from typing import Any

from verify.worlds import Lanes


def sized_frame(net: Lanes, name: str, side: str) -> Any:
    """(K, side, side) a rational orthogonal matrix, drawn under a name: the product of two reflections, or fewer."""
    projectors, _ = net.arithmetic.projector(net.draw(name, f"2 {side} 1", -2, 2))
    unit = net.arithmetic.eye(net.world.size(side))
    return (unit - projectors[:, 0] * 2) @ (unit - projectors[:, 1] * 2)


__all__ = ["sized_frame"]
