"""A second reading of sentences, for the tests of rules: small integer matrices, written apart from the engine.

A world has sizes from 1 to 3, B and k at most N, and gives every word small integers when it is first asked. Numbers
are exact, singular values excepted, which have ``DIGITS`` digits. What is not rational is compared by its digits:
numbers closer than ``MARGIN`` count as equal, which is far above the rounding and far below any difference of such
numbers that these small worlds hold. Loaded by path.
"""

import itertools
import random

import mpmath
import sympy as sp
from sympy.core.relational import Relational
from sympy.logic.boolalg import Implies, Not

from symbolic import sentences as f
from symbolic.projections import projector
from symbolic.sentences import free_indices
from symbolic.words import DICTIONARY, Index, Matrix, MatrixAt, Scalar, ScalarAt

DIGITS = 50
MARGIN = sp.Rational(1, 10**20)


class Undefined(ArithmeticError):
    """A division by zero, or the root of a negative number."""


class World:
    """Sizes, the value of step at 0, and values drawn on demand, except for the words that ``where`` defines."""

    def __init__(self, seed, where=None):
        self.where = {word.name: (word, formula) for word, formula in (where or {}).items()}
        self.random = random.Random(seed)
        batch = self.random.randint(1, 3)
        drawn = {"m": self.random.randint(1, 3), "n": self.random.randint(1, 3), "B": batch}
        self.sizes = {**drawn, "N": batch + self.random.randint(0, 2)}
        self.sizes["k"] = random.Random(~seed).randint(1, self.sizes["N"])
        self.at_zero = sp.Rational(self.random.randint(0, 2), 2)
        self.largest = self.random.randint(1, 2)
        self.constant = self.random.random() < 0.3
        self.density = self.random.choice([0.4, 0.8, 1])
        self.values = {}

    def members(self, over):
        batch, sample = self.sizes["B"], self.sizes["N"]
        if over in ("batches", "subsets"):
            return list(itertools.combinations(range(sample), batch if over == "batches" else self.sizes["k"]))
        return list(range(self.sizes[{"samples": "N", "neurons": "m", "inputs": "n"}[over]]))

    def word(self, name, at=()):
        letter = name.partition(":")[2]
        if letter in self.sizes:
            return sp.Integer(self.sizes[letter])
        if name in self.where:
            word, formula = self.where[name]
            return value(formula, self, dict(zip(getattr(word, "indices", ()), at, strict=True)))
        key = (name,) if self.constant else (name, at)
        if key not in self.values:
            known = DICTIONARY[name]
            nothing = self.random.random() > self.density
            low = 0 if known.nonnegative else -self.largest
            shape = [int(value(s, self)) for s in known.shape] or [1, 1]
            draws = sp.ImmutableMatrix(*shape, lambda *_: 0 if nothing else self.random.randint(low, self.largest))
            self.values[key] = draws if known.shape else draws[0, 0]
        return self.values[key]


