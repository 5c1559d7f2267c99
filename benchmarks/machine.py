"""What a benchmark was measured on, tables for the terminal, and the file that keeps the numbers."""

from __future__ import annotations

import json
import os
import platform
import re
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from verify.settings import versions

RECORDS = Path(__file__).resolve().parent / "records"


def processor() -> str:
    """The model name of the processor, without a host's name."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        text = ""
    named = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return " ".join(named[1].split()) if named else platform.processor() or platform.machine()


def machine() -> dict[str, Any]:
    """Processor, cores, system, and how busy the machine was with other things."""
    import torch

    try:
        busy: float | None = round(os.getloadavg()[0], 1)
    except OSError:
        busy = None
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "torch_threads": torch.get_num_threads(),
        "system": f"{platform.system()} {platform.machine()}",
        "load_before": busy,
    }


def threads(count: int | None) -> None:
    """Let torch use so many threads; on a machine that is busy with other things, 1 is often the fastest."""
    import torch

    if count is not None:
        torch.set_num_threads(count)


def timed(work: Callable[[], Any], runs: int) -> dict[str, float]:
    """Seconds of several runs after one that is not counted: the median, the least and the largest."""
    work()
    seconds = []
    for _ in range(runs):
        start = perf_counter()
        work()
        seconds.append(perf_counter() - start)
    return {"median": median(seconds), "least": min(seconds), "largest": max(seconds), "runs": runs}


def keep(name: str, measured: dict[str, Any], before: dict[str, Any]) -> Path:
    """Add the numbers of one benchmark to this machine's record of today."""
    slug = re.sub(r"[^a-z0-9]+", "-", re.sub(r"\([^)]*\)", "", before["processor"].lower())).strip("-")
    path = RECORDS / f"{slug}-{before['cores']}-cores-{date.today().isoformat()}.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    known[name] = {"machine": before, "versions": versions(), **measured}
    RECORDS.mkdir(exist_ok=True)
    path.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    return path


def table(title: str, heads: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    """Print a table: text to the left, numbers to the right."""
    shown = Table(title=escape(title), title_justify="left")
    for place, head in enumerate(heads):
        shown.add_column(head, justify="left" if place == 0 else "right", overflow="fold")
    for row in rows:
        shown.add_row(*(escape(_number(value)) for value in row))
    Console(width=None if sys.stdout.isatty() else 120).print(shown)


def _number(value: Any) -> str:
    if not isinstance(value, float):
        return str(value)
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"
