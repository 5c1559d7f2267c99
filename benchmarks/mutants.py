"""Every author's mutant, unfed, over ten seeds: is it refuted, at which stage, and how small is the witness?

    python benchmarks/mutants.py [--seeds 10] [CLAIM-GLOB]

Prints one line per mutant: seeds that refuted it, stages, and the largest witness over the seeds (inputs + width +
samples, then non-zero draws).
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from fnmatch import fnmatch

from verify import catalogue
from verify.arena import Arena
from verify.claims import claims
from verify.efforts import EFFORTS
from verify.search import Search
from verify.shrink import Shrinker


def main() -> None:
    """Hunt all mutants and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("glob", nargs="?", default="*")
    parser.add_argument("--seeds", type=int, default=10)
    asked = parser.parse_args()
    catalogue.load_all()
    arena = Arena()
    arena.prepare()
    for claim in claims().values():
        if not fnmatch(claim.id, asked.glob):
            continue
        refutable = [(m.name, m.statement) for m in claim.mutants]
        if claim.expects.name == "REFUTED":
            refutable.append(("(the claim itself)", claim.statement))
        for name, statement in refutable:
            stages: Counter[str] = Counter()
            largest: tuple[int, int] = (0, 0)
            slowest = 0.0
            for seed in range(asked.seeds):
                search = Search(statement, arena, EFFORTS["quick"], seed)
                search.run()
                if search.found is None:
                    stages["SURVIVED"] += 1
                    continue
                stages[search.found.stage] += 1
                started = time.perf_counter()
                small = Shrinker(search)(search.found)
                slowest = max(slowest, time.perf_counter() - started)
                sizes = dict(small.world.sizes)
                nonzero = sum(int((d.values != 0).sum()) for d in small.draws.values())
                largest = max(largest, (sum(v for k, v in sizes.items() if k != "B"), nonzero))
            dead = asked.seeds - stages["SURVIVED"]
            found = ", ".join(f"{k} {v}" for k, v in stages.most_common())
            print(
                f"{dead:>3}/{asked.seeds}  {claim.id:<40} {name:<52} {found:<30} "
                f"size {largest[0]}, {largest[1]} non-zero, shrunk in {slowest:.2f} s",
                flush=True,
            )


if __name__ == "__main__":
    main()
