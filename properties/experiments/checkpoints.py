"""States of training on disk: plain arrays, written whole or not at all, and read without executing anything."""

from __future__ import annotations

import math
import os
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from properties.experiments.configurations import ExperimentError
from properties.experiments.training import State, Training
from verify.arena import torch


def save(state: State, training: Training, path: Path) -> None:
    """Write a state; a file that was there stays until the new one is complete."""
    arrays = {name: tensor.cpu().numpy() for name, tensor in _named(state).items()}
    curve = np.array([[epoch, *train, *test] for epoch, train, test in state.curve], dtype=np.float64)
    arrays["curve"] = curve.reshape(len(state.curve), 1 + 2 * training.lanes)
    arrays["place"] = np.array([state.epoch, state.step], dtype=np.int64)
    partial = path.with_name(path.name + ".partial")
    with partial.open("wb") as file:
        np.savez(file, **arrays)
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, path)


def load(training: Training, path: Path) -> State:
    """The state in a file; ExperimentError where it is none of this stage."""
    state = training.start()
    wanted = _named(state)
    try:
        with zipfile.ZipFile(path) as archive:
            for name, tensor in wanted.items():
                array = _array(archive, path, name, tuple(tensor.shape), str(tensor.dtype).removeprefix("torch."))
                tensor.copy_(torch().from_numpy(array))
            place = _array(archive, path, "place", (2,), "int64")
            curve = _array(archive, path, "curve", (None, 1 + 2 * training.lanes), "float64")
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError):
        raise ExperimentError(f"{path}: this is no checkpoint, or a damaged one; remove it and resume again") from None
    state.epoch, state.step = (int(number) for number in place)
    if not (0 <= state.epoch <= training.plan.epochs and 0 <= state.step < training.per_epoch):
        raise ExperimentError(f"{path}: it is of an epoch that this plan does not have; remove it and resume again")
    state.curve = [
        (int(row[0]), row[1 : 1 + training.lanes].tolist(), row[1 + training.lanes :].tolist()) for row in curve
    ]
    return state


def _named(state: State) -> dict[str, Any]:
    weights = {f"W{layer}": tensor for layer, tensor in enumerate(state.weights)}
    return weights | {f"b{layer}": tensor for layer, tensor in enumerate(state.biases)}


def _array(archive: zipfile.ZipFile, path: Path, name: str, shape: tuple[int | None, ...], dtype: str) -> Any:
    """One array, whose header is compared with what it should be before anything of it is read."""
    wrong = ExperimentError(f"{path}: its array {name} is not one of this plan; remove it and resume again")
    with archive.open(f"{name}.npy") as stream:
        try:
            version = np.lib.format.read_magic(stream)
            if version != (1, 0):
                raise wrong
            found, _, kind = np.lib.format.read_array_header_1_0(stream)
        except ExperimentError:
            raise
        except Exception:  # a header is Python text, and numpy lets through what its parser raises
            raise wrong from None
    fits = len(found) == len(shape) and all(b in (None, a) for a, b in zip(found, shape, strict=True))
    if (
        not fits
        or kind != np.dtype(dtype)
        or math.prod(found) * kind.itemsize > archive.getinfo(f"{name}.npy").file_size
    ):
        raise wrong
    with archive.open(f"{name}.npy") as stream:
        try:
            return np.lib.format.read_array(stream, allow_pickle=False)
        except ValueError:
            raise wrong from None
