"""All singular values of a matrix of floats, enclosed, and how many of them reach a cutoff for certain.

LAPACK's factors of A are taken as they are, U diag(s) V^T with U and V that are only nearly orthogonal. What is wrong
with them is evaluated in balls: e = |A - U diag(s) V^T|, f = |U^T U - I|, g = |V^T V - I|, in Frobenius norms. The
singular values of U are between sqrt(1 - f) and sqrt(1 + f), those of V likewise, so that (Ostrowski 1959, Weyl 1912)

    s_i sqrt((1 - f) (1 - g)) - e  <=  sigma_i(A)  <=  s_i sqrt((1 + f) (1 + g)) + e.

Nothing is assumed of LAPACK: factors that are far off give wide enclosures, and no wrong ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import flint
import numpy as np

BITS = 128


class SpectrumError(ValueError):
    """A matrix has no singular values in floats, or a cutoff is too near to one of them."""


@dataclass(frozen=True)
class Enclosed:
    """Lower and upper ends of the singular values of one matrix, each in descending order."""

    lower: tuple[Any, ...]
    upper: tuple[Any, ...]

    def __len__(self) -> int:
        return len(self.lower)

    def holds(self, place: int, value: Any) -> bool:
        """Whether a ball may be the singular value at a place."""
        return not (value < self.lower[place] or value > self.upper[place])

    def reaching(self, cutoff: float) -> int:
        """How many singular values are at least a cutoff; SpectrumError where that is not certain.

        A value that is the cutoff itself is never told from one just below it by floats.
        """
        at = flint.arb(cutoff)
        with flint.ctx.workprec(BITS):
            inside = sum(bool(low >= at) for low in self.lower)
            outside = sum(bool(high < at) for high in self.upper)
        if inside + outside < len(self):
            near = f"{float(self.lower[inside].mid()):.17g} and {float(self.upper[inside].mid()):.17g}"
            raise SpectrumError(
                f"the cutoff {cutoff!r} is within rounding of singular value {inside + 1}, which is between {near}; "
                "give a cutoff in a gap of the spectrum, or the matrix in rational numbers"
            )
        return inside


def enclosed(matrix: Any) -> Enclosed:
    """Enclosures of the singular values of a matrix (m, n) of floats.

    Raises SpectrumError for another shape, an entry that is not finite, or factors that are too far from orthogonal.
    """
    given = np.asarray(matrix)
    if given.ndim != 2 or given.dtype.kind != "f" or not np.isfinite(given).all():
        raise SpectrumError("singular values are those of one matrix of finite floats; give an array (m, n)")
    whole = given.astype(np.float64)
    if 0 in whole.shape:
        return Enclosed((), ())
    try:
        left, values, right = np.linalg.svd(whole, full_matrices=False)
    except np.linalg.LinAlgError:
        raise SpectrumError("LAPACK finds no singular values of this matrix; scale it") from None
    with flint.ctx.workprec(BITS):
        e = _norm(_balls(whole) - _balls(left) * _diagonal(values) * _balls(right))
        f, g = _defect(_balls(left)), _defect(_balls(right).transpose())
        if not (f < 1 and g < 1):
            raise SpectrumError("the singular vectors of this matrix are not orthogonal in floats; scale it")
        least, most = ((1 - f) * (1 - g)).sqrt(), ((1 + f) * (1 + g)).sqrt()
        zero = flint.arb(0)
        lows = [flint.arb(float(s)) * least - e for s in values]
        highs = [flint.arb(float(s)) * most + e for s in values]
        return Enclosed(tuple(max(low.lower(), zero) for low in lows), tuple(high.upper() for high in highs))


def _balls(matrix: Any) -> Any:
    rows, columns = matrix.shape
    return flint.arb_mat(rows, columns, matrix.ravel().tolist())


def _diagonal(values: Any) -> Any:
    made = flint.arb_mat(len(values), len(values))
    for place, value in enumerate(values.tolist()):
        made[place, place] = value
    return made


def _defect(columns: Any) -> Any:
    """The Frobenius norm of what is wrong with orthonormal columns, from above."""
    size = columns.ncols()
    return _norm(columns.transpose() * columns - flint.arb_mat(size, size, _ones(size)))


def _ones(size: int) -> list[int]:
    return [int(place % (size + 1) == 0) for place in range(size * size)]


def _norm(matrix: Any) -> Any:
    """The Frobenius norm of a matrix of balls, from above."""
    total = flint.arb(0)
    for entry in matrix.entries():
        total += entry.abs_upper() ** 2
    return total.sqrt().upper()


__all__ = ["Enclosed", "SpectrumError", "enclosed"]
