"""Words for mixtures of clusters, kernels that are perturbed, and corrupted labels: Oymak et al. 2019 (1906.05392).

There are K classes of C clusters each; cluster number c belongs to class c // C. Without noise every input is the
centre of its cluster. Outputs of K classes at N samples are in class-major order: those of the first class come first.
"""

from __future__ import annotations

from typing import Any

from sympy import Rational, log, pi, sqrt

from symbolic.papers.jacobian import K as CLASSES
from symbolic.papers.jacobian import columns, rows
from symbolic.words import size, word

SOURCE = "mixtures"

# -- clusters ---------------------------------------------------------------------------------------------------------

K = size("mixtures:K", "the number of classes")
C = size("mixtures:C", "the number of clusters of a class")
N = size("mixtures:N", "the number of samples")
R = K * C
"""The number of clusters."""

U = word("mixtures:U", "membership: 1 where a sample, its row, is in a cluster, its column", shape=(N, R))
sizes = word("mixtures:D", "the sizes of the clusters, on the diagonal", shape=(R, R), latex="D")
unit = word("mixtures:unit", "the identity, as large as the number of clusters", shape=(R, R), latex="I")
n_min = word("mixtures:n_min", "the size of the smallest cluster", nonnegative=True, latex=r"n_{\min}")
n_max = word("mixtures:n_max", "the size of the largest cluster", nonnegative=True, latex=r"n_{\max}")

S_M = word("mixtures:S_M", "the kernel of the centres, positive semidefinite", shape=(R, R), latex=r"\tilde\Sigma(M)")
least_of_centres = word("mixtures:least_M", "its least eigenvalue, which it was made with", nonnegative=True,
                        latex=r"\lambda_{\min}(\tilde\Sigma(M))")  # fmt: skip
greatest_of_centres = word("mixtures:greatest_M", "its greatest eigenvalue, which it was made with", nonnegative=True,
                           latex=r"\lambda_{\max}(\tilde\Sigma(M))")  # fmt: skip
S_X = word("mixtures:S_X", "the kernel of the samples", shape=(N, N), latex=r"\tilde\Sigma(X)")
least_of_samples = word("mixtures:least_X", "the least of the K C greatest eigenvalues of S_X", nonnegative=True,
                        latex=r"\lambda_{KC}(\tilde\Sigma(X))")  # fmt: skip
greatest_of_samples = word("mixtures:greatest_X", "the greatest eigenvalue of S_X", nonnegative=True,
                           latex=r"\lambda_1(\tilde\Sigma(X))")  # fmt: skip
bottom_of_samples = word("mixtures:bottom_X", "the least eigenvalue of S_X", nonnegative=True,
                         latex=r"\lambda_N(\tilde\Sigma(X))")  # fmt: skip
Sigma = word("mixtures:Sigma", "S_X in each diagonal block, zeros elsewhere", shape=(K * N, K * N), latex=r"\Sigma(X)")
Sigma_y = word("mixtures:Sigma_y", "Sigma with the labels as one column more", shape=(K * N, K * N + 1),
               latex=r"[\Sigma(X), y]")  # fmt: skip
Sigma_s = word("mixtures:Sigma_s", "Sigma with the labels in sample-major order as one column more",
               shape=(K * N, K * N + 1), latex=r"[\Sigma(X), y_s]")  # fmt: skip

S_formula = U * S_M * U.T
sizes_formula = U.T * U

clusters = size("oymak2019:clusters", "the number of clusters of a class", latex="C")
J_centres = word("oymak2019:J_M", "the Jacobian at the centres of all clusters", latex="J_M",
                 shape=(CLASSES * CLASSES * clusters, columns))  # fmt: skip
members = word("oymak2019:U_K", "membership in clusters, once for each class, on the diagonal",
               shape=(rows, CLASSES * CLASSES * clusters))  # fmt: skip

n = word("mixtures:n", "a number of samples", integer=True, nonnegative=True)
r = word("mixtures:r", "a number of clusters, one of which each sample falls into", integer=True, nonnegative=True)
outside = word("mixtures:outside", "the probability that the size of a cluster is not from n/2r to 2n/r",
               nonnegative=True)  # fmt: skip
