"""Two-layer ReLU networks with a sample and a regulariser: the worlds of Chen, Yi, Yang 2024, Section 2."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from properties.worlds.batches import largest_bounds, largest_norm, many
from properties.worlds.corners import impose
from properties.worlds.formulas import TWO_LAYER
from symbolic.papers import weight_decay
from verify.draws import MissingDraw
from verify.enclosures import Between
from verify.worlds import Kind, KindError, Lanes, Size, reading

HALF = Fraction(1, 2)


@dataclass(frozen=True)
class TwoLayerReLU(Kind):
    """Lanes of ``phi(x) = u relu(V x + b)``: V (K, m, n), u (K, 1, m), b (K, m, 1), x (K, N, n, 1), y (K, N).

    ``regulariser`` is "per-sample" (strengths g[i]) or "constant" (g[i] = mu for every i). Conventions: ``s``, the
    factor of the squared residual; ``c``, the factor of the decay in a gradient; ``kink``, the derivative of ReLU at 0.
    """

    width: Size = Size(1, 16)
    inputs: Size = Size(1, 8)
    samples: Size = Size(1, 8)
    batch: Size = Size(1, 8)
    regulariser: str = "per-sample"

    speaks: ClassVar[str] = weight_decay.SOURCE
    letters: ClassVar[dict[str, str]] = {"m": "width", "n": "inputs", "N": "samples", "B": "batch"}
    conventions: ClassVar[dict[str, tuple[Fraction, ...]]] = {
        "c": (Fraction(1), Fraction(2)),
        "s": (Fraction(1), HALF),
        "kink": (Fraction(0), HALF, Fraction(1)),
    }
    parts: ClassVar[dict[str, str]] = {"B": "N"}
    scaled: ClassVar[tuple[str, ...]] = ("V", "x", "u")
    refines: ClassVar[bool] = True
    corners: ClassVar[tuple[str, ...]] = (
        "dead units",
        "zero input",
        "zero bias",
        "exact kink",
        "duplicate inputs",
        "collinear inputs",
        "duplicate labels",
        "rank-deficient V",
        "no decay",
    )

    def __post_init__(self) -> None:
        if self.regulariser not in ("per-sample", "constant"):
            raise KindError(f"regulariser={self.regulariser!r}: say 'per-sample' or 'constant'")

    def fits(self, sizes: dict[str, int]) -> bool:
        """A batch is a subset of the sample."""
        return super().fits(sizes) and sizes["B"] <= sizes["N"]

    def can_read(self, letter: str) -> bool:
        """``mu`` is there when the regulariser is constant."""
        return letter != "mu" or self.regulariser == "constant"

    # -- what is drawn -------------------------------------------------------------------------------------------

    @reading
    def V(net: Any) -> Any:
        return net.draw("V", "m n", -3, 3, net.shift("V"))

    @reading
    def u(net: Any) -> Any:
        return net.draw("u", "1 m", -3, 3, net.shift("u"))

    @reading
    def b(net: Any) -> Any:
        return net.draw("b", "m 1", -6, 6, net.shift("V") + net.shift("x") - 1)

    @reading
    def x(net: Any) -> Any:
        return net.draw("x", "N n 1", -3, 3, net.shift("x"))

    @reading
    def y(net: Any) -> Any:
        return net.draw("y", "N", -8, 8, net.shift("V") + net.shift("x") + net.shift("u"))

    @reading
    def g(net: Any) -> Any:
        if net.kind.regulariser == "constant":
            return net.mu.unsqueeze(1).expand(net.count, net.N)
        return net.draw("g", "N", -3, 3)

    @reading
    def mu(net: Any) -> Any:
        return net.draw("mu", "", -1, 3)

    @reading
    def eta(net: Any) -> Any:
        return net.draw("eta", "", 0, 4, -2)

    @reading
    def E(net: Any) -> Any:
        return net.draw("E", "m n", -3, 3, net.shift("V") - 1)

    # -- the network ---------------------------------------------------------------------------------------------

    @reading(relative_to=("V", "b"))
    def z(net: Any) -> Any:
        return net.V.unsqueeze(1) @ net.x + net.b.unsqueeze(1)

    @reading
    def D(net: Any) -> Any:
        return activation(net, net.z)

    @reading
    def D_E(net: Any) -> Any:
        return activation(net, (net.V + net.E).unsqueeze(1) @ net.x + net.b.unsqueeze(1))

    @reading
    def D_closed(net: Any) -> Any:
        return net.arithmetic.diagonal_matrix(net.arithmetic.step(net.z.squeeze(-1), Fraction(1)))

    @reading(relative_to=("z",))
    def phi(net: Any) -> Any:
        return output(net, net.u.unsqueeze(1), net.V.unsqueeze(1), net.b.unsqueeze(1))

    @reading(relative_to=("phi", "y"))
    def r(net: Any) -> Any:
        return net.phi - net.y

    # -- gradients, by differentiating outputs and losses ----------------------------------------------------------

    @reading
    def A(net: Any) -> Any:
        u, b = net.u.unsqueeze(1), net.b.unsqueeze(1)
        return net.arithmetic.gradient(lambda V: output(net, u, V, b), net.V, net.N)

    @reading
    def A_u(net: Any) -> Any:
        V, b = net.V.unsqueeze(1), net.b.unsqueeze(1)
        return net.arithmetic.gradient(lambda u: output(net, u, V, b), net.u, net.N)

    @reading
    def A_b(net: Any) -> Any:
        u, V = net.u.unsqueeze(1), net.V.unsqueeze(1)
        return net.arithmetic.gradient(lambda b: output(net, u, V, b), net.b, net.N)

    @reading(relative_to=("r",))
    def h(net: Any) -> Any:
        u, b = net.u.unsqueeze(1), net.b.unsqueeze(1)
        return net.arithmetic.gradient(lambda V: data_loss(net, output(net, u, V, b)), net.V, net.N)

    @reading(relative_to=("h", "V"))
    def q(net: Any) -> Any:
        u, b = net.u.unsqueeze(1), net.b.unsqueeze(1)
        return net.arithmetic.gradient(
            lambda V: data_loss(net, output(net, u, V, b)) + decay(net, net.g, V), net.V, net.N
        )

    @reading
    def mu_S(net: Any) -> Any:
        return mean_over(net, net.g, net.kind.batches(net.world))

    @reading(relative_to=("h",))
    def H(net: Any) -> Any:
        return batch_gradient(net, net.kind.batches(net.world), decayed=False)

    @reading(relative_to=("h", "V"))
    def G(net: Any) -> Any:
        return batch_gradient(net, net.kind.batches(net.world))

    @reading(relative_to=("h", "V"))
    def G_P(net: Any) -> Any:
        return batch_gradient(net, net.kind.blocks(net.world))

    @reading(relative_to=("h", "V"))
    def G_N(net: Any) -> Any:
        return batch_gradient(net, (tuple(range(net.N)),)).squeeze(1)

    @reading(relative_to=("q", "V"))
    def eps(net: Any) -> Any:
        """From the per-sample gradients: no batch loss is differentiated; between bounds where batches are too many."""
        if many(net.world):
            return Between(*largest_bounds(net))
        return largest_norm(net, net.q, net.kind.batches(net.world))

    @reading(relative_to=("V",))
    def V_next(net: Any) -> Any:
        return net.V.unsqueeze(1) - net.eta.reshape(net.count, 1, 1, 1) * net.G

    def formulas(self) -> dict[Any, Any]:
        """What the readings above are in closed form."""
        return TWO_LAYER

    # -- corners -------------------------------------------------------------------------------------------------

    def impose(self, corner: str, name: str, values: Any, net: Lanes) -> Any:
        """Bend integers into a corner; see ``corners``."""
        return impose(corner, name, values, net)

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by what the lanes are, not by what the world was asked to be."""
        drawn = net.draws
        found: dict[str, Any] = {}
        sizes = dict(net.world.sizes)
        everywhere = {
            "width one": sizes["m"] == 1,
            "batch one": sizes["B"] == 1,
            "batch is the sample": sizes["B"] == sizes["N"],
            "one sample more than the batch": sizes["N"] == sizes["B"] + 1,
            "tiny": min((s for _, s in net.world.shifts), default=0) <= -15,
            "huge": max((s for _, s in net.world.shifts), default=0) >= 15,
        }
        found |= {name: held for name, held in everywhere.items() if held}
        if "x" in drawn:
            flat = drawn["x"].values.flatten(2)
            found["zero input"] = (flat == 0).all(2).any(1)
            if sizes["N"] > 1:
                gaps = flat[:, :, None, :] == flat[:, None, :, :]
                found["duplicate inputs"] = gaps.all(3).sum((1, 2)) > sizes["N"]
        if "b" in drawn:
            found["zero bias"] = (drawn["b"].values == 0).flatten(1).all(1)
        if {"V", "x", "b"} <= set(drawn):
            z = net.z
            found["kink"] = (z == 0).flatten(1).any(1)
            found["dead unit"] = (z <= 0).squeeze(-1).all(1).any(1)
        return found

    def visited_exactly(self, net: Lanes) -> dict[str, bool]:
        """Corners of one network in exact arithmetic: whether a pre-activation is exactly zero."""
        try:
            return {"kink": bool((net.arithmetic.compare(net.z, 0) == 0).any())}
        except MissingDraw:
            return {}


