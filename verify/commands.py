"""What the commands do with files, processes and the terminal around the engine."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import active_children, get_context
from pathlib import Path
from typing import Any

from hypothesis.configuration import set_hypothesis_home_dir
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from reports import compare as comparing
from reports import terminal
from reports.record import parse_record, read_record
from symbolic import prose
from verify import bounds, catalogue, witness
from verify.arena import ArenaError, arenas
from verify.catalogue import CatalogueError
from verify.claims import Claim, Statement, claims
from verify.efforts import EFFORTS
from verify.engine import Engine
from verify.probes import probes
from verify.recording import Recorder, finished
from verify.settings import Settings
from verify.verdict import Contradiction, Verdict

RECORD = "record.jsonl"
MANY_CLAIMS = 8
"""From so many claims on, several processes save more than their start costs."""
OK, UNEXPECTED, USAGE, CONTRADICTION, AUTHOR, NOTHING, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130


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
    done = finished(folder / RECORD) if options.resume else {}
    recorder = Recorder(_targets(folder, options.json_to))
    console = Console(stderr=options.json_to == "-")
    chosen = {c.id for c in selection.claims}
    others = [line for name, line in done.items() if name not in chosen]
    recorder.start(settings, [*(line["id"] for line in others), *(c.id for c in selection.claims)], data)
    for line in others:  # what an earlier run said of claims that are not asked about now is kept
        recorder.write(line)
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
        comparison = comparing.compare(previous, record)
        console.print(comparing.summary(comparison))
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
    with _progress(console, len(chosen)) as advance:
        try:
            for verdict in _verdicts(chosen, settings, options, done):
                verdicts.append(verdict)
                recorder.write(verdict.to_json())
                _store_derivation(settings, verdict)
                advance(verdict.id)
        except Contradiction as contradiction:
            return verdicts, stopped, contradiction
        except KeyboardInterrupt:
            stopped = "interrupted"
    if settings.budget is not None and time.monotonic() - settings.started > settings.budget:
        stopped = stopped or "budget"
    return verdicts, stopped, None


def _verdicts(
    chosen: tuple[Claim, ...], settings: Settings, options: Options, done: dict[str, dict[str, Any]]
) -> Iterator[Verdict]:
    fresh = []
    for claim in chosen:
        line = done.get(claim.id)
        if line is not None and line.get("statement", {}).get("hash") == claim.hash and not line.get("error"):
            yield Verdict.from_json(line)
        else:
            fresh.append(claim)
    jobs = options.jobs or _processes(len(fresh), settings)
    if jobs == 1 or len(fresh) < 2:
        yield from Engine(settings).run(fresh)
        return
    # A fresh interpreter per process: a forked one would share locks of torch's threads.
    with ProcessPoolExecutor(min(jobs, len(fresh)), get_context("spawn"), _deaf_to_interrupts) as pool:
        longest_first = sorted(fresh, key=lambda c: -len(c.mutants) * len(c.statement.given.letters))
        units = {c.id: pool.submit(judge_elsewhere, options, c.id, settings.started) for c in longest_first}
        try:
            for claim in fresh:  # in the order of the claims, so that the record does not depend on who was first
                yield units[claim.id].result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in active_children():  # idle by now, or at work that nobody waits for
                process.terminate()


def _processes(claims: int, settings: Settings) -> int:
    """One process for each core when there are many claims; on a GPU, which they would share, one."""
    if claims < MANY_CLAIMS or any(arena.device != "cpu" for arena in settings.arenas):
        return 1
    return min(os.cpu_count() or 1, claims // (MANY_CLAIMS // 2))


def _deaf_to_interrupts() -> None:
    """Control-C is for the process that the person sees; it ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


_ENGINE: list[Engine] = []


def judge_elsewhere(options: Options, claim_id: str, started: float) -> Verdict:
    """Judge one claim in a process of its own."""
    if not _ENGINE:
        _data(options)
        catalogue.select(options.wanted)
        from dataclasses import replace

        _ENGINE.append(Engine(replace(options.settings(), started=started)))
    return _ENGINE[0].judge(claims()[claim_id])


@contextmanager
def _progress(console: Console, total: int) -> Iterator[Any]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
    )
    if not console.is_terminal:
        yield lambda name: None
        return
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("judging", total=total)
        yield lambda name: progress.update(task, advance=1, description=name)


