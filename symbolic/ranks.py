"""Rank bounds by composition, and the arithmetic of bounds: one small rule a row.

A rule takes the conclusions of earlier steps and its parameters, and returns its conclusion or raises RuleError. It
names no word. ``M`` is always the matrix that the conclusion is about, given as it will be written.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sympy import Eq, Ge, Gt, Le, Lt, MatAdd, MatMul, MatrixExpr, Min, Mul, Pow, S, Transpose, ZeroMatrix

from symbolic.grammar import RuleError, at_most, check_size, nonnegative_terms, refuse
from symbolic.normal import LARGEST_POWER, UNIT, Monomial, Scalars, product, scalar_terms
from symbolic.sentences import free_indices, greatest, least, mean_matrix, mean_scalar, rank

Sentences = tuple[Any, ...]


def bounded_matrix(sentence: Any) -> tuple[Any, Any]:
    """The matrix and the bound of ``rank(matrix) <= bound``."""
    fits = isinstance(sentence, Le) and isinstance(sentence.lhs, rank)
    refuse(fits, "{} is not a bound on a rank", sentence)
    return sentence.lhs.args[0], sentence.rhs


def _one(premises: Sentences) -> tuple[Any, Any]:
    refuse(len(premises) == 1, "this rule takes one premise")
    return bounded_matrix(premises[0])


def _given(parameters: Sentences, kind: Any, what: str, count: int = 1) -> Any:
    refuse(len(parameters) == count, "this rule takes {} parameters", count)
    refuse(isinstance(parameters[0], kind), "the first parameter is not {}", what)
    return parameters[0]


def _at_most(matrix: Any, bound: Any) -> Any:
    return at_most(rank(matrix), bound)


def rank_rows(premises: Sentences, parameters: Sentences) -> Any:
    """The rank of M is at most its number of rows."""
    refuse(not premises, "this rule takes no premise")
    return _at_most(matrix := _given(parameters, MatrixExpr, "a matrix"), matrix.shape[0])


def rank_columns(premises: Sentences, parameters: Sentences) -> Any:
    """The rank of M is at most its number of columns."""
    refuse(not premises, "this rule takes no premise")
    return _at_most(matrix := _given(parameters, MatrixExpr, "a matrix"), matrix.shape[1])


def rank_zero(premises: Sentences, parameters: Sentences) -> Any:
    """The rank of a zero matrix is at most 0."""
    refuse(not premises, "this rule takes no premise")
    return _at_most(_given(parameters, ZeroMatrix, "a zero matrix"), 0)


def rank_product(premises: Sentences, parameters: Sentences) -> Any:
    """The rank of a product, possibly with scalar factors, is at most the rank of any of its matrix factors."""
    matrix = _given(parameters, MatMul, "a product")
    factor, bound = _one(premises)
    refuse(any(a == factor for a in matrix.args), "{} is not a factor of {}", factor, matrix)
    return _at_most(matrix, bound)


def rank_sum(premises: Sentences, parameters: Sentences) -> Any:
    """The rank of a sum is at most the sum of the ranks of its terms, taken in order."""
    matrix = _given(parameters, MatAdd, "a sum")
    parts = [bounded_matrix(p) for p in premises]
    refuse([part for part, _ in parts] == list(matrix.args), "the premises do not bound the terms of {}", matrix)
    return _at_most(matrix, sum(bound for _, bound in parts))


def rank_scaled(premises: Sentences, parameters: Sentences) -> Any:
    """A scalar factor does not raise the rank."""
    matrix = _given(parameters, MatMul, "a product")
    inner, bound = _one(premises)
    factors = [a for a in matrix.args if a.is_Matrix]
    whole = list(inner.args) if isinstance(inner, MatMul) else [inner]
    refuse(factors == [a for a in whole if a.is_Matrix] == whole, "{} is not a multiple of {}", matrix, inner)
    return _at_most(matrix, bound)


def rank_transpose(premises: Sentences, parameters: Sentences) -> Any:
    """The transpose has the same rank."""
    matrix = _given(parameters, Transpose, "a transpose")
    inner, bound = _one(premises)
    refuse(matrix.args[0] == inner, "{} is not the transpose of {}", matrix, inner)
    return _at_most(matrix, bound)


def _members(premises: Sentences, parameters: Sentences) -> tuple[Any, Any, Any]:
    matrix = _given(parameters, mean_matrix, "a mean", 2)
    body, bound = _one(premises)
    refuse(matrix.body == body, "the premise does not bound the members of {}", matrix)
    refuse(matrix.index not in free_indices(bound), "the bound {} depends on {}", bound, matrix.index)
    return matrix, bound, parameters[1]


def rank_batch_mean(premises: Sentences, parameters: Sentences) -> Any:
    """The mean of matrices over the B members of a batch has rank at most B times the members' bound."""
    matrix, bound, size = _members(premises, parameters)
    refuse(matrix.batch is not None, "{} runs over no batch", matrix)
    check_size(size, matrix.batch, matrix)
    return _at_most(matrix, size * bound)


def rank_range_mean(premises: Sentences, parameters: Sentences) -> Any:
    """The mean of matrices over a whole range has rank at most the size of the range times the members' bound."""
    matrix, bound, size = _members(premises, parameters)
    refuse(
        matrix.batch is None and matrix.index.over in ("samples", "neurons", "inputs"), "{} is over no range", matrix
    )
    check_size(size, matrix.index, matrix)
    return _at_most(matrix, size * bound)


