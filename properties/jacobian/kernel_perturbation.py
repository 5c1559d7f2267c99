"""How far a kernel is moved by what its inputs are moved by, and the span of its first eigenvectors: J30."""

from __future__ import annotations

from typing import Any

from sympy import And, Rational, log, oo, sqrt

from properties.worlds.boxes import Box
from properties.worlds.near_kernels import MovedInputs, NearProjectors
from symbolic import dominates, spectral_norm
from symbolic.papers.mixtures import (
    D_norm,
    P,
    P_near,
    X_norm,
    constant,
    count,
    ell,
    kernel,
    lam_r,
    moved_kernel,
    near,
    of_one_or_two,
    product,
    reach,
    reach_squared,
    share,
    sigma,
    slope,
    whole,
)
from symbolic.spans import Span
from verify import claim

DERIVATIONS = "docs/mathematics/mixtures.md"
KERNEL = f"{DERIVATIONS}#moved-kernels"
LARGEST = f"{DERIVATIONS}#the-largest-of-few-normal-numbers"
REGIME = f"{DERIVATIONS}#how-small-the-noise-has-to-be"
SPACES = f"{DERIVATIONS}#moved-spaces"
PAPER = "Oymak, Fabian, Li, Soltanolkotabi 2019 (arXiv:1906.05392)"


def moved_by(reach_counts: Any = 1, squares: Any = 1, twice: Any = 2) -> Any:
    """The bound on how far the kernel is moved, with factors in front of what a mutant changes."""
    mean_reach, mean_square = reach_counts * reach, reach_counts * reach_squared
    square = mean_square * X_norm**2 + 2 * mean_reach * X_norm * D_norm + D_norm**2
    return slope**2 * (squares * square + twice * X_norm * (X_norm * mean_reach + D_norm))


core = claim(
    "oymak2019/J30-kernel",
    """For any law of w a kernel is moved by E(B m |X| + B |D|)**2 + 2 B |X| (B |X| E m + B |D|) at most.""",
    given=MovedInputs(),
    says=spectral_norm(moved_kernel - kernel) <= moved_by(),
    source=f"{PAPER}, proof of Lemma A.2 (derived)",
    link=KERNEL,
)
core.breaks_when("without the square", says=spectral_norm(moved_kernel - kernel) <= moved_by(squares=0))
core.breaks_when("once for twice", says=spectral_norm(moved_kernel - kernel) <= moved_by(twice=1))
core.breaks_when("the weights do not count", says=spectral_norm(moved_kernel - kernel) <= moved_by(reach_counts=0))

# -- the largest of few normal numbers (F26) --------------------------------------------------------------------------

FEW = Box({count: (1, 2)})

claim(
    "oymak2019/J30-largest-of-few-printed",
    """Of the squares of n independent normal numbers, n = 1 or 2, the mean of the largest is 2 log n at most.""",
    given=FEW,
    says=dominates(2 * log(count), of_one_or_two),
    source=f"{PAPER}, proof of Lemma A.2",
    link=LARGEST,
    expects="refuted",
)

few = claim(
    "oymak2019/J30-largest-of-few",
    """Of the squares of n = 1 or 2 independent normal numbers the largest has a mean above 2 log n by at most 2.""",
    given=FEW,
    says=And(2 * log(count) < of_one_or_two, of_one_or_two <= 2 + 2 * log(count)),
    source=f"{PAPER}, proof of Lemma A.2",
    provenance="repaired",
    link=LARGEST,
    expects="proved",
)
few.breaks_when("1/2 + 2 log n", says=dominates(Rational(1, 2) + 2 * log(count), of_one_or_two))

# -- how small the noise has to be (F26) ------------------------------------------------------------------------------

POSITIVE = Span(0, oo, open_low=True)
SHARE = Span(0, Rational(4, 3), open_low=True)
NOISE = {ell: (1, oo), share: SHARE}
ANY, SMALL = Box({**NOISE, product: POSITIVE}), Box({**NOISE, product: Span(0, 1, open_low=True)})
summed = product + product * share / ell**2 + 1 + sqrt(share) / ell
"""The four terms over sigma (log n)**(1/2), which is u."""

claim(
    "oymak2019/J30-regime-as-read",
    """For sigma <= (log n)**(1/2), n >= 3, the four terms of the bound are 5 sigma (log n)**(1/2) together at most.""",
    given=ANY,
    assuming=[product <= ell**2],
    says=summed <= 5,
    source=f"{PAPER}, Lemma A.2",
    link=REGIME,
    expects="refuted",
)

regime = claim(
    "oymak2019/J30-regime",
    """For sigma (log n)**(1/2) <= 1, n >= 3, the four terms are 5 sigma (log n)**(1/2) together at most.""",
    given=SMALL,
    says=summed <= 5,
    source=f"{PAPER}, Lemma A.2",
    provenance="repaired",
    link=REGIME,
    expects="proved",
)
regime.breaks_when("sigma <= (log n)**(1/2)", given=ANY, assuming=[product <= ell**2])
regime.breaks_when("3 for 5", says=summed <= 3)

claim(
    "oymak2019/J30-no-constant",
    """For no constant c instead of 5: where sigma (log n)**(1/2) > c, the first term alone is more.""",
    given=Box({sigma: POSITIVE, ell: POSITIVE, constant: POSITIVE}),
    assuming=[constant < sigma * ell],
    says=constant * sigma * ell < sigma**2 * ell**2,
    source="derived",
    link=REGIME,
    expects="proved",
).breaks_when("whatever sigma is", assuming=[])

# -- moved spaces -----------------------------------------------------------------------------------------------------

moved = spectral_norm(near - whole)
turned = spectral_norm(P - P_near)

spaces = claim(
    "oymak2019/J30-spaces",
    """|P~ - P| <= D/(lam_r - D), where the matrix is moved by D < lam_r, P to its range, of dimension r.""",
    given=NearProjectors(),
    assuming=[moved < lam_r],
    says=turned * (lam_r - moved) <= moved,
    source=f"{PAPER}, Lemma A.2 (Davis, Kahan)",
    provenance="as-read",
    link=SPACES,
)
spaces.breaks_when("D/lam_r", says=turned * lam_r <= moved)
spaces.breaks_when("half of it", says=2 * turned * (lam_r - moved) <= moved)
