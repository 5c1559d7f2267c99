"""How small the constant of a claim may be, as ``lakatos check --sharpen`` found it."""

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, Context
from fractions import Fraction
from typing import Any, NotRequired, TypedDict

DESIGNS = ("at", "printed", "refuted below", "holds at", "network")
"""The head of a table of designs."""

DIGITS, LONGEST = 4, 12
"""Digits of a decimal, and the longest exact text that is shown beside it."""

_RATIONAL = re.compile(r"\d{1,12}(/[1-9]\d{0,11})?")


class Sharpening(TypedDict):
    """`says` is the whole in words; the rest is there where the claim has a bound that networks can be bred towards."""

    says: str
    left: NotRequired[str]
    printed: NotRequired[str]
    right: NotRequired[str]
    sharper: NotRequired[list[dict[str, Any]]]
    designs: NotRequired[list[dict[str, Any]]]
    constants: NotRequired[list[dict[str, Any]]]
    networks: NotRequired[int]
    stopped: NotRequired[str | None]
    seconds: NotRequired[float]


def designs(found: Sharpening) -> list[list[str]]:
    """The rows under that head, one for each design."""
    rows = []
    for line in found.get("designs", ()):
        below = "-" if line["refuted"] is None else _number(line["refuted"], line["refuted_decimal"], up=False)
        above = "-"
        if line["proved"] is not None:
            above = f"{_number(line['proved'], line['proved_decimal'], up=True)}, proved"
        elif line["tested"] is not None:
            above = f"{_number(line['tested'], line['tested_decimal'], up=True)}, tested"
        network = " ".join(f"{k}={v}" for k, v in (line["network"] or {}).items())
        at = " ".join(f"{k}={v}" for k, v in line["sizes"].items())
        rows.append([at or "all sizes", line["printed"], below, above, network or "-"])
    return rows


def sentences(found: Sharpening) -> list[str]:
    """A line for each sharper sentence, and one for each number of the constant."""
    lines = [f"{s['sentence']}: {s['grade']}, {s['reason']}" for s in found.get("sharper", ())]
    for line in found.get("constants", ()):
        number, refuted, other = line["constant"], line["refuted"], line["open"]
        told = [] if other == number else [f"{other} may stand in its place, as far as the search has seen"]
        told.append("nothing nearer is refuted" if refuted is None else f"with {refuted} there the claim is refuted")
        where = "" if line["in"] == number else f" in {line['in']}"
        lines.append(f"{number}{where}: {'; '.join(told)}")
    return lines


def _number(text: str, decimal: Any, up: bool) -> str:
    """A number as a decimal and as text; it is rounded so that what is said of it stays true."""
    if not isinstance(decimal, int | float) or text.isdigit():
        return text
    context = Context(prec=DIGITS, rounding=ROUND_CEILING if up else ROUND_FLOOR)
    near = f"{float(context.create_decimal(repr(decimal))):.{DIGITS}g}"
    if len(text) > LONGEST:
        return near
    exact = _RATIONAL.fullmatch(text) is not None and Fraction(near) == Fraction(text)
    return f"{near} {'=' if exact else '>' if up else '<'} {text}"