def activation(net: Lanes, z: Any) -> Any:
    """(K, N, m, m): the activation pattern of pre-activations (K, N, m, 1), under the world's kink convention."""
    return net.arithmetic.diagonal_matrix(net.arithmetic.step(z.squeeze(-1), net.convention("kink")))


def output(net: Lanes, u: Any, V: Any, b: Any) -> Any:
    """(K, N) outputs; parameters have a copy axis of length 1 or N: u (K, ., 1, m), V (K, ., m, n), b (K, ., m, 1)."""
    z = (V * net.x.mT).sum(-1) + b.squeeze(-1)
    return (u.squeeze(-2) * net.arithmetic.relu(z, net.convention("kink"))).sum(-1)


def data_loss(net: Lanes, outputs: Any) -> Any:
    """The loss ``s (phi - y)**2`` of each sample."""
    return (outputs - net.y).square() * net.arithmetic.number(net.convention("s"))


def decay(net: Lanes, strength: Any, V: Any) -> Any:
    """The regulariser whose gradient in V is ``c * strength * V``: (c/2) strength |V|**2."""
    return strength * V.square().sum((-2, -1)) * net.arithmetic.number(net.convention("c") / 2)


def mean_over(net: Lanes, values: Any, batches: tuple[tuple[int, ...], ...]) -> Any:
    """Means (K, batches) of values (K, N) over the members of each batch."""
    return net.arithmetic.take(values, batches, 1).mean(2)


