"""Coverings: a domain split into boxes, on each of which the calculus establishes the statement.

A covering is a tree of cuts with its root box, so that it covers by construction; its leaves say nothing by
themselves, and the checker, ``symbolic/covering_check.py``, works each of them out again. What holds on all parts of a
box holds on the box, for statements about points, and for monotone functions, whose parts share the points at which
they are cut.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy import Tuple
from sympy.core.relational import Relational

from symbolic import behaviour as said
from symbolic import ends, intervals
from symbolic.calculus_check import RejectedTrace
from symbolic.calculus_rules import LARGEST_HARMONIC, defined_at, ground
from symbolic.codec import CodecError, Decoder, digest, encode, vocabulary
from symbolic.conclusions import goals
from symbolic.intervals import Interval, UndefinedError
from symbolic.sentences import is_sentence
from symbolic.words import Scalar

FORMAT = "lakatos/covering"
VERSION = 1
MOST_LEAVES = 20_000
DEEPEST = 60
SHORT = 12
"""Operations of a statement up to which the faces of a leaf are looked at."""
LONGEST_FILE = 4_000_000
LONGEST_CUT, FARTHEST_CUT = 13_000, 20_000
"""Bits of a place of a cut, powers of two apart, and the largest |exponent| of those: what a file can hold."""
SHORT_CUT = 128
"""Bits up to which places of cuts are written in decimal digits, even where they are dyadic."""

Domain = Mapping[Any, Interval]


@dataclass(frozen=True)
class Leaf:
    """A box on which the calculus establishes the statement, or on which the hypotheses cannot be met."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A box in two: what is at most ``at`` in a symbol, and what is at least that."""

    symbol: Any
    at: Any
    low: Leaf | Cut
    high: Leaf | Cut


@dataclass(frozen=True)
class Covering:
    """A statement, the domain of its symbols, hypotheses, and the tree that covers the domain."""

    statement: Any
    domain: Domain
    hypotheses: tuple[Any, ...]
    tree: Leaf | Cut

    @property
    def lemmas(self) -> dict[str, Any]:
        """Claims that it relies on: none."""
        return {}

    @property
    def leaves(self) -> int:
        """The number of boxes."""
        return _leaves(self.tree)

    @property
    def rests_on(self) -> tuple[str, ...]:
        """What it rests on, in words: the domain, and hypotheses."""
        kinds = ((symbol, within, "an integer " if symbol.is_integer else "") for symbol, within in self.domain.items())
        spans = (f"{symbol} {kind}in {within}" for symbol, within, kind in kinds)
        return (*spans, *(f"hypothesis {h}" for h in self.hypotheses))

    def lines(self) -> list[str]:
        """The boxes in words."""
        told = []
        for box in boxes(self):
            outside = empty(box, self.hypotheses)
            spans = ", ".join(f"{symbol} in {within}" for symbol, within in box.items())
            told.append(f"{spans}: {'no point meets the hypotheses' if outside else 'established'}")
        return told

    def _header(self) -> dict[str, Any]:
        return {
            "statement": encode(self.statement),
            "domain": [[encode(s), i.to_json()] for s, i in sorted(self.domain.items(), key=lambda p: str(p[0].name))],
            "integers": sorted(str(s.name) for s in self.domain if s.is_integer),
            "hypotheses": [encode(h) for h in self.hypotheses],
        }

    def to_json(self) -> dict[str, Any]:
        """A JSON object that can be read alone: a cut is [symbol, at, low, high], a leaf is null."""
        symbols = sorted(self.domain, key=lambda s: str(s.name))
        every = Tuple(self.statement, *self.hypotheses, *symbols)
        return {
            "format": FORMAT,
            "version": VERSION,
            "digest": digest(self._header()),
            "words": vocabulary(every),
            **self._header(),
            "leaves": self.leaves,
            "tree": _stored(self.tree, symbols),
        }

    @classmethod
    def from_json(cls, stored: Any) -> Covering:
        """The covering that a JSON object or text holds; CodecError with one sentence where it holds none."""
        try:
            if isinstance(stored, (str, bytes)):
                if len(stored) > LONGEST_FILE:
                    raise CodecError(f"a covering of more than {LONGEST_FILE} characters")
                stored = json.loads(stored)
            return _read(stored)
        except (CodecError, ends.EndError) as error:
            raise CodecError(str(error)) from None
        except Exception as error:  # hostile input may fail anywhere
            raise CodecError(f"this is not a stored covering ({type(error).__name__})") from None


def boxes(covering: Covering) -> Iterator[Domain]:
    """The boxes of the leaves; RejectedTrace where a cut is outside of its box."""
    yield from _boxes(covering.tree, dict(covering.domain), covering.statement)


