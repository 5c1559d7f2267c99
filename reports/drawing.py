"""What small pictures are drawn with: SVG that takes its colours from the page it stands in, scales, short numbers.

No style, script or id is used, so that a picture can stand in a page whose policy forbids them, and more than once. The
presentation attributes are what a page without a style sheet shows; the classes `fig-bar` and `fig-mark` (filled),
`fig-dot`, `fig-line`, `fig-axis`, `fig-grid`, `fig-limit` (strokes) and `fig-text` are for one that has it.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Literal

from reports.phrases import plain
from reports.record import Quantity, as_number

WIDTH = 320
"""The width of every picture in its own units, which are the pixels of a narrow telephone."""

LEFT, RIGHT = 38, WIDTH - 12
"""Where data begins, after the labels of the upright scale, and where it ends."""

DECADES = 30.0
"""From this ratio of the largest to the smallest number on a scale is logarithmic."""

APART = 20
"""How far 0 stands from the smallest number of a logarithmic scale."""

NEAR = 1e-9
"""A tick so little beyond the end of a scale, in steps, belongs to it."""

SMALLEST = 1e-300
"""What is nearer to 0 has no size of its own: quotients by it overflow."""

SMALLEST_SHARE = 1e-12
"""What is nearer to 0 than this part of the largest number is about 0 on a scale for both signs."""

_EVERY = (1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 700)
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

_STROKED = 'fill="none" stroke="currentColor"'
_LOOKS = {
    "bar": 'fill="currentColor" fill-opacity=".55"',
    "grid": f'{_STROKED} stroke-opacity=".15"',
    "axis": f'{_STROKED} stroke-opacity=".5"',
    "limit": f'{_STROKED} stroke-dasharray="4 3"',
    "line": f'{_STROKED} stroke-opacity=".6"',
    "dot": f'{_STROKED} stroke-width="4.5" stroke-linecap="round"',
    "mark": 'fill="currentColor"',
}
"""The looks of paths, in the order in which they lie on each other, and what they are without a style sheet."""

Point = tuple[float, float]
Anchor = Literal["start", "middle", "end"]
Way = Literal["up", "down", "left", "right"]


class Canvas:
    """Collects the paths of each look, and the labels of each alignment, so that every look is written once."""

    def __init__(self) -> None:
        self._paths: dict[str, list[str]] = {look: [] for look in _LOOKS}
        self._labels: dict[Anchor, list[str]] = {"start": [], "middle": [], "end": []}

    def line(self, look: str, *points: Point) -> None:
        """A line through points, in the look of a grid, axis, limit or line."""
        if len(points) > 1:
            self._paths[look].append("M" + "L".join(f"{_place(x)} {_place(y)}" for x, y in points))

    def bar(self, left: float, right: float, top: float, bottom: float) -> None:
        """An upright box."""
        self._paths["bar"].append(f"M{_place(left)} {_place(bottom)}V{_place(top)}H{_place(right)}V{_place(bottom)}z")

    def dots(self, points: Iterable[Point]) -> None:
        """Dots, each place once: strokes without length that have round ends."""
        places = list(dict.fromkeys((round(10 * x), round(10 * y)) for x, y in points))
        steps = [(a - c, b - d) for (a, b), (c, d) in zip(places[1:], places, strict=False)]
        first = [f"M{_place(x / 10)} {_place(y / 10)}h0" for x, y in places[:1]]
        self._paths["dot"] += [*first, *(f"m{_place(x / 10)} {_place(y / 10)}h0".replace(" -", "-") for x, y in steps)]

    def triangle(self, at: Point, towards: Way) -> None:
        """A triangle with its tip at an edge, behind which something lies."""
        turned = {"up": "l-3.5 6h7", "down": "l-3.5-6h7", "left": "l6-3.5v7", "right": "l-6-3.5v7"}
        self._paths["mark"].append(f"M{_place(at[0])} {_place(at[1])}{turned[towards]}z")

    def ring(self, at: Point) -> None:
        """A ring around a dot."""
        self._paths["axis"].append(f"M{_place(at[0] - 5.5)} {_place(at[1])}a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0-11 0z")

    def label(self, at: Point, words: str, anchor: Anchor = "start", raised: str = "") -> None:
        """Words on one line, with an exponent where one is given."""
        over = f'<tspan dy="-4" font-size="9">{escape(plain(raised))}</tspan>' if raised else ""
        where = f'x="{_place(at[0])}" y="{_place(at[1])}"'
        self._labels[anchor].append(f"<text {where}>{escape(plain(words))}{over}</text>")

    def svg(self, height: float, said: str) -> str:
        """The picture, as wide as `WIDTH`; `said` is its label for who does not see it."""
        drawn = {look: steps for look, steps in self._paths.items() if steps}
        parts = [f'<path class="fig-{look}" {_LOOKS[look]} d="{"".join(steps)}"/>' for look, steps in drawn.items()]
        for anchor, labels in self._labels.items():
            aligned = "" if anchor == "start" else f' text-anchor="{anchor}"'
            parts += [f'<g class="fig-text"{aligned}>{"".join(labels)}</g>'] if labels else []
        named = escape(plain(said), quote=True)
        head = f'viewBox="0 0 {WIDTH} {_place(height)}" role="img" aria-label="{named}" font-size="12"'
        return f'<svg class="fig" {head} fill="currentColor">{"".join(parts)}</svg>'


def _place(number: float) -> str:
    """A coordinate, to a tenth."""
    return f"{round(number, 1) + 0.0:g}"


def _power(exponent: int) -> str:
    """A power of ten, "10⁻⁴"; the first few in full."""
    return {0: "1", 1: "10", 2: "100"}.get(exponent, f"10{str(exponent).translate(_SUPERSCRIPTS)}")


def short(number: float) -> str:
    """A number for a label, in three digits: "0.252", "−1.5", "6.62·10⁻¹⁶", "∞"."""
    sign, size = "−" * (number < 0), abs(number)
    if math.isinf(size):
        return f"{sign}∞"
    figures, _, exponent = f"{size:.3g}".partition("e")
    if not exponent:
        return sign + figures
    tens = f"10{str(int(exponent)).translate(_SUPERSCRIPTS)}"
    return sign + (tens if figures == "1" else f"{figures}·{tens}")


@dataclass(frozen=True)
class Scale:
    """Where numbers are from `start` to `stop`; those without a logarithm stand at `start`, `apart` from the others."""

    kind: Literal["linear", "log", "signed"]
    low: float
    high: float
    start: float
    stop: float
    unit: float = 1.0  # of a signed scale: below it, it is about linear
    apart: float = 0.0

    def _level(self, number: float) -> float:
        if self.kind == "log":
            return math.log10(number)
        return math.asinh(number / self.unit) if self.kind == "signed" else number / 2  # halves do not overflow

    def __call__(self, number: float) -> float:
        """The coordinate of a number; an infinity is at an end."""
        if number == -math.inf or (self.kind == "log" and number <= 0):
            return self.start
        if number == math.inf:
            return self.stop
        low, high = self._level(self.low), self._level(self.high)
        share = (self._level(number) - low) / (high - low) if low < high else 0.5
        return self._inner + (self.stop - self._inner) * min(1.0, max(0.0, share))

    @property
    def _inner(self) -> float:
        return self.start + math.copysign(self.apart, self.stop - self.start)

    def ticks(self, most: int = 4) -> list[tuple[float, str]]:
        """A few numbers inside the scale, with their labels."""
        if self.kind == "log":
            lowest, highest = math.ceil(math.log10(self.low) - NEAR), math.floor(math.log10(self.high) + NEAR)
            every = next(e for e in _EVERY if (highest - lowest) // e < most)
            return [(10.0**k, _power(k)) for k in range(-(-lowest // every) * every, highest + 1, every)]
        if self.kind == "signed":
            ends = [
                (math.copysign(10.0 ** math.floor(math.log10(abs(v))), v) if v else 0.0) for v in (self.low, self.high)
            ]
            return [(v, short(v)) for v in dict.fromkeys((ends[0], 0.0, ends[1])) if self.low <= v <= self.high]
        step = _round_step(self.high / most - self.low / most)
        first, last = math.ceil(self.low / step - NEAR), math.floor(self.high / step + NEAR)
        return [(k * step, short(k * step)) for k in range(first, last + 1)]


def _round_step(least: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is not below a positive number."""
    tens = 10.0 ** math.floor(math.log10(least))
    return next((f * tens for f in (1, 2, 5) if f * tens >= least), 10 * tens)


