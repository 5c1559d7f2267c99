"""Words and formulas of networks at a random start: W normal, V random signs (Lemmas 6.13 and 6.14)."""

from __future__ import annotations

from sympy import Rational, log, sqrt

from symbolic.papers.jacobian import B, B_first, K, N, X, i, m, rows, values
from symbolic.sentences import mean, norm, spectral_norm
from symbolic.words import word

C_mean = word("oymak2019:C_E", "the mean of J J^T over W and V", shape=(rows, rows), latex=r"\mathbb{E}\,JJ^{\top}")

FAILING = Rational(1, 10)
"""How often the forms with a level of their own may fail."""

ell = log(2 * N * K / FAILING)
deviation_printed = 30 * K * sqrt(m) * B**2 * spectral_norm(X) ** 2 * log(N)
deviation_repaired = 30 * K * sqrt(m * log(N)) * B**2 * spectral_norm(X) ** 2
deviation_derived = B_first**2 * spectral_norm(X) ** 2 * (sqrt(2 * m * K * ell) + Rational(2, 3) * K * ell)

start_printed = 50 * B * sqrt(K * log(2 * K) * m * N)
start_squared = 2 * K * log(2 * N * K / FAILING) * norm(values[i]) ** 2
mean_start = K * N * mean(norm(values[i]) ** 2, i)
"""The mean over V of the square of the norm of all outputs, with signs for its entries."""
