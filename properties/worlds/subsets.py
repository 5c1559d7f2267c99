"""Two-layer ReLU networks with one further size k: of subsets of the sample, and of ranks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from properties.worlds.networks import TwoLayerReLU
from verify.worlds import Size, reading


@dataclass(frozen=True)
class TwoLayerReLUWithSubsets(TwoLayerReLU):
    """``TwoLayerReLU`` with a size k of at most N, and a number rho in [0, 1).

    ``k`` is the size of the sets that an index over the subsets runs over, and a rank where a statement says so.
    """

    subset: Size = Size(1, 8)

    letters: ClassVar[dict[str, str]] = {**TwoLayerReLU.letters, "k": "subset"}
    parts: ClassVar[dict[str, str]] = {"B": "N", "k": "N"}

    def fits(self, sizes: dict[str, int]) -> bool:
        """A batch is a subset of the sample, and so is a subset of k samples."""
        return super().fits(sizes) and sizes["k"] <= sizes["N"]

    @reading
    def rho(net: Any) -> Any:
        return net.draw("rho", "", 0, 15, -4)
