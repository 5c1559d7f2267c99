"""The orthogonal projector onto the line of a column."""

from __future__ import annotations

from typing import Any

from sympy import Expr, MatrixExpr

from symbolic.sentences import SentenceError, _matrix, entry


class projector(MatrixExpr):
    """``projector(w)``: the orthogonal projector onto the line of a column w, ``w w^T / |w|^2``; zero where w is."""

    def __new__(cls, column: Any) -> Any:  # noqa: D102  (the class says what it takes)
        column = _matrix(column, "projector")
        if column.shape[1] != 1:
            raise SentenceError(f"projector takes a column, and {column} is {column.shape[0]} x {column.shape[1]}")
        return MatrixExpr.__new__(cls, column)

    @property
    def shape(self) -> tuple[Expr, Expr]:
        """Rows of the column, twice."""
        return self.args[0].shape[0], self.args[0].shape[0]

    def _entry(self, i: Any, j: Any, **kwargs: Any) -> Any:
        return entry(self, i, j)

    def _sympystr(self, printer: Any) -> str:
        return f"projector({printer._print(self.args[0])})"

    def _latex(self, printer: Any) -> str:
        return rf"P_{{{printer._print(self.args[0])}}}"
