"""Sentences as JSON trees, and back, without ever executing text.

A stored derivation, certificate or witness names its sentences as trees of whitelisted nodes. Decoding builds each node
from its class and nothing else: no parser, no evaluation of strings.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import sympy as sp
from sympy.core.relational import Relational
from sympy.core.symbol import Str
from sympy.logic.boolalg import Implies, Not
from sympy.matrices.expressions.matadd import MatAdd
from sympy.matrices.expressions.matmul import MatMul
from sympy.matrices.expressions.transpose import Transpose

from symbolic import chance, projections, sentences
from symbolic.atoms import mean_decay
from symbolic.behaviour import BEHAVIOURS
from symbolic.lengths import TooLargeError, refuse_huge
from symbolic.totals import Place, place, total
from symbolic.words import DICTIONARY, Entry, Index, Matrix, MatrixAt, Scalar, ScalarAt, restore


class CodecError(ValueError):
    """A stored sentence is not one: an unknown node, a wrong arity, a number too large."""


_NODES: dict[str, Any] = {
    node.__name__: node
    for node in (
        sp.Add, sp.Mul, sp.Pow, sp.Min, sp.Max, sp.Abs, sp.exp, sp.log, sp.ceiling, sp.floor, sp.sign,
        sp.sin, sp.cos, sp.tanh, sp.atan, sp.harmonic, mean_decay, total, sp.Tuple,
        MatAdd, MatMul, sp.MatPow, Transpose, sp.Trace, sp.ZeroMatrix, sp.Identity, sp.HadamardProduct,
        sp.Eq, sp.Ne, sp.Le, sp.Lt, sp.Ge, sp.Gt, sp.And, sp.Or, Not, Implies, sp.binomial,
        sentences.rank, sentences.norm, sentences.spectral_norm, sentences.distance_to_rank, sentences.schatten,
        sentences.entry, sentences.row, sentences.relu, sentences.step, sentences.diagonal, sentences.greatest,
        sentences.least, sentences.mean_scalar, sentences.mean_matrix, sentences.exists, sentences.chain,
        sentences.null, projections.projector, chance.with_probability, *BEHAVIOURS,
    )
}  # fmt: skip
_BY_CLASS = {node: name for name, node in _NODES.items()}
_CONSTANTS = {"pi": sp.pi, "e": sp.E, "oo": sp.oo, "true": sp.true, "false": sp.false}
_NAMES_OF_CONSTANTS = {constant: name for name, constant in _CONSTANTS.items()}
DEEPEST = 200
MOST_ARGUMENTS = 64
MOST_PARTS = 200_000
LONG = 10**20
"""From here on, a numerator or denominator is not written out in advice."""


def encode(node: Any) -> list[Any]:
    """The JSON tree of a sentence or an expression; CodecError on a node that has none."""
    if isinstance(node, (Scalar, Matrix)):
        return ["word", node.name]
    if isinstance(node, (ScalarAt, MatrixAt)):
        return ["at", node.name, *(encode(i) for i in node.indices)]
    if isinstance(node, Index):
        return ["index", node.letter, node.over]
    if isinstance(node, Place):
        return ["place", node.letter]
    if isinstance(node, sp.Integer):
        return ["number", str(node.p)]
    if isinstance(node, sp.Rational):
        return ["number", f"{node.p}/{node.q}"]
    if node in _NAMES_OF_CONSTANTS:
        return ["constant", _NAMES_OF_CONSTANTS[node]]
    name = _BY_CLASS.get(type(node), "")
    if not name:
        raise CodecError(f"{node} ({type(node).__name__}) has no stored form; {_advice(node)}")
    return [name, *(encode(a) for a in node.args)]


def _advice(node: Any) -> str:
    """What to write in place of a node that has no stored form."""
    if isinstance(node, sp.Float):
        text = repr(float(node)) if sp.Float(float(node)) == node else str(node)
        exact = sp.Rational(text)
        short = max(abs(exact.p), exact.q) < LONG
        return f"write Rational({exact.p}, {exact.q})" if short else f'write Rational("{text}")'
    if isinstance(node, sp.Function):
        own = sorted(name for name, node in _NODES.items() if node.__module__.startswith("sympy.functions"))
        return f"the functions of SymPy that have one are {', '.join(own)}, and powers; symbolic has more, for matrices"
    return "write it with the functions of symbolic"


def vocabulary(*nodes: Any) -> dict[str, Any]:
    """What a file must say of its words so that it can be read alone: shape, ranges, assumptions."""
    known: dict[str, Any] = {}
    pending = set().union(*(_all_words(node) for node in nodes)) if nodes else set()
    while pending:
        name = pending.pop()
        entry = DICTIONARY[name]
        known[name] = {
            "meaning": entry.meaning,
            "shape": [encode(s) for s in entry.shape],
            "over": list(entry.over),
            "integer": entry.integer,
            "nonnegative": entry.nonnegative,
            "size": entry.size,
        }
        pending |= set().union(*(_all_words(s) for s in entry.shape)) - set(known) if entry.shape else set()
    return dict(sorted(known.items()))


def _all_words(node: Any) -> set[str]:
    own = {node.name} if isinstance(node, sentences.WORDS) else set()
    return own.union(*(_all_words(a) for a in node.args)) if node.args else own


class Decoder:
    """Reads trees with the words of one file."""

    def __init__(self, words: dict[str, Any]) -> None:
        if not isinstance(words, dict):
            raise CodecError("the file's words are not a table")
        self._declared = words
        self._made: dict[str, Any] = {}
        self._built: dict[tuple[Any, ...], Any] = {}
        self._known: dict[str, Entry] = {}
        self._open: set[str] = set()
        self._read = 0

    def _word(self, name: Any) -> dict[str, Any]:
        if not isinstance(name, str) or not isinstance(self._declared.get(name), dict):
            raise CodecError(f"the word {name!r} is used but not declared in the file")
        return self._declared[name]

    def __call__(self, tree: Any, depth: int = 0) -> Any:
        """The sentence or expression that a tree stands for; CodecError when it stands for none."""
        if depth > DEEPEST:
            raise CodecError(f"a stored sentence is nested deeper than {DEEPEST}")
        self._read += 1
        if self._read > MOST_PARTS:
            raise CodecError(f"the sentences of a file have more than {MOST_PARTS} parts")
        if not isinstance(tree, list) or not tree or not isinstance(tree[0], str):
            raise CodecError(f"not a stored sentence: {json.dumps(tree)[:60]}")
        head, rest = tree[0], tree[1:]
        try:
            if head == "word":
                return self._plain(rest[0])
            if head == "at":
                return self._member(rest[0], [self(i, depth + 1) for i in rest[1:]])
            if head == "index":
                return sentences_index(rest[0], rest[1])
            if head == "place":
                return place(rest[0])
            if head == "number":
                return _number(rest[0])
            if head == "constant":
                return _CONSTANTS[rest[0]]
            arguments = [self(a, depth + 1) for a in rest]
            if not 0 < len(arguments) <= MOST_ARGUMENTS:
                raise CodecError(f"{head} has no parts, or more than {MOST_ARGUMENTS}")
            if (head, *arguments) not in self._built:  # parts of an expression come up again and again
                self._built[(head, *arguments)] = self._new(head, arguments, tree)
            return self._built[(head, *arguments)]
        except CodecError:
            raise
        except TooLargeError as error:
            raise CodecError(str(error)) from None
        except Exception as error:  # a hostile tree may fail anywhere inside SymPy
            raise CodecError(f"not a stored sentence: {json.dumps(tree)[:60]} ({type(error).__name__})") from None

    def _new(self, head: str, arguments: list[Any], tree: Any) -> Any:
        refuse_huge(_NODES[head], arguments)
        if issubclass(_NODES[head], Relational):
            left, right = arguments
            return _NODES[head](left, right, evaluate=False)
        made = _NODES[head](*arguments)
        if head in ("Pow", "log") and made.has(sp.I):
            raise CodecError(f"{json.dumps(tree)[:60]} is not real")
        return made

    def _plain(self, name: Any) -> Any:
        if name not in self._made:
            self._made[name] = self._restored(name).symbol
        return self._made[name]

    def _restored(self, name: Any) -> Entry:
        """The dictionary's line of a word, made from the file's where it has none; CodecError where they differ."""
        said = self._word(name)
        if name in self._known:
            return self._known[name]
        declared = (self._shape(name, said), tuple(said.get("over", ())))
        types = tuple(bool(said.get(key)) for key in ("integer", "nonnegative", "size"))
        if types[2] and (not all(types) or declared != ((), ())):
            raise CodecError(f"{name} is declared a size, but not a nonnegative integer")
        known = restore(name, *declared, *types)
        if (*declared, *types) != (known.shape, known.over, known.integer, known.nonnegative, known.size):
            raise CodecError(f"the file declares {name} otherwise than this program does")
        self._known[name] = known
        return known

    def _shape(self, name: str, said: dict[str, Any]) -> tuple[Any, ...]:
        if name in self._open:
            raise CodecError(f"the shape of {name} mentions {name}")
        self._open.add(name)
        shape = tuple(self(s) for s in said.get("shape", []))
        self._open.discard(name)
        if len(shape) not in (0, 2) or any(side.atoms(Matrix, ScalarAt, MatrixAt, Index) for side in shape):
            raise CodecError(f"the shape of {name} is not two expressions in sizes")
        return shape

    def _member(self, name: Any, indices: list[Any]) -> Any:
        known = self._restored(name)
        if len(indices) != len(known.over):
            raise CodecError(f"{name} takes {len(known.over)} indices, not {len(indices)}")
        return MatrixAt(Str(name), *known.shape, *indices) if known.shape else ScalarAt(Str(name), *indices)


def sentences_index(letter: Any, over: Any) -> Index:
    """The index of that letter over that range."""
    from symbolic.words import index

    if not isinstance(letter, str) or not isinstance(over, str):
        raise CodecError("an index is a letter and a range")
    return index(letter, over)


def _number(text: Any) -> Any:
    if not isinstance(text, str) or len(text) > 10_000:
        raise CodecError("a number is text of at most 10,000 digits")
    numerator, _, denominator = text.partition("/")
    if not int(denominator or "1"):
        raise CodecError("a number has the denominator 0")
    return sp.Rational(int(numerator), int(denominator or "1"))


def digest(*nodes: Any) -> str:
    """Sixteen hexadecimal digits that change when any of the sentences does."""
    text = json.dumps([encode(node) if isinstance(node, sp.Basic) else node for node in nodes], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
