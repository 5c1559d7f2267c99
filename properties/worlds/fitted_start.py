"""A first layer that is fitted to the sample before descent starts, and all that the theorem on any start asks for."""

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


@dataclass(frozen=True)
class FittedStart(Kind):
    """A first layer that is chosen after the sample: the network fits the sample, and knows nothing else.

    *Population.* x is e_1, ..., e_P with probability 1/P each; half of these have label 1, the others label 2.
    *Sample.* s_1 inputs of label 1 and s_2 of label 2, each ``often`` times: n = often (s_1 + s_2).
    *Network.* phi(z) = z/(1 + z**2), of which phi(1/2) = 2/5; k = 8 h**2 neurons, 2 h**2 of each sort; nu = 5/(4 h).
    With pre-activations +-1/2 an output is 2 h**2 * nu/sqrt(2 k) = 5/8 times the sum of four terms +-2/5: 1, -1 or 0.
    *Start.* At e_j in the sample the signs are those for which the outputs are the label of e_j: (1, 0) or (0, 1). At
    all other e_j they are those of label 1. So the residual is 0 and no step moves W. The network errs at every e_j of
    label 2 that the sample lacks: at (P/2 - s_2)/P of the population, and (P/2 - n)/P or more, whatever the sample is.
    """

    speaks: ClassVar[str] = paper.SOURCE
    corners: ClassVar[tuple[str, ...]] = ("each once", "one label")

    # -- population and sample -----------------------------------------------------------------------------------

    @reading
    def seen(net: Lanes) -> Any:
        """(L, 2) how many inputs of each label are in the sample."""
        drawn = net.draw("seen", "2", 0, 7) + net.arithmetic.eye(CLASSES)[:1]
        return drawn * power_of_two(net, "doublings", 0, MOST_DOUBLINGS).unsqueeze(1)

    @reading
    def often(net: Lanes) -> Any:
        return net.draw("often", "", 0, 3) + 1

    @reading
    def n(net: Lanes) -> Any:
        return net.often * net.seen.sum(1)

    @reading
    def half(net: Lanes) -> Any:
        """(L,) P/2, at least as many as are in the sample."""
        return net.seen.sum(1) * power_of_two(net, "population", 0, 8)

    @reading
    def X(net: Lanes) -> Any:
        return net.often.sqrt()

    # -- network and start ---------------------------------------------------------------------------------------

    @reading
    def h(net: Lanes) -> Any:
        return (net.draw("h", "", 0, 4) + 1) * power_of_two(net, "width", 0, FARTHEST)

    @reading
    def k(net: Lanes) -> Any:
        return 8 * net.h.square()

    @reading
    def nu(net: Lanes) -> Any:
        return net.arithmetic.number(5, 4) / net.h

    @reading
    def B(net: Lanes) -> Any:
        return (3 + 2 * (net.h * 0 + 2).sqrt()) * net.arithmetic.number(1, 4)

    @reading
    def V(net: Lanes) -> Any:
        """(L, 2, 4) the entries of V of the four sorts: nu/sqrt(2 k) is nu/(4 h)."""
        return signs(net, net.h) * (net.nu / (4 * net.h)).reshape(-1, 1, 1)

    @reading
    def W(net: Lanes) -> Any:
        """(L, 4, 3) pre-activations of the four sorts: at what is seen of label 1, of label 2, and at all others."""
        of_labels = signs(net, net.h) * net.arithmetic.number(1, 2)
        return net.arithmetic.stack([of_labels[:, label] for label in (0, 1, 0)], 2)

    @reading
    def outputs(net: Lanes) -> Any:
        """(L, 2, 3) the outputs there."""
        values = net.W / (1 + net.W.square())
        return (net.V @ values) * (net.k * net.arithmetic.number(1, 4)).reshape(-1, 1, 1)

    @reading(relative_to=("n",))
    def r_0(net: Lanes) -> Any:
        squares = (net.outputs[:, :, :CLASSES] - net.arithmetic.eye(CLASSES)).square().sum(1)
        return ((squares * net.seen).sum(1) * net.often).sqrt()

    @reading
    def lam_1(net: Lanes) -> Any:
        """Every singular value: the norm of a row of V diag(phi'), times the root of how often an input is there."""
        squares = net.W[:, :, 0].square()
        slopes = (1 - squares) / (1 + squares).square()
        row = (net.V[:, 0] * slopes).square().sum(1) * net.k * net.arithmetic.number(1, 4)
        return (row * net.often).sqrt()

    @reading
    def r_N(net: Lanes) -> Any:
        return net.r_0 * 0

    @reading(relative_to=("n",))
    def D(net: Lanes) -> Any:
        return net.r_0 / net.lam_1

    # -- constants -----------------------------------------------------------------------------------------------

    @reading
    def abar(net: Lanes) -> Any:
        return power_of_two(net, "abar", -10, -2)

    @reading
    def C_r(net: Lanes) -> Any:
        return power_of_two(net, "C_r", -90, -10)

    @reading
    def Gamma(net: Lanes) -> Any:
        return net.draw("Gamma", "", 0, 7) + 1

    @reading
    def zeta(net: Lanes) -> Any:
        return drawn_zeta(net)

    @reading
    def delta(net: Lanes) -> Any:
        return drawn_delta(net)

    # -- errors --------------------------------------------------------------------------------------------------

    @reading
    def error(net: Lanes) -> Any:
        """An input counts as an error unless the output of its label is the larger one."""
        wrong = net.half * 0
        for label in range(CLASSES):
            for column, count in ((label, net.seen[:, label]), (CLASSES, net.half - net.seen[:, label])):
                right = net.outputs[:, label, column] > net.outputs[:, 1 - label, column]
                wrong = wrong + net.arithmetic.where(right, count * 0, count)
        return wrong / (2 * net.half)

    @reading
    def least_error(net: Lanes) -> Any:
        """The error where all n inputs have label 2 and are different."""
        return net.arithmetic.maximum(net.half - net.n, net.half * 0) / (2 * net.half)

    # -- corners -------------------------------------------------------------------------------------------------

    def impose(self, corner: str, name: str, values: Any, net: Lanes) -> Any:
        """Bend integers into a corner; see ``corners``."""
        if (corner, name) == ("each once", "often"):
            return values * 0
        if (corner, name) == ("one label", "seen"):
            only = values.clone()
            only[:, 1] = 0
            return only
        return values

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by what the sample is."""
        found: dict[str, Any] = {}
        if "seen" in net.draws:
            found["no input of label 2 is seen"] = net.seen[:, 1] == 0
        if {"seen", "often", "population"} <= set(net.draws):
            found["more samples than inputs"] = net.n > 2 * net.half
        return found


__all__ = ["FittedStart"]
