"""The laws that a reader of the source can check: imports, tolerances, devices, unsafe readers."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = ("symbolic", "verify", "properties", "reports")
MAY_IMPORT = {
    "symbolic": {"symbolic"},
    "verify": {"symbolic", "verify"},
    "properties": {"symbolic", "verify", "properties"},
    "reports": {"reports"},
}
SMALL = 0.01
DOORS = {
    "verify/__main__.py", "verify/commands.py", "verify/catalogue.py", "verify/__init__.py", "verify/doctoring.py",
    "verify/reporting.py", "verify/comparing.py", "verify/auditing.py", "verify/reproducing.py",
}  # fmt: skip


def sources(*folders: str) -> list[Path]:
    return sorted(p for f in folders for p in (ROOT / f).rglob("*.py"))


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {a.name.split(".")[0] for a in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("path", sources(*OURS), ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_point_one_way(path: Path) -> None:
    place = str(path.relative_to(ROOT))
    seen = imported(path)
    if place not in DOORS:
        assert seen & set(OURS) <= MAY_IMPORT[place.split("/")[0]]
    if place.startswith("symbolic/"):
        assert not seen & {"torch", "hypothesis"}


@pytest.mark.parametrize("path", sources("verify", "properties", "symbolic"), ids=lambda p: str(p.relative_to(ROOT)))
def test_tolerances_and_devices_belong_to_the_arena(path: Path) -> None:
    if path.name == "arena.py":
        return
    text = path.read_text()
    small = [n.value for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Constant) and isinstance(n.value, float)]
    assert not [v for v in small if 0 < abs(v) < SMALL], "a literal tolerance"
    assert not re.search(r"(atol|rtol|\btol)\s*=", text)
    assert not re.search(r"""device\s*=\s*["']""", text), "a literal device"
    assert not re.search(r"""\.to\(\s*["']|\.cuda\(""", text)


@pytest.mark.parametrize("path", sources(*OURS), ids=lambda p: str(p.relative_to(ROOT)))
def test_nothing_executes_what_a_file_says(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if ast.unparse(node) == "exec('')":
                continue  # runs nothing; what it is for stands where it is
            assert name not in ("eval", "exec", "sympify_text", "parse_expr", "pickle.load", "pickle.loads"), name
            assert not name.endswith("torch.load")
    assert "pickle" not in imported(path)
