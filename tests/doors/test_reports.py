"""Readers of records: what they show, and the one sentence that they say of a record that is wrong."""

import copy
import dataclasses
import importlib.util
import inspect
import io
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from reports.compare import compare, summary, to_markdown
from reports.markdown import escape
from reports.markdown import render as markdown
from reports.phrases import evidence, repair_of, standing
from reports.record import GRADES, Record, RecordError, as_number, parse_record, read_record, validate, worst_first
from reports.terminal import render

EXAMPLE = Path(__file__).with_name("record_example.jsonl")
LINES = EXAMPLE.read_text(encoding="utf-8").splitlines()

needs_jsonschema = pytest.mark.skipif(importlib.util.find_spec("jsonschema") is None, reason="jsonschema validates")


@pytest.fixture
def record() -> Record:
    return read_record(EXAMPLE)


def tampered(number: int, change: Callable[[Any], object]) -> bytes:
    lines = list(LINES)
    line = json.loads(lines[number])
    change(line)
    lines[number] = json.dumps(line)
    return ("\n".join(lines) + "\n").encode()


def altered(record: Record, changes: dict[str, dict[str, Any]]) -> Record:
    verdicts = copy.deepcopy(record.verdicts)
    for verdict in verdicts:
        verdict.update(changes.get(verdict["id"], {}))  # type: ignore[typeddict-item]
    return dataclasses.replace(record, verdicts=verdicts)


def refusal(data: bytes) -> str:
    with pytest.raises(RecordError) as caught:
        parse_record(data, "r.jsonl")
    message = str(caught.value)
    assert (message[:7], message[-1], message.count("\n")) == ("r.jsonl", ".", 0)
    return message


def shown(record: Any, width: int = 80, **options: Any) -> str:
    stream = io.StringIO()
    render(record, Console(file=stream, width=width), **options)
    return stream.getvalue()


def test_the_example_is_complete(record: Record) -> None:
    assert {verdict["grade"] for verdict in record.verdicts} == set(GRADES)
    assert (record.end is None, record.missing, record.truncated) == (False, (), False)
    assert [as_number(q) for q in (1.5, "3/4", "-inf", "7", None)] == [1.5, 0.75, -math.inf, 7.0, None]


