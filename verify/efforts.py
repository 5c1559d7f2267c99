"""Efforts: how hard a search tries, as counts, so that a run repeats."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Effort:
    """Counts of lanes and examples.

    ``tiny``: lanes of all worlds of the smallest sizes; ``small`` and ``sample``: how many sizes a little larger, and
    lanes of each; ``corner`` and ``per_corner``: lanes per corner, and sizes; ``examples`` and ``lanes``: design
    points, and lanes of each; ``generations`` and
    ``brood``: climbing; ``arm``: independent draws of the statistical arm; ``target``: admissible distinct lanes to
    reach, 0 for none; ``work``: the most array entries of one design point; ``hearings``: appeals before the rest of
    the accusations counts as unheard; ``closest``: closest calls that are appealed although nothing accuses them;
    ``leaves``: the most boxes of a covering; ``spares``: whether what is proved is spared the engine's own mutants,
    unless they are asked for, and most of the later stages and of the hearings; ``enough``: how many distinct points of
    a box are looked at before the later stages are left out, 0 for all stages; ``points``: that number for what is
    proved.
    """

    name: str
    tiny: int
    small: int
    sample: int
    corner: int
    per_corner: int
    examples: int
    lanes: int
    generations: int
    brood: int
    arm: int
    target: int
    work: int
    hearings: int = 400
    closest: int = 3
    leaves: int = 200
    spares: bool = False
    enough: int = 0
    points: int = 0

    def of_proved(self) -> Effort:
        """The effort of searching what is proved: where that is spared, all stages, and less of the later ones."""
        if not self.spares:
            return self
        return replace(
            self, small=self.small // 4, per_corner=1, examples=max(4, self.examples // 3), lanes=self.lanes // 2,
            generations=self.generations // 4, hearings=self.hearings // 200, enough=self.points,
        )  # fmt: skip


_ALL = (
    Effort("quick", 7_000, 20, 256, 64, 2, 10, 768, 3, 256, 300, 0, 2**19, leaves=64, spares=True, points=100),
    Effort("standard", 20_000, 24, 512, 256, 2, 24, 2048, 4, 512, 1000, 0, 2**20, 2_000, spares=True),
    Effort("thorough", 200_000, 40, 4096, 2048, 2, 100, 8192, 12, 2048, 3000, 1_000_000, 2**22, 50_000),
)
EFFORTS = {effort.name: effort for effort in _ALL}
