"""False claims that no covering may establish, and coverings that were forged or tampered with.

Every claim is false at some point of its domain, or has no value there; the point is named where it is not plain.
"""

import json
import subprocess
import sys
from dataclasses import replace

import pytest
from sympy import And, E, Eq, Le, Lt, Or, Rational, S, exp, floor, harmonic, log, oo, sqrt

from symbolic import ends
from symbolic.behaviour import (
    concave,
    convex,
    crossover,
    decreasing,
    dominates,
    homogeneous,
    increasing,
    limit,
    positive,
    reduces_to,
)  # fmt: skip
from symbolic.calculus_check import RejectedTrace
from symbolic.certify import Uncovered, cover
from symbolic.codec import CodecError, digest
from symbolic.covering_check import check_covering
from symbolic.coverings import DEEPEST, LONGEST_FILE, Covering, Cut, Leaf
from symbolic.intervals import Interval
from symbolic.polynomials import by_roots
from symbolic.tails import tail
from symbolic.words import word
from verify.recheck import Rejected, replay

x, y = (word(f"coverings_lies:{letter}", "a number") for letter in "xy")
N, D = (word(f"coverings_lies:{letter}", "a count", integer=True) for letter in "ND")
HALF, TINY = Rational(1, 2), Rational(1, 10**6)
bowl = x**2 - 2 * x + Rational(11, 10)
dip = x * log(x) - x + Rational(11, 10)
falls = decreasing(log(N) / sqrt(N), N)
real_falls = decreasing(log(x) / sqrt(x), x)


def I(low, high, open_low=False, open_high=False):  # noqa: E743
    return Interval(ends.of(S(low)), ends.of(S(high)), open_low, open_high or high == oo)


