"""The appendix for a paper: it compiles, it fits the page, and a record can make it do nothing but show text."""

import copy
import dataclasses
import json
import re
import shutil
import subprocess
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from reports.latex import render, snippet
from reports.record import Record, read_record
from reports.tex import code, link, text
from reports.texlines import abridged, lines
from reports.texmath import COMMANDS, Slot, formula

EXAMPLE = Path(__file__).with_name("record_example.jsonl")
SECRET = "the-secret-of-the-other-file"

needs_pdflatex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
needs_pdftotext = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs pdftotext")

HOSTILE = [
    r"\input{secret}",
    r"\input secret",
    r"\write18{touch shell.txt}",
    r"\immediate\write18{touch shell.txt}",
    r"\immediate\openout5=out.txt \immediate\write5{x}\immediate\closeout5",
    r"\newwrite\w\immediate\openout\w=out.txt",
    r"^^5cinput{secret}",
    r"^^5c^^69nput{secret}",
    r"\csname input\endcsname{secret}",
    r"\catcode`\%=12",
    r"\catcode`\Z=0 Zinput{secret}",
    r"\def\lakatosend{}",
    r"\let\end\relax",
    r"\special{ps: 1}",
    r"\pdfobj stream file {secret.tex}",
    r"\end{document}",
    r"} \end{lakatosfacts} \input{secret} {",
    r"$\input{secret}$",
    r"\) \input{secret} \(",
    r"\] \input{secret} \[",
    "100 % of \\input{secret}",
    "a % b",
    "line one\n\n\\input{secret}",
    "~&#_^{}$\\<>|\"'`-- --- ,, ?` !` << >>",
    "tab\tbell\x07 null\x00 escape\x1b[31m",
    "\u202eright to left\u2066",
    "alpha α ≤ ∞ √ · × é ü ß ø ł 中 \U0001f600 ﬁ",
    "[x] * ]",
    "&" * 30,
    "{" * 300,
    "}" * 300,
    "\\" * 99,
    "x" * 20_000,
    "x_" * 3_000,
    "\ud800 half of a pair",
    r"\left( \frac{",
    r"x^a^b",
    r"\verb|\input{secret}|",
    r"\begin{filecontents}{out.txt}x\end{filecontents}",
]
"""What would read, write, run or break something, if TeX were to read it."""

FORMULAS = [
    *HOSTILE,
    r"\text{\input{secret}}",
    r"\text{$x$}",
    r"\text{a%}",
    r"\operatorname{\write18}",
    r"\begin{verbatim}x\end{verbatim}",
    r"\begin{aligned}x\end{cases}",
    r"a & b",
    r"a \\ b",
    r"\left( x",
    r"x \right)",
    r"\frac{1}",
    r"x_{a}_{b}",
    r"x^{2}'",
    r"x'_{a}^{2}",
    "{" * 100 + "x" + "}" * 100,
    r"\left(" * 100 + "x" + r"\right)" * 100,
    r"\sqrt[\input{secret}]{x}",
    r"\href{x}{y}",
    r"\includegraphics{secret}",
    r"\mathchoice{a}{b}{c}{d}",
    r"\hbox{x}",
    r"\char92",
    r"\#1",
    r"x#1",
    "",
    " ",
]


@pytest.fixture
def record() -> Record:
    return read_record(EXAMPLE)


def compiled(folder: Path, source: str, times: int = 1) -> str:
    """The log of pdflatex, which has to end without an error; with no shell and as TeX comes."""
    (folder / "appendix.tex").write_text(source, encoding="ascii")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "appendix.tex"]
    for _ in range(times):
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace", timeout=300)
        assert done.returncode == 0, done.stdout[-3000:]
    return (folder / "appendix.log").read_text(encoding="latin-1")


def overfull(log: str) -> list[float]:
    return [float(points) for points in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log)]


