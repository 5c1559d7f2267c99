"""A record on the terminal: one line per claim, worst first, the worst few in detail, and a line that sums up."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from reports.asked import MEASURES, measured
from reports.phrases import (
    EXIT_MEANS,
    Room,
    evidence,
    facing,
    place,
    plain,
    quantity,
    repair_of,
    setting,
    sizes,
    standing,
    tally,
)
from reports.phrases import unfinished as why_unfinished
from reports.record import Record, Verdict, worst_first
from reports.sharpened import DESIGNS, Sharpening, designs, sentences

STYLES = {
    "PROVED": "bold green",
    "CERTIFIED": "green",
    "TESTED": "cyan",
    "INCONCLUSIVE": "yellow",
    "REFUTED": "bold red",
}
ROOMS: tuple[Room, ...] = ("full", "medium", "short")
WIDEST = 150
# What a row shows beside grade and id, best first: how fully it phrases the evidence (None: not at all), columns right.
_LAYOUTS: tuple[tuple[Room | None, tuple[str, ...]], ...] = (
    ("full", ("tight", "time")),
    ("medium", ("tight", "time")),
    ("medium", ("tight",)),
    ("short", ("tight", "time")),
    ("short", ("tight",)),
    ("short", ()),
    (None, ("tight",)),
    (None, ()),
)


def _style(verdict: Verdict) -> str:
    """Expected refutations are successes, so they are not red."""
    return "green" if verdict["grade"] == "REFUTED" and verdict["as_expected"] else STYLES[verdict["grade"]]


def _mark(verdict: Verdict, console: Console) -> Text:
    fine, wrong = ("✓", "✗") if console.encoding.lower().startswith("utf") else ("+", "!")
    return Text().append(*((fine, "green") if verdict["as_expected"] else (wrong, "bold red")))


def _layout(verdicts: Sequence[Verdict], width: int) -> tuple[Room | None, tuple[str, ...], int, int]:
    """The first layout that fits, with the widths of its id and evidence columns.

    At least three quarters of the ids fit into their column; a longer one runs on into its row's evidence.
    """
    lengths = sorted(len(verdict["id"]) for verdict in verdicts)
    most = lengths[3 * (len(lengths) - 1) // 4]
    for phrasing, right in _LAYOUTS:
        for ids in sorted({length for length in lengths if length >= most}, reverse=True):
            room = width - 16 - ids - 8 * len(right) - 2 * (phrasing is not None)
            fits = all(
                len(evidence(v, phrasing if len(v["id"]) <= ids else "short")) <= room - max(len(v["id"]) - ids, 0)
                for v in verdicts
                if phrasing is not None and (len(v["id"]) <= ids or phrasing != "short")
            )
            if fits and room >= 0:
                return phrasing, right, ids, room if phrasing else 0
    return None, (), lengths[-1], 0


def _table(verdicts: Sequence[Verdict], console: Console) -> None:
    phrasing, right, ids, room = _layout(verdicts, min(console.width, WIDEST))
    title = "rests on, mutants" if phrasing == "short" and room >= 17 else "rests on" if phrasing else ""
    head = f"  {'grade':<14}{'claim':<{ids}}  {title:<{room}}" if phrasing else f"  {'grade':<14}{'claim':<{ids}}"
    console.print(Text(f"{head}{''.join(f'  {name:>6}' for name in right)}".rstrip(), "dim"), soft_wrap=True)
    for number, verdict in enumerate(verdicts):
        if number and verdict["as_expected"] and not verdicts[number - 1]["as_expected"]:
            console.print()
        grade = max(len(verdict["grade"]) + 1, min(14, min(console.width, WIDEST) - 2 - len(verdict["id"])))
        line = _mark(verdict, console).append(f" {verdict['grade']:<{grade}}", _style(verdict))
        line.append(f"{plain(verdict['id']):<{ids}}", "" if verdict["as_expected"] else "bold")
        spare = room - max(len(verdict["id"]) - ids, 0)
        if phrasing and spare >= 0:
            texts = (evidence(verdict, shorter) for shorter in ROOMS[ROOMS.index(phrasing) :])
            line.append(f"  {next((text for text in texts if len(text) <= spare), ''):<{spare}}")
        if spare >= 0:
            worst = quantity(verdict["tightness"]["worst"]) if verdict["tightness"] else "-"
            cells = {"tight": worst, "time": f"{verdict['seconds']:.1f} s"}
            line.append("".join(f"  {cells[name]:>6}" for name in right), "dim")
        line.rstrip()
        console.print(line, soft_wrap=True)


def _survived(verdict: Verdict) -> list[str]:
    """The author's mutants that the search did not refute (an engine's may be true: a hypothesis can be idle)."""
    return [
        plain(mutant["name"]) for mutant in verdict["mutants"] if mutant["by"] == "author" and not mutant["refuted"]
    ]


def _labelled(label: str, text: str, console: Console, style: str = "", whole: bool = False) -> None:
    """A label and its text with a hanging indent; `whole` leaves a command unbroken, so that it can be copied."""
    if whole:
        console.print(Text().append(f"  {label:<9}", "dim").append(text, style), soft_wrap=True)
        return
    lines = Text(text, style).wrap(console, max(min(console.width, WIDEST) - 11, 20))
    for number, line in enumerate(lines):
        line.rstrip()
        console.print(Text().append(f"  {'' if number else label:<9}", "dim").append_text(line), soft_wrap=True)


def detail(verdict: Verdict, console: Console, *, among: Sequence[Verdict] = ()) -> None:
    """One claim in detail: why, what fails, both sides exactly, the replay; its repair is sought `among` the others."""
    head = _mark(verdict, console).append(" ").append(standing(verdict), f"{_style(verdict)}")
    console.print(head.append("  ").append(plain(verdict["id"]), "bold"), soft_wrap=True)
    _labelled("says", plain(verdict["title"]), console)
    if verdict["error"]:
        _labelled("error", plain(verdict["error"]), console, "red")
    if verdict["reason"]:
        _labelled("why", plain(verdict["reason"]), console)
    witness = verdict["witness"]
    if witness:
        _labelled("fails", plain(witness["sentence"]), console, "bold")
        sides = [plain(side) for side in witness["sides"]]
        names = ("left", "right") if len(sides) == 2 else tuple(f"side {number + 1}" for number in range(len(sides)))
        if len(facing(sides)) <= 40:
            names, sides = ("sides",), [facing(sides)]
        for name, side in zip(names, sides, strict=True):
            _labelled(name, side, console, "bold")
        kink = ", on a kink: it speaks only about backprop gradients" if witness["kink"] else ""
        _labelled("point" if witness.get("point") else "sizes", f"{place(witness)}{kink}", console)
    if _survived(verdict):
        _labelled("survived", "; ".join(_survived(verdict)), console, "yellow")
    repair = repair_of(verdict, among)
    if repair:
        _labelled("repair", f"{plain(repair['id'])}  {standing(repair)}", console, _style(repair), whole=True)
    _labelled("in", plain(f"{verdict['file']}:{verdict['line']}"), console, whole=True)
    if witness:
        _labelled("replay", plain(witness["replay"]), console, "cyan", whole=True)


def _ablation(verdict: Verdict, console: Console) -> None:
    """Which hypotheses are needed, with the counterexample that dropping each lets in."""
    console.print(Text("hypotheses of", "dim"))
    console.print(Text(f"  {plain(verdict['id'])}", "bold"), soft_wrap=True)
    for line in verdict["ablation"] or ():
        witness = line["witness"]
        sides = facing(witness["sides"]) if witness else ""
        shown = f"{line['needed']}; {sides} at {sizes(witness)}" if witness else line["needed"]
        _labelled("without", f"{plain(line['hypothesis'])}: {shown}", console)


def _asked(verdict: Verdict, console: Console) -> None:
    """Where a claim says nothing, and its measures as a small table."""
    console.print(Text("beside the verdict on", "dim"))
    console.print(Text(f"  {plain(verdict['id'])}", "bold"), soft_wrap=True)
    vacuity = verdict.get("vacuity")
    if vacuity:
        _labelled("vacuity", plain(vacuity["words"]), console)
    rows = ([plain(cell) for cell in row] for row in measured(verdict.get("measures", {})))
    _columns([list(MEASURES), *rows], console)


def _sharpening(name: str, found: Sharpening, console: Console) -> None:
    """How small the constant may be: in words, then by designs and sentences."""
    console.print(Text("sharpening of", "dim"))
    console.print(Text(f"  {plain(name)}", "bold"), soft_wrap=True)
    _labelled("says", plain(found["says"]), console)
    _columns([list(DESIGNS), *([plain(cell) for cell in row] for row in designs(found))], console)
    for line in sentences(found):
        _labelled("", plain(line), console)


def _columns(rows: list[list[str]], console: Console) -> None:
    """A head and its rows as columns; nothing where there are no rows."""
    if len(rows) == 1:
        return
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for number, (name, *values) in enumerate(rows):
        cells = (f"  {value:>{width}}" for value, width in zip(values, widths[1:], strict=True))
        console.print(Text(f"  {name:<{widths[0]}}{''.join(cells)}", "" if number else "dim"), soft_wrap=True)


def _summary(record: Record | None, verdicts: Sequence[Verdict], width: int) -> str:
    """The last line, in the longest form that fits."""
    wrong = sum(not verdict["as_expected"] for verdict in verdicts)
    expected = f"{wrong} not as expected" if wrong else "all as expected"
    few = f"{len(verdicts)} claim{'s' * (len(verdicts) != 1)}, {expected}"
    end = record.end if record else None
    if end is None:
        forms = [f"{tally(verdicts)}; {expected}", few]
    else:
        meaning = f"exit {end['exit']}: {EXIT_MEANS[end['exit']]}"
        counts = tally(verdicts)
        forms = [f"{counts} in {end['seconds']:.1f} s; {meaning}", f"{counts}; {meaning}", f"{few}; {meaning}", meaning]
    return next((form for form in forms if len(form) <= width), forms[-1])


def render(record: Record | Sequence[Verdict], console: Console, *, limit: int | None = None, details: int = 5) -> None:
    """Print a record, or bare verdicts, to a rich console.

    At most `limit` rows (all by default) and `details` claims in detail: those that are not as expected, refuted or
    inconclusive, worst first. Colour follows the console; without one (a pipe, NO_COLOR) the text says the same.
    """
    whole = record if isinstance(record, Record) else None
    verdicts = worst_first(record.verdicts if isinstance(record, Record) else list(record))
    shown = verdicts if limit is None else verdicts[: max(limit, 0)]
    if whole:
        console.print(Text(setting(whole), "dim"))
        console.print()
    if shown:
        _table(shown, console)
    if len(shown) < len(verdicts):
        console.print(Text(f"  {len(shown)} of {len(verdicts)} shown, the worst first", "dim"))
    telling = [v for v in verdicts if not v["as_expected"] or v["grade"] in ("REFUTED", "INCONCLUSIVE") or _survived(v)]
    for verdict in telling[: max(details, 0)]:
        console.print()
        detail(verdict, console, among=verdicts)
    if 0 < details < len(telling):
        console.print()
        console.print(
            Text(f"{max(details, 0)} of {len(telling)} claims in detail; `lakatos show CLAIM` for another", "dim")
        )
    for verdict in verdicts:
        if verdict["ablation"]:
            console.print()
            _ablation(verdict, console)
    for verdict in verdicts:
        if verdict["sharpening"]:
            console.print()
            _sharpening(verdict["id"], verdict["sharpening"], console)
    for verdict in verdicts:
        if verdict.get("vacuity") or verdict.get("measures"):
            console.print()
            _asked(verdict, console)
    console.print()
    if whole and why_unfinished(whole):
        console.print(Text(why_unfinished(whole), "yellow"))
    fine = all(verdict["as_expected"] for verdict in verdicts) and not (whole and whole.end and whole.end["exit"])
    console.print(Text(_summary(whole, verdicts, console.width), "bold green" if fine else "bold red"), soft_wrap=True)
