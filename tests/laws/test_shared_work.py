"""Work that is shared or left out changes nothing: draws at once, steps heard at the end, claims shared out."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
import torch

from properties.worlds.boxes import Box
from symbolic import word
from symbolic.grammar import RuleError, refuse
from symbolic.words import forget_words
from verify import catalogue, common
from verify.arena import Arena
from verify.claims import Claim, Statement, claims
from verify.draws import Draw, Generated
from verify.efforts import EFFORTS
from verify.search import Found, Search
from verify.sharing import in_turn, shared_out
from verify.shrink import Choice, Shrinker
from verify.verdict import Contradiction, Verdict
from verify.worlds import World

catalogue.load_all()
CATALOGUE = [c for c in claims().values() if c.id.startswith("chen2024/")]
SHRUNK = ("increment-rank", "lemma-2.2-batch", "theorem-2.6-any-g", "stable-rank-from-distance", "theorem-2.4")


# -- draws ---------------------------------------------------------------------------------------------------------

ASKED = {
    "V": ((2, 3), -3, 3),
    "u": ((1, 2), -3, 3),
    "mu": ((), 0, 4),
    "wide": ((2,), -(2**40), 2**40),
    "above": ((2,), 5, 9),
    "none": ((0, 2), -1, 1),
}


DRAWN = [0, 2, -2, 2, 1, -3, 0, -3, 2, 1, -2, -2, 0, 0, -3, 0]
"""Of a witness stored long ago, say: no later version may draw others."""


def axes_of(shape: tuple[int, ...]) -> tuple[str, ...]:
    return ("m",) * len(shape)


@pytest.mark.parametrize("sparse", [False, True])
@pytest.mark.parametrize("reach", [None, 1])
@pytest.mark.parametrize("count", [1, 20_000])
def test_names_drawn_at_once_are_those_drawn_one_by_one(count: int, reach: int | None, sparse: bool) -> None:
    at_once, single = (Generated(Arena(), 11, 5, count, reach, sparse) for _ in range(2))
    at_once.ahead(ASKED)
    for name, (shape, low, high) in ASKED.items():
        one, other = (source(name, axes_of(shape), shape, low, high) for source in (at_once, single))
        assert torch.equal(one.values, other.values)
        assert one.values.is_contiguous()
        assert one.values.shape == (count, *shape)


def test_what_is_drawn_is_what_it_was() -> None:
    drawn = Generated(Arena(), 7, 0, 4, None, True)("V", ("m", "n"), (2, 2), -3, 3).values
    assert drawn.flatten().tolist() == DRAWN


# -- shrinking -----------------------------------------------------------------------------------------------------


def mutants() -> list[tuple[str, Statement]]:
    chosen = [claims()[f"chen2024/{name}"] for name in SHRUNK]
    return [(f"{c.id}: {m.name}", m.statement) for c in chosen for m in c.mutants[:2]]


def hunted(statement: Statement) -> Search:
    arena = Arena()
    arena.prepare()
    search = Search(statement, arena, EFFORTS["quick"], 3)
    search.run()
    assert search.found is not None
    return search


class StepByStep(Shrinker):
    """Hears every step, and judges every lane of every world."""

    def _moved(self, best: Found) -> Found:
        return self._descended(best, self._smallest)

    def _below(self, world: World, draws: dict[str, Draw], bound: tuple[float, ...]) -> tuple[dict[str, Draw], int]:
        return draws, next(iter(draws.values())).values.shape[0]


def told(found: Found) -> Any:
    return found.world, found.ruling, {k: d.values.tolist() for k, d in found.draws.items()}


@pytest.mark.parametrize(("name", "statement"), mutants(), ids=[name for name, _ in mutants()])
def test_what_floats_propose_is_what_hearing_every_step_gives(name: str, statement: Statement) -> None:
    search = hunted(statement)
    assert search.found is not None
    small = Shrinker(search)(search.found)
    search.innocent.clear()
    assert told(small) == told(StepByStep(search)(search.found))


class Doubted(Shrinker):
    """Proposes networks of zeros, which refute nothing."""

    def _descended(self, best: Found, choose: Choice) -> Found:
        found = super()._descended(best, choose)
        if choose != self._unheard or found is best:
            return found
        return replace(found, draws={k: replace(d, values=0 * d.values) for k, d in found.draws.items()})


def test_where_a_proposal_is_not_upheld_every_step_is_heard() -> None:
    search = hunted(claims()["chen2024/theorem-2.6-any-g"].mutants[0].statement)
    assert search.found is not None
    assert told(Doubted(search)(search.found)) == told(StepByStep(search)(search.found))


def test_innocent_worlds_accuse_nobody() -> None:
    search = hunted(claims()["chen2024/theorem-2.6-rank-one"].mutants[0].statement)
    assert search.innocent
    for world in search.innocent:
        assert world.seed == 0
        spans = search._spans(world)
        count = 1
        for low, high, entries in spans.values():
            count *= (high - low + 1) ** entries
        parts = search.screen.given(world, search._every(world, spans, count), count)
        assert not any(bool(part.accused.any()) for part in parts)


# -- claims over processes -----------------------------------------------------------------------------------------


def test_claims_are_shared_out_kind_by_kind() -> None:
    order = shared_out(CATALOGUE)
    assert sorted(c.id for c in order) == sorted(c.id for c in CATALOGUE)
    kinds = [c.statement.given for c in order]
    changes = sum(a != b for a, b in pairwise(kinds))
    assert changes == len(set(kinds)) - 1


def verdict(claim: Claim) -> Verdict:
    return Verdict(claim.id, claim.expects, claim.expects, "", [], {})


def units(chosen: list[Claim], done: int) -> dict[str, Future[Verdict]]:
    """Judgments asked for, of which the first few are done and the others not begun."""
    made: dict[str, Future[Verdict]] = {c.id: Future() for c in chosen}
    for claim in chosen[:done]:
        made[claim.id].set_running_or_notify_cancel()
        made[claim.id].set_result(verdict(claim))
    return made


@pytest.mark.parametrize("done", [0, 2, 5])
def test_verdicts_come_in_the_order_of_the_claims(done: int) -> None:
    chosen, here = CATALOGUE[:5], []

    def judge(claim: Claim) -> Verdict:
        here.append(claim.id)
        return verdict(claim)

    found = list(in_turn(chosen, units(chosen, done), chosen[::-1], judge))
    assert [v.id for v in found] == [c.id for c in chosen]
    assert here == [c.id for c in chosen[::-1]][: 5 - done]


def test_what_is_raised_here_is_raised_in_its_turn() -> None:
    chosen = CATALOGUE[:4]

    def judge(claim: Claim) -> Verdict:
        if claim is chosen[3]:
            raise Contradiction("both proved and refuted")
        return verdict(claim)

    turns = in_turn(chosen, units(chosen, 0), chosen[::-1], judge)
    assert [next(turns).id for _ in range(3)] == [c.id for c in chosen[:3]]
    with pytest.raises(Contradiction):
        next(turns)


# -- what is not loaded, and not printed -----------------------------------------------------------------------------


def test_a_run_loads_no_compiler_and_no_statistics() -> None:
    code = (
        "import sys; import verify.engine; from verify.arena import Arena, torch; Arena().prepare();"
        "print(torch().are_deterministic_algorithms_enabled(),"
        " [m for m in ('torch._dynamo', 'torch._inductor', 'scipy.stats') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["True", "[]"]


class Counted:
    printed = 0

    def __str__(self) -> str:
        Counted.printed += 1
        return "x"


def test_why_a_rule_does_not_apply_is_printed_when_it_is_asked() -> None:
    with pytest.raises(RuleError) as caught:
        refuse(False, "{} is not {{{}}}", Counted(), 2)
    assert Counted.printed == 0
    assert str(caught.value) == "x is not {2}"
    assert str(RuleError("{} stands as it is")) == "{} stands as it is"


# -- worlds that differ in their draws alone ------------------------------------------------------------------------


def test_what_was_judged_before_leaves_nothing_behind(judge: Callable[..., Any]) -> None:
    chosen = [c for c in claims().values() if c.id.startswith("bartlett2017/gap/")][:4]
    assert len(chosen) == 4
    common._KNOWN.clear()
    first = [judge(c).to_json() for c in chosen]
    again = [judge(c).to_json() for c in reversed(chosen)][::-1]
    for one, other in zip(first, again, strict=True):
        one.pop("seconds"), other.pop("seconds")
        assert one == other
    assert common._KNOWN


def test_a_word_that_is_declared_again_is_read_again() -> None:
    shared_x = word("draft:shared", "a real", nonnegative=True)
    box = Box({"draft:shared": (1, 10)})
    world, arena = World((), seed=3), Arena()
    arena.prepare()
    before = common.common(box, world, arena, 500, [shared_x.name])
    assert common.common(box, world, arena, 500, [shared_x.name]) is before
    assert bool((before.net.read(shared_x.name) % 1 != 0).any())
    forget_words(__file__)
    word("draft:shared", "an integer", nonnegative=True, integer=True)
    after = common.common(box, world, arena, 500, ["draft:shared"])
    assert not bool((after.net.read("draft:shared") % 1 != 0).any())
