"""Where the activation pattern is constant: Lemma 2.1 (Chen, Yi, Yang 2024, Section 2.1)."""

from sympy import Abs, And, Eq, Implies, Ne

from properties.worlds.networks import TwoLayerReLU
from symbolic import diagonal, entry, norm, null, step
from symbolic.papers.weight_decay import (
    REFERENCE,
    D,
    D_closed,
    D_formula,
    D_moved,
    E,
    V,
    b,
    i,
    s,
    x,
    z,
    z_formula,
)
from verify import claim

DERIVATIONS = "docs/mathematics/weight_decay.md#lemma-21"
near = 2 * norm(E) * norm(x[i]) <= Abs(entry(z[i], s))
same = Eq(entry(D_moved[i], s, s), entry(D[i], s, s))
hyperplane = Eq(entry(V * x[i] + b, s), 0)
moved_formula = diagonal(step((V + E) * x[i] + b))

lemma_2_1 = claim(
    "chen2024/lemma-2.1",
    """Outside of a null set of matrices V that depends on the input, the activation pattern is constant near V.""",
    given=TwoLayerReLU(),
    says=And(null(V, hyperplane, Ne(norm(x[i]), 0)), Implies(near, same)),
    where={z[i]: z_formula, D[i]: D_formula, D_moved[i]: moved_formula},
    source=f"{REFERENCE}, Lemma 2.1",
    link=DERIVATIONS,
    provenance="repaired",
    expects="proved",
)
lemma_2_1.breaks_when("the pattern is the same at every V", says=same)
lemma_2_1.breaks_when("the exceptional set is null for x = 0 too", says=null(V, hyperplane))
lemma_2_1.breaks_when("the derivative exists everywhere", says=Implies(Ne(norm(x[i]), 0), Eq(D_closed[i], D[i])))

null_set_as_read = claim(
    "chen2024/lemma-2.1-null-set-as-read",
    """The matrices V on which a pre-activation is zero form a null set, for every input and bias.""",
    given=TwoLayerReLU(),
    says=null(V, hyperplane),
    source=f"{REFERENCE}, Lemma 2.1",
    link=DERIVATIONS,
    expects="refuted",
)

stability_radius = claim(
    "chen2024/lemma-2.1-stability-radius",
    """A neuron keeps its state when V moves by at most half its pre-activation over the norm of the input.""",
    given=TwoLayerReLU(),
    says=Implies(near, same),
    where={z[i]: z_formula, D[i]: D_formula, D_moved[i]: moved_formula},
    source=f"{REFERENCE}, Lemma 2.1 (our quantitative form)",
    link=DERIVATIONS,
    expects="proved",
)
stability_radius.breaks_when(
    "twice the pre-activation", says=Implies(norm(E) * norm(x[i]) <= 2 * Abs(entry(z[i], s)), same)
)
stability_radius.breaks_when(
    "up to the hyperplane itself", says=Implies(norm(E) * norm(x[i]) <= Abs(entry(z[i], s)), same)
)
stability_radius.breaks_when("the input does not count", says=Implies(2 * norm(E) <= Abs(entry(z[i], s)), same))
