"""The appeal: a lane that floats accuse is rebuilt from its draws and judged in exact arithmetic.

Only an appeal may refute. It re-judges the hypotheses too, it never analyses a rounded result, and what it cannot
decide it says it cannot.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import sympy as sp
from sympy.core.relational import Relational
from sympy.logic.boolalg import Implies, Not

from symbolic import sentences as said
from symbolic.expanding import STAND_INS, expand
from symbolic.prose import text
from symbolic.words import Index
from verify.claims import Statement
from verify.draws import Draw, Given, MissingDraw
from verify.evaluate import Evaluator
from verify.exact_judge import FALSE, TRUE, UNDECIDED, UNDEFINED, ExactJudge
from verify.judge import negation
from verify.ranges import stray
from verify.rationals import ExactArithmetic
from verify.worlds import Lanes, World

UPHELD, ACQUITTED, INADMISSIBLE, OPEN, WITHOUT_VALUE = (
    "upheld",
    "acquitted",
    "inadmissible",
    "undecided",
    "undefined",
)
_RULINGS = {TRUE: ACQUITTED, FALSE: UPHELD, UNDECIDED: OPEN, UNDEFINED: WITHOUT_VALUE}


@dataclass(frozen=True)
class Ruling:
    """What exact arithmetic says of one network.

    ``ruling`` is "upheld" (the statement is refuted), "acquitted", "inadmissible" (a hypothesis is not met),
    "undecided" or "undefined". For an upheld accusation: the relation that fails, where (index -> number from 0), and
    both sides exactly.
    """

    ruling: str
    relation: str = ""
    at: tuple[tuple[str, int], ...] = ()
    left: str = ""
    right: str = ""
    kink: bool = False
    premise: str = ""

    @property
    def refutes(self) -> bool:
        """Whether this is a counterexample."""
        return self.ruling == UPHELD

    @property
    def failure(self) -> str:
        """What fails and how, in words, of an upheld accusation."""
        # The text of a ball, "[3.14 +/- 0.01]", may be that of two numbers.
        same = self.left == self.right and "+/-" not in self.left
        how = f": both sides are {self.left}" if same else f" with {self.left} against {self.right}"
        return f"{self.relation} fails{how}"


class Court:
    """Hears accusations against one statement."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement

    def hear(self, world: World, draws: dict[str, Draw]) -> Ruling:
        """Judge the network of these draws, each with a lane axis of one; whether it is of the kind is not asked."""
        return Hearing(self.statement, world, draws).ruling


class Hearing:
    """One network before the court."""

    def __init__(self, statement: Statement, world: World, draws: dict[str, Draw]) -> None:
        self.statement = statement
        self.net = Lanes(statement.given, world, ExactArithmetic(), Given(draws, 1))
        self.evaluate = Evaluator(self.net)
        self.judge = ExactJudge(self.evaluate)

    @cached_property
    def ruling(self) -> Ruling:
        """The ruling, premises first."""
        doubt = ""
        for premise in self.statement.premises:
            truth = self.judge.closed(premise)
            if truth in (FALSE, UNDEFINED):
                return Ruling(INADMISSIBLE, premise=text(premise))
            if truth == UNDECIDED:
                doubt = text(premise)
        truth = self.judge.closed(self.statement.says)
        if truth == FALSE and doubt:
            return Ruling(OPEN, premise=doubt)
        if truth != FALSE:
            return Ruling(_RULINGS[truth])
        relation, at, left, right = self.failure(self.statement.says, {})
        return Ruling(UPHELD, relation, tuple(sorted(at.items())), left, right, self._on_a_kink())

    @property
    def stray(self) -> str:
        """Why the network is not of its kind, by the draws that the ruling asked for, or nothing."""
        _ = self.ruling
        return stray(self.net)

    @property
    def point(self) -> dict[str, str]:
        """The numbers of a kind that has no sizes, exactly, as text by letter: what its one network is made of."""
        if self.statement.given.letters:
            return {}
        found: dict[str, str] = {}
        for name in sorted(self.statement.words()):
            with suppress(MissingDraw):  # of a word that falls out where the sentence is spelled out
                array = self.net.read(name)[0]
                found |= {name.partition(":")[2]: str(array.tolist())} if array.ndim == 0 else {}
        return found

    def _on_a_kink(self) -> bool:
        visited = self.statement.given.visited_exactly(self.net)
        return bool(visited.get("kink", False))

    def failure(self, node: Any, fixed: dict[Index, int]) -> tuple[str, dict[str, int], str, str]:
        """The relation inside a false sentence that fails, at which indices, and its two sides."""
        axes, truth = self.judge(node)
        place = self._first_false(axes, truth[0], fixed)
        at = {**fixed, **place}
        if isinstance(node, Relational):
            left, right = self._sides(node, at)
            return text(node), {a.letter: v for a, v in at.items()}, left, right
        if isinstance(node, said.null):
            relation, where, left, right = self.failure(expand(node), at)
            zero = " and ".join(f"{side} = 0" for side in self._vanishing(expand(node), at))
            return f"{node}: the set contains every {node.variable}, as {zero}; {relation}", where, left, right
        if isinstance(node, STAND_INS):
            return self.failure(expand(node), at)
        if isinstance(node, said.exists):
            return f"no {node.index}: {node.body}", {a.letter: v for a, v in at.items()}, "none", "some"
        if isinstance(node, Implies):
            return self.failure(node.args[1], at)
        if isinstance(node, Not) and isinstance(node.args[0], said.exists):
            return f"not ({node.args[0]})", {a.letter: v for a, v in at.items()}, "some", "none"
        if isinstance(node, Not):
            return self.failure(negation(node.args[0]), at)
        parts = node.links if isinstance(node, said.chain) else node.args
        for part in parts:
            if self._false_at(part, at):
                return self.failure(part, at)
        return text(node), {a.letter: v for a, v in at.items()}, "false", "true"

    def _vanishing(self, node: Any, at: dict[Index, int]) -> Iterator[Any]:
        """What is zero where a sentence made of ``side != 0`` by "and" and "or" fails; a norm by what it is of."""
        if isinstance(node, (sp.And, sp.Or)):
            for part in node.args:
                yield from self._vanishing(part, at)
        elif isinstance(node, sp.Ne) and self._false_at(node, at):
            yield node.lhs.args[0] if isinstance(node.lhs, said.norm) else node.lhs

    def _first_false(self, axes: tuple[Index, ...], lane: Any, fixed: dict[Index, int]) -> dict[Index, int]:
        for position in np.argwhere(lane == FALSE):
            found = dict(zip(axes, map(int, position), strict=True))
            if all(found[a] == v for a, v in fixed.items() if a in found):
                return found
        return {}

    def _false_at(self, node: Any, at: dict[Index, int]) -> bool:
        axes, truth = self.judge(node)
        chosen = tuple(at.get(a, slice(None)) for a in axes)
        return bool((truth[0][chosen] == FALSE).any())

    def _sides(self, node: Any, at: dict[Index, int]) -> tuple[str, str]:
        return self._text(node.lhs, at), self._text(node.rhs, at)

    def _text(self, side: Any, at: dict[Index, int]) -> str:
        value = self.evaluate(side)
        array = value.array[(0, *(at.get(a, 0) for a in value.axes))]
        shown = array.tolist()
        return str(shown).replace("'", "")
