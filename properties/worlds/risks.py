"""Finite learning problems: the worlds of the decomposition of a risk into three errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from symbolic.papers import weight_decay
from verify.worlds import Kind, Lanes, Size, reading


@dataclass(frozen=True)
class FiniteLearning(Kind):
    """Lanes of Z points, T hypotheses with losses (K, T, Z), a sample of N points, and an algorithm's output.

    A point has probability weight / sum of weights; a sample is any N points, with repetition, whatever their weights.
    The algorithm is any map from samples to hypotheses: its output is drawn. Everything is a rational function of
    integers, and the three errors are read by their meaning, not as differences of the four risks.
    """

    samples: Size = Size(1, 6)
    hypotheses: Size = Size(1, 5)
    points: Size = Size(1, 5)

    speaks: ClassVar[str] = weight_decay.SOURCE
    letters: ClassVar[dict[str, str]] = {"N": "samples", "T": "hypotheses", "Z": "points"}
    corners: ClassVar[tuple[str, ...]] = ("sample of one point", "equal hypotheses", "no loss")

    # -- risks ---------------------------------------------------------------------------------------------------

    @reading
    def F_A(net: Lanes) -> Any:
        return _at(population_risks(net), _choice(net))

    @reading
    def F_S_A(net: Lanes) -> Any:
        return _at(empirical_risks(net), _choice(net))

    @reading
    def F_S_best(net: Lanes) -> Any:
        return empirical_risks(net).amin(1)

    @reading
    def F_best(net: Lanes) -> Any:
        return _at(population_risks(net), first_minimiser(net, empirical_risks(net)))

    # -- the three errors, each by its meaning: a sum over the loss of one hypothesis, not over the words above -------

    @reading(relative_to=("F_A", "F_S_A"))
    def gen(net: Lanes) -> Any:
        # The expected loss under population minus sample, of the chosen hypothesis.
        difference = _population(net) - _frequencies(net)
        return (_chosen_losses(net, _choice(net)) * difference).sum(1)

    @reading(relative_to=("F_S_A", "F_S_best"))
    def opt(net: Lanes) -> Any:
        # How much the chosen hypothesis loses on the sample over the best of all hypotheses: the largest regret.
        risks = empirical_risks(net)
        regrets = _at(risks, _choice(net)).unsqueeze(1) - risks
        return regrets.amax(1)

    @reading
    def approx(net: Lanes) -> Any:
        # What remains of the loss on the sample when the best hypothesis is taken, point by point.
        best = first_minimiser(net, empirical_risks(net))
        return (_chosen_losses(net, best) * _frequencies(net)).sum(1)

    # -- corners -------------------------------------------------------------------------------------------------

    def length(self, world: Any) -> int:
        """Sums run over points, or over samples."""
        return super().length(world) + 8

    def impose(self, corner: str, name: str, values: Any, net: Lanes) -> Any:
        """Bend integers into a corner; see ``corners``."""
        if (corner, name) in (("sample of one point", "sample"), ("equal hypotheses", "losses")):
            return values[:, :1].clone().expand(*values.shape).clone()
        if (corner, name) == ("no loss", "losses"):
            return values * 0
        return values

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by what the lanes are."""
        sizes = dict(net.world.sizes)
        found: dict[str, Any] = {f"one of the {self.letters[k]}": True for k, v in sizes.items() if v == 1}
        drawn = set(net.draws)
        if "weights" in drawn:
            found["a point without probability"] = (_population(net) == 0).any(1)
        if "sample" in drawn:
            found["the sample misses a point"] = (_frequencies(net) == 0).any(1)
        if {"losses", "sample"} <= drawn:
            risks = empirical_risks(net)
            best = risks.amin(1, keepdim=True)
            found["several empirical minimisers"] = (risks == best).sum(1) > 1
            found["zero empirical risk"] = (best == 0).flatten(1).all(1)
            if "chosen" in drawn:
                found["chosen is an empirical minimiser"] = _at(risks, _choice(net)) == best.squeeze(1)
        return found


def population_risks(net: Lanes) -> Any:
    """(K, T) the expected loss of each hypothesis under the population."""
    return (_losses(net) * _population(net).unsqueeze(1)).sum(2)


def empirical_risks(net: Lanes) -> Any:
    """(K, T) the mean loss of each hypothesis over the sample."""
    # (K, T, 1, Z) against (K, 1, N, Z): the loss at a sample is picked by comparing, as an index would be.
    at_samples = (_losses(net).unsqueeze(2) * _indicator(net, _sample(net), net.Z).unsqueeze(1)).sum(3)
    return at_samples.mean(2)


def first_minimiser(net: Lanes, risks: Any) -> Any:
    """(K, T): 1 at the first hypothesis of least risk, 0 elsewhere."""
    numbers = _numbers(net, net.T)
    beyond = risks * 0 + net.T
    tied = net.arithmetic.where(risks == risks.amin(1, keepdim=True), numbers + risks * 0, beyond)
    return _one_where(net, tied == tied.amin(1, keepdim=True), tied)


def _losses(net: Lanes) -> Any:
    """(K, T, Z), integers from 0 to 4."""
    return net.draw("losses", "T Z", 0, 4)


def _population(net: Lanes) -> Any:
    """(K, Z) probabilities; the first point's weight is one more than its draw, so that the sum is positive."""
    first = net.arithmetic.eye(net.Z)[:1]
    weights = net.draw("weights", "Z", 0, 3) + first
    return weights * net.arithmetic.reciprocal(weights.sum(1, keepdim=True))


def _sample(net: Lanes) -> Any:
    """(K, N) numbers of points, from 0 to Z - 1."""
    return net.draw("sample", "N", 0, LARGEST).clamp(max=net.Z - 1)


def _choice(net: Lanes) -> Any:
    """(K, T): 1 at the algorithm's output, whose number is drawn."""
    drawn = net.draw("chosen", "", 0, LARGEST).clamp(max=net.T - 1)
    return _indicator(net, drawn, net.T)


LARGEST = 5
"""The largest number of a point or of a hypothesis that is drawn; those beyond the last mean the last."""


def _numbers(net: Lanes, count: int) -> Any:
    """(1, count): 0, 1, ..., as the sums of rows of a triangle, which every arithmetic can form."""
    eye = net.arithmetic.eye(count)
    total = eye[:1] * 0
    for number in range(count):
        total = total + eye[number : number + 1] * number
    return total


def _indicator(net: Lanes, indices: Any, count: int) -> Any:
    """(K, ..., count): 1 where an index is the number of the place."""
    indices = indices.unsqueeze(-1)
    places = _numbers(net, count).reshape(*(1,) * (indices.ndim - 1), count) + indices * 0
    return _one_where(net, places == indices, places)


def _one_where(net: Lanes, mask: Any, like: Any) -> Any:
    return net.arithmetic.where(mask, like * 0 + 1, like * 0)


def _at(risks: Any, indicator: Any) -> Any:
    """(K,) the entry that an indicator (K, T) picks."""
    return (risks * indicator).sum(1)


def _chosen_losses(net: Lanes, indicator: Any) -> Any:
    """(K, Z) the losses of the hypothesis that an indicator (K, T) picks."""
    return (_losses(net) * indicator.unsqueeze(2)).sum(1)


def _frequencies(net: Lanes) -> Any:
    """(K, Z) how often each point is in the sample, as a share."""
    return _indicator(net, _sample(net), net.Z).mean(1)