def _boxes(tree: Leaf | Cut, domain: Domain, statement: Any) -> Iterator[Domain]:
    if isinstance(tree, Leaf):
        yield domain
        return
    low, high = parts(domain, tree.symbol, tree.at, statement)
    yield from _boxes(tree.low, low, statement)
    yield from _boxes(tree.high, high, statement)


def parts(domain: Domain, symbol: Any, at: Any, statement: Any) -> tuple[Domain, Domain]:
    """The two parts of a box; RejectedTrace where the cut is not inside of it.

    Both have the cut, but for an integer that the statement is not monotone in: its upper part begins one above.
    """
    within = domain.get(symbol)
    if within is None or not at.is_Rational:
        raise RejectedTrace(f"a cut at {symbol} = {at} cuts no symbol of the domain")
    if _is_long(at):
        raise RejectedTrace(f"a cut of {symbol} is at a number of more than {LONGEST_CUT} bits, which no file holds")
    if symbol.is_integer and not at.is_Integer:
        raise RejectedTrace(f"a cut at {symbol} = {at} is between two integers, so that nothing compares them")
    end = ends.of(at)
    inside = ends.below(within.low, end) and ends.below(end, within.high)
    apart = at.is_Integer and cut_apart(statement, symbol)
    if not inside and not (apart and ends.compare(within.low, end) == 0 and ends.below(end, within.high)):
        raise RejectedTrace(f"a cut at {symbol} = {at} is outside of {within}")
    above = ends.of(at + 1) if apart else end
    if not ends.at_most(above, within.high):
        raise RejectedTrace(f"a cut at {symbol} = {at} leaves nothing above it in {within}")
    low = Interval(within.low, end, within.open_low, False)
    high = Interval(above, within.high, False, within.open_high)
    return {**domain, symbol: low}, {**domain, symbol: high}


def cut_apart(statement: Any, symbol: Any) -> bool:
    """Whether no two values of an integer are compared, so that a cut need not be in both of its parts."""
    varied = (g.variable for g in goals(statement) if isinstance(g, (said.increasing, said.decreasing)))
    return bool(symbol.is_integer) and symbol not in varied


def may_be_cut(statement: Any) -> bool:
    """Whether a statement holds on a box if it holds on its parts: about points, or monotone."""
    about = (said.increasing, said.decreasing, said.positive, said.dominates, Relational)
    return all(isinstance(goal, about) and not isinstance(goal, sp.Eq) for goal in goals(statement))


def on_leaf(statement: Any, box: Domain) -> Any:
    """What has to be established on a box: the statement, or of an integer that has two values there, their order."""
    parts_on = [part for goal in goals(statement) for part in _order(goal, box)]
    return parts_on[0] if len(parts_on) == 1 else sp.And(*parts_on, evaluate=False)


def _order(goal: Any, box: Domain) -> tuple[Any, ...]:
    if not isinstance(goal, (said.increasing, said.decreasing)) or not goal.variable.is_integer:
        return (goal,)
    f, x, within = goal.function, goal.variable, box[goal.variable]
    low, high = within.low.rational, within.high.rational
    if low is None or high is None or low.q != 1 or high != low + 1 or within.open_low or within.open_high:
        return (goal,)
    if f.has(sp.harmonic) and max(abs(low), abs(high)) > LARGEST_HARMONIC:
        return (goal,)  # SymPy would add up all its terms
    values = [defined_at(f, {x: sp.Integer(int(end.p))}) for end in (low, high)]
    if None in values:
        return (goal,)
    made = [[node for _, node, _ in keys or ()] for keys in values]
    if any(node.has(sp.zoo, sp.nan, sp.oo, -sp.oo, sp.I) for nodes in made for node in nodes):
        return (goal,)
    at_low, at_high = (nodes[0] for nodes in made)
    less, more = (at_low, at_high) if isinstance(goal, said.increasing) else (at_high, at_low)
    relation = sp.Lt if goal.strictly else sp.Le
    # SymPy makes a value of 1/(1/0), 0**0 and 0*log(0), so that every part has to have one: it is at least itself.
    defined = (said.dominates(node, node) for nodes in made for node in nodes)
    return relation(less, more, evaluate=False), *dict.fromkeys(defined)


def is_short(statement: Any) -> bool:
    """Whether the faces of a leaf are looked at, which takes long in long statements."""
    return bool(sp.count_ops(statement) <= SHORT)


