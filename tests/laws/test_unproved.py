"""Claims that nobody proved and no search can refute: never TESTED, refuted all the same where they are false."""

import pytest

from properties.worlds.networks import TwoLayerReLU
from symbolic import norm, rank
from symbolic.papers.weight_decay import A, V, i, u, x
from verify import claim
from verify.claims import ClaimError
from verify.verdict import Grade

LOOSE = "the constant is a thousand times what any network shows"


def test_what_finds_nothing_is_not_tested(judge):
    made = claim(
        "draft/loose",
        "A gradient is no longer than a thousand times what it can be.",
        given=TwoLayerReLU(),
        says=norm(A[i]) <= 1000 * norm(u) * norm(x[i]),
        unproved=LOOSE,
    )
    made.breaks_when("a hundredth", says=100 * norm(A[i]) <= norm(u) * norm(x[i]))
    verdict = judge(made)
    assert verdict.grade is Grade.INCONCLUSIVE
    assert verdict.expected
    assert verdict.reason == f"unproved, not refutable here: {LOOSE}"


def test_what_is_false_is_refuted(judge):
    made = claim("draft/not-loose", "V is small.", given=TwoLayerReLU(), says=norm(V) <= 1, unproved=LOOSE)
    assert judge(made).grade is Grade.REFUTED
    assert not judge(made).expected


def test_what_is_proved_after_all_is_proved(judge):
    made = claim("draft/after-all", "Known.", given=TwoLayerReLU(), says=rank(x[i] * u) <= 1, unproved=LOOSE)
    assert judge(made).grade is Grade.PROVED


def test_a_reason_is_text():
    with pytest.raises(ClaimError, match=r"unproved=True is no text; say in a few words"):
        claim("draft/true", "V is V.", given=TwoLayerReLU(), says=norm(V) <= 1, unproved=True)  # type: ignore[arg-type]
