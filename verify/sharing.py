"""Claims shared out over processes, of which the one that asks is one."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from typing import Any

from verify.claims import Claim
from verify.verdict import Verdict


def shared_out(claims: Iterable[Claim]) -> list[Claim]:
    """The claims in an order for those who take from its two ends.

    What is known of a kind, such as which definitions hold there, every process finds out for itself: so claims of one
    kind stand together. What takes long stands outside, so that all are done at about the same time.
    """
    groups: dict[Any, list[Claim]] = {}
    for claim in sorted(claims, key=_weight, reverse=True):
        groups.setdefault(claim.statement.given, []).append(claim)
    front: list[Claim] = []
    back: list[Claim] = []
    for group in sorted(groups.values(), key=lambda g: -sum(map(_weight, g))):
        side = front if sum(map(_weight, front)) <= sum(map(_weight, back)) else back
        side += group
    return [*front, *reversed(back)]


def _weight(claim: Claim) -> int:
    """About how long a claim takes, in no unit."""
    return (1 + len(claim.mutants)) * (1 + len(claim.statement.given.letters))


def in_turn(
    claims: Sequence[Claim],
    units: dict[str, Future[Verdict]],
    last_first: Sequence[Claim],
    judge: Callable[..., Verdict],
) -> Iterator[Verdict]:
    """The verdicts in the order of the claims, so that the record does not depend on who was first.

    ``units`` are the judgments asked of other processes, by claim. While one that comes next is not done, the first of
    ``last_first`` that nobody has begun is judged here; what that raises is raised in its turn.
    """
    for claim in claims:
        while not units[claim.id].done():
            own = next((c for c in last_first if units[c.id].cancel()), None)
            if own is None:
                break
            units[own.id] = _settled(judge, own)
        yield units[claim.id].result()


def collect_seldom() -> None:
    """Look for unused cycles seldom: what is loaded stays, and little of what is made holds itself."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def _settled(judge: Callable[..., Verdict], claim: Claim) -> Future[Verdict]:
    unit: Future[Verdict] = Future()
    try:
        unit.set_result(judge(claim))
    except Exception as error:
        unit.set_exception(error)
    return unit
