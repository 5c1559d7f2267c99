"""The kernel of several classes for Gaussian weights: closed forms, and what holds of all activations (J04)."""

from __future__ import annotations

from typing import Any

from sympy import Abs, Rational, Trace, sqrt

from properties.worlds.gaussian_kernels import GaussianKernels, GaussianPairs
from symbolic import chain, norm, spectral_norm
from symbolic.papers.gaussian_kernels import (
    AGREEMENT,
    HALF,
    REFERENCE,
    B_first,
    S,
    S_bare,
    X,
    kappa,
    kappa_apart,
    kappa_of_any,
    kappa_opposite,
    kappa_same,
    of_any_erf,
    of_erf,
    of_erf_values,
    of_relu,
    of_sin,
    of_sin_values,
    p,
    q,
    r,
    rho,
    u,
    xi,
)
from verify import claim

DERIVATIONS = "docs/mathematics/joint.md"
DEFINITION = f"{REFERENCE}, Definition 3.1"
CLOSED = f"{DERIVATIONS}#closed-forms"
FACTS = f"{DERIVATIONS}#what-holds-of-every-kernel"
ERF, ANY = GaussianPairs("erf"), GaussianPairs()
MATRICES = GaussianKernels()


def agree(left: Any, right: Any) -> Any:
    """That two numbers are equal up to ``AGREEMENT``."""
    return Abs(left - right) <= AGREEMENT


erf = claim(
    "oymak2019/J04-erf",
    """For phi = erf(z) sqrt(pi)/2 the mean of phi'(a) phi'(b) is 1 / sqrt(9 - 4 rho^2).""",
    given=ERF,
    says=agree(kappa, of_erf),
    source=f"{DEFINITION} (derived)",
    link=CLOSED,
)
erf.breaks_when("phi in place of phi'", says=agree(kappa, of_erf_values))
erf.breaks_when("times the correlation", says=agree(kappa, rho * of_erf))
erf.breaks_when("the correlation is not squared", says=agree(kappa, 1 / sqrt(9 - 4 * rho)))

lengths = claim(
    "oymak2019/J04-erf-any-lengths",
    """For variances p, q and covariance r it is 1 / sqrt((1 + 2 p) (1 + 2 q) - 4 r^2).""",
    given=ERF,
    says=agree(kappa_of_any, of_any_erf),
    source=f"{DEFINITION} (derived)",
    link=CLOSED,
)
lengths.breaks_when("of variance 1", says=agree(kappa_of_any, of_erf))
lengths.breaks_when("the variances add up", says=agree(kappa_of_any, 1 / sqrt((1 + p + q) ** 2 - 4 * r**2)))

sine = claim(
    "oymak2019/J04-sin",
    """For phi = sin it is cosh(rho) / e.""",
    given=GaussianPairs("sin"),
    says=agree(kappa, of_sin),
    source=f"{DEFINITION} (derived)",
    link=CLOSED,
)
sine.breaks_when("phi in place of phi'", says=agree(kappa, of_sin_values))
sine.breaks_when("at the correlation 1", says=agree(kappa_same, of_sin))

relu = claim(
    "oymak2019/J04-relu",
    """For ReLU, whose derivative jumps, it is 1/4 + asin(rho) / (2 pi), here for |rho| <= 5/8.""",
    given=GaussianPairs("relu"),
    says=agree(kappa, of_relu),
    source=f"{DEFINITION} (derived; the theorems are about smooth phi)",
    link=CLOSED,
)
relu.breaks_when("without the quarter", says=agree(kappa + Rational(1, 4), of_relu))
relu.breaks_when("of the opposite", says=agree(kappa_opposite, of_relu))

softplus = claim(
    "oymak2019/J04-softplus",
    """For phi = log(1 + e^z) the values at rho and -rho add up to 1/2, and the value at 0 is 1/4.""",
    given=GaussianPairs("softplus"),
    says=agree(kappa + kappa_opposite, HALF) & agree(kappa_apart, HALF**2),
    source=f"{DEFINITION} (derived)",
    link=CLOSED,
)
softplus.breaks_when("as for an even derivative", says=agree(kappa, kappa_opposite))
softplus.breaks_when("always a quarter", says=agree(kappa, HALF**2))

largest = claim(
    "oymak2019/J04-kernel-largest",
    """The kernel is largest in size where both numbers are the same, and there at most B_1 squared.""",
    given=ANY,
    assuming=[Abs(rho) < 1],
    says=chain(Abs(kappa), kappa_same, B_first**2),
    source=f"{DEFINITION} (derived)",
    link=FACTS,
)
largest.breaks_when("where they are independent", says=Abs(kappa) <= kappa_apart)
largest.breaks_when("half of the bound", says=2 * kappa_same <= B_first**2)

above = claim(
    "oymak2019/J04-kernel-rises",
    """For positive correlations it is above what it is for independent numbers, and below the chord to 1.""",
    given=ANY,
    assuming=[rho > 0, rho < 1],
    says=chain(kappa_apart, kappa, kappa_apart + rho * (kappa_same - kappa_apart)),
    source=f"{DEFINITION} (derived)",
    link=FACTS,
)
above.breaks_when("for all correlations", assuming=[Abs(rho) < 1])
above.breaks_when("above the chord", says=kappa_apart + rho * (kappa_same - kappa_apart) <= kappa)

definite = claim(
    "oymak2019/J04-kernel-definite",
    """The kernel matrix is at least kappa(0) times the matrix of products, and so positive semidefinite.""",
    given=MATRICES,
    assuming=[Trace(u.T * X * X.T * u) > 0],
    says=kappa_apart * norm(X.T * u) ** 2 <= Trace(u.T * S * u),
    source=f"{DEFINITION} (derived)",
    link=FACTS,
)
definite.breaks_when("kappa(1) times", says=kappa_same * norm(X.T * u) ** 2 <= Trace(u.T * S * u))
definite.breaks_when("of the length of u", says=kappa_apart * norm(u) ** 2 <= Trace(u.T * S * u))

bounded = claim(
    "oymak2019/J04-kernel-matrix-norm",
    """The norm of the kernel matrix is at most kappa(1), the greatest diagonal entry, times that of X squared.""",
    given=MATRICES,
    assuming=[spectral_norm(X) < xi],
    says=spectral_norm(S) <= kappa_same * xi**2,
    source=f"{DEFINITION} (derived)",
    link=FACTS,
)
bounded.breaks_when("the norm of X is not squared", says=spectral_norm(S) <= kappa_same * xi)
bounded.breaks_when("kappa(0)", says=spectral_norm(S) <= kappa_apart * xi**2)
bounded.breaks_when("without the products", says=spectral_norm(S_bare) <= kappa_same * xi**2)
bounded.breaks_when("half of it", says=2 * spectral_norm(S) <= kappa_same * xi**2)
