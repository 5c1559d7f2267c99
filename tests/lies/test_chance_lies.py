"""Claims that something is likely: false ones are not tested, true ones not refuted, and texts say what was seen."""

from dataclasses import dataclass

import pytest
from sympy import Abs, I, Ne, Or, Rational, nan, sqrt

from properties.worlds.random_networks import RandomNetworks
from symbolic import entry, norm, with_probability
from symbolic.papers.jacobian import K, N, V, W, m, n
from symbolic.sentences import SentenceError
from verify import claim
from verify.arena import arenas
from verify.binomial import noticed
from verify.chance import Chances, Point
from verify.claims import ClaimError
from verify.efforts import EFFORTS
from verify.vacuity import Vacuity
from verify.verdict import Grade
from verify.worlds import Size, reading

weight = Abs(entry(W, 0, 0))
HALF = Rational(1, 2)


def likely(name, event, least, assuming=(), given=None, mutant=None):
    made = claim(
        f"draft/lie-{name}", name, given=given or RandomNetworks(), assuming=assuming,
        says=with_probability(event, least),
    )  # fmt: skip
    broken, at_least = mutant or (weight <= 0, HALF)
    return made.breaks_when("broken", says=with_probability(broken, at_least))


# -- what is false ----------------------------------------------------------------------------------------------------


def test_failures_that_are_noticed_and_too_few_to_refute_are_not_tested(judge):
    """At more than one neuron it fails with a probability of 0.6 where 0.5 is allowed."""
    verdict = judge(likely("sixty", Or(m < 2, weight <= Rational(842, 1600)), HALF))
    assert verdict.grade is Grade.INCONCLUSIVE
    assert "more than chance makes likely and too few to refute" in verdict.reason


def test_an_event_without_value_is_not_likely(judge):
    verdict = judge(likely("undefined", sqrt(entry(W, 0, 0) * (m - 1) + 2 - m) <= 10**6, Rational(9, 10)))
    assert verdict.grade is Grade.INCONCLUSIVE
    assert "of all networks has no value" in verdict.reason


def test_what_fails_at_large_sizes_alone_is_refuted(judge):
    assert judge(likely("wide", Or(m < 7, weight <= 1), Rational(9, 10))).grade is Grade.REFUTED


def test_hypotheses_may_ask_for_large_sizes(judge):
    made = likely("large", weight <= 2, Rational(9, 10), [m >= 12], mutant=(weight <= 1, Rational(9, 10)))
    assert judge(made).grade is Grade.TESTED


@pytest.mark.parametrize("event", [weight <= 5, norm(V) ** 2 <= K * m])
def test_nothing_is_likelier_than_certain(judge, event):
    verdict = judge(likely(f"certain-{event}".replace(" ", ""), event, 1 + 1 / N))
    assert verdict.grade is Grade.REFUTED
    assert "a share of 0 against a share of -1/N" in verdict.reason


@pytest.mark.parametrize("least", [1 - 1 / (N - 1) / 4, 1 - sqrt(N - 2) / 4])
def test_a_probability_without_value_tells_nothing(judge, least):
    verdict = judge(likely(f"nowhere-{least}".replace(" ", ""), weight <= 5, least))
    assert verdict.grade is Grade.INCONCLUSIVE
    assert "the probability has no real value" in verdict.reason


# -- what is true -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("least", [1, 1 - Rational(1, 10**9)])
def test_what_normal_numbers_never_are_is_not_refuted(judge, least):
    """Rounded ones are 0 now and then."""
    assert judge(likely(f"zero-{least}".replace("/", "of"), Ne(entry(W, 0, 0), 0), least)).grade is not Grade.REFUTED


@pytest.mark.parametrize("seed", range(3))
def test_all_outcomes_that_fail_as_often_as_allowed_are_a_point(judge, seed):
    made = likely(f"equal-{seed}", entry(V, 0, 0) <= 0, 1 - sqrt(Rational(1, 2)) ** 2, mutant=(weight <= 0, HALF))
    verdict = judge(made, seed=seed)
    assert verdict.grade is Grade.TESTED
    assert verdict.findings[0].details["chance"]["enumerated"] > 0


def test_very_many_outcomes_are_drawn(judge):
    given = RandomNetworks(width=Size(2000, 2001), inputs=Size(1, 1), samples=Size(1, 1))
    verdict = judge(likely("signs", entry(V, 0, 0) <= 1, HALF, given=given, mutant=(entry(V, 0, 0) <= -2, HALF)))
    assert verdict.error is None
    assert verdict.findings[0].details["chance"]["enumerated"] == 0


# -- texts ------------------------------------------------------------------------------------------------------------


def test_a_few_draws_tell_nothing_of_an_event_that_may_fail_often():
    assert not Point(0.5, 0, 8, False).resolved
    assert Point(0.5, 0, 768, False).resolved
    assert Point(0.0, 0, 4, True).resolved


def test_what_is_noticed_is_told_of_draws():
    """Where nothing may fail and all outcomes are judged, nothing less would have been noticed."""
    statement = likely("mixed", weight <= 3, Rational(9, 10)).statement
    search = Chances(statement, arenas("cpu", "float64")[0], EFFORTS["quick"], 0)
    search.points = [Point(0.0, 0, 4, True), Point(0.1, 70, 768, False)]
    assert search.told()["noticed"] == noticed(768, 0.1)
    assert search.told()["allowed"] == 0.1


@dataclass(frozen=True)
class Rare(RandomNetworks):
    """Inputs meet the hypothesis hardly ever."""

    @reading
    def xi(net):  # noqa: N805
        return net.draw("xi", "", 0, 2**20)


def test_a_hypothesis_that_hardly_any_design_point_meets_leaves_too_few(judge):
    from symbolic.papers.jacobian import xi

    verdict = judge(likely("rare", weight * (1 + xi) <= 2 + 2 * xi, Rational(9, 10), [xi <= 300], given=Rare()))
    assert verdict.grade is Grade.INCONCLUSIVE
    assert "design points; give a kind that meets them" in verdict.reason


# -- hostile drafts ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("least", [None, [1], nan, I, "1/(", "zoo"])
def test_what_is_no_probability_is_refused_in_one_sentence(least):
    with pytest.raises((SentenceError, ValueError)):
        with_probability(weight <= 2, least)


@pytest.mark.parametrize("place", ["proof", "sharpened_by", "vacuous", "where"])
def test_a_probability_has_no_place_where_networks_are_judged_one_by_one(place):
    said = with_probability(weight <= 2, HALF)
    asked = {
        "proof": [said], "sharpened_by": [said], "vacuous": Vacuity(when=said, means="nothing"), "where": {n: said},
    }  # fmt: skip
    with pytest.raises(ClaimError, match=r"about many networks together|defined as a sentence"):
        claim("draft/lie-placed", "x.", given=RandomNetworks(), says=weight <= 9, **{place: asked[place]})
