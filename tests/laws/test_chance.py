"""Claims that something is likely: the laws that are drawn from, exact binomial tests, and what draws can tell."""

from dataclasses import replace
from fractions import Fraction
from math import comb

import numpy as np
import pytest
from scipy.special import ndtri
from sympy import Abs, And, Implies, Rational

from properties.worlds.networks import TwoLayerReLU
from properties.worlds.random_networks import RandomNetworks
from properties.worlds.smooth import SmoothNetworks
from symbolic import entry, norm, with_probability
from symbolic.codec import Decoder, encode, vocabulary
from symbolic.papers.jacobian import K, N, V, W, X, f, i, m
from symbolic.sentences import SentenceError
from verify import claim, witness
from verify.arena import arenas
from verify.binomial import needed, noticed, refuted_share, tail
from verify.claims import ClaimError
from verify.draws import Draw, Given, Magnitude
from verify.lanes import LaneArithmetic
from verify.laws import HALF, LAWS
from verify.rationals import ExactArithmetic
from verify.verdict import Grade
from verify.worlds import Lanes, World

weight = Abs(entry(W, 0, 0))


def likely(name, event, least, assuming=(), given=None):
    return claim(
        f"draft/{name}", name, given=given or RandomNetworks(), assuming=assuming, says=with_probability(event, least)
    )


# -- laws -------------------------------------------------------------------------------------------------------------


def test_normal_numbers_are_the_quantiles_of_the_normal_law():
    import torch

    integers = torch.arange(-HALF, HALF + 1)
    numbers = LAWS["normal"].numbers(integers).numpy() / 2**12
    assert np.abs(numbers - ndtri((np.arange(2 * HALF + 1) + 0.5) / (2 * HALF + 1))).max() <= 2**-13 + 1e-12
    assert abs(numbers.mean()) < 1e-12
    assert numbers.var() == pytest.approx(1, abs=1e-4)
    assert (numbers == -numbers[::-1]).all()


@pytest.mark.parametrize("name", LAWS)
def test_magnitudes_bound_what_is_drawn(name):
    import torch

    law = LAWS[name]
    largest = law.numbers(torch.tensor([law.low, law.high, 0])).abs().max()
    assert law.numbers(Magnitude(1.0, (3,))).bound >= float(largest)


def test_random_networks_are_the_same_in_floats_and_in_rationals():
    import torch

    world = World((("m", 2), ("n", 2), ("N", 1), ("K", 1)), (("activation", "0"),))
    drawn = {
        "W": Draw(("m", "n"), -HALF, HALF, torch.tensor([[[-HALF, 7], [123456, 0]]])),
        "V": Draw(("K", "m"), 0, 1, torch.tensor([[[0, 1]]])),
    }
    kind = RandomNetworks()
    for arithmetic in (LaneArithmetic(arenas("cpu", "float64")[0]), ExactArithmetic()):
        net = Lanes(kind, world, arithmetic, Given(drawn, 1))
        weights = [[float(Fraction(v)) for v in row] for row in net.W[0].tolist()]
        assert [float(Fraction(v)) for v in net.V[0, 0].tolist()] == [-1, 1]
        assert weights[1] == [pytest.approx(float(ndtri(0.5 + 123456 / (2 * HALF + 1))), abs=2**-12), 0.0]
        assert weights[0][0] == round(float(ndtri(0.5 / (2 * HALF + 1))) * 4096) / 4096


# -- binomial tests ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("draws", "share"), [(12, Fraction(1, 20)), (40, Fraction(1, 3)), (64, Fraction(1, 1000))])
def test_tails_are_those_of_the_binomial_law(draws, share):
    for failures in range(draws + 1):
        exact = sum(comb(draws, k) * share**k * (1 - share) ** (draws - k) for k in range(failures, draws + 1))
        assert tail(failures, draws, float(share)) == pytest.approx(float(exact), rel=1e-9)


