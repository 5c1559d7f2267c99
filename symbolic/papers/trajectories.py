"""Words for gradient descent on models that are not linear: Oymak, Fabian, Li, Soltanolkotabi 2019, Sections 5 and 6.

A *reference* is a matrix near the Jacobian at the start. Beside the run there is the *linear run*, from the same start
with the same steps, whose Jacobian is the reference everywhere. The residual is ``f - y``; what parameters "have moved
by" is their difference from those at the start.
"""

from __future__ import annotations

from sympy import sqrt

from symbolic.words import index, size, word

# -- runs of a model with six outputs and nine parameters -------------------------------------------------------------

OUTPUTS, PARAMETERS = 6, 9
MATRIX, RESIDUAL, MOVED = (OUTPUTS, PARAMETERS), (OUTPUTS, 1), (PARAMETERS, 1)

J = word("runs:J", "the reference Jacobian", shape=MATRIX)
J_0 = word("runs:J_0", "the Jacobian at the start", shape=MATRIX)
J_t = word("runs:J_t", "the Jacobian after tau steps", shape=MATRIX, latex=r"J_{\theta_\tau}")
alpha = word("runs:alpha", "the cutoff of the information space", nonnegative=True, latex=r"\alpha")
beta = word("runs:beta", "a bound on the norms of the reference and of the Jacobian", nonnegative=True, latex=r"\beta")
eps = word("runs:eps", "twice by how much the Jacobian may move", nonnegative=True, latex=r"\varepsilon")
eps_0 = word("runs:eps_0", "how near the reference is", nonnegative=True, latex=r"\varepsilon_0")
lip = word("runs:lip", "by how much the Jacobian moves at most, for each unit that parameters move by",
           nonnegative=True, latex=r"\ell")  # fmt: skip
delta = word("runs:delta", "how near both runs shall be, 0 < delta <= 1", nonnegative=True, latex=r"\delta")
Gamma = word("runs:Gamma", "eta times alpha**2 times T", nonnegative=True, latex=r"\Gamma")
eta = word("runs:eta", "the step size", nonnegative=True, latex=r"\eta")
T = word("runs:T", "the number of steps", integer=True, nonnegative=True)
early = word("runs:early", "the squared early-stopping value", nonnegative=True, latex=r"\mathcal B^2")

r_0 = word("runs:r_0", "the residual at the start, a column", shape=RESIDUAL)
r_i = word("runs:r_I", "its projection to the information space", shape=RESIDUAL, latex=r"r_{\mathcal I}")
r_n = word("runs:r_N", "its projection to the nuisance space", shape=RESIDUAL, latex=r"r_{\mathcal N}")
solved = word("runs:solved", "the pseudo-inverse of J, cut off, times the residual at the start", shape=MOVED)
r_end = word("runs:r_T", "the residual after T steps", shape=RESIDUAL)
r_t = word("runs:r_t", "the residual after tau steps", shape=RESIDUAL, latex=r"r_\tau")
s_t = word("runs:s_t", "the residual of the linear run after tau steps", shape=RESIDUAL, latex=r"\tilde r_\tau")
r_next = word("runs:r_next", "the residual after one step more", shape=RESIDUAL, latex=r"r_{\tau+1}")
s_next = word("runs:s_next", "that of the linear run", shape=RESIDUAL, latex=r"\tilde r_{\tau+1}")
moved = word("runs:moved", "by what the parameters have moved after tau steps", shape=MOVED)
moved_linear = word("runs:moved_linear", "the same of the linear run", shape=MOVED)
moved_on = word("runs:moved_on", "by what the parameters have moved after one step more", shape=MOVED)

far = word("runs:far", "a direction of the parameters", shape=MOVED)

# -- the recursion of differences, in numbers -------------------------------------------------------------------------

rate = word("growth:eta", "a step size", nonnegative=True, latex=r"\eta")
steps = word("growth:T", "a number of steps", integer=True, nonnegative=True)
strength = word("growth:Gamma", "eta times alpha**2 times T", nonnegative=True, latex=r"\Gamma")
least = word("growth:alpha", "a cutoff", nonnegative=True, latex=r"\alpha")
bend = word("growth:eps", "twice by how much the Jacobian may move", nonnegative=True, latex=r"\varepsilon")
source = word("growth:Theta", "what a step adds for each unit of the residual", nonnegative=True, latex=r"\Theta")
falling = word("growth:falling", "the part of the residual that falls", nonnegative=True, latex=r"\rho_+")
staying = word("growth:staying", "the part of the residual that stays", nonnegative=True, latex=r"\rho_-")
apart = word("growth:apart", "the difference of both runs after T steps, at its largest", nonnegative=True, latex="e_T")
allowed = 2 * (strength * staying + falling) / least**2

