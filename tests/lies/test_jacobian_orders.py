"""Class-major and sample-major stacks do not mix: not for the type checker, and not at run time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from properties.worlds.orders import (
    ClassMajor,
    OrderError,
    SampleMajor,
    Stacked,
    by_class,
    by_sample,
    class_major,
    sample_major,
)
from verify.exact import Exact

ROOT = Path(__file__).resolve().parents[2]
BLOCKS = Exact.integers(np.arange(24).reshape(1, 2, 3, 4))  # two classes at three samples

IMPORTS = "from properties.worlds.orders import ClassMajor, SampleMajor, Stacked, by_class, by_sample\n"
GIVEN = "def mixed(jacobian: Stacked[ClassMajor], residual: Stacked[SampleMajor]) -> object:\n"
RIGHT = "    return jacobian.adjoint(by_class(residual)), by_sample(jacobian).minus(residual)\n"
WRONG = {
    "the adjoint": "jacobian.adjoint(residual)",
    "the Gram matrix": "residual.gram(jacobian)",
    "the difference": "jacobian.minus(residual)",
    "reordering twice": "by_class(by_class(residual))",
    "reordering what is in order": "by_sample(residual)",
    "a promise of the other order": "Stacked[SampleMajor](jacobian.rows, 2, 3, ClassMajor)",
}


def checked(tmp_path, text):
    """What the type checker says of a file, line by line."""
    file = tmp_path / "draft.py"
    file.write_text(text)
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--cache-dir", str(tmp_path), str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_mixed_orders_do_not_type_check(tmp_path):
    pytest.importorskip("mypy", reason="needs mypy")
    assert checked(tmp_path, IMPORTS + GIVEN + RIGHT) == (0, "")
    code, said = checked(tmp_path, IMPORTS + GIVEN + "".join(f"    {line}\n" for line in WRONG.values()) + RIGHT)
    assert code == 1
    refused = [int(line.split(":")[1]) for line in said.splitlines() if ": error:" in line]
    assert refused == list(range(3, 3 + len(WRONG))), said


def test_mixed_orders_are_refused_at_run_time():
    jacobian, residual = class_major(BLOCKS), by_sample(class_major(BLOCKS))
    for method in ("adjoint", "gram", "minus"):
        with pytest.raises(OrderError, match="a ClassMajor stack meets a SampleMajor one"):
            getattr(jacobian, method)(residual)
        getattr(jacobian, method)(by_class(residual))
    with pytest.raises(OrderError, match="the stack is SampleMajor and not ClassMajor"):
        by_sample(residual)
    with pytest.raises(OrderError, match="the stack is ClassMajor and not SampleMajor"):
        by_class(jacobian)


def test_stacks_of_other_sizes_are_refused():
    """Two classes at three samples have as many rows as three classes at two samples."""
    jacobian, other = class_major(BLOCKS), class_major(BLOCKS.reshape(1, 3, 2, 4))
    with pytest.raises(OrderError, match="2 classes at 3 samples meets one of 3 at 2"):
        jacobian.gram(other)
    with pytest.raises(OrderError, match="6 rows are not those of 2 classes at 4 samples"):
        Stacked(jacobian.rows, 2, 4, ClassMajor)


def test_orders_are_those_of_their_definitions():
    jacobian = class_major(BLOCKS)
    turned = by_sample(jacobian)
    for label in range(2):
        for sample in range(3):
            block = BLOCKS[0, label, sample].tolist()
            assert jacobian.rows[0, label * 3 + sample].tolist() == block
            assert turned.rows[0, sample * 2 + label].tolist() == block
    assert by_class(turned).rows.tolist() == jacobian.rows.tolist()
    assert sample_major(BLOCKS.movedim(1, 2)).rows.tolist() == turned.rows.tolist()
    assert (turned.order, by_class(turned).order) == (SampleMajor, ClassMajor)


def test_a_kernel_of_one_order_is_another_matrix_in_the_other():
    """``I_K kron S`` and ``S kron I_K``: with two equal inputs and one label, one projects it to 0, the other not."""
    kernel = np.ones((2, 2))
    null = np.eye(4) - np.kron(np.eye(2), kernel) / 2
    label = np.array([[1, 0], [1, 0]])  # of each sample, by classes
    stacked = sample_major(Exact.integers(label.reshape(1, 2, 2, 1)))
    as_classes = by_class(stacked).rows[0, :, 0].approximate()
    as_samples = stacked.rows[0, :, 0].approximate()
    assert not (null @ as_classes).any()
    assert (null @ as_samples).tolist() == [0.5, -0.5, 0.5, -0.5]
