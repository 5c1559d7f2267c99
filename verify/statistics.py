"""The statistical arm, and what a search's tally says in the record.

The search is adaptive, so nothing statistical follows from its counts. The arm draws networks independently from a
named law, fixed beforehand; only from these is a bound on the probability of a violation computed (Clopper, Pearson
1934).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.stats import beta

from symbolic.sentences import norm, rank
from verify.arena import Arena
from verify.claims import Statement
from verify.draws import Given, key
from verify.evaluate import Evaluator
from verify.lanes import LaneArithmetic
from verify.search import Search
from verify.settings import Settings
from verify.tally import EDGES
from verify.worlds import Lanes, World

if TYPE_CHECKING:
    from verify.mutants import Hunt

CONFIDENCE = 0.95
POINTS = 12
LAW = (
    f"{POINTS} design points fixed beforehand, as many networks of each, draws independent and uniform in their ranges"
)


def arm(statement: Statement, arena: Arena, settings: Settings) -> dict[str, Any] | None:
    """An upper bound on the probability of a violation under ``LAW``, given the hypotheses; None without draws.

    With n independent networks of which none violates, the mean p of their violation probabilities is at most the
    bound for n equal ones: the product of the (1 - p_i) is at most (1 - p)^n.
    """
    search = Search(statement, arena, settings.effort, key(settings.seed, "arm"), settings.tick)
    draws = violations = 0
    for number in range(POINTS):
        world = _design(search, number)
        if search.screen.excluded_by(world) is not None:
            continue
        for part in search.screen.lanes(world, 0, settings.effort.arm // POINTS):
            draws += int(part.admissible.sum())
            violations += int(part.accused.sum())
    if draws == 0 or violations:
        return None  # an accusation belongs to the search, which appeals it
    upper = float(beta.ppf(CONFIDENCE, 1, draws))
    return {"upper": float(f"{upper:.3g}"), "confidence": CONFIDENCE, "draws": draws, "law": LAW}


def _design(search: Search, number: int) -> World:
    kind = search.kind
    sizes = {
        letter: bound.low + key(search.seed, number, letter) % min(4, bound.high - bound.low + 1)
        for letter, bound in kind.sizes().items()
    }
    sizes = search.fitted(sizes)
    conventions = {n: str(v[key(search.seed, number, n) % len(v)]) for n, v in kind.conventions.items()}
    return search.world(sizes, conventions=conventions, number=-1)


def search_details(hunts: list[Hunt]) -> dict[str, Any]:
    """Tightness and the spectrum of the closest call, over all arenas."""
    tally = hunts[0].tally
    if not tally.admissible:
        return {}
    histogram = np.sum([h.tally.histogram for h in hunts], axis=0)
    worst_by: dict[str, dict[str, float]] = {}
    for hunt in hunts:
        for letter, line in hunt.tally.worst_by_design.items():
            mine = worst_by.setdefault(letter, {})
            for value, tight in line.items():
                mine[value] = max(mine.get(value, 0.0), tight)
    return {
        "tightness": {
            "worst": number(max(h.tally.worst for h in hunts)),
            "histogram": {"edges": [*EDGES, "inf"], "counts": [int(v) for v in histogram]},
            "worst_by_design": {
                k: {n: number(t) for n, t in sorted(v.items(), key=lambda item: int(item[0]))}
                for k, v in sorted(worst_by.items())
            },
        },
        "spectrum": spectrum(hunts[0]),
    }


def spectrum(hunt: Hunt) -> list[float] | None:
    """Singular values of the first matrix in the conclusion whose rank or norm is taken, at the closest call."""
    matrices = [n.args[0] for n in _preorder(hunt.search.statement.says) if isinstance(n, (rank, norm))]
    call = hunt.search.closest_call()
    if not matrices or call is None:
        return None
    world, draws = call
    arithmetic = LaneArithmetic(hunt.arena)
    on_device = {k: type(d)(d.axes, d.low, d.high, d.values.to(hunt.arena.device)) for k, d in draws.items()}
    net = Lanes(hunt.search.kind, world, arithmetic, Given(on_device, 1))
    values = arithmetic.singular_values(Evaluator(net)(matrices[0]).array)
    largest = values.reshape(-1, values.shape[-1])
    chosen = largest[int(largest.square().sum(-1).argmax())]
    return [float(f"{float(v):.6g}") for v in chosen]


def _preorder(node: Any) -> Any:
    yield node
    for argument in node.args:
        yield from _preorder(argument)


def number(value: float) -> float | str:
    """A number for the record: strict JSON has no infinity."""
    return "inf" if value == float("inf") else value
