"""Dimensions and what follows from them: VC dimension of piecewise linear networks, gaps, the tail of a square loss.

The bound of Harvey, Liaw and Mehrabian is implicit: the VC dimension D satisfies ``D <= implicit(D)``. Its explicit
form is derived in docs/mathematics/zoo.md. The forms of Vapnik, of Mohri, Rostamizadeh and Talwalkar, of Bartlett,
Harvey, Liaw and Mehrabian and of Anthony and Bartlett are reconstructed from memory.
"""

from __future__ import annotations

from typing import Any

from sympy import E, exp, log, sqrt

from symbolic.bounds import Bound
from symbolic.papers.zoo import FROM_ONE, PROBABILITY, SAMPLE, L, N, W, delta
from symbolic.spans import Span
from symbolic.words import word

HARVEY = "Harvey, Liaw, Mehrabian 2017 (PMLR 65)"
BARTLETT = "Bartlett, Harvey, Liaw, Mehrabian 2019 (JMLR 20)"
VAPNIK = "Vapnik 1998, Statistical Learning Theory"
MOHRI = "Mohri, Rostamizadeh, Talwalkar 2018, Foundations of Machine Learning, Corollary 3.19"
ANTHONY = "Anthony, Bartlett 1999, Neural Network Learning, Theorems 17.1 and 18.4"

D = word("zoo:D", "the VC dimension", integer=True)
pieces = word("harvey2017:p", "the number of linear pieces of an activation", integer=True)
depth = word("bartlett2019:Lbar", "the mean depth of a parameter, from 1 to L", latex=r"\bar L")
units = word("bartlett2019:R", "the number of units, weighted by degree and depth", integer=True)
d = word("anthony1999:d", "the pseudo-dimension", integer=True)
eps = word("anthony1999:eps", "the largest deviation that is allowed", latex=r"\varepsilon")

COUNTED = {W: FROM_ONE, L: FROM_ONE, pieces: FROM_ONE}


def binary(x: Any) -> Any:
    """The logarithm to the base 2."""
    return log(x) / log(2)


implicit = Bound(
    "the implicit bound on a VC dimension",
    4 * W * (L + 1) * binary(2 * E * W * D * pieces),
    {**COUNTED, D: FROM_ONE},
    HARVEY,
    "found",
)
room = D / implicit.expression
"""At most 1 for every D that the implicit bound allows."""

explicit = Bound(
    "the explicit form of the implicit bound",
    8 * W * (L + 1) * binary(16 * W**2 * (L + 1) * pieces / log(2)),
    COUNTED,
    f"{HARVEY}, solved",
    "derived",
)

mean_depth = Bound(
    "the bound on a VC dimension by the mean depth of a parameter",
    L + depth * W * binary(4 * E * pieces * units * binary(2 * E * pieces * units)),
    {**COUNTED, depth: FROM_ONE, units: FROM_ONE},
    BARTLETT,
    "memory",
    conditions=(depth <= L,),
)

uniform = Bound(
    "the gap of Vapnik",
    sqrt(8 * (D * log(2 * E * N / D) + log(4 / delta)) / N),
    {**SAMPLE, D: FROM_ONE},
    VAPNIK,
    "memory",
)

growth = Bound(
    "the gap by Rademacher complexity and Sauer's lemma",
    sqrt(2 * D * log(E * N / D) / N) + sqrt(log(1 / delta) / (2 * N)),
    {**SAMPLE, D: FROM_ONE},
    MOHRI,
    "memory",
    conditions=(N >= D,),
)

tail = Bound(
    "the probability of a deviation, by pseudo-dimension",
    4 * E * (d + 1) * (32 * E / eps) ** d * exp(-(eps**2) * N / 32),
    {N: FROM_ONE, d: FROM_ONE, eps: Span(0, 1, open_low=True)},
    ANTHONY,
    "memory",
)
enough = Bound(
    "the sample size that makes that probability delta",
    32 / eps**2 * (d * log(32 * E / eps) + log(4 * E * (d + 1) / delta)),
    {d: FROM_ONE, eps: Span(0, 1, open_low=True), delta: PROBABILITY},
    ANTHONY,
    "derived",
)

lower = Bound(
    "the VC dimension that piecewise linear networks of some architecture have at least",
    W * L * binary(W / L) / 640,
    {W: FROM_ONE, L: FROM_ONE},
    f"{HARVEY}, its lower bound",
    "found",
    conditions=(W >= 640 * L, L >= 640),
)
polynomial = word("harvey2017:U", "the number of threshold units", integer=True)
degree = word("harvey2017:d", "the degree of the pieces", integer=True)
by_units = Bound(
    "the VC dimension of networks of threshold units with polynomial pieces",
    W * polynomial * log(degree + 1),
    {W: FROM_ONE, polynomial: FROM_ONE, degree: FROM_ONE},
    HARVEY,
    "found",
    dominant=True,
)
