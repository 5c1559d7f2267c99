"""What a verdict does not say, in sentences, from what its record holds."""

import re
from collections.abc import Iterable

from reports.phrases import drew, place, plain
from reports.record import Finding, Run, Verdict

ALWAYS_ADMITTED = ("drawn", "admissible", "distinct")

_BY_GRADE = {
    "PROVED": (
        "The derivation proves the sentence of contract.json from its hypotheses and definitions, and nothing else. "
        "That these say what the source means was judged by a person.",
        "The checker trusts its rules and its reader of stored sentences. A mistake in a rule would be one here.",
    ),
    "CERTIFIED": (
        "The covering proves the sentence on the stated box and says nothing outside of it.",
        "The checker trusts its interval arithmetic and the calculus that it replays on every part of the box.",
    ),
    "TESTED": (
        "This is a search and no proof: a counterexample that it did not draw may exist.",
        "It speaks of the worlds of the kind, whose draws are small integers times powers of two; other distributions, "
        "larger networks and trained weights are other kinds.",
        "The networks are bred towards violations, so that no share of them says how likely anything is.",
        "The mutants show that the search finds these errors; an error that no mutant resembles may escape it.",
    ),
    "INCONCLUSIVE": ("Nothing was established, neither for the claim nor against it; the reason says why.",),
    "REFUTED": (
        "One counterexample refutes the sentence as it is written in contract.json. It does not say how often or by "
        "how much the sentence fails elsewhere, nor that a repaired one is false.",
        "Its smallness is what a search found, not a minimum.",
    ),
}
_BY_PROVENANCE = {
    "as-read": "The sentence is our reading of the source, which may mean another: a refutation refutes our reading.",
    "repaired": "The sentence is a repair: the source does not say it.",
    "derived": "The sentence follows what the source says or uses, in our words; the source does not print it.",
    "draft": "The sentence is a draft, without a published source.",
    "printed": "The sentence is as printed, in the words of this project's dictionary; that these are the source's was "
    "judged by a person.",
}


def limitations(verdict: Verdict, run: Run) -> list[str]:
    """The sentences, the most important first; each ends with a full stop."""
    told = [*_BY_GRADE.get(verdict["grade"], ()), *filter(None, [_BY_PROVENANCE.get(verdict["source"]["provenance"])])]
    if not verdict["as_expected"]:
        told.append(f"The verdict is not the expected one: {verdict['expects']} was expected.")
    if verdict["error"]:
        told.append(f"The claim's own code failed: {plain(verdict['error'])}.")
    told += _of_a_witness(verdict)
    for finding in verdict["findings"]:
        told += _of_premises(finding)
        told += _of_a_search(finding) if drew(finding) else []
    told += _of_sizes(verdict)
    told += _of_mutants(verdict)
    told += _asked(verdict)
    if verdict["grade"] in ("TESTED", "INCONCLUSIVE") and run["effort"] != "thorough":
        told.append(f"The effort was {plain(run['effort'])}; standard and thorough draw more networks.")
    return told


def _of_a_witness(verdict: Verdict) -> Iterable[str]:
    witness = verdict["witness"]
    if witness is None:
        if verdict["grade"] == "REFUTED":
            yield "No counterexample is stored in this record."
        return
    yield f"It fails at one place, {place(witness)}."
    if witness["kink"]:
        yield "A pre-activation is 0 there: this speaks of the formula of backpropagation, not of derivatives."
    if any("+/-" in side for side in witness["sides"]):
        yield "A side has no short exact form: it is known as a midpoint +/- a radius; the two sides do not overlap."


def _of_premises(finding: Finding) -> Iterable[str]:
    rests = finding["rests_on"]
    lemmas = [plain(one.removeprefix("claim ").partition(": ")[0]) for one in rests if one.startswith("claim ")]
    if lemmas:
        yield f"The derivation relies on other claims, whose evidence is not in this folder: {', '.join(lemmas)}."
    sizes = [plain(one).removeprefix("its ") for one in rests if re.match(r"its \d+ sizes: ", one)]
    if sizes:
        yield f"It speaks of these sizes alone, which are all of that kind: {', '.join(sizes)}."
    ranges = [plain(one) for one in rests if " in [" in one or " in (" in one]
    if ranges and finding["type"] in ("derivation", "enclosure"):
        yield f"It speaks of this box alone: {', '.join(ranges)}."
        if not any(" an integer in " in one for one in ranges):
            yield "Whole numbers were treated as real ones: what is proved is more than what is claimed."


