"""What a claim asks beside its verdict: its vacuity and its measures, over networks drawn by a named law."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

MEASURES = ("measure", "least", "median", "greatest", "networks")
"""The head of a table of measures."""


class Vacuity(TypedDict):
    """In how many networks drawn by a named law a claim says nothing; `words` tells it in one line."""

    when: str
    means: str
    because: str | None
    why: str | None
    share: float | None
    because_share: float | None
    draws: int
    undefined: int
    law: str
    words: str


class Measure(TypedDict):
    """A number of a network over networks drawn by a named law; a group also has the range of the grouping word."""

    least: float | None
    median: float | None
    greatest: float | None
    count: int
    undefined: int
    enclosed: NotRequired[int]
    by: NotRequired[dict[str, Any]]


def measured(measures: Mapping[str, Measure]) -> list[list[str]]:
    """The rows under that head: each measure, then one row for each group; cells are as the record has them."""
    rows = []
    for name, line in measures.items():
        rows.append([name, *_cells(line)])
        by: Mapping[str, Any] = line.get("by") or {"groups": []}
        for group in by["groups"]:
            low, high = _number(group["from"]), _number(group["to"])
            rows.append([f"· {by['word']} {f'= {low}' if low == high else f'from {low} to {high}'}", *_cells(group)])
    return rows


def _cells(line: Mapping[str, Any]) -> list[str]:
    undefined = f", {line['undefined']:,} undefined" if line["undefined"] else ""
    enclosed = f", {line['enclosed']:,} between bounds" if line.get("enclosed") else ""
    return [*(_number(line[key]) for key in MEASURES[1:4]), f"{line['count']:,}{undefined}{enclosed}"]


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"
