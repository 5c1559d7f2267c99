"""A record as an appendix for a paper: a document for pdflatex or tectonic, and a body that a paper takes with \\input.

Text goes through `reports/tex.py`, formulas through `reports/texmath.py`: a record may come from anybody, and neither
lets anything through that does more than to be shown. `snippet` is one counterexample, for a remark or a rebuttal.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby

from reports.asked import MEASURES, measured
from reports.phrases import (
    EXIT_MEANS,
    drew,
    evidence,
    facing,
    likelihood,
    place,
    quantity,
    repair_of,
    standing,
    tally,
    unfinished,
)
from reports.record import GRADES, Finding, Formula, Grade, Mutant, Record, Verdict, Witness, worst_first
from reports.sharpened import DESIGNS, designs, sentences
from reports.tex import code, link, text
from reports.texframe import FOOT, HEAD, MACROS, wrapped
from reports.texlines import abridged, lines
from reports.texmath import formula

ROOM = 41.0
"""Width of a displayed line in em: that of the text of an article in 10pt."""
OF_EVERY_SEARCH = ("draws", "appeals of accusations and closest calls")
ALWAYS_COUNTED = ("drawn", "admissible", "distinct", "worlds")

MEANS: dict[Grade, str] = {
    "PROVED": "derived by named rules; a small separate checker has replayed every step",
    "CERTIFIED": "a stated box is covered by smaller ones, on each of which it is proved",
    "TESTED": "a search that found nothing against the claim, and found its false neighbours",
    "INCONCLUSIVE": "too little was seen, or a false neighbour survived",
    "REFUTED": "a counterexample that exact arithmetic confirmed",
}


def render(record: Record, history: Sequence[Record] = ()) -> str:
    """The appendix: how the run was set up, a table of all claims, worst first, and a section for every source."""
    body = [MACROS, r"\section{Claims judged by Lakatos}", *_summary(record), *_setup(record), *_table(record)]
    names, usual = _names(record), _common_allowance(record)
    groups = sorted(record.verdicts, key=lambda v: (v["id"].partition("/")[0], v["id"]))
    for source, verdicts in groupby(groups, key=lambda v: v["id"].partition("/")[0]):
        safe = "".join(c if c.isascii() and c.isalnum() else "-" for c in source[:80])
        body.append(rf"\lakatosgroup{{{text(source)}}}{{{safe}}}")
        for k, verdict in enumerate(verdicts):
            body += [r"\lakatosgap"] if k else [r"\nopagebreak\vspace{1.6ex}\nopagebreak"]
            body += _claim(verdict, names[verdict["id"]], record.verdicts, usual)
    return HEAD + "\n".join(map(wrapped, body)) + "\n" + FOOT


def snippet(verdict: Verdict) -> str:
    r"""A paragraph for a remark or a rebuttal: what fails, where, both sides exactly, the command that replays it.

    It needs amsmath alone, defines nothing and has no \begin. Empty where the verdict has no counterexample.
    """
    witness = verdict["witness"]
    if witness is None:
        return ""
    says = formula(verdict["statement"]["says"]["latex"])
    fits = says is not None and says.width <= ROOM / 2
    said = rf"\({says.latex}\)" if says and fits else code(verdict["statement"]["says"]["text"])
    of = "our reading of " if verdict["source"]["provenance"] == "as-read" else ""
    source = f" ({of}{text(verdict['source']['reference'])})" if verdict["source"]["reference"] else ""
    assuming = "; ".join(map(_inline, verdict["statement"]["assuming"]))
    under = f" Its hypotheses hold there: {assuming}." if assuming else ""
    return wrapped(
        f"% {_comment(verdict['id'])}: needs amsmath.\n"
        f"{{\\raggedright\\noindent\\textbf{{Counterexample.}} The statement {said}{source} fails. "
        f"{_counterexample(witness)}{under}\n"
        f"Exact arithmetic confirmed it; {code(witness.get('replay', ''))} judges it again.\\par}}"
    )


def _comment(words: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c in "/-._ ") else "?" for c in words)[:200]


# -- the run -------------------------------------------------------------------------------------------------------


def _names(record: Record) -> dict[str, str]:
    """The targets of links, by the ids of claims."""
    return {v["id"]: f"lakatos-{k}" for k, v in enumerate(record.verdicts, 1)}


def _summary(record: Record) -> list[str]:
    counts = {grade: sum(v["grade"] == grade for v in record.verdicts) for grade in reversed(GRADES)}
    end = record.end
    exits = f" Exit code {end['exit']}: {text(EXIT_MEANS.get(end['exit'], ''))}." if end else ""
    rows = [rf"{g} & {n:,} & {MEANS[g]} \\" for g, n in counts.items() if n]
    return [
        f"{text(tally(record.verdicts).partition(':')[0])}.{exits} {text(unfinished(record))}",
        "",
        r"\smallskip\noindent\begin{tabular}{@{}lr@{\quad}>{\raggedright\arraybackslash}p{0.7\linewidth}@{}}\toprule",
        r"grade & claims & rests on \\ \midrule",
        *rows,
        r"\bottomrule\end{tabular}",
        "",
    ]


def _setup(record: Record) -> list[str]:
    run, end = record.run, record.end
    yes = {True: "on", False: "off"}
    rows = [
        ("Lakatos", f"{text(run['lakatos'])}, effort {text(run['effort'])}, seed {run['seed']:d}"),
        ("commit", code(run["commit"]) if run["commit"] else "not known"),
        ("command", code(run["command"])),
    ]
    for device in run["device"]:
        how = f"TF32 {yes[bool(device['tf32'])]}, deterministic algorithms {yes[bool(device['deterministic'])]}"
        dtypes = " and ".join(map(text, device["dtypes"]))
        rows.append(("device", f"{text(device['name'])} ({text(device['description'])}), {dtypes}; {how}"))
    rows.append(("versions", text(", ".join(f"{name} {version}" for name, version in run["versions"].items()))))
    if run["data"]:
        rows.append(("data", f"{text(run['data']['name'])}, sha256 {code(run['data']['sha256'])}"))
    rows.append(("started", text(run["started"])))
    budget = f" of at most {run['budget_s']:,.0f} s" if run["budget_s"] else ""
    allowance = _common_allowance(record)
    if allowance:
        rows.append(("allowance", f"{code(allowance)} in every search but where another is told"))
    rows.append(("time", f"{end['seconds']:,.1f} s{budget}" if end else f"not told{budget}"))
    cells = [rf"{label} & {value} \\" for label, value in rows]
    return [
        r"\lakatoshead{How it was run}",
        r"\noindent\begin{tabular}{@{}l>{\raggedright\arraybackslash}p{0.82\linewidth}@{}}",
        *cells,
        r"\end{tabular}",
        "",
    ]


def _table(record: Record) -> list[str]:
    names = _names(record)
    head = r"claim & grade & rests on, mutants & tight \\"
    column = r">{\raggedright\arraybackslash\hangindent=1em }p"
    out = [
        r"\lakatoshead{All claims}",
        r"\noindent The least expected first. \emph{Tight} is the largest value / bound that was seen. Every search",
        "rests on draws, and on exact appeals of accusations and of closest calls.",
        r"{\footnotesize\frenchspacing\setlength{\tabcolsep}{0.0133\linewidth}",
        rf"\begin{{longtable}}{{@{{}}{column}{{0.40\linewidth}}{column}{{0.17\linewidth}}{column}{{0.26\linewidth}}"
        r">{\raggedleft\arraybackslash}p{0.09\linewidth}@{}}",
        rf"\toprule {head} \midrule\endfirsthead \toprule {head} \midrule\endhead \bottomrule\endfoot",
    ]
    for verdict in worst_first(record.verdicts):
        grade = _grade(verdict)
        tight = text(quantity(verdict["tightness"]["worst"] if verdict["tightness"] else None))
        claim = rf"\hyperlink{{{names[verdict['id']]}}}{{{code(verdict['id'])}}}"
        out.append(rf"{claim} & {grade} & {text(evidence(verdict, 'medium'))} & {tight} \\[0.3ex]")
    return [*out, r"\end{longtable}}", ""]


def _grade(verdict: Verdict) -> str:
    """The grade; where it is not as expected, in bold and with what was."""
    if verdict["as_expected"]:
        return str(text(verdict["grade"]))
    return rf"\textbf{{{text(standing(verdict))}}}"


# -- a claim -------------------------------------------------------------------------------------------------------


def _claim(verdict: Verdict, name: str, verdicts: Sequence[Verdict], usual: str) -> list[str]:
    says = verdict["statement"]["says"]
    lead = rf"\lakatosclaim{{{name}}}{{{code(verdict['id'])}}}{{{text(standing(verdict))}}}"
    facts = [("assuming", r"\\ ".join(map(_fitted, verdict["statement"]["assuming"])))]
    facts.append(("where", r"\\ ".join(map(_fitted, verdict["statement"]["where"]))))
    facts.append(("in every", code(verdict["statement"]["given"])))
    facts.append(("source", _source(verdict)))
    facts.append(("verdict", _reason(verdict)))
    if verdict["witness"]:
        facts.append(("counterexample", _counterexample(verdict["witness"])))
        facts.append(("replay", code(verdict["witness"].get("replay", ""))))
    repair = repair_of(verdict, verdicts)
    facts += [("repair", f"{code(repair['id'])}: {text(standing(repair))}")] if repair else []
    facts += [(text(finding["type"]), _finding(finding, verdict, usual)) for finding in verdict["findings"]]
    facts.append(("mutants", r"\\ ".join(map(_mutant, verdict["mutants"]))))
    facts.append(
        ("hypotheses", "; ".join(f"{code(a['hypothesis'])}: {text(a['needed'])}" for a in verdict["ablation"] or ()))
    )
    facts.append(("tightness", _tightness(verdict)))
    facts += _asked(verdict)
    facts += _sharpening(verdict)
    items = [rf"\item[{label}] {value}" for label, value in facts if value]
    title = [rf"{{\raggedright {text(verdict['title'])}\par}}"] if verdict["title"] else []
    return [lead, *title, *_display(says), r"\begin{lakatosfacts}", *items, r"\end{lakatosfacts}", ""]


def _display(says: Formula) -> list[str]:
    """A statement on lines of its own: as a formula, with names for parts of one that is too long; else as text."""
    found = formula(says["latex"])
    if found is None:
        return ["", rf"\smallskip{{\raggedright {code(says['text'])}\par}}\smallskip"]
    short, named = abridged(found, ROOM)
    out = [rf"\lakatosdisplay{{{_aligned(lines(short, ROOM))}}}"]
    if named:
        where = [rf"{name} = {slot.latex}" for name, slot in named]
        out += [r"{\small\noindent with", *(rf"\lakatosdisplay{{{line}}}" for line in where), r"\par}"]
    return out


def _aligned(rows: Sequence[str]) -> str:
    if len(rows) == 1:
        return rows[0]
    return r"\begin{aligned} " + r" \\ ".join(f"& {row}" for row in rows) + r" \end{aligned}"


def _fitted(one: Formula) -> str:
    """A formula that stands alone in a line of text."""
    found = formula(one["latex"])
    return rf"\lakatosfit{{{found.latex}}}" if found else code(one["text"])


def _inline(one: Formula) -> str:
    found = formula(one["latex"])
    return rf"\({found.latex}\)" if found else code(one["text"])


def _source(verdict: Verdict) -> str:
    source = verdict["source"]
    reference = text(source["reference"]) or "no reference"
    reference = link(source["link"], reference) if source["link"] else reference
    address = source["link"] or ""
    elsewhere = f"; see {code(address)}" if address and not address.startswith("http") else ""
    place_of = code(f"{verdict['file']}:{verdict['line']}")
    return (
        f"{reference} ({text(source['provenance'])}){elsewhere}; {place_of}; hash {code(verdict['statement']['hash'])}"
    )


def _reason(verdict: Verdict) -> str:
    told = text(verdict["reason"]) or text(evidence(verdict))
    error = f" Error in the claim's own code: {code(verdict['error'])}." if verdict["error"] else ""
    return f"{_sentence(told)}{error}"


def _sentence(words: str) -> str:
    return words if words.endswith((".", "!", "?")) else f"{words}."


def _counterexample(witness: Witness) -> str:
    sentence = code(witness["sentence"]) if witness.get("sentence") else "The statement"
    where = code(place(witness)) if witness.get("point") else text(place(witness))
    kink = " It lies on a kink, so it speaks of the gradients of backpropagation alone." if witness["kink"] else ""
    return f"{sentence} fails: {facing(witness['sides'], code)}, at {where}.{kink}"


def _finding(finding: Finding, verdict: Verdict, usual: str) -> str:
    """What a finding adds to the verdict's reason."""
    told = []
    if finding["summary"] not in verdict["reason"]:
        told.append(_sentence(text(finding["summary"])))
    rests = [one for one in finding["rests_on"] if one not in OF_EVERY_SEARCH]
    stated = [one for one in rests if _of_the_box(one, verdict["statement"]["given"])]
    rests = [*(["the box"] if stated else []), *(one for one in rests if one not in stated)]
    if rests:
        told.append(f"Rests on {text('; '.join(rests))}.")
    if drew(finding):
        told += _search(finding, usual)
    return " ".join(told)


