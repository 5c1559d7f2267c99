"""The numbers that Oymak et al. 2019 report of trained networks, as printed, and the words for them.

A vector is split into its projections to the span of the 50 first left singular vectors of the Jacobian (information)
and to what is orthogonal to it (nuisance); the tables print the lengths of both over the length of the vector, and,
in the first version, the length of the pseudo-inverse of the Jacobian, cut off there, applied to it. Vectors are the
labels and the residual, at the start of training and at its end.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from symbolic.words import word

ARXIV = "Oymak, Fabian, Li, Soltanolkotabi 2019 (arXiv:1906.05392v2), Tables 1, 2 and 3"
ICLR = "Oymak, Fabian, Li, Soltanolkotabi 2020 (submission to ICLR, OpenReview ryl5CJSFPS)"
KEPT = 50
"""Singular vectors that span the information space."""


@dataclass(frozen=True)
class Run:
    """A training run: where it is printed, classes, samples, and whether half of the labels were replaced."""

    source: str
    name: str
    classes: int
    samples: int
    noisy: bool

    @property
    def outputs(self) -> int:
        """Rows of the Jacobian: one for each class and sample."""
        return self.classes * self.samples


@dataclass(frozen=True)
class Split:
    """How one vector is split at the start and at the end of a run: information, nuisance, and pseudo-inverse.

    Each is a pair (start, end) of decimals as printed; the pseudo-inverse is empty where none is printed.
    """

    run: Run
    vector: str
    information: tuple[str, ...]
    nuisance: tuple[str, ...]
    inverse: tuple[str, ...] = ()


_SGD = Run(ARXIV, "SGD, clean labels", 3, 9999, False)
_ADAM = Run(ARXIV, "Adam, clean labels", 3, 9999, False)
_NOISE = Run(ARXIV, "SGD, half of the labels replaced", 3, 9999, True)
_TEN = Run(ICLR, "ten classes, clean labels", 10, 50_000, False)
_TEN_NOISE = Run(ICLR, "ten classes, half of the labels replaced", 10, 50_000, True)

SPLITS = (
    Split(_SGD, "labels", (".724", ".987"), (".690", ".158"), ("5.44e-3", "3.16e-3")),
    Split(_SGD, "residual", (".886", ".976"), (".465", ".217"), ("4.10e-3", "3.43e-3")),
    Split(_ADAM, "labels", (".702", ".997"), (".712", ".078"), ("5.36e-3", "3.10e-3")),
    Split(_ADAM, "residual", (".814", ".991"), (".582", ".136"), ("4.43e-3", "3.06e-3")),
    Split(_NOISE, "labels", (".587", ".751"), (".810", ".660"), ("1.72e-3", "1.87e-3")),
    Split(_NOISE, "residual", (".643", ".763"), (".766", ".646"), ("1.98e-3", "1.20e-3")),
    Split(_TEN, "labels", (".38081", ".9869"), (".92465", ".16131")),
    Split(_TEN, "residual", (".37114", ".98669"), (".92858", ".1626")),
    Split(_TEN_NOISE, "labels", (".32762", ".8956"), (".94481", ".44487")),
    Split(_TEN_NOISE, "residual", (".32152", ".89597"), (".9469", ".44412")),
)

PARAMETERS = 270_000
"""Parameters of the network of ten classes, about."""


def printed(text: str) -> tuple[Fraction, Fraction]:
    """A printed decimal, and half a unit of its last digit: how far rounding may have moved it."""
    mantissa, _, exponent = text.partition("e")
    digits = len(mantissa.partition(".")[2]) - int(exponent or 0)
    return Fraction(text), Fraction(1, 2 * 10**digits)


_TIME = "of a vector at the start or at the end of training"
_ROUNDED = "a number that rounds to what is printed as"

printed_info = word("reported:A", f"length of the information part {_TIME}, over that of the vector", nonnegative=True)
printed_nuis = word("reported:B", f"length of the nuisance part {_TIME}, over that of the vector", nonnegative=True)
nuis_other = word("reported:B_other", "B at the other one of the two times", nonnegative=True)
off_info = word("reported:off_A", "half a unit of the last digit that is printed of A, or more", nonnegative=True)
off_nuis = word("reported:off_B", "half a unit of the last digit that is printed of B, or more", nonnegative=True)

info = word("reported:a", f"{_ROUNDED} A", nonnegative=True)
inverse = word("reported:c", f"{_ROUNDED} the length of J_I^+ times the vector, over its own", nonnegative=True)
info_start = word("reported:a_0", f"{_ROUNDED} A at the start of training", nonnegative=True)
info_end = word("reported:a_T", f"{_ROUNDED} A at the end of training", nonnegative=True)
classes = word("reported:classes", "the number of classes", integer=True, nonnegative=True)
samples = word("reported:samples", "the number of training samples", integer=True, nonnegative=True)

information_y = word("reported:a_y", "a number that is printed as the information part of the labels")
information_r = word("reported:a_r", "a number that is printed as that of the residual")
inverse_y = word("reported:c_y", "a number that is printed as the pseudo-inverse applied to the labels")
inverse_r = word("reported:c_r", "a number that is printed as that applied to the residual")
parameters = word("reported:p", "the number of parameters", integer=True, nonnegative=True)
rows = word("reported:rows", "rows of the Jacobian: classes times samples", integer=True, nonnegative=True)


def rounded(text: str) -> tuple[Fraction, Fraction]:
    """The numbers that a printed decimal may stand for: the ends of an interval."""
    number, half = printed(text)
    return number - half, number + half
