"""A record as one self-contained page for a browser, with filters, figures and replay commands.

Nothing is loaded and nothing leaves the page: style and scripts stand in it, and a policy in its head forbids the rest.
Everything in the record is escaped; formulas go through `reports.formulas`, figures come from `reports.figures`.
"""

import json
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zlib import compress

from jinja2 import Environment, FileSystemLoader, StrictUndefined, UndefinedError
from markupsafe import Markup

from reports import formulas
from reports.asked import MEASURES, measured
from reports.attention import show_command, source_of
from reports.compare import compare
from reports.details import anchor, approximate, number, reason, replay, sentence, trust, web
from reports.figures import Figure, figures, trend
from reports.highlights import faintest, fate, headline, nearly
from reports.phrases import (
    EXIT_MEANS,
    evidence,
    likelihood,
    place,
    plain,
    quantity,
    repair_of,
    setting,
    standing,
    unfinished,
)
from reports.record import GRADES, Record, Verdict, worst_first
from reports.sharpened import DESIGNS, designs, sentences
from reports.steps import told

SIGNS = {"PROVED": "∎", "CERTIFIED": "⊞", "TESTED": "∘", "INCONCLUSIVE": "?", "REFUTED": "⊥"}
"""A sign for each grade, so that none is told by its colour alone."""

MOST_STEPS, ALL_STEPS = 40, 25_000
"""Lines of one derivation that a page shows, and of all of them: a page of many claims shows fewer of each."""

ROOM, LEAST_ROOM = 2_200_000, 400_000
"""Characters of all claims up to which steps and pictures stand in the page, and of these where claims are longer.

What finds no room is stored compressed, and comes into the page when its claim is opened: that needs JavaScript.
"""

MANY = 400
"""Claims from which on a page keeps what they fold as text, which a browser makes elements of when one is opened.

Without JavaScript they are elements from the beginning.
"""

TOGETHER = 40
"""Claims whose steps and pictures are compressed together."""

LONG = 90
"""Characters of a number or a sentence from which on it is folded."""

START = 24
"""Characters of it that are shown then."""

_STORED = Markup('<div class="extra" data-at="{}"></div>')
_TEMPLATES = Path(__file__).with_name("templates")


def render(record: Record, history: Sequence[Record] = ()) -> str:
    """The page; with earlier records, oldest first, also what rose and fell since the last of them, and trends.

    Raises LookupError, TypeError, ValueError or AttributeError where a field is not of the shape that it should have.
    """
    try:
        return _page(record, history)
    except UndefinedError as error:
        raise LookupError(str(error)) from None


