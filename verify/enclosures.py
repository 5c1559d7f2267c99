"""Enclosures: numbers of which a lower and an upper bound are known, carried through a sentence.

A reading returns ``Between(lower, upper)`` where a number cannot be had but can be bounded: the largest gradient over
more batches than can be looked at. Interval arithmetic (Moore 1966) carries the pair, on lanes, in exact numbers and in
magnitude bounds alike; every result holds the number itself, whichever it is between the ends. On lanes the ends round
like any number, within the allowance that the judge takes off (``verify/judge.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from verify.shapes import stack
from verify.worlds import ReadingError


@dataclass(frozen=True, eq=False)
class Between:
    """Numbers (K, *indices) between two arrays of that shape, which may be of any of the arithmetics."""

    lower: Any
    upper: Any

    def __post_init__(self) -> None:
        if tuple(self.lower.shape) != tuple(self.upper.shape):
            raise ReadingError(
                f"the ends of an enclosure have shapes {tuple(self.lower.shape)} and {tuple(self.upper.shape)}; "
                "give both one shape"
            )

    # -- shapes --------------------------------------------------------------------------------------------------

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of each end."""
        return tuple(self.lower.shape)

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    def ends(self, function: Callable[[Any], Any]) -> Between:
        """The enclosure of a function that does not decrease: its values at both ends."""
        return Between(function(self.lower), function(self.upper))

    def __getitem__(self, index: Any) -> Between:
        return self.ends(lambda end: end[index])

    def movedim(self, source: Any, destination: Any) -> Between:
        """Axes moved, as torch does."""
        return self.ends(lambda end: end.movedim(source, destination))

    def unsqueeze(self, dim: int) -> Between:
        """A new axis of length one."""
        return self.ends(lambda end: end.unsqueeze(dim))

    def diagonal(self, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Between:
        """The diagonal of two axes, as the last axis."""
        return self.ends(lambda end: end.diagonal(offset, dim1, dim2))

    def expand(self, *sizes: Any) -> Between:
        """Axes of length one repeated."""
        return self.ends(lambda end: end.expand(*sizes))

    # -- over an axis --------------------------------------------------------------------------------------------

    def amax(self, dim: Any) -> Between:
        """The largest over an axis."""
        return self.ends(lambda end: end.amax(dim))

    def amin(self, dim: Any) -> Between:
        """The smallest over an axis."""
        return self.ends(lambda end: end.amin(dim))

    def mean(self, dim: Any) -> Between:
        """The mean over an axis."""
        return self.ends(lambda end: end.mean(dim))

    # -- arithmetic ----------------------------------------------------------------------------------------------

    def __add__(self, other: Any) -> Between:
        low, high = ends(other)
        return Between(self.lower + low, self.upper + high)

    __radd__ = __add__

    def __neg__(self) -> Between:
        return Between(-self.upper, -self.lower)

    def __sub__(self, other: Any) -> Between:
        low, high = ends(other)
        return Between(self.lower - high, self.upper - low)

    def __rsub__(self, other: Any) -> Between:
        return -self + other

    def __mul__(self, other: Any) -> Between:
        low, high = ends(other)
        products = [self.lower * low, self.upper * low]
        if low is not high:
            products += [self.lower * high, self.upper * high]
        together = stack(products, 0)
        return Between(together.amin(0), together.amax(0))

    __rmul__ = __mul__

    def __truediv__(self, number: int | Fraction) -> Between:
        if not isinstance(number, int | Fraction) or number == 0:
            raise ReadingError(
                f"an enclosure is divided by {number!r} in a reading; write the quotient in the sentence, "
                "where a divisor that may be 0 is seen"
            )
        there = self.ends(lambda end: end / number)
        return there if number > 0 else Between(there.upper, there.lower)

    def __matmul__(self, other: Any) -> Between:
        raise ReadingError("an enclosure stands in a matrix product; bound the norm or the entry that is needed")

    __rmatmul__ = __matmul__

    def abs(self) -> Between:
        """The magnitudes; from 0 on where both signs are possible."""
        nearest = stack([self.lower, -self.upper], 0).amax(0).clamp(min=0)
        return Between(nearest, outermost(self))

    def tolist(self) -> Any:
        """The ends as text, for a ruling that prints a side."""
        return f"between {_shown(self.lower)} and {_shown(self.upper)}"


def _shown(end: Any) -> str:
    return str(end.tolist()).replace("'", "")


def ends(array: Any) -> tuple[Any, Any]:
    """The lower and the upper end; a plain array or number is both."""
    return (array.lower, array.upper) if isinstance(array, Between) else (array, array)


def outermost(array: Any) -> Any:
    """The larger magnitude of both ends, entry by entry; a plain array as it is."""
    return stack([array.lower.abs(), array.upper.abs()], 0).amax(0) if isinstance(array, Between) else array


def at_ends(function: Callable[..., Any], *arrays: Any) -> Any:
    """A function that decreases in none of its arrays, at the ends of those that are enclosures."""
    if not any(isinstance(array, Between) for array in arrays):
        return function(*arrays)
    return Between(function(*(ends(a)[0] for a in arrays)), function(*(ends(a)[1] for a in arrays)))


def spanning(one: Any, other: Any) -> Between:
    """The enclosure whose ends are two arrays, the smaller entry below."""
    both = stack([one, other], 0)
    return Between(both.amin(0), both.amax(0))


def off_zero(array: Between, arithmetic: Any, margin: Any) -> Between:
    """The enclosure, with 0 for both ends where 0 may be inside: what divides by it has no value there.

    ``margin``, a number or (K,), is how far the ends may have rounded: an end so close to 0 may be beyond it.
    """
    lower, upper = array.lower, array.upper
    if arithmetic.exact:
        away = (arithmetic.compare(lower, 0) == 1) | (arithmetic.compare(upper, 0) == -1)
    else:
        margin = margin.reshape(-1, *(1,) * (array.ndim - 1)) if getattr(margin, "ndim", 0) else margin
        away = (lower > margin) | (upper < -margin)
    return array.ends(lambda end: arithmetic.where(away, end, 0 * end))


def checked(letter: str, array: Any, matrix: bool, arithmetic: Any, slack: float) -> Any:
    """A word's reading, if it is an enclosure, with its ends in order; ReadingError where it is not one.

    Ends that crossed by rounding alone, within the allowance ``slack`` of their magnitude, are put in order.
    """
    if not isinstance(array, Between):
        return array
    if matrix:
        raise ReadingError(f"the reading of {letter} is an enclosure, and {letter} is a matrix; bound its norm instead")
    lower, upper = array.lower, array.upper
    if arithmetic.exact:
        crossed = bool((arithmetic.compare(lower, upper) == 1).any())
    else:
        crossed = arithmetic.any_negative(upper - lower + outermost(array) * slack)
    if crossed:
        raise ReadingError(f"the reading of {letter} is an enclosure with its lower end above its upper; swap the ends")
    return array if arithmetic.exact else spanning(lower, upper)


__all__ = ["Between", "at_ends", "checked", "ends", "off_zero", "outermost", "spanning", "stack"]
