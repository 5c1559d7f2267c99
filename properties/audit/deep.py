"""What holds in networks of any depth: ranks of batch gradients, the unrolled recursion, balance between layers.

A batch gradient without decay is a sum of B outer products. Descent with decay makes ``W' = (1 - eta c mu) W - eta H``,
so that after t steps all but the share ``(1 - eta c mu)^t`` of the weights has rank at most t B (Galanti, Siegel,
Gupte, Poggio 2025). Gradient flow conserves ``|row|^2 + bias^2 - |column|^2`` at each ReLU neuron.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

from properties.audit.backward import Factors
from properties.audit.network import RELU, Network
from properties.audit.results import Balance, Steps
from properties.audit.spectra import singular_values
from verify.arena import Arena, torch

LOOKED_AT = 8
"""Batch gradients whose rank is taken."""
SHARE = 1 / 100
"""What may be older than the steps that the rank is counted of."""
STEPS = 4
"""Steps that are made to see the recursion hold."""


def batch_rank(factors: Factors, members: Any, arena: Arena) -> int:
    """The rank, up to rounding, of the sum of the outer products over a batch, which is not formed."""
    qr = torch().linalg.qr
    small = qr(factors.delta[members].mT, mode="r").R @ qr(factors.a[members].mT, mode="r").R.mT
    sigma = singular_values(small)
    # A product of two factors: its rounding is relative to their sizes.
    scale = factors.delta[members].norm() * factors.a[members].norm()
    return int((sigma > arena.allowance(factors.length) * scale).sum())


def unrolled(factors_at: Any, W: Any, batches: Any, rate: float, strength: float) -> float | None:
    """How far the unrolled recursion is off after one step per batch, in norms of the weights; None if they diverge.

    ``factors_at(W, members)`` gives the factors of a batch at other weights of the layer; other layers stay as they
    are.
    """
    moved, shrink = W.clone(), 1 - rate * strength
    made = []
    for members in batches:
        factors = factors_at(moved, members)
        made.append(factors.delta.mT @ factors.a / len(members))
        moved = moved - rate * (made[-1] + strength * moved)
    last = len(made) - 1
    told = shrink ** len(made) * W - rate * sum(shrink ** (last - t) * H for t, H in enumerate(made))
    length = float(moved.norm())
    apart = float((moved - told).norm())
    if not math.isfinite(apart + length):
        return None
    return apart / length if length else 0.0


def steps(
    factors: Factors, B: int, rate: float | None, strength: float, mismatch: float | None, arena: Arena, seed: int
) -> Steps:
    """The ranks of a few random batch gradients, and what the recursion says at a step size."""
    random = torch().Generator(device=factors.a.device).manual_seed(seed)
    count = len(factors.a)
    drawn = [torch().randperm(count, generator=random, device=factors.a.device)[:B] for _ in range(LOOKED_AT)]
    shrinks = None if rate is None else 1 - rate * strength
    needed = None
    if shrinks is not None and 0 < shrinks < 1:
        needed = math.ceil(math.log(SHARE) / math.log(shrinks))
    return Steps(
        looked_at=LOOKED_AT,
        largest_rank=max(batch_rank(factors, members, arena) for members in drawn),
        bound=min(B, *factors.layer.W.shape),
        shrinks=shrinks,
        share=SHARE,
        steps=needed,
        rank_bound=None if needed is None else needed * B,
        mismatch=mismatch,
    )


def balances(network: Network) -> tuple[Balance, ...]:
    """The imbalance at each layer of ReLU neurons: of what flow conserves, its sum over that of what it is made of."""
    found = []
    for first, second in pairwise(network.layers):
        if first.activation != RELU:
            continue
        rows, columns = first.W.square().sum(1), second.W.square().sum(0)
        if first.b is not None:
            rows = rows + first.b.square()
        total = float((rows + columns).sum())
        apart = float((rows - columns).abs().sum())
        found.append(Balance((first.name, second.name), len(rows), apart / total if total else 0.0))
    return tuple(found)
