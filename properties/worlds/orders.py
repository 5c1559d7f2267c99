"""In which order the outputs of K classes at N samples are stacked, as a type: what is mixed does not type-check.

The Jacobian of Oymak et al. 2019 has a row for each class and sample. Class-major, the row of class l at sample i is
number l N + i; sample-major, it is number i K + l. A kernel is ``I_K kron S`` in the first order alone, and ``S kron
I_K`` in the second one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar


class ClassMajor:
    """All samples of the first class, then those of the second one, and so on."""


class SampleMajor:
    """All classes at the first sample, then those at the second one, and so on."""


Order = TypeVar("Order", ClassMajor, SampleMajor)


class OrderError(TypeError):
    """Two stacks meet that are in different orders, or are of different classes and samples."""


@dataclass(frozen=True)
class Stacked(Generic[Order]):
    """Rows (lanes, K N, columns) for K classes at N samples, in an order; a vector has one column."""

    rows: Any
    classes: int
    samples: int
    order: type[Order]

    def __post_init__(self) -> None:
        if self.rows.shape[1] != self.classes * self.samples:
            raise OrderError(
                f"{self.rows.shape[1]} rows are not those of {self.classes} classes at {self.samples} samples"
            )

    def gram(self, other: Stacked[Order]) -> Any:
        """(lanes, K N, K N) the products of each of these rows with each of the other ones."""
        self._meet(other)
        return self.rows @ other.rows.mT

    def adjoint(self, weights: Stacked[Order]) -> Any:
        """(lanes, columns, .) the sums of these rows with the weights of the other stack."""
        self._meet(weights)
        return self.rows.mT @ weights.rows

    def minus(self, other: Stacked[Order]) -> Stacked[Order]:
        """The differences of the rows of two stacks."""
        self._meet(other)
        return Stacked(self.rows - other.rows, self.classes, self.samples, self.order)

    def _meet(self, other: Stacked[Order]) -> None:
        if self.order is not other.order:
            raise OrderError(
                f"a {self.order.__name__} stack meets a {other.order.__name__} one; bring both into one order with "
                "by_class or by_sample"
            )
        if (self.classes, self.samples) != (other.classes, other.samples):
            raise OrderError(
                f"a stack of {self.classes} classes at {self.samples} samples meets one of {other.classes} at "
                f"{other.samples}"
            )


def class_major(blocks: Any) -> Stacked[ClassMajor]:
    """The stack of blocks (lanes, K, N, columns)."""
    lanes, classes, samples, columns = blocks.shape
    return Stacked(blocks.reshape(lanes, classes * samples, columns), classes, samples, ClassMajor)


def sample_major(blocks: Any) -> Stacked[SampleMajor]:
    """The stack of blocks (lanes, N, K, columns)."""
    lanes, samples, classes, columns = blocks.shape
    return Stacked(blocks.reshape(lanes, samples * classes, columns), classes, samples, SampleMajor)


def by_sample(stack: Stacked[ClassMajor]) -> Stacked[SampleMajor]:
    """The same rows in sample-major order."""
    _in_order(stack, ClassMajor)
    lanes, _, columns = stack.rows.shape
    return sample_major(stack.rows.reshape(lanes, stack.classes, stack.samples, columns).movedim(1, 2))


def by_class(stack: Stacked[SampleMajor]) -> Stacked[ClassMajor]:
    """The same rows in class-major order."""
    _in_order(stack, SampleMajor)
    lanes, _, columns = stack.rows.shape
    return class_major(stack.rows.reshape(lanes, stack.samples, stack.classes, columns).movedim(1, 2))


def _in_order(stack: Stacked[Any], order: type[Any]) -> None:
    if stack.order is not order:
        raise OrderError(f"the stack is {stack.order.__name__} and not {order.__name__}")
