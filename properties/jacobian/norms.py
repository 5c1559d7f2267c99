"""How large the Jacobian is, how fast it moves, and what it leaves of one neuron: J05, J06 and J07."""

from sympy import sqrt

from properties.worlds.smooth import SmoothNetworks
from symbolic import greatest, norm, row, spectral_norm
from symbolic.papers.jacobian import (
    REFERENCE,
    B,
    B_first,
    B_second,
    E,
    J,
    J_moved,
    K,
    M,
    U,
    V,
    V_max,
    X,
    i,
    m,
    omega,
    s,
    x,
    xi,
)
from verify import claim

DERIVATIONS = "docs/mathematics/jacobian.md"
ANYWHERE = SmoothNetworks(inputs_on="anywhere")
longest_input = greatest(norm(x[i]), i)
longest_column = greatest(norm(row(V.T, s)), s)
farthest = greatest(norm(E * x[i]), i)
apart = spectral_norm(J_moved - J)

size = claim(
    "oymak2019/J05-norm",
    """The norm of the Jacobian is at most B sqrt(m K) times the largest entry of V and the norm of X.""",
    given=SmoothNetworks(),
    assuming=[spectral_norm(X) <= xi],
    says=spectral_norm(J) <= B * sqrt(m * K) * V_max * xi,
    source=f"{REFERENCE}, Lemmas 6.9 and 6.10",
    link=f"{DERIVATIONS}#the-norm-of-the-jacobian",
    provenance="as-read",
)
size.breaks_when("the classes do not count", says=spectral_norm(J) <= B * sqrt(m) * V_max * xi)
size.breaks_when("the width does not count", says=spectral_norm(J) <= B * sqrt(K) * V_max * xi)
size.breaks_when("the longest input", says=spectral_norm(J) <= B * sqrt(m * K) * V_max * longest_input)
size.breaks_when("a smaller constant", says=16 * spectral_norm(J) <= 15 * B * sqrt(m * K) * V_max * xi)

sharper_size = claim(
    "oymak2019/J05-norm-sharper",
    """The norm of the Jacobian is at most that of V times that of X times the bound on the derivatives.""",
    given=SmoothNetworks(),
    assuming=[spectral_norm(X) <= xi, spectral_norm(V) <= omega],
    says=spectral_norm(J) <= B_first * omega * xi,
    source=f"{REFERENCE}, Lemma 6.10 (our sharper form)",
    link=f"{DERIVATIONS}#the-norm-of-the-jacobian",
)
sharper_size.breaks_when("the largest entry of V", says=spectral_norm(J) <= B_first * V_max * xi)
sharper_size.breaks_when("the longest column of V", says=spectral_norm(J) <= B_first * longest_column * xi)
sharper_size.breaks_when("the longest input", says=spectral_norm(J) <= B_first * omega * longest_input)
sharper_size.breaks_when("the bound on the second derivatives", says=spectral_norm(J) <= B_second * omega * xi)
sharper_size.breaks_when("a smaller constant", says=16 * spectral_norm(J) <= 15 * B_first * omega * xi)

motion = claim(
    "oymak2019/J06-lipschitz",
    """With inputs of length one the Jacobian moves by at most B sqrt(K) |V|_max |X| times what W moves by.""",
    given=SmoothNetworks(),
    says=apart <= B * sqrt(K) * V_max * spectral_norm(X) * norm(E),
    source=f"{REFERENCE}, Lemmas 6.9 and 6.10",
    link=f"{DERIVATIONS}#how-fast-the-jacobian-moves",
    provenance="as-read",
)
motion.breaks_when(
    "inputs of any length",
    says=apart <= B * sqrt(K) * V_max * spectral_norm(X) * norm(E),
    given=ANYWHERE,
)
motion.breaks_when("the classes do not count", says=apart <= B * V_max * spectral_norm(X) * norm(E))
motion.breaks_when("divided by the width", says=apart * sqrt(m) <= B * sqrt(K) * V_max * spectral_norm(X) * norm(E))
motion.breaks_when("however far W moves", says=apart <= B * sqrt(K) * V_max * spectral_norm(X))
motion.breaks_when("the longest input", says=apart <= B * sqrt(K) * V_max * longest_input * norm(E))
motion.breaks_when("a smaller constant", says=9 * apart <= 8 * B * sqrt(K) * V_max * spectral_norm(X) * norm(E))

