"""Normal forms keep the value of an expression, in small worlds and exactly."""

import random
import runpy
from math import prod
from pathlib import Path

import pytest
from sympy import Abs, Add, Identity, Integer, MatPow, Mul, Pow, Rational, Trace, ZeroMatrix, fraction, together

from symbolic import diagonal, entry, index, mean, norm, rank, relu, step
from symbolic.grammar import RuleError, with_index
from symbolic.normal import cleared, difference, normal, normal_sentence, same, scalar_from, scalar_terms
from symbolic.papers.weight_decay import A, B, N, S, T, V, b, c, g, h, i, j, m, mu, n, r, s, u, x
from symbolic.projections import projector
from symbolic.sentences import exists, free_indices

SMALL = runpy.run_path(str(Path(__file__).parents[1] / "small_worlds.py"))
World, value = SMALL["World"], SMALL["value"]
k = index("k", over="samples")


def scalar(rng, depth, sample):
    if depth == 0:
        return rng.choice([c, g[sample], r[sample], B, Integer(rng.randint(-2, 2))])
    grow = lambda: scalar(rng, depth - 1, sample)  # noqa: E731
    column = lambda: matrix(rng, depth - 1, sample, (m, 1))  # noqa: E731
    return rng.choice(
        [
            lambda: grow() + grow(),
            lambda: grow() * grow(),
            lambda: grow() ** 2,
            lambda: Trace(matrix(rng, depth - 1, sample, (m, m))),
            lambda: Trace(column().T * column()),
            lambda: entry(matrix(rng, depth - 1, sample, (m, n)).T, 0, s),
            lambda: mean(scalar(rng, depth - 1, j), j, S) if sample != j else grow(),
            lambda: Abs(grow()),
            lambda: grow() / (1 + grow() ** 2),
            lambda: rank(matrix(rng, depth - 1, sample, (m, n))),
        ]
    )()


def matrix(rng, depth, sample, shape):
    if depth == 0:
        return {
            (m, n): rng.choice([V, A[sample], h[sample]]),
            (m, m): rng.choice([V * V.T, Identity(m), diagonal(b)]),
            (m, 1): rng.choice([b, u.T, V * x[sample]]),
        }[shape]
    grow = lambda wanted=shape: matrix(rng, depth - 1, sample, wanted)  # noqa: E731
    shared = [
        lambda: grow() + grow(),
        lambda: scalar(rng, depth - 1, sample) * grow(),
        lambda: grow((m, m)) * grow(),
        lambda: mean(matrix(rng, depth - 1, j, shape), j, S) if sample != j else grow(),
        lambda: relu(grow()),
    ]
    own = {
        (m, n): [lambda: grow((m, 1)) * x[sample].T],
        (m, m): [
            lambda: grow() * grow((m, n)) * V.T,
            lambda: grow((m, n)) * grow((m, n)).T,
            lambda: diagonal(grow((m, 1))).T,
            lambda: projector(grow((m, 1))) * grow(),
        ],
        (m, 1): [
            lambda: grow((m, n)) * x[sample],
            lambda: step(grow()),
            lambda: projector(b) * projector(grow()) * b,
        ],
    }[shape]
    return rng.choice(shared + own)()


@pytest.mark.parametrize("seed", range(60))
def test_a_normal_form_has_the_value_of_its_expression(seed):
    rng = random.Random(seed)
    made = scalar(rng, 3, i) if seed % 2 else matrix(rng, 3, i, rng.choice([(m, n), (m, m), (m, 1)]))
    form = normal(made)
    assert same(made, form)
    assert normal(form) == form
    for world_seed in range(4):
        world = World(world_seed)
        at = {free: world.members(free.over)[-1] for free in {*free_indices(made), *free_indices(form)}}
        assert value(made, world, at) == value(form, world, at)


def test_equal_expressions_are_recognised():
    assert same(mean(c * A[j] + g[j] * V, j, S), c * mean(A[i], i, S) + V * mean(g[i], i, S))
    assert same(Trace(u * b), Trace(b * u))
    assert same(Trace(b.T * V * x[i]), Trace(x[i].T * V.T * b))
    assert same(mean(V, j, S), V)
    assert same((b * u * b * u), Trace(u * b) * (b * u))
    assert not same(V * V.T, V.T * V)
    assert not same(mean(g[j] * A[j], j, S), mean(g[j], j, S) * mean(A[j], j, S))
    assert not same(relu(V + V), relu(V))


