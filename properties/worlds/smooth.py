"""Networks with one hidden layer, a smooth activation and several outputs: the worlds of Oymak et al. 2019.

The words are those of ``symbolic/papers/jacobian.py``. The Jacobian is read by differentiating each output, and by its
closed form; the two are compared by a claim.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any, ClassVar

from properties.worlds.activations import ACTIVATIONS, RATIONAL_ONLY, WITH_RATIONAL_SLOPES
from properties.worlds.jacobians import (
    activation,
    at_samples,
    by_classes,
    derivatives,
    differentiated,
    in_sample_order,
    joined,
    khatri_rao,
    mean_by_classes,
    on_sphere,
    stacked,
)
from properties.worlds.orders import by_sample, class_major
from symbolic.papers import jacobian as paper
from symbolic.papers.jacobian import D, F, M, T, f, gradient, i, values
from verify.worlds import Kind, KindError, Lanes, Size, World, reading

MOST_SIGNS = 6
"""Weights of the second layer whose signs are enumerated: at most 2**MOST_SIGNS networks for each lane."""


@dataclass(frozen=True)
class SmoothNetworks(Kind):
    """Lanes of ``f(x) = V phi(W x)``: W (L, m, n), V (L, K, m), x (L, N, n, 1), J (L, K N, m n), in L lanes.

    ``inputs_on`` is "sphere", where every input has length 1 exactly, or is 0, or "anywhere". On the sphere they are
    rational, by stereographic projection. Convention: ``activation``, a number of ``ACTIVATIONS``.
    """

    width: Size = Size(1, 4)
    inputs: Size = Size(1, 3)
    samples: Size = Size(1, 4)
    classes: Size = Size(1, 3)
    inputs_on: str = "sphere"

    speaks: ClassVar[str] = paper.SOURCE
    letters: ClassVar[dict[str, str]] = {"m": "width", "n": "inputs", "N": "samples", "K": "classes"}
    conventions: ClassVar[dict[str, tuple[Fraction, ...]]] = {
        "activation": tuple(Fraction(number) for number in range(len(ACTIVATIONS))),
    }
    scaled: ClassVar[tuple[str, ...]] = ("V",)
    indeterminate: ClassVar[dict[str, str]] = {"x": "N n 1"}
    refines: ClassVar[bool] = True
    corners: ClassVar[tuple[str, ...]] = (
        "all alike",
        "equal V",
        "duplicate inputs",
        "collinear inputs",
        "zero input",
        "zero neuron",
        "equal neurons",
        "one neuron moves",
    )

    def __post_init__(self) -> None:
        if self.inputs_on not in ("sphere", "anywhere"):
            raise KindError(f"inputs_on={self.inputs_on!r}: say 'sphere' or 'anywhere'")

    def length(self, world: World) -> int:
        """Rows of the Jacobian are products of two sizes, and so are their lengths."""
        sizes = dict(world.sizes)
        return sizes["K"] * sizes["N"] + sizes["m"] * sizes["n"] + super().length(world)

    # -- what is drawn -------------------------------------------------------------------------------------------

    @reading
    def W(net: Any) -> Any:
        return net.draw("W", "m n", -6, 6, -1)

    @reading
    def V(net: Any) -> Any:
        return net.draw("V", "K m", -3, 3, net.shift("V"))

    @reading
    def E(net: Any) -> Any:
        return net.draw("E", "m n", -16, 16, -3)

    @reading
    def U(net: Any) -> Any:
        return net.draw("U", "K N", -3, 3)

    @reading
    def y(net: Any) -> Any:
        return net.draw("y", "N K 1", -3, 3)

    @reading
    def x(net: Any) -> Any:
        return (on_sphere(net) if net.kind.inputs_on == "sphere" else net.draw("x", "N n", -3, 3)).unsqueeze(-1)

    @reading
    def xi(net: Any) -> Any:
        return net.draw("xi", "", 0, 16, -3)

    @reading
    def omega(net: Any) -> Any:
        return net.draw("omega", "", 0, 84, net.shift("V") - 3)

    # -- the network ---------------------------------------------------------------------------------------------

    @reading
    def X(net: Any) -> Any:
        return net.x.squeeze(-1)

    @reading
    def u(net: Any) -> Any:
        return net.U.mT.unsqueeze(-1)

    @reading
    def V_max(net: Any) -> Any:
        return net.V.abs().amax((1, 2))

    @reading
    def Q(net: Any) -> Any:
        return activation(net).value(net.arithmetic, net.X @ net.W.mT)

    @reading
    def P(net: Any) -> Any:
        return derivatives(net, net.W)

    @reading
    def q(net: Any) -> Any:
        return net.Q.unsqueeze(-1)

    @reading
    def p(net: Any) -> Any:
        return net.P.unsqueeze(-1)

    @reading
    def D(net: Any) -> Any:
        return net.arithmetic.diagonal_matrix(net.P)

    @reading
    def f(net: Any) -> Any:
        return net.V.unsqueeze(1) @ net.q

    @reading
    def B_1(net: Any) -> Any:
        return activation(net).steepest(net.arithmetic, net.count)

    @reading
    def B_2(net: Any) -> Any:
        return activation(net).bend(net.arithmetic, net.count)

    @reading
    def B(net: Any) -> Any:
        return net.arithmetic.maximum(net.B_1, net.B_2)

    # -- the Jacobian --------------------------------------------------------------------------------------------

    @reading
    def J(net: Any) -> Any:
        return differentiated(net, net.W).rows

    @reading
    def J_E(net: Any) -> Any:
        return differentiated(net, net.W + net.E).rows

    @reading
    def J_closed(net: Any) -> Any:
        return khatri_rao(net, net.P).rows

    @reading
    def J_s(net: Any) -> Any:
        return by_sample(stacked(net, net.J)).rows

    @reading
    def J_c(net: Any) -> Any:
        turned = net.J.reshape(net.count, net.K * net.N, net.m, net.n).mT
        return turned.reshape(net.count, net.K * net.N, net.m * net.n)

    @reading
    def J_q(net: Any) -> Any:
        return khatri_rao(net, net.Q).rows

    @reading
    def J_x(net: Any) -> Any:
        return by_sample(stacked(net, net.J)).rows.reshape(net.count, net.N, net.K, net.m * net.n)

    # -- what it does to vectors ---------------------------------------------------------------------------------

    @reading
    def F(net: Any) -> Any:
        return at_samples(net, net.J @ net.E.reshape(net.count, net.m * net.n, 1))

    @reading
    def M(net: Any) -> Any:
        weights = class_major(net.U.unsqueeze(-1))
        return stacked(net, net.J).adjoint(weights).reshape(net.count, net.m, net.n)

    @reading
    def M_s(net: Any) -> Any:
        misplaced = stacked(net, by_sample(class_major(net.U.unsqueeze(-1))).rows)
        return stacked(net, net.J).adjoint(misplaced).reshape(net.count, net.m, net.n)

    @reading
    def T(net: Any) -> Any:
        return at_samples(net, net.J @ (net.J.mT @ class_major(net.U.unsqueeze(-1)).rows))

    @reading
    def G(net: Any) -> Any:
        """The loss is one number for each lane, so one copy of W is differentiated in."""

        def loss(W: Any) -> Any:
            z = net.X.unsqueeze(1) @ W.mT
            outputs = activation(net).value(net.arithmetic, z) @ net.V.unsqueeze(1).mT
            return (outputs - net.y.squeeze(-1).unsqueeze(1)).square().sum((-2, -1)) / 2

        return net.arithmetic.gradient(loss, net.W, 1).squeeze(1)

    # -- kernels -------------------------------------------------------------------------------------------------

    @reading
    def C(net: Any) -> Any:
        return joined(net, by_classes(net, net.V))

    @reading
    def C_s(net: Any) -> Any:
        return in_sample_order(net, net.C)

    @reading
    def C_b(net: Any) -> Any:
        same = net.arithmetic.eye(net.K).reshape(1, net.K, 1, net.K, 1)
        return joined(net, by_classes(net, net.V) * same)

    @reading
    def S_W(net: Any) -> Any:
        return net.P @ net.P.mT * (net.X @ net.X.mT) / net.m

    @reading
    def Sigma_W(net: Any) -> Any:
        same = net.arithmetic.eye(net.K).reshape(1, net.K, 1, net.K, 1)
        return joined(net, net.S_W.reshape(net.count, 1, net.N, 1, net.N) * same)

    @reading
    def Sigma_s(net: Any) -> Any:
        return in_sample_order(net, net.Sigma_W)

    # -- corners -------------------------------------------------------------------------------------------------

    def formulas(self) -> dict[Any, Any]:
        """What some readings above are in closed form."""
        return {
            D[i]: paper.D_formula,
            f[i]: paper.V * values[i],
            F[i]: paper.F_formula,
            M: paper.M_compact,
            T[i]: paper.T_formula,
            gradient: paper.gradient_formula,
        }

    def impose(self, corner: str, name: str, drawn: Any, net: Lanes) -> Any:
        """Bend integers into a corner; see ``corners``."""
        bent = drawn.clone()
        if name in _ALIKE.get(corner, ()):
            bent[:] = drawn[:, :1]
        if corner in ("all alike", "equal V") and name == "V":
            bent[:] = drawn[:, :1, :1]
        if corner == "all alike" and name == "U":
            bent[:] = drawn[:, :1, :1]
        if (corner, name) in (("zero input", "x"), ("zero input", "pole"), ("zero neuron", "W")):
            bent[:, 0] = 0
        if corner == "one neuron moves" and name == "E":
            bent[:, 1:] = 0
        return bent

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by what the lanes are, not by what the world was asked to be."""
        found: dict[str, Any] = {f"phi is {activation(net).name}": True}
        sizes = dict(net.world.sizes)
        found |= {"one sample": True} if sizes["N"] == 1 else {}
        found |= {"one class": True} if sizes["K"] == 1 else {}
        drawn = {name: draw.values for name, draw in net.draws.items()}
        if "V" in drawn:
            found["equal entries of V"] = (drawn["V"] == drawn["V"][:, :1, :1]).flatten(1).all(1)
        if "W" in drawn:
            found["a neuron that is zero"] = (drawn["W"] == 0).all(2).any(1)
        points = drawn.get("x", drawn.get("pole"))
        if points is not None:
            found["an input that is zero"] = (points == 0).all(2).any(1)
            if sizes["N"] > 1:
                same = (points[:, :, None] == points[:, None]).all(3).sum((1, 2)) > sizes["N"]
                found["inputs that are equal or opposite"] = same
        return found


