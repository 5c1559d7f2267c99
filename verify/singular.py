"""Singular values of many small matrices at once, on lanes: tensors (..., m, n).

LAPACK takes them one by one: a rotation does for two rows or columns, and the eigenvalues of M M^T where no digits are
lost by them. A matrix with an entry that is not finite has no singular values: they are not numbers.
"""

from __future__ import annotations

from typing import Any

from verify.arena import torch

CLOSE = 64
"""Where the square of a distance is below |M|**2 / CLOSE, the eigenvalues of M M^T tell it too roughly."""


def values(matrices: Any) -> Any:
    """(..., min(m, n)) singular values, largest first."""
    fewer = min(matrices.shape[-2:])
    if fewer == 1:
        return _length(matrices.flatten(-2)).unsqueeze(-1)
    return _of_two(matrices) if fewer == 2 else _by_svd(matrices)


def largest(matrices: Any) -> Any:
    """(...) the spectral norm."""
    if min(matrices.shape[-2:]) <= 2:
        return values(matrices)[..., 0]
    return _by_gram(matrices)[..., -1].clamp(min=0).sqrt()


def distance(matrices: Any, keep: int) -> Any:
    """(...) the Frobenius distance to the matrices of rank at most ``keep`` (Eckart, Young 1936)."""
    fewer = min(matrices.shape[-2:])
    if keep == 0:
        return _length(matrices.flatten(-2))
    if keep >= fewer:
        # Zero, and not a number where an entry is none.
        return (matrices.flatten(-2) * 0).sum(-1)
    if fewer == 2 or 2 * keep > fewer:
        return _length(values(matrices)[..., keep:])
    squares = _by_gram(matrices)
    beyond = squares[..., : fewer - keep].sum(-1)
    found = beyond.clamp(min=0).sqrt()
    close = beyond * CLOSE < squares.sum(-1)
    if bool(close.any()):
        found[close] = _length(_by_svd(matrices[close])[..., keep:])
    return found


def _length(vectors: Any) -> Any:
    """The Euclidean length over the last axis; of no entries, 0."""
    return vectors.square().sum(-1).sqrt()


def _of_two(matrices: Any) -> Any:
    """One rotation makes two rows orthogonal (Hestenes 1958); their lengths are then the singular values."""
    module = torch()
    wide = matrices if matrices.shape[-2] == 2 else matrices.mT
    a, b = wide.unbind(-2)
    gram = wide @ wide.mT
    product = gram[..., 0, 1]
    tilt = (gram[..., 1, 1] - gram[..., 0, 0]) / (2 * module.where(product == 0, 1, product))
    side = module.where(tilt < 0, -1.0, 1.0)
    tangent = module.where(product == 0, 0 * tilt, side / (tilt.abs() + (1 + tilt.square()).sqrt()))
    cosine = (1 + tangent.square()).rsqrt().unsqueeze(-1)
    sine = cosine * tangent.unsqueeze(-1)
    one, other = _length(cosine * a - sine * b), _length(sine * a + cosine * b)
    return module.stack((module.maximum(one, other), module.minimum(one, other)), -1)


def _by_gram(matrices: Any) -> Any:
    """The eigenvalues of M M^T or M^T M, whichever is smaller, in ascending order; an error is relative to |M|**2."""
    wide = matrices.shape[-2] <= matrices.shape[-1]
    # Squares may be too large for a float where entries are not.
    gram, finite = _finite(matrices @ matrices.mT if wide else matrices.mT @ matrices)
    return _only(torch().linalg.eigvalsh(gram), finite)


def _by_svd(matrices: Any) -> Any:
    whole, finite = _finite(matrices)
    return _only(torch().linalg.svdvals(whole), finite)


def _finite(matrices: Any) -> tuple[Any, Any]:
    """The matrices, zero where an entry is not finite, for which LAPACK raises; and a mask (..., 1) of the others."""
    if bool(matrices.sum().isfinite()):
        return matrices, None
    finite = matrices.isfinite().all(-1).all(-1)
    mask = finite.unsqueeze(-1)
    return torch().where(mask.unsqueeze(-1), matrices, torch().zeros_like(matrices)), mask


def _only(found: Any, finite: Any) -> Any:
    return found if finite is None else torch().where(finite, found, torch().full_like(found, float("nan")))
