"""Gaussian kernels of activations at correlations that are drawn, and kernel matrices of two inputs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any, ClassVar

from properties.worlds.hermite import DERIVATIVES, RELU, STEEPEST, Kernel, kernel
from properties.worlds.joint_training import on_circle
from symbolic.papers.gaussian_kernels import SAMPLES
from verify.exact import Exact, Layer
from verify.layers import elementwise, working
from verify.worlds import Kind, KindError, Lanes, reading

FINE = 7
"""Correlations are multiples of 2**-FINE."""

LENGTHS = (Fraction(1, 2), Fraction(1))
"""Deviations of a and b, where they are not 1."""

WITHOUT_CLOSED_FORM = ("arctan", "softplus", "tanh", "log")


@dataclass(frozen=True)
class GaussianPairs(Kind):
    """A correlation, and the kernel of one ``activation`` there; without a name, one of those is drawn that have no
    closed form.

    The series of ReLU converges slowly: correlations are at most 5/8 in size there.
    """

    activation: str = ""

    speaks: ClassVar[str] = "kernel"
    corners: ClassVar[tuple[str, ...]] = ("not negative",)

    def __post_init__(self) -> None:
        if self.activation not in ("", RELU, *DERIVATIVES):
            raise KindError(
                f"no activation is called {self.activation!r}; give one of {', '.join((RELU, *DERIVATIVES))}"
            )

    @property
    def names(self) -> tuple[str, ...]:
        """The activations that come up."""
        return (self.activation,) if self.activation else WITHOUT_CLOSED_FORM

    def can_read(self, letter: str) -> bool:
        """Other variances than 1 are those of the error function, which has a closed form there."""
        return letter not in ("p", "q", "r", "kappa_pqr") or self.activation == "erf"

    @reading
    def which(net: Any) -> Any:
        return net.draw("which", "", 0, len(net.kind.names) - 1)

    @reading
    def rho(net: Any) -> Any:
        largest = 2**FINE * 5 // 8 if net.kind.activation == RELU else 2**FINE
        return net.draw("rho", "", -largest, largest, -FINE)

    @reading
    def kappa(net: Any) -> Any:
        return evaluated(net, net.rho)

    @reading
    def kappa_opposite(net: Any) -> Any:
        return evaluated(net, -net.rho)

    @reading
    def kappa_0(net: Any) -> Any:
        return at_once(net, 0)

    @reading
    def kappa_1(net: Any) -> Any:
        return at_once(net, 1)

    @reading
    def B_1(net: Any) -> Any:
        bounds = [STEEPEST[name] for name in net.kind.names]
        return picked(net, net.which, [_constant(net, bound) for bound in bounds])

    # -- other variances -----------------------------------------------------------------------------------------

    @reading
    def place(net: Any) -> Any:
        """(L,) which deviations a and b have, as a number of base ``len(LENGTHS)``."""
        return net.draw("s", "", 0, len(LENGTHS) - 1) * len(LENGTHS) + net.draw("t", "", 0, len(LENGTHS) - 1)

    @reading
    def p(net: Any) -> Any:
        return _of_lengths(net, lambda s, _: s * s)

    @reading
    def q(net: Any) -> Any:
        return _of_lengths(net, lambda _, t: t * t)

    @reading
    def r(net: Any) -> Any:
        return _of_lengths(net, lambda s, t: s * t) * net.rho

    @reading
    def kappa_pqr(net: Any) -> Any:
        kernels = [kernel(net.kind.activation, s, t) for s, t in product(LENGTHS, repeat=2)]
        return summed(net, net.place, kernels, net.rho)

    # -- corners -------------------------------------------------------------------------------------------------

    def impose(self, corner: str, name: str, drawn: Any, net: Lanes) -> Any:
        """Bend integers into a corner; see ``corners``."""
        return drawn.abs() if (corner, name) == ("not negative", "rho") else drawn

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by the correlation and the activation."""
        found: dict[str, Any] = {}
        if "rho" in net.draws:
            drawn = net.draws["rho"].values
            found["correlation 1 or -1"] = drawn.abs() == 2**FINE
            found["correlation 0"] = drawn == 0
        if "which" in net.draws and len(self.names) > 1:
            found |= {name: net.draws["which"].values == number for number, name in enumerate(self.names)}
        return found


