"""Predictions of a classifier on a finite sample, with labels that are unit vectors: errors and distances."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from verify.worlds import Kind, Lanes, Size, reading

LARGEST = 2
"""The largest number of a class that is drawn; those beyond the last mean the last."""

UNIT = 8
"""Scores are 1/2 and multiples of 1 over this: where two classes tie nearest to a label, both are 1/2."""


@dataclass(frozen=True)
class Predictions(Kind):
    """Lanes of N predictions f (L, N, K, 1) and labels y (L, N, K, 1), which are unit vectors.

    A prediction is an error if another class scores at least as much as the label: ties are errors.
    """

    samples: Size = Size(1, 3)
    classes: Size = Size(2, 3)

    speaks: ClassVar[str] = "predictions"
    letters: ClassVar[dict[str, str]] = {"N": "samples", "K": "classes"}
    corners: ClassVar[tuple[str, ...]] = ("ties", "alike")

    @reading
    def y(net: Lanes) -> Any:
        return net.label.unsqueeze(3)

    @reading
    def label(net: Lanes) -> Any:
        """(L, N, K) 1 at the label, 0 elsewhere."""
        drawn = net.draw("label", "N", 0, LARGEST).clamp(max=net.K - 1).unsqueeze(2)
        eye = net.arithmetic.eye(net.K)
        places = sum(eye[place : place + 1] * place for place in range(net.K)).reshape(1, 1, net.K) + 0 * drawn
        return net.arithmetic.where(places == drawn, places * 0 + 1, places * 0)

    @reading
    def f(net: Lanes) -> Any:
        scores = net.draw("f", "N K", -10, 6) * net.arithmetic.number(1, UNIT) + net.arithmetic.number(1, 2)
        return scores.unsqueeze(3)

    @reading
    def a(net: Lanes) -> Any:
        """(L, N) the scores of the labels."""
        return (net.f.squeeze(3) * net.label).sum(2)

    @reading
    def b(net: Lanes) -> Any:
        """(L, N) the largest scores of other classes; where there are none, one less than that of the label."""
        lowest = net.f.squeeze(3).amin(2, keepdim=True) - 1
        if net.K == 1:
            return net.a - 1
        return net.arithmetic.where(net.label == 1, lowest + 0 * net.label, net.f.squeeze(3)).amax(2)

    @reading
    def p(net: Lanes) -> Any:
        return net.a - net.arithmetic.number(1, 2)

    @reading
    def q(net: Lanes) -> Any:
        return net.b - net.arithmetic.number(1, 2)

    @reading
    def rest(net: Lanes) -> Any:
        """(L, N) the squares of all scores but that of the label and the largest other one."""
        return (net.f.squeeze(3).square() * (1 - net.label)).sum(2) - net.b.square()

    @reading
    def square(net: Lanes) -> Any:
        return (net.y - net.f).square().sum((2, 3))

    @reading
    def error(net: Lanes) -> Any:
        wrong = net.b >= net.a
        return net.arithmetic.where(wrong, net.a * 0 + 1, net.a * 0).mean(1)

    # -- corners -------------------------------------------------------------------------------------------------

    def impose(self, corner: str, name: str, values: Any, net: Lanes) -> Any:
        """Bend integers into a corner; see ``corners``."""
        if name != "f" or corner not in self.corners:
            return values
        alike = values[:, :, :1] if corner == "ties" else values[:, :1]
        return alike.clone().expand(*values.shape).clone()

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by what the predictions are."""
        if not {"f", "label"} <= set(net.draws):
            return {}
        return {
            "a tie of the label": (net.a == net.b).any(1),
            "errors alone": (net.b >= net.a).all(1),
            "no error": (net.b < net.a).all(1),
        }


__all__ = ["Predictions"]
