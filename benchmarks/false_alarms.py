"""Every true claim over a million distinct admissible networks: are there accusations, and is any upheld?

    python benchmarks/false_alarms.py [--dtype float32] [--target 1000000] [CLAIM-GLOB]

Prints one line per claim: networks, accusations, acquittals, unheard, refutations, and seconds.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from fnmatch import fnmatch

from verify import catalogue
from verify.arena import DTYPES, Arena
from verify.claims import claims
from verify.efforts import EFFORTS
from verify.search import Search


def main() -> None:
    """Search all claims that expect no refutation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("glob", nargs="?", default="*")
    parser.add_argument("--dtype", choices=DTYPES, default="float64")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--target", type=int, default=1_000_000)
    asked = parser.parse_args()
    catalogue.load_all()
    arena = Arena(asked.device, asked.dtype)
    arena.prepare()
    effort = replace(EFFORTS["standard"], corner=1024, lanes=8192, target=asked.target, work=2**21, hearings=50_000)
    for claim in claims().values():
        if not fnmatch(claim.id, asked.glob) or claim.expects.name == "REFUTED":
            continue
        started = time.perf_counter()
        search = Search(claim.statement, arena, effort, 0)
        tally = search.run()
        print(
            f"{claim.id:<42} {arena.dtype} {tally.distinct:>9,} distinct of {tally.drawn:>9,} drawn, "
            f"{tally.exact / max(1, tally.admissible):.0%} exact, {tally.accused} accused, "
            f"{tally.acquitted} acquitted, "
            f"{tally.undecided} undecided, {tally.unheard} unheard, {len(tally.corners)} corners, "
            f"{'REFUTED' if search.found else 'not refuted'}, {time.perf_counter() - started:.0f} s",
            flush=True,
        )


if __name__ == "__main__":
    main()
