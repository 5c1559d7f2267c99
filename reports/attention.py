"""What needs a person: which claims, how badly, and in one sentence why; the forms for programs share it."""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from reports.phrases import facing, place, plain, standing
from reports.record import Record, Verdict, worst_first

Kind = Literal["contradiction", "refuted", "raised", "unexpected", "inconclusive", "survived", "expected"]
KINDS: dict[Kind, str] = {
    "contradiction": "proved and refuted",
    "refuted": "refuted",
    "raised": "own code raised",
    "unexpected": "not as expected",
    "inconclusive": "inconclusive",
    "survived": "a mutant survived",
    "expected": "refuted, as expected",
}
"""The kinds, worst first; `expected`, a refutation that was expected, needs nobody and is told of all the same."""
_CATALOGUE = "properties/"
SIDE = 200
"""Characters of a side of a relation, which may be a fraction of any length, in a sentence."""


@dataclass(frozen=True)
class Concern:
    """A verdict to be told of: its kind, the worst that applies, and why in one sentence."""

    verdict: Verdict
    kind: Kind
    why: str


def clip(text: str, length: int) -> str:
    """Text on one line, of at most `length` characters; a longer one ends in dots."""
    text = plain(text)
    return text if len(text) <= length else f"{text[: length - 3]}..."


def source_of(claim: str) -> str:
    """The paper or file that a claim belongs to: its id up to the first slash."""
    return claim.partition("/")[0]


def survivors(verdict: Verdict) -> list[str]:
    """The author's mutants that the search did not refute (an engine's may be true: a hypothesis can be idle)."""
    mutants = verdict["mutants"]
    return [plain(mutant["name"]) for mutant in mutants if mutant["by"] == "author" and not mutant["refuted"]]


def fails(verdict: Verdict) -> str:
    """The counterexample in one sentence without an end, e.g. "rank(G) <= 1 fails: 2 against 1 at m=2"; or empty."""
    witness = verdict["witness"]
    if witness is None:
        return ""
    sides = facing(witness["sides"], lambda side: clip(side, SIDE))
    kink = ", on a kink, so it speaks only about backprop gradients" if witness["kink"] else ""
    return f"{plain(witness.get('sentence', 'the sentence'))} fails: {sides} at {place(witness)}{kink}"


def show_command(verdict: Verdict) -> str:
    """The command that shows a claim again; one that is not of the catalogue needs the file that makes it."""
    file = verdict["file"].replace("\\", "/")
    made_in = [] if file.startswith(_CATALOGUE) else [plain(verdict["file"])]
    return shlex.join(["lakatos", "show", plain(verdict["id"]), *made_in])


def kind_of(verdict: Verdict) -> Kind | None:
    """The worst kind that applies to a verdict; None where there is nothing to tell."""
    if any(mutant["proved"] and mutant["refuted"] for mutant in verdict["mutants"]):
        return "contradiction"
    if verdict["error"] is not None:
        return "raised"
    if verdict["grade"] == "INCONCLUSIVE":
        return "inconclusive"
    if verdict["grade"] == "REFUTED":
        return "expected" if verdict["as_expected"] else "refuted"
    if not verdict["as_expected"]:
        return "unexpected"
    return "survived" if survivors(verdict) else None


def _why(verdict: Verdict, kind: Kind) -> str:
    """The verdict and its reason on one line, without the claim's name and without a full stop."""
    reason = fails(verdict) or plain(verdict["reason"])
    if verdict["error"] is not None:
        reason = f"its own code raised: {plain(verdict['error'])}"
    elif kind == "contradiction":
        reason = "a mutant is both proved and refuted, so the suite is wrong"
    left = ", ".join(name for name in survivors(verdict) if name not in reason)
    parts = [f"{standing(verdict)}: {reason.rstrip('.')}".rstrip(": "), f"not caught: {left}" if left else ""]
    return "; ".join(part for part in parts if part)


def concerns(record: Record) -> list[Concern]:
    """The verdicts to be told of, worst kind first, those that are not as expected first in each kind."""
    found = [(kind_of(verdict), verdict) for verdict in worst_first(record.verdicts)]
    order = list(KINDS)
    kept = sorted(((kind, verdict) for kind, verdict in found if kind), key=lambda one: order.index(one[0]))
    return [Concern(verdict, kind, _why(verdict, kind)) for kind, verdict in kept]


def by_source(verdicts: tuple[Verdict, ...]) -> Iterator[tuple[str, list[Verdict]]]:
    """The sources in alphabetical order, each with its verdicts in the order of ids."""
    sources: dict[str, list[Verdict]] = {}
    for verdict in sorted(verdicts, key=lambda v: v["id"]):
        sources.setdefault(source_of(verdict["id"]), []).append(verdict)
    yield from sorted(sources.items())
