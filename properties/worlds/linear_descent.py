"""Gradient descent on a linear model: a Jacobian with prescribed singular values, a residual, a step size, a time.

J = U diag(lam) V^T with rational orthogonal U and V, so that all that descent does is rational, and so are the
coefficients of what it does along the singular vectors.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from operator import eq, ge, gt
from typing import Any, ClassVar

from properties.worlds.prescribed_spectra import frame
from verify.worlds import Kind, KindError, Lanes, reading

OUTPUTS, PARAMETERS = 3, 4

MOST_STEPS = 8
"""The most steps of descent that a network takes."""

STEP_SIZES = 32
"""A step size is a multiple of 1/16 of 1/lam_1**2, up to as many."""

PARTS = 4
"""A time that is no integer is a multiple of 1 over this."""

CUTS = ("at least", "above", "squares", "first")
TIMES = ("whole", "down", "up")

SMALL, DECADES, GAPS = range(3)
"""What a drawn ``form`` makes of the drawn integers: as they are, times powers of two, one plus small gaps."""

FARTHEST = 6
GAP = Fraction(1, 2**10)


@dataclass(frozen=True)
class LinearDescent(Kind):
    """J (K, 3, 4) of any rank, r_0 (K, 3, 1), a step size up to 2/lam_1**2, and up to 8 steps.

    ``cut`` says which left singular vectors are in the information space: those with singular values "at least" the
    cutoff, or "above" it, those whose "squares" are at least it, or the "first" alone. ``Gamma`` is eta alpha**2 times
    a time, which is the number of steps ("whole"), or is rounded "down" or "up" to it.
    """

    cut: str = "at least"
    time_is: str = "whole"

    speaks: ClassVar[str] = "residuals"
    corners: ClassVar[tuple[str, ...]] = (
        "ties",
        "one value",
        "decades",
        "gaps",
        "the cutoff is the second",
        "tiny steps",
    )

    def __post_init__(self) -> None:
        if self.cut not in CUTS:
            raise KindError(f"no information space is cut {self.cut!r}; give one of {', '.join(CUTS)}")
        if self.time_is not in TIMES:
            raise KindError(f"no time is {self.time_is!r}; give one of {', '.join(TIMES)}")

    # -- the Jacobian --------------------------------------------------------------------------------------------

    @reading
    def spectrum(net: Lanes) -> Any:
        """(K, 3) the singular values, descending."""
        arithmetic = net.arithmetic
        drawn = net.draw("t", str(OUTPUTS), 0, 4)
        form = net.draw("form", "", SMALL, GAPS).unsqueeze(1) + drawn * 0
        exponents = [net.integers(f"exponent {place}", "", -FARTHEST, FARTHEST) for place in range(OUTPUTS)]
        stretched = arithmetic.stack([arithmetic.powers(e, 0, -FARTHEST, FARTHEST) for e in exponents], 1) * drawn
        close = drawn[:, :1] + net.draw("gap", str(OUTPUTS), 0, 3) * arithmetic.number(GAP)
        made = arithmetic.where(form == DECADES, stretched, arithmetic.where(form == GAPS, close, drawn))
        values = [made[:, place] for place in range(OUTPUTS)]
        for left, right in ((0, 1), (1, 2), (0, 1)):
            larger, smaller = (pick(values[left], values[right]) for pick in (arithmetic.maximum, arithmetic.minimum))
            values[left], values[right] = larger, smaller
        return arithmetic.stack(values, 1)

    @reading
    def left(net: Lanes) -> Any:
        """(K, 3, 3) the left singular vectors, as columns."""
        return frame(net, "left", OUTPUTS)

    @reading
    def right(net: Lanes) -> Any:
        """(K, 4, 3) the right singular vectors, as columns."""
        return frame(net, "right", PARAMETERS)[:, :, :OUTPUTS]

    @reading
    def J(net: Lanes) -> Any:
        return (net.left * net.spectrum.unsqueeze(1)) @ net.right.mT

    @reading
    def alpha(net: Lanes) -> Any:
        found = net.spectrum[:, 0] * (net.draw("share", "", 0, 7) + 1) * net.arithmetic.number(1, 8)
        level = net.draw("level", "", 0, OUTPUTS)
        for place in range(OUTPUTS):
            found = net.arithmetic.where(level == place + 1, net.spectrum[:, place], found)
        return found

    @reading
    def kept(net: Lanes) -> Any:
        """(K, 3) 1 where a left singular vector is in the information space, 0 elsewhere."""
        lam, cutoff, nothing = net.spectrum, net.alpha.unsqueeze(1), net.spectrum * 0
        if net.kind.cut == "first":
            return net.arithmetic.stack([nothing[:, 0] + 1, nothing[:, 1], nothing[:, 2]], 1)
        if net.kind.cut == "above":
            return net.arithmetic.where(lam > cutoff, nothing + 1, nothing)
        compared = lam.square() if net.kind.cut == "squares" else lam
        return net.arithmetic.where(compared >= cutoff, nothing + 1, nothing)

    # -- the residual at the start -------------------------------------------------------------------------------

    @reading
    def coefficients(net: Lanes) -> Any:
        """(K, 3) the coefficients of the residual at the start."""
        return net.draw("a", str(OUTPUTS), -4, 4)

    @reading
    def seconds(net: Lanes) -> Any:
        """(K, 3) those of a second residual."""
        return net.draw("b", str(OUTPUTS), -4, 4)

    @reading
    def r_0(net: Lanes) -> Any:
        return net.left @ net.coefficients.unsqueeze(2)

    @reading
    def r_I(net: Lanes) -> Any:
        return net.left @ (net.coefficients * net.kept).unsqueeze(2)

    @reading
    def r_N(net: Lanes) -> Any:
        return net.left @ (net.coefficients - net.coefficients * net.kept).unsqueeze(2)

    @reading
    def solved(net: Lanes) -> Any:
        divisor = net.arithmetic.where(net.kept == 1, net.spectrum, net.spectrum * 0 + 1)
        return net.right @ (net.coefficients * net.kept / divisor).unsqueeze(2)

    # -- descent -------------------------------------------------------------------------------------------------

    @reading
    def eta(net: Lanes) -> Any:
        square = net.spectrum[:, 0].square()
        divisor = net.arithmetic.where(square == 0, square + 1, square)
        return (net.draw("rate", "", 0, STEP_SIZES - 1) + 1) * net.arithmetic.number(1, 16) / divisor

    @reading
    def T(net: Lanes) -> Any:
        return net.draw("T", "", 0, MOST_STEPS)

    @reading
    def time(net: Lanes) -> Any:
        if net.kind.time_is == "whole":
            return net.T
        part = net.draw("part", "", 0, PARTS - 1) * net.arithmetic.number(1, PARTS)
        return net.T + part if net.kind.time_is == "down" else net.arithmetic.maximum(net.T - part, net.T * 0)

    @reading
    def Gamma(net: Lanes) -> Any:
        return net.eta * net.alpha.square() * net.time

    @reading
    def early(net: Lanes) -> Any:
        cutoff, nothing = net.alpha.unsqueeze(1), net.spectrum * 0
        divisor = net.arithmetic.where(net.kept == 1, net.spectrum, nothing + 1)
        inside, beside = net.kept * cutoff / divisor, (1 - net.kept) * net.Gamma.unsqueeze(1) * net.spectrum
        beside = beside * net.arithmetic.reciprocal(cutoff)
        return ((inside.square() + beside.square()) * net.coefficients.square()).sum(1)

    @reading
    def residuals(net: Lanes) -> Any:
        """(K, 9, 3, 1) the residuals after 0, 1, ..., 8 steps."""
        rate, found = net.eta.reshape(-1, 1, 1), [net.r_0]
        for _ in range(MOST_STEPS):
            found.append(found[-1] - rate * (net.J @ (net.J.mT @ found[-1])))
        return net.arithmetic.stack(found, 1)

    @reading
    def gradients(net: Lanes) -> Any:
        """(K, 9, 4, 1) the gradients at the parameters of the steps 0, 1, ..., 8."""
        return net.J.mT.unsqueeze(1) @ net.residuals

    @reading(relative_to=("r_0",))
    def r_T(net: Lanes) -> Any:
        return during(net, net.residuals, eq)

    @reading(relative_to=("stride",))
    def moved(net: Lanes) -> Any:
        return during(net, net.gradients, gt) * -net.eta.reshape(-1, 1, 1)

    @reading(relative_to=("stride",))
    def moved_on(net: Lanes) -> Any:
        return during(net, net.gradients, ge) * -net.eta.reshape(-1, 1, 1)

    @reading(relative_to=("stride",))
    def path(net: Lanes) -> Any:
        lengths = net.gradients.square().sum((-2, -1)).sqrt()
        return during(net, lengths, gt) * net.eta

    @reading
    def stride(net: Lanes) -> Any:
        """(K, 3) what the rounding of steps is relative to: as many steps along the first singular vector."""
        return net.coefficients * (net.eta * net.spectrum[:, 0] * (net.T + 1)).unsqueeze(1)

    @reading
    def lam(net: Lanes) -> Any:
        return net.spectrum.unsqueeze(2)

    @reading
    def a_0(net: Lanes) -> Any:
        return net.coefficients.unsqueeze(2)

    @reading(relative_to=("r_0",))
    def r_next(net: Lanes) -> Any:
        return net.r_T - net.eta.reshape(-1, 1, 1) * (net.J @ (net.J.mT @ net.r_T))

    @reading(relative_to=("stride",))
    def path_of_moves(net: Lanes) -> Any:
        """(K, 9, 4, 1) by what the parameters have moved after 0, 1, ..., 8 steps."""
        rate, found = -net.eta.reshape(-1, 1, 1), [net.gradients[:, 0] * 0]
        for step in range(MOST_STEPS):
            found.append(found[-1] + rate * net.gradients[:, step])
        return net.arithmetic.stack(found, 1)

    @reading(relative_to=("r_0",))
    def after(net: Lanes) -> Any:
        """(K, 3) the coefficients of the residual after T steps."""
        return (net.left.mT @ net.r_T).squeeze(2)

    @reading(relative_to=("stride",))
    def along(net: Lanes) -> Any:
        """(K, 3) those of what the parameters have moved by."""
        return (net.right.mT @ net.moved).squeeze(2)

    @reading
    def far(net: Lanes) -> Any:
        return net.draw("far", f"{PARAMETERS} 1", -4, 4, -1)

    # -- corners -------------------------------------------------------------------------------------------------

    def length(self, world: Any) -> int:
        """A residual is a sum over the entries of J, each of products of four reflections, step by step."""
        return 4 * MOST_STEPS * super().length(world)

    def impose(self, corner: str, name: str, values: Any, net: Lanes) -> Any:
        """Bend integers into a corner; see ``corners``."""
        if (corner, name) == ("ties", "t"):
            return values[:, :1].clone().expand(*values.shape).clone()
        if (corner, name) == ("one value", "t"):
            only = values.clone()
            only[:, 1:] = 0
            return only
        if name == "form" and corner in ("ties", "decades", "gaps"):
            return values * 0 + {"ties": SMALL, "decades": DECADES, "gaps": GAPS}[corner]
        if (corner, name) == ("tiny steps", "rate"):
            return values * 0
        return values * 0 + 2 if (corner, name) == ("the cutoff is the second", "level") else values

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by what the singular values, the coefficients and the cutoff are."""
        found: dict[str, Any] = {}
        if "t" not in net.draws:
            return found
        lam = net.spectrum
        found["zero matrix"] = lam[:, 0] == 0
        found["tie of the largest"] = (lam[:, 0] > 0) & (lam[:, 0] == lam[:, 1])
        found["a gap below one in a hundred"] = (lam[:, 0] > lam[:, 1]) & (lam[:, 0] * 0.99 < lam[:, 1])
        if {"a", "level"} <= set(net.draws):
            inside = (net.coefficients != 0) & (net.kept == 1)
            outside = (net.coefficients != 0) & (net.kept == 0)
            found["the residual is information"] = inside.any(1) & outside.any(1).logical_not()
            found["the residual is nuisance"] = outside.any(1) & inside.any(1).logical_not()
        return found


