"""What Chen, Yi, Yang 2024 say of their experiments in Section 4, each sentence with its test over seeds."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from statistics import median

from properties.experiments.claims import AS_READ, LOW, OURS, PRINTED, Evidence, Trend, listed, medians, stable_rank
from properties.experiments.configurations import settings
from properties.experiments.measurements import Lane
from properties.experiments.results import Results
from properties.experiments.trends import page, signs

LARGEST_NORM, USUAL_NORM = 12.0, 2.0
"""Of batch gradients, as the paper prints them for California housing: all are below one, most below the other."""
WEAK = 0.5
"""What a weak influence is read as: at most that part of what the weight decay does."""

_SECTION_4, _APPENDIX = "Chen, Yi, Yang 2024, Section 4", "Chen, Yi, Yang 2024, appendix"
_BATCH_SIZES, _POSITIVE = "further batch sizes (--batch-sizes) and two weight decays", "a positive weight decay"
_TWO_DECAYS = "two weight decays"


def _by_decay(results: Results, value: Callable[[Lane], float | None], sign: int, what: str) -> Evidence | None:
    """Page's test along the weight decays, of ``sign`` times a value of the lanes of the first stage."""
    blocks = [[value(lane) for lane in block] for block in results.main.blocks()]
    if len(results.main.stage.decays) < 2 or any(v is None for block in blocks for v in block):
        return None
    numbers = [[sign * float(v) for v in block if v is not None] for block in blocks]
    return Evidence(page(numbers), f"{what} {medians(numbers, sign)} at decays {listed(results.main.stage.decays)}")


def _batch_size_weak(results: Results) -> Evidence | None:
    if len(results.stages) < 2 or len(results.main.stage.decays) < 2:
        return None
    events, by_batch, by_decay = [], [], []
    for seed, block in enumerate(results.main.blocks()):
        at = {lane.decay: [stable_rank(lane)] for lane in block}
        for stage in results.stages[1:]:
            for lane in stage.blocks()[seed]:
                at[lane.decay].append(stable_rank(lane))
        by_decay.append(_range([values[0] for values in at.values()]))
        by_batch.append(max(_range(values) for values in at.values()))
        events.append(by_batch[-1] <= WEAK * by_decay[-1])
    sizes = sorted(stage.stage.batch for stage in results.stages)
    return Evidence(
        signs(events),
        f"the stable rank changes by {median(by_batch):.3g} over batch sizes {listed(sizes)} and by "
        f"{median(by_decay):.3g} over decays (medians)",
    )


def _no_decay(results: Results) -> Evidence | None:
    blocks = [block for block in results.main.blocks() if block[0].decay == 0]
    if not blocks:
        return None
    pairs = [(block[0].start[0].stable_rank, stable_rank(block[0])) for block in blocks]
    events = [end >= LOW * start for start, end in pairs]
    start, end = (median(values) for values in zip(*pairs, strict=True))
    return Evidence(
        signs(events), f"stable rank {start:.3g} at the start and {end:.3g} at the end without decay (medians)"
    )


def _histogram(results: Results) -> Evidence | None:
    events, most, usual = [], [], []
    for block in results.main.blocks():
        norms = [norm for lane in block if lane.gradients for norm in lane.gradients.norms]
        most.append(max(norms))
        usual.append(median(norms))
        events.append(most[-1] < LARGEST_NORM and usual[-1] < USUAL_NORM)
    return Evidence(signs(events), f"longest of one epoch {listed(most)}, median {listed(usual)}, by seed")


def _one_epoch(results: Results) -> Evidence | None:
    events, ratios = [], []
    for block in results.main.blocks():
        found = [lane.gradients.attained / lane.gradients.norms[-1] for lane in block if lane.gradients]
        ratios.append(median(found))
        events.append(min(found) > 1)
    return Evidence(signs(events), f"other batches have gradients {listed(ratios)} times as long (medians by seed)")


