"""Bounds for as many layers as a word says, whose ranks, norms and distances fall with their place.

Layer l has the rank, the distance or the constant of the first times ``l**(-a)``: with ``a = 0`` all layers are alike,
and ``a = 1`` makes their sum a harmonic number. Spectral norms are alike, as only their product occurs, but in a
residual network, whose layer l has spectral norm ``1 + t/l``. Other sequences of numbers are not written here: a world
of numbers has none. Each form is that for two, three or equal layers elsewhere, with its sum; derivations are in
docs/mathematics.
"""

from __future__ import annotations

from typing import Any

from sympy import Rational, ceiling, exp, log, oo, sqrt

from symbolic.bounds import Bound
from symbolic.papers import convolutional, counting, norm_based, rank_sparse, tools, vc
from symbolic.papers.rank_sparse import CODE, DERIVED, Gam, W, assembled, r, wbar
from symbolic.papers.schatten import BELOW_TWO, UP_TO_TWO, p
from symbolic.papers.zoo import ABOVE_ZERO, FROM_ONE, SAMPLE, B, L, N, gamma, h
from symbolic.papers.zoo import r as rank
from symbolic.spans import Span
from symbolic.totals import place, total
from symbolic.words import word

l = place("l")  # noqa: E741
a = word("layers:a", "how fast the layers fall with their place: like l**(-a)")
FALLING = Span(0, oo)


def over_layers(term: Any, last: Any = L) -> Any:
    """The sum of a term over the layers."""
    return total(term, l, last)


sizes = over_layers(l**-a)
"""What replaces the number of layers where layer l counts l**(-a)."""

# -- rank-sparse networks ---------------------------------------------------------------------------------------------

falling = Bound(
    "the derived bound for layers whose soft ranks fall with their place",
    assembled(2 / (2 - p), (2 * L * Gam) ** p * wbar * over_layers(r * l**-a), 8 * L * Gam * N),
    {**SAMPLE, L: FROM_ONE, Gam: ABOVE_ZERO, r: ABOVE_ZERO, wbar: ABOVE_ZERO, a: FALLING, p: BELOW_TWO},
    DERIVED,
    "derived",
)
falling_form = Bound(
    "the main form for layers whose soft ranks fall with their place",
    sqrt(L / N) * sqrt(over_layers(rank_sparse.term(Gam, r * l**-a))),
    {N: FROM_ONE, L: FROM_ONE, Gam: ABOVE_ZERO, r: ABOVE_ZERO, wbar: ABOVE_ZERO, W: ABOVE_ZERO, a: FALLING,
     p: UP_TO_TWO},
    CODE,
    "found",
    dominant=True,
)  # fmt: skip

exponent = word("layers:J", "the largest magnitude of an exponent that a norm is rounded up to", integer=True)
weights = (1 + 2 * over_layers(1 / (1 + l) ** 2, exponent)) / 3
"""The sum over j from -J to J of 1/(3 (1 + |j|)**2)."""

residual = word("layers:t", "how much the spectral norm of the first layer of a residual network is above 1")
residual_product = exp(over_layers(log(1 + residual / l)))
"""The product of the spectral norms 1 + t/l of all layers."""

# -- other bounds -----------------------------------------------------------------------------------------------------

_s, _b, _rho = norm_based.s, norm_based.b, norm_based.rho
spectral = Bound(
    "the spectral complexity of layers whose distances fall with their place",
    (_rho * _s) ** L * over_layers((_b * l**-a / _s) ** Rational(2, 3)) ** Rational(3, 2),
    {**norm_based.identical.domain, a: FALLING},
    norm_based.BARTLETT,
    "found",
)
once = Bound(
    "the complexity of layers whose constants fall with their place, with exponents 2/3",
    over_layers((convolutional.layer_1 * l**-a) ** Rational(2, 3)) ** Rational(3, 2),
    {convolutional.layer_1: ABOVE_ZERO, L: FROM_ONE, a: FALLING},
    convolutional.LEDENT,
    "found",
)
rounded_steps = Bound(
    "what the bound by norms depends on constants by that fall with their place",
    over_layers(ceiling((convolutional.C * l**-a) ** Rational(2, 3))) ** Rational(3, 2),
    {convolutional.C: ABOVE_ZERO, L: FROM_ONE, a: FALLING},
    convolutional.GRAF,
    "found",
)

_C, _C2, _f, _sp = counting.chain_rule, counting.second_constant, counting.f_1, counting.s_1
ranked = Bound(
    "the Gaussian complexity of equal layers by ranks, not simplified",
    B
    / sqrt(N)
    * sqrt(h)
    * _f
    * _sp ** (L - 1)
    * (_C ** (L - 1) + 2 * sqrt(2) * _C2 * sqrt(rank) * over_layers(_C ** (l - 1), L - 1)),
    {
        N: FROM_ONE, L: FROM_ONE, h: FROM_ONE, B: ABOVE_ZERO, _C: ABOVE_ZERO, _C2: ABOVE_ZERO,
        _f: ABOVE_ZERO, _sp: ABOVE_ZERO, rank: FROM_ONE,
    },
    counting.PINTO,
    "found",
)  # fmt: skip
"""The sum over layers 2 to L of C**(L - i), counted from the last one."""

_mu, _nu, _c, _f_max = counting.cushion, counting.interlayer, counting.contraction, counting.largest
compression = Bound(
    "the gap of the compressed network, layer cushions that fall with their place",
    _c * L * _f_max * sqrt(over_layers(1 / ((_mu * l**-a) ** 2 * _nu**2))) / (gamma * sqrt(N)),
    {**counting.compression.domain, a: FALLING},
    counting.ARORA,
    "memory",
    dominant=True,
)

perturbation = Bound(
    "how far the output of L layers moves when they are moved by distances that fall with their place",
    rank_sparse.b * rank_sparse.rho ** (L - 1) * tools.s_1 ** (L - 1) * over_layers(tools.e_1 * l**-a),
    {**tools.equal_perturbation.domain, a: FALLING},
    tools.PERTURBED,
    "derived",
)

units = word("layers:k", "the number of units of a layer", integer=True)
degree = word("layers:d", "the degree of the pieces of an activation", integer=True)
weighted_units = Bound(
    "the units of all layers, weighted by degree and depth",
    over_layers(units * (1 + (l - 1) * degree ** (l - 1))),
    {L: FROM_ONE, units: FROM_ONE, degree: FROM_ONE},
    vc.BARTLETT,
    "memory",
)
