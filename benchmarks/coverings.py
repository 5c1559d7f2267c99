"""Coverings: boxes screened a second, against loops that do one at a time, and leaves checked again from a file.

    python benchmarks/coverings.py [--threads 2] [--rounds 5] [--dry]

Everything is about the elasticity in N of ``sqrt(W r L^2 log(W L N)^3 / N) + sqrt(log(1/delta) / N)`` on sub-boxes of a
domain of five sizes. The kernel screens many boxes at once, in floats; all-in, it also says in which symbol each is
cut, and cuts it. The loops enclose the same elasticity on the same boxes: python-flint's balls at the ends of a box, by
walking over the expression, and by closures that were made of it once; ``mpmath.iv`` by walking. All take turns within
one process. Last, a covering is read from its file and every leaf is checked, with balls, by ``verify.recheck``.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import machine
import sympy as sp
import torch
from flint import arb, fmpq
from mpmath import iv
from sympy import Rational, S, log, sqrt

from symbolic import ends
from symbolic.behaviour import decreasing
from symbolic.certify import cut_of
from symbolic.coverings import Covering, Cut, Leaf, parts
from symbolic.intervals import Interval
from symbolic.words import word
from verify.proposals import Kernel, generations
from verify.recheck import replay

W, r, L, N, delta = (word(name, f"the size {name}") for name in ("W", "r", "L", "N", "delta"))
BOUND = sqrt(W * r * L**2 * log(W * L * N) ** 3 / N) + sqrt(log(1 / delta) / N)
FALLS = decreasing(BOUND, N)
GOALS = {"python-flint, walking": 50, "python-flint, compiled": 20, "mpmath.iv": 500}
LEAST = {"kernel": 5_000_000, "all-in": 500_000, "leaves, from the file": 50_000}
SLOW = 400
"""Boxes a turn of what does one at a time."""


def interval(low: Any, high: Any) -> Interval:
    return Interval(ends.of(S(low)), ends.of(S(high)))


def sizes(least: int) -> dict[Any, Interval]:
    """The domain, from a sample size on: from 30 on the bound falls everywhere, from 10 on it does not."""
    return {
        W: interval(1, 10**6), r: interval(1, 100), L: interval(1, 100), N: interval(least, 10**9),
        delta: interval(Rational(1, 10**20), Rational(1, 10)),
    }  # fmt: skip


def drawn(domain: dict[Any, Interval], count: int) -> Any:
    """Boxes of all widths, geometrically within a domain."""
    ranges = torch.tensor([[float(i.low.ball().mid()), float(i.high.ball().mid())] for i in domain.values()]).double()
    low, high = ranges.log()[:, :1], ranges.log()[:, 1:]
    places = torch.rand(2, len(domain), count, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    return (low + (high - low) * places.sort(0).values).exp().transpose(0, 1).contiguous()


# -- one box at a time ---------------------------------------------------------------------------------------------


Side = tuple[Any, Any]


class Balls:
    """Balls at the ends of a box: the least that an interval needs, of numbers and functions of this expression."""

    def number(self, value: Any) -> Side:
        ball = arb(fmpq(int(value.p), int(value.q)))
        return ball, ball

    def add(self, a: Side, b: Side) -> Side:
        return a[0] + b[0], a[1] + b[1]

    def multiply(self, a: Side, b: Side) -> Side:
        if a[0] >= 0 and b[0] >= 0:
            return a[0] * b[0], a[1] * b[1]
        first, *others = [x * y for x in a for y in b]
        low = high = first
        for corner in others:
            low, high = low.min(corner), high.max(corner)
        return low, high

    def power(self, a: Side, exponent: Any) -> Side:
        if exponent == Rational(1, 2):
            return a[0].sqrt(), a[1].sqrt()
        if exponent == -1:
            return 1 / a[1], 1 / a[0]
        size = arb(fmpq(int(abs(exponent).p), int(exponent.q)))
        low, high = a[0] ** size, a[1] ** size
        return (low, high) if exponent > 0 else (1 / high, 1 / low)

    def log(self, a: Side) -> Side:
        return a[0].log(), a[1].log()

    def symbol(self, ends: Side) -> Side:
        return arb(ends[0]), arb(ends[1])


class Intervals(Balls):
    """The same with ``mpmath.iv``, an interval in place of a pair."""

    def number(self, value: Any) -> Any:
        return iv.mpf(int(value.p)) / int(value.q)

    def add(self, a: Any, b: Any) -> Any:
        return a + b

    def multiply(self, a: Any, b: Any) -> Any:
        return a * b

    def power(self, a: Any, exponent: Any) -> Any:
        if exponent == Rational(1, 2):
            return iv.sqrt(a)
        return a ** int(exponent) if exponent.is_Integer else a ** (iv.mpf(int(exponent.p)) / int(exponent.q))

    def log(self, a: Any) -> Any:
        return iv.log(a)

    def symbol(self, ends: Side) -> Any:
        return iv.mpf(list(ends))


def walked(node: Any, box: dict[Any, Any], kind: Any) -> Any:
    """The range of an expression over a box, by walking over it."""
    if node in box:
        return box[node]
    if node.is_Rational:
        return kind.number(node)
    if isinstance(node, (sp.Add, sp.Mul)):
        join = kind.add if isinstance(node, sp.Add) else kind.multiply
        total = walked(node.args[0], box, kind)
        for a in node.args[1:]:
            total = join(total, walked(a, box, kind))
        return total
    if isinstance(node, sp.Pow):
        return kind.power(walked(node.base, box, kind), node.exp)
    if isinstance(node, sp.Abs):
        return walked(node.args[0], box, kind)  # of a size, which is above 0
    return kind.log(walked(node.args[0], box, kind))


def compiled(node: Any, kind: Any) -> Callable[[dict[Any, Any]], Any]:
    """The same as closures, made once."""
    if isinstance(node, sp.Symbol):
        return lambda box: box[node]
    if node.is_Rational:
        constant = kind.number(node)
        return lambda box: constant
    if isinstance(node, (sp.Add, sp.Mul)):
        join = kind.add if isinstance(node, sp.Add) else kind.multiply
        first, *rest = [compiled(a, kind) for a in node.args]

        def joined(box: dict[Any, Any]) -> Any:
            total = first(box)
            for part in rest:
                total = join(total, part(box))
            return total

        return joined
    own = compiled(node.args[0], kind)
    if isinstance(node, sp.Pow):
        exponent = node.exp
        return lambda box: kind.power(own(box), exponent)
    return own if isinstance(node, sp.Abs) else lambda box: kind.log(own(box))


def elasticity() -> Any:
    """x f'(x) / f(x) as an expression, in N."""
    return N * sp.diff(BOUND, N) / BOUND


