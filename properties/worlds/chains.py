"""Chains of linear factors that weigh the same: A_j = P_j diag(s) P_(j-1)^T with rational orthogonal P_0, ..., P_q."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from properties.worlds.prescribed_spectra import frame
from symbolic.papers.layered import MOST, SIDE
from verify.worlds import Kind, Lanes, reading


@dataclass(frozen=True)
class BalancedChains(Kind):
    """Up to 4 factors 3 x 3 with the same singular values s, integers from 0 to 3, in frames that cancel in between."""

    speaks: ClassVar[str] = "chain"
    corners: ClassVar[tuple[str, ...]] = ("one value", "ties")

    @property
    def price(self) -> int:
        """There are five frames."""
        return 8

    @reading
    def q(net: Lanes) -> Any:
        return net.draw("q", "", 0, MOST - 1) + 1

    @reading
    def values(net: Lanes) -> Any:
        """(K, 3) the singular values of each factor."""
        return net.draw("s", str(SIDE), 0, 3)

    @reading
    def factors(net: Lanes) -> Any:
        """The 4 factors that are drawn; those after number q are no part of the chain."""
        frames = [frame(net, f"P_{j}", SIDE) for j in range(MOST + 1)]
        made = [frames[j + 1] * net.values.unsqueeze(1) @ frames[j].mT for j in range(MOST)]
        return net.arithmetic.stack(made, 1)

    @reading
    def A(net: Lanes) -> Any:
        found = product = net.factors[:, 0]
        for j in range(1, MOST):
            product = net.factors[:, j] @ product
            found = chosen(net, j + 1, product, found)
        return found

    @reading
    def A_1(net: Lanes) -> Any:
        return net.factors[:, 0]

    @reading
    def A_q(net: Lanes) -> Any:
        found = net.factors[:, 0]
        for j in range(1, MOST):
            found = chosen(net, j + 1, net.factors[:, j], found)
        return found

    @reading
    def weight(net: Lanes) -> Any:
        found = total = net.factors[:, 0].square().sum((-2, -1))
        for j in range(1, MOST):
            total = total + net.factors[:, j].square().sum((-2, -1))
            found = net.arithmetic.where(net.q == j + 1, total, found)
        return found

    @reading
    def spectrum(net: Lanes) -> Any:
        """(K, 3) the singular values of the product: s**q."""
        found = power = net.values
        for j in range(1, MOST):
            power = power * net.values
            found = net.arithmetic.where((net.q == j + 1).reshape(-1, 1), power, found)
        return found

    @reading
    def t_1(net: Lanes) -> Any:
        return net.spectrum[:, 0]

    @reading
    def t_2(net: Lanes) -> Any:
        return net.spectrum[:, 1]

    @reading
    def t_3(net: Lanes) -> Any:
        return net.spectrum[:, 2]

    def length(self, world: Any) -> int:
        """Entries are sums over four factors, each of products of four reflections."""
        return 4 * MOST * super().length(world)

    def impose(self, corner: str, name: str, values: Any, net: Lanes) -> Any:
        """Bend integers into a corner; see ``corners``."""
        bent = values.clone()
        if (corner, name) == ("one value", "s"):
            bent[:, 1:] = 0
        if (corner, name) == ("ties", "s"):
            bent[:] = values[:, :1].clone()
        return bent

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by what the singular values are."""
        if "s" not in net.draws:
            return {}
        drawn = net.draws["s"].values
        return {"zero product": (drawn == 0).all(1), "rank below three": (drawn == 0).any(1)}


def chosen(net: Lanes, count: int, there: Any, elsewhere: Any) -> Any:
    """The matrix of the lanes that have as many factors, and the other one elsewhere."""
    return net.arithmetic.where((net.q == count).reshape(-1, 1, 1), there, elsewhere)


__all__ = ["BalancedChains"]
