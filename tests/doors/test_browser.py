"""The page of a record in a browser: filters, keys, copying, printing, no request, and what axe-core says of it."""

import dataclasses
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from reports.html import render
from reports.record import Record, read_record

CHROMIUM = shutil.which("chromium")
EXAMPLE = Path(__file__).with_name("record_example.jsonl")
CLAIMS = (
    "tools/logarithm-over-root/decreasing-in-N-fails",
    "chen2024/any-dense-layer",
    "anthony1999/sample-size/decreasing-in-delta",
    "graf2022/norms/decreasing-in-N-from-6",
)
SIZES = {390: 844, 1280: 900}

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")

Opened = Callable[..., Page]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="module")
def checked(folder: Path) -> Record:
    """A record that `lakatos check` has just written, with a refuted claim among others."""
    command = [sys.executable, "-m", "verify", "check", *CLAIMS, "--out", "out"]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return read_record(folder / "out" / "record.jsonl")


@pytest.fixture(scope="module")
def example(folder: Path) -> Path:
    return written(folder, "example", read_record(EXAMPLE))


@pytest.fixture(scope="module")
def real(folder: Path, checked: Record) -> Path:
    return written(folder, "real", checked)


@pytest.fixture(scope="module")
def many(folder: Path) -> Path:
    """So many claims that what they fold is text and compressed."""
    record = read_record(EXAMPLE)
    verdicts: Any = [{**record.verdicts[n % 5], "id": f"{record.verdicts[n % 5]['id']}-{n}"} for n in range(500)]
    run: Any = {**record.run, "claims": [v["id"] for v in verdicts]}
    return written(folder, "many", dataclasses.replace(record, run=run, verdicts=tuple(verdicts)))


def written(folder: Path, name: str, record: Record) -> Path:
    path = folder / f"{name}.html"
    path.write_text(render(record), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        options = [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
        ]
        started = driver.chromium.launch(
            executable_path=CHROMIUM, args=[*options, "--disable-component-update", "--disable-sync"]
        )
        yield started
        started.close()


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opened]:
    """Opens a page at a width, in a scheme; at the end nothing was requested but the page, and nothing complained."""
    complaints: list[str] = []
    contexts = []

    def make(path: Path, fragment: str = "", width: int = 1280, scheme: Any = "light", **options: Any) -> Page:
        size: Any = {"width": width, "height": SIZES.get(width, 1080)}
        context = browser.new_context(viewport=size, color_scheme=scheme, **options)
        contexts.append(context)

        def decide(route: Any) -> None:
            if route.request.url.partition("#")[0] == path.as_uri():
                route.continue_()
            else:
                complaints.append(f"requested {route.request.url}")
                route.abort()

        context.route("**/*", decide)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.goto(path.as_uri() + fragment)
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


def claims(page: Page) -> list[str]:
    """The ids of the claims that are shown, in order."""
    found: list[str] = page.eval_on_selector_all(".claim", "all => all.filter(c => !c.hidden).map(c => c.id)")
    return found


def claim(page: Page, name: str) -> Any:
    return page.locator(f'.claim[id="{name}"]')