def _of_the_box(premise: str, given: str) -> bool:
    """Whether a premise is the range of a word that the kind of world states already."""
    word, _, interval = premise.removesuffix(")").removesuffix("]").replace(" an integer in ", " in ").partition(" in ")
    return given.startswith("Box(") and bool(interval) and f":{word}: {interval}" in given


def _search(finding: Finding, usual: str) -> Iterable[str]:
    counts = {name: n for name, n in finding["counts"].items() if n or name in ALWAYS_COUNTED}
    yield f"On {text(finding['device'])} in {text(finding['dtype'])}: {_counted(counts)}."
    if finding["corners"]:
        yield f"Corners: {_counted(finding['corners'])}."
    yield f"Non-trivial in {_share(finding['nontrivial_share'])}, exact in {_share(finding['exact_share'])}."
    if finding["allowance"] != usual:
        yield f"Allowance {code(finding['allowance'])}."
    bound = finding["violation_bound"]
    if bound:
        law = f"{bound['draws']:,} draws, {text(bound['law'])}"
        yield f"Share of violations at most {bound['upper']:.3g} at confidence {bound['confidence']:.3g} ({law})."
    if likelihood(finding):
        yield text(likelihood(finding))
    if finding["stopped"]:
        yield "The time budget ran out."


def _common_allowance(record: Record) -> str:
    """The allowance that most searches of a record have; empty without a search."""
    counts = Counter(f["allowance"] for v in record.verdicts for f in v["findings"] if drew(f))
    return counts.most_common(1)[0][0] if counts else ""


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{text(name.replace('_', ' '))} {count:,}" for name, count in counts.items())


