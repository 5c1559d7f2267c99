"""A record as Markdown, for a README or a pull request; and the short phrases that the terminal's report shares."""

import difflib
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from reports.asked import MEASURES, measured
from reports.record import GRADES, Formula, Quantity, Record, Verdict, Witness, as_number, worst_first
from reports.sharpened import DESIGNS, designs, sentences

Room = Literal["full", "medium", "short"]
_WRONG = ("-printed", "-as-read")

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
    stem = re.sub(f"({'|'.join(_WRONG)})$", "", verdict["id"])
    source = stem.rsplit("/", 1)[0] + "/"
    others = {v["id"]: v for v in verdicts if v["id"].startswith(source) and not v["id"].endswith(_WRONG)}
    near = [i for i in (stem, f"{stem}-repaired") if i in others]
    near = near or sorted(i for i in others if i.startswith(f"{stem}-"))
    near = near or difflib.get_close_matches(stem, others, n=1, cutoff=0.8)
    return others[near[0]] if near and verdict["id"].endswith(_WRONG) else None


def _lanes(count: int, given: str, room: Room) -> str:
    """How many lanes were admissible, and what a lane of this kind of world is called."""
    noun = "points" if given.startswith("Box") else "matrices" if "Matri" in given else "networks"
    shown = f"{count:,}" if room == "full" or count < 1000 else f"{count / 1e3:.3g}k"
    shown = f"{count / 1e6:.3g}M" if room != "full" and count >= 999_500 else shown
    return f"{shown} {noun}"


def _length(verdict: Verdict) -> str:
    """The length of a stored derivation or certificate, e.g. "5 steps", "1,024 leaves"; empty where it does not say."""
    for one, many in (("step", "steps"), ("fact", "facts"), ("leaf", "leaves")):
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
    parts += ["a test on draws"] if "statistical" in kinds else []
    # The author's mutants have to die; the engine's own may be true, and are told of in the details.
    text, mutants = " + ".join(parts) or "nothing", [m for m in verdict["mutants"] if m["by"] == "author"]
    noun = {"full": " mutants caught", "medium": " mutants", "short": ""}[room]
    return f"{text}, {sum(m['refuted'] for m in mutants)}/{len(mutants)}{noun}" if mutants else text


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


_SPECIAL = re.compile(r"[\\`*\[\]|$~]|<(?=[a-zA-Z/!?])|&(?=[#\w])|(?<!\w)_|_(?!\w)|^[#>=]|^[-+](?=\s)")


def escape(text: str) -> str:
    """Text that Markdown shows as it stands, on one line, also in a table."""
    return _SPECIAL.sub(lambda found: f"\\{found[0]}", plain(text))


