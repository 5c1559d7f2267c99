"""`lakatos audit` as its users meet it: the newcomer's page as printed, files, formats, and the same numbers again."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "audit.md"


def test_the_newcomers_page_runs_as_printed(
    lakatos: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = spec_from_file_location("regenerate", ROOT / "docs" / "regenerate.py")
    assert spec is not None
    assert spec.loader is not None
    regenerate = module_from_spec(spec)
    spec.loader.exec_module(regenerate)
    monkeypatch.setenv("COLUMNS", "80")
    text = PAGE.read_text()
    script = re.search(r"`train\.py`:\n\n```python\n(.*?)```", text, re.DOTALL)
    assert script is not None
    assert len(script[1].strip().splitlines()) <= 20

    def run(arguments: Sequence[str]) -> tuple[str, int]:
        ended = lakatos(*arguments)
        return ended.out + ended.err, ended.code

    assert regenerate.renewed(text, tmp_path, run).splitlines() == text.splitlines()


def test_links_of_the_page_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)]+)\)", PAGE.read_text()):
        path, _, anchor = target.partition("#")
        text = (PAGE.parent / path).read_text()
        headings = {heading.lower().replace(" ", "-") for heading in re.findall(r"^#+ ([\w ]+)$", text, re.MULTILINE)}
        assert not anchor or anchor in headings, target


def test_every_option_is_told_of(lakatos: Callable[..., Any]) -> None:
    text = PAGE.read_text()
    options = set(re.findall(r"--[a-z-]+", lakatos("audit", "--help").out)) - {"--help", "--no-standardise"}
    assert {one for one in options if one not in text} <= {"--delta", "--seed", "--device", "--dtype"}


@pytest.fixture
def network(lakatos: Callable[..., Any]) -> dict[str, Any]:
    """A network 4 -> 6 -> 5 -> 2, in double precision, with data beside it."""
    torch.manual_seed(0)
    found = {}
    for k, (n, m) in enumerate(((4, 6), (6, 5), (5, 2))):
        found |= {f"{2 * k}.weight": torch.randn(m, n).double(), f"{2 * k}.bias": torch.randn(m).double()}
    random = np.random.default_rng(0)
    X = random.normal(size=(30, 4))
    np.savez("data.npz", X=X, y=random.integers(2, size=30))
    np.savetxt("data.csv", np.column_stack([X, np.load("data.npz")["y"]]), delimiter=",")
    return found


OPTIONS = ("--batch-size", "3", "--weight-decay", "0.01", "--loss", "cross-entropy", "--learning-rate", "0.1")


def test_files_of_every_format_give_the_same(lakatos: Callable[..., Any], network: dict[str, Any]) -> None:
    torch.save(network, "net.pt")
    save_file(network, "net.safetensors")
    told = []
    for checkpoint, data in (("net.pt", "data.npz"), ("net.safetensors", "data.csv")):
        ended = lakatos("audit", checkpoint, "--data", data, *OPTIONS, "--json", "-")
        assert (ended.code, ended.err) == (0, "")
        told.append(json.loads(ended.out))
    first, second = told
    assert first["schema"] == "1.0"
    assert first["complete"]
    assert first["layers"] == second["layers"]
    assert first["bounds"] == second["bounds"]
    assert [layer["norms"]["exact"] for layer in first["layers"]] == [True] * 3


def test_parquet(lakatos: Callable[..., Any], network: dict[str, Any]) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    data = np.load("data.npz")
    columns = {**{f"x{k}": data["X"][:, k] for k in range(4)}, "label": data["y"]}
    parquet.write_table(pyarrow.table(columns), "data.parquet")
    torch.save(network, "net.pt")
    told = [
        json.loads(lakatos("audit", "net.pt", "--data", data, *OPTIONS, "--json", "-").out)
        for data in ("data.npz", "data.parquet")
    ]
    assert told[0]["layers"] == told[1]["layers"]


def test_a_folder_of_reports(lakatos: Callable[..., Any], network: dict[str, Any]) -> None:
    torch.save(network, "net.pt")
    options = ("--loss", "mean-square", "--out", "told", "--json", "one.json")
    ended = lakatos("audit", "net.pt", "--data", "data.npz", *OPTIONS, *options)
    assert ended.code == 0
    assert Path("told/audit.json").read_text() == Path("one.json").read_text()
    page = Path("told/audit.md").read_text()
    assert page.startswith("# net.pt on data.npz")
    assert "## Layer 0: 4 -\\> 6, relu" in page
    assert "| gap | from N |" in page
    for word in ("spectrum", "gradients", "eps", "Theorem 2.6", "recursion", "Generalization bounds"):
        assert word in ended.out
        assert word in page


def test_a_named_set(lakatos: Callable[..., Any]) -> None:
    pytest.importorskip("sklearn")
    torch.manual_seed(0)
    torch.save({"V": torch.randn(5, 10), "u": torch.randn(5), "b": torch.zeros(5)}, "net.pt")
    ended = lakatos("audit", "net.pt", "--dataset", "diabetes", "--rows", "0:40", "--standardise", "--batch-size", "4")
    assert ended.code == 0
    assert "net.pt on diabetes: 40 samples, 10 inputs" in ended.out


def test_an_extra_that_is_missing(network: dict[str, Any], tmp_path: Path) -> None:
    """Each extra is named in one sentence where it is wanted, and nothing else needs it."""
    save_file(network, "net.safetensors")
    torch.save(network, "net.pt")
    Path("data.parquet").write_bytes(b"PAR1")
    hide = "import sys; sys.modules.update(dict.fromkeys(['safetensors', 'pyarrow', 'sklearn']))"
    run = f"{hide}; from verify.__main__ import main; main(sys.argv[1:])"
    for arguments, code in (
        (("net.safetensors",), 2),
        (("net.pt", "--data", "data.parquet"), 1),
        (("net.pt", "--dataset", "digits"), 1),
        (("net.pt", "--data", "data.npz", *OPTIONS), 0),
    ):
        ended = subprocess.run([sys.executable, "-c", run, "audit", *arguments], capture_output=True, text=True)
        assert ended.returncode == code, ended.stderr
        assert ("pip install 'lakatos[audit]'" in ended.stderr) == bool(code)
        assert ended.stderr.count("\n") == bool(code)


def test_the_catalogue_needs_no_audit() -> None:
    run = "import sys; from verify.__main__ import main\ntry: main(['list', 'chen2024/lemma-2.2'])\n"
    run += "except SystemExit: pass\nassert not {'torch', 'properties.audit.running'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", run], check=True, capture_output=True)
