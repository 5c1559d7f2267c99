"""The calculus: finds what a bound does over a domain, by composition, or names the smallest node without a rule.

Ranges, slopes x f' and elasticities x f'/f are composed along the expression and tighten each other; a node that is
monotone is bounded by its values at the ends. Being wrong is not in its power: every fact is what a rule of
``symbolic/calculus_rules.py`` computes, and ``symbolic/calculus_check.py`` computes it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import sympy as sp

from symbolic.calculus_check import RejectedTrace, check
from symbolic.calculus_rules import MEET, RANGE, STEP, Ground, Key, ground
from symbolic.conclusions import goals, ways
from symbolic.elasticities import QUANTITIES
from symbolic.intervals import Interval, UndefinedError
from symbolic.ranges import FACES
from symbolic.total_rules import RULES
from symbolic.traces import MOST_FACTS, Conclusion, Fact, Trace


@dataclass(frozen=True)
class Unproved:
    """No trace was found. ``culprit`` is the smallest node that stood in the way."""

    reason: str
    culprit: Any


class _Exhausted(Exception):
    """More facts than the calculus may gather."""


@dataclass
class Calculus:
    """Gathers facts over one ground; the best of each key is kept. ``faces``: whether ends of the domain are looked at.

    Ends lead to ends of other symbols, so that looking at them costs the most, and few proofs need it.
    """

    ground: Ground
    faces: bool = True
    facts: list[Fact] = field(default_factory=list)
    _best: dict[Key, int] = field(default_factory=dict)
    _done: set[Key] = field(default_factory=set)
    undefined: dict[Any, str] = field(default_factory=dict)

    def known(self, key: Key) -> int | None:
        """The number of the best fact about a key that the rules reach, or None."""
        if key not in self._done:
            self._done.add(key)  # what is asked while it is being worked out gets the best so far
            quantity, node, symbol = key
            for name in _BY_QUANTITY[quantity]:
                self._apply(name, key, symbol)
            if quantity == RANGE:
                if self.faces:
                    self._faces(node, key)
                if key not in self._best and not node.is_number:
                    self.undefined.setdefault(node, "no rule bounds")
        return self._best.get(key)

    def _faces(self, node: Any, key: Key) -> None:
        """Where a symbol occurs more than once, the ends of a monotone node say more than its parts."""
        for symbol in sorted(node.free_symbols, key=str):
            if symbol in self.ground.domain and node.count(symbol) > 1:
                for name in FACES:
                    self._apply(name, key, symbol)

    def _apply(self, name: str, key: Key, symbol: Any) -> None:
        rule = RULES[name]
        needs = rule.needs(key[1], symbol, self.ground)
        if needs is None:
            return
        premises = []
        for need in needs:
            found = self.known(need)
            if found is None:
                return
            premises.append(found)
        try:
            interval = rule.value(key[1], symbol, tuple(self.facts[p].interval for p in premises), self.ground)
            self._take(Fact(key, symbol, name, tuple(premises), interval))
        except UndefinedError as error:
            if key[0] == RANGE and name not in FACES:
                self.undefined.setdefault(key[1], f"{error} in")

    def _take(self, fact: Fact) -> None:
        known = self._best.get(fact.key)
        if known is not None and fact.interval.contains(self.facts[known].interval):
            return
        self._best[fact.key] = self._added(fact)
        if known is not None and not self.facts[known].interval.contains(fact.interval):
            both = self.facts[known].interval.meet(fact.interval)
            self._best[fact.key] = self._added(Fact(fact.key, fact.symbol, MEET, (known, len(self.facts) - 1), both))

    def _added(self, fact: Fact) -> int:
        if len(self.facts) >= MOST_FACTS:
            raise _Exhausted
        self.facts.append(fact)
        return len(self.facts) - 1


_BY_QUANTITY: dict[str, list[str]] = {
    quantity: [name for name, rule in RULES.items() if rule.quantity == quantity and name not in FACES]
    for quantity in (RANGE, *QUANTITIES)
}


def derive(
    statement: Any, domain: Mapping[Any, Interval], hypotheses: Iterable[Any] = (), briefly: bool = False
) -> Trace | Unproved:
    """A trace of a statement about expressions over a domain, or why none was found.

    Briefly: without its faces, and without saying what was in the way.
    """
    assumed = tuple(hypotheses)
    found = worked_out(statement, domain, assumed, faces=False, blamed=False)
    if isinstance(found, Unproved) and not briefly:
        found = worked_out(statement, domain, assumed)
    return _needing(_trimmed(found)) if isinstance(found, Trace) else found


def worked_out(
    statement: Any,
    domain: Mapping[Any, Interval],
    hypotheses: Iterable[Any] = (),
    faces: bool = True,
    blamed: bool = True,
) -> Trace | Unproved:
    """As ``derive``, with everything that was found on the way; what was in the way is said where it is asked for."""
    assumed = tuple(hypotheses)
    try:
        calculus = Calculus(ground(domain, assumed), faces)
        conclusions = []
        for goal in goals(statement):
            found = _established(calculus, goal)
            if found is None:
                return _blamed(calculus, goal) if blamed else Unproved("no way was found", goal)
            conclusions.append(found)
    except UndefinedError as error:
        return Unproved(str(error), statement)
    except _Exhausted:
        return Unproved(f"more than {MOST_FACTS} facts were gathered", statement)
    except Exception as error:  # what a user writes may fail anywhere inside SymPy
        return Unproved(f"the sentence could not be worked with ({type(error).__name__})", statement)
    return Trace(statement, dict(domain), assumed, tuple(calculus.facts), tuple(conclusions))


def _established(calculus: Calculus, goal: Any) -> Conclusion | None:
    for way in ways(goal, calculus.ground):
        premises = [calculus.known(key) for key in way.keys]
        numbers = tuple(p for p in premises if p is not None)
        if len(numbers) == len(premises) and way.holds(tuple(calculus.facts[p].interval for p in numbers)):
            return Conclusion(goal, way.name, numbers)
    return None


def _blamed(calculus: Calculus, goal: Any) -> Unproved:
    listed = ways(goal, calculus.ground)
    if not listed:
        return Unproved(f"no way leads to {goal}", goal)
    within = [node for node in calculus.undefined if goal.has(node)]
    if within:
        culprit = min(within, key=lambda node: (sp.count_ops(node), str(node)))
        return Unproved(f"{calculus.undefined[culprit]} {culprit}", culprit)
    known = [(key, calculus.known(key)) for key in listed[0].keys]
    said = "; ".join(
        str(calculus.facts[p]) if p is not None else f"no rule gives the {k[0]} of {k[1]}" for k, p in known
    )
    return Unproved(said, _smallest(calculus, listed[0].keys[-1]))


def _smallest(calculus: Calculus, key: Key) -> Any:
    """The smallest part of a node whose steps have no sign."""
    quantity, node, symbol = key
    if quantity != STEP:
        return node
    for part in sorted(sp.preorder_traversal(node), key=lambda p: (sp.count_ops(p), str(p))):
        found = calculus.known((STEP, part, symbol)) if part.has(symbol) else 0
        if found is None or (part.has(symbol) and not _signed(calculus.facts[found].interval)):
            return part
    return node


def _signed(interval: Interval) -> bool:
    return interval.nonnegative or interval.nonpositive


def _needing(trace: Trace) -> Trace:
    """The trace without the hypotheses that it holds without."""
    for hypothesis in trace.hypotheses:
        fewer = replace(trace, hypotheses=tuple(h for h in trace.hypotheses if h != hypothesis))
        with suppress(RejectedTrace):
            check(fewer)
            trace = fewer
    return trace


def _trimmed(trace: Trace) -> Trace:
    """The trace without facts that nothing rests on."""
    used: set[int] = set()
    pending = [p for c in trace.conclusions for p in c.premises]
    while pending:
        number = pending.pop()
        if number not in used:
            used.add(number)
            pending.extend(trace.facts[number].premises)
    order = {old: new for new, old in enumerate(sorted(used))}
    facts = tuple(
        Fact(f.key, f.symbol, f.rule, tuple(order[p] for p in f.premises), f.interval)
        for f in (trace.facts[number] for number in sorted(used))
    )
    conclusions = tuple(Conclusion(c.goal, c.way, tuple(order[p] for p in c.premises)) for c in trace.conclusions)
    return Trace(trace.statement, trace.domain, trace.hypotheses, facts, conclusions)
