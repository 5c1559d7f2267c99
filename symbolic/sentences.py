"""What SymPy's relations lack: rank, norms, binders over indices, chains, existence, null sets.

Every node here is an immutable SymPy node, so that substitution and comparison come for free. Which numbers they have
in a world is the evaluator's business; what follows from them, the prover's.
"""

from __future__ import annotations

from typing import Any

from sympy import And, Expr, Le, MatMul, MatrixExpr, Mul, Or, S, Symbol, Trace, ZeroMatrix, false, sympify, true
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean, Implies, Not

from symbolic.words import Family, Index, Matrix, MatrixAt, Scalar, ScalarAt


class SentenceError(ValueError):
    """A sentence is malformed: a missing index, a shape that does not fit, no content."""


def _symbolic(value: Any) -> Any:
    """A number or a SymPy node as a node; text is refused, because SymPy would execute it."""
    return sympify(value, strict=True)


def _matrix(node: Any, where: str) -> Any:
    node = _symbolic(node)
    if isinstance(node, Mul) and not node.is_Matrix and any(getattr(a, "is_Matrix", False) for a in node.args):
        node = MatMul(*node.args).doit()  # SymPy's sign extraction leaves such a product behind
    if not getattr(node, "is_Matrix", False):
        raise SentenceError(f"{where} takes a matrix, not {node}")
    return node


class _OfMatrix(Expr):
    """A real number that belongs to a matrix."""

    is_commutative = True
    is_extended_real = True
    is_finite = True
    is_extended_nonnegative = True
    is_nonnegative = True
    latex_form = "{}"

    def __new__(cls, matrix: Any, *rest: Any) -> Any:
        return Expr.__new__(cls, _matrix(matrix, cls.__name__), *map(_symbolic, rest))

    def _sympystr(self, printer: Any) -> str:
        return f"{type(self).__name__}({', '.join(printer._print(a) for a in self.args)})"

    def _latex(self, printer: Any) -> str:
        return self.latex_form.format(*(printer._print(a) for a in self.args))


class rank(_OfMatrix):
    """The rank of a matrix, an integer >= 0."""

    is_integer = True
    latex_form = r"\operatorname{{rank}}\left({}\right)"


class norm(_OfMatrix):
    """The Frobenius norm of a matrix; the Euclidean norm of a row or a column."""

    latex_form = r"\left\|{}\right\|"


class spectral_norm(_OfMatrix):
    """The largest singular value."""

    latex_form = r"\left\|{}\right\|_2"


class distance_to_rank(_OfMatrix):
    """``distance_to_rank(M, k)``: the Frobenius distance from M to the matrices of rank at most k."""

    latex_form = r"\operatorname{{dist}}\left({}, \operatorname{{rank}}\le {}\right)"


class schatten(_OfMatrix):
    """``schatten(M, p)``: (sum of sigma_i**p)**(1/p), for p > 0; a quasi-norm for p < 1."""

    latex_form = r"\left\|{}\right\|_{{S_{{{}}}}}"


class entry(Expr):
    """``entry(M, s)`` of a row or a column, ``entry(M, s, t)`` of a matrix; a number counts from 0."""

    is_commutative = True
    is_extended_real = True
    is_finite = True

    def __new__(cls, matrix: Any, *where: Any) -> Any:
        matrix = _matrix(matrix, "entry")
        if len(where) == 1:
            rows, columns = matrix.shape
            if rows == 1:
                where = (S.Zero, where[0])
            elif columns == 1:
                where = (where[0], S.Zero)
            else:
                raise SentenceError(f"entry({matrix}, {where[0]}) needs a row and a column: {matrix} is {matrix.shape}")
        return Expr.__new__(cls, matrix, *map(_symbolic, where))

    def _sympystr(self, printer: Any) -> str:
        return f"{printer._print(self.args[0])}[{', '.join(self._shown(printer))}]"

    def _latex(self, printer: Any) -> str:
        return rf"\left({printer._print(self.args[0])}\right)_{{{','.join(self._shown(printer))}}}"

    def _shown(self, printer: Any) -> list[str]:
        """The row and the column, without the one that a vector has no choice of."""
        places = zip(self.args[1:], self.args[0].shape, strict=True)
        return [printer._print(place) for place, size in places if size != 1] or ["0"]


class row(MatrixExpr):
    """``row(M, s)``: row s of M, as a matrix with one row."""

    def __new__(cls, matrix: Any, which: Any) -> Any:
        return MatrixExpr.__new__(cls, _matrix(matrix, "row"), _symbolic(which))

    @property
    def shape(self) -> tuple[Expr, Expr]:
        """One row, and as many columns as the matrix."""
        return S.One, self.args[0].shape[1]

    def _entry(self, i: Any, j: Any, **kwargs: Any) -> Any:
        return entry(self.args[0], self.args[1], j)

    def _sympystr(self, printer: Any) -> str:
        return f"row({printer._print(self.args[0])}, {printer._print(self.args[1])})"

    def _latex(self, printer: Any) -> str:
        return rf"\left({printer._print(self.args[0])}\right)_{{{printer._print(self.args[1])},:}}"


