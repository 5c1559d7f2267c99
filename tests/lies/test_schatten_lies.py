"""False statements about quasi-norms and shattered points are found out by the search alone, whatever the seed."""

from __future__ import annotations

import pytest

import properties.rank_sparse.limits
import properties.rank_sparse.matrices
import properties.rank_sparse.sums_and_products
import properties.weight_decay.shattering  # noqa: F401
from verify.arena import Arena
from verify.claims import claims
from verify.efforts import EFFORTS
from verify.search import Search

FILES = ("rank_sparse/limits.py", "rank_sparse/matrices.py", "rank_sparse/sums_and_products.py", "shattering.py")
OWN = [c for c in claims().values() if c.file.endswith(FILES)]
FALSE = [(f"{c.id}: {m.name}", m.statement) for c in OWN for m in c.mutants]
FALSE += [(c.id, c.statement) for c in OWN if c.expects.name == "REFUTED"]
SEEDS = (1, 2)


def found(statement, seed):
    arena = Arena()
    arena.prepare()
    search = Search(statement, arena, EFFORTS["quick"], seed)
    search.run()
    return search.found


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("name", "statement"), FALSE, ids=[name for name, _ in FALSE])
def test_it_is_found_out(name, statement, seed):
    assert found(statement, seed) is not None
