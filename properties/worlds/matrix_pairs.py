"""Pairs of matrices with prescribed singular values, and those of their sum and products.

In common frames both are two blocks of two rows and columns, so that singular values of sums and products are roots of
quadratic equations: exact sums of roots in an appeal, and on lanes accurate to their own size, zeros included.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from properties.worlds.prescribed_spectra import frame, looked_up
from verify.worlds import Kind, Lanes, reading

SIDE, BLOCKS = 4, 2

BELOW_ONE = tuple(map(Fraction, ("1/2", "2/3", "1/4", "3/4", "1/3", "1/8", "9/10", "1/64")))
"""Indices of quasi-norms for which power sums are sub-additive, without 1 itself."""

INVERSES = tuple(map(Fraction, (1, 2, 3, 4, 16, 32)))
"""What 1 over an index may be."""

HYPOTENUSE = 65
TURNS = (
    (65, 0), (0, 65), (63, 16), (63, -16), (52, 39), (52, -39),
    (39, 52), (39, -52), (25, 60), (25, -60), (33, 56), (33, -56),
)  # fmt: skip
"""Cosine and sine of turns, times the hypotenuse of their Pythagorean triples."""

SMALLEST, LARGEST = -4, 6
"""Exponents of the powers of two that singular values are stretched by: the determinant of a sum does not round."""

DRAWS = {
    "values": (str(SIDE), 0, 4),
    "sign": (str(BLOCKS), 0, 1),
    "stretch": ("", SMALLEST, LARGEST),
    "turn": (str(2 * BLOCKS), 0, len(TURNS) - 1),
}
"""What is drawn for each matrix: name -> axes, least, largest integer; a stretch for each block."""


@dataclass(frozen=True)
class MatrixPair(Kind):
    """Matrices A, B (K, 4, 4) = P diag(block, block) Q^T where a block is ``turn diag(x, y) turn``.

    The blocks are rational, as the turns are by angles of Pythagorean triples, and P and Q are products of two
    reflections. ``p`` is one of ``indices``; ``P`` and ``Q`` are from ``INVERSES``. The singular values of A, B, A + B,
    A B^T and A B^T A are read from the blocks.
    """

    indices: tuple[Fraction, ...] = BELOW_ONE

    speaks: ClassVar[str] = "pairs"
    corners: ClassVar[tuple[str, ...]] = ("alike", "aligned", "orthogonal", "rank one", "no stretch")

    @reading
    def p(net: Lanes) -> Any:
        return looked_up(net, "p", net.kind.indices)

    @reading
    def P(net: Lanes) -> Any:
        return looked_up(net, "P", INVERSES)

    @reading
    def Q(net: Lanes) -> Any:
        return looked_up(net, "Q", INVERSES)

    # -- the matrices --------------------------------------------------------------------------------------------

    @reading
    def A(net: Lanes) -> Any:
        return in_frames(net, net.first)

    @reading
    def B(net: Lanes) -> Any:
        return in_frames(net, net.second)

    @reading
    def of_a(net: Lanes) -> Any:
        """(K, 4) the singular values of A, with signs."""
        return values(net, "A")

    @reading
    def of_b(net: Lanes) -> Any:
        """(K, 4) those of B."""
        return values(net, "B")

    @reading
    def first(net: Lanes) -> Any:
        """(K, 4, 2) the blocks of A times the square of the hypotenuse: entries 11, 12, 21, 22 of each."""
        return blocks(net, "A", net.of_a)

    @reading
    def second(net: Lanes) -> Any:
        """(K, 4, 2) those of B."""
        return blocks(net, "B", net.of_b)

    # -- singular values, (K, 4) ---------------------------------------------------------------------------------

    @reading
    def of_sum(net: Lanes) -> Any:
        entries = net.first + net.second
        determinants = entries[:, 0] * entries[:, 3] - entries[:, 1] * entries[:, 2]
        return singular_values(net, entries, determinants, HYPOTENUSE**2)

    @reading
    def of_product(net: Lanes) -> Any:
        determinants = drawn_determinants(net, net.of_a) * drawn_determinants(net, net.of_b)
        determinants = determinants * net.arithmetic.number(HYPOTENUSE**8)
        return singular_values(net, product(net, net.first, turned(net, net.second)), determinants, HYPOTENUSE**4)

    @reading
    def of_triple(net: Lanes) -> Any:
        entries = product(net, product(net, net.first, turned(net, net.second)), net.first)
        determinants = drawn_determinants(net, net.of_a).square() * drawn_determinants(net, net.of_b)
        determinants = determinants * net.arithmetic.number(HYPOTENUSE**12)
        return singular_values(net, entries, determinants, HYPOTENUSE**6)

    # -- corners -------------------------------------------------------------------------------------------------

    def length(self, world: Any) -> int:
        """Entries are sums over products of blocks and four reflections."""
        return 4 * super().length(world)

    def impose(self, corner: str, name: str, values: Any, net: Lanes) -> Any:
        """Bend integers into a corner; see ``corners``."""
        what, _, which = name.partition(" ")
        if which.startswith("B") and (corner == "alike" or (corner == "aligned" and what in ("turn", "sign"))):
            return _integers(net, what, which.replace("B", "A")).clone()
        if what == "stretch" and corner == "no stretch":
            return values * 0
        bent = values.clone()
        if what == "values" and corner == "rank one":
            bent[:, 1:] = 0
        if what == "values" and corner == "orthogonal":
            bent[:, 2:] *= which == "B"
            bent[:, :2] *= which == "A"
        return bent

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by what the matrices are."""
        found: dict[str, Any] = {}
        if {"values A", "values B"} <= set(net.draws):
            one, other = (net.draws[f"values {name}"].values for name in "AB")
            found["a matrix is zero"] = (one == 0).all(1) | (other == 0).all(1)
            found["blocks of their own"] = ((one == 0) | (other == 0)).reshape(-1, BLOCKS, 2).all(2).all(1)
            found["the same singular values"] = (one == other).all(1)
            found["rank below four"] = (one == 0).any(1) | (other == 0).any(1)
        return found


