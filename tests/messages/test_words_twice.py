"""Two words of one name: refused where they are declared, where a box takes them, and where they are judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sympy import oo

from properties.worlds.boxes import Box
from symbolic import WordError, size, word
from symbolic.words import DICTIONARY, Entry, forget_words, restore
from verify import catalogue
from verify.worlds import KindError

HEAD = """
from sympy import Or, oo
from properties.worlds.boxes import Box
from verify import claim, word
"""


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    yield
    forget_words(__file__)


def test_a_draft_that_declares_one_name_twice_proves_nothing(lakatos: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "clash.py").write_text(
        HEAD + "N = word('N', 'sample size', integer=True)\nN2 = word('N', 'noise level')\n"
        "claim('draft/clash', 'C.', given=Box({N: (1, oo), N2: (0, 1)}), says=N <= 1)\n"
    )
    ended = lakatos("check", "clash.py")
    assert ended.code == 2, ended
    assert ended.err == (
        "lakatos: clash.py:6: word draft:N is declared twice, as 'sample size' and as 'noise level'; "
        "rename one of them\n"
    )


def test_a_draft_word_is_declared_once_in_a_file() -> None:
    first = word("twice", "a length")
    assert word("twice", "a length") == first
    with pytest.raises(WordError, match="draft:twice is declared twice, as 'a length' and as 'a width'; rename one"):
        word("twice", "a width")
    with pytest.raises(WordError, match="both times as 'a length', with another integer"):
        word("twice", "a length", integer=True)
    with pytest.raises(WordError, match="both times as 'a length', with another shape"):
        word("twice", "a length", shape=(2, 2))
    with pytest.raises(WordError, match="and another size"):
        size("twice", "a length")
    assert DICTIONARY["draft:twice"].symbol == first
    forget_words(__file__)
    assert word("twice", "a width", integer=True).is_integer


def test_a_word_whose_meaning_is_its_letter_is_not_taken_for_a_restored_one() -> None:
    word("clash:letter", "letter")
    with pytest.raises(WordError, match="clash:letter is declared twice, as 'letter' and as 'a width'"):
        word("clash:letter", "a width", integer=True)


def test_a_word_that_a_stored_file_named_is_declared_afterwards() -> None:
    known: Entry = restore("draft:stored", (), (), True, False, False)
    assert known.file == ""
    assert not word("stored", "a length").is_integer


def test_a_file_that_is_read_again_declares_its_words_anew(tmp_path: Path) -> None:
    draft = tmp_path / "again.py"
    body = "x = word('again', {!r}{})\nclaim('draft/again', 'A.', given=Box({{x: (0, 3)}}), says=x <= 3)\n"
    for meaning, kind in (("a length", ""), ("a count", ", integer=True")):
        draft.write_text(HEAD + body.format(meaning, kind))
        made, broken = catalogue.load_file(draft)
        assert (len(made), broken) == (1, [])
        assert DICTIONARY["draft:again"].meaning == meaning


def test_a_claim_whose_word_another_file_declares_otherwise_is_not_judged(
    lakatos: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "one.py").write_text(
        HEAD + "x = word('x', 'a real')\nclaim('draft/one', 'A.', given=Box({x: (0, 3)}), says=Or(x <= 1, x >= 2))\n"
    )
    (tmp_path / "two.py").write_text(
        HEAD + "x = word('x', 'a count', integer=True)\nclaim('draft/two', 'A.', given=Box({x: (0, 3)}), says=x <= 3)\n"
    )
    assert "REFUTED" in lakatos("check", "one.py", "--no-fed").out
    assert lakatos("check", "two.py", "--no-fed").code == 0
    ended = lakatos("check", "one.py", "two.py", "--no-fed")
    assert ended.code == 2, ended
    assert "draft/one: its word x (draft:x) is declared with another type in" in ended.err
    assert "two.py; rename one of the two, or check the files one by one" in ended.err


def test_a_claim_about_a_word_and_an_older_one_of_its_name_is_refused(
    lakatos: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "older_words.py").write_text("from verify import word\nx = word('x', 'a count', integer=True)\n")
    (tmp_path / "mixed.py").write_text(
        HEAD + "from older_words import x as y\nx = word('x', 'a real')\n"
        "claim('draft/mixed', 'A.', given=Box({x: (0, 3)}), says=x + y <= 6)\n"
    )
    ended = lakatos("check", "mixed.py")
    assert ended.code == 2, ended
    assert "draft/mixed: its word x (draft:x) is declared with another type" in ended.err


def test_a_box_has_one_interval_for_each_word() -> None:
    N = word("N", "sample size", integer=True)
    forget_words(__file__)
    noise = word("N", "noise level")
    both: dict[Any, Any] = {N: (1, oo), noise: (0, 1)}
    with pytest.raises(KindError, match="draft:N is given two; leave one out, or rename one of the words"):
        Box(both)
    with pytest.raises(KindError, match="draft:N is given two"):
        Box({noise: (0, 1), "draft:N": (1, 2)})
    with pytest.raises(KindError, match="draft:N is given two"):
        Box({noise: (0, 1)}, **{"draft:N": (1, 2)})
    with pytest.raises(KindError, match="draft:N and N are given one each"):
        Box({noise: (0, 1)}, N=(1, 2))
    with pytest.raises(KindError, match="N and draft:N are given one each"):
        Box({"N": (0, 1), "draft:N": (1, 2)})
    with pytest.raises(KindError, match="N is given two"):
        Box({"N": (0, 1)}, N=(1, 2))
    with pytest.raises(KindError, match="no word is called other:N; declare it first"):
        Box({"other:N": (0, 1)})
    word("other:N", "another sample size")
    assert len(Box({"draft:N": (0, 1), "other:N": (1, 2)}, M=(1, 2)).intervals) == 3
