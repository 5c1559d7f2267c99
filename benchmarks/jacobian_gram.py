"""The Gram matrix of the Jacobian of a network by products of classes, against materialising the Jacobian.

Three ways to J J^T of a network with one hidden layer take turns in one process, and have to agree:
``torch.func.jacrev`` of all outputs, the same sample by sample, and a product of n x k matrices for each pair of
classes, as the reading ``C`` of ``SmoothNetworks`` does (it has to agree too). Then: the largest sizes that fit into
8 GiB each way, by counting the arrays that are held; the counts are compared with what processes really need at sizes
of a smaller budget.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable
from itertools import combinations_with_replacement
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import machine
import torch

from properties.worlds.smooth import SmoothNetworks
from verify.arena import Arena
from verify.draws import Generated
from verify.lanes import LaneArithmetic
from verify.worlds import Lanes, Size, World

SIZES = {"m": 256, "n": 64, "N": 256, "K": 10}
"""k, d, n, K in the paper's letters."""
GOAL = 20
ARCTAN = "1"
CHUNK = 256
"""Rows of the Jacobian that are differentiated at once: all of them need (K n) x k x n numbers."""
GIB = 2**30
BYTES = 8
ARENA = Arena()


def network(sizes: dict[str, int], seed: int) -> Lanes:
    """One network of these sizes, with the activation arctan and inputs of small integers."""
    letters = SmoothNetworks.letters
    kind = SmoothNetworks(**{letters[k]: Size(v, v) for k, v in sizes.items()}, inputs_on="anywhere")
    where = World(tuple(sizes.items()), (("activation", ARCTAN),), seed=seed)
    net = Lanes(kind, where, LaneArithmetic(ARENA), Generated(ARENA, seed, 0, 1, None, False))
    for letter in ("W", "V", "x"):
        getattr(net, letter)
    return net


def by_products(net: Lanes) -> Any:
    """(K n, K n) as the reading ``C`` of the suite has it, each block written to its place."""
    V, X = net.V[0], net.X[0]
    P, inputs = 1 / (1 + (X @ net.W[0].T).square()), X @ X.T
    K, N = V.shape[0], X.shape[0]
    found = torch.empty(K, N, K, N, dtype=ARENA.float)
    for one, other in combinations_with_replacement(range(K), 2):
        block = (P * (V[one] * V[other])) @ P.T
        block *= inputs
        found[one, :, other] = block
        found[other, :, one] = block
    return found.reshape(K * N, K * N)


def by_jacrev(net: Lanes) -> Any:
    """(K n, K n) from the whole Jacobian."""
    V, X = net.V[0], net.X[0]
    J = torch.func.jacrev(lambda W: V @ torch.atan(W @ X.T), chunk_size=CHUNK)(net.W[0])
    rows = J.reshape(V.shape[0] * X.shape[0], -1)
    return rows @ rows.T


def sample_by_sample(net: Lanes) -> Any:
    """(K n, K n) from the Jacobians at single samples."""
    V, X = net.V[0], net.X[0]
    blocks = [torch.func.jacrev(lambda W, x=x: V @ torch.atan(W @ x))(net.W[0]) for x in X]
    rows = torch.stack(blocks, 1).reshape(V.shape[0] * X.shape[0], -1)
    return rows @ rows.T


WAYS: dict[str, Callable[[Lanes], Any]] = {
    "torch.func.jacrev": by_jacrev,
    "sample by sample": sample_by_sample,
    "products of classes": by_products,
}
OURS = "products of classes"


def racing(rounds: int) -> dict[str, list[float]]:
    """Seconds of each way, in turn; what they give has to agree."""
    taken: dict[str, list[float]] = {name: [] for name in WAYS}
    for turn in range(rounds + 1):  # the first turn is not counted
        net = network(SIZES, turn)
        found = {}
        for name, way in WAYS.items():
            start = perf_counter()
            found[name] = way(net)
            if turn:
                taken[name].append(perf_counter() - start)
        if not turn:
            found["the reading"] = net.C[0]
        largest = found[OURS].abs().max()
        if any(bool((one - found[OURS]).abs().max() > ARENA.allowance(2**20) * largest) for one in found.values()):
            raise SystemExit("the ways do not agree: their times mean nothing")
    return taken


# -- memory ----------------------------------------------------------------------------------------------------------


def held(way: str, sizes: dict[str, int]) -> int:
    """Bytes of the arrays that are held at once, inputs aside: J J^T and J, or P, weighted P, X X^T and a block."""
    m, n, N, K = (sizes[letter] for letter in ("m", "n", "N", "K"))
    gram = (K * N) ** 2
    return BYTES * (gram + (K * N * m * n if way != OURS else 3 * N * m + 2 * N**2))


