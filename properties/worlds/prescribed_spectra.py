"""Matrices with prescribed singular values: A = U diag(sigma) V^T with rational orthogonal U and V.

U and V are products of two reflections, so that A is rational and its singular values are exactly those that were
drawn: ties, zeros, perfect powers, values that are decades apart or nearly the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from verify.worlds import Kind, Lanes, reading

MOST = 3
"""Singular values that may be other than 0."""

ROWS = 4
"""Rows of the matrix; it has as many columns as singular values."""

INDICES = tuple(map(Fraction, ("1", "2", "1/2", "2/3", "4/3", "1/4", "3/2", "2/5", "1/8", "1/64")))
"""Indices of quasi-norms, from 1/64 to 2; draw 0 stands for the first."""

SMALL, PERFECT, DECADES, GAPS = range(4)
"""What a drawn ``form`` makes of the drawn integers; see ``PrescribedSpectrum``."""

FARTHEST = 20
"""Values that are decades apart have factors 2**e, e up to this either way."""

GAP = Fraction(1, 2**16)
"""The unit of the gaps between values that are nearly the same."""


@dataclass(frozen=True)
class PrescribedSpectrum(Kind):
    """Matrices A (K, 4, 3), whose rank may be anything from 0 to 3, and two indices p, q of quasi-norms.

    The singular values are made of integers t from 0 to 3, in one of four forms: t; t**b for an index p = a/b in lowest
    terms, so that their p-th powers are the integers t**a; t times a drawn power of two; one t, and drawn multiples of
    a small gap above it. The threshold tau is one of them, or a small integer. Without ``wide``, the forms whose values
    are many decades apart are left out: floats cannot tell the rank of such a matrix.

    What is said of singular values is read from what was drawn; ``energy``, ``top``, ``tail``, ``rest`` and ``dropped``
    are read from the matrix.
    """

    wide: bool = True

    speaks: ClassVar[str] = "spectra"
    corners: ClassVar[tuple[str, ...]] = ("ties", "one value", "perfect powers", "decades", "gaps", "tau is the second")

    @reading
    def p(net: Lanes) -> Any:
        return index(net, "p")

    @reading
    def q(net: Lanes) -> Any:
        return index(net, "q")

    @reading
    def k(net: Lanes) -> Any:
        return net.draw("place", "", 0, MOST) + 1

    # -- what was drawn ------------------------------------------------------------------------------------------

    @reading
    def spectrum(net: Lanes) -> Any:
        """(K, MOST) the singular values, descending; zeros beyond the last."""
        arithmetic = net.arithmetic
        drawn = net.draw("t", str(MOST), 0, 3)
        form = net.draw("form", "", SMALL, GAPS).unsqueeze(1) + drawn * 0
        close = drawn[:, :1] + net.draw("gap", str(MOST), 0, 3) * arithmetic.number(GAP)
        made = arithmetic.where(form == GAPS, close, drawn)
        if net.kind.wide:
            made = arithmetic.where(form == PERFECT, arithmetic.power(drawn, degree(net).unsqueeze(1)), made)
            made = arithmetic.where(form == DECADES, drawn * _power_of_two(net), made)
        values = [made[:, place] for place in range(MOST)]
        for one, other in ((0, 1), (1, 2), (0, 1)):
            larger, smaller = (pick(values[one], values[other]) for pick in (arithmetic.maximum, arithmetic.minimum))
            values[one], values[other] = larger, smaller
        return arithmetic.stack(values, 1)

    @reading
    def s_1(net: Lanes) -> Any:
        return net.spectrum[:, 0]

    @reading
    def s_2(net: Lanes) -> Any:
        return net.spectrum[:, 1]

    @reading
    def s_3(net: Lanes) -> Any:
        return net.spectrum[:, 2]

    @reading
    def s_k(net: Lanes) -> Any:
        found = net.s_1 * 0
        for place in range(MOST):
            found = net.arithmetic.where(net.k == place + 1, net.spectrum[:, place], found)
        return found

    @reading
    def beyond(net: Lanes) -> Any:
        return from_place(net, net.spectrum.square(), net.k)

    @reading
    def least(net: Lanes) -> Any:
        found = net.s_1
        for value in (net.s_2, net.s_3):
            found = net.arithmetic.where(value > 0, value, found)
        return found

    @reading
    def following(net: Lanes) -> Any:
        found = net.arithmetic.where(net.s_3 < net.s_1, net.s_3, net.s_1 * 0)
        return net.arithmetic.where(net.s_2 < net.s_1, net.s_2, found)

    @reading
    def r(net: Lanes) -> Any:
        return counted(net, net.spectrum > 0)

    @reading
    def ties(net: Lanes) -> Any:
        return counted(net, net.spectrum == net.spectrum[:, :1])

    @reading
    def tau(net: Lanes) -> Any:
        found = net.draw("tau", "", 0, 3) + 1
        level = net.draw("level", "", 0, MOST)
        for place in range(MOST):
            found = net.arithmetic.where(level == place + 1, net.spectrum[:, place], found)
        return found

    @reading
    def reaching(net: Lanes) -> Any:
        return counted(net, net.spectrum >= net.tau.unsqueeze(1))

    @reading
    def above(net: Lanes) -> Any:
        return counted(net, net.spectrum > net.tau.unsqueeze(1))

    # -- the matrix ----------------------------------------------------------------------------------------------

    @reading
    def A(net: Lanes) -> Any:
        return assembled(net, net.spectrum)

    @reading
    def K(net: Lanes) -> Any:
        return assembled(net, net.arithmetic.where(net.spectrum > net.tau.unsqueeze(1), net.spectrum, net.spectrum * 0))

    @reading
    def root(net: Lanes) -> Any:
        columns = frame(net, "right", MOST)
        return (columns * net.spectrum.unsqueeze(1)) @ columns.mT

    @reading
    def energy(net: Lanes) -> Any:
        return net.A.square().sum((-2, -1))

    @reading
    def top(net: Lanes) -> Any:
        return net.arithmetic.spectral_norm(net.A)

    @reading(relative_to=("energy",))
    def tail(net: Lanes) -> Any:
        return from_place(net, net.arithmetic.singular_values(net.A).square(), net.k)

    @reading(relative_to=("energy",))
    def rest(net: Lanes) -> Any:
        return from_place(net, net.arithmetic.singular_values(net.A).square(), net.k + 1)

    @reading(relative_to=("energy",))
    def dropped(net: Lanes) -> Any:
        return (net.A - net.K).square().sum((-2, -1))

    # -- corners -------------------------------------------------------------------------------------------------

    def length(self, world: Any) -> int:
        """An entry of A is a sum over singular values of products of sums over four reflections."""
        return 4 * super().length(world)

    def impose(self, corner: str, name: str, values: Any, net: Lanes) -> Any:
        """Bend integers into a corner; see ``corners``."""
        if (corner, name) == ("ties", "t"):
            return values[:, :1].clone().expand(*values.shape).clone()
        if (corner, name) == ("one value", "t"):
            only = values.clone()
            only[:, 1:] = 0
            return only
        form = {"ties": SMALL, "perfect powers": PERFECT, "decades": DECADES, "gaps": GAPS}.get(corner)
        if name == "form" and form is not None:
            return values * 0 + form
        return values * 0 + 2 if (corner, name) == ("tau is the second", "level") else values

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by what the singular values are."""
        found: dict[str, Any] = {}
        if "t" not in net.draws:
            return found
        first, second, last = net.spectrum.unbind(1)
        found["zero matrix"] = first == 0
        found["rank one"] = (first > 0) & (second == 0)
        found["tie of the largest"] = (first > 0) & (first == second)
        found["all three equal"] = (last > 0) & (first == last)
        found["a gap below one in a thousand"] = (first > second) & (first - second < first * 2.0**-10)
        found["three decades between two values"] = (second > 0) & (first > second * 2.0**10)
        return found