def one_by_one(boxes: Any, kind: Any, enclose: Callable[[dict[Any, Any]], Any]) -> float:
    """Boxes a second of what encloses one at a time."""
    rows = boxes[:, :, :SLOW].permute(2, 0, 1).tolist()
    start = perf_counter()
    for row in rows:
        enclose({symbol: kind.symbol(tuple(own)) for symbol, own in zip((W, r, L, N, delta), row, strict=True)})
    return len(rows) / (perf_counter() - start)


# -- the kernel, and the checker -----------------------------------------------------------------------------------


def screened(kernel: Kernel, boxes: Any) -> float:
    start = perf_counter()
    kernel.enclosures(boxes)
    return boxes.shape[2] / (perf_counter() - start)


def all_in(kernel: Kernel, most: int) -> float:
    """Boxes a second, screened and cut generation by generation, until there are ``most``."""
    start = perf_counter()
    found, _ = generations(kernel, [False] * 5, most)
    return sum(len(generation.at) for generation in found) / (perf_counter() - start)


def evenly(depth: int) -> Covering:
    """A covering by 2**depth leaves, cut in one symbol after the other."""
    known: dict[Any, Any] = {}

    def tree(box: dict[Any, Interval], number: int) -> Leaf | Cut:
        if number == depth:
            return Leaf()
        symbol = list(box)[number % len(box)]
        key = symbol, str(box[symbol])
        if key not in known:
            at = cut_of(box[symbol], False, False)
            known[key] = at, *parts({symbol: box[symbol]}, symbol, at, FALLS)
        at, low, high = known[key]
        return Cut(symbol, at, tree({**box, **low}, number + 1), tree({**box, **high}, number + 1))

    return Covering(FALLS, sizes(30), (), tree(sizes(30), 0))


def rechecked(path: Path) -> float:
    """Leaves a second, read from a file and checked."""
    start = perf_counter()
    accepted = replay(json.loads(path.read_text(encoding="utf-8")))
    return accepted.steps / (perf_counter() - start)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rounds", type=int, default=5, help="turns that each takes (default 5)")
    asked.add_argument("--boxes", type=int, default=2**20, help="boxes of a turn of the kernel (default 1,048,576)")
    asked.add_argument("--depth", type=int, default=14, help="cuts above each leaf of the file (default 14)")
    asked.add_argument("--threads", type=int, default=2, help="threads of the kernel (default 2)")
    asked.add_argument("--dry", action="store_true", help="keep no record")
    options = asked.parse_args()
    machine.threads(options.threads)
    before = machine.machine()
    everywhere, in_part = Kernel(FALLS, sizes(30)), Kernel(FALLS, sizes(10))
    boxes, f = drawn(sizes(30), options.boxes), elasticity()
    balls, intervals = Balls(), Intervals()
    quick = compiled(f, balls)
    path = Path(tempfile.mkdtemp()) / "covering.json"
    path.write_text(json.dumps(evenly(options.depth).to_json()), encoding="utf-8")
    turns: dict[str, Callable[[], float]] = {
        "kernel": lambda: screened(everywhere, boxes),
        "all-in": lambda: all_in(in_part, options.boxes),
        "python-flint, walking": lambda: one_by_one(boxes, balls, lambda box: walked(f, box, balls)),
        "python-flint, compiled": lambda: one_by_one(boxes, balls, quick),
        "mpmath.iv": lambda: one_by_one(boxes, intervals, lambda box: walked(f, box, intervals)),
        "leaves, from the file": lambda: rechecked(path),
    }
    rates: dict[str, list[float]] = {name: [] for name in turns}
    for turn in range(options.rounds + 1):
        for name, work in turns.items():
            rate = work()
            if turn:  # the first turn of each is not counted
                rates[name].append(rate)
    ratios = {
        who: {n: median(k / s for k, s in zip(rates[who], rates[n], strict=True)) for n in GOALS}
        for who in ("kernel", "all-in")
    }
    rows = [
        (n, median(v), min(v), max(v), *(ratios[who].get(n, "") for who in ratios),
         f"{LEAST[n]:,}" if n in LEAST else f"{GOALS[n]} times")
        for n, v in rates.items()
    ]  # fmt: skip
    heads = ("what", "a second, median", "least", "largest", "kernel is faster by", "all-in is faster by", "goal")
    machine.table(f"{FALLS}: boxes and leaves a second", heads, rows)
    if not options.dry:
        path = machine.keep("coverings", {"per_second": rates, "faster_by": ratios}, before)
        print(f"kept in {path.parent.name}/{path.name}")


if __name__ == "__main__":
    main()
