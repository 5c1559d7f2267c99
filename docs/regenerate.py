"""Regenerate what the README and the pages of docs show: the picture of a report, and what their commands print.

Run it from the repository's root: ``python docs/regenerate.py``, or with the pages that are meant. The picture needs
Chromium; without it, it stays as it is.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
REPORTS = ROOT / "docs" / "reports.md"
PICTURE = ROOT / "docs" / "report.png"
PAGES = (
    README,
    ROOT / "docs" / "claims.md",
    ROOT / "docs" / "bounds.md",
    REPORTS,
    ROOT / "docs" / "audit.md",
    ROOT / "docs" / "reproduce.md",
    ROOT / "docs" / "jacobian.md",
)
PICTURED = ("chen2024/lemma-2.1*", "anthony1999/*", "graf2022/*", "vapnik1998/*")
"""The claims in the picture beside the page's own, some of each grade."""
WIDTH, SCALE, COLOURS = 1180, 1.5, 128
"""Of the picture: CSS pixels, pixels to one of them, and how many colours are kept."""
CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-lcd-text",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

Lakatos = Callable[[Sequence[str]], tuple[str, int]]
"""The arguments of one command of lakatos to what it prints, on both streams, and its exit code."""

_PART = re.compile(
    r"`(?P<name>\w+\.py)`:\n\n```python\n(?P<code>.*?)```"
    r"|(?P<head><!-- output: (?P<hidden>.*?) -->\n```\w*\n).*?^```"
    r"|```text\n(?P<shown>\$ (?:lakatos|python|cat|head|ls|sed) .*?)\n```",
    re.DOTALL | re.MULTILINE,
)


def first_claim(text: str) -> str:
    """The first Python block of the README."""
    found = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert found is not None
    return found[1]


def renewed(text: str, folder: Path, lakatos: Lakatos) -> str:
    """A page with what its commands print now, run in order in a folder, in which its files come to lie.

    A file is a Python block below its name. Commands are the lines of a text block that begin with "$ "; or the one of
    a comment, "<!-- output: COMMAND -->", above a block of any language that has the output alone.
    """

    def again(part: re.Match[str]) -> str:
        if part["name"]:
            (folder / part["name"]).write_text(part["code"])
            return part[0]
        if part["hidden"]:
            said, _ = _said(part["hidden"], folder, lakatos)
            return f"{part['head']}{said}{chr(10) * bool(said)}```"
        lines, code = [], 0
        for command in re.findall(r"^\$ (.*)$", part["shown"], re.MULTILINE):
            said, code = (str(code), code) if command == "echo $?" else _said(command, folder, lakatos)
            lines += [f"$ {command}", *([said] if said else [])]
        return "```text\n" + "\n".join(lines) + "\n```"

    return _PART.sub(again, text)


def _said(command: str, folder: Path, lakatos: Lakatos) -> tuple[str, int]:
    """What a command prints, and its exit code; lakatos comes first in it, before a pipe or a file, or not at all."""
    text, code, rest = "", 0, command
    if command.startswith("lakatos "):
        call, sign, rest = re.fullmatch(r"(.*?)(?: ([|>]) (.*))?", command).groups()  # type: ignore[union-attr]
        text, code = lakatos(shlex.split(call)[1:])
        rest = f"cat > {rest}" if sign == ">" else rest
    if rest:
        rest = re.sub(r"^python\b", lambda _: shlex.quote(sys.executable), rest)
        ran = subprocess.run(["sh", "-c", rest], cwd=folder, input=text, capture_output=True, text=True, check=True)
        text = ran.stdout
    return text.rstrip(), code


def _lakatos(folder: Path) -> Lakatos:
    """The program of this Python, in a folder and on a terminal of 80 columns."""

    def run(arguments: Sequence[str]) -> tuple[str, int]:
        words = [sys.executable, "-m", "verify", *arguments]
        environment = {**os.environ, "COLUMNS": "80"}
        ran = subprocess.run(words, cwd=folder, capture_output=True, text=True, env=environment)
        return ran.stdout + ran.stderr, ran.returncode

    return run


def _picture() -> None:
    """The first screen of a page in HTML: of the draft of docs/reports.md, on the day when it says too much."""
    program = shutil.which("chromium")
    if program is None:
        print(f"chromium is not installed: {PICTURE.relative_to(ROOT)} stays as it is", file=sys.stderr)
        return
    from PIL import Image
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        run = _lakatos(folder)
        draft = first_claim(REPORTS.read_text())
        for text, record in ((draft, "earlier.jsonl"), (draft.replace("most = B", "most = 1"), "record.jsonl")):
            (folder / "draft.py").write_text(text)
            run(["check", "draft.py", *PICTURED, "--json", record])
        told, code = run(["report", "record.jsonl", "--html", "--history", "earlier.jsonl", "-o", "report.html"])
        assert code == 0, told
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=program, args=list(CHROMIUM))
            size: Any = {"width": WIDTH, "height": WIDTH}
            page = browser.new_page(viewport=size, color_scheme="light", device_scale_factor=SCALE)
            page.goto((folder / "report.html").as_uri())
            seen = page.locator(".glance").bounding_box()
            assert seen is not None
            drawn = page.screenshot(clip={"x": 0, "y": 0, "width": WIDTH, "height": seen["y"] + seen["height"]})
            browser.close()
        image = Image.open(io.BytesIO(drawn)).convert("RGB")
        image.quantize(COLOURS, dither=Image.Dither.NONE).save(PICTURE, optimize=True)


def main() -> None:
    """Renew the pages named, or all of them; with the README its picture."""
    pages = [Path(page).resolve() for page in sys.argv[1:]] or list(PAGES)
    for page in pages:
        with tempfile.TemporaryDirectory() as folder:
            text = page.read_text()
            if page == README:
                Path(folder, "draft.py").write_text(first_claim(text))
            page.write_text(renewed(text, Path(folder), _lakatos(Path(folder))))
    if README in pages:
        _picture()


if __name__ == "__main__":
    main()
