"""The report on a terminal: many claims, hostile text, and a closing line that says what to type."""

import copy
import io
import re
import runpy
import shlex
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from reports import terminal
from reports.attention import show_command
from reports.record import Record, worst_first
from reports.terminal import render

FOUL = runpy.run_path(str(Path(__file__).parents[1] / "foul_records.py"))
lines_of, record_of, many, built, foul = (FOUL[n] for n in ("lines_of", "record_of", "many", "built", "foul"))

DRAFT = """
from properties.worlds.networks import TwoLayerReLU
from symbolic import rank
from symbolic.papers.weight_decay import A, A_formula, i
from verify import claim

for number in range(7):
    claim(
        f"draft/rank-{number}", "False.", given=TwoLayerReLU(), says=rank(A[i]) <= 0, where={A[i]: A_formula},
        expects="refuted",
    )
"""


def shown(record: Record, width: int = 80, **options: Any) -> str:
    stream = io.StringIO()
    render(record, Console(file=stream, width=width), **options)
    return stream.getvalue()


def test_the_line_below_the_details_counts_what_it_speaks_of() -> None:
    def worse(number: int, verdict: dict[str, Any]) -> None:
        kind = number % 5
        verdict.update(file="my drafts/a.py" if kind == 3 else verdict["file"])
        if kind == 0:
            verdict.update(mutants=[{**verdict["mutants"][0], "by": "author", "refuted": False}])
        if kind == 2:
            verdict.update(grade="INCONCLUSIVE", expects="INCONCLUSIVE", as_expected=True)

    record = built(many(10, worse))
    text = " ".join(shown(record).split())
    kinds = "2 not as expected, 2 refuted as expected, 2 inconclusive as expected, 2 with a mutant that survived"
    assert f"5 of 8 claims in detail ({kinds}); the next one: lakatos show example2024/batch-rank-7 " in text
    assert "1 of 8 claims in detail" in shown(record, details=1)
    assert "the next one:\n  lakatos show draft/aligned-rows-8 'my drafts/a.py'\n" in shown(record, 140, details=1)
    assert "in detail" not in shown(record, details=0) + shown(record, details=8)
    alone = built(many(8, lambda number, verdict: verdict.update(FOUL["LINES"][5], id=f"e/{number}")))
    assert "5 of 8 claims in detail, all refuted as expected; the next one:\n  lakatos show e/5\n" in shown(alone)


def test_the_command_below_the_details_works(lakatos: Callable[..., Any], tmp_path: Path) -> None:
    Path("my drafts").mkdir()
    Path("my drafts/draft.py").write_text(DRAFT, encoding="utf-8")
    ended = lakatos("check", "my drafts/draft.py")
    (command,) = re.findall(r"the next one:\n  lakatos (show draft/rank-5 .*)\n", ended.out)
    ended = lakatos(*shlex.split(command))
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("draft/rank-5\n")


def test_the_command_of_a_claim_of_the_catalogue_needs_no_file(lakatos: Callable[..., Any]) -> None:
    record = record_of(lines_of(lemma_2_2={"file": "properties/weight_decay/lemma_2_2.py"}))
    (verdict,) = [verdict for verdict in record.verdicts if verdict["id"] == FOUL["PROVED"]]
    assert show_command(verdict) == "lakatos show chen2024/lemma-2.2"
    ended = lakatos(*shlex.split(show_command(verdict))[1:])
    assert (ended.code, ended.out.splitlines()[0]) == (0, "chen2024/lemma-2.2")
    verdict = copy.deepcopy(verdict)
    verdict.update(id="a/$(x);", file="; rm -rf .py")
    assert shlex.split(show_command(verdict)) == ["lakatos", "show", "a/$(x);", "; rm -rf .py"]


@pytest.mark.parametrize("width", [40, 80, 150])
def test_two_thousand_claims_have_a_line_each_worst_first(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    phrased: Counter[tuple[str, str]] = Counter()

    def counted(verdict: Any, room: Any) -> str:
        phrased[verdict["id"], room] += 1
        return evidence(verdict, room)

    evidence = terminal.evidence
    monkeypatch.setattr(terminal, "evidence", counted)
    record = built(many(2000))
    text = shown(record, width, details=0)
    rows = [line.split()[2] for line in text.splitlines() if line.startswith(("✓", "✗"))]
    assert rows == [verdict["id"] for verdict in worst_first(record.verdicts)]
    assert set(phrased.values()) == {1}  # each phrase is made once, however many layouts are tried
    assert "\x1b" not in text


def test_a_limit_cuts_the_table_and_says_so() -> None:
    record = built(many(31))
    text = shown(record, limit=20, details=0)
    assert "  20 of 31 shown, the worst first\n" in text
    assert sum(line.startswith(("✓", "✗")) for line in text.splitlines()) == 20
    assert "of 31 shown" not in shown(record)


@pytest.mark.parametrize("width", [40, 80, 150])
def test_any_text_is_text(width: int) -> None:
    lines = foul()
    lines[1]["id"] = "::error::x/y"
    lines[1]["vacuity"] = {"words": "::error::z ##[error]z"}
    text = shown(built(lines), width)
    assert not {"\x1b", "\x00", "\x07", "\u2028", "\uffff"} & set(text)
    assert not any("\ud800" <= character <= "\udfff" for character in text)
    assert "::error::x/y" in text
    assert "##[" not in text
    assert not any(line.lstrip().startswith("::") for line in text.splitlines())
    text.encode()
