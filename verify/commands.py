"""What the commands do with files, processes and the terminal around the engine."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from multiprocessing import active_children, get_context
from pathlib import Path
from types import FrameType
from typing import Any

from hypothesis.configuration import set_hypothesis_home_dir
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from reports import compare as comparing
from reports import terminal
from reports.record import parse_record, read_record, refuse_newer, shown
from verify import bounds, catalogue, witness
from verify.appeal import Hearing
from verify.arena import ArenaError, arenas, torch
from verify.catalogue import CatalogueError
from verify.claims import Claim, Statement, claims
from verify.efforts import EFFORTS
from verify.engine import Engine
from verify.probes import probes
from verify.recording import RECORD, Recorder, finished
from verify.settings import Settings
from verify.sharing import collect_seldom, in_turn, shared_out
from verify.trials import RUN_LEVEL, by_draws
from verify.verdict import Contradiction, Verdict

MANY_CLAIMS = 8
"""From so many claims on, several processes save more than their start costs."""
IN_COLLECTION = "gc_callback"
"""Hypothesis times the collection of garbage by a function of this name; what is raised there is ignored."""
MOMENT = 0.3
"""Seconds that a pool has to forget what was cancelled, before its processes are stopped."""
OK, UNEXPECTED, USAGE, CONTRADICTION, AUTHOR, NOTHING, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130

Units = dict[str, "Future[Verdict]"]
"""What other processes were asked to judge, by the id of the claim."""


@dataclass(frozen=True)
class Options:
    """The options of ``lakatos check``, as typed."""

    wanted: list[str]
    effort: str
    budget: str | None
    device: str
    dtype: str
    seed: int
    data: Path | None
    ablate: bool
    fed: bool
    out: Path
    json_to: str | None
    baseline: Path | None
    jobs: int
    resume: Path | None
    chunk: int
    sharpen: bool = False

    def settings(self) -> Settings:
        """The engine's settings; ArenaError when a device, dtype, effort or budget is not one."""
        if self.effort not in EFFORTS:
            raise ArenaError(f"effort {self.effort!r} is not offered; choose one of {', '.join(EFFORTS)}")
        places = tuple(a.with_chunk(self.chunk) for a in arenas(self.device, self.dtype))
        folder = self.resume or self.out
        return Settings(
            EFFORTS[self.effort], self.seed, places, seconds(self.budget), folder, self.ablate, self.fed, self.sharpen
        )  # fmt: skip


def seconds(text: str | None) -> float | None:
    """90s, 5m or 1h in seconds; None without a budget."""
    if text is None:
        return None
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smh]?)", text.strip())
    if not match or float(match[1]) <= 0:
        raise ArenaError(f"the budget {text!r} is not a time; write for example 90s, 5m or 1h")
    return float(match[1]) * {"": 1, "s": 1, "m": 60, "h": 3600}[match[2]]


