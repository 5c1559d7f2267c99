"""Claims: a sentence holds in every world of a kind that meets its hypotheses.

A claim is data, made by one call; there is nothing to subclass. Claims register themselves where they are made, so that
adding one is one expression in one file.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import sympy as sp

from symbolic import prose
from symbolic.bounds import Bound
from symbolic.codec import digest
from symbolic.expanding import premises_judged, refutable, words_judged
from symbolic.sentences import free_indices
from symbolic.words import forget_words
from verify.vacuity import Vacuity
from verify.verdict import Grade
from verify.wellformed import ClaimError, bounds, check, check_asked, check_sketch, listed, other_word
from verify.worlds import Kind

PROVENANCES = ("printed", "as-read", "repaired", "derived", "draft")


@dataclass(frozen=True)
class Statement:
    """What is claimed: a kind, hypotheses, and a sentence. Mutants are statements too."""

    given: Kind
    assuming: tuple[Any, ...]
    says: Any

    @property
    def text(self) -> str:
        """The statement in one line."""
        premises = ", ".join(map(prose.text, self.assuming))
        said: str = prose.text(self.says)
        return f"{premises} => {said}" if premises else said

    @property
    def hash(self) -> str:
        """Changes when the kind, a hypothesis or the sentence does."""
        return digest(str(self.given), self.says, *self.assuming)

    @cached_property
    def premises(self) -> tuple[Any, ...]:
        """The hypotheses as networks are judged by: also at a second point, where the sentence compares two."""
        return premises_judged(self.assuming, self.says)

    def words(self) -> set[str]:
        """The full names of all words in it."""
        return words_judged(self.says).union(*(words_judged(p) for p in self.premises))


@dataclass(frozen=True)
class Mutant:
    """A false neighbour of a claim, which the suite must refute."""

    name: str
    statement: Statement
    by: str = "author"


@dataclass(eq=False)
class Claim:
    """A claim; see ``claim`` for its fields."""

    id: str
    title: str
    statement: Statement
    where: dict[Any, Any]
    proof: Any
    source: str
    provenance: str
    expects: Grade
    relies_on: tuple[str, ...]
    sharpened_by: tuple[Any, ...]
    link: str | None
    file: str
    line: int
    mutants: list[Mutant] = field(default_factory=list)
    vacuous: Vacuity | None = None
    measures: dict[str, Any] = field(default_factory=dict)
    measures_by: Any = None
    about: tuple[Bound, ...] = ()
    unproved: str = ""

    def breaks_when(
        self,
        why: str,
        *,
        says: Any = None,
        assuming: Iterable[Any] | None = None,
        given: Kind | None = None,
    ) -> Claim:
        """Add a mutant: another sentence, other hypotheses (a full list), another kind. Returns the claim."""
        own = self.statement
        where = f"{self.id}, mutant {why!r}"
        hypotheses = own.assuming if assuming is None else listed(where, assuming)
        made = Statement(given or own.given, hypotheses, own.says if says is None else says)
        if made == own:
            raise ClaimError(f"{self.id}: the mutant {why!r} is the claim itself; change says, assuming or given")
        if any(m.name == why for m in self.mutants):
            raise ClaimError(f"{self.id}: two mutants are called {why!r}; rename one")
        check(where, made.given, made.assuming, made.says)
        if not refutable(made.says):
            raise ClaimError(
                f"{where}: no point refutes {made.says}, so that it cannot be told whether the search finds it; break "
                "the claim with a sentence about points, such as positive(...)"
            )
        self.mutants.append(Mutant(why, made))
        return self

    @property
    def hash(self) -> str:
        """Changes when the statement or a definition does."""
        return digest(
            str(self.statement.given),
            self.statement.says,
            *self.statement.assuming,
            *(part for pair in self.where.items() for part in pair),
        )

    def definitions(self) -> tuple[Any, ...]:
        """The definitions as sentences: each is itself a claim about the claim's worlds."""
        return tuple(sp.Eq(word, formula, evaluate=False) for word, formula in self.where.items())


_CLAIMS: dict[str, Claim] = {}


def claims() -> dict[str, Claim]:
    """All claims made so far, by id."""
    return dict(_CLAIMS)


def forget(file: str) -> None:
    """Forget the claims of a file, before it is read again."""
    for known in [c for c in _CLAIMS.values() if c.file == file]:
        del _CLAIMS[known.id]
    forget_words(file)


