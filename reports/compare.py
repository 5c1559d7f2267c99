"""Two records side by side: what rose, fell, appeared, vanished, said something else, or became tighter or looser."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.markdown import code, escape, table
from reports.phrases import quantity, setting, standing, unfinished
from reports.record import GRADES, Quantity, Record, Verdict, as_number


@dataclass(frozen=True)
class Change:
    """One claim in both records."""

    old: Verdict
    new: Verdict

    @property
    def id(self) -> str:
        """The claim's id."""
        return self.new["id"]


@dataclass(frozen=True)
class Comparison:
    """What changed from an old record to a new one; a claim may be in several lists, and in `same` if in no other."""

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

    @property
    def exit_code(self) -> int:
        """1 where something fell, else 0."""
        return int(bool(self.fell))


def _worst(verdict: Verdict) -> Quantity | None:
    return verdict["tightness"]["worst"] if verdict["tightness"] else None


def _climb(change: Change) -> int:
    """By how many grades a claim rose (negative: fell), in the order REFUTED < ... < PROVED.

    Where both records expect a refutation, being refuted is the success: the order is reversed, so that a lost
    counterexample falls. At an equal grade, leaving or entering "as expected" counts as one.
    """
    step = GRADES.index(change.new["grade"]) - GRADES.index(change.old["grade"])
    if change.old["expects"] == change.new["expects"] == "REFUTED":
        step = -step
    return step or int(change.new["as_expected"]) - int(change.old["as_expected"])


def _pull(change: Change) -> int:
    """1 where the worst tightness rose in the four digits that reports print, -1 where it fell, 0 otherwise."""
    old, new = _worst(change.old), _worst(change.new)
    before, after = as_number(old), as_number(new)
    if before is None or after is None or quantity(old) == quantity(new):
        return 0
    return 1 if after > before else -1


def _restated(change: Change) -> bool:
    return change.old["statement"]["hash"] != change.new["statement"]["hash"]


def compare(old: Record, new: Record) -> Comparison:
    """Compare two records claim by claim, in the order of ids.

    `tightened` means that the worst value / bound seen came closer to (or went beyond) 1, `loosened` the opposite:
    a constant, an effort or a seed changed. Claims that the new run never selected are `vanished`, and fail nothing.
    """
    before = {verdict["id"]: verdict for verdict in old.verdicts}
    after = {verdict["id"]: verdict for verdict in new.verdicts}
    both = [Change(before[name], after[name]) for name in sorted(before.keys() & after.keys())]
    moved = [change for change in both if _climb(change) or _pull(change) or _restated(change)]
    return Comparison(
        old,
        new,
        rose=tuple(change for change in both if _climb(change) > 0),
        fell=tuple(change for change in both if _climb(change) < 0),
        appeared=tuple(after[name] for name in sorted(after.keys() - before.keys())),
        vanished=tuple(before[name] for name in sorted(before.keys() - after.keys())),
        statement_changed=tuple(change for change in both if _restated(change)),
        tightened=tuple(change for change in both if _pull(change) > 0),
        loosened=tuple(change for change in both if _pull(change) < 0),
        same=len(both) - len(moved),
    )


def summary(comparison: Comparison) -> str:
    """One line: "1 fell, 2 rose, 28 unchanged"."""
    counted = [
        (len(comparison.fell), "fell"),
        (len(comparison.rose), "rose"),
        (len(comparison.appeared), "appeared"),
        (len(comparison.vanished), "vanished"),
        (len(comparison.statement_changed), "restated"),
        (len(comparison.tightened), "tightened"),
        (len(comparison.loosened), "loosened"),
        (comparison.same, "unchanged"),
    ]
    return ", ".join(f"{count} {what}" for count, what in counted if count) or "nothing to compare"


def _moves(title: str, changes: Sequence[Change]) -> list[str]:
    rows = ([code(c.id), standing(c.old), standing(c.new), escape(c.new["reason"]) or "-"] for c in changes)
    return [f"## {title}", "", *table(["claim", "was", "is", "why"], rows), ""] if changes else []


def _pulls(title: str, changes: Sequence[Change]) -> list[str]:
    rows = ([code(c.id), quantity(_worst(c.old)), quantity(_worst(c.new))] for c in changes)
    return [f"## {title}", "", *table(["claim", "value / bound was", "is"], rows), ""] if changes else []


def _list(title: str, verdicts: Sequence[Verdict]) -> list[str]:
    return [f"## {title}", "", *(f"- {code(v['id'])}: {standing(v)}" for v in verdicts), ""] if verdicts else []


def to_markdown(comparison: Comparison) -> str:
    """The comparison as Markdown that also reads as plain text, what fell first."""
    old, new = comparison.old, comparison.new
    lines = ["# Lakatos comparison", "", f"**{summary(comparison)}.**", ""]
    lines += [
        f"- {which}: {escape(setting(r))}. {escape(unfinished(r))}".rstrip()
        for which, r in (("old", old), ("new", new))
    ]
    lines += ["", *_moves("Fell", comparison.fell), *_moves("Rose", comparison.rose)]
    lines += [*_list("Appeared", comparison.appeared), *_list("Vanished", comparison.vanished)]
    if comparison.statement_changed:
        rows = (
            [code(c.id), code(c.old["statement"]["says"]["text"]), code(c.new["statement"]["says"]["text"])]
            for c in comparison.statement_changed
        )
        note = "Where both columns agree, a hypothesis, a definition or the kind of world changed."
        lines += ["## Statement changed", "", *table(["claim", "said", "says"], rows), "", note, ""]
    lines += [*_pulls("Tightened", comparison.tightened), *_pulls("Loosened", comparison.loosened)]
    return "\n".join(lines).rstrip() + "\n"
