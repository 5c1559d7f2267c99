"""Norms of all batch gradients of a layer, through the factors of the samples' gradients.

``<q_i, q_j> = (delta_i . delta_j)(a_i . a_j) + ...`` fills a Gram matrix block by block; the bounds on the largest
norm are those of docs/mathematics/eps_bounds.md, the mean square is that of the second moment.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from properties.audit.backward import Factors
from properties.audit.results import Norms
from properties.audit.values import value
from properties.worlds import batches
from properties.worlds.batches import Rounding
from symbolic.papers import proximity_proofs as sketches
from symbolic.papers.weight_decay import B as BATCH
from symbolic.papers.weight_decay import G, N, S, j, q
from symbolic.sentences import mean, norm
from verify.arena import Arena, torch
from verify.lanes import LaneArithmetic

BLOCK = 2048
"""Rows of the Gram matrix that are formed at once."""
SAMPLED = 10_000
"""Random batches whose norms the quantiles are of."""
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
STARTS, EXCHANGES = 8, 200
"""Batches that the greedy search grows from, and exchanges that it may better each by."""


@dataclass(frozen=True)
class Alone:
    """One network as a lane: what bounds on lanes take of it."""

    arithmetic: LaneArithmetic


@dataclass(frozen=True)
class Gram:
    """Inner products (N, N) of the gradients q_j of N samples, and what their rounding is relative to."""

    inner: Any
    rounding: Rounding
    arena: Arena


def gram(factors: Factors, strength: float, arena: Arena) -> Gram:
    """The Gram matrix of ``q_j = delta_j a_j^T + strength W``; ``strength`` is c mu."""
    a, delta, W = factors.a, factors.delta, factors.layer.W
    count = a.shape[0]
    inner = torch().empty(count, count, dtype=a.dtype, device=a.device)
    along = torch().zeros(count, dtype=a.dtype, device=a.device)
    for start in range(0, count, BLOCK):
        rows = slice(start, start + BLOCK)
        for other in range(0, start + 1, BLOCK):
            columns = slice(other, other + BLOCK)
            block = delta[rows] @ delta[columns].mT
            block *= a[rows] @ a[columns].mT
            inner[rows, columns] = block
            if other < start:
                inner[columns, rows] = block.mT
        if strength:
            along[rows] = (delta[rows] * (a[rows] @ W.mT)).sum(1) * strength
    size = W.square().sum()
    inner += along.unsqueeze(1)
    inner += along
    inner += strength**2 * size
    magnitudes = (factors.sizes + abs(strength) * size.sqrt()).unsqueeze(0)
    allowance = arena.allowance(factors.length + 2 * count + 16)
    return Gram(inner, Rounding(allowance, magnitudes, magnitudes * 0), arena)


def norms(gram: Gram, B: int, seed: int) -> Norms:
    """The norms of all batches of B samples: their mean square, bounds on the largest, quantiles of random ones."""
    K, count = gram.inner, gram.inner.shape[0]
    net: Any = Alone(LaneArithmetic(gram.arena))
    lane, total = K.unsqueeze(0), math.comb(count, B)
    exact = total <= batches.MANY
    if exact:
        everything = tuple(combinations(range(count), B))
        squares = batches.squared_sums(lane, everything)
        attained = squares.amax(1)
        least, most = batches.outward(net, attained, attained, B, gram.rounding)
    else:
        members = searched(K, B)
        attained = batches.squared_sum(lane, members).amax(0, keepdim=True)
        least, most = batches.outward(net, attained, batches.least_upper(net, lane, B, gram.rounding), B, gram.rounding)
    drawn, blocks = _drawn(K, B, seed), _blocks(K, B, seed)
    diagonal = K.diagonal().clamp(min=0)
    whole = float(K.mean().clamp(min=0).sqrt())
    found = drawn.quantile(torch().tensor(QUANTILES, dtype=drawn.dtype, device=drawn.device))
    return Norms(
        batches=str(total) if len(str(total)) <= 20 else f"about 10^{len(str(total)) - 1}",
        exact=exact,
        rms=root_mean_square(float(diagonal.mean()), whole**2, count, B),
        least=float(least[0]),
        most=float(most[0]),
        attained=float(attained.clamp(min=0).sqrt()[0]) / B,
        sampled=len(drawn),
        quantiles=tuple(zip(QUANTILES, map(float, found), strict=True)),
        blocks=len(blocks),
        measured=float(blocks.amax()),
        samples=(float(diagonal.amin().sqrt()), float(diagonal.mean().sqrt()), float(diagonal.amax().sqrt())),
        whole=whole,
    )


def root_mean_square(mean_square: float, square_of_mean: float, count: int, B: int) -> float:
    """The root mean square of all batch gradients, from the samples' gradients: the equation of the second moment."""
    if count == 1:
        return math.sqrt(mean_square)
    known = {mean(norm(q[j]) ** 2, j): mean_square, norm(mean(q[j], j)): math.sqrt(square_of_mean)}
    known |= {N: count, BATCH: B}
    # The left side is a multiple of the mean square, which it is divided by.
    of_one = value(sketches.second_moment.lhs, {**known, mean(norm(G[S]) ** 2, S): 1})
    return math.sqrt(max(value(sketches.second_moment.rhs, known) / of_one, 0.0))


