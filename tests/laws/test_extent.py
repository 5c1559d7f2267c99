"""Bounds are never exceeded, and lanes that are said not to round are equal to the exact results."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.exact import Exact, cat, diag_embed, eye, stack, where, zeros
from verify.extent import Extent, Ledger

torch = pytest.importorskip("torch")

FORMATS = {24: torch.float32, 53: torch.float64}


def network(x):
    hidden = (x @ x.mT / 4 - 3).relu()
    return (hidden @ x).square().sum((-1, -2))


READINGS = {
    "network": network,
    "losses": lambda x: ((x * 3 - 1) ** 3).sum(-1).mean((1,)),
    "mean of three": lambda x: x.mean(-1),
    "mean of four": lambda x: cat([x, x[..., :1]], -1).mean(-1),
    "where": lambda x: where((x > 0) & ~(x > 5), x * x, 1 - x) * (x > 2),
    "clamp": lambda x: x.clamp(min=-2, max=700).abs() - x.amax(-1, keepdim=True) + x.amin((1, 2), keepdim=True),
    "diagonal": lambda x: (diag_embed(x[:, 0]) @ x.mT[:, :, :3]).diagonal(dim1=-2, dim2=-1) / 0.5,
    "joined": lambda x: stack([x, x / 2], 1).reshape(-1, 2, 9)[:, :, [0, 4]].sum(1),
    "powers": lambda x: x**4 + x**0,
    "halves": lambda x: (x * 0.5 + 0.25) @ (eye(3, x) - zeros((3, 3), x)),
    "by itself": lambda x: (x / (x * x + 1)).sum(-1),
    "roots": lambda x: x.square().sum(-1).sqrt() + 1,
    "large": lambda x: (x + 2**22) - 2**22,
    "too fine": lambda x: (x + 2.0**-30) * 2**20,
}


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([1, 3, 40, 2000, 10**6]), st.integers(-3, 3))
@pytest.mark.parametrize("name", READINGS)
def test_bounds_hold_and_exact_lanes_are_exact(name, seed, size, power):
    reading = READINGS[name]
    numbers = np.random.default_rng(seed).integers(-size, size + 1, (4, 3, 3)) * 2.0**power
    ledger = Ledger()
    extent = reading(Extent.covering(numbers, ledger))
    exact = reading(Exact.floats(numbers))
    assert extent.shape == (1, *exact.shape[1:])
    assert (exact.abs() <= Exact.floats(np.where(np.isfinite(extent.bound), extent.bound, 1e300))).all()
    if extent.grain is not None:
        assert (np.array([entry.denominator for entry in entries(exact / Fraction(2) ** extent.grain)]) == 1).all()
    for bits, dtype in FORMATS.items():
        if ledger.exact_in(bits):
            lanes = reading(torch.tensor(numbers, dtype=dtype))
            assert (exact == lanes.double().numpy()).all()


def entries(array: Exact) -> list[Fraction]:
    return [array.fraction(*place) for place in np.ndindex(array.shape)]


@pytest.mark.parametrize(
    ("name", "exact_bits"),
    [
        ("network", [24, 53]),
        ("losses", []),
        ("mean of three", []),
        ("mean of four", [24, 53]),
        ("where", [24, 53]),
        ("clamp", [24, 53]),
        ("diagonal", [24, 53]),
        ("joined", [24, 53]),
        ("powers", []),
        ("halves", [24, 53]),
        ("by itself", []),
        ("roots", []),
        ("large", [24, 53]),
        ("too fine", [53]),
    ],
)
def test_small_integers_are_known_not_to_round(name, exact_bits):
    ledger = Ledger()
    READINGS[name](Extent.of(np.full((1, 3, 3), 3.0), ledger))
    assert [bits for bits in FORMATS if ledger.exact_in(bits)] == exact_bits


@pytest.mark.parametrize(("bits", "below"), [(8, 0), (24, 0), (53, 16)])
def test_the_last_exact_integer_and_the_first_that_rounds(bits, below):
    """Near 2**53 the bounds, being float64 themselves, give a few units away."""
    for total, exact in ((2**bits - below, True), (2**bits + 1, False)):
        ledger = Ledger()
        result = Extent.of(np.array([2.0 ** (bits - 1)]), ledger) + (total - 2 ** (bits - 1))
        assert Fraction(result.bound[0]) >= total
        assert ledger.exact_in(bits) is exact


def test_bounds_are_tight_on_integers():
    ledger = Ledger()
    array = Extent.of(np.arange(6).reshape(2, 3), ledger)
    assert (array @ array.mT).bound.tolist() == [[5, 14], [14, 50]]
    assert ((array * 3 + 1).sum(-1) / 2).bound.tolist() == [6, 19.5]
    assert ledger.exact_in(8)
    assert (array / 3).grain is None
    assert not ledger.exact_in(53)


def test_ranges_and_grains():
    for values, bits, exact in (
        ([2.0**-130], 24, False),
        ([2.0**-126], 24, True),
        ([2.0**128], 24, False),
        ([2.0**16, 1.0], 11, False),
        ([2.0**127], 24, True),
        ([np.inf], 53, False),
        ([np.nan], 53, False),
        ([0.0], 8, True),
    ):
        ledger = Ledger()
        Extent.of(np.array(values), ledger)
        assert ledger.exact_in(bits) is exact
    assert Extent.of(np.array([0.75, 6.0, 0.0]), Ledger()).grain == -2
    assert (Extent.of(np.array([3]), Ledger()) * Fraction(1, 3)).grain is None
    assert (Extent.of(np.array([3]), Ledger()) / Fraction(1, 3)).grain is None


def test_large_integers_and_mistakes():
    ledger = Ledger()
    assert Extent.of(np.array([2**53 + 1]), ledger).bound[0] >= 2**53 + 1
    assert not ledger.exact_in(53)
    with pytest.raises(ValueError, match="two ledgers"):
        _ = Extent.of([1], ledger) + Extent.of([1], Ledger())
    with pytest.raises(ValueError, match="mantissa"):
        ledger.exact_in(30)
    with pytest.raises(ValueError, match="negative"):
        Extent(np.array([-1.0]), 0, ledger)
    with pytest.raises(TypeError):
        _ = Extent.of([1], ledger) + "1"
    with pytest.raises(TypeError):
        Extent.of(["1"], ledger)
