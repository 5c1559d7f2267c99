"""A file that is no derivation, or a broken one, is answered in one sentence and soon."""

import copy
import json
import runpy
import time
from pathlib import Path

import pytest

from symbolic.codec import CodecError
from symbolic.proofs import Derivation
from symbolic.prover import prove
from verify.recheck import Rejected, replay

STATED = runpy.run_path(str(Path(__file__).parents[1] / "derivable.py"))["STATED"]
SOON = 5


def stored(name="theorem-2.4-sharp"):
    return prove(*STATED[name]).to_json()


def with_(path, value, name="theorem-2.4-sharp"):
    changed = copy.deepcopy(stored(name))
    part = changed
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    return changed


def nested(deep, head="Transpose"):
    tree = ["word", "chen2024:V"]
    for _ in range(deep):
        tree = [head, tree]
    return tree


def rank_below(tree):
    return ["Le", ["rank", ["word", "chen2024:V"]], tree]


NUMBER = ["number", "2"]
BIG = ["number", "9" * 4000]
STATEMENT = ("statement",)
HOSTILE = {
    "nothing": "",
    "a truncated file": json.dumps(stored())[:-40],
    "no JSON object": "[1, 2, 3]",
    "a number": 7,
    "None": None,
    "bytes that are no text": b"\xff\xfe\x00",
    "an empty object": {},
    "another format": {**stored(), "format": "other/format"},
    "a later version": {**stored(), "version": 3},
    "a version that is true": {**stored(), "version": True},
    "no words": {k: v for k, v in stored().items() if k != "words"},
    "words that are a list": {**stored(), "words": []},
    "steps that are text": {**stored(), "steps": "all of them"},
    "no steps": {**stored(), "steps": []},
    "too many steps": {**stored(), "steps": [stored()["steps"][0]] * 3000},
    "a step that is a list": with_(("steps", 0), []),
    "a step without a rule": with_(("steps", 0), {"from": [], "with": [], "gives": NUMBER}),
    "a rule that is a list": with_(("steps", 0, "rule"), ["identity"]),
    "a rule that is a method of the table": with_(("steps", 0, "rule"), "__class__"),
    "a premise that is text": with_(("steps", 0, "from"), ["0"]),
    "a premise that is true": with_(("steps", 0, "from"), [True]),
    "a premise from the future": with_(("steps", 0, "from"), [5]),
    "a negative premise": with_(("steps", 0, "from"), [-1]),
    "a huge premise": with_(("steps", 0, "from"), [10**30]),
    "an unknown node": with_(STATEMENT, ["import_module", NUMBER]),
    "a node of no name": with_(STATEMENT, [[], NUMBER]),
    "a statement that is a number": with_(STATEMENT, NUMBER),
    "a statement that is a matrix": with_(STATEMENT, ["word", "chen2024:V"]),
    "a statement that is true": with_(STATEMENT, ["constant", "true"]),
    "an undeclared word": with_(STATEMENT, rank_below(["word", "chen2024:nothing"])),
    "a word whose name is a list": with_(STATEMENT, rank_below(["word", ["chen2024:V"]])),
    "a word without a name": with_(STATEMENT, rank_below(["word"])),
    "an infinite bound": with_(STATEMENT, rank_below(["constant", "oo"])),
    "a division by zero": with_(STATEMENT, rank_below(["number", "1/0"])),
    "zero to the power of minus one": with_(STATEMENT, rank_below(["Pow", ["number", "0"], ["number", "-1"]])),
    "a huge exponent": with_(STATEMENT, rank_below(["Pow", NUMBER, BIG])),
    "a huge power": with_(STATEMENT, rank_below(["Pow", BIG, ["number", "9999"]])),
    "a tower of powers": with_(
        STATEMENT,
        rank_below(["Pow", ["Pow", ["Pow", NUMBER, ["number", "9999"]], ["number", "9999"]], ["number", "9999"]]),
    ),
    "a tower of exponentials": with_(STATEMENT, rank_below(["floor", ["exp", ["exp", ["exp", ["number", "30"]]]]])),
    "a huge binomial": with_(STATEMENT, rank_below(["binomial", BIG, ["number", "999999"]])),
    "a number that is too long": with_(STATEMENT, rank_below(["number", "9" * 20_000])),
    "a number that is no number": with_(STATEMENT, rank_below(["number", "__import__('os')"])),
    "a number in a list": with_(STATEMENT, rank_below(["number", [1]])),
    "a deep statement": with_(STATEMENT, rank_below(["rank", nested(150)])),
    "a very deep statement": with_(STATEMENT, rank_below(["rank", nested(900)])),
    "a wide statement": with_(STATEMENT, ["Or", *[rank_below(["number", str(k)]) for k in range(5000)]]),
    "a product that doubles": with_(
        STATEMENT, rank_below(["Pow", ["Add", NUMBER, ["word", "chen2024:c"]], ["number", "9999"]])
    ),
    "an unknown range": with_(STATEMENT, rank_below(["at", "chen2024:g", ["index", "i", "stars"]])),
    "an index that is a number": with_(STATEMENT, rank_below(["at", "chen2024:g", NUMBER])),
    "too many indices": with_(
        STATEMENT, rank_below(["at", "chen2024:g", ["index", "i", "samples"], ["index", "i", "samples"]])
    ),
    "a mean over no index": with_(STATEMENT, rank_below(["mean_scalar", NUMBER, NUMBER])),
    "a mean over too much": with_(STATEMENT, rank_below(["mean_scalar", NUMBER, *[["index", "i", "samples"]] * 3])),
    "an existence of nothing": with_(STATEMENT, ["exists", NUMBER, rank_below(NUMBER)]),
    "a relation of three": with_(STATEMENT, [*rank_below(NUMBER), NUMBER]),
    "an equation of a matrix and a number": with_(STATEMENT, ["Eq", ["word", "chen2024:V"], NUMBER]),
    "an inequality of matrices": with_(STATEMENT, ["Le", ["word", "chen2024:V"], ["word", "chen2024:V"]]),
    "a promised member in the statement": with_(
        STATEMENT, rank_below(["at", "chen2024:g", ["index", "!0", "samples"]])
    ),
    "a word whose shape is itself": with_(
        ("words", "chen2024:m", "shape"), [["word", "chen2024:m"], ["word", "chen2024:m"]]
    ),
    "a size that need not be positive": with_(("words", "chen2024:m", "size"), False),
    "a number that is declared a size": with_(("words", "chen2024:c", "size"), True),
    "a word that is a list": with_(("words", "chen2024:V"), []),
    "a shape that is a number": with_(("words", "chen2024:V", "shape"), 5),
    "a definition of a number": with_(("definitions", 0), [NUMBER, NUMBER]),
    "a definition of three": with_(("definitions", 0), [NUMBER, NUMBER, NUMBER]),
    "lemmas in a list": with_(("lemmas",), [rank_below(NUMBER)]),
    "a digest that is none": with_(("digest",), "0" * 16),
    "a digest that is a number": with_(("digest",), 0),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_rejected_in_one_sentence_and_soon(what):
    hostile = HOSTILE[what]
    start = time.perf_counter()
    for given in (hostile, json.dumps(hostile)) if isinstance(hostile, dict) else (hostile,):
        with pytest.raises(Rejected) as caught:
            replay(given)
        said = str(caught.value)
        assert said
        assert "\n" not in said
        assert len(said) < 2000
    assert time.perf_counter() - start < SOON


def test_every_truncation_is_rejected():
    text = json.dumps(stored("lemma-2.2"))
    for length in range(0, len(text), 97):
        with pytest.raises(Rejected):
            replay(text[:length])


def test_a_file_nested_deeper_than_the_reader_goes_is_rejected():
    with pytest.raises(Rejected):
        replay("[" * 100_000 + "]" * 100_000)
    with pytest.raises(Rejected):
        replay('{"format": ' * 100_000)


def test_every_part_replaced_by_something_else_is_rejected_or_harmless():
    whole = stored("lemma-2.2")
    for key in whole:
        for junk in (None, 0, [], {}, "", [[]], {"": []}, [[[[[]]]]]):
            changed = {**whole, key: junk}
            if changed == whole or (key, junk) == ("hypotheses", []) or (key, junk) == ("lemmas", {}):
                continue
            with pytest.raises(Rejected):
                replay(changed)


def test_reading_leaves_a_codec_error_with_one_sentence():
    for junk in (None, 5, "", "{}", {}, b"["):
        with pytest.raises(CodecError) as caught:
            Derivation.from_json(junk)
        assert "\n" not in str(caught.value)
