"""Control-C, which a terminal sends to all processes of a run: no traceback, and what was judged is in the record."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from reports.record import read_record
from verify import commands
from verify.verdict import Verdict

CLAIMS = ("chen2024/lemma-2.2", "chen2024/increment-rank")


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="signals as on Unix")
@pytest.mark.parametrize("after", [0.4, 0.8, 1.2])
def test_an_interrupt_while_processes_start_is_no_traceback(after: float, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "verify", "check", "chen2024/*", "--jobs", "2", "--no-fed"]
    running = subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    record = tmp_path / ".lakatos" / "record.jsonl"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and not (record.is_file() and '"run"' in record.read_text()):
        time.sleep(0.02)
    time.sleep(after)  # processes are importing what they need, sooner or later
    os.killpg(running.pid, signal.SIGINT)
    _, err = running.communicate(timeout=60)
    assert "Traceback" not in err, err
    assert running.returncode == 130, err
    assert read_record(record).run["claims"]


class Pool:
    """Processes of which the first claim's never answers, and the second's has answered when Control-C comes."""

    def __init__(self, *_: Any) -> None:
        self.asked: list[str] = []

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def submit(self, judge: Callable[..., Verdict], options: Any, claim: str, started: float) -> Future[Verdict]:
        unit: Future[Verdict] = Future()
        self.asked.append(claim)
        if claim == CLAIMS[1]:
            unit.set_result(judge(options, claim, started))
        elif claim == CLAIMS[0]:
            unit.set_running_or_notify_cancel()  # so that the asking process does not judge it itself
            unit.result = interrupted  # type: ignore[method-assign]
        return unit

    def shutdown(self, **_: Any) -> None:
        return None


def interrupted(timeout: float | None = None) -> Verdict:
    raise KeyboardInterrupt


def test_what_other_processes_have_judged_is_recorded(
    lakatos: Callable[..., Any], monkeypatch: Any, tmp_path: Path
) -> None:
    monkeypatch.setattr(commands, "ProcessPoolExecutor", Pool)
    monkeypatch.setattr(commands, "_ENGINE", [])
    ended = lakatos("check", *CLAIMS, "--jobs", "2")
    read = read_record(tmp_path / ".lakatos" / "record.jsonl")
    assert ended.code == 130
    assert read.end is not None
    assert read.end["stopped"] == "interrupted"
    assert [v["id"] for v in read.verdicts] == [CLAIMS[1]]


def test_an_interrupt_in_a_collection_is_heard_a_moment_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is raised in a callback of the garbage collector is printed and ignored."""
    later: list[Any] = []
    monkeypatch.setattr(commands.threading, "Timer", lambda *given: later.append(given) or SimpleNamespace(start=int))

    def gc_callback() -> None:
        commands._interrupt(signal.SIGINT, sys._getframe())

    gc_callback()
    assert later == [(commands.MOMENT, signal.raise_signal, (signal.SIGINT,))]
    with pytest.raises(KeyboardInterrupt):
        commands._interrupt(signal.SIGINT, sys._getframe())


def test_an_interrupt_inside_of_an_exec_ends_with_its_code(tmp_path: Path) -> None:
    """Python remembers such an interrupt, and would end as if it had not been handled: killed by a signal."""
    lines = ["from verify import __main__ as door", "door.app = lambda *_, **__: exec('raise KeyboardInterrupt')"]
    (tmp_path / "interrupted.py").write_text("\n".join([*lines, "door.main(['list'])", ""]))
    folders = os.pathsep.join([str(tmp_path), str(Path(__file__).parents[2])])
    ended = subprocess.run(
        [sys.executable, "-m", "interrupted"],
        env={**os.environ, "PYTHONPATH": folders},
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert (ended.returncode, "Traceback" in ended.stderr) == (130, False)
