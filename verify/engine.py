"""The engine: claims in, verdicts out. It returns findings and prints nothing.

For one claim: stored witnesses are replayed, definitions judged, a derivation looked for and rechecked, the statement
searched, its mutants attacked, and everything folded into a verdict.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from symbolic.expanding import refutable
from symbolic.prover import BRIEFLY, MODESTLY
from verify import witness as witnesses
from verify.appeal import Hearing
from verify.chance import Chances, is_about_chance
from verify.claims import Claim, Mutant, Statement, claims
from verify.describe import HOME, statement_details
from verify.describe import place as described_place
from verify.findings import boxed, met_by_none, searched
from verify.mutants import Hunt, ablation, idle_drop, not_searched_again
from verify.pairs import Pairs
from verify.probes import probes
from verify.proving import DefinitionFalse, Proof, Proofs, formal
from verify.search import Found, OutOfTime, Search
from verify.settings import Settings, versions
from verify.sharpen import sharpened
from verify.shrink import Shrinker
from verify.statistics import Asked, arm, search_details
from verify.tally import Tally
from verify.trials import RUN_LEVEL, by_draws
from verify.verdict import Contradiction, Finding, Grade, Verdict, as_expected, fold
from verify.worlds import KindError, ReadingError

NOT_REFUTABLE = "not refutable by draws: a limit at infinity is about no point, so it is proved or nothing is known"


SURE = f"a design point {{}} (statistically, at a level of {RUN_LEVEL:g} for the whole run)"
FRESH = f"all outcomes, or fresh draws at a level of {RUN_LEVEL:g} for the whole run, each failure judged exactly"

MET_BY_NONE = (
    "derived, but the hypotheses hold in none of {} {} that were drawn: they may contradict each other, "
    "and then it says nothing; give a kind or a box in which they can be met"
)


@dataclass
class Engine:
    """Judges claims under one ``Settings``; remembers definitions and proofs across claims."""

    settings: Settings
    catalogue: dict[str, Claim] = field(default_factory=claims)
    _undefined: dict[tuple[str, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.proofs = Proofs(self.settings, self.catalogue)

    def run(self, chosen: Iterable[Claim]) -> Iterator[Verdict]:
        """A verdict for each claim, as it is reached; Contradiction stops the run."""
        for claim in chosen:
            yield self.judge(claim)

    def judge(self, claim: Claim) -> Verdict:
        """The verdict on one claim. What the claim's own code raises is in the verdict, not raised."""
        started = time.monotonic()
        verdict = Verdict(claim.id, Grade.INCONCLUSIVE, claim.expects, "", [], statement_details(claim))
        try:
            self._judged(claim, verdict)
        except Contradiction:
            raise
        except OutOfTime:
            verdict.reason = "the budget of time was spent before this claim was judged"
        except DefinitionFalse as error:
            verdict.error = str(error)
        except (KindError, ReadingError) as error:
            verdict.error = f"{claim.id}: {error}"
        except Exception as error:  # a reading is the author's code and may raise anything
            verdict.error = f"{claim.id}: {_where(error)} raised {type(error).__name__}: {error}"
        if verdict.error is not None:
            verdict.grade, verdict.reason = Grade.INCONCLUSIVE, "the claim's own code failed"
        verdict.seconds = time.monotonic() - started
        return verdict

    # -- one claim -----------------------------------------------------------------------------------------------

    def _judged(self, claim: Claim, verdict: Verdict) -> None:
        self.proofs.check_definitions(claim)
        derivation: Proof | None = self.proofs.derivation(claim, claim.statement)
        weakest = None
        if derivation is not None:
            weakest = self.proofs.weakest_relied_on(claim, derivation)
            self._proved(claim, verdict, derivation)
        if not refutable(claim.statement.says):
            self._not_refutable(claim, verdict, weakest)
            return
        hunts = self._hunts(claim, claim.statement, None, proved=derivation is not None)
        found = next((h for h in hunts if h.found), None)
        if found is not None and found.found is not None:
            self._refute(claim, verdict, found)
            if derivation is not None:
                verdict.grade = fold(claim.id, verdict.findings, weakest)
        elif derivation is None:
            derivation = self.proofs.covering(claim)
            if derivation is not None:
                self._proved(claim, verdict, derivation)
        done = found is not None and claim.expects is Grade.REFUTED
        mutants = [] if done else self._mutants(claim, hunts, derivation is not None)
        verdict.details["mutants"] = mutants
        if self.settings.ablate:
            verdict.details["ablation"] = ablation(claim, mutants, self._undefined)
        asked, first = Asked(claim), hunts[0]
        for hunt in hunts:
            if hunt.found is None:
                own = asked if hunt is first else None
                verdict.findings.append(searched(self.settings, claim, hunt, mutants, own, derivation is not None))
        if asked and first.found:
            arm(claim.statement, first.arena, self.settings, asked)
        if asked and not first.tally.stopped:
            verdict.details.update(asked.details())
        if found is None:
            verdict.details.update(search_details(hunts))
        verdict.grade = fold(claim.id, verdict.findings, weakest)
        verdict.reason = self._reason(claim, verdict)
        if derivation is not None and all(met_by_none(hunt) for hunt in hunts):
            drawn, points = sum(h.tally.drawn for h in hunts), "points" if boxed(claim) else "worlds"
            verdict.grade, verdict.reason = Grade.INCONCLUSIVE, MET_BY_NONE.format(drawn, points)
        if self.settings.sharpen:
            verdict.details["sharpening"] = self._sharpening(claim, verdict.grade)

    def _proved(self, claim: Claim, verdict: Verdict, proof: Proof) -> None:
        verdict.findings.append(formal(proof))
        verdict.details["derivation"] = {"claim": claim.id, **proof.to_json()}

    def _not_refutable(self, claim: Claim, verdict: Verdict, weakest: Grade | None) -> None:
        """The verdict on what no point refutes, a limit at infinity: a search that finds nothing has shown nothing."""
        verdict.details["mutants"] = self._mutants(claim, [], bool(verdict.findings))
        if not verdict.findings:
            details = {**Tally().details(self.settings.arenas[0]), "violation_bound": None}
            finding = Finding("search", Grade.INCONCLUSIVE, NOT_REFUTABLE, ("nothing was drawn",), details)
            verdict.findings.append(finding)
        verdict.grade = fold(claim.id, verdict.findings, weakest)
        verdict.reason = self._reason(claim, verdict)

    def _sharpening(self, claim: Claim, grade: Grade) -> dict[str, Any]:
        try:
            return sharpened(self, claim, grade)
        except Contradiction:
            raise
        except Exception as error:  # sizes and grids that the search does not try may be too much for a reading
            failed = f"the sharpening failed with {type(error).__name__}: {error}"
            return {"says": f"{failed}; the verdict stands, and nothing is told of the constant"}

    def _hunts(
        self, claim: Claim, statement: Statement, mutant: str | None, smallest: bool = True, proved: bool = False
    ) -> list[Hunt]:
        """A search in each arena, until one finds; what it finds is made small unless nobody will read it."""
        fed = self._fed(claim, statement, mutant)
        effort = self.settings.effort.of_proved() if proved else self.settings.effort
        hunts = []
        for arena in self.settings.arenas:
            arena.prepare()
            search: Search | Chances
            if is_about_chance(statement):
                search = Chances(statement, arena, effort, self.settings.seed, self.settings.tick)
            else:
                search = Search(statement, arena, effort, self.settings.seed, self.settings.tick)
                search.tally.pairs = Pairs(statement.says) if mutant is None else None
            if fed is not None:
                search.found = fed
                search.tally.stages["witness"] += 1
                hunts.append(Hunt(arena, search.tally, fed, search))
                break
            tally = search.run()
            if search.found is not None:
                found = search.found
                if smallest and isinstance(search, Search):  # of design points the smallest are tried first
                    found = Shrinker(search)(found)
                hunts.append(Hunt(arena, tally, found, search))
                break
            hunts.append(Hunt(arena, tally, None, search))
        for hunt in hunts:
            if hunt.found is None and hunt.tally.drawn and hunt.tally.undefined == hunt.tally.drawn:
                raise ReadingError(
                    "undefined in every world that was drawn; give a hypothesis under which it is defined"
                )
        return hunts

    def _fed(self, claim: Claim, statement: Statement, mutant: str | None) -> Found | None:
        """A stored witness that still refutes; one of an older statement is passed over."""
        if not self.settings.fed:
            return None
        folders = (witnesses.COMMITTED, *([self.settings.out / "witnesses"] if self.settings.out else []))
        for known in witnesses.stored(claim.id, mutant, folders):
            try:
                ruling = known.rule(statement)
            except witnesses.WitnessError:
                continue
            if ruling.refutes:
                return Found(known.world, known.draws, ruling, "witness", 1, known.file)
        return None

    def _refute(self, claim: Claim, verdict: Verdict, hunt: Hunt) -> None:
        found = hunt.found
        assert found is not None
        ruling = found.ruling
        how = "refutes our reading" if claim.provenance == "as-read" else "refutes"
        verdict.findings.append(
            Finding(
                "appeal", Grade.REFUTED,
                f"{SURE.format(how) if by_draws(ruling) else f'a counterexample {how}'}: {ruling.failure}",
                (FRESH if is_about_chance(claim.statement) else "exact arithmetic on the stored draws",),
            )
        )  # fmt: skip
        verdict.details["witness"] = self._stored(claim, None, claim.statement, hunt)

    def _stored(self, claim: Claim, mutant: str | None, statement: Statement, hunt: Hunt) -> dict[str, Any]:
        found = hunt.found
        assert found is not None
        how = {"seed": self.settings.seed, "device": hunt.arena.device, "dtype": hunt.arena.dtype}
        made = witnesses.from_found(claim, mutant, statement, found, versions(), how)
        shown = made.summary
        point = {} if is_about_chance(statement) else Hearing(statement, found.world, found.draws).point
        shown |= {"point": point} if point else {}
        if mutant is not None:
            return shown
        file = found.file
        if not file and self.settings.out is not None:
            file = str(witnesses.write(self.settings.out / "witnesses", made))
        file = described_place(file) if file else "not stored"
        maker = "" if Path(claim.file).is_relative_to(HOME / "properties") else f" {described_place(claim.file)}"
        return {**shown, "sentence": found.ruling.relation, "file": file, "replay": f"lakatos replay {file}{maker}"}

    # -- mutants -------------------------------------------------------------------------------------------------

    def _mutants(self, claim: Claim, own: list[Hunt], proved: bool) -> list[dict[str, Any]]:
        """A line for every mutant. A proof needs none to stand, so that a quick run asks the author's alone then."""
        spared = proved and bool(claim.mutants) and self.settings.effort.spares and not self.settings.ablate
        lines, skip = [], set()
        for mutant in (*claim.mutants, *(() if spared else probes(claim))):
            if mutant.name in skip:
                continue
            if not refutable(mutant.statement.says):
                lines.append(not_searched_again(mutant, 0))
                self._undefined[claim.id, mutant.name] = 0
                continue
            if own and own[-1].tally.stopped:
                break  # no time was left to try any mutant
            if mutant.by == "engine" and own and idle_drop(claim, mutant, own):
                lines.append(not_searched_again(mutant, own[0].tally.drawn))
                self._undefined[claim.id, mutant.name] = own[0].tally.undefined
                continue
            line = self._mutant(claim, mutant, spared)
            self._undefined[claim.id, mutant.name] = line.pop("undefined")
            lines.append(line)
            if mutant.name == "tightened by 2" and line["refuted"]:
                skip.add("tightened by 1024")  # a still tighter conclusion is broken by the same network
        return lines

    def _mutant(self, claim: Claim, mutant: Mutant, spared: bool) -> dict[str, Any]:
        # Of a box the smallest point accused is heard first, which is small enough for a false neighbour of a proof.
        smallest = mutant.by == "author" and not (spared and mutant.statement.given.alike)
        hunts = self._hunts(claim, mutant.statement, mutant.name, smallest)
        hunt = next((h for h in hunts if h.found), None)
        # That the calculus does not prove what is false, the tests and the longer efforts ask of every mutant.
        boxed = mutant.statement.given.alike
        asked = hunt is None or not (spared and boxed and self.settings.effort.points)
        most = MODESTLY if hunt is None else BRIEFLY
        derivation = self.proofs.derivation(claim, mutant.statement, most) if asked else None
        if hunt is not None and derivation is not None:
            weakest = self.proofs.weakest_relied_on(claim, derivation)
            if weakest in (None, Grade.PROVED):
                raise Contradiction(
                    f"{claim.id}, mutant {mutant.name!r}, is both proved and refuted: the suite is wrong"
                )
            derivation = None  # it rests on a claim without a proof
        last = hunts[-1].tally
        if hunt is None and last.stopped:
            raise OutOfTime
        return {
            "name": mutant.name,
            "by": mutant.by,
            "statement": mutant.statement.text,
            "refuted": hunt is not None,
            "proved": derivation is not None,
            "effort": {
                "stage": hunt.found.stage if hunt and hunt.found else "climbing",
                "lanes": hunt.found.lanes if hunt and hunt.found else last.drawn,
            },
            "witness": None if hunt is None else self._stored(claim, mutant.name, mutant.statement, hunt),
            "undefined": last.undefined,
        }

    # -- findings ------------------------------------------------------------------------------------------------

    def _reason(self, claim: Claim, verdict: Verdict) -> str:
        strongest = [f for f in verdict.findings if f.grade is verdict.grade] or verdict.findings
        reason = strongest[0].summary if strongest else "nothing was found out"
        if verdict.grade is not Grade.INCONCLUSIVE and not as_expected(verdict.grade, claim.expects):
            reason += f" (expected {claim.expects.name.lower()})"
        hoped = claim.expects in (Grade.PROVED, Grade.CERTIFIED) or (
            boxed(claim) and verdict.grade in (Grade.TESTED, Grade.INCONCLUSIVE)
        )
        if hoped and claim.id in self.proofs.unproved:
            reason += f"; no derivation was found: {self.proofs.unproved[claim.id]}"
        alive = [m["name"] for m in verdict.details.get("mutants", ()) if m["by"] == "author" and not m["refuted"]]
        if alive and verdict.grade > Grade.TESTED:
            reason += f"; mutant {alive[0]!r} survived the search"
        vacuity = verdict.details.get("vacuity")
        return f"{reason}; {vacuity['words']}" if vacuity and vacuity["share"] else reason


def _where(error: BaseException) -> str:
    """The function of the author's that raised, by name."""
    frame = error.__traceback__
    name = "a reading"
    while frame is not None:
        code = frame.tb_frame.f_code
        if "/verify/" not in code.co_filename and "site-packages" not in code.co_filename:
            name = f"{code.co_name} ({code.co_filename.rsplit('/', 1)[-1]}:{frame.tb_lineno})"
        frame = frame.tb_next
    return name