def _share(share: float) -> str:
    return rf"{100 * share:.0f}\,\%"


def _mutant(mutant: Mutant) -> str:
    fate = "caught" if mutant["refuted"] else "survived" if mutant["by"] == "author" else "not refuted"
    fate = {(True, True): "refuted and proved", (False, True): "proved"}.get(
        (mutant["refuted"], mutant["proved"]), fate
    )
    strong = fate if fate in ("caught", "not refuted") else rf"\textbf{{{fate}}}"
    by = "" if mutant["by"] == "author" else ", of the engine"
    seen = mutant["witness"]
    found = f": {facing(seen['sides'], code)} at {text(place(seen).removesuffix(' draws'))}" if seen else ""
    said = "" if mutant["refuted"] else f": {code(mutant['statement'])}"
    return f"{text(mutant['name'])} ({strong}{by}){said}{found}"


def _tightness(verdict: Verdict) -> str:
    if not verdict["tightness"]:
        return ""
    by = [
        text(", ".join(f"{quantity(value)} at {field}={at}" for at, value in values.items()))
        for field, values in verdict["tightness"]["worst_by_design"].items()
    ]
    worst = text(quantity(verdict["tightness"]["worst"]))
    return "; ".join([rf"value / bound at worst \textbf{{{worst}}}", *by])


