"""False neighbours of the claims on complexities and errors die in the search, and printed ones are refuted."""

from __future__ import annotations

import pytest

import properties.jacobian.complexity
import properties.jacobian.error_from_loss
import properties.jacobian.neighbourhood  # noqa: F401
from verify.arena import Arena
from verify.claims import Statement, claims
from verify.efforts import EFFORTS
from verify.search import Found, Search
from verify.shrink import Shrinker

OURS = [c for c in claims().values() if c.id.startswith(("oymak2019/J23", "oymak2019/J24", "oymak2019/J25"))]
MUTANTS = [(f"{c.id}: {m.name}", m.statement) for c in OURS for m in c.mutants]


def hunted(statement: Statement, seed: int) -> Search:
    arena = Arena()
    arena.prepare()
    search = Search(statement, arena, EFFORTS["quick"], seed)
    search.run()
    return search


@pytest.mark.parametrize("seed", [10, 11])
@pytest.mark.parametrize(("name", "statement"), MUTANTS, ids=[name for name, _ in MUTANTS])
def test_it_dies(name: str, statement: Statement, seed: int) -> None:
    assert hunted(statement, seed).found is not None


def smallest(claim_id: str) -> Found:
    search = hunted(claims()[claim_id].statement, 0)
    assert search.found is not None
    return Shrinker(search)(search.found)


def test_without_one_over_n_two_functions_of_two_samples_suffice() -> None:
    found = smallest("oymak2019/J23-contraction-printed")
    assert dict(found.world.sizes) == {"T": 2, "N": 2, "K": 1}


def test_with_b_everywhere_one_neuron_suffices() -> None:
    found = smallest("oymak2019/J24-complexity-printed")
    assert dict(found.world.sizes) == {"T": 2, "m": 1, "n": 1, "N": 1, "K": 1}


def test_what_is_called_unproved_says_why_and_is_not_tested() -> None:
    unproved = {c.id for c in OURS if c.unproved}
    assert unproved == {"oymak2019/J23-uniform-convergence", "oymak2019/J25-error"}
    assert all(c.expects.name == "INCONCLUSIVE" for c in OURS if c.unproved)
