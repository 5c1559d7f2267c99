"""Words of Oymak et al. 2019 on networks of which both layers are trained: the Jacobian of Theorem B.1.

A network is ``f(x) = V phi(W x)``, of three neurons, two inputs, two classes and two samples. Its parameters are laid
out as V row by row, then W row by row; rows of the Jacobian are in class-major order.
"""

from __future__ import annotations

from symbolic.words import word

REFERENCE = "Oymak, Fabian, Li, Soltanolkotabi 2019 (arXiv:1906.05392)"
NEURONS, INPUTS, CLASSES, SAMPLES = 3, 2, 2, 2
ROWS = CLASSES * SAMPLES
OUTER, INNER = CLASSES * NEURONS, NEURONS * INPUTS

W = word("joint:W", "weights of the first layer", shape=(NEURONS, INPUTS))
V = word("joint:V", "weights of the second layer", shape=(CLASSES, NEURONS))
E = word("joint:E", "what W is moved by", shape=(NEURONS, INPUTS))
D = word("joint:D", "what V is moved by", shape=(CLASSES, NEURONS))
X = word("joint:X", "inputs of length 1 or 0, one in each row", shape=(SAMPLES, INPUTS))
U = word("joint:U", "weights of the outputs, one column for each sample", shape=(CLASSES, SAMPLES))
Q = word("joint:Q", "activations phi(X W^T), one row for each sample", shape=(SAMPLES, NEURONS))
xi = word("joint:xi", "a number that the norm of X is compared with", nonnegative=True, latex=r"\xi")
omega = word("joint:omega", "a number that the norm of V is compared with", nonnegative=True, latex=r"\omega")
V_max = word("joint:V_max", "the largest |entry| of V", nonnegative=True, latex=r"\|V\|_\infty")
D_max = word("joint:D_max", "the largest |entry| of D", nonnegative=True, latex=r"\|D\|_\infty")
U_max = word("joint:U_max", "the largest |entry| of U phi(X W^T)", nonnegative=True)
B = word("joint:B", "the least bound on |phi'| and on |phi''|", nonnegative=True)
B_first = word("joint:B_1", "the least bound on |phi'|", nonnegative=True)
phi_0 = word("joint:phi_0", "the size of phi(0)", nonnegative=True, latex=r"|\phi(0)|")

J = word("joint:J", "Jacobian in V and W, by differentiating each output", shape=(ROWS, OUTER + INNER))
J_closed = word(
    "joint:J_closed", "the same by products: I kron phi(X W^T), then that in W", shape=(ROWS, OUTER + INNER)
)
J_turned = word("joint:J_turned", "with phi(X W^T) kron I in its first columns", shape=(ROWS, OUTER + INNER))
J_swapped = word("joint:J_swapped", "with the columns of W before those of V", shape=(ROWS, OUTER + INNER))
J_slopes = word("joint:J_slopes", "with phi' for phi in its first columns", shape=(ROWS, OUTER + INNER))
J_moved = word("joint:J_moved", "the Jacobian at V + D and W + E", shape=(ROWS, OUTER + INNER), latex="J_{V+D,W+E}")
