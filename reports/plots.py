"""Figures of experiments, drawn from their numbers alone: one drawing, written as SVG or as PDF.

Figures are plain data: a title, and panels of lines (`points` are [x, y, least, greatest]) or of bars. Colours are
those of Okabe and Ito, which most colour-blind readers tell apart; series differ by their marks as well.
"""

import math
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, Literal

from reports.drawing import Scale

WIDE, HIGH, LEFT, RIGHT, TOP, BOTTOM, HEAD = 400, 250, 58, 14, 30, 44, 30
"""Of a panel: its width and height, and what stands around the data; above all panels stands a title."""

COLUMNS = 3
"""Panels side by side, at most."""

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#6b5b00", "#000000")
GREY, INK = "#999999", "#1a1a1a"
DECADES, APART, LABEL, SMALL = 30.0, 26.0, 11, 9
"""The ratio from which a scale is logarithmic, where 0 stands beside it, and sizes of letters."""

Anchor = Literal["start", "middle", "end"]
Point = tuple[float, float]


@dataclass
class Drawing:
    """Lines, filled boxes, dots and words on a sheet whose y points down; colours are "#rrggbb"."""

    width: float
    height: float
    lines: list[tuple[list[Point], str, float, bool]] = field(default_factory=list)
    shapes: list[tuple[list[Point], str]] = field(default_factory=list)
    words: list[tuple[Point, str, Anchor, int, bool]] = field(default_factory=list)

    def line(self, points: Iterable[Point], colour: str = INK, width: float = 1.0, dashed: bool = False) -> None:
        """A line through points."""
        self.lines.append((list(points), colour, width, dashed))

    def shape(self, points: Iterable[Point], colour: str) -> None:
        """A filled polygon."""
        self.shapes.append((list(points), colour))

    def word(self, at: Point, text: str, anchor: Anchor = "start", size: int = LABEL, upright: bool = False) -> None:
        """Words on one line, or from below upwards; characters that PDF's fonts lack become "?"."""
        plain = text.encode("latin-1", "replace").decode("latin-1")
        self.words.append((at, "".join(c if c.isprintable() else "?" for c in plain), anchor, size, upright))

    def svg(self, said: str) -> str:
        """The drawing as an SVG document; ``said`` is for who does not see it."""
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width:g} {self.height:g}" '
            f'width="{self.width:g}" height="{self.height:g}" role="img" aria-label="{escape(said, quote=True)}" '
            'font-family="Helvetica, Arial, sans-serif">',
            f'<rect width="{self.width:g}" height="{self.height:g}" fill="#ffffff"/>',
        ]
        for points, colour in self.shapes:
            parts.append(f'<path fill="{colour}" d="{_path(points)}z"/>')
        for points, colour, width, dashed in self.lines:
            dash = ' stroke-dasharray="4 3"' if dashed else ""
            parts.append(f'<path fill="none" stroke="{colour}" stroke-width="{width:g}"{dash} d="{_path(points)}"/>')
        for (x, y), text, anchor, size, upright in self.words:
            turned = f' transform="rotate(-90 {x:.1f} {y:.1f})"' if upright else ""
            parts.append(
                f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{INK}"{turned}>'
                f"{escape(text)}</text>"
            )
        return "\n".join([*parts, "</svg>\n"])

    def pdf(self, title: str) -> bytes:
        """The drawing as one page of PDF, with the font Helvetica that every reader has."""
        steps = [f"1 0 0 -1 0 {self.height:g} cm 1 j 1 J"]
        for points, colour in self.shapes:
            steps.append(f"{_rgb(colour)} rg {_steps(points)} h f")
        for points, colour, width, dashed in self.lines:
            steps.append(f"{_rgb(colour)} RG {width:g} w [{'4 3' if dashed else ''}] 0 d {_steps(points)} S")
        steps.append(f"{_rgb(INK)} rg")
        for (x, y), text, anchor, size, upright in self.words:
            back = {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor] * _length(text, size)
            place = f"0 -1 -1 0 {x:.1f} {y + back:.1f}" if upright else f"1 0 0 -1 {x - back:.1f} {y:.1f}"
            steps.append(f"BT /F {size} Tf {place} Tm {_text(text)} Tj ET")
        content = zlib.compress("\n".join(steps).encode("latin-1"))
        head = title.encode("latin-1", "replace").decode("latin-1")
        objects = [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {self.width:g} {self.height:g}]/Contents 4 0 R"
            "/Resources<</Font<</F 5 0 R>>>>>>".encode(),
            f"<</Length {len(content)}/Filter/FlateDecode>>stream\n".encode() + content + b"\nendstream",
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
            f"<</Title {_text(head)}>>".encode("latin-1"),
        ]
        made, places = b"%PDF-1.4\n", []
        for number, body in enumerate(objects, 1):
            places.append(len(made))
            made += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
        table = "".join(f"{place:010d} 00000 n \n" for place in places)
        end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<</Size {len(objects) + 1}/Root 1 0 R"
        return made + f"{end}/Info 6 0 R>>\nstartxref\n{len(made)}\n%%EOF\n".encode()


