"""What the meta theorem says of networks with one hidden layer: J21 and J22."""

from __future__ import annotations

from typing import Any

from sympy import And, Eq, exp, oo, sqrt

from properties.worlds.boxes import Box
from properties.worlds.lazy_networks import LazyNetworks, WideNetworks
from symbolic import homogeneous, norm, row
from symbolic.papers.trajectories import (
    A,
    B,
    D,
    G,
    K,
    L,
    R,
    Z,
    cutoff,
    end,
    given_width,
    gone,
    information,
    kept,
    length,
    m,
    main_width,
    nearness,
    nuisance,
    radius,
    s,
    start,
    step_size,
    time,
    tolerated,
    value,
    width_bound,
    zeta,
)
from symbolic.spans import Span
from verify import claim
from verify.worlds import Size

DERIVATIONS = "docs/mathematics/meta_theorem.md"
WORLDS = f"{DERIVATIONS}#the-networks"
GUARANTEE = f"{DERIVATIONS}#wide-networks"
ALGEBRA = f"{DERIVATIONS}#how-wide"
PAPER = "Oymak, Fabian, Li, Soltanolkotabi 2019 (arXiv:1906.05392)"
SMALL = LazyNetworks(width=Size(2, 2), inputs=Size(2, 2), copies=Size(2, 2))
AT_50 = WideNetworks()
AT_200 = WideNetworks(width=Size(200, 200))

r = norm(start)
fitted = exp(-time) * norm(information) + norm(nuisance)
scale = width_bound**6 * time**2 / cutoff**8
BASIC = (r > 0, cutoff > 0, value > 0)
SHORT = step_size * width_bound**2 <= 1

enough_for_delta = nearness**2 * m >= 400 * scale * (length + nearness * time * r) ** 2
enough_for_zeta = m >= 1600 * scale * (cutoff * length / (zeta * width_bound) + time * r) ** 2

one_row = 2 * width_bound * time * r / (sqrt(m) * cutoff**2)


def given(*more: Any) -> list[Any]:
    """The hypotheses as one sentence, so that they are dropped together."""
    return [And(*BASIC, *more)]


# -- the deterministic guarantee (J21) --------------------------------------------------------------------------------

near = length + nearness * time * r

over = nearness * cutoff / width_bound * r

guarantee = claim(
    "oymak2019/J21-distance-rows-loss",
    """Wide enough for delta, a network moves by B/alpha + delta (Gamma/alpha) |r_0| at most, a row by
    2 beta Gamma |r_0|/(sqrt(m) alpha**2), and leaves exp(-Gamma) |r_I| + |r_N| + delta (alpha/beta) |r_0|.""",
    given=SMALL,
    assuming=given(SHORT, enough_for_delta),
    says=And(cutoff * norm(gone) <= near, norm(row(gone, s)) <= one_row, norm(end) <= fitted + over),
    source=f"{PAPER}, Lemma 6.19",
    provenance="repaired",
    link=GUARANTEE,
    measures={
        "distance / bound": cutoff * norm(gone) / near,
        "residual / bound": norm(end) / (fitted + over),
    },
)
guarantee.breaks_when("nine tenths of B/alpha", says=10 * cutoff * norm(gone) <= 9 * length)
guarantee.breaks_when("9/20 of the bound of rows", says=20 * norm(row(gone, s)) <= 9 * one_row)
guarantee.breaks_when("without the nuisance", says=norm(end) <= exp(-time) * norm(information) + over)

# -- the main lemma (J22) ---------------------------------------------------------------------------------------------

everything = And(cutoff * norm(gone) <= 2 * length, norm(row(gone, s)) <= one_row, norm(end) <= fitted + zeta * r)
shares = {
    "distance / (2 B/alpha)": cutoff * norm(gone) / (2 * length),
    "residual / bound": norm(end) / (fitted + zeta * r),
}

