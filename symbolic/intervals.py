"""Intervals of real numbers with exact, dyadic or infinite ends, each open or closed, and arithmetic outwards.

An operation gives an interval that contains every value of the operation; an end is called open only where it is
surely not attained. ``UndefinedError`` is raised where some value of the arguments has no real result.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import fmpq

from symbolic import ends
from symbolic.ends import DOWN, INFINITY, MINUS_INFINITY, ONE, UP, ZERO, End
from symbolic.spans import Span


class UndefinedError(ValueError):
    """An operation without a real value somewhere in its arguments; the message says which."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The reals between two ends, low <= high; infinite ends are open."""

    low: End
    high: End
    open_low: bool = False
    open_high: bool = False

    def __str__(self) -> str:
        left = "(" if self.open_low or self.low.infinite else "["
        right = ")" if self.open_high or self.high.infinite else "]"
        return f"{left}{self.low.short()}, {self.high.short()}{right}"

    @property
    def is_point(self) -> bool:
        """Whether it holds one number alone."""
        return ends.compare(self.low, self.high) == 0

    @property
    def empty(self) -> bool:
        """Whether it surely holds no number."""
        order = ends.compare(self.low, self.high)
        nowhere = self.open_low or self.open_high or bool(self.low.infinite)
        return order == 1 or (order == 0 and nowhere)

    @property
    def nonnegative(self) -> bool:
        """Whether no number in it is below 0."""
        return self.low.sign() >= 0

    @property
    def positive(self) -> bool:
        """Whether every number in it is above 0."""
        return self.low.sign() > 0 or (self.low.sign() == 0 and self.open_low)

    @property
    def nonpositive(self) -> bool:
        """Whether no number in it is above 0."""
        return self.high.sign() <= 0

    @property
    def negative(self) -> bool:
        """Whether every number in it is below 0."""
        return (-self).positive

    @property
    def holds_integer(self) -> bool:
        """Whether an integer is in it; EndError where that is not known."""
        if self.low.infinite or self.high.infinite:
            return True
        least = self.low.whole(DOWN) + 1 if self.open_low else self.low.whole(UP)
        return least <= (self.high.whole(UP) - 1 if self.open_high else self.high.whole(DOWN))

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low, self.open_high, self.open_low)

    def __add__(self, other: Interval) -> Interval:
        return Interval(
            ends.add(self.low, other.low, DOWN),
            ends.add(self.high, other.high, UP),
            self.open_low or other.open_low,
            self.open_high or other.open_high,
        )

    def __mul__(self, other: Interval) -> Interval:
        if self.nonpositive and not self.nonnegative:
            return -(-self * other)
        if other.nonpositive and not other.nonnegative:
            return -(self * -other)
        if self.nonnegative and other.nonnegative:
            if self.high.sign() == 0 or other.high.sign() == 0:
                return Interval(ZERO, ZERO)
            # A closed 0 is attained whatever the other factor is.
            zero = any(i.low.sign() == 0 and not i.open_low for i in (self, other))
            return Interval(
                ends.multiply(self.low, other.low, DOWN),
                ends.multiply(self.high, other.high, UP),
                not zero and (self.open_low or other.open_low),
                self.open_high or other.open_high,
            )
        corners = [(a, b) for a in (self.low, self.high) for b in (other.low, other.high)]
        low, high = INFINITY, MINUS_INFINITY
        for a, b in corners:
            low = ends.outermost(low, ends.multiply(a, b, DOWN), DOWN)
            high = ends.outermost(high, ends.multiply(a, b, UP), UP)
        return Interval(low, high)

    def hull(self, other: Interval) -> Interval:
        """The smallest interval that contains both."""
        low, open_low = _outer(self.low, self.open_low, other.low, other.open_low, DOWN)
        high, open_high = _outer(self.high, self.open_high, other.high, other.open_high, UP)
        return Interval(low, high, open_low, open_high)

    def meet(self, other: Interval) -> Interval:
        """The numbers in both; UndefinedError where there is none."""
        low, open_low = _inner(self.low, self.open_low, other.low, other.open_low, DOWN)
        high, open_high = _inner(self.high, self.open_high, other.high, other.open_high, UP)
        order = ends.compare(low, high)
        if order == 1 or (order == 0 and (open_low or open_high)):
            raise UndefinedError(f"nothing is both in {self} and in {other}")
        return Interval(low, high, open_low, open_high)

    def contains(self, other: Interval) -> bool:
        """Whether every number of the other is surely in it."""
        low, high = ends.compare(self.low, other.low), ends.compare(other.high, self.high)
        within_low = low == -1 or (low == 0 and (other.open_low or not self.open_low or bool(self.low.infinite)))
        within_high = high == -1 or (high == 0 and (other.open_high or not self.open_high or bool(self.high.infinite)))
        return within_low and within_high

    def reciprocal(self, but_zero: bool = False) -> Interval:
        """1 / x. With ``but_zero``, of the numbers in it that are not 0; else UndefinedError where 0 is among them."""
        if self.nonpositive and not self.nonnegative:
            return -((-self).reciprocal(but_zero))
        if not self.nonnegative:
            if but_zero:
                return EVERYTHING
            raise UndefinedError("a division by 0")
        if self.low.sign() == 0 and not self.open_low and not but_zero:
            raise UndefinedError("a division by 0")
        if self.high.sign() == 0:
            return EVERYTHING  # of 0 alone, and then of nothing
        high = INFINITY if self.low.sign() == 0 else ends.reciprocal(self.low, UP)
        return Interval(ends.reciprocal(self.high, DOWN), high, self.open_high or bool(self.high.infinite),
                        self.open_low or bool(high.infinite))  # fmt: skip

    def power(self, exponent: fmpq) -> Interval:
        """x**exponent for a rational exponent."""
        if exponent == 0:
            return point(1)
        if exponent < 0:
            return self.power(-exponent).reciprocal()
        if exponent.q == 1 and not self.nonnegative:
            return self._integer_power(int(exponent.p))
        if not self.nonnegative:
            raise UndefinedError("a power that is not an integer of a number below 0")
        return self.mapped(lambda x, towards: ends.power(x, exponent, towards))

    def _integer_power(self, exponent: int) -> Interval:
        if self.nonpositive:
            raised = (-self).power(fmpq(exponent))
            return raised if exponent % 2 == 0 else -raised
        below, above = Interval(ZERO, -self.low, False, self.open_low), Interval(ZERO, self.high, False, self.open_high)
        if exponent % 2 == 0:
            return below.power(fmpq(exponent)).hull(above.power(fmpq(exponent)))
        return (-below.power(fmpq(exponent))).hull(above.power(fmpq(exponent)))

    def exponential(self) -> Interval:
        """e^x."""
        found = self.mapped(ends.exponential)
        return Interval(found.low, found.high, self.open_low or bool(self.low.infinite), found.open_high)

    def logarithm(self) -> Interval:
        """log x; UndefinedError where x <= 0."""
        if not self.positive:
            raise UndefinedError("a logarithm of a number that is not above 0")
        return self.mapped(ends.logarithm)

    def mapped(self, function: Callable[[End, int], End]) -> Interval:
        """The values of an increasing continuous function, given at ends with the direction of rounding."""
        return Interval(function(self.low, DOWN), function(self.high, UP), self.open_low, self.open_high)

    def reversed_by(self, function: Callable[[End, int], End]) -> Interval:
        """The values of a decreasing continuous function."""
        return Interval(function(self.high, DOWN), function(self.low, UP), self.open_high, self.open_low)

    def to_json(self) -> list[Any]:
        """Both ends as text, and whether they are open."""
        return [str(self.low), str(self.high), self.open_low, self.open_high]


