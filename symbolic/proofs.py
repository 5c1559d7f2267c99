"""Derivations: what was proved, from what, and every step, as data that a checker replays and a file can hold."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sympy import Basic, Tuple

from symbolic.codec import CodecError, Decoder, digest, encode, vocabulary
from symbolic.grammar import RuleError, well_formed
from symbolic.sentences import WORDS, is_sentence

FORMAT = "lakatos/derivation"
VERSION = 2
READABLE = (1, VERSION)
MOST_STEPS = 2000
LONGEST_FILE = 4_000_000


@dataclass(frozen=True)
class Step:
    """One application of a rule: to earlier steps (by number) and parameters, with what it concludes."""

    rule: str
    premises: tuple[int, ...]
    parameters: tuple[Any, ...]
    conclusion: Any


@dataclass(frozen=True)
class Derivation:
    """A statement, what it may rest on, and the steps to it; the last step concludes the statement.

    ``hypotheses`` are sentences, each read "for every" on its own; ``definitions`` maps a word (a member such as
    ``A[i]`` of a family) to its formula; ``lemmas`` maps ids of other claims to the sentences that they establish. The
    header holds only what the steps use.
    """

    statement: Any
    hypotheses: tuple[Any, ...]
    definitions: Mapping[Any, Any]
    lemmas: Mapping[str, Any]
    steps: tuple[Step, ...] = field(repr=False)

    def lines(self) -> list[str]:
        """Every step in words, numbered, with its rule and the steps that it is from."""
        return [
            f"{number}. {step.conclusion}  ({step.rule}{', from ' if step.premises else ''}"
            f"{', '.join(map(str, step.premises))})"
            for number, step in enumerate(self.steps)
        ]

    def digest(self) -> str:
        """Sixteen hexadecimal digits of the header: statement, hypotheses, definitions, lemmas, and which are sizes."""
        return digest(_header(self), _sizes(self))

    def to_json(self) -> dict[str, Any]:
        """A JSON object that can be read alone; CodecError where a part has no stored form."""
        every = _said(self) + [part for step in self.steps for part in (*step.parameters, step.conclusion)]
        return {
            "format": FORMAT,
            "version": VERSION,
            "digest": self.digest(),
            "words": vocabulary(Tuple(*every)),
            **_header(self),
            "steps": [
                {
                    "rule": step.rule,
                    "from": list(step.premises),
                    "with": [encode(p) for p in step.parameters],
                    "gives": encode(step.conclusion),
                }
                for step in self.steps
            ],
        }

    @classmethod
    def from_json(cls, stored: Any) -> Derivation:
        """The derivation that a JSON object or text holds; CodecError with one sentence where it holds none."""
        try:
            return _read(json.loads(_text(stored)) if isinstance(stored, (str, bytes)) else stored)
        except CodecError:
            raise
        except RuleError as error:
            raise CodecError(f"the derivation holds no sentence: {error}") from None
        except Exception as error:  # hostile input may fail anywhere
            raise CodecError(f"this is not a stored derivation ({type(error).__name__})") from None


def _said(derivation: Derivation) -> list[Any]:
    """The sentences and the words of the header."""
    pairs = [part for pair in derivation.definitions.items() for part in pair]
    return [derivation.statement, *derivation.hypotheses, *derivation.lemmas.values(), *pairs]


def _sizes(derivation: Derivation) -> list[str]:
    """The names of the header's words, those of shapes included, that are declared as sizes."""
    return [name for name, said in vocabulary(*_said(derivation)).items() if said["size"]]


def _header(derivation: Derivation) -> dict[str, Any]:
    return {
        "statement": encode(derivation.statement),
        "hypotheses": [encode(h) for h in derivation.hypotheses],
        "definitions": [[encode(w), encode(f)] for w, f in derivation.definitions.items()],
        "lemmas": {name: encode(sentence) for name, sentence in derivation.lemmas.items()},
    }


def _text(stored: str | bytes) -> str | bytes:
    if len(stored) > LONGEST_FILE:
        raise CodecError(f"a derivation of more than {LONGEST_FILE} characters")
    return stored


def _field(stored: Any, name: str, kind: type) -> Any:
    if not isinstance(stored, dict) or type(stored.get(name)) is not kind:
        raise CodecError(f"the derivation has no {name!r} that is a {kind.__name__}")
    return stored[name]


def _read(stored: Any) -> Derivation:
    version = _field(stored, "version", int)
    if _field(stored, "format", str) != FORMAT or version not in READABLE:
        raise CodecError(f"this is not a {FORMAT} of version {' or '.join(map(str, READABLE))}")
    decode = Decoder(_field(stored, "words", dict))
    steps = _field(stored, "steps", list)
    if len(steps) > MOST_STEPS:
        raise CodecError(f"a derivation of more than {MOST_STEPS} steps")
    derivation = Derivation(
        statement=_sentence(decode, _field(stored, "statement", list)),
        hypotheses=tuple(_sentence(decode, h) for h in _field(stored, "hypotheses", list)),
        definitions=dict(_definition(decode, pair) for pair in _field(stored, "definitions", list)),
        lemmas={str(name): _sentence(decode, s) for name, s in _field(stored, "lemmas", dict).items()},
        steps=tuple(_step(decode, step) for step in steps),
    )
    if len(derivation.definitions) != len(stored["definitions"]):
        raise CodecError("a word is defined twice")
    # A file of version 1 does not seal which of its words are sizes.
    sealed = derivation.digest() if version == VERSION else digest(_header(derivation))
    if sealed != _field(stored, "digest", str):
        raise CodecError("the digest does not match the statement and what it rests on")
    return derivation


def _sentence(decode: Decoder, tree: Any) -> Any:
    node = decode(tree)
    if not is_sentence(node):
        raise CodecError("a stored sentence is true or false by itself, or none")
    well_formed(node)
    return node


def _definition(decode: Decoder, pair: Any) -> tuple[Any, Any]:
    if not isinstance(pair, list) or len(pair) != 2:
        raise CodecError("a definition is a word and a formula")
    word, formula = decode(pair[0]), decode(pair[1])
    if not isinstance(word, WORDS):
        raise CodecError("a definition does not define a word")
    well_formed(formula)
    return word, formula


def _step(decode: Decoder, stored: Any) -> Step:
    premises = _field(stored, "from", list)
    if not all(type(p) is int for p in premises):
        raise CodecError("a step's premises are numbers of earlier steps")
    parameters = tuple(decode(p) for p in _field(stored, "with", list))
    conclusion = decode(_field(stored, "gives", list))
    if not all(isinstance(part, Basic) for part in (*parameters, conclusion)):
        raise CodecError("a step is not made of sentences")
    return Step(_field(stored, "rule", str), tuple(premises), parameters, conclusion)
