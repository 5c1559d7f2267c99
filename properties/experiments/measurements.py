"""What is measured of trained lanes: losses, spectra of layers and of what they receive, batch gradients, eps."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from properties.audit import gradients, network, spectra
from properties.audit.backward import Factors
from properties.experiments.training import State, Training
from verify.arena import Arena, torch

KEPT = 64
"""Singular values that are kept of a matrix."""
SEARCHED = 2048
"""Training samples among which batches with long gradients are looked for: a Gram matrix of them is formed."""
SIGMA = 0.1
"""The standard deviation of the entries of the Gaussian matrix that the paper compares with: variance 0.01."""
WEIGHTS, ACTIVATIONS = "weights", "activations"


@dataclass(frozen=True)
class Spectrum:
    """Of a matrix: its largest singular values, norms, rank up to rounding, stable rank, soft rank of index 2 / depth.

    ``what`` is weights, or activations: what the layer receives at the training samples.
    """

    what: str
    layer: int
    values: tuple[float, ...]
    frobenius: float
    spectral: float
    rank: int
    stable_rank: float
    soft_rank: float


@dataclass(frozen=True)
class Gradients:
    """Norms of batch gradients in V, decay included: of the batches of one epoch, and how long others are.

    ``attained`` is the longest that a search among ``searched`` samples found, so that eps is at least that;
    ``bound`` is ``(2 B - 1) eps / (c mu |V|)`` with it, infinite without decay: from 1 on the theorem says nothing.
    ``gaussian`` is the mean norm of an m x n matrix of independent normal entries of variance 0.01, about.
    """

    norms: tuple[float, ...]
    attained: float
    searched: int
    bound: float
    gaussian: float


@dataclass(frozen=True)
class Lane:
    """One seed with one weight decay, after training: mean squared errors, accuracies where labels are digits."""

    seed: int
    decay: float
    train: float
    test: float
    accuracy: float | None
    start: tuple[Spectrum, ...]
    spectra: tuple[Spectrum, ...]
    gradients: Gradients | None

    @property
    def gap(self) -> float:
        """The test error less the training error."""
        return self.test - self.train

    @property
    def finite(self) -> bool:
        """Whether training did not diverge."""
        return math.isfinite(self.train) and math.isfinite(self.test)

    def weights(self, layer: int = 0) -> Spectrum:
        """The spectrum of the weights of a layer."""
        return next(s for s in self.spectra if s.what == WEIGHTS and s.layer == layer)

    def to_json(self) -> dict[str, Any]:
        """The lane as JSON, without infinities: text stands for them."""
        return {key: _plain(value) for key, value in asdict(self).items()}


def measured(training: Training, state: State, labelled: bool) -> list[Lane]:
    """All lanes of a trained stage, seed by seed; what diverged has errors that are no numbers, and no more."""
    stage = training.stage
    train = training.losses(state, training.x, training.y).tolist()
    test = training.losses(state, training.test_x, training.test_y).tolist()
    right = _accuracies(training, state) if labelled else [None] * training.lanes
    start, found = training.start(), list[Lane]()
    began: tuple[Spectrum, ...] = ()
    for lane in range(training.lanes):
        seed, decay = lane // len(stage.decays), stage.decays[lane % len(stage.decays)]
        if lane % len(stage.decays) == 0:  # the decays of a seed start alike
            began = _spectra(training, start, lane, _alone(training, start, lane))
        if not (math.isfinite(train[lane]) and math.isfinite(test[lane])):
            found.append(Lane(seed, decay, math.nan, math.nan, None, (), (), None))
            continue
        alone = _alone(training, state, lane)
        grads = _gradients(training, state, lane, decay) if stage.depth == 2 else None
        ended = _spectra(training, state, lane, alone)
        found.append(Lane(seed, decay, train[lane], test[lane], right[lane], began, ended, grads))
    return found


def _accuracies(training: Training, state: State) -> list[float]:
    """The shares of test samples whose output rounds to their label, which is a digit."""
    outputs = training.outputs(state, training.test_x)
    hit = outputs.round().clamp(0, 9) == training.spread(training.test_y)
    return [float(share) for share in hit.double().mean(1)]


def _alone(training: Training, state: State, lane: int) -> list[Any]:
    """What each layer of one lane receives, (N, n), at the training samples; in float64."""
    x = training.x[lane // len(training.stage.decays)]
    received = [x]
    for W, b in zip(state.weights, state.biases, strict=False):
        received.append(torch().addmm(b[lane], received[-1], W[lane].mT).relu_())
    return [a.double() for a in received]


def _spectra(training: Training, state: State, lane: int, received: list[Any]) -> tuple[Spectrum, ...]:
    depth, arena = training.stage.depth, training.arena
    found = [_spectrum(WEIGHTS, k, W[lane].double(), depth, arena) for k, W in enumerate(state.weights[:-1])]
    if training.plan.paper == "ledent2025":  # of wide networks they would cost more than training
        found += [_spectrum(ACTIVATIONS, k, a, depth, arena) for k, a in enumerate(received) if k]
    return tuple(found)


def _spectrum(what: str, layer: int, matrix: Any, depth: int, arena: Arena) -> Spectrum:
    sigma = spectra.singular_values(matrix)
    top, total = float(sigma[0]), float(sigma.square().sum())
    threshold = arena.allowance(sum(matrix.shape)) * top
    soft = float(((sigma / top) ** (2 / depth)).sum()) if top else 0.0
    kept = tuple(map(float, sigma[:KEPT]))
    rank = int((sigma > threshold).sum())
    return Spectrum(what, layer, kept, math.sqrt(total), top, rank, total / top**2 if top else 0.0, soft)


def _gradients(training: Training, state: State, lane: int, decay: float) -> Gradients:
    """The V-block of the batch gradients of one lane, through the samples' factors, in float64."""
    plan, B = training.plan, training.stage.batch
    seed, strength = lane // len(training.stage.decays), plan.convention * decay
    V, u, b = state.weights[0][lane].double(), state.weights[1][lane].double(), state.biases[0][lane, 0].double()
    a, y = training.x[seed].double(), training.y[seed].double()
    received = torch().addmm(b, a, V.mT).relu_()
    residual = received @ u.mT - y.unsqueeze(1)
    d = 2 * plan.loss_scale * residual * u * (received > 0)
    epoch = training.batches(plan.epochs - 1)[seed]
    parts = [_norms(a[rows], d[rows], V, strength) for rows in epoch.split(max(1, SEARCHED // B))]
    norms = tuple(sorted(map(float, torch().cat(parts))))
    searched = min(len(a), max(B, SEARCHED))
    a, d = a[:searched], d[:searched]
    layer = network.Dense("V", V, b, network.RELU)
    factors = Factors(layer, a, d, d.norm(dim=1) * a.norm(dim=1), sum(V.shape))
    inner = gradients.gram(factors, strength, Arena(training.arena.device, "float64")).inner
    longest = max(float(inner[rows][:, rows].sum()) for rows in gradients.searched(inner, B))
    attained = max(math.sqrt(max(longest, 0.0)) / B, norms[-1])
    size = float(V.norm())
    bound = (2 * B - 1) * attained / (strength * size) if strength and size else math.inf
    return Gradients(norms, attained, searched, bound, SIGMA * math.sqrt(V.numel()))


def _norms(a: Any, d: Any, V: Any, strength: float) -> Any:
    """(K,) norms of the mean over batches (K, B) of d a^T + strength V, without forming a gradient."""
    B = a.shape[1]
    inner = ((d @ d.mT) * (a @ a.mT)).sum((1, 2)) / B**2
    along = 2 * strength / B * (d * (a @ V.mT)).sum((1, 2))
    return (inner + along + strength**2 * V.square().sum()).clamp(min=0).sqrt()


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value
