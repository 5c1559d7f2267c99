"""Words for gradient descent on a linear model, whose Jacobian is a matrix: Oymak, Fabian, Li, Soltanolkotabi 2019.

The residual is ``f - y``. The left singular vectors of the Jacobian whose singular values reach a cutoff span the
information space, the others the nuisance space; a letter that ends in ``_1``, ``_2``, ``_3`` belongs to one of them.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from sympy import Add, Eq, Identity, Max, ZeroMatrix, sqrt

from symbolic.sentences import diagonal
from symbolic.words import word

OUTPUTS, PARAMETERS = 3, 4
PLACES = (1, 2, 3)


def _each(letter: str, meaning: str, latex: str, **told: Any) -> tuple[Any, ...]:
    """One word for each singular value."""
    return tuple(word(f"residuals:{letter}_{s}", meaning.format(s), latex=f"{latex}_{s}", **told) for s in PLACES)


# -- the Jacobian and its spaces --------------------------------------------------------------------------------------

J = word("residuals:J", "the Jacobian of a linear model", shape=(OUTPUTS, PARAMETERS))
LAM = _each("lam", "singular value number {} of J, in descending order", r"\lambda", nonnegative=True)
KEPT = _each("kept", "1 if left singular vector number {} is in the information space, else 0", r"\chi", integer=True)
alpha = word("residuals:alpha", "the cutoff of the information space", nonnegative=True, latex=r"\alpha")
lam_1, lam_2, lam_3 = LAM

r_0 = word("residuals:r_0", "the residual at the start, a column", shape=(OUTPUTS, 1))
r_i = word("residuals:r_I", "its projection to the information space", shape=(OUTPUTS, 1), latex=r"r_{\mathcal I}")
r_n = word("residuals:r_N", "its projection to the nuisance space", shape=(OUTPUTS, 1), latex=r"r_{\mathcal N}")
solved = word(
    "residuals:solved", "the pseudo-inverse of J, cut off, times the residual at the start", shape=(PARAMETERS, 1)
)
A_0 = _each("a", "coefficient of the residual at the start along left singular vector number {}", "a")
B_0 = _each("b", "coefficient of a second residual along left singular vector number {}", "b")

early = word("residuals:early", "the squared early-stopping value", nonnegative=True, latex=r"\mathcal B^2")

# -- descent ----------------------------------------------------------------------------------------------------------

eta = word("residuals:eta", "the step size of gradient descent", nonnegative=True, latex=r"\eta")
T = word("residuals:T", "the number of steps", integer=True, nonnegative=True)
Gamma = word("residuals:Gamma", "eta times alpha**2 times the time", nonnegative=True, latex=r"\Gamma")
r_t = word("residuals:r_T", "the residual after T steps", shape=(OUTPUTS, 1))
moved = word("residuals:moved", "by what the parameters have moved after T steps", shape=(PARAMETERS, 1))
moved_on = word("residuals:moved_on", "by what they have moved after one step more", shape=(PARAMETERS, 1))
path = word("residuals:path", "the length of the path of the parameters in T steps", nonnegative=True)
A_T = _each("c", "coefficient of the residual after T steps along left singular vector number {}", "c")
MOVED = _each("d", "coefficient of what the parameters have moved by along right singular vector number {}", "d")
far = word("residuals:far", "by what any other parameters differ from those at the start", shape=(PARAMETERS, 1))


def squared(coefficients: tuple[Any, ...]) -> Any:
    """The sum of squares of coefficients."""
    return Add(*(a**2 for a in coefficients))


def weight(kept: Any, lam: Any, strength: Any) -> Any:
    """What the squared early-stopping value counts a squared coefficient with; alpha must not be 0.

    It is (alpha/lam)**2 in the information space, where lam is the larger, and (strength lam/alpha)**2 else.
    """
    return kept * (alpha / Max(alpha, lam)) ** 2 + (1 - kept) * (strength * lam / alpha) ** 2


def value_squared(strength: Any, coefficients: tuple[Any, ...] = A_0) -> Any:
    """The square of the early-stopping value B for a residual with these coefficients."""
    terms = zip(KEPT, LAM, coefficients, strict=True)
    return Add(*(weight(kept, lam, strength) * a**2 for kept, lam, a in terms))


def value(strength: Any, coefficients: tuple[Any, ...] = A_0) -> Any:
    """The early-stopping value B."""
    return sqrt(value_squared(strength, coefficients))


def moved_at_most(steps_squared: Any, step: Any = eta) -> Any:
    """What the squared distance is bounded by: inverses in the information space, straight steps in the other."""
    terms = zip(KEPT, LAM, A_0, strict=True)
    kept = ((chi / Max(alpha, lam) ** 2 + (1 - chi) * steps_squared * step**2 * lam**2) * a**2 for chi, lam, a in terms)
    return Add(*kept)


# -- matrices: what every step leaves, for any number of outputs and parameters ---------------------------------------

MOST_STEPS = 8
left_vectors = word("residuals:left", "left singular vectors of J, as columns", shape=(OUTPUTS, OUTPUTS))
right_vectors = word("residuals:right", "right singular vectors of J, as columns", shape=(PARAMETERS, OUTPUTS))
lam_column = word("residuals:lam", "the singular values of J, a column", shape=(OUTPUTS, 1), latex=r"\lambda")
a_column = word("residuals:a_0", "the coefficients of r_0 along left singular vectors, a column", shape=(OUTPUTS, 1))
r_next = word("residuals:r_next", "the residual after one step more than T", shape=(OUTPUTS, 1))
R_AFTER = (
    r_0,
    *(word(f"residuals:r_{t}", f"the residual after {t} steps", shape=(OUTPUTS, 1)) for t in range(1, MOST_STEPS + 1)),
)
MOVED_AFTER = (
    ZeroMatrix(PARAMETERS, 1),
    *(
        word(f"residuals:moved_{t}", f"by what the parameters have moved after {t} steps", shape=(PARAMETERS, 1))
        for t in range(1, MOST_STEPS + 1)
    ),
)

values = diagonal(lam_column)
J_formula = left_vectors * values * right_vectors.T
FRAMES = [Eq(left_vectors.T * left_vectors, Identity(OUTPUTS)), Eq(right_vectors.T * right_vectors, Identity(OUTPUTS))]
"""Singular vectors on each side are orthogonal to each other and of length 1."""


def stepped(residual: Any) -> Any:
    """What a step makes of a residual."""
    return residual - eta * J * J.T * residual


DESCENT = {
    J: J_formula,
    r_0: left_vectors * a_column,
    **{after: stepped(before) for before, after in pairwise(R_AFTER)},
    **{
        after: before - eta * J.T * residual
        for residual, (before, after) in zip(R_AFTER, pairwise(MOVED_AFTER), strict=False)
    },
}
"""Descent from the parameters at the start, step by step."""


def left_after(steps: int, by: Any = eta * values * values) -> Any:
    """What is left of coefficients, as a diagonal matrix: (I - eta Lam**2)**steps."""
    return (Identity(OUTPUTS) - by) ** steps


# -- one or two singular values, as numbers ---------------------------------------------------------------------------

one = word("residuals:one", "a singular value from the cutoff on", nonnegative=True, latex=r"\lambda_{\mathcal I}")
other = word("residuals:other", "a singular value up to the cutoff", nonnegative=True, latex=r"\lambda_{\mathcal N}")
a = word("residuals:a", "the coefficient of a residual in the information space", nonnegative=True)
b = word("residuals:b", "the coefficient of a residual in the nuisance space", nonnegative=True)
x = word("residuals:x", "a step size times the square of a singular value", nonnegative=True)
q = word("residuals:q", "what a step leaves of a coefficient", nonnegative=True)
"""1 - eta lam**2."""
cutoff = word("residuals:cutoff", "a cutoff", nonnegative=True, latex=r"\alpha")
strength = word("residuals:strength", "a number Gamma", nonnegative=True, latex=r"\Gamma")

of_two = (cutoff / one) ** 2 * a**2 + (strength * other / cutoff) ** 2 * b**2
"""The squared early-stopping value of a residual with a coefficient in each space."""

# -- two matrices that are close --------------------------------------------------------------------------------------

SIDE, WIDTH = 2, 3
first = word("close:A", "a matrix", shape=(SIDE, WIDTH))
second = word("close:B", "a matrix near it", shape=(SIDE, WIDTH))
residual = word("close:r", "a column", shape=(SIDE, 1))
norm_first = word("close:norm_A", "the spectral norm that A was made with", nonnegative=True, latex=r"\|A\|")
eps = word("close:eps", "the spectral norm that B - A was made with", nonnegative=True, latex=r"\varepsilon")
step = word("close:eta", "a step size", nonnegative=True, latex=r"\eta")
Y = word("close:Y", "root_B times the orthogonal factor of A", shape=(SIDE, WIDTH))
root_first = word("close:root_A", "the square root of A A^T", shape=(SIDE, SIDE))
root_second = word("close:root_B", "a positive semidefinite matrix", shape=(SIDE, SIDE))
least_first = word("close:least_A", "the smallest singular value that A was made with", nonnegative=True)
least_second = word("close:least_B", "the smallest eigenvalue that root_B was made with", nonnegative=True)

# -- linear regression with noise -------------------------------------------------------------------------------------

SAMPLES, FEATURES = 3, 2
X = word("regression:X", "the inputs without noise", shape=(SAMPLES, FEATURES))
w = word("regression:w", "weights", shape=(FEATURES, 1))
y = word("regression:y", "the labels without noise", shape=(SAMPLES, 1))
var_x = word("regression:var_x", "the number of samples times the variance of the noise of an entry of the inputs")
var_y = word("regression:var_y", "the number of samples times the variance of the noise of a label")
rank_of_signal = word("regression:rank", "the rank of the inputs without noise", integer=True, nonnegative=True)
loss = word("regression:loss", "half the squared residual, on average over the noise", nonnegative=True)
loss_inside = word("regression:loss_I", "the same of its projection to the span of X", nonnegative=True)
loss_beside = word("regression:loss_N", "the same of what is orthogonal to the span of X", nonnegative=True)

squared_length = word("regression:length", "the squared norm of the weights", nonnegative=True)
noise_x = word("regression:noise_x", "a number var_x", nonnegative=True, latex=r"\sigma_x^2")
noise_y = word("regression:noise_y", "a number var_y", nonnegative=True, latex=r"\sigma_y^2")
share = word("regression:share", "the rank of the inputs without noise over the number of samples", nonnegative=True)
loss_of_length = (1 - share) * (noise_x * squared_length + noise_y) / 2
"""The part of the loss beside the span of the signal, by the squared norm of the weights."""
