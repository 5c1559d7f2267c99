"""Networks that were trained: thousands of small ones at once, by mini-batch gradient descent with weight decay.

The draws of such a network are its weights and data themselves, stored as the floats that training ended with, and
exact arithmetic judges these floats as the rationals that they are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, ClassVar

from properties.worlds import datasets
from properties.worlds.networks import TwoLayerReLU
from verify.draws import Draw, below, counter_bits, key
from verify.worlds import KindError, Lanes, Size, World, reading

# Initial weights are integers up to 8 in eighths, strengths up to 8 sixteenths, step sizes up to 4 thirty-seconds.
INITIAL, INITIAL_SHIFT = 8, -3
STRENGTHS, STRENGTH_SHIFT = 8, -4
STEPS_SIZES, STEP_SHIFT = 4, -5
FAR = 2**10
"""A lane that would pass this magnitude stops at the step before: it diverges."""

CLOSE = 2**10
"""A label is interpolated when the residual is below this fraction of the largest label of the sample."""


@dataclass(frozen=True)
class TrainedTwoLayerReLU(TwoLayerReLU):
    """Two-layer networks trained on N samples and n inputs of a data set; the readings are those of ``TwoLayerReLU``.

    Each lane picks rows and columns of the data, initial weights, strengths g, a step size eta and its batches, and
    takes ``steps`` steps ``(V, u, b) - eta * gradient`` on the mean of ``s (phi - y)**2 + (c / 2) g |V|**2`` over B of
    its samples: only V decays. The conventions s, c and kink are those of the world. A lane whose weights would pass
    2**10 keeps those of the step before, and counts as "stopped before diverging".

    ``data`` is "diabetes", "digits", the path of an .npz file, or "given": what ``datasets.use_data`` was told, and
    unless it was told anything "diabetes" in half of the worlds and "digits" in the others (the convention "data").
    Columns of a file are scaled by one power of two, labels by another, so that they are of about unit size;
    scikit-learn's are standardised.

    Training multiplies and adds entry by entry, in an order that no other lane enters: a lane comes out the same in
    any chunk, and on a CPU as on a GPU.
    """

    width: Size = Size(1, 8)
    inputs: Size = Size(1, 8)
    samples: Size = Size(2, 8)
    batch: Size = Size(1, 8)
    data: str = datasets.GIVEN
    steps: int = 64

    conventions: ClassVar[dict[str, tuple[Fraction, ...]]] = {
        **TwoLayerReLU.conventions,
        "data": (Fraction(0), Fraction(1)),
    }
    scaled: ClassVar[tuple[str, ...]] = ()
    corners: ClassVar[tuple[str, ...]] = ()
    shrinks: ClassVar[bool] = False

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 <= self.steps <= 10**6:
            raise KindError(f"steps={self.steps}: give a number of steps from 0 to 1,000,000")

    def fits(self, sizes: dict[str, int]) -> bool:
        """There are enough samples and inputs in the data."""
        if not super().fits(sizes):
            return False
        shapes = [datasets.load(name).inputs.shape for name in self.sets()]
        return all(sizes["N"] <= rows and sizes["n"] <= columns for rows, columns in shapes)

    def sets(self) -> tuple[str, ...]:
        """The data sets that worlds of this kind train on."""
        return datasets.given() if self.data == datasets.GIVEN else (self.data,)

    def chosen(self, world: World) -> str:
        """The data set of one world."""
        sets = self.sets()
        return sets[int(Fraction(dict(world.conventions).get("data", "0"))) % len(sets)]

    # -- what training ended with --------------------------------------------------------------------------------

    @reading
    def V(net: Lanes) -> Any:
        return _ended(net, "V", "m n")

    @reading
    def u(net: Lanes) -> Any:
        return _ended(net, "u", "1 m")

    @reading
    def b(net: Lanes) -> Any:
        return _ended(net, "b", "m 1")

    @reading
    def x(net: Lanes) -> Any:
        return _ended(net, "x", "N n 1")

    @reading
    def y(net: Lanes) -> Any:
        return _ended(net, "y", "N")

    @reading
    def g(net: Lanes) -> Any:
        if net.kind.regulariser == "constant":
            return net.mu.unsqueeze(1).expand(net.count, net.N)
        return _ended(net, "g", "N")

    @reading
    def mu(net: Lanes) -> Any:
        return _ended(net, "mu", "")

    @reading
    def eta(net: Lanes) -> Any:
        return _ended(net, "eta", "")

    def visited(self, net: Lanes) -> dict[str, Any]:
        """The corners of a network, and how its training ended."""
        found = super().visited(net)
        found[f"data {Path(self.chosen(net.world)).name}"] = True
        if "stopped" in net.draws:
            found["trained"] = net.draws["stopped"].values == 0
            found["stopped before diverging"] = net.draws["stopped"].values != 0
        if {"V", "y"} <= set(net.draws):
            close = net.r.abs() * CLOSE < net.y.abs().amax(1, keepdim=True)
            found["interpolating"] = close.all(1)
            found["interpolates a sample"] = close.any(1)
            found["no decay"] = (net.g == 0).all(1)
        return found


def _ended(net: Lanes, name: str, axes: str) -> Any:
    """What training left under a name: run once for all names, on lanes that are generated; known anywhere else."""
    if name not in net.draws and hasattr(net.source, "seed"):
        # A generator would answer with integers; these numbers are for training to make.
        net.draws |= {made: Draw(tuple(its.split()), 0, 0, values) for made, (its, values) in train(net).items()}
    return net.stored(name, axes, train)


def train(net: Lanes) -> dict[str, tuple[str, Any]]:
    """Train the generated lanes of a world: name -> axes and values (K, *axes) in the arena's dtype."""
    choice = _Choices(net)
    sizes, arena = dict(net.world.sizes), net.arithmetic.arena
    m, n, N, B = sizes["m"], sizes["n"], sizes["N"], sizes["B"]
    x, y = _data(net, choice)
    V = choice.numbers("V", (m, n), -INITIAL, INITIAL, INITIAL_SHIFT)
    u = choice.numbers("u", (m,), -INITIAL, INITIAL, INITIAL_SHIFT)
    b = choice.numbers("b", (m,), -INITIAL, INITIAL, INITIAL_SHIFT)
    eta = choice.numbers("eta", (), 1, STEPS_SIZES, STEP_SHIFT)
    constant = net.kind.regulariser == "constant"
    drawn = choice.numbers("mu" if constant else "g", () if constant else (N,), 0, STRENGTHS, STRENGTH_SHIFT)
    g = drawn.unsqueeze(1).expand(net.count, N) if constant else drawn
    s, c, kink = (float(net.convention(letter)) for letter in ("s", "c", "kink"))
    # A step of the mean loss over B samples: eta / B is formed once, so that every product below is one rounding.
    # (Divided by an array: some devices divide by a number as they multiply by its rounded inverse.)
    rate = eta.reshape(-1, 1) / (eta.reshape(-1, 1) * 0 + B)
    stopped = eta < 0
    for step in range(net.kind.steps):
        members = choice.batch(step, N, B)
        dV, du, db = _gradients(x, y, V, u, b, members * (2 * s), members * g * c, kink)
        moved = V - rate.unsqueeze(-1) * dV, u - rate * du, b - rate * db
        far = [(part.abs() <= FAR).flatten(1).all(1).logical_not() for part in moved]
        stopped = stopped | far[0] | far[1] | far[2]
        keep = stopped.reshape(-1, 1)
        V = net.arithmetic.where(keep.unsqueeze(-1), V, moved[0])
        u, b = net.arithmetic.where(keep, u, moved[1]), net.arithmetic.where(keep, b, moved[2])
    return {
        "V": ("m n", V),
        "u": ("1 m", u.unsqueeze(1)),
        "b": ("m 1", b.unsqueeze(2)),
        "x": ("N n 1", x.unsqueeze(3)),
        "y": ("N", y),
        "mu" if constant else "g": ("" if constant else "N", drawn),
        "eta": ("", eta),
        "stopped": ("", stopped.to(arena.float)),
    }


