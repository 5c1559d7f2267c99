"""Training in lanes: equal to single runs and to autograd; what was stopped goes on as if it had not been."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from properties.experiments import checkpoints, running
from properties.experiments.configurations import ExperimentError, Plan, planned
from properties.experiments.measurements import measured
from properties.experiments.splits import splits
from properties.experiments.training import State, Training, stable_rate
from verify.arena import Arena

DOUBLE = Arena(dtype="float64")


def small(paper: str = "chen2024", **changed: Any) -> Plan:
    chosen = {"width": 6, "epochs": 3, "train": 40, "test": 12, "batch": 8, "seeds": 2, "dtype": "float64"}
    if paper == "chen2024":
        chosen |= {"batches": (), "decays": (0.0, 0.1, 1.0)}
    return planned(paper, "diabetes", chosen | changed)[0]


def trained(
    plan: Plan, rate: float = 0.01, stage: int = 0, stop_after: int | None = None
) -> tuple[Training, State, bool]:
    training = Training(plan, plan.stages()[stage], splits(plan), DOUBLE, rate)
    state, asked = training.start(), [0]

    def stopping() -> bool:
        asked[0] += 1
        return stop_after is not None and asked[0] > stop_after

    ended = training.run(state, stopping)
    return training, state, ended


def close(one: Any, other: Any) -> bool:
    return bool(((one - other).abs() <= DOUBLE.allowance(1000) * (1 + other.abs())).all())


@pytest.mark.parametrize("paper", ["chen2024", "ledent2025"])
def test_lanes_are_the_networks_trained_alone(paper: str) -> None:
    plan = small(paper) if paper == "chen2024" else small(paper, depths=(4,), decays=(0.0, 0.1))
    training, together, _ = trained(plan)
    decays = training.stage.decays
    for k, decay in enumerate(decays):
        _, alone, _ = trained(replace(plan, decays=(decay,)))
        for seed in range(plan.seeds):
            for many, one in zip(together.weights + together.biases, alone.weights + alone.biases, strict=True):
                assert close(many[seed * len(decays) + k], one[seed])
        for (epoch, train, test), (also, of_one, test_of_one) in zip(together.curve, alone.curve, strict=True):
            assert epoch == also
            assert train[k :: len(decays)] == pytest.approx(of_one)
            assert test[k :: len(decays)] == pytest.approx(test_of_one)


def test_seeds_are_independent_of_how_many_there_are() -> None:
    _, two, _ = trained(small(seeds=2))
    _, three, _ = trained(small(seeds=3))
    assert close(three.weights[0][:6], two.weights[0])
    assert not torch.equal(two.weights[0][0], two.weights[0][3])
    batches = Training(plan := small(), plan.stages()[0], splits(plan), DOUBLE, 1.0).batches(0)
    assert not torch.equal(batches[0], batches[1])


@pytest.mark.parametrize(("depth", "c"), [(2, 1), (4, 2)])
def test_steps_are_those_of_autograd(depth: int, c: int) -> None:
    plan = small(
        "ledent2025", depths=(depth,), decays=(0.3,), epochs=1, seeds=1, bias=0.2, convention=c, loss_scale=0.5
    )
    training, state, ended = trained(plan, stop_after=3)
    assert not ended
    assert state.step == 3
    begun = training.start()
    parameters = [tensor[0] for tensor in begun.weights + begun.biases]
    for step in range(3):
        parameters = [tensor.clone().requires_grad_() for tensor in parameters]
        weights, biases = parameters[:depth], parameters[depth:]
        rows = training.batches(0)[0, step]
        out = training.x[0, rows]
        for W, b in zip(weights, biases, strict=False):
            out = torch.relu(out @ W.mT + b)
        loss = 0.5 * ((out @ weights[-1].mT).squeeze(1) - training.y[0, rows]).square().mean()
        loss = (
            loss + sum(c * 0.15 * W.square().sum() for W in weights) + sum(c * 0.1 * b.square().sum() for b in biases)
        )
        slopes = torch.autograd.grad(loss, parameters)
        parameters = [(before - 0.01 * slope).detach() for before, slope in zip(parameters, slopes, strict=True)]
    for expected, found in zip(parameters, state.weights + state.biases, strict=True):
        assert close(found[0], expected)


@pytest.mark.parametrize("steps", [0, 1, 5, 7, 14])
def test_what_was_stopped_goes_on_bit_for_bit(tmp_path: Path, steps: int) -> None:
    plan = small()
    training, whole, ended = trained(plan)
    assert ended
    _, part, ended = trained(plan, stop_after=steps)
    assert not ended
    checkpoints.save(part, training, tmp_path / "state.npz")
    again = checkpoints.load(training, tmp_path / "state.npz")
    assert training.run(again, lambda: False)
    for one, other in zip(again.weights + again.biases, whole.weights + whole.biases, strict=True):
        assert torch.equal(one, other)
    assert again.curve == whole.curve


def test_an_experiment_stopped_and_resumed_has_the_same_results(tmp_path: Path) -> None:
    plan = small(batches=(4,), seeds=1)
    whole = running.run(running.started(plan, tmp_path / "whole", DOUBLE), DOUBLE, lambda: False, lambda at: None)
    stopped = running.started(plan, tmp_path / "part", DOUBLE)
    asked = [0]

    def stopping() -> bool:
        asked[0] += 1
        return asked[0] % 20 == 0

    found = running.run(stopped, DOUBLE, stopping, lambda at: None)
    while found is None:
        found = running.run(running.resumed(tmp_path / "part"), DOUBLE, stopping, lambda at: None)
    assert asked[0] > 40
    assert found == whole
    assert not list(tmp_path.rglob("*.partial"))


def test_a_checkpoint_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    training, state, _ = trained(small())
    path = tmp_path / "state.npz"
    checkpoints.save(state, training, path)
    kept = path.read_bytes()

    def full(file: Any, **arrays: Any) -> None:
        file.write(b"PK")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(OSError, match="No space"):
        checkpoints.save(state, training, path)
    assert path.read_bytes() == kept


@pytest.mark.parametrize("fault", ["empty", "text", "pickled", "shape", "missing", "epoch"])
def test_a_checkpoint_that_is_none_is_told_in_a_sentence(tmp_path: Path, fault: str) -> None:
    training, state, _ = trained(small())
    path = tmp_path / "state.npz"
    checkpoints.save(state, training, path)
    with np.load(path) as stored:
        arrays = dict(stored)
    if fault in ("empty", "text"):
        path.write_bytes(b"" if fault == "empty" else b"not an archive")
    else:
        arrays |= {
            "pickled": {"W0": np.array([{}, []], dtype=object)},
            "shape": {"W0": np.zeros((1, 2, 3))},
            "missing": {},
            "epoch": {"place": np.array([99, 0])},
        }[fault]
        if fault == "missing":
            del arrays["W1"]
        np.savez(path, **arrays)
    with pytest.raises(ExperimentError, match=r"state\.npz.*; remove it and resume again"):
        checkpoints.load(training, path)


def test_the_learning_rate_of_the_rule_is_half_of_the_inverse_of_the_largest_curvature() -> None:
    plan = small(seeds=1, batch=4, train=12)
    training, state, _ = trained(plan, stop_after=0)
    V, u, b = (tensor[0].clone().requires_grad_() for tensor in (*state.weights, *state.biases))
    largest = 0.0
    for rows in training.batches(0)[0]:
        slopes = []
        for x in training.x[0, rows]:
            out = (torch.relu(x @ V.mT + b) @ u.mT).sum()
            slopes.append(torch.cat([g.flatten() for g in torch.autograd.grad(out, (V, u, b))]))
        J = torch.stack(slopes)
        largest = max(largest, 2 / len(rows) * float(torch.linalg.matrix_norm(J, 2)) ** 2)
    rate = stable_rate(plan, splits(plan), DOUBLE)
    assert 0.9 / (2 * largest) <= rate <= 1.0001 / (2 * largest)


def test_norms_of_batch_gradients_are_those_of_the_gradients() -> None:
    plan = small(convention=1, loss_scale=0.5)
    training, state, _ = trained(plan)
    lane = measured(training, state, False)[4]
    V, u, b = state.weights[0][4].clone().requires_grad_(), state.weights[1][4], state.biases[0][4]
    norms = []
    for rows in training.batches(plan.epochs - 1)[1]:
        phi = (torch.relu(training.x[1, rows] @ V.mT + b) @ u.mT).squeeze(1)
        loss = 0.5 * (phi - training.y[1, rows]).square().mean() + lane.decay / 2 * V.square().sum()
        norms.append(float(torch.autograd.grad(loss, V)[0].norm()))
    assert lane.gradients is not None
    assert lane.gradients.norms == pytest.approx(sorted(norms))
    assert lane.gradients.attained >= max(norms)


def test_each_seed_has_its_own_split_without_a_shared_sample() -> None:
    plan = small(scaling="raw", clip=0.0, seeds=3)
    data = splits(plan)
    for seed in range(3):
        train, test = ({tuple(row) for row in part[seed]} for part in (data.inputs, data.test_inputs))
        assert len(train) == 40
        assert not train & test
    assert not np.array_equal(data.inputs[0], data.inputs[1])


def test_scaling_knows_the_training_samples_alone() -> None:
    data = splits(small(scaling="standard", clip=0.0))
    assert np.abs(data.inputs.mean(1)).max() < DOUBLE.allowance(1000)
    assert data.inputs.std(1) == pytest.approx(1.0)
    assert np.abs(data.test_inputs.mean(1)).max() > 0.01
    assert np.abs(splits(small(scaling="standard", clip=1.0)).test_inputs).max() == 1.0
