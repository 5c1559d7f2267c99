"""The arithmetic of an appeal: one network, exact numbers.

The same functions as ``verify/lanes.py``, over ``Exact`` arrays with a lane axis of one: rationals with common
denominators, signed square roots, sums of roots, and balls where a function is not algebraic.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

from verify import powers, slopes, spectra, totals
from verify.draws import index_array
from verify.exact import UNDECIDED, UNDEFINED, Exact, Undecided, compare, diag_embed, eye, stack, where, zeros


class ExactArithmetic:
    """Exact numbers of one network."""

    exact = True
    _one = Exact.integers(np.ones((1,), dtype=np.int64))

    def scaled(self, values: Any, shift: int = 0) -> Exact:
        """Integers, or floats as the dyadic rationals that they are, times 2**shift."""
        array = values if isinstance(values, np.ndarray) else np.asarray(values.cpu())
        made = Exact.floats(array.astype(np.float64)) if array.dtype.kind == "f" else Exact.integers(array)
        return made * (Fraction(2) ** shift) if shift else made

    def powers(self, exponents: Any, shift: int, lowest: int, highest: int) -> Exact:
        """(1,) 2**(exponent + shift), with exponents brought between the lowest and the highest."""
        brought = (max(lowest, min(int(k) + shift, highest)) for k in exponents.tolist())
        return Exact.fractions([Fraction(2) ** k for k in brought])

    def number(self, p: int | Fraction, q: int = 1) -> Fraction:
        """The rational p / q."""
        return Fraction(p) / q

    def constant(self, number: Fraction, count: int) -> Exact:
        """(1,) a rational."""
        return self._one * number

    def irrational(self, number: Any, count: int) -> Exact:
        """(1,) a SymPy number: pi or e, as a ball."""
        if number == sp.E:
            return self._one.exp()
        if number == sp.pi:
            return 4 * self._one.atan()
        raise ValueError(f"{number} has no enclosure here; write it with exp, atan and roots")

    def peak(self, array: Any) -> float:
        """Nothing is relative to anything here."""
        return 0.0

    def steepest(self, array: Any) -> float:
        """Nothing is relative to anything here."""
        return 0.0

    def rooted(self, scale: Any, root: Any, slack: float) -> float:
        """Nothing is relative to anything here."""
        return 0.0

    def any_negative(self, array: Any) -> bool:
        """Whether some entry is surely below zero."""
        return bool((compare(array, 0) == -1).any())

    def reciprocal(self, array: Exact) -> Exact:
        """1 / array; undefined where it is zero."""
        return 1 / array

    def zeros(self, *shape: int) -> Exact:
        """An array of zeros."""
        return zeros(shape, self._one)

    def eye(self, size: int) -> Exact:
        """The identity matrix."""
        return eye(size, self._one)

    def step(self, z: Any, at_zero: Fraction) -> Any:
        """1 where z > 0, 0 where z < 0, ``at_zero`` where z = 0."""
        signs = compare(z, 0)
        if (signs == UNDECIDED).any():
            raise Undecided("the sign of a pre-activation is not decided")
        return where(signs == 1, 1, where(signs == 0, self._one * at_zero, 0 * self._one)).undefined_where(
            signs == UNDEFINED
        )

    def relu(self, z: Any, at_zero: Fraction) -> Any:
        """max(z, 0), with ``at_zero`` for its derivative at 0."""
        return slopes.relu_with_slope(z, at_zero)

    def where(self, mask: Any, a: Any, b: Any) -> Any:
        """a where the mask holds, b elsewhere."""
        return where(mask, a, b)

    def stack(self, arrays: Sequence[Any], dim: int) -> Any:
        """Arrays of one shape along a new axis."""
        return stack(list(arrays), dim)

    def maximum(self, a: Exact, b: Exact) -> Exact:
        """The larger, entry by entry."""
        return stack(broadcast(a, b), 0).amax(0)

    def minimum(self, a: Exact, b: Exact) -> Exact:
        """The smaller, entry by entry."""
        return stack(broadcast(a, b), 0).amin(0)

    def diagonal_matrix(self, column: Exact) -> Exact:
        """The square matrix with the last axis on its diagonal."""
        return diag_embed(column)

    def take(self, array: Any, members: tuple[tuple[int, ...], ...], dim: int) -> Any:
        """Gather batches along an axis: its N entries become (number of batches, B)."""
        index = index_array(members)
        flat = array.index_select(dim, index.reshape(-1))
        return flat.reshape(*array.shape[:dim], *index.shape, *array.shape[dim + 1 :])

    def means(self, array: Any, members: tuple[tuple[int, ...], ...], dim: int) -> Any:
        """The means over the members of each group: the N entries along an axis become as many as there are groups."""
        return self.take(array, members, dim).mean(dim + 1)

    def projector(self, columns: Exact) -> tuple[Exact, float]:
        """(..., n, n) ``w w^T / |w|^2`` of columns (..., n, 1), zero where w is; and 0, as in ``steepest``."""
        square = columns.square().sum((-2, -1), keepdim=True)
        return columns @ columns.mT / where(compare(square, 0) == 0, 1, square), 0.0

    def gradient(self, function: Callable[[Any], Any], at: Exact, copies: int) -> Exact:
        """(1, copies, *parameter): exact derivatives, by slopes carried forwards; see ``LaneArithmetic.gradient``."""
        return slopes.gradient(function, at.unsqueeze(1))

    def function(self, name: str, a: Exact) -> Exact:
        """exp, log, sin, cos, tanh, atan, sqrt, floor, ceil, harmonic, mean_decay, entry by entry."""
        return getattr(powers, name)(a) if name in powers.FUNCTIONS else getattr(a, name)()

    def total(self, upper: Exact, slack: float, terms: totals.Terms) -> tuple[Exact, float]:
        """(1,) the sum over places up to ``upper`` (1,); its rounding is relative to nothing."""
        return totals.exactly(upper, terms), 0.0

    def power(self, base: Exact, exponent: Exact) -> Exact:
        """base**exponent, entry by entry: rational where it can be, else enclosed."""
        return powers.power(base, exponent)

    def passed(self, name: str, a: Any, scale: Any, slack: float) -> float:
        """Nothing is relative to anything here."""
        return 0.0

    def powered(self, base: Any, scale: Any, exponent: Any, other: Any, slack: float) -> float:
        """Nothing is relative to anything here."""
        return 0.0

    def singular_values(self, matrices: Exact) -> Exact:
        """Singular values, largest first."""
        return spectra.singular_values_squared(matrices).sqrt()

    def spectral_norm(self, matrices: Exact) -> Exact:
        """The largest singular value."""
        return spectra.spectral_norm(matrices)

    def distance_to_rank(self, matrices: Exact, keep: int) -> Exact:
        """The Frobenius distance to the matrices of rank at most ``keep``."""
        return spectra.tail_energy(matrices, keep).sqrt()

    def schatten(self, matrices: Exact, power: Fraction) -> Exact:
        """(sum of sigma**p)**(1/p), exactly for p = 1 and 2 and as a ball otherwise."""
        squares = spectra.singular_values_squared(matrices)
        if power == 1:
            return squares.sqrt().sum(-1)
        if power == 2:
            return squares.sum(-1).sqrt()
        half = power / 2
        total = where(squares > 0, (where(squares > 0, squares, 1).log() * half).exp(), 0).sum(-1)
        return where(total > 0, (where(total > 0, total, 1).log() / power).exp(), 0)

    def rank(self, matrices: Exact, grain: int | None, slack: Any) -> tuple[Exact, Any]:
        """The rank of each matrix, exactly."""
        return spectra.rank(matrices), None

    def compare(self, a: Exact, b: Exact) -> Any:
        """-1, 0, 1 for a < b, a = b, a > b; 2 undecided, 3 undefined."""
        return compare(a, b)


def broadcast(a: Exact, b: Exact) -> list[Exact]:
    """Two arrays expanded to their common shape."""
    shape = np.broadcast_shapes(a.shape, b.shape)
    return [a.expand(*shape), b.expand(*shape)]