sharper_motion = claim(
    "oymak2019/J06-lipschitz-sharper",
    """The Jacobian moves by at most B_2 times the longest column of V, the norm of X, and the longest E x.""",
    given=ANYWHERE,
    says=apart <= B_second * longest_column * spectral_norm(X) * farthest,
    source=f"{REFERENCE}, Lemma 6.10 (our sharper form)",
    link=f"{DERIVATIONS}#how-fast-the-jacobian-moves",
)
sharper_motion.breaks_when("the largest entry of V", says=apart <= B_second * V_max * spectral_norm(X) * farthest)
sharper_motion.breaks_when("the longest input", says=apart <= B_second * longest_column * longest_input * farthest)
sharper_motion.breaks_when(
    "E in place of E x", says=apart <= B_second * longest_column * spectral_norm(X) * spectral_norm(E)
)
sharper_motion.breaks_when(
    "a smaller constant", says=9 * apart <= 8 * B_second * longest_column * spectral_norm(X) * farthest
)

any_inputs = claim(
    "oymak2019/J06-lipschitz-any-inputs",
    """For inputs of any length, the longest one counts; and of E the spectral norm is enough.""",
    given=ANYWHERE,
    says=apart <= B_second * sqrt(K) * V_max * spectral_norm(X) * spectral_norm(E) * longest_input,
    source=f"{REFERENCE}, Lemma 6.10 (our repair for inputs that are not of length one)",
    link=f"{DERIVATIONS}#how-fast-the-jacobian-moves",
    provenance="repaired",
)
any_inputs.breaks_when(
    "inputs of any length do not count", says=apart <= B_second * sqrt(K) * V_max * spectral_norm(X) * spectral_norm(E)
)
any_inputs.breaks_when(
    "the classes do not count",
    says=apart <= B_second * V_max * spectral_norm(X) * spectral_norm(E) * longest_input,
)
any_inputs.breaks_when(
    "the first derivatives halved",
    says=2 * apart <= B_first * sqrt(K) * V_max * spectral_norm(X) * spectral_norm(E) * longest_input,
)

neuron = claim(
    "oymak2019/J07-rows",
    """Each row of J^T u, that of one neuron, has length at most B sqrt(K) |V|_max |X| |u|.""",
    given=SmoothNetworks(),
    assuming=[spectral_norm(X) <= xi],
    says=norm(row(M, s)) <= B * sqrt(K) * V_max * xi * norm(U),
    source=f"{REFERENCE}, equations (6.30) and (6.31)",
    link=f"{DERIVATIONS}#one-neuron",
    provenance="as-read",
)
neuron.breaks_when("the classes do not count", says=norm(row(M, s)) <= B * V_max * xi * norm(U))
neuron.breaks_when("all neurons", says=norm(M) <= B * sqrt(K) * V_max * xi * norm(U))
neuron.breaks_when("the longest input", says=norm(row(M, s)) <= B * sqrt(K) * V_max * longest_input * norm(U))
neuron.breaks_when("a smaller constant", says=16 * norm(row(M, s)) <= 15 * B * sqrt(K) * V_max * xi * norm(U))

sharper_neuron = claim(
    "oymak2019/J07-rows-sharper",
    """The row of a neuron has length at most B_1 times that of the neuron's column of V, the norm of X and |u|.""",
    given=SmoothNetworks(),
    assuming=[spectral_norm(X) <= xi],
    says=norm(row(M, s)) <= B_first * norm(row(V.T, s)) * xi * norm(U),
    source=f"{REFERENCE}, equations (6.30) and (6.31) (our sharper form)",
    link=f"{DERIVATIONS}#one-neuron",
)
sharper_neuron.breaks_when("the largest entry of V", says=norm(row(M, s)) <= B_first * V_max * xi * norm(U))
sharper_neuron.breaks_when(
    "the spectral norm of u",
    says=norm(row(M, s)) <= B_first * norm(row(V.T, s)) * longest_input * spectral_norm(U),
)
sharper_neuron.breaks_when(
    "a smaller constant", says=16 * norm(row(M, s)) <= 15 * B_first * norm(row(V.T, s)) * xi * norm(U)
)