def drawn(figure: Mapping[str, Any]) -> Drawing:
    """The drawing of a figure: its title, and its panels in rows."""
    panels = figure["panels"]
    columns = min(COLUMNS, len(panels)) if len(panels) != 4 else 2
    sheet = Drawing(WIDE * columns, HEAD + HIGH * math.ceil(len(panels) / columns))
    sheet.word((LEFT, 20), figure["title"], size=13)
    for number, panel in enumerate(panels):
        corner = (WIDE * (number % columns), HEAD + HIGH * (number // columns))
        _panel(sheet, panel, corner)
    return sheet


def _panel(sheet: Drawing, panel: Mapping[str, Any], corner: Point) -> None:
    bars = panel["kind"] == "bars"
    names = [series["name"] for series in panel["series"]] if not bars and len(panel["series"]) > 1 else []
    beside = max((28 + _length(name, SMALL) for name in names), default=0.0)
    left, right = corner[0] + LEFT, corner[0] + WIDE - RIGHT - beside
    top, base = corner[1] + TOP, corner[1] + HIGH - BOTTOM
    points = [point for series in panel["series"] for point in series["points"]]
    sheet.word((left, top - 10), panel["title"])
    if not points:
        sheet.word(((left + right) / 2, (top + base) / 2), "no numbers", "middle")
        return
    xs = [x for p in points for x in ((p[2], p[3]) if bars else (p[0],))]
    ys = [p[1] for p in points] if bars else [y for p in points for y in p[1:]]
    across = _scale(xs, left, right, panel.get("x_scale", "auto"), whole=False)
    up = _scale([0.0, *ys] if bars else ys, base, top, "linear" if bars else panel.get("y_scale", "auto"), whole=bars)
    for value, label in _ticks(up):
        sheet.line([(left, up(value)), (right, up(value))], GREY, 0.3)
        sheet.word((left - 5, up(value) + 4), label, "end", SMALL)
    for value, label in _ticks(across, sorted(set(xs)) if panel.get("x_scale") == "log2" else None):
        sheet.line([(across(value), base), (across(value), base + 4)], INK, 0.7)
        sheet.word((across(value), base + 15), label, "middle", SMALL)
    if up.low < 0 < up.high:
        sheet.line([(left, up(0.0)), (right, up(0.0))], INK, 0.5)
    for number, series in enumerate(panel["series"]):
        colour = COLOURS[number % len(COLOURS)]
        if bars:
            for _, count, low, high in series["points"]:
                if count:
                    x, y = across(low) + 0.5, across(high) - 0.5
                    sheet.shape([(x, base), (x, up(count)), (y, up(count)), (y, base)], colour)
            sheet.word((right, top - 10), series["name"], "end", SMALL)
            continue
        places = [(across(p[0]), up(p[1]), up(p[2]), up(p[3])) for p in series["points"]]
        sheet.line([(x, y) for x, y, _, _ in places], colour, 1.4, dashed=number >= len(COLOURS))
        if panel.get("dots", True) and len(places) <= 20:
            for x, y, low, high in places:
                sheet.line([(x, low), (x, high)], colour, 0.8)
                sheet.shape(_mark(number, x, y), colour)
    sheet.line([(left, top), (left, base), (right, base)], INK, 0.8)
    sheet.word(((left + right) / 2, base + 31), panel["x"], "middle", SMALL + 1)
    sheet.word((corner[0] + 14, (top + base) / 2), panel["y"], "middle", SMALL + 1, upright=True)
    if names:
        _legend(sheet, names, (right + 10, top + 6))


def _legend(sheet: Drawing, names: Sequence[str], at: Point) -> None:
    """The names of the series, one below the other."""
    for number, name in enumerate(names):
        x, y = at[0], at[1] + 13 * number
        colour = COLOURS[number % len(COLOURS)]
        sheet.line([(x, y), (x + 14, y)], colour, 1.4, dashed=number >= len(COLOURS))
        sheet.shape(_mark(number, x + 7, y), colour)
        sheet.word((x + 18, y + 3), name, "start", SMALL)


def _mark(number: int, x: float, y: float) -> list[Point]:
    """A small polygon around a place: circle-like, box, diamond or triangle."""
    corners = (8, 4, 4, 3)[number % 4]
    turn = (0.0, math.pi / 4, 0.0, -math.pi / 2)[number % 4]
    angles = [turn + 2 * math.pi * k / corners for k in range(corners)]
    return [(x + 3 * math.cos(angle), y + 3 * math.sin(angle)) for angle in angles]


# -- scales -----------------------------------------------------------------------------------------------------------


def _scale(values: Sequence[float], start: float, stop: float, kind: str, whole: bool) -> Scale:
    low, high = min(values), max(values)
    positive = [v for v in values if v > 0]
    if positive and low >= 0 and (kind in ("log", "log2") or (kind == "auto" and high / min(positive) >= DECADES)):
        apart = math.copysign(APART, stop - start) if low == 0 else 0.0
        return Scale("log", min(positive), high, start, stop, apart=abs(apart))
    room = 0.0 if whole else 0.05 * (high - low)
    if low == high:
        room = abs(low) / 2 or 1.0
    return Scale("linear", low - room * (low != 0), high + room, start, stop)


def _ticks(scale: Scale, exactly: Sequence[float] | None = None) -> list[tuple[float, str]]:
    """Places on a scale with labels in ASCII."""
    if exactly is not None:
        return [(value, f"{value:g}") for value in exactly]
    zero = [(0.0, "0")] if scale.apart else []
    if scale.kind == "log":
        inside = [value for value, _ in scale.ticks(6)]
        if len(inside) < 3:
            lowest = math.floor(math.log10(scale.low))
            steps = [f * 10.0**k for k in range(lowest, math.ceil(math.log10(scale.high)) + 1) for f in (1, 2, 5)]
            inside = [value for value in steps if scale.low <= value <= scale.high]
        return [*zero, *((value, f"{value:.6g}") for value in inside)]
    return [(value, f"{value:.6g}") for value, _ in scale.ticks(5)]


# -- the two languages ------------------------------------------------------------------------------------------------


def _path(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _steps(points: Sequence[Point]) -> str:
    return " ".join(f"{x:.1f} {y:.1f} {'l' if k else 'm'}" for k, (x, y) in enumerate(points))


def _rgb(colour: str) -> str:
    return " ".join(f"{int(colour[k : k + 2], 16) / 255:.3f}" for k in (1, 3, 5))


def _text(text: str) -> str:
    """A string of PDF; what is no ASCII is written as a number."""
    escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return "(" + "".join(c if " " <= c <= "~" else f"\\{ord(c):03o}" for c in escaped) + ")"


_NARROW = {"i": 222, "j": 222, "l": 222, "t": 278, "f": 278, "r": 333, " ": 278, ".": 278, ",": 278, ":": 278, "/": 278}
_WIDER = {"m": 833, "w": 722, "M": 833, "W": 944, "-": 333, "(": 333, ")": 333, "|": 260, "=": 584, "^": 469}


def _length(text: str, size: float) -> float:
    """About how long words are in Helvetica."""
    widths = (_NARROW.get(c) or _WIDER.get(c) or (667 if c.isupper() else 500 if c in "ckvxyz" else 556) for c in text)
    return sum(widths) * size / 1000
