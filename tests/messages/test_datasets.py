"""Whatever is wrong with a data file, one sentence says so, and nothing in it is ever unpickled."""

from __future__ import annotations

import io
import os
import pickle
import sys
import zipfile

import numpy as np
import pytest

from properties.worlds import datasets
from properties.worlds.datasets import DatasetError, load

X, Y = np.arange(12.0).reshape(4, 3), np.arange(4.0)


class Bomb:
    """Executes a command when it is unpickled."""

    def __init__(self, place):
        self.place = place

    def __reduce__(self):
        return os.mkdir, (str(self.place),)


def saved(tmp_path, **arrays):
    np.savez(tmp_path / "data.npz", **arrays)
    return tmp_path / "data.npz"


def complaint(place):
    with pytest.raises(DatasetError) as caught:
        load(place)
    said = str(caught.value)
    assert said.startswith(f"{place}: ")
    assert "\n" not in said
    assert ";" in said, "it does not say what to do"
    return said.removeprefix(f"{place}: ")


@pytest.mark.parametrize(("names", "labels"), [(("X", "y"), Y), (("images", "labels"), Y[:, None])])
def test_a_good_file(tmp_path, names, labels):
    place = saved(tmp_path, **dict(zip(names, (X.reshape(4, 1, 3), labels), strict=True)), more=np.array(["a"]))
    data = load(place)
    assert data.name == "data.npz"
    assert data.inputs.dtype == data.labels.dtype == np.float64
    assert (data.inputs == X).all()
    assert (data.labels == Y).all()
    assert len(data.sha256) == 64
    assert load(str(place)) is data


def test_a_changed_file_is_read_again(tmp_path):
    place = saved(tmp_path, X=X, y=Y)
    first = load(place)
    os.utime(saved(tmp_path, X=X + 1, y=Y), ns=(1, 1))
    assert load(place).sha256 != first.sha256


def test_integers_and_booleans_are_numbers(tmp_path):
    data = load(saved(tmp_path, X=np.ones((4, 2), dtype=np.uint8), y=np.array([True, False, True, True])))
    assert data.labels.tolist() == [1, 0, 1, 1]


def test_no_file(tmp_path):
    assert complaint(tmp_path / "none.npz") == "there is no such file; give an .npz file, or one of diabetes, digits"


def test_a_name_in_no_folder():
    assert complaint("mnist") == "there is no such file; give an .npz file, or one of diabetes, digits"


def test_a_folder(tmp_path):
    assert complaint(tmp_path) == "this is a folder; give an .npz file in it"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 but no more", b"\x93NUMPY\x01\x00", b"a,b\n1,2\n"])
def test_another_format(tmp_path, content):
    place = tmp_path / "data.npz"
    place.write_bytes(content)
    assert complaint(place) == "this is not an .npz file, or a damaged one; write one with numpy.savez"


def test_a_damaged_file(tmp_path):
    place = saved(tmp_path, X=np.random.default_rng(0).normal(size=(400, 3)), y=np.zeros(400))
    content = bytearray(place.read_bytes())
    content[300:400] = bytes(100)
    place.write_bytes(content)
    assert complaint(place) == "this is not an .npz file, or a damaged one; write one with numpy.savez"


def test_a_pickle_is_not_opened(tmp_path):
    place = tmp_path / "data.npz"
    place.write_bytes(pickle.dumps(Bomb(tmp_path / "executed")))
    assert "this is not an .npz file" in complaint(place)
    assert not (tmp_path / "executed").exists()


@pytest.mark.parametrize("key", ["X", "y"])
def test_pickled_objects_are_not_opened(tmp_path, key):
    bomb = np.empty(4, dtype=object)
    bomb[:] = [Bomb(tmp_path / "executed")] * 4
    place = saved(tmp_path, **{"X": X, "y": Y, key: bomb})
    assert complaint(place) == f"{key} holds pickled objects, which are never opened here; store plain numbers"
    assert not (tmp_path / "executed").exists()


def test_objects_under_other_names_are_left_alone(tmp_path):
    bomb = np.empty(1, dtype=object)
    bomb[0] = Bomb(tmp_path / "executed")
    assert (load(saved(tmp_path, X=X, y=Y, extra=bomb)).inputs == X).all()
    assert not (tmp_path / "executed").exists()


def packed(tmp_path, **members):
    place = tmp_path / "data.npz"
    with zipfile.ZipFile(place, "w") as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)
    return place


