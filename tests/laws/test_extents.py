"""A survey says exact only where lanes, gradients and differences included, are equal to the exact numbers."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import And, Eq, Implies, Ne, Not, Or
from torch.utils._python_dispatch import TorchDispatchMode

from properties.worlds.critical import EVERY, PARTITION, CriticalTwoLayerReLU
from properties.worlds.networks import TwoLayerReLU
from symbolic.papers.weight_decay import (
    A,
    B,
    D,
    G,
    G_block,
    G_full,
    H,
    P,
    S,
    V,
    V_next,
    b,
    b_gradient,
    c,
    eps,
    eta,
    h,
    h_formula,
    i,
    j,
    mu_batch,
    phi,
    phi_formula,
    q,
    q_formula,
    r,
    s,
    u,
    u_gradient,
    x,
    z,
)
from symbolic.sentences import chain, distance_to_rank, entry, exists, greatest, mean, norm, null, rank, row, vanishes
from symbolic.words import word
from verify.arena import Arena, torch
from verify.claims import Statement
from verify.draws import Draw, Generated, Given
from verify.evaluate import Evaluator
from verify.exact import Exact
from verify.extents import Envelope, ExtentArithmetic, _parts
from verify.lanes import LaneArithmetic
from verify.rationals import ExactArithmetic
from verify.screen import Screen
from verify.worlds import Kind, Lanes, Size, World, reading

TORCH = torch()
KIND = TwoLayerReLU()
SENTENCES = {
    "rank of a gradient": rank(A[i]) <= 1,
    "batch gradient": Eq(G[S], mean(q[j], j, S)),
    "one step": rank(V_next[S] - (1 - eta * c * mu_batch[S]) * V) <= B,
    "data gradient": Eq(h[i], h_formula),
    "regularised gradient": Eq(q[i], q_formula),
    "homogeneity": Eq(entry(u, s) * entry(u_gradient[i], s), entry(V * A[i].T, s, s)),
    "output": Eq(phi[i], phi_formula),
    "full gradient": Or(Eq(G_full, mean(q[i], i)), rank(H[S]) <= greatest(rank(h[i]), i)),
    "bias": Implies(Ne(r[i], 0), Eq(entry(b_gradient[i], s) * entry(x[i], 0), entry(A[i], s, 0))),
    "null set": null(V, Eq(entry(V * x[i] + b, s), 0)),
    "exists": Not(exists(i, And(Ne(norm(row(z[i], s)), 0), entry(D[i], s, s) >= 1))),
}


def world(sizes=(2, 3, 4, 2), conventions=("1", "0", "1"), shifts=(0, 0, 0), reach=None, corner="", seed=0):
    return World(
        tuple(zip("mnNB", sizes, strict=True)),
        tuple(zip(("c", "kink", "s"), conventions, strict=True)),
        tuple(zip(("V", "x", "u"), shifts, strict=True)),
        corner,
        reach,
        seed=seed,
    )


def survey(sentence, where, mantissa=53, bounds=None, kind=KIND):
    """Whether it is exact, the grains, and the lanes of bounds."""
    grains = {}
    arithmetic = ExtentArithmetic(mantissa, grains)
    net = Lanes(kind, where, arithmetic, Envelope(bounds or {}, where.reach))
    return arithmetic.judge(sentence, Evaluator(net)), grains, net


@st.composite
def worlds(draw):
    sizes = [draw(st.integers(1, 4)) for _ in range(3)]
    sizes.append(draw(st.integers(1, sizes[2])))
    conventions = draw(st.tuples(*map(st.sampled_from, (("1", "2"), ("0", "1/2", "1"), ("1", "1/2")))))
    shifts = draw(st.tuples(*[st.sampled_from((0, 0, -20, -7, 7, 20))] * 3))
    return world(sizes, conventions, shifts, draw(st.sampled_from((None, 1))), seed=draw(st.integers(0, 10**6)))


def drawn(net, where, arena, lanes=3):
    """Random lanes, and one in which every draw is as large as it may be."""
    source = Generated(arena, where.seed, 0, lanes, where.reach, where.sparse)
    draws = {}
    for name, draw in net.draws.items():
        made = source(name, draw.axes, net.shape(draw.axes), draw.low, draw.high)
        largest = TORCH.full_like(made.values[:1], int(draw.values.bound))
        draws[name] = Draw(draw.axes, draw.low, draw.high, TORCH.cat([made.values, largest]))
    return draws, lanes + 1


def exact_lane(where, draws, lane, kind=KIND):
    one = {k: Draw(d.axes, d.low, d.high, d.values[lane : lane + 1]) for k, d in draws.items()}
    return Evaluator(Lanes(kind, where, ExactArithmetic(), Given(one, 1)))


class Watched(TorchDispatchMode):
    """Notes every array of floats that torch makes, on the way back too."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        made = function(*args, **(kwargs or {}))
        if isinstance(made, TORCH.Tensor) and made.is_floating_point() and made.ndim and "empty" not in str(function):
            self.seen.append((str(function), made.detach().double().numpy().copy()))
        return made


