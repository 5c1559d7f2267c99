"""Data that networks are trained on: two sets that come with scikit-learn, or a file of the user's.

Nothing is downloaded, and nothing in a file is ever unpickled.
"""

from __future__ import annotations

import hashlib
import math
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

LARGEST = 2 * 2**30
"""The most bytes that are read, of a file and of the arrays in it."""

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


PAIRS = (("X", "y"), ("images", "labels"))
BUILT_IN = ("diabetes", "digits")
GIVEN = "given"
PER_UNIT = 2**10
"""Built-in data are rounded to multiples of 1/1024, so that float32 holds them too."""


class DatasetError(ValueError):
    """Data that cannot be used; the message says in one sentence what is wrong and what to give."""


@dataclass(frozen=True)
class Dataset:
    """Inputs (N, n) and labels (N,), float64 and finite; ``sha256`` is that of the file, or of the built-in arrays.

    Labels are (N, K) where several for a sample were asked for.
    """

    name: str
    inputs: NDArray[np.float64]
    labels: NDArray[np.float64]
    sha256: str


_CHOSEN: list[str] = []
_LOADED: dict[tuple[Any, ...], Dataset] = {}


def use_data(path: str | Path | None) -> Dataset | None:
    """Let "given" mean a file, or a built-in set, from now on in this process; None takes that back.

    Returns the data, so that a record can say what they were; raises DatasetError when they cannot be read.
    """
    data = None if path is None else load(path)
    _CHOSEN[:] = [] if path is None else [str(path)]
    return data


def given() -> tuple[str, ...]:
    """What "given" means now: the file that ``use_data`` was told, or both built-in sets."""
    return tuple(_CHOSEN) or BUILT_IN


def load(name: str | Path, several: bool = False) -> Dataset:
    """The data of a name or of a file, read once.

    * "diabetes" (442 samples, 10 inputs) and "digits" (1,797 samples, 64 inputs): columns shifted to mean 0 and scaled
      to variance 1 (constant ones become 0), labels likewise, all rounded to multiples of 1/1024.
    * "given": what ``use_data`` said last, "diabetes" before that.
    * otherwise an .npz file with arrays ``X`` and ``y``, or ``images`` and ``labels``, whose numbers are taken as they
      stand; each sample is flattened. A sample has one label, or where ``several`` are allowed as many as it likes.
    """
    if str(name) == GIVEN:
        name = _CHOSEN[0] if _CHOSEN else BUILT_IN[0]
    if str(name) in BUILT_IN:
        key: tuple[Any, ...] = (str(name),)
        if key not in _LOADED:
            _LOADED[key] = _built_in(str(name))
        return _LOADED[key]
    place = Path(name)
    try:
        facts = place.stat()
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        why = "there is no such file" if missing else f"it cannot be read ({error.strerror})"
        raise DatasetError(f"{name}: {why}; give an .npz file, or one of {', '.join(BUILT_IN)}") from None
    if place.is_dir():
        raise DatasetError(f"{name}: this is a folder; give an .npz file in it")
    if facts.st_size > LARGEST:
        raise DatasetError(f"{name}: larger than {LARGEST // 2**30} GiB; give fewer samples")
    key = (str(place.resolve()), facts.st_mtime_ns, facts.st_size, several)
    if key not in _LOADED:
        _LOADED[key] = _from_file(str(name), place, several)
    return _LOADED[key]


def _built_in(name: str) -> Dataset:
    try:
        from sklearn import datasets
    except ImportError:
        raise DatasetError(f"{name}: these data need scikit-learn; pip install 'lakatos[audit]'") from None
    raw = datasets.load_diabetes() if name == "diabetes" else datasets.load_digits()
    inputs, labels = _standardised(raw.data), _standardised(raw.target)
    return Dataset(name, inputs, labels, hashlib.sha256(inputs.tobytes() + labels.tobytes()).hexdigest())


def _standardised(values: Any) -> NDArray[np.float64]:
    """Columns of mean 0 and variance 1, rounded to the grid; a constant column becomes 0."""
    import numpy as np  # late: listing claims needs none

    array = np.asarray(values, dtype=np.float64)
    centred = array - array.mean(0)
    spread = centred.std(0)
    constant = array.min(0) == array.max(0)
    scaled = np.where(constant, 0.0, centred / np.where(constant, 1.0, spread))
    return np.asarray(np.round(scaled * PER_UNIT) / PER_UNIT, dtype=np.float64)


