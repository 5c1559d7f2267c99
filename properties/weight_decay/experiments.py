"""Numbers of the paper's experiments (Section 4) that follow from other numbers: norms at the start, learning rates."""

from __future__ import annotations

from sympy import Rational, floor, oo, sqrt

from properties.worlds.boxes import Box
from symbolic import decreasing, homogeneous, increasing, reduces_to
from symbolic.papers.weight_decay import REFERENCE, m, n
from symbolic.papers.zoo import ABOVE_ZERO, FROM_ONE
from symbolic.words import word
from verify import claim

SOURCE = f"{REFERENCE}, Section 4"
LINK = "docs/mathematics/generalisation.md#the-papers-own-sizes"

spread = word("chen2024:sigma", "the standard deviation of the entries of V at the start", latex=r"\sigma")
epochs = word("chen2024:t", "the number of epochs", integer=True)

at_start = spread * sqrt(m * n)
"""The root of the mean squared Frobenius norm of V at the start, which its mean norm is at most."""
remaining = Rational(19, 20) ** floor(epochs / 200)
"""What is left of a learning rate that is multiplied by 0.95 every 200 epochs."""

START = Box({m: FROM_ONE, n: FROM_ONE, spread: ABOVE_ZERO})
TENTH = Rational(1, 10)

for data, width, inputs, value, words in (
    ("california", 8192, 8, Rational(128, 5), "25.6, near the 26 of the experiments"),
    ("mnist", 32768, 784, Rational(896, 5) * sqrt(8), "506.9"),
):
    made = claim(
        f"chen2024/section-4/{data}-norm-at-the-start",
        f"With entries of standard deviation 1/10 the root mean squared norm of V at the sizes of {data} is {words}.",
        given=START,
        says=reduces_to(at_start, {m: width, n: inputs, spread: TENTH}, value),
        source=SOURCE,
        provenance="derived",
        link=LINK,
        expects="proved",
    )
    made.breaks_when("of variance 1/10", says=reduces_to(at_start, {m: width, n: inputs, spread: sqrt(TENTH)}, value))

claim(
    "chen2024/section-4/norm-at-the-start-scales-with-entries",
    """The norm at the start scales with the standard deviation of the entries.""",
    given=START,
    says=homogeneous(at_start, spread, 1),
    source=SOURCE,
    provenance="derived",
    link=LINK,
    expects="proved",
).breaks_when("with the variance", says=homogeneous(at_start, spread, 2))

for data, last, low, high in (("california", 5000, 277, 278), ("mnist", 2000, 598, 599)):
    claim(
        f"chen2024/section-4/{data}-learning-rate",
        f"After {last} epochs less than 0.{high} of the learning rate is left.",
        given=Box({epochs: (last, oo)}),
        says=remaining < Rational(high, 1000),
        source=SOURCE,
        provenance="derived",
        link=LINK,
        expects="proved",
    ).breaks_when(f"less than 0.{low}", says=remaining < Rational(low, 1000))

claim(
    "chen2024/section-4/learning-rate-never-rises",
    """The learning rate never rises.""",
    given=Box({epochs: FROM_ONE}),
    says=decreasing(remaining, epochs),
    source=SOURCE,
    provenance="derived",
    link=LINK,
    expects="proved",
).breaks_when("it never falls", says=increasing(remaining, epochs))
