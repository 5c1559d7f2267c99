"""How far a network goes: the exact left / right of a bound on it, and whether it reaches a given factor."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Any

import numpy as np
import sympy as sp

from verify.appeal import Hearing, Ruling
from verify.ascent import Peak
from verify.bounds import Bound, Sizes, reached, square_of
from verify.claims import Statement
from verify.enclosures import ends
from verify.exact_judge import FALSE

DIGITS = 10**6
"""What has no short exact form is told from below, in multiples of 1/DIGITS."""

SHORT = 10**4
"""The largest numerator and denominator of a short exact form."""


@dataclass(frozen=True)
class Level:
    """A network that refutes every factor below the root of ``square`` (None: any); ``exact``: it reaches no more."""

    square: Fraction | None
    exact: bool
    peak: Peak
    statement: Statement
    ruling: Ruling

    @property
    def above(self) -> tuple[bool, Fraction, int]:
        """What is larger for a better network: no factor at all, a larger one, a coarser grid."""
        return self.square is None, self.square or Fraction(0), -self.peak.world.fineness


def level(own: Statement, bound: Bound, sizes: Sizes, peak: Peak, known: list[Any]) -> Level | None:
    """The level of a network, exactly; None where it refutes nothing.

    ``known`` are factors that others state: one that the network reaches, and no more than that, is its level.
    """
    if peak.ratio == float("inf"):
        return _upheld(own, bound, sizes, peak, None, True)
    square, exact = _square(own, bound, peak)
    if square is None or square <= 0:
        return None
    best = _upheld(own, bound, sizes, peak, square, exact)
    if best is not None and not exact:
        for factor in known:
            stated = square_of(factor)
            if stated is not None and stated > square:
                better = _upheld(own, bound, sizes, peak, stated, False)
                best = better if better is not None else best
    return best


def _upheld(
    own: Statement, bound: Bound, sizes: Sizes, peak: Peak, square: Fraction | None, exact: bool
) -> Level | None:
    statement = reached(own, bound, square, sizes)
    ruling = Hearing(statement, peak.world, peak.draws).ruling
    return Level(square, exact, peak, statement, ruling) if ruling.refutes else None


def _square(own: Statement, bound: Bound, peak: Peak) -> tuple[Fraction | None, bool]:
    """The square of the largest left / right over the indices, and whether it is exact; None where there is none.

    Of a side that is known between bounds alone, it is that of the ends that favour the sentence: what is sure.
    """
    hearing = Hearing(own, peak.world, peak.draws)
    if any(hearing.judge.closed(p) == FALSE for p in own.assuming):
        return None, False
    left, right = hearing.evaluate(bound.left), hearing.evaluate(sp.sympify(bound.right))
    _, (above, below) = hearing.evaluate.align(left, right)
    enclosed = any(low is not high for low, high in (ends(above), ends(below)))
    above, below = ends(above)[0], ends(below)[1]
    ratios = _ratios(np.asarray(above.approximate()), np.asarray(below.approximate()))
    if not ratios.size or not ratios.max() > 0:
        return None, False
    place = np.unravel_index(int(ratios.argmax()), ratios.shape)
    over, under = (a.expand(*ratios.shape)[place] for a in (above, below))
    rational = (over.square() / under.square()).to_rational()
    square = None if rational is None else rational.fraction()
    if square is not None and _short(square):
        return square, not enclosed
    if square is None:
        near = max(0, int(float(ratios.max()) * DIGITS) - 1)
    else:
        near = isqrt(square.numerator * DIGITS * DIGITS // square.denominator)
    return Fraction(near, DIGITS) ** 2, False


def _short(square: Fraction) -> bool:
    return max(square.numerator, square.denominator) <= SHORT


def _ratios(above: Any, below: Any) -> Any:
    above, below = np.broadcast_arrays(np.nan_to_num(above.astype(float)), np.nan_to_num(below.astype(float)))
    return np.divide(above, below, out=np.zeros(above.shape), where=below > 0)
