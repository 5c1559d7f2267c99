"""Networks on which batch gradients vanish exactly, solved for from drawn integers.

A random network has no zero batch gradient, so a theorem about such networks could never be tested on random ones.
Here weights, biases and labels follow from the draws by sums, products and halvings alone: no rounding enters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from properties.worlds.networks import TwoLayerReLU
from verify.worlds import KindError, Lanes, Size, World, reading

EVERY, FULL, PARTITION = "every batch", "full", "partition"

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
}
"""Every draw of a network but its regulariser: name -> axes, least, largest integer."""

# What a draw of rho stands for: the stretch tau of a collinear input, its inverse, and the weight of a sample in V. Here
# as elsewhere a draw of 0 is what is simple without making V zero, and positive numbers are the more frequent ones: under
# a theorem's hypotheses on g few lanes would be left otherwise, and mixed patterns need u_s rho_j > 0.
STRETCH = {0: Fraction(1), 1: Fraction(2), -1: Fraction(-1), 2: Fraction(1, 2), 3: Fraction(4), 4: Fraction(-2)}
INVERSE = {drawn: 1 / stretch for drawn, stretch in STRETCH.items()}
WEIGHT = {**STRETCH, 4: Fraction(0)}


@dataclass(frozen=True)
class CriticalTwoLayerReLU(TwoLayerReLU):
    """Two-layer networks whose gradients in V vanish on batches; the readings are those of ``TwoLayerReLU``, and
    ``pattern``, the activity of neurons that was solved for, on the first samples.

    ``vanishing`` says which batch gradients are zero, exactly: those of "every batch" (all B-subsets), the one of the
    "full" sample, or those of the "partition" into consecutive blocks of B samples. Where B = N the three are the same.

    * "every batch", B < N: all ``q_j`` vanish. Inputs of samples with ``g_j != 0`` are stretches of one direction, and
      ``V = kappa (a u)^T d^T`` for an activity mask ``a``; the others are interpolated, at free inputs.
    * "full": inputs on one axis each, or free; ``V_s = kappa u_s sum_j p_sj rho_j x_j`` for a planned pattern ``p``; a
      neuron whose plan no threshold realises does on every sample what was planned for the first one.
    * "partition": the first block as in "full", repeated; samples after the last whole block are drawn freely.

    Without decay (all ``g_j = 0``, or a sum of zero in the block) V is drawn freely and every sample is interpolated.
    Wherever the gradient of the output is zero, the residual is drawn freely.
    """

    width: Size = Size(1, 5)
    inputs: Size = Size(1, 4)
    samples: Size = Size(1, 5)
    batch: Size = Size(1, 4)
    vanishing: str = EVERY

    scaled: ClassVar[tuple[str, ...]] = ("V", "x")
    corners: ClassVar[tuple[str, ...]] = (
        "dead units",
        "zero input",
        "duplicate inputs",
        "no decay",
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.vanishing not in (EVERY, FULL, PARTITION):
            raise KindError(f"vanishing={self.vanishing!r}: say {EVERY!r}, {FULL!r} or {PARTITION!r}")

    def collinear(self, world: World) -> bool:
        """Whether every per-sample gradient has to vanish, which decay allows on collinear inputs alone."""
        return self.vanishing == EVERY and world.size("B") < world.size("N")

    def sources(self, world: World) -> list[int]:
        """(N) the sample that each sample repeats: itself, but in the later blocks of a partition."""
        N, block = world.size("N"), self.block(world)
        return [j % block if j < N - N % block else j for j in range(N)]

    def block(self, world: World) -> int:
        """The number of samples, from the first one, that are solved for."""
        return world.size("B") if self.vanishing == PARTITION else world.size("N")

    # -- readings: u, g and mu are drawn; x, V, b and y follow ---------------------------------------------------

    @reading
    def u(net: Lanes) -> Any:
        # 1, 2, 3, 4 for draws from 0 on, -1 and -2 below, and 0 for the last.
        drawn = _drawn(net, "u")
        weights = net.arithmetic.where(drawn < 0, net.arithmetic.where(drawn == -3, drawn * 0, drawn), drawn + 1)
        return weights * net.arithmetic.number(Fraction(2) ** -net.shift("x"))

    @reading
    def g(net: Lanes) -> Any:
        return _strengths(net)[:, net.kind.sources(net.world)]

    @reading
    def mu(net: Lanes) -> Any:
        return net.draw("mu", "", -2, 3) + 1

    @reading
    def x(net: Lanes) -> Any:
        free = _drawn(net, "x", net.shift("x"))
        if not net.kind.collinear(net.world):
            return _apart(net)[:, net.kind.sources(net.world)]
        stretched = _looked_up(net, "rho", STRETCH).reshape(net.count, net.N, 1, 1) * _direction(net).unsqueeze(1)
        # g * kappa is zero when one of them is: that sample needs no part in V.
        coupled = (net.g * _kappa(net)).reshape(net.count, net.N, 1, 1)
        return net.arithmetic.where(coupled == 0, free, stretched)

    @reading
    def pattern(net: Lanes) -> Any:
        """(K, block, m): the plan, but that of the first sample for each neuron whose own plan no threshold realises."""
        plan = _planned(net)
        if net.kind.collinear(net.world):
            return plan
        free = _drawn(net, "V", net.shift("V"))
        V = net.arithmetic.where(_decay(net).unsqueeze(-1) == 0, free, _solved(net, plan))
        lowest, highest, some, all_ = _thresholds(net, V, plan)
        mixed = (some > 0) & (all_ == 0)
        impossible = (mixed & (lowest <= highest)).reshape(net.count, 1, net.m)
        return net.arithmetic.where(impossible, plan[:, :1], plan)

    @reading
    def V(net: Lanes) -> Any:
        free = _drawn(net, "V", net.shift("V"))
        return net.arithmetic.where(_decay(net).unsqueeze(-1) == 0, free, _solved(net, net.pattern))

    @reading(relative_to=("V",))
    def b(net: Lanes) -> Any:
        lowest, highest, some, all_ = _thresholds(net, net.V, net.pattern)
        beyond = _surplus(net)
        inside = (lowest + highest) * net.arithmetic.number(Fraction(-1, 2))
        chosen = net.arithmetic.where(all_ > 0, beyond - lowest, net.arithmetic.where(some > 0, inside, -highest - beyond))
        return chosen.unsqueeze(-1)

    @reading(relative_to=("phi",))
    def y(net: Lanes) -> Any:
        return net.phi - _residuals(net)

    # -- corners -------------------------------------------------------------------------------------------------

    def impose(self, corner: str, name: str, values: Any, net: Lanes) -> Any:
        """Bend integers into a corner: those of this kind's own draws, and of V, x and the regulariser as ever."""
        bend = _BENT.get((corner, name))
        return super().impose(corner, name, values, net) if bend is None else bend(values.clone(), net)

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by what the solved networks are: the draws of V and x are only what they are made of."""
        found = {k: v for k, v in super().visited(net).items() if v is True}
        if "kappa" not in net.draws:
            return found
        flat, V = net.x.flatten(2), net.V.flatten(1)
        found["zero input"] = (flat == 0).all(2).any(1)
        if net.N > 1:
            found["duplicate inputs"] = (flat[:, :, None] == flat[:, None]).all(3).sum((1, 2)) > net.N
        found["zero bias"] = (net.b == 0).flatten(1).all(1)
        found["kink"] = (net.z == 0).flatten(1).any(1)
        found["dead unit"] = (net.z <= 0).squeeze(-1).all(1).any(1)
        found["no decay"] = (net.g == 0).all(1)
        found["V is zero"] = (V == 0).all(1)
        found["V of rank one"] = _rank_one(net.V) & ~found["V is zero"]
        found["V of rank above one"] = ~_rank_one(net.V)
        found["every gradient of the output is zero"] = (_alive(net, net.kind.block(net.world)) == 0).all(1)
        return found


def _drawn(net: Lanes, name: str, shift: int = 0) -> Any:
    """The numbers of a name; all names are drawn at once, so that B may shrink past N and a witness still tells all."""
    for other, (axes, low, high) in DRAWS.items():
        net.integers(other, axes, low, high)
    axes, low, high = DRAWS[name]
    return net.draw(name, axes, low, high, shift)


def _strengths(net: Lanes) -> Any:
    """(K, N) the regularisation strengths as they are drawn, before blocks repeat."""
    if net.kind.regulariser == "constant":
        return net.mu.unsqueeze(1).expand(net.count, net.N)
    return net.draw("g", "N", -2, 3) + 1


def _looked_up(net: Lanes, name: str, table: dict[int, Fraction]) -> Any:
    """The table's number for each integer that was drawn under a name."""
    integers = _drawn(net, name)
    found = integers
    for drawn, number in table.items():
        if number != drawn:
            found = net.arithmetic.where(integers == drawn, net.arithmetic.number(number), found)
    return found


