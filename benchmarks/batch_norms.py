"""Norms of all batch gradients of a network, against autograd batch by batch; bounds on the largest for many batches.

Both ways to all norms take turns in one process, and have to agree. Bounds are taken on random networks and on networks
that some hundred steps of gradient descent with weight decay have trained.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

import machine
import torch

from properties.worlds.batches import batch_norms, largest_bounds
from properties.worlds.networks import TwoLayerReLU
from verify.arena import Arena
from verify.draws import Draw, Generated, Given
from verify.lanes import LaneArithmetic
from verify.worlds import Lanes, Size, World

SOME = {"m": 16, "n": 8, "N": 32, "B": 4}
MANY = {"m": 40, "n": 8, "N": 1800, "B": 16}
GOALS = {"faster": 500, "seconds": 2.0, "upper / lower": 4.0}
STEPS, RATE, DECAY = 300, 2.0**-7, 2.0**-6
ARENA = Arena()


def world(sizes: dict[str, int], seed: int) -> World:
    """A world of these sizes, under the usual conventions."""
    return World(tuple(sizes.items()), (("c", "1"), ("kink", "0"), ("s", "1")), seed=seed)


def random_networks(sizes: dict[str, int], count: int, seed: int) -> Lanes:
    """Networks drawn as the search draws them, with a strength of 1 or more."""
    letters = TwoLayerReLU.letters
    kind = TwoLayerReLU(**{letters[k]: Size(v, v) for k, v in sizes.items()}, regulariser="constant")  # type: ignore[arg-type]
    net = Lanes(kind, world(sizes, seed), LaneArithmetic(ARENA), Generated(ARENA, seed, 0, count, None, False))
    for letter in ("V", "u", "b", "x", "y", "mu"):
        getattr(net, letter)
    net.draws["mu"] = Draw((), -1, 3, net.draws["mu"].values.abs() + 1)
    return Lanes(kind, net.world, net.arithmetic, Given(net.draws, count))


def again(net: Lanes) -> Lanes:
    """The same networks of known draws, with nothing read yet."""
    return Lanes(net.kind, net.world, net.arithmetic, net.source)


def trained_network(sizes: dict[str, int], seed: int) -> Lanes:
    """One network after some hundred steps on a smooth function of normal inputs, weights and data kept as floats."""
    m, n, N = sizes["m"], sizes["n"], sizes["N"]
    random = torch.Generator().manual_seed(seed)

    def normal(*shape: int) -> Any:
        return torch.randn(*shape, dtype=ARENA.float, generator=random)

    x, V, u, b = normal(N, n), normal(m, n) / n**0.5, normal(m) / m**0.5, 0 * normal(m)
    y = torch.sin(x[:, 0]) + x[:, 1] * x[:, 2] / 2 + normal(N) / 8
    weights = [p.requires_grad_() for p in (V, u, b)]
    for _ in range(STEPS):
        loss = (torch.relu(x @ V.T + b) @ u - y).square().mean() + DECAY / 2 * V.square().sum()
        for weight, slope in zip(weights, torch.autograd.grad(loss, weights), strict=True):
            weight.data -= RATE * slope
    arrays = {"V": V[None], "u": u[None, None], "b": b[None, :, None], "x": x[None, :, :, None], "y": y[None]}
    axes = {"V": "m n", "u": "1 m", "b": "m 1", "x": "N n 1", "y": "N", "mu": ""}
    arrays["mu"] = torch.tensor([DECAY], dtype=ARENA.float)
    draws = {k: Draw(tuple(axes[k].split()), 0, 0, v.detach()) for k, v in arrays.items()}
    letters = TwoLayerReLU.letters
    kind = TwoLayerReLU(**{letters[k]: Size(v, v) for k, v in sizes.items()}, regulariser="constant")  # type: ignore[arg-type]
    return Lanes(kind, world(sizes, seed), LaneArithmetic(ARENA), Given(draws, 1))


# -- what a user would write ---------------------------------------------------------------------------------------


def batch_by_batch(net: Lanes) -> Any:
    """(batches) norms of the batch gradients of the first network, by autograd on the loss of each batch."""
    V = net.V[0].clone().requires_grad_()
    u, b, x, y, mu = net.u[0, 0], net.b[0, :, 0], net.x[0, :, :, 0], net.y[0], net.mu[0]
    norms = []
    for batch in net.kind.batches(net.world):
        members = list(batch)
        outputs = torch.relu(x[members] @ V.T + b) @ u
        loss = (outputs - y[members]).square().mean() + mu / 2 * V.square().sum()
        (gradient,) = torch.autograd.grad(loss, V)
        norms.append(gradient.norm())
    return torch.stack(norms)


def seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds that work takes, and what it gives."""
    start = perf_counter()
    result = work()
    return perf_counter() - start, result