def below_minimum(premises: Sentences, parameters: Sentences) -> Any:
    """What is at most each of several bounds is at most their minimum."""
    refuse(premises and not parameters and all(isinstance(p, Le) for p in premises), "the premises are not bounds")
    refuse(len({p.lhs for p in premises}) == 1, "the premises bound different things")
    return at_most(premises[0].lhs, Min(*(p.rhs for p in premises)))


def shifted(terms: Scalars) -> Scalars:
    """The same sum of monomials, with every positive integer written as one plus what is left of it."""
    total: Scalars = {}
    for monomial, coefficient in terms.items():
        for key, value in _shifted(monomial):
            total[key] = total.get(key, 0) + coefficient * value
    return {k: v for k, v in total.items() if v != 0}


@lru_cache(maxsize=16384)
def _shifted(monomial: Monomial) -> tuple[tuple[Monomial, Any], ...]:
    part: Scalars = {UNIT: S.One}
    for atom, power in monomial:
        grows = 0 < power <= LARGEST_POWER and atom.is_integer and atom.is_positive
        factor = {frozenset({(atom, 1)}): S.One, UNIT: S.One} if grows else {frozenset({(atom, power)}): S.One}
        for _ in range(power if grows else 1):
            part = product(part, factor)
    return tuple(part.items())


def at_least_zero(monomial: Monomial, facts: set[Any]) -> bool:
    """Whether a product of powers is at least 0: even powers, and factors that are so by type or by the facts."""
    return all(
        (power % 2 == 0 and atom.is_extended_real) or atom.is_nonnegative or atom in facts or _is_never_negative(atom)
        for atom, power in monomial
    )


def _is_never_negative(atom: Any) -> bool:
    """A square root or its reciprocal (what is below it is answered for elsewhere), an extreme or a mean of such."""
    if isinstance(atom, (greatest, least, mean_scalar)):
        return is_nonnegative(scalar_terms(atom.body), set())
    return isinstance(atom, Pow) and bool((2 * atom.exp).is_integer) and atom.exp.is_integer is not True


def is_nonnegative(terms: Scalars, facts: set[Any]) -> bool:
    """Whether every monomial, sizes counted from 1, is at least 0 by type or by the facts."""
    return all(c >= 0 and at_least_zero(m, facts) for m, c in shifted(terms).items())


def known_nonnegative(term: Any, facts: set[Any]) -> bool:
    """Whether a term is at least 0: by its monomials, as a multiple of a fact, or as a product of such terms."""
    terms = scalar_terms(term)
    if is_nonnegative(terms, facts):
        return True
    for fact in facts:
        known = scalar_terms(fact)
        if known and known.keys() == terms.keys():
            ratios = {terms[m] / known[m] for m in known}
            if len(ratios) == 1 and ratios.pop() > 0:
                return True
    factors = term.args if isinstance(term, Mul) else ()
    return bool(factors) and all(known_nonnegative(f, facts) for f in factors)


def order(premises: Sentences, parameters: Sentences) -> Any:
    """An inequality from others: parameters are the goal and one factor for each premise, >= 0 for an inequality.

    The goal's right side minus its left side is the combination of the premises' plus something that is at least 0 by
    type, or by premises that say that a term is. A strict goal needs a positive number left over, or a strict premise.
    """
    goal, *factors = parameters
    refuse(isinstance(goal, (Le, Lt, Ge, Gt)), "{} is not an inequality", goal)
    refuse(len(factors) == len(premises), "one factor is needed for each premise")
    facts = set().union(*map(nonnegative_terms, premises))
    left = scalar_terms(goal.gts - goal.lts)
    strict = False
    for premise, factor in zip(premises, factors, strict=True):
        if isinstance(premise, Eq) and not getattr(premise.lhs, "is_Matrix", False):
            part = product(scalar_terms(-factor), scalar_terms(premise.rhs - premise.lhs))
        else:
            refuse(isinstance(premise, (Le, Lt, Ge, Gt)), "{} is not an inequality", premise)
            refuse(known_nonnegative(factor, facts), "the factor {} may be negative", factor)
            part = product(scalar_terms(-factor), scalar_terms(premise.gts - premise.lts))
        strict = strict or (isinstance(premise, (Lt, Gt)) and bool(factor.is_positive))
        left = {k: v for k in {*left, *part} if (v := left.get(k, 0) + part.get(k, 0)) != 0}
    refuse(is_nonnegative(left, facts), "{} does not follow: what is left over may be negative", goal)
    if isinstance(goal, (Lt, Gt)) and not strict:
        refuse(shifted(left).get(UNIT, 0) > 0, "{} does not follow: both sides may be equal", goal)
    return goal


RANK_RULES: dict[str, Any] = {
    "rank_rows": rank_rows,
    "rank_columns": rank_columns,
    "rank_zero": rank_zero,
    "rank_product": rank_product,
    "rank_sum": rank_sum,
    "rank_scaled": rank_scaled,
    "rank_transpose": rank_transpose,
    "rank_batch_mean": rank_batch_mean,
    "rank_range_mean": rank_range_mean,
    "below_minimum": below_minimum,
    "order": order,
}

__all__ = ["RANK_RULES", "RuleError", "bounded_matrix", "is_nonnegative", "order", "shifted"]
