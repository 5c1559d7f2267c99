"""False statements about layers that weigh the same, least networks and steps with decay are found out by search."""

from __future__ import annotations

import pytest

import properties.relatives.decayed_steps
import properties.relatives.factors
import properties.relatives.harmonic_means
import properties.relatives.linear_layers
import properties.relatives.pieces
import properties.relatives.unit_weights  # noqa: F401
from verify.arena import Arena
from verify.claims import claims
from verify.efforts import EFFORTS
from verify.search import Search

OWN = [c for c in claims().values() if "/relatives/" in c.file and "weight_decay" not in c.file]
FALSE = [(f"{c.id}: {m.name}", m.statement) for c in OWN for m in c.mutants]
FALSE += [(c.id, c.statement) for c in OWN if c.expects.name == "REFUTED"]


def test_there_are_claims_of_every_work():
    works = {c.id.partition("/")[0] for c in OWN}
    assert works >= {
        "ji2019", "le2022", "ergen2021", "ongie2022", "timor2023", "xu2023", "galanti2022", "galanti2025", "park2022",
    }  # fmt: skip


@pytest.mark.parametrize(("name", "statement"), FALSE, ids=[name for name, _ in FALSE])
def test_it_is_found_out(name, statement):
    arena = Arena()
    arena.prepare()
    search = Search(statement, arena, EFFORTS["quick"], 1)
    search.run()
    assert search.found is not None


@pytest.mark.parametrize("name", [c.id for c in OWN if c.expects.name == "REFUTED"])
def test_what_is_refuted_is_a_reading(name):
    assert name.endswith("-as-read")
    assert next(c for c in OWN if c.id == name).provenance == "as-read"