for name, kind in (("distance-rows-loss", SMALL), ("at-width-50", AT_50), ("at-width-200", AT_200)):
    lemma = claim(
        f"oymak2019/J22-{name}",
        """Wide enough for zeta, a network moves by 2 B/alpha at most, a row by 2 beta Gamma |r_0|/(sqrt(m) alpha**2),
        and leaves exp(-Gamma) |r_I| + |r_N| + zeta |r_0|.""",
        given=kind,
        assuming=given(SHORT, enough_for_zeta),
        says=everything,
        source=f"{PAPER}, Lemma 6.20",
        provenance="repaired",
        link=GUARANTEE,
        measures=shares,
    )
    lemma.breaks_when("nine tenths of B/alpha", says=10 * cutoff * norm(gone) <= 9 * length)
    lemma.breaks_when("without the nuisance", says=norm(end) <= exp(-time) * norm(information) + zeta * r)

# -- how wide, as numbers ---------------------------------------------------------------------------------------------

POSITIVE = Span(0, oo, open_low=True)
NUMBERS = {A: POSITIVE, B: POSITIVE, L: POSITIVE, R: POSITIVE, G: Span(1, oo), D: POSITIVE, Z: POSITIVE, K: (1, oo)}


def box(*words: Any) -> Box:
    """The numbers that these words may be."""
    return Box({each: NUMBERS[each] for each in words})


moves_by = L / sqrt(K) * radius
near_value = B / (G * R)
referable = kept * B * A**3 / (25 * L * G**2 * R)
"""What the main lemma allows eps_0**2 to be, for this delta; for delta = zeta beta/alpha both ask for the same."""

exactly = claim(
    "oymak2019/J21-width-is-what-is-needed",
    """k (2 L R/eps)**2, with L = beta/sqrt(k), is 400 beta**6 Gamma**2 (B + delta Gamma r)**2/(delta**2 alpha**8).""",
    given=box(A, B, L, R, G, D, K),
    says=Eq(K * (2 * moves_by / tolerated) ** 2, given_width, evaluate=False),
    source=f"{PAPER}, (6.44)",
    link=ALGEBRA,
    expects="proved",
)
exactly.breaks_when("half of R", says=Eq(K * (moves_by / tolerated) ** 2, given_width, evaluate=False))

wider = claim(
    "oymak2019/J22-width-is-enough",
    """For delta = zeta beta/alpha and for delta = B/(Gamma r) the main lemma asks for more than the guarantee.""",
    given=box(A, B, L, R, G, Z),
    says=And(given_width.subs(D, Z * L / A) <= main_width, given_width.subs(D, B / (G * R)) <= main_width),
    source=f"{PAPER}, (6.51)",
    link=ALGEBRA,
    expects="proved",
)
wider.breaks_when("a quarter of it", says=given_width.subs(D, B / (G * R)) <= main_width / 4)

claim(
    "oymak2019/J22-distance-follows",
    """For delta <= B/(Gamma r) the distance of the guarantee is at most that of the main lemma.""",
    given=box(A, B, D, R, G),
    assuming=[D <= B / (G * R)],
    says=radius / 2 <= 2 * B / A,
    source=f"{PAPER}, Lemma 6.20",
    link=ALGEBRA,
    expects="proved",
).breaks_when("whatever delta is", assuming=[])

referred = claim(
    "oymak2019/J22-reference-is-near-enough",
    """For delta = B/(Gamma r) an eps_0 of the main lemma is one of the guarantee, if |r_I| >= c r, c up to 1.""",
    given=Box({**{each: NUMBERS[each] for each in (A, B, L, R, G)}, kept: Span(0, 1, open_low=True)}),
    assuming=[kept * A * R <= L * B],
    says=And(referable <= (A * near_value) ** 2 / 25, referable <= near_value * A**3 / (25 * G * L)),
    source=f"{PAPER}, Lemma 6.20",
    link=ALGEBRA,
    expects="proved",
)
referred.breaks_when("whatever is information", assuming=[])
referred.breaks_when("without the square of Gamma", says=referable * G <= near_value * A**3 / (25 * G * L))

degree = claim(
    "oymak2019/J22-width-is-homogeneous",
    """The width of the main lemma is homogeneous in the residual, of degree 2: any width is enough for a small one.""",
    given=box(A, B, L, R, G, Z),
    says=homogeneous(main_width, (B, R), 2),
    source="derived",
    link=ALGEBRA,
    expects="proved",
)
degree.breaks_when("of degree 1", says=homogeneous(main_width, (B, R), 1))
