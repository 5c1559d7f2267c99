"""JUnit XML: what fails, what errs, what is skipped; that it agrees with the schema, and what readers make of it."""

import re
import runpy
from pathlib import Path
from typing import Any

import pytest
from junitparser.xunit2 import JUnitXml
from lxml import etree

from reports.junit import render
from reports.record import Record

TESTS = Path(__file__).parents[1]
FOUL = runpy.run_path(str(TESTS / "foul_records.py"))
lines_of, record_of, DRAFT, PRINTED, PROVED = (FOUL[n] for n in ("lines_of", "record_of", "DRAFT", "PRINTED", "PROVED"))
ANTS = ("name", "timestamp", "hostname", "tests", "failures", "errors", "time")
"""What a suite has to have in JUnit.xsd of windyroad/JUnit-Schema; `id` and `package` too where there are several."""
SCHEMA = etree.XMLSchema(etree.parse(str(TESTS / "schemas" / "junit-10.xsd")))


def checked(record: Record) -> Any:
    """The tree, after the schema of Jenkins has taken it as it is, and what that of Ant's reports asks for."""
    text = render(record)
    assert text.isascii()
    tree = etree.fromstring(text.encode())
    SCHEMA.assertValid(tree)
    assert (tree.tag, dict(tree.attrib)) == ("testsuites", {})
    for number, suite in enumerate(tree):
        assert set(suite.attrib) == {*ANTS, "id", "package"} | {"skipped"}
        assert suite.get("id") == str(number)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", suite.get("timestamp"))
        tags = [child.tag for child in suite]
        assert tags == ["properties", *["testcase"] * int(suite.get("tests")), "system-out", "system-err"]
        for case in suite.iter("testcase"):
            assert set(case.attrib) == {"name", "classname", "time"}
            assert [child.tag for child in case] in ([], ["failure"], ["error"], ["skipped"])
    return tree


def totals(tree: Any) -> tuple[int, ...]:
    """Cases, failures and errors of all suites."""
    return tuple(sum(int(suite.get(count)) for suite in tree) for count in ("tests", "failures", "errors"))


def outcomes(record: Record) -> dict[str, tuple[str, str]]:
    """What became of each case: the element and its type, or nothing."""
    told = {}
    for case in checked(record).iter("testcase"):
        (found,) = list(case) or [None]
        told[case.get("name")] = (found.tag, found.get("type")) if found is not None else ("", "")
    return told


def test_what_fails_is_what_is_not_as_expected() -> None:
    assert outcomes(record_of(lines_of())) == {
        "anthony1999/uniform-convergence/decreasing-in-N": ("", ""),
        PROVED: ("", ""),
        "example2024/batch-rank": ("", ""),
        PRINTED: ("", ""),
        DRAFT: ("failure", "inconclusive"),
    }
    told = outcomes(record_of(lines_of(batch_rank_printed={"expects": "TESTED", "as_expected": False})))
    assert told[PRINTED] == ("failure", "refuted")
    told = outcomes(record_of(lines_of(lemma_2_2={"grade": "TESTED", "as_expected": False})))
    assert told[PROVED] == ("failure", "not as expected")


def test_what_raised_and_what_contradicts_itself_is_an_error_and_an_expected_doubt_is_skipped() -> None:
    told = outcomes(record_of(lines_of(aligned_rows={"error": "ZeroDivisionError: division by zero"})))
    assert told[DRAFT] == ("error", "own code raised")
    told = outcomes(record_of(lines_of(aligned_rows={"expects": "INCONCLUSIVE", "as_expected": True})))
    assert told[DRAFT] == ("skipped", "inconclusive")

    def both(line: dict[str, Any]) -> None:
        if line.get("id") == PROVED:
            line["mutants"][0].update(refuted=True, proved=True)

    assert outcomes(record_of(lines_of(both)))[PROVED] == ("error", "proved and refuted")


