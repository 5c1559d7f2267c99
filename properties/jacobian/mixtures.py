"""Mixtures of clusters without noise: the rank, range and eigenvalues of their kernels, and their sizes: J29."""

from __future__ import annotations

from typing import Any

from sympy import And, Eq, Min, exp, sqrt

from properties.worlds.cluster_sizes import ClusterSizes
from properties.worlds.mixtures import CleanMixtures, ClusteredNetworks
from symbolic import chain, rank
from symbolic.papers.jacobian import J
from symbolic.papers.jacobian import K as CLASSES
from symbolic.papers.jacobian import m as neurons
from symbolic.papers.jacobian import n as inputs
from symbolic.papers.mixtures import (
    S_M,
    S_X,
    C,
    J_centres,
    K,
    N,
    R,
    S_formula,
    Sigma,
    Sigma_s,
    Sigma_y,
    U,
    bottom_of_samples,
    clusters,
    greatest_of_centres,
    greatest_of_samples,
    least_of_centres,
    least_of_samples,
    members,
    n,
    n_max,
    n_min,
    narrower,
    outside,
    r,
    sizes,
    sizes_formula,
    unit,
)
from verify import claim

DERIVATIONS = "docs/mathematics/mixtures.md"
CLUSTERS = f"{DERIVATIONS}#clusters"
SIZES = f"{DERIVATIONS}#how-large-clusters-are"
PAPER = "Oymak, Fabian, Li, Soltanolkotabi 2019 (arXiv:1906.05392)"
WORLD = CleanMixtures()


def same(left: Any, right: Any) -> Any:
    """The equation of two numbers, as it stands."""
    return Eq(left, right, evaluate=False)


# -- clusters without noise (J29) -------------------------------------------------------------------------------------

ranks = claim(
    "oymak2019/J29-rank",
    """Without noise the rank of Sigma(X) is K**2 C, if the kernel of the centres has full rank.""",
    given=WORLD,
    says=same(rank(Sigma), K**2 * C),
    source=f"{PAPER}, Theorem A.1",
    provenance="as-read",
    link=CLUSTERS,
)
ranks.breaks_when("K C", says=same(rank(Sigma), K * C))
ranks.breaks_when("K C**2", says=same(rank(Sigma), K * C**2))
ranks.breaks_when("the kernel of the centres has any rank", given=CleanMixtures(full_rank=False))

informed = claim(
    "oymak2019/J29-labels-in-range",
    """Without noise the labels of pure clusters are in the range of Sigma(X).""",
    given=WORLD,
    says=same(rank(Sigma_y), rank(Sigma)),
    source=f"{PAPER}, Theorem A.1",
    provenance="as-read",
    link=CLUSTERS,
)
informed.breaks_when("clusters are not pure", given=CleanMixtures(pure=False))
informed.breaks_when("labels in sample-major order", says=same(rank(Sigma_s), rank(Sigma)))

lifted = claim(
    "oymak2019/J29-eigenvectors",
    """The kernel of the samples, U S_M U^T, takes U to U S_M D: if S_M D has an eigenvector v, U v is one of it.""",
    given=WORLD,
    says=Eq(S_X * U, U * S_M * sizes),
    where={S_X: S_formula, sizes: sizes_formula},
    source=f"{PAPER}, Theorem A.1 (derived)",
    link=CLUSTERS,
    expects="proved",
)
lifted.breaks_when("without the sizes", says=Eq(S_X * U, U * S_M))
lifted.breaks_when("the sizes on the other side", says=Eq(S_X * U, U * sizes * S_M))

between = claim(
    "oymak2019/J29-eigenvalues",
    """The K C greatest eigenvalues of S(X) are from min n_c lmin(S(M)) to max n_c |S(M)|.""",
    given=WORLD,
    says=chain(n_min * least_of_centres, least_of_samples, greatest_of_samples, n_max * greatest_of_centres),
    source=f"{PAPER}, Theorem A.1",
    provenance="repaired",
    link=CLUSTERS,
)
between.breaks_when("from the largest cluster on", says=n_max * least_of_centres <= least_of_samples)
between.breaks_when("by the mean size", says=R * greatest_of_samples <= N * greatest_of_centres)
between.breaks_when("by the norm without a size", says=greatest_of_samples <= greatest_of_centres)

equal = claim(
    "oymak2019/J29-equal-clusters",
    """With clusters of one size, n/KC, the K C greatest eigenvalues of S(X) are n/KC times those of S(M).""",
    given=WORLD,
    assuming=[same(n_min, n_max)],
    says=And(same(R * least_of_samples, N * least_of_centres), same(R * greatest_of_samples, N * greatest_of_centres)),
    source=f"{PAPER}, Section 3 (derived)",
    provenance="repaired",
    link=CLUSTERS,
)
equal.breaks_when("n/K times", says=same(K * greatest_of_samples, N * greatest_of_centres))
equal.breaks_when("clusters of any size", assuming=[])

claim(
    "oymak2019/J29-singular-values-printed",
    """With clusters of one size, n/KC, the singular values of Sigma(X)**(1/2) grow like n/KC.""",
    given=WORLD,
    assuming=[same(n_min, n_max)],
    says=same(R * sqrt(greatest_of_samples), N * sqrt(greatest_of_centres)),
    source=f"{PAPER}, Section 3",
    link=CLUSTERS,
    expects="refuted",
)

claim(
    "oymak2019/J29-membership-orthonormal-printed",
    """The columns of the membership matrix U are orthonormal.""",
    given=WORLD,
    says=Eq(U.T * U, unit),
    source=f"{PAPER}, proof of Theorem A.1",
    link=CLUSTERS,
    expects="refuted",
)

claim(
    "oymak2019/J29-least-singular-value-as-read",
    """The least singular value of Sigma(X), which bounds the spectrum from below in Theorem A.1, is positive.""",
    given=WORLD,
    says=bottom_of_samples > 0,
    source=f"{PAPER}, Theorem A.1",
    link=CLUSTERS,
    expects="refuted",
)

networks = claim(
    "oymak2019/J29-jacobian-rank",
    """At finite width, of inputs in K classes of C clusters, the rank of the Jacobian is at most K**2 C and m d.""",
    given=ClusteredNetworks(),
    says=rank(J) <= Min(CLASSES * CLASSES * clusters, neurons * inputs),
    where={J: members * J_centres},
    source="derived",
    link=CLUSTERS,
    expects="proved",
)
networks.breaks_when("K C", says=rank(J) <= CLASSES * clusters)
networks.breaks_when("it is as large", says=Eq(rank(J), Min(CLASSES * CLASSES * clusters, neurons * inputs)))

counted = claim(
    "oymak2019/J29-cluster-size",
    """For r <= 2n, n to 24 and r to 8, a cluster has n/2r to 2n/r samples but for a probability of exp(-n/8r).""",
    given=ClusterSizes(),
    assuming=[r <= 2 * n],
    says=outside <= exp(-n / (8 * r)),
    source=f"{PAPER}, Theorem A.1, for one cluster and few samples",
    link=SIZES,
)
counted.breaks_when("any number of samples", assuming=[])
counted.breaks_when("from 3n/4r to 5n/4r", says=narrower <= exp(-n / (8 * r)))
counted.breaks_when("exp(-n/r)", says=outside <= exp(-n / r))