def test_sentences_that_say_the_same_share_a_key():
    assert normal_sentence(rank(V) <= 2) == normal_sentence(rank(V) <= 2)
    assert normal_sentence(exists(j, g[j] > 0)) == normal_sentence(exists(i, g[i] > 0))
    assert normal_sentence(rank(V) < 2) != normal_sentence(rank(V) <= 2)
    assert normal_sentence(norm(V) <= c) != normal_sentence(norm(V) >= c)


def test_an_index_is_never_captured():
    assert with_index(mean(A[j] + h[i], j, S), i, k) == mean(A[j] + h[k], j, S)
    with pytest.raises(RuleError, match="bound"):
        with_index(mean(A[j] + h[i], j, S), i, j)
    assert with_index(mean(A[j], j, S), j, i) == mean(A[j], j, S)


D_OWN, TOTAL = g[i] - g[j], g[i] + g[j]
P_OWN, P_OTHER = projector(x[i]), projector(x[j])
EQUAL = {
    "sizes": (N / (N - B) - B / (N - B), Integer(1)),
    "members": (g[i] / D_OWN - g[j] / D_OWN, Integer(1)),
    "the other way round": (1 / (g[i] - g[j]), -1 / (g[j] - g[i])),
    "two denominators": (1 / D_OWN + 1 / TOTAL, 2 * g[i] / (g[i] ** 2 - g[j] ** 2)),
    "a product of denominators": (1 / (D_OWN * TOTAL), 1 / (g[i] ** 2 - g[j] ** 2)),
    "powers": (g[i] / TOTAL**2 + g[j] / TOTAL**2, 1 / TOTAL),
    "a sum below and above": (TOTAL**3 / TOTAL**2, TOTAL),
    "means below": (mean(g[j] + c, j) / (mean(g[i], i) + c), Integer(1)),
    "matrices": (g[i] / D_OWN * V - g[j] / D_OWN * V, V),
    "a zero matrix": (N / (N - B) * V - B / (N - B) * V - V, ZeroMatrix(m, n)),
    "a mean of fractions": (mean(g[j] / (g[i] + c), j) + mean(c / (g[i] + c), j), (mean(g[j], j) + c) / (g[i] + c)),
    "a mean in a mean": (mean(mean(r[i], i) * Abs(g[j]), j), mean(r[j], j) * mean(Abs(g[i]), i)),
    "a mean pulled out of matrices": (mean(mean(r[i], i) * g[j] * A[j], j), mean(r[j], j) * mean(g[i] * A[i], i)),
    "a mean over batches pulled out": (
        mean(mean(g[j], j, S) * mean(r[j], j), S),
        mean(r[i], i) * mean(mean(g[i], i, S), S),
    ),
    "two means in a mean": (mean(mean(Abs(r[i] + g[j]), i) * mean(c, i), j), c * mean(mean(Abs(r[j] + g[i]), j), i)),
    "a projector and its column": (P_OWN * x[i], x[i]),
    "a column and its projector": (x[i].T * P_OWN, x[i].T),
    "a projector twice": (V * P_OWN * P_OWN, V * P_OWN),
    "a power of a projector": (MatPow(P_OWN, 3), P_OWN),
    "a projector turned": ((V * P_OWN).T, P_OWN * V.T),
    "a projector around a trace": (Trace(P_OWN * V.T * V * P_OWN), Trace(V * P_OWN * V.T)),
    "what is off the line": ((V - V * P_OWN) * x[i], ZeroMatrix(m, 1)),
    "Pythagoras": (Trace((V - V * P_OWN).T * V * P_OWN), Integer(0)),
    "a projector of a sum": (projector(x[i] + x[j]), projector(x[j] + x[i])),
}
UNEQUAL = {
    "a sum for a difference": (N / (N - B) + B / (N - B), Integer(1)),
    "twice": (N / (N - B) - B / (N - B), Integer(2)),
    "another denominator": (g[i] / TOTAL - g[j] / TOTAL, Integer(1)),
    "denominators added": (1 / D_OWN + 1 / TOTAL, 2 / (D_OWN + TOTAL)),
    "the sign of a difference": (1 / (g[i] - g[j]), 1 / (g[j] - g[i])),
    "one power less": (g[i] / TOTAL**2 + g[j] / TOTAL**2, Integer(1)),
    "a mean of reciprocals": (mean(1 / (c + g[j] ** 2), j), 1 / (c + mean(g[j] ** 2, j))),
    "a matrix for another": (g[i] / D_OWN * V - g[j] / D_OWN * A[i], V),
    "half a matrix": (N / (N - B) * V - B / (N - B) * V, V / 2),
    "a mean of a product": (mean(r[j] * Abs(g[j]), j), mean(r[j], j) * mean(Abs(g[i]), i)),
    "a mean over batches for one over subsets": (mean(mean(g[j], j, S), S), mean(mean(g[j], j, T), T)),
    "another line": (P_OTHER * x[i], x[i]),
    "two lines": (P_OWN * P_OTHER, P_OWN),
    "the whole space": (V * P_OWN, V),
    "an outer product": (x[i] * x[i].T, P_OWN),
    "the trace of a projector": (Trace(P_OWN), Integer(1)),
    "a projector of another column": (projector(x[i] + x[j]), P_OWN + P_OTHER),
    "a projector of a multiple": (projector(c * x[i]), c * P_OWN),
    "a projector and a column beyond": (P_OWN * x[j], x[j]),
}


