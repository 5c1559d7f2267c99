"""The engine's own mutants of any claim: tightened, a constant removed, each hypothesis dropped.

They need not die: one that survives tells that a hypothesis did no work, or that the conclusion has slack.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import sympy as sp
from sympy.core.relational import Relational

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
    for number in sorted(says.atoms(sp.Rational) - exponents - {sp.Integer(v) for v in (0, 1, -1)}, key=str):
        made = says.xreplace({number: sp.Integer(1)})
        if made not in (sp.true, sp.false) and made != says:
            yield number, made


def name_of_drop(hypothesis: Any) -> str:
    """How the mutant without a hypothesis is called."""
    return f"without {hypothesis}"


def probes(claim: Claim) -> tuple[Mutant, ...]:
    """The engine's mutants of a claim, in the order in which they are tried."""
    own: Statement = claim.statement
    made = [Mutant(name_of_drop(h), dropped(own, h), "engine") for h in own.assuming]
    for factor in FACTORS:
        tighter = tightened(own.says, factor)
        if tighter is not None:
            made.append(Mutant(f"tightened by {factor}", replace(own, says=tighter), "engine"))
    for number, sentence in without_constants(own.says):
        made.append(Mutant(f"the constant {number} removed", replace(own, says=sentence), "engine"))
    # What the author or an earlier probe asks already, be it in a wider kind, is not asked twice.
    taken = {(m.statement.says, frozenset(m.statement.assuming)) for m in claim.mutants}
    fresh = []
    for mutant in made:
        asked = (mutant.statement.says, frozenset(mutant.statement.assuming))
        if asked not in taken:
            taken.add(asked)
            fresh.append(mutant)
    return tuple(fresh)
