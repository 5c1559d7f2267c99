"""Networks with one hidden layer in training, of any width, whose spectrum at the start is known exactly.

Inputs are copies of multiples of unit vectors, with labels of their own for every copy: so the Jacobian at the start
has one singular vector for each unit vector, the mean over its copies, and all differences of copies are nuisance.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from properties.worlds.activations import ARCTAN
from properties.worlds.prescribed_spectra import looked_up
from verify.worlds import Kind, Lanes, Size, World, reading

SORTS = 4
"""Neurons are of so many sorts: the first one is of its own, the others take turns."""

MOST_MORE, MOST_STEPS = 3, 12
"""Steps that are taken beyond the fewest, and steps in all."""

SHORTEST, LONGEST = -3, 0
"""Lengths of inputs are powers of two from this one to that one."""

FINEST, COARSEST = -24, -8
"""Residuals are integers times powers of two from this one to that one."""

FARS = tuple(map(Fraction, ("1", "1", "1", "16")))
"""What the weights of most neurons are multiplied by."""

CUTOFFS = tuple(map(Fraction, ("1", "1/2", "1/8", "1/32")))
"""Squared cutoffs, in terms of the largest squared singular value."""


@dataclass(frozen=True)
class LazyNetworks(Kind):
    """f(x) = v phi(W x), one output, phi = arctan: W (L, m, n), N = c n samples; the labels are f at the start - r_0.

    Input number i, counted from 0, is a power of two, 1 at most, times unit vector i mod n. No entry of v is above
    nu/sqrt(m), and beta = nu |X|. There are T steps with eta = Gamma/(T alpha**2), and tau of them are taken.
    """

    width: Size = Size(1, 3)
    inputs: Size = Size(1, 2)
    copies: Size = Size(1, 2)

    speaks: ClassVar[str] = "lazy"
    letters: ClassVar[dict[str, str]] = {"m": "width", "n": "inputs", "c": "copies"}
    corners: ClassVar[tuple[str, ...]] = ("one neuron acts", "linear", "copies differ")

    # -- the network ---------------------------------------------------------------------------------------------

    @reading
    def X(net: Lanes) -> Any:
        """(L, N, n) the inputs."""
        turns = [net.arithmetic.eye(net.n) * net.lengths.unsqueeze(2)] * net.c
        return net.arithmetic.stack(turns, 1).reshape(net.count, net.c * net.n, net.n)

    @reading
    def lengths(net: Lanes) -> Any:
        """(L, n) the lengths of the inputs."""
        drawn = [net.integers(f"length {place}", "", SHORTEST, LONGEST) for place in range(net.n)]
        return net.arithmetic.stack([net.arithmetic.powers(e, 0, SHORTEST, LONGEST) for e in drawn], 1)

    @reading
    def W(net: Lanes) -> Any:
        """In one network of four all sorts of neurons but the first one are far from where they act."""
        drawn = net.draw("W", f"{SORTS} n", -2, 2, -1)
        factor = looked_up(net, "far", FARS).reshape(-1, 1, 1)
        return _sorted(net, drawn, drawn * factor)

    @reading
    def largest(net: Lanes) -> Any:
        """(L,) nu/sqrt(m): a power of two, near 1/sqrt(m)."""
        return net.arithmetic.constant(Fraction(1, 2 ** (net.m.bit_length() // 2)), net.count)

    @reading
    def v(net: Lanes) -> Any:
        """(L, m, 1) the weights of the second layer."""
        shares = 4 - net.draw("v", f"{SORTS} 1", 0, 2)
        signed = shares * (1 - 2 * net.draw("sign", f"{SORTS} 1", 0, 1)) * net.arithmetic.number(1, 4)
        return _sorted(net, signed, signed) * net.largest.reshape(-1, 1, 1)

    @reading
    def slopes(net: Lanes) -> Any:
        """(L, N, m) the derivatives at the start."""
        return ARCTAN.slope(net.arithmetic, net.X @ net.W.mT)

    @reading
    def J(net: Lanes) -> Any:
        weighted = net.slopes * net.v.mT
        return (weighted.unsqueeze(3) * net.X.unsqueeze(2)).reshape(net.count, net.c * net.n, net.m * net.n)

    @reading
    def beta(net: Lanes) -> Any:
        return (net.lengths.amax(1).square() * net.largest.square() * (net.m * net.c)).sqrt()

    # -- what acts -----------------------------------------------------------------------------------------------

    @reading
    def squares(net: Lanes) -> Any:
        """(L, n) the squared singular values at the start, one for each unit vector."""
        own = (net.slopes[:, : net.n] * net.v.mT).square().sum(2)
        return own * net.lengths.square() * net.c

    @reading
    def cutoff(net: Lanes) -> Any:
        """(L,) the squared cutoff."""
        found = net.squares.amax(1) * looked_up(net, "cutoff", CUTOFFS)
        return net.arithmetic.where(net.draw("level", "", 0, 1) == 1, net.squares[:, -1], found)

    @reading
    def alpha(net: Lanes) -> Any:
        return net.cutoff.sqrt()

    @reading
    def kept(net: Lanes) -> Any:
        """(L, n) 1 where the mean over the copies is in the information space, 0 elsewhere."""
        nothing = net.squares * 0
        return net.arithmetic.where(net.squares >= net.cutoff.unsqueeze(1), nothing + 1, nothing)

    @reading
    def labels(net: Lanes) -> Any:
        """(L, c, n) the residual at the start, one row for each copy."""
        drawn = net.draw("a", "c n", -4, 4)
        size = net.arithmetic.powers(net.integers("fine", "", FINEST, COARSEST), 0, FINEST, COARSEST)
        return drawn * size.reshape(-1, 1, 1)

    @reading
    def r_0(net: Lanes) -> Any:
        return net.labels.reshape(net.count, net.c * net.n, 1)

    @reading
    def r_I(net: Lanes) -> Any:
        inside = net.labels.mean(1, keepdim=True) * net.kept.unsqueeze(1)
        return (inside + net.labels * 0).reshape(net.count, net.c * net.n, 1)

    @reading(relative_to=("r_0",))
    def r_N(net: Lanes) -> Any:
        return net.r_0 - net.r_I

    @reading
    def early(net: Lanes) -> Any:
        means, cutoff = net.labels.mean(1).square() * net.c, net.cutoff.unsqueeze(1)
        inside = net.kept * cutoff / net.arithmetic.where(net.kept == 1, net.squares, net.squares * 0 + 1)
        beside = (1 - net.kept) * net.squares * net.Gamma.unsqueeze(1).square() / cutoff
        return ((inside + beside) * means).sum(1)

    # -- numbers -------------------------------------------------------------------------------------------------

    @reading
    def Gamma(net: Lanes) -> Any:
        return 1 + net.draw("Gamma", "", 0, 2) * net.arithmetic.number(1, 2)

    @reading
    def delta(net: Lanes) -> Any:
        return net.arithmetic.powers(net.integers("delta", "", -5, 0), 0, -5, 0)

    @reading
    def zeta(net: Lanes) -> Any:
        return net.arithmetic.powers(net.integers("zeta", "", -5, 0), 0, -5, 0)

    @reading
    def T(net: Lanes) -> Any:
        count, wanted = net.draw("more", "", 0, MOST_MORE), net.Gamma * net.beta.square()
        for number in range(MOST_STEPS - MOST_MORE):
            less = net.cutoff * number < wanted
            count = count + net.arithmetic.where(less, net.cutoff * 0 + 1, net.cutoff * 0)
        return count

    @reading
    def eta(net: Lanes) -> Any:
        return net.Gamma / (net.T * net.cutoff)

    @reading
    def tau(net: Lanes) -> Any:
        before = net.draw("before", "", -MOST_STEPS, MOST_STEPS)
        return net.arithmetic.minimum(net.T, net.arithmetic.maximum(net.T - before, net.T * 0))

    # -- training ------------------------------------------------------------------------------------------------

    @reading
    def runs(net: Lanes) -> Any:
        """(L, 2, m, n) by what the weights have moved after tau and after T steps; enclosed in exact arithmetic."""
        ball = net.arithmetic.function("exp", net.cutoff * 0).reshape(-1, 1, 1)  # about 1, of radius 0
        gone, rate = net.W * 0 * ball, net.eta.reshape(-1, 1, 1)
        ends = [gone, gone]
        for step in range(int(net.T.fraction(0)) if net.arithmetic.exact else MOST_STEPS):
            z = net.X @ (net.W + gone).mT
            weighted = ARCTAN.slope(net.arithmetic, z) * net.v.mT * residual(net, z)
            gone = gone - rate * (weighted.mT @ net.X)
            counts = (number.reshape(-1, 1, 1) for number in (net.tau, net.T))
            ends = [net.arithmetic.where(count > step, gone, end) for count, end in zip(counts, ends, strict=True)]
        return net.arithmetic.stack(ends, 1)

    @reading
    def moved(net: Lanes) -> Any:
        return net.runs[:, 0]

    @reading
    def outputs(net: Lanes) -> Any:
        """(L, N, m) what the neurons add to the outputs at the start; a residual is rounded as these are."""
        return ARCTAN.value(net.arithmetic, net.X @ net.W.mT) * net.v.mT

    @reading(relative_to=("outputs", "r_0"))
    def r_T(net: Lanes) -> Any:
        return residual(net, net.X @ (net.W + net.runs[:, 1]).mT)

    # -- corners -------------------------------------------------------------------------------------------------

    def length(self, world: World) -> int:
        """An output is a sum over neurons, step by step."""
        sizes = dict(world.sizes)
        return MOST_STEPS * sizes["m"] * sizes["c"] * sizes["n"] + super().length(world)

    def impose(self, corner: str, name: str, values: Any, net: Lanes) -> Any:
        """Bend integers into a corner; see ``corners``."""
        if (corner, name) in (("linear", "W"), ("one neuron acts", "v")):
            return values * 0
        bent = values.clone()
        if (corner, name) == ("one neuron acts", "W"):
            bent[:, 0], bent[:, 1:, -1] = 0, 2
        if (corner, name) == ("one neuron acts", "far"):
            return values * 0 + len(FARS) - 1
        if (corner, name) == ("copies differ", "a") and values.shape[1] > 1:
            bent[:, 1:], bent[:, 1] = 0, -values[:, 0]
        return bent

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by what the residual and the singular values are."""
        found: dict[str, Any] = {}
        if {"a", "fine", "cutoff", "level", "W", "v"} <= set(net.draws):
            lost = (net.kept == 0).any(1)
            found["a mean is nuisance"] = lost
            found["all means are information"] = lost.logical_not()
            spread = net.labels - net.labels.mean(1, keepdim=True)
            found["copies differ"] = (spread != 0).flatten(1).any(1)
        return found


@dataclass(frozen=True)
class WideNetworks(LazyNetworks):
    """The same, of a few hundred neurons: what is found is not made smaller, and no lanes are bred."""

    width: Size = Size(50, 50)
    inputs: Size = Size(2, 3)
    copies: Size = Size(1, 3)

    corners: ClassVar[tuple[str, ...]] = ("one neuron acts",)
    shrinks: ClassVar[bool] = False

    @property
    def price(self) -> int:
        """A network costs its neurons."""
        return 3


def residual(net: Any, z: Any) -> Any:
    """(L, N, 1) the residual where the neurons receive z (L, N, m)."""
    change = ARCTAN.value(net.arithmetic, z) * net.v.mT - net.outputs
    return net.r_0 + change.sum(2, keepdim=True)


def _sorted(net: Any, first: Any, others: Any) -> Any:
    """(L, m, ...) the rows (L, 4, ...) of each neuron's sort."""
    turns = [others[:, 1 + number % (SORTS - 1)] for number in range(net.m - 1)]
    return net.arithmetic.stack([first[:, 0], *turns], 1)


__all__ = ["MOST_STEPS", "LazyNetworks", "WideNetworks", "residual"]