def test_readers_of_pytests_reports_read_it() -> None:
    record = record_of(lines_of(aligned_rows={"error": "ValueError: no"}, lemma_2_2={"as_expected": False}))
    read = JUnitXml.fromstring(render(record).encode())
    assert (read.tests, read.failures, read.errors) == (5, 1, 1)
    assert [(suite.name, suite.tests) for suite in read] == [
        ("anthony1999", 1),
        ("chen2024", 1),
        ("draft", 1),
        ("example2024", 2),
    ]
    assert sum(suite.time for suite in read) == pytest.approx(sum(verdict["seconds"] for verdict in record.verdicts))
    cases = {case.name: case for suite in read for case in suite}
    case = cases[PRINTED]
    assert (case.classname, case.time, case.result) == ("lakatos.example2024", 0.62, [])
    facts: dict[str, dict[str, str]] = {}
    for suite in read:
        for known in suite.properties():
            claim, _, name = known.name.rpartition(": ")
            facts.setdefault(claim, {})[name] = known.value
    assert facts.keys() - {""} == set(cases)
    assert list(facts[PRINTED].items()) == [
        ("grade", "REFUTED"),
        ("expects", "REFUTED"),
        ("tightness", "2"),
        ("rests on", "as expected: 2 against 1 at m=2 n=2 N=2 B=2"),
        ("statement", "d3ca004fbf5e817e"),
        ("written in", "properties/weight_decay/example.py:18"),
        ("witness", "2 against 1 at m=2 n=2 N=2 B=2, 8 nonzero draws"),
        ("witness file", "properties/witnesses/example2024-batch-rank-printed.json"),
        ("replay", "lakatos replay properties/witnesses/example2024-batch-rank-printed.json"),
    ]
    assert facts[PROVED]["rests on"] == "derivation 5 steps + 212,000 networks, 2/2 mutants caught"
    assert facts[DRAFT]["survived"]
    (run, *_) = [{p.name: p.value for p in suite.properties()} for suite in read]
    assert run["command"] == "lakatos check"
    assert (run["seed"], run["effort"], run["device"]) == ("0", "quick", "cpu (2 cores), float64")
    assert run["version of sympy"] == "1.14.0"
    (error,) = cases[DRAFT].result
    assert error.message == "INCONCLUSIVE, TESTED expected: its own code raised: ValueError: no"
    assert "in: draft.py:7\nshow: lakatos show draft/aligned-rows draft.py" in error.text


def test_a_failure_tells_the_counterexample_its_repair_and_how_to_replay_it() -> None:
    tree = checked(record_of(lines_of(batch_rank_printed={"expects": "TESTED", "as_expected": False})))
    (text,) = (case.findtext("failure") for case in tree.iter("testcase") if case.get("name") == PRINTED)
    assert text.splitlines()[-6:] == [
        "rank(G[S]) <= 1 fails: 2 against 1 at m=2 n=2 N=2 B=2, 8 nonzero draws",
        "sides: 2 against 1",
        "repair: example2024/batch-rank, TESTED",
        "in: properties/weight_decay/example.py:18",
        "show: lakatos show example2024/batch-rank-printed",
        "replay: lakatos replay properties/witnesses/example2024-batch-rank-printed.json",
    ]


def test_claims_without_a_verdict_are_errors() -> None:
    record = record_of(lines_of()[:3])
    assert [name for name, told in outcomes(record).items() if told == ("error", "no verdict")] == [
        DRAFT,
        "example2024/batch-rank",
        PRINTED,
    ]
    told = checked(record).find(".//error").get("message")
    assert told == "no verdict: The record breaks off: 3 of 5 claims have no verdict."
    lines = lines_of()
    lines[-1]["exit"] = 3
    told = checked(record_of([*lines[:3], lines[-1]])).find(".//error").get("message")
    assert told.startswith(
        "no verdict: contradiction: the suite is wrong, and nothing that the run says should be used."
    )


@pytest.mark.parametrize(("code", "told"), [(4, "exit 4: a claim's own code raised"), (None, "The record breaks off.")])
def test_an_end_that_no_claim_explains_is_a_case_of_its_own(code: int | None, told: str) -> None:
    *lines, end = lines_of(aligned_rows={"grade": "TESTED", "as_expected": True})
    lines += [{**end, "exit": code, "unexpected": []}] if code is not None else []
    tree = checked(record_of(lines))
    assert totals(tree) == (6, 0, 1)
    assert tree.find(".//testsuite[@name='run']//error").get("message").startswith(told)
    fine = [*lines_of(aligned_rows={"grade": "TESTED", "as_expected": True})[:-1], {**end, "exit": 0}]
    assert totals(checked(record_of(fine))) == (5, 0, 0)


def test_any_text_is_well_formed_and_is_text() -> None:
    tree = checked(record_of(FOUL["foul"]()))
    assert totals(tree) == (5, 1, 1)
    assert {element.tag for element in tree.iter()} == {
        "testsuites",
        "testsuite",
        "properties",
        "property",
        "testcase",
        "failure",
        "error",
        "system-out",
        "system-err",
    }
    assert "<script>alert(1)</script> ]]> </details>" in tree.findtext(".//failure")


@pytest.mark.parametrize(
    ("started", "told"),
    [
        ("2026-01-15T09:30:00+02:00", "2026-01-15T07:30:00"),
        ("2026-01-15T09:30", "2026-01-15T09:30:00"),
        ("2026-01-15T09:30:00.25Z", "2026-01-15T09:30:00"),
        ("2026-99-99T99:99", None),
        ("0001-01-01T00:00:00+14:00", None),
    ],
)
def test_a_timestamp_is_in_utc_and_has_no_zone(started: str, told: str | None) -> None:
    run, *rest = lines_of()
    tree = etree.fromstring(render(record_of([{**run, "started": started}, *rest])).encode())
    assert {suite.get("timestamp") for suite in tree} == {told}