def all_norms(rounds: int) -> dict[str, list[float]]:
    """Seconds of both ways to all norms of one network, in turn."""
    taken: dict[str, list[float]] = {"autograd, batch by batch": [], "all at once": []}
    batch_norms(random_networks(SOME, 1, 0))
    for turn in range(rounds):
        net = random_networks(SOME, 1, turn)
        slow, expected = seconds(lambda made=net: batch_by_batch(again(made)))  # type: ignore[misc]
        fast, found = seconds(lambda made=net: batch_norms(again(made)))  # type: ignore[misc]
        gap, allowed = (found[0] - expected).abs().max(), ARENA.allowance(net.kind.length(net.world)) ** 0.5
        if not bool(gap <= allowed * expected.max()):
            raise SystemExit("both ways do not agree: their times mean nothing")
        taken["autograd, batch by batch"].append(slow)
        taken["all at once"].append(fast)
    return taken


def bounding(rounds: int) -> list[tuple[str, float, float, float]]:
    """For each network: seconds, upper / lower bound on eps, and upper bound over norm(V)."""
    largest_bounds(random_networks({**MANY, "N": 200}, 1, 0))
    rows = []
    for title, make in {
        "random": lambda k: random_networks(MANY, 1, k),
        "trained": lambda k: trained_network(MANY, k),
    }.items():
        for turn in range(rounds):
            net = make(turn)
            taken, (lower, upper) = seconds(lambda made=net: largest_bounds(again(made)))  # type: ignore[misc]
            relative = float(upper[0] / net.V.square().sum().sqrt())
            rows.append((f"{title} {turn}", taken, float(upper[0] / lower[0]), relative))
    return rows


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=5, help="turns, and networks to bound (default 5)")
    asked.add_argument("--threads", type=int, help="threads of torch (default: its own choice)")
    asked.add_argument("--dry", action="store_true", help="keep no record")
    options = asked.parse_args()
    machine.threads(options.threads)
    before = machine.machine()
    taken = all_norms(options.rounds)
    slow, fast = taken.values()
    ratio = median(s / f for s, f in zip(slow, fast, strict=True))
    rows = [(name, median(t), min(t), max(t)) for name, t in taken.items()]
    shown = ", ".join(f"{k} = {v}" for k, v in SOME.items())
    machine.table(f"All batch-gradient norms ({shown}), seconds", ("way", "median", "least", "largest"), rows)
    print(f"all at once is faster by {ratio:,.0f} (goal {GOALS['faster']})")
    bounded = bounding(options.rounds)
    shown = ", ".join(f"{k} = {v}" for k, v in MANY.items())
    heads = ("network", "seconds", "upper / lower", "upper / norm(V)")
    machine.table(
        f"Bounds on eps ({shown}); goals: {GOALS['seconds']} s, {GOALS['upper / lower']}", heads, list(bounded)
    )
    if not options.dry:
        kept = {"seconds_of_all_norms": taken, "faster_by": ratio, "bounds": bounded}
        path = machine.keep("batch_norms", kept, before)
        print(f"kept in {path.parent.name}/{path.name}")


if __name__ == "__main__":
    main()
