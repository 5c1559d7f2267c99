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
from symbolic.behaviour import value_of
from symbolic.bounds import Bound
from symbolic.certificates import Certificate
from symbolic.codec import CodecError, digest
from symbolic.expanding import out_of_place, premises_judged, refutable, words_judged
from symbolic.sentences import Behaviour, free_indices, is_sentence, words_in
from symbolic.shaping import misfit
from symbolic.words import DICTIONARY, Matrix, Scalar, forget_words
from verify.vacuity import Vacuity
from verify.verdict import Grade
from verify.worlds import Kind

PROVENANCES = ("printed", "as-read", "repaired", "derived", "draft")


class ClaimError(ValueError):
    """A claim cannot be judged as it is written; the message says why and what to write."""


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
        hypotheses = own.assuming if assuming is None else _listed(where, assuming)
        made = Statement(given or own.given, hypotheses, own.says if says is None else says)
        if made == own:
            raise ClaimError(f"{self.id}: the mutant {why!r} is the claim itself; change says, assuming or given")
        if any(m.name == why for m in self.mutants):
            raise ClaimError(f"{self.id}: two mutants are called {why!r}; rename one")
        _check(where, made, {})
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
    made = Statement(given, _listed(id, assuming), says)
    definitions = dict(where or {})
    _check(id, made, definitions)
    _check_asked(id, given, vacuous, {} if measures is None else measures, measures_by)
    sharper = tuple(sharpened_by) if isinstance(sharpened_by, (list, tuple)) else (sharpened_by,)
    sketch = _check_sketch(id, given, proof, sharper)
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
        about=_bounds(id, about), unproved=" ".join(unproved.split()),
    )  # fmt: skip
    _CLAIMS[id] = made_claim
    return made_claim


def _listed(where: str, assuming: Any) -> tuple[Any, ...]:
    """The hypotheses; ClaimError where one is given in place of a list."""
    if isinstance(assuming, (list, tuple, sp.Tuple)) or (
        isinstance(assuming, Iterable) and not isinstance(assuming, (str, sp.Basic))
    ):
        return tuple(assuming)
    raise ClaimError(f"{where}: assuming={assuming} is not a list of sentences; write assuming=[{assuming}]")


def _bounds(id: str, about: Any) -> tuple[Bound, ...]:
    bounds = (about,) if isinstance(about, Bound) else tuple(about) if isinstance(about, Iterable) else (about,)
    for bound in bounds:
        if not isinstance(bound, Bound):
            raise ClaimError(f"{id}: about={bound!r} is no Bound; write Bound(name, expression, domain, source, ...)")
    return bounds


def _check(where: str, statement: Statement, definitions: Mapping[Any, Any]) -> None:
    for sentence in (statement.says, *statement.assuming):
        if sentence in (True, sp.true) or sentence in (False, sp.false):
            raise ClaimError(
                f"{where}: a sentence is already {bool(sentence)} as written, whatever the world; "
                "say something that a network could break"
            )
        if not is_sentence(sentence):
            raise ClaimError(f"{where}: {sentence} is not a sentence; relate two expressions with <=, Eq, ...")
    for sentence in statement.assuming:
        if sentence.atoms(Behaviour):
            raise ClaimError(
                f"{where}: the hypothesis {sentence} is about all points together, and a hypothesis is judged at each; "
                "assume a relation"
            )
    misplaced = out_of_place(statement.says)
    if misplaced is not None:
        raise ClaimError(
            f"{where}: {misplaced} is about all points together, and stands where each is judged alone; "
            "claim it by itself, or in a conjunction"
        )
    _check_readable(
        where, statement.given, (statement.says, *statement.assuming, *(p for d in definitions.items() for p in d))
    )
    for word, formula in definitions.items():
        if getattr(word, "shape", ()) != getattr(formula, "shape", ()):
            raise ClaimError(f"{where}: {word} is defined as {formula}, which has another shape")


def _check_readable(where: str, given: Kind, parts: tuple[Any, ...]) -> None:
    """Raise ClaimError unless the shapes in all parts fit, and the kind reads their words."""
    for part in parts:
        fault = misfit(part)
        if fault:
            raise ClaimError(f"{where}: the shapes do not fit: {fault}")
    for name in sorted(set().union(*map(words_judged, parts))):
        if not given.knows(name):
            letter = DICTIONARY[name].letter if name in DICTIONARY else name
            if value_of(name) is not None and given.knows(value_of(name) or ""):
                raise ClaimError(
                    f"{where}: {type(given).__name__} has no second value of {letter[:-1]} to compare the first with; "
                    f"claim how an expression behaves in a Box"
                )
            advice = given.missing(name)
            raise ClaimError(
                f"{where}: {type(given).__name__} cannot read {letter} ({name}); "
                f"it reads {', '.join(given.vocabulary())}{advice and f'; {advice}'}"
            )
    other = _other_word(parts)
    if other:
        raise ClaimError(f"{where}: {other}")
    for name in sorted(namesakes(given, *parts)):
        letter = name.partition(":")[2]
        raise ClaimError(
            f"{where}: the word {name} is named like the size {letter} of {type(given).__name__}; "
            f"use the kind's own, {given.speaks}:{letter}, or rename yours"
        )
    try:
        digest(*parts)
    except CodecError as error:
        raise ClaimError(f"{where}: {error}") from None


