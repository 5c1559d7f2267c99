"""Writing the record: JSON Lines, one verdict at a time, so that a run that dies leaves a readable file."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from verify.describe import HOME
from verify.settings import Settings, command_line, commit, describe, versions
from verify.verdict import Verdict

SCHEMA = "1.1"
"""The version of the record's schema, `reports/record.schema.json`: the minor part grows when a key is added."""
RECORD = "record.jsonl"
"""The record of the last run, in the folder that a run writes to."""


@dataclass
class Recorder:
    """Writes a run's lines to files as they come, and keeps them for the reports of this process."""

    targets: list[IO[str]] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)

    def write(self, line: dict[str, Any]) -> None:
        """Append one line, in strict JSON, and let it reach the disk."""
        text = json.dumps(line, allow_nan=False, sort_keys=False)
        self.lines.append(line)
        for target in self.targets:
            target.write(text + "\n")
            target.flush()

    def start(self, settings: Settings, ids: list[str], data: dict[str, Any] | None) -> None:
        """The ``run`` line."""
        self.write(
            {
                "type": "run",
                "schema": SCHEMA,
                "lakatos": versions()["lakatos"],
                "versions": versions(),
                "device": describe(settings.arenas),
                "seed": settings.seed,
                "effort": settings.effort.name,
                "budget_s": settings.budget,
                "commit": commit(HOME),
                "started": datetime.now(UTC).isoformat(timespec="seconds"),
                "command": command_line(),
                "claims": ids,
                "data": data,
            }
        )

    def end(self, verdicts: list[Verdict], code: int, seconds: float, stopped: str | None) -> None:
        """The ``end`` line."""
        grades = Counter(v.grade.name for v in verdicts)
        self.write(
            {
                "type": "end",
                "grades": dict(sorted(grades.items())),
                "unexpected": [v.id for v in verdicts if not v.expected],
                "exit": code,
                "seconds": round(seconds, 1),
                "stopped": stopped,
            }
        )

    def close(self) -> None:
        """Close the files that were opened for the run."""
        for target in self.targets:
            if target is not sys.stdout:
                target.close()


def finished(path: Path) -> dict[str, dict[str, Any]]:
    """The verdict lines of an earlier record, by id; lines that are not whole, or not verdicts, are passed over."""
    lines: dict[str, dict[str, Any]] = {}
    if path.is_file():
        for text in path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                line = json.loads(text)
                verdict = Verdict.from_json(line)
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                continue
            whole = isinstance(verdict.id, str) and isinstance(line.get("statement"), dict)
            if whole and line.get("type") == "verdict":
                lines[verdict.id] = line
    return lines
