"""Random signs, all of them: means over the second layer of one neuron, sums of signs, and outputs at the start."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import product
from typing import Any, ClassVar

from flint import arb, ctx

from properties.worlds.activations import ARCTAN, IDENTITY, SOFTPLUS, Activation
from properties.worlds.joint_training import on_circle
from properties.worlds.reported import listed
from symbolic.papers.concentration import CLASSES, SAMPLES, SIDE
from verify.worlds import Kind, Lanes, ReadingError, reading

# -- one neuron -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SignedColumns(Kind):
    """A column v (L, 3, 1) of signs times nu, and two positive semidefinite matrices A, H (L, 2, 2)."""

    speaks: ClassVar[str] = "signs"
    corners: ClassVar[tuple[str, ...]] = ("no A", "no H", "A is H")

    @reading
    def nu(net: Any) -> Any:
        return net.draw("nu", "", 0, 256, -6)

    @reading
    def v(net: Any) -> Any:
        return (2 * net.draw("sign", f"{CLASSES} 1", 0, 1) - 1) * net.nu.reshape(-1, 1, 1)

    @reading
    def A(net: Any) -> Any:
        return squared(net.draw("A", f"{SAMPLES} {SAMPLES}", -2, 2))

    @reading
    def H(net: Any) -> Any:
        return squared(net.draw("H", f"{SAMPLES} {SAMPLES}", -2, 2))

    @reading
    def Y(net: Any) -> Any:
        return centred(net, net.v, net.A, net.H)

    @reading
    def M(net: Any) -> Any:
        return sum(squared(squared(v)) for v in columns(net)) / 2**CLASSES

    @reading
    def I(net: Any) -> Any:  # noqa: E743
        return net.arithmetic.eye(CLASSES).unsqueeze(0).expand(net.count, CLASSES, CLASSES)

    @reading
    def Q(net: Any) -> Any:
        return sum(squared(centred(net, v, net.A, net.A)) for v in columns(net)) / 2**CLASSES

    @reading
    def R(net: Any) -> Any:
        return blocks(net.I, net.A @ net.A)

    def impose(self, corner: str, name: str, drawn: Any, net: Lanes) -> Any:
        """Bend integers into a corner; see ``corners``."""
        if corner == f"no {name}":
            return drawn * 0
        same = (corner, name) == ("A is H", "H")
        return net.integers("A", f"{SAMPLES} {SAMPLES}", -2, 2).clone() if same else drawn

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by what the matrices are."""
        drawn = {name: net.draws[name].values for name in ("A", "H") if name in net.draws}
        return {f"{name} is zero": (values == 0).flatten(1).all(1) for name, values in drawn.items()}


def squared(root: Any) -> Any:
    """A matrix times its transpose."""
    return root @ root.mT


def columns(net: Any) -> list[Any]:
    """All columns of signs times nu, (L, 3, 1) each."""
    return [
        net.arithmetic.stack([sign * net.nu for sign in signs], 1).unsqueeze(2)
        for signs in product((-1, 1), repeat=CLASSES)
    ]


def blocks(outer: Any, inner: Any) -> Any:
    """(L, 6, 6) the Kronecker product of matrices (L, 3, 3) and (L, 2, 2)."""
    wide = outer.reshape(-1, CLASSES, 1, CLASSES, 1) * inner.reshape(-1, 1, SAMPLES, 1, SAMPLES)
    return wide.reshape(-1, SIDE, SIDE)


def centred(net: Any, v: Any, A: Any, H: Any) -> Any:
    """The matrix v v^T kron A - nu^2 I kron H."""
    return blocks(squared(v), A) - net.nu.square().reshape(-1, 1, 1) * blocks(net.I, H)


# -- sums of signs ----------------------------------------------------------------------------------------------------

FEW = 16
WIDTHS = (*range(1, FEW + 1), 64, 128, 200, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096)
"""Numbers of signs; up to ``FEW`` the sums of which are compared with a level that is drawn."""

MOST_CLASSES = 5
FACTOR = 250
"""Lemma 6.14 allows a squared sum of this times log(K), or log(2 K), times the number of signs."""