def supplanted(claim: Claim) -> str:
    """Why a claim cannot be judged now that a file read later has declared one of its words otherwise, or nothing."""
    statements = (claim.statement, *(mutant.statement for mutant in claim.mutants))
    said = [part for made in statements for part in (made.says, *made.assuming)]
    other = _other_word((*said, *(part for pair in claim.where.items() for part in pair)))
    return f"{claim.id}: {other}" if other else ""


def _other_word(parts: Iterable[Any]) -> str:
    """In one sentence, that a word is not of the type that the dictionary knows under its name; or nothing."""
    for node in sorted(set().union(*(part.atoms(Scalar, Matrix) for part in parts)), key=lambda node: str(node.name)):
        known = DICTIONARY.get(node.name)
        if known is not None and known.symbol != node:
            place = known.file or "a stored file"
            return (
                f"its word {known.letter} ({node.name}) is declared with another type in {place}; "
                "rename one of the two, or check the files one by one"
            )
    return ""


def namesakes(given: Kind, *parts: Any) -> set[str]:
    """The full names of sizes in sentences, and in the shapes of their matrices, that a kind's own sizes are taken for.

    Shapes are read by the letter alone, whatever the source, and so are the ranges of indices.
    """
    named = set()
    for part in parts:
        sides = [side for matrix in part.atoms(sp.MatrixExpr) for side in matrix.shape]
        named |= {scalar.name for scalar in part.atoms(Scalar) if _is_size(scalar.name)}
        named |= {scalar.name for side in sides for scalar in side.atoms(Scalar)}
    sources = {name: name.partition(":") for name in named}
    return {name for name, (source, _, letter) in sources.items() if letter in given.letters and source != given.speaks}


def _is_size(name: str) -> bool:
    known = DICTIONARY.get(name)
    return known is not None and known.size


def _check_sketch(id: str, given: Kind, proof: Any, sharper: tuple[Any, ...]) -> tuple[Any, ...]:
    """The parts of a sketch; ClaimError where one is neither a sentence that the kind can read nor a certificate."""
    if isinstance(proof, str):
        raise ClaimError(f"{id}: proof={proof!r} is text; write a list of sentences, or Certificate((alpha, beta))")
    sketch = () if proof is None else tuple(proof) if isinstance(proof, (list, tuple)) else (proof,)
    for sentence in (p for p in sketch if not isinstance(p, Certificate)):
        if not isinstance(sentence, sp.Basic):
            raise ClaimError(f"{id}, proof: {sentence!r} is not a sentence; relate two expressions with <=, Eq, ...")
        _check(f"{id}, proof", Statement(given, (), sentence), {})
    for sentence in sharper:
        if not isinstance(sentence, sp.Basic):
            raise ClaimError(f"{id}, sharpened_by: {sentence!r} is not a sentence; relate two expressions with <=")
        _check(f"{id}, sharpened_by", Statement(given, (), sentence), {})
    return sketch


def _check_asked(id: str, given: Kind, vacuous: Any, measures: Any, by: Any) -> None:
    """Raise ClaimError where what is asked beside the verdict cannot be counted or measured."""
    if vacuous is not None:
        if not isinstance(vacuous, Vacuity):
            raise ClaimError(f"{id}: vacuous={vacuous!r} is no Vacuity; write vacuous=Vacuity(when=..., means='...')")
        fault = vacuous.fault()
        if fault:
            raise ClaimError(f"{id}, vacuity: {fault}")
        for sentence in vacuous.sentences:
            _check(f"{id}, vacuity", Statement(given, (), sentence), {})
    fault = _misnamed(measures, by)
    if fault:
        raise ClaimError(f"{id}: {fault}")
    for name, expression in measures.items():
        _check_readable(f"{id}, measure {name!r}", given, (expression,))
    if by is not None:
        _check_readable(f"{id}, measures_by", given, (by,))


def _misnamed(measures: Any, by: Any) -> str | None:
    """What is wrong with a claim's measures, in words for the author, or None."""
    if not isinstance(measures, Mapping):
        return f"measures={measures!r} names nothing; write measures={{'stable rank': norm(V)**2 / ...}}"
    for name, expression in measures.items():
        if not isinstance(name, str) or not name.strip():
            return f"a measure is called {name!r}; give it a name in words"
        if is_sentence(expression):
            return f"the measure {name!r} is a sentence, {expression}; give a number of a network"
        if getattr(expression, "is_Matrix", False):
            return f"the measure {name!r} is a matrix, {expression}; take a norm, a rank or an entry of it"
        if not isinstance(expression, sp.Expr) or not words_in(expression):
            return f"the measure {name!r} is {expression!r}, which no network changes; write it with words"
        if free_indices(expression):
            index = free_indices(expression)[0]
            return f"the measure {name!r} has the free index {index}; bind it with greatest, least or mean"
    if by is not None and not measures:
        return f"measures_by={by} groups measures, and there are none; give measures as well"
    if by is not None and not isinstance(by, Scalar):
        return f"measures_by={by} is not a word for one number; group by a word such as mu or N"
    return None


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
