"""Kinds of world, worlds, and the lanes that a world builds.

A *kind* has open fields (sizes, conventions, corners); the search closes them into a *world*, a small frozen
description; ``Lanes`` are thousands of networks of one world at once, in one of three arithmetics. A network is a
function of its draws: everything else is a *reading*, computed once, on demand.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from itertools import combinations, product
from typing import Any, ClassVar, overload

from symbolic.spans import Span
from symbolic.words import DICTIONARY
from verify.draws import Draw, MissingDraw
from verify.laws import LAWS

FINEST = 60
"""The largest fineness of a world."""


class KindError(ValueError):
    """A kind cannot read a word, or a reading returned something that is not the word's."""


class ReadingError(RuntimeError):
    """A reading raised, or returned an array of the wrong shape."""


@dataclass(frozen=True)
class Size:
    """An open size: any integer from ``low`` to ``high``."""

    low: int
    high: int

    def __post_init__(self) -> None:
        if not 1 <= self.low <= self.high:
            raise KindError(f"Size({self.low}, {self.high}) is empty; give 1 <= low <= high")


@dataclass(frozen=True)
class World:
    """A closed description of networks: every field is JSON, and equal worlds build equal lanes.

    ``sizes`` maps size letters to integers, ``conventions`` letters to rationals as text, ``shifts`` draw names to
    exponents of two; ``corner`` names a degenerate shape imposed on the draws; ``reach`` bounds |draw|. Draws of a
    world of ``fineness`` f are integers on a grid that is 2**f times finer, in ranges that are as many times wider.
    """

    sizes: tuple[tuple[str, int], ...]
    conventions: tuple[tuple[str, str], ...] = ()
    shifts: tuple[tuple[str, int], ...] = ()
    corner: str = ""
    reach: int | None = None
    sparse: bool = False
    seed: int = 0
    fineness: int = field(default=0, repr=False)  # streams are keyed by how worlds print

    def size(self, letter: str) -> int:
        """A size by its letter."""
        return dict(self.sizes)[letter]

    def refined(self, steps: int) -> World:
        """The world of the same networks on a grid 2**steps times finer, without what only steered the drawing."""
        return replace(self, corner="", reach=None, sparse=False, fineness=self.fineness + steps)

    def to_json(self) -> dict[str, Any]:
        """The world as JSON; ``World.from_json`` gives it back."""
        return {
            "sizes": dict(self.sizes),
            "conventions": dict(self.conventions),
            "shifts": dict(self.shifts),
            "corner": self.corner,
            "reach": self.reach,
            "sparse": self.sparse,
            "seed": self.seed,
            **({"fineness": self.fineness} if self.fineness else {}),
        }

    @staticmethod
    def from_json(data: dict[str, Any]) -> World:
        """The world that ``to_json`` wrote; ValueError, KeyError for a missing field, when it is not one."""
        if not isinstance(data, dict):
            raise ValueError("the world is no object")
        sizes, conventions, shifts = (_object(data, name) for name in ("sizes", "conventions", "shifts"))
        if not all(_is_integer(v, 1, 10**6) for v in sizes.values()):
            raise ValueError("a size is not an integer between 1 and 1,000,000")
        if not all(isinstance(v, str) and re.fullmatch(_RATIONAL, v, re.ASCII) for v in conventions.values()):
            raise ValueError("a convention is not a small rational number as text")
        if not all(_is_integer(v, -1000, 1000) for v in shifts.values()):
            raise ValueError("a shift is not an integer between -1000 and 1000")
        corner, reach, sparse, seed = (data[name] for name in ("corner", "reach", "sparse", "seed"))
        if not isinstance(corner, str):
            raise ValueError("the corner is not text")
        if reach is not None and not _is_integer(reach, 0, 2**62):
            raise ValueError("the reach is neither null nor an integer from 0 on")
        if not isinstance(sparse, bool):
            raise ValueError("sparse is neither true nor false")
        if not _is_integer(seed, -(2**63), 2**63 - 1):
            raise ValueError("the seed is not an integer of 64 bits")
        fineness = data.get("fineness", 0)
        if not _is_integer(fineness, 0, FINEST):
            raise ValueError(f"the fineness is not an integer between 0 and {FINEST}")
        if fineness and corner:
            raise ValueError("a world with a corner has no finer grid")
        rationals = {k: str(Fraction(v)) for k, v in conventions.items()}
        fields = tuple(sizes.items()), tuple(rationals.items()), tuple(shifts.items())
        return World(*fields, corner, reach, sparse, seed, fineness)


_RATIONAL = r"-?\d{1,6}(/[1-9]\d{0,5})?"


def _object(data: dict[str, Any], name: str) -> dict[str, Any]:
    found = data[name]
    if not isinstance(found, dict):
        raise ValueError(f"{name} is no object")
    return found


