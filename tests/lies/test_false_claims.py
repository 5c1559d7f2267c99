"""False statements that the suite must reject, and true ones that it must not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sympy import And, Eq, HadamardProduct, Implies, Ne, Not, Or, Rational, Trace, exp, log, sqrt

from properties.worlds.networks import TwoLayerReLU
from symbolic import chain, entry, exists, mean, norm, null, rank, row
from symbolic.papers.weight_decay import (
    A,
    A_formula,
    B,
    D,
    G,
    G_full,
    H,
    S,
    V,
    V_next,
    b,
    b_gradient,
    c,
    eps,
    eta,
    g,
    i,
    j,
    mu_batch,
    phi,
    q,
    s,
    u,
    u_gradient,
    x,
    z,
)
from verify import Contradiction, Size, Verdict, claim, word
from verify.arena import Arena
from verify.verdict import Finding, Grade, fold

Judge = Callable[..., Verdict]
ALMOST = 1 - Rational(1, 2**20)
HOMOGENEITY = Trace(row(V, s) * row(A[i], s).T) + entry(b, s) * entry(b_gradient[i], s)

SHARP = {
    "rank of a gradient": rank(A[i]) <= ALMOST,
    "rank of a batch gradient": rank(H[S]) <= B * ALMOST,
    "rank of a step": rank(V_next[S] - (1 - eta * c * mu_batch[S]) * V) <= B * ALMOST,
    "output": Eq(phi[i], Trace(u * D[i] * (V * x[i] + b)) * ALMOST),
    "batch gradient": Eq(G[S], mean(q[j], j, S) * ALMOST),
    "greatest norm": norm(G[S]) <= eps * ALMOST,
    "homogeneity": Eq(entry(u, s) * entry(u_gradient[i], s), HOMOGENEITY * ALMOST),
}


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", SHARP)
def test_a_sharp_statement_loses_a_millionth_and_is_refuted(name: str, dtype: str, judge: Judge) -> None:
    made = claim(f"test/{name.replace(' ', '-')}", "Too sharp.", given=TwoLayerReLU(), says=SHARP[name])
    assert judge(made, arenas=(Arena(dtype=dtype),)).grade is Grade.REFUTED


def test_a_false_chain_names_the_link_that_breaks(judge: Judge) -> None:
    terms = (norm(G_full), eps, Rational(1, 2) * eps, eps + norm(V))
    made = claim("test/chain", "A chain with a false link.", given=TwoLayerReLU(), says=chain(*terms))
    verdict = judge(made)
    assert verdict.grade is Grade.REFUTED
    assert verdict.details["witness"]["sentence"] == "eps <= eps/2"


def test_a_false_definition_is_the_authors_error(judge: Judge) -> None:
    made = claim(
        "test/definition", "Its definition is false.", given=TwoLayerReLU(), says=rank(A[i]) <= 1,
        where={A[i]: 2 * A_formula}, expects="proved",
    )  # fmt: skip
    verdict = judge(made)
    assert verdict.error is not None
    assert "definition" in verdict.error
    assert verdict.details["derivation"] is None


def test_a_definition_is_judged_in_the_worlds_of_mutants_too(judge: Judge) -> None:
    class Bent(TwoLayerReLU):
        pass

    narrow = TwoLayerReLU()
    made = claim("test/worlds", "True.", given=narrow, says=rank(A[i]) <= 1, where={A[i]: A_formula})
    made.breaks_when("in other worlds", given=Bent(), says=Eq(rank(A[i]), 1))
    assert judge(made).error is None
    Bent.readings = {**Bent.readings, "A": lambda net: 2 * TwoLayerReLU.readings["A"](net)}
    verdict = judge(made)
    assert verdict.error is not None
    assert "of a mutant" in verdict.error


def test_an_unsound_rule_is_a_contradiction(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    """A planted rule: the rank of a mean is at most that of a member."""
    from symbolic import ranks

    name = next(rule for rule in ranks.RANK_RULES if "batch" in rule)
    sound = ranks.RANK_RULES[name]
    made = claim(
        "test/unsound", "Lemma 2.2 with a mutant.", given=TwoLayerReLU(), says=rank(A[i]) <= 1, where={A[i]: A_formula}
    ).breaks_when("a batch gradient has rank one", says=rank(mean(A[j], j, S)) <= 1)
    assert judge(made).grade is Grade.PROVED
    _plant(monkeypatch, ranks, name, sound)
    with pytest.raises(Contradiction):
        judge(made)


def _plant(monkeypatch: pytest.MonkeyPatch, ranks: object, name: str, sound: Callable[..., object]) -> None:
    def unsound(premises: tuple[object, ...], parameters: tuple[object, ...]) -> object:
        concluded = sound(premises, parameters)
        return concluded.func(concluded.lhs, concluded.rhs.subs(B, 1))  # type: ignore[attr-defined]

    monkeypatch.setitem(ranks.RANK_RULES, name, unsound)  # type: ignore[attr-defined]


def test_a_survivor_makes_a_search_inconclusive(judge: Judge) -> None:
    made = claim("test/survivor", "True.", given=TwoLayerReLU(), says=norm(G[S]) <= eps)
    made.breaks_when("a true neighbour", says=norm(G[S]) <= 2 * eps)
    verdict = judge(made)
    assert verdict.grade is Grade.INCONCLUSIVE
    assert "has not shown that it can find" in verdict.reason


def test_an_empty_premise_is_inconclusive_and_names_what_excluded(judge: Judge) -> None:
    from symbolic.papers.weight_decay import N

    made = claim("test/empty", "Vacuous.", given=TwoLayerReLU(), assuming=[B > N], says=rank(A[i]) <= 1)
    verdict = judge(made)
    assert verdict.grade is Grade.INCONCLUSIVE
    assert "B > N" in verdict.reason


def test_findings_are_capped_by_their_type() -> None:
    with pytest.raises(ValueError, match="cannot award"):
        Finding("search", Grade.PROVED, "")
    with pytest.raises(ValueError, match="cannot award"):
        Finding("search", Grade.REFUTED, "")
    with pytest.raises(ValueError, match="refutes"):
        Finding("appeal", Grade.TESTED, "")


def test_proved_and_refuted_is_a_contradiction() -> None:
    with pytest.raises(Contradiction):
        fold("test/both", [Finding("derivation", Grade.PROVED, ""), Finding("appeal", Grade.REFUTED, "")])


def test_an_accusation_that_floats_make_is_acquitted_exactly(judge: Judge) -> None:
    """Without allowances floats accuse a true equation; the court acquits, and the verdict stands."""
    made = claim("test/rounding", "True.", given=TwoLayerReLU(), says=Eq(G[S] / 3, mean(q[j], j, S) / 3))
    made.breaks_when("twice", says=Eq(G[S], 2 * mean(q[j], j, S)))
    verdict = judge(made)
    assert verdict.grade >= Grade.TESTED
    counts = next(f for f in verdict.findings if f.type == "search").details["counts"]
    assert counts["unheard"] == 0


def test_a_negated_existence_keeps_its_index_bound(judge: Judge) -> None:
    nothing = Not(exists(j, Ne(g[j], 0)))
    true = claim("test/true", "No decay.", given=TwoLayerReLU(), says=Implies(nothing, Eq(G[S], H[S])))
    true.breaks_when("with decay", says=Eq(G[S], H[S]))
    assert judge(true).grade is not Grade.REFUTED
    for number, sentence in enumerate((Or(nothing, Ne(g[j], 0)), exists(i, Not(exists(j, Ne(g[j], g[i])))))):
        false = claim(f"test/false-{number}", "False.", given=TwoLayerReLU(), says=sentence)
        assert judge(false).grade is Grade.REFUTED


def test_a_claim_that_rests_on_itself_proves_nothing(judge: Judge) -> None:
    says = norm(G[S]) <= eps / 2
    made = claim("test/self", "False.", given=TwoLayerReLU(), says=says, relies_on=["test/self"])
    verdict = judge(made)
    assert verdict.error is not None or verdict.grade is Grade.REFUTED


def test_a_lemma_of_other_worlds_is_judged_in_these(judge: Judge) -> None:
    narrow = TwoLayerReLU(samples=Size(1, 1), batch=Size(1, 1))
    claim("test/narrow", "One sample.", given=narrow, says=Eq(eps, norm(G_full)), where={eps: norm(G_full)})
    far = exp(exp(norm(V) + 9))
    wide = claim(
        "test/wide", "False.", given=TwoLayerReLU(), says=Implies(norm(V) >= far, Eq(eps, norm(G_full))),
        relies_on=["test/narrow"], expects="proved",
    )  # fmt: skip
    verdict = judge(wide)
    assert verdict.grade is not Grade.PROVED
    assert verdict.error is not None


def test_a_definition_without_a_value_is_the_authors_error(judge: Judge) -> None:
    never = log(entry(V, 0, 0) - norm(V))
    made = claim("test/never", "Undefined.", given=TwoLayerReLU(), says=phi[i] <= 1, where={phi[i]: never})
    verdict = judge(made)
    assert verdict.error is not None
    assert "no value" in verdict.error


def test_a_reading_against_its_declaration_is_the_authors_error(judge: Judge) -> None:
    own = word("test:own", "a negative number that says it is not", nonnegative=True)
    own.read_in(TwoLayerReLU)(lambda net: -net.V.square().sum((-2, -1)))
    verdict = judge(claim("test/type", "Own.", given=TwoLayerReLU(), says=own <= 1))
    assert verdict.error is not None
    assert "nonnegative" in verdict.error


def test_the_kernel_refuses_what_may_have_no_value() -> None:
    from symbolic.proofs import Derivation
    from symbolic.prover import prove

    hadamard = null(b, Eq(entry(HadamardProduct(b, z[i]), s), 0), Ne(norm(z[i]), 0))
    root = (1 + sqrt(g[i])) ** 2 - 2 * sqrt(g[i]) - 1
    for false in (hadamard, Eq(norm(root * V), g[i] * norm(V)), And(rank(A[i]) <= 0, rank(V) <= 0)):
        assert not isinstance(prove(false), Derivation)