LIES = {
    # -- about points
    "a bowl that touches": (positive(x**2 - 2 * x + 1), {x: I(HALF, 10)}),
    "a bowl a little below": (positive(x**2 - 2 * x + 1 - TINY**2), {x: I(HALF, 10)}),
    "a bowl that touches at a closed end": (positive(x**2 - 2 * x + 1), {x: I(1, 10)}),
    "violated on a tiny part": (dominates((x - 1) ** 2 + (y - 1) ** 2, TINY), {x: I(HALF, 2), y: I(HALF, 2)}),
    "violated at an end": (dominates(x**2 + 1, 2 * x + TINY), {x: I(1, 10)}),
    "violated far out": (dominates(10**6 - TINY, log(x)), {x: I(1, oo)}),
    "strict where equal": (Lt(2 * x, x**2 + 1, evaluate=False), {x: I(HALF, 3)}),
    "strict where equal at an integer": (positive((2 * N - 6) ** 2), {N: I(1, 9)}),
    "strict at the lowest of two integers": (positive(N - 1), {N: I(1, 2)}),
    "at one integer": (dominates((2 * N - 5) ** 2, 1 + TINY), {N: I(1, 9)}),
    "at one integer of a real symbol": (positive((2 * x - 5) ** 2), {x: I(1, 9)}),
    "one of two": (And(positive(bowl), positive(x - 1), evaluate=False), {x: I(HALF, 3)}),
    "undefined inside": (positive(1 / (x - 1) ** 2), {x: I(HALF, 3)}),
    "undefined at an end": (dominates(1 / (x - 1) ** 2, S(0)), {x: I(1, 3)}),
    "an order that never holds": (Le(x, x - TINY, evaluate=False), {x: I(1, 3)}),
    # -- monotone
    "falls, but not at first": (falls, {N: I(6, oo)}),  # from 6 to 7
    "falls, of real numbers": (real_falls, {x: I(7, oo)}),  # up to e**2
    "falls strictly, equal at two integers": (decreasing(N**2 - 5 * N, N, strictly=True), {N: I(1, 3)}),
    "rises at the last two": (decreasing(N**2 - 17 * N, N), {N: I(1, 10)}),
    "falls at cuts, not between": (decreasing(x**2 - 17 * x, x), {x: I(1, 9)}),
    "rises on both sides of a jump": (increasing(x - 3 * floor(x / 2), x), {x: I(1, 3)}),
    "rises on both sides of a pole": (increasing(-1 / (x - 2), x), {x: I(1, 3)}),
    "rises at integers below a pole": (increasing(-1 / (2 * N - 5), N), {N: I(1, 4)}),  # from 2 to 3
    "one of two monotone": (And(increasing(bowl * N, N), increasing(bowl * N, x), evaluate=False),
                            {x: I(HALF, 3), N: I(1, 9)}),
    "two variables, one turned": (And(increasing(N * D, N), increasing(N - D, D), evaluate=False),
                                  {N: I(1, 9), D: I(1, 9)}),
    # -- by values that SymPy makes of what has none
    "an inverse of an inverse of 0": (increasing(1 / (1 + 1 / (N - 7)), N), {N: I(7, 20)}),
    "0 times what has no value": (increasing((N - 7) * (8 - N) * log(x), N), {N: I(7, 8), x: I(0, 1)}),
    "0 to the 0": (decreasing(x ** (N - 1), N), {N: I(1, 2), x: I(0, 1)}),
    "a pole at the first integer": (decreasing(1 / (N - 7), N), {N: I(7, 20)}),
    "a pole at the last integer": (increasing(1 / (8 - N), N), {N: I(7, 8)}),
    "a root below 0 at an integer": (increasing(sqrt(N - HALF * 15), N), {N: I(7, 8)}),
    "a long sum": (decreasing(harmonic(N), N), {N: I(10**9, 10**9 + 1)}),
    # -- what may not be cut
    "convex on both sides of a cut": (convex(-((x - 2) ** 2), x), {x: I(1, 3)}),
    "concave": (concave(bowl, x), {x: I(1, 3)}),
    "homogeneous": (homogeneous(x + TINY, x, 1), {x: I(1, 3)}),
    "a limit": (limit(1 + 1 / x, x, oo, 0), {x: I(1, oo)}),
    "an equation": (Eq(x, x + TINY, evaluate=False), {x: I(1, 3)}),
    "a special case": (reduces_to(x * y, {x: 1}, y + TINY), {x: I(1, 3), y: I(1, 3)}),
    "a crossover": (crossover(x, S(2), x, 2 + TINY), {x: I(1, 3)}),
    "a disjunction of two that fail apart": (Or(Lt(x, 2), Lt(y, 2), evaluate=False), {x: I(1, 3), y: I(1, 3)}),
    # -- hypotheses
    "a condition met nowhere": (positive(x - 20), {x: I(1, 9), y: I(1, 9)}, [x * y >= 90]),
    "conditions met nowhere together": (positive(-(x - 2) ** 2), {x: I(1, 9), y: I(1, 9)}, [x >= 2 * y, y >= x]),
    "a condition met in part": (dominates(x, 2 * y), {x: I(1, 9), y: I(1, 9)}, [x >= (2 - TINY) * y]),
    "a condition at one point": (positive(x - 9), {x: I(1, 9), y: I(1, 9)}, [x * y >= 81]),
    "a condition that leaves two intervals": (increasing(1 / (x - 2), x), {x: I(1, 3), y: I(HALF, 1)},
                                              [(x - 2) ** 2 >= y / 8]),
    "a condition of two intervals of a logarithm": (increasing(1 / (x - 1), x), {x: I(HALF, 2), y: I(HALF, 1)},
                                                    [log(x) ** 2 >= y / 100]),
    "a condition of two intervals of a square": (increasing(-1 / x, x), {x: I(-2, 2), y: I(1, 2)}, [x**2 >= y]),
}  # fmt: skip


def parts(name):
    statement, domain, hypotheses = (*LIES[name], ())[:3]
    return statement, domain, tuple(hypotheses)


@pytest.mark.parametrize("name", LIES)
def test_a_lie_is_not_covered(name):
    found = cover(*parts(name), most=30)
    assert isinstance(found, Uncovered), found.lines()
    assert found.reason
    assert "\n" not in found.reason


def cuts(domain, depth):
    """Trees of a domain: none, and all of one place in one symbol, cut again ``depth`` times."""
    yield Leaf()
    for symbol, within in domain.items():
        for at in (S(0), S(1), HALF * 3, S(2), HALF * 5, S(3), S(7), HALF * 15, S(8), S(9), ends_in_middle(within)):
            yield Cut(symbol, at, Leaf(), Leaf())
            if depth:
                yield from (Cut(symbol, at, Leaf(), tree) for tree in list(cuts(domain, depth - 1))[1:6])


def ends_in_middle(within):
    low, high = (S(0) if e.rational is None else Rational(int(e.rational.p), int(e.rational.q)) for e in
                 (within.low, within.high))  # fmt: skip
    return (low + high) / 2