narrower = word("mixtures:narrower", "the probability that the size of a cluster is not from 3n/4r to 5n/4r",
                nonnegative=True)  # fmt: skip

# -- kernels that are perturbed ---------------------------------------------------------------------------------------

SIDE = 2
X_norm = word("kernels:X_norm", "the spectral norm of the inputs", nonnegative=True, latex=r"\|X\|")
D_norm = word("kernels:D_norm", "that of what they are moved by", nonnegative=True, latex=r"\|\Delta\|")
slope = word("kernels:B", "the least bound on |phi'| and on |phi''|", nonnegative=True, latex="B")
reach = word("kernels:reach", "the mean over the weights w of max_i |(moved x_i - x_i) . w|", nonnegative=True,
             latex=r"\mathbb{E}\,m")  # fmt: skip
reach_squared = word("kernels:reach_2", "the mean of its square", nonnegative=True, latex=r"\mathbb{E}\,m^2")
kernel = word("kernels:S", "the kernel of the inputs", shape=(SIDE, SIDE), latex=r"\tilde\Sigma(X)")
moved_kernel = word("kernels:S_moved", "the kernel of the moved inputs", shape=(SIDE, SIDE),
                    latex=r"\tilde\Sigma(\tilde X)")  # fmt: skip

ORDER = 3
whole = word("projectors:S", "a positive semidefinite matrix of rank r", shape=(ORDER, ORDER))
near = word("projectors:S_near", "another positive semidefinite matrix", shape=(ORDER, ORDER), latex=r"\tilde S")
P = word("projectors:P", "the projector to the range of S", shape=(ORDER, ORDER))
P_near = word("projectors:P_near", "the projector to the first r eigenvectors of the other matrix",
              shape=(ORDER, ORDER), latex=r"\tilde P")  # fmt: skip
lam_r = word("projectors:lam_r", "the least eigenvalue of S that is not 0", nonnegative=True, latex=r"\lambda_r")
mu_r = word("projectors:mu_r", "eigenvalue number r of the other matrix", nonnegative=True, latex=r"\tilde\lambda_r")
v = word("projectors:v", "a column", shape=(ORDER, 1))
information = word("projectors:information", "its projection to the range of S", shape=(ORDER, 1), latex="y")

count = word("kernels:n", "a number of normal numbers", integer=True, nonnegative=True, latex="n")
sigma = word("kernels:sigma", "the size of the noise of the inputs", nonnegative=True, latex=r"\sigma")
ell = word("kernels:ell", "the square root of the logarithm of the number of samples", nonnegative=True, latex=r"\ell")
product = word("kernels:u", "the product of sigma and ell", nonnegative=True, latex="u")
share = word("kernels:share", "1/d + 1/n, for n samples in d dimensions", nonnegative=True, latex=r"\tau")
constant = word("kernels:c", "a constant", nonnegative=True, latex="c")
apart = word("kernels:s", "the distance of two projectors", nonnegative=True, latex="s")
cosine = word("kernels:cosine", "the cosine of the angle between a centre and what an input is moved by", latex=r"\cos")
length = word("kernels:length", "the length of what an input is moved by, over its size", nonnegative=True)

of_one_or_two = 1 + 2 * (count - 1) / pi
"""The mean of the largest of the squares of that many independent normal numbers, where they are one or two."""

# -- guarantees, as numbers -------------------------------------------------------------------------------------------

Gamma = word("clustered:Gamma", "the number that the time of descent is chosen by", nonnegative=True, latex=r"\Gamma")
classes = word("clustered:K", "a number of classes", integer=True, nonnegative=True)
per_class = word("clustered:C", "a number of clusters of a class", integer=True, nonnegative=True)
samples = word("clustered:n", "a number of samples", integer=True, nonnegative=True)
lam = word("clustered:lam", "the least eigenvalue of the kernel of the centres", nonnegative=True, latex=r"\lambda")
B = word("clustered:B", "a bound on the derivatives of the activation", nonnegative=True)
eta = word("clustered:eta", "the step size", nonnegative=True, latex=r"\eta")
nu = word("clustered:nu", "the scale of the second layer", nonnegative=True, latex=r"\nu")
zeta = word("clustered:zeta", "the size of the initial outputs", nonnegative=True, latex=r"\zeta")
c_0 = word("clustered:c", "a constant of the random initialization", nonnegative=True, latex="c")
cut = word("clustered:cut", "the square of the cutoff of singular values", nonnegative=True, latex=r"\alpha_0^2")
energy = word("clustered:energy", "the squared spectral norm of the inputs", nonnegative=True, latex=r"\|X\|^2")
spread = word("clustered:sigma", "the size of the noise of the inputs", nonnegative=True, latex=r"\sigma")
root_log = word("clustered:ell", "the square root of log n", nonnegative=True, latex=r"\ell")

