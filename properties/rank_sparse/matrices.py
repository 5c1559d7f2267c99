"""Schatten quasi-norms of matrices with prescribed singular values: order, thresholds, tails, soft rank."""

from __future__ import annotations

from sympy import And, Eq, Rational, sqrt

from properties.worlds.prescribed_spectra import PrescribedSpectrum
from symbolic import chain, distance_to_rank, norm, rank, schatten, spectral_norm
from symbolic.papers.spectra import (
    A,
    K,
    above,
    beyond,
    by_stechkin,
    chosen,
    dropped,
    energy,
    following,
    k,
    least,
    p,
    powers,
    q,
    r,
    reaching,
    rest,
    root,
    s_1,
    s_2,
    s_3,
    soft_rank,
    tail,
    tau,
    ties,
    top,
)
from verify import claim

DERIVATIONS = "docs/mathematics/rank_sparse.md"
LINK = f"{DERIVATIONS}#matrices-with-prescribed-singular-values"
TAILS = f"{DERIVATIONS}#tails"
WORLD = PrescribedSpectrum()
NARROW = PrescribedSpectrum(wide=False)

S, S_q = powers(p), powers(q)

# -- the matrix is what it was made as --------------------------------------------------------------------------------

claim(
    "schatten/matrix/energy-is-sum-of-squares",
    """The squared Frobenius norm is the sum of the squares of the singular values.""",
    given=WORLD,
    says=Eq(energy, powers(2), evaluate=False),
    link=LINK,
).breaks_when("the square of their sum", says=Eq(energy, powers(1) ** 2, evaluate=False))

claim(
    "schatten/matrix/spectral-norm-is-largest",
    """The spectral norm is the largest singular value.""",
    given=WORLD,
    says=Eq(top, s_1, evaluate=False),
    link=LINK,
).breaks_when("the Frobenius norm", says=Eq(sqrt(energy), s_1, evaluate=False))

claim(
    "schatten/matrix/rank-is-count",
    """The rank is the number of singular values that are not 0.""",
    given=NARROW,
    says=Eq(rank(A), r, evaluate=False),
    link=LINK,
).breaks_when("of those as large as the largest", says=Eq(rank(A), ties, evaluate=False))

claim(
    "schatten/matrix/kept-rank-is-count",
    """The rank of what a threshold keeps is the number of singular values above it.""",
    given=NARROW,
    says=Eq(rank(K), above, evaluate=False),
    link=LINK,
).breaks_when("at least it", says=Eq(rank(K), reaching, evaluate=False))

claim(
    "schatten/matrix/distance-to-rank",
    """The squared distances to the matrices of rank up to 1 and 2 are sums of squares of the last singular values.""",
    given=WORLD,
    says=And(
        Eq(distance_to_rank(A, 1) ** 2, s_2**2 + s_3**2, evaluate=False),
        Eq(distance_to_rank(A, 2), s_3, evaluate=False),
    ),
    source="Eckart, Young 1936",
    link=LINK,
).breaks_when("of rank up to 2 is a sum of two", says=Eq(distance_to_rank(A, 2) ** 2, s_2**2 + s_3**2, evaluate=False))

claim(
    "schatten/matrix/distance-by-singular-values",
    """What the singular values of the matrix leave from number k on is what those do that it was made from.""",
    given=WORLD,
    says=Eq(tail, beyond, evaluate=False),
    link=LINK,
).breaks_when("from the next on", says=Eq(rest, beyond, evaluate=False))

claim(
    "schatten/matrix/balanced-factors",
    """A and (A^T A)^(1/2) have together twice the nuclear norm of their product as their squared Frobenius norm.""",
    given=WORLD,
    says=Eq(norm(A) ** 2 + norm(root) ** 2, 2 * schatten(A * root, 1), evaluate=False),
    link=f"{DERIVATIONS}#weight-decay",
).breaks_when("once", says=Eq(norm(A) ** 2 + norm(root) ** 2, schatten(A * root, 1), evaluate=False))

# -- order in p -------------------------------------------------------------------------------------------------------

falls = claim(
    "schatten/matrix/quasi-norm-falls",
    """The quasi-norm of a matrix of any rank falls with the index.""",
    given=WORLD,
    assuming=[p <= q],
    says=S_q ** (1 / q) <= S ** (1 / p),
    link=LINK,
)
falls.breaks_when("it rises", says=S_q ** (1 / q) >= S ** (1 / p))
falls.breaks_when("the sum of powers", says=S_q <= S)
falls.breaks_when("whatever the indices", assuming=[])

