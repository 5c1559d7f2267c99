"""Judging sentences on one lane of exact numbers, with truth values of which "undecided" is one."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp
from sympy.core.relational import Relational
from sympy.logic.boolalg import Implies, Not

from symbolic import sentences as said
from symbolic.expanding import STAND_INS, expand
from symbolic.words import Index
from verify import identities
from verify.enclosures import ends
from verify.evaluate import Evaluator
from verify.exact import Exact
from verify.judge import negation
from verify.layers import precision
from verify.roundings import FINER, rational

TRUE, FALSE, UNDECIDED, UNDEFINED = 1, 0, 2, 3


class ExactJudge:
    """Judges sentences on one lane of exact numbers; truth values are small integers, 2 undecided, 3 undefined."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluate = evaluator

    def __call__(self, node: Any) -> tuple[tuple[Index, ...], Any]:
        """The free indices of a sentence and its truth, an int8 array (1, *axes)."""
        if isinstance(node, Relational):
            return self._relation(node)
        if isinstance(node, (sp.And, said.chain)):
            parts = node.links if isinstance(node, said.chain) else node.args
            return self._joined([self(a) for a in parts], FALSE)
        if isinstance(node, sp.Or):
            return self._joined([self(a) for a in node.args], TRUE)
        if isinstance(node, Implies):
            return self._joined([self._negated(self(node.args[0])), self(node.args[1])], TRUE)
        if isinstance(node, STAND_INS):
            return self(expand(node))
        if isinstance(node, said.exists):
            axes, truth = self(node.body)
            if node.index not in axes:
                return axes, truth
            place = 1 + axes.index(node.index)
            return tuple(a for a in axes if a != node.index), _settled(np.moveaxis(truth, place, 0), TRUE)
        if isinstance(node, Not):
            inside = node.args[0]
            return self._negated(self(inside)) if isinstance(inside, said.exists) else self(negation(inside))
        return (), np.array([int(bool(node))], dtype=np.int8)

    def closed(self, node: Any) -> int:
        """The truth of a sentence read "for every" value of its free indices."""
        _, truth = self(node)
        return int(_settled(truth.reshape(-1, 1), FALSE)[0])

    def _relation(self, node: Any) -> tuple[tuple[Index, ...], Any]:
        left, right = self.evaluate(node.lhs), self.evaluate(node.rhs)
        axes, (a, b) = self.evaluate.align(left, right)
        compare, (low_a, high_a), (low_b, high_b) = self.evaluate.arithmetic.compare, ends(a), ends(b)
        signs = compare(low_a, high_b)
        sharp = low_a is high_a and low_b is high_b
        if sharp and not axes and not left.matrix and not right.matrix and bool((signs == UNDECIDED).any()):
            signs = self._sharpened(node, signs)
        truth = _truth(signs, signs if sharp else compare(high_a, low_b), type(node))
        if left.matrix or right.matrix:
            entries = np.moveaxis(truth.reshape(*truth.shape[:-2], -1), -1, 0)
            truth = _settled(entries, FALSE if isinstance(node, sp.Eq) else TRUE)
        return axes, truth

    def _sharpened(self, node: Any, signs: Any) -> Any:
        """The comparison of two sides whose enclosures meet: by their forms, else with more and more bits."""
        if identities.equal(node.lhs, node.rhs, lambda part: rational(self.evaluate, part), self._entries):
            return np.zeros_like(signs)
        for bits in FINER:
            with precision(bits):
                again = Evaluator(self.evaluate.net)
                signs = again.arithmetic.compare(again(node.lhs).array, again(node.rhs).array)
            if not bool((signs == UNDECIDED).any()):
                break
        return signs

    def _entries(self, matrix: Any) -> tuple[Fraction, ...] | None:
        """The sides of a matrix and its entries, where it has no free index and they are rational."""
        found = self.evaluate(matrix)
        known = found.array.to_rational() if not found.axes and isinstance(found.array, Exact) else None
        if known is None or bool(known.undefined_mask().any()):
            return None
        flat = known.reshape(-1)
        return (*map(Fraction, known.shape[-2:]), *(flat.fraction(place) for place in range(flat.shape[0])))

    def _negated(self, part: tuple[tuple[Index, ...], Any]) -> tuple[tuple[Index, ...], Any]:
        axes, truth = part
        return axes, np.where(truth <= TRUE, 1 - truth, truth).astype(np.int8)

    def _joined(self, parts: list[tuple[tuple[Index, ...], Any]], settling: int) -> tuple[tuple[Index, ...], Any]:
        axes: tuple[Index, ...] = ()
        for part_axes, _ in parts:
            axes += tuple(a for a in part_axes if a not in axes)
        arrays = [_spread(part_axes, truth, axes) for part_axes, truth in parts]
        return axes, _settled(np.stack(np.broadcast_arrays(*arrays)), settling)


_HOLDS: dict[type, tuple[int, ...]] = {
    sp.Eq: (0,),
    sp.Ne: (-1, 1),
    sp.Le: (-1, 0),
    sp.Lt: (-1,),
    sp.Ge: (0, 1),
    sp.Gt: (1,),
}


def _truth(lowest: Any, highest: Any, relation: type) -> Any:
    """The truth of a relation between sides whose comparison has signs from ``lowest`` to ``highest``.

    It is decided where every sign that is possible says the same; a sign that is not decided may be any.
    """
    from_, to = np.where(lowest == UNDECIDED, -1, lowest), np.where(highest == UNDECIDED, 1, highest)
    may = {TRUE: np.zeros(from_.shape, dtype=bool), FALSE: np.zeros(from_.shape, dtype=bool)}
    for sign in (-1, 0, 1):
        may[TRUE if sign in _HOLDS[relation] else FALSE] |= (from_ <= sign) & (sign <= to)
    truth = np.where(may[TRUE], np.where(may[FALSE], UNDECIDED, TRUE), FALSE)
    return np.where((lowest == UNDEFINED) | (highest == UNDEFINED), UNDEFINED, truth).astype(np.int8)


def _spread(own: tuple[Index, ...], truth: Any, axes: tuple[Index, ...]) -> Any:
    order = [own.index(a) for a in axes if a in own]
    array = np.transpose(truth, (0, *(1 + k for k in order)))
    for place, axis in enumerate(axes):
        if axis not in own:
            array = np.expand_dims(array, 1 + place)
    return array


def _settled(stacked: Any, settling: int) -> Any:
    """Join truth values along the first axis: one ``settling`` value decides; else undefined, undecided, the other."""
    any_of = {value: (stacked == value).any(0) for value in (settling, UNDEFINED, UNDECIDED)}
    other = TRUE if settling == FALSE else FALSE
    result = np.where(any_of[UNDECIDED], UNDECIDED, other)
    result = np.where(any_of[UNDEFINED], UNDEFINED, result)
    return np.where(any_of[settling], settling, result).astype(np.int8)