def value(node, world, at=None):
    """The number, matrix or truth of a node with the given values of its free indices; Undefined on division by 0."""
    at = at or {}

    def of(part):
        return value(part, world, at)

    match node:
        case Index():
            return sp.Integer(at[node]) if not isinstance(at[node], tuple) else at[node]
        case ScalarAt() | MatrixAt():
            return world.word(node.name, tuple(at[i] for i in node.indices))
        case Scalar() | Matrix():
            return world.word(node.name)
        case sp.Number() | sp.logic.boolalg.BooleanAtom():
            return node
        case sp.ZeroMatrix():
            return sp.ImmutableMatrix(sp.zeros(*map(of, node.shape)))
        case sp.Identity():
            return sp.ImmutableMatrix(sp.eye(of(node.shape[0])))
        case f.mean_matrix() | f.mean_scalar() | f.greatest() | f.least():
            over = at[node.batch] if node.batch is not None else world.members(node.index.over)
            values = [value(node.body, world, {**at, node.index: each}) for each in over]
            if isinstance(node, (f.greatest, f.least)):
                return (sp.Max if isinstance(node, f.greatest) else sp.Min)(*values)
            return sum(values[1:], values[0]) / len(values)
        case f.exists():
            return any(value(node.body, world, {**at, node.index: each}) for each in world.members(node.index.over))
        case f.null():
            return _is_null(node, world, at)
        case Relational():
            return _compare(node, of(node.lhs), of(node.rhs))
        case sp.And() | f.chain():
            return all(map(of, node.links if isinstance(node, f.chain) else node.args))
        case sp.Or():
            return any(map(of, node.args))
        case Not():
            return not of(node.args[0])
        case Implies():
            return not of(node.args[0]) or of(node.args[1])
        case sp.MatMul() | sp.Mul():
            total = of(node.args[0])
            for a in node.args[1:]:
                total = total * of(a)
            return total
        case sp.MatAdd() | sp.Add():
            values = [of(a) for a in node.args]
            return sum(values[1:], values[0])
        case sp.Pow():
            base, exponent = of(node.base), of(node.exp)
            if (base == 0 and exponent < 0) or (base < 0 and not exponent.is_integer):
                raise Undefined
            return base**exponent
        case sp.MatPow():
            return of(node.base) ** of(node.exp)
        case sp.Transpose():
            return of(node.args[0]).T
        case sp.Trace():
            return of(node.args[0]).trace()
        case f.rank():
            return sp.Integer(of(node.args[0]).rank())
        case f.norm():
            return _length(of(node.args[0]))
        case f.spectral_norm():
            matrix = of(node.args[0])
            return _length(matrix) if matrix.rank() <= 1 else sp.sqrt(_squared_singular_values(matrix)[0])
        case f.distance_to_rank():
            matrix, kept = map(of, node.args)
            if kept < 0:
                raise Undefined
            if kept == 0 or kept >= matrix.rank():
                return sp.S.Zero if kept else _length(matrix)
            return sp.sqrt(sum(_squared_singular_values(matrix)[int(kept) :]))
        case projector():
            column = of(node.args[0])
            length = sum(a * a for a in column)
            return column * column.T / length if length else column * column.T
        case f.entry():
            return of(node.args[0])[of(node.args[1]), of(node.args[2])]
        case f.row():
            return of(node.args[0])[of(node.args[1]), :]
        case f.relu():
            return _each(of(node.args[0]), lambda a: max(a, sp.S.Zero))
        case f.step():
            return _each(of(node.args[0]), lambda a: world.at_zero if a == 0 else sp.Integer(bool(a > 0)))
        case f.diagonal():
            return sp.ImmutableMatrix(sp.diag(*of(node.args[0])))
        case sp.Min() | sp.Max() | sp.Abs():
            return node.func(*map(of, node.args))
    raise TypeError(f"{type(node).__name__} has no reading here")


def _length(matrix):
    return sp.sqrt(sum(a * a for a in matrix))


def _squared_singular_values(matrix):
    """In falling order, by the eigenvalues of the smaller Gram matrix."""
    gram = matrix.T * matrix if matrix.rows > matrix.cols else matrix * matrix.T
    with mpmath.workdps(DIGITS):
        found = mpmath.eigsy(mpmath.matrix([[mpmath.mpf(a.p) / a.q for a in row] for row in gram.tolist()]))[0]
        return sorted((sp.Float(v, DIGITS) if v > 0 else sp.S.Zero for v in found), reverse=True)


def _each(matrix, function):
    return sp.ImmutableMatrix(*matrix.shape, [function(a) for a in matrix])


def _compare(node, left, right):
    if hasattr(left, "shape"):
        return (left == right) == isinstance(node, sp.Eq)
    apart = left - right
    if not apart.is_Rational:
        apart = sp.N(apart, DIGITS)
        apart = sp.S.Zero if abs(apart) < MARGIN else apart
    match node:
        case sp.Eq():
            return apart == 0
        case sp.Ne():
            return apart != 0
        case sp.Le():
            return bool(apart <= 0)
        case sp.Lt():
            return bool(apart < 0)
        case sp.Ge():
            return bool(apart >= 0)
    return bool(apart > 0)


def _is_null(node, world, at):
    """Whether an affine equation in V has a null set: some value of V breaks it, or a condition fails."""
    if not all(value(c, world, at) for c in node.conditions):
        return True
    shape = [int(value(s, world)) for s in node.variable.shape]
    zero = sp.zeros(*shape)
    units = [
        sp.ImmutableMatrix(*shape, lambda r, k, p=p: int(r * shape[1] + k == p)) for p in range(zero.rows * zero.cols)
    ]
    before, outcomes = dict(world.values), []
    for trial in (sp.ImmutableMatrix(zero), *units):
        key = (node.variable.name,) if world.constant else (node.variable.name, ())
        world.values[key] = trial
        outcomes.append(value(node.equation, world, at))
    world.values = before
    return not all(outcomes)


def holds(sentence, world, at=None):
    """Whether a sentence holds for every value of its free indices."""
    indices = [i for i in free_indices(sentence) if i not in (at or {})]
    ranges = [world.members(i.over) for i in indices]
    return all(
        value(sentence, world, {**(at or {}), **dict(zip(indices, c, strict=True))}) for c in itertools.product(*ranges)
    )
