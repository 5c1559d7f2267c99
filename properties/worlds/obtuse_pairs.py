"""Two points of norm 1 at 120 degrees or more, networks of any depth that fit both best, and others with three layers.

No bias-free ReLU network does with less: see docs/mathematics/relatives.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from properties.worlds.frames import sized_frame
from properties.worlds.prescribed_spectra import looked_up
from symbolic.papers.relatives import HIDDEN, NEURONS
from verify.worlds import Kind, Lanes, Size, reading

ROOTS = tuple(map(Fraction, ("11/10", "21/20", "9/8", "5/4", "3/2", "1/2")))
"""Square roots of the norm of a layer."""

OBTUSE = ((3, 4, 5), (4, 3, 5), (33, 56, 65), (12, 5, 13), (1, 0, 1), (28, 45, 53))
"""Minus the cosine of the angle between both points, and its sine, as Pythagorean triples."""

ANY = (*OBTUSE, (0, 1, 1), (-3, 4, 5), (5, 12, 13))
DEEPEST = 9


@dataclass(frozen=True)
class ObtusePairs(Kind):
    """The least network of ``k`` layers, 3 to 9, and any network C of three, at points x_1, x_2 of norm 1.

    The first layer has two neurons along each point, the second adds up all four, every other one is a number; all have
    norm nu, whose square root is one of ``ROOTS``. The points are 120 degrees apart or more if the kind is ``obtuse``.
    """

    inputs: Size = Size(3, 3)
    obtuse: bool = True

    speaks: ClassVar[str] = "pairs2023"
    letters: ClassVar[dict[str, str]] = {"n": "inputs"}
    corners: ClassVar[tuple[str, ...]] = ("opposite points", "deepest")

    @property
    def price(self) -> int:
        """Two networks are evaluated, of many layers."""
        return 12

    @reading
    def points(net: Lanes) -> Any:
        """(K, 2, n) the points, as rows."""
        along = sized_frame(net, "frame", "n")
        triples = OBTUSE if net.kind.obtuse else ANY
        cosine = looked_up(net, "angle", tuple(Fraction(-c, h) for c, _, h in triples)).unsqueeze(1)
        sine = looked_up(net, "angle", tuple(Fraction(s, h) for _, s, h in triples)).unsqueeze(1)
        return net.arithmetic.stack([along[:, :, 0], along[:, :, 0] * cosine + along[:, :, 1] * sine], 1)

    # -- the least network -----------------------------------------------------------------------------------------

    @reading
    def k(net: Lanes) -> Any:
        return net.draw("k", "", 0, DEEPEST - 3) + 3

    @reading
    def root(net: Lanes) -> Any:
        return looked_up(net, "root", ROOTS)

    @reading
    def nu(net: Lanes) -> Any:
        return net.root.square()

    @reading
    def T(net: Lanes) -> Any:
        return power(net, net.root)

    @reading
    def V_1(net: Lanes) -> Any:
        half = (net.nu * net.arithmetic.number(1, 2)).reshape(-1, 1, 1)
        return net.points[:, [0, 0, 1, 1]] * half

    @reading
    def V_2(net: Lanes) -> Any:
        half = (net.nu * net.arithmetic.number(1, 2)).reshape(-1, 1, 1)
        return (net.arithmetic.zeros(net.count, 1, NEURONS) + 1) * half

    @reading
    def made(net: Lanes) -> Any:
        """(K, 2) the outputs of the least network."""
        hidden = net.arithmetic.relu(net.points @ net.V_1.mT, Fraction(0))
        second = net.arithmetic.relu(hidden @ net.V_2.mT, Fraction(0)).squeeze(2)
        return second * (power(net, net.nu) / net.nu.square()).unsqueeze(1)

    @reading
    def f_1(net: Lanes) -> Any:
        return net.made[:, 0]

    @reading
    def f_2(net: Lanes) -> Any:
        return net.made[:, 1]

    # -- any network -----------------------------------------------------------------------------------------------

    @reading
    def C_1(net: Lanes) -> Any:
        # In the plane of both points: what neurons have beside it adds to their norm alone.
        return net.draw("C_1", f"{HIDDEN} 2", -2, 2) @ net.points

    @reading
    def C_2(net: Lanes) -> Any:
        return net.draw("C_2", f"{HIDDEN} {HIDDEN}", -1, 2)

    @reading
    def C_3(net: Lanes) -> Any:
        return net.draw("C_3", f"1 {HIDDEN}", -1, 2)

    @reading
    def reached(net: Lanes) -> Any:
        """(K, 2) the outputs of any network."""
        hidden = net.arithmetic.relu(net.points @ net.C_1.mT, Fraction(0))
        return (net.arithmetic.relu(hidden @ net.C_2.mT, Fraction(0)) @ net.C_3.mT).squeeze(2)

    @reading
    def h_1(net: Lanes) -> Any:
        return net.reached[:, 0]

    @reading
    def h_2(net: Lanes) -> Any:
        return net.reached[:, 1]

    # -- corners -------------------------------------------------------------------------------------------------

    def length(self, world: Any) -> int:
        """An output is a sum over three layers, of products of two reflections."""
        return 4 * super().length(world)

    def impose(self, corner: str, name: str, values: Any, net: Lanes) -> Any:
        """Bend integers into a corner; see ``corners``."""
        if (corner, name) == ("opposite points", "angle"):
            return values * 0 + OBTUSE.index((1, 0, 1))
        return values * 0 + DEEPEST - 3 if (corner, name) == ("deepest", "k") else values

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by what the least networks are."""
        return {"three layers": net.k == 3} if "k" in net.draws else {}


def power(net: Lanes, number: Any) -> Any:
    """(K,) a number to the power k."""
    found = product = number * number * number
    for count in range(4, DEEPEST + 1):
        product = product * number
        found = net.arithmetic.where(net.k == count, product, found)
    return found


__all__ = ["ObtusePairs"]
