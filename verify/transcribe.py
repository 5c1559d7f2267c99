"""One walk over a sentence's own expressions, into the text of a Python program on numpy arrays of fractions.

The same nodes as ``verify/evaluate.py``. An index over batches stands for the tuple of its members, so that
``mean(h[j], j, S)`` becomes ``mean(h(j) for j in S)``: families that have a formula are functions, others are indexed.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Callable, Iterable
from typing import Any

import sympy as sp
from sympy.core.relational import Relational
from sympy.logic.boolalg import Implies, Not
from sympy.matrices.expressions.matadd import MatAdd
from sympy.matrices.expressions.matmul import MatMul
from sympy.matrices.expressions.transpose import Transpose

from symbolic import sentences as said
from symbolic.atoms import mean_decay
from symbolic.expanding import STAND_INS, expand
from symbolic.projections import projector
from symbolic.totals import Place, total
from symbolic.words import Index, MatrixAt, Scalar, ScalarAt
from verify.values import EvaluationError
from verify.worlds import GROUPED

EXACT, ROOTS, FLOATS = 0, 1, 2  # how far the numbers of a text can be off
ATOM, POWER, PRODUCT, SUM, LOGIC = 4, 3, 2, 1, 0  # how tightly a text binds
RANGES = {"samples": "range(N)", "neurons": "range(m)", "inputs": "range(n)", **{name: name for name in GROUPED}}
_LONG = {sp.exp: "exp", sp.log: "log"}
_FUNCTIONS = {sp.sin: "sin", sp.cos: "cos", sp.tanh: "tanh", sp.atan: "arctan"}
_SIGNS = {sp.Eq: "==", sp.Ne: "!=", sp.Le: "<=", sp.Lt: "<", sp.Ge: ">=", sp.Gt: ">"}


class Names:
    """Python names for words and indices: their letters, altered where two would meet. ``taken`` are other names."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = {*taken, *keyword.kwlist, *dir(builtins)}
        self._known: dict[Any, str] = {}

    def __call__(self, name: Any, letter: str) -> str:
        """The identifier of a word (its full name) or of an index (itself)."""
        if name not in self._known:
            made = re.sub(r"\W", "_", letter)
            made = made if made.isidentifier() else f"word_{made}"
            while made in self._taken:
                made += "_"
            self._taken.add(made)
            self._known[name] = made
        return self._known[name]


