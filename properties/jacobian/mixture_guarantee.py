"""What the guarantees become for mixtures, and the spaces of inputs with noise: J31."""

from __future__ import annotations

from sympy import Eq, Rational, oo, sqrt

from properties.worlds.boxes import Box
from properties.worlds.near_kernels import NearProjectors
from symbolic import crossover, dominates, norm, reduces_to, spectral_norm
from symbolic.papers.mixtures import (
    B,
    Gamma,
    P,
    P_near,
    apart,
    bias_and_variance,
    c_0,
    classes,
    cosine,
    cut,
    energy,
    eta,
    from_noise,
    information,
    lam,
    lam_r,
    length,
    mu_r,
    near,
    nu,
    per_class,
    root_log,
    samples,
    sigma,
    smallest,
    spread,
    steps,
    steps_in_mixture,
    v,
    variance,
    whole,
    width,
    width_in_mixture,
    zeta,
)
from symbolic.spans import Span
from verify import claim

DERIVATIONS = "docs/mathematics/mixtures.md"
GUARANTEE = f"{DERIVATIONS}#the-guarantee"
MOVED = f"{DERIVATIONS}#moved-spaces"
PAPER = "Oymak, Fabian, Li, Soltanolkotabi 2019 (arXiv:1906.05392)"

# -- the guarantee for mixtures (J31) ---------------------------------------------------------------------------------

POSITIVE = Span(0, oo, open_low=True)
UP_TO_ONE = Span(0, 1, open_low=True)
COUNTS = {classes: (1, oo), per_class: (1, oo), samples: (2, oo), lam: POSITIVE, Gamma: (1, oo), B: POSITIVE}
SCALES = {eta: POSITIVE, nu: POSITIVE, zeta: UP_TO_ONE, c_0: POSITIVE, cut: POSITIVE, energy: POSITIVE}
NUMBERS = Box({**COUNTS, **SCALES})

time = claim(
    "oymak2019/J31-time",
    """With alpha**2 = n lam/2KC, the time Gamma K/(eta nu**2 alpha**2) is 2 Gamma K**2 C/(eta nu**2 n lam).""",
    given=NUMBERS,
    says=reduces_to(steps, {cut: smallest}, steps_in_mixture),
    source=f"{PAPER}, Theorem A.3",
    provenance="as-read",
    link=GUARANTEE,
    expects="proved",
)
time.breaks_when("K C for K**2 C", says=reduces_to(steps, {cut: smallest}, steps_in_mixture / classes))

PUT = {cut: smallest, energy: samples}

neurons_needed = claim(
    "oymak2019/J31-width",
    """With this cutoff and |X|**2 = n the width needed grows like Gamma**4 B**8 K**8 C**4 log(n)/(zeta lam)**4.""",
    given=NUMBERS,
    says=reduces_to(width, PUT, width_in_mixture()),
    source=f"{PAPER}, Theorem A.3",
    provenance="as-read",
    link=GUARANTEE,
    expects="proved",
)
neurons_needed.breaks_when("K**4 C**4", says=reduces_to(width, PUT, width_in_mixture(4, 4)))
neurons_needed.breaks_when("K**8 C**2", says=reduces_to(width, PUT, width_in_mixture(8, 2)))

constant = claim(
    "oymak2019/J31-variance",
    """With this cutoff what the guarantee adds to the bias is at most 36 2**(1/2) Gamma B K (C/(n lam))**(1/2).""",
    given=Box({**COUNTS, zeta: UP_TO_ONE}),
    says=bias_and_variance <= variance,
    source=f"{PAPER}, Theorem A.3",
    link=GUARANTEE,
    expects="proved",
)
constant.breaks_when("K C for K**2 C in the root", says=bias_and_variance <= variance / sqrt(classes))
constant.breaks_when("35 for 36", says=bias_and_variance <= Rational(35, 36) * variance)

AT = 2592 * Gamma**2 * B**2 * classes**2 * per_class / lam

vacuous = claim(
    "oymak2019/J31-vacuous",
    """The variance is at least 1, and so says nothing, up to n = 2592 Gamma**2 B**2 K**2 C/lam, and no longer.""",
    given=Box({**COUNTS, samples: POSITIVE}),
    says=crossover(1, variance**2, samples, AT),
    source="derived",
    link=GUARANTEE,
    expects="proved",
)
vacuous.breaks_when("without the square of Gamma", says=crossover(1, variance**2, samples, AT / Gamma))
vacuous.breaks_when("K C for K**2 C", says=crossover(1, variance**2, samples, AT / classes))

