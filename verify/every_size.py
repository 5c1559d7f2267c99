"""Equations that hold as polynomials in what is drawn, at every size of a kind: a derivation, and its checker.

A kind whose sizes are bounded has finitely many of them. At each the kind's own readings are run on indeterminates, one
for every number that is drawn (``verify/indeterminates.py``), and both sides of the equation are compared as
polynomials. Then the sentence holds in every world of the kind, whatever is drawn. Words that the kind lists in
``indeterminate`` are indeterminates themselves, so that it does not matter how they are drawn; a function that
``FreeArithmetic.unknown`` stands for may be any that has derivatives.

Nothing but statement, kind and sizes is stored: the checker computes everything again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from functools import cached_property, lru_cache
from itertools import product
from math import prod
from typing import Any

import sympy as sp

from symbolic.codec import CodecError, Decoder, digest, encode, vocabulary
from symbolic.sentences import is_sentence
from symbolic.words import DICTIONARY
from verify.claims import Statement, claims
from verify.evaluate import Evaluator
from verify.indeterminates import FreeArithmetic, NotPolynomial, Polynomials
from verify.values import align
from verify.worlds import Kind, Lanes, World

FORMAT = "lakatos/polynomials"
VERSION = 1
MOST_SIZES = 400


class Unequal(ValueError):
    """Why two sides are not shown to be the same polynomials, in one sentence."""


@dataclass(frozen=True)
class EverySize:
    """A sentence made of equations, the kind of world that it is about, and the ranges of the kind's sizes."""

    statement: Any
    kind: str
    ranges: tuple[tuple[str, int, int], ...]
    sizes: int

    @property
    def lemmas(self) -> dict[str, Any]:
        """Claims that it relies on: none."""
        return {}

    @property
    def spans(self) -> str:
        """The ranges, in words."""
        return ", ".join(f"{letter} from {low} to {high}" for letter, low, high in self.ranges)

    @property
    def rests_on(self) -> tuple[str, ...]:
        """What it rests on, in words."""
        return (f"the readings of {self.kind}", f"its {self.sizes} sizes: {self.spans}")

    def lines(self) -> list[str]:
        """What was computed, in words."""
        return [
            f"at each of {self.sizes} sizes of {self.kind} ({self.spans})",
            "the readings are run on indeterminates for all that is drawn",
            f"so {self.statement}  (both sides are the same polynomials)",
        ]

    def digest(self) -> str:
        """Sixteen hexadecimal digits of all that is stored."""
        return digest(self._header())

    def _header(self) -> dict[str, Any]:
        ranges = {letter: [low, high] for letter, low, high in self.ranges}
        return {"statement": encode(self.statement), "kind": self.kind, "ranges": ranges, "sizes": self.sizes}

    def to_json(self) -> dict[str, Any]:
        """A JSON object; CodecError where a part has no stored form."""
        words = vocabulary(self.statement)
        return {"format": FORMAT, "version": VERSION, "digest": self.digest(), "words": words, **self._header()}

    @classmethod
    def from_json(cls, stored: Any) -> EverySize:
        """The derivation that a JSON object holds; CodecError with one sentence where it holds none."""
        try:
            return _read(stored)
        except CodecError:
            raise
        except Exception as error:  # hostile input may fail anywhere
            raise CodecError(f"this is not a stored derivation by polynomials ({type(error).__name__})") from None


def _read(stored: dict[str, Any]) -> EverySize:
    if stored["format"] != FORMAT or stored["version"] != VERSION:
        raise CodecError(f"this is not a {FORMAT} of version {VERSION}")
    statement = Decoder(stored["words"])(stored["statement"])
    if not is_sentence(statement):
        raise CodecError("a stored sentence is true or false by itself, or none")
    ranges = tuple((letter, low, high) for letter, (low, high) in stored["ranges"].items())
    whole = all(type(letter) is str and type(low) is type(high) is int for letter, low, high in ranges)
    if not whole or type(stored["sizes"]) is not int or type(stored["kind"]) is not str:
        raise CodecError("the derivation does not say of which sizes it is")
    made = EverySize(statement, stored["kind"], ranges, stored["sizes"])
    if made.digest() != stored["digest"]:
        raise CodecError("the digest does not match the statement, the kind and its sizes")
    return made


