"""Which worlds a search builds, and what climbing breeds first."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from sympy import Eq, Ne

from properties.weight_decay.proximity import anchor
from properties.worlds.networks import TwoLayerReLU
from properties.worlds.subsets import TwoLayerReLUWithSubsets
from symbolic import norm, rank
from symbolic.papers.weight_decay import A, B, G, N, S, V, c, eps, i, mu, u, x
from verify.arena import Arena, torch
from verify.claims import Statement
from verify.climb import NOTHING_SAID, PARENTS, Climb
from verify.efforts import EFFORTS
from verify.search import Search
from verify.worlds import World


class NoParts(TwoLayerReLU):
    """The same networks, with a batch that no one says is part of the sample."""

    parts: ClassVar[dict[str, str]] = {}


ARENA = Arena()
QUICK = EFFORTS["quick"]


def search(says: Any, *assuming: Any, kind: Any = None, seed: int = 0) -> Search:
    return Search(Statement(kind or TwoLayerReLU(), assuming, says), ARENA, QUICK, seed)


@pytest.mark.parametrize("kind", [TwoLayerReLU(), TwoLayerReLUWithSubsets()], ids=lambda k: type(k).__name__)
def test_thin_sizes_have_many_samples_and_little_else(kind: Any) -> None:
    thin = search(Ne(norm(V), 1), kind=kind)._thin_sizes()
    assert thin
    for sizes in thin:
        assert kind.fits(sizes)
        assert sizes["N"] > kind.sizes()["N"].low
        assert sum(sizes[k] > b.low for k, b in kind.sizes().items() if k not in ("N", *kind.parts)) <= 1
    assert {(s["N"], s["B"]) for s in thin if s.get("k", 1) == 1} >= {(2, 1), (3, 2), (4, 3)}


def test_a_kind_without_parts_has_no_thin_sizes() -> None:
    assert search(Ne(norm(V), 1), kind=NoParts())._thin_sizes() == []


def test_sampled_worlds_meet_the_hypotheses_and_vary_conventions() -> None:
    made = search(rank(A[i]) <= 1, B < N, c >= 1)
    worlds = made._sampled_worlds()
    assert all(w.size("B") < w.size("N") for w in worlds)
    assert {dict(w.conventions)["c"] for w in worlds} == {"1", "2"}
    assert made.tally.excluded["B < N"] > 0
    only = search(rank(A[i]) <= 1, B < N, Eq(c, 2))._sampled_worlds()
    assert only
    assert {dict(w.conventions)["c"] for w in only} == {"2"}


def test_a_design_point_yields_to_the_hypotheses_on_sizes() -> None:
    made = search(rank(A[i]) <= 1, B < N)
    world = made.world({"m": 2, "n": 2, "N": 3, "B": 3})
    admitted = made._admitted(world)
    assert admitted is not None
    assert dict(admitted.sizes) == {"m": 2, "n": 2, "N": 3, "B": 2}
    assert admitted.seed != world.seed
    assert made.tally.excluded["B < N"] == 1
    assert made._admitted(made.world({"m": 2, "n": 2, "N": 1, "B": 1})) is None
    kept = made.world({"m": 2, "n": 2, "N": 3, "B": 1})
    assert made._admitted(kept) is kept


def judged(made: Search, sizes: dict[str, int], count: int = 64) -> Any:
    (part,) = made.screen.lanes(made.world(sizes, reach=1), 0, count)
    return part


def test_what_says_nothing_is_bred_last() -> None:
    """As 0 <= 0 is, which is tight and leads nowhere."""
    made = search(norm(V) <= 2 * norm(x[i]) + norm(u))
    part = judged(made, {"m": 1, "n": 1, "N": 1, "B": 1}, 512)
    part.says_something[:] = False
    climb = Climb(made.screen, QUICK, 0)
    top = climb.consider(part)
    part.says_something[:] = True
    assert 0 < top < 8 * NOTHING_SAID * climb.consider(part)


def test_worlds_take_turns() -> None:
    """A world that was bred in vain comes after others that are as tight."""
    made = search(norm(G[S]) <= eps, B < N)
    climb = Climb(made.screen, QUICK, 0)
    for count in range(2, 8):
        part = judged(made, {"m": 1, "n": 1, "N": count, "B": 1})
        part.admissible[:], part.tightness[:], part.excess[:] = True, 0.5, 0.0
        climb.consider(part)
        climb.settle()
    bred: list[World] = [world for world, _, _ in climb.broods()]
    assert len(bred) == 9
    assert len(set(bred[:6])) == 6, "nothing got better, so six worlds come before any comes twice"


def test_a_world_that_gets_better_is_bred_on() -> None:
    made = search(norm(G[S]) <= eps, B < N)
    climb = Climb(made.screen, QUICK, 0)
    parts = [judged(made, {"m": 1, "n": 1, "N": count, "B": 1}) for count in range(2, 8)]
    for number, part in enumerate(parts):
        part.admissible[:], part.tightness[:], part.excess[:] = True, 0.5, 0.0
        part.tightness[:] += number / 64
        climb.consider(part)
        climb.settle()
    rising, bred = parts[-1], []
    for world, _, _ in climb.broods():
        bred.append(world)
        if world == rising.world:
            rising.tightness[:] += 1 / 32
            climb.consider(rising)
            climb.settle()
    assert bred.count(rising.world) == 3


def test_known_lanes_stay_among_equals() -> None:
    """What climbs is bred from the same parents until better ones come."""
    made = search(norm(G[S]) <= eps, B < N)
    climb = Climb(made.screen, QUICK, 0)
    world = made.world({"m": 1, "n": 1, "N": 2, "B": 1}, reach=1)
    first, second = (next(iter(made.screen.lanes(world, start, 64))) for start in (0, 64))
    for part, tightness in ((first, 0.5), (second, 0.5)):
        part.admissible[:], part.tightness[:], part.excess[:], part.says_something[:] = True, tightness, 0.0, True
        climb.consider(part)
        climb.settle()
    assert torch().equal(climb.best[world][2]["V"].values, first.net.draws["V"].values[:PARENTS])
    second.tightness[:] = 0.75
    climb.consider(second)
    climb.settle()
    assert torch().equal(climb.best[world][2]["V"].values, second.net.draws["V"].values[:PARENTS])


def test_children_stay_in_their_ranges_and_repeat() -> None:
    made = search(norm(G[S]) <= eps, B < N, mu > 0, kind=TwoLayerReLU(regulariser="constant"))
    climb = Climb(made.screen, QUICK, 0)
    part = judged(made, {"m": 2, "n": 2, "N": 3, "B": 2})
    climb.consider(part)
    climb.settle()
    (parents,) = (draws for _, _, draws in climb.best.values())
    children, again = (climb._children(parents, 400, 7) for _ in range(2))
    for name, draw in children.items():
        assert (draw.values >= draw.low).all()
        assert (draw.values <= draw.high).all()
        assert torch().equal(draw.values, again[name].values)
    changed = (children["x"].values[:, None] != parents["x"].values[None]).flatten(2).any(2).all(1)
    assert 0 < int(changed.sum()) < 400, "some are as a parent was, some are not"


def test_the_anchor_needs_no_structure_to_refute_its_neighbours() -> None:
    """B + 1 for 2 B - 1 wants four samples in batches of three, and gradients near (5, -1, -1, -1)."""
    constant = TwoLayerReLU(regulariser="constant")
    mutant = next(m.statement for m in anchor.mutants if m.name.startswith("B + 1"))
    assert mutant.given == constant
    for seed in (11, 12, 13):
        made = Search(mutant, ARENA, QUICK, seed)
        made.run()
        assert made.found is not None
        assert made.found.world.size("B") >= 3
