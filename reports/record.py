"""The record of a run, in JSON Lines: a `run` line, a `verdict` line per claim, an `end` line (record.schema.json).

The types below name what readers use; the schema beside this file is the whole truth. Schemas of earlier versions stand
beside it under their numbers, and a record is held against that of its own version.
"""

import importlib.util
import json
import math
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal, NotRequired, TypedDict, cast

from reports.asked import Measure, Vacuity
from reports.sharpened import Sharpening

SCHEMA_VERSION = "1.1"
"""Written and read; so are records of earlier minor versions, each of which keeps its schema as it was published."""

Grade = Literal["REFUTED", "INCONCLUSIVE", "TESTED", "CERTIFIED", "PROVED"]
GRADES: tuple[Grade, ...] = ("REFUTED", "INCONCLUSIVE", "TESTED", "CERTIFIED", "PROVED")
"""Worst first; a grade's index is its order."""

Quantity = float | str  # an infinity or an exact rational is a string: "inf", "3/4"


class RecordError(ValueError):
    """A record that cannot be read; the message is one sentence: file, line, what is wrong, what to do."""


class Run(TypedDict):
    """The first line: what was run, where and how."""

    type: Literal["run"]
    schema: str
    lakatos: str
    versions: dict[str, str]
    device: list[dict[str, Any]]
    seed: int
    effort: str
    budget_s: float | None
    commit: str | None
    started: str
    command: str
    claims: list[str]
    data: dict[str, str] | None


class Formula(TypedDict):
    """A sentence in plain text and in LaTeX; the conclusion in MathML too."""

    text: str
    latex: str
    mathml: NotRequired[str]


class Statement(TypedDict):
    """What a claim says, under which hypotheses and definitions, in which kind of world."""

    says: Formula
    assuming: list[Formula]
    where: list[Formula]
    given: str
    hash: str


class Finding(TypedDict):
    """One piece of evidence; the keys after `rests_on` are a search's, `chance` a test's of how likely something is."""

    type: Literal["derivation", "enclosure", "search", "appeal", "statistical"]
    grade: Grade
    summary: str
    rests_on: list[str]
    device: NotRequired[str]
    dtype: NotRequired[str]
    counts: NotRequired[dict[str, int]]
    corners: NotRequired[dict[str, int]]
    nontrivial_share: NotRequired[float]
    exact_share: NotRequired[float]
    allowance: NotRequired[str]
    stages: NotRequired[dict[str, int]]
    violation_bound: NotRequired[dict[str, Any] | None]
    stopped: NotRequired[Literal["budget"] | None]
    chance: NotRequired[dict[str, Any]]


class Witness(TypedDict):
    """A counterexample with exact `sides`; a claim's own has a file, a replay command and the failing sentence."""

    size: dict[str, int]
    point: NotRequired[dict[str, str]]
    nonzero: int
    kink: bool
    sides: list[str]
    file: NotRequired[str]
    replay: NotRequired[str]
    sentence: NotRequired[str]


class Mutant(TypedDict):
    """A wrong variant of a claim and what became of it."""

    name: str
    by: Literal["author", "engine"]
    statement: str
    refuted: bool
    proved: bool
    effort: dict[str, Any]
    witness: Witness | None


class Tightness(TypedDict):
    """value / bound: the worst seen, its distribution, the worst at each value of a size; some pairs [bound, value]."""

    worst: Quantity | None
    histogram: dict[str, list[Any]] | None
    worst_by_design: dict[str, dict[str, Quantity | None]]
    pairs: NotRequired[list[list[Quantity]]]


class SpectrumOf(TypedDict):
    """The matrix of a spectrum; the rank that it is claimed to have, at most or nearly, and the words that claim it."""

    matrix: str
    cut: int | None
    claimed: str | None


class Verdict(TypedDict):
    """One claim's line."""

    type: Literal["verdict"]
    id: str
    statement: Statement
    title: str
    source: dict[str, Any]
    file: str
    line: int
    grade: Grade
    expects: Grade
    as_expected: bool
    reason: str
    findings: list[Finding]
    derivation: dict[str, Any] | None
    tightness: Tightness | None
    spectrum: list[Quantity] | None
    spectrum_of: NotRequired[SpectrumOf]
    mutants: list[Mutant]
    ablation: list[dict[str, Any]] | None
    sharpening: Sharpening | None
    vacuity: NotRequired[Vacuity]
    measures: NotRequired[dict[str, Measure]]
    witness: Witness | None
    error: str | None
    seconds: float


class End(TypedDict):
    """The last line; a run that died has none."""

    type: Literal["end"]
    grades: dict[Grade, int]
    unexpected: list[str]
    exit: int
    seconds: float
    stopped: Literal["budget", "interrupted"] | None


