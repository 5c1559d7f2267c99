"""What is likely of a network at a random start: its kernel is near its mean, its outputs are small (J09, J10)."""

from __future__ import annotations

from typing import Any

from sympy import Max, log, sqrt

from properties.worlds.random_networks import RandomKernels, RandomNetworks
from symbolic import mean, norm, spectral_norm, with_probability
from symbolic.papers.jacobian import REFERENCE, C, K, N, f, i, m
from symbolic.papers.random_networks import (
    FAILING,
    C_mean,
    deviation_derived,
    deviation_printed,
    deviation_repaired,
    mean_start,
    start_printed,
    start_squared,
)
from verify import claim
from verify.worlds import Size

DERIVATIONS = "docs/mathematics/random_networks.md"
KERNEL = f"{DERIVATIONS}#the-kernel"
START = f"{DERIVATIONS}#the-outputs"
KERNELS, NETWORKS = RandomKernels(), RandomNetworks(width=Size(4, 16))

away = spectral_norm(C - C_mean)
size = N * mean(norm(f[i]) ** 2, i)


def mostly(event: Any) -> Any:
    """That an event fails in one of ten draws at most."""
    return with_probability(event, 1 - FAILING)


# -- the kernel (J09) -------------------------------------------------------------------------------------------------

claim(
    "oymak2019/J09-deviation",
    """J J^T is within 30 K sqrt(m) B^2 |X|^2 log N of its mean with probability 1 - N^-100, for N >= 2, K.""",
    given=KERNELS,
    assuming=[Max(2, K) <= N],
    says=with_probability(away <= deviation_printed, 1 - N**-100),
    source=f"{REFERENCE}, Lemma 6.13",
    provenance="repaired",
    link=KERNEL,
    unproved="the constant is ten times what any network shows, and a probability of N^-100 is never seen",
)

claim(
    "oymak2019/J09-deviation-root-of-logarithm",
    """J J^T is within 30 K sqrt(m log N) B^2 |X|^2 of its mean with probability 1 - N^-100, which the width needs.""",
    given=KERNELS,
    assuming=[Max(2, K) <= N],
    says=with_probability(away <= deviation_repaired, 1 - N**-100),
    source=f"{REFERENCE}, Lemma 6.13, as its second part needs it",
    provenance="repaired",
    link=KERNEL,
    unproved="the constant is ten times what any network shows, and a probability of N^-100 is never seen",
)

near = claim(
    "oymak2019/J09-deviation-by-bernstein",
    """J J^T is within B^2 |X|^2 (sqrt(2 m K L) + 2 K L/3) of its mean with probability 9/10, L = log(20 N K).""",
    given=KERNELS,
    says=mostly(away <= deviation_derived),
    source="derived",
    link=KERNEL,
)
near.breaks_when("a tenth of it", says=mostly(10 * away <= deviation_derived))
near.breaks_when("the mean without the width", says=mostly(spectral_norm(C - C_mean / m) <= deviation_derived))
near.breaks_when("surely, a quarter of it", says=with_probability(4 * away <= deviation_derived, 1 - FAILING / 100))
near.breaks_when(
    "nearer the wider the network is",
    says=mostly(m * away <= sqrt(m) * deviation_derived),
)

# -- the outputs (J10) ------------------------------------------------------------------------------------------------

claim(
    "oymak2019/J10-start",
    """The outputs at the start are at most nu |y| with probability 1 - (2 K)^-100, for |phi(0)| <= B.""",
    given=KERNELS,
    says=with_probability(size <= start_printed**2, 1 - (2 * K) ** -100),
    source=f"{REFERENCE}, Lemma 6.14, times 50 B sqrt(K log(2 K) m N)/(nu |y|)",
    provenance="as-read",
    link=START,
    unproved="the constant is thirty times what any network shows, and a probability of (2 K)^-100 is never seen",
)

start = claim(
    "oymak2019/J10-start-by-signs",
    """At every sample |f| is at most sqrt(2 K log(20 N K)) |phi(W x)| with probability 9/10, whatever phi is.""",
    given=NETWORKS,
    says=mostly(norm(f[i]) ** 2 <= start_squared),
    source="derived",
    link=START,
)
start.breaks_when("a tenth of it", says=mostly(10 * norm(f[i]) ** 2 <= start_squared))
start.breaks_when("without the logarithm", says=mostly(2 * norm(f[i]) ** 2 <= start_squared / log(20 * N * K)))

expected = claim(
    "oymak2019/J10-start-by-mean",
    """All outputs together are at most sqrt(10) times the root of their mean square, with probability 9/10.""",
    given=NETWORKS,
    says=mostly(FAILING * size <= mean_start),
    source="derived",
    link=START,
)
expected.breaks_when("the mean itself", says=mostly(size <= mean_start))
expected.breaks_when("without the number of classes", says=mostly(FAILING * size <= mean_start / K / 10))
expected.breaks_when("surely", says=with_probability(size <= 3 * mean_start, 1 - FAILING / 100))