@dataclass(frozen=True)
class SignSums(Kind):
    """Of all 2**k choices of k signs, the share that has a large sum: counted, by binomial coefficients."""

    speaks: ClassVar[str] = "sums"

    @reading
    def few(net: Any) -> Any:
        return net.draw("few", "", 0, FEW - 1) + 1

    @reading
    def k(net: Any) -> Any:
        return listed(net, net.draw("width", "", 0, len(WIDTHS) - 1), [Fraction(width) for width in WIDTHS])

    @reading
    def K(net: Any) -> Any:
        return net.draw("K", "", 0, MOST_CLASSES - 1) + 1

    @reading
    def c(net: Any) -> Any:
        return net.draw("c", "", 0, 2 * FEW, -1)

    @reading
    def share(net: Any) -> Any:
        least = net.c * net.few
        total = 0 * least
        for k in range(1, FEW + 1):
            for size in range(k % 2, k + 1, 2):
                found = net.arithmetic.constant(Fraction(outcomes(k, size), 2**k), net.count)
                reached = net.arithmetic.where(least <= size * size, found, 0 * found)
                total = total + net.arithmetic.where(net.few == k, reached, 0 * reached)
        return total

    @reading
    def within(net: Any) -> Any:
        return tabulated(net, lambda k, K: 1 - share_beyond(k, K))

    @reading
    def beyond(net: Any) -> Any:
        return tabulated(net, lambda k, K: share_beyond(k, 2 * K))

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by the numbers of classes and of signs."""
        found: dict[str, Any] = {}
        if "K" in net.draws:
            found["one class"] = net.draws["K"].values == 0
        if "width" in net.draws:
            found["more than a thousand signs"] = net.draws["width"].values >= WIDTHS.index(1024)
        return found


def outcomes(k: int, size: int) -> int:
    """How many choices of k signs have a sum of this size, of either sign; k and the size are both odd or both even."""
    return math.comb(k, (k + size) // 2) * (2 if size else 1)


@lru_cache(maxsize=1024)
def share_beyond(k: int, K: int) -> Fraction:
    """The share of all choices of k signs whose squared sum is above ``FACTOR log(K) k``."""
    with ctx.workprec(128):
        most = FACTOR * arb(K).log() * k
        fewest = next((size for size in range(k % 2, k + 1, 2) if arb(size * size) > most), k + 1)
        if fewest > k % 2 and not arb((fewest - 2) ** 2) <= most:
            raise ReadingError(f"whether {(fewest - 2) ** 2} is above {FACTOR} log({K}) {k} is too close to tell")
    total, ways = 0, 1
    for size in range(k, fewest - 1, -2):  # all signs alike, then one, two, ... that are not
        total += ways * (2 if size else 1)
        ways = ways * ((k + size) // 2) // ((k - size) // 2 + 1)
    return Fraction(total, 2**k)


def tabulated(net: Any, number: Any) -> Any:
    """(L,) a number of each lane's width and classes."""
    place = net.draw("width", "", 0, len(WIDTHS) - 1)
    found = listed(net, place, [number(k, 1) for k in WIDTHS])
    for K in range(2, MOST_CLASSES + 1):
        found = net.arithmetic.where(net.K == K, listed(net, place, [number(k, K) for k in WIDTHS]), found)
    return found


# -- one neuron at the start ------------------------------------------------------------------------------------------

OFFSET = 500
NEURONS: tuple[tuple[Activation, int], ...] = ((IDENTITY, 0), (ARCTAN, 0), (SOFTPLUS, 0), (SOFTPLUS, OFFSET))
"""Activations, and what is added to each."""


@dataclass(frozen=True)
class FirstOutputs(Kind):
    """One neuron w (L, 1, 2), one class, two inputs on the circle; V is scaled as in Lemma 6.14, where K = 1."""

    speaks: ClassVar[str] = "start"

    @reading
    def which(net: Any) -> Any:
        return net.draw("which", "", 0, len(NEURONS) - 1)

    @reading
    def w(net: Any) -> Any:
        return net.draw("w", "1 2", -64, 64)

    @reading
    def allowed(net: Any) -> Any:
        return net.draw("allowed", "", 0, 8)

    @reading
    def values(net: Any) -> Any:
        """(L, 2) the activations."""
        z = (on_circle(net, "pole", 2) @ net.w.mT).squeeze(2)
        return of_neuron(net, lambda one, added: one.value(net.arithmetic, z) + added, 2)

    @reading
    def bound(net: Any) -> Any:
        """(L,) the bound B on the first and the second derivative."""
        steepest = of_neuron(net, lambda one, _: one.steepest(net.arithmetic, net.count), 1)
        return net.arithmetic.maximum(steepest, of_neuron(net, lambda one, _: one.bend(net.arithmetic, net.count), 1))

    @reading
    def size(net: Any) -> Any:
        return outputs(net, net.bound)

    @reading
    def size_0(net: Any) -> Any:
        zero = net.arithmetic.zeros(net.count)
        at_zero = of_neuron(net, lambda one, added: one.value(net.arithmetic, zero) + added, 1)
        return outputs(net, net.arithmetic.maximum(net.bound, at_zero.abs()))

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by the activation."""
        if "which" not in net.draws:
            return {}
        return {
            f"phi is {added} + {one.name}": net.draws["which"].values == number
            for number, (one, added) in enumerate(NEURONS)
        }


def of_neuron(net: Any, function: Any, ndim: int) -> Any:
    """What a function of the activation and of what is added to it gives for that of each lane."""
    if net.arithmetic.exact:
        return function(*NEURONS[int(net.which.fraction(0))])
    which, found = net.which.reshape(-1, *(1,) * (ndim - 1)), function(*NEURONS[0])
    for number, choice in enumerate(NEURONS[1:], 1):
        found = net.arithmetic.where(which == number, function(*choice), found)
    return found


def outputs(net: Any, bound: Any) -> Any:
    """(L,) the length of the outputs where V is +-nu |y| / (50 B sqrt(log(2) N))."""
    double = net.arithmetic.function("log", net.arithmetic.constant(Fraction(2), net.count))
    scale = 50 * bound * net.arithmetic.function("sqrt", 2 * double)
    return net.allowed * net.values.square().sum(1).sqrt() / scale


__all__ = ["FirstOutputs", "SignSums", "SignedColumns", "share_beyond"]