@pytest.mark.parametrize("level", [1e-3, 1e-15])
def test_a_refuted_share_is_refuted_and_a_larger_one_is_not(level):
    for failures in (1, 5, 30, 64):
        limit = refuted_share(failures, 64, level)
        assert tail(failures, 64, float(limit)) <= level
        assert tail(failures, 64, float(limit) * 1.001) > level
        assert failures == needed(64, float(limit), level)


def test_what_is_noticed_is_noticed():
    share = noticed(2000, 0.05)
    least = needed(2000, 0.05, 1e-3)
    assert tail(least, 2000, share) == pytest.approx(0.95, rel=1e-6)
    assert 0.05 < share < 0.1
    assert noticed(10, 10.0**-30) > 0.2


# -- verdicts ---------------------------------------------------------------------------------------------------------


def test_what_is_likely_is_tested_and_says_what_would_have_been_noticed(judge):
    made = likely("two-sigma", weight <= 2, Rational(19, 20))
    made.breaks_when("a little less", says=with_probability(weight <= Rational(3, 2), Rational(19, 20)))
    verdict = judge(made)
    assert verdict.grade is Grade.TESTED
    (finding,) = verdict.findings
    assert finding.type == "statistical"
    told = finding.details["chance"]
    assert told["allowed"] == pytest.approx(0.05)
    assert 0.05 < told["noticed"] < 0.2
    assert f"{told['noticed']:.3g}" in verdict.reason
    assert "N(0, 1)" in told["law"]


@pytest.mark.parametrize("seed", range(12))
def test_what_is_exactly_as_likely_as_claimed_is_not_refuted(judge, seed):
    made = likely(f"half-{seed}", entry(W, 0, 0) >= 0, Rational(1, 2))
    assert judge(made, seed=seed).grade is not Grade.REFUTED


@pytest.mark.parametrize("seed", range(4))
def test_what_is_less_likely_is_refuted_by_fresh_draws(judge, seed, tmp_path):
    made = likely(f"one-{seed}", weight <= Rational(3, 2), Rational(19, 20))
    verdict = judge(made, seed=seed, out=tmp_path)
    assert verdict.grade is Grade.REFUTED
    assert "statistically, at a level of 1e-09" in verdict.reason
    assert verdict.details["witness"]["size"] == {"m": 1, "n": 1, "N": 1, "K": 1}
    stored = witness.read(next((tmp_path / "witnesses").iterdir()))
    assert stored.rule(made.statement) == stored.ruling


def test_few_outcomes_are_judged_all_and_decide(judge):
    equal = norm(V) ** 2 + entry(V, 0, 0) * entry(V, 0, m - 1) >= K * m + 1
    made = likely("signs", equal, Rational(1, 2), assuming=[m >= 2])
    made.breaks_when("more than half", says=with_probability(equal, Rational(10**9 + 1, 2 * 10**9)))
    verdict = judge(made)
    assert verdict.grade is Grade.TESTED
    assert verdict.findings[0].details["chance"]["enumerated"] > 0
    assert verdict.details["mutants"][0]["refuted"]
    broken = likely("more", equal, Rational(10**9 + 1, 2 * 10**9), assuming=[m >= 2])
    reason = judge(broken).reason
    assert "2 or more of all 4 outcomes failing" in reason
    assert "statistically" not in reason


def test_what_draws_cannot_tell_is_inconclusive(judge):
    made = likely("surely", weight <= 5, 1 - Rational(1, 10**30))
    made.breaks_when("half", says=with_probability(weight <= 1, 1 - Rational(1, 10**30)))
    verdict = judge(made)
    assert verdict.grade is Grade.INCONCLUSIVE
    assert verdict.reason.startswith("not refutable by draws: a failure probability of 1e-30 is allowed")


def test_a_claim_whose_mutants_live_has_not_shown_that_it_can_find(judge):
    made = likely("blunt", weight <= 4, Rational(9, 10))
    made.breaks_when("no neighbour at all", says=with_probability(weight <= 3, Rational(9, 10)))
    assert "has not shown that it can find" in judge(made).reason


