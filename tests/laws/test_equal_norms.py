"""Norms of matrices that are multiples of each other are seen to be equal, where no enclosure tells; others are not."""

from __future__ import annotations

from fractions import Fraction

import sympy as sp

from properties.jacobian.kernel import schur_above
from symbolic.papers.jacobian import A, H
from symbolic.sentences import spectral_norm
from verify.appeal import Hearing
from verify.arena import torch
from verify.draws import Draw
from verify.identities import equal
from verify.worlds import World

A_ROOT, H_ROOT = [[1, -2, -1], [2, -1, 1], [-2, 0, 2]], [[1, 2, -2]] * 3
"""The second one times its transpose is 9 everywhere; the norm of the first one's is irrational."""


def test_an_equation_of_norms_is_decided():
    """The product with a matrix of nines is nine times the matrix itself, and Schur's bound an equation."""
    integers = {"A": A_ROOT, "H": H_ROOT}
    draws = {name: Draw(("N", "N"), -2, 2, torch().tensor([rows])) for name, rows in integers.items()}
    assert Hearing(schur_above.statement, World((("N", 3),)), draws).ruling.ruling == "acquitted"


def test_norms_of_other_matrices_are_not_equal():
    known = {A: (2, 2, 1, 2, 3, 5), H: (2, 2, -2, -4, -6, -10)}

    def matrix(node):
        return tuple(map(Fraction, known[node])) if node in known else None

    def seen(left, right):
        return equal(left, right, lambda _: None, matrix)

    assert seen(2 * spectral_norm(A), spectral_norm(H))
    assert not seen(spectral_norm(A), spectral_norm(H))
    assert not seen(spectral_norm(A.T), spectral_norm(A))  # nothing is known of it
    known[H] = (1, 4, 1, 2, 3, 5)
    assert not seen(spectral_norm(A), spectral_norm(H))
    known[A] = (2, 2, 0, 0, 0, 0)
    assert seen(spectral_norm(A), sp.S.Zero)
