"""Training: mini-batch gradient descent with weight decay, of many small two-layer ReLU networks at once.

Training multiplies and adds entry by entry, in an order that no other lane enters: a lane comes out the same in any
chunk, and on a CPU as on a GPU.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from properties.worlds import datasets
from verify.arena import ENTRIES_AT_ONCE, torch
from verify.draws import below, counter_bits, key
from verify.worlds import KindError, Lanes

# Initial weights are integers up to 8 in eighths, strengths up to 8 sixteenths, step sizes up to 4 thirty-seconds,
# unless a kind names other units or strengths.
INITIAL, INITIAL_SHIFT = 8, -3
STRENGTHS, STRENGTH_SHIFT = 8, -4
STEP_SIZES, STEP_SHIFT = 4, -5
FAR = 2**10
"""A lane that would pass this magnitude stops at the step before: it diverges."""

FEW = 8
"""Terms up to which a sum takes one after the other; of more, it adds the two halves of the list, again and again."""


def train(net: Lanes) -> dict[str, tuple[str, Any]]:
    """Train the generated lanes of a world: name -> axes and values (K, *axes) in the arena's dtype."""
    choice, kind, module = Choices(net), net.kind, net.arithmetic.torch
    sizes = dict(net.world.sizes)
    m, n, N, B = sizes["m"], sizes["n"], sizes["N"], sizes["B"]
    x, y = _data(net, choice)
    V = choice.numbers("V", (m, n), -INITIAL, INITIAL, INITIAL_SHIFT)
    u = choice.numbers("u", (m,), -INITIAL, INITIAL, kind.outer_shift)
    b = choice.numbers("b", (m,), -INITIAL, INITIAL, INITIAL_SHIFT)
    eta = choice.numbers("eta", (), 1, STEP_SIZES, kind.step_shift)
    constant = kind.regulariser == "constant"
    drawn = _strengths(choice, kind.strengths, "mu" if constant else "g", () if constant else (N,))
    g = drawn.unsqueeze(1).expand(net.count, N) if constant else drawn
    s, c, kink = (float(net.convention(letter)) for letter in ("s", "c", "kink"))
    # A step of the mean loss over B samples: eta / B is formed once, so that every product below is one rounding.
    # (Divided by an array: some devices divide by a number as they multiply by its rounded inverse.)
    rate = (eta.reshape(-1, 1) / (eta.reshape(-1, 1) * 0 + B)).unsqueeze(-1)
    stopped = eta < 0
    # All weights in one array (K, n + 2, m): the columns of V, then b, then u; an input of 1 goes with b.
    weights = module.cat([V.mT, b.unsqueeze(1), u.unsqueeze(1)], 1)
    inputs = module.cat([x, module.ones_like(x[:, :, :1])], 2)
    for step, (chosen_x, chosen_y, chosen_g) in enumerate(_batches(choice, kind.steps, B, inputs, y, g)):
        halved = rate * 2.0 ** -(kind.halvings * step // kind.steps)
        moved = weights - halved * _gradient(weights, chosen_x, chosen_y, chosen_g * c, 2 * s, kink)
        low, high = moved.flatten(1).aminmax(dim=1)
        stopped = stopped | ((low >= -FAR) & (high <= FAR)).logical_not()
        weights = module.where(stopped.reshape(-1, 1, 1), weights, moved)
    return {
        "V": ("m n", weights[:, :n].mT.contiguous()),
        "u": ("1 m", weights[:, n + 1 :].contiguous()),
        "b": ("m 1", weights[:, n : n + 1].mT.contiguous()),
        "x": ("N n 1", x.unsqueeze(3)),
        "y": ("N", y),
        "mu" if constant else "g": ("" if constant else "N", drawn),
        "eta": ("", eta),
        "stopped": ("", stopped.to(net.arithmetic.arena.float)),
    }


def _batches(choice: Choices, steps: int, B: int, *arrays: Any) -> Iterator[tuple[Any, ...]]:
    """The batch of each step: its members' entries (K, B, ...) of arrays (K, N, ...)."""
    lanes = choice.arithmetic.torch.arange(choice.lanes.numel(), device=choice.lanes.device).reshape(-1, 1)
    for members in choice.batches(steps, arrays[0].shape[1], B):
        yield from zip(*(array[lanes, members] for array in arrays), strict=True)


def _gradient(weights: Any, x: Any, y: Any, decays: Any, factor: float, kink: float) -> Any:
    """(K, n + 2, m): the gradient in all weights of the sum of the losses of B samples.

    x (K, B, n + 1), y and decays (K, B): sample j counts ``factor (phi_j - y_j)**2 / 2 + decays_j |V|**2 / 2``.
    Sums run in a fixed order: a matrix product may choose its order by the number of lanes.
    """
    V, b, u = weights[:, None, :-2], weights[:, None, -2], weights[:, None, -1]
    z = summed(x[:, :, :-1].unsqueeze(3) * V, 2) + b
    active = (z > 0).to(z.dtype)
    if kink:
        active = active + kink * (z == 0).to(z.dtype)
    hidden = z.clamp(min=0)
    slope = (summed(hidden * u, 2) - y) * factor
    back = slope.unsqueeze(2) * active * u
    first = summed(back.unsqueeze(2) * x.unsqueeze(3), 1)
    first[:, :-1] += summed(decays, 1)[:, None, None] * weights[:, :-2]
    return torch().cat([first, summed(slope.unsqueeze(2) * hidden, 1).unsqueeze(1)], 1)


def summed(terms: Any, dim: int) -> Any:
    """The sum along an axis, in an order that depends on its length alone."""
    while terms.shape[dim] > FEW:
        half, odd = divmod(terms.shape[dim], 2)
        left, right = terms.narrow(dim, 0, half), terms.narrow(dim, half, half)
        last = [terms.narrow(dim, 2 * half, 1)] if odd else []
        terms = left + right
        if last:
            terms.narrow(dim, 0, 1).add_(last[0])
    total, *others = terms.unbind(dim)
    for term in others:
        total = total + term
    return total


def _strengths(choice: Choices, values: tuple[str, ...], name: str, shape: tuple[int, ...]) -> Any:
    """(K, *shape) strengths: some of the values, or integers in sixteenths where none are named."""
    if not values:
        return choice.numbers(name, shape, 0, STRENGTHS, STRENGTH_SHIFT)
    place = choice.numbers(name, shape, 0, len(values) - 1, 0).long()
    return choice.floats([float(Fraction(value)) for value in values])[place]


def _data(net: Lanes, choice: Choices) -> tuple[Any, Any]:
    """Inputs (K, N, n) and labels (K, N): distinct rows and columns of the data, scaled by powers of two."""
    sizes, data = dict(net.world.sizes), datasets.load(net.kind.chosen(net.world))
    wanted = (("rows", "N", data.inputs.shape[0]), ("columns", "n", data.inputs.shape[1]))
    for name, letter, count in wanted:
        if sizes[letter] > count:
            raise KindError(f"{data.name} has {count} {name}, and {letter} is {sizes[letter]}; give more data")
    rows, columns = (choice.distinct(name, sizes[letter], count) for name, letter, count in wanted)
    inputs, labels = (choice.floats(_unit(array)) for array in (data.inputs, data.labels))
    return inputs[rows[:, :, None], columns[:, None, :]], labels[rows]


def _unit(array: Any) -> Any:
    """The array times the power of two that brings its root mean square below 1 and to at least 1/2; data from
    scikit-learn, whose root mean square is 1 but for rounding, as they are."""
    size = math.sqrt(float((array * array).mean()))
    if 0.5 < size < 2 or size == 0:
        return array
    return array * 2.0 ** -math.ceil(math.log2(size))


class Choices:
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

    def batches(self, steps: int, N: int, B: int) -> Iterator[Any]:
        """The batches of all steps, some steps at a time: (steps, K, B) samples in increasing order.

        Every B-subset is as likely: it has the samples with the B least of N drawn numbers.
        """
        module, lanes = self.arithmetic.torch, self.lanes
        at_once = max(1, ENTRIES_AT_ONCE // max(1, lanes.numel() * N))
        for start in range(0, steps, at_once):
            names = [key(self.seed, "training", f"batch {k}") for k in range(start, min(steps, start + at_once))]
            streams = module.tensor(names, dtype=module.int64, device=lanes.device).repeat_interleave(lanes.numel())
            drawn = counter_bits(self.arena, streams, lanes.repeat(len(names)), N)
            members = drawn.argsort(dim=1, stable=True)[:, :B].sort(1).values
            yield members.reshape(len(names), -1, B)
