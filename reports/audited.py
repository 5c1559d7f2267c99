"""An audit in text and in Markdown, from the JSON that `lakatos audit` writes."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reports.phrases import plain, quantity

THEOREM = "chen2024/theorem-2.6-"
SHORT = 16
"""Letters up to which a caveat stands beside its bound, and not in a note."""


@dataclass(frozen=True)
class Table:
    """Heads, rows of text, and how many columns at the left are numbers, set flush right."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: int


@dataclass(frozen=True)
class Section:
    """A part of an audit: a title, facts with a label each, and tables."""

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    tables: tuple[Table, ...] = ()


def to_text(audit: Mapping[str, Any], width: int = 80) -> str:
    """The audit for a terminal of some width."""
    lines: list[str] = []
    for section in sections(audit):
        lines += ["", section.title] if lines else [section.title]
        wide = max((len(label) for label, _ in section.facts), default=0)
        for label, says in section.facts:
            first = f"  {label:<{wide}}  " if wide else "  "
            lines += textwrap.wrap(says, max(width, 40), initial_indent=first, subsequent_indent=" " * len(first))
        for table in section.tables:
            lines += [f"  {line}" for line in _columns(table, width - 2)]
    return "\n".join(lines) + "\n"


def to_markdown(audit: Mapping[str, Any]) -> str:
    """The audit for a page."""
    parts: list[str] = []
    for number, section in enumerate(sections(audit)):
        parts.append(f"{'#' if not number else '##'} {_safe(section.title)}\n")
        parts += [f"- {_safe(f'{label}: {says}' if label else says)}" for label, says in section.facts]
        for table in section.tables:
            marks = ("---:",) * table.numbers + ("---",) * (len(table.heads) - table.numbers)
            parts += ["", *(f"| {' | '.join(map(_safe, row))} |" for row in (table.heads, marks, *table.rows))]
        parts.append("")
    return "\n".join(parts)


def sections(audit: Mapping[str, Any]) -> Iterator[Section]:
    """What is told, in order: the network, each layer, the whole, the bounds, what is not told."""
    yield _heading(audit)
    for layer in audit["layers"]:
        yield _layer(layer)
    whole = tuple(_whole(audit))
    if whole:
        yield Section("The network", whole)
    if audit["bounds"]:
        yield _bounds(audit)
    if audit["remarks"]:
        yield Section("Not covered, or taken for granted", tuple(("", plain(one["says"])) for one in audit["remarks"]))


def _heading(audit: Mapping[str, Any]) -> Section:
    told, data, fit = audit["conventions"], audit["data"], audit["fit"]
    on = f" on {plain(data['name'])}: {data['samples']:,} samples, {data['inputs']:,} inputs" if data else ""
    decay = "no weight decay"
    if told["weight_decay"]:
        penalty = "(mu/2) |V|^2" if told["convention"] == 1 else "mu |V|^2"
        decay = f"weight decay mu = {quantity(told['weight_decay'])} as {penalty}, {told['decay']}"
    batches = f"batches of {told['batch']}" if told["batch"] else "no batch size"
    facts = [("taken as", f"{told['loss']} loss, {batches}, {decay}")]
    if fit:
        right = f", {fit['accuracy']:.1%} of the labels right" if fit["accuracy"] is not None else ""
        facts.append(("fit", f"mean loss {quantity(fit['mean_loss'])}{right}"))
    return Section(f"{plain(audit['checkpoint'])}{on}", tuple(facts))


def _layer(found: Mapping[str, Any]) -> Section:
    layer = found["layer"]
    title = f"Layer {plain(layer['name'])}: {layer['inputs']} -> {layer['width']}, {plain(layer['activation'])}"
    facts = [*_spectrum(found["spectrum"])] if found["spectrum"] else []
    tables: tuple[Table, ...] = ()
    if found["norms"]:
        facts += _norms(found["norms"])
    if found["steps"]:
        facts += _steps(found["steps"])
    if found["proximity"]:
        near = found["proximity"]
        facts.append(
            (
                "Theorem 2.6",
                f"{plain(near['verdict'])}. No eps whatever could certify a stable rank below "
                f"{quantity(near['best_certifiable'])} here.",
            )
        )
        tables = (_distances(near["distances"]),)
    return Section(title, tuple(facts), tables)