def batch_gradient(net: Lanes, batches: tuple[tuple[int, ...], ...], decayed: bool = True) -> Any:
    """(K, batches, m, n): the gradient in V of the mean loss of each batch, by differentiating that loss."""
    u, b = net.u.unsqueeze(1).unsqueeze(1), net.b.unsqueeze(1).unsqueeze(1)
    strength = mean_over(net, net.g, batches) if decayed else None

    def loss(V: Any) -> Any:
        # On lanes every batch has a copy of V and its own members; in exact arithmetic one copy serves all of them, and
        # the losses of the N samples are gathered: the same means, in the cheaper order of each.
        apart = V.shape[1] > 1
        x, y = net.x.mT, net.y
        if apart:
            x, y = net.arithmetic.take(x, batches, 1), net.arithmetic.take(y, batches, 1)
        else:
            x, y = x.unsqueeze(1), y.unsqueeze(1)
        z = (V.unsqueeze(2) * x).sum(-1) + b.squeeze(-1)
        outputs = (u.squeeze(-2) * net.arithmetic.relu(z, net.convention("kink"))).sum(-1)
        losses = (outputs - y).square() * net.arithmetic.number(net.convention("s"))
        mean = losses.mean(2) if apart else net.arithmetic.take(losses.squeeze(1), batches, 1).mean(2)
        return mean if strength is None else mean + decay(net, strength, V)

    return net.arithmetic.gradient(loss, net.V, len(batches))