smallest = samples * lam / (2 * classes * per_class)
"""A lower bound on the eigenvalues of the kernel of samples whose clusters have n/(2 K C) of them at least."""

steps = Gamma * classes / (eta * nu**2 * cut)
steps_in_mixture = 2 * Gamma * classes**2 * per_class / (eta * nu**2 * samples * lam)
MILLIONS = 12 * 10**7
width = MILLIONS * Gamma**4 * classes**4 * B**8 * energy**2 * samples**2 * log(samples) / (c_0**4 * zeta**4 * cut**4)


def width_in_mixture(power_of_classes: int = 8, power_of_clusters: int = 4) -> Any:
    """The width for clusters, with these powers of K and C."""
    numbers = classes**power_of_classes * per_class**power_of_clusters
    return 16 * MILLIONS * Gamma**4 * B**8 * numbers * log(samples) / (c_0**4 * zeta**4 * lam**4)


bias_and_variance = 12 * B * sqrt(classes) * (1 + Gamma + Gamma * zeta) / sqrt(smallest)
variance = 36 * sqrt(2) * Gamma * B * classes * sqrt(per_class) / sqrt(samples * lam)
from_noise = sqrt(spread * root_log * B**2 * classes * per_class / lam)

# -- corrupted labels -------------------------------------------------------------------------------------------------

K_c = size("corruption:K", "the number of classes")
C_c = size("corruption:C", "the number of clusters of a class")
N_c = size("corruption:N", "the number of samples")
ROWS = K_c * N_c

y = word("corruption:y", "the clean labels, one-hot, in class-major order", shape=(ROWS, 1))
y_noisy = word("corruption:y_noisy", "labels of which some are corrupted", shape=(ROWS, 1), latex=r"\tilde y")
P_c = word("corruption:P", "the projector that gives each sample the mean of its cluster, for each class",
           shape=(ROWS, ROWS), latex=r"\Pi_{\mathcal I}")  # fmt: skip
kept = word("corruption:kept", "the number of labels that are not corrupted", nonnegative=True)
rho = word("corruption:rho", "the probability that a label is corrupted", nonnegative=True, latex=r"\rho")
beside = word("corruption:beside", "the mean squared length of what corrupted labels have beside the clusters",
              nonnegative=True)  # fmt: skip
generic = word("corruption:generic", "the mean squared length of the projection of uncorrelated signs",
               nonnegative=True)  # fmt: skip
squared_counts = word("corruption:squared_counts", "the sum over classes of squared numbers of corrupted labels",
                      nonnegative=True)  # fmt: skip

labels_of = word("noise:K", "a number of classes", integer=True, nonnegative=True)
rate = word("noise:rho", "the probability that a label is corrupted", nonnegative=True, latex=r"\rho")
part = word("noise:t", "the probability that a label is corrupted, over (K - 1)/K", nonnegative=True, latex="t")
ours = word("noise:a", "the number of samples of a class", integer=True, nonnegative=True, latex="a")
theirs = word("noise:b", "that of another class", integer=True, nonnegative=True, latex="b")
others = word("noise:c", "that of a third class", integer=True, nonnegative=True, latex="c")


def spread_of_label(number: Any, probability: Any) -> Any:
    """The trace of the covariance of a one-hot label that is corrupted with a probability."""
    return 1 - (1 - probability) ** 2 - probability**2 / (number - 1)


MARGIN = Rational(1, 4)
"""From this spread of a label on, twice the root of the loss beside the clusters is at least 1, of many samples."""
