"""Mini-batch gradient descent with weight decay of dense ReLU networks: seeds and weight decays at once, in lanes.

A lane is one seed with one weight decay. Lanes of a seed share its split, its start and its order of batches, so that
they differ by the decay alone. A step is ``W - eta (gradient of the mean of s (phi - y)^2 over B samples + c mu W)``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from properties.experiments.configurations import Plan, Stage
from properties.experiments.splits import ORDER, START, Splits, random
from verify.arena import Arena, torch

POINTS = 60
"""How many epochs of a training curve are kept, about."""
EVALUATED = 2**24
"""Entries of activations that are held at once where all samples are evaluated."""
GAINS = {"normal": 2.0, "uniform": 2.0, "default": 1 / 3}
"""The variance of an initial weight times the number of inputs: Kaiming's, or that of PyTorch's layers."""


@dataclass
class State:
    """Lanes in training: weights (L, m, n) and biases (L, 1, m) by layer, the last layer without bias.

    ``epoch`` and ``step`` are what comes next; ``curve`` holds (epoch, train losses, test losses) of lanes.
    """

    weights: list[Any]
    biases: list[Any]
    epoch: int
    step: int
    curve: list[tuple[int, list[float], list[float]]]


class Training:
    """One stage of a plan on one device: its data, and the steps from a state to the next."""

    def __init__(self, plan: Plan, stage: Stage, data: Splits, arena: Arena, rate: float) -> None:
        self.plan, self.stage, self.arena, self.rate = plan, stage, arena, rate
        self.x, self.y = self._tensor(data.inputs), self._tensor(data.labels)
        self.test_x, self.test_y = self._tensor(data.test_inputs), self._tensor(data.test_labels)
        self.lanes = plan.seeds * len(stage.decays)
        self.per_epoch = plan.train // stage.batch
        decays = self._tensor(np.tile(np.array(stage.decays), plan.seeds)).view(-1, 1, 1)
        outer = decays if plan.outer is None else decays * 0 + plan.outer
        self.decays = [decays] * (stage.depth - 1) + [outer]
        self.bias_decay = decays if plan.bias is None else decays * 0 + plan.bias
        kept = np.linspace(0, plan.epochs, min(POINTS, plan.epochs) + 1).round().astype(int)
        self.kept = frozenset(kept.tolist())
        self._order: tuple[int, Any] = (-1, None)

    def start(self) -> State:
        """Initial weights, the same for all decays of a seed; biases are 0."""
        plan, widths = self.plan, self.widths
        weights = []
        for layer, (n, m) in enumerate(pairwise(widths)):
            drawn = [_initial(plan.initial, random(seed, START, layer), m, n) for seed in range(plan.seeds)]
            weights.append(self._tensor(np.repeat(np.stack(drawn), len(self.stage.decays), 0)))
        biases = [self._tensor(np.zeros((self.lanes, 1, m))) for m in widths[1:-1]]
        return State(weights, biases, 0, 0, [])

    @property
    def widths(self) -> list[int]:
        """Inputs, widths of the hidden layers, and one output."""
        return [int(self.x.shape[2]), *[self.plan.width] * (self.stage.depth - 1), 1]

    def run(self, state: State, stopping: Callable[[], bool], tick: Callable[[int], None] = lambda epoch: None) -> bool:
        """Train to the end, or until ``stopping`` says so before a step; whether the end was reached.

        ``tick`` is told the number of epochs done, after each.
        """
        with torch().no_grad():
            while state.epoch < self.plan.epochs:
                if state.step == 0:
                    self._keep(state)
                while state.step < self.per_epoch:
                    if stopping():
                        return False
                    self._step(state)
                    state.step += 1
                state.epoch, state.step = state.epoch + 1, 0
                tick(state.epoch)
            self._keep(state)
        return True

    def losses(self, state: State, x: Any, y: Any) -> Any:
        """(L,) mean squared errors on samples (S, N, n) of the seeds."""
        return (self.outputs(state, x) - self.spread(y)).square().mean(1)

    def outputs(self, state: State, x: Any) -> Any:
        """(L, N) outputs at samples (S, N, n) of the seeds."""
        rows = max(1, EVALUATED // (self.lanes * max(self.widths)))
        with torch().no_grad():
            return torch().cat([self._forward(state, part)[1] for part in x.split(rows, 1)], 1)

    def spread(self, values: Any) -> Any:
        """(L, ...) the values (S, ...) of the seeds, for each of its lanes."""
        return values.repeat_interleave(len(self.stage.decays), 0)

    def batches(self, epoch: int) -> Any:
        """(S, per_epoch, B) the samples of the batches of an epoch; what is left of the samples is unused."""
        if self._order[0] != epoch:
            drawn = [random(seed, ORDER, epoch).permutation(self.plan.train) for seed in range(self.plan.seeds)]
            taken = np.stack(drawn)[:, : self.per_epoch * self.stage.batch]
            order = torch().from_numpy(taken.reshape(len(drawn), self.per_epoch, -1)).to(self.x.device)
            self._order = (epoch, order)
        return self._order[1]

    # -- one step -----------------------------------------------------------------------------------------------------

    def _step(self, state: State) -> None:
        chosen = self.batches(state.epoch)[:, state.step]
        seeds = torch().arange(self.plan.seeds, device=chosen.device).unsqueeze(1)
        received, output = self._forward(state, self.x[seeds, chosen])
        eta = self.rate * self.plan.factor ** (state.epoch // self.plan.every)
        scale = 2 * self.plan.loss_scale / self.stage.batch
        delta = ((output - self.spread(self.y[seeds, chosen])) * scale).unsqueeze(2)
        c = self.plan.convention
        for layer, (a, d) in enumerate(self._backward(state, received, delta)):
            state.weights[layer].mul_(1 - eta * c * self.decays[layer])
            state.weights[layer].baddbmm_(d.mT, a, alpha=-eta)
            if layer < len(state.biases):
                state.biases[layer].mul_(1 - eta * c * self.bias_decay)
                state.biases[layer].sub_(d.sum(1, keepdim=True), alpha=eta)

    def _forward(self, state: State, x: Any) -> tuple[list[Any], Any]:
        """What each layer receives (L, N, n), and the outputs (L, N)."""
        received = [self.spread(x)]
        for W, b in zip(state.weights, state.biases, strict=False):
            received.append(torch().baddbmm(b, received[-1], W.mT).relu_())
        return received, torch().bmm(received[-1], state.weights[-1].mT).squeeze(2)

    def _backward(self, state: State, received: list[Any], delta: Any) -> list[tuple[Any, Any]]:
        """What each layer receives, and the deltas (L, N, m) from those of the output (L, N, 1)."""
        found = [(received[-1], delta)]
        for layer in range(len(state.weights) - 1, 0, -1):
            delta = torch().bmm(delta, state.weights[layer]).mul_(received[layer] > 0)
            found.append((received[layer - 1], delta))
        return found[::-1]

    def _keep(self, state: State) -> None:
        if state.epoch in self.kept and not (state.curve and state.curve[-1][0] == state.epoch):
            train, test = self.losses(state, self.x, self.y), self.losses(state, self.test_x, self.test_y)
            state.curve.append((state.epoch, train.tolist(), test.tolist()))

    def _tensor(self, array: Any) -> Any:
        return torch().tensor(np.asarray(array), dtype=self.arena.float, device=self.arena.device)


def stable_rate(plan: Plan, data: Splits, arena: Arena) -> float:
    """Half of the inverse of the largest curvature that a batch of the first epoch has at the start, in two digits.

    Curvature is the largest eigenvalue of the mean loss's second derivative without the residual's part, ``2 s / B``
    times that of the batch's kernel; descent on a batch would diverge from ``2 / curvature`` on. The smallest over the
    seeds and the depths is taken, for batches of ``plan.batch``.
    """
    largest = 0.0
    for stage in {
        (s.depth, plan.batch): Stage("start", s.depth, plan.batch, plan.decays[:1]) for s in plan.stages()
    }.values():
        training = Training(plan, stage, data, arena, 0.0)
        state = training.start()
        seeds = torch().arange(plan.seeds, device=training.x.device).unsqueeze(1)
        with torch().no_grad():
            for step in range(training.per_epoch):
                received, output = training._forward(state, training.x[seeds, training.batches(0)[:, step]])
                kernel = sum(
                    (a @ a.mT + (layer < stage.depth - 1)) * (d @ d.mT)
                    for layer, (a, d) in enumerate(training._backward(state, received, (output * 0 + 1).unsqueeze(2)))
                )
                top = torch().linalg.eigvalsh(kernel.double()).amax()
                largest = max(largest, 2 * plan.loss_scale / stage.batch * float(top))
    if not 0 < largest < math.inf:
        return 1.0
    exponent = math.floor(math.log10(1 / (2 * largest))) - 1
    return math.floor(1 / (2 * largest) / 10.0**exponent) * 10.0**exponent


def stage_rate(plan: Plan, stage: Stage, rate: float) -> float:
    """The learning rate of a stage, from that of the plan's batch size."""
    return rate * stage.batch / plan.batch if plan.batch_rate == "linear" else rate


def _initial(how: str, draws: np.random.Generator, m: int, n: int) -> Any:
    spread = math.sqrt(GAINS[how] / n)
    if how == "normal":
        return draws.normal(0.0, spread, (m, n))
    return draws.uniform(-spread * math.sqrt(3), spread * math.sqrt(3), (m, n))
