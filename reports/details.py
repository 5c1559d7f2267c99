"""What the page of a record says of one claim, in words, and which of a record's links and commands it offers."""

import re
import shlex
from decimal import Context, Decimal, DecimalException
from fractions import Fraction
from typing import Any

from reports.phrases import drew, plain
from reports.record import Verdict, Witness
from reports.steps import Told

_ID = re.compile(r"[^\s/]+(/[^\s/]+)+")
_LISTED = ("steps", "facts", "conclusions")
_ROOT = re.compile(r"(?:(-?\d+(?:/\d+)?)\*)?sqrt\((\d+(?:/\d+)?)\)")


def anchor(claim: str, place: int) -> str:
    """The id of a claim's element: the claim's own where that is as the schema has it, or else one by its place."""
    return claim if _ID.fullmatch(claim) and claim.isprintable() else f"claim//{place}"


def web(link: Any) -> str:
    """A link that leads to the web, or nothing."""
    return link if isinstance(link, str) and re.match(r"https?://[^\s/]", link) and link.isprintable() else ""


def replay(witness: Witness | None) -> str:
    """The command that replays a witness; empty where it is another one, since a reader will paste it in a shell."""
    if witness is None or witness.get("file") == "not stored":
        return ""
    command = str(witness.get("replay", ""))
    try:
        words = shlex.split(command)
    except ValueError:
        return ""
    ours = words[:2] == ["lakatos", "replay"] and len(words) > 2 and not any(w.startswith("-") for w in words)
    return command if ours and command.isprintable() and shlex.join(words) == command else ""


def trust(verdict: Verdict, proof: Told | None) -> str:
    """What the grade rests on, in a few words."""
    stored, kinds = verdict["derivation"] or {}, {f["type"] for f in verdict["findings"]}
    if verdict["grade"] == "REFUTED":
        return "an appeal in exact arithmetic" if "appeal" in kinds else "a search"
    if verdict["grade"] == "CERTIFIED" and isinstance(stored.get("leaves"), int):
        return f"a certificate with {_counted(stored['leaves'], 'leaf', 'leaves')}, every one worked out again"
    if proof is not None and verdict["grade"] == "PROVED":
        steps = sum(len(stored[part]) for part in _LISTED if isinstance(stored.get(part), list))
        what = f"a derivation of {_counted(steps, 'step')}" if steps else "a derivation"
        if isinstance(stored.get("sizes"), int):
            what = f"equal polynomials at each of {_counted(stored['sizes'], 'size')}"
        relied = f" and {_counted(len(proof.relies_on), 'other claim')}" if proof.relies_on else ""
        return f"{what}{relied}, replayed by the checker"
    return _searched(verdict) if any(map(drew, verdict["findings"])) else "nothing"


def _counted(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def _searched(verdict: Verdict) -> str:
    """How much a search has seen, and how many of the author's mutants it caught."""
    counts = [f["counts"] for f in verdict["findings"] if drew(f)]
    seen, worlds = (sum(c[name] for c in counts) for name in ("distinct", "worlds"))
    authors = [m["refuted"] for m in verdict["mutants"] if m["by"] == "author"]
    caught = f", and {sum(authors)} of {_counted(len(authors), 'mutant')} of the author caught" if authors else ""
    what = "a test on draws" if any(f["type"] == "statistical" for f in verdict["findings"]) else "a search"
    return f"{what}: {seen:,} distinct admissible ones in {_counted(worlds, 'world')}{caught}"


def reason(verdict: Verdict) -> str:
    """The reason of a verdict, without what one of its findings says in the same words further down."""
    said = verdict["reason"]
    for finding in verdict["findings"] if verdict["as_expected"] else ():
        if said == finding["summary"] or said.startswith(f"{finding['summary']}; "):
            said = said[len(finding["summary"]) + 2 :]
    return sentence(said) if said else ""


def sentence(text: str) -> str:
    """A text as a sentence, which begins with a capital and has an end."""
    text = plain(str(text))
    return f"{text[:1].upper()}{text[1:]}{'' if text[-1:] in '.!?' else '.'}"


def number(value: Any) -> str:
    """A count with its thousands apart; anything else as it is."""
    return f"{value:,}" if isinstance(value, int) else str(value)


def approximate(text: str) -> str:
    """An exact number to six digits, where it is a long fraction or a multiple of a root of one; else nothing."""
    if not 12 < len(text) <= 4000:
        return ""
    context, found = Context(prec=30), _ROOT.fullmatch(text)
    try:
        if found:
            value = context.multiply(_decimal(found[1] or "1", context), context.sqrt(_decimal(found[2], context)))
        elif re.fullmatch(r"-?\d+(/\d+)?", text):
            value = _decimal(text, context)
        else:
            return ""
    except (DecimalException, ZeroDivisionError):
        return ""
    return f"{value:.6g}"


def _decimal(text: str, context: Context) -> Decimal:
    exact = Fraction(text)
    return context.divide(Decimal(exact.numerator), Decimal(exact.denominator))