@dataclass(frozen=True)
class Record:
    """A whole record; `end` is None if the run died, `truncated` says that its last line was cut short and left out."""

    name: str
    run: Run
    verdicts: tuple[Verdict, ...]
    end: End | None
    truncated: bool

    @cached_property
    def by_id(self) -> dict[str, Verdict]:
        """The verdicts by the id of their claim."""
        return {verdict["id"]: verdict for verdict in self.verdicts}

    @property
    def missing(self) -> tuple[str, ...]:
        """The claims that the run set out to check and that have no verdict here."""
        judged = {verdict["id"] for verdict in self.verdicts}
        return tuple(claim for claim in self.run["claims"] if claim not in judged)


def as_number(quantity: Quantity | None) -> float | None:
    """A quantity as a float: "inf" and "3/4" are understood, None stays None; infinite where no float is so large."""
    if quantity is None:
        return None
    exact = quantity if not isinstance(quantity, str) or quantity.endswith("inf") else Fraction(quantity)
    try:
        return float(exact)
    except OverflowError:
        return math.inf if exact > 0 else -math.inf  # type: ignore[operator]


def worst_first(verdicts: tuple[Verdict, ...] | list[Verdict]) -> list[Verdict]:
    """Claims that are not as expected first, then from REFUTED to PROVED, then by id."""
    return sorted(verdicts, key=lambda v: (v["as_expected"], GRADES.index(v["grade"]), v["id"]))


def schema_file(version: str = SCHEMA_VERSION) -> str:
    """The name of the file beside this one that holds the schema of a version that is read."""
    return "record.schema.json" if version == SCHEMA_VERSION else f"record-{version}.schema.json"


@cache
def _schema(version: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(__file__).with_name(schema_file(version)).read_text(encoding="utf-8"))
    return found


def _first_error(line: Mapping[str, Any], version: str) -> Any:
    """The most telling disagreement with the schema, or None; by name, because jsonschema has no types."""
    jsonschema: Any = importlib.import_module("jsonschema")
    return jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(_schema(version)).iter_errors(line))


def _number(text: str) -> float:
    if not math.isfinite(float(text)):
        raise RecordError(f'{text} is not strict JSON; write an infinity as "inf" and leave NaN out')
    return float(text)


def _parse(text: str | bytes) -> dict[str, Any] | None:
    """One line of strict JSON; None where the text is not JSON at all."""
    try:
        line = json.loads(text, parse_constant=_number, parse_float=_number)
    except (ValueError, RecursionError) as error:
        if isinstance(error, RecordError):
            raise
        return None
    if not isinstance(line, dict) or line.get("type") not in ("run", "verdict", "end"):
        raise RecordError('the line is no object of "type" run, verdict or end; let `lakatos check` write records')
    return line


def _known(version: object) -> str | None:
    """The version of a record, where its schema is known; None of a newer minor one; another major part is refused."""
    found = re.fullmatch(r"([0-9]{1,9})\.([0-9]{1,9})", str(version))
    if found is None:
        raise RecordError(f"the schema version {str(version)[:40]!r} is not of the form 1.0; run `lakatos check` again")
    (major, minor), (ours, our_minor) = map(int, found.groups()), map(int, SCHEMA_VERSION.split("."))
    if major != ours:
        remedy = "upgrade lakatos to read it" if major > ours else "run `lakatos check` again to rewrite it"
        raise RecordError(f"the schema version is {version} and this lakatos reads {ours}.x; {remedy}")
    return None if minor > our_minor else f"{major}.{minor}"


