"""What is told of a claim is about this claim: not about another statement of its name, and of mutants that can die."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sympy import oo

from properties.worlds.boxes import Box
from symbolic import decreasing, limit, word
from verify import ClaimError, claim, showing

EXAMPLE = Path(__file__).parents[1] / "doors" / "record_example.jsonl"
u = word("told:u", "a number")


def test_a_mutant_that_no_point_refutes_is_refused() -> None:
    made = claim("told/limit", "", given=Box({u: (1, oo)}), says=limit(1 / u, u, oo, 0))
    with pytest.raises(ClaimError, match="no point refutes 1/u tends to 1"):
        made.breaks_when("to 1", says=limit(1 / u, u, oo, 1))
    assert made.mutants == []


@pytest.mark.parametrize("proof", [False, True])
def test_show_tells_no_verdict_on_another_statement(
    proof: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(EXAMPLE, tmp_path / "record.jsonl")
    made = claim("example2024/batch-rank", "", given=Box({u: (1, 9)}), says=decreasing(2 / u, u))
    showing.show(made, tmp_path, proof)
    out = capsys.readouterr().out
    assert "the last record judged another statement of this name; run lakatos check again" in out
    assert "last verdict" not in out
