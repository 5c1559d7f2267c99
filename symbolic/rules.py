"""The rules of inference that are not about sizes: grounds, indices, equations, connectives, ReLU, null sets.

Each rule is a small pure function from the conclusions of earlier steps and parameters to a conclusion. It names no
word. Every sentence is read universally: a free index reads "for every", so any index may be put for it, except that a
witness stands for one member. ``RULES`` is the one table that the prover and the checker look rules up in.
"""

from __future__ import annotations

from collections import ChainMap
from typing import Any

from sympy import Abs, And, Eq, MatMul, Ne, Or, ZeroMatrix, false, true
from sympy.logic.boolalg import Implies

from symbolic.averages import AVERAGE_RULES
from symbolic.geometry import GEOMETRY_RULES
from symbolic.grammar import (
    RuleError,
    at_most,
    denominators,
    equation,
    is_term,
    is_value,
    is_witness,
    nonzero_terms,
    refuse,
    replaced,
    supposed,
    well_formed,
    with_index,
    witness_of,
)
from symbolic.normal import matrix_terms, normal_sentence, same, scalar_terms
from symbolic.norms import NORM_RULES
from symbolic.ranks import RANK_RULES, order
from symbolic.rewriting import PRODUCT_RULES
from symbolic.sentences import chain, diagonal, entry, exists, free_indices, is_sentence, norm, null, relu, step
from symbolic.words import Index, Matrix

Sentences = tuple[Any, ...]


def _none(premises: Sentences) -> None:
    refuse(not premises, "this rule takes no premise")


def hypothesis(premises: Sentences, parameters: Sentences) -> Any:
    """A hypothesis of the statement, as it stands; the checker sees that it is one."""
    _none(premises)
    (sentence,) = parameters
    return sentence


def definition(premises: Sentences, parameters: Sentences) -> Any:
    """A word equals its definition; the checker sees that it is one."""
    _none(premises)
    word, formula = parameters
    return equation(word, formula)


def instantiate(premises: Sentences, parameters: Sentences) -> Any:
    """Another index of the same range for a free index."""
    (sentence,), (old, new) = premises, parameters
    refuse(
        isinstance(old, Index) and isinstance(new, Index) and old.over == new.over, "{} cannot stand for {}", new, old
    )
    refuse(old in free_indices(sentence) and not is_witness(old), "{} does not read 'for every' in {}", old, sentence)
    return with_index(sentence, old, new)


def witness(premises: Sentences, parameters: Sentences) -> Any:
    """From an existence, its sentence about one fixed member of the range."""
    (existence,) = premises
    refuse(isinstance(existence, exists) and not parameters, "{} promises nothing", existence)
    refuse(all(map(is_witness, free_indices(existence))), "what {} promises depends on another index", existence)
    return with_index(existence.body, existence.index, witness_of(existence))


def _equations(premises: Sentences) -> list[Any]:
    equations = []
    for premise in premises:
        if isinstance(premise, Eq) and is_term(premise.lhs):
            equations.append(premise)
        else:
            refuse(nonzero_terms(premise), "{} is neither an equation nor says that a term is not 0", premise)
    return equations


def _divides_safely(premises: Sentences, *said: Any) -> None:
    known = set().union(*map(nonzero_terms, premises))
    for sentence in (*premises, *said):
        for base in denominators(sentence):
            refuse(base in known, "{} is divided by and may be 0", base)


def _rewritten(node: Any, equations: list[Any]) -> Any:
    for each in equations:
        node = replaced(node, each.lhs, each.rhs)
    return node


def identity(premises: Sentences, parameters: Sentences) -> Any:
    """Two expressions that have one normal form once the premises' left sides are exchanged for the right ones."""
    left, right = parameters
    _divides_safely(premises, left, right)
    equations = _equations(premises)
    fits = same(_rewritten(left, equations), _rewritten(right, equations))
    refuse(fits, "{} and {} have different normal forms", left, right)
    return equation(left, right)


def recast(premises: Sentences, parameters: Sentences) -> Any:
    """The first premise said with other, equal expressions; the further premises are the equations used."""
    sentence, *further = premises
    (goal,) = parameters
    _divides_safely(premises, goal)
    equations = _equations(tuple(further))
    fits = normal_sentence(_rewritten(sentence, equations)) == normal_sentence(_rewritten(goal, equations))
    refuse(fits, "{} does not say the same as {}", goal, sentence)
    return goal


