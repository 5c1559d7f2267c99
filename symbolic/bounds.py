"""Bounds as data: an expression, what its symbols may be, where it is from, and how sure its form is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from symbolic.sentences import words_in
from symbolic.spans import Span, span
from symbolic.words import DICTIONARY

PROVENANCES = {
    "found": "read in a public source",
    "derived": "derived here, with its constants",
    "memory": "from memory, its constants to be checked",
    "as read": "our reading of a source that is not explicit",
}


class BoundError(ValueError):
    """A bound is not whole: a symbol without a span, or a provenance that is none; one sentence says which."""


@dataclass(frozen=True)
class Bound:
    """A bound: ``name`` in words, ``expression``, and the ``domain`` {word: span or (low, high)} of its symbols.

    ``conditions`` are sentences between the symbols that it is stated under; ``source`` is the reference;
    ``provenance`` a key of ``PROVENANCES``; ``dominant`` says that logarithms and constants are not known, so that
    only the dominant term stands here. Raises BoundError.
    """

    name: str
    expression: Any
    domain: Mapping[Any, Any]
    source: str
    provenance: str
    conditions: tuple[Any, ...] = ()
    dominant: bool = False
    spans: Mapping[str, Span] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.provenance not in PROVENANCES:
            raise BoundError(f"{self.name}: provenance={self.provenance!r}; say one of {', '.join(PROVENANCES)}")
        known = {word.name: span(given, str(word)) for word, given in self.domain.items()}
        missing = words_in(self.expression).union(*map(words_in, self.conditions)) - set(known)
        if missing:
            letters = ", ".join(sorted(DICTIONARY[name].letter for name in missing))
            raise BoundError(f"{self.name}: {letters} has no span; add it to domain={{...}}")
        object.__setattr__(self, "spans", known)

    def lines(self) -> list[str]:
        """Its symbols, one line each: letter, span and meaning."""
        entries = [(DICTIONARY[name], within) for name, within in self.spans.items()]
        shown = [(entry.letter, str(within), entry.meaning) for entry, within in entries]
        wide = [max(len(row[k]) for row in shown) for k in (0, 1)]
        return [f"{letter:<{wide[0]}} in {within:<{wide[1]}}  {meaning}" for letter, within, meaning in shown]
