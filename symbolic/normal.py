"""Normal forms: two expressions with the same one are equal wherever both are defined.

A matrix is a sum of words (products of atoms) with scalar coefficients; a scalar is a sum of monomials with rational
coefficients. Scalars commute, products of matrices do not. Means are linear: what does not depend on their index is
pulled out, and their index is renamed. A product of a row and a column is a scalar, written as a Trace. Nothing here
divides: whoever uses a normal form answers for the denominators.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import Any

import sympy as sp
from sympy import Add, Identity, MatAdd, MatMul, MatPow, Mul, Pow, Trace, Transpose, ZeroMatrix, default_sort_key
from sympy.core.relational import Relational

from symbolic.grammar import BINDERS, CONNECTIVES, RuleError, bound, depth, refuse, with_index
from symbolic.projections import projector
from symbolic.sentences import diagonal, entry, exists, free_indices, mean_matrix, mean_scalar, null
from symbolic.words import Index, MatrixAt, ScalarAt, index

Monomial = frozenset[tuple[Any, int]]
Scalars = dict[Monomial, Any]
Word = tuple[Any, ...]
Matrices = dict[Word, Scalars]

MOST_TERMS = 600
LARGEST_POWER = 8
UNIT: Monomial = frozenset()


def _summed(*parts: Scalars) -> Scalars:
    total: Scalars = {}
    for part in parts:
        for monomial, coefficient in part.items():
            total[monomial] = total.get(monomial, sp.S.Zero) + coefficient
    return _bounded({k: v for k, v in total.items() if v != 0})


def _bounded(terms: Any) -> Any:
    refuse(len(terms) <= MOST_TERMS, "an expression with more than {} terms", MOST_TERMS)
    return terms


def joined(a: Monomial, b: Monomial) -> Monomial:
    """The product of two monomials."""
    exponents = dict(a)
    for atom, power in b:
        exponents[atom] = exponents.get(atom, 0) + power
    return frozenset((atom, power) for atom, power in exponents.items() if power)


def product(a: Scalars, b: Scalars) -> Scalars:
    """The product of two sums of monomials."""
    refuse(len(a) * len(b) <= MOST_TERMS, "a product with more than {} terms", MOST_TERMS)
    return _summed(*({joined(x, y): p * q} for x, p in a.items() for y, q in b.items()))


@lru_cache(maxsize=8192)
def scalar_terms(node: Any) -> Scalars:
    """The monomials of a real expression, with their coefficients."""
    if node.is_Rational:
        return {UNIT: node} if node != 0 else {}
    if isinstance(node, Add):
        return _summed(*map(scalar_terms, node.args))
    if isinstance(node, Mul):
        total: Scalars = {UNIT: sp.S.One}
        for factor in node.args:
            total = product(total, scalar_terms(factor))
        return total
    if isinstance(node, Pow) and node.exp.is_Integer:
        return _power(scalar_terms(node.base), int(node.exp), node)
    if isinstance(node, Trace):
        return _summed(*(product(c, _trace(w, node.args[0])) for w, c in matrix_terms(node.args[0]).items()))
    if isinstance(node, entry):
        return _entry_terms(node)
    if isinstance(node, mean_scalar):
        which, batch, body = _renamed(node)
        return _summed(*(_mean_of(m, c, which, batch) for m, c in scalar_terms(body).items()))
    atom = _atom(node)  # SymPy may evaluate it, now that its arguments are normal
    return {frozenset({(atom, 1)}): sp.S.One} if type(atom) is type(node) else scalar_terms(atom)


def _power(base: Scalars, exponent: int, node: Any) -> Scalars:
    if len(base) == 1:
        ((monomial, coefficient),) = base.items()
        refuse(coefficient in (1, -1) or abs(exponent) <= 64, "{} is too large", node)
        return {frozenset((a, p * exponent) for a, p in monomial): coefficient**exponent}
    if not 0 < exponent <= LARGEST_POWER:
        return {frozenset({(scalar_from(base), exponent)}): sp.S.One} if base else {frozenset({(node, 1)}): sp.S.One}
    total: Scalars = {UNIT: sp.S.One}
    for _ in range(exponent):
        total = product(total, base)
    return total


def _atom(node: Any) -> Any:
    if not node.args or isinstance(node, ScalarAt):
        return node
    if isinstance(node, BINDERS):
        which, batch, body = _renamed(node)
        return bound(node, normal(body), which, batch)
    return node.func(*(normal(a) for a in node.args))


def _entry_terms(node: Any) -> Scalars:
    inside, s, t = node.args
    parts = []
    for word, coefficient in matrix_terms(inside).items():
        atom: Any = _word_matrix(word, inside.shape)
        if isinstance(atom, Transpose):
            atom, here = atom.args[0], (t, s)
        else:
            here = (s, t)
        if isinstance(atom, diagonal) and s == t:
            parts.append(product(coefficient, scalar_terms(entry(atom.args[0], s, sp.S.Zero))))
        else:
            parts.append(product(coefficient, {frozenset({(entry(atom, *here), 1)}): sp.S.One}))
    return _summed(*parts)


def _height(node: Any) -> int:
    inner = max((_height(a) for a in node.args), default=0)
    return inner + isinstance(node, BINDERS)


def _renamed(node: Any) -> tuple[Index, Index | None, Any]:
    """The canonical index of a binder, its batch, and its body over that index."""
    which = index(f"_{_height(node)}", node.index.over)
    refuse(which not in free_indices(node), "the index letter {} is reserved", which)
    batch = None if isinstance(node, exists) else node.batch
    return which, batch, node.body if which == node.index else with_index(node.body, node.index, which)


def _depends(node: Any, which: Index) -> bool:
    return which in free_indices(node)


def _mean_of(monomial: Monomial, coefficient: Any, which: Index, batch: Index | None) -> Scalars:
    inside = frozenset(f for f in monomial if _depends(f[0], which))
    outside = {monomial - inside: coefficient}
    if not inside:
        return outside
    atom = _lowest(mean_scalar, scalar_from({inside: sp.S.One}), which, batch)
    return product(outside, {frozenset({(atom, 1)}): sp.S.One})


def _lowest(kind: Any, body: Any, which: Index, batch: Index | None) -> Any:
    """A mean whose index is named by what is left in it, after what does not depend on it was pulled out."""
    lowest = index(f"_{_height(body) + 1}", which.over)
    refuse(lowest == which or lowest not in free_indices(body), "the index letter {} is reserved", lowest)
    body = body if lowest == which else with_index(body, which, lowest)
    return kind(body, lowest) if batch is None else kind(body, lowest, batch)


def _trace(word: Word, whole: Any) -> Scalars:
    if not word:
        return scalar_terms(whole.shape[0])
    if len(word) > 1 and isinstance(word[0], projector) and word[0] == word[-1]:
        word = word[:-1]
    cuts = [p for p in range(len(word)) if word[p].shape[0] == 1]
    if not cuts:
        return {frozenset({(_least_trace(word), 1)}): sp.S.One}
    turned = word[cuts[0] :] + word[: cuts[0]]
    coefficient, rest = _cut(turned)
    refuse(not rest, "a trace that does not close")
    return coefficient


def _transposed(atom: Any) -> Any:
    if isinstance(atom, Transpose):
        return atom.args[0]
    return atom if isinstance(atom, (diagonal, projector)) else Transpose(atom)


def _least_trace(word: Word) -> Any:
    back = tuple(_transposed(a) for a in reversed(word))
    turns = [w[p:] + w[:p] for w in (word, back) for p in range(len(w))]
    least = min(turns, key=lambda w: [default_sort_key(a) for a in w])
    return Trace(least[0] if len(least) == 1 else MatMul(*least))


def _cut(word: Word) -> tuple[Scalars, Word]:
    """The scalars hidden in a product, where a row meets a column, and what remains of it."""
    widths = [word[0].shape[0], *(a.shape[1] for a in word)] if word else []
    cuts = [p for p, width in enumerate(widths) if width == 1]
    coefficient: Scalars = {UNIT: sp.S.One}
    for start, end in pairwise(cuts):
        atom = _least_trace(word[start:end])
        coefficient = product(coefficient, {frozenset({(atom, 1)}): sp.S.One})
    return coefficient, word[: cuts[0]] + word[cuts[-1] :] if cuts else word


@lru_cache(maxsize=8192)
def matrix_terms(node: Any) -> Matrices:
    """The words of a matrix expression, with their coefficients; the empty word is an identity."""
    if isinstance(node, ZeroMatrix):
        return {}
    if isinstance(node, Identity):
        return {(): {UNIT: sp.S.One}}
    if isinstance(node, MatAdd):
        return matrix_sum([(w, c) for a in node.args for w, c in matrix_terms(a).items()])
    if isinstance(node, MatMul):
        total: Matrices = {(): {UNIT: sp.S.One}}
        for factor in node.args:
            terms = matrix_terms(factor) if factor.is_Matrix else {(): scalar_terms(factor)}
            refuse(len(total) * len(terms) <= MOST_TERMS, "a product with more than {} terms", MOST_TERMS)
            total = matrix_sum([(v + w, product(c, d)) for v, c in total.items() for w, d in terms.items()])
        return total
    if isinstance(node, MatPow) and node.exp.is_Integer and 0 < node.exp <= LARGEST_POWER:
        return matrix_terms(MatMul(*[node.base] * int(node.exp)))
    if isinstance(node, Transpose):
        turned = [(tuple(_transposed(a) for a in reversed(w)), c) for w, c in matrix_terms(node.args[0]).items()]
        return matrix_sum(turned)
    if isinstance(node, mean_matrix):
        which, batch, body = _renamed(node)
        pieces = [(w, {m: c}) for w, coefficient in matrix_terms(body).items() for m, c in coefficient.items()]
        return matrix_sum([_mean_word(w, c, which, batch) for w, c in pieces])
    atom = (
        node if not node.args or isinstance(node, (sp.MatrixSymbol, MatrixAt)) else node.func(*map(normal, node.args))
    )
    return matrix_sum([((atom,), {UNIT: sp.S.One})])


def _projected(word: Word) -> Word:
    """A product in which no projector meets its own column or itself: ``P w = w``, ``w^T P = w^T``, ``P P = P``."""
    kept: list[Any] = []
    for atom in word:
        before = kept[-1] if kept else None
        if isinstance(before, projector) and atom in (before, before.args[0]):
            kept.pop()
        if isinstance(atom, projector) and kept and kept[-1] in (atom, Transpose(atom.args[0])):
            continue
        kept.append(atom)
    return tuple(kept)


def matrix_sum(terms: list[tuple[Word, Scalars]]) -> Matrices:
    """The sum of words with coefficients; a row that meets a column inside of a word becomes a scalar."""
    total: Matrices = {}
    for word, coefficient in terms:
        scalars, rest = _cut(_projected(word))
        total[rest] = _summed(total.get(rest, {}), product(coefficient, scalars))
    return _bounded({w: c for w, c in total.items() if c})


def _mean_word(word: Word, coefficient: Scalars, which: Index, batch: Index | None) -> tuple[Word, Scalars]:
    ((monomial, number),) = coefficient.items()
    moving = [p for p, atom in enumerate(word) if _depends(atom, which)]
    if not moving:
        return word, _mean_of(monomial, number, which, batch)
    inside = frozenset(f for f in monomial if _depends(f[0], which))
    middle = _word_matrix(word[moving[0] : moving[-1] + 1], None, scalar_from({inside: sp.S.One}))
    atom = _lowest(mean_matrix, middle, which, batch)
    return (*word[: moving[0]], atom, *word[moving[-1] + 1 :]), {monomial - inside: number}


def scalar_from(terms: Scalars) -> Any:
    """The expression of a sum of monomials."""
    return Add(*(c * Mul(*(a**p for a, p in m)) for m, c in terms.items()))


def _word_matrix(word: Word, shape: Any, coefficient: Any = sp.S.One) -> Any:
    factors = word or (Identity(shape[0]),)
    if coefficient == 1:
        return factors[0] if len(factors) == 1 else MatMul(*factors)
    return MatMul(coefficient, *factors)


def matrix_from(terms: Matrices, shape: Any) -> Any:
    """The expression of a sum of words, of the given shape; ordered, so that equal sums are the same expression."""
    ordered = sorted(terms.items(), key=lambda item: [default_sort_key(a) for a in item[0]])
    parts = [_word_matrix(word, shape, scalar_from(coefficient)) for word, coefficient in ordered]
    return ZeroMatrix(*shape) if not parts else parts[0] if len(parts) == 1 else MatAdd(*parts)


def normal(node: Any) -> Any:
    """The normal form of an expression, as an expression; indices and names stay."""
    if isinstance(node, Index) or not isinstance(node, sp.Expr):
        return node
    if node.is_Matrix:
        return matrix_from(matrix_terms(node), node.shape)
    return scalar_from(scalar_terms(node))


def same(a: Any, b: Any) -> bool:
    """Whether two expressions of the same shape are equal wherever no denominator is 0."""
    if depth(a) + depth(b) > 2 * 120 or getattr(a, "shape", ()) != getattr(b, "shape", ()):
        return False
    return not difference(a, b)


def cleared(terms: Scalars) -> Scalars:
    """A sum times the denominators in it that are sums themselves: no terms are left of it exactly where it is 0."""
    for _ in range(LARGEST_POWER):
        below = {a: p for m in terms for a, p in m if p < 0 and isinstance(a, Add)}
        if not below:
            break
        atom = min(below, key=default_sort_key)
        most = max(-p for m in terms for a, p in m if a == atom)
        total: list[Scalars] = []
        for monomial, coefficient in terms.items():
            raised = dict(monomial).get(atom, 0) + most
            rest = frozenset(f for f in monomial if f[0] != atom)
            total.append(product({rest: coefficient}, _power(scalar_terms(atom), raised, atom)))
        terms = _summed(*total)
    return terms


def difference(a: Any, b: Any) -> Any:
    """What has to vanish for two expressions to be equal: frozen terms of ``a - b``, none where they are equal."""
    if getattr(a, "is_Matrix", False):
        minus = [(w, product(c, {UNIT: sp.S.NegativeOne})) for w, c in matrix_terms(b).items()]
        terms = matrix_sum([*matrix_terms(a).items(), *minus])
        return frozenset((w, frozenset(c.items())) for w, c in terms.items() if cleared(c))
    apart = _summed(scalar_terms(a), product(scalar_terms(b), {UNIT: sp.S.NegativeOne}))
    return frozenset(apart.items()) if cleared(apart) else frozenset()


def normal_sentence(node: Any) -> Any:
    """A key that two sentences share only if they say the same of equal expressions."""
    if isinstance(node, Relational):
        left, right = node.lhs, node.rhs
        if isinstance(node, (sp.Ge, sp.Gt)):
            left, right = right, left
        if isinstance(node, (sp.Eq, sp.Ne)):
            return (type(node), frozenset({difference(left, right), difference(right, left)}))
        return (sp.Lt if isinstance(node, (sp.Lt, sp.Gt)) else sp.Le, difference(left, right))
    if isinstance(node, (sp.And, sp.Or)):
        return (type(node), frozenset(map(normal_sentence, node.args)))
    if isinstance(node, exists):
        which, _, body = _renamed(node)
        return (exists, which, normal_sentence(body))
    if isinstance(node, null):
        return node
    if isinstance(node, CONNECTIVES):
        return (type(node), *map(normal_sentence, node.args))
    raise RuleError(f"{node} is not a sentence")