def words_of(folder: Path) -> str:
    """The text of the PDF without white space, ligatures resolved."""
    done = subprocess.run(["pdftotext", "appendix.pdf", "-"], cwd=folder, capture_output=True, timeout=60, check=True)
    return squeezed(done.stdout.decode())


def squeezed(words: str) -> str:
    return "".join(unicodedata.normalize("NFKC", words).replace("’", "'").replace("‘", "`").split())


def document(body: str) -> str:
    return (
        "\\documentclass{article}\\usepackage[T1]{fontenc}\\usepackage{textcomp,amsmath,amssymb,hyperref}\n"
        f"\\IfFileExists{{lmodern.sty}}{{\\usepackage{{lmodern}}}}{{}}\\begin{{document}}\n{body}\n\\end{{document}}\n"
    )


def filled(record: Record, words: str) -> Record:
    """The record with words in every field that holds text of an author, and in every formula."""
    verdicts: Any = copy.deepcopy(record.verdicts)
    for k, verdict in enumerate(verdicts):
        said = {"text": words, "latex": words}
        verdict |= {"id": f"{words}/{k}", "title": words, "file": words, "reason": words, "error": words}
        verdict["statement"] |= {"says": said, "assuming": [said], "where": [said], "given": words, "hash": words}
        verdict["source"] = {"reference": words, "provenance": words, "link": f"https://example.org/{words}"}
        for finding in verdict["findings"]:
            finding |= {"summary": words, "rests_on": [words]}
            if finding["type"] == "search":
                finding |= {"corners": {words: 1}, "allowance": words, "device": words}
        for mutant in verdict["mutants"]:
            mutant |= {"name": words, "statement": words}
        verdict["ablation"] = [{"hypothesis": words, "needed": words, "witness": None}]
        verdict["sharpening"] = {"says": words, "sharper": [dict.fromkeys(("sentence", "grade", "reason"), words)]}
        verdict["measures"] = {words: {"least": 1, "median": 2, "greatest": 3, "count": 4, "undefined": 0}}
        verdict["vacuity"] = dict.fromkeys(("when", "means", "because", "why", "law", "words"), words)
        witness = {"size": {words: 1}, "point": {words: words}, "sides": [words, words], "kink": True, "nonzero": 1}
        verdict["witness"] = witness | {"file": words, "replay": words, "sentence": words}
    run: Any = dict(record.run)
    run |= {"commit": words, "command": words, "versions": {words: words}, "data": {"name": words, "sha256": words}}
    return dataclasses.replace(record, run=run, verdicts=tuple(verdicts))


# -- text ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", HOSTILE, ids=ascii)
def test_every_character_of_a_text_is_spelled_out(words: str) -> None:
    for shown in (text(words), code(words)):
        assert shown.isascii()
        bare = re.sub(r"\\(?:[A-Za-z]+|[{}$&#%_`'^~\"=. ])", "", shown)
        assert not set(bare) & set("\\$&#%_~\n"), bare
        assert bare.count("{") == bare.count("}")
        assert "^" not in bare or r"\ensuremath{^" in shown
        used = set(re.findall(r"\\([A-Za-z]+)", shown))
        assert not used & {"input", "write", "csname", "catcode", "def", "immediate", "openout", "special", "end"}


def test_letters_and_signs_that_latex_has_are_shown_and_others_named() -> None:
    assert text("Erdős, Łojasiewicz, naïve: α ≤ ∞") == (
        r"Erd\H{o}s, \L{}ojasiewicz, na\"{\i}ve: \ensuremath{\alpha} \ensuremath{\leq} \ensuremath{\infty}"
    )
    assert text("中 \x07 \u202e") == "[U+4E2D] [U+0007] [U+202E]"