def _page(record: Record, history: Sequence[Record]) -> str:
    verdicts = worst_first(record.verdicts)
    anchors = {v["id"]: anchor(v["id"], place) for place, v in enumerate(verdicts)}
    repairs = {v["id"]: repair for v in verdicts if (repair := repair_of(v, verdicts)) is not None}
    repaired = {repair["id"]: broken for broken, repair in repairs.items()}
    environment, records = _environment(), [*history, record]
    environment.globals["link"] = lambda claim: _link(anchors, claim)
    most = max(8, min(MOST_STEPS, ALL_STEPS // max(len(verdicts), 1)))
    proofs = [told(v["derivation"], most) if v["derivation"] else None for v in verdicts]
    claim, extra = environment.get_template("claim.html.j2"), environment.get_template("extra.html.j2")
    extras = [
        _dense(
            extra.render(
                certificate=bool((v["derivation"] or {}).get("leaves")),
                pictures=_pictures(v, records if history else ()),
                proof=proof,
                show=show_command(v),
            )
        ).strip()
        for v, proof in zip(verdicts, proofs, strict=True)
    ]

    claims = [
        _dense(
            claim.render(
                v=v,
                anchor=anchors[v["id"]],
                extra=_STORED.format(at),
                folded=len(verdicts) > MANY,
                hardest=faintest(v["mutants"]),
                reason=reason(v),
                repair=repairs.get(v["id"]),
                repaired=repaired.get(v["id"]),
                replay=replay(v["witness"]),
                trust=trust(v, proofs[at]),
            )
        )
        for at, v in enumerate(verdicts)
    ]
    claims, stored = _fitted(claims, extras)
    head, style, script = (_part(name) for name in ("head.js", "page.css", "page.js"))
    counts = Counter(v["grade"] for v in verdicts)
    return environment.get_template("page.html.j2").render(
        record=record,
        claims=claims,
        wrong=[v for v in verdicts if not v["as_expected"]],
        counts=[(grade, counts[grade]) for grade in reversed(GRADES)],
        store=[_packed(extras[start : start + TOGETHER]) for start in range(0, len(extras) if stored else 0, TOGETHER)],
        together=TOGETHER,
        shares=_shares(verdicts),
        as_expected=Counter(v["grade"] for v in verdicts if v["as_expected"]),
        since=compare(history[-1], record) if history else None,
        nearly=nearly(verdicts),
        headline=headline(record),
        unfinished=unfinished(record),
        setting=setting(record),
        sources=sorted(Counter(source_of(v["id"]) for v in verdicts).items()),
        evidences=sorted({finding["type"] for v in verdicts for finding in v["findings"]}),
        head=head,
        style=style,
        script=script,
        policy="default-src 'none'; "
        f"style-src {_digest(style)}; script-src {_digest(head)} {_digest(script)}; "
        "base-uri 'none'; form-action 'none'",
    )


def _fitted(claims: list[Markup], extras: Sequence[str]) -> tuple[list[Markup], bool]:
    """Every claim, with its steps and pictures as far as there is room, and whether some of them have to be stored."""
    room = max(ROOM - sum(map(len, claims)), LEAST_ROOM)
    fitted = []
    for at, (claim, extra) in enumerate(zip(claims, extras, strict=True)):
        room -= len(extra)
        inside = Markup('<div class="extra">{}</div>').format(Markup(extra))
        fitted.append(claim.replace(_STORED.format(at), inside) if room >= 0 or not extra else claim)
    return fitted, room < 0


def _packed(extras: Sequence[str]) -> str:
    """Steps and pictures of some claims, compressed, as text that can stand in a page."""
    return b64encode(compress(json.dumps(extras, ensure_ascii=False).encode(), 9)).decode()


def _shares(verdicts: Sequence[Verdict]) -> list[tuple[str, int]]:
    """The parts of the bar, best first; refutations that were not expected are the last, apart from the others."""
    counts = Counter("quiet" if v["grade"] == "REFUTED" and v["as_expected"] else v["grade"].lower() for v in verdicts)
    return [(name, counts[name]) for name in ("proved", "certified", "tested", "inconclusive", "quiet", "refuted")]


@cache
def _part(name: str) -> Markup:
    """A file of ours that stands in the page as it is."""
    return Markup((_TEMPLATES / name).read_text(encoding="utf-8"))


def _digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_clean,
    )
    made.globals.update(
        DESIGNS=DESIGNS,
        EXIT_MEANS=EXIT_MEANS,
        MEASURES=MEASURES,
        SIGNS=SIGNS,
        approximate=approximate,
        designs=designs,
        evidence=evidence,
        evidence_kinds=_evidence_kinds,
        fate=fate,
        formula=formulas.shown,
        likelihood=likelihood,
        measured=measured,
        place=place,
        quantity=quantity,
        sentences=sentences,
        source_of=source_of,
        standing=standing,
        web=web,
    )
    made.filters.update(
        long=lambda text: len(str(text)) > LONG,
        number=number,
        sentence=sentence,
        start=lambda text: str(text)[:START],
    )
    return made


def _clean(value: Any) -> Any:
    """What a template writes: text of a record without control characters, nothing for what is absent."""
    if value is None:
        return ""
    if isinstance(value, str) and not isinstance(value, Markup):
        return value if value.isprintable() else plain(value)
    return value


def _dense(text: str) -> Markup:
    """The page of one claim without the indentation of its template."""
    return Markup(re.sub(r"\s*\n\s*", "\n", text))


def _link(anchors: Mapping[str, str], claim: str) -> Markup:
    """A link to a claim of this page; its id alone where the page does not have it."""
    shown = Markup("<bdi>{}</bdi>").format(plain(claim))
    if claim not in anchors:
        return shown
    return Markup('<a href="#{}">{}</a>').format(quote(anchors[claim], safe="/"), shown)


def _evidence_kinds(verdict: Verdict) -> str:
    return " ".join(sorted({finding["type"] for finding in verdict["findings"]}))


def _pictures(verdict: Verdict, records: Sequence[Record]) -> list[Figure]:
    drawn = trend(verdict["id"], records) if records else None
    return [*figures(verdict), *([drawn] if drawn else [])]
