"""How near a layer is to low rank, and what Theorem 2.6 of Chen, Yi, Yang 2024 makes of its batch gradients.

The bounds are the right sides of the catalogue's claims, evaluated, and so is when they say nothing. Their proofs need
only that a sample's gradient is an outer product, so that they hold for any dense layer
(docs/mathematics/dense_layers.md).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from sympy import sqrt

from properties.audit.results import Distance, Norms, Proximity, Spectrum
from properties.audit.values import holds, value
from properties.weight_decay import proximity, typical_batches, vacuity
from symbolic.papers.weight_decay import B, G, N, S, V, c, eps, g, j, k, mu, rho
from symbolic.sentences import mean, norm
from verify.arena import Arena, torch

MEASURED = "one epoch"
ASSUMED = "all batches"
TYPICAL = "mean square"
ANY_LAYER = "chen2024/any-dense-layer"


@dataclass(frozen=True)
class Form:
    """A bound on a distance to a rank: the claim that proves it, its expression, what it takes for eps, its vacuity."""

    claim: str
    rank: int
    bound: Any
    takes: str = ASSUMED
    vacuity: Any = None


def forms() -> tuple[Form, ...]:
    """The bounds of Section 2 for one strength: as printed, sharp, with kappa, for rank two, for typical batches."""
    printed, one = proximity.printed, proximity.rank_one
    of_rank = typical_batches.rank_k.statement.says.args[-1]
    typical = sqrt(typical_batches.rms.statement.says.rhs)
    return (
        Form(printed.id, 1, printed.statement.says.rhs, vacuity=vacuity.PRINTED),
        Form(printed.id, 1, printed.statement.says.rhs, MEASURED),
        Form(one.id, 1, one.statement.says.rhs, vacuity=vacuity.ANCHOR),
        Form(typical_batches.rank_k.id, 1, of_rank.xreplace({k: 1})),
        Form(typical_batches.rank_k.id, 2, of_rank.xreplace({k: 2})),
        Form(typical_batches.rms.id, 1, typical, TYPICAL),
    )


def near(
    spectrum: Spectrum, norms: Norms, received: Any, batch: int, strength: float, convention: int, arena: Arena
) -> Proximity:
    """All bounds on the distances of a layer's weights to rank one and two, from its batch gradients."""
    count = len(received)
    decay = strength / convention
    known: dict[Any, Any] = {N: count, B: batch, c: convention, mu: decay}
    known |= {mean(g[j], j): decay, mean(g[j] ** 2, j): decay**2, norm(V): spectrum.frobenius}
    seen = {ASSUMED: norms.most, MEASURED: norms.measured, TYPICAL: norms.rms}
    found, forced = [], []
    for form in forms():
        if form.rank > batch:
            continue
        size = seen[form.takes]
        bound = value(form.bound, {**known, eps: size, mean(norm(G[S]) ** 2, S): size**2})
        found.append(_distance(form, bound, spectrum.frobenius))
        if form.vacuity is not None:
            forced.append(form)
    shared = shared_direction(received, arena)
    forcing = any(holds(form.vacuity.because, {**known, vacuity.shared: shared}) for form in forced)
    return Proximity(
        theorem=ANY_LAYER,
        anchor=_anchor(norms, strength),
        shared=shared,
        best_certifiable=1 / shared if shared else math.inf,
        distances=tuple(found),
        verdict=_verdict(found, shared, forcing, spectrum),
    )


def shared_direction(received: Any, arena: Arena) -> float:
    """The largest eigenvalue of the mean projector on the lines of what a layer receives (N, n); 0 for zeros alone."""
    lengths = received.norm(dim=1, keepdim=True)
    lines = received / torch().where(lengths > 0, lengths, torch().ones_like(lengths))
    moment = lines.mT @ lines if lines.shape[1] <= lines.shape[0] else lines @ lines.mT
    return float(torch().linalg.eigvalsh(moment)[-1]) / len(received)


def _anchor(norms: Norms, strength: float) -> float:
    """The least distance to a matrix -h_i / (c mu): the least norm of a sample's gradient, over c mu."""
    return norms.samples[0] / strength


def _distance(form: Form, bound: float, length: float) -> Distance:
    relative = bound / length if length else math.inf
    certified = None
    if relative < 1:
        says = typical_batches.stable_rank.statement.says.rhs
        certified = value(says, {k: form.rank, rho: relative})
    valid = form.takes != MEASURED
    return Distance(form.claim, form.rank, form.takes, bound, relative, not relative < 1, certified, valid)


def _verdict(found: list[Distance], shared: float, forcing: bool, spectrum: Spectrum) -> str:
    """Whether the bounds say anything, in one sentence with the reason."""
    if not spectrum.frobenius:
        return "V = 0 has rank zero, and every bound says nothing"
    best = min((one for one in found if one.valid), key=lambda one: one.relative)
    if best.vacuous:
        why = (
            "whatever the weights are, the printed or the sharp bound says nothing with inputs of which no direction "
            f"has more than {shared:.3g}"
            if forcing
            else "the inputs would allow for more, but eps / (c mu) is too large"
        )
        return (
            f"every bound says nothing: the best one, {best.claim}, is {best.relative:.3g} times norm(V), and the zero "
            f"matrix is as near as it allows; {why}"
        )
    return (
        f"{best.claim} puts V within {best.relative:.3g} times its norm of rank {best.rank}, and so its stable rank at "
        f"most at {best.certifies:.4g}; it is {spectrum.stable_rank:.4g}"
    )
