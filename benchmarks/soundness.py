"""Every row, every operation on intervals and the leaf checker, against values of two hundred digits at random points.

    python benchmarks/soundness.py [--points 100000] [--processes 2] [--seed 0] [CHECK-GLOB]

Prints for each quantity how many points were compared, at how many an argument or the value was beyond the range of
doubles (over 1e308, or nonzero and under 1e-308), and at how many nothing was said of them. Only the unsafe direction
fails: a value outside of its enclosure, or at an end of it that is called open. Then the first such point is printed,
and the exit code is 1. A value that looks outside is computed again to 1,000 and to 2,500 digits before it counts.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from fnmatch import fnmatch
from itertools import islice
from multiprocessing import get_context
from time import perf_counter
from typing import Any

import machine
import mpmath as mp
from soundness_points import DIGITS, missed, number
from soundness_values import CHECKS, MISSED

from symbolic.ends import End


@dataclass
class Count:
    """Points of one quantity: compared, of them beyond the range of doubles, and those of which nothing was said."""

    compared: int = 0
    beyond: int = 0
    silent: int = 0


@dataclass
class Found:
    """What came out of a check."""

    counts: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    fault: str = ""
    seconds: float = 0.0


def _beyond(value: Any) -> bool:
    return bool(value) and not -1024 <= mp.mag(value) <= 1024


def compare(name: str, count: int, seed: int) -> Found:
    """Compare until each quantity of a check was compared at so many points, or one fails.

    A quantity of which nothing is said at a hundred times as many points is left at what it has.
    """
    found, started = Found(), perf_counter()
    with mp.workdps(DIGITS[0]):
        cases = CHECKS[name](random.Random(f"{name} {seed}"))
        for quantity, where, interval, true in islice(cases, 200 * count * 10):
            own = found.counts[quantity]
            if own.compared >= count:
                if all(c.compared >= count or c.silent >= 100 * count for c in found.counts.values()):
                    break
                continue
            if interval is None:
                own.silent += 1
                continue
            outside, value = missed(interval, true, where)
            if outside is None:
                continue
            own.compared += 1
            own.beyond += _beyond(value) or any(_beyond(number(x)) for x in where)
            if outside:
                at = ", ".join(str(x) if isinstance(x, End) else mp.nstr(x, 40) for x in where)
                found.fault = f"{quantity} at {at}: {mp.nstr(value, 40)} is not in {interval.to_json()}"
                break
    found.seconds = perf_counter() - started
    return found


def missed_by_iv() -> int:
    """At how many of the stored points the installed mpmath's interval exponential misses the true value."""
    count = 0
    for start, bits in MISSED:
        mp.iv.prec = bits
        low, high = (mp.make_mpf(end) for end in mp.iv.exp(mp.iv.mpf(start))._mpi_)
        with mp.workdps(DIGITS[0]):
            count += not low <= mp.exp(mp.mpf(start)) <= high
    return count


def _task(task: tuple[str, int, int]) -> tuple[str, Found]:
    found = compare(*task)
    found.counts = dict(found.counts)
    return task[0], found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("glob", nargs="?", default="*")
    parser.add_argument("--points", type=int, default=100_000, help="points for each quantity (default 100000)")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--parts", type=int, default=4, help="seeds that share the points (default 4)")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    each = -(-asked.points // asked.parts)
    tasks = [
        (name, each, asked.parts * asked.seed + part)
        for name in CHECKS if fnmatch(name, asked.glob) for part in range(asked.parts)
    ]  # fmt: skip
    counts: dict[str, Count] = {}
    seconds: dict[str, float] = defaultdict(float)
    faults, started = [], perf_counter()
    with get_context("spawn").Pool(asked.processes) as pool:
        for name, found in pool.imap(_task, tasks):
            seconds[name] += found.seconds
            faults += [found.fault] if found.fault else []
            for quantity, own in found.counts.items():
                total = counts.setdefault(quantity, Count())
                total.compared += own.compared
                total.beyond += own.beyond
                total.silent += own.silent
    lines = [(q, f"{c.compared:,}", f"{c.beyond:,}", f"{c.silent:,}") for q, c in counts.items()]
    total = sum(c.compared for c in counts.values())
    machine.table(
        f"{total:,} values of {DIGITS[0]} digits, and the enclosures of them",
        ("quantity", "compared", "beyond doubles", "nothing said"), lines,
    )  # fmt: skip
    print(f"{machine.processor()}; mpmath {mp.__version__}; {perf_counter() - started:.0f} s; seconds by check:")
    print(", ".join(f"{name} {spent:.0f}" for name, spent in seconds.items()))
    print(f"mpmath.iv.exp misses the true value at {missed_by_iv()} of the {len(MISSED)} stored points")
    print(f"outside: {faults[0]}" if faults else "no value is outside of its enclosure")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
