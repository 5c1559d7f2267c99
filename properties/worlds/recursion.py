"""How far two runs of descent can come apart, step by step, in numbers: the worst that one step allows, every time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from verify.worlds import Kind, Lanes, reading

MOST_STEPS = 16
SIXTEENTHS = 16
"""eta alpha**2 is a multiple of 1 over this, up to 3/2; eps is one of alpha over twice this."""


@dataclass(frozen=True)
class WorstRecursion(Kind):
    """e_t = (1 + eta eps**2) e_(t-1) + eta Theta ((1 - eta alpha**2)**(t-1) rho_+ + rho_-) from e_0 = 0, all rational.

    ``apart`` is e_T, and Gamma = eta alpha**2 T.
    """

    speaks: ClassVar[str] = "growth"
    corners: ClassVar[tuple[str, ...]] = ("only what falls", "only what stays", "longest steps")

    @reading
    def alpha(net: Lanes) -> Any:
        return net.arithmetic.powers(net.integers("size", "", -3, 3), 0, -3, 3)

    @reading
    def of_a_step(net: Lanes) -> Any:
        """(K,) eta alpha**2."""
        return (net.draw("rate", "", 0, 3 * SIXTEENTHS // 2 - 1) + 1) * net.arithmetic.number(1, SIXTEENTHS)

    @reading
    def eta(net: Lanes) -> Any:
        return net.of_a_step / net.alpha.square()

    @reading
    def T(net: Lanes) -> Any:
        return net.draw("T", "", 0, MOST_STEPS)

    @reading
    def Gamma(net: Lanes) -> Any:
        return net.of_a_step * net.T

    @reading
    def eps(net: Lanes) -> Any:
        share = net.draw("eps", "", 0, 2 * SIXTEENTHS) * net.arithmetic.number(1, 2 * SIXTEENTHS)
        return net.alpha * net.arithmetic.where(net.draw("far", "", 0, 7) == 7, share * 8, share)

    @reading
    def Theta(net: Lanes) -> Any:
        return net.draw("Theta", "", 0, 4)

    @reading
    def falling(net: Lanes) -> Any:
        return net.draw("falling", "", 0, 8)

    @reading
    def staying(net: Lanes) -> Any:
        return net.draw("staying", "", 0, 8)

    @reading
    def apart(net: Lanes) -> Any:
        total, left = net.alpha * 0, net.falling
        for step in range(MOST_STEPS):
            more = (1 + net.eta * net.eps.square()) * total + net.eta * net.Theta * (left + net.staying)
            total = net.arithmetic.where(step < net.T, more, total)
            left = left * (1 - net.of_a_step)
        return total

    # -- corners -------------------------------------------------------------------------------------------------

    def length(self, world: Any) -> int:
        """Every step multiplies and adds a few times."""
        return 8 * MOST_STEPS + super().length(world)

    def impose(self, corner: str, name: str, values: Any, net: Lanes) -> Any:
        """Bend integers into a corner; see ``corners``."""
        if (corner, name) in (("only what falls", "staying"), ("only what stays", "falling")):
            return values * 0
        return values * 0 + SIXTEENTHS - 1 if (corner, name) == ("longest steps", "rate") else values

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by what the numbers are."""
        found: dict[str, Any] = {}
        if {"falling", "staying"} <= set(net.draws):
            found["nothing falls"] = (net.falling == 0) & (net.staying > 0)
            found["nothing stays"] = (net.staying == 0) & (net.falling > 0)
        return found


__all__ = ["MOST_STEPS", "WorstRecursion"]
