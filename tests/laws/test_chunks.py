"""How lanes are cut into chunks does not show in what climbing breeds."""

from __future__ import annotations

from typing import Any

import pytest

from properties.worlds.networks import TwoLayerReLU
from symbolic import norm
from symbolic.papers.weight_decay import B, G, N, S, eps
from verify.arena import Arena, torch
from verify.claims import Statement
from verify.climb import PARENTS, Climb
from verify.efforts import EFFORTS
from verify.search import Search

LANES, SIZES = 64, {"m": 1, "n": 1, "N": 2, "B": 1}


def climbed(tight: list[int], chunk: int) -> Climb:
    """What is known of lanes that are wholly loose but for those named, taken in by chunks."""
    statement = Statement(TwoLayerReLU(), (B < N,), norm(G[S]) <= eps)
    search = Search(statement, Arena(), EFFORTS["quick"], 0)
    climb = Climb(search.screen, EFFORTS["quick"], 0)
    world = search.world(SIZES, reach=1)
    for start in range(0, LANES, chunk):
        (part,) = search.screen.lanes(world, start, chunk)
        part.admissible[:], part.says_something[:] = True, True
        part.tightness[:], part.excess[:] = 0.0, -1.0
        for lane in tight:
            if start <= lane < start + chunk:
                part.tightness[lane - start] = 0.5
        climb.consider(part)
    climb.settle()
    return climb


@pytest.mark.parametrize("chunk", [1, 8, 32])
@pytest.mark.parametrize("tight", [[0], [40, 63], []])
def test_what_is_bred_from_does_not_depend_on_the_chunks(tight: list[int], chunk: int) -> None:
    whole, parts = (climbed(tight, size).best for size in (LANES, chunk))
    assert list(whole) == list(parts)
    assert bool(whole) == bool(tight), "a world with nothing above zero is not bred from"
    for world, (top, scores, draws) in whole.items():
        other: Any = parts[world]
        assert (top, scores.shape[0]) == (other[0], PARENTS)
        assert torch().equal(scores, other[1])
        assert all(torch().equal(d.values, other[2][name].values) for name, d in draws.items())