class _Elementwise(MatrixExpr):
    """A function of each entry of a matrix."""

    def __new__(cls, matrix: Any) -> Any:
        return MatrixExpr.__new__(cls, _matrix(matrix, cls.__name__))

    @property
    def shape(self) -> tuple[Expr, Expr]:
        """The argument's shape."""
        return self.args[0].shape

    def _entry(self, i: Any, j: Any, **kwargs: Any) -> Any:
        return entry(self, i, j)

    def _sympystr(self, printer: Any) -> str:
        return f"{type(self).__name__}({printer._print(self.args[0])})"

    def _latex(self, printer: Any) -> str:
        return rf"\operatorname{{{type(self).__name__}}}\left({printer._print(self.args[0])}\right)"


class relu(_Elementwise):
    """max(z, 0), entry by entry."""


class step(_Elementwise):
    """1 where z > 0, 0 where z < 0, and the convention for the derivative of relu at 0 where z = 0."""


class diagonal(_Elementwise):
    """The square matrix with a column on its diagonal."""

    @property
    def shape(self) -> tuple[Expr, Expr]:
        """Rows of the column, twice."""
        return self.args[0].shape[0], self.args[0].shape[0]


class _Binder(Expr):
    """A real made of an expression by running an index over its range."""

    is_commutative = True
    is_extended_real = True
    is_finite = True

    def __new__(cls, body: Any, *indices: Any) -> Any:
        return Expr.__new__(cls, _symbolic(body), *indices)

    @property
    def body(self) -> Any:
        """What is taken for every value of the index."""
        return self.args[0]

    @property
    def index(self) -> Index:
        """The bound index."""
        return self.args[1]

    @property
    def batch(self) -> Index | None:
        """The batch whose members the index runs over; None for the whole range."""
        return self.args[2] if len(self.args) > 2 else None

    @property
    def free_symbols(self) -> set[Any]:
        """The body's, without the bound index, with the batch."""
        return (self.body.free_symbols - {self.index}) | ({self.batch} if self.batch else set())

    def _sympystr(self, printer: Any) -> str:
        over = printer._print(self.index) + (f" in {printer._print(self.batch)}" if self.batch else "")
        return f"{type(self).__name__.removesuffix('_matrix')}({printer._print(self.body)}, {over})"

    def _latex(self, printer: Any) -> str:
        name = {"greatest": r"\max", "least": r"\min"}.get(type(self).__name__, r"\operatorname{mean}")
        over = printer._print(self.index) + (rf" \in {printer._print(self.batch)}" if self.batch else "")
        return rf"{name}_{{{over}}} {printer._print(self.body)}"


class greatest(_Binder):
    """``greatest(e, S)``: the largest value of e over the range of the index."""


class least(_Binder):
    """``least(e, i)``: the smallest value of e over the range of the index."""


class mean_scalar(_Binder):
    """The mean of a real over a range, or over the members of a batch."""

    def _sympystr(self, printer: Any) -> str:
        return _Binder._sympystr(self, printer).replace("mean_scalar", "mean", 1)


class mean_matrix(MatrixExpr):
    """The mean of a matrix over a range, or over the members of a batch."""

    def __new__(cls, body: Any, *indices: Any) -> Any:
        return MatrixExpr.__new__(cls, _symbolic(body), *indices)

    body = _Binder.body
    index = _Binder.index
    batch = _Binder.batch
    free_symbols = _Binder.free_symbols
    _sympystr = _Binder._sympystr
    _latex = _Binder._latex

    @property
    def shape(self) -> tuple[Expr, Expr]:
        """The body's shape."""
        return self.body.shape

    def _entry(self, i: Any, j: Any, **kwargs: Any) -> Any:
        return entry(self, i, j)


def mean(body: Any, index: Index, members_of: Index | None = None) -> Any:
    """The mean of ``body`` over the range of ``index``; over the members of a batch with ``mean(h[j], j, S)``."""
    body = _symbolic(body)
    if members_of is not None and (index.over != "samples" or members_of.over not in ("batches", "subsets", "blocks")):
        raise SentenceError(f"mean over {index} in {members_of}: a batch has samples as members")
    bound = (index,) if members_of is None else (index, members_of)
    return (mean_matrix if body.is_Matrix else mean_scalar)(body, *bound)


class exists(Boolean):
    """``exists(i, sentence)``: the sentence holds for some value of the index."""

    def __new__(cls, index: Any, body: Any) -> Any:
        body = _symbolic(body)
        if body in (true, false):
            return body
        return Boolean.__new__(cls, index, body)

    @property
    def index(self) -> Index:
        """The bound index."""
        return self.args[0]

    @property
    def body(self) -> Any:
        """The sentence about it."""
        return self.args[1]

    @property
    def free_symbols(self) -> set[Any]:
        """The body's, without the bound index."""
        return self.body.free_symbols - {self.index}

    def _sympystr(self, printer: Any) -> str:
        return f"exists {printer._print(self.index)}: {printer._print(self.body)}"

    def _latex(self, printer: Any) -> str:
        return rf"\exists\, {printer._print(self.index)}:\ {printer._print(self.body)}"


