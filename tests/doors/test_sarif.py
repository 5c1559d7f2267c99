"""SARIF: levels, places, fingerprints that stay, and agreement with the schema."""

import importlib
import json
import runpy
from pathlib import Path
from typing import Any

import pytest

from reports.record import Record
from reports.sarif import FINGERPRINT, render

TESTS = Path(__file__).parents[1]
FOUL = runpy.run_path(str(TESTS / "foul_records.py"))
lines_of, record_of, DRAFT, PRINTED, PROVED = (FOUL[n] for n in ("lines_of", "record_of", "DRAFT", "PRINTED", "PROVED"))
SCHEMA = json.loads((TESTS / "schemas" / "sarif-2.1.0.json").read_text(encoding="utf-8"))


def checked(record: Record) -> dict[str, Any]:
    """The one run, after the schema has taken the file; each result's rule is where it says."""
    jsonschema = importlib.import_module("jsonschema")
    text = render(record)
    assert text.isascii()
    log = json.loads(text)
    jsonschema.Draft4Validator.check_schema(SCHEMA)
    jsonschema.Draft4Validator(SCHEMA).validate(log)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [r["ruleId"] for r in run["results"]]
    assert len({rule["id"] for rule in rules}) == len(rules) == len(run["results"])
    return run


def result_of(run: dict[str, Any], claim: str) -> dict[str, Any]:
    (result,) = [result for result in run["results"] if result["ruleId"] == claim]
    return result


def levels(**changes: dict[str, Any]) -> dict[str, str]:
    return {result["ruleId"]: result["level"] for result in checked(record_of(lines_of(**changes)))["results"]}


def test_levels() -> None:
    assert levels() == {DRAFT: "warning", PRINTED: "note"}
    assert levels(batch_rank_printed={"expects": "TESTED", "as_expected": False})[PRINTED] == "error"
    assert levels(lemma_2_2={"grade": "TESTED", "as_expected": False})[PROVED] == "error"
    assert levels(aligned_rows={"error": "ValueError: no"})[DRAFT] == "error"
    survivor = {"by": "author", "refuted": False, "proved": False, "name": "one", "statement": "s", "witness": None}
    effort = {"stage": "tiny", "lanes": 1}
    assert levels(lemma_2_2={"mutants": [{**survivor, "effort": effort}]})[PROVED] == "warning"
    assert PROVED not in levels(lemma_2_2={"mutants": [{**survivor, "effort": effort, "by": "engine"}]})


def test_a_result_points_at_the_line_and_has_the_witness() -> None:
    run = checked(record_of(lines_of()))
    result = result_of(run, PRINTED)
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "properties/weight_decay/example.py", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 18}
    assert result["message"]["text"] == (
        "The gradient of any batch has rank at most one. "
        "REFUTED, as expected: rank(G[S]) <= 1 fails: 2 against 1 at m=2 n=2 N=2 B=2, 8 nonzero draws. "
        "Replay it with: lakatos replay properties/witnesses/example2024-batch-rank-printed.json"
    )
    assert result["properties"]["witness"] == {
        "sentence": "rank(G[S]) <= 1",
        "sides": ["2", "1"],
        "at": "m=2 n=2 N=2 B=2, 8 nonzero draws",
        "kink": False,
        "file": "properties/witnesses/example2024-batch-rank-printed.json",
        "replay": "lakatos replay properties/witnesses/example2024-batch-rank-printed.json",
    }
    (rule,) = [rule for rule in run["tool"]["driver"]["rules"] if rule["id"] == PRINTED]
    assert rule["shortDescription"] == {"text": "The gradient of any batch has rank at most one."}
    assert (
        "Source: Example 2024, Proposition 3 (printed)\nIts repair: example2024/batch-rank, TESTED"
        in rule["help"]["text"]
    )
    assert "Show it with: lakatos show draft/aligned-rows draft.py" in result_of(run, DRAFT)["message"]["text"]


