"""Sentences about behaviour: what they say about points, that they can be stored, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sympy import And, Eq, Ge, Gt, I, Implies, Le, Lt, Ne, Not, Or, Rational, S, exp, latex, log, oo, sin, sqrt, zoo

from symbolic import (
    SentenceError,
    another,
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
    word,
)
from symbolic.behaviour import expand, other_points, substituted, value_of
from symbolic.codec import Decoder, encode, vocabulary
from symbolic.expanding import out_of_place, premises_judged, refutable, words_judged
from symbolic.sentences import free_indices, is_sentence, words_in
from verify.judge import negation

N = word("behaviour:N", "the number of samples", integer=True, nonnegative=True)
x = word("behaviour:x", "a real")
y = word("behaviour:y", "a real that is not negative", nonnegative=True)
N2, x2, y2 = another(N), another(x), another(y)


def le(a: Any, b: Any) -> Any:
    return Le(a, b, evaluate=False)


def not_0(a: Any, said: Any) -> Any:
    return Implies(Ne(a, 0), said, evaluate=False)


EXPANDED = {
    increasing(x**2, x): Implies(Lt(x, x2), le(x**2, x2**2)),
    increasing(x, x, strictly=True): Implies(Lt(x, x2), Lt(x, x2, evaluate=False), evaluate=False),
    decreasing(log(N) / N, N): Implies(Lt(N, N2), le(log(N2) / N2, log(N) / N)),
    decreasing(x * y, x, strictly=True): Implies(Lt(x, x2), Lt(x2 * y, x * y, evaluate=False)),
    convex(x**2, x): le(((x + x2) / 2) ** 2, x**2 / 2 + x2**2 / 2),
    concave(sqrt(y), y): Ge(sqrt((y + y2) / 2), sqrt(y) / 2 + sqrt(y2) / 2, evaluate=False),
    positive(x): Gt(x, 0),
    dominates(y + 1, 0): Ge(y + 1, 0, evaluate=False),
    reduces_to(x * y + x, {x: y, y: x}, x * y + y): Eq(x * y + y, x * y + y, evaluate=False),
    homogeneous(x * y, (x, y), 2): not_0(x, Eq(x2 * y * x2 / x, (x2 / x) ** 2 * x * y, evaluate=False)),
    homogeneous(x + 1, x, 1): not_0(x, Eq(x2 + 1, x2 / x * (x + 1), evaluate=False)),
    limit(x * y, x, 3, 3 * y): Eq(3 * y, 3 * y, evaluate=False),
    limit(1 / N, N, oo, 0): None,
    crossover(x, x**2, x, 1): And(
        Implies(le(x, 1), le(x, x**2), evaluate=False),
        Implies(Ge(x, 1, evaluate=False), Ge(x, x**2, evaluate=False), evaluate=False),
    ),
}


@pytest.mark.parametrize("node", EXPANDED, ids=str)
def test_a_behaviour_is_a_sentence_that_is_stored_and_spelled_out(node: Any) -> None:
    assert is_sentence(node)
    assert free_indices(node) == ()
    assert Decoder(vocabulary(node))(encode(node)) == node
    assert node.func(*node.args) == node
    assert expand(node) == EXPANDED[node]
    assert refutable(node) == (EXPANDED[node] is not None)
    assert words_in(node) <= words_judged(node)
    assert latex(node)


def test_another_value_is_a_word_of_the_same_type() -> None:
    assert N2.is_integer
    assert N2.is_nonnegative
    assert N2.name == "behaviour:N'"
    assert (str(N2), latex(N2)) == ("N'", "N'")
    assert N2.meaning == "another value of N"
    assert another(N) == N2
    assert (value_of(N2.name), value_of(N.name)) == (N.name, None)


def test_hypotheses_hold_at_the_second_point_too() -> None:
    both = premises_judged((y <= 2 * x, y > 1), increasing(x * y, x))
    assert both == (y <= 2 * x, y > 1, y <= 2 * x2)
    assert premises_judged((y <= 2 * x,), positive(x)) == (y <= 2 * x,)
    middle = {x: (x + x2) / 2}
    assert other_points(convex(x**2, x)) == ({x: x2}, middle)


def test_a_behaviour_is_negated_as_what_it_says_about_points() -> None:
    assert negation(positive(x)) == Le(x, 0)
    assert negation(increasing(x**2, x)) == And(Lt(x, x2), Gt(x**2, x2**2))


def test_only_a_conjunction_may_hold_behaviours() -> None:
    rises = increasing(x, x)
    assert out_of_place(And(rises, positive(y))) is None
    for sentence in (Not(rises), Or(rises, positive(y)), Implies(Gt(x, 0), rises)):
        assert out_of_place(sentence) is not None


REFUSED: dict[str, Callable[[], Any]] = {
    "1/x has no value at x = 0": lambda: limit(1 / x, x, 0, 0),
    "log(y) has no value at y = 0": lambda: reduces_to(log(y), {y: 0}, 1),
    "sin(x)/x has no value at x = 0": lambda: reduces_to(sin(x) / x, {x: 0}, 1),
    "1/(1 + 1/x) has no value at x = 0": lambda: reduces_to(1 / (1 + 1 / x), {x: 0}, 0),
    "sqrt(x) has no value at x = -1": lambda: reduces_to(sqrt(x), {x: -1}, 1),
    "2*x is none": lambda: increasing(x, 2 * x),
    "not 'x'": lambda: increasing("x", x),
    "neither True nor False": lambda: increasing(x, x, strictly=3),
    "needs a special case": lambda: reduces_to(x, {}, x),
    "needs the words to scale": lambda: homogeneous(x, (), 1),
    "cannot tend to oo": lambda: limit(x, x, 0, oo),
    "is one number, not": lambda: positive(x > 0),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_behaviour_is_refused_in_one_sentence(what: str) -> None:
    with pytest.raises(SentenceError, match=re.escape(what)) as refused:
        REFUSED[what]()
    assert "\n" not in str(refused.value)


def test_words_are_replaced_at_once_and_nothing_undefined_comes_out() -> None:
    assert substituted(x - y, {x: y, y: x}) == y - x
    for bad in (1 / x, log(x), sqrt(x - 1)):
        with pytest.raises(SentenceError):
            substituted(bad, {x: 0})
    assert not substituted(x**2 + Rational(1, 2), {x: 0}).has(zoo, I)


def test_what_falls_out_of_a_limit_is_missed() -> None:
    """SymPy makes 1 of 1**(g/0), and (1 - x)**(g/x) tends to exp(-g)."""
    u, g = word("falls-out:u", "a step"), word("falls-out:g", "a rate")
    with pytest.raises(SentenceError, match="has no value at u = 0"):
        limit((1 - u) ** (g / u), u, 0, exp(-g))


def test_what_is_scaled_from_0_is_not_compared() -> None:
    """The other value of a word that is 0 does not tell by how much everything was scaled."""
    u, v = word("scaled:u", "a side", nonnegative=True), word("scaled:v", "a side", nonnegative=True)
    said = expand(homogeneous(sqrt(u**2 + v**2), (u, v), 1))
    assert said.xreplace({u: S.Zero}).doit() == S.true
