"""Bounds on what SymPy may be asked to evaluate: numbers stay short, powers low, and comparisons few.

SymPy evaluates a node when it is made: ``2**x`` for a hostile x, or a root of nested roots, may take it for ever. A
bound that is too narrow refuses a sentence; it never makes one true.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import sympy as sp

from symbolic.sentences import WORDS
from symbolic.words import Index

LARGEST_EXPONENT = 10_000
LARGEST_POWER_BITS = 100_000
LARGEST_REAL_BITS = 2_000
LARGEST_ROOT_BITS = 512
LARGEST_ROUNDED = 10**18
LARGEST_DEGREE = 64
MOST_COMPARED = 24


class TooLargeError(ValueError):
    """A node is not made, because evaluating it would take too long: one sentence that says what is too large."""


def refuse_huge(kind: Any, arguments: Sequence[Any]) -> None:
    """Raise TooLargeError where SymPy would compute for long to make a node of that class of these parts."""
    head = kind.__name__
    if head in ("Pow", "MatPow"):
        base, exponent = arguments
        times = _magnitude(exponent)
        if times > LARGEST_EXPONENT or _exceeds(exponent, LARGEST_EXPONENT):
            raise TooLargeError(f"an exponent is larger than {LARGEST_EXPONENT}")
        if (_bits(base) + 1) * times > LARGEST_POWER_BITS:
            raise TooLargeError(f"a power has more than {LARGEST_POWER_BITS} bits")
        if not exponent.is_Integer and max(map(_length, base.atoms(sp.Rational)), default=0) > LARGEST_ROOT_BITS:
            raise TooLargeError(f"a root of a number of more than {LARGEST_ROOT_BITS} bits")
    if head == "exp" and (_magnitude(arguments[0]) > LARGEST_EXPONENT or _exceeds(arguments[0], LARGEST_EXPONENT)):
        raise TooLargeError(f"an argument of exp is larger than {LARGEST_EXPONENT}")
    if head in ("binomial", "harmonic") and any(map(_uncountable, arguments)):
        raise TooLargeError(f"an argument of {head} is larger than {LARGEST_EXPONENT}, or no integer")
    if head in ("floor", "ceiling") and _exceeds(arguments[0], LARGEST_ROUNDED):
        raise TooLargeError(f"an argument of {head} is larger than {LARGEST_ROUNDED}")
    if head in ("Min", "Max") and len(arguments) + sum(map(_compared, arguments)) > MOST_COMPARED:
        raise TooLargeError(f"{head} compares more than {MOST_COMPARED} numbers")
    if issubclass(kind, sp.Expr):
        if sum(map(_bits, arguments)) > LARGEST_POWER_BITS:
            raise TooLargeError(f"{head} is of numbers of more than {LARGEST_POWER_BITS} bits")
        if sum(_bits(a) for a in arguments if a.is_number and not a.is_Rational) > LARGEST_REAL_BITS:
            raise TooLargeError(f"{head} is of real numbers of more than {LARGEST_REAL_BITS} bits")
        if math.prod(root.exp.q for root in frozenset().union(*map(_roots, arguments))) > LARGEST_DEGREE:
            raise TooLargeError(f"{head} is of roots of numbers of a degree of more than {LARGEST_DEGREE} together")


def _uncountable(number: Any) -> bool:
    return bool(number.is_number) and not (number.is_Integer and abs(number) <= LARGEST_EXPONENT)


def _exceeds(number: Any, most: int) -> bool:
    """Whether a number is larger than that, or not to be compared with it; an expression with words is no number."""
    if not number.is_number:
        return False
    if number.is_Rational:
        return bool(abs(number) > most)
    if _bits(number) > LARGEST_REAL_BITS:
        return True
    return (abs(number) <= most) != sp.true


@lru_cache(maxsize=65536)
def _compared(node: Any) -> int:
    """How many numbers the extremes inside an expression compare."""
    if isinstance(node, (*WORDS, Index)):
        return 0
    return (len(node.args) if isinstance(node, (sp.Min, sp.Max)) else 0) + sum(map(_compared, node.args))


@lru_cache(maxsize=65536)
def _roots(node: Any) -> frozenset[Any]:
    """The roots of numbers in an expression: to see whether it is 0, SymPy may look for its minimal polynomial."""
    if isinstance(node, (*WORDS, Index)) or not node.args:
        return frozenset()
    own = isinstance(node, sp.Pow) and node.exp.is_Rational and not node.exp.is_Integer and node.base.is_number
    return frozenset([node] if own else []).union(*map(_roots, node.args))


def _length(number: Any) -> int:
    return int(max(abs(number.p), number.q).bit_length())


@lru_cache(maxsize=65536)
def _bits(node: Any) -> float:
    """A bound on the length of the numbers in an expression, those that it may be evaluated to among them."""
    if node.is_Rational:
        return _length(node)
    if isinstance(node, (*WORDS, Index)) or not node.args:
        return 1
    if isinstance(node, sp.Pow):
        return _bits(node.base) * max(1.0, _magnitude(node.exp))
    if isinstance(node, (sp.exp, sp.tanh)):
        return _bits(node.args[0]) + 2 * _magnitude(node.args[0])
    return sum(map(_bits, node.args))


@lru_cache(maxsize=65536)
def _magnitude(node: Any) -> float:
    """About how often an expression, as an exponent, has a number multiplied by itself; a word counts once.

    A logarithm may cancel against what is raised, so it counts as often as its number is long.
    """
    if node.is_Rational:
        return math.inf if abs(node) > LARGEST_EXPONENT else float(abs(node))
    if isinstance(node, (*WORDS, Index)):
        return 1
    if not node.args:
        return 4  # pi and e are smaller
    parts = [_magnitude(a) if a.is_Rational else max(1.0, _magnitude(a)) for a in node.args]
    if isinstance(node, sp.Mul):
        return math.prod(parts)
    if isinstance(node, sp.log):
        return _bits(node.args[0])
    if isinstance(node, sp.Pow):
        return float(min(parts[0], 1e6) ** min(parts[1], 40))
    return sum(parts)
