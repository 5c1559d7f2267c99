"""Networks at a random start: the first layer is normal, the second has random signs; inputs are fixed beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from properties.worlds.activations import ACTIVATIONS, ERF, IDENTITY, SIN
from properties.worlds.jacobians import activation, joined
from properties.worlds.smooth import SmoothNetworks
from verify.worlds import Size, reading


@dataclass(frozen=True)
class RandomNetworks(SmoothNetworks):
    """Lanes of ``f(x) = V phi(W x)`` with W (L, m, n) of independent N(0, 1) and V (L, K, m) of independent signs.

    Both are drawn by chance; the inputs, on the unit sphere, are not. Every other word is that of ``SmoothNetworks``.
    """

    width: Size = Size(1, 16)
    inputs: Size = Size(1, 4)
    samples: Size = Size(1, 4)
    classes: Size = Size(1, 3)

    conventions: ClassVar[dict[str, tuple[Fraction, ...]]] = SmoothNetworks.conventions
    scaled: ClassVar[tuple[str, ...]] = ()
    corners: ClassVar[tuple[str, ...]] = ("duplicate inputs", "collinear inputs", "zero input")
    chances: ClassVar[dict[str, str]] = {"W": "normal", "V": "signs"}

    @reading
    def W(net: Any) -> Any:
        return net.random("W", "m n")

    @reading
    def V(net: Any) -> Any:
        return net.random("V", "K m")


@dataclass(frozen=True)
class RandomKernels(RandomNetworks):
    """The same with activations whose Gaussian kernel has a closed form, and the mean ``C_E`` (L, K N, K N) of J J^T.

    The mean over W and V is m times S in each diagonal block: S = kappa(X X^T) times X X^T entry by entry, with kappa
    the mean of phi'(a) phi'(b) over normal a, b of that correlation.
    """

    width: Size = Size(48, 96)
    samples: Size = Size(1, 2)
    classes: Size = Size(1, 2)

    conventions: ClassVar[dict[str, tuple[Fraction, ...]]] = {
        "activation": tuple(Fraction(ACTIVATIONS.index(one)) for one in (IDENTITY, SIN, ERF))
    }

    @reading
    def C_E(net: Any) -> Any:
        products = net.X @ net.X.mT
        blocks = _kappa(net, products) * products * net.m
        same = net.arithmetic.eye(net.K).reshape(1, net.K, 1, net.K, 1)
        return joined(net, blocks.reshape(net.count, 1, net.N, 1, net.N) * same)


def _kappa(net: Any, rho: Any) -> Any:
    """(L, N, N) the mean of phi'(a) phi'(b) over normal a, b with variance 1 and these correlations."""
    chosen, function = activation(net), net.arithmetic.function
    if chosen is SIN:
        return (function("exp", rho - 1) + function("exp", -rho - 1)) / 2
    return 1 / function("sqrt", 9 - 4 * rho.square()) if chosen is ERF else 0 * rho + 1
