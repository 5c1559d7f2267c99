"""Linear regression with noise in inputs and labels: what is lost in the span of the signal and beside it."""

from __future__ import annotations

from typing import Any

from sympy import Eq, oo

from properties.worlds.boxes import Box
from properties.worlds.noisy_regression import NoisyRegression
from symbolic import decreasing, increasing, norm
from symbolic.papers.residuals import (
    SAMPLES,
    X,
    loss,
    loss_beside,
    loss_inside,
    loss_of_length,
    noise_x,
    noise_y,
    rank_of_signal,
    share,
    squared_length,
    var_x,
    var_y,
    w,
    y,
)
from symbolic.spans import Span
from verify import claim

LINK = "docs/mathematics/dynamics.md#linear-regression-with-noise"
PAPER = "Oymak, Fabian, Li, Soltanolkotabi 2019 (arXiv:1906.05392), Section 2.1"
WORLD = NoisyRegression()

clean = norm(X * w - y) ** 2
noise = var_x * norm(w) ** 2 + var_y
inside = rank_of_signal / SAMPLES


def same(left: Any, right: Any) -> Any:
    """The equation of two numbers, as it stands."""
    return Eq(left, right, evaluate=False)


total = claim(
    "oymak2019/J15-loss",
    """The expected loss of w is |X w - y|**2/2 + (var_x |w|**2 + var_y)/2.""",
    given=WORLD,
    says=same(loss, clean / 2 + noise / 2),
    source=PAPER,
    provenance="as-read",
    link=LINK,
)
total.breaks_when("without the noise of inputs", says=same(loss, clean / 2 + var_y / 2))
total.breaks_when("the noise is not halved", says=same(loss, clean / 2 + noise))

claim(
    "oymak2019/J15-loss-inside-printed",
    """The expected loss in the span of the signal, of rank r, is |X w - y|**2 + (r/2n) (var_x |w|**2 + var_y).""",
    given=WORLD,
    says=same(loss_inside, clean + inside * noise / 2),
    source=PAPER,
    link=LINK,
    expects="refuted",
)

part = claim(
    "oymak2019/J15-loss-inside",
    """The expected loss in the span of the signal, of rank r, is |X w - y|**2/2 + (r/2n) (var_x |w|**2 + var_y).""",
    given=WORLD,
    says=same(loss_inside, clean / 2 + inside * noise / 2),
    source=PAPER,
    provenance="repaired",
    link=LINK,
)
part.breaks_when("r/n", says=same(loss_inside, clean / 2 + inside * noise))
part.breaks_when("1 - r/n", says=same(loss_inside, clean / 2 + (1 - inside) * noise / 2))

rest = claim(
    "oymak2019/J15-loss-beside",
    """The expected loss beside the span of the signal is (1 - r/n) (var_x |w|**2 + var_y)/2: noise alone.""",
    given=WORLD,
    says=same(loss_beside, (1 - inside) * noise / 2),
    source=PAPER,
    provenance="as-read",
    link=LINK,
)
rest.breaks_when("r/n", says=same(loss_beside, inside * noise / 2))
rest.breaks_when("the noise is not halved", says=same(loss_beside, (1 - inside) * noise))

together = claim(
    "oymak2019/J15-parts-add-up",
    """The expected losses in the span of the signal and beside it are together the expected loss.""",
    given=WORLD,
    says=same(loss_inside + loss_beside, loss),
    source="derived",
    link=LINK,
)
together.breaks_when("with the printed first part", says=same(clean + inside * noise / 2 + loss_beside, loss))
together.breaks_when("the first alone", says=same(loss_inside, loss))

POSITIVE = Span(0, oo, open_low=True)
NUMBERS = {squared_length: POSITIVE, noise_x: POSITIVE, noise_y: (0, oo), share: Span(0, 1, open_high=True)}

rises = claim(
    "oymak2019/J15-loss-beside-rises",
    """The loss beside the span rises with the norm of w, and so along descent from 0, whose distance grows.""",
    given=Box(NUMBERS),
    says=increasing(loss_of_length, squared_length, strictly=True),
    source=PAPER,
    link=LINK,
    expects="proved",
)
rises.breaks_when("the signal may have full rank", given=Box({**NUMBERS, share: (0, 1)}))
rises.breaks_when("it falls", says=decreasing(loss_of_length, squared_length))
