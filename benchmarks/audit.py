"""`lakatos audit` on a two-layer network trained briefly on data of yours: seconds, memory, how near eps is known.

For example ``python benchmarks/audit.py --data california_housing.npz --rows 1800 --width 8192``. The audit runs in a
process of its own, imports included, as a user's does.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

import machine
import numpy as np
import torch

from properties.worlds.datasets import load

GOALS = {"upper / lower": 2.0}
DECAYS = (0.001, 0.1, 1.0)


def trained(X: Any, y: Any, width: int, batch: int, decay: float, epochs: int) -> dict[str, Any]:
    """The state of a network after a few epochs of gradient descent, V decaying with strength ``decay``."""
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(X.shape[1], width), torch.nn.ReLU(), torch.nn.Linear(width, 1))
    others = [net[0].bias, *net[2].parameters()]
    rate = 1 / (1 + float(np.square(X).sum(1).mean()) * 64)
    optimizer = torch.optim.SGD([{"params": [net[0].weight], "weight_decay": decay}, {"params": others}], lr=rate)
    inputs, labels = torch.tensor(X).float(), torch.tensor(y).float()
    for _ in range(epochs):
        for members in torch.randperm(len(X)).split(batch):
            optimizer.zero_grad()
            torch.nn.functional.mse_loss(net(inputs[members]).squeeze(1), labels[members]).backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 10.0)
            optimizer.step()
    return net.state_dict()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--data", required=True, help="an .npz file, X and y or images and labels")
    asked.add_argument("--rows", type=int, default=1800)
    asked.add_argument("--width", type=int, default=8192)
    asked.add_argument("--batch", type=int, default=16)
    asked.add_argument("--epochs", type=int, default=10)
    asked.add_argument("--dry", action="store_true", help="keep no record")
    options = asked.parse_args()
    before = machine.machine()
    data = load(options.data)
    X, y = data.inputs[: options.rows], data.labels[: options.rows]
    spread = X.std(0)
    X = (X - X.mean(0)) / np.where(spread > 0, spread, 1)
    rows, kept = [], {}
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        np.savez(folder / "data.npz", X=X, y=y)
        for decay in DECAYS:
            torch.save(trained(X, y, options.width, options.batch, decay, options.epochs), folder / "net.pt")
            call = ["net.pt", "--data", "data.npz", "--batch-size", str(options.batch), "--weight-decay", str(decay)]
            start = perf_counter()
            subprocess.run(
                [sys.executable, "-m", "verify", "audit", *call, "--json", "told.json"],
                cwd=folder,
                check=True,
                capture_output=True,
            )
            seconds = perf_counter() - start
            used = resource.getrusage(resource.RUSAGE_CHILDREN)
            told = json.loads((folder / "told.json").read_text())["layers"][0]
            norms = told["norms"]
            ratio = norms["most"] / norms["attained"]
            rows.append((str(decay), seconds, used.ru_maxrss / 2**20, ratio, norms["most"] / norms["measured"]))
            kept[str(decay)] = {"seconds": seconds, "GiB": used.ru_maxrss / 2**20, "upper / lower": ratio}
    heads = ("weight decay", "seconds", "GiB", "upper / lower", "upper / one epoch's")
    title = f"Audits of {X.shape[1]} -> {options.width} -> 1 on {len(X)} samples of {data.name}, B = {options.batch}"
    machine.table(f"{title}; goals: {GOALS}", heads, rows)
    if not options.dry:
        path = machine.keep("audit", kept, before)
        print(f"kept in {path.parent.name}/{path.name}")


if __name__ == "__main__":
    main()