def _gradients(x: Any, y: Any, V: Any, u: Any, b: Any, weights: Any, decays: Any, kink: float) -> tuple[Any, Any, Any]:
    """The gradients in V (K, m, n), u (K, m), b (K, m) of a weighted sum of losses.

    x (K, N, n), y, weights and decays (K, N): sample j counts ``weights_j (phi_j - y_j)**2 / 2 + decays_j |V|**2 / 2``.
    Sums run in a fixed order, one term after the other: a matrix product may choose its order by the number of lanes.
    """
    z = _summed(x[:, :, None, k] * V[:, None, :, k] for k in range(x.shape[2])) + b[:, None]
    active = (z > 0).to(z.dtype) + kink * (z == 0).to(z.dtype)
    hidden = z.clamp(min=0)
    phi = _summed(hidden[:, :, s] * u[:, None, s] for s in range(u.shape[1]))
    slope = (phi - y) * weights
    back = slope[:, :, None] * active * u[:, None]
    samples = range(x.shape[1])
    decay = _summed(decays[:, j] for j in samples)
    dV = _summed(back[:, j, :, None] * x[:, j, None, :] for j in samples) + decay[:, None, None] * V
    du = _summed(slope[:, j, None] * hidden[:, j] for j in samples)
    return dV, du, _summed(back[:, j] for j in samples)