@pytest.mark.parametrize(
    ("file", "location"),
    [
        ("a b/ü%.py", {"uri": "a%20b/%C3%BC%25.py", "uriBaseId": "%SRCROOT%"}),
        ("sub\\draft.py", {"uri": "sub/draft.py", "uriBaseId": "%SRCROOT%"}),
        ("/home/me/a b.py", {"uri": "file:///home/me/a%20b.py"}),
        ("C:\\me\\a.py", {"uri": "file:///C:/me/a.py"}),
    ],
)
def test_files_of_the_repository_are_relative_and_others_are_uris(file: str, location: dict[str, str]) -> None:
    run = checked(record_of(lines_of(aligned_rows={"file": file, "line": 0})))
    place = result_of(run, DRAFT)["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"], place["region"]) == (location, {"startLine": 1})


def test_a_fingerprint_follows_the_claim_and_its_statement_alone() -> None:
    def print_of(**fields: Any) -> str:
        run = checked(record_of(lines_of(aligned_rows=fields)))
        return str(result_of(run, DRAFT)["partialFingerprints"][FINGERPRINT])

    own = print_of()
    assert own == print_of(line=99, seconds=7.5, reason="another", file="moved.py", error="ValueError: no")
    (statement,) = [line["statement"] for line in FOUL["LINES"] if line.get("id") == DRAFT]
    assert own != print_of(statement={**statement, "hash": "0" * 16})


def test_the_invocation_tells_how_the_run_ended() -> None:
    run = checked(record_of(lines_of()))
    assert run["invocations"] == [
        {
            "commandLine": "lakatos check",
            "startTimeUtc": "2026-01-15T09:30:00Z",
            "endTimeUtc": "2026-01-15T09:30:30Z",
            "exitCode": 1,
            "exitCodeDescription": "a claim is refuted or below what it expects",
            "executionSuccessful": True,
            "toolExecutionNotifications": [],
        }
    ]
    assert run["tool"]["driver"]["version"] == "0.1.0"
    assert "informationUri" not in run["tool"]["driver"]
    lines = lines_of()
    lines[0]["started"] = "2026-01-15T09:30:00+05:30"
    (died,) = checked(record_of(lines[:3]))["invocations"]
    assert (died["startTimeUtc"], died["executionSuccessful"]) == ("2026-01-15T04:00:00Z", False)
    assert "exitCode" not in died
    assert died["toolExecutionNotifications"][0]["message"]["text"].startswith(
        "The record breaks off: 3 of 5 claims have no verdict. Without one: example2024/batch-rank, draft/aligned-rows"
    )
    lines[-1]["exit"] = 3
    (contradicted,) = checked(record_of([*lines[:3], lines[-1]]))["invocations"]
    assert (
        contradicted["toolExecutionNotifications"][-1]["message"]["text"]
        == "Exit code 3: contradiction: the suite is wrong."
    )


@pytest.mark.parametrize(
    ("link", "uri"),
    [
        ("https://e.example/a b", "https://e.example/a%20b"),
        ("docs/a.md#b", None),
        ("javascript:alert(1)", None),
        (None, None),
    ],
)
def test_only_a_link_of_the_web_is_a_link(link: str | None, uri: str | None) -> None:
    source = {"reference": "R", "provenance": "draft", "link": link}
    rules = checked(record_of(lines_of(aligned_rows={"source": source})))["tool"]["driver"]["rules"]
    assert [rule.get("helpUri") for rule in rules if rule["id"] == DRAFT] == [uri]


def test_any_text_is_text() -> None:
    run = checked(record_of(FOUL["foul"]()))
    assert sorted(result["level"] for result in run["results"]) == ["error", "error"]
    for result, rule in zip(run["results"], run["tool"]["driver"]["rules"], strict=True):
        texts = [result["message"]["text"], rule["help"]["text"], rule["shortDescription"]["text"]]
        assert not any("](" in text or "\x1b" in text for text in texts)
        assert all(len(rule[key]["text"]) <= 1024 for key in ("shortDescription", "fullDescription"))
        assert not any(line.startswith("::") for line in render(record_of(FOUL["foul"]())).splitlines())
