"""What a run is asked to do, and its clock."""

from __future__ import annotations

import platform
import sys
import time
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

from verify.arena import Arena
from verify.efforts import EFFORTS, Effort
from verify.search import OutOfTime

PACKAGES = ("lakatos", "torch", "sympy", "numpy", "scipy", "hypothesis", "python-flint", "mpmath")


@dataclass(frozen=True)
class Settings:
    """How hard, where and with which seed claims are judged; ``out`` is where new witnesses go, None for nowhere."""

    effort: Effort = EFFORTS["quick"]
    seed: int = 0
    arenas: tuple[Arena, ...] = ()
    budget: float | None = None
    out: Path | None = None
    ablate: bool = False
    fed: bool = True  # replay stored witnesses before searching
    sharpen: bool = False
    started: float = field(default_factory=time.monotonic)

    def tick(self) -> None:
        """Raise OutOfTime when the budget is spent."""
        if self.budget is not None and time.monotonic() - self.started > self.budget:
            raise OutOfTime


def versions() -> dict[str, str]:
    """The versions that a record and a witness name."""
    return dict(_versions())


@lru_cache(maxsize=1)
def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def commit(folder: Path) -> str | None:
    """The git commit of a folder that is the root of a clone, or None."""
    import subprocess

    if not (folder / ".git").exists():
        return None
    try:
        made = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=folder, capture_output=True, text=True, timeout=5, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return made.stdout.strip() or None if made.returncode == 0 else None


def command_line() -> str:
    """The command as the user typed it, without the program's path."""
    return " ".join(["lakatos", *sys.argv[1:]])


def describe(arenas: tuple[Arena, ...]) -> list[dict[str, Any]]:
    """One line per device for the record, dtypes joined."""
    lines: dict[str, dict[str, Any]] = {}
    for arena in arenas:
        arena.prepare()
        line = lines.setdefault(arena.device, arena.describe())
        line["dtypes"] = sorted({*line["dtypes"], arena.dtype})
    return list(lines.values())