def code(text: str) -> str:
    """Text as a code span."""
    text = plain(text)
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence} {text} {fence}" if "`" in text else f"`{text}`"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a Markdown table; cells are Markdown already."""
    lines = [head, ["---"] * len(head), *rows]
    pipe, escaped = re.compile(r"(?<!\\)[|]"), r"\\|"
    return [f"| {' | '.join(pipe.sub(escaped, cell) for cell in line)} |" for line in lines]


def _math(formula: Formula) -> str:
    """A formula in a line of text, in the form that GitHub and GitLab protect from Markdown."""
    return f"$`{plain(formula['latex'])}`$"


def _share(share: float) -> str:
    return f"{share:.0%}"


def _named(counts: dict[str, int]) -> str:
    return escape(", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in counts.items()))


def _statement(verdict: Verdict) -> list[str]:
    statement = verdict["statement"]
    lines = ["```math", plain(statement["says"]["latex"]), "```", "", f"- in every world of {code(statement['given'])}"]
    lines += [f"- assuming {_math(formula)}" for formula in statement["assuming"]]
    return [*lines, *(f"- where {_math(formula)}" for formula in statement["where"]), ""]


def _findings(verdict: Verdict) -> list[str]:
    lines = []
    for finding in verdict["findings"]:
        lines.append(f"- **{finding['type']}**, {finding['grade']}: {escape(finding['summary'])}")
        if finding["rests_on"]:
            lines.append(f"  - rests on: {escape('; '.join(finding['rests_on']))}")
        if finding["type"] == "search":
            where = f"{finding['device']} {finding['dtype']}"
            lines.append(f"  - counts ({escape(where)}): {_named(finding['counts'])}")
            lines.append(f"  - corners: {_named(finding['corners']) or 'none'}")
            shares = f"non-trivial in {_share(finding['nontrivial_share'])}, exact in {_share(finding['exact_share'])}"
            lines.append(f"  - stages: {_named(finding['stages'])}; {shares}; allowance {code(finding['allowance'])}")
            bound = finding["violation_bound"]
            if bound:
                law = f"{bound['draws']:,} draws, {bound['law']}"
                share = f"{bound['upper']:.3g} at confidence {bound['confidence']:.3g}"
                lines.append(f"  - share of violations at most {share} ({escape(law)})")
            if finding["stopped"]:
                lines.append("  - stopped: the time budget ran out")
    return [*lines, ""]


def _small(witness: Witness | None) -> str:
    if witness is None:
        return "-"
    kink = ", on a kink" if witness["kink"] else ""
    return escape(f"{facing(witness['sides'])} at {place(witness).removesuffix(' draws')}{kink}")


def _tables(verdict: Verdict) -> list[str]:
    lines = []
    if verdict["mutants"]:
        fate = {(True, False): "caught", (False, True): "**proved**", (True, True): "**refuted and proved**"}
        head = ["mutant", "by", "statement", "fate", "effort", "witness"]
        lines += table(
            head,
            (
                [
                    escape(m["name"]),
                    m["by"],
                    code(m["statement"]),
                    fate.get((m["refuted"], m["proved"]), "**survived**" if m["by"] == "author" else "not refuted"),
                    f"{m['effort']['stage']}, {m['effort']['lanes']:,} lane{'s' * (m['effort']['lanes'] != 1)}",
                    _small(m["witness"]),
                ]
                for m in verdict["mutants"]
            ),
        )
        lines.append("")
    if verdict["ablation"]:
        rows = ([code(a["hypothesis"]), a["needed"], _small(a["witness"])] for a in verdict["ablation"])
        lines += [*table(["hypothesis", "is", "witness without it"], rows), ""]
    if verdict["tightness"]:
        worst = verdict["tightness"]["worst_by_design"]
        lines += [f"Tightness (value / bound), worst: **{quantity(verdict['tightness']['worst'])}**."]
        for field, values in worst.items():
            lines.append(f"- {escape(', '.join(f'{quantity(v)} at {field}={k}' for k, v in values.items()))}")
        lines.append("")
    return lines


def _asked(verdict: Verdict) -> list[str]:
    """Where the claim says nothing, and what was measured; both on networks drawn by a named law."""
    lines, vacuity = [], verdict.get("vacuity")
    if vacuity:
        lines.append(f"Vacuity: {escape(vacuity['words'])}.")
        lines += [f"- says nothing when {code(vacuity['when'])}: {escape(vacuity['means'])}"]
        lines += [f"- because {code(vacuity['because'])}: {escape(vacuity['why'] or '')}"] if vacuity["because"] else []
        lines += [f"- the law: {escape(vacuity['law'])}", ""]
    rows = [[escape(cell) for cell in row] for row in measured(verdict.get("measures", {}))]
    head = "Measures, on the networks of the statistical arm that meet the hypotheses:"
    return [*lines, head, "", *table(MEASURES, rows), ""] if rows else lines


def _section(verdict: Verdict, verdicts: Sequence[Verdict]) -> str:
    source, witness, repair = verdict["source"], verdict["witness"], repair_of(verdict, verdicts)
    reference = escape(source["reference"]) or "no reference"
    reference = f"[{reference}](<{plain(source['link']).replace('>', '%3E')}>)" if source["link"] else reference
    written = code(f"{verdict['file']}:{verdict['line']}")
    lines = [f"### {escape(verdict['id'])}: {standing(verdict)}", "", escape(verdict["title"]), ""]
    lines += [f"*{reference} ({source['provenance']}), {written}*", "", *_statement(verdict)]
    lines += [f"**{escape(verdict['reason'])}**", ""] if verdict["reason"] else []
    lines += [f"Error in the claim's own code: {code(verdict['error'])}", ""] if verdict["error"] else []
    lines += [f"Its repair is {code(repair['id'])}: {standing(repair)}.", ""] if repair else []
    if witness:
        fails = f"{code(witness['sentence'])} fails: {facing(witness['sides'], code)}"
        kink = "; on a kink, so it speaks only about backprop gradients" if witness["kink"] else ""
        lines += [f"{fails}, at {place(witness)}{kink}.", ""]
        lines += ["```sh", plain(witness["replay"]), "```", ""]
    lines += [*_findings(verdict), *_tables(verdict), *_asked(verdict)]
    found = verdict["sharpening"]
    if found:
        lines += [f"Sharpening: {escape(found['says'])}.", ""]
        rows = [[escape(cell) for cell in row] for row in designs(found)]
        lines += [*table(DESIGNS, rows), ""] if rows else []
        lines += [*(f"- {escape(line)}" for line in sentences(found)), ""] if sentences(found) else []
    return "\n".join(lines)


def render(record: Record, *, max_bytes: int | None = None) -> str:
    """The report: a table, worst first, and a section for every claim.

    At most `max_bytes` bytes of UTF-8 where given (GitHub takes 65,536 in a comment): whole sections, then whole rows,
    are left out from the end, and the last line says which. Raises ValueError where not even that line has room.
    """
    verdicts = worst_first(record.verdicts)
    rows = [
        [
            "ok" if v["as_expected"] else "**!**",
            standing(v) if v["as_expected"] else f"**{standing(v)}**",
            code(v["id"]),
            escape(evidence(v)),
            quantity(v["tightness"]["worst"] if v["tightness"] else None),
            f"{v['seconds']:.1f} s",
        ]
        for v in verdicts
    ]
    exits = f" Exit {record.end['exit']}: {EXIT_MEANS[record.end['exit']]}." if record.end else ""
    top = ["# Lakatos report", "", f"{tally(verdicts)}.{exits} {escape(unfinished(record))}".strip(), ""]
    top += [f"*{escape(setting(record))}*", ""]
    lines = table(["", "grade", "claim", "rests on", "tightness", "time"], rows)
    blocks = ["\n".join([*top, *lines[:2]]), *lines[2:], *("\n" + _section(v, verdicts).rstrip() for v in verdicts)]
    text = "\n".join(blocks) + "\n"
    if max_bytes is None or len(text.encode()) <= max_bytes:
        return text
    for kept in range(len(blocks) - 1, 0, -1):
        what = f"the sections of {2 * len(verdicts) + 1 - kept} claims"
        if kept <= len(verdicts):
            what = f"{len(verdicts) + 1 - kept} rows and every section"
        text = "\n".join([*blocks[:kept], "", f"*Cut to {max_bytes:,} bytes: {what} were left out.*", ""])
        if len(text.encode()) <= max_bytes:
            return text
    raise ValueError(f"a report does not fit into {max_bytes:,} bytes; give max_bytes 1,000 or more")
