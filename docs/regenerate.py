"""Regenerate what the README and the pages of docs show: the picture of a report, and the output of their claims.

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
PICTURED = [
    "chen2024/theorem-2.*",
    "chen2024/lemma-2.1*",
    "chen2024/rank-one-increments-printed",
    "vapnik1998/*",
    "ledent2025/main-form/*",
]
"""The claims in the picture, some of each sort."""


def first_claim(text: str) -> str:
    """The first Python block of the README."""
    found = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert found is not None
    return found[1]


def examples(page: Path, folder: Path) -> None:
    """Run the commands of a page anew: a text block that begins with "$ lakatos" shows what they print."""
    text = page.read_text()
    for name, code in re.findall(r"`(\w+\.py)`:\n\n```python\n(.*?)```", text, re.DOTALL):
        (folder / name).write_text(code)

    def again(block: re.Match[str]) -> str:
        shown, code = [], 0
        for command in re.findall(r"^\$ (.*)$", block[1], re.MULTILINE):
            shown.append(f"$ {command}")
            if command == "echo $?":
                shown.append(str(code))
                continue
            words = [sys.executable, "-m", "verify", *command.split()[1:]]
            ran = subprocess.run(words, cwd=folder, capture_output=True, text=True)
            shown.append((ran.stdout + ran.stderr).rstrip())
            code = ran.returncode
        return "```text\n" + "\n".join(shown) + "\n```"

    page.write_text(re.sub(r"```text\n(\$ lakatos .*?)\n```", again, text, flags=re.DOTALL))


def main() -> None:
    """Write docs/report.svg, the README's output block, and the outputs of the pages of docs."""
    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder) / "record.jsonl"
        check = [sys.executable, "-m", "verify", "check", *PICTURED, "--json", str(record), "--out", f"{folder}/out"]
        subprocess.run(check, cwd=folder, check=True, capture_output=True)
        console = Console(record=True, width=COLUMNS, file=io.StringIO())
        terminal.render(read_record(record), console, details=0)
        drawn = console.export_svg(title="lakatos check, a part of the catalogue")
        # The picture needs nothing from the network: without the fonts' addresses it takes any monospaced one.
        (ROOT / "docs" / "report.svg").write_text(re.sub(r"@font-face\s*\{.*?\}", "", drawn, flags=re.DOTALL))
        text = README.read_text()
        Path(folder, "draft.py").write_text(first_claim(text))
        draft = [sys.executable, "-m", "verify", "check", "draft.py"]
        shown = subprocess.run(draft, cwd=folder, check=True, capture_output=True, text=True).stdout.rstrip()
        for page in ("claims.md", "bounds.md"):
            examples(ROOT / "docs" / page, Path(folder))
        block = r"(<!-- output: lakatos check draft.py -->\n```text\n).*?(```)"
        README.write_text(re.sub(block, lambda m: f"{m[1]}{shown}\n{m[2]}", text, flags=re.DOTALL))


if __name__ == "__main__":
    main()
