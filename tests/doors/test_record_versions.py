"""Versions of the record: what is written, read and refused, and schemas that stay as they were published."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import reports
from reports.record import SCHEMA_VERSION, RecordError, as_number, parse_record, read_record, schema_file, validate
from verify.recording import SCHEMA

HERE = Path(__file__).parent
FIRST, EXAMPLE = HERE / "record_1.0.jsonl", HERE / "record_example.jsonl"
PUBLISHED = {"1.0": "a9b2c6b4bf4215f7"}
CLAIM = "chen2024/lemma-2.2"

needs_jsonschema = pytest.mark.skipif(importlib.util.find_spec("jsonschema") is None, reason="jsonschema validates")


def schema(version: str) -> dict[str, Any]:
    (folder,) = reports.__path__
    found: dict[str, Any] = json.loads((Path(folder) / schema_file(version)).read_text(encoding="utf-8"))
    return found


def told(path: Path, change: Callable[[dict[str, Any]], object]) -> bytes:
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for line in lines:
        change(line)
    return "".join(f"{json.dumps(line)}\n" for line in lines).encode()


def of_version(version: str) -> Callable[[dict[str, Any]], object]:
    return lambda line: line.update(schema=version) if line["type"] == "run" else None


def test_what_is_written_is_the_newest_version_that_is_read() -> None:
    assert SCHEMA == SCHEMA_VERSION == "1.1"
    major, minor = map(int, SCHEMA_VERSION.split("."))
    for version in (f"{major}.{k}" for k in range(minor + 1)):
        assert schema(version)["$id"] == f"urn:lakatos:record:{version}"
    assert set(PUBLISHED) == {f"{major}.{k}" for k in range(minor)}


@pytest.mark.parametrize("version", PUBLISHED)
def test_a_published_schema_stays_as_it_is(version: str) -> None:
    text = json.dumps(schema(version), sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == PUBLISHED[version]


def test_a_newer_minor_version_only_adds() -> None:
    old, new = schema("1.0")["$defs"], schema("1.1")["$defs"]
    for name, entry in old.items():
        assert entry.get("required") == new[name].get("required"), name
        assert entry.get("properties", {}).items() <= new[name].get("properties", {}).items(), name
        changed = {key for key in entry if entry[key] != new[name][key]}
        assert changed <= {"properties"}, name


def test_records_of_all_versions_are_read() -> None:
    first, now = read_record(FIRST), read_record(EXAMPLE)
    assert (first.run["schema"], now.run["schema"]) == ("1.0", "1.1")
    assert first.by_id.keys() == now.by_id.keys()
    for name, verdict in first.by_id.items():
        assert {**verdict, "tightness": None} == {
            **{k: v for k, v in now.by_id[name].items() if k != "spectrum_of"}, "tightness": None
        }  # fmt: skip
    assert now.by_id[CLAIM].get("spectrum_of") == {"matrix": "A[i]", "cut": 1, "claimed": "rank(A[i]) <= 1"}


@needs_jsonschema
def test_each_record_is_held_against_the_schema_of_its_own_version() -> None:
    with pytest.raises(
        RecordError, match=r"^r, line 2: .*'spectrum_of' was unexpected.*with reports/record-1\.0\.schema\.json\.$"
    ):
        parse_record(told(EXAMPLE, of_version("1.0")), "r")
    assert len(parse_record(told(FIRST, of_version("1.1"))).verdicts) == 5
    for line in FIRST.read_text(encoding="utf-8").splitlines():
        validate(line, "1.0")
        validate(line)


@needs_jsonschema
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda v: v["tightness"].update(pairs=[[1.0, 0.5]] * 65), "in tightness.pairs, "),
        (lambda v: v["tightness"].update(pairs=[[1.0]]), "in tightness.pairs[0], [1.0] is too short"),
        (lambda v: v["tightness"].update(pairs=[["1/0", 1.0]]), "in tightness.pairs[0][0], "),
        (lambda v: v["tightness"].update(pairs=[]), "in tightness.pairs, [] "),
        (lambda v: v.update(spectrum_of={"matrix": "V", "cut": -1, "claimed": None}), "in spectrum_of.cut, "),
        (lambda v: v.update(spectrum_of={"matrix": "V"}), "in spectrum_of, "),
    ],
)
def test_a_wrong_pair_or_cut_is_named_with_its_place(change: Callable[[Any], object], expected: str) -> None:
    data = told(EXAMPLE, lambda line: change(line) if line.get("id") == CLAIM else None)
    with pytest.raises(RecordError) as caught:
        parse_record(data, "r")
    assert str(caught.value).startswith(f"r, line 2: {expected}")
    assert str(caught.value).endswith("; make it agree with reports/record.schema.json.")


def test_a_newer_minor_version_is_read_with_keys_that_nobody_knows() -> None:
    def change(line: dict[str, Any]) -> None:
        line["weather"] = "fine"
        of_version("1.2")(line)

    assert len(parse_record(told(EXAMPLE, change)).verdicts) == 5


@pytest.mark.parametrize("version", ["2.0", "10.1"])
def test_a_newer_major_version_is_refused_in_one_sentence(version: str) -> None:
    with pytest.raises(RecordError) as caught:
        parse_record(told(EXAMPLE, of_version(version)), "r")
    assert str(caught.value) == (
        f"r, line 1: the schema version is {version} and this lakatos reads 1.x; upgrade lakatos to read it."
    )


def test_a_version_that_is_none_is_refused_shortly() -> None:
    for version in ("1", "1.x", "1.1\n", "9" * 5000, "1." + "9" * 10, "١.١"):
        with pytest.raises(RecordError) as caught:
            parse_record(told(EXAMPLE, of_version(version)), "r")
        assert "is not of the form 1.0; run `lakatos check` again." in str(caught.value)
        assert len(str(caught.value)) < 150


def test_numbers_beyond_all_floats_are_infinite() -> None:
    assert [as_number(q) for q in (10**400, -(10**400), f"{7**999}", f"-{7**999}/2", f"1/{7**999}")] == [
        float("inf"), float("-inf"), float("inf"), float("-inf"), 0.0
    ]  # fmt: skip


# -- runs that are resumed --------------------------------------------------------------------------------------------


def test_a_run_of_the_first_version_is_resumed_into_the_newest(lakatos: Callable[..., Any], tmp_path: Path) -> None:
    lakatos("check", CLAIM, "--out", "old")
    record = tmp_path / "old" / "record.jsonl"
    lines = [json.loads(line) for line in record.read_text().splitlines()]
    for line in lines:
        of_version("1.0")(line)
        line.pop("spectrum_of", None)
        (line.get("tightness") or {}).pop("pairs", None)
    record.write_text("".join(f"{json.dumps(line)}\n" for line in lines[:-1]))
    assert read_record(record).run["schema"] == "1.0"
    ended = lakatos("check", CLAIM, "--resume", "old")
    assert ended.code == 0
    resumed = read_record(record)
    assert resumed.run["schema"] == SCHEMA_VERSION
    assert resumed.end is not None
    assert resumed.by_id[CLAIM] == lines[1], "what was judged is kept as it was"


@pytest.mark.parametrize(("version", "why"), [("1.7", "this lakatos writes 1.1"), ("2.0", "this lakatos reads 1.x")])
def test_a_run_of_a_newer_version_is_not_overwritten(
    lakatos: Callable[..., Any], tmp_path: Path, version: str, why: str
) -> None:
    record = tmp_path / "new" / "record.jsonl"
    record.parent.mkdir()
    before = told(EXAMPLE, of_version(version))
    record.write_bytes(before)
    ended = lakatos("check", CLAIM, "--resume", "new")
    assert ended.code == 2
    assert ended.err.count("\n") == 1
    assert ended.err.startswith("lakatos: new/record.jsonl")
    assert why in ended.err
    assert record.read_bytes() == before
