"""Networks with a bounded activation and a fixed second layer: how near they come to their labels, whatever W is."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from sympy import pi

from properties.worlds.activations import ACTIVATIONS, ARCTAN, RATIONAL, SIN, TANH, Activation
from properties.worlds.orthonormal_points import power_of_two
from symbolic.papers import neural_guarantees as paper
from verify.worlds import Kind, KindError, Lanes, Size, World, reading

BOUNDED = (RATIONAL, ARCTAN, SIN, TANH)
SECOND_LAYERS = ("drawn", "of the theorem")
FARTHEST = 12
"""Entries of V and zeta are small integers times powers of two from 2**-FARTHEST on."""


@dataclass(frozen=True)
class NarrowNetworks(Kind):
    """n orthonormal inputs e_1, ..., e_n with one-hot labels of K classes, and k neurons with |phi| bounded by ``top``.

    The pre-activation of a neuron at e_j is an entry of W, and W is any matrix: all that training could make of it.
    The entries of V are nu/sqrt(k K) with drawn signs, where nu/sqrt(k K) is "drawn", or nu is "of the theorem":
    zeta/(50 B sqrt(log(2 K))). Since X X^T = I the kernel is a multiple of the identity, E phi'(g)**2 for normal g: all
    labels are information, y_N = 0, y_I = sqrt(n) and c = 1, if only the cutoff is below its root. It is, where
    16 abar**2 sqrt(n) K B**2 <= 1, as E phi'(g)**2 >= 1/16 for all of the activations.
    Convention: ``activation``, a number of ``ACTIVATIONS``.
    """

    samples: Size = Size(1, 3)
    width: Size = Size(1, 4)
    classes: Size = Size(1, 3)
    second_layer: str = "drawn"

    speaks: ClassVar[str] = paper.SOURCE
    letters: ClassVar[dict[str, str]] = {"n": "samples", "k": "width", "K": "classes"}
    conventions: ClassVar[dict[str, tuple[Fraction, ...]]] = {
        "activation": tuple(Fraction(ACTIVATIONS.index(one)) for one in BOUNDED),
    }
    corners: ClassVar[tuple[str, ...]] = ("all at the top", "equal signs")

    def __post_init__(self) -> None:
        if self.second_layer not in SECOND_LAYERS:
            raise KindError(f"no second layer is {self.second_layer!r}; give one of {', '.join(SECOND_LAYERS)}")

    # -- network -------------------------------------------------------------------------------------------------

    @reading
    def W(net: Lanes) -> Any:
        """(L, k, n) pre-activations: multiples of 1/2."""
        return net.draw("W", "k n", -12, 12, -1)

    @reading
    def magnitude(net: Lanes) -> Any:
        """(L,) the size of the entries of V."""
        if net.kind.second_layer == "drawn":
            return (net.draw("v", "", 0, 7) + 1) * power_of_two(net, "v scale", -6, 1)
        return net.nu / _root(net, net.k * net.K)

    @reading
    def nu(net: Lanes) -> Any:
        if net.kind.second_layer == "drawn":
            return net.magnitude * _root(net, net.k * net.K)
        logarithm = net.arithmetic.function("log", net.zeta * 0 + 2 * net.K)
        return net.zeta / (50 * net.B * net.arithmetic.function("sqrt", logarithm))

    @reading
    def V(net: Lanes) -> Any:
        return (2 * net.draw("signs", "K k", 0, 1) - 1) * net.magnitude.reshape(-1, 1, 1)

    @reading
    def labels(net: Lanes) -> Any:
        """(L, K, n) one-hot columns."""
        drawn = net.draw("labels", "n", 0, 2).clamp(max=net.K - 1)
        one = drawn * 0 + 1
        return net.arithmetic.stack([net.arithmetic.where(drawn == c, one, one * 0) for c in range(net.K)], 1)

    @reading(relative_to=("reach",))
    def r(net: Lanes) -> Any:
        outputs = net.V @ _activation(net).value(net.arithmetic, net.W)
        squares = (outputs - net.labels).square().sum((1, 2))
        return net.arithmetic.function("sqrt", squares)

    @reading
    def reach(net: Lanes) -> Any:
        """(L,) what an output is at most: its rounding is relative to that."""
        return net.magnitude * net.k * net.top + 1

    # -- constants -----------------------------------------------------------------------------------------------

    @reading
    def X(net: Lanes) -> Any:
        return net.zeta * 0 + 1

    @reading
    def c(net: Lanes) -> Any:
        return net.zeta * 0 + 1

    @reading
    def y_N(net: Lanes) -> Any:
        return net.zeta * 0

    @reading
    def y_I(net: Lanes) -> Any:
        return _root(net, net.n)

    @reading
    def top(net: Lanes) -> Any:
        if _activation(net) is ARCTAN:
            return net.arithmetic.irrational(pi, net.count) / 2
        return net.arithmetic.constant(Fraction(1, 2) if _activation(net) is RATIONAL else Fraction(1), net.count)

    @reading
    def B(net: Lanes) -> Any:
        found = _activation(net)
        return net.arithmetic.maximum(found.steepest(net.arithmetic, net.count), found.bend(net.arithmetic, net.count))

    @reading
    def zeta(net: Lanes) -> Any:
        return (net.draw("zeta", "", 0, 3) + 1) * power_of_two(net, "zeta scale", -FARTHEST, -1)

    @reading
    def Gamma(net: Lanes) -> Any:
        return net.draw("Gamma", "", 0, 15) + 1

    @reading
    def abar(net: Lanes) -> Any:
        return power_of_two(net, "abar", -8, -1)

    # -- corners -------------------------------------------------------------------------------------------------

    def length(self, world: World) -> int:
        """A residual is a sum over samples and classes of squares of sums over neurons."""
        return 8 * super().length(world)

    def impose(self, corner: str, name: str, values: Any, net: Lanes) -> Any:
        """Bend integers into a corner; see ``corners``."""
        if corner == "all at the top" and name == "W":
            return values * 0 + 2
        return values * 0 + 1 if name == "signs" and corner in self.corners else values

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by what the lanes are."""
        sizes = dict(net.world.sizes)
        found: dict[str, Any] = {f"phi is {_activation(net).name}": True}
        found |= {"one class": True} if sizes["K"] == 1 else {}
        return found | ({"one sample": True} if sizes["n"] == 1 else {})


def _activation(net: Lanes) -> Activation:
    return ACTIVATIONS[int(net.convention("activation"))]


def _root(net: Lanes, number: int) -> Any:
    """(L,) the square root of an integer."""
    return net.arithmetic.function("sqrt", net.arithmetic.constant(Fraction(number), net.count))


__all__ = ["NarrowNetworks"]