def _kappa(net: Lanes) -> Any:
    """(K, 1) the scale of V, which is what makes V zero: 1 more than its draw."""
    return (_drawn(net, "kappa") + 1).unsqueeze(-1) * net.arithmetic.number(Fraction(2) ** net.shift("V"))


def _surplus(net: Lanes) -> Any:
    """(K, m) by how much a bias passes the last threshold: 1 or more halves above it."""
    unit = net.arithmetic.number(Fraction(2) ** (net.shift("V") + net.shift("x")))
    return (_drawn(net, "surplus").squeeze(-1) * net.arithmetic.number(1, 2) + 1) * unit


def _decay(net: Lanes) -> Any:
    """(K, 1): zero where nothing decays, so that V is free and samples are interpolated."""
    if net.kind.collinear(net.world):
        return net.g.abs().sum(1).unsqueeze(-1)
    return _strengths(net)[:, : net.kind.block(net.world)].sum(1).unsqueeze(-1)


def _solved(net: Lanes, pattern: Any) -> Any:
    """(K, m, n): V of a pattern (K, block, m)."""
    x, u, kappa = net.x[:, : net.kind.block(net.world)].squeeze(-1), net.u, _kappa(net).unsqueeze(-1)
    if net.kind.collinear(net.world):
        return kappa * (u * pattern[:, :1]).mT * _direction(net).mT
    weighted = x * _looked_up(net, "rho", WEIGHT)[:, : x.shape[1]].unsqueeze(-1)
    return kappa * u.mT * (pattern.mT @ weighted)


