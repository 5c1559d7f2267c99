"""A relation that fails because its sides are equal, and a set that is not null, are told by what that means."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sympy import And, Eq, Lt, Ne

from properties.weight_decay.null_sets import hyperplane
from properties.worlds.networks import TwoLayerReLU
from reports.phrases import facing
from symbolic import norm, null, rank
from symbolic.papers.weight_decay import V, u
from verify import Grade, claim
from verify.appeal import UPHELD, Ruling

ID = "chen2024/lemma-2.1-null-set-as-read"
MEANING = (
    "null {V: Eq(V*x[i] + b[s], 0)}: the set contains every V, as x[i] = 0 and b[s] = 0; "
    "Ne(norm(x[i]), 0) fails: both sides are 0"
)


def test_a_null_set_is_told_by_what_it_contains(lakatos: Callable[..., Any]) -> None:
    ended = lakatos("check", ID, "--no-fed", "--json", "r.jsonl")
    assert f"a counterexample refutes our reading: {MEANING}" in " ".join(ended.out.split())
    assert "sides    both sides are 0" in ended.out
    shown = lakatos("show", ID).out
    assert shown.count(f": {MEANING}") == 3, "the committed witness, the new one, and the last verdict"
    told = lakatos("report", "r.jsonl", "--markdown").out
    assert "Ne(norm(x[i]), 0)` fails: both sides are `0`, at m=1 n=1 N=1 B=1" in told
    assert "against 0" not in ended.out + shown + told


@pytest.mark.parametrize(
    ("says", "told"),
    [
        (Ne(norm(V), 0), "Ne(norm(V), 0) fails: both sides are 0"),
        (Lt(rank(V), 1), "rank(V) < 1 fails: both sides are 1"),
        (Eq(norm(V), 1), "Eq(norm(V), 1) fails with 0 against 1"),
        (And(norm(V) >= 0, null(V, hyperplane, Ne(norm(u), 0))), "as x[i] = 0 and b[s] = 0; "),
    ],
)
def test_equal_sides_are_named_once(judge: Callable[..., Any], says: Any, told: str) -> None:
    draft = claim("draft/sides", "A draft.", given=TwoLayerReLU(), says=says, expects="refuted")
    verdict = judge(draft)
    assert verdict.grade is Grade.REFUTED
    assert told in verdict.reason


def test_numbers_that_are_only_shown_alike_are_not_called_equal() -> None:
    ball = "[3.14 +/- 2e-3]"
    assert Ruling(UPHELD, "a < b", (), ball, ball).failure == f"a < b fails with {ball} against {ball}"
    assert facing([ball, ball]) == f"{ball} against {ball}"
    long = [f"1234567890{k}" for k in range(2)]
    assert facing(long, lambda side: f"{side[:10]}..") == "1234567890.. against 1234567890.."
    assert facing(["1/2", "1/2"]) == "both sides are 1/2"
