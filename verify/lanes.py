"""The arithmetic of lanes: torch tensors with a leading axis K, on the arena's device and dtype.

Its exact counterparts are in ``verify/rationals.py`` (one lane, exact numbers) and ``verify/extent.py`` (one lane of
magnitude bounds). A reading uses array methods that all of them share, and these functions for the rest.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy as sp

from verify import propagation, singular, totals
from verify.arena import Arena, torch
from verify.draws import index_array


@lru_cache(maxsize=256)
def _powers(lowest: int, highest: int, dtype: Any, device: str) -> Any:
    return torch().tensor([_float(Fraction(2) ** k) for k in range(lowest, highest + 1)], dtype=dtype, device=device)


def _float(number: Fraction) -> float:
    """The float next to a rational, infinite beyond all floats."""
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


class LaneArithmetic:
    """Numbers of thousands of networks at once, with gradients by autograd."""

    exact = False

    def __init__(self, arena: Arena) -> None:
        self.arena = arena
        self.torch = torch()

    def scaled(self, integers: Any, shift: int = 0) -> Any:
        """Integers (or floats) times 2**shift, in the arena's dtype: no rounding while they fit its significand."""
        return integers.to(self.arena.float) * 2.0**shift

    def powers(self, exponents: Any, shift: int, lowest: int, highest: int) -> Any:
        """(K,) 2**(exponent + shift), exactly, with exponents brought between the lowest and the highest."""
        known = _powers(lowest, highest, self.arena.float, self.arena.device)
        return known[(exponents + shift).clamp(lowest, highest) - lowest]

    def number(self, p: int | Fraction, q: int = 1) -> float:
        """The rational p / q, rounded once."""
        return _float(Fraction(p) / q)

    def constant(self, number: Fraction, count: int) -> Any:
        """(K,) copies of a rational."""
        return self.torch.full((count,), _float(number), dtype=self.arena.float, device=self.arena.device)

    def irrational(self, number: Any, count: int) -> Any:
        """(K,) copies of a SymPy number such as pi."""
        return self.torch.full((count,), float(number), dtype=self.arena.float, device=self.arena.device)

    def peak(self, array: Any) -> Any:
        """(K,) the largest |entry| of each lane: what rounding is relative to. Entries without a value do not count."""
        sizes = array.detach().abs()
        largest = sizes.flatten(1).amax(1) if array.ndim > 1 else sizes
        if not bool(largest.isnan().any()):
            return largest
        known = sizes.nan_to_num(nan=0.0, posinf=float("inf"))
        return known.flatten(1).amax(1) if array.ndim > 1 else known

    def steepest(self, array: Any) -> Any:
        """(K,) the largest 1 / |entry|, over entries that are not zero: by how much a division magnifies an error."""
        return self.peak(self.reciprocal(array.detach()))

    def rooted(self, scale: Any, root: Any, slack: float) -> Any:
        """(K,) what the rounding of a square root is relative to, where its radicand's is relative to ``scale`` (K,).

        An error d of the radicand moves the root by at most d / root, and by at most sqrt(d).
        """
        module = self.torch
        scale = module.as_tensor(scale, dtype=root.dtype, device=root.device).expand(root.shape[0])
        roots = root.detach().reshape(root.shape[0], -1)
        error = module.maximum(roots, (scale * slack).sqrt().unsqueeze(1))
        return self.peak(module.where(error > 0, scale.unsqueeze(1) / error, 0 * error))

    def any_negative(self, array: Any) -> bool:
        """Whether some entry is below zero."""
        return bool((array < 0).any())

    def reciprocal(self, array: Any) -> Any:
        """1 / array; not a number where it is zero."""
        return self.torch.where(array == 0, self.torch.full_like(array, float("nan")), 1 / array)

    def zeros(self, *shape: int) -> Any:
        """An array of zeros."""
        return self.torch.zeros(shape, dtype=self.arena.float, device=self.arena.device)

    def eye(self, size: int) -> Any:
        """The identity matrix."""
        return self.torch.eye(size, dtype=self.arena.float, device=self.arena.device)

    def step(self, z: Any, at_zero: Fraction) -> Any:
        """1 where z > 0, 0 where z < 0, ``at_zero`` where z = 0."""
        return (z > 0).to(z.dtype) + float(at_zero) * (z == 0).to(z.dtype)

    def relu(self, z: Any, at_zero: Fraction) -> Any:
        """max(z, 0), with ``at_zero`` for its derivative at 0."""
        return _relu().apply(z, float(at_zero))

    def where(self, mask: Any, a: Any, b: Any) -> Any:
        """a where the mask holds, b elsewhere."""
        return self.torch.where(mask, a, b)

    def stack(self, arrays: Sequence[Any], dim: int) -> Any:
        """Arrays of one shape along a new axis."""
        return self.torch.stack(list(arrays), dim)

    def maximum(self, a: Any, b: Any) -> Any:
        """The larger, entry by entry."""
        return self.torch.maximum(a, b)

    def minimum(self, a: Any, b: Any) -> Any:
        """The smaller, entry by entry."""
        return self.torch.minimum(a, b)

    def diagonal_matrix(self, column: Any) -> Any:
        """The square matrix with the last axis on its diagonal."""
        return self.torch.diag_embed(column)

    def take(self, array: Any, members: tuple[tuple[int, ...], ...], dim: int) -> Any:
        """Gather batches along an axis: its N entries become (number of batches, B)."""
        index = self.torch.as_tensor(index_array(members), device=self.arena.device)
        flat = array.index_select(dim, index.reshape(-1))
        return flat.reshape(*array.shape[:dim], *index.shape, *array.shape[dim + 1 :])

    def means(self, array: Any, members: tuple[tuple[int, ...], ...], dim: int) -> Any:
        """The means over the members of each group: the N entries along an axis become as many as there are groups.

        Member by member, so that no array is larger than the result.
        """
        index = self.torch.as_tensor(index_array(members), device=self.arena.device)
        total = array.index_select(dim, index[:, 0])
        for place in range(1, index.shape[1]):
            total += array.index_select(dim, index[:, place])
        return total / index.shape[1]

    def projector(self, columns: Any) -> tuple[Any, Any]:
        """(..., n, n) ``w w^T / |w|^2`` of columns (..., n, 1), zero where w is; and (K,) the largest 1 / |w|.

        The columns are first brought to lengths near 1 by powers of two, so that no square leaves the range of floats.
        """
        module = self.torch
        peak = columns.abs().amax((-2, -1), keepdim=True)
        power = peak / module.frexp(peak).mantissa
        near = columns / module.where(peak == 0, module.ones_like(power), power)
        square = near.square().sum((-2, -1), keepdim=True)
        found = near @ near.mT / module.where(square == 0, module.ones_like(square), square)
        return found, self.steepest(columns.square().sum((-2, -1)).sqrt())

    def gradient(self, function: Callable[[Any], Any], at: Any, copies: int) -> Any:
        """(K, copies, *parameter): the derivative of each output in a parameter ``at`` of shape (K, *parameter).

        ``function`` receives the parameter with a copy axis, (K, copies, *parameter) here and (K, 1, *parameter) in
        exact arithmetic, and returns (K, copies): output number k must depend on copy k alone.
        """
        leaf = at.detach().unsqueeze(1).expand(at.shape[0], copies, *at.shape[1:]).clone().requires_grad_(True)
        with self.torch.enable_grad():
            output = function(leaf)
            if not output.requires_grad:
                return self.torch.zeros_like(leaf)
            (slope,) = self.torch.autograd.grad(output.sum(), leaf, allow_unused=True)
        return self.torch.zeros_like(leaf) if slope is None else slope

    def function(self, name: str, a: Any) -> Any:
        """exp, log, floor, harmonic and the others of the calculus, entry by entry; NaN where there is no value."""
        if name == "log":
            return self.torch.where(a > 0, self.torch.log(a), self._nowhere(a))
        if name == "harmonic":
            known = self.torch.special.digamma(a + 1) + float(sp.EulerGamma)
            known = self.torch.where(a == 0, 0 * a, known)
            return self.torch.where((a >= 0) & (a == a.floor()), known, self._nowhere(a))
        if name == "mean_decay":
            return self.torch.where(a == 0, 0 * a + 1, -self.torch.expm1(-a) / a)
        return getattr(self.torch, name)(a)

    def total(self, upper: Any, slack: float, terms: totals.Terms) -> tuple[Any, Any]:
        """(K,) sums over places up to ``upper`` (K,), and what their rounding is relative to."""
        return totals.on_lanes(self.torch, upper, slack, terms)

    def power(self, base: Any, exponent: Any) -> Any:
        """base**exponent, entry by entry; NaN for 0 to a negative power, and a negative base to one not an integer."""
        base, exponent = self.torch.broadcast_tensors(base, exponent)
        return self.torch.where((base == 0) & (exponent < 0), self._nowhere(base), base.pow(exponent))

    def passed(self, name: str, a: Any, scale: Any, slack: float) -> Any:
        """(K,) what the rounding of a function is relative to by that of its argument, relative to ``scale`` (K,)."""
        return propagation.passed(name, a, scale, slack, self.peak)

    def powered(self, base: Any, scale: Any, exponent: Any, other: Any, slack: float) -> Any:
        """(K,) what the rounding of a power is relative to by those of base and exponent, as in ``passed``."""
        return propagation.powered(base, scale, exponent, other, slack, self.peak)

    def _nowhere(self, a: Any) -> Any:
        return self.torch.full_like(a, float("nan"))

    def singular_values(self, matrices: Any) -> Any:
        """Singular values, largest first: (..., min(m, n))."""
        return singular.values(matrices)

    def spectral_norm(self, matrices: Any) -> Any:
        """The largest singular value."""
        return singular.largest(matrices)

    def distance_to_rank(self, matrices: Any, keep: int) -> Any:
        """The Frobenius distance to the matrices of rank at most ``keep``."""
        return singular.distance(matrices, keep)

    def schatten(self, matrices: Any, power: Fraction) -> Any:
        """(sum of sigma**p)**(1/p)."""
        p = float(power)
        return self.singular_values(matrices).pow(p).sum(-1).pow(1 / p)

    def rank(self, matrices: Any, grain: int | None, slack: tuple[float, Any]) -> tuple[Any, Any]:
        """The rank of each matrix (..., m, n), and whether no rounding entered it.

        Elimination with complete pivoting. Where every entry is an integer multiple of 2**grain it is fraction-free
        (Bareiss), and exact as long as a bound on the next products stays below 2**mantissa: then a pivot is zero or it
        is not, without any tolerance. Elsewhere a residual within an allowance of the magnitudes that the matrix was
        computed from, ``slack`` = (relative allowance, magnitude per lane), counts as zero.
        """
        m, n = matrices.shape[-2:]
        batch = matrices.shape[:-2]
        rest = matrices.reshape(-1, m, n)
        if grain is not None:
            rest = rest * 2.0**-grain
        lanes = rest.shape[0]
        module = self.torch
        rank = module.zeros(lanes, dtype=module.int64, device=rest.device)
        exact = module.full((lanes,), grain is not None, dtype=module.bool, device=rest.device)
        relative, magnitude = slack
        scale = module.as_tensor(magnitude, dtype=rest.dtype, device=rest.device).reshape(-1)
        scale = scale.repeat_interleave(max(1, lanes // scale.shape[0])) * 2.0 ** -(grain or 0)
        floor = scale * relative
        previous = module.ones(lanes, dtype=rest.dtype, device=rest.device)
        which = module.arange(lanes, device=rest.device)
        unknown = ~exact & exact
        current = rest
        for done in range(min(m, n)):
            flat = current.flatten(1)
            peak, where = flat.abs().max(1)
            unknown = peak.isnan() if done == 0 else unknown
            alive = module.where(exact, peak > 0, peak > floor) & (rank == done)
            if not bool(alive.any()):
                break
            rank = rank + alive
            if done + 1 == min(m, n):
                break
            pivot = flat[which, where]
            column = current[which, :, where % n]
            line = current[which, where // n, :]
            safe = peak * peak * 2 < 2.0**self.arena.mantissa
            # Fraction-free where products cannot round; a plain quotient elsewhere, and for ever after on that lane.
            outer = column[:, :, None] * line[:, None, :]
            scaled = (current * pivot[:, None, None] - outer) / previous[:, None, None]
            divisor = module.where(pivot == 0, module.ones_like(pivot), pivot)
            plain = current - outer / divisor[:, None, None]
            keep = exact & safe
            current = module.where(keep[:, None, None], scaled, plain)
            exact = keep | (exact & ~alive)
            previous = module.where(keep, pivot, previous)
        found = rank.to(matrices.dtype).masked_fill(unknown, float("nan"))
        return found.reshape(batch), (exact & ~unknown).reshape(batch)


def _relu() -> Any:
    """ReLU as an autograd function whose derivative at 0 is given, made once torch is there."""
    global _RELU
    if _RELU is None:
        module = torch()

        class GivenKink(module.autograd.Function):  # type: ignore[name-defined]
            @staticmethod
            def forward(context: Any, z: Any, at_zero: float) -> Any:
                context.save_for_backward(z)
                context.at_zero = at_zero
                return z.clamp(min=0)

            @staticmethod
            def backward(context: Any, slope: Any) -> Any:
                (z,) = context.saved_tensors
                return slope * ((z > 0).to(z.dtype) + context.at_zero * (z == 0).to(z.dtype)), None

        _RELU = GivenKink
    return _RELU


_RELU: Any = None
