"""Descent from W = 0 at two orthonormal inputs, step by step, in balls where it is appealed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from properties.worlds.orthonormal_points import (
    CLASSES,
    FARTHEST,
    MOST_DOUBLINGS,
    drawn_delta,
    drawn_zeta,
    power_of_two,
    signs,
)
from symbolic.papers import neural_guarantees as paper
from verify.worlds import Kind, Lanes, reading

MOST_STEPS = 8
SHARES = 8
"""Step sizes, cutoffs and bounds on residuals are multiples of 1 over this, in units of their own."""


@dataclass(frozen=True)
class TwoPoints(Kind):
    """Two orthonormal inputs, each of probability 1/2 and with a label of its own, and descent from W = 0.

    *Sample.* e_1 n_1 times with label 1 and e_2 n_2 times with label 2; one of the numbers may be 0.
    *Network.* phi = arctan; k = 2 m**2 neurons, V = +-nu/(2 m). W = 0 and V are chosen before the sample; the outputs
    are 0 at first, and the residual at the start is -y, of norm sqrt(n). The Jacobian has the singular values nu
    sqrt(n_1/2) and nu sqrt(n_2/2), each twice. *Descent.* T <= 8 steps, one by one, of size up to 1/(nu |X|)**2; the
    cutoff is a multiple of 1/8 of one of the singular values, and Gamma = eta alpha**2 T.
    """

    speaks: ClassVar[str] = paper.SOURCE
    corners: ClassVar[tuple[str, ...]] = ("balanced", "one input", "largest steps", "the larger is the cutoff")

    # -- sample --------------------------------------------------------------------------------------------------

    @reading
    def counts(net: Lanes) -> Any:
        """(L, 2) how often each input is in the sample."""
        drawn = net.draw("counts", "2", 0, 15) + net.arithmetic.eye(CLASSES)[:1]
        return drawn * power_of_two(net, "doublings", 0, MOST_DOUBLINGS).unsqueeze(1)

    @reading
    def n(net: Lanes) -> Any:
        return net.counts.sum(1)

    @reading
    def X(net: Lanes) -> Any:
        return net.counts.amax(1).sqrt()

    # -- network -------------------------------------------------------------------------------------------------

    @reading
    def m(net: Lanes) -> Any:
        return (net.draw("m", "", 0, 4) + 1) * power_of_two(net, "width", 0, FARTHEST)

    @reading
    def k(net: Lanes) -> Any:
        return 2 * net.m.square()

    @reading
    def nu(net: Lanes) -> Any:
        return (net.draw("nu", "", 0, 4) + 1) * power_of_two(net, "strength", -FARTHEST, FARTHEST)

    @reading
    def B(net: Lanes) -> Any:
        return net.m * 0 + 1

    @reading
    def V(net: Lanes) -> Any:
        """(L, 2, 4) the entries of V of the four sorts."""
        return signs(net, net.m) * (net.nu / (2 * net.m)).reshape(-1, 1, 1)

    @reading
    def spectrum(net: Lanes) -> Any:
        """(L, 2) the squared singular value that belongs to each input."""
        return net.counts * net.nu.square().unsqueeze(1) * net.arithmetic.number(1, 2)

    @reading
    def lam_1(net: Lanes) -> Any:
        return net.spectrum.amax(1).sqrt()

    # -- cutoff and descent --------------------------------------------------------------------------------------

    @reading
    def cut(net: Lanes) -> Any:
        """(L,) the squared cutoff over nu**2/2: counts from here on are information."""
        smaller = net.counts.amin(1)
        by_smaller = (net.draw("cut", "", 0, 1) == 1) & (smaller > 0)
        share = (net.draw("share", "", 0, SHARES - 1) + 1) * net.arithmetic.number(1, SHARES)
        return net.arithmetic.where(by_smaller, smaller, net.counts.amax(1)) * share.square()

    @reading
    def alpha(net: Lanes) -> Any:
        return (net.cut * net.arithmetic.number(1, 2)).sqrt() * net.nu

    @reading
    def abar(net: Lanes) -> Any:
        fourth = net.cut.square() * net.arithmetic.number(1, 4) / (net.n * net.counts.amax(1))
        return fourth.sqrt().sqrt()

    @reading
    def eta(net: Lanes) -> Any:
        rate = (net.draw("rate", "", 0, SHARES - 1) + 1) * net.arithmetic.number(1, SHARES)
        return rate / (net.nu.square() * net.counts.amax(1))

    @reading
    def T(net: Lanes) -> Any:
        return net.draw("T", "", 1, MOST_STEPS)

    @reading
    def Gamma(net: Lanes) -> Any:
        return net.eta * net.nu.square() * net.cut * net.arithmetic.number(1, 2) * net.T

    @reading
    def W(net: Lanes) -> Any:
        """(L, 4, 2) pre-activations of the four sorts at both inputs after T steps."""
        rate = (net.eta.unsqueeze(1) * net.counts).unsqueeze(1)
        found = net.V.mT * 0
        for step in range(MOST_STEPS):
            pulled = net.V.mT @ _residuals(net, found)
            moved = found - rate * pulled / (1 + found.square())
            found = net.arithmetic.where((step < net.T).reshape(-1, 1, 1), moved, found)
        return found

    @reading(relative_to=("n",))
    def r_T(net: Lanes) -> Any:
        return (_residuals(net, net.W).square().sum(1) * net.counts).sum(1).sqrt()

    @reading
    def r_0(net: Lanes) -> Any:
        return net.n.sqrt()

    @reading
    def information(net: Lanes) -> Any:
        """(L, 2) 1 where an input belongs to the information space, 0 elsewhere."""
        nothing = net.counts * 0
        return net.arithmetic.where(net.counts >= net.cut.unsqueeze(1), nothing + 1, nothing)

    @reading
    def r_N(net: Lanes) -> Any:
        return (net.counts * (1 - net.information)).sum(1).sqrt()

    @reading
    def D(net: Lanes) -> Any:
        squared = net.nu.square() * net.cut * net.arithmetic.number(1, 2)
        beside = net.spectrum * net.counts * (net.Gamma / squared).square().unsqueeze(1)
        inside = (2 / net.nu.square()).unsqueeze(1)
        return (net.information * inside + (1 - net.information) * beside).sum(1).sqrt()

    # -- constants and errors ------------------------------------------------------------------------------------

    @reading
    def C_r(net: Lanes) -> Any:
        return net.draw("C_r", "", 0, SHARES - 1) * net.arithmetic.number(1, SHARES) + 1

    @reading
    def zeta(net: Lanes) -> Any:
        return drawn_zeta(net)

    @reading
    def delta(net: Lanes) -> Any:
        return drawn_delta(net)

    @reading
    def error(net: Lanes) -> Any:
        """An input counts as an error unless the output of its label is the larger one."""
        outputs, wrong = _outputs(net, net.W), net.n * 0
        for label in range(CLASSES):
            right = outputs[:, label, label] > outputs[:, 1 - label, label]
            wrong = wrong + net.arithmetic.where(right, wrong * 0, wrong * 0 + 1)
        return wrong * net.arithmetic.number(1, CLASSES)

    @reading
    def failing(net: Lanes) -> Any:
        """2**(1 - n), that of a sample of one input alone, where the network errs at none that it has seen; else 1."""
        missed = net.arithmetic.where(net.counts > 0, net.counts * 0, net.counts * 0 + 1).sum(1)
        lacking = net.arithmetic.function("exp", (1 - net.n) * net.arithmetic.function("log", net.n * 0 + 2))
        return net.arithmetic.where(CLASSES * net.error > missed, net.n * 0 + 1, lacking)

    @property
    def price(self) -> int:
        """Each step is a pass through the network and back."""
        return MOST_STEPS

    # -- corners -------------------------------------------------------------------------------------------------

    def length(self, world: Any) -> int:
        """Every step is a sum over neurons and outputs of what the step before left."""
        return 4 * MOST_STEPS * super().length(world)

    def impose(self, corner: str, name: str, values: Any, net: Lanes) -> Any:
        """Bend integers into a corner; see ``corners``."""
        if name == "counts" and corner in ("balanced", "one input"):
            bent = values.clone()
            bent[:, 1] = bent[:, 0] + 1 if corner == "balanced" else 0
            return bent.clamp(max=15)
        if (corner, name) == ("largest steps", "rate"):
            return values * 0 + SHARES - 1
        return values * 0 if (corner, name) == ("the larger is the cutoff", "cut") else values

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by what the sample and the cutoff are."""
        found: dict[str, Any] = {}
        if "counts" in net.draws:
            found["balanced"] = net.counts[:, 0] == net.counts[:, 1]
            found["one input is missing"] = net.counts.amin(1) == 0
            if {"cut", "share"} <= set(net.draws):
                found["one input is nuisance"] = (net.information.sum(1) == 1) & (net.counts.amin(1) > 0)
        return found


def _outputs(net: Lanes, at: Any) -> Any:
    """(L, 2, 2) the outputs at both inputs, by pre-activations of the four sorts, k/4 neurons of each."""
    return (net.V @ net.arithmetic.function("atan", at)) * (net.k * net.arithmetic.number(1, 4)).reshape(-1, 1, 1)


def _residuals(net: Lanes, at: Any) -> Any:
    return _outputs(net, at) - net.arithmetic.eye(CLASSES)


__all__ = ["TwoPoints"]
