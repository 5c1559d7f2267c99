"""What a reader should see first: the headline, what nearly broke, and the mutant that was hardest to catch."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reports.phrases import unfinished
from reports.record import Mutant, Record, Verdict, as_number

FEW = 3
"""How many of a kind are named on the first screen."""

FATES = {(True, False): "caught", (False, True): "proved", (True, True): "refuted and proved"}
_STAGES = ("witness", "tiny", "corners", "random", "climbing", "closest call")


@dataclass(frozen=True)
class Near:
    """A claim whose worst value / bound is near 1 and not equal to it."""

    verdict: Verdict
    worst: float


@dataclass(frozen=True)
class Tried:
    """A mutant, and the claim whose false neighbour it is meant to be."""

    verdict: Verdict
    mutant: Mutant


@dataclass(frozen=True)
class Nearly:
    """What nearly broke: the tightest claims, what survived, and the mutants that were hardest to catch."""

    tightest: tuple[Near, ...]
    equal: int
    survived: tuple[Tried, ...]
    faintest: tuple[Tried, ...]
    caught: int
    idle: int


def fate(mutant: Mutant) -> str:
    """What became of a mutant: caught, proved, survived (one of the author's) or not refuted (one of the engine's)."""
    known = FATES.get((mutant["refuted"], mutant["proved"]))
    return known or ("survived" if mutant["by"] == "author" else "not refuted")


def faintest(mutants: Iterable[Mutant]) -> Mutant | None:
    """The caught mutant that took the search longest; None where none was caught.

    One that only the appeal of a closest call caught comes before all others: no comparison in floats accused it.
    """
    return max((m for m in mutants if m["refuted"]), key=_effort, default=None)


def _effort(mutant: Mutant) -> tuple[bool, int, int]:
    stage, lanes = mutant["effort"]["stage"], mutant["effort"]["lanes"]
    return stage == "closest call", lanes, _STAGES.index(stage) if stage in _STAGES else len(_STAGES)


def nearly(verdicts: Sequence[Verdict]) -> Nearly:
    """What nearly broke among claims that are not refuted.

    A worst value / bound that is 1 is left out and counted apart: an equation has it by design, and a sharp bound too.
    """
    standing = [v for v in verdicts if v["grade"] != "REFUTED"]
    worst = [(v, as_number(v["tightness"]["worst"]) if v["tightness"] else None) for v in standing]
    near = [Near(v, w) for v, w in worst if w is not None and w != 1 and abs(w) != float("inf")]
    tried = [Tried(v, m) for v in standing for m in v["mutants"]]
    hardest = [Tried(v, m) for v in standing if (m := faintest(v["mutants"])) is not None]
    return Nearly(
        tuple(sorted(near, key=lambda n: (abs(1 - n.worst), n.verdict["id"]))[:FEW]),
        sum(w == 1 for _, w in worst),
        tuple(t for t in tried if fate(t.mutant) == "survived"),
        tuple(sorted(hardest, key=lambda t: _effort(t.mutant), reverse=True)[:FEW]),
        sum(t.mutant["refuted"] for t in tried),
        sum(fate(t.mutant) in ("not refuted", "proved") and t.mutant["by"] == "engine" for t in tried),
    )


def headline(record: Record) -> str:
    """The outcome of a run in one sentence, without its full stop."""
    count, wrong = len(record.verdicts), sum(not v["as_expected"] for v in record.verdicts)
    if record.end and record.end["exit"] == 3:
        return "A contradiction: the suite is wrong, and nothing here should be used"
    if not count:
        return "No claim has a verdict"
    if wrong:
        return f"{wrong:,} of {count:,} verdict{'s' * (count != 1)} {'is' if wrong == 1 else 'are'} not as expected"
    if unfinished(record):
        return f"{count:,} verdict{'s' * (count != 1)} so far, as expected"
    return "The verdict is as expected" if count == 1 else f"All {count:,} verdicts are as expected"
