"""Small pictures of one claim, as SVG that stands in a page and takes its colours from it; each with its words.

What a claim's line of the record has no data for is not drawn.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from reports.by_design import by_design
from reports.drawing import (
    DECADES,
    LEFT,
    RIGHT,
    WIDTH,
    Anchor,
    Canvas,
    Figure,
    Scale,
    Way,
    figure,
    number,
    scaled,
    short,
)
from reports.phrases import noun, plain, quantity
from reports.record import GRADES, Record, Verdict, as_number

NAMED = 24
"""Characters of the name of a matrix that has room in a title."""

LAST = 100
"""Records that a trend shows, the latest."""

ROOMY = 56
"""From so far apart on labels of neighbours have room."""

LABELLED, LISTED, MOST = 7, 24, 96
"""Singular values of which each has its label; that words list; that a picture shows."""

_RANK_AT_MOST = re.compile(r"rank\([^<>=&|]*\) <= ([0-9]{1,6})")


def figures(verdict: Verdict) -> list[Figure]:
    """The pictures that a claim's line of the record has data for, in the order in which they are read.

    Raises LookupError, TypeError, ValueError or AttributeError where a field is not of the shape that it should have.
    """
    drawn = (_distribution(verdict), _against_truth(verdict), by_design(verdict), _spectrum(verdict))
    return [figure for figure in drawn if figure is not None]


# -- how tightness is distributed -------------------------------------------------------------------------------------


def _distribution(verdict: Verdict) -> Figure | None:
    """How many networks have which tightness: bars up to the limit, and one beyond it for those at 1 or more."""
    tightness = verdict["tightness"]
    histogram = tightness["histogram"] if tightness else None
    if not tightness or not histogram or not any(histogram["counts"]):
        return None
    edges, counts = [number(e) for e in histogram["edges"]], [int(c) for c in histogram["counts"]]
    if len(edges) != len(counts) + 1 or any(a >= b for a, b in pairwise(edges)):
        raise ValueError("the edges of the histogram do not rise, or are not one more than its counts")
    bins = [(low, high, count) for low, high, count in zip(edges, edges[1:], counts, strict=False) if count]
    worst, top, base, beyond, most = as_number(tightness["worst"]), 18, 84, RIGHT - 15, max(counts)
    across = Scale("linear", 0.0, max([1.0, *filter(math.isfinite, edges)]), LEFT, beyond)
    decades = most >= DECADES * min(count for _, _, count in bins)
    # A logarithmic scale begins below 1, so that a single one is seen.
    up = Scale("log", 0.5, float(most), base, top) if decades else Scale("linear", 0.0, float(most), base, top)
    canvas, limit = Canvas(), across(1.0)
    tied = worst == 1  # then those at 1 or more are at 1, and none is beyond the bound
    for low, high, count in bins:
        left, right = across(low) + 0.5, (RIGHT if math.isinf(high) else across(high)) - 0.5
        left = max(left, limit + 3) if low >= 1 else left
        left, right = (limit - 2, limit + 2) if low >= 1 and tied else (left, right)
        canvas.bar(left, max(left + 1.5, right), up(count), base)
    rules = [10.0**k for k in range(len(str(most)))][:: 2 if most >= 10**4 else 1] if decades else [most]
    for rule in rules:
        canvas.line("grid", (LEFT, up(rule)), (RIGHT, up(rule)))
        canvas.label((LEFT - 4, up(rule) + 4), _count(int(rule)), "end")
    canvas.line("axis", (LEFT, base), (RIGHT, base))
    canvas.line("limit", (limit, base), (limit, top - 2))
    canvas.label((LEFT, base + 14), "0")
    canvas.label(((LEFT + limit) / 2, base + 14), "value / bound", "middle")
    canvas.label((limit, base + 14), "1", "middle")
    if worst is not None:
        at = across(worst) if worst <= 1 else RIGHT - 7
        canvas.triangle((at, top - 2), "down")
        right_of_it = at < WIDTH / 3
        canvas.label(
            (at + (7 if right_of_it else -7), top - 6), f"worst {short(worst)}", "start" if right_of_it else "end"
        )
    total, what = sum(counts), noun(verdict["statement"]["given"])
    ends = [
        f"to {high:g}" if math.isfinite(high) else "exactly" if tied and low >= 1 else "or more"
        for low, high, _ in bins
    ]
    shares = "; ".join(f"{low:g} {end}: {n:,}" for (low, _, n), end in zip(bins, ends, strict=True))
    return figure(
        "Tightness",
        base + 18,
        canvas,
        f"{what.capitalize()} seen: {total:,}; worst value / bound: {quantity(tightness['worst'])}",
        f"How many have which: {shares}",
        "The scale of the counts is logarithmic" if decades else "",
    )


def _count(count: int) -> str:
    """A count in at most three digits and a letter."""
    for power, letter in ((9, "G"), (6, "M"), (3, "k")):
        if count >= 0.9995 * 10**power:
            return f"{count / 10**power:.3g}{letter}"
    return str(count)


# -- bound against truth ----------------------------------------------------------------------------------------------


def _against_truth(verdict: Verdict) -> Figure | None:
    """Values against their bounds, on one scale for both: a claim holds on the diagonal and below it."""
    stored = verdict["tightness"].get("pairs") if verdict["tightness"] else None
    if not stored:
        return None
    pairs = [(number(bound), number(value)) for bound, value in stored]
    left, right, top, base = LEFT + 4, RIGHT - 4, 12, 172
    across = scaled([n for pair in pairs for n in pair], left, right)
    up = replace(across, start=base, stop=top)
    canvas = Canvas()
    canvas.line("axis", (left, top), (left, base), (right, base))
    canvas.line("limit", (left, base), (right, top))
    canvas.dots((across(bound), up(value)) for bound, value in pairs if math.isfinite(bound + value))
    for bound, value in dict.fromkeys(pair for pair in pairs if not math.isfinite(sum(pair))):
        ways: tuple[Way, Way] = ("up", "down") if math.isinf(value) else ("right", "left")
        canvas.triangle((across(bound), up(value)), ways[(value if math.isinf(value) else bound) < 0])
    apart = across.kind == "log" and any(n <= 0 for pair in pairs for n in pair)
    for tick, label in [*([(0.0, "0")] if apart else []), *across.ticks()]:
        canvas.label((left - 5, up(tick) + 4), label, "end")
        canvas.label((across(tick), base + 14), label, "middle")
    canvas.label((left + 6, top + 2), "value")
    canvas.label((right, base - 6), "bound", "end")
    equal = sum(bound == value != 0 for bound, value in pairs)
    best = max(pairs, key=lambda pair: (_ratio(*pair), pair))
    if equal:
        canvas.label(
            (right - 72, base - (base - top) * (right - 60 - left) / (right - left)),
            f"{equal} of {len(pairs)} at the bound",
            "end",
        )
    elif _ratio(*best) > 0:
        at = across(best[0]), up(best[1])
        canvas.ring(at)
        leftwards = at[0] > WIDTH * 0.45
        canvas.label(
            (at[0] - 8, at[1] - 6) if leftwards else (at[0] + 9, at[1] + 12),
            f"tightest {short(_ratio(*best))}",
            "end" if leftwards else "start",
        )
    over = sum(value > bound for bound, value in pairs)
    scales = {"linear": "", "log": "Both scales are logarithmic", "signed": "Both scales are logarithmic away from 0"}
    return figure(
        "Bound against truth",
        base + 18,
        canvas,
        f"Pairs of a bound and the value that it bounds: {len(pairs)}; equal and not 0: {equal}",
        f"Bounds from {quantity(min(pairs)[0])} to {quantity(max(pairs)[0])}, "
        f"values from {quantity(min(v for _, v in pairs))} to {quantity(max(v for _, v in pairs))}",
        f"The tightest: value {quantity(best[1])} for bound {quantity(best[0])}",
        f"Above the bound, by no more than floats may be off by: {over}" if over else "",
        scales[across.kind],
    )


def _ratio(bound: float, value: float) -> float:
    """How tight a pair is; 0 of what is 0, of bounds that are at most 0, and of infinite ones."""
    return max(0.0, value / bound) if 0 < bound < math.inf else 0.0


# -- singular values --------------------------------------------------------------------------------------------------


def _spectrum(verdict: Verdict) -> Figure | None:
    """Singular values at the closest call, and where the claim cuts them."""
    every, of = [number(v) for v in verdict["spectrum"] or ()], verdict.get("spectrum_of")
    values = every[:MOST]
    cut, matrix = (of["cut"], plain(of["matrix"])) if of else (_stated_rank(verdict), "")
    if not values or (len(values) == 1 and cut is None):
        return None
    top, base, canvas = 42, 100, Canvas()
    up, step = scaled(values, base, top), min(76.0, (RIGHT - LEFT) / len(values))
    up = replace(up, apart=max(up.apart, 12.0)) if up.kind == "log" else up  # the least of them is not 0
    end, points = LEFT + step * len(values), [(LEFT + step * (k + 0.5), up(v)) for k, v in enumerate(values)]
    canvas.line("axis", (LEFT, base), (end, base))
    for x, y in points:
        canvas.line("grid", (x, base), (x, y))
    canvas.dots(point for point, v in zip(points, values, strict=True) if v < math.inf)
    around = {cut - 1, cut} if cut is not None else set()
    for k, (x, y) in enumerate(points):
        if values[k] == math.inf:
            canvas.triangle((x, y - 4), "up")
        if len(values) <= LABELLED or k in (0, len(values) - 1) or k in around:
            aside: Anchor = "middle" if step > ROOMY or k not in around else "end" if k + 1 == cut else "start"
            canvas.label((x + {"middle": 0, "end": 4, "start": -4}[aside], y - 8), short(values[k]), aside)
            canvas.label((x, base + 14), str(k + 1), "middle")
    claimed = ""
    if cut is not None:
        x = LEFT + step * min(cut, len(values))
        canvas.line("limit", (x, base), (x, 10))
        where: tuple[float, Anchor] = (x - 5, "end") if x > WIDTH * 0.6 else (x + 5, "start")
        canvas.label((where[0], 16), f"claimed rank {cut}", where[1])
        claimed = f"The claim cuts them after number {cut}"
        claimed += f", where it says {of['claimed']}" if of and of["claimed"] else ""
    listed = [*map(quantity, values[:LISTED]), *(["..."] if len(every) > LISTED else [])]
    return figure(
        f"Singular values of {matrix}" if 0 < len(matrix) <= NAMED else "Singular values",
        base + 18,
        canvas,
        f"Singular values{f' of {matrix}' if matrix else ''} at the closest call: {', '.join(listed)}",
        claimed,
        f"The first {MOST} of {len(every):,} are shown" if len(every) > MOST else "",
        "Their scale is logarithmic" if up.kind == "log" else "",
    )


def _stated_rank(verdict: Verdict) -> int | None:
    """The number in a statement that is "rank(...) <= number": of records that do not say where the cut is."""
    found = _RANK_AT_MOST.fullmatch(verdict["statement"]["says"]["text"])
    return int(found[1]) if found else None


# -- over many records ------------------------------------------------------------------------------------------------


def trend(id: str, records: Sequence[Record]) -> Figure | None:
    """The grade and the worst tightness of a claim over records, oldest first; None with fewer than two that have it.

    The latest hundred are shown. A line stands where the statement is another than the time before.
    """
    seen = [(record.run["started"][:10], v) for record in records if (v := record.by_id.get(id))][-LAST:]
    if len(seen) < 2:
        return None
    verdicts = [verdict for _, verdict in seen]
    grades = [GRADES.index(verdict["grade"]) for verdict in verdicts]
    worst = [as_number(v["tightness"]["worst"]) if v["tightness"] else None for v in verdicts]
    hashes = [verdict["statement"]["hash"] for verdict in verdicts]
    restated = [k for k in range(1, len(seen)) if hashes[k] != hashes[k - 1]]
    left, right, canvas = 92, RIGHT - 34, Canvas()
    along = Scale("linear", 0.0, float(len(seen) - 1), left, right)
    levels = {grade: 14 + 17 * k for k, grade in enumerate(sorted(set(grades), reverse=True))}
    base = 14 + 17 * (len(levels) - 1) + 12
    for grade, height in levels.items():
        canvas.line("grid", (left, height), (right, height))
        canvas.label((left - 8, height + 4), GRADES[grade].lower(), "end")
    turns = [k for k in range(1, len(seen)) if grades[k] != grades[k - 1]]
    start, end = (left, levels[grades[0]]), (right, levels[grades[-1]])
    corners = [(along(k), levels[grade]) for k in turns for grade in (grades[k - 1], grades[k])]
    canvas.line("line", start, *corners, end)
    canvas.dots([start, *corners[1::2], end])
    points = [(k, w) for k, w in enumerate(worst) if w is not None]
    if restated:
        x = along(restated[-1])
        canvas.label(
            (x - 4, base + 10) if x > WIDTH / 2 else (x + 4, base + 10), "restated", "end" if x > WIDTH / 2 else "start"
        )
        base += 4
    if points:
        base += 58
        up = scaled([1.0, *(w for _, w in points)], base, base - 40)
        canvas.line("limit", (left, up(1.0)), (right, up(1.0)))
        canvas.label((left - 8, up(1.0) + 4), "1", "end")
        canvas.label((left - 8, base - 2), "value / bound", "end")
        canvas.line("line", *((along(k), up(w)) for k, w in points))
        canvas.dots((along(k), up(w)) for k, w in (points[0], points[-1]))
        canvas.label((along(points[-1][0]) + 7, up(points[-1][1]) + 4), short(points[-1][1]))
    base += 10 if restated and not points else 0
    canvas.line("axis", (left, base), (right, base))
    for k in restated:
        canvas.line("grid", (along(k), base), (along(k), 4))
    canvas.label((left, base + 14), seen[0][0])
    canvas.label((right, base + 14), seen[-1][0], "end")
    told = []
    for grade, group in groupby(range(len(seen)), key=lambda k: grades[k]):
        ks = list(group)
        found = [w for k in ks if (w := worst[k]) is not None]
        span = f", {quantity(min(found))} to {quantity(max(found))}" if found else ""
        told.append(f"{GRADES[grade]} in {len(ks)}{span}")
    return figure(
        "Over time",
        base + 18,
        canvas,
        f"Grade and worst value / bound in {len(seen)} records from {seen[0][0]} to {seen[-1][0]}",
        "; ".join(told),
        f"Restated in record {', '.join(str(k + 1) for k in restated)}" if restated else "",
    )


__all__ = ["Figure", "figures", "trend"]