def _apart(net: Lanes) -> Any:
    """(K, N, n, 1) inputs: on one axis each, or, where ``spread`` is not 0, as they are drawn."""
    drawn = _drawn(net, "x")
    axes = net.arithmetic.eye(net.n)[[j % net.n for j in range(net.N)]].unsqueeze(0).unsqueeze(-1)
    single = net.arithmetic.where(drawn == 0, drawn * 0 + 1, drawn) * axes
    spread = _drawn(net, "spread").reshape(net.count, 1, 1, 1)
    inputs = net.arithmetic.where(spread == 0, single, drawn)
    return inputs * net.arithmetic.number(Fraction(2) ** net.shift("x"))


def _direction(net: Lanes) -> Any:
    """(K, n, 1) of the collinear inputs: what is drawn for the first sample, or the first axis where that is zero."""
    drawn = _drawn(net, "x")[:, 0]
    nowhere = drawn.abs().sum(1, keepdim=True)
    axis = net.arithmetic.eye(net.n)[:, :1] + drawn * 0
    return net.arithmetic.where(nowhere == 0, axis, drawn) * net.arithmetic.number(Fraction(2) ** net.shift("x"))


def _planned(net: Lanes) -> Any:
    """(K, block, m): 1 where a neuron is to be active; one draw in four says that it is not."""
    off = _drawn(net, "off")[:, : net.kind.block(net.world)]
    zeros = off * 0
    plan = net.arithmetic.where(off == -1, zeros, zeros + 1)
    return plan[:, [0] * plan.shape[1]] if net.kind.collinear(net.world) else plan