few = claim(
    "oymak2019/J31-vacuous-for-few",
    """As lam <= B**2 for centres of length 1, the variance is at least 1 up to n = 2592 K**2 C, for Gamma >= 1.""",
    given=Box({**COUNTS, samples: POSITIVE}),
    assuming=[lam <= B**2, samples <= 2592 * classes**2 * per_class],
    says=variance**2 >= 1,
    source="derived",
    link=GUARANTEE,
    expects="proved",
)
few.breaks_when("any lam", assuming=[samples <= 2592 * classes**2 * per_class])
few.breaks_when("to twice as many", assuming=[lam <= B**2, samples <= 5184 * classes**2 * per_class])

NOISY = Box({**COUNTS, spread: POSITIVE, root_log: POSITIVE})

small_noise = claim(
    "oymak2019/J31-small-noise",
    """For sigma <= K/n and log n <= Gamma**4 the term of the noise is at most Gamma B K (C/(n lam))**(1/2).""",
    given=NOISY,
    assuming=[spread <= classes / samples, root_log <= Gamma**2],
    says=from_noise <= Gamma * B * classes * sqrt(per_class) / sqrt(samples * lam),
    source=f"{PAPER}, Theorem 3.5 (derived: with the power of log n)",
    link=GUARANTEE,
    expects="proved",
)
small_noise.breaks_when("sigma <= K/n**(1/2)", assuming=[spread <= classes / sqrt(samples), root_log <= Gamma**2])
small_noise.breaks_when("any log n", assuming=[spread <= classes / samples])

# -- spaces of moved inputs (J31) -------------------------------------------------------------------------------------

residue = claim(
    "oymak2019/J31-labels-beside",
    """What a projector leaves of a vector in the range of another one is at most their distance times the vector.""",
    given=NearProjectors(),
    assuming=[Eq(P * information, information)],
    says=norm(information - P_near * information) <= spectral_norm(P - P_near) * norm(information),
    source="derived",
    link=MOVED,
)
residue.breaks_when("any vector", assuming=[], says=norm(v - P_near * v) <= spectral_norm(P - P_near) * norm(v))
residue.breaks_when(
    "the square of their distance",
    says=norm(information - P_near * information) <= spectral_norm(P - P_near) ** 2 * norm(information),
)

claim(
    "oymak2019/J31-linear-is-sharper",
    """The distance s of two projectors, above 0 and up to 1, is at most (2 s)**(1/2).""",
    given=Box({apart: UP_TO_ONE}),
    says=apart <= sqrt(2 * apart),
    source="derived",
    link=MOVED,
    expects="proved",
).breaks_when("half of the root", says=apart <= sqrt(2 * apart) / 2)

HALF = 2 * spectral_norm(near - whole) <= lam_r

claim(
    "oymak2019/J31-cutoff-kept-as-read",
    """Where a kernel is moved by at most half of lam_r, eigenvalue number r stays at the cutoff lam_r or above.""",
    given=NearProjectors(),
    assuming=[HALF],
    says=mu_r >= lam_r,
    source=f"{PAPER}, Theorem A.3",
    link=MOVED,
    expects="refuted",
)

halved = claim(
    "oymak2019/J31-half-cutoff-kept",
    """Where a kernel is moved by at most half of lam_r, eigenvalue number r stays at half of lam_r or above.""",
    given=NearProjectors(),
    assuming=[HALF],
    says=2 * mu_r >= lam_r,
    source=f"{PAPER}, Theorem A.3",
    provenance="repaired",
    link=MOVED,
)
halved.breaks_when("moved by any amount", assuming=[])
halved.breaks_when("three quarters of it", says=4 * mu_r >= 3 * lam_r)

LENGTHS = Box({sigma: POSITIVE, length: POSITIVE, cosine: (-1, 1)})
SQUARED = 1 + 2 * sigma * length * cosine + sigma**2 * length**2

claim(
    "oymak2019/J31-unit-length-as-read",
    """A point with noise, a centre of length 1 and sigma times a vector, has length 1 at most.""",
    given=LENGTHS,
    says=SQUARED <= 1,
    source=f"{PAPER}, Theorems 3.2 and 3.5",
    link=MOVED,
    expects="refuted",
)

longer = claim(
    "oymak2019/J31-length",
    """A point with noise, a centre of length 1 and sigma times a vector, is at most sigma times its length longer.""",
    given=LENGTHS,
    says=dominates(1 + 2 * sigma * length + sigma**2 * length**2, SQUARED),
    source="derived",
    provenance="repaired",
    link=MOVED,
    expects="proved",
)
longer.breaks_when("half as much", says=dominates(1 + sigma * length + sigma**2 * length**2, SQUARED))