@pytest.mark.parametrize("what", EQUAL)
def test_equal_fractions_means_and_projections_are_recognised(what):
    left, right = EQUAL[what]
    assert same(left, right)
    assert not difference(right, left)
    for seed in range(20):
        _agree(left, right, World(seed))


@pytest.mark.parametrize("what", UNEQUAL)
def test_unequal_fractions_means_and_projections_are_told_apart(what):
    left, right = UNEQUAL[what]
    assert not same(left, right)


def _agree(left, right, world):
    at = {free: world.members(free.over)[0] for free in {*free_indices(left), *free_indices(right)}}
    at |= {free: world.members(free.over)[-1] for free in at if free == j}
    try:
        values = value(left, world, at), value(right, world, at)
    except SMALL["Undefined"]:
        return
    assert values[0] == values[1]


LETTERS = [c, mu, B, N, g[i], g[j]]


def quotient(rng, depth):
    """A random rational function of the letters, with sums below and above."""
    if depth == 0:
        return rng.choice([*LETTERS, Integer(rng.randint(1, 3))])
    first, second = quotient(rng, depth - 1), quotient(rng, depth - 1)
    return rng.choice([first + second, first - second, first * second, first / (second + 1 + rng.choice(LETTERS))])


def at(point, node):
    """The value of a rational function at a point, by arithmetic of rationals alone; infinite at a pole."""
    if node in point:
        return point[node]
    if isinstance(node, Add):
        return sum((at(point, a) for a in node.args), Integer(0))
    if isinstance(node, Mul):
        return prod(at(point, a) for a in node.args)
    return at(point, node.base) ** node.exp if isinstance(node, Pow) else node


@pytest.mark.parametrize("seed", range(40))
def test_quotients_are_equal_exactly_where_their_values_are(seed):
    rng = random.Random(seed)
    made = quotient(rng, 3)
    above, below = fraction(together(made))
    neighbour = made + rng.choice([1, c, 1 / (c + mu), (g[i] - g[j]) / (N + 1)])
    assert same(made, above / below)
    assert not same(neighbour, above / below)
    judged = 0
    for _ in range(10):
        point = {letter: Rational(rng.randint(-30, 30), rng.randint(1, 7)) for letter in LETTERS}
        values = [at(point, each) for each in (made, normal(made), above / below, neighbour)]
        if all(each.is_Rational for each in values):
            judged += values[0] != values[3]
            assert values[0] == values[1] == values[2]
    assert judged


@pytest.mark.parametrize("seed", range(20))
def test_what_is_cleared_is_a_multiple_that_vanishes_where_the_sum_does(seed):
    rng = random.Random(seed)
    products = [quotient(rng, 1) * quotient(rng, 1) * rng.choice([-1, 1, 2]) for _ in range(4)]
    terms = scalar_terms(Add(*products))
    left = cleared(terms)
    assert not [a for m in left for a, p in m if p < 0 and isinstance(a, Add)]
    below = {a: max(0, *(-dict(m).get(a, 0) for m in terms)) for m in terms for a, _ in m if isinstance(a, Add)}
    point = {letter: Rational(rng.randint(1, 30), rng.randint(31, 60)) for letter in LETTERS}
    factor = prod(at(point, a) ** p for a, p in below.items())
    assert at(point, scalar_from(left)) == factor * at(point, scalar_from(terms))
