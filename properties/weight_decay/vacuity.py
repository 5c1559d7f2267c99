"""When the bounds of Theorem 2.6 say nothing, written once for the claims that state them (Section 2.2).

A bound on the distance from V to a matrix of low rank says nothing where the zero matrix is as near. What forces that
is read off ``chen2024/vacuity-top-eigenvalue``; the derivations are in ``docs/mathematics/trained_networks.md``.
"""

from __future__ import annotations

from symbolic import mean, norm, spectral_norm
from symbolic.papers.weight_decay import B, N, V, c, eps, g, i, j, mu, x
from symbolic.projections import projector
from verify import Vacuity

WHY = "the directions of the inputs alone force that"

shared = spectral_norm(mean(projector(x[j]), j))
"""The largest mean square that one direction has of the directions of all inputs: 1 if they are collinear."""

spread = mean(g[j] ** 2, j) - spectral_norm(mean(g[j] ** 2 * projector(x[j]), j))
"""What is left of the mean square strength when that direction is taken out, each input weighted by its strength."""

ANCHOR = Vacuity(
    when=c * mu * norm(V) <= (2 * B - 1) * eps,
    means="the zero matrix is as near as the bound allows",
    because=(2 * B - 1) ** 2 * (N - B) * (1 - shared) >= B * (N - 1),
    why=WHY,
)
# The printed bound has no c; the sentence that forces this one needs c >= 1, which every convention meets.
PRINTED = Vacuity(
    when=mu * norm(V) <= 2 * B * eps,
    means="the zero matrix is as near as the printed bound allows",
    because=4 * B * (N - B) * (1 - shared) >= N - 1,
    why=WHY,
)
ANY_SAMPLE = Vacuity(
    when=c * abs(g[i]) * norm(V) <= (2 * B - 1) * eps,
    means="the zero matrix is as near as the bound allows, whichever sample is taken",
    because=(2 * B - 1) ** 2 * (N - B) * spread >= B * (N - 1) * g[i] ** 2,
    why=WHY,
)
ANY_PAIR = Vacuity(
    when=c * abs(g[i] - g[j]) * norm(V) <= 2 * B * eps,
    means="the zero matrix is as near as the bound allows, whichever two samples are taken",
    because=4 * B * (N - B) * spread >= (N - 1) * (g[i] - g[j]) ** 2,
    why=WHY,
)
