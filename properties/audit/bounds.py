"""The generalization bounds of the catalogue at a network's own sizes: which says anything, and from how many samples.

Every number is that of the bound's own expression. A gap is relative to the largest loss, so that 1 says nothing;
Rademacher complexities become gaps by contraction and concentration. What a bound takes for granted before the sample
is seen (norms, ranks, a margin) is measured here on the network that was trained, which is more than it allows: the
values are what it would say had these numbers been fixed beforehand.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from properties.audit.results import Evaluated
from properties.audit.sizes import Sizes
from properties.audit.values import function, value
from symbolic.bounds import Bound
from symbolic.papers import convolutional, counting, generalisation, layers, norm_based, rank_sparse, tools, vc, zoo
from symbolic.papers.schatten import p
from symbolic.papers.weight_decay import N, m, n

EXPONENTS = (0.0, 0.5, 1.0, 1.5)
"""Schatten indices that the derived bound for two layers is tried at."""
MOST = 2**200
"""Samples up to which it is looked for when a bound says something."""
LOSS = "a loss in [0, 1] is the square loss over 4 L^2, with L the largest |output| or |label| of the sample"
MARGIN = "the ramp loss at the margin that nine tenths of the sample reach"
UNSPECIFIED = "its unspecified constants are taken to be 1"
EQUAL = "all layers count like the largest one"


@dataclass(frozen=True)
class Filled:
    """A bound with numbers for its words, N aside, and an expression for its gap."""

    bound: Bound
    gap: Any
    known: Mapping[Any, Any]
    caveats: tuple[str, ...] = ()

    def of_samples(self) -> Callable[[int], float]:
        """The gap as a function of the number of samples."""
        return function(self.gap, self.known, (zoo.N, N))


def evaluated(sizes: Sizes, delta: float) -> tuple[Evaluated, ...]:
    """All bounds that fit the network, smallest first; those without a value are left out."""
    found = []
    for filled in (*_counted(sizes, delta), *_by_norms(sizes, delta), *_two_layers(sizes, delta)):
        try:
            at = filled.of_samples()
            gap = at(sizes.samples)
        except ZeroDivisionError:
            continue
        if math.isnan(gap):
            continue
        bound = filled.bound
        found.append(
            Evaluated(
                name=bound.name,
                source=bound.source,
                provenance=bound.provenance,
                value=gap,
                vacuous=gap >= 1,
                needed=sizes.samples if gap < 1 else needed(at, sizes.samples),
                dominant=bound.dominant or UNSPECIFIED in filled.caveats,
                caveats=filled.caveats,
            )
        )
    return tuple(sorted(found, key=lambda one: one.value))


def needed(gap: Callable[[int], float], count: int) -> int | None:
    """The least number of samples above ``count`` from which a gap is below 1, found by doubling and halving."""
    high = 2 * count
    while not gap(high) < 1:
        high *= 2
        if high > MOST:
            return None
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if gap(middle) < 1 else (middle, high)
    return high


# -- by counts --------------------------------------------------------------------------------------------------------


def _common(sizes: Sizes, delta: float) -> dict[Any, Any]:
    """Numbers for the words that bounds share."""
    each = sizes.layers
    return {
        zoo.delta: delta,
        zoo.L: len(each),
        zoo.W: sizes.parameters,
        zoo.w: max(max(one.m, one.n) for one in each),
        zoo.h: max([one.m for one in each[:-1]], default=each[0].m),
        zoo.B: sizes.reach,
        zoo.S: math.prod(one.spectral for one in each),
        zoo.F: math.prod(one.frobenius for one in each),
        zoo.r: max(one.rank for one in each),
        zoo.gamma: 2 / sizes.lipschitz,
    }


def _loss(sizes: Sizes) -> str:
    return MARGIN if sizes.classes else LOSS


def _scale(sizes: Sizes) -> float:
    """Gamma: the Lipschitz constant of the loss, the norm of an input and all spectral norms, multiplied."""
    return sizes.lipschitz * sizes.reach * math.prod(one.spectral for one in sizes.layers)


def _counted(sizes: Sizes, delta: float) -> Iterator[Filled]:
    known, about = _common(sizes, delta), (_loss(sizes),)
    scale = _scale(sizes)
    if math.isfinite(scale):
        by_count = {**known, counting.Gamma: scale}
        yield Filled(counting.parameters, counting.parameters.expression, by_count, about)
        yield from _rank_sparse(sizes, known, scale, about)
    pieces = {**known, vc.pieces: 2}
    dimension = value(vc.explicit.expression, pieces)
    if sizes.classes:
        return
    gap = generalisation.deviation(dimension)
    said = (*about, "the pseudo-dimension is taken from the VC dimension bound, whose proof counts the same patterns")
    yield Filled(generalisation.uniform, gap, known, said)


def _rank_sparse(sizes: Sizes, known: dict[Any, Any], scale: float, about: tuple[str, ...]) -> Iterator[Filled]:
    each = sizes.layers
    sides = max(one.m + one.n for one in each)
    for power, bound in ((0, rank_sparse.at_rank), (2, rank_sparse.at_stable_rank)):
        soft = max(one.soft_rank(power) if power else float(one.rank) for one in each)
        put = {**known, rank_sparse.Gam: scale, rank_sparse.r: soft, rank_sparse.wbar: sides}
        yield Filled(bound, bound.expression, put, (*about, EQUAL))
    if len(each) == 2:
        for index in EXPONENTS:
            counts = [(one.soft_rank(index) if index else one.rank) * (one.m + one.n) for one in each]
            put = {**known, rank_sparse.Gam: scale, layers.x_1: float(counts[0]), layers.x_2: float(counts[1])}
            put |= {layers.p_1: index, layers.p_2: index}
            yield Filled(layers.different, layers.different.expression, put, (*about, f"p = {index:g}"))
    put = {rank_sparse.b: sizes.reach * sizes.lipschitz, rank_sparse.rho: 1}
    # Norms enter through their product alone: each layer counts as their geometric mean.
    mean = math.prod(one.spectral for one in each) ** (1 / len(each))
    put |= {rank_sparse.s: mean, rank_sparse.r: float(max(one.soft_rank(1) for one in each)), p: 1}
    put |= {rank_sparse.wbar: sides, rank_sparse.W: max(one.m * min(one.m, one.n) for one in each)}
    form = rank_sparse.main_form
    yield Filled(form, form.expression, {**known, **put}, (*about, EQUAL, "p = 1", UNSPECIFIED))


# -- by norms ---------------------------------------------------------------------------------------------------------


def _by_norms(sizes: Sizes, delta: float) -> Iterator[Filled]:
    known, about = _common(sizes, delta), (_loss(sizes),)
    each = sizes.layers
    if not math.isfinite(sizes.lipschitz) or any(not one.spectral for one in each):
        return
    ratio = math.fsum((one.row_lengths / one.spectral) ** (2 / 3) for one in each) ** 1.5
    complexity = known[zoo.S] * ratio
    typical = {**known, zoo.B: sizes.typical}
    spectral = norm_based.spectral
    yield Filled(spectral, spectral.expression, {**typical, norm_based.R: complexity}, about)
    stable = known[zoo.S] ** 2 * math.fsum(one.soft_rank(2) for one in each)
    for bound in (norm_based.pac_bayes, norm_based.pac_bayes_proof):
        yield Filled(bound, bound.expression, {**known, norm_based.T: stable}, (*about, UNSPECIFIED))
    constant = max(2 * sizes.lipschitz * sizes.typical * known[zoo.S] * one.row_lengths / one.spectral for one in each)
    wide = {**typical, convolutional.C: constant}
    for bound in (convolutional.norms, convolutional.parameters):
        yield Filled(bound, _gap(bound.expression), wide, (*about, EQUAL))
    ranked = {**known, counting.chain_rule: 1}
    to_gap = counting.by_gaussians.expression.xreplace({counting.G: sizes.lipschitz * counting.ranked.expression})
    yield Filled(counting.ranked, to_gap, ranked, (*about, UNSPECIFIED))
    if each[-1].m > 1:
        return
    rows = math.prod(one.row_one for one in each)
    put = {norm_based.rows: rows, norm_based.dimension: each[0].n, norm_based.least: known[zoo.S]}
    for bound, reach in (
        (norm_based.frobenius, sizes.reach),
        (norm_based.two_norm, sizes.reach),
        (norm_based.row_norm, sizes.column),
    ):
        yield Filled(bound, _gap(sizes.lipschitz * bound.expression), {**known, **put, zoo.B: reach}, about)


def _gap(rademacher: Any) -> Any:
    """The gap of a loss in [0, 1] by the Rademacher complexity of losses."""
    return tools.empirical.expression.xreplace({tools.R: rademacher})


# -- two layers -------------------------------------------------------------------------------------------------------


def _two_layers(sizes: Sizes, delta: float) -> Iterator[Filled]:
    """The bounds of Section 3 of Chen, Yi, Yang 2024, over 4 L^2."""
    if not sizes.hidden or sizes.classes or not sizes.magnitude:
        return
    L = generalisation.L
    known: dict[Any, Any] = {zoo.delta: delta, m: sizes.hidden, n: sizes.inputs, L: sizes.magnitude}
    known |= {generalisation.out: sizes.outer, generalisation.reach: sizes.reach}
    known[generalisation.C] = 1
    largest = 4 * L**2
    for bound in (generalisation.two_layer, generalisation.two_layer_as_read, generalisation.of_rank_as_read):
        read = (UNSPECIFIED,) if bound.provenance == "as read" else ()
        if bound is generalisation.of_rank_as_read:
            read = (*read, f"V has rank {sizes.rank}")
        yield Filled(bound, bound.expression / largest, known, (LOSS, *read))
    own = generalisation.of_rank
    put = {**known, zoo.r: sizes.rank}
    yield Filled(own, own.expression / largest, put, (LOSS, f"V has rank {sizes.rank}"))
    near = generalisation.near_any
    for rank in (1, 2):
        put = {**known, zoo.r: rank, generalisation.apart: sizes.distances[rank]}
        yield Filled(near, near.expression / largest, put, (LOSS, f"r = {rank}"))
