"""One dense layer of a deep ReLU network: layers before it and after it, several outputs, several losses.

The words are those of the two-layer network, with V the weights of the chosen layer, ``a`` what it receives and
``delta`` the gradient that comes back to it. Gradients are taken by differentiating losses; no outer product is formed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from properties.worlds import corners
from properties.worlds.networks import TwoLayerReLU, decay, mean_over
from symbolic.papers import weight_decay as paper
from symbolic.papers.weight_decay import G, H, S, a, delta, h, i, q
from verify.draws import MissingDraw
from verify.worlds import Kind, KindError, Lanes, Size, reading

SQUARE, QUARTIC, SQUARED_HINGE = Fraction(2), Fraction(4), Fraction(0)


@dataclass(frozen=True)
class DenseLayer(Kind):
    """Lanes of networks ``x -> a -> z = V a + b -> ... -> outputs``: V (K, m, n), a (K, N, n, 1), delta (K, N, m, 1).

    The layer is number ``place`` (letter l) from the input and the first of ``rest`` (letter d) up to the output:
    before it are ``l - 1`` ReLU layers n x n, after it, if d > 1, ``d - 2`` ReLU layers m x m and a linear one, o x m.
    It is a ReLU layer itself unless it is the last one; then the outputs are its m numbers, and the o targets of a
    sample are repeated in turn. ``regulariser`` is as in ``TwoLayerReLU``.

    Conventions: ``loss`` is 2 or 4 for the sum over the outputs of that power of the error, 0 for the squared hinge
    ``max(0, 1 - target * output)**2``; ``bias`` is 1 where the output layer has one; ``c`` and ``kink`` are as ever.
    """

    width: Size = Size(1, 4)
    inputs: Size = Size(1, 4)
    outputs: Size = Size(1, 3)
    place: Size = Size(1, 3)
    rest: Size = Size(1, 3)
    samples: Size = Size(1, 6)
    batch: Size = Size(1, 6)
    regulariser: str = "per-sample"

    speaks: ClassVar[str] = paper.SOURCE
    letters: ClassVar[dict[str, str]] = {
        "m": "width", "n": "inputs", "o": "outputs", "l": "place", "d": "rest", "N": "samples", "B": "batch",
    }  # fmt: skip
    conventions: ClassVar[dict[str, tuple[Fraction, ...]]] = {
        # What forgets c shows at 2 alone; the usual values are those that most worlds have.
        "c": (Fraction(2), Fraction(1)),
        "loss": (SQUARE, QUARTIC, SQUARED_HINGE),
        "bias": (Fraction(0), Fraction(1)),
        "kink": (Fraction(0), Fraction(1, 2), Fraction(1)),
    }
    scaled: ClassVar[tuple[str, ...]] = ("g",)
    corners: ClassVar[tuple[str, ...]] = (
        "dead units",
        "zero input",
        "exact kink",
        "duplicate inputs",
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

    # -- the network ---------------------------------------------------------------------------------------------

    @reading
    def V(net: Any) -> Any:
        return net.draw("V", "m n", -3, 3)

    @reading
    def b(net: Any) -> Any:
        if net.d == 1 and not net.convention("bias"):
            return net.arithmetic.zeros(net.count, net.m, 1)
        return net.draw("b", "m 1", -6, 6, -1)

    @reading
    def x(net: Any) -> Any:
        return net.draw("x", "N n 1", -3, 3)

    @reading
    def g(net: Any) -> Any:
        if net.kind.regulariser == "constant":
            return net.mu.unsqueeze(1).expand(net.count, net.N)
        return net.draw("g", "N", -3, 3, net.shift("g"))

    @reading
    def mu(net: Any) -> Any:
        return net.draw("mu", "", -1, 3, net.shift("g"))

    @reading
    def a(net: Any) -> Any:
        received = net.x
        for number in range(1, net.l):
            weights, bias = net.draw(f"W{number}", "n n", -2, 2), net.draw(f"w{number}", "n 1", -3, 3)
            received = net.arithmetic.relu(weights.unsqueeze(1) @ received + bias.unsqueeze(1), net.convention("kink"))
        return received

    @reading
    def preactivation(net: Any) -> Any:
        """(K, N, 1, m): what the layer computes, as rows, before its own activation."""
        return computed(net, net.a.mT, net.V.unsqueeze(1))

    # -- gradients, by differentiating losses ----------------------------------------------------------------------

    @reading
    def delta(net: Any) -> Any:
        """The layer's pre-activations at sample i are moved by a shift, and its loss is differentiated in that."""
        at, y = net.arithmetic.zeros(net.count, 1, net.m), targets(net).unsqueeze(2)
        slope = net.arithmetic.gradient(lambda shift: losses(net, net.preactivation + shift, y).squeeze(2), at, net.N)
        return slope.mT

    @reading
    def h(net: Any) -> Any:
        return sample_gradient(net)

    @reading(relative_to=("h", "V"))
    def q(net: Any) -> Any:
        return sample_gradient(net, net.g)

    @reading(relative_to=("h",))
    def H(net: Any) -> Any:
        return batch_gradient(net, net.kind.batches(net.world))

    @reading(relative_to=("h", "V"))
    def G(net: Any) -> Any:
        batches = net.kind.batches(net.world)
        return batch_gradient(net, batches, mean_over(net, net.g, batches))

    mu_S = TwoLayerReLU.mu_S  # noqa: N815  (a letter)
    eps = TwoLayerReLU.eps

    def formulas(self) -> dict[Any, Any]:
        """What the readings above are in closed form."""
        return {
            h[i]: delta[i] * a[i].T,
            q[i]: paper.q_formula,
            paper.mu_batch[S]: paper.mu_batch_formula,
            H[S]: paper.H_formula,
            G[S]: paper.G_formula,
            paper.eps: paper.eps_formula,
        }

    # -- corners -------------------------------------------------------------------------------------------------

    def impose(self, corner: str, name: str, values: Any, net: Lanes) -> Any:
        """Bend integers into a corner: those of the layers by what the layer receives, the others as ever."""
        bend = _BENT.get((corner, name.rstrip("0123456789")))
        return corners.impose(corner, name, values, net) if bend is None else bend(values.clone(), net)

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by what the lanes are, not by what the world was asked to be."""
        sizes = dict(net.world.sizes)
        everywhere = {
            "width one": sizes["m"] == 1,
            "one output": (sizes["o"] if sizes["d"] > 1 else sizes["m"]) == 1,
            "batch one": sizes["B"] == 1,
            "batch is the sample": sizes["B"] == sizes["N"],
            "one sample more than the batch": sizes["N"] == sizes["B"] + 1,
            "first layer": sizes["l"] == 1,
            "last layer": sizes["d"] == 1,
            "hidden layer": sizes["l"] > 1 and sizes["d"] > 1,
            "output bias": bool(net.convention("bias")),
            f"loss {_NAMES[net.convention('loss')]}": True,
        }
        found: dict[str, Any] = {name: held for name, held in everywhere.items() if held}
        if {"g", "mu"} & set(net.draws):
            found["no decay"] = (net.g == 0).all(1)
        if "y" not in net.draws:  # drawn for losses alone, and these draw all the rest
            return found
        received = net.a.squeeze(-1)
        found["zero input"] = (received == 0).all(2).any(1)
        if net.N > 1:
            equal = (received[:, :, None] == received[:, None]).all(3)
            found["duplicate inputs"] = equal.sum((1, 2)) > net.N
        found["zero bias"] = (net.b == 0).flatten(1).all(1)
        *met, _ = pre_activations(net, net.preactivation)
        if met:
            found["dead unit"] = (met[0] <= 0).flatten(1, 2).all(1).any(1)
            found["kink"] = net.arithmetic.stack([(z == 0).flatten(1).any(1) for z in met], 1).any(1)
        return found

    def visited_exactly(self, net: Lanes) -> dict[str, bool]:
        """Corners of one network in exact arithmetic: whether a pre-activation that a gradient meets is zero."""
        try:
            *met, _ = pre_activations(net, net.preactivation)
            return {"kink": any(bool((net.arithmetic.compare(z, 0) == 0).any()) for z in met)}
        except MissingDraw:
            return {}


def targets(net: Lanes) -> Any:
    """(K, N, outputs): the targets of each sample, one for each output."""
    drawn = net.draw("y", "N o", -8, 8)
    if net.d > 1:
        return drawn
    return drawn[:, :, [k % net.o for k in range(net.m)]]


def computed(net: Lanes, received: Any, V: Any) -> Any:
    """``V a + b`` as rows (K, C, B, m), from what the layer receives, rows (K, C, B, n), and copies V (K, C, m, n)."""
    return received @ V.mT + net.b.mT.unsqueeze(1)


def pre_activations(net: Lanes, z: Any) -> Iterator[Any]:
    """What the layers from the chosen one on compute, in turn, from its own (K, C, B, m); the outputs come last."""
    yield z
    for number in range(1, net.d):
        hidden = net.arithmetic.relu(z, net.convention("kink"))
        if number < net.d - 1:
            weights, bias = net.draw(f"U{number}", "m m", -2, 2), net.draw(f"u{number}", "1 m", -3, 3)
        else:
            weights = net.draw("U", "o m", -2, 2)
            bias = net.draw("beta", "1 o", -3, 3) if net.convention("bias") else None
        z = hidden @ weights.mT.unsqueeze(1)
        if bias is not None:
            z = z + bias.unsqueeze(1)
        yield z


def losses(net: Lanes, z: Any, y: Any) -> Any:
    """(K, C, B) losses, from pre-activations of the layer (K, C, B, m) and targets (K, C, B, outputs)."""
    *_, output = pre_activations(net, z)
    if net.convention("loss") == SQUARED_HINGE:
        # Its derivative is continuous: what that of ReLU is at 0 does not matter.
        return net.arithmetic.relu(1 - output * y, Fraction(0)).square().sum(-1)
    powers = (output - y).square()
    return (powers.square() if net.convention("loss") == QUARTIC else powers).sum(-1)


def sample_gradient(net: Lanes, strength: Any = None) -> Any:
    """(K, N, m, n): the gradient in V of each sample's loss, with a regulariser of that strength (K, N) if any."""
    y = targets(net).unsqueeze(2)

    def loss(V: Any) -> Any:
        each = losses(net, computed(net, net.a.mT, V), y).squeeze(2)
        return each if strength is None else each + decay(net, strength, V)

    return net.arithmetic.gradient(loss, net.V, net.N)


