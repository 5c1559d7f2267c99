"""`lakatos audit`: what the theorems say about a network that somebody brings."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from properties.audit.running import Request

OK, INCOMPLETE = 0, 1
FILES = ("audit.json", "audit.md")


def audit(
    checkpoint: Annotated[Path, typer.Argument(metavar="CHECKPOINT", help="A state_dict: .safetensors, or .pt.")],
    data: Annotated[Path | None, typer.Option(help="What it was trained on: .npz (X, y), .csv or .parquet.")] = None,
    dataset: Annotated[str | None, typer.Option(help="Or a named set: diabetes, digits, california, mnist.")] = None,
    rows: Annotated[str | None, typer.Option(help="Which rows of it, as in 0:1800.")] = None,
    target: Annotated[str | None, typer.Option(help="The column of labels in a table.")] = None,
    standardise: Annotated[bool, typer.Option("--standardise", help="Bring inputs to mean 0, variance 1.")] = False,
    batch_size: Annotated[int | None, typer.Option(help="The batch size of training.")] = None,
    weight_decay: Annotated[float | None, typer.Option(help="The weight decay mu of training.")] = None,
    decay_convention: Annotated[
        int, typer.Option(help="1 where mu stands for (mu/2) |V|^2, as PyTorch's weight_decay; 2 for mu |V|^2.")
    ] = 1,
    decay: Annotated[str, typer.Option(help="coupled (SGD, Adam) or decoupled (AdamW).")] = "coupled",
    loss: Annotated[str, typer.Option(help="square, half-square, mean-square or cross-entropy.")] = "square",
    learning_rate: Annotated[float | None, typer.Option(help="The step size, for the unrolled recursion.")] = None,
    architecture: Annotated[str | None, typer.Option(help="Layers in order: 'fc1 relu fc2', 'W1+b1 relu W2'.")] = None,
    delta: Annotated[float, typer.Option(help="The probability that a bound may fail.")] = 0.05,
    seed: Annotated[int, typer.Option(help="Of the batches that are drawn.")] = 0,
    device: Annotated[str, typer.Option(help="cpu, or cuda.")] = "cpu",
    dtype: Annotated[str, typer.Option(help="float64 or float32.")] = "float64",
    out: Annotated[Path | None, typer.Option(help="A folder for the audit as JSON and Markdown.")] = None,
    json_to: Annotated[str | None, typer.Option("--json", help="Write JSON to a file, or - for here.")] = None,
) -> None:
    """What the theorems say about a trained network: ranks, batch gradients, eps, distances, bounds.

    Exit 1 where something that was brought is wrong (the rest is told all the same), 2 where nothing can be read.
    """
    from properties.audit.running import Request

    request = Request(
        loss=loss,
        batch=batch_size,
        weight_decay=weight_decay,
        convention=decay_convention,
        decay=decay,
        learning_rate=learning_rate,
        architecture=architecture,
        data=data,
        dataset=dataset,
        rows=rows,
        target=target,
        standardise=standardise,
        delta=delta,
        seed=seed,
    )
    raise typer.Exit(tell(checkpoint, request, device, dtype, out, json_to))


def tell(checkpoint: Path, request: Request, device: str, dtype: str, out: Path | None, json_to: str | None) -> int:
    """Audit a checkpoint and print what was found; the exit code is 1 where something that was brought is wrong.

    JSON goes to ``json_to`` (a file, or - for here, and then nothing else is printed), JSON and Markdown into the
    folder ``out``.
    """
    from rich.console import Console

    from properties.audit.running import audit as audited_network
    from properties.audit.running import to_json
    from reports import audited
    from reports.renderers import put
    from verify.arena import Arena, torch

    arena = Arena(device, dtype)
    arena.prepare()
    # One network is large, as no lane is: its products are worth all cores.
    torch().set_num_threads(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    found = audited_network(checkpoint, request, arena)
    told = to_json(found)
    text = json.dumps(told, indent=1, allow_nan=False) + "\n"
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        for name, made in zip(FILES, (text, audited.to_markdown(told)), strict=True):
            put(out / name, made)
    if json_to is not None and json_to != "-":
        put(Path(json_to), text)
    sys.stdout.write(text if json_to == "-" else audited.to_text(told, Console().width))
    for remark in found.remarks:
        if remark.failed:
            print(f"lakatos: {remark.says}", file=sys.stderr)
    return OK if found.complete else INCOMPLETE