def validate(line: Mapping[str, Any] | str, version: str = SCHEMA_VERSION) -> None:
    """Check one line (a dict, or its text) against the schema of a version that is read; needs jsonschema.

    Raises RecordError, in one sentence, for the first disagreement, for NaN or a bare infinity, or without jsonschema.
    """
    try:
        text = line if isinstance(line, str) else json.dumps(line, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise RecordError(f"the line is not strict JSON ({error}); write infinities as strings") from None
    parsed = _parse(text)
    if parsed is None:
        raise RecordError("the line is not JSON; remove or repair it")
    try:
        worst = _first_error(parsed, version)
    except ImportError:
        raise RecordError("jsonschema is not installed, so no line can be validated; install `lakatos[all]`") from None
    if worst is not None:
        what = worst.message if len(worst.message) <= 160 else f"{worst.message[:80]} ... {worst.message[-70:]}"
        place = worst.json_path.removeprefix("$").removeprefix(".") or f"the {parsed['type']} line"
        raise RecordError(f"in {place}, {what}; make it agree with reports/{schema_file(version)}")


def _check(line: Mapping[str, Any], version: str | None) -> None:
    """All that can be checked here: the whole schema, or the keys where jsonschema is absent or the record is newer."""
    absent = [key for key in _schema(version or SCHEMA_VERSION)["$defs"][line["type"]]["required"] if key not in line]
    if absent:
        raise RecordError(f"the {line['type']} line lacks {', '.join(absent)}; run `lakatos check` again to rewrite it")
    if not isinstance(line.get("id", ""), str):
        raise RecordError("the id is not text; run `lakatos check` again to rewrite it")
    if version is not None and importlib.util.find_spec("jsonschema") is not None and not _agrees(line, version):
        validate(line, version)


@cache
def _quick(version: str) -> Any:
    """A compiled validator of a version, which tells what is wrong less well; None where it is not installed."""
    try:
        return importlib.import_module("jsonschema_rs").Draft202012Validator(_schema(version))
    except ImportError:
        return None


def _agrees(line: Mapping[str, Any], version: str) -> bool:
    """Whether a line is known to agree with its schema, at a hundredth of the time that telling why not takes."""
    quick = _quick(version)
    try:
        return quick is not None and bool(quick.is_valid(line))
    except (ValueError, OverflowError):  # what it cannot take, such as a number of thousands of digits
        return False


def refuse_newer(path: Path) -> None:
    """RecordError where a record is of a newer version than is written here, so that its lines cannot be kept."""
    with path.open("rb") as lines:
        try:
            run = _parse(lines.readline())
            known = _known((run or {}).get("schema", SCHEMA_VERSION))
        except RecordError as error:
            raise RecordError(f"{path}, line 1: {error}.") from None
    if known is None and run is not None:
        version = f"{run['schema']} and this lakatos writes {SCHEMA_VERSION}"
        raise RecordError(f"{path}: the schema version is {version}; upgrade lakatos, or check anew in another folder.")


def read_record(path: str | Path) -> Record:
    """Read a record; lines are validated in full where jsonschema is installed, and for their keys where it is not.

    A last line that breaks off (no newline, not JSON) is a run that died: it is left out and `truncated` is set.
    A newer minor version may bring unknown keys. Raises RecordError, in one sentence, for anything else.
    """
    try:
        return parse_record(Path(path).read_bytes(), str(path))
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise RecordError(f"{path} cannot be read ({why}); give a record that `lakatos check --json` wrote.") from None


@contextmanager
def shown(name: str) -> Iterator[None]:
    """Around what shows records: RecordError, in one sentence, where a field is not what is needed there.

    Without jsonschema, and of a newer record, no more than the keys of lines is known.
    """
    try:
        yield
    except RecordError:
        raise
    except (LookupError, TypeError, AttributeError, ValueError, ArithmeticError) as error:
        why = f"{type(error).__name__}: {str(error).partition(chr(10))[0][:80]}"
        remedy = "install `lakatos[all]` to be told which, or run `lakatos check` again to rewrite it"
        raise RecordError(f"{name} has a field that cannot be shown ({why}); {remedy}.") from None


def parse_record(data: bytes, name: str = "record") -> Record:
    """As read_record, from bytes; `name` is what errors call them."""
    run: Run | None = None
    end: End | None = None
    verdicts: dict[str, Verdict] = {}
    truncated, version = False, cast("str | None", SCHEMA_VERSION)
    lines = data.split(b"\n")
    for number, raw in enumerate(lines, 1):
        if not raw.strip():
            continue
        try:
            line = _parse(raw)
            truncated = line is None and number == len(lines)
            if truncated:
                break
            if line is None and run is None:
                raise RecordError("the line is not JSON, so this is no record; give one that `lakatos check` wrote")
            if line is None:
                raise RecordError("the line is not JSON; remove or repair it")
            if run is None:
                if line["type"] != "run":
                    raise RecordError("a record begins with its run line; put it back or run `lakatos check` again")
                version = _known(line.get("schema"))
            _check(line, version)
            if end is not None or (run is not None and line["type"] == "run") or line.get("id") in verdicts:
                raise RecordError("a second run begins, or a claim is judged twice; keep one run in a file")
            if line["type"] == "run":
                run = cast(Run, line)
            elif line["type"] == "end":
                end = cast(End, line)
            else:
                verdicts[line["id"]] = cast(Verdict, line)
        except RecordError as error:
            raise RecordError(f"{name}, line {number}: {error}.") from None
    if run is None:
        raise RecordError(f"{name} has no complete run line, so there is nothing to report; run `lakatos check` again.")
    return Record(name, run, tuple(verdicts.values()), end, truncated)