# -- readings on indeterminates ---------------------------------------------------------------------------------------


@dataclass
class _OneNetwork:
    """What stands in the place of draws: there is one network."""

    count: int = 1


class _AnyShift:
    """An exponent of two that is any: integers are added to it, and nothing else is known of it."""

    def _moved(self, other: Any) -> _AnyShift:
        return self

    def _asked(self, other: Any = None) -> Any:
        raise NotPolynomial("a reading depends on a shift")

    __add__ = __radd__ = __sub__ = __rsub__ = _moved
    __bool__ = __int__ = __index__ = __float__ = __hash__ = _asked
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _asked
    __mul__ = __rmul__ = __pow__ = __rpow__ = __truediv__ = _asked


class _AnyWorld(World):
    """A world of which the sizes alone are known."""

    def __getattribute__(self, name: str) -> Any:
        if name in _OPEN:
            raise NotPolynomial(f"a reading depends on the {name} of its world")
        return super().__getattribute__(name)


_OPEN = {f.name for f in fields(World)} - {"sizes"}


@dataclass
class FreeLanes(Lanes):
    """One network, all draws of which are indeterminates."""

    _free: dict[str, Any] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """One network."""
        return 1

    def draw(self, name: str, axes: str, low: int, high: int, shift: int = 0) -> Any:
        """Indeterminates, in the place of numbers in a range."""
        if name not in self._free:
            self._free[name] = self.arithmetic.fresh((1, *self.shape(tuple(axes.split()))))
        return self._free[name]

    def integers(self, name: str, axes: str, low: int, high: int) -> Any:
        """NotPolynomial: a reading looks at integers."""
        raise NotPolynomial(f"a reading looks at the integers {name}")

    def stored(self, name: str, axes: str, produce: Any) -> Any:
        """NotPolynomial: a reading has numbers of its own."""
        raise NotPolynomial(f"a reading has numbers of its own ({name})")

    def convention(self, letter: str) -> Any:
        """NotPolynomial: a reading depends on a convention."""
        raise NotPolynomial(f"a reading depends on the convention {letter}")

    def shift(self, name: str) -> Any:
        """What may stand for the exponent of a draw, which is any, and for nothing else."""
        return _AnyShift()

    def read(self, name: str) -> Any:
        """The reading of a word, or indeterminates where the kind says so; NotPolynomial where it catches one."""
        letter = name.partition(":")[2]
        free = getattr(self.kind, "indeterminate", {})
        if name == f"{self.kind.speaks}:{letter}" and letter in free:
            made = self.draw(f"the word {letter}", free[letter], 0, 0)
            if made.shape != Evaluator(self).extents(name):
                raise NotPolynomial(f"the indeterminates of {letter} are of other axes than the word")
            return made
        before, outer = NotPolynomial.raised, self.arithmetic.reading
        self.arithmetic.reading = True
        try:
            found = super().read(name)
        finally:
            self.arithmetic.reading = outer
        if NotPolynomial.raised > before:
            raise NotPolynomial(f"the reading of {letter} goes on where an operation is none of polynomials")
        return found


# -- the checker ------------------------------------------------------------------------------------------------------


def equations(sentence: Any) -> list[Any]:
    """The equations that a sentence is made of; Unequal where it says anything else."""
    if isinstance(sentence, sp.And):
        return [equation for part in sentence.args for equation in equations(part)]
    if not isinstance(sentence, sp.Eq):
        raise Unequal(f"{sentence} is no equation")
    return [sentence]


def worlds(kind: Kind) -> Iterator[World]:
    """One world for each choice of the kind's sizes."""
    letters = kind.sizes()
    for chosen in product(*(range(bound.low, bound.high + 1) for bound in letters.values())):
        sizes = dict(zip(letters, chosen, strict=True))
        if kind.fits(sizes):
            yield World(tuple(sizes.items()))


def check(statement: Any, kind: Kind) -> int:
    """At how many sizes, which are all of the kind's, both sides are the same polynomials; Unequal elsewhere."""
    parts, count = equations(statement), 0
    if _choices(kind) > MOST_SIZES:
        raise Unequal(f"{kind} has more than {MOST_SIZES} sizes")
    readers = _readers(kind)
    for world in worlds(kind):
        if not _equal(parts, kind, world, readers):
            raise Unequal(f"the sides are not the same polynomials at {_sizes(world)}")
        count += 1
    if not count:
        raise Unequal(f"{kind} has no sizes, and of nothing everything holds")
    return count


