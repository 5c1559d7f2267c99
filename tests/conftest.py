"""What several tests share: a fast effort, an engine without stored witnesses, and the command line in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
