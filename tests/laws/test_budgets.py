"""A short attempt at a proof hides no longer one, and what was proved once is not proved again."""

from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from properties.worlds.networks import TwoLayerReLU
from symbolic import rank
from symbolic.papers.weight_decay import V, m
from symbolic.prover import NotProved, prove
from verify import proving
from verify.claims import Statement
from verify.proving import Proofs

SAYS = rank(V) <= m
GIVEN = Statement(TwoLayerReLU(), (), SAYS)
CLAIM = SimpleNamespace(id="draft/budget", statement=GIVEN, relies_on=(), where={}, proof=None)
FULL = 10**6


@dataclass
class Attempts:
    """A prover that needs some work, and remembers how much it was given."""

    needed: float
    given: list = field(default_factory=list)

    def __call__(self, says, assuming, where, lemmas, proof, most):
        self.given.append(most)
        return prove(says) if (FULL if most is None else most) >= self.needed else NotProved("too little work", says)


@pytest.fixture
def attempts(monkeypatch):
    def made(needed):
        prover = Attempts(needed)
        monkeypatch.setattr(proving, "prove", prover)
        return prover, Proofs(None, {})

    return made


def test_a_short_attempt_does_not_hide_a_full_one(attempts):
    prover, proofs = attempts(100)
    assert proofs.derivation(CLAIM, GIVEN, 50) is None
    assert proofs.unproved == {CLAIM.id: "too little work"}
    assert proofs.derivation(CLAIM, GIVEN) is not None
    assert prover.given == [50, None]
    assert not proofs.unproved


def test_what_failed_is_tried_again_only_with_more_work(attempts):
    prover, proofs = attempts(FULL + 1)
    for most in (60, 50, 60, None, 70, None):
        assert proofs.derivation(CLAIM, GIVEN, most) is None
    assert prover.given == [60, None]


def test_what_was_proved_stays_proved(attempts):
    prover, proofs = attempts(50)
    found = proofs.derivation(CLAIM, GIVEN, 60)
    assert found is not None
    assert proofs.derivation(CLAIM, GIVEN) is found
    assert proofs.derivation(CLAIM, GIVEN, 10) is found
    assert prover.given == [60]
