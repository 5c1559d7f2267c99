"""Networks that were trained: thousands of small ones at once, by mini-batch gradient descent with weight decay.

The draws of such a network are its weights and data themselves, stored as the floats that training ended with, and
exact arithmetic judges these floats as the rationals that they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, ClassVar

from properties.worlds import datasets
from properties.worlds.descent import INITIAL_SHIFT, STEP_SHIFT, train
from properties.worlds.networks import TwoLayerReLU
from verify.draws import Draw
from verify.worlds import KindError, Lanes, Size, World, reading

_STRENGTH = re.compile(r"\d{1,9}(/[1-9]\d{0,9})?")

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
    scikit-learn's are standardised. Where a file has fewer samples or inputs than a size asks for, it takes all.

    Initial weights are integers up to 8 in eighths (those of u in units of ``2**outer_shift``), step sizes 1 to 4 in
    units of ``2**step_shift``; the step size halves ``halvings`` times, at even distances. Each strength is one of
    ``strengths`` (rationals as text), or of 0 to 8 sixteenths where none are named.
    """

    width: Size = Size(1, 8)
    inputs: Size = Size(1, 8)
    samples: Size = Size(2, 8)
    batch: Size = Size(1, 8)
    data: str = datasets.GIVEN
    steps: int = 64
    halvings: int = 0
    strengths: tuple[str, ...] = ()
    outer_shift: int = INITIAL_SHIFT
    step_shift: int = STEP_SHIFT

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
        if not 0 <= self.halvings <= 1000:
            raise KindError(f"halvings={self.halvings}: give a number of halvings from 0 to 1,000")
        for text in self.strengths:
            if not isinstance(text, str) or not _STRENGTH.fullmatch(text):
                raise KindError(
                    f"strengths={self.strengths}: give each as text, a rational number from 0 on, as '1/10'"
                )

    @property
    def price(self) -> int:
        """A network costs its training."""
        return max(1, self.steps // 64)

    def sizes(self) -> dict[str, Size]:
        """The open sizes, none larger than the data."""
        shapes = [datasets.load(name).inputs.shape for name in self.sets()]
        most = {"N": min(rows for rows, _ in shapes), "n": min(columns for _, columns in shapes)}
        found = super().sizes()
        for letter, bound in found.items():
            top = most["N"] if letter == "B" else most.get(letter, bound.high)
            found[letter] = Size(min(bound.low, top), min(bound.high, top))
        return found

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
