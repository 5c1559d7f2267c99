"""Norms of all batch gradients at once, and bounds on the largest where there are too many batches to look at each.

With ``q_j`` the gradient in V of sample j's regularised loss, ``B norm(G_S) = norm(sum of q_j over S)``, which the Gram
matrix of the q_j tells without any gradient of a batch. The bounds are stated and proved, rounding included, in
``docs/mathematics/eps_bounds.md``; each is one formula for lanes, exact numbers and magnitude bounds. Which batch, or
which threshold, goes into a formula is found in floats: any choice gives a bound, a good one gives a good bound.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from verify.arena import ENTRIES_AT_ONCE, torch
from verify.draws import index_array
from verify.worlds import Lanes, World

MANY = 2**16
"""Batches beyond which ``eps`` is bounded instead of enumerated."""

DIRECT = 2**16
"""Entries of all batch gradients up to which their norms are taken directly, which keeps the digits near 0."""

GRADIENTS = 2**16
"""Entries of all per-sample gradients up to which bounds start from these, for the same reason."""

STARTS, ROUNDS = 8, 8
"""Batches from which a large one is looked for, and rounds of bettering it."""


def many(world: World) -> bool:
    """Whether a world has more than ``MANY`` batches."""
    return math.comb(world.size("N"), world.size("B")) > MANY


# -- Gram matrices, and the norms of given batches -----------------------------------------------------------------


def factors(net: Lanes) -> tuple[Any, Any]:
    """p (K, N, m) and x (K, N, n) with ``h_j = p_j x_j^T``, the gradient in V of the data loss of sample j."""
    active = net.arithmetic.step(net.z.squeeze(-1), net.convention("kink"))
    return active * net.u * (net.r * net.arithmetic.number(2 * net.convention("s"))).unsqueeze(-1), net.x.squeeze(-1)


def gram(net: Lanes) -> Any:
    """(K, N, N) inner products of the q_j through factors: no gradient is formed."""
    p, x = factors(net)
    decay = (net.g * net.arithmetic.number(net.convention("c"))).unsqueeze(-1)
    along = (p * (x @ net.V.mT)).sum(-1).unsqueeze(-1) @ decay.mT
    size = net.V.square().sum((-2, -1)).reshape(net.count, 1, 1)
    return (p @ p.mT) * (x @ x.mT) + along + along.mT + decay @ decay.mT * size


def squared_sums(inner: Any, batches: tuple[tuple[int, ...], ...]) -> Any:
    """(K, batches) squared norms of the sums over batches, from inner products (K, N, N)."""
    flat, count = inner.reshape(inner.shape[0], -1), inner.shape[-1]
    members = index_array(batches)
    total = None
    for k in range(members.shape[1]):
        for j in range(k + 1):
            entries = flat.index_select(1, _on_device(members[:, k] * count + members[:, j], inner))
            entries = entries if j == k else entries * 2
            total = entries if total is None else total + entries
    return total


def batch_norms(net: Lanes) -> Any:
    """(K, batches) the norms of all batch gradients, through the Gram matrix of the q_j."""
    return squared_sums(gram(net), net.kind.batches(net.world)).clamp(min=0).sqrt() / net.B


def largest_norm(net: Lanes, q: Any, batches: tuple[tuple[int, ...], ...]) -> Any:
    """(K,) the largest norm of the mean of q (K, N, m, n) over a batch: of the means themselves where they are few."""
    flat = q.reshape(q.shape[0], q.shape[1], -1)
    direct = len(batches) * flat.shape[2] <= DIRECT
    inner = None if direct else flat @ flat.mT
    # What is held at once stays bounded, whatever the number of lanes and batches.
    size = max(1, ENTRIES_AT_ONCE // (flat.shape[0] * (flat.shape[2] if direct else 1)))
    largest = []
    for start in range(0, len(batches), size):
        part = batches[start : start + size]
        squares = _sums(flat, part).square().sum(-1) if direct else squared_sums(inner, part)
        largest.append(squares.amax(1))
    return net.arithmetic.stack(largest, 1).amax(1).clamp(min=0).sqrt() / len(batches[0])


def _sums(flat: Any, batches: tuple[tuple[int, ...], ...]) -> Any:
    """(K, batches, entries) sums of flat (K, N, entries) over batches, one member of each after the other."""
    members = index_array(batches)
    total = flat.index_select(1, _on_device(members[:, 0], flat))
    for k in range(1, members.shape[1]):
        total = total + flat.index_select(1, _on_device(members[:, k], flat))
    return total


# -- bounds on the largest -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rounding:
    """How far floats may be off: relative allowance, and magnitudes (K, N) of what was summed.

    The squared norm of a sum over S is off by at most ``allowance * (sum of products)**2``, after which its norm is off
    by at most ``allowance * (sum of gradients)``, the sums being over S. Exact numbers have no allowance.
    """

    allowance: float = 0.0
    products: Any = None
    gradients: Any = None


def largest_bounds(net: Lanes) -> tuple[Any, Any]:
    """(lower, upper), each (K,): bounds on ``eps``, the largest norm of a batch gradient, of a two-layer network."""
    inner, rounding = inner_products(net)
    return bounds(net, inner, net.B, rounding)


def inner_products(net: Lanes) -> tuple[Any, Rounding]:
    """(K, N, N) inner products of the q_j, from the gradients themselves where these are small, and their rounding."""
    direct = net.N * net.m * net.n <= GRADIENTS
    flat = net.q.reshape(net.count, net.N, -1) if direct else None
    inner = flat @ flat.mT if flat is not None else gram(net)
    arena = getattr(net.arithmetic, "arena", None)
    if arena is None:
        return inner, Rounding()
    allowance, size = arena.allowance(net.kind.length(net.world)), magnitudes(net)
    if flat is None:
        return inner, Rounding(allowance, size, size * 0)
    return inner, Rounding(allowance, flat.square().sum(-1).sqrt(), size)


def magnitudes(net: Lanes) -> Any:
    """(K, N) of lanes: the norms of the q_j if nothing in them cancelled, which their rounding is relative to."""
    x, V, u = net.x.squeeze(-1).abs(), net.V.abs(), net.u.abs()
    outputs = ((x @ V.mT + net.b.abs().mT) * u).sum(-1) + net.y.abs()
    active = net.arithmetic.step(net.z.squeeze(-1), net.convention("kink")) * u
    slopes = active.square().sum(-1).sqrt() * x.square().sum(-1).sqrt()
    decay = net.g.abs() * net.arithmetic.number(net.convention("c")) * V.square().sum((-2, -1)).sqrt().unsqueeze(1)
    return outputs * slopes * net.arithmetic.number(2 * net.convention("s")) + decay


def bounds(net: Lanes, inner: Any, B: int, rounding: Rounding) -> tuple[Any, Any]:
    """(lower, upper), each (K,): bounds on the largest norm of a mean over B of N vectors with these inner products."""
    low = squared_sum(inner, large_batch(inner, B))
    return outward(net, low, least_upper(net, inner, B, rounding), B, rounding)


def outward(net: Lanes, low: Any, high: Any, B: int, rounding: Rounding) -> tuple[Any, Any]:
    """(lower, upper), each (K,): bounds on a norm of means from those on squared norms of sums, rounding included."""
    if not rounding.allowance:
        return low.clamp(min=0).sqrt() / B, high.clamp(min=0).sqrt() / B
    # Centring at most doubles the magnitudes that enter; the last factor covers the roots and the quotient.
    slack = (2 * top_sum(net, rounding.products, B)).square() * rounding.allowance
    moved, last = top_sum(net, rounding.gradients, B) * rounding.allowance, rounding.allowance
    lower = ((low - slack).clamp(min=0).sqrt() - moved).clamp(min=0) * (1 - last) / B
    return lower, ((high.clamp(min=0) + slack).sqrt() + moved) * (1 + last) / B


def squared_sum(inner: Any, members: Any) -> Any:
    """(K,) the squared norm of the sum over one batch per lane, members (K, B): at most the largest one."""
    lanes = torch().arange(inner.shape[0], device=members.device).reshape(-1, 1, 1)
    return inner[lanes, members.unsqueeze(2), members.unsqueeze(1)].sum((1, 2))


def least_upper(net: Lanes, inner: Any, B: int, rounding: Rounding) -> Any:
    """(K,) the least of three bounds on the squared norm of a sum of B of the vectors."""
    minimum, lanes = net.arithmetic.minimum, inner.shape[0]
    means = inner.mean(2)
    mean = means.mean(1)
    along = (means - mean.unsqueeze(1)) * (2 * B)
    apart = inner - means.unsqueeze(1) - means.unsqueeze(2) + mean.reshape(lanes, 1, 1)
    rows = minimum(row_bound(net, inner, means * 0, B), row_bound(net, apart, along, B) + mean * (B * B))
    centred = spectral_bound(net, apart, rounding) * B + top_sum(net, along, B) + mean * (B * B)
    return minimum(rows, centred)


def row_bound(net: Lanes, inner: Any, linear: Any, B: int) -> Any:
    """(K,) at least ``1_S^T inner 1_S + sum of linear over S`` for every S of B: the B largest of row bounds.

    The bound of row i is ``inner_ii + linear_i`` and the B - 1 largest other entries of the row.
    """
    rows = inner.diagonal(dim1=1, dim2=2) + linear
    if B > 1:
        others = _floats(inner)
        others.diagonal(dim1=1, dim2=2).fill_(-math.inf)
        place = others.topk(B - 1).indices[..., -1:]
        lanes = torch().arange(inner.shape[0], device=place.device).reshape(-1, 1, 1)
        line = torch().arange(inner.shape[-1], device=place.device).reshape(1, -1, 1)
        threshold = inner[lanes, line, place]
        above = (inner - threshold).clamp(min=0)
        own = above.diagonal(dim1=1, dim2=2)
        rows = rows + threshold.squeeze(-1) * (B - 1) + above.sum(2) - own
    return top_sum(net, rows, B)


def top_sum(net: Lanes, values: Any, B: int) -> Any:
    """(K,) at least the sum of any B of the values (K, N): ``B t + sum of max(value - t, 0)``, t the B-th largest."""
    place = _floats(values).topk(B).indices[:, -1:]
    lanes = torch().arange(values.shape[0], device=place.device).reshape(-1, 1)
    threshold = values[lanes, place]
    return threshold.squeeze(1) * B + (values - threshold).clamp(min=0).sum(1)


def spectral_bound(net: Lanes, inner: Any, rounding: Rounding) -> Any:
    """(K,) at least the largest eigenvalue: the eighth root of ``trace(inner**8)``, by a tangent of the root.

    For t > 0 the eighth root of Y is at most ``(Y / t**7 + 7 t) / 8``, with equality at ``t**8 = Y``: t is a float, so
    the bound of a rational matrix is rational.
    """
    module, lanes = torch(), inner.shape[0]
    # In units of a power of two that is about the largest entry, so that eighth powers stay in range.
    peak = _floats(inner).abs().flatten(1).amax(1)
    unit = net.arithmetic.scaled(_usable(2.0 ** peak.clamp(min=module.finfo(peak.dtype).tiny).log2().floor()))
    scaled = inner * net.arithmetic.reciprocal(unit).reshape(lanes, 1, 1)
    second = scaled @ scaled
    eighth = (second @ second).square().sum((1, 2))
    if rounding.allowance:
        eighth = (eighth.sqrt() + scaled.square().sum((1, 2)).square() * rounding.allowance).square()
    # A float of few bits, so that exact numbers stay short.
    t = net.arithmetic.scaled(_usable((_floats(eighth).clamp(min=0) ** 0.125).float().to(peak.dtype)))
    power = t.square() * t
    bound = (eighth * net.arithmetic.reciprocal(power * power * t) + t * 7) * net.arithmetic.number(1, 8) * unit
    bound = net.arithmetic.where(eighth == 0, bound * 0, bound)
    if not rounding.allowance:
        return bound
    return bound + rounding.products.square().sum(1) * (4 * rounding.allowance)


# -- choices, in floats --------------------------------------------------------------------------------------------


def large_batch(inner: Any, B: int) -> Any:
    """(K, B) members of a batch whose sum is long: alternation from several starts, then exchanges of two samples.

    Alternation goes from the sum v of a batch to the B samples with the largest ``<q_j, v>``, which never shortens it.
    """
    module, K = torch(), _floats(inner)
    size = K.shape[-1]
    diagonal = K.diagonal(dim1=1, dim2=2)
    longest = diagonal.topk(min(STARTS, size)).indices
    starts = module.cat([diagonal.unsqueeze(1), K.sum(1, keepdim=True), _rows(K, longest)], 1)
    members = starts.topk(B).indices
    for _ in range(ROUNDS):
        chosen = module.zeros_like(starts).scatter_(2, members, 1.0)
        members = (chosen @ K).topk(B).indices
    chosen = module.zeros_like(starts).scatter_(2, members, 1.0)
    best = ((chosen @ K) * chosen).sum(2).argmax(1)
    lanes = module.arange(K.shape[0], device=K.device)
    members = members[lanes, best]
    for _ in range(ROUNDS):
        members = _exchanged(K, diagonal, members)
    return members


def _exchanged(K: Any, diagonal: Any, members: Any) -> Any:
    """The members (K, B) after the exchange of one for another that lengthens the sum most, if any does."""
    module = torch()
    rows = _rows(K, members)
    totals = rows.sum(1)
    own = totals.gather(1, members), diagonal.gather(1, members)
    gain = 2 * (totals.unsqueeze(1) - own[0].unsqueeze(2) - rows) + diagonal.unsqueeze(1) + own[1].unsqueeze(2)
    inside = module.zeros_like(totals, dtype=module.bool).scatter_(1, members, True)
    best, place = gain.masked_fill(inside.unsqueeze(1), -math.inf).flatten(1).max(1)
    position, sample = place // K.shape[-1], place % K.shape[-1]
    changed = members.scatter(1, position.unsqueeze(1), sample.unsqueeze(1))
    return module.where((best > 0).unsqueeze(1), changed, members)


def _rows(K: Any, which: Any) -> Any:
    """Rows (K, R, N) of matrices (K, N, N) at (K, R)."""
    return K.gather(1, which.unsqueeze(2).expand(-1, -1, K.shape[-1]))


def _usable(floats: Any) -> Any:
    """The floats, with 1 for what is zero, infinite or not a number."""
    return torch().where((floats > 0) & floats.isfinite(), floats, torch().ones_like(floats))


def _floats(array: Any) -> Any:
    """An array of any arithmetic in floats that are near it: what choices are made by."""
    module = torch()
    if isinstance(array, module.Tensor):
        return array.detach().nan_to_num()
    near = array.approximate() if hasattr(array, "approximate") else array.bound
    return module.as_tensor(np.array(near, dtype=np.float64)).nan_to_num()


def _on_device(index: Any, array: Any) -> Any:
    """Indices as an array takes them: a tensor on its device, or the numpy array."""
    module = torch()
    return module.as_tensor(index, device=array.device) if isinstance(array, module.Tensor) else index
