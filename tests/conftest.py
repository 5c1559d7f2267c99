"""What several tests share: a fast effort, an engine without stored witnesses, and the command line in this process.

A test that skips for want of a program says so in its reason, "needs chromium". At the end of a run such skips are
counted; with LAKATOS_NO_SKIPS set, as in continuous integration where the programs are installed, they fail.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from symbolic.words import DICTIONARY
from verify.arena import Arena
from verify.claims import Claim, claims, forget
from verify.efforts import EFFORTS
from verify.engine import Engine
from verify.settings import Settings
from verify.verdict import Verdict

NO_SKIPS = "LAKATOS_NO_SKIPS"
_WANTED = re.compile(r"Skipped: needs ([\w.+-]+)$")
MODEST = replace(EFFORTS["quick"], tiny=3000, examples=6, lanes=256, arm=20)


@dataclass(frozen=True)
class Ended:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


@pytest.fixture
def lakatos(capsys: Any, monkeypatch: Any, tmp_path: Path) -> Iterator[Callable[..., Ended]]:
    """Run the command line in an empty folder, in this process; claims made there are forgotten after the test."""
    from verify.__main__ import main

    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Ended:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        printed = capsys.readouterr()
        return Ended(int(ended.value.code or 0), printed.out, printed.err)

    yield run
    _forget(str(tmp_path))


@pytest.fixture
def judge(request: pytest.FixtureRequest) -> Iterator[Callable[..., Verdict]]:
    """Judge a claim with a modest effort and no stored witness; claims made in its file are forgotten after a test."""

    def run(claim: Claim, **settings: Any) -> Verdict:
        chosen = Settings(**{"effort": MODEST, "arenas": (Arena(),), "fed": False, **settings})
        return Engine(chosen).judge(claim)

    yield run
    _forget(str(request.path))


def _forget(folder: str) -> None:
    made = {c.file for c in claims().values()} | {e.file for e in DICTIONARY.values()}
    for file in [f for f in made if f.startswith(folder)]:
        forget(file)


def wanted(report: pytest.TestReport) -> str | None:
    """The program for want of which a test was skipped, or None."""
    found = _WANTED.search(str(report.longrepr[2])) if report.skipped and isinstance(report.longrepr, tuple) else None
    return found[1] if found else None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a skip for want of a program where none may be wanting."""
    report = yield
    program = wanted(report)
    if program and os.environ.get(NO_SKIPS):
        report.outcome = "failed"
        report.longrepr = f"{program} is not installed, and {NO_SKIPS} is set: install it, or unset the variable"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Count the skips by the program that was wanting, also where there are none."""
    counted = Counter(filter(None, map(wanted, terminalreporter.stats.get("skipped", []))))
    told = ", of ".join(f"{program}: {count}" for program, count in sorted(counted.items()))
    terminalreporter.write_line(f"skipped for want of {told or 'a program: 0'}")
