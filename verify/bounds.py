"""The constant of an inequality, and the sentences that tell how sharp it is.

``left <= factor * right``: the factor is made of numbers and size letters alone. A network on which left is K right,
and right is positive, refutes every smaller factor at its sizes; the sentence that it refutes is ``left < K right``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Context
from fractions import Fraction
from math import isqrt
from typing import Any

import sympy as sp
from sympy.core.relational import Relational
from sympy.logic.boolalg import Implies

from symbolic.sentences import chain, words_in
from symbolic.words import Scalar
from verify.claims import Claim, Statement
from verify.worlds import Kind

Sizes = dict[str, int]

PLACES, GUARD = 7, 40
"""Digits of a decimal, and digits that it is rounded from."""

_UPPER = (sp.Le, sp.Lt)
_LOWER = (sp.Ge, sp.Gt)
_NAME = re.compile(r"(no factor|factor (sqrt\()?(\d{1,40})(?:/(\d{1,40}))?\)?)(?: at ([A-Za-z_0-9=, ]{1,200}))?")


@dataclass(frozen=True)
class Bound:
    """``left <= factor * right``, under ``premises`` that the sentence itself has; ``kind`` knows the size letters."""

    kind: Kind
    left: Any
    factor: Any
    right: Any
    premises: tuple[Any, ...]

    def at(self, sizes: Sizes) -> Any:
        """The factor at these sizes: a positive SymPy number, or None."""
        return number_at(self.kind, self.factor, sizes)

    def says(self, factor: Any) -> Any:
        """``left <= factor * right``, under the premises."""
        return self._under(self.premises, sp.Le(self.left, factor * self.right, evaluate=False))

    def reaches(self, factor: Any) -> Any:
        """What a network refutes on which left is the factor times right, or more, and right is positive."""
        positive = () if self.right == 1 else (sp.Gt(self.right, 0),)
        return self._under((*self.premises, *positive), sp.Lt(self.left, factor * self.right, evaluate=False))

    def ends(self) -> Any:
        """What a network refutes on which left is positive and right is zero: no factor will do."""
        return self._under((*self.premises, sp.Eq(self.right, 0)), sp.Le(self.left, 0, evaluate=False))

    def _under(self, premises: tuple[Any, ...], conclusion: Any) -> Any:
        told = [p for p in premises if p != sp.true]
        return Implies(sp.And(*told), conclusion) if told else conclusion

    def letters(self) -> tuple[str, ...]:
        """The size letters of the factor."""
        return tuple(sorted(a.name.partition(":")[2] for a in self.factor.atoms(Scalar)))


def bound_of(kind: Kind, says: Any) -> Bound | None:
    """The bound that a sentence states, in its conclusion or in a part of it; None where it states none."""
    if isinstance(says, Implies):
        inner = bound_of(kind, says.args[1])
        return None if inner is None else replace(inner, premises=(says.args[0], *inner.premises))
    if isinstance(says, (sp.And, chain)):
        parts = says.links if isinstance(says, chain) else says.args
        found = [b for b in (bound_of(kind, part) for part in parts) if b is not None]
        return min(found, key=_dullness, default=None)
    if not isinstance(says, Relational) or getattr(says.lhs, "is_Matrix", False):
        return None
    if not isinstance(says, (*_UPPER, *_LOWER)):
        return None
    small, large = (says.lhs, says.rhs) if isinstance(says, _UPPER) else (says.rhs, says.lhs)
    (above, left), (below, right) = _split(kind, small), _split(kind, large)
    if left == 1 or above.could_extract_minus_sign():
        above, left = sp.Integer(1), small
    return Bound(kind, left, below / above, right, ())


def _dullness(bound: Bound) -> tuple[bool, bool, bool]:
    """What sorts the parts of a sentence, the bound to sharpen first.

    Last are those with a constant on the small side (0 <= a), then those whose factor is one, then bounds by a number.
    """
    return is_constant(bound.kind, bound.left), bound.factor == 1, bound.right == 1


def _split(kind: Kind, side: Any) -> tuple[Any, Any]:
    """The constant factor of a side, and the rest of it."""
    if is_constant(kind, side):
        return side, sp.Integer(1)
    gathered = sp.factor_terms(side) if isinstance(side, sp.Add) else side
    if not isinstance(gathered, sp.Mul):
        return sp.Integer(1), side
    constants = [a for a in gathered.args if is_constant(kind, a)]
    return sp.Mul(*constants), sp.Mul(*(a for a in gathered.args if a not in constants))


def is_constant(kind: Kind, part: Any) -> bool:
    """Whether a part is made of numbers and size letters alone."""
    return words_in(part) <= {f"{kind.speaks}:{letter}" for letter in kind.letters}


def number_at(kind: Kind, constant: Any, sizes: Sizes) -> Any:
    """A constant at these sizes, as a positive SymPy number; None where it is not one, or a size is missing."""
    known = {a: sp.Integer(sizes[k]) for a in constant.atoms(Scalar) if (k := a.name.partition(":")[2]) in sizes}
    found = constant.xreplace(known)
    return found if found.is_number and found.is_finite and found.is_positive else None


# -- numbers -------------------------------------------------------------------------------------------------------


def root_of(square: Fraction) -> Any:
    """The square root of a rational, as a SymPy number."""
    return sp.sqrt(sp.Rational(square.numerator, square.denominator))


def square_of(number: Any) -> Fraction | None:
    """The square of a SymPy number where it is rational."""
    squared = sp.nsimplify(number**2) if number.is_Rational else sp.simplify(number**2)
    return Fraction(int(squared.p), int(squared.q)) if squared.is_Rational else None


def decimal_of(number: Any, up: bool) -> float:
    """A positive SymPy number in ``PLACES`` digits: itself, or the next decimal below it, or above it with ``up``."""
    context = Context(prec=PLACES, rounding=ROUND_CEILING if up else ROUND_FLOOR)
    near = context.create_decimal(str(sp.N(number, GUARD)))
    beyond = number > sp.Rational(str(near)) if up else number < sp.Rational(str(near))
    if beyond:  # the digits that it was rounded from were rounded as well
        near = near.next_plus(context) if up else near.next_minus(context)
    return float(near)


def text_of(square: Fraction) -> str:
    """The square root of a rational: 7, 3/2, sqrt(5/2)."""
    top, bottom = isqrt(square.numerator), isqrt(square.denominator)
    if top * top == square.numerator and bottom * bottom == square.denominator:
        return str(Fraction(top, bottom))
    return f"sqrt({square})"


# -- statements by name --------------------------------------------------------------------------------------------


def name_at(square: Fraction | None, sizes: Sizes) -> str:
    """How the statement is called that a factor, the root of ``square``, is not reached (None: that some will do)."""
    where = ", ".join(f"{k} = {v}" for k, v in sizes.items())
    lead = "no factor" if square is None else f"factor {text_of(square)}"
    return f"{lead} at {where}" if where else lead


def name_of(claim: Claim, sentence: Any) -> str:
    """How the claim is called with one of its sharper sentences in its place."""
    return f"sharper sentence {1 + claim.sharpened_by.index(sentence)}"


def named(claim: Claim, name: str) -> Statement | None:
    """The statement that ``name_at`` or ``name_of`` called by a name, or None."""
    own = claim.statement
    for sentence in claim.sharpened_by:
        if name == name_of(claim, sentence):
            return replace(own, says=sentence)
    match, bound = _NAME.fullmatch(name), bound_of(own.given, own.says)
    if match is None or bound is None or match[4] == "0":
        return None
    sizes: Sizes = {}
    for part in (match[5] or "").split(", ") if match[5] else ():
        letter, _, size = part.partition(" = ")
        if letter not in own.given.letters or not size.isdigit():
            return None
        sizes[letter] = int(size)
    if match[3] is None:
        return reached(own, bound, None, sizes)
    given = Fraction(int(match[3]), int(match[4] or 1))
    return reached(own, bound, given if match[2] else given * given, sizes)


def reached(own: Statement, bound: Bound, square: Fraction | None, sizes: Sizes) -> Statement:
    """At these sizes the factor is not reached (None: left vanishes where right does)."""
    says = bound.ends() if square is None else bound.reaches(root_of(square))
    fixed = tuple(sp.Eq(size_word(own.given, k), v, evaluate=False) for k, v in sizes.items())
    return replace(own, assuming=(*own.assuming, *fixed), says=says)


def size_word(kind: Kind, letter: str) -> Any:
    """The word of a size letter."""
    return Scalar(f"{kind.speaks}:{letter}", integer=True, positive=True)


# -- constants of the factor ---------------------------------------------------------------------------------------


def numbers_in(expression: Any) -> Iterator[tuple[tuple[int, ...], Any]]:
    """(path, number) for the numbers of an expression, exponents and signs left out."""
    if isinstance(expression, sp.Rational):
        yield (), expression
        return
    for place, part in enumerate(expression.args):
        if isinstance(expression, sp.Pow) and place == 1:
            continue
        if isinstance(expression, sp.Mul) and part in (1, -1):
            continue
        for path, number in numbers_in(part):
            yield (place, *path), number


def with_number(expression: Any, path: tuple[int, ...], number: Any) -> Any:
    """The expression with another number at a path that ``numbers_in`` gave."""
    if not path:
        return number
    parts = list(expression.args)
    parts[path[0]] = with_number(parts[path[0]], path[1:], number)
    return expression.func(*parts)
