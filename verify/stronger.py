"""The sentences of ``sharpened_by``, judged as claims are: proved, searched, heard before networks that were bred."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from verify import witness as witnesses
from verify.appeal import Court
from verify.bounds import Bound, bound_of, is_constant, name_of, number_at, square_of
from verify.claims import Claim, Statement
from verify.describe import place as described_place
from verify.levels import Level
from verify.mutants import Hunt
from verify.probes import tightened
from verify.proving import formal
from verify.search import Found, OutOfTime
from verify.settings import versions
from verify.verdict import Contradiction, Grade

if TYPE_CHECKING:
    from verify.engine import Engine

ENOUGH = 100


@dataclass(frozen=True)
class Stronger:
    """A sentence: its factor, or None where its bound is of another form than the claim's; its grade, and why."""

    sentence: Any
    factor: Any
    grade: Grade
    reason: str

    def to_json(self) -> dict[str, Any]:
        """Its line of the record."""
        factor = None if self.factor is None else str(self.factor)
        return {"sentence": str(self.sentence), "factor": factor, "grade": self.grade.name, "reason": self.reason}


def judged(engine: Engine, claim: Claim, bound: Bound, says: Any) -> Stronger:
    """A sentence, proved and searched; a search that finds nothing counts where it refutes half of the bound."""
    statement = replace(claim.statement, says=says)
    factor = _factor(bound, says)
    derivation = engine.proofs.derivation(claim, statement)
    weakest = None if derivation is None else engine.proofs.weakest_relied_on(claim, derivation)
    proved = derivation is not None and weakest in (None, Grade.PROVED)
    hunts = engine._hunts(claim, statement, name_of(claim, says))
    found = next((h.found for h in hunts if h.found), None)
    if found is not None:
        return _refuted(engine, claim, Stronger(says, factor, Grade.PROVED if proved else Grade.TESTED, ""), found)
    if derivation is not None and proved:
        finding = formal(derivation)
        return Stronger(says, factor, finding.grade, finding.summary)
    return Stronger(says, factor, *_searched(engine, claim, statement, hunts[-1]))


def heard(engine: Engine, claim: Claim, known: Stronger, levels: Iterable[Level]) -> Stronger:
    """The same sentence before networks that were bred."""
    if known.grade is Grade.REFUTED:
        return known
    statement = replace(claim.statement, says=known.sentence)
    for best in levels:
        if not _asks_more(known, best):
            continue
        ruling = Court(statement).hear(best.peak.world, best.peak.draws)
        if ruling.refutes:
            return _refuted(engine, claim, known, Found(best.peak.world, best.peak.draws, ruling, "climbing", 0))
    return known


def stored(engine: Engine, claim: Claim, name: str, statement: Statement, found: Found) -> str:
    """Where the witness of a statement lies, written there where the run has a folder."""
    out = engine.settings.out
    if found.file:
        return described_place(found.file)
    if out is None:
        return "not stored"
    arena = engine.settings.arenas[0]
    how = {"seed": engine.settings.seed, "device": arena.device, "dtype": arena.dtype}
    made = witnesses.from_found(claim, name, statement, found, versions(), how)
    return described_place(str(witnesses.write(out / "witnesses", made)))


def _factor(bound: Bound, says: Any) -> Any:
    own = bound_of(bound.kind, says)
    if own is None or own.left != bound.left or own.premises != bound.premises:
        return None
    factor = own.factor * own.right / bound.right
    return factor if is_constant(bound.kind, factor) else None


def _asks_more(known: Stronger, best: Level) -> bool:
    """Whether a network may refute a sentence: it goes further than its factor, as far as that is known."""
    if known.factor is None or best.square is None:
        return True
    stated = number_at(best.statement.given, known.factor, dict(best.peak.world.sizes))
    square = None if stated is None else square_of(stated)
    return square is None or square < best.square


def _refuted(engine: Engine, claim: Claim, known: Stronger, found: Found) -> Stronger:
    if known.grade is Grade.PROVED:
        raise Contradiction(
            f"{claim.id}, sharpened to {known.sentence}, is both proved and refuted: the suite is wrong"
        )
    name, statement = name_of(claim, known.sentence), replace(claim.statement, says=known.sentence)
    file, ruling = stored(engine, claim, name, statement, found), found.ruling
    return replace(known, grade=Grade.REFUTED, reason=f"{ruling.left} against {ruling.right} ({file})")


def _searched(engine: Engine, claim: Claim, statement: Statement, hunt: Hunt) -> tuple[Grade, str]:
    tally = hunt.tally
    if tally.stopped:
        raise OutOfTime
    half = tightened(statement.says, 2)
    if tally.distinct < ENOUGH or tally.undecided or tally.unheard:
        open_ = tally.undecided + tally.unheard
        return Grade.INCONCLUSIVE, f"nothing found in {tally.distinct} networks, {open_} of them undecided"
    if half is None or not engine._hunts(claim, replace(statement, says=half), "half", smallest=False)[-1].found:
        return Grade.INCONCLUSIVE, f"nothing found in {tally.distinct} networks, but half of the bound survives too"
    return Grade.TESTED, f"nothing found in {tally.distinct} networks, and half of the bound is refuted"
