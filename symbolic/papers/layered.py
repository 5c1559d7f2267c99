"""Words for three layers, the first of them ReLU or linear, and for chains of linear factors that weigh the same.

The network is ``W_3 W_2 act(W_1 x + b)``; ``F`` is the mean loss of its samples, and gradients are those of F. The
source "chain" is a product of q linear factors alone.
"""

from __future__ import annotations

from sympy import Identity

from symbolic.words import index, size, word

n = size("stacked:n", "the number of inputs")
p = size("stacked:p", "the number of neurons of the first layer")
q = size("stacked:q", "the number of neurons of the second layer")
o = size("stacked:o", "the number of outputs")
N = size("stacked:N", "the number of samples")

i = index("i", over="samples")

W_1 = word("stacked:W_1", "weights of the first layer", shape=(p, n))
W_2 = word("stacked:W_2", "weights of the second layer, linear", shape=(q, p))
W_3 = word("stacked:W_3", "weights of the third layer, linear", shape=(o, q))
b = word("stacked:b", "biases of the first layer, a column", shape=(p, 1))
x = word("stacked:x", "input of a sample, a column", shape=(n, 1), over="samples")
out = word("stacked:f", "output of the network at a sample, a column", shape=(o, 1), over="samples")

g_1 = word("stacked:G_1", "gradient of the mean loss in W_1", shape=(p, n))
g_2 = word("stacked:G_2", "gradient of the mean loss in W_2", shape=(q, p))
g_3 = word("stacked:G_3", "gradient of the mean loss in W_3", shape=(o, q))
g_b = word("stacked:G_b", "gradient of the mean loss in b", shape=(p, 1))
Gamma = word("stacked:Gamma", "gradient of the mean loss in a matrix that is added to W_3 W_2 W_1", shape=(o, n),
             latex=r"\Gamma")  # fmt: skip

W_1_next = word("stacked:V_1", "W_1 after one step of gradient descent", shape=(p, n), latex="W_1^{+}")
W_2_next = word("stacked:V_2", "W_2 after one step of gradient descent", shape=(q, p), latex="W_2^{+}")
eta = word("stacked:eta", "the step size of gradient descent", nonnegative=True, latex=r"\eta")

mu = word("stacked:mu", "strength of the weight decay of every layer", nonnegative=True, latex=r"\mu")
twins = word("stacked:twins", "1 where two neurons of the first layer are active on the same samples, 0 elsewhere",
             shape=(p, p))  # fmt: skip

UNIT = Identity(p)

# Gradients of a network that is linear: the one in the product, and the other factors.
LINEAR = {g_1: (W_3 * W_2).T * Gamma, g_2: W_3.T * Gamma * W_1.T, g_3: Gamma * (W_2 * W_1).T}

above = W_2.T * W_2 - W_1 * W_1.T
"""How far the first two layers are from weighing the same."""

top = W_3.T * W_3 - W_2 * W_2.T

# -- chains of factors ------------------------------------------------------------------------------------------------

SIDE, MOST = 3, 4

A = word("chain:A", "the product of the factors", shape=(SIDE, SIDE))
first = word("chain:A_1", "the first factor", shape=(SIDE, SIDE))
last = word("chain:A_q", "the last factor", shape=(SIDE, SIDE))
factors = word("chain:q", "the number of factors", integer=True, nonnegative=True)
weight = word("chain:weight", "the sum of the squares of all entries of all factors", nonnegative=True)
SIGMA = tuple(
    word(f"chain:t_{k}", f"singular value {k} of the product, in no order", nonnegative=True, latex=rf"\sigma_{k}")
    for k in range(1, SIDE + 1)
)
