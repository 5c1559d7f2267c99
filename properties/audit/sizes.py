"""The numbers of a network that bounds on the generalization gap take, measured once.

Where there are biases, norms are those of the network without them that has one more input and one more neuron in each
hidden layer, always 1: it computes the same, and the bounds are about such networks. A loss is taken relative to its
largest value; ``Lam`` is its Lipschitz constant in the outputs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from properties.audit.network import Network
from properties.audit.results import Fit
from properties.audit.samples import CROSS_ENTROPY
from properties.audit.spectra import singular_values
from verify.arena import Arena, torch


@dataclass(frozen=True)
class Matrix:
    """A layer with its biases: sides, rank, and norms: spectral, Frobenius, sums of row lengths and of row 1-norms."""

    m: int
    n: int
    rank: int
    sigma: tuple[float, ...]
    spectral: float
    frobenius: float
    row_lengths: float
    row_one: float

    def soft_rank(self, p: float) -> float:
        """The sum of the p-th powers of the singular values over that of the largest."""
        return math.fsum((s / self.spectral) ** p for s in self.sigma if s > 0) if self.spectral else 0.0


@dataclass(frozen=True)
class Sizes:
    """A network's: layers, samples, largest magnitude of output or label, Lipschitz constant, norms of inputs.

    ``reach`` is the largest norm of an input and ``typical`` their root mean square, ``column`` the largest root mean
    square of one input, all with the 1 for biases; ``classes`` is 0 for regression. ``first`` and ``last`` are V and u
    of a two-layer network with one output, ``hidden`` its neurons with one more for an output bias; 0 otherwise.
    """

    layers: tuple[Matrix, ...]
    samples: int
    magnitude: float
    lipschitz: float
    reach: float
    typical: float
    column: float
    classes: int
    parameters: int
    inputs: int
    hidden: int
    outer: float
    distances: tuple[float, ...]
    rank: int


def measured(network: Network, x: Any, fit: Fit, distances: tuple[float, ...], rank: int, arena: Arena) -> Sizes:
    """The sizes of a network on inputs (N, n); those of V are known from its spectrum."""
    biased = any(layer.b is not None for layer in network.layers)
    if biased:
        x = torch().cat([x, torch().ones_like(x[:, :1])], 1)
    layers = []
    for place, layer in enumerate(network.layers):
        W = layer.W
        if biased:
            b = W.new_zeros(len(W)) if layer.b is None else layer.b
            W = torch().cat([W, b.unsqueeze(1)], 1)
            if place < len(network.layers) - 1:
                W = torch().cat([W, W.new_zeros(1, W.shape[1])])
                W[-1, -1] = 1
        layers.append(_matrix(W, arena))
    two = len(network.layers) == 2 and network.outputs == 1 and network.rectified
    last = network.layers[-1]
    lengths = x.square().sum(1)
    classes = network.outputs if fit.loss == CROSS_ENTROPY else 0
    return Sizes(
        layers=tuple(layers),
        samples=len(x),
        magnitude=fit.magnitude,
        lipschitz=_lipschitz(fit, network.outputs),
        reach=math.sqrt(float(lengths.amax())),
        typical=math.sqrt(float(lengths.mean())),
        column=math.sqrt(float(x.square().mean(0).amax())),
        classes=classes,
        parameters=sum(layer.m * layer.n for layer in layers),
        inputs=network.inputs,
        hidden=int(network.layers[0].W.shape[0]) + (last.b is not None) if two else 0,
        outer=float(last.W.norm()),
        distances=distances,
        rank=rank,
    )


def _lipschitz(fit: Fit, outputs: int) -> float:
    """Of the loss over its largest value: the square up to ``4 K L^2``, or the ramp at the margin."""
    if fit.loss != CROSS_ENTROPY:
        return 1 / (fit.magnitude * math.sqrt(outputs)) if fit.magnitude else math.inf
    return math.sqrt(2) / fit.margin if fit.margin and fit.margin > 0 else math.inf


def _matrix(W: Any, arena: Arena) -> Matrix:
    sigma = singular_values(W)
    top = float(sigma[0])
    return Matrix(
        m=int(W.shape[0]),
        n=int(W.shape[1]),
        rank=int((sigma > arena.allowance(sum(W.shape)) * top).sum()),
        sigma=tuple(map(float, sigma)),
        spectral=top,
        frobenius=float(sigma.norm()),
        row_lengths=float(W.square().sum(1).sqrt().sum()),
        row_one=float(W.abs().sum(1).amax()),
    )