def scaled(numbers: Iterable[float], start: float, stop: float) -> Scale:
    """A scale for numbers: logarithmic where the positive ones span decades, signed where negative ones do as well."""
    finite = [n for n in numbers if math.isfinite(n)]
    sizes = sorted(abs(n) for n in finite if abs(n) > SMALLEST)
    if not sizes:
        return Scale("linear", 0.0, 1.0, start, stop)
    low, high = min(finite), max(finite)
    if sizes[-1] / sizes[0] >= DECADES:
        if low < 0:
            return Scale("signed", low, high, start, stop, max(sizes[len(sizes) // 4], sizes[-1] * SMALLEST_SHARE))
        return Scale("log", sizes[0], sizes[-1], start, stop, apart=APART if low <= 0 else 0.0)
    low, high = min(low, 0.0), max(high, 0.0)
    return Scale("linear", low, high, start, stop)


@dataclass(frozen=True)
class Figure:
    """A picture: its title, an inline SVG of about 1.5 KB, and the same in words with its numbers (plain text)."""

    title: str
    svg: str
    words: str


def figure(title: str, height: float, canvas: Canvas, *sentences: str) -> Figure:
    """A picture whose label is the first of its sentences; empty ones are left out."""
    said = [plain(sentence) for sentence in sentences if sentence]
    return Figure(title, canvas.svg(height, f"{title}: {said[0]}."), f"{'. '.join(said)}.")


def number(quantity: Quantity) -> float:
    """A quantity as a float; ValueError where there is none."""
    found = as_number(quantity)
    if found is None or math.isnan(found):
        raise ValueError("a number is missing")
    return found
