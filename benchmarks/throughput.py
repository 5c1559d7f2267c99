"""Networks per second: the engine's search against two tests that a user would write with Hypothesis.

All three check, on networks with 16 neurons and 8 inputs, that the gradient of the output in V at one sample has rank
at most one. They take turns in one process, so that whatever else the machine does slows all of them alike.
"""

from __future__ import annotations

import argparse
import inspect
from collections.abc import Callable
from dataclasses import replace
from statistics import median
from time import perf_counter
from typing import Any

import machine
import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from properties.worlds.networks import TwoLayerReLU
from symbolic import rank
from symbolic.papers.weight_decay import A, i
from verify.arena import Arena
from verify.claims import Statement
from verify.efforts import EFFORTS
from verify.search import Search
from verify.worlds import Size

WIDTH, INPUTS = 16, 8
GOALS = {"every entry drawn": 300, "a seed drawn": 80}

seen: set[int] = set()


# -- what a user would write ---------------------------------------------------------------------------------------


@settings(max_examples=100, deadline=None, database=None)
@given(
    V=arrays(np.int64, (WIDTH, INPUTS), elements=st.integers(-3, 3)),
    u=arrays(np.int64, (WIDTH,), elements=st.integers(-3, 3)),
    b=arrays(np.int64, (WIDTH,), elements=st.integers(-6, 6)),
    x=arrays(np.int64, (INPUTS,), elements=st.integers(-3, 3)),
)
def every_entry_drawn(V: Any, u: Any, b: Any, x: Any) -> None:
    V = torch.tensor(V, dtype=torch.float64, requires_grad=True)
    u, b, x = (torch.tensor(a, dtype=torch.float64) for a in (u, b, x))
    output = u @ torch.relu(V @ x + b)
    (gradient,) = torch.autograd.grad(output, V)
    assert np.linalg.matrix_rank(gradient.numpy()) <= 1
    count(V, u, b, x)


@settings(max_examples=500, deadline=None, database=None)
@given(seed=st.integers(0, 2**63 - 1))
def a_seed_drawn(seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    V = torch.randn(WIDTH, INPUTS, dtype=torch.float64, generator=generator, requires_grad=True)
    u = torch.randn(WIDTH, dtype=torch.float64, generator=generator)
    b = torch.randn(WIDTH, dtype=torch.float64, generator=generator)
    x = torch.randn(INPUTS, dtype=torch.float64, generator=generator)
    output = u @ torch.relu(V @ x + b)
    (gradient,) = torch.autograd.grad(output, V)
    assert torch.linalg.matrix_rank(gradient) <= 1
    count(V, u, b, x)


# -- the engine ----------------------------------------------------------------------------------------------------

STATEMENT = Statement(
    TwoLayerReLU(width=Size(WIDTH, WIDTH), inputs=Size(INPUTS, INPUTS), samples=Size(1, 1), batch=Size(1, 1)),
    (),
    rank(A[i]) <= 1,
)


def engine(networks: int, lanes: int, seed: int) -> tuple[int, float]:
    """Distinct admissible networks that a whole search judged without any rounding, and its seconds."""
    effort = replace(EFFORTS["quick"], tiny=0, lanes=lanes, examples=2, generations=0, target=networks, work=2**30)
    start = perf_counter()
    tally = Search(STATEMENT, Arena(), effort, seed).run()
    seconds = perf_counter() - start
    if tally.exact != tally.admissible or tally.accused:
        raise SystemExit("the lanes were not exact, or a theorem was accused: these numbers mean nothing")
    return tally.distinct, seconds


# -- measuring -----------------------------------------------------------------------------------------------------


def count(*tensors: Any) -> None:
    """Note a network that was checked; two with the same numbers are one."""
    seen.add(hash(tuple(t.detach().numpy().tobytes() for t in tensors)))


def by_hand(test: Callable[[], None]) -> tuple[int, float]:
    """Distinct networks that a Hypothesis test checked, and its seconds."""
    seen.clear()
    start = perf_counter()
    test()
    return len(seen), perf_counter() - start


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=5, help="turns that each of the three takes (default 5)")
    asked.add_argument("--networks", type=int, default=200_000, help="networks of the engine a turn (default 200,000)")
    asked.add_argument("--lanes", type=int, default=2**14, help="lanes of one design point (default 16,384)")
    asked.add_argument("--threads", type=int, help="threads of torch (default: its own choice)")
    asked.add_argument("--dry", action="store_true", help="keep no record")
    options = asked.parse_args()
    machine.threads(options.threads)
    before = machine.machine()
    for test in (every_entry_drawn, a_seed_drawn):
        print(inspect.getsource(test.hypothesis.inner_test))  # type: ignore[attr-defined]
    rates: dict[str, list[float]] = {"every entry drawn": [], "a seed drawn": [], "engine": []}
    by_hand(every_entry_drawn)  # the first turn of each is not counted
    by_hand(a_seed_drawn)
    engine(options.lanes, options.lanes, 0)
    for turn in range(options.rounds):
        for name, (networks, seconds) in {
            "every entry drawn": by_hand(every_entry_drawn),
            "a seed drawn": by_hand(a_seed_drawn),
            "engine": engine(options.networks, options.lanes, turn + 1),
        }.items():
            rates[name].append(networks / seconds)
    ratios = {n: median(e / r for e, r in zip(rates["engine"], rates[n], strict=True)) for n in GOALS}
    rows = [(n, median(r), min(r), max(r), ratios.get(n, 1.0), GOALS.get(n, "")) for n, r in rates.items()]
    heads = ("who", "networks/s, median", "least", "largest", "engine is faster by", "goal")
    machine.table(f"rank(A[i]) <= 1 at width {WIDTH}, input {INPUTS}: distinct networks a second", heads, rows)
    if not options.dry:
        path = machine.keep("throughput", {"networks_per_second": rates, "engine_is_faster_by": ratios}, before)
        print(f"kept in {path.parent.name}/{path.name}")


if __name__ == "__main__":
    main()
