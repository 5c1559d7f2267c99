"""Tactics: equations that follow from what is given, batches taken apart, and bounds on ranks by composition.

A tactic only proposes steps; what it finds is worth something because each step is a rule's conclusion. All of them
return step numbers, and stop on anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice, product
from typing import Any

from sympy import Eq, Le, MatAdd, MatMul, Min, S, Transpose, ZeroMatrix

from symbolic.grammar import RuleError, at_most, denominators, equation, nodes, size_for
from symbolic.ledger import Ledger
from symbolic.normal import Monomial, Scalars, matrix_from, matrix_terms, normal, same, scalar_from, scalar_terms
from symbolic.ranks import bounded_matrix, is_nonnegative
from symbolic.sentences import free_indices, mean, mean_matrix, mean_scalar, rank
from symbolic.words import Index, Matrix, MatrixAt, index

MOST_BOUNDS = 6
MOST_INSTANCES = 40
LETTERS = "ijklpq"


def zero_equations(ledger: Ledger) -> list[int]:
    """Steps that say that something is zero: given ones, and what they say of each sample."""
    found = []
    for origin, number in ledger.given:
        sentence = ledger[number]
        if origin == "definition" or not isinstance(sentence, Eq):
            continue
        if sentence.rhs == 0 or isinstance(sentence.rhs, ZeroMatrix):
            found.append(number)
        elif origin == "hypothesis":
            zero = ZeroMatrix(*sentence.lhs.shape) if sentence.lhs.is_Matrix else S.Zero
            moved = ledger.tried("combination", (number,), sentence.lhs - sentence.rhs, zero, S.One)
            found += [] if moved is None else [moved]
    return [*found, *(n for number in found for n in batch_members(ledger, number))]


def over_batch(term: Any, batch: Index) -> Any:
    """A matrix or a real as one mean over a batch, or None: what does not depend on the batch is its own mean."""
    parts = []
    which = next(
        index(letter, "samples") for letter in LETTERS[1:] if index(letter, "samples") not in free_indices(term)
    )
    terms = matrix_terms(term) if term.is_Matrix else {None: scalar_terms(term)}
    for word, coefficients in terms.items():
        for monomial, number in coefficients.items():
            piece = _piece(word, monomial, number, term, which, batch)
            if piece is None or batch in free_indices(piece):
                return None
            parts.append(piece)
    if not parts:
        return None
    return mean(normal(sum(parts[1:], parts[0])), which, batch)


def _piece(word: Any, monomial: Monomial, number: Any, term: Any, which: Index, batch: Index) -> Any:
    factors = [*(a for a, p in monomial for _ in range(p if p > 0 else 0)), *(word or ())]
    over = [a for a in factors if isinstance(a, (mean_matrix, mean_scalar)) and a.batch == batch]
    if len(over) > 1:
        return None
    inner = {a: a.body.xreplace({a.index: which}) for a in over}
    scalars = scalar_from({frozenset((a, p) for a, p in monomial if a not in inner): number})
    for atom, _ in monomial:
        scalars = scalars * inner.get(atom, 1)
    if word is None:
        return scalars
    return matrix_from({tuple(inner.get(a, a) for a in word): {frozenset(): S.One}}, term.shape) * scalars


def batch_means(ledger: Ledger, term: Any, avoid: int | None) -> Iterator[tuple[Any, tuple[int, ...]]]:
    """A term as one mean over all batches, with the equations that show it."""
    for batch in (i for i in free_indices(term) if i.over == "batches"):
        for reached, equations in ledger.levels(term, avoid):
            average = over_batch(reached, batch)
            if average is not None:
                yield average, equations


def batch_members(ledger: Ledger, number: int) -> Iterator[int]:
    """From "zero over every batch" to "zero at every sample"."""
    vanishing = ledger[number]
    for smaller in ledger.smaller():
        for average, equations in batch_means(ledger, vanishing.lhs, number):
            said = ledger.tried("recast", (number, *equations), equation(average, vanishing.rhs))
            if said is not None:
                for certificate in ledger.certificates(ledger[smaller].lts):
                    named = free_samples(average, certificate.named)
                    member = ledger.tried("batch_zero", (said, smaller), *certificate.coefficients, *named)
                    if member is not None and certificate.named == 1:
                        yield member
                        return


def free_samples(average: Any, count: int) -> tuple[Index, ...]:
    """Letters for samples that are not yet taken in a mean."""
    free = (i for letter in LETTERS if (i := index(letter, "samples")) not in _indices(average))
    return tuple(islice(free, count))


def _indices(node: Any) -> set[Any]:
    own = {node} if isinstance(node, Index) else set()
    return own.union(*map(_indices, node.args)) if node.args else own


def instances(ledger: Ledger, number: int, *others: Index) -> Iterator[int]:
    """A step, and the same about promised members and about other indices."""
    free = free_indices(ledger[number])
    choices = [(i, *ledger.promised(i.over), *(o for o in others if o.over == i.over and o != i)) for i in free]
    for chosen in islice(product(*choices), MOST_INSTANCES):
        instance: int | None = number
        for old, new in zip(free, chosen, strict=True):
            instance = None if instance is None else ledger.at(instance, old, new)
        if instance is not None:
            yield instance


def solutions(ledger: Ledger, wanted: Any) -> Iterator[int]:
    """Steps ``wanted = ...`` for a matrix word, solved from equations that are known to hold."""
    for vanishing in zero_equations(ledger):
        for number in instances(ledger, vanishing):
            left = ledger[number].lhs
            for reached, equations in ledger.levels(left, number) if left.is_Matrix else ():
                solved = _solved(ledger, number, reached, equations, wanted)
                if solved is not None:
                    yield solved
                    break


def _solved(ledger: Ledger, number: int, reached: Any, equations: tuple[int, ...], wanted: Any) -> int | None:
    terms = dict(matrix_terms(reached))
    coefficient = terms.pop((wanted,), {})
    if len(coefficient) != 1 or any(wanted in nodes(a) for word in terms for a in word):
        return None
    factor = 1 / scalar_from(coefficient)
    try:
        for base in denominators(factor):
            ledger.nonzero(base)
    except RuleError:
        return None
    rest = matrix_from(terms, reached.shape)
    said = ledger.tried("recast", (number, *equations), equation(reached, ledger[number].rhs)) if equations else number
    return None if said is None else ledger.tried("combination", (said,), wanted, normal(-factor * rest), factor)


class RankBounds:
    """Bounds on the rank of matrices, by composition."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._found: dict[Any, list[int]] = {}
        self._solving: set[Any] = set()

    def of(self, matrix: Any) -> list[int]:
        """Steps ``rank(matrix) <= ...``, none of them clearly worse than another."""
        found = []
        for reached, equations in self.ledger.levels(matrix):
            form = normal(reached)
            for step in self._composed(form):
                goal = at_most(rank(matrix), self.ledger[step].rhs)
                said = step if form == matrix else self.ledger.tried("recast", (step, *equations), goal)
                found += [] if said is None else [said]
        return self._best(found)

    def _best(self, steps: Iterable[int]) -> list[int]:
        kept: list[int] = []
        for step in steps:
            bound = self.ledger[step].rhs
            if any(_no_more(self.ledger[k].rhs, bound) for k in kept):
                continue
            kept = [k for k in kept if not _no_more(bound, self.ledger[k].rhs)] + [step]
        return kept[:MOST_BOUNDS]

    def _composed(self, form: Any) -> list[int]:
        if form not in self._found:
            self._found[form] = []
            self._found[form] = self._best([s for s in self._each(form) if s is not None])
        return self._found[form]

    def _each(self, form: Any) -> Iterator[int | None]:
        tried = self.ledger.tried
        if isinstance(form, ZeroMatrix):
            yield tried("rank_zero", (), form)
        yield from self._stated(form)
        if isinstance(form, MatMul):
            for factor in (a for a in form.args if a.is_Matrix):
                for step in self._composed(factor):
                    yield tried("rank_product", (step,), form)
        elif isinstance(form, MatAdd):
            for steps in islice(product(*(self._composed(a) for a in form.args)), 12):
                yield tried("rank_sum", steps, form)
        elif isinstance(form, Transpose):
            for step in self._composed(form.args[0]):
                yield tried("rank_transpose", (step,), form)
        elif isinstance(form, mean_matrix):
            rule = "rank_range_mean" if form.batch is None else "rank_batch_mean"
            size = size_for(form.index if form.batch is None else form.batch, form)
            for step in self._composed(form.body) if size is not None else ():
                yield tried(rule, (step,), form, size)
        elif isinstance(form, (Matrix, MatrixAt)):
            yield from self._solved(form)
        yield tried("rank_rows", (), form)
        yield tried("rank_columns", (), form)

    def _stated(self, form: Any) -> Iterator[int | None]:
        for number in self.ledger.sentences(Le):
            try:
                matrix, _ = bounded_matrix(self.ledger[number])
            except RuleError:
                continue
            instance = self.ledger.matched(number, matrix, form)
            if instance is not None:
                yield instance
            elif same(matrix, form):
                yield self.ledger.tried("recast", (number,), at_most(rank(form), self.ledger[number].rhs))

    def _solved(self, word: Any) -> Iterator[int | None]:
        if word in self._solving:
            return
        self._solving.add(word)
        for solution in solutions(self.ledger, word):
            for step in self.of(self.ledger[solution].rhs):
                yield self.ledger.tried("recast", (step, solution), at_most(rank(word), self.ledger[step].rhs))
        self._solving.discard(word)


