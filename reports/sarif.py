"""A record as SARIF 2.1.0, for code scanning: each result points at the line that makes the claim.

A claim is a rule, because that is what a reader of alerts follows from run to run: its id stays, while lines and
evidence change. Only claims with a result are listed as rules; what passed is counted in the properties of the run.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any, Literal
from urllib.parse import quote, urlsplit

from reports.attention import KINDS, Concern, Kind, clip, concerns, show_command, source_of, survivors
from reports.markdown import code, escape
from reports.phrases import (
    EXIT_MEANS,
    evidence,
    place,
    plain,
    quantity,
    repair_of,
    setting,
    standing,
    tally,
    unfinished,
)
from reports.record import Record, Verdict, Witness

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "%SRCROOT%"
FINGERPRINT = "lakatosClaim/v1"
LONGEST = 1000
"""Characters of a text: code scanning refuses descriptions of more than 1,024."""
NAMED = 10
"""How many claims without a verdict are named."""

Level = Literal["error", "warning", "note"]
_LEVELS: dict[Kind, Level] = {
    "contradiction": "error",
    "raised": "error",
    "refuted": "error",
    "unexpected": "error",
    "inconclusive": "warning",
    "survived": "warning",
    "expected": "note",
}


def render(record: Record, history: Sequence[Record] = ()) -> str:
    """The record as SARIF 2.1.0 in ASCII; refutations that were expected are notes."""
    found = concerns(record)
    version = plain(record.run["lakatos"])
    exact = {"semanticVersion": version} if re.fullmatch(r"\d+\.\d+\.\d+", version) else {}
    driver = {"name": "Lakatos", "version": version, **exact, "rules": [_rule(concern, record) for concern in found]}
    run = {
        "tool": {"driver": driver},
        "invocations": [_invocation(record)],
        "originalUriBaseIds": {ROOT: {"description": {"text": "The folder that the paths of claims start from."}}},
        "results": [_result(concern, number) for number, concern in enumerate(found)],
        "properties": {
            "claims": len(record.run["claims"]),
            "tally": tally(record.verdicts),
            "setting": setting(record),
            "commit": plain(record.run["commit"] or "unknown"),
            "versions": {plain(name): plain(version) for name, version in record.run["versions"].items()},
        },
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _text(text: str) -> str:
    """Text as a message: on one line, and with nothing that readers take for a link ("[text](target)")."""
    return clip(text, LONGEST).replace("](", "] (")


def _rule(concern: Concern, record: Record) -> dict[str, Any]:
    """What a claim says, where it is from, and which claim repairs it."""
    verdict = concern.verdict
    source, statement, repair = verdict["source"], verdict["statement"], repair_of(verdict, record.verdicts)
    said = [
        ("It says", statement["says"]["text"]),
        *(("assuming", hypothesis["text"]) for hypothesis in statement["assuming"]),
        ("in every world of", statement["given"]),
    ]
    told = [("Source", f"{source['reference'] or 'none given'} ({source['provenance']})")]
    told += [("Its repair", f"{repair['id']}, {standing(repair)}")] if repair else []
    text = [verdict["title"], *(f"{label}: {value}" for label, value in [*said, *told])]
    markdown = [escape(verdict["title"]), *(f"{label}: {code(value)}" for label, value in said)]
    markdown += [f"{label}: {escape(value)}" for label, value in told]
    link = source["link"] or ""
    return {
        "id": plain(verdict["id"]),
        "shortDescription": {"text": _text(verdict["title"] or statement["says"]["text"])},
        "fullDescription": {"text": _text(f"{verdict['title']} It says: {statement['says']['text']}")},
        "help": {"text": "\n".join(map(_text, text)), "markdown": "\n\n".join(markdown)},
        **({"helpUri": quote(link, safe=_KEPT)} if urlsplit(link).scheme in ("http", "https") else {}),
        "defaultConfiguration": {"level": _LEVELS[concern.kind]},
        "properties": {
            "tags": list(dict.fromkeys(["theorem", plain(source_of(verdict["id"])), plain(source["provenance"])]))
        },
    }


def _result(concern: Concern, number: int) -> dict[str, Any]:
    verdict, witness = concern.verdict, concern.verdict["witness"]
    replay = witness.get("replay") if witness else None
    again = f"Replay it with: {replay}" if replay else f"Show it with: {show_command(verdict)}"
    identity = f"{verdict['id']}\n{verdict['statement']['hash']}"
    return {
        "ruleId": plain(verdict["id"]),
        "ruleIndex": number,
        "level": _LEVELS[concern.kind],
        "message": {"text": " ".join(_text(part) for part in (verdict["title"], f"{concern.why}.", again) if part)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": _location(verdict["file"]),
                    "region": {"startLine": max(int(verdict["line"]), 1)},
                },
                "logicalLocations": [{"fullyQualifiedName": plain(verdict["id"])}],
            }
        ],
        "partialFingerprints": {FINGERPRINT: hashlib.sha256(identity.encode(errors="replace")).hexdigest()},
        "properties": _properties(verdict, concern.kind, witness),
    }


def _properties(verdict: Verdict, kind: Kind, witness: Witness | None) -> dict[str, Any]:
    values: dict[str, Any] = {
        "kind": KINDS[kind],
        "grade": verdict["grade"],
        "expects": plain(verdict["expects"]),
        "restsOn": evidence(verdict),
        "statementHash": plain(verdict["statement"]["hash"]),
        "tightness": quantity(verdict["tightness"]["worst"] if verdict["tightness"] else None),
    }
    left = survivors(verdict)
    if left:
        values["survived"] = left
    if witness:
        values["witness"] = {
            "sentence": plain(witness.get("sentence", "")),
            "sides": [plain(side) for side in witness["sides"]],
            "at": place(witness),
            "kink": bool(witness["kink"]),
            "file": plain(witness.get("file", "")),
            "replay": plain(witness.get("replay", "")),
        }
    return values


_KEPT = "/:?#[]@!$&'()*+,;=%~"
"""What a URI may hold beside letters and digits."""


def _location(file: str) -> dict[str, str]:
    """A file of the repository by its path in it, any other by a file URI."""
    file = plain(file)
    windows = PureWindowsPath(file)
    if PurePosixPath(file).is_absolute():
        return {"uri": PurePosixPath(file).as_uri()}
    if windows.is_absolute():
        return {"uri": windows.as_uri()}
    return {"uri": quote(file.replace("\\", "/"), safe="/~"), "uriBaseId": ROOT}


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _times(record: Record) -> dict[str, str]:
    """When the run began and ended, where the record says it as a date."""
    try:
        began = datetime.fromisoformat(record.run["started"])
        began = began if began.tzinfo else began.replace(tzinfo=UTC)
        ended = {"endTimeUtc": _utc(began + timedelta(seconds=record.end["seconds"]))} if record.end else {}
        return {"startTimeUtc": _utc(began), **ended}
    except (ValueError, OverflowError):
        return {}


def _invocation(record: Record) -> dict[str, Any]:
    """How the run was called and how it ended; what is wrong with the run itself is a notification."""
    end, notes = record.end, []
    missing = record.missing
    if unfinished(record):
        names = ", ".join(clip(name, LONGEST // NAMED - 10) for name in missing[:NAMED])
        more = f" and {len(missing) - NAMED} more" if len(missing) > NAMED else ""
        notes.append(f"{unfinished(record)} {f'Without one: {names}{more}.' if missing else ''}".strip())
    if end and end["exit"] not in (0, 1):
        notes.append(f"Exit code {end['exit']}: {EXIT_MEANS[end['exit']]}.")
    exits = {"exitCode": end["exit"], "exitCodeDescription": EXIT_MEANS[end["exit"]]} if end else {}
    return {
        "commandLine": plain(record.run["command"]),
        **_times(record),
        **exits,
        "executionSuccessful": end is not None and end["exit"] in (0, 1) and not notes,
        "toolExecutionNotifications": [{"level": "error", "message": {"text": _text(note)}} for note in notes],
    }