def within(ledger, seen):
    """Whether results lie within what the ledger says of all: peak, finest grain, most grains."""
    for name, array in seen:
        near = np.abs(array[array != 0])
        if near.size == 0 or name.startswith(("aten.new", "aten.empty")):
            continue
        assert near.max() <= ledger.peak, name
        mantissas, exponents = np.frexp(near)
        whole = np.ldexp(mantissas, 53).astype(np.int64)
        lowest = (whole & -whole).astype(np.int64)
        assert (exponents - 53 + np.log2(lowest)).min() >= ledger.finest, name
        assert (whole // lowest).max() <= ledger.largest, name


@settings(max_examples=25, deadline=None)
@given(worlds(), st.sampled_from(["float64", "float32"]))
@pytest.mark.parametrize("name", SENTENCES)
def test_lanes_that_are_said_to_be_exact_are(name, where, dtype):
    arena = Arena(dtype=dtype)
    sentence = SENTENCES[name]
    exact, grains, net = survey(sentence, where, arena.mantissa)
    if not exact:
        return
    draws, count = drawn(net, where, arena)
    lanes = Lanes(KIND, where, LaneArithmetic(arena), Given(draws, count))
    on_lanes = Evaluator(lanes, arena.allowance(KIND.length(where)), grains)
    with Watched() as watched:
        for name in net._known:
            lanes.read(name)
    within(net.arithmetic.ledger, watched.seen)
    ranks, relations = _parts(sentence)
    for lane in range(count):
        exactly = exact_lane(where, draws, lane)
        for name in net._known:
            assert equal(lanes.read(name)[lane], exactly.net.read(name)[0]), name
        for node in ranks:
            value = on_lanes(node)
            right = exactly(node).array[0].approximate()
            assert grains[node] is not None
            decided = value.exact[lane].numpy()
            assert (value.array[lane].numpy() == right)[decided].all()
        for relation in relations:
            for side in (relation.lhs, relation.rhs):
                if not side.has(rank, norm):
                    assert equal(on_lanes(side).array[lane], exactly(side).array[0]), side


@settings(max_examples=25, deadline=None)
@given(worlds(), st.sampled_from(["float64", "float32"]))
@pytest.mark.parametrize("vanishing", [EVERY, PARTITION])
def test_solved_networks_that_are_said_to_be_exact_are(vanishing, where, dtype):
    kind, arena = CriticalTwoLayerReLU(vanishing=vanishing), Arena(dtype=dtype)
    exact, _, net = survey(And(rank(V) <= 1, vanishes(G_block[P]), Eq(r[i], 0)), where, arena.mantissa, kind=kind)
    if not exact:
        return
    draws, count = drawn(net, where, arena)
    lanes = Lanes(kind, where, LaneArithmetic(arena), Given(draws, count))
    for lane in range(count):
        exactly = exact_lane(where, draws, lane, kind)
        for name in net._known:
            assert equal(lanes.read(name)[lane], exactly.net.read(name)[0]), name


def equal(lane, exact):
    return bool(np.all(Exact.floats(lane.detach().double().numpy()) == exact))


def test_ordinary_worlds_are_exact_in_both_precisions():
    for name, sentence in SENTENCES.items():
        for mantissa in (53, 24):
            exact, grains, _ = survey(sentence, world(), mantissa)
            assert exact, (name, mantissa)
            assert None not in grains.values()


def test_rank_is_decided_without_rounding():
    where = world((4, 4, 4, 4))
    sentence = rank(H[S]) <= 2
    exact, grains, net = survey(sentence, where)
    assert exact
    draws, count = drawn(net, where, Arena(), 60)
    value = Evaluator(Lanes(KIND, where, LaneArithmetic(Arena()), Given(draws, count)), 0.0, grains)(sentence.lhs)
    right = [exact_lane(where, draws, lane)(sentence.lhs).array.approximate()[0] for lane in range(count)]
    assert bool(value.exact.any())
    assert (value.array.numpy() == np.array(right))[value.exact.numpy()].all()
    assert {float(k) for k in np.array(right).reshape(-1)} >= {2.0, 3.0, 4.0}


def test_magnitudes_decide():
    gradients = SENTENCES["batch gradient"]
    assert survey(gradients, world(shifts=(20, -20, 0)), 53)[0]
    assert not survey(gradients, world(shifts=(20, 20, 20)), 24)[0]
    assert not survey(gradients, world(shifts=(-20, 20, 20)), 53)[0]
    assert survey(gradients, world(), 53, {"V": 2**10})[0]
    assert not survey(gradients, world(), 24, {"V": 2**10})[0]
    assert not survey(gradients, world(), 53, {"V": 2**30})[0]
    assert not survey(rank(A[i]) <= 1, world(), 24, {"u": 2**24 + 1})[0]
    assert survey(rank(A[i]) <= 1, world(), 53, {"u": 2**24 + 1})[0]
    assert not survey(rank(A[i]) <= 1, world(shifts=(0, 0, 127)), 24)[0]


def test_the_difference_of_the_sides_counts():
    sides = Eq(entry(V, s, 0), entry(u, s))
    assert survey(sides, world(shifts=(7, 0, -7)), 24)[0]
    assert not survey(sides, world(shifts=(20, 0, -20)), 24)[0]
    assert survey(sides, world(shifts=(20, 0, -20)), 53)[0]


def test_what_rounds_is_not_exact():
    assert not survey(SENTENCES["batch gradient"], world((2, 2, 4, 3)))[0]
    exact, grains, _ = survey(rank(mean(A[j], j, S)) <= 1, world((2, 2, 4, 3)))
    assert not exact
    assert list(grains.values()) == [None]
    for sentence in (
        norm(A[i]) <= norm(V),
        Eq(eps, norm(G_full)),
        eps <= 1,
        distance_to_rank(V, 1) <= 1,
        Eq(1 / r[i], 1),
    ):
        assert not survey(sentence, world())[0]
    assert not survey(rank(A[i]) <= 1, world(conventions=("1", "1/3", "1")))[0]
    assert not survey(Eq(r[i] / 3, 0), world())[0]
    assert survey(Eq(norm(V), 0), world())[0]


def test_a_rank_before_the_rounding_is_still_exact():
    sentence = chain(rank(A[i]), norm(V) * norm(x[i]))
    exact, grains, _ = survey(sentence, world())
    assert not exact
    assert list(grains.values()) == [0]
    assert list(survey(sentence, world(shifts=(0, -7, -20)))[1].values()) == [-27]


def test_a_survey_reads_draws_and_shapes_and_imposes_no_corner():
    where = world((2, 3, 4, 2), corner="dead units", reach=1)
    found = Screen(Statement(KIND, (Ne(r[i], 0),), rank(A[i]) <= 1), Arena()).survey(where)
    assert found.exact == (True, True)
    assert set(found.draws) == {"V", "u", "b", "x", "y"}
    assert found.draws["b"] == (("m", "1"), -6, 6)
    assert found.entries > 4 * 2 * 3


def test_envelopes_follow_the_range_and_the_reach():
    def largest(low, high, reach=None, **bounds):
        return Envelope(bounds, reach)("w", ("2",), (2,), low, high).values.bound

    assert largest(-3, 2) == 3
    assert largest(-3, 5, 4) == 4
    assert largest(2, 5, 1) == 2
    assert largest(-3, 5, 1, w=70) == 70
    assert largest(0, 0) == float("inf")


weights = word("trained-in-tests:W", "weights that a training run made", shape=(2, 2))


@dataclass(frozen=True)
class Trained(Kind):
    size: Size = Size(1, 2)  # noqa: RUF009
    speaks: ClassVar[str] = "trained-in-tests"
    letters: ClassVar[dict[str, str]] = {"k": "size"}
    shrinks: ClassVar[bool] = False

    @reading
    def W(net):  # noqa: N805
        def produce(net):
            raise AssertionError("a survey trains nothing")

        return net.stored("W", "2 2", produce)


def test_stored_numbers_are_not_exact_and_not_produced():
    sentence = And(rank(weights) <= 2, Eq(weights * 2, weights + weights))
    exact, grains, net = survey(sentence, World((("k", 1),)), kind=Trained())
    assert not exact
    assert list(grains.values()) == [None]
    assert net.entries() == 4


FUNCTIONS = {
    "products": lambda a, v, x: ((v * x).sum(-1) * v.sum(-1) - 3 * v[..., 0]).sum(-1),
    "used twice": lambda a, v, x: (v * v + v * 5 - (2 - v)).sum((-2, -1)),
    "matrices": lambda a, v, x: ((v @ x.mT) @ v + x @ v.mT @ v).sum((-2, -1)),
    "vectors": lambda a, v, x: (x[0, 0, 0] @ v.mT).sum(-1) + (v @ x[0, 0, 0]).square().sum(-1),
    "powers": lambda a, v, x: (v**3 + v.square() * 4 + v**1 + v**0).sum((-2, -1)),
    "relu": lambda a, v, x: (a.relu(v - x, Fraction(1, 2)) * x + (v + 1).relu() + v.abs()).sum((-2, -1)),
    "clamp": lambda a, v, x: (v.clamp(min=-1, max=2) * x).sum((-2, -1)),
    "means": lambda a, v, x: (v[..., :2, :2] * x[..., :2, :2]).mean((-2, -1)) + v[..., :1].mean(-1).sum(-1),
    "mean of three": lambda a, v, x: (v * x).mean(-1).sum(-1),
    "divided": lambda a, v, x: (v / 4 * x / 0.5).sum((-2, -1)),
    "moves": lambda a, v, x: (
        v.mT.unsqueeze(1).expand(-1, 2, -1, -1, -1).movedim(1, -1).reshape(1, v.shape[1], -1).sum(-1)
        + v.diagonal(dim1=-2, dim2=-1).sum(-1)
        + (v[:, :, [0, 0, 1]] * x[:, :, :1]).squeeze(0).unsqueeze(0).sum((-2, -1))
    ),
    "taken": lambda a, v, x: a.take(v, ((0, 1), (1, 1)), 2).square().sum((-3, -2, -1)),
    "joined": lambda a, v, x: (a.stack([v, x.expand(*v.shape), v * 2], 1) * 3).sum((1, -2, -1)),
    "chosen": lambda a, v, x: a.where(v > x, v * x, v.square()).sum((-2, -1)),
    "diagonal": lambda a, v, x: (a.diagonal_matrix(v) * 2).sum((-3, -2, -1)),
    "maximum": lambda a, v, x: (a.maximum(v, x.expand(*v.shape)) + a.minimum(v * 2, v.mT)).sum((-2, -1)),
    "largest": lambda a, v, x: v.amax((-2, -1)) * 2,
    "root": lambda a, v, x: v.square().sum((-2, -1)).sqrt(),
    "quotient": lambda a, v, x: (v / (v * v + 1) + 1 / (v * v + 1)).sum((-2, -1)),
    "tanh": lambda a, v, x: a.function("tanh", v).sum((-2, -1)),
    "constant": lambda a, v, x: a.step(v, Fraction(1, 2)).sum((-2, -1)),
}
ROUNDING = ("mean of three", "largest", "root", "quotient", "tanh")


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([1, 3, 40]), st.integers(-3, 3))
@pytest.mark.parametrize("name", FUNCTIONS)
def test_reverse_mode_stays_within_its_bounds(name, seed, size, power):
    function = FUNCTIONS[name]
    random = np.random.default_rng(seed)
    v, fixed = (random.integers(-size, size + 1, shape) * 2.0**power for shape in ((1, 3, 3), (1, 1, 3, 3)))
    lanes, bounds = LaneArithmetic(Arena()), ExtentArithmetic(53, {})
    with Watched() as watched:
        on_lanes = lanes.gradient(lambda p: function(lanes, p, TORCH.tensor(fixed)), TORCH.tensor(v), 2)
    x = bounds.scaled(fixed)
    extent = bounds.gradient(lambda p: function(bounds, p, x), bounds.scaled(v), 2)
    assert extent.shape == tuple(on_lanes.shape)
    assert (np.abs(on_lanes.numpy()) <= extent.bound).all()
    assert (extent.grain is None) == (name in ROUNDING)
    assert bounds.ledger.grained == (name not in ROUNDING)
    if bounds.ledger.exact_in(53):
        within(bounds.ledger, watched.seen)
        steps = on_lanes.numpy() * 2.0 ** -min(extent.grain, 100)
        assert (steps == np.round(steps)).all()
