"""The Gram matrix of the Jacobian, its mean over random second layers, and Schur's bounds: J03, J04 and J08."""

from sympy import Abs, Eq, HadamardProduct, Trace

from properties.worlds.hadamard import PositivePairs
from properties.worlds.smooth import RandomSigns, RationalJacobians, SmoothNetworks
from symbolic import diagonal, entry, greatest, least, mean, norm, spectral_norm
from symbolic.papers.jacobian import (
    REFERENCE,
    S_W,
    A,
    A_least,
    B_first,
    C,
    C_blocks,
    C_mean,
    C_samples,
    D,
    H,
    J,
    J_at,
    K,
    M,
    M_formula,
    N,
    S,
    Sigma_samples,
    Sigma_W,
    T,
    V,
    X,
    block_formula,
    i,
    j,
    m,
    product_least,
    pulled,
    scale,
    slopes,
    u,
    x,
    xi,
)
from verify import claim

DERIVATIONS = "docs/mathematics/jacobian.md"

gram = claim(
    "oymak2019/J03-gram",
    """The block of J J^T for two classes is phi'(X W^T) diag(v o v') phi'(X W^T)^T o (X X^T).""",
    given=RationalJacobians(inputs_on="anywhere"),
    says=Eq(J * J.T, C),
    source=f"{REFERENCE}, equation (6.32)",
    link=f"{DERIVATIONS}#the-gram-matrix",
    provenance="as-read",
    expects="proved",
)
gram.breaks_when("two classes do not meet", says=Eq(J * J.T, C_blocks))
gram.breaks_when("in sample-major order", says=Eq(J * J.T, C_samples))
gram.breaks_when("halved", says=Eq(2 * J * J.T, C))

samples = claim(
    "oymak2019/J03-samples",
    """The block of J J^T for two samples is (x . x') V diag(phi'(W x) o phi'(W x')) V^T.""",
    given=RationalJacobians(inputs_on="anywhere"),
    says=Eq(J_at[i] * J_at[j].T, block_formula),
    source=f"{REFERENCE}, equation (6.32) (derived: by samples)",
    link=f"{DERIVATIONS}#the-gram-matrix",
    expects="proved",
)
samples.breaks_when("the inputs do not count", says=Eq(J_at[i] * J_at[j].T, V * D[i] * D[j] * V.T))
samples.breaks_when(
    "the derivatives at one sample", says=Eq(J_at[i] * J_at[j].T, Trace(x[i].T * x[j]) * V * D[i] * D[i] * V.T)
)
samples.breaks_when("the derivatives do not count", says=Eq(J_at[i] * J_at[j].T, Trace(x[i].T * x[j]) * V * V.T))

operator = claim(
    "oymak2019/J03-operator",
    """J J^T takes u, at x, to the sum over the samples x' of (x . x') V diag(phi'(W x) o phi'(W x')) V^T u'.""",
    given=RationalJacobians(inputs_on="anywhere"),
    says=Eq(T[i], N * mean(Trace(x[i].T * x[j]) * V * D[i] * D[j] * V.T * u[j], j)),
    source=f"{REFERENCE}, equation (6.32) (derived: as an operator)",
    link=f"{DERIVATIONS}#the-gram-matrix",
    expects="proved",
)
operator.breaks_when(
    "the mean over the samples", says=Eq(T[i], mean(Trace(x[i].T * x[j]) * V * D[i] * D[j] * V.T * u[j], j))
)
operator.breaks_when("only the sample itself", says=Eq(T[i], Trace(x[i].T * x[i]) * V * D[i] * D[i] * V.T * u[i]))
operator.breaks_when(
    "the derivatives at one sample",
    says=Eq(T[i], N * mean(Trace(x[i].T * x[j]) * V * D[i] * D[i] * V.T * u[j], j)),
)

pushed = Trace(u[i].T * V * diagonal(slopes[i]) * M * x[i])

energy = claim(
    "oymak2019/J03-energy",
    """The product of u with J J^T u is the squared length of J^T u, so that J J^T is positive semidefinite.""",
    given=RationalJacobians(inputs_on="anywhere"),
    says=Eq(N * mean(pushed, i), Trace(M * M.T)),
    where={M: M_formula},
    proof=[Eq(Trace(M * M.T), mean(N * Trace(pulled * M.T), i))],
    source=f"{REFERENCE}, equation (6.32) (derived)",
    link=f"{DERIVATIONS}#the-gram-matrix",
    expects="proved",
)
energy.breaks_when("the mean over the samples", says=Eq(mean(pushed, i), Trace(M * M.T)))
energy.breaks_when("the length is not squared", says=Eq(N * mean(pushed, i), norm(M)))
energy.breaks_when("the spectral norm", says=Eq(N * mean(pushed, i), spectral_norm(M) ** 2))

