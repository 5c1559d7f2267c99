"""Theorem 2.6 on trained networks: the training is what it says, and what is told of its networks is computed twice."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from sympy import Implies

from properties.weight_decay.trained_networks import DECAYED, proximity
from properties.weight_decay.vacuity import ANCHOR, ANY_PAIR, ANY_SAMPLE, PRINTED
from properties.worlds import datasets
from properties.worlds.critical import CriticalTwoLayerReLU
from properties.worlds.descent import FAR, FEW, Choices, summed
from properties.worlds.near_critical import NearCriticalTwoLayerReLU
from properties.worlds.networks import TwoLayerReLU
from properties.worlds.training import TrainedTwoLayerReLU
from reports.markdown import render as markdown
from reports.record import read_record
from symbolic import norm, spectral_norm
from symbolic.papers.weight_decay import B, N, V, c, eps, h, i, mu
from verify import Grade, claim
from verify.arena import Arena, torch
from verify.claims import Statement
from verify.draws import Generated
from verify.efforts import EFFORTS
from verify.evaluate import Evaluator
from verify.lanes import LaneArithmetic
from verify.search import Search
from verify.worlds import KindError, Lanes, Size, World

STORED = ("V", "u", "b", "x", "y", "mu", "eta")
QUICKLY = replace(EFFORTS["quick"], examples=2, work=2**18, arm=48)
SHORT = replace(DECAYED, steps=40)


def world(B=4, n=4, N=24, m=32, seed=0, **conventions):
    usual = {"c": "1", "kink": "0", "s": "1", "data": "0", **conventions}
    return World((("m", m), ("n", n), ("N", N), ("B", B)), tuple(sorted(usual.items())), seed=seed)


def lanes(kind, where, count, first=0, dtype="float64"):
    arena = Arena(dtype=dtype)
    arena.prepare()
    return Lanes(kind, where, LaneArithmetic(arena), Generated(arena, where.seed, first, count, None, False))


def sized(kind, where, **changes):
    names = {"m": "width", "n": "inputs", "N": "samples", "B": "batch"}
    return replace(kind, **{names[letter]: Size(size, size) for letter, size in where.sizes}, **changes)


# -- training -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_lane_alone_is_the_lane_in_a_batch(dtype):
    where = world(B=5, n=6, seed=3, data="1")
    whole = lanes(SHORT, where, 30, dtype=dtype)
    for lane in (0, 7, 29):
        alone = lanes(SHORT, where, 1, lane, dtype)
        for name in STORED:
            assert torch().equal(getattr(alone, name)[0], getattr(whole, name)[lane]), name


@pytest.mark.parametrize(("m", "n", "c"), [(3, 2, "2"), (21, 5, "1")])
def test_the_training_is_descent_with_decay_and_halvings_by_another_route(m, n, c):
    """A batch that is the whole sample leaves nothing to chance: numpy takes the same steps, by matrix products."""
    where = world(B=6, N=6, m=m, n=n, seed=5, c=c, s="1/2")
    kind = sized(DECAYED, where, steps=30, halvings=3)
    start, end = lanes(replace(kind, steps=0), where, 20), lanes(kind, where, 20)
    assert float(end.mu.max()) == 1
    assert not torch().equal(start.V, end.V)
    for lane in range(20):
        W, u, b = (getattr(start, name)[lane].numpy().copy() for name in ("V", "u", "b"))
        x, y = end.x[lane, :, :, 0].numpy(), end.y[lane].numpy()
        strength, eta = float(end.mu[lane]), float(end.eta[lane])
        for step in range(30):
            z = x @ W.T + b.T
            residual = np.maximum(z, 0) @ u[0] - y
            back = residual[:, None] * (z > 0) * u
            slopes = back.T @ x / 6 + float(c) * strength * W, residual @ np.maximum(z, 0) / 6, back.mean(0)
            rate = eta / 2 ** (step // 10)
            W, u, b = W - rate * slopes[0], u - rate * slopes[1][None], b - rate * slopes[2][:, None]
        for name, expected in (("V", W), ("u", u), ("b", b)):
            np.testing.assert_allclose(getattr(end, name)[lane].numpy(), expected, atol=1e-9)


def test_small_networks_are_trained_as_if_all_samples_were_summed():
    """The members of a batch, one after the other, are the same sum as all samples with those left out at zero."""
    where = world(m=5, n=8, N=8, B=3, seed=9)
    kind = TrainedTwoLayerReLU(data="diabetes", steps=64, regulariser="constant")
    net, start = lanes(kind, where, 40), lanes(replace(kind, steps=0), where, 40)
    x, y, V, u, b = net.x.squeeze(3), net.y, start.V, start.u.squeeze(1), start.b.squeeze(2)
    choice, rate = Choices(net), net.eta.reshape(-1, 1) / torch().full((40, 1), 3.0).double()

    def one_by_one(terms):
        total = None
        for term in terms:
            total = term if total is None else total + term
        return total

    stopped = net.eta < 0
    for members in (step for block in choice.batches(64, 8, 3) for step in block):
        chosen = torch().zeros(40, 8, dtype=torch().float64).scatter_(1, members, 1.0)
        z = one_by_one(x[:, :, None, k] * V[:, None, :, k] for k in range(8)) + b[:, None]
        hidden = z.clamp(min=0)
        slope = (one_by_one(hidden[:, :, s] * u[:, None, s] for s in range(5)) - y) * (chosen * 2)
        back = slope[:, :, None] * (z > 0).double() * u[:, None]
        decay = one_by_one(chosen[:, k] * net.mu for k in range(8))
        moved = (
            V - rate[:, :, None] * (one_by_one(back[:, k, :, None] * x[:, k, None, :] for k in range(8))
                                    + decay[:, None, None] * V),
            u - rate * one_by_one(slope[:, k, None] * hidden[:, k] for k in range(8)),
            b - rate * one_by_one(back[:, k] for k in range(8)),
        )  # fmt: skip
        for part in moved:
            stopped = stopped | (part.abs() <= FAR).flatten(1).all(1).logical_not()
        kept = stopped[:, None]
        V = torch().where(kept[:, :, None], V, moved[0])
        u, b = torch().where(kept, u, moved[1]), torch().where(kept, b, moved[2])
    assert torch().equal(net.V, V)
    assert torch().equal(net.u.squeeze(1), u)
    assert torch().equal(net.b.squeeze(2), b)


@pytest.mark.parametrize("terms", [1, 2, FEW, FEW + 1, 13, 32, 41])
def test_a_sum_is_a_sum_in_an_order_of_its_own(terms):
    numbers = torch().as_tensor(np.random.default_rng(terms).normal(size=(50, terms, 3)))
    total = summed(numbers, 1)
    np.testing.assert_allclose(total.numpy(), numbers.numpy().sum(1), atol=1e-12)
    assert torch().equal(total[7], summed(numbers[7:8], 1)[0])


def test_batches_are_subsets_each_as_likely():
    choice = Choices(lanes(DECAYED, world(seed=1), 300))
    members = torch().cat(list(choice.batches(20, 5, 2))).reshape(-1, 2)
    assert (members[:, 0] < members[:, 1]).all()
    counts = torch().bincount(members[:, 0] * 5 + members[:, 1])
    assert sorted(counts[counts > 0].tolist())[0] > 6000 / 10 * 0.85
    assert (counts > 0).sum() == 10


def test_training_lowers_the_loss_and_strong_decay_shortens_v():
    for data in "01":
        where = world(seed=2, data=data)
        start, end = lanes(replace(DECAYED, steps=0), where, 60), lanes(DECAYED, where, 60)
        weak, strong = end.mu < 0.002, end.mu == 1
        for some, share in ((weak, 0.4), (strong, 0.7)):
            assert end.r.square().mean(1)[some].median() < share * start.r.square().mean(1)[some].median()
        lengths = end.V.square().sum((1, 2)).sqrt()
        assert lengths[strong].median() < lengths[weak].median() / 8
        assert set(end.mu.tolist()) == {float(Fraction(text)) for text in DECAYED.strengths}
        assert end.draws["stopped"].values.mean() < 0.2


# -- what is told of trained networks -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def told():
    from verify.engine import Engine
    from verify.settings import Settings

    return Engine(Settings(effort=QUICKLY, arenas=(Arena(),), fed=False)).judge(proximity)


def test_the_verdict_says_in_words_that_the_bound_says_nothing(told):
    assert told.grade is Grade.TESTED
    assert told.error is None
    assert all(m["refuted"] for m in told.details["mutants"] if m["by"] == "author")
    vacuity = told.details["vacuity"]
    assert vacuity["share"] == 1
    assert vacuity["because_share"] > 0.8
    assert told.reason.endswith(vacuity["words"])
    assert "the zero matrix is as near as the printed bound allows; in" in told.reason
    groups = {name: line["by"]["groups"] for name, line in told.details["measures"].items()}
    assert {g["from"] for g in groups["stable rank"]} <= {float(Fraction(text)) for text in DECAYED.strengths}
    assert groups["stable rank"][-1]["median"] < 1.5 < 2 < groups["stable rank"][0]["median"]
    assert min(g["least"] for g in groups["printed bound / norm(V)"]) > 1


@pytest.mark.parametrize("batch", [2, 4, 6])
def test_measures_are_those_of_numpy(batch):
    """One network by hand: singular values, every batch gradient, and the projectors, from what is stored."""
    where = world(B=batch, seed=4, c="2", s="1/2", data="1")
    net, lane, decay = lanes(DECAYED, where, 3), 1, 2
    W, u, b, x, y = (getattr(net, name)[lane].numpy() for name in ("V", "u", "b", "x", "y"))
    strength, x = float(net.mu[lane]), x[:, :, 0]
    z = x @ W.T + b.T
    back = (np.maximum(z, 0) @ u[0] - y)[:, None] * (z > 0) * u
    q = back[:, :, None] * x[:, None, :] + decay * strength * W
    inner = q.reshape(24, -1) @ q.reshape(24, -1).T
    members = np.array(list(combinations(range(24), batch)))
    squares = sum(inner[members[:, j], members[:, k]] for j in range(batch) for k in range(batch)) / batch**2
    singular, length = np.linalg.svd(W)[1], np.linalg.norm(W)
    directions = x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 2.0**-60)
    top = np.linalg.eigvalsh(directions.T @ directions / 24)[-1]
    kappa = np.sqrt(batch * 23 / (24 - batch))
    expected = {
        "stable rank": length**2 / singular[0] ** 2,
        "printed bound / norm(V)": 2 * batch * np.sqrt(squares.max()) / (strength * length),
        "rms bound / norm(V)": kappa * np.sqrt(squares.mean()) / (decay * strength * length),
        "least stable rank that it can certify": 1 / top,
    }
    evaluate = Evaluator(net, Arena().allowance(DECAYED.length(where)), {})
    for name, expression in proximity.measures.items():
        array = evaluate(expression).array
        if hasattr(array, "lower"):  # more batches than can be looked at
            assert batch == 6
            assert name == "printed bound / norm(V)"
            assert float(array.lower[lane]) * (1 - 1e-9) <= expected[name] <= float(array.upper[lane]) * (1 + 1e-9)
        else:
            np.testing.assert_allclose(float(array[lane]), expected[name], rtol=1e-8, err_msg=name)


@pytest.mark.parametrize(
    ("kind", "vacuity"),
    [
        *((NearCriticalTwoLayerReLU(regulariser="constant"), vacuity) for vacuity in (ANCHOR, PRINTED)),
        *((NearCriticalTwoLayerReLU(), vacuity) for vacuity in (ANY_SAMPLE, ANY_PAIR)),
    ],
)
def test_what_forces_a_bound_to_say_nothing_does(kind, vacuity):
    """`because` implies `when` in every world; that a bound always says nothing is false."""
    effort = replace(EFFORTS["quick"], examples=6, lanes=256)
    assuming = (B < N, c >= 1)
    search = Search(Statement(kind, assuming, Implies(vacuity.because, vacuity.when)), Arena(), effort, 0)
    assert search.run().admissible > 2000
    assert search.found is None
    always = Search(Statement(kind, assuming, vacuity.when), Arena(), effort, 0)
    always.run()
    assert always.found is not None


def test_collinear_inputs_force_nothing():
    critical = CriticalTwoLayerReLU(regulariser="constant")
    search = Search(Statement(critical, (B < N, mu > 0, norm(V) > 0), PRINTED.because), Arena(), QUICKLY, 0)
    search.run()
    assert search.found is not None


# -- false statements, and the user's data -------------------------------------------------------------------------


def test_a_false_statement_is_refuted_on_the_stored_floats(judge):
    own = norm(V + h[i] / (c * mu)) <= eps / (c * mu)
    verdict = judge(
        claim("draft/without-b", "Without the batch size.", given=DECAYED, assuming=[B < N], says=own), effort=QUICKLY
    )
    assert verdict.grade is Grade.REFUTED
    search = Search(Statement(DECAYED, (B < N,), own), Arena(), QUICKLY, 0)
    search.run()
    where, draws = search.found.world, search.found.draws
    assert draws["V"].values.dtype == torch().float64
    W, u, b, x, y = (
        np.vectorize(Fraction, otypes=[object])(draws[name].values[0].numpy()) for name in ("V", "u", "b", "x", "y")
    )
    x, strength = x[:, :, 0], Fraction(float(draws["mu"].values[0]))
    scale, decay = (Fraction(dict(where.conventions)[letter]) for letter in "sc")
    z = x.dot(W.T) + b.T
    hidden = np.where(z > 0, z, Fraction(0))
    slope = (hidden.dot(u[0]) - y) * 2 * scale
    q = (slope[:, None] * np.where(z > 0, u, Fraction(0)))[:, :, None] * x[:, None, :] + decay * strength * W
    q = q.reshape(24, -1)
    size = where.size("B")
    inner = q.dot(q.T)
    batches = combinations(range(24), size)
    largest = max(sum(inner[j, k] for j in chosen for k in chosen) for chosen in batches)
    assert size**2 * max(inner[k, k] for k in range(24)) > largest


def test_that_weak_decay_makes_the_rank_low_is_refuted(judge):
    stable = norm(V) ** 2 <= spectral_norm(V) ** 2 * 5 / 4
    verdict = judge(claim("draft/low-rank", "Low rank.", given=DECAYED, says=Implies(mu < 1, stable)), effort=QUICKLY)
    assert verdict.grade is Grade.REFUTED


def test_the_users_data(lakatos):
    generator = np.random.default_rng(0)
    np.savez("mine.npz", X=generator.normal(size=(15, 3)) * 300, y=generator.normal(size=15))
    try:
        ended = lakatos("check", "chen2024/trained-networks", "--data", "mine.npz", "--json", "r.jsonl", "--no-fed")
    finally:
        datasets.use_data(None)
    assert ended.code == 0, ended
    found = next(line for text in Path("r.jsonl").read_text().splitlines() if "grade" in (line := json.loads(text)))
    assert found["grade"] == "TESTED"
    assert found["vacuity"]["share"] == 1
    assert found["vacuity"]["words"] in markdown(read_record("r.jsonl"))
    assert "says nothing in 100 %" in ended.out
    corners = json.dumps(found["findings"])
    assert "data mine.npz" in corners
    assert "diabetes" not in corners


def test_no_size_is_larger_than_the_data(tmp_path):
    np.savez(tmp_path / "few.npz", X=np.arange(15.0).reshape(5, 3), y=np.arange(5.0))
    kind = replace(DECAYED, data=str(tmp_path / "few.npz"))
    assert kind.sizes() == {"m": Size(32, 32), "n": Size(3, 3), "N": Size(5, 5), "B": Size(2, 5)}
    assert replace(DECAYED, data="diabetes").sizes()["N"] == Size(24, 24)
    with pytest.raises(KindError, match=r"few.npz has 5 rows, and N is 24; give more data"):
        lanes(kind, world(n=3), 2).V  # noqa: B018  (trains)


# -- fields of the kind --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("halvings", -1, "halvings=-1: give a number of halvings"),
        ("strengths", ("0.1",), "give each as text"),
        ("strengths", ("1/0",), "give each as text"),
        ("strengths", ("-1",), "give each as text"),
        ("strengths", (1,), "give each as text"),
    ],
)
def test_fields_are_checked(field, value, said):
    with pytest.raises(KindError, match=said):
        replace(DECAYED, **{field: value})


def test_a_kind_that_names_nothing_new_prints_as_before():
    assert str(TrainedTwoLayerReLU()) == "TrainedTwoLayerReLU()"
    assert {f.name for f in fields(TrainedTwoLayerReLU())} >= {"halvings", "strengths", "outer_shift", "step_shift"}
    assert (TrainedTwoLayerReLU().price, TwoLayerReLU().price, DECAYED.price) == (1, 1, 8)
