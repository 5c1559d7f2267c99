"""Standalone scripts of counterexamples that speak of projectors, subsets, distances to a rank and roots."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sympy import Eq, sqrt

from properties.worlds.subsets import TwoLayerReLUWithSubsets
from symbolic import mean, norm, rank
from symbolic.papers.weight_decay import B, N, T, V, c, eps, g, h, i, j, k, rho, x
from symbolic.projections import projector
from symbolic.sentences import distance_to_rank, spectral_norm
from verify.arena import Arena
from verify.claims import Statement
from verify.efforts import EFFORTS
from verify.scripts import standalone
from verify.search import Search
from verify.witness import Witness

ARENA = Arena()
BRIEF = replace(EFFORTS["quick"], tiny=2_000, examples=4, lanes=128, generations=1, brood=32)
KIND = TwoLayerReLUWithSubsets()
SHARED = mean(g[j] ** 2 * projector(x[j]), j)
PULLED = norm(V + mean(h[j], j, T) / (c * mean(g[j], j, T)))
KAPPA = eps / (c * mean(g[j], j)) * sqrt(B * (N - k) / (k * (N - B)))
HALVED = (2 * B - 1) * eps / (2 * c * g[i])

SHOWN: dict[str, Statement] = {
    "a projector": Statement(KIND, (), Eq(projector(x[i]) * x[j], x[j])),
    "off a projector": Statement(KIND, (B < N, g[i] > 0), norm(V - V * projector(x[i])) <= HALVED),
    "subsets": Statement(KIND, (k < N, g[i] > 0), norm(V) / sqrt(k) >= PULLED),
    "many subsets": Statement(
        TwoLayerReLUWithSubsets(samples=replace(KIND.samples, low=8), subset=replace(KIND.subset, low=4, high=4)),
        (),
        norm(mean(h[j], j, T)) <= norm(mean(h[j], j)),
    ),
    "a distance": Statement(KIND, (), distance_to_rank(V, k) <= norm(V) / (2 * sqrt(k))),
    "no distance": Statement(KIND, (distance_to_rank(V, k) <= rho * norm(V), rank(V) > k), rho >= 1),
    "a bound with roots": Statement(KIND, (k < N, B < N, g[i] > 0), norm(V) <= KAPPA),
    "the mean of projectors": Statement(KIND, (), spectral_norm(SHARED) <= mean(g[j], j)),
}


@pytest.mark.parametrize("name", SHOWN)
def test_a_script_computes_the_same_sides(name: str, tmp_path: Path) -> None:
    search = Search(SHOWN[name], ARENA, BRIEF, 0)
    search.run()
    found = search.found
    assert found is not None
    witness = Witness(
        "draft/x", None, SHOWN[name].hash, SHOWN[name].text, found.world, found.draws, found.ruling, {}, {}
    )
    text = standalone(SHOWN[name], witness)
    path = tmp_path / "counterexample.py"
    path.write_text(text, encoding="utf-8")
    done = subprocess.run([sys.executable, "-I", str(path)], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr + text
    shown = dict(line.split(maxsplit=1) for line in done.stdout.splitlines()[:2])
    for side, ruled in (("left", found.ruling.left), ("right", found.ruling.right)):
        assert _numbers(shown[side]) == pytest.approx(_numbers(ruled), rel=2**-40, abs=2**-40)


def _numbers(text: str) -> list[float]:
    """The numbers of a printed side: 3/4, 1/2 + 3*sqrt(5), [1.5 +/- 1e-30], or a matrix of such."""
    if text.startswith("[["):
        return [n for part in text.replace("[", "").replace("]", "").split(",") for n in _numbers(part.strip())]
    return [float(eval(text.strip("[]").partition(" +/-")[0], {"sqrt": lambda v: v**0.5}))]
