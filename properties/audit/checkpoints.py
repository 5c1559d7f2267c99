"""Checkpoints: named tensors from safetensors or from PyTorch's files, and which of them are sound.

Nothing in a file is executed: PyTorch's own files are read with ``weights_only=True``.
"""

from __future__ import annotations

import hashlib
import warnings
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from properties.audit.results import AuditError, Remark
from verify.arena import Arena, torch

NESTED = ("state_dict", "model_state_dict", "model", "net", "module")
"""Keys under which training scripts keep the tensors of a model."""
FLOATS = ("float64", "float32", "float16", "bfloat16")
COUNTERS = "num_batches_tracked"
LARGEST = 2.0**100
"""Weights beyond it are those of a training that diverged, and their powers overflow."""


@dataclass(frozen=True)
class Checkpoint:
    """Tensors by name, in the order of the file, with the hash of the file."""

    name: str
    sha256: str
    tensors: Mapping[str, Any]


def read(path: str | Path) -> Checkpoint:
    """The tensors of a file; AuditError where it is none, or holds anything that would have to be executed."""
    place = Path(path)
    try:
        size = place.stat().st_size
        if place.is_dir():
            raise AuditError(f"{path}: this is a folder; give a checkpoint in it, .safetensors or .pt")
        with place.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        why = "there is no such file" if missing else f"it cannot be read ({error.strerror})"
        raise AuditError(f"{path}: {why}; give a checkpoint, .safetensors or .pt") from None
    tensors = _tensors(path, _safetensors(path) if place.suffix == ".safetensors" else _torch(path))
    for key, tensor in tensors.items():
        if not key.isprintable():
            raise AuditError(f"{path}: a tensor is called {key[:20]!r}; give tensors names that can be printed")
        if tensor.layout is not torch().strided or tensor.is_quantized:
            raise AuditError(f"{path}: {key} is sparse or quantised; save it as a plain tensor of floats")
        if tensor.numel() * tensor.element_size() > size:
            raise AuditError(
                f"{path}: {key} declares {tensor.numel()} numbers, more than the file holds; save it again"
            )
    return Checkpoint(place.name, digest, tensors)


def sound(checkpoint: Checkpoint, arena: Arena) -> tuple[dict[str, Any], list[Remark]]:
    """The tensors that are finite real numbers, in the arena's dtype, and a remark on each of the others."""
    good, remarks = {}, []
    for key, tensor in checkpoint.tensors.items():
        if key.endswith(COUNTERS):
            continue
        kind = str(tensor.dtype).removeprefix("torch.")
        if kind not in FLOATS:
            remarks.append(Remark(key, f"{key} is of dtype {kind}; save weights as float32 or float64", True))
            continue
        values = tensor.to(dtype=arena.float, device=arena.device)
        if not bool(values.isfinite().all()):
            remarks.append(Remark(key, f"{key} holds NaN or infinite values; give weights from before that", True))
        elif values.numel() and float(values.abs().amax()) > LARGEST:
            remarks.append(Remark(key, f"{key} holds weights beyond 2^100; give weights from before that", True))
        else:
            good[key] = values
    return good, remarks


def _safetensors(path: str | Path) -> Any:
    try:
        from safetensors import SafetensorError
        from safetensors.torch import load_file
    except ImportError:
        raise AuditError(f"{path}: .safetensors files need an extra; pip install 'lakatos[audit]'") from None
    try:
        return load_file(path)
    except (SafetensorError, ValueError, TypeError, KeyError, OSError, RuntimeError):
        raise AuditError(f"{path}: this is no file of safetensors, or a damaged one; save model.state_dict()") from None


def _torch(path: str | Path) -> Any:
    if zipfile.is_zipfile(path):
        try:
            with zipfile.ZipFile(path) as archive:
                compressed = any(part.compress_type != zipfile.ZIP_STORED for part in archive.infolist())
        except (zipfile.BadZipFile, OSError):
            compressed = False
        if compressed:
            raise AuditError(f"{path}: its parts are compressed, which torch.save never does; save it again")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return torch().load(path, map_location=torch().device(Arena().device), weights_only=True)
        except Exception as error:  # whatever the reader meets in a damaged or foreign file
            if type(error).__name__ == "UnpicklingError":
                raise AuditError(
                    f"{path}: it holds pickled objects other than tensors, which are never opened here, or is damaged; "
                    "save model.state_dict() alone, with torch.save or safetensors"
                ) from None
            raise AuditError(
                f"{path}: this is no checkpoint of PyTorch, or a damaged one; save model.state_dict() with torch.save"
            ) from None


def _tensors(path: str | Path, loaded: Any) -> dict[str, Any]:
    """The tensors of a state_dict, which may lie in a dictionary of other things."""
    for _ in NESTED:
        if not isinstance(loaded, Mapping):
            raise AuditError(f"{path}: it holds a {type(loaded).__name__} without names; save model.state_dict()")
        found = {str(key): value.detach() for key, value in loaded.items() if isinstance(value, torch().Tensor)}
        if found:
            return found
        nested = next((key for key in NESTED if isinstance(loaded.get(key), Mapping)), None)
        if nested is None:
            break
        loaded = loaded[nested]
    raise AuditError(f"{path}: it names no tensors; save model.state_dict()")
