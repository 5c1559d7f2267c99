"""Regenerate what the README shows: the picture of a report, and the output of its first claim.

Run it from the repository's root: ``python docs/regenerate.py``.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from reports import terminal
from reports.record import read_record

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
COLUMNS = 110


def first_claim(text: str) -> str:
    """The first Python block of the README."""
    found = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert found is not None
    return found[1]


def main() -> None:
    """Write docs/report.svg and the README's output block."""
    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder) / "record.jsonl"
        check = [sys.executable, "-m", "verify", "check", "--json", str(record), "--out", f"{folder}/out"]
        subprocess.run(check, cwd=folder, check=True, capture_output=True)
        console = Console(record=True, width=COLUMNS, file=io.StringIO())
        terminal.render(read_record(record), console, details=0)
        drawn = console.export_svg(title="lakatos check")
        # The picture needs nothing from the network: without the fonts' addresses it takes any monospaced one.
        (ROOT / "docs" / "report.svg").write_text(re.sub(r"@font-face\s*\{.*?\}", "", drawn, flags=re.DOTALL))
        text = README.read_text()
        Path(folder, "draft.py").write_text(first_claim(text))
        draft = [sys.executable, "-m", "verify", "check", "draft.py"]
        shown = subprocess.run(draft, cwd=folder, check=True, capture_output=True, text=True).stdout.rstrip()
        block = r"(<!-- output: lakatos check draft.py -->\n```text\n).*?(```)"
        README.write_text(re.sub(block, lambda m: f"{m[1]}{shown}\n{m[2]}", text, flags=re.DOTALL))


if __name__ == "__main__":
    main()
