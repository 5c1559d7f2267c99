"""Proposals of coverings: a box is cut, generation by generation, until a kernel finds each part likely to be decided.

All open boxes are screened at once, in floats. Whatever the kernel says is a proposal: a box counts once exact rules
have established the statement on it (``symbolic/covering_check.py``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import sympy as sp

from symbolic.certify import STRIDE
from symbolic.conclusions import goals
from symbolic.coverings import DEEPEST, Cut, Domain, Leaf, cut_apart
from verify.arena import torch
from verify.box_calculus import LARGEST, Compiler, as_float
from verify.kernels import Program, shared

BLOCK = 1 << 15
"""Boxes that are screened and cut at a time, so that they stay in the cache in between."""


class Kernel:
    """Screens boxes of one statement over one domain; ``NotCompiled`` where it has a part without a rule."""

    def __init__(self, statement: Any, domain: Domain, threads: int | None = None) -> None:
        self.symbols = list(domain)
        compiler = Compiler(domain)
        wanted = [compiler.tape.register(compiler.wanted(goal)) for goal in goals(statement)]
        self._program = Program(compiler.tape, wanted)
        self.threads = threads or torch().get_num_threads()
        self.root = (
            torch()
            .tensor(
                [[as_float(within.low), as_float(within.high)] for within in domain.values()], dtype=torch().float64
            )
            .reshape(len(self.symbols), 2, 1)
        )

    def enclosures(self, boxes: Any) -> Any:
        """For each goal, what has to be above 0: ends of shape (goals, 2, boxes), for (symbols, 2, boxes)."""
        out, count = self._program.ends(boxes), boxes.shape[2]
        size = max(BLOCK, -(-count // self.threads))
        shares = [slice(start, start + size) for start in range(0, count, size)]
        shared(lambda s: self._program.run(boxes[:, :, s], out[:, :, s]), shares, self.threads)
        return out

    def slack(self, boxes: Any) -> Any:
        """By how much the goals are likely to hold everywhere in each box; not above 0 where they are not.

        For one thread of ``shared``, as ``along`` is.
        """
        return self._program.run(boxes)[:, 0].amin(0)

    def along(self, boxes: Any) -> Any:
        """The symbol to cut each box in: the one whose interval, taken as its middle, leaves the most slack."""
        count = len(self.symbols)
        tried = boxes.repeat(1, 1, count)
        for number in range(count):
            own = tried[number, :, number * boxes.shape[2] : (number + 1) * boxes.shape[2]]
            own[:] = _middles(own[0], own[1])
        slack = self.slack(tried).reshape(count, -1).nan_to_num(nan=-math.inf)
        wide = _widths(boxes)
        # What cannot be told by slack alone, as on unbounded boxes, is told by width; a point is never cut.
        slack = slack.masked_fill(wide <= 0, -math.inf)
        best = slack.max(0)
        return torch().where(best.values > -math.inf, best.indices, wide.argmax(0))


def _middles(low: Any, high: Any) -> Any:
    """Where to cut intervals, in floats; the same choice as ``symbolic/certify.py`` makes of one."""
    where = torch().where
    positive = where(low > 0, (low * high).sqrt(), high / STRIDE)
    unbounded = where(low > 0, low * STRIDE, torch().ones_like(low))
    found = where(high.isinf(), unbounded, positive)
    return where(low < 0, torch().zeros_like(low), found)


def _widths(boxes: Any) -> Any:
    low, high = boxes[:, 0], boxes[:, 1]
    ratio = (high / low).log()
    return torch().where((low > 0) & high.isfinite(), ratio, (high - low) * LARGEST)


def _cuts(low: Any, high: Any, integer: Any, apart: Any) -> Any:
    """Short places to cut intervals at; no number where there is none inside."""
    mirrored = high <= 0
    low, high = torch().where(mirrored, -high, low), torch().where(mirrored, -low, high)
    guess = _middles(low, high)
    span = torch().where((low > 0) & high.isfinite(), torch().minimum(high - low, guess), guess)
    unit = torch().where(integer, torch().ones_like(span), (span.log2().floor() - 3).exp2())
    found = torch().where(guess == 0, guess, (guess / unit).floor() * unit)
    found = torch().where(integer, torch().maximum(found, low + (~apart).to(low.dtype)).floor(), found)
    found = torch().where(mirrored, -found - apart.to(low.dtype), found)
    low, high = torch().where(mirrored, -high, low), torch().where(mirrored, -low, high)
    inside = torch().where(apart, (low <= found) & (found + 1 <= high), (low < found) & (found < high))
    return torch().where(inside, found, math.nan)


@dataclass(frozen=True)
class Generation:
    """What became of the boxes of one generation: their cuts (no number for a leaf), and the symbol of each cut."""

    at: Any
    along: Any


def generations(kernel: Kernel, apart: list[bool], most: int) -> tuple[list[Generation], bool]:
    """Cuts until the kernel decides every box, and whether it does: in at most ``most`` boxes and generations.

    The parts of the cuts are the next generation: first all lower parts, then all upper ones.
    """
    boxes, found, leaves = kernel.root, [], 0
    for _ in range(DEEPEST):
        blocks = shared(lambda block: _screened(kernel, block, apart), list(boxes.split(BLOCK, 2)), kernel.threads)
        found.append(Generation(torch().cat([b.at for b in blocks]), torch().cat([b.along for b in blocks])))
        if any(block.stuck for block in blocks):
            return found, False
        cut = sum(block.lower.shape[2] for block in blocks)
        leaves += boxes.shape[2] - cut
        if not cut or leaves + 2 * cut > most:
            return found, not cut
        boxes = torch().cat([block.lower for block in blocks] + [block.upper for block in blocks], 2)
    return found, False


@dataclass(frozen=True)
class _Block:
    """Some boxes of a generation: their cuts, the parts of those that are cut, and whether one cannot be."""

    at: Any
    along: Any
    lower: Any
    upper: Any
    stuck: bool


def _screened(kernel: Kernel, boxes: Any, apart: list[bool]) -> _Block:
    count = boxes.shape[2]
    undecided = (~(kernel.slack(boxes) > 0)).nonzero().flatten()
    at, along = torch().full((count,), math.nan, dtype=boxes.dtype), torch().zeros(count, dtype=torch().int64)
    boxes = boxes[:, :, undecided]
    chosen, each = kernel.along(boxes), torch().arange(len(undecided))
    low, high = boxes[chosen, 0, each], boxes[chosen, 1, each]
    separate = torch().tensor(apart)[chosen]
    integer = torch().tensor([bool(symbol.is_integer) for symbol in kernel.symbols])[chosen]
    cut = _cuts(low, high, integer, separate)
    at[undecided], along[undecided] = cut, chosen
    upper = boxes.clone()
    boxes[chosen, 1, each] = cut
    upper[chosen, 0, each] = cut + separate.to(cut.dtype)
    return _Block(at, along, boxes, upper, bool(cut.isnan().any()))


def tree_of(found: list[Generation], symbols: list[Any]) -> Leaf | Cut:
    """The tree that generations are."""
    below: list[Leaf | Cut] = []
    leaf, numbers = Leaf(), {}
    for generation in reversed(found):
        at, along = generation.at.tolist(), generation.along.tolist()
        nodes: list[Leaf | Cut] = []
        half, taken = len(below) // 2, 0
        for place, symbol in zip(at, along, strict=True):
            if math.isnan(place):
                nodes.append(leaf)
                continue
            if place not in numbers:
                numbers[place] = sp.Rational(place)
            nodes.append(Cut(symbols[symbol], numbers[place], below[taken], below[half + taken]))
            taken += 1
        below = nodes
    return below[0]


def propose(statement: Any, domain: Domain, most: int) -> Leaf | Cut | None:
    """A tree of at most so many leaves on each of which the kernel finds the statement likely; None for no such one."""
    try:
        kernel = Kernel(statement, domain)
    except Exception:  # NotCompiled, and what a user writes may fail anywhere inside SymPy
        return None
    found, decided = generations(kernel, [cut_apart(statement, symbol) for symbol in kernel.symbols], most)
    return tree_of(found, kernel.symbols) if decided else None
