"""Every change to a derivation is caught: each step, each number, each definition, each hypothesis, one at a time.

A changed step that is still a step of its rule (another factor that proves the same inequality, say) tells no lie.
Those are found by applying the rule itself, counted, and skipped; there are few. Of a long derivation, every step is
changed in a few ways out of all, other ones from step to step, and so are its numbers.
"""

import copy
import json
import runpy
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from sympy import Integer, Le, Lt

from symbolic.codec import CodecError, digest
from symbolic.grammar import RuleError
from symbolic.papers.weight_decay import E, V, g, i, j
from symbolic.proofs import Derivation, Step
from symbolic.prover import prove
from symbolic.rules import RULES, apply
from symbolic.words import Index
from verify.recheck import Rejected, replay

CASES = runpy.run_path(str(Path(__file__).parents[1] / "derivable.py"))
STATED = {**CASES["STATED"], **CASES["PROXIMITY"]}
GROUNDS = ("hypothesis", "lemma", "definition")
LONG, A_STEP, NUMBERS = 15, 4, 40


@cache
def derived(name):
    found = prove(*STATED[name])
    assert isinstance(found, Derivation)
    return found


def some(changes, most, start):
    """At most so many of the changes, evenly spaced, from another one on for another start."""
    changes = list(changes)
    stride = -(-len(changes) // most)
    return changes if stride < 2 else changes[start % stride :: stride]


def raised(node):
    """The versions of an expression in which one of its numbers is one larger."""
    if isinstance(node, Integer):
        yield node + 1
    for place, part in enumerate(node.args if not isinstance(node, Index) else ()):
        for changed in raised(part):
            try:
                yield node.func(*(changed if at == place else a for at, a in enumerate(node.args)))
            except (TypeError, ValueError, AttributeError):
                continue


def other(node):
    """Versions of an expression with another index, another matrix, another relation."""
    if node.has(i):
        yield node.xreplace({i: j})
    if node.has(V):
        yield node.xreplace({V: E})
    if isinstance(node, Le):
        yield Lt(*node.args)


def changed_steps(derivation, number):
    """Versions of one step, each with one thing changed."""
    step = derivation.steps[number]
    for conclusion in (*other(step.conclusion), derivation.statement, g[i] > 0):
        yield replace(step, conclusion=conclusion)
    names = sorted(RULES)
    after = names[(names.index(step.rule) + 1) % len(names)]
    for rule in ("recast", "lemma", after, "no_such_rule"):
        yield replace(step, rule=rule)
    for place, premise in enumerate(step.premises):
        for instead in {premise - 1, premise + 1, number, -1, len(derivation.steps)}:
            yield replace(step, premises=(*step.premises[:place], instead, *step.premises[place + 1 :]))
        yield replace(step, premises=(*step.premises[:place], *step.premises[place + 1 :]))
    for place, parameter in enumerate(step.parameters):
        for instead in other(parameter):
            yield replace(step, parameters=(*step.parameters[:place], instead, *step.parameters[place + 1 :]))
        yield replace(step, parameters=(*step.parameters[:place], *step.parameters[place + 1 :]))


def still_a_step(derivation, number, changed):
    """Whether the rule itself gives the same conclusion for the changed step, on grounds that the header has."""
    if changed.rule in GROUNDS or not all(0 <= p < number for p in changed.premises):
        return False
    premises = tuple(derivation.steps[p].conclusion for p in changed.premises)
    try:
        return apply(changed.rule, premises, changed.parameters) == changed.conclusion
    except RuleError:
        return False


@pytest.mark.parametrize("name", STATED)
def test_every_changed_step_is_rejected(name):
    derivation = derived(name)
    most = A_STEP if len(derivation.steps) > LONG else len(derivation.steps) * len(RULES)
    tried = skipped = 0
    for number, step in enumerate(derivation.steps):
        changes = [c for c in changed_steps(derivation, number) if c != step]
        for changed in some(changes, most, number):
            tried += 1
            if still_a_step(derivation, number, changed):
                skipped += 1
                continue
            with pytest.raises(Rejected):
                replay(
                    replace(derivation, steps=(*derivation.steps[:number], changed, *derivation.steps[number + 1 :]))
                )
    assert tried >= 3 * len(derivation.steps)
    assert skipped * 20 < tried


@pytest.mark.parametrize("name", STATED)
def test_a_step_left_out_repeated_or_added_is_rejected(name):
    derivation = derived(name)
    steps = derivation.steps
    extra = Step("identity", (), (E + E, 2 * E), apply("identity", (), (E + E, 2 * E)))
    for number in some(range(len(steps)), 2 * LONG, 0):
        shorter = steps[:number] + steps[number + 1 :]
        with pytest.raises(Rejected):
            replay(replace(derivation, steps=shorter))
        with pytest.raises(Rejected):
            replay(replace(derivation, steps=(*steps, steps[number] if number + 1 < len(steps) else extra)))
    with pytest.raises(Rejected):
        replay(replace(derivation, steps=()))


@pytest.mark.parametrize("name", STATED)
def test_every_change_to_what_a_derivation_rests_on_is_rejected(name):
    derivation = derived(name)
    changes = []
    for at in range(len(derivation.hypotheses)):
        fewer = derivation.hypotheses[:at] + derivation.hypotheses[at + 1 :]
        changes.append(replace(derivation, hypotheses=fewer))
        for instead in (*other(derivation.hypotheses[at]), *raised(derivation.hypotheses[at])):
            changes.append(replace(derivation, hypotheses=(*fewer, instead)))
    for word, formula in derivation.definitions.items():
        fewer = {w: f for w, f in derivation.definitions.items() if w != word}
        changes.append(replace(derivation, definitions=fewer))
        changes += [
            replace(derivation, definitions={**fewer, word: instead}) for instead in (*other(formula), *raised(formula))
        ]
        changes.append(replace(derivation, definitions={**derivation.definitions, word: 2 * formula}))
    for lemma, sentence in derivation.lemmas.items():
        changes.append(replace(derivation, lemmas={}))
        changes += [replace(derivation, lemmas={lemma: instead}) for instead in (*other(sentence), *raised(sentence))]
    changes += [
        replace(derivation, statement=instead)
        for instead in (*other(derivation.statement), *raised(derivation.statement))
    ]
    changes.append(replace(derivation, hypotheses=(*derivation.hypotheses, g[i] > 7)))
    changes.append(replace(derivation, definitions={**derivation.definitions, g[i]: Integer(7)}))
    changes.append(replace(derivation, lemmas={**derivation.lemmas, "draft/no": g[i] > 7}))
    for changed in changes:
        if changed == derivation:
            continue
        with pytest.raises(Rejected):
            replay(changed)


def numbers(stored, path=()):
    """The places of all numbers in a stored derivation."""
    if isinstance(stored, list) and len(stored) == 2 and stored[0] == "number":
        yield path
    elif isinstance(stored, (list, dict)):
        items = stored.items() if isinstance(stored, dict) else enumerate(stored)
        for key, part in items:
            if key != "words":
                yield from numbers(part, (*path, key))


@pytest.mark.parametrize("name", STATED)
def test_every_number_of_a_stored_derivation_counts(name):
    stored = derived(name).to_json()
    most = NUMBERS if len(stored["steps"]) > LONG else len(stored["steps"]) * NUMBERS
    for path in some(numbers(stored), most, len(name)):
        changed = copy.deepcopy(stored)
        part = changed
        for key in path:
            part = part[key]
        part[1] = str(int(part[1]) + 1) if "/" not in part[1] else "7"
        header = {key: changed[key] for key in ("statement", "hypotheses", "definitions", "lemmas")}
        for sealed in ({}, {"version": 1, "digest": digest(header)}):
            if path[0] == "steps" and path[2] == "with" and _harmless({**changed, **sealed}, path[1]):
                continue
            with pytest.raises(Rejected):
                replay({**changed, **sealed})


def _harmless(changed, number):
    try:
        derivation = Derivation.from_json(changed)
    except CodecError:
        return False
    return still_a_step(derivation, number, derivation.steps[number])


def test_words_cannot_be_declared_to_be_smaller():
    stored = derived("lemma-2.2").to_json()
    for name in stored["words"]:
        if stored["words"][name]["shape"]:
            changed = copy.deepcopy(stored)
            changed["words"][name]["shape"] = [["number", "1"], ["number", "1"]]
            with pytest.raises(Rejected, match="declares"):
                replay(json.dumps(changed))


def test_a_statement_about_a_promised_member_is_rejected():
    derivation = derived("theorem-2.4-sharp")
    number = next(n for n, step in enumerate(derivation.steps) if step.rule == "witness")
    steps = derivation.steps[: number + 1]
    with pytest.raises(Rejected, match="existence"):
        replay(replace(derivation, statement=steps[-1].conclusion, steps=steps))