def test_links_are_of_the_web_or_none() -> None:
    assert link("https://arxiv.org/abs/2410.02176", "x") == r"\href{https://arxiv.org/abs/2410.02176}{x}"
    assert link("https://a.org/%5c?q=a_b#c~", "x") == r"\href{https://a.org/\%5c?q=a\_b\#c\%7E}{x}"
    for address in ("javascript:alert(1)", "file:///etc/passwd", "docs/a.md", "https://a.org/\\input{x} y", "run:x"):
        assert link(address, "x") == "x"
    assert link(r"https://a.org/\input{x}", "x") == r"\href{https://a.org/\%5Cinput\%7Bx\%7D}{x}"


@needs_pdflatex
@needs_pdftotext
def test_hostile_texts_are_in_the_pdf_as_they_stand(tmp_path: Path) -> None:
    (tmp_path / "secret.tex").write_text(SECRET, encoding="ascii")
    told = [words for words in HOSTILE if words.isascii() and words.isprintable() and len(words) < 1000]
    log = compiled(tmp_path, document("\n\n".join(f"{text(w)}\n\n{{\\raggedright {code(w)}\\par}}" for w in told)))
    shown = words_of(tmp_path)
    for words in told:
        assert shown.count(squeezed(words)) >= 2, words
    assert SECRET not in shown
    assert "secret.tex" not in log


# -- formulas ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ours() -> dict[str, Any]:
    """What the record says of every claim of the catalogue, by id."""
    from verify import catalogue
    from verify.describe import statement_details

    return {claim.id: statement_details(claim) for claim in catalogue.select([]).claims}


def test_every_formula_of_the_catalogue_is_understood(ours: dict[str, Any]) -> None:
    statements = [details["statement"] for details in ours.values()]
    told = [one["latex"] for s in statements for one in (s["says"], *s["assuming"], *s["where"])]
    assert len(told) > 900
    assert [latex for latex in told if formula(latex) is None] == []


@pytest.mark.parametrize("latex", FORMULAS, ids=ascii)
def test_a_formula_that_is_not_understood_in_full_is_not_taken(latex: str) -> None:
    found = formula(latex)
    if found is not None:  # harmless as a formula, e.g. a letter twenty times
        assert set(re.findall(r"\\([A-Za-z]+)", found.latex)) <= COMMANDS
        assert set(re.sub(r"\\.", "", found.latex)) <= set("&{}^_'") | set(map(chr, range(32, 127))) - set('%#$~"`@&')
    assert found is None or latex in ("a % b", r"[x] * ]", r"\#1") or len(set(latex)) < 3


def test_a_formula_is_written_anew_as_it_was() -> None:
    for latex, again in [
        (r"\left(x_{1}\right)^{2}", r"\left( x_{1} \right) ^{2}"),
        (r"x'^{2} + \bar w", r"x'^{2} + \bar{w}"),
        (r"\frac12 n", r"\frac{1}{2} n"),
        (r"\begin{cases} a & \text{for}\: b \\ c & d \end{cases}", None),
        (r"-12\,\sqrt[3]{α}", r"- 12 \, \sqrt[3]{\alpha }"),
        (r"\sum\limits_{i=1}^{n} a_i", r"\sum \limits _{i = 1}^{n} a_{i}"),
    ]:
        found = formula(latex)
        assert found is not None, latex
        assert again is None or found.latex == again


def test_long_formulas_are_broken_and_abridged() -> None:
    total = formula(" + ".join(f"x_{{{k}}}" for k in range(60)) + r" \leq 1")
    assert total is not None
    broken = lines(total, 30)
    assert len(broken) >= 3
    assert broken[-1] == r"\quad \leq 1"
    assert all(line.startswith(r"\quad {}+") for line in broken[1:-1])
    inner = r"\log\left(" + " + ".join("abcdefghijklmno") + r"\right)"
    deep = formula(rf"\sqrt{{\frac{{{inner} + {inner} + {inner}}}{{N}}}} \leq 1")
    assert deep is not None
    short, named = abridged(deep, 30)
    assert max(atom.width for atom in short.atoms) <= 30
    assert [name for name, _ in named] == [r"\boxed{1}"]
    assert short.latex.count(r"\boxed{1}") == 3


