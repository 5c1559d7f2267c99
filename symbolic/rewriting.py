"""Products exchanged inside of longer ones: what ``U^T U = I`` says of ``U^T U D U^T``."""

from __future__ import annotations

from typing import Any

from sympy import Eq

from symbolic.grammar import RuleError, denominators, equation, is_term, nonzero_terms, refuse, replaced
from symbolic.normal import UNIT, Matrices, Word, matrix_sum, matrix_terms, product
from symbolic.sentences import WORDS

MOST_EXCHANGES = 400


def products(premises: tuple[Any, ...], parameters: tuple[Any, ...]) -> Any:
    """Two matrices that are equal once products in their normal forms are exchanged for what they equal.

    A premise is an equation of matrices, or says what is not 0. If its left side is a word it is unfolded first; else
    the left side is one product, and stands for the right side wherever that product is part of a longer one.
    """
    left, right = parameters
    refuse(bool(getattr(left, "is_Matrix", False)), "{} is no matrix", left)
    known = set().union(*map(nonzero_terms, premises))
    for sentence in (*premises, equation(left, right)):
        for base in denominators(sentence):
            refuse(base in known, "{} is divided by and may be 0", base)
    patterns: dict[Word, Matrices] = {}
    for premise in premises:
        if not isinstance(premise, Eq) or not is_term(premise.lhs):
            refuse(nonzero_terms(premise), "{} is neither an equation nor says that a term is not 0", premise)
        elif isinstance(premise.lhs, WORDS):
            left, right = (replaced(side, premise.lhs, premise.rhs) for side in (left, right))
        else:
            patterns[pattern(premise)] = matrix_terms(premise.rhs)
    refuse(bool(patterns), "no premise is about a product")
    same = exchanged(matrix_terms(left), patterns) == exchanged(matrix_terms(right), patterns)
    refuse(same, "{} and {} have different normal forms", *parameters)
    return equation(*parameters)


def pattern(premise: Any) -> Word:
    """The product that an equation exchanges; RuleError where its left side is not one."""
    refuse(bool(getattr(premise.lhs, "is_Matrix", False)), "{} is no equation of matrices", premise)
    terms = matrix_terms(premise.lhs)
    refuse(len(terms) == 1, "{} is not one product", premise.lhs)
    ((word, coefficient),) = terms.items()
    refuse(coefficient == {UNIT: 1} and len(word) > 1, "{} is not one product", premise.lhs)
    return word


def is_product(premise: Any) -> bool:
    """Whether an equation exchanges a product."""
    try:
        return not isinstance(premise.lhs, WORDS) and bool(pattern(premise))
    except RuleError:
        return False


def exchanged(terms: Matrices, patterns: dict[Word, Matrices]) -> Matrices:
    """The words of a matrix with products exchanged, the first that is found in any, until there is none."""
    for _ in range(MOST_EXCHANGES):
        place = next(((word, of, at) for word in terms for of in patterns for at in _places(word, of)), None)
        if place is None:
            return terms
        word, of, at = place
        inside = [(word[:at] + new + word[at + len(of) :], product(terms[word], c)) for new, c in patterns[of].items()]
        terms = matrix_sum([*((w, c) for w, c in terms.items() if w != word), *inside])
    raise RuleError(f"products are exchanged more than {MOST_EXCHANGES} times")


def _places(word: Word, of: Word) -> list[int]:
    return [at for at in range(len(word) - len(of) + 1) if word[at : at + len(of)] == of]


PRODUCT_RULES: dict[str, Any] = {"products": products}
