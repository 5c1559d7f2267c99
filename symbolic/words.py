"""Words: the named quantities that sentences are written in.

A word is declared once, with its name, shape, meaning and unit, and declares only what its type forces (real, integer,
a norm >= 0). What a theorem needs (``mu > 0``, ``B < N``) is a hypothesis, a sentence of its own, so that it can be
tested and dropped. A word is named ``source:letter`` and printed by the letter: two papers' ``B`` never meet.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sympy import Expr, Integer, MatrixExpr, MatrixSymbol, Symbol, sympify
from sympy.core.symbol import Str

RANGES = {
    "samples": "the N samples",
    "batches": "the subsets of B samples",
    "subsets": "the subsets of k samples",
    "blocks": "the consecutive blocks of B samples",
    "neurons": "the m neurons",
    "inputs": "the n input dimensions",
}


def _symbolic(value: Any) -> Any:
    """A number or a SymPy node as a node; text is refused, because SymPy would execute it."""
    return sympify(value, strict=True)


class WordError(ValueError):
    """A word was declared twice in two ways, or used with the wrong indices."""


@dataclass(frozen=True)
class Entry:
    """What the dictionary knows of a word.

    ``shape`` is () for a scalar and (rows, columns), expressions in size words, for a matrix; ``over`` names the ranges
    of its indices; ``unit`` is free text ("1" for none); ``size`` says that it is a positive integer, declared by
    ``size``.
    """

    name: str
    meaning: str
    unit: str
    shape: tuple[Expr, ...]
    over: tuple[str, ...]
    integer: bool
    nonnegative: bool
    latex: str
    size: bool = False
    file: str = field(default="", compare=False)
    readers: dict[type, Callable[[Any], Any]] = field(default_factory=dict, compare=False, hash=False)

    @property
    def letter(self) -> str:
        """The name without its source."""
        return self.name.partition(":")[2]

    @cached_property
    def symbol(self) -> Any:
        """The word, with the assumptions that its type forces; of a family, the word without its indices."""
        if self.shape:
            return Matrix(self.name, *self.shape)
        if self.size:
            return Scalar(self.name, integer=True, positive=True)
        said = {"integer": self.integer, "nonnegative": self.nonnegative}
        return Scalar(self.name, real=True, **{k: True for k, forced in said.items() if forced})


DICTIONARY: dict[str, Entry] = {}


class _Readable:
    """What every form of a word can do: tell its entry, and be given a reading."""

    name: str

    @property
    def entry(self) -> Entry:
        """The word's line in the dictionary."""
        return DICTIONARY[self.name]

    @property
    def meaning(self) -> str:
        """What the word means, in one phrase."""
        return self.entry.meaning

    def read_in(self, kind: type) -> Callable[[Callable[[Any], Any]], Callable[[Any], Any]]:
        """Decorate a function that reads this word in every network of ``kind``.

        The function receives the network (its lanes) and returns an array of shape ``(K, *indices, *shape)``; it is
        run on torch lanes and on exact rationals, so it uses array methods (``.sum(-1)``, ``@``, ``.mT``, ``.amax``).
        """

        def register(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
            self.entry.readers[kind] = function
            return function

        return register


def _letter(name: str) -> str:
    return name.partition(":")[2]


def _latex(name: str) -> str:
    entry = DICTIONARY.get(name)
    return entry.latex if entry else _letter(name)


class Scalar(_Readable, Symbol):
    """A real quantity."""

    def _sympystr(self, printer: Any) -> str:
        return _letter(self.name)

    def _latex(self, printer: Any) -> str:
        return _latex(self.name)


class Matrix(_Readable, MatrixSymbol):
    """A real matrix, or a vector written as a matrix with one row or one column."""

    def _sympystr(self, printer: Any) -> str:
        return _letter(self.name)

    def _latex(self, printer: Any) -> str:
        return _latex(self.name)


class Index(Symbol):
    """A letter that runs over a range; free in a sentence, it reads "for every"."""

    @property
    def over(self) -> str:
        """The range: a key of ``RANGES``."""
        return self.name.partition("@")[2]

    @property
    def letter(self) -> str:
        """The index without its range."""
        return self.name.partition("@")[0]

    def _sympystr(self, printer: Any) -> str:
        return self.letter

    def _latex(self, printer: Any) -> str:
        return self.letter


def index(letter: str, over: str) -> Index:
    """An index over one of the ranges: ``i = index("i", over="samples")``."""
    if over not in RANGES:
        raise WordError(f"index {letter} runs over {over!r}; the ranges are {', '.join(RANGES)}")
    return Index(f"{letter}@{over}", integer=True, nonnegative=True)


def _printed(node: Any, printer: Any, letter: str) -> str:
    return f"{letter}[{', '.join(printer._print(i) for i in node.indices)}]"


def _printed_latex(node: Any, printer: Any) -> str:
    below = ",".join(printer._print(i) for i in node.indices)
    name = _latex(node.name)
    return f"({name})_{{{below}}}" if "_" in name or "^" in name else f"{name}_{{{below}}}"


class ScalarAt(Expr):
    """One member of a family of reals, such as ``g[i]``."""

    is_commutative = True
    is_extended_real = True
    is_finite = True

    @property
    def name(self) -> str:
        """The family's full name."""
        return str(self.args[0].name)

    @property
    def indices(self) -> tuple[Expr, ...]:
        """The indices, in the order of the family's ranges."""
        return tuple(self.args[1:])

    def _eval_is_integer(self) -> bool | None:
        return True if DICTIONARY[self.name].integer else None

    def _eval_is_nonnegative(self) -> bool | None:
        return True if DICTIONARY[self.name].nonnegative else None

    def _sympystr(self, printer: Any) -> str:
        return _printed(self, printer, _letter(self.name))

    def _latex(self, printer: Any) -> str:
        return _printed_latex(self, printer)


class MatrixAt(MatrixExpr):
    """One member of a family of matrices, such as ``A[i]``."""

    @property
    def name(self) -> str:
        """The family's full name."""
        return str(self.args[0].name)

    @property
    def shape(self) -> tuple[Expr, Expr]:
        """Rows and columns."""
        return self.args[1], self.args[2]

    @property
    def indices(self) -> tuple[Expr, ...]:
        """The indices, in the order of the family's ranges."""
        return tuple(self.args[3:])

    def _entry(self, i: Any, j: Any, **kwargs: Any) -> Any:
        from symbolic.sentences import entry

        return entry(self, i, j)

    def _sympystr(self, printer: Any) -> str:
        return _printed(self, printer, _letter(self.name))

    def _latex(self, printer: Any) -> str:
        return _printed_latex(self, printer)


@dataclass(frozen=True)
class Family(_Readable):
    """A word with indices: ``h[i]`` is its member at sample i, ``G[S]`` at batch S."""

    name: str

    def __getitem__(self, indices: Any) -> Any:
        given = tuple(_symbolic(i) for i in (indices if isinstance(indices, tuple) else (indices,)))
        over = self.entry.over
        ranges = tuple(i.over if isinstance(i, Index) else "?" for i in given)
        if ranges != over:
            shown = ", ".join(map(str, given))
            raise WordError(f"{_letter(self.name)} is indexed over {', '.join(over)}, not by {shown}")
        if self.entry.shape:
            return MatrixAt(Str(self.name), *self.entry.shape, *given)
        return ScalarAt(Str(self.name), *given)


def word(
    name: str,
    meaning: str,
    *,
    shape: tuple[Any, ...] = (),
    over: str | tuple[str, ...] = (),
    unit: str = "1",
    integer: bool = False,
    nonnegative: bool = False,
    latex: str | None = None,
) -> Any:
    """Declare a word and return it.

    ``name`` is ``source:letter`` (a bare letter is of ``draft``). ``shape`` is () for a real, (rows, columns) for a
    matrix; ``over`` names the ranges of its indices. Returns a SymPy symbol, a matrix symbol, or, with ``over``, a
    family to be indexed. Declaring a word again in the same way gives the same word; in another way is a WordError,
    except that each file may declare a word of ``draft`` in its own way.
    """
    full = _full(name)
    ranges = (over,) if isinstance(over, str) else tuple(over)
    for each in ranges:
        if each not in RANGES:
            raise WordError(f"word {full} is indexed over {each!r}; the ranges are {', '.join(RANGES)}")
    if len(shape) not in (0, 2):
        raise WordError(f"word {full} has shape {shape}; give () for a real or (rows, columns) for a matrix")
    entry = Entry(
        full, meaning, unit, tuple(_symbolic(s) for s in shape), ranges, integer, nonnegative, latex or _letter(full),
        file=sys._getframe(1).f_code.co_filename,
    )  # fmt: skip
    return _declared(entry)


def size(name: str, meaning: str, latex: str | None = None) -> Any:
    """Declare a size: a positive integer, which is what its type forces."""
    full, file = _full(name), sys._getframe(1).f_code.co_filename
    return _declared(Entry(full, meaning, "1", (), (), True, True, latex or _letter(full), size=True, file=file))


def _full(name: str) -> str:
    return name if ":" in name else f"draft:{name}"


def _declared(entry: Entry) -> Any:
    """The word, which the dictionary knows from now on; WordError where one name would be of two words."""
    full, known = entry.name, DICTIONARY.get(entry.name)
    restored = known is not None and not known.file  # by a stored file, which knows no meanings
    elsewhere = known is not None and full.startswith("draft:") and known.file != entry.file
    if known is not None and known != entry and not restored and not elsewhere:
        raise WordError(f"word {full} is declared twice, {_difference(known, entry)}; rename one of them")
    if known is not None and full.startswith("draft:") and known.file != entry.file and known.readers:
        # Two drafts' words of one letter would be read by one function.
        raise WordError(
            f"word {full} is declared in {known.file} and in {entry.file}; give one a source of its own, "
            f"word('mine:{_letter(full)}', ...)"
        )
    if known is None or known != entry or known.file != entry.file:
        DICTIONARY[full] = entry
    return Family(full) if entry.over else DICTIONARY[full].symbol


def _difference(one: Entry, other: Entry) -> str:
    if one.meaning != other.meaning:
        return f"as {one.meaning!r} and as {other.meaning!r}"
    said = ("shape", "over", "unit", "integer", "nonnegative", "latex", "size")
    other_ways = [key for key in said if getattr(one, key) != getattr(other, key)]
    return f"both times as {one.meaning!r}, with another {' and another '.join(other_ways)}"


def forget_words(file: str) -> None:
    """Forget the words that a draft declared, before it is read again."""
    for name in [n for n, e in DICTIONARY.items() if e.file == file and n.startswith("draft:")]:
        del DICTIONARY[name]


def restore(
    name: str, shape: tuple[Any, ...], over: tuple[str, ...], integer: bool, nonnegative: bool, is_size: bool
) -> Entry:
    """Make the dictionary know a word that a stored file names, without its meaning, if it does not yet."""
    if name not in DICTIONARY:
        letter = _letter(name)
        DICTIONARY[name] = Entry(name, letter, "1", shape, over, integer, nonnegative, letter, is_size)
    return DICTIONARY[name]


ONE = Integer(1)