def check(options: Options) -> int:
    """Judge, record and report; the exit code."""
    data = _data(options)
    selection = catalogue.select(options.wanted)
    for broken in selection.broken:
        print(f"lakatos: {broken.error}; correct the file", file=sys.stderr)
    if not selection.claims:
        if selection.broken:
            return AUTHOR
        print("lakatos: nothing is selected; lakatos list shows the catalogue", file=sys.stderr)
        return NOTHING
    # Hypothesis keeps tables on disk; they do not belong into the user's folder.
    set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "lakatos-hypothesis")
    settings = options.settings()
    previous = read_record(options.baseline) if options.baseline else None
    folder = options.resume or options.out
    if options.resume and not (folder / RECORD).is_file():
        raise CatalogueError(f"{folder}: there is no {RECORD} to resume; give the --out folder of an earlier run")
    if options.resume:
        refuse_newer(folder / RECORD)
    done = finished(folder / RECORD) if options.resume else {}
    console = Console(stderr=options.json_to == "-")
    chosen = {c.id for c in selection.claims}
    others = [line for name, line in done.items() if name not in chosen]
    with _held_interrupts():  # an earlier record is overwritten by one that can be read, or not at all
        recorder = Recorder(_targets(folder, options.json_to))
        recorder.start(settings, [*(line["id"] for line in others), *(c.id for c in selection.claims)], data)
        for line in others:  # what an earlier run said of claims that are not asked about now is kept
            recorder.write(line)
    with _heard_everywhere():
        verdicts, stopped, contradiction = _judge_all(selection.claims, settings, options, recorder, done, console)
    code = exit_code(verdicts, bool(selection.broken), contradiction)
    code = INTERRUPTED if stopped == "interrupted" else code
    recorder.end(verdicts, code, time.monotonic() - settings.started, stopped)
    recorder.close()
    record = parse_record("\n".join(json.dumps(line) for line in recorder.lines).encode() + b"\n", RECORD)
    terminal.render(record, console)
    if contradiction:
        print(f"lakatos: {contradiction}", file=sys.stderr)
    if previous is not None:
        with shown(str(options.baseline)):
            comparison = comparing.compare(previous, record)
            told = comparing.briefly(comparison)
        console.print(told, markup=False, highlight=False, soft_wrap=True)
        code = max(code, comparison.exit_code) if code in (OK, UNEXPECTED) else code
    return code


def _data(options: Options) -> dict[str, Any] | None:
    if options.data is None:
        return None
    from properties.worlds import datasets

    loaded = datasets.use_data(options.data)
    assert loaded is not None
    return {"name": loaded.name, "sha256": loaded.sha256}


def _targets(folder: Path, json_to: str | None) -> list[Any]:
    folder.mkdir(parents=True, exist_ok=True)
    targets: list[Any] = [(folder / RECORD).open("w", encoding="utf-8")]
    if json_to == "-":
        targets.append(sys.stdout)
    elif json_to is not None:
        targets.append(Path(json_to).open("w", encoding="utf-8"))  # noqa: SIM115  (the recorder closes it)
    return targets


def exit_code(verdicts: list[Verdict], broken: bool, contradiction: Contradiction | None) -> int:
    """The first that applies of 3, 4, 1; else 0."""
    if contradiction is not None:
        return CONTRADICTION
    if broken or any(v.error for v in verdicts):
        return AUTHOR
    return OK if all(v.expected for v in verdicts) else UNEXPECTED


def _judge_all(
    chosen: tuple[Claim, ...],
    settings: Settings,
    options: Options,
    recorder: Recorder,
    done: dict[str, dict[str, Any]],
    console: Console,
) -> tuple[list[Verdict], str | None, Contradiction | None]:
    verdicts: list[Verdict] = []
    stopped: str | None = None
    units: Units = {}

    with _progress(console, len(chosen)) as (begin, advance):

        def take(verdict: Verdict) -> None:
            with _held_interrupts():  # a verdict is recorded whole
                verdicts.append(verdict)
                recorder.write(verdict.to_json())
                _store_derivation(settings, verdict)
                advance(verdict.id)

        try:
            with closing(_verdicts(chosen, settings, options, done, units, begin)) as judged:
                for verdict in judged:
                    take(verdict)
        except Contradiction as contradiction:
            return verdicts, stopped, contradiction
        except KeyboardInterrupt:
            stopped = "interrupted"
            taken = {v.id for v in verdicts}
            for claim in chosen:  # what other processes have judged while an earlier claim was waited for
                unit = units.get(claim.id)
                if claim.id not in taken and unit and unit.done() and not unit.cancelled() and not unit.exception():
                    take(unit.result())
    if settings.budget is not None and time.monotonic() - settings.started > settings.budget:
        stopped = stopped or "budget"
    return verdicts, stopped, None


