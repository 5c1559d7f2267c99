"""Records that cannot be read, forms that fail, files that cannot be written: one sentence each, and no traceback."""

import importlib.util
import json
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reports import junit, sarif
from reports.renderers import FORMS

FOUL = runpy.run_path(str(Path(__file__).parents[1] / "foul_records.py"))
lines_of, bytes_of = FOUL["lines_of"], FOUL["bytes_of"]
OPTIONS = ("--junit", "--sarif", "--annotations", "--summary", "")
"""The forms that are tested here; the last one is the terminal."""


@pytest.fixture
def report(lakatos: Callable[..., Any]) -> Callable[..., Any]:
    """Report on a file with these bytes."""

    def run(data: bytes, *options: str) -> Any:
        Path("r.jsonl").write_bytes(data)
        return lakatos("report", "r.jsonl", *filter(None, options))

    return run


@pytest.mark.parametrize("option", OPTIONS)
def test_a_record_that_breaks_off_is_reported(report: Callable[..., Any], option: str) -> None:
    ended = report(bytes_of(lines_of()[:3])[:-40], option)
    assert (ended.code, ended.err) == (0, "")
    assert "4 of 5 claims have no verdict" in " ".join(ended.out.split())


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "r.jsonl has no complete run line"),
        (
            b'{"name": "lakatos", "version": 3}\n',
            'r.jsonl, line 1: the line is no object of "type" run, verdict or end',
        ),
        (b"\x89PNG\r\n\x1a\n\x00\n", "r.jsonl, line 1: the line is not JSON"),
        (bytes_of(lines_of(lemma_2_2={"grade": "SUPERB"})), "r.jsonl, line 2: in grade, 'SUPERB' is not one of"),
    ],
)
def test_what_is_no_record_is_told_in_one_sentence(
    report: Callable[..., Any], option: str, data: bytes, sentence: str
) -> None:
    ended = report(data, option)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"lakatos: {sentence}")
    assert (ended.err.count("\n"), ended.err[-2:]) == (1, ".\n")


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize(
    ("changes", "everywhere"),
    [
        ({"grade": "SUPERB"}, True),
        ({"witness": {"sides": 7}}, True),
        ({"mutants": [{}]}, True),
        ({"seconds": "long"}, False),
        ({"tightness": {"worst": "x"}}, False),
    ],
)
def test_a_field_of_a_wrong_shape_is_told_where_no_schema_is_checked(
    report: Callable[..., Any],
    option: str,
    changes: dict[str, Any],
    everywhere: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A form that does not show the field does not miss it."""
    find_spec = importlib.util.find_spec
    absent = {"jsonschema"}
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *p: None if name in absent else find_spec(name, *p))
    fields = {"grade": "REFUTED", "expects": "TESTED", "as_expected": False, **changes}
    ended = report(bytes_of(lines_of(lemma_2_2=fields)), option)
    if ended.code or everywhere or option in ("", "--junit"):
        assert ended.code == 2
        assert ended.err.startswith("lakatos: r.jsonl has a field that cannot be shown (")
        assert ended.err.count("\n") == 1


def test_a_form_that_fails_does_not_stop_the_others(
    report: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> str:
        raise RuntimeError("first line\nsecond line")

    def miss(*_: Any) -> str:
        raise KeyError("grade")

    monkeypatch.setattr(junit, "render", fail)
    monkeypatch.setattr(sarif, "render", miss)
    Path("out/summary.md").mkdir(parents=True)
    ended = report(bytes_of(lines_of()), "--all", "-o", "out")
    assert ended.code == 1
    told = ended.err.splitlines()
    assert [line for line in told if "--junit" in line] == [
        "lakatos: --junit failed on r.jsonl (RuntimeError: first line); report it with the record."
    ]
    assert any(
        line.startswith("lakatos: r.jsonl has a field that cannot be shown (KeyError: 'grade')") for line in told
    )
    assert any("out/summary.md" in line for line in told)
    assert all(line.startswith("lakatos: ") for line in told)
    written = {path.name for path in Path("out").iterdir() if path.is_file()}
    assert {"report.md", "annotations.txt"} <= written
    assert not {"junit.xml", "report.sarif"} & written
    assert set(ended.out.splitlines()) == {f"out/{name}" for name in written}


@pytest.mark.parametrize("form", [form for form in FORMS if f"--{form.name}" in OPTIONS])
def test_a_form_goes_to_a_file_or_here(report: Callable[..., Any], form: Any) -> None:
    data = bytes_of(lines_of())
    here = report(data, f"--{form.name}")
    assert report(data, f"--{form.name}", "-o", form.file).code == here.code == 0
    assert Path(form.file).read_text(encoding="utf-8") == here.out
    if form.name == "sarif":
        assert json.loads(here.out)["version"] == "2.1.0"
