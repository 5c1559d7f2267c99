"""The samples that a network is audited on: a file of the user's, or a set that scikit-learn knows.

Numbers are taken as they stand, unless columns are to be standardised: an audit needs the inputs that the network saw.
"""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from properties.audit.results import AuditError
from properties.worlds import datasets

NAMED = ("diabetes", "digits", "california", "mnist")
TARGETS = ("y", "label", "labels", "target")
"""What the column of labels is called, where it is not said; otherwise it is the last one."""
CROSS_ENTROPY = "cross-entropy"
SQUARES = {"square": (2, 1), "half-square": (1, 1), "mean-square": (2, None)}
"""Losses ``s sum of (f - y)^2`` over the outputs: 2 s, and what it is divided by (None: the number of outputs)."""
LOSSES = (*SQUARES, CROSS_ENTROPY)


@dataclass(frozen=True)
class Samples:
    """Inputs (N, n) and labels (N,) or (N, K), finite float64; ``sha256`` is that of the file, or of the arrays."""

    name: str
    inputs: NDArray[np.float64]
    labels: NDArray[np.float64]
    sha256: str


def read(
    path: str | Path | None, named: str | None, rows: str | None, target: str | None, standardise: bool
) -> Samples:
    """The samples of a file or of a named set; AuditError or DatasetError says in one sentence what is wrong."""
    if (path is None) == (named is None):
        raise AuditError("which samples? give either --data FILE or --dataset NAME")
    found = _named(str(named)) if path is None else _file(Path(path), target)
    inputs, labels = found.inputs, found.labels
    if rows is not None:
        chosen = _slice(rows, inputs.shape[0])
        inputs, labels = inputs[chosen], labels[chosen]
    if standardise:
        spread = inputs.std(0)
        inputs = (inputs - inputs.mean(0)) / np.where(spread > 0, spread, 1.0)
    return Samples(found.name, inputs, labels, found.sha256)


def targets(samples: Samples, outputs: int, loss: str) -> NDArray[np.float64]:
    """(N, K) what the outputs are compared with: labels, or for classes a one in the place of each."""
    labels = samples.labels
    if loss != CROSS_ENTROPY and labels.reshape(len(labels), -1).shape[1] == outputs:
        return labels.reshape(len(labels), outputs)
    if labels.ndim == 2 and labels.shape[1] > 1:
        raise AuditError(
            f"{samples.name}: {labels.shape[1]} labels per sample and {outputs} outputs; give one for each"
        )
    classes = labels.reshape(-1)
    if outputs == 1:
        raise AuditError(f"{samples.name}: cross-entropy needs an output for every class, and the network has one")
    if not ((classes == np.floor(classes)) & (classes >= 0) & (classes < outputs)).all():
        raise AuditError(
            f"{samples.name}: labels of {outputs} outputs are classes 0 to {outputs - 1}, and some are not; number "
            "them so"
        )
    return np.eye(outputs)[classes.astype(int)]


# -- files ------------------------------------------------------------------------------------------------------------


def _file(place: Path, target: str | None) -> Samples:
    if str(place) in NAMED and not place.exists():
        raise AuditError(f"{place}: there is no such file; a named data set is asked for with --dataset {place}")
    if place.suffix.lower() not in (".csv", ".parquet", ".pq"):
        data = datasets.load(place, several=True)
        return Samples(data.name, data.inputs, data.labels, data.sha256)
    try:
        if place.stat().st_size > datasets.LARGEST:
            raise AuditError(f"{place}: larger than {datasets.LARGEST // 2**30} GiB; give fewer samples")
        names, numbers = _csv(place) if place.suffix.lower() == ".csv" else _parquet(place)
        with place.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise AuditError(f"{place}: it cannot be read ({error.strerror}); check the path and its permissions") from None
    if numbers.ndim != 2 or numbers.shape[1] < 2 or not len(numbers):
        raise AuditError(f"{place}: give at least one row, with a column of labels beside the inputs")
    if not np.isfinite(numbers).all():
        raise AuditError(f"{place}: it holds NaN or infinite values; remove or replace these samples")
    if target is not None and target not in names:
        raise AuditError(
            f"{place}: no column is called {target}; say --target with one of {', '.join(map(ascii, names[:12]))}"
        )
    chosen = names.index(target) if target else next((names.index(t) for t in TARGETS if t in names), len(names) - 1)
    return Samples(place.name, np.delete(numbers, chosen, 1), numbers[:, chosen], digest)


