"""Values of sums over places: term by term up to some place, and from there on by blocks of places.

Of exact numbers a block is its length times what a term is at a ball that holds all of its places: an enclosure. On
lanes it is its length times the term in its middle, and the error counts as rounding. Of extents nothing is known.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flint
import numpy as np

from verify.exact import Exact
from verify.layers import Layer, working

EXACT_TERMS, LANE_TERMS = 64, 128
"""Places up to which every term is worked out, of exact numbers and on lanes."""

BLOCKS = 256
"""Blocks of the places beyond these, on lanes."""

LONGER = 8
"""A block of exact numbers begins at so many times its length."""

OFF = 2.0**-6
"""How much of what the blocks are worth lanes may be off."""

MOST_ENTRIES = 1 << 18
"""Terms of all lanes that are worked out at once."""

Terms = Callable[[Any], tuple[Any, Any]]
"""The terms at places (K, places), and what their rounding is relative to: a number, or one for each lane."""


def on_lanes(module: Any, upper: Any, slack: float, terms: Terms) -> tuple[Any, Any]:
    """(K,) sums up to ``upper`` (K,), NaN where that is no integer from 0 on; and what their rounding is relative to.

    ``slack`` is what the allowance is of that.
    """
    last = upper.detach()
    known = (last >= 0) & (last == last.floor()) & ~last.isinf()
    last = module.where(known, last, module.zeros_like(last)).unsqueeze(1)
    most = int(last.max().clamp(max=LANE_TERMS)) if last.numel() else 0
    found, scale = module.zeros_like(last[:, 0]), module.zeros_like(last[:, 0])
    together = max(1, MOST_ENTRIES // max(1, last.shape[0]))
    beyond = (last > LANE_TERMS).any() if last.numel() else False
    for start in range(0, most + (BLOCKS if beyond else 0), together):
        number = module.arange(start, start + together, dtype=last.dtype, device=last.device)
        number = number[number < most + (BLOCKS if beyond else 0)].unsqueeze(0)
        ends = [_end(module, last, number + k - most) for k in (0, 1)]
        block = (number >= most) & (last > LANE_TERMS)
        single = ((number < most) & (number < last)).to(last.dtype)
        length = module.where(block, ends[1] - ends[0], single)
        # Where a lane has no such term, its last one stands in its place, and counts nothing.
        middle = ((ends[0] + 1 + ends[1]) / 2).floor()
        places = module.where(block, middle, module.minimum(number + 1, last.clamp(min=1)))
        array, own = terms(places)
        parts = module.where(length > 0, array * length, module.zeros_like(array * length))
        found = found + parts.sum(1)
        size = module.as_tensor(own, dtype=last.dtype, device=last.device).expand(last.shape[0])
        counted = length.sum(1)
        scale = scale + module.where(counted > 0, counted * size, module.zeros_like(size))
        if slack:
            off = (parts.detach().abs() * block).sum(1) * OFF / slack
            scale = scale + off
    return module.where(known, found, module.full_like(found, float("nan"))), scale


def _end(module: Any, last: Any, number: Any) -> Any:
    """Where a block ends, in geometric progression from ``LANE_TERMS`` to the last place."""
    share = number.clamp(min=0) / BLOCKS
    ratio = last.clamp(min=LANE_TERMS) / LANE_TERMS
    return module.where(share >= 1, last.clamp(min=LANE_TERMS), (LANE_TERMS * ratio**share).floor())


def exactly(upper: Exact, terms: Terms) -> Exact:
    """(1,) the sum up to ``upper`` (1,), undefined where that is no integer from 0 on."""
    nothing = upper * 0
    number = None if upper.undefined_mask().any() else upper[0].to_rational()
    fraction = None if number is None else number.fraction()
    if fraction is None or fraction.denominator != 1 or fraction < 0:
        return nothing.undefined_where(np.ones(1, dtype=bool))
    last = int(fraction)
    if last == 0:
        return nothing
    first = min(last, EXACT_TERMS)
    found = _summed(Exact.integers(np.arange(1, first + 1)), terms)
    blocks = _blocks(first, last)
    if not blocks:
        return found
    balls = np.empty(len(blocks), dtype=object)
    with working():
        balls[:] = [flint.arb(flint.fmpq(low + high, 2), flint.fmpq(high - low, 2)) for low, high in blocks]
    lengths = Exact.integers(np.array([high - low + 1 for low, high in blocks], dtype=object))
    return found + _summed(Exact(balls, 1, Layer.BALL), terms, lengths)


def _summed(places: Exact, terms: Terms, lengths: Exact | int = 1) -> Exact:
    count = places.shape[0]
    return (terms(places.reshape(1, count))[0].expand(1, count) * lengths).sum(1)


def _blocks(before: int, last: int) -> list[tuple[int, int]]:
    """The places after one and up to another, in blocks (low, high) that grow with them."""
    found = []
    while before < last:
        high = min(last, before + max(1, before // LONGER))
        found.append((before + 1, high))
        before = high
    return found


__all__ = ["exactly", "on_lanes"]
