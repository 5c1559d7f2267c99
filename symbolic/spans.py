"""Spans: the real numbers, or the integers, that a scalar word may have in a box."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp

from symbolic.words import DICTIONARY

LARGEST_POWER = 10_000
"""The largest |a| of an end ``q exp(a)``."""

_TEXT = re.compile(r"[+-]?\d{1,400}(\.\d{0,400})?([eE][+-]?\d{1,4})?|[+-]?\d{1,400}/\d{1,400}")


class SpanError(ValueError):
    """A span is empty, or an end of it is not a number; one sentence names the symbol."""


@dataclass(frozen=True)
class Span:
    """The numbers from ``low`` to ``high``; an end that is ``open`` is not one of them.

    Ends are integers, Fractions, text ("1e-9", "1/2"), SymPy numbers ``q`` or ``q*exp(a)`` with rational q and a, or,
    for ``high``, ``oo``; they are kept as SymPy numbers. Raises SpanError.
    """

    low: Any
    high: Any
    open_low: bool = False
    open_high: bool = False

    def __post_init__(self) -> None:
        low, high = _end(self.low), _end(self.high)
        for given, end in ((self.low, low), (self.high, high)):
            if end is None:
                raise SpanError(
                    f"the end {given!r} of a span is no number that can be had exactly; write an integer, text such as "
                    '"1e-9" or "1/2", or q*exp(a) with rational q and a'
                )
        if not low.is_finite:
            raise SpanError(f"the span from {low} to {high} has no lower end; give a number")
        infinite = high == sp.oo
        if high == -sp.oo or low > high or (low == high and (self.open_low or self.open_high)):
            raise SpanError(f"the span from {low} to {high} is empty; give a lower end below the upper one")
        object.__setattr__(self, "low", low)
        object.__setattr__(self, "high", high)
        object.__setattr__(self, "open_low", bool(self.open_low))
        object.__setattr__(self, "open_high", bool(self.open_high) or infinite)

    def contains(self, number: Any) -> bool:
        """Whether a number is in the span."""
        known = _end(number)
        if known is None or not known.is_finite:
            return False
        above = known > self.low if self.open_low else known >= self.low
        below = known < self.high if self.open_high else known <= self.high
        return bool(above) and bool(below)

    def integers(self) -> tuple[int, int | None]:
        """The least and the greatest integer in the span, None for no greatest; the first is larger where it has none.

        An upper bound that is infinite gives None.
        """
        least = int(sp.floor(self.low)) + 1 if self.open_low else int(sp.ceiling(self.low))
        if self.high == sp.oo:
            return least, None
        greatest = int(sp.ceiling(self.high)) - 1 if self.open_high else int(sp.floor(self.high))
        return least, greatest

    def fault(self, name: str) -> str:
        """Why a word, by its full name, cannot have these values, in one sentence; nothing where it can."""
        entry = DICTIONARY[name]
        if entry.shape or entry.over:
            return f"{entry.letter} ({name}) is not one number, and a box has numbers alone; leave it out"
        if entry.size and (self.low < 0 or self.integers()[0] < 1):
            return f"{entry.letter} ({name}) is a size, from 1 on, and its span is {self}; raise the lower end"
        if entry.nonnegative and self.low < 0:
            return f"{entry.letter} ({name}) is declared nonnegative, and its span is {self}; raise the lower end"
        least, greatest = self.integers()
        if entry.integer and greatest is not None and least > greatest:
            return f"{entry.letter} ({name}) is declared an integer, and its span {self} holds none; widen it"
        return ""

    def __str__(self) -> str:
        return f"{'(' if self.open_low else '['}{self.low}, {self.high}{')' if self.open_high else ']'}"


def span(given: Any, symbol: str) -> Span:
    """A span, or a pair of ends, as a span; SpanError, which names the symbol, where it is none."""
    if isinstance(given, Span):
        return given
    if not isinstance(given, (tuple, list)) or len(given) != 2:
        raise SpanError(
            f"{symbol}: {given!r} is no span; write {symbol}=(low, high), or Span(low, high, open_low=True)"
        )
    try:
        return Span(*given)
    except SpanError as error:
        raise SpanError(f"{symbol}: {error}") from None


def _end(given: Any) -> Any:
    """An end as a SymPy number, or None where it is not one of those that a span may have."""
    if isinstance(given, bool):
        return None
    if isinstance(given, str):
        if not _TEXT.fullmatch(given.strip()):
            return None
        try:
            return sp.Rational(given.strip())
        except (TypeError, ValueError, ZeroDivisionError):
            return None
    if isinstance(given, Fraction):
        return sp.Rational(given.numerator, given.denominator)
    if isinstance(given, int):
        return sp.Integer(given)
    if not isinstance(given, sp.Expr):
        return None
    if given.is_Rational or given in (sp.oo, -sp.oo):
        return given
    factor, rest = given.as_coeff_Mul()
    power = sp.S.One if rest == sp.E else rest.exp if isinstance(rest, sp.exp) else None
    usable = factor.is_Rational and power is not None and power.is_Rational and abs(power) <= LARGEST_POWER
    return given if usable else None
