"""Enclosures: what is known between two bounds is judged so that nothing is passed or refuted inside the gap."""
# ruff: noqa: N805, RUF009 (a reading is a function of a network that stands in the class of its kind)

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar

import pytest
import sympy as sp
from sympy import And, Eq, Ge, Gt, Implies, Le, Lt, Max, Min, Ne, Not, Or

from properties.worlds.batches import largest_norm, many
from properties.worlds.networks import TwoLayerReLU
from symbolic import exists, greatest, index, least, mean, norm, word
from symbolic.papers.weight_decay import V, eps
from symbolic.sentences import chain
from verify import Grade, Kind, Size, claim, reading
from verify import judge as judging
from verify.appeal import OPEN, UPHELD, Court
from verify.arena import Arena, torch
from verify.claims import Statement
from verify.draws import Draw, Given
from verify.efforts import EFFORTS
from verify.enclosures import Between, off_zero
from verify.evaluate import EvaluationError, Evaluator
from verify.exact_judge import FALSE, TRUE, UNDEFINED, ExactJudge
from verify.judge import LaneJudge
from verify.lanes import LaneArithmetic
from verify.rationals import ExactArithmetic
from verify.screen import Screen
from verify.search import lane_draws
from verify.worlds import Lanes, ReadingError, World

REACH, WIDEST, PARTS = 4, 2, 4


@dataclass(frozen=True)
class Gap(Kind):
    """Integers d (K,), widths w >= 0, and numbers between d and d + w of which only that is known (e), or all (p)."""

    samples: Size = Size(1, 2)

    speaks: ClassVar[str] = "gap"
    letters: ClassVar[dict[str, str]] = {"N": "samples"}
    conventions: ClassVar[dict[str, tuple[Fraction, ...]]] = {"unit": (Fraction(1),)}

    @reading
    def d(net: Any) -> Any:
        return net.draw("d", "", -REACH, REACH)

    @reading
    def w(net: Any) -> Any:
        return net.draw("w", "", 0, WIDEST)

    @reading
    def e(net: Any) -> Any:
        return Between(net.d, net.d + net.w)

    @reading
    def p(net: Any) -> Any:
        return net.d + net.w * net.draw("k", "", 0, PARTS) * net.arithmetic.number(1, PARTS)

    @reading
    def f(net: Any) -> Any:
        spread = net.draw("s", "N", -REACH, REACH)
        return Between(spread, spread + net.w.unsqueeze(1))

    @reading
    def q(net: Any) -> Any:
        part = net.w * net.draw("k", "", 0, PARTS) * net.arithmetic.number(1, PARTS)
        return net.draw("s", "N", -REACH, REACH) + part.unsqueeze(1)

    @reading
    def M(net: Any) -> Any:
        return net.draw("m", "N N", -1, 1)


d, w, e, p = (word(f"gap:{letter}", letter) for letter in "dwep")
f, q = (word(f"gap:{letter}", letter, over="samples") for letter in "fq")
N = word("gap:N", "samples", integer=True)
M = word("gap:M", "a matrix", shape=(N, N))
i = index("i", "samples")


@pytest.fixture(autouse=True)
def _words() -> None:
    """The words again: a test that judges claims forgets those of this file."""
    for letter in "dwep":
        word(f"gap:{letter}", letter)
    for letter in "fq":
        word(f"gap:{letter}", letter, over="samples")
    word("gap:N", "samples", integer=True)
    word("gap:M", "a matrix", shape=(N, N))


SENTENCES = {
    "at most": Le(e, 1),
    "less": Lt(e, 2),
    "at least": Ge(e, 2),
    "more": Gt(e, 0),
    "equal": Eq(e, 1),
    "unequal": Ne(e, 1),
    "a difference": Le(3 * d - 2 * e, 2),
    "a product": Le(e * d, 4),
    "a negative multiple": Le(-2 * e, 3 - d),
    "two enclosures": Le(e * Max(e, d + 1), 6),
    "a square": Le(e**2, 4),
    "a cube": Le(e**3, 3),
    "a quotient": Le(1 / e, sp.Rational(1, 2)),
    "an inverse square": Ge(1 / e**2, sp.Rational(1, 4)),
    "a root": Le(sp.sqrt(e), 1),
    "an inverse root": Ge(1 / sp.sqrt(e), 1),
    "a power of a half": Le(e ** sp.Rational(3, 2), 2),
    "a magnitude": Le(sp.Abs(e), 2),
    "the larger": Le(Max(e, 1), 2),
    "the smaller": Ge(Min(e, d + 1), 1),
    "and": And(e >= 0, e <= 2),
    "or": Or(e <= 0, e >= 2),
    "not": Not(And(e >= 0, e <= 1)),
    "a chain": chain(0, e, 2 * d),
    "an implication from it": Implies(e >= 1, d >= 2),
    "an implication to it": Implies(d >= 0, e <= 2),
    "for every sample": Le(f[i], 2),
    "for some sample": exists(i, f[i] <= 0),
    "for no sample": Not(exists(i, f[i] <= 0)),
    "the greatest": Le(greatest(f[i], i), e),
    "the least": Ge(least(f[i], i), 0),
    "the mean": Le(mean(f[i], i), 1),
}


