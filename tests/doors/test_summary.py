"""The step summary: at most 65,536 bytes, what needs a person first, what was cut, and nothing injected."""

import re
import runpy
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from reports.markdown import escape
from reports.markdown import render as markdown
from reports.record import GRADES
from reports.summary import LIMIT, render

FOUL = runpy.run_path(str(Path(__file__).parents[1] / "foul_records.py"))
lines_of, record_of, many, built, foul = (FOUL[n] for n in ("lines_of", "record_of", "many", "built", "foul"))


def tokens(text: str) -> list[Token]:
    """What a reader of Markdown with HTML and tables finds, in the order of the text."""
    found: list[Token] = []
    for token in MarkdownIt("commonmark", {"html": True}).enable("table").parse(text):
        found += [token, *(token.children or [])]
    return found


def rows_of(text: str, heading: str) -> list[list[str]]:
    """The rows of the table under a heading."""
    part = text.partition(f"\n## {heading}")[2].partition("\n## ")[0]
    return [line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("| ")][2:]


def test_what_needs_a_person_is_first_then_sources_then_claims() -> None:
    text = render(record_of(lines_of()))
    assert re.findall("^#+ .*", text, re.MULTILINE) == [
        "# Lakatos: 1 of 5 claims not as expected",
        "## Needs attention: 1",
        "## By source",
        "## Claims",
    ]
    assert rows_of(text, "Needs attention") == [
        [
            "**inconclusive**",
            "`draft/aligned-rows`<br>`draft.py:7`",
            "INCONCLUSIVE, TESTED expected: The search has not shown that it can find: "
            'the mutant "cosine at least 0.9" survived<br>`lakatos show draft/aligned-rows draft.py`',
        ]
    ]
    assert [row[0] for row in rows_of(text, "By source")] == ["`draft`", "`anthony1999`", "`chen2024`", "`example2024`"]
    assert re.findall("<summary><code>(.*?)</code> ([A-Z]+)", text) == [
        ("draft/aligned-rows", "INCONCLUSIVE"),
        ("example2024/batch-rank-printed", "REFUTED"),
        ("example2024/batch-rank", "TESTED"),
        ("anthony1999/uniform-convergence/decreasing-in-N", "CERTIFIED"),
        ("chen2024/lemma-2.2", "PROVED"),
    ]
    assert "5 claims: 1 PROVED, 1 CERTIFIED, 1 TESTED, 1 INCONCLUSIVE, 1 REFUTED**. Exit 1:" in text
    assert "Cut to" not in text


def test_a_refutation_that_was_not_expected_has_its_repair_and_its_replay() -> None:
    changed = {"batch_rank_printed": {"expects": "TESTED", "as_expected": False}}
    first = rows_of(render(record_of(lines_of(**changed))), "Needs attention")[0]
    assert first[0] == "**refuted**"
    assert first[2].endswith(
        "8 nonzero draws (its repair: `example2024/batch-rank`, TESTED)"
        "<br>`lakatos replay properties/witnesses/example2024-batch-rank-printed.json`"
    )


def test_where_nothing_needs_a_person_it_says_so_and_where_verdicts_are_missing_it_names_them() -> None:
    *lines, end = lines_of(aligned_rows={"grade": "TESTED", "as_expected": True, "mutants": []})
    text = render(record_of([*lines, {**end, "exit": 0, "unexpected": []}]))
    assert text.startswith("# Lakatos: 5 claims, all as expected\n")
    assert "Nothing needs attention." in text
    text = render(record_of(lines[:3]))
    assert "**The record breaks off: 3 of 5 claims have no verdict.**" in text
    assert "## No verdict: 3\n\n- `example2024/batch-rank`\n- `draft/aligned-rows`" in text
    assert "Nothing needs" not in text


