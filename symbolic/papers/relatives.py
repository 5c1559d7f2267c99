"""Words of the works that Chen, Yi, Yang 2024 compare theirs with: data, pairs, unit weights, steps with decay.

Sources: "pairs2023" for the networks of Timor, Vardi, Shamir 2023 that are built here, "unit" for the networks with
weights of norm 1 of Xu and others 2023, "decayed" for the steps of Galanti, Poggio 2022 and of Galanti, Siegel, Gupte,
Poggio 2025. X and what goes with it belong to the networks of ``weight_decay.py``.
"""

from __future__ import annotations

from sympy import sqrt

from symbolic.papers import weight_decay as paper
from symbolic.papers.zoo import FROM_ONE
from symbolic.spans import Span
from symbolic.words import index, size, word

# -- data as a matrix -------------------------------------------------------------------------------------------------

X = word("chen2024:X", "the inputs of all samples, as columns", shape=(paper.n, paper.N))
X_centred = word("chen2024:X_c", "the inputs less their mean, as columns", shape=(paper.n, paper.N), latex="X_c")
dimension = word("chen2024:dim", "a bound on the rank of the data", integer=True, nonnegative=True, latex="d")
backward = word(
    "chen2024:M", "what comes back to the first layer at each sample, as columns, over N", shape=(paper.m, paper.N)
)

# -- networks that fit 1 at two points (Timor, Vardi, Shamir 2023) ----------------------------------------------------

NEURONS, HIDDEN = 4, 3

inputs = size("pairs2023:n", "the number of inputs")
depth = word("pairs2023:k", "the number of layers of the least network", integer=True, nonnegative=True, latex="k'")
V_1 = word("pairs2023:V_1", "the first layer of the least network", shape=(NEURONS, inputs))
V_2 = word("pairs2023:V_2", "its second layer", shape=(1, NEURONS))
layer_norm = word("pairs2023:nu", "the norm of each of its layers", nonnegative=True, latex=r"\nu")
teacher = word("pairs2023:T", "the norm of both layers of a network with two layers that does the same",
               nonnegative=True)  # fmt: skip
f_1 = word("pairs2023:f_1", "its output at the first point")
f_2 = word("pairs2023:f_2", "its output at the second point")
C_1 = word("pairs2023:C_1", "the first layer of any network with three layers", shape=(HIDDEN, inputs))
C_2 = word("pairs2023:C_2", "its second layer", shape=(HIDDEN, HIDDEN))
C_3 = word("pairs2023:C_3", "its third layer", shape=(1, HIDDEN))
h_1 = word("pairs2023:h_1", "its output at the first point")
h_2 = word("pairs2023:h_2", "its output at the second point")

# -- the rates of Timor, Vardi, Shamir 2023 ---------------------------------------------------------------------------

B = word("timor2023:B", "a bound on the norms of the layers of the teacher")
k = word("timor2023:k", "the number of layers of the teacher", integer=True)
K = word("timor2023:K", "the number of layers of the network", integer=True, latex="k'")
RATES = {B: FROM_ONE, k: FROM_ONE, K: FROM_ONE}
fitting = B ** (k / K)
"""What the harmonic mean of the square roots of stable ranks is at most, where labels are fitted."""

margin = sqrt(2) * (B / sqrt(2)) ** (k / K) * sqrt((K + 1) / K)
"""The same where a margin of 1 is kept."""

# -- weights of norm 1 (Xu and others 2023) ---------------------------------------------------------------------------

m = size("unit:m", "width: the number of neurons")
n = size("unit:n", "the number of inputs")
N = size("unit:N", "the number of samples")
batch = size("unit:B", "the number of samples in a batch")
i = index("i", over="samples")
j = index("j", over="samples")
S = index("S", over="batches")

V = word("unit:V", "weights of the first layer, of norm 1", shape=(m, n))
f = word("unit:f", "output at a sample, times its label, of weights of norm 1", over="samples", latex=r"\bar f")
A = word("unit:A", "gradient of f in V", shape=(m, n), over="samples")
off = word("unit:e", "1 - rho f, by how much a sample is not fitted", over="samples")
back = word("unit:d", "gradient of f in the pre-activations, a column", shape=(m, 1), over="samples")
x = word("unit:z", "input of a sample, a column", shape=(n, 1), over="samples", latex="x")
rho = word("unit:rho", "the factor of the output", nonnegative=True, latex=r"\rho")
lam = word("unit:lam", "the strength of the decay of rho", nonnegative=True, latex=r"\lambda")
t = word("unit:t", "gradient of the loss of a sample in V, less its part along V", shape=(m, n), over="samples")
T = word("unit:T", "the same of a batch", shape=(m, n), over="batches")
w = word("unit:w", "derivative of the decayed loss of a sample in rho", over="samples")
W = word("unit:W", "the same of a batch", over="batches")

t_formula = 2 * rho * off[i] * (f[i] * V - A[i])
w_formula = 2 * lam * rho - 2 * off[i] * f[i]

# -- steps with decay (Galanti and others) ----------------------------------------------------------------------------

SIDE, STEPS = 4, 3

drawn = size("decayed:B", "the number of samples in a batch, each with a gradient of rank one at most")
step_size = word("decayed:mu", "the step size", nonnegative=True, latex=r"\mu")
decay = word("decayed:lam", "the decay: the regulariser is lam |W|^2", nonnegative=True, latex=r"\lambda")
LEFT = tuple(word(f"decayed:P_{s}", f"left factors of gradient {s}", shape=(SIDE, drawn)) for s in range(STEPS))
RIGHT = tuple(word(f"decayed:Q_{s}", f"right factors of gradient {s}", shape=(SIDE, drawn)) for s in range(STEPS))
GRADIENTS = tuple(
    word(f"decayed:G_{s}", f"gradient of the data loss of the batch of step {s}", shape=(SIDE, SIDE))
    for s in range(STEPS)
)
WEIGHTS = tuple(word(f"decayed:W_{s}", f"the weights after {s} steps", shape=(SIDE, SIDE)) for s in range(STEPS + 1))
kappa = word("decayed:kappa", "what the first step takes of the weights beside their decay, where it keeps direction",
             latex=r"\kappa")  # fmt: skip

left = 1 - 2 * step_size * decay
"""What one step leaves of the weights."""

RECURSION = {
    **{WEIGHTS[s + 1]: left * WEIGHTS[s] - step_size * GRADIENTS[s] for s in range(STEPS)},
    **{GRADIENTS[s]: LEFT[s] * RIGHT[s].T for s in range(STEPS)},
}

# -- how many steps, and which rank -----------------------------------------------------------------------------------

y = word("galanti2025:y", "2 mu lambda, what decay takes of the weights in one step")
kept_share = word("galanti2025:left", "1 - 2 mu lambda, what decay leaves of the weights in one step")
accuracy = word("galanti2025:eps", "a relative distance", latex=r"\varepsilon")
steps = word("galanti2025:n", "a number of steps")
SHARE = Span(0, 1, open_low=True, open_high=True)
