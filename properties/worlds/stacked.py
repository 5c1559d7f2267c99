"""Three layers, the first of them ReLU or linear, the others linear: gradients of their mean loss, and one step.

Of linear layers there are critical ones too, with weight decay, solved for from drawn integers in rational frames.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from properties.worlds.frames import sized_frame
from verify.worlds import Kind, Lanes, Size, reading

SQUARE, QUARTIC = Fraction(2), Fraction(4)
BETWEEN = 3
"""Neurons of the hidden layers of a critical network, and the number of its inputs."""


@dataclass(frozen=True)
class StackedLayers(Kind):
    """Lanes of ``W_3 W_2 act(W_1 x + b)``: W_1 (K, p, n), W_2 (K, q, p), W_3 (K, o, q), b (K, p, 1), x (K, N, n, 1).

    ``act`` is ReLU where the kind is ``rectified``, and nothing else; ``b`` is 0 unless it is ``biased``. The loss of a
    sample is, by the convention ``loss``, the sum over outputs of the square (2) or fourth power (4) of the error.
    """

    inputs: Size = Size(2, 2)
    first: Size = Size(2, 2)
    second: Size = Size(2, 2)
    outputs: Size = Size(1, 2)
    samples: Size = Size(2, 2)
    rectified: bool = False
    biased: bool = False

    speaks: ClassVar[str] = "stacked"
    letters: ClassVar[dict[str, str]] = {
        "n": "inputs", "p": "first", "q": "second", "o": "outputs", "N": "samples",
    }  # fmt: skip
    conventions: ClassVar[dict[str, tuple[Fraction, ...]]] = {"loss": (SQUARE, QUARTIC)}
    corners: ClassVar[tuple[str, ...]] = ("no step",)

    @property
    def price(self) -> int:
        """Losses are differentiated in every layer."""
        return 16

    @reading
    def W_1(net: Lanes) -> Any:
        return net.draw("W_1", "p n", -2, 2)

    @reading
    def W_2(net: Lanes) -> Any:
        return net.draw("W_2", "q p", -2, 2)

    @reading
    def W_3(net: Lanes) -> Any:
        return net.draw("W_3", "o q", -2, 2)

    @reading
    def b(net: Lanes) -> Any:
        return net.draw("b", "p 1", -2, 2) if net.kind.biased else net.arithmetic.zeros(net.count, net.p, 1)

    @reading
    def x(net: Lanes) -> Any:
        return net.draw("x", "N n 1", -2, 2)

    @reading
    def y(net: Lanes) -> Any:
        """(K, N, o) targets."""
        return net.draw("y", "N o", -4, 4)

    @reading
    def eta(net: Lanes) -> Any:
        return net.draw("eta", "", 0, 4, -2)

    @reading
    def mu(net: Lanes) -> Any:
        return net.draw("mu", "", 0, 3)

    @reading
    def f(net: Lanes) -> Any:
        rows = outputs(net, net.W_1.unsqueeze(1), net.W_2.unsqueeze(1), net.W_3.unsqueeze(1), net.b.unsqueeze(1))
        return rows.squeeze(1).unsqueeze(3)

    # -- gradients, by differentiating the mean loss ---------------------------------------------------------------

    @reading
    def G_1(net: Lanes) -> Any:
        return gradient(net, "W_1")

    @reading
    def G_2(net: Lanes) -> Any:
        return gradient(net, "W_2")

    @reading
    def G_3(net: Lanes) -> Any:
        return gradient(net, "W_3")

    @reading
    def G_b(net: Lanes) -> Any:
        return gradient(net, "b")

    @reading
    def Gamma(net: Lanes) -> Any:
        made = net.f.squeeze(3).unsqueeze(1)
        rows = net.x.squeeze(3).unsqueeze(1)
        at = net.arithmetic.zeros(net.count, net.o, net.n)
        return net.arithmetic.gradient(lambda E: mean_loss(net, made + rows @ E.mT), at, 1).squeeze(1)

    @reading(relative_to=("W_1",))
    def V_1(net: Lanes) -> Any:
        return net.W_1 - net.eta.reshape(-1, 1, 1) * net.G_1

    @reading(relative_to=("W_2",))
    def V_2(net: Lanes) -> Any:
        return net.W_2 - net.eta.reshape(-1, 1, 1) * net.G_2

    @reading
    def twins(net: Lanes) -> Any:
        z = net.x.squeeze(3) @ net.W_1.mT + net.b.mT
        active = net.arithmetic.step(z, Fraction(0))
        apart = (active.unsqueeze(3) - active.unsqueeze(2)).square().sum(1)
        return net.arithmetic.where(apart == 0, apart * 0 + 1, apart * 0)

    # -- corners -------------------------------------------------------------------------------------------------

    def impose(self, corner: str, name: str, values: Any, net: Lanes) -> Any:
        """Bend integers into a corner; see ``corners``."""
        return values * 0 if (corner, name) == ("no step", "eta") else values

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by what the networks are."""
        sizes = dict(net.world.sizes)
        held = {"one output": sizes["o"] == 1, "one neuron": min(sizes["p"], sizes["q"]) == 1}
        found: dict[str, Any] = {name: True for name, there in held.items() if there}
        if {"W_1", "W_2"} <= set(net.draws):
            found["a layer is zero"] = (net.W_1 == 0).flatten(1).all(1) | (net.W_2 == 0).flatten(1).all(1)
        return found


