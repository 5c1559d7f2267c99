"""Sentences that SymPy writes in another way when it builds them again: no stored proof could be checked."""

import pytest
from sympy import Mul, sqrt

from properties.worlds.boxes import Box
from symbolic import increasing, positive, word
from verify import claim


@pytest.mark.parametrize("says", [lambda f, a: positive(f), increasing], ids=["positive", "increasing"])
def test_what_to_write_is_told_and_the_run_goes_on(judge, says):
    a = word("draft:a", "a number", nonnegative=True)  # forgotten after each test
    sentence = says(Mul(sqrt(2), sqrt(3), a, evaluate=False), a)
    verdict = judge(claim("draft/unwritten", "Unwritten.", given=Box(a=(1, 2)), says=sentence))
    assert "is not what SymPy makes of its parts" in verdict.error
    assert f"write {says(sqrt(6) * a, a)}" in verdict.error
