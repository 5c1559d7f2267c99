"""Pytest hooks: ``pytest properties`` and ``pytest draft.py`` collect one item per claim and judge it.

The engine is imported when the first claim is judged, so a project that merely has Lakatos installed pays nothing.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

_MAKES_A_CLAIM = ("claim(",)
_OF_OURS = ("from verify", "import verify")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of ``lakatos check`` that make sense here."""
    group = parser.getgroup("lakatos", "theorems judged by Lakatos")
    group.addoption("--lakatos-effort", default="quick", help="quick, standard or thorough")
    group.addoption("--lakatos-seed", type=int, default=0, help="every draw follows from it")
    group.addoption("--lakatos-device", default="cpu", help="cpu, cuda or all")
    group.addoption("--lakatos-dtype", default="float64", help="float64, float32 or all")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Files that make claims; test modules are pytest's own."""
    if file_path.suffix != ".py" or file_path.name == "conftest.py":
        return None
    if any(fnmatch.fnmatch(file_path.name, p) for p in parent.config.getini("python_files")):
        return None
    try:
        text = file_path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    if not any(m in text for m in _MAKES_A_CLAIM) or not any(m in text for m in _OF_OURS):
        return None
    return ClaimFile.from_parent(parent, path=file_path)


class ClaimFile(pytest.File):
    """A Python file with claims."""

    def collect(self) -> Iterator[pytest.Item]:
        """One item per claim."""
        from verify import catalogue
        from verify.claims import claims

        try:
            catalogue.load_all()
            known = [c for c in claims().values() if Path(c.file).resolve() == self.path.resolve()]
            if not known:
                known, broken = catalogue.load_file(self.path)
                if broken:
                    raise self.CollectError(broken[0].error)
        except catalogue.CatalogueError as error:
            raise self.CollectError(str(error)) from None
        for claim in known:
            yield ClaimItem.from_parent(self, name=claim.id, claim=claim)


class NotAsExpected(Exception):
    """A claim's verdict is not the expected one."""


class ClaimItem(pytest.Item):
    """One claim; its grade and the like are properties of the JUnit report."""

    def __init__(self, *, claim: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.claim = claim

    def runtest(self) -> None:
        """Judge the claim; fail when the verdict is not as expected."""
        from verify.claims import supplanted

        fault = supplanted(self.claim)
        if fault:
            raise NotAsExpected(fault)
        verdict = _engine(self.config).judge(self.claim)
        line = verdict.to_json()
        tightness = line.get("tightness") or {}
        self.user_properties += [
            ("grade", line["grade"]),
            ("expects", line["expects"]),
            ("tightness", str(tightness.get("worst", ""))),
            ("seed", str(self.config.getoption("--lakatos-seed"))),
            ("witness", (line.get("witness") or {}).get("file", "")),
        ]
        if not verdict.expected:
            raise NotAsExpected(
                f"{verdict.id}: {verdict.grade.name}, expected {verdict.expects.name}: {verdict.reason}"
                + (f"\n  replay: {line['witness']['replay']}" if line.get("witness") else "")
            )

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        """A verdict is a sentence, not a traceback."""
        if isinstance(excinfo.value, NotAsExpected):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """The line of the claim."""
        return self.path, self.claim.line - 1, self.claim.id


_ENGINES: pytest.StashKey[Any] = pytest.StashKey()


def _engine(config: pytest.Config) -> Any:
    if _ENGINES not in config.stash:
        from verify.arena import arenas
        from verify.efforts import EFFORTS
        from verify.engine import Engine
        from verify.settings import Settings

        effort = config.getoption("--lakatos-effort")
        if effort not in EFFORTS:
            raise pytest.UsageError(f"--lakatos-effort {effort}: choose one of {', '.join(EFFORTS)}")
        places = arenas(config.getoption("--lakatos-device"), config.getoption("--lakatos-dtype"))
        out = config.rootpath / ".lakatos"
        config.stash[_ENGINES] = Engine(Settings(EFFORTS[effort], config.getoption("--lakatos-seed"), places, out=out))
    return config.stash[_ENGINES]
