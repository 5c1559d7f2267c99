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

from symbolic import projections, sentences
from symbolic.words import DICTIONARY, Index, Matrix, MatrixAt, Scalar, ScalarAt, restore


class CodecError(ValueError):
    """A stored sentence is not one: an unknown node, a wrong arity, a number too large."""


_NODES: dict[str, Any] = {
    node.__name__: node
    for node in (
        sp.Add, sp.Mul, sp.Pow, sp.Min, sp.Max, sp.Abs, sp.exp, sp.log, sp.ceiling, sp.floor, sp.sign,
        sp.sin, sp.cos, sp.tanh, sp.atan,
        MatAdd, MatMul, sp.MatPow, Transpose, sp.Trace, sp.ZeroMatrix, sp.Identity, sp.HadamardProduct,
        sp.Eq, sp.Ne, sp.Le, sp.Lt, sp.Ge, sp.Gt, sp.And, sp.Or, Not, Implies, sp.binomial,
        sentences.rank, sentences.norm, sentences.spectral_norm, sentences.distance_to_rank, sentences.schatten,
        sentences.entry, sentences.row, sentences.relu, sentences.step, sentences.diagonal, sentences.greatest,
        sentences.least, sentences.mean_scalar, sentences.mean_matrix, sentences.exists, sentences.chain,
        sentences.null, projections.projector,
    )
}  # fmt: skip
_BY_CLASS = {node: name for name, node in _NODES.items()}
_CONSTANTS = {"pi": sp.pi, "e": sp.E, "oo": sp.oo, "true": sp.true, "false": sp.false}
LARGEST_EXPONENT = 10_000
LARGEST_POWER_BITS = 100_000
DEEPEST = 200
LARGEST_ROOT_BITS = 64
MOST_ARGUMENTS = 64


def encode(node: Any) -> list[Any]:
    """The JSON tree of a sentence or an expression; CodecError on a node that has none."""
    if isinstance(node, (Scalar, Matrix)):
        return ["word", node.name]
    if isinstance(node, (ScalarAt, MatrixAt)):
        return ["at", node.name, *(encode(i) for i in node.indices)]
    if isinstance(node, Index):
        return ["index", node.letter, node.over]
    if isinstance(node, sp.Integer):
        return ["number", str(node.p)]
    if isinstance(node, sp.Rational):
        return ["number", f"{node.p}/{node.q}"]
    for name, constant in _CONSTANTS.items():
        if node == constant:
            return ["constant", name]
    name = _BY_CLASS.get(type(node), "")
    if not name:
        raise CodecError(f"{node} ({type(node).__name__}) has no stored form; write it with the functions of symbolic")
    return [name, *(encode(a) for a in node.args)]


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
            "size": _is_size(name, nodes),
        }
        pending |= set().union(*(_all_words(s) for s in entry.shape)) - set(known) if entry.shape else set()
    return dict(sorted(known.items()))


def _all_words(node: Any) -> set[str]:
    own = {node.name} if isinstance(node, sentences.WORDS) else set()
    return own.union(*(_all_words(a) for a in node.args)) if node.args else own


def _is_size(name: str, nodes: tuple[Any, ...]) -> bool:
    scalars: set[Any] = set()
    for node in nodes:
        sides = [side for matrix in node.atoms(Matrix, MatrixAt) for side in matrix.shape]
        scalars |= node.atoms(Scalar).union(*(side.atoms(Scalar) for side in sides))
    return any(bool(atom.is_positive) for atom in scalars if atom.name == name)


