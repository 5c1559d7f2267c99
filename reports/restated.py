"""What a statement says otherwise than it did: which part of it, and whether it is a number alone.

The parts are compared as the record's text has them; the hash that the record has of the whole is a cross-check. One
change of a part is one `Restated`: a conclusion in which numbers alone changed is a `constant`, not a `statement` too.
"""

import difflib
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from reports.record import Formula, Statement

Part = Literal["statement", "constant", "hypothesis", "definition", "world", "hash"]

ALIKE = 0.5
"""From this share of common tokens on, one hypothesis dropped and one added are a hypothesis that changed."""
ALIGNED = 400
"""Tokens up to which two sentences are aligned; the work grows with the square of it."""
MANY = 40
"""Hypotheses, or definitions, up to which those that changed are paired by what they have in common."""
NAMED = 4
"""Numbers that a note says of what they became; the rest are counted."""

_NUMBER = r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"
_TOKEN = re.compile(rf"[^\W\d]\w*|{_NUMBER}|(?<=\*\*)\({_NUMBER}(?:[*/]{_NUMBER})+\)|\*\*|[<>=!]=|\S")
"""A fraction in parentheses is one number where it is an exponent: `x**2` and `x**(3/2)` differ by a number."""
_FACTOR = re.compile(rf"(?:{_NUMBER})?(?:[*/]{_NUMBER})*\*?")
HASH = "the hash differs, and nothing that is written: the order or the form of what it says, or how it is hashed"
SAME_HASH = "the hash is the same, so that it may be printed otherwise"


@dataclass(frozen=True)
class Restated:
    """One part that changed: its text before and after (empty where there was none), and what is to be said of it."""

    part: Part
    was: str
    now: str
    note: str = ""


def differences(old: Statement, new: Statement, same_printer: bool = True) -> list[Restated]:
    """What the new statement says otherwise, in the order conclusion, hypotheses, definitions, world.

    `same_printer`: whether both texts were printed by the same versions. If not, equal hashes mean an equal statement,
    however it is printed. If so, a text that differs under an equal hash is told of, and that its hash is the same. A
    hash that differs with nothing written to account for it is a change of its own.
    """
    if old["hash"] == new["hash"] and not same_printer:
        return []
    found = [
        *_conclusion(old["says"]["text"], new["says"]["text"]),
        *_listed("hypothesis", old["assuming"], new["assuming"], lambda text: None),
        *_listed("definition", old["where"], new["where"], _defined),
    ]
    if old["given"] != new["given"]:
        found.append(Restated("world", old["given"], new["given"], _became(old["given"], new["given"]) or ""))
    if old["hash"] != new["hash"]:
        return found or [Restated("hash", old["hash"], new["hash"], HASH)]
    return [Restated(r.part, r.was, r.now, "; ".join(filter(None, [r.note, SAME_HASH]))) for r in found]


def _conclusion(old: str, new: str) -> list[Restated]:
    if old == new:
        return []
    became = _became(old, new)
    return [Restated("statement" if became is None else "constant", old, new, became or "")]


def _listed(
    part: Part, old: Sequence[Formula], new: Sequence[Formula], name: Callable[[str], str | None]
) -> list[Restated]:
    """Formulas that changed, were added or dropped; those of one name, or else the most alike, are paired."""
    before, after = [formula["text"] for formula in old], [formula["text"] for formula in new]
    gone, come = _without(before, after), _without(after, before)
    found = []
    for was in list(gone) if max(len(gone), len(come)) <= MANY else []:
        alike = [(_alike(was, now, name), -number, now) for number, now in enumerate(come)]
        likeness, _, now = max(alike, default=(0.0, 0, ""))
        if likeness >= ALIKE:
            gone.remove(was)
            come.remove(now)
            found.append(Restated(part, was, now, _became(was, now) or ""))
    found += [Restated(part, was, "", "dropped") for was in gone]
    return found + [Restated(part, "", now, "added") for now in come]


def _without(texts: Sequence[str], others: Sequence[str]) -> list[str]:
    """The texts that are not among the others, each as often as it is missing there."""
    left, missing = Counter(others), []
    for text in texts:
        if not left[text]:
            missing.append(text)
        left[text] -= left[text] > 0
    return missing


def _alike(old: str, new: str, name: Callable[[str], str | None]) -> float:
    """The share of tokens that two formulas have in common; 2 where they have one name, 0 where they have two."""
    names = name(old), name(new)
    if names[0] is not None and names[1] is not None:
        return 2.0 * (names[0] == names[1])
    one, other = _TOKEN.findall(old)[:ALIGNED], _TOKEN.findall(new)[:ALIGNED]
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()


def _defined(text: str) -> str | None:
    """What a definition defines: the left side of `Eq(left, right)`, or of `left = right`."""
    depth, called = 0, text.startswith("Eq(")
    for at, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        if called and character == "," and depth == 1:
            return text[len("Eq(") : at].strip()
        if not called and depth == 0 and text[at : at + 3] == " = ":
            return text[:at].strip()
    return None


def _is_number(token: str) -> bool:
    return token[0].isdigit() or (token[0] == "(" and len(token) > 1)


def _became(old: str, new: str) -> str | None:
    """Which number became which, e.g. "2 became 3"; None where something else than numbers changed.

    A factor counts as a number that became, or was, 1: `2*B` and `B` differ by a number, `B**2` and `B` do not.
    """
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    pairs: list[tuple[str, str]] = []
    aligned = list(zip(before, after, strict=False))
    if len(before) == len(after) and all(a == b or (_is_number(a) and _is_number(b)) for a, b in aligned):
        pairs = [(a, b) for a, b in aligned if a != b]
    elif max(len(before), len(after)) <= ALIGNED:
        matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
        for tag, i, j, k, m in matcher.get_opcodes():
            factors = _factor(before[i:j]), _factor(after[k:m])
            if tag != "equal" and (factors[0] is None or factors[1] is None or factors == ("1", "1")):
                return None
            pairs += [(str(factors[0]), str(factors[1]))] if tag != "equal" else []
    if not pairs:
        return None
    told = [f"{a.strip('()')} became {b.strip('()')}" for a, b in dict.fromkeys(pairs)]
    return ", ".join(told[:NAMED]) + (f" and {len(told) - NAMED} more" if len(told) > NAMED else "")


def _factor(tokens: Sequence[str]) -> str | None:
    """Tokens that are a factor and nothing but numbers: "2" of `2*`, "1/3" of `/3`, "1" of none; None for others."""
    text = "".join(tokens)
    if len(tokens) == 1 and _is_number(text):
        return text
    if text == "*" or not _FACTOR.fullmatch(text):
        return None
    text = text.strip("*")
    return f"1{text}" if text.startswith("/") or not text else text
