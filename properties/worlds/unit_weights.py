"""Networks rho u relu(V x) with V and u of norm 1, at which derivatives in V and rho vanish on batches, solved for."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from properties.worlds.frames import sized_frame
from verify.worlds import Kind, KindError, Lanes, Size, reading

EVERY, WHOLE, FITTED = "every batch", "whole", "fitted"

PAIR = (Fraction(3, 5), Fraction(4, 5))
DIRECTIONS = (PAIR, (Fraction(1), Fraction(0)), (Fraction(5, 13), Fraction(12, 13)))
"""Weights of the second layer: of norm 1, none below 0."""


@dataclass(frozen=True)
class UnitWeights(Kind):
    """V (K, 2, 2), u (K, 1, 2) of norm 1, samples (K, N, 2), and losses ``(1 - rho f_i)**2``, f_i = u relu(V x_i).

    ``vanishing`` says which derivatives do, and how:

    * "every batch": V = u^T e^T for a unit vector e, and x_i = a e or b e, with rho = 1/(a + b) and lam = a b;
    * "whole", where N = 2: V has 3/5 and 4/5 on its diagonal, and there is one sample along each axis, so that the
      derivatives of the mean over both vanish, and no others;
    * "fitted": with the same V rho f_i = 1 for all samples, and lam = 0.

    ReLU has the derivative 0 at 0.
    """

    width: Size = Size(2, 2)
    inputs: Size = Size(2, 2)
    samples: Size = Size(3, 3)
    batch: Size = Size(2, 2)
    vanishing: str = EVERY

    speaks: ClassVar[str] = "unit"
    letters: ClassVar[dict[str, str]] = {"m": "width", "n": "inputs", "N": "samples", "B": "batch"}
    parts: ClassVar[dict[str, str]] = {"B": "N"}

    def __post_init__(self) -> None:
        if self.vanishing not in (EVERY, WHOLE, FITTED):
            raise KindError(f"vanishing={self.vanishing!r}: say {EVERY!r}, {WHOLE!r} or {FITTED!r}")

    def fits(self, sizes: dict[str, int]) -> bool:
        """A batch is a subset of the sample, which has two members where it vanishes as a whole."""
        inside = super().fits(sizes) and sizes["B"] <= sizes["N"]
        return inside and (self.vanishing != WHOLE or sizes["N"] == 2)

    @property
    def price(self) -> int:
        """Every loss is differentiated for every batch."""
        return 24

    @reading
    def levels(net: Lanes) -> Any:
        """(K, 2) the outputs a and b that samples may have."""
        return net.arithmetic.scaled(net.integers("levels", "2", 0, 3)) + 1

    @reading
    def u(net: Lanes) -> Any:
        if net.kind.vanishing != EVERY:
            return row(net, PAIR)
        first, *others = DIRECTIONS
        place, found = net.draw("direction", "", 0, len(others)), row(net, first)
        for number, entries in enumerate(others, 1):
            found = net.arithmetic.where((place == number).reshape(-1, 1, 1), row(net, entries), found)
        return found

    @reading
    def axes(net: Lanes) -> Any:
        """(K, 2, 2) a frame; the unit vectors where V has rank two, so that no pre-activation of 0 is rounded."""
        if net.kind.vanishing == EVERY:
            return sized_frame(net, "axes", "n")
        return net.arithmetic.zeros(net.count, net.n, net.n) + net.arithmetic.eye(net.n)

    @reading
    def V(net: Lanes) -> Any:
        if net.kind.vanishing == EVERY:
            return net.u.mT @ net.axes[:, :, :1].mT
        rows = row(net, (PAIR[0], Fraction(0))), row(net, (Fraction(0), PAIR[1]))
        return net.arithmetic.stack([side.squeeze(1) for side in rows], 1)

    @reading
    def x(net: Lanes) -> Any:
        """(K, N, n) samples."""
        a = net.levels[:, :1]
        if net.kind.vanishing == WHOLE:
            # Outputs a and 2 a, over 9/25 and 16/25: what a unit along each axis gives.
            lengths = [a * net.arithmetic.number(25, 9), a * net.arithmetic.number(50, 16)]
            return net.arithmetic.stack([net.axes[:, :, k] * length for k, length in enumerate(lengths[: net.N])], 1)
        lengths = net.arithmetic.zeros(net.count, net.N) + a
        if net.kind.vanishing == FITTED:
            lengths = lengths * net.arithmetic.number(25, 9)
        else:
            lengths = net.arithmetic.where(net.draw("level", "N", 0, 1) == 1, lengths * 0 + net.levels[:, 1:], lengths)
        return lengths.unsqueeze(2) * net.axes[:, :, :1].mT

    @reading
    def rho(net: Lanes) -> Any:
        a, b = net.levels[:, 0], net.levels[:, 1]
        divisor = {EVERY: a + b, WHOLE: a * 10, FITTED: a}[net.kind.vanishing]
        return (a * 0 + 1) / divisor

    @reading
    def lam(net: Lanes) -> Any:
        a, b = net.levels[:, 0], net.levels[:, 1]
        return {EVERY: a * b, WHOLE: a * a * net.arithmetic.number(25, 2), FITTED: a * 0}[net.kind.vanishing]

    # -- outputs and derivatives -----------------------------------------------------------------------------------

    @reading
    def f(net: Lanes) -> Any:
        return outputs(net, net.V.unsqueeze(1), net.x)

    @reading
    def A(net: Lanes) -> Any:
        return net.arithmetic.gradient(lambda V: outputs(net, V, net.x), net.V, net.N)

    @reading(relative_to=("f",))
    def e(net: Lanes) -> Any:
        return 1 - net.f * net.rho.unsqueeze(1)

    @reading
    def z(net: Lanes) -> Any:
        return net.x.unsqueeze(3)

    @reading
    def d(net: Lanes) -> Any:
        active = net.arithmetic.step((net.V.unsqueeze(1) @ net.z).squeeze(3), Fraction(0))
        return (active * net.u).unsqueeze(3)

    @reading(relative_to=("A", "V"))
    def t(net: Lanes) -> Any:
        members = tuple((i,) for i in range(net.N))
        return without_radial(net, slope(net, members))

    @reading(relative_to=("A", "V"))
    def T(net: Lanes) -> Any:
        return without_radial(net, slope(net, net.kind.batches(net.world)))

    @reading(relative_to=("f",))
    def w(net: Lanes) -> Any:
        return in_factor(net, tuple((i,) for i in range(net.N)))

    @reading(relative_to=("f",))
    def W(net: Lanes) -> Any:
        return in_factor(net, net.kind.batches(net.world))


def row(net: Lanes, entries: tuple[Fraction, ...]) -> Any:
    """(K, 1, 2) a row of rationals."""
    numbers = [net.arithmetic.zeros(net.count) + net.arithmetic.number(e) for e in entries]
    return net.arithmetic.stack(numbers, 1).unsqueeze(1)


def outputs(net: Lanes, V: Any, x: Any) -> Any:
    """(K, C) outputs of copies V (K, C, m, n), each at its sample (K, C, n) or one copy at all of them."""
    hidden = net.arithmetic.relu((V * x.unsqueeze(2)).sum(-1), Fraction(0))
    return (hidden * net.u).sum(-1)


def slope(net: Lanes, members: tuple[tuple[int, ...], ...]) -> Any:
    """(K, C, m, n): the gradient in V of the mean loss of sets of samples."""

    def loss(V: Any) -> Any:
        apart = V.shape[1] > 1
        x = net.arithmetic.take(net.x, members, 1) if apart else net.x.unsqueeze(1)
        hidden = net.arithmetic.relu((V.unsqueeze(2) * x.unsqueeze(3)).sum(-1), Fraction(0))
        made = (hidden * net.u.unsqueeze(1)).sum(-1)
        each = (1 - made * net.rho.reshape(-1, 1, 1)).square()
        return each.mean(2) if apart else net.arithmetic.take(each.squeeze(1), members, 1).mean(2)

    return net.arithmetic.gradient(loss, net.V, len(members))


def without_radial(net: Lanes, gradients: Any) -> Any:
    """Gradients (K, C, m, n) less their part along V."""
    V = net.V.unsqueeze(1)
    return gradients - V * (gradients * V).sum((-2, -1), keepdim=True)


def in_factor(net: Lanes, members: tuple[tuple[int, ...], ...]) -> Any:
    """(K, C): the derivative in rho of the mean loss of sets of samples, plus lam rho**2."""
    f, lam = net.f, net.lam.unsqueeze(1)

    def loss(rho: Any) -> Any:
        # (K, C, 1): a copy of rho for each set.
        apart = rho.shape[1] > 1
        fs = net.arithmetic.take(f, members, 1) if apart else f.unsqueeze(1)
        each = (1 - fs * rho).square()
        mean = each.mean(2) if apart else net.arithmetic.take(each.squeeze(1), members, 1).mean(2)
        return mean + lam * rho.squeeze(2).square()

    return net.arithmetic.gradient(loss, net.rho.unsqueeze(1), len(members)).squeeze(2)


__all__ = ["UnitWeights"]