def npy(array):
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def header(shape):
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(stream, {"descr": "<f8", "fortran_order": False, "shape": shape})
    return stream.getvalue()


def test_a_member_that_is_a_pickle(tmp_path):
    place = packed(tmp_path, X=pickle.dumps(Bomb(tmp_path / "executed")), y=npy(Y))
    assert complaint(place) == "X is not an array; write it with numpy.savez"
    assert not (tmp_path / "executed").exists()


@pytest.mark.parametrize("text", [b"{'descr': '<f8', ", b"{1: 2, b'': 3}", b"((((((((((", b"__import__('os')"])
def test_a_header_that_is_no_header(tmp_path, text):
    content = b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text
    assert complaint(packed(tmp_path, X=content, y=npy(Y))) == "X is not an array; write it with numpy.savez"


def test_a_member_that_ends_early(tmp_path):
    assert complaint(packed(tmp_path, X=npy(X)[:-8], y=npy(Y))) == (
        "X ends too early; write the file again with numpy.savez"
    )


def test_a_member_in_a_later_format(tmp_path):
    assert complaint(packed(tmp_path, X=b"\x93NUMPY\x03\x00" + bytes(64), y=npy(Y))) == (
        "X is in a format that is not read here; write it with numpy.savez"
    )


def test_a_header_that_promises_too_much(tmp_path):
    assert complaint(packed(tmp_path, X=header((2**28, 2)), y=npy(Y))) == ("X is larger than 2 GiB; give fewer samples")


def test_a_file_that_is_too_large(tmp_path, monkeypatch):
    place = saved(tmp_path, X=X, y=Y)
    monkeypatch.setattr(datasets, "LARGEST", 100)
    assert complaint(place) == "larger than 0 GiB; give fewer samples"


def test_wrong_keys(tmp_path):
    said = complaint(saved(tmp_path, data=X, target=Y))
    assert said == "its arrays are called data, target; call them X and y or images and labels"


def test_no_arrays(tmp_path):
    said = complaint(packed(tmp_path))
    assert said == "its arrays are called none; call them X and y or images and labels"


@pytest.mark.parametrize(
    ("inputs", "labels", "said"),
    [
        (Y, Y, "X has shape (4,); give one row per sample"),
        (X, X, "y has shape (4, 3); give one number per sample"),
        (X, np.float64(1), "y has shape (); give one number per sample"),
        (X, Y[:3], "X has 4 samples and y 3; give one label per sample"),
        (X[:0], Y[:0], "X has shape (0, 3) and so holds nothing; give samples with inputs"),
        (X[:, :0], Y, "X has shape (4, 0) and so holds nothing; give samples with inputs"),
        (X * np.nan, Y, "X holds NaN or infinite values; remove or replace these samples"),
        (X, Y + np.inf, "y holds NaN or infinite values; remove or replace these samples"),
        (X.astype(str), Y, "X holds entries of type <U32, not real numbers; store plain numbers"),
        (X, Y * 1j, "y holds entries of type complex128, not real numbers; store plain numbers"),
        (X, Y.astype("M8[s]"), "y holds entries of type datetime64[s], not real numbers; store plain numbers"),
    ],
)
def test_arrays_that_are_no_data(tmp_path, inputs, labels, said):
    assert complaint(saved(tmp_path, X=inputs, y=labels)) == said


def test_without_scikit_learn(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.setattr(datasets, "_LOADED", {})
    assert complaint("digits") == "these data need scikit-learn; pip install 'lakatos[audit]'"


@pytest.mark.parametrize(("name", "shape"), [("diabetes", (442, 10)), ("digits", (1797, 64))])
def test_built_in_data_are_standardised_and_short(name, shape):
    pytest.importorskip("sklearn")
    data = load(name)
    assert data.inputs.shape == shape
    for column in (data.labels, *data.inputs.T):
        assert abs(column.mean()) < 2.0**-10
        assert (column == 0).all() or abs(column.std() - 1) < 2.0**-9
        assert (column * 1024 == np.round(column * 1024)).all()
    assert (data.inputs.astype(np.float32) == data.inputs).all()


def test_data_that_cannot_be_read_do_not_become_the_given_ones(tmp_path):
    with pytest.raises(DatasetError):
        datasets.use_data(tmp_path / "none.npz")
    assert load("given").name == "diabetes"