def from_json(stored: Any) -> Interval:
    """The interval that ``to_json`` wrote; EndError where it is none."""
    if not isinstance(stored, list) or len(stored) != 4 or any(type(flag) is not bool for flag in stored[2:]):
        raise ends.EndError("an interval is two ends and whether each is open")
    found = Interval(ends.read(stored[0]), ends.read(stored[1]), stored[2], stored[3])
    if found.empty or not ends.at_most(found.low, found.high):
        raise ends.EndError(f"the interval {found} is empty")
    return found


def of_word(word: Any, stored: Any) -> Interval:
    """The interval of a scalar word that ``to_json`` wrote; EndError where the word, as declared, cannot be in it."""
    found = from_json(stored)
    if word.is_nonnegative and not found.nonnegative:
        raise ends.EndError(f"{word} is declared nonnegative, and its interval is {found}")
    if word.is_positive and not found.positive and not word.is_integer:
        raise ends.EndError(f"{word} is declared positive, and its interval is {found}")
    if word.is_integer and not found.holds_integer:
        raise ends.EndError(f"{word} is declared an integer, and its interval {found} holds none")
    return found


def _outer(x: End, x_open: bool, y: End, y_open: bool, towards: int) -> tuple[End, bool]:
    order = ends.compare(x, y)
    if order == 0:
        return x, x_open and y_open
    if order is None:
        return ends.outermost(x, y, towards), False
    return (x, x_open) if order * towards > 0 else (y, y_open)


def _inner(x: End, x_open: bool, y: End, y_open: bool, towards: int) -> tuple[End, bool]:
    order = ends.compare(x, y)
    if order == 0:
        return x, x_open or y_open
    if order is None:
        return x, x_open
    return (y, y_open) if order * towards > 0 else (x, x_open)


def of_span(within: Span) -> Interval:
    """The numbers of a span."""
    return Interval(ends.of(within.low), ends.of(within.high), within.open_low, within.open_high)


def point(number: int | Fraction | fmpq) -> Interval:
    """One rational number."""
    end = ends.exact(number)
    return Interval(end, end)


EVERYTHING = Interval(MINUS_INFINITY, INFINITY, True, True)
NONNEGATIVE = Interval(ZERO, INFINITY, False, True)
NONPOSITIVE = -NONNEGATIVE
POSITIVE = Interval(ZERO, INFINITY, True, True)
UNIT = Interval(ZERO, ONE)
