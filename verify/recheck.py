"""The small checker: replays a derivation rule by rule and believes nothing else.

It trusts the rule functions in ``symbolic.rules.RULES`` (looked up when a step is replayed) and the reader of stored
sentences, not the tactics that found the derivation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from symbolic import coverings, traces
from symbolic.calculus_check import RejectedTrace, check
from symbolic.codec import CodecError
from symbolic.covering_check import check_covering
from symbolic.coverings import Covering
from symbolic.grammar import (
    RuleError,
    denominators,
    equation,
    is_witness,
    mentions_witness,
    nodes,
    nonnegative_terms,
    nonzero_terms,
    radicands,
    well_formed,
)
from symbolic.proofs import MOST_STEPS, Derivation, Step
from symbolic.rules import apply
from symbolic.sentences import WORDS, is_sentence
from symbolic.traces import Trace
from verify import every_size
from verify.every_size import EverySize, Unequal


class Rejected(ValueError):
    """A derivation does not prove its statement: one sentence that says which step fails and why."""


@dataclass(frozen=True)
class Accepted:
    """A replayed derivation: what it proves, how many steps it took, what it rests on."""

    statement: Any
    steps: int
    rests_on: tuple[str, ...]


def replay(stored: Any) -> Accepted:
    """Replay a derivation, given as an object, a JSON object or JSON text; Rejected where any step does not hold.

    Every conclusion is recomputed by its rule; hypotheses, definitions and lemmas must be in the header, and every one
    in the header must be used; the last conclusion must be the statement. A trace of the calculus, a covering and
    equations of polynomials go to checkers of their own.
    """
    try:
        if isinstance(stored, dict) and stored.get("format") == traces.FORMAT:
            return _checked(Trace.from_json(stored))
        if isinstance(stored, dict) and stored.get("format") == coverings.FORMAT:
            return _covered(Covering.from_json(stored))
        if isinstance(stored, dict) and stored.get("format") == every_size.FORMAT:
            return _at_every_size(EverySize.from_json(stored))
        derivation = stored if isinstance(stored, Derivation) else Derivation.from_json(stored)
        return _replayed(derivation)
    except (CodecError, RuleError) as error:
        raise Rejected(str(error)) from None
    except RecursionError:
        raise Rejected("the derivation is nested too deeply") from None


def _checked(trace: Trace) -> Accepted:
    try:
        check(trace)
    except RejectedTrace as rejected:
        raise Rejected(str(rejected)) from None
    return Accepted(trace.statement, len(trace.steps), trace.rests_on)


def _covered(covering: Covering) -> Accepted:
    try:
        check_covering(covering)
    except RejectedTrace as rejected:
        raise Rejected(str(rejected)) from None
    return Accepted(covering.statement, covering.leaves, covering.rests_on)


def _at_every_size(made: EverySize) -> Accepted:
    try:
        every_size.checked(made)
    except Unequal as error:
        raise Rejected(str(error)) from None
    return Accepted(made.statement, made.sizes, made.rests_on)


def _replayed(derivation: Derivation) -> Accepted:
    steps = derivation.steps
    if not 0 < len(steps) <= MOST_STEPS:
        raise Rejected(f"a derivation has between 1 and {MOST_STEPS} steps, not {len(steps)}")
    _header_makes_sense(derivation)
    conclusions: list[Any] = []
    nonzero: dict[Any, int] = {}
    nonnegative: dict[Any, int] = {}
    supposing: list[frozenset[int]] = []  # for each step, the suppositions that it still rests on
    used: set[int] = {len(steps) - 1}
    for number, step in enumerate(steps):
        if not all(0 <= p < number for p in step.premises):
            raise Rejected(f"step {number} ({step.rule}) uses a step that does not come before it")
        _grounded(number, step, derivation)
        try:
            conclusion = apply(step.rule, tuple(conclusions[p] for p in step.premises), step.parameters)
        except RuleError as error:
            raise Rejected(f"step {number} ({step.rule}) does not follow: {error}") from None
        if conclusion != step.conclusion:
            raise Rejected(f"step {number} ({step.rule}) gives {conclusion}, not {step.conclusion}")
        grounds = set(step.premises)
        for base in set().union(*map(denominators, (*step.parameters, conclusion))):
            if base not in nonzero:
                raise Rejected(f"step {number} ({step.rule}) divides by {base}, which may be 0")
            grounds.add(nonzero[base])
        for base in set().union(*map(radicands, (*step.parameters, conclusion))):
            if base not in nonnegative:
                raise Rejected(f"step {number} ({step.rule}) takes the root of {base}, which may be negative")
            grounds.add(nonnegative[base])
        used.update(grounds)
        supposing.append(_supposing(number, step, grounds, supposing, steps))
        for term in nonzero_terms(conclusion):
            nonzero.setdefault(term, number)
        for term in nonnegative_terms(conclusion):
            nonnegative.setdefault(term, number)
        conclusions.append(conclusion)
    if conclusions[-1] != derivation.statement:
        raise Rejected(f"the last step gives {conclusions[-1]}, not the statement {derivation.statement}")
    if supposing[-1]:
        raise Rejected(f"the last step still supposes {conclusions[min(supposing[-1])]}")
    _nothing_idle(derivation, used)
    return Accepted(derivation.statement, len(steps), premises_of(derivation))


def _supposing(
    number: int, step: Step, grounds: set[int], supposing: list[frozenset[int]], steps: tuple[Step, ...]
) -> frozenset[int]:
    """The suppositions that a step rests on: those of its grounds, its own, less the one that it discharges."""
    held = frozenset().union(*(supposing[g] for g in grounds))
    if step.rule == "suppose":
        return held | {number}
    if step.rule != "discharge":
        return held
    if not step.premises or steps[step.premises[0]].rule != "suppose":
        raise Rejected(f"step {number} discharges what is not a supposition")
    return held - {step.premises[0]}


def _header_makes_sense(derivation: Derivation) -> None:
    sentences = [derivation.statement, *derivation.hypotheses, *derivation.lemmas.values()]
    for sentence in sentences:
        if not is_sentence(sentence):
            raise Rejected(f"{sentence} is not a sentence")
    for word in derivation.definitions:
        if not isinstance(word, WORDS):
            raise Rejected(f"{word} is defined and is not a word")
    for part in (*sentences, *derivation.definitions, *derivation.definitions.values()):
        well_formed(part)
        if mentions_witness(part) or any(is_witness(node) for node in nodes(part)):
            raise Rejected(f"{part} mentions a member that only an existence inside the derivation may name")


def _grounded(number: int, step: Step, derivation: Derivation) -> None:
    """Raise Rejected where a step takes for granted what the header does not hold."""
    if step.rule == "hypothesis" and step.conclusion not in derivation.hypotheses:
        raise Rejected(f"step {number}: {step.conclusion} is not among the hypotheses")
    if step.rule == "lemma" and step.conclusion not in derivation.lemmas.values():
        raise Rejected(f"step {number}: {step.conclusion} is not among the lemmas")
    if step.rule == "definition" and not any(step.parameters == pair for pair in derivation.definitions.items()):
        raise Rejected(f"step {number}: {step.conclusion} is not among the definitions")


def _nothing_idle(derivation: Derivation, used: set[int]) -> None:
    """Raise Rejected where the header claims to rest on what no step uses, or a step serves nothing."""
    taken: dict[str, list[Any]] = {"hypothesis": [], "lemma": [], "definition": []}
    for step in derivation.steps:
        taken.get(step.rule, []).append(step.conclusion)
    wanted = {"hypothesis": derivation.hypotheses, "lemma": derivation.lemmas.values()}
    for rule, sentences in wanted.items():
        for sentence in sentences:
            if sentence not in taken[rule]:
                raise Rejected(f"no step uses the {rule} {sentence}")
    for word, formula in derivation.definitions.items():
        if equation(word, formula) not in taken["definition"]:
            raise Rejected(f"no step uses the definition of {word}")
    for number, step in enumerate(derivation.steps):
        if number not in used:
            raise Rejected(f"step {number} ({step.rule}) serves nothing")


def premises_of(derivation: Derivation | Trace | Covering | EverySize) -> tuple[str, ...]:
    """What a derivation rests on, in words: hypotheses, definitions, and claims by id; a trace, its domain as well."""
    if isinstance(derivation, (Trace, Covering, EverySize)):
        return derivation.rests_on
    return (
        *(f"hypothesis {h}" for h in derivation.hypotheses),
        *(f"definition {word} = {formula}" for word, formula in derivation.definitions.items()),
        *(f"claim {name}: {sentence}" for name, sentence in derivation.lemmas.items()),
    )
