"""What a sharpening prints is true: of sides known between bounds, in decimals, of sizes without a word, in failure."""
# ruff: noqa: N805, RUF009 (a reading is a function of a network that stands in the class of its kind)

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar

import pytest
import sympy as sp
import torch
from hypothesis import given
from hypothesis import strategies as st

from properties.worlds.networks import TwoLayerReLU
from reports.sharpened import designs, sentences
from symbolic import norm, rank, word
from symbolic.papers.weight_decay import A, B, V, eps, i, u, x
from symbolic.sentences import chain
from verify import Grade, Kind, Size, claim, engine, reading
from verify.appeal import Court
from verify.arena import Arena
from verify.ascent import Peak
from verify.bounds import bound_of, decimal_of, reached, root_of
from verify.claims import Claim, Statement
from verify.draws import Draw
from verify.efforts import EFFORTS
from verify.enclosures import Between
from verify.engine import Engine
from verify.levels import level
from verify.settings import Settings
from verify.telling import in_words
from verify.verdict import Contradiction
from verify.worlds import World

Judge = Callable[..., Any]

SMALL = replace(EFFORTS["quick"], tiny=800, examples=4, lanes=128, arm=10, generations=1, brood=128)


@dataclass(frozen=True)
class Gap(Kind):
    """Integers d >= 1 and w >= 0 (K,), and a number e of which only that is known that it is between d and d + w."""

    samples: Size = Size(1, 1)

    speaks: ClassVar[str] = "sharpgap"
    letters: ClassVar[dict[str, str]] = {"N": "samples"}
    conventions: ClassVar[dict[str, tuple[Fraction, ...]]] = {"unit": (Fraction(1),)}

    @reading
    def d(net: Any) -> Any:
        return net.draw("d", "", 1, 6)

    @reading
    def w(net: Any) -> Any:
        return net.draw("w", "", 0, 2)

    @reading
    def e(net: Any) -> Any:
        return Between(net.d, net.d + net.w)


d, w, e = (word(f"sharpgap:{letter}", letter) for letter in "dwe")


@pytest.fixture(autouse=True)
def _words() -> None:
    """The words again: a test that judges claims forgets those of this file."""
    for letter in "dwe":
        word(f"sharpgap:{letter}", letter)


def made(says: Any, given: Kind, name: str = "draft/sound") -> Claim:
    return claim(name, "A draft.", given=given, says=says)


# -- enclosures ----------------------------------------------------------------------------------------------------


def peak(own: int, width: int) -> Peak:
    values = {"d": own, "w": width}
    draws = {k: Draw((), 0, 9, torch.tensor([v], dtype=torch.int64)) for k, v in values.items()}
    return Peak(1.0, World((("N", 1),), (("unit", "1"),)), draws)


@pytest.mark.parametrize(
    ("says", "sure"),
    [
        (e <= 3 * d, Fraction(1)),  # e >= 4, whatever it is
        (d <= 3 * e, Fraction(4, 6)),  # e <= 6
        (e <= 3 * e, Fraction(4, 6)),
    ],
)
def test_what_is_known_between_bounds_refutes_as_far_as_is_sure(says: Any, sure: Fraction) -> None:
    statement = Statement(Gap(), (), says)
    bound = bound_of(statement.given, says)
    assert bound is not None
    found = level(statement, bound, {}, peak(4, 2), [])
    assert found is not None
    assert (found.square, found.exact, found.ruling.refutes) == (sure**2, False, True)
    beyond = reached(statement, bound, (sure + Fraction(1, 10**6)) ** 2, {})
    assert not Court(beyond).hear(found.peak.world, found.peak.draws).refutes
    narrow = level(statement, bound, {}, peak(4, 0), [])
    assert narrow is not None
    assert narrow.square == 1


def test_a_claim_about_enclosures_is_sharpened(judge: Judge) -> None:
    verdict = judge(made(e <= 3 * d, Gap()), effort=SMALL, sharpen=True)
    assert verdict.error is None
    assert verdict.details["sharpening"]["says"].startswith("as printed 3; refuted below 1, ")


# -- failures ------------------------------------------------------------------------------------------------------


