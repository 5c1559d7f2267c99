"""What a search that found nothing has shown, as a finding: TESTED where it has earned it, else why not."""

from __future__ import annotations

from typing import Any

from verify.chance import Chances
from verify.claims import Claim
from verify.mutants import Hunt
from verify.settings import Settings
from verify.statistics import Asked, arm
from verify.tally import Tally
from verify.vacuity import percent
from verify.verdict import Contradiction, Finding, Grade

ENOUGH = 100
"""Admissible distinct networks below which a search says nothing."""


def searched(
    settings: Settings, claim: Claim, hunt: Hunt, mutants: list[dict[str, Any]], asked: Asked | None, proved: bool
) -> Finding:
    """The finding of a search that found nothing; ``asked`` is answered on the networks of its statistical arm."""
    tally, search = hunt.tally, hunt.search
    authors = [m for m in mutants if m["by"] == "author"]
    caught = f"; {sum(m['refuted'] for m in authors)} of {len(authors)} mutants of the author refuted"
    likely = search if isinstance(search, Chances) else None
    why = f"unproved, not refutable here: {claim.unproved}" if claim.unproved else ""
    why = why or _too_little(claim, hunt, proved) or (likely.unresolved() if likely else "") or _blind(mutants)
    grade = Grade.INCONCLUSIVE if why else Grade.TESTED
    if likely:
        details = {**tally.details(hunt.arena), "violation_bound": None, "chance": likely.told()}
        rests = ("all outcomes, or independent draws and an exact binomial test at each design point",)
        return Finding("statistical", grade, why or likely.summary() + caught, rests, details)
    points = "points" if boxed(claim) else "networks"
    summary = why or f"nothing found in {tally.distinct} distinct admissible {points}{caught}"
    if tally.open:
        share = percent(tally.open, tally.open + tally.admissible)
        summary += f"; {tally.open} more {points} ({share}) are open: their enclosures are too wide to tell"
    # What is proved is violated with probability 0.
    spared = proved and settings.effort.spares and not asked
    bound = None if spared or tally.stopped else arm(claim.statement, hunt.arena, settings, asked)
    details = {**tally.details(hunt.arena), "violation_bound": bound}
    return Finding("search", grade, summary, ("draws", "appeals of accusations and closest calls"), details)


def _too_little(claim: Claim, hunt: Hunt, proved: bool) -> str:
    """Why a search has seen too little to say anything, or nothing."""
    tally, points = hunt.tally, "points" if boxed(claim) else "networks"
    if tally.stopped:
        return f"the budget of time was spent after {tally.drawn} {points}"
    silent = hunt.search.without_value() if boxed(claim) else None
    if silent is not None:
        why = _without_value(claim, silent, tally)
        if proved:  # a proof about a box shows that there is a value everywhere in it
            raise Contradiction(f"{claim.id} is proved, and the suite is wrong: {why}")
        return why
    if tally.distinct < ENOUGH and not isinstance(hunt.search, Chances):
        blame = tally.excluded.most_common(1)
        reason = f"; {blame[0][0]} excluded most worlds" if blame else _excluded(claim, tally)
        return f"only {tally.distinct} admissible {points}{reason if not tally.open else ''}"
    if tally.open > tally.admissible:
        return f"only {tally.admissible} {points} could be told, less than were left open"
    if (tally.undecided or tally.unheard) and not isinstance(hunt.search, Chances):
        return f"{tally.undecided} appeals undecided, {tally.unheard} accusations unheard"
    return ""


def _blind(mutants: list[dict[str, Any]]) -> str:
    """Why a search has not shown that it can find, or nothing."""
    alive = next((m["name"] for m in mutants if m["by"] == "author" and not m["refuted"]), None)
    if alive is not None:
        return f"the search has not shown that it can find: mutant {alive!r} survived"
    return "" if any(m["refuted"] for m in mutants) else (
        "the search has not shown that it can find: no mutant was refuted"
    )  # fmt: skip


def met_by_none(hunt: Hunt) -> bool:
    """Whether a search that ran to its end saw no network that meets the hypotheses."""
    tally = hunt.tally
    return hunt.found is None and not (tally.stopped or tally.admissible or tally.open)


def boxed(claim: Claim) -> bool:
    """Whether a claim is about points of a box: every word that it reads is a number of a known span."""
    return all(claim.statement.given.span(name) is not None for name in claim.statement.words())


def _excluded(claim: Claim, tally: Tally) -> str:
    """What leaves so few: the hypotheses, by name where there is one, or a box that has no more points."""
    assuming = claim.statement.assuming
    if boxed(claim) and tally.admissible == tally.drawn:
        return "; the search met no others in the box: widen it"
    return f"; {assuming[0]} excludes the others" if len(assuming) == 1 else "; the hypotheses exclude the others"


def _without_value(claim: Claim, point: dict[str, str], tally: Tally) -> str:
    """Why nothing is known of a claim that has no real value somewhere in its box."""
    at = ", ".join(f"{letter} = {value}" for letter, value in point.items())
    return (
        f"{claim.statement.says}: no real value at {at}, and in floats at {tally.undefined:,} of {tally.drawn:,} "
        f"points that were drawn; narrow the box or assume what makes it real"
    )
