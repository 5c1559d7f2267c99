"""Normal forms keep the value of an expression, in small worlds and exactly."""

import random
import runpy
from pathlib import Path

import pytest
from sympy import Abs, Identity, Integer, Trace

from symbolic import diagonal, entry, index, mean, norm, rank, relu, step
from symbolic.grammar import RuleError, with_index
from symbolic.normal import normal, normal_sentence, same
from symbolic.papers.weight_decay import A, B, S, V, b, c, g, h, i, j, m, n, r, s, u, x
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
        ],
        (m, 1): [lambda: grow((m, n)) * x[sample], lambda: step(grow())],
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