class Decoder:
    """Reads trees with the words of one file."""

    def __init__(self, words: dict[str, Any]) -> None:
        if not isinstance(words, dict):
            raise CodecError("the file's words are not a table")
        self._declared = words
        self._made: dict[str, Any] = {}
        self._open: set[str] = set()

    def _word(self, name: Any) -> dict[str, Any]:
        if not isinstance(name, str) or not isinstance(self._declared.get(name), dict):
            raise CodecError(f"the word {name!r} is used but not declared in the file")
        return self._declared[name]

    def __call__(self, tree: Any, depth: int = 0) -> Any:
        """The sentence or expression that a tree stands for; CodecError when it stands for none."""
        if depth > DEEPEST:
            raise CodecError(f"a stored sentence is nested deeper than {DEEPEST}")
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
            if head == "number":
                return _number(rest[0])
            if head == "constant":
                return _CONSTANTS[rest[0]]
            arguments = [self(a, depth + 1) for a in rest]
            _refuse_huge(head, arguments)
            if issubclass(_NODES[head], Relational):
                left, right = arguments
                return _NODES[head](left, right, evaluate=False)
            return _NODES[head](*arguments)
        except CodecError:
            raise
        except Exception as error:  # a hostile tree may fail anywhere inside SymPy
            raise CodecError(f"not a stored sentence: {json.dumps(tree)[:60]} ({type(error).__name__})") from None

    def _plain(self, name: Any) -> Any:
        if name not in self._made:
            said = self._word(name)
            shape = self._shape(name, said)
            assumptions = {"integer": True, "positive": True} if said.get("size") else {"real": True}
            if not said.get("size"):
                assumptions |= {k: True for k in ("integer", "nonnegative") if said.get(k)}
            restore(name, shape, tuple(said.get("over", ())), bool(said.get("integer")), bool(said.get("nonnegative")))
            self._made[name] = Matrix(name, *shape) if shape else Scalar(name, **assumptions)
        return self._made[name]

    def _shape(self, name: str, said: dict[str, Any]) -> tuple[Any, ...]:
        """A declared word's shape; CodecError where the declaration is not the one that this program knows."""
        if name in self._open:
            raise CodecError(f"the shape of {name} mentions {name}")
        self._open.add(name)
        shape = tuple(self(s) for s in said.get("shape", []))
        self._open.discard(name)
        known = DICTIONARY.get(name)
        declared = (shape, tuple(said.get("over", ())), bool(said.get("integer")), bool(said.get("nonnegative")))
        if known is not None and declared != (known.shape, known.over, known.integer, known.nonnegative):
            raise CodecError(f"the file declares {name} otherwise than this program does")
        if said.get("size") and not (said.get("integer") and said.get("nonnegative")):
            raise CodecError(f"{name} is declared a size, but not a nonnegative integer")
        return shape

    def _member(self, name: Any, indices: list[Any]) -> Any:
        said = self._word(name)
        shape = self._shape(name, said)
        over = tuple(said.get("over", ()))
        restore(name, shape, over, bool(said.get("integer")), bool(said.get("nonnegative")))
        if len(indices) != len(over):
            raise CodecError(f"{name} takes {len(over)} indices, not {len(indices)}")
        return MatrixAt(Str(name), *shape, *indices) if shape else ScalarAt(Str(name), *indices)


def sentences_index(letter: Any, over: Any) -> Index:
    """The index of that letter over that range."""
    from symbolic.words import index

    if not isinstance(letter, str) or not isinstance(over, str):
        raise CodecError("an index is a letter and a range")
    return index(letter, over)


def _refuse_huge(head: str, arguments: list[Any]) -> None:
    """CodecError where SymPy would start to compute a number of millions of digits."""
    if head == "Pow" and arguments[1].is_number:
        base, exponent = arguments
        if not abs(exponent) <= LARGEST_EXPONENT:
            raise CodecError(f"an exponent is larger than {LARGEST_EXPONENT}")
        if base.is_Rational and max(abs(base.p), base.q).bit_length() * abs(exponent) > LARGEST_POWER_BITS:
            raise CodecError(f"a power has more than {LARGEST_POWER_BITS} bits")
        if base.is_Rational and not exponent.is_Integer and max(abs(base.p), base.q).bit_length() > LARGEST_ROOT_BITS:
            raise CodecError(f"a root of a number of more than {LARGEST_ROOT_BITS} bits")
    if len(arguments) > MOST_ARGUMENTS:
        raise CodecError(f"{head} has more than {MOST_ARGUMENTS} parts")
    if head in ("exp", "binomial") and any(a.is_number and not abs(a) <= LARGEST_EXPONENT for a in arguments):
        raise CodecError(f"an argument of {head} is larger than {LARGEST_EXPONENT}")
    if head in ("floor", "ceiling") and arguments[0].is_number and not abs(arguments[0]) <= 10**18:
        raise CodecError(f"an argument of {head} is larger than 10**18")


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
