"""Linear regression with noise in inputs and labels: what is lost on average, in the span of the signal and beside it.

The noise takes 16 equally likely values. Its entries have mean 0, one variance for inputs and one for labels, and are
uncorrelated, which is all that the mean of a squared loss depends on; so that this mean is exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from properties.worlds.prescribed_spectra import frame
from verify.worlds import Kind, Lanes, reading

SAMPLES, FEATURES = 3, 2
CASES = 16


@dataclass(frozen=True)
class NoisyRegression(Kind):
    """A signal X (K, 3, 2) of rank 0 to 2, labels X w_true, weights w (K, 2, 1), and noise of drawn sizes.

    ``loss`` is the mean over the noise of half the squared residual of w; ``loss_I`` and ``loss_N`` those of its
    projections to the span of the columns of X and to what is orthogonal to it.
    """

    speaks: ClassVar[str] = "regression"
    corners: ClassVar[tuple[str, ...]] = ("no noise in inputs", "no noise in labels", "rank one")

    @reading
    def spectrum(net: Lanes) -> Any:
        """(K, 2) the singular values of X."""
        return net.draw("t", str(FEATURES), 0, 4)

    @reading
    def spanned(net: Lanes) -> Any:
        """(K, 3, 2) columns that span what the columns of X span: unit vectors, or zeros."""
        unit = net.arithmetic.where(net.spectrum > 0, net.spectrum * 0 + 1, net.spectrum * 0)
        return frame(net, "left", SAMPLES)[:, :, :FEATURES] * unit.unsqueeze(1)

    @reading
    def rank(net: Lanes) -> Any:
        return net.arithmetic.where(net.spectrum > 0, net.spectrum * 0 + 1, net.spectrum * 0).sum(1)

    @reading
    def X(net: Lanes) -> Any:
        return (net.spanned * net.spectrum.unsqueeze(1)) @ frame(net, "right", FEATURES).mT

    @reading
    def w(net: Lanes) -> Any:
        return net.draw("w", f"{FEATURES} 1", -4, 4)

    @reading
    def y(net: Lanes) -> Any:
        return net.X @ net.draw("w_true", f"{FEATURES} 1", -4, 4)

    @reading
    def of_inputs(net: Lanes) -> Any:
        """(K,) the size of the noise of an entry of the inputs."""
        return net.draw("of inputs", "", 0, 4, -1)

    @reading
    def of_labels(net: Lanes) -> Any:
        """(K,) that of a label."""
        return net.draw("of labels", "", 0, 4, -1)

    @reading
    def var_x(net: Lanes) -> Any:
        return net.of_inputs.square() * SAMPLES

    @reading
    def var_y(net: Lanes) -> Any:
        return net.of_labels.square() * SAMPLES

    @reading
    def residuals(net: Lanes) -> Any:
        """(K, 16, 3, 1) the residuals of w in every case of the noise."""
        clean, (one, other) = net.X @ net.w - net.y, (net.w[:, place, 0] for place in range(FEATURES))
        cases = []
        for case in range(CASES):
            noise = [
                net.of_inputs * (one * sign(case, 3 * row + 1) + other * sign(case, 3 * row + 2))
                - net.of_labels * sign(case, 3 * row + 3)
                for row in range(SAMPLES)
            ]
            cases.append(clean + net.arithmetic.stack(noise, 1).unsqueeze(2))
        return net.arithmetic.stack(cases, 1)

    @reading
    def loss(net: Lanes) -> Any:
        return net.residuals.square().sum((1, 2, 3)) * net.arithmetic.number(1, 2 * CASES)

    @reading(relative_to=("loss",))
    def loss_I(net: Lanes) -> Any:
        inside = net.spanned.mT.unsqueeze(1) @ net.residuals
        return inside.square().sum((1, 2, 3)) * net.arithmetic.number(1, 2 * CASES)

    @reading(relative_to=("loss",))
    def loss_N(net: Lanes) -> Any:
        spread = net.spanned.unsqueeze(1)
        beside = net.residuals - spread @ (spread.mT @ net.residuals)
        return beside.square().sum((1, 2, 3)) * net.arithmetic.number(1, 2 * CASES)

    # -- corners -------------------------------------------------------------------------------------------------

    def length(self, world: Any) -> int:
        """A loss is a sum over 16 cases of squares of sums of products of four reflections."""
        return 4 * CASES * super().length(world)

    def impose(self, corner: str, name: str, values: Any, net: Lanes) -> Any:
        """Bend integers into a corner; see ``corners``."""
        if (corner, name) in (("no noise in inputs", "of inputs"), ("no noise in labels", "of labels")):
            return values * 0
        if (corner, name) == ("rank one", "t"):
            only = values.clone()
            only[:, 1:] = 0
            return only
        return values

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by the rank of the signal."""
        return {f"rank {rank}": net.rank == rank for rank in range(FEATURES + 1)} if "t" in net.draws else {}


def sign(case: int, column: int) -> int:
    """The sign of a column (1 to 15) in a case (0 to 15): any two columns agree in 8 of them, each is 1 in 8."""
    return 1 - 2 * ((case & column).bit_count() % 2)


__all__ = ["NoisyRegression", "sign"]
