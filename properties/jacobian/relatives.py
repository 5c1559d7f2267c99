"""Descent on a linear model whose Jacobian has no small singular value: its rate, and its path (J35)."""

from __future__ import annotations

from sympy import Eq, Rational

from properties.worlds.linear_descent import LinearDescent
from symbolic import chain, norm
from symbolic.papers.residuals import J, T, alpha, eta, far, lam_1, lam_3, moved, path, r_0, r_t
from verify import claim

LINK = "docs/mathematics/dynamics.md#path-and-residual"
SHORTEST = "Oymak, Soltanolkotabi 2018 (arXiv:1812.10004)"
WORLD = LinearDescent()

AT_LEAST = [lam_3 > 0, Eq(alpha, lam_3, evaluate=False)]
SHORT = eta * lam_1**2 <= 1
LONG = eta * lam_1**2 <= 2

left = (1 - eta * alpha**2) ** T

rate = claim(
    "oymak2019/J35-rate",
    """With alpha <= lam_3 and eta <= 1/(2 beta**2), |r_T|**2 <= (1 - eta alpha**2/2)**T |r_0|**2.""",
    given=WORLD,
    assuming=[*AT_LEAST, 2 * eta * lam_1**2 <= 1],
    says=norm(r_t) ** 2 <= (1 - eta * alpha**2 / 2) ** T * norm(r_0) ** 2,
    source=f"{SHORTEST}, Theorem 2.1, of a linear model",
    provenance="as-read",
    link=LINK,
)
rate.breaks_when("eight times as fast", says=norm(r_t) ** 2 <= (1 - eta * alpha**2 / 2) ** (8 * T) * norm(r_0) ** 2)
rate.breaks_when("alpha between", assuming=[alpha > lam_3, 2 * eta * lam_1**2 <= 1])

own_rate = claim(
    "oymak2019/J35-rate-of-linear-models",
    """For eta <= 1/beta**2, |r_T| <= (1 - eta alpha**2)**T |r_0|.""",
    given=WORLD,
    assuming=[*AT_LEAST, SHORT],
    says=norm(r_t) <= left * norm(r_0),
    source="derived",
    link=LINK,
)
own_rate.breaks_when("eta up to 2/beta**2", assuming=[*AT_LEAST, LONG])
own_rate.breaks_when("twice as fast", says=norm(r_t) <= left**2 * norm(r_0))

printed_path = claim(
    "oymak2019/J35-path",
    """For eta <= 1/(2 beta**2), alpha/4 times the length of the path and |r_T| are together at most |r_0|.""",
    given=WORLD,
    assuming=[*AT_LEAST, 2 * eta * lam_1**2 <= 1],
    says=chain(alpha / 4 * norm(moved) + norm(r_t), alpha / 4 * path + norm(r_t), norm(r_0)),
    source=f"{SHORTEST}, Theorem 2.1, of a linear model",
    provenance="as-read",
    link=LINK,
)
printed_path.breaks_when("by the largest", says=lam_1 * path + norm(r_t) <= norm(r_0))

own_path = claim(
    "oymak2019/J35-path-of-linear-models",
    """For eta <= 1/beta**2, alpha times the length of the path and |r_T| are together at most |r_0|.""",
    given=WORLD,
    assuming=[*AT_LEAST, SHORT],
    says=alpha * path + norm(r_t) <= norm(r_0),
    source="derived",
    link=LINK,
)
own_path.breaks_when("11/10 of alpha", says=Rational(11, 10) * alpha * path + norm(r_t) <= norm(r_0))
own_path.breaks_when("eta up to 2/beta**2", assuming=[*AT_LEAST, LONG])
own_path.breaks_when("alpha between", assuming=[alpha > lam_3, SHORT])

lower = claim(
    "oymak2019/J35-distance-at-least",
    """Wherever the parameters are, the residual and beta times their distance are at least |r_0| together.""",
    given=WORLD,
    says=norm(r_0) <= norm(r_0 + J * far) + lam_1 * norm(far),
    source=f"{SHORTEST}, Theorem 2.3, of a linear model",
    provenance="as-read",
    link=LINK,
)
lower.breaks_when("by the smallest", says=norm(r_0) <= norm(r_0 + J * far) + lam_3 * norm(far))
lower.breaks_when("nine tenths of it", says=norm(r_0) <= norm(r_0 + J * far) + Rational(9, 10) * lam_1 * norm(far))
