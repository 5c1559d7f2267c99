"""`lakatos compare`: two records, or several."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from reports import history
from reports.compare import MOST_BYTES, compare, to_json, to_markdown
from reports.record import read_record, shown
from reports.renderers import put
from verify.reporting import spare


def compared(paths: Sequence[Path], json_to: str | None, out: str) -> int:
    """Compare the last record with the one before; of more than two, tell the grades over all of them as well.

    Markdown goes to `out` (a file, - for here), JSON to `json_to`; where that is -, it is all that is printed. The exit
    code is 1 where something fails (`Comparison.failures`), else 0.
    """
    for target in (out, json_to or "-"):
        spare(target, *paths)
    records = [read_record(path) for path in paths]
    with shown(" or ".join(map(str, paths))):
        comparison = compare(*records[-2:])
        several = len(records) > 2
        grades = "\n" + history.to_markdown(records) if several else ""
        text = to_markdown(comparison, MOST_BYTES - len(grades.encode())) + grades
        told = to_json(comparison)
        moved = {name: [asdict(moment) for moment in line] for name, line in history.moved(records).items()}
    if several:
        told = json.dumps({**json.loads(told), "history": moved}, indent=1)
    if json_to is not None:
        _put(json_to, told + "\n")
    if json_to != "-" or out != "-":
        _put(out, text)
    return comparison.exit_code


def _put(target: str, text: str) -> None:
    if target == "-":
        sys.stdout.write(text)
    else:
        put(Path(target), text)
