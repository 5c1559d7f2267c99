"""Claims over several records: what each was at each of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.markdown import code, escape, table
from reports.phrases import standing
from reports.record import Quantity, Record

ROOM = 16_384
"""Bytes that the table of grades takes at most; what changed between the last two records needs the others."""


@dataclass(frozen=True)
class Moment:
    """A claim at one record: when its run started, at which commit, its standing, its worst tightness.

    `standing` and the worst tightness are None where the record has no verdict; the latter also where there is none.
    """

    started: str
    commit: str | None
    standing: str | None
    worst: Quantity | None


def history(records: Sequence[Record]) -> Mapping[str, list[Moment]]:
    """For each claim, by id, one moment for each of the records, in their order."""
    judged = [{verdict["id"]: verdict for verdict in record.verdicts} for record in records]
    moments: dict[str, list[Moment]] = {}
    for name in sorted(set().union(*judged)):
        for record, verdicts in zip(records, judged, strict=True):
            found = verdicts.get(name)
            worst = found["tightness"]["worst"] if found and found["tightness"] else None
            moment = Moment(record.run["started"], record.run["commit"], found and standing(found), worst)
            moments.setdefault(name, []).append(moment)
    return moments


def moved(records: Sequence[Record]) -> dict[str, list[Moment]]:
    """The history of the claims of which not all records say the same grade; having no verdict says none."""
    return {name: line for name, line in history(records).items() if len({m.standing for m in line} - {None}) > 1}


def to_markdown(records: Sequence[Record], max_bytes: int = ROOM) -> str:
    """A table of the claims whose grade moved, a column for each record, in at most about `max_bytes` bytes."""
    found = moved(records)
    if not found:
        return f"## Grades over {len(records)} records\n\nNo grade changed.\n"
    head = [
        "claim",
        *(f"{r.run['started'][:16].replace('T', ' ')} {(r.run['commit'] or '')[:12]}".strip() for r in records),
    ]
    rows = ([code(name), *(escape(m.standing or "-") for m in line)] for name, line in found.items())
    top, rule, *lines = table([escape(cell) for cell in head], rows)
    kept, used = 0, 0
    while kept < len(lines) and used + len(lines[kept].encode()) < max_bytes:
        used += len(lines[kept].encode()) + 1
        kept += 1
    left = [f"*{len(lines) - kept} more claims were left out.*", ""] if kept < len(lines) else []
    return "\n".join([f"## Grades over {len(records)} records", "", top, rule, *lines[:kept], "", *left])
