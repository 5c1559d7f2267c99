"""The words and formulas of "Weight decay induces low-rank bias" (Chen, Yi, Yang, arXiv:2410.02176), Sections 1 and 2.

A network is ``phi(x) = u relu(V x + b)``, V (m, n), u (1, m), b (m, 1); sample i is (x_i, y_i), r_i = phi(x_i) - y_i.
The loss of a sample is ``scale * r**2`` with scale 1 or 1/2, and the decay of V enters a gradient as ``c * g * V`` with
c = 1 for (g/2) |V|**2 and c = 2 for g |V|**2: the paper leaves both open, and every statement is judged under each.
"""

from __future__ import annotations

from typing import Any

from sympy import MatrixSymbol, Trace

from symbolic.sentences import diagonal, greatest, mean, norm, relu, step
from symbolic.words import index, size, word

SOURCE = "chen2024"
REFERENCE = "Chen, Yi, Yang 2024 (arXiv:2410.02176)"

m = size("chen2024:m", "width: the number of neurons")
n = size("chen2024:n", "the number of input dimensions")
N = size("chen2024:N", "the number of samples")
B = size("chen2024:B", "the number of samples in a batch")

k = size("chen2024:k", "the number of samples in a subset, and a bound on a rank")

i = index("i", over="samples")
j = index("j", over="samples")
S = index("S", over="batches")
T = index("T", over="subsets")
P = index("P", over="blocks")
s = index("s", over="neurons")

V = word("chen2024:V", "weights of the first layer", shape=(m, n))
u = word("chen2024:u", "weights of the second layer, a row", shape=(1, m))
b = word("chen2024:b", "biases of the first layer, a column", shape=(m, 1))
E = word("chen2024:E", "a perturbation of V", shape=(m, n))
x = word("chen2024:x", "input of a sample, a column", shape=(n, 1), over="samples")
y = word("chen2024:y", "label of a sample", over="samples")
z = word("chen2024:z", "pre-activations V x + b at a sample, a column", shape=(m, 1), over="samples")
D = word("chen2024:D", "activation pattern at a sample, diagonal", shape=(m, m), over="samples")
D_moved = word("chen2024:D_E", "activation pattern at a sample after V moved to V + E", shape=(m, m), over="samples")
D_closed = word("chen2024:D_closed", "activation pattern that counts z = 0 as active", shape=(m, m), over="samples")
phi = word("chen2024:phi", "output of the network at a sample", over="samples", latex=r"\phi")
r = word("chen2024:r", "residual phi - y of a sample", over="samples")

scale = word("chen2024:s", "factor of the squared residual in the loss, 1 or 1/2", nonnegative=True)
c = word("chen2024:c", "decay convention: the gradient of the regulariser is c g V; 1 or 2", nonnegative=True)
g = word("chen2024:g", "regularisation strength of a sample", over="samples")
mu = word("chen2024:mu", "regularisation strength, the same for every sample", latex=r"\mu")
mu_batch = word("chen2024:mu_S", "mean regularisation strength of a batch", over="batches", latex=r"\mu")
eta = word("chen2024:eta", "step size of gradient descent", nonnegative=True, latex=r"\eta")

A = word("chen2024:A", "gradient of the output in V at a sample", shape=(m, n), over="samples")
u_gradient = word("chen2024:A_u", "gradient of the output in u at a sample", shape=(1, m), over="samples", latex="A^u")
b_gradient = word("chen2024:A_b", "gradient of the output in b at a sample", shape=(m, 1), over="samples", latex="A^b")
h = word("chen2024:h", "gradient in V of the data loss of a sample", shape=(m, n), over="samples")
q = word("chen2024:q", "gradient in V of the regularised loss of a sample", shape=(m, n), over="samples")
H = word("chen2024:H", "gradient in V of the data loss of a batch", shape=(m, n), over="batches")
G = word("chen2024:G", "gradient in V of the regularised loss of a batch", shape=(m, n), over="batches")
G_block = word(
    "chen2024:G_P", "the same for the batches of one fixed partition", shape=(m, n), over="blocks", latex="G"
)
G_full = word("chen2024:G_N", "gradient in V of the regularised loss of the whole sample", shape=(m, n), latex="G")
eps = word("chen2024:eps", "the largest norm of a batch gradient", nonnegative=True, latex=r"\varepsilon")
rho = word("chen2024:rho", "a relative distance to the matrices of low rank", nonnegative=True, latex=r"\rho")
a = word("chen2024:a", "what a dense layer receives at a sample, a column", shape=(n, 1), over="samples")
delta = word(
    "chen2024:delta",
    "gradient of the loss of a sample in the pre-activations of a dense layer, a column",
    shape=(m, 1),
    over="samples",
    latex=r"\delta",
)
V_next = word("chen2024:V_next", "V after one step on a batch", shape=(m, n), over="batches", latex="V^{+}")

F_A = word("chen2024:F_A", "population risk of the algorithm's output", latex=r"F(\mathcal{A}(S))")
F_S_A = word("chen2024:F_S_A", "empirical risk of the algorithm's output", latex=r"F_S(\mathcal{A}(S))")
F_S_best = word("chen2024:F_S_best", "least empirical risk", latex=r"F_S(\theta^*)")
F_best = word("chen2024:F_best", "population risk of the empirical risk minimiser", latex=r"F(\theta^*)")
generalisation = word("chen2024:gen", "first bracket of (3)", latex=r"\mathrm{gen}")
optimisation = word("chen2024:opt", "second bracket of (3)", latex=r"\mathrm{opt}")
approximation = word("chen2024:approx", "last term of (3)", latex=r"\mathrm{approx}")


def output_gradient() -> Any:
    """The gradient of ``u D (V x + b)`` in V, with D held: SymPy's, at a plain input, then put at sample i.

    Lemma 2.1 is what lets D be held. D is diagonal, so its transpose is itself. A test holds ``A_formula`` to it;
    it is not computed at import, because SymPy takes as long for it as for everything else here.
    """
    X, pattern = MatrixSymbol("X", n, 1), MatrixSymbol("D", m, m)
    derivative = Trace(u * pattern * (V * X + b)).diff(V)
    return derivative.xreplace({pattern.T: pattern}).xreplace({X: x[i], pattern: D[i]})


A_formula = D[i] * u.T * x[i].T
z_formula = V * x[i] + b
D_formula = diagonal(step(V * x[i] + b))
phi_formula = Trace(u * relu(V * x[i] + b))
h_formula = 2 * scale * r[i] * A[i]
q_formula = h[i] + c * g[i] * V
mu_batch_formula = mean(g[j], j, S)
H_formula = mean(h[j], j, S)
eps_formula = greatest(norm(G[S]), S)
G_formula = mean(h[j], j, S) + c * mu_batch[S] * V
V_next_formula = V - eta * G[S]
