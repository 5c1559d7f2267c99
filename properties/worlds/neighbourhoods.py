"""Networks near a start: complexities of finite parts of a neighbourhood, and of the terms that a network is a sum of.

``f_t(x) = V_t phi(W_t x)`` with ``V_t = V + G_t`` and ``W_t = W + D_t`` is ``V phi(W x)``, which is the same for all t,
plus four terms: what is linear in ``D_t``, the rest of Taylor's formula, what ``G_t`` does at the start, and what both
do together. All complexities are means over all signs.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from properties.worlds.activations import ACTIVATIONS, RATIONAL_ONLY, Activation
from properties.worlds.jacobians import on_sphere
from properties.worlds.rademacher import complexity, over_signs
from verify.worlds import Kind, KindError, Lanes, Size, World, reading

MOST_SIGNS = 4
"""The most signs of a world: N K is at most this."""

SMALLEST = -20
"""The smallest exponent of the power of two that the changes of W are scaled with."""

DRAWN, INNER, OUTER = range(3)
"""What the drawn ``form`` makes of a class: as drawn, or the D or the G that are best for the first signs, one each."""


@dataclass(frozen=True)
class Neighbourhoods(Kind):
    """Lanes of T networks near V (L, K, m), W (L, m, n), at inputs (L, N, n) of length 1 (or 0).

    phi is ``c + b psi`` with psi one of z and z / (1 + z^2) (the convention ``activation``) and c, b >= 0, so that all
    values are rational; B bounds its first two derivatives. ``level`` is at least every |entry| of V, and at least 1.
    ``inputs_on`` is "sphere", or "axes", where the inputs are the first N unit vectors.
    """

    functions: Size = Size(2, 4)
    width: Size = Size(1, 2)
    inputs: Size = Size(1, 2)
    samples: Size = Size(1, 3)
    classes: Size = Size(1, 2)
    inputs_on: str = "sphere"

    speaks: ClassVar[str] = "neighbourhoods"
    letters: ClassVar[dict[str, str]] = {
        "T": "functions", "m": "width", "n": "inputs", "N": "samples", "K": "classes"
    }  # fmt: skip
    conventions: ClassVar[dict[str, tuple[Fraction, ...]]] = {"activation": RATIONAL_ONLY}
    corners: ClassVar[tuple[str, ...]] = ("best D", "best G", "W stays", "V stays", "V alike")

    def __post_init__(self) -> None:
        if self.inputs_on not in ("sphere", "axes"):
            raise KindError(f"inputs_on={self.inputs_on!r}: say 'sphere' or 'axes'")

    def fits(self, sizes: dict[str, int]) -> bool:
        """Few enough signs, and as many axes as samples where these are on them."""
        within = sizes["N"] * sizes["K"] <= MOST_SIGNS
        return super().fits(sizes) and within and (self.inputs_on == "sphere" or sizes["N"] <= sizes["n"])

    @property
    def price(self) -> int:
        """A network is T networks at all signs."""
        return 4

    # -- what is drawn -------------------------------------------------------------------------------------------

    @reading
    def V(net: Lanes) -> Any:
        return net.draw("V", "K m", -2, 2)

    @reading
    def W(net: Lanes) -> Any:
        return net.draw("W", "m n", -4, 4, -1)

    @reading
    def X(net: Any) -> Any:
        """(L, N, n) the inputs."""
        if net.kind.inputs_on == "sphere":
            return on_sphere(net)
        return net.arithmetic.eye(net.n)[: net.N].unsqueeze(0) + net.arithmetic.zeros(net.count, 1, 1)

    @reading
    def b(net: Lanes) -> Any:
        return net.draw("b", "", 0, 4, -2)

    @reading
    def level(net: Lanes) -> Any:
        least = net.draw("level", "", 0, 1) + 1
        return net.arithmetic.maximum(net.V.abs().amax((1, 2)), least)

    @reading
    def form(net: Lanes) -> Any:
        """(L, 1, 1, 1) what the class is made of."""
        return net.draw("form", "", DRAWN, OUTER).reshape(-1, 1, 1, 1)

    @reading
    def D(net: Lanes) -> Any:
        """(L, T, m, n) by what the inner weights differ."""
        scale = net.arithmetic.powers(net.integers("scale", "", SMALLEST, 0), -1, SMALLEST - 1, -1).reshape(-1, 1, 1, 1)
        drawn, best = net.draw("D", "T m n", -4, 4), net.steps[:, : net.T]
        return scale * _chosen(net, INNER, drawn, best)

    @reading
    def G(net: Lanes) -> Any:
        """(L, T, K, m) by what the outer weights differ."""
        drawn, best = net.draw("G", "T K m", -4, 4), net.turns[:, : net.T]
        return _chosen(net, OUTER, drawn, best) * net.arithmetic.number(1, 2)

    # -- the network at the start --------------------------------------------------------------------------------

    @reading
    def Q(net: Lanes) -> Any:
        """(L, N, m) phi at the start."""
        return _phi(net, net.X @ net.W.mT)

    @reading
    def P(net: Lanes) -> Any:
        """(L, N, m) the derivatives of phi at the start."""
        slopes = _activation(net).slope(net.arithmetic, net.X @ net.W.mT)
        return net.b.reshape(-1, 1, 1) * slopes

    @reading
    def B(net: Lanes) -> Any:
        kind, arithmetic = _activation(net), net.arithmetic
        return net.b * arithmetic.maximum(kind.steepest(arithmetic, net.count), kind.bend(arithmetic, net.count))

    @reading
    def E(net: Lanes) -> Any:
        return net.Q.square().mean((1, 2)).sqrt()

    @reading
    def nu(net: Lanes) -> Any:
        return net.level * net.arithmetic.function("sqrt", net.arithmetic.constant(Fraction(net.K * net.m), net.count))

    @reading
    def M_W(net: Lanes) -> Any:
        return net.D.square().sum((2, 3)).amax(1).sqrt()

    @reading
    def R_W(net: Lanes) -> Any:
        return (net.D.square().sum(3).amax((1, 2)) * net.m).sqrt()

    @reading
    def M_V(net: Lanes) -> Any:
        return (net.G.square().sum((2, 3)).amax(1) / net.level.square()).sqrt()

    # -- what is linear, over all signs --------------------------------------------------------------------------

    @reading
    def steps(net: Lanes) -> Any:
        """(L, 2**(N K), m, n) the sums over samples of diag(P_i) V^T signs x_i^T."""
        V, P, X = net.V.unsqueeze(1), net.P.unsqueeze(2), net.X
        terms = (V * P).unsqueeze(4) * X.reshape(net.count, net.N, 1, 1, net.n)
        return over_signs(net, terms.reshape(net.count, net.N * net.K, net.m, net.n))

    @reading
    def turns(net: Lanes) -> Any:
        """(L, 2**(N K), K, m) the sums over samples of signs phi_i^T."""
        eye = net.arithmetic.eye(net.K).reshape(1, 1, net.K, net.K, 1)
        terms = eye * net.Q.reshape(net.count, net.N, 1, 1, net.m)
        return over_signs(net, terms.reshape(net.count, net.N * net.K, net.K, net.m))

    @reading
    def inner(net: Lanes) -> Any:
        return net.steps.square().sum((2, 3)).sqrt().mean(1)

    @reading
    def inner_2(net: Lanes) -> Any:
        return net.steps.square().sum((2, 3)).mean(1)

    @reading
    def inner_sum(net: Lanes) -> Any:
        lengths = net.X.square().sum(2)
        squares = (net.V.unsqueeze(1) * net.P.unsqueeze(2)).square().sum((2, 3))
        return (squares * lengths).sum(1)

    @reading
    def inner_sum_1(net: Lanes) -> Any:
        return (net.V.unsqueeze(1) * net.P.unsqueeze(2)).square().sum((1, 2, 3))

    # -- complexities of finite parts ----------------------------------------------------------------------------

    @reading
    def moved(net: Lanes) -> Any:
        """(L, T, N, m) phi of the moved neurons less phi at the start."""
        z = net.X.unsqueeze(1) @ (net.W.unsqueeze(1) + net.D).mT
        return _phi(net, z) - net.Q.unsqueeze(1)

    @reading
    def straight(net: Lanes) -> Any:
        """(L, T, N, m) by what the neurons would move if phi were straight."""
        return net.P.unsqueeze(1) * (net.X.unsqueeze(1) @ net.D.mT)

    @reading
    def largest(net: Lanes) -> Any:
        """(L,) what the rounding of terms, which are differences, is relative to: outputs of the largest summands."""
        z = (net.X @ net.W.mT).abs().amax((1, 2))
        weights = net.V.abs().amax((1, 2)) + net.G.abs().amax((1, 2, 3))
        return (_offset(net) + net.b * (1 + z)) * weights * net.m

    @reading
    def complexities(net: Lanes) -> Any:
        """(L, 5) those of the networks and of their four terms."""
        V, G = net.V.unsqueeze(1).mT, net.G.mT
        rest, at_start = net.moved - net.straight, net.Q.unsqueeze(1)
        networks = (net.moved + at_start) @ (V + G)
        terms = (networks, net.straight @ V, rest @ V, at_start @ G, net.moved @ G)
        return complexity(net, net.arithmetic.stack(terms, 1))

    @reading(relative_to=("largest",))
    def R(net: Lanes) -> Any:
        return net.complexities[:, 0]

    @reading(relative_to=("largest",))
    def R_1(net: Lanes) -> Any:
        return net.complexities[:, 1]

    @reading(relative_to=("largest",))
    def R_2(net: Lanes) -> Any:
        return net.complexities[:, 2]

    @reading(relative_to=("largest",))
    def R_3(net: Lanes) -> Any:
        return net.complexities[:, 3]

    @reading(relative_to=("largest",))
    def R_4(net: Lanes) -> Any:
        return net.complexities[:, 4]

    # -- corners -------------------------------------------------------------------------------------------------

    def length(self, world: World) -> int:
        """Means over all signs of sums over samples and classes of products over neurons and inputs."""
        return super().length(world) + 2**MOST_SIGNS * 4

    def impose(self, corner: str, name: str, values: Any, net: Lanes) -> Any:
        """Bend integers into a corner; see ``corners``."""
        if name == "form" and corner in ("best D", "best G"):
            return values * 0 + {"best D": INNER, "best G": OUTER}[corner]
        if (corner, name) == ("best D", "scale"):
            return values * 0 + SMALLEST
        if (corner, name) in (("best G", "D"), ("best D", "G"), ("W stays", "D"), ("V stays", "G")):
            return values * 0
        if name == "form" and corner in ("W stays", "V stays"):
            return values * 0
        if (corner, name) == ("V alike", "V"):
            return values[:, :1, :1].clone().expand(*values.shape).clone()
        return values

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by what the lanes are."""
        found: dict[str, Any] = {f"psi is {_activation(net).name}": True}
        if "b" in net.draws:
            found["phi is constant"] = net.b == 0
        if {"D", "form"} <= set(net.draws):
            found["best D"] = net.form.reshape(-1) == INNER
            found["best G"] = net.form.reshape(-1) == OUTER
        return found


def _activation(net: Lanes) -> Activation:
    return ACTIVATIONS[int(net.convention("activation"))]


def _offset(net: Lanes) -> Any:
    return net.draw("c", "", 0, 4, -1)


def _phi(net: Lanes, z: Any) -> Any:
    shape = (-1, *(1,) * (z.ndim - 1))
    return _offset(net).reshape(shape) + net.b.reshape(shape) * _activation(net).value(net.arithmetic, z)


def _chosen(net: Lanes, form: int, drawn: Any, best: Any) -> Any:
    """The first of a class as they are best, where the form says so; the others, if there are more, as drawn."""
    more = net.T - best.shape[1]
    joined = [best[:, t] for t in range(best.shape[1])] + [drawn[:, net.T - more + t] for t in range(more)]
    return net.arithmetic.where(net.form + 0 * drawn == form, net.arithmetic.stack(joined, 1), drawn)


__all__ = ["Neighbourhoods"]
