"""A counterexample as a short Python script, on numpy alone, for people who do not have this suite.

The network's numbers are written out exactly. What follows from them is computed again, by the closed formulas that the
kind and the claim offer; a word without a formula is written out as the suite reads it, and the script says so. Both
sides of the relation that fails are the sentence's own expressions (``verify/transcribe.py``).
"""

from __future__ import annotations

import re
import textwrap
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import sympy as sp
from sympy.core.relational import Relational

from symbolic import sentences as said
from symbolic.words import DICTIONARY, Index
from verify.appeal import Hearing
from verify.arena import Arena
from verify.claims import Statement, claims
from verify.exact_judge import TRUE, ExactJudge
from verify.layers import Layer
from verify.snippets import SNIPPETS
from verify.transcribe import EXACT, FLOATS, ROOTS, Names, Transcriber
from verify.witness import Witness, WitnessError
from verify.worlds import GROUPED

WIDTH = 116
LISTED = 30  # batches that are written out one by one
DYADIC = 2**12  # a denominator from which on floats are the shorter text


class _Located(Hearing):
    """A hearing that remembers which relation of the sentence fails, and for which values of its indices."""

    failing: tuple[Any, dict[Index, int]] | None = None

    def failure(self, node: Any, fixed: dict[Index, int]) -> tuple[str, dict[str, int], str, str]:
        found = super().failure(node, fixed)
        if self.failing is None:
            self.failing = node, {k: found[1].get(k.letter, 0) for k in said.free_indices(node)} | fixed
        return found


def standalone(statement: Statement, witness: Witness) -> str:
    """The script; WitnessError when the witness does not refute the statement."""
    if isinstance(statement.says, said.Chance):
        raise WitnessError(
            f"{witness.file or 'the witness'}: what refutes a probability is many networks, and a script shows one; "
            "replay it instead"
        )
    return _Script(statement, witness).text()