def _below_gaussian(results: Results) -> Evidence | None:
    printed, own = settings(results.plan.paper, results.plan.dataset)["width"].value, results.plan.width
    gaussian = next(lane.gradients.gaussian for lane in results.main.lanes if lane.gradients)
    limit = gaussian * math.sqrt(printed / own)
    most = [max(lane.gradients.norms[-1] for lane in block if lane.gradients) for block in results.main.blocks()]
    return Evidence(
        signs([norm < limit for norm in most]),
        f"longest of one epoch {listed(most)}, by seed; a Gaussian matrix has {limit:.3g} at width {printed}, "
        f"{gaussian:.3g} at width {own}",
    )


def _says_nothing(results: Results) -> Evidence | None:
    if results.main.stage.decays[-1] == 0:
        return None
    events, least = [], []
    for block in results.main.blocks():
        found = [lane.gradients.bound for lane in block if lane.gradients and lane.decay > 0]
        least.append(min(found))
        events.append(least[-1] >= 1)
    return Evidence(signs(events), f"least (2B - 1) eps / (c mu |V|) over decays {listed(least)}, by seed")


def _range(values: Sequence[float]) -> float:
    return max(values) - min(values)


TRENDS: tuple[Trend, ...] = (
    Trend(
        "chen2024/trend-weight-decay-lowers-stable-rank",
        "The larger the weight decay, the lower is the stable rank of V after training.",
        "over seeds, the order of the stable ranks along the weight decays is a falling one",
        _SECTION_4,
        PRINTED,
        lambda results: _by_decay(results, stable_rank, -1, "median stable rank"),
        _TWO_DECAYS,
    ),
    Trend(
        "chen2024/trend-no-decay-no-low-rank",
        "Weight decay is a necessary condition of the low rank.",
        "without weight decay the stable rank of V stays above half of what it was before training",
        _SECTION_4,
        AS_READ,
        _no_decay,
        "a weight decay of 0",
    ),
    Trend(
        "chen2024/trend-gap-shrinks",
        "The larger the weight decay, the smaller is the generalization error.",
        "over seeds, the order of (test error - training error) along the weight decays is a falling one",
        _SECTION_4,
        PRINTED,
        lambda results: _by_decay(results, lambda lane: lane.gap, -1, "median gap"),
        _TWO_DECAYS,
    ),
    Trend(
        "chen2024/trend-accuracy-falls",
        "The larger the weight decay, the lower is the accuracy on test samples.",
        "Figure 6 shows accuracy against weight decay; that it falls is our reading of such a figure",
        _SECTION_4,
        AS_READ,
        lambda results: _by_decay(results, lambda lane: lane.accuracy, -1, "median accuracy"),
        _TWO_DECAYS,
        images=True,
    ),
    Trend(
        "chen2024/trend-batch-size-weak",
        "The batch size has little influence on the stable rank.",
        "at each weight decay the stable rank changes over the batch sizes by at most half of what it does over decays",
        _APPENDIX,
        AS_READ,
        _batch_size_weak,
        _BATCH_SIZES,
    ),
    Trend(
        "chen2024/eps-histogram",
        "Most batch gradients have norms below 2, and all below 12, over weight decays up to 1.",
        "of the batches of the last epoch, trained weights and all decays: the median is below 2, the longest below 12",
        _SECTION_4,
        AS_READ,
        _histogram,
        "batch gradients",
        images=False,
    ),
    Trend(
        "chen2024/eps-of-one-epoch-is-too-small",
        "What one epoch shows of eps is less than what Assumption 2.5 asks for.",
        "at every weight decay a search finds a batch whose gradient is longer than all of the last epoch",
        "Assumption 2.5 of Chen, Yi, Yang 2024",
        OURS,
        _one_epoch,
        "batch gradients",
    ),
    Trend(
        "chen2024/gaussian-comparison",
        "Batch gradients are short beside a Gaussian matrix of variance 0.01.",
        "the longest of the last epoch is below 0.1 sqrt(m n), the norm of such a matrix, with the m that is printed",
        _SECTION_4,
        PRINTED,
        _below_gaussian,
        "batch gradients",
    ),
    Trend(
        "chen2024/gaussian-comparison-says-nothing",
        "Being short beside a Gaussian matrix does not make Theorem 2.6 say anything.",
        "at every positive weight decay (2B - 1) eps / (c mu |V|) is at least 1, where the matrix 0 is as near",
        "Theorem 2.6 of Chen, Yi, Yang 2024",
        OURS,
        _says_nothing,
        _POSITIVE,
    ),
)
