"""Trained networks: the training is gradient descent, lanes repeat in any chunk, theorems hold on them."""

from __future__ import annotations

import numpy as np
import pytest
from sympy import Eq, Min, Trace

from properties.worlds import datasets
from properties.worlds.descent import FAR, train
from properties.worlds.training import TrainedTwoLayerReLU
from symbolic.papers.weight_decay import A, B, H, S, V, b, b_gradient, i, m, n, s, u, u_gradient
from symbolic.sentences import entry, rank, row
from verify.arena import Arena, torch
from verify.claims import Statement
from verify.draws import Generated, Given
from verify.efforts import EFFORTS
from verify.lanes import LaneArithmetic
from verify.rationals import ExactArithmetic
from verify.search import Search, lane_draws
from verify.worlds import KindError, Lanes, Size, World

STORED = ("V", "u", "b", "x", "y", "g", "eta", "stopped")


def world(sizes, seed=0, **conventions):
    usual = {"c": "1", "kink": "0", "s": "1", **conventions}
    return World(tuple(zip("mnNB", sizes, strict=True)), tuple(sorted(usual.items())), seed=seed)


def lanes(kind, where, count, first=0, dtype="float64"):
    arena = Arena(dtype=dtype)
    return Lanes(kind, where, LaneArithmetic(arena), Generated(arena, where.seed, first, count, None, False))


@pytest.mark.parametrize("regulariser", ["per-sample", "constant"])
@pytest.mark.parametrize("data", ["diabetes", "digits"])
def test_a_step_is_gradient_descent(regulariser, data):
    """The last step, taken again through autograd on one batch, which is the whole sample."""
    before = TrainedTwoLayerReLU(data=data, steps=5, regulariser=regulariser)
    after = TrainedTwoLayerReLU(data=data, steps=6, regulariser=regulariser)
    where = world((3, 4, 5, 5), c="2", s="1/2")
    start, end = lanes(before, where, 50), lanes(after, where, 50)
    end.V  # noqa: B018  (trains)
    V, u, b = (getattr(start, k).clone().requires_grad_(True) for k in ("V", "u", "b"))
    z = (V.unsqueeze(1) @ start.x + b.unsqueeze(1)).squeeze(-1)
    phi = (z.clamp(min=0) * u).sum(-1)
    losses = (phi - start.y).square() / 2 + start.g * V.square().sum((1, 2))[:, None]
    slopes = torch().autograd.grad(losses.mean(1).sum(), (V, u, b))
    eta = start.eta.reshape(-1, 1, 1)
    for name, old, slope in zip(("V", "u", "b"), (V, u, b), slopes, strict=True):
        np.testing.assert_allclose(getattr(end, name).numpy(), (old - eta * slope).detach().numpy(), atol=1e-9)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_lane_is_the_same_in_any_chunk(dtype):
    kind, where = TrainedTwoLayerReLU(data="diabetes"), world((4, 5, 6, 3), seed=11)
    whole = lanes(kind, where, 300, dtype=dtype)
    parts = [lanes(kind, where, count, first, dtype) for first, count in ((0, 1), (1, 16), (17, 283))]
    for name in STORED[:-1]:
        assert torch().equal(getattr(whole, name), torch().cat([getattr(p, name) for p in parts])), name
    again = lanes(kind, where, 300, dtype=dtype)
    assert torch().equal(again.V, whole.V)
    assert not torch().equal(lanes(kind, world((4, 5, 6, 3), seed=12), 300, dtype=dtype).V, whole.V)


def test_what_is_stored_is_judged_as_it_stands():
    kind, where = TrainedTwoLayerReLU(data="digits"), world((3, 3, 4, 2), seed=5)
    net = lanes(kind, where, 4)
    assert net.V.shape == (4, 3, 3)
    assert set(net.draws) == set(STORED)
    for lane in range(4):
        one = Lanes(kind, where, ExactArithmetic(), Given(lane_draws(net, lane), 1))
        for name in STORED[:-1]:
            assert (getattr(one, name) == getattr(net, name)[lane : lane + 1].numpy()).all()
        left = (one.A_u * one.u.unsqueeze(1)).squeeze(2)
        assert (left == (one.A * one.V.unsqueeze(1)).sum(-1) + (one.A_b * one.b.unsqueeze(1)).squeeze(-1)).all()