def test_a_failure_of_the_sharpening_is_told_and_the_verdict_stands(
    judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = made(rank(V) <= 9, TwoLayerReLU())
    plain = judge(draft, effort=SMALL)

    def fails(*_: Any) -> Any:
        raise ValueError("no room\nfor it")

    monkeypatch.setattr(engine, "sharpened", fails)
    verdict = judge(draft, effort=SMALL, sharpen=True)
    assert (verdict.grade, verdict.reason, verdict.error) == (plain.grade, plain.reason, None)
    assert verdict.details["sharpening"] == {
        "says": "the sharpening failed with ValueError: no room\nfor it; "
        "the verdict stands, and nothing is told of the constant"
    }


def test_a_failure_of_the_sharpening_is_printed_and_recorded(
    lakatos: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> Any:
        raise ValueError("no room")

    monkeypatch.setattr(engine, "sharpened", fails)
    ended = lakatos("check", "chen2024/lemma-2.2", "--sharpen", "--json", "r.jsonl")
    assert ended.code == 0
    assert "the sharpening failed with ValueError: no room; the verdict stands" in " ".join(ended.out.split())
    assert "the sharpening failed with ValueError: no room" in lakatos("report", "r.jsonl", "--markdown").out


def test_a_contradiction_in_the_sharpening_still_stops_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def contradicts(*_: Any) -> Any:
        raise Contradiction("the suite is wrong")

    monkeypatch.setattr(engine, "sharpened", contradicts)
    settings = Settings(effort=SMALL, arenas=(Arena(),), sharpen=True, fed=False)
    with pytest.raises(Contradiction):
        Engine(settings).judge(made(rank(V) <= 9, TwoLayerReLU(), "draft/contradicted"))


# -- decimals ------------------------------------------------------------------------------------------------------


@given(st.fractions(Fraction(1, 10**9), 10**9), st.booleans())
def test_decimals_are_rounded_outwards(square: Fraction, rooted: bool) -> None:
    number = root_of(square) if rooted else sp.Rational(square.numerator, square.denominator)
    low, high = (sp.Rational(repr(decimal_of(number, up))) for up in (False, True))
    assert low <= number <= high
    assert high - low <= number / 10**6
    if number in (low, high):
        assert low == high


def line(refuted: Any, proved: Any, **more: Any) -> dict[str, Any]:
    return {
        "sizes": {}, "printed": "9", "network": {"m": 1}, "refuted": str(refuted), "meets": False,
        "refuted_decimal": decimal_of(refuted, up=False), "proved": str(proved), "tested": None,
        "proved_decimal": decimal_of(proved, up=True), **more,
    }  # fmt: skip


def test_what_is_printed_of_a_number_is_true() -> None:
    """sqrt(2) = 1.41421 and sqrt(3) = 1.73205, which are nearest to 1.414 and 1.732; sqrt(8/3) = 1.63299."""
    bound = bound_of(TwoLayerReLU(), rank(V) <= 9)
    assert bound is not None

    def says(refuted: Any, proved: Any) -> str:
        return in_words(bound, Grade.PROVED, [line(refuted, proved)], [], None, [])

    assert says(sp.sqrt(2), sp.sqrt(3)).endswith("refuted below 1.414, proved at 1.733")
    assert says(sp.sqrt(sp.Rational(8, 3)), sp.Rational(5, 3)).endswith("refuted below 1.632, proved at 1.667")
    assert says(sp.Rational(3, 2), 2).endswith("refuted below 1.5, proved at 2")
    (row,) = designs({"says": "", "designs": [line(sp.sqrt(3), sp.Rational(5, 3))]})
    assert row[2:4] == ["1.732 < sqrt(3)", "1.667 > 5/3, proved"]
    (row,) = designs({"says": "", "designs": [line(sp.Rational(3, 2), sp.Rational(12345, 10000))]})
    assert row[2:4] == ["1.5 = 3/2", "1.235 > 2469/2000, proved"]
    (row,) = designs({"says": "", "designs": [line(sp.Rational(1234567, 10**6), sp.Integer(3))]})
    assert row[2:4] == ["1.234", "3, proved"]


# -- sizes without a word, and sentences of several parts ----------------------------------------------------------


MATRICES = TwoLayerReLU(Size(1, 6), Size(1, 6), Size(1, 1), Size(1, 1))


def test_larger_sizes_are_tried_where_the_first_say_nothing(judge: Judge) -> None:
    found = judge(made(sp.Max(rank(V) - 2, 0) <= 2, MATRICES), effort=SMALL, sharpen=True).details["sharpening"]
    (design,) = found["designs"]
    assert design["refuted"] == "1"
    assert min(design["network"]["m"], design["network"]["n"]) == 3


def test_that_none_was_found_is_said_of_the_sizes_that_were_tried(judge: Judge) -> None:
    found = judge(made(sp.Max(rank(V) - 5, 0) <= 2, MATRICES), effort=SMALL, sharpen=True).details["sharpening"]
    lead = "as printed 2; no network that tells how small it may be was found at sizes up to "
    match = re.fullmatch(re.escape(lead) + r"m = (\d), n = (\d), N = 1, B = 1", found["says"])
    assert match is not None, found["says"]
    assert max(map(int, match.groups())) > 3


def test_the_part_with_a_constant_is_sharpened() -> None:
    kind = TwoLayerReLU()

    def parts(says: Any) -> tuple[str, str, str]:
        bound = bound_of(kind, says)
        assert bound is not None
        return str(bound.left), str(bound.factor), str(bound.right)

    assert parts(chain(0, norm(V), 2 * B * eps)) == ("norm(V)", "2*B", "eps")
    assert parts(chain(rank(V), norm(V), 3)) == ("norm(V)", "3", "1")
    assert parts(sp.And(norm(V) <= eps, rank(V) <= 3 * eps)) == ("rank(V)", "3", "eps")
    assert parts(sp.And(norm(V) <= eps, rank(V) <= 1)) == ("norm(V)", "1", "eps")


# -- the numbers of a constant -------------------------------------------------------------------------------------


def test_a_number_is_told_by_what_may_stand_in_its_place() -> None:
    def said(**given: Any) -> str:
        (sentence,) = sentences({"says": "", "constants": [{"constant": "2", "in": "2*B", **given}]})
        return sentence

    both = "2 in 2*B: 7/4 may stand in its place, as far as the search has seen; with 55/32 there the claim is refuted"
    assert said(refuted="55/32", open="7/4") == both
    assert said(refuted="63/32", open="2") == "2 in 2*B: with 63/32 there the claim is refuted"
    left = "2 in 2*B: 0 may stand in its place, as far as the search has seen; nothing nearer is refuted"
    assert said(refuted=None, open="0") == left


def test_nothing_is_told_of_the_numbers_of_a_refuted_constant(judge: Judge) -> None:
    """What is refuted as printed may not stand."""
    draft = made(norm(A[i]) <= norm(u) * norm(x[i]) / 4, TwoLayerReLU(Size(1, 1), Size(1, 1), Size(1, 1), Size(1, 1)))
    found = judge(draft, effort=SMALL, sharpen=True).details["sharpening"]
    assert found["says"].startswith("as printed 1/4, which is refuted; refuted below 1, ")
    assert found["constants"] == []