class chain(Boolean):
    """``chain(a, b, c)``: a <= b <= c; a refutation names the link that breaks."""

    def __new__(cls, *terms: Any) -> Any:
        if len(terms) < 2:
            raise SentenceError("a chain has at least two terms")
        return Boolean.__new__(cls, *map(_symbolic, terms))

    @property
    def links(self) -> tuple[Any, ...]:
        """The inequalities between neighbours."""
        return tuple(Le(a, b, evaluate=False) for a, b in zip(self.args, self.args[1:], strict=False))

    def _sympystr(self, printer: Any) -> str:
        return " <= ".join(printer._print(a) for a in self.args)

    def _latex(self, printer: Any) -> str:
        return r" \le ".join(printer._print(a) for a in self.args)


class null(Boolean):
    """``null(V, equation, *conditions)``: the set of matrices V that meet them is a Lebesgue null set.

    The equation is ``Eq(expression, 0)`` with the expression affine in V, all other words held as the world has them;
    the conditions do not mention V.
    """

    def __new__(cls, variable: Any, equation: Any, *conditions: Any) -> Any:
        if variable in set().union(*(_symbolic(c).atoms(Matrix) for c in conditions), set()):
            raise SentenceError(f"null({variable}, ...): only the equation may mention {variable}")
        return Boolean.__new__(cls, variable, _symbolic(equation), *map(_symbolic, conditions))

    @property
    def variable(self) -> Any:
        """The matrix whose values form the set."""
        return self.args[0]

    @property
    def equation(self) -> Any:
        """The equation, affine in the variable."""
        return self.args[1]

    @property
    def conditions(self) -> tuple[Any, ...]:
        """Further conditions on the set, free of the variable."""
        return tuple(self.args[2:])

    def _sympystr(self, printer: Any) -> str:
        inside = ", ".join(printer._print(a) for a in self.args[1:])
        return f"null {{{printer._print(self.variable)}: {inside}}}"

    def _latex(self, printer: Any) -> str:
        inside = r",\ ".join(printer._print(a) for a in self.args[1:])
        return rf"\lambda\left\{{{printer._print(self.variable)}: {inside}\right\}} = 0"


class Behaviour(Boolean):
    """A sentence about how an expression behaves in scalar words; ``symbolic/behaviour.py`` has its kinds."""


class Chance(Boolean):
    """A sentence about how likely another one is; ``symbolic/chance.py`` has it."""


def vanishes(matrix: Any) -> Any:
    """The sentence that a matrix is zero."""
    from sympy import Eq

    matrix = _matrix(matrix, "vanishes")
    return Eq(matrix, ZeroMatrix(*matrix.shape))


WORDS = (Scalar, Matrix, ScalarAt, MatrixAt)


def words_in(node: Any) -> set[str]:
    """The full names of the words that a sentence or an expression needs readings of (sizes of shapes excepted)."""
    if isinstance(node, WORDS):
        inner = node.indices if isinstance(node, (ScalarAt, MatrixAt)) else ()
        return {node.name}.union(*(words_in(i) for i in inner))
    if isinstance(node, ZeroMatrix):
        return set()
    return set().union(*(words_in(a) for a in node.args)) if node.args else set()


def free_indices(node: Any) -> tuple[Index, ...]:
    """The free indices of a sentence or an expression, in order of name."""
    return tuple(sorted(_free_indices(node), key=lambda i: i.name))


def _free_indices(node: Any) -> set[Index]:
    if isinstance(node, Index):
        return {node}
    if isinstance(node, (_Binder, mean_matrix)):
        return (_free_indices(node.body) - {node.index}) | ({node.batch} if node.batch else set())
    if isinstance(node, exists):
        return _free_indices(node.body) - {node.index}
    return set().union(*(_free_indices(a) for a in node.args)) if node.args else set()


def has_part(node: Any, kinds: Any) -> bool:
    """Whether a sentence is, or has among its parts, one of some kinds of sentence; expressions hold none."""
    if isinstance(node, kinds):
        return True
    return any(isinstance(part, Boolean) and has_part(part, kinds) for part in getattr(node, "args", ()))


def is_sentence(node: Any) -> bool:
    """Whether a node can be judged true or false: a relation, a connective, or a Boolean of ours."""
    return isinstance(node, (Relational, And, Or, Not, Implies, exists, chain, null, Behaviour, Chance))


__all__ = [
    "Behaviour",
    "Chance",
    "Family",
    "SentenceError",
    "Symbol",
    "Trace",
    "chain",
    "diagonal",
    "distance_to_rank",
    "entry",
    "exists",
    "free_indices",
    "greatest",
    "is_sentence",
    "least",
    "mean",
    "norm",
    "null",
    "rank",
    "relu",
    "row",
    "schatten",
    "spectral_norm",
    "step",
    "vanishes",
    "words_in",
]