mean_over_signs = claim(
    "oymak2019/J04-mean-over-signs",
    """Over independent signs of a second layer of magnitude t, the mean of J J^T is m t^2 times the kernel of W.""",
    given=RandomSigns(),
    says=Eq(C_mean, m * scale**2 * Sigma_W),
    source=f"{REFERENCE}, Lemma 6.11 (its mean over V alone)",
    link=f"{DERIVATIONS}#the-kernel",
    provenance="as-read",
    expects="proved",
)
mean_over_signs.breaks_when("the width does not count", says=Eq(C_mean, scale**2 * Sigma_W))
mean_over_signs.breaks_when("the kernel is divided by the width", says=Eq(m * C_mean, scale**2 * Sigma_W))
mean_over_signs.breaks_when("the magnitude is not squared", says=Eq(C_mean, m * scale * Sigma_W))
mean_over_signs.breaks_when("the kernel is in sample-major order", says=Eq(C_mean, m * scale**2 * Sigma_samples))

prose = claim(
    "oymak2019/J04-variance-as-read",
    """With entries of V of variance nu^2 / K, the mean of J J^T over their signs is nu^2 times the kernel of W.""",
    given=RandomSigns(),
    says=Eq(C_mean, K * scale**2 * Sigma_W),
    source=f"{REFERENCE}, the sentence after Definition 3.1",
    link=f"{DERIVATIONS}#the-kernel",
    expects="refuted",
)

kernel_norm = claim(
    "oymak2019/J04-kernel-norm",
    """The kernel of W has norm at most the square of the bound on the derivatives, times that of the norm of X.""",
    given=SmoothNetworks(),
    assuming=[spectral_norm(X) <= xi],
    says=spectral_norm(S_W) <= B_first**2 * xi**2,
    source=f"{REFERENCE}, Definition 3.1 (derived)",
    link=f"{DERIVATIONS}#the-kernel",
)
kernel_norm.breaks_when("the norm of X is not squared", says=spectral_norm(S_W) <= B_first**2 * xi)
kernel_norm.breaks_when("the longest input alone", says=spectral_norm(S_W) <= B_first**2 * greatest(norm(x[i]), i) ** 2)
kernel_norm.breaks_when("a smaller constant", says=8 * spectral_norm(S_W) <= 7 * B_first**2 * xi**2)

schur_above = claim(
    "oymak2019/J08-schur-above",
    """The product of two positive semidefinite matrices entry by entry: its norm by one and the other's diagonal.""",
    given=PositivePairs(),
    says=spectral_norm(HadamardProduct(A, H)) <= greatest(entry(H, i, i), i) * spectral_norm(A),
    source=f"{REFERENCE}, Lemma 6.12 (Schur 1911)",
    link=f"{DERIVATIONS}#products-entry-by-entry",
    provenance="as-read",
)
schur_above.breaks_when(
    "the mean of the diagonal",
    says=spectral_norm(HadamardProduct(A, H)) <= mean(entry(H, i, i), i) * spectral_norm(A),
)
schur_above.breaks_when(
    "one of them is only symmetric",
    says=spectral_norm(HadamardProduct(A, S)) <= greatest(Abs(entry(S, i, i)), i) * spectral_norm(A),
)
schur_above.breaks_when(
    "a smaller constant",
    says=8 * spectral_norm(HadamardProduct(A, H)) <= 7 * greatest(entry(H, i, i), i) * spectral_norm(A),
)

schur_below = claim(
    "oymak2019/J08-schur-below",
    """The least eigenvalue of such a product is at least that of one times the least diagonal entry of the other.""",
    given=PositivePairs(definite=True),
    says=least(entry(H, i, i), i) * A_least <= product_least,
    source=f"{REFERENCE}, Lemma 6.12 (Schur 1911)",
    link=f"{DERIVATIONS}#products-entry-by-entry",
    provenance="as-read",
)
schur_below.breaks_when("the mean of the diagonal", says=mean(entry(H, i, i), i) * A_least <= product_least)
schur_below.breaks_when("the norm of A", says=least(entry(H, i, i), i) * spectral_norm(A) <= product_least)
schur_below.breaks_when("a larger constant", says=9 * least(entry(H, i, i), i) * A_least <= 8 * product_least)