@dataclass(frozen=True)
class GaussianKernels(GaussianPairs):
    """Two inputs X (L, 2, 2) on the circle, and their kernel S (L, 2, 2)."""

    corners: ClassVar[tuple[str, ...]] = ("equal inputs",)

    @reading
    def X(net: Any) -> Any:
        drawn = on_circle(net, "pole", SAMPLES)
        length = drawn.square().sum(2, keepdim=True)
        one = net.arithmetic.stack([0 * length[:, :, 0] + 1, 0 * length[:, :, 0]], 2)
        return net.arithmetic.where(length == 0, one, drawn)

    @reading
    def S_bare(net: Any) -> Any:
        return evaluated(net, net.X @ net.X.mT)

    @reading
    def S(net: Any) -> Any:
        return net.X @ net.X.mT * net.S_bare

    @reading
    def u(net: Any) -> Any:
        return net.draw("u", f"{SAMPLES} 1", -3, 3)

    @reading
    def xi(net: Any) -> Any:
        return net.draw("xi", "", 0, 16, -3)

    def impose(self, corner: str, name: str, drawn: Any, net: Lanes) -> Any:
        """Bend integers into a corner; see ``corners``."""
        bent = drawn.clone()
        if (corner, name) == ("equal inputs", "pole"):
            bent[:] = drawn[:, :1]
        return bent

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by the inputs and the activation."""
        found = super().visited(net)
        if "pole" in net.draws:
            drawn = net.draws["pole"].values
            found["equal inputs"] = (drawn[:, 0] == drawn[:, 1]).all(1)
        return found


def evaluated(net: Any, rho: Any) -> Any:
    """The kernel of each lane's activation at correlations of any shape."""
    return summed(net, net.which, [kernel(name) for name in net.kind.names], rho)


def at_once(net: Any, rho: int) -> Any:
    """(L,) the kernel of each lane's activation at one correlation."""
    if net.arithmetic.exact:
        return evaluated(net, 0 * net.which + rho)
    values = [sum(kernel(name).rationals()[: None if rho else 1]) for name in net.kind.names]
    return picked(net, net.which, [_constant(net, Fraction(value)) for value in values])


def summed(net: Any, number: Any, kernels: list[Kernel], rho: Any) -> Any:
    """The kernel of a number (L,) of a list, at correlations (L, ...): enclosed, or rounded on lanes."""
    if net.arithmetic.exact:
        one, balls = kernels[int(number.fraction(0))], rho.to_layer(Layer.BALL).values
        with working():  # no more bits than other enclosures have
            return Exact(elementwise(lambda ball: one.at(ball) * 1, balls), 1, Layer.BALL)
    values = []
    for one in kernels:
        total = 0 * rho
        for coefficient in reversed(one.rationals()):
            total = total * rho + net.arithmetic.number(coefficient)
        values.append(total)
    return picked(net, number.reshape(-1, *(1,) * (rho.ndim - 1)), values)


def picked(net: Lanes, number: Any, values: list[Any]) -> Any:
    """For each lane the value, of a list, that its number says."""
    found = values[0]
    for place, value in enumerate(values[1:], 1):
        found = net.arithmetic.where(number == place, value, found)
    return found


def _constant(net: Lanes, number: Fraction) -> Any:
    return net.arithmetic.constant(number, net.count)


def _of_lengths(net: Any, function: Callable[[Fraction, Fraction], Fraction]) -> Any:
    return picked(net, net.place, [_constant(net, function(s, t)) for s, t in product(LENGTHS, repeat=2)])


__all__ = ["GaussianKernels", "GaussianPairs"]
