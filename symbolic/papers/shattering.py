"""Words for sets of points that a class of functions shatters, or does not: pseudo-dimensions that are known exactly.

Functions ``f_1, ...`` shatter points with thresholds if for every set of the points one function is above the
thresholds at these points, and not above them at the others.
"""

from __future__ import annotations

from itertools import product
from typing import Any

from sympy import Abs, And, Not, floor

from symbolic.words import word

x = word("shattering:x", "a point on the line")
y = word("shattering:y", "a second point on the line")
r = word("shattering:r", "the threshold at x")
s = word("shattering:s", "the threshold at y")
PATTERNS = tuple(product((0, 1), repeat=2))
SLOPES = {bits: word(f"shattering:t_{bits[0]}{bits[1]}", f"the slope for the pattern {bits}") for bits in PATTERNS}

part = word("shattering:part", "how many points the smaller of two parts has", integer=True, nonnegative=True)
inside_f = word("shattering:f_in", "the least of f minus threshold on the first part of the points")
outside_f = word("shattering:f_out", "the largest of f minus threshold on the second part of the points")
inside_g = word("shattering:g_in", "the largest of g minus threshold on the first part of the points")
outside_g = word("shattering:g_out", "the least of g minus threshold on the second part of the points")


def wave(place: Any) -> Any:
    """The piecewise linear wave of period 2 that is 0 at even and 1 at odd integers."""
    return Abs(place - 2 * floor((place + 1) / 2))


def shatters(function: Any, first: Any, second: Any, thresholds: tuple[Any, Any]) -> Any:
    """The sentence that function(t x), at the slopes t, takes every pattern at two points with thresholds."""
    parts = []
    for bits, slope in SLOPES.items():
        for bit, point, threshold in zip(bits, (first, second), thresholds, strict=True):
            value = function(slope * point)
            parts.append(value > threshold if bit else value <= threshold)
    return And(*parts)


def not_shattered(function: Any, first: Any, second: Any, thresholds: tuple[Any, Any]) -> Any:
    """The sentence that it does not."""
    return Not(shatters(function, first, second, thresholds), evaluate=False)


picked = And(inside_f > 0, outside_f <= 0)
"""f is above the thresholds on the first part, and not above them on the second."""

picked_the_other = And(inside_g <= 0, outside_g > 0)
"""The same of g with the parts exchanged."""