def _summed(terms: Any) -> Any:
    total = None
    for term in terms:
        total = term if total is None else total + term
    return total


def _data(net: Lanes, choice: _Choices) -> tuple[Any, Any]:
    """Inputs (K, N, n) and labels (K, N): distinct rows and columns of the data, scaled by powers of two."""
    sizes, data = dict(net.world.sizes), datasets.load(net.kind.chosen(net.world))
    rows, columns = (choice.distinct(name, sizes[letter], count) for name, letter, count in (
        ("rows", "N", data.inputs.shape[0]), ("columns", "n", data.inputs.shape[1]),
    ))  # fmt: skip
    inputs, labels = (choice.floats(_unit(array)) for array in (data.inputs, data.labels))
    return inputs[rows[:, :, None], columns[:, None, :]], labels[rows]


def _unit(array: Any) -> Any:
    """The array times the power of two that brings its root mean square below 1 and to at least 1/2; data from
    scikit-learn, whose root mean square is 1 but for rounding, as they are."""
    size = math.sqrt(float((array * array).mean()))
    if 0.5 < size < 2 or size == 0:
        return array
    return array * 2.0 ** -math.ceil(math.log2(size))


class _Choices:
    """Numbers drawn for a world's generated lanes, each a function of (seed, lane, name, index) alone."""

    def __init__(self, net: Lanes) -> None:
        self.arena, self.seed, self.lanes = net.arithmetic.arena, net.source.seed, net.source.lanes
        self.arithmetic = net.arithmetic

    def _bits(self, name: str, count: int) -> Any:
        return counter_bits(self.arena, key(self.seed, "training", name), self.lanes, count)

    def numbers(self, name: str, shape: tuple[int, ...], low: int, high: int, shift: int) -> Any:
        """(K, *shape) integers from low to high, times 2**shift."""
        integers = below(self._bits(name, math.prod(shape)), high - low + 1) + low
        return self.arithmetic.scaled(integers.reshape(-1, *shape), shift)

    def floats(self, array: Any) -> Any:
        """An array of the data on the device, in the arena's dtype."""
        return self.arithmetic.torch.as_tensor(array, dtype=self.arena.float, device=self.arena.device)

    def distinct(self, name: str, wanted: int, count: int) -> Any:
        """(K, wanted) different numbers below count, evenly spaced (in a circle) from a drawn first one."""
        bits = self._bits(name, 2)
        first, stride = below(bits[:, :1], count), below(bits[:, 1:], max(1, (count - 1) // wanted)) + 1
        places = self.arithmetic.torch.arange(wanted, device=self.arena.device)
        return (first + stride * places) % count

    def batch(self, step: int, N: int, B: int) -> Any:
        """(K, N): 1 for the B samples of a step's batch, 0 for the others; every B-subset is as likely."""
        drawn = self._bits(f"batch {step}", N)
        smaller = (drawn[:, None, :] < drawn[:, :, None]).sum(2)
        return (smaller < B).to(self.arena.float)
