"""Sentences that stand for others: null sets and behaviours, spelled out as relations."""

from __future__ import annotations

from typing import Any

from sympy import And
from sympy.logic.boolalg import Boolean

from symbolic import behaviour, nullsets, prose
from symbolic.sentences import Behaviour, SentenceError, has_part, null, words_in

STAND_INS = (null, Behaviour)
"""Sentences that are judged as what ``expand`` makes of them."""


def expand(node: Any) -> Any:
    """The sentence that one of the ``STAND_INS`` stands for; SentenceError where no network could refute it."""
    if isinstance(node, null):
        return nullsets.expand(node)
    plain = behaviour.expand(node)
    if plain is None:
        raise SentenceError(
            f"{node} is about no point, so nothing is drawn for it; assume or claim what holds at points"
        )
    return plain


def refutable(node: Any) -> bool:
    """Whether what a sentence says is about points: not of a limit at infinity, nor of what has one as a part."""
    if isinstance(node, Behaviour):
        return not behaviour.at_infinity(node)
    return all(refutable(part) for part in getattr(node, "args", ()) if isinstance(part, Boolean))


def out_of_place(node: Any, inside: bool = False) -> Any:
    """A behaviour in a sentence that is neither the whole nor a part of a conjunction, or None.

    A behaviour speaks of all points together, so that its negation or an alternative to it says nothing of one point.
    """
    if isinstance(node, Behaviour):
        return node if inside else None
    sentences = (part for part in getattr(node, "args", ()) if isinstance(part, Boolean))
    parts = (out_of_place(part, inside or not isinstance(node, And)) for part in sentences)
    return next((found for found in parts if found is not None), None)


def premises_judged(assuming: tuple[Any, ...], says: Any) -> tuple[Any, ...]:
    """The hypotheses, and the same at the other points that the behaviours in a sentence compare with."""
    made = list(assuming)
    found = says.atoms(Behaviour) if assuming and has_part(says, Behaviour) else ()
    for node in sorted(found, key=prose.text) if len(found) > 1 else found:
        for values in behaviour.other_points(node):
            made += [h.xreplace(values) for h in assuming if h.free_symbols & set(values)]
    return tuple(dict.fromkeys(made))


def words_judged(node: Any) -> set[str]:
    """The full names of the words that judging a sentence or an expression needs readings of, second values too."""
    parts = node.atoms(Behaviour) if has_part(node, Behaviour) else ()
    return words_in(node).union(*map(behaviour.second_values, parts))