def test_wide_parentheses_are_opened() -> None:
    whole = formula(r"\neg \left(" + r" \wedge ".join(f"a_{{{k}}} \\leq b" for k in range(20)) + r"\right)")
    assert whole is not None
    broken = lines(whole, 20)
    assert broken[0].startswith(r"\neg \Bigl(")
    assert broken[-1].endswith(r"\Bigr) ")


@needs_pdflatex
def test_every_command_that_a_formula_may_have_is_one_of_latex(tmp_path: Path) -> None:
    told = []
    for name in sorted(COMMANDS - {"left", "right", "begin", "end", "limits", "nolimits"}):
        tries = (rf"\{name}{{x}}{{y}}", rf"\{name}{{x}}", rf"a \{name} b_{{1}}^{{2}}")
        found = next((f for f in map(formula, tries) if f is not None), None)
        assert found is not None, name
        told.append(rf"\({found.latex}\)")
    for table in ("matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "cases", "aligned", "smallmatrix"):
        found = formula(rf"\begin{{{table}}} a & b \\ [c] & d \end{{{table}}}")
        assert isinstance(found, Slot)
        told.append(rf"\({found.latex}\)")
    for one, other in ["()", "[]", "<>", "||", "./", (r"\lfloor", r"\rceil"), (r"\{", r"\}"), (r"\|", r"\Vert")]:
        found = formula(rf"\left{one} \frac{{a}}{{b}} \right{other}")
        assert isinstance(found, Slot)
        told.append(rf"\({found.latex}\)")
    compiled(tmp_path, document("\n\n".join(told)))


@needs_pdflatex
def test_every_claim_of_the_catalogue_compiles_and_fits_the_page(
    record: Record, ours: dict[str, Any], tmp_path: Path
) -> None:
    pattern: Any = record.verdicts[2]
    judged: Any = [{**pattern, **details, "id": claim} for claim, details in ours.items()]
    log = compiled(tmp_path, render(dataclasses.replace(record, verdicts=tuple(judged))))
    assert [points for points in overfull(log) if points > 5] == []


# -- the appendix --------------------------------------------------------------------------------------------------


@needs_pdflatex
def test_the_example_compiles_and_fits_the_page(record: Record, tmp_path: Path) -> None:
    log = compiled(tmp_path, render(record), times=2)
    assert [points for points in overfull(log) if points > 5] == []
    assert "undefined" not in log.lower()


@needs_pdflatex
def test_a_record_of_a_run_compiles_and_fits_the_page(lakatos: Any, tmp_path: Path) -> None:
    claims = [
        "chen2024/lemma-2.2",
        "chen2024/rank-one-increments-printed",
        "chen2024/thm-3.11-as-read/decreasing-in-every-N-fails",
    ]
    assert lakatos("check", *claims, "--out", "run").code == 0
    assert lakatos("report", "run/record.jsonl", "--latex", "-o", "body.tex").code == 0
    log = compiled(tmp_path, (tmp_path / "body.tex").read_text(encoding="ascii"))
    assert [points for points in overfull(log) if points > 5] == []


@needs_pdflatex
@needs_pdftotext
def test_what_was_judged_and_seen_is_in_the_pdf(record: Record, tmp_path: Path) -> None:
    compiled(tmp_path, render(record))
    shown = words_of(tmp_path)
    for verdict in record.verdicts:
        told = [verdict["id"], verdict["title"], verdict["reason"], verdict["source"]["reference"]]
        told += [verdict["statement"]["given"], verdict["statement"]["hash"], verdict["grade"]]
        told += [m["name"] for m in verdict["mutants"]]
        told += [verdict["witness"]["replay"], *verdict["witness"]["sides"]] if verdict["witness"] else []
        assert [words for words in told if squeezed(words) not in shown] == []
    for words in ("TF32 off", "deterministic", "seed 0", "effort quick", "torch 2.13.0", "admissible 212,000"):
        assert squeezed(words) in shown, words


@needs_pdflatex
@needs_pdftotext
def test_a_paper_takes_the_appendix_as_it_is(record: Record, tmp_path: Path) -> None:
    body = render(record)
    (tmp_path / "body.tex").write_text(body, encoding="ascii")
    paper = (
        "\\documentclass{article}\\usepackage{amsmath,amssymb,array,booktabs,graphicx,longtable}\n"
        "\\begin{document}\\section{Before}\\appendix\\input{body}\\section{Behind all}\\end{document}\n"
    )
    compiled(tmp_path, paper)
    shown = words_of(tmp_path)
    assert squeezed("Behind all") in shown
    assert squeezed("The gradient of the output in V") in shown
    head, begun, rest = body.partition("% --- appendix begins\n")
    assert begun
    assert "\\documentclass[" in head
    assert "\\documentclass" not in rest.partition("% --- appendix ends\n")[0]


@needs_pdflatex
@needs_pdftotext
def test_a_record_from_anybody_reads_writes_and_runs_nothing(record: Record, tmp_path: Path) -> None:
    for number, words in enumerate([" ".join(w for w in HOSTILE if len(w) < 400), *HOSTILE[:4], HOSTILE[-3]]):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "secret.tex").write_text(SECRET, encoding="ascii")
        source = render(filled(record, words))
        assert source.isascii()
        log = compiled(folder, source)
        assert SECRET not in words_of(folder)
        assert "(./secret.tex" not in log
        made = {path.name for path in folder.iterdir()}
        assert made <= {"secret.tex", *(f"appendix.{end}" for end in ("tex", "log", "aux", "out", "pdf", "toc"))}


