"""Vacuity: a bound that holds may say nothing, and in how many networks it does is counted and told.

What is counted here changes no grade: a sentence that is true is true, be it empty. The counting itself is in
``verify/statistics.py``, on networks drawn independently by a named law.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Vacuity:
    """When a bound says nothing.

    ``when`` is a sentence (free indices read "for every"): in a network where it holds, the claim says nothing;
    ``means`` says so in words ("the zero matrix is as near as the bound allows"). ``because`` is an optional sentence
    that is enough to force it, and ``why`` its words ("the directions of the inputs alone force that").
    """

    when: Any
    means: str
    because: Any = None
    why: str = ""

    @property
    def sentences(self) -> tuple[Any, ...]:
        """``when``, and ``because`` where there is one."""
        return (self.when,) if self.because is None else (self.when, self.because)

    def fault(self) -> str | None:
        """What is missing, in words for the author, or None."""
        if not isinstance(self.means, str) or not self.means.strip():
            return "means is empty; say in words what it means that the bound says nothing"
        if (self.because is None) != (not self.why):
            return "because and why belong together; give the sentence and its words, or neither"
        return None


def in_words(vacuity: Vacuity, draws: int, empty: int, forced: int) -> str:
    """The counts in one line: of ``draws`` networks ``empty`` meet ``when``, and ``forced`` of these ``because``."""
    if not draws:
        return "no network drawn for the statistical arm met the hypotheses: it is not known what the claim says there"
    networks = f"{draws:,} network{'s' * (draws != 1)} drawn for the statistical arm"
    if not empty:
        return f"says something in each of {networks}"
    told = f"says nothing in {percent(empty, draws)} of {networks}: {vacuity.means.strip()}"
    return told if vacuity.because is None else f"{told}; in {percent(forced, empty)} of these {vacuity.why.strip()}"


def percent(part: int, whole: int) -> str:
    """A share in whole per cent that is never rounded to nothing or to all."""
    if 0 < 100 * part < whole:
        return "less than 1 %"
    if 99 * whole < 100 * part < 100 * whole:
        return "more than 99 %"
    return f"{round(100 * part / whole)} %"
