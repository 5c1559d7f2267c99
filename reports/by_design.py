"""The worst tightness of a claim against each field of its design (width, depth, samples, ...), with fitted powers."""

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from statistics import linear_regression

from reports.drawing import LEFT, RIGHT, Canvas, Figure, Scale, figure, number, scaled, short
from reports.phrases import plain, quantity
from reports.record import Quantity, Verdict, as_number

_VALUE = re.compile(r"-?[0-9]{1,300}(/[1-9][0-9]{0,299}|\.[0-9]{1,300})?")


@dataclass(frozen=True)
class _Line:
    """The worst tightness at each value of one design field, rising; places are the values, or 1, 2, ... of words."""

    field: str
    names: list[str]
    places: list[float]
    worst: list[float]
    numeric: bool

    @staticmethod
    def of(field: str, found: dict[str, Quantity | None]) -> "_Line":
        """From the record's field, without the values that nothing was seen at."""
        known = [(name, worst) for name, value in found.items() if (worst := as_number(value)) is not None]
        numeric = all(_VALUE.fullmatch(name) for name, _ in known)
        if numeric:
            known.sort(key=lambda pair: Fraction(pair[0]))
        places = [number(name) if numeric else 1.0 + k for k, (name, _) in enumerate(known)]
        return _Line(plain(field), [plain(name) for name, _ in known], places, [worst for _, worst in known], numeric)

    def fit(self) -> tuple[float, float, float] | None:
        """Slope of log worst on log value, intercept, standard error of the slope; None of fewer than three points."""
        known = [(x, y) for x, y in zip(self.places, self.worst, strict=True) if 0 < x < math.inf and 0 < y < math.inf]
        if not self.numeric or len(known) < 3 or len({x for x, _ in known}) < 3:
            return None
        xs, ys = ([math.log(v) for v in side] for side in zip(*known, strict=True))
        slope, intercept = linear_regression(xs, ys)
        centre = math.fsum(xs) / len(xs)
        spread = math.fsum((x - centre) ** 2 for x in xs)
        left = math.fsum((y - intercept - slope * x) ** 2 for x, y in zip(xs, ys, strict=True))
        return slope, intercept, math.sqrt(left / (len(xs) - 2) / spread)

    def words(self) -> str:
        """The numbers, and the slope if there is one."""
        seen = ", ".join(f"{quantity(y)} at {name}" for name, y in zip(self.names, self.worst, strict=True))
        fit = self.fit()
        return f"{self.field}: {seen}" + (f"; slope {fit[0] + 0.0:.2g}, standard error {fit[2]:.2g}" if fit else "")


def by_design(verdict: Verdict) -> Figure | None:
    """Small panels on one scale: the worst tightness at each value of each field, and the fitted power of the value."""
    found = verdict["tightness"]["worst_by_design"] if verdict["tightness"] else {}
    lines = [made for field, values in found.items() if len((made := _Line.of(field, values)).worst) > 1]
    if not lines:
        return None
    every = [1.0, *(y for made in lines for y in made.worst)]
    across, tall = min(len(lines), 4), 104
    wide, canvas = (RIGHT + 8 - LEFT) / across, Canvas()
    for place, made in enumerate(lines):
        row, column = divmod(place, across)
        up = scaled(every, row * tall + 80, row * tall + 24)
        if column == 0:
            for tick, label in up.ticks(2):
                canvas.label((LEFT - 4, up(tick) + 4), label, "end")
        _panel(canvas, made, up, LEFT + column * wide + 4, LEFT + (column + 1) * wide - 12)
    fits = any(made.fit() for made in lines)
    return figure(
        "Worst tightness by design",
        tall * -(-len(lines) // across) - 4,
        canvas,
        f"The worst value / bound at each value of {', '.join(made.field for made in lines)}",
        *(made.words() for made in lines),
        "Slopes are of straight lines through the logarithms of both" if fits else "",
    )


def _panel(canvas: Canvas, made: _Line, up: Scale, left: float, right: float) -> None:
    low, high, base = made.places[0], made.places[-1], up.start
    along = Scale("log" if made.numeric and low > 0 else "linear", low, high, left, right)
    canvas.line("axis", (left, base), (right, base))
    canvas.line("limit", (left, up(1.0)), (right, up(1.0)))
    fit = made.fit()
    if fit and len(set(made.worst)) > 1:
        slope, intercept, _ = fit
        least = math.log(min(x for x in made.places if x > 0))
        xs = [math.exp(least + (math.log(high) - least) * k / 8) for k in range(9)]
        curve = [(along(x), math.exp(min(700.0, intercept + slope * math.log(x)))) for x in xs]
        canvas.line("line", *((x, up(y)) for x, y in curve if up.low <= y <= up.high))
        canvas.label((left, up.stop - 10), f"~ {made.field[:4]}", raised=short(float(f"{slope:.2g}")))
    for x, y in zip(map(along, made.places), made.worst, strict=True):
        if y == math.inf:
            canvas.triangle((x, up.stop - 4), "up")
        elif up.kind == "log" and y <= 0:
            canvas.triangle((x, base), "down")
    known = [
        (x, y) for x, y in zip(made.places, made.worst, strict=True) if y < math.inf and (up.kind != "log" or y > 0)
    ]
    canvas.dots((along(x), up(y)) for x, y in known)
    first, last = (short(low), short(high)) if made.numeric else (made.names[0][:5], made.names[-1][:5])
    canvas.label((left - 3, base + 14), first)
    canvas.label(((left + right) / 2, base + 14), made.field[:8], "middle")
    canvas.label((right + 3, base + 14), last, "end")
