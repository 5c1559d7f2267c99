"""The prover: finds a trace of rules by itself, or says what is in the way.

Goal directed: a conjunction by its parts, an equation by unfolding both sides, a rank by composition, a norm by a
certificate over batches, an order by combining inequalities. It stops on anything and never raises; being wrong is not
in its power, because a derivation is what the rules conclude.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sympy import Abs, And, Eq, Ge, Gt, Le, Lt, MatMul, Or, S, Trace
from sympy.core.relational import Relational
from sympy.logic.boolalg import Implies

from symbolic.certificates import Certificate
from symbolic.codec import CodecError, encode
from symbolic.grammar import RuleError, at_most, equation, nodes, supposed, well_formed, with_index
from symbolic.ledger import MOST_WORK, ExhaustedError, Ledger
from symbolic.norm_tactics import norm_at_most
from symbolic.normal import normal, normal_sentence
from symbolic.order_tactics import Orders
from symbolic.proofs import Derivation
from symbolic.prose import text
from symbolic.rewriting import is_product
from symbolic.sentences import (
    chain,
    entry,
    free_indices,
    is_sentence,
    mean,
    mean_matrix,
    mean_scalar,
    norm,
    null,
    rank,
    relu,
    step,
)
from symbolic.tactics import RankBounds, instances, rank_at_most, ratio, zero_equations


@dataclass(frozen=True)
class NotProved:
    """No derivation was found. ``culprit`` is the smallest part of the goal that stood in the way."""

    reason: str
    culprit: Any


BRIEFLY, MODESTLY = 50, 60
"""Work on each sentence of a statement that is known to be false, and of one that is only said to be."""


def prove(
    says: Any,
    assuming: Iterable[Any] = (),
    where: Mapping[Any, Any] | None = None,
    lemmas: Mapping[str, Any] | None = None,
    proof: Any = None,
    most: int | None = None,
) -> Derivation | NotProved:
    """A derivation of ``says``, or why none was found.

    ``assuming`` are sentences, each read "for every" on its own; ``where`` defines words; ``lemmas`` are sentences that
    other claims establish, by id. ``proof`` is a sketch, a certificate, or several of either: a certificate over
    batches (usual ones are tried where none is given), and sentences that are proved first, in order, and then used.
    A sentence of the sketch that cannot be proved is left out. ``most`` is the most work on any one sentence.
    """
    try:
        sketch = tuple(proof) if isinstance(proof, (list, tuple)) else () if proof is None else (proof,)
        for part in (says, *assuming, *(where or {}), *(where or {}).values(), *(lemmas or {}).values()):
            well_formed(part)
            encode(part)
        if not is_sentence(says):
            return NotProved(f"{says} is not a sentence", says)
        definitions, known = tuple((where or {}).items()), tuple((lemmas or {}).items())
        ledger = _prepared(tuple(assuming), definitions, known, sketch, most).copy(most)
        goal = _Goals(ledger)
        last = goal.prove(says)
        if last is None:
            left = [str(p) for p in sketch if not isinstance(p, Certificate) and p not in ledger.learned]
            missing = f"; of the sketch {', '.join(left)} was not proved" if left else ""
            return NotProved(f"{goal.reason}{missing}", goal.culprit)
        return ledger.derivation(last)
    except (RuleError, CodecError) as error:
        return NotProved(str(error), says)
    except Exception as error:  # what a user writes may fail anywhere inside SymPy
        return NotProved(f"the sentence could not be worked with ({type(error).__name__})", says)


_PREPARED: dict[Any, Ledger] = {}
MOST_PREPARED = 64


def _prepared(
    assuming: tuple[Any, ...],
    where: tuple[tuple[Any, Any], ...],
    lemmas: tuple[tuple[str, Any], ...],
    sketch: tuple[Any, ...],
    most: int | None,
) -> Ledger:
    """A ledger that knows what is given and what the sketch says; it is kept, for the next goal on these grounds."""
    for key in ((assuming, where, lemmas, sketch, None), (assuming, where, lemmas, sketch, most)):
        if key in _PREPARED:
            return _PREPARED[key]
    certificate = next((p for p in sketch if isinstance(p, Certificate)), None)
    ledger = Ledger(assuming, dict(where), dict(lemmas), certificate)
    for sentence in (p for p in sketch if not isinstance(p, Certificate)):
        well_formed(sentence)
        encode(sentence)
        attempt = ledger.copy(most)
        with suppress(ExhaustedError):
            known = _Goals(attempt).prove(sentence)
            if known is not None:
                attempt.learn(known)
                attempt.learned = (*attempt.learned, sentence)
                ledger = attempt
    if len(_PREPARED) >= MOST_PREPARED:
        del _PREPARED[next(iter(_PREPARED))]
    _PREPARED[key] = ledger.copy(MOST_WORK)
    return _PREPARED[key]


class _Goals:
    """One tactic for each shape of goal; each returns the number of the step that concludes the goal, or None."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.reason = ""
        self.culprit: Any = None

    def _blame(self, culprit: Any, reason: str) -> None:
        if not self.reason:
            self.reason, self.culprit = reason, culprit

    def prove(self, goal: Any) -> int | None:
        """The step that concludes a goal."""
        tactics: dict[type, Callable[[Any], int | None]] = {
            And: self._all,
            Or: self._any,
            chain: self._links,
            Implies: self._implication,
            null: self._null,
            Eq: self._equation,
            Le: self._order,
            Lt: self._order,
            Ge: self._order,
            Gt: self._order,
        }
        found = self._stated(goal)
        if found is None:
            for kind, tactic in tactics.items():
                if isinstance(goal, kind):
                    found = tactic(goal)
        if found is None:
            self._blame(goal, f"no rule leads to {goal}")
        return found

    def _stated(self, goal: Any) -> int | None:
        for _, number in self.ledger.given:
            if self.ledger[number] == goal:
                return number
        key = normal_sentence(goal) if isinstance(goal, Relational) else None
        for number in self.ledger.sentences(type(goal)) if key is not None else ():
            if normal_sentence(self.ledger[number]) == key:
                return self.ledger.tried("recast", (number,), goal)
        return None

    def _all(self, goal: Any) -> int | None:
        parts = [self.prove(part) for part in goal.args]
        return None if None in parts else self.ledger.tried("conjunction", tuple(p for p in parts if p is not None))

    def _any(self, goal: Any) -> int | None:
        for part in goal.args:
            found = self.prove(part)
            if found is not None:
                return self.ledger.tried("either", (found,), goal)
        return None

    def _links(self, goal: Any) -> int | None:
        parts = [self.prove(link) for link in goal.links]
        return None if None in parts else self.ledger.tried("linked", tuple(p for p in parts if p is not None), goal)

    def _null(self, goal: Any) -> int | None:
        facts = [n for n in self.ledger.sentences(Relational) if self.ledger[n].rhs == 0]
        plain = self.ledger.tried("null_hyperplane", (), goal)
        return plain if plain is not None else self.ledger.tried("null_hyperplane", tuple(facts), goal)

    def _equation(self, goal: Any) -> int | None:
        matrices = self.ledger.sentences(Eq) if goal.lhs.is_Matrix else []
        known = tuple(n for n in matrices if is_product(self.ledger[n]))
        for reached, equations in self.ledger.levels(goal):
            columns = sorted((z.args[0] for z in nodes(reached) if isinstance(z, relu)), key=text)
            said = [self.ledger.tried("relu_is_masked", (), z) for z in columns]
            normed = sorted((z.args[0] for z in nodes(reached) if isinstance(z, norm)), key=text)
            said += [self.ledger.tried("norm_square", (), z) for z in normed]
            used = (*equations, *(n for n in said if n is not None))
            last = self.ledger.tried("identity", used, goal.lhs, goal.rhs)
            if last is None and known:
                last = self.ledger.tried("products", (*equations, *known), goal.lhs, goal.rhs)
            if last is not None:
                return last
        found = None if goal.lhs.is_Matrix else self._moment(goal)
        return self._combined(goal) if found is None else found

    def _moment(self, goal: Any) -> int | None:
        """A moment over all batches, of members that the goal's words unfold to."""
        for reached, equations in self.ledger.levels(goal):
            for average in sorted((z for z in nodes(reached) if isinstance(z, (mean_matrix, mean_scalar))), key=text):
                for rule in ("batch_first_moment", "batch_second_moment", "trace_of_mean"):
                    of = _without_traces(average) if rule == "trace_of_mean" else average
                    known = self.ledger.tried(rule, (), of)
                    said = None if known is None else self.ledger.tried("recast", (known, *equations), goal)
                    if said is not None:
                        return said
        return None

    def _combined(self, goal: Any) -> int | None:
        """The goal as a multiple of an equation that is known to hold."""
        apart = goal.lhs - goal.rhs
        for vanishing in zero_equations(self.ledger):
            for number in instances(self.ledger, vanishing, *free_indices(goal)):
                left = self.ledger[number].lhs
                if left.is_Matrix != apart.is_Matrix or getattr(left, "shape", ()) != getattr(apart, "shape", ()):
                    continue
                for reached, equations in self.ledger.levels(left, number):
                    factor = ratio(apart, reached) if apart.is_Matrix else S.One
                    if factor is None:
                        continue
                    said = self.ledger.tried("recast", (number, *equations), equation(reached, self.ledger[number].rhs))
                    last = (
                        None if said is None else self.ledger.tried("combination", (said,), goal.lhs, goal.rhs, factor)
                    )
                    if last is not None:
                        return last
        return None

    def _implication(self, goal: Any) -> int | None:
        found = self._stable(goal)
        if found is not None:
            return found
        condition, conclusion = goal.args
        fixed = supposed(condition)
        for free, member in fixed.items():
            conclusion = with_index(conclusion, free, member)
        with self.ledger.supposing(condition) as supposition:
            proved = self.prove(conclusion)
        return None if proved is None else self.ledger.tried("discharge", (supposition, proved), condition)

    def _stable(self, goal: Any) -> int | None:
        """A condition under which an activation pattern does not change."""
        condition, conclusion = goal.args
        cases = conclusion.args if isinstance(conclusion, Or) else (conclusion,)
        for case in cases:
            if not isinstance(case, Eq) or not isinstance(condition, (Le, Ge)):
                continue
            for reached, equations in self.ledger.levels(case):
                raw = self._stable_step(normal(reached.lhs), normal(reached.rhs))
                wanted = Implies(condition, case)
                said = None if raw is None else self.ledger.tried("recast", (raw, *equations), wanted)
                if said is None:
                    said = None if raw is None else self._condition_unfolded(raw, wanted)
                if said is not None:
                    whole = isinstance(conclusion, Or)
                    return self.ledger.tried("implies_either", (said,), conclusion) if whole else said
        return None

    def _condition_unfolded(self, raw: int, wanted: Any) -> int | None:
        found = (self.ledger.tried("recast", (raw, *eqs), wanted) for _, eqs in self.ledger.levels(wanted))
        return next((n for n in found if n is not None), None)

    def _stable_step(self, left: Any, right: Any) -> int | None:
        if not all(isinstance(side, entry) and isinstance(side.args[0], step) for side in (left, right)):
            return None
        if left.args[1:] != right.args[1:]:
            return None
        for near, far in ((right, left), (left, right)):
            column, place = near.args[0].args[0], near.args[1]
            move = normal(far.args[0].args[0] - column)
            if not isinstance(move, MatMul) or len(move.args) != 2 or not move.args[0].is_Matrix:
                continue
            stable = self.ledger.tried("step_is_stable", (), column, move, place)
            small = self.ledger.tried("cauchy_schwarz", (), *move.args, place)
            if stable is not None and small is not None:
                radius = at_most(2 * norm(move.args[0]) * norm(move.args[1]), Abs(entry(column, place, 0)))
                return self.ledger.tried("implied_by_more", (stable, small), radius, S.One, S(2))
        return None

    def _order(self, goal: Any) -> int | None:
        if isinstance(goal, Le) and isinstance(goal.lhs, rank):
            steps = RankBounds(self.ledger).of(goal.lhs.args[0])
            found = rank_at_most(self.ledger, goal.lhs.args[0], goal.rhs, steps)
            best = ", ".join(str(self.ledger[s].rhs) for s in steps)
            if found is None:
                self._blame(goal.lhs, f"the bounds found for {goal.lhs} are {best or 'none'}, not {goal.rhs}")
            return found
        if isinstance(goal, Le) and isinstance(goal.lhs, norm):
            found = norm_at_most(self.ledger, goal)
            if found is not None:
                return found
        return Orders(self.ledger, self.prove).of(goal)


def _without_traces(average: Any) -> Any:
    """A mean of traces as the mean of the matrices under them."""
    traces = [f for f in nodes(average.body) if isinstance(f, Trace)]
    if len(traces) != 1:
        return average
    return mean(average.body.xreplace({traces[0]: S.One}) * traces[0].args[0], *average.args[1:])