_ALIKE = {
    "all alike": ("W", "x", "pole", "side"),
    "duplicate inputs": ("x", "pole", "side"),
    "collinear inputs": ("pole",),
    "equal neurons": ("W",),
}
"""What is as the first of its rows in a corner."""


@dataclass(frozen=True)
class RationalJacobians(SmoothNetworks):
    """The same with activations whose derivatives are rational at rationals: equations of Jacobians are decided."""

    refines: ClassVar[bool] = True
    conventions: ClassVar[dict[str, tuple[Fraction, ...]]] = {"activation": WITH_RATIONAL_SLOPES}


@dataclass(frozen=True)
class RationalNetworks(SmoothNetworks):
    """The same with activations that are rational at rationals themselves: equations of outputs are decided, too."""

    refines: ClassVar[bool] = True
    conventions: ClassVar[dict[str, tuple[Fraction, ...]]] = {"activation": RATIONAL_ONLY}


@dataclass(frozen=True)
class RandomSigns(RationalJacobians):
    """The same with a second layer of equal magnitudes ``t``, over all signs of which means are taken.

    No sign is drawn: all 2**(K m) are enumerated, so K m is at most ``MOST_SIGNS``.
    """

    width: Size = Size(1, 3)
    samples: Size = Size(1, 3)

    refines: ClassVar[bool] = True

    def fits(self, sizes: dict[str, int]) -> bool:
        """Few enough signs."""
        return super().fits(sizes) and sizes["K"] * sizes["m"] <= MOST_SIGNS

    @reading
    def t(net: Any) -> Any:
        return net.draw("t", "", 0, 4, net.shift("V"))

    @reading
    def C_V(net: Any) -> Any:
        """The kernels of all networks of a lane, then their mean."""
        choices = list(product((-1, 1), repeat=net.K * net.m))
        entries = {1: net.t, -1: -net.t}
        signed = net.arithmetic.stack([entries[sign] for signs in choices for sign in signs], 1)
        return joined(net, mean_by_classes(net, signed.reshape(net.count, len(choices), net.K, net.m)))


__all__ = ["RandomSigns", "RationalJacobians", "RationalNetworks", "SmoothNetworks"]
