"""What the prover must find, and that what it finds is replayed from a file."""

import json
import runpy
import time
from pathlib import Path

import pytest
import sympy as sp
from sympy import Eq, MatMul, Min

from symbolic import entry, greatest, index, mean, norm, rank, ranks, size, word
from symbolic.certificates import Certificate
from symbolic.papers.weight_decay import A, A_formula, B, D, D_formula, N, S, V, c, h, i, j, m, mu, n, u
from symbolic.proofs import Derivation
from symbolic.prover import NotProved, prove
from verify.recheck import Rejected, premises_of, replay

CASES = runpy.run_path(str(Path(__file__).parents[1] / "derivable.py"))
PROVABLE = {**CASES["STATED"], **CASES["MORE"], **CASES["PROXIMITY"]}
FALSE = {**CASES["FALSE"], **CASES["FALSE_PROXIMITY"]}
SOON = 60  # seconds of one processor, for the hardest


@pytest.mark.parametrize("name", PROVABLE)
def test_a_true_statement_is_derived_and_replayed_from_its_file(name):
    derivation = prove(*PROVABLE[name])
    assert isinstance(derivation, Derivation), derivation
    stored = json.dumps(derivation.to_json())
    accepted = replay(stored)
    assert accepted.statement == PROVABLE[name][0]
    assert accepted.steps == len(derivation.steps)
    assert accepted.rests_on == premises_of(derivation)
    assert Derivation.from_json(stored) == derivation


@pytest.mark.parametrize("name", FALSE)
def test_a_false_statement_is_not_derived(name):
    start = time.process_time()
    outcome = prove(*FALSE[name])
    assert time.process_time() - start < SOON
    assert isinstance(outcome, NotProved)
    assert outcome.reason
    assert "\n" not in outcome.reason


def test_a_derivation_holds_only_what_it_uses():
    says, assuming, where, lemmas = PROVABLE["theorem-2.4-sharp"]
    derivation = prove(says, [*assuming, mu > 3], {**where, D[i]: D_formula}, {**lemmas, "draft/other": rank(V) <= 7})
    assert (mu > 3) not in derivation.hypotheses
    assert D[i] not in derivation.definitions
    assert list(derivation.lemmas) == list(lemmas)
    assert set(derivation.hypotheses) == set(assuming)


def test_a_hypothesis_and_a_lemma_are_used_as_they_stand():
    assert isinstance(prove(rank(V) <= 3, [rank(V) <= 3]), Derivation)
    assert isinstance(prove(rank(V + A[j]) <= 4, [rank(V) <= 3], {A[i]: A_formula}), Derivation)
    assert isinstance(prove(rank(h[j]) <= 2, [], {}, {"draft/low": rank(h[i]) <= 2}), Derivation)


def test_a_given_certificate_is_used_and_a_wrong_one_is_not():
    says, assuming, where, lemmas = PROVABLE["anchor"]
    assert isinstance(prove(says, assuming, where, lemmas, Certificate((B, -(B - 1)))), Derivation)
    assert isinstance(prove(says, assuming, where, lemmas, Certificate((B, -B))), NotProved)
    assert isinstance(prove(says, assuming, where, lemmas, "no certificate"), NotProved)


def test_the_best_bounds_are_named_when_a_rank_is_not_proved():
    outcome = prove(rank(mean(A[j], j, S)) <= 1, [], {A[i]: A_formula})
    assert outcome.culprit == rank(mean(A[j], j, S))
    assert "m, n, B" in outcome.reason


def test_an_unsound_row_of_the_table_shows_in_prover_and_checker(monkeypatch):
    said = rank(mean(A[j], j, S)) <= 1
    assert isinstance(prove(said, [], {A[i]: A_formula}), NotProved)

    def mean_as_one(premises, parameters):
        return sp.Le(rank(parameters[0]), premises[0].rhs)

    monkeypatch.setitem(ranks.RANK_RULES, "rank_batch_mean", mean_as_one)
    planted = prove(said, [], {A[i]: A_formula})
    assert isinstance(planted, Derivation)
    assert replay(planted).statement == said
    monkeypatch.undo()
    with pytest.raises(Rejected, match="rank_batch_mean"):
        replay(planted)


def test_a_users_own_words_are_proved_about():
    W = word("draft:prover_W", "another layer", shape=(m, m))
    weights = word("draft:prover_weights", "weights of the samples", over="samples")
    assert isinstance(prove(rank(W * V + weights[i] * W * A[i]) <= Min(m, n), [], {A[i]: A_formula}), Derivation)
    assert isinstance(prove(rank(mean(weights[j] * A[j], j, S)) <= B, [], {A[i]: A_formula}), Derivation)
    assert isinstance(prove(Eq(mean(weights[j] * A[j] * c, j, S), c * mean(weights[i] * A[i], i, S))), Derivation)


def test_no_size_of_another_paper_counts_a_batch():
    width = size("other:k", "a width of another paper")
    batch = size("other:B", "a batch size of another paper")
    other = word("other:prover_M", "a matrix of another paper", shape=(width, width), over="samples")
    assert isinstance(prove(rank(mean(other[j], j, S)) <= B, [rank(other[i]) <= 1]), NotProved)
    assert isinstance(prove(rank(mean(other[j], j, S)) <= batch, [rank(other[i]) <= 1]), Derivation)


JUNK = [
    sp.true,
    V,
    sp.Integer(3),
    rank(V),
    Eq(sp.Symbol("a"), 1),
    Eq(sp.MatrixSymbol("M", 2, 2), sp.MatrixSymbol("K", 2, 2)),
    rank(V) <= sp.Symbol("k"),
    rank(V * V.T) ** 50 <= 3,
    sp.Le((c + mu + N + 1) ** 5000, 3),
    Eq(((c + mu) ** 8 + 1) ** 8 * (mu + N + B) ** 8, c),
    norm(V) / (c - c * mu) <= 0,
    rank(MatMul(*[V.T, V] * 40)) <= 0,
    greatest(entry(u, index("s", "neurons")), index("s", "neurons")) <= c**c**c,
    sp.Not(rank(V) <= 3),
    Eq(mean(mean(A[i] * h[j].T, i, S), j), V * V.T),
]


@pytest.mark.parametrize("junk", range(len(JUNK)))
def test_junk_is_answered_soon_and_without_an_exception(junk):
    start = time.perf_counter()
    assert isinstance(prove(JUNK[junk], [B < N, JUNK[junk]][:1], {A[i]: A[i] + A[i] * V.T * A[i]}), NotProved)
    assert time.perf_counter() - start < 10


def test_definitions_that_grow_for_ever_are_given_up():
    growing = {A[i]: A[i] * V.T * A[i] + V * A[i].T * A[i]}
    assert isinstance(prove(rank(A[i]) <= 1, [], growing), NotProved)


def test_the_reader_of_junk_is_told_in_one_sentence():
    outcome = prove("not a sentence")
    assert isinstance(outcome, NotProved)
    assert "\n" not in outcome.reason


def test_what_is_left_out_of_a_sketch_is_named():
    false, true = Eq(norm(V), 2 * norm(V)), rank(V) <= m
    outcome = prove(norm(V) <= norm(A[i]), proof=[true, false])
    assert isinstance(outcome, NotProved)
    assert f"of the sketch {false} was not proved" in outcome.reason
    assert str(true) not in outcome.reason
