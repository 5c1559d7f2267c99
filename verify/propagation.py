"""How the rounding of an argument passes through a function, on lanes.

A value whose rounding is relative to ``scale`` may be off by ``slack * scale``. The functions here tell, per lane, the
magnitude that the result's rounding is relative to on that account: the largest slope between the ends of what the
argument may be, times ``scale``. It is infinite where the argument may be where the function has no value.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from verify.arena import torch

Peak = Callable[[Any], Any]


def passed(name: str, a: Any, scale: Any, slack: float, peak: Peak) -> Any:
    """(K,) by how much an error of the argument ``a`` (K, ...) of a function moves it, relative to the allowance."""
    module, a = torch(), a.detach()
    scale, error = _spread(scale, slack, a)
    near = (a.abs() - error).clamp(min=0)
    if name in ("floor", "ceil"):
        # A jump in reach; what is an integer as computed is taken for one.
        reach = (a - a.round()).abs()
        return peak(module.where((reach > 0) & (reach <= error), 1 / slack, 0 * scale)) if slack else peak(0 * scale)
    steep = {
        "exp": lambda: (a + error).exp(),
        "log": lambda: 1 / near,
        "atan": lambda: 1 / (1 + near * near),
        "tanh": lambda: 1 - near.tanh().square(),
        "harmonic": lambda: 2 / (1 + near),
        "mean_decay": lambda: (error - a).clamp(min=0).exp(),
    }.get(name)
    moved = scale if steep is None else module.where(scale > 0, scale * steep(), scale)
    return peak(module.where(a > 0, moved, 0 * scale) if name == "log" else moved)


def powered(base: Any, scale: Any, exponent: Any, other: Any, slack: float, peak: Peak) -> Any:
    """(K,) by how much errors of a base and of an exponent move the power, relative to the allowance."""
    module = torch()
    base, exponent = module.broadcast_tensors(base.detach(), exponent.detach())
    scale, error = _spread(scale, slack, base)
    other, doubt = _spread(other, slack, exponent)
    near, far = (base.abs() - error).clamp(min=0), base.abs() + error
    largest = module.maximum(near.pow(exponent), far.pow(exponent))
    steep = exponent.abs() * module.maximum(near.pow(exponent - 1), far.pow(exponent - 1))
    moved = module.where((scale > 0) & (exponent != 0), scale * steep, 0 * scale)
    if slack:
        # Near 0 a root is steep, and yet no further from 0 than its far end.
        moved = module.where(
            exponent > 0, module.minimum(moved.nan_to_num(nan=float("inf")), far.pow(exponent) / slack), moved
        )
    turned = module.where((other > 0) & (base != 0), other * largest * far.log().abs() * (1 + doubt), 0 * other)
    defined = ~base.pow(exponent).isnan()
    return peak(module.where(defined, moved + turned, 0 * moved))


def _spread(scale: Any, slack: float, a: Any) -> tuple[Any, Any]:
    """A scale, a number or (K,), in the shape of ``a``, and what its numbers may be off by."""
    known = torch().as_tensor(scale, dtype=a.dtype, device=a.device)
    if known.ndim:
        known = known.reshape(-1, *(1,) * (a.ndim - 1))
    known = known.expand_as(a)
    return known, known * slack
