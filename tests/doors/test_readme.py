"""The README's first claim runs as printed, in at most fifteen lines."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def test_the_first_claim_runs_as_printed(lakatos: Callable[..., Any], tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text()
    found = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert found is not None
    assert len(found[1].strip().splitlines()) <= 15
    (tmp_path / "draft.py").write_text(found[1])
    ended = lakatos("check", "draft.py")
    assert ended.code == 0, ended
    assert "PROVED" in ended.out
    assert "draft/gradient-rank" in ended.out


def test_the_commands_of_ci_are_those_of_the_readme() -> None:
    text = (ROOT / "README.md").read_text()
    command = "pip install -c constraints.txt -e '.[all,dev]' && pytest"
    assert command in text
    assert command in (ROOT / ".ci" / "run").read_text()
