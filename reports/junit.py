"""A record as JUnit XML, for CI: one suite a source, one case a claim.

A claim that is not as expected fails. Its case is an error where its own code raised, where something was both proved
and refuted, and where the run ended before its verdict; it is skipped where INCONCLUSIVE was expected, which is neither
a pass nor a failure. What a run says beyond its claims (an exit code that none of them explains) is a case of its own.

Both schemas in use take it as it is, that of Ant's reports (windyroad/JUnit-Schema) and that of Jenkins (junit-10.xsd).
Neither has a place for properties of a case, and the former none for its file and line or for totals over all suites:
what is known of a claim stands among the properties of its suite, under its id, as in "chen2024/lemma-2.2: grade".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from xml.etree import ElementTree as ET

from reports.attention import KINDS, clip, fails, kind_of, show_command, source_of, survivors
from reports.phrases import EXIT_MEANS, evidence, facing, place, plain, quantity, repair_of, standing, unfinished
from reports.record import GRADES, Record, Verdict

NO_VERDICT = "no verdict"
MESSAGE = 500
"""Characters of a message; the text of the element has the rest."""
_RUN = "run"

Outcome = Literal["failure", "error", "skipped"]


@dataclass(frozen=True)
class _Case:
    """One test case, ready to be written; `outcome` is None where it passed."""

    id: str
    seconds: float
    facts: dict[str, str]
    outcome: Outcome | None = None
    type: str = ""
    message: str = ""
    text: str = ""


def render(record: Record, history: Sequence[Record] = ()) -> str:
    """The record as JUnit XML in ASCII, which any reader takes, whatever encoding it was printed in."""
    suites: dict[str, list[_Case]] = {}
    for verdict in record.verdicts:
        suites.setdefault(source_of(verdict["id"]), []).append(_case(verdict, record))
    left = _why_missing(record)
    for claim in record.missing:
        suites.setdefault(source_of(claim), []).append(_missing(claim, left))
    ended = _ended(record, [case for cases in suites.values() for case in cases])
    about = _about(record)
    root = ET.Element("testsuites")
    for source, cases in sorted(suites.items()):
        _suite(root, source, sorted(cases, key=lambda case: case.id), about, record)
    if ended:
        _suite(root, _RUN, [ended], about, record)
    ET.indent(root)
    text = ET.tostring(root, encoding="us-ascii").decode("ascii")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _about(record: Record) -> dict[str, str]:
    """What was run, where and how."""
    run = record.run
    devices = (f"{device['name']} ({device['description']}), {'/'.join(device['dtypes'])}" for device in run["device"])
    return {
        "command": run["command"],
        "exit": str(record.end["exit"]) if record.end else "none",
        "seed": str(run["seed"]),
        "effort": run["effort"],
        "device": "; ".join(devices),
        "commit": run["commit"] or "unknown",
        **({"data": f"{run['data']['name']} {run['data']['sha256']}"} if run["data"] else {}),
        **{f"version of {name}": version for name, version in run["versions"].items()},
    }


def _suite(root: ET.Element, name: str, cases: Sequence[_Case], about: dict[str, str], record: Record) -> None:
    outcomes = [case.outcome for case in cases]
    named = {"id": str(len(root)), "package": "lakatos", "name": plain(name), "hostname": "localhost"}
    counts = {"tests": str(len(cases)), "skipped": str(outcomes.count("skipped"))}
    counts |= {f"{outcome}s": str(outcomes.count(outcome)) for outcome in ("failure", "error")}
    seconds = f"{sum(case.seconds for case in cases):.3f}"
    suite = ET.SubElement(root, "testsuite", {**named, **counts, "time": seconds, **_timestamp(record.run["started"])})
    own = {f"{case.id}: {name}": value for case in cases for name, value in case.facts.items()}
    _properties(suite, {**about, **own})
    for case in cases:
        made = ET.SubElement(suite, "testcase", name=plain(case.id), classname=plain(f"lakatos.{name}"))
        made.set("time", f"{case.seconds:.3f}")
        if case.outcome:
            why = ET.SubElement(made, case.outcome, type=case.type, message=clip(case.message, MESSAGE))
            why.text = case.text
    for stream in ("system-out", "system-err"):  # that of Ant wants both, empty as they are
        ET.SubElement(suite, stream)


def _timestamp(started: str) -> dict[str, str]:
    """When the run began, in UTC and without saying so, as the schema of Ant has it; nothing where that is no date."""
    try:
        began = datetime.fromisoformat(started)
        began = began.astimezone(UTC) if began.tzinfo else began
        return {"timestamp": began.strftime("%Y-%m-%dT%H:%M:%S")}
    except (ValueError, OverflowError):
        return {}


def _properties(parent: ET.Element, values: dict[str, str]) -> None:
    made = ET.SubElement(parent, "properties")
    for name, value in values.items():
        ET.SubElement(made, "property", name=plain(name), value=plain(value))


def _case(verdict: Verdict, record: Record) -> _Case:
    kind = kind_of(verdict)
    outcome: Outcome | None = None
    if kind in ("contradiction", "raised"):
        outcome = "error"
    elif not verdict["as_expected"]:
        outcome = "failure"
    elif verdict["grade"] == "INCONCLUSIVE":
        outcome = "skipped"
    shown = (_lead(verdict), _text(verdict, record.verdicts)) if outcome else ("", "")
    return _Case(verdict["id"], verdict["seconds"], _facts(verdict), outcome, KINDS[kind] if kind else "", *shown)


def _facts(verdict: Verdict) -> dict[str, str]:
    """What is known of a claim, whatever became of its case: the grade first, the command that replays it last."""
    witness, left = verdict["witness"], survivors(verdict)
    GRADES.index(verdict["grade"])  # a grade that is none is a field that cannot be shown
    facts = {
        "grade": verdict["grade"],
        "expects": verdict["expects"],
        "tightness": quantity(verdict["tightness"]["worst"] if verdict["tightness"] else None),
        "rests on": evidence(verdict),
        "statement": verdict["statement"]["hash"],
        "written in": f"{verdict['file']}:{int(verdict['line'])}",
    }
    facts |= {"survived": "; ".join(left)} if left else {}
    if witness:
        facts["witness"] = f"{facing(witness['sides'])} at {place(witness)}"
        facts |= {"witness file": witness["file"]} if witness.get("file") else {}
        facts |= {"replay": witness["replay"]} if witness.get("replay") else {}
    return facts


def _lead(verdict: Verdict) -> str:
    """The first line of a failure: the verdict and its reason."""
    why = f"its own code raised: {verdict['error']}" if verdict["error"] is not None else verdict["reason"]
    return f"{standing(verdict)}: {why}" if why else standing(verdict)


def _text(verdict: Verdict, among: Sequence[Verdict]) -> str:
    """A failure in full: what the claim says, why it fails, where it is, how to see it again."""
    repair, witness, left = repair_of(verdict, among), verdict["witness"], survivors(verdict)
    lines = [
        f"claim: {verdict['title']}",
        f"says: {verdict['statement']['says']['text']}",
        *(f"assuming: {hypothesis['text']}" for hypothesis in verdict["statement"]["assuming"]),
        _lead(verdict),
        *([fails(verdict), f"sides: {facing(witness['sides'])}"] if witness else []),
        *([f"survived: {'; '.join(left)}"] if left else []),
        *([f"repair: {repair['id']}, {standing(repair)}"] if repair else []),
        f"in: {verdict['file']}:{verdict['line']}",
        f"show: {show_command(verdict)}",
        *([f"replay: {witness['replay']}"] if witness and witness.get("replay") else []),
    ]
    return "\n".join(plain(line) for line in lines if line)


def _why_missing(record: Record) -> str:
    contradiction = record.end is not None and record.end["exit"] == 3
    lead = f"{EXIT_MEANS[3]}, and nothing that the run says should be used. " if contradiction else ""
    return plain(f"{lead}{unfinished(record)}")


def _missing(claim: str, why: str) -> _Case:
    """The case of a claim that the run set out to judge and did not."""
    return _Case(claim, 0.0, {"grade": NO_VERDICT}, "error", NO_VERDICT, f"{NO_VERDICT}: {why}", why)


def _ended(record: Record, cases: Sequence[_Case]) -> _Case | None:
    """A case for how the run ended, where no claim's own case tells that it ended badly."""
    end = record.end
    told = any(case.outcome in ("failure", "error") for case in cases)
    if told or (end and not end["exit"]):
        return None
    why = f"exit {end['exit']}: {EXIT_MEANS[end['exit']]}" if end else unfinished(record)
    return _Case(record.run["command"] or "lakatos", 0.0, {}, "error", "exit", why, plain(why))
