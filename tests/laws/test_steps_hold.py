"""Every step of a derivation, not only the last, holds in small worlds where its hypotheses do.

The words that a derivation defines are read by their definitions, batch gradients as means of those of the samples.
What is about a supposed member is judged as what the supposition implies.
"""

import runpy
from functools import cache
from pathlib import Path

import pytest
from sympy import Implies

from symbolic.grammar import is_witness
from symbolic.papers import weight_decay as w
from symbolic.proofs import Derivation
from symbolic.prover import prove
from symbolic.sentences import free_indices, mean

TESTS = Path(__file__).parents[1]
PROVABLE = runpy.run_path(str(TESTS / "derivable.py"))["PROXIMITY"]
SMALL = runpy.run_path(str(TESTS / "small_worlds.py"))
World, holds = SMALL["World"], SMALL["holds"]
BATCHES = {w.G[w.S]: mean(w.q[w.j], w.j, w.S)}
SEARCHED, WORLDS = 4000, 3
GROUNDS = ("hypothesis", "lemma", "definition", "suppose")


@cache
def worlds(name):
    """Worlds in which the hypotheses of a statement hold."""
    _, assuming, where, *_ = PROVABLE[name]
    found = []
    for seed in range(SEARCHED):
        world = World(seed, {**where, **BATCHES})
        if world.sizes["N"] > 1 and not world.constant and all(holds(a, world) for a in assuming):
            found.append(world)
        if len(found) == WORLDS:
            return found
    return found


def suppositions(derivation, number):
    """What is supposed of the fixed members that a step mentions."""
    mentioned = set(filter(is_witness, free_indices(derivation.steps[number].conclusion)))
    supposed = [s.conclusion for s in derivation.steps[:number] if s.rule == "suppose"]
    return [said for said in supposed if mentioned & set(free_indices(said))]


@pytest.mark.parametrize("name", PROVABLE)
def test_every_step_holds_where_the_hypotheses_do(name):
    derivation = prove(*PROVABLE[name])
    assert isinstance(derivation, Derivation)
    assert len(worlds(name)) == WORLDS
    for number, step in enumerate(derivation.steps):
        said = step.conclusion
        for supposition in suppositions(derivation, number):
            said = Implies(supposition, said)
        for world in worlds(name) if step.rule not in GROUNDS else ():
            assert holds(said, world), f"{step.rule}: {said}"
