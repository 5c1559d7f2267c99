"""Weights of norm 1 whose batch derivatives vanish: Xu, Rangamani, Liao, Galanti, Poggio 2023."""

from __future__ import annotations

from sympy import Eq, Ne

from properties.worlds.unit_weights import UnitWeights
from symbolic import mean, rank, vanishes
from symbolic.papers.relatives import (
    A,
    N,
    S,
    T,
    V,
    W,
    back,
    batch,
    f,
    i,
    j,
    lam,
    off,
    rho,
    t,
    t_formula,
    w,
    w_formula,
    x,
)
from verify import claim
from verify.worlds import Size

DERIVATIONS = "docs/mathematics/relatives.md#weights-of-norm-one"
PAPER = "Xu, Rangamani, Liao, Galanti, Poggio 2023, from memory"
WORLD = UnitWeights()
WHOLE = UnitWeights(samples=Size(2, 2), vanishing="whole")
ONE_BY_ONE = UnitWeights(samples=Size(2, 2), batch=Size(1, 1), vanishing="whole")
UNDECAYED = UnitWeights(vanishing="fitted")

unfitted = claim(
    "xu2023/no-sample-is-fitted",
    """If derivatives in rho vanish on all batches, (1 - rho f) f is lambda rho at every sample: none is fitted.""",
    given=WORLD,
    assuming=[batch < N, Eq(W[S], 0)],
    says=Eq(off[i] * f[i], lam * rho, evaluate=False),
    where={w[i]: w_formula},
    source=f"{PAPER} (derived)",
    link=DERIVATIONS,
    provenance="derived",
)
unfitted.breaks_when("a batch may be the whole sample", given=WHOLE, assuming=[Eq(W[S], 0)])
unfitted.breaks_when("the decay counts twice", says=Eq(off[i] * f[i], 2 * lam * rho, evaluate=False))

UNFITTED = [rho > 0, Ne(off[i], 0), Ne(f[i], 0)]
SCALED = rho * off[i] * f[i] * V
BATCH = {T[S]: mean(t[j], j, S), t[i]: t_formula}
SAMPLES = {**BATCH, A[i]: back[i] * x[i].T}

parallel = claim(
    "xu2023/weights-are-a-gradient",
    """If derivatives in V vanish on all batches, f_i V is the gradient of f_i in V, for every sample not fitted.""",
    given=WORLD,
    assuming=[batch < N, vanishes(T[S]), *UNFITTED],
    says=Eq(f[i] * V, A[i]),
    where=BATCH,
    proof=[vanishes(t[i]), Eq(SCALED, rho * off[i] * A[i])],
    source=PAPER,
    link=DERIVATIONS,
    provenance="as-read",
    expects="proved",
)
parallel.breaks_when("a batch may be the whole sample", given=WHOLE, assuming=[vanishes(T[S]), *UNFITTED])
parallel.breaks_when("all may be fitted", given=UNDECAYED, assuming=[batch < N, vanishes(T[S])])
parallel.breaks_when("without the output", says=Eq(V, A[i]))

single = claim(
    "xu2023/rank-one",
    """Then V has rank one at most.""",
    given=WORLD,
    assuming=[batch < N, vanishes(T[S]), *UNFITTED],
    says=rank(V) <= 1,
    where=SAMPLES,
    proof=[vanishes(t[i]), Eq(SCALED, rho * off[i] * A[i]), Eq(f[i] * V, A[i]), rank(A[i]) <= 1, rank(SCALED) <= 1],
    source=f"{PAPER} (sharpened here)",
    link=DERIVATIONS,
    provenance="repaired",
    expects="proved",
)
single.breaks_when("rank zero", says=rank(V) <= 0)
single.breaks_when("all may be fitted", given=UNDECAYED, assuming=[batch < N, vanishes(T[S])])
single.breaks_when("a batch may be the whole sample", given=WHOLE, assuming=[vanishes(T[S]), *UNFITTED])
single.breaks_when("derivatives need not vanish", given=ONE_BY_ONE, assuming=[batch < N, *UNFITTED])

double = claim(
    "xu2023/rank-two-as-read",
    """Then V has rank at most two: so it has, and one is enough.""",
    given=WORLD,
    assuming=[batch < N, vanishes(T[S]), *UNFITTED],
    says=rank(V) <= 2,
    where=SAMPLES,
    proof=[vanishes(t[i]), Eq(SCALED, rho * off[i] * A[i]), Eq(f[i] * V, A[i]), rank(A[i]) <= 1, rank(SCALED) <= 1],
    source="Chen, Yi, Yang 2024 (arXiv:2410.02176), Table 1",
    link=DERIVATIONS,
    sharpened_by=[rank(V) <= 1],
    expects="proved",
)
double.breaks_when("rank zero", says=rank(V) <= 0)
