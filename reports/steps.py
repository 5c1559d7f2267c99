"""The derivation that a record stores, as lines for people; one of any other shape gives no lines, and no error."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Context, Decimal, DecimalException
from functools import partial
from typing import Any

from reports.trees import LONGEST, Printer


@dataclass(frozen=True)
class Step:
    """A numbered line: what it says, by which rule, from which lines, and whether others are left out before it."""

    number: str
    says: str
    rule: str
    premises: tuple[int, ...] = ()
    after_gap: bool = False


@dataclass(frozen=True)
class Told:
    """The lines that are shown, how many were left out, and the ids of the claims that the derivation relies on."""

    steps: tuple[Step, ...]
    left_out: int
    relies_on: tuple[str, ...]


def told(derivation: Mapping[str, Any], most: int) -> Told:
    """At most `most` lines of a derivation: a proof, a trace of the calculus, or the boxes of a covering.

    The last lines are kept, because they conclude; facts about numbers and words alone are left out of a trace.
    """
    tree = Printer()
    steps: list[Callable[[], Step]]
    if isinstance(derivation.get("facts"), list):
        steps = _trace(derivation, tree)
    elif isinstance(derivation.get("steps"), list):
        steps = [partial(_step, number, step, tree) for number, step in enumerate(derivation["steps"])]
    else:
        steps = [partial(Step, str(number), box, "box") for number, box in enumerate(_boxes(derivation, tree, most))]
    ends = most // 4
    kept = steps if len(steps) <= most else [*steps[: most - ends], *steps[len(steps) - ends :]]
    shown, left_out = [make() for make in kept], len(steps) - len(kept)
    if left_out:
        shown[most - ends] = replace(shown[most - ends], after_gap=True)
    leaves = derivation.get("leaves")
    if isinstance(leaves, int) and steps:
        left_out = max(leaves - len(shown), 0)
    lemmas = derivation.get("lemmas")
    return Told(tuple(shown), left_out, tuple(map(str, lemmas)) if isinstance(lemmas, dict) else ())


def _trace(derivation: Mapping[str, Any], tree: Printer) -> list[Callable[[], Step]]:
    nodes, facts = _listed(derivation.get("nodes")), _listed(derivation.get("facts"))
    grounds = {number for number, fact in enumerate(facts) if _is_ground(fact, nodes)}
    steps = [
        partial(_fact, number, fact, nodes, grounds, tree)
        for number, fact in enumerate(facts)
        if number not in grounds and isinstance(fact, dict)
    ]
    goals = [goal for goal in _listed(derivation.get("conclusions")) if isinstance(goal, dict)]
    return [*steps, *(partial(_goal, goal, tree) for goal in goals)]


def _fact(number: int, fact: Mapping[str, Any], nodes: Sequence[Any], grounds: set[int], tree: Printer) -> Step:
    of = _listed(fact.get("of"))
    about = nodes[of[1]] if len(of) > 1 and isinstance(of[1], int) and 0 <= of[1] < len(nodes) else "?"
    within = f" in {tree(of[2])}" if len(of) > 2 else ""
    says = f"{of[0] if of else '?'} of {tree(about)}{within} is in {_interval(fact.get('gives'))}"
    return Step(str(number), _cut(says), str(fact.get("rule", "")), _premises(fact, grounds))


def _goal(goal: Mapping[str, Any], tree: Printer) -> Step:
    return Step("so", _cut(tree(goal.get("goal"))), str(goal.get("way", "")), _premises(goal, set()))


def _is_ground(fact: Any, nodes: Sequence[Any]) -> bool:
    """Whether a fact is about a number or a word alone."""
    of = _listed(fact.get("of")) if isinstance(fact, dict) else []
    about = nodes[of[1]] if len(of) > 1 and isinstance(of[1], int) and 0 <= of[1] < len(nodes) else []
    return isinstance(about, list) and bool(about) and about[0] in ("number", "word", "constant")


def _step(number: int, step: Any, tree: Printer) -> Step:
    if not isinstance(step, dict):
        return Step(str(number), _cut(tree(step)), "")
    of = f"{step['of']}: " if isinstance(step.get("of"), str) else ""
    return Step(str(number), _cut(of + tree(step.get("gives"))), str(step.get("rule", "")), _premises(step, set()))


def _boxes(derivation: Mapping[str, Any], tree: Printer, most: int) -> list[str]:
    """The boxes of a covering, each as what the cuts above it leave of the domain."""
    domain = derivation.get("domain", derivation.get("box"))
    pairs = list(domain.items()) if isinstance(domain, dict) else [p for p in _listed(domain) if _is_pair(p)]
    spans = [(tree(word) if isinstance(word, list) else str(word), _listed(ends)) for word, ends in pairs]
    boxes: list[str] = []
    pending: list[tuple[Any, list[tuple[str, list[Any]]]]] = [(derivation.get("tree"), spans)] if spans else []
    while pending and len(boxes) < most:
        cut, box = pending.pop()
        if isinstance(cut, list) and len(cut) == 4 and isinstance(cut[0], int) and 0 <= cut[0] < len(box):
            number, at, low, high = cut
            name, ends = box[number]
            pending.append((high, [*box[:number], (name, [at, *ends[1:2], False, *ends[3:4]]), *box[number + 1 :]]))
            pending.append((low, [*box[:number], (name, [*ends[:1], at, *ends[2:3], False]), *box[number + 1 :]]))
        else:
            says = ", ".join(f"{name} in {_interval(ends)}" for name, ends in box)
            boxes.append(_cut(says))
    return boxes


def _is_pair(part: Any) -> bool:
    return isinstance(part, list) and len(part) == 2


def _listed(part: Any) -> list[Any]:
    return part if isinstance(part, list) else []


def _premises(step: Mapping[str, Any], without: set[int]) -> tuple[int, ...]:
    return tuple(p for p in _listed(step.get("from")) if isinstance(p, int) and p not in without)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _interval(ends: Any) -> str:
    if not isinstance(ends, list) or len(ends) < 2:
        return str(ends)
    low, high = (_end(str(end)) for end in ends[:2])
    left = "(" if ends[2:3] == [True] or "∞" in low else "["
    right = ")" if ends[3:4] == [True] or "∞" in high else "]"
    return f"{left}{low}, {high}{right}"


def _end(text: str) -> str:
    """The end of an interval: "oo", "3/4", "8*e^1", or a mantissa and an exponent of 2, which becomes a decimal."""
    found = re.fullmatch(r"(-?\d{1,400})\*2\^(-?\d{1,6})", text)
    if found:
        context = Context(prec=6)
        try:
            text = str(context.multiply(Decimal(found[1]), context.power(Decimal(2), Decimal(found[2]))).normalize())
        except DecimalException:
            return text
    text = re.sub(r"\*?e\^(-?\d+/\d+)", r"*e^(\1)", text).removeprefix("*")
    return text.replace("oo", "∞").replace("-", "−").replace("*e^1", "·e").replace("*", "·")
