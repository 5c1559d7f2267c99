"""Networks on which Theorem 2.6 says something: how many the search sees, and what it finds there.

    python benchmarks/nonvacuous.py [--target 20000] [--far 200000] [--seed 0]

In ``NearCriticalTwoLayerReLU`` with a constant strength mu, for B = 1, 2, 4, 8: distinct networks on which the printed
bound ``2 B eps / (c mu norm(V))`` lies between 1/10 and 1, and those of them with ``sigma_2 >= sigma_1 / 20`` and two
inputs at an angle of at least 5 degrees. On all of them the anchor inequality is judged; with the factor B dropped it
has to be refuted there, in exact arithmetic. Networks are distinct when V, u, b, x, y or mu differ.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any

import machine
import numpy as np
from sympy import Rational

from properties.worlds.near_critical import NearCriticalTwoLayerReLU
from symbolic.papers.weight_decay import B, N, V, c, eps, h, i, mu
from symbolic.sentences import norm
from symbolic.words import word
from verify.appeal import Court
from verify.arena import Arena, torch
from verify.claims import Statement
from verify.efforts import EFFORTS
from verify.search import Search
from verify.shrink import Shrinker
from verify.tally import Tally
from verify.worlds import Size

BATCHES = (1, 2, 4, 8)
GOALS = {"non-vacuous": 10_000, "far from rank one": 1_000}

sigma_1 = word("nonvacuous:sigma_1", "the largest singular value of V", nonnegative=True)
sigma_2 = word("nonvacuous:sigma_2", "the second singular value of V, 0 if there is one alone", nonnegative=True)
sine = word("nonvacuous:sine", "squared sine of the largest angle between two inputs, as lines", nonnegative=True)


@sigma_1.read_in(NearCriticalTwoLayerReLU)
def _(net: Any) -> Any:
    return net.arithmetic.singular_values(net.V)[:, 0]


@sigma_2.read_in(NearCriticalTwoLayerReLU)
def _(net: Any) -> Any:
    values = net.arithmetic.singular_values(net.V)
    return values[:, 1] if min(net.m, net.n) > 1 else values[:, 0] * 0


@sine.read_in(NearCriticalTwoLayerReLU)
def _(net: Any) -> Any:
    x = net.x.squeeze(-1)
    inner = (x @ x.mT).square()
    squares = x.square().sum(2)
    sizes = squares.unsqueeze(1) * squares.unsqueeze(2)
    # A zero input is at no angle: 0 / 1.
    ratio = (sizes - inner) * net.arithmetic.reciprocal(net.arithmetic.where(sizes == 0, sizes * 0 + 1, sizes))
    return ratio.amax((1, 2)).clamp(min=0)


IN_RANGE = (B < N, mu > 0, c > 0, norm(V) > 0, norm(V) * c * mu <= 20 * B * eps, 2 * B * eps <= c * mu * norm(V))
FAR = (sigma_1 <= 20 * sigma_2, sine >= Rational(76, 10_000))  # sin(5 degrees)**2 is 0.00759...
AMONG = {"non-vacuous": (1, IN_RANGE), "far from rank one": (2, (*IN_RANGE, *FAR))}
"""The least width and number of inputs, and hypotheses, of the networks that are counted."""

ANCHOR = norm(V + h[i] / (c * mu)) <= (2 * B - 1) * eps / (c * mu)
WITHOUT_B = norm(V + h[i] / (c * mu)) <= 2 * eps / (c * mu)


def kind(batch: int, smallest: int = 1) -> NearCriticalTwoLayerReLU:
    """Networks with batches of one size and a sample or two more, at least so wide and with so many inputs."""
    return NearCriticalTwoLayerReLU(
        width=Size(smallest, 4),
        inputs=Size(smallest, 4),
        batch=Size(batch, batch),
        samples=Size(batch + 1, batch + 2),
        regulariser="constant",
    )


@dataclass
class Networks(Tally):
    """A tally that also tells networks apart by what they are: different draws can make the same one."""

    seen: set[int] = field(default_factory=set)

    def take(self, stage: str, part: Any) -> None:
        super().take(stage, part)
        net = part.net
        held = part.admissible.nonzero().flatten()
        if held.numel():
            rows = [getattr(net, letter)[held].flatten(1) for letter in ("V", "u", "b", "x", "y")]
            rows.append(net.mu[held].reshape(-1, 1))
            joined = np.ascontiguousarray(torch().cat(rows, 1).cpu().numpy())
            about = (part.world.sizes, part.world.conventions)
            self.seen |= {hash((about, row.tobytes())) for row in joined}


@dataclass(frozen=True)
class Searched:
    """What a search has seen: distinct networks, and the search itself."""

    networks: int
    search: Search
    seconds: float


def searched(statement: Statement, seed: int, target: int) -> Searched:
    """Search a statement, drawing at most four times as many networks as ``target`` beside the usual stages."""
    effort = replace(EFFORTS["standard"], target=target, lanes=8192, work=2**21, hearings=50_000)
    search = Search(statement, Arena(), effort, seed)
    tally = search.tally = Networks()
    start = perf_counter()
    search.run()
    return Searched(len(tally.seen), search, perf_counter() - start)


def refuted(statement: Statement, seed: int) -> str:
    """The smallest counterexample to a statement, heard once more: the two sides, or what went wrong."""
    search = Search(statement, Arena(), EFFORTS["standard"], seed)
    search.run()
    if search.found is None:
        return "not refuted"
    small = Shrinker(search)(search.found)
    ruling = Court(statement).hear(small.world, small.draws)
    sizes = " ".join(f"{k}={v}" for k, v in small.world.sizes)
    return f"{ruling.ruling} at {sizes}: {ruling.left} > {ruling.right}"


def row(title: str, batch: int, done: Searched) -> tuple[Any, ...]:
    """What a search saw, as a row of the table."""
    tally = done.search.tally
    verdict = "VIOLATED" if done.search.found else f"{tally.unheard + tally.undecided} open"
    return title, batch, done.networks, tally.drawn, tally.accused, tally.acquitted, verdict, done.seconds


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--target", type=int, default=20_000, help="a quarter of the networks drawn for each B")
    asked.add_argument("--far", type=int, default=200_000, help="the same, for networks far from rank one")
    asked.add_argument("--seed", type=int, default=0)
    asked.add_argument("--dry", action="store_true", help="keep no record")
    options = asked.parse_args()
    Arena().prepare()
    before = machine.machine()
    rows, counts = [], dict.fromkeys(GOALS, 0)
    measured: dict[str, Any] = {title: {} for title in GOALS}
    for title, (smallest, premises) in AMONG.items():
        for batch in BATCHES:
            target = options.target if title == "non-vacuous" else options.far
            done = searched(Statement(kind(batch, smallest), premises, ANCHOR), options.seed, target)
            counts[title] += done.networks
            measured[title][str(batch)] = done.networks
            rows.append(row(title, batch, done))
    heads = ("networks", "B", "distinct", "drawn", "accused", "acquitted", "anchor inequality", "seconds")
    machine.table("Networks on which 1/10 <= 2 B eps / (c mu norm(V)) <= 1", heads, rows)
    for title, goal in GOALS.items():
        print(f"{title}: {counts[title]:,} (goal {goal:,})")
    for batch in BATCHES[1:]:
        for title, (smallest, premises) in AMONG.items():
            outcome = refuted(Statement(kind(batch, smallest), premises, WITHOUT_B), options.seed)
            measured[f"without B, {title}, B = {batch}"] = outcome
            print(f"without the factor B, {title}, B = {batch}: {outcome}")
    if not options.dry:
        path = machine.keep("nonvacuous", measured, before)
        print(f"kept in {path.parent.name}/{path.name}")


if __name__ == "__main__":
    main()
