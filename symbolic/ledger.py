"""A ledger of steps while a proof is looked for: what is given, what has been concluded, and how words unfold."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import product
from typing import Any

from sympy import And, Eq, Gt, Le, Lt, S
from sympy.core.relational import Relational
from sympy.logic.boolalg import Implies

from symbolic.certificates import Certificate
from symbolic.grammar import (
    RuleError,
    canonical,
    denominators,
    is_witness,
    nodes,
    nonnegative_terms,
    nonzero_terms,
    radicands,
    replaced,
    supposed,
    with_index,
    witness_of,
)
from symbolic.proofs import Derivation, Step
from symbolic.prose import text
from symbolic.rules import apply
from symbolic.sentences import WORDS, exists, free_indices
from symbolic.words import Index, MatrixAt, Scalar, ScalarAt

MOST_WORK = 8000
MOST_PARTS = 1500
MOST_LEVELS = 8
_DIVIDING = ("identity", "recast", "combination", "products")
_LEANER = ("identity", "recast", "products", "norm_scaled", "order", "squared", "root", "cleared_order")
_ORDERS = (
    ("definition", "lemma", "hypothesis"),
    ("lemma", "definition", "hypothesis"),
    ("hypothesis", "definition", "lemma"),
)


class ExhaustedError(RuleError):
    """The search for a proof has used up its attempts."""


class Ledger:
    """Steps so far; ``add`` applies a rule and returns the number of its step."""

    def __init__(
        self, assuming: Iterable[Any], where: Mapping[Any, Any], lemmas: Mapping[str, Any], certificate: Any = None
    ) -> None:
        self.assuming, self.where, self.lemmas = tuple(assuming), dict(where), dict(lemmas)
        self._certificate = certificate
        self._supposed: list[int] = []
        self.learned: tuple[Any, ...] = ()  # the sentences of a sketch that were proved
        self.steps: list[Step] = []
        self._known: dict[Any, int] = {}
        self._left = MOST_WORK
        self.given: list[tuple[str, int]] = []
        for sentence in self.assuming:
            self._take("hypothesis", self.add("hypothesis", (), sentence))
        for sentence in self.lemmas.values():
            self._take("lemma", self.add("lemma", (), sentence))
        for word, formula in self.where.items():
            self.given.append(("definition", self.add("definition", (), word, formula)))
        self.witnesses = [self.add("witness", (n,)) for _, n in self.given if self._promises(n)]
        self.given += [("hypothesis", n) for n in self.witnesses]

    def _take(self, kind: str, number: int) -> None:
        sentence = self[number]
        if isinstance(sentence, And):
            for part in sentence.args:
                self._take(kind, self.add("conjunct", (number,), part))
        else:
            self.given.append((kind, number))

    def _promises(self, number: int) -> bool:
        return isinstance(self[number], exists) and not free_indices(self[number])

    def __getitem__(self, number: int) -> Any:
        return self.steps[number].conclusion

    def add(self, rule: str, premises: tuple[int, ...], *parameters: Any) -> int:
        """The number of the step that applies a rule; RuleError where it does not apply."""
        premises = self._with_facts(premises, parameters) if rule in _DIVIDING else premises
        key = (rule, premises, parameters)
        if key not in self._known:
            self.spend(1)
            conclusion = apply(rule, tuple(self[p] for p in premises), parameters)
            self._known[key] = len(self.steps)
            self.steps.append(Step(rule, premises, parameters, conclusion))
        return self._known[key]

    def spend(self, work: int) -> None:
        """Count work, in applications of rules; ExhaustedError when none is left."""
        self._left -= work
        if self._left < 0:
            raise ExhaustedError("the search for a proof was given up")

    def copy(self, most: int | None = None) -> Ledger:
        """A ledger that goes on from here by itself, with at most so much work left to do."""
        other = copy.copy(self)
        other.steps, other.given, other.witnesses = list(self.steps), list(self.given), list(self.witnesses)
        other._known, other._supposed = dict(self._known), list(self._supposed)
        other._left = self._left if most is None else most
        return other

    def tried(self, rule: str, premises: tuple[int, ...], *parameters: Any) -> int | None:
        """The same, or None where the rule does not apply."""
        try:
            return self.add(rule, premises, *parameters)
        except ExhaustedError:
            raise
        except RuleError:
            return None

    def _with_facts(self, premises: tuple[int, ...], parameters: tuple[Any, ...]) -> tuple[int, ...]:
        known = set().union(*(nonzero_terms(self[p]) for p in premises))
        said = set().union(*map(denominators, (*parameters, *(self[p] for p in premises)))) - known
        facts = tuple(self.nonzero(base) for base in sorted(said, key=text))
        return premises + tuple(dict.fromkeys(facts))

    def sentences(self, *kinds: Any) -> list[int]:
        """The given sentences, split into their conjuncts, that are of certain classes."""
        return [n for _, n in self.given if isinstance(self[n], kinds)]

    def nonzero(self, term: Any) -> int:
        """The step that says that a term is not 0; RuleError where nothing given or supposed says so."""
        return self._saying(term, nonzero_terms, Lt, "0")

    def nonnegative(self, term: Any) -> int:
        """The step that says that a term is at least 0; RuleError where nothing given or supposed says so."""
        return self._saying(term, nonnegative_terms, Le, "negative")

    def _saying(self, term: Any, terms: Any, relation: Any, otherwise: str) -> int:
        for number in (*self.sentences(Relational), *self._supposed):
            for said in terms(self[number]):
                instance = self.matched(number, said, term)
                if instance is not None:
                    return instance
        found = self.tried("order", (), relation(S.Zero, term, evaluate=False))
        if found is None:
            raise RuleError(f"{term} may be {otherwise}")
        return found

    @contextmanager
    def supposing(self, condition: Any) -> Iterator[int]:
        """Inside, a condition is given, of fixed members of the ranges of its free indices."""
        number = self.add("suppose", (), condition)
        before = len(self.given)
        self._supposed.append(number)
        self._take("hypothesis", number)
        fixed = supposed(condition)
        for _, known in self.given[:before]:
            if isinstance(self[known], Implies) and set(free_indices(self[known])) == set(fixed):
                instance: int | None = known
                for free, member in fixed.items():
                    instance = None if instance is None else self.tried("instantiate", (instance,), free, member)
                follows = None if instance is None else self.tried("detach", (instance, number))
                if follows is not None:
                    self._take("hypothesis", follows)
        try:
            yield number
        finally:
            del self.given[before:]

    def learn(self, number: int) -> None:
        """A step that is worth knowing from now on, as a hypothesis is."""
        if all(n != number for _, n in self.given):
            self._take("hypothesis", number)

    def matched(self, number: int, pattern: Any, wanted: Any) -> int | None:
        """The step, made by putting other indices, in which ``pattern`` of step ``number`` reads ``wanted``."""
        if pattern == wanted:
            return number
        if type(pattern) is not type(wanted):
            return None
        if not isinstance(pattern, (ScalarAt, MatrixAt)):
            return self._renamed(number, pattern, wanted)
        if pattern.name != wanted.name:
            return None
        for old, new in zip(pattern.indices, wanted.indices, strict=True):
            if old != new:
                following = self.tried("instantiate", (number,), old, new)
                if following is None:
                    return None
                number = following
        return number

    def _renamed(self, number: int, pattern: Any, wanted: Any) -> int | None:
        """The same for a pattern that is no word: other letters for its indices, in every way that fits."""
        free = [i for i in free_indices(pattern) if not is_witness(i)]
        choices = [[i for i in free_indices(wanted) if i.over == old.over] for old in free]
        for chosen in product(*choices) if free else ():
            reached, instance = pattern, number
            try:
                for old, new in zip(free, chosen, strict=True):
                    reached = reached if old == new else with_index(reached, old, new)
                if canonical(reached) != wanted:
                    continue
                for old, new in zip(free, chosen, strict=True):
                    instance = instance if old == new else self.add("instantiate", (instance,), old, new)
            except ExhaustedError:
                raise
            except RuleError:
                continue
            return instance
        return None

    def at(self, number: int, old: Index, new: Index) -> int | None:
        """A step with another index in it."""
        return number if old == new else self.tried("instantiate", (number,), old, new)

    def _unfolding(self, word: Any, order: tuple[str, ...], avoid: int | None) -> int | None:
        for kind in order:
            for origin, number in self.given:
                sentence = self[number]
                if (
                    origin != kind
                    or number == avoid
                    or not isinstance(sentence, Eq)
                    or not isinstance(sentence.lhs, WORDS)
                ):
                    continue
                instance = self.matched(number, sentence.lhs, word)
                if instance is not None and self[instance].lhs == word and word not in nodes(self[instance].rhs):
                    return instance
        return None

    def orders(self) -> tuple[tuple[str, ...], ...]:
        """The orders in which sources of equations are worth asking."""
        words = [self[n].lhs for _, n in self.given if isinstance(self[n], Eq)]
        names = [w.name for w in words if isinstance(w, WORDS)]
        return _ORDERS if len(names) > len(set(names)) else _ORDERS[:1]

    def levels(self, term: Any, avoid: int | None = None) -> Iterable[tuple[Any, tuple[int, ...]]]:
        """A term, then with its words unfolded once, twice, ...: each with the equations that lead to it, in order."""
        for order in self.orders():
            reached: Any = term
            equations: tuple[int, ...] = ()
            if order == _ORDERS[0]:
                yield reached, equations
            for _ in range(MOST_LEVELS):
                words = sorted((w for w in nodes(reached) if isinstance(w, WORDS)), key=text)
                found = [n for w in words if (n := self._unfolding(w, order, avoid)) is not None]
                if not found:
                    break
                for number in found:
                    reached = replaced(reached, self[number].lhs, self[number].rhs)
                if len(nodes(reached)) > MOST_PARTS:
                    break
                equations = (*equations, *found)
                yield reached, equations

    def promised(self, over: str) -> list[Index]:
        """The members of a range that the given existences promise."""
        found = [witness_of(self[n]) for n in self.sentences(exists) if self._promises(n)]
        return [w for w in found if w.over == over]

    def smaller(self) -> list[int]:
        """The given strict inequalities between two words, such as B < N."""
        return [n for n in self.sentences(Lt, Gt) if all(isinstance(side, Scalar) for side in self[n].args)]

    def certificates(self, size: Any) -> tuple[Certificate, ...]:
        """Certificates over batches of a size: the given one, or those that isolate a sample, or two samples' gap."""
        given = (self._certificate,) if self._certificate is not None else ()
        return given or (Certificate((size, 1 - size)), Certificate((S.Zero, size, -size, S.Zero)))

    def derivation(self, last: int) -> Derivation:
        """The steps that lead to one, renumbered, with a header of what they use."""
        wanted = self._needed(last)
        numbers = {old: new for new, old in enumerate(wanted)}
        steps = []
        for old in wanted:
            step = self.steps[old]
            steps.append(Step(step.rule, tuple(numbers[p] for p in step.premises), step.parameters, step.conclusion))
        taken = [s for s in steps if s.rule in ("hypothesis", "lemma", "definition")]
        hypotheses = [s.conclusion for s in taken if s.rule == "hypothesis"]
        definitions = [s.parameters for s in taken if s.rule == "definition"]
        lemmas = {s.conclusion for s in taken if s.rule == "lemma"}
        return Derivation(
            self[last],
            tuple(hypotheses),
            dict(definitions),
            {name: said for name, said in self.lemmas.items() if said in lemmas},
            tuple(steps),
        )

    def _lean(self, number: int) -> Step:
        """The step, without the premises that its conclusion does not need."""
        step = self.steps[number]
        if step.rule in _LEANER:
            idle = self._idle(step)
            step = self._without(step, idle) or step if idle else step
            for place in reversed(range(len(step.premises))):
                step = self._without(step, {place}) or step
        self.steps[number] = step
        return step

    def _idle(self, step: Step) -> set[int]:
        """Places of premises that an inequality was added up without: they only told signs, if anything."""
        factors = step.parameters[1:] if step.rule == "order" else ()
        return {place for place, factor in enumerate(factors) if factor == 0}

    def _without(self, step: Step, places: set[int]) -> Step | None:
        premises = tuple(p for place, p in enumerate(step.premises) if place not in places)
        parameters = step.parameters
        if step.rule == "order":  # its parameters are the goal and one factor a premise
            parameters = (parameters[0], *(f for place, f in enumerate(parameters[1:]) if place not in places))
        try:
            if apply(step.rule, tuple(self[p] for p in premises), parameters) == step.conclusion:
                return Step(step.rule, premises, parameters, step.conclusion)
        except RuleError:
            pass
        return None

    def _needed(self, last: int) -> list[int]:
        """Numbers of the steps that ``last`` rests on, each after those that it rests on.

        Steps that keep denominators from 0, and what is below a root from being negative, are among them.
        """
        ordered: dict[int, None] = {}
        pending = [(last, False)]
        while pending:
            number, ready = pending.pop()
            if number in ordered:
                continue
            if ready:
                ordered[number] = None
                continue
            step = self._lean(number)
            said = (*step.parameters, step.conclusion)
            grounds = [self.nonzero(base) for base in set().union(*map(denominators, said))]
            grounds += [self.nonnegative(base) for base in set().union(*map(radicands, said))]
            pending.append((number, True))
            pending += [(n, False) for n in sorted({*step.premises, *grounds} - {number}, reverse=True)]
        return list(ordered)
