"""A record on the terminal: one line per claim, worst first, the worst few in detail, and a line that sums up."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from reports.asked import MEASURES, measured
from reports.attention import show_command, survivors
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
_TELLING = ("not as expected", "refuted as expected", "inconclusive as expected", "with a mutant that survived")
TOGETHER = 200
"""How many lines are printed at once."""
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


def _calm(line: Text) -> Text:
    """A line that a runner of GitHub, whose log a report may go to, takes for no command ("::name::", "##[name]")."""
    if "##[" in line.plain:
        line = Text(line.plain.replace("##[", "#\N{WORD JOINER}#["), line.style)
    return Text("\N{WORD JOINER}").append_text(line) if line.plain.lstrip().startswith("::") else line


def _print(line: Text, console: Console) -> None:
    console.print(_calm(line), soft_wrap=True)


def _mark(fine: bool, console: Console) -> Text:
    right, wrong = ("✓", "✗") if console.encoding.lower().startswith("utf") else ("+", "!")
    return Text(right, "green") if fine else Text(wrong, "bold red")


@dataclass(frozen=True)
class _Row:
    """A claim's line: its name as shown, and its evidence in every room, each made once."""

    verdict: Verdict
    name: str
    evidence: dict[Room, str]


def _layout(rows: Sequence[_Row], width: int) -> tuple[Room | None, tuple[str, ...], int, int]:
    """The first layout that fits, with the widths of its id and evidence columns.

    At least three quarters of the ids fit into their column; a longer one runs on into its row's evidence.
    """
    lengths = sorted(len(row.name) for row in rows)
    most = lengths[3 * (len(lengths) - 1) // 4]
    longest: dict[tuple[Room, int], int] = {}  # the longest evidence in a room, of the ids of one length
    for row in rows:
        for room, text in row.evidence.items():
            longest[room, len(row.name)] = max(len(text), longest.get((room, len(row.name)), 0))
    for phrasing, right in _LAYOUTS:
        for ids in sorted({length for length in lengths if length >= most}, reverse=True):
            left = width - 16 - ids - 8 * len(right) - 2 * (phrasing is not None)
            fits = all(
                longest[phrasing if length <= ids else "short", length] <= left - max(length - ids, 0)
                for length in dict.fromkeys(lengths)
                if phrasing is not None and (length <= ids or phrasing != "short")
            )
            if fits and left >= 0:
                return phrasing, right, ids, left if phrasing else 0
    return None, (), lengths[-1], 0


def _table(verdicts: Sequence[Verdict], console: Console) -> None:
    rows = [_Row(v, plain(v["id"]), {room: evidence(v, room) for room in ROOMS}) for v in verdicts]
    width = min(console.width, WIDEST)
    phrasing, right, ids, room = _layout(rows, width)
    title = "rests on, mutants" if phrasing == "short" and room >= 17 else "rests on" if phrasing else ""
    head = f"  {'grade':<14}{'claim':<{ids}}  {title:<{room}}" if phrasing else f"  {'grade':<14}{'claim':<{ids}}"
    _print(Text(f"{head}{''.join(f'  {name:>6}' for name in right)}".rstrip(), "dim"), console)
    mark = {fine: _mark(fine, console) for fine in (True, False)}
    lines: list[Text] = []
    for number, row in enumerate(rows):
        verdict, name = row.verdict, row.name
        if number and verdict["as_expected"] and not verdicts[number - 1]["as_expected"]:
            lines.append(Text())
        grade = max(len(verdict["grade"]) + 1, min(14, width - 2 - len(name)))
        spare = room - max(len(name) - ids, 0)
        rests = ""
        if phrasing and spare >= 0:
            texts = (row.evidence[shorter] for shorter in ROOMS[ROOMS.index(phrasing) :])
            rests = f"  {next((text for text in texts if len(text) <= spare), ''):<{spare}}"
        values = ""
        if spare >= 0:
            worst = quantity(verdict["tightness"]["worst"]) if verdict["tightness"] else "-"
            cells = {"tight": worst, "time": f"{verdict['seconds']:.1f} s"}
            values = "".join(f"  {cells[name]:>6}" for name in right)
        line = Text.assemble(
            mark[verdict["as_expected"]],
            (f" {verdict['grade']:<{grade}}", _style(verdict)),
            (f"{name:<{ids}}", "" if verdict["as_expected"] else "bold"),
            rests,
            (values, "dim"),
        )
        line.rstrip()
        lines.append(_calm(line))
    for start in range(0, len(lines), TOGETHER):  # one print a line would cost more than all else
        console.print(Text("\n").join(lines[start : start + TOGETHER]), soft_wrap=True)


def _labelled(label: str, text: str, console: Console, style: str = "", whole: bool = False) -> None:
    """A label and its text with a hanging indent; `whole` leaves a command unbroken, so that it can be copied."""
    if whole:
        _print(Text().append(f"  {label:<9}", "dim").append(text, style), console)
        return
    lines = Text(text, style).wrap(console, max(min(console.width, WIDEST) - 11, 20))
    for number, line in enumerate(lines):
        line.rstrip()
        _print(Text().append(f"  {'' if number else label:<9}", "dim").append_text(line), console)


def detail(verdict: Verdict, console: Console, *, among: Sequence[Verdict] = ()) -> None:
    """One claim in detail: why, what fails, both sides exactly, the replay; its repair is sought `among` the others."""
    head = Text.assemble(_mark(verdict["as_expected"], console), " ").append(standing(verdict), f"{_style(verdict)}")
    _print(head.append("  ").append(plain(verdict["id"]), "bold"), console)
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
    if survivors(verdict):
        _labelled("survived", "; ".join(survivors(verdict)), console, "yellow")
    repair = repair_of(verdict, among)
    if repair:
        _labelled("repair", f"{plain(repair['id'])}  {standing(repair)}", console, _style(repair), whole=True)
    _labelled("in", plain(f"{verdict['file']}:{verdict['line']}"), console, whole=True)
    if witness:
        _labelled("replay", plain(witness["replay"]), console, "cyan", whole=True)


def _ablation(verdict: Verdict, console: Console) -> None:
    """Which hypotheses are needed, with the counterexample that dropping each lets in."""
    _print(Text("hypotheses of", "dim"), console)
    _print(Text(f"  {plain(verdict['id'])}", "bold"), console)
    for line in verdict["ablation"] or ():
        witness = line["witness"]
        sides = facing(witness["sides"]) if witness else ""
        shown = f"{line['needed']}; {sides} at {sizes(witness)}" if witness else line["needed"]
        _labelled("without", f"{plain(line['hypothesis'])}: {shown}", console)


def _asked(verdict: Verdict, console: Console) -> None:
    """Where a claim says nothing, and its measures as a small table."""
    _print(Text("beside the verdict on", "dim"), console)
    _print(Text(f"  {plain(verdict['id'])}", "bold"), console)
    vacuity = verdict.get("vacuity")
    if vacuity:
        _labelled("vacuity", plain(vacuity["words"]), console)
    rows = ([plain(cell) for cell in row] for row in measured(verdict.get("measures", {})))
    _columns([list(MEASURES), *rows], console)


def _sharpening(name: str, found: Sharpening, console: Console) -> None:
    """How small the constant may be: in words, then by designs and sentences."""
    _print(Text("sharpening of", "dim"), console)
    _print(Text(f"  {plain(name)}", "bold"), console)
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
        _print(Text(f"  {name:<{widths[0]}}{''.join(cells)}", "" if number else "dim"), console)


def _tells(verdict: Verdict) -> str:
    """Why a claim is worth a detail; empty where it is not."""
    if not verdict["as_expected"]:
        return _TELLING[0]
    grades = {"REFUTED": _TELLING[1], "INCONCLUSIVE": _TELLING[2]}
    return grades.get(verdict["grade"], _TELLING[3] if survivors(verdict) else "")


def _prose(text: str, console: Console) -> None:
    """A sentence in dim lines that fit."""
    for line in Text(text, "dim").wrap(console, max(min(console.width, WIDEST), 20)):
        line.rstrip()
        _print(line, console)


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
        _prose(setting(whole), console)
        console.print()
    if shown:
        _table(shown, console)
    if len(shown) < len(verdicts):
        console.print(Text(f"  {len(shown)} of {len(verdicts)} shown, the worst first", "dim"))
    telling = [verdict for verdict in verdicts if _tells(verdict)]
    for verdict in telling[: max(details, 0)]:
        console.print()
        detail(verdict, console, among=verdicts)
    if 0 < details < len(telling):
        counted = Counter(map(_tells, telling))
        kinds = ", ".join(f"{counted[kind]} {kind}" for kind in _TELLING if counted[kind])
        kinds = f", all {_tells(telling[0])}" if len(counted) == 1 else f" ({kinds})"
        console.print()
        _prose(f"{details} of {len(telling)} claims in detail{kinds}; the next one:", console)
        _print(Text(f"  {show_command(telling[details])}", "cyan"), console)
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
    _print(Text(_summary(whole, verdicts, console.width), "bold green" if fine else "bold red"), console)