def _store_derivation(settings: Settings, verdict: Verdict) -> None:
    derivation = verdict.details.get("derivation")
    if derivation is None or settings.out is None:
        return
    folder = settings.out / "derivations"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{witness.slug(verdict.id, None)}.json"
    path.write_text(json.dumps(derivation, indent=1) + "\n", encoding="utf-8")


# -- show, replay --------------------------------------------------------------------------------------------------


def show(claim: Claim, out: Path) -> None:
    """Print everything the catalogue and the last record know of a claim."""
    own = claim.statement
    lines = [
        claim.id,
        f"  {claim.title}",
        f"  source: {claim.source or 'none given'} ({claim.provenance})",
        *([f"  see {claim.link}"] if claim.link else []),
        f"  expects {claim.expects.name.lower()}",
        f"  given   {own.given}",
        *(f"  assuming {h}" for h in own.assuming),
        f"  says    {own.says}",
        f"  LaTeX   {prose.latex(own.says)}",
        *(f"  where   {d}" for d in claim.definitions()),
        *(f"  proof   {step}" for step in claim.proof),
        *(f"  relies on {r}" for r in claim.relies_on),
        *(f"  sharper {s}" for s in claim.sharpened_by),
        *_asked_lines(claim),
        "  mutants of the author:",
        *(f"    {m.name}: {m.statement.text}{_elsewhere(m.statement, own)}" for m in claim.mutants),
        "  mutants of the engine:",
        *(f"    {m.name}: {m.statement.text}" for m in probes(claim)),
    ]
    print("\n".join(lines))
    for known in witness.stored(claim.id, None, (witness.COMMITTED, out / "witnesses")):
        ruling = known.ruling
        print(f"  witness {known.file}: {ruling.relation} fails with {ruling.left} against {ruling.right}")
    last = finished(out / RECORD).get(claim.id)
    if last is not None:
        print(f"  last verdict: {last['grade']}; {last['reason']}")
        if last.get("sharpening"):
            print(f"  last sharpening: {last['sharpening']['says']}")


def _elsewhere(statement: Statement, own: Statement) -> str:
    """In which worlds a mutant is tried, where they are not the claim's."""
    return "" if statement.given == own.given else f" (in {statement.given})"


def _asked_lines(claim: Claim) -> list[str]:
    """What the claim asks beside its verdict: when it says nothing, and what is measured."""
    lines, vacuity = [], claim.vacuous
    if vacuity is not None:
        lines.append(f"  says nothing when {vacuity.when}: {vacuity.means}")
        lines += [f"  because {vacuity.because}: {vacuity.why}"] if vacuity.because is not None else []
    by = "" if claim.measures_by is None else f", for each {claim.measures_by}"
    return [*lines, *(f"  measures {name}: {expression}{by}" for name, expression in claim.measures.items())]


def replay(file: Path, claims_in: Path | None, script: Path | None) -> int:
    """Judge a stored counterexample again and print both sides; 0 if it still refutes, 1 if it does not."""
    known = witness.read(file)
    claim = _claim_of(known, claims_in)
    statement = _statement_of(claim, known)
    ruling = known.rule(statement)
    print(f"{known.claim}" + (f", mutant {known.mutant!r}" if known.mutant else ""))
    print(f"  claims  {statement.text}")
    print(f"  world   {', '.join(f'{k} = {v}' for k, v in known.world.sizes)}; {_convention_text(known)}")
    if not ruling.refutes:
        print(f"  ruling  {ruling.ruling}{f' ({ruling.premise})' if ruling.premise else ''}: it does not refute")
        return UNEXPECTED
    where = ", ".join(f"{k} = {v + 1}" for k, v in ruling.at)
    print(f"  fails   {ruling.relation}" + (f" at {where} (counting from 1)" if where else ""))
    print(f"  left    {ruling.left}")
    print(f"  right   {ruling.right}")
    print("  ruling  upheld: refutes, in exact arithmetic" + ("; on a kink" if ruling.kink else ""))
    if script is not None:
        from verify.scripts import standalone

        script.write_text(standalone(statement, known), encoding="utf-8")
        print(f"  script  {script} (needs numpy alone)")
    return OK


def _convention_text(known: witness.Witness) -> str:
    return ", ".join(f"{k} = {v}" for k, v in known.world.conventions) or "no conventions"


def _claim_of(known: witness.Witness, claims_in: Path | None) -> Claim:
    selection = catalogue.select([str(claims_in)] if claims_in else [])
    for claim in selection.claims:
        if claim.id == known.claim:
            return claim
    advice = "give the file that makes it: lakatos replay WITNESS.json FILE.py"
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
