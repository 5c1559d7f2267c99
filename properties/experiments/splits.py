"""Each seed's own split of the data, scaled by what its training samples say."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from properties.audit import samples
from properties.experiments.configurations import IMAGES, ExperimentError, Plan
from properties.worlds import datasets

if TYPE_CHECKING:
    from numpy.typing import NDArray

GIB = 2**30
SPLIT, START, ORDER = 0, 1, 2
"""What a seed's random numbers are for: they are drawn by purpose, so that none depends on how many were drawn."""


@dataclass(frozen=True)
class Splits:
    """Training samples (S, N, n) and (S, N), test samples (S, T, n) and (S, T) of S seeds, float64.

    ``labelled`` if labels are digits; ``sha256`` and ``name`` are those of the data.
    """

    name: str
    sha256: str
    inputs: NDArray[np.float64]
    labels: NDArray[np.float64]
    test_inputs: NDArray[np.float64]
    test_labels: NDArray[np.float64]
    labelled: bool


def random(seed: int, *purpose: int) -> np.random.Generator:
    """The random numbers of a seed for one purpose, the same on every machine."""
    return np.random.default_rng([seed, *purpose])


def splits(plan: Plan) -> Splits:
    """Read the data and divide them for every seed; ExperimentError, AuditError or DatasetError where that fails."""
    found = _read(plan)
    inputs, labels = found.inputs, found.labels.reshape(len(found.inputs), -1)
    if labels.shape[1] != 1:
        raise ExperimentError(f"{found.name}: {labels.shape[1]} labels for a sample; give one number for each")
    needed = plan.train + plan.test
    if needed > len(inputs):
        raise ExperimentError(
            f"{found.name}: {len(inputs)} samples are fewer than {plan.train} for training and {plan.test} for tests; "
            "say --samples and --test-samples"
        )
    afford(2 * 8 * plan.seeds * needed * inputs.shape[1], f"the samples of {plan.seeds} seeds")
    parts = [_divided(plan, seed, inputs, labels[:, 0]) for seed in range(plan.seeds)]
    x, y, test_x, test_y = (np.stack(part) for part in zip(*parts, strict=True))
    return Splits(found.name, found.sha256, x, y, test_x, test_y, plan.dataset in IMAGES)


def afford(size: int, what: str) -> None:
    """ExperimentError where so many bytes are more than this machine has."""
    if not hasattr(os, "sysconf"):
        return
    has = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if size > has:
        raise ExperimentError(
            f"{what} need {size / GIB:,.0f} GiB and there are {has / GIB:,.0f}; say a smaller --width, or fewer "
            "--seeds or --samples"
        )


def _read(plan: Plan) -> samples.Samples | datasets.Dataset:
    if plan.dataset == "diabetes" and not plan.data:
        return datasets.load(plan.dataset)  # its labels are in the hundreds, and here of mean 0 and variance 1
    return samples.read(plan.data, None if plan.data else plan.dataset, None, None, False)


def _divided(plan: Plan, seed: int, inputs: Any, labels: Any) -> tuple[Any, Any, Any, Any]:
    order = random(seed, SPLIT).permutation(len(inputs))
    train, test = order[: plan.train], order[plan.train : plan.train + plan.test]
    shift, unit = _scaling(plan, inputs[train], inputs)
    scaled = [(inputs[rows] - shift) / unit for rows in (train, test)]
    if plan.clip:
        scaled = [x.clip(-plan.clip, plan.clip) for x in scaled]
    return scaled[0], labels[train], scaled[1], labels[test]


def _scaling(plan: Plan, train: Any, inputs: Any) -> tuple[Any, Any]:
    """What is taken off each column, and what it is then divided by."""
    if plan.scaling == "standard":
        spread = train.std(0)
        return train.mean(0), np.where(train.max(0) > train.min(0), spread, 1.0)
    if plan.scaling == "unit" and plan.dataset in IMAGES:
        return 0.0, float(np.abs(inputs).max()) or 1.0
    if plan.scaling == "unit":
        low, high = train.min(0), train.max(0)
        return low, np.where(high > low, high - low, 1.0)
    return 0.0, 1.0
