"""Stable ranks of least networks, Timor, Vardi, Shamir 2023: on least networks that are known, and the rates."""

from __future__ import annotations

from typing import Any

from sympy import And, Eq, Rational, oo, sqrt

from properties.worlds.boxes import Box
from properties.worlds.obtuse_pairs import ObtusePairs
from properties.worlds.stacked import StackedLayers
from symbolic import decreasing, increasing, limit, norm, rank, spectral_norm
from symbolic.papers.layered import W_1, W_2, W_3, i, out, x
from symbolic.papers.relatives import (
    C_1,
    C_2,
    C_3,
    RATES,
    V_1,
    V_2,
    B,
    K,
    depth,
    f_1,
    f_2,
    fitting,
    h_1,
    h_2,
    k,
    layer_norm,
    margin,
    teacher,
)
from symbolic.spans import Span
from verify import claim
from verify.worlds import Size

DERIVATIONS = "docs/mathematics/relatives.md"
PAIRS = f"{DERIVATIONS}#two-points-far-apart"
RATIOS = f"{DERIVATIONS}#spectral-norms-over-frobenius-norms"
RATE = f"{DERIVATIONS}#rates-by-depth"
PAPER = "Timor, Vardi, Shamir 2023 (ALT)"
FITTING, MARGIN = f"{PAPER}, Theorem 4", f"{PAPER}, Theorem 5"
WORLD = ObtusePairs()
ANY_ANGLE = ObtusePairs(obtuse=False)


def same(left: Any, right: Any) -> Any:
    """The equation of two numbers, as it stands."""
    return Eq(left, right, evaluate=False)


# -- any network ------------------------------------------------------------------------------------------------------

THREE = StackedLayers(rectified=True, outputs=Size(1, 1), samples=Size(1, 1))
LAYERS = (W_1, W_2, W_3)
product = norm(W_1) * norm(W_2) * norm(W_3) * norm(x[i])
alive = [norm(W_1) * norm(W_2) * norm(W_3) > 0]
shares = sum(spectral_norm(W) / norm(W) for W in LAYERS) / 3
inverses = sum(norm(W) / spectral_norm(W) for W in LAYERS) / 3

spectral = claim(
    "timor2023/output-by-spectral-norms",
    """The output of a bias-free network is at most the product of its spectral norms times the norm of the input.""",
    given=THREE,
    says=norm(out[i]) <= spectral_norm(W_1) * spectral_norm(W_2) * spectral_norm(W_3) * norm(x[i]),
    source=f"{FITTING}, its proof (derived)",
    link=RATIOS,
    provenance="derived",
)
spectral.breaks_when(
    "without the input", says=norm(out[i]) <= spectral_norm(W_1) * spectral_norm(W_2) * spectral_norm(W_3)
)
spectral.breaks_when(
    "with biases",
    given=StackedLayers(rectified=True, biased=True, outputs=Size(1, 1), samples=Size(1, 1)),
)

means = claim(
    "timor2023/mean-ratio",
    """The mean of spectral over Frobenius norms is at least the cube root of what the output is of their bound.""",
    given=THREE,
    assuming=alive,
    says=norm(out[i]) <= shares**3 * product,
    source=f"{FITTING}, its proof (derived)",
    link=RATIOS,
    provenance="derived",
)
means.breaks_when("the fourth power", says=norm(out[i]) <= shares**4 * product)
means.breaks_when("an arithmetic mean of square roots of stable ranks", says=inverses**3 * norm(out[i]) <= product)

# -- two points -------------------------------------------------------------------------------------------------------

least = claim(
    "timor2023/pair-no-network-is-less",
    """At points 120 degrees apart or more outputs add up to at most the product of the norms of all layers.""",
    given=WORLD,
    says=h_1 + h_2 <= norm(C_1) * norm(C_2) * norm(C_3),
    source="derived",
    link=PAIRS,
    provenance="derived",
)
least.breaks_when("points at any angle", given=ANY_ANGLE)
least.breaks_when("nine tenths of it", says=10 * (h_1 + h_2) <= 9 * norm(C_1) * norm(C_2) * norm(C_3))
least.breaks_when("twice the larger", says=2 * h_1 <= norm(C_1) * norm(C_2) * norm(C_3))

built = claim(
    "timor2023/pair-least-network",
    """At any depth, here 3 to 9, there is a network with layers of one norm nu whose outputs add up to nu**k.""",
    given=WORLD,
    says=And(
        same(norm(V_1) ** 2, layer_norm**2),
        same(norm(V_2) ** 2, layer_norm**2),
        same(f_1 + f_2, layer_norm**depth),
        same(f_1, f_2),
    ),
    source="derived",
    link=PAIRS,
    provenance="derived",
)
built.breaks_when("points at any angle", given=ANY_ANGLE, says=same(f_1 + f_2, layer_norm**depth))
built.breaks_when("of half the norm", says=same(4 * norm(V_1) ** 2, layer_norm**2))

