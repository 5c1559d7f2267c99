"""Straight-line programs on many intervals at once, in torch: compiled once, run on chunks that stay in the cache.

A register holds the lower and the upper ends of one part of an expression over a chunk of boxes, as the two rows of a
tensor; equal parts share a register, and a register whose last reader has run is used again. Nothing is rounded
outwards: inputs and constants are widened by ``WIDER``, thousands of times the rounding of one operation, which the
operations carry on as they carry on rounding. A number that is not one (an end at infinity times 0) says nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from verify.arena import torch

WIDER = 2.0**-40
"""How much inputs and constants are widened, relatively."""

CHUNK = 8192
"""Boxes that one thread works on at a time: a register of them is 128 KiB."""

FEW = 256
"""Boxes at a time where there are few in all."""

Constant = tuple[float, float]


def constant(value: float, exact: bool = False) -> Constant:
    """The ends of a constant."""
    slack = 0.0 if exact or not math.isfinite(value) else abs(value) * WIDER
    return value - slack, value + slack


@dataclass
class Tape:
    """Instructions (name, operands), in order; register k is the result of instruction k, a constant stands for itself.

    Operands are registers (int), ends of constants (tuple), names and exponents.
    """

    inputs: int
    """How many symbols a box has."""
    code: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    _known: dict[tuple[str, tuple[Any, ...]], int] = field(default_factory=dict)

    def emit(self, name: str, *operands: Any) -> int:
        """The register of an operation, which is made once."""
        key = name, operands
        if key not in self._known:
            self._known[key] = len(self.code)
            self.code.append(key)
        return self._known[key]

    def symbol(self, place: int, nonnegative: bool) -> int:
        """The interval of a symbol, widened."""
        return self.emit("input", _Symbol(place, nonnegative))

    def add(self, a: Any, b: Any) -> Any:
        """a + b."""
        if isinstance(a, tuple):
            a, b = b, a
        if isinstance(a, tuple):
            return a[0] + b[0], a[1] + b[1]
        return a if b == (0.0, 0.0) else self.emit("add", a, b)

    def negative(self, a: Any) -> Any:
        """-a."""
        return (-a[1], -a[0]) if isinstance(a, tuple) else self.emit("negative", a)

    def times(self, a: Any, b: Any, nonnegative: bool = False) -> Any:
        """a b; ``nonnegative``: neither is ever below 0."""
        if isinstance(a, tuple):
            a, b = b, a
        if isinstance(a, tuple):
            corners = [x * y for x in a for y in b]
            return min(corners), max(corners)
        if b in ((0.0, 0.0), (1.0, 1.0)):
            return b if b[0] == 0 else a
        if isinstance(b, tuple) and b[0] >= 0:
            return self.emit("multiply" if nonnegative or b[0] == b[1] else "scale", a, b)
        if isinstance(b, tuple) and b[1] <= 0:
            return self.negative(self.times(a, (-b[1], -b[0])))
        return self.emit("multiply" if nonnegative else "product", a, b)

    def reciprocal(self, a: Any, positive: bool = False) -> Any:
        """1 / a, where a has one sign; else nothing is said."""
        if isinstance(a, tuple):
            return (1 / a[1], 1 / a[0]) if a[0] * a[1] > 0 else (math.nan, math.nan)
        return self.emit("inverse" if positive else "reciprocal", a)

    def mapped(self, name: str, a: Any, falling: bool = False) -> Any:
        """A monotone function of torch."""
        if not isinstance(a, tuple):
            return self.emit("falling" if falling else "rising", name, a)
        ends = getattr(torch(), name)(torch().tensor(a, dtype=torch().float64)).tolist()
        return (ends[1], ends[0]) if falling else (ends[0], ends[1])

    def of(self, name: str, a: Any, b: Any) -> Any:
        """The minimum, the maximum, the hull or the meet of two, at least one of which is a register."""
        return self.emit(name, *((b, a) if isinstance(a, tuple) else (a, b)))

    def register(self, a: Any) -> int:
        """A register that holds what may be a constant."""
        return a if _is_register(a) else self.emit("constant", a)


class Program:
    """A tape bound to registers: ``run`` gives the ends of some of them for all boxes, in the thread that asks."""

    def __init__(self, tape: Tape, results: list[int]) -> None:
        self._tape, self._results = tape, results
        self._bound: dict[int, list[_Bound]] = {FEW: [], CHUNK: []}

    def run(self, boxes: Any, out: Any = None) -> Any:
        """Ends of shape (results, 2, boxes) for boxes of shape (symbols, 2, boxes); into ``out``, if that is given."""
        count = boxes.shape[2]
        size = FEW if count <= CHUNK // 2 else CHUNK
        if out is None:
            out = self.ends(boxes)
        idle = self._bound[size]
        bound = idle.pop() if idle else _Bound(self._tape, self._results, size)
        for start in range(0, count, size):
            bound.run(boxes[:, :, start : start + size], out[:, :, start : start + size])
        idle.append(bound)
        return out

    def ends(self, boxes: Any) -> Any:
        """Room for the ends of boxes."""
        return torch().empty((len(self._results), 2, boxes.shape[2]), dtype=boxes.dtype)


def shared(work: Callable[[Any], Any], blocks: list[Any], threads: int) -> list[Any]:
    """What work gives for each block, by so many threads, with one of torch's each.

    Torch's own threads wait for each other after every operation, which takes long where others want the processor.
    """
    before = torch().get_num_threads()
    torch().set_num_threads(1)
    try:
        if threads == 1 or len(blocks) == 1:
            return [work(block) for block in blocks]
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(work, blocks))
    finally:
        torch().set_num_threads(before)


class _Bound:
    """A tape with registers of one chunk, for one thread."""

    def __init__(self, tape: Tape, results: list[int], size: int) -> None:
        self._torch, self._size = torch(), size
        self._steps: list[tuple[Callable[..., Any], tuple[Any, ...], Any]] = []
        self._chunk = self._new(tape.inputs, 2, size)
        self._scratch = [self._new(2, size) for _ in range(3)]
        last: dict[int, int] = dict.fromkeys(results, len(tape.code))
        for number, (_, operands) in reversed(list(enumerate(tape.code))):
            for register in filter(_is_register, operands):
                last.setdefault(register, number)
        free: list[Any] = []
        held: dict[int, Any] = {}
        for number, (name, operands) in enumerate(tape.code):
            held[number] = out = free.pop() if free else self._new(2, self._size)
            parts = [held[o] if _is_register(o) else self._column(o) if isinstance(o, tuple) else o for o in operands]
            getattr(self, f"_{name}")(out, *parts)
            free += [held[r] for r in set(filter(_is_register, operands)) if last[r] == number]
        self._results = [held[r] for r in results]

    def run(self, boxes: Any, out: Any) -> None:
        """The results of at most a chunk of boxes."""
        count = boxes.shape[2]
        self._chunk[:, :, :count] = boxes
        for call, operands, into in self._steps:
            call(*operands, out=into)
        for number, register in enumerate(self._results):
            out[number] = register[:, :count]

    def _new(self, *shape: int) -> Any:
        return self._torch.ones(shape, dtype=self._torch.float64)

    def _column(self, ends: Constant) -> Any:
        return self._torch.tensor(ends, dtype=self._torch.float64).reshape(2, 1)

    def _do(self, name: str, into: Any, *operands: Any) -> None:
        self._steps.append((getattr(self._torch, name), operands, into))

    def _input(self, out: Any, symbol: _Symbol) -> None:
        own = self._chunk[symbol.place]
        if symbol.nonnegative:
            self._do("mul", out, own, self._column((1 - WIDER, 1 + WIDER)))
            return
        slack = self._scratch[0]
        self._do("abs", slack, own)
        self._do("mul", slack, slack, self._column((-WIDER, WIDER)))
        self._do("add", out, own, slack)

    def _constant(self, out: Any, ends: Any) -> None:
        self._do("add", out, self._new(2, self._size) * 0, ends)

    def _add(self, out: Any, a: Any, b: Any) -> None:
        self._do("add", out, a, b)

    def _scale(self, out: Any, a: Any, factor: Any) -> None:
        """By a constant that is not below 0: its wider end where that is further out."""
        self._do("mul", out, a, factor)
        other = self._scratch[0]
        self._do("mul", other, a, factor.flip(0))
        self._do("minimum", out[0], out[0], other[0])
        self._do("maximum", out[1], out[1], other[1])

    def _negative(self, out: Any, a: Any) -> None:
        self._do("neg", out[0], a[1])
        self._do("neg", out[1], a[0])

    def _multiply(self, out: Any, a: Any, b: Any) -> None:
        self._do("mul", out, a, b)

    def _product(self, out: Any, a: Any, b: Any) -> None:
        same, crossed, pick = self._scratch
        self._do("mul", same, a, b)
        self._do("mul", crossed[0], a[0], b[1])
        self._do("mul", crossed[1], a[1], b[0])
        self._do("minimum", pick, same, crossed)
        self._do("minimum", out[0], pick[0], pick[1])
        self._do("maximum", pick, same, crossed)
        self._do("maximum", out[1], pick[0], pick[1])

    def _reciprocal(self, out: Any, a: Any) -> None:
        """Where an end is 0, or they have different signs, what is added is no number, and nothing is said."""
        sign = self._scratch[0][0]
        self._do("mul", sign, a[0], a[1])
        self._do("sign", sign, sign)
        self._do("log", sign, sign)
        self._do("mul", sign, sign, 0.0)
        self._do("add", out[0], sign, a[1])
        self._do("add", out[1], sign, a[0])
        self._do("reciprocal", out, out)

    def _inverse(self, out: Any, a: Any) -> None:
        self._do("reciprocal", out[0], a[1])
        self._do("reciprocal", out[1], a[0])

    def _rising(self, out: Any, name: str, a: Any) -> None:
        self._do(name, out, a)

    def _falling(self, out: Any, name: str, a: Any) -> None:
        self._do(name, out[0], a[1])
        self._do(name, out[1], a[0])

    def _raised(self, out: Any, a: Any, exponent: float) -> None:
        self._do("pow", out, a, exponent)

    def _magnitude(self, out: Any, a: Any) -> None:
        below = self._scratch[0]
        self._do("neg", below, a)
        self._do("maximum", out[1], a[1], below[0])
        self._do("maximum", out[0], a[0], below[1])
        self._do("clamp_min", out[0], out[0], 0.0)

    def _minimum(self, out: Any, a: Any, b: Any) -> None:
        self._do("minimum", out, a, b)

    def _maximum(self, out: Any, a: Any, b: Any) -> None:
        self._do("maximum", out, a, b)

    def _hull(self, out: Any, a: Any, b: Any) -> None:
        self._do("minimum", out[0], a[0], b[0])
        self._do("maximum", out[1], a[1], b[1])

    def _meet(self, out: Any, a: Any, b: Any) -> None:
        """What both say; one that is no number says nothing."""
        self._do("fmax", out[0], a[0], b[0])
        self._do("fmin", out[1], a[1], b[1])

    def _mean(self, out: Any, a: Any, b: Any, weight: Any) -> None:
        """(1 - w) a + w b; in w it is extreme at an end."""
        rise, first, second = self._scratch
        self._do("sub", rise, b, a)
        self._do("mul", first, rise, weight)
        self._do("mul", second[0], rise[0], weight[1])
        self._do("mul", second[1], rise[1], weight[0])
        self._do("minimum", first[0], first[0], second[0])
        self._do("maximum", first[1], first[1], second[1])
        self._do("add", out, a, first)


@dataclass(frozen=True)
class _Symbol:
    """The symbol at a place of a box; whether its interval is nowhere below 0."""

    place: int
    nonnegative: bool


def _is_register(operand: Any) -> bool:
    return type(operand) is int
