"""The Jacobian where both layers are trained: its entries, how large it is, and how fast it moves (J33)."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Max, sqrt

from properties.worlds.joint_training import JointNetworks
from symbolic import norm, row, spectral_norm
from symbolic.papers.joint_training import (
    CLASSES,
    NEURONS,
    REFERENCE,
    SAMPLES,
    B,
    B_first,
    D_max,
    E,
    J,
    J_closed,
    J_moved,
    J_slopes,
    J_swapped,
    J_turned,
    U,
    U_max,
    V,
    V_max,
    W,
    X,
    omega,
    phi_0,
    xi,
)
from verify import claim

DERIVATIONS = "docs/mathematics/joint.md"
THEOREM = f"{REFERENCE}, Theorem B.1"
WORLD = JointNetworks()
BOUNDED = [spectral_norm(X) <= xi]

longest_row = Max(*(norm(row(W, s)) for s in range(NEURONS)))
offset = phi_0 * sqrt(SAMPLES * NEURONS)
size = spectral_norm(J_closed)
printed_size = B * xi * (norm(W) + sqrt(CLASSES * NEURONS) * V_max)
apart = spectral_norm(J_moved - J_closed)
outer_moves = sqrt(CLASSES * NEURONS) * D_max
inner_moves = norm(E)
weighted = sqrt(CLASSES) * V_max * norm(E)


def moves_by(reach: Any) -> Any:
    """That the Jacobian moves by at most B times the norm of the inputs times this, in squares."""
    return apart**2 <= (B * xi * reach) ** 2


jacobian = claim(
    "oymak2019/J33-jacobian",
    """The Jacobian in both layers is I kron phi(X W^T) beside the Jacobian in W, class by class.""",
    given=JointNetworks(rational=True),
    says=Eq(J, J_closed),
    source=f"{THEOREM} and equation (6.27)",
    link=f"{DERIVATIONS}#the-jacobian-in-both-layers",
    provenance="as-read",
)
jacobian.breaks_when("phi(X W^T) kron I", says=Eq(J, J_turned))
jacobian.breaks_when("W before V", says=Eq(J, J_swapped))
jacobian.breaks_when("the derivatives in place of the activations", says=Eq(J, J_slopes))
jacobian.breaks_when("the other sign", says=Eq(-J, J_closed))

claim(
    "oymak2019/J33-norm-printed",
    """The norm of the Jacobian in both layers is at most B |X| (|W|_F + sqrt(K m) |V|_max).""",
    given=WORLD,
    assuming=BOUNDED,
    says=size <= printed_size,
    source=THEOREM,
    link=f"{DERIVATIONS}#its-norm",
    expects="refuted",
)

repaired = claim(
    "oymak2019/J33-norm",
    """With |phi(0)| sqrt(m N) added, the bound on the norm of the Jacobian in both layers holds.""",
    given=WORLD,
    assuming=BOUNDED,
    says=size <= printed_size + offset,
    source=THEOREM,
    link=f"{DERIVATIONS}#its-norm",
    provenance="repaired",
)
repaired.breaks_when("phi(0) of one neuron", says=size <= printed_size + phi_0 * sqrt(SAMPLES))
repaired.breaks_when("phi(0) at one sample", says=size <= printed_size + phi_0 * sqrt(NEURONS))
repaired.breaks_when("the width does not count", says=size <= B * xi * (norm(W) + sqrt(CLASSES) * V_max) + offset)
repaired.breaks_when("a smaller constant", says=9 * size <= 8 * (printed_size + offset))

sharper = claim(
    "oymak2019/J33-norm-sharper",
    """The two parts of the Jacobian add in squares, and of V the spectral norm counts.""",
    given=WORLD,
    assuming=[*BOUNDED, spectral_norm(V) <= omega],
    says=size**2 <= (B_first * xi * norm(W) + offset) ** 2 + (B_first * omega * xi) ** 2,
    source=f"{THEOREM} (our sharper form)",
    link=f"{DERIVATIONS}#its-norm",
)
sharper.breaks_when("the larger part alone", says=size <= Max(B_first * xi * norm(W) + offset, B_first * omega * xi))
sharper.breaks_when("V does not count", says=size <= B_first * xi * norm(W) + offset)

claim(
    "oymak2019/J33-rows-printed",
    """The entries of the first part of J^T u are at most B |W|_{2,max} |X| |u|.""",
    given=WORLD,
    assuming=BOUNDED,
    says=U_max <= B * longest_row * xi * norm(U),
    source=THEOREM,
    link=f"{DERIVATIONS}#the-second-layer",
    expects="refuted",
)

rows = claim(
    "oymak2019/J33-rows",
    """The entries of the first part of J^T u are at most (B |W|_{2,max} |X| + |phi(0)| sqrt(N)) |u|.""",
    given=WORLD,
    assuming=BOUNDED,
    says=U_max <= (B * longest_row * xi + phi_0 * sqrt(SAMPLES)) * norm(U),
    source=THEOREM,
    link=f"{DERIVATIONS}#the-second-layer",
    provenance="repaired",
)
rows.breaks_when("phi(0) at one sample", says=U_max <= (B * longest_row * xi + phi_0) * norm(U))
rows.breaks_when("the length of u squared", says=U_max <= (B * longest_row * xi + phi_0 * sqrt(SAMPLES)) * norm(U) ** 2)
rows.breaks_when("u does not count", says=U_max <= B * longest_row * xi + phi_0 * sqrt(SAMPLES))
rows.breaks_when("a smaller constant", says=9 * U_max <= 8 * (B * longest_row * xi + phi_0 * sqrt(SAMPLES)) * norm(U))

motion = claim(
    "oymak2019/J33-lipschitz",
    """The Jacobian moves by at most B |X| (sqrt(K m) |D|_max + sqrt(K) |V|_max |E|_F + |E|_F).""",
    given=WORLD,
    assuming=BOUNDED,
    says=moves_by(outer_moves + weighted + inner_moves),
    source=THEOREM,
    link=f"{DERIVATIONS}#how-fast-it-moves",
    provenance="as-read",
)
motion.breaks_when("V does not move it", says=moves_by(weighted + inner_moves))
motion.breaks_when("V has no size", says=moves_by(outer_moves + inner_moves))
motion.breaks_when("the width does not count", says=moves_by(sqrt(CLASSES) * D_max + weighted + inner_moves))
motion.breaks_when("a smaller constant", says=moves_by(8 * (outer_moves + weighted + inner_moves) / 9))
