"""Which integers a network may be made of: the ranges that its kind asks for, and where its corners take them.

A witness may come from anywhere, and what a file says of ranges is not believed: the ranges are those that the kind
asks for while the network is rebuilt. A corner may bend an integer out of its range (a bias that puts a neuron exactly
on its kink); such a network belongs to the kind, and so does one that shrinking brought part of the way back. Hence an
entry may lie anywhere between the ends of its range and the farthest that a corner takes it at the network's sizes.
"""

from __future__ import annotations

from typing import Any

from verify.arena import arenas, torch
from verify.draws import Draw, counter_bits, key
from verify.lanes import LaneArithmetic
from verify.worlds import Kind, Lanes, World

LANES = 1024
"""Networks of extreme integers that are bent into each corner, to see how far it goes."""


def stray(net: Lanes) -> str:
    """Why the one network of these lanes is not of its kind, judged by the draws that were asked for, or nothing.

    Floats are left alone: ``Lanes.stored`` alone takes them, for numbers that training made, and no range is asked
    for there.
    """
    for name, draw in net.draws.items():
        if draw.values.dtype.is_floating_point:
            continue
        if bool(_outside(draw.values, draw.low, draw.high).any()):
            least, greatest = _farthest(net.kind, net.world, name, draw)
            beyond = draw.values[_outside(draw.values, least, greatest)]
            if beyond.numel():
                return f"the draw {name} holds {int(beyond[0])}, which no network of {net.kind} has there"
    return ""


def _outside(values: Any, low: Any, high: Any) -> Any:
    """Mask of the integers that are below ``low`` or above ``high``, which may be beyond 64 bits."""
    if isinstance(low, int):
        low, high = max(low, -(2**63)), min(high, 2**63 - 1)
    return (values < low) | (values > high)


def _farthest(kind: Kind, world: World, name: str, draw: Draw) -> tuple[Any, Any]:
    """(1, *axes) the least and the greatest integers of a draw, in its range or bent into one of the kind's corners."""
    module, fine = torch(), world.fineness
    low, high = draw.low >> fine, draw.high >> fine
    least, greatest = module.full_like(draw.values, low), module.full_like(draw.values, high)
    for corner in kind.corners:
        there = World(world.sizes, world.conventions, corner=corner)
        ends = Ends()
        bent = Lanes(kind, there, LaneArithmetic(ends.arena), ends).integers(name, " ".join(draw.axes), low, high)
        least = module.minimum(least, bent.amin(0, keepdim=True))
        greatest = module.maximum(greatest, bent.amax(0, keepdim=True))
    return least << fine, greatest << fine


class Ends:
    """A source of draws at the ends of their ranges, as ``verify.draws.Generated`` is one of draws inside them.

    In one half of the lanes all integers of a name are at one end, as sums of products need that are to be large; in
    the other each is at an end of its own, as products of two integers of one name need that are to be negative.
    """

    def __init__(self) -> None:
        self.arena = arenas("cpu", "float64")[0]
        self.count = LANES
        self.lanes = torch().arange(LANES, dtype=torch().int64)

    def __call__(self, name: str, axes: tuple[str, ...], shape: tuple[int, ...], low: int, high: int) -> Draw:
        """The integers of that name; they are at the upper end in the first lane, and at the lower in the second."""
        entries = 1
        for extent in shape:
            entries *= extent
        upper = counter_bits(self.arena, key("ends", name), self.lanes, entries) & 1
        upper[: LANES // 2] = upper[: LANES // 2, :1].clone() if entries else 0
        upper[0], upper[1] = 1, 0
        return Draw(axes, low, high, (low + upper * (high - low)).reshape(LANES, *shape))
