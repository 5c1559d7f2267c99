"""Draws: the integers that a network is made of, from a counter-based generator.

Every integer is a function of (seed, name, lane, index) alone, so that any lane can be rebuilt by itself, on any
device, at any chunk size. The mixing function is the finaliser of SplitMix64 (Steele, Lea, Flood 2014), in wrapping
64-bit integers.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from verify.arena import Arena, torch

if TYPE_CHECKING:
    import numpy as np

_GOLDEN = -7046029254386353131  # 2**64 / golden ratio, as a signed 64-bit integer
_FIRST = -4658895280553007687
_SECOND = -7723592293110705685
_ROUNDS = ((30, 0x3FFFFFFFF, _FIRST), (27, 0x1FFFFFFFFF, _SECOND), (31, 0x1FFFFFFFF, None))
_BITS = 31
"""Random bits of one draw."""

_BLOCK = 2**16
"""Integers drawn at once on a CPU, so that they stay in its cache; the numbers do not depend on it."""


def _mixed(x: Any) -> Any:
    """Mix 64-bit integers, in place; they are returned as well."""
    for shift, mask, factor in _ROUNDS:
        high = x >> shift
        high &= mask  # torch shifts arithmetically: keep the bits that a logical shift would
        x ^= high
        if factor is not None:
            x *= factor
    return x


def key(*parts: Any) -> int:
    """A signed 64-bit key of anything that prints the same each time."""
    digest = hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:8], "little", signed=True)


def counter_bits(arena: Arena, stream: int, lanes: Any, count: int) -> Any:
    """(K, count) pseudo-random 64-bit integers of the given stream for the given lane numbers (K,)."""
    module = torch()
    index = module.arange(1, count + 1, dtype=module.int64, device=arena.device)
    base = _mixed(lanes * _GOLDEN + stream)
    index *= _GOLDEN
    return _mixed(base[:, None] + index)


def below(bits: Any, span: int) -> Any:
    """Map 64-bit integers to 0..span-1 by their upper 31 bits; span at most 2**31."""
    return (((bits >> 33) & 0x7FFFFFFF) * span) >> 31


@dataclass(frozen=True)
class Draw:
    """Integers (or, of a trained network, floats) drawn under one name: values (K, *sizes of the axes)."""

    axes: tuple[str, ...]
    low: int
    high: int
    values: Any


def refined(draws: dict[str, Draw], steps: int) -> dict[str, Draw]:
    """The same networks on a grid 2**steps times finer; see ``World.refined``."""
    return {k: Draw(d.axes, d.low << steps, d.high << steps, d.values << steps) for k, d in draws.items()}


class Generated:
    """Draws of lanes ``first`` to ``first + count - 1`` of a world, made on demand."""

    def __init__(self, arena: Arena, seed: int, first: int, count: int, reach: int | None, sparse: bool) -> None:
        self.arena, self.seed, self.reach, self.sparse = arena, seed, reach, sparse
        module = torch()
        self.lanes = module.arange(first, first + count, dtype=module.int64, device=arena.device)
        self.count = count

    def __call__(self, name: str, axes: tuple[str, ...], shape: tuple[int, ...], low: int, high: int) -> Draw:
        """The integers of that name, uniform between low and high (or within the world's reach of 0)."""
        entries = 1
        for extent in shape:
            entries *= extent
        bottom, top = (low, high) if self.reach is None else (max(low, -self.reach), min(high, self.reach))
        if bottom > top:
            bottom, top = low, low
        stream, sparse = key(self.seed, name), self.sparse and bottom <= 0 <= top
        coarse = max(0, (top - bottom).bit_length() - _BITS)  # of a wider range, multiples of 2**coarse are drawn
        module = torch()
        values = module.empty((self.count, entries), dtype=module.int64, device=self.arena.device)
        rows = max(1, _BLOCK // max(1, entries)) if self.lanes.device.type == "cpu" else max(1, self.count)
        for start in range(0, self.count, rows):
            bits = counter_bits(self.arena, stream, self.lanes[start : start + rows], entries)
            kept = (bits & 3) != 0 if sparse else None
            bits >>= 33
            bits &= 0x7FFFFFFF
            bits *= ((top - bottom) >> coarse) + 1
            bits >>= 31
            bits <<= coarse
            bits += bottom
            values[start : start + rows] = bits if kept is None else bits * kept
        return Draw(axes, low, high, values.reshape(self.count, *shape))


class Given:
    """Draws that are already known: a witness, a move, a tiny world, the children of the best lanes."""

    def __init__(self, draws: dict[str, Draw], count: int) -> None:
        self.draws, self.count = draws, count

    def __call__(self, name: str, axes: tuple[str, ...], shape: tuple[int, ...], low: int, high: int) -> Draw:
        """The known values; a name that is not known raises MissingDraw."""
        if name not in self.draws:
            raise MissingDraw(name)
        known = self.draws[name]
        if tuple(known.values.shape[1:]) != shape:
            raise MissingDraw(f"{name} of shape {shape}")
        return Draw(axes, low, high, known.values)


@lru_cache(maxsize=256)
def index_array(members: tuple[tuple[int, ...], ...]) -> np.ndarray[Any, Any]:
    """(batches, B) the members of batches as an array, made once per choice of batches."""
    import numpy as np  # late: listing claims needs none

    return np.asarray(members, dtype=np.int64)


class MissingDraw(LookupError):
    """A network was asked for a draw that its description does not hold."""
