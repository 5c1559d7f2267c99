"""`lakatos reproduce`: a paper's experiments, trained again; their figures, and its empirical sentences judged."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from fractions import Fraction
from pathlib import Path
from textwrap import wrap
from types import FrameType
from typing import Any

from rich.console import Console

from properties.experiments import claims, configurations, figures, running, verdicts
from properties.experiments.configurations import ASSUMED, GIVEN, REPORTED, ExperimentError, Plan, Setting
from properties.experiments.results import SCHEMA, Results
from reports.plots import drawn
from reports.renderers import put
from verify.arena import Arena, torch

OK, AGAINST, INTERRUPTED = 0, 1, 130
RESULTS, FIGURES = "results.json", "figures"
FIRST_DATASET = {"chen2024": "california", "ledent2025": "digits"}
NAMES = {
    "width": "--width",
    "epochs": "--epochs",
    "train": "--samples",
    "test": "--test-samples",
    "batch": "--batch-size",
    "batches": "--batch-sizes",
    "batch_rate": "--batch-rate",
    "decays": "--weight-decay",
    "convention": "--decay-convention",
    "outer": "--outer-decay",
    "bias": "--bias-decay",
    "rate": "--learning-rate",
    "factor": "--rate-factor",
    "every": "--rate-every",
    "loss_scale": "--loss-scale",
    "initial": "--initial",
    "scaling": "--scaling",
    "clip": "--clip",
    "depths": "--depths",
    "seeds": "--seeds",
    "data": "--data",
    "dtype": "--dtype",
}
"""The option of each setting."""
WORTH_THREADS = 2**17
"""Activations of a step from which several threads save more than their meeting costs."""
TOLD_EVERY = 10.0
"""Seconds between lines of progress."""


def reproduce(
    paper: str,
    dataset: str | None,
    given: Mapping[str, Any],
    device: str,
    out: Path | None,
    resume: Path | None,
    pictures: bool,
) -> int:
    """Run an experiment, or what is left of one, and print what was assumed and what was seen; the exit code.

    It is 1 where a test speaks against what the paper prints, all printed settings being the paper's, and 130 where an
    interrupt left the rest for later.
    Raises ExperimentError, AuditError or DatasetError, in one sentence, for what cannot be run.
    """
    typed = {name: _parsed(name, value) for name, value in given.items() if value is not None}
    if resume is not None:
        wrong = [NAMES[name] for name in typed if name != "data"]
        wrong += ["--dataset"] * (dataset is not None) + ["--out"] * (out is not None)
        if wrong:
            raise ExperimentError(f"--resume goes on as the experiment began; leave out {', '.join(wrong)}")
        experiment = running.resumed(resume, typed.get("data"))
        if experiment.plan.paper != paper:
            raise ExperimentError(f"{resume}: this is an experiment of {experiment.plan.paper}; say that instead")
        arena = _arena(device, experiment.plan)
        known = configurations.settings(paper, experiment.plan.dataset)
        print(f"{paper} on {experiment.plan.dataset}, resumed in {resume}")
        print(_changed(known, experiment))
    else:
        chosen = dataset or FIRST_DATASET.get(paper, configurations.DATASETS[0])
        plan, known = configurations.planned(paper, chosen, typed)
        arena = _arena(device, plan)
        experiment = running.started(plan, out or Path(".lakatos") / f"{paper}-{chosen}", arena)
        print(f"{paper} on {chosen}, in {experiment.folder}")
        print(_settings(known, experiment))
    began = time.monotonic()
    results = None
    with suppress(KeyboardInterrupt), _held_interrupts() as stopping:
        results = running.run(experiment, arena, stopping, _teller())
    if results is None:
        print(
            f"interrupted; lakatos reproduce {paper} --resume {experiment.folder} goes on where this stopped",
            file=sys.stderr,
        )
        return INTERRUPTED
    found = verdicts.judged(results)
    drawings = _figures(results, experiment.folder / FIGURES) if pictures else []
    put(experiment.folder / RESULTS, json.dumps(_told(experiment, results, found), indent=1, allow_nan=False) + "\n")
    print(_verdicts(found))
    if drawings:
        print(f"figures  {', '.join(drawings)} in {experiment.folder / FIGURES}, as SVG, PDF, CSV and JSON")
    print(f"results  {experiment.folder / RESULTS}, after {time.monotonic() - began:.1f} s")
    return AGAINST if verdicts.contradicted(results.plan, found) else OK


# -- what was typed, and what is assumed ------------------------------------------------------------------------------


def _parsed(name: str, value: Any) -> Any:
    """The value of an option; lists are typed with commas, and "rule" and "same" stand for what has no number."""
    if name in ("decays", "batches", "depths"):
        return tuple(_number(name, part) for part in value.split(",")) if value else ()
    if name in ("outer", "bias") and value == "same":
        return None
    return _number(name, value) if name in ("outer", "bias") else value


def _number(name: str, text: str) -> Any:
    try:
        return float(Fraction(text.strip())) if name in ("decays", "outer", "bias") else int(text)
    except (ValueError, ZeroDivisionError, OverflowError):
        one = "a number" if name in ("decays", "outer", "bias") else "a whole number"
        raise ExperimentError(f"{NAMES[name]}: {text.strip()[:20]!r} is not {one}; write them as in 1,2,3") from None


def _arena(device: str, plan: Plan) -> Arena:
    arena = Arena(device, plan.dtype)
    arena.prepare()
    if plan.seeds * len(plan.decays) * plan.batch * plan.width >= WORTH_THREADS:
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
        torch().set_num_threads(cores or 1)
    return arena


def _settings(known: Mapping[str, Setting], experiment: running.Experiment) -> str:
    """Every setting, its value, and whether the paper prints it."""
    lines = []
    for name, setting in known.items():
        value, source = _shown(getattr(experiment.plan, name)), setting.source
        if name == "rate" and experiment.computed:
            value = f"{experiment.rate:.3g}"
        if name == "data":
            value = value if value != "none" else "scikit-learn"
        remark = f"  {setting.remark}" if setting.remark else ""
        lines += _wrapped(f"{NAMES[name]:<19} {value:<24} {source:<9}{remark}", "", " " * 22)
    held = [n for n, s in known.items() if s.source in (ASSUMED, REPORTED)]
    typed = sum(s.source == GIVEN for s in known.values())
    last = f"{len(held)} of {len(known)} settings are assumed or reported by others, {typed} were typed"
    return "\n".join([*lines, last])


def _changed(known: Mapping[str, Setting], experiment: running.Experiment) -> str:
    """The settings of an experiment that is resumed, in few lines."""
    shown = [
        f"{NAMES[name]} {_shown(getattr(experiment.plan, name))}" for name in known if name not in ("rate", "data")
    ]
    text = ", ".join([*shown, f"--learning-rate {experiment.rate:.3g}"])
    return "\n".join(_wrapped(text, "  ", "  "))


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(_shown(part) for part in value) or "none"
    if value is None:
        return "none"
    return f"{value:g}" if isinstance(value, float) else str(value)


# -- while it runs ----------------------------------------------------------------------------------------------------


@contextmanager
def _held_interrupts() -> Iterator[Callable[[], bool]]:
    """Whether Control-C was pressed: the first is heard between two steps, the second at once."""
    pressed: list[int] = []

    def heard(number: int, frame: FrameType | None) -> None:
        pressed.append(number)
        if len(pressed) > 1:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, heard)
    try:
        yield lambda: bool(pressed)
    finally:
        signal.signal(signal.SIGINT, before)


def _teller() -> Callable[[running.Progress], None]:
    """Lines of progress on the standard error, each with the time that is left of its stage."""
    last, began, first = 0.0, time.monotonic(), dict[str, tuple[int, float]]()

    def tell(at: running.Progress) -> None:
        nonlocal last
        now = time.monotonic()
        done, since = first.setdefault(at.stage, (at.epoch, now))
        if at.epoch == done or now - last < TOLD_EVERY or now - began < TOLD_EVERY:
            return
        last = now
        left = (now - since) / (at.epoch - done) * (at.epochs - at.epoch)
        print(
            f"{at.stage} ({at.number} of {at.stages}): epoch {at.epoch:,} of {at.epochs:,}, {math.ceil(left):,} s left",
            file=sys.stderr,
        )

    return tell


# -- what was seen ----------------------------------------------------------------------------------------------------


def _verdicts(found: list[claims.Judged]) -> str:
    lines = [""]
    for one in found:
        lines.append(f"{one.verdict.upper():<11} {one.trend.id}")
        decision = one.evidence.decision if one.evidence else None
        test = f"{decision.test} over {decision.seeds} seeds: p = {_probability(decision.p)}" if decision else ""
        said = [one.trend.reading, test, one.evidence.seen if one.evidence else "", one.why]
        lines += [line for text in said if text for line in _wrapped(text, "  ", "  ")]
    counts = {v: sum(one.verdict == v for one in found) for v in dict.fromkeys(one.verdict for one in found)}
    told = ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
    return "\n".join([*lines, f"{len(found)} trends: {told}, each tested at level {claims.LEVEL}", ""])


def _probability(p: Fraction) -> str:
    return str(p) if p.denominator < 10**4 else f"{float(p):.2g}"


def _told(experiment: running.Experiment, results: Results, found: list[claims.Judged]) -> dict[str, Any]:
    stages = [stage.to_json() for stage in results.stages]
    return {
        "schema": SCHEMA,
        "plan": results.plan.to_json(),
        "rate": experiment.rate,
        "data": {"name": experiment.data.name, "sha256": experiment.data.sha256},
        "trends": [one.to_json() for one in found],
        "stages": stages,
    }


def _figures(results: Results, folder: Path) -> list[str]:
    """Draw all figures into a folder; their names."""
    folder.mkdir(parents=True, exist_ok=True)
    names = []
    for figure in figures.figures(results):
        sheet, place = drawn(figure), folder / figure["name"]
        put(place.with_suffix(".svg"), sheet.svg(figure["title"]))
        place.with_suffix(".pdf").write_bytes(sheet.pdf(figure["title"]))
        put(place.with_suffix(".json"), json.dumps(figure, indent=1, allow_nan=False) + "\n")
        table = io.StringIO()
        csv.writer(table, lineterminator="\n").writerows(figures.rows(figure))
        put(place.with_suffix(".csv"), table.getvalue())
        names.append(figure["name"])
    return names


def _wrapped(text: str, first: str, others: str) -> list[str]:
    """Lines as wide as the terminal; words with hyphens stay whole."""
    console: Any = Console()
    return wrap(text, console.width, initial_indent=first, subsequent_indent=others, break_on_hyphens=False)
