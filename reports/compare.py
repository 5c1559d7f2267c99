"""Two records side by side: what rose, fell, appeared, vanished, says something else, or became tighter or looser."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from reports.changes import KINDS, RESTATED, Change, Common, Item, Kind, common, items, restated, same_draws
from reports.markdown import code, escape, table
from reports.phrases import plain, setting, standing, tally, unfinished
from reports.record import Record, Verdict
from reports.sampling import LEAST, LEVEL, worst

MOST_BYTES = 65_536
"""What GitHub takes in one comment."""
EXCERPT = 160
"""Characters of a text that a cell shows; of a longer one, what surrounds the first difference."""
MOST = 300
"""Characters of an id or of a note that a cell shows."""
BRIEFLY = 10
"""Changes that are named at the end of a run."""

NONE = "no verdict"
UNSELECTED = "not among the claims that the new run selected"
NO_VERDICT = "the new run set out to judge it and has no verdict"
_VERBS = ("fell", "rose", "appeared", "vanished", "tightened", "loosened")
_MANY = {"hypothesis": "hypotheses", "hash": "hashes", "witness": "witnesses"}


@dataclass(frozen=True)
class Comparison:
    """What changed from an old record to a new one, claim by claim in the order of ids.

    `items` are the changes, what fails first; a claim may be in several, and is counted in `same` if it is in none. The
    other fields are the claims of some kinds of change. `tests` claims had their tightness tested against chance.
    """

    old: Record
    new: Record
    rose: tuple[Change, ...]
    fell: tuple[Change, ...]
    appeared: tuple[Verdict, ...]
    vanished: tuple[Verdict, ...]
    statement_changed: tuple[Change, ...]
    tightened: tuple[Change, ...]
    loosened: tuple[Change, ...]
    same: int
    items: tuple[Item, ...]
    common: Common
    tests: int

    @property
    def failures(self) -> tuple[Item, ...]:
        """What makes the exit code 1.

        A grade that fell, or is no longer as expected; an author's mutant that was caught and is not; a claim whose own
        code raises now; a claim that the new run set out to judge and that only the old record has a verdict on.
        """
        return tuple(item for item in self.items if item.fails)

    @property
    def exit_code(self) -> int:
        """1 where something fails, else 0."""
        return int(bool(self.failures))


def compare(old: Record, new: Record) -> Comparison:
    """Compare two records claim by claim.

    `reports/changes.py` says what is one change and what is told along with another, `reports/sampling.py` which change
    of tightness is none of chance. A claim that the new run did not select is `vanished`, and fails nothing.
    """
    before = {verdict["id"]: verdict for verdict in old.verdicts}
    after = {verdict["id"]: verdict for verdict in new.verdicts}
    both = [Change(before[name], after[name]) for name in sorted(before.keys() & after.keys())]
    shared = common(old, new)
    said = {change.id: restated(change, shared) for change in both}
    same = {change.id: same_draws(change, shared) for change in both}
    tests = sum(_measured(change) and not (same[change.id] or said[change.id]) for change in both)
    by_claim = {change.id: list(items(change, said[change.id], same[change.id], tests)) for change in both}
    found = [item for listed in by_claim.values() for item in listed]
    found += _gone(before, after, set(new.run["claims"])) + _come(before, after, set(old.run["claims"]))

    def of(*kinds: Kind) -> tuple[Change, ...]:
        return tuple(change for change in both if any(item.kind in kinds for item in by_claim[change.id]))

    return Comparison(
        old,
        new,
        rose=of("rose"),
        fell=of("fell"),
        appeared=tuple(after[name] for name in sorted(after.keys() - before.keys())),
        vanished=tuple(before[name] for name in sorted(before.keys() - after.keys())),
        statement_changed=of(*RESTATED),
        tightened=of("tightened"),
        loosened=of("loosened"),
        same=sum(not listed for listed in by_claim.values()),
        items=tuple(sorted(found, key=lambda item: (not item.fails, KINDS.index(item.kind)))),
        common=shared,
        tests=tests,
    )


def _measured(change: Change) -> bool:
    return worst(change.old) is not None and worst(change.new) is not None


def _gone(before: dict[str, Verdict], after: dict[str, Verdict], wanted: set[str]) -> list[Item]:
    return [
        Item(name, "vanished", standing(before[name]), "", NO_VERDICT if name in wanted else UNSELECTED, name in wanted)
        for name in sorted(before.keys() - after.keys())
    ]


def _come(before: dict[str, Verdict], after: dict[str, Verdict], wanted: set[str]) -> list[Item]:
    """Claims of the new record alone; one that says what a vanished one said may have been renamed."""
    vanished = {before[name]["statement"]["hash"]: name for name in before.keys() - after.keys()}
    found = []
    for name in sorted(after.keys() - before.keys()):
        renamed = vanished.get(after[name]["statement"]["hash"])
        notes = ["the old run set out to judge it and has no verdict"] if name in wanted else []
        notes += [f"says what {renamed} said, which vanished"] if renamed else []
        found.append(Item(name, "appeared", "", standing(after[name]), "; ".join(notes)))
    return found


def _counted(kind: Kind, count: int) -> str:
    if kind in _VERBS:
        return f"{count} {kind}"
    return f"{count} {kind if count == 1 else _MANY.get(kind, f'{kind}s')} changed"


def _kinds(found: Sequence[Item]) -> str:
    counts = Counter(item.kind for item in found)
    return ", ".join(_counted(kind, counts[kind]) for kind in KINDS if counts[kind])


def summary(comparison: Comparison) -> str:
    """One line: "1 fell, 2 rose, 1 constant changed, 28 unchanged"."""
    counts = [_kinds(comparison.items), *_counts((comparison.same, "unchanged"))]
    return ", ".join(filter(None, counts)) or "nothing to compare"


def briefly(comparison: Comparison) -> str:
    """The summary, and below it a line for each of the first changes that fail, for the end of a run.

    Claims that the new run did not select are counted as such.
    """
    others = [item for item in comparison.items if item.note != UNSELECTED]
    unselected = len(comparison.items) - len(others)
    counts = [_kinds(others), *_counts((comparison.same, "unchanged"), (unselected, "not selected now"))]
    lines = [", ".join(filter(None, counts)) or "nothing to compare"]
    for item in comparison.failures[:BRIEFLY]:
        lines.append(f"  {plain(f'{item.kind}: {item.claim}, {item.was} -> {item.now or NONE}')}")
    more = len(comparison.failures) - BRIEFLY
    return "\n".join([*lines, *([f"  and {more} more"] if more > 0 else [])])


def _counts(*counted: tuple[int, str]) -> list[str]:
    return [f"{count} {what}" for count, what in counted if count]


def _excerpts(was: str, now: str) -> tuple[str, str]:
    """Both texts, or of long ones what surrounds the first difference."""
    was, now = plain(was), plain(now)
    if max(len(was), len(now)) <= EXCERPT:
        return was, now
    first = next((at for at, (a, b) in enumerate(zip(was, now, strict=False)) if a != b), min(len(was), len(now)))
    start = max(0, first - EXCERPT // 3) if was and now else 0

    def excerpt(text: str) -> str:
        end = start + EXCERPT
        return f"{'...' * (start > 0)}{text[start:end]}{'...' * (len(text) > end)}"

    return excerpt(was), excerpt(now)


def _clipped(text: str) -> str:
    text = plain(text)
    return text if len(text) <= MOST else f"{text[:MOST]}..."


def _row(item: Item) -> list[str]:
    show = code if item.kind in (*RESTATED, "witness") else escape
    was, now = (show(text) if text else "-" for text in _excerpts(item.was, item.now))
    kind = f"**{item.kind}**" if item.fails else item.kind
    return [kind, code(_clipped(item.claim)), was, now, escape(_clipped(item.note)) or "-"]


def _run(which: str, record: Record) -> str:
    commit = f", commit {record.run['commit'][:12]}" if record.run["commit"] else ""
    what = f"{setting(record)}, {tally(record.verdicts)} on {record.run['started'][:10]}{commit}"
    return f"- {which}: {escape(what)}. {escape(unfinished(record))}".rstrip()


def _between(comparison: Comparison) -> str:
    """Which differences between the runs make tightness a matter of chance, and what of it is told."""
    old, new = comparison.old.run, comparison.new.run
    named = {"seed": "seed", "effort": "effort", "data": "data", "versions": "versions"}
    differ = [word for key, word in named.items() if old.get(key) != new.get(key)]
    if not (differ or comparison.common.draws):
        differ = ["device"]
    if differ:
        level = f"level {LEVEL:g} for all {comparison.tests:,} claims together" if comparison.tests else "here of none"
        told = f"another tightness is told only where chance would hardly account for it ({level})"
        return f"- The runs differ in {' and '.join(differ)}: {told}."
    return f"- Seed, effort, device and versions agree: the code alone moves a tightness, told from {LEAST:.0%} on."


def to_markdown(comparison: Comparison, max_bytes: int = MOST_BYTES) -> str:
    """The comparison as Markdown that also reads as plain text: one table, what fails first.

    At most `max_bytes` bytes of UTF-8: rows are left out from the end, and the last line says which. Raises ValueError
    where not even that line has room.
    """
    found = comparison.items
    failing = f" Exit 1: {_kinds(comparison.failures)}." if comparison.failures else ""
    top = ["# Lakatos comparison", "", f"**{summary(comparison)}.**{failing}", ""]
    top += [_run("old", comparison.old), _run("new", comparison.new), _between(comparison)]
    lines = table(["change", "claim", "was", "is", "why"], map(_row, found))
    top += ["", *lines[:2]] if found else []
    sizes = [len(line.encode()) + 1 for line in lines[2:]]
    room = max_bytes - len("\n".join(top).encode()) - 1
    if sum(sizes) <= room:
        return "\n".join([*top, *lines[2:]]) + "\n"
    kept, used = 0, 0
    reserve = len(_cut(max_bytes, found).encode()) + 1
    while used + sizes[kept] + reserve <= room:
        used += sizes[kept]
        kept += 1
    if reserve > room:
        raise ValueError(f"a comparison does not fit into {max_bytes:,} bytes; give max_bytes 2,000 or more")
    return "\n".join([*top, *lines[2 : 2 + kept], _cut(max_bytes, found[kept:])]) + "\n"


def _cut(max_bytes: int, left_out: Sequence[Item]) -> str:
    return f"\n*Cut to {max_bytes:,} bytes; left out: {_kinds(left_out)}. The comparison in JSON has all of it.*"


def to_json(comparison: Comparison) -> str:
    """The comparison as one JSON object.

    `summary`, `exit` and `unchanged` (how many claims); `old` and `new`, each with `name`, `started`, `commit`, `seed`,
    `effort`, `claims` (how many have a verdict) and `unfinished` (a sentence, or empty); `changes`, each with `claim`,
    `change` (its kind), `was`, `is`, `why` and `fails`, in the order of the table.
    """

    def run(record: Record) -> dict[str, object]:
        told = {key: record.run[key] for key in ("started", "commit", "seed", "effort")}
        return {"name": record.name, **told, "claims": len(record.verdicts), "unfinished": unfinished(record)}

    return json.dumps(
        {
            "summary": summary(comparison),
            "exit": comparison.exit_code,
            "unchanged": comparison.same,
            "old": run(comparison.old),
            "new": run(comparison.new),
            "changes": [
                {"claim": i.claim, "change": i.kind, "was": i.was, "is": i.now, "why": i.note, "fails": i.fails}
                for i in comparison.items
            ],
        },
        indent=1,
    )
