"""Networks at a random start: the first layer is normal, the second has random signs; inputs are fixed beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from properties.worlds.smooth import SmoothNetworks
from verify.worlds import Size, reading


@dataclass(frozen=True)
class RandomNetworks(SmoothNetworks):
    """Lanes of ``f(x) = V phi(W x)`` with W (L, m, n) of independent N(0, 1) and V (L, K, m) of independent signs.

    Both are drawn by chance; the inputs, on the unit sphere, are not. Every other word is that of ``SmoothNetworks``.
    """

    width: Size = Size(1, 24)
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
