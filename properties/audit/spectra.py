"""Singular values of a layer, and what is made of them: rank, stable rank, Schatten quasi-norms, soft ranks.

``S(p)`` is the sum of the p-th powers of the singular values, ``S(p)^(1/p)`` the Schatten quasi-norm and
``S(p) / sigma_1^p`` the soft rank: the rank at p = 0, the stable rank at p = 2 (docs/mathematics/rank_sparse.md).
"""

from __future__ import annotations

import math
from typing import Any

from properties.audit.results import Power, Spectrum
from verify.arena import Arena, torch

KEPT = 1024
"""Singular values that a result holds."""
EXPONENTS = (0.25, 0.5, 1.0, 2.0)


def singular_values(W: Any) -> Any:
    """The singular values of a matrix (m, n), largest first."""
    tall = W if W.shape[0] >= W.shape[1] else W.mT
    if tall.shape[0] > 2 * tall.shape[1]:
        # The triangular factor has the singular values of the matrix, and is small.
        tall = torch().linalg.qr(tall, mode="r").R
    return torch().linalg.svdvals(tall)


def spectrum(W: Any, arena: Arena, depth: int) -> Spectrum:
    """All about the singular values of a layer of a network of ``depth`` layers; index 2 / depth is weight decay's."""
    sigma = singular_values(W)
    top = float(sigma[0])
    threshold = arena.allowance(sum(W.shape)) * top
    squares = sigma.square()
    total, beyond_one, beyond_two = (float(squares[k:].sum()) for k in range(3))
    indices = sorted({*EXPONENTS, 2 / depth})
    return Spectrum(
        singular_values=tuple(map(float, sigma[:KEPT])),
        rank=int((sigma > threshold).sum()),
        full=min(W.shape),
        threshold=threshold,
        frobenius=math.sqrt(total),
        spectral=top,
        stable_rank=total / top**2 if top else None,
        powers=tuple(_power(sigma, p) for p in indices),
        distances=(math.sqrt(total), math.sqrt(beyond_one), math.sqrt(beyond_two)),
    )


def _power(sigma: Any, p: float) -> Power:
    top, total = float(sigma[0]), float((sigma**p).sum())
    soft = float(((sigma / top) ** p).sum()) if top else 0.0
    return Power(p, total, top * soft ** (1 / p), soft)
