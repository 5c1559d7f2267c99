"""What a sharpening found, in one sentence."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Context
from typing import Any

from verify.bounds import Bound, Sizes, number_at, square_of, text_of
from verify.stronger import Stronger
from verify.verdict import Grade

DIGITS = 4
"""Digits of a decimal in the sentence."""


def in_words(
    bound: Bound,
    grade: Grade,
    designs: list[dict[str, Any]],
    sharper: list[Stronger],
    stopped: str | None,
    looked: list[Sizes],
) -> str:
    """The sentence: the factor as printed, what is refuted, what is proved, and where the two meet.

    ``looked`` are the sizes of which networks were bred: where none refutes a factor, they are told instead.
    """
    lead = f"as printed {bound.factor}{', which is refuted' if grade is Grade.REFUTED else ''}"
    end = "; the budget of time was spent before the rest" if stopped else ""
    false = [s for s in sharper if s.grade is Grade.REFUTED]
    end = "".join(f"; sharpened to {s.sentence} it is refuted" for s in false) + end
    told = [d for d in designs if d["refuted"] is not None]
    if not told:
        return f"{lead}; no network that tells how small it may be was found{_up_to(looked)}{end}"
    if any(d["refuted"] == "every factor" for d in told):
        return f"{lead}; no factor will do at {_where([d for d in told if d['refuted'] == 'every factor'])}{end}"
    own = Stronger(None, bound.factor, grade, "")
    for one in (own, *sharper):
        if one.factor is not None and one.grade >= Grade.TESTED and _met_by(bound, one, told):
            how = "proved" if one.grade >= Grade.CERTIFIED else "tested"
            what = "" if one is own else f" at {one.factor}"
            return f"{lead}; refuted at anything below {one.factor}; {how}{what}{_places(told)}{end}"
    parts = [_one(d) for d in told if not d["meets"]]
    sharp = [d for d in told if d["meets"]]
    parts += [f"sharp at {_where(sharp)}"] if sharp else []
    return f"{lead}; {'; '.join(parts)}{end}"


def _met_by(bound: Bound, one: Stronger, designs: list[dict[str, Any]]) -> bool:
    """Whether at every design the largest refuted factor is the one that a sentence states."""
    for design in designs:
        stated = number_at(bound.kind, one.factor, design["sizes"])
        square = None if stated is None else square_of(stated)
        if square is None or text_of(square) != design["refuted"]:
            return False
    return True


def _one(design: dict[str, Any]) -> str:
    above = "not proved at any"
    if design["proved"] is not None:
        above = f"proved at {_number(design['proved'], design['proved_decimal'], up=True)}"
    elif design["tested"] is not None:
        above = f"tested at {_number(design['tested'], design['tested_decimal'], up=True)}"
    at = _where([design])
    below = _number(design["refuted"], design["refuted_decimal"], up=False)
    return f"refuted below {below}, {above}{f' ({at})' if at else ''}"


def _number(text: str, decimal: float, up: bool) -> str:
    """A number in words, rounded so that what is said of it stays true."""
    if text.isdigit():
        return text
    context = Context(prec=DIGITS, rounding=ROUND_CEILING if up else ROUND_FLOOR)
    return f"{float(context.create_decimal(repr(decimal))):.{DIGITS}g}"


def _places(designs: list[dict[str, Any]]) -> str:
    where = _where(designs)
    return f" ({where})" if where else ""


def _up_to(looked: list[Sizes]) -> str:
    """The largest of each size: at sizes up to m = 3, N = 4; or nothing, where no sizes were looked at."""
    largest = {letter: max(sizes[letter] for sizes in looked) for letter in (looked[0] if looked else ())}
    return f" at sizes up to {', '.join(f'{k} = {v}' for k, v in largest.items())}" if largest else ""


def _where(designs: list[dict[str, Any]]) -> str:
    """The sizes of designs: B = 1, 2, 3, or N, B = 3, 2; 4, 3."""
    letters = list(designs[0]["sizes"]) if designs else []
    values = [", ".join(str(d["sizes"][k]) for k in letters) for d in designs]
    between = ", " if len(letters) == 1 else "; "
    return f"{', '.join(letters)} = {between.join(values)}" if letters else ""
