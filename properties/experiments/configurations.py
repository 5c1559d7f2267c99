"""What is trained, as data: each paper's settings, and of each setting whether the paper's text prints it.

The text of Chen, Yi, Yang 2024 that this was written from has no numbers in some places (learning rates, the grid of
the weight decay, scalings). What stands there is assumed here, is an option of the command, and is printed as assumed.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from typing import Any

PRINTED, REPORTED, ASSUMED, GIVEN, COMPUTED = "printed", "reported", "assumed", "given", "computed"
"""Where a value comes from: the paper's text; what others say of the paper; nowhere; the command line; the data."""

PAPERS = ("chen2024", "ledent2025")
DATASETS = ("california", "mnist", "diabetes", "digits")
IMAGES = ("mnist", "digits")
"""Data whose labels are digits, so that there is an accuracy."""
INITIAL = ("normal", "uniform", "default")
SCALINGS = ("standard", "unit", "raw")
BATCH_RATES = ("linear", "same")
MOST_SEEDS, MOST_DECAYS, MOST_EPOCHS, MOST_WIDTH, MOST_DEPTH = 1000, 12, 10**6, 2**20, 64


class ExperimentError(ValueError):
    """An experiment that cannot be run; the message says in one sentence what is wrong, where, and what to do."""


@dataclass(frozen=True)
class Setting:
    """A value of the configuration, whether the paper prints it, and a remark."""

    value: Any
    source: str
    remark: str = ""


