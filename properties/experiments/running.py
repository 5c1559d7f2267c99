"""Experiments in a folder: planned, trained stage by stage, measured; resumed from where they were stopped."""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from properties.experiments import checkpoints
from properties.experiments.configurations import ExperimentError, Plan, Stage, from_json
from properties.experiments.measurements import measured
from properties.experiments.results import LARGEST, SCHEMA, Results, StageResult, stage_from_file
from properties.experiments.splits import Splits, afford, splits
from properties.experiments.training import Training, stable_rate, stage_rate
from verify.arena import Arena

PLAN, CHECKPOINTS, STAGES = "plan.json", "checkpoints", "stages"
SAVED_EVERY = 60.0
"""Seconds between checkpoints."""


@dataclass(frozen=True)
class Progress:
    """Where an experiment is: the stage, its epoch, and how many there are of both."""

    stage: str
    number: int
    stages: int
    epoch: int
    epochs: int


@dataclass(frozen=True)
class Experiment:
    """A plan with its data and learning rate, in a folder."""

    plan: Plan
    data: Splits
    rate: float
    folder: Path

    @property
    def computed(self) -> bool:
        """Whether the learning rate is that of the rule."""
        return self.plan.rate is None


def started(plan: Plan, folder: Path, arena: Arena) -> Experiment:
    """A new experiment; ExperimentError where the folder has another one."""
    if (folder / PLAN).exists():
        raise ExperimentError(f"{folder}: there is an experiment already; say --resume {folder}, or another --out")
    data = _read(plan)
    rate = plan.rate or stable_rate(plan, data, arena)
    made = Experiment(plan, data, rate, folder)
    folder.mkdir(parents=True, exist_ok=True)
    put(folder / PLAN, {"schema": SCHEMA, "plan": plan.to_json(), "rate": rate, "sha256": data.sha256})
    return made


def resumed(folder: Path, data: str | None = None) -> Experiment:
    """The experiment in a folder; its data are read again, from a new place where one is given, and compared."""
    path = folder / PLAN
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError("too large")
        told = json.loads(path.read_text(encoding="utf-8"))
        rate, sha256, schema = float(told["rate"]), str(told["sha256"]), told["schema"]
        plan = from_json(told["plan"])
    except FileNotFoundError:
        raise ExperimentError(f"{folder}: there is no experiment to resume; give the --out folder of one") from None
    except ExperimentError as error:
        raise ExperimentError(f"{path}: {error}") from None
    except (KeyError, TypeError, ValueError, RecursionError):
        raise ExperimentError(f"{path}: this is not the plan of an experiment; run it anew") from None
    if schema != SCHEMA or not 0 < rate < math.inf:
        raise ExperimentError(f"{path}: this is not the plan of an experiment of this version; run it anew")
    plan = replace(plan, data=data) if data else plan
    read = _read(plan)
    if read.sha256 != sha256:
        raise ExperimentError(f"{read.name}: these are not the data that {folder} began with; give those with --data")
    return Experiment(plan, read, rate, folder)


def _read(plan: Plan) -> Splits:
    """The data, where what is to be trained on them has room."""
    data = splits(plan)
    for stage in plan.stages():
        widths = [data.inputs.shape[2], *[plan.width] * (stage.depth - 1), 1]
        entries = sum(m * n for m, n in pairwise(widths)) * plan.seeds * len(stage.decays)
        afford(2 * entries * (8 if plan.dtype == "float64" else 4), f"the weights of stage {stage.name}")
    return data


def run(
    experiment: Experiment, arena: Arena, stopping: Callable[[], bool], tell: Callable[[Progress], None]
) -> Results | None:
    """Train and measure what is left; None where it was stopped, and then the folder can be resumed."""
    stages, done = experiment.plan.stages(), list[StageResult]()
    for number, stage in enumerate(stages, 1):
        place = experiment.folder / STAGES / f"{stage.name}.json"
        if place.exists():
            done.append(stage_from_file(stage, experiment.plan, place))
            continue
        found = _stage(experiment, stage, arena, stopping, lambda e, n=number, s=stage: tell(  # type: ignore[misc]
            Progress(s.name, n, len(stages), e, experiment.plan.epochs)))  # fmt: skip
        if found is None:
            return None
        place.parent.mkdir(exist_ok=True)
        put(place, found.to_json())
        done.append(found)
    return Results(experiment.plan, tuple(done))


def _stage(
    experiment: Experiment, stage: Stage, arena: Arena, stopping: Callable[[], bool], tell: Callable[[int], None]
) -> StageResult | None:
    rate = stage_rate(experiment.plan, stage, experiment.rate)
    training = Training(experiment.plan, stage, experiment.data, arena, rate)
    path = experiment.folder / CHECKPOINTS / f"{stage.name}.npz"
    path.parent.mkdir(exist_ok=True)
    state = checkpoints.load(training, path) if path.exists() else training.start()
    saved = time.monotonic()

    def tick(epoch: int) -> None:
        nonlocal saved
        tell(epoch)
        if time.monotonic() - saved > SAVED_EVERY:
            checkpoints.save(state, training, path)
            saved = time.monotonic()

    finished = training.run(state, stopping, tick)
    checkpoints.save(state, training, path)
    if not finished:
        return None
    lanes = measured(training, state, experiment.data.labelled)
    return StageResult(stage, tuple(lanes), state.curve, rate)


def put(path: Path, told: Any) -> None:
    """Write JSON whole or not at all."""
    partial = path.with_name(path.name + ".partial")
    partial.write_text(json.dumps(told, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    os.replace(partial, path)
