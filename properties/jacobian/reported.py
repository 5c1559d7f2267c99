"""The numbers that are reported of trained networks: whether they agree with each other and with the theory (J34)."""

from __future__ import annotations

from typing import Any

from sympy import Rational

from properties.worlds.boxes import Box
from properties.worlds.linear_descent import LinearDescent
from properties.worlds.reported import ReportedSplits
from symbolic import chain, norm
from symbolic.papers.reported import (
    ARXIV,
    ICLR,
    KEPT,
    PARAMETERS,
    SPLITS,
    classes,
    info,
    info_end,
    info_start,
    information_r,
    information_y,
    inverse,
    inverse_r,
    inverse_y,
    nuis_other,
    off_info,
    off_nuis,
    parameters,
    printed_info,
    printed_nuis,
    rounded,
    rows,
    samples,
)
from symbolic.papers.residuals import alpha, lam_1, r_0, r_i, solved
from verify import claim

LINK = "docs/mathematics/joint.md"
BOTH = f"{ARXIV}; {ICLR}"
WORLD = ReportedSplits()
INVERTED = ReportedSplits(inverted=True)


def squares(nuisance: Any, share: Any = 1) -> Any:
    """That the squares of two printed lengths may add up to 1, each being off by a share of what is told."""
    low = (printed_info - share * off_info) ** 2 + (nuisance - share * off_nuis) ** 2
    return chain(low, 1, (printed_info + share * off_info) ** 2 + (nuisance + share * off_nuis) ** 2)


parts = claim(
    "oymak2019/J34-squares",
    """The squares of the two parts of a unit vector add up to 1, each being off by half of its last digit or more.""",
    given=WORLD,
    says=squares(printed_nuis),
    source=BOTH,
    link=f"{LINK}#reported-numbers",
)
parts.breaks_when("one part at the start, the other at the end", says=squares(nuis_other))
parts.breaks_when("to half of the rounding", says=squares(printed_nuis, Rational(1, 2)))
parts.breaks_when("the lengths themselves", says=printed_info + printed_nuis <= 1)

aligned = claim(
    "oymak2019/J34-alignment-grows",
    """In every run the information part of labels and of the residual is larger at the end of training.""",
    given=WORLD,
    says=info_start < info_end,
    source=BOTH,
    link=f"{LINK}#reported-numbers",
)
aligned.breaks_when("start and end are swapped", says=info_end < info_start)
aligned.breaks_when("by half of it", says=3 * info_start < 2 * info_end)

implied = claim(
    "oymak2019/J34-quotient-between",
    """|r_I| / |J_I^+ r| is between the smallest singular value that is kept and the largest one.""",
    given=LinearDescent(),
    assuming=[alpha > 0],
    says=chain(alpha * norm(solved), norm(r_i), lam_1 * norm(solved)),
    source="derived",
    link=f"{LINK}#reported-numbers",
)
implied.breaks_when("of the whole residual", says=norm(r_0) <= lam_1 * norm(solved))
implied.breaks_when("the largest below", says=lam_1 * norm(solved) <= norm(r_i))


quotients = claim(
    "oymak2019/J34-quotients",
    """Between lam_50 and lam_1 of each Jacobian there is a number from 130 to 640.""",
    given=INVERTED,
    says=chain(130 * inverse, info, 640 * inverse),
    source=ARXIV,
    link=f"{LINK}#reported-numbers",
)
quotients.breaks_when("from 135", says=135 * inverse <= info)
quotients.breaks_when("to 600", says=info <= 600 * inverse)

FIRST_Y, FIRST_R = SPLITS[0], SPLITS[1]
FIRST = {
    information_y: rounded(FIRST_Y.information[0]),
    inverse_y: rounded(FIRST_Y.inverse[0]),
    information_r: rounded(FIRST_R.information[0]),
    inverse_r: rounded(FIRST_R.inverse[0]),
}

spread = claim(
    "oymak2019/J34-spread",
    """At the start of the first run lam_1 is at least 8/5 of lam_50: two of its quotients are that far apart.""",
    given=Box(FIRST),
    says=Rational(8, 5) * information_y / inverse_y <= information_r / inverse_r,
    source=ARXIV,
    link=f"{LINK}#reported-numbers",
    expects="proved",
)
spread.breaks_when("17/10 of it", says=Rational(17, 10) * information_y / inverse_y <= information_r / inverse_r)
spread.breaks_when("labels for residual", says=information_r / inverse_r <= information_y / inverse_y)

indicators = claim(
    "oymak2019/J34-above-indicators",
    """Every information part is at least 1/sqrt(K), that of labels on the indicators of balanced classes.""",
    given=WORLD,
    says=classes * info**2 >= 1,
    source=BOTH,
    link=f"{LINK}#what-is-trivial-of-it",
)
indicators.breaks_when("by a twentieth", says=20 * classes * info**2 >= 21)
indicators.breaks_when("as of two classes", says=2 * info**2 >= 1)

random_vector = claim(
    "oymak2019/J34-above-random",
    """Every information part is more than 14 times what a random vector has in a space of 50 dimensions.""",
    given=WORLD,
    says=classes * samples * info**2 > 14**2 * KEPT,
    source=BOTH,
    link=f"{LINK}#what-is-trivial-of-it",
)
random_vector.breaks_when("15 times", says=classes * samples * info**2 > 15**2 * KEPT)
random_vector.breaks_when("the classes do not count", says=samples * info**2 > 14**2 * KEPT)

MORE_ROWS = {parameters: (1, PARAMETERS), rows: (SPLITS[-1].run.outputs, 10**9)}

zeros = claim(
    "oymak2019/J34-rank",
    """With 270,000 parameters at most and 500,000 outputs, 46 % of the singular values are 0 whatever the network.""",
    given=Box(MORE_ROWS),
    says=1 - parameters / rows >= Rational(46, 100),
    source=ICLR,
    link=f"{LINK}#what-is-trivial-of-it",
    expects="proved",
)
zeros.breaks_when("47 %", says=1 - parameters / rows >= Rational(47, 100))
zeros.breaks_when("300,000 parameters", given=Box({**MORE_ROWS, parameters: (1, 300_000)}))
