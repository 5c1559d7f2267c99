"""Closed formulas of what the worlds read by differentiating, for scripts that rebuild a counterexample elsewhere.

A table maps a word, at free indices, to an expression in other words: the papers' own. A word without a line here is a
number that the network is made of, or is written into a script as the value that the suite reads.
"""

from __future__ import annotations

from typing import Any

from symbolic.papers import weight_decay as paper
from symbolic.papers.weight_decay import D, E, G, P, S, V, b, i, j, phi, q, u, x, y
from symbolic.sentences import diagonal, mean, relu, step

TWO_LAYER: dict[Any, Any] = {
    paper.z[i]: paper.z_formula,
    D[i]: paper.D_formula,
    paper.D_moved[i]: diagonal(step((V + E) * x[i] + b)),
    phi[i]: paper.phi_formula,
    paper.r[i]: phi[i] - y[i],
    paper.A[i]: paper.A_formula,
    paper.u_gradient[i]: relu(V * x[i] + b).T,
    paper.b_gradient[i]: D[i] * u.T,
    paper.h[i]: paper.h_formula,
    q[i]: paper.q_formula,
    paper.mu_batch[S]: paper.mu_batch_formula,
    paper.H[S]: paper.H_formula,
    G[S]: paper.G_formula,
    paper.G_block[P]: mean(q[j], j, P),
    paper.G_full: mean(q[j], j),
    paper.eps: paper.eps_formula,
    paper.V_next[S]: paper.V_next_formula,
}
"""Of ``TwoLayerReLU`` and the kinds made from it."""