def largest(way: str, budget: int, grow: Callable[[int], dict[str, int]]) -> int:
    """The largest number of which the sizes fit into a budget."""
    low, high = 1, 2**30
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if held(way, grow(middle)) <= budget else (low, middle)
    return low


GROWING: dict[str, Callable[[int], dict[str, int]]] = {
    "n = k": lambda size: {**SIZES, "m": size, "N": size},
    "n, at k = 256": lambda size: {**SIZES, "N": size},
    "k, at n = 256": lambda size: {**SIZES, "m": size},
}


def materialised(net: Lanes) -> Any:
    """J J^T from the whole Jacobian, made without differentiating, so that nothing else is held."""
    V, X = net.V[0], net.X[0]
    P = 1 / (1 + (X @ net.W[0].T).square())
    K, N, m, n = V.shape[0], X.shape[0], V.shape[1], X.shape[1]
    J = torch.empty(K, N, m, n, dtype=ARENA.float)
    for label in range(K):
        torch.mul((P * V[label]).unsqueeze(-1), X.unsqueeze(1), out=J[label])
    rows = J.reshape(K * N, m * n)
    return rows @ rows.T


def needed(way: str, sizes: dict[str, int]) -> int:
    """Bytes that a process of its own needs beyond those that it needs without the work."""
    text = ",".join(f"{letter}={size}" for letter, size in sizes.items())
    command = [sys.executable, __file__, "--alone", way, "--sizes", text]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def alone(way: str, sizes: dict[str, int]) -> None:
    """Print the bytes by which the most that this process needs at once grows (on Linux)."""
    machine.threads(1)
    by_products(network({**SIZES, "m": 8, "N": 8}, 0))
    net = network(sizes, 0)
    assert net.X is not None  # read before the peak is, as W and V are
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak starts anew
    before = _kibibytes("VmRSS")
    (by_products if way == OURS else materialised)(net)
    print((_kibibytes("VmHWM") - before) * 1024)


def _kibibytes(name: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def memory(budget: float, real: float) -> tuple[dict[str, dict[str, int]], list[tuple[Any, ...]]]:
    """The largest sizes in GiB by counting, and at sizes of a smaller budget what is counted and what is needed."""
    sizes = {
        growing: {way: largest(way, int(budget * GIB), grow) for way in ("materialised", OURS)}
        for growing, grow in GROWING.items()
    }
    rows = []
    for way in ("materialised", OURS) if real else ():
        size = largest(way, int(real * GIB), GROWING["n = k"])
        there = GROWING["n = k"](size)
        rows.append((way, size, held(way, there) / GIB, needed(way, there) / GIB))
    return sizes, rows


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=5, help="turns of each way (default 5)")
    asked.add_argument("--threads", type=int, default=2, help="threads of torch (default 2)")
    asked.add_argument("--real", type=float, default=1.0, help="GiB at which memory is measured, 0 for not (default 1)")
    asked.add_argument("--dry", action="store_true", help="keep no record")
    asked.add_argument("--alone", help=argparse.SUPPRESS)
    asked.add_argument("--sizes", help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.alone:
        alone(options.alone, {k: int(v) for k, v in (pair.split("=") for pair in options.sizes.split(","))})
        return
    machine.threads(options.threads)
    before = machine.machine()
    taken = racing(options.rounds)
    faster = {
        name: median(slow / fast for slow, fast in zip(times, taken[OURS], strict=True))
        for name, times in taken.items()
    }
    rows = [(name, median(t), min(t), max(t), faster[name]) for name, t in taken.items()]
    heads = ("way", "seconds, median", "least", "largest", "products are faster by")
    machine.table("J J^T at n = 256, k = 256, K = 10, d = 64", heads, rows)
    print(f"goal: {GOAL} times against materialising the Jacobian")
    sizes, measured = memory(8, options.real)
    machine.table(
        "Largest sizes in 8 GiB (K = 10, d = 64), by counting",
        ("what grows", "materialised", OURS),
        [(growing, found["materialised"], found[OURS]) for growing, found in sizes.items()],
    )
    machine.table(
        f"Counted and needed at n = k of {options.real} GiB", ("way", "n = k", "GiB counted", "GiB needed"), measured
    )
    if not options.dry:
        kept = {"seconds": taken, "faster_by": faster, "largest_in_8_gib": sizes, "counted_and_needed_gib": measured}
        path = machine.keep("jacobian_gram", kept, before)
        print(f"kept in {path.parent.name}/{path.name}")


if __name__ == "__main__":
    main()
