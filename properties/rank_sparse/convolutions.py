"""Convolutions: the derived bound by the overlap of patches, and a summand of the main form."""

from properties.worlds.boxes import Box
from symbolic import decreasing, increasing, reduces_to
from symbolic.papers.layers import (
    channels,
    convolution,
    convolutional,
    overlap,
    patch,
    positions,
)
from symbolic.papers.rank_sparse import Gam, r, simple, wbar
from symbolic.papers.schatten import p
from symbolic.papers.zoo import N, delta
from verify import claim

LINK = "docs/mathematics/rank_sparse.md#variants"

# -- convolutions -----------------------------------------------------------------------------------------------------

CONV = convolutional.expression

for letter, says, other in (
    ("decreasing-in-N", decreasing(CONV, N, strictly=True), increasing(CONV, N)),
    ("decreasing-in-delta", decreasing(CONV, delta, strictly=True), increasing(CONV, delta)),
    ("increasing-in-kappa", increasing(CONV, overlap, strictly=True), decreasing(CONV, overlap)),
    ("increasing-in-U", increasing(CONV, channels, strictly=True), decreasing(CONV, channels)),
    ("increasing-in-d", increasing(CONV, patch, strictly=True), decreasing(CONV, patch)),
    ("increasing-in-r", increasing(CONV, r, strictly=True), decreasing(CONV, r)),
    ("increasing-in-Gam", increasing(CONV, Gam, strictly=True), decreasing(CONV, Gam)),
):
    claim(
        f"ledent2025/convolutions/{letter}",
        f"The derived bound for convolutions {'rises' if letter.startswith('inc') else 'falls'} strictly with"
        f" {letter.rpartition('-')[2]}.",
        given=Box(convolutional.domain),
        says=says,
        source=convolutional.source,
        link=LINK,
        about=convolutional,
        expects="proved",
    ).breaks_when("the other way round", says=other)

dense = claim(
    "ledent2025/convolutions/without-overlap",
    """Where no coordinate is in two patches, it is the derived bound with the widths of the kernel.""",
    given=Box(convolutional.domain),
    says=reduces_to(CONV, {overlap: 1}, simple.expression.xreplace({wbar: channels + patch})),
    source=convolutional.source,
    link=LINK,
    about=(convolutional, simple),
    expects="proved",
)
dense.breaks_when(
    "widths multiplied", says=reduces_to(CONV, {overlap: 1}, simple.expression.xreplace({wbar: channels * patch}))
)

kernel = claim(
    "ledent2025/convolutional-summand/kernel-alone-at-p-0",
    """At p = 0 a convolution counts r (U + d) in the main form: neither norms nor the number of positions.""",
    given=Box(convolution.domain),
    says=reduces_to(convolution.expression, {p: 0}, r * (channels + patch)),
    source=convolution.source,
    provenance="as-read",
    link=LINK,
    about=convolution,
    expects="proved",
)
kernel.breaks_when(
    "times the number of positions", says=reduces_to(positions * convolution.expression, {p: 0}, r * (channels + patch))
)

for x, letter, meaning in (
    (positions, "o", "the number of positions"),
    (channels, "U", "the number of channels"),
    (patch, "d", "the size of a patch"),
    (Gam, "Gam", "the product of norms"),
    (r, "r", "the soft rank"),
):
    claim(
        f"ledent2025/convolutional-summand/increasing-in-{letter}",
        f"The summand of a convolution in the main form rises with {meaning}.",
        given=Box(convolution.domain),
        says=increasing(convolution.expression, x),
        source=convolution.source,
        provenance="as-read",
        link=LINK,
        about=convolution,
        expects="proved",
    ).breaks_when("it falls", says=decreasing(convolution.expression, x))