def _asked(verdict: Verdict) -> list[tuple[str, str]]:
    facts, vacuity = [], verdict.get("vacuity")
    if vacuity:
        when = f"when {code(vacuity['when'])}: {text(vacuity['means'])}"
        because = f"; because {code(vacuity['because'])}: {text(vacuity['why'] or '')}" if vacuity["because"] else ""
        facts.append(("vacuity", f"{text(vacuity['words'])} ({when}{because}; {text(vacuity['law'])})"))
    rows = measured(verdict.get("measures", {}))
    return [*facts, *([("measures", _small_table(MEASURES, rows))] if rows else [])]


def _sharpening(verdict: Verdict) -> list[tuple[str, str]]:
    found = verdict["sharpening"]
    if not found:
        return []
    rows = designs(found)
    facts = [("constant", _sentence(text(found["says"])))]
    facts += [("", _small_table(DESIGNS, rows))] if rows else []
    return [*facts, *(("", text(line)) for line in sentences(found))]


def _small_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table within the facts of a claim; its first column is twice as wide as the others."""
    gap = 0.012
    share = (1 - 2 * gap * (len(head) - 1)) / (len(head) + 1) - 0.001
    column = r">{\raggedright\arraybackslash}p"
    columns = rf"@{{}}{column}{{{2 * share:.3f}\linewidth}}" + rf"{column}{{{share:.3f}\linewidth}}" * (len(head) - 1)
    lead = (
        rf"\par\noindent\footnotesize\setlength{{\tabcolsep}}{{{gap}\linewidth}}\begin{{tabular}}[t]{{{columns}@{{}}}}"
    )
    top, *body = (rf"{' & '.join(f'{{}}{text(cell)}' for cell in row)} \\" for row in [head, *rows])
    return "\n".join([lead + r"\toprule", top + r" \midrule", *body, r"\bottomrule\end{tabular}"])
