"""Every true claim over a million distinct admissible networks: are there accusations, and is any upheld?

    python benchmarks/false_alarms.py [--dtype float32] [--target 1000000] [CLAIM-GLOB ...]

Prints one line per claim and dtype: networks, accusations, acquittals, undecided, unheard, refutations, and seconds;
then, of each dtype, the least number of networks, and the sums. A false alarm is an accusation that is not acquitted.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from fnmatch import fnmatch

from verify import catalogue
from verify.arena import DTYPES, arenas
from verify.claims import claims
from verify.efforts import EFFORTS
from verify.search import Search


def main() -> None:
    """Search all claims that expect no refutation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("globs", nargs="*", default=["*"])
    parser.add_argument("--dtype", choices=(*DTYPES, "all"), default="float64")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--target", type=int, default=1_000_000)
    asked = parser.parse_args()
    catalogue.load_all()
    effort = replace(EFFORTS["standard"], corner=1024, lanes=8192, target=asked.target, work=2**21, hearings=50_000)
    for arena in arenas(asked.device, asked.dtype):
        arena.prepare()
        seen = []
        for claim in claims().values():
            if claim.expects.name == "REFUTED" or not any(fnmatch(claim.id, glob) for glob in asked.globs):
                continue
            started = time.perf_counter()
            search = Search(claim.statement, arena, effort, 0)
            tally = search.run()
            seen.append(tally)
            print(
                f"{claim.id:<52} {arena.dtype} {tally.distinct:>9,} distinct of {tally.drawn:>9,} drawn, "
                f"{tally.exact / max(1, tally.admissible):.0%} exact, {tally.accused} accused, "
                f"{tally.acquitted} acquitted, "
                f"{tally.undecided} undecided, {tally.unheard} unheard, {len(tally.corners)} corners, "
                f"{'REFUTED' if search.found else 'not refuted'}, {time.perf_counter() - started:.0f} s",
                flush=True,
            )
        if seen:
            accused, acquitted = sum(t.accused for t in seen), sum(t.acquitted for t in seen)
            print(
                f"{arena.dtype}: {len(seen)} claims, at least {min(t.distinct for t in seen):,} distinct ones each, "
                f"{accused} accused, {acquitted} acquitted, {sum(t.undecided for t in seen)} undecided, "
                f"{sum(t.unheard for t in seen)} unheard",
                flush=True,
            )


if __name__ == "__main__":
    main()