def test_filters_sort_and_search(opened: Opened, example: Path) -> None:
    page = opened(example)
    shown = page.get_by_role("status").first
    assert claims(page)[:2] == ["draft/aligned-rows", "example2024/batch-rank-printed"]
    expect(shown).to_have_text("5 of 5 shown")
    page.get_by_role("checkbox", name="PROVED").check()
    expect(shown).to_have_text("1 of 5 shown")
    page.get_by_role("checkbox", name="REFUTED").check()
    assert claims(page) == ["example2024/batch-rank-printed", "chen2024/lemma-2.2"]
    page.get_by_role("button", name="Clear").click()
    expect(shown).to_have_text("5 of 5 shown")
    page.get_by_role("combobox", name="Verdict").select_option("no")
    assert claims(page) == ["draft/aligned-rows"]
    page.get_by_role("combobox", name="Verdict").select_option("yes")
    page.get_by_role("combobox", name="Source").select_option("example2024")
    page.get_by_role("combobox", name="Evidence").select_option("appeal")
    assert claims(page) == ["example2024/batch-rank-printed"]
    page.get_by_role("button", name="Clear").click()
    for words, found in (
        ("aligned", "draft/aligned-rows"),
        ("SIGN PATTERN", "draft/aligned-rows"),
        ("lemma 2.2 chen", "chen2024/lemma-2.2"),
        ("decreasing(gap", "anthony1999/uniform-convergence/decreasing-in-N"),
    ):
        page.get_by_role("searchbox").fill(words)
        assert claims(page) == [found]
    page.get_by_role("searchbox").fill("nothing of the sort")
    expect(shown).to_have_text("0 of 5 shown")
    expect(page.get_by_text("No claim matches.")).to_be_visible()
    page.get_by_role("searchbox").fill("")
    page.get_by_role("combobox", name="Sort").select_option("id")
    assert claims(page) == sorted(claims(page))
    page.get_by_role("combobox", name="Sort").select_option("time")
    assert claims(page)[0] == "draft/aligned-rows"
    page.get_by_role("combobox", name="Sort").select_option("tightness")
    assert claims(page)[0] == "example2024/batch-rank-printed"
    page.get_by_role("combobox", name="Sort").select_option("")
    assert claims(page)[0] == "draft/aligned-rows"


def test_the_fragment_keeps_what_was_asked(opened: Opened, example: Path) -> None:
    page = opened(example, "#chen2024/lemma-2.2")
    lemma = claim(page, "chen2024/lemma-2.2")
    expect(lemma).to_have_attribute("open", "")
    expect(lemma.get_by_text("rank of an outer product")).to_be_hidden()
    lemma.get_by_text("The steps of the derivation").click()
    expect(lemma.get_by_text("rank of an outer product")).to_be_visible()
    page.get_by_role("checkbox", name="REFUTED").check()
    page.get_by_role("combobox", name="Sort").select_option("id")
    page.get_by_role("searchbox").fill("rank at most & one")
    page.get_by_role("searchbox").fill("rank at most")
    claim(page, "example2024/batch-rank-printed").locator("summary").first.click()
    page.reload()
    assert claims(page) == ["example2024/batch-rank-printed"]
    expect(page.get_by_role("searchbox")).to_have_value("rank at most")
    expect(page.get_by_role("combobox", name="Sort")).to_have_value("id")
    expect(claim(page, "example2024/batch-rank-printed")).to_have_attribute("open", "")
    page.evaluate("location.hash = '#?grade=TESTED'")
    expect(page.get_by_role("status").first).to_have_text("1 of 5 shown")
    page.get_by_role("link", name=re.compile("INCONCLUSIVE")).click()
    expect(page.get_by_role("status").first).to_have_text("1 of 5 shown")
    assert claims(page) == ["draft/aligned-rows"]
    page.locator(".glance").get_by_role("link", name="anthony1999/uniform").first.click()
    expect(claim(page, "anthony1999/uniform-convergence/decreasing-in-N")).to_have_attribute("open", "")
    expect(claim(page, "anthony1999/uniform-convergence/decreasing-in-N")).to_be_in_viewport()


def test_a_link_inside_a_claim_that_is_filtered_out_shows_it(opened: Opened, example: Path) -> None:
    page = opened(example, "#?grade=REFUTED&claim=example2024/batch-rank-printed")
    claim(page, "example2024/batch-rank-printed").get_by_role("link", name="example2024/batch-rank").click()
    expect(claim(page, "example2024/batch-rank")).to_be_visible()
    expect(claim(page, "example2024/batch-rank")).to_have_attribute("open", "")