def _no_more(a: Any, b: Any) -> bool:
    try:
        return is_nonnegative(scalar_terms(b - a), set())
    except RuleError:
        return False


def rank_at_most(ledger: Ledger, matrix: Any, bound: Any, steps: list[int]) -> int | None:
    """A step ``rank(matrix) <= bound`` from steps that bound the rank, or None."""
    wanted = bound.args if isinstance(bound, Min) else (bound,)
    parts = []
    for part in wanted:
        goal = at_most(rank(matrix), part)
        exact = [s for s in steps if ledger[s] == goal]
        weaker = (ledger.tried("order", (s,), goal, S.One) for s in steps)
        found = exact[0] if exact else next((s for s in weaker if s is not None), None)
        if found is None:
            return None
        parts.append(found)
    return ledger.tried("below_minimum", tuple(parts)) if isinstance(bound, Min) else parts[0]


def ratio(a: Any, b: Any) -> Any:
    """The scalar k with a = k b, for matrices and read off one of their terms; or None."""
    of_a, of_b = matrix_terms(a), matrix_terms(b)
    for word, coefficient in of_a.items():
        below: Scalars = of_b.get(word, {})
        if len(coefficient) == 1 == len(below):
            factor = scalar_from(coefficient) / scalar_from(below)
            return factor if same(a, factor * b) else None
    return None
