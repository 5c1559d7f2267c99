"""Rademacher complexities of finite classes, by enumerating all signs: predictions, and their losses on one sample.

``R`` is ``(1/N) E max over the class of <signs, predictions>``, with one sign for each output at each sample, and
``R_l`` the same of the losses, with one sign for each sample. Nothing is estimated: the mean is over all signs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from verify.worlds import Kind, Lanes, ReadingError, Size, World, reading

MOST_SIGNS = 16
"""The most signs over which a mean is taken: 2**16 terms."""

SIGNS_AT_ONCE = 6
"""The most signs of a world that is drawn, so that many of them fit into memory."""

LINEAR, DISTANCE, CLIPPED, ANY = range(4)
"""The losses that a drawn ``form`` says: <a, f>, |f - y|, min(1, |f - y|), and numbers that are merely drawn."""


@dataclass(frozen=True)
class FiniteClasses(Kind):
    """Lanes of T functions with values f (L, T, N, K) at N samples, and of a loss for each function at each sample.

    ``steepness`` says whether a loss is 1-Lipschitz on the class, which is all that it has to be: numbers that differ
    by at most the distance of the predictions are those of a 1-Lipschitz function of the prediction.
    """

    functions: Size = Size(2, 4)
    samples: Size = Size(1, 3)
    outputs: Size = Size(1, 2)

    speaks: ClassVar[str] = "rademacher"
    letters: ClassVar[dict[str, str]] = {"T": "functions", "N": "samples", "K": "outputs"}
    corners: ClassVar[tuple[str, ...]] = ("no labels", "equal outputs", "away from zero")

    def fits(self, sizes: dict[str, int]) -> bool:
        """Few enough signs."""
        return super().fits(sizes) and sizes["N"] * sizes["K"] <= SIGNS_AT_ONCE

    @reading
    def f(net: Lanes) -> Any:
        """(L, T, N, K) the predictions."""
        return net.draw("f", "T N K", -4, 4, -1)

    @reading
    def losses(net: Lanes) -> Any:
        """(L, T, N) the losses, of the form that was drawn."""
        form = net.draw("form", "", LINEAR, ANY).reshape(-1, 1, 1)
        at = net.draw("at", "N K", -5, 5).unsqueeze(1)
        away = (net.f - at * net.arithmetic.number(1, 2)).square().sum(3).sqrt()
        found = net.draw("losses", "T N", -4, 4, -1)
        linear = (net.f * at * net.arithmetic.number(1, 5)).sum(3)
        for number, made in ((LINEAR, linear), (DISTANCE, away), (CLIPPED, away.clamp(max=1))):
            found = net.arithmetic.where(form + 0 * found == number, made, found)
        return found

    @reading
    def R(net: Lanes) -> Any:
        return complexity(net, net.f)

    @reading
    def R_l(net: Lanes) -> Any:
        return complexity(net, net.losses.unsqueeze(3))

    @reading
    def steepness(net: Lanes) -> Any:
        f, losses = net.f, net.losses
        steps = (losses.unsqueeze(1) - losses.unsqueeze(2)).square()
        return (steps - (f.unsqueeze(1) - f.unsqueeze(2)).square().sum(4)).amax((1, 2, 3))

    @property
    def price(self) -> int:
        """A network is looked at with all signs, or all samples."""
        return 2

    # -- corners -------------------------------------------------------------------------------------------------

    def length(self, world: World) -> int:
        """A mean over all signs of sums over samples and outputs."""
        return super().length(world) + 2**SIGNS_AT_ONCE

    def impose(self, corner: str, name: str, values: Any, net: Lanes) -> Any:
        """Bend integers into a corner; see ``corners``."""
        if corner != "equal outputs" and name == "at":
            return values * 0
        if corner == "away from zero" and name == "form":
            return values * 0 + DISTANCE
        bent = values.clone()
        if corner != "no labels" and name in ("f", "at"):
            bent[:] = values[..., :1]
        if (corner, name) == ("away from zero", "f"):
            bent = bent.abs()
            bent[:, 0] = 0
            bent[:, :, 1:] = 0
        return bent

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by what the classes are."""
        found: dict[str, Any] = {}
        if "f" in net.draws:
            drawn = net.draws["f"].values
            found["a class without spread"] = (drawn == drawn[:, :1]).flatten(1).all(1)
            found["a function that is zero"] = (drawn == 0).flatten(2).all(2).any(1)
        return found


def over_signs(net: Lanes, arrays: Any) -> Any:
    """(L, 2**J, ...) the sums of arrays (L, J, ...) with all signs; ReadingError for more than 2**16 of them.

    The first half has +1 before the last of the J, the first quarter of each half +1 before the one before it, ...
    """
    count = arrays.shape[1]
    if count > MOST_SIGNS:
        raise ReadingError(f"{count} signs are more than the {MOST_SIGNS} that are enumerated; give smaller sizes")
    sums = arrays[:, :1] * 0
    for place in range(count):
        term = arrays[:, place : place + 1]
        sums = net.arithmetic.stack([sums + term, sums - term], 1)
        sums = sums.reshape(sums.shape[0], 2 * sums.shape[2], *sums.shape[3:])
    return sums


def complexity(net: Lanes, predictions: Any) -> Any:
    """(L, ...) the Rademacher complexities of classes of T functions with predictions (L, ..., T, N, K)."""
    *lanes, functions, samples, outputs = predictions.shape
    flat = predictions.reshape(*lanes, functions, samples * outputs).movedim(-1, 1)
    return over_signs(net, flat).amax(-1).mean(1) * net.arithmetic.number(1, samples)


__all__ = ["MOST_SIGNS", "FiniteClasses", "complexity", "over_signs"]
