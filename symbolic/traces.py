"""Traces: what the calculus proved, over which domain, and every fact on the way, as data that a file can hold."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sympy import Basic, Tuple

from symbolic import intervals
from symbolic.calculus_rules import Key
from symbolic.codec import CodecError, Decoder, digest, encode, vocabulary
from symbolic.ends import EndError
from symbolic.intervals import Interval
from symbolic.sentences import is_sentence
from symbolic.words import Scalar

FORMAT = "lakatos/calculus"
VERSION = 1
MOST_FACTS = 4000
LONGEST_FILE = 4_000_000


@dataclass(frozen=True)
class Fact:
    """A quantity of a node is in an interval, by a rule, from earlier facts (by number).

    ``symbol`` is what the rule was applied in: that of the key, or the one on whose face the node was taken.
    """

    key: Key
    symbol: Any
    rule: str
    premises: tuple[int, ...]
    interval: Interval

    def __str__(self) -> str:
        quantity, node, symbol = self.key
        return f"{quantity} of {node}{f' in {symbol}' if symbol is not None else ''} is in {self.interval}"


@dataclass(frozen=True)
class Conclusion:
    """One part of the statement, and the way in which facts (by number) establish it."""

    goal: Any
    way: str
    premises: tuple[int, ...]


@dataclass(frozen=True)
class Trace:
    """A statement about expressions, the domain of its symbols, hypotheses that were used, facts, conclusions."""

    statement: Any
    domain: Mapping[Any, Interval]
    hypotheses: tuple[Any, ...]
    facts: tuple[Fact, ...] = field(repr=False)
    conclusions: tuple[Conclusion, ...] = field(repr=False)

    @property
    def lemmas(self) -> dict[str, Any]:
        """Claims that it relies on: none."""
        return {}

    @property
    def rests_on(self) -> tuple[str, ...]:
        """What it rests on, in words: the domain, and hypotheses."""
        spans = (f"{symbol} in {within}" for symbol, within in self.domain.items())
        return (*spans, *(f"hypothesis {h}" for h in self.hypotheses))

    @property
    def steps(self) -> tuple[Fact | Conclusion, ...]:
        """Facts and conclusions, in order."""
        return (*self.facts, *self.conclusions)

    def lines(self) -> list[str]:
        """Every fact and conclusion in words, numbered; facts about numbers and symbols alone are left out."""
        told = []
        for number, fact in enumerate(self.facts):
            if fact.key[1].args:
                grounds = [p for p in fact.premises if self.facts[p].key[1].args]
                told.append(f"{number}. {fact}  ({fact.rule}{_from(grounds)})")
        for conclusion in self.conclusions:
            told.append(f"so {conclusion.goal}  ({conclusion.way}{_from(conclusion.premises)})")
        return told

    def digest(self) -> str:
        """Sixteen hexadecimal digits of the header: statement, domain, hypotheses."""
        return digest(self._header())

    def _header(self) -> dict[str, Any]:
        return {
            "statement": encode(self.statement),
            "domain": [[encode(s), i.to_json()] for s, i in sorted(self.domain.items(), key=lambda p: str(p[0].name))],
            "hypotheses": [encode(h) for h in self.hypotheses],
        }

    def to_json(self) -> dict[str, Any]:
        """A JSON object that can be read alone; CodecError where a part has no stored form."""
        nodes = list(dict.fromkeys(fact.key[1] for fact in self.facts))
        number = {node: k for k, node in enumerate(nodes)}
        every = [self.statement, *self.hypotheses, *self.domain, *nodes, *(c.goal for c in self.conclusions)]
        return {
            "format": FORMAT,
            "version": VERSION,
            "digest": self.digest(),
            "words": vocabulary(Tuple(*every)),
            **self._header(),
            "nodes": [encode(node) for node in nodes],
            "facts": [
                {
                    "of": [
                        fact.key[0],
                        number[fact.key[1]],
                        *([encode(fact.key[2])] if fact.key[2] is not None else []),
                    ],
                    "rule": fact.rule,
                    **({"in": encode(fact.symbol)} if fact.symbol is not None else {}),
                    "from": list(fact.premises),
                    "gives": fact.interval.to_json(),
                }
                for fact in self.facts
            ],
            "conclusions": [{"goal": encode(c.goal), "way": c.way, "from": list(c.premises)} for c in self.conclusions],
        }

    @classmethod
    def from_json(cls, stored: Any) -> Trace:
        """The trace that a JSON object or text holds; CodecError with one sentence where it holds none."""
        try:
            if isinstance(stored, (str, bytes)):
                if len(stored) > LONGEST_FILE:
                    raise CodecError(f"a trace of more than {LONGEST_FILE} characters")
                stored = json.loads(stored)
            return _read(stored)
        except (CodecError, EndError) as error:
            raise CodecError(str(error)) from None
        except Exception as error:  # hostile input may fail anywhere
            raise CodecError(f"this is not a stored trace ({type(error).__name__})") from None


def _from(premises: Iterable[int]) -> str:
    """The numbers of premises, for people."""
    listed = ", ".join(map(str, premises))
    return f", from {listed}" if listed else ""


def _field(stored: Any, name: str, kind: type) -> Any:
    if not isinstance(stored, dict) or type(stored.get(name)) is not kind:
        raise CodecError(f"the trace has no {name!r} that is a {kind.__name__}")
    return stored[name]


def _read(stored: Any) -> Trace:
    if _field(stored, "format", str) != FORMAT or _field(stored, "version", int) != VERSION:
        raise CodecError(f"this is not a {FORMAT} of version {VERSION}")
    decode = Decoder(_field(stored, "words", dict))
    nodes = [decode(tree) for tree in _field(stored, "nodes", list)]
    facts = _field(stored, "facts", list)
    if len(facts) > MOST_FACTS:
        raise CodecError(f"a trace of more than {MOST_FACTS} facts")
    domain: dict[Any, Interval] = {}
    for tree, ends in _field(stored, "domain", list):
        symbol = decode(tree)
        if not isinstance(symbol, Scalar) or symbol in domain:
            raise CodecError("the domain gives each scalar word one interval")
        domain[symbol] = intervals.of_word(symbol, ends)
    trace = Trace(
        statement=_sentence(decode(_field(stored, "statement", list))),
        domain=domain,
        hypotheses=tuple(_sentence(decode(h)) for h in _field(stored, "hypotheses", list)),
        facts=tuple(_fact(decode, nodes, fact) for fact in facts),
        conclusions=tuple(_conclusion(decode, c) for c in _field(stored, "conclusions", list)),
    )
    if trace.digest() != _field(stored, "digest", str):
        raise CodecError("the digest does not match the statement, its domain and its hypotheses")
    return trace


def _sentence(node: Any) -> Any:
    if not is_sentence(node):
        raise CodecError("a stored sentence is true or false by itself, or none")
    return node


def _numbers(stored: Any) -> tuple[int, ...]:
    premises = _field(stored, "from", list)
    if not all(type(p) is int and p >= 0 for p in premises):
        raise CodecError("premises are numbers of earlier facts")
    return tuple(premises)


def _fact(decode: Decoder, nodes: list[Any], stored: Any) -> Fact:
    quantity, number, *symbol = _field(stored, "of", list)
    if type(number) is not int or not 0 <= number < len(nodes) or not isinstance(nodes[number], Basic):
        raise CodecError("a fact is about a node of the trace")
    key = (quantity, nodes[number], decode(symbol[0]) if symbol else None)
    within = decode(stored["in"]) if "in" in stored else None
    return Fact(key, within, _field(stored, "rule", str), _numbers(stored), intervals.from_json(stored["gives"]))


def _conclusion(decode: Decoder, stored: Any) -> Conclusion:
    return Conclusion(decode(_field(stored, "goal", list)), _field(stored, "way", str), _numbers(stored))
