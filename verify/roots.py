"""Where expressions in one number change sign, or are least or greatest: in floats, for many choices of the others.

What is found is a proposal. A grid that is fine at all scales brackets sign changes and turning points, and every
bracket is narrowed by sections until floats end; what falls between two points of the grid twice is missed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import sympy as sp

from symbolic.atoms import mean_decay

SECTIONS = 32
"""Parts that a bracket is cut into at a time."""

NARROWED = 16
"""How often it is cut; less often for a turning point, of which floats tell half of the digits."""

DECADES = 18
"""How many decades a grid reaches towards an end, and how far beyond one where there is no other."""

FARTHEST = 1e150
"""Numbers of a grid are not larger, so that their products are floats."""

Numbers = Any
"""A float64 array."""

Function = Callable[[Mapping[str, Numbers]], Numbers]

_FUNCTIONS: dict[Any, Any] = {
    sp.exp: np.exp, sp.log: np.log, sp.Abs: np.abs, sp.floor: np.floor, sp.ceiling: np.ceil, sp.tanh: np.tanh,
    sp.atan: np.arctan, sp.sin: np.sin, sp.cos: np.cos,
    mean_decay: lambda u: np.where(u == 0, 1.0, -np.expm1(-u) / u),
}  # fmt: skip


def compiled(node: Any) -> Function | None:
    """An expression as a function of arrays by the full names of its words; None of one with another function."""
    if node.is_number:
        value = np.float64(sp.N(node)) if node.is_real else np.float64("nan")
        return lambda at: value
    if isinstance(node, sp.Symbol):
        name = node.name
        return lambda at: at[name]
    parts = [compiled(a) for a in node.args]
    if None in parts:
        return None
    made: list[Function] = [part for part in parts if part is not None]
    if isinstance(node, sp.Pow):
        base, exponent = made
        return lambda at: np.power(base(at), exponent(at))
    if type(node) in _FUNCTIONS and len(made) == 1:
        function, inside = _FUNCTIONS[type(node)], made[0]
        return lambda at: function(inside(at))
    folds = {sp.Add: np.add, sp.Mul: np.multiply, sp.Max: np.maximum, sp.Min: np.minimum}
    if type(node) not in folds:
        return None
    fold = folds[type(node)]

    def folded(at: Mapping[str, Numbers]) -> Numbers:
        total = made[0](at)
        for part in made[1:]:
            total = fold(total, part(at))
        return total

    return folded


def grid(low: float, high: float, count: int) -> Numbers:
    """Numbers from one end to the other, at all scales towards both of them and towards 0."""
    low, high = max(low, -FARTHEST), min(high, FARTHEST)
    if low > high:
        return np.zeros(0)
    top = high if high < FARTHEST else min(max(abs(low), 1.0) * 10.0**DECADES, FARTHEST)
    far = np.concatenate([[0.0], np.geomspace(10.0**-DECADES, 1.0, count)]) * (top - low)
    sizes = np.geomspace(10.0**-DECADES, 1.0, count) * max(abs(low), abs(top))
    found = np.concatenate([low + far, top - far, sizes, -sizes, [0.0]])
    return np.unique(found[(low <= found) & (found <= top)])


def places(function: Function, name: str, points: Numbers, others: Mapping[str, Numbers]) -> tuple[Numbers, Numbers]:
    """Where a function of one word changes sign or turns, and for which of the others: two arrays of one length.

    ``others`` are arrays of one length by name; one of length 1 stands for all.
    """
    lanes = max((len(values) for values in others.values()), default=1)
    with np.errstate(all="ignore"):
        whole = {k: v[None, :] for k, v in others.items()}
        values = np.broadcast_to(function({**whole, name: points[:, None]}), (len(points), lanes))
        found = []
        for below in (np.less, np.less_equal):
            signs = below(values, 0)
            known = np.isfinite(values[1:]) | np.isfinite(values[:-1])
            at, lane = np.nonzero((signs[1:] != signs[:-1]) & known)
            inside = {k: v if len(v) == 1 else v[lane] for k, v in others.items()}
            ends = _crossed(function, name, points[at], points[at + 1], inside, below, signs[at, lane])
            found += [(end, lane) for end in ends]
        for sign in (1.0, -1.0):
            least = sign * values
            dips = (least[1:-1] <= least[:-2]) & (least[1:-1] < least[2:])
            at, lane = np.nonzero(dips & np.isfinite(least[1:-1]))
            inside = {k: v if len(v) == 1 else v[lane] for k, v in others.items()}
            found.append((_turned(function, name, points[at], points[at + 2], inside, sign), lane))
    return np.concatenate([at for at, _ in found]), np.concatenate([lane for _, lane in found])


def _sections(low: Numbers, high: Numbers) -> Numbers:
    return low + (high - low) * np.linspace(0.0, 1.0, SECTIONS + 1)[:, None]


def _crossed(
    function: Function, name: str, low: Numbers, high: Numbers, others: Mapping[str, Numbers], below: Any, first: Any
) -> tuple[Numbers, Numbers]:
    """Brackets of the first place at which a sign is another one, narrowed: the last numbers before it, and after it.

    ``first`` are the signs at the lower ends.
    """
    lanes = np.arange(len(low))
    for _ in range(NARROWED if len(low) else 0):
        inner = _sections(low, high)
        changed = below(function({**others, name: inner}), 0) != first
        changed[-1] = True
        changed[0] = False
        place = changed.argmax(0)
        low, high = inner[place - 1, lanes], inner[place, lanes]
    return low, high


def _turned(
    function: Function, name: str, low: Numbers, high: Numbers, others: Mapping[str, Numbers], sign: float
) -> Numbers:
    """Where a function that falls and then rises, times a sign, is least."""
    lanes = np.arange(len(low))
    for _ in range(NARROWED // 2 if len(low) else 0):
        inner = _sections(low, high)
        values = np.nan_to_num(sign * np.broadcast_to(function({**others, name: inner}), inner.shape), nan=np.inf)
        place = values.argmin(0)
        low, high = inner[np.maximum(place - 1, 0), lanes], inner[np.minimum(place + 1, SECTIONS), lanes]
    return (low + high) / 2
