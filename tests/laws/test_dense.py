"""A dense layer of a deep network: its readings are backpropagation as written out here; its claim can be broken."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from sympy import Eq

from properties.weight_decay.dense_layers import any_dense_layer
from properties.worlds.dense import DenseLayer
from symbolic.papers.weight_decay import B, N, a, delta, h, i, q, q_formula
from symbolic.sentences import norm, rank
from verify.arena import Arena, torch
from verify.claims import Statement, claim
from verify.draws import Draw, Generated, Given
from verify.efforts import EFFORTS
from verify.lanes import LaneArithmetic
from verify.rationals import ExactArithmetic
from verify.screen import Screen
from verify.search import Search, lane_draws
from verify.worlds import KindError, Lanes, World

LETTERS = "mnoldNB"
USUAL = {"c": "2", "loss": "2", "bias": "0", "kink": "0"}
PLACES = list(itertools.product((1, 2, 3), (1, 2, 3)))
SHAPED = {"V", "a", "delta", "h", "q", "H", "G", "mu_S", "g", "b", "x"}


def world(sizes, corner="", seed=0, reach=2, shifts=(), **conventions):
    chosen = {**USUAL, **conventions}
    return World(
        tuple(zip(LETTERS, sizes, strict=True)), tuple(sorted(chosen.items())), shifts, corner, reach, seed=seed
    )


def lanes(where, count=16, kind=None, dtype="float64"):
    arena = Arena(dtype=dtype)
    source = Generated(arena, where.seed, 0, count, where.reach, where.sparse)
    return Lanes(kind or DenseLayer(), where, LaneArithmetic(arena), source)


def exactly(net, lane):
    return Lanes(net.kind, net.world, ExactArithmetic(), Given(lane_draws(net, lane), 1))


def made_of(where, **values):
    """One network in exact arithmetic from the values of its draws; those that are not named are zero."""
    asked = lanes(where, 1)
    asked.G  # noqa: B018  (draws everything that a gradient needs)
    known = {}
    for name, draw in asked.draws.items():
        value = torch().zeros_like(draw.values)
        if name in values:
            value = value + torch().as_tensor(values[name]).reshape(value.shape)
        known[name] = Draw(draw.axes, draw.low, draw.high, value)
    return Lanes(DenseLayer(), where, ExactArithmetic(), Given(known, 1))


def relu(z, kink):
    """Values and slopes of ReLU at a list of rationals."""
    return [max(v, 0) for v in z], [kink if v == 0 else int(v > 0) for v in z]


def affine(weights, received, bias):
    return [sum(w * r for w, r in zip(row, received, strict=True)) + s for row, s in zip(weights, bias, strict=True)]


def backpropagated(net, lane, sample):
    """(a, delta, loss) of one sample by textbook backpropagation in rationals, from the raw integers."""
    sizes, conventions = dict(net.world.sizes), {k: Fraction(v) for k, v in net.world.conventions}
    raw = {k: d.values[lane].tolist() for k, d in net.draws.items()}
    kink, last = conventions["kink"], sizes["d"] == 1
    received = [row[0] for row in raw["x"][sample]]
    for k in range(1, sizes["l"]):
        received, _ = relu(affine(raw[f"W{k}"], received, [row[0] for row in raw[f"w{k}"]]), kink)
    with_bias = not last or conventions["bias"] == 1
    bias = [Fraction(row[0], 2) for row in raw["b"]] if with_bias else [0] * sizes["m"]
    z = affine(raw["V"], received, bias)
    after = [(raw[f"U{k}"], raw[f"u{k}"][0]) for k in range(1, sizes["d"] - 1)]
    if not last:
        after.append((raw["U"], raw["beta"][0] if conventions["bias"] == 1 else [0] * sizes["o"]))
    slopes, values = [], z
    for weights, offset in after:
        values, slope = relu(values, kink)
        slopes.append(slope)
        values = affine(weights, values, offset)
    wanted = [raw["y"][sample][k % sizes["o"]] for k in range(len(values))]
    if conventions["loss"] == 0:
        margins = [max(1 - f * y, 0) for f, y in zip(values, wanted, strict=True)]
        loss, error = sum(t**2 for t in margins), [-2 * y * t for t, y in zip(margins, wanted, strict=True)]
    else:
        power = int(conventions["loss"])
        gaps = [f - y for f, y in zip(values, wanted, strict=True)]
        loss, error = sum(e**power for e in gaps), [power * e ** (power - 1) for e in gaps]
    for (weights, _), slope in zip(reversed(after), reversed(slopes), strict=True):
        columns = list(zip(*weights, strict=True))
        error = [s * sum(w * e for w, e in zip(c, error, strict=True)) for s, c in zip(slope, columns, strict=True)]
    return received, error, loss


def conventions_of(number):
    choices = list(itertools.product("12", "240", "01", ("0", "1/2", "1")))
    return dict(zip(("c", "loss", "bias", "kink"), choices[number % len(choices)], strict=True))


@pytest.mark.parametrize("place", PLACES, ids=str)
@pytest.mark.parametrize("loss", ["2", "4", "0"])
def test_readings_are_backpropagation(place, loss):
    """Under every kink and with and without an output bias; tiny draws, so that many pre-activations are zero."""
    met = 0
    for number, (kink, bias) in enumerate(itertools.product(("0", "1/2", "1"), "01")):
        net = lanes(world((2, 3, 2, *place, 3, 2), kink=kink, bias=bias, loss=loss, seed=number, reach=1), 6)
        net.q  # noqa: B018  (draws what a gradient needs)
        met += int(net.kind.visited(net).get("kink", torch().zeros(1)).sum())
        for lane, sample in itertools.product(range(6), range(3)):
            received, error, _ = backpropagated(net, lane, sample)
            assert net.a[lane, sample, :, 0].tolist() == [float(v) for v in received]
            assert net.delta[lane, sample, :, 0].tolist() == [float(v) for v in error]
            outer = [[float(e * v) for v in received] for e in error]
            assert net.h[lane, sample].tolist() == outer
            decayed = 2 * net.draws["g"].values[lane, sample] * net.draws["V"].values[lane]
            assert net.q[lane, sample].tolist() == (torch().tensor(outer) + decayed).tolist()
    assert met > 0 or place[1] == 1


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_gradients_are_those_of_torch_on_the_mean_loss(place):
    """G by autograd through plain torch code for one network, batch by batch, off the kinks."""
    module, seen = torch(), 0
    for number, (loss, c) in enumerate(itertools.product(("2", "4", "0"), "12")):
        net = lanes(world((3, 2, 3, *place, 4, 2), loss=loss, c=c, bias="1", seed=number, reach=None), 4)
        net.G  # noqa: B018  (draws what a gradient needs)
        for lane in range(net.count):
            if net.kind.visited_exactly(exactly(net, lane))["kink"]:
                continue
            seen += 1
            raw = {k: d.values[lane].double() for k, d in net.draws.items()}
            received = raw["x"].squeeze(-1)
            for k in range(1, place[0]):
                received = (received @ raw[f"W{k}"].T + raw[f"w{k}"].T).relu()
            for which, members in enumerate(itertools.combinations(range(4), 2)):
                V = raw["V"].clone().requires_grad_(True)
                out = received[list(members)] @ V.T + raw["b"].T / 2
                for k in range(1, place[1] - 1):
                    out = out.relu() @ raw[f"U{k}"].T + raw[f"u{k}"]
                if place[1] > 1:
                    out = out.relu() @ raw["U"].T + raw["beta"]
                y = raw["y"][list(members)]
                each = (1 - out * y).relu() ** 2 if loss == "0" else (out - y) ** int(loss)
                total = each.sum(1).mean() + float(c) / 2 * raw["g"][list(members)].mean() * (V**2).sum()
                (slope,) = module.autograd.grad(total, V)
                np.testing.assert_allclose(net.G[lane, which].numpy(), slope.numpy(), rtol=1e-9)
    assert seen > 5


@pytest.mark.parametrize("number", range(12))
@pytest.mark.parametrize("regulariser", ["per-sample", "constant"])
def test_lanes_and_rationals_agree(number, regulariser):
    place = PLACES[number % len(PLACES)]
    where = world((2, 2, 2, *place, 3, 2), seed=number, reach=1, **conventions_of(5 * number))
    net = lanes(where, 3, DenseLayer(regulariser=regulariser))
    for letter in sorted(SHAPED):
        getattr(net, letter)
    for lane in range(net.count):
        one = exactly(net, lane)
        for letter in SHAPED:
            assert (getattr(one, letter) == getattr(net, letter)[lane : lane + 1].numpy()).all(), letter
        assert one.eps.approximate()[0] == pytest.approx(float(net.eps[lane]))
        norms = [one.G[:, k].square().sum((1, 2)) for k in range(one.G.shape[1])]
        assert any((one.eps.square() == square).all() for square in norms)
        assert all((square <= one.eps.square()).all() for square in norms)


def test_a_survey_knows_when_lanes_are_exact():
    screen = Screen(Statement(DenseLayer(), (), rank(h[i]) <= 1), Arena())
    small = screen.survey(world((1, 1, 1, 1, 1, 1, 1), reach=1))
    deep = screen.survey(world((4, 4, 3, 3, 3, 6, 3), loss="4", reach=None))
    assert small.exact == (True,)
    assert deep.exact == (False,)


def test_the_constant_is_attained():
    """The network of the documentation: q = (2 B - 1, -1, ..., -1), eps = 1."""
    for batch in (1, 2, 3, 5):
        targets = [2 - batch, *[2] * batch]
        net = made_of(
            world((1, 1, 1, 1, 1, batch + 1, batch), c="1"), V=1, x=[1] * (batch + 1), g=[1] * (batch + 1), y=targets
        )
        assert net.eps.fraction(0) == 1
        assert (net.V + net.h[:, 0]).fraction(0, 0, 0) == 2 * batch - 1


@pytest.mark.parametrize("place", [(1, 1), (1, 2), (3, 3)], ids=str)
def test_corners_are_visited(place):
    named = {"dead units": "dead unit", "exact kink": "kink", "rank-deficient V": None}
    for corner in DenseLayer.corners:
        net = lanes(world((3, 2, 2, *place, 3, 2), corner=corner, reach=None), 40)
        net.q  # noqa: B018  (draws what a gradient needs)
        name = named.get(corner, corner)
        if corner == "rank-deficient V":
            assert (torch().linalg.matrix_rank(net.V) <= 1).all()
        elif place[1] > 1 or name not in ("dead unit", "kink"):
            assert net.kind.visited(net)[name].all(), corner


def test_a_kink_before_the_layer_is_none_of_the_gradients():
    """A zero pre-activation of an earlier layer changes a slope that no gradient in V looks at; a later one counts."""
    usual = {"V": [1], "x": [1], "b": [1], "U": [1], "g": [1]}
    before = made_of(world((1, 1, 1, 2, 2, 1, 1)), **usual, W1=[0], w1=[0])
    at = made_of(world((1, 1, 1, 1, 2, 1, 1)), **{**usual, "b": [-2]})
    after = made_of(world((1, 1, 1, 1, 3, 1, 1)), **usual, U1=[0], u1=[0])
    linear = made_of(world((1, 1, 1, 1, 1, 1, 1)))
    seen = [net.kind.visited_exactly(net)["kink"] for net in (before, at, after, linear)]
    assert seen == [False, True, True, False]


def test_the_claim_holds_in_its_worlds():
    search = Search(any_dense_layer.statement, Arena(), EFFORTS["quick"], 0)
    tally = search.run()
    assert search.found is None
    assert tally.undefined == tally.undecided == tally.unheard == 0
    assert tally.distinct > 5000
    for corner in ("hidden layer", "last layer", "loss squared hinge", "output bias", "kink", "dead unit"):
        assert tally.corners[corner] > 500, corner


@pytest.mark.parametrize("mutant", any_dense_layer.mutants, ids=lambda m: m.name)
def test_the_mutants_die(mutant):
    for seed in (1, 2):
        search = Search(mutant.statement, Arena(), EFFORTS["quick"], seed)
        search.run()
        assert search.found is not None, seed


DRAFT = """
from properties.worlds.dense import DenseLayer
from symbolic import rank
from symbolic.papers.weight_decay import a, delta, h, i
from verify import claim

claim("draft/twice", "A gradient has rank one.", given=DenseLayer(), says=rank(h[i]) <= 1,
      where={h[i]: 2 * delta[i] * a[i].T})
"""


def test_a_wrong_outer_product_is_exit_4(lakatos, tmp_path):
    (tmp_path / "draft.py").write_text(DRAFT)
    ended = lakatos("check", "draft.py")
    assert ended.code == 4
    assert "the definition" in ended.out + ended.err


def test_definitions_of_the_claim_are_judged(judge):
    right = {h[i]: delta[i] * a[i].T, q[i]: q_formula}
    good = claim("draft/right", "d", given=DenseLayer(), assuming=[B < N], says=rank(h[i]) <= 1, where=right)
    assert judge(good).error is None
    transposed = {delta[i]: h[i] * a[i]}
    bad = claim(
        "draft/transposed", "d", given=DenseLayer(), says=Eq(norm(delta[i]), norm(delta[i].T)), where=transposed
    )
    assert "definition" in (judge(bad).error or "")


def test_an_unknown_regulariser_is_an_error():
    with pytest.raises(KindError, match="say 'per-sample' or 'constant'"):
        DenseLayer(regulariser="none")
    assert not DenseLayer().can_read("mu")