def _is_integer(value: Any, low: int, high: int) -> bool:
    """Whether a value of a file is an integer (true and 1.0 are none) in a range."""
    return type(value) is int and low <= value <= high


Reading = Callable[["Lanes"], Any]


@overload
def reading(function: Reading) -> Reading: ...
@overload
def reading(*, relative_to: tuple[str, ...]) -> Callable[[Reading], Reading]: ...
def reading(function: Reading | None = None, *, relative_to: tuple[str, ...] = ()) -> Any:
    """Mark a method of a kind as the reading of the word whose letter is the method's name.

    It receives the network's lanes and returns an array (K, *indices, *shape). ``relative_to`` names the readings that
    the rounding of a difference is relative to.
    """

    def mark(made: Reading) -> Reading:
        vars(made).update(is_reading=True, relative_to=relative_to)
        return made

    return mark if function is None else mark(function)


@dataclass(frozen=True)
class Kind:
    """A kind of world: which words can be read there, and how its networks are drawn.

    A subclass is a frozen dataclass: its ``Size`` fields are the open sizes, in the order of ``letters``; ``speaks`` is
    the source whose letters its readings define; ``conventions`` lists the values of each convention, the usual first;
    ``corners`` names degenerate shapes that ``impose`` knows, and ``plain`` one in which most draws are 0, which is
    tried first; in the corner ``exactly`` words are at the numbers that draws of ``placing`` say. ``scaled`` says which
    shifts a world may have. ``chances`` says which draws are made by chance, and by which law of ``verify/laws.py``,
    where a sentence asks how likely something is; any other sentence is for all of them. ``parts`` names, for each
    size that is bounded by another, the other one: a batch is part of the sample.
    """

    speaks: ClassVar[str] = "draft"
    letters: ClassVar[dict[str, str]] = {}
    conventions: ClassVar[dict[str, tuple[Fraction, ...]]] = {}
    corners: ClassVar[tuple[str, ...]] = ()
    plain: ClassVar[str] = ""
    exactly: ClassVar[str] = ""
    scaled: ClassVar[tuple[str, ...]] = ()
    chances: ClassVar[dict[str, str]] = {}
    parts: ClassVar[dict[str, str]] = {}
    shrinks: ClassVar[bool] = True
    # Every integer is drawn by ``Lanes.draw``, so grids may be finer. Not inherited: a subclass may look integers up.
    refines: ClassVar[bool] = False
    readings: ClassVar[dict[str, Callable[..., Any]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.refines = bool(vars(cls).get("refines", False))
        own = {k: v for k, v in vars(cls).items() if getattr(v, "is_reading", False)}
        for letter in own.keys() & set(dir(Kind)):
            raise KindError(f"{cls.__name__} reads {letter}, which kinds have already as their own; rename the word")
        cls.readings = {**cls.readings, **own}

    @property
    def alike(self) -> bool:
        """Whether worlds differ in their draws alone: many lanes of one are worth as much as few of many."""
        return self.shrinks and not (self.letters or self.conventions or self.scaled)

    # -- words ---------------------------------------------------------------------------------------------------

    def reader(self, name: str) -> Callable[..., Any] | None:
        """The function that reads a word (full name) in this kind, or None."""
        source, _, letter = name.partition(":")
        entry = DICTIONARY.get(name)
        for cls in type(self).__mro__:
            if entry is not None and cls in entry.readers:
                return entry.readers[cls]
        if source == self.speaks and letter in self.readings and self.can_read(letter):
            return self.readings[letter]
        return None

    def can_read(self, letter: str) -> bool:
        """Whether this kind, as its fields are set, has the word; a hook for kinds with options."""
        return True

    def span(self, word: Any) -> Span | None:
        """The numbers that a scalar word may be, where all its readings are known to be among them; else None."""
        return None

    def placing(self, name: str, number: Fraction) -> dict[str, int]:
        """Draws of single integers by which a word (full name) is at a number, in the corner ``exactly``, if any do."""
        return {}

    def aims(self, name: str, number: Fraction) -> list[dict[str, int]]:
        """Draws of single integers, by name, by which a word (full name) is at a number or next to it."""
        return []

    @property
    def price(self) -> int:
        """How many times dearer a network is than one that is merely drawn: a search takes as many times fewer."""
        return 1

    def knows(self, name: str) -> bool:
        """Whether a word (full name) can be read here: a size, a convention or a reading."""
        source, _, letter = name.partition(":")
        fixed = source == self.speaks and (letter in self.letters or letter in self.conventions)
        return fixed or self.reader(name) is not None

    def vocabulary(self) -> tuple[str, ...]:
        """The letters that can be read here, sorted."""
        own = {*self.letters, *self.conventions, *(r for r in self.readings if self.can_read(r))}
        added = {e.letter for e in DICTIONARY.values() if any(c in e.readers for c in type(self).__mro__)}
        return tuple(sorted(own | added))

    def missing(self, name: str) -> str:
        """What to do about a word (full name) that cannot be read here; nothing where there is no general advice."""
        return ""

    # -- sizes ---------------------------------------------------------------------------------------------------

    def sizes(self) -> dict[str, Size]:
        """The open sizes by letter."""
        return {letter: getattr(self, name) for letter, name in self.letters.items()}

    def fits(self, sizes: dict[str, int]) -> bool:
        """Whether these sizes make a world of this kind; a hook (a batch fits in the sample)."""
        bounds = self.sizes()
        return all(bounds[k].low <= v <= bounds[k].high for k, v in sizes.items())

    def all_sizes(self, total: int) -> Iterator[dict[str, int]]:
        """Every choice of sizes whose sum is ``total``, in lexical order."""
        bounds = self.sizes()
        for chosen in product(*(range(b.low, min(b.high, total) + 1) for b in bounds.values())):
            if sum(chosen) == total:
                candidate = dict(zip(bounds, chosen, strict=True))
                if self.fits(candidate):
                    yield candidate

    # -- ranges --------------------------------------------------------------------------------------------------

    def extent(self, axis: str, world: World) -> int:
        """The size of a draw's axis: a size letter, or a number."""
        return int(axis) if axis.isdigit() else world.size(axis)

    def length(self, world: World) -> int:
        """The length of the longest reduction, for the allowance."""
        return sum(v for _, v in world.sizes) + 16

    def impose(self, corner: str, name: str, values: Any, net: Lanes) -> Any:
        """The draws of a name in a corner: a hook, given integers (K, *axes) and giving such integers."""
        return values

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Masks (K,) of the corners that lanes are in, by name; a hook that the verdict's counts come from."""
        return {}

    def visited_exactly(self, net: Lanes) -> dict[str, bool]:
        """Corners of one network in exact arithmetic (one lane); a hook that rulings name kinks from."""
        return {}

    def formulas(self) -> dict[Any, Any]:
        """Closed formulas of words, {word at free indices: expression}; a hook for standalone scripts."""
        return {}

    def groups(self, over: str, world: World) -> tuple[tuple[int, ...], ...]:
        """The members of each value of an index over one of the ranges ``GROUPED``; ReadingError for other kinds."""
        missing = {"N", GROUPED[over]} - set(self.letters)
        if missing:
            raise ReadingError(
                f"an index runs over the {over}, and {type(self).__name__} has no size {', '.join(sorted(missing))}; "
                "give a kind that has it"
            )
        found: tuple[tuple[int, ...], ...] = getattr(self, over)(world)
        return found

    def batches(self, world: World) -> tuple[tuple[int, ...], ...]:
        """All B-subsets of the N samples, in lexical order."""
        return subsets(world.size("N"), world.size("B"))

    def subsets(self, world: World) -> tuple[tuple[int, ...], ...]:
        """All k-subsets of the N samples, in lexical order."""
        return subsets(world.size("N"), world.size("k"))

    def blocks(self, world: World) -> tuple[tuple[int, ...], ...]:
        """The consecutive blocks of B samples that fit into N."""
        N, B = world.size("N"), world.size("B")
        return tuple(tuple(range(k, k + B)) for k in range(0, N - B + 1, B))

    def __str__(self) -> str:
        shown = ", ".join(
            f"{f.name}={getattr(self, f.name)!r}" for f in fields(self) if getattr(self, f.name) != f.default
        )
        return f"{type(self).__name__}({shown})"


GROUPED = {"batches": "B", "subsets": "k", "blocks": "B"}
"""Ranges whose values are sets of samples, with the letter of their size."""

MOST_BATCHES = 200_000


def subsets(N: int, B: int) -> tuple[tuple[int, ...], ...]:
    """All B-subsets of range(N), in lexical order; ReadingError when there are more than can be enumerated."""
    if math.comb(N, B) > MOST_BATCHES:
        raise ReadingError(f"{math.comb(N, B)} subsets of {B} out of {N} samples are more than {MOST_BATCHES}")
    if (N, B) not in _SUBSETS:
        _SUBSETS[N, B] = tuple(combinations(range(N), B))
    return _SUBSETS[N, B]


_SUBSETS: dict[tuple[int, int], tuple[tuple[int, ...], ...]] = {}


@dataclass
class Lanes:
    """Networks of one world: leading axis K. Readings are attributes, by letter: ``net.V`` has shape (K, m, n)."""

    kind: Any  # a Kind; its readings know which
    world: World
    arithmetic: Any
    source: Any
    draws: dict[str, Draw] = field(default_factory=dict)
    _known: dict[str, Any] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """K, the number of networks."""
        return int(self.source.count)

    def shape(self, axes: tuple[str, ...]) -> tuple[int, ...]:
        """The sizes of the axes of a draw."""
        return tuple(self.kind.extent(a, self.world) for a in axes)

    def integers(self, name: str, axes: str, low: int, high: int) -> Any:
        """The raw integers drawn under a name, (K, *axes), with the world's corner imposed."""
        if name not in self.draws:
            named = tuple(axes.split())
            draw = self.source(name, named, self.shape(named), low, high)
            if self.world.corner and not hasattr(self.source, "draws"):
                draw = Draw(draw.axes, low, high, self.kind.impose(self.world.corner, name, draw.values, self))
            self.draws[name] = draw
        values = self.draws[name].values
        if self.arithmetic.exact and values.dtype.is_floating_point:  # of a witness: a kind draws none
            raise ReadingError(f"the draw {name} holds floats, and {type(self.kind).__name__} draws integers")
        return values

    def draw(self, name: str, axes: str, low: int, high: int, shift: int = 0) -> Any:
        """Numbers ``integer * 2**shift`` drawn under a name, between low and high, of the given axes ("m n").

        This is the only primitive: sizes of axes are size letters or numbers. On a finer grid the integers are larger
        and the exponent is smaller; ReadingError where the kind has no finer grids.
        """
        fine = self.world.fineness
        if fine and not self.kind.refines:
            raise ReadingError(f"{type(self.kind).__name__} has no finer grids; give a world of fineness 0")
        return self.arithmetic.scaled(self.integers(name, axes, low << fine, high << fine), shift - fine)

    def random(self, name: str, axes: str) -> Any:
        """Numbers drawn by chance under a name of the kind's ``chances``, by its law, of the given axes ("m n")."""
        law = LAWS[self.kind.chances[name]]
        return self.arithmetic.scaled(law.numbers(self.integers(name, axes, law.low, law.high)), law.shift)

    def stored(self, name: str, axes: str, produce: Callable[[Lanes], dict[str, Any]]) -> Any:
        """Numbers that are given as they stand: known floats, or those that ``produce`` makes (a training run)."""
        if name not in self.draws:
            named = tuple(axes.split())
            try:
                self.draws[name] = self.source(name, named, self.shape(named), 0, 0)
            except MissingDraw:
                for made, (its_axes, values) in produce(self).items():
                    self.draws[made] = Draw(tuple(its_axes.split()), 0, 0, values)
        return self.arithmetic.scaled(self.draws[name].values, 0)

    def shift(self, name: str) -> int:
        """The world's exponent of two for a name, 0 unless it is scaled."""
        return dict(self.world.shifts).get(name, 0)

    def convention(self, letter: str) -> Fraction:
        """A convention's value, such as the factor c of the decay."""
        return Fraction(dict(self.world.conventions)[letter])

    def read(self, name: str) -> Any:
        """The reading of a word by full name; KindError when this kind cannot read it."""
        if name not in self._known:
            function = self.kind.reader(name)
            if function is None:
                letter = name.partition(":")[2]
                raise KindError(
                    f"{type(self.kind).__name__} cannot read {letter} ({name}); "
                    f"it reads {', '.join(self.kind.vocabulary())}"
                )
            self._known[name] = function(self)
        return self._known[name]

    def replacing(self, **arrays: Any) -> Lanes:
        """The same lanes with some readings replaced, for derivatives."""
        known = {f"{self.kind.speaks}:{letter}": array for letter, array in arrays.items()}
        return Lanes(self.kind, self.world, self.arithmetic, self.source, self.draws, known)

    def entries(self) -> int:
        """The number of entries of all readings made so far, per lane."""
        return max(1, sum(_entries(a) for a in self._known.values()) // self.count)

    def __getattr__(self, letter: str) -> Any:
        if letter.startswith("_"):
            raise AttributeError(letter)
        kind = object.__getattribute__(self, "kind")
        if letter in kind.letters:
            return self.world.size(letter)
        if letter in kind.conventions:
            return self.convention(letter)
        if kind.reader(f"{kind.speaks}:{letter}") is not None:
            return self.read(f"{kind.speaks}:{letter}")
        for name, entry in DICTIONARY.items():
            if entry.letter == letter and kind.reader(name) is not None:
                return self.read(name)
        raise AttributeError(f"{type(kind).__name__} has no {letter}; it reads {', '.join(kind.vocabulary())}")


def _entries(array: Any) -> int:
    total = 1
    for extent in array.shape:
        total *= int(extent)
    return total