def _verdicts(
    chosen: tuple[Claim, ...],
    settings: Settings,
    options: Options,
    done: dict[str, dict[str, Any]],
    units: Units,
    begin: Callable[[], None],
) -> Generator[Verdict, None, None]:
    """Verdicts in the order of the claims; ``units`` holds, by id, what other processes were asked to judge.

    ``begin`` is called when all processes have started: what shows the progress is a thread.
    """
    fresh = []
    for claim in chosen:
        line = done.get(claim.id)
        if line is not None and line.get("statement", {}).get("hash") == claim.hash and not line.get("error"):
            yield Verdict.from_json(line)
        else:
            fresh.append(claim)
    collect_seldom()
    jobs = options.jobs or _processes(len(fresh), settings)
    if jobs == 1 or len(fresh) < 2:
        begin()
        yield from Engine(settings).run(fresh)
        return
    with ProcessPoolExecutor(min(jobs, len(fresh)) - 1, get_context(_start(settings)), _deaf_to_interrupts) as pool:
        order = shared_out(fresh)
        try:
            with _held_interrupts():  # processes start as claims are submitted
                for claim in order:
                    units[claim.id] = pool.submit(judge_elsewhere, options, claim.id, settings.started)
            begin()
            yield from in_turn(fresh, units, order[::-1], Engine(settings).judge)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            if not all(unit.done() for unit in units.values()):
                # The pool forgets what is cancelled first: it would fail it once more when its process ends.
                time.sleep(MOMENT)
            for process in active_children():  # idle by now, or at work that nobody waits for
                process.terminate()


