"""What a search has seen, as counts that do not depend on how its lanes were cut into chunks."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from verify.arena import Arena, torch
from verify.draws import key
from verify.pairs import Pairs, rounded
from verify.screen import Judged

EDGES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99, 1.0)


@dataclass
class Tally:
    """Counts of lanes, by stage, by corner, by tightness."""

    drawn: int = 0
    admissible: int = 0
    undefined: int = 0
    open: int = 0
    accused: int = 0
    acquitted: int = 0
    undecided: int = 0
    unheard: int = 0
    closest_appealed: int = 0
    worlds: int = 0
    something: int = 0
    exact: int = 0
    stages: Counter[str] = field(default_factory=Counter)
    corners: Counter[str] = field(default_factory=Counter)
    excluded: Counter[str] = field(default_factory=Counter)
    histogram: np.ndarray[Any, Any] = field(default_factory=lambda: np.zeros(len(EDGES), dtype=np.int64))
    worst: float = 0.0
    worst_by_design: dict[str, dict[str, float]] = field(default_factory=dict)
    hashes: list[Any] = field(default_factory=list)
    pairs: Pairs | None = None  # for a search whose bounds and values are asked for
    stopped: str | None = None

    @property
    def distinct(self) -> int:
        """Admissible networks that differ in a draw or in their world."""
        if self.hashes:
            self.hashes = [np.unique(np.concatenate(self.hashes))]
        return sum(h.size for h in self.hashes)

    def details(self, arena: Arena) -> dict[str, Any]:
        """What the record says of a search in an arena."""
        return {
            "device": arena.device,
            "dtype": arena.dtype,
            "counts": {
                "drawn": self.drawn, "admissible": self.admissible, "undefined": self.undefined,
                "distinct": self.distinct, "accused": self.accused, "acquitted": self.acquitted,
                "unheard": self.unheard, "closest_appealed": self.closest_appealed, "worlds": self.worlds,
                "open": self.open,
            },
            "corners": {k: int(v) for k, v in sorted(self.corners.items())},
            "nontrivial_share": round(self.something / max(1, self.admissible), 4),
            "exact_share": round(self.exact / max(1, self.admissible), 4),
            "allowance": arena.formula,
            "stages": dict(self.stages),
            "stopped": self.stopped,
        }  # fmt: skip

    def take(self, stage: str, part: Judged) -> None:
        """Count the lanes of a part of a world."""
        admissible = part.admissible
        lanes, held = int(admissible.numel()), int(admissible.sum())
        self.drawn += lanes
        self.stages[stage] += lanes
        self.admissible += held
        self.undefined += int(part.undefined.sum())
        self.open += int((part.open | part.doubtful).sum())
        self.something += int((part.says_something & admissible).sum())
        self.exact += int((part.exact & admissible).sum())
        for name, mask in part.visited.items():
            self.corners[name] += held if mask is True else int((mask & admissible).sum())
        if held:
            hashes = _hashes(part)
            self.hashes.append(hashes[admissible].cpu().numpy())
            # An accused lane either ends the search or is acquitted: how tight it is, floats cannot tell.
            told = admissible & ~part.accused
            tight = part.tightness[told]
            finite = tight[tight.isfinite()].double().cpu().numpy()
            # What is 1 in one chunk may be a rounding below it in another, and so at every edge.
            edges = rounded(np.array([*EDGES, np.inf]))
            self.histogram += np.histogram(np.minimum(rounded(finite), 1.0), bins=edges)[0]
            if self.pairs is not None:
                self.pairs.take(part, told, hashes[told].cpu().numpy())
            worst = float(f"{float(tight.max()):.6g}") if tight.numel() else 0.0
            self.worst = max(self.worst, worst)
            for letter, value in part.world.sizes:
                line = self.worst_by_design.setdefault(letter, {})
                line[str(value)] = max(line.get(str(value), 0.0), worst)


def _hashes(part: Judged) -> Any:
    """(K,) 64-bit hashes of the draws and the world, seeds apart."""
    start = key(part.world.sizes, part.world.conventions, part.world.shifts)
    total = torch().full((part.net.count,), start, dtype=torch().int64, device=part.admissible.device)
    for name, draw in part.net.draws.items():
        total += draw.fingerprints * (key(name) | 1)
    return total
