"""Corners of two-layer networks: degenerate shapes imposed on the drawn integers.

A corner bends draws, so a network in a corner is again a function of its draws: a witness found there needs no flag.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from verify.worlds import Lanes


def impose(corner: str, name: str, values: Any, net: Lanes) -> Any:
    """The integers (K, *axes) of a name, bent into the corner; unchanged where the corner says nothing of the name."""
    bend = _BENT.get((corner, name))
    return values if bend is None else bend(values.clone(), net)


def _pre_activations(net: Lanes) -> Any:
    """(K, N, m) integers 2 V x, in units of the bias draws (which count halves)."""
    net.V, net.x  # noqa: B018  (reading them draws them)
    V, x = net.draws["V"].values, net.draws["x"].values
    return 2 * (V[:, None, :, :] * x[:, :, None, :, 0]).sum(-1)


def _dead(b: Any, net: Lanes) -> Any:
    b[:, 0, 0] = -_pre_activations(net)[:, :, 0].abs().amax(1) - 1
    return b


def _kink(b: Any, net: Lanes) -> Any:
    b[:, 0, 0] = -_pre_activations(net)[:, 0, 0]
    return b


def _zero_first(x: Any, net: Lanes) -> Any:
    x[:, 0] = 0
    return x


def _all_as_first(values: Any, net: Lanes) -> Any:
    values[:] = values[:, :1].clone()
    return values


def _collinear(x: Any, net: Lanes) -> Any:
    factors = x[:, :, :1].clone()
    x[:] = x[:, :1].clone() * factors
    return x


def _zero(values: Any, net: Lanes) -> Any:
    return values * 0


_BENT: dict[tuple[str, str], Callable[[Any, Lanes], Any]] = {
    ("dead units", "b"): _dead,
    ("zero input", "x"): _zero_first,
    ("zero bias", "b"): _zero,
    ("exact kink", "b"): _kink,
    ("duplicate inputs", "x"): _all_as_first,
    ("collinear inputs", "x"): _collinear,
    ("duplicate labels", "y"): _all_as_first,
    ("rank-deficient V", "V"): _all_as_first,
    ("no decay", "g"): _zero,
    ("no decay", "mu"): _zero,
}
