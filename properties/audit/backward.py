"""Per-layer inputs and deltas: the factors of all samples' gradients, none of which is formed.

At sample i the loss has the gradient ``delta_i a_i^T`` in the weights of a dense layer, with ``a_i`` what the layer
receives and ``delta_i`` the gradient of the loss in what it computes (docs/mathematics/dense_layers.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from properties.audit.network import LINEAR, RELU, Dense, Network, activated, slope
from properties.audit.samples import CROSS_ENTROPY, SQUARES
from verify.arena import torch

AT_ONCE = 2**24
"""Entries of the widest layer's activations that are held at once."""


@dataclass(frozen=True)
class Factors:
    """Of a layer: what it receives a (N, n) and deltas (N, m).

    ``sizes`` (N,) are the norms that ``delta_i a_i^T`` had if nothing cancelled, which its rounding is relative to, and
    ``length`` is how many terms the longest chain of sums to it has.
    """

    layer: Dense
    a: Any
    delta: Any
    sizes: Any
    length: int


@dataclass(frozen=True)
class _Pass:
    """One way forward: what each layer receives and its magnitudes if nothing cancelled; the outputs come last."""

    received: list[Any]
    computed: list[Any]
    sizes: list[Any]


def _chunks(network: Network, count: int) -> Iterator[slice]:
    step = max(1, AT_ONCE // max(max(layer.W.shape) for layer in network.layers))
    yield from (slice(start, start + step) for start in range(0, count, step))


def _forward(network: Network, x: Any, measured: bool) -> _Pass:
    run = _Pass([x], [], [x.abs()])
    for layer in network.layers:
        z = run.received[-1] @ layer.W.mT
        if layer.b is not None:
            z = z.add_(layer.b)
        run.computed.append(z.clone() if layer.activation not in (LINEAR, RELU) else None)
        run.received.append(activated(layer.activation, z))
        if measured:
            size = run.sizes[-1] @ layer.W.abs().mT
            if layer.b is not None:
                size = size.add_(layer.b.abs())
            # Any other activation here is at most |z| + 1 in magnitude, and of slope at most 2.
            run.sizes.append(size if layer.activation in (LINEAR, RELU) else 2 * size + 1)
    return run


def outputs(network: Network, x: Any) -> Any:
    """(N, K) the outputs at inputs (N, n)."""
    parts = [_forward(network, x[rows], False).received[-1] for rows in _chunks(network, len(x))]
    return torch().cat(parts)


def received(network: Network, x: Any, place: int) -> Any:
    """(N, n) what the layer at a place receives."""
    before = Network(network.layers[:place])
    return outputs(before, x) if place else x


def losses(outputs: Any, y: Any, loss: str) -> Any:
    """(N,) the loss of each sample, from outputs and targets (N, K)."""
    if loss == CROSS_ENTROPY:
        return -(torch().log_softmax(outputs, 1) * y).sum(1)
    steep, divisor = SQUARES[loss]
    return (outputs - y).square().sum(1) * steep / (2 * (divisor or y.shape[1]))


def factors(network: Network, x: Any, y: Any, loss: str, place: int) -> Factors:
    """The factors of the layer at a place, from inputs (N, n) and targets (N, K)."""
    layer = network.layers[place]
    m, n = layer.W.shape
    a, delta, sizes = x.new_empty(len(x), n), x.new_empty(len(x), m), x.new_empty(len(x))
    for rows in _chunks(network, len(x)):
        run = _forward(network, x[rows], True)
        back, size = _at_outputs(run, y[rows], loss)
        for at in reversed(range(place, len(network.layers))):
            back, size = _before(network.layers[at].activation, back, size, run, at)
            if at > place:
                back, size = back @ network.layers[at].W, size @ network.layers[at].W.abs()
        a[rows], delta[rows] = run.received[place], back
        sizes[rows] = size.square().sum(1).sqrt() * run.sizes[place].square().sum(1).sqrt()
    return Factors(layer, a, delta, sizes, sum(sum(one.W.shape) for one in network.layers))


def _at_outputs(run: _Pass, y: Any, loss: str) -> tuple[Any, Any]:
    """The gradient of each loss in the outputs, and its magnitude, both (N, K)."""
    if loss == CROSS_ENTROPY:
        # Softmax moves by at most the largest change of an output.
        return torch().softmax(run.received[-1], 1) - y, (run.sizes[-1].amax(1, keepdim=True) + 1).expand_as(y)
    steep, divisor = SQUARES[loss]
    factor = steep / (divisor or y.shape[1])
    return (run.received[-1] - y) * factor, (run.sizes[-1] + y.abs()) * factor


def _before(activation: str, delta: Any, size: Any, run: _Pass, place: int) -> tuple[Any, Any]:
    """Delta and its magnitude before the activation of a layer, from those after it."""
    if activation == LINEAR:
        return delta, size
    if activation == RELU:
        active = run.received[place + 1] > 0
        return delta * active, size * active
    # No second derivative here exceeds 1: a slope moves by at most what its argument does.
    return delta * slope(activation, run.computed[place]), size * (2 + run.sizes[place + 1])
