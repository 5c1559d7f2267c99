"""Skips for want of a program are counted, and fail where the programs have to be there."""

import runpy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

CONFTEST = runpy.run_path(str(Path(__file__).parents[1] / "conftest.py"))


def skipped(reason: str) -> pytest.TestReport:
    told = ("test_page.py", 7, f"Skipped: {reason}")
    return pytest.TestReport("test_page.py::test", ("test_page.py", 7, "test"), {}, "skipped", told, "setup")


def made(report: pytest.TestReport) -> pytest.TestReport:
    """The report as the hook leaves it."""
    wrapper = CONFTEST["pytest_runtest_makereport"]()
    next(wrapper)
    with pytest.raises(StopIteration) as ended:
        wrapper.send(report)
    return ended.value.value  # type: ignore[no-any-return]


def test_skips_are_counted_by_program() -> None:
    lines: list[str] = []
    reasons = ["needs pdflatex", "needs chromium", "needs chromium", "needs a second GPU", "slow"]
    reporter: Any = SimpleNamespace(stats={"skipped": list(map(skipped, reasons))}, write_line=lines.append)
    CONFTEST["pytest_terminal_summary"](reporter)
    assert lines == ["skipped for want of chromium: 2, of pdflatex: 1"]
    reporter.stats = {}
    CONFTEST["pytest_terminal_summary"](reporter)
    assert lines[1:] == ["skipped for want of a program: 0"]


@pytest.mark.parametrize(
    ("reason", "variable", "outcome"),
    [
        ("needs chromium", "", "skipped"),
        ("needs chromium", "1", "failed"),
        ("could not import 'torch'", "1", "skipped"),
    ],
)
def test_a_skip_for_want_of_a_program_fails_where_none_may_be_wanting(
    reason: str, variable: str, outcome: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAKATOS_NO_SKIPS", variable)
    report = made(skipped(reason))
    assert report.outcome == outcome
    assert ("chromium is not installed" in str(report.longrepr)) == (outcome == "failed")