def test_verdicts_do_not_depend_on_chunks(judge):
    def found(chunk):
        made = likely(f"chunk-{chunk}", weight <= 2, Rational(9, 10))
        made.breaks_when("one", says=with_probability(weight <= 1, Rational(9, 10)))
        verdict = judge(made, arenas=(replace(arenas("cpu", "float64")[0], chunk=chunk),))
        return verdict.grade, verdict.findings[0].details

    assert found(2**21) == found(2**10)


# -- what cannot be asked ----------------------------------------------------------------------------------------------


def test_a_hypothesis_about_chance_is_refused(judge):
    made = likely("conditional", weight <= 2, Rational(19, 20), assuming=[entry(W, 0, 0) >= 0])
    verdict = judge(made)
    assert "the hypothesis W[0, 0] >= 0 depends on what chance makes (W); put it into the event" in verdict.error


def test_a_probability_about_chance_is_refused(judge):
    made = likely("circular", weight <= 2, 1 - weight)
    assert "the probability depends on what chance makes (W)" in judge(made).error


def test_a_condition_belongs_into_the_event(judge):
    made = likely("implied", Implies(entry(W, 0, 0) >= 0, weight <= 2), Rational(24, 25))
    made.breaks_when("one", says=with_probability(Implies(entry(W, 0, 0) >= 0, weight <= 1), Rational(24, 25)))
    assert judge(made).grade is Grade.TESTED


@pytest.mark.parametrize(
    ("says", "given", "assuming", "message"),
    [
        (with_probability(norm(X) <= N, Rational(1, 2)), SmoothNetworks(), [], "nothing is drawn by chance in Smooth"),
        (And(with_probability(weight <= 2, Rational(1, 2)), m >= 2), RandomNetworks(), [], "claim with_probability"),
        (weight <= 2, RandomNetworks(), [with_probability(weight <= 3, Rational(1, 2))], "about many networks"),
    ],
)
def test_probabilities_stand_alone(says, given, assuming, message):
    with pytest.raises(ClaimError, match=message):
        claim("draft/misplaced", "Misplaced.", given=given, assuming=assuming, says=says)


@pytest.mark.parametrize("least", [0, -1, 2, Rational(3, 2)])
def test_a_probability_is_between_0_and_1(least):
    with pytest.raises(SentenceError, match="above 0 and at most 1"):
        with_probability(weight <= 2, least)


def test_text_is_no_probability_and_is_not_executed(tmp_path):
    with pytest.raises(SentenceError, match="one number for the whole world"):
        with_probability(weight <= 2, f"__import__('pathlib').Path('{tmp_path / 'made'}').touch() or 1")
    assert not list(tmp_path.iterdir())


def test_the_event_is_about_one_network():
    with pytest.raises(SentenceError, match="the event is a sentence about one network"):
        with_probability(with_probability(weight <= 2, Rational(1, 2)), Rational(1, 2))
    with pytest.raises(SentenceError, match="one number for the whole world"):
        with_probability(weight <= 2, norm(f[i]))


def test_measures_are_not_taken_of_many():
    with pytest.raises(ClaimError, match="ask them of a claim about one"):
        claim(
            "draft/measured", "Measured.", given=RandomNetworks(), measures={"norm": norm(W)},
            says=with_probability(weight <= 2, Rational(1, 2)),
        )  # fmt: skip


def test_stored_sentences_come_back():
    says = with_probability(norm(f[i]) <= K, 1 - Rational(1, 7))
    assert Decoder(vocabulary(says))(encode(says)) == says


def test_kinds_without_chance_still_judge_every_network(judge):
    made = claim("draft/all", "Signs.", given=RandomNetworks(), says=norm(V) ** 2 <= K * m)
    made.breaks_when("less", says=norm(V) ** 2 < K * m)
    assert judge(made).grade in (Grade.TESTED, Grade.PROVED)
    assert TwoLayerReLU().chances == {}
