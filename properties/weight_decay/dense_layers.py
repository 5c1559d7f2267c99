"""Small batch gradients and rank one beyond two layers: any dense layer, any depth, any differentiable loss."""

from __future__ import annotations

from typing import Any

from sympy import Abs, And, Implies, Ne

from properties.worlds.dense import DenseLayer
from symbolic import least, norm, rank
from symbolic.papers.weight_decay import (
    REFERENCE,
    B,
    G,
    H,
    N,
    S,
    V,
    a,
    c,
    delta,
    eps,
    eps_formula,
    g,
    h,
    i,
    q,
    q_formula,
)
from verify import claim

DERIVATIONS = "docs/mathematics/dense_layers.md"


def near(anchor: Any, radius: Any, matrix: Any = h[i]) -> Any:
    """The sentence: the matrix has rank at most one, and V + anchor is at most radius / (c |g_i|) long."""
    return And(rank(matrix) <= 1, Implies(Ne(g[i], 0), norm(V + anchor) <= radius / (c * Abs(g[i]))))


anchor = h[i] / (c * g[i])

any_dense_layer = claim(
    "chen2024/any-dense-layer",
    """The weights of any dense layer are within (2B - 1) eps / (c |g_i|) of -h_i / (c g_i), of rank at most one.""",
    given=DenseLayer(),
    assuming=[B < N, c > 0],
    says=near(anchor, (2 * B - 1) * eps),
    where={h[i]: delta[i] * a[i].T, q[i]: q_formula, eps: eps_formula},
    source=f"{REFERENCE}, Theorem 2.6 (derived here for any dense layer)",
    link=f"{DERIVATIONS}#any-dense-layer",
    provenance="derived",
    relies_on=["chen2024/batch-gradient-is-mean"],
    expects="proved",
)
any_dense_layer.breaks_when("a batch may be the whole sample", assuming=[c > 0])
any_dense_layer.breaks_when("2 (B - 1) for 2 B - 1", says=near(anchor, 2 * (B - 1) * eps))
any_dense_layer.breaks_when("B for 2 B - 1", says=near(anchor, B * eps))
any_dense_layer.breaks_when("the anchor has the other sign", says=near(-anchor, (2 * B - 1) * eps))
any_dense_layer.breaks_when("the decay convention is left out", says=near(h[i] / g[i], (2 * B - 1) * eps))
any_dense_layer.breaks_when(
    "the smallest gradient of a batch will do", says=near(anchor, (2 * B - 1) * least(norm(G[S]), S))
)
any_dense_layer.breaks_when("a batch gradient has rank one", says=near(anchor, (2 * B - 1) * eps, H[S]))
