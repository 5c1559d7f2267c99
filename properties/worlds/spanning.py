"""Two-layer ReLU networks at critical points of the whole sample, with their inputs as a matrix."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from properties.worlds.critical import FULL, CriticalTwoLayerReLU
from verify.worlds import Lanes, Size, reading


@dataclass(frozen=True)
class CriticalOnData(CriticalTwoLayerReLU):
    """The networks of ``CriticalTwoLayerReLU`` whose full gradient vanishes, with one strength of decay, X and M."""

    width: Size = Size(2, 2)
    inputs: Size = Size(2, 2)
    samples: Size = Size(2, 3)
    batch: Size = Size(1, 1)
    regulariser: str = "constant"
    vanishing: str = FULL

    # What the rank of V is hangs on neither the factor of the loss nor the derivative at a kink.
    conventions: ClassVar[dict[str, tuple[Fraction, ...]]] = {
        "c": (Fraction(1), Fraction(2)),
        "s": (Fraction(1),),
        "kink": (Fraction(0),),
    }
    corners: ClassVar[tuple[str, ...]] = ("no decay",)

    @property
    def price(self) -> int:
        """Networks are solved for, and their losses are differentiated."""
        return 24

    @reading
    def X(net: Lanes) -> Any:
        return net.x.squeeze(3).mT

    @reading
    def X_c(net: Lanes) -> Any:
        rows = net.x.squeeze(3)
        return (rows - rows.mean(1, keepdim=True)).mT

    @reading
    def dim(net: Lanes) -> Any:
        return net.draw("dim", "", 0, 1) + 1

    @reading(relative_to=("r",))
    def M(net: Lanes) -> Any:
        active = net.arithmetic.step(net.z.squeeze(3), net.convention("kink"))
        slopes = net.r.unsqueeze(2) * active * net.u
        return slopes.mT * net.arithmetic.number(2 * net.convention("s") / net.N)


__all__ = ["CriticalOnData"]
