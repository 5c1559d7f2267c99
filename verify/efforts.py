"""Efforts: how hard a search tries, as counts, so that a run repeats."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Effort:
    """Counts of lanes and examples.

    ``tiny``: lanes of all worlds of the smallest sizes; ``sample``: lanes per small size that is too large for that;
    ``corner``: lanes per corner; ``examples`` and ``lanes``: design points, and lanes of each; ``generations`` and
    ``brood``: climbing; ``arm``: independent draws of the statistical arm; ``target``: admissible distinct lanes to
    reach, 0 for none; ``work``: the most array entries of one design point; ``hearings``: appeals before the rest of
    the accusations counts as unheard; ``closest``: closest calls that are appealed although nothing accuses them.
    """

    name: str
    tiny: int
    sample: int
    corner: int
    examples: int
    lanes: int
    generations: int
    brood: int
    arm: int
    target: int
    work: int
    hearings: int = 400
    closest: int = 3


EFFORTS = {
    "quick": Effort("quick", 7_000, 256, 64, 12, 1024, 3, 256, 59, 0, 2**19),
    "standard": Effort("standard", 30_000, 1024, 256, 40, 2048, 6, 512, 299, 0, 2**20),
    "thorough": Effort("thorough", 200_000, 4096, 2048, 200, 8192, 12, 2048, 2995, 1_000_000, 2**23),
}