def _csv(place: Path) -> tuple[list[str], NDArray[np.float64]]:
    try:
        with place.open(newline="", encoding="utf-8") as file:
            rows = [row for row in csv.reader(file) if row]
    except (UnicodeDecodeError, csv.Error):
        raise AuditError(f"{place}: this is not a file of comma-separated values; write it as UTF-8") from None
    headed = bool(rows) and not all(_is_number(cell) for cell in rows[0])
    names = [cell.strip() for cell in rows[0]] if headed else [str(k) for k in range(len(rows[0]) if rows else 0)]
    for number, row in enumerate(rows[headed:], 1 + headed):
        if len(row) != len(names):
            raise AuditError(
                f"{place}: row {number} has {len(row)} cells and not {len(names)}; write a cell per column"
            )
        strange = next((cell for cell in row if not _is_number(cell)), None)
        if strange is not None:
            raise AuditError(f"{place}: row {number} holds {strange[:20]!r}, which is no number; encode it as one")
    return names, np.array([[float(cell) for cell in row] for row in rows[headed:]], dtype=np.float64)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _parquet(place: Path) -> tuple[list[str], NDArray[np.float64]]:
    try:
        from pyarrow import ArrowException, parquet
    except ImportError:
        raise AuditError(f"{place}: Parquet files need an extra; pip install 'lakatos[audit]'") from None
    try:
        table = parquet.read_table(place)
        columns = [np.asarray(table.column(name).to_numpy(), dtype=np.float64) for name in table.column_names]
    except (ArrowException, ValueError, TypeError):
        raise AuditError(
            f"{place}: this is no Parquet file of columns of numbers; encode other columns first"
        ) from None
    return list(table.column_names), np.stack(columns, 1) if columns else np.zeros((0, 0))


def _slice(rows: str, count: int) -> slice:
    first, colon, last = rows.partition(":")
    try:
        chosen = slice(int(first) if first else None, int(last) if last else None)
    except ValueError:
        colon = ""
    if not colon or not len(range(count)[chosen]):
        raise AuditError(f"--rows {rows}: say which of the {count} rows, as in 0:1800")
    return chosen


# -- named sets -------------------------------------------------------------------------------------------------------


def _named(name: str) -> Samples:
    if name not in NAMED:
        raise AuditError(f"--dataset {name}: choose one of {', '.join(NAMED)}, or give a file with --data")
    try:
        from sklearn import datasets as known
    except ImportError:
        raise AuditError(f"{name}: named data sets need an extra; pip install 'lakatos[audit]'") from None
    makers: dict[str, Any] = {
        "diabetes": lambda: known.load_diabetes(return_X_y=True),
        "digits": lambda: known.load_digits(return_X_y=True),
        "california": lambda: known.fetch_california_housing(return_X_y=True),
        "mnist": lambda: known.fetch_openml(
            "mnist_784", version=1, return_X_y=True, as_frame=False, parser="liac-arff"
        ),
    }
    try:
        raw = makers[name]()
    except Exception as error:  # what a download meets
        raise AuditError(
            f"{name}: scikit-learn could not fetch it ({type(error).__name__}); give a file with --data"
        ) from None
    inputs, labels = (np.asarray(array, dtype=np.float64) for array in raw)
    return Samples(name, inputs, labels, hashlib.sha256(inputs.tobytes() + labels.tobytes()).hexdigest())
