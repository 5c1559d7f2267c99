"""Small networks of which both layers are trained, with activations that need not be 0 at 0."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from properties.worlds.activations import ARCTAN, IDENTITY, RATIONAL, SOFTPLUS, Activation
from symbolic.papers.joint_training import CLASSES, INNER, INPUTS, NEURONS, OUTER, ROWS, SAMPLES
from verify.shapes import cat
from verify.worlds import Kind, Lanes, reading

CHOICES: tuple[tuple[Activation, int], ...] = (
    (IDENTITY, 0),
    (IDENTITY, 1),
    (RATIONAL, 0),
    (RATIONAL, 1),
    (ARCTAN, 0),
    (ARCTAN, 1),
    (SOFTPLUS, 0),
)
"""Activations, and what is added to each; those that are rational at rationals first."""

RATIONAL_CHOICES = 4


_BENT = {
    "no W": ("W", "V"),
    "no V": ("V", ""),
    "all alike": ("", "U"),
    "only V moves": ("E", "D"),
    "only W moves": ("D", "V"),
}
"""For each corner what is zero there, and what has all its entries alike; both inputs are one."""


@dataclass(frozen=True)
class JointNetworks(Kind):
    """W (L, 3, 2), V (L, 2, 3), two inputs on the circle, directions E and D, and one of ``CHOICES``.

    With ``rational``, activations are rational at rationals, so that equations of Jacobians are decided.
    """

    rational: bool = False

    speaks: ClassVar[str] = "joint"
    corners: ClassVar[tuple[str, ...]] = tuple(_BENT)

    @reading
    def W(net: Any) -> Any:
        return net.draw("W", f"{NEURONS} {INPUTS}", -6, 6, -1)

    @reading
    def V(net: Any) -> Any:
        return net.draw("V", f"{CLASSES} {NEURONS}", -3, 3)

    @reading
    def E(net: Any) -> Any:
        return net.draw("E", f"{NEURONS} {INPUTS}", -6, 6, -2)

    @reading
    def D(net: Any) -> Any:
        return net.draw("D", f"{CLASSES} {NEURONS}", -3, 3, -1)

    @reading
    def U(net: Any) -> Any:
        return net.draw("U", f"{CLASSES} {SAMPLES}", -3, 3, -1)

    @reading
    def X(net: Any) -> Any:
        return on_circle(net, "pole", SAMPLES)

    @reading
    def xi(net: Any) -> Any:
        return net.draw("xi", "", 0, 16, -3)

    @reading
    def omega(net: Any) -> Any:
        return net.draw("omega", "", 0, 64, -3)

    @property
    def choices(self) -> int:
        """How many of ``CHOICES`` come up, the first ones."""
        return RATIONAL_CHOICES if self.rational else len(CHOICES)

    # -- the network ---------------------------------------------------------------------------------------------

    @reading
    def which(net: Any) -> Any:
        """(L,) the number of the activation."""
        return net.draw("which", "", 0, net.kind.choices - 1)

    @reading
    def Q(net: Any) -> Any:
        return values(net, net.X @ net.W.mT)

    @reading
    def P(net: Any) -> Any:
        return slopes(net, net.X @ net.W.mT)

    @reading
    def B_1(net: Any) -> Any:
        return chosen(net, lambda one, _: one.steepest(net.arithmetic, net.count), 1)

    @reading
    def B(net: Any) -> Any:
        steepest, bend = net.B_1, chosen(net, lambda one, _: one.bend(net.arithmetic, net.count), 1)
        return net.arithmetic.maximum(steepest, bend)

    @reading
    def phi_0(net: Any) -> Any:
        return values(net, net.arithmetic.zeros(net.count)).abs()

    @reading
    def V_max(net: Any) -> Any:
        return net.V.abs().amax((1, 2))

    @reading
    def D_max(net: Any) -> Any:
        return net.D.abs().amax((1, 2))

    @reading
    def U_max(net: Any) -> Any:
        return (net.U @ net.Q).abs().amax((1, 2))

    # -- the Jacobian --------------------------------------------------------------------------------------------

    @reading
    def J(net: Any) -> Any:
        one = net.arithmetic.eye(ROWS).reshape(1, ROWS, CLASSES, SAMPLES)

        def of_outer(V: Any) -> Any:
            return ((V @ net.Q.mT.unsqueeze(1)) * one).sum((-2, -1))

        def of_inner(W: Any) -> Any:
            outputs = net.V.unsqueeze(1) @ values(net, net.X.unsqueeze(1) @ W.mT).mT
            return (outputs * one).sum((-2, -1))

        outer = net.arithmetic.gradient(of_outer, net.V, ROWS).reshape(net.count, ROWS, OUTER)
        inner = net.arithmetic.gradient(of_inner, net.W, ROWS).reshape(net.count, ROWS, INNER)
        return cat([outer, inner], 2)

    @reading
    def J_closed(net: Any) -> Any:
        return cat([in_outer(net, net.Q), in_inner(net, net.V, net.P)], 2)

    @reading
    def J_turned(net: Any) -> Any:
        same = net.arithmetic.eye(CLASSES).reshape(1, 1, CLASSES, 1, CLASSES)
        outer = net.Q.reshape(net.count, SAMPLES, 1, NEURONS, 1) * same
        return cat([outer.reshape(net.count, ROWS, OUTER), in_inner(net, net.V, net.P)], 2)

    @reading
    def J_swapped(net: Any) -> Any:
        return cat([in_inner(net, net.V, net.P), in_outer(net, net.Q)], 2)

    @reading
    def J_slopes(net: Any) -> Any:
        return cat([in_outer(net, net.P), in_inner(net, net.V, net.P)], 2)

    @reading
    def J_moved(net: Any) -> Any:
        z = net.X @ (net.W + net.E).mT
        return cat([in_outer(net, values(net, z)), in_inner(net, net.V + net.D, slopes(net, z))], 2)

    # -- corners -------------------------------------------------------------------------------------------------

    def length(self, world: Any) -> int:
        """A row of the Jacobian has an entry for each weight of both layers."""
        return OUTER + INNER + super().length(world)

    def impose(self, corner: str, name: str, drawn: Any, net: Lanes) -> Any:
        """Bend integers into a corner; see ``corners``."""
        gone, alike = _BENT[corner]
        if name == gone:
            return drawn * 0
        bent = drawn.clone()
        if name == "pole" or (corner, name) == ("all alike", "W"):
            bent[:] = drawn[:, :1]
        if name == alike:
            bent[:] = drawn[:, :1, :1]
        return bent

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by what the lanes are."""
        found: dict[str, Any] = {}
        drawn = {name: draw.values for name, draw in net.draws.items()}
        for name in ("W", "V"):
            if name in drawn:
                found[f"{name} is zero"] = (drawn[name] == 0).flatten(1).all(1)
        if "which" in drawn:
            found |= {f"phi is {label(number)}": drawn["which"] == number for number in range(len(CHOICES))}
        return found


