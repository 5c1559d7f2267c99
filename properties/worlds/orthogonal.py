"""Networks on orthogonal inputs, each neuron active on at most one: every column of V is one sample's own.

Here V has as many directions as there are samples, and the gradient of each sample bears on one of them. That is where
small batch gradients leave V far from low rank.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from properties.worlds.networks import TwoLayerReLU
from verify.worlds import Lanes, Size, reading

OWNERS = 4
"""The most samples, any of which a neuron may be active on."""


@dataclass(frozen=True)
class OrthogonalTwoLayerReLU(TwoLayerReLU):
    """Two-layer networks with ``x_j = a_j e_j`` and ``V_sj = v_j u_s`` for the sample j that neuron s is active on.

    The residual of sample j makes ``h_j = rho_j c g_j V e_j e_j^T``, so ``q_j = c g_j V (I + rho_j e_j e_j^T)``: at
    rho_j = -1 it takes away the column of its sample. No pre-activation is zero, as every bias is -1/2. u, v and
    a are 1 or 2, rho is from -4 to 0; neuron s is active on sample s, or so many further, if there is such a sample.
    A sample that no axis is left for has a zero input.
    """

    width: Size = Size(2, 4)
    inputs: Size = Size(2, OWNERS)
    samples: Size = Size(2, OWNERS)
    batch: Size = Size(1, OWNERS)

    scaled: ClassVar[tuple[str, ...]] = ()
    corners: ClassVar[tuple[str, ...]] = ()

    @reading
    def u(net: Lanes) -> Any:
        return net.draw("u", "1 m", 0, 1) + 1

    @reading
    def x(net: Lanes) -> Any:
        lengths = net.draw("a", "N", 0, 1) + 1
        return (on_axes(net) * lengths.unsqueeze(-1)).unsqueeze(-1)

    @reading
    def V(net: Lanes) -> Any:
        turn, weights, sizes = net.draw("turn", "m", 0, OWNERS - 1), net.u.squeeze(1), factors(net)
        nothing = weights[:, 0] * 0
        columns = [
            [
                net.arithmetic.where(turn[:, s] == (j - s) % OWNERS, weights[:, s] * sizes[:, j], nothing)
                if j < net.N
                else nothing
                for s in range(net.m)
            ]
            for j in range(net.n)
        ]
        return net.arithmetic.stack([net.arithmetic.stack(column, 1) for column in columns], 2)

    @reading
    def b(net: Lanes) -> Any:
        return (net.u * 0 - net.arithmetic.number(1, 2)).mT

    @reading(relative_to=("phi",))
    def y(net: Lanes) -> Any:
        rho, lengths = net.draw("rho", "N", -3, 1) - 1, net.draw("a", "N", 0, 1) + 1
        unit = net.arithmetic.number(net.convention("c") / (2 * net.convention("s")))
        residuals = rho * net.g * factors(net) * unit
        halves = residuals * net.arithmetic.number(1, 2)
        return net.phi - net.arithmetic.where(lengths == 2, halves, residuals)

    def impose(self, corner: str, name: str, values: Any, net: Lanes) -> Any:
        """There are no corners here."""
        return values

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by what the networks are: those of sizes, dead units and kinks."""
        found = {k: v for k, v in super().visited(net).items() if v is True}
        if "turn" in net.draws:
            found["dead unit"] = (net.z <= 0).squeeze(-1).all(1).any(1)
        return found


def factors(net: Lanes) -> Any:
    """(K, N) the factors v_j of the columns of V."""
    return net.draw("v", "N", 0, 1) + 1


def on_axes(net: Lanes) -> Any:
    """(K, N, n) the unit vector of each sample; zero for those that no axis is left for."""
    units = net.arithmetic.eye(max(net.N, net.n))[: net.N, : net.n]
    return units.unsqueeze(0).expand(net.count, net.N, net.n)


__all__ = ["OrthogonalTwoLayerReLU", "factors", "on_axes"]