@pytest.mark.parametrize("wrong", [0, 5, 1])
def test_two_thousand_claims_fit_and_what_was_cut_is_counted(wrong: int) -> None:
    def worse(number: int, verdict: dict[str, Any]) -> None:
        source, _, rest = verdict["id"].partition("/")
        verdict["id"] = f"{source}{number % 700 if wrong else ''}/{rest}"
        if wrong and number % wrong == 0:
            verdict.update(as_expected=False, grade="TESTED", expects="PROVED", reason="Ünknöwn " * 200)
        elif not wrong:
            verdict.update(as_expected=True, expects=verdict["grade"])

    lines = many(2000, worse)
    lines[0]["claims"] += [f"zoo/never-{number}" for number in range(300)] if wrong else []
    record = built(lines)
    text = render(record)
    assert 40_000 < len(text.encode()) <= LIMIT == 65_536
    assert text.count("<details>") == text.count("</details>") == text.count("\n</details>\n")
    shown, (left,) = text.count("<details>"), re.findall(r"\*Cut to 65,536 bytes: ([\d,]+) of 2,000 claims", text)
    assert shown + int(left.replace(",", "")) == 2000
    for heading, what in (("Needs attention", "claims that need attention"), ("By source", "sources")):
        more = re.findall(rf"\*([\d,]+) more {what} found no room\.\*", text)
        left_out = int(more[0].replace(",", "")) if more else 0
        if heading == "By source":
            assert len(rows_of(text, heading)) + left_out == len({v["id"].split("/")[0] for v in record.verdicts})
        elif wrong:
            (total,) = re.findall(r"## Needs attention: ([\d,]+)", text)
            assert len(rows_of(text, heading)) + left_out == int(total.replace(",", "")) >= 2000 // wrong


def test_one_claim_that_is_too_long_does_not_hide_the_others() -> None:
    text = render(record_of(lines_of(aligned_rows={"title": "long " * 20_000})))
    assert len(text.encode()) <= LIMIT
    assert re.findall("<summary><code>(.*?)</code>", text)[0] == "example2024/batch-rank-printed"
    assert "1 of 5 claims are not shown in full" in text
    assert "`draft/aligned-rows`" in text


def test_no_text_becomes_markup() -> None:
    record = record_of(foul())
    for text in (render(record), markdown(record)):
        found = tokens(text)
        assert not [token for token in found if token.type == "image"]
        assert {token.content for token in found if token.type == "html_inline"} <= {"<br>"}
        for token in found:
            if token.type == "html_block":
                tags = re.sub(r"</?(details|summary|code)>", "", token.content)
                assert "<" not in tags
            if token.type == "link_open":
                assert str(token.attrs["href"]).startswith("%3C") or "script" not in str(token.attrs["href"])
        fences = [token for token in found if token.type == "fence"]
        assert {token.info for token in fences} == {"math", "sh"}
        seen = [token.content for token in found if token.type in ("text", "html_block")]
        assert any("everyone" in content for content in seen)
        assert not any("@everyone" in content or "#1" in content for content in seen)
        assert "\x1b" not in text
        assert not any(line.startswith("::") for line in text.splitlines())
    assert escape("see @everyone, #12 and me@e.example") == (
        "see @\N{WORD JOINER}everyone, #\N{WORD JOINER}12 and me@e.example"
    )


def test_grades_in_the_table_are_best_first() -> None:
    text = render(record_of(lines_of()))
    head = f"| source | claims | {' | '.join(reversed(GRADES))} | not as expected |"
    assert head in text


@pytest.mark.parametrize("bad", ["x`$ ![i](http://e.example/i.png) $`y", "```", "~~~", "` <img src=x> `"])
def test_a_formula_and_a_command_stay_where_they_are(bad: str) -> None:
    lines = lines_of()
    statement, witness = lines[5]["statement"], lines[5]["witness"]
    statement["says"]["latex"] = bad
    statement["where"] = statement["assuming"] = [{"text": bad, "latex": bad}]
    witness.update(replay=bad)
    for text in (render(record_of(lines)), markdown(record_of(lines))):
        found = tokens(text)
        assert not [token for token in found if token.type == "image"]
        assert {token.content for token in found if token.type == "html_inline"} <= {"<br>"}
        fences = [token for token in found if token.type == "fence"]
        assert (len(fences), {token.info for token in fences}) == (6, {"math", "sh"})
        assert sum(token.content == f"{bad}\n" for token in fences) == 2