def batch_gradient(net: Lanes, batches: tuple[tuple[int, ...], ...], strength: Any = None) -> Any:
    """(K, batches, m, n): the gradient in V of each batch's mean loss, with a regulariser of that strength if any."""
    take = net.arithmetic.take

    def loss(V: Any) -> Any:
        # On lanes every batch has a copy of V and its own members; in exact arithmetic one copy serves all of them, and
        # the losses of the N samples are gathered.
        apart = V.shape[1] > 1
        received, y = net.a.squeeze(-1), targets(net)
        if apart:
            received, y = take(received, batches, 1), take(y, batches, 1)
        else:
            received, y = received.unsqueeze(1), y.unsqueeze(1)
        each = losses(net, computed(net, received, V), y)
        mean = each.mean(2) if apart else take(each.squeeze(1), batches, 1).mean(2)
        return mean if strength is None else mean + decay(net, strength, V)

    return net.arithmetic.gradient(loss, net.V, len(batches))


_NAMES = {SQUARE: "square", QUARTIC: "quartic", SQUARED_HINGE: "squared hinge"}


def _unbiased(net: Lanes) -> Any:
    """(K, N, m) integers ``2 V a``, in units of the draws of b (which count halves)."""
    return (2 * (net.a.squeeze(-1) @ net.V.mT)).round().to(net.draws["V"].values.dtype)


def _dead(b: Any, net: Lanes) -> Any:
    b[:, 0, 0] = -_unbiased(net)[:, :, 0].abs().amax(1) - 1
    return b


def _kink(b: Any, net: Lanes) -> Any:
    b[:, 0, 0] = -_unbiased(net)[:, 0, 0]
    return b


def _not_positive(bias: Any, net: Lanes) -> Any:
    # With an input of zero, every layer before the chosen one then gives zero.
    return -bias.abs()


_BENT: dict[tuple[str, str], Callable[[Any, Lanes], Any]] = {
    ("dead units", "b"): _dead,
    ("exact kink", "b"): _kink,
    ("zero input", "w"): _not_positive,
}
