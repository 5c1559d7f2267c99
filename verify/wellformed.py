"""Whether a claim can be judged as it is written: its sentences, words, shapes, sketch and what it asks besides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sympy as sp

from symbolic.behaviour import value_of
from symbolic.bounds import Bound
from symbolic.certificates import Certificate
from symbolic.codec import CodecError, digest
from symbolic.expanding import out_of_place, words_judged
from symbolic.sentences import Behaviour, Chance, free_indices, has_part, is_sentence, words_in
from symbolic.shaping import misfit
from symbolic.words import DICTIONARY, Matrix, Scalar
from verify.vacuity import Vacuity
from verify.worlds import Kind


class ClaimError(ValueError):
    """A claim cannot be judged as it is written; the message says why and what to write."""


def listed(where: str, assuming: Any) -> tuple[Any, ...]:
    """The hypotheses; ClaimError where one is given in place of a list."""
    if isinstance(assuming, (list, tuple, sp.Tuple)) or (
        isinstance(assuming, Iterable) and not isinstance(assuming, (str, sp.Basic))
    ):
        return tuple(assuming)
    raise ClaimError(f"{where}: assuming={assuming} is not a list of sentences; write assuming=[{assuming}]")


def bounds(id: str, about: Any) -> tuple[Bound, ...]:
    """The bounds that a claim is about; ClaimError where one is something else."""
    made = (about,) if isinstance(about, Bound) else tuple(about) if isinstance(about, Iterable) else (about,)
    for bound in made:
        if not isinstance(bound, Bound):
            raise ClaimError(f"{id}: about={bound!r} is no Bound; write Bound(name, expression, domain, source, ...)")
    return made


def check(
    where: str, given: Kind, assuming: tuple[Any, ...], says: Any, definitions: Mapping[Any, Any] | None = None
) -> None:
    """Raise ClaimError unless the sentences of a statement say something, the kind reads their words, shapes fit."""
    for sentence in (says, *assuming):
        if sentence in (True, sp.true) or sentence in (False, sp.false):
            raise ClaimError(
                f"{where}: a sentence is already {bool(sentence)} as written, whatever the world; "
                "say something that a network could break"
            )
        if not is_sentence(sentence):
            raise ClaimError(f"{where}: {sentence} is not a sentence; relate two expressions with <=, Eq, ...")
    for sentence in assuming:
        if has_part(sentence, Behaviour):
            raise ClaimError(
                f"{where}: the hypothesis {sentence} is about all points together, and a hypothesis is judged at each; "
                "assume a relation"
            )
        if has_part(sentence, Chance):
            raise ClaimError(
                f"{where}: the hypothesis {sentence} is about many networks together, and a hypothesis is judged at "
                "each; assume a relation"
            )
    if has_part(says, Chance) and not isinstance(says, Chance):
        raise ClaimError(
            f"{where}: a probability is of many networks together, and stands where each is judged alone; claim "
            "with_probability(...) by itself"
        )
    if isinstance(says, Chance) and not given.chances:
        raise ClaimError(
            f"{where}: nothing is drawn by chance in {type(given).__name__}; give a kind that says what is, such as "
            "RandomNetworks (properties.worlds.random_networks)"
        )
    misplaced = out_of_place(says)
    if misplaced is not None:
        raise ClaimError(
            f"{where}: {misplaced} is about all points together, and stands where each is judged alone; "
            "claim it by itself, or in a conjunction"
        )
    _check_readable(where, given, (says, *assuming, *(p for d in (definitions or {}).items() for p in d)))
    for word, formula in (definitions or {}).items():
        if is_sentence(formula):
            raise ClaimError(f"{where}: {word} is defined as a sentence, {formula}; give an expression")
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
    other = other_word(parts)
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


def other_word(parts: Iterable[Any]) -> str:
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


def check_sketch(id: str, given: Kind, proof: Any, sharper: tuple[Any, ...]) -> tuple[Any, ...]:
    """The parts of a sketch; ClaimError where one is neither a sentence that the kind can read nor a certificate."""
    if isinstance(proof, str):
        raise ClaimError(f"{id}: proof={proof!r} is text; write a list of sentences, or Certificate((alpha, beta))")
    sketch = () if proof is None else tuple(proof) if isinstance(proof, (list, tuple)) else (proof,)
    for sentence in (p for p in sketch if not isinstance(p, Certificate)):
        if not isinstance(sentence, sp.Basic):
            raise ClaimError(f"{id}, proof: {sentence!r} is not a sentence; relate two expressions with <=, Eq, ...")
        _refuse_chance(f"{id}, proof", sentence)
        check(f"{id}, proof", given, (), sentence)
    for sentence in sharper:
        if not isinstance(sentence, sp.Basic):
            raise ClaimError(f"{id}, sharpened_by: {sentence!r} is not a sentence; relate two expressions with <=")
        _refuse_chance(f"{id}, sharpened_by", sentence)
        check(f"{id}, sharpened_by", given, (), sentence)
    return sketch


def _refuse_chance(where: str, sentence: Any) -> None:
    if has_part(sentence, Chance):
        raise ClaimError(
            f"{where}: {sentence} is about many networks together, and is judged or proved at each; give a relation"
        )


def check_asked(id: str, given: Kind, says: Any, vacuous: Any, measures: Any, by: Any) -> None:
    """Raise ClaimError where what is asked beside the verdict cannot be counted or measured."""
    if isinstance(says, Chance) and (vacuous is not None or measures):
        raise ClaimError(
            f"{id}: vacuity and measures are of single networks, and a probability is of many; ask them of a claim "
            "about one"
        )
    if vacuous is not None:
        if not isinstance(vacuous, Vacuity):
            raise ClaimError(f"{id}: vacuous={vacuous!r} is no Vacuity; write vacuous=Vacuity(when=..., means='...')")
        fault = vacuous.fault()
        if fault:
            raise ClaimError(f"{id}, vacuity: {fault}")
        for sentence in vacuous.sentences:
            _refuse_chance(f"{id}, vacuity", sentence)
            check(f"{id}, vacuity", given, (), sentence)
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