@pytest.mark.parametrize("name", LIES)
def test_no_forged_covering_of_a_lie_is_accepted(name):
    statement, domain, hypotheses = parts(name)
    for tree in list(cuts(domain, 1))[:24]:
        with pytest.raises(RejectedTrace) as raised:
            check_covering(Covering(statement, domain, hypotheses, tree))
        assert "\n" not in str(raised.value)


def test_there_are_many_lies():
    assert len(LIES) >= 40


HONEST = cover(falls, {N: I(7, 100)})
POINTS = cover(positive((2 * N - 5) ** 2), {N: I(1, 9)})
REAL = cover(positive(dip), {x: I(HALF, 10)})


def pruned(tree):
    """The trees with one cut turned into a leaf."""
    if isinstance(tree, Cut):
        yield Leaf()
        yield from (replace(tree, low=low) for low in pruned(tree.low))
        yield from (replace(tree, high=high) for high in pruned(tree.high))


def in_symbol(symbol, tree):
    """The same cuts in another symbol."""
    if isinstance(tree, Leaf):
        return tree
    return Cut(symbol, tree.at, in_symbol(symbol, tree.low), in_symbol(symbol, tree.high))


def rejected(covering):
    with pytest.raises(RejectedTrace):
        check_covering(covering)
    with pytest.raises(Rejected):
        replay(covering.to_json())  # with a digest computed anew


@pytest.mark.parametrize("honest", [HONEST, POINTS, REAL])
def test_a_cut_that_is_needed_cannot_be_a_leaf(honest):
    check_covering(honest)
    rejected(replace(honest, tree=Leaf()))
    kept = 0
    for tree in pruned(honest.tree):
        try:
            check_covering(replace(honest, tree=tree))
            kept += 1
        except RejectedTrace:
            pass
    assert kept < honest.leaves - 1


@pytest.mark.parametrize(
    "forged",
    [
        replace(HONEST, domain={N: I(6, 100)}),
        replace(HONEST, domain={N: I(8, 9)}),
        replace(HONEST, statement=increasing(log(N) / sqrt(N), N)),
        replace(HONEST, statement=real_falls),
        replace(HONEST, statement=real_falls, domain={x: I(7, 100)}, tree=in_symbol(x, HONEST.tree)),
        replace(HONEST, domain={}, tree=Leaf()),
        replace(HONEST, domain={x: I(7, 100)}, tree=in_symbol(x, HONEST.tree)),
        replace(HONEST, hypotheses=(N <= 6,)),
        replace(POINTS, domain={N: I(-1, 9)}, statement=positive((2 * N + 1) * (2 * N - 5))),
        replace(POINTS, statement=positive(-((2 * N - 5) ** 2))),
        replace(POINTS, statement=decreasing((2 * N - 5) ** 2, N)),
        replace(POINTS, statement=positive((2 * x - 5) ** 2), domain={x: I(1, 9)}, tree=in_symbol(x, POINTS.tree)),
        replace(REAL, statement=positive(-dip)),
        replace(REAL, statement=positive(dip - Rational(1, 10))),
        replace(REAL, statement=convex(dip, x)),
        replace(REAL, tree=Cut(x, S(11), Leaf(), REAL.tree)),
        replace(REAL, tree=Cut(x, HALF, Leaf(), REAL.tree)),
        replace(REAL, tree=Cut(x, S(10), REAL.tree, Leaf())),
        replace(POINTS, tree=Cut(N, S(9), POINTS.tree, Leaf())),
    ],
)
def test_another_statement_domain_hypothesis_or_cut_is_rejected(forged):
    rejected(forged)


def test_a_cut_of_a_symbol_outside_of_the_domain_is_rejected():
    for at in (S(2), 2, None, S.NaN, oo, sqrt(2), x):
        with pytest.raises(RejectedTrace):
            check_covering(replace(REAL, tree=Cut(y if at == 2 else x, at, REAL.tree, REAL.tree)))


def sealed(stored):
    """A stored covering with its digest computed anew."""
    header = {key: stored[key] for key in ("statement", "domain", "integers", "hypotheses") if key in stored}
    return {**stored, "digest": digest(header)}


def renamed(covering, name):
    return json.loads(json.dumps(covering.to_json()).replace(x.name, name))