def combination(premises: Sentences, parameters: Sentences) -> Any:
    """An equation that is a combination of the premises, with the given scalar factors; this solves equations.

    Parameters are left side, right side, and one factor for each premise that is an equation; the other premises say
    what is not 0.
    """
    left, right, *factors = parameters
    _divides_safely(premises, left, right, *factors)
    equations = [p for p in premises if isinstance(p, Eq)]
    _equations(premises)
    refuse(len(factors) == len(equations), "one factor is needed for each equation")
    residue = left - right
    for each, factor in zip(equations, factors, strict=True):
        residue = residue - factor * (each.lhs - each.rhs)
    terms = matrix_terms(residue) if getattr(left, "is_Matrix", False) else scalar_terms(residue)
    refuse(not terms, "{} = {} is not that combination of the premises", left, right)
    return equation(left, right)


def conjunction(premises: Sentences, parameters: Sentences) -> Any:
    """All of several sentences."""
    refuse(not parameters, "this rule takes no parameter")
    return And(*premises)


def conjunct(premises: Sentences, parameters: Sentences) -> Any:
    """One of several sentences that hold together."""
    (sentence,), (part,) = premises, parameters
    refuse(isinstance(sentence, And) and part in sentence.args, "{} is not a part of {}", part, sentence)
    return part


def either(premises: Sentences, parameters: Sentences) -> Any:
    """At least one of several sentences, one of which holds."""
    (part,), (sentence,) = premises, parameters
    refuse(isinstance(sentence, Or) and part in sentence.args, "{} is not a case of {}", part, sentence)
    return sentence


def linked(premises: Sentences, parameters: Sentences) -> Any:
    """A chain, from its links."""
    (whole,) = parameters
    refuse(
        isinstance(whole, chain) and list(whole.links) == list(premises), "the premises are not the links of {}", whole
    )
    return whole


def suppose(premises: Sentences, parameters: Sentences) -> Any:
    """A condition, supposed of fixed members of the ranges of its free indices, until it is discharged."""
    _none(premises)
    (condition,) = parameters
    refuse(is_sentence(condition) and not isinstance(condition, exists), "{} cannot be supposed", condition)
    refuse(not any(map(is_witness, free_indices(condition))), "{} is about one member already", condition)
    for free, fixed in supposed(condition).items():
        condition = with_index(condition, free, fixed)
    return condition


def discharge(premises: Sentences, parameters: Sentences) -> Any:
    """From what followed from a supposition, that the condition implies it; the checker sees what else is supposed.

    The parameter is the condition. Nothing is known of the fixed members but the condition: any others would do.
    """
    (supposition, conclusion), (condition,) = premises, parameters
    refuse(suppose((), (condition,)) == supposition, "{} was not supposed", condition)
    for free, fixed in supposed(condition).items():
        refuse(free not in free_indices(conclusion), "{} is free in {}", free, conclusion)
        conclusion = with_index(conclusion, fixed, free)
    refuse(not any(map(is_witness, free_indices(conclusion))), "{} is about another member", conclusion)
    return Implies(condition, conclusion)


def detach(premises: Sentences, parameters: Sentences) -> Any:
    """From "P implies Q" and P, Q."""
    (implication, condition), () = premises, parameters
    fits = isinstance(implication, Implies) and implication.args[0] == condition
    refuse(fits, "{} does not follow from {}", implication, condition)
    return implication.args[1]


def implied(premises: Sentences, parameters: Sentences) -> Any:
    """What holds follows from anything."""
    (sentence,), (condition,) = premises, parameters
    return Implies(condition, sentence)


def implied_by_more(premises: Sentences, parameters: Sentences) -> Any:
    """From "P implies Q", "P' implies Q", where the inequality P follows from P' and further premises by ``order``.

    Parameters are P' and the factors of P' and of the further premises.
    """
    implication, *further = premises
    condition, *factors = parameters
    refuse(isinstance(implication, Implies), "{} is not an implication", implication)
    order((condition, *further), (implication.args[0], *factors))
    return Implies(condition, implication.args[1])


def implies_either(premises: Sentences, parameters: Sentences) -> Any:
    """From "P implies Q", "P implies Q or R"."""
    (implication,), (sentence,) = premises, parameters
    refuse(isinstance(implication, Implies) and isinstance(sentence, Or), "{} is not an implication", implication)
    refuse(implication.args[1] in sentence.args, "{} is not a case of {}", implication.args[1], sentence)
    return Implies(implication.args[0], sentence)


def relu_is_masked(premises: Sentences, parameters: Sentences) -> Any:
    """relu(z) = diagonal(step(z)) z for a column z, whatever step is at 0."""
    _none(premises)
    (column,) = parameters
    refuse(column.shape[1] == 1, "{} is not a column", column)
    return equation(relu(column), diagonal(step(column)) * column)


