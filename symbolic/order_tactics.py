"""Tactics for inequalities: add up known ones, clear denominators, take roots, go through an extreme or a distance."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sympy import Abs, Add, Eq, Ge, Gt, Le, Lt, Pow, S
from sympy.core.relational import Relational

from symbolic.grammar import RuleError, at_most, is_witness, nodes, nonnegative_terms, positive_terms
from symbolic.ledger import Ledger
from symbolic.linear import added_up
from symbolic.normal import cleared, product, same, scalar_from, scalar_terms
from symbolic.projections import projector
from symbolic.prose import text
from symbolic.sentences import (
    distance_to_rank,
    free_indices,
    greatest,
    least,
    mean_matrix,
    mean_scalar,
    norm,
    rank,
    spectral_norm,
)
from symbolic.tactics import RankBounds, instances, rank_at_most

INEQUALITIES = (Le, Lt, Ge, Gt)
Prove = Callable[[Any], int | None]


class Orders:
    """Proves inequalities; ``prove`` is asked for what they come down to."""

    def __init__(self, ledger: Ledger, prove: Prove) -> None:
        self.ledger, self.prove = ledger, prove

    def of(self, goal: Any) -> int | None:
        """The step that concludes an inequality, or None."""
        by_sums = (self._cleared, self._added) if _divides(goal) else (self._added, self._cleared)
        for tactic in (self._distance, self._extreme, self._absolute, self._multiple, *by_sums, self._root):
            found = tactic(goal)
            if found is not None:
                return found
        return None

    # -- by what is known ------------------------------------------------------------------------------------------

    def _added(self, goal: Any) -> int | None:
        return added_up(self.ledger, goal, self._pool(goal))

    def _pool(self, goal: Any) -> Iterator[int]:
        """What is given, what rules say of the goal's terms, and squares and means of these."""
        ledger = self.ledger
        said = [n for n in ledger.sentences(Relational) if _is_real(ledger[n])]
        about = [n for n in self._about(goal) if n is not None]
        for number in (*said, *about):
            yield from instances(ledger, number, *free_indices(goal))
        signs = tuple(n for n in said if nonnegative_terms(ledger[n]))
        known = list(said)
        if any(isinstance(part, Pow) for part in nodes(goal)):
            roots = [n for n in said if isinstance(ledger[n], Le) and not ledger[n].lhs.is_Number]
            squares = [ledger.tried("squared", (n, *signs)) for n in roots]
            known += [n for n in squares if n is not None]
            yield from known
        means = sorted((p for p in nodes(goal) if isinstance(p, mean_scalar)), key=text)
        over = dict.fromkeys((p.index.over, p.batch) for p in means)
        for number in known:
            for which in free_indices(ledger[number]):
                for batch in (b for o, b in over if o == which.over and not is_witness(which)):
                    average = ledger.tried("mean_order", (number,), which, *(() if batch is None else (batch,)))
                    if average is not None:
                        yield average

    def _about(self, goal: Any) -> Iterator[int | None]:
        """What single rules say of parts of the goal."""
        tried = self.ledger.tried
        parts = sorted(nodes(goal), key=text)
        if any(isinstance(p, spectral_norm) for p in parts):
            known = set().union(*(nodes(self.ledger[n]) for n in self._relations()))
            distances = sorted((p for p in known if isinstance(p, distance_to_rank)), key=text)
            yield from (tried("top_values", (), p) for p in distances)
        matrices = [p.args[0] for p in parts if isinstance(p, norm)]
        for part in parts:
            if isinstance(part, (greatest, least)):
                yield tried("extreme_bounds", (), part)
            elif isinstance(part, rank):
                yield from RankBounds(self.ledger).of(part.args[0])
            elif isinstance(part, mean_scalar):
                yield tried("mean_square", (), part)
                yield from self._moments(part)
            elif isinstance(part, spectral_norm):
                for matrix in matrices:
                    if matrix.shape[1] == part.args[0].shape[0]:
                        yield tried("trace_by_spectral_norm", (), matrix, part.args[0])
                lines = [a.args[0] for a in part.args[0].args if isinstance(a, projector)]
                if len(lines) == 2:
                    yield tried("two_lines", (), *lines)

    def _moments(self, average: Any) -> Iterator[int | None]:
        body = average.body
        inner = body.base if isinstance(body, Pow) else body
        inner = inner.args[0] if isinstance(inner, norm) else inner
        if isinstance(inner, (mean_matrix, mean_scalar)) and average.batch is None and inner.batch == average.index:
            yield self.ledger.tried("batch_first_moment", (), inner)
            yield self.ledger.tried("batch_second_moment", (), inner)

    # -- through something else ------------------------------------------------------------------------------------

    def _distance(self, goal: Any) -> int | None:
        """A distance to low rank, through a matrix of low rank that is known to be near."""
        if not (isinstance(goal, Le) and isinstance(goal.lhs, distance_to_rank)):
            return None
        ledger, (matrix, kept) = self.ledger, goal.lhs.args
        near = [n for n in ledger.sentences(Le) if isinstance(ledger[n].lhs, norm)]
        targets = [p.args[0] for p in sorted(nodes(goal.rhs), key=text) if isinstance(p, norm)]
        targets = targets or [ledger[n].lhs.args[0] for n in near]
        for target in dict.fromkeys(t for t in targets if t.shape == matrix.shape):
            low = matrix - target
            steps = RankBounds(ledger).of(low)
            bound = rank_at_most(ledger, low, kept, steps)
            below = None if bound is None else ledger.tried("distance_below", (bound,), matrix)
            said = None if below is None else ledger.tried("recast", (below,), at_most(goal.lhs, norm(target)))
            found = None if said is None else added_up(ledger, goal, [said, *near])
            if found is not None:
                return found
        return None

    def _extreme(self, goal: Any) -> int | None:
        """At most every value, so at most the least; at least every value, so at least the greatest."""
        if not isinstance(goal, Le):
            return None
        for extreme, other, kind in ((goal.rhs, goal.lhs, least), (goal.lhs, goal.rhs, greatest)):
            if isinstance(extreme, kind) and extreme.index not in free_indices(other):
                each = at_most(other, extreme.body) if kind is least else at_most(extreme.body, other)
                found = self.prove(each)
                said = None if found is None else self.ledger.tried("extreme_between", (found,), extreme)
                if said is not None:
                    return said
        return None

    def _absolute(self, goal: Any) -> int | None:
        if isinstance(goal, Lt) and goal.lhs == 0 and isinstance(goal.rhs, Abs):
            said = [self.ledger.tried("absolute_positive", (n,), goal.rhs.args[0]) for n in self._relations()]
            return next((n for n in said if n is not None), None)
        if isinstance(goal, Lt) and goal.lhs == 0 and isinstance(goal.rhs, Pow) and goal.rhs.exp == 2:
            said = [self.ledger.tried("square_positive", (n,), goal.rhs.base) for n in self._relations()]
            return next((n for n in said if n is not None), None)
        if not (isinstance(goal, Le) and isinstance(goal.lhs, Abs)):
            return None
        inside = goal.lhs.args[0]
        above = added_up(self.ledger, at_most(inside, goal.rhs), self._pool(goal))
        below = None if above is None else added_up(self.ledger, at_most(-inside, goal.rhs), self._pool(goal))
        if above is None or below is None:
            return None
        return self.ledger.tried("absolute_bound", (above, below), inside)

    def _relations(self) -> list[int]:
        return self.ledger.sentences(Relational)

    def _root(self, goal: Any) -> int | None:
        """Both sides squared, where the larger one has a root in it or both are squares' roots."""
        if not isinstance(goal, Le) or not (_has_root(goal.rhs) or isinstance(goal.lhs, (norm, distance_to_rank))):
            return None
        squares = at_most(goal.lhs**2, goal.rhs**2)
        found = self._cleared(squares) if _divides(squares) else self._added(squares)
        signs = tuple(n for n in self._relations() if nonnegative_terms(self.ledger[n]))
        return None if found is None else self.ledger.tried("root", (found, *signs), goal)

    def _cleared(self, goal: Any) -> int | None:
        """The same, times denominators that are larger than 0."""
        terms = scalar_terms(goal.gts - goal.lts)
        powers: dict[Any, int] = {}
        for monomial in terms:
            for atom, power in monomial:
                powers[atom] = max(powers.get(atom, 0), -power)
        factors = [a for a, p in sorted(powers.items(), key=lambda item: str(item[0])) for _ in range(p)]
        if not factors:
            return None
        terms = cleared(terms)  # times the factors that are sums
        for factor in factors:
            terms = terms if isinstance(factor, Add) else product(terms, scalar_terms(factor))
        zero = at_most if isinstance(goal, (Le, Ge)) else (lambda a, b: Lt(a, b, evaluate=False))
        left = scalar_from({m: -c for m, c in terms.items() if c < 0})
        right = scalar_from({m: c for m, c in terms.items() if c > 0})
        whole = zero(left, right)
        found = self._added(whole)
        return None if found is None else self._divides(goal, found, factors)

    def _multiple(self, goal: Any) -> int | None:
        """A known inequality that is the goal times a size less one."""
        known = [n for n in self._relations() if isinstance(self.ledger[n], type(goal))]
        apart = scalar_terms(goal.gts - goal.lts)
        for size in sorted((n for n in nodes(goal) if n.is_integer and n.is_positive and n.is_Symbol), key=text):
            whole = product(apart, scalar_terms(size - 1))
            for number in known:
                if scalar_terms(self.ledger[number].gts - self.ledger[number].lts) == whole:
                    return self._divides(goal, number, [size - 1])
        return None

    def _divides(self, goal: Any, found: int, factors: list[Any]) -> int | None:
        positive = []
        for factor in factors:
            if factor.is_positive is not True:
                step = self._positive(factor)
                if step is None:
                    return None
                positive.append(step)
        return self.ledger.tried("cleared_order", (found, *dict.fromkeys(positive)), goal, *factors)

    def _positive(self, term: Any) -> int | None:
        for number in self._relations():
            for said in positive_terms(self.ledger[number]):
                if same(said, term):
                    return number
        goal = Lt(S.Zero, term, evaluate=False)
        found = self._absolute(goal)
        if found is None:
            try:
                found = added_up(self.ledger, goal, self._relations())
            except RuleError:
                return None
        return found


def _is_real(sentence: Any) -> bool:
    return isinstance(sentence, (*INEQUALITIES, Eq)) and not getattr(sentence.lhs, "is_Matrix", False)


def _divides(goal: Any) -> bool:
    """Whether a sum is divided by."""
    return any(isinstance(p, Pow) and p.exp.is_negative and isinstance(p.base, Add) for p in nodes(goal))


def _has_root(node: Any) -> bool:
    return any(isinstance(p, Pow) and p.exp.is_integer is not True for p in nodes(node))
