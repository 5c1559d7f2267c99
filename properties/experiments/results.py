"""What an experiment gives: its plan, and the measured lanes and training curves of its stages; as data and as JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from properties.experiments.configurations import ExperimentError, Plan, Stage
from properties.experiments.measurements import Gradients, Lane, Spectrum

SCHEMA = "1.0"
LARGEST = 2**28
"""Bytes of a file of results that are read."""

Curve = list[tuple[int, list[float], list[float]]]


@dataclass(frozen=True)
class StageResult:
    """A trained stage: its lanes, seed by seed, and (epoch, train losses, test losses) of them."""

    stage: Stage
    lanes: tuple[Lane, ...]
    curve: Curve
    rate: float

    def blocks(self) -> list[tuple[Lane, ...]]:
        """The lanes of each seed, by rising decay."""
        wide = len(self.stage.decays)
        return [self.lanes[k : k + wide] for k in range(0, len(self.lanes), wide)]

    def to_json(self) -> dict[str, Any]:
        """The stage as JSON."""
        return {
            "schema": SCHEMA,
            "stage": self.stage.name,
            "rate": self.rate,
            "lanes": [lane.to_json() for lane in self.lanes],
            "curve": [[epoch, _texts(train), _texts(test)] for epoch, train, test in self.curve],
        }


@dataclass(frozen=True)
class Results:
    """All stages of an experiment, the first of which is the one of most figures."""

    plan: Plan
    stages: tuple[StageResult, ...]

    @property
    def main(self) -> StageResult:
        """The stage with the paper's batch size."""
        return self.stages[0]

    @property
    def diverged(self) -> list[Lane]:
        """Lanes whose training diverged."""
        return [lane for stage in self.stages for lane in stage.lanes if not lane.finite]


def stage_from_file(stage: Stage, plan: Plan, path: Path) -> StageResult:
    """The stage in a file; ExperimentError where it is not one."""
    try:
        if path.stat().st_size > LARGEST:
            raise ExperimentError(f"{path}: larger than any result; remove it and resume again")
        told = json.loads(path.read_text(encoding="utf-8"))
        lanes = tuple(_lane(one) for one in told["lanes"])
        curve = [(int(epoch), _floats(train), _floats(test)) for epoch, train, test in told["curve"]]
        expected = [(seed, decay) for seed in range(plan.seeds) for decay in stage.decays]
        if told["schema"] != SCHEMA or [(lane.seed, lane.decay) for lane in lanes] != expected:
            raise ValueError("another plan")
        return StageResult(stage, lanes, curve, float(told["rate"]))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        if isinstance(error, ExperimentError):
            raise
        raise ExperimentError(f"{path}: these are no results of this plan; remove the file and resume again") from None


def _lane(told: dict[str, Any]) -> Lane:
    grads = told["gradients"]
    return Lane(
        int(told["seed"]),
        float(told["decay"]),
        float(told["train"]),
        float(told["test"]),
        None if told["accuracy"] is None else float(told["accuracy"]),
        tuple(_spectrum(one) for one in told["start"]),
        tuple(_spectrum(one) for one in told["spectra"]),
        None if grads is None else Gradients(**{f.name: _number(grads[f.name]) for f in fields(Gradients)}),
    )


def _spectrum(told: dict[str, Any]) -> Spectrum:
    return Spectrum(**{f.name: told[f.name] if f.name == "what" else _number(told[f.name]) for f in fields(Spectrum)})


def _number(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(map(float, value))
    return float(value) if isinstance(value, str) else value


def _texts(values: Sequence[float]) -> list[Any]:
    return [value if math.isfinite(value) else str(value) for value in values]


def _floats(values: Sequence[Any]) -> list[float]:
    return [float(value) for value in values]