def plain(sentence: Any) -> Any:
    """The sentence about the members instead of the enclosures."""
    return sentence.xreplace({e: p, f[i]: q[i]})


def networks(lanes: int = 1500, samples: int = 2, dtype: str = "float64") -> Lanes:
    arena, kind = Arena(dtype=dtype), Gap()
    statement = Statement(kind, (), And(Le(e + p + w, mean(f[i] + q[i], i))))
    screen = Screen(statement, arena)
    world = _world(samples)
    (part,) = screen.lanes(world, 0, lanes)
    return part.net


def _world(samples: int) -> World:
    return World((("N", samples),), (("unit", "1"),), (), "", None, False, 7)


def outcomes(net: Lanes, sentence: Any, exact: bool = True) -> Any:
    slack = net.arithmetic.arena.allowance(net.kind.length(net.world))
    return LaneJudge(Evaluator(net, slack), exact).closed(sentence)


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize("name", SENTENCES)
def test_lanes_pass_and_accuse_only_what_every_member_says(name: str, exact: bool) -> None:
    net, sentence = networks(), SENTENCES[name]
    known, members = outcomes(net, sentence, exact), outcomes(net, plain(sentence), exact)
    holds, accused = known.holds, known.excess > 1
    assert not bool((holds & accused).any())
    assert not bool((holds & (members.excess > 1) & ~known.undefined).any())
    assert not bool((accused & (members.excess <= 1)).any())
    # What is passed and accused is not nothing, and neither is what is left open.
    assert bool(known.open.any())
    assert bool(holds.any())
    assert bool(accused.any())


@pytest.mark.parametrize("name", SENTENCES)
def test_enclosures_without_width_are_plain_numbers(name: str) -> None:
    net, sentence = networks(), SENTENCES[name]
    narrow = net.w == 0
    known, members = outcomes(net, sentence), outcomes(net, plain(sentence))
    decided = narrow & ~members.undefined
    assert bool(decided.any())
    assert torch().equal(known.holds[decided], (members.excess <= 1)[decided])
    assert not bool(known.open[decided].any())


@pytest.mark.parametrize("name", SENTENCES)
def test_exact_numbers_say_what_exact_lanes_say(name: str) -> None:
    net, sentence = networks(60), SENTENCES[name]
    known = outcomes(net, sentence)
    seen = set()
    for lane in range(60):
        alone = Lanes(net.kind, net.world, ExactArithmetic(), Given(lane_draws(net, lane), 1))
        judged = ExactJudge(Evaluator(alone))
        truth, member = judged.closed(sentence), judged.closed(plain(sentence))
        seen.add(truth)
        if truth in (TRUE, FALSE) and member != UNDEFINED:
            assert truth == member
        if truth == TRUE and "root" not in name and "half" not in name:
            assert bool(known.holds[lane])
        assert truth != FALSE or not bool(known.holds[lane])
        assert truth != TRUE or not bool(known.excess[lane] > 1)
    assert {TRUE, FALSE} <= seen


def test_a_quotient_by_what_may_be_zero_is_undefined() -> None:
    net = networks()
    value = Evaluator(net)(1 / e).array
    around = (net.d <= 0) & (net.d + net.w >= 0)
    assert torch().equal(value.lower.isnan() & value.upper.isnan(), around)
    known = outcomes(net, Le(1 / e, 5))
    assert not bool(known.holds[around].any())
    assert not bool((known.excess > 1)[around].any())


def test_an_end_that_may_have_rounded_to_either_side_of_zero_divides_nothing() -> None:
    arithmetic, ends = LaneArithmetic(Arena()), torch().tensor([1.0, 4.0], dtype=torch().float64)
    kept = off_zero(Between(ends, ends + 1), arithmetic, torch().tensor([2.0, 2.0]))
    assert kept.lower.tolist() == [0, 4]
    assert kept.upper.tolist() == [0, 5]


