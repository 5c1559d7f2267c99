"""The figures of a paper as data: panels of lines or histograms, with their numbers; who draws them is elsewhere.

Figures 1, 2, 3 and 8 of Chen, Yi, Yang 2024 are about California housing, 4 to 7 and 9 about MNIST. Where the text
does not say which panel a figure has, the panel is assumed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

from properties.experiments.configurations import IMAGES
from properties.experiments.measurements import ACTIVATIONS, SIGMA, WEIGHTS, Lane
from properties.experiments.results import Results, StageResult

NUMBERS = {
    False: {"rank": 1, "gap": 2, "norms": 3, "batch": 8},
    True: {"rank": 4, "gap": 5, "accuracy": 6, "norms": 7, "batch": 9},
}
"""Which figure shows what, for inputs that are no images and for images."""
BINS = 24
DECAY = "weight decay"

Figure = dict[str, Any]
"""JSON: name, title, and panels of series. A point is [x, middle, least, greatest] over the seeds."""


def figures(results: Results) -> list[Figure]:
    """All figures that the results have numbers for, in their order; diverged lanes are left out."""
    if results.plan.paper == "ledent2025":
        return [_figure("figure-ranks", f"{results.plan.dataset}: ranks by depth", _deep_panels(results))]
    numbers = NUMBERS[results.plan.dataset in IMAGES]
    made = {
        "rank": ("stable rank and singular values of V", [_ranks(results), _singular_values(results)]),
        "gap": ("generalization gap and training", [_gap(results), _curves(results)]),
        "accuracy": ("accuracy on test samples", [_accuracy(results)]),
        "norms": ("norms of the batch gradients of the last epoch", _histograms(results)),
        "batch": ("influence of the batch size", _batch_sizes(results)),
    }
    return [
        _figure(f"figure-{number}", f"Figure {number}, {results.plan.dataset}: {made[what][0]}", made[what][1])
        for what, number in numbers.items()
        if made[what][1]
    ]


def rows(figure: Figure) -> list[list[Any]]:
    """The numbers of a figure as rows of a table, the first of which names the columns."""
    found: list[list[Any]] = [["panel", "series", "x", "y", "least", "greatest"]]
    for panel in figure["panels"]:
        for series in panel["series"]:
            found += [[panel["title"], series["name"], *point] for point in series["points"]]
    return found


def _figure(name: str, title: str, panels: list[dict[str, Any]]) -> Figure:
    return {"name": name, "title": title, "panels": panels}


def _panel(kind: str, title: str, x: str, y: str, series: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {"kind": kind, "title": title, "x": x, "y": y, "series": series, **more}


def _series(name: str, points: Sequence[Sequence[float]]) -> dict[str, Any]:
    kept = [list(point) for point in points if all(map(math.isfinite, point))]
    return {"name": name, "points": kept}


def _over_seeds(stage: StageResult, value: Callable[[Lane], float]) -> list[list[float]]:
    """A point for each weight decay: median, least and greatest of the seeds."""
    found = []
    for k, decay in enumerate(stage.stage.decays):
        values = [value(block[k]) for block in stage.blocks() if block[k].finite]
        if values:
            found.append([decay, median(values), min(values), max(values)])
    return found


def _stable_rank(lane: Lane) -> float:
    return lane.weights().stable_rank


def _ranks(results: Results) -> dict[str, Any]:
    starts = [lane.start[0].stable_rank for lane in results.main.lanes if lane.start]
    at_start = [[decay, median(starts), min(starts), max(starts)] for decay in results.main.stage.decays if starts]
    series = [_series("trained", _over_seeds(results.main, _stable_rank)), _series("at the start", at_start)]
    return _panel("lines", "stable rank of V", DECAY, "|V|_F^2 / |V|_2^2", series)


def _singular_values(results: Results) -> dict[str, Any]:
    series = []
    for k, decay in enumerate(results.main.stage.decays):
        spectra = [b[k].weights().values for b in results.main.blocks() if b[k].finite and b[k].weights().values[0] > 0]
        points = [[i + 1.0, *_spread([v[i] / v[0] for v in spectra])] for i in range(len(spectra[0]) if spectra else 0)]
        series.append(_series(f"decay {decay:g}", points))
    return _panel("lines", "singular values of V", "number", "relative to the largest", series)


def _spread(values: Sequence[float]) -> tuple[float, float, float]:
    return median(values), min(values), max(values)


def _gap(results: Results) -> dict[str, Any]:
    series = [
        _series("test - training", _over_seeds(results.main, lambda lane: lane.gap)),
        _series("test", _over_seeds(results.main, lambda lane: lane.test)),
        _series("training", _over_seeds(results.main, lambda lane: lane.train)),
    ]
    return _panel("lines", "errors at the end", DECAY, "mean squared error", series)


def _curves(results: Results) -> dict[str, Any]:
    wide, series = len(results.main.stage.decays), []
    for k, decay in enumerate(results.main.stage.decays):
        points = []
        for epoch, train, _ in results.main.curve:
            values = [value for value in train[k::wide] if math.isfinite(value)]
            points += [[float(epoch), *_spread(values)]] if values else []
        series.append(_series(f"decay {decay:g}", points))
    return _panel("lines", "training error", "epoch", "mean squared error", series, dots=False, y_scale="log")


def _accuracy(results: Results) -> dict[str, Any]:
    series = [_series("test", _over_seeds(results.main, lambda lane: lane.accuracy or 0.0))]
    return _panel("lines", "share of outputs that round to the digit", DECAY, "accuracy", series)


def _histograms(results: Results) -> list[dict[str, Any]]:
    """Of each weight decay the norms of all seeds, on one scale; marked is the norm of the Gaussian matrix."""
    lanes = [lane for lane in results.main.lanes if lane.gradients]
    if not lanes:
        return []
    top = max(lane.gradients.norms[-1] for lane in lanes if lane.gradients) or 1.0
    gaussian = next(lane.gradients.gaussian for lane in lanes if lane.gradients)
    panels = []
    for decay in results.main.stage.decays:
        here = [lane.gradients for lane in lanes if lane.decay == decay and lane.gradients]
        norms = [norm for found in here for norm in found.norms]
        counts = [0] * BINS
        for norm in norms:
            counts[min(BINS - 1, int(norm / top * BINS))] += 1
        points = [
            [top * j / BINS, float(count), top * j / BINS, top * (j + 1) / BINS] for j, count in enumerate(counts)
        ]
        note = f"Gaussian of variance {SIGMA**2:g}: {gaussian:.3g}"
        panels.append(
            _panel("bars", f"decay {decay:g}", "norm of a batch gradient", "batches", [_series(note, points)])
        )
    return panels


def _batch_sizes(results: Results) -> list[dict[str, Any]]:
    if len(results.stages) < 2:
        return []
    stages = sorted(results.stages, key=lambda stage: stage.stage.batch)
    panels = []
    for title, y, value in (
        ("stable rank of V", "|V|_F^2 / |V|_2^2", _stable_rank),
        ("test - training error", "mean squared error", lambda lane: lane.gap),
    ):
        series = []
        for decay in results.stages[-1].stage.decays:
            points = [[float(s.stage.batch), *p[1:]] for s in stages for p in _over_seeds(s, value) if p[0] == decay]
            series.append(_series(f"decay {decay:g}", points))
        panels.append(_panel("lines", title, "batch size", y, series, x_scale="log2"))
    return panels


def _deep_panels(results: Results) -> list[dict[str, Any]]:
    panels = []
    for what in (WEIGHTS, ACTIVATIONS):
        for title, attribute in (
            ("stable rank", "stable_rank"),
            ("soft rank of index 2 / depth", "soft_rank"),
            ("rank", "rank"),
        ):
            series = []
            for stage in results.stages:
                points = []
                blocks = [block[-1] for block in stage.blocks() if block[-1].finite]
                for layer in sorted({s.layer for lane in blocks for s in lane.spectra if s.what == what}):
                    values = [
                        getattr(s, attribute) for n in blocks for s in n.spectra if (s.what, s.layer) == (what, layer)
                    ]
                    points.append([layer + (what == WEIGHTS), *_spread(list(map(float, values)))])
                series.append(_series(f"depth {stage.stage.depth}", points))
            decay = results.plan.decays[-1]
            panels.append(
                _panel("lines", f"{title} of {what}, decay {decay:g}", "layer", title.split(" of")[0], series)
            )
    return panels
