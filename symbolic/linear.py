"""Which multiples of known inequalities add up to a goal: a linear program proposes them, the rule ``order`` checks.

Unknown are one multiple >= 0 for every inequality times every candidate factor (of any sign for an equation), and one
for every monomial that is at least 0 by itself. Floats only propose: the multiples are rounded to small fractions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sympy import Add, Eq, Gt, Lt, Rational, S
from sympy.core.relational import Relational

from symbolic.grammar import RuleError, nonnegative_terms
from symbolic.ledger import Ledger
from symbolic.normal import LARGEST_POWER, UNIT, Monomial, Scalars, joined, product, scalar_from, scalar_terms
from symbolic.prose import text
from symbolic.ranks import at_least_zero, shifted
from symbolic.words import Scalar

MOST_COLUMNS = 300
MOST_ROUNDS = 2


@dataclass(frozen=True)
class _Column:
    """A premise times a factor: what it adds to the goal's difference, sizes counted from 1."""

    premise: int
    factor: Any
    whole: Scalars
    terms: Scalars
    free: bool
    strict: bool


def added_up(ledger: Ledger, goal: Any, pool: Iterable[int]) -> int | None:
    """The step that concludes an inequality from steps of the pool and from what is known to be >= 0; or None."""
    try:
        return _Program(ledger, goal, list(dict.fromkeys(pool))).solved()
    except RuleError:
        return None


