"""The checker of traces: computes every fact again and compares; nothing here searches.

It trusts the rules, which are computations on intervals, and nothing that the trace says: the domain is narrowed and
the conditions are read anew from its hypotheses, every premise must be the one that the rule wants, every interval must
contain what the rule computes, and the conclusions must be those of the statement.
"""

from __future__ import annotations

from symbolic.calculus_rules import MEET, Ground, ground
from symbolic.conclusions import goals, ways
from symbolic.intervals import UndefinedError
from symbolic.total_rules import RULES
from symbolic.traces import Conclusion, Fact, Trace


class RejectedTrace(ValueError):
    """A trace does not hold; the message names the first part that does not."""


def check(trace: Trace) -> None:
    """Raise RejectedTrace unless every fact and every conclusion of a trace holds."""
    try:
        _check(trace)
    except RejectedTrace:
        raise
    except Exception as error:  # a forged trace may fail anywhere inside SymPy
        raise RejectedTrace(f"its sentence could not be worked with ({type(error).__name__})") from None


def _check(trace: Trace) -> None:
    try:
        over = ground(trace.domain, trace.hypotheses)
    except UndefinedError as error:
        raise RejectedTrace(f"its domain is empty: {error}") from None
    for number, fact in enumerate(trace.facts):
        if any(p >= number for p in fact.premises):
            raise RejectedTrace(f"fact {number} rests on one that comes after it")
        _check_fact(number, fact, trace.facts, over)
    if tuple(c.goal for c in trace.conclusions) != goals(trace.statement):
        raise RejectedTrace("its conclusions are not the parts of its statement")
    for conclusion in trace.conclusions:
        _check_conclusion(conclusion, trace.facts, over)


def _check_fact(number: int, fact: Fact, facts: tuple[Fact, ...], over: Ground) -> None:
    premises = tuple(facts[p] for p in fact.premises)
    quantity, node, symbol = fact.key
    try:
        if fact.rule == MEET:
            if len(premises) != 2 or any(p.key != fact.key for p in premises):
                raise RejectedTrace(f"fact {number} meets facts about something else")
            computed = premises[0].interval.meet(premises[1].interval)
        else:
            rule = RULES.get(fact.rule)
            if rule is None or rule.quantity != quantity or (symbol is not None and symbol != fact.symbol):
                raise RejectedTrace(f"fact {number}: no rule {fact.rule!r} gives the {quantity} of a node")
            if fact.symbol is not None and fact.symbol not in over.domain:
                raise RejectedTrace(f"fact {number}: {fact.symbol} is not a symbol of the domain")
            needs = rule.needs(node, fact.symbol, over)
            if needs is None or tuple(p.key for p in premises) != needs:
                raise RejectedTrace(f"fact {number}: the rule {fact.rule!r} does not apply to {node} from its premises")
            computed = rule.value(node, fact.symbol, tuple(p.interval for p in premises), over)
    except UndefinedError as error:
        raise RejectedTrace(f"fact {number}: {error}") from None
    if not fact.interval.contains(computed):
        raise RejectedTrace(f"fact {number} says {fact.interval}, and the rule {fact.rule!r} gives {computed}")


def _check_conclusion(conclusion: Conclusion, facts: tuple[Fact, ...], over: Ground) -> None:
    if any(p >= len(facts) for p in conclusion.premises):
        raise RejectedTrace("a conclusion rests on a fact that is not there")
    for way in ways(conclusion.goal, over):
        if way.name == conclusion.way and way.keys == tuple(facts[p].key for p in conclusion.premises):
            if way.holds(tuple(facts[p].interval for p in conclusion.premises)):
                return
            break
    raise RejectedTrace(f"the facts do not establish {conclusion.goal} by way of {conclusion.way!r}")