def test_rows_and_columns_of_the_data():
    kind = TrainedTwoLayerReLU(data="diabetes", steps=0)
    net = lanes(kind, world((2, 8, 8, 4), seed=2), 200)
    data = datasets.load("diabetes")
    known = {float(v): row for row, v in enumerate(data.labels)}
    for lane in range(200):
        rows = [float(v) for v in net.y[lane]]
        assert all(v in known for v in rows)
        for k in range(8):
            matches = (data.labels == rows[k]).nonzero()[0]
            inside = [set(net.x[lane, k, :, 0].tolist()) <= set(data.inputs[r].tolist()) for r in matches]
            assert any(inside)
    first = torch().unique(net.y[:, 0])
    assert first.numel() > 60
    columns = net.x[0].squeeze(-1).T.tolist()
    assert len({tuple(c) for c in columns}) == 8


def test_training_lowers_the_loss_and_stops_before_diverging():
    where = world((5, 5, 5, 2), seed=3)
    loss = {}
    for steps in (0, 200):
        net = lanes(TrainedTwoLayerReLU(data="diabetes", steps=steps), where, 400)
        loss[steps] = float(net.r.square().mean(1).median())
        seen = net.kind.visited(net)
        assert float(seen["trained"].double().mean()) > 0.9
        assert net.V.abs().max() <= FAR
        assert all(bool(net.read(f"{net.kind.speaks}:{k}").isfinite().all()) for k in STORED[:-1])
    assert loss[200] < loss[0] / 4
    assert seen["stopped before diverging"].any()
    assert seen["dead unit"].any()
    assert seen["interpolates a sample"].any()


def test_large_data_are_scaled_by_powers_of_two(tmp_path):
    generator = np.random.default_rng(0)
    X, y = generator.integers(0, 256, (20, 5)), generator.integers(0, 10, 20)
    np.savez(tmp_path / "mine.npz", X=X, y=y)
    net = lanes(TrainedTwoLayerReLU(data=str(tmp_path / "mine.npz")), world((2, 5, 4, 2)), 50)
    ratio = X.max() / float(net.x.max())
    assert ratio == 2.0 ** np.log2(ratio).round()
    assert 0.4 < float(net.x.square().mean().sqrt()) <= 1.1


def test_given_is_what_the_user_said(tmp_path):
    np.savez(tmp_path / "mine.npz", X=np.eye(9), y=np.arange(9.0))
    kind = TrainedTwoLayerReLU()
    try:
        assert datasets.use_data(tmp_path / "mine.npz").name == "mine.npz"
        net = lanes(kind, world((2, 3, 4, 2)), 5)
        assert set(net.x.flatten().tolist()) <= {0.0, 1.0, 2.0, 4.0}
        assert not kind.fits({"m": 1, "n": 2, "N": 10, "B": 1})
    finally:
        datasets.use_data(None)
    assert datasets.load("given").name == "diabetes"


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("data", ["diabetes", "digits"])
def test_theorems_hold_on_trained_networks(data, dtype):
    kind = TrainedTwoLayerReLU(data=data)
    homogeneity = Eq(
        entry(u, s) * entry(u_gradient[i], s),
        Trace(row(V, s) * row(A[i], s).T) + entry(b, s) * entry(b_gradient[i], s),
    )
    for says in (rank(A[i]) <= 1, rank(H[S]) <= Min(B, m, n), homogeneity):
        search = Search(Statement(kind, (), says), Arena(dtype=dtype), EFFORTS["quick"], 0)
        tally = search.run()
        assert search.found is None
        assert tally.undecided == tally.unheard == 0
        assert tally.admissible > 5000
    search = Search(Statement(kind, (), rank(H[S]) <= 1), Arena(dtype=dtype), EFFORTS["quick"], 0)
    search.run()
    assert search.found is not None


def test_a_survey_trains_nothing(monkeypatch):
    from verify.screen import Screen

    monkeypatch.setattr("properties.worlds.training.train", lambda net: pytest.fail("a survey trained"))
    survey = Screen(Statement(TrainedTwoLayerReLU(), (), rank(A[i]) <= 1), Arena()).survey(world((2, 2, 2, 1)))
    assert survey.entries > 1


def test_steps_are_bounded():
    with pytest.raises(KindError, match="steps=-1: give a number of steps"):
        TrainedTwoLayerReLU(steps=-1)


def test_training_returns_what_the_kind_reads():
    made = train(lanes(TrainedTwoLayerReLU(samples=Size(2, 3)), world((2, 3, 3, 1)), 7))
    assert set(made) == set(STORED)
    assert all(values.shape[0] == 7 for _, values in made.values())
