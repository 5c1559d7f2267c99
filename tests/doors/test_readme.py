"""The README's first claim runs as printed, in at most fifteen lines; shown outputs are what commands print."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

from verify.claims import claims, forget

ROOT = Path(__file__).resolve().parents[2]
VARIES = {
    r"\d+\.\d+ s\b": "T s",
    r'time="[\d.]+"': 'time="T"',
    r"\b\d{4}-\d\d-\d\d( \d\d:\d\d)?": "DATE",
    r"(, commit)? [0-9a-f]{12}\b": "",
    r"\b[\d.]+k\b": "COUNT",
    r" +": " ",
}
"""What depends on machine, day and version: times, dates, commits, counts of networks, and with them columns."""


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


def _regenerate() -> Any:
    spec = spec_from_file_location("regenerate", ROOT / "docs" / "regenerate.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _lasting(text: str) -> list[str]:
    for pattern, word in VARIES.items():
        text = re.sub(pattern, word, text)
    return text.splitlines()


@pytest.mark.parametrize("page", ["README.md", "docs/reports.md", "docs/reproduce.md"])
def test_shown_outputs_are_what_the_commands_print(
    lakatos: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    regenerate = _regenerate()
    text = (ROOT / page).read_text()
    monkeypatch.setenv("COLUMNS", "80")

    def run(arguments: Sequence[str]) -> tuple[str, int]:
        for file in {claim.file for claim in claims().values() if claim.file.startswith(str(tmp_path))}:
            forget(file)
        ended = lakatos(*arguments)
        return ended.out + ended.err, ended.code

    if page == "README.md":
        (tmp_path / "draft.py").write_text(regenerate.first_claim(text))
    assert _lasting(regenerate.renewed(text, tmp_path, run)) == _lasting(text)


def test_every_form_is_told_of() -> None:
    from reports.renderers import FORMS

    text = (ROOT / "docs" / "reports.md").read_text()
    assert [form.name for form in FORMS if f"--{form.name}" not in text] == []


def test_the_steps_shown_are_those_of_the_workflow() -> None:
    block = re.search(r"```yaml\n(.*?)```", (ROOT / "docs" / "reports.md").read_text(), re.DOTALL)
    assert block is not None
    workflow = (ROOT / ".github" / "workflows" / "cpu.yml").read_text()
    shown = [line.strip() for line in block[1].splitlines() if not line.lstrip().startswith(("- if", "- run"))]
    assert [line for line in shown if line not in workflow] == []


def test_links_between_pages_lead_somewhere() -> None:
    page = ROOT / "docs" / "reports.md"
    text = page.read_text()
    headings = {heading.lower().replace(" ", "-") for heading in re.findall(r"^## ([\w ]+)$", text, re.MULTILINE)}
    for target in re.findall(r"\]\(([^)]+)\)", text):
        path, _, anchor = target.partition("#")
        assert (page.parent / path).exists() if path else anchor in headings, target