def _thresholds(net: Lanes, V: Any, pattern: Any) -> tuple[Any, Any, Any, Any]:
    """Each (K, m): the least ``V_s x_j`` of an active sample, the largest of an inactive one, whether some, all, are."""
    x = net.x[:, : pattern.shape[1]].squeeze(-1)
    z = x @ V.mT
    top, bottom = z.amax(1, keepdim=True), z.amin(1, keepdim=True)
    lowest = net.arithmetic.where(pattern == 0, top + z * 0, z).amin(1)
    highest = net.arithmetic.where(pattern == 0, z, bottom + z * 0).amax(1)
    return lowest, highest, pattern.amax(1), pattern.amin(1)


def _alive(net: Lanes, block: int) -> Any:
    """(K, block): zero where the gradient of the output in V is, as no input or no weighted neuron is active there."""
    seen = (net.pattern * net.u).abs().sum(2)
    return seen * net.x[:, :block].squeeze(-1).abs().sum(2)


def _residuals(net: Lanes) -> Any:
    """(K, N): the residuals under which the gradients vanish."""
    block = net.kind.block(net.world)
    free, kappa = _drawn(net, "r", net.shift("V")), _kappa(net)
    ratio = net.arithmetic.number(-net.convention("c") / (2 * net.convention("s")))
    if net.kind.collinear(net.world):
        forced = net.g * kappa * _looked_up(net, "rho", INVERSE) * ratio
    else:
        forced = _decay(net) * kappa * _looked_up(net, "rho", WEIGHT)[:, :block] * ratio
    solved = net.arithmetic.where(_alive(net, block) == 0, free[:, :block], forced)
    parts = [solved[:, j] if j < block else free[:, j] for j in net.kind.sources(net.world)]
    return net.arithmetic.stack(parts, 1)


def _rank_one(V: Any) -> Any:
    """(K,) mask of rank at most one: V times its largest entry is that entry's column times its row, exactly."""
    lanes, columns = range(V.shape[0]), V.shape[-1]
    place = V.abs().flatten(1).argmax(1)
    row, column = V[lanes, place // columns], V[lanes, :, place % columns]
    peak = V.flatten(1).gather(1, place[:, None]).unsqueeze(-1)
    return (V * peak == column.unsqueeze(-1) * row.unsqueeze(-2)).flatten(1).all(1)


def _first_neuron_off(off: Any, net: Lanes) -> Any:
    off[:, :, 0] = -1
    return off


def _all_as_first(values: Any, net: Lanes) -> Any:
    values[:] = values[:, :1].clone()
    return values


def _none_if_collinear(kappa: Any, net: Lanes) -> Any:
    # A coupled sample at a zero input forces V = 0; nothing less lets the first input be zero.
    return kappa * 0 - 1 if net.kind.collinear(net.world) else kappa


def _as_drawn(spread: Any, net: Lanes) -> Any:
    return spread * 0 + 1


def _no_decay(strength: Any, net: Lanes) -> Any:
    return strength * 0 - 1


_BENT: dict[tuple[str, str], Callable[[Any, Lanes], Any]] = {
    ("dead units", "off"): _first_neuron_off,
    ("duplicate inputs", "rho"): _all_as_first,
    ("zero input", "kappa"): _none_if_collinear,
    **{(corner, "spread"): _as_drawn for corner in ("zero input", "duplicate inputs")},
    ("no decay", "g"): _no_decay,
    ("no decay", "mu"): _no_decay,
}