class Transcriber:
    """Expressions and sentences as Python text.

    ``word`` is called with the full name of each word met and tells its Python name, whether it is a function, and how
    exact its numbers are; ``helpers`` collects the functions that the text calls, ``ranges`` the ranges it runs over.
    """

    def __init__(self, word: Callable[[str], tuple[str, bool, int]], names: Names, sizes: frozenset[str]) -> None:
        self.word, self.names, self.sizes = word, names, sizes
        self.helpers: set[str] = set()
        self.ranges: set[str] = set()
        self.looseness = EXACT

    def __call__(self, node: Any, binding: int = LOGIC) -> str:
        """The text of an expression or a sentence, in parentheses unless it binds at least as tightly as asked."""
        text, own = self._text(node)
        return text if own >= binding else f"({text})"

    def measured(self, node: Any) -> tuple[str, int]:
        """The text of a node, and how exact its numbers are."""
        before, self.looseness = self.looseness, EXACT
        text = self(node)
        found, self.looseness = self.looseness, max(before, self.looseness)
        return text, found

    def closed(self, sentence: Any) -> str:
        """The text of a sentence read "for every" value of its free indices."""
        text = self(sentence)
        loops = "".join(f" for {self.index(k)} in {self.range(k)}" for k in said.free_indices(sentence))
        return f"all({text}{loops})" if loops else text

    def index(self, index: Index) -> str:
        """The Python name of an index."""
        return self.names(index, index.letter)

    def range(self, index: Index) -> str:
        """The text of what an index runs over."""
        self.ranges.add(index.over)
        return RANGES[index.over]

    def _helper(self, name: str, *arguments: str, looseness: int = EXACT) -> tuple[str, int]:
        self.helpers.add(name)
        self.looseness = max(self.looseness, looseness)
        return f"{name}({', '.join(arguments)})", ATOM

    # -- nodes ---------------------------------------------------------------------------------------------------

    def _text(self, node: Any) -> tuple[str, int]:
        if isinstance(node, said.WORDS):
            return self._word(node)
        if isinstance(node, sp.Rational):
            if node.q == 1:
                return str(node.p), ATOM if node.p >= 0 else SUM
            return f"F({node.p}, {node.q})", ATOM
        if isinstance(node, sp.NumberSymbol):
            self.looseness = FLOATS
            return repr(float(node)), ATOM
        if isinstance(node, (sp.Add, MatAdd)):
            return self._sum(node)
        if isinstance(node, (MatMul, sp.Mul)):
            return self._product(node)
        if isinstance(node, sp.Pow):
            return self._power(node)
        if isinstance(node, said._OfMatrix):
            return self._of_matrix(node)
        if isinstance(node, (said._Binder, said.mean_matrix)):
            return self._binder(node)
        for types, method in _METHODS:
            if isinstance(node, types):
                return method(self, node)
        if type(node) in _LONG:
            return self._helper(_LONG[type(node)], *(self(a) for a in node.args), looseness=ROOTS)
        if type(node) in (sp.floor, sp.ceiling):
            return self._helper("rounded", self(node.args[0]), str(isinstance(node, sp.ceiling)))
        if isinstance(node, sp.harmonic):
            return self._helper("harmonic", self(node.args[0]))
        if isinstance(node, Place):
            return f"F(place_{node.letter})", ATOM
        if isinstance(node, total):
            where = f"place_{node.over.letter} in range(1, int({self(node.upper)}) + 1)"
            return f"sum(({self(node.body)} for {where}), F(0))", ATOM
        if isinstance(node, mean_decay):
            return self._helper("mean_decay", self(node.args[0]), looseness=ROOTS)
        if type(node) in _FUNCTIONS:
            self.looseness = FLOATS
            return f"np.{_FUNCTIONS[type(node)]}(float({self(node.args[0])}))", ATOM
        raise EvaluationError(f"no Python text is known for {node} ({type(node).__name__})")

    def _word(self, node: Any) -> tuple[str, int]:
        name, is_function, looseness = self.word(node.name)
        self.looseness = max(self.looseness, looseness)
        if not isinstance(node, (ScalarAt, MatrixAt)):
            return name, ATOM
        where = ", ".join(self.index(k) for k in node.indices)
        return (f"{name}({where})" if is_function else f"{name}[{where}]"), ATOM

    def _sum(self, node: Any) -> tuple[str, int]:
        parts = []
        for term in sorted(node.args, key=lambda t: _negated(t) is not None):
            opposite = _negated(term)
            sign = "+" if opposite is None else "-"
            parts.append((sign, self(term if opposite is None else opposite, PRODUCT)))
        first = parts[0][1] if parts[0][0] == "+" else f"-{parts[0][1]}"
        return " ".join([first, *(f"{sign} {text}" for sign, text in parts[1:])]), SUM

    def _product(self, node: Any) -> tuple[str, int]:
        opposite = _negated(node)
        if opposite is not None:
            return f"-{self(opposite, PRODUCT)}", SUM
        scalars: list[Any] = []
        matrices: list[Any] = []
        for factor in node.args:
            if getattr(factor, "is_Matrix", False):
                matrices.append(factor)
            else:
                scalars.extend(factor.args if isinstance(factor, sp.Mul) else [factor])
        below = [1 / f for f in scalars if isinstance(f, sp.Pow) and f.exp.is_negative]
        above = [f for f in scalars if not (isinstance(f, sp.Pow) and f.exp.is_negative)]
        text = " * ".join(self(f, POWER) for f in above)
        product = " @ ".join(self(f, POWER) for f in matrices)
        text = " * ".join(part for part in (text, product) if part) or "1"
        return (f"{text} / {self._divisor(below)}" if below else text), PRODUCT

    def _divisor(self, factors: list[Any]) -> str:
        """A product to divide by: sizes are integers, whose quotients have to be fractions."""
        product = " * ".join(self(f, POWER) for f in factors)
        if all(a.name in self.sizes for f in factors for a in f.atoms(Scalar)) and not any(
            f.atoms(ScalarAt, said._OfMatrix) for f in factors
        ):
            return f"F({product})"
        return product if len(factors) == 1 else f"({product})"

    def _power(self, node: Any) -> tuple[str, int]:
        if not node.exp.is_Rational or node.exp.q > 2:
            for name in ("log", "exp"):
                self.helpers.add(name)
            return self._helper("power", self(node.base), self(node.exp), looseness=ROOTS)
        if node.exp < 0:
            return f"1 / {self._divisor([1 / node])}", PRODUCT
        if node.exp.q == 1:
            return f"{self(node.base, ATOM)}**{node.exp}", POWER
        root, binding = self._helper("root", self(node.base), looseness=ROOTS)
        return (root, binding) if node.exp.p == 1 else (f"{root}**{node.exp.p}", POWER)

    def _matrix_power(self, node: Any) -> tuple[str, int]:
        return f"np.linalg.matrix_power({self(node.base)}, {node.exp})", ATOM

    def _of_matrix(self, node: Any) -> tuple[str, int]:
        inner = self(node.args[0])
        if isinstance(node, said.rank):
            return self._helper("rank", inner)
        keep = node.args[1] if len(node.args) > 1 else None
        if isinstance(node, said.norm) or (isinstance(node, said.distance_to_rank) and keep == 0):
            self.helpers.add("root")
            return self._helper("norm", inner, looseness=ROOTS)
        values, _ = self._helper("singular_values", inner, looseness=FLOATS)
        if isinstance(node, said.spectral_norm):
            return f"{values}[0]", ATOM
        if isinstance(node, said.distance_to_rank):
            self.helpers.add("rank")
            return self._helper("distance", inner, self(keep))
        return f"np.sum({values} ** {float(keep)}) ** {1 / float(keep)}", POWER  # type: ignore[arg-type]

    def _binder(self, node: Any) -> tuple[str, int]:
        body = self(node.body)
        over = self.index(node.batch) if node.batch is not None else self.range(node.index)
        run = f"{body} for {self.index(node.index)} in {over}"
        name = {said.greatest: "max", said.least: "min"}.get(type(node))
        return (f"{name}({run})", ATOM) if name else self._helper("mean", run)

    def _entry(self, node: Any) -> tuple[str, int]:
        where = ", ".join(self._place(k) for k in node.args[1:])
        return f"{self(node.args[0], ATOM)}[{where}]", ATOM

    def _row(self, node: Any) -> tuple[str, int]:
        return f"{self(node.args[0], ATOM)}[[{self._place(node.args[1])}], :]", ATOM

    def _place(self, node: Any) -> str:
        return self.index(node) if isinstance(node, Index) else self(node)

    def _elementwise(self, node: Any) -> tuple[str, int]:
        if isinstance(node, said.relu):
            return f"np.maximum({self(node.args[0])}, 0)", ATOM
        if isinstance(node, said.step):
            return self._helper("step", self(node.args[0]))
        if isinstance(node, projector):
            return self._helper("projector", self(node.args[0]))
        return f"np.diag({self(node.args[0], ATOM)}[:, 0])", ATOM

    def _plain(self, node: Any) -> tuple[str, int]:
        inner = [self(a) for a in node.args]
        if isinstance(node, Transpose):
            return f"{self(node.args[0], ATOM)}.T", ATOM
        if isinstance(node, sp.ZeroMatrix):
            return f"np.zeros(({inner[0]}, {inner[1]}), dtype=int)", ATOM
        name = {sp.Trace: "np.trace", sp.Abs: "abs", sp.Max: "max", sp.Min: "min"}.get(type(node), "np.eye")
        return f"{name}({', '.join(inner)}{', dtype=int' if name == 'np.eye' else ''})", ATOM

    def _hadamard(self, node: Any) -> tuple[str, int]:
        return " * ".join(self(a, POWER) for a in node.args), PRODUCT

    # -- sentences -----------------------------------------------------------------------------------------------

    def _relation(self, node: Any) -> tuple[str, int]:
        (left, one), (right, other) = self.measured(node.lhs), self.measured(node.rhs)
        matrices = bool(getattr(node.lhs, "is_Matrix", False))
        text = self.related(type(node), left, right, max(one, other), matrices)
        return text, ATOM if isinstance(node, sp.Eq) and (matrices or max(one, other)) else LOGIC

    def related(self, relation: type, left: str, right: str, looseness: int, matrices: bool) -> str:
        """The text of a relation between two texts; within rounding, roots and floats count as equal."""
        if looseness == EXACT and not matrices:
            return f"{left} {_SIGNS[relation]} {right}"
        if looseness == EXACT:
            equal = f"np.array_equal({left}, {right})"
        else:
            equal, _ = self._helper("close", left, right)
        if relation in (sp.Eq, sp.Ne):
            return equal if relation is sp.Eq else f"not {equal}"
        strict = relation in (sp.Lt, sp.Gt)
        return f"{left} {_SIGNS[relation]} {right} {f'and not {equal}' if strict else f'or {equal}'}"

    def _connective(self, node: Any) -> tuple[str, int]:
        if isinstance(node, STAND_INS):
            return self._text(expand(node))
        if isinstance(node, said.exists):
            body = self(node.body)
            return f"any({body} for {self.index(node.index)} in {self.range(node.index)})", ATOM
        parts = [self(a, SUM) for a in (node.links if isinstance(node, said.chain) else node.args)]
        if isinstance(node, Not):
            return f"not {parts[0]}", LOGIC
        if isinstance(node, Implies):
            return f"not {parts[0]} or {parts[1]}", LOGIC
        return (" or " if isinstance(node, sp.Or) else " and ").join(parts), LOGIC

    def _truth(self, node: Any) -> tuple[str, int]:
        return str(bool(node)), ATOM


_METHODS: tuple[tuple[Any, Any], ...] = (
    (Relational, Transcriber._relation),
    ((sp.And, sp.Or, Not, Implies, said.chain, *STAND_INS, said.exists), Transcriber._connective),
    ((type(sp.true), type(sp.false)), Transcriber._truth),
    (said.entry, Transcriber._entry),
    (said.row, Transcriber._row),
    ((said._Elementwise, projector), Transcriber._elementwise),
    (sp.MatPow, Transcriber._matrix_power),
    (sp.HadamardProduct, Transcriber._hadamard),
    ((sp.Trace, Transpose, sp.ZeroMatrix, sp.Identity, sp.Abs, sp.Max, sp.Min), Transcriber._plain),
)


def _negated(term: Any) -> Any:
    """The opposite of a term that is written with a minus, or None."""
    if isinstance(term, MatMul):
        coefficient, matrices = term.as_coeff_matrices()
        if coefficient.could_extract_minus_sign() and not isinstance(coefficient, sp.Add):
            return MatMul(-coefficient, *matrices) if coefficient != -1 else MatMul(*matrices).doit()
        return None
    if isinstance(term, (sp.Mul, sp.Rational)) and term.as_coeff_Mul()[0] < 0:
        return -term
    return None
