"""The papers' empirical sentences, as data: how each is read here, and by which test over seeds it is judged.

None is a theorem, and no run proves or refutes one: a trend is *seen* where the test rejects, at ``LEVEL``, that it is
not there; there is evidence *against* it where the test of the opposite does. All else is *not seen*, or *undecided*
where so few seeds could not have shown it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from typing import Any

from properties.experiments.measurements import Lane
from properties.experiments.results import Results
from properties.experiments.trends import Decision

LEVEL = Fraction(1, 20)
"""The level of each test: the probability, at most, that it sees a trend which is not there."""
SEEN, NOT_SEEN, AGAINST, UNDECIDED = "seen", "not seen", "against", "undecided"
PRINTED, AS_READ, OURS = "printed", "as read", "ours"
LOW = 0.5
"""Of a stable rank at the start: what "low rank" is read as being below."""


@dataclass(frozen=True)
class Evidence:
    """What a test saw: its decision, and one line of numbers."""

    decision: Decision
    seen: str


@dataclass(frozen=True)
class Trend:
    """An empirical sentence: its id, what it says, how it is read, where it stands, and the test of it.

    ``judge`` returns None where the experiment does not have what the test needs; ``needs`` says what that is.
    """

    id: str
    says: str
    reading: str
    source: str
    provenance: str
    judge: Callable[[Results], Evidence | None]
    needs: str
    paper: str = "chen2024"
    images: bool | None = None


@dataclass(frozen=True)
class Judged:
    """A trend after an experiment: the verdict, probabilities as text (exact) and as floats, and what was seen."""

    trend: Trend
    verdict: str
    evidence: Evidence | None
    why: str

    def to_json(self) -> dict[str, Any]:
        """The verdict as JSON."""
        found = self.evidence.decision if self.evidence else None
        return {
            "id": self.trend.id,
            "says": self.trend.says,
            "reading": self.trend.reading,
            "source": self.trend.source,
            "provenance": self.trend.provenance,
            "verdict": self.verdict,
            "why": self.why,
            "test": found.test if found else None,
            "level": str(LEVEL),
            "seeds": found.seeds if found else None,
            "p": float(found.p) if found else None,
            "p_exact": str(found.p) if found else None,
            "p_against": float(found.p_against) if found else None,
            "seen": self.evidence.seen if self.evidence else None,
        }


def judge(trend: Trend, results: Results) -> Judged:
    """One sentence, judged by its test at ``LEVEL``."""
    if results.diverged:
        count = len(results.diverged)
        return Judged(trend, UNDECIDED, None, f"{count} networks diverged; lower --learning-rate")
    evidence = trend.judge(results)
    if evidence is None:
        return Judged(trend, UNDECIDED, None, f"it needs {trend.needs}")
    found = evidence.decision
    if found.p <= LEVEL:
        return Judged(trend, SEEN, evidence, "")
    if found.p_against <= LEVEL:
        return Judged(trend, AGAINST, evidence, "the test of the opposite rejects")
    if found.least > LEVEL:
        return Judged(trend, UNDECIDED, evidence, f"{found.seeds} seeds cannot show it; say --seeds {_enough(found)}")
    return Judged(trend, NOT_SEEN, evidence, "")


def _enough(found: Decision) -> int:
    """Seeds with which the test could see it, had all of them shown it."""
    return math.ceil(math.log(LEVEL) / (math.log(found.least) / found.seeds))


def stable_rank(lane: Lane) -> float:
    """The stable rank of the first layer's weights."""
    return lane.weights().stable_rank


def medians(blocks: Sequence[Sequence[float]], sign: int = 1) -> str:
    """The medians over seeds of the values in each place, times a sign, as a list."""
    return listed([sign * median(values) for values in zip(*blocks, strict=True)])


def listed(values: Sequence[float]) -> str:
    """Numbers in three digits, with commas."""
    return ", ".join(f"{value:.3g}" for value in values)
