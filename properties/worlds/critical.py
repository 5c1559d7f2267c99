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
from properties.worlds.solving import (
    STRETCH,
    alive,
    apart,
    direction,
    looked_up,
    made_of,
    planned,
    residuals,
    scale,
    solve,
    strengths,
    surplus,
    thresholds,
    total_decay,
)
from verify.worlds import KindError, Lanes, Size, World, reading

EVERY, FULL, PARTITION = "every batch", "full", "partition"


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

    width: Size = Size(1, 4)
    inputs: Size = Size(1, 4)
    samples: Size = Size(1, 4)
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
        drawn = made_of(net, "u")
        weights = net.arithmetic.where(drawn < 0, net.arithmetic.where(drawn == -3, drawn * 0, drawn), drawn + 1)
        return weights * net.arithmetic.number(Fraction(2) ** -net.shift("x"))

    @reading
    def g(net: Lanes) -> Any:
        return strengths(net)[:, net.kind.sources(net.world)]

    @reading
    def mu(net: Lanes) -> Any:
        return made_of(net, "mu") + 1

    @reading
    def x(net: Lanes) -> Any:
        free = made_of(net, "x", net.shift("x"))
        if not net.kind.collinear(net.world):
            return apart(net)[:, net.kind.sources(net.world)]
        stretched = looked_up(net, "rho", STRETCH).reshape(net.count, net.N, 1, 1) * direction(net).unsqueeze(1)
        # g * kappa is zero when one of them is: that sample needs no part in V.
        coupled = (net.g * scale(net)).reshape(net.count, net.N, 1, 1)
        return net.arithmetic.where(coupled == 0, free, stretched)

    @reading
    def pattern(net: Lanes) -> Any:
        """(K, block, m): the plan; for a neuron whose plan no threshold realises, that for the first sample."""
        plan = planned(net)
        if net.kind.collinear(net.world):
            return plan
        free = made_of(net, "V", net.shift("V"))
        V = net.arithmetic.where(total_decay(net).unsqueeze(-1) == 0, free, solve(net, plan))
        lowest, highest, some, all_ = thresholds(net, V, plan)
        mixed = (some > 0) & (all_ == 0)
        impossible = (mixed & (lowest <= highest)).reshape(net.count, 1, net.m)
        return net.arithmetic.where(impossible, plan[:, :1], plan)

    @reading
    def V(net: Lanes) -> Any:
        free = made_of(net, "V", net.shift("V"))
        return net.arithmetic.where(total_decay(net).unsqueeze(-1) == 0, free, solve(net, net.pattern))

    @reading(relative_to=("V",))
    def b(net: Lanes) -> Any:
        lowest, highest, some, all_ = thresholds(net, net.V, net.pattern)
        beyond = surplus(net)
        inside = (lowest + highest) * net.arithmetic.number(Fraction(-1, 2))
        unless_all = net.arithmetic.where(some > 0, inside, -highest - beyond)
        return net.arithmetic.where(all_ > 0, beyond - lowest, unless_all).unsqueeze(-1)

    @reading(relative_to=("phi",))
    def y(net: Lanes) -> Any:
        return net.phi - residuals(net)

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
        at_most_one = _rank_one(net.V)
        found["V of rank one"], found["V of rank above one"] = at_most_one & ~found["V is zero"], ~at_most_one
        found["every gradient of the output is zero"] = (alive(net, net.kind.block(net.world)) == 0).all(1)
        return found


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
