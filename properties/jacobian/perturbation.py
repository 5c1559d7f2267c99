"""Two matrices that are close: a step with both of them, and square roots of what they are squared."""

from __future__ import annotations

from typing import Any

from sympy import And, Eq, Max, Rational, oo, sqrt

from properties.worlds.boxes import Box
from properties.worlds.close_matrices import CloseMatrices
from symbolic import norm, spectral_norm
from symbolic.papers.residuals import (
    Y,
    a,
    b,
    eps,
    first,
    least_first,
    least_second,
    norm_first,
    residual,
    root_first,
    root_second,
    second,
    step,
    x,
)
from symbolic.spans import Span
from verify import claim

DERIVATIONS = "docs/mathematics/dynamics.md"
STEP = f"{DERIVATIONS}#a-step-with-two-matrices"
ROOTS = f"{DERIVATIONS}#close-square-roots"
PAPER = "Oymak, Fabian, Li, Soltanolkotabi 2019 (arXiv:1906.05392)"
WORLD = CloseMatrices()


def squared_norm(matrix: Any) -> Any:
    """The square of the spectral norm."""
    return spectral_norm(matrix * matrix.T)


claim(
    "oymak2019/J16-norms-are-as-made",
    """The spectral norms of A and of B - A are those that they were made with.""",
    given=WORLD,
    says=And(
        Eq(spectral_norm(first), norm_first, evaluate=False), Eq(spectral_norm(second - first), eps, evaluate=False)
    ),
    source="derived",
    link=STEP,
).breaks_when("the Frobenius norm of A", says=Eq(norm(first), norm_first, evaluate=False))

# -- a step with two matrices (J16) -----------------------------------------------------------------------------------

after = norm(residual - step * first * second.T * residual) ** 2
before = norm(residual) ** 2
SHORT = step * norm_first**2 <= 1

printed = claim(
    "oymak2019/J16-contraction",
    """If |A|, |B| <= beta, |A - B| <= eps and eta <= 1/beta**2, then |(I - eta A B^T) r| <= (1 + eta eps**2) |r|.""",
    given=WORLD,
    assuming=[norm_first > 0, SHORT, step * squared_norm(second) <= 1],
    says=after <= (1 + step * eps**2) ** 2 * before,
    source=f"{PAPER}, Lemma 6.3",
    provenance="as-read",
    link=STEP,
)
printed.breaks_when("it contracts", says=after <= before)
printed.breaks_when("a quarter of eps**2", says=after <= (1 + step * eps**2 / 4) ** 2 * before)
printed.breaks_when("the step size squared", says=after <= (1 + step**2 * eps**2) ** 2 * before)
printed.breaks_when(
    "eta up to 2/beta**2", assuming=[norm_first > 0, step * norm_first**2 <= 2, step * squared_norm(second) <= 2]
)

sharper = claim(
    "oymak2019/J16-contraction-of-squares",
    """If eta <= 1/|A|**2, whatever |B| is, |(I - eta A B^T) r|**2 <= (1 + eta |A - B|**2) |r|**2.""",
    given=WORLD,
    assuming=[norm_first > 0, SHORT],
    says=after <= (1 + step * eps**2) * before,
    source="derived",
    link=STEP,
)
sharper.breaks_when("it contracts", says=after <= before)
sharper.breaks_when("nine tenths of eps**2", says=after <= (1 + Rational(9, 10) * step * eps**2) * before)
sharper.breaks_when("the step size squared", says=after <= (1 + step**2 * eps**2) * before)
sharper.breaks_when("eps for its square", says=after <= (1 + step * eps) * before)
sharper.breaks_when("eta up to 2/|A|**2", assuming=[norm_first > 0, step * norm_first**2 <= 2])

SMALL = Span(0, oo, open_low=True)

claim(
    "oymak2019/J16-squares-are-sharper",
    """The factor 1 + x of the square is below the square of the factor 1 + x.""",
    given=Box({x: SMALL}),
    says=1 + x < (1 + x) ** 2,
    source="derived",
    link=STEP,
    expects="proved",
).breaks_when("the other way round", says=1 + x > (1 + x) ** 2)

# -- close square roots (J17) -----------------------------------------------------------------------------------------

difference = root_first**2 - root_second**2

roots = claim(
    "oymak2019/J17-roots-are-roots",
    """A A^T and Y Y^T are the squares of root_A and root_B.""",
    given=WORLD,
    says=And(
        Eq(norm(first * first.T - root_first**2), 0, evaluate=False),
        Eq(norm(Y * Y.T - root_second**2), 0, evaluate=False),
    ),
    source=f"{PAPER}, Lemma 6.4",
    link=ROOTS,
)
roots.breaks_when("Y Y^T is A A^T", says=Eq(norm(Y * Y.T - root_first**2), 0, evaluate=False))

twice = claim(
    "oymak2019/J17-close-root",
    """B has a root Y, Y Y^T = B, with |Y - X| <= 2 |X X^T - B|**(1/2).""",
    given=WORLD,
    says=squared_norm(Y - first) <= 4 * spectral_norm(difference),
    source=f"{PAPER}, Lemma 6.4",
    provenance="as-read",
    link=ROOTS,
)
twice.breaks_when("half of |A - B|**(1/2)", says=squared_norm(Y - first) <= spectral_norm(difference) / 4)
twice.breaks_when("its negative", says=squared_norm(-Y - first) <= 4 * spectral_norm(difference))

once = claim(
    "oymak2019/J17-closest-root",
    """B has a root Y, Y Y^T = B, with |Y - X| <= |X X^T - B|**(1/2): the constant is 1.""",
    given=WORLD,
    says=squared_norm(Y - first) <= spectral_norm(difference),
    source="derived",
    link=ROOTS,
)
once.breaks_when("99/100 of it", says=squared_norm(Y - first) <= Rational(99, 100) ** 2 * spectral_norm(difference))
once.breaks_when("its negative", says=squared_norm(-Y - first) <= spectral_norm(difference))
once.breaks_when("the Frobenius norm", says=norm(Y - first) ** 2 <= spectral_norm(difference))

away = claim(
    "oymak2019/J17-roots-away-from-zero",
    """Roots differ by |A - B| over the sum of the smallest eigenvalues of both roots, at most.""",
    given=WORLD,
    says=(least_first + least_second) * spectral_norm(root_first - root_second) <= spectral_norm(difference),
    source="derived",
    link=ROOTS,
)
away.breaks_when(
    "by the larger of both, twice",
    says=2 * Max(least_first, least_second) * spectral_norm(root_first - root_second) <= spectral_norm(difference),
)
away.breaks_when(
    "11/10 of the sum",
    says=Rational(11, 10) * (least_first + least_second) * spectral_norm(root_first - root_second)
    <= spectral_norm(difference),
)

numbers = claim(
    "oymak2019/J17-roots-of-numbers",
    """Of numbers: the root of a sum is at most the sum of the roots.""",
    given=Box({a: SMALL, b: SMALL}),
    says=a + b <= (sqrt(a) + sqrt(b)) ** 2,
    source="derived",
    link=ROOTS,
    expects="proved",
)
numbers.breaks_when("99/100 of it", says=a + b <= Rational(99, 100) * (sqrt(a) + sqrt(b)) ** 2)
