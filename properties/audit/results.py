"""What an audit finds, as frozen data: findings are returned here, and doors print them.

Matrices are told of by numbers alone: no array of the user's network or data is kept. Lengths are Frobenius norms in
the units of the weights; a bound on a gap is relative to the largest loss, so that 1 says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

SCHEMA = "1.0"
"""The version of the JSON that ``to_json`` of ``properties.audit.running`` writes."""


class AuditError(ValueError):
    """Something that cannot be audited; the message says in one sentence what is wrong, where, and what to do."""


@dataclass(frozen=True)
class Remark:
    """One sentence: what was not analysed or not covered, and why; ``failed`` if the input is to blame."""

    about: str
    says: str
    failed: bool = False


@dataclass(frozen=True)
class Layer:
    """The shape of a dense layer: its tensors' names, width, inputs, whether it has a bias, and what follows it."""

    name: str
    width: int
    inputs: int
    bias: bool
    activation: str


@dataclass(frozen=True)
class Data:
    """The samples: how many, of which file, and the hash of that file."""

    name: str
    samples: int
    inputs: int
    sha256: str


@dataclass(frozen=True)
class Fit:
    """What the network does on the samples: mean loss, and the share of right labels where there are classes.

    ``magnitude`` is the largest |output| or |label|; ``reach`` the largest norm of an input; ``margin`` the tenth
    percentile of the classification margins, None without classes.
    """

    loss: str
    mean_loss: float
    accuracy: float | None
    magnitude: float
    reach: float
    margin: float | None


@dataclass(frozen=True)
class Power:
    """Of singular values with one exponent p: their power sum, the Schatten quasi-norm, and the soft rank."""

    exponent: float
    power_sum: float
    quasi_norm: float
    soft_rank: float


@dataclass(frozen=True)
class Spectrum:
    """Singular values, largest first (at most ``KEPT``), rank up to rounding, norms, stable rank, powers, distances.

    ``distances`` are those to the matrices of rank 0, 1 and 2; below ``threshold`` a singular value is rounding.
    """

    singular_values: tuple[float, ...]
    rank: int
    full: int
    threshold: float
    frobenius: float
    spectral: float
    stable_rank: float | None
    powers: tuple[Power, ...]
    distances: tuple[float, float, float]


@dataclass(frozen=True)
class Norms:
    """Norms of batch gradients, regularisation included, over all batches of B of N samples.

    ``rms`` is exact up to rounding; ``least`` and ``most`` enclose the largest one; ``attained`` is the largest that
    was found; ``quantiles`` are those of ``sampled`` random batches; ``measured`` is the largest over the ``blocks``
    batches of one epoch. ``exact`` if all batches were looked at. ``samples`` are the least, the root mean square and
    the largest norm of the gradient of a single sample, ``whole`` is the norm of that of all samples.
    """

    batches: str
    exact: bool
    rms: float
    least: float
    most: float
    attained: float
    sampled: int
    quantiles: tuple[tuple[float, float], ...]
    blocks: int
    measured: float
    samples: tuple[float, float, float]
    whole: float


@dataclass(frozen=True)
class Distance:
    """A bound on the distance to a rank, evaluated: from a claim, with the largest gradient as assumed or as measured.

    ``relative`` is its quotient by norm(V), and ``certifies`` the stable rank that follows, None if none does;
    ``valid`` is False for what only the batches of one epoch were looked at for, which no theorem allows.
    """

    claim: str
    rank: int
    what: str
    bound: float
    relative: float
    vacuous: bool
    certifies: float | None
    valid: bool


@dataclass(frozen=True)
class Proximity:
    """Theorem 2.6 at a layer: distances as they are, bounds on them, and why these say nothing if they do not.

    ``anchor`` is the least distance to a matrix ``-h_i / (c mu)``; ``shared`` the largest eigenvalue of the mean
    projector on what the layer receives, ``best_certifiable`` the least stable rank that any eps could certify;
    ``verdict`` one sentence.
    """

    theorem: str
    anchor: float
    shared: float
    best_certifiable: float
    distances: tuple[Distance, ...]
    verdict: str


@dataclass(frozen=True)
class Steps:
    """Facts about steps: the rank of batch gradients, and the unrolled recursion of descent with decay.

    ``largest_rank`` of ``looked_at`` batch gradients without decay, which ``bound`` = min(B, m, n) is never below.
    ``shrinks`` is 1 - (step size) c mu; after ``steps`` steps of it less than ``share`` of the weights is older, so
    that the rest has rank at most ``rank_bound``; ``mismatch`` is how far the recursion was off, in norms of V, when a
    few steps were made. None where no step size was given.
    """

    looked_at: int
    largest_rank: int
    bound: int
    shrinks: float | None
    share: float
    steps: int | None
    rank_bound: int | None
    mismatch: float | None


@dataclass(frozen=True)
class LayerAudit:
    """All that is known of one layer; None where it was not analysed, and a remark says why."""

    layer: Layer
    spectrum: Spectrum | None
    norms: Norms | None
    proximity: Proximity | None
    steps: Steps | None


@dataclass(frozen=True)
class Balance:
    """Between two layers: what gradient flow conserves, |row|^2 + bias^2 - |column|^2 of each neuron, relatively."""

    between: tuple[str, str]
    neurons: int
    imbalance: float


@dataclass(frozen=True)
class Split:
    """The Jacobian of all outputs in a layer's weights: its largest singular value, and how the residual divides.

    For each cutoff (a share of the largest singular value) the number of singular values from it on, and the shares of
    the squared residual in the information and in the nuisance space.
    """

    layer: str
    largest: float
    rows: int
    cuts: tuple[tuple[float, int, float, float], ...]


@dataclass(frozen=True)
class Evaluated:
    """A bound on the generalization gap at the user's sizes, relative to the largest loss; None if it has no value.

    ``dominant`` says that constants or logarithms are not known, so that the value is a shape and no bound; ``needed``
    is the number of samples from which it is below 1, norms held as they are; None if beyond all floats.
    ``caveats`` say what was filled in.
    """

    name: str
    source: str
    provenance: str
    value: float
    vacuous: bool
    needed: int | None
    dominant: bool
    caveats: tuple[str, ...]


@dataclass(frozen=True)
class Conventions:
    """What the audit took for granted: loss, decay and batches, as given."""

    loss: str
    batch: int | None
    weight_decay: float | None
    convention: int
    decay: str
    learning_rate: float | None
    delta: float
    seed: int
    dtype: str
    device: str


@dataclass(frozen=True)
class Audit:
    """An audit: what was brought, what is known of each layer, of the whole, and what could not be said."""

    checkpoint: str
    sha256: str
    conventions: Conventions
    data: Data | None
    fit: Fit | None
    layers: tuple[LayerAudit, ...]
    balances: tuple[Balance, ...]
    split: Split | None
    bounds: tuple[Evaluated, ...]
    remarks: tuple[Remark, ...]

    @property
    def complete(self) -> bool:
        """Whether nothing that was brought had to be left out because it was wrong."""
        return not any(remark.failed for remark in self.remarks)