def _processes(claims: int, settings: Settings) -> int:
    """One process for each core when there are many claims; on a GPU, which they would share, one."""
    if claims < MANY_CLAIMS or any(arena.device != "cpu" for arena in settings.arenas):
        return 1
    return min(os.cpu_count() or 1, claims // (MANY_CLAIMS // 2))


def _start(settings: Settings) -> str:
    """How other processes start: with the catalogue that is read already, where no thread and no GPU is shared.

    Elsewhere each is a fresh interpreter, which reads the catalogue anew: a fork would share locks of threads.
    """
    alone = threading.active_count() == 1 and all(arena.device == "cpu" for arena in settings.arenas)
    return "fork" if alone and sys.platform == "linux" and not torch().cuda.is_initialized() else "spawn"


def _deaf_to_interrupts() -> None:
    """Control-C is for the process that the person sees; it ends the others. Nothing was judged in this one yet."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _ENGINE.clear()


@contextmanager
def _held_interrupts() -> Iterator[None]:
    """Hear Control-C only afterwards, as KeyboardInterrupt; processes that start meanwhile never hear it.

    A process inherits what its parent blocks, and until its initializer runs nothing else keeps it from a traceback.
    """
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield
        return
    heard: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if hasattr(signal, "pthread_sigmask") else None
    try:
        yield
    finally:
        if blocked is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        signal.signal(signal.SIGINT, before)
    if heard:
        raise KeyboardInterrupt


def _interrupt(number: int, frame: FrameType | None) -> None:
    """KeyboardInterrupt; a moment later where the garbage collector's callbacks run, which would swallow it."""
    if frame is not None and frame.f_code.co_name == IN_COLLECTION:
        threading.Timer(MOMENT, signal.raise_signal, (number,)).start()
        return
    raise KeyboardInterrupt


@contextmanager
def _heard_everywhere() -> Iterator[None]:
    """Let Control-C end what is judged wherever it comes, unless somebody else handles it."""
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or before is not signal.default_int_handler:
        yield
        return
    signal.signal(signal.SIGINT, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


_ENGINE: list[Engine] = []


def judge_elsewhere(options: Options, claim_id: str, started: float) -> Verdict:
    """Judge one claim in a process of its own."""
    if not _ENGINE:
        collect_seldom()
        _data(options)
        catalogue.select(options.wanted)
        from dataclasses import replace

        _ENGINE.append(Engine(replace(options.settings(), started=started)))
    return _ENGINE[0].judge(claims()[claim_id])


@contextmanager
def _progress(console: Console, total: int) -> Iterator[tuple[Callable[[], None], Callable[[str], None]]]:
    """What begins to show the progress, and what tells it the name of each claim that is judged."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
    )
    if not console.is_terminal:
        yield lambda: None, lambda name: None
        return
    progress = Progress(*columns, console=console, transient=True)
    task = progress.add_task("judging", total=total)
    try:
        yield progress.start, lambda name: progress.update(task, advance=1, description=name)
    finally:
        progress.stop()


def _store_derivation(settings: Settings, verdict: Verdict) -> None:
    derivation = verdict.details.get("derivation")
    if derivation is None or settings.out is None:
        return
    folder = settings.out / "derivations"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{witness.slug(verdict.id, None)}.json"
    path.write_text(json.dumps(derivation, indent=1) + "\n", encoding="utf-8")


# -- show, replay --------------------------------------------------------------------------------------------------


def replay(file: Path, claims_in: Path | None, script: Path | None) -> int:
    """Judge a stored counterexample again and print both sides; 0 if it still refutes, 1 if it does not."""
    known = witness.read(file)
    claim = _claim_of(known, claims_in)
    statement = _statement_of(claim, known)
    ruling = known.rule(statement)
    print(f"{known.claim}" + (f", mutant {known.mutant!r}" if known.mutant else ""))
    print(f"  claims  {statement.text}")
    point = Hearing(statement, known.world, known.draws).point
    if point:
        print(f"  point   {', '.join(f'{k} = {v}' for k, v in point.items())}")
    else:
        print(f"  world   {', '.join(f'{k} = {v}' for k, v in known.world.sizes)}; {_convention_text(known)}")
    if not ruling.refutes:
        print(f"  ruling  {ruling.ruling}{f' ({ruling.premise})' if ruling.premise else ''}: it does not refute")
        return UNEXPECTED
    where = ", ".join(f"{k} = {v + 1}" for k, v in ruling.at)
    print(f"  fails   {ruling.relation}" + (f" at {where} (counting from 1)" if where else ""))
    print(f"  left    {ruling.left}")
    print(f"  right   {ruling.right}")
    sure = f"statistically, at a level of {RUN_LEVEL:g}" if by_draws(ruling) else "in exact arithmetic"
    print(f"  ruling  upheld: refutes, {sure}" + ("; on a kink" if ruling.kink else ""))
    if script is not None:
        from verify.scripts import standalone

        script.write_text(standalone(statement, known), encoding="utf-8", errors="backslashreplace")
        print(f"  script  {script} (needs numpy alone)")
    return OK


def script(file: Path) -> str | None:
    """The standalone script of a counterexample to a claim of the catalogue; None where none can be made."""
    from verify.scripts import standalone

    try:
        known = witness.read(file)
        return standalone(_statement_of(_claim_of(known, None), known), known)
    except (witness.WitnessError, CatalogueError):
        return None


def _convention_text(known: witness.Witness) -> str:
    return ", ".join(f"{k} = {v}" for k, v in known.world.conventions) or "no conventions"


def _claim_of(known: witness.Witness, claims_in: Path | None) -> Claim:
    selection = catalogue.select([str(claims_in)] if claims_in else [])
    for claim in selection.claims:
        if claim.id == known.claim:
            return claim
    advice = "give the file that makes it: lakatos replay WITNESS.json FILE.py"
    if selection.broken:
        raise witness.WitnessError(f"{selection.broken[0].error}; correct the file")
    if claims_in:
        raise witness.WitnessError(f"{claims_in}: the claim {known.claim} of {known.file} is not made in it; {advice}")
    raise witness.WitnessError(f"{known.file}: the claim {known.claim} is not in the catalogue; {advice}")


def _statement_of(claim: Claim, known: witness.Witness) -> Statement:
    if known.mutant is None:
        return claim.statement
    for mutant in (*claim.mutants, *probes(claim)):
        if mutant.name == known.mutant:
            return mutant.statement
    sharper = bounds.named(claim, known.mutant)
    if sharper is not None:
        return sharper
    raise witness.WitnessError(f"{known.file}: {claim.id} has no mutant {known.mutant!r} any more; check it again")
