"""How small the constant of a claim may be, as ``lakatos check --sharpen`` found it."""

from typing import Any, NotRequired, TypedDict

DESIGNS = ("at", "printed", "refuted below", "holds at", "network")
"""The head of a table of designs."""


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
        below = "-" if line["refuted"] is None else _number(line["refuted"], line["refuted_decimal"])
        above = "-"
        if line["proved"] is not None:
            above = f"{_number(line['proved'], line['proved_decimal'])}, proved"
        elif line["tested"] is not None:
            above = f"{_number(line['tested'], line['tested_decimal'])}, tested"
        network = " ".join(f"{k}={v}" for k, v in (line["network"] or {}).items())
        at = " ".join(f"{k}={v}" for k, v in line["sizes"].items())
        rows.append([at or "all sizes", line["printed"], below, above, network or "-"])
    return rows


def sentences(found: Sharpening) -> list[str]:
    """A line for each sharper sentence, and one for each number of the constant."""
    lines = [f"{s['sentence']}: {s['grade']}, {s['reason']}" for s in found.get("sharper", ())]
    for line in found.get("constants", ()):
        refuted = "refuted at no scale" if line["refuted"] is None else f"refuted as {line['refuted']}"
        lines.append(f"{line['constant']} in {line['in']}: {refuted}, not refuted as {line['open']}")
    return lines


def _number(text: str, decimal: Any) -> str:
    if not isinstance(decimal, int | float) or text.isdigit():
        return text
    return f"{decimal:.4g}" if len(text) > 12 else f"{decimal:.4g} = {text}"
