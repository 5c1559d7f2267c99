"""The Jacobian of a network with one hidden layer, its adjoint, and the gradient of the loss: J01 and J02."""

from sympy import Eq, HadamardProduct, Trace

from properties.worlds.smooth import RationalJacobians, RationalNetworks
from symbolic import diagonal, mean
from symbolic.papers.jacobian import (
    REFERENCE,
    D,
    E,
    F,
    J,
    J_closed,
    J_columns,
    J_samples,
    J_values,
    K,
    M,
    M_compact,
    M_formula,
    M_samples,
    N,
    Q,
    U,
    V,
    X,
    f,
    gradient,
    gradient_formula,
    i,
    pulled,
    slopes,
    u,
    values,
    x,
    y,
)
from verify import claim

DERIVATIONS = "docs/mathematics/jacobian.md"
pushed = Trace(u[i].T * V * diagonal(slopes[i]) * E * x[i])

jacobian = claim(
    "oymak2019/J01-jacobian",
    """The rows of the Jacobian for a class are the row-wise Khatri-Rao product of phi'(X W^T) diag(v) with X.""",
    given=RationalJacobians(inputs_on="anywhere"),
    says=Eq(J, J_closed),
    source=f"{REFERENCE}, equations (6.27) and (6.28)",
    link=f"{DERIVATIONS}#the-jacobian",
    provenance="as-read",
    expects="proved",
)
jacobian.breaks_when("the rows are in sample-major order", says=Eq(J_samples, J_closed))
jacobian.breaks_when("W is laid out column by column", says=Eq(J_columns, J_closed))
jacobian.breaks_when("the activations in place of their derivatives", says=Eq(J, J_values))
jacobian.breaks_when("half of it", says=Eq(2 * J, J_closed))

direction = claim(
    "oymak2019/J01-direction",
    """When W is moved along E, the outputs at x move by V diag(phi'(W x)) E x to first order.""",
    given=RationalJacobians(inputs_on="anywhere"),
    says=Eq(F[i], V * D[i] * E * x[i]),
    source=f"{REFERENCE}, equation (6.28) (derived: one sample of it)",
    link=f"{DERIVATIONS}#the-jacobian",
    expects="proved",
)
direction.breaks_when("without the derivatives", says=Eq(F[i], V * E * x[i]))
direction.breaks_when(
    "the activations in place of their derivatives", says=Eq(F[i], V * diagonal(values[i]) * E * x[i])
)
direction.breaks_when("the derivatives count twice", says=Eq(F[i], V * D[i] * D[i] * E * x[i]))
direction.breaks_when("the mean of the inputs", says=Eq(F[i], V * D[i] * E * mean(x[i], i)))

adjoint = claim(
    "oymak2019/J02-adjoint",
    """J^T u, the sum over the samples of diag(phi'(W x)) V^T u x^T, meets E as u meets V diag(phi'(W x)) E x.""",
    given=RationalJacobians(inputs_on="anywhere"),
    says=Eq(Trace(M * E.T), N * mean(pushed, i)),
    where={M: M_formula},
    proof=[Eq(Trace(M * E.T), mean(N * Trace(pulled * E.T), i))],
    source=f"{REFERENCE}, equation (6.29)",
    link=f"{DERIVATIONS}#the-adjoint",
    provenance="as-read",
    expects="proved",
)
adjoint.breaks_when("the mean over the samples", says=Eq(Trace(M * E.T), mean(pushed, i)))
adjoint.breaks_when("divided by the classes", says=Eq(K * Trace(M * E.T), N * mean(pushed, i)))
adjoint.breaks_when("the weights are in sample-major order", says=Eq(Trace(M_samples * E.T), N * mean(pushed, i)))

compact = claim(
    "oymak2019/J02-compact",
    """J^T u is ((V^T U) o phi'(W X^T)) X: two matrix products, and no sum over classes or samples.""",
    given=RationalJacobians(inputs_on="anywhere"),
    says=Eq(M, M_compact),
    source=f"{REFERENCE}, equation (6.29) (derived: in one product)",
    link=f"{DERIVATIONS}#the-adjoint",
    expects="proved",
)
compact.breaks_when("without the derivatives", says=Eq(M, V.T * U * X))
compact.breaks_when("the weights are in sample-major order", says=Eq(M_samples, M_compact))
compact.breaks_when("the activations in place of their derivatives", says=Eq(M, HadamardProduct(V.T * U, Q.T) * X))
compact.breaks_when("divided by the classes", says=Eq(K * M, M_compact))

descent = claim(
    "oymak2019/J02-gradient",
    """The gradient of half the sum of the squared residuals is J^T applied to the residuals.""",
    given=RationalNetworks(inputs_on="anywhere"),
    says=Eq(gradient, gradient_formula),
    source=f"{REFERENCE}, Section 1.2 and equation (6.29)",
    link=f"{DERIVATIONS}#the-adjoint",
    provenance="as-read",
    expects="proved",
)
descent.breaks_when("the mean of the losses", says=Eq(N * gradient, gradient_formula))
descent.breaks_when("the losses are not halved", says=Eq(gradient, 2 * gradient_formula))
descent.breaks_when("the residual has the other sign", says=Eq(gradient, -gradient_formula))
descent.breaks_when("the outputs in place of the residuals", says=Eq(gradient, N * mean(D[i] * V.T * f[i] * x[i].T, i)))
descent.breaks_when("one label for all", says=Eq(gradient, N * mean(D[i] * V.T * (f[i] - mean(y[i], i)) * x[i].T, i)))