strictly = claim(
    "schatten/matrix/quasi-norm-falls-strictly",
    """From rank two on it falls strictly.""",
    given=WORLD,
    assuming=[p < q, s_2 > 0],
    says=S_q ** (1 / q) < S ** (1 / p),
    link=LINK,
)
strictly.breaks_when("rank one", assuming=[p < q, s_1 > 0])
strictly.breaks_when("equal indices", assuming=[p <= q, s_2 > 0])

ordered = claim(
    "schatten/matrix/spectral-frobenius-quasi-norm",
    """The spectral norm is at most the Frobenius norm, and that at most the quasi-norm of an index up to 2.""",
    given=WORLD,
    says=chain(top**2, energy, S ** (2 / p)),
    link=LINK,
)
ordered.breaks_when("the other way round", says=chain(energy, top**2, S ** (2 / p)))
ordered.breaks_when("the p-th power of the quasi-norm", says=chain(top**2, energy, S**2))

by_rank = claim(
    "schatten/matrix/at-most-rank-power",
    """The quasi-norm of index p is at most rank**(1/p - 1/q) times that of q, for p up to q.""",
    given=WORLD,
    assuming=[p <= q],
    says=S ** (1 / p) <= r ** (1 / p - 1 / q) * S_q ** (1 / q),
    source="Hoelder's inequality",
    link=LINK,
)
by_rank.breaks_when("the exponent 1/q - 1/p", says=S ** (1 / p) <= r ** (1 / q - 1 / p) * S_q ** (1 / q))
by_rank.breaks_when("half of the exponent", says=S ** (1 / p) <= r ** ((1 / p - 1 / q) / 2) * S_q ** (1 / q))
by_rank.breaks_when("p above q", assuming=[p >= q])

by_frobenius = claim(
    "schatten/matrix/at-most-rank-power-times-frobenius",
    """The quasi-norm is at most rank**(1/p - 1/2) times the Frobenius norm.""",
    given=WORLD,
    says=S ** (2 / p) <= r ** (2 / p - 1) * energy,
    source="Hoelder's inequality",
    link=LINK,
)
by_frobenius.breaks_when("the exponent 1/2 - 1/p", says=S ** (2 / p) <= r ** (1 - 2 / p) * energy)
by_frobenius.breaks_when("times the spectral norm", says=S ** (2 / p) <= r ** (2 / p - 1) * top**2)

# -- towards the rank -------------------------------------------------------------------------------------------------

squeezed = claim(
    "schatten/matrix/power-sum-between-rank-multiples",
    """The sum of p-th powers is the rank, times p-th powers between those of the least and largest positive value.""",
    given=WORLD,
    says=chain(r * least**p, S, r * s_1**p),
    link=LINK,
)
squeezed.breaks_when("without the power of the largest", says=chain(r * least**p, S, r))
squeezed.breaks_when("without the power of the least", says=chain(r, S, r * s_1**p))
squeezed.breaks_when("the quasi-norm without its p-th power", says=chain(r * least, S ** (1 / p), r * s_1))

claim(
    "schatten/matrix/quasi-norm-from-rank-two-on",
    """From rank two on the quasi-norm is at least 2**(1/p) times the second singular value: it has no limit at 0.""",
    given=WORLD,
    assuming=[s_2 > 0],
    says=2 ** (1 / p) * s_2 <= S ** (1 / p),
    link=LINK,
).breaks_when("from rank one on, the first", assuming=[s_1 > 0], says=2 ** (1 / p) * s_1 <= S ** (1 / p))

claim(
    "schatten/matrix/quasi-norm-near-rank-fails",
    """With singular values up to 1 the quasi-norm, without its p-th power, is at most the rank: it is not.""",
    given=WORLD,
    assuming=[s_1 <= 1],
    says=S ** (1 / p) <= r,
    link=LINK,
    expects="refuted",
)

# -- thresholds -------------------------------------------------------------------------------------------------------

markov = claim(
    "schatten/matrix/markov-count",
    """At most S over tau**p singular values are at least tau.""",
    given=WORLD,
    assuming=[tau > 0],
    says=reaching * tau**p <= S,
    source="Markov's inequality",
    link=LINK,
)
markov.breaks_when("the quasi-norm over tau**p", says=reaching * tau**p <= S ** (1 / p))
markov.breaks_when("S over tau", says=reaching * tau <= S)

small = claim(
    "schatten/matrix/tail-at-most-power-times-power-sum",
    """What a threshold tau drops has a squared Frobenius norm of at most tau**(2 - p) S.""",
    given=WORLD,
    assuming=[tau > 0],
    says=dropped <= tau ** (2 - p) * S,
    link=LINK,
)
small.breaks_when("tau**(p - 2)", says=dropped <= tau ** (p - 2) * S)
small.breaks_when("the quasi-norm without its p-th power", says=dropped <= tau ** (2 - p) * S ** (1 / p))