def label(number: int) -> str:
    """An activation of ``CHOICES`` in words."""
    one, added = CHOICES[number]
    return f"{added} + {one.name}" if added else one.name


def on_circle(net: Lanes, name: str, count: int) -> Any:
    """(L, count, 2) rational points of the circle: the squares of drawn complex numbers over their lengths, or 0."""
    drawn = net.draw(name, f"{count} 2", -3, 3)
    one, other = drawn[:, :, 0], drawn[:, :, 1]
    length = one.square() + other.square()
    divisor = net.arithmetic.where(length == 0, length + 1, length)
    squares = net.arithmetic.stack([one.square() - other.square(), 2 * one * other], 2)
    return squares / divisor.unsqueeze(2)


def chosen(net: Any, function: Callable[[Activation, int], Any], ndim: int) -> Any:
    """What a function of the activation and of what is added to it gives for the one of each lane.

    In exact arithmetic there is one lane, and the others are not worked out: they need not be rational.
    """
    if net.arithmetic.exact:
        return function(*CHOICES[int(net.which.fraction(0))])
    which = net.which.reshape(-1, *(1,) * (ndim - 1))
    found = function(*CHOICES[0])
    for number in range(1, net.kind.choices):
        found = net.arithmetic.where(which == number, function(*CHOICES[number]), found)
    return found


def values(net: Any, z: Any) -> Any:
    """The activations phi(z)."""
    return chosen(net, lambda one, added: one.value(net.arithmetic, z) + added, z.ndim)


def slopes(net: Any, z: Any) -> Any:
    """Their derivatives phi'(z)."""
    return chosen(net, lambda one, _: one.slope(net.arithmetic, z), z.ndim)


def in_outer(net: Any, Q: Any) -> Any:
    """(L, K N, K m) the matrix I kron Q."""
    same = net.arithmetic.eye(CLASSES).reshape(1, CLASSES, 1, CLASSES, 1)
    return (same * Q.reshape(net.count, 1, SAMPLES, 1, NEURONS)).reshape(net.count, ROWS, OUTER)


def in_inner(net: Any, V: Any, P: Any) -> Any:
    """(L, K N, m n) the row-wise products of ``P diag(v)`` with X, class by class."""
    weighted = V.unsqueeze(2) * P.unsqueeze(1)
    return (weighted.unsqueeze(-1) * net.X.unsqueeze(1).unsqueeze(3)).reshape(net.count, ROWS, INNER)


__all__ = ["JointNetworks", "on_circle"]
