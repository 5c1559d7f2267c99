"""Measures: named numbers of a network, summed up over networks that were drawn by a named law.

A claim names the numbers that a reader wants beside its verdict (a stable rank, a bound relative to what it bounds);
here values become least, median and greatest, over all networks and for each value of a word.
"""

from __future__ import annotations

from typing import Any

import numpy as np

MOST_GROUPS = 12
DIGITS = 6


class Sample:
    """Values of one measure: ends (K,) that are equal but where only an enclosure is known, and a grouping word."""

    def __init__(self) -> None:
        self.lower: list[Any] = []
        self.upper: list[Any] = []
        self.groups: list[Any] = []

    def take(self, lower: Any, upper: Any, groups: Any) -> None:
        """Take in the values of some networks; ``groups`` is None without a grouping word."""
        self.lower.append(lower)
        self.upper.append(upper)
        if groups is not None:
            self.groups.append(groups)

    def summary(self, by: str | None) -> dict[str, Any]:
        """Least, median, greatest; how many values, how many undefined or known by an enclosure alone; by group."""
        lower, upper = _joined(self.lower), _joined(self.upper)
        line = _line(lower, upper)
        if by is None:
            return line
        keys = _joined(self.groups)
        groups = [
            {"from": rounded(keys[mask].min()), "to": rounded(keys[mask].max()), **_line(lower[mask], upper[mask])}
            for mask in grouped(keys)
        ]
        return {**line, "by": {"word": by, "groups": groups}}


def _joined(parts: list[Any]) -> Any:
    return np.concatenate(parts) if parts else np.zeros(0)


def _line(lower: Any, upper: Any) -> dict[str, Any]:
    known = np.isfinite(lower) & np.isfinite(upper)
    low, high = lower[known], upper[known]
    line: dict[str, Any] = {"least": None, "median": None, "greatest": None}
    if low.size:
        middle = float(np.median(low / 2 + high / 2))
        line = {"least": rounded(low.min()), "median": rounded(middle), "greatest": rounded(high.max())}
    line |= {"count": int(low.size), "undefined": int(known.size - low.size)}
    apart = int((low < high).sum())
    return {**line, "enclosed": apart} if apart else line


def grouped(keys: Any) -> list[Any]:
    """Masks of the groups of keys: one for each value, or bins evenly spaced in the logarithm when values are many.

    Negative values are then one group, and zeros another; a key that is not finite is in no group.
    """
    values = np.unique(keys[np.isfinite(keys)])
    if values.size <= MOST_GROUPS:
        return [keys == value for value in values]
    masks = [mask for mask in (np.isfinite(keys) & (keys < 0), keys == 0) if mask.any()]
    positive = np.isfinite(keys) & (keys > 0)
    if positive.any():
        bins = MOST_GROUPS - len(masks)
        edges = np.geomspace(keys[positive].min(), keys[positive].max(), bins + 1)
        # By the inner edges alone, so that rounding puts no key outside.
        place = np.searchsorted(edges[1:-1], keys, side="right")
        masks += [mask for k in range(bins) if (mask := positive & (place == k)).any()]
    return masks


def rounded(value: Any) -> float:
    """A number to six significant digits."""
    return float(f"{float(value):.{DIGITS}g}")
