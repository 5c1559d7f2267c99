"""Kernels that lie: whatever they propose, no false claim is certified; and coverings that would take too long."""

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest
from sympy import Rational, S, harmonic, log, oo

import verify.proposals
import verify.proving
from properties.worlds.boxes import Box
from symbolic import Span, ends
from symbolic.behaviour import decreasing, dominates, increasing, positive
from symbolic.calculus_check import RejectedTrace
from symbolic.certify import Uncovered, cover
from symbolic.covering_check import check_covering
from symbolic.coverings import Covering, Cut, Leaf
from symbolic.intervals import Interval
from symbolic.polynomials import by_roots
from symbolic.words import word
from verify.arena import torch
from verify.claims import Statement
from verify.proposals import propose
from verify.proving import Proofs
from verify.recheck import Rejected, replay

x, y = (word(f"screening_lies:{letter}", "a number") for letter in "xy")
N = word("screening_lies:N", "a count", integer=True)
HALF, TINY = Rational(1, 2), Rational(1, 10**6)


def I(low, high, open_low=False, open_high=False):  # noqa: E743
    return Interval(ends.of(S(low)), ends.of(S(high)), open_low, open_high or high == oo)


LIES = {
    "a dip that touches": (positive(x * log(x) - x + 1), {x: I(HALF, 10)}),
    "a dip a little below": (dominates(x * log(x), x - 1 + TINY), {x: I(HALF, 10)}),
    "a direction that turns": (decreasing(log(x) / x, x), {x: I(Rational(5, 2), 10)}),
    "of integers": (decreasing(log(N) / N, N), {N: I(2, 10**6)}),
    "no value at an end": (positive(1 / x), {x: I(0, 1)}),
    "far out": (dominates(100, log(x)), {x: I(1, oo)}),
    "strict where it is constant": (increasing(x * y - x * y + y, x, strictly=True), {x: I(1, 2), y: I(1, 2)}),
}


@pytest.mark.parametrize("name", LIES)
def test_a_kernel_that_finds_everything_decided_certifies_nothing(name, monkeypatch):
    monkeypatch.setattr(verify.proposals.Kernel, "slack", lambda self, boxes: torch().ones(boxes.shape[2]))
    statement, domain = LIES[name]
    assert isinstance(propose(statement, domain, 10), Leaf) or propose(statement, domain, 10) is None
    assert isinstance(cover(statement, domain, (), 12, propose), Uncovered)


def asked(says, box):
    """What Proofs makes of a claim with six boxes, and why it made nothing."""
    proofs = Proofs(SimpleNamespace(effort=SimpleNamespace(leaves=6)), {})
    claim = SimpleNamespace(id="screening/lie", statement=Statement(Box(box), (), says))
    return proofs.covering(claim), proofs.unproved.get(claim.id)


def test_a_lying_kernel_certifies_no_claim(monkeypatch):
    monkeypatch.setattr(verify.proposals.Kernel, "slack", lambda self, boxes: torch().ones(boxes.shape[2]))
    for says in (positive(x * log(x) - x + 1), positive(x * log(x) - x + 1 - TINY), decreasing(log(x) / x, x)):
        assert asked(says, {x: (1, 10)})[0] is None
    monkeypatch.setattr(verify.proving, "propose", lambda *_: Leaf())
    assert asked(decreasing(log(x) / x, x), {x: (1, 10)})[0] is None


def test_the_reason_names_where_a_bound_is_touched():
    found, why = asked(dominates(x * log(x), x - 1), {x: Span(Rational(1, 2), 10)})
    assert found is None
    assert "touch at" in why
    assert "x = 1," in why
    assert asked(dominates(x**2, 2 * x - 1), {x: (0, 3)})[0].leaves == 1
    assert asked(positive(x**2 - 2 * x + Rational(11, 10)), {x: (0, oo)})[0].leaves == 1


@pytest.mark.parametrize("name", LIES)
def test_no_tree_that_is_proposed_makes_a_lie_certified(name):
    statement, domain = LIES[name]
    symbol = next(iter(domain))
    for at in (S(1), S(2), HALF, S(10**9), S(-1)):
        for tree in (Leaf(), Cut(symbol, at, Leaf(), Leaf()), Cut(symbol, at, Cut(symbol, at, Leaf(), Leaf()), Leaf())):
            found = cover(statement, domain, (), 6, lambda *_, tree=tree: tree)
            assert isinstance(found, Uncovered), (at, tree)