# -- batches that are looked at ---------------------------------------------------------------------------------------


def searched(K: Any, B: int) -> Any:
    """(R, B) batches with long sums: alternation and exchanges, and greedy growth from several samples with exchanges.

    A greedy step adds the sample that lengthens the sum most; an exchange is the best of all, while one gains.
    """
    module = torch()
    best = [batches.large_batch(K.unsqueeze(0), B)[0]]
    starts = module.cat([K.diagonal().topk(min(STARTS, len(K))).indices, K.sum(1).topk(1).indices]).unique()
    best += [_grown(K, [int(start)], B) for start in starts]
    return module.stack([_bettered(K, members) for members in best])


def _grown(K: Any, members: list[int], B: int) -> Any:
    diagonal, totals = K.diagonal(), K[members].sum(0)
    while len(members) < B:
        gain = diagonal + 2 * totals
        gain[members] = -math.inf
        members = [*members, int(gain.argmax())]
        totals = totals + K[members[-1]]
    return torch().tensor(members, device=K.device)


def _bettered(K: Any, members: Any) -> Any:
    diagonal = K.diagonal()
    for _ in range(EXCHANGES):
        rows = K[members]
        totals = rows.sum(0)
        gain = 2 * (totals - totals[members].unsqueeze(1) - rows) + diagonal + diagonal[members].unsqueeze(1)
        gain[:, members] = -math.inf
        place = int(gain.argmax())
        if not float(gain.flatten()[place]) > 0:
            break
        members = members.clone()
        members[place // len(K)] = place % len(K)
    return members


def _norms_of(K: Any, members: Any) -> Any:
    """(R,) norms of the means over batches (R, B)."""
    parts = [
        K[part.unsqueeze(2), part.unsqueeze(1)].sum((1, 2))
        for part in members.split(max(1, BLOCK * 8 // members.shape[1]))
    ]
    return torch().cat(parts).clamp(min=0).sqrt() / members.shape[1]


def _drawn(K: Any, B: int, seed: int) -> Any:
    """(R,) norms of random batches, each drawn without replacement."""
    module, count = torch(), len(K)
    random = module.Generator(device=K.device).manual_seed(seed)
    parts, left = [], SAMPLED
    while left:
        size = min(left, max(1, BLOCK * BLOCK // count))
        keys = module.rand(size, count, generator=random, device=K.device)
        parts.append(keys.topk(B).indices)
        left -= size
    return _norms_of(K, module.cat(parts))


def _blocks(K: Any, B: int, seed: int) -> Any:
    """(N // B,) norms of the batches of one epoch, as training draws them."""
    count = len(K)
    random = torch().Generator(device=K.device).manual_seed(seed)
    order = torch().randperm(count, generator=random, device=K.device)
    return _norms_of(K, order[: count // B * B].reshape(-1, B))
