"""A record as a GitHub step summary: what needs a person first, then a table by source, then claims folded.

It has at most 65,536 bytes, which is what GitHub takes in a comment; a step summary may be longer. What finds no room
is counted.
"""

import html
from collections.abc import Iterable, Sequence

from reports.attention import KINDS, Concern, by_source, clip, concerns, fails, show_command
from reports.markdown import code, escape, section, table, uncalled
from reports.phrases import EXIT_MEANS, evidence, plain, repair_of, setting, standing, tally, unfinished
from reports.record import GRADES, Record, Verdict, worst_first

LIMIT = 65_536
_MARGIN = 500
_FIRST, _SOURCES = 24_000, 12_000
"""Bytes for the table of what needs a person, and for the one by source; the rest is for the claims."""
TRIES = 20
"""How many claims that find no room are passed over before the rest is left out."""
WHY = 300
"""Characters of a reason in a table; the claim below has the whole."""
NAME = 150
"""Characters of a name in a table."""


def render(record: Record, history: Sequence[Record] = ()) -> str:
    """The record as Markdown of at most 65,536 bytes, saying what was left out."""
    told = concerns(record)
    needing = [concern for concern in told if concern.kind != "expected"]
    parts = [_top(record, needing), _needing(needing, record), _missing(record), _sources(record)]
    left = LIMIT - _MARGIN - sum(_size(part) for part in parts)
    order = {concern.verdict["id"]: number for number, concern in enumerate(told)}
    verdicts = sorted(worst_first(record.verdicts), key=lambda verdict: order.get(verdict["id"], len(order)))
    return "\n\n".join(part for part in [*parts, _claims(verdicts, record, left)] if part) + "\n"


def _size(text: str) -> int:
    return len(text.encode())


def _top(record: Record, needing: Sequence[Concern]) -> str:
    wrong = sum(not verdict["as_expected"] for verdict in record.verdicts)
    count = len(record.verdicts)
    claims = f"{count:,} claim{'s' * (count != 1)}"
    title = f"# Lakatos: {f'{wrong:,} of {claims} not as expected' if wrong else f'{claims}, all as expected'}"
    code_of = record.end["exit"] if record.end else None
    lines = [f"**{tally(record.verdicts)}**."]
    if code_of is not None:
        lines.append(f"Exit {code_of}: {EXIT_MEANS[code_of]}.")
    if unfinished(record):
        lines.append(f"**{escape(unfinished(record))}**")
    if not needing and not record.missing and code_of == 0:
        lines.append("Nothing needs attention.")
    return "\n\n".join([title, " ".join(lines), f"*{escape(clip(setting(record), 1_000))}*"])


def _fitting(lines: Iterable[str], room: int) -> tuple[list[str], int]:
    """As many lines as have room, and how many were left out."""
    kept: list[str] = []
    out = 0
    for line in lines:
        size = _size(line) + 1
        if out or size > room:
            out += 1
        else:
            kept.append(line)
            room -= size
    return kept, out


def _cut_table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]], room: int, what: str) -> str:
    """A table with a heading that has whole rows only, and says how many found no room."""
    lines = table(head, rows)
    if len(lines) == 2:
        return ""
    kept, out = _fitting(lines[2:], room)
    told = [f"\n*{out:,} more {what} found no room.*"] if out else []
    return "\n".join([f"## {title}", "", *lines[:2], *kept, *told])


def _needing(needing: Sequence[Concern], record: Record) -> str:
    """Claims that are not as expected or inconclusive, and those whose proof a mutant survived, worst first."""
    rows = (
        [
            f"**{KINDS[concern.kind]}**",
            f"{code(clip(verdict['id'], NAME))}<br>{code(clip(_written(verdict), NAME))}",
            f"{escape(clip(concern.why, WHY))}{_repaired(verdict, record)}<br>{code(clip(_again(verdict), 2 * NAME))}",
        ]
        for concern, verdict in ((concern, concern.verdict) for concern in needing)
    )
    head = ["", "claim", "why, and how to see it again"]
    return _cut_table(f"Needs attention: {len(needing):,}", head, rows, _FIRST, "claims that need attention")


def _repaired(verdict: Verdict, record: Record) -> str:
    repair = repair_of(verdict, record.verdicts)
    return f" (its repair: {code(clip(repair['id'], NAME))}, {escape(standing(repair))})" if repair else ""


def _written(verdict: Verdict) -> str:
    return f"{verdict['file']}:{verdict['line']}"


def _again(verdict: Verdict) -> str:
    """The command that shows the counterexample or, without one, the claim."""
    witness = verdict["witness"]
    replay = witness.get("replay") if witness else None
    return replay or show_command(verdict)


def _missing(record: Record) -> str:
    """The claims without a verdict, as many as have room."""
    missing = record.missing
    kept, out = _fitting((f"- {code(clip(claim, NAME))}" for claim in missing), _SOURCES // 4)
    more = [f"- and {out:,} more"] if out else []
    return "\n".join([f"## No verdict: {len(missing):,}", "", *kept, *more]) if missing else ""


def _sources(record: Record) -> str:
    """How many claims of each source have which grade, those with claims that are not as expected first."""
    grades = tuple(reversed(GRADES))
    sources = [
        (name, verdicts, sum(not v["as_expected"] for v in verdicts)) for name, verdicts in by_source(record.verdicts)
    ]
    rows = (
        [
            code(clip(name, NAME)),
            f"{len(verdicts):,}",
            *(f"{sum(verdict['grade'] == grade for verdict in verdicts) or ''}" for grade in grades),
            f"**{wrong:,}**" if wrong else "",
        ]
        for name, verdicts, wrong in sorted(sources, key=lambda one: -one[2])
    )
    head = ["source", "claims", *grades, "not as expected"]
    return _cut_table("By source", head, rows, _SOURCES, "sources")


def _claims(verdicts: Sequence[Verdict], record: Record, room: int) -> str:
    """The claims in full, worst first and folded, and how many found no room."""
    blocks = ["## Claims"]
    room -= _size(blocks[0]) + 2
    tries = 0
    for verdict in verdicts:
        if tries == TRIES:
            break
        block = _folded(verdict, record.verdicts)
        size = _size(block) + 2
        if size > room:
            tries += 1
        else:
            blocks.append(block)
            room -= size
    out = len(verdicts) + 1 - len(blocks)
    told = f"*Cut to {LIMIT:,} bytes: {out:,} of {len(verdicts):,} claims are not shown in full; the record has them.*"
    return "\n\n".join([*(blocks if blocks[1:] else []), *([told] if out else [])])


def _folded(verdict: Verdict, among: Sequence[Verdict]) -> str:
    """A claim behind its name, grade and evidence; the line that is seen is HTML, in which Markdown means nothing."""
    seen = evidence(verdict, "medium") if verdict["grade"] != "REFUTED" else fails(verdict) or evidence(verdict)
    words = (clip(verdict["id"], NAME), standing(verdict), clip(seen, NAME))
    name, grade, rests = (html.escape(uncalled(plain(text))) for text in words)
    body = section(verdict, among).partition("\n\n")[2].rstrip()
    return f"<details><summary><code>{name}</code> {grade}: {rests}</summary>\n\n{body}\n\n</details>"
