"""The page of a record: one file that says all, loads nothing, and lets nothing of a record run."""

import copy
import dataclasses
import json
import re
import zlib
from base64 import b64decode, b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import html
from reports.formulas import shown
from reports.highlights import faintest, headline, nearly
from reports.record import Record, RecordError, parse_record, read_record
from reports.renderers import FORMS
from reports.steps import told

EXAMPLE = Path(__file__).with_name("record_example.jsonl")
HTML = next(form for form in FORMS if form.name == "html")
PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    "</script><script>alert(1)</script>",
    "</style></title></textarea><iframe src=//x.test>",
    "{{ 7 * 7 }}{% for x in y %}",
    "javascript:alert(1)",
    "a\0b\x1b[31m\u202ec\ud800",
    "<!--",
    "&lt;b&gt;&#0;",
)
RUNS = {
    "script",
    "iframe",
    "object",
    "embed",
    "link",
    "base",
    "form",
    "img",
    "image",
    "use",
    "foreignobject",
    "animate",
}
NAMING = {"size", "point", "corners", "stages", "worst_by_design", "versions", "measures", "lemmas"}
FIXED = {"type", "grade", "expects", "worst", "edges", "spectrum", "pairs", "2", "8", "1", "16", "1000000"}
BLOCKS = {"dt", "dd", "td", "th", "li", "p", "div", "summary", "h1", "h2", "h3", "h4", "figcaption", "details", "ul"}
MATH = "http://www.w3.org/1998/Math/MathML"


