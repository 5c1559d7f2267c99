"""Positive semidefinite matrices and their products entry by entry, with the least eigenvalues of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from symbolic.papers import jacobian as paper
from verify.worlds import Kind, Lanes, Size, reading


@dataclass(frozen=True)
class PositivePairs(Kind):
    """Lanes of matrices A, H (L, N, N), products of a matrix of integers with its transpose, and S, a symmetric one.

    With ``definite``, one to three identities are added to A and to H: no least eigenvalue is 0 but for rounding.
    """

    size: Size = Size(1, 4)
    definite: bool = False

    speaks: ClassVar[str] = paper.SOURCE
    letters: ClassVar[dict[str, str]] = {"N": "size"}
    scaled: ClassVar[tuple[str, ...]] = ("A", "H")
    refines: ClassVar[bool] = True
    corners: ClassVar[tuple[str, ...]] = ("A has rank one", "H has rank one", "H is all ones", "A is diagonal")

    @reading
    def A(net: Any) -> Any:
        return positive(net, "A")

    @reading
    def H(net: Any) -> Any:
        return positive(net, "H")

    @reading
    def S(net: Any) -> Any:
        half = net.draw("S", "N N", -2, 2)
        return half + half.mT

    @reading(relative_to=("A",))
    def A_min(net: Any) -> Any:
        return least_eigenvalue(net, net.A)

    @reading(relative_to=("A", "H"))
    def AH_min(net: Any) -> Any:
        return least_eigenvalue(net, net.A * net.H)

    def impose(self, corner: str, name: str, drawn: Any, net: Lanes) -> Any:
        """Bend integers into a corner; see ``corners``."""
        bent = drawn.clone()
        if corner == f"{name} has rank one":
            bent[:, :, 1:] = 0
        if corner == "H is all ones" and name == "H":
            bent[:] = 0
            bent[:, :, 0] = 1
        if corner == "A is diagonal" and name == "A":
            bent = bent.tril().triu()
        return bent

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Corners by what the matrices are."""
        found: dict[str, Any] = {"N is one": True} if net.world.size("N") == 1 else {}
        for name in {"A", "H"} & set(net.draws):
            root = net.draws[name].values
            found[f"{name} is zero"] = (root == 0).flatten(1).all(1)
        return found


def positive(net: Any, name: str) -> Any:
    """(L, N, N) a matrix of integers under a name, times its transpose."""
    shift = net.shift(name)
    root = net.draw(name, "N N", -2, 2, shift)
    if not net.kind.definite:
        return root @ root.mT
    added = net.draw(f"{name} added", "", 1, 3, 2 * shift).reshape(net.count, 1, 1)
    return root @ root.mT + added * net.arithmetic.eye(net.N).unsqueeze(0)


def least_eigenvalue(net: Lanes, matrices: Any) -> Any:
    """(L,) the least eigenvalues of symmetric matrices that are positive semidefinite.

    The eigenvalues of ``t I - A``, where t is the trace, are none of them negative, and the largest is t minus that.
    """
    size = matrices.shape[-1]
    trace = matrices.diagonal(dim1=-2, dim2=-1).sum(-1)
    turned = trace.reshape(net.count, 1, 1) * net.arithmetic.eye(size).unsqueeze(0) - matrices
    return trace - net.arithmetic.spectral_norm(turned)