def claim(
    id: str,
    statement: str,
    *,
    given: Kind,
    says: Any,
    assuming: Iterable[Any] = (),
    where: Mapping[Any, Any] | None = None,
    proof: Any = None,
    source: str | None = None,
    provenance: str | None = None,
    link: str | None = None,
    relies_on: Iterable[str] = (),
    sharpened_by: Iterable[Any] = (),
    expects: str = "tested",
    vacuous: Vacuity | None = None,
    measures: Mapping[str, Any] | None = None,
    measures_by: Any = None,
    about: Bound | Iterable[Bound] = (),
    unproved: str = "",
) -> Claim:
    """Make a claim.

    ``id`` is ``source/name``; ``statement`` one English sentence; ``given`` a kind of world; ``says`` a sentence, whose
    free indices read "for every"; ``assuming`` the hypotheses, each a sentence, each read "for every" by itself;
    ``where`` definitions the prover may unfold and the suite checks in the claim's worlds; ``proof`` a certificate
    (rule traces are found without one); ``source`` the reference; ``provenance`` one of printed, as-read, repaired,
    derived, draft; ``link`` an address of the source or of its derivation; ``relies_on`` ids of claims the proof may
    use; ``expects`` the grade expected (proved, certified, tested, refuted, inconclusive); ``vacuous`` when it says
    nothing; ``measures`` numbers to report by name, grouped by the word ``measures_by``; ``about`` the bounds whose
    symbols and provenance are shown with the claim. These four change no grade. ``unproved`` says, in a few words, why
    no search can refute the claim although nobody proved it (a constant that is far too large, say): a search that
    finds nothing is then INCONCLUSIVE and never TESTED, which is what such a claim expects unless it says otherwise.

    Raises ClaimError when the id is taken, the sentence is already true or false, or the kind cannot read a word.
    """
    frame = sys._getframe(1)
    file, line = frame.f_code.co_filename, frame.f_lineno
    if not isinstance(id, str) or "/" not in id or any(ch.isspace() for ch in id):
        raise ClaimError(f"the id {id!r} is not of the form source/name, without spaces")
    if not isinstance(given, Kind):
        raise ClaimError(f"{id}: given={given!r} is not a kind of world; write for example given=TwoLayerReLU()")
    made = Statement(given, listed(id, assuming), says)
    definitions = dict(where or {})
    check(id, given, made.assuming, says, definitions)
    check_asked(id, given, says, vacuous, {} if measures is None else measures, measures_by)
    sharper = tuple(sharpened_by) if isinstance(sharpened_by, (list, tuple)) else (sharpened_by,)
    sketch = check_sketch(id, given, proof, sharper)
    if not isinstance(unproved, str):
        raise ClaimError(f"{id}: unproved={unproved!r} is no text; say in a few words why no search can refute it")
    if unproved and expects == "tested":
        expects = "inconclusive"
    try:
        grade = Grade[expects.upper()]
    except KeyError:
        raise ClaimError(f"{id}: expects={expects!r}; say one of {', '.join(g.name.lower() for g in Grade)}") from None
    tag = "as-read" if id.endswith("-as-read") else "printed" if id.endswith("-printed") else None
    origin = provenance or tag or ("draft" if id.startswith("draft/") else "derived")
    if origin not in PROVENANCES:
        raise ClaimError(f"{id}: provenance={origin!r}; say one of {', '.join(PROVENANCES)}")
    known = _CLAIMS.get(id)
    if known is not None and (Path(known.file).resolve(), known.line) != (Path(file).resolve(), line):
        raise ClaimError(f"two claims are called {id}: {known.file}:{known.line} and {file}:{line}; rename one of them")
    made_claim = Claim(
        id, " ".join(statement.split()), made, definitions, sketch, source or "", origin, grade,
        tuple(relies_on), sharper, link, file, line,
        vacuous=vacuous, measures=dict(measures or {}), measures_by=measures_by,
        about=bounds(id, about), unproved=" ".join(unproved.split()),
    )  # fmt: skip
    _CLAIMS[id] = made_claim
    return made_claim


def supplanted(claim: Claim) -> str:
    """Why a claim cannot be judged now that a file read later has declared one of its words otherwise, or nothing."""
    statements = (claim.statement, *(mutant.statement for mutant in claim.mutants))
    said = [part for made in statements for part in (made.says, *made.assuming)]
    other = other_word((*said, *(part for pair in claim.where.items() for part in pair)))
    return f"{claim.id}: {other}" if other else ""


def dropped(statement: Statement, hypothesis: Any) -> Statement:
    """The statement without one hypothesis."""
    return replace(statement, assuming=tuple(h for h in statement.assuming if h != hypothesis))


__all__ = [
    "Claim",
    "ClaimError",
    "Mutant",
    "Statement",
    "claim",
    "claims",
    "dropped",
    "forget",
    "free_indices",
    "supplanted",
]
