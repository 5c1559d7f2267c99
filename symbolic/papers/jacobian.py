"""The words and formulas of Oymak, Fabian, Li, Soltanolkotabi 2019 (arXiv:1906.05392): networks and their Jacobians.

A network is ``f(x) = V phi(W x)`` with W (m, n) that is trained and V (K, m) that is fixed; phi is smooth and acts on
each entry. The paper writes k, d, n for what are m neurons, n input dimensions and N samples here. The Jacobian is the
derivative of all outputs at all samples in W, whose entries are laid out row by row; its rows are in class-major order
(the N samples of class 1, then those of class 2, ...) unless a word says otherwise.
"""

from __future__ import annotations

from sympy import HadamardProduct, Trace

from symbolic.sentences import diagonal, mean
from symbolic.words import index, size, word

SOURCE = "oymak2019"
REFERENCE = "Oymak, Fabian, Li, Soltanolkotabi 2019 (arXiv:1906.05392)"

m = size("oymak2019:m", "width: the number of neurons")
n = size("oymak2019:n", "the number of input dimensions")
N = size("oymak2019:N", "the number of samples")
K = size("oymak2019:K", "the number of classes, which is that of outputs")

i = index("i", over="samples")
j = index("j", over="samples")
s = index("s", over="neurons")

W = word("oymak2019:W", "weights of the first layer, which are trained", shape=(m, n))
V = word("oymak2019:V", "weights of the second layer, which are fixed", shape=(K, m))
X = word("oymak2019:X", "inputs, one in each row", shape=(N, n))
x = word("oymak2019:x", "input of a sample, a column", shape=(n, 1), over="samples")
E = word("oymak2019:E", "a direction in which W is moved, and how far", shape=(m, n))
U = word("oymak2019:U", "weights of the outputs, one column for each sample", shape=(K, N))
u = word("oymak2019:u", "the column of U that belongs to a sample", shape=(K, 1), over="samples")
f = word("oymak2019:f", "outputs at a sample, a column", shape=(K, 1), over="samples")
y = word("oymak2019:y", "label of a sample, a column", shape=(K, 1), over="samples")
V_max = word("oymak2019:V_max", "the largest |entry| of V", nonnegative=True, latex=r"\|V\|_\infty")
xi = word("oymak2019:xi", "a number that the norm of X is compared with", nonnegative=True, latex=r"\xi")
omega = word("oymak2019:omega", "a number that the norm of V is compared with", nonnegative=True, latex=r"\omega")

P = word("oymak2019:P", "derivatives phi'(X W^T) of the activations, one row for each sample", shape=(N, m))
Q = word("oymak2019:Q", "activations phi(X W^T), one row for each sample", shape=(N, m))
D = word("oymak2019:D", "derivatives of the activations at a sample, diagonal", shape=(m, m), over="samples")
slopes = word("oymak2019:p", "derivatives of the activations at a sample, a column", shape=(m, 1), over="samples")
values = word("oymak2019:q", "activations at a sample, a column", shape=(m, 1), over="samples")
B = word("oymak2019:B", "the least bound on |phi'| and on |phi''|", nonnegative=True)
B_first = word("oymak2019:B_1", "the least bound on |phi'|", nonnegative=True)
B_second = word("oymak2019:B_2", "the least bound on |phi''|", nonnegative=True)

rows, columns = K * N, m * n

J = word("oymak2019:J", "Jacobian of the outputs in W, by differentiating each of them", shape=(rows, columns))
J_closed = word("oymak2019:J_closed", "the Jacobian by its Khatri-Rao products, class by class", shape=(rows, columns))
J_samples = word("oymak2019:J_s", "the Jacobian in sample-major order", shape=(rows, columns))
J_columns = word("oymak2019:J_c", "the Jacobian where W is laid out column by column", shape=(rows, columns))
J_values = word("oymak2019:J_q", "Khatri-Rao products as of the Jacobian, with phi for phi'", shape=(rows, columns))
J_moved = word("oymak2019:J_E", "the Jacobian at W + E", shape=(rows, columns), latex="J_{W+E}")
J_at = word("oymak2019:J_x", "Jacobian of the outputs at a sample, one row for each class", shape=(K, columns),
            over="samples", latex="J^x")  # fmt: skip

F = word("oymak2019:F", "J vect(E) at a sample, a column", shape=(K, 1), over="samples")
M = word("oymak2019:M", "J^T vect(U), brought into the shape of W", shape=(m, n))
M_samples = word("oymak2019:M_s", "J^T u, u the entries of U in sample-major order, in the shape of W", shape=(m, n))
T = word("oymak2019:T", "J J^T vect(U) at a sample, a column", shape=(K, 1), over="samples")
gradient = word("oymak2019:G", "gradient in W of half the sum of the squared residuals", shape=(m, n))

C = word("oymak2019:C", "the matrix J J^T by products of one class with another", shape=(rows, rows))
C_samples = word("oymak2019:C_s", "the entries of C in sample-major order", shape=(rows, rows))
C_blocks = word("oymak2019:C_b", "C with zeros where two classes meet", shape=(rows, rows))
scale = word("oymak2019:t", "the magnitude of the entries of V, where only their signs are random", nonnegative=True)
C_mean = word("oymak2019:C_V", "the mean of J J^T over all signs of V, with one magnitude t", shape=(rows, rows))
S_W = word("oymak2019:S_W", "mean over the neurons of phi'(X w) phi'(X w)^T, times X X^T entry by entry", shape=(N, N))
Sigma_W = word("oymak2019:Sigma_W", "S_W in each diagonal block, zeros elsewhere", shape=(rows, rows),
               latex=r"\Sigma_W")  # fmt: skip
Sigma_samples = word("oymak2019:Sigma_s", "Sigma_W in sample-major order", shape=(rows, rows), latex=r"\Sigma_s")

A = word("oymak2019:A", "a positive semidefinite matrix", shape=(N, N))
H = word("oymak2019:H", "another one", shape=(N, N))
S = word("oymak2019:S", "a symmetric matrix with eigenvalues of any sign", shape=(N, N))
A_least = word("oymak2019:A_min", "the least eigenvalue of A", latex=r"\lambda_{\min}(A)")
product_least = word("oymak2019:AH_min", "the least eigenvalue of the product of A and H entry by entry",
                     latex=r"\lambda_{\min}(A\circ H)")  # fmt: skip

D_formula = diagonal(slopes[i])
F_formula = V * D[i] * E * x[i]
pulled = diagonal(slopes[i]) * V.T * u[i] * x[i].T
M_formula = N * mean(pulled, i)
T_formula = V * D[i] * M * x[i]
M_compact = HadamardProduct(V.T * U, P.T) * X
gradient_formula = N * mean(D[i] * V.T * (f[i] - y[i]) * x[i].T, i)
block_formula = Trace(x[i].T * x[j]) * V * D[i] * D[j] * V.T