def _from_file(name: str, place: Path, several: bool) -> Dataset:
    try:
        with zipfile.ZipFile(place) as archive:
            members = {n.removesuffix(".npy"): n for n in archive.namelist() if n.endswith(".npy")}
            pair = next((p for p in PAIRS if set(p) <= set(members)), None)
            if pair is None:
                raise DatasetError(_wrong_keys(name, sorted(members)))
            raw = [_array(name, key, archive, members[key]) for key in pair]
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
        raise DatasetError(f"{name}: this is not an .npz file, or a damaged one; write one with numpy.savez") from None
    inputs, labels = _checked(name, pair, *raw, several=several)
    with place.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Dataset(place.name, inputs, labels, digest)


def _wrong_keys(name: str, found: list[str]) -> str:
    wanted = " or ".join(f"{a} and {b}" for a, b in PAIRS)
    names = [n if n.isprintable() else repr(n) for n in found[:8]]
    shown = ", ".join(names) + (", ..." if len(found) > 8 else "") if found else "none"
    return f"{name}: its arrays are called {shown}; call them {wanted}"


def _array(name: str, key: str, archive: zipfile.ZipFile, member: str) -> NDArray[Any]:
    """One array, whose header is looked at before anything of it is read."""
    import numpy as np  # late: listing claims needs none

    with archive.open(member) as stream:
        try:
            version = np.lib.format.read_magic(stream)
            read_header = {
                (1, 0): np.lib.format.read_array_header_1_0,
                (2, 0): np.lib.format.read_array_header_2_0,
            }.get(version)
            if read_header is None:
                raise DatasetError(f"{name}: {key} is in a format that is not read here; write it with numpy.savez")
            shape, _, dtype = read_header(stream)
        except DatasetError:
            raise
        except Exception:  # a header is Python text, and numpy lets through what its parser raises
            raise DatasetError(f"{name}: {key} is not an array; write it with numpy.savez") from None
    if dtype.hasobject:
        raise DatasetError(f"{name}: {key} holds pickled objects, which are never opened here; store plain numbers")
    if dtype.kind not in "biuf":
        raise DatasetError(f"{name}: {key} holds entries of type {dtype}, not real numbers; store plain numbers")
    if math.prod(shape) * max(dtype.itemsize, 8) > LARGEST:
        raise DatasetError(f"{name}: {key} is larger than {LARGEST // 2**30} GiB; give fewer samples")
    with archive.open(member) as stream:
        try:
            return np.asarray(np.lib.format.read_array(stream, allow_pickle=False))
        except (ValueError, TypeError):
            raise DatasetError(f"{name}: {key} ends too early; write the file again with numpy.savez") from None


def _checked(
    name: str, keys: tuple[str, str], inputs: NDArray[Any], labels: NDArray[Any], *, several: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Inputs (N, n) and labels (N,), or (N, K) where several are allowed, as finite float64."""
    import numpy as np  # late: listing claims needs none

    first, second = keys
    if inputs.ndim < 2:
        raise DatasetError(f"{name}: {first} has shape {inputs.shape}; give one row per sample")
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim != 1 and not (several and labels.ndim == 2):
        raise DatasetError(f"{name}: {second} has shape {labels.shape}; give one number per sample")
    if inputs.shape[0] != labels.shape[0]:
        raise DatasetError(
            f"{name}: {first} has {inputs.shape[0]} samples and {second} {labels.shape[0]}; give one label per sample"
        )
    if inputs.size == 0:
        raise DatasetError(f"{name}: {first} has shape {inputs.shape} and so holds nothing; give samples with inputs")
    with np.errstate(over="ignore"):
        numbers = inputs.reshape(inputs.shape[0], -1).astype(np.float64), labels.astype(np.float64)
    for key, array in zip(keys, numbers, strict=True):
        if not np.isfinite(array).all():
            raise DatasetError(f"{name}: {key} holds NaN or infinite values; remove or replace these samples")
    return numbers