class _Program:
    def __init__(self, ledger: Ledger, goal: Any, pool: list[int]) -> None:
        self.ledger, self.goal = ledger, goal
        self.pool = [n for n in pool if isinstance(ledger[n], Relational)]
        self.signs = tuple(n for n in ledger.sentences(Relational) if nonnegative_terms(ledger[n]))
        self.facts = set().union(*(nonnegative_terms(ledger[n]) for n in (*self.signs, *self.pool)))
        self.target = scalar_terms(goal.gts - goal.lts)
        self.lowest: dict[Any, int] = {}
        for monomial in self.target:
            for atom, power in monomial:
                self.lowest[atom] = min(self.lowest.get(atom, 0), power)

    def solved(self) -> int | None:
        direct = self._checked([])
        if direct is not None:
            return direct
        strict = isinstance(self.goal, (Lt, Gt))
        near = self._near()
        for pool in (near, self.pool) if len(near) < len(self.pool) else (near,):
            before = 0
            for columns in self._columns(pool):
                if len(columns) > before:
                    self.ledger.spend(3 + len(columns) // 20)
                    found = self._checked(_solution(columns, shifted(self.target), self.facts, strict))
                    if found is not None:
                        return found
                before = len(columns)
        return None

    def _near(self) -> list[int]:
        """The steps of the pool that are made of what the goal is made of, sizes apart."""
        own = {atom for monomial in self.target for atom, _ in monomial if not _is_size(atom)}
        apart = {n: {a for m in _apart(self.ledger[n]) for a, _ in m if not _is_size(a)} for n in self.pool}
        shared = [n for n in self.pool if apart[n] & own or not apart[n]]
        most = own.union(*(apart[n] for n in shared if len(apart[n] - own) <= 1))
        return [n for n in self.pool if apart[n] <= most]

    def _checked(self, chosen: list[tuple[_Column, Fraction]] | None) -> int | None:
        if chosen is None:
            return None
        steps = [column.premise for column, _ in chosen]
        factors = [column.factor * Rational(v.numerator, v.denominator) for column, v in chosen]
        known = dict.fromkeys((*self.signs, *(n for n in self.pool if self._is_sign(n))))
        signs = [n for n in known if n not in steps]
        return self.ledger.tried("order", (*steps, *signs), self.goal, *factors, *(S.Zero for _ in signs))

    def _is_sign(self, number: int) -> bool:
        """Whether a step says that one thing is at least 0, which monomials may need."""
        return any(not isinstance(term, Add) or _is_size(term) for term in nonnegative_terms(self.ledger[number]))

    def _columns(self, pool: list[int]) -> Iterator[list[_Column]]:
        """Premises times factors, more and more of them: as they are, then with what makes a wanted monomial of one.

        Wanted are the goal's monomials, then those of what was found; a factor may also be a difference of sizes.
        """
        apart = {n: _apart(self.ledger[n]) for n in pool}
        counted = {a for f in self.target for a, _ in f if isinstance(a, Scalar) and a.is_integer and a.is_positive}
        sizes = sorted({*(f for f in self.facts if _is_size(f)), *(a - 1 for a in counted)}, key=text)
        columns: dict[tuple[int, Any, Any], _Column] = {}
        for number, terms in apart.items():
            self._add(columns, number, S.One, UNIT, terms)
        yield list(columns.values())
        for tried in ((S.One,), sizes):
            wanted: dict[Monomial, None] = dict.fromkeys(self.target)
            fresh = list(wanted)
            for _ in range(MOST_ROUNDS):
                for size in tried:
                    for number, terms in apart.items():
                        whole = product(terms, scalar_terms(size))
                        for ratio in dict.fromkeys(self._ratio(a, b) for a in fresh for b in whole):
                            if ratio is not None:
                                self._add(columns, number, size, ratio, whole)
                yield list(columns.values())
                if len(columns) > MOST_COLUMNS:
                    break
                found = [c for c in columns.values() if any(m in self.target for m in c.whole)]
                fresh = [m for m in dict.fromkeys(m for c in found for m in c.whole) if m not in wanted]
                wanted |= dict.fromkeys(fresh)

    def _add(self, columns: dict[Any, _Column], number: int, size: Any, ratio: Monomial, whole: Scalars) -> None:
        equation = isinstance(self.ledger[number], Eq)
        if (number, size, ratio) in columns or not (equation or at_least_zero(ratio, self.facts)):
            return
        added = {joined(m, ratio): v for m, v in whole.items()} if ratio else whole
        strict = isinstance(self.ledger[number], (Lt, Gt)) and size == 1 and ratio == UNIT
        factor = scalar_from({ratio: S.One}) * size
        columns[number, size, ratio] = _Column(number, factor, added, shifted(added), equation, strict)

    def _ratio(self, a: Monomial, b: Monomial) -> Monomial | None:
        """The monomial a / b; None where its powers are large, or it divides by what the goal does not."""
        powers = dict(a)
        for atom, power in b:
            left = powers.pop(atom, 0) - power
            if left < self.lowest.get(atom, 0):
                return None
            if left:
                powers[atom] = left
        if sum(abs(p) for p in powers.values()) > LARGEST_POWER:
            return None
        fits = all(p >= min(0, self.lowest.get(atom, 0)) for atom, p in powers.items())
        return frozenset(powers.items()) if fits else None


def _apart(sentence: Any) -> Scalars:
    """What an inequality says is at least 0, what an equation says is 0."""
    return scalar_terms(sentence.rhs - sentence.lhs if isinstance(sentence, Eq) else sentence.gts - sentence.lts)


def _is_size(term: Any) -> bool:
    return all(isinstance(a, Scalar) and a.is_integer for a in term.free_symbols) and bool(term.free_symbols)


def _solution(
    columns: list[_Column], target: Scalars, facts: set[Any], strict: bool
) -> list[tuple[_Column, Fraction]] | None:
    import numpy as np
    from scipy.optimize import linprog

    monomials = list(dict.fromkeys([*target, *(m for c in columns for m in c.terms), UNIT]))
    place = {m: k for k, m in enumerate(monomials)}
    left_over = [m for m in monomials if at_least_zero(m, facts)]
    # An equation's multiple of any sign is the difference of two: a cost on both keeps the program bounded.
    signed = [(c, sign) for c in columns for sign in ((1, -1) if c.free else (1,))]
    matrix = np.zeros((len(monomials), len(signed) + len(left_over)))
    for k, (column, sign) in enumerate(signed):
        for monomial, value in column.terms.items():
            matrix[place[monomial], k] = sign * float(value)
    for k, monomial in enumerate(left_over):
        matrix[place[monomial], len(signed) + k] = 1
    right = np.array([float(target.get(m, 0)) for m in monomials])
    # Most goals have a monomial that no column gives the sign of: no program need tell that there is no solution.
    if ((right < 0) & ~(matrix < 0).any(1) | (right > 0) & ~(matrix > 0).any(1)).any():
        return None
    cost = np.array([1.0] * len(signed) + [0.0] * len(left_over))
    bounds: list[tuple[float, float | None]] = [(0.0, None)] * len(cost)
    if strict:  # something positive has to be left over
        positive = [k for k, (column, _) in enumerate(signed) if column.strict]
        for k in (*positive, len(signed) + left_over.index(UNIT)):
            cost[k], bounds[k] = -1.0, (0.0, 1.0)
    found = linprog(cost, A_eq=matrix, b_eq=right, bounds=bounds, method="highs")
    if found.x is None:
        return None
    values = (Fraction(float(v)).limit_denominator(64) for v in found.x)
    return [(column, sign * v) for (column, sign), v in zip(signed, values, strict=False) if v]
