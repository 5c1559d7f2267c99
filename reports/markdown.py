"""A record as Markdown, for a README or a pull request."""

import re
from collections.abc import Iterable, Sequence

from reports.asked import MEASURES, measured
from reports.phrases import (
    EXIT_MEANS,
    drew,
    evidence,
    facing,
    likelihood,
    place,
    plain,
    quantity,
    repair_of,
    setting,
    standing,
    tally,
    unfinished,
)
from reports.record import Formula, Record, Verdict, Witness, worst_first
from reports.sharpened import DESIGNS, designs, sentences

_SPECIAL = re.compile(r"[\\`*\[\]|$~]|<(?=[a-zA-Z/!?])|&(?=[#\w])|(?<!\w)_|_(?!\w)|^[#>=]|^[-+](?=\s)|^:(?=:)")
_CALLS = re.compile(r"(?<!\w)@(?=\w)|#(?=\d)")


def uncalled(text: str) -> str:
    """Text in which "@name" and "#12" are words: nobody is called and no issue is linked."""
    return _CALLS.sub("\\g<0>\N{WORD JOINER}", text)


def escape(text: str) -> str:
    """Text that Markdown shows as it stands, on one line, also in a table, and that calls nobody."""
    return uncalled(_SPECIAL.sub(lambda found: f"\\{found[0]}", plain(text)))


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
    return f"$`{plain(formula['latex']).replace('`', chr(39))}`$"  # a backtick would end it


def _fenced(language: str, text: str) -> list[str]:
    """The lines of a block of code, or of mathematics, that nothing in the text ends."""
    text = plain(text)
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return [f"{fence}{language}", text, fence]


def _target(link: str) -> str:
    return plain(link).replace("<", "%3C").replace(">", "%3E")


def _share(share: float) -> str:
    return f"{share:.0%}"


def _named(counts: dict[str, int]) -> str:
    return escape(", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in counts.items()))


def _statement(verdict: Verdict) -> list[str]:
    statement = verdict["statement"]
    lines = [*_fenced("math", statement["says"]["latex"]), "", f"- in every world of {code(statement['given'])}"]
    lines += [f"- assuming {_math(formula)}" for formula in statement["assuming"]]
    return [*lines, *(f"- where {_math(formula)}" for formula in statement["where"]), ""]


def _findings(verdict: Verdict) -> list[str]:
    lines = []
    for finding in verdict["findings"]:
        lines.append(f"- **{escape(finding['type'])}**, {escape(finding['grade'])}: {escape(finding['summary'])}")
        if finding["rests_on"]:
            lines.append(f"  - rests on: {escape('; '.join(finding['rests_on']))}")
        if drew(finding):
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
            if likelihood(finding):
                lines.append(f"  - {escape(likelihood(finding))}")
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
                    escape(m["by"]),
                    code(m["statement"]),
                    fate.get((m["refuted"], m["proved"]), "**survived**" if m["by"] == "author" else "not refuted"),
                    f"{escape(m['effort']['stage'])}, {m['effort']['lanes']:,} lane{'s' * (m['effort']['lanes'] != 1)}",
                    _small(m["witness"]),
                ]
                for m in verdict["mutants"]
            ),
        )
        lines.append("")
    if verdict["ablation"]:
        rows = ([code(a["hypothesis"]), escape(a["needed"]), _small(a["witness"])] for a in verdict["ablation"])
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


def section(verdict: Verdict, verdicts: Sequence[Verdict]) -> str:
    """A claim in full, with a heading: what it says, why, the counterexample, findings, mutants and tightness."""
    source, witness, repair = verdict["source"], verdict["witness"], repair_of(verdict, verdicts)
    reference = escape(source["reference"]) or "no reference"
    reference = f"[{reference}](<{_target(source['link'])}>)" if source["link"] else reference
    written = code(f"{verdict['file']}:{verdict['line']}")
    lines = [f"### {escape(verdict['id'])}: {escape(standing(verdict))}", "", escape(verdict["title"]), ""]
    lines += [f"*{reference} ({escape(source['provenance'])}), {written}*", "", *_statement(verdict)]
    lines += [f"**{escape(verdict['reason'])}**", ""] if verdict["reason"] else []
    lines += [f"Error in the claim's own code: {code(verdict['error'])}", ""] if verdict["error"] else []
    lines += [f"Its repair is {code(repair['id'])}: {escape(standing(repair))}.", ""] if repair else []
    if witness:
        fails = f"{code(witness['sentence'])} fails: {facing(witness['sides'], code)}"
        kink = "; on a kink, so it speaks only about backprop gradients" if witness["kink"] else ""
        lines += [f"{fails}, at {escape(place(witness))}{kink}.", ""]
        lines += [*_fenced("sh", witness["replay"]), ""]
    lines += [*_findings(verdict), *_tables(verdict), *_asked(verdict)]
    found = verdict["sharpening"]
    if found:
        lines += [f"Sharpening: {escape(found['says'])}.", ""]
        rows = [[escape(cell) for cell in row] for row in designs(found)]
        lines += [*table(DESIGNS, rows), ""] if rows else []
        lines += [*(f"- {escape(line)}" for line in sentences(found)), ""] if sentences(found) else []
    return "\n".join(lines)


def render(record: Record, history: Sequence[Record] = (), *, max_bytes: int | None = None) -> str:
    """The report: a table, worst first, and a section for every claim.

    At most `max_bytes` bytes of UTF-8 where given (GitHub takes 65,536 in a comment): whole sections, then whole rows,
    are left out from the end, and the last line says which. Raises ValueError where not even that line has room.
    """
    verdicts = worst_first(record.verdicts)
    rows = [
        [
            "ok" if v["as_expected"] else "**!**",
            escape(standing(v)) if v["as_expected"] else f"**{escape(standing(v))}**",
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
    blocks = ["\n".join([*top, *lines[:2]]), *lines[2:], *("\n" + section(v, verdicts).rstrip() for v in verdicts)]
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