class _Script:
    """One script in the making: lines of sizes, numbers and functions, in the order in which they need each other."""

    def __init__(self, statement: Statement, witness: Witness) -> None:
        self.statement, self.witness, self.kind, self.world = statement, witness, statement.given, witness.world
        self.hearing = _Located(statement, witness.world, witness.draws)
        if not self.hearing.ruling.refutes or self.hearing.failing is None:
            raise WitnessError(
                f"{witness.file or 'the witness'}: it does not refute {witness.claim} "
                f"({self.hearing.ruling.ruling}); there is nothing for a script to show"
            )
        self.node, self.at = self.hearing.failing
        claim = claims().get(witness.claim)
        self.claim = claim
        offered = {**(claim.where if claim else {}), **self.kind.formulas()}
        self.formulas = {word.name: (word, formula) for word, formula in offered.items()}
        self.own = {f"{self.kind.speaks}:{k}" for k in (*witness.draws, *self.kind.conventions)}
        if not self.kind.letters:
            self.own |= statement.words()  # a word is a number, and that is all that the world is
        self.own |= {w for _, formula in self.formulas.values() for w in said.words_in(formula)} - set(self.formulas)
        self.sizes = {f"{self.kind.speaks}:{k}": k for k in self.kind.letters}
        self.names = Names([*SNIPPETS, "F", "np", "left", "right", *GROUPED])
        for letter in (*self.kind.letters, *self.kind.conventions, *self.kind.readings):
            self.names(f"{self.kind.speaks}:{letter}", letter)
        self.write = Transcriber(self.word, self.names, frozenset(self.sizes))
        self.known: dict[str, tuple[str, bool, int]] = {}
        self.numbers: list[str] = []
        self.derived: list[str] = []

    # -- words ---------------------------------------------------------------------------------------------------

    def word(self, name: str) -> tuple[str, bool, int]:
        """The Python name of a word, whether it is a function, and its looseness; it is defined at the first call."""
        if name not in self.known:
            letter = name.partition(":")[2]
            python = self.names(name, letter)
            self.known[name] = python, False, EXACT
            if name not in self.sizes:
                self.known[name] = self._by_formula(name, python) or self._as_read(name, python, letter)
        return self.known[name]

    def _by_formula(self, name: str, python: str) -> tuple[str, bool, int] | None:
        word, formula = self.formulas.get(name, (None, None))
        if word is None or not self._agrees(word, formula):
            return None
        text, looseness = self.write.measured(formula)
        indices = ", ".join(self.write.index(k) for k in getattr(word, "indices", ()))
        comment = f"  # {DICTIONARY[name].meaning}"
        if indices:
            self.derived += [f"def {python}({indices}):{comment}", f"    return {text}", ""]
        else:
            self.derived += [*_filled(f"{python} = {text}", comment.removeprefix("  # ")), ""]
        return python, bool(indices), looseness

    def _agrees(self, word: Any, formula: Any) -> bool:
        """Whether a formula gives what the suite reads, in exact arithmetic; where it does not, the reading counts."""
        try:
            return ExactJudge(self.hearing.evaluate).closed(sp.Eq(word, formula, evaluate=False)) == TRUE
        except (LookupError, ArithmeticError, RuntimeError, ValueError):
            return False

    def _as_read(self, name: str, python: str, letter: str) -> tuple[str, bool, int]:
        entry = DICTIONARY[name]
        source = "" if name in self.own else "; the value that the suite reads"
        if name.startswith(f"{self.kind.speaks}:") and letter in self.kind.conventions:
            text, looseness = _fraction(self.hearing.net.convention(letter)), EXACT
        else:
            array = self.hearing.net.read(name)[0]
            text, looseness = self._family(array, entry.over), _looseness(array)
        self.numbers += _filled(f"{python} = {text}", f"{entry.meaning}{source}")
        return python, False, looseness

    def _family(self, array: Any, over: tuple[str, ...]) -> str:
        if not set(GROUPED) & set(over):
            return self._literal(array)
        runs = enumerate(over)
        places = [self.kind.groups(r, self.world) if r in GROUPED else range(array.shape[k]) for k, r in runs]
        counts = product(*(range(len(p)) for p in places))
        lines = (f"{_key(p)}: {self._literal(array[k])}" for p, k in zip(product(*places), counts, strict=True))
        return "{" + ", ".join(lines) + "}"

    def _literal(self, array: Any) -> str:
        self.write.looseness = max(self.write.looseness, _looseness(array))
        rational = array.to_rational()
        if rational is None:
            text = str(np.vectorize(self._irrational, otypes=[object])(array.tolist()).tolist()).replace("'", "")
            return f"np.array({text}, dtype=object)" if array.ndim else text
        rational = rational.lowest()
        if array.ndim == 0:
            return _fraction(rational.fraction())
        self.write.helpers.add("exact")
        whole, bottom = rational.values, int(rational.denominator)
        if bottom > DYADIC and bottom & (bottom - 1) == 0 and _representable(whole, bottom):
            return f"exact({(whole / bottom).astype(float).tolist()})"
        return f"exact({whole.tolist()}{f', {bottom}' if bottom > 1 else ''})"

    def _irrational(self, text: str) -> str:
        if text.startswith("["):
            return text[1:].partition(" ")[0].rstrip("]")
        self.write.helpers.add("root")
        return re.sub(r"(\d+)/(\d+)", r"F(\1, \2)", text).replace("sqrt(", "root(")

    # -- the whole -----------------------------------------------------------------------------------------------

    def text(self) -> str:
        """The script."""
        premises = [line for p in self.statement.premises for line in self._premise(p)]
        ending = self._ending()
        sizes = self._sizes()
        imports = ["from decimal import Decimal, localcontext"] if self._decimal() else []
        blocks = [self._header(), *imports, "from fractions import Fraction as F", "", "import numpy as np", ""]
        blocks += [*sizes, *self._helpers(), *self.numbers, "", *self.derived, *premises, "", *ending]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(blocks)) + "\n"

    def _decimal(self) -> bool:
        """Whether logarithms or exponentials are written out, to many digits."""
        return bool({"log", "exp"} & self.write.helpers)

    def _header(self) -> str:
        known, claim = self.witness, self.claim
        of = f'a mutant of {known.claim}, "{known.mutant}"' if known.mutant else known.claim
        lines = [f"A counterexample to {of}."]
        if claim is not None:
            lines += ["", *textwrap.wrap(f"The claim: {claim.title}", WIDTH)]
            if claim.source:
                lines += textwrap.wrap(f"Its source: {claim.source}", WIDTH)
        lines += textwrap.wrap(f"As stated: {self.statement.text}", WIDTH, break_long_words=False)
        found = ", ".join(f"{k} {v}" for k, v in known.found.items() if k in ("stage", "lanes", "seed"))
        lines += ["", f"Found by lakatos {known.versions.get('lakatos', '')} ({found}). Needs numpy alone."]
        if self.hearing.ruling.kink:
            lines += ["A pre-activation is 0 here, so this speaks of the derivative that relu is given at 0."]
        return '"""' + "\n".join(lines).replace("\\", "/").replace('"""', "'''") + '\n"""\n'

    def _premise(self, premise: Any) -> list[str]:
        if _risky(premise):
            return [f"# Not checked here: {premise}"]
        text = self.write.closed(premise)
        return _filled(f"assert {text}", "hypothesis" if text == str(premise) else f"hypothesis: {premise}")

    def _ending(self) -> list[str]:
        lines = [f"# What fails: {self.node}"]
        if self.at:
            places = ", ".join(str(self._value(k, v)) for k, v in self.at.items())
            named = ", ".join(map(self.write.index, self.at))
            lines += _filled(f"{named} = {places}", "where it does, counting from 0")
        if isinstance(self.node, Relational):
            (left, one), (right, other) = self.write.measured(self.node.lhs), self.write.measured(self.node.rhs)
            looseness, matrices = max(one, other), bool(getattr(self.node.lhs, "is_Matrix", False))
            relation = self.write.related(type(self.node.negated), "left", "right", looseness, matrices)
        else:
            looseness, relation, holds = EXACT, "left != right", self.write(self.node)
            no, yes = (self.hearing.ruling.left, self.hearing.ruling.right)
            left, right = f'"{yes}" if {holds} else "{no}"', f'"{yes}"'
        self.looseness = looseness
        lines += [f"left = {left}", f"right = {right}", 'print("left ", show(left))', 'print("right", show(right))']
        lines += [f"assert {relation}"]
        if self.node != self.statement.says and not _risky(self.statement.says):
            fixed = set(self.at)
            if fixed >= set(said.free_indices(self.statement.says)):
                lines += _filled(f"assert not ({self.write(self.statement.says)})", "and with it the whole statement")
        self.write.helpers.add("show")
        return [*lines, 'print("refuted")']

    def _value(self, index: Index, value: int) -> Any:
        return self.kind.groups(index.over, self.world)[value] if index.over in GROUPED else value

    def _sizes(self) -> list[str]:
        letters = list(self.kind.letters)
        lines = [f"{', '.join(letters)} = {', '.join(str(self.world.size(k)) for k in letters)}"] if letters else []
        lines = lines and _filled(lines[0], "; ".join(f"{k}: {v}" for k, v in self.kind.letters.items()))
        for name in sorted(self.write.ranges & set(GROUPED)):
            members = self.kind.groups(name, self.world)
            if name != "blocks" and len(members) > LISTED:
                self.write.helpers.add("chosen")
                self.derived[:0] = [f"{name} = chosen({GROUPED[name]})", ""]
            else:
                lines += _filled(f"{name} = {list(members)}", "")
        return lines

    def _tiny(self) -> str:
        if self.write.looseness == FLOATS:
            return repr(Arena().allowance(self.kind.length(self.world)))
        return "F(1, 10**20)"  # roots are known to 30 digits

    def _helpers(self) -> list[str]:
        shown = "str" if self.looseness == EXACT else "lambda v: str(v) if F(v).denominator < 10**20 else str(float(v))"
        kink = _fraction(self.hearing.net.convention("kink")) if "kink" in self.kind.conventions else "F(0)"
        made = {"{kink}": kink, "{tiny}": self._tiny(), "{shown}": shown}
        lines = []
        for name, text in SNIPPETS.items():
            if name in self.write.helpers:
                for hole, filling in made.items():
                    text = text.replace(hole, filling)
                lines += ["", text]
        return [*lines, ""]


def _fraction(number: Fraction) -> str:
    return f"F({number.numerator})" if number.denominator == 1 else f"F({number.numerator}, {number.denominator})"


def _looseness(array: Any) -> int:
    if array.to_rational() is not None:
        return EXACT
    return FLOATS if array.layer == Layer.BALL else ROOTS


def _representable(whole: Any, bottom: int) -> bool:
    return all(Fraction(float(Fraction(int(v), bottom))) == Fraction(int(v), bottom) for v in whole.reshape(-1))


def _key(place: tuple[Any, ...]) -> str:
    return str(place[0] if len(place) == 1 else place)


def _risky(sentence: Any) -> bool:
    """Whether a part of a sentence may be undefined although the sentence has a truth value."""
    divides = any(p.exp.is_negative and p.base.atoms(*said.WORDS) for p in sentence.atoms(sp.Pow))
    return divides and not isinstance(sentence, Relational)


def _filled(line: str, comment: str) -> list[str]:
    """A line with its comment behind or above it, folded where it is long."""
    if comment and len(line) + len(comment) + 4 <= WIDTH:
        return [f"{line}  # {comment}"]
    folded = textwrap.wrap(line, WIDTH, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
    return [*([f"# {comment}"] if comment else []), *folded]
