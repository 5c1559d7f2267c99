"""The forms that a record can take, by name; each is a module of this package that is imported when it is asked for."""

import importlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from reports.record import Record, RecordError, shown

Render = Callable[[Record, Sequence[Record]], str]


@dataclass(frozen=True)
class Form:
    """One form: the option of `lakatos report`, the file that it is in a folder of reports, what it is for."""

    name: str
    file: str
    purpose: str

    def render(self, record: Record, history: Sequence[Record] = ()) -> str:
        """The record in this form; `history` is earlier records, oldest first, and only the page of HTML shows it.

        Raises RecordError, in one sentence, where the record has a field that this form cannot show, or where a
        package that the form needs is not installed.
        """
        try:
            module = importlib.import_module(f"reports.{self.name}")
        except ImportError as error:
            raise RecordError(f"--{self.name} needs the package {error.name}; install `lakatos[all]`.") from None
        render: Render = module.render
        with shown(" or ".join(dict.fromkeys([record.name, *(earlier.name for earlier in history)]))):
            return render(record, history)


FORMS: tuple[Form, ...] = (
    Form("html", "report.html", "one page for a browser, with filters, figures and replay commands"),
    Form("markdown", "report.md", "for a README or a pull request"),
    Form("summary", "summary.md", "for a GitHub step summary: at most 64 KB, saying what was cut"),
    Form("annotations", "annotations.txt", "GitHub workflow commands that point at the lines of claims"),
    Form("junit", "junit.xml", "JUnit XML, for CI"),
    Form("sarif", "report.sarif", "SARIF 2.1.0, for code scanning"),
    Form("latex", "appendix.tex", "an appendix for a paper"),
)


@dataclass(frozen=True)
class Written:
    """What became of one form: the file it is in, or why there is none."""

    form: Form
    path: Path | None
    error: str | None


def put(path: Path, text: str) -> None:
    """Write a text into a file in UTF-8; where not all of it has room, no part stays, and the error names the file."""
    try:
        path.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        if error.filename is None and path.is_file():
            path.unlink()
        raise OSError(error.errno, error.strerror, error.filename or str(path)) from None


def write(record: Record, forms: Iterable[Form], folder: Path, history: Sequence[Record] = ()) -> list[Written]:
    """Write each form into a folder; one that fails leaves no file, and does not stop the others."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_written(record, form, folder / form.file, history) for form in forms]


def _written(record: Record, form: Form, path: Path, history: Sequence[Record]) -> Written:
    try:
        text = form.render(record, history)
    except RecordError as error:
        return Written(form, None, str(error))
    except Exception as error:  # a fault of one form must not cost a reader the others
        why = f"{type(error).__name__}: {str(error).partition(chr(10))[0][:80]}"
        return Written(form, None, f"--{form.name} failed on {record.name} ({why}); report it with the record.")
    try:
        put(path, text)
    except OSError as error:
        why = f"{path} cannot be written ({(error.strerror or str(error)).lower()})"
        return Written(form, None, f"{why}; make room there, or give another folder with --out.")
    return Written(form, path, None)
