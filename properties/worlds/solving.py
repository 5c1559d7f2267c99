"""Solving for networks whose batch gradients vanish: what ``CriticalTwoLayerReLU`` makes of its draws.

With ``q_j = 2 s r_j A_j + c g_j V`` the gradient in V of sample j, sums of q_j vanish when V is a combination of the
gradients ``A_j = D_j u^T x_j^T`` and the residuals r_j are its weights. Only sums, products and halvings are taken.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from verify.worlds import Lanes

DRAWS = {
    "V": ("m n", -3, 3),
    "u": ("1 m", -3, 3),
    "x": ("N n 1", -3, 3),
    "spread": ("", -1, 1),
    "kappa": ("", -1, 4),
    "rho": ("N", -1, 4),
    "off": ("N m", -1, 2),
    "surplus": ("m 1", 0, 3),
    "r": ("N", -3, 3),
    "g": ("N", -2, 3),
    "mu": ("", -2, 3),
}
"""Every draw of a network, g or mu as its regulariser is: name -> axes, least, largest integer."""

# What a draw of rho stands for: the stretch tau of a collinear input, its inverse, and the weight of a sample in V.
# Here as elsewhere a draw of 0 is what is simple without making V zero, and positive numbers are the more frequent
# ones: a theorem's hypotheses on g would leave few lanes otherwise, and mixed patterns need u_s rho_j > 0.
STRETCH = {0: Fraction(1), 1: Fraction(2), -1: Fraction(-1), 2: Fraction(1, 2), 3: Fraction(4), 4: Fraction(-2)}
INVERSE = {drawn: 1 / stretch for drawn, stretch in STRETCH.items()}
WEIGHT = {**STRETCH, 4: Fraction(0)}


def made_of(net: Lanes, name: str, shift: int = 0) -> Any:
    """The numbers of a name; all names are drawn at once, so that B may shrink past N and a witness still tells all."""
    unused = "g" if net.kind.regulariser == "constant" else "mu"
    for other, (axes, low, high) in DRAWS.items():
        if other != unused:
            net.integers(other, axes, low, high)
    axes, low, high = DRAWS[name]
    return net.draw(name, axes, low, high, shift)


def strengths(net: Lanes) -> Any:
    """(K, N) the regularisation strengths as they are drawn, before blocks repeat."""
    if net.kind.regulariser == "constant":
        return net.mu.unsqueeze(1).expand(net.count, net.N)
    return made_of(net, "g") + 1


def looked_up(net: Lanes, name: str, table: dict[int, Fraction]) -> Any:
    """The table's number for each integer that was drawn under a name."""
    integers = made_of(net, name)
    found = integers
    for drawn, number in table.items():
        if number != drawn:
            found = net.arithmetic.where(integers == drawn, net.arithmetic.number(number), found)
    return found


def scale(net: Lanes) -> Any:
    """(K, 1) the scale of V, which is what makes V zero: 1 more than its draw."""
    return (made_of(net, "kappa") + 1).unsqueeze(-1) * net.arithmetic.number(Fraction(2) ** net.shift("V"))


def surplus(net: Lanes) -> Any:
    """(K, m) by how much a bias passes the last threshold: 1 or more halves above it."""
    unit = net.arithmetic.number(Fraction(2) ** (net.shift("V") + net.shift("x")))
    return (made_of(net, "surplus").squeeze(-1) * net.arithmetic.number(1, 2) + 1) * unit


def total_decay(net: Lanes) -> Any:
    """(K, 1): zero where nothing decays, so that V is free and samples are interpolated."""
    if net.kind.collinear(net.world):
        return net.g.abs().sum(1).unsqueeze(-1)
    return strengths(net)[:, : net.kind.block(net.world)].sum(1).unsqueeze(-1)


def solve(net: Lanes, pattern: Any) -> Any:
    """(K, m, n): V of a pattern (K, block, m)."""
    x, u, kappa = net.x[:, : net.kind.block(net.world)].squeeze(-1), net.u, scale(net).unsqueeze(-1)
    if net.kind.collinear(net.world):
        return kappa * (u * pattern[:, :1]).mT * direction(net).mT
    weighted = x * looked_up(net, "rho", WEIGHT)[:, : x.shape[1]].unsqueeze(-1)
    return kappa * u.mT * (pattern.mT @ weighted)


def apart(net: Lanes) -> Any:
    """(K, N, n, 1) inputs: on one axis each, or, where ``spread`` is not 0, as they are drawn."""
    drawn = made_of(net, "x")
    axes = net.arithmetic.eye(net.n)[[j % net.n for j in range(net.N)]].unsqueeze(0).unsqueeze(-1)
    single = net.arithmetic.where(drawn == 0, drawn * 0 + 1, drawn) * axes
    spread = made_of(net, "spread").reshape(net.count, 1, 1, 1)
    inputs = net.arithmetic.where(spread == 0, single, drawn)
    return inputs * net.arithmetic.number(Fraction(2) ** net.shift("x"))


def direction(net: Lanes) -> Any:
    """(K, n, 1) of the collinear inputs: what is drawn for the first sample, or the first axis where that is zero."""
    drawn = made_of(net, "x")[:, 0]
    nowhere = drawn.abs().sum(1, keepdim=True)
    axis = net.arithmetic.eye(net.n)[:, :1] + drawn * 0
    return net.arithmetic.where(nowhere == 0, axis, drawn) * net.arithmetic.number(Fraction(2) ** net.shift("x"))


def planned(net: Lanes) -> Any:
    """(K, block, m): 1 where a neuron is to be active; one draw in four says that it is not."""
    off = made_of(net, "off")[:, : net.kind.block(net.world)]
    zeros = off * 0
    plan = net.arithmetic.where(off == -1, zeros, zeros + 1)
    return plan[:, [0] * plan.shape[1]] if net.kind.collinear(net.world) else plan


def thresholds(net: Lanes, V: Any, pattern: Any) -> tuple[Any, Any, Any, Any]:
    """Each (K, m): the least ``V_s x_j`` of an active sample, the largest of an inactive one; whether some, all are."""
    x = net.x[:, : pattern.shape[1]].squeeze(-1)
    z = x @ V.mT
    top, bottom = z.amax(1, keepdim=True), z.amin(1, keepdim=True)
    lowest = net.arithmetic.where(pattern == 0, top + z * 0, z).amin(1)
    highest = net.arithmetic.where(pattern == 0, z, bottom + z * 0).amax(1)
    return lowest, highest, pattern.amax(1), pattern.amin(1)


def alive(net: Lanes, block: int) -> Any:
    """(K, block): zero where the gradient of the output in V is, as no input or no weighted neuron is active there."""
    seen = (net.pattern * net.u).abs().sum(2)
    return seen * net.x[:, :block].squeeze(-1).abs().sum(2)


def residuals(net: Lanes) -> Any:
    """(K, N): the residuals under which the gradients vanish."""
    block = net.kind.block(net.world)
    free, kappa = made_of(net, "r", net.shift("V")), scale(net)
    ratio = net.arithmetic.number(-net.convention("c") / (2 * net.convention("s")))
    if net.kind.collinear(net.world):
        forced = net.g * kappa * looked_up(net, "rho", INVERSE) * ratio
    else:
        forced = total_decay(net) * kappa * looked_up(net, "rho", WEIGHT)[:, :block] * ratio
    solved = net.arithmetic.where(alive(net, block) == 0, free[:, :block], forced)
    parts = [solved[:, j] if j < block else free[:, j] for j in net.kind.sources(net.world)]
    return net.arithmetic.stack(parts, 1)
