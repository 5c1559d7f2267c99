"""Whatever is wrong with a checkpoint or its data, one sentence says so, nothing is executed, and the rest is told."""

from __future__ import annotations

import inspect
import json
import os
import pickle
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from properties.audit import checkpoints


class Bomb:
    """Makes a folder when it is unpickled."""

    def __reduce__(self) -> Any:
        return os.mkdir, ("exploded",)


def state(widths: tuple[int, ...] = (3, 8, 1), seed: int = 0) -> dict[str, Any]:
    torch.manual_seed(seed)
    found = {}
    for k, (n, m) in enumerate(pairwise(widths)):
        found |= {f"{2 * k}.weight": torch.randn(m, n), f"{2 * k}.bias": torch.randn(m)}
    return found


@pytest.fixture
def audit(lakatos: Callable[..., Any]) -> Callable[..., Any]:
    """Audit what is saved as net.pt on twenty samples of three inputs; gives code, sentences, and the JSON if any."""
    random = np.random.default_rng(0)
    np.savez("data.npz", X=random.normal(size=(20, 3)), y=random.normal(size=20))

    def run(saved: Any, *options: str, data: str = "data.npz") -> tuple[int, list[str], Any]:
        if saved is not None:
            torch.save(saved, "net.pt")
        ended = lakatos("audit", "net.pt", "--data", data, "--batch-size", "4", "--json", "-", *options)
        assert not Path("exploded").exists()
        assert "Traceback" not in ended.err
        sentences = ended.err.splitlines()
        assert all(one.startswith("lakatos: ") for one in sentences)
        return ended.code, sentences, json.loads(ended.out) if ended.out else None

    return run


def test_a_sound_one(audit: Any) -> None:
    code, sentences, told = audit(state(), "--weight-decay", "0.1")
    assert (code, sentences) == (0, [])
    assert told["complete"]
    assert told["layers"][0]["proximity"]["distances"]


@pytest.mark.parametrize("wrapped", ["state_dict", "model_state_dict", "model"])
def test_one_among_other_things(audit: Any, wrapped: str) -> None:
    code, _, told = audit({wrapped: state(), "epoch": 3, "loss": 0.5})
    assert code == 0
    assert len(told["layers"]) == 2


FILES: dict[str, tuple[Callable[[], Any], str]] = {
    "a bomb": (lambda: torch.save({"0.weight": Bomb()}, "net.pt"), "never opened"),
    "a bare pickle of a bomb": (lambda: Path("net.pt").write_bytes(pickle.dumps(Bomb())), "never opened"),
    "a whole model": (lambda: torch.save(torch.nn.Linear(3, 1), "net.pt"), "save model.state_dict()"),
    "a list": (lambda: torch.save([torch.ones(2)], "net.pt"), "without names"),
    "no tensors": (lambda: torch.save({"epoch": 3}, "net.pt"), "names no tensors"),
    "text": (lambda: Path("net.pt").write_text("hello"), "save model.state_dict()"),
    "nothing": (lambda: Path("net.pt").write_bytes(b""), "save model.state_dict()"),
    "no file": (lambda: None, "there is no such file"),
    "a folder": (lambda: Path("net.pt").mkdir(), "this is a folder"),
    "a tensor larger than the file": (
        lambda: torch.save({"0.weight": torch.ones(1).expand(10**6, 10**3)}, "net.pt"),
        "more than the file holds",
    ),
    "a name with a line's end": (lambda: torch.save({"a\nb": torch.ones(2, 3)}, "net.pt"), "names that can be printed"),
    "integers alone": (lambda: torch.save({"0.weight": torch.ones(2, 3, dtype=torch.int64)}, "net.pt"), "dtype int64"),
}


@pytest.mark.parametrize("name", FILES)
def test_nothing_can_be_read(audit: Any, name: str) -> None:
    make, expected = FILES[name]
    make()
    code, sentences, told = audit(None)
    assert (code, told) == (2, None)
    assert len(sentences) == 1
    assert expected in sentences[0]