def test_ends_that_touch_within_rounding_are_left_open_on_lanes() -> None:
    """sqrt(e) sqrt(2) <= sqrt(2 (d + w)) with equality at the upper end: floats cannot pass it, exact numbers do."""
    net = networks()
    sentence = Le(sp.sqrt(e) * sp.sqrt(p + 7), sp.sqrt((d + w) * (p + 7), evaluate=False))
    known = outcomes(net, sentence, exact=False)
    wide = (net.d > 0) & (net.w > 0)
    assert bool(wide.any())
    assert bool(known.open[wide].all())
    narrow = (net.d > 0) & (net.w == 0)
    assert bool(known.holds[narrow].all())
    lane = int(wide.nonzero()[0])
    alone = Lanes(net.kind, net.world, ExactArithmetic(), Given(lane_draws(net, lane), 1))
    assert ExactJudge(Evaluator(alone)).closed(sentence) == TRUE


def test_the_largest_gradient_over_too_many_batches_lies_between_its_ends() -> None:
    kind = TwoLayerReLU(samples=Size(19, 19), batch=Size(8, 8), regulariser="constant")
    world = World((("m", 2), ("n", 2), ("N", 19), ("B", 8)), (("c", "1"), ("kink", "0"), ("s", "1")), seed=3)
    assert many(world)
    (part,) = Screen(Statement(kind, (), eps >= norm(V)), Arena()).lanes(world, 0, 6)
    truth = largest_norm(part.net, part.net.q, kind.batches(world))
    assert bool((part.net.eps.lower <= truth).all())
    assert bool((truth <= part.net.eps.upper).all())
    alone = Lanes(kind, world, ExactArithmetic(), Given(lane_draws(part.net, 0), 1))
    assert float(alone.eps.lower.approximate()[0]) == pytest.approx(float(part.net.eps.lower[0]))
    judged = ExactJudge(Evaluator(alone))
    assert judged.closed(eps <= Fraction(float(part.net.eps.lower[0]) / 2)) == FALSE
    assert judged.closed(eps <= Fraction(float(part.net.eps.upper[0]) * 2)) == TRUE


# -- verdicts --------------------------------------------------------------------------------------------------------


def ruled(values: dict[str, int], says: Any, *assuming: Any) -> Any:
    drawn = {k: Draw((), -REACH, REACH, torch().tensor([v])) for k, v in values.items()}
    statement = Statement(Gap(), assuming, says)
    return Court(statement).hear(_world(1), drawn)


def test_the_court_refutes_only_beyond_the_enclosure() -> None:
    assert ruled({"d": 0, "w": 2}, e <= -1).ruling == UPHELD
    assert ruled({"d": 0, "w": 2}, e <= 1).ruling == OPEN
    assert ruled({"d": 0, "w": 2}, e <= 2).ruling == "acquitted"
    refuted = ruled({"d": 0, "w": 2}, e <= -1)
    assert (refuted.left, refuted.right) == ("between 0 and 2", "-1")


def test_a_premise_that_may_fail_makes_no_refutation() -> None:
    doubted = ruled({"d": 0, "w": 2}, d >= 1, e >= 1)
    assert (doubted.ruling, doubted.premise) == (OPEN, "e >= 1")
    assert ruled({"d": 0, "w": 2}, d >= 1, e >= 0).ruling == UPHELD
    assert ruled({"d": 0, "w": 2}, d >= 1, e >= 3).ruling == "inadmissible"


def made(says: Any, assuming: tuple[Any, ...] = (), kind: Kind | None = None) -> Any:
    given = kind or Gap()
    return claim("draft/gap", "A claim about a gap.", given=given, says=says, assuming=assuming).breaks_when(
        "far beyond", says=Le(e, d - 1)
    )


MANY = Le(mean(f[i], i), REACH + WIDEST)
"""True, and read from enough draws for a search to count a hundred distinct networks."""


def counts(verdict: Any) -> dict[str, int]:
    return next(f for f in verdict.findings if f.type == "search").details["counts"]


def test_what_holds_at_the_upper_end_is_tested(judge: Callable[..., Any]) -> None:
    verdict = judge(made(And(e <= d + w, MANY)))
    assert verdict.grade is Grade.TESTED
    assert counts(verdict)["open"] == 0


def test_what_is_false_within_the_gap_alone_is_neither_refuted_nor_passed(judge: Callable[..., Any]) -> None:
    verdict = judge(made(e <= d, assuming=(w >= 1,)))
    seen = counts(verdict)
    assert verdict.grade is Grade.INCONCLUSIVE
    assert seen["admissible"] == seen["accused"] == seen["undefined"] == 0
    assert seen["open"] > 1000
    assert "(100 %) are open: their enclosures are too wide to tell" in verdict.findings[-1].summary
    assert "are open" in verdict.reason


