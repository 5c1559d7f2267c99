"""The verdicts of an experiment: every sentence about such a one, judged."""

from __future__ import annotations

from properties.experiments import configurations, decay_trends, depth_trends
from properties.experiments.claims import AGAINST, PRINTED, Judged, judge
from properties.experiments.configurations import IMAGES, Plan
from properties.experiments.results import Results

TRENDS = (*decay_trends.TRENDS, *depth_trends.TRENDS)


def judged(results: Results) -> list[Judged]:
    """All sentences about such an experiment, in the order in which they stand, judged."""
    images = results.plan.dataset in IMAGES
    fitting = [t for t in TRENDS if t.paper == results.plan.paper and t.images in (None, images)]
    return [judge(trend, results) for trend in fitting]


def contradicted(plan: Plan, found: list[Judged]) -> bool:
    """Whether there is evidence against what a paper prints.

    Neither does our reading of a sentence count as that, nor an experiment in which a printed setting was another.
    """
    known = configurations.settings(plan.paper, plan.dataset)
    printed = [name for name, setting in known.items() if setting.source == configurations.PRINTED]
    faithful = "train" in printed and all(getattr(plan, name) == known[name].value for name in printed)
    return faithful and any(one.verdict == AGAINST and one.trend.provenance == PRINTED for one in found)
