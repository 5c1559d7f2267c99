"""Screening: a statement judged on the lanes of a world.

A survey, one lane of magnitude bounds, first tells which draws the statement reads, whether its arithmetic can round
at those magnitudes, and how many entries a lane needs; then lanes are judged in chunks, and no result depends on them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sympy as sp

from symbolic.expanding import words_judged
from symbolic.sentences import chain, rank
from symbolic.words import Scalar
from verify.arena import Arena, torch
from verify.claims import Statement
from verify.common import common
from verify.draws import Draw, Generated, Given, MissingDraw
from verify.evaluate import Evaluator
from verify.extents import Envelope, ExtentArithmetic, always_rounds, rounds_in_a_box
from verify.judge import LaneJudge
from verify.lanes import LaneArithmetic
from verify.worlds import Lanes, World


@dataclass(frozen=True)
class Survey:
    """What a world means for a statement: its draws (name -> axes, low, high), exactness, entries per lane."""

    draws: dict[str, tuple[tuple[str, ...], int, int]]
    exact: tuple[bool, ...]
    grains: dict[Any, int | None]
    entries: int
    asked: tuple[bool, ...] = ()  # exactness of what is asked beside the statement


@dataclass
class Judged:
    """What K lanes said: masks and numbers (K,), with the draws that made them.

    Where an enclosure is too wide to tell, lanes that meet the hypotheses are ``open``, and those of which that is not
    known are ``doubtful``; neither are admissible, and neither prove anything.
    ``judge`` remembers the sides of the conclusion; whoever keeps lanes should let go of it.
    """

    world: World
    net: Lanes
    admissible: Any
    undefined: Any
    excess: Any
    tightness: Any
    says_something: Any
    exact: Any
    open: Any
    doubtful: Any
    judge: LaneJudge | None
    visited: dict[str, Any] = field(default_factory=dict)

    @property
    def accused(self) -> Any:
        """Lanes that meet the hypotheses and break the conclusion beyond the allowance."""
        return self.admissible & (self.excess > 1)


_READ: dict[Any, tuple[dict[str, Any], int]] = {}


class Screen:
    """A statement, ready to be judged on lanes of one arena.

    ``asked`` are sentences that lanes shall be able to answer as well: their draws are made too, and nothing else.
    """

    def __init__(self, statement: Statement, arena: Arena, asked: tuple[Any, ...] = ()) -> None:
        self.statement, self.arena, self.kind, self.asked = statement, arena, statement.given, asked
        self.arithmetic = LaneArithmetic(arena)
        self._surveys: dict[Any, Survey] = {}

    @cached_property
    def about_sizes(self) -> tuple[Any, ...]:
        """Hypotheses on sizes and conventions alone: judged before lanes are built."""
        return tuple(p for p in self.statement.premises if self._fixed(p))

    @cached_property
    def about_networks(self) -> tuple[Any, ...]:
        """The other hypotheses."""
        return tuple(p for p in self.statement.premises if not self._fixed(p))

    def _fixed(self, premise: Any) -> bool:
        source = self.kind.speaks
        fixed = {f"{source}:{k}" for k in (*self.kind.letters, *self.kind.conventions)}
        names = words_judged(premise)
        return bool(names) and names <= fixed

    def excluded_by(self, world: World) -> Any:
        """The hypothesis on sizes that a world does not meet, or None."""
        values = {**{k: sp.Integer(v) for k, v in world.sizes}, **{k: sp.Rational(v) for k, v in world.conventions}}
        for premise in self.about_sizes:
            known = {a: values[a.name.partition(":")[2]] for a in premise.atoms(Scalar)}
            plain = premise.replace(chain, lambda *terms: sp.And(*chain(*terms).links))
            if plain.xreplace(known).doit() != sp.true:
                return premise
        return None

    # -- survey --------------------------------------------------------------------------------------------------

    def survey(self, world: World, bounds: dict[str, int] | None = None) -> Survey:
        """Read the statement once in magnitude bounds; ``bounds`` are the largest |draw| where they are known."""
        where = (world.sizes, world.conventions, world.shifts, world.reach, world.fineness, self._placed(world))
        key = (*where, tuple(sorted((bounds or {}).items())))
        if key not in self._surveys:
            self._surveys[key] = self._surveyed(world, bounds or {})
        return self._surveys[key]

    def _placed(self, world: World) -> bool:
        """Whether more is drawn than elsewhere, as in the corner in which words are placed."""
        return world.corner == self.kind.exactly != ""

    def _surveyed(self, world: World, bounds: dict[str, int]) -> Survey:
        draws: dict[str, tuple[tuple[str, ...], int, int]] = {}
        exact: list[bool] = []
        entries = 1
        grains: dict[Any, int | None] = {}
        evaluator: Evaluator | None = None
        own = (*self.about_networks, self.statement.says)
        for sentence in (*own, *self.asked):
            if always_rounds(sentence) or (self.kind.alike and rounds_in_a_box(sentence)):
                read, needed = self._read(world, frozenset(words_judged(sentence)))
                exact, draws, entries = [*exact, False], draws | read, max(entries, needed)
                continue
            if evaluator is None or not exact[-1]:
                # What rounded in one sentence says nothing of the next: it starts afresh.
                arithmetic = ExtentArithmetic(self.arena.mantissa, grains)
                net = Lanes(self.kind, world, arithmetic, Envelope(bounds, world.reach))
                evaluator = Evaluator(net)
            exact.append(arithmetic.judge(sentence, evaluator))
            draws |= {k: (d.axes, d.low, d.high) for k, d in net.draws.items()}
            entries = max(entries, net.entries())
        return Survey(draws, tuple(exact[: len(own)]), grains, entries, tuple(exact[len(own) :]))

    def _read(self, world: World, words: frozenset[str]) -> tuple[dict[str, Any], int]:
        """The draws that words read in a world, and the entries they need: the same for every sentence about them."""
        readers = tuple((name, self.kind.reader(name)) for name in sorted(words))  # a draft may be read anew
        key = (str(self.kind), readers, world.sizes, world.conventions, world.fineness, self._placed(world))
        if key not in _READ:
            net = Lanes(self.kind, world, ExtentArithmetic(self.arena.mantissa, {}), Envelope({}, None))
            for name in sorted(words):
                source, _, letter = name.partition(":")
                if source != self.kind.speaks or letter not in (*self.kind.letters, *self.kind.conventions):
                    net.read(name)
            _READ[key] = {k: (d.axes, d.low, d.high) for k, d in net.draws.items()}, net.entries()
        return _READ[key]

    # -- lanes ---------------------------------------------------------------------------------------------------

    def lanes(self, world: World, first: int, count: int) -> Iterator[Judged]:
        """Judge freshly drawn lanes of a world, in chunks."""
        if not self.kind.shrinks:
            yield from self._in_chunks(world, None, first, count)
            return
        if first == 0 and self._has_in_common(world, count):
            shared = common(self.kind, world, self.arena, count, self._words)
            survey = self.survey(world)
            yield self._judged(world, shared.lanes(survey.draws), survey, shared.evaluator)
            return
        yield from self._in_chunks(world, self.drawn(world, first, count), first, count, within=not world.corner)

    def _has_in_common(self, world: World, count: int) -> bool:
        """Whether other statements look at these lanes as well, all at once, and leave nothing behind for this one.

        Of a rank more is remembered than its value.
        """
        survey = self.survey(world)
        sentences = (*self.statement.premises, self.statement.says, *self.asked)
        ranked = survey.grains or any(sentence.has(rank) for sentence in sentences)
        return self.kind.alike and not ranked and count * survey.entries <= self.arena.chunk

    @cached_property
    def _words(self) -> frozenset[str]:
        """The words that the statement and what is asked need readings of."""
        return frozenset().union(*map(words_judged, (*self.statement.premises, self.statement.says, *self.asked)))

    def drawn(self, world: World, first: int, count: int) -> dict[str, Draw]:
        """The draws of lanes of a world that the statement reads, with the world's corner imposed."""
        source, declared = self._generated(world, first, count), self.survey(world).draws
        made = Lanes(self.kind, world, self.arithmetic, source)
        source.ahead({name: (made.shape(axes), low, high) for name, (axes, low, high) in declared.items()})
        for name, (axes, low, high) in declared.items():
            made.integers(name, " ".join(axes), low, high)
        return made.draws

    def evaluator(self, part: Judged) -> Evaluator:
        """Evaluates expressions on lanes that were judged."""
        survey = self.survey(part.world)
        return Evaluator(part.net, self.arena.allowance(self.kind.length(part.world)), survey.grains)

    def given(self, world: World, draws: dict[str, Draw], count: int) -> Iterator[Judged]:
        """Judge lanes whose draws are known, in chunks."""
        yield from self._in_chunks(world, draws, 0, count)

    def _generated(self, world: World, first: int, count: int) -> Generated:
        return Generated(self.arena, world.seed, first, count, world.reach, world.sparse)

    def _in_chunks(
        self, world: World, draws: dict[str, Draw] | None, first: int, count: int, within: bool = False
    ) -> Iterator[Judged]:
        """Judge lanes in chunks; ``within`` says that no draw can be beyond its range."""
        survey = self.survey(world)
        if draws is not None and not within:
            bounds = {k: _largest(d.values) for k, d in draws.items()}
            envelope = Envelope({}, world.reach)
            declared = {k: envelope.bound(k, low, high) for k, (_, low, high) in survey.draws.items()}
            over = {k: 1 << (b - 1).bit_length() for k, b in bounds.items() if b > declared.get(k, 0)}
            survey = self.survey(world, over) if over else survey
        size = max(1, self.arena.chunk // survey.entries)
        for start in range(0, count, size):
            stop = min(count, start + size)
            if draws is None:
                source: Any = self._generated(world, first + start, stop - start)
            else:
                source = Given(
                    {k: Draw(d.axes, d.low, d.high, d.values[start:stop]) for k, d in draws.items()}, stop - start
                )
            yield self._judged(world, Lanes(self.kind, world, self.arithmetic, source), survey)

    def _judged(self, world: World, net: Lanes, survey: Survey, evaluator: Evaluator | None = None) -> Judged:
        module = torch()
        evaluator = evaluator or Evaluator(net, self.arena.allowance(self.kind.length(world)), survey.grains)
        admissible = module.ones(net.count, dtype=module.bool, device=self.arena.device)
        undefined = ~admissible
        doubtful = failed = undefined
        for premise, exact in zip(self.about_networks, survey.exact, strict=False):
            outcome = LaneJudge(evaluator, exact).closed(premise)
            undefined = undefined | outcome.undefined
            doubtful, failed = doubtful | outcome.open, failed | (outcome.excess > 1)
            admissible &= outcome.holds
        judge = LaneJudge(evaluator, survey.exact[-1])
        conclusion = judge.closed(self.statement.says)
        undefined = (undefined | conclusion.undefined) & (admissible | undefined)
        admissible &= ~undefined
        open_ = admissible & conclusion.open
        # How tight an open lane is, the favouring end tells: it is what a violation has to come from.
        tightness = module.where(open_, conclusion.tightness, conclusion.passing.tightness)
        try:
            visited = self.kind.visited(net)
        except MissingDraw:  # a corner of something that this statement does not read
            visited = {}
        return Judged(
            world, net, admissible & ~open_, undefined, conclusion.excess, tightness, conclusion.says_something,
            self._exact(evaluator, survey, net.count), open_, doubtful & ~(failed | undefined), judge, visited,
        )  # fmt: skip

    def _exact(self, evaluator: Evaluator, survey: Survey, count: int) -> Any:
        """(K,) lanes that no rounding entered: by the survey, and by the run-time check of eliminations."""
        module = torch()
        exact = module.full((count,), all(survey.exact), dtype=module.bool, device=self.arena.device)
        for mask in evaluator.exact_masks():
            exact &= mask.reshape(count, -1).all(1)
        return exact


def _largest(values: Any) -> int:
    if values.dtype.is_floating_point or values.numel() == 0:
        return 0
    return int(values.abs().max())
