"""Standalone scripts: a counterexample runs on numpy alone and shows the sides that the appeal ruled on."""

from __future__ import annotations

import ast
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sympy import Abs, And, Eq, Implies, Ne, Or, Trace, sqrt

from properties.worlds.critical import CriticalTwoLayerReLU
from properties.worlds.formulas import TWO_LAYER
from properties.worlds.networks import TwoLayerReLU
from symbolic import (
    chain,
    distance_to_rank,
    entry,
    exists,
    greatest,
    mean,
    norm,
    null,
    rank,
    row,
    schatten,
    spectral_norm,
    vanishes,
)
from symbolic.papers import weight_decay as paper
from symbolic.papers.weight_decay import A, B, D, E, G, H, N, S, V, b, c, eps, eta, g, h, i, j, m, phi, q, s, u, x, y, z
from symbolic.words import word
from verify.appeal import ACQUITTED, Court
from verify.arena import Arena
from verify.claims import Statement
from verify.efforts import EFFORTS
from verify.scripts import standalone
from verify.search import Search, lane_draws
from verify.witness import Witness, WitnessError

ARENA = Arena()
BRIEF = replace(EFFORTS["quick"], tiny=3_000, examples=4, lanes=128, generations=1, brood=32)
NETWORKS = TwoLayerReLU()
CRITICAL = CriticalTwoLayerReLU()

size_of_batch = word("draft:weight_of", "the decayed weight of a batch", over="batches")


@size_of_batch.read_in(TwoLayerReLU)
def _(net: Any) -> Any:
    return net.mu_S * net.V.square().sum((-2, -1)).unsqueeze(-1)


FALSE: dict[str, Statement] = {
    "a rank": Statement(NETWORKS, (), rank(mean(A[j], j, S)) <= 1),
    "a rank that is exactly one": Statement(NETWORKS, (), Eq(rank(A[i]), 1)),
    "matrices": Statement(NETWORKS, (), Eq(A[i], u.T * x[i].T)),
    "batches": Statement(NETWORKS, (), Eq(G[S], mean(q[j], j))),
    "a step": Statement(NETWORKS, (B < N,), rank(paper.V_next[S] - (1 + eta * c * paper.mu_batch[S]) * V) <= B),
    "entries": Statement(
        NETWORKS, (), Eq(entry(u, s) * entry(paper.u_gradient[i], s), Trace(row(V, s) * row(A[i], s).T))
    ),
    "an output": Statement(NETWORKS, (), Eq(phi[i], Trace(u * D[i] * V * x[i]))),
    "a null set": Statement(NETWORKS, (), null(V, Eq(entry(V * x[i] + b, s), 0))),
    "a kink": Statement(NETWORKS, (), Eq(paper.D_closed[i], D[i])),
    "an implication": Statement(
        NETWORKS, (), Implies(2 * norm(E) <= Abs(entry(z[i], s)), Eq(entry(paper.D_moved[i], s, s), entry(D[i], s, s)))
    ),
    "the greatest": Statement(NETWORKS, (B < N,), Eq(eps, mean(norm(G[S]), S))),
    "roots": Statement(NETWORKS, (Ne(norm(H[S]), 0),), norm(h[i]) <= sqrt(2) * norm(H[S]) + 1 / norm(H[S])),
    "a chain": Statement(NETWORKS, (), chain(0, norm(u), norm(u) ** 2, 7)),
    "an existence": Statement(NETWORKS, (), exists(j, Ne(g[j], 0))),
    "singular values": Statement(NETWORKS, (), spectral_norm(V) >= norm(V)),
    "distances": Statement(NETWORKS, (), distance_to_rank(V, 1) <= norm(x[i]) / 5),
    "Schatten": Statement(NETWORKS, (), schatten(V, 1) <= norm(V)),
    "a user's word": Statement(NETWORKS, (), size_of_batch[S] <= eps * norm(V) / (2 * m)),
    "hypotheses met by construction": Statement(
        CRITICAL, (B < N, c > 0, Ne(g[i], 0), vanishes(G[S])), Or(Eq(norm(V), 0), Eq(x[i], x[j]))
    ),
    "a conjunction": Statement(CRITICAL, (B < N, vanishes(G[S])), And(rank(V) <= 2, greatest(y[i], i) <= 1)),
}