def _reader(letter: str, place: int) -> Any:
    """The reading of one of the four singular values of a matrix."""
    source = {"a": "of_a", "b": "of_b", "c": "of_sum", "d": "of_product", "e": "of_triple"}[letter]
    return reading(lambda net: getattr(net, source)[:, place].abs())


MatrixPair.readings = {
    **MatrixPair.readings,
    **{f"{letter}_{place + 1}": _reader(letter, place) for letter in "abcde" for place in range(SIDE)},
}


def _integers(net: Lanes, what: str, which: str) -> Any:
    """The integers drawn for a matrix, or for a block of it, under one of ``DRAWS``."""
    return net.integers(f"{what} {which}", *DRAWS[what])


def values(net: Lanes, name: str) -> Any:
    """(K, 4) the singular values drawn for a matrix, with the signs of the second ones of each block."""
    arithmetic = net.arithmetic
    drawn = arithmetic.scaled(_integers(net, "values", name))
    signs = arithmetic.scaled(_integers(net, "sign", name)) * -2 + 1
    exponents = [_integers(net, "stretch", f"{name}{block}") for block in range(BLOCKS)]
    stretches = [arithmetic.powers(e, 0, SMALLEST, LARGEST) for e in exponents]
    parts = [drawn[:, place] * stretches[place // 2] for place in range(SIDE)]
    parts[1], parts[3] = parts[1] * signs[:, 0], parts[3] * signs[:, 1]
    return arithmetic.stack(parts, 1)


def drawn_determinants(net: Lanes, drawn: Any) -> Any:
    """(K, 2) the determinants of the blocks of a matrix, by its singular values with signs."""
    return net.arithmetic.stack([drawn[:, 0] * drawn[:, 1], drawn[:, 2] * drawn[:, 3]], 1)


def blocks(net: Lanes, name: str, drawn: Any) -> Any:
    """(K, 4, 2) the entries 11, 12, 21, 22 of the blocks of a matrix, times the square of the hypotenuse."""
    arithmetic = net.arithmetic
    turns = arithmetic.scaled(_integers(net, "turn", name))
    cosine, sine = turns * 0, turns * 0
    for place, (along, across) in enumerate(TURNS):
        cosine = arithmetic.where(turns == place, turns * 0 + along, cosine)
        sine = arithmetic.where(turns == place, turns * 0 + across, sine)
    found = []
    for block in range(BLOCKS):
        (c, s, u, v) = (a[:, 2 * block + k] for k in range(2) for a in (cosine, sine))
        x, y = drawn[:, 2 * block], drawn[:, 2 * block + 1]
        found.append([c * x * u + s * y * v, c * x * v - s * y * u, s * x * u - c * y * v, s * x * v + c * y * u])
    return arithmetic.stack([arithmetic.stack(list(entry), 1) for entry in zip(*found, strict=True)], 1)


def turned(net: Lanes, entries: Any) -> Any:
    """(K, 4, 2) the transposes of blocks."""
    return net.arithmetic.stack([entries[:, place] for place in (0, 2, 1, 3)], 1)


def product(net: Lanes, left: Any, right: Any) -> Any:
    """(K, 4, 2) the products of blocks."""
    (a, b, c, d), (e, f, g, h) = ([side[:, place] for place in range(4)] for side in (left, right))
    return net.arithmetic.stack([a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h], 1)


def singular_values(net: Lanes, entries: Any, determinants: Any, unit: int) -> Any:
    """(K, 4) the singular values of blocks (K, 4, 2), divided by a unit; (K, 2) are the determinants.

    Their sum and difference are roots of sums of two squares. The smaller one is the determinant over the larger one,
    so that nothing cancels.
    """
    a, b, c, d = (entries[:, place] for place in range(4))
    together = ((a + d).square() + (c - b).square()).sqrt()
    apart = ((a - d).square() + (c + b).square()).sqrt()
    larger = (together + apart) * net.arithmetic.number(1, 2)
    divisor = net.arithmetic.where(larger == 0, larger * 0 + 1, larger)
    smaller = determinants.abs() / divisor
    scale = net.arithmetic.number(1, unit)
    pairs = [side[:, block] * scale for block in range(BLOCKS) for side in (larger, smaller)]
    return net.arithmetic.stack(pairs, 1)


def in_frames(net: Lanes, entries: Any) -> Any:
    """(K, 4, 4) the matrix of blocks (K, 4, 2) in the frames that are drawn."""
    scaled, arithmetic = entries * net.arithmetic.number(1, HYPOTENUSE**2), net.arithmetic
    nothing = scaled[:, 0, 0] * 0
    rows = [
        [scaled[:, 2 * (i % 2) + j % 2, i // 2] if i // 2 == j // 2 else nothing for j in range(SIDE)]
        for i in range(SIDE)
    ]
    middle = arithmetic.stack([arithmetic.stack(row, 1) for row in rows], 1)
    return frame(net, "left", SIDE) @ middle @ frame(net, "right", SIDE).mT


__all__ = ["BELOW_ONE", "INVERSES", "MatrixPair"]