@needs_pdflatex
def test_endless_texts_compile_on_the_page(record: Record, tmp_path: Path) -> None:
    for number, words in enumerate(["x" * 20_000, "9" * 400 + "/" + "7" * 400, "a_b-" * 200]):
        folder = tmp_path / str(number)
        folder.mkdir()
        log = compiled(folder, render(filled(record, words)))
        assert max(overfull(log), default=0) <= 5


def test_a_record_of_nothing_is_an_appendix_too(record: Record) -> None:
    bare = dataclasses.replace(record, verdicts=(), end=None)
    assert "0 claims" in render(bare)


# -- one counterexample --------------------------------------------------------------------------------------------


def test_a_snippet_tells_the_counterexample_alone(record: Record) -> None:
    refuted, proved = record.verdicts[4], record.verdicts[0]
    told = snippet(refuted)
    assert snippet(proved) == ""
    assert r"\begin" not in told
    assert r"\lakatos" not in told
    plain_text = re.sub(r"\\allowbreak\s|\\texttt|[{}]", "", told)
    witness = refuted["witness"]
    assert witness is not None
    for words in (*witness["sides"], "m=2 n=2 N=2 B=2", witness["replay"], refuted["source"]["reference"]):
        assert words in plain_text, words


@needs_pdflatex
def test_a_snippet_compiles_by_itself(record: Record, tmp_path: Path) -> None:
    hostile = [snippet(v) for words in HOSTILE for v in filled(record, words).verdicts[:1]]
    told = "\n\n".join([snippet(record.verdicts[4]), *hostile])
    assert "\\begin" not in told
    compiled(tmp_path, f"\\documentclass{{article}}\\usepackage{{amsmath}}\\begin{{document}}{told}\\end{{document}}\n")


def test_the_snippet_of_a_reading_says_so(record: Record) -> None:
    line = json.loads(json.dumps(record.verdicts[4]))
    line["source"]["provenance"] = "as-read"
    assert "(our reading of Example 2024" in snippet(line)
