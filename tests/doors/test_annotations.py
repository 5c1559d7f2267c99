"""GitHub workflow commands: only what needs a person, worst first, escaped, and no more than GitHub shows."""

import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from reports.annotations import render

FOUL = runpy.run_path(str(Path(__file__).parents[1] / "foul_records.py"))
lines_of, record_of, many = (FOUL[name] for name in ("lines_of", "record_of", "many"))
SURVIVED = [{"by": "author", "refuted": False, "proved": False, "name": "half", "statement": "s", "witness": None}]
SURVIVED[0]["effort"] = {"stage": "tiny", "lanes": 1}


def commands(lines: list[dict[str, Any]]) -> list[tuple[str, dict[str, str], str]]:
    """The commands as GitHub's runner reads them: the level, the properties, the message."""
    found = []
    for line in render(record_of(lines)).splitlines():
        level, given, message = re.fullmatch(r"::(error|warning) ([^:]*)::(.*)", line).groups()  # type: ignore[union-attr]
        properties = dict(one.split("=", 1) for one in given.split(","))
        for code, character in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
            properties = {name: value.replace(code, character) for name, value in properties.items()}
            message = message.replace(code, character)
        found.append((level, properties, message))
    return found


def test_what_is_not_as_expected_is_an_error_at_its_line() -> None:
    assert commands(lines_of()) == [
        (
            "error",
            {"file": "draft.py", "line": "7", "title": "draft/aligned-rows: inconclusive"},
            "INCONCLUSIVE, TESTED expected: The search has not shown that it can find: "
            'the mutant "cosine at least 0.9" survived\n'
            "Two rows of V that share a sign pattern have cosine at least one half.\n"
            "lakatos show draft/aligned-rows draft.py",
        )
    ]


def test_doubts_and_survivors_are_warnings_and_what_is_as_expected_is_nothing() -> None:
    fine = {"grade": "TESTED", "as_expected": True, "mutants": []}
    *lines, end = lines_of(aligned_rows=fine)
    fine_end = {**end, "exit": 0, "unexpected": []}
    assert render(record_of([*lines, fine_end])) == ""
    *lines, _ = lines_of(aligned_rows={"as_expected": True, "expects": "INCONCLUSIVE"}, lemma_2_2={"mutants": SURVIVED})
    told = commands([*lines, fine_end])
    assert [(level, properties["title"]) for level, properties, _ in told] == [
        ("warning", "draft/aligned-rows: inconclusive"),
        ("warning", "chen2024/lemma-2.2: a mutant survived"),
    ]
    assert told[1][2].startswith("PROVED: ")
    assert "; not caught: half\n" in told[1][2]


def test_the_worst_is_first() -> None:
    lines = lines_of(
        lemma_2_2={"grade": "TESTED", "as_expected": False},
        batch_rank={"error": "ValueError: no", "as_expected": False, "grade": "INCONCLUSIVE"},
        batch_rank_printed={"expects": "TESTED", "as_expected": False},
    )
    assert [properties["title"].split(": ")[1] for _, properties, _ in commands(lines)] == [
        "refuted",
        "own code raised",
        "not as expected",
        "inconclusive",
    ]


def test_ten_of_a_level_are_written_and_the_tenth_tells_of_the_rest() -> None:
    def worse(number: int, verdict: dict[str, Any]) -> None:
        if number % 2:
            verdict.update(as_expected=False, grade="TESTED", expects="PROVED")
        else:
            verdict.update(as_expected=True, grade="INCONCLUSIVE", expects="INCONCLUSIVE")

    for count in (20, 21, 22):
        told = commands(many(count, worse))
        errors = [properties["title"] for level, properties, _ in told if level == "error"]
        warnings = [properties["title"] for level, properties, _ in told if level == "warning"]
        assert (len(errors), len(warnings)) == (10, 10)
        assert errors[-1] == ("2 more" if count == 22 else errors[-1])
        assert warnings[-1] == ("2 more" if count > 20 else warnings[-1])
        assert [level for level, _, _ in told] == ["error"] * 10 + ["warning"] * 10


@pytest.mark.parametrize(("code", "level"), [(3, "error"), (4, "error"), (130, "warning")])
def test_how_a_run_ended_is_told(code: int, level: str) -> None:
    *lines, end = lines_of(aligned_rows={"grade": "TESTED", "as_expected": True, "mutants": []})
    told = commands([*lines[:-1], {**end, "exit": code, "stopped": "interrupted" if code == 130 else None}])
    assert told[0][0] == level
    assert told[-1][:2] == ("warning", {"title": "no verdict"})
    assert told[-1][2].endswith("1 of 5 claims has no verdict.\nexample2024/batch-rank-printed")


def test_no_text_is_a_command() -> None:
    told = commands(FOUL["foul"]())
    assert [level for level, _, _ in told] == ["error", "error"]
    assert all(set(properties) == {"file", "line", "title"} for _, properties, _ in told)
    assert told[0][2].count("\n") == 2
    assert "50%, a: b" in commands(lines_of(aligned_rows={"reason": "50%, a: b"}))[0][2]
