"""Formulas of a record as LaTeX that shows them and does nothing else.

A small parser reads a formula. It knows the commands below and their arguments, and the formula is written anew from
what was understood; of one that it does not understand in full, nothing is taken. What comes out is ASCII, balanced,
and without TeX errors. It is kept in pieces that know about how wide they are, for `reports/texlines.py`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NoReturn

from reports.tex import MATH

LONGEST = 8_000
"""Characters of a formula; a longer one is shown as text."""
DEEPEST = 40
"""Levels of braces: TeX itself takes 255 groups."""


def _named(names: str) -> frozenset[str]:
    return frozenset(names.split())


_LETTERS = _named(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa varkappa lambda mu nu xi pi "
    "varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon "
    "Phi Psi Omega infty partial nabla hbar ell Re Im aleph emptyset varnothing top bot forall exists nexists neg lnot "
    "prime dagger ldots cdots dots vdots ddots imath jmath complement"
)
_RELATIONS = _named(
    "leq geq le ge neq ne equiv approx sim simeq cong propto ll gg prec succ preceq succeq in notin ni subset "
    "subseteq supset supseteq subsetneq to rightarrow leftarrow mapsto leftrightarrow longrightarrow mid parallel perp "
    "vdash models uparrow downarrow colon"
)
_BINARY = _named("cdot times div pm mp ast star circ bullet oplus otimes odot cup cap setminus sqcup uplus")
_LOGIC = _named("wedge vee land lor Rightarrow Leftarrow Leftrightarrow Longrightarrow implies iff")
_OPERATORS = _named(
    "log ln lg exp sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth min max inf sup lim liminf limsup "
    "det dim ker deg gcd arg hom Pr sum prod int iint oint bigcup bigcap bigoplus bigotimes bigwedge bigvee"
)
_DELIMITERS = _named("langle rangle lceil rceil lfloor rfloor lvert rvert lVert rVert backslash vert Vert")
_SPACES = {",": 0.17, ":": 0.22, ";": 0.28, "!": -0.17, " ": 0.33, ">": 0.22}
_WIDE_SPACES = {"quad": 1.0, "qquad": 2.0, "enspace": 0.5, "thinspace": 0.17}
_OVER = _named(
    "bar hat tilde vec dot ddot overline underline widehat widetilde overrightarrow mathrm mathcal mathbf mathbb "
    "mathsf mathit mathtt mathfrak boldsymbol mathring check breve acute grave"
)
_STACKED = _named("frac dfrac tfrac cfrac binom overset underset stackrel")
_WORDS = _named("text textrm textit textbf textsf texttt operatorname")
_TABLES = _named("matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix cases aligned smallmatrix")

COMMANDS = frozenset().union(
    _LETTERS, _RELATIONS, _BINARY, _LOGIC, _OPERATORS, _DELIMITERS, _WIDE_SPACES, _OVER, _STACKED, _WORDS,
    ("left", "right", "sqrt", "limits", "nolimits", "begin", "end"),
)  # fmt: skip
"""The control words that a formula may have; nothing else is ever written."""

_TOKEN = re.compile(r"\\(?P<word>[A-Za-z]+)|\\(?P<sign>[^A-Za-z])|(?P<space> +)|(?P<plain>[^\\ ])")
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-*/=<>()[]|,.:;!?")
_SAID = re.compile(r"[A-Za-z0-9 ,.;:()/+=-]*")


class _StrangeError(ValueError):
    """A formula that is not understood in full."""


@dataclass(frozen=True)
class Slot:
    """A complete formula within an atom, and how much of its width counts."""

    atoms: "tuple[Atom, ...]"
    scale: float = 1.0

    @cached_property
    def latex(self) -> str:
        """The formula; spaces in it mean nothing."""
        return " ".join(a.latex for a in self.atoms).replace("  ", " ")

    @cached_property
    def width(self) -> float:
        """In em, about."""
        return self.scale * sum(a.width for a in self.atoms)


@dataclass(frozen=True)
class Atom:
    """A piece of a formula that no line breaks: LaTeX around complete formulas, and what TeX takes it for.

    `own` is about how wide it is by itself, in em; `stacked` says that the slots stand above each other.
    """

    parts: tuple[str | Slot, ...]
    own: float
    kind: str = "ord"
    stacked: bool = False

    @cached_property
    def latex(self) -> str:
        """The piece with all that is in it."""
        return "".join(p if isinstance(p, str) else p.latex for p in self.parts)

    @cached_property
    def width(self) -> float:
        """In em, about."""
        widths = [p.width for p in self.parts if isinstance(p, Slot)]
        return self.own + (max if self.stacked else sum)([*widths, 0.0])


def _plain(latex: str, width: float, kind: str = "ord") -> Atom:
    return Atom((latex,), width, kind)


class _Reader:
    """A parser by recursive descent; every method leaves `at` behind what it has read."""

    def __init__(self, latex: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        self.at = 0
        if len(latex) > LONGEST:
            raise _StrangeError("long")
        for found in _TOKEN.finditer(latex):
            kind = found.lastgroup or ""
            self.tokens.append((kind, found[kind]))
        if sum(len(f) + (k in ("word", "sign")) for k, f in self.tokens) != len(latex):
            raise _StrangeError("a lone backslash")

    def strange(self) -> NoReturn:
        raise _StrangeError(str(self.peek()))

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def take(self) -> tuple[str, str]:
        token = self.peek()
        self.at += 1
        return token

    def spaces(self) -> None:
        while self.peek()[0] == "space":
            self.at += 1

    def row(self, closing: Iterable[tuple[str, str]], depth: int) -> Slot:
        """Everything up to one of the tokens that close, which is left there."""
        if depth > DEEPEST:
            self.strange()
        ends, out = frozenset(closing), list[Atom]()
        while True:
            self.spaces()
            if self.peek() in ends:
                return Slot(tuple(out))
            if self.peek()[0] == "end":
                self.strange()
            scripts = self.peek()[0] == "plain" and self.peek()[1] in "^_'"
            out.append(self.scripted(_plain("{}", 0) if scripts else self.atom(depth, out), depth))

    def scripted(self, nucleus: Atom, depth: int) -> Atom:
        """An atom with its primes, subscript and superscript, each at most once."""
        seen = ""
        while True:
            self.spaces()
            mark = self.peek()
            if mark == ("plain", "'"):
                # Primes are a superscript, to which TeX adds no more than what follows them at once.
                if "^" in seen or ("'" in seen and not seen.endswith("'")):
                    self.strange()
                self.at, seen = self.at + 1, seen + "'"
                nucleus = Atom((*nucleus.parts, "'"), nucleus.own + 0.3, nucleus.kind, nucleus.stacked)
            elif mark in (("plain", "^"), ("plain", "_")):
                if mark[1] in seen or (mark[1] == "^" and "'" in seen and not seen.endswith("'")):
                    self.strange()
                self.at, seen = self.at + 1, seen + mark[1]
                script = Slot(self.argument(depth).atoms, 0.7)
                base = Slot((nucleus,)) if nucleus.stacked else nucleus
                parts = (base,) if isinstance(base, Slot) else base.parts
                own = 0.0 if isinstance(base, Slot) else base.own
                nucleus = Atom((*parts, f"{mark[1]}{{", script, "}"), own, nucleus.kind)
            else:
                return nucleus

    def argument(self, depth: int) -> Slot:
        """What follows a script or a command: a group, or one letter, digit or symbol."""
        self.spaces()
        kind, value = self.peek()
        if (kind, value) == ("plain", "{"):
            return self.group(depth)
        self.at += 1
        if kind == "plain" and value in _PLAIN:
            return Slot((_plain(value, 0.55),))
        if kind == "word" and value in _LETTERS | _RELATIONS | _BINARY:
            return Slot((_plain(rf"\{value} ", 0.8),))
        return self.strange()

    def group(self, depth: int) -> Slot:
        if self.take() != ("plain", "{"):
            self.strange()
        inner = self.row([("plain", "}")], depth + 1)
        self.at += 1
        return inner

    def said(self) -> str:
        """The words in the braces of a command for text, as they stand; letters, digits and harmless signs only."""
        if self.take() != ("plain", "{"):
            self.strange()
        words = ""
        while (token := self.take()) != ("plain", "}"):
            if token[0] not in ("plain", "space"):
                self.strange()
            words += token[1]
        if _SAID.fullmatch(words) is None:
            self.strange()
        return words

    def delimiter(self) -> str:
        self.spaces()
        kind, value = self.take()
        if kind == "plain" and value in "()[]|./<>":
            return value
        if kind == "sign" and value in "{}|":
            return rf"\{value}"
        if kind == "word" and value in _DELIMITERS:
            return rf"\{value} "
        return self.strange()

    def atom(self, depth: int, before: list[Atom]) -> Atom:
        kind, value = self.peek()
        if (kind, value) == ("plain", "{"):
            return Atom(("{", self.group(depth), "}"), 0)
        self.at += 1
        if kind == "plain" and value.isdigit() and value in _PLAIN:
            while self.peek()[0] == "plain" and self.peek()[1] in "0123456789":
                value += self.take()[1]
            return _plain(value, 0.5 * len(value))
        if kind == "plain" and value in _PLAIN:
            return _sign(value, before)
        if kind == "sign" and value in _SPACES:
            return _plain(rf"\{value}", _SPACES[value], "space")
        if kind == "sign" and value in "{}|%#&$_":
            return _plain(rf"\{value}", 0.5, {"{": "open", "}": "close"}.get(value, "ord"))
        if kind == "word" and value in COMMANDS:
            return self.command(value, depth)
        return self.strange()

    def command(self, name: str, depth: int) -> Atom:
        for names, kind, width in (
            (_LETTERS, "ord", 0.6), (_RELATIONS, "rel", 1.4), (_BINARY, "bin", 1.2), (_LOGIC, "logic", 1.6),
            (_DELIMITERS, "ord", 0.5),
        ):  # fmt: skip
            if name in names:
                return _plain(rf"\{name} ", width, kind)
        if name in _WIDE_SPACES:
            return _plain(rf"\{name} ", _WIDE_SPACES[name], "space")
        if name in _OPERATORS:
            return self.operator(name)
        if name in _OVER:
            return Atom((rf"\{name}{{", self.argument(depth), "}"), 0)
        if name in _STACKED:
            above, below = self.argument(depth), self.argument(depth)
            return Atom((rf"\{name}{{", above, "}{", below, "}"), 0.3, stacked=True)
        if name in _WORDS:
            words = self.said()
            kind = "op" if name == "operatorname" else "rel" if " " in words.strip() else "ord"
            return _plain(rf"\{name}{{{words.replace('-', '-{}')}}}", 0.48 * len(words), kind)
        if name == "sqrt":
            return self.root(depth)
        if name == "left":
            return self.fenced(depth)
        if name == "begin":
            return self.tabular(depth)
        return self.strange()

    def operator(self, name: str) -> Atom:
        self.spaces()
        limits = ""
        if self.peek() in (("word", "limits"), ("word", "nolimits")):
            limits = rf"\{self.take()[1]} "
        return _plain(rf"\{name} {limits}", 0.55 * len(name) if len(name) < 6 else 1.2, "op")

    def root(self, depth: int) -> Atom:
        self.spaces()
        degree = ""
        if self.peek() == ("plain", "["):
            self.at += 1
            while (token := self.take()) != ("plain", "]"):
                if token[0] != "plain" or not token[1].isalnum() or not token[1].isascii():
                    self.strange()
                degree += token[1]
        return Atom((rf"\sqrt{f'[{degree}]' if degree else ''}{{", self.argument(depth), "}"), 0.9)

    def fenced(self, depth: int) -> Atom:
        opening = self.delimiter()
        inner = self.row([("word", "right")], depth + 1)
        self.at += 1
        return Atom((rf"\left{opening} ", inner, rf" \right{self.delimiter()} "), 1.0, "inner")

    def tabular(self, depth: int) -> Atom:
        name = self.said()
        if name not in _TABLES:
            self.strange()
        rows: list[list[Slot]] = [[]]
        while True:
            rows[-1].append(self.row([("plain", "&"), ("sign", "\\"), ("word", "end")], depth + 1))
            mark = self.take()
            if mark == ("sign", "\\"):
                rows.append([])
            elif mark[0] == "word":
                break
        if self.said() != name or max(map(len, rows)) > 10:
            self.strange()
        body = r" \\ ".join(" & ".join(f"{{}}{cell.latex}" for cell in row) for row in rows)
        width = max(sum(cell.width + 1.0 for cell in row) for row in rows)
        return _plain(rf"\begin{{{name}}} {body} \end{{{name}}}", width + 1.0, "inner")


def _sign(value: str, before: list[Atom]) -> Atom:
    """A character by itself; a sign with nothing to its left is one of its own, not a sum."""
    if value in "=<>:":
        return _plain(value, 1.4, "rel")
    if value in "+-*":
        lone = not before or before[-1].kind in ("bin", "rel", "logic", "open", "op", "space", "punct")
        return _plain(value, 0.8 if lone else 1.3, "ord" if lone else "bin")
    if value in ",;":
        return _plain(value, 0.45, "punct")
    if value in "()[]|/.!?":
        kind = {"(": "open", "[": "open", ")": "close", "]": "close"}.get(value, "ord")
        return _plain(value, 0.4, kind)
    return _plain(value, 0.55 if value.islower() else 0.75)


def formula(latex: str) -> Slot | None:
    """A formula as it was understood, or None where it has anything that is not known to be harmless and correct."""
    try:
        reader = _Reader("".join(_rewritten(c) for c in latex))
        found = reader.row([("end", "")], 0)
    except (_StrangeError, RecursionError):
        return None
    return found if found.atoms else None


def _rewritten(c: str) -> str:
    """A character of a formula in ASCII; one that has no command is refused."""
    if c.isascii():
        return " " if c in "\t\n\r" else c
    if c not in MATH or MATH[c] not in COMMANDS | {"-"}:
        raise _StrangeError(c)
    return "-" if MATH[c] == "-" else rf"\{MATH[c]} "