def empty(box: Domain, hypotheses: Iterable[Any]) -> bool:
    """Whether no point of a box can meet the hypotheses."""
    try:
        narrowed = ground(box, hypotheses)
        for condition in narrowed.conditions:
            condition.values(narrowed.domain).meet(condition.within)
    except UndefinedError:
        return True
    return False


def _leaves(tree: Leaf | Cut) -> int:
    return 1 if isinstance(tree, Leaf) else _leaves(tree.low) + _leaves(tree.high)


def _stored(tree: Leaf | Cut, symbols: list[Any]) -> Any:
    if isinstance(tree, Leaf):
        return None
    return [symbols.index(tree.symbol), _written(tree.at), _stored(tree.low, symbols), _stored(tree.high, symbols)]


def _is_long(at: Any) -> bool:
    """Whether a place of a cut is too long for a file."""
    p, q = abs(int(at.p)), int(at.q)
    if p == 0 or q & (q - 1):
        return max(p.bit_length(), q.bit_length()) > LONGEST_CUT
    twos = (p & -p).bit_length() - q.bit_length()
    return p.bit_length() - max(twos, 0) > LONGEST_CUT or abs(twos) > FARTHEST_CUT


def _written(at: Any) -> str:
    """The text of a place of a cut: m*2^k where that is much shorter than its decimal digits."""
    p, q = int(at.p), int(at.q)
    twos = (p & -p).bit_length() - q.bit_length()
    if max(abs(p).bit_length(), q.bit_length()) <= SHORT_CUT or p == 0 or q & (q - 1):
        return str(at)
    return f"{p >> max(twos, 0)}*2^{twos}"


def _place(text: str) -> Any:
    """The rational that a place of a cut is; CodecError where it is none, or too long a one."""
    end = ends.read(text)
    if end.rational is not None:
        return sp.Rational(int(end.rational.p), int(end.rational.q))
    mantissa, exponent = end.point.man_exp() if end.point is not None else (0, 0)
    if end.point is None or abs(exponent) > FARTHEST_CUT:
        raise CodecError("a cut is at a rational number")
    return sp.Integer(int(mantissa)) * sp.Integer(2) ** int(exponent)


def _field(stored: Any, name: str, kind: type) -> Any:
    if not isinstance(stored, dict) or type(stored.get(name)) is not kind:
        raise CodecError(f"the covering has no {name!r} that is a {kind.__name__}")
    return stored[name]


def _read(stored: Any) -> Covering:
    if _field(stored, "format", str) != FORMAT or _field(stored, "version", int) != VERSION:
        raise CodecError(f"this is not a {FORMAT} of version {VERSION}")
    decode = Decoder(_field(stored, "words", dict))
    domain: dict[Any, Interval] = {}
    for tree, within in _field(stored, "domain", list):
        symbol = decode(tree)
        if not isinstance(symbol, Scalar) or symbol in domain:
            raise CodecError("the domain gives each scalar word one interval")
        domain[symbol] = intervals.of_word(symbol, within)
    statement = decode(_field(stored, "statement", list))
    hypotheses = tuple(decode(h) for h in _field(stored, "hypotheses", list))
    if not all(map(is_sentence, (statement, *hypotheses))):
        raise CodecError("a stored sentence is true or false by itself, or none")
    if "tree" not in stored:
        raise CodecError("the covering has no 'tree'")
    covering = Covering(statement, domain, hypotheses, _tree(stored["tree"], list(domain), 0, {}))
    leaves = covering.leaves
    if leaves > MOST_LEAVES:
        raise CodecError(f"a covering with more than {MOST_LEAVES} leaves")
    if leaves != _field(stored, "leaves", int):
        raise CodecError(f"the covering says that it has {stored['leaves']} leaves, and has {leaves}")
    if digest(covering._header()) != _field(stored, "digest", str):
        raise CodecError("the digest does not match the statement, its domain and its hypotheses")
    return covering


def _tree(stored: Any, symbols: list[Any], depth: int, places: dict[str, Any]) -> Leaf | Cut:
    if stored is None:
        return _LEAF
    if depth > DEEPEST or not isinstance(stored, list) or len(stored) != 4:
        raise CodecError("a covering is a tree of cuts [symbol, at, low, high]")
    number, at, low, high = stored
    if type(number) is not int or not 0 <= number < len(symbols):
        raise CodecError("a cut is in a symbol of the domain")
    if type(at) is not str:
        raise CodecError("a cut is at a rational number, which is a text")
    where = places.get(at)
    if where is None:
        where = places[at] = _place(at)
    return Cut(symbols[number], where, _tree(low, symbols, depth + 1, places), _tree(high, symbols, depth + 1, places))


_LEAF = Leaf()

__all__ = ["Covering", "Cut", "Leaf"]
