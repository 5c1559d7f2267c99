"""`lakatos report`: which forms of a record go where."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from reports import terminal
from reports.record import Record, RecordError, read_record, shown
from reports.renderers import FORMS, Form, put, write

OK, UNEXPECTED, USAGE = 0, 1, 2
WIDTH = 110
"""Columns of a terminal's report in a file."""


def report(path: Path, names: Sequence[str], out: str, history: Sequence[Path], evidence: str | None) -> int:
    """Write the forms named into `out` (a file, a folder where there are several, - for here); the exit code.

    A form that fails is told of in one sentence, and the others are written all the same. RecordError, in one sentence,
    where nothing can be: no record is there, or a report would replace one.
    """
    if evidence is not None and names:
        forms = " and ".join(f"--{name}" for name in names)
        raise RecordError(f"--evidence writes folders of its own; ask for {forms} in another command.")
    spare(out, path, *history)
    record = read_record(path)
    earlier = sorted((read_record(old) for old in history), key=lambda old: str(old.run["started"]))
    if evidence is not None:
        from reports.evidence import bundle
        from verify.commands import script

        with shown(record.name):
            print(bundle(record, evidence, Path("lakatos-evidence" if out == "-" else out), path.parent, script))
        return OK
    chosen = [form for form in FORMS if form.name in names]
    if not chosen:
        _on_terminal(record, out)
    elif len(chosen) == 1 and not Path(out).is_dir():
        _one(record, chosen[0], out, earlier)
    else:
        return _several(record, chosen, Path("lakatos-report" if out == "-" else out), earlier)
    return OK


def spare(out: str, *records: Path) -> None:
    """RecordError where a report would replace a record that it is made from."""
    if out != "-" and any(Path(out).exists() and record.exists() and Path(out).samefile(record) for record in records):
        raise RecordError(f"{out} is a record that is read here, and would be lost; give another file with --out.")


def _on_terminal(record: Record, out: str) -> None:
    with shown(record.name):
        if out == "-":
            terminal.render(record, Console())
        else:
            text = io.StringIO()
            terminal.render(record, Console(file=text, width=WIDTH))
            put(Path(out), text.getvalue())


def _one(record: Record, form: Form, out: str, earlier: Sequence[Record]) -> None:
    text = form.render(record, earlier)
    if out == "-":
        print(text, end="" if text.endswith("\n") else "\n")
    else:
        put(Path(out), text)


def _several(record: Record, forms: Sequence[Form], folder: Path, earlier: Sequence[Record]) -> int:
    written = write(record, forms, folder, earlier)
    for one in written:
        print(f"{one.path}" if one.path else f"lakatos: {one.error}", file=sys.stdout if one.path else sys.stderr)
    return OK if all(one.path for one in written) else UNEXPECTED
