"""Records, witnesses and derivations with fields of other types: one sentence, whatever they hold, or an answer."""

from __future__ import annotations

import copy
import importlib.util
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

CLAIM, REFUTED = "chen2024/lemma-2.2", "chen2024/lemma-2.1-null-set-as-read"
NASTY: tuple[Any, ...] = (
    None, True, -1, 10**30, 1.5, "", "x", "inf", "1" * 5000, "\x00", "\ud800", [], {}, [[1], [1, 2]], {"a": {"b": []}},
)  # fmt: skip


@pytest.fixture
def made(lakatos: Callable[..., Any], tmp_path: Path) -> Path:
    """The folder of a run: a record, a witness and a derivation."""
    lakatos("check", CLAIM, REFUTED, "--no-fed")
    return tmp_path / ".lakatos"


def paths(node: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield at
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, part in pairs:
        yield from paths(part, (*at, key))


def mutated(document: Any, chance: random.Random) -> Any:
    """The document with one of its fields left out, or something else in its place."""
    document = copy.deepcopy(document)
    every = [path for path in paths(document) if path]
    *way, last = chance.choice([path for path in every if len(path) <= 2] if chance.random() < 0.5 else every)
    node = document
    for key in way:
        node = node[key]
    if chance.random() < 0.2:
        del node[last]
    else:
        node[last] = copy.deepcopy(chance.choice(NASTY))
    return document


def one_sentence(ended: Any) -> bool:
    fine = ended.code in (0, 1, 2) and "Traceback" not in ended.out + ended.err and "itself failed" not in ended.err
    return fine and (ended.code != 2 or len(ended.err.strip().splitlines()) == 1)


@pytest.mark.parametrize("validated", [True, False])
def test_a_record_with_a_changed_field(
    validated: bool, made: Path, lakatos: Callable[..., Any], monkeypatch: Any
) -> None:
    real = importlib.util.find_spec
    if not validated:
        monkeypatch.setattr(importlib.util, "find_spec", lambda n, *a: None if n == "jsonschema" else real(n, *a))
    chance = random.Random(validated)
    lines = [json.loads(line) for line in (made / "record.jsonl").read_text().splitlines()]
    for _ in range(25):
        changed = list(lines)
        number = chance.randrange(len(lines))
        changed[number] = mutated(lines[number], chance)
        (made / "record.jsonl").write_text("".join(json.dumps(line) + "\n" for line in changed))
        for command in (
            ("report", ".lakatos/record.jsonl"),
            ("report", ".lakatos/record.jsonl", "--markdown"),
            ("compare", ".lakatos/record.jsonl", ".lakatos/record.jsonl"),
            ("show", CLAIM),
        ):
            ended = lakatos(*command)
            assert one_sentence(ended), (command, number, changed[number], ended.err)


@pytest.mark.parametrize("sharpening", [3, [1], "x", {}, {"says": {"a": 1}}])
def test_show_trusts_no_stored_sharpening(sharpening: Any, made: Path, lakatos: Callable[..., Any]) -> None:
    lines = [json.loads(line) for line in (made / "record.jsonl").read_text().splitlines()]
    for line in lines:
        line["sharpening"] = sharpening
    (made / "record.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert one_sentence(ended := lakatos("show", CLAIM)), ended.err
    assert "last verdict" in ended.out


def test_a_witness_with_a_changed_field(made: Path, lakatos: Callable[..., Any]) -> None:
    chance = random.Random(1)
    (file,) = (made / "witnesses").glob("*.json")
    whole = json.loads(file.read_text())
    for _ in range(60):
        file.write_text(json.dumps(changed := mutated(whole, chance)))
        for command in (("replay", str(file), "--script", "s.py"), ("show", REFUTED)):
            ended = lakatos(*command)
            assert one_sentence(ended), (command, changed, ended.err)


def test_a_stored_node_without_parts_is_rejected(made: Path, lakatos: Callable[..., Any]) -> None:
    (file,) = (made / "derivations").glob("*.json")
    stored = json.loads(file.read_text())
    step = next(s for s in stored["steps"] if s["rule"] == "rank_transpose")
    step["gives"] = ["LessThan", ["rank", ["Transpose"]], ["number", "1"]]
    file.write_text(json.dumps(stored))
    ended = lakatos("recheck", str(file))
    assert ended.code == 1
    assert one_sentence(ended)


def test_an_object_that_is_no_derivation_is_called_so(lakatos: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text('{"a": 1}')
    ended = lakatos("recheck", "other.json")
    assert ended.code == 2
    assert "other.json: JSON, but no derivation" in ended.err


RAISES = {
    "a name that is wrong": ("from symbolic import norm\n\nnrom(1)", ["draft.py:3 raised NameError", "mean norm?"]),
    "an attribute that is wrong": (
        "import symbolic\nsymbolic.nrom",
        ["draft.py:2 raised AttributeError", "mean norm?"],
    ),
    "an import that is wrong": ("from symbolic import nrom", ["draft.py:1 raised ImportError", "mean norm?"]),
    "a function that raises": ("def f():\n    1 / 0\nf()", ["draft.py:2 raised ZeroDivisionError"]),
    "an error elsewhere": ("import json\n\njson.loads('{')", ["draft.py:3 raised JSONDecodeError"]),
    "an error that cannot be told": (
        "class Odd(Exception):\n    def __str__(self):\n        raise self\nraise Odd",
        ["draft.py:4 raised Odd while it was read;"],
    ),
}


@pytest.mark.parametrize("name", RAISES)
def test_what_a_file_raises_is_told_with_its_line(name: str, lakatos: Callable[..., Any], tmp_path: Path) -> None:
    text, words = RAISES[name]
    (tmp_path / "draft.py").write_text(text + "\n")
    ended = lakatos("check", "draft.py")
    assert ended.code == 4
    assert len(ended.err.strip().splitlines()) == 1, ended.err
    for part in words:
        assert part in ended.err
