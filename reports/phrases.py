"""The short phrases that all reports share: what a verdict rests on, where a counterexample is, how a run was set."""

import difflib
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from reports.record import GRADES, Finding, Quantity, Record, Verdict, Witness, as_number

Room = Literal["full", "medium", "short"]
_WRONG = ("-printed", "-as-read")
_NUMBER = re.compile(r"\d+")

EXIT_MEANS = {
    0: "every verdict is as expected",
    1: "a claim is refuted or below what it expects",
    2: "unreadable input or usage",
    3: "contradiction: the suite is wrong",
    4: "a claim's own code raised or a definition is false",
    5: "nothing selected",
    130: "interrupted",
}


def plain(text: str) -> str:
    """Text on one line, without control characters (a record may come from anybody)."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in " ".join(text.split()))


def quantity(value: Quantity | None) -> str:
    """A tightness in four digits; an infinity is "inf", an absent one a dash."""
    number = as_number(value)
    return "-" if number is None else f"{number:.4g}"


def sizes(witness: Witness) -> str:
    """The sizes of a witness, e.g. "m=2 n=2 N=2 B=2", or the numbers of a point, e.g. "N=1 N'=2"."""
    where = witness.get("point") or witness["size"]
    return plain(" ".join(f"{letter}={size}" for letter, size in where.items()))


def place(witness: Witness) -> str:
    """Where a witness is: its sizes and how many draws are not zero, or its point."""
    return sizes(witness) if witness.get("point") else f"{sizes(witness)}, {witness['nonzero']} nonzero draws"


def standing(verdict: Verdict) -> str:
    """The grade and whether it was expected, e.g. "REFUTED, as expected" or "TESTED, PROVED expected"."""
    grade, expects = verdict["grade"], verdict["expects"]
    ours = grade == "REFUTED" and verdict["id"].endswith("-as-read")
    words: list[str] = [grade]
    if not verdict["as_expected"]:
        words.append(f"{expects} expected" if expects != grade else "not as expected")
    elif grade == "REFUTED":
        words.append("as expected")
    return ", ".join([*words, "refutes our reading"] if ours else words)


def repair_of(verdict: Verdict, verdicts: Iterable[Verdict]) -> Verdict | None:
    """The claim that repairs a `-printed` or `-as-read` one: same source, most similar id; else None."""
    if not verdict["id"].endswith(_WRONG):
        return None
    stem = re.sub(f"({'|'.join(_WRONG)})$", "", verdict["id"])
    source = stem.rsplit("/", 1)[0] + "/"
    others = {v["id"]: v for v in verdicts if v["id"].startswith(source) and not v["id"].endswith(_WRONG)}
    near = [i for i in (stem, f"{stem}-repaired") if i in others]
    near = near or sorted(i for i in others if i.startswith(f"{stem}-"))
    numbered = [i for i in others if _NUMBER.findall(i) == _NUMBER.findall(stem)]  # J04 is not J31, though spelt alike
    near = near or difflib.get_close_matches(stem, numbered, n=1, cutoff=0.8)
    return others[near[0]] if near else None


def noun(given: str) -> str:
    """What the lanes of a kind of world are called."""
    return "points" if given.startswith("Box") else "matrices" if "Matri" in given else "networks"


def _lanes(count: int, given: str, room: Room) -> str:
    """How many lanes were admissible, and what a lane of this kind of world is called."""
    shown = f"{count:,}" if room == "full" or count < 1000 else f"{count / 1e3:.3g}k"
    shown = f"{count / 1e6:.3g}M" if room != "full" and count >= 999_500 else shown
    return f"{shown} {noun(given)}"


def _length(verdict: Verdict) -> str:
    """The length of a stored derivation or certificate, e.g. "5 steps", "1,024 leaves"; empty where it does not say."""
    for one, many in (("step", "steps"), ("fact", "facts"), ("leaf", "leaves"), ("size", "sizes")):
        found = (verdict["derivation"] or {}).get(many)
        count = len(found) if isinstance(found, list) else found
        if isinstance(count, int):
            return f"{count:,} {one if count == 1 else many}"
    return ""


def facing(sides: Sequence[str], show: Callable[[str], str] = plain) -> str:
    """The sides of a relation that fails, each as `show` has it: "2 against 1", or "both sides are 0"."""
    # The text of a ball, "[3.14 +/- 0.01]", may be that of two numbers.
    same = len(sides) == 2 and sides[0] == sides[1] and "+/-" not in sides[0]
    return f"both sides are {show(sides[0])}" if same else " against ".join(map(show, sides))


def _short(side: str) -> str:
    side = plain(side)
    return side if len(side) <= 12 else f"{side[:10]}.."


def _against(verdict: Verdict, room: Room) -> str:
    """What a refutation rests on, e.g. "as expected: 2 against 1 at m=2 n=2"."""
    witness = verdict["witness"]
    lead = "as expected" if verdict["as_expected"] else ""
    lead = "refutes our reading" if verdict["id"].endswith("-as-read") else lead
    if room == "short":
        return lead or "counterexample"
    seen = facing(witness["sides"], _short) if witness else ""
    seen += f" at {sizes(witness)}" if witness and room == "full" else ""
    return ": ".join(filter(None, [lead, seen])) or "by draws"


def evidence(verdict: Verdict, room: Room = "full") -> str:
    """What a verdict rests on, e.g. "derivation 5 steps + 212,000 networks, 4/4 mutants caught"."""
    if verdict["error"] is not None:
        return "its own code raised"
    if verdict["grade"] == "REFUTED":
        return _against(verdict, room)
    kinds, length = {finding["type"] for finding in verdict["findings"]}, _length(verdict)
    formal = [kind for kind in ("derivation", "enclosure") if kind in kinds]
    parts = [f"{kind} {length}".strip() if room == "full" else length or kind for kind in formal]
    if "search" in kinds:
        seen = sum(finding.get("counts", {}).get("admissible", 0) for finding in verdict["findings"])
        lanes = _lanes(seen, verdict["statement"]["given"], room)
        parts.append(lanes.split()[0] if parts and room == "short" else lanes)
    if "statistical" in kinds:
        seen = sum(finding.get("counts", {}).get("admissible", 0) for finding in verdict["findings"])
        parts.append(f"{_lanes(seen, '', room).split()[0]} draws" if seen else "a test on draws")
    # The author's mutants have to die; the engine's own may be true, and are told of in the details.
    text, mutants = " + ".join(parts) or "nothing", [m for m in verdict["mutants"] if m["by"] == "author"]
    noun = {"full": " mutants caught", "medium": " mutants", "short": ""}[room]
    return f"{text}, {sum(m['refuted'] for m in mutants)}/{len(mutants)}{noun}" if mutants else text


def drew(finding: Finding) -> bool:
    """Whether a finding is of networks that were drawn and counted."""
    return finding.get("counts") is not None


def likelihood(finding: Finding) -> str:
    """What a test of how likely something is could tell, as a sentence; empty of another finding."""
    told = finding.get("chance")
    if not told:
        return ""
    at = f"Judged at {told['points']:,} design point{'s' * (told['points'] != 1)}"
    at += f", {told['enumerated']:,} of them by all outcomes" if told["enumerated"] else ""
    if told["draws"]:
        at += f", with {told['draws']:,} independent draws"
    if told["noticed"] is not None and told["noticed"] != told["allowed"]:
        at += (
            f"; where a failure probability of {told['allowed']:.3g} is allowed, one of {told['noticed']:.3g} would "
            f"have been noticed with probability {told['power']:g}"
        )
    return f"{at}; by chance {told['law']}."


def tally(verdicts: Sequence[Verdict]) -> str:
    """The claims by grade, best first: "5 claims: 1 PROVED, 1 CERTIFIED, 2 TESTED, 1 REFUTED"."""
    counted = [(grade, sum(v["grade"] == grade for v in verdicts)) for grade in reversed(GRADES)]
    grades = ", ".join(f"{count} {grade}" for grade, count in counted if count)
    return f"{len(verdicts)} claim{'s' * (len(verdicts) != 1)}" + (f": {grades}" if grades else "")


def unfinished(record: Record) -> str:
    """Why a record is not whole, as one sentence; empty where it is."""
    missing, stopped = len(record.missing), record.end["stopped"] if record.end else None
    why = {"budget": "The time budget ran out", "interrupted": "The run was interrupted", None: ""}[stopped]
    why = why if record.end else f"The record breaks off{' in the middle of a line' * record.truncated}"
    left = (
        f"{missing} of {len(record.run['claims'])} claims {'have' if missing > 1 else 'has'} no verdict"
        if missing
        else ""
    )
    return f"{': '.join(filter(None, [why, left]))}." if why or left else ""


def setting(record: Record) -> str:
    """How a run was set up: "lakatos 0.1.0, effort quick, seed 0, cpu float64"."""
    run = record.run
    devices = " and ".join(f"{device['name']} {'/'.join(device['dtypes'])}" for device in run["device"])
    words = [f"lakatos {run['lakatos']}", f"effort {run['effort']}", f"seed {run['seed']}", devices]
    return plain(", ".join(word for word in words if word))