def witness_of(statement: Statement) -> Witness:
    search = Search(statement, ARENA, BRIEF, 0)
    search.run()
    assert search.found is not None
    found = search.found
    return Witness("tests/claim", None, statement.hash, statement.text, found.world, found.draws, found.ruling, {}, {})


def number(text: str) -> float:
    """The value of what an appeal prints: 3/4, 1/2 + 3*sqrt(5), [3.14 +/- 1e-3]."""
    return float(eval(text.strip("[]").partition(" +/-")[0], {"sqrt": lambda v: v**0.5}))


@pytest.fixture(scope="module", params=FALSE)
def case(request: pytest.FixtureRequest) -> tuple[Statement, Witness, str]:
    statement = FALSE[request.param]
    witness = witness_of(statement)
    return statement, witness, standalone(statement, witness)


def test_a_script_refutes_on_numpy_alone(case: tuple[Statement, Witness, str], tmp_path: Path) -> None:
    _, witness, text = case
    path = tmp_path / "counterexample.py"
    path.write_text(text, encoding="utf-8")
    done = subprocess.run([sys.executable, "-I", str(path)], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr + text
    lines = [line.partition(" ") for line in done.stdout.splitlines()]
    assert [name for name, _, _ in lines] == ["left", "right", "refuted"]
    for (_, _, shown), side in zip(lines, (witness.ruling.left, witness.ruling.right), strict=False):
        shown = shown.strip()
        if shown != side:
            assert number(shown) == pytest.approx(number(side), rel=2**-40, abs=2**-40)


def test_a_script_imports_nothing_else(case: tuple[Statement, Witness, str]) -> None:
    tree = ast.parse(case[2])
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported == {"numpy", "fractions"}
    assert not any(name in case[2] for name in ("import verify", "import torch", "exec(", "eval("))


def test_a_script_is_read_in_one_sitting(case: tuple[Statement, Witness, str]) -> None:
    lines = case[2].splitlines()
    assert len(lines) <= 120
    assert max(map(len, lines)) <= 130
    assert "tests/claim" in lines[0]


def test_a_script_whose_numbers_are_changed_fails(tmp_path: Path) -> None:
    statement = FALSE["a rank that is exactly one"]
    text = standalone(statement, witness_of(statement))
    changed = text.replace("assert left != right", "left = right\nassert left != right")
    assert changed != text
    path = tmp_path / "changed.py"
    path.write_text(changed, encoding="utf-8")
    assert subprocess.run([sys.executable, "-I", str(path)], capture_output=True, check=False).returncode == 1


def test_a_user_word_is_written_as_its_value() -> None:
    statement = FALSE["a user's word"]
    assert "the value that the suite reads" in standalone(statement, witness_of(statement))


def test_what_does_not_refute_has_no_script() -> None:
    witness = witness_of(FALSE["a rank that is exactly one"])
    with pytest.raises(WitnessError, match="does not refute"):
        standalone(Statement(NETWORKS, (), rank(A[i]) <= 1), witness)


@pytest.mark.parametrize("kind", [NETWORKS, CRITICAL, CriticalTwoLayerReLU(vanishing="partition")], ids=str)
@pytest.mark.parametrize("defined", TWO_LAYER, ids=str)
def test_formulas_are_what_is_read(kind: TwoLayerReLU, defined: Any) -> None:
    statement = Statement(kind, (), Eq(defined, TWO_LAYER[defined], evaluate=False))
    search = Search(statement, ARENA, BRIEF, 0)
    for number_, sizes in enumerate(({"m": 2, "n": 1, "N": 2, "B": 2}, {"m": 3, "n": 2, "N": 4, "B": 2})):
        world = search.world(sizes, conventions={"s": "1/2", "kink": "1/2", "c": "2"}, number=number_)
        (judged,) = search.screen.lanes(world, 0, 8)
        for lane in range(2):
            assert Court(statement).hear(world, lane_draws(judged.net, lane)).ruling == ACQUITTED