def _choices(kind: Kind) -> int:
    return prod(bound.high - bound.low + 1 for bound in kind.sizes().values())


@dataclass(frozen=True)
class _Readers:
    """How a kind reads the words of the dictionary, which a file that is loaded again may change; hashed once."""

    by_name: tuple[tuple[str, Any], ...]

    @cached_property
    def _hash(self) -> int:
        return hash(self.by_name)

    def __hash__(self) -> int:
        return self._hash


@lru_cache(maxsize=MOST_SIZES)
def _lanes(kind: Kind, sizes: tuple[tuple[str, int], ...], readers: _Readers) -> FreeLanes:
    """The network of a world; what was read on it for one sentence serves the next, if all is read as it was."""
    return FreeLanes(kind, _AnyWorld(sizes), FreeArithmetic(), _OneNetwork())


def _readers(kind: Kind) -> _Readers:
    return _Readers(tuple((name, kind.reader(name)) for name in sorted(DICTIONARY)))


def _equal(parts: list[Any], kind: Kind, world: World, readers: _Readers) -> bool:
    evaluate = Evaluator(_lanes(kind, world.sizes, readers))
    for part in parts:
        left, right = evaluate(part.lhs), evaluate(part.rhs)
        if left.matrix is not right.matrix:
            raise Unequal(f"{part} compares a matrix with a number")
        _, (a, b) = align((left, right))
        if not Polynomials.of(a - b).vanish():
            return False
    return True


def checked(stored: EverySize) -> None:
    """Raise Unequal unless a stored derivation proves its statement in all worlds of its kind."""
    known = _kinds().get(stored.kind, [])
    if not known:
        raise Unequal(f"no claim that is loaded is about {stored.kind}")
    if len(known) > 1:
        raise Unequal(f"two kinds that are loaded print as {stored.kind}; rename one")
    (kind,) = known
    if stored.ranges != _ranges(kind):
        raise Unequal(f"{stored.kind} has other sizes than {stored.spans}")
    try:
        found = check(stored.statement, kind)
    except Unequal:
        raise
    except Exception as error:  # a reading is the author's code and may raise anything
        raise Unequal(f"the readings are no polynomials: {error}") from None
    if found != stored.sizes:
        raise Unequal(f"{stored.kind} has {found} sizes, not {stored.sizes}")


def _kinds() -> dict[str, list[Kind]]:
    """The kinds of all claims and of their mutants, by how they print."""
    made = [s for claim in claims().values() for s in (claim.statement, *(m.statement for m in claim.mutants))]
    found: dict[str, list[Kind]] = {}
    for kind in dict.fromkeys(statement.given for statement in made):
        found.setdefault(str(kind), []).append(kind)
    return found


def _ranges(kind: Kind) -> tuple[tuple[str, int, int], ...]:
    return tuple((letter, bound.low, bound.high) for letter, bound in kind.sizes().items())


def _sizes(world: World) -> str:
    return " ".join(f"{letter}={size}" for letter, size in world.sizes)


# -- the finder -------------------------------------------------------------------------------------------------------


def derive(statement: Statement) -> EverySize | None:
    """A derivation that is worth checking, or None: both sides are the same polynomials at one larger size."""
    kind = statement.given
    bounds = kind.sizes()
    if not bounds or not getattr(kind, "indeterminate", None):
        return None
    if _choices(kind) > MOST_SIZES:
        return None
    try:
        parts = equations(statement.says)
        known = list(worlds(kind))
        larger = next((w for w in known if all(v >= min(2, bounds[k].high) for k, v in w.sizes)), known[-1])
        if not _equal(parts, kind, larger, _readers(kind)):
            return None
    except Exception:  # a reading is the author's code and may raise anything on what is no number
        return None
    return EverySize(statement.says, str(kind), _ranges(kind), len(known))


__all__ = ["FORMAT", "EverySize", "Unequal", "check", "checked", "derive"]
