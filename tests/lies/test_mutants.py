"""Every author's mutant dies in the search, with no stored counterexample, and its witness is small."""

from __future__ import annotations

import pytest

from verify import catalogue
from verify.arena import Arena
from verify.claims import Statement, claims
from verify.efforts import EFFORTS
from verify.search import Found, Search
from verify.shrink import Shrinker

catalogue.load_all()
CATALOGUE = [c for c in claims().values() if c.id.startswith("chen2024/")]
MUTANTS = [(f"{c.id}: {m.name}", m.statement) for c in CATALOGUE for m in c.mutants]
MUTANTS += [(c.id, c.statement) for c in CATALOGUE if c.expects.name == "REFUTED"]
SEEDS = (1, 2)


def hunted(statement: Statement, seed: int) -> Found | None:
    arena = Arena()
    arena.prepare()
    search = Search(statement, arena, EFFORTS["quick"], seed)
    search.run()
    return None if search.found is None else Shrinker(search)(search.found)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("name", "statement"), MUTANTS, ids=[name for name, _ in MUTANTS])
def test_it_dies(name: str, statement: Statement, seed: int) -> None:
    assert hunted(statement, seed) is not None


def nonzero(found: Found) -> int:
    return sum(int((d.values != 0).sum()) for d in found.draws.values())


def mutant(claim_id: str, name: str) -> Statement:
    return next(m.statement for m in claims()[claim_id].mutants if m.name == name)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_batch_gradient_of_rank_two_is_small_and_off_the_kinks(seed: int) -> None:
    found = hunted(mutant("chen2024/lemma-2.2", "a batch gradient has rank one"), seed)
    assert found is not None
    sizes = dict(found.world.sizes)
    assert (sizes["m"], sizes["n"], sizes["N"]) == (2, 2, 2)
    assert nonzero(found) <= 8
    assert not found.ruling.kink
    assert all(abs(int(v)) <= 3 for d in found.draws.values() for v in d.values.flatten())


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", ["a batch may be the whole sample", "no decay"])
def test_against_the_sharp_theorem_two_samples_suffice(name: str, seed: int) -> None:
    found = hunted(mutant("chen2024/theorem-2.4-sharp", name), seed)
    assert found is not None
    assert found.world.size("N") == 2


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", ["a batch may be the whole sample", "no decay"])
def test_against_rank_two_as_well(name: str, seed: int) -> None:
    """With strengths of both signs; with all of them positive the whole sample needs three."""
    found = hunted(mutant("chen2024/theorem-2.4", name), seed)
    assert found is not None
    assert {k: v for k, v in found.world.sizes if k != "B"} == {"m": 3, "n": 3, "N": 2}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_null_set_fails_at_a_zero_input_with_a_zero_bias(seed: int) -> None:
    found = hunted(claims()["chen2024/lemma-2.1-null-set-as-read"].statement, seed)
    assert found is not None
    assert nonzero(found) == 0
    assert max(v for _, v in found.world.sizes) == 1