@dataclass(frozen=True)
class Plan:
    """All that determines an experiment; two runs of one plan on one device have the same results.

    Lengths of tuples are lanes: every weight decay with every seed. ``rate`` None stands for the rule of
    ``training.stable_rate``; ``outer`` None for the decay that the other weights have. ``batches`` are further batch
    sizes, trained with the first, the middle and the last of the decays; ``depths`` those of the networks.
    """

    paper: str
    dataset: str
    data: str | None
    width: int
    depths: tuple[int, ...]
    epochs: int
    train: int
    test: int
    batch: int
    batches: tuple[int, ...]
    batch_rate: str
    decays: tuple[float, ...]
    convention: int
    outer: float | None
    bias: float | None
    rate: float | None
    factor: float
    every: int
    loss_scale: float
    initial: str
    scaling: str
    clip: float
    seeds: int
    dtype: str

    def __post_init__(self) -> None:
        _check(self)

    def stages(self) -> tuple[Stage, ...]:
        """What is trained one after the other; the first is what most figures show."""
        if self.paper == "ledent2025":
            return tuple(Stage(f"depth-{d}", d, self.batch, self.decays) for d in self.depths)
        some = tuple(dict.fromkeys((self.decays[0], self.decays[len(self.decays) // 2], self.decays[-1])))
        first = Stage(f"batch-{self.batch}", 2, self.batch, self.decays)
        return (first, *(Stage(f"batch-{B}", 2, B, some) for B in self.batches if self.batch != B))

    def to_json(self) -> dict[str, Any]:
        """The plan as JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Stage:
    """Networks of one depth that are trained together, with batches of one size, in lanes of seeds and decays."""

    name: str
    depth: int
    batch: int
    decays: tuple[float, ...]


def from_json(told: Any) -> Plan:
    """A plan as ``Plan.to_json`` wrote it; ExperimentError where it is not one."""
    try:
        made: Any = {k: tuple(v) if isinstance(v, list) else v for k, v in told.items()}
        return Plan(**made)
    except (AttributeError, TypeError) as error:
        raise ExperimentError(f"the plan is not one of this program ({error}); run the experiment anew") from None


def _check(plan: Plan) -> None:
    for name, value, choices in (
        ("the paper", plan.paper, PAPERS),
        ("--dataset", plan.dataset, DATASETS),
        ("--initial", plan.initial, INITIAL),
        ("--scaling", plan.scaling, SCALINGS),
        ("--batch-rate", plan.batch_rate, BATCH_RATES),
    ):
        if value not in choices:
            raise ExperimentError(f"{name} {value}: choose one of {', '.join(choices)}")
    counts: tuple[tuple[str, Any, int, int], ...] = (
        ("--width", plan.width, 1, MOST_WIDTH),
        ("--epochs", plan.epochs, 1, MOST_EPOCHS),
        ("--samples", plan.train, 2, 10**7),
        ("--test-samples", plan.test, 1, 10**7),
        ("--seeds", plan.seeds, 1, MOST_SEEDS),
        ("--rate-every", plan.every, 1, MOST_EPOCHS),
        ("--decay-convention", plan.convention, 1, 2),
        *(("--batch-size", B, 1, 10**7) for B in (plan.batch, *plan.batches)),
        *(("--depth", d, 2, MOST_DEPTH) for d in plan.depths),
    )
    for name, value, low, high in counts:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise ExperimentError(f"{name} {value}: give a whole number from {low} to {high}")
    numbers: tuple[tuple[str, Any, bool], ...] = (
        ("--learning-rate", plan.rate, True),
        ("--rate-factor", plan.factor, False),
        ("--loss-scale", plan.loss_scale, False),
        ("--outer-decay", plan.outer, True),
        ("--bias-decay", plan.bias, True),
        ("--clip", plan.clip, False),
        *(("--weight-decay", mu, False) for mu in plan.decays),
    )
    for name, value, optional in numbers:
        known = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value >= 0
        if not (known or (optional and value is None)):
            raise ExperimentError(f"{name} {value}: give a number from 0 on")
    if plan.rate == 0 or plan.factor == 0 or plan.loss_scale == 0:
        raise ExperimentError("a learning rate, its factor or the scale of the loss is 0; give positive numbers")
    if not plan.decays or len(set(plan.decays)) < len(plan.decays) or list(plan.decays) != sorted(plan.decays):
        raise ExperimentError(f"--weight-decay {_listed(plan.decays)}: give different numbers in rising order")
    if len(plan.decays) > MOST_DECAYS:
        raise ExperimentError(f"--weight-decay: {len(plan.decays)} values; give at most {MOST_DECAYS}")
    if max(plan.batch, *plan.batches, 0) > plan.train:
        most = max(plan.batch, *plan.batches, 0)
        raise ExperimentError(f"--batch-size {most}: there are {plan.train} training samples; give fewer")
    if plan.dtype not in ("float32", "float64"):
        raise ExperimentError(f"--dtype {plan.dtype}: choose float32 or float64")
    if not plan.depths:
        raise ExperimentError("--depth: give at least one")


def _listed(values: tuple[float, ...]) -> str:
    return ",".join(f"{v:g}" for v in values)


# -- what the papers say ----------------------------------------------------------------------------------------------

_SMALL, _TINY = float(Fraction(1, 10**4)), float(Fraction(1, 10**6))
_GRID = (0.0, float(Fraction(1, 100)), 0.03, 0.1, 0.3, 1.0)

_COMMON = {
    "depths": Setting((2,), PRINTED, "u relu(V x + b), no bias at the output"),
    "initial": Setting("normal", ASSUMED, "printed: Kaiming with bias 0; assumed: normal, variance 2 / (inputs)"),
    "factor": Setting(0.95, PRINTED),
    "every": Setting(200, PRINTED, "epochs"),
    "rate": Setting(None, ASSUMED, "by a rule: half of the inverse of the largest curvature of a batch at the start"),
    "decays": Setting(_GRID, ASSUMED, "the largest value 1 is printed, the grid is not"),
    "convention": Setting(2, ASSUMED, "the loss has mu |V|^2, not (mu/2) |V|^2"),
    "loss_scale": Setting(1.0, ASSUMED, "the loss of a sample is (phi - y)^2"),
    "batch_rate": Setting("linear", ASSUMED, "the learning rate is in proportion to the batch size"),
    "seeds": Setting(5, ASSUMED, "a seed has its own split, start and order; one split is reported"),
    "dtype": Setting("float32", ASSUMED),
    "data": Setting(None, ASSUMED, "the data of scikit-learn's loader"),
}
TABLE_2: dict[str, dict[str, Setting]] = {
    "california": {
        **_COMMON,
        "width": Setting(8192, PRINTED),
        "epochs": Setting(5000, PRINTED),
        "train": Setting(1800, PRINTED),
        "test": Setting(600, PRINTED),
        "outer": Setting(_SMALL, PRINTED, "of u; which column it stands in is assumed"),
        "bias": Setting(_SMALL, PRINTED, "of b; which column it stands in is assumed"),
        "batch": Setting(16, REPORTED, "by a reader of Figures 1 and 2"),
        "batches": Setting((8, 32, 64), ASSUMED),
        "scaling": Setting("standard", ASSUMED, "columns of mean 0 and variance 1 over the training samples"),
        "clip": Setting(5.0, ASSUMED, "scaled inputs beyond it are set to it: single districts are 100 deviations off"),
    },
    "mnist": {
        **_COMMON,
        "width": Setting(32768, PRINTED),
        "epochs": Setting(2000, PRINTED),
        "train": Setting(9000, PRINTED),
        "test": Setting(1000, PRINTED),
        "outer": Setting(_TINY, PRINTED, "of u; which column it stands in is assumed"),
        "bias": Setting(_TINY, PRINTED, "of b; which column it stands in is assumed"),
        "batch": Setting(64, ASSUMED),
        "batches": Setting((32, 128), ASSUMED),
        "scaling": Setting("unit", ASSUMED, "pixels from 0 to 1"),
        "clip": Setting(0.0, ASSUMED, "no input is clipped"),
    },
}
"""Table 2 of Chen, Yi, Yang 2024 and what Section 4 says beside it."""

_STAND_IN = "a small set that comes with scikit-learn stands in; the paper has no such experiment"
TABLE_2["diabetes"] = {
    **TABLE_2["california"],
    "train": Setting(320, ASSUMED, _STAND_IN),
    "test": Setting(120, ASSUMED, _STAND_IN),
}
TABLE_2["digits"] = {
    **TABLE_2["mnist"],
    "train": Setting(1200, ASSUMED, _STAND_IN),
    "test": Setting(400, ASSUMED, _STAND_IN),
}

DEEP: dict[str, Setting] = {
    **_COMMON,
    "depths": Setting((3, 4, 6, 8), ASSUMED, "layers"),
    "width": Setting(32, ASSUMED),
    "epochs": Setting(200, ASSUMED),
    "train": Setting(320, ASSUMED),
    "test": Setting(120, ASSUMED),
    "batch": Setting(16, ASSUMED),
    "batches": Setting((), ASSUMED),
    "decays": Setting((0.0, 0.1), ASSUMED, "with and without"),
    "outer": Setting(None, ASSUMED, "all weights decay alike"),
    "bias": Setting(0.0, ASSUMED),
    "scaling": Setting("standard", ASSUMED),
    "clip": Setting(5.0, ASSUMED),
}
"""Ledent, Alves, Lei 2025 say it in their abstract of networks in general: all of this is assumed."""


def settings(paper: str, dataset: str) -> dict[str, Setting]:
    """The settings of an experiment by the name of the field of ``Plan``; ExperimentError where there is none."""
    if paper not in PAPERS:
        raise ExperimentError(f"{paper}: no experiment of that name; choose one of {', '.join(PAPERS)}")
    if dataset not in DATASETS:
        raise ExperimentError(f"--dataset {dataset}: choose one of {', '.join(DATASETS)}")
    return TABLE_2[dataset] if paper == "chen2024" else DEEP


def planned(paper: str, dataset: str, given: dict[str, Any]) -> tuple[Plan, dict[str, Setting]]:
    """The plan of a command line, and all of its settings with where each comes from; ``given`` are those typed."""
    known = dict(settings(paper, dataset))
    for name, value in given.items():
        known[name] = replace(known[name], value=value, source=GIVEN, remark="")
    batch = known["batch"].value
    if "train" in given or "batch" in given:
        fits = tuple(B for B in known["batches"].value if known["train"].value >= B and batch != B)
        known["batches"] = replace(known["batches"], value=fits) if "batches" not in given else known["batches"]
    plan = Plan(paper, dataset, **{name: setting.value for name, setting in known.items()})
    return plan, known