def test_some_open_networks_are_told_beside_what_was_tested(judge: Callable[..., Any]) -> None:
    verdict = judge(made(And(Or(e <= d + 1, d <= 3), MANY)), effort=replace(EFFORTS["quick"], examples=2))
    assert verdict.grade is Grade.TESTED
    assert counts(verdict)["open"] > 0
    assert "are open" in verdict.findings[-1].summary
    assert verdict.findings[-1].details["violation_bound"] is None


def test_a_search_that_leaves_most_networks_open_is_inconclusive(judge: Callable[..., Any]) -> None:
    verdict = judge(made(And(Or(e <= d, d <= -2), MANY), assuming=(w >= 1,)))
    seen = counts(verdict)
    assert seen["open"] > seen["admissible"] > 100
    assert verdict.grade is Grade.INCONCLUSIVE
    assert "less than were left open" in verdict.reason


def test_what_is_violated_beyond_the_upper_end_is_refuted(judge: Callable[..., Any]) -> None:
    verdict = judge(made(e <= 3))
    assert verdict.grade is Grade.REFUTED
    assert verdict.details["witness"]["sides"][0] in ("4", "between 4 and 4", "between 4 and 5")


def test_networks_that_may_miss_a_hypothesis_are_not_admissible(judge: Callable[..., Any]) -> None:
    verdict = judge(made(And(Le(d, 2), MANY), assuming=(e <= 2,)))
    assert verdict.grade is Grade.TESTED
    assert counts(verdict)["open"] > 0


# -- judges that are wrong are caught by what stands above ---------------------------------------------------------


def test_a_judge_that_passes_by_the_favouring_end_is_caught(
    judge: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging.Outcome, "passing", property(lambda self: self))
    with pytest.raises(AssertionError):
        test_what_is_false_within_the_gap_alone_is_neither_refuted_nor_passed(judge)
    with pytest.raises(AssertionError):
        test_lanes_pass_and_accuse_only_what_every_member_says("at most", True)


def test_a_judge_that_accuses_by_the_other_end_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    right = LaneJudge._enclosed

    def wrong(self: Any, *given: Any) -> Any:
        found = right(self, *given)
        return replace(found, excess=found.passing.excess)

    monkeypatch.setattr(LaneJudge, "_enclosed", wrong)
    with pytest.raises(AssertionError):
        test_lanes_pass_and_accuse_only_what_every_member_says("at most", True)


def test_an_implication_that_trusts_a_premise_that_may_fail_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    right = LaneJudge._implication
    monkeypatch.setattr(
        LaneJudge, "_implied", lambda self, premise, conclusion: right(self, replace(premise, strict=None), conclusion)
    )
    with pytest.raises(AssertionError):
        test_lanes_pass_and_accuse_only_what_every_member_says("an implication from it", True)


def test_an_exact_judge_that_takes_the_nearer_ends_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    from verify import exact_judge

    monkeypatch.setattr(exact_judge, "ends", lambda array: (getattr(array, "upper", array),) * 2)
    with pytest.raises(AssertionError):
        test_the_court_refutes_only_beyond_the_enclosure()


# -- readings that are wrong -----------------------------------------------------------------------------------------


def test_an_enclosure_in_a_matrix_product_has_no_value() -> None:
    net = networks()
    net.draws["m"] = Draw(("N", "N"), -1, 1, torch().ones(net.count, 2, 2, dtype=torch().int64))
    with pytest.raises(EvaluationError, match="stands in a product with a matrix"):
        Evaluator(net)(e * M)
    with pytest.raises(EvaluationError, match="not monotone"):
        Evaluator(net)(sp.sin(e))
    with pytest.raises(ReadingError, match="stands in a matrix product"):
        net.M @ net.e


@pytest.mark.parametrize("arithmetic", ["lanes", "exact"])
def test_ends_that_are_the_wrong_way_round_are_an_error(arithmetic: str, monkeypatch: pytest.MonkeyPatch) -> None:
    net = networks(60)
    lane = int((net.w > 0).nonzero()[0])
    if arithmetic == "exact":
        net = Lanes(net.kind, net.world, ExactArithmetic(), Given(lane_draws(net, lane), 1))
    monkeypatch.setitem(net._known, "gap:e", Between(net.d + net.w, net.d))
    with pytest.raises(ReadingError, match="lower end above its upper"):
        Evaluator(net)(e)
    monkeypatch.setitem(net._known, "gap:M", Between(net.d, net.d))
    with pytest.raises(ReadingError, match="shape"):
        Evaluator(net)(M)
    with pytest.raises(ReadingError, match="one shape"):
        Between(net.d, net.d.unsqueeze(0))
