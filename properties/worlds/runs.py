"""Runs of gradient descent on a model that is not linear, near a reference Jacobian with prescribed singular values.

The theorem of Oymak et al. 2019 about such runs does not change when outputs and parameters are rotated. So the
reference is diagonal here: its singular vectors are the unit vectors, and projections drop entries. The model is
quadratic in the parameters, along one direction, so that the norm by which its Jacobian moves is known exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from properties.worlds.prescribed_spectra import looked_up
from symbolic.papers.trajectories import OUTPUTS, PARAMETERS
from verify.worlds import Kind, KindError, Lanes, reading

REST = PARAMETERS - OUTPUTS
"""Parameters that do not act in the reference."""

FINEST = 16
"""Singular values are multiples of 1/15 of the largest, or the cutoff, or the largest; cutoffs are in sixteenths."""

FEWEST_BELOW, MOST_MORE, MOST_STEPS = 6, 5, 16
"""Sixteenths that a cutoff is below beta at most, steps that are taken beyond the fewest, and steps in all."""

RATIONAL_STEPS = 3
"""Steps that an appeal takes in rationals; their lengths triple with each, so that later ones are enclosed."""

SHARES = tuple(map(Fraction, ("1", "1/2", "1/8", "0", "5/4")))
"""Of what the theorem allows, eps and eps_0: the last one is too large."""

BENDS = tuple(map(Fraction, ("0", "1", "1/2", "1/8", "3/4", "1", "9/8", "2", "4", "512")))
"""Of what eps allows on the ball of the theorem, how far the Jacobian moves there: from 9/8 on it is too far."""


@dataclass(frozen=True)
class ReferenceRuns(Kind):
    """f = y + r_0 + J_0 d + (kappa/2) b <w, d>**2 at parameters d (K, 9, 1) from the start, with 6 outputs.

    J = diag(lam) beside 6 x 3 zeros, and J_0 differs from it in these three columns, by a matrix of rank one and of
    norm eps_0 at most, so that J_0 J_0^T - J J^T has norm eps_0**2 at most. The Jacobian moves by kappa b <w, d> w^T.
    No singular value is so large that the norm of J_0, and eps/2, are together above beta.

    ``near`` "as allowed" has eps and eps_0 in terms of what the theorem allows, T steps with eta = Gamma/(T alpha**2),
    and tau from 0 to T; "anyhow" has them up to a quarter of beta, and tau from 0 to 2.
    """

    near: str = "as allowed"

    speaks: ClassVar[str] = "runs"
    corners: ClassVar[tuple[str, ...]] = ("linear", "longest steps", "away from labels", "nuisance alone")

    def __post_init__(self) -> None:
        if self.near not in ("as allowed", "anyhow"):
            raise KindError(f"near={self.near!r}: say 'as allowed' or 'anyhow'")

    def can_read(self, letter: str) -> bool:
        """No run has an end where its steps are few."""
        return self.near == "as allowed" or letter != "r_T"

    # -- numbers -------------------------------------------------------------------------------------------------

    @reading
    def beta(net: Lanes) -> Any:
        return net.arithmetic.powers(net.integers("size", "", -1, 2), 0, -1, 2)

    @reading
    def alpha(net: Lanes) -> Any:
        return net.beta * (FINEST - net.draw("below", "", 0, FEWEST_BELOW)) * net.arithmetic.number(1, FINEST)

    @reading
    def Gamma(net: Lanes) -> Any:
        return 1 + net.draw("Gamma", "", 0, 6) * net.arithmetic.number(1, 2)

    @reading
    def delta(net: Lanes) -> Any:
        return net.arithmetic.powers(net.integers("delta", "", -6, 0), 0, -6, 0)

    @reading
    def eps(net: Lanes) -> Any:
        share = looked_up(net, "eps", SHARES)
        if net.kind.near == "anyhow":
            return share * net.beta * net.arithmetic.number(1, 5)
        return share * net.delta * net.alpha * (net.alpha / net.beta).square() / net.Gamma * net.arithmetic.number(1, 5)

    @reading
    def eps_0(net: Lanes) -> Any:
        """A root q is at least 2 q/(1 + q), which is rational and meets it at 1."""
        share = looked_up(net, "eps_0", SHARES) * net.arithmetic.number(1, 5)
        if net.kind.near == "anyhow":
            return share * net.beta
        q = net.alpha / (net.delta * net.Gamma * net.beta)
        root = net.arithmetic.where(q < 1, 2 * q / (1 + q), q * 0 + 1)
        return share * net.delta * net.alpha * root

    @reading
    def T(net: Lanes) -> Any:
        """As few steps as Gamma beta**2/alpha**2, rounded up, or half of these, and some more."""
        fewest = net.Gamma * net.beta.square()
        half = net.draw("half", "", 0, 3) == 3
        fewest = net.arithmetic.where(half, fewest * net.arithmetic.number(1, 2), fewest)
        count, square = net.draw("more", "", 0, MOST_MORE), net.alpha.square()
        for number in range(MOST_STEPS - MOST_MORE):
            count = count + net.arithmetic.where(square * number < fewest, square * 0 + 1, square * 0)
        return count

    @reading
    def eta(net: Lanes) -> Any:
        return net.Gamma / (net.T * net.alpha.square())

    @reading
    def tau(net: Lanes) -> Any:
        if net.kind.near == "anyhow":
            return net.draw("step", "", 0, RATIONAL_STEPS - 1)
        before = net.draw("before", "", -MOST_STEPS, MOST_STEPS)
        return net.arithmetic.minimum(net.T, net.arithmetic.maximum(net.T - before, net.T * 0))

    # -- the reference -------------------------------------------------------------------------------------------

    @reading
    def spectrum(net: Lanes) -> Any:
        """(K, 6) the singular values, in no order."""
        t = net.draw("t", str(OUTPUTS), 0, FINEST)
        top = (net.beta - net.eps * net.arithmetic.number(1, 2) - net.eps_0.square() / net.beta).unsqueeze(1)
        cutoff = net.arithmetic.minimum(net.alpha.unsqueeze(1), top)
        found = top * t * net.arithmetic.number(1, FINEST - 1)
        found = net.arithmetic.where(t == FINEST - 1, cutoff + t * 0, found)
        return net.arithmetic.where(t == FINEST, top + t * 0, found)

    @reading
    def kept(net: Lanes) -> Any:
        """(K, 6) 1 where an output is in the information space, 0 elsewhere."""
        nothing = net.spectrum * 0
        return net.arithmetic.where(net.spectrum >= net.alpha.unsqueeze(1), nothing + 1, nothing)

    @reading
    def J(net: Lanes) -> Any:
        return net.arithmetic.diagonal_matrix(net.spectrum) @ net.arithmetic.eye(PARAMETERS)[:OUTPUTS]

    @reading
    def J_0(net: Lanes) -> Any:
        left, right = net.draw("left", f"{OUTPUTS} 1", -2, 2), net.draw("right", f"{REST} 1", -2, 2)
        length = left.abs().sum((-2, -1)) * right.abs().sum((-2, -1))
        factor = net.eps_0 / net.arithmetic.where(length == 0, length + 1, length)
        beside = net.arithmetic.eye(PARAMETERS)[OUTPUTS:]
        return net.J + left @ right.mT @ beside * factor.reshape(-1, 1, 1)

    # -- the residual --------------------------------------------------------------------------------------------

    @reading
    def coefficients(net: Lanes) -> Any:
        """(K, 6) the residual at the start."""
        return net.draw("a", str(OUTPUTS), -4, 4)

    @reading
    def r_0(net: Lanes) -> Any:
        return net.coefficients.unsqueeze(2)

    @reading
    def r_I(net: Lanes) -> Any:
        return (net.coefficients * net.kept).unsqueeze(2)

    @reading
    def r_N(net: Lanes) -> Any:
        return (net.coefficients * (1 - net.kept)).unsqueeze(2)

    @reading
    def inverses(net: Lanes) -> Any:
        """(K, 6) 1/lam in the information space, 0 elsewhere."""
        return net.kept / net.arithmetic.where(net.kept == 1, net.spectrum, net.spectrum * 0 + 1)

    @reading
    def solved(net: Lanes) -> Any:
        acting = net.arithmetic.eye(PARAMETERS)[:, :OUTPUTS]
        return acting @ (net.coefficients * net.inverses).unsqueeze(2)

    @reading
    def early(net: Lanes) -> Any:
        inside = net.inverses * net.alpha.unsqueeze(1)
        beside = (1 - net.kept) * net.spectrum * (net.Gamma / net.alpha).unsqueeze(1)
        return ((inside.square() + beside.square()) * net.coefficients.square()).sum(1)

    # -- the model -----------------------------------------------------------------------------------------------

    @reading
    def b(net: Lanes) -> Any:
        """(K, 6, 1) which outputs bend."""
        return net.draw("b", f"{OUTPUTS} 1", -2, 2)

    @reading
    def w(net: Lanes) -> Any:
        """(K, 9, 1) the direction in which they do."""
        return net.draw("w", f"{PARAMETERS} 1", -2, 2)

    @reading
    def kappa(net: Lanes) -> Any:
        """(K,) by how much: the ball of the theorem is within one whose radius is in terms of sums of magnitudes."""
        sizes, quotient = net.coefficients.abs(), (net.Gamma / net.alpha).unsqueeze(1)
        radius = (sizes * net.inverses + quotient * sizes * (1 - net.kept + net.delta.unsqueeze(1))).sum(1)
        span = 4 * radius * net.b.abs().sum((-2, -1)) * net.w.square().sum((-2, -1))
        return looked_up(net, "bend", BENDS) * net.eps / net.arithmetic.where(span == 0, span + 1, span)

    @reading
    def bent(net: Lanes) -> Any:
        """(K, 6, 1) half of kappa times b."""
        return net.b * _columns(net.kappa * net.arithmetic.number(1, 2))

    @reading
    def lip(net: Lanes) -> Any:
        return net.kappa * net.b.square().sum((-2, -1)).sqrt() * net.w.square().sum((-2, -1))

    @reading
    def path(net: Lanes) -> Any:
        """(K, steps + 1, 9, 1) by what the parameters have moved after 0, 1, ... steps."""
        back, turned = net.J_0.mT * -_columns(net.eta), net.w * -_columns(net.eta * net.kappa)
        d = back @ net.r_0 * 0
        found = [d]
        for step in range(_steps(net)):
            if step == RATIONAL_STEPS:
                d = d * _columns(net.arithmetic.function("exp", net.eta * 0))  # a ball about 1, of radius 0
            along = net.w.mT @ d
            r = residual(net, d, along)
            d = d + back @ r + turned * (along * (net.b.mT @ r))
            found.append(d)
        return net.arithmetic.stack(found, 1)

    @reading
    def residuals(net: Lanes) -> Any:
        """(K, steps + 1, 6, 1) the residuals of the linear run after 0, 1, ... steps."""
        left = (1 - net.eta.unsqueeze(1) * net.spectrum.square()).unsqueeze(2)
        found = [net.r_0]
        for step in range(_steps(net)):
            if step == RATIONAL_STEPS:
                left = left * _columns(net.arithmetic.function("exp", net.eta * 0))
            found.append(found[-1] * left)
        return net.arithmetic.stack(found, 1)

    @reading(relative_to=("r_0",))
    def r_T(net: Lanes) -> Any:
        return residual(net, _after(net, net.path, net.T))

    @reading(relative_to=("r_0",))
    def r_t(net: Lanes) -> Any:
        return residual(net, net.moved)

    @reading(relative_to=("r_0",))
    def r_next(net: Lanes) -> Any:
        return residual(net, net.moved_on)

    @reading(relative_to=("r_0",))
    def s_t(net: Lanes) -> Any:
        return _after(net, net.residuals, net.tau)

    @reading(relative_to=("r_0",))
    def s_next(net: Lanes) -> Any:
        return _after(net, net.residuals, net.tau + 1)

    @reading
    def moved(net: Lanes) -> Any:
        return _after(net, net.path, net.tau)

    @reading
    def moved_on(net: Lanes) -> Any:
        return _after(net, net.path, net.tau + 1)

    @reading(relative_to=("moved",))
    def moved_linear(net: Lanes) -> Any:
        total, number = net.r_0 * 0, _columns(net.tau)
        for step in range(net.residuals.shape[1]):
            gone = net.residuals[:, step]
            total = total + net.arithmetic.where(number > step, gone, gone * 0)
        return net.J.mT @ total * -_columns(net.eta)

    @reading
    def J_t(net: Lanes) -> Any:
        return net.J_0 + _columns(net.kappa) * (net.w.mT @ net.moved) * (net.b @ net.w.mT)

    @reading
    def far(net: Lanes) -> Any:
        return net.draw("far", f"{PARAMETERS} 1", -2, 2)

    # -- corners -------------------------------------------------------------------------------------------------

    def length(self, world: Any) -> int:
        """A residual is a sum over parameters, step by step."""
        return MOST_STEPS * (PARAMETERS + OUTPUTS) + super().length(world)

    def impose(self, corner: str, name: str, values: Any, net: Lanes) -> Any:
        """Bend integers into a corner; see ``corners``."""
        if corner == "longest steps" and name in ("t", "half", "more"):
            return values * 0 + {"t": FINEST, "half": 3, "more": 0}[name]
        if (corner, name) == ("linear", "eps"):
            return values * 0 + SHARES.index(Fraction(0))
        alone = {("longest steps", "a"), ("linear", "left"), ("linear", "right")}
        if (corner, name) in alone or (corner == "away from labels" and name in ("a", "b", "w")):
            only = values.clone() if (corner, name) in alone else values.abs()
            only[:, 1:] = 0
            return only
        if (corner, name) == ("away from labels", "bend"):
            return values * 0 + len(BENDS) - 1
        return values.clamp(max=FINEST // 2 - 1) if (corner, name) == ("nuisance alone", "t") else values

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by what the numbers are."""
        found: dict[str, Any] = {}
        if {"a", "t"} <= set(net.draws):
            lost, inside = (net.coefficients != 0) & (net.kept == 0), (net.coefficients != 0) & (net.kept == 1)
            found["the residual is information"] = inside.any(1) & lost.any(1).logical_not()
            found["the residual is nuisance"] = lost.any(1) & inside.any(1).logical_not()
            found["the residual is both"] = lost.any(1) & inside.any(1)
        if "bend" in net.draws:
            found["the model bends"] = net.kappa > 0
        return found


def residual(net: Any, d: Any, along: Any = None) -> Any:
    """(K, 6, 1) the residual where the parameters have moved by d (K, 9, 1), which is ``along`` (K, 1, 1) w."""
    along = net.w.mT @ d if along is None else along
    return net.r_0 + net.J_0 @ d + net.bent * along.square()


def _columns(numbers: Any) -> Any:
    return numbers.reshape(-1, 1, 1)


def _steps(net: Any) -> int:
    """How many steps are taken: as many as any network takes, or as the one in exact arithmetic does."""
    few = net.kind.near == "anyhow"
    if not net.arithmetic.exact:
        return RATIONAL_STEPS if few else MOST_STEPS + 1
    return int((net.tau if few else net.T).fraction(0)) + 1


def _after(net: Any, path: Any, number: Any) -> Any:
    """The entry of a path (K, steps + 1, ...) after a number (K,) of steps."""
    if net.arithmetic.exact:
        return path[:, int(number.fraction(0))]
    found = path[:, 0]
    for step in range(1, path.shape[1]):
        found = net.arithmetic.where(_columns(number) == step, path[:, step], found)
    return found


__all__ = ["MOST_STEPS", "ReferenceRuns", "residual"]