def _reader(source: str, place: int) -> Any:
    """The reading of one entry of an array (K, 3), rounded as the whole is."""
    relative = getattr(LinearDescent.readings[source], "relative_to", ())
    return reading(relative_to=relative)(lambda net: getattr(net, source)[:, place])


def _at(step: int, source: str, relative: str) -> Any:
    """The reading of one of an array for each step."""
    return reading(relative_to=(relative,))(lambda net: getattr(net, source)[:, step])


_SOURCES = {"lam": "spectrum", "kept": "kept", "a": "coefficients", "b": "seconds", "c": "after", "d": "along"}
LinearDescent.readings = {
    **LinearDescent.readings,
    **{
        f"{letter}_{place + 1}": _reader(source, place)
        for letter, source in _SOURCES.items()
        for place in range(OUTPUTS)
    },
    **{f"r_{step}": _at(step, "residuals", "r_0") for step in range(1, MOST_STEPS + 1)},
    **{f"moved_{step}": _at(step, "path_of_moves", "stride") for step in range(1, MOST_STEPS + 1)},
}


def during(net: Lanes, arrays: Any, compared: Callable[[Any, int], Any]) -> Any:
    """The sum over the steps 0, 1, ..., 8 of arrays (K, 9, ...) where T, compared with the step, says so."""
    total = arrays[:, 0] * 0
    for place in range(MOST_STEPS + 1):
        mask = compared(net.T, place).reshape(-1, *(1,) * (arrays.ndim - 2))
        total = total + net.arithmetic.where(mask, arrays[:, place], arrays[:, place] * 0)
    return total


__all__ = ["LinearDescent"]
