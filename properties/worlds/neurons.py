"""Functions of few neurons at one point more than a neuron can shatter, or at as many as it can.

Any n + 2 points of n-dimensional space are affinely dependent: sum lambda_i x_i = 0 with sum lambda_i = 0 (Radon 1921).
The points with lambda_i > 0 and those with lambda_i < 0 are the two parts that are asked about.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from verify.worlds import Kind, KindError, Lanes, reading

MOST_INPUTS = 3


@dataclass(frozen=True)
class DependentPoints(Kind):
    """n + 2 points with thresholds and a dependence, and two functions f, g: sums of ``neurons`` terms u relu(v x + b).

    With ``any_parts`` the parts are drawn, and are not those of the dependence. What is asked of an empty part is met.
    """

    inputs: int = 1
    neurons: int = 1
    any_parts: bool = False

    speaks: ClassVar[str] = "shattering"
    corners: ClassVar[tuple[str, ...]] = ("no thresholds", "folded")

    def __post_init__(self) -> None:
        if not 1 <= self.inputs <= MOST_INPUTS or not 1 <= self.neurons <= 2:
            raise KindError(f"inputs={self.inputs}, neurons={self.neurons}: give 1 to {MOST_INPUTS}, and 1 or 2")

    @reading
    def weights(net: Lanes) -> Any:
        """(K, n + 2) the coefficients lambda of the dependence: they add up to 0."""
        free = net.draw("lambda", str(net.kind.inputs + 1), -1, 2)
        return net.arithmetic.stack([*_columns(free), -free.sum(1)], 1)

    @reading
    def points(net: Lanes) -> Any:
        """(K, n + 2, n) the points, in units in which the dependence holds exactly."""
        count = net.kind.inputs
        drawn = net.draw("points", f"{count + 1} {count}", -1, 1)
        last = -net.weights[:, -1:].unsqueeze(-1)
        combined = (net.weights[:, : count + 1].unsqueeze(-1) * drawn).sum(1)
        return net.arithmetic.stack([*_columns(drawn * last), combined], 1)

    @reading
    def f_in(net: Lanes) -> Any:
        return _least(net, margins(net, "f"), parts(net) > 0)

    @reading
    def f_out(net: Lanes) -> Any:
        return -_least(net, -margins(net, "f"), parts(net) < 0)

    @reading
    def g_in(net: Lanes) -> Any:
        return -_least(net, -margins(net, "g"), parts(net) > 0)

    @reading
    def g_out(net: Lanes) -> Any:
        return _least(net, margins(net, "g"), parts(net) < 0)

    @reading
    def part(net: Lanes) -> Any:
        ones = net.weights * 0 + 1
        first = net.arithmetic.where(parts(net) > 0, ones, ones * 0).sum(1)
        return net.arithmetic.minimum(first, net.arithmetic.where(parts(net) < 0, ones, ones * 0).sum(1))

    def impose(self, corner: str, name: str, values: Any, net: Lanes) -> Any:
        """Bend integers into a corner; see ``corners``."""
        if corner == "no thresholds":
            return values * 0 if name == "thresholds" else values
        if corner == "folded":
            return _folded(net, name, values)
        return values

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by what the points are."""
        if "lambda" not in net.draws:
            return {}
        weights = net.weights
        return {"no dependence": (weights == 0).all(1), "a point that does not count": (weights == 0).any(1)}


@dataclass(frozen=True)
class ShatteredPoints(Kind):
    """0 and multiples of the n unit vectors, thresholds from 0 on, a drawn set, and the neuron f that picks it.

    f = relu(v x + b), where v x + b is above the threshold by a drawn margin at points of the set, and below it by one
    at the others: b is that at 0, and v follows from those at the multiples of unit vectors. ``extra`` adds the sum of
    these multiples, to the set or not.
    """

    inputs: int = 1
    extra: bool = False

    speaks: ClassVar[str] = "shattering"

    @reading
    def signs(net: Lanes) -> Any:
        """(K, n + 1) +1 at points of the set, -1 at the others; one more for the extra point."""
        return net.draw("set", str(counted(net)), 0, 1) * 2 - 1

    @reading
    def above(net: Lanes) -> Any:
        """(K, n + 1) the neuron minus the thresholds at the points, one more with the extra one."""
        count = net.kind.inputs
        thresholds = net.draw("thresholds", str(counted(net)), 0, 4)
        wanted = thresholds + net.signs * (net.draw("margins", str(counted(net)), 0, 3) + 1)
        lengths = net.draw("lengths", str(count), 0, 4) + 1
        bias, slopes = wanted[:, :1], (wanted[:, 1 : count + 1] - wanted[:, :1]) / lengths
        inner = [bias[:, 0], *_columns(slopes * lengths + bias)]
        if net.kind.extra:
            inner.append((slopes * lengths).sum(1) + bias[:, 0])
        return net.arithmetic.relu(net.arithmetic.stack(inner, 1), Fraction(0)) - thresholds

    @reading
    def f_in(net: Lanes) -> Any:
        return _least(net, net.above, net.signs > 0)

    @reading
    def f_out(net: Lanes) -> Any:
        return -_least(net, -net.above, net.signs < 0)


def _folded(net: Lanes, name: str, values: Any) -> Any:
    """Draws of f = |v x + b|, 0 at the last point if there are two neurons, and g = 1; thresholds in between."""
    if name == "thresholds":
        return (net.weights > 0) + values * 0
    if name[:1] == "g":
        return values * 0 + (name in ("g u0", "g b0"))
    if name in ("f u0", "f u1"):
        return values * 0 + 1
    if name == "f b0":
        return -(net.points[:, -1].long() * _integers(net, "f v0")).sum(1)
    return -_integers(net, name.replace("1", "0")) if name in ("f v1", "f b1") else values


def _integers(net: Lanes, name: str) -> Any:
    """The integers drawn for weights v, biases b or factors u of a neuron, as in "f v0"."""
    reach = {"v": (str(net.kind.inputs), -2, 2), "b": ("", -3, 3), "u": ("", -2, 2)}
    return net.integers(name, *reach[name[2]])


def counted(net: Lanes) -> int:
    """The number of points that are to be shattered."""
    return int(net.kind.inputs + 1 + net.kind.extra)


def margins(net: Lanes, name: str) -> Any:
    """(K, n + 2) a function of the kind's neurons minus the thresholds, at the points."""
    kind = net.kind
    total = -net.draw("thresholds", str(kind.inputs + 2), -4, 4)
    for number in range(kind.neurons):
        slopes, bias, factor = (net.arithmetic.scaled(_integers(net, f"{name} {part}{number}")) for part in "vbu")
        inner = (net.points * slopes.unsqueeze(1)).sum(2) + bias.unsqueeze(1)
        total = total + net.arithmetic.relu(inner, Fraction(0)) * factor.unsqueeze(1)
    return total


def parts(net: Lanes) -> Any:
    """(K, n + 2) numbers above 0 at points of the first part, below 0 at points of the second."""
    return net.draw("parts", str(net.kind.inputs + 2), -1, 1) if net.kind.any_parts else net.weights


def _least(net: Lanes, values: Any, mask: Any) -> Any:
    """(K,) the least of the values that a mask picks; above 0 if it picks none."""
    beyond = values.abs().amax(1, keepdim=True) + 1
    return net.arithmetic.where(mask, values, values * 0 + beyond).amin(1)


def _columns(array: Any) -> list[Any]:
    return [array[:, place] for place in range(array.shape[1])]
