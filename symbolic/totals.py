"""Sums over as many layers as a word says: ``total(f, l, L)`` is f at l = 1, plus f at l = 2, and so on up to L.

The place ``l = place("l")`` is bound by the sum, and is no word: no world gives it a value. What does not depend on it
is taken out of the sum, and sums of few terms are written out.
"""

from __future__ import annotations

from typing import Any

from sympy import Add, Expr, Integer, Mul, S, Symbol, harmonic, sympify
from sympy.printing.precedence import PRECEDENCE

WRITTEN_OUT = 32
"""Terms up to which a sum is written out."""

LARGEST_HARMONIC = 10_000
"""Numbers of terms up to which SymPy may write out a harmonic number."""

LONGEST_TEXT = 2_000
"""Nodes of all terms together up to which a sum is written out."""


class TotalError(ValueError):
    """A sum over no place, or up to what is no integer; one sentence says what to write."""


class Place(Symbol):
    """What a sum runs over: an integer from 1 on."""

    @property
    def letter(self) -> str:
        """How it is written."""
        return self.name.partition("@")[0]

    def _sympystr(self, printer: Any) -> str:
        return self.letter

    def _latex(self, printer: Any) -> str:
        return self.letter


def place(letter: str) -> Place:
    """The place that a sum runs over, by its letter; TotalError where that is no letter, digits after it perhaps."""
    if not (isinstance(letter, str) and letter[:1].isalpha() and letter.isalnum() and letter.isascii()):
        raise TotalError(f"{letter!r} is no name of a place; write one letter, such as place('l')")
    return Place(f"{letter}@layers", integer=True, positive=True)


class total(Expr):
    """``total(f, l, n)``: the sum of f over l = 1, ..., n; 0 for n = 0. It has no value for other n."""

    is_commutative = True
    is_extended_real = True
    precedence = PRECEDENCE["Mul"] + 1

    def __new__(cls, body: Any, over: Any, upper: Any) -> Any:
        """The sum, what does not depend on the place taken out; written out where it is short."""
        body, upper = sympify(body, strict=True), sympify(upper, strict=True)
        if not isinstance(over, Place):
            raise TotalError(f"a sum runs over a place, and {over} is none; write l = place('l')")
        if not isinstance(body, Expr) or getattr(body, "is_Matrix", False):
            raise TotalError(f"a sum is of numbers, and {body} is none; write an expression in words")
        if upper.is_integer is not True or over in upper.free_symbols:
            raise TotalError(f"a sum over {over} ends at {upper}, which is no integer; end it at an integer word")
        if upper.is_number and not upper >= 0:
            raise TotalError(f"a sum over {over} ends at {upper}; end it at 0 or later")
        outer, inner = _apart(body, over)
        return outer * _of(cls, inner, over, upper)

    @property
    def body(self) -> Any:
        """A term."""
        return self.args[0]

    @property
    def over(self) -> Any:
        """What it runs over."""
        return self.args[1]

    @property
    def upper(self) -> Any:
        """The last place, which is also the number of terms."""
        return self.args[2]

    @property
    def free_symbols(self) -> set[Any]:
        """What it depends on: the place is not among it."""
        return (self.body.free_symbols - {self.over}) | self.upper.free_symbols

    def at(self, where: Any) -> Any:
        """The term at a place."""
        return at_place(self.body, self.over, where)

    def _xreplace(self, rule: Any) -> tuple[Any, bool]:
        inside = {old: new for old, new in rule.items() if old != self.over}
        if self in inside:
            return inside[self], True
        if any(self.over in getattr(new, "free_symbols", ()) for new in inside.values()):
            raise TotalError(f"{self.over} is bound in {self}, and is put into it; name one of the two otherwise")
        body, upper = self.body.xreplace(inside), self.upper.xreplace(inside)
        changed = body != self.body or upper != self.upper
        return (total(body, self.over, upper) if changed else self), changed

    def _eval_subs(self, old: Any, new: Any) -> Any:
        return self if old == self.over else None

    def _eval_derivative(self, x: Any) -> Any:
        return None if self.upper.has(x) or x == self.over else total(self.body.diff(x), self.over, self.upper)

    def _sympystr(self, printer: Any) -> str:
        body, over, upper = (printer._print(part) for part in self.args)
        return f"total({body}, {over} = 1..{upper})"

    def _latex(self, printer: Any) -> str:
        body, over, upper = (printer._print(part) for part in self.args)
        inside = rf"\left({body}\right)" if isinstance(self.body, Add) else body
        return rf"\sum_{{{over}=1}}^{{{upper}}} {inside}"


def loose(node: Any) -> list[Place]:
    """The places of a node that no sum in it runs over."""
    return sorted((symbol for symbol in node.free_symbols if isinstance(symbol, Place)), key=str)


def at_place(node: Any, over: Place, where: Any) -> Any:
    """A node with a place replaced where it is free."""
    return node.xreplace({over: where})


def _apart(body: Any, over: Place) -> tuple[Any, Any]:
    """The factors of a term that do not depend on the place, and the others."""
    outer: list[Any] = []
    inner: list[Any] = []
    for factor in Mul.make_args(body):
        (inner if over in factor.free_symbols else outer).append(factor)
    return Mul(*outer), Mul(*inner)


def _of(cls: Any, body: Any, over: Place, upper: Any) -> Any:
    if body is S.One:
        return upper
    if body == over:
        return upper * (upper + 1) / 2
    if upper.is_Integer and upper <= WRITTEN_OUT and _size(body) * int(upper) <= LONGEST_TEXT:
        return Add(*(at_place(body, over, Integer(k)) for k in range(1, int(upper) + 1)))
    if body == 1 / over and (not upper.is_number or upper <= LARGEST_HARMONIC):
        return harmonic(upper)
    return Expr.__new__(cls, body, over, upper)


def _size(node: Any) -> int:
    pending, seen = [node], 0
    while pending and seen <= LONGEST_TEXT:
        seen += 1
        pending.extend(pending.pop().args)
    return seen


__all__ = ["Place", "TotalError", "at_place", "loose", "place", "total"]
