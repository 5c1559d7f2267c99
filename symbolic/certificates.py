"""Coefficient certificates: which multiples of batch means add up to a combination of members, and what they cost.

Name d distinct samples. The batches fall into classes by which of the named samples they contain; averaging the batch
means of a class whose pattern p names |p| samples gives, for any members q,

    (sum of the named q in it) / B + (B - |p|) / B * (mean of the q of the other samples),

so that coefficients ``alpha_p``, one for each class, add up to the combination whose weight at a named sample t is the
sum of alpha_p / B over the patterns with t, provided that the others cancel: sum of alpha_p (B - |p|) = 0. If every
batch mean has norm at most e, the combination has norm at most ``sum |alpha_p| e``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from sympy import S

from symbolic.grammar import RuleError, refuse
from symbolic.normal import normal, same, scalar_terms
from symbolic.ranks import is_nonnegative

Pattern = tuple[int, ...]
MOST_NAMED = 4


def patterns(named: int) -> list[Pattern]:
    """The classes of batches by the named samples in them, those with all of them first: (1, 1), (1, 0), ..."""
    return list(product((1, 0), repeat=named))


@dataclass(frozen=True)
class Certificate:
    """Coefficients of the batch means by class, in the order of ``patterns``: exact expressions in the batch's size."""

    coefficients: tuple[Any, ...]

    def __post_init__(self) -> None:
        if len(self.coefficients) not in (2, 4):
            raise RuleError(f"a certificate has 2 or 4 coefficients, not {len(self.coefficients)}")

    @property
    def named(self) -> int:
        """The number of named samples."""
        return len(self.coefficients) // 2

    def check(self, batch: Any) -> tuple[tuple[Any, ...], Any]:
        """The weights of the named samples and the constant, for batches of size ``batch`` smaller than the sample.

        RuleError where the other samples do not cancel, a sign is not known, or a class may have no batch: with B < N
        there are batches that lack at most one named sample and contain at most one.
        """
        classes = dict(zip(patterns(self.named), self.coefficients, strict=True))
        used = {p: a for p, a in classes.items() if scalar_terms(a)}
        for pattern in used:
            fits = sum(pattern) <= 1 and self.named - sum(pattern) <= 1
            refuse(fits, "there may be no batch with {} of {} named samples", sum(pattern), self.named)
        others = sum((a * (batch - sum(p)) / batch for p, a in used.items()), S.Zero)
        refuse(not scalar_terms(others), "the coefficients {} do not cancel the other samples", self.coefficients)
        weights = tuple(normal(sum((a / batch for p, a in used.items() if p[t]), S.Zero)) for t in range(self.named))
        # Both named samples may be one and the same, which no class of batches tells apart.
        refuse(self.named == 1 or same(sum(weights), S.Zero), "the weights {} do not cancel on one sample", weights)
        return weights, normal(sum((_size(a) for a in used.values()), S.Zero))


def _size(coefficient: Any) -> Any:
    """|coefficient| without the bars; RuleError where the sign is not known."""
    for signed in (coefficient, -coefficient):
        if is_nonnegative(scalar_terms(signed), set()):
            return signed
    raise RuleError(f"the sign of {coefficient} is not known")


def verified(
    coefficients: Mapping[Pattern, Fraction], weights: Sequence[Fraction], samples: int, batch: int
) -> Fraction:
    """The constant of coefficients for given N and B, in rationals; RuleError where they do not give the weights.

    Raises RuleError too where a class has no batch.
    """
    named = len(weights)
    for pattern, value in coefficients.items():
        inside = sum(pattern)
        exists = len(pattern) == named and inside <= batch and batch - inside <= samples - named
        refuse(exists or value == 0, "no batch of {} in {} samples has the pattern {}", batch, samples, pattern)
    for t, weight in enumerate(weights):
        found = sum((v for p, v in coefficients.items() if p[t]), Fraction(0)) / batch
        refuse(found == weight, "the weight of sample {} is {}, not {}", t, found, weight)
    others = sum((v * (batch - sum(p)) for p, v in coefficients.items()), Fraction(0))
    refuse(others == 0, "the other samples are left with {}", others / batch)
    return sum((abs(v) for v in coefficients.values()), Fraction(0))


def proposed(weights: Sequence[Fraction], samples: int, batch: int) -> tuple[dict[Pattern, Fraction], Fraction]:
    """Coefficients of least constant for given weights of distinct samples, N and B: a linear program, then checked.

    By symmetry and convexity no certificate over single batches is better than the best one over classes. Returns the
    coefficients by pattern and their constant, verified in rationals. RuleError where there are none (B = N).
    """
    from scipy.optimize import linprog

    named = len(weights)
    refuse(0 < named <= min(MOST_NAMED, samples), "between 1 and {} samples are named", min(MOST_NAMED, samples))
    refuse(0 < batch <= samples, "a batch has between 1 and {} samples, not {}", samples, batch)
    classes = [p for p in patterns(named) if sum(p) <= batch and batch - sum(p) <= samples - named]
    rows = [[p[t] / batch for p in classes] for t in range(named)] + [[(batch - sum(p)) / batch for p in classes]]
    both = [[*row, *(-v for v in row)] for row in rows]
    found = linprog([1.0] * (2 * len(classes)), A_eq=both, b_eq=[*map(float, weights), 0.0], method="highs")
    refuse(found.x is not None, "no multiples of batches of {} in {} samples add up to {}", batch, samples, weights)
    halves = [Fraction(float(v)).limit_denominator(10**6) for v in found.x]
    coefficients = {p: halves[k] - halves[k + len(classes)] for k, p in enumerate(classes)}
    return coefficients, verified(coefficients, weights, samples, batch)