claim(
    "schatten/matrix/tail-below-threshold",
    """What a threshold tau drops has a spectral norm of at most tau.""",
    given=WORLD,
    says=spectral_norm(A - K) <= tau,
    link=LINK,
).breaks_when("a Frobenius norm", says=norm(A - K) <= tau)

# -- tails ------------------------------------------------------------------------------------------------------------

claim(
    "schatten/matrix/singular-value-by-place",
    """Singular value number k is at most k**(-1/p) times the quasi-norm.""",
    given=WORLD,
    says=k * chosen**p <= S,
    link=TAILS,
).breaks_when("(k + 1)**(-1/p)", says=(k + 1) * chosen**p <= S)

by_place = claim(
    "schatten/matrix/distance-by-place",
    """The distance to the matrices of rank below k is at most k**(1/2 - 1/p) times the quasi-norm.""",
    given=WORLD,
    says=tail <= k ** (1 - 2 / p) * S ** (2 / p),
    link=TAILS,
)
by_place.breaks_when("k**(-1/p)", says=tail <= k ** (-2 / p) * S ** (2 / p))
by_place.breaks_when(
    "to those of rank below k - 1, from 2 on", assuming=[k >= 2], says=energy <= k ** (1 - 2 / p) * S ** (2 / p)
)

sharp = claim(
    "schatten/matrix/stechkin",
    """The distance to rank k is at most (p/2)**(1/2) (1 - p/2)**(1/p - 1/2) k**(1/2 - 1/p) times the quasi-norm.""",
    given=WORLD,
    assuming=[p < 2],
    says=rest <= by_stechkin(k, p) * S ** (2 / p),
    source="Stechkin's inequality",
    link=TAILS,
)
sharp.breaks_when("nine tenths of it", says=rest <= Rational(81, 100) * by_stechkin(k, p) * S ** (2 / p))
sharp.breaks_when("to rank below k", says=tail <= by_stechkin(k, p) * S ** (2 / p))

# -- soft rank --------------------------------------------------------------------------------------------------------

bent = claim(
    "schatten/matrix/logarithm-of-power-sum-convex",
    """The sum of powers at the middle of two indices is at most the geometric mean of those at both.""",
    given=WORLD,
    says=powers((p + q) / 2) ** 2 <= S * S_q,
    source="the inequality of Cauchy and Schwarz",
    link=LINK,
)
bent.breaks_when("at least", says=powers((p + q) / 2) ** 2 >= S * S_q)

soft = claim(
    "schatten/matrix/soft-rank-falls",
    """The soft rank falls with the index.""",
    given=WORLD,
    assuming=[s_1 > 0, p <= q],
    says=soft_rank(q) <= soft_rank(p),
    link=LINK,
)
soft.breaks_when("it rises", says=soft_rank(q) >= soft_rank(p))
soft.breaks_when("divided by the second singular value", assuming=[s_2 > 0, p <= q], says=S_q / s_2**q <= S / s_2**p)

between = claim(
    "schatten/matrix/soft-rank-between",
    """The soft rank is at least how often the largest singular value occurs, and at most the rank.""",
    given=WORLD,
    assuming=[s_1 > 0],
    says=chain(ties, soft_rank(p), r),
    link=LINK,
)
between.breaks_when("without the power of the quasi-norm", says=chain(ties, soft_rank(p) ** (1 / p), r))
between.breaks_when("at least the rank", says=chain(r, soft_rank(p)))

near = claim(
    "schatten/matrix/soft-rank-near-multiplicity",
    """The soft rank is above how often the largest value occurs by at most p-th powers of quotients below 1.""",
    given=WORLD,
    assuming=[s_1 > 0],
    says=soft_rank(p) <= ties + (r - ties) * (following / s_1) ** p,
    link=LINK,
)
near.breaks_when("by at most the quotients", says=soft_rank(p) <= ties + (r - ties) * following / s_1)
near.breaks_when("above 1", says=soft_rank(p) <= 1 + (r - ties) * (following / s_1) ** p)

claim(
    "schatten/matrix/stable-rank",
    """The soft rank of index 2 is the stable rank.""",
    given=WORLD,
    assuming=[s_1 > 0],
    says=Eq(soft_rank(2) * top**2, energy, evaluate=False),
    link=LINK,
).breaks_when("of index 1", says=Eq(soft_rank(1) * top**2, energy, evaluate=False))
