"""Figures of an audit against brute force on small networks: every gradient formed, every batch looked at."""

from __future__ import annotations

import math
from itertools import combinations, pairwise
from typing import Any

import pytest
import torch

from properties.audit import backward, deep, gradients
from properties.audit.gradients import gram, norms, root_mean_square
from properties.audit.jacobian import split
from properties.audit.network import Dense, Network
from properties.audit.proximity import near, shared_direction
from properties.audit.spectra import spectrum
from properties.worlds import batches
from verify.arena import Arena

ARENA = Arena()
FLOAT = ARENA.float


def made(widths: tuple[int, ...], activation: str, bias: bool = True, seed: int = 0) -> Network:
    random = torch.Generator().manual_seed(seed)
    layers = []
    for k, (n, m) in enumerate(pairwise(widths)):
        W, b = (torch.randn(m, *rest, dtype=FLOAT, generator=random) for rest in ((n,), ()))
        last = k == len(widths) - 2
        layers.append(Dense(str(k), W, b if bias else None, "linear" if last else activation))
    return Network(tuple(layers))


def sample(network: Network, count: int, loss: str, seed: int = 1) -> tuple[Any, Any]:
    random = torch.Generator().manual_seed(seed)
    x = torch.randn(count, network.inputs, dtype=FLOAT, generator=random)
    if loss == "cross-entropy":
        return x, torch.eye(network.outputs, dtype=FLOAT)[torch.randint(network.outputs, (count,), generator=random)]
    return x, torch.randn(count, network.outputs, dtype=FLOAT, generator=random)


def brute(network: Network, x: Any, y: Any, loss: str, place: int, strength: float) -> Any:
    """(N, m n) gradients of the samples' regularised losses in the weights of a layer, by autograd on plain PyTorch."""
    rows = []
    for i in range(len(x)):
        weights = [layer.W.clone().requires_grad_() for layer in network.layers]
        a = x[i]
        for layer, W in zip(network.layers, weights, strict=True):
            a = W @ a + (0 if layer.b is None else layer.b)
            a = a if layer.activation == "linear" else getattr(torch.nn.functional, layer.activation)(a)
        if loss == "cross-entropy":
            value = torch.nn.functional.cross_entropy(a.unsqueeze(0), y[i].argmax().unsqueeze(0))
        elif loss == "mean-square":
            value = torch.nn.functional.mse_loss(a, y[i])
        else:
            value = (a - y[i]).square().sum() * (0.5 if loss == "half-square" else 1)
        value = value + strength / 2 * weights[place].square().sum()
        (slope,) = torch.autograd.grad(value, weights[place])
        rows.append(slope.flatten())
    return torch.stack(rows)


CASES = [
    ((3, 7, 1), "relu", "square", 0, True),
    ((3, 7, 1), "relu", "half-square", 0, False),
    ((4, 6, 5, 3), "relu", "cross-entropy", 0, True),
    ((4, 6, 5, 3), "relu", "cross-entropy", 1, True),
    ((4, 6, 5, 3), "relu", "mean-square", 2, True),
    ((3, 5, 5, 2), "tanh", "square", 1, True),
    ((3, 5, 5, 2), "gelu", "cross-entropy", 0, False),
]


@pytest.mark.parametrize(("widths", "activation", "loss", "place", "bias"), CASES)
@pytest.mark.parametrize("strength", [0.0, 0.3])
def test_all_batches_of_a_small_network(
    widths: tuple[int, ...], activation: str, loss: str, place: int, bias: bool, strength: float
) -> None:
    network, B = made(widths, activation, bias), 3
    x, y = sample(network, 12, loss)
    q = brute(network, x, y, loss, place, strength)
    inner = gram(backward.factors(network, x, y, loss, place), strength, ARENA)
    slack = inner.rounding.allowance
    sizes = inner.rounding.products[0]
    assert bool(((inner.inner - q @ q.mT).abs() <= slack * sizes.unsqueeze(0) * sizes.unsqueeze(1)).all())
    found = norms(inner, B, 0)
    each = torch.stack([q[list(members)].mean(0).norm() for members in combinations(range(12), B)])
    room = math.sqrt(slack) * float(sizes.max())
    assert found.exact
    assert found.batches == "220"
    assert found.least <= float(each.max()) <= found.most
    assert found.most - found.least <= room
    assert abs(found.rms - float(each.square().mean().sqrt())) <= room
    assert abs(found.samples[0] - float(q.norm(dim=1).min())) <= room
    assert abs(found.samples[2] - float(q.norm(dim=1).max())) <= room
    assert abs(found.whole - float(q.mean(0).norm())) <= room
    assert found.measured <= found.most
    assert all(at <= found.most for _, at in found.quantiles)


