"""Networks at orthonormal inputs, where all that the theorems on a given start speak of can be computed.

At x = e_j a neuron sees one entry of its row of W, so that a first layer is any table of pre-activations, and descent
at one input does not touch the others. There are two classes, and k neurons of four sorts, k/4 of each: the entries of
V of a neuron are nu/sqrt(2 k) times (+, +), (+, -), (-, +) or (-, -). The rows of V are orthogonal, and the Jacobian at
an input that the sample holds c times has sqrt(c/2) nu |phi'| as both its singular values, if |phi'| is the same at all
neurons. phi is odd, and pre-activations of opposite sorts are opposite.
"""

from __future__ import annotations

from typing import Any

from verify.worlds import Lanes

CLASSES = 2
FARTHEST = 20
"""Widths and norms of V are small integers times powers of two with exponents up to this."""

MOST_DOUBLINGS = 12
"""A sample has at most 64 * 2**MOST_DOUBLINGS inputs."""

FEWEST_FAILURES = 16
"""Probabilities of failure are multiples of 1 over this."""


def power_of_two(net: Lanes, name: str, low: int, high: int) -> Any:
    """(L,) a power of two with a drawn exponent."""
    return net.arithmetic.powers(net.integers(name, "", low, high), 0, low, high)


def signs(net: Lanes, like: Any) -> Any:
    """(L, 2, 4) the signs of V of the four sorts; column 3 - s is the opposite of column s."""
    table = (1, 1, 1, -1, -1, 1, -1, -1)
    flat = net.arithmetic.stack([like * 0 + sign for sign in table], 1)
    return flat.reshape(-1, 4, CLASSES).mT


def drawn_zeta(net: Lanes) -> Any:
    """(L,) a number above 0 and up to 2."""
    return (net.draw("zeta", "", 0, 31) + 1) * power_of_two(net, "zeta scale", -12, -4)


def drawn_delta(net: Lanes) -> Any:
    """(L,) a number between 0 and 1."""
    return (net.draw("delta", "", 0, FEWEST_FAILURES - 2) + 1) * net.arithmetic.number(1, FEWEST_FAILURES)