def test_a_true_claim_survives_a_tree_that_is_none():
    statement, domain = positive(x * log(x) - x + Rational(11, 10)), {x: I(HALF, 10)}
    few = next(k for k in range(1, 40) if not isinstance(cover(statement, domain, most=k), Uncovered)) - 1
    assert isinstance(cover(statement, domain, most=few), Uncovered)
    for at in (S(100), S(-1), HALF):  # cuts outside of the box
        found = cover(statement, domain, (), few, lambda *_, at=at: Cut(x, at, Leaf(), Leaf()))
        assert isinstance(found, Uncovered)
    helped = cover(statement, domain, (), few, lambda *_: Cut(x, S(1), Leaf(), Leaf()))
    if not isinstance(helped, Uncovered):
        check_covering(helped)


def stored():
    found = cover(positive(x * log(x) - x + Rational(11, 10)), {x: I(HALF, 10)})
    return found, found.to_json()


def test_tampered_files_are_rejected():
    found, whole = stored()
    replay(whole)
    number, at, low, high = whole["tree"]
    trees = {
        "a split turned into a leaf": None,
        "a decision dropped": [number, at, low],
        "a cut outside of its box": [number, "11", low, high],
        "a cut at the end": [number, "1/2", low, high],
        "a cut of no symbol": [1, at, low, high],
        "a cut that is a number": [number, 1, low, high],
    }
    for tree in trees.values():
        forged = {**whole, "tree": tree, "leaves": 1 if tree is None else whole["leaves"]}
        with pytest.raises(Rejected):
            replay(forged)
    for forged in (replace(found, domain={x: I(TINY, 11)}, statement=positive(x * log(x) - x + 1 - TINY)),
                   replace(found, statement=positive(-found.statement.function))):  # fmt: skip
        with pytest.raises(RejectedTrace):
            check_covering(forged)
        with pytest.raises(Rejected):
            replay(json.loads(json.dumps(forged.to_json())))


def test_a_file_without_its_tree_is_refused():
    whole = cover(positive(x), {x: I(1, 2)}).to_json()
    assert whole["leaves"] == 1
    with pytest.raises(Rejected, match="no 'tree'"):
        replay({key: value for key, value in whole.items() if key != "tree"})


def even(depth, low=1, high=2):
    """A tree of equal parts."""
    if not depth:
        return Leaf()
    middle = (S(low) + S(high)) / 2
    return Cut(x, middle, even(depth - 1, low, middle), even(depth - 1, middle, high))


def test_a_covering_that_would_take_too_long_ends_in_one_sentence():
    covering = Covering(positive(harmonic(x) + harmonic(x**2)), {x: I(1, 2)}, (), even(8))
    check_covering(covering)
    with pytest.raises(RejectedTrace, match="more work would be needed") as raised:
        check_covering(covering, most=1000)
    assert "\n" not in str(raised.value)


def test_a_cut_of_an_integer_between_two_of_its_values_is_rejected():
    for statement in (decreasing(N**2 - 5 * N, N, strictly=True), positive(N)):
        with pytest.raises(RejectedTrace, match="between two integers"):
            check_covering(Covering(statement, {N: I(1, 3)}, (), Cut(N, HALF * 5, Leaf(), Leaf())))


ROOTS = [
    (positive(x**2 - 2 * x + 1), {x: I(0, 3)}),
    (positive(x**2 - 2 * x + 1), {x: I(1, 3)}),
    (dominates(x**2 - 2 * x + 1, TINY), {x: I(0, 3)}),
    (positive(x**2 - 2 * x + y), {x: I(0, oo), y: I(1, 2)}),
    (dominates(x**2 - 2 * x, -y), {x: I(0, 3), y: I(1 - TINY, 2)}),
    (positive(x), {x: I(0, 1)}),
    (dominates(x**3, S(0)), {x: I(-oo, oo, True)}),
    (dominates(-(x**3), S(0)), {x: I(-oo, oo, True)}),
    (dominates(-x, S(-5)), {x: I(0, oo)}),
    (dominates(x**2 / (1 + x - x), x**4), {x: I(0, 2)}),
    (positive((x - 1) ** 2 * (x - 2) ** 2), {x: I(0, 3)}),
    (dominates((x - 1) ** 2 * (x - 2), S(0)), {x: I(0, 3)}),
    (dominates(x * y, S(0)), {x: I(-1, 1), y: I(-1, 1)}),
    (dominates(x, x + TINY), {x: I(0, 1)}),
    (dominates(1 / x, S(0)), {x: I(-1, 1)}),
]


@pytest.mark.parametrize("number", range(len(ROOTS)))
def test_no_root_is_overlooked(number):
    goal, box = ROOTS[number]
    assert not by_roots(goal, box)