def test_compressed_parts(audit: Any) -> None:
    torch.save(state(), "stored.pt")
    with zipfile.ZipFile("stored.pt") as old, zipfile.ZipFile("net.pt", "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, old.read(part))
    code, sentences, _ = audit(None)
    assert code == 2
    assert "compressed" in sentences[0]


def changed(**tensors: Any) -> dict[str, Any]:
    """A sound state with some tensors replaced; None takes one away."""
    found = {**state(), **{name.replace("_", ".", 1).removeprefix("t"): value for name, value in tensors.items()}}
    return {name: value for name, value in found.items() if value is not None}


PARTS: dict[str, tuple[dict[str, Any], str]] = {
    "NaN weights": (changed(t2_weight=torch.full((1, 8), float("nan"))), "2.weight holds NaN"),
    "weights of integers": (changed(t2_weight=torch.ones(1, 8, dtype=torch.int32)), "2.weight is of dtype int32"),
    "complex weights": (changed(t2_weight=torch.ones(1, 8, dtype=torch.complex64)), "dtype complex64"),
    "missing weights": (changed(t2_weight=None), "2.bias has no weights beside it"),
    "a convolution": (changed(t4_weight=torch.ones(2, 3, 3, 3)), "4 axes, as convolutions have"),
    "a normalisation": (changed(t4_running_mean=torch.ones(8)), "belongs to a normalisation"),
    "a PReLU": (changed(t1_weight=torch.ones(1)), "or a PReLU"),
    "layers that do not meet": (changed(t2_weight=torch.ones(1, 7)), "0 has 8 outputs, and 2 after it 7 inputs"),
    "a bias of another length": (changed(t0_bias=torch.ones(5)), "0.bias has shape (5,) beside 8 outputs"),
}


@pytest.mark.parametrize("name", PARTS)
def test_a_part_is_wrong_and_the_spectra_are_told(audit: Any, name: str) -> None:
    tensors, expected = PARTS[name]
    code, sentences, told = audit(tensors)
    assert code == 1
    assert any(expected in one for one in sentences)
    assert not told["complete"]
    layer = next(one for one in told["layers"] if one["layer"]["name"] == "0")
    assert layer["spectrum"]["rank"] == 3


DATA: dict[str, tuple[Callable[[], Any], str]] = {
    "labels of the wrong length": (
        lambda: np.savez("wrong.npz", X=np.ones((5, 3)), y=np.ones(4)),
        "one label per sample",
    ),
    "NaN inputs": (lambda: np.savez("wrong.npz", X=np.full((5, 3), np.nan), y=np.ones(5)), "NaN or infinite"),
    "other keys": (lambda: np.savez("wrong.npz", a=np.ones((5, 3)), b=np.ones(5)), "call them X and y"),
    "other inputs": (lambda: np.savez("wrong.npz", X=np.ones((5, 4)), y=np.ones(5)), "4 inputs and the network 3"),
    "more labels than outputs": (
        lambda: np.savez("wrong.npz", X=np.ones((5, 3)), y=np.ones((5, 2))),
        "2 labels per sample",
    ),
    "pickled objects": (lambda: np.savez("wrong.npz", X=np.array([Bomb()] * 5), y=np.ones(5)), "never opened"),
    "no file": (lambda: None, "there is no such file"),
}


@pytest.mark.parametrize("name", DATA)
def test_the_data_are_wrong_and_the_spectra_are_told(audit: Any, name: str) -> None:
    make, expected = DATA[name]
    make()
    code, sentences, told = audit(state(), data="wrong.npz")
    assert code == 1
    assert len(sentences) == 1
    assert expected in sentences[0]
    assert told["layers"][0]["spectrum"]["rank"] == 3
    assert told["layers"][0]["norms"] is None


TABLES = {
    "a word in a cell": ("a,b,c,y\n1,2,3,4\n1,2,x,4\n", "row 3 holds 'x'", ()),
    "a short row": ("1,2,3,4\n1,2,3\n", "row 2 has 3 cells and not 4", ()),
    "no such column": ("a,b,c,y\n1,2,3,4\n", "no column is called price", ("--target", "price")),
    "nothing": ("", "at least one row", ()),
}


@pytest.mark.parametrize("name", TABLES)
def test_tables_that_are_wrong(audit: Any, name: str) -> None:
    text, expected, options = TABLES[name]
    Path("wrong.csv").write_text(text)
    code, sentences, _ = audit(state(), *options, data="wrong.csv")
    assert code == 1
    assert expected in sentences[0]


def test_a_good_table(audit: Any) -> None:
    Path("good.csv").write_text("a,y,b,c\n" + "\n".join(f"{k},{k % 3},{k * k},1" for k in range(20)))
    code, _, told = audit(state(), data="good.csv")
    assert code == 0
    assert told["data"]["inputs"] == 3
    assert audit(state(), "--rows", "5:15", data="good.csv")[2]["data"]["samples"] == 10


OUTSIDE: dict[str, tuple[tuple[str, ...], str]] = {
    "no weight decay": ((), "no weight decay was given"),
    "decoupled decay": (("--weight-decay", "0.1", "--decay", "decoupled"), "decoupled decay (AdamW) is no part"),
    "the batch is the sample": (("--weight-decay", "0.1", "--batch-size", "20"), "needs B < N"),
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_the_theorem_does_not_cover_it_and_the_rest_is_told(audit: Any, name: str) -> None:
    options, expected = OUTSIDE[name]
    code, sentences, told = audit(state(), *options)
    assert (code, sentences) == (0, [])
    assert [one["says"] for one in told["remarks"] if expected in one["says"]]
    assert told["layers"][0]["proximity"] is None
    assert told["layers"][0]["norms"]["most"] > 0
    assert told["bounds"]


def test_another_activation_is_said(audit: Any) -> None:
    code, _, told = audit(state(), "--weight-decay", "0.1", "--architecture", "0 tanh 2")
    assert code == 0
    assert any("tanh is not ReLU" in one["says"] for one in told["remarks"])
    assert told["layers"][0]["proximity"]["theorem"] == "chen2024/any-dense-layer"


WORDS: dict[str, tuple[tuple[str, ...], str]] = {
    "an unknown loss": (("--loss", "hinge"), "--loss hinge: choose one of"),
    "an unknown convention": (("--decay-convention", "3"), "say 1 for PyTorch's weight_decay"),
    "an unknown decay": (("--decay", "both"), "say coupled"),
    "a negative decay": (("--weight-decay", "-1"), "give a number from 0 on"),
    "no batch": (("--batch-size", "0"), "give a number from 1 on"),
    "a certainty": (("--delta", "0"), "between 0 and 1"),
}


@pytest.mark.parametrize("name", WORDS)
def test_options_that_are_wrong(audit: Any, name: str) -> None:
    options, expected = WORDS[name]
    code, sentences, told = audit(state(), *options)
    assert (code, told, len(sentences)) == (2, None, 1)
    assert expected in sentences[0]


@pytest.mark.parametrize("architecture", ["0 relu 7", "relu 0", "0 relu relu 2", "tanh", "0+none relu 2"])
def test_architectures_that_are_wrong(audit: Any, architecture: str) -> None:
    code, sentences, told = audit(state(), "--architecture", architecture)
    assert code == 1
    assert len(sentences) == 1
    assert told["layers"][0]["spectrum"]


def test_cross_entropy_of_one_output(audit: Any) -> None:
    code, sentences, _ = audit(state(), "--loss", "cross-entropy")
    assert code == 1
    assert "an output for every class" in sentences[0]


def test_labels_that_are_no_classes(audit: Any) -> None:
    code, sentences, _ = audit(state((3, 8, 4)), "--loss", "cross-entropy")
    assert code == 1
    assert "classes 0 to 3" in sentences[0]


def test_reading_is_with_weights_only() -> None:
    text = inspect.getsource(checkpoints)
    assert text.count(".load(") == text.count("weights_only=True)") == 1
