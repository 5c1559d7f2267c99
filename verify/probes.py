"""The engine's own mutants of any claim: tightened, a constant removed, turned round, each hypothesis dropped.

They need not die: one that survives tells that a hypothesis did no work, or that the conclusion has slack.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import sympy as sp
from sympy.core.relational import Relational

from symbolic import behaviour
from symbolic.chance import with_probability
from symbolic.expanding import refutable
from symbolic.sentences import Behaviour
from verify.claims import Claim, Mutant, Statement, dropped

FACTORS = (2, 2**10)


def tightened(says: Any, factor: int) -> Any:
    """The conclusion with its bound divided by a factor, or None where that says nothing new."""
    if not isinstance(says, Relational) or getattr(says.lhs, "is_Matrix", False):
        return None
    if isinstance(says, sp.Ne) or 0 in (says.lhs, says.rhs):
        return None
    if isinstance(says, (sp.Le, sp.Lt, sp.Eq)):
        made = says.func(says.lhs, says.rhs / factor)
    else:
        made = says.func(says.lhs / factor, says.rhs)
    return None if made in (sp.true, sp.false) else made


def without_constants(says: Any) -> Iterator[tuple[Any, Any]]:
    """(constant, sentence with 1 in its place) for each number in the sentence but 0, 1, -1 and exponents."""
    exponents = {p.exp for p in says.atoms(sp.Pow)}
    matrices = {matrix: matrix for matrix in says.atoms(sp.MatrixSymbol)}  # numbers of rows are no constants
    for number in sorted(says.atoms(sp.Rational) - exponents - {sp.Integer(v) for v in (0, 1, -1)}, key=str):
        try:
            made = says.xreplace({**matrices, number: sp.Integer(1)})
        except TypeError:
            continue  # a side is not real then, and SymPy does not compare it
        if made not in (sp.true, sp.false) and made != says and not made.has(sp.zoo, sp.nan):
            yield number, made


def opposed(says: Any) -> Iterator[tuple[str, Any]]:
    """(name, sentence): the opposite of a behaviour, or its strict form, which the search has to tell from it."""
    opposite = _OPPOSITES.get(type(says))
    if opposite is not None:
        yield "the opposite direction", opposite(says.function, says.variable)
    if isinstance(says, (behaviour.increasing, behaviour.decreasing)) and not says.strictly:
        yield "strictly", type(says)(says.function, says.variable, strictly=True)
    if isinstance(says, behaviour.dominates):
        yield "the opposite order", behaviour.dominates(says.smaller, says.larger)
    if isinstance(says, behaviour.positive):
        yield "the opposite sign", behaviour.positive(-says.function)
    if isinstance(says, behaviour.crossover):
        yield "the opposite order", behaviour.crossover(says.second, says.first, says.variable, says.at)
    if isinstance(says, behaviour.homogeneous):
        yield "a degree higher", behaviour.homogeneous(says.function, says.variables, says.degree + 1)
    if isinstance(says, behaviour.reduces_to):
        yield "one more", behaviour.reduces_to(says.function, says.special, says.reduced + 1)
    if isinstance(says, behaviour.limit) and refutable(says):
        yield "one more", behaviour.limit(says.function, says.variable, says.point, says.value + 1)


_OPPOSITES: dict[Any, Any] = {
    behaviour.increasing: behaviour.decreasing,
    behaviour.decreasing: behaviour.increasing,
    behaviour.convex: behaviour.concave,
    behaviour.concave: behaviour.convex,
}


def name_of_drop(hypothesis: Any) -> str:
    """How the mutant without a hypothesis is called."""
    return f"without {hypothesis}"


def _around(says: Any, event: Any) -> Any:
    """A sentence in the place of what is said, or of what is said to be likely."""
    return with_probability(event, says.at_least) if isinstance(says, with_probability) else event


def probes(claim: Claim) -> tuple[Mutant, ...]:
    """The engine's mutants of a claim, in the order in which they are tried."""
    own: Statement = claim.statement
    made = [Mutant(name_of_drop(h), dropped(own, h), "engine") for h in own.assuming]
    made += [Mutant(name, replace(own, says=sentence), "engine") for name, sentence in opposed(own.says)]
    core = own.says.event if isinstance(own.says, with_probability) else own.says
    for factor in FACTORS:
        tighter = tightened(core, factor)
        if tighter is not None:
            made.append(Mutant(f"tightened by {factor}", replace(own, says=_around(own.says, tighter)), "engine"))
    plain = not own.says.atoms(Behaviour)  # another constant in a formula makes another formula, as likely to be true
    for number, sentence in without_constants(core) if plain else ():
        made.append(Mutant(f"the constant {number} removed", replace(own, says=_around(own.says, sentence)), "engine"))
    # What the author or an earlier probe asks already, be it in a wider kind, is not asked twice.
    taken = {(m.statement.says, frozenset(m.statement.assuming)) for m in claim.mutants}
    fresh = []
    for mutant in made:
        asked = (mutant.statement.says, frozenset(mutant.statement.assuming))
        if asked not in taken:
            taken.add(asked)
            fresh.append(mutant)
    return tuple(fresh)
