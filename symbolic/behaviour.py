"""Sentences about how an expression behaves in its scalar words: monotone, convex, homogeneous, limits, special cases.

Each is an immutable SymPy node. ``expand`` gives the plain sentence that says it about points, which searches and
appeals judge. A second value of a word x is the word ``another(x)``, printed x'; where it is read, it is never below x.
Convexity and homogeneity are those of the expression on the reals of its box, also in a word that is an integer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from sympy import (
    And,
    Basic,
    Eq,
    Expr,
    Ge,
    Gt,
    I,
    Le,
    Lt,
    Ne,
    Pow,
    S,
    Tuple,
    false,
    harmonic,
    nan,
    oo,
    postorder_traversal,
    sympify,
    true,
    zoo,
)
from sympy.logic.boolalg import Implies

from symbolic.sentences import Behaviour, SentenceError
from symbolic.totals import TotalError
from symbolic.words import DICTIONARY, Entry, Scalar

LARGEST_SUM = 10_000
"""The largest n of a harmonic number that is written out, as SymPy does where a number is put in."""

PRIME = "'"
"""What the name of another value of a word ends with."""


def another(x: Any) -> Any:
    """The word for a second value of the scalar word ``x``, never below it; the dictionary knows it from now on."""
    known = _scalar(x, "another").entry
    primed = Entry(
        known.name + PRIME, f"another value of {known.letter}", known.unit, (), (), known.integer, known.nonnegative,
        known.latex + PRIME, known.size, known.file,
    )  # fmt: skip
    if DICTIONARY.get(primed.name) != primed:
        DICTIONARY[primed.name] = primed
    return DICTIONARY[primed.name].symbol


def value_of(name: str) -> str | None:
    """The full name of the word that a word is another value of, or None."""
    base = name.removesuffix(PRIME)
    return base if base != name and base in DICTIONARY else None


def _scalar(x: Any, where: str) -> Any:
    if not isinstance(x, Scalar) or x.name not in DICTIONARY:
        raise SentenceError(f"{where} is about one scalar word, and {x} is none; declare x = word('x', 'its meaning')")
    return x


def _expression(f: Any, where: str) -> Any:
    try:
        made = sympify(f, strict=True)
    except ValueError:
        raise SentenceError(f"{where} takes an expression, not {f!r}; write it with words and numbers") from None
    if not isinstance(made, Expr) or getattr(made, "is_Matrix", False):
        raise SentenceError(f"{where} takes an expression that is one number, not {made}; write it with words")
    return made


def substituted(f: Any, values: Mapping[Any, Any]) -> Any:
    """The expression with words replaced, all at once; SentenceError where it has no real value then."""
    if f.has(harmonic) and any(v.is_number and not abs(v) <= LARGEST_SUM for v in map(sympify, values.values())):
        raise SentenceError(f"{f} at a number beyond {LARGEST_SUM} is too long a sum to write out; take a smaller one")
    try:
        made = f.xreplace(dict(values))
    except TotalError as error:
        raise SentenceError(f"{f} has no value there: {error}") from None
    # SymPy makes 1 of 1**(g/0): what has no value may fall out of what is made of it.
    numbers = any(value.is_number for value in map(sympify, values.values()))
    parts = (n.xreplace(dict(values)) for n in postorder_traversal(f) if numbers and isinstance(n, Pow))
    if any(part.has(zoo, nan, oo, -oo, I) for part in (made, *parts)):
        at = ", ".join(f"{x} = {value}" for x, value in values.items())
        raise SentenceError(
            f"{f} has no value at {at}; write it so that it can be taken there, or choose another point"
        )
    return made


def _shown(node: Any, printer: Any) -> str:
    return str(printer._print(node))


class _InOneWord(Behaviour):
    """A sentence about an expression as a function of one scalar word."""

    phrase = ""

    def __new__(cls, function: Any, variable: Any) -> Any:
        return _made(cls, _expression(function, cls.__name__), _scalar(variable, cls.__name__))

    @property
    def function(self) -> Any:
        """The expression."""
        return self.args[0]

    @property
    def variable(self) -> Any:
        """The word that varies."""
        return self.args[1]

    def _sympystr(self, printer: Any) -> str:
        return f"{_shown(self.function, printer)} is {self.phrase} in {_shown(self.variable, printer)}"

    def _latex(self, printer: Any) -> str:
        phrase = rf"\ \text{{is {self.phrase} in}}\ "
        return f"{_shown(self.function, printer)}{phrase}{_shown(self.variable, printer)}"


class _Monotone(_InOneWord):
    direction = ""

    def __new__(cls, function: Any, variable: Any, strictly: Any = False) -> Any:
        if strictly not in (True, False):
            raise SentenceError(f"{cls.__name__}: strictly={strictly!r} is neither True nor False")
        parts = _expression(function, cls.__name__), _scalar(variable, cls.__name__)
        return _made(cls, *parts, true if strictly else false)

    @property
    def strictly(self) -> bool:
        """Whether equal values at two points are excluded."""
        return bool(self.args[2])

    @property
    def phrase(self) -> str:  # type: ignore[override]
        """The property in words."""
        return f"strictly {self.direction}" if self.strictly else self.direction


class increasing(_Monotone):
    """``increasing(f, x)``: f does not fall when x rises; ``strictly=True``: it rises."""

    direction = "increasing"


class decreasing(_Monotone):
    """``decreasing(f, x)``: f does not rise when x rises; ``strictly=True``: it falls."""

    direction = "decreasing"


class convex(_InOneWord):
    """``convex(f, x)``: f at the middle of two values of x is at most the mean of its values at both."""

    phrase = "convex"


class concave(_InOneWord):
    """``concave(f, x)``: f at the middle of two values of x is at least the mean of its values at both."""

    phrase = "concave"


class positive(Behaviour):
    """``positive(f)``: f > 0."""

    def __new__(cls, function: Any) -> Any:
        return _made(cls, _expression(function, "positive"))

    @property
    def function(self) -> Any:
        """The expression."""
        return self.args[0]

    def _sympystr(self, printer: Any) -> str:
        return f"{_shown(self.function, printer)} is positive"

    def _latex(self, printer: Any) -> str:
        return f"{_shown(self.function, printer)} > 0"


class dominates(Behaviour):
    """``dominates(f, g)``: f >= g everywhere in the box."""

    def __new__(cls, larger: Any, smaller: Any) -> Any:
        return _made(cls, _expression(larger, "dominates"), _expression(smaller, "dominates"))

    @property
    def larger(self) -> Any:
        """The expression that is nowhere below the other."""
        return self.args[0]

    @property
    def smaller(self) -> Any:
        """The other one."""
        return self.args[1]

    def _sympystr(self, printer: Any) -> str:
        return f"{_shown(self.larger, printer)} dominates {_shown(self.smaller, printer)}"

    def _latex(self, printer: Any) -> str:
        return rf"{_shown(self.larger, printer)} \ge {_shown(self.smaller, printer)}"


class reduces_to(Behaviour):
    """``reduces_to(f, {x: value, ...}, g)``: f with all these words replaced, at once, equals g."""

    def __new__(cls, function: Any, special: Any, reduced: Any) -> Any:
        pairs = list(special.items()) if isinstance(special, Mapping) else list(special)
        if not pairs:
            raise SentenceError("reduces_to needs a special case; write for example reduces_to(f, {x: 0}, g)")
        made = [Tuple(_scalar(x, "reduces_to"), _expression(value, "reduces_to")) for x, value in pairs]
        function, reduced = _expression(function, "reduces_to"), _expression(reduced, "reduces_to")
        substituted(function, dict(made))
        return _made(cls, function, Tuple(*sorted(made, key=lambda pair: pair[0].name)), reduced)

    @property
    def function(self) -> Any:
        """The general expression."""
        return self.args[0]

    @property
    def special(self) -> dict[Any, Any]:
        """The values that make the special case."""
        return dict(self.args[1])

    @property
    def reduced(self) -> Any:
        """What the expression is then."""
        return self.args[2]

    def _sympystr(self, printer: Any) -> str:
        at = ", ".join(f"{_shown(x, printer)} = {_shown(value, printer)}" for x, value in self.special.items())
        return f"{_shown(self.function, printer)} at {at} is {_shown(self.reduced, printer)}"

    def _latex(self, printer: Any) -> str:
        at = r",\ ".join(f"{_shown(x, printer)} = {_shown(value, printer)}" for x, value in self.special.items())
        return rf"\left. {_shown(self.function, printer)} \right|_{{{at}}} = {_shown(self.reduced, printer)}"


class homogeneous(Behaviour):
    """``homogeneous(f, (x, y), k)``: f at x and y both times t is t**k times f, for every t >= 1; or of one word x."""

    def __new__(cls, function: Any, variables: Any, degree: Any) -> Any:
        listed = variables if isinstance(variables, Iterable) and not isinstance(variables, Scalar) else (variables,)
        words = [_scalar(x, "homogeneous") for x in listed]
        if not words:
            raise SentenceError("homogeneous needs the words to scale; write for example homogeneous(f, (x, y), 1)")
        parts = Tuple(*words), _expression(degree, "homogeneous")
        return _made(cls, _expression(function, "homogeneous"), *parts)

    @property
    def function(self) -> Any:
        """The expression."""
        return self.args[0]

    @property
    def variables(self) -> tuple[Any, ...]:
        """The words that are scaled together."""
        return tuple(self.args[1])

    @property
    def degree(self) -> Any:
        """The power of the scale that comes out."""
        return self.args[2]

    def _sympystr(self, printer: Any) -> str:
        words = ", ".join(_shown(x, printer) for x in self.variables)
        return f"{_shown(self.function, printer)} is homogeneous of degree {_shown(self.degree, printer)} in {words}"

    def _latex(self, printer: Any) -> str:
        words = ", ".join(_shown(x, printer) for x in self.variables)
        phrase = rf"\ \text{{is homogeneous of degree}}\ {_shown(self.degree, printer)}\ \text{{in}}\ "
        return f"{_shown(self.function, printer)}{phrase}{words}"


class limit(Behaviour):
    """``limit(f, x, point, value)``: f tends to value as x tends to the point, which may be ``oo``.

    At a finite point f is taken by substitution, so that SentenceError is raised where it has no value there.
    """

    def __new__(cls, function: Any, variable: Any, point: Any, value: Any) -> Any:
        parts = [_expression(part, "limit") for part in (function, point, value)]
        if parts[1] not in (oo, -oo):
            substituted(parts[0], {_scalar(variable, "limit"): parts[1]})
            if parts[2].has(oo, -oo):
                raise SentenceError(f"limit: {function} cannot tend to {value} where it has a value; give that value")
        return _made(cls, parts[0], _scalar(variable, "limit"), parts[1], parts[2])

    @property
    def function(self) -> Any:
        """The expression."""
        return self.args[0]

    @property
    def variable(self) -> Any:
        """The word that varies."""
        return self.args[1]

    @property
    def point(self) -> Any:
        """Where the word tends to."""
        return self.args[2]

    @property
    def value(self) -> Any:
        """Where the expression tends to."""
        return self.args[3]

    def _sympystr(self, printer: Any) -> str:
        f, x, point, value = (_shown(part, printer) for part in self.args)
        return f"{f} tends to {value} as {x} tends to {point}"

    def _latex(self, printer: Any) -> str:
        f, x, point, value = (_shown(part, printer) for part in self.args)
        return rf"\lim_{{{x} \to {point}}} {f} = {value}"


class crossover(Behaviour):
    """``crossover(f, g, x, at)``: f <= g for x <= at, and f >= g for x >= at."""

    def __new__(cls, first: Any, second: Any, variable: Any, at: Any) -> Any:
        first, second, at = (_expression(part, "crossover") for part in (first, second, at))
        return _made(cls, first, second, _scalar(variable, "crossover"), at)

    @property
    def first(self) -> Any:
        """The expression that is the smaller one first."""
        return self.args[0]

    @property
    def second(self) -> Any:
        """The expression that is the smaller one from there on."""
        return self.args[1]

    @property
    def variable(self) -> Any:
        """The word that varies."""
        return self.args[2]

    @property
    def at(self) -> Any:
        """Where the order turns."""
        return self.args[3]

    def _sympystr(self, printer: Any) -> str:
        f, g, x, at = (_shown(part, printer) for part in self.args)
        return f"{f} <= {g} up to {x} = {at}, and >= from there on"

    def _latex(self, printer: Any) -> str:
        f, g, x, at = (_shown(part, printer) for part in self.args)
        return rf"{f} \le {g}\ \text{{for}}\ {x} \le {at},\quad {f} \ge {g}\ \text{{for}}\ {x} \ge {at}"


def _made(cls: Any, *args: Any) -> Any:
    """A node of these arguments, which its class has checked."""
    return Basic.__new__(cls, *args)


BEHAVIOURS: tuple[Any, ...] = (
    increasing, decreasing, convex, concave, positive, dominates, reduces_to, homogeneous, limit, crossover,
)  # fmt: skip


def expand(node: Behaviour) -> Any:
    """The plain sentence that says it about points; None of a limit at infinity, which is about no point."""
    for x in _doubled(node):
        another(x)  # a draft that is read again forgets its words
    return _expanded(node)


def at_infinity(node: Behaviour) -> bool:
    """Whether it is a limit at infinity, which is about no point."""
    return isinstance(node, limit) and node.point in (oo, -oo)


def second_values(node: Behaviour) -> set[str]:
    """The full names of the second values that are compared with; SentenceError where it has no value at a point."""
    seconds = {another(x).name for x in _doubled(node)}
    if not seconds:  # whatever is put for another value of x has one wherever x has
        _expanded(node)
    return seconds


def other_points(node: Behaviour) -> tuple[dict[Any, Any], ...]:
    """The other points that a behaviour compares one with, as what words are replaced by: hypotheses hold there too."""
    if not _doubled(node):
        return ()
    x = _doubled(node)[0]
    second = another(x)
    if isinstance(node, homogeneous):
        return ({word: word * second / x for word in node.variables},)
    return ({x: second}, {x: (x + second) / S(2)}) if isinstance(node, (convex, concave)) else ({x: second},)


def _doubled(node: Behaviour) -> tuple[Any, ...]:
    """The words of which two values are compared."""
    if isinstance(node, homogeneous):
        return node.variables[:1]
    return (node.variable,) if isinstance(node, _InOneWord) else ()


@lru_cache(maxsize=1024)
def _expanded(node: Any) -> Any:
    match node:
        case positive():
            return Gt(node.function, 0, evaluate=False)
        case dominates():
            return Ge(node.larger, node.smaller, evaluate=False)
        case reduces_to():
            return Eq(substituted(node.function, node.special), node.reduced, evaluate=False)
        case limit():
            if at_infinity(node):
                return None
            return Eq(substituted(node.function, {node.variable: node.point}), node.value, evaluate=False)
        case crossover():
            x, at, sides = node.variable, node.at, (node.first, node.second)
            before = Implies(Le(x, at, evaluate=False), Le(*sides, evaluate=False), evaluate=False)
            after = Implies(Ge(x, at, evaluate=False), Ge(*sides, evaluate=False), evaluate=False)
            return And(before, after, evaluate=False)
        case homogeneous():
            first = node.variables[0]
            scale = another(first) / first
            scaled = substituted(node.function, {x: x * scale for x in node.variables})
            said = Eq(scaled, scale**node.degree * node.function, evaluate=False)
            return Implies(Ne(first, 0), said, evaluate=False)  # by how much 0 is scaled, its other value does not tell
        case _Monotone():
            there = substituted(node.function, {node.variable: another(node.variable)})
            sides = (node.function, there) if isinstance(node, increasing) else (there, node.function)
            compared = (Lt if node.strictly else Le)(*sides, evaluate=False)
            return Implies(Lt(node.variable, another(node.variable), evaluate=False), compared, evaluate=False)
        case convex() | concave():
            x, f = node.variable, node.function
            middle = substituted(f, {x: (x + another(x)) / S(2)})
            mean = (f + substituted(f, {x: another(x)})) / S(2)
            return (Le if isinstance(node, convex) else Ge)(middle, mean, evaluate=False)
    raise SentenceError(f"{node} has no plain form")