def index(net: Lanes, name: str) -> Any:
    """(K,) the index of a quasi-norm that is drawn under a name."""
    return looked_up(net, name, INDICES)


def degree(net: Lanes) -> Any:
    """(K,) the denominator of the index p: powers of that degree have rational p-th powers."""
    return looked_up(net, "p", tuple(Fraction(p.denominator) for p in INDICES))


def looked_up(net: Lanes, name: str, table: tuple[Fraction, ...]) -> Any:
    """(K,) the entry of a table whose number is drawn under a name."""
    drawn = net.draw(name, "", 0, len(table) - 1)
    found = drawn * 0 + net.arithmetic.number(table[0])
    for place, number in enumerate(table[1:], 1):
        found = net.arithmetic.where(drawn == place, drawn * 0 + net.arithmetic.number(number), found)
    return found


def counted(net: Lanes, mask: Any) -> Any:
    """(K,) how many entries (K, MOST) a mask holds of."""
    return net.arithmetic.where(mask, net.spectrum * 0 + 1, net.spectrum * 0).sum(1)


def from_place(net: Lanes, squares: Any, place: Any) -> Any:
    """(K,) the sum of descending numbers (K, MOST) from a place (K,), counted from 1, on."""
    total = squares[:, 0] * 0
    for number in range(MOST):
        total = total + net.arithmetic.where(place <= number + 1, squares[:, number], squares[:, number] * 0)
    return total


def assembled(net: Lanes, spectrum: Any) -> Any:
    """(K, ROWS, MOST) the matrix with given singular values (K, MOST), in the frames that are drawn."""
    columns = frame(net, "left", ROWS)[:, :, :MOST] * spectrum.unsqueeze(1)
    return columns @ frame(net, "right", MOST).mT


def frame(net: Lanes, name: str, side: int) -> Any:
    """(K, side, side) a rational orthogonal matrix: the product of two reflections, or fewer where a normal is 0."""
    normals = net.draw(name, f"2 {side} 1", -2, 2)
    unit = net.arithmetic.eye(side)
    projectors, _ = net.arithmetic.projector(normals)
    first, second = unit - projectors[:, 0] * 2, unit - projectors[:, 1] * 2
    return first @ second


def _power_of_two(net: Lanes) -> Any:
    """(K, MOST) 2**e for the drawn exponents e."""
    drawn = [net.integers(f"exponent {place + 1}", "", -FARTHEST, FARTHEST) for place in range(MOST)]
    return net.arithmetic.stack([net.arithmetic.powers(e, 0, -FARTHEST, FARTHEST) for e in drawn], 1)


__all__ = ["INDICES", "MOST", "PrescribedSpectrum", "frame", "looked_up"]
