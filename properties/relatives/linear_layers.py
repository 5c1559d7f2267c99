"""Layers that weigh the same, and what follows for their ranks: Ji, Telgarsky; Le, Jegelka; Ergen, Pilanci."""

from __future__ import annotations

from typing import Any

from sympy import And, Eq, HadamardProduct

from properties.worlds.spanning import CriticalOnData
from properties.worlds.stacked import CriticalLinearLayers, StackedLayers
from symbolic import norm, rank, spectral_norm, vanishes
from symbolic.papers.layered import (
    LINEAR,
    UNIT,
    W_1,
    W_2,
    W_3,
    W_1_next,
    W_2_next,
    above,
    b,
    eta,
    g_1,
    g_2,
    g_3,
    g_b,
    mu,
    o,
    top,
    twins,
)
from symbolic.papers.relatives import X, X_centred, backward, dimension
from symbolic.papers.weight_decay import G_full, V, c
from symbolic.papers.weight_decay import mu as strength
from verify import claim
from verify.worlds import Size

DERIVATIONS = "docs/mathematics/relatives.md"
BALANCE = f"{DERIVATIONS}#layers-that-weigh-the-same"
RECTIFIED = f"{DERIVATIONS}#a-relu-layer-below"
CRITICAL = f"{DERIVATIONS}#critical-points-with-decay"
JI = "Ji, Telgarsky 2019 (ICLR), from memory"
LE = "Le, Jegelka 2022 (ICLR), as its abstract says it"
ERGEN = "Ergen, Pilanci 2021 (ICML), as its abstract says it"

LINEAR_LAYERS = StackedLayers()
ONE_OUTPUT = StackedLayers(outputs=Size(1, 1), samples=Size(1, 1))
RELU = StackedLayers(rectified=True)
BIASED = StackedLayers(rectified=True, biased=True)


def same(left: Any, right: Any) -> Any:
    """The equation of two matrices or numbers, as it stands."""
    return Eq(left, right, evaluate=False)


# -- linear layers ----------------------------------------------------------------------------------------------------

UPPER, LOWER = W_2.T * g_2, g_1 * W_1.T

gradients = claim(
    "ji2019/gradients-of-neighbours",
    """Of two linear layers that follow each other W_2^T times the gradient in W_2 is that in W_1 times W_1^T.""",
    given=LINEAR_LAYERS,
    says=And(same(UPPER, LOWER), same(W_3.T * g_3, g_2 * W_2.T)),
    where=LINEAR,
    source=JI,
    link=BALANCE,
    provenance="as-read",
    expects="proved",
)
gradients.breaks_when("transposed", says=same(UPPER, LOWER.T))
gradients.breaks_when("with the lower weights on the other side", says=same(W_2.T * g_2, W_1 * g_1.T))

flow = claim(
    "ji2019/flow-conserves-balance",
    """Along the gradient W_2^T W_2 - W_1 W_1^T does not change: gradient flow conserves it.""",
    given=LINEAR_LAYERS,
    says=same(UPPER + UPPER.T, LOWER + LOWER.T),
    where=LINEAR,
    source=JI,
    link=BALANCE,
    provenance="as-read",
    expects="proved",
)
flow.breaks_when("W_2^T W_2 by itself", says=vanishes(UPPER + UPPER.T))
flow.breaks_when("W_2^T W_2 + W_1 W_1^T", says=same(UPPER + UPPER.T, -LOWER - LOWER.T))

after = W_2_next.T * W_2_next - W_1_next * W_1_next.T
stepped = {**LINEAR, W_1_next: W_1 - eta * g_1, W_2_next: W_2 - eta * g_2}

descent = claim(
    "ji2019/step-changes-balance",
    """One step of gradient descent changes it by eta**2 times what the gradients have in place of the weights.""",
    given=LINEAR_LAYERS,
    says=same(after - above, eta**2 * (g_2.T * g_2 - g_1 * g_1.T)),
    where=stepped,
    source=JI,
    link=BALANCE,
    provenance="derived",
    expects="proved",
)
descent.breaks_when("eta", says=same(after - above, eta * (g_2.T * g_2 - g_1 * g_1.T)))
descent.breaks_when("without the lower layer", says=same(after - above, eta**2 * g_2.T * g_2))

claim(
    "ji2019/descent-conserves-balance-as-read",
    """Gradient descent conserves W_2^T W_2 - W_1 W_1^T, as gradient flow does: it does not.""",
    given=LINEAR_LAYERS,
    says=same(after, above),
    source=f"{JI}, said of steps in place of flow",
    link=BALANCE,
    expects="refuted",
)

slack = spectral_norm(above) + spectral_norm(top)

aligned = claim(
    "ji2019/distance-to-rank-one",
    """With one output the squared distances of W_1 and W_2 to rank one are bounded by what flow conserves.""",
    given=ONE_OUTPUT,
    says=And(
        norm(W_1) ** 2 - spectral_norm(W_1) ** 2 <= norm(W_1) ** 2 - norm(W_3) ** 2 + slack,
        norm(W_2) ** 2 - spectral_norm(W_2) ** 2 <= norm(W_2) ** 2 - norm(W_3) ** 2 + spectral_norm(top),
    ),
    source=JI,
    link=BALANCE,
    provenance="as-read",
)
aligned.breaks_when(
    "two outputs", given=StackedLayers(outputs=Size(2, 2), samples=Size(1, 1)),
)  # fmt: skip
aligned.breaks_when(
    "without the differences of neighbours",
    says=norm(W_2) ** 2 - spectral_norm(W_2) ** 2 <= norm(W_2) ** 2 - norm(W_3) ** 2,
)
aligned.breaks_when(
    "by the next layer alone",
    says=norm(W_1) ** 2 - spectral_norm(W_1) ** 2 <= norm(W_1) ** 2 - norm(W_3) ** 2 + spectral_norm(above),
)

