"""Networks near exactly critical ones: all batch gradients are small, from 0 upwards over decades.

A bound in terms of the largest batch gradient says nothing of a random network, whose gradients are larger than its
weights, and little of an exactly critical one. Here a critical network is displaced by drawn integers times a power of
two that is drawn for each network.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from properties.worlds.critical import CriticalTwoLayerReLU
from properties.worlds.solving import INVERSE, looked_up, made_of, residuals
from verify.worlds import Lanes, Size, reading

DISPLACED = ("V", "x", "b", "r")
"""What is displaced, in the order of ``finer``."""

DRAWS = {
    "dV": ("m n", -12, 12),
    "dx": ("N n 1", -3, 3),
    "db": ("m 1", -3, 3),
    "dr": ("N", -15, 15),
    "level": ("", 0, 14),
    "finer": ("4", -1, 4),
}
"""Every draw beside those of the critical network: name -> axes, least, largest integer."""

EXPONENTS = (0, 1, 2, 3, 4, 5, 6, 7, 9, 12, 15, 20, 25, 30)
"""Level k displaces by 2**-EXPONENTS[k - 1] times the integers; closest where bounds by eps begin to say something."""


@dataclass(frozen=True)
class NearCriticalTwoLayerReLU(CriticalTwoLayerReLU):
    """Two-layer networks near those of ``CriticalTwoLayerReLU``; also readings ``V_solved``, ``x_solved``, ``b_solved``
    of the critical network, ``factors`` of the displacements, and ``pattern``, the activity of the critical network.

    V, x and b are displaced by ``t`` times drawn integers in their units, t a power of two from 1 to 2**-30 that goes
    with the drawn ``level``. The residual of sample j is displaced by ``t dr_j``, in a unit that moves ``q_j`` by
    ``c t dr_j`` times the critical network's V over its scale, where inputs are collinear and nothing else is
    displaced: so gradients of samples may be in any ratio of integers up to 15. ``finer`` makes the displacement of one
    of the four finer by so many levels, or leaves it out at -1. At level 0 the network is the critical one.

    V, x and b are dyadic and do not round, unless displacements of V and x are so fine that their digits do not fit a
    float beside their leading ones. Labels are ``phi - r``, as in the parent: they round where phi does.
    """

    samples: Size = Size(1, 10)
    batch: Size = Size(1, 8)

    corners: ClassVar[tuple[str, ...]] = (
        *CriticalTwoLayerReLU.corners,
        "exactly critical",
        "inputs stay",
        "one residual apart",
        "one input apart",
    )

    # -- the critical network --------------------------------------------------------------------------------------

    @reading
    def x_solved(net: Lanes) -> Any:
        return solved(net).x

    @reading
    def pattern(net: Lanes) -> Any:
        return solved(net, "x").pattern

    @reading
    def V_solved(net: Lanes) -> Any:
        return solved(net, "x", "pattern").V

    @reading
    def b_solved(net: Lanes) -> Any:
        return solved(net, "x", "pattern", "V").b

    # -- the network -----------------------------------------------------------------------------------------------

    @reading
    def factors(net: Lanes) -> Any:
        """(K, 4): the powers of two that displace V, x, b and the residuals, or 0."""
        made_of(net, "V")  # draws all that the critical network is made of, so that a witness tells all
        for name, (axes, low, high) in DRAWS.items():
            net.integers(name, axes, low, high)
        level, finer = (net.draw(name, *DRAWS[name]) for name in ("level", "finer"))
        level = level.unsqueeze(1) + finer * 0
        place = net.arithmetic.minimum(level + finer, finer * 0 + len(EXPONENTS))
        found = finer * 0
        for number, exponent in enumerate(EXPONENTS, 1):
            size = net.arithmetic.number(Fraction(1, 2**exponent))
            found = net.arithmetic.where(place == number, finer * 0 + size, found)
        moved = net.arithmetic.where(level == 0, finer * 0, found)
        return net.arithmetic.where(finer < 0, finer * 0, moved)

    @reading
    def x(net: Lanes) -> Any:
        return net.x_solved + displacement(net, "x", "dx", net.shift("x"))

    @reading
    def V(net: Lanes) -> Any:
        return net.V_solved + displacement(net, "V", "dV", net.shift("V"))

    @reading
    def b(net: Lanes) -> Any:
        return net.b_solved + displacement(net, "b", "db", net.shift("V") + net.shift("x"))

    @reading(relative_to=("phi",))
    def y(net: Lanes) -> Any:
        unit = net.arithmetic.number(net.convention("c") / (2 * net.convention("s")))
        moved = displacement(net, "r", "dr", net.shift("V")) * unit
        if net.kind.collinear(net.world):
            moved = moved * looked_up(net, "rho", INVERSE)
        return net.phi - residuals(solved(net, "x", "pattern", "V")) - moved

    # -- corners ---------------------------------------------------------------------------------------------------

    def impose(self, corner: str, name: str, values: Any, net: Lanes) -> Any:
        """Bend integers into a corner: displacements here, all else as for critical networks."""
        bend = _BENT.get((corner, name))
        return super().impose(corner, name, values, net) if bend is None else bend(values.clone())

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by what the networks are, as of critical networks, and by how they are displaced."""
        found = super().visited(net)
        if "level" not in net.draws:
            return found
        found["exactly critical"] = (net.draws["level"].values == 0).reshape(-1)
        drawn = net.draws["dr"].values
        found["one residual apart"] = (drawn[:, 1:] == drawn[:, 1:2]).all(1) & (drawn[:, 0] != drawn[:, -1])
        return found


def solved(net: Lanes, *known: str) -> Lanes:
    """The critical network of the same draws; ``known`` are its readings that this network has kept."""
    kept = {"x": "x_solved", "V": "V_solved", "pattern": "pattern"}
    kind: Any = net.kind
    fields = {name: getattr(kind, name) for name in (*kind.letters.values(), "regulariser", "vanishing")}
    arrays = {f"{kind.speaks}:{letter}": getattr(net, kept[letter]) for letter in known}
    return Lanes(CriticalTwoLayerReLU(**fields), net.world, net.arithmetic, net.source, net.draws, arrays)


def displacement(net: Lanes, letter: str, name: str, shift: int) -> Any:
    """The integers drawn under a name, in units of 2**shift, times the power of two of this network's level."""
    factor = net.factors[:, DISPLACED.index(letter)]
    integers = net.draw(name, *DRAWS[name], shift)
    return integers * factor.reshape(net.count, *(1,) * (integers.ndim - 1))


def _zero(values: Any) -> Any:
    return values * 0


def _left_out(finer: Any) -> Any:
    finer[:, DISPLACED.index("x")] = -1
    return finer


def _others_stay(inputs: Any) -> Any:
    inputs[:, 1:] = 0
    return inputs


def _others_alike(residuals: Any) -> Any:
    residuals[:, 1:] = residuals[:, 1:2].sign()
    return residuals


_BENT: dict[tuple[str, str], Callable[[Any], Any]] = {
    ("exactly critical", "level"): _zero,
    **{(corner, "dx"): _zero for corner in ("inputs stay", "zero input", "duplicate inputs")},
    ("inputs stay", "finer"): _left_out,
    ("one residual apart", "dr"): _others_alike,
    ("one input apart", "dx"): _others_stay,
    ("one input apart", "dr"): _zero,
}
