"""``lakatos show``: everything the catalogue and the last record know of a claim."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from symbolic import coverings, prose, traces
from symbolic.bounds import PROVENANCES, Bound
from symbolic.codec import CodecError
from symbolic.coverings import Covering
from symbolic.proofs import Derivation
from symbolic.traces import Trace
from verify import every_size, witness
from verify.claims import Claim, Statement
from verify.every_size import EverySize
from verify.probes import probes
from verify.recording import RECORD, finished

_READERS: dict[str, Callable[[Any], Derivation | Trace | Covering | EverySize]] = {
    traces.FORMAT: Trace.from_json,
    coverings.FORMAT: Covering.from_json,
    every_size.FORMAT: EverySize.from_json,
}


def show(claim: Claim, out: Path, proof: bool = False) -> None:
    """Print everything the catalogue and the last record know of a claim; with ``proof``, its derivation in words."""
    own, by_engine = claim.statement, probes(claim)
    lines = [
        claim.id,
        f"  {claim.title}",
        f"  source: {claim.source or 'none given'} ({claim.provenance})",
        *([f"  see {claim.link}"] if claim.link else []),
        f"  expects {claim.expects.name.lower()}",
        f"  given   {own.given}",
        *(f"  assuming {h}" for h in own.assuming),
        f"  says    {own.says}",
        f"  LaTeX   {prose.latex(own.says)}",
        *(f"  where   {d}" for d in claim.definitions()),
        *(f"  proof   {step}" for step in claim.proof),
        *(f"  relies on {r}" for r in claim.relies_on),
        *(f"  sharper {s}" for s in claim.sharpened_by),
        *_asked_lines(claim),
        *(line for bound in claim.about for line in _bound_lines(bound)),
        "  mutants of the author:",
        *(f"    {m.name}: {m.statement.text}{_elsewhere(m.statement, own)}" for m in claim.mutants),
        *(["  mutants of the engine:"] if by_engine else []),
        *(f"    {m.name}: {m.statement.text}" for m in by_engine),
    ]
    print("\n".join(lines))
    for known in witness.stored(claim.id, None, (witness.COMMITTED, out / "witnesses")):
        if known.hash == own.hash:
            print(f"  witness {known.file}: {known.ruling.failure}")
    last = finished(out / RECORD).get(claim.id)
    if last is not None and last["statement"].get("hash") != claim.hash:
        print("  the last record judged another statement of this name; run lakatos check again")
    elif last is not None:
        print(f"  last verdict: {last['grade']}; {last['reason']}")
        sharpening = last.get("sharpening")
        if isinstance(sharpening, dict) and sharpening.get("says"):
            print(f"  last sharpening: {sharpening['says']}")
        if proof:
            print("\n".join(_proof_lines(last)))
    elif proof:
        print("  there is no verdict on it in the last record; run lakatos check on the claim first")


def _proof_lines(last: dict[str, Any]) -> list[str]:
    """The derivation of the last record, step by step."""
    stored = last.get("derivation")
    if not isinstance(stored, dict):
        return [f"  the last verdict, {last['grade']}, rests on no derivation, so there is none to print"]
    try:
        plain = {k: v for k, v in stored.items() if k != "claim"}
        made = _READERS.get(str(stored.get("format")), Derivation.from_json)(plain)
    except CodecError as error:
        return [f"  the derivation of the last record cannot be read ({error}); run lakatos check again"]
    return ["  proof", *(f"    {line}" for line in made.lines())]


def _bound_lines(bound: Bound) -> list[str]:
    """A bound: its expression, as text and in LaTeX, its symbols with their spans, where it is from."""
    known = "its dominant term; " if bound.dominant else ""
    return [
        f"  bound   {bound.name}: {bound.expression}",
        f"  LaTeX   {prose.latex(bound.expression)}",
        *(f"    {line}" for line in bound.lines()),
        *(f"    where {condition}" for condition in bound.conditions),
        f"    {known}{PROVENANCES[bound.provenance]}; {bound.source}",
    ]


def _elsewhere(statement: Statement, own: Statement) -> str:
    """In which worlds a mutant is tried, where they are not the claim's."""
    return "" if statement.given == own.given else f" (in {statement.given})"


def _asked_lines(claim: Claim) -> list[str]:
    """What the claim asks beside its verdict: when it says nothing, and what is measured."""
    lines, vacuity = [], claim.vacuous
    if vacuity is not None:
        lines.append(f"  says nothing when {vacuity.when}: {vacuity.means}")
        lines += [f"  because {vacuity.because}: {vacuity.why}"] if vacuity.because is not None else []
    by = "" if claim.measures_by is None else f", for each {claim.measures_by}"
    return [*lines, *(f"  measures {name}: {expression}{by}" for name, expression in claim.measures.items())]
