"""Draws: the integers that a network is made of, from a counter-based generator.

Every integer is a function of (seed, name, lane, index) alone, so that any lane can be rebuilt by itself, on any
device, at any chunk size. The mixing function is the finaliser of SplitMix64 (Steele, Lea, Flood 2014), in wrapping
64-bit integers.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
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

    @cached_property
    def fingerprints(self) -> Any:
        """(K,) 64-bit hashes of the values of each lane; lanes that statements have in common are hashed once."""
        values = self.values.flatten(1) if self.values.ndim > 1 else self.values[:, None]
        if values.dtype.is_floating_point:
            values = values.double().view(torch().int64)
        weights = torch().arange(1, values.shape[1] + 1, dtype=torch().int64, device=values.device) * _GOLDEN
        return _mixed((values + 11) * (weights | 1)).sum(1)


def refined(draws: dict[str, Draw], steps: int) -> dict[str, Draw]:
    """The same networks on a grid 2**steps times finer; see ``World.refined``."""
    return {k: Draw(d.axes, d.low << steps, d.high << steps, d.values << steps) for k, d in draws.items()}


@dataclass(frozen=True)
class Magnitude:
    """What is known of numbers before they are drawn: |number| <= ``bound``; infinite for numbers of any kind."""

    bound: float
    shape: tuple[int, ...]


class Generated:
    """Draws of lanes ``first`` to ``first + count - 1`` of a world, made on demand."""

    def __init__(self, arena: Arena, seed: int, first: int, count: int, reach: int | None, sparse: bool) -> None:
        self.arena, self.seed, self.reach, self.sparse = arena, seed, reach, sparse
        module = torch()
        self.lanes = module.arange(first, first + count, dtype=module.int64, device=arena.device)
        self.count = count
        self._ahead: dict[Any, Any] = {}  # integers that are drawn already

    def __call__(self, name: str, axes: tuple[str, ...], shape: tuple[int, ...], low: int, high: int) -> Draw:
        """The integers of that name, uniform between low and high (or within the world's reach of 0)."""
        if (name, shape, low, high) not in self._ahead:
            self.ahead({name: (shape, low, high)})
        values = self._ahead.pop((name, shape, low, high))
        return Draw(axes, low, high, values.reshape(self.count, *shape))

    def ahead(self, asked: dict[str, tuple[tuple[int, ...], int, int]]) -> None:
        """Draw the integers of several names (name -> shape, low, high) at once: the same as one by one, for less."""
        module, device = torch(), self.arena.device
        ranges = [self._range(low, high) for _, low, high in asked.values()]
        entries = [math.prod(shape) for shape, _, _ in asked.values()]
        repeats = module.tensor(entries, dtype=module.int64)

        def columns(numbers: list[int]) -> Any:
            return module.tensor(numbers, dtype=module.int64).repeat_interleave(repeats).to(device)

        # Of a wide range, multiples of 2**coarse are drawn.
        coarse = [max(0, (top - bottom).bit_length() - _BITS) for bottom, top in ranges]
        streams = module.tensor([key(self.seed, name) for name in asked], dtype=module.int64, device=device)
        which = columns(list(range(len(asked))))
        before = columns([sum(entries[:k]) for k in range(len(entries))])
        index = (module.arange(1, sum(entries) + 1, dtype=module.int64, device=device) - before) * _GOLDEN
        bottoms = columns([bottom for bottom, _ in ranges])
        spans = columns([((top - bottom) >> c) + 1 for (bottom, top), c in zip(ranges, coarse, strict=True)])
        shifts = columns(coarse) if any(coarse) else None
        dense = columns([int(not bottom <= 0 <= top) for bottom, top in ranges]) != 0 if self.sparse else None
        rows = max(1, _BLOCK // max(1, sum(entries))) if self.lanes.device.type == "cpu" else max(1, self.count)
        drawn = [module.empty((self.count, e), dtype=module.int64, device=device) for e in entries]
        for start in range(0, self.count, rows):
            lanes = self.lanes[start : start + rows]
            base = _mixed(lanes[:, None] * _GOLDEN + streams)
            bits = _mixed(base.index_select(1, which) + index)
            kept = None if dense is None else ((bits & 3) != 0) | dense
            bits >>= 33
            bits &= 0x7FFFFFFF
            bits *= spans
            bits >>= 31
            if shifts is not None:
                bits <<= shifts
            bits += bottoms
            if kept is not None:
                bits *= kept
            for values, part in zip(drawn, bits.split(entries, 1), strict=True):
                values[start : start + rows] = part
        self._ahead |= {(name, *what): values for (name, what), values in zip(asked.items(), drawn, strict=True)}

    def _range(self, low: int, high: int) -> tuple[int, int]:
        bottom, top = (low, high) if self.reach is None else (max(low, -self.reach), min(high, self.reach))
        return (bottom, top) if bottom <= top else (low, low)


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
