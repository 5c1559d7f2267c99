"""The audit of a checkpoint: what can be analysed is, and one sentence says of the rest why it is not."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from properties.audit import backward, bounds, checkpoints, deep, gradients, network, proximity, samples, sizes, spectra
from properties.audit.jacobian import split
from properties.audit.results import (
    SCHEMA,
    Audit,
    AuditError,
    Conventions,
    Data,
    Fit,
    LayerAudit,
    Remark,
    Spectrum,
)
from properties.worlds.datasets import DatasetError
from verify.arena import Arena, torch

MOST_SAMPLES = 12_000
"""Samples up to which a Gram matrix is formed: 1.2 GiB in float64."""
MARGIN = 0.1
"""The quantile of the margins that a ramp loss is at."""


@dataclass(frozen=True)
class Request:
    """What is asked: the loss, how batches are made, how the weights decay, and what the samples are."""

    loss: str = "square"
    batch: int | None = None
    weight_decay: float | None = None
    convention: int = 1
    decay: str = "coupled"
    learning_rate: float | None = None
    architecture: str | None = None
    data: str | Path | None = None
    dataset: str | None = None
    rows: str | None = None
    target: str | None = None
    standardise: bool = False
    delta: float = 0.05
    seed: int = 0

    def __post_init__(self) -> None:
        if self.loss not in samples.LOSSES:
            raise AuditError(f"--loss {self.loss}: choose one of {', '.join(samples.LOSSES)}")
        if self.decay not in ("coupled", "decoupled"):
            raise AuditError(f"--decay {self.decay}: say coupled (SGD, Adam) or decoupled (AdamW)")
        if self.convention not in (1, 2):
            raise AuditError(
                f"--decay-convention {self.convention}: say 1 for PyTorch's weight_decay, that is (mu/2) |V|^2, or 2 "
                "for mu |V|^2"
            )
        for name, number in (("--weight-decay", self.weight_decay), ("--learning-rate", self.learning_rate)):
            if number is not None and not 0 <= number < math.inf:
                raise AuditError(f"{name} {number}: give a number from 0 on")
        if self.batch is not None and self.batch < 1:
            raise AuditError(f"--batch-size {self.batch}: give a number from 1 on")
        if not 0 < self.delta < 1:
            raise AuditError(f"--delta {self.delta}: give a probability between 0 and 1")

    @property
    def strength(self) -> float:
        """c mu, the factor of the weights in the gradient of the regularised loss; 0 without a coupled decay."""
        return 0.0 if self.decay == "decoupled" else self.convention * (self.weight_decay or 0.0)


def audit(checkpoint: str | Path, request: Request, arena: Arena | None = None) -> Audit:
    """Audit a network; AuditError where the checkpoint cannot be read at all, remarks for whatever else is wrong."""
    arena = arena or Arena()
    stored = checkpoints.read(checkpoint)
    good, remarks = checkpoints.sound(stored, arena)
    net, told = _network(stored, good, request)
    remarks += told
    if net is None and not network.matrices(good):
        raise AuditError(f"{checkpoint}: {'; '.join(one.says for one in remarks) or 'it holds no matrix'}")
    layers = net.layers if net else network.matrices(good)
    spectrums = [spectra.spectrum(layer.W, arena, len(layers)) for layer in layers]
    found = Audit(
        checkpoint=stored.name,
        sha256=stored.sha256,
        conventions=_conventions(request, arena),
        data=None,
        fit=None,
        layers=tuple(LayerAudit(one.facts(), s, None, None, None) for one, s in zip(layers, spectrums, strict=True)),
        balances=deep.balances(net) if net else (),
        split=None,
        bounds=(),
        remarks=tuple(remarks),
    )
    return found if net is None else _on_samples(found, net, request, arena)


def to_json(found: Audit) -> dict[str, Any]:
    """An audit as JSON, with the version of its schema; infinities and what is no number are strings."""
    return {"type": "audit", "schema": SCHEMA, "complete": found.complete, **_plain(asdict(found))}


def _plain(item: Any) -> Any:
    if isinstance(item, Mapping):
        return {key: _plain(part) for key, part in item.items()}
    if isinstance(item, (list, tuple)):
        return [_plain(part) for part in item]
    if isinstance(item, float) and not math.isfinite(item):
        return str(item)
    return item


def _conventions(request: Request, arena: Arena) -> Conventions:
    return Conventions(
        request.loss, request.batch, request.weight_decay, request.convention, request.decay, request.learning_rate,
        request.delta, request.seed, arena.dtype, arena.device,
    )  # fmt: skip


def _network(stored: Any, good: Any, request: Request) -> tuple[network.Network | None, list[Remark]]:
    try:
        net = network.network(stored, good, request.architecture)
    except AuditError as error:
        return None, [Remark("network", f"{error}; the spectra of its matrices are told alone", True)]
    return net, network.remarks(net, request.architecture)


# -- on samples -------------------------------------------------------------------------------------------------------


def _on_samples(found: Audit, net: network.Network, request: Request, arena: Arena) -> Audit:
    if request.data is None and request.dataset is None:
        says = "no samples were given (--data, --dataset): gradients and bounds are not told"
        return replace(found, remarks=(*found.remarks, Remark("data", says)))
    try:
        data = samples.read(request.data, request.dataset, request.rows, request.target, request.standardise)
        x, y = _tensors(data, net, request, arena)
    except (AuditError, DatasetError) as error:
        says = f"{error}; what needs samples is not told"
        return replace(found, remarks=(*found.remarks, Remark("data", says, True)))
    outputs = backward.outputs(net, x)
    fit = _fit(outputs, x, y, data, request)
    found = replace(found, data=Data(data.name, len(x), x.shape[1], data.sha256), fit=fit)
    if not math.isfinite(fit.mean_loss):
        says = f"{data.name}: the loss there is not finite; give the inputs as the network saw them, scaled alike"
        return replace(found, remarks=(*found.remarks, Remark("fit", says, True)))
    layers, told = [], _uncovered(request, len(x))
    for place, (layer, known) in enumerate(zip(net.layers, found.layers, strict=True)):
        if request.batch is None or request.batch > len(x) or min(layer.W.shape) == 1:
            layers.append(known)
            if min(layer.W.shape) == 1 and request.batch is not None:
                told.append(Remark(layer.name, f"{layer.name} has one row or column, so that its rank says nothing"))
            continue
        layers.append(_layer(known, net, place, x, y, request, arena))
    first, V = net.layers[0], _spectrum(found.layers[0])
    measured = sizes.measured(net, x, fit, V.distances, V.rank, arena)
    jacobian, why = split(net, x, y, request.loss, arena)
    told += [why] if why else []
    if not net.rectified and any(layer.activation not in network.LIPSCHITZ_ONE for layer in net.layers):
        told.append(Remark("bounds", f"{first.activation} has slopes above 1, and bounds by norms are for at most 1"))
        evaluated: tuple[Any, ...] = ()
    else:
        evaluated = bounds.evaluated(measured, request.delta)
    if fit.margin is not None and fit.margin <= 0:
        told.append(Remark("bounds", "a tenth of the sample is classified wrongly, so that no margin bound applies"))
    return replace(found, layers=tuple(layers), split=jacobian, bounds=evaluated, remarks=(*found.remarks, *told))


def _spectrum(layer: LayerAudit) -> Spectrum:
    assert layer.spectrum is not None
    return layer.spectrum


def _tensors(data: samples.Samples, net: network.Network, request: Request, arena: Arena) -> tuple[Any, Any]:
    if data.inputs.shape[1] != net.inputs:
        raise AuditError(
            f"{data.name}: a sample has {data.inputs.shape[1]} inputs and the network {net.inputs}; give what it was "
            "trained on"
        )
    if len(data.inputs) > MOST_SAMPLES:
        raise AuditError(
            f"{data.name}: {len(data.inputs)} samples are more than {MOST_SAMPLES}; say which with --rows, as in "
            f"0:{MOST_SAMPLES}"
        )
    y = samples.targets(data, net.outputs, request.loss)
    put = {"dtype": arena.float, "device": arena.device}
    return torch().as_tensor(data.inputs, **put), torch().as_tensor(y, **put)


def _fit(outputs: Any, x: Any, y: Any, data: samples.Samples, request: Request) -> Fit:
    each = backward.losses(outputs, y, request.loss)
    accuracy = margin = None
    if y.shape[1] > 1 and data.labels.reshape(len(y), -1).shape[1] == 1:
        right = (outputs * y).sum(1)
        wrong = outputs.masked_fill(y > 0, -math.inf).amax(1)
        accuracy = float((right > wrong).double().mean())
        margin = float((right - wrong).quantile(MARGIN))
    return Fit(
        loss=request.loss,
        mean_loss=float(each.mean()),
        accuracy=accuracy,
        magnitude=max(float(outputs.abs().amax()), float(y.abs().amax())),
        reach=float(x.norm(dim=1).amax()),
        margin=margin if request.loss == samples.CROSS_ENTROPY else None,
    )


def _uncovered(request: Request, count: int) -> list[Remark]:
    """What Theorem 2.6 does not cover, a sentence each."""
    told = []
    if request.batch is None:
        told.append(Remark("batches", "no batch size was given (--batch-size): batch gradients are not told"))
    elif request.batch > count:
        told.append(
            Remark(
                "batches",
                f"--batch-size {request.batch} is more than the {count} samples; give the size used in training",
                True,
            )
        )
    elif request.batch == count:
        told.append(Remark("theorem 2.6", "the batch is the whole sample: Theorem 2.6 needs B < N and says nothing"))
    if request.decay == "decoupled":
        told.append(
            Remark(
                "theorem 2.6",
                "decoupled decay (AdamW) is no part of the gradient: Theorem 2.6 says nothing, and the gradients told "
                "are those of the loss alone",
            )
        )
    elif not request.weight_decay:
        told.append(
            Remark(
                "theorem 2.6", "no weight decay was given (--weight-decay): Theorem 2.6 divides by it and says nothing"
            )
        )
    return told


def _layer(
    known: LayerAudit, net: network.Network, place: int, x: Any, y: Any, request: Request, arena: Arena
) -> LayerAudit:
    assert request.batch is not None
    strength, spectrum = request.strength, _spectrum(known)
    factors = backward.factors(net, x, y, request.loss, place)
    mismatch = _mismatch(net, place, x, y, request)
    made = deep.steps(factors, request.batch, request.learning_rate, strength, mismatch, arena, request.seed)
    received = factors.a
    inner = gradients.gram(factors, strength, arena)
    del factors
    norms = gradients.norms(inner, request.batch, request.seed)
    near = None
    if strength and request.batch < len(x):
        near = proximity.near(spectrum, norms, received, request.batch, strength, request.convention, arena)
    return replace(known, norms=norms, proximity=near, steps=made)


def _mismatch(net: network.Network, place: int, x: Any, y: Any, request: Request) -> float | None:
    """How far the unrolled recursion is off after a few steps on random batches, the other layers at rest."""
    if request.learning_rate is None or request.batch is None:
        return None
    random = torch().Generator(device=x.device).manual_seed(request.seed)
    drawn = [torch().randperm(len(x), generator=random, device=x.device)[: request.batch] for _ in range(deep.STEPS)]

    def at(W: Any, members: Any) -> backward.Factors:
        layer = replace(net.layers[place], W=W)
        moved = network.Network((*net.layers[:place], layer, *net.layers[place + 1 :]))
        return backward.factors(moved, x[members], y[members], request.loss, place)

    return deep.unrolled(at, net.layers[place].W, drawn, request.learning_rate, request.strength)