FITS = [f_1 >= 1]
ratio_1, ratio_2 = spectral_norm(V_1) / layer_norm, spectral_norm(V_2) / layer_norm
bound = teacher ** (-2 / depth)

theorem = claim(
    "timor2023/fitting-on-pairs",
    """Of least networks at two points the mean of spectral over Frobenius norms is at least (1/B)**(k/k').""",
    given=WORLD,
    assuming=FITS,
    says=ratio_1 + ratio_2 + depth - 2 >= depth * bound,
    source=FITTING,
    link=PAIRS,
    provenance="printed",
)
theorem.breaks_when("labels below 1", assuming=[])
theorem.breaks_when("the least in place of the mean", says=ratio_1 >= bound)
theorem.breaks_when("the root of it", says=depth**2 * bound <= ratio_1**2)

claim(
    "timor2023/each-layer-rank-one-as-read",
    """Every layer of a least network has rank one: the first of these has rank two, at any depth.""",
    given=WORLD,
    assuming=FITS,
    says=rank(V_1) <= 1,
    source="Chen, Yi, Yang 2024 (arXiv:2410.02176), Table 1, of Timor, Vardi, Shamir 2023",
    link=PAIRS,
    expects="refuted",
)

claim(
    "timor2023/each-layer-as-read",
    """The bound on the mean of spectral over Frobenius norms holds of every single layer: it does not.""",
    given=WORLD,
    assuming=FITS,
    says=ratio_1 >= bound,
    source=f"{FITTING}, said of each layer in place of their mean",
    link=PAIRS,
    expects="refuted",
)

stays = claim(
    "timor2023/pair-stable-rank",
    """The first layer of these has a stable rank of 2/(1 + |cos|), from 1 to 4/3, however deep the network is.""",
    given=WORLD,
    says=And(norm(V_1) ** 2 <= Rational(4, 3) * spectral_norm(V_1) ** 2, rank(V_1) <= 2),
    source="derived",
    link=PAIRS,
    provenance="derived",
)
stays.breaks_when("from 1 to 5/4", says=norm(V_1) ** 2 <= Rational(5, 4) * spectral_norm(V_1) ** 2)
stays.breaks_when("points at any angle", given=ANY_ANGLE)

# -- rates ------------------------------------------------------------------------------------------------------------

ABOVE_ROOT = {**RATES, B: Span(2, oo)}

claim(
    "timor2023/fitting-falls-with-depth",
    """The bound B**(k/k') on the harmonic mean of square roots of stable ranks never rises with the depth.""",
    given=Box(RATES),
    says=decreasing(fitting, K),
    source=FITTING,
    link=RATE,
    provenance="printed",
    expects="proved",
).breaks_when("the exponent k'/k", says=decreasing(B ** (K / k), K))

claim(
    "timor2023/fitting-tends-to-1",
    """It tends to 1 with the depth.""",
    given=Box(RATES),
    says=limit(fitting, K, oo, 1),
    source=FITTING,
    link=RATE,
    provenance="printed",
    expects="proved",
).breaks_when("it is at most 1", says=fitting <= 1)

claim(
    "timor2023/fitting-at-least-1",
    """For B from 1 on, which its assumptions force, it is at least 1, as square roots of stable ranks are.""",
    given=Box(RATES),
    says=fitting >= 1,
    source=FITTING,
    link=RATE,
    provenance="printed",
    expects="proved",
).breaks_when("for any B", given=Box({**RATES, B: Span(0, oo, open_low=True)}))

claim(
    "timor2023/margin-falls-with-depth",
    """For a margin, sqrt(2) (B/sqrt(2))**(k/k') sqrt((k'+1)/k') falls with the depth, for B from 2 on.""",
    given=Box(ABOVE_ROOT),
    says=decreasing(margin, K, strictly=True),
    source=MARGIN,
    link=RATE,
    provenance="printed",
    expects="proved",
).breaks_when("it rises", says=increasing(margin, K))

claim(
    "timor2023/margin-tends-to-root-of-2",
    """It tends to sqrt(2): stable ranks are bounded by 2 on average, not by 1.""",
    given=Box(ABOVE_ROOT),
    says=limit(margin, K, oo, sqrt(2)),
    source=MARGIN,
    link=RATE,
    provenance="printed",
    expects="proved",
).breaks_when("it is at most the root of 2", says=margin <= sqrt(2))