claim(
    "ji2019/rank-one-as-read",
    """With one output every layer has rank one at any time: it has in the limit, divided by its norm.""",
    given=ONE_OUTPUT,
    says=rank(W_1) <= 1,
    source="Chen, Yi, Yang 2024 (arXiv:2410.02176), Table 1, with no limit",
    link=BALANCE,
    expects="refuted",
)

# -- a ReLU layer below linear ones -----------------------------------------------------------------------------------

masked, unmasked = HadamardProduct(twins, UPPER), HadamardProduct(twins, LOWER)

neurons = claim(
    "le2022/neurons-active-alike",
    """Below linear layers, ReLU neurons that are active on the same samples, as always active ones, keep balance.""",
    given=RELU,
    says=same(masked, unmasked),
    source=LE,
    link=RECTIFIED,
    provenance="as-read",
)
neurons.breaks_when("all neurons", says=same(UPPER, LOWER))
neurons.breaks_when("with biases that do not count", given=BIASED)

each = claim(
    "le2022/neurons-with-biases",
    """With biases b the gradient in b times b^T is part of the balance of the lower layer.""",
    given=BIASED,
    says=same(masked, HadamardProduct(twins, LOWER + g_b * b.T)),
    source=f"{LE} (derived)",
    link=RECTIFIED,
    provenance="derived",
)
each.breaks_when("the bias counts twice", says=same(masked, HadamardProduct(twins, LOWER + 2 * g_b * b.T)))
each.breaks_when("all neurons", says=same(UPPER, LOWER + g_b * b.T))

one = claim(
    "le2022/each-neuron",
    """Every single ReLU neuron balances the weights that come in with those that go out.""",
    given=RELU,
    says=same(HadamardProduct(UNIT, UPPER), HadamardProduct(UNIT, LOWER)),
    source=LE,
    link=RECTIFIED,
    provenance="as-read",
)
one.breaks_when("twice as fast", says=same(HadamardProduct(UNIT, UPPER), 2 * HadamardProduct(UNIT, LOWER)))

layers = claim(
    "le2022/linear-layers-on-relu",
    """Above a ReLU layer two linear layers that follow each other are balanced as in a linear network.""",
    given=BIASED,
    says=same(W_3.T * g_3, g_2 * W_2.T),
    source=LE,
    link=RECTIFIED,
    provenance="as-read",
)
layers.breaks_when("the ReLU layer too", says=same(UPPER, LOWER))

claim(
    "le2022/relu-layer-as-read",
    """A ReLU layer is balanced with the linear one above it, whatever its neurons do.""",
    given=RELU,
    says=same(UPPER + UPPER.T, LOWER + LOWER.T),
    source=f"{LE}, said of all neurons in place of those always active",
    link=RECTIFIED,
    expects="refuted",
)

# -- critical points with decay ---------------------------------------------------------------------------------------

DECAYED = CriticalLinearLayers()
TWO_OUTPUTS = CriticalLinearLayers(outputs=Size(2, 2))
STOPPED = [vanishes(g_1 + mu * W_1), vanishes(g_2 + mu * W_2), vanishes(g_3 + mu * W_3)]

critical = claim(
    "ergen2021/critical-layers-balanced",
    """Where the gradients of loss and decay vanish in every linear layer, W_2^T W_2 = W_1 W_1^T.""",
    given=DECAYED,
    assuming=[mu > 0, *STOPPED[:2]],
    says=same(W_2.T * W_2, W_1 * W_1.T),
    where={g_1: LINEAR[g_1], g_2: LINEAR[g_2]},
    proof=[same(UPPER, LOWER), Eq(g_2, -mu * W_2), Eq(g_1, -mu * W_1), same(mu * W_2.T * W_2, mu * W_1 * W_1.T)],
    source=f"{ERGEN} (derived)",
    link=CRITICAL,
    provenance="derived",
    expects="proved",
)
critical.breaks_when("anywhere", given=StackedLayers(), assuming=[mu > 0])
critical.breaks_when("twice as large", says=same(W_2.T * W_2, 2 * W_1 * W_1.T))

ranks = claim(
    "ergen2021/rank-at-most-outputs",
    """There, both layers have rank at most the number of outputs.""",
    given=DECAYED,
    assuming=[mu > 0, *STOPPED[:2]],
    says=And(rank(W_1) <= o, rank(W_2) <= o),
    where={g_1: LINEAR[g_1], g_2: LINEAR[g_2]},
    source=ERGEN,
    link=CRITICAL,
    provenance="as-read",
    expects="proved",
)
ranks.breaks_when("rank one", given=TWO_OUTPUTS, says=rank(W_1) <= 1)
ranks.breaks_when("no decay", given=StackedLayers(), assuming=[])

data = claim(
    "ergen2021/rank-at-most-data",
    """Where the gradient of loss and decay vanishes, V of a two-layer ReLU network has at most the rank of the data:
    rank one for data on a line through 0.""",
    given=CriticalOnData(),
    assuming=[strength > 0, c > 0, rank(X) <= dimension, vanishes(G_full)],
    says=rank(V) <= dimension,
    where={G_full: backward * X.T + c * strength * V},
    source=ERGEN,
    link=CRITICAL,
    provenance="as-read",
    expects="proved",
)
data.breaks_when(
    "the dimension of the data about their mean",
    assuming=[strength > 0, c > 0, rank(X_centred) <= dimension, vanishes(G_full)],
)
data.breaks_when("no decay", assuming=[c > 0, rank(X) <= dimension, vanishes(G_full)])
data.breaks_when("rank one, whatever the data", says=rank(V) <= 1)
