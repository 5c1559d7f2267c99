"""Words for the kernel of Definition 3.1 of Oymak et al. 2019: means of phi'(a) phi'(b) over normal a and b."""

from __future__ import annotations

from typing import Any

from sympy import Integer, Rational, atan, exp, pi, sqrt

from symbolic.words import word

REFERENCE = "Oymak, Fabian, Li, Soltanolkotabi 2019 (arXiv:1906.05392)"
INPUTS, SAMPLES = 2, 2

rho = word("kernel:rho", "correlation of two normal numbers a and b of variance 1", latex=r"\rho")
kappa = word("kernel:kappa", "mean of phi'(a) phi'(b)", latex=r"\kappa(\rho)")
kappa_opposite = word("kernel:kappa_opposite", "the same for the correlation -rho", latex=r"\kappa(-\rho)")
kappa_apart = word("kernel:kappa_0", "the same for the correlation 0: the square of the mean of phi'(a)",
                   latex=r"\kappa(0)")  # fmt: skip
kappa_same = word("kernel:kappa_1", "the same for the correlation 1: the mean of phi'(a)**2", latex=r"\kappa(1)")
B_first = word("kernel:B_1", "the least bound on |phi'|", nonnegative=True)
p = word("kernel:p", "variance of a", nonnegative=True)
q = word("kernel:q", "variance of b", nonnegative=True)
r = word("kernel:r", "covariance of a and b")
kappa_of_any = word("kernel:kappa_pqr", "mean of phi'(a) phi'(b) for such a and b", latex=r"\kappa(p,q,r)")

X = word("kernel:X", "two inputs of length 1, one in each row", shape=(SAMPLES, INPUTS))
S = word("kernel:S", "the kernel: kappa at the products of inputs, times these products", shape=(SAMPLES, SAMPLES))
S_bare = word("kernel:S_bare", "kappa at the products of inputs", shape=(SAMPLES, SAMPLES))
u = word("kernel:u", "a column", shape=(SAMPLES, 1))
xi = word("kernel:xi", "a number that the norm of X is compared with", nonnegative=True, latex=r"\xi")

AGREEMENT = Rational(1, 2**40)
"""Two numbers that are equal by a theorem, of which one is known as an enclosure, are compared up to this."""


def arcsine(sine: Any) -> Any:
    """The arc sine, by the arc tangent; not at -1 and 1."""
    return atan(sine / sqrt(1 - sine**2))


of_erf = 1 / sqrt(9 - 4 * rho**2)
of_erf_values = arcsine(2 * rho / 3) / 2
of_any_erf = 1 / sqrt((1 + 2 * p) * (1 + 2 * q) - 4 * r**2)
of_sin = (exp(rho - 1) + exp(-rho - 1)) / 2
of_sin_values = (exp(rho - 1) - exp(-rho - 1)) / 2
of_relu = Rational(1, 4) + arcsine(rho) / (2 * pi)
HALF = Integer(1) / 2