def step_is_stable(premises: Sentences, parameters: Sentences) -> Any:
    """Where twice |d| is at most |z|, entry by entry, z and z + d are on the same side of 0; parameters z, d, place.

    At z = 0 this makes d = 0, so it holds whatever step is at 0.
    """
    _none(premises)
    column, move, place = parameters
    small = at_most(2 * Abs(entry(move, place, 0)), Abs(entry(column, place, 0)))
    return Implies(small, equation(entry(step(column + move), place, 0), entry(step(column), place, 0)))


def null_hyperplane(premises: Sentences, parameters: Sentences) -> Any:
    """The V on which an entry of V w plus what is free of V is 0 are a null set where the column w is not zero.

    That w is not zero is one of the set's conditions, or a premise.
    """
    (sentence,) = parameters
    refuse(isinstance(sentence, null), "{} is not about a null set", sentence)
    left, right = sentence.equation.args
    refuse(not getattr(left, "is_Matrix", False), "{} is an equation of matrices", sentence.equation)
    refuse(
        all(is_sentence(c) and sentence.variable not in c.atoms(Matrix) for c in sentence.conditions), "bad condition"
    )
    moving = {m: c for m, c in scalar_terms(left - right).items() if any(_mentions(a, sentence.variable) for a, _ in m)}
    refuse(len(moving) == 1, "{} is not affine in {} with one term", sentence.equation, sentence.variable)
    (monomial,) = moving
    refuse(len(monomial) == 1, "{} has a coefficient that may be 0", sentence.equation)
    ((atom, power),) = monomial
    product = atom.args[0] if isinstance(atom, entry) else None
    factors: tuple[Any, ...] = product.args if isinstance(product, MatMul) else ()
    fits = power == 1 and len(factors) > 1 and factors[0] == sentence.variable and atom.args[2] == 0
    refuse(fits and not any(_mentions(f, sentence.variable) for f in factors[1:]), "{} is not an entry of V w", left)
    column = factors[1] if len(factors) == 2 else MatMul(*factors[1:])
    refuse(column.shape[1] == 1, "{} is not a column", column)
    known = set().union(*map(nonzero_terms, (*premises, *sentence.conditions)))
    fits = any(isinstance(t, norm) and same(t.args[0], column) for t in known) or _nonzero(column, premises, sentence)
    refuse(fits, "{} may be zero, and then {} may hold for every {}", column, sentence.equation, sentence.variable)
    return sentence


def _nonzero(column: Any, premises: Sentences, sentence: Any) -> bool:
    said = [c for c in (*premises, *sentence.conditions) if isinstance(c, Ne) and isinstance(c.rhs, ZeroMatrix)]
    return any(same(c.lhs, column) for c in said)


def _mentions(node: Any, variable: Any) -> bool:
    return node == variable or any(_mentions(a, variable) for a in node.args)


LOGIC_RULES: dict[str, Any] = {
    "hypothesis": hypothesis,
    "lemma": hypothesis,
    "definition": definition,
    "instantiate": instantiate,
    "witness": witness,
    "identity": identity,
    "recast": recast,
    "combination": combination,
    "conjunction": conjunction,
    "conjunct": conjunct,
    "either": either,
    "linked": linked,
    "suppose": suppose,
    "discharge": discharge,
    "detach": detach,
    "implied": implied,
    "implied_by_more": implied_by_more,
    "implies_either": implies_either,
    "relu_is_masked": relu_is_masked,
    "step_is_stable": step_is_stable,
    "null_hyperplane": null_hyperplane,
}
RULES: ChainMap[str, Any] = ChainMap(LOGIC_RULES, RANK_RULES, NORM_RULES, AVERAGE_RULES, GEOMETRY_RULES, PRODUCT_RULES)


def apply(rule: str, premises: Sentences, parameters: Sentences) -> Any:
    """The conclusion of a rule, looked up now; RuleError with one sentence where it does not apply."""
    if rule not in RULES:
        raise RuleError(f"there is no rule called {rule!r}")
    try:
        for parameter in parameters:
            well_formed(parameter)
        conclusion = RULES[rule](premises, parameters)
        refuse(conclusion not in (true, false), "the conclusion says nothing")
        well_formed(conclusion)
        refuse(not is_value(conclusion), "the conclusion is not a sentence")
    except RuleError:
        raise
    except Exception as error:  # parameters of the wrong kind may fail anywhere inside SymPy
        raise RuleError(f"the rule {rule} does not fit its premises and parameters ({type(error).__name__})") from None
    return conclusion
