"""Exact slopes agree with exact finite differences inside a cell, and with torch's autograd."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.exact import UNDEFINED, Exact, cat, compare, diag_embed, eye, stack, where, zeros
from verify.slopes import Dual, gradient, relu_with_slope

SIZES = (3, 4)
COUNT = 12
"""The parameters: a (3, 4) first layer whose last column is the bias."""


def inputs(seed: int) -> tuple[Exact, Exact, Exact]:
    draw = np.random.default_rng(seed)
    data = np.concatenate([draw.integers(-5, 6, (1, 6, 3)), np.ones((1, 6, 1), dtype=int)], axis=-1)
    weights = Exact.integers(draw.integers(-9, 10, (1, 1, *SIZES)) * 2 + 1) / 7
    return Exact.integers(data), Exact.integers(draw.integers(-5, 6, (1, 6))), weights


def network(data):
    def outputs(weights):
        hidden = (data.unsqueeze(1) @ weights.mT).relu()
        return (hidden * Fraction(3, 2) - 1).sum(-1).squeeze(1)

    return outputs


def batch_losses(data, targets, batches):
    def losses(weights):
        return (network(data)(weights) - targets).square()[:, batches].mean(-1)

    return losses


def differences(function, at: Exact, step: Fraction) -> Exact:
    """Central differences: exact for polynomials of degree two, so for these losses inside a cell."""
    columns = []
    for place in range(COUNT):
        shift = Exact.integers(np.eye(COUNT, dtype=int)[place].reshape(1, 1, *SIZES)) * step
        columns.append((function(at + shift) - function(at - shift)) / (2 * step))
    return stack(columns, -1).reshape(1, -1, *SIZES)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_network_and_losses_against_exact_differences(seed):
    data, targets, weights = inputs(seed)
    activations = data.unsqueeze(1) @ weights.mT
    if (activations == 0).any():
        return
    # |x| <= 5, so a step this small flips no activation.
    step = activations.abs().amin().fraction() / 10
    outputs = network(data)
    assert gradient(outputs, weights).shape == (1, 6, *SIZES)
    assert (gradient(outputs, weights) == differences(outputs, weights, step)).all()
    losses = batch_losses(data, targets, np.array(list(combinations(range(6), 2))))
    assert (gradient(losses, weights) == differences(losses, weights, step)).all()


OPERATIONS = {
    "matrix product": lambda w: (w @ w.mT).sum((-1, -2)),
    "matrix times vector": lambda w: (w @ w[0, 0, 0]).sum(-1),
    "vector times matrix": lambda w: (w[0, 0, :, 1] @ w).sum(-1),
    "quotient": lambda w: (w / (w.square() + 1)).sum((-1, -2)),
    "reciprocal": lambda w: (2 / w).mean(-1).sum(-1),
    "power": lambda w: (w**3 - w**0 + 1 - w).sum((2, 3)),
    "division by an integer": lambda w: (w / 4).sum((2, 3)),
    "clamp": lambda w: w.clamp(min=0, max=3).square().sum((2, 3)),
    "relu": lambda w: w.relu().sum((2, 3)),
    "where": lambda w: where(w > 1, w * w, 5).sum((2, 3)),
    "where broadcast": lambda w: where(w[:, :, 0] > 1, w, 5 * w[:, :, :1]).sum((2, 3)),
    "stack": lambda w: stack([w[:, :, 0], 3 * w[:, :, 1]], -1).square().sum((2, 3)),
    "cat": lambda w: cat([w, w * w], -1).sum((2, 3)),
    "diagonal": lambda w: w.diagonal(dim1=-2, dim2=-1).square().sum(-1),
    "diag_embed": lambda w: (diag_embed(w) @ w.mT).sum((2, 3, 4)),
    "gather": lambda w: w[:, :, [0, 2, 2], [1, 1, 3]].square().sum(-1),
    "gather pairs": lambda w: w[0, :, :, [[0, 1], [2, 3]]].square().sum((1, 2, 3)).unsqueeze(0),
    "reshape": lambda w: (w.reshape(1, 1, 4, 3) @ w).sum((2, 3)),
    "expand": lambda w: (w[:, :, :1].expand(1, 1, 3, 4) * w.movedim(-1, 2).mT).sum((-1, -2)),
    "unsqueeze": lambda w: (w.unsqueeze(2) * w.unsqueeze(3)).sum((2, 3, 4)),
    "eye and zeros": lambda w: (w @ eye(4, w) + zeros((3, 4), w)).square().sum((2, 3)),
}


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS.keys())
def test_operations_agree_with_autograd(operation):
    torch = pytest.importorskip("torch")
    numbers = np.random.default_rng(5).integers(1, 9, (1, 1, *SIZES)) * np.array([1, -1, 1, 1]) + 0.25
    tensor = torch.tensor(numbers, requires_grad=True)
    (expected,) = torch.autograd.grad(operation(tensor).sum(), tensor)
    found = gradient(operation, Exact.floats(numbers))
    assert found.shape == (1, 1, *SIZES)
    assert found.approximate()[0, 0] == pytest.approx(expected.numpy()[0, 0])


def test_roots_have_slopes():
    found = gradient(lambda w: w.square().sum((2, 3)).sqrt(), Exact.integers([[[[3, 4]]]]))
    assert [found.fraction(0, 0, 0, place) for place in range(2)] == [Fraction(3, 5), Fraction(4, 5)]
    at_zero = gradient(lambda w: w.sum((2, 3)).sqrt(), Exact.integers([[[[0]]]]))
    assert compare(at_zero, 0).item() == UNDEFINED


def test_a_slope_through_an_undefined_value_is_undefined():
    unknown = Exact.integers(1) / 0
    for function in (lambda w: w + unknown, lambda w: (w + unknown).relu(), lambda w: 1 / (w - 3)):
        assert gradient(lambda w, f=function: f(w).sum((2, 3)), Exact.integers([[[[3]]]])).undefined_mask().all()


@pytest.mark.parametrize("at_zero", [0, 1, Fraction(1, 2)])
def test_the_slope_of_relu_at_zero_is_chosen(at_zero):
    torch = pytest.importorskip("torch")
    points = Exact.integers([[[[-2, 0, 3]]]])
    found = gradient(lambda w: (2 * relu_with_slope(w, at_zero)).sum((2, 3)), points)
    assert [found.fraction(0, 0, 0, place) for place in range(3)] == [0, 2 * at_zero, 2]
    assert (relu_with_slope(points, at_zero) == points.relu()).all()
    tensor = torch.tensor([-2.0, 0.0, 3.0], requires_grad=True)
    value = relu_with_slope(tensor, float(at_zero))
    (slope,) = torch.autograd.grad(value.sum(), tensor)
    assert value.tolist() == [0, 0, 3]
    assert slope.tolist() == [0, at_zero, 1]


def test_constants_and_mistakes():
    at = Exact.integers([[[[1, 2]]]])
    assert (gradient(lambda w: Exact.integers([[7, 8]]), at) == zeros((1, 2, 1, 2), at)).all()
    with pytest.raises(ValueError, match="begin with"):
        gradient(lambda w: w, Exact.integers([[1, 2]]))
    with pytest.raises(ValueError, match="not \\(1, C\\)"):
        gradient(lambda w: w, at)
    with pytest.raises(ValueError, match="a slope of shape"):
        Dual(at, at)
