"""The laws that a kind may draw by chance from: integers, uniform in a range, and the numbers that they stand for.

Everything is a function of integers, so that a lane can be rebuilt alone, on any device and exactly. A normal law is
therefore one of dyadic rationals: the quantiles of N(0, 1) at equally likely places, rounded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from verify.arena import torch
from verify.draws import Magnitude

HALF = 2**19
"""A normal number is one of 2 HALF + 1 quantiles, each as likely as any other."""
GRID = 12
"""Normal numbers are multiples of 2**-GRID."""


@dataclass(frozen=True)
class Law:
    """Integers from ``low`` to ``high``, all equally likely, and ``scaled`` of each, times 2**shift; in words."""

    low: int
    high: int
    shift: int
    scaled: Callable[[Any], Any]
    words: str
    finite: bool = False

    @property
    def outcomes(self) -> int:
        """How many outcomes one draw has."""
        return self.high - self.low + 1

    def numbers(self, integers: Any) -> Any:
        """The numbers, in units of 2**shift, of integers or of their ``Magnitude``."""
        if isinstance(integers, Magnitude):
            largest = torch().tensor([self.low, self.high])
            return Magnitude(float(self.scaled(largest).abs().max()), integers.shape)
        return self.scaled(integers)


@lru_cache(maxsize=4)
def _quantiles(device: str) -> Any:
    """(HALF + 1,) the quantiles of N(0, 1) from the median on, in units of 2**-GRID, as integers."""
    import numpy as np
    from scipy.special import ndtri

    places = 0.5 + np.arange(HALF + 1) / (2 * HALF + 1)
    return torch().from_numpy(np.rint(ndtri(places) * 2**GRID).astype(np.int64)).to(device)


def _normal(integers: Any) -> Any:
    return _quantiles(str(integers.device))[integers.abs().clamp(max=HALF)] * integers.sign()


LAWS = {
    "signs": Law(0, 1, 0, lambda bits: 2 * bits - 1, "-1 or 1, equally likely", finite=True),
    "normal": Law(
        -HALF, HALF, -GRID, _normal, f"N(0, 1), as {2 * HALF + 1:,} equally likely quantiles rounded to 2^-{GRID}"
    ),
    "uniform": Law(-HALF, HALF, -19, lambda integers: integers, f"uniform on the multiples of 1/{HALF} in [-1, 1]"),
}
"""By name. Draws are independent of each other, entry by entry."""
