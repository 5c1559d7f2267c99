"""Records that cannot be read, forms that fail, files that cannot be written: one sentence each, and no traceback."""

import errno
import importlib.util
import json
import os
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


def test_a_file_without_room_is_named_and_no_part_of_it_stays(
    report: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Path.write_text

    def cut(path: Path, text: str, **options: Any) -> int:
        if "junit" not in path.name:
            return whole(path, text, **options)
        whole(path, text[:100], **options)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_text", cut)
    data = bytes_of(lines_of())
    ended = report(data, "--all", "-o", "out")
    assert (ended.code, len(ended.out.splitlines())) == (1, len(FORMS) - 1)
    told = "out/junit.xml cannot be written (no space left on device)"
    assert ended.err == f"lakatos: {told}; make room there, or give another folder with --out.\n"
    assert len(list(Path("out").iterdir())) == len(FORMS) - 1
    for option in ("--junit", ""):
        ended = report(data, option, "-o", "junit.out")
        assert (ended.code, ended.out) == (2, "")
        assert ended.err.startswith("lakatos: junit.out: No space left on device; ")
        assert not Path("junit.out").exists()


def test_an_earlier_record_that_cannot_be_shown_is_named(report: Callable[..., Any]) -> None:
    """A newer one, of which no more than the keys is known."""
    run, *rest = lines_of(lemma_2_2={"grade": "SUPERB"})
    Path("old.jsonl").write_bytes(bytes_of([{**run, "schema": "1.9"}, *rest]))
    Path("older.jsonl").write_bytes(bytes_of([{**run, "schema": "1.9", "started": 7}, *rest]))
    for files in (["old.jsonl"], ["old.jsonl", "older.jsonl"]):
        ended = report(bytes_of(lines_of()), "--html", *(part for file in files for part in ("--history", file)))
        assert (ended.code, ended.out) == (2, "")
        assert "old.jsonl" in ended.err.partition("has a field that cannot be shown (")[0]
        assert ended.err.count("\n") == 1


def test_no_report_replaces_a_record(report: Callable[..., Any], lakatos: Callable[..., Any]) -> None:
    data = bytes_of(lines_of())
    Path("old.jsonl").write_bytes(data)
    for ended in (
        report(data, "--html", "-o", "r.jsonl"),
        report(data, "-o", "./r.jsonl"),
        report(data, "--html", "--history", "old.jsonl", "-o", "old.jsonl"),
        lakatos("compare", "old.jsonl", "r.jsonl", "-o", "r.jsonl"),
        lakatos("compare", "old.jsonl", "r.jsonl", "--json", "old.jsonl"),
    ):
        assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
        assert "would be lost; give another file with --out." in ended.err
    assert Path("r.jsonl").read_bytes() == Path("old.jsonl").read_bytes() == data


def test_evidence_and_a_form_are_asked_for_one_by_one(report: Callable[..., Any]) -> None:
    ended = report(bytes_of(lines_of()), "--html", "--junit", "--evidence", "*", "-o", "out")
    told = "--evidence writes folders of its own; ask for --html and --junit in another command."
    assert (ended.code, ended.out, ended.err) == (2, "", f"lakatos: {told}\n")
    assert not Path("out").exists()
