"""Steps of descent with weight decay: W becomes (1 - 2 mu lam) W - mu G, where G is a mean of B matrices of rank one.

That is what a step does to any dense layer, whatever the loss and the other layers are; they enter by G alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from symbolic.papers.relatives import SIDE, STEPS
from verify.worlds import Kind, Lanes, Size, reading

FREE, ALONG, NONE = range(3)
"""What a drawn ``form`` makes of the start: drawn freely, a multiple of the first gradient, or the gradient is zero."""


@dataclass(frozen=True)
class DecayedSteps(Kind):
    """W_0 (K, 4, 4), three gradients G_s = P_s Q_s^T / B with P_s, Q_s (K, 4, B), and the weights after each step.

    The step size is a multiple of 1/8 up to 1, the decay one of 1/4 up to 2. P_s is read divided by B.
    """

    batch: Size = Size(1, 2)

    speaks: ClassVar[str] = "decayed"
    letters: ClassVar[dict[str, str]] = {"B": "batch"}
    corners: ClassVar[tuple[str, ...]] = ("the direction is kept", "the gradient is zero", "no decay")

    @property
    def price(self) -> int:
        """The distance to matrices of low rank is asked for, of matrices."""
        return 16

    @reading
    def mu(net: Lanes) -> Any:
        return net.draw("mu", "", 0, 8, -3)

    @reading
    def lam(net: Lanes) -> Any:
        return net.draw("lam", "", 0, 8, -2)

    @reading
    def kept(net: Lanes) -> Any:
        """(K,) 1 - 2 mu lam."""
        return 1 - 2 * net.mu * net.lam

    @reading
    def multiple(net: Lanes) -> Any:
        """(K,) how many times the first gradient W_0 is, where it is a multiple of it."""
        return net.arithmetic.scaled(net.integers("multiple", "", 0, 3)) + 1

    @reading
    def W_0(net: Lanes) -> Any:
        drawn = net.draw("W", f"{SIDE} {SIDE}", -2, 2)
        along = net.G_0 * net.multiple.reshape(-1, 1, 1)
        return net.arithmetic.where((form(net) == ALONG).reshape(-1, 1, 1), along, drawn)

    @reading
    def kappa(net: Lanes) -> Any:
        by = net.mu / net.multiple
        return net.arithmetic.where(form(net) == NONE, by * 0, by)

    def impose(self, corner: str, name: str, values: Any, net: Lanes) -> Any:
        """Bend integers into a corner; see ``corners``."""
        forms = {"the direction is kept": ALONG, "the gradient is zero": NONE}
        if name == "form" and corner in forms:
            return values * 0 + forms[corner]
        return values * 0 if (corner, name) == ("no decay", "lam") else values

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by what the steps are."""
        found: dict[str, Any] = {}
        if {"mu", "lam"} <= set(net.draws):
            found["decay takes all or more"] = net.kept <= 0
            found["no step"] = net.mu == 0
        return found


def form(net: Lanes) -> Any:
    """(K,) the form that is drawn."""
    return net.draw("form", "", FREE, NONE)


def _factors(side: str, step: int) -> Any:
    def read(net: Lanes) -> Any:
        drawn = net.draw(f"{side}_{step}", f"{SIDE} B", -2, 2)
        if side == "Q":
            return drawn
        divided = drawn * net.arithmetic.number(1, net.B)
        return net.arithmetic.where((form(net) == NONE).reshape(-1, 1, 1), divided * 0, divided)

    return reading(read)


def _gradient(step: int) -> Any:
    """The mean of the gradients of the samples, summed one by one."""

    def read(net: Lanes) -> Any:
        P, Q = (getattr(net, f"{side}_{step}").mT for side in "PQ")
        return (P.unsqueeze(3) * Q.unsqueeze(2)).sum(1)

    return reading(read)


def _weights(step: int) -> Any:
    def read(net: Lanes) -> Any:
        before, mu, lam = getattr(net, f"W_{step - 1}"), net.mu.reshape(-1, 1, 1), net.lam.reshape(-1, 1, 1)
        return before - mu * (getattr(net, f"G_{step - 1}") + 2 * lam * before)

    return reading(relative_to=(f"W_{step - 1}", f"G_{step - 1}"))(read)


DecayedSteps.readings = {
    **DecayedSteps.readings,
    **{f"{side}_{step}": _factors(side, step) for side in "PQ" for step in range(STEPS)},
    **{f"G_{step}": _gradient(step) for step in range(STEPS)},
    **{f"W_{step}": _weights(step) for step in range(1, STEPS + 1)},
}

__all__ = ["DecayedSteps"]
