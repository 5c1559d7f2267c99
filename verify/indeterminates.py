"""Arrays of polynomials with rational coefficients, on which readings run unchanged.

Draws are indeterminates, and so is every value of a function that nothing is known of but that it has derivatives. What
a reading is there, it is for all numbers: an equation of polynomials holds whatever the indeterminates are. Operations
that are not those of polynomials (a comparison, a root, a maximum, a quotient by what is no number) raise
``NotPolynomial``, so that nothing depends on a choice that some numbers would make otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any, ClassVar, NoReturn, Self

import flint
import numpy as np

from verify.shapes import Array, Dims, Shaped, as_array, axes, diag_embed, eye, stack, zeros

Monomial = tuple[int, ...]
"""Numbers of indeterminates in ascending order, each as often as it is a factor."""

MOST_TERMS = 200_000


class NotPolynomial(ValueError):
    """An operation that is none of polynomials, or a polynomial that is too long.

    ``raised`` counts how often it was: a reading that catches it goes on by a choice of its own.
    """

    raised: ClassVar[int] = 0

    def __init__(self, *said: Any) -> None:
        super().__init__(*said)
        NotPolynomial.raised += 1


def _refused(one: Any, other: Any = None) -> NoReturn:
    raise NotPolynomial("a reading compares numbers")


class Polynomial:
    """A polynomial: monomials with coefficients other than 0. It is never changed."""

    __slots__ = ("terms",)
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = __hash__ = _refused

    def __init__(self, terms: dict[Monomial, Any]) -> None:
        self.terms = terms

    @classmethod
    def of(cls, number: Any) -> Polynomial:
        """A rational number as a polynomial."""
        if isinstance(number, (int, np.integer)) and not isinstance(number, bool):
            return cls({(): int(number)} if number else {})
        if isinstance(number, Fraction):
            return cls({(): flint.fmpq(number.numerator, number.denominator)} if number else {})
        raise NotPolynomial(f"{number!r} is no rational number")

    @classmethod
    def variable(cls, number: int) -> Polynomial:
        """An indeterminate by its number."""
        return cls({(number,): 1})

    def constant(self) -> Any:
        """The rational number that it is, or None."""
        return 0 if not self.terms else self.terms.get(()) if len(self.terms) == 1 else None

    def variables(self) -> set[int]:
        """The numbers of its indeterminates."""
        return {v for monomial in self.terms for v in monomial}

    def partials(self) -> dict[int, Polynomial]:
        """Its derivative in each of its indeterminates, the others being constant."""
        found: dict[int, dict[Monomial, Any]] = {}
        for monomial, coefficient in self.terms.items():
            for place, variable in enumerate(monomial):
                within = found.setdefault(variable, {})
                rest = monomial[:place] + monomial[place + 1 :]
                within[rest] = within.get(rest, 0) + coefficient
        return {variable: Polynomial(terms) for variable, terms in found.items()}

    def __add__(self, other: Any) -> Polynomial:
        return summed([self, other])

    def __sub__(self, other: Any) -> Polynomial:
        return summed([self, -other])

    def __neg__(self) -> Polynomial:
        return Polynomial({monomial: -coefficient for monomial, coefficient in self.terms.items()})

    def __mul__(self, other: Any) -> Polynomial:
        return dot([self], [other])


def summed(parts: Iterable[Polynomial]) -> Polynomial:
    """The sum of polynomials."""
    found: dict[Monomial, Any] = {}
    for part in parts:
        for monomial, coefficient in part.terms.items():
            found[monomial] = found.get(monomial, 0) + coefficient
    return _without_zeros(found)


def dot(left: Iterable[Polynomial], right: Iterable[Polynomial]) -> Polynomial:
    """The sum of the products of as many polynomials with as many others."""
    found: dict[Monomial, Any] = {}
    for one, other in zip(left, right, strict=True):
        for a, p in one.terms.items():
            for b, q in other.terms.items():
                monomial = tuple(sorted(a + b)) if a and b else a or b
                found[monomial] = found.get(monomial, 0) + p * q
    return _without_zeros(found)


def _without_zeros(terms: dict[Monomial, Any]) -> Polynomial:
    kept = {monomial: coefficient for monomial, coefficient in terms.items() if coefficient}
    if len(kept) > MOST_TERMS:
        raise NotPolynomial(f"a polynomial has more than {MOST_TERMS} terms")
    return Polynomial(kept)


class Polynomials(Shaped):
    """An immutable array of polynomials with the methods of a torch tensor that polynomials have."""

    __slots__ = ("values",)
    _rank = 9
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, values: Array) -> None:
        self.values = values

    @property
    def shape(self) -> tuple[int, ...]:
        """The sizes of the axes."""
        return tuple(self.values.shape)

    @classmethod
    def of(cls, value: Any) -> Polynomials:
        """Polynomials as they are; rational numbers, or arrays of them, as polynomials."""
        if isinstance(value, Polynomials):
            return value
        numbers = np.asarray(value, dtype=object)
        return cls(as_array(_EACH(numbers)))

    def _rearranged(self, move: Callable[[Array], Array]) -> Self:
        return type(self)(as_array(move(self.values)))

    @classmethod
    def _chosen(cls, mask: Any, chosen: Any, otherwise: Any) -> Self:
        if not isinstance(mask, np.ndarray):
            raise NotPolynomial("a choice between polynomials depends on numbers")
        return cls(as_array(np.where(mask, cls.of(chosen).values, cls.of(otherwise).values)))

    @classmethod
    def _joined(cls, items: Sequence[Any], join: Callable[[list[Array]], Array]) -> Self:
        return cls(as_array(join([cls.of(item).values for item in items])))

    def _constant(self, values: Array) -> Self:
        return type(self)(Polynomials.of(values).values)

    def _product(self, other: Any) -> Self:
        return type(self)(as_array(self.values * Polynomials.of(other).values))

    def __add__(self, other: Any) -> Self:
        return type(self)(as_array(self.values + Polynomials.of(other).values))

    def __sub__(self, other: Any) -> Self:
        return type(self)(as_array(self.values - Polynomials.of(other).values))

    def __rsub__(self, other: Any) -> Self:
        return (-self).__add__(other)

    def __neg__(self) -> Self:
        return type(self)(as_array(-self.values))

    def __mul__(self, other: Any) -> Self:
        return self._product(other)

    def __truediv__(self, other: Any) -> Self:
        return self._product(Polynomials.of(other).reciprocal())

    def __rtruediv__(self, other: Any) -> Self:
        return self.reciprocal()._product(other)

    def __matmul__(self, other: Any) -> Self:
        right = Polynomials.of(other).values
        if self.ndim < 2 or right.ndim < 2 or self.shape[-1] != right.shape[-2]:
            raise NotPolynomial(f"a product of arrays {self.shape} and {right.shape} that is none of matrices")
        before = np.broadcast_shapes(self.shape[:-2], right.shape[:-2])
        rows, columns = self.shape[-2], right.shape[-1]
        made = np.empty((*before, rows, columns), dtype=object)
        lefts = np.broadcast_to(self.values, (*before, *self.shape[-2:]))
        rights = np.broadcast_to(right, (*before, *right.shape[-2:]))
        for place in np.ndindex(before):
            turned = [list(rights[(*place, slice(None), column)]) for column in range(columns)]
            for row in range(rows):
                entries = list(lefts[(*place, row)])
                for column in range(columns):
                    made[(*place, row, column)] = dot(entries, turned[column])
        return type(self)(made)

    __radd__ = __add__
    __rmul__ = __mul__

    def reciprocal(self) -> Self:
        """1 over each entry; NotPolynomial unless all of them are numbers other than 0."""
        return type(self)(as_array(_ONE_OVER(self.values)))

    def sum(self, dim: Dims = None, keepdim: bool = False) -> Self:
        """Sums over axes."""
        places = axes(dim, self.ndim)
        kept = tuple(place for place in range(self.ndim) if place not in places)
        moved = self.values.transpose(*kept, *places).reshape(*(self.shape[place] for place in kept), -1)
        made = np.empty(moved.shape[:-1], dtype=object)
        for place in np.ndindex(made.shape):
            made[place] = summed(moved[place])
        if keepdim:
            made = made.reshape([1 if place in places else size for place, size in enumerate(self.shape)])
        return type(self)(made)

    def mean(self, dim: Dims = None) -> Self:
        """Means over axes."""
        places = axes(dim, self.ndim)
        return self.sum(dim) / int(np.prod([self.shape[place] for place in places], dtype=object))

    def vanish(self) -> bool:
        """Whether every entry is the polynomial 0."""
        return not any(entry.terms for entry in self.values.flat)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise NotPolynomial(f"a reading needs {name}, which is no operation on polynomials")

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = _refused


def _one_over(entry: Polynomial) -> Polynomial:
    number = entry.constant()
    if not number:
        raise NotPolynomial("a reading divides by what may be 0")
    return Polynomial({(): 1 / flint.fmpq(number)})


_EACH = np.frompyfunc(lambda entry: entry if isinstance(entry, Polynomial) else Polynomial.of(entry), 1, 1)
_ONE_OVER = np.frompyfunc(_one_over, 1, 1)


class FreeArithmetic:
    """The arithmetic of one network whose numbers are indeterminates; what it lacks raises NotPolynomial."""

    exact = True

    def __init__(self) -> None:
        self._one = Polynomials.of([1])
        self._count = 0
        self._values: dict[Any, int] = {}  # order of the derivative and terms of the argument -> its indeterminate
        self._arguments: dict[int, tuple[int, Polynomial]] = {}
        self._slopes: dict[int, dict[int, Polynomial]] = {}
        self._inside: dict[int, frozenset[int]] = {}
        self.reading = False  # whether a reading runs, which may not ask how large numbers are

    def __getattr__(self, name: str) -> Any:
        raise NotPolynomial(f"a reading needs {name}, which is no operation on polynomials")

    # -- indeterminates ------------------------------------------------------------------------------------------

    def fresh(self, shape: tuple[int, ...]) -> Polynomials:
        """New indeterminates."""
        size = int(np.prod(shape, dtype=object))
        made = np.empty(size, dtype=object)
        made[:] = [Polynomial.variable(self._count + k) for k in range(size)]
        self._count += size
        return Polynomials(made.reshape(shape))

    def unknown(self, at: Polynomials, order: int) -> Polynomials:
        """Values of the derivative of that order of one function that nothing else is known of."""
        each = np.frompyfunc(lambda entry: Polynomial.variable(self._value(entry, order)), 1, 1)
        return Polynomials(as_array(each(at.values)))

    def _value(self, argument: Polynomial, order: int) -> int:
        key = order, frozenset(argument.terms.items())
        if key not in self._values:
            self._values[key] = self._count
            self._arguments[self._count] = order, argument
            self._count += 1
        return self._values[key]

    # -- derivatives ---------------------------------------------------------------------------------------------

    def gradient(self, function: Callable[[Any], Any], at: Any, copies: int) -> Polynomials:
        """(1, copies, *parameter) the derivatives of each copy's result in the entries of ``at``; they are variables.

        See ``LaneArithmetic.gradient``, which knows of the copies alone: NotPolynomial where a result depends on
        another copy, or on ``at`` besides.
        """
        if not all(list(entry.terms.values()) == [1] and [*map(len, entry.terms)] == [1] for entry in at.values.flat):
            raise NotPolynomial("a reading differentiates in what is no indeterminate")
        variables = [next(iter(entry.variables())) for entry in at.values.flat]
        if len({*variables}) < len(variables):
            raise NotPolynomial("a reading differentiates in one indeterminate at two places")
        self._alone(function, at, copies, frozenset(variables))
        found = function(at.unsqueeze(1).expand(1, copies, *at.shape[1:]))
        slopes = [[self.derivatives(entry).get(v, _ZERO) for v in variables] for entry in found.values.flat]
        made = np.empty((copies, len(variables)), dtype=object)
        made[:] = slopes
        return Polynomials(made.reshape(1, copies, *at.shape[1:]))

    def _alone(self, function: Callable[[Any], Any], at: Polynomials, copies: int, variables: frozenset[int]) -> None:
        """Raise NotPolynomial unless each result depends on its copy of ``at``, and not on another or on ``at``."""
        apart = self.fresh((1, copies, *at.shape[1:]))
        own = [self._free(entry) for entry in apart.values.reshape(copies, -1).sum(1)]
        for result, mine in zip(function(apart).values.flat, own, strict=True):
            if self._free(result) & (variables.union(*own) - mine):
                raise NotPolynomial("a reading differentiates what depends on another copy of its parameter")

    def _free(self, entry: Polynomial) -> frozenset[int]:
        """The indeterminates that a polynomial depends on, also through the unknown function."""
        return frozenset().union(*map(self._within, entry.variables()))

    def _within(self, variable: int) -> frozenset[int]:
        if variable not in self._inside:
            known = self._arguments.get(variable)
            self._inside[variable] = self._free(known[1]) if known else frozenset({variable})
        return self._inside[variable]

    def derivatives(self, entry: Polynomial) -> dict[int, Polynomial]:
        """The derivatives in every indeterminate that is free, by the chain rule through the unknown function."""
        parts: dict[int, tuple[list[Polynomial], list[Polynomial]]] = {}
        for variable, part in entry.partials().items():
            for free, slope in self._slopes_of(variable).items():
                outer, inner = parts.setdefault(free, ([], []))
                outer.append(part)
                inner.append(slope)
        return {free: dot(outer, inner) for free, (outer, inner) in parts.items()}

    def _slopes_of(self, variable: int) -> dict[int, Polynomial]:
        if variable not in self._slopes:
            if variable in self._arguments:
                order, argument = self._arguments[variable]
                outer = Polynomial.variable(self._value(argument, order + 1))
                inner = self.derivatives(argument)
                self._slopes[variable] = {free: outer * slope for free, slope in inner.items()}
            else:
                self._slopes[variable] = {variable: Polynomial.of(1)}
        return self._slopes[variable]

    # -- what polynomials can do ---------------------------------------------------------------------------------

    def number(self, p: int | Fraction, q: int = 1) -> Fraction:
        """The rational p / q."""
        return Fraction(p) / q

    def constant(self, number: Fraction, count: int) -> Polynomials:
        """(1,) a rational."""
        return self._one * number

    def peak(self, array: Any) -> float:
        """Nothing is relative to anything here; NotPolynomial where a reading asks."""
        return self._measured(0.0)

    def steepest(self, array: Any) -> float:
        """Nothing is relative to anything here; NotPolynomial where a reading asks."""
        return self._measured(0.0)

    def any_negative(self, array: Any) -> bool:
        """Nothing is known of a sign; NotPolynomial where a reading asks."""
        return bool(self._measured(0.0))

    def _measured(self, number: float) -> float:
        if self.reading:
            raise NotPolynomial("a reading asks how large numbers are, or of which sign")
        return number

    def reciprocal(self, array: Polynomials) -> Polynomials:
        """1 over numbers."""
        return array.reciprocal()

    def zeros(self, *shape: int) -> Any:
        """An array of zeros."""
        return zeros(shape, self._one)

    def eye(self, size: int) -> Any:
        """The identity matrix."""
        return eye(size, self._one)

    def stack(self, arrays: Sequence[Any], dim: int) -> Any:
        """Arrays of one shape along a new axis."""
        return stack(list(arrays), dim)

    def diagonal_matrix(self, column: Polynomials) -> Any:
        """The square matrix with the last axis on its diagonal."""
        return diag_embed(column)


_ZERO = Polynomial({})

__all__ = ["FreeArithmetic", "NotPolynomial", "Polynomial", "Polynomials"]