@needs_jsonschema
def test_the_schema_is_a_schema_and_takes_every_line_as_a_whole() -> None:
    jsonschema = importlib.import_module("jsonschema")

    schema = json.loads(Path(inspect.getfile(Record)).with_name("record.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    for line in LINES:
        validate(line)
        validate(json.loads(line))
        jsonschema.validate(json.loads(line), schema, cls=jsonschema.Draft202012Validator)


@pytest.mark.parametrize("cut", [1, 40, 300])
def test_a_run_that_died_in_the_middle_of_a_line_is_read(cut: int) -> None:
    read = parse_record("\n".join(LINES[:4]).encode()[:-cut])
    assert (read.truncated, len(read.verdicts), len(read.missing)) == (True, 2, 3)
    assert "breaks off in the middle of a line: 3 of 5 claims have no verdict" in " ".join(shown(read).split())


def test_a_run_that_died_between_lines_and_a_newer_minor_version_are_read() -> None:
    read = parse_record(("\n".join(LINES[:5]) + "\n").encode())
    assert (read.truncated, read.end) == (False, None)
    assert "The record breaks off: 1 of 5 claims has no verdict." in shown(read)
    assert len(parse_record(tampered(0, lambda run: run.update(schema="1.7", weather="fine"))).verdicts) == 5


@needs_jsonschema
@pytest.mark.parametrize(
    ("number", "change", "expected"),
    [
        (1, lambda v: v.update(seconds="long"), "line 2: in seconds, 'long' is not of type 'number'"),
        (1, lambda v: v.update(grade="GOOD"), "line 2: in grade, 'GOOD' is not one of"),
        (1, lambda v: v.update(colour="red"), "line 2: in the verdict line, Additional properties"),
        (1, lambda v: v["findings"][1]["counts"].update(drawn=True), "in findings[1].counts.drawn, True is not"),
        (1, lambda v: v["findings"][0].update(weather="fine"), "in findings[0], Additional properties"),
        (2, lambda v: v["tightness"].update(worst="1/0"), "line 3: in tightness.worst, "),
        (6, lambda e: e.update(exit=9), "line 7: in exit, 9 is not one of"),
    ],
)
def test_a_wrong_value_is_named_with_its_place(number: int, change: Callable[[Any], object], expected: str) -> None:
    message = refusal(tampered(number, change))
    assert expected in message
    assert "; make it agree with reports/record.schema.json." in message


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_numbers_are_strict(constant: str) -> None:
    text = "\n".join(LINES).replace('"seconds": 2.41', f'"seconds": {constant}')
    message = refusal(text.encode())
    assert message == f'r.jsonl, line 2: {constant} is not strict JSON; write an infinity as "inf" and leave NaN out.'
    with pytest.raises(RecordError, match="not strict JSON"):
        validate({**json.loads(LINES[-1]), "seconds": math.nan})


@pytest.mark.parametrize(
    ("version", "remedy"),
    [("2.0", "this lakatos reads 1.x; upgrade"), ("0.9", "again to rewrite it"), ("new", "not of the form 1.0")],
)
def test_another_major_version_is_refused(version: str, remedy: str) -> None:
    message = refusal(tampered(0, lambda run: run.update(schema=version)))
    assert message.startswith("r.jsonl, line 1: the schema version ")
    assert remedy in message


def test_lines_out_of_place_are_refused() -> None:
    def joined(*lines: str) -> bytes:
        return ("\n".join(lines) + "\n").encode()

    assert "line 1: a record begins with its run line" in refusal(joined(*LINES[1:]))
    assert "line 2: the line is not JSON" in refusal(joined(LINES[0], LINES[1][:50], *LINES[2:]))
    assert 'line 2: the line is no object of "type"' in refusal(joined(LINES[0], "[1, 2]"))
    assert "line 3: a second run begins, or a claim is judged twice" in refusal(joined(*LINES[:2], LINES[1]))
    assert "line 8: a second run begins" in refusal(joined(*LINES, LINES[0]))
    assert "no complete run line" in refusal(b"")
    assert "no complete run line" in refusal(LINES[0][:30].encode())
    assert "line 2: the verdict line lacks grade; run" in refusal(tampered(1, lambda verdict: verdict.pop("grade")))
    with pytest.raises(RecordError, match=r"^absent.jsonl cannot be read \(no such file or directory\); give a record"):
        read_record("absent.jsonl")


def test_without_jsonschema_records_are_read_and_nothing_is_validated(monkeypatch: pytest.MonkeyPatch) -> None:
    find_spec, import_module = importlib.util.find_spec, importlib.import_module

    def absent(name: str) -> Any:
        if name == "jsonschema":
            raise ModuleNotFoundError(name)
        return import_module(name)

    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *p: None if name == "jsonschema" else find_spec(name, *p)
    )
    monkeypatch.setattr(importlib, "import_module", absent)
    assert len(read_record(EXAMPLE).verdicts) == 5
    with pytest.raises(RecordError, match="jsonschema is not installed"):
        validate(LINES[0])


@pytest.mark.parametrize("width", [60, 80, 140])
def test_the_table_has_one_line_per_claim_and_never_breaks_an_id(record: Record, width: int) -> None:
    text = shown(record, width)
    table = text.split("\n\n✗ INCONCLUSIVE, ")[0].splitlines()
    rows = [line for line in table if line.startswith(("✓", "✗"))]
    assert [row.split()[2] for row in rows] == [verdict["id"] for verdict in worst_first(record.verdicts)]
    assert all(len(line) <= width for line in text.splitlines() if "replay" not in line)
    assert "\x1b" not in text
    assert text.splitlines()[-1].endswith("exit 1: a claim is refuted or below what it expects")


def test_a_refutation_can_be_replayed_and_a_wide_terminal_says_more(record: Record) -> None:
    text = shown(record, 60)
    assert "✓ REFUTED, as expected  example2024/batch-rank-printed" in text
    assert "  fails    rank(G[S]) <= 1\n  sides    2 against 1\n  sizes    m=2 n=2 N=2 B=2, 8 nonzero draws" in text
    assert "\n  repair   example2024/batch-rank  TESTED\n" in text
    assert "\n  replay   lakatos replay properties/witnesses/example2024-batch-rank-printed.json\n" in text
    wide = altered(record, {})
    witness = next(v["witness"] for v in wide.verdicts if v["witness"])
    witness["sides"] = [f"{7**200}/{3**200}", "1"]
    text = "".join(shown(wide).split())
    assert f"left{7**200}/{3**200}right1" in text
    full, narrow = shown(record, 140), shown(record, 80)
    assert "derivation 5 steps + 212,000 networks, 2/2 mutants caught         1   2.4 s" in full
    assert "5 steps + 212k, 2/2" in narrow
    assert "5 claims: 1 PROVED, 1 CERTIFIED, 1 TESTED, 1 INCONCLUSIVE, 1 REFUTED in 30.6 s; exit 1" in full
    assert "rests on" not in shown(record, 60)


def test_a_cut_table_bare_verdicts_and_none_at_all(record: Record) -> None:
    text = shown(record, limit=2, details=1)
    assert "2 of 5 shown, the worst first" in text
    assert "1 of 2 claims in detail" in text
    assert "lemma-2.2" not in text
    assert shown(list(record.verdicts), 100).splitlines()[-1].endswith("1 REFUTED; 1 not as expected")
    assert shown([]).strip() == "0 claims; all as expected"


def test_colour_is_for_terminals_only(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    def coloured() -> str:
        stream = io.StringIO()
        render(record, Console(file=stream, width=80, force_terminal=True, color_system="standard"))
        return stream.getvalue()

    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[32m" in coloured()
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[32m" not in coloured()


def test_text_from_a_record_cannot_command_the_terminal(record: Record) -> None:
    hostile = altered(record, {"draft/aligned-rows": {"title": "[red]\x1b[2Jgone[/red]", "reason": "a\nb"}})
    text = shown(hostile)
    assert "\x1b" not in text
    assert "[red]\N{REPLACEMENT CHARACTER}[2Jgone[/red]" in text


def test_a_refuted_reading_accuses_nobody(record: Record) -> None:
    read = altered(record, {"example2024/batch-rank-printed": {"id": "example2024/batch-rank-as-read"}})
    verdict = next(v for v in read.verdicts if v["id"].endswith("-as-read"))
    assert standing(verdict) == "REFUTED, as expected, refutes our reading"
    assert evidence(verdict, "short") == "refutes our reading"
    assert "refutes our reading" in shown(read)
    assert "refutes our reading" in markdown(read)
    verdict["as_expected"], verdict["expects"] = False, "TESTED"
    assert standing(verdict) == "REFUTED, TESTED expected, refutes our reading"


@pytest.mark.parametrize("name", ["batch-rank", "batch-rank-repaired", "batch-rank-of-b", "batch-ranks"])
def test_a_printed_claim_finds_its_repair_by_name(record: Record, name: str) -> None:
    named = altered(record, {"example2024/batch-rank": {"id": f"example2024/{name}"}})
    printed = next(v for v in named.verdicts if v["id"].endswith("-printed"))
    repair = repair_of(printed, named.verdicts)
    assert repair
    assert repair["id"] == f"example2024/{name}"
    assert repair_of(repair, named.verdicts) is None


def test_markdown_has_a_section_per_claim(record: Record) -> None:
    text = markdown(record)
    assert text.count("\n### ") == 5
    assert text.count("```math\n") == 5
    assert "| **!** | **INCONCLUSIVE, TESTED expected** | `draft/aligned-rows` |" in text
    assert "`rank(G[S]) <= 1` fails: `2` against `1`, at m=2 n=2 N=2 B=2, 8 nonzero draws." in text
    assert "| cosine at least 0.9 | author | `alignment >= 9/10` | **survived** | climbing, 96,000 lanes | - |" in text
    assert "corners: width one 14,011, batch one 0" in text
    assert "share of violations at most 0.0099 at confidence 0.95 (300 draws" in text
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert all(line.endswith(" |") for line in rows)
    assert escape("a|b *c* <d> e <= f_g $h$\n# i") == r"a\|b \*c\* \<d> e <= f_g \$h\$ # i"


@pytest.mark.parametrize("room", [600, 1_000, 2_000, 5_000])
def test_markdown_is_cut_to_size_and_says_so(record: Record, room: int) -> None:
    text = markdown(record, max_bytes=room)
    assert len(text.encode()) <= room
    assert text.splitlines()[-1].startswith(f"*Cut to {room:,} bytes: ")
    assert markdown(record, max_bytes=10**6) == markdown(record)
    with pytest.raises(ValueError, match="does not fit into 50 bytes"):
        markdown(record, max_bytes=50)


def test_comparison_tells_what_moved(record: Record) -> None:
    new = altered(
        record,
        {
            "chen2024/lemma-2.2": {"grade": "TESTED", "as_expected": False},
            "draft/aligned-rows": {"grade": "TESTED", "as_expected": True},
            "example2024/batch-rank": {"tightness": {"worst": "1/2", "histogram": None, "worst_by_design": {}}},
            "anthony1999/uniform-convergence/decreasing-in-N": {"id": "draft/new"},
        },
    )
    new.verdicts[4]["statement"]["hash"] = "0" * 16
    comparison = compare(record, new)
    assert [change.id for change in comparison.fell] == ["chen2024/lemma-2.2"]
    assert [change.id for change in comparison.rose] == ["draft/aligned-rows"]
    assert [verdict["id"] for verdict in comparison.appeared] == ["draft/new"]
    assert [verdict["id"] for verdict in comparison.vanished] == ["anthony1999/uniform-convergence/decreasing-in-N"]
    assert [change.id for change in comparison.statement_changed] == [new.verdicts[4]["id"]]
    assert [change.id for change in comparison.loosened] == ["example2024/batch-rank"]
    assert [change.id for change in compare(new, record).tightened] == ["example2024/batch-rank"]
    assert comparison.exit_code == 1
    assert "| `chen2024/lemma-2.2` | PROVED | TESTED, PROVED expected |" in to_markdown(comparison)
    comparison = compare(record, record)
    assert (comparison.exit_code, comparison.same, summary(comparison)) == (0, 5, "5 unchanged")


def test_a_counterexample_that_is_lost_falls_and_one_that_is_new_falls_too(record: Record) -> None:
    lost = altered(record, {"example2024/batch-rank-printed": {"grade": "TESTED", "as_expected": False}})
    assert compare(record, lost).exit_code == 1
    assert [change.id for change in compare(lost, record).rose] == ["example2024/batch-rank-printed"]
    excused = altered(record, {"example2024/batch-rank": {"grade": "REFUTED", "expects": "REFUTED"}})
    assert [change.id for change in compare(record, excused).fell] == ["example2024/batch-rank"]


def test_a_repair_is_of_the_same_number(record: Record) -> None:
    lines = [copy.deepcopy(record.verdicts[0]) for _ in range(3)]
    for line, name in zip(lines, ("J04-variance-as-read", "J31-variance", "J04-variances"), strict=True):
        line["id"] = f"draft/{name}"
    assert repair_of(lines[0], lines[:2]) is None
    assert repair_of(lines[0], lines) is lines[2]
