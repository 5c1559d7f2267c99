"""The Jacobian of all outputs in the first layer, through its kernel: how the residual divides at a cutoff.

The kernel has the entries ``(x_i . x_j)(p_ik . p_jl)``, with p_ik the gradient of output k at sample i in what the
layer computes (docs/mathematics/jacobian.md). The information space is spanned by the left singular vectors from a
cutoff on, the nuisance space by the others; descent fits the residual's part in the first one fast (Oymak, Fabian, Li,
Soltanolkotabi 2019, whose theorems ask for a smooth activation and a fixed last layer: the division needs neither).
"""

from __future__ import annotations

from typing import Any

from properties.audit import backward
from properties.audit.network import Network
from properties.audit.results import Remark, Split
from properties.audit.samples import SQUARES
from verify.arena import Arena, torch

MOST_ROWS = 1024
"""Outputs times samples up to which the kernel is decomposed."""
CUTS = (1 / 2, 1 / 10, 1 / 100)
"""Cutoffs, as shares of the largest singular value."""


def split(network: Network, x: Any, y: Any, loss: str, arena: Arena) -> tuple[Split | None, Remark | None]:
    """The division of the residual, or why there is none."""
    count, outputs = y.shape
    if loss not in SQUARES:
        return None, Remark("jacobian", "the residual of the Jacobian's division is that of a square loss")
    if count * outputs > MOST_ROWS:
        says = f"{count * outputs} outputs times samples are more than {MOST_ROWS}: the Jacobian is not divided"
        return None, Remark("jacobian", says)
    predicted = backward.outputs(network, x)
    deltas = []
    for k in range(outputs):
        # A target one below its output, and all others met, leave the gradient of that output alone.
        target = predicted.clone()
        target[:, k] -= 1
        deltas.append(backward.factors(network, x, target, "half-square", 0).delta)
    p = torch().cat(deltas)
    inputs = x.repeat(outputs, 1)
    kernel = (p @ p.mT) * (inputs @ inputs.mT)
    values, vectors = torch().linalg.eigh(kernel)
    singular = values.clamp(min=0).sqrt()
    residual = (predicted - y).mT.reshape(-1)
    shares = (vectors.mT @ residual).square()
    total = float(shares.sum())
    top = float(singular[-1])
    cuts = []
    for cut in CUTS:
        kept = singular >= cut * top
        inside = float(shares[kept].sum()) / total if total else 0.0
        cuts.append((cut, int(kept.sum()), inside, 1 - inside))
    return Split(network.layers[0].name, top, len(singular), tuple(cuts)), None