@pytest.mark.parametrize("seed", range(3))
def test_bounds_are_sound_where_batches_are_too_many(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same sample, taken for too large to enumerate: the bounds enclose what enumeration finds."""
    network = made((4, 9, 1), "relu", seed=seed)
    x, y = sample(network, 12, "square", seed)
    inner = gram(backward.factors(network, x, y, "square", 0), 0.1, ARENA)
    exact = norms(inner, 3, 0)
    monkeypatch.setattr(batches, "MANY", 0)
    bounded = norms(inner, 3, 0)
    assert not bounded.exact
    assert bounded.least <= exact.most
    assert exact.least <= bounded.most
    assert bounded.attained <= exact.attained * (1 + inner.rounding.allowance)
    assert bounded.most <= 2 * bounded.least


def test_no_drawn_batch_is_longer_than_the_upper_bound() -> None:
    network = made((5, 40, 1), "relu")
    x, y = sample(network, 200, "square")
    inner = gram(backward.factors(network, x, y, "square", 0), 0.01, ARENA)
    for B in (2, 16, 150):
        found = norms(inner, B, 1)
        random = torch.Generator().manual_seed(2)
        members = torch.stack([torch.randperm(200, generator=random)[:B] for _ in range(300)])
        drawn = inner.inner[members.unsqueeze(2), members.unsqueeze(1)].sum((1, 2)).sqrt() / B
        assert float(drawn.max()) <= found.most
        assert found.least <= found.most <= 4 * found.least


def test_a_wrong_bound_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a member of each row left out, the upper bound falls below the batch that the search finds."""
    network = made((5, 40, 1), "relu")
    x, y = sample(network, 60, "square")
    inner = gram(backward.factors(network, x, y, "square", 0), 0.0, ARENA)
    right = norms(inner, 10, 0)
    genuine = batches.least_upper
    monkeypatch.setattr(batches, "least_upper", lambda net, K, B, rounding: genuine(net, K, B, rounding) / 4)
    assert norms(inner, 10, 0).most < right.attained <= right.most


def test_blocks_and_chunks_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    network = made((4, 9, 6, 2), "relu")
    x, y = sample(network, 50, "square")
    before = gram(backward.factors(network, x, y, "square", 1), 0.2, ARENA)
    monkeypatch.setattr(gradients, "BLOCK", 7)
    monkeypatch.setattr(backward, "AT_ONCE", 40)
    after = gram(backward.factors(network, x, y, "square", 1), 0.2, ARENA)
    sizes = before.rounding.products[0]
    apart = (before.inner - after.inner).abs()
    assert bool((apart <= before.rounding.allowance * sizes.unsqueeze(0) * sizes.unsqueeze(1)).all())


def test_the_second_moment_is_the_equation_of_the_claim() -> None:
    q = torch.randn(6, 4, dtype=FLOAT, generator=torch.Generator().manual_seed(0))
    each = torch.stack([q[list(members)].mean(0).square().sum() for members in combinations(range(6), 2)])
    told = root_mean_square(float(q.square().sum(1).mean()), float(q.mean(0).square().sum()), 6, 2)
    assert told == pytest.approx(math.sqrt(float(each.mean())))
    assert root_mean_square(4.0, 4.0, 1, 1) == 2


def test_distances_hold_against_the_matrices_of_rank_one() -> None:
    network, B, strength = made((3, 8, 1), "relu"), 3, 0.5
    x, y = sample(network, 12, "square")
    q = brute(network, x, y, "square", 0, strength)
    V = network.layers[0].W
    inner = gram(backward.factors(network, x, y, "square", 0), strength, ARENA)
    found, facts = norms(inner, B, 0), spectrum(V, ARENA, 2)
    told = near(facts, found, x, B, strength, 1, ARENA)
    sigma = torch.linalg.svdvals(V)
    assert facts.distances[1] == pytest.approx(float(sigma[1:].norm()))
    assert told.anchor == pytest.approx(float(q.norm(dim=1).min()) / strength)
    assert facts.distances[1] <= told.anchor
    bounds = {(one.claim, one.rank): one.bound for one in told.distances if one.valid}
    kappa = math.sqrt(B * 11 / 9)
    eps = found.most
    assert bounds["chen2024/theorem-2.6-rank-one-printed", 1] == pytest.approx(2 * B * eps / strength)
    assert bounds["chen2024/theorem-2.6-rank-one", 1] == pytest.approx((2 * B - 1) * eps / strength)
    assert bounds["chen2024/theorem-2.6-rank-k", 1] == pytest.approx(kappa * eps / strength)
    assert bounds["chen2024/theorem-2.6-rms", 1] == pytest.approx(kappa * found.rms / strength)
    assert all(facts.distances[one.rank] <= one.bound for one in told.distances if one.valid)
    lines = x / x.norm(dim=1, keepdim=True)
    top = float(torch.linalg.eigvalsh(torch.einsum("ni,nj->ij", lines, lines) / 12)[-1])
    assert shared_direction(x, ARENA) == pytest.approx(top)
    assert shared_direction(x[:2], ARENA) == pytest.approx(float(torch.linalg.svdvals(lines[:2])[0] ** 2 / 2))


def test_both_conventions_of_the_decay() -> None:
    """mu |V|^2 is twice as strong as (mu/2) |V|^2; the printed bound alone does not see the difference."""
    network = made((3, 8, 1), "relu")
    x, y = sample(network, 12, "square")
    inner = gram(backward.factors(network, x, y, "square", 0), 0.6, ARENA)
    found, facts = norms(inner, 3, 0), spectrum(network.layers[0].W, ARENA, 2)
    half, whole = (near(facts, found, x, 3, 0.6, c, ARENA) for c in (1, 2))
    for one, other in zip(half.distances, whole.distances, strict=True):
        doubled = 2 if one.claim.endswith("printed") else 1
        assert other.bound == pytest.approx(doubled * one.bound)


def test_batch_gradients_have_rank_at_most_the_batch() -> None:
    network = made((6, 9, 7, 3), "relu")
    x, y = sample(network, 30, "square")
    for place in range(3):
        factors = backward.factors(network, x, y, "square", place)
        for B in (1, 3, 8):
            members = torch.arange(B)
            formed = factors.delta[members].mT @ factors.a[members]
            assert deep.batch_rank(factors, members, ARENA) == int(torch.linalg.matrix_rank(formed))
            assert deep.steps(factors, B, None, 0.0, None, ARENA, 0).largest_rank <= min(B, *formed.shape)


def test_the_recursion_of_descent_with_decay() -> None:
    network, rate, strength = made((3, 6, 1), "relu"), 0.1, 0.7
    x, y = sample(network, 9, "square")

    def at(W: Any, members: Any) -> Any:
        moved = Network((Dense("0", W, network.layers[0].b, "relu"), network.layers[1]))
        return backward.factors(moved, x[members], y[members], "square", 0)

    batch = list(torch.arange(9).split(3))
    W = network.layers[0].W
    assert deep.unrolled(at, W, batch, rate, strength) <= ARENA.allowance(100)


def test_balance_is_zero_for_balanced_neurons() -> None:
    W, u = torch.tensor([[3.0, 4.0], [0.0, 1.0]], dtype=FLOAT), torch.tensor([[5.0, 1.0]], dtype=FLOAT)
    (found,) = deep.balances(Network((Dense("a", W, None, "relu"), Dense("b", u, None, "linear"))))
    assert (found.between, found.neurons, found.imbalance) == (("a", "b"), 2, 0)
    (other,) = deep.balances(
        Network((Dense("a", W, torch.ones(2, dtype=FLOAT), "relu"), Dense("b", u, None, "linear")))
    )
    assert other.imbalance == pytest.approx(2 / (28 + 26))


def test_the_jacobian_is_divided_as_by_its_singular_vectors() -> None:
    network = made((3, 5, 2), "relu")
    x, y = sample(network, 7, "square")
    found, why = split(network, x, y, "square", ARENA)
    assert why is None
    assert found is not None
    W = network.layers[0].W

    def outputs(V: Any) -> Any:
        moved = torch.relu(x @ V.mT + network.layers[0].b) @ network.layers[1].W.mT + network.layers[1].b
        return moved.mT.reshape(-1)

    J = torch.autograd.functional.jacobian(outputs, W).reshape(14, -1)
    U, sigma, _ = torch.linalg.svd(J)
    residual = outputs(W) - y.mT.reshape(-1)
    assert found.largest == pytest.approx(float(sigma[0]))
    for cut, count, inside, outside in found.cuts:
        kept = int((sigma >= cut * sigma[0]).sum())
        share = float((U[:, :kept].mT @ residual).square().sum() / residual.square().sum())
        assert (count, inside) == (kept, pytest.approx(share))
        assert inside + outside == pytest.approx(1)
    assert split(network, x, y, "cross-entropy", ARENA)[0] is None