def test_the_replay_command_is_copied_and_runs(opened: Opened, real: Path, folder: Path) -> None:
    page = opened(real, permissions=["clipboard-read", "clipboard-write"])
    refuted = claim(page, CLAIMS[0])
    refuted.locator("summary").first.click()
    refuted.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    expect(page.locator("#said")).to_have_text("Copied the replay command")
    command = page.evaluate("navigator.clipboard.readText()")
    assert command.startswith("lakatos replay ")
    words = [sys.executable, "-m", "verify", *shlex.split(command)[1:]]
    ran = subprocess.run(words, cwd=folder, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "0.490129" in ran.stdout


def test_without_a_clipboard_the_command_is_selected(opened: Opened, real: Path) -> None:
    page = opened(real, f"#{CLAIMS[0]}")
    page.evaluate("void (navigator.clipboard.writeText = () => Promise.reject(new Error('denied')))")
    page.evaluate("void (document.execCommand = () => false)")
    claim(page, CLAIMS[0]).get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Press Ctrl+C")).to_be_visible()
    assert page.evaluate("String(getSelection())").startswith("lakatos replay ")


def test_pictures_and_steps_of_a_real_record_are_drawn(opened: Opened, real: Path) -> None:
    page = opened(real, "#chen2024/any-dense-layer")
    dense = claim(page, "chen2024/any-dense-layer")
    expect(dense.locator("figure svg").first).to_be_visible()
    expect(dense.locator("math").first).to_be_visible()
    dense.get_by_text("The steps of the derivation").click()
    expect(dense.locator(".proof tr").last).to_be_visible()
    assert dense.locator(".proof tbody tr").count() == 22
    dense.get_by_text("In words").first.click()
    expect(dense.locator(".in-words p").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("which", ["example", "real"])
def test_axe_finds_nothing_serious(
    opened: Opened, request: pytest.FixtureRequest, which: str, width: int, scheme: str
) -> None:
    page = opened(request.getfixturevalue(which), width=width, scheme=scheme)
    page.get_by_role("button", name="Open all shown").click()
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    violations = Axe().run(page).response["violations"]
    told = [(v["id"], v["impact"], [n["html"][:200] for n in v["nodes"]][:3]) for v in violations]
    assert [one for one in told if one[1] in ("serious", "critical", "moderate")] == []


@pytest.mark.parametrize("width", [320, 390, 768, 1280, 1920])
def test_nothing_but_formulas_and_tables_scrolls_sideways(
    opened: Opened, example: Path, real: Path, width: int
) -> None:
    for path in (example, real):
        page = opened(path, width=width)
        page.get_by_role("button", name="Open all shown").click()
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [390, 1920])
def test_what_scrolls_sideways_is_reached_by_keys_when_all_is_opened_at_once(
    opened: Opened, folder: Path, width: int
) -> None:
    record = read_record(EXAMPLE)
    verdicts: Any = []
    for n in range(40):
        terms = " + ".join(rf"\sqrt{{\frac{{x_{{{k}}}}}{{{n + 2}}}}}" for k in range(12 + 4 * n))
        found: Any = record.verdicts[n % 5]
        says = {"text": f"x <= {n}", "latex": terms, "mathml": ""}
        verdicts.append({**found, "id": f"{found['id']}-{n}", "statement": {**found["statement"], "says": says}})
    path = written(folder, "wide", dataclasses.replace(record, verdicts=tuple(verdicts)))
    for _ in range(4):
        page = opened(path, width=width)
        page.get_by_role("button", name="Open all shown").click()
        page.evaluate("new Promise(done => setTimeout(done, 500))")
        wrong = page.eval_on_selector_all(
            ".say > math",
            "all => all.filter(m => (m.scrollWidth > m.clientWidth + 1) !== m.hasAttribute('tabindex')).length",
        )
        assert wrong == 0


def test_keys_move_and_never_trap(opened: Opened, example: Path) -> None:
    page = opened(example)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the claims")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("/")
    search = page.get_by_role("searchbox")
    expect(search).to_be_focused()
    page.keyboard.type("j/k")
    expect(search).to_have_value("j/k")
    search.fill("")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(claim(page, "draft/aligned-rows").locator("summary").first).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(claim(page, "draft/aligned-rows")).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.claim').id") == "draft/aligned-rows"
    page.get_by_role("checkbox", name="keys").uncheck()
    claim(page, "draft/aligned-rows").locator("summary").first.focus()
    page.keyboard.press("/")
    expect(search).not_to_be_focused()
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    seen = set()
    for _ in range(200):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.outerHTML.slice(0, 120)"))
        if page.evaluate("document.activeElement === document.body"):
            break
    assert any("example2024/batch-rank" in one or "summary" in one for one in seen)
    assert page.evaluate("document.activeElement === document.body || document.activeElement.matches('.skip')")


def test_the_scheme_is_kept(opened: Opened, example: Path) -> None:
    page = opened(example)
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    button = page.get_by_role("button", name="Dark scheme")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    dark = page.evaluate(paper)
    assert dark != light
    page.reload()
    assert page.evaluate(paper) == dark
    assert opened(example, scheme="dark").evaluate(paper) == dark


def test_print_shows_what_was_not_expected_and_no_controls(opened: Opened, example: Path) -> None:
    page = opened(example)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    names = page.eval_on_selector_all(".claim[open]", "all => all.map(c => c.id)")
    assert names == ["draft/aligned-rows", "example2024/batch-rank-printed"]
    page.emulate_media(media="print")
    for name in ("Clear", "Copy", "Dark scheme"):
        assert not page.get_by_role("button", name=name).first.is_visible()
    expect(claim(page, "example2024/batch-rank-printed").get_by_text("left side")).to_be_visible()
    assert page.pdf().startswith(b"%PDF")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator(".claim[open]").count() == 0


@pytest.mark.parametrize("which", ["example", "many"])
def test_without_javascript_everything_that_matters_is_there(
    opened: Opened, request: pytest.FixtureRequest, which: str
) -> None:
    page = opened(request.getfixturevalue(which), java_script_enabled=False)
    expect(page.get_by_role("heading", level=1)).to_contain_text("not as expected.")
    expect(page.get_by_role("searchbox")).to_be_hidden()
    refuted = page.locator('.claim[data-grade="REFUTED"]').first
    refuted.locator("summary").first.click()
    expect(refuted.locator("math").first).to_be_visible()
    for part, words in (
        (".sides", "left side"),
        (".command code", "lakatos replay properties/"),
        (".about", "Example 2024"),
    ):
        expect(refuted.locator(part)).to_be_visible()
        expect(refuted.locator(part)).to_contain_text(words)
    expect(refuted.locator(".copy")).to_be_hidden()


def test_what_many_claims_fold_appears_when_they_are_opened(opened: Opened, many: Path) -> None:
    page = opened(many)
    expect(page.get_by_role("status").first).to_have_text("500 of 500 shown")
    assert page.evaluate("document.getElementsByTagName('*').length") < 15_000
    last = page.locator(".claim").last
    name = last.get_attribute("id") or ""
    page.evaluate("name => { location.hash = '#' + name }", name)
    expect(last).to_be_in_viewport()
    expect(last.locator("math").first).to_be_visible()
    expect(last.locator("figure svg").first).to_be_visible()
    last.get_by_text("The steps of the derivation").click()
    expect(last.get_by_text("rank of an outer product")).to_be_visible()
    page.get_by_role("searchbox").fill("alignment >= 1/2")
    expect(page.get_by_role("status").first).to_have_text("100 of 500 shown")


def test_nothing_of_a_hostile_record_runs_in_a_browser(opened: Opened, folder: Path) -> None:
    record = read_record(EXAMPLE)
    payload = "</script></noscript></style><img src=x onerror=alert(1)><script>alert(2)</script>"
    verdicts: list[Any] = []
    for number in range(600):
        verdict: Any = {**record.verdicts[number % 5], "id": f"a/{number}{payload.replace(' ', '').replace('/', '')}"}
        verdict |= {"title": payload, "reason": payload, "error": payload}
        verdict["statement"] = {**verdict["statement"], "says": {"text": payload, "latex": payload, "mathml": payload}}
        verdicts.append(verdict)
    hostile = dataclasses.replace(record, verdicts=tuple(verdicts))
    page = opened(written(folder, "hostile", hostile))
    for position in (0, 300, 599):
        row = page.locator(".claim").nth(position)
        row.locator("summary").first.click()
        expect(row.locator(".body")).to_be_visible()
    page.wait_for_timeout(300)
    assert page.locator("img").count() == 0
    assert page.locator("script:not([type])").count() == 2
