"""The arithmetic of a survey: one lane of magnitude bounds, which tells whether floating-point lanes can round.

The same functions as ``verify/lanes.py``, over ``Extent`` arrays with a lane axis of one. Every intermediate result of
a reading, of the reverse mode that its gradients are taken by, and of the comparison of two sides is recorded in one
ledger; where none of them can round, a zero on the lanes is a zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
import sympy as sp
from sympy.core.relational import Relational

from symbolic import sentences as said
from symbolic.expanding import STAND_INS, expand
from symbolic.projections import projector
from verify import shapes, totals
from verify.draws import Draw, Magnitude
from verify.evaluate import Evaluator
from verify.extent import Extent, Ledger
from verify.grains import OF_ZERO
from verify.tapes import Traced, gradient, maximum

UNBOUNDED = float("inf")

HIGHEST = 1024
"""The exponent of the least power of two that is no float."""


class Envelope:
    """A source of draws that gives their magnitudes in place of values.

    ``bounds`` are the largest |draw| where they are known; elsewhere the range asked for tells, within ``reach``, as in
    ``Generated``. Numbers stored as they stand (by a training run, which a survey does not make) have no bound.
    """

    count = 1

    def __init__(self, bounds: dict[str, int], reach: int | None) -> None:
        self.bounds, self.reach = bounds, reach
        self.draws: dict[str, Draw] = {}  # no corner is imposed on a source that has its draws

    def __call__(self, name: str, axes: tuple[str, ...], shape: tuple[int, ...], low: int, high: int) -> Draw:
        """The magnitude of the integers of that name."""
        return Draw(axes, low, high, Magnitude(self.bound(name, low, high), (1, *shape)))

    def bound(self, name: str, low: int, high: int) -> float:
        """The largest |draw| of a name that is asked for between low and high."""
        if name in self.bounds:
            return self.bounds[name]
        if low == high == 0:
            return UNBOUNDED
        bottom, top = (low, high) if self.reach is None else (max(low, -self.reach), min(high, self.reach))
        if bottom > top:
            bottom, top = low, low
        return max(abs(bottom), abs(top))


class ExtentArithmetic:
    """Magnitude bounds for lanes whose significand has ``mantissa`` bits.

    ``grains`` receives, for every ``rank(X)`` of a sentence that is judged, the exponent of two that the entries of X
    are multiples of, or None where X may have been rounded.
    """

    exact = False

    def __init__(self, mantissa: int, grains: dict[Any, int | None]) -> None:
        self.mantissa, self.grains = mantissa, grains
        self.ledger = Ledger()

    # -- functions of arrays ---------------------------------------------------------------------------------------

    def scaled(self, values: Any, shift: int = 0) -> Extent:
        """The extent of drawn numbers, as a ``Magnitude`` or as they are, times 2**shift."""
        if isinstance(values, Magnitude):
            grain = None if values.bound == UNBOUNDED else 0
            drawn = Extent(np.full(values.shape, float(values.bound)), grain, self.ledger)
        else:
            drawn = Extent.covering(np.asarray(values.cpu() if hasattr(values, "cpu") else values), self.ledger)
        return drawn * Fraction(2) ** shift if shift else drawn

    def powers(self, exponents: Any, shift: int, lowest: int, highest: int) -> Extent:
        """(1,) the extent of powers of two between the lowest and the highest."""
        return Extent(np.full((1,), 2.0**highest if highest < HIGHEST else UNBOUNDED), lowest, self.ledger)

    def number(self, p: int | Fraction, q: int = 1) -> Fraction:
        """The rational p / q."""
        return Fraction(p) / q

    def constant(self, number: Fraction, count: int) -> Extent:
        """(1,) a rational."""
        return self._like(number).expand(1)

    def irrational(self, number: Any, count: int) -> Extent:
        """(1,) a SymPy number such as pi."""
        return self._unknown((1,))

    def peak(self, array: Any) -> float:
        """Nothing is relative to anything here."""
        return 0.0

    def steepest(self, array: Any) -> float:
        """Nothing is relative to anything here."""
        return 0.0

    def rooted(self, scale: Any, root: Any, slack: float) -> float:
        """Nothing is relative to anything here."""
        return 0.0

    def any_negative(self, array: Any) -> bool:
        """Bounds have no sign."""
        return False

    def reciprocal(self, array: Any) -> Any:
        """1 / array."""
        return 1 / array

    def zeros(self, *shape: int) -> Extent:
        """An array of zeros."""
        return shapes.zeros(shape, self._like(0))

    def eye(self, size: int) -> Extent:
        """The identity matrix."""
        return shapes.eye(size, self._like(0))

    def step(self, z: Any, at_zero: Fraction) -> Extent:
        """1 where z > 0, 0 where z < 0, ``at_zero`` where z = 0."""
        return shapes.where((z.value if isinstance(z, Traced) else z) > 0, 1, self._like(at_zero))

    def relu(self, z: Any, at_zero: Fraction) -> Any:
        """max(z, 0), with ``at_zero`` for its derivative at 0."""
        if not isinstance(z, Traced):
            return z.relu()
        return Traced(z.value.relu(), [(z, lambda slope: slope * self.step(z, at_zero))])

    def where(self, mask: Any, a: Any, b: Any) -> Any:
        """a where the mask holds, b elsewhere."""
        return shapes.where(mask, a, b)

    def stack(self, arrays: Sequence[Any], dim: int) -> Any:
        """Arrays of one shape along a new axis."""
        return shapes.stack(list(arrays), dim)

    def maximum(self, a: Any, b: Any) -> Any:
        """The larger, entry by entry; ``minimum``, the smaller, has the same bounds."""
        return maximum(a, b)

    minimum = maximum

    def diagonal_matrix(self, column: Any) -> Any:
        """The square matrix with the last axis on its diagonal."""
        return shapes.diag_embed(column)

    def take(self, array: Any, members: Sequence[Sequence[int]], dim: int) -> Any:
        """Gather batches along an axis: its N entries become (number of batches, B)."""
        index = np.asarray(members)
        flat = array.index_select(dim, index.reshape(-1))
        return flat.reshape(*array.shape[:dim], *index.shape, *array.shape[dim + 1 :])

    def means(self, array: Any, members: Sequence[Sequence[int]], dim: int) -> Any:
        """The means over the members of each group: the N entries along an axis become as many as there are groups."""
        return self.take(array, members, dim).mean(dim + 1)

    def projector(self, columns: Extent) -> tuple[Extent, float]:
        """(..., n, n) projectors, whose entries do not exceed 1; and 0, as in ``steepest``."""
        rows = columns.shape[-2]
        return Extent(np.ones((*columns.shape[:-1], rows)), None, self.ledger), 0.0

    def gradient(self, function: Callable[[Any], Any], at: Any, copies: int) -> Extent:
        """(1, copies, *parameter): bounds for what ``LaneArithmetic.gradient`` computes, on as many copies."""
        parameter = at.value if isinstance(at, Traced) else at
        return gradient(function, parameter.unsqueeze(1).expand(1, copies, *parameter.shape[1:]))

    def function(self, name: str, a: Any) -> Any:
        """exp, log and so on, entry by entry: of a rounded number it is known what it is a multiple of, and no more."""
        if name in ("floor", "ceil") and not isinstance(a, Traced):
            return a.rounded()
        return a.unknown(self._unknown(a.shape)) if isinstance(a, Traced) else self._unknown(a.shape)

    def total(self, upper: Extent, slack: float, terms: totals.Terms) -> tuple[Extent, float]:
        """Sums, of which nothing is known; one term is looked at for what it reads."""
        terms(self._like(1).expand(1, 1))
        return self._unknown(upper.shape), 0.0

    def power(self, base: Extent, exponent: Extent) -> Extent:
        """Powers, of which nothing is known."""
        return self._unknown(np.broadcast_shapes(base.shape, exponent.shape))

    def passed(self, name: str, a: Any, scale: Any, slack: float) -> float:
        """Nothing is relative to anything here."""
        return 0.0

    def powered(self, base: Any, scale: Any, exponent: Any, other: Any, slack: float) -> float:
        """Nothing is relative to anything here."""
        return 0.0

    def singular_values(self, matrices: Extent) -> Extent:
        """Singular values: (..., min(m, n)), of which nothing is known."""
        return self._unknown((*matrices.shape[:-2], min(matrices.shape[-2:])))

    def spectral_norm(self, matrices: Extent) -> Extent:
        """A norm (...), of which nothing is known."""
        return self._unknown(matrices.shape[:-2])

    def distance_to_rank(self, matrices: Extent, keep: int) -> Extent:
        """A distance (...), of which nothing is known unless every matrix is of that rank."""
        if keep >= min(matrices.shape[-2:]):
            return shapes.zeros(matrices.shape[:-2], self._like(0))
        return self._unknown(matrices.shape[:-2])

    def schatten(self, matrices: Extent, power: Fraction) -> Extent:
        """A norm (...), of which nothing is known."""
        return self._unknown(matrices.shape[:-2])

    def rank(self, matrices: Extent, grain: int | None, slack: Any) -> tuple[Extent, Any]:
        """The rank of each matrix: an integer. Whether its elimination rounds is seen when it runs."""
        return Extent(np.full(matrices.shape[:-2], float(min(matrices.shape[-2:]))), 0, self.ledger), None

    def _like(self, number: int | Fraction) -> Extent:
        """A number as an array without axes."""
        return self._anything._known(number)

    @property
    def _anything(self) -> Extent:
        return Extent(np.zeros(()), 0, self.ledger)

    def _unknown(self, shape: tuple[int, ...]) -> Extent:
        return Extent(np.full(shape, UNBOUNDED), None, self.ledger)

    # -- sentences ---------------------------------------------------------------------------------------------------

    def judge(self, sentence: Any, evaluator: Evaluator) -> bool:
        """Whether nothing can round when a sentence is judged on lanes; fills ``grains``.

        ``evaluator`` is over this arithmetic. Ranks are looked at first: what is computed after them cannot spoil them.
        """
        ranks, relations = _parts(sentence)
        for node in ranks:
            inner = evaluator(node.args[0]).array
            if self.grains.get(node) is None:
                self.grains[node] = _usable(inner.grain) if self.ledger.exact_in(self.mantissa) else None
        for relation in relations:
            self._compare(relation, evaluator)
        return self.ledger.exact_in(self.mantissa)

    def _compare(self, relation: Any, evaluator: Evaluator) -> None:
        sides = (relation.lhs, relation.rhs)
        zero = next((k for k in (0, 1) if sides[k] == 0), None)
        if zero is not None and isinstance(sides[1 - zero], said.norm):
            # A root is compared with zero as its square is: rounding does not bring it there.
            evaluator(sides[1 - zero].args[0]).array.square().sum((-2, -1))
            return
        left, right = evaluator(sides[0]), evaluator(sides[1])
        if left.matrix == right.matrix:
            _, (a, b) = evaluator.align(left, right)
            _ = a - b


@lru_cache(maxsize=4096)
def always_rounds(sentence: Any) -> bool:
    """Whether lanes may round at a sentence whatever the magnitudes, and no rank is in it that might not."""
    ranks, relations = _parts(sentence)
    return not ranks and any(_takes_root(relation) for relation in relations)


def _takes_root(relation: Any) -> bool:
    if any(side == 0 for side in relation.args) and any(isinstance(side, said.norm) for side in relation.args):
        return any(_takes_root(side.args[0]) for side in relation.args if isinstance(side, said.norm))
    roots = (said.norm, said.spectral_norm, said.distance_to_rank, said.schatten, projector)
    return any(isinstance(node, roots) for node in sp.preorder_traversal(relation))


def _usable(grain: int | None) -> int | None:
    """The grain, and 0 for what is known to be zero."""
    return 0 if grain == OF_ZERO else grain


@lru_cache(maxsize=4096)
def rounds_in_a_box(sentence: Any) -> bool:
    """Whether lanes may round at a sentence about words that are all drawn, and about no rank, whatever they are.

    Nothing is known of a quotient, of a root or of a function but floor and ceiling, so that no extent need be asked.
    """
    ranks, relations = _parts(sentence)
    nodes = (node for relation in relations for node in sp.preorder_traversal(relation))
    return not ranks and any(isinstance(node, sp.Expr) and _inexact(node) for node in nodes)


def _inexact(node: Any) -> bool:
    if isinstance(node, sp.Pow):
        return bool(node.free_symbols) and not (node.exp.is_Integer and node.exp > 0)
    return isinstance(node, sp.Function) and not isinstance(node, (sp.floor, sp.ceiling, sp.Abs, sp.Max, sp.Min))


@lru_cache(maxsize=4096)
def _parts(sentence: Any) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """The nodes ``rank(X)`` of a sentence, inner ones first, and its relations."""
    ranks: dict[Any, None] = {}
    relations = tuple(dict.fromkeys(_relations(sentence)))
    for relation in relations:
        for node in sp.postorder_traversal(relation):
            if isinstance(node, said.rank):
                ranks[node] = None
    return tuple(ranks), relations


def _relations(node: Any) -> Iterator[Any]:
    if isinstance(node, Relational):
        yield node
    elif isinstance(node, said.chain):
        yield from node.links
    elif isinstance(node, STAND_INS):
        yield from _relations(expand(node))
    elif isinstance(node, said.exists):
        yield from _relations(node.body)
    else:
        for part in node.args:
            yield from _relations(part)
