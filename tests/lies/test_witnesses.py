"""A witness is believed for nothing but its draws, and for these only where its kind draws them.

A file may say anything of ranges, corners and types. What is true of every network that a kind draws must not be
refuted by a network that it never draws; what a search finds, in a corner or on a finer grid, must replay.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sympy import Eq

from properties.worlds.dense import DenseLayer
from properties.worlds.networks import TwoLayerReLU
from properties.worlds.training import TrainedTwoLayerReLU
from symbolic import norm, rank
from symbolic.papers.weight_decay import A, V, b, eta, h, i, x
from verify.arena import Arena
from verify.claims import Statement
from verify.draws import refined
from verify.efforts import EFFORTS
from verify.search import Found, Search, lane_draws
from verify.shrink import Shrinker
from verify.witness import Witness, WitnessError, read, write

NETWORKS = TwoLayerReLU()
TRUE = Statement(NETWORKS, (), eta <= 1)  # eta is drawn from 0 to 4 quarters


def found_in(statement: Statement, corner: str = "", **sizes: int) -> tuple[Search, list[Found]]:
    """Counterexamples among lanes of one world, as the search hears them."""
    search = Search(statement, Arena(), EFFORTS["quick"], 0, lambda: None)
    chosen = {k: sizes.get(k, min(bound.high, bound.low + 1)) for k, bound in statement.given.sizes().items()}
    judged = next(iter(search.screen.lanes(search.world(chosen, corner=corner), 0, 128)))
    found = []
    for lane in judged.accused.nonzero().flatten().tolist()[:2]:
        draws = lane_draws(judged.net, lane)
        ruling = search.court.hear(judged.world, draws)
        found += [Found(judged.world, draws, ruling, "corner", 1)] if ruling.refutes else []
    return search, found


def stored(statement: Statement, found: Found, folder: Path) -> Path:
    witness = Witness(
        "draft/x", None, statement.hash, statement.text, found.world, found.draws, found.ruling, {}, {"python": "3"}
    )
    return write(folder, witness)


def changed(path: Path, change: Any) -> Path:
    said = json.loads(path.read_text())
    change(said)
    path.write_text(json.dumps(said))
    return path


@pytest.fixture
def of_eta(tmp_path: Path) -> Path:
    """A witness against a false statement about eta, as the search writes it."""
    _, found = found_in(Statement(NETWORKS, (), eta <= 0))
    return stored(TRUE, found[0], tmp_path)


def set_eta(value: Any, ends: list[int]) -> Any:
    return lambda said: said["draws"]["eta"].update(values=value, range=ends)


@pytest.mark.parametrize("value", [5, 99, 2**61])
def test_a_number_beyond_the_range_that_the_kind_asks_for_refutes_nothing(of_eta: Path, value: int) -> None:
    with pytest.raises(WitnessError, match="the draw eta holds"):
        read(changed(of_eta, set_eta(value, [-(2**61), 2**61]))).rule(TRUE)


def test_floats_where_the_kind_draws_integers_refute_nothing(of_eta: Path) -> None:
    with pytest.raises(WitnessError, match="holds floats"):
        read(changed(of_eta, set_eta(float(99).hex(), [0, 0]))).rule(TRUE)


def test_the_range_of_a_finer_grid_is_no_wider(of_eta: Path) -> None:
    def finer(said: Any) -> None:
        said["world"]["fineness"] = 3
        said["draws"]["eta"]["values"] = 33

    with pytest.raises(WitnessError, match="the draw eta holds 33"):
        read(changed(of_eta, finer)).rule(TRUE)


def test_a_corner_bends_no_further_than_it_bends_networks_of_the_kind(tmp_path: Path) -> None:
    """Biases are drawn up to 6, and a corner takes them to 37 in two dimensions: 1000 is no network's."""
    wide = Statement(NETWORKS, (), norm(b) <= 6)
    _, found = found_in(wide, corner="dead units", m=1, n=2, N=1, B=1)
    path = stored(wide, found[0], tmp_path)
    assert read(path).rule(wide).refutes
    with pytest.raises(WitnessError, match="the draw b holds 1000"):
        read(changed(path, lambda said: said["draws"]["b"].update(values=[[1000]]))).rule(wide)


WRONG: dict[str, Any] = {
    "a corner of no kind": lambda said: said["world"].update(corner="somewhere"),
    "a corner that is a number": lambda said: said["world"].update(corner=3),
    "a mutant that is a list": lambda said: said.update(mutant=["x"]),
    "a claim that is a number": lambda said: said.update(claim=3),
    "a size that is true": lambda said: said["world"]["sizes"].update(m=True),
    "a size that is a float": lambda said: said["world"]["sizes"].update(m=1.0),
    "a convention that is a number": lambda said: said["world"]["conventions"].update(kink=0),
    "a convention that is missing": lambda said: said["world"]["conventions"].pop("kink"),
    "a seed that is text": lambda said: said["world"].update(seed="1"),
    "sparse as a number": lambda said: said["world"].update(sparse=0),
    "a draw that is true": lambda said: said["draws"]["eta"].update(values=True),
    "a range of text": lambda said: said["draws"]["eta"].update(range="04"),
    "a ruling without a place": lambda said: said["ruling"].pop("at"),
    "a schema that is a number": lambda said: said.update(schema=1),
}


@pytest.mark.parametrize("name", WRONG)
def test_fields_of_another_type_are_refused(name: str, of_eta: Path) -> None:
    with pytest.raises(WitnessError):
        read(changed(of_eta, WRONG[name])).rule(TRUE)


FALSE = {
    "networks": (Statement(NETWORKS, (), rank(A[i]) <= 0), NETWORKS.corners),
    "inputs out of range": (Statement(NETWORKS, (), norm(x[i]) <= 5), ("collinear inputs",)),
    "biases out of range": (Statement(NETWORKS, (), norm(b) <= 6), ("dead units", "exact kink")),
    "dense layers": (Statement(DenseLayer(), (), Eq(norm(h[i]), 0)), DenseLayer.corners),
    "trained networks": (Statement(TrainedTwoLayerReLU(steps=4), (), norm(V) <= 0), ("",)),
}


@pytest.mark.parametrize("name", FALSE)
def test_what_a_search_finds_replays_as_found_shrunk_and_on_a_finer_grid(name: str, tmp_path: Path) -> None:
    statement, corners = FALSE[name]
    tried = 0
    for corner in corners:
        search, found = found_in(statement, corner)
        for one in found[:1]:
            shrunk = Shrinker(search)(one)
            both = [one, shrunk]
            if statement.given.refines:
                both.append(
                    Found(shrunk.world.refined(9), refined(shrunk.draws, 9), shrunk.ruling, shrunk.stage, shrunk.lanes)
                )
            for told in both:
                tried += 1
                assert read(stored(statement, told, tmp_path)).rule(statement).refutes, corner
    assert tried