def _of_a_search(finding: Finding) -> Iterable[str]:
    counts, dtype = finding["counts"], plain(finding["dtype"])
    exact = finding["exact_share"]
    where = f"{plain(finding['device'])} in {dtype}"
    if exact < 1:
        yield (
            f"The search ran on {where}, and in {1 - exact:.0%} of the admissible cases numbers could round there: a "
            f"violation within the allowance is seen only if it was among the closest calls, which are judged exactly."
        )
    else:
        yield f"The search ran on {where}, where no judgment of an admissible case could round."
    admitted = ", ".join(f"{counts.get(name, 0):,} {name}" for name in ALWAYS_ADMITTED)
    yield f"It saw {admitted} cases in {counts.get('worlds', 0):,} designs, and no others."
    empty = [plain(name) for name, count in finding["corners"].items() if not count]
    if empty:
        yield f"It met no admissible case in these corners: {', '.join(empty)}."
    if not finding["corners"]:
        yield "No corners (degenerate shapes) were set for it."
    if finding["nontrivial_share"] < 1:
        yield f"In {1 - finding['nontrivial_share']:.0%} of the admissible cases the sentence held for want of content."
    for name, what in (
        ("open", "cases were left undecided, as a number in them is known between bounds alone"),
        ("unheard", "accusations were not heard by the exact appeal"),
        ("undefined", "cases had no value, and prove nothing"),
    ):
        if counts.get(name):
            yield f"{counts[name]:,} {what}."
    bound = finding["violation_bound"]
    if bound:
        yield (
            f"The bound on the share of violations, {bound['upper']:.3g} at confidence {bound['confidence']:.3g}, is "
            f"of this law alone: {plain(bound['law'])}."
        )
    else:
        yield "No share of violations is bounded."
    undecided = [plain(one) for one in finding["rests_on"] if "undecided" in one and not one.startswith("0 ")]
    if undecided:
        yield f"Appeals: {'; '.join(undecided)}."
    if finding["stopped"]:
        yield "The budget of time ran out before the search was done."


def _of_sizes(verdict: Verdict) -> Iterable[str]:
    by = verdict["tightness"]["worst_by_design"] if verdict["tightness"] else {}
    ranges = [f"{plain(field)} in {', '.join(map(plain, values))}" for field, values in by.items() if values]
    if ranges:
        yield f"Sizes that the search met: {'; '.join(ranges)}. The search says nothing of larger ones."


def _of_mutants(verdict: Verdict) -> Iterable[str]:
    survivors = [plain(m["name"]) for m in verdict["mutants"] if m["by"] == "author" and not m["refuted"]]
    if survivors:
        yield f"Mutants that were not refuted, so that the search may be blind to such errors: {'; '.join(survivors)}."
    elif not verdict["mutants"] and verdict["grade"] in ("TESTED", "INCONCLUSIVE"):
        yield "No mutant was tried, so that nothing shows that the search can find anything."
    slack = [plain(m["name"]) for m in verdict["mutants"] if m["by"] == "engine" and not m["refuted"]]
    if slack:
        yield f"Changes by the engine that were not refuted (slack, or a hypothesis without work): {'; '.join(slack)}."
    idle = [plain(a["hypothesis"]) for a in verdict["ablation"] or () if a["needed"] == "did no work"]
    if idle:
        yield f"Hypotheses that did no work in this search: {'; '.join(idle)}."
    unknown = [plain(a["hypothesis"]) for a in verdict["ablation"] or () if a["needed"] == "unknown"]
    if unknown:
        yield f"Hypotheses whose need was not tried: {'; '.join(unknown)}."
    if verdict["ablation"] is None and verdict["statement"]["assuming"]:
        yield "Whether each hypothesis is needed was not asked (lakatos check --ablate)."


def _asked(verdict: Verdict) -> Iterable[str]:
    vacuity = verdict.get("vacuity")
    if vacuity:
        yield f"It {plain(vacuity['words'])} (of the law alone: {plain(vacuity['law'])})."
    inequality = any(sign in verdict["statement"]["says"]["text"] for sign in ("<", ">"))
    if inequality and verdict["sharpening"] is None and verdict["grade"] in ("PROVED", "CERTIFIED", "TESTED"):
        yield "Whether its constant could be smaller was not asked (lakatos check --sharpen)."
