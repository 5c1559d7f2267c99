"""From how many samples on the bounds say something of the networks of Chen, Yi, Yang 2024 (Section 4 there).

California: 8192 neurons, 8 inputs, 1800 samples; MNIST: 32768, 784, 9000. A loss is in [0, 1], so that a gap from 1 on
says nothing. Where norms count, their product ``Gamma`` with the norm of an input is 1; VC dimensions are the bounds on
the pseudo-dimension of docs/mathematics/generalisation.md, for the signs of outputs. V has rank two, where said.
"""

from sympy import Rational, S, oo

from properties.worlds.boxes import Box
from symbolic.papers.counting import Gamma, parameters
from symbolic.papers.layers import different, p_1, p_2, x_1, x_2
from symbolic.papers.rank_sparse import Gam
from symbolic.papers.vc import D, growth, uniform
from symbolic.papers.zoo import L, N, W, delta
from symbolic.spans import Span
from verify import claim

DERIVATIONS = "docs/mathematics/zoo.md#the-sizes-of-experiments"
TWENTIETH = Rational(1, 20)
SURE, UNSURE = Span(0, TWENTIETH, open_low=True), Span(TWENTIETH, 1, open_high=True)

# -- parameters, and ranks --------------------------------------------------------------------------------------------

for data, kind, count, depth, needed in (
    ("california", "every-V", 81_920, 2, 1_045_628_795),
    ("california", "rank-two", 32_784, 3, 408_419_550),
    ("mnist", "every-V", 25_755_648, 2, 417_527_299_474),
    ("mnist", "rank-two", 132_640, 3, 1_763_862_388),
):
    f = parameters.expression
    same = {W: (count, count), L: (depth, depth), Gamma: (1, 1), delta: (TWENTIETH, TWENTIETH)}
    claim(
        f"zoo/parameter-count/{data}-{kind}-says-nothing",
        f"With {count} parameters in {depth} layers or more of both, and Gamma from 1 on, the gap by parameters is"
        f" above 1 up to N = {needed - 1}.",
        given=Box({W: (count, oo), L: (depth, oo), Gamma: Span(1, oo), N: (1, needed - 1), delta: SURE}),
        says=f > 1,
        source=parameters.source,
        link=DERIVATIONS,
        about=parameters,
        expects="proved",
    ).breaks_when("one sample more", given=Box({**same, N: (1, needed)}))
    claim(
        f"zoo/parameter-count/{data}-{kind}-says-something-from",
        f"With as many or fewer of each it is at most 1 from N = {needed} on.",
        given=Box({W: (1, count), L: (1, depth), Gamma: Span(0, 1, open_low=True), N: (needed, oo), delta: UNSURE}),
        says=f <= 1,
        source=parameters.source,
        link=DERIVATIONS,
        about=parameters,
        expects="proved",
    ).breaks_when("one sample fewer", given=Box({**same, N: (needed - 1, oo)}))

for data, first, last, needed in (
    ("california", 16_400, 8_193, 316_689_073),
    ("mnist", 67_104, 32_769, 1_370_056_511),
):
    f = different.expression.xreplace({p_1: S.Zero, p_2: S.Zero})
    same = {x_1: (first, first), x_2: (last, last), Gam: (1, 1), delta: (TWENTIETH, TWENTIETH)}
    claim(
        f"ledent2025/derived-two-layers/{data}-rank-two-says-nothing",
        f"At p = 0, with rank two and the widths of {data} or more, and Gam from 1 on, the derived bound with 2/(2 - p)"
        f" is above 1 up to N = {needed - 1}.",
        given=Box({x_1: (first, oo), x_2: (last, oo), Gam: Span(1, oo), N: (1, needed - 1), delta: SURE}),
        says=f > 1,
        source=different.source,
        link=DERIVATIONS,
        about=different,
        expects="proved",
    ).breaks_when("one sample more", given=Box({**same, N: (1, needed)}))
    claim(
        f"ledent2025/derived-two-layers/{data}-rank-two-says-something-from",
        f"With as many or fewer of each it is at most 1 from N = {needed} on.",
        given=Box({
            x_1: Span(0, first, open_low=True), x_2: Span(0, last, open_low=True), Gam: Span(0, 1, open_low=True),
            N: (needed, oo), delta: UNSURE,
        }),
        says=f <= 1,
        source=different.source,
        link=DERIVATIONS,
        about=different,
        expects="proved",
    ).breaks_when("one sample fewer", given=Box({**same, N: (needed - 1, oo)}))  # fmt: skip

# -- dimensions -------------------------------------------------------------------------------------------------------

for bound, slug, data, kind, dimension, needed in (
    (uniform, "vapnik1998/uniform-convergence", "california", "every-V", 3_173_966, 138_950_815),
    (uniform, "vapnik1998/uniform-convergence", "california", "rank-two", 1_232_574, 53_960_013),
    (uniform, "vapnik1998/uniform-convergence", "mnist", "every-V", 1_161_733_521, 50_858_695_235),
    (uniform, "vapnik1998/uniform-convergence", "mnist", "rank-two", 5_498_387, 240_709_968),
    (growth, "mohri2018/growth", "california", "every-V", 3_173_966, 17_018_072),
    (growth, "mohri2018/growth", "california", "rank-two", 1_232_574, 6_612_560),
    (growth, "mohri2018/growth", "mnist", "every-V", 1_161_733_521, 6_223_359_103),
    (growth, "mohri2018/growth", "mnist", "rank-two", 5_498_387, 29_474_377),
):
    f = bound.expression
    same = {D: (dimension, dimension), delta: (TWENTIETH, TWENTIETH)}
    claim(
        f"{slug}/{data}-{kind}-says-nothing",
        f"With a VC dimension of {dimension} the gap is above 1 from as many samples up to N = {needed - 1}.",
        given=Box({D: (dimension, dimension), N: (dimension, needed - 1), delta: SURE}),
        says=f > 1,
        source=bound.source,
        link=DERIVATIONS,
        about=bound,
        expects="proved",
    ).breaks_when("one sample more", given=Box({**same, N: (dimension, needed)}))
    claim(
        f"{slug}/{data}-{kind}-says-something-from",
        f"With a VC dimension of {dimension} the gap is at most 1 from N = {needed} on.",
        given=Box({D: (dimension, dimension), N: (needed, oo), delta: UNSURE}),
        says=f <= 1,
        source=bound.source,
        link=DERIVATIONS,
        about=bound,
        expects="proved",
    ).breaks_when("one sample fewer", given=Box({**same, N: (needed - 1, oo)}))