class Page(HTMLParser):
    """What a browser would make of a page: its elements with attributes, its scripts and styles, and its text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.raw: list[tuple[str, dict[str, str | None], str]] = []
        self.texts: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.texts += [" "] if tag in BLOCKS else []
        if tag in ("script", "style"):
            self.raw.append((tag, dict(attrs), ""))

    def handle_endtag(self, tag: str) -> None:
        self.texts += [" "] if tag in BLOCKS else []

    def handle_data(self, data: str) -> None:
        if self.cdata_elem:
            tag, attributes, text = self.raw[-1]
            self.raw[-1] = (tag, attributes, text + data)
        else:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())

    def tags(self) -> set[str]:
        return {tag for tag, _ in self.elements}


@pytest.fixture
def record() -> Record:
    return read_record(EXAMPLE)


def repeated(record: Record, count: int) -> Record:
    """As many verdicts, which are those of the record with other ids."""
    verdicts = [{**record.verdicts[n % 5], "id": f"{record.verdicts[n % 5]['id']}-{n}"} for n in range(count)]
    run = {**record.run, "claims": [v["id"] for v in verdicts]}
    return dataclasses.replace(record, run=run, verdicts=tuple(verdicts))  # type: ignore[arg-type]


def altered(record: Record, number: int, **changes: Any) -> Record:
    verdicts = list(copy.deepcopy(record.verdicts))
    verdicts[number].update(changes)  # type: ignore[typeddict-item]
    return dataclasses.replace(record, verdicts=tuple(verdicts))


def spoiled(value: Any, payload: str, key: str = "") -> Any:
    """The same with the payload in every text, and in every name that is free."""
    if isinstance(value, dict):
        return {(k + payload if key in NAMING else k): spoiled(v, payload, k) for k, v in value.items()}
    if isinstance(value, list):
        return [spoiled(part, payload, key) for part in value]
    return f"{value} {payload}" if isinstance(value, str) and key not in FIXED else value


def policy(page: Page) -> str:
    return next(a["content"] or "" for tag, a in page.elements if a.get("http-equiv") == "Content-Security-Policy")


def check_harmless(source: str, stores: int = 0) -> Page:
    """Nothing runs but the two scripts of the page, nothing is loaded, and links lead to the page or to the web."""
    page = Page(source)
    declared = policy(page)
    scripts = [(a, text) for tag, a, text in page.raw if tag == "script" and a.get("type") != "text/plain"]
    styles = [text for tag, _, text in page.raw if tag == "style"]
    assert (len(scripts), len(styles)) == (2, 1)
    assert sum(tag == "script" for tag, _ in page.elements) == 2 + stores
    assert page.tags().isdisjoint(RUNS - {"script", "form"})
    assert sum(tag == "form" for tag, _ in page.elements) == 1
    for text in (*styles, *(text for _, text in scripts)):
        assert b64encode(sha256(text.encode()).digest()).decode() in declared
        assert "url(" not in text
        assert "@import" not in text
    for tag, attributes in page.elements:
        for name, value in attributes.items():
            assert not name.startswith("on"), (tag, attributes)
            assert name not in ("src", "srcset", "action", "formaction", "style", "srcdoc", "xlink:href"), (tag, name)
            assert name != "href" or (tag == "a" and re.match(r"#|https?://", value or "")), (tag, value)
    assert "\0" not in source
    return page


def test_the_page_is_one_file_that_loads_nothing(record: Record) -> None:
    source = html.render(record)
    page = check_harmless(source)
    assert policy(page).startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy(page)
    assert source == html.render(record)
    identifiers = [a["id"] for _, a in page.elements if "id" in a]
    assert len(identifiers) == len(set(identifiers))
    assert {v["id"] for v in record.verdicts} <= set(identifiers)
    targets = {a["href"] for tag, a in page.elements if tag == "a"}
    assert {t[1:] for t in targets if t and t[1:2] != "?"} <= set(identifiers)


def test_the_first_screen_says_what_matters(record: Record) -> None:
    text = Page(html.render(record)).text
    assert "1 of 5 verdicts is not as expected. Exit 1: a claim is refuted or below what it expects" in text
    assert "draft/aligned-rows INCONCLUSIVE, TESTED expected" in text
    assert "Mutants that survived draft/aligned-rows “cosine at least 0.9”" in text
    assert "“the hypothesis eps <= mu/16 dropped” after 20,480 lanes, random" in text
    assert "anthony1999/uniform-convergence/decreasing-in-N 0.9871" in text
    assert "2 more reach their bound exactly" in text
    for words in ("command lakatos check", "effort quick", "seed 0", "cpu float64", "python 3.11.9", "data none"):
        assert words in text
    assert "No earlier record was given" in text


def test_every_part_of_a_claim_is_told(record: Record) -> None:
    changes = {
        "vacuity": {
            "when": "V = 0", "means": "nothing is bounded", "because": "x = 0", "why": "no direction", "share": 0.93,
            "because_share": 0.71, "draws": 300, "undefined": 0, "law": "the law of the arm",
            "words": "says nothing in 93 % of 300 networks",
        },
        "measures": {"stable rank": {"least": 1.0, "median": 1.25, "greatest": 2.5, "count": 288, "undefined": 12}},
        "sharpening": {"says": "as printed 2 B; refuted at anything below 2 B - 1"},
        "error": "ValueError: no such word",
        "source": {"reference": "A paper", "provenance": "printed", "link": "https://example.org/paper"},
    }  # fmt: skip
    page = Page(html.render(altered(record, 0, **changes)))
    for words in (
        "in every world of TwoLayerReLU(width=1..16, inputs=1..16, samples=1..16)",
        "PROVED, on a derivation of 5 steps, replayed by the checker.",
        "rank of an outer product",
        "drawn 240,000, admissible 212,000, undefined 28,000, distinct 198,344",
        "tiny 59,049, corners 14,336",
        "width one 14,011",
        "in at most 0.99 % at confidence 0.95: 300 draws, sizes uniform, entries uniform on -3..3",
        "Says nothing in 93 % of 300 networks. It says nothing when V = 0: nothing is bounded, because x = 0",
        "stable rank 1 1.25 2.5 288, 12 undefined",
        "As printed 2 B; refuted at anything below 2 B - 1.",
        "Its own code raised. ValueError: no such word",
        "properties/weight_decay/lemma_2_2.py:12",
        "6c098d0ad2fca3a7",
        "rank(G[S]) <= 1 fails: left side 2 right side 1 at m=2 n=2 N=2 B=2, 8 nonzero draws.",
        "lakatos replay properties/witnesses/example2024-batch-rank-printed.json",
        "printed; its repair is example2024/batch-rank, TESTED",
        "repaired; it repairs example2024/batch-rank-printed",
        "a certificate with 1,024 leaves, every one worked out again",
        "TESTED, on a search: 171,204 distinct admissible ones in 28 worlds, and 2 of 2 mutants of the author caught.",
        "needed to be defined",
        "the faintest",
    ):
        assert words in page.text, words
    assert ("a", "https://example.org/paper") in [(tag, a.get("href")) for tag, a in page.elements]
    assert {"math", "svg", "figure", "table", "details", "main", "header", "footer", "h1"} <= page.tags()


def test_a_record_is_set_beside_the_last_of_its_history(record: Record) -> None:
    other = {**record.verdicts[4], "id": "gone/claim"}
    old = altered(record, 0, grade="TESTED", as_expected=False)
    old = altered(old, 3, grade="TESTED", as_expected=True)
    old = dataclasses.replace(old, verdicts=(*old.verdicts[:4], other))  # type: ignore[arg-type]
    page = Page(html.render(record, [old, old]))
    assert "1 fell draft/aligned-rows TESTED → INCONCLUSIVE, TESTED expected" in page.text
    assert "1 rose chen2024/lemma-2.2 TESTED, PROVED expected → PROVED" in page.text
    assert "1 appeared example2024/batch-rank-printed" in page.text
    assert "1 vanished gone/claim" in page.text
    assert sum(tag == "figure" for tag, _ in page.elements) > sum(
        tag == "figure" for tag, _ in Page(html.render(record)).elements
    )


def test_a_claim_that_rose_because_it_says_something_else_is_shown_as_such(record: Record) -> None:
    said = record.verdicts[0]["statement"]
    other = {**said, "says": {**said["says"], "text": f"{said['says']['text']} + 1"}, "hash": "0" * 16}
    old = altered(record, 0, grade="TESTED", as_expected=False, statement=other)
    page = Page(html.render(record, [old]))
    assert "TESTED, PROVED expected → PROVED; it says something else now" in page.text
    assert "1 say something else chen2024/lemma-2.2" in page.text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_of_a_hostile_record_runs(record: Record, payload: str) -> None:
    verdicts = [spoiled(v, payload) for v in record.verdicts]
    for verdict in verdicts:
        verdict["source"]["link"] = payload
    run = spoiled(record.run, payload)
    run |= {"claims": [*run["claims"], payload], "data": {"name": payload, "sha256": payload}, "commit": payload}
    hostile = dataclasses.replace(record, name=payload, run=run, verdicts=tuple(verdicts))
    page = check_harmless(HTML.render(hostile))
    assert len([t for t, _ in page.elements if t == "details"]) > 5
    check_harmless(HTML.render(hostile, [record]))
    check_harmless(HTML.render(record, [hostile]))
    if payload.isprintable():
        assert payload in page.text


@pytest.mark.parametrize(
    "mathml",
    [
        f'<math xmlns="{MATH}"><script>alert(1)</script></math>',
        f'<math xmlns="{MATH}"><annotation-xml encoding="text/html"><img src="x"/></annotation-xml></math>',
        f'<math xmlns="{MATH}"><semantics><mi>x</mi><annotation>y</annotation></semantics></math>',
        f'<math xmlns="{MATH}"><maction actiontype="statusline"><mi>x</mi></maction></math>',
        '<math><mtext><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/></mtext></math>',
        '<math><mi xmlns="http://www.w3.org/1999/xhtml">x</mi></math>',
        '<!DOCTYPE math [<!ENTITY a "b">]><math><mi>&a;</mi></math>',
        "<math><mi>x</mi><![CDATA[<script>]]></math>",
        "<math><mi>x</math>",
        "<svg/>",
        "<math>" + "<mrow>" * 300 + "</mrow>" * 300 + "</math>",
        "<math>loose text</math>",
        "not markup",
        "",
    ],
)
def test_only_plain_mathml_is_let_through(mathml: str) -> None:
    assert shown({"text": "a<b", "latex": "a", "mathml": mathml}) == "<math><mrow><mi>a</mi></mrow></math>".replace(
        "<mrow><mi>a</mi></mrow>", "<mi>a</mi>"
    )


def test_formulas_keep_what_is_harmless_and_drop_what_is_not() -> None:
    mathml = (
        f'<math xmlns="{MATH}" display="inline" onclick="x" id="y" href="javascript:x()">'
        '<mrow mathbackground="url(//x.test)"><mi href="//x.test" mathvariant="bold">x</mi>'
        '<mo lspace="1em" style="color:red">&lt;</mo><mn>2</mn></mrow></math>'
    )
    made = shown({"text": "x < 2", "latex": "x", "mathml": mathml}, block=True)
    assert made == (
        '<math display="block"><mrow><mi mathvariant="bold">x</mi><mo lspace="1em">&lt;</mo><mn>2</mn></mrow></math>'
    )
    assert shown({"text": "a & <b>", "latex": "\\frac{" * 50}) == "<code>a &amp; &lt;b&gt;</code>"
    assert "<mfrac>" in shown({"text": "1/2", "latex": "\\frac{1}{2}"})


def test_brackets_signs_and_spaces_are_set_as_a_printer_would() -> None:
    low = shown({"text": "", "latex": "\\left(- x + 1\\right)"})
    assert '<mo stretchy="false">(</mo><mo form="prefix">−</mo><mi>x</mi><mo>+</mo>' in low
    assert "<mo>(</mo><mfrac>" in shown({"text": "", "latex": "\\left(\\frac{1}{2}\\right)"})
    assert "<mtext>\N{NO-BREAK SPACE}rises</mtext>" in shown({"text": "", "latex": "\\text{ rises}"})


def test_a_reason_is_not_told_twice(record: Record) -> None:
    summary = record.verdicts[0]["findings"][1]["summary"]
    text = Page(html.render(altered(record, 0, reason=f"{summary}; and one thing more"))).text
    assert "replayed by the checker. And one thing more." in text
    assert text.count("212,000 admissible networks in 31 worlds") == 1
    unexpected = altered(record, 0, reason=summary, as_expected=False)
    assert Page(html.render(unexpected)).text.count("212,000 admissible networks in 31 worlds") == 3


@pytest.mark.parametrize(
    "command",
    [
        "rm -rf /",
        "lakatos replay w.json; rm -rf /",
        "lakatos replay $(touch x)",
        "lakatos replay --out=/etc w.json",
        "lakatos check w.json",
        "lakatos replay w.json\nreboot",
        "lakatos replay 'w.json",
    ],
)
def test_what_is_no_replay_command_is_not_offered(record: Record, command: str) -> None:
    offered = html.render(record)
    assert 'class="copy"' in offered
    witness = {**record.verdicts[4]["witness"], "replay": command}  # type: ignore[dict-item]
    source = html.render(altered(record, 4, witness=witness))
    assert 'class="copy"' not in source
    assert "is no replay command as Lakatos writes it" in source


def test_only_links_to_the_web_are_links(record: Record) -> None:
    for link in (
        "javascript:alert(1)",
        "data:text/html,x",
        "docs/mathematics/zoo.md",
        "//x.test",
        "https://",
        " http://x",
    ):
        source = {"reference": "R", "provenance": "draft", "link": link}
        page = Page(html.render(altered(record, 0, source=source)))
        assert link not in [a.get("href") for _, a in page.elements]
        assert link.strip() in page.text


def test_ids_with_quotes_are_reached(record: Record) -> None:
    name = 'draft/it\'s-"quoted"-&-100%'
    page = check_harmless(html.render(altered(record, 3, id=name)))
    assert name in [a.get("id") for _, a in page.elements]
    assert "#draft/it%27s-%22quoted%22-%26-100%25" in [a.get("href") for _, a in page.elements]
    spaced = check_harmless(html.render(altered(record, 3, id="no slash")))
    assert "claim//0" in [a.get("id") for _, a in spaced.elements]


def test_a_derivation_that_is_only_counted_is_shown(record: Record) -> None:
    for derivation in ({"steps": 5}, {"facts": {}}, {"leaves": 7}, {"steps": [None, 3, {"from": "x"}]}):
        page = Page(html.render(altered(record, 0, derivation=derivation)))
        assert "PROVED, on a derivation" in page.text


@pytest.mark.parametrize(("count", "most"), [(300, 3_000_000), (2000, 15_000_000)])
def test_many_claims_make_no_huge_page(record: Record, count: int, most: int) -> None:
    source = html.render(repeated(record, count))
    assert len(source.encode()) < most
    stores = re.findall(r'<script type="text/plain" id="store-(\d+)">([\w+/=]+)</script>', source)
    page = check_harmless(source, len(stores))
    extras = [part for _, text in stores for part in json.loads(zlib.decompress(b64decode(text)))]
    places = [int(a["data-at"] or 0) for _, a in page.elements if "data-at" in a]
    inline = [tag for tag, _ in page.elements].count("figure")
    assert sum(tag == "details" and "data-grade" in a for tag, a in page.elements) == count
    if count == 2000:
        assert len(extras) == count
        assert places == sorted(places)
        assert 0 < len(places) < count
        assert inline > 0
    kept = sum(extras[place].count("<figure") for place in places)
    assert inline + kept == sum(len(html.figures(v)) for v in record.verdicts) * count // 5


def test_records_that_are_not_whole_are_shown(record: Record) -> None:
    empty = dataclasses.replace(record, verdicts=(), end=None)
    text = check_harmless(html.render(empty)).text
    assert "No claim has a verdict. No exit code: the run did not end." in text
    assert "5 of 5 claims have no verdict" in text
    nothing = dataclasses.replace(empty, run={**record.run, "claims": []})  # type: ignore[typeddict-item]
    assert "The record has no verdict." in Page(html.render(nothing)).text
    cut = parse_record("\n".join(EXAMPLE.read_text().splitlines()[:4]).encode()[:-40])
    text = Page(html.render(cut)).text
    assert "2 verdicts so far, as expected." in text
    assert "Unfinished. The record breaks off in the middle of a line: 3 of 5 claims have no verdict." in text
    assert "Claims without a verdict example2024/batch-rank draft/aligned-rows" in text


def test_a_newer_record_with_unknown_fields_is_shown(record: Record) -> None:
    lines = [json.loads(line) for line in EXAMPLE.read_text().splitlines()]
    lines[0] |= {"schema": "1.99", "weather": "<b>fine</b>"}
    for line in lines:
        line["moon"] = {"phase": ["full"]}
    lines[1]["statement"]["colour"] = lines[1]["mutants"][0]["taste"] = lines[1]["findings"][1]["smell"] = "sweet"
    lines[6]["exit"] = 77
    newer = parse_record("\n".join(map(json.dumps, lines)).encode())
    assert "Exit 77: a code that this version does not know." in check_harmless(html.render(newer)).text


@pytest.mark.parametrize(
    "changes",
    [
        {"findings": [{"type": "search"}]},
        {"witness": {"size": {}}},
        {"mutants": [{"name": "x"}]},
        {"statement": None},
        {"seconds": "long"},
        {"ablation": [3]},
        {"measures": {"x": 1}},
        {"tightness": {"worst": "1/0", "histogram": None, "worst_by_design": {}}},
        {"source": "paper"},
    ],
)
def test_a_field_of_a_wrong_shape_is_one_sentence(record: Record, changes: dict[str, Any]) -> None:
    with pytest.raises(RecordError, match=r"has a field that cannot be shown \(.*\); .*\.$"):
        HTML.render(altered(record, 0, **changes))


def test_long_numbers_are_folded_and_told_in_decimals(record: Record) -> None:
    sides = [f"{10**120 + 1}/{3 * 10**120}", "1/3000000*sqrt(20000000000000)"]
    witness: Any = {**record.verdicts[4]["witness"], "sides": sides}  # type: ignore[dict-item]
    page = Page(html.render(altered(record, 4, witness=witness)))
    assert f"about 0.333333 243 characters in full {sides[0]}" in page.text
    assert f"{sides[1]} about 1.49071" in page.text


def test_what_nearly_broke(record: Record) -> None:
    found = nearly(record.verdicts)
    assert [near.worst for near in found.tightest] == [0.9871, 0.75]
    assert (found.equal, found.caught, [t.mutant["name"] for t in found.survived]) == (2, 10, ["cosine at least 0.9"])
    mutants: Any = [
        {"name": name, "refuted": refuted, "proved": False, "effort": {"stage": stage, "lanes": lanes}}
        for name, refuted, stage, lanes in (
            ("long", True, "climbing", 9000),
            ("survivor", False, "climbing", 99000),
            ("called", True, "closest call", 400),
            ("quick", True, "tiny", 3),
        )
    ]
    assert (faintest(mutants) or {})["name"] == "called"
    assert (faintest(mutants[:2]) or {})["name"] == "long"
    assert faintest(mutants[1:2]) is None


def test_the_headline(record: Record) -> None:
    fine = altered(record, 3, as_expected=True)
    assert headline(fine) == "All 5 verdicts are as expected"
    assert headline(dataclasses.replace(fine, end=None)) == "5 verdicts so far, as expected"
    broken = dataclasses.replace(fine, end={**record.end, "exit": 3})  # type: ignore[typeddict-item]
    assert headline(broken) == "A contradiction: the suite is wrong, and nothing here should be used"


def test_derivations_are_told_in_words() -> None:
    word, two = ["word", "chen2024:eps"], ["number", "-2"]
    index = ["index", "!e3ae", "samples"]
    steps = [
        {"rule": "a", "from": [], "gives": ["LessThan", ["norm", ["word", "x:V"]], ["Mul", ["number", "1/2"], word]]},
        {"rule": "b", "from": [0], "gives": ["Equality", ["Pow", word, two], ["at", "x:g", index]]},
        {
            "rule": "c",
            "from": [0, 1],
            "gives": ["Add", ["number", "-1"], ["Mul", ["Add", word, ["number", "1"]], word]],
        },
    ]
    found = told({"steps": steps, "lemmas": {"other/claim": []}}, 10)
    assert [step.says for step in found.steps] == ["‖V‖ ≤ ε/2", "1/ε^2 = g[s₁]", "(ε + 1) ε − 1"]
    assert [step.premises for step in found.steps] == [(), (0,), (0, 1)]
    assert (found.left_out, found.relies_on) == (0, ("other/claim",))
    trace = {
        "nodes": [["number", "2"], ["log", word]],
        "facts": [
            {"of": ["range", 0], "rule": "number", "from": [], "gives": ["2", "2", False, False]},
            {"of": ["range", 1], "rule": "function", "from": [0], "gives": ["-oo", "5*2^-3", True, False]},
        ],
        "conclusions": [
            {"goal": ["increasing", ["log", word], word, ["constant", "true"]], "way": "monotone", "from": [1]}
        ],
    }
    assert [(s.number, s.says, s.premises) for s in told(trace, 10).steps] == [
        ("1", "range of log(ε) is in (−∞, 0.625]", ()),
        ("so", "log(ε) is strictly increasing in ε", (1,)),
    ]
    covering = {"domain": [[word, ["0", "oo", False, True]]], "leaves": 2, "tree": [0, "7", None, None]}
    assert [step.says for step in told(covering, 10).steps] == ["ε in [0, 7]", "ε in [7, ∞)"]


def test_a_long_derivation_keeps_its_end_and_says_what_is_left_out() -> None:
    found = told({"steps": [{"rule": "r", "from": [], "gives": ["number", str(n)]} for n in range(100)]}, 12)
    assert [step.number for step in found.steps] == [*map(str, range(9)), "97", "98", "99"]
    assert (found.left_out, [step.number for step in found.steps if step.after_gap]) == (88, ["97"])


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.text(max_size=8)
    | st.sampled_from(sorted(["Add", "Mul", "Pow", "index"])),
    lambda part: (
        st.lists(part, max_size=4) | st.dictionaries(st.sampled_from(["of", "from", "gives", "rule", "goal"]), part)
    ),
    max_leaves=20,
)


@settings(deadline=None, max_examples=150)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            k: JSON | st.lists(JSON)
            for k in ("steps", "facts", "nodes", "conclusions", "domain", "tree", "leaves", "lemmas", "box")
        },
    )
)
def test_no_derivation_of_a_stranger_breaks_the_page(derivation: dict[str, Any]) -> None:
    for step in told(derivation, 12).steps:
        assert len(step.says) <= 220


def test_a_very_deep_tree_is_cut() -> None:
    tree: Any = ["number", "1"]
    for _ in range(900):
        tree = ["Abs", tree]
    assert "…" in told({"steps": [{"gives": tree}]}, 3).steps[0].says
