"""Words for Rademacher complexities and what follows from them: Oymak, Fabian, Li, Soltanolkotabi 2019, Section 6.6."""

from __future__ import annotations

from typing import Any

from sympy import Trace, sqrt

from symbolic import step
from symbolic.words import index, size, word

# -- a finite class on one sample -------------------------------------------------------------------------------------

N = size("rademacher:N", "the number of samples")
R = word("rademacher:R", "the Rademacher complexity of a class on the sample", nonnegative=True, latex=r"\mathcal R_S")
R_l = word("rademacher:R_l", "that of the losses of the class", latex=r"\mathcal R_S(\ell)")
steepness = word(
    "rademacher:steepness",
    "over all pairs in the class, at one sample: the largest squared difference of losses less that of predictions",
)

# -- all samples of a small population, by types ----------------------------------------------------------------------

TYPES = 17
drawn = size("samples:N", "the number of samples")
chance = word("samples:chance", "the probabilities of the types of samples, a row", shape=(1, TYPES))
ones = word("samples:ones", "a column of ones", shape=(TYPES, 1))
gap = word("samples:gap", "for each type, the largest excess of a mean loss over that of the sample", shape=(TYPES, 1))
R_types = word("samples:R", "for each type, the Rademacher complexity of the predictions", shape=(TYPES, 1))
R_pairs = word("samples:R_2", "for each type, that of pairs of predictions (1 - t, t)", shape=(TYPES, 1))
excess = word(
    "samples:excess",
    "for each type, the largest excess of an error over twice the root of the mean squared distance",
    shape=(TYPES, 1),
)
delta = word("samples:delta", "a failure probability", nonnegative=True, latex=r"\delta")
s = word("samples:s", "a distance from the mean", nonnegative=True)
confidence = word("samples:confidence", "a failure probability", nonnegative=True, latex=r"\delta")
count = word("samples:count", "a number of samples", integer=True, nonnegative=True, latex="N")


def probability(column: Any) -> Any:
    """The probability that what a column says of the types is larger than 0."""
    return Trace(chance * step(column))


def average(column: Any) -> Any:
    """The mean over all samples of what a column says of the types."""
    return Trace(chance * column)


# -- predictions and labels -------------------------------------------------------------------------------------------

i = index("i", over="samples")
samples = size("predictions:N", "the number of samples")
K = size("predictions:K", "the number of classes")
y = word("predictions:y", "the label of a sample, a unit vector", shape=(K, 1), over="samples")
f = word("predictions:f", "the scores of the classes at a sample, a column", shape=(K, 1), over="samples")
a = word("predictions:a", "the score of the label of a sample", over="samples")
b = word("predictions:b", "the largest score of another class at a sample", over="samples")
p = word("predictions:p", "the score of the label less 1/2", over="samples")
q = word("predictions:q", "the largest score of another class less 1/2", over="samples")
rest = word("predictions:rest", "the squares of all further scores at a sample", nonnegative=True, over="samples")
square = word("predictions:square", "the squared distance of scores and label", nonnegative=True, over="samples")
error = word(
    "predictions:error", "the share of samples at which another class scores as much as the label", nonnegative=True
)

# -- networks near a start --------------------------------------------------------------------------------------------

width = size("neighbourhoods:m", "the number of neurons")
inputs = size("neighbourhoods:N", "the number of samples")
classes = size("neighbourhoods:K", "the number of classes")
nu = word(
    "neighbourhoods:nu", "sqrt(K m) times a bound on the entries of V at the start", nonnegative=True, latex=r"\nu"
)
B = word("neighbourhoods:B", "a bound on the first two derivatives of phi", nonnegative=True)
E = word("neighbourhoods:E", "the root of the mean squared entry of phi at the start", nonnegative=True)
M_W = word("neighbourhoods:M_W", "how far W is from the start", nonnegative=True)
R_W = word("neighbourhoods:R_W", "sqrt(m) times how far a row of W is from the start", nonnegative=True, latex="R")
M_V = word("neighbourhoods:M_V", "sqrt(K m)/nu times how far V is from the start", nonnegative=True)
R_near = word("neighbourhoods:R", "the Rademacher complexity of a class of networks")
PARTS = tuple(
    word(f"neighbourhoods:R_{number}", f"that of {meaning}")
    for number, meaning in enumerate(
        ("what is linear in W", "the rest of Taylor's formula", "what V does at the start", "what both do together"), 1
    )
)
inner = word("neighbourhoods:inner", "the mean length of the sum of signs times derivatives in W", nonnegative=True)
inner_squared = word("neighbourhoods:inner_2", "the mean squared length of that sum", nonnegative=True)
inner_terms = word("neighbourhoods:inner_sum", "the sum of the squared lengths of its terms", nonnegative=True)
inner_lines = word("neighbourhoods:inner_sum_1", "the same without the lengths of the inputs", nonnegative=True)

bounds = (
    nu * B * M_W / sqrt(inputs),
    nu * B * R_W**2 / (2 * sqrt(width)),
    nu * E * M_V / sqrt(inputs),
    nu * B * M_W * M_V / sqrt(width),
)
"""What the complexities of the four terms are at most."""

printed = nu * B * ((M_W + E * M_V) / sqrt(inputs) + (R_W**2 + M_W * M_V) / sqrt(width))
"""The bound as printed, which multiplies E by B."""
