"""What Ledent, Alves, Lei 2025 say of deep networks in their abstract, each sentence with its test over seeds."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from statistics import median

from properties.experiments.claims import AS_READ, LOW, Evidence, Trend, listed, medians
from properties.experiments.measurements import ACTIVATIONS, WEIGHTS, Lane, Spectrum
from properties.experiments.results import Results
from properties.experiments.trends import page, signs

_ABSTRACT = "Ledent, Alves, Lei 2025, abstract"
_TWO_DEPTHS, _DECAYED = "two depths of at least 3 layers", "decays of 0 and above, and 3 layers or more"


def _by_depth(results: Results, what: str) -> Evidence | None:
    """Page's test along the depths, of what training at the largest decay makes of mean stable ranks: do they fall."""
    stages = [stage for stage in results.stages if stage.stage.depth > 2]
    if len(stages) < 2:
        return None
    by_seed = list(zip(*(stage.blocks() for stage in stages), strict=True))
    blocks = [[-_mean(_ranks(b[-1].spectra, what)) / _mean(_ranks(b[-1].start, what)) for b in one] for one in by_seed]
    ends = [[_mean(_ranks(b[-1].spectra, what)) for b in one] for one in by_seed]
    return Evidence(
        page(blocks),
        f"mean stable rank {medians(ends, 1)} at depths {listed([stage.stage.depth for stage in stages])}, "
        f"{medians(blocks, -1)} of that at the start",
    )


def _deepest(results: Results, event: Callable[[tuple[Lane, ...]], bool]) -> Evidence | None:
    """The sign test of an event of a seed's networks of the greatest depth, which are ordered by decay."""
    deepest = results.stages[-1]
    if deepest.stage.depth < 3 or deepest.stage.decays[0] != 0 or len(deepest.stage.decays) < 2:
        return None
    told = []
    for lane in (0, -1):
        one = deepest.stage.decays[lane]
        told.append(f"{median(_ended(block[lane]) for block in deepest.blocks()):.3g} at decay {one:g}")
    began = median(_mean(_ranks(block[0].start, WEIGHTS)) for block in deepest.blocks())
    return Evidence(
        signs([event(block) for block in deepest.blocks()]),
        f"mean stable rank at depth {deepest.stage.depth}: {began:.3g} at the start, {', '.join(told)} (medians)",
    )


def _ended(lane: Lane) -> float:
    return _mean(_ranks(lane.spectra, WEIGHTS))


def _ranks(spectra: Sequence[Spectrum], what: str) -> list[float]:
    """Of what stands between hidden layers, which has one shape at all depths: stable ranks."""
    return [s.stable_rank for s in spectra if s.what == what and s.layer > 0]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else math.nan


TRENDS: tuple[Trend, ...] = (
    Trend(
        "ledent2025/bottleneck-rank",
        "The weights of deep networks that are trained with weight decay tend to be of low rank.",
        "at the greatest depth the mean stable rank of weights between hidden layers falls below half of its start",
        _ABSTRACT,
        AS_READ,
        lambda results: _deepest(
            results, lambda block: _ended(block[-1]) < LOW * _mean(_ranks(block[-1].start, WEIGHTS))
        ),
        _DECAYED,
        paper="ledent2025",
    ),
    Trend(
        "ledent2025/bottleneck-rank-decay",
        "It is weight decay that lowers the rank of the weights of a deep network.",
        "at the greatest depth the mean stable rank of weights between hidden layers is lower with decay than without",
        _ABSTRACT,
        AS_READ,
        lambda results: _deepest(results, lambda block: _ended(block[-1]) < _ended(block[0])),
        _DECAYED,
        paper="ledent2025",
    ),
    Trend(
        "ledent2025/bottleneck-rank-weights-by-depth",
        "The deeper a network trained with weight decay is, the lower is the rank of its weights.",
        "over seeds, (mean stable rank of weights between hidden layers / that at the start) falls along the depths",
        _ABSTRACT,
        AS_READ,
        lambda results: _by_depth(results, WEIGHTS),
        _TWO_DEPTHS,
        paper="ledent2025",
    ),
    Trend(
        "ledent2025/bottleneck-rank-activations-by-depth",
        "The deeper a network trained with weight decay is, the lower is the rank of its activations.",
        "over seeds, (mean stable rank of hidden activations / that at the start) falls along the depths",
        _ABSTRACT,
        AS_READ,
        lambda results: _by_depth(results, ACTIVATIONS),
        _TWO_DEPTHS,
        paper="ledent2025",
    ),
)