def _spectrum(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    norm, distances = found["frobenius"], found["distances"]
    yield (
        "spectrum",
        f"rank {found['rank']} of {found['full']}, stable rank {quantity(found['stable_rank'])}, norm "
        f"{quantity(norm)}, largest singular value {quantity(found['spectral'])}",
    )
    soft = ", ".join(f"{quantity(one['soft_rank'])} (p = {one['exponent']:.3g})" for one in found["powers"])
    yield "soft ranks", soft
    quasi = ", ".join(f"{quantity(one['quasi_norm'])} (p = {one['exponent']:.3g})" for one in found["powers"])
    yield "Schatten", quasi
    if norm:
        shares = ", ".join(
            f"rank {word} {quantity(distances[k])}, {quantity(distances[k] / norm)} of the norm"
            for k, word in ((1, "one"), (2, "two"))
        )
        yield "distance to", shares


def _norms(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    number = found["batches"]
    counted = f"{int(number):,}" if number.isdigit() else number
    yield (
        "gradients",
        f"of {counted} batches: root mean square {quantity(found['rms'])}, exactly; "
        + ", ".join(f"{share:.0%} below {quantity(at)}" for share, at in found["quantiles"])
        + f" of {found['sampled']:,} drawn",
    )
    least, most = quantity(found["least"]), quantity(found["most"])
    size = f"is {most}" if least == most else f"is between {least} and {most}, proved"
    yield (
        "eps",
        f"as assumed, the largest of all batches, {size}; as measured on the {found['blocks']} batches of one epoch "
        f"{quantity(found['measured'])}",
    )


def _steps(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield (
        "ranks",
        f"of {found['looked_at']} batch gradients without decay: at most {found['largest_rank']}, and no more than "
        f"{found['bound']} is possible",
    )
    if found["steps"] is not None:
        held = found["mismatch"]
        yield (
            "steps",
            f"after {found['steps']:,} steps all but {found['share']:.0%} of the older weights has rank at most "
            f"{found['rank_bound']:,}"
            + ("" if held is None else f"; the recursion held to {quantity(held)} of the norm"),
        )


def _distances(found: Sequence[Mapping[str, Any]]) -> Table:
    rows = tuple(
        (
            quantity(one["bound"]),
            quantity(one["relative"]),
            _says(one),
            f"rank {one['rank']}, {plain(one['what'])}",
            plain(one["claim"]).removeprefix(THEOREM),
        )
        for one in found
    )
    return Table(("bound", "/ norm", "it", "on, eps of", f"by {THEOREM}"), rows, 2)


def _says(one: Mapping[str, Any]) -> str:
    if not one["valid"]:
        return "is no bound"
    return "says nothing" if one["vacuous"] else f"sr <= {quantity(one['certifies'])}"


def _whole(audit: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for one in audit["balances"]:
        between = " and ".join(map(plain, one["between"]))
        yield (
            "balance",
            f"between {between}, of what gradient flow conserves: {quantity(one['imbalance'])} of its parts "
            "(0 is balanced)",
        )
    split = audit["split"]
    if split:
        parts = "; ".join(
            f"{inside:.1%} of the squared residual along the {count} singular vectors from {cut:g} of the largest on"
            for cut, count, inside, _ in split["cuts"]
        )
        yield (
            "Jacobian",
            f"in layer {plain(split['layer'])}, largest singular value {quantity(split['largest'])}: {parts}",
        )


def _bounds(audit: Mapping[str, Any]) -> Section:
    bounds = audit["bounds"]
    caveats = list(dict.fromkeys(plain(one) for bound in bounds for one in bound["caveats"]))
    common = [one for one in caveats if all(one in map(plain, bound["caveats"]) for bound in bounds)]
    notes = [one for one in caveats if len(one) > SHORT and one not in common and "constants" not in one]

    def marked(one: str) -> str:
        return f" [{notes.index(one) + 1}]" if one in notes else f" ({one})" if len(one) <= SHORT else ""

    def table(head: str, chosen: Sequence[Mapping[str, Any]]) -> Table:
        rows = tuple(
            (
                quantity(bound["value"]),
                _samples(bound["needed"]) if bound["vacuous"] else "now",
                plain(bound["name"]) + "".join(marked(plain(one)) for one in bound["caveats"]),
                plain(bound["source"]).partition(" (")[0],
            )
            for bound in chosen
        )
        return Table(("gap", "from N", head, "source"), rows, 2)

    whole = [bound for bound in bounds if not bound["dominant"]]
    shapes = [bound for bound in bounds if bound["dominant"]]
    saying = sum(not bound["vacuous"] for bound in whole)
    says = (
        f"{saying} of {len(whole)} say anything: a gap is relative to the largest loss, and from 1 on it says nothing. "
        "The norms are those of the trained network; a bound needs them to be fixed before the sample is seen."
    )
    told = [says, *(f"Throughout, {one}." for one in common), *(f"[{k}] {one}" for k, one in enumerate(notes, 1))]
    tables = (table("bounds with all their constants", whole), table("shapes, constants taken to be 1", shapes))
    return Section("Generalization bounds", tuple(("", one) for one in told), tuple(one for one in tables if one.rows))


def _samples(needed: int | None) -> str:
    if needed is None:
        return "never"
    return f"{needed:,}" if needed < 10**6 else f"{float(needed):.1e}"


def _columns(table: Table, width: int) -> list[str]:
    """A table in columns: without the last one where that has no room, and cut where there is still none."""
    rows = [table.heads, *table.rows]
    wide = [max(len(row[k]) for row in rows) for k in range(len(table.heads))]
    kept = len(wide) if sum(wide) + 2 * len(wide) - 2 <= width else len(wide) - 1
    lines = []
    for row in rows:
        cells = [f"{row[k]:>{wide[k]}}" if k < table.numbers else f"{row[k]:<{wide[k]}}" for k in range(kept)]
        line = "  ".join(cells).rstrip()
        lines.append(line if len(line) <= max(width, 40) else line[: max(width, 40) - 1].rstrip() + "…")
    return lines


def _safe(text: str) -> str:
    """Text that Markdown takes as it stands."""
    return "".join(f"\\{c}" if c in "\\`*_[]<>|#" else c for c in text) if set(text) & set("\\`*_[]<>|#") else text
