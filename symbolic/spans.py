"""Spans: the real numbers, or the integers, that a scalar word may have in a box."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import sympy as sp

from symbolic import ends
from symbolic.ends import DOWN, UP, End
from symbolic.words import DICTIONARY

LARGEST_POWER = 10_000
"""The largest |a| of an end ``q exp(a)``."""

LONGEST = 1_200
"""Digits of the numerator and of the denominator of a rational number in an end, up to which it is kept exactly."""

SHOWN = 60
"""Characters of an end that a sentence about it shows."""

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
                    f"the end {_shown(given)} of a span is no number that can be had exactly; write an integer, text "
                    f'such as "1e-9" or "1/2", or q*exp(a) with rational q and a, of at most {LONGEST} digits and '
                    f"|a| <= {LARGEST_POWER}"
                )
        told = f"the span from {_shown(low)} to {_shown(high)}"
        if not low.is_finite:
            raise SpanError(f"{told} has no lower end; give a number")
        infinite = high == sp.oo
        order = ends.compare(ends.of(low), ends.of(high))
        if order is None:
            raise SpanError(f"{told} is too narrow to tell its ends apart; widen it, or make both ends equal")
        if order == 1 or (order == 0 and (self.open_low or self.open_high)):
            raise SpanError(f"{told} is empty; give a lower end below the upper one")
        object.__setattr__(self, "low", low)
        object.__setattr__(self, "high", high)
        object.__setattr__(self, "open_low", bool(self.open_low))
        object.__setattr__(self, "open_high", bool(self.open_high) or infinite)

    @cached_property
    def ends(self) -> tuple[End, End]:
        """Both ends, as intervals have them."""
        return ends.of(self.low), ends.of(self.high)

    def contains(self, number: Any) -> bool:
        """Whether a number is in the span."""
        known = number if isinstance(number, Fraction) else _end(number)
        if known is None or known in (sp.oo, -sp.oo):
            return False
        end, (low, high) = ends.exact(known) if isinstance(known, Fraction) else ends.of(known), self.ends
        above, below = ends.compare(end, low), ends.compare(end, high)
        return above in ((1,) if self.open_low else (0, 1)) and below in ((-1,) if self.open_high else (-1, 0))

    def integers(self) -> tuple[int, int | None]:
        """The least and the greatest integer in the span, None for no greatest; the first is larger where it has none.

        An upper bound that is infinite gives None.
        """
        low, high = self.ends
        least = low.whole(DOWN) + 1 if self.open_low else low.whole(UP)
        if high.infinite:
            return least, None
        return least, high.whole(UP) - 1 if self.open_high else high.whole(DOWN)

    def fault(self, name: str) -> str:
        """Why a word, by its full name, cannot have these values, in one sentence; nothing where it can."""
        entry = DICTIONARY[name]
        if entry.shape or entry.over:
            return f"{entry.letter} ({name}) is not one number, and a box has numbers alone; leave it out"
        negative = self.ends[0].sign() < 0
        if entry.size and (negative or self.integers()[0] < 1):
            return f"{entry.letter} ({name}) is a size, from 1 on, and its span is {self.short()}; raise the lower end"
        if entry.nonnegative and negative:
            return (
                f"{entry.letter} ({name}) is declared nonnegative, and its span is {self.short()}; raise the lower end"
            )
        if not entry.integer:
            return ""
        least, greatest = self.integers()
        if greatest is not None and least > greatest:
            return f"{entry.letter} ({name}) is declared an integer, and its span {self.short()} holds none; widen it"
        return ""

    def __str__(self) -> str:
        return f"{'(' if self.open_low else '['}{self.low}, {self.high}{')' if self.open_high else ']'}"

    def short(self) -> str:
        """The span for a sentence, its ends cut where they are long."""
        low, high = _shown(self.low), _shown(self.high)
        return f"{'(' if self.open_low else '['}{low}, {high}{')' if self.open_high else ']'}"


def span(given: Any, symbol: str) -> Span:
    """A span, or a pair of ends, as a span; SpanError, which names the symbol, where it is none."""
    if isinstance(given, Span):
        return given
    if not isinstance(given, (tuple, list)) or len(given) != 2:
        raise SpanError(
            f"{symbol}: {_shown(given)} is no span; write {symbol}=(low, high), or Span(low, high, open_low=True)"
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
            return _short_enough(sp.Rational(given.strip()))
        except (TypeError, ValueError, ZeroDivisionError):
            return None
    if isinstance(given, Fraction):
        return _short_enough(sp.Rational(given.numerator, given.denominator))
    if isinstance(given, int):
        return _short_enough(sp.Integer(given))
    if not isinstance(given, sp.Expr):
        return None
    if given in (sp.oo, -sp.oo):
        return given
    if given.is_Rational:
        return _short_enough(given)
    factor, rest = given.as_coeff_Mul()
    power = sp.S.One if rest == sp.E else rest.exp if isinstance(rest, sp.exp) else None
    if not factor.is_Rational or power is None or not power.is_Rational or abs(power) > LARGEST_POWER:
        return None
    return given if _short_enough(factor) is not None and _short_enough(power) is not None else None


def _short_enough(number: Any) -> Any:
    """A rational number, or None where it is too long to be kept and written exactly."""
    return number if max(abs(number.p), number.q) < 10**LONGEST else None


def _shown(given: Any) -> str:
    """What somebody gave, for a sentence: the beginning of what is long."""
    try:
        text = str(given) if isinstance(given, sp.Basic) else repr(given)
    except ValueError:  # Python writes no integers of thousands of digits
        return "(a number of thousands of digits)"
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}... ({len(text)} characters)"