@dataclass(frozen=True)
class CriticalLinearLayers(StackedLayers):
    """Three linear layers at which the gradient of mean loss and decay, ``G_k + mu W_k``, is 0 for every layer.

    In orthonormal frames, W_1 = sum a_k p_k e_k^T, W_2 = sum a_k q_k p_k^T, W_3 = sum a_k o_k q_k^T, one summand for
    each output; the inputs are kappa_k e_k + t e_3 and kappa_k e_k - t e_3, with errors along o_k that make a_k
    critical. The loss is that of squares.
    """

    inputs: Size = Size(BETWEEN, BETWEEN)
    first: Size = Size(BETWEEN, BETWEEN)
    second: Size = Size(BETWEEN, BETWEEN)
    outputs: Size = Size(1, 2)
    samples: Size = Size(2, 4)

    conventions: ClassVar[dict[str, tuple[Fraction, ...]]] = {"loss": (SQUARE,)}
    corners: ClassVar[tuple[str, ...]] = ()

    def fits(self, sizes: dict[str, int]) -> bool:
        """There are two samples for each output."""
        return super().fits(sizes) and sizes["N"] == 2 * sizes["o"]

    @reading
    def scales(net: Lanes) -> Any:
        """(K, o) the singular values a_k, with signs."""
        return net.draw("a", "o", -2, 2) + net.arithmetic.number(1, 2)

    @reading
    def W_1(net: Lanes) -> Any:
        return chained(net, sized_frame(net, "p", "p"), sized_frame(net, "e", "n"))

    @reading
    def W_2(net: Lanes) -> Any:
        return chained(net, sized_frame(net, "q", "q"), sized_frame(net, "p", "p"))

    @reading
    def W_3(net: Lanes) -> Any:
        return chained(net, sized_frame(net, "o", "o"), sized_frame(net, "q", "q"))

    @reading
    def b(net: Lanes) -> Any:
        return net.arithmetic.zeros(net.count, BETWEEN, 1)

    @reading
    def mu(net: Lanes) -> Any:
        return net.draw("mu", "", 0, 3) * net.arithmetic.number(1, 2)

    @reading
    def stretches(net: Lanes) -> Any:
        """(K, o) the lengths kappa_k of the inputs along their frame."""
        return net.arithmetic.scaled(net.integers("kappa", "o", 0, 2)) + 1

    @reading
    def x(net: Lanes) -> Any:
        along = sized_frame(net, "e", "n")
        across = along[:, :, BETWEEN - 1] * net.draw("t", "", 0, 2).unsqueeze(1)
        rows = []
        for k in range(net.o):
            reached = along[:, :, k] * net.stretches[:, k : k + 1]
            rows += [reached + across, reached - across]
        return net.arithmetic.stack(rows, 1).unsqueeze(3)

    @reading
    def y(net: Lanes) -> Any:
        ends, rows = sized_frame(net, "o", "o"), []
        for k in range(net.o):
            a, kappa = net.scales[:, k], net.stretches[:, k]
            # Half of the error's slope, which times a kappa is -mu times the number of outputs: see the class.
            error = net.mu * net.arithmetic.number(-net.o, 2) / (a * kappa)
            target = ends[:, :, k] * (a * a * a * kappa - error).unsqueeze(1)
            rows += [target, target]
        return net.arithmetic.stack(rows, 1)


def outputs(net: Lanes, first: Any, second: Any, third: Any, bias: Any) -> Any:
    """(K, C, N, o) outputs as rows, of weights with a copy axis, (K, C, ., .)."""
    hidden = net.x.squeeze(3).unsqueeze(1) @ first.mT + bias.mT
    if net.kind.rectified:
        hidden = net.arithmetic.relu(hidden, Fraction(0))
    return hidden @ second.mT @ third.mT


def mean_loss(net: Lanes, made: Any) -> Any:
    """(K, C) mean losses of outputs (K, C, N, o)."""
    powers = (made - net.y.unsqueeze(1)).square()
    return (powers.square() if net.convention("loss") == QUARTIC else powers).sum(-1).mean(-1)


def gradient(net: Lanes, name: str) -> Any:
    """The gradient of the mean loss in one of W_1, W_2, W_3, b."""
    at = {letter: getattr(net, letter).unsqueeze(1) for letter in ("W_1", "W_2", "W_3", "b")}

    def loss(moved: Any) -> Any:
        taken = at | {name: moved}
        return mean_loss(net, outputs(net, taken["W_1"], taken["W_2"], taken["W_3"], taken["b"]))

    return net.arithmetic.gradient(loss, getattr(net, name), 1).squeeze(1)


def chained(net: Lanes, left: Any, right: Any) -> Any:
    """The sum over outputs of a_k times column k of the left frame times that of the right one, transposed."""
    return (left[:, :, : net.o] * net.scales.unsqueeze(1)) @ right[:, :, : net.o].mT


__all__ = ["CriticalLinearLayers", "StackedLayers"]