# -- networks with one hidden layer -----------------------------------------------------------------------------------

m = size("lazy:m", "width: the number of neurons")
n = size("lazy:n", "the number of input dimensions, in each of which all inputs are alike")
c = size("lazy:c", "copies of each input, whose labels may differ")
s = index("s", over="neurons")

WEIGHTS, LABELS = (m, n), (c * n, 1)

width_bound = word("lazy:beta", "nu times the bound on the derivatives, 1, times the norm of the inputs",
                   nonnegative=True, latex=r"\beta")  # fmt: skip
cutoff = word("lazy:alpha", "the cutoff of the information space", nonnegative=True, latex=r"\alpha")
nearness = word("lazy:delta", "a number from 0 to 1", nonnegative=True, latex=r"\delta")
zeta = word("lazy:zeta", "a number from 0 to 1", nonnegative=True, latex=r"\zeta")
time = word("lazy:Gamma", "eta times alpha**2 times T", nonnegative=True, latex=r"\Gamma")
step_size = word("lazy:eta", "the step size", nonnegative=True, latex=r"\eta")
value = word("lazy:early", "the squared early-stopping value", nonnegative=True, latex=r"\mathcal B^2")
start = word("lazy:r_0", "the residual at the start, a column", shape=LABELS)
information = word("lazy:r_I", "its projection to the information space", shape=LABELS, latex=r"r_{\mathcal I}")
nuisance = word("lazy:r_N", "its projection to the nuisance space", shape=LABELS, latex=r"r_{\mathcal N}")
end = word("lazy:r_T", "the residual after T steps", shape=LABELS)
gone = word("lazy:moved", "by what the weights have moved after tau steps", shape=WEIGHTS)

# -- the same as numbers ----------------------------------------------------------------------------------------------

A = word("meta:alpha", "a cutoff", nonnegative=True, latex=r"\alpha")
B = word("meta:B", "an early-stopping value", nonnegative=True, latex=r"\mathcal B")
L = word("meta:beta", "a bound on the norm of the Jacobian", nonnegative=True, latex=r"\beta")
G = word("meta:Gamma", "a number Gamma", nonnegative=True, latex=r"\Gamma")
D = word("meta:delta", "a number delta", nonnegative=True, latex=r"\delta")
Z = word("meta:zeta", "a number zeta", nonnegative=True, latex=r"\zeta")
R = word("meta:r", "the norm of the residual at the start", nonnegative=True, latex=r"\|r_0\|")
K = word("meta:k", "the width of a network", integer=True, nonnegative=True)
first, second = (
    word(f"meta:{letter}", f"the norm of the residual at the start in the {name} space", nonnegative=True, latex=latex)
    for letter, name, latex in (
        ("r_I", "information", r"\|r_{\mathcal I}\|"),
        ("r_N", "nuisance", r"\|r_{\mathcal N}\|"),
    )
)
ratio = word("meta:ratio", "alpha/beta", nonnegative=True, latex=r"\alpha/\beta")
kept = word("meta:c", "the least share of the residual in the information space", nonnegative=True, latex="c")
share = word("meta:share", "a share of what eps may be", nonnegative=True)
share_0 = word("meta:share_0", "a share of what eps_0**2 may be", nonnegative=True)

radius = 2 * (B / A + D * G * R / A)
"""How far from the start the theorem looks, in terms of the early-stopping value."""

tolerated = D * A**3 / (5 * G * L**2)
"""The largest eps of the theorem."""

given_width = 400 * L**6 * G**2 / (D**2 * A**8) * (B + D * G * R) ** 2
"""The least width of the deterministic guarantee, Lemma 6.19."""

main_width = 1600 * (A / (Z * L) + G * R / B) ** 2 * L**6 * G**2 * B**2 / A**8
"""The least width of the main lemma, Lemma 6.20."""

length = sqrt(value)
"""The early-stopping value of a network."""
