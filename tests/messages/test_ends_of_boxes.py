"""Boxes with far, near, long and wrong ends: a verdict, or one sentence that names the symbol; never a traceback."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sympy import Integer, Rational, exp, floor, sqrt

from symbolic import Span, ends
from symbolic.behaviour import increasing, positive
from symbolic.calculus import derive
from symbolic.calculus_check import RejectedTrace
from symbolic.certify import Uncovered, cover, cut_of
from symbolic.codec import CodecError, digest
from symbolic.coverings import FARTHEST_CUT, Covering, Cut, Leaf, parts
from symbolic.ends import DOWN, UP
from symbolic.intervals import Interval, point
from symbolic.traces import Trace
from symbolic.words import size, word
from verify.recheck import replay

HEAD = """
from sympy import *
from properties.worlds.boxes import Box
from symbolic import Span, increasing, positive, size, word
from verify import claim
N = word("N", "a count", integer=True)
x = word("x", "a real number")
y = word("y", "a number from 0 on", nonnegative=True)
k = size("k", "a size")
"""

JUDGED = {
    "an integer up to e^9000": ("{N: (1, exp(9000))}", "increasing(N + 1/N, N)", 0),
    "an integer between two far ends": ("{N: (exp(8999), exp(9000))}", "increasing(log(N), N)", 0),
    "an integer that is cut": ("{N: (1, exp(9000))}", "positive(N**2 - 3*N + Rational(5, 2))", 0),
    "an integer above a far end": ("{N: (exp(9000), oo)}", "N >= 1", 0),
    "a real number up to e^9000": ("{x: (1, exp(9000))}", "x >= 1", 0),
    "a false claim far out": ("{x: (1, exp(9000))}", "log(x) <= 8999", 1),
    "a real number below 0": ("{N: (-exp(9000), 100)}", "N <= 100", 0),
    "a near end": ("{x: (exp(-9000), 1)}", "positive(x)", 0),
    "a near end of an integer": ("{N: (exp(-9000), 100)}", "positive(N)", 0),
    "a power that is no integer": ("{x: (exp(Rational(1, 3)), 100)}", "positive(x)", 0),
    "400 digits": ("{x: ('1'*400 + '/' + '3'*400, 3)}", "positive(x)", 0),
    "an integer of 400 digits": ("{N: (Rational(10**400 + 7, 999), 10**400)}", "positive(N)", 0),
    "one far number": ("{x: (exp(9000), exp(9000))}", "positive(x)", 0),
    "one number": ("{N: (2, 2)}", "N <= 3", 0),
}

REFUSED = {
    "no integer between far ends": ("{N: (exp(9000), exp(9000))}", "positive(N)", "N (draft:N) is declared an integer"),
    "no integer": ("{N: ('1/3', '2/3')}", "N <= 3", "N (draft:N) is declared an integer"),
    "the wrong way round": ("{x: (exp(9001), exp(9000))}", "x <= 3", "x: the span from exp(9001) to exp(9000) is em"),
    "the wrong way round, nearly": (
        "{x: (exp(9000)*Rational(10**900 + 1, 10**900), exp(9000))}", "positive(x)", "is empty; give a lower end"),
    "an empty box": ("{}", "x <= 3", "a box has a span for each of its words"),
    "no lower end": ("{x: (-oo, 3)}", "x <= 3", "x: the span from -oo to 3 has no lower end"),
    "infinite ends": ("{N: (oo, oo)}", "N <= 3", "N: the span from oo to oo has no lower end"),
    "an open point": ("{x: (2, 2), N: Span(2, 2, True)}", "x <= N", "the span from 2 to 2 is empty"),
    "a size from 0": ("{k: (0, exp(9000))}", "k <= 3", "k (draft:k) is a size"),
    "a number below 0": ("{y: (-exp(-9000), exp(9000))}", "y >= 1", "y (draft:y) is declared nonnegative"),
    "too narrow": ("{x: (exp(9000), exp(9000)*Rational(10**40 + 1, 10**40))}", "positive(x)", "x: the span"),
    "too many digits": ("{x: (1, 10**5000)}", "positive(x)", "x: the end (a number of thousands of digits) of a span"),
    "too many digits below": ("{y: (-10**5000, 1)}", "positive(y)", "y: the end"),
    "too many digits of a text": ("{x: ('1e-9999', 1)}", "positive(x)", "x: the end '1e-9999' of a span is no number"),
    "too far": ("{x: (1, exp(10001))}", "positive(x)", "x: the end exp(10001) of a span is no number"),
    "no number": ("{x: (nan, 1)}", "x <= 3", "x: the end nan of a span is no number"),
}  # fmt: skip


def drafted(folder: Path, box: str, says: str) -> None:
    (folder / "draft.py").write_text(f"{HEAD}claim('draft/a', 'It holds.', given=Box({box}), says={says})\n")


@pytest.mark.parametrize("name", JUDGED)
def test_a_box_with_far_ends_is_judged(name: str, lakatos: Callable[..., Any], tmp_path: Path) -> None:
    box, says, code = JUDGED[name]
    drafted(tmp_path, box, says)
    ended = lakatos("check", "draft.py")
    assert ended.code == code, ended
    assert "Traceback" not in ended.out + ended.err
    if code == 0:
        assert lakatos("recheck", ".lakatos/record.jsonl").code == 0


@pytest.mark.parametrize("name", REFUSED)
def test_a_box_that_is_none_is_refused_in_one_sentence(name: str, lakatos: Callable[..., Any], tmp_path: Path) -> None:
    box, says, told = REFUSED[name]
    drafted(tmp_path, box, says)
    ended = lakatos("check", "draft.py")
    assert ended.code == 2, ended
    assert told in ended.err.replace("\n", " "), ended.err
    assert len(ended.err) < 500
    assert "Traceback" not in ended.out + ended.err


x = word("ends_of_boxes:x", "a real number")
N = word("ends_of_boxes:N", "a count", integer=True)
y = word("ends_of_boxes:y", "a number from 0 on", nonnegative=True)
k = size("ends_of_boxes:k", "a size")


def I(low: Any, high: Any) -> Interval:  # noqa: E743
    return Interval(ends.of(Integer(low) if isinstance(low, int) else low), ends.of(high))


def test_integer_parts_of_far_ends_are_exact() -> None:
    for power, digits in ((9000, 3909), (10_000, 4343)):
        whole = ends.exact(1, power).whole(DOWN)
        assert 10 ** (digits - 1) < whole < 10**digits
        below, above = ends.exact(whole), ends.exact(whole + 1)
        assert ends.below(below, ends.exact(1, power))
        assert ends.below(ends.exact(1, power), above)
        assert ends.exact(1, power).whole(UP) == whole + 1
    for a in range(-40, 40):
        end = ends.exact(Rational(7, 3).p, 0) if a == 0 else ends.of(Rational(7, 3) * exp(Rational(a, 5)))
        if a:
            assert end.whole(DOWN) == int(floor(Rational(7, 3) * exp(Rational(a, 5))))
    assert Span(1, exp(9000)).integers()[1] == ends.exact(1, 9000).whole(DOWN)
    assert Span(-exp(9000), 1).integers()[0] == -ends.exact(1, 9000).whole(DOWN)


@pytest.mark.parametrize(
    ("symbol", "low"), [(N, exp(8999)), (N, exp(9280)), (x, exp(8999)), (N, Integer(1)), (x, Integer(1))], ids=str
)
def test_a_cut_near_a_far_end_is_written_so_that_it_is_read(symbol: Any, low: Any) -> None:
    high = exp(9281) if low == exp(9280) else exp(9000)
    domain = {symbol: I(low, high)}
    at = cut_of(domain[symbol], bool(symbol.is_integer), False)
    lower, upper = parts(domain, symbol, at, positive(symbol))
    assert ends.below(lower[symbol].low, upper[symbol].low)
    covering = Covering(positive(symbol), domain, (), Cut(symbol, at, Leaf(), Leaf()))
    text = json.dumps(covering.to_json())
    again = Covering.from_json(text)
    assert again.tree == covering.tree
    replay(json.loads(text))


def test_a_cut_that_no_file_holds_is_none() -> None:
    with pytest.raises(RejectedTrace, match="which no file holds"):
        parts({x: I(0, exp(10_000))}, x, Integer(3) ** 9000, positive(x))
    with pytest.raises(RejectedTrace, match="which no file holds"):
        parts({x: I(0, 1)}, x, Rational(1, 2 ** (FARTHEST_CUT + 1)), positive(x))
    stored = Covering(positive(x), {x: I(1, 9)}, (), Cut(x, Integer(2), Leaf(), Leaf())).to_json()
    for text in (f"1*2^{FARTHEST_CUT + 1}", f"1*2^-{FARTHEST_CUT + 1}", "1*2^99999999999", "e^2", "oo"):
        with pytest.raises(CodecError):
            Covering.from_json({**stored, "tree": [0, text, None, None]})


def test_a_proof_up_to_a_far_end_is_found_and_read() -> None:
    found = cover(positive(N**2 - 3 * N + Rational(5, 2)), {N: I(1, exp(9000))})
    assert not isinstance(found, Uncovered)
    replay(json.loads(json.dumps(found.to_json())))
    assert isinstance(derive(increasing(sqrt(N), N), {N: I(1, exp(9000))}), Trace)


@pytest.mark.parametrize(
    ("symbol", "interval", "told"),
    [
        (y, ["-1", "1", False, False], "y is declared nonnegative"),
        (k, ["-3", "9", False, False], "k is declared nonnegative"),
        (N, ["1/3", "2/3", False, False], "N is declared an integer"),
        (N, ["2", "3", True, True], "N is declared an integer"),
        (k, ["1/2", "2/3", False, False], "k is declared an integer"),
    ],
)
def test_a_stored_interval_that_a_word_cannot_be_in_is_refused(symbol: Any, interval: list[Any], told: str) -> None:
    domain = {symbol: Interval(point(1).low, point(9).low)}
    trace = derive(positive(symbol + 1), domain)
    assert isinstance(trace, Trace)
    covering = Covering(positive(symbol + 1), domain, (), Leaf())
    for made, kept in (
        (trace, ("statement", "domain", "hypotheses")),
        (covering, ("statement", "domain", "integers", "hypotheses")),
    ):
        file = made.to_json()
        file["domain"] = [[file["domain"][0][0], interval]]
        file["digest"] = digest({key: file[key] for key in kept})
        with pytest.raises(CodecError, match=told) as refused:
            type(made).from_json(json.loads(json.dumps(file)))
        assert "\n" not in str(refused.value)