def test_a_real_number_cannot_be_declared_an_integer_in_the_file():
    forged = replace(HONEST, statement=real_falls, domain={x: I(7, 100)}, tree=in_symbol(x, HONEST.tree))
    stored = sealed(renamed(forged, "coverings_lies:unheard"))
    stored["words"]["coverings_lies:unheard"]["integer"] = True  # in a program that does not know the word
    with pytest.raises(Rejected, match="digest"):
        replay(stored)
    known = json.loads(json.dumps(forged.to_json()))
    known["words"][x.name]["integer"] = True
    with pytest.raises(Rejected, match="otherwise"):
        replay(known)


def hostile():
    stored = REAL.to_json()
    deep = None
    for _ in range(DEEPEST + 2):
        deep = [0, "2", deep, None]
    yield "{" * 50_000
    yield "[" * 200_000
    yield " " * (LONGEST_FILE + 1)
    yield b"\xff\xfe"
    yield from (None, 3, [], {}, "null", {**stored, "format": "other"}, {**stored, "version": 2})
    yield from ({k: v for k, v in stored.items() if k not in ("tree", key)} for key in stored if key != "tree")
    trees = (
        deep, 3, "x", {}, [0, "2", None], [1, "2", None, None], [-1, "2", None, None], [True, "2", None, None],
        [0, 2, None, None], [0, "oo", None, None], [0, "e^1", None, None], [0, "1/0", None, None],
        [0, "9" * 5000, None, None], [0, "1e9", None, None], [0, None, None, None], [0, "2", False, None],
        [0, "1*2^99999999999", None, None],
    )  # fmt: skip
    yield from ({**stored, "tree": tree} for tree in trees)
    yield from ({**stored, key: 7} for key in ("statement", "domain", "hypotheses", "digest", "words", "leaves"))
    yield sealed({**stored, "domain": stored["domain"] * 2})
    yield sealed({**stored, "domain": [[stored["domain"][0][0], ["10", "1/2", False, False]]]})
    yield sealed({**stored, "domain": [[stored["domain"][0][0], ["1/2", "nan", False, False]]]})
    yield sealed({**stored, "hypotheses": [["number", "1"]]})
    yield {**stored, "domain": [[stored["domain"][0][0], ["1/2", "11", False, False]]]}


@pytest.mark.parametrize("number", range(len(list(hostile()))))
def test_a_hostile_file_gives_one_sentence(number):
    with pytest.raises(CodecError) as raised:
        Covering.from_json(list(hostile())[number])
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 400


def test_a_tampered_file_is_rejected_at_the_door(tmp_path):
    path = tmp_path / "covering.json"
    path.write_text(json.dumps({**HONEST.to_json(), "tree": None, "leaves": 1}))
    run = subprocess.run(
        [sys.executable, "-m", "verify", "recheck", str(path)], capture_output=True, text=True, check=False
    )
    assert run.returncode != 0
    assert "Traceback" not in run.stdout + run.stderr


def test_a_tail_over_hypotheses_that_are_met_nowhere_is_none():
    domain, never = {N: I(1, oo), x: I(3, 8)}, [N * x <= 2]
    assert tail(decreasing(N**3 * S(2) ** (-N), N, strictly=True), domain, never) is None


@pytest.mark.parametrize("coefficient", [E, exp(HALF), log(5)], ids=str)
def test_a_polynomial_with_a_coefficient_that_is_not_rational_is_left_to_others(coefficient):
    statement = dominates(coefficient * x**2 + coefficient, 2 * coefficient * x)
    assert not by_roots(statement, {x: I(0, 5)})
    assert not isinstance(
        cover(Lt(2 * coefficient * x, coefficient * x**2 + coefficient, evaluate=False), {x: I(0, 5)}), Covering
    )
    assert isinstance(cover(dominates(coefficient * x**2, 2 * coefficient * x), {x: I(0, 5)}), Uncovered)


def test_roots_of_long_polynomials_are_not_looked_for():
    product = S.One
    for place in range(1, 12):
        product = product * (10**6 * x - 10**6 - place**7)
    long = positive(y + (product**2).expand())
    tree = Leaf()
    for place in range(2, 18):
        tree = Cut(y, S(place) / 20, tree, Leaf())
    with pytest.raises(RejectedTrace):
        check_covering(Covering(long, {x: I(0, 5), y: I(0, 1)}, (), tree))
