"""The bounds of an audit against formulas written out here, at the sizes of small networks; spectra; networks."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from properties.audit import network
from properties.audit.checkpoints import Checkpoint
from properties.audit.results import SCHEMA, AuditError
from properties.audit.running import Request, audit, to_json
from properties.audit.spectra import spectrum
from properties.audit.values import function, value
from reports.audited import to_markdown, to_text
from symbolic.papers.generalisation import full, two_layer
from symbolic.papers.weight_decay import N, m, n
from symbolic.papers.zoo import delta
from verify.arena import Arena

ARENA = Arena()
FLOAT = ARENA.float


@pytest.fixture
def audited(tmp_path: Path) -> Any:
    """The audit of a network 3 -> 8 -> 1 with biases on thirty samples, its weights, and the samples."""
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.ReLU(), torch.nn.Linear(8, 1))
    torch.save(net.state_dict(), tmp_path / "net.pt")
    random = np.random.default_rng(0)
    X, y = random.normal(size=(30, 3)), random.normal(size=30)
    np.savez(tmp_path / "data.npz", X=X, y=y)
    found = audit(tmp_path / "net.pt", Request(batch=4, weight_decay=0.1, data=tmp_path / "data.npz"), ARENA)
    return found, net.double().requires_grad_(False), torch.tensor(X), torch.tensor(y)


def test_bounds_by_hand(audited: Any) -> None:
    found, net, X, y = audited
    gaps = {one.name: one.value for one in found.bounds}
    outputs = net(X)[:, 0].detach()
    largest = float(torch.cat([outputs, y]).abs().max())
    assert found.fit.magnitude == pytest.approx(largest)
    assert found.fit.mean_loss == pytest.approx(float((outputs - y).square().mean()))
    tail = 3 * math.sqrt(math.log(2 / 0.05) / 60)
    # The network without biases that computes the same: one more input and one more neuron, always 1.
    first, second = net[0], net[2]
    top = torch.cat([first.weight, first.bias.unsqueeze(1)], 1)
    one = torch.tensor([[0, 0, 0, 1]], dtype=torch.float64)
    layers = [torch.cat([top, one]), torch.cat([second.weight, second.bias.unsqueeze(1)], 1)]
    inputs = torch.cat([X, torch.ones(30, 1)], 1)
    hidden = torch.relu(inputs @ layers[0].mT)
    assert torch.allclose((hidden @ layers[1].mT)[:, 0], outputs)
    reach = float(inputs.norm(dim=1).max())
    scale = reach / largest * math.prod(float(torch.linalg.matrix_norm(W, 2)) for W in layers)
    count = 9 * 4 + 9
    counted = 8 / 30 + 24 / math.sqrt(30) * math.sqrt(count * math.log(1 + 4 * scale * 30)) + tail
    assert gaps["the gap by the number of parameters"] == pytest.approx(counted)
    frobenius = math.prod(float(W.norm()) for W in layers)
    rademacher = reach * frobenius * (math.sqrt(2 * math.log(2) * 2) + 1) / math.sqrt(30)
    assert gaps["the Rademacher complexity by Frobenius norms"] == pytest.approx(2 * rademacher / largest + tail)
    # An output bias is one more neuron, always 1.
    width, depth = 9, 3
    pseudo = 2 + (2 * width * depth + 3 * width) * math.log2(
        4 * math.e * (width + 2) * math.log2(2 * math.e * (width + 2))
    )
    deviation = math.sqrt(
        32 / 30 * (math.log(4 * math.e * (pseudo + 1) / 0.05) + pseudo * math.log(10 * math.sqrt(30)))
    )
    assert gaps["the gap of NN(m, n), with constants"] == pytest.approx(deviation)


def test_the_whole_zoo_is_there_sorted_and_marked(audited: Any) -> None:
    found, *_ = audited
    values = [one.value for one in found.bounds]
    assert values == sorted(values)
    assert len({one.name for one in found.bounds}) >= 19
    for one in found.bounds:
        assert one.vacuous == (one.value >= 1)
        assert one.needed is None or one.needed >= 30
    assert all(one.dominant for one in found.bounds if one.provenance == "as read")


def test_from_the_samples_needed_on_a_bound_says_something(audited: Any) -> None:
    found, *_ = audited
    needed = {one.name: one.needed for one in found.bounds}["the gap of NN(m, n), with constants"]
    gap = function(two_layer.expression / 4, {**dict.fromkeys(two_layer.domain, 1), m: 9, n: 3, delta: 0.05}, (N,))
    assert gap(needed) < 1 <= gap(needed - 1)


def test_an_expression_is_evaluated_as_sympy_does() -> None:
    known = {m: 9, n: 3}
    assert value(full.expression, known) == pytest.approx(float(full.expression.xreplace(known).evalf()))
    with pytest.raises(AuditError, match="no number is known for n"):
        value(full.expression, {m: 9})


def test_classes_have_margin_bounds(tmp_path: Path) -> None:
    torch.manual_seed(0)
    X = torch.randn(40, 3, dtype=FLOAT)
    W = 3 * torch.randn(4, 3, dtype=FLOAT)
    labels = (X @ W.mT).argmax(1)
    torch.save(
        {"0.weight": torch.cat([W, -W]), "2.weight": torch.cat([torch.eye(4), -torch.eye(4)], 1)}, tmp_path / "n"
    )
    np.savez(tmp_path / "data.npz", X=X.numpy(), y=labels.numpy())
    found = audit(tmp_path / "n", Request("cross-entropy", 8, 0.1, data=tmp_path / "data.npz"), ARENA)
    right = X @ W.mT
    other = right.scatter(1, labels.unsqueeze(1), -math.inf).amax(1)
    margins = right.amax(1) - other
    assert found.fit.accuracy == 1
    assert found.fit.margin == pytest.approx(float(margins.quantile(0.1)))
    assert any("margin" in one.name for one in found.bounds)
    assert [one.norms is not None for one in found.layers] == [True, True]


def edges() -> dict[str, tuple[dict[str, Any], Any, Any, dict[str, Any]]]:
    """Networks and samples at the edge of what there is: a state, inputs, labels, and what is asked."""
    random = np.random.default_rng(0)
    torch.manual_seed(0)
    V, u, b = (torch.randn(*shape, dtype=FLOAT) for shape in ((5, 3), (5,), (5,)))
    X, y = random.normal(size=(8, 3)), random.normal(size=8)
    asked = {"batch": 3, "weight_decay": 0.1, "learning_rate": 0.1}
    net = {"V": V, "u": u, "b": b}
    return {
        "V = 0": ({"V": V * 0, "u": u}, X, y, asked),
        "all is 0": ({"V": V * 0, "u": u * 0}, X, y * 0, asked),
        "inputs of 0": (net, X * 0, y, asked),
        "one sample": (net, X[:1], y[:1], {**asked, "batch": 1}),
        "two samples": (net, X[:2], y[:2], {**asked, "batch": 1}),
        "duplicates": (net, np.repeat(X[:1], 8, 0), np.repeat(y[:1], 8), asked),
        "one neuron": ({"V": V[:1], "u": u[:1], "b": b[:1]}, X, y, asked),
        "one input": ({"V": V[:, :1], "u": u}, X[:, :1], y, asked),
        "one layer": ({"l.weight": V[:4]}, X, np.arange(8) % 4, {**asked, "loss": "cross-entropy"}),
        "large": ({"V": V * 2.0**99 / 4, "u": u * 2.0**99 / 4, "b": b}, X, y, asked),
        "too large": ({"V": V * 2.0**120, "u": u}, X, y, asked),
        "tiny": ({name: part * 2.0**-200 for name, part in net.items()}, X, y, asked),
        "a loss beyond all floats": (net, X * 2.0**1000, y, asked),
    }


@pytest.mark.parametrize("name", edges())
def test_edges_are_told_in_every_form(name: str, tmp_path: Path) -> None:
    state, X, y, asked = edges()[name]
    torch.save(state, tmp_path / "net.pt")
    np.savez(tmp_path / "data.npz", X=X, y=y)
    request = Request(**asked, data=tmp_path / "data.npz")
    if name == "too large":
        with pytest.raises(AuditError, match="beyond 2\\^100"):
            audit(tmp_path / "net.pt", request, ARENA)
        return
    found = audit(tmp_path / "net.pt", request, ARENA)
    told = to_json(found)
    assert json.loads(json.dumps(told, allow_nan=False))["schema"] == SCHEMA
    assert "spectrum" in to_text(told)
    assert to_markdown(told).startswith("# ")
    assert found.complete == (name != "a loss beyond all floats")
    for layer in found.layers:
        assert layer.norms is None or layer.norms.least <= layer.norms.most


# -- spectra and networks -----------------------------------------------------------------------------------------


def test_a_spectrum_that_is_known() -> None:
    W = torch.zeros(40, 3, dtype=FLOAT)
    W[0, 0], W[1, 1] = 4.0, 2.0
    found = spectrum(W, ARENA, 2)
    assert found.singular_values == pytest.approx((4, 2, 0))
    assert (found.rank, found.full) == (2, 3)
    assert found.stable_rank == pytest.approx(20 / 16)
    assert found.distances == pytest.approx((math.sqrt(20), 2, 0))
    powers = {one.exponent: one for one in found.powers}
    assert powers[1.0].power_sum == pytest.approx(6)
    assert powers[0.5].quasi_norm == pytest.approx((2 + math.sqrt(2)) ** 2)
    assert powers[1.0].soft_rank == pytest.approx(1.5)
    assert spectrum(W * 0, ARENA, 2).stable_rank is None
    assert spectrum(W.mT, ARENA, 2).frobenius == pytest.approx(found.frobenius)
    assert spectrum(W, ARENA, 3).powers[2].exponent == 2 / 3


def stored(**shapes: tuple[int, ...]) -> tuple[Checkpoint, dict[str, Any]]:
    tensors = {name.replace("__", "."): torch.ones(*shape, dtype=FLOAT) for name, shape in shapes.items()}
    return Checkpoint("net.pt", "", tensors), tensors


NETWORKS: dict[str, tuple[dict[str, tuple[int, ...]], list[str]]] = {
    "in the order of the file": ({"b__weight": (5, 3), "a__weight": (1, 5)}, ["b", "a"]),
    "in the order of names": ({"l2__weight": (4, 4), "l10__weight": (1, 4), "l1__weight": (4, 2)}, ["l1", "l2", "l10"]),
    "by shapes alone": (
        {"head__weight": (1, 6), "body__weight": (6, 5), "start__weight": (5, 3)},
        ["start", "body", "head"],
    ),
    "in the words of the paper": ({"u": (7,), "V": (7, 2), "b": (7,)}, ["V", "u"]),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_is_known_from_names_and_shapes(name: str) -> None:
    shapes, names = NETWORKS[name]
    found = network.network(*stored(**shapes), None)
    assert [layer.name for layer in found.layers] == names
    assert found.rectified


def test_an_architecture_says_names_and_activations() -> None:
    found = network.network(*stored(W1=(5, 3), b1=(5,), W2=(5, 5), c__weight=(2, 5)), "W1+b1 relu, W2 tanh c")
    assert [(one.name, one.activation, one.b is not None) for one in found.layers] == [
        ("W1", "relu", True),
        ("W2", "tanh", False),
        ("c", "linear", False),
    ]
    assert not found.rectified


@pytest.mark.parametrize("name", network.ACTIVATIONS)
def test_slopes_are_derivatives(name: str) -> None:
    z = torch.linspace(-3, 3, 61, dtype=FLOAT) + 0.01
    at = z.clone().requires_grad_()
    made = at * 1 if name == "linear" else getattr(torch.nn.functional, name)(at)
    (expected,) = torch.autograd.grad(made.sum(), at)
    assert torch.allclose(network.slope(name, z), expected)
    assert torch.allclose(network.activated(name, z.clone()), made.detach())
