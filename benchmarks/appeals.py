"""Milliseconds of an appeal in exact arithmetic, and seconds to shrink a counterexample."""

from __future__ import annotations

import argparse
import cProfile
import pstats
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any

import machine
from sympy import Eq

from properties.worlds.critical import CriticalTwoLayerReLU
from properties.worlds.networks import TwoLayerReLU
from symbolic import greatest, least, mean, norm, rank, vanishes
from symbolic.papers.weight_decay import A, B, G, N, S, V, V_next, c, eps, eta, g, i, j, mu_batch, q, u, x
from verify.appeal import Court
from verify.arena import Arena
from verify.claims import Statement
from verify.draws import Draw
from verify.efforts import EFFORTS
from verify.search import Search, lane_draws
from verify.shrink import Shrinker
from verify.worlds import Size, World

ARENA = Arena()
SIZES = {"m": 6, "n": 8, "N": 8, "B": 3}, {"m": 6, "n": 8, "N": 32, "B": 4}
GOALS = {8: 50.0, 32: 500.0}


def kinds(sizes: dict[str, int]) -> dict[str, Any]:
    """Open sizes of a kind, closed to these."""
    names = TwoLayerReLU.letters
    return {names[letter]: Size(size, size) for letter, size in sizes.items()}


@dataclass(frozen=True)
class Appeal:
    """One appeal to time: a statement, and a network that it is about."""

    title: str
    goal: float
    statement: Statement
    world: World
    draws: dict[str, Draw]

    def hear(self) -> None:
        """What is timed: a new hearing, from the draws."""
        ruling = Court(self.statement).hear(self.world, self.draws)
        if ruling.ruling != "acquitted":
            raise SystemExit(f"{self.title}: {ruling.ruling} {ruling.premise}, so its time means nothing")


def appeals() -> list[Appeal]:
    """Both statements at both sizes, each about a random network of its kind."""
    made = []
    for sizes in SIZES:
        critical, general = CriticalTwoLayerReLU(**kinds(sizes)), TwoLayerReLU(**kinds(sizes))
        for title, statement in {
            "vanishes(G[S]) => rank(V) <= 1": Statement(critical, (vanishes(G[S]),), rank(V) <= 1),
            "G[S] = mean(q[j], j in S)": Statement(general, (), Eq(G[S], mean(q[j], j, S))),
        }.items():
            search = Search(statement, ARENA, EFFORTS["quick"], 0)
            world = search.world(sizes, conventions={"s": "1/2"})
            (judged,) = search.screen.lanes(world, 0, 1)
            shown = ", ".join(f"{k} = {v}" for k, v in sizes.items())
            draws = lane_draws(judged.net, 0)
            made.append(Appeal(f"{title}  ({shown})", GOALS[sizes["N"]], statement, world, draws))
    return made


def mutants() -> dict[str, Statement]:
    """False statements, whose counterexamples are to be shrunk."""
    general, critical = TwoLayerReLU(), CriticalTwoLayerReLU()
    some_decay, zero = g[i] > 0, vanishes(G[S])
    return {
        "the mean of gradients has rank one": Statement(general, (), rank(mean(A[j], j, S)) <= 1),
        "no activation pattern": Statement(general, (), Eq(A[i], u.T * x[i].T)),
        "a step has rank B": Statement(general, (B < N,), rank(V_next[S] - (1 + eta * c * mu_batch[S]) * V) <= B),
        "eps is the least norm": Statement(general, (), Eq(eps, least(norm(G[S]), S))),
        "eps is the mean norm": Statement(general, (B < N,), Eq(eps, mean(norm(G[S]), S))),
        "eps is below half the norm of V": Statement(general, (), greatest(norm(G[S]), S) <= norm(V) / 2),
        "V vanishes": Statement(critical, (B < N, c > 0, some_decay, zero), rank(V) <= 0),
        "the whole sample is a batch": Statement(critical, (c > 0, some_decay, zero), rank(V) <= 1),
    }


def shrinking(runs: int) -> list[tuple[str, float, float, float, str]]:
    """For each mutant: seconds to shrink what searches with several seeds found, and what was left."""
    rows = []
    for title, statement in mutants().items():
        seconds, left = [], ""
        for seed in range(runs):
            search = Search(statement, ARENA, EFFORTS["quick"], seed)
            search.run()
            if search.found is None:
                continue
            start = perf_counter()
            small = Shrinker(search)(search.found)
            seconds.append(perf_counter() - start)
            left = " ".join(f"{k}={v}" for k, v in small.world.sizes)
        if seconds:
            rows.append((title, median(seconds), min(seconds), max(seconds), left))
        else:
            rows.append((title, float("nan"), float("nan"), float("nan"), "not found"))
    return rows


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--runs", type=int, default=7, help="times that each appeal is heard (default 7)")
    asked.add_argument("--seeds", type=int, default=3, help="counterexamples shrunk of each mutant (default 3)")
    asked.add_argument("--threads", type=int, help="threads of torch (default: its own choice)")
    asked.add_argument("--profile", action="store_true", help="show where the slowest appeal spends its time")
    asked.add_argument("--dry", action="store_true", help="keep no record")
    options = asked.parse_args()
    machine.threads(options.threads)
    before = machine.machine()
    cases = appeals()
    heard = {case.title: machine.timed(case.hear, options.runs) for case in cases}
    rows = [(k.title, *(1e3 * heard[k.title][n] for n in ("median", "least", "largest")), k.goal) for k in cases]
    machine.table("Appeals, milliseconds", ("statement", "median", "least", "largest", "goal"), rows)
    if options.profile:
        slowest = max(cases, key=lambda k: heard[k.title]["median"])
        watch = cProfile.Profile()
        watch.runcall(slowest.hear)
        print(slowest.title)
        pstats.Stats(watch).sort_stats("tottime").print_stats(15)
    shrunk = shrinking(options.seeds)
    heads = ("mutant", "median", "least", "largest", "smallest world")
    machine.table("Shrinking, seconds (goal 2)", heads, list(shrunk))
    if not options.dry:
        found = {title: middle for title, middle, *_ in shrunk if middle == middle}
        path = machine.keep("appeals", {"seconds_per_appeal": heard, "seconds_to_shrink": found}, before)
        print(f"kept in {path.parent.name}/{path.name}")


if __name__ == "__main__":
    main()
