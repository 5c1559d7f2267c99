"""Wrong input: one sentence that says what and what to do, the right exit code, no traceback."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HEAD = """
from sympy import Eq, Integer
from properties.worlds.networks import TwoLayerReLU
from symbolic import entry, norm, rank
from symbolic.papers.weight_decay import A, A_formula, B, S, V, i, mu, u
from verify import Vacuity, claim, word
"""

DRAFTS = {
    "a sketch of something that is no sentence": (
        "claim('draft/a', 'A.', given=TwoLayerReLU(), says=rank(V) <= 1, proof=[norm(V)])",
        2,
        ["draft/a, proof", "is not a sentence", "relate"],
    ),
    "a sketch in words": (
        "claim('draft/a', 'A.', given=TwoLayerReLU(), says=rank(V) <= 1, proof=['clearly'])",
        2,
        ["draft/a, proof", "is not a sentence", "relate"],
    ),
    "a sketch about a word that the kind cannot read": (
        "claim('draft/a', 'A.', given=TwoLayerReLU(), says=rank(V) <= 1, proof=[norm(V) <= mu])",
        2,
        ["draft/a, proof", "cannot read mu"],
    ),
    "a sharper sentence that is none": (
        "claim('draft/a', 'A.', given=TwoLayerReLU(), says=rank(V) <= 1, sharpened_by=[norm(V)])",
        2,
        ["draft/a, sharpened_by", "is not a sentence"],
    ),
    "a word that the kind cannot read": (
        "claim('draft/a', 'A.', given=TwoLayerReLU(), says=mu <= 1)",
        2,
        ["TwoLayerReLU cannot read mu", "it reads"],
    ),
    "an id twice": (
        "claim('draft/a', 'A.', given=TwoLayerReLU(), says=rank(V) <= 1)\n"
        "claim('draft/a', 'B.', given=TwoLayerReLU(), says=rank(V) <= 2)",
        2,
        ["two claims are called draft/a", "rename"],
    ),
    "a sentence that is already true": (
        "claim('draft/a', 'A.', given=TwoLayerReLU(), says=norm(V) >= 0)",
        2,
        ["already True"],
    ),
    "no sentence": ("claim('draft/a', 'A.', given=TwoLayerReLU(), says=norm(V))", 2, ["not a sentence"]),
    "no kind": ("claim('draft/a', 'A.', given='TwoLayerReLU', says=rank(V) <= 1)", 2, ["not a kind"]),
    "an unknown grade": (
        "claim('draft/a', 'A.', given=TwoLayerReLU(), says=rank(V) <= 1, expects='true')",
        2,
        ["expects='true'"],
    ),
    "an index of the wrong range": ("claim('draft/a', 'A.', given=TwoLayerReLU(), says=rank(A[S]) <= 1)", 2, ["A is"]),
    "shapes that do not fit": (
        "claim('draft/a', 'A.', given=TwoLayerReLU(), says=rank(A[i] + u) <= 1)",
        2,
        ["shapes do not fit", "m x n", "1 x m"],
    ),
    "an index on the wrong side": (
        "claim('draft/a', 'A.', given=TwoLayerReLU(), says=entry(u, i) <= 1)",
        2,
        ["i runs over samples"],
    ),
    "a claim relied on that is not there": (
        "claim('draft/a', 'A.', given=TwoLayerReLU(), says=rank(A[i]) <= 1, relies_on=['chen2024/lema-2.2'])",
        2,
        ["relies on", "chen2024/lemma-2.2"],
    ),
    "a vacuity that is no sentence": (
        "claim('draft/a', 'A.', given=TwoLayerReLU(), says=rank(V) <= 1, vacuous=Vacuity(norm(V), 'small'))",
        2,
        ["draft/a, vacuity", "norm(V) is not a sentence"],
    ),
    "a vacuity that is already true": (
        "claim('draft/a', 'A.', given=TwoLayerReLU(), says=rank(V) <= 1, vacuous=Vacuity(norm(V) >= 0, 'small'))",
        2,
        ["draft/a, vacuity", "already True"],
    ),
    "a vacuity of a word that the kind cannot read": (
        "claim('draft/a', 'A.', given=TwoLayerReLU(), says=rank(V) <= 1, vacuous=Vacuity(mu <= 1, 'small'))",
        2,
        ["draft/a, vacuity", "TwoLayerReLU cannot read mu"],
    ),
    "a vacuity whose shapes do not fit": (
        "claim('draft/a', 'A.', given=TwoLayerReLU(), says=rank(V) <= 1,"
        " vacuous=Vacuity(norm(V) <= 1, 'small', because=rank(V + u) <= 1, why='it is'))",
        2,
        ["draft/a, vacuity", "shapes do not fit"],
    ),
    "a vacuity without words": (
        "claim('draft/a', 'A.', given=TwoLayerReLU(), says=rank(V) <= 1, vacuous=Vacuity(norm(V) <= 1, ' '))",
        2,
        ["draft/a, vacuity", "means is empty"],
    ),
    "a reason without words": (
        "claim('draft/a', 'A.', given=TwoLayerReLU(), says=rank(V) <= 1,"
        " vacuous=Vacuity(norm(V) <= 1, 'small', because=norm(V) <= 2))",
        2,
        ["draft/a, vacuity", "because and why belong together"],
    ),
    "a vacuity that is a bare sentence": (
        "claim('draft/a', 'A.', given=TwoLayerReLU(), says=rank(V) <= 1, vacuous=norm(V) <= 1)",
        2,
        ["is no Vacuity", "vacuous=Vacuity(when="],
    ),
    "a measure with a free index": (
        "claim('draft/a', 'A.', given=TwoLayerReLU(), says=rank(V) <= 1, measures={'size': norm(A[i])})",
        2,
        ["the measure 'size' has the free index i", "greatest, least or mean"],
    ),
    "a measure that is a matrix": (
        "claim('draft/a', 'A.', given=TwoLayerReLU(), says=rank(V) <= 1, measures={'size': V})",
        2,
        ["the measure 'size' is a matrix", "take a norm"],
    ),
    "a measure that is a sentence": (
        "claim('draft/a', 'A.', given=TwoLayerReLU(), says=rank(V) <= 1, measures={'size': norm(V) <= 1})",
        2,
        ["the measure 'size' is a sentence"],
    ),
    "a measure that is a number": (
        "claim('draft/a', 'A.', given=TwoLayerReLU(), says=rank(V) <= 1, measures={'size': 1.5})",
        2,
        ["which no network changes"],
    ),
    "a measure without a name": (
        "claim('draft/a', 'A.', given=TwoLayerReLU(), says=rank(V) <= 1, measures={'': norm(V)})",
        2,
        ["a measure is called ''"],
    ),
    "measures in a list": (
        "claim('draft/a', 'A.', given=TwoLayerReLU(), says=rank(V) <= 1, measures=[norm(V)])",
        2,
        ["names nothing", "write measures={"],
    ),
    "a measure of a word that the kind cannot read": (
        "claim('draft/a', 'A.', given=TwoLayerReLU(), says=rank(V) <= 1, measures={'size': mu})",
        2,
        ["draft/a, measure 'size'", "TwoLayerReLU cannot read mu"],
    ),
    "a group without measures": (
        "claim('draft/a', 'A.', given=TwoLayerReLU(), says=rank(V) <= 1, measures_by=B)",
        2,
        ["measures_by=B groups measures, and there are none"],
    ),
    "a group by a matrix": (
        "claim('draft/a', 'A.', given=TwoLayerReLU(), says=rank(V) <= 1, measures={'size': norm(V)}, measures_by=V)",
        2,
        ["measures_by=V is not a word for one number"],
    ),
    "a hypothesis that is no list": (
        "claim('draft/a', 'A.', given=TwoLayerReLU(), says=rank(V) <= 1, assuming=norm(V) >= 1)",
        2,
        ["draft/a: assuming=norm(V) >= 1 is not a list", "write assuming=[norm(V) >= 1]"],
    ),
    "a mutant's hypothesis that is no list": (
        "claim('draft/a', 'A.', given=TwoLayerReLU(), says=rank(V) <= 1).breaks_when('b', assuming=norm(V) >= 1)",
        2,
        ["draft/a, mutant 'b': assuming=norm(V) >= 1 is not a list"],
    ),
    "a comparison of Python's": (
        "claim('draft/a', 'A.', given=TwoLayerReLU(), says=1 < norm(V) <= 2)",
        4,
        ["draft.py:7 raised TypeError", "write chain(a, b, c)", "And(a < b, b < c)"],
    ),
    "a word with an argument that it does not take": (
        "word('a', 'a number', positive=True)",
        4,
        ["draft.py:7", "keyword argument 'positive'", "word takes name, meaning, shape, over, unit, integer"],
    ),
    "a word that is not in the box": (
        "from properties.worlds.boxes import Box\na, b = word('a', 'a number'), word('b', 'a number')\n"
        "claim('draft/a', 'A.', given=Box({a: (0, 1)}), says=a <= b)",
        2,
        ["Box cannot read b (draft:b); it reads a; give b an interval"],
    ),
    "a function without stored form": (
        "from sympy import zeta\nclaim('draft/a', 'A.', given=TwoLayerReLU(), says=zeta(norm(V)) <= 1)",
        2,
        ["zeta(norm(V)) (zeta) has no stored form; the functions of SymPy that have one are Abs, Max, Min, atan"],
    ),
    "a float": (
        "claim('draft/a', 'A.', given=TwoLayerReLU(), says=0.1 * norm(V) <= 1)",
        2,
        ["(Float) has no stored form; write Rational(1, 10)"],
    ),
    "a small float": (
        "claim('draft/a', 'A.', given=TwoLayerReLU(), says=1e-30 * norm(V) <= 1)",
        2,
        ['(Float) has no stored form; write Rational("1e-30")'],
    ),
    "an empty span": (
        "from symbolic import Span\nSpan(1, 1, True, True)",
        2,
        ["draft.py:8: the span from 1 to 1 is empty"],
    ),
    "no claim": ("x = 1", 2, ["makes no claim"]),
    "not Python": ("claim(", 2, ["not Python at line"]),
    "code that raises": ("1 / 0", 4, ["ZeroDivisionError", "while it was read"]),
}


@pytest.mark.parametrize("name", DRAFTS)
def test_a_draft_that_is_wrong(name: str, lakatos: Callable[..., Any], tmp_path: Path) -> None:
    body, code, words = DRAFTS[name]
    (tmp_path / "draft.py").write_text(HEAD + body + "\n")
    ended = lakatos("check", "draft.py")
    assert ended.code == code, ended
    assert len(ended.err.strip().splitlines()) == 1
    assert "Traceback" not in ended.out + ended.err
    for part in words:
        assert part in ended.err


READINGS = {
    "raises": ("raise RuntimeError('no such thing')", "RuntimeError: no such thing"),
    "has the wrong shape": ("return net.V", "has shape"),
    "is undefined on every lane": ("return net.V.sum((-2, -1)) * 0 / 0", "undefined"),
    "returns nothing": ("return None", "has shape"),
}


@pytest.mark.parametrize("name", READINGS)
def test_a_reading_that_fails_is_exit_4_and_the_others_are_judged(
    name: str, lakatos: Callable[..., Any], tmp_path: Path
) -> None:
    body, sentence = READINGS[name]
    (tmp_path / "draft.py").write_text(
        HEAD
        + f"own = word('own', 'something')\n@own.read_in(TwoLayerReLU)\ndef _(net):\n    {body}\n"
        + "claim('draft/own', 'Own.', given=TwoLayerReLU(), says=own <= 1)\n"
        + "claim('draft/true', 'True.', given=TwoLayerReLU(), says=rank(A[i]) <= 1, where={A[i]: A_formula})\n"
    )
    ended = lakatos("check", "draft.py", "--json", "record.jsonl")
    assert ended.code == 4
    assert "Traceback" not in ended.out + ended.err
    lines = {
        v["id"]: v for v in map(json.loads, Path("record.jsonl").read_text().splitlines()) if v["type"] == "verdict"
    }
    assert sentence in lines["draft/own"]["error"]
    assert lines["draft/true"]["grade"] == "PROVED"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check", "chen2024/lemma-2.3"], ["no claim is called", "chen2024/lemma-2.2"]),
        (["show", "chen2024/lema-2.2"], ["no claim is called", "chen2024/lemma-2.2"]),
        (["check", "nowhere.py"], ["no such file"]),
        (["check", "--device", "tpu"], ["device 'tpu' is not available", "cpu"]),
        (["check", "--dtype", "float16"], ["dtype 'float16'", "float64"]),
        (["check", "--effort", "huge"], ["effort 'huge'", "thorough"]),
        (["check", "--budget", "soon"], ["budget 'soon'", "5m"]),
        (["check", "--seed", "x"], ["seed"]),
        (["check", "--nonsense"], ["--nonsense"]),
        (["replay", "nowhere.json"], ["cannot be read"]),
        (["recheck", "nowhere.json"], ["nowhere.json"]),
        (["report", "nowhere.jsonl"], ["nowhere.jsonl"]),
        (["frobnicate"], ["frobnicate"]),
    ],
)
def test_a_command_that_is_wrong(arguments: list[str], words: list[str], lakatos: Callable[..., Any]) -> None:
    ended = lakatos(*arguments)
    assert ended.code == 2, ended
    assert len(ended.err.strip().splitlines()) == 1, ended.err
    for part in words:
        assert part in ended.err


def test_a_list_of_nothing_says_so(lakatos: Callable[..., Any], tmp_path: Path) -> None:
    ended = lakatos("list", "nobody2099/*")
    assert (ended.code, ended.out) == (5, "")
    assert ended.err == "lakatos: no claim matches nobody2099/*; lakatos list shows them all\n"
    (tmp_path / "draft.py").write_text(HEAD + "1 / 0\n")
    ended = lakatos("list", "draft.py")
    assert ended.code == 4
    assert "ZeroDivisionError" in ended.err


def test_a_claim_to_be_shown_that_is_not_in_the_file(lakatos: Callable[..., Any], tmp_path: Path) -> None:
    made = "for k in range(1, 8):\n    claim(f'draft/near-{k}', 'A.', given=TwoLayerReLU(), says=rank(V) <= k)\n"
    (tmp_path / "draft.py").write_text(HEAD + made)
    ended = lakatos("show", "draft/near-77", "draft.py")
    assert ended.code == 2
    assert "draft/near-77 names 0 claims of draft.py" in ended.err
    assert "with one of draft/near-7, " in ended.err
    assert ended.err.endswith(" and 2 more; lakatos list draft.py shows them all\n")
    ended = lakatos("show", "nobody2099/*")
    assert (ended.code, ended.err) == (2, "lakatos: nobody2099/* names no claim; lakatos list shows them all\n")
    (tmp_path / "draft.py").write_text(HEAD + "1 / 0\n")
    ended = lakatos("show", "draft/near-7", "draft.py")
    assert ended.code == 2
    assert "ZeroDivisionError" in ended.err


def test_nothing_selected_is_exit_5(lakatos: Callable[..., Any]) -> None:
    assert lakatos("check", "nobody2099/*").code == 5


@pytest.fixture
def stored(lakatos: Callable[..., Any], tmp_path: Path) -> Path:
    """A witness of the catalogue, written by a run."""
    lakatos("check", "chen2024/lemma-2.1-null-set-as-read", "--no-fed")
    return next((tmp_path / ".lakatos" / "witnesses").glob("*.json"))


TAMPERED: dict[str, tuple[Callable[[Any], Any], str]] = {
    "another type": (lambda w: {**w, "type": "else"}, "not a witness"),
    "a newer schema": (lambda w: {**w, "schema": "9.0"}, "newer"),
    "no world": (lambda w: {k: v for k, v in w.items() if k != "world"}, "malformed"),
    "no draws": (lambda w: {**w, "draws": {}}, "is not in it"),
    "a text for a draw": (lambda w: _with_values(w, "__import__('os')"), "malformed"),
    "an infinite draw": (lambda w: _with_values(w, "inf"), "malformed"),
    "a huge draw": (lambda w: _with_values(w, 2**70), "malformed"),
    "ragged draws": (lambda w: _with_values(w, [[1], [1, 2]]), ""),
    "another size": (
        lambda w: {**w, "world": {**w["world"], "sizes": {"m": 3, "n": 1, "N": 1, "B": 1}}},
        "is not in it",
    ),
    "a huge size": (lambda w: {**w, "world": {**w["world"], "sizes": {"m": 10**9}}}, "malformed"),
    "a changed statement": (lambda w: {**w, "hash": "0" * 16}, "has changed"),
    "an unknown claim": (lambda w: {**w, "claim": "chen2024/none"}, "not in the catalogue"),
    "an unknown mutant": (lambda w: {**w, "mutant": "none"}, "has no mutant"),
    "a list": (lambda w: [w], "not a witness"),
    "a convention that would not end": (
        lambda w: {**w, "world": {**w["world"], "conventions": {"kink": "1e999999999"}}},
        "malformed",
    ),
    "a convention of no kind": (
        lambda w: {**w, "world": {**w["world"], "conventions": {**w["world"]["conventions"], "kink": "5"}}},
        "not one of",
    ),
    "sizes of no kind": (
        lambda w: {**w, "world": {**w["world"], "sizes": {"m": 1, "n": 1, "N": 1, "B": 2}}},
        "are not among",
    ),
}


def _with_values(witness: Any, value: Any) -> Any:
    draws = {k: {**d, "values": value} for k, d in witness["draws"].items()}
    return {**witness, "draws": draws}


@pytest.mark.parametrize("name", TAMPERED)
def test_a_witness_that_is_wrong(name: str, stored: Path, lakatos: Callable[..., Any], tmp_path: Path) -> None:
    change, sentence = TAMPERED[name]
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps(change(json.loads(stored.read_text()))))
    ended = lakatos("replay", str(bad))
    assert ended.code == 2, ended
    assert len(ended.err.strip().splitlines()) == 1
    assert sentence in ended.err


def test_a_witness_of_another_file(stored: Path, lakatos: Callable[..., Any], tmp_path: Path) -> None:
    draft = tmp_path / "draft.py"
    draft.write_text(HEAD + "claim('draft/a', 'A.', given=TwoLayerReLU(), says=rank(V) <= 1)\n")
    ended = lakatos("replay", str(stored), "draft.py")
    assert ended.code == 2
    assert "draft.py: the claim chen2024/lemma-2.1-null-set-as-read of" in ended.err
    assert "is not made in it; give the file that makes it" in ended.err
    draft.write_text(HEAD + "1 / 0\n")
    ended = lakatos("replay", str(stored), "draft.py")
    assert ended.code == 2
    assert "ZeroDivisionError" in ended.err


@pytest.mark.parametrize("keep", [0, 1, 40, 200])
def test_a_truncated_witness(keep: int, stored: Path, lakatos: Callable[..., Any], tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_bytes(stored.read_bytes()[:keep])
    ended = lakatos("replay", str(bad))
    assert ended.code == 2
    assert "truncated" in ended.err


def test_a_witness_that_no_longer_refutes_is_exit_1(stored: Path, lakatos: Callable[..., Any], tmp_path: Path) -> None:
    changed = json.loads(stored.read_text())
    changed["draws"]["x"]["values"] = [[[1]]]
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps(changed))
    ended = lakatos("replay", str(bad))
    assert ended.code == 1
    assert "does not refute" in ended.out
