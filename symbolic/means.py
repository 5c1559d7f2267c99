"""Inequalities between means, recognised in a pair of products of powers.

Power means: (u_1 + ... + u_n)^k <= n^(k - 1) (u_1^k + ... + u_n^k) for u_i >= 0 and k >= 1, because u^k is convex
(Jensen's inequality). Weighted means: s_1 + ... + s_n >= (s_1/w_1)^(w_1) ... (s_n/w_n)^(w_n) for s_i > 0 and weights
w_i > 0 with sum 1, because the logarithm is concave.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

from symbolic.products import Product, Products
from symbolic.sameness import TooLongError

MOST_TERMS = 6
"""Terms of a sum up to which it is seen as a mean."""

MOST_POWER = 1000
"""Exponents of the terms up to which numbers are raised to them."""


def above_mean(more: Any, less: Any, products: Products) -> bool:
    """Whether an inequality between means says that more >= less, where both are defined."""
    try:
        return _weighted(more, less, products) or _of_powers(more, less, products)
    except (TooLongError, RecursionError):
        return False


# -- weighted means ---------------------------------------------------------------------------------------------------


def _weighted(more: Any, less: Any, products: Products) -> bool:
    terms = _halves(more)
    if not 2 <= len(terms) <= MOST_TERMS or not all(map(products.ranges.positive, terms)):
        return False
    if len(terms) > 2:
        weights = (sp.Rational(1, len(terms)),) * len(terms)
        return _is_mean(less, terms, weights, products)
    pairs = ((weight, sp.cancel(1 - weight)) for weight in _weights(less, terms[0], products))
    return any(all(map(products.ranges.positive, pair)) and _is_mean(less, terms, pair, products) for pair in pairs)


def _halves(more: Any) -> tuple[Any, ...]:
    """The terms of a sum; two equal halves of anything else."""
    return more.args if isinstance(more, sp.Add) else (more / 2, more / 2)


def _is_mean(less: Any, terms: Any, weights: Any, products: Products) -> bool:
    mean = (products.raised(term / weight, weight) for term, weight in zip(terms, weights, strict=True))
    found = Product(1, {})
    for factor in mean:
        if factor is None:
            return False
        found = found.times(factor)
    return products.equal(products.of(less), found)


def _weights(less: Any, first: Any, products: Products) -> Iterator[Any]:
    """What the weight of the first term may be, read off the exponents."""
    of_less, of_first = products.of(less).exponents, products.of(first).exponents
    tried: list[Any] = []
    for base, exponent in sorted(of_less.items(), key=lambda item: str(item[0])):
        own = of_first.get(base, sp.S.Zero)
        for weight in (*((exponent / own,) if own != 0 else ()), exponent, -exponent):
            if weight not in tried:
                tried.append(weight)
                yield weight


# -- means of powers --------------------------------------------------------------------------------------------------


def _of_powers(more: Any, less: Any, products: Products) -> bool:
    for outer, times in _sums(more):
        for inner, _ in _sums(less):
            count = len(inner.args)
            if len(outer.args) != count or not all(map(products.ranges.nonnegative, inner.args)):
                continue
            for power in _ratios(inner.args[0], outer.args):
                if (power.is_Rational and power > MOST_POWER) or not _matched(inner.args, outer.args, power, products):
                    continue
                least = products.ranges.of(power - 1), products.ranges.of(times)
                if any(found is None or not found.nonnegative for found in least):
                    continue
                above = products.raised(outer * sp.Integer(count) ** (power - 1), times)
                below = products.raised(inner, power * times)
                if above is None or below is None:
                    continue
                rest = products.of(more).over(above)
                if products.equal(rest, products.of(less).over(below)) and products.positive(rest):
                    return True
    return False


def _sums(node: Any) -> Iterator[tuple[Any, Any]]:
    """(sum without its rational content, exponent) for every factor of a node that is a power of a sum."""
    for factor in sp.Mul.make_args(node):
        base, exponent = factor.as_base_exp() if isinstance(factor, sp.Pow) else (factor, sp.S.One)
        if isinstance(base, sp.Add) and len(base.args) <= MOST_TERMS:
            yield base.primitive()[1], exponent


def _ratios(first: Any, others: Any) -> Iterator[Any]:
    """The exponents k for which one of others may be first**k."""
    tried: list[Any] = []
    powers = first.as_powers_dict()
    for other in others:
        its = other.as_powers_dict()
        for base in powers:
            if base in its and base.free_symbols and (ratio := its[base] / powers[base]) not in tried:
                tried.append(ratio)
                yield ratio


def _matched(inner: Any, outer: Any, power: Any, products: Products) -> bool:
    """Whether the terms of one sum are those of the other to a power, each once."""
    left = list(outer)
    for term in inner:
        raised = products.raised(term, power)
        partner = next((o for o in left if raised is not None and products.equal(products.of(o), raised)), None)
        if partner is None:
            return False
        left.remove(partner)
    return True
