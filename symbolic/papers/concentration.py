"""Words for Lemmas 6.13 and 6.14 of Oymak et al. 2019: random second layers, what they concentrate at, and how large.

The paper writes k, n and K for the width, the samples and the classes; entries of the second layer V are random signs
times nu. ``v`` is a column of V, and ``A`` stands for the product of the inputs' part of the Jacobian of one neuron.
"""

from __future__ import annotations

from sympy import Rational, sqrt

from symbolic.words import word

REFERENCE = "Oymak, Fabian, Li, Soltanolkotabi 2019 (arXiv:1906.05392)"
CLASSES, SAMPLES = 3, 2
SIDE = CLASSES * SAMPLES

# -- one neuron -------------------------------------------------------------------------------------------------------

nu = word("signs:nu", "the size of the entries of V", nonnegative=True, latex=r"\nu")
A = word("signs:A", "a positive semidefinite matrix", shape=(SAMPLES, SAMPLES))
H = word("signs:H", "another one, such as the mean of A", shape=(SAMPLES, SAMPLES))
Y = word("signs:Y", "v v^T kron A - nu^2 I kron H, of a column v of signs times nu", shape=(SIDE, SIDE))
fourth = word("signs:M", "the mean over all signs of (v v^T)^2", shape=(CLASSES, CLASSES))
identity = word("signs:I", "the identity matrix", shape=(CLASSES, CLASSES))
spread = word("signs:Q", "the mean over all signs of (v v^T kron A - nu^2 I kron A)^2", shape=(SIDE, SIDE))
repeated = word("signs:R", "A^2 in each diagonal block, zeros elsewhere", shape=(SIDE, SIDE))

# -- widths and probabilities -----------------------------------------------------------------------------------------

k = word("concentration:k", "the width", integer=True, nonnegative=True)
n = word("concentration:n", "the number of samples", integer=True, nonnegative=True)
K = word("concentration:K", "the number of classes", integer=True, nonnegative=True)
load = word("concentration:load", "K B^2 |X|^2 / delta", nonnegative=True)
t = word("concentration:t", "a deviation", nonnegative=True)
energy = word("concentration:energy", "the norm of the sum of the squares of bounds on the summands", nonnegative=True)

MACKEY = Rational(1, 2)
"""Of t^2 / energy, what the exponent of the matrix Hoeffding inequality is by Mackey et al. 2014."""
TROPP = Rational(1, 8)
"""The same by Tropp 2012."""
IN_LOGARITHMS = Rational(900, 4)
"""t^2 / energy over log(n), for t = 30 sqrt(k log n) and summands of size at most 2, each over nu^2 B^2 |X|^2."""

ratio = word("concentration:ratio", "log(n) / k", nonnegative=True)
FAILING = 2 * K * n**101
"""2 n K / q for q = n**-100; by 103 log n its logarithm is bounded."""
bernstein = sqrt(Rational(206) / K) + Rational(206, 3) * sqrt(ratio)
"""The deviation by the matrix Bernstein inequality with that bound, over nu^2 B^2 |X|^2 K sqrt(k log n)."""

# -- sums of signs ----------------------------------------------------------------------------------------------------

signs = word("sums:k", "the number of signs", integer=True, nonnegative=True)
groups = word("sums:K", "the number of classes", integer=True, nonnegative=True)
level = word("sums:c", "a number that the squared sum over the number of signs is compared with", nonnegative=True)
share = word("sums:share", "the share of all choices of k signs whose squared sum is at least c k", nonnegative=True)
within = word("sums:within", "the share of those whose squared sum is at most 250 log(K) k", nonnegative=True)
beyond = word("sums:beyond", "the share of those whose squared sum is above 250 log(2 K) k", nonnegative=True)

# -- one neuron at the start ------------------------------------------------------------------------------------------

w = word("start:w", "weights of the neuron, a row", shape=(1, 2))
allowed = word("start:allowed", "nu |y|", nonnegative=True)
size = word(
    "start:size", "length of the outputs, V scaled by the least bound B on |phi'| and |phi''|", nonnegative=True
)
size_repaired = word("start:size_0", "the same, B being at least |phi(0)| as well", nonnegative=True)
