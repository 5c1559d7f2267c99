"""The dense network of a checkpoint: from the names and shapes of its tensors, or as an architecture says.

An architecture is the layers and activations in order, as in "fc1 relu fc2": a layer is the name before ".weight" and
".bias", or the full name of a tensor with that of its bias, as in "W1+b1".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations
from typing import Any

from properties.audit.checkpoints import COUNTERS, Checkpoint
from properties.audit.results import AuditError, Layer, Remark
from verify.arena import torch

LINEAR, RELU = "linear", "relu"
ACTIVATIONS = (LINEAR, RELU, "tanh", "sigmoid", "gelu", "silu", "softplus")
LIPSCHITZ_ONE = (LINEAR, RELU, "tanh", "sigmoid", "softplus")
"""Those whose Lipschitz constant is at most 1."""
PAPER = ("V", "b", "u")
"""The words of a two-layer network as names: V and b of the first layer, u of the second."""
SHOWN = 6
MOST_LAYERS = 8
"""Layers up to which an order is looked for by shapes."""
ASSUMED = "the activations are taken to be ReLU, which a checkpoint does not say (--architecture says others)"


@dataclass(frozen=True)
class Dense:
    """A dense layer ``activation(W a + b)``: W (m, n) and b (m,) or None."""

    name: str
    W: Any
    b: Any
    activation: str

    def facts(self) -> Layer:
        """What the result of an audit says of it."""
        return Layer(self.name, int(self.W.shape[0]), int(self.W.shape[1]), self.b is not None, self.activation)


@dataclass(frozen=True)
class Network:
    """Dense layers that follow one another, the one at the input first."""

    layers: tuple[Dense, ...]

    @property
    def inputs(self) -> int:
        """The number of inputs."""
        return int(self.layers[0].W.shape[1])

    @property
    def outputs(self) -> int:
        """The number of outputs."""
        return int(self.layers[-1].W.shape[0])

    @property
    def rectified(self) -> bool:
        """Whether every layer but the last one is a ReLU layer, and the last one is linear."""
        *hidden, last = [layer.activation for layer in self.layers]
        return last == LINEAR and all(one == RELU for one in hidden)


def matrices(good: Mapping[str, Any]) -> list[Dense]:
    """Every matrix among the tensors, as a layer by itself: what is left where no network is known."""
    return [Dense(key.removesuffix(".weight"), W, None, LINEAR) for key, W in good.items() if W.ndim == 2]


def network(checkpoint: Checkpoint, good: Mapping[str, Any], architecture: str | None) -> Network:
    """The dense network of the sound tensors; AuditError names the tensor that is in the way."""
    layers = _described(checkpoint, good, architecture) if architecture else _found(checkpoint, good)
    for first, second in pairwise(layers):
        if second.W.shape[1] != first.W.shape[0]:
            raise AuditError(
                f"{first.name} has {first.W.shape[0]} outputs, and {second.name} after it {second.W.shape[1]} inputs; "
                "say the order of the layers with --architecture, as in 'fc1 relu fc2'"
            )
    return Network(tuple(layers))


def remarks(found: Network, architecture: str | None) -> list[Remark]:
    """What is taken for granted of a network, and what its activations leave out."""
    told = [] if architecture or len(found.layers) == 1 else [Remark("architecture", ASSUMED)]
    others = sorted({layer.activation for layer in found.layers[:-1]} - {RELU})
    if others:
        told.append(
            Remark(
                "architecture",
                f"{' and '.join(others)} is not ReLU: the theorems on two-layer ReLU networks do not cover it, and "
                "what holds for any dense layer is told instead",
            )
        )
    return told


# -- from names and shapes --------------------------------------------------------------------------------------------


def _found(checkpoint: Checkpoint, good: Mapping[str, Any]) -> list[Dense]:
    for key, tensor in checkpoint.tensors.items():
        if tensor.ndim > 2:
            raise AuditError(
                f"{key} has {tensor.ndim} axes, as convolutions have; networks of dense layers are followed"
            )
        if re.search(r"running_(mean|var)$", key) or (tensor.ndim == 1 and key.endswith("weight")):
            raise AuditError(f"{key} belongs to a normalisation or a PReLU; networks of dense layers are followed")
        if key not in good and not key.endswith(COUNTERS):
            raise AuditError(f"without {key} the network is not whole; give a checkpoint with it")
        if key.endswith(".bias") and f"{key.removesuffix('bias')}weight" not in checkpoint.tensors:
            raise AuditError(f"{key} has no weights beside it; give a checkpoint with {key.removesuffix('bias')}weight")
    if set(PAPER[::2]) <= set(good) <= set(PAPER):
        return [
            Dense("V", good["V"], _column(good.get("b"), "b", good["V"]), RELU),
            Dense("u", _row(good["u"]), None, LINEAR),
        ]
    names = [key.removesuffix(".weight") for key in good if key.endswith(".weight")]
    used = {f"{name}.{part}" for name in names for part in ("weight", "bias")}
    strange = [key for key in good if key not in used]
    if strange or not names:
        shown = ", ".join(list(good)[:SHOWN]) + (", ..." if len(good) > SHOWN else "")
        raise AuditError(
            f"{strange[0] if strange else 'nothing'} is no dense layer's .weight or .bias (there are {shown}); say "
            "which tensors are the layers with --architecture, as in 'W1+b1 relu W2+b2'"
        )
    ordered = _ordered({name: good[f"{name}.weight"] for name in names})
    last = len(ordered) - 1
    return [_layer(name, good, LINEAR if place == last else RELU) for place, name in enumerate(ordered)]


def _ordered(weights: Mapping[str, Any]) -> list[str]:
    """The names in an order in which shapes fit: that of the file, that of the names, or the only one there is."""
    by_name = sorted(
        weights, key=lambda name: [(int(p), "") if p.isdigit() else (-1, p) for p in re.split(r"(\d+)", name)]
    )
    for order in (list(weights), by_name):
        if _fits(order, weights):
            return order
    if len(weights) <= MOST_LAYERS:
        fitting = [list(order) for order in permutations(by_name) if _fits(order, weights)]
        if len(fitting) == 1:
            return fitting[0]
    return by_name


def _fits(order: Sequence[str], weights: Mapping[str, Any]) -> bool:
    return all(weights[after].shape[1] == weights[before].shape[0] for before, after in pairwise(order))


# -- as an architecture says ------------------------------------------------------------------------------------------


def _described(checkpoint: Checkpoint, good: Mapping[str, Any], architecture: str) -> list[Dense]:
    layers: list[tuple[str, str]] = []
    for token in architecture.replace(",", " ").split():
        if token.lower() in ACTIVATIONS:
            if not layers or layers[-1][1] != LINEAR:
                raise AuditError(f"--architecture {architecture!r}: {token} follows no layer; write 'fc1 relu fc2'")
            layers[-1] = layers[-1][0], token.lower()
        elif "+" in token or {token, f"{token}.weight"} & set(checkpoint.tensors):
            layers.append((token, LINEAR))
        else:
            shown = ", ".join(list(checkpoint.tensors)[:SHOWN])
            raise AuditError(
                f"--architecture {architecture!r}: {token} is neither a tensor of {checkpoint.name} (it has {shown}) "
                f"nor one of {', '.join(ACTIVATIONS)}"
            )
    if not layers:
        raise AuditError(f"--architecture {architecture!r} names no layer; write 'fc1 relu fc2'")
    return [_layer(token, good, activation) for token, activation in layers]


def _layer(token: str, good: Mapping[str, Any], activation: str) -> Dense:
    """The layer of a token: a name before .weight, or the names of its tensors."""
    name, plus, bias = token.partition("+")
    key, other = (name, bias) if plus or f"{name}.weight" not in good else (f"{name}.weight", f"{name}.bias")
    if key not in good:
        raise AuditError(f"without {key} the network is not whole; give a checkpoint with it")
    if plus and other not in good:
        raise AuditError(f"without {other} the network is not whole; give a checkpoint with it")
    W = good[key]
    if W.ndim != 2 or 0 in W.shape:
        raise AuditError(f"{key} has shape {tuple(W.shape)}; a dense layer's weights have two axes, outputs and inputs")
    return Dense(name, W, _column(good.get(other), other, W), activation)


def _column(bias: Any, name: str, W: Any) -> Any:
    """A bias (m,), or None."""
    if bias is None:
        return None
    if bias.numel() != W.shape[0]:
        raise AuditError(f"{name} has shape {tuple(bias.shape)} beside {W.shape[0]} outputs; a layer has one bias each")
    return bias.reshape(-1)


def _row(u: Any) -> Any:
    return u.reshape(1, -1) if u.ndim == 1 else u


# -- activations ------------------------------------------------------------------------------------------------------


def activated(name: str, z: Any) -> Any:
    """The activation of an array, in place where it may be."""
    module = torch()
    if name == LINEAR:
        return z
    if name == RELU:
        return z.clamp_(min=0)
    return getattr(module.nn.functional, name)(z)


def slope(name: str, z: Any) -> Any:
    """The derivative of an activation at an array; 0 for ReLU at 0, as in PyTorch."""
    module = torch()
    if name == LINEAR:
        return module.ones_like(z)
    if name == RELU:
        return (z > 0).to(z.dtype)
    at = z.detach().clone().requires_grad_()
    (found,) = module.autograd.grad(activated(name, at).sum(), at)
    return found
